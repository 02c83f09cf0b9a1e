"""Figures of one kecamatan that are not shown, or not shown without a remark: small counts, rates of two years."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from ogp_analysis import quality
from ogp_analysis.case import Case
from ogp_analysis.recovery.chance import SMALLEST_SHOWN, same_year, shown_counts
from ogp_analysis.reports.present import indicator_names
from ogp_analysis.scorecard_items import indicator_names as item_indicators

if TYPE_CHECKING:
    from ogp_analysis.reports.context import Report
    from ogp_analysis.scorecard import Scorecard

#: States of counts that are not shown, see :func:`ogp_analysis.recovery.chance.shown_counts`.
HIDDEN = ("small", "complement")


def without_small(row: dict[str, Any], state: str, report: Report) -> dict[str, Any]:
    """The row with nothing in it that would tell a count of persons too small to show.

    Whether the count itself is small, or would give a small one away, is not said: that would tell too much.

    Parameters
    ----------
    row : dict
        Of :func:`ogp_analysis.reports.profile.district_indicators`.
    state : str
        See :func:`ogp_analysis.recovery.chance.shown_counts`.
    report : Report
    """
    if state not in HIDDEN:
        return row | {"hidden": False}
    reason = report.t(
        "Not shown: a count of 1 to {n} persons, or one that would give such a count away with the total of the "
        "whole place.",
        n=SMALLEST_SHOWN - 1,
    )
    bare = {key: value for key, value in row.items() if key not in ("rate", "stabilised", "position", "place")}
    remark = " ".join(text for text in (row["remark"], reason) if text)
    return bare | {"value": float("nan"), "hidden": True, "remark": remark}


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


def hidden_items(result: Scorecard, case: Case) -> pd.DataFrame:
    """Which values of a scorecard rest on a count of persons that is not shown.

    Parameters
    ----------
    result : Scorecard
    case : Case
        The one that it was computed from.

    Returns
    -------
    DataFrame
        Of bool: index ``code_bps``, a column an item.
    """
    data = result.items.data
    hidden = pd.DataFrame(False, index=data.index, columns=data.columns)
    for item in result.items.about.dropna(subset=["indicators", "period"]).itertuples():
        for name in item_indicators(str(item.indicators)):
            states = shown_counts(case, name, str(item.period))["state"]
            hidden[item.code] |= states.reindex(data.index).isin(HIDDEN)
    return hidden
