"""Skewness and kurtosis of each column, corrected for the bias of few cases."""

from __future__ import annotations

import numpy as np
import pandas as pd

from ogp_analysis.stats.checks import Floats
from ogp_analysis.stats.composite.data_check import numbers_of


def moments(data: pd.DataFrame) -> pd.DataFrame:
    """Skewness and excess kurtosis of each column.

    With m_r the r-th central moment, ``g1 = m3 / m2^1.5`` and ``g2 = m4 / m2^2 - 3``; corrected,
    ``G1 = g1 sqrt(n (n-1)) / (n-2)`` and ``G2 = ((n+1) g2 + 6) (n-1) / ((n-2) (n-3))`` (D. N. Joanes and C. A.
    Gill, *The Statistician* 47, 1998, 183-189, type 2; what spreadsheets and COINr compute). Missing values are
    left out; a column of fewer than 3 (4) values, or of equal ones, has none.

    Parameters
    ----------
    data : DataFrame

    Returns
    -------
    DataFrame
        One row a column: ``n``, ``skewness``, ``kurtosis``.

    Raises
    ------
    ParameterError
        If a cell is no number.

    Examples
    --------
    >>> moments(pd.DataFrame({"a": [1, 2, 4, 8, 16, 100]})).round(9).to_numpy().tolist()
    [[6.0, 2.344335324, 5.574863099]]
    """
    table = numbers_of(data)
    skewness, kurtosis, n = column_moments(table.to_numpy())
    return pd.DataFrame({"n": n, "skewness": skewness, "kurtosis": kurtosis}, index=table.columns)


def column_moments(x: Floats) -> tuple[Floats, Floats, Floats]:
    """:func:`moments` on a bare array of units by columns."""
    known = ~np.isnan(x)
    n = known.sum(axis=0).astype(np.float64)
    with np.errstate(invalid="ignore", divide="ignore"):
        gap = np.where(known, x - np.nansum(x, axis=0) / n, 0.0)
        square = gap * gap
        m2 = square.sum(axis=0) / n
        m3 = (square * gap).sum(axis=0) / n
        m4 = (square * square).sum(axis=0) / n
        # not by m2: the mean of equal values may be rounded to something else
        flat = np.fmin.reduce(x, axis=0) == np.fmax.reduce(x, axis=0)
        g1, g2 = m3 / m2**1.5, m4 / (m2 * m2) - 3
        skewness = np.where((n < 3) | flat, np.nan, g1 * np.sqrt(n * (n - 1)) / (n - 2))
        kurtosis = np.where((n < 4) | flat, np.nan, ((n + 1) * g2 + 6) * (n - 1) / ((n - 2) * (n - 3)))
    return skewness, kurtosis, n
