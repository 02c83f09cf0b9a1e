"""Whether neighbours are alike: global Moran, guarded against what would make it say anything at all.

The computation is that of `esda`. Around it: values go to places by label and never by position, a missing value
raises and does not turn every place into a cluster, the seed is the function's own, and where the data cannot
carry the method the result says so in words.
"""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from ogp_analysis.errors import ParameterError
from ogp_analysis.extras import extra_package
from ogp_analysis.stats.amounts import amounts
from ogp_analysis.stats.checks import Floats, matched, need_draws, need_level
from ogp_analysis.stats.neighbours import Neighbours

#: Below so many units a pattern of neighbours cannot be told from chance.
FEWEST = 10
#: Relative; two sums that differ by less are the same sum in another order.
SLACK = 1e-10
NAN = float("nan")

#: What the result says, and why it says nothing.
LABELS = {
    "alike": "Neighbours are more alike than chance alone would make them.",
    "unlike": "Neighbours are less alike than chance alone would make them.",
    "chance": "The pattern is within chance.",
    "few": "There are too few places to tell a pattern from chance.",
    "constant": "All places have the same value, so there is no pattern.",
    "island": "Some places have no neighbour, so likeness among neighbours cannot be told for all.",
}


#: Values permuted at a time: 8 MB.
CELLS = 1_000_000


@dataclass(frozen=True)
class GlobalMoran:
    """Moran's I of all places together.

    Attributes
    ----------
    value : float
        Above ``expected`` if neighbours are alike; NaN if ``can_tell`` is False.
    expected : float
        ``-1 / (n - 1)``: what chance gives on average.
    p : float
        Two-sided, by permutation.
    permutations : int
    n : int
    can_tell : bool
        Whether the data carry the method.
    reason : str
        Why not; empty if they do.
    words : str
        The finding in one sentence, or the reason.
    islands : tuple
        Places without neighbours.
    parts : int
        Groups of places that hang together; more than one means that some are cut off from others.
    """

    value: float
    expected: float
    p: float
    permutations: int
    n: int
    can_tell: bool
    reason: str
    words: str
    islands: tuple[Hashable, ...]
    parts: int


@dataclass(frozen=True, eq=False)
class Placed:
    """Values in the order of the neighbours' labels, ready for esda.

    Attributes
    ----------
    units : tuple
        Labels in that order.
    y : array
    reason : str
        Why no method can be used; empty if one can.
    """

    units: tuple[Hashable, ...]
    y: Floats
    reason: str


def global_moran(
    values: pd.Series,
    neighbours: Neighbours,
    permutations: int = 9999,
    seed: int = 0,
    level: float = 0.95,
) -> GlobalMoran:
    """Moran's I with row-standardised weights: whether neighbours are alike.

    ``I = sum_i z_i (mean of z over the neighbours of i) / sum_i z_i^2`` with z the values less their mean
    (P. A. P. Moran, *Biometrika* 37, 1950, 17-23; A. D. Cliff and J. K. Ord, *Spatial Processes*, 1981). The
    p-value counts how many random exchanges of the values give an I as far out on the same side, plus one,
    doubled. Rates of places of unlike size should be drawn together first
    (:func:`~ogp_analysis.stats.rates.smoothed_rates`): small places make extremes.

    *Ties*, *zeros* and *negative* values are values like any other. *Missing* values raise: leave the place out of
    values and neighbours (:meth:`~ogp_analysis.stats.neighbours.Neighbours.without`) and say so. Fewer than ten
    places, places without neighbours, and values that are all the same give no figure but a reason.

    Parameters
    ----------
    values : Series
        One a place, matched by label with the neighbours.
    neighbours : Neighbours
        As from :func:`~ogp_analysis.stats.neighbours.contiguity`.
    permutations : int
    seed : int
        The same seed gives the same p-value, whatever the order of the rows.
    level : float
        Of confidence at which the finding is put into words.

    Returns
    -------
    GlobalMoran

    Raises
    ------
    OgpAnalysisError
        If esda or libpysal is not installed.
    ParameterError
        If labels differ or a value is missing.

    Examples
    --------
    >>> ring = Neighbours.from_lists({at: [(at - 1) % 12, (at + 1) % 12] for at in range(12)})
    >>> global_moran(pd.Series(1, index=range(12)), ring).words
    'All places have the same value, so there is no pattern.'
    >>> slope = global_moran(pd.Series(range(12)), ring)  # doctest: +SKIP
    >>> round(slope.value, 3), slope.words  # doctest: +SKIP
    (0.538, 'Neighbours are more alike than chance alone would make them.')
    """
    need_draws(permutations)
    need_level(level)
    placed = place(values, neighbours)
    n, parts = len(placed.units), len(neighbours.parts)
    expected = -1 / (n - 1) if n > 1 else NAN
    if placed.reason:
        reason = placed.reason
        return GlobalMoran(NAN, expected, NAN, 0, n, False, reason, reason, neighbours.islands, parts)
    weights = esda_weights(neighbours, placed.units)
    found = extra_package("esda", "spatial").Moran(placed.y, weights, transformation="r", permutations=0)
    z = placed.y - placed.y.mean()
    # our own draws: esda takes them from numpy's global state
    rng = np.random.default_rng(seed)
    drawn = _morans(z, weights, permutations, rng)
    value = float(found.I)
    p = float(two_sided(np.array([value]), drawn[:, None])[0])
    finding = "chance" if p >= 1 - level else "alike" if value > np.median(drawn) else "unlike"
    return GlobalMoran(value, expected, p, permutations, n, True, "", LABELS[finding], (), parts)


def _morans(z: Floats, weights: Any, permutations: int, rng: np.random.Generator) -> Floats:
    """I of the values in as many random orders, some at a time so that many places do not fill the memory."""
    matrix, scale = weights.sparse, len(z) / weights.s0 / (z @ z)
    at_once = max(1, CELLS // len(z))
    found = []
    for begun in range(0, permutations, at_once):
        rows = range(min(at_once, permutations - begun))
        orders = np.array([rng.permutation(z) for _ in rows])
        found.append((orders * (matrix @ orders.T).T).sum(axis=1) * scale)
    return np.concatenate(found)


def place(values: pd.Series, neighbours: Neighbours) -> Placed:
    """Bring values to the order of the neighbours' labels, and say if no method can use them.

    Raises
    ------
    ParameterError
        If labels differ or a value is missing.

    Examples
    --------
    >>> pair = Neighbours.from_lists({"a": ["b"], "b": ["a"]})
    >>> place(pd.Series([2, 1], index=["b", "a"]), pair).y
    array([1., 2.])
    """
    if not isinstance(neighbours, Neighbours):
        raise ParameterError(
            f"'neighbours' is a {type(neighbours).__name__}.", hint="Use contiguity() or Neighbours.from_lists()."
        )
    numbers = pd.Series(amounts(values, "values"), index=values.index)
    # one object a label: a tuple must not become a level of a MultiIndex
    units = pd.Index(neighbours.units, tupleize_cols=False)
    y = matched(pd.Series(0.0, index=units), numbers, ("neighbours", "values")).to_numpy(dtype=np.float64)
    if len(y) < FEWEST:
        return Placed(neighbours.units, y, LABELS["few"])
    if np.ptp(y) <= SLACK * np.abs(y).max():
        return Placed(neighbours.units, y, LABELS["constant"])
    return Placed(neighbours.units, y, LABELS["island"] if neighbours.islands else "")


def esda_weights(neighbours: Neighbours, units: tuple[Hashable, ...]) -> Any:
    """Weights as libpysal has them, in the order of the units.

    Units go in as numbers from 0, so that no label can be taken for a position.
    """
    number = {unit: at for at, unit in enumerate(units)}
    lists = {number[unit]: [number[other] for other in neighbours.of[unit]] for unit in units}
    package = extra_package("libpysal", "spatial")
    weights = package.weights.W(lists, id_order=list(range(len(units))), silence_warnings=True)
    weights.transform = "r"
    return weights


def two_sided(observed: Floats, drawn: Floats) -> Floats:
    """Twice the share of draws as far out on the nearer side, each side with its ties and the observed one.

    Parameters
    ----------
    observed : array
        One a column of ``drawn``.
    drawn : array
        One row a draw.

    Returns
    -------
    array of float
        At most 1 and never 0.

    Examples
    --------
    >>> two_sided(np.array([5.0]), np.array([[1.0], [2.0], [3.0]])).tolist()
    [0.5]
    """
    slack = SLACK * np.maximum(np.abs(observed), np.abs(drawn).max(axis=0, initial=0))
    above = (drawn >= observed - slack).sum(axis=0) + 1
    below = (drawn <= observed + slack).sum(axis=0) + 1
    return np.asarray(np.minimum(1.0, 2 * np.minimum(above, below) / (len(drawn) + 1)), dtype=np.float64)
