"""Concentration index and curve: whether the poorer or the richer have more of something."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from ogp_analysis.errors import ParameterError
from ogp_analysis.stats.amounts import amounts
from ogp_analysis.stats.checks import matched
from ogp_analysis.stats.concentration_forms import Form, inputs_of, value_of
from ogp_analysis.stats.ranked import FEWEST, LABELS, SLACK, fractional_rank, ranked, t_bounds

NAN = float("nan")


@dataclass(frozen=True)
class Concentration:
    """A concentration index with its standard error.

    Attributes
    ----------
    form : str
        ``standard``, ``generalised``, ``erreygers`` or ``wagstaff``.
    value : float
        Below zero: the poorer have more than their share of people. NaN if ``reason`` says why.
    se, low, high : float
        Standard error, and the interval by Student's t with one degree fewer than ``n``.
    level : float
        Of the interval.
    n : int
        Units with a weight, or people in the grouped form with deviations.
    mean : float
        Of the outcome.
    can_tell : bool
        Whether there is a value with an interval.
    reason : str
        Why not; empty if there is.
    """

    form: str
    value: float
    se: float
    low: float
    high: float
    level: float
    n: int
    mean: float
    can_tell: bool
    reason: str

    @property
    def within_chance(self) -> bool | None:
        """Whether the interval holds zero; None if there is no interval."""
        return self.low <= SLACK and self.high >= -SLACK if self.can_tell else None


def concentration_index(
    outcome: pd.Series,
    rank_by: pd.Series,
    weights: pd.Series | None = None,
    form: Form = "standard",
    bounds: tuple[float, float] | None = None,
    level: float = 0.95,
) -> Concentration:
    """Concentration index of an outcome over units from the poorest to the richest.

    With h the outcome, m its weighted mean, R the fractional rank and ``G = 2 cov(h, R)`` (O. O'Donnell,
    E. van Doorslaer, A. Wagstaff and M. Lindelow, *Analyzing Health Equity Using Household Survey Data*, World
    Bank, 2008, chapter 8):

    ``standard``: ``C = G / m``. ``generalised``: ``G`` itself, in units of the outcome. For an outcome between
    bounds a and b, ``erreygers``: ``4 G / (b - a)`` (G. Erreygers, *Journal of Health Economics* 28, 2009,
    504-515); ``wagstaff``: ``(b - a) G / ((b - m) (m - a))``, which is ``C / (1 - m)`` for yes and no
    (A. Wagstaff, *Health Economics* 14, 2005, 429-432).

    The standard error of C is that of N. Kakwani, A. Wagstaff and E. van Doorslaer, *Journal of Econometrics* 77,
    1997, 87-103, with each unit's term times its squared weight; the other forms follow by the delta method, so
    they carry the uncertainty of the mean too. It takes the units as an independent sample: where they are all
    the districts there are, it says how far the index hangs on single ones.

    *Ties* in ``rank_by`` share the middle of their ranks, so that no order among them matters. *Zeros* are values
    like any other; if all are zero the standard index does not exist. *Negative* outcomes raise in the standard
    form, which they would take out of -1 to 1; the others take them. *Missing* values raise.

    Parameters
    ----------
    outcome, rank_by : Series
        Matched by label. A low ``rank_by`` is poor.
    weights : Series, optional
        People in each unit, or sampling weights; zero counts for nothing.
    form : {"standard", "generalised", "erreygers", "wagstaff"}
    bounds : tuple of float, optional
        Least and largest value possible, for the last two forms.
    level : float

    Returns
    -------
    Concentration
        Fewer than five units have a value and no interval.

    Raises
    ------
    ParameterError
        If labels differ, a value is missing, negative where it must not be, or outside the bounds.

    Examples
    --------
    >>> income = pd.Series([1, 2, 3, 4, 5, 6])
    >>> sick = pd.Series([1, 1, 0, 1, 0, 0])
    >>> index = concentration_index(sick, income)
    >>> round(index.value, 4), index.can_tell
    (-0.3889, True)
    >>> round(concentration_index(sick, income, form="wagstaff", bounds=(0, 1)).value, 4)
    -0.7778
    """
    h, x, w = inputs_of(outcome, rank_by, weights, ("outcome", "rank_by", "weights"), form, bounds, level)
    order = ranked(h, x, w)
    found = value_of(order, form, bounds)
    if isinstance(found, str):
        return Concentration(form, NAN, NAN, NAN, NAN, level, order.n, order.mean, False, found)
    value, by_gap, by_mean = found
    each = by_gap * order.influence + by_mean * (order.outcome - order.mean)
    se = float(np.sqrt((order.weights**2) @ each**2))
    return _result(form, value, se, order.n, order.n, order.mean, level)


def grouped_concentration_index(
    means: pd.Series,
    rank_by: pd.Series,
    sizes: pd.Series,
    deviations: pd.Series | None = None,
    form: Form = "standard",
    bounds: tuple[float, float] | None = None,
    level: float = 0.95,
) -> Concentration:
    """Concentration index from group means, as for quintiles or kecamatan of which only means are published.

    The index is that of :func:`concentration_index` with the sizes as weights; inequality within groups is not in
    it. With the standard deviations s within groups, n people, shares f of them, and a as there (N. Kakwani,
    A. Wagstaff and E. van Doorslaer, *Journal of Econometrics* 77, 1997, 87-103):

    ``var(C) = (sum f a^2 - (1 + C)^2) / n + sum f s^2 (2R - 1 - C)^2 / (n m^2)``

    Without them the second term is left out and n is the number of groups (O'Donnell and others 2008, chapter 8).

    Parameters
    ----------
    means, rank_by, sizes : Series
        One row a group, matched by label. Ties, zeros, negative and missing values as there.
    deviations : Series, optional
        Standard deviation of the outcome within each group.
    form, bounds, level
        As there.

    Returns
    -------
    Concentration

    Raises
    ------
    ParameterError
        As there; and if a size or a deviation is negative.

    Examples
    --------
    >>> quintile = pd.Series([1, 2, 3, 4, 5])
    >>> cases = pd.Series([155, 150, 110, 80, 50])
    >>> index = grouped_concentration_index(cases, quintile, pd.Series([100] * 5))
    >>> round(index.value, 3), index.n
    (-0.206, 5)
    """
    names = ("means", "rank_by", "sizes")
    h, x, w = inputs_of(means, rank_by, sizes, names, form, bounds, level)
    order = ranked(h, x, w)
    found = value_of(order, form, bounds)
    people = float(np.sort(sizes.to_numpy(dtype=np.float64)).sum())
    n = order.n if deviations is None else int(people)
    if isinstance(found, str):
        return Concentration(form, NAN, NAN, NAN, NAN, level, n, order.mean, False, found)
    value, by_gap, by_mean = found
    each = by_gap * order.influence + by_mean * (order.outcome - order.mean)
    variance = float(order.weights @ each**2) / (order.n if deviations is None else people)
    if deviations is not None:
        spread = amounts(matched(means, deviations, ("means", "deviations")), "deviations", negative=False)
        # in the order of the groups themselves, hence their ranks anew
        rank = fractional_rank(x, w)
        variance += float(w @ (spread * (by_gap * (2 * rank - 1) + by_mean)) ** 2) / people
    return _result(form, value, float(np.sqrt(variance)), n, order.n, order.mean, level)


def concentration_curve(
    outcome: pd.Series, rank_by: pd.Series, weights: pd.Series | None = None, *, generalised: bool = False
) -> pd.DataFrame:
    """Points of the concentration curve: the share of the outcome that the poorest have.

    One point a rank: tied units come together, so that the curve does not hang on their order. The area between
    the diagonal and the straight lines that join the points is half the standard index (O'Donnell and others
    2008, chapters 7 and 8). The standard error is that of a ratio: the share of the outcome among units that rank
    no higher than the point, with that limit taken as fixed.

    Parameters
    ----------
    outcome, rank_by, weights : Series
        As for :func:`concentration_index`.
    generalised : bool
        Times the mean: ends at the mean and not at 1 (A. F. Shorrocks, *Economica* 50, 1983, 3-17), and takes
        negative values.

    Returns
    -------
    DataFrame
        ``rank_value``, ``units`` and ``people_share`` up to there, ``outcome_share`` (``outcome_mean`` if
        generalised) and its ``se``. The first row is the origin, with no rank value.

    Raises
    ------
    ParameterError
        As :func:`concentration_index`, and if all values are zero and the curve is not generalised.

    Examples
    --------
    >>> curve = concentration_curve(pd.Series([6, 3, 1]), pd.Series([1, 2, 2]))
    >>> curve[["rank_value", "units", "people_share", "outcome_share"]].round(3)
       rank_value  units  people_share  outcome_share
    0         NaN      0         0.000            0.0
    1         1.0      1         0.333            0.6
    2         2.0      3         1.000            1.0
    """
    h, x, w = inputs_of(
        outcome,
        rank_by,
        weights,
        ("outcome", "rank_by", "weights"),
        "generalised" if generalised else "standard",
        None,
        0.95,
    )
    order = ranked(h, x, w)
    if not generalised and order.mean == 0:
        raise ParameterError("The outcome is zero for every unit.", hint="There is no curve: say so.")
    scale = 1.0 if generalised else order.mean
    upto = (order.tie[None, :] <= np.arange(-1, order.ranks)[:, None]).astype(np.float64)
    part = upto @ (order.weights * order.outcome) / scale
    # of a sum for the generalised curve, of a ratio to the whole for the other
    centre = part[:, None] if generalised else part[:, None] * order.outcome / scale
    each = upto * order.outcome / scale - centre
    # the ends are 0 and 1 without any doubt: against rounding
    people = upto @ order.weights
    people[-1] = 1.0
    if not generalised:
        part[-1], each[-1] = 1.0, 0.0
    return pd.DataFrame(
        {
            "rank_value": np.concatenate([[np.nan], np.unique(x[w > 0])]),
            "units": upto.sum(axis=1).astype(np.int64),
            "people_share": people,
            "outcome_mean" if generalised else "outcome_share": part,
            "se": np.sqrt(each**2 @ order.weights**2),
        }
    )


def _result(form: Form, value: float, se: float, n: int, units: int, mean: float, level: float) -> Concentration:
    if units < FEWEST:
        return Concentration(form, value, se, NAN, NAN, level, n, mean, False, LABELS["few"])
    low, high = t_bounds(value, se, n - 1, level)
    return Concentration(form, value, se, low, high, level, n, mean, True, "")
