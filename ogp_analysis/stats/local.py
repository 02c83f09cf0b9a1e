"""Where neighbours are alike: local Moran and Gi*, with the false discoveries among many places held down."""

from __future__ import annotations

import warnings
from collections.abc import Hashable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from math import comb
from typing import Any

import numpy as np
import pandas as pd

from ogp_analysis.errors import ParameterError
from ogp_analysis.extras import extra_package
from ogp_analysis.stats.amounts import amounts
from ogp_analysis.stats.checks import Floats, need_draws, need_level
from ogp_analysis.stats.neighbours import Neighbours
from ogp_analysis.stats.spatial import Placed, esda_weights, place, two_sided

NAN = float("nan")

#: What a place is called, and what the result says.
LABELS = {
    "high_high": "high among high neighbours",
    "low_low": "low among low neighbours",
    "high_low": "high among low neighbours",
    "low_high": "low among high neighbours",
    "hot": "high together with its neighbours",
    "cold": "low together with its neighbours",
    "within_chance": "within chance",
    "cannot_tell": "cannot be told",
    "some": "Some places stand out together with their neighbours more than chance alone would do.",
    "none": "No place stands out: what looks like a pattern is within chance.",
    "too_coarse": "With so few places no pattern could be told from chance, whatever the values.",
    "zero": "All values are zero.",
}
QUADRANTS = {1: "high_high", 2: "low_high", 3: "low_low", 4: "high_low"}


@dataclass(frozen=True, eq=False)
class LocalPattern:
    """A local statistic for every place.

    Attributes
    ----------
    method : str
        ``local_moran`` or ``getis_ord``.
    table : DataFrame
        One row a place: ``value``; ``statistic``; ``p``, two-sided by permutation; ``p_smallest`` that the
        number of neighbours allows; ``q``, adjusted for the number of places; ``kind``: ``within_chance``,
        ``cannot_tell``, or the place's kind if q is below ``1 - level``.
    level : float
    permutations : int
    can_tell : bool
        Whether the data carry the method.
    reason : str
        Why not; empty if they do.
    words : str
        The finding in one sentence, or the reason.
    islands : tuple
        Places without neighbours.
    parts : int
        Groups of places that hang together.
    """

    method: str
    table: pd.DataFrame
    level: float
    permutations: int
    can_tell: bool
    reason: str
    words: str
    islands: tuple[Hashable, ...]
    parts: int


def local_moran(
    values: pd.Series,
    neighbours: Neighbours,
    permutations: int = 9999,
    seed: int = 0,
    level: float = 0.95,
) -> LocalPattern:
    """Local Moran: places that are alike or unlike their neighbours.

    ``I_i = (n - 1) z_i (mean of z over the neighbours of i) / sum z^2`` (L. Anselin, *Geographical Analysis* 27,
    1995, 93-115; the factor is esda's). The values of all other places are exchanged at random, the place's own
    stays (conditional permutation). The p-value is two-sided and counts ties on both sides; that of esda 2.9 is
    one-sided. Over all places the false discovery rate is held at ``1 - level`` (Y. Benjamini and Y. Hochberg,
    *JRSS B* 57, 1995, 289-300; M. C. de Castro and B. H. Singer, *Geographical Analysis* 38, 2006, 180-208).

    A place with k neighbours among n has only ``C(n - 1, k)`` sets of neighbours to be drawn, so that its p-value
    cannot fall below ``p_smallest``; where that is ``1 - level`` or more, the place *cannot be told*.

    *Ties*, *zeros*, *negative* and *missing* values, few places, islands and constants: as for
    :func:`~ogp_analysis.stats.spatial.global_moran`.

    Parameters
    ----------
    values, neighbours, permutations, seed
        As there.
    level : float

    Returns
    -------
    LocalPattern
        Its table is in the order of ``values``.

    Raises
    ------
    OgpAnalysisError
        If esda or libpysal is not installed.
    ParameterError
        If labels differ or a value is missing.

    Examples
    --------
    >>> line = Neighbours.from_lists({"a": ["b"], "b": ["a", "c"], "c": ["b"]})
    >>> result = local_moran(pd.Series([1, 5, 9], index=["a", "b", "c"]), line)
    >>> result.can_tell, result.words
    (False, 'There are too few places to tell a pattern from chance.')
    """
    placed, index = _start(values, neighbours, permutations, level), values.index
    if placed.reason:
        return _cannot("local_moran", placed, neighbours, index, level, placed.reason)
    with _apart():
        found = extra_package("esda", "spatial").Moran_Local(
            placed.y, esda_weights(neighbours, placed.units), permutations=permutations, seed=seed, n_jobs=1
        )
    kinds = np.array([QUADRANTS[int(number)] for number in found.q])
    return _finish("local_moran", placed, neighbours, index, level, found.Is, np.asarray(found.sim), kinds)


def getis_ord(
    values: pd.Series,
    neighbours: Neighbours,
    permutations: int = 9999,
    seed: int = 0,
    level: float = 0.95,
) -> LocalPattern:
    """Gi*: places that are high or low together with their neighbours.

    ``G_i* = (x_i + sum of x over the neighbours of i) / sum of all x``, shown as its standard deviate
    (J. K. Ord and A. Getis, *Geographical Analysis* 27, 1995, 286-306). Permutation, p-values, false discovery
    rate and ``p_smallest`` as for :func:`local_moran`.

    *Negative* values raise: G is a share of a sum. If all values are zero there is no share. The rest as there.

    Parameters
    ----------
    values, neighbours, permutations, seed, level
        As there.

    Returns
    -------
    LocalPattern
        Its table is in the order of ``values``.

    Raises
    ------
    OgpAnalysisError
        If esda or libpysal is not installed.
    ParameterError
        If labels differ or a value is missing or negative.

    Examples
    --------
    >>> ring = Neighbours.from_lists({at: [(at - 1) % 12, (at + 1) % 12] for at in range(12)})
    >>> getis_ord(pd.Series(0, index=range(12)), ring).words
    'All values are zero.'
    """
    amounts(values, "values", negative=False, below="Use local_moran, which takes negative values.")
    placed, index = _start(values, neighbours, permutations, level), values.index
    if not placed.y.any():
        return _cannot("getis_ord", placed, neighbours, index, level, LABELS["zero"])
    if placed.reason:
        return _cannot("getis_ord", placed, neighbours, index, level, placed.reason)
    with _apart():
        found = extra_package("esda", "spatial").G_Local(
            placed.y,
            esda_weights(neighbours, placed.units),
            transform="B",
            star=True,
            permutations=permutations,
            seed=seed,
            n_jobs=1,
        )
    kinds = np.where(found.Zs > 0, "hot", "cold")
    return _finish("getis_ord", placed, neighbours, index, level, found.Zs, found.rGs.T, kinds, found.Gs)


def false_discovery(p: Floats) -> Floats:
    """P-values adjusted so that refusing those up to q keeps the false ones among them at q.

    ``q_(i) = min over j >= i of (n p_(j) / j)`` (Y. Benjamini and Y. Hochberg, *JRSS B* 57, 1995, 289-300).

    Parameters
    ----------
    p : array
        Without missing values.

    Examples
    --------
    >>> false_discovery(np.array([0.01, 0.04, 0.03, 0.5])).round(4).tolist()
    [0.04, 0.0533, 0.0533, 0.5]
    """
    order = np.argsort(p, kind="stable")
    scaled = p[order] * len(p) / np.arange(1, len(p) + 1)
    out = np.empty(len(p))
    out[order] = np.minimum(np.minimum.accumulate(scaled[::-1])[::-1], 1.0)
    return out


def _start(values: pd.Series, neighbours: Neighbours, permutations: int, level: float) -> Placed:
    need_draws(permutations)
    need_level(level)
    placed = place(values, neighbours)
    if len(placed.y) * permutations > 50_000_000:
        raise ParameterError(
            f"{permutations} permutations of {len(placed.y)} places do not fit into memory.",
            hint="Use fewer permutations.",
        )
    return placed


@contextmanager
def _apart() -> Iterator[None]:
    """Run esda without a trace: 2.9 sets numpy's global seed, and warns of p-values that are not used here."""
    before = np.random.get_state()
    try:
        with warnings.catch_warnings(action="ignore", category=DeprecationWarning):
            yield
    finally:
        np.random.set_state(before)


def _cannot(
    method: str, placed: Placed, neighbours: Neighbours, index: pd.Index, level: float, reason: str
) -> LocalPattern:
    table = pd.DataFrame({"value": placed.y}, index=pd.Index(placed.units, tupleize_cols=False))
    table = (
        table.assign(statistic=NAN, p=NAN, p_smallest=NAN, q=NAN, kind="cannot_tell")
        .reindex(list(index))
        .set_axis(index)
    )
    parts = len(neighbours.parts)
    return LocalPattern(method, table, level, 0, False, reason, reason, neighbours.islands, parts)


def _finish(
    method: str,
    placed: Placed,
    neighbours: Neighbours,
    index: pd.Index,
    level: float,
    statistic: Floats,
    drawn: Floats,
    kinds: Any,
    compared: Floats | None = None,
) -> LocalPattern:
    n, permutations = len(placed.units), len(drawn)
    p = two_sided(np.asarray(statistic if compared is None else compared), drawn)
    sets = [comb(n - 1, len(neighbours.of[unit])) for unit in placed.units]
    smallest = np.array([min(1.0, 2 * max(1 / number, 1 / (permutations + 1))) for number in sets])
    coarse = smallest >= 1 - level
    if coarse.all():
        return _cannot(method, placed, neighbours, index, level, LABELS["too_coarse"])
    q = np.full(n, NAN)
    q[~coarse] = false_discovery(p[~coarse])
    with np.errstate(invalid="ignore"):
        stands_out = q < 1 - level
    table = (
        pd.DataFrame(
            {
                "value": placed.y,
                "statistic": statistic,
                "p": p,
                "p_smallest": smallest,
                "q": q,
                "kind": np.where(coarse, "cannot_tell", np.where(stands_out, kinds, "within_chance")),
            },
            index=pd.Index(placed.units, tupleize_cols=False),
        )
        .reindex(list(index))
        .set_axis(index)
    )
    words = LABELS["some" if stands_out.any() else "none"]
    return LocalPattern(method, table, level, permutations, True, "", words, (), len(neighbours.parts))
