"""The parts of a published table, told apart by what its rows look like."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from itertools import chain, count, pairwise

import pandas as pd

from ogp_analysis.cleaning.numerals import take_apart
from ogp_analysis.cleaning.text import fold, total_of

Row = tuple[int, list[str]]
Suspect = tuple[int, str, str, str]

NUMBER_LABELS = frozenset(["no", "nomor", "no urut", "number", "#"])
_SOURCE = re.compile(r"^(?:sumber|source)\b(?:\s+data)?\s*[:/]", re.IGNORECASE)
_NOTE = re.compile(r"^(?:catatan|note|notes|keterangan|ket)\b\s*[./:]|^(?:\*{1,3}|[rex])\)?\s*[:=]", re.IGNORECASE)
_PAGE = re.compile(
    r"^(?:-\s*)?(?:[ivxlc]+\s*-\s*)?\d{1,4}(?:\s*-)?$|^(?:halaman|hal\.?|page)\s*:?\s*\d+|end of page",
    re.IGNORECASE,
)
_TITLE = re.compile(r"^(?:lanjutan\s+)?(?:tabel|table|lampiran)\b|^lanjutan\b", re.IGNORECASE)
_YEAR = re.compile(r"^(?:19|20)\d\d(?:\s*[*rex]{1,3}\)?)?$")
_COLUMN_NUMBER = re.compile(r"^\(?(\d{1,2})\)?$")
_SHARE = re.compile(r"^(?:per|pre)sentase\b|^percent", re.IGNORECASE)
_PLACE = re.compile(r"^(?:kota|kabupaten|kab\.?|provinsi)\s+\D+$", re.IGNORECASE)
_SWALLOWED = re.compile(r"^(?P<label>.*\D)\s+(?P<value>-?\d[\d.,]*)$")
_SWALLOWED_NUMBER = re.compile(r"^(?P<label>no(?:mor)?\.?)\s+(?P<value>1)(?:\s+(?P<rest>\S+))?$", re.IGNORECASE)
_NAME_LABEL = re.compile(
    r"^(?P<label>(?:nama\s+)?(?:kecamatan|kelurahan|puskesmas|desa|uraian)(?:\s*/\s*\w+)?)\s+(?P<value>\S.*)$",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Parts:
    """Rows sorted by what they are."""

    header: list[Row] = field(default_factory=list)
    body: list[Row] = field(default_factory=list)
    notes: list[tuple[int, str, str]] = field(default_factory=list)
    sections: list[tuple[int, str]] = field(default_factory=list)
    suspects: list[Suspect] = field(default_factory=list)
    repeated: int = 0


def usual_width(rows: list[Row]) -> int:
    """How many cells most rows of more than one cell have; the wider of two that are as usual."""
    widths = Counter(len(cells) for _, cells in rows if len(cells) > 1)
    return max(widths, key=lambda width: (widths[width], width)) if widths else 1


def is_figure(text: str) -> bool:
    """Say whether a cell holds a figure or a mark for one, and not a year.

    Examples
    --------
    >>> is_figure("1.213"), is_figure("2020"), is_figure("Mijen")
    (True, False, False)
    """
    return take_apart(text).kind == "number" and not _YEAR.match(text)


def part(rows: list[Row], width: int, header_rows: int | None) -> Parts:
    """Sort rows into title, header, body, headings and notes; lengthen short rows and report them."""
    parts = Parts()
    repeated = 0
    printed: set[tuple[str, ...]] = set()
    for line, raw in rows:
        cells = raw + [""] * (width - len(raw))
        filled = [cell for cell in cells if cell]
        kind = _note_kind(raw, filled, width, parts)
        if kind:
            parts.notes.append((line, kind, ", ".join(filled)))
            continue
        if len(raw) > width and any(raw[width:]):
            more = f"more than the {width} cells of the other rows"
            parts.suspects.append((line, "", " | ".join(raw[width:]), more))
        if not parts.body and _is_header(cells, parts.header, header_rows):
            parts.header.append((line, cells[:width]))
            printed.add(_comparable(cells))
            continue
        if _comparable(cells) in printed:
            repeated += 1
            continue
        if (len(raw) == 1 and width > 1) or _is_heading(cells, parts.header):
            parts.sections.append((line, filled[0]))
            continue
        if len(raw) < width:
            parts.suspects.append((line, "", " | ".join(raw), f"only {len(raw)} of {width} cells"))
        if len(filled) == 1 and width > 2:
            parts.suspects.append((line, "", filled[0], "one cell is filled: a heading, or a row without figures"))
        parts.body.append((line, cells[:width]))
    return Parts(parts.header, parts.body, parts.notes, parts.sections, parts.suspects, repeated)


def _note_kind(raw: list[str], filled: list[str], width: int, parts: Parts) -> str:
    first = filled[0]
    if _numbers_columns(filled, width, parts):
        return "numbering"
    if _SOURCE.match(first):
        return "source"
    if _NOTE.match(first):
        return "note"
    if len(filled) > 1:
        # A comma in a title parts it where commas part the cells.
        return "title" if _TITLE.match(first) and len(raw) < width and not parts.body else ""
    if _PAGE.search(first):
        before = parts.body[-1][1][0] if parts.body else ""
        goes_on = len(raw) == width and before.isdecimal() and first == str(int(before) + 1)
        return "" if goes_on else "page"
    if _TITLE.match(first) or not parts.header:
        return "title"
    return ""


def _numbers_columns(filled: list[str], width: int, parts: Parts) -> bool:
    """A row such as ``(1) (2) (3)`` under the header; without brackets, only above the first row of data."""
    numbers = [_COLUMN_NUMBER.match(cell) for cell in filled]
    in_order = len(filled) == width > 2 and [int(n[1]) for n in numbers if n] == list(range(1, width + 1))
    seen = any(kind == "numbering" and text == ", ".join(filled) for _, kind, text in parts.notes)
    return in_order and bool(parts.header) and (filled[0].startswith("(") or not parts.body or seen)


def _is_header(cells: list[str], header: list[Row], header_rows: int | None) -> bool:
    if header_rows is not None:
        return len(header) < header_rows
    if not header:
        return True
    alone = sum(map(bool, cells)) == 1
    if alone and (cells[0] or _is_heading(cells, header)):
        return False
    years = [int(cell[:4]) for cell in cells if _YEAR.match(cell)]
    steps = {after - before for before, after in pairwise(years)}
    if years and cells[0] and (len(steps) != 1 or steps == {0}):
        return False  # 2011 people in Tugu, not the year 2011
    return not any(is_figure(cell) or _no_figure(cell) for cell in cells)


def _is_heading(cells: list[str], header: list[Row]) -> bool:
    """A single text in a table with a running number, in a row without one, is a heading between rows."""
    filled = [n for n, cell in enumerate(cells) if cell]
    if len(filled) != 1 or is_figure(cells[filled[0]]):
        return False
    numbered = [
        n for _, row in header for n, cell in enumerate(row) if cell.casefold().rstrip(".") in NUMBER_LABELS
    ]
    return bool(numbered) and filled[0] <= numbered[0] + 1


def _no_figure(cell: str) -> bool:
    """A mark in place of a figure shows a row of data just as a figure does."""
    return bool(cell) and take_apart(cell).kind in ("missing", "dash")


def _comparable(cells: list[str]) -> tuple[str, ...]:
    return tuple(" ".join(cell.casefold().split()) for cell in cells)


def join_header(header: list[Row], width: int) -> tuple[list[str], list[str]]:
    """One name a column from all rows of the header; a merged cell counts for the columns it spans."""
    levels = [list(cells) for _, cells in header]
    for upper, lower in pairwise(levels):
        for n in range(1, width):
            if not upper[n] and upper[n - 1] and lower[n] and lower[n - 1]:
                upper[n] = upper[n - 1]
    return _distinct(
        [
            " / ".join(dict.fromkeys(level[n] for level in levels if level[n])) or f"column {n + 1}"
            for n in range(width)
        ]
    )


def _distinct(labels: list[str]) -> tuple[list[str], list[str]]:
    """Labels of columns with a number behind those that stand again, and a line for each."""
    names: list[str] = []
    repairs: list[str] = []
    for label in labels:
        name = next(each for each in chain([label], (f"{label} ({n})" for n in count(2))) if each not in names)
        if name != label:
            repairs.append(f"The column name '{label}' stands more than once; one is now '{name}'.")
        names.append(name)
    return names, repairs


def recover_first_row(
    header: list[Row], body: list[Row], columns: list[str]
) -> tuple[list[Row], list[str], list[str], list[Suspect]]:
    """Take a first data row out of a one-row header that swallowed it.

    It is one only if every column of figures has a figure behind its label, and the running number, if there is
    one, begins with 2 below.
    """
    if len(header) != 1:
        return body, columns, [], []
    line, cells = header[0]
    figures = [n for n in range(len(cells)) if sum(is_figure(row[n]) for _, row in body) * 2 > len(body)]
    numbered = [n for n in figures if _SWALLOWED_NUMBER.match(cells[n])]
    labels, values, suspects = list(columns), [""] * len(cells), []
    for n in numbered:
        match = _SWALLOWED_NUMBER.match(cells[n])
        if match is None or body[0][1][n] != "2":
            return body, columns, [], []
        labels[n], values[n] = match["label"], match["value"]
        if match["rest"]:
            suspects.append(
                (line, labels[n], cells[n], f"'{match['rest']}' may belong to the name in the next cell")
            )
    for n in figures:
        match = _SWALLOWED.match(cells[n])
        if n in numbered:
            continue
        if not match or not is_figure(match["value"]):
            return body, columns, [], []
        labels[n], values[n] = match["label"], match["value"]
    if len(figures) <= len(numbered):
        return body, columns, [], []
    for n in set(range(len(cells))) - set(figures):
        match = _NAME_LABEL.match(cells[n])
        if match:
            labels[n], values[n] = match["label"], match["value"]
        elif cells[n]:
            suspects.append((line, cells[n], cells[n], "a label and a value may stand in one cell"))
    repair = f"Line {line}: the first row of data stood in the header and was taken out: {' | '.join(values)}."
    names, again = _distinct(labels)
    return [(line, values), *body], names, [repair, *again], suspects


def split_totals(body: list[Row]) -> tuple[list[Row], list[tuple[int, list[str], str]]]:
    """Rows of data, and rows of totals with their kind.

    ``X Total`` is a subtotal only below a row that names X; the name of a city or regency is the total only in the
    last row of a table that has one such row.
    """
    data: list[Row] = []
    totals: list[tuple[int, list[str], str]] = []
    seen: set[str] = set()
    places = [n for n, (_, cells) in enumerate(body) if any(_PLACE.match(cell) for cell in cells[:2])]
    last = max((n for n, (_, c) in enumerate(body) if not _total_kind(c, {"*"})), default=-1)
    for n, (line, cells) in enumerate(body):
        kind = _total_kind(cells, seen)
        if not kind and places == [n] and n == last and n > 0:
            kind = "total"
        if kind:
            totals.append((line, cells, kind))
        else:
            data.append((line, cells))
            seen.update(fold(cell) for cell in cells if fold(cell))
    return data, totals


def _total_kind(cells: list[str], seen: set[str]) -> str:
    labels = [cell for cell in cells if cell and not is_figure(cell)][:2]
    for n, label in enumerate(labels):
        if _SHARE.match(label):
            return "share"
        summed = total_of(label)
        if summed == "":
            return "total" if n == 0 else "subtotal"  # "Mijen | Total" sums Mijen
        if summed and (fold(summed) in seen or "*" in seen):
            return "subtotal"
        if summed and _PLACE.match(summed):
            return "total"
    return ""


def running_number(data: pd.DataFrame, position: int, columns: list[str]) -> list[Suspect]:
    """Report gaps in a running number, and letters that slipped into it; a new start at 1 is a new section."""
    found: list[Suspect] = []
    before: int | None = None
    for line, text in zip(data.index, data.iloc[:, position].astype(str), strict=True):
        match = re.fullmatch(r"(\d+)[.)]?(?:\s+(\D+))?", text)
        if not match:
            if text:
                found.append((int(line), columns[position], text, "not a running number"))
            continue
        if match[2]:
            follows = str(data.loc[line].iloc[position + 1]) if position + 1 < len(columns) else ""
            why = f"letters beside the number; the name may be '{match[2]}{follows}'"
            found.append((int(line), columns[position], text, why))
        number = int(match[1])
        if before is not None and number not in (before + 1, 1):
            found.append(
                (int(line), columns[position], text, f"follows {before}: rows may be lost or out of order")
            )
        before = number
    return found
