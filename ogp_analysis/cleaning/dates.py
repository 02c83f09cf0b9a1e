"""Dates, months and quarters as Indonesian publications write them."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal, TypeVar

import pandas as pd

from ogp_analysis.cleaning.frames import rows_of
from ogp_analysis.cleaning.text import clean, is_missing
from ogp_analysis.errors import DataError, Problem
from ogp_analysis.quarter import Quarter

MONTHS: dict[str, int] = {
    name: number
    for number, names in enumerate(
        (
            "januari jan january",
            "februari pebruari feb peb february",
            "maret mar mrt march",
            "april apr",
            "mei may",
            "juni jun june",
            "juli jul july",
            "agustus agt agust agu ags aug august",
            "september sept sep",
            "oktober okt oct october",
            "november nopember nov nop",
            "desember des dec december",
        ),
        start=1,
    )
    for name in names.split()
}
"""Names of the months: Indonesian with the older spellings (*Pebruari*, *Nopember*), short forms, English."""

_DAY_NAMES = r"(?:senin|selasa|rabu|kamis|jumat|jum'at|jum’at|sabtu|minggu|ahad)"
_WORDS = re.compile(rf"^(?:{_DAY_NAMES}\s*,?\s*)?(\d{{1,2}})[\s-]+([a-z]+)\.?[\s,-]+(\d+)$", re.IGNORECASE)
_DIGITS = re.compile(rf"^(?:{_DAY_NAMES}\s*,?\s*)?(\d{{1,2}})([/.-])(\d{{1,2}})\2(\d+)$", re.IGNORECASE)
_ISO = re.compile(r"^(\d{4})-(\d{2})-(\d{2})(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:?\d{2})?)?$")
_MONTH = re.compile(r"^(?:bulan\s+)?([a-z]+)\.?[\s,-]+(\d+)$", re.IGNORECASE)
_ROMAN = {"i": 1, "ii": 2, "iii": 3, "iv": 4}
_QUARTER = re.compile(
    r"^(?:triwulan|triwln|trw|tw|kuartal|kwartal|quarter|q)[\s.-]*(?:ke\s*-?\s*)?(iv|i{1,3}|\d)"
    r"(?:\s*[/,-]?\s*|\s+(?:tahun|thn\.?|th\.?)\s+)(\d+)$",
    re.IGNORECASE,
)
_YEAR_FIRST = re.compile(r"^(\d+)\s*-?\s*(?:q|tw|triwulan)\s*(iv|i{1,3}|\d)$", re.IGNORECASE)
_HALF = re.compile(r"\bsem(?:ester)?\b|\bcaturwulan\b|\bhalf\b", re.IGNORECASE)


T = TypeVar("T")


@dataclass(frozen=True)
class ParsedPeriods:
    """A column of dates or quarters.

    Attributes
    ----------
    values : Series of object
        ``datetime.date`` or :class:`~ogp_analysis.quarter.Quarter`, ``None`` where there is none; on the index of
        the input.
    problems : DataFrame
        ``row``, ``value``, ``expected``: unreadable cells; empty unless ``errors="report"``.
    """

    values: pd.Series
    problems: pd.DataFrame


def parse_date(text: object) -> date:
    """Read one day; numbers are day first, as Indonesian is.

    Understands ``24 April 2020``, ``Senin, 19 Oktober 2020``, ``19/10/2020``, ``19-10-2020``, ``19.10.2020``,
    ``2020-10-19`` (also with a time behind it), older spellings (*Pebruari*, *Nopember*) and short months
    (*Agt*, *Des*). ``03/04/2020`` is 3 April.

    Raises
    ------
    DataError
        If the text is no such date, names a day that does not exist, or has a year of other than four digits.

    Examples
    --------
    >>> parse_date("Senin, 19 Oktober 2020"), parse_date("03/04/2020")
    (datetime.date(2020, 10, 19), datetime.date(2020, 4, 3))
    >>> parse_date("24 Pebruari 20")
    Traceback (most recent call last):
    ...
    ogp_analysis.errors.DataError: date: found '24 Pebruari 20', expected a year of four digits
    What to do: Write the day, the month and the year, for example 24 April 2020.
    """
    return _or_raise(_date, text, "date", "Write the day, the month and the year, for example 24 April 2020.")


def parse_month(text: object) -> date:
    """Read one month, ``Pebruari 2020`` or ``Agt 2020``, as its first day.

    Raises
    ------
    DataError
        If the text is not the name of a month and a year of four digits.

    Examples
    --------
    >>> parse_month("Nopember 2020")
    datetime.date(2020, 11, 1)
    """
    return _or_raise(_month, text, "month", "Write the month and the year, for example November 2020.")


def parse_quarter(text: object) -> Quarter:
    """Read one quarter of a year.

    Understands ``Triwulan III 2020``, ``Triwulan 3/2020``, ``TW III 2020``, ``Kuartal ke-3 2020``, ``Q3 2020``,
    ``2020Q3``. A semester is two quarters and is refused, not cut.

    Raises
    ------
    DataError
        If the text is no quarter, or has a year of other than four digits.

    Examples
    --------
    >>> str(parse_quarter("Triwulan III 2020")), str(parse_quarter("Kuartal ke-3 tahun 2020"))
    ('2020Q3', '2020Q3')
    >>> parse_quarter("Semester I 2020")
    Traceback (most recent call last):
    ...
    ogp_analysis.errors.DataError: quarter: found 'Semester I 2020', expected a quarter, not a part of the
    year with another length
    What to do: Write it as Triwulan III 2020 or 2020Q3.
    """
    return _or_raise(_quarter, text, "quarter", "Write it as Triwulan III 2020 or 2020Q3.")


def parse_dates(
    values: pd.Series, *, errors: Literal["raise", "report"] = "raise", file: str = "table", first_row: int = 2
) -> ParsedPeriods:
    """Read a column of days, cell by cell as :func:`parse_date`; blank cells stay without a date.

    Parameters
    ----------
    values : Series of text
    errors : {"raise", "report"}
        Raise on unreadable cells, or list them in ``problems``.
    file, first_row : str, int
        For messages: the name of the file, and the row of the first cell in it.

    Raises
    ------
    DataError
        Lists every unreadable cell with its row.

    Examples
    --------
    >>> parse_dates(pd.Series(["24 April 2020", None, "1 Des 2020"])).values.tolist()
    [datetime.date(2020, 4, 24), None, datetime.date(2020, 12, 1)]
    """
    return _column(_date, values, errors, file, first_row)


def parse_quarters(
    values: pd.Series, *, errors: Literal["raise", "report"] = "raise", file: str = "table", first_row: int = 2
) -> ParsedPeriods:
    """Read a column of quarters, cell by cell as :func:`parse_quarter`; blank cells stay without a quarter.

    Parameters and errors as for :func:`parse_dates`.

    Examples
    --------
    >>> found = parse_quarters(pd.Series(["TW I 2021", "Semester II 2020"]), errors="report")
    >>> [str(quarter) for quarter in found.values], found.problems["value"].tolist()
    (['2021Q1', 'None'], ['Semester II 2020'])
    """
    return _column(_quarter, values, errors, file, first_row)


def _or_raise(reader: Callable[[object], T], text: object, what: str, hint: str) -> T:
    try:
        return reader(text)
    except ValueError as error:
        raise DataError([Problem(what, None, None, clean(text), str(error))], hint=hint) from error


def _column(
    reader: Callable[[object], object], values: pd.Series, errors: str, file: str, first_row: int
) -> ParsedPeriods:
    found: list[object] = []
    problems: list[tuple[int, str, str]] = []
    for row, value in zip(rows_of(values, first_row), values, strict=True):
        period: object = None
        if clean(value):
            try:
                period = reader(value)
            except ValueError as error:
                problems.append((row, clean(value), str(error)))
        found.append(period)
    if problems and errors == "raise":
        column = None if values.name is None else str(values.name)
        raise DataError(
            [Problem(file, row, column, value, expected) for row, value, expected in problems],
            hint="Correct these cells, or pass errors='report' to go on without them.",
        )
    return ParsedPeriods(
        pd.Series(found, index=values.index, dtype=object, name=values.name),
        pd.DataFrame(problems, columns=["row", "value", "expected"]),
    )


def _date(value: object) -> date:
    if is_missing(value):
        raise ValueError("a day, month and year")
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    text = clean(value)
    if match := _ISO.match(text):
        return _day(match[3], int(match[2]), match[1])
    if match := _DIGITS.match(text):
        return _day(match[1], int(match[3]), match[4])
    if match := _WORDS.match(text):
        return _day(match[1], _month_number(match[2]), match[3])
    raise ValueError("a day, month and year")


def _month(value: object) -> date:
    match = _MONTH.match(clean(value))
    if not match:
        raise ValueError("a month and a year")
    return _day("1", _month_number(match[1]), match[2])


def _quarter(value: object) -> Quarter:
    if isinstance(value, Quarter):
        return value
    text = clean(value)
    if _HALF.search(text):
        raise ValueError("a quarter, not a part of the year with another length")
    if match := _QUARTER.match(text):
        number, year = match[1], match[2]
    elif match := _YEAR_FIRST.match(text):
        year, number = match[1], match[2]
    else:
        raise ValueError("a quarter and a year")
    ordinal = _ROMAN.get(number.casefold()) or int(number)
    if not 1 <= ordinal <= 4:
        raise ValueError("a quarter from 1 to 4")
    return Quarter(_year(year), ordinal)


def _month_number(name: str) -> int:
    if name.casefold() not in MONTHS:
        raise ValueError(f"the name of a month, '{name}' is none")
    return MONTHS[name.casefold()]


def _year(digits: str) -> int:
    if len(digits) != 4 or digits == "0000":
        raise ValueError("a year of four digits")
    return int(digits)


def _day(day: str, month: int, year: str) -> date:
    number = _year(year)
    try:
        return date(number, month, int(day))
    except ValueError as error:
        raise ValueError(f"a day that exists ({error})") from error
