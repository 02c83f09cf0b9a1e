"""Kakwani's index: whether a tax or a relief favours the poorer more than in proportion to what they have."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from ogp_analysis.stats.amounts import amounts, shares_of
from ogp_analysis.stats.checks import matched, need_level
from ogp_analysis.stats.ranked import FEWEST, LABELS, SLACK, ranked, t_bounds

NAN = float("nan")


@dataclass(frozen=True)
class Kakwani:
    """Kakwani's index with its standard error.

    Attributes
    ----------
    value : float
        ``concentration - gini``; NaN if ``reason`` says why.
    se, low, high : float
        Standard error, and the interval by Student's t with ``n - 1`` degrees.
    concentration : float
        Concentration index of what is paid or granted, from the poorest to the richest.
    gini : float
        Of the ability to pay.
    level : float
        Of the interval.
    n : int
        Units with a weight.
    can_tell : bool
        Whether there is a value with an interval.
    reason : str
        Why not; empty if there is.
    """

    value: float
    se: float
    low: float
    high: float
    concentration: float
    gini: float
    level: float
    n: int
    can_tell: bool
    reason: str

    @property
    def within_chance(self) -> bool | None:
        """Whether the interval holds zero; None if there is no interval."""
        return self.low <= SLACK and self.high >= -SLACK if self.can_tell else None


def kakwani(
    granted: pd.Series, ability: pd.Series, weights: pd.Series | None = None, level: float = 0.95
) -> Kakwani:
    """Concentration index of a tax, or of a relief from it, less the Gini of the ability to pay.

    N. C. Kakwani, *Economic Journal* 87, 1977, 71-80. For a *tax*, above zero is progressive. A *relief* is a tax
    with the opposite sign: **below** zero it favours the poorer more than in proportion to what they have, 0 is in
    proportion, and above zero the richer gain more than in proportion. The standard error takes both indices from
    the same units (influence functions as in :func:`~ogp_analysis.stats.concentration.concentration_index`).

    *Ties* in ability share the middle of their ranks; *zeros* are values like any other; if nothing was granted,
    or nobody has anything, there is no index; *negative* and *missing* values raise.

    Parameters
    ----------
    granted : Series
        Tax or relief of each unit.
    ability : Series
        Income, or the tax base before relief; matched by label.
    weights : Series, optional
        People in each unit; zero counts for nothing.
    level : float

    Returns
    -------
    Kakwani
        Fewer than five units have a value and no interval.

    Raises
    ------
    ParameterError
        If labels differ, or a value is missing or negative.

    Examples
    --------
    >>> base = pd.Series([10, 20, 30, 40])
    >>> kakwani(0.1 * base, base).value  # a tenth for everybody
    0.0
    >>> round(kakwani(pd.Series([5, 5, 5, 5]), base).value, 4)  # the same amount for everybody
    -0.25
    """
    need_level(level)
    x = amounts(matched(granted, ability, ("granted", "ability")), "ability", negative=False)
    h = amounts(granted, "granted", negative=False)
    w = shares_of(weights, granted, ("granted", "weights"))
    # what is granted stands beside what they have, so that both come in one and the same order
    relief, own = ranked(h, x, w), ranked(x, x, w)
    if relief.mean == 0 or own.mean == 0:
        return Kakwani(NAN, NAN, NAN, NAN, NAN, NAN, level, own.n, False, LABELS["nothing"])
    concentration, gini = relief.gap / relief.mean, own.gap / own.mean
    each_relief, each_own = np.empty(len(h)), np.empty(len(h))
    carry = np.flatnonzero(w > 0)
    for into, part, index, values in ((each_relief, relief, concentration, h), (each_own, own, gini, x)):
        order = np.lexsort((w[carry], values[carry], x[carry]))
        into[carry[order]] = (part.influence - index * (part.outcome - part.mean)) / part.mean
    value = float(concentration - gini)
    se = float(np.sqrt(np.sort((w[carry] * (each_relief - each_own)[carry]) ** 2).sum()))
    if own.n < FEWEST:
        reason = LABELS["few"]
        return Kakwani(value, se, NAN, NAN, concentration, gini, level, own.n, False, reason)
    low, high = t_bounds(value, se, own.n - 1, level)
    return Kakwani(value, se, low, high, concentration, gini, level, own.n, True, "")
