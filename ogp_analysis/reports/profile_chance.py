"""One kecamatan beside chance: which of its rates stand out, and its share of the facilities."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import pandas as pd

from ogp_analysis import quality
from ogp_analysis.recovery.shares import ServiceGap
from ogp_analysis.reports.fairness import both_years, gap_rows
from ogp_analysis.reports.present import indicator_names
from ogp_analysis.reports.profile import topic_table
from ogp_analysis.stats.rates import LABELS as POSITIONS

if TYPE_CHECKING:
    from ogp_analysis.reports.context import Report


def position_words(facts: pd.DataFrame, report: Report) -> str:
    """How many rates of a kecamatan can be set beside chance, and how many lie outside its limits.

    Parameters
    ----------
    facts : DataFrame
        From :func:`~ogp_analysis.reports.profile.district_indicators`.
    report : Report
    """
    told = facts["position"].dropna()
    if told.empty:
        return report.t("No rate of this kecamatan can be set beside chance.")
    return report.t(
        "Of {all} rates that can be set beside chance, {n} lie outside the limits that chance alone keeps 95% of "
        "kecamatan within; about one in 20 would lie there by chance.",
        all=len(told),
        n=int((told != "inside").sum()),
    )


def outside_chance(facts: pd.DataFrame, report: Report) -> pd.DataFrame:
    """The rates of a kecamatan that lie outside the limits of chance, furthest ones first, in words.

    Parameters
    ----------
    facts : DataFrame
        From :func:`district_indicators`.
    report : Report

    Returns
    -------
    DataFrame
        ``indicator_name``, ``years``, ``rate_text``, ``city_text``, ``reading``, ``source_id``.
    """
    chosen = facts[facts["position"].isin(["very_low", "low", "high", "very_high"])]
    far = chosen["position"].isin(["very_low", "very_high"])
    chosen = pd.concat([chosen[far], chosen[~far]])
    worded = [topic_table(chosen, topic, report) for topic in dict.fromkeys(chosen["topic"])]
    if not worded:
        return chosen
    out = pd.concat(worded).reindex(chosen.index)
    years = []
    for indicator, period in zip(out["indicator"], out["period"], strict=True):
        base = str(report.case.indicator(indicator)["denominator"])
        base_period = quality.nearest_complete_period(report.case, base, period)
        years.append(both_years(report, period, base, str(base_period)))
    return out.assign(years=years, reading=[report.t(POSITIONS[str(position)]) for position in out["position"]])


def shares_here(gaps: Sequence[ServiceGap], code: str, report: Report) -> pd.DataFrame:
    """The shares that one kecamatan has of each service and of each need, with the interval of their gap.

    Intervals are those for all kecamatan together, for every kecamatan has a profile.

    Parameters
    ----------
    gaps : sequence of ServiceGap
    code : str
    report : Report

    Returns
    -------
    DataFrame
        ``group`` (the service), ``against``, ``share``, ``need_share``, ``gap``, ``low``, ``high``, ``reading``,
        ``source_id``.
    """
    names, language = indicator_names(report.case, report.language), report.language
    rows: list[dict[str, Any]] = []
    for found in gaps:
        row = gap_rows(report, found).set_index("code").loc[code]
        if pd.isna(row["within_chance"]):
            reading = report.t(found.gap.reason)
        elif row["within_chance"]:
            reading = report.t("within chance")
        else:
            reading = report.t("more than its share" if row["gap"] > 0 else "less than its share")
        rows.append(
            {
                **row[["share", "need_share", "gap", "low", "high"]].to_dict(),
                "group": f"{row['group']} ({language.period(found.period)})",
                "against": f"{names[found.need]} ({language.period(found.need_period)})",
                "reading": reading,
                "source_id": ";".join(found.source_ids),
            }
        )
    return pd.DataFrame(rows)
