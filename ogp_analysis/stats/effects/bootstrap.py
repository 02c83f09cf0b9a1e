"""Chance measured with few clusters: the restricted wild cluster bootstrap."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from ogp_analysis.errors import ParameterError
from ogp_analysis.stats.checks import Floats, Integers, coded, named, need_draws, need_level
from ogp_analysis.stats.effects.columns import need_columns, numbers

WEIGHTS = {
    "rademacher": np.array([-1.0, 1.0]),
    "webb": np.array([-np.sqrt(1.5), -1.0, -np.sqrt(0.5), np.sqrt(0.5), 1.0, np.sqrt(1.5)]),
}
#: Statistics this close are ties: the figures are the same but for the order of their sums.
TIE = 1e-9
BISECTIONS = 40
DOUBLINGS = 40


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
        Of the values not rejected, for a single coefficient; infinite if the data exclude none on that side, NaN if
        several coefficients were tested or no interval was asked for.
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
    than ``draws``; else p counts the real one among the drawn. The interval holds the values that are not rejected.

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
    design = _Design(
        y, np.column_stack([_complete(table, name) for name in tested]), groups,
        [_complete(table, name) for name in others], [_codes(table, name) for name in absorb],
        tested,
    )  # fmt: skip
    signs, exhaustive = _signs(int(groups.max()) + 1, draws, weights, seed)
    p = design.p(np.full(len(tested), null), signs, exhaustive)
    low = high = float("nan")
    if interval and len(tested) == 1:
        low, high = (design.bound(side, signs, exhaustive, 1 - level) for side in (-1, 1))
    return WildBootstrap(
        tuple(float(one) for one in design.beta), p, low, high, int(groups.max()) + 1, len(signs), exhaustive, level
    )


class _Design:
    """Everything that does not change from draw to draw, in sums by cluster."""

    def __init__(
        self, y: Floats, tested: Floats, groups: Integers, others: list[Floats], absorb: list[Integers],
        names: Sequence[str],
    ) -> None:  # fmt: skip
        self.groups, self.count = groups, int(groups.max()) + 1
        self.first = absorb[0] if absorb else np.zeros(len(y), dtype=np.int64)
        dummies = [(codes == code).astype(float) for codes in absorb[1:] for code in range(int(codes.max()) + 1)]
        self.basis = _basis(np.column_stack([self.within(one) for one in [*others, *dummies]] or [np.zeros((len(y), 1))]))
        scale = np.sqrt((tested**2).sum(axis=0))
        self.d = self.clean(tested)
        if np.linalg.matrix_rank(self.d / scale, tol=1e-9) < self.d.shape[1]:
            raise ParameterError(
                f"The effect of {named(names)} cannot be told from the other columns.", hint="Leave columns out."
            )
        residual = self.clean(y[:, None])
        self.inverse = np.linalg.inv(self.d.T @ self.d)
        self.beta = (self.inverse @ self.d.T @ residual)[:, 0]
        self.top_y, self.scores_y = self._sums(residual[:, 0])
        by_column = [self._sums(column) for column in self.d.T]
        self.top_d = np.stack([top for top, _ in by_column])
        self.scores_d = np.stack([scores for _, scores in by_column])

    def within(self, values: Floats) -> Floats:
        """Values less the mean of their group of the first absorbed column."""
        table = values if values.ndim == 2 else values[:, None]
        sums = np.zeros((int(self.first.max()) + 1, table.shape[1]))
        np.add.at(sums, self.first, table)
        result = table - (sums / np.bincount(self.first)[:, None])[self.first]
        return result if values.ndim == 2 else result[:, 0]

    def clean(self, values: Floats) -> Floats:
        """Values less all that the other columns explain."""
        centred = self.within(values)
        return np.asarray(centred - self.basis @ (self.basis.T @ centred))

    def _sums(self, u: Floats) -> tuple[Floats, Floats]:
        """For residuals u: numerators by cluster (G, q); scores of cluster g that cluster h's sign moves (G, G, q)."""
        top = self._by_cluster(self.d * u[:, None])
        basis_u = self._by_cluster(self.basis * u[:, None])  # (G, r)
        shift = top @ self.inverse  # of the coefficients, for each h
        scores = np.zeros((self.count, self.count, self.d.shape[1]))
        cells = np.zeros((int(self.first.max()) + 1, self.count))
        np.add.at(cells, (self.first, self.groups), u)
        means = cells / np.bincount(self.first)[:, None]
        for j, column in enumerate(self.d.T):
            cross = self._by_cluster(self.basis * column[:, None])
            own = np.zeros_like(cells)
            np.add.at(own, (self.first, self.groups), column)
            square = self._by_cluster(self.d * column[:, None])
            scores[:, :, j] = np.diag(top[:, j]) - own.T @ means - cross @ basis_u.T - square @ shift.T
        return top, scores

    def _by_cluster(self, values: Floats) -> Floats:
        sums = np.zeros((self.count, values.shape[1]))
        np.add.at(sums, self.groups, values)
        return sums

    def p(self, null: Floats, signs: Floats, exhaustive: bool) -> float:
        top = self.top_y - np.tensordot(null, self.top_d, axes=1)
        scores = self.scores_y - np.tensordot(null, self.scores_d, axes=1)
        return _share(top, scores, signs, exhaustive)

    def bound(self, side: int, signs: Floats, exhaustive: bool, alpha: float) -> float:
        """The farthest value not rejected on one side of the estimate."""
        beta = float(self.beta[0])
        # infinitely far away only the regressor itself counts
        if _share(self.top_d[0], self.scores_d[0], signs, exhaustive) > alpha:
            return side * float("inf")
        spread = np.sqrt(((self.scores_y - beta * self.scores_d[0]).sum(axis=1) ** 2).sum()) * self.inverse[0, 0]
        step = float(spread) or max(abs(beta), 1.0)

        def rejected(distance: float) -> bool:
            return self.p(np.array([beta + side * distance]), signs, exhaustive) <= alpha

        for _ in range(DOUBLINGS):
            if rejected(step):
                break
            step *= 2
        else:
            return side * float("inf")
        inside, outside = 0.0, step
        for _ in range(BISECTIONS):
            middle = (inside + outside) / 2
            inside, outside = (inside, middle) if rejected(middle) else (middle, outside)
        return beta + side * (inside + outside) / 2


def _share(top: Floats, scores: Floats, signs: Floats, exhaustive: bool) -> float:
    """Share of draws whose statistic is at least the real one."""
    real = _wald(top, scores, np.ones((1, len(top))))[0]
    drawn = _wald(top, scores, signs)
    # a draw without scatter has no statistic; counting it as large errs towards chance
    larger = int((~(drawn < real * (1 - TIE))).sum())
    return larger / len(signs) if exhaustive else (larger + 1) / (len(signs) + 1)


def _wald(top: Floats, scores: Floats, signs: Floats) -> Floats:
    """``n' (S'S)^-1 n`` for each row of signs; what is common to all draws cancels."""
    n = signs @ top
    if top.shape[1] == 1:
        squares = ((signs @ scores[:, :, 0].T) ** 2).sum(axis=1)
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.asarray(n[:, 0] ** 2 / squares)
    s = np.einsum("bh,ghq->bgq", signs, scores, optimize=True)
    meat = np.einsum("bgq,bgr->bqr", s, s, optimize=True)
    return np.asarray(np.einsum("bq,bqr,br->b", n, np.linalg.pinv(meat, hermitian=True), n))


def _signs(count: int, draws: int, weights: str, seed: int) -> tuple[Floats, bool]:
    values = WEIGHTS[weights]
    if weights == "rademacher" and 2 ** (count - 1) <= draws:
        # a pattern and its opposite give the same statistic: the last sign stays +1
        patterns = np.arange(2 ** (count - 1))[:, None] >> np.arange(count) & 1
        return 1.0 - 2.0 * patterns, True
    return np.random.default_rng(seed).choice(values, size=(draws, count)), False


def _basis(columns: Floats) -> Floats:
    """An orthonormal basis of the columns."""
    scale = np.sqrt((columns**2).sum(axis=0))
    kept = columns[:, scale > 1e-12 * max(1.0, scale.max(initial=0))]
    if not kept.shape[1]:
        return np.zeros((len(columns), 0))
    u, size, _ = np.linalg.svd(kept / np.sqrt((kept**2).sum(axis=0)), full_matrices=False)
    return np.asarray(u[:, size > 1e-9 * size[0]])


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
