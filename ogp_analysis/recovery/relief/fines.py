"""The fine on land tax paid late, by the general rule of the time.

Two percent of the tax for each month or part of a month after the due date, at most twenty-four months: the
general rule of the time (Law 28/2009 on regional taxes; the city's own regulation was not seen). A later rule,
such as the one percent a month of Law 1/2022, is given as another :class:`FineRule`.
"""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

import numpy as np

from ogp_analysis.sources.tax_roll.values import FIRST_DAY, LAST_DAY

Array = np.ndarray[Any, Any]


@dataclass(frozen=True)
class FineRule:
    """Percent a month, in basis points, and the most months that count."""

    basis_points: int = 200
    most_months: int = 24
    label: str = "general rule of the time"


GENERAL_RULE = FineRule()


def months_late(due: date, paid: date, most: int = GENERAL_RULE.most_months) -> int:
    """Months, or parts of one, between a due date and a payment.

    A month ends on the day of the month of the due date, or on the last day of a shorter month.

    Parameters
    ----------
    due, paid : date
    most : int
        The most months that count.

    Examples
    --------
    >>> months_late(date(2020, 9, 30), date(2020, 9, 30)), months_late(date(2020, 9, 30), date(2020, 10, 1))
    (0, 1)
    >>> months_late(date(2020, 8, 31), date(2020, 9, 30)), months_late(date(2020, 8, 31), date(2020, 10, 1))
    (1, 2)
    """
    months = 0
    while months < most and paid > _later(due, months):
        months += 1
    return months


def _later(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


@lru_cache(maxsize=1)
def _calendar() -> tuple[Array, Array]:
    """For every day: the month's number, and the day of the month."""
    days = np.arange(FIRST_DAY, LAST_DAY + 1).astype("datetime64[D]")
    months = days.astype("datetime64[M]")
    return months.astype(np.int32), (days - months).astype(np.int32)


def months_late_array(due: Array, paid: Array, most: int = GENERAL_RULE.most_months) -> Array:
    """:func:`months_late` for arrays of days since 1970-01-01, all of them paid after the due date."""
    month, day = _calendar()
    due, paid = due - FIRST_DAY, paid - FIRST_DAY
    # the day of the month decides whether another month has begun; in a shorter month no day is later than it
    begun = month[paid] - month[due] + (day[paid] > day[due])
    return np.asarray(np.minimum(begun, most).astype(np.int64))
