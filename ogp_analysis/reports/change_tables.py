"""The tables and maps on what changed, subject by subject."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from ogp_analysis.reports.change_rows import (
    amount_rows,
    causes_texts,
    indicator_rows,
    known_rows,
    moves_of,
    rank_rows,
    status_rows,
    value_rows,
)
from ogp_analysis.reports.present import pair

if TYPE_CHECKING:
    from ogp_analysis.reports.change_set import Changes
    from ogp_analysis.reports.context import Report

#: Rows from which a table waits behind a line that opens it.
LONG = 12
#: Maps shown for two periods each: at most so many pairs.
PAIRS = 6


def show_moves(report: Report, moved: pd.DataFrame, found: Changes, *, district: str = "") -> None:
    """Show moves as tables, subject by subject; nothing for a subject of which nothing moved."""
    statuses = status_rows(moved, report)
    if len(statuses):
        report.table(
            statuses,
            {
                "about": "About",
                "name": "What",
                "day": "Day",
                "before_text": "Before",
                "after_text": "Now",
                "causes_text": "Why",
                "source_id": "Source",
            },
            "What is said of commitments, duties, criteria, claims and measures",
            formats={"about": "msg", "day": "period", "before_text": "label", "after_text": "label"},
            optional=["day", "causes_text"],
            folded=len(statuses) > LONG,
            note="A dash under Before: it is new. A dash under Now: it is gone.",
        )
    sums = amount_rows(moved, report)
    if len(sums):
        report.table(
            sums,
            {
                "name": "What",
                "text": "Kind of figure",
                "day": "Day",
                "before": "Before",
                "after": "Now",
                "unit": "Unit",
                "causes_text": "Why",
                "source_id": "Source",
            },
            "Figures of measures and taxes",
            formats={"text": "label", "day": "period", "before": "mixed", "after": "mixed"},
            optional=["before", "causes_text"],
            folded=len(sums) > LONG,
        )
    if district:
        _district(report, moved)
    else:
        _districts(report, moved, found)
    ranks = rank_rows(moved, report)
    if len(ranks):
        report.table(
            ranks,
            {
                "scorecard": "Scorecard",
                "kecamatan": "Kecamatan",
                "before": "Before",
                "before_text": "Its range",
                "after": "Now",
                "after_text": "Its range now",
                "causes_text": "Why",
            },
            "Ranks in scorecards",
            formats={"before": "whole", "after": "whole"},
            optional=["kecamatan", "causes_text"],
            folded=len(ranks) > LONG,
            note="Where the ranges overlap, the rank may have moved by the choices made and not by the figures.",
        )
    known = known_rows(moved, report)
    if len(known):
        report.table(
            known,
            {"name": "What", "found": "Now known for", "lost": "No longer known for"},
            "What is known by kecamatan",
            optional=["found", "lost"],
        )
    series = moves_of(moved, ("coverage",))
    if len(series):
        report.table(
            series.assign(name=pair(series, "name", report.language), why=causes_texts(series, report)),
            {
                "name": "What",
                "before_period": "Newest before",
                "before": "Kecamatan with a value",
                "after_period": "Newest now",
                "after": "Kecamatan with a value now",
                "why": "Why",
                "source_id": "Source",
            },
            "Series that gained or lost something",
            formats={"before_period": "period", "after_period": "period", "before": "whole", "after": "whole"},
            optional=["why"],
            folded=len(series) > LONG,
        )


def _district(report: Report, moved: pd.DataFrame) -> None:
    rows = value_rows(moved, report)
    if len(rows):
        report.table(
            rows,
            {
                "name": "Indicator",
                "before_period": "Period before",
                "before": "Value before",
                "after_period": "Period",
                "after": "Value",
                "difference": "Difference",
                "unit": "Unit",
                "places": "Place",
                "withheld": "Small count, not shown",
                "causes_text": "Why",
                "source_id": "Source",
            },
            "Values and places",
            formats={
                "before_period": "period",
                "after_period": "period",
                "before": "mixed",
                "after": "mixed",
                "difference": "signed_mixed",
                "withheld": "msg",
            },
            optional=["before_period", "before", "difference", "places", "withheld", "causes_text"],
            folded=len(rows) > LONG,
        )
        if (rows["places"] != "—").any():
            report.say("Place 1 is the highest rate among the kecamatan. It may also move because others did.")
        _counted_otherwise(report, rows)


def _districts(report: Report, moved: pd.DataFrame, found: Changes) -> None:
    rows = indicator_rows(moved, found, report)
    if len(rows):
        report.table(
            rows,
            {
                "name": "Indicator",
                "before_period": "Period before",
                "after_period": "Period",
                "more": "More in",
                "less": "Less in",
                "same": "The same in",
                "new": "New for",
                "gone": "Gone for",
                "withheld": "Not shown for (small count)",
                "causes_text": "Why",
                "source_id": "Source",
            },
            "Values by kecamatan: in how many they are more or less",
            formats={"before_period": "text", "after_period": "text"}
            | dict.fromkeys(("more", "less", "same", "new", "gone", "withheld"), "whole"),
            optional=["gone", "new", "withheld", "causes_text"],
            folded=len(rows) > LONG,
            note="In how many kecamatan. A dash under more, less and the same: there is nothing to compare. "
            "Each kecamatan stands in its profile.",
        )
        _counted_otherwise(report, rows)


def _counted_otherwise(report: Report, rows: pd.DataFrame) -> None:
    if rows["causes"].str.contains("counted_otherwise").any():
        report.say(
            "Counted otherwise: the source counts on another base, so a difference is no growth or decline."
        )


def show_pairs(report: Report, found: Changes) -> None:
    """Show maps of the rates whose period moved: before and now beside each other, in the same classes.

    First what the page on recovery maps, then the others; none of which fewer than half of the kecamatan may be
    shown on either side.
    """
    from ogp_analysis.reports.pictures import rate_multiples

    uses = [each for use in ("need", "facility", "burden") for each in report.case.indicators_for(use)]
    rates = found.moved[(found.moved["subject"] == "rate") & (found.moved["change"] == "changed")]
    least = len(report.case.districts) / 2
    drawn = []
    for indicator in dict.fromkeys([*uses, *rates["key"]]):
        rows = rates[rates["key"] == indicator]
        periods = [list(dict.fromkeys(rows[f"{side}_period"])) for side in ("before", "after")]
        there = report.case.periods(indicator, report.quarter) if len(rows) else []
        if any(len(each) != 1 or each[0] not in there for each in periods) or periods[0] == periods[1]:
            continue
        if all(rows[side].notna().sum() >= least for side in ("before", "after")):
            drawn.append((indicator, [periods[0][0], periods[1][0]]))
    report.heading("Before and now on the map")
    if not drawn:
        report.say("No map: no rate has a value for most kecamatan both before and now, in different periods.")
        return
    report.say("Both maps of a pair have the same classes, so that a shade means the same on both.")
    for indicator, both in drawn[:PAIRS]:
        report.show(rate_multiples(report, indicator, both))
    if len(drawn) > PAIRS:
        report.say("Further rates moved; their maps are on the pages of the kecamatan and of recovery.")
