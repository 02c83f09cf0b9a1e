"""Rates: an indicator over its denominator, in the period that fits."""

from __future__ import annotations

import numpy as np
import pandas as pd

from ogp_analysis.case import Case
from ogp_analysis.errors import ParameterError
from ogp_analysis.quality.contents import coverage
from ogp_analysis.quarter import Quarter, Span


def rate(case: Case, indicator: str, period: str, denominator_period: str | None = None) -> pd.DataFrame:
    """An indicator divided by its denominator, times its ``per``.

    ``rate = per * value / denominator``. An area over an area counts square kilometres of the denominator as
    100 hectares. A missing value or denominator gives a missing rate, never a zero.

    Parameters
    ----------
    case : Case
    indicator : str
        An indicator with a denominator.
    period : str
        Period of the numerator.
    denominator_period : str, optional
        Without it: the complete period that is closest (the later one on a tie).

    Returns
    -------
    DataFrame
        As :meth:`Case.values`, with ``value`` the rate, ``numerator``, ``denominator`` and the attribute
        ``attrs["denominator_period"]``. The state of a rate is *derived*; *illustrative* if
        a figure in it is; or *no_data*.

    Examples
    --------
    >>> from ogp_analysis import load_case
    >>> rates = rate(load_case("semarang"), "jumlah_puskesmas", "2022")
    >>> round(float(rates.loc["3374140", "value"]), 3)  # Semarang Barat: 5 for 146,915 people
    0.34
    """
    key = ("rate", indicator, period, denominator_period)
    return case.remembered(key, lambda: _rate(case, indicator, period, denominator_period)).copy()


def _rate(case: Case, indicator: str, period: str, denominator_period: str | None) -> pd.DataFrame:
    definition = case.indicator(indicator)
    if pd.isna(definition["denominator"]):
        raise ParameterError(
            f"Indicator {indicator!r} has no denominator.", hint="Give it one in indicators.csv, or map a symbol."
        )
    top = case.values(indicator, period)
    base = str(definition["denominator"])
    chosen = denominator_period or nearest_complete_period(case, base, period)
    if chosen is None:
        raise ParameterError(
            f"{base!r}, the denominator of {indicator!r}, has no complete period.",
            hint="Add its values for every kecamatan, or map a symbol instead of a rate.",
        )
    bottom = case.values(base, chosen)
    factor = float(definition["per"])
    if definition["kind"] == "area":
        factor = factor / 100  # hectares per square kilometre
    out = top.rename(columns={"value": "numerator"})
    out["denominator"] = bottom["value"]
    with np.errstate(divide="ignore"):
        out["value"] = (factor * out["numerator"] / out["denominator"]).replace([np.inf, -np.inf], np.nan)
    made_up = (top["state"] == "illustrative") | (bottom["state"] == "illustrative")
    out["state"] = np.select([out["value"].isna(), made_up], ["no_data", "illustrative"], "derived")
    out.attrs["denominator_period"] = chosen
    return out[["name", "value", "numerator", "denominator", "state", "quality", "source_id"]]


def nearest_complete_period(case: Case, indicator: str, period: str, quarter: Quarter | None = None) -> str | None:
    """The period of an indicator, complete over all kecamatan, whose middle is closest to that of another.

    Parameters
    ----------
    case : Case
    indicator : str
    period : str
        A partial date to come close to.
    quarter : Quarter, optional
        Leave out periods that end later.

    Returns
    -------
    str or None
        The later one of two that are equally close; None when there is no complete period.

    Examples
    --------
    >>> from ogp_analysis import load_case
    >>> nearest_complete_period(load_case("semarang"), "covid19_kasus_aktif", "2020-05")
    '2020-08-30'
    """
    table = coverage(case, quarter)
    table = table[(table["indicator"] == indicator) & (table["coverage"] == "complete")]

    def distance(text: str) -> tuple[int, int]:
        return abs(_middle(text) - _middle(period)), -_middle(text)

    return min((str(text) for text in table["period"]), key=distance, default=None)


def _middle(text: str) -> int:
    span = Span.parse(text)
    return (span.first.toordinal() + span.last.toordinal()) // 2
