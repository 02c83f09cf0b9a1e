"""One series over the years, with the breaks between them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pandas as pd

from ogp_analysis.case import Case
from ogp_analysis.quality.contents import coverage
from ogp_analysis.quarter import Quarter


def yearly_total(case: Case, indicator: str, quarter: Quarter) -> pd.DataFrame:
    """The sum over all kecamatan for each year that is complete, with the breaks between the years.

    Returns
    -------
    DataFrame
        ``year``, ``value`` (missing for a partial year), ``base``, ``break_before``, ``source_id``; every year
        from the first to the last, so that a gap stays a gap.
    """

    def total(row: pd.Series[Any], period: str) -> float:
        if row["coverage"] != "complete":
            return float("nan")
        return float(case.values(indicator, period)["value"].sum())

    return _yearly(case, indicator, quarter, total)


def yearly_value(case: Case, indicator: str, code: str, quarter: Quarter) -> pd.DataFrame:
    """One kecamatan's value for each year, with the breaks between the years; as :func:`yearly_total`."""

    def value(row: pd.Series[Any], period: str) -> float:
        return float(case.values(indicator, period)["value"].loc[code])

    return _yearly(case, indicator, quarter, value)


def _yearly(
    case: Case, indicator: str, quarter: Quarter, pick: Callable[[pd.Series[Any], str], float]
) -> pd.DataFrame:
    table = coverage(case, quarter)
    table = table[table["indicator"] == indicator]
    if table.empty:
        return pd.DataFrame(columns=["year", "value", "base", "break_before", "source_id"])
    series: dict[str, Any] = {str(row["period"]): row for _, row in table.iterrows()}
    rows: list[tuple[Any, ...]] = []
    for year in range(int(min(series)), int(max(series)) + 1):
        if str(year) not in series:
            rows.append((year, float("nan"), "unknown", False, None))
            continue
        row = series[str(year)]
        base = "unknown" if pd.isna(row["base"]) else row["base"]
        rows.append((year, pick(row, str(year)), base, bool(row["break_before"]), row["source_id"]))
    return pd.DataFrame(rows, columns=["year", "value", "base", "break_before", "source_id"])
