"""Which period of an indicator is shown, and which place a kecamatan takes in it."""

from __future__ import annotations

import pandas as pd

from ogp_analysis.case import Case
from ogp_analysis.quality.rates import rate
from ogp_analysis.quarter import Quarter


def shown_periods(case: Case, indicator: str, quarter: Quarter | None = None) -> pd.DataFrame:
    """The period of an indicator to show for each kecamatan, and a newer one that is only partly known.

    The newest period in which every kecamatan has a value goes first, so that the value can be compared; where
    there is none, the newest with a value here. A partial list is never preferred for being newer.

    Parameters
    ----------
    case : Case
    indicator : str
    quarter : Quarter, optional
        Leave out periods that end later.

    Returns
    -------
    DataFrame
        Index ``code_bps``; ``period`` and ``newer``, empty texts where there is none.

    Examples
    --------
    >>> from ogp_analysis import Quarter, load_case
    >>> semarang = load_case("semarang")
    >>> shown_periods(semarang, "jumlah_penduduk", Quarter(2023, 4)).loc["3374080"].tolist()
    ['2022', '2023']
    >>> shown_periods(semarang, "kk_miskin", Quarter(2023, 4)).loc["3374010"].tolist()
    ['', '']
    """
    key = ("shown periods", indicator, quarter)
    return case.remembered(key, lambda: _shown_periods(case, indicator, quarter)).copy()


def _shown_periods(case: Case, indicator: str, quarter: Quarter | None) -> pd.DataFrame:
    codes = pd.Index(case.districts["code_bps"])
    known = {
        period: set(case.values(indicator, period)["value"].dropna().index)
        for period in case.periods(indicator, quarter)
    }
    complete = [period for period, there in known.items() if len(there) == len(codes)]
    rows = []
    for code in codes:
        own = [period for period, there in known.items() if code in there]
        shown = (complete or own)[-1] if own else ""
        rows.append((shown, own[-1] if own and own[-1] != shown else ""))
    return pd.DataFrame(rows, index=codes, columns=["period", "newer"])


def places(case: Case, indicator: str, period: str) -> pd.Series[float]:
    """The place of each kecamatan from the highest value or rate; those that are equal share the better one.

    There are places only for rates that have a good and a bad end and that are known for every kecamatan: a larger
    kecamatan has more of everything, and of believers or traders there is no better or worse number.

    Returns
    -------
    Series
        Index ``code_bps``; empty where there are no places.

    Examples
    --------
    >>> from ogp_analysis import load_case
    >>> int(places(load_case("semarang"), "rumah_tidak_layak_huni", "2023")["3374090"])
    2
    """
    definition = case.indicator(indicator)
    if pd.notna(definition["denominator"]):
        compared = rate(case, indicator, period)["value"]
    elif definition["kind"] == "rate":
        compared = case.values(indicator, period)["value"]
    else:
        return pd.Series(dtype=float)
    if definition["direction"] == "neutral" or compared.isna().any() or compared.nunique() < 2:
        return pd.Series(dtype=float)
    return compared.round(9).rank(ascending=False, method="min")
