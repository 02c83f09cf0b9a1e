"""Sums by cluster from which every draw of signs follows; see :mod:`~ogp_analysis.stats.effects.bootstrap`."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from ogp_analysis.errors import ParameterError
from ogp_analysis.stats.checks import Floats, Integers, named

WEIGHTS = {
    "rademacher": np.array([-1.0, 1.0]),
    "webb": np.array([-np.sqrt(1.5), -1.0, -np.sqrt(0.5), np.sqrt(0.5), 1.0, np.sqrt(1.5)]),
}
#: Statistics this close are ties: the figures are the same but for the order of their sums.
TIE = 1e-9
BISECTIONS = 40
DOUBLINGS = 40


class Design:
    """Everything that does not change from draw to draw, in sums by cluster."""

    def __init__(
        self, y: Floats, tested: Floats, groups: Integers, others: list[Floats], absorb: list[Integers],
        names: Sequence[str],
    ) -> None:  # fmt: skip
        self.groups, self.count = groups, int(groups.max()) + 1
        self.first = absorb[0] if absorb else np.zeros(len(y), dtype=np.int64)
        dummies = [(codes == code).astype(float) for codes in absorb[1:] for code in range(int(codes.max()) + 1)]
        self.basis = _basis(
            np.column_stack([self.within(one) for one in [*others, *dummies]] or [np.zeros((len(y), 1))])
        )
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
        """For residuals u: numerators by cluster (G, q), and scores of g that the sign of h moves (G, G, q)."""
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
        """Share of draws at least as far from the null as the data."""
        top = self.top_y - np.tensordot(null, self.top_d, axes=1)
        scores = self.scores_y - np.tensordot(null, self.scores_d, axes=1)
        return _share(top, scores, signs, exhaustive)

    def bounds(self, signs: Floats, exhaustive: bool, alpha: float) -> tuple[float, float]:
        """The farthest values of a single coefficient that are not rejected, on either side of the estimate."""
        beta = float(self.beta[0])
        residual = self.scores_y[:, :, 0] - beta * self.scores_d[0, :, :, 0]
        # the real pattern comes first; numerators and scores are straight lines in the distance from the estimate,
        # so that the drawn sums need to be made once and not for every value tried
        every = np.vstack([np.ones((1, self.count)), signs])
        n0, n1 = every @ (self.top_y - beta * self.top_d[0])[:, 0], every @ self.top_d[0][:, 0]
        s0, s1 = every @ residual.T, every @ self.scores_d[0, :, :, 0].T
        a, b, c = (s0**2).sum(axis=1), (s0 * s1).sum(axis=1), (s1**2).sum(axis=1)

        def share(distance: float) -> float:
            with np.errstate(divide="ignore", invalid="ignore"):
                found = (n0 - distance * n1) ** 2 / (a - 2 * distance * b + distance**2 * c)
            return _larger(found[0], found[1:], exhaustive)

        # infinitely far away only the regressor itself counts
        if _share(self.top_d[0], self.scores_d[0], signs, exhaustive) > alpha:
            return -np.inf, np.inf
        step = float(np.sqrt(a[0])) * float(self.inverse[0, 0]) or max(abs(beta), 1.0)
        below = _edge(lambda size: share(-size) <= alpha, step)
        return beta - below, beta + _edge(lambda size: share(size) <= alpha, step)


def _edge(rejected: Callable[[float], bool], step: float) -> float:
    """The distance from which on values are rejected; infinite if none is."""
    for _ in range(DOUBLINGS):
        if rejected(step):
            break
        step *= 2
    else:
        return np.inf
    inside, outside = 0.0, step
    for _ in range(BISECTIONS):
        middle = (inside + outside) / 2
        inside, outside = (inside, middle) if rejected(middle) else (middle, outside)
    return (inside + outside) / 2


def _share(top: Floats, scores: Floats, signs: Floats, exhaustive: bool) -> float:
    """Share of draws whose statistic is at least the real one."""
    real = _wald(top, scores, np.ones((1, len(top))))[0]
    return _larger(real, _wald(top, scores, signs), exhaustive)


def _larger(real: float, drawn: Floats, exhaustive: bool) -> float:
    # a draw without scatter has no statistic; counting it as large errs towards chance
    larger = int((~(drawn < real * (1 - TIE))).sum())
    return larger / len(drawn) if exhaustive else (larger + 1) / (len(drawn) + 1)


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


def patterns(count: int, draws: int, weights: str, seed: int) -> tuple[Floats, bool]:
    """Signs (draws by clusters), and whether they are all that differ."""
    if weights == "rademacher" and 2 ** (count - 1) <= draws:
        # a pattern and its opposite give the same statistic: the last sign stays +1
        negative = np.arange(2 ** (count - 1))[:, None] >> np.arange(count) & 1
        return np.asarray(1.0 - 2.0 * negative, dtype=np.float64), True
    drawn = np.random.default_rng(seed).choice(WEIGHTS[weights], size=(draws, count))
    signs: Floats = np.asarray(drawn)
    return signs, False


def _basis(columns: Floats) -> Floats:
    """An orthonormal basis of the columns."""
    scale = np.sqrt((columns**2).sum(axis=0))
    kept = columns[:, scale > 1e-12 * max(1.0, scale.max(initial=0))]
    if not kept.shape[1]:
        return np.zeros((len(columns), 0))
    u, size, _ = np.linalg.svd(kept / np.sqrt((kept**2).sum(axis=0)), full_matrices=False)
    return np.asarray(u[:, size > 1e-9 * size[0]])
