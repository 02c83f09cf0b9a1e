"""Arithmetic on days that rules of a calendar need."""

from __future__ import annotations

import calendar
import itertools
from collections.abc import Sequence
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


def succession_faults(versions: Sequence[tuple[str, date | None, date | None]]) -> list[str]:
    """What keeps the dated versions of one rule from following one another without gap or overlap.

    Rule: each version ends on the day before the next begins; only the first may lack a beginning and only the
    last an end; none ends before it begins.

    Parameters
    ----------
    versions : sequence of (name, first day or None, last day or None)
        In any order.

    Returns
    -------
    list of str
        A sentence for each fault, with names and dates; empty when the versions follow one another.

    Examples
    --------
    >>> first = ("of 2018", date(2018, 6, 1), date(2023, 5, 25))
    >>> succession_faults([first, ("of 2023", date(2023, 5, 26), None)])
    []
    >>> succession_faults([first, ("of 2023", date(2023, 6, 1), None)])
    ["'of 2018' ends on 2023-05-25 and 'of 2023' begins on 2023-06-01: a gap of 6 days"]
    >>> succession_faults([first, ("of 2022", date(2022, 1, 1), None)])
    ["'of 2018' ends on 2023-05-25 and 'of 2022' begins on 2022-01-01: they overlap by 510 days"]
    """
    order = sorted(versions, key=lambda version: version[1] or date.min)
    faults = [
        f"'{name}' ends on {last} before it begins on {first}"
        for name, first, last in order
        if first is not None and last is not None and last < first
    ]
    for (name, _, last), (later, first, _) in itertools.pairwise(order):
        if first is None or last is None:
            faults.append(f"'{name}' has no end or '{later}' no beginning: they overlap")
            continue
        days = (first - last).days - 1
        ends = f"'{name}' ends on {last} and '{later}' begins on {first}"
        unit = "day" if abs(days) == 1 else "days"
        if days > 0:
            faults.append(f"{ends}: a gap of {days} {unit}")
        elif days < 0:
            faults.append(f"{ends}: they overlap by {-days} {unit}")
    return faults
