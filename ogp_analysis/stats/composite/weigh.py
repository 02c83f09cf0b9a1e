"""Weights: equal, given, from principal components, or found so that each part matters as much as intended."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import pandas as pd

from ogp_analysis.errors import ParameterError
from ogp_analysis.stats.checks import Floats, named
from ogp_analysis.stats.composite.aggregate import folded, options_of
from ogp_analysis.stats.composite.components import principal_components
from ogp_analysis.stats.composite.data_check import columns_of, numbers_of, one_of
from ogp_analysis.stats.composite.structure import Structure

Weighting = Literal["given", "equal", "pca", "optimised"]
#: Which settings each method takes.
TAKES: Mapping[str, tuple[str, ...]] = {
    "given": (),
    "equal": (),
    "pca": ("squared",),
    "optimised": ("level", "importance"),
}


@dataclass(frozen=True, eq=False)
class Optimised:
    """Weights that bring importance as near to the target as can be.

    Attributes
    ----------
    weights : Series
        Of every code of the structure; within each parent of the level they sum to 1.
    table : DataFrame
        One row a code of the level: ``target`` and ``obtained`` share of importance, and ``weight``.
    reached : bool
        Whether every share is within 0.01 of its target.
    """

    weights: pd.Series
    table: pd.DataFrame
    reached: bool


def equal_weights(structure: Structure) -> pd.Series:
    """1 for every code: siblings count alike.

    A group of few indicators thereby gives each more weight in the index than a group of many; see
    :func:`effective_weights`.

    Parameters
    ----------
    structure : Structure

    Returns
    -------
    Series

    Examples
    --------
    >>> from ogp_analysis.stats.composite.structure import small_structure
    >>> equal_weights(small_structure()).unique().tolist()
    [1.0]
    """
    return pd.Series(1.0, index=structure.weights.index, name="weight")


def effective_weights(structure: Structure) -> pd.Series:
    """The weight of each code in the index, if all levels are aggregated arithmetically and nothing is missing.

    Its share among its siblings times the effective weight of its parent; those of one level sum to 1.

    Parameters
    ----------
    structure : Structure

    Returns
    -------
    Series

    Examples
    --------
    >>> from ogp_analysis.stats.composite.structure import small_structure
    >>> effective_weights(small_structure()).to_dict()
    {'a': 0.25, 'b': 0.25, 'c': 0.5, 'access': 0.5, 'need': 0.5, 'index': 1.0}
    """
    found = {structure.top: 1.0}
    for parent in reversed(structure.aggregates):
        under = structure.weights[list(structure.children[parent])]
        for code, weight in under.items():
            found[str(code)] = found[parent] * float(weight) / float(under.sum())
    return pd.Series({code: found[code] for code in structure.weights.index}, name="weight")


def pca_weights(data: pd.DataFrame, structure: Structure, squared: bool = True) -> pd.Series:
    """Weights of indicators from the first principal component of each group.

    Within each parent of indicators: the squared loadings of the first component of their correlation matrix,
    which sum to 1 (OECD/JRC Handbook 2008, step 6, weights based on principal components, without the rotation);
    ``squared=False`` takes the loadings themselves. Such weights reward indicators that say the same, not those
    that matter more, and change with the units: the Handbook warns of both. A group of one or two indicators gets
    equal weights, whatever its data. Only units with all values of the group count. Higher levels keep their
    weights.

    Parameters
    ----------
    data : DataFrame
        Units by normalised indicators.
    structure : Structure
    squared : bool

    Returns
    -------
    Series

    Raises
    ------
    ParameterError
        If a loading is negative and not squared: the indicator runs against its group, which no weight mends; or a
        group has too few complete units.

    Examples
    --------
    >>> from ogp_analysis.stats.composite.structure import small_structure
    >>> table = pd.DataFrame({"a": [1.0, 2, 3], "b": [2.0, 1, 3], "c": [1.0, 5, 2]})
    >>> pca_weights(table, small_structure())[["a", "b", "c"]].round(3).tolist()
    [0.5, 0.5, 1.0]
    """
    table = numbers_of(data, structure.indicators)
    weights = structure.weights.copy()
    for parent in structure.levels[2]:
        under = list(structure.children[parent])
        if len(under) < 2:
            weights[under] = 1.0
            continue
        loadings = principal_components(table[under]).loadings.iloc[:, 0]
        if not squared and (loadings < 0).any():
            raise ParameterError(
                f"{named(loadings.index[loadings < 0])} run against the first component of '{parent}'.",
                hint="Look at their direction and at the correlations, or use other weights.",
            )
        weights[under] = loadings**2 if squared else loadings / loadings.sum()
    return weights


def optimised_weights(
    data: pd.DataFrame,
    structure: Structure,
    level: int = 1,
    importance: Mapping[str, float] | None = None,
    **aggregation: Any,
) -> Optimised:
    """Weights under which each part of a level is as important to the index as it was meant to be.

    Importance of a part is its correlation with the index, as a share of the sum over the level. Weights are not
    importance: a part that varies little, or runs against the others, counts less than its weight says. Least
    squares over the logarithms of the weights finds those that bring the shares nearest to the target (a linear
    version of W. Becker, M. Saisana, P. Paruolo and I. Vandecasteele, *Ecological Indicators* 80, 2017, 12-22).

    Parameters
    ----------
    data : DataFrame
        Units by normalised indicators.
    structure : Structure
    level : int
        Whose weights to find.
    importance : mapping of code to float, optional
        The target for every code of the level; their effective weights if not given.
    **aggregation
        As for :func:`~ogp_analysis.stats.composite.aggregate.aggregate`.

    Returns
    -------
    Optimised

    Raises
    ------
    ParameterError
        If the level does not exist, a target lacks a code or is not positive, or fewer than three units are
        scored.

    Examples
    --------
    >>> from ogp_analysis.stats.composite.structure import small_structure
    >>> table = pd.DataFrame({"a": [1.0, 5, 3, 8], "b": [2.0, 1, 3, 5], "c": [1.0, 5, 2, 0]})
    >>> optimised_weights(table, small_structure(), level=2).reached
    True
    """
    from scipy.optimize import least_squares

    table = numbers_of(data, structure.indicators)
    codes = list(structure.levels.get(level, ()))
    if not codes or level == len(structure.levels):
        raise ParameterError(f"There are no weights at level {level}.", hint="Choose a level below the index.")
    wanted = effective_weights(structure)[codes] if importance is None else pd.Series(dict(importance))
    if set(wanted.index) != set(codes) or not (wanted > 0).all():
        raise ParameterError(
            "The importance of each code must be above 0.", hint=f"Give one each for {named(codes)}."
        )
    goal = (wanted[codes] / wanted.sum()).to_numpy()
    options = options_of(structure, **aggregation)
    values = columns_of(table)
    start = {str(code): np.array([float(weight)]) for code, weight in structure.weights.items()}

    def weights_of(theta: Floats) -> dict[str, Floats]:
        heavy = np.exp(np.clip(theta - theta.max(), -30.0, 0.0))
        return {**start, **{code: np.array([weight]) for code, weight in zip(codes, heavy, strict=True)}}

    def shares(theta: Floats) -> Floats:
        every = {**values, **folded(values, structure, weights_of(theta), options)}
        index = every[structure.top][:, 0]
        correlated = np.array([_correlation(every[code][:, 0], index) for code in codes])
        total = correlated.sum()
        # a part without a correlation has no share either: what is not known stays so, and is refused below
        return np.asarray(np.full(len(codes), 10.0) if total <= 0 else correlated / total)

    if np.isnan(shares(np.log(goal))).any():
        raise ParameterError(
            "A part has no correlation with the index: too few units are scored, or all are equal.",
            hint="Use given or equal weights.",
        )
    found = least_squares(lambda theta: np.nan_to_num(shares(theta) - goal, nan=10.0), np.log(goal), max_nfev=400)
    obtained = shares(found.x)
    weights = structure.weights.copy()
    raw = weights_of(found.x)
    parents = structure.table["parent"]
    for code in codes:
        siblings = structure.children[parents[code]]
        weights[code] = float(raw[code][0] / sum(raw[one][0] for one in siblings))
    facts = pd.DataFrame({"target": goal, "obtained": obtained, "weight": weights[codes]}, index=pd.Index(codes))
    return Optimised(weights, facts, bool(np.abs(obtained - goal).max() <= 0.01))


def weigh(
    data: pd.DataFrame,
    structure: Structure,
    method: Weighting = "given",
    aggregation: Mapping[str, Any] | None = None,
    **settings: Any,
) -> tuple[pd.Series, bool]:
    """The weights by a named method, and whether what was asked for could be reached.

    Parameters
    ----------
    data : DataFrame
        Units by normalised indicators.
    structure : Structure
    method : {"given", "equal", "pca", "optimised"}
    aggregation : mapping, optional
        How the index is aggregated, for ``optimised``.
    **settings
        Of :func:`pca_weights` or :func:`optimised_weights`.

    Returns
    -------
    tuple of Series and bool

    Raises
    ------
    ParameterError
        As these; and if the method is unknown, or does not take a setting.

    Examples
    --------
    >>> from ogp_analysis.stats.composite.structure import small_structure
    >>> weigh(pd.DataFrame({"a": [1, 2], "b": [1, 2], "c": [2, 1]}), small_structure(), "equal")[0]["a"].item()
    1.0
    """
    one_of(method, TAKES, "way to weigh")
    for setting in settings:
        one_of(setting, TAKES[method], f"setting of '{method}'")
    if method == "pca":
        return pca_weights(data, structure, **settings), True
    if method == "optimised":
        found = optimised_weights(data, structure, **settings, **(aggregation or {}))
        return found.weights, found.reached
    return (structure.weights if method == "given" else equal_weights(structure)), True


def _correlation(x: Floats, y: Floats) -> float:
    both = ~np.isnan(x + y)
    if both.sum() < 3 or np.ptp(x[both]) == 0 or np.ptp(y[both]) == 0:
        return float("nan")
    return float(np.corrcoef(x[both], y[both])[0, 1])
