"""How an amount is spread over units in the order of another: what Gini, concentration and Kakwani share."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ogp_analysis.stats.checks import Floats, Integers

#: Below so many units an interval from large-sample theory would be a pretence.
FEWEST = 5

#: An index nearer to zero than this is zero with rounding.
SLACK = 1e-12

#: Why a figure or its interval is missing.
LABELS = {
    "few": "There are too few units for an interval.",
    "same_rank": "All units have the same rank, so nothing can be poorer or richer.",
    "nothing": "All values are zero: there is nothing to share out.",
    "at_bound": "All values are at one bound: there is nothing to share out.",
}


@dataclass(frozen=True, eq=False)
class Ranked:
    """Units in the order of a ranking variable, tied ones sharing the middle of their ranks.

    Attributes
    ----------
    outcome, weights : array
        In that order; the weights sum to 1. Units without weight are left out.
    rank : array
        Fractional rank, 0 to 1: the weight of those below, and half of that of the unit and those tied with it
        (R. I. Lerman and S. Yitzhaki, *Journal of Econometrics* 42, 1989, 43-47). Its weighted mean is 1/2.
    mean : float
        Of the outcome.
    gap : float
        ``2 cov(outcome, rank)``: the concentration index times the mean.
    influence : array
        Of each unit on ``gap``; its weighted mean is 0.
    tie : array of int
        The number of the unit's rank, from 0.
    """

    outcome: Floats
    weights: Floats
    rank: Floats
    mean: float
    gap: float
    influence: Floats
    tie: Integers

    @property
    def n(self) -> int:
        """Units."""
        return len(self.outcome)

    @property
    def ranks(self) -> int:
        """Ranks that differ."""
        return int(self.tie[-1]) + 1


def ranked(outcome: Floats, by: Floats, weights: Floats) -> Ranked:
    """Put units in order and compute ``2 cov(outcome, rank)`` with what each unit adds to its variance.

    The influence of a unit with value h and rank R is ``h (2R - 1) + mean - 2 M - 2 gap``, with M the sum of the
    values below it and half of its own and its ties, each times its weight. Divided by the mean, and less
    ``C (h - mean) / mean``, this is the ``a - (1 + C)`` of N. Kakwani, A. Wagstaff and E. van Doorslaer,
    *Journal of Econometrics* 77, 1997, 87-103, here also for ties and weights.

    Parameters
    ----------
    outcome, by, weights : array
        Complete; the weights sum to 1.

    Returns
    -------
    Ranked

    Examples
    --------
    >>> found = ranked(np.array([4.0, 1.0, 1.0]), np.array([9.0, 5.0, 5.0]), np.full(3, 1 / 3))
    >>> found.rank.round(3).tolist(), round(found.gap / found.mean, 4)
    ([0.333, 0.333, 0.833], 0.3333)
    """
    carry = weights > 0
    outcome, by, weights = outcome[carry], by[carry], weights[carry]
    # by value too, so that not even the rounding depends on the order of the rows
    order = np.lexsort((weights, outcome, by))
    outcome, by, weights = outcome[order], by[order], weights[order]
    tie = np.unique(by, return_inverse=True)[1].astype(np.int64)
    rank = fractional_rank(by, weights)
    below = _middle(weights * outcome, tie)
    mean = float(weights @ outcome)
    if np.ptp(outcome) == 0:  # exactly nothing, not what rounding leaves
        return Ranked(outcome, weights, rank, mean, 0.0, np.zeros(len(outcome)), tie)
    gap = float(2 * weights @ ((outcome - mean) * (rank - 0.5)))
    return Ranked(outcome, weights, rank, mean, gap, outcome * (2 * rank - 1) + mean - 2 * below - 2 * gap, tie)


def fractional_rank(by: Floats, weights: Floats) -> Floats:
    """Weight below each unit, and half of that of the unit and those tied with it.

    Examples
    --------
    >>> fractional_rank(np.array([5.0, 9.0, 5.0]), np.array([0.25, 0.5, 0.25])).tolist()
    [0.25, 0.75, 0.25]
    """
    return _middle(weights, np.unique(by, return_inverse=True)[1].astype(np.int64))


def _middle(masses: Floats, tie: Integers) -> Floats:
    each = np.bincount(tie, masses)
    return np.asarray((np.cumsum(each) - each / 2)[tie], dtype=np.float64)


def t_bounds(value: float, se: float, degrees: float, level: float) -> tuple[float, float]:
    """Value plus and minus the quantile of Student's t times its standard error.

    Examples
    --------
    >>> [round(bound, 3) for bound in t_bounds(0, 1, 15, 0.95)]
    [-2.131, 2.131]
    """
    from scipy.special import stdtrit

    half = float(stdtrit(degrees, (1 + level) / 2)) * se
    return value - half, value + half
