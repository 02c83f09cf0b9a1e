"""Figures of one kecamatan that are not shown, or not shown without a remark: small counts, rates of two years."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from ogp_analysis import quality
from ogp_analysis.case import Case
from ogp_analysis.recovery.chance import SMALLEST_SHOWN, same_year
from ogp_analysis.reports.present import indicator_names

if TYPE_CHECKING:
    from ogp_analysis.reports.context import Report


def without_small(row: dict[str, Any], state: str, report: Report) -> dict[str, Any]:
    """The row with nothing in it that would tell a count of persons too small to show."""
    if state not in ("small", "complement"):
        return row | {"hidden": ""}
    reason = report.t("Counts of persons from 1 to {n} are not shown.", n=SMALLEST_SHOWN - 1)
    if state == "complement":
        reason = report.t(
            "Not shown: with the total of the city it would give away a count of 1 to {n}.", n=SMALLEST_SHOWN - 1
        )
    bare = {key: value for key, value in row.items() if key not in ("rate", "stabilised", "position", "place")}
    remark = " ".join(text for text in (row["remark"], reason) if text)
    return bare | {"value": float("nan"), "hidden": state, "remark": remark}


def other_year(case: Case, definition: pd.Series[Any], period: str, report: Report) -> list[str]:
    """That a rate is over a denominator of another year, where it is."""
    if pd.isna(definition["denominator"]):
        return []
    base = str(definition["denominator"])
    chosen = quality.nearest_complete_period(case, base, period)
    if chosen is None or same_year(period, chosen):
        return []
    name = indicator_names(case, report.language)[base]
    return [report.t("Rate over: {base}, {period}.", base=name, period=report.language.period(chosen))]
