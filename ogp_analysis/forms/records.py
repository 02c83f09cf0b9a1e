"""The rows of a CSV table with their own bytes, so that a row that did not change is written back as it was."""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

BOM = "\ufeff"


@dataclass(frozen=True)
class Record:
    """One row: its cells by column, and the text of the file that holds it."""

    cells: Mapping[str, str]
    raw: str


@dataclass(frozen=True)
class Records:
    """A CSV table as it is on the disk."""

    head: str
    columns: tuple[str, ...]
    rows: tuple[Record, ...]
    line_end: str
    sha256: str


def read_records(path: Path) -> Records:
    """Read a table that has passed the checks of its case.

    Parameters
    ----------
    path : Path
        UTF-8 file with a header row.

    Returns
    -------
    Records
        Rows in the order of the file; joined, their texts are the file.
    """
    data = path.read_bytes()
    lines = list(io.StringIO(data.decode("utf-8"), newline=""))
    bom = BOM if lines[0].startswith(BOM) else ""
    lines[0] = lines[0].removeprefix(BOM)
    reader = csv.reader(lines, strict=True)
    found, start = [], 0
    for cells in reader:
        found.append((cells, "".join(lines[start : reader.line_num])))
        start = reader.line_num
    (header, head), body = found[0], found[1:]
    end = "\r\n" if head.endswith("\r\n") else "\n"
    rows = tuple(Record(dict(zip(header, cells, strict=True)), raw) for cells, raw in body)
    return Records(bom + head, tuple(header), rows, end, hashlib.sha256(data).hexdigest())


def rendered(table: Records, rows: Iterable[tuple[str | None, Mapping[str, str]]]) -> bytes:
    """The bytes of a table with other rows.

    Parameters
    ----------
    table : Records
        Gives the header, the order of the columns and the line ends.
    rows : iterable of (str or None, mapping)
        Text of a row as it stands in the file, or ``None`` for a row to be written anew from its cells.

    Returns
    -------
    bytes
    """
    parts = [table.head]
    for raw, cells in rows:
        if raw is None:
            raw = ",".join(_quoted(cells[name]) for name in table.columns) + table.line_end
        if not parts[-1].endswith(("\n", "\r")):  # the last line of a file may have no end
            parts[-1] += table.line_end
        parts.append(raw)
    return "".join(parts).encode("utf-8")


def _quoted(text: str) -> str:
    # csv.writer leaves a carriage return bare where lines end with a line feed, and the row comes apart
    return '"' + text.replace('"', '""') + '"' if any(mark in text for mark in ',"\r\n') else text
