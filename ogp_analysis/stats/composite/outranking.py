"""Copeland's rule: who beats more of the others than beat it, indicator by indicator."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from ogp_analysis.errors import ParameterError
from ogp_analysis.stats.checks import Floats
from ogp_analysis.stats.composite.data_check import numbers_of
from ogp_analysis.stats.composite.means import DUST, need_share


def copeland(data: pd.DataFrame, weights: pd.Series | None = None, share: float = 2 / 3) -> pd.Series:
    """Copeland score of each unit: units it beats less units that beat it.

    One unit beats another if the weights of the indicators in which it is better exceed those in which it is
    worse; a draw counts for neither. No indicator makes up for another by its size, only by its weight (A. H.
    Copeland, *A reasonable social welfare function*, University of Michigan, 1951; OECD/JRC Handbook 2008, step 6,
    non-compensatory multi-criteria approach). Two units are compared in the indicators that both have. The score
    depends on who else is there. COINr's scores are the same if nothing is missing; an indicator that one of two
    units lacks counts there for the unit further down the table, and equal sums of weights may differ by rounding.

    Parameters
    ----------
    data : DataFrame
        Units by indicators, more is better.
    weights : Series, optional
        By code; equal if not given.
    share : float
        A unit of which less than this share of the weight is known has no score and is nobody's rival.

    Returns
    -------
    Series

    Raises
    ------
    ParameterError
        If a code has no weight, or a weight is negative.

    Examples
    --------
    >>> copeland(pd.DataFrame({"a": [1, 5, 3, 2], "b": [4, 4, 2, 1], "c": [9, 2, 6, 6]})).tolist()
    [2.0, 2.0, -1.0, -3.0]
    """
    table = numbers_of(data)
    w = pd.Series(1.0, index=table.columns) if weights is None else weights.reindex(table.columns)
    if not (w >= 0).all() or not w.sum() > 0:
        raise ParameterError("A code has no weight, or one below 0.", hint="Give every code a weight from 0 up.")
    children = [table[[code]].to_numpy() for code in sorted(table.columns, key=str)]
    heavy = np.array([[w[code]] for code in sorted(table.columns, key=str)], dtype=np.float64)
    return pd.Series(
        copeland_scores(children, heavy, need_share(share), heavy)[:, 0], index=table.index, name="copeland"
    )


def copeland_scores(children: Sequence[Floats], weights: Floats, share: float, rule: Floats) -> Floats:
    """:func:`copeland` of units by sets of weights."""
    sets = max(weights.shape[1], *(child.shape[1] for child in children))
    result = np.empty((len(children[0]), sets))
    for at in range(sets):
        x = np.column_stack([child[:, min(at, child.shape[1] - 1)] for child in children])
        result[:, at] = _one(x, weights[:, min(at, weights.shape[1] - 1)], share, rule[:, 0])
    return result


def _one(x: Floats, w: Floats, share: float, rule: Floats) -> Floats:
    known = ~np.isnan(x)
    enough = ((known * rule).sum(axis=1) >= rule.sum() * (share - DUST)) & (known * w).any(axis=1)
    x = x[enough]
    balance = np.zeros((len(x), len(x)))
    for column, weight in zip(x.T, w, strict=True):
        with np.errstate(invalid="ignore"):
            balance += weight * np.nan_to_num(np.sign(column[:, None] - column[None, :]))
    balance[np.abs(balance) <= DUST * w.sum()] = 0.0
    result = np.full(len(known), np.nan)
    result[enough] = np.sign(balance).sum(axis=1)
    return result
