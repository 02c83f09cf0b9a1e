"""Each kind of broken workbook has a message of its own, and leaves the case as it was."""

from __future__ import annotations

import csv
import datetime
import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from openpyxl.worksheet.formula import ArrayFormula

from ogp_analysis.case import load_case
from ogp_analysis.errors import OgpAnalysisError
from ogp_analysis.forms import FormError, import_form
from ogp_analysis.tables import Field

from .conftest import Workbook, fingerprint

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def rezipped(
    path: Path, change: Callable[[str, bytes], bytes | None], more: dict[str, bytes] | None = None
) -> Path:
    """Write the parts of a workbook anew; ``None`` leaves a part out."""
    with zipfile.ZipFile(path) as archive:
        parts = {name: change(name, archive.read(name)) for name in archive.namelist()}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in (
            {name: data for name, data in parts.items() if data is not None} | (more or {})
        ).items():
            archive.writestr(name, data)
    return path


def other_zip(path: Path) -> Path:
    return rezipped(path, lambda name, data: None, {"content.xml": b"<office/>"})


def bomb(path: Path) -> Path:
    return rezipped(path, lambda name, data: data, {"xl/media/image1.png": bytes(41 * 2**20)})


def with_doctype(path: Path) -> Path:
    entity = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aa">]>'
    return rezipped(path, lambda name, data: entity + data[data.index(b"<workbook"):] if name == "xl/workbook.xml" else data)  # fmt: skip


def cut(path: Path) -> Path:
    path.write_bytes(path.read_bytes()[:20_000])
    return path


def flipped(path: Path) -> Path:
    """One byte of a packed part is another."""
    data = bytearray(path.read_bytes())
    data[4_000] ^= 0xFF
    path.write_bytes(data)
    return path


def holding(data: bytes) -> Callable[[Path], Path]:
    def make(path: Path) -> Path:
        path.write_bytes(data)
        return path

    return make


def folder_of_that_name(path: Path) -> Path:
    path.unlink()
    path.mkdir()
    return path


FILES: dict[str, tuple[Callable[[Path], Path], str]] = {
    "not there": (lambda path: path.with_name("no.xlsx"), "no.xlsx does not exist."),
    "folder": (folder_of_that_name, "is a folder."),
    "empty": (holding(b""), "is empty (0 bytes)."),
    "csv": (
        holding(b"commitment_key,date\nIDSMG0001,2023\n"),
        "is no workbook: it holds plain text or other data.",
    ),
    "xls": (holding(OLE + bytes(600)), "is a workbook of the old kind (.xls)."),
    "password": (holding(OLE + bytes(600) + "EncryptedPackage".encode("utf-16-le")), "is locked with a password."),
    "too large": (holding(b"PK\x03\x04" + bytes(21 * 2**20)), "has 21 MB; a form has far less."),
    "cut off": (cut, "is damaged: it cannot be unpacked."),
    "flipped byte": (flipped, "is damaged: it cannot be unpacked."),
    "ods": (other_zip, "is not a workbook of Excel but another kind of file."),
    "bomb": (bomb, "would unpack to 4"),
    "macros": (lambda path: rezipped(path, lambda _, data: data, {"xl/vbaProject.bin": b"x"}), "holds macros;"),
    "xlsm": (lambda path: path.rename(path.with_suffix(".xlsm")), "holds macros;"),
    "document type": (with_doctype, "declares a document type in xl/workbook.xml"),
    "no xml": (
        lambda path: rezipped(path, lambda name, data: b"<x" if name == "xl/workbook.xml" else data),
        "cannot be read as a workbook (",
    ),
}


@pytest.mark.parametrize("kind", FILES)
def test_files_that_are_no_form(form, fixed_folder, kind):
    damage, expected = FILES[kind]
    before = fingerprint(fixed_folder)
    with pytest.raises(OgpAnalysisError) as caught:
        import_form(damage(form("en").path), fixed_folder)
    assert expected in caught.value.message
    assert caught.value.hint
    assert fingerprint(fixed_folder) == before


def twice(book: Workbook) -> None:
    book.book.copy_worksheet(book.sheets["progress"])


def no_technical_row(book: Workbook) -> None:
    book.sheets["plans"].delete_rows(2)


def rename_column(book: Workbook, old: str, new: str) -> None:
    book.put("progress", 2, old, new)


def base_changed(book: Workbook) -> None:
    book.book["_base"]["D3"].value = "changed"


def stamp(entry: str, text: str) -> Callable[[Workbook], None]:
    def change(book: Workbook) -> None:
        for row in book.book["_stamp"].iter_rows():
            if row[0].value == entry:
                row[1].value = text

    return change


SHEETS: dict[str, tuple[Callable[[Workbook], None], str]] = {
    "no stamp": (lambda book: book.book.remove(book.book["_stamp"]), "its hidden stamp is missing."),
    "newer form": (stamp("form", "2"), "The form has version '2'; this library reads version 1."),
    "other case": (stamp("case", "banggai"), "is a form of the case 'banggai', not of 'semarang'."),
    "hidden sheet changed": (base_changed, "A hidden sheet of the form was changed"),
    "no sheet": (
        lambda book: book.book.remove(book.sheets["milestones"]),
        "The workbook has no sheet of milestones,",
    ),
    "no technical row": (no_technical_row, "The workbook has no sheet of plans,"),
    "sheet twice": (twice, "The sheets 'Progress' and 'Progress Copy' are both the sheet of progress."),
    "missing column": (
        lambda book: book.sheets["progress"].delete_cols(book.columns["progress"]["date"]),
        "sheet 'Progress', row 2, column 'date': expected this column, which is missing",
    ),
    "unknown column": (
        lambda book: rename_column(book, "date", "dat"),
        "sheet 'Progress', row 2, column 'dat': found 'dat', expected a known column. Did you mean 'date'?",
    ),
    "column twice": (
        lambda book: rename_column(book, "milestone_no", "date"),
        "sheet 'Progress', row 2, column 'date': found 'date', expected each column once",
    ),
}


@pytest.mark.parametrize("kind", SHEETS)
def test_workbooks_that_are_not_the_form(form, fixed_folder, kind):
    damage, expected = SHEETS[kind]
    book = form("en")
    damage(book)
    before = fingerprint(fixed_folder)
    with pytest.raises(OgpAnalysisError) as caught:
        import_form(book.save(), fixed_folder)
    assert expected in caught.value.message
    assert fingerprint(fixed_folder) == before


def put(table: str, row: int, column: str, value: object, form: str = "@") -> Callable[[Workbook], None]:
    def change(book: Workbook) -> None:
        book.put(table, row, column, value).number_format = form

    return change


def formula(book: Workbook) -> None:
    book.put("progress", 6, "finding_en", None).value = "=A1&A2"


def array_formula(book: Workbook) -> None:
    book.put("progress", 6, "finding_en", None).value = ArrayFormula("F6", "=SUM(A1:A2)")


def error(book: Workbook) -> None:
    cell = book.put("progress", 6, "finding_en", "#REF!")
    cell.data_type = "e"


def moved_below(book: Workbook) -> None:
    """A copied row: same hidden number, same key."""
    sheet = book.sheets["assessments"]
    for cell in list(sheet[4]):
        sheet.cell(book.ends["assessments"] + 1, cell.column).value = cell.value


def emptied(book: Workbook) -> None:
    for column in book.columns["progress"]:
        if column != "_row":
            book.put("progress", 5, column, None)


def only_note(book: Workbook) -> None:
    book.add("milestones", note_en="ask again", note_id="tanya lagi")


def both_claim_one_row(book: Workbook) -> None:
    moved_below(book)
    for row in (4, book.ends["assessments"] + 1):
        book.put("assessments", row, "instrument", f"Report {row}")


def too_long(book: Workbook) -> None:
    # openpyxl cuts a text that is set; other programs do not
    book.put("progress", 6, "finding_en", "x")._value = "x" * 32_768


CELLS: dict[str, tuple[Callable[[Workbook], None], str]] = {
    "formula": (formula, "sheet 'Progress', row 6, column 'Finding (English) (finding_en)': found '=A1&A2', expected a value; a formula is not read"),
    "array formula": (array_formula, "row 6, column 'Finding (English) (finding_en)': found '=SUM(A1:A2)', expected a value; a formula is not read"),
    "error": (error, "row 6, column 'Finding (English) (finding_en)': found '#REF!', expected a value; this is an error of the spreadsheet program"),
    "merged": (lambda book: book.sheets["progress"].merge_cells("B5:C5"), "sheet 'Progress', row 5: found 'B5:C5', expected cells that are not merged"),
    "number in a text": (put("milestones", 4, "milestone_no", 2.1), "sheet 'Milestones', row 4, column 'Milestone (milestone_no)': found '2.1', expected text; as a number it may have lost zeros"),
    "date in a text": (put("milestones", 4, "milestone_no", datetime.datetime(2026, 2, 1), "d-mmm"), "expected text; the spreadsheet program made a date of it"),
    "month shown only": (put("progress", 6, "date", datetime.datetime(2022, 6, 1), 'mmm-yy "d"'), "column 'Date (date)': found '2022-06-01', expected a date that shows its day, or a month as text, such as 2022-06"),
    "time of day": (put("progress", 6, "date", datetime.datetime(2022, 6, 2, 8, 30), "dd/mm/yyyy hh:mm"), "found '2022-06-02 08:30:00', expected a day without a time of day"),
    "time": (put("progress", 6, "finding_en", datetime.time(8, 30), "hh:mm"), "expected text; this cell holds a time"),
    "logical value": (put("progress", 6, "finding_en", True), "found 'true', expected text; this cell holds a logical value"),
    "impossible date": (put("progress", 6, "date", "31-02-2023"), "sheet 'Progress', row 6, column 'Date (date)': found '31-02-2023', expected 2020, 2020-04, 2020-04-27, or two of these joined by '/'"),
    "no such day": (put("plans", 4, "submitted", "2023-02-30"), "column 'Submitted on (submitted)': found '2023-02-30', expected a day such as 2020-10-19"),
    "thousands mark": (put("plans", 4, "commitment_count", "1.000"), "column 'Number of commitments (commitment_count)': found '1.000', expected a whole number without dots or commas"),
    "half a number": (put("plans", 4, "commitment_count", 2.5), "found '2.5', expected a whole number"),
    "too long": (too_long, "expected at most 32,767 characters; this cell has 32,768"),
    "control character": (put("progress", 6, "finding_en", "a_x0007_b"), "expected text without the control character U+0007"),
    "mark for removal": (put("progress", 6, "_remove", "yes"), "column 'Remove? (_remove)': found 'yes', expected x, or nothing"),
    "hidden number": (put("progress", 6, "_row", "77"), "sheet 'Progress', row 6: found '77', expected the number that the form put into the hidden column _row"),
    "not in the list": (put("progress", 6, "claimed_status", "Done"), "column 'Status that the source claims (claimed_status)': found 'Done', expected one of the list: Not started, Limited, Substantial, Complete"),
    "label of another scale": (put("assessments", 4, "label", "Substantial"), "column 'Rating (label)': found 'Substantial', expected a label of the scale of what was rated: No, Yes"),
    "reference": (put("progress", 6, "source_id", "tribunnews-999"), "column 'Source (source_id)': found 'tribunnews-999', expected a value of column 'source_id' in sources.csv."),
    "kecamatan": (put("progress", 6, "code_bps", "3374999"), "column 'Kecamatan (code_bps)': found '3374999', expected a value of column 'code_bps' in districts.csv."),
    "milestone": (put("progress", 6, "milestone_no", "7"), "column 'Milestone (milestone_no)': found '7', expected a milestone of this commitment, as in the sheet 'Milestones', or nothing"),
    "key twice": (moved_below, "sheet 'Assessments', row {below}, column 'Commitment (commitment_key), Report (instrument), What was rated (variable)': found 'ID0083 | Indonesia Mid-Term Report 2016-2017; Indonesia End-of-Term Report 2016-2017 | verifiable' (106 characters), expected a key that no other row has; row 4 has it too"),
    "two rows from one": (both_claim_one_row, "expected one row that stands for row 1 of the case; row 4 does too"),
    "required cell": (put("progress", 6, "source_id", None), "column 'Source (source_id)': found '', expected a value; it may not be empty"),
    "emptied row": (emptied, "sheet 'Progress', row 5: expected the row as it was, or x in its first column"),
    "only a note": (only_note, "expected these cells filled too; the row holds nothing but a note"),
    "one language": (put("milestones", 4, "output_id", None), "column 'Output (Indonesian) (output_id)': found '', expected text in both languages, as in 'output_en'"),
    "address": (put("sources", 4, "url", "www.example.org"), "column 'Address (url)': found 'www.example.org', expected address;"),
    "source that others need": (put("sources", 4, "_remove", "x"), "expected a value of column 'source_id' in sources.csv."),
}  # fmt: skip


@pytest.mark.parametrize("kind", CELLS)
def test_cells_that_fail(form, fixed_folder, kind):
    damage, expected = CELLS[kind]
    book = form("en")
    damage(book)
    before = fingerprint(fixed_folder)
    with pytest.raises(FormError) as caught:
        import_form(book.save(), fixed_folder)
    shown = "\n".join(str(problem) for problem in caught.value.problems)
    if kind == "key twice":
        # the rows of the sheet begin on its fourth line; the copy stands below them
        below = 4 + len(load_case(fixed_folder).table("assessments"))
        expected = expected.replace("{below}", str(below))
        expected, tail = expected.split("found '")[0], expected.split("characters), ")[1]
        assert tail in shown
    assert expected in shown
    if kind != "source that others need":
        assert len(caught.value.problems) == 1, shown
    assert fingerprint(fixed_folder) == before


def test_the_kinds_have_messages_of_their_own():
    messages = [expected for _, expected in [*FILES.values(), *SHEETS.values(), *CELLS.values()]]
    assert len({message.split("expected ")[-1] for message in messages}) >= 45


def test_failures_and_good_rows_are_kept_beside_the_workbook(form, fixed_folder, tmp_path):
    book = form("id")
    book.put("progress", 6, "date", "31-02-2023")
    book.put("progress", 6, "finding_en", "= in the failing row")
    book.put("progress", 7, "date", "2025-08")
    book.put("progress", 8, "confidence", "=1+1")
    good = book.add(
        "sources", source_id="lembaga-1", publisher="Lembaga", kind="badan pemantau", seen="2026-01-05"
    )
    bad = book.add("sources", source_id="Lembaga 2", publisher="Lembaga", kind="badan pemantau")
    with pytest.raises(FormError) as caught:
        import_form(book.save(), fixed_folder)
    (kept,) = [path for path in tmp_path.iterdir() if path.is_dir()]
    assert str(kept) in caught.value.hint
    assert {path.name for path in kept.iterdir()} == {
        "failures.csv",
        "progress-good-rows.csv",
        "sources-good-rows.csv",
    }
    with (kept / "failures.csv").open(encoding="utf-8-sig", newline="") as file:
        failures = list(csv.DictReader(file))
    assert [(row["sheet"], row["row"], row["column"], row["found"]) for row in failures] == [
        ("Kemajuan", "6", "Tanggal (date)", "31-02-2023"),
        ("Kemajuan", "8", "Keyakinan (confidence)", "'=1+1"),
        ("Sumber", str(bad), "Sumber (source_id)", "Lembaga 2"),
    ]
    with (kept / "sources-good-rows.csv").open(encoding="utf-8-sig", newline="") as file:
        (row,) = csv.DictReader(file)
    assert (row["source_id"], row["kind"], row["seen"]) == ("lembaga-1", "monitoring_body", "2026-01-05")
    assert good == bad - 1
    text = (kept / "progress-good-rows.csv").read_text(encoding="utf-8-sig")
    assert [row["date"] for row in csv.DictReader(io.StringIO(text))] == ["2025-08"]
    # a second failing import keeps both lists
    with pytest.raises(FormError):
        import_form(book.path, fixed_folder)
    assert len([path for path in tmp_path.iterdir() if path.is_dir()]) == 2


def test_a_number_is_a_number_only_where_the_column_has_numbers():
    from types import SimpleNamespace

    from ogp_analysis.forms.cells import cell_text

    def read(value: object, kind: str, form: str = "General") -> tuple[str, bool]:
        cell = SimpleNamespace(value=value, data_type="n", number_format=form)
        text, wrong = cell_text(cell, Field("x", "about", type=kind), frozenset({"3374010"}))
        return text, wrong is None

    assert read(12, "integer") == ("12", True)
    assert read(12.0, "integer") == ("12", True)
    assert read(12.5, "integer") == ("12.5", False)
    assert read(12.5, "number") == ("12.5", True)
    assert read(1e300, "number")[1] is False
    assert read(float("nan"), "number")[1] is False
    assert read(2021, "partial") == ("2021", True)
    assert read(202108, "partial") == ("202108", False)
    assert read(3374010, "string") == ("3374010", True)
    assert read(12, "string") == ("12", False)
    assert read(True, "boolean") == ("true", True)
    assert read(datetime.datetime(2021, 8, 1), "partial", "dd/mm/yyyy") == ("2021-08-01", True)
    assert read(datetime.datetime(2021, 8, 1), "partial", "[$-421]mmmm yyyy")[1] is False
