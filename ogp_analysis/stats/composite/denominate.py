"""Counts and amounts turned into rates by the denominators of the structure."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from ogp_analysis.errors import ParameterError
from ogp_analysis.stats.checks import named
from ogp_analysis.stats.composite.data_check import is_number, numbers_of
from ogp_analysis.stats.composite.structure import Structure


def denominate(
    data: pd.DataFrame,
    structure: Structure,
    denominators: pd.DataFrame | None = None,
    per: float | Mapping[str, float] = 1.0,
) -> pd.DataFrame:
    """Divide each indicator that has a denominator by it.

    ``x / d * per`` (OECD/JRC Handbook 2008, step 2: variables that depend on size are scaled). Indicators without
    a denominator stay as they are. Where either is missing the rate is missing.

    Parameters
    ----------
    data : DataFrame
        Units by indicators; it may hold the denominators as well.
    structure : Structure
        Its column ``denominator`` says what is divided by what.
    denominators : DataFrame, optional
        Matched by unit and code; looked for in ``data`` if not given. It may hold more units.
    per : float or mapping of code to float
        1,000 gives "per 1,000".

    Returns
    -------
    DataFrame
        The indicators only.

    Raises
    ------
    ParameterError
        If a denominator is 0 or negative, a column or unit is missing, or ``per`` is no number above 0 or names
        what has no denominator.

    Examples
    --------
    >>> from ogp_analysis.stats.composite.structure import small_structure
    >>> shape = small_structure(
    ...     code=["a", "b", "c", "access", "people", "index"],
    ...     level=[1, 1, 1, 2, None, 3],
    ...     parent=["access", "access", "access", "index", None, None],
    ...     type=["indicator", "indicator", "indicator", "aggregate", "denominator", "aggregate"],
    ...     denominator=["people", None, None, None, None, None],
    ... )
    >>> table = pd.DataFrame({"a": [5, 8], "b": [1, 2], "c": [3, 4], "people": [1000, None]}, index=["x", "y"])
    >>> denominate(table, shape, per=1000)["a"].tolist()
    [5.0, nan]
    """
    result = numbers_of(data, structure.indicators)
    below = structure.table.loc[list(structure.indicators), "denominator"].dropna()
    if below.empty:
        return result
    source = data if denominators is None else denominators
    table = numbers_of(source, sorted(set(below)), "data" if denominators is None else "denominators")
    lacking = result.index.difference(table.index, sort=False)
    if len(lacking):
        raise ParameterError(f"'denominators' lacks the units {named(lacking)}.", hint="Give every unit a row.")
    table = table.reindex(result.index)
    for code, column in table.items():
        low = column.index[column <= 0]
        if len(low):
            raise ParameterError(
                f"The denominator '{code}' is {column[low[0]]:g} at {named(low)}.",
                hint="Nothing can be divided by it: correct it, or leave it empty.",
            )
    if isinstance(per, Mapping):
        strange = [code for code in per if code not in below.index]
        if strange:
            raise ParameterError(f"'per' names {named(strange)}.", hint="Name indicators that have a denominator.")
    values = result.to_numpy(copy=True)
    for code, under in below.items():
        factor = per.get(str(code), 1.0) if isinstance(per, Mapping) else per
        if not (is_number(factor) and np.isfinite(factor) and factor > 0):
            raise ParameterError(f"'per' is {factor!r} for '{code}'.", hint="Give a number above 0.")
        at = result.columns.get_loc(code)
        values[:, at] = values[:, at] / table[under].to_numpy() * factor
    return pd.DataFrame(values, index=result.index, columns=result.columns)
