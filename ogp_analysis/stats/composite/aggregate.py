"""From indicators to groups to the index, level by level."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from ogp_analysis.errors import ParameterError
from ogp_analysis.stats.checks import Floats
from ogp_analysis.stats.composite.data_check import columns_of, numbers_of, one_of, within
from ogp_analysis.stats.composite.doubt import doubt_scores
from ogp_analysis.stats.composite.means import need_positive, need_power, need_share, penalised_mean, power_mean
from ogp_analysis.stats.composite.outranking import copeland_scores
from ogp_analysis.stats.composite.structure import Structure

#: The power of those means that have one.
POWERS = {"arithmetic": 1.0, "geometric": 0.0, "harmonic": -1.0}
METHODS = (*POWERS, "power", "mazziotta_pareto", "copeland", "benefit_of_doubt")
SIGNS = {"down": -1.0, "up": 1.0}
SHARES = ("weight", "parts")


@dataclass(frozen=True, eq=False)
class Aggregated:
    """Scores of every aggregate, and how much of each is known.

    Attributes
    ----------
    scores : DataFrame
        Units by aggregates, lower levels first, the index last; unrounded.
    coverage : DataFrame
        The share of weight, 0 to 1, of the indicators under each aggregate that have a value.
    """

    scores: pd.DataFrame
    coverage: pd.DataFrame


def aggregate(
    data: pd.DataFrame,
    structure: Structure,
    method: str | Sequence[str] = "arithmetic",
    share: float | Sequence[float] = 2 / 3,
    power: float = 0.5,
    penalty: str = "down",
    least: float = 0.0,
    weights: Mapping[str, float] | pd.Series | None = None,
    share_of: str = "weight",
) -> Aggregated:
    """Aggregate normalised indicators to each level of the structure.

    Methods (OECD/JRC Handbook 2008, step 6, weighting and aggregation):

    - ``arithmetic``, ``geometric``, ``harmonic`` and ``power``: means of power 1, 0, -1 and ``power``
      (:func:`~ogp_analysis.stats.composite.means.generalised_mean`).
    - ``mazziotta_pareto``: ``M - S^2 / M``, mean less variance over mean; ``penalty="up"`` adds it, for an index
      of which more is worse. Made for scores with mean 100 and standard deviation 10, or for goalposts from 70 to
      130 (the adjusted index) (P. De Muro, M. Mazziotta and A. Pareto, *Social Indicators Research* 104, 2011,
      1-18; M. Mazziotta and A. Pareto, *Social Indicators Research* 127, 2016, 983-1003). With unequal weights,
      mean and variance are weighted (the same, *Rivista Italiana di Economia, Demografia e Statistica* 76(4),
      2022, 17-26). The variance is that of a unit's parts, divided by their number; programs differ in this.
    - ``copeland``: :func:`~ogp_analysis.stats.composite.outranking.copeland`.
    - ``benefit_of_doubt``: :func:`~ogp_analysis.stats.composite.doubt.benefit_of_doubt` with ``least``; given
      weights play no part, and every value must be known.

    A missing value is left out with its weight. An aggregate of which less than ``share`` of the weight of its
    children is known is missing itself; nothing missing ever counts as 0. ``share_of="parts"`` counts the children
    that are known, whatever their weight: the data availability threshold of COINr, which has none if not told
    (``share=0``).

    Parameters
    ----------
    data : DataFrame
        Units by normalised indicators.
    structure : Structure
    method : str or sequence of str
        One for all levels, or one each for level 2, 3 ...
    share : float or sequence of float
        One for all levels, or one each; 0 takes an aggregate as soon as one child is known.
    power : float
        For ``power``.
    penalty : {"down", "up"}
        For ``mazziotta_pareto``.
    least : float
        For ``benefit_of_doubt``.
    weights : mapping or Series, optional
        By code, instead of those of the structure.
    share_of : {"weight", "parts"}
        What ``share`` is a share of.

    Returns
    -------
    Aggregated

    Raises
    ------
    ParameterError
        If a method or setting is unknown, or a value lies outside what the method can take.

    Examples
    --------
    >>> from ogp_analysis.stats.composite.structure import small_structure
    >>> table = pd.DataFrame({"a": [10, 20, None], "b": [30, None, None], "c": [40, 60, 80]}, index=list("xyz"))
    >>> found = aggregate(table, small_structure(), share=0.5)
    >>> found.scores.to_numpy().tolist()
    [[20.0, 40.0, 30.0], [20.0, 60.0, 40.0], [nan, 80.0, 80.0]]
    >>> found.coverage["index"].tolist()
    [1.0, 0.75, 0.5]
    """
    table = numbers_of(data, structure.indicators)
    shape = structure if weights is None else structure.with_weights(weights)
    options = options_of(shape, method, share, power, penalty, least, share_of)
    sets = {code: np.array([weight]) for code, weight in shape.weights.items()}
    values = columns_of(table)
    scores = folded(values, shape, sets, options)
    known = {code: (~np.isnan(column)).astype(np.float64) for code, column in values.items()}
    covered = folded(known, shape, sets, options_of(shape, "arithmetic", 0.0))
    return Aggregated(_table(scores, table, shape), _table(covered, table, shape))


def options_of(
    structure: Structure,
    method: str | Sequence[str] = "arithmetic",
    share: float | Sequence[float] = 2 / 3,
    power: float = 0.5,
    penalty: str = "down",
    least: float = 0.0,
    share_of: str = "weight",
) -> dict[str, Any]:
    """The settings of :func:`aggregate`, checked, with a method and a share for each level."""
    methods = _for_levels(structure, method, "methods")
    for name in methods:
        one_of(name, METHODS, "way to aggregate")
    one_of(penalty, SIGNS, "direction of the penalty")
    within(least, 0, 1, "least")
    one_of(share_of, SHARES, "thing to take the share of")
    return {
        "methods": methods,
        "shares": [need_share(one) for one in _for_levels(structure, share, "shares")],
        "by_parts": share_of == "parts",
        "power": need_power(power),
        "sign": SIGNS[penalty],
        "least": least,
    }


def _for_levels(structure: Structure, given: Any, what: str) -> list[Any]:
    """One setting for each level from 2 up: as given, or the same for all."""
    above = len(structure.levels) - 1
    if isinstance(given, str) or not isinstance(given, Sequence):
        return [given] * above
    if len(given) != above:
        raise ParameterError(f"{len(given)} {what} for {above} levels.", hint="Give one for each level from 2 up.")
    return list(given)


def folded(
    values: Mapping[str, Floats],
    structure: Structure,
    weights: Mapping[Any, Floats],
    options: Mapping[str, Any],
    rule: Mapping[Any, Floats] | None = None,
) -> dict[str, Floats]:
    """:func:`aggregate` over many sets of weights at once.

    Parameters
    ----------
    values : mapping of code to array
        Units by 1 for each indicator.
    structure : Structure
    weights : mapping of code to array
        One number a set.
    options : mapping
        From :func:`options_of`.
    rule : mapping of code to array of one, optional
        The weights by which enough is known of an aggregate, if not those of the first set.

    Returns
    -------
    dict of code to array
        Units by sets for each aggregate.
    """
    found = dict(values)
    bases = {code: weight[:1] for code, weight in weights.items()} if rule is None else rule
    for level, (method, share) in enumerate(zip(options["methods"], options["shares"], strict=True), start=2):
        for code in structure.levels[level]:
            under = structure.children[code]
            children, heavy = [found[one] for one in under], np.stack([weights[one] for one in under])
            base = np.stack([bases[one] for one in under])
            if options["by_parts"]:
                base = np.ones_like(base)
            if method == "copeland":
                found[code] = copeland_scores(children, heavy, share, base)
            elif method == "benefit_of_doubt":
                found[code] = doubt_scores(children, options["least"], code)
            elif method == "mazziotta_pareto":
                found[code] = penalised_mean(children, heavy, options["sign"], share, code, base)
            else:
                power = POWERS.get(method, options["power"])
                need_positive(children, power, code)
                found[code] = power_mean(children, heavy, power, share, base)
    return {code: found[code] for code in structure.aggregates}


def _table(columns: Mapping[str, Floats], like: pd.DataFrame, structure: Structure) -> pd.DataFrame:
    return pd.DataFrame({code: columns[code][:, 0] for code in structure.aggregates}, index=like.index)
