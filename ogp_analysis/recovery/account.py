"""The account of a measure: announced, planned, delivered, spent, with every rival figure kept."""

from __future__ import annotations

import pandas as pd

from ogp_analysis.case import Case, known_by
from ogp_analysis.quarter import Quarter


def amounts_of(case: Case, quarter: Quarter, categories: list[str]) -> pd.DataFrame:
    """Amounts of the measures in some categories, dated by the quarter's end.

    Parameters
    ----------
    case : Case
    quarter : Quarter
    categories : list of str
        Of ``measures.category``.
    """
    measures = case.table("measures").set_index("measure_id")
    amounts = case.until("measure_amounts", quarter, column="as_of")
    amounts = amounts[amounts["measure_id"].map(measures["category"]).isin(categories)]
    for column in ("name_en", "name_id"):
        amounts[column] = amounts["measure_id"].map(measures[column])
    return amounts.reset_index(drop=True)


def delivered_wholes(case: Case, quarter: Quarter) -> pd.DataFrame:
    """Delivered amounts that the sources split into parts, known by a quarter's end, largest first."""
    amounts = case.until("measure_amounts", quarter, column="as_of")
    wholes = amounts[amounts["amount_id"].isin(amounts["part_of"]) & (amounts["kind"] == "delivered")]
    return wholes.sort_values("value", ascending=False).reset_index(drop=True)


def aid_account(case: Case, quarter: Quarter, whole: str) -> pd.DataFrame:
    """The parts of a delivered amount beside what was announced or planned for the same part.

    Deliveries are packages and transfers, never people: one family may have received several.

    Parameters
    ----------
    case : Case
    quarter : Quarter
    whole : str
        Amount whose parts are listed; see :func:`delivered_wholes`.

    Returns
    -------
    DataFrame
        ``component_en``, ``component_id``, ``provider``, ``delivered``, ``share`` (of the sum of the parts, 0
        to 1), ``announced`` (by the same component name; missing where nothing was announced),
        ``achievement`` (delivered / announced), ``source_id``. Empty before the whole is known.

    Examples
    --------
    >>> from ogp_analysis import Quarter, load_case
    >>> account = aid_account(load_case("semarang"), Quarter.parse("2020Q4"), "BANSOS-TOTAL")
    >>> int(account["delivered"].sum()), int(account.loc[account.provider == "city", "delivered"].sum())
    (749223, 350956)
    """
    amounts = case.until("measure_amounts", quarter, column="as_of")
    parts = amounts[amounts["part_of"] == whole]
    plans = amounts[amounts["kind"].isin(["announced", "planned"]) & (amounts["part_of"] != whole)]
    planned = plans.dropna(subset=["component_en"]).groupby("component_en")["value"].max()
    columns = ["component_en", "component_id", "provider", "value", "source_id", "note_en", "note_id"]
    out = parts[columns].rename(columns={"value": "delivered"}).reset_index(drop=True)
    out["share"] = out["delivered"] / out["delivered"].sum()
    out["announced"] = out["component_en"].map(planned).astype(float)
    out["achievement"] = out["delivered"] / out["announced"]
    return out


def years_with_targets(case: Case, quarter: Quarter, tax: str) -> list[int]:
    """Budget years for which both a target and a realised figure of a tax are known by a quarter's end."""
    revenue = case.until("revenue", quarter, column="as_of")
    revenue = revenue[(revenue["tax"] == tax) & revenue["year"].notna()]
    years = [set(revenue.loc[revenue["kind"] == kind, "year"]) for kind in ("target", "realised")]
    return sorted(int(year) for year in years[0] & years[1])


def achievement_rates(case: Case, quarter: Quarter, tax: str, year: int) -> pd.DataFrame:
    """Every realised figure of a tax over every target printed for the year: no target is chosen silently.

    Returns
    -------
    DataFrame
        ``as_of``, ``realised``, ``target``, ``target_as_of``, ``percent``, ``target_state``,
        ``target_confidence``, ``source_id``, ``target_source_id``.
    """
    revenue = case.table("revenue")
    revenue = revenue[(revenue["tax"] == tax) & (revenue["year"] == year)]
    revenue = revenue[known_by(revenue["as_of"], quarter.last_day)]
    realised = revenue.loc[revenue["kind"] == "realised", ["as_of", "value", "source_id"]]
    targets = revenue.loc[revenue["kind"] == "target", ["as_of", "value", "state", "confidence", "source_id"]]
    out = realised.merge(targets.add_prefix("target_"), how="cross")
    out = out.rename(columns={"value": "realised", "target_value": "target"})
    out["percent"] = 100 * out["realised"] / out["target"]
    return out
