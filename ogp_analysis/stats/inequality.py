"""Gini and Theil, weighted, and how much of each lies within groups and between them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from ogp_analysis.errors import ParameterError
from ogp_analysis.stats.amounts import amounts, shares_of
from ogp_analysis.stats.checks import Floats, keyed, matched, need_level
from ogp_analysis.stats.ranked import FEWEST, LABELS, ranked, t_bounds

Kind = Literal["T", "L"]
NAN = float("nan")
HINT = "Inequality of amounts that may be debts has no such index: show the values."


@dataclass(frozen=True)
class Gini:
    """The Gini coefficient with its standard error.

    Attributes
    ----------
    value : float
        0 if all have the same; NaN if ``reason`` says why.
    se, low, high : float
        Standard error, and the interval by Student's t with ``n - 1`` degrees, cut to 0 to 1.
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
    level: float
    n: int
    can_tell: bool
    reason: str


@dataclass(frozen=True, eq=False)
class Parts:
    """An index of inequality and its parts within groups and between them.

    Attributes
    ----------
    total, within, between, overlap : float
        ``total = within + between + overlap``. The overlap is 0 for Theil; for Gini it is what the groups'
        ranges lie across each other.
    table : DataFrame
        One row a group: ``people_share``, ``amount_share``, ``mean``, ``index`` within the group, and
        ``within``, what it adds to the part within groups.
    """

    total: float
    within: float
    between: float
    overlap: float
    table: pd.DataFrame


def gini(values: pd.Series, weights: pd.Series | None = None, level: float = 0.95) -> Gini:
    """Gini coefficient of weighted values.

    ``sum w_i w_j |x_i - x_j| / (2 m)`` over all pairs, with weights that sum to 1 and mean m: the concentration
    index of the values in their own order, which also gives the standard error (N. Kakwani, A. Wagstaff and
    E. van Doorslaer, *Journal of Econometrics* 77, 1997, 87-103). No factor n / (n - 1) is applied: over n units
    the largest value is 1 - 1/n.

    *Ties* and *zeros* need no rule. If all values are zero there is no index. *Negative* and *missing* values
    raise.

    Parameters
    ----------
    values : Series
    weights : Series, optional
        People in each unit, matched by label; zero counts for nothing.
    level : float

    Returns
    -------
    Gini
        Fewer than five units have a value and no interval.

    Raises
    ------
    ParameterError
        If labels differ, or a value is missing or negative.

    Examples
    --------
    >>> round(gini(pd.Series([1, 2, 3, 4])).value, 4)
    0.25
    >>> gini(pd.Series([1, 2, 3]), pd.Series([1, 2, 1])).value == gini(pd.Series([1, 2, 2, 3])).value
    True
    """
    need_level(level)
    x, w = _inputs(values, weights)
    order = ranked(x, x, w)
    if order.mean == 0:
        return Gini(NAN, NAN, NAN, NAN, level, order.n, False, LABELS["nothing"])
    value = max(order.gap / order.mean, 0.0)
    each = (order.influence - value * (order.outcome - order.mean)) / order.mean
    se = float(np.sqrt(order.weights**2 @ each**2))
    if order.n < FEWEST:
        return Gini(value, se, NAN, NAN, level, order.n, False, LABELS["few"])
    low, high = t_bounds(value, se, order.n - 1, level)
    return Gini(value, se, max(low, 0.0), min(high, 1.0), level, order.n, True, "")


def theil(values: pd.Series, weights: pd.Series | None = None, kind: Kind = "T") -> float:
    """Theil's index T or L of weighted values.

    With weights w that sum to 1 and mean m, ``T = sum w (x / m) ln(x / m)``; ``L = sum w ln(m / x)``, the mean
    log deviation (H. Theil, *Economics and Information Theory*, 1967, chapter 4). *Ties* need no rule. A *zero*
    adds 0 to T, its limit, and makes L infinite: L raises. *Negative* and *missing* values raise.

    Parameters
    ----------
    values, weights
        As for :func:`gini`.
    kind : {"T", "L"}

    Returns
    -------
    float
        0 if all have the same; NaN if all values are zero: there is nothing to share out.

    Raises
    ------
    ParameterError
        As :func:`gini`; and for a zero in L.

    Examples
    --------
    >>> round(theil(pd.Series([1, 3])), 4), round(theil(pd.Series([1, 3]), kind="L"), 4)
    (0.1308, 0.1438)
    """
    x, w = _inputs(values, weights, kind)
    return _theil(x, w, kind)


def theil_parts(values: pd.Series, groups: pd.Series, weights: pd.Series | None = None, kind: Kind = "T") -> Parts:
    """Theil's index split into the part within groups and that between their means, without a rest.

    ``T = sum s_g T_g + sum s_g ln(m_g / m)`` with s_g a group's share of the amount and m_g its mean; for L both
    sums take shares of people p_g and the second is ``sum p_g ln(m / m_g)`` (H. Theil 1967; A. F. Shorrocks,
    *Econometrica* 48, 1980, 613-625). A group that has nothing adds 0 to both parts of T and has no index.

    Parameters
    ----------
    values, groups : Series
        Matched by label.
    weights, kind
        As for :func:`theil`.

    Returns
    -------
    Parts

    Raises
    ------
    ParameterError
        As :func:`theil`; and if a unit has no group.

    Examples
    --------
    >>> parts = theil_parts(pd.Series([1, 3, 5, 5]), pd.Series(["a", "a", "b", "b"]))
    >>> round(parts.total, 4), round(parts.within, 4), round(parts.between, 4)
    (0.1323, 0.0374, 0.0949)
    """
    x, w = _inputs(values, weights, kind)
    table, between, mean = _by_group(values, groups, x, w, lambda x, w: _theil(x, w, kind))
    share = table["amount_share"] if kind == "T" else table["people_share"]
    table["within"] = (share * table["index"]).where(share > 0, 0.0)
    within = float(table["within"].sum()) if mean > 0 else NAN
    return Parts(_theil(x, w, kind), within, between, 0.0 if mean > 0 else NAN, table)


def gini_parts(values: pd.Series, groups: pd.Series, weights: pd.Series | None = None) -> Parts:
    """Gini coefficient split into the part within groups, that between their means, and the overlap.

    Within: ``sum p_g s_g G_g`` with p_g and s_g a group's shares of people and amount. Between: the Gini of the
    group means. The overlap is what is left: 0 if the poorest of one group is no poorer than the richest of the
    next lower one (N. Bhattacharya and B. Mahalanobis, *JASA* 62, 1967, 143-161; G. Pyatt, *Economic Journal* 86,
    1976, 243-255).

    Parameters
    ----------
    values, groups : Series
        Matched by label.
    weights
        As for :func:`gini`.

    Returns
    -------
    Parts

    Raises
    ------
    ParameterError
        As :func:`gini`; and if a unit has no group.

    Examples
    --------
    >>> parts = gini_parts(pd.Series([1, 3, 2, 6]), pd.Series(["a", "a", "b", "b"]))
    >>> [round(part, 4) for part in (parts.total, parts.within, parts.between, parts.overlap)]
    [0.3333, 0.125, 0.1667, 0.0417]
    """
    x, w = _inputs(values, weights)
    table, between, mean = _by_group(values, groups, x, w, _gini)
    weight = table["people_share"] * table["amount_share"]
    table["within"] = (weight * table["index"]).where(weight.isna() | (weight > 0), 0.0)
    total, within = _gini(x, w), float(table["within"].sum()) if mean > 0 else NAN
    # never below zero but by rounding
    return Parts(total, within, between, max(total - within - between, 0.0) if mean > 0 else NAN, table)


def _inputs(values: pd.Series, weights: pd.Series | None, kind: str = "T") -> tuple[Floats, Floats]:
    if kind not in ("T", "L"):
        raise ParameterError(f"There is no Theil index {kind!r}.", hint="Use one of: T, L.")
    x = amounts(values, "values", negative=False, below=HINT)
    w = shares_of(weights, values, ("values", "weights"))
    if kind == "L" and (x[w > 0] == 0).any():
        raise ParameterError("A value is zero, which makes Theil's L infinite.", hint="Use kind='T'.")
    return x, w


def _gini(x: Floats, w: Floats) -> float:
    order = ranked(x, x, w / w.sum()) if w.sum() > 0 else None
    return NAN if order is None or order.mean == 0 else max(order.gap / order.mean, 0.0)


def _theil(x: Floats, w: Floats, kind: Kind) -> float:
    x, w = x[w > 0], w[w > 0]
    order = np.lexsort((w, x))  # so that not even the rounding depends on the order of the rows
    x, w = x[order], w[order] / w[order].sum() if len(w) else w
    mean = float(w @ x) if len(w) else 0.0
    if mean == 0:
        return NAN
    ratio = x / mean
    if kind == "L":
        return max(float(-(w @ np.log(ratio))), 0.0)
    # x ln(x) is 0 at 0
    return max(float(w @ (ratio * np.log(np.where(ratio > 0, ratio, 1.0)))), 0.0)


def _by_group(
    values: pd.Series, groups: pd.Series, x: Floats, w: Floats, index: Callable[[Floats, Floats], float]
) -> tuple[pd.DataFrame, float, float]:
    """Shares, means and the index of each group, the index of the means, and the mean of all.

    A group without people or a mean of zero leaves NaN where something is divided by it.
    """
    number, labels = keyed(matched(values, groups, ("values", "groups")), "groups")
    people = np.bincount(number, w, minlength=len(labels)).astype(np.float64)
    amount = np.bincount(number, w * x, minlength=len(labels))
    means = amount / np.where(people > 0, people, np.nan)
    mean = float(amount.sum())
    table = pd.DataFrame({"people_share": people}, index=pd.Index(labels, name=groups.name))
    table["amount_share"] = amount / mean if mean > 0 else NAN
    table["mean"] = means
    table["index"] = [index(x[number == at], w[number == at]) for at in range(len(table))]
    return table, index(means[people > 0], people[people > 0]), mean
