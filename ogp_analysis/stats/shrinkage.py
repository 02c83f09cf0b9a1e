"""Rates of small members, drawn towards what the members have in common."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from ogp_analysis.errors import ParameterError
from ogp_analysis.stats.checks import Floats, counts_of, matched, named, need_level
from ogp_analysis.stats.proportions import interval

FEWEST = 3
#: Ends of the search for log(1 / strength): strengths of about 160,000 and of nearly nothing.
SEARCH = (-12.0, 12.0)
#: A likelihood that beats "all members alike" by less than this is the same likelihood with rounding.
SLACK = 1e-8


@dataclass(frozen=True, eq=False)
class Shrunk:
    """The common distribution of the members' rates, and each rate in its light.

    Attributes
    ----------
    alpha, beta : float
        Of the Beta distribution that the rates are taken to come from.
    mean : float
        ``alpha / (alpha + beta)``.
    strength : float
        ``alpha + beta``: the common mean weighs as much as this many cases. Infinite if the members differ no
        more than chance makes them; 0 if every member has all or nothing.
    members : int
        Members with at least one case; the distribution was fitted to these.
    table : DataFrame
        One row a member: ``count``, ``total``, ``raw``, ``shrunk``, ``low``, ``high`` and ``weight``, the weight
        of its own cases.
    level : float
        Of the intervals.
    """

    alpha: float
    beta: float
    mean: float
    strength: float
    members: int
    table: pd.DataFrame
    level: float


def shrink(counts: pd.Series, totals: pd.Series, level: float = 0.95) -> Shrunk:
    """Empirical-Bayes rates: the fewer cases a member has, the closer to the common mean.

    Each count is binomial and the members' rates come from one Beta(alpha, beta) (J. G. Skellam, *JRSS B* 10,
    1948, 257-261), fitted by maximum likelihood in the form of D. A. Griffiths, *Biometrics* 29, 1973, 637-648.
    A member's rate is then ``(count + alpha) / (total + alpha + beta)``, a weighted mean of its own rate, with
    weight ``total / (total + alpha + beta)``, and of the common one: on the whole closer to the truth than the
    raw rates (B. Efron and C. Morris, *JASA* 70, 1975, 311-319).

    The interval is the equal-tailed one of Beta(count + alpha, total - count + beta). It takes alpha and beta as
    known and so is too narrow, the more the fewer the members (C. N. Morris, *JASA* 78, 1983, 47-55; G. Casella,
    *American Statistician* 39, 1985, 83-87).

    Three ends need words. Members that differ no more than chance makes them: ``strength`` is infinite, every
    member gets the pooled rate and its Jeffreys interval. Members that all have everything or nothing, with some
    of both: ``strength`` is 0, the rates stay raw and have no interval. A member with a total of 0 gets the
    common distribution, with weight 0.

    Parameters
    ----------
    counts, totals : Series
        Whole numbers, one a member, matched by label.
    level : float

    Returns
    -------
    Shrunk
        Its table is in the order of ``counts``.

    Raises
    ------
    ParameterError
        If fewer than three members have cases, none has two, a value is missing or labels differ.

    Examples
    --------
    >>> members = ["a", "b", "c", "d", "e"]
    >>> result = shrink(pd.Series([1, 9, 2, 14, 0], index=members), pd.Series([4, 10, 12, 15, 0], index=members))
    >>> round(result.mean, 2), round(result.strength, 1)
    (0.58, 1.8)
    >>> result.table[["raw", "shrunk", "weight"]].round(2)
        raw  shrunk  weight
    a  0.25    0.35    0.69
    b  0.90    0.85    0.85
    c  0.17    0.22    0.87
    d  0.93    0.90    0.89
    e   NaN    0.58    0.00
    """
    need_level(level)
    k, n = counts_of(counts, matched(counts, totals, ("counts", "totals")))
    _need_enough(counts.index, k, n)
    mean, strength = _fit(k, n)
    table = pd.DataFrame({"count": k.astype(np.int64), "total": n.astype(np.int64)}, index=counts.index)
    table["raw"] = k / np.where(n > 0, n, np.nan)
    if np.isinf(strength):
        low, high = interval(int(k.sum()), int(n.sum()), "jeffreys", level)
        table = table.assign(shrunk=mean, low=low, high=high, weight=0.0)
        return Shrunk(np.inf, np.inf, mean, strength, int((n > 0).sum()), table, level)
    alpha, beta = mean * strength, (1 - mean) * strength
    if strength == 0:
        table["shrunk"] = table["raw"].fillna(mean)
        table = table.assign(low=np.nan, high=np.nan, weight=np.where(n > 0, 1.0, 0.0))
    else:
        from scipy.special import betaincinv

        table["shrunk"] = (k + alpha) / (n + strength)
        table["low"] = betaincinv(k + alpha, n - k + beta, (1 - level) / 2)
        table["high"] = betaincinv(k + alpha, n - k + beta, (1 + level) / 2)
        table["weight"] = n / (n + strength)
    return Shrunk(alpha, beta, mean, strength, int((n > 0).sum()), table, level)


def _need_enough(labels: pd.Index, k: Floats, n: Floats) -> None:
    missing = np.isnan(k + n)
    if missing.any():
        raise ParameterError(
            f"Counts or totals are missing for: {named(labels[missing])}.",
            hint="Leave these members out of both Series, and say so.",
        )
    if (n > 0).sum() < FEWEST:
        raise ParameterError(
            f"Only {(n > 0).sum()} members have cases: too few to learn what members have in common.",
            hint="Show each member's own share with its interval (proportions.interval), or add members.",
        )
    if n.max() < 2:
        raise ParameterError(
            "No member has two cases or more: whether members differ cannot be told from chance.",
            hint="Show the pooled share with its interval (proportions.interval).",
        )


def _fit(k: Floats, n: Floats) -> tuple[float, float]:
    """Mean and strength of the beta-binomial by maximum likelihood.

    The log-likelihood is a sum of ``log(m + j t)`` over successes, ``log(1 - m + j t)`` over failures, minus
    ``log(1 + j t)`` over cases, with mean m and t = 1 / strength (Griffiths 1973). It is smooth at t = 0, where
    all members are alike, and concave in m: so for each t the best m is found first, and t is looked for on a
    grid and refined between the neighbours of its best point. There is no start value to depend on.
    """
    from scipy.optimize import minimize_scalar

    pooled = float(k.sum() / n.sum())
    if pooled in (0.0, 1.0):
        return pooled, np.inf
    tested = n > 0
    if np.isin(k[tested] / n[tested], [0.0, 1.0]).all():
        # every member has all or nothing: the likelihood grows until each member is one single case
        return float((k[tested] > 0).mean()), 0.0
    yes, no, all_cases = _steps(k), _steps(n - k), _steps(n)

    def loss(log_t: float) -> float:
        t = np.exp(log_t)
        return -_likelihood(_best_mean(yes, no, t), t, yes, no, all_cases)

    grid = np.linspace(*SEARCH, 49)
    best = int(np.argmin([loss(point) for point in grid]))
    ends = grid[max(best - 1, 0)], grid[min(best + 1, len(grid) - 1)]
    found = minimize_scalar(loss, bounds=ends, method="bounded", options={"xatol": 1e-9})
    if -float(found.fun) <= _likelihood(pooled, 0.0, yes, no, all_cases) + SLACK:
        return pooled, np.inf
    t = float(np.exp(found.x))
    return _best_mean(yes, no, t), 1 / t


def _steps(counts: Floats) -> Floats:
    """How many members have more than 0, 1, 2 ... cases: the number of terms with each j."""
    return np.bincount(counts.astype(np.int64))[::-1].cumsum()[::-1][1:].astype(np.float64)


def _likelihood(m: float, t: float, yes: Floats, no: Floats, all_cases: Floats) -> float:
    def terms(number: Floats, start: float) -> float:
        return float(number @ np.log(start + t * np.arange(len(number))))

    return terms(yes, m) + terms(no, 1 - m) - terms(all_cases, 1)


def _best_mean(yes: Floats, no: Floats, t: float) -> float:
    from scipy.optimize import brentq

    def slope(m: float) -> float:
        up = (yes / (m + t * np.arange(len(yes)))).sum()
        return float(up - (no / (1 - m + t * np.arange(len(no)))).sum())

    return float(brentq(slope, 1e-12, 1 - 1e-12, xtol=1e-14))
