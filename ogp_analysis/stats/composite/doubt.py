"""Benefit of the doubt: each unit is scored with the weights that suit it best."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from ogp_analysis.errors import OgpAnalysisError, ParameterError
from ogp_analysis.stats.checks import Floats
from ogp_analysis.stats.composite.data_check import numbers_of, within


def benefit_of_doubt(data: pd.DataFrame, least: float = 0.0) -> pd.DataFrame:
    """Score of each unit under the weights most favourable to it.

    For unit i: the largest ``sum w_k y_ik`` over weights w >= 0 under which no unit of the table exceeds 1 (L.
    Cherchye, W. Moesen, N. Rogge and T. Van Puyenbroeck, *Social Indicators Research* 82, 2007, 111-145). 1 means
    that nobody is better by these weights; it does not mean good. Without bounds a unit may stand on one indicator
    alone: ``least`` asks that each indicator brings at least this share of the unit's score (the same paper).
    Scores do not change if an indicator is multiplied by a number, but do if one is shifted.

    Parameters
    ----------
    data : DataFrame
        Units by indicators, more is better, none negative.
    least : float
        From 0 to 1 / number of indicators.

    Returns
    -------
    DataFrame
        ``score``, and the weight of each indicator. A unit with a missing value has no score: it can be neither
        scored nor be a benchmark.

    Raises
    ------
    ParameterError
        If a value is negative, or ``least`` is impossible.

    Examples
    --------
    >>> table = pd.DataFrame({"a": [1.0, 0.0, 0.4], "b": [0.0, 1.0, 0.4]}, index=["x", "y", "z"])
    >>> benefit_of_doubt(table)["score"].round(6).tolist()
    [1.0, 1.0, 0.8]
    """
    table = numbers_of(data)
    y = table.to_numpy()
    scores, weights = solved(y, least, "data")
    result = pd.DataFrame(weights, index=table.index, columns=table.columns)
    result.insert(0, "score", scores)
    return result


def doubt_scores(children: Sequence[Floats], least: float, name: str) -> Floats:
    """:func:`benefit_of_doubt` of units by sets; sets of weights play no part."""
    sets = max(child.shape[1] for child in children)
    stacked = (
        np.column_stack([child[:, min(at, child.shape[1] - 1)] for child in children]) for at in range(sets)
    )
    return np.column_stack([solved(y, least, name)[0] for y in stacked])


def solved(y: Floats, least: float, name: str) -> tuple[Floats, Floats]:
    """Scores and weights of one table."""
    from scipy.optimize import linprog

    n, k = y.shape
    within(least, 0, 1 / k, "least")
    if (y < 0).any():
        raise ParameterError(
            f"A value under '{name}' is negative: benefit of the doubt needs values from 0 up.",
            hint="Normalise with method 'minmax' or 'goalposts'.",
        )
    whole = ~np.isnan(y).any(axis=1)
    scores, weights = np.full(n, np.nan), np.full((n, k), np.nan)
    rivals = np.unique(y[whole], axis=0)  # sorted, so that the answer does not depend on the order of the units
    largest = rivals.max(axis=0, initial=0.0)
    unit = np.where(largest > 0, largest, 1.0)  # each indicator by its best, for the solver's sake
    rivals = rivals / unit
    for at in np.flatnonzero(whole):
        own = y[at] / unit
        # share: w_k y_k >= least * sum w y
        bounds = least * np.tile(own, (k, 1)) - np.diag(own) if least > 0 else np.empty((0, k))
        # an indicator that nobody has above 0 earns nothing at whatever weight
        limits = [(0.0, None if best > 0 else 0.0) for best in largest]
        found = linprog(
            -own,
            A_ub=np.vstack([rivals, bounds]),
            b_ub=np.concatenate([np.ones(len(rivals)), np.zeros(len(bounds))]),
            bounds=limits,
            method="highs",
        )
        if found.status != 0:
            raise OgpAnalysisError(
                f"No solution for one unit under '{name}': {found.message}", hint="Lower 'least'."
            )
        scores[at], weights[at] = min(-found.fun, 1.0), found.x / unit
    return scores, weights
