"""Suspicions about series: copies, changes of base, mixed areas. A suspicion is a question, not a verdict."""

from __future__ import annotations

import re
from itertools import combinations, pairwise

import pandas as pd

from ogp_analysis.cleaning.frames import numbers_of, require_columns
from ogp_analysis.errors import DataError, ParameterError, Problem, file_row, shortened


def find_duplicate_series(
    frame: pd.DataFrame, key: str, period: str, value: str, *, min_length: int = 3
) -> pd.DataFrame:
    """Find periods that repeat another period, and units that repeat another unit.

    Two series are copies if they have at least ``min_length`` values in common places, all of them equal, with at
    least two different ones among them (two rows of zeros prove nothing), and neither has a value where the other
    has none. Equal figures can be true, above all small counts: ask the publisher.

    Parameters
    ----------
    frame : DataFrame
        One row a unit and period.
    key, period, value : str
        Its columns: the unit, the period, the number (missing allowed).
    min_length : int
        Values that must be compared.

    Returns
    -------
    DataFrame
        ``axis`` (``period`` or ``unit``), ``first``, ``second``, ``compared`` (values).

    Raises
    ------
    ParameterError
        If a column is lacking or the values are not numbers.
    DataError
        If a unit has two rows in one period.

    Examples
    --------
    >>> people = pd.DataFrame(
    ...     {
    ...         "code": ["a", "b", "c"] * 3,
    ...         "year": [2012] * 3 + [2013] * 3 + [2014] * 3,
    ...         "value": [56570, 75027, 128225, 57887, 75885, 130494, 56570, 75027, 128225],
    ...     }
    ... )
    >>> find_duplicate_series(people, "code", "year", "value").to_dict("records")
    [{'axis': 'period', 'first': 2012, 'second': 2014, 'compared': 3}]
    """
    wide = _wide(frame, key, period, value)
    records = []
    for axis, table in (("period", wide), ("unit", wide.T)):
        for first, second in combinations(table.columns, 2):
            one, other = table[first], table[second]
            both = one.notna() & other.notna()
            if (one.notna() ^ other.notna()).any() or both.sum() < min_length:
                continue
            if one[both].min() < one[both].max() and bool((one[both] == other[both]).all()):
                records.append((axis, first, second, int(both.sum())))
    return pd.DataFrame(records, columns=["axis", "first", "second", "compared"])


def find_base_breaks(
    frame: pd.DataFrame, key: str, period: str, value: str, *, threshold: float = 0.05, unit_threshold: float = 0.1
) -> pd.DataFrame:
    """Find years between which a series probably changed its base, not its world.

    For each two successive periods, over the units present in both:
    ``change = (sum(now) / sum(before)) ** (1 / years) - 1``. A break is noted if ``|change| > threshold``, or if
    more than half of the units change by more than ``unit_threshold`` a year although the sum does not.

    Parameters
    ----------
    frame : DataFrame
        One row a unit and year.
    key, period, value : str
        Its columns; ``period`` holds whole years.
    threshold : float
        Yearly relative change of the sum that is not believed. A city's population rarely moves by 5 % a year.
    unit_threshold : float
        The same for a single unit.

    Returns
    -------
    DataFrame
        ``before``, ``after`` (years), ``total_before``, ``total_after``, ``change`` (a share, a year), ``units``
        (compared), ``units_moved`` (beyond ``unit_threshold``), ``reason`` (``total`` or ``units``).

    Raises
    ------
    ParameterError
        If a column is lacking, the values are not numbers, a period is no year or a threshold is not positive.
    DataError
        If a unit has two rows in one year.

    Notes
    -----
    Only units present in both years are compared, so that a year with fewer units is no break. A real migration, a
    new boundary or a typing error look the same: the flag asks for the note in the source.

    Examples
    --------
    >>> people = pd.DataFrame(
    ...     {"city": ["Semarang"] * 3, "year": [2018, 2019, 2020], "value": [1786115, 1814110, 1653524]}
    ... )
    >>> find_base_breaks(people, "city", "year", "value")[["before", "after", "reason"]].to_dict("records")
    [{'before': 2019, 'after': 2020, 'reason': 'total'}]
    """
    if threshold <= 0 or unit_threshold <= 0:
        raise ParameterError("A threshold is not positive.", hint="Pass a share such as 0.05.")
    wide = _wide(frame, key, period, value)
    records = []
    year_of = {each: _year(each, period) for each in wide.columns}
    for before, after in pairwise(sorted(wide.columns, key=year_of.__getitem__)):
        years = year_of[after] - year_of[before]
        both = wide[[before, after]].dropna()
        start, end = float(both[before].sum()), float(both[after].sum())
        if start <= 0 or end <= 0:
            continue
        change = (end / start) ** (1 / years) - 1
        positive = both[(both[before] > 0) & (both[after] > 0)]
        moves = (positive[after] / positive[before]) ** (1 / years) - 1
        moved = int((moves.abs() > unit_threshold).sum())
        reason = "total" if abs(change) > threshold else "units" if moved * 2 > len(both) else ""
        if reason:
            records.append((before, after, start, end, change, len(both), moved, reason))
    names = ["before", "after", "total_before", "total_after", "change", "units", "units_moved", "reason"]
    return pd.DataFrame(records, columns=names)


def find_area_switches(
    frame: pd.DataFrame, key: str, period: str, population: str, density: str, *, threshold: float = 0.02
) -> pd.DataFrame:
    """Find units whose printed density and population imply another area than in the period before.

    ``area = population / density``. Areas do not change from year to year; where the implied one does by more than
    ``threshold``, two vintages of areas were mixed in one table, and the densities must not be compared.

    Parameters
    ----------
    frame : DataFrame
        One row a unit and period, both figures printed.
    key, period, population, density : str
        Its columns.
    threshold : float
        Relative change that rounding cannot explain.

    Returns
    -------
    DataFrame
        ``key``, ``before``, ``after``, ``area_before``, ``area_after``, ``change`` (a share), ``opposite``
        (True where density and population moved in opposite directions).

    Raises
    ------
    ParameterError
        If a column is lacking or does not hold numbers.
    DataError
        If a unit has two rows in one period.

    Examples
    --------
    >>> east = pd.DataFrame(
    ...     {"k": ["Semarang Timur"] * 2, "y": [2019, 2020], "people": [75762, 66302], "density": [9839, 12229]}
    ... )
    >>> find_area_switches(east, "k", "y", "people", "density").round(2).to_dict("records")
    [{'key': 'Semarang Timur', 'before': 2019, 'after': 2020, 'area_before': 7.7, 'area_after': 5.42,
      'change': -0.3, 'opposite': True}]
    """
    people, dense = _wide(frame, key, period, population), _wide(frame, key, period, density)
    area = people / dense.where(dense > 0)
    records = []
    for before, after in pairwise(sorted(area.columns)):
        for unit in area.index[area[before].notna() & area[after].notna()]:
            old, new = float(area.loc[unit, before]), float(area.loc[unit, after])
            if old > 0 and abs(new / old - 1) > threshold:
                up = float(people.loc[unit, after]) - float(people.loc[unit, before])
                denser = float(dense.loc[unit, after]) - float(dense.loc[unit, before])
                records.append((unit, before, after, old, new, new / old - 1, up * denser < 0))
    names = ["key", "before", "after", "area_before", "area_after", "change", "opposite"]
    return pd.DataFrame(records, columns=names)


def _year(value: object, period: str) -> int:
    if re.fullmatch(r"[0-9]{1,4}(\.0)?", str(value)):
        return int(float(str(value)))
    raise ParameterError(
        f"The column {period!r} holds {shortened(str(value))!r}, which is no year.",
        hint="Take rows of whole years only, written as 2020.",
    )


def _wide(frame: pd.DataFrame, key: str, period: str, value: str) -> pd.DataFrame:
    require_columns(frame, [key, period, value], "frame")
    twice = frame.duplicated([key, period]).to_numpy().nonzero()[0]
    if len(twice):
        problems = [
            Problem(
                "frame", file_row(row), key, f"{frame[key].iloc[row]}, {frame[period].iloc[row]}", "one row only"
            )
            for row in twice
        ]
        raise DataError(problems, hint="Choose one source or vintage before looking at the series.")
    table = frame.assign(**{value: numbers_of(frame[value])})
    return table.pivot(index=key, columns=period, values=value)  # noqa: PD010 - nothing to aggregate
