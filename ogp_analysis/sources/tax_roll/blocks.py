"""A roll cut into blocks that can be read one by one, in any order, by several threads."""

from __future__ import annotations

import csv
import gzip
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.csv as pacsv

from ogp_analysis.errors import DataError, Problem
from ogp_analysis.sources.tax_roll.columns import DATES, NOP, NOP_PARTS, NUMBERS, STATUS, USE
from ogp_analysis.sources.tax_roll.fixed import read_fixed
from ogp_analysis.sources.tax_roll.roll import TaxRoll, damaged, opened
from ogp_analysis.sources.tax_roll.values import MISSING_TEXTS, days, plain

BLOCK_BYTES = 8 << 20
BLOCK_ROWS = 1 << 16
#: A row of SISMIOP has some 500 bytes.
LONGEST_LINE = 16 << 20
#: Writers of Parquet put a million rows into a group; a group is read whole.
MOST_GROUP = 20_000_000
KEYS = (NOP, *NOP_PARTS)


@dataclass(frozen=True, repr=False)
class Block:
    """Some rows of a roll as they stand in the file, personal columns left behind.

    Attributes
    ----------
    rows : int64 array
        Line of each row; the header is line 1.
    columns : dict
        Name in SISMIOP to pyarrow array.
    broken : tuple of int
        Lines with another number of cells than the header.
    layout : int
        Lines that are no rows: blank, ruled, headings, sub-totals.
    """

    rows: np.ndarray[Any, Any]
    columns: dict[str, Any]
    broken: tuple[int, ...] = field(default=())
    layout: int = 0

    def pieces(self, size: int) -> Iterator[Block]:
        """The block in pieces small enough for the processor's cache."""
        if len(self.rows) <= size:
            yield self
            return
        for start in range(0, len(self.rows), size):
            columns = {name: array.slice(start, size) for name, array in self.columns.items()}
            first = start == 0
            yield Block(
                self.rows[start : start + size],
                columns,
                self.broken if first else (),
                self.layout if first else 0,
            )


def blocks(roll: TaxRoll) -> Iterator[Callable[[], Block]]:
    """The blocks of a roll, each as a function that reads it.

    Raises
    ------
    DataError
        If a packed file ends too early.
    """
    if roll.kind == "parquet":
        yield from _parquet_blocks(roll)
    elif roll.kind == "frame":
        yield from _table_blocks(roll, roll.table.to_batches(max_chunksize=BLOCK_ROWS), 2)
    else:
        for data, line, lines in _text_blocks(roll):
            if roll.kind == "fixed":
                yield lambda data=data, line=line: _fixed_block(roll, data, line)  # type: ignore[misc]
            else:
                yield lambda data=data, line=line, lines=lines: _csv_block(roll, data, line, lines)  # type: ignore[misc]


def _parquet_blocks(roll: TaxRoll) -> Iterator[Callable[[], Block]]:
    import pyarrow.parquet as pq

    meta = pq.read_metadata(roll.path)
    schema = pq.read_schema(roll.path)
    names = list(roll.columns.values())
    # text with few different cells is kept as the file has it: each different cell is read once
    coded = [roll.columns[name] for name in (*DATES, STATUS, USE) if name in roll.columns]
    coded = [name for name in coded if _is_text(schema.field(name).type)]
    row = 2
    for group in range(meta.num_row_groups):
        count = meta.row_group(group).num_rows
        if count > MOST_GROUP:
            words = f"row groups of at most {MOST_GROUP:,} rows; this one has {count:,}"
            raise DataError([Problem(roll.name, row, None, None, words)], hint="Write the file in smaller groups.")

        def read(group: int = group, row: int = row) -> Block:
            # a reader of its own: one object must not be shared by threads
            try:
                with pq.ParquetFile(roll.path, metadata=meta, read_dictionary=coded) as file:
                    table = file.read_row_group(group, columns=names, use_threads=False)
            except (pa.ArrowException, OSError):
                raise damaged(roll.name, row) from None
            return _table_block(roll, table.combine_chunks(), row)

        yield read
        row += count


def _is_text(kind: Any) -> bool:
    return any(
        test(kind)
        for test in (pa.types.is_string, pa.types.is_large_string, pa.types.is_binary, pa.types.is_large_binary)
    )


def _table_blocks(roll: TaxRoll, batches: list[Any], row: int) -> Iterator[Callable[[], Block]]:
    for batch in batches:
        yield lambda batch=batch, row=row: _table_block(roll, pa.Table.from_batches([batch]), row)  # type: ignore[misc]
        row += batch.num_rows


def _table_block(roll: TaxRoll, table: Any, row: int) -> Block:
    columns = {}
    for name, own in roll.columns.items():
        chunked = table.column(own)
        array = chunked.chunk(0) if chunked.num_chunks == 1 else chunked.combine_chunks()
        columns[name] = array if name in KEYS else _days_once(array) if name in DATES else plain(array)
    return Block(np.arange(row, row + table.num_rows), columns)


def _days_once(array: Any) -> Any:
    """Text kept as a list of different cells, as days; left as it is if one cannot be read, to be listed."""
    if not pa.types.is_dictionary(array.type):
        return plain(array)
    read = days(array)
    return array if read.bad is not None else pa.array(read.values, mask=read.missing).view(pa.date32())


def _text_blocks(roll: TaxRoll) -> Iterator[tuple[bytes, int, int]]:
    """Whole lines, the number of the first, and how many."""
    assert roll.path is not None
    line, rest = 1, b""
    with opened(roll.path) as file:
        if roll.kind == "csv":
            file.readline()
            line = 2
        while True:
            try:
                data = file.read(BLOCK_BYTES)
            except (EOFError, zlib.error, gzip.BadGzipFile):
                raise damaged(roll.name, line) from None
            if not data:
                break
            cut = data.rfind(b"\n") + 1
            if cut == 0:
                rest += data
                if len(rest) > LONGEST_LINE:
                    words = f"a line end; this line goes on for more than {LONGEST_LINE // 2**20} MB"
                    raise DataError(
                        [Problem(roll.name, line, None, None, words)], hint="Export the roll as CSV anew."
                    )
                continue
            block = b"".join((rest, memoryview(data)[:cut]))
            rest = data[cut:]
            lines = _count_lines(block)
            yield block, line, lines
            line += lines
    if rest:
        yield rest, line, 1


def _count_lines(data: bytes) -> int:
    # numpy counts several times as fast as bytes.count and lets other threads run
    return int(np.count_nonzero(np.frombuffer(data, np.uint8) == ord("\n")))


def _csv_block(roll: TaxRoll, data: bytes, line: int, lines: int) -> Block:
    table = None
    for typed in (True, False):
        try:
            table = pacsv.read_csv(
                pa.BufferReader(data),
                read_options=pacsv.ReadOptions(
                    column_names=list(roll.header), use_threads=False, block_size=len(data) + 1
                ),
                parse_options=pacsv.ParseOptions(delimiter=roll.delimiter),
                convert_options=_conversion(roll, typed),
            )
            break
        except (pa.ArrowInvalid, pa.ArrowKeyError):
            continue  # a row of another length, or a cell; the parser's text quotes it and is not passed on
    if table is None or table.num_rows != lines:
        # broken or blank lines, or a stray quotation mark that swallowed a line: one line at a time
        return _csv_lines(roll, data, line)
    return _table_block(roll, table, line)


def _conversion(roll: TaxRoll, typed: bool) -> Any:
    own = roll.columns
    kinds: dict[str, Any] = {name: pa.binary() for name in own.values()}
    if typed:
        kinds |= {own[name]: pa.int64() for name in NUMBERS}
        kinds |= {own[name]: pa.date32() for name in DATES}
    return pacsv.ConvertOptions(
        column_types=kinds,
        include_columns=list(own.values()),
        null_values=list(MISSING_TEXTS),
        strings_can_be_null=True,
        check_utf8=False,
    )


def _csv_lines(roll: TaxRoll, data: bytes, line: int) -> Block:
    places = {name: roll.header.index(own) for name, own in roll.columns.items()}
    cells: dict[str, list[bytes]] = {name: [] for name in places}
    rows, broken, layout = [], [], 0
    for number, text in enumerate(data.split(b"\n"), start=line):
        if number - line == data.count(b"\n") and not text:
            break
        if not text.strip():
            layout += 1
            continue
        # Latin-1 gives every byte a character: the cells kept here are digits and marks
        try:
            found = next(csv.reader([text.decode("latin-1").rstrip("\r")], delimiter=roll.delimiter))
        except csv.Error:  # a cell of more than 131,072 characters
            found = []
        if len(found) != len(roll.header):
            broken.append(number)
            continue
        rows.append(number)
        for name, place in places.items():
            cells[name].append(found[place].encode("latin-1"))
    columns = {name: pa.array(values, pa.binary()) for name, values in cells.items()}
    return Block(np.array(rows, np.int64), columns, tuple(broken), layout)


def _fixed_block(roll: TaxRoll, data: bytes, line: int) -> Block:
    assert roll.slots is not None
    keys = [NOP] if NOP in roll.slots else list(NOP_PARTS)
    rows, cells, layout = read_fixed(data, line, roll.slots, keys)
    columns = {name: pa.array(values, pa.string()) for name, values in cells.items()}
    return Block(np.array(rows, np.int64), columns, (), layout)
