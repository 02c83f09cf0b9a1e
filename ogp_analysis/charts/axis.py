"""The days along the foot of a chart."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from ogp_analysis.charts.common import GRID, MARGIN, SMALL, WIDTH
from ogp_analysis.locale import Language
from ogp_analysis.maps.palettes import MUTED
from ogp_analysis.maps.sheet import Sheet, text_width

DAY = timedelta(days=1)


@dataclass(frozen=True)
class TimeAxis:
    """Where a day stands on a sheet; days beyond the ends stand at the ends.

    Examples
    --------
    >>> axis = TimeAxis(date(2020, 4, 1), date(2020, 4, 30), 0.0, 300.0)
    >>> axis(date(2020, 4, 16)), axis(date(2021, 1, 1))
    (150.0, 300.0)
    """

    first: date
    last: date
    left: float
    right: float

    def __call__(self, day: date) -> float:
        """Points from the left end of the sheet to the beginning of a day."""
        share = (day - self.first).days / ((self.last - self.first).days + 1)
        return self.left + (self.right - self.left) * min(max(share, 0.0), 1.0)


def month_ticks(sheet: Sheet, axis: TimeAxis, y: float, bottom: float, language: Language) -> float:
    """Write the months below ``y``, each with a line down to ``bottom``; gives the lower end of the words."""
    first, last = axis.first, axis.last
    months = (last.year - first.year) * 12 + last.month - first.month + 1
    widest = max(text_width(language.month_short(date(2020, number, 1)), SMALL) for number in range(1, 13))
    fitting = (axis.right - axis.left) / (widest + 8)
    step = next((each for each in (1, 2, 3, 6, 12, 24, 60, 120) if months / each <= fitting), 240)
    for number in range(first.month - 1, first.month - 1 + months):
        day = date(first.year + number // 12, number % 12 + 1, 1)
        if day < first or (number - (first.month - 1)) % step:
            continue
        text = language.month_short(day)
        sheet.line([(axis(day), bottom), (axis(day), y - 12)], colour=GRID, width=0.5)
        if axis(day) + text_width(text, SMALL) <= WIDTH - MARGIN + 4:
            sheet.text(axis(day) + 1, y - 9, text, SMALL, colour=MUTED)
    return y - 16
