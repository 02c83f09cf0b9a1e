"""Two ratings of cases that come in groups: cases of one member are no independent cases."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
import pandas as pd

from ogp_analysis.stats.checks import Floats, Integers, keyed, matched, need_draws, need_level
from ogp_analysis.stats.pairs import LABELS, pair_up, parts, score, tau_b, untied, without_empty

NAN = float("nan")


@dataclass(frozen=True)
class Within:
    """Association among cases of the same stratum.

    Attributes
    ----------
    n, dropped : int
        Cases with both values; cases that lack one or both.
    strata, idle : int
        Strata that contribute; strata that cannot, for they have one case or no variation on one side.
    tau : float
        tau-b over the pairs of cases of the same contributing stratum.
    p : float
        ``(1 + as_large) / (1 + draws)``.
    as_large, draws : int
        Permutations with a score at least as far from 0; all permutations.
    reason : str
        Why ``tau`` and ``p`` are missing; empty if they are not.
    """

    n: int
    dropped: int
    strata: int
    idle: int
    tau: float = NAN
    p: float = NAN
    as_large: int = 0
    draws: int = 0
    reason: str = ""


@dataclass(frozen=True)
class ClusterInterval:
    """tau-b with an interval that takes whole clusters, not single cases, as independent.

    Attributes
    ----------
    n, dropped : int
        Cases with both values; cases that lack one or both.
    clusters : int
        Clusters with at least one case that has both values.
    tau, low, high : float
        tau-b of all cases, and its interval.
    draws, undefined : int
        Bootstrap samples; those among them without variation on one side, which have no tau-b and are left out.
    level : float
        Of the interval.
    reason : str
        Why a figure is missing; empty if none is.
    """

    n: int
    dropped: int
    clusters: int
    level: float
    tau: float = NAN
    low: float = NAN
    high: float = NAN
    draws: int = 0
    undefined: int = 0
    reason: str = ""


def within(x: pd.Series, y: pd.Series, strata: pd.Series, draws: int = 2000, seed: int = 0) -> Within:
    """Whether two ratings go together among the cases of the same member, by permutation.

    Only pairs of the same stratum are compared, so that members which are better in everything do not make an
    association by themselves (W. S. Torgerson, *Psychometrika* 21, 1956, 145-152; E. L. Korn, *Biometrics* 40,
    1984, 209-214). The score is S = C - D over these pairs; y is permuted within each stratum. Ties stay as they
    are, so S and tau-b order the permutations alike. Only the cross-table of a stratum matters, and tables
    are drawn with its margins fixed (W. M. Patefield, *Applied Statistics* 30, 1981, 91-97). The p-value counts
    the data themselves as one draw (B. Phipson and G. K. Smyth, *SAGMB* 9, 2010, article 39).

    Parameters
    ----------
    x, y : Series
        Ordered, matched by label.
    strata : Series
        The stratum of each case, on the same labels.
    draws : int
        Permutations; the p-value is never below ``1 / (1 + draws)``.
    seed : int
        The same seed gives the same p-value, whatever the order of the rows.

    Returns
    -------
    Within

    Raises
    ------
    ParameterError
        If the labels differ, a stratum is missing, or the ratings have too many values to cross.

    Examples
    --------
    >>> x, y = pd.Series([1, 2, 3, 1, 2, 3, 1]), pd.Series([1, 2, 3, 2, 3, 4, 9])
    >>> result = within(x, y, pd.Series(list("aaabbbc")))
    >>> result.tau, result.strata, result.idle
    (1.0, 2, 1)
    """
    from scipy.stats import random_table

    need_draws(draws)
    pair = pair_up(x, y, ("x", "y"))
    layer, labels = keyed(matched(x, strata, ("x", "strata")), "strata")
    present = len(np.unique(layer))
    if not pair.ordered:
        return Within(pair.n, pair.dropped, 0, present, reason=LABELS["unordered"])
    tables = pair.tables(layer, len(labels))
    used = [table for table in map(without_empty, tables) if min(table.shape) > 1]
    if not used:
        return Within(pair.n, pair.dropped, 0, present, reason=LABELS["alike"])
    generator = np.random.default_rng(seed)
    observed, permuted, differing = 0, np.zeros(draws, dtype=np.int64), np.zeros(2)
    for table in used:
        margins = table.sum(axis=1), table.sum(axis=0)
        observed += int(score(table))
        differing += [float(untied(margin)) for margin in margins]
        permuted += _permuted_scores(random_table(*margins), draws, table.size, generator)
    as_large = int((np.abs(permuted) >= abs(observed)).sum())
    tau = float(observed / np.sqrt(differing.prod()))
    p = (1 + as_large) / (1 + draws)
    return Within(pair.n, pair.dropped, len(used), present - len(used), tau, p, as_large, draws)


def cluster_interval(
    x: pd.Series, y: pd.Series, clusters: pd.Series, draws: int = 2000, seed: int = 0, level: float = 0.95
) -> ClusterInterval:
    """Interval of tau-b when the cases of one member are no independent cases.

    Percentile bootstrap: whole clusters are drawn with replacement and tau-b is computed anew from all their
    cases (A. C. Davison and D. V. Hinkley, *Bootstrap Methods and their Application*, 1997). With few clusters
    it is too narrow.

    Parameters
    ----------
    x, y : Series
        Ordered, matched by label.
    clusters : Series
        The cluster of each case, on the same labels.
    draws : int
        Bootstrap samples.
    seed : int
        The same seed gives the same interval, whatever the order of the rows.
    level : float

    Returns
    -------
    ClusterInterval

    Raises
    ------
    ParameterError
        If the labels differ, a cluster is missing, or the ratings have too many values to cross.

    Examples
    --------
    >>> x, y = pd.Series([1, 2, 3, 1, 2, 3]), pd.Series([1, 2, 3, 1, 3, 2])
    >>> result = cluster_interval(x, y, pd.Series(list("aaabbb")))
    >>> round(result.tau, 3), round(result.low, 3), round(result.high, 3)
    (0.667, 0.333, 1.0)
    """
    need_draws(draws)
    need_level(level)
    pair = pair_up(x, y, ("x", "y"))
    layer, labels = keyed(matched(x, clusters, ("x", "clusters")), "clusters")
    tables = pair.tables(layer, len(labels))
    tables = tables[tables.any(axis=(1, 2))]
    size = len(tables)
    missing = partial(ClusterInterval, pair.n, pair.dropped, size, level)
    if pair.n < 2:
        return missing(reason=LABELS["few"])
    if not pair.ordered:
        return missing(reason=LABELS["unordered"])
    tau = float(tau_b(tables.sum(axis=0)))
    if np.isnan(tau):
        return missing(reason=LABELS["constant"])
    if size < 2:
        return missing(tau, reason=LABELS["single"])
    drawn = _drawn_taus(tables, draws, seed)
    defined = drawn[~np.isnan(drawn)]
    undefined = draws - len(defined)
    if not len(defined):
        return missing(tau, draws=draws, undefined=undefined, reason=LABELS["undefined"])
    low, high = np.quantile(defined, [(1 - level) / 2, (1 + level) / 2])
    return missing(tau, float(low), float(high), draws, undefined)


def _permuted_scores(tables: Any, draws: int, cells: int, generator: np.random.Generator) -> Integers:
    return np.concatenate(
        [
            score(np.asarray(tables.rvs(size, random_state=generator)).astype(np.int64))
            for size in parts(draws, cells)
        ]
    )


def _drawn_taus(tables: Integers, draws: int, seed: int) -> Floats:
    """tau-b of each bootstrap sample: the sum of its clusters' tables, each as often as it was drawn."""
    size, flat = len(tables), tables.reshape(len(tables), -1)
    generator, even = np.random.default_rng(seed), np.full(size, 1 / size)
    return np.concatenate(
        [
            tau_b((generator.multinomial(size, even, size=part) @ flat).reshape(part, *tables.shape[1:]))
            for part in parts(draws, flat.shape[1])
        ]
    )
