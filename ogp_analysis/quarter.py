"""Quarters of a year, and the partial dates that sources print."""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date

from ogp_analysis.errors import ParameterError, shortened

FIRST_YEAR, LAST_YEAR = 1900, 2200


@dataclass(frozen=True, order=True)
class Quarter:
    """One calendar quarter, written ``YYYYQn``.

    A report is *as of* the quarter's last day: whatever is dated later is left out.

    Parameters
    ----------
    year : int
        Four digits.
    number : int
        1 to 4.

    Examples
    --------
    >>> q = Quarter.parse("2023Q4")
    >>> q.first_day, q.last_day
    (datetime.date(2023, 10, 1), datetime.date(2023, 12, 31))
    >>> str(q.previous()), str(q.next())
    ('2023Q3', '2024Q1')
    """

    year: int
    number: int

    @classmethod
    def parse(cls, text: object) -> Quarter:
        """Read ``YYYYQn``; anything else raises with an example of the right form.

        Raises
        ------
        ParameterError
            If the text is not four digits, ``Q`` and 1 to 4.

        Examples
        --------
        >>> Quarter.parse(" 2020q3 ")
        Quarter(year=2020, number=3)
        >>> Quarter.parse("Q3 2020")
        Traceback (most recent call last):
        ...
        ogp_analysis.errors.ParameterError: 'Q3 2020' is not a quarter.
        What to do: Write the year, Q and the number 1 to 4, for example 2023Q4.
        """
        match = re.fullmatch(r"\s*([0-9]{4})[Qq]([1-4])\s*", str(text))
        if not match:
            raise ParameterError(
                f"{shortened(str(text))!r} is not a quarter.",
                hint="Write the year, Q and the number 1 to 4, for example 2023Q4.",
            )
        if not FIRST_YEAR <= int(match[1]) <= LAST_YEAR:
            raise ParameterError(
                f"{match[1]} is no year of a report.", hint=f"Give a year from {FIRST_YEAR} to {LAST_YEAR}."
            )
        return cls(int(match[1]), int(match[2]))

    @classmethod
    def of(cls, day: date) -> Quarter:
        """The quarter that holds a day.

        Examples
        --------
        >>> str(Quarter.of(date(2020, 10, 19)))
        '2020Q4'
        """
        return cls(day.year, (day.month - 1) // 3 + 1)

    @property
    def first_day(self) -> date:
        """First day of the quarter."""
        return date(self.year, 3 * self.number - 2, 1)

    @property
    def last_day(self) -> date:
        """Last day of the quarter, the *as of* date of a report."""
        month = 3 * self.number
        return date(self.year, month, monthrange(self.year, month)[1])

    def previous(self) -> Quarter:
        """The quarter before this one."""
        return Quarter(self.year - 1, 4) if self.number == 1 else Quarter(self.year, self.number - 1)

    def next(self) -> Quarter:
        """The quarter after this one."""
        return Quarter(self.year + 1, 1) if self.number == 4 else Quarter(self.year, self.number + 1)

    def __str__(self) -> str:
        return f"{self.year:04d}Q{self.number}"


@dataclass(frozen=True)
class Span:
    """The days a partial date may mean: ``2020-04`` is any day of April 2020.

    Examples
    --------
    >>> Span.parse("2020-04").last
    datetime.date(2020, 4, 30)
    >>> Span.parse("2020-05-04/2020-05-06").first
    datetime.date(2020, 5, 4)
    >>> Span.parse("2021").precision
    'year'
    """

    first: date
    last: date
    precision: str

    @classmethod
    def parse(cls, text: str) -> Span:
        """Read ``YYYY``, ``YYYY-MM``, ``YYYY-MM-DD`` or two of them joined by ``/``.

        Raises
        ------
        ParameterError
            If the text is none of these or names a day that does not exist.
        """
        start, slash, end = text.strip().partition("/")
        try:
            first, last, precision = _span(start)
            if slash:
                last, precision = _span(end)[1], "range"
                if last < first:
                    raise ValueError("ends before it starts")
        except ValueError as error:
            raise ParameterError(
                f"{shortened(text)!r} is not a date ({error}).",
                hint="Write 2020, 2020-04, 2020-04-27, or two of these joined by '/'.",
            ) from error
        return cls(first, last, precision)


def _span(text: str) -> tuple[date, date, str]:
    match = re.fullmatch(r"([0-9]{4})(?:-([0-9]{2}))?(?:-([0-9]{2}))?", text)
    if not match:
        raise ValueError("unknown form")
    year, month, day = match[1], match[2], match[3]
    if day:
        exact = date(int(year), int(month), int(day))
        return exact, exact, "day"
    if month:
        first = date(int(year), int(month), 1)
        return first, first.replace(day=monthrange(first.year, first.month)[1]), "month"
    return date(int(year), 1, 1), date(int(year), 12, 31), "year"
