"""Arithmetic on days that rules of a calendar need."""

from __future__ import annotations

import calendar
from datetime import date


def add_months(day: date, months: int) -> date:
    """The same day of the month, so many months on; the last day where the month is shorter.

    Examples
    --------
    >>> add_months(date(2021, 7, 30), 2)
    datetime.date(2021, 9, 30)
    >>> add_months(date(2023, 12, 31), 2)
    datetime.date(2024, 2, 29)
    """
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def elapsed_share(first: date, last: date, day: date) -> float:
    """Share of a period that has passed at the end of a day, from 0 to 1; both ends count.

    Examples
    --------
    >>> elapsed_share(date(2021, 8, 1), date(2023, 12, 31), date(2023, 12, 31))
    1.0
    >>> elapsed_share(date(2023, 1, 1), date(2023, 12, 31), date(2023, 3, 31))
    0.2465...
    """
    length = (last - first).days + 1
    return min(max(((day - first).days + 1) / length, 0.0), 1.0)
