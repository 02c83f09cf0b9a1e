"""Chance measured with few clusters: the restricted wild cluster bootstrap."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from ogp_analysis.errors import ParameterError
from ogp_analysis.stats.checks import Floats, Integers, coded, named, need_draws, need_level
from ogp_analysis.stats.effects.columns import need_columns, numbers
from ogp_analysis.stats.effects.signs import WEIGHTS, Design, patterns


@dataclass(frozen=True)
class WildBootstrap:
    """A test of one or several coefficients by drawing a sign for each cluster.

    Attributes
    ----------
    estimate : tuple of float
        One for each coefficient tested.
    p : float
        Two-sided.
    low, high : float
        Of the values not rejected, for a single coefficient; infinite if the data exclude none on that side, NaN
        if several coefficients were tested or no interval was asked for.
    clusters : int
    draws : int
        Sign patterns used.
    exhaustive : bool
        Whether these are all there are.
    level : float
    """

    estimate: tuple[float, ...]
    p: float
    low: float
    high: float
    clusters: int
    draws: int
    exhaustive: bool
    level: float


def wild_cluster_bootstrap(
    table: pd.DataFrame,
    outcome: str,
    tested: str | Sequence[str],
    *,
    cluster: str,
    others: Sequence[str] = (),
    absorb: Sequence[str] = (),
    null: float = 0.0,
    draws: int = 9999,
    weights: str = "rademacher",
    seed: int = 0,
    level: float = 0.95,
    interval: bool = True,
) -> WildBootstrap:
    """Test coefficients of a regression whose errors share few clusters, with the null imposed.

    The residuals under the null are multiplied, cluster by cluster, by +1 or -1 (or Webb's six values); each time
    the statistic is computed anew, and p is the share of statistics at least as large as the real one (A. C.
    Cameron, J. B. Gelbach and D. L. Miller, *Review of Economics and Statistics* 90, 2008, 414-427; D. Roodman et
    al., *Stata Journal* 19, 2019, 4-60). The statistic is the squared t, or the Wald statistic for several
    coefficients, with cluster-robust errors. All ``2^(G-1)`` patterns that differ are used where they are no more
    than ``draws``; else p counts the real one among the drawn. The interval holds the values not rejected.

    With few clusters *on one side* of a comparison the test rejects too seldom (J. G. MacKinnon and M. D. Webb,
    *Econometrics Journal* 21, 2018, 114-135).

    Parameters
    ----------
    table : DataFrame
        Without missing values.
    outcome : str
    tested : str or sequence of str
        Columns whose coefficients are tested.
    cluster : str
    others : sequence of str
        Further regressors.
    absorb : sequence of str
        Columns each of whose values has an intercept of its own; without them there is one intercept.
    null : float
        Value tested, of each coefficient.
    draws : int
    weights : str
        ``rademacher`` or ``webb``.
    seed : int
    level : float
    interval : bool
        Whether to find the interval of a single coefficient.

    Returns
    -------
    WildBootstrap

    Raises
    ------
    ParameterError
        If a column or value is missing, there is one cluster, or a tested column cannot be told from the others.

    Examples
    --------
    >>> table = pd.DataFrame({"y": [1, 2, 4, 3, 7, 9, 8, 9], "d": [0, 0, 0, 0, 1, 1, 1, 1], "g": list("aabbccdd")})
    >>> found = wild_cluster_bootstrap(table, "y", "d", cluster="g")
    >>> found.estimate, found.p, found.draws, found.exhaustive
    ((5.75,), 0.125, 8, True)
    """
    tested = [tested] if isinstance(tested, str) else list(tested)
    need_columns(table, [outcome, *tested, *others])
    need_columns(table, [cluster])
    need_columns(table, list(absorb))
    need_draws(draws)
    need_level(level)
    if weights not in WEIGHTS:
        raise ParameterError(f"There are no weights {weights!r}.", hint=f"Use one of: {', '.join(WEIGHTS)}.")
    y = _complete(table, outcome)
    groups = _codes(table, cluster)
    if groups.max() < 1:
        raise ParameterError("There is only one cluster.", hint="Signs can be drawn for two clusters or more.")
    design = Design(
        y, np.column_stack([_complete(table, name) for name in tested]), groups,
        [_complete(table, name) for name in others], [_codes(table, name) for name in absorb],
        tested,
    )  # fmt: skip
    signs, exhaustive = patterns(int(groups.max()) + 1, draws, weights, seed)
    p = design.p(np.full(len(tested), null), signs, exhaustive)
    low = high = float("nan")
    if interval and len(tested) == 1:
        low, high = design.bounds(signs, exhaustive, 1 - level)
    return WildBootstrap(
        tuple(float(one) for one in design.beta),
        p,
        low,
        high,
        int(groups.max()) + 1,
        len(signs),
        exhaustive,
        level,
    )


def _complete(table: pd.DataFrame, name: str) -> Floats:
    values = numbers(table[name], name)
    if np.isnan(values).any():
        raise ParameterError(
            f"Column {name!r} has no value in: {named(table.index[np.isnan(values)])}.",
            hint="Leave these rows out, and say so.",
        )
    return values


def _codes(table: pd.DataFrame, name: str) -> Integers:
    codes, _ = coded(table[name], name)
    if (codes < 0).any():
        raise ParameterError(
            f"Column {name!r} has no value in: {named(table.index[codes < 0])}.",
            hint="Leave these rows out, and say so.",
        )
    return np.unique(codes, return_inverse=True)[1].astype(np.int64)
