"""Reading every edition of OGP's tables: whatever stands around them, labels decide and nothing is lost in silence."""

from __future__ import annotations

import csv
import io
import zipfile

import pytest

from ogp_analysis.errors import DataError, OgpAnalysisError
from ogp_analysis.scales import STATES, normalised, scale
from ogp_analysis.sources.ogp import read_commitments, read_process
from ogp_analysis.sources.ogp.editions import editions
from ogp_analysis.sources.ogp.tidy import RATINGS
from ogp_analysis.sources.workbook import MOST_BYTES

from .conftest import SHARED, random_rows, to_text

COMMITMENTS = ["2015-05", "2016", "2024"]
ALL = [*COMMITMENTS, "process-2016"]


def read(file, edition):
    return (read_process if edition.startswith("process") else read_commitments)(file)


def expected_label(printed: str, column: str) -> str:
    """A second reading of a printed label: by a loop over the scale, without its tables."""
    text = " ".join(printed.split()).lower()
    if text[:1].isalpha() and text[1:3] == ". ":
        text = text[3:]
    for state in ("NR", "ND", "NA"):
        if text == state.lower():
            return state
    if not text:
        return "empty"
    name = RATINGS[column][2] if column in RATINGS else None
    for label in scale(name or "yes_no").labels:
        if text in {label.en.lower(), *label.spellings}:
            return label.key
    return "unreadable"


@pytest.mark.parametrize("edition", COMMITMENTS)
@pytest.mark.parametrize("above", [[], ["0,1,2,3"], ["a title", "", "0,1,2"]])
def test_every_rating_is_read_wherever_the_header_stands(write, edition, above):
    rows = random_rows(edition, 60)
    table = read_commitments(write(edition, rows, above=above))
    assert table.edition == edition
    assert len(table.commitments) == 60
    own = editions()[edition]
    for column, at in own.ratings.items():
        want = [expected_label(row[at.text], column) for row in rows]
        assert table.rated[column].tolist() == want, column
        if at.code:
            assert table.codes[column].tolist() == [row[at.code] for row in rows]
    absent = [column for column in RATINGS if column not in own.ratings]
    assert (table.rated[absent] == "not_asked").all().all()
    assert table.disagreements.empty
    assert table.unreadable.empty
    # rows are numbered as in the file
    assert table.commitments.index.tolist() == list(range(2 + len(above), 62 + len(above)))
    assert table.left_out["why"].tolist() == ["above the header"] * len(above)


@pytest.mark.parametrize("edition", ALL)
@pytest.mark.parametrize(("encoding", "delimiter"), [("cp1252", ","), ("utf-8-sig", ";"), ("utf-16", "\t")])
def test_encodings_and_delimiters(write, edition, encoding, delimiter):
    rows = random_rows(edition, 5)
    rows[0][editions()[edition].fields["member"]] = "Côte d’Ivoire"
    table = read(write(edition, rows, encoding=encoding, delimiter=delimiter), edition)
    entries = table.plans if edition.startswith("process") else table.commitments
    assert entries["member"].iloc[0] == "Côte d’Ivoire"


@pytest.mark.parametrize("edition", ALL)
def test_a_workbook_gives_what_the_csv_gives(write, tmp_path, edition):
    openpyxl = pytest.importorskip("openpyxl")
    rows = random_rows(edition, 20)
    file = write(edition, rows)
    book = openpyxl.Workbook()
    book.active.title = "About"
    book.active.append(["Downloaded from OGP"])
    sheet = book.create_sheet("Data")
    for cells in csv.reader(io.StringIO(file.read_text("utf-8"))):
        sheet.append([int(cell) if cell.isdigit() else cell for cell in cells])  # as Excel would hold them
    book.save(tmp_path / "table.xlsx")
    by_text, by_book = read(file, edition), read(tmp_path / "table.xlsx", edition)
    assert by_book.name == "table.xlsx, sheet 'Data'"
    assert by_book.rated.equals(by_text.rated)
    assert by_book.codes.equals(by_text.codes)
    if edition in COMMITMENTS:
        assert by_book.tags.equals(by_text.tags)
        assert by_book.commitments.equals(by_text.commitments)


def test_repeated_header_totals_and_empty_lines_are_left_out_and_listed(write):
    rows = random_rows("2015-05", 6)
    own = editions()["2015-05"]
    header = {column: column for column in own.columns.values()}
    totals = dict.fromkeys(own.tags, "12") | {"Unnamed: 49": "504"}
    total_named = {own.fields["member"]: "Total", own.fields["title"]: "Total"} | totals
    nameless = rows[0] | {own.fields["member"]: " "}
    table = read_commitments(write("2015-05", [*rows[:3], header, {}, *rows[3:], totals, total_named, nameless]))
    assert len(table.commitments) == 6
    assert table.left_out[["row", "why"]].values.tolist() == [
        [5, "repeated header"],
        [6, "empty line"],
        [10, "totals or running numbers"],
        [11, "totals or running numbers"],
        [12, "no member"],
    ]


def test_labels_decide_and_every_disagreement_is_listed(write):
    rows = random_rows("2016", 4)
    rows[0] |= {"Specificity": "b. medium", "_Specificity": "1"}
    rows[1] |= {"Specificity": "c. high", "_Specificity": "NR"}
    rows[2] |= {"Specificity": "NR", "_Specificity": "2"}
    rows[3] |= {"Specificity": "very high", "_Specificity": "3"}
    table = read_commitments(write("2016", rows))
    assert table.rated["specificity"].tolist() == ["medium", "high", "NR", "unreadable"]
    assert table.disagreements.values.tolist() == [
        [2, "Specificity", "b. medium", "1", "medium", "low"],
        [3, "Specificity", "c. high", "NR", "high", "NR"],
        [4, "Specificity", "NR", "2", "NR", "medium"],
    ]
    assert table.unreadable.values.tolist() == [[5, "Specificity", "very high"]]


def test_the_same_code_means_another_label_in_another_edition(write):
    """Code 3 beside completion: Substantial in 2015, Limited since 2016."""
    old = random_rows("2015-05", 1)[0] | {"Actual Completion": "c. Substantial", "_Actual Completion": "3"}
    new = random_rows("2016", 1)[0]
    new |= {"Completion (progress report)": "b. Limited", "_CompletionProgress": "3"}
    for edition, row, want in (("2015-05", old, "substantial"), ("2016", new, "limited")):
        table = read_commitments(write(edition, [row]))
        assert table.rated["completion_progress"].tolist() == [want]
        assert table.disagreements.empty


def test_three_missing_states_stay_apart(write):
    rows = random_rows("2024", 4)
    for row, text in zip(rows, ["NR", "ND", "NA", ""], strict=True):
        row |= {"Completion (Progress Report)": text, "_CompletionProgress": text}
    table = read_commitments(write("2024", rows))
    assert table.rated["completion_progress"].tolist() == ["NR", "ND", "NA", "empty"]
    long = table.ratings[(table.ratings["variable"] == "completion") & (table.ratings["stage"] == "progress")]
    assert long["state"].tolist() == ["NR", "ND", "NA", "empty"]
    assert long["label"].isna().all()


def test_unknown_columns_are_kept_and_reported_and_people_are_dropped(write):
    columns = [*editions()["2024"].columns.values(), "New Theme", "Contact Name", "Contact Email", ""]
    rows = [row | {"New Theme": "x", "Contact Name": "A. Person"} for row in random_rows("2024", 3)]
    table = read_commitments(write("2024", rows, columns=columns))
    assert table.unknown_columns == ("New Theme",)
    assert table.other["New Theme"].tolist() == ["x", "x", "x"]
    assert table.personal_columns == ("Contact Name", "Contact Email")
    frames = [table.other, table.commitments, table.published, table.codes, table.ratings, table.tags]
    assert not any("Person" in frame.astype(str).to_csv() for frame in frames)


def test_a_missing_column_that_is_not_needed_is_reported(write):
    columns = [name for name in editions()["2024"].columns.values() if name not in {"Theme", "Early Results"}]
    table = read_commitments(write("2024", random_rows("2024", 3), columns=columns))
    assert set(table.missing_columns) == {"Theme", "Early Results"}
    assert (table.rated["early_results"] == "not_asked").all()
    assert table.commitments["theme"].isna().all()


def test_tags_are_long_and_uncoded_is_not_untagged(write):
    rows = random_rows("2024", 2)
    own = editions()["2024"]
    for tag in own.tags:
        rows[0][tag] = rows[1][tag] = "0"
    rows[0] |= {"Open Data": "1", "Youth": "NA"}
    table = read_commitments(write("2024", rows))
    assert table.tags.values.tolist() == [[2, "Open Data", "tagged"], [2, "Youth", "NA"]]


def test_titles_with_line_breaks_keep_the_row_numbers_of_a_spreadsheet(write):
    rows = random_rows("2015-05", 3)
    rows[0]["Commitment Title"] = '1. Open\nthe budget, "all" of it'
    table = read_commitments(write("2015-05", rows))
    assert table.commitments.index.tolist() == [2, 3, 4]
    assert table.commitments["title"].iloc[0].startswith("1. Open\nthe")


def test_equal_lines_stay_and_are_listed(write):
    rows = random_rows("2016", 3)
    table = read_commitments(write("2016", [*rows, rows[1]]))
    assert len(table.commitments) == 4
    assert table.duplicates.values.tolist() == [[5, 3]]


def test_years_that_are_no_years_are_listed(write):
    rows = random_rows("2024", 2)
    rows[0]["Year Of Submission"] = "20l6"
    table = read_commitments(write("2024", rows))
    assert table.commitments["year"].isna().iloc[0]
    assert [2, "Year Of Submission", "20l6"] in table.unreadable.values.tolist()


def test_process_answers(write):
    rows = random_rows("process-2016", 30)
    table = read_process(write("process-2016", rows, above=["0,1,2", "Step 1,,Step 2"]))
    own = editions()["process-2016"]
    for column in ("timeline", "iap2_development", "access_development"):
        printed = [row[own.ratings[column].text] for row in rows]
        assert table.rated[column].tolist() == [
            text if text in STATES else normalised(text).replace("-", "_") for text in printed
        ]
    assert table.plans["plan"].iloc[0] == "Member 0 1"


def test_tags_that_are_no_tags_and_lines_that_are_too_short_are_listed(write, tmp_path):
    rows = random_rows("2016", 3)
    rows[1]["Open Data"] = "yes!"
    file = write("2016", rows)
    lines = file.read_text("utf-8").splitlines()
    lines[3] = ",".join(lines[3].split(",")[:60])
    file.write_text("\n".join(lines), encoding="utf-8")
    table = read_commitments(file)
    width = len(editions()["2016"].columns)
    assert [3, "Open Data", "yes!"] in table.unreadable.to_numpy().tolist()
    assert [4, "whole line", f"60 cells of {width}"] in table.unreadable.to_numpy().tolist()
    assert "empty" in set(table.tags.loc[table.tags["row"] == 4, "state"])


def test_a_file_without_the_column_of_assessment_goes_by_its_ratings(write):
    from ogp_analysis.commitments.published import was_reviewed
    from ogp_analysis.commitments.reference import eras

    rows = random_rows("2015-05", 30)
    columns = [name for name in editions()["2015-05"].columns.values() if name != "IRM Assessed (Y/N)?"]
    table = read_commitments(write("2015-05", rows, columns=columns))
    rated = [row["Specificity"] != "NR" or row["Actual Completion"] not in {"NR", "NA"} for row in rows]
    assert was_reviewed(table).tolist() == rated
    assert (eras(table) != "not reviewed").tolist() == rated


def test_a_stray_cell_far_from_the_table_is_refused_before_it_is_read(write, tmp_path):
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.Workbook()
    book.active.append(list(editions()["2016"].columns.values()))
    for place in ("XFD1", "A1048576"):
        book.active[place] = "x"
        book.save(tmp_path / "stray.xlsx")
        with pytest.raises(OgpAnalysisError, match=r"has a cell at (XFD1|row 1048576), far from any table"):
            read_commitments(tmp_path / "stray.xlsx")
        book.active[place] = None


def test_an_unreadable_later_rating_is_not_replaced_by_the_earlier_one(write):
    from ogp_analysis.commitments.rules import decide

    row = random_rows("2024", 1)[0]
    row |= {"Completion (Progress Report)": "Limited", "Completion (End Of Term)": "Complete!"}
    table = read_commitments(write("2024", [row]))
    assert decide(table.rated, "high_completion").isna().all()


def test_plans_without_a_readable_number_do_not_become_one_plan(write):
    rows = random_rows("2024", 3)
    rows[0]["Action Plan Number"] = "1.0"
    rows[1]["Action Plan Number"] = rows[2]["Action Plan Number"] = "one"
    table = read_commitments(write("2024", rows))
    assert table.commitments["plan"].fillna("none").tolist() == ["Member 0 1", "none", "none"]
    assert table.unreadable["value"].tolist().count("one") == 2


def test_a_second_table_below_the_first_is_refused(write):
    later = list(editions()["2024"].columns.values())
    below = {name: later[place] for place, name in enumerate(editions()["2016"].columns.values())}
    with pytest.raises(
        DataError, match=r"row 4: found 'the header of another table', expected one table in a file"
    ):
        read_commitments(write("2016", [*random_rows("2016", 2), below]))


def test_a_column_that_stands_twice_must_say_the_same_twice(write):
    columns = [*editions()["2016"].columns.values(), "Specificity"]
    file = write("2016", random_rows("2016", 3), columns=columns)
    assert read_commitments(file).edition == "2016"
    text = file.read_text("utf-8").splitlines()
    text[2] = text[2].rsplit(",", 1)[0] + ",c. higher"
    file.write_text("\n".join(text), encoding="utf-8")
    with pytest.raises(
        DataError, match=r"row 3, column 'Specificity': found 'c\. higher', expected what the first"
    ):
        read_commitments(file)


def test_control_characters_in_names_go_no_further(write):
    rows = random_rows("2016", 1)
    rows[0]["Country"] = "Nor\x1b[31mland\x07"
    assert read_commitments(write("2016", rows)).commitments["member"].tolist() == ["Nor[31mland"]


def test_errors_and_formulas_without_a_value_are_refused(tmp_path):
    openpyxl = pytest.importorskip("openpyxl")
    for value, words in (
        ("#REF!", "an error in 1 cells: A2"),
        ("=1+1", "a formula that was never computed in 1 cells: A2"),
    ):
        book = openpyxl.Workbook()
        book.active.append(list(editions()["2016"].columns.values()))
        book.active["A2"] = value
        book.save(tmp_path / "odd.xlsx")
        with pytest.raises(OgpAnalysisError, match=words):
            read_commitments(tmp_path / "odd.xlsx")


def test_a_cut_with_only_the_needed_columns_is_read(write):
    own = editions()["2024"]
    table = read_commitments(write("2024", random_rows("2024", 5), columns=list(own.required.values())))
    assert table.edition == "2024"
    assert len(table.missing_columns) == len(own.columns) - len(own.required)


ERRORS = {
    "compressed": ("x.csv.gz", b"\x1f\x8b\x08\x00abc", "is compressed"),
    "old workbook": ("x.xls", bytes.fromhex("d0cf11e0a1b11ae1") + bytes(600), "of the old kind"),
    "numbers": ("x.numbers", b"abc", "has the name of a workbook and is none"),
    "no such file": ("no_such.csv", None, "There is no file"),
    "no header": ("x.csv", b"a,b,c\n1,2,3\n", "has no header of a table that OGP published"),
    "empty": ("x.csv", b"", "has no header of a table that OGP published; its first line begins with: nothing"),
    "pretends": ("x.xlsx", b"a,b", "has the name of a workbook and is none"),
    "open quotes": ("x.csv", b'Country,"Commitment Title\n1,2', "expected quotation marks in pairs"),
    "bytes": ("x.csv", b"\x81\x8d\x00", "expected text in utf-8 or cp1252"),
}


@pytest.mark.parametrize("kind", ERRORS)
def test_what_is_no_table_is_refused(tmp_path, kind):
    name, content, message = ERRORS[kind]
    if content is not None:
        (tmp_path / name).write_bytes(content)
    with pytest.raises(OgpAnalysisError, match=message) as error:
        read_commitments(tmp_path / name)
    assert "What to do:" in str(error.value)


def test_wrong_kind_of_table_names_its_reader(write):
    with pytest.raises(OgpAnalysisError, match=r"Process table.*\n.*read_process"):
        read_commitments(write("process-2016", random_rows("process-2016", 2)))
    with pytest.raises(OgpAnalysisError, match=r"edition of 2024.*\n.*read_commitments"):
        read_process(write("2024", random_rows("2024", 2)))


def test_a_needed_column_that_is_missing_is_named(write):
    columns = [name for name in editions()["2016"].columns.values() if name != "Specificity"]
    with pytest.raises(OgpAnalysisError, match="these columns are missing: Specificity"):
        read_commitments(write("2016", random_rows("2016", 2), columns=columns))


def test_a_line_with_too_many_cells_is_named(tmp_path):
    columns = list(editions()["2015-05"].columns.values())
    text = to_text(columns, random_rows("2015-05", 3)).splitlines()
    text[2] += ",one more"
    (tmp_path / "x.csv").write_text("\n".join(text), encoding="utf-8")
    with pytest.raises(DataError, match=r"x\.csv, row 3: found '\d+ cells', expected \d+ cells, as in the header"):
        read_commitments(tmp_path / "x.csv")


def test_a_header_alone_is_refused(write):
    with pytest.raises(DataError, match="expected rows below the header"):
        read_commitments(write("2024", []))


def test_two_sheets_with_a_table_are_refused(write, tmp_path):
    openpyxl = pytest.importorskip("openpyxl")
    text = write("2016", random_rows("2016", 3)).read_text("utf-8")
    book = openpyxl.Workbook()
    for sheet in (book.active, book.create_sheet("Copy")):
        for cells in csv.reader(io.StringIO(text)):
            sheet.append(cells)
    book.save(tmp_path / "two.xlsx")
    with pytest.raises(OgpAnalysisError, match="Two sheets look like a table of OGP"):
        read_commitments(tmp_path / "two.xlsx")


def test_an_archive_and_a_bomb_are_refused_before_they_are_opened(tmp_path):
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("table.csv", "x")
    with pytest.raises(OgpAnalysisError, match="is an archive and no workbook"):
        read_commitments(tmp_path / "a.zip")
    with zipfile.ZipFile(tmp_path / "a.ods", "w") as archive:
        archive.writestr("content.xml", "x")
    with pytest.raises(OgpAnalysisError, match="is a workbook of another program"):
        read_commitments(tmp_path / "a.ods")
    with zipfile.ZipFile(tmp_path / "b.xlsx", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b"0" * (MOST_BYTES + 1))
    with pytest.raises(OgpAnalysisError, match="unpacks to 200 MB"):
        read_commitments(tmp_path / "b.xlsx")


@pytest.mark.parametrize("edition", ALL)
def test_every_column_of_the_published_lists_is_known(edition):
    """The lists of columns of all four tables, as collected from OGP's files."""
    listing = SHARED / "columns.csv"
    if not listing.is_file():
        pytest.skip("needs ../shared/ogp/columns.csv")
    own = editions()[edition]
    marks = {"2015-05": "2015-05", "2016": "2016 live", "2024": "2024", "process-2016": "process table"}
    with listing.open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["edition"].startswith(marks[edition])]
    assert {row["column"] for row in rows} <= set(own.columns.values())
    rated = {at.text: column for column, at in own.ratings.items()}
    for row in rows:
        if row["column"] in rated and row["values"]:
            values = row["values"].split(" | ")
            assert not [value for value in values if _label(own, rated[row["column"]], value) == "unreadable"]


def _label(own, column, printed):
    from ogp_analysis.sources.ogp.tidy import PROCESS_SCALES

    name = RATINGS[column][2] if own.kind == "commitments" else PROCESS_SCALES.get(column, "yes_no")
    return scale(name).by_spelling.get(normalised(printed), "unreadable")
