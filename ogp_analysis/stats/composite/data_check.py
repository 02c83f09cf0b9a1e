"""What every step asks of its table: units as rows, codes as columns, numbers in the cells."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping
from typing import Any, TypeGuard

import numpy as np
import pandas as pd

from ogp_analysis.errors import ParameterError, nearest
from ogp_analysis.stats.checks import Floats, named

#: Differences and squares of larger numbers leave what a double can hold.
LARGEST = 1e100


def numbers_of(table: pd.DataFrame, codes: Iterable[str] | None = None, name: str = "data") -> pd.DataFrame:
    """The columns of some codes as floats, matched by code; missing values are NaN.

    Parameters
    ----------
    table : DataFrame
        Units in the index, codes as columns.
    codes : iterable of str, optional
        Which columns, in this order; all if not given.
    name : str
        What a message calls the table.

    Returns
    -------
    DataFrame

    Raises
    ------
    ParameterError
        If a unit or column is missing or occurs twice, or a cell is infinite or no number.

    Examples
    --------
    >>> numbers_of(pd.DataFrame({"b": [1, None], "a": [3, 4]}, index=["x", "y"]), ["a", "b"]).to_numpy().tolist()
    [[3.0, 1.0], [4.0, nan]]
    >>> numbers_of(pd.DataFrame({"a": ["1,2"]}, index=["x"]))
    Traceback (most recent call last):
    ...
    ogp_analysis.errors.ParameterError: In 'data' the column 'a' holds what is no number: '1,2' at 'x'.
    What to do: Clean the column first; leave empty what is not known.
    """
    if not isinstance(table, pd.DataFrame):
        raise ParameterError(f"'{name}' is a {type(table).__name__}.", hint="Give a pandas DataFrame.")
    _need_labels(table, name)
    own = table.columns.tolist()
    wanted = own if codes is None else list(codes)
    if (
        wanted == own and len(own) and all(dtype == np.float64 for dtype in table.dtypes.tolist())
    ):  # the usual case between steps
        _need_finite(table, table.to_numpy(), wanted, name)
        return table.copy()
    there = set(own)
    lacking = [code for code in wanted if code not in there]
    if lacking:
        raise ParameterError(
            f"'{name}' has no columns for {named(lacking)}.",
            hint=f"Columns are matched by code. {nearest(lacking[0], [str(column) for column in table.columns])}",
        )
    part = table[wanted]
    if all(dtype == np.float64 for dtype in part.dtypes):
        values = part.to_numpy()
    else:
        values = np.column_stack([_floats(part[code], name) for code in wanted])
    _need_finite(part, values, wanted, name)
    return pd.DataFrame(values, index=part.index, columns=pd.Index(wanted))


def _need_finite(table: pd.DataFrame, values: Floats, codes: list[Any], name: str) -> None:
    with np.errstate(invalid="ignore"):
        beyond = np.abs(values) > LARGEST
    if beyond.any():
        row, column = np.argwhere(beyond)[0]
        what = (
            "infinite" if np.isinf(values[row, column]) else f"{values[row, column]:g}, too large to compute with,"
        )
        raise ParameterError(
            f"In '{name}' the column '{codes[column]}' is {what} at {named([table.index[row]])}.",
            hint="Correct the value, or leave it empty.",
        )


def columns_of(table: pd.DataFrame) -> dict[str, Floats]:
    """Each column of numbers as an array of units by one.

    Examples
    --------
    >>> columns_of(pd.DataFrame({"a": [1.0, 2.0]}))["a"].tolist()
    [[1.0], [2.0]]
    """
    values = table.to_numpy()
    return {str(code): np.ascontiguousarray(values[:, [at]]) for at, code in enumerate(table.columns.tolist())}


def _need_labels(table: pd.DataFrame, name: str) -> None:
    for labels, what in ((table.index, "unit"), (table.columns, "column")):
        if isinstance(labels, pd.MultiIndex):
            nameless = any(bool((codes < 0).any()) for codes in labels.codes)
        else:
            nameless = labels.hasnans
        if nameless:
            raise ParameterError(f"A {what} of '{name}' has no name.", hint="Give every row and column a label.")
        if not labels.is_unique:
            twice = labels[labels.duplicated()].unique()
            raise ParameterError(f"'{name}' has the {what} {named(twice)} more than once.", hint="Give each once.")
    if not len(table):
        raise ParameterError(f"'{name}' has no units.", hint="Give at least one row.")


def _floats(column: pd.Series, name: str) -> Floats:
    if pd.api.types.is_numeric_dtype(column) and not pd.api.types.is_complex_dtype(column):
        return np.asarray(column.to_numpy(dtype=np.float64, na_value=np.nan))
    for unit, value in column.items():
        number = isinstance(value, (int, float, np.number)) or value is None or value is pd.NA
        if not number:
            raise ParameterError(
                f"In '{name}' the column '{column.name}' holds what is no number: {value!r} at {named([unit])}.",
                hint="Clean the column first; leave empty what is not known.",
            )
    return np.asarray(pd.to_numeric(column).to_numpy(dtype=np.float64, na_value=np.nan))


def need_known(table: pd.DataFrame, name: str = "data") -> None:
    """Refuse columns without a single value.

    Raises
    ------
    ParameterError
        Naming them.
    """
    empty = table.columns[np.isnan(table.to_numpy()).all(axis=0)]
    if len(empty):
        raise ParameterError(
            f"'{name}' has no value at all for {named(empty)}.",
            hint="Leave these indicators out: structure.without([...]).",
        )


def need_varied(table: pd.DataFrame, why: str) -> None:
    """Refuse columns in which all units have the same value.

    Raises
    ------
    ParameterError
        Naming them.
    """
    values = table.to_numpy()
    same = table.columns[np.fmin.reduce(values, axis=0) == np.fmax.reduce(values, axis=0)]
    if len(same):
        raise ParameterError(
            f"All units have the same value of {named(same)}; {why}.",
            hint="Leave these indicators out: structure.without([...]), or use goalposts or ranks.",
        )


def one_of(value: str, allowed: Iterable[str], name: str) -> str:
    """Refuse a word that is not among those allowed.

    Raises
    ------
    ParameterError
        With the nearest one.
    """
    options = list(allowed)
    if value not in options:
        raise ParameterError(f"{value!r} is no {name}.", hint=nearest(str(value), options))
    return value


def is_number(value: object) -> TypeGuard[float]:
    """Whether a setting is a number; true and false are none.

    Examples
    --------
    >>> is_number(1), is_number(np.float64(0.5)), is_number("1"), is_number(True)
    (True, True, False, False)
    """
    return isinstance(value, (int, float, np.integer, np.floating)) and not isinstance(value, bool)


def within(value: float, low: float, high: float, name: str) -> float:
    """Refuse a number outside its bounds.

    Raises
    ------
    ParameterError
    """
    if not is_number(value) or not low <= value <= high:
        raise ParameterError(f"'{name}' is {value!r}.", hint=f"Give a number from {low:g} to {high:g}.")
    return float(value)


def need_whole(value: object, least: int, name: str, hint: str) -> None:
    """Refuse what is no whole number, or one below the least.

    Raises
    ------
    ParameterError

    Examples
    --------
    >>> need_whole(1.5, 1, "n", "Give some thousands.")
    Traceback (most recent call last):
    ...
    ogp_analysis.errors.ParameterError: 'n' is 1.5, not a whole number from 1 up.
    What to do: Give some thousands.
    """
    if isinstance(value, bool) or not isinstance(value, (int, np.integer)) or value < least:
        raise ParameterError(f"'{name}' is {value!r}, not a whole number from {least} up.", hint=hint)


def need_list(codes: object, name: str) -> None:
    """Refuse a text where a list of codes is asked for: its letters would be taken for codes.

    Raises
    ------
    ParameterError
    """
    if isinstance(codes, (str, bytes)) or not isinstance(codes, Iterable):
        raise ParameterError(f"'{name}' is {codes!r}.", hint='Give a list of codes, such as ["a"].')


def by_indicator(own: object, codes: Container[Any]) -> dict[str, dict[str, Any]]:
    """Settings that single indicators have of their own, as copies; none if none are given.

    Parameters
    ----------
    own : mapping of code to mapping, or None
    codes : container of str
        The indicators that are there.

    Raises
    ------
    ParameterError
        If it is something else, or names an indicator that is not there.

    Examples
    --------
    >>> by_indicator({"a": "rank"}, ["a"])
    Traceback (most recent call last):
    ...
    ogp_analysis.errors.ParameterError: 'own' is {'a': 'rank'}.
    What to do: Give a mapping of settings for each code.
    """
    if own is None:
        return {}
    if not isinstance(own, Mapping) or not all(isinstance(one, Mapping) for one in own.values()):
        raise ParameterError(f"'own' is {own!r}.", hint="Give a mapping of settings for each code.")
    strange = [code for code in own if code not in codes]
    if strange:
        raise ParameterError(f"'own' names indicators that are not there: {named(strange)}.", hint="Correct it.")
    return {code: dict(one) for code, one in own.items()}
