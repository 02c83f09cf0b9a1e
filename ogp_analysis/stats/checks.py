"""What every statistic asks of its input: the same units, whole counts, sensible settings."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from ogp_analysis.errors import ParameterError, shortened

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]

SHOWN = 5


def named(labels: Any) -> str:
    """Up to five labels for a message.

    Examples
    --------
    >>> named(["a", "b"]), named(range(7))
    ("'a', 'b'", '0, 1, 2, 3, 4 and 2 more')
    """
    shown = [repr(label) if isinstance(label, str) else str(label) for label in labels]
    more = f" and {len(shown) - SHOWN} more" if len(shown) > SHOWN else ""
    return shortened(", ".join(shown[:SHOWN]), 300) + more


def matched(first: pd.Series, second: pd.Series, names: tuple[str, str]) -> pd.Series:
    """The second Series in the order of the first; both must have the same labels, each once.

    Parameters
    ----------
    first, second : Series
    names : tuple of str
        What a message calls them.

    Raises
    ------
    ParameterError
        If one of them is no Series, a label is missing or occurs twice, or the labels differ.

    Examples
    --------
    >>> matched(pd.Series([1, 2], index=["a", "b"]), pd.Series([4, 3], index=["b", "a"]), ("x", "y")).tolist()
    [3, 4]
    """
    for one, name in zip((first, second), names, strict=True):
        if not isinstance(one, pd.Series):
            raise ParameterError(f"'{name}' is a {type(one).__name__}.", hint="Give a pandas Series.")
        if one.index.to_frame().isna().to_numpy().any():
            raise ParameterError(f"A label of '{name}' is missing.", hint="Give every unit a label of its own.")
        if not one.index.is_unique:
            twice = one.index[one.index.duplicated()].unique()
            raise ParameterError(
                f"Labels of '{name}' occur more than once: {named(twice)}.", hint="Give every unit one row."
            )
    only_first = first.index.difference(second.index, sort=False)
    only_second = second.index.difference(first.index, sort=False)
    if len(only_first) or len(only_second):
        parts = [
            f"only in '{name}': {named(labels)}"
            for name, labels in zip(names, (only_first, only_second), strict=True)
            if len(labels)
        ]
        raise ParameterError(
            f"The two Series have different labels; {'; '.join(parts)}.", hint="Give both the same units."
        )
    return second.reindex(first.index)


def whole(values: Any, name: str) -> Floats:
    """Counts as floats, missing ones as NaN.

    Parameters
    ----------
    values : Series, array or number
    name : str
        What a message calls them.

    Raises
    ------
    ParameterError
        If a value is no number, negative, infinite or not whole; the message names its label.

    Examples
    --------
    >>> whole(pd.Series([3, None, 0], dtype="Int64"), "count")
    array([ 3., nan,  0.])
    """
    series = values if isinstance(values, pd.Series) else pd.Series(np.atleast_1d(values))
    if series.dtype == object and series.isna().all():  # a single None or pd.NA
        return np.full(len(series), np.nan)
    if not pd.api.types.is_numeric_dtype(series) or pd.api.types.is_bool_dtype(series):
        raise ParameterError(f"'{name}' holds {series.dtype} and not numbers.", hint="Give whole numbers.")
    if pd.api.types.is_complex_dtype(series):
        raise ParameterError(f"'{name}' holds complex numbers.", hint="Give whole numbers.")
    numbers = series.to_numpy(dtype=np.float64, na_value=np.nan)
    with np.errstate(invalid="ignore"):
        bad = ~np.isnan(numbers) & ((numbers < 0) | (numbers != np.floor(numbers)) | np.isinf(numbers))
    if bad.any():
        raise ParameterError(
            f"'{name}' is not a whole number from 0 up: {_where(series, numbers, bad)}.", hint="Correct the count."
        )
    return numbers


def counts_of(count: Any, total: Any) -> tuple[Floats, Floats]:
    """Counts and totals as floats of one shape, with no count above its total.

    Raises
    ------
    ParameterError
        As :func:`whole`; and if a count is larger than its total, or lengths differ.

    Examples
    --------
    >>> counts_of([1, 0], [4, 5])
    (array([1., 0.]), array([4., 5.]))
    """
    k, n = whole(count, "count"), whole(total, "total")
    if len(k) != len(n):
        raise ParameterError(f"{len(k)} counts and {len(n)} totals.", hint="Give one total for each count.")
    above = k > n
    if above.any():
        labels = count.index if isinstance(count, pd.Series) else pd.RangeIndex(len(k))
        position = int(np.flatnonzero(above)[0])
        raise ParameterError(
            f"The count {k[position]:g} is larger than its total {n[position]:g}, at {named([labels[position]])}.",
            hint="Correct the count or the total.",
        )
    return k, n


def _where(series: pd.Series, numbers: Floats, bad: npt.NDArray[np.bool_]) -> str:
    return ", ".join(
        f"{numbers[position]:g} at {named([series.index[position]])}" for position in np.flatnonzero(bad)[:SHOWN]
    )


def coded(values: pd.Series, name: str) -> tuple[Integers, pd.Index]:
    """Each value as the number of its category, and the categories in order; a missing value is -1.

    A categorical keeps its own order and its unused categories; other values are sorted, so that the result does
    not depend on the order of the rows.

    Raises
    ------
    ParameterError
        If values of different types have no common order.

    Examples
    --------
    >>> numbers, labels = coded(pd.Series(["b", None, "a"]), "x")
    >>> numbers.tolist(), labels.tolist()
    ([1, -1, 0], ['a', 'b'])
    """
    if isinstance(values.dtype, pd.CategoricalDtype):
        return np.asarray(values.cat.codes, dtype=np.int64), values.cat.categories
    known = pd.Index(values.dropna().unique(), name=values.name)
    try:
        labels = pd.Index(sorted(known), dtype=known.dtype, name=values.name)
    except TypeError:
        raise ParameterError(
            f"The values of '{name}' have no common order: {named(known)}.",
            hint="Turn it into a categorical first.",
        ) from None
    return np.asarray(labels.get_indexer(pd.Index(values)), dtype=np.int64), labels


def keyed(groups: pd.Series, name: str) -> tuple[Integers, pd.Index]:
    """:func:`coded`, for keys that none may lack.

    Raises
    ------
    ParameterError
        If a key is missing.

    Examples
    --------
    >>> keyed(pd.Series(["a", None], index=["x", "y"]), "groups")
    Traceback (most recent call last):
    ...
    ogp_analysis.errors.ParameterError: 'groups' is missing for: 'y'.
    What to do: Leave these cases out, or give them a group of their own, and say so.
    """
    numbers, labels = coded(groups, name)
    if (numbers < 0).any():
        raise ParameterError(
            f"'{name}' is missing for: {named(groups.index[numbers < 0])}.",
            hint="Leave these cases out, or give them a group of their own, and say so.",
        )
    return numbers, labels


def need_level(level: float) -> None:
    """Refuse a level of confidence that is not between 0 and 1.

    Raises
    ------
    ParameterError
    """
    if not 0 < level < 1:
        raise ParameterError(f"The level {level} is not between 0 and 1.", hint="Write 0.95 for 95%.")


def need_draws(draws: int) -> None:
    """Refuse a number of draws below 1.

    Raises
    ------
    ParameterError
    """
    if draws < 1:
        raise ParameterError(f"{draws} draws are too few.", hint="Use some thousands.")
