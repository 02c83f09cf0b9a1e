"""Charts for reports: time lines, bars, series with breaks, steps, what is known, and what is more than chance.

Drawn on the same sheet as the maps, so that texts are measured before they are placed and none is cut off.
Every function returns a :class:`~ogp_analysis.maps.figure.MapFigure`: drawing, description, data.
"""

from __future__ import annotations

from ogp_analysis.charts.amounts import bars, known_matrix
from ogp_analysis.charts.curves import concentration_curve
from ogp_analysis.charts.funnels import funnel
from ogp_analysis.charts.gaps import gap
from ogp_analysis.charts.ranges import rank_ranges
from ogp_analysis.charts.shares import intervals
from ogp_analysis.charts.spans import timeline, within
from ogp_analysis.charts.steps import steps
from ogp_analysis.charts.years import series

__all__ = [
    "bars",
    "concentration_curve",
    "funnel",
    "gap",
    "intervals",
    "known_matrix",
    "rank_ranges",
    "series",
    "steps",
    "timeline",
    "within",
]
