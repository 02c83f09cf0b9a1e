"""The form of a scorecard: a row for every pair, nothing lost on the way back, and each fault named by its cell."""

from __future__ import annotations

import datetime
import shutil
import subprocess
from pathlib import Path

import pytest

from ogp_analysis.case import load_case
from ogp_analysis.cli import main
from ogp_analysis.errors import DataError, OgpAnalysisError, ParameterError
from ogp_analysis.forms import FormError, import_form, write_form
from ogp_analysis.quarter import Quarter
from ogp_analysis.scorecard import scorecard_data

from .conftest import ROOT, Workbook, as_csv, fingerprint, rows_of

TABLE = "scorecard_values"
EVIDENCE = "https://example.org/laporan"
KNOWN = {
    "scorecard_id": "openness",
    "code": "answered",
    "code_bps": "3374010",
    "as_of": "2022",
    "value": "85.50",
    "state": "measured",
    "source_id": "",
    "evidence": EVIDENCE,
    "note_en": "",
    "note_id": "",
}


@pytest.fixture
def known(folder):
    """A case that holds two values already, one of them written with more digits than it needs."""
    columns, _ = rows_of(folder, TABLE)
    rows = [KNOWN, {**KNOWN, "code": "days", "code_bps": "3374160", "value": "0"}]
    (folder / f"{TABLE}.csv").write_bytes(as_csv(columns, rows))
    return folder


@pytest.fixture
def written(tmp_path):
    """Write the form of the built-in scorecard and open it."""

    def make(folder: Path, code: str = "en") -> Workbook:
        path = tmp_path / f"openness-{code}.xlsx"
        path.unlink(missing_ok=True)
        return Workbook(write_form(load_case(folder), path, code, "openness"))

    return make


@pytest.fixture(scope="module")
def empty_forms(tmp_path_factory):
    """The form of the built-in case, which holds no value, in both languages."""
    case, place = load_case(ROOT / "data" / "raw" / "semarang"), tmp_path_factory.mktemp("openness")
    return {code: write_form(case, place / f"{code}.xlsx", code, "openness") for code in ("id", "en")}


@pytest.fixture
def empty(empty_forms, tmp_path):
    """Open a copy of that form."""

    def make(code: str = "en") -> Workbook:
        return Workbook(Path(shutil.copy(empty_forms[code], tmp_path / f"empty-{code}.xlsx")))

    return make


def fill(book: Workbook, row: int = 4, **cells: object) -> int:
    for column, value in {"as_of": "2023-06", "value": 5, "evidence": EVIDENCE, **cells}.items():
        book.put(TABLE, row, column, value)
    return row


@pytest.mark.parametrize("code", ["id", "en"])
def test_an_untouched_form_changes_no_byte(known, written, code):
    before = fingerprint(known)
    outcome = import_form(written(known, code).path, known)
    assert not outcome.alters
    assert fingerprint(known) == before


def test_a_form_that_libreoffice_saved_changes_no_byte(known, written, tmp_path):
    soffice = shutil.which("soffice")
    if soffice is None:
        pytest.skip("LibreOffice is not installed")
    path = written(known, "id").path
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    options = ["--headless", profile, "--convert-to", "xlsx", "--outdir", str(tmp_path / "out")]
    subprocess.run([soffice, *options, str(path)], check=True, capture_output=True, timeout=180)
    before = fingerprint(known)
    assert not import_form(tmp_path / "out" / path.name, known).alters
    assert fingerprint(known) == before


@pytest.mark.parametrize(
    ("code", "first"), [("en", "Documents of the kecamatan"), ("id", "Dokumen kecamatan yang")]
)
def test_there_is_a_row_for_every_kecamatan_and_item_and_a_sheet_that_explains_them(empty, code, first):
    book = empty(code)
    pairs = {(book.get(TABLE, row, "code"), book.get(TABLE, row, "code_bps")) for row in range(4, 4 + 128)}
    assert len(pairs) == 16 * 8
    assert book.ends[TABLE] == 3 + 16 * 8
    assert all(book.get(TABLE, row, "value") is None for row in range(4, 132))
    sheet = book.book.worksheets[1]
    rows = list(sheet.iter_rows(values_only=True))
    assert len(rows) == 1 + 8
    assert rows[1][1].startswith(first)
    assert [row[4:6] for row in rows[1:]][:3] == [("0", "6"), ("0", "6"), ("0", "2")]
    assert all(row[6] for row in rows)  # what to look at
    assert book.drop_down("list_scorecard_values_code") == [row[1] for row in rows[1:]]


def test_the_bounds_are_refused_while_typing(empty):
    book = empty()
    (rule,) = [each for each in book.sheets[TABLE].data_validations.dataValidation if each.type == "custom"]
    letter = book.sheets[TABLE].cell(4, book.columns[TABLE]["value"]).column_letter
    assert str(rule.sqref).startswith(f"{letter}4:{letter}")
    assert "INDEX(list_low," in rule.formula1
    assert book.drop_down("list_low") == [0] * 8
    assert book.drop_down("list_high") == [6, 6, 2, 100, 100, 365, 52, 52]


@pytest.mark.parametrize("code", ["id", "en"])
def test_what_was_filled_in_comes_into_the_case_and_nothing_else(folder, empty, code):
    book = empty(code)
    names = book.drop_down("list_scorecard_values_code")
    zero = book.row_of(TABLE, code=names[5], code_bps="3374020 Gunungpati")
    fill(book, zero, value="0", as_of=datetime.datetime(2023, 6, 30))
    book.sheets[TABLE].cell(zero, book.columns[TABLE]["as_of"]).number_format = "dd/mm/yyyy"
    source = {"source_id": "lembaga-1", "publisher": "Lembaga", "kind": book.drop_down("list_sources_kind")[0]}
    book.add("sources", **source)
    fill(book, book.row_of(TABLE, code=names[4], code_bps="3374020 Gunungpati"),
         value=85.5, source_id="lembaga-1", evidence=None)  # fmt: skip
    later = {"code": names[4], "code_bps": "3374020 Gunungpati", "state": book.get(TABLE, 4, "state")}
    book.add(TABLE, **later, as_of="2023-09", value="90", evidence=EVIDENCE)
    before = fingerprint(folder)
    outcome = import_form(book.save(), folder)
    _, rows = rows_of(folder, TABLE)
    assert [(row["code"], row["code_bps"], row["as_of"], row["value"], row["source_id"]) for row in rows] == [
        ("answered", "3374020", "2023-06", "85.5", "lembaga-1"),
        ("days", "3374020", "2023-06-30", "0", ""),
        ("answered", "3374020", "2023-09", "90", ""),
    ]
    assert {(row["scorecard_id"], row["state"]) for row in rows} == {("openness", "measured")}
    data = scorecard_data(load_case(folder), Quarter(2023, 4), "openness").data
    assert data.loc["3374020", ["answered", "days"]].tolist() == [90.0, 0.0]
    assert int(data.notna().sum().sum()) == 2
    changed = {name for name, digest in fingerprint(folder).items() if before.get(name) != digest}
    backup = outcome.backup.relative_to(folder).as_posix()
    assert changed == {f"{name}{table}.csv" for name in ("", f"{backup}/") for table in (TABLE, "sources")}
    again = fingerprint(folder)
    assert not import_form(book.path, folder).alters  # the same workbook once more
    assert fingerprint(folder) == again


def test_values_of_other_scorecards_stay_as_they_are(known, written):
    items, more = rows_of(known, "scorecard_items")
    _, cards = rows_of(known, "scorecards")
    copies = [{**row, "scorecard_id": "second"} for row in more if row["scorecard_id"] == "openness"]
    (known / "scorecard_items.csv").write_bytes(as_csv(items, [*more, *copies]))
    (known / "scorecards.csv").write_bytes(
        as_csv(list(cards[0]), [*cards, {**cards[0], "scorecard_id": "second"}])
    )
    columns, rows = rows_of(known, TABLE)
    other = {**KNOWN, "scorecard_id": "second", "value": "12.50"}
    (known / f"{TABLE}.csv").write_bytes(as_csv(columns, [other, *rows]))
    book = written(known)
    fill(book, book.row_of(TABLE, value="85.50"), value=70, as_of="2022")
    outcome = import_form(book.save(), known)
    assert (len(outcome.tables[TABLE].changed), outcome.tables[TABLE].absent) == (1, 0)
    _, found = rows_of(known, TABLE)
    assert [row["value"] for row in found] == ["12.50", "70", "0"]


def remove(book: Workbook) -> None:
    book.put(TABLE, book.row_of(TABLE, value="85.50"), "_remove", "x")


def test_a_value_leaves_the_case_only_by_its_mark(known, written):
    book = written(known)
    book.sheets[TABLE].delete_rows(book.row_of(TABLE, value="85.50"))
    assert not import_form(book.save(), known).alters
    book = written(known)
    remove(book)
    import_form(book.save(), known)
    assert [row["value"] for row in rows_of(known, TABLE)[1]] == ["0"]


ITEM = "column 'Item (code)'"
FAULTS: dict[str, tuple[dict[str, object], str]] = {
    "above the bounds": ({"value": 6.5}, "column 'Value (value)': found '6.5', expected a number from 0 to 6, the bounds of 'documents'"),
    "below the bounds": ({"value": "-1"}, "column 'Value (value)': found '-1', expected a number from 0 to 6"),
    "text in a number": ({"value": "lima"}, "column 'Value (value)': found 'lima', expected a number such as 1234.5"),
    "decimal comma": ({"value": "4,5"}, "found '4,5', expected a number such as 1234.5, '.' as decimal mark"),
    "formula": ({"value": "=2+3"}, "column 'Value (value)': found '=2+3', expected a value; a formula is not read"),
    "unknown item": ({"code": "Documents"}, f"{ITEM}: found 'Documents', expected an item of the scorecard 'openness'. Did you mean 'documents'?"),
    "item of another scorecard": ({"code": "puskesmas"}, f"{ITEM}: found 'puskesmas', expected an item of the scorecard 'openness'."),
    "no item": ({"code": None}, f"{ITEM}: found '', expected a value; it may not be empty"),
    "unknown kecamatan": ({"code_bps": "3374999"}, "column 'Kecamatan (code_bps)': found '3374999', expected a value of column 'code_bps' in districts.csv."),
    "no day": ({"as_of": None}, "column 'Day or period (as_of)': found '', expected a value; it may not be empty"),
    "no value": ({"value": None}, "column 'Value (value)': found '', expected a value; it may not be empty"),
    "impossible day": ({"as_of": "2023-02-30"}, "column 'Day or period (as_of)': found '2023-02-30', expected 2020, 2020-04"),
    "day to come": ({"as_of": "2199-01"}, "column 'Day or period (as_of)': found '2199-01', expected a day or period that is over by"),
    "no evidence": ({"evidence": None}, "column 'Evidence (evidence)': expected an address or document that shows the value"),
    "unknown source": ({"source_id": "nobody-1"}, "column 'Source (source_id)': found 'nobody-1', expected a value of column 'source_id' in sources.csv."),
    "unknown state": ({"state": "guessed"}, "column 'State (state)': found 'guessed', expected one of the list: measured, illustrative"),
    "no state": ({"state": None}, "column 'State (state)': found '', expected a value; it may not be empty"),
    "only a note": ({"value": None, "as_of": None, "evidence": None, "note_en": "ask", "note_id": "tanya"}, "the row holds nothing but a note"),
}  # fmt: skip


@pytest.mark.parametrize("kind", FAULTS)
def test_each_fault_is_named_by_its_cell_and_nothing_is_taken_in(fixed_folder, empty, kind):
    cells, expected = FAULTS[kind]
    book = empty()
    fill(book, 4, **cells)
    if kind == "formula":
        book.put(TABLE, 4, "value", None).value = "=2+3"
    fill(book, 5)  # a row without fault, which must not come in alone
    before = fingerprint(fixed_folder)
    with pytest.raises(FormError) as caught:
        import_form(book.save(), fixed_folder)
    (problem,) = caught.value.problems
    assert str(problem).startswith("sheet 'Values', row 4, column '")
    assert expected in str(problem)
    assert fingerprint(fixed_folder) == before


@pytest.mark.parametrize(
    ("first", "then", "expected"),
    [
        (
            2,
            5,
            "found '5', expected at most 2, as 'documents' has here on that day: this item counts a part of it",
        ),
        (2.5, 1, "found '2.5', expected a whole number, for 'documents' counts documents"),
    ],
)
def test_rows_that_contradict_one_another_are_named_by_their_cell(fixed_folder, empty, first, then, expected):
    book = empty()
    fill(book, 4, value=first)  # documents
    fill(book, 5, value=then)  # of these, dated within twelve months
    with pytest.raises(FormError) as caught:
        import_form(book.save(), fixed_folder)
    (problem,) = caught.value.problems
    assert f"column 'Value (value)': {expected}" in str(problem)


def test_a_percent_sign_is_not_read_as_a_hundredth(fixed_folder, empty):
    book = empty()
    row = book.row_of(TABLE, code="Complaints answered", code_bps="3374010 Mijen")
    fill(book, row, value=0.85)
    book.sheets[TABLE].cell(row, book.columns[TABLE]["value"]).number_format = "0%"
    with pytest.raises(FormError, match="a number without a percent sign"):
        import_form(book.save(), fixed_folder)


def test_the_same_pair_twice_on_one_day_is_refused_and_all_faults_come_at_once(fixed_folder, empty):
    book = empty()
    fill(book, 4)
    below = book.add(TABLE, **{name: book.get(TABLE, 4, name) for name in ("code", "code_bps", "state")})
    fill(book, below, value=6)
    fill(book, 5, value=7)
    fill(book, 6, value=2, evidence=None)
    with pytest.raises(FormError) as caught:
        import_form(book.save(), fixed_folder)
    told = [(each.row, each.expected.split(";")[0]) for each in caught.value.problems]
    assert [row for row, _ in told] == [5, 6, below]
    assert told[-1][1] == "a key that no other row has"


def test_a_stamp_that_was_edited_is_refused(known, written):
    book = written(known)
    for row in book.book["_stamp"].iter_rows():
        if row[0].value == "scorecard":
            row[1].value = "living"
    with pytest.raises(OgpAnalysisError, match="A hidden sheet of the form was changed"):
        import_form(book.save(), known)
    book = written(known)
    cells = [cell for row in book.book["_base"].iter_rows() for cell in row if cell.value == "85.50"]
    cells[0].value = "86"
    with pytest.raises(OgpAnalysisError, match="A hidden sheet of the form was changed"):
        import_form(book.save(), known)


def test_a_form_is_written_only_where_there_is_something_to_fill_in(folder, tmp_path):
    case = load_case(folder)
    with pytest.raises(ParameterError, match="Did you mean 'openness'"):
        write_form(case, tmp_path / "a.xlsx", "en", "opennes")
    with pytest.raises(ParameterError, match="No item of the scorecard 'living' is filled in"):
        write_form(case, tmp_path / "a.xlsx", "en", "living")
    assert not (tmp_path / "a.xlsx").exists()


def test_a_form_of_a_scorecard_that_the_case_has_lost_is_refused(folder, empty):
    book = empty()
    for table in ("scorecard_items", "scorecards"):
        columns, rows = rows_of(folder, table)
        (folder / f"{table}.csv").write_bytes(
            as_csv(columns, [row for row in rows if row["scorecard_id"] == "living"])
        )
    with pytest.raises(ParameterError, match="The case has no scorecard 'openness'"):
        import_form(book.path, folder)


def test_both_commands_from_the_door(folder, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert main(["form", str(folder), "--scorecard", "openness", "--language", "id"]) == 0
    book = Workbook(tmp_path / "semarang-openness-form-id.xlsx")
    assert book.book.sheetnames[:4] == ["Petunjuk", "Butir", "Nilai", "Sumber"]
    fill(book, 4)
    assert main(["import", str(book.save()), "--case", str(folder), "--dry-run"]) == 0
    assert "scorecard_values: 1 added, 0 changed, 0 removed" in capsys.readouterr().out
    assert rows_of(folder, TABLE)[1] == []
    assert main(["import", str(book.path), "--case", str(folder)]) == 0
    assert len(rows_of(folder, TABLE)[1]) == 1
    # what came in is watched over from then on
    path = folder / f"{TABLE}.csv"
    path.write_text(path.read_text(encoding="utf-8").replace(",5,", ",7,"), encoding="utf-8")
    with pytest.raises(DataError, match="a number from 0 to 6"):
        load_case(folder)
