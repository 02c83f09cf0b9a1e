"""A file of a published table as rows of text, whatever its format; nothing is interpreted here."""

from __future__ import annotations

import csv
import io
import zipfile
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from ogp_analysis.cleaning.decoding import decode
from ogp_analysis.errors import DataError, OgpAnalysisError, Problem
from ogp_analysis.intake import unpacking
from ogp_analysis.sources.workbook import damaged, read_sheets

DELIMITERS = (",", ";", "\t")
_OLE = bytes.fromhex("d0cf11e0a1b11ae1")


@dataclass(frozen=True)
class Grid:
    """The cells of one sheet as text; ``rows[0]`` is row 1 of the file."""

    name: str
    rows: list[list[str]]
    encoding: str


def read_grids(file: Path) -> list[Grid]:
    """Read every sheet of a CSV or XLSX file.

    Raises
    ------
    OgpAnalysisError
        If there is no such file, or it is no table.
    DataError
        If its text cannot be decoded or its quotation marks do not close.
    """
    if not file.is_file():
        raise OgpAnalysisError(
            f"There is no file {str(file)!r}.",
            hint="Give the path of a commitments or process table downloaded from opengovpartnership.org.",
        )
    again = "Save it as .xlsx, or as CSV (UTF-8)."
    with file.open("rb") as start:
        magic = start.read(8)
        if magic.startswith(b"\x1f\x8b"):
            raise OgpAnalysisError(f"{file.name} is compressed.", hint="Unpack it and give the file inside.")
        if magic == _OLE:
            raise OgpAnalysisError(
                f"{file.name} is a workbook of the old kind (.xls), or locked with a password.", hint=again
            )
    if zipfile.is_zipfile(file):
        return _workbook(file)
    if file.suffix.casefold() in {".xlsx", ".xlsm", ".xls", ".ods", ".numbers"}:
        raise OgpAnalysisError(f"{file.name} has the name of a workbook and is none.", hint=again)
    text, encoding = decode(file, hint="Open it in a spreadsheet and save it as CSV (UTF-8).")
    first = text[:20_000]
    delimiter = max(DELIMITERS, key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    rows: list[list[str]] = []
    try:
        rows.extend(reader)
    except csv.Error as error:
        if "field larger" in str(error):
            raise DataError(
                [Problem(file.name, len(rows) + 1, None, None, "no cell of more than 131,072 characters")],
                hint="A quotation mark that does not close may have swallowed the rest; or shorten the cell.",
            ) from error
        raise DataError(
            [Problem(file.name, len(rows) + 1, None, None, f"quotation marks in pairs ({error})")],
            hint="Close the quotation mark, or double it inside a cell.",
        ) from error
    return [Grid(file.name, rows, encoding)]


def _workbook(file: Path) -> list[Grid]:
    with unpacking(lambda error: damaged(file, error)), zipfile.ZipFile(file) as archive:
        names = archive.namelist()
        if "xl/workbook.xml" not in names:
            if "content.xml" in names or file.suffix.casefold() in {".ods", ".numbers"}:
                raise OgpAnalysisError(
                    f"{file.name} is a workbook of another program.", hint="Save it as .xlsx, or as CSV (UTF-8)."
                )
            raise OgpAnalysisError(
                f"{file.name} is an archive and no workbook.",
                hint="Unpack it and give the .csv or .xlsx file inside.",
            )
    return [
        Grid(f"{file.name}, sheet '{name}'", [list(map(_text, row)) for row in rows], "xlsx")
        for name, rows in read_sheets(file)
    ]


def _text(cell: object) -> str:
    """A cell as it would stand in a CSV: whole numbers without a point, days as ISO dates."""
    if isinstance(cell, str):
        return cell
    if isinstance(cell, bool):
        return str(cell).upper()
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == datetime.min.time() else cell.isoformat()
    if isinstance(cell, date):
        return cell.isoformat()
    return "" if cell is None else str(cell)
