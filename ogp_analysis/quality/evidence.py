"""What is known by kecamatan of the things that a reviewer looks for."""

from __future__ import annotations

from typing import Any

import pandas as pd

from ogp_analysis.case import Case
from ogp_analysis.quality.until import until
from ogp_analysis.quarter import Quarter, Span


def evidence_matrix(case: Case, quarter: Quarter | None = None) -> pd.DataFrame:
    """What is known by kecamatan, for everything a reviewer looks for, as of a quarter.

    Returns
    -------
    DataFrame
        Index ``code_bps``; a column for each ``gap_id`` of the ``evidence_needs`` table; ``True`` where at
        least one value is known.
    """
    codes = case.districts["code_bps"]
    values = _known_values(case, quarter)
    known = values.groupby("indicator")["code_bps"].agg(set).to_dict()
    needs = case.table("evidence_needs")
    columns: dict[str, Any] = {
        need["gap_id"]: codes.isin(known.get(need["indicator"], set())).to_numpy() for _, need in needs.iterrows()
    }
    return pd.DataFrame(columns, index=pd.Index(codes, name="code_bps"))


def evidence_years(case: Case, quarter: Quarter | None = None) -> pd.Series[Any]:
    """The years of what :func:`evidence_matrix` calls known, as a text for each ``gap_id``; empty for nothing.

    Examples
    --------
    >>> from ogp_analysis import load_case
    >>> years = evidence_years(load_case("semarang"), Quarter(2023, 4))
    >>> years["poverty"], years["covid-active"], years["pbb"]
    ('2011', '2020–2021', '')
    """
    values = _known_values(case, quarter)

    def years(indicator: object) -> str:
        spans = [Span.parse(text) for text in values.loc[values["indicator"] == indicator, "period"].unique()]
        if not spans:
            return ""
        first, last = min(span.first.year for span in spans), max(span.last.year for span in spans)
        return str(first) if first == last else f"{first}–{last}"

    needs = case.table("evidence_needs").set_index("gap_id")["indicator"]
    return needs.map(years).rename("years")


def _known_values(case: Case, quarter: Quarter | None) -> pd.DataFrame:
    values = case.table("district_values")
    values = values[values["value"].notna() & values["state"].isin(["measured", "derived"])]
    return until(values, "period", quarter)
