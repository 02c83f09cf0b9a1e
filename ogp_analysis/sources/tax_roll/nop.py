"""Object numbers (NOP) in four spellings, read as text, column by column, into whole numbers.

======================================  ===============================
``33.74.010.001.002-0003.0``            points, hyphen before the number
``33.74.010.001.002.0003.0``            points throughout
``337401000100200030``                  18 digits
``010.001.002-0003.0``                  without province and city
======================================  ===============================

The first four digits are those of the city, so the other fourteen say which object it is.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from ogp_analysis.sources.tax_roll.columns import NOP, NOP_PARTS
from ogp_analysis.sources.tax_roll.exclusions import CODES
from ogp_analysis.sources.tax_roll.values import is_missing_text, plain

Array = np.ndarray[Any, Any]
ZERO = ord("0")
# length of the spelling: where the 4 digits of the city stand, where the 14 of the object, where the marks
SPELLINGS: tuple[tuple[int, tuple[int, ...], tuple[int, ...], dict[int, bytes]], ...] = (
    (
        24,
        (0, 1, 3, 4),
        (6, 7, 8, 10, 11, 12, 14, 15, 16, 18, 19, 20, 21, 23),
        {2: b".", 5: b".", 9: b".", 13: b".", 17: b".-", 22: b"."},
    ),
    (18, (0, 1, 2, 3), tuple(range(4, 18)), {}),
    (
        18,
        (),
        (0, 1, 2, 4, 5, 6, 8, 9, 10, 12, 13, 14, 15, 17),
        {3: b".", 7: b".", 11: b"-.", 16: b"."},
    ),
)


def nop_array(columns: dict[str, Any]) -> Any:
    """The column of object numbers; put together where the file keeps its seven parts apart."""
    if NOP in columns:
        return columns[NOP]
    parts = []
    for name, width in NOP_PARTS.items():
        text = pc.utf8_trim_whitespace(_text(columns[name]))
        # zeros in front are lost where a part was kept as a number; an empty part is no row of zeros
        text = pc.if_else(pc.equal(text, ""), pa.scalar(None, pa.string()), text)
        parts.append(pc.utf8_lpad(text, width=width, padding="0"))
    return pc.binary_join_element_wise(*parts, "")


def _text(array: Any) -> Any:
    if pa.types.is_dictionary(array.type):
        array = array.dictionary_decode()
    try:
        return pc.cast(array, pa.string())
    except pa.ArrowInvalid:  # bytes of another encoding: no digits, whatever they are
        return pa.array([None if one is None else one.decode("latin-1") for one in array.to_pylist()], pa.string())


def parse_nop(column: Any, city: str) -> tuple[Array, Array]:
    """Read a column of object numbers.

    Parameters
    ----------
    column : pyarrow Array of text, bytes or whole numbers
    city : str
        Four digits, province and city; also what a spelling without them is taken to mean.

    Returns
    -------
    (int64, uint8)
        The fourteen digits behind the city's; the code of the reason a row cannot be used, 0 where it can.

    Examples
    --------
    >>> spellings = ["33.74.010.001.002-0003.0", "337401000100200030", "010.001.002-0003.0", "3.37401E+17"]
    >>> numbers, reasons = parse_nop(pa.array(spellings), "3374")
    >>> numbers[:3].tolist() == [100010020003_0] * 3, reasons.tolist() == [0, 0, 0, CODES["nop_as_number"]]
    (True, True)
    """
    if pa.types.is_dictionary(column.type):
        column = column.dictionary_decode()
    if pa.types.is_integer(column.type):
        column = pc.cast(column, pa.string())
    if pa.types.is_string_view(column.type) or pa.types.is_binary_view(column.type):
        column = plain(column)
    if pa.types.is_large_string(column.type) or pa.types.is_large_binary(column.type):
        column = column.view(pa.large_binary())
    else:
        column = pc.cast(column, pa.binary())
    count = len(column)
    numbers = np.zeros(count, np.int64)
    reasons = np.full(count, CODES["nop_malformed"], np.uint8)
    if column.null_count == 0:
        lengths = np.diff(_offsets(column))
        if count and lengths[0] in (18, 24) and (lengths == lengths[0]).all():
            _parse_equal(column, int(lengths[0]), city, numbers, reasons)
        else:
            _parse_mixed(column, lengths, city, numbers, reasons)
    else:
        lengths = pc.fill_null(pc.binary_length(column), 0).to_numpy(zero_copy_only=False)
        _parse_mixed(column, lengths, city, numbers, reasons)
    bad = np.flatnonzero(reasons == CODES["nop_malformed"])
    for place in bad.tolist():
        reasons[place] = _reason_of(column[place].as_py())
    return numbers, reasons


def _offsets(column: Any) -> Array:
    width = np.dtype(np.int64 if pa.types.is_large_binary(column.type) else np.int32)
    return np.frombuffer(column.buffers()[1], width, len(column) + 1, offset=width.itemsize * column.offset)


def _parse_equal(column: Any, length: int, city: str, numbers: Array, reasons: Array) -> None:
    first = int(_offsets(column)[0])
    flat = np.frombuffer(column.buffers()[2], np.uint8, len(column) * length, offset=first)
    table = flat.reshape(len(column), length)
    for size, city_at, object_at, marks in SPELLINGS:
        if size != length:
            continue
        fits = np.ones(len(table), bool)
        for at, allowed in marks.items():
            here = table[:, at] == allowed[0]
            for other in allowed[1:]:
                here |= table[:, at] == other
            fits &= here
        if marks and not fits.any():
            continue
        value = np.zeros(len(table), np.int64)
        for at in object_at:
            digit = table[:, at] - np.uint8(ZERO)
            fits &= digit <= 9
            value *= 10
            value += digit
        here_city = np.ones(len(table), bool)
        for at, wanted in zip(city_at, city.encode(), strict=False):
            digit = table[:, at]
            fits &= (digit - np.uint8(ZERO)) <= 9
            here_city &= digit == wanted
        numbers[fits] = value[fits]
        reasons[fits & here_city] = 0
        reasons[fits & ~here_city] = CODES["other_city"]


def _parse_mixed(column: Any, lengths: Array, city: str, numbers: Array, reasons: Array) -> None:
    for length in (18, 24):
        places = np.flatnonzero(lengths == length)
        if len(places) == 0:
            continue
        part = column.take(pa.array(places))
        own_numbers, own_reasons = numbers[places], reasons[places]
        _parse_equal(part, length, city, own_numbers, own_reasons)
        numbers[places], reasons[places] = own_numbers, own_reasons
    # blanks around an object number are the exporter's, not part of it
    for place in np.flatnonzero((lengths > 18) & (lengths != 24)).tolist():
        value = column[place].as_py()
        stripped = value.strip()
        if stripped != value and len(stripped) in (18, 24):
            number, reason = parse_nop(pa.array([stripped], pa.binary()), city)
            numbers[place], reasons[place] = number[0], reason[0]


def _reason_of(value: bytes | None) -> int:
    if value is None or is_missing_text(value):
        return CODES["nop_missing"]
    text = value.strip().lower()
    body = text.replace(b",", b".")
    if b"e+" in body or (body.count(b".") == 1 and body.split(b".")[1].strip(b"0") == b"" and b"-" not in body):
        return CODES["nop_as_number"]
    return CODES["nop_malformed"]
