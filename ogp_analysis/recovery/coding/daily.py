"""Coded policies day by day, the indices over time, and the steps that a chart draws."""

from __future__ import annotations

from datetime import date, timedelta

import pandas as pd

from ogp_analysis.errors import ParameterError
from ogp_analysis.quarter import Quarter, Span
from ogp_analysis.recovery.coding.index import index_reading
from ogp_analysis.recovery.coding.rows import CODED, NOTHING_FOUND
from ogp_analysis.recovery.coding.scales import CODEBOOK, INDICES, items

DAY = timedelta(days=1)


def coded_window(codes: pd.DataFrame, quarter: Quarter) -> tuple[date, date] | None:
    """Whole months from the first coded day to the last, cut at a quarter's end; None without codes.

    Examples
    --------
    >>> codes = pd.DataFrame({"first_day": [date(2020, 4, 27)], "last_day": [date(2020, 7, 5)]})
    >>> coded_window(codes, Quarter(2020, 2))
    (datetime.date(2020, 4, 1), datetime.date(2020, 6, 30))
    """
    if codes.empty:
        return None
    last = Span.parse(f"{max(codes['last_day']):%Y-%m}").last
    return min(codes["first_day"]).replace(day=1), min(last, quarter.last_day)


def daily_codes(codes: pd.DataFrame, first: date, last: date) -> pd.DataFrame:
    """One row a day and indicator: the value, the flag, and the evidence it rests on.

    A day without a code is ``nothing_found``: neither a zero nor the value of the day before.

    Parameters
    ----------
    codes : DataFrame
        From :func:`policy_codes`.
    first, last : date
        Both days count.

    Returns
    -------
    DataFrame
        ``day``, ``indicator`` (every one of codebook 3.3), ``state`` (``coded`` or ``nothing_found``), ``value``,
        ``flag`` (Int64), ``sub_index`` (float), ``code_id``, ``measure_ids`` and ``source_id``.

    Raises
    ------
    ParameterError
        If the last day lies before the first.

    Examples
    --------
    >>> from ogp_analysis import Quarter, load_case
    >>> from ogp_analysis.recovery.coding import policy_codes
    >>> codes = policy_codes(load_case("semarang"), Quarter(2020, 4))
    >>> daily = daily_codes(codes, date(2020, 4, 26), date(2020, 4, 27))
    >>> daily.loc[daily["indicator"] == "C5", ["state", "value"]].to_numpy().tolist()
    [['nothing_found', <NA>], ['coded', 1]]
    """
    if last < first:
        raise ParameterError(f"{last} lies before {first}.", hint="Give the earlier day first.")
    days = [first + n * DAY for n in range((last - first).days + 1)]
    pairs = [(day, each.key) for day in days for each in items(CODEBOOK)]
    keys = pd.DataFrame(pairs, columns=["day", "indicator"])
    spans = zip(codes["first_day"], codes["last_day"], strict=True)
    covered = [[day for day in days if begins <= day <= ends] for begins, ends in spans]
    spread = codes.assign(day=pd.Series(covered, index=codes.index, dtype="object"))
    spread = spread.explode("day").dropna(subset=["day"])
    columns = ["day", "indicator", "state", "value", "flag", "sub_index", "code_id", "measure_ids", "source_id"]
    out = keys.merge(spread[columns], on=["day", "indicator"], how="left", validate="one_to_one")
    out["state"] = out["state"].where(out["state"] == CODED, NOTHING_FOUND)
    return out.astype({"value": "Int64", "flag": "Int64", "sub_index": "float64"})


def daily_index(daily: pd.DataFrame, index: str) -> pd.DataFrame:
    """An index for each day: over what was found, and as Oxford reads it.

    Parameters
    ----------
    daily : DataFrame
        From :func:`daily_codes`.
    index : str
        See :func:`index_reading`.

    Returns
    -------
    DataFrame
        ``day``, the fields of :class:`Reading`, and ``indicators``: those found, joined by commas. Days compare
        only where these are the same.
    """
    rows = []
    for day, group in daily.groupby("day", sort=True):
        scores = dict(zip(group["indicator"], group["sub_index"], strict=True))
        reading = index_reading(scores, index)
        found = [key for key in INDICES[index] if key in scores and not pd.isna(scores[key])]
        rows.append({"day": day, **vars(reading), "indicators": ", ".join(found)})
    return pd.DataFrame(rows)


def index_steps(readings: pd.DataFrame) -> pd.DataFrame:
    """Runs of days on which an index and the indicators behind it stay the same.

    Parameters
    ----------
    readings : DataFrame
        From :func:`daily_index`.

    Returns
    -------
    DataFrame
        ``start``, ``end`` (dates, both count), ``value`` (over what was found), ``base`` (the indicators found;
        two steps compare only when it is the same), ``found``, ``of``, ``oxford``, ``highest``.
    """
    runs = _runs(readings, ["of_found", "indicators"])
    kept = ["start", "end", "of_found", "indicators", "found", "of", "oxford", "highest"]
    return runs[kept].rename(columns={"of_found": "value", "indicators": "base"})


def sub_index_steps(daily: pd.DataFrame, indicator: str) -> pd.DataFrame:
    """Runs of days on which the code of one indicator stays the same.

    Returns
    -------
    DataFrame
        ``start``, ``end``, ``value`` (the sub-index; missing where nothing was found), ``base`` (the indicator).
    """
    own = daily[daily["indicator"] == indicator]
    runs = _runs(own, ["sub_index"])
    return runs[["start", "end", "sub_index"]].rename(columns={"sub_index": "value"}).assign(base=indicator)


def _runs(frame: pd.DataFrame, columns: list[str]) -> pd.DataFrame:
    ordered = frame.sort_values("day", ignore_index=True)
    # a missing value is no value of its own to pandas; here two days without one are alike
    marks = ordered[columns].astype(object).where(ordered[columns].notna(), "")
    gap = pd.to_datetime(ordered["day"]).diff().dt.days.ne(1)
    run = (gap | (marks != marks.shift()).any(axis=1)).cumsum()
    days = ordered.groupby(run, sort=True)["day"]
    first = ordered[~run.duplicated()].reset_index(drop=True)
    return first.assign(start=days.min().to_numpy(), end=days.max().to_numpy())
