"""Rates of places of unlike size: drawn towards their common mean, and beside what chance alone would give."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
import pandas as pd

from ogp_analysis.errors import ParameterError, nearest
from ogp_analysis.stats.amounts import amounts
from ogp_analysis.stats.checks import Floats, matched, named, need_level, whole

Kind = Literal["proportion", "rate"]
NAN = float("nan")

#: Why a finding is missing or weak; and what a place's rate is called.
LABELS = {
    "one_rate": "Fewer than two places have cases to compare.",
    "all_alike": "There is nothing to compare: everywhere none, or everywhere all.",
    "dispersed": "Places differ more than chance would make them: many outside the limits need no special cause.",
    "inside": "within chance",
    "low": "lower than chance alone would often give",
    "high": "higher than chance alone would often give",
    "very_low": "far lower than chance would give",
    "very_high": "far higher than chance would give",
    "no_cases": "nobody at risk",
}


@dataclass(frozen=True, eq=False)
class SmoothedRates:
    """Rates drawn towards the common one.

    Attributes
    ----------
    mean : float
        All events over all people.
    variance : float
        Of the places' true rates, as far as it exceeds chance; 0 if they differ no more than chance makes them.
    table : DataFrame
        One row a place: ``events``, ``people``, ``raw``, ``smoothed``, ``low``, ``high`` and ``weight``, the
        weight of its own rate.
    level : float
        Of the intervals.
    """

    mean: float
    variance: float
    table: pd.DataFrame
    level: float


@dataclass(frozen=True, eq=False)
class Funnel:
    """Rates beside the limits that chance alone would set them.

    Attributes
    ----------
    target : float
        The rate that the limits are drawn around.
    table : DataFrame
        One row a place: ``events``, ``people``, ``rate``, the limits ``low`` and ``high``, the outer ones
        ``very_low`` and ``very_high``, and ``position``: ``inside``, one of these four, or ``no_cases``.
    levels : tuple of float
        Of the inner and the outer limits.
    dispersion : float
        Mean square of the places' standardised distances from the target; about 1 if only chance is at work.
    can_tell : bool
        Whether places can be compared with the limits.
    reason : str
        Why not, or a warning that places differ more than chance would make them; empty if neither.
    """

    target: float
    table: pd.DataFrame
    levels: tuple[float, float]
    dispersion: float
    can_tell: bool
    reason: str


def smoothed_rates(events: pd.Series, people: pd.Series, level: float = 0.95) -> SmoothedRates:
    """Empirical-Bayes rates: the fewer people a place has, the closer to the common rate.

    With events e, people b, rates ``r = e / b``, common rate ``m = sum e / sum b`` and
    ``A = sum b (r - m)^2 / sum b - m / mean(b)``, the rate is ``w r + (1 - w) m`` with ``w = A / (A + m / b)``
    (R. J. Marshall, *Applied Statistics* 40, 1991, 283-294). A below zero counts as zero: every place then gets
    the common rate. The interval is that of a Gamma distribution of rates with mean m and variance A, whose mean
    in the light of e and b is the same; it takes m and A as known and so is too narrow (D. Clayton and J. Kaldor,
    *Biometrics* 43, 1987, 671-681). For shares of cases (events among people, each once)
    :func:`~ogp_analysis.stats.shrinkage.shrink` has the better likelihood.

    *Zero* events are a value. *Nobody* at risk: the place gets the common rate with weight 0, and is left out of
    the rest; events there raise. *Negative* and *missing* values raise.

    Parameters
    ----------
    events, people : Series
        Whole events, and people (or houses, or years) at risk; matched by label.
    level : float

    Returns
    -------
    SmoothedRates
        Its table is in the order of ``events``.

    Raises
    ------
    ParameterError
        If labels differ, a value is missing or negative, events are not whole, or fewer than two places have
        people.

    Examples
    --------
    >>> places = ["a", "b", "c", "d"]
    >>> events, people = pd.Series([0, 9, 30, 12], index=places), pd.Series([20, 300, 2000, 100], index=places)
    >>> result = smoothed_rates(events, people)
    >>> round(result.mean, 4)
    0.0211
    >>> result.table[["raw", "smoothed", "weight"]].round(4)
         raw  smoothed  weight
    a  0.000    0.0151  0.2819
    b  0.030    0.0287  0.8548
    c  0.015    0.0152  0.9752
    d  0.120    0.0866  0.6625
    """
    from scipy.special import gammaincinv

    need_level(level)
    e, b = _events(events, people)
    held = b > 0
    if held.sum() < 2:
        raise ParameterError("Fewer than two places have people.", hint="There is nothing to draw a rate towards.")
    mean = float(e.sum() / b.sum())
    raw = e / np.where(held, b, np.nan)
    spread = float((b[held] * (raw[held] - mean) ** 2).sum() / b.sum())
    variance = max(spread - mean / float(b[held].mean()), 0.0)
    weight = variance / (variance + mean / np.where(held, b, np.nan)) if variance > 0 else np.zeros(len(b))
    weight = np.where(held, weight, 0.0)
    tails = (1 - level) / 2, (1 + level) / 2
    if variance > 0:
        shape, scale = e + mean**2 / variance, b + mean / variance
    else:  # every place has the common rate, which all events tell
        shape, scale = np.full(len(b), e.sum() + 0.5), np.full(len(b), b.sum())
    low, high = (gammaincinv(shape, tail) / scale for tail in tails)
    table = pd.DataFrame(
        {
            "events": events,
            "people": matched(events, people, ("events", "people")),
            "raw": raw,
            "smoothed": weight * np.where(held, raw, 0.0) + (1 - weight) * mean,
            "low": low,
            "high": high,
            "weight": weight,
        },
        index=events.index,
    )
    return SmoothedRates(mean, variance, table, level)


def funnel(
    events: pd.Series,
    people: pd.Series,
    kind: Kind = "proportion",
    target: float | None = None,
    levels: tuple[float, float] = (0.95, 0.998),
) -> Funnel:
    """Limits that chance alone would set the rates of places of each size.

    D. J. Spiegelhalter, *Statistics in Medicine* 24, 2005, 1185-1202, appendix A.1: with ``r`` the least count
    whose distribution function F reaches the tail p, the lower limit is ``(r - a) / n`` with
    ``a = (F(r) - p) / (F(r) - F(r - 1))``. The upper limit is the same counted from above, so that no count lies
    beyond it that chance reaches more often than p; the appendix counts it from below too, which puts it up to
    one case lower and calls too many small places high.
    F is binomial for proportions and Poisson for rates. A count outside says that chance alone would seldom do
    this, and no more: it is not a ranking and not a verdict.

    *Zero* events are a value. *Nobody* at risk: no rate, no limits. *Negative* and *missing* values raise.

    Parameters
    ----------
    events, people : Series
        Matched by label; for proportions both whole and no event more than people.
    kind : {"proportion", "rate"}
    target : float, optional
        Without it all events over all people: then each place is also part of what it is measured by.
    levels : tuple of float
        Of the inner and the outer limits.

    Returns
    -------
    Funnel
        Its table is in the order of ``events``.

    Raises
    ------
    ParameterError
        If labels differ, a value is missing or does not fit, or the target is no rate of this kind.

    Examples
    --------
    >>> places = ["a", "b", "c"]
    >>> result = funnel(pd.Series([12, 30, 2], index=places), pd.Series([40, 100, 80], index=places), target=0.2)
    >>> result.table[["rate", "low", "high", "position"]].round(3)
        rate    low   high  position
    a  0.300  0.071  0.344    inside
    b  0.300  0.120  0.286      high
    c  0.025  0.110  0.298  very_low
    """
    for level in levels:
        need_level(level)
    if kind not in get_args(Kind):
        raise ParameterError(f"There is no kind {kind!r}.", hint=nearest(str(kind), get_args(Kind)))
    if not levels[0] < levels[1]:
        raise ParameterError("The inner limits are no nearer than the outer ones.", hint="Write (0.95, 0.998).")
    e, b = _events(events, people)
    people = matched(events, people, ("events", "people"))
    if kind == "proportion":
        whole(people, "people")
        if (e > b).any():
            raise ParameterError(
                f"More events than people at {named(events.index[e > b])}.", hint="Use kind='rate', or correct it."
            )
    held = b > 0
    common = float(e.sum() / b.sum()) if target is None and held.any() else target
    table = pd.DataFrame({"events": events, "people": people}, index=events.index)
    table["rate"] = e / np.where(held, b, np.nan)
    if common is None or not (common > 0 and (kind == "rate" or common < 1)):
        if target is not None:
            raise ParameterError(
                f"The target {target:g} is no {kind}.", hint="Give one above 0, and below 1 for shares."
            )
        limits = dict.fromkeys(("low", "high", "very_low", "very_high"), NAN)
        table = table.assign(**limits, position=None)
        return Funnel(NAN if common is None else common, table, levels, NAN, False, LABELS["all_alike"])
    for name, level in zip(("", "very_"), levels, strict=True):
        table[f"{name}low"], table[f"{name}high"] = _limits(b, common, (1 - level) / 2, kind)
    table["position"] = _position(table)
    chance = common * (1 - common) if kind == "proportion" else common
    dispersion = float(np.mean(b[held] * (table["rate"].to_numpy()[held] - common) ** 2 / chance))
    if target is None and held.sum() < 2:
        return Funnel(common, table.assign(position=None), levels, dispersion, False, LABELS["one_rate"])
    from scipy.special import chdtrc

    # the sum of squares is about chi-square if only chance is at work
    free = int(held.sum()) - (target is None)
    wide = bool(chdtrc(free, dispersion * held.sum()) < 1 - levels[0])
    return Funnel(common, table, levels, dispersion, True, LABELS["dispersed"] if wide else "")


def _events(events: pd.Series, people: pd.Series) -> tuple[Floats, Floats]:
    people = matched(events, people, ("events", "people"))
    e, b = amounts(events, "events", negative=False), amounts(people, "people", negative=False)
    whole(events, "events")
    if not len(e):
        raise ParameterError("There are no places.", hint="Give at least two.")
    astray = (e > 0) & (b == 0)
    if astray.any():
        raise ParameterError(
            f"Events, but nobody at risk, at {named(events.index[astray])}.", hint="Correct one or the other."
        )
    return e, b


def _limits(b: Floats, target: float, tail: float, kind: Kind) -> tuple[Floats, Floats]:
    from scipy.stats import binom, poisson

    held = np.where(b > 0, b, 1.0)
    chance = binom(held, target) if kind == "proportion" else poisson(held * target)
    r = chance.ppf(tail)  # the least count with F(r) of the tail or more
    low = r - (chance.cdf(r) - tail) / (chance.cdf(r) - chance.cdf(r - 1))
    r = chance.isf(tail)  # from above: the largest count that is reached with a chance of the tail or more
    r = np.where(chance.sf(r - 1) < tail, r - 1, r)
    high = r + (chance.sf(r - 1) - tail) / (chance.sf(r - 1) - chance.sf(r))
    # where even none or all are likelier than the tail the limit is the end itself
    highest = held if kind == "proportion" else np.inf
    low, high = np.maximum(low, 0.0) / held, np.minimum(high, highest) / held
    return np.where(b > 0, low, np.nan), np.where(b > 0, high, np.nan)


def _position(table: pd.DataFrame) -> pd.Series:
    rate = table["rate"]
    chosen = np.select(
        [
            rate.isna(),
            rate < table["very_low"],
            rate < table["low"],
            rate > table["very_high"],
            rate > table["high"],
        ],
        ["no_cases", "very_low", "low", "very_high", "high"],
        "inside",
    )
    return pd.Series(chosen, index=table.index, dtype="str")
