"""Achievement rates that sources print, against the rates that their own figures give."""

from __future__ import annotations

import numpy as np
import pandas as pd

from ogp_analysis.case import Case
from ogp_analysis.quality.until import until
from ogp_analysis.quarter import Quarter


def printed_percent_checks(case: Case, quarter: Quarter | None = None) -> pd.DataFrame:
    """Achievement rates that sources print, against the rate that their own figures give.

    For each realised amount or shortfall with a printed percentage: ``100 * amount / target`` for every target
    of the same tax and budget year. Press figures are rounded, so the rate is an interval: each
    figure may lie half a unit of its last printed digit away (1.3 trillion: 1.25 to 1.35). The printed
    percentage agrees when the interval, widened by its own rounding, holds it. A percentage of which the
    amount or every target of the year is missing is listed and cannot be checked.

    Returns
    -------
    DataFrame
        ``tax``, ``year``, ``as_of``, ``rate_of`` (``realised``, ``shortfall``, ``amount_not_printed``),
        ``amount``, ``target``, ``target_state``, ``printed_percent``, ``percent``, ``low``, ``high``, ``agrees``
        (missing where nothing can be checked), ``source_id``, ``target_source_id``.

    Examples
    --------
    >>> from ogp_analysis import load_case
    >>> checks = printed_percent_checks(load_case("semarang"))
    >>> row = checks[(checks["rate_of"] == "shortfall") & (checks["target"] == 527.5e9)].iloc[0]
    >>> float(row["printed_percent"]), round(float(row["percent"]), 2), bool(row["agrees"])
    (14.29, 14.29, True)
    """
    revenue = case.table("revenue")
    printed = revenue[revenue["printed_percent"].notna()]
    targets = revenue[revenue["kind"] == "target"][["tax", "year", "value", "state", "source_id"]]
    amounts = printed[printed["kind"].isin(["realised", "shortfall"])]
    out = amounts.merge(targets, on=["tax", "year"], how="left", suffixes=("", "_target"))
    alone = printed[printed["kind"] == "target"]
    alone = alone.assign(value_target=alone["value"], state_target=alone["state"], value=np.nan)
    alone = alone.assign(source_id_target=alone["source_id"], kind="amount_not_printed")
    out = until(pd.concat([out, alone[out.columns]], ignore_index=True), "as_of", quarter)
    names = {"kind": "rate_of", "value": "amount", "value_target": "target", "state_target": "target_state"}
    out = out.rename(columns={**names, "source_id_target": "target_source_id"})
    out["percent"] = 100 * out["amount"] / out["target"]
    top, bottom = _half_unit(out["amount"]), _half_unit(out["target"])
    out["low"] = 100 * (out["amount"] - top) / (out["target"] + bottom)
    out["high"] = 100 * (out["amount"] + top) / (out["target"] - bottom)
    own = np.where(out["printed_percent"] % 1 == 0, 0.5, 0.005)
    agrees = out["printed_percent"].between(out["low"] - own, out["high"] + own)
    out["agrees"] = agrees.astype("boolean").where(out["percent"].notna())
    columns = ["tax", "year", "as_of", "rate_of", "amount", "target", "target_state", "printed_percent", "percent"]
    return out[[*columns, "low", "high", "agrees", "source_id", "target_source_id"]].reset_index(drop=True)


def _half_unit(amounts: pd.Series[float]) -> pd.Series[float]:
    """Half of the last printed digit of whole amounts: 57,000,000,000 may be off by 500,000,000."""
    zeros = amounts.map(lambda value: len(digits := str(int(value))) - len(digits.rstrip("0")), na_action="ignore")
    return 0.5 * 10.0 ** zeros.astype(float)
