"""The sheets of an XLSX file as lists of cells, after looking at what it would take to read them."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ogp_analysis.errors import OgpAnalysisError
from ogp_analysis.intake import unpacking

#: A workbook that unpacks to more than this is refused; OGP's largest table unpacks to some 30 MB.
MOST_BYTES = 200_000_000
#: OGP's largest table has some 6,000 rows and 171 columns: 1 million cells.
MOST_ROWS, MOST_CELLS = 300_000, 10_000_000
_SHEET = re.compile(r"xl/worksheets/[^/]+\.xml", re.IGNORECASE)
# Names may have a prefix, values may stand in either kind of quotation mark.
_CELL = rb"<(?:\w+:)?c\s(?:[^>]*?\s)?"
_ROW = re.compile(rb"<(?:\w+:)?row\s(?:[^>]*?\s)?r\s*=\s*[\"']\s*(\d+)")
_COLUMN = re.compile(_CELL + rb"r\s*=\s*[\"']\s*([A-Za-z]+)(\d+)")
_ERROR = re.compile(rb'<c (?=[^>]*\bt="e")[^>]*?\br="([A-Z]+\d+)"')
_NEVER_COMPUTED = re.compile(
    rb'<c [^>]*?\br="([A-Z]+\d+)"[^>]*><f(?:[^>]*/>|[^>]*>[^<]*</f>)(?:<v></v>|<v\s*/>)?</c>'
)
_AGAIN = "Download it again, or save it as CSV (UTF-8)."
_TAKE_AWAY = "Delete the rows and columns around the table, or save the sheet as CSV (UTF-8)."


def read_sheets(file: Path) -> list[tuple[str, list[list[Any]]]]:
    """Every sheet of a workbook: its name and its rows of cells.

    The parser holds the whole rectangle between the first and the last cell in memory, and unpacks whatever it is
    given: both are measured before.

    Parameters
    ----------
    file : Path
        An XLSX file.

    Raises
    ------
    OgpAnalysisError
        If it is damaged, or larger than any published table; if a cell holds an error or a formula that was never
        computed, which would be read as empty.
    """
    _check(file)
    from python_calamine import CalamineError, CalamineWorkbook

    try:
        book = CalamineWorkbook.from_path(str(file))
        return [(name, book.get_sheet_by_name(name).to_python(skip_empty_area=False)) for name in book.sheet_names]
    except (CalamineError, OSError, ValueError) as error:
        raise damaged(file, error) from error


def _check(file: Path) -> None:
    with unpacking(lambda error: damaged(file, error)), zipfile.ZipFile(file) as archive:
        size = sum(part.file_size for part in archive.infolist())
        if size > MOST_BYTES:
            raise OgpAnalysisError(
                f"{file.name} unpacks to {size / 1e6:,.0f} MB; no published table is larger than"
                f" {MOST_BYTES / 1e6:,.0f} MB.",
                hint="Check where the file comes from. Save the sheet alone as CSV if it is right.",
            )
        for name in archive.namelist():
            # reading compares what is unpacked with the size and checksum that the file declares
            if _SHEET.fullmatch(name):
                _check_sheet(file.name, archive.read(name))
            else:
                _drain(archive, name)


def damaged(file: Path, error: Exception) -> OgpAnalysisError:
    """The error of a workbook that cannot be unpacked or parsed."""
    return OgpAnalysisError(f"{file.name} is damaged: {error}.", hint=_AGAIN)


def _drain(archive: zipfile.ZipFile, name: str) -> None:
    with archive.open(name) as part:
        while part.read(1 << 20):
            pass


def _check_sheet(file: str, xml: bytes) -> None:
    for pattern, what in ((_ERROR, "an error"), (_NEVER_COMPUTED, "a formula that was never computed")):
        odd = [cell.decode() for cell in pattern.findall(xml)]
        if odd:
            raise OgpAnalysisError(
                f"{file} has {what} in {len(odd)} cells: {', '.join(odd[:8])}.",
                hint="Open it in a spreadsheet, replace them by their values and save it again.",
            )
    rows, columns = 0, 0
    for letters, number, where in _places(xml):
        rows, columns = max(rows, number), max(columns, letters)
        # a cell in a column with three letters is the 703rd or later
        if letters > 702 or number > MOST_ROWS or rows * columns > MOST_CELLS:
            raise OgpAnalysisError(f"{file} has a cell at {where}, far from any table.", hint=_TAKE_AWAY)


def _places(xml: bytes) -> Iterator[tuple[int, int, str]]:
    """Column, row and name of every place that a sheet names."""
    for digits in _ROW.findall(xml):
        number = _number(digits)
        yield 1, number, f"row {number}"
    seen: dict[bytes, int] = {}
    for letters, digits in _COLUMN.findall(xml):
        if letters not in seen:
            seen[letters] = _index(letters)
        yield seen[letters], _number(digits), (letters[:8] + digits[:9]).decode()


def _number(digits: bytes) -> int:
    return int(digits[:9])  # more digits than that are beyond every bound


def _index(letters: bytes) -> int:
    found = 0
    for letter in letters[:8].upper():
        found = found * 26 + letter - 64
    return found
