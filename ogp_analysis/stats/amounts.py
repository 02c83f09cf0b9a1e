"""Amounts and weights as the statistics of inequality and space take them: complete, finite, matched by label."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from ogp_analysis.errors import ParameterError
from ogp_analysis.stats.checks import SHOWN, Floats, matched, named


def amounts(values: Any, name: str, *, negative: bool = True, below: str = "Correct the value.") -> Floats:
    """Values as floats, none of them missing or infinite.

    Parameters
    ----------
    values : Series
        Numbers, each label once.
    name : str
        What a message calls them.
    negative : bool
        Whether values below zero are allowed.
    below : str
        What to do about a value below zero.

    Returns
    -------
    array of float

    Raises
    ------
    ParameterError
        If it is no Series of numbers, a label is missing or occurs twice, or a value is missing, infinite, or
        negative where it must not be; the message names the labels.

    Examples
    --------
    >>> amounts(pd.Series([1, 2.5], index=["a", "b"]), "income")
    array([1. , 2.5])
    >>> amounts(pd.Series([1, None], index=["a", "b"]), "income")
    Traceback (most recent call last):
    ...
    ogp_analysis.errors.ParameterError: 'income' is missing for: 'b'.
    What to do: Leave these units out of every Series, and say so.
    """
    matched(values, values, (name, name))
    if not pd.api.types.is_numeric_dtype(values) or pd.api.types.is_complex_dtype(values):
        raise ParameterError(f"'{name}' holds {values.dtype} and not numbers.", hint="Give numbers.")
    if pd.api.types.is_bool_dtype(values):
        raise ParameterError(f"'{name}' holds yes and no, not numbers.", hint="Give 1 and 0, as numbers.")
    numbers: Floats = values.to_numpy(dtype=np.float64, na_value=np.nan)
    absent = np.isnan(numbers)
    if absent.any():
        raise ParameterError(
            f"'{name}' is missing for: {named(values.index[absent])}.",
            hint="Leave these units out of every Series, and say so.",
        )
    if np.isinf(numbers).any():
        raise ParameterError(
            f"'{name}' is infinite for: {named(values.index[np.isinf(numbers)])}.", hint="Correct the value."
        )
    if not negative and (numbers < 0).any():
        shown = ", ".join(f"{numbers[at]:g} at {named([values.index[at]])}" for at in _first(numbers < 0))
        raise ParameterError(f"'{name}' is below zero: {shown}.", hint=below)
    return numbers


def _first(bad: npt.NDArray[np.bool_]) -> npt.NDArray[np.intp]:
    return np.flatnonzero(bad)[:SHOWN]


def shares_of(weights: pd.Series | None, values: pd.Series, names: tuple[str, str]) -> Floats:
    """Weights that sum to 1, in the order of the values; equal ones if none are given.

    A unit of weight zero counts for nothing. A missing weight raises.

    Parameters
    ----------
    weights : Series or None
        From zero up, matched by label.
    values : Series
    names : tuple of str
        What a message calls the values and the weights.

    Returns
    -------
    array of float

    Raises
    ------
    ParameterError
        If labels differ, a weight is missing, infinite or negative, or all are zero.

    Examples
    --------
    >>> people = pd.Series([30, 10], index=["b", "a"])
    >>> shares_of(people, pd.Series([5, 6], index=["a", "b"]), ("values", "weights"))
    array([0.25, 0.75])
    """
    if not len(values):
        raise ParameterError(f"'{names[0]}' is empty.", hint="Give at least one unit.")
    if weights is None:
        return np.full(len(values), 1 / len(values))
    numbers = amounts(matched(values, weights, names), names[1], negative=False)
    if numbers.sum() == 0:
        raise ParameterError(f"'{names[1]}' is zero for every unit.", hint="Give one unit a weight.")
    # sorted, so that the rounding of the sum does not depend on the order of the rows
    return np.asarray(numbers / np.sort(numbers).sum(), dtype=np.float64)
