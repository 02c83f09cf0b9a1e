"""A form comes back to a case that went on; people sort, hide, rename and add; disks fill up."""

from __future__ import annotations

from pathlib import Path

import pytest

from ogp_analysis.forms import FormError, import_form
from ogp_analysis.tables import table_specs

from .conftest import Workbook, as_csv, fingerprint, rows_of


def change_case(folder: Path, table: str, change) -> list[dict[str, str]]:
    columns, rows = rows_of(folder, table)
    change(rows)
    (folder / f"{table}.csv").write_bytes(as_csv(columns, rows))
    return rows


def table_bytes(folder: Path, table: str, rows: list[dict[str, str]]) -> bytes:
    return as_csv(rows_of(folder, table)[0], rows)


def test_rows_changed_on_one_side_only_come_together(form, folder):
    book = form("en")
    book.put("progress", 6, "confidence", "low")
    added = {"commitment_key": "IDSMG0003", "date": "2024-01", "finding_en": "seen", "finding_id": "terlihat",
             "source_id": "tribunnews-01", "confidence": "medium"}  # fmt: skip
    book.add("progress", **added)

    def meanwhile(rows):
        rows[0]["confidence"] = "low"  # another row
        del rows[4]
        rows.append(rows[1] | {"date": "2024-05"})

    rows = change_case(folder, "progress", meanwhile)
    outcome = import_form(book.save(), folder)
    rows[2]["confidence"] = "low"
    rows.append(dict.fromkeys(rows[0], "") | added)
    assert (folder / "progress.csv").read_bytes() == table_bytes(folder, "progress", rows)
    assert "Changed in the case since the form was written, and kept: progress" in str(outcome)


def test_the_same_change_on_both_sides_is_none(form, folder):
    book = form("en")
    book.put("progress", 6, "confidence", "low")
    book.put("progress", 7, "_remove", "x")

    def meanwhile(rows):
        rows[2]["confidence"] = "low"
        del rows[3]

    change_case(folder, "progress", meanwhile)
    before = fingerprint(folder)
    assert not import_form(book.save(), folder).alters
    assert fingerprint(folder) == before


@pytest.mark.parametrize(
    ("here", "there", "expected"),
    [
        (
            lambda book: book.put("progress", 6, "confidence", "low"),
            lambda rows: rows[2].update(confidence="high"),
            "row 6, column 'Confidence (confidence)': found 'low', expected a row that changed on one side only:"
            " this one was changed here and in the case since the form was written. The case has 'high'.",
        ),
        (
            lambda book: book.put("progress", 6, "_remove", "x"),
            lambda rows: rows[2].update(confidence="high"),
            "row 6, column 'Confidence (confidence)': found 'medium', expected a row that changed on one side only:"
            " this one was taken out here and changed in the case since the form was written. The case has 'high'.",
        ),
        (
            lambda book: book.put("progress", 6, "confidence", "low"),
            lambda rows: rows.pop(2),
            "this one was changed here and taken out of the case since the form was written. Enter it in a new form",
        ),
        (
            lambda book: book.add(
                "progress", commitment_key="IDSMG0003", date="2024-01", finding_en="here", finding_id="di sini",
                source_id="tribunnews-01", confidence="high",
            ),
            lambda rows: rows.append(
                rows[0] | {"commitment_key": "IDSMG0003", "date": "2024-01", "source_id": "tribunnews-01"}
            ),
            "new here, and the case had a row with this key since the form was written.",
        ),
    ],
)  # fmt: skip
def test_rows_changed_on_both_sides_stop_the_import(form, folder, here, there, expected):
    book = form("en")
    assert [row["confidence"] for row in rows_of(folder, "progress")[1]][2] == "medium"
    here(book)
    change_case(folder, "progress", there)
    before = fingerprint(folder)
    with pytest.raises(FormError) as caught:
        import_form(book.save(), folder)
    assert len(caught.value.problems) == 1, caught.value
    assert expected in str(caught.value.problems[0])
    assert fingerprint(folder) == before


def test_an_edited_key_is_a_change_of_the_row_and_can_be_repeated(form, folder):
    book = form("en")
    book.put("progress", 6, "date", "2022-06-03")
    path = book.save()
    rows = rows_of(folder, "progress")[1]
    outcome = import_form(path, folder)
    assert (len(outcome.tables["progress"].changed), len(outcome.tables["progress"].added)) == (1, 0)
    rows[2]["date"] = "2022-06-03"
    assert (folder / "progress.csv").read_bytes() == table_bytes(folder, "progress", rows)
    assert not import_form(path, folder).alters


def test_a_key_may_pass_from_one_row_to_another(form, folder):
    book = form("en")
    rows = rows_of(folder, "progress")[1]
    assert rows[2]["commitment_key"] == rows[3]["commitment_key"]
    for row, other in ((6, 3), (7, 2)):
        for column in ("date", "source_id"):
            book.put("progress", row, column, rows[other][column])
    import_form(book.save(), folder)
    for column in ("date", "source_id"):
        rows[2][column], rows[3][column] = rows[3][column], rows[2][column]
    assert (folder / "progress.csv").read_bytes() == table_bytes(folder, "progress", rows)


def test_a_row_deleted_from_the_sheet_stays_in_the_case(form, folder):
    book = form("en")
    book.sheets["progress"].delete_rows(5)
    before = fingerprint(folder)
    outcome = import_form(book.save(), folder)
    assert "progress: 1 rows of the case are not in the form; they stay" in str(outcome)
    assert fingerprint(folder) == before


def test_a_copied_row_is_a_new_one(form, folder):
    book = form("en")
    sheet = book.sheets["assessments"]
    for cell in list(sheet[4]):
        sheet.cell(19, cell.column).value = cell.value
    book.put("assessments", 19, "instrument", "Another report")
    rows = rows_of(folder, "assessments")[1]
    import_form(book.save(), folder)
    rows.append(rows[0] | {"instrument": "Another report"})
    assert (folder / "assessments.csv").read_bytes() == table_bytes(folder, "assessments", rows)


def test_a_source_and_the_row_that_needs_it_come_in_together(form, folder):
    book = form("id")
    book.add("sources", source_id="lembaga-1", publisher="Lembaga", kind="badan pemantau")
    book.put("progress", 6, "source_id", "lembaga-1")
    import_form(book.save(), folder)
    assert rows_of(folder, "progress")[1][2]["source_id"] == "lembaga-1"
    assert rows_of(folder, "sources")[1][-1]["kind"] == "monitoring_body"


def rename(book: Workbook) -> None:
    book.sheets["progress"].title = "Bukti 2024"


def extra_sheet(book: Workbook) -> None:
    book.book.create_sheet("Catatan", 0)["A1"] = "=1+1"


def extra_column(book: Workbook) -> None:
    sheet = book.sheets["progress"]
    sheet.cell(1, sheet.max_column + 1).value = "mine"
    sheet.cell(6, sheet.max_column).value = "=NOW()"


def hide(book: Workbook) -> None:
    sheet = book.sheets["progress"]
    sheet.row_dimensions[5].hidden = True
    sheet.column_dimensions["D"].hidden = True
    sheet.auto_filter.ref = "A3:J8"


def sort(book: Workbook) -> None:
    sheet = book.sheets["progress"]
    rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=4, max_row=8)]
    for number, values in enumerate(reversed(rows), start=4):
        for at, value in enumerate(values, start=1):
            sheet.cell(number, at).value = value


def swap_columns(book: Workbook) -> None:
    sheet = book.sheets["progress"]
    for row in range(1, sheet.max_row + 1):
        left, right = sheet.cell(row, 2), sheet.cell(row, 8)
        left.value, right.value = right.value, left.value


def lines_above(book: Workbook) -> None:
    book.sheets["progress"].insert_rows(1, 3)
    book.sheets["progress"]["A1"] = "Badan pemantau"


def gaps(book: Workbook) -> None:
    book.sheets["progress"].insert_rows(6, 2)


def blanks_around(book: Workbook) -> None:
    cell = book.sheets["progress"].cell(6, book.columns["progress"]["finding_en"])
    cell.value = f"  {cell.value}\N{NO-BREAK SPACE}\n"
    book.put("progress", 9, "finding_en", "   ")


def far_format(book: Workbook) -> None:
    book.sheets["progress"].cell(1_048_576, 5).number_format = "0"


def merged_headings(book: Workbook) -> None:
    book.sheets["progress"].merge_cells("F1:G1")


def other_letters(book: Workbook) -> None:
    book.put("progress", 6, "confidence", "MEDIUM")
    book.put("progress", 7, "_remove", " ")


@pytest.mark.parametrize(
    "change",
    [rename, extra_sheet, extra_column, hide, sort, swap_columns, lines_above, gaps, blanks_around, far_format,
     merged_headings, other_letters],
)  # fmt: skip
def test_harmless_changes_of_the_workbook_change_nothing(form, folder, change):
    book = form("en")
    change(book)
    before = fingerprint(folder)
    outcome = import_form(book.save(), folder)
    assert not outcome.alters
    assert fingerprint(folder) == before
    if change is extra_column:
        assert "sheet 'Progress': not part of the form and not read: column L" in outcome.notices
    if change is hide:
        assert "sheet 'Progress': 1 hidden rows were read like the others" in outcome.notices


def test_a_new_row_marked_for_removal_is_left_out_and_told(form, folder):
    book = form("en")
    row = book.add("sources", _remove="x", source_id="lembaga-1", publisher="Lembaga", kind="press")
    outcome = import_form(book.save(), folder)
    assert not outcome.alters
    assert [notice for notice in outcome.notices if f"row {row} is marked x" in notice]


def test_a_kecamatan_by_number_or_by_name(form, folder):
    book = form("id")
    book.put("progress", 4, "code_bps", 3374010)
    book.put("progress", 5, "code_bps", "3374010")
    book.put("progress", 6, "code_bps", "3374010 Mijen")
    import_form(book.save(), folder)
    assert [row["code_bps"] for row in rows_of(folder, "progress")[1]][:3] == ["3374010"] * 3


def test_all_tables_or_none_when_the_disk_fails(form, folder, monkeypatch):
    book = form("en")
    book.put("progress", 6, "confidence", "low")
    book.put("sources", 4, "licence", "CC BY 4.0")
    before = {name: digest for name, digest in fingerprint(folder).items() if not name.startswith(".backup")}
    real, done = Path.replace, []

    def replace(self, target):
        if done:
            raise OSError(28, "No space left on device")
        done.append(target)
        return real(self, target)

    monkeypatch.setattr(Path, "replace", replace)
    with pytest.raises(OSError, match="No space left"):
        import_form(book.save(), folder)
    assert [path.name for path in done] == ["progress.csv"]
    after = fingerprint(folder)
    assert {name: digest for name, digest in after.items() if not name.startswith(".backup")} == before


def test_every_table_of_the_form_is_required_of_a_case():
    """A case without one of them would have no sheet for it."""
    from ogp_analysis.forms.layout import TABLES

    assert [name for name in TABLES if table_specs()[name].optional] == []
