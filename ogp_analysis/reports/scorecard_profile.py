"""A scorecard on the page of one kecamatan: its rank with the range, where it stands out, what is unknown."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import pandas as pd

from ogp_analysis.charts.ranges import range_text
from ogp_analysis.reports.present import pair, rate_title
from ogp_analysis.reports.small_counts import hidden_items

if TYPE_CHECKING:
    from ogp_analysis.reports.context import Report
    from ogp_analysis.scorecard import Scorecard

#: Items shown on either side, at most.
SHOWN = 3
HEADERS: Mapping[str, str] = {
    "side": "Side",
    "item": "Item",
    "value_text": "Value",
    "middle_text": "Middle of all",
    "place_text": "Rank",
    "source_id": "Source",
}


def standing_words(result: Scorecard, code: str, report: Report) -> str:
    """The rank of one kecamatan, how far it hangs on choices, and how often it is among the lowest.

    Parameters
    ----------
    result : Scorecard
    code : str
        BPS code of the kecamatan.
    report : Report
    """
    table = result.table
    if result.run is None or code not in table.index:
        return report.t("No kecamatan has a score: too few items are known.")
    row = table.loc[code]
    if pd.isna(row["rank"]):
        return report.t("This kecamatan has no score: too few of its items are known.")
    return report.t(
        "Rank {rank} of {all}; 1 is best. When the choices are drawn anew, the rank is {range} in nine of ten "
        "draws. In {share} of the draws the kecamatan is in the lowest quarter.",
        rank=int(row["rank"]),
        all=int(table["rank"].notna().sum()),
        range=range_text(row["low"], row["high"], report.language),
        share=_share(float(row["lowest"]), report),
    )


def _share(share: float, report: Report) -> str:
    """A share of draws in whole percent; what is neither none nor all is not rounded to it."""
    if 0 < share < 0.01:
        return f"<{report.language.percent(1, 0)}"
    if 0.99 < share < 1:
        return f">{report.language.percent(99, 0)}"
    return report.language.percent(100 * share, 0)


def own_items(result: Scorecard, code: str, report: Report) -> pd.DataFrame:
    """Where one kecamatan is better or worse than the middle one of all, by item; three of each at most.

    Of an item that rests on too small a count of persons neither value nor rank is given.

    Parameters
    ----------
    result : Scorecard
    code : str
        BPS code of the kecamatan.
    report : Report

    Returns
    -------
    DataFrame
        The columns of :data:`HEADERS`; empty without a score.
    """
    from ogp_analysis.stats.composite import strengths, weaknesses

    if result.run is None or pd.isna(result.table["rank"].get(code)):
        return pd.DataFrame(columns=list(HEADERS))
    names, units = _names(result, report), item_units(result, report)
    sources = result.items.about.set_index("code")["source_id"]
    middle, hidden = result.run.raw.median(), hidden_items(result, report.case).loc[code]
    sides = {
        report.t("better than the middle"): strengths(result.run, code, SHOWN),
        report.t("worse than the middle"): weaknesses(result.run, code, SHOWN),
    }
    rows = []
    for side, part in sides.items():
        for item, row in part.iterrows():
            at = str(item)
            value = _with_unit(float(row["value"]), units[at], report)
            place = report.t("{place} of {all}", place=int(row["rank"]), all=int(row["of"]))
            rows.append(
                {
                    "side": side,
                    "item": names[at],
                    "value_text": report.t("Small count, not shown") if hidden[at] else value,
                    "middle_text": _with_unit(float(middle[at]), units[at], report),
                    "place_text": "—" if hidden[at] else place,
                    "source_id": sources[at],
                }
            )
    return pd.DataFrame(rows, columns=list(HEADERS))


def unknown_here(result: Scorecard, code: str, report: Report) -> list[str]:
    """The items without a value for one kecamatan, by name in the order of the scorecard."""
    names, known = _names(result, report), result.items.data.loc[code].notna()
    return [names[item] for item in known.index if not known[item]]


def gap_words(result: Scorecard, code: str, report: Report) -> str:
    """Of how many items one kecamatan has a value."""
    known = result.items.data.loc[code].notna()
    if not known.any():
        return report.t("None of the {all} items has a value for this kecamatan:", all=len(known))
    return report.t(
        "Of {all} items, {n} have a value for this kecamatan. Not known here:",
        all=len(known),
        n=int(known.to_numpy().sum()),
    )


def _names(result: Scorecard, report: Report) -> dict[str, str]:
    about = result.items.about
    return dict(zip(about["code"], pair(about, "name", report.language), strict=True))


def item_units(result: Scorecard, report: Report) -> dict[str, str]:
    """The unit of each item: that of its rates, or of what is filled in."""
    items = report.case.table("scorecard_items")
    items = items[items["scorecard_id"] == result.scorecard_id].set_index("code")
    units = {}
    for _, row in result.items.about.iterrows():
        if pd.isna(row["indicators"]):
            units[row["code"]] = report.text(items.loc[row["code"]], "unit")
        else:
            first = str(row["indicators"]).split(";")[0].strip()
            units[row["code"]] = rate_title(report.case, first, report.language)[1]
    return units


def _with_unit(value: float, unit: str, report: Report) -> str:
    number = report.language.number(round(value, 2))
    return f"{number}%" if unit in ("%", report.t("percent")) else f"{number} {unit}"
