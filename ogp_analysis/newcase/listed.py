"""A list of kecamatan in a file (CSV or XLSX): names, codes as text, and points where there are any."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ogp_analysis.cleaning.text import total_of
from ogp_analysis.errors import DataError, OgpAnalysisError, Problem, shortened
from ogp_analysis.intake import read_whole
from ogp_analysis.newcase.place import Kecamatan, Place, Point, strangers
from ogp_analysis.signs import posing, sign_problem
from ogp_analysis.sources.workbook import read_sheets

#: How the columns may be called, in lower case.
HEADERS = {
    "code": {"code", "kode", "kode_kecamatan", "kode_wilayah"},
    "kemendagri": {"code_kemendagri", "kode_kemendagri"},
    "bps": {"code_bps", "kode_bps"},
    "name": {"name", "nama", "kecamatan", "nama_kecamatan"},
    "lon": {"longitude", "lon", "bujur"},
    "lat": {"latitude", "lat", "lintang"},
}
#: A list of all 7,000 kecamatan of the country has 1 MB.
LARGEST = 20 * 2**20
#: Points that a schematic outline needs at least.
FEWEST = 4
SOURCE = "list-of-kecamatan"
_KEMENDAGRI, _PLAIN, _BPS = r"[0-9]{2}\.[0-9]{2}\.[0-9]{2}", r"[0-9]{6}", r"[0-9]{7}"
_WANTED = "72.01.04 (the ministry) or 7 digits (BPS), as text"
#: Lists of offices often begin with a title, or have a second line of headings below merged cells.
HEADER_HINT = (
    "Name the columns so in the first row of the list. Take out a title above them, and a second row of headings."
)
_DECIMAL = r"-?[0-9]{1,3}(\.[0-9]+)?"


def read_list(path: Path, *, name: str, publisher: str, seen: str, points: bool = True) -> Place:
    """The kecamatan of a place from a file.

    A code is taken as it is written or refused: what a spreadsheet made of it is never repaired. Six digits are
    the ministry's code without its points.

    Parameters
    ----------
    path : Path
        CSV (UTF-8; commas, semicolons or tabs) or XLSX (first sheet), with a header row: the code (``code`` or
        ``kode``; or ``code_kemendagri`` and ``code_bps``), the name, and if known ``longitude`` and ``latitude``.
    name : str
        What the place is called.
    publisher : str
        Who published the list; empty where that is not known.
    seen : str
        The day it was read, ``YYYY-MM-DD``.
    points : bool
        Whether to take its points.

    Raises
    ------
    OgpAnalysisError, DataError
        If the file cannot be read, or with every row that cannot be used.
    """
    rows = _rows(path)
    columns, unused = _columns(path.name, rows[0])
    problems: list[Problem] = []
    found: list[tuple[int, Kecamatan, tuple[float, float] | None]] = []
    for number, row in enumerate(rows[1:], start=2):
        if not any(row):
            continue
        cells = {key: row[at] if at < len(row) else "" for key, at in columns.items()}
        own, wrong = _kecamatan(path.name, number, cells, rows[0], columns)
        place, astray = _point(path.name, number, cells) if points else (None, [])
        problems += wrong + astray
        if own is not None:
            found.append((number, own, place))
    if not found and not problems:
        problems.append(Problem(path.name, 2, None, None, "a kecamatan; the list is empty"))
    problems += _again(path.name, [(number, own) for number, own, _ in found])
    posed = posing({own.name for _, own, _ in found})
    problems += [
        Problem(path.name, number, rows[0][columns["name"]], own.name, posed[own.name])
        for number, own, _ in found
        if own.name in posed
    ]
    for column, codes in (
        ("code (Kemendagri)", [(number, own.kemendagri) for number, own, _ in found if own.kemendagri]),
        ("code (BPS)", [(number, own.bps) for number, own, _ in found if own.bps]),
    ):
        problems += strangers(codes, path.name, column)
    if problems:
        problems.sort(key=lambda problem: problem.row or 0)
        raise DataError(problems, hint=f"Mend these rows of {path} and run it again; nothing was made.")
    remarks = [f"Columns of {path.name} that were not used: {', '.join(unused)}."] if unused else []
    kept, remark = _points(found) if points else ((), "")
    source = {
        "source_id": SOURCE,
        "title": path.name,
        "publisher": publisher or "not stated",
        "kind": "unknown",
        "seen": seen,
    }
    return Place(
        name=name,
        kecamatan=tuple(own for _, own, _ in found),
        points=kept,
        source=tuple(source.items()),
        remarks=tuple(each for each in (*remarks, remark) if each),
    )


def _rows(path: Path) -> list[list[str]]:
    if not path.is_file():
        raise OgpAnalysisError(f"There is no file {path}.", hint="Check the name of the list of kecamatan.")
    if path.suffix.casefold() == ".xlsx":
        rows = list(_sheet(path))
    elif path.suffix.casefold() in (".csv", ".txt", ".tsv"):
        rows = _text_rows(path)
    else:
        raise OgpAnalysisError(f"{path} is neither CSV nor XLSX.", hint="Save the list as 'CSV UTF-8' or .xlsx.")
    if not rows:
        raise DataError(
            [Problem(path.name, 1, None, None, "a header row; the file is empty")],
            hint="Give a list with a header row and a row for each kecamatan.",
        )
    return rows


def _text_rows(path: Path) -> list[list[str]]:
    try:
        text = read_whole(path, largest=LARGEST).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise DataError(
            [Problem(path.name, None, None, None, "UTF-8 text")], hint=f"Save {path} as 'CSV UTF-8'."
        ) from error
    first = text.partition("\n")[0]
    mark = max(",;\t", key=first.count)
    rows: list[list[str]] = []
    try:
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=mark, strict=True):
            rows.append([cell.strip() for cell in row])
    except csv.Error as error:
        raise DataError(
            [Problem(path.name, len(rows) + 1, None, None, f"a well-formed CSV row ({error})")],
            hint="Look for a quotation mark that is opened and not closed, from this row on.",
        ) from error
    return rows


def _sheet(path: Path) -> Iterator[list[str]]:
    for row in read_sheets(path)[0][1]:
        yield [_cell(value) for value in row]


def _cell(value: Any) -> str:
    """A cell as text. A workbook keeps whole numbers as decimals; their digits are all there, so they stay."""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip()


def _columns(file: str, header: list[str]) -> tuple[dict[str, int], list[str]]:
    columns: dict[str, int] = {}
    unused = []
    for at, name in enumerate(header):
        key = next((key for key, names in HEADERS.items() if name.casefold().replace(" ", "_") in names), None)
        if key is None:
            unused += [name] if name else []
        elif key in columns:
            raise DataError(
                [Problem(file, 1, name, name, f"one column for this; {header[columns[key]]} is another")],
                hint=f"Take one of the two out of {file}, or give it another name.",
            )
        else:
            columns[key] = at
    problems = []
    found = ", ".join(filter(None, header)) or None
    if "name" not in columns:
        problems.append(Problem(file, 1, "name", found, "a column 'name' or 'nama'"))
    if not columns.keys() & {"code", "kemendagri", "bps"}:
        problems.append(Problem(file, 1, "code", found, "a column 'code' or 'kode'"))
    if len(columns.keys() & {"lon", "lat"}) == 1:
        problems.append(Problem(file, 1, "longitude, latitude", None, "both columns, or neither"))
    if problems:
        raise DataError(problems, hint=HEADER_HINT)
    return columns, unused


def _kecamatan(
    file: str, number: int, cells: dict[str, str], header: list[str], columns: dict[str, int]
) -> tuple[Kecamatan | None, list[Problem]]:
    problems = []
    codes = {"kemendagri": "", "bps": ""}
    for key in ("code", "kemendagri", "bps"):
        text = cells.get(key, "")
        if not text and (key != "code" or any(cells.get(each) for each in codes)):
            continue
        system = _system(text)
        if system == "" or (key != "code" and system != key):
            problems.append(Problem(file, number, header[columns[key]], text, _expected(text, key)))
        else:
            codes[system] = text if "." in text or system == "bps" else f"{text[:2]}.{text[2:4]}.{text[4:]}"
    if not cells["name"]:
        problems.append(Problem(file, number, header[columns["name"]], None, "the name of the kecamatan"))
    elif words := sign_problem(cells["name"]):
        problems.append(Problem(file, number, header[columns["name"]], cells["name"], words))
    elif total_of(cells["name"]) is not None:
        words = "the name of a kecamatan, not a total"
        problems.append(Problem(file, number, header[columns["name"]], cells["name"], words))
    if not problems and not any(codes.values()):
        problems.append(Problem(file, number, None, None, f"a code: {_WANTED}"))
    return (None if problems else Kecamatan(cells["name"], **codes)), problems


def _system(text: str) -> str:
    if re.fullmatch(f"{_KEMENDAGRI}|{_PLAIN}", text):
        return "kemendagri"
    return "bps" if re.fullmatch(_BPS, text) else ""


def _expected(text: str, key: str) -> str:
    """What is wrong with a code, as far as its form tells."""
    wanted = {"code": _WANTED, "kemendagri": "72.01.04, as text", "bps": "7 digits, as text"}[key]
    if re.fullmatch(r"[0-9]{6,7}\.0+|[0-9.]+[eE]\+?[0-9]+", text):
        return f"{wanted}; a spreadsheet made a number of it: format the column as text and enter the code again"
    if re.fullmatch(r"[0-9]{1,2}\.[0-9]{1,2}\.[0-9]{1,2}", text):
        return f"{wanted}; a zero was lost: enter it again as text"
    if re.fullmatch(r"[0-9]{2}\.[0-9]{1,2}|[0-9]{4}", text):
        return f"{wanted}; this is the code of a kabupaten or kota, or a number that lost a part"
    if re.fullmatch(r"[0-9]{2}\.?[0-9]{2}\.?[0-9]{2}\.?[0-9]{3,4}|[0-9]{10}", text):
        return f"{wanted}; this is the code of a village"
    return wanted


def _point(file: str, number: int, cells: dict[str, str]) -> tuple[tuple[float, float] | None, list[Problem]]:
    texts = cells.get("lon", ""), cells.get("lat", "")
    if not any(texts):
        return None, []
    problems = []
    for name, text, bound in (("longitude", texts[0], 180), ("latitude", texts[1], 90)):
        if not re.fullmatch(_DECIMAL, text) or abs(float(text)) > bound:
            words = f"degrees from -{bound} to {bound} with '.' as decimal mark"
            problems.append(Problem(file, number, name, shortened(text), words))
    return (None if problems else (float(texts[0]), float(texts[1]))), problems


def _again(file: str, found: list[tuple[int, Kecamatan]]) -> list[Problem]:
    """Names and codes that an earlier row has."""
    problems, seen = [], dict[tuple[str, str], int]()
    for number, own in found:
        for column, value in (("code", own.kemendagri), ("code", own.bps), ("name", own.name.casefold())):
            if not value:
                continue
            earlier = seen.setdefault((column, value), number)
            if earlier != number:
                shown = own.name if column == "name" else value
                problems.append(Problem(file, number, column, shown, f"each {column} once; row {earlier} has it"))
    return problems


def _points(
    found: list[tuple[int, Kecamatan, tuple[float, float] | None]],
) -> tuple[tuple[Point, ...], str]:
    """One point for each kecamatan; none at all where some lack one, for a map needs every kecamatan."""
    placed = [(own, place) for _, own, place in found if place is not None]
    if not placed:
        return (), ""
    lacking = [own.name for _, own, place in found if place is None or not own.kemendagri]
    if lacking:
        return (), (
            "No point was kept, for a map needs one of every kecamatan, with the ministry's code; "
            f"without: {', '.join(lacking)}."
        )
    if len(placed) < FEWEST:
        return (), f"No point was kept: an outline needs {FEWEST} of them."
    if len({place for _, place in placed}) < len(placed):
        return (), "No point was kept: two kecamatan have the same."
    return tuple(
        Point(own.kemendagri, own.name, own.kemendagri, True, place[0], place[1]) for own, place in placed
    ), ""
