"""Measures in time: their days, their rates, and the days that no rate covers."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pandas as pd

from ogp_analysis.case import Case, known_by
from ogp_analysis.quarter import Quarter, Span


def _first(text: str | None) -> date | None:
    return Span.parse(text).first if isinstance(text, str) else None


def _last(text: str | None) -> date | None:
    return Span.parse(text).last if isinstance(text, str) else None


def measure_spans(case: Case, quarter: Quarter) -> pd.DataFrame:
    """The measures known by a quarter's end, with the days they ran.

    A measure counts as known when the earliest date that its row gives (``known_from``, else announced, start
    or end) lies in the past; one with no date at all is left out, see :func:`undated_measures`. The end of
    a measure may lie ahead.

    Returns
    -------
    DataFrame
        The columns of ``measures`` with ``first_day`` and ``last_day`` (dates, missing where the source gives
        none) and ``dating``: ``span`` (both known), ``start_only``, ``announced_only``, ``end_only`` or
        ``known_only``.
    """
    frame = case.table("measures")
    frame = frame[known_by(_known_from(frame), quarter.last_day)].reset_index(drop=True)
    frame["first_day"] = pd.Series([_first(text) for text in frame["start"]], dtype="object")
    frame["last_day"] = pd.Series([_last(text) for text in frame["end"]], dtype="object")
    has_first, has_last = frame["first_day"].notna(), frame["last_day"].notna()
    frame["dating"] = "known_only"
    frame.loc[frame["announced"].notna(), "dating"] = "announced_only"
    frame.loc[has_last, "dating"] = "end_only"
    frame.loc[has_first, "dating"] = "start_only"
    frame.loc[has_first & has_last, "dating"] = "span"
    return frame


def undated_measures(case: Case) -> pd.DataFrame:
    """The measures whose sources give no date at all: shown, never counted for a quarter."""
    frame = case.table("measures")
    return frame[_known_from(frame).isna()].reset_index(drop=True)


def _known_from(measures: pd.DataFrame) -> pd.Series[Any]:
    first = measures["known_from"]
    for column in ("announced", "start", "end"):
        first = first.fillna(measures[column])
    return first


def measure_terms(case: Case, quarter: Quarter) -> pd.DataFrame:
    """The rates of the measures known by a quarter's end, with the measure's names and legal basis."""
    known = measure_spans(case, quarter)
    names = ["measure_id", "category", "name_en", "name_id", "legal_basis_en", "legal_basis_id", "confidence"]
    return case.table("measure_terms").merge(known[names], on="measure_id", validate="many_to_one")


def dated_window(terms: pd.DataFrame) -> tuple[date, date] | None:
    """From the first day of the earliest dated term to the last day of the latest: where gaps can lie between.

    Examples
    --------
    >>> dated_window(pd.DataFrame({"pay_from": ["2020-09-01", "2020-04"], "pay_to": ["2020-12-31", "2020-06"]}))
    (datetime.date(2020, 4, 1), datetime.date(2020, 12, 31))
    """
    dated = terms.dropna(subset=["pay_from", "pay_to"])
    if dated.empty:
        return None
    first = min(Span.parse(text).first for text in dated["pay_from"])
    return first, max(Span.parse(text).last for text in dated["pay_to"])


def uncovered_days(terms: pd.DataFrame, first: date, last: date) -> list[tuple[date, date]]:
    """The stretches between two days that no term covers.

    A day is covered if at least one term has ``pay_from <= day <= pay_to``; a partial date counts from its first
    or to its last day.

    Parameters
    ----------
    terms : DataFrame
        With ``pay_from`` and ``pay_to`` (partial dates, both ends count); terms without both are ignored.
    first, last : date
        The window looked at.

    Returns
    -------
    list of (date, date)
        First and last day of each gap, in order; empty when every day is covered.

    Examples
    --------
    >>> terms = pd.DataFrame({"pay_from": ["2020-04", "2020-09-01"], "pay_to": ["2020-06-30", "2020-12-31"]})
    >>> uncovered_days(terms, date(2020, 4, 1), date(2020, 12, 31))
    [(datetime.date(2020, 7, 1), datetime.date(2020, 8, 31))]
    """
    dated = terms.dropna(subset=["pay_from", "pay_to"])
    spans = sorted(
        (Span.parse(start).first, Span.parse(end).last)
        for start, end in zip(dated["pay_from"], dated["pay_to"], strict=True)
    )
    one = timedelta(days=1)
    gaps, expected = [], first
    for start, end in spans:
        if start > last:
            break  # what begins after the window covers none of it
        if start > expected:
            gaps.append((expected, start - one))
        expected = max(expected, end + one)
    if expected <= last:
        gaps.append((expected, last))
    return [(a, b) for a, b in gaps if b >= first]
