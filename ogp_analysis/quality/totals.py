"""Totals that sources print, against the totals of their own parts."""

from __future__ import annotations

import pandas as pd

from ogp_analysis.case import Case
from ogp_analysis.quality.amounts import EXACT, amount_sums
from ogp_analysis.quality.until import until
from ogp_analysis.quarter import Quarter


def total_checks(case: Case, quarter: Quarter | None = None) -> pd.DataFrame:
    """Every total that can be checked, stated against computed.

    Four kinds: ``district_total`` (the kecamatan against the total that the source prints), ``identity`` (an
    indicator against the indicators it is made of), ``amount_parts`` (the parts of an amount against the
    whole), ``revenue`` (realised plus shortfall against each target of the same tax, day and source).

    Returns
    -------
    DataFrame
        ``kind``, ``item``, ``period``, ``stated``, ``computed``, ``difference`` (computed - stated),
        ``agrees``, ``choice`` (the rival parts that were added up, see :func:`amount_sums`), ``source_id``.

    Examples
    --------
    >>> from ogp_analysis import load_case
    >>> checks = total_checks(load_case("semarang")).set_index(["item", "period"])
    >>> row = checks.loc[("covid19_kasus_aktif", "2020-08-30")]
    >>> float(row["stated"]), float(row["computed"])
    (373.0, 376.0)
    """
    parts = [_district_totals(case), _identities(case), _amount_parts(case), _revenue_identity(case)]
    columns = ["kind", "item", "period", "stated", "computed", "choice", "source_id"]
    filled = [part for part in parts if not part.empty]
    out = pd.concat(filled, ignore_index=True) if filled else pd.DataFrame(columns=columns)
    out = until(out.reindex(columns=columns), "period", quarter)
    out["choice"] = out["choice"].map(lambda choice: choice if isinstance(choice, tuple) else ())
    out["difference"] = (out["computed"] - out["stated"]).astype(float).round(6)
    out["agrees"] = out["difference"].abs() <= EXACT
    return out[["kind", "item", "period", "stated", "computed", "difference", "agrees", "choice", "source_id"]]


def _district_totals(case: Case) -> pd.DataFrame:
    series = case.table("district_series")
    series = series[series["printed_total"].notna() & (series["printed_total_scope"] == "rows")]
    values = case.table("district_values")
    main = values[values["role"] == "main"]
    sums = main.groupby(["indicator", "period"])["value"].sum(min_count=1).rename("computed").reset_index()
    out = series.merge(sums, on=["indicator", "period"], validate="one_to_one")
    out["source_id"] = out["total_source_id"].fillna(out["source_id"])
    out = out.rename(columns={"indicator": "item", "printed_total": "stated"})
    return out.assign(kind="district_total")[["kind", "item", "period", "stated", "computed", "source_id"]]


def _identities(case: Case) -> pd.DataFrame:
    identities = case.table("identities")
    values = case.table("district_values")
    main = values[values["role"] == "main"]
    wide = main.pivot_table(index=["period", "code_bps"], columns="indicator", values="value", aggfunc="first")
    sources = main.groupby(["indicator", "period"])["source_id"].first()
    rows = []
    for whole, parts in identities.groupby("whole", sort=False):
        names = list(parts["part"])
        if whole not in wide or any(name not in wide for name in names):
            continue
        known = wide.dropna(subset=[whole, *names])
        built = sum(known[name] * int(sign) for name, sign in zip(names, parts["sign"], strict=True))
        for period, stated in known[whole].groupby("period"):
            computed = built.loc[period].sum()
            rows.append(("identity", whole, period, stated.sum(), computed, sources[(whole, period)]))
    return pd.DataFrame(rows, columns=["kind", "item", "period", "stated", "computed", "source_id"])


def _amount_parts(case: Case) -> pd.DataFrame:
    sums = amount_sums(case).rename(columns={"amount_id": "item", "as_of": "period"})
    return sums.assign(kind="amount_parts")[
        ["kind", "item", "period", "stated", "computed", "choice", "source_id"]
    ]


def _revenue_identity(case: Case) -> pd.DataFrame:
    revenue = case.table("revenue")
    revenue = revenue[revenue["state"] == "measured"]  # a derived target agrees with what it was derived from
    rows = []
    for (tax, as_of, source), group in revenue.groupby(["tax", "as_of", "source_id"], sort=False):
        by_kind = group.groupby("kind")["value"]
        if not {"realised", "shortfall", "target"} <= set(group["kind"]):
            continue
        computed = by_kind.get_group("realised").sum() + by_kind.get_group("shortfall").sum()
        rows += [("revenue", tax, as_of, stated, computed, source) for stated in by_kind.get_group("target")]
    return pd.DataFrame(rows, columns=["kind", "item", "period", "stated", "computed", "source_id"])
