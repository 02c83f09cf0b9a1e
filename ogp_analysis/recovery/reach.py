"""Who received relief, beside need, by kecamatan."""

from __future__ import annotations

import pandas as pd

from ogp_analysis.case import Case
from ogp_analysis.quality import nearest_complete_period, rate
from ogp_analysis.quarter import Quarter
from ogp_analysis.stats.groups import group_difference


def need_periods(case: Case, quarter: Quarter, period: str) -> dict[str, str]:
    """For each indicator of need or burden with a denominator: its complete period closest to a relief.

    Parameters
    ----------
    case : Case
    quarter : Quarter
        Periods that end later are left out.
    period : str
        When the relief was given.
    """
    found = {}
    for indicator in [*case.indicators_for("need"), *case.indicators_for("burden")]:
        closest = nearest_complete_period(case, indicator, period, quarter)
        if closest is not None and pd.notna(case.indicator(indicator)["denominator"]):
            found[indicator] = closest
    return found


def recipients_and_need(
    case: Case, quarter: Quarter, received: str, period: str, needs: dict[str, str] | None = None
) -> pd.DataFrame:
    """Which kecamatan received a relief, beside rates of need.

    Parameters
    ----------
    case : Case
    quarter : Quarter
        Periods of need that end later are left out.
    received : str
        A yes/no indicator.
    period : str
        Its period.
    needs : dict of indicator to period, optional
        :func:`need_periods` without it. Each is turned into a rate.

    Returns
    -------
    DataFrame
        Index ``code_bps``; ``name``, ``received`` (boolean, missing where not known) and one column an
        indicator.
    """
    given = case.values(received, period)
    out = given[["name"]].copy()
    out["received"] = given["value"].map({1.0: True, 0.0: False}).astype("boolean")
    for indicator, when in (needs or need_periods(case, quarter, period)).items():
        out[indicator] = rate(case, indicator, when)["value"]
    return out


def compare_recipients(table: pd.DataFrame) -> pd.DataFrame:
    """For each column of need: recipients against the others, and how often chance alone differs as much.

    ``difference = mean of recipients - mean of the others``, each kecamatan counting once; ``probability`` is the
    share of all ways to choose as many kecamatan that give a difference at least as large, up or down
    (:func:`~ogp_analysis.stats.groups.group_difference`; R. A. Fisher, *The Design of Experiments*, 1935, section
    21).

    Parameters
    ----------
    table : DataFrame
        From :func:`recipients_and_need`; rows with a missing cell in ``received`` or the need are left out
        and counted.

    Returns
    -------
    DataFrame
        ``indicator``, ``mean_recipients``, ``mean_others``, ``difference``, ``splits``, ``as_large``,
        ``probability``, ``left_out``.
    """
    rows = []
    for indicator in [name for name in table.columns if name not in ("name", "received")]:
        known = table.dropna(subset=["received", indicator])
        result = group_difference(known[indicator], known["received"].astype(bool))
        rows.append(
            (
                indicator,
                result.mean_in,
                result.mean_out,
                result.difference,
                result.splits,
                result.as_large,
                result.probability,
                len(table) - len(known),
            )
        )
    columns = ["indicator", "mean_recipients", "mean_others", "difference", "splits", "as_large"]
    return pd.DataFrame(rows, columns=[*columns, "probability", "left_out"])
