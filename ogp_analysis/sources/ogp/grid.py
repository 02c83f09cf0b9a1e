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

#: A workbook that unpacks to more than this is refused; OGP's largest table unpacks to some 30 MB.
MOST_BYTES = 500_000_000
DELIMITERS = (",", ";", "\t")


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
    if zipfile.is_zipfile(file):
        return _workbook(file)
    if file.suffix.casefold() in {".xlsx", ".xlsm", ".xls"}:
        raise OgpAnalysisError(
            f"{file.name} has the name of a workbook and is none.",
            hint="Save it again as .xlsx, or as CSV (UTF-8).",
        )
    text, encoding = decode(file)
    first = text[:20_000]
    delimiter = max(DELIMITERS, key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    rows: list[list[str]] = []
    try:
        rows.extend(reader)
    except csv.Error as error:
        raise DataError(
            [Problem(file.name, len(rows) + 1, None, None, f"quotation marks in pairs ({error})")],
            hint="Close the quotation mark, or double it inside a cell.",
        ) from error
    return [Grid(file.name, rows, encoding)]


def _workbook(file: Path) -> list[Grid]:
    with zipfile.ZipFile(file) as archive:
        size = sum(member.file_size for member in archive.infolist())
        if "xl/workbook.xml" not in archive.namelist():
            raise OgpAnalysisError(
                f"{file.name} is an archive and no workbook.",
                hint="Unpack it and give the .csv or .xlsx file inside.",
            )
    if size > MOST_BYTES:
        raise OgpAnalysisError(
            f"{file.name} unpacks to {size / 1e6:,.0f} MB; no published table is larger than"
            f" {MOST_BYTES / 1e6:,.0f} MB.",
            hint="Check where the file comes from. Save the sheet alone as CSV if it is right.",
        )
    from python_calamine import CalamineError, CalamineWorkbook

    try:
        book = CalamineWorkbook.from_path(str(file))
        sheets = [
            (name, book.get_sheet_by_name(name).to_python(skip_empty_area=False)) for name in book.sheet_names
        ]
    except (CalamineError, OSError) as error:
        raise OgpAnalysisError(
            f"{file.name} is damaged: {error}.", hint="Download it again, or save it as CSV (UTF-8)."
        ) from error
    return [
        Grid(f"{file.name}, sheet '{name}'", [list(map(_text, row)) for row in rows], "xlsx")
        for name, rows in sheets
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
