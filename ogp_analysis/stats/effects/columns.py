"""Columns of a tidy table, read without a guess: outcome, indicators, periods, starts."""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterable
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from ogp_analysis.errors import ParameterError, nearest, shortened
from ogp_analysis.stats.checks import Floats, Integers, keyed, named

#: Start of a place that never has the measure, as a rank of periods.
NEVER = -1


def need_columns(table: pd.DataFrame, names: Iterable[str | None]) -> None:
    """Refuse a table that lacks a column, or has it twice.

    Raises
    ------
    ParameterError

    Examples
    --------
    >>> need_columns(pd.DataFrame({"rate": [1]}), ["rates"])
    Traceback (most recent call last):
    ...
    ogp_analysis.errors.ParameterError: There is no column 'rates'.
    What to do: Did you mean 'rate'?
    """
    if not isinstance(table, pd.DataFrame):
        raise ParameterError(f"The panel is a {type(table).__name__}.", hint="Give a pandas DataFrame, or None.")
    wanted = [name for name in names if name is not None]
    for name in wanted:
        found = list(table.columns).count(name)
        if found == 0:
            raise ParameterError(f"There is no column {name!r}.", hint=nearest(str(name), map(str, table.columns)))
        if found > 1:
            raise ParameterError(f"Column {name!r} occurs {found} times.", hint="Give each column its own name.")
    twice = sorted({str(name) for name in wanted if wanted.count(name) > 1})
    if twice:
        raise ParameterError(f"Column {twice[0]!r} was given for two things.", hint="Give each its own column.")


def numbers(column: pd.Series, name: str) -> Floats:
    """Numbers as floats, missing ones as NaN; text is never turned into a number.

    Raises
    ------
    ParameterError
        With column, row and value.

    Examples
    --------
    >>> numbers(pd.Series([1, None, 3], dtype="Int64"), "rate")
    array([ 1., nan,  3.])
    >>> numbers(pd.Series([1, "1.213"], index=["a", "b"]), "rate")
    Traceback (most recent call last):
    ...
    ogp_analysis.errors.ParameterError: Column 'rate', row 'b': found '1.213', expected a number.
    What to do: Read the text with ogp_analysis.cleaning.parse_numbers, or correct the cell.
    """
    hint = "Read the text with ogp_analysis.cleaning.parse_numbers, or correct the cell."
    if isinstance(column.dtype, pd.CategoricalDtype):
        column = column.astype(column.cat.categories.dtype)
    if not pd.api.types.is_numeric_dtype(column) or pd.api.types.is_complex_dtype(column):
        missing = column.isna().to_numpy()
        for row, value, empty in zip(column.index, column, missing, strict=True):
            if not empty and (isinstance(value, str) or not np.isreal(value) or not _is_number(value)):
                raise _bad(name, row, value, "a number", hint)
        column = column.where(~missing, np.nan)
    values = column.to_numpy(dtype=np.float64, na_value=np.nan)
    if np.isinf(values).any():
        at = int(np.flatnonzero(np.isinf(values))[0])
        raise _bad(name, column.index[at], values[at], "a finite number", "Correct the cell, or leave it empty.")
    return values


def indicator(column: pd.Series, name: str) -> Floats:
    """Yes and no as 1 and 0, from truth values or numbers; a missing one as NaN.

    Raises
    ------
    ParameterError
        With column, row and value.

    Examples
    --------
    >>> indicator(pd.Series([True, None, False], dtype="boolean"), "treated")
    array([ 1., nan,  0.])
    >>> indicator(pd.Series([0, 2]), "treated")
    Traceback (most recent call last):
    ...
    ogp_analysis.errors.ParameterError: Column 'treated', row 1: found 2, expected 0 or 1, False or True.
    What to do: Write 1 where the measure applies and 0 where not; leave unknown ones empty.
    """
    hint = "Write 1 where the measure applies and 0 where not; leave unknown ones empty."
    values = np.full(len(column), np.nan)
    for at, (value, empty) in enumerate(zip(column, column.isna(), strict=True)):
        if empty:
            continue
        if not _is_number(value) or value not in (0, 1):
            raise _bad(name, column.index[at], value, "0 or 1, False or True", hint)
        values[at] = float(value)
    return values


def periods(column: pd.Series, name: str) -> tuple[Integers, pd.Index]:
    """Each period as its rank from 0, and the periods in order.

    Raises
    ------
    ParameterError
        If a period is missing, or the periods have no order that can be trusted.

    Examples
    --------
    >>> ranks, labels = periods(pd.Series([2022, 2020, 2022]), "year")
    >>> ranks.tolist(), labels.tolist()
    ([1, 0, 1], [2020, 2022])
    >>> periods(pd.Series(["9", "10"]), "month")
    Traceback (most recent call last):
    ...
    ogp_analysis.errors.ParameterError: 'month' holds numbers written as text: '10', '9'.
    What to do: Turn them into numbers: as text, 10 comes before 9.
    """
    if isinstance(column.dtype, pd.CategoricalDtype):
        column = column.cat.remove_unused_categories()
    if pd.api.types.is_float_dtype(column) and np.isinf(column.to_numpy(dtype=float, na_value=np.nan)).any():
        raise ParameterError(f"'{name}' holds an infinite period.", hint="Correct the cell.")
    ranks, labels = keyed(column, name)
    texts = [label for label in labels if isinstance(label, str)]
    if len({len(text) for text in texts}) > 1 and all(re.fullmatch(r"-?[0-9.]+", text) for text in texts):
        raise ParameterError(
            f"'{name}' holds numbers written as text: {named(labels)}.",
            hint="Turn them into numbers: as text, 10 comes before 9.",
        )
    return ranks, labels


def starts(column: pd.Series, name: str, labels: pd.Index) -> Integers:
    """The rank of the first period with the measure, for each row; never is :data:`NEVER`.

    Never is a missing value or infinity; and 0, if every period is above 0. A start between two periods falls on
    the later one. A start after the last period gets the rank after it.

    Parameters
    ----------
    column : Series
    name : str
    labels : Index
        The periods in order.

    Raises
    ------
    ParameterError
        With column, row and value.

    Examples
    --------
    >>> starts(pd.Series([2021, 0, None, float("inf"), 2030]), "start", pd.Index([2020, 2021])).tolist()
    [1, -1, -1, -1, 2]
    """
    missing = column.isna().to_numpy()
    numeric = pd.api.types.is_numeric_dtype(labels)
    hint = f"Write the period as in the column of periods, such as {labels[-1]}; leave it empty for never."
    zero_is_never = numeric and labels[0] > 0
    found: dict[Hashable, int] = {}
    result = np.full(len(column), NEVER, dtype=np.int64)
    for at, (value, empty) in enumerate(zip(column, missing, strict=True)):
        if empty:
            continue
        if value not in found:
            found[value] = _start(value, labels, numeric, zero_is_never)
        if found[value] < NEVER:
            raise _bad(name, column.index[at], value, "a period, or nothing for never", hint)
        result[at] = found[value]
    return result


def _start(value: Any, labels: pd.Index, numeric: bool, zero_is_never: bool) -> int:
    """-2 where the value cannot be placed."""
    if numeric:
        if not _is_number(value) or isinstance(value, bool | np.bool_) or value == -np.inf:
            return -2
        if value == np.inf or (zero_is_never and value == 0):
            return NEVER
    elif isinstance(value, str) or isinstance(labels, pd.CategoricalIndex):
        # text compares letter by letter, and a category not listed has no place: only known periods are sure
        return list(labels).index(value) if value in labels else -2
    try:
        return int(sum(bool(label < value) for label in labels))
    except (TypeError, ValueError):
        return -2


def constant_within(
    values: npt.NDArray[Any], keys: Integers, labels: pd.Index, name: str, what: str, hint: str
) -> None:
    """Refuse values that differ within a key; a missing one among known ones differs too.

    Raises
    ------
    ParameterError
        With the first key and its values.
    """
    frame = pd.DataFrame({"key": keys, "value": values})
    different = frame.groupby("key")["value"].nunique(dropna=False)
    if (different > 1).any():
        key = int(different.index[(different > 1).to_numpy()][0])
        own = sorted(frame.loc[frame["key"] == key, "value"].unique().tolist(), key=str)
        raise ParameterError(f"'{name}' differs within {what} {named([labels[key]])}: {named(own)}.", hint=hint)


def _is_number(value: Any) -> bool:
    from decimal import Decimal
    from numbers import Real

    return isinstance(value, Real | Decimal | np.bool_)


def _bad(name: str, row: Hashable, value: Any, expected: str, hint: str) -> ParameterError:
    shown = shortened(repr(value.item() if isinstance(value, np.generic) else value))
    return ParameterError(f"Column {name!r}, row {named([row])}: found {shown}, expected {expected}.", hint=hint)
