"""What moved between two quarters, as a page needs it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from ogp_analysis.changes import SUBJECTS, Standing, check_order, moves, standing, standing_of
from ogp_analysis.quarter import Quarter

if TYPE_CHECKING:
    from ogp_analysis.reports.context import Report


@dataclass(frozen=True)
class Changes:
    """What a page says of change.

    Attributes
    ----------
    since : Quarter
        The earlier quarter.
    before, after : Standing
        ``before`` as it was published, where that was given; else by the tables and method of today.
    moved : DataFrame
        See :func:`ogp_analysis.changes.moves`.
    published : bool
        Whether ``before`` is what a report published.
    """

    since: Quarter
    before: Standing
    after: Standing
    moved: pd.DataFrame
    published: bool = False


def changes_of(report: Report, subjects: Collection[str] = tuple(SUBJECTS), *, outlines: bool = False) -> Changes:
    """What moved between the quarter that a page names as the earlier one and its own.

    Parameters
    ----------
    report : Report
    subjects : collection of str
        Only these; a page reads only the tables that they follow from.
    outlines : bool
        Look also at the outlines that the maps are drawn with.

    Raises
    ------
    ParameterError
        If the published standing is of another case, or not earlier than the page.
    DataError
        If it cannot be read.
    """
    outline = outline_of(report) if outlines else None
    after = standing(report.case, report.quarter, outline, subjects)
    if report.published_file:
        before = _published(report)
        again = standing(report.case, before.quarter, outline, subjects)
        return Changes(before.quarter, before, after, moves(before, after, again), published=True)
    since = report.since

    def compare() -> tuple[Standing, pd.DataFrame]:
        first = standing(report.case, since, subjects=subjects)
        return first, moves(first, after)

    before, moved = report.case.remembered(("changes", since, report.quarter, tuple(subjects)), compare)
    return Changes(since, before, after, moved.copy())


def _published(report: Report) -> Standing:
    before = standing_of(report.published_file)
    check_order(before, report.case.id, report.quarter)
    return before


def outline_of(report: Report) -> dict[str, str]:
    """Which outlines the maps of a report are drawn with; empty without any."""
    if not report.has_outline:
        return {}
    about = report.boundaries.attrs["boundaries"]
    told = ("kind", "source_en", "vintage", "sha256", "method_version")
    return {name: str(about[name]) for name in told if about.get(name) is not None}
