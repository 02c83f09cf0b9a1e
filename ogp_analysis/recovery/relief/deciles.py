"""Deciles of the property value (NJOP), exact: every counted bill of a tax year is ranked.

The bound of decile *k* is the smallest NJOP that at least *k* tenths of the tax year's counted bills do not
exceed; a bill is in the first decile whose bound it does not exceed, so equal values are never parted. Bounds are
values that occur in the roll, not interpolated ones.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from ogp_analysis.sources.tax_roll.check import Bills
from ogp_analysis.sources.tax_roll.values import Array

DECILES = 10
Survey = dict[int, Array]


def survey(bills: Bills, reason: Array) -> Survey:
    """The property values of the counted bills, by tax year."""
    counted = reason == 0
    njop, year = (bills.njop, bills.year) if counted.all() else (bills.njop[counted], bills.year[counted])
    return {int(one): njop[year == one] for one in np.flatnonzero(np.bincount(year)).tolist()}


def decile_bounds(surveys: Iterable[Survey]) -> Survey:
    """The nine bounds for each tax year.

    Examples
    --------
    >>> decile_bounds([{2020: np.arange(1, 11)}, {2020: np.arange(11, 21)}])[2020].tolist()
    [2, 4, 6, 8, 10, 12, 14, 16, 18]
    """
    by_year: dict[int, list[Array]] = {}
    for one in surveys:
        for year, values in one.items():
            by_year.setdefault(year, []).append(values)
    bounds = {}
    for year in sorted(by_year):
        values = np.concatenate(by_year.pop(year))
        # whole numbers throughout: the smallest rank that is at least k tenths of the count
        ranks = (np.arange(1, DECILES) * len(values) + DECILES - 1) // DECILES - 1
        values.partition(ranks)
        bounds[year] = values[ranks]
    return bounds


def deciles(njop: Array, year: Array, bounds: Survey) -> Array:
    """The decile, from 0, of each bill within its tax year."""
    years = list(bounds)
    table = np.stack([bounds[one] for one in years])
    place = np.zeros(max(years) + 1, np.intp)
    place[years] = np.arange(len(years))
    own = place[year]
    out = np.zeros(len(njop), np.int32)
    for k in range(DECILES - 1):
        out += njop > table[own, k]
    return out
