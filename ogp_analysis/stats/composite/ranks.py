"""Ranks by unrounded scores: 1 is the best, equals share the better rank, a missing score has none."""

from __future__ import annotations

import numpy as np
import pandas as pd

from ogp_analysis.stats.checks import Floats

#: What rounding in a few hundred sums and products may do to a score, as a share of the largest.
ROUNDING = 1e-13


def ranks(scores: pd.Series | pd.DataFrame) -> pd.Series | pd.DataFrame:
    """Rank of each unit, 1 for the highest score.

    ``1 + number of units with a higher score``: equals share the better rank and the next one is left out, as in
    sport. Scores are compared as they are, unrounded, but for what arithmetic on a computer itself rounds: two
    units at full marks, one of them with a value missing, must not differ by 7.000000000000001 against 7. Scores
    closer than 1e-13 of the largest are equal. A unit without a score has no rank and nobody is ranked against it.

    Parameters
    ----------
    scores : Series or DataFrame
        Columns are ranked one by one.

    Returns
    -------
    Series or DataFrame
        Of the type ``Int64``.

    Examples
    --------
    >>> ranks(pd.Series([3.0, 5.0, None, 5.0], index=list("abcd"))).tolist()
    [3, 1, <NA>, 1]
    """
    table = pd.DataFrame(scores)
    place = column_ranks(table.to_numpy(dtype=np.float64, na_value=np.nan))
    found = pd.DataFrame(place, index=table.index, columns=table.columns).astype("Int64")
    return found.iloc[:, 0] if isinstance(scores, pd.Series) else found


def column_ranks(scores: Floats) -> Floats:
    """:func:`ranks` of every column of a bare array, NaN where there is no score.

    Examples
    --------
    >>> column_ranks(np.array([[3.0], [5.0], [np.nan], [5.0]])).ravel().tolist()
    [3.0, 1.0, nan, 1.0]
    """
    order = np.argsort(-scores, axis=0, kind="stable")  # NaN goes last
    ordered = np.take_along_axis(scores, order, axis=0)
    place = np.broadcast_to(np.arange(len(scores), dtype=np.int32)[:, None], scores.shape).copy()
    place[1:][ordered[:-1] - ordered[1:] <= dust(scores)] = 0  # an equal takes the place of the first of its kind
    np.maximum.accumulate(place, axis=0, out=place)
    found = np.empty(scores.shape)
    np.put_along_axis(found, order, place + 1.0, axis=0)
    found[np.isnan(scores)] = np.nan
    return found


def dust(scores: Floats) -> Floats:
    """How far equal scores of each column may lie apart by rounding.

    Examples
    --------
    >>> dust(np.array([[100.0, np.nan], [-4.0, np.nan]])).tolist() == [ROUNDING * 100, 0.0]
    True
    """
    return np.asarray(ROUNDING * np.fmax.reduce(np.abs(scores), axis=0, initial=0.0))
