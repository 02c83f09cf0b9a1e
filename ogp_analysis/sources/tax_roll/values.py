"""Amounts and days of a land-tax roll: whole columns at once, single cells only where a column fails.

An amount is whole rupiah. Points or commas between groups of three digits group; a mark before one or two
digits starts a fraction, which must be zero. A day is written ``2020-09-30`` (also with a time) or day first, as
Indonesian exports have it (``30-09-2020``, ``30/09/2020``).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

Array = np.ndarray[Any, Any]
MISSING_TEXTS = ("", "-", "NULL", "null", "None", "NaN", "nan", "\\N")
MISSING_BYTES = frozenset(text.encode() for text in MISSING_TEXTS)
EPOCH = date(1970, 1, 1).toordinal()
FIRST_DAY, LAST_DAY = date(1986, 1, 1).toordinal() - EPOCH, date(2150, 12, 31).toordinal() - EPOCH
NO_DAY = np.int32(-(2**31))
GROUPED = re.compile(r"[-+]?[0-9]{1,3}(?:(?:\.[0-9]{3})+|(?:,[0-9]{3})+)(?:[.,]0{1,2})?")
PLAIN = re.compile(r"[-+]?[0-9]+(?:[.,]0{1,2})?")
DAY_LAST = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})(?:[ T][0-9:.]+Z?)?")
DAY_FIRST = re.compile(r"([0-9]{2})[-/]([0-9]{2})[-/]([0-9]{4})(?:[ T][0-9:.]+)?")
LONGEST = 18  # digits that fit into 64 bits


@dataclass(frozen=True)
class Column:
    """A column of whole numbers: its values, where it is empty, where it cannot be read (None: nowhere)."""

    values: Array
    missing: Array | None
    bad: Array | None


def equal_cells(column: Any, width: int) -> Array | None:
    """The bytes of a text column, row by byte, if every cell has the same known width; else None."""
    kind = column.type
    if column.null_count or len(column) == 0 or not (pa.types.is_binary(kind) or pa.types.is_string(kind)):
        return None
    offsets = np.frombuffer(column.buffers()[1], np.int32, len(column) + 1, offset=4 * column.offset)
    if offsets[-1] - offsets[0] != width * len(column) or (np.diff(offsets) != width).any():
        return None
    flat = np.frombuffer(column.buffers()[2], np.uint8, width * len(column), offset=int(offsets[0]))
    return flat.reshape(len(column), width)


def is_missing_text(value: bytes) -> bool:
    """Whether a cell says that there is nothing."""
    return value.strip() in MISSING_BYTES


def amounts(column: Any) -> Column:
    """Read a column of whole numbers.

    Examples
    --------
    >>> read = amounts(pa.array(["1.250.000", "75000", "-", "12,5", "1500000.00"]))
    >>> read.values.tolist(), read.missing.tolist(), read.bad.tolist()
    ([1250000, 75000, 0, 0, 1500000], [False, False, True, False, False], [False, False, False, True, False])
    """
    if pa.types.is_dictionary(column.type):
        return _by_dictionary(column, amounts)
    kind = column.type
    if pa.types.is_integer(kind) and not pa.types.is_uint64(kind):
        return Column(_numpy(column, np.int64), _missing(column), None)
    if pa.types.is_null(kind):
        return Column(np.zeros(len(column), np.int64), np.ones(len(column), bool), None)
    if pa.types.is_floating(kind):
        return _from_floats(column)
    if pa.types.is_decimal(kind) or pa.types.is_uint64(kind):
        column = pc.cast(column, pa.string())
    if not (pa.types.is_string(column.type) or pa.types.is_binary(column.type)):
        return Column(np.zeros(len(column), np.int64), _missing(column), np.ones(len(column), bool))
    return _from_text(pc.cast(column, pa.binary()))


def days(column: Any) -> Column:
    """Read a column of days as days since 1970-01-01; an empty cell is ``NO_DAY``.

    Examples
    --------
    >>> read = days(pa.array(["2020-09-30", "30/09/2020 00:00:00", None, "2020-02-30"]))
    >>> read.values.tolist() == [18535, 18535, NO_DAY, NO_DAY], read.bad.tolist()
    (True, [False, False, False, True])
    """
    if pa.types.is_dictionary(column.type):
        return _by_dictionary(column, days)
    kind = column.type
    if pa.types.is_timestamp(kind) or pa.types.is_date64(kind):
        column = pc.cast(column, pa.date32(), safe=False)
        kind = column.type
    if pa.types.is_date32(kind):
        missing = _missing(column)
        values = _numpy(column.view(pa.int32()), np.int32)
        if missing is not None:
            values = np.where(missing, NO_DAY, values)
        bad = (values < FIRST_DAY) | (values > LAST_DAY)
        if missing is not None:
            bad &= ~missing
        return Column(values, missing, bad if bad.any() else None)
    if pa.types.is_null(kind):
        return Column(np.full(len(column), NO_DAY), np.ones(len(column), bool), None)
    if not (pa.types.is_string(kind) or pa.types.is_binary(kind)):
        return Column(np.full(len(column), NO_DAY), _missing(column), np.ones(len(column), bool))
    coded = pc.fill_null(pc.cast(column, pa.binary()), b"").dictionary_encode()
    read = [_day(value) for value in coded.dictionary.to_pylist()]
    places = _numpy(coded.indices, np.int64)
    values = np.array([NO_DAY if day is None else day for day, _ in read], np.int32)[places]
    bad = np.array([wrong for _, wrong in read], bool)[places]
    return Column(values, (values == NO_DAY) & ~bad, bad if bad.any() else None)


def _by_dictionary(column: Any, read: Callable[[Any], Column]) -> Column:
    """Read each different cell once; an empty one is looked up behind the last."""
    empty = pa.nulls(1, column.dictionary.type)
    own = read(pa.concat_arrays([plain(column.dictionary), plain(empty)]))
    places = _numpy(pc.fill_null(pc.cast(column.indices, pa.int64()), len(column.dictionary)), np.int64)
    return Column(*(None if part is None else part[places] for part in (own.values, own.missing, own.bad)))  # type: ignore[arg-type]


def plain(array: Any) -> Any:
    """Large and view types of text as the ordinary one."""
    kind = array.type
    if pa.types.is_large_string(kind) or pa.types.is_string_view(kind):
        return array.cast(pa.string())
    if pa.types.is_large_binary(kind) or pa.types.is_binary_view(kind):
        return array.cast(pa.binary())
    return array


@lru_cache(maxsize=1 << 16)  # a roll has few different days: each is read once
def _day(value: bytes) -> tuple[int | None, bool]:
    if is_missing_text(value):
        return None, False
    text = value.decode("latin-1").strip()
    if match := DAY_LAST.fullmatch(text):
        year, month, day = match[1], match[2], match[3]
    elif match := DAY_FIRST.fullmatch(text):
        day, month, year = match[1], match[2], match[3]
    else:
        return None, True
    try:
        number = date(int(year), int(month), int(day)).toordinal() - EPOCH
    except ValueError:
        return None, True
    return (number, False) if FIRST_DAY <= number <= LAST_DAY else (None, True)


def _amount(value: bytes) -> tuple[int | None, bool]:
    if is_missing_text(value):
        return None, False
    text = value.decode("latin-1").strip()
    if GROUPED.fullmatch(text):
        whole = re.sub(r"[.,]0{1,2}$", "", text)
        number = int(re.sub(r"[.,]", "", whole))
    elif PLAIN.fullmatch(text):
        number = int(re.sub(r"[.,]0{1,2}$", "", text))
    else:
        return None, True
    return (number, False) if abs(number) < 10**LONGEST else (None, True)


def _from_text(column: Any) -> Column:
    column = pc.fill_null(column, b"")
    plain = pc.match_substring_regex(column, rf"^[0-9]{{1,{LONGEST}}}$")
    values = _numpy(pc.cast(pc.cast(pc.if_else(plain, column, b"0"), pa.string()), pa.int64()), np.int64)
    rest = np.flatnonzero(~plain.to_numpy(zero_copy_only=False))
    missing, bad = np.zeros(len(column), bool), np.zeros(len(column), bool)
    if len(rest):
        values = values.copy()
        read = [_amount(value) for value in column.take(pa.array(rest)).to_pylist()]
        values[rest] = [0 if number is None else number for number, _ in read]
        bad[rest] = [wrong for _, wrong in read]
        missing[rest] = [number is None and not wrong for number, wrong in read]
    return Column(values, missing, bad)


def _from_floats(column: Any) -> Column:
    numbers = column.to_numpy(zero_copy_only=False).astype(np.float64)
    missing = np.isnan(numbers)
    bad = ~missing & ((numbers != np.floor(numbers)) | (np.abs(numbers) >= 2.0**53))
    values = np.where(missing | bad, 0, numbers).astype(np.int64)
    return Column(values, missing, bad if bad.any() else None)


def _numpy(column: Any, kind: type[np.generic]) -> Array:
    """The buffer of a column as an array; what stands in empty cells is zero."""
    if column.null_count:
        column = pc.fill_null(column, 0)
    return np.asarray(column.to_numpy(zero_copy_only=False)).astype(kind, copy=False)


def _missing(column: Any) -> Array | None:
    return np.asarray(column.is_null().to_numpy(zero_copy_only=False)) if column.null_count else None
