"""The tax account: targets and receipts by day, the rates that sources print, and the rates that follow."""

from __future__ import annotations

import numpy as np
import pandas as pd

from ogp_analysis.case import Case, known_by
from ogp_analysis.quality import one_digit_apart, total_checks
from ogp_analysis.quarter import Quarter


def tax_years(case: Case, quarter: Quarter, tax: str = "") -> list[int]:
    """Budget years for which both a target and a realised figure are known by a quarter's end, oldest first.

    Parameters
    ----------
    case : Case
    quarter : Quarter
    tax : str
        Only years with both for this tax; without it for any one tax.
    """
    revenue = case.until("revenue", quarter, column="as_of")
    revenue = revenue[revenue["year"].notna() & revenue["tax"].isin([tax] if tax else revenue["tax"])]
    targets = revenue.loc[revenue["kind"] == "target", ["tax", "year"]]
    both = targets.merge(revenue.loc[revenue["kind"] == "realised", ["tax", "year"]], on=["tax", "year"])
    return sorted(int(year) for year in both["year"].unique())


def unpaired_figures(case: Case, quarter: Quarter) -> pd.DataFrame:
    """What else was printed on revenue: a target or receipts of a year without the other, and arrears.

    :func:`tax_account` has all the rest, so that no figure of the table is left out without a word.

    Parameters
    ----------
    case : Case
    quarter : Quarter

    Returns
    -------
    DataFrame
        The rows of ``revenue`` dated by the quarter's end that are in no account, with ``years``: the budget year,
        or ``-`` and the last year that arrears are from.

    Examples
    --------
    >>> from ogp_analysis import load_case
    >>> found = unpaired_figures(load_case("semarang"), Quarter(2022, 4))
    >>> found[["tax", "years", "kind", "value"]].to_numpy().tolist()
    [['pbb', '2022', 'target', 577500000000.0], ['pbb', '-2021', 'arrears', 141140000000.0]]
    """
    revenue = case.until("revenue", quarter, column="as_of")
    rest = revenue[(revenue["kind"] == "arrears") | ~revenue["year"].isin(tax_years(case, quarter))]
    ends = rest["year_to"].map(lambda year: None if pd.isna(year) else f"-{int(year)}")
    own = rest["year"].map(lambda year: None if pd.isna(year) else f"{int(year)}")
    return rest.assign(years=own.where(rest["year"].notna(), ends))


def achievement_rates(case: Case, quarter: Quarter, tax: str, year: int) -> pd.DataFrame:
    """Every realised figure of a tax over every target printed for the year: no target is chosen silently.

    ``percent = 100 * realised / target``, for each pair of a realised figure and a target of the budget year that
    were known by the quarter's end.

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


def tax_account(case: Case, quarter: Quarter, year: int) -> pd.DataFrame:
    """Targets and receipts of a budget year as each source gave them on its day.

    A source that prints a target and a percentage, but no amount, says the amount in another way: ``realised =
    target * percent / 100``, marked derived and no more exact than the percentage. A printed percentage
    beside both amounts is kept next to the computed one.

    Parameters
    ----------
    case : Case
    quarter : Quarter
    year : int
        Budget year.

    Returns
    -------
    DataFrame
        One row a tax, day, source and target: ``tax``, ``as_of``, ``target``, ``target_state``, ``realised``,
        ``realised_state`` (``measured`` or ``derived``; missing where nothing gives it), ``shortfall``,
        ``printed_percent``, ``percent`` (from printed amounts only), ``source_id``, ``note_en``, ``note_id``.
        Oldest day first, taxes in the order of the table.

    Examples
    --------
    >>> from ogp_analysis import Quarter, load_case
    >>> taxes = tax_account(load_case("semarang"), Quarter.parse("2020Q4"), 2020)
    >>> row = taxes[(taxes["tax"] == "pbb") & (taxes["as_of"] == "2020-12-14")].iloc[0]
    >>> int(row["target"]), float(row["printed_percent"]), int(row["realised"]), row["realised_state"]
    (527000000000, 88.7, 467449000000, 'derived')
    """
    revenue = case.until("revenue", quarter, column="as_of")
    revenue = revenue[(revenue["year"] == year) & revenue["kind"].isin(["target", "realised", "shortfall"])]
    rows = []
    for (tax, as_of, source), group in revenue.groupby(["tax", "as_of", "source_id"], sort=False):
        realised = group[group["kind"] == "realised"]
        shortfall = group.loc[group["kind"] == "shortfall", "value"]
        targets = group[group["kind"] == "target"]
        others = group[group["kind"] != "target"]
        for at in list(targets.index) or [None]:
            own = targets.loc[[] if at is None else [at]]
            value = float(own["value"].iloc[0]) if len(own) else np.nan
            state = own["state"].iloc[0] if len(own) else None
            notes = {name: _joined(pd.concat([own[name], others[name]])) for name in ("note_en", "note_id")}
            printed = realised["printed_percent"] if len(realised) else targets["printed_percent"]
            percent = float(printed.iloc[0]) if len(printed) and pd.notna(printed.iloc[0]) else np.nan
            got = float(realised["value"].iloc[0]) if len(realised) else value * percent / 100
            rows.append(
                {
                    "tax": tax,
                    "as_of": as_of,
                    "target": value,
                    "target_state": state,
                    "realised": got,
                    "realised_state": "measured" if len(realised) else None if np.isnan(got) else "derived",
                    "shortfall": float(shortfall.iloc[0]) if len(shortfall) else np.nan,
                    "printed_percent": percent,
                    "percent": 100 * got / value if len(realised) else np.nan,
                    "source_id": source,
                    **notes,
                }
            )
    columns = ["tax", "as_of", "target", "target_state", "realised", "realised_state", "shortfall"]
    out = pd.DataFrame(rows, columns=[*columns, "printed_percent", "percent", "source_id", "note_en", "note_id"])
    order = {tax: at for at, tax in enumerate(dict.fromkeys(case.table("revenue")["tax"]))}
    out = out.assign(order=out["tax"].map(order)).sort_values(["order", "as_of"], kind="stable")
    return out.drop(columns="order").reset_index(drop=True)


def _joined(notes: pd.Series[str]) -> str | None:
    return "; ".join(dict.fromkeys(notes.dropna())) or None


def misprinted_targets(case: Case, quarter: Quarter) -> pd.DataFrame:
    """Printed targets that differ in one digit from realised plus shortfall of the same source: likely misprints.

    A target is listed where ``realised + shortfall`` of the same tax, day and source differs from it, and
    :func:`~ogp_analysis.quality.amounts.one_digit_apart` finds a single digit between the two.

    Returns
    -------
    DataFrame
        ``tax``, ``as_of``, ``stated``, ``computed`` (realised + shortfall), ``source_id``.

    Examples
    --------
    >>> from ogp_analysis import Quarter, load_case
    >>> misprinted_targets(load_case("semarang"), Quarter.parse("2020Q4"))[["stated", "computed"]].values.tolist()
    [[537000000000.0, 527500000000.0]]
    """
    checks = total_checks(case, quarter)
    checks = checks[(checks["kind"] == "revenue") & ~checks["agrees"]]
    apart = [one_digit_apart(a, b) for a, b in zip(checks["stated"], checks["computed"], strict=True)]
    out = checks[pd.Series(apart, index=checks.index, dtype=bool)]
    columns = {"item": "tax", "period": "as_of"}
    return out.rename(columns=columns)[["tax", "as_of", "stated", "computed", "source_id"]].reset_index(drop=True)
