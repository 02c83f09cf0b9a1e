"""What a case holds: its tables, and how many kecamatan each series covers."""

from __future__ import annotations

import pandas as pd

from ogp_analysis.case import Case, known_by
from ogp_analysis.quarter import Quarter
from ogp_analysis.tables import table_specs


def inventory(case: Case) -> pd.DataFrame:
    """Each table of the case: what a row is and how many there are.

    Returns
    -------
    DataFrame
        ``table``, ``row``, ``rows``.

    Examples
    --------
    >>> from ogp_analysis import load_case
    >>> inventory(load_case("semarang")).set_index("table").loc["measures", "rows"]
    np.int64(56)
    """
    rows = [(name, table_specs()[name].row, len(case.table(name))) for name in case.tables]
    return pd.DataFrame(rows, columns=["table", "row", "rows"])


def empty_tables(case: Case) -> pd.DataFrame:
    """The tables of the case that have no row yet: what is to be collected.

    Returns
    -------
    DataFrame
        ``table``, ``row`` (what a row would be).

    Examples
    --------
    >>> from ogp_analysis import load_case
    >>> "measures" in set(empty_tables(load_case("semarang"))["table"])
    False
    """
    table = inventory(case)
    return table.loc[table["rows"] == 0, ["table", "row"]].reset_index(drop=True)


def coverage(case: Case, quarter: Quarter | None = None) -> pd.DataFrame:
    """For each indicator and period: how many kecamatan have a value, and what to beware of.

    Parameters
    ----------
    case : Case
    quarter : Quarter, optional
        Leave out periods that end later.

    Returns
    -------
    DataFrame
        ``indicator``, ``period``, ``districts`` (with a value), ``of`` (all), then ``coverage``, ``quality``,
        ``base``, ``break_before``, ``area_vintage``, ``source_id`` of the series.
    """
    return case.remembered(("coverage", quarter), lambda: _coverage(case, quarter)).copy()


def _coverage(case: Case, quarter: Quarter | None) -> pd.DataFrame:
    values = case.table("district_values")
    main = values[(values["role"] == "main") & values["value"].notna()]
    counted = main.groupby(["indicator", "period"], sort=False).size().rename("districts").reset_index()
    series = case.table("district_series")
    columns = ["coverage", "quality", "base", "break_before", "area_vintage", "source_id"]
    out = counted.merge(series[["indicator", "period", *columns]], how="left", validate="one_to_one")
    out.insert(3, "of", len(case.districts))
    if quarter is not None:
        out = out[known_by(out["period"], quarter.last_day)]
    return out.reset_index(drop=True)
