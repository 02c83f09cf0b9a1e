"""Tables as they are published: titles, stacked headers, page breaks, totals and sources inside one text file."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from ogp_analysis.cleaning import layout
from ogp_analysis.cleaning.decoding import decode
from ogp_analysis.cleaning.text import clean, fold
from ogp_analysis.errors import DataError, ParameterError, Problem

#: The longest cell that the parser of CSV takes.
LONGEST_LINE = 131_072
DELIMITERS = ("\t", ";", "|", ",")


@dataclass(frozen=True)
class PublishedTable:
    """One published table, cells as printed; every part is on the line numbers of the file.

    Attributes
    ----------
    data : DataFrame of text
        The rows of the table; an empty cell is an empty text. The index ``line`` is the line of the file.
    totals : DataFrame of text
        Rows of totals, kept for checking, with ``kind``: ``total``, ``subtotal`` or ``share`` (percentages).
    header : tuple of tuple of str
        The rows of the header, as printed.
    notes : DataFrame
        ``line``, ``kind`` (``title``, ``source``, ``note``, ``page``, ``numbering`` of the columns), ``text``.
    sections : DataFrame
        ``line``, ``text``: headings between the rows. Never filled down: a heading lost at a page break would put
        the rows below into the wrong section, and totals would not show it.
    repeated_headers : int
        Header rows that were printed again, as at a page break, and were taken out.
    repairs : tuple of str
        What was changed, in words.
    suspects : DataFrame
        ``line``, ``column``, ``value``, ``why``: what looks damaged and was left alone.
    encoding, delimiter : str
        How the file was read.
    """

    data: pd.DataFrame
    totals: pd.DataFrame
    header: tuple[tuple[str, ...], ...]
    notes: pd.DataFrame
    sections: pd.DataFrame
    repeated_headers: int
    repairs: tuple[str, ...]
    suspects: pd.DataFrame
    encoding: str
    delimiter: str


def read_published(
    path: str | Path,
    *,
    encoding: str | None = None,
    delimiter: str | None = None,
    header_rows: int | None = None,
    expected: Iterable[str] = (),
) -> PublishedTable:
    r"""Read a published table from a text file, everything as text; nothing is repaired in silence.

    Found and set apart: titles above the table, a header of several rows in one or two languages (joined by a
    slash), a row that only numbers the columns, headers repeated at page breaks, page numbers, headings between
    rows, rows of totals, sources and notes. A first data row that was swallowed into the header is taken out
    again. Reported as suspects: names split at the edge of a cell or in the middle, rows of the wrong length,
    gaps in a running number, damaged characters.

    Parameters
    ----------
    path : str or Path
        A text file with cells parted by a tab, ``;``, ``|`` or ``,``.
    encoding : str, optional
        Without it: UTF-8 (with or without byte-order mark), else Windows-1252.
    delimiter : str, optional
        Without it: the first of tab, ``;``, ``|`` and ``,`` that parts most lines. A comma comes last,
        as it may be a decimal mark.
    header_rows : int, optional
        Rows of the header, below any title. Without it: all rows before the first that holds a figure that is
        no year.
    expected : iterable of str, optional
        Names that the table should hold; they show where a name was split (``Ngemplaksimo ngan``).

    Returns
    -------
    PublishedTable

    Raises
    ------
    OgpAnalysisError
        If there is no such file.
    ParameterError
        If ``delimiter`` or ``header_rows`` cannot be.
    DataError
        If the bytes are of another encoding, or no header or no row is found.

    Examples
    --------
    >>> import tempfile
    >>> lines = [
    ...     "Tabel 3.2;;",
    ...     "Kecamatan;Penduduk;",
    ...     "Subdistrict;2019;2020",
    ...     "Mijen;76.037;80.906",
    ...     "Jumlah/Total;76.037;80.906",
    ...     "Sumber: BPS",
    ... ]
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = Path(folder) / "table.csv"
    ...     _ = path.write_text("\n".join(lines), encoding="utf-8")
    ...     table = read_published(path)
    >>> list(table.data.columns), table.data.values.tolist()
    (['Kecamatan / Subdistrict', 'Penduduk / 2019', 'Penduduk / 2020'], [['Mijen', '76.037', '80.906']])
    >>> table.totals["kind"].tolist(), table.notes["text"].tolist()
    (['total'], ['Tabel 3.2', 'Sumber: BPS'])
    """
    file = Path(path)
    if delimiter is not None and len(delimiter) != 1:
        raise ParameterError(f"{delimiter!r} is not a delimiter.", hint="Pass one character, such as ';'.")
    if header_rows is not None and header_rows < 1:
        raise ParameterError(
            f"header_rows={header_rows} is not possible.", hint="A table has one header row at least."
        )
    text, used = decode(file, encoding)
    mark = delimiter or _delimiter(text, file.name)
    rows = _rows(text, mark, file.name)
    width = layout.usual_width(rows)
    parts = layout.part(rows, width, header_rows)
    if not parts.header or not parts.body:
        raise DataError(
            [Problem(file.name, None, None, None, "a header row and a row of data")],
            hint="Pass header_rows, or delimiter if the cells were parted wrongly.",
        )
    columns, repairs = layout.join_header(parts.header, width)
    body, columns, swallowed, odd = layout.recover_first_row(parts.header, parts.body, columns)
    data_rows, totals = layout.split_totals(body)
    data = _frame(data_rows, columns)
    suspects = parts.suspects + odd + _suspects(data, columns, tuple(expected))
    total_frame = _frame([(line, cells) for line, cells, _ in totals], columns)
    total_frame["kind"] = [kind for _, _, kind in totals]
    return PublishedTable(
        data=data,
        totals=total_frame,
        header=tuple(tuple(cells) for _, cells in parts.header),
        notes=pd.DataFrame(parts.notes, columns=["line", "kind", "text"]),
        sections=pd.DataFrame(parts.sections, columns=["line", "text"]),
        repeated_headers=parts.repeated,
        repairs=(*repairs, *swallowed),
        suspects=pd.DataFrame(suspects, columns=["line", "column", "value", "why"]),
        encoding=used,
        delimiter=mark,
    )


def _delimiter(text: str, name: str) -> str:
    lines = [line for line in text.splitlines() if line.strip()]
    for number, line in enumerate(text.splitlines(), start=1):
        if len(line) > LONGEST_LINE:
            words = f"no line of more than {LONGEST_LINE:,} characters; this one has {len(line):,}"
            raise DataError([Problem(name, number, None, None, words)], hint="Look for line ends that were lost.")
    for mark in DELIMITERS:
        # Line by line, so that an open quotation mark spoils one line of the count and no more.
        cut = sum(len(next(csv.reader([line], delimiter=mark))) > 1 for line in lines)
        if lines and cut >= len(lines) / 2:
            return mark
    raise DataError(
        [Problem(name, None, None, None, "cells parted by a tab, ';', '|' or ','")], hint="Pass the delimiter."
    )


def _rows(text: str, delimiter: str, name: str) -> list[layout.Row]:
    """Rows with the line on which each begins; a frame of ``|`` around the table is no cell."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    rows: list[layout.Row] = []
    line = 1
    for cells in _checked(reader, name):
        cleaned = [clean(cell) for cell in cells]
        if delimiter == "|" and len(cleaned) > 2 and cleaned[0] == cleaned[-1] == "":
            cleaned = cleaned[1:-1]
        ruled = all(set(cell) <= set("-:=_") for cell in cleaned) and any(len(cell) > 2 for cell in cleaned)
        if any(cleaned) and not ruled:
            rows.append((line, cleaned))
        line = reader.line_num + 1
    return rows


def _checked(reader: Iterator[list[str]], name: str) -> Iterator[list[str]]:
    """Rows of a reader; an unclosed quotation mark would swallow the rest of the file without a word."""
    line = 1
    while True:
        try:
            cells = next(reader, None)
        except csv.Error as error:
            problem = Problem(name, line, None, None, f"quotation marks in pairs ({error})")
            raise DataError([problem], hint="Close the quotation mark, or double it inside a cell.") from error
        if cells is None:
            return
        line += 1
        yield cells


def _frame(rows: list[layout.Row], columns: list[str]) -> pd.DataFrame:
    index = pd.Index([line for line, _ in rows], name="line", dtype="int64")
    return pd.DataFrame([cells for _, cells in rows], columns=columns, index=index, dtype="string")


def _suspects(data: pd.DataFrame, columns: list[str], expected: tuple[str, ...]) -> list[layout.Suspect]:
    found: list[layout.Suspect] = []
    whole = {fold(name): name for name in expected}
    for line, cells in zip(data.index, data.itertuples(index=False), strict=True):
        for column, cell in zip(columns, cells, strict=True):
            text = str(cell)
            if "\N{REPLACEMENT CHARACTER}" in text or "Â" in text or "Ã" in text:
                found.append((int(line), column, text, "characters were damaged by reading a wrong encoding"))
            name = whole.get(fold(text))
            if name and " " in text and len(text.split()) > len(name.split()):
                found.append((int(line), column, text, f"a blank within a name; may be '{name}'"))
    for number, text in enumerate(columns):
        if text.casefold().rstrip(".") in layout.NUMBER_LABELS:
            found += layout.running_number(data, number, columns)
    return found
