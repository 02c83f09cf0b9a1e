"""One cell of a returned workbook as the text that the table keeps, or what is wrong with it."""

from __future__ import annotations

import datetime
import re
from typing import Any

from ogp_analysis.forms.layout import FORBIDDEN, LONGEST, unescaped
from ogp_analysis.tables import Field

_TYPE_AGAIN = "format the cell as text and type it again"
# what stands in quotation marks, brackets or behind a backslash in a number format is no place for a digit
_NOT_A_PLACE = re.compile(r'"[^"]*"|\[[^\]]*\]|\\.|_.')


def cell_text(cell: Any, field: Field, known: frozenset[str] = frozenset()) -> tuple[str, str | None]:
    """The text of a cell, and what was expected instead if it cannot be taken as it is.

    Text is taken without the blanks around it. A date of the spreadsheet counts as a day in a column of dates, a
    number as a number in a column of numbers, four digits as a year; anywhere else such a cell has lost what was
    typed (``1-2`` became a day, ``0012`` became 12) and is refused.

    Parameters
    ----------
    cell : openpyxl cell
    field : Field
        The column of the table.
    known : frozenset of str
        Codes that the column may hold: a number that is one of them has lost nothing.

    Returns
    -------
    tuple of str and (str or None)
    """
    value = cell.value
    if value is None:
        return "", None
    if cell.data_type == "f":
        shown = value if isinstance(value, str) else f"={getattr(value, 'text', '')}".replace("==", "=")
        return shown, "a value; a formula is not read: copy the cell and paste it as a value"
    if cell.data_type == "e":
        return str(value), "a value; this is an error of the spreadsheet program"
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, bool):
        return _boolean(value, field)
    if isinstance(value, datetime.datetime | datetime.date):
        return _day(value, field, str(cell.number_format))
    if isinstance(value, int | float):
        if field.type == "number" and "%" in _NOT_A_PLACE.sub("", str(cell.number_format)):
            words = "a number without a percent sign: 85 and not 85%, of which the program makes 0.85"
            return f"{value:.10g} ({cell.number_format})", words
        return _number(value, field, known)
    return str(value), f"text; this cell holds a time: {_TYPE_AGAIN}"


def _text(value: str) -> tuple[str, str | None]:
    text = unescaped(value).strip()
    bad = FORBIDDEN.search(text)
    if bad:
        return text, f"text without the control character U+{ord(bad[0]):04X}: type it again"
    if len(value) > LONGEST:
        return text, f"at most {LONGEST:,} characters; this cell has {len(value):,}"
    return text, None


def _boolean(value: bool, field: Field) -> tuple[str, str | None]:
    text = str(value).lower()
    return text, None if field.type == "boolean" else f"text; this cell holds a logical value: {_TYPE_AGAIN}"


def _day(value: datetime.datetime | datetime.date, field: Field, form: str) -> tuple[str, str | None]:
    clock = value.time() if isinstance(value, datetime.datetime) else datetime.time()
    if field.type not in ("date", "partial"):
        return value.isoformat(), f"text; the spreadsheet program made a date of it: {_TYPE_AGAIN}"
    if clock != datetime.time():
        return value.isoformat(sep=" ") if isinstance(value, datetime.datetime) else str(value), (
            "a day without a time of day"
        )
    day = value.date() if isinstance(value, datetime.datetime) else value
    if "d" not in _NOT_A_PLACE.sub("", form).casefold():
        # 2021-08, typed into a cell that is not text, becomes the first of the month and is shown without its day
        return (
            day.isoformat(),
            f"a date that shows its day, or a month as text, such as {day:%Y-%m}: {_TYPE_AGAIN}",
        )
    return day.isoformat(), None


def _number(value: int | float, field: Field, known: frozenset[str]) -> tuple[str, str | None]:
    whole = float(value).is_integer() and abs(value) < 10**15
    text = str(int(value)) if whole else repr(value)
    year = field.type == "partial" and whole and 1800 <= value <= 2200
    exact = field.type == "number" and "e" not in text and "n" not in text
    if (field.type == "integer" and whole) or year or exact or text in known:
        return text, None
    if field.type == "integer":
        return text, "a whole number"
    return text, f"text; as a number it may have lost zeros at its beginning or end: {_TYPE_AGAIN}"
