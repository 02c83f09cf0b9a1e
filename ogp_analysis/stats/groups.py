"""Comparing two small groups without assumptions on their distribution."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from math import comb

import numpy as np
import pandas as pd

from ogp_analysis.errors import ParameterError

#: Above this many splits the exact count would be slow; sixteen districts give 12,870 at most.
MOST_SPLITS = 200_000


@dataclass(frozen=True)
class GroupDifference:
    """Difference between the means of two groups, and how often chance alone gives one as large.

    Attributes
    ----------
    mean_in, mean_out : float
        Means of the chosen group and of the others.
    difference : float
        ``mean_in - mean_out``.
    splits : int
        Number of ways to choose a group of that size.
    as_large : int
        Splits whose absolute difference is at least as large as the observed one (itself included).
    """

    mean_in: float
    mean_out: float
    difference: float
    splits: int
    as_large: int

    @property
    def probability(self) -> float:
        """Share of all splits that differ at least as much: the exact two-sided permutation p-value."""
        return self.as_large / self.splits


def group_difference(values: pd.Series, chosen: pd.Series) -> GroupDifference:
    """Compare the mean of chosen units with that of the others by exact permutation.

    Every way of choosing as many units is tried; the share of them with an absolute difference in means at
    least as large as the observed one is the two-sided p-value (Fisher's randomisation test, R. A. Fisher,
    *The Design of Experiments*, 1935, section 21).

    Parameters
    ----------
    values : Series of float
        One value a unit; units with a missing value raise, for leaving them out would change the question.
    chosen : Series of bool
        Same index as ``values``; ``True`` for the group looked at.

    Returns
    -------
    GroupDifference

    Raises
    ------
    ParameterError
        If the indexes differ, a value is missing, a group is empty, or there are too many splits.

    Examples
    --------
    >>> x = pd.Series([1.0, 2.0, 3.0, 10.0], index=list("abcd"))
    >>> result = group_difference(x, pd.Series([False, False, False, True], index=list("abcd")))
    >>> result.difference, result.as_large, result.splits
    (8.0, 1, 4)
    """
    if not values.index.equals(chosen.index):
        raise ParameterError(
            "The two Series have different indexes.", hint="Give both the same units in the same order."
        )
    if values.isna().any():
        raise ParameterError(
            f"Values are missing for: {', '.join(map(str, values.index[values.isna()]))}.",
            hint="Leave these units out of both Series, and say so.",
        )
    x = values.to_numpy(dtype=float)
    picked = chosen.to_numpy(dtype=bool)
    size, k = len(x), int(picked.sum())
    if k in (0, size):
        raise ParameterError("One of the two groups is empty.", hint="Choose some units, and not all.")
    splits = comb(size, k)
    if splits > MOST_SPLITS:
        raise ParameterError(
            f"{splits:,} splits are too many to try one by one.",
            hint="Use scipy.stats.permutation_test, which draws a sample of them.",
        )
    total = x.sum()
    sums = np.array([x[list(group)].sum() for group in combinations(range(size), k)])
    differences = np.abs(sums / k - (total - sums) / (size - k))
    observed = x[picked].mean() - x[~picked].mean()
    # rounding must not drop the observed split itself
    as_large = int((differences >= abs(observed) - 1e-9 * max(1.0, abs(observed))).sum())
    return GroupDifference(float(x[picked].mean()), float(x[~picked].mean()), float(observed), splits, as_large)
