"""How far two rankings of the same units agree."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from ogp_analysis.stats.checks import Floats, matched


@dataclass(frozen=True)
class Agreement:
    """Agreement of two rankings.

    Attributes
    ----------
    n : int
        Units that have both ranks; the others are left out.
    spearman, kendall : float
        Spearman's rho and Kendall's tau-b; NaN for fewer than three units or equal ranks.
    mean_shift, largest_shift : float
        Of the absolute difference of ranks.
    same : float
        Share of units whose rank is the same.
    """

    n: int
    spearman: float
    kendall: float
    mean_shift: float
    largest_shift: float
    same: float


def agreement(first: pd.Series, second: pd.Series) -> Agreement:
    """Compare two rankings.

    Spearman's rho is the correlation of ranks with equals at their mean rank; Kendall's tau-b is
    ``(C - D) / sqrt((C + D + T1) (C + D + T2))`` over pairs in the same and in opposite order and those tied in
    one only (M. G. Kendall, *Biometrika* 33, 1945, 239-251). ``mean_shift`` is the average shift in ranks of M.
    Saisana and others, *JRSS A* 168, 2005, 307-323.

    Parameters
    ----------
    first, second : Series
        Ranks, matched by label.

    Returns
    -------
    Agreement

    Raises
    ------
    ParameterError
        If labels differ.

    Examples
    --------
    >>> found = agreement(pd.Series([1, 2, 3]), pd.Series([1, 3, 2]))
    >>> found.spearman, round(found.kendall, 4), round(found.mean_shift, 4), found.largest_shift
    (0.5, 0.3333, 0.6667, 1.0)
    """
    other = matched(first, second, ("first", "second"))
    x = np.asarray(first.astype("float64").to_numpy(), dtype=np.float64)
    y = np.asarray(other.astype("float64").to_numpy(), dtype=np.float64)
    both = ~np.isnan(x + y)
    x, y = x[both], y[both]
    nan = float("nan")
    if not len(x):
        return Agreement(0, nan, nan, nan, nan, nan)
    gap = np.abs(x - y)
    shifts = float(gap.mean()), float(gap.max()), float((gap == 0).mean())
    if len(x) < 3 or np.ptp(x) == 0 or np.ptp(y) == 0:
        return Agreement(len(x), nan, nan, *shifts)
    rank_x, rank_y = pd.Series(x).rank().to_numpy(), pd.Series(y).rank().to_numpy()
    return Agreement(len(x), float(np.corrcoef(rank_x, rank_y)[0, 1]), _tau(x, y), *shifts)


def _tau(x: Floats, y: Floats) -> float:
    upper = np.triu_indices(len(x), 1)
    a, b = np.sign(x[:, None] - x)[upper], np.sign(y[:, None] - y)[upper]
    return float((a * b).sum() / np.sqrt((a != 0).sum() * (b != 0).sum()))
