"""What the functions ask of a table that is handed to them."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from ogp_analysis.errors import ParameterError


def require_columns(frame: pd.DataFrame, columns: Iterable[str], what: str) -> None:
    """Raise if a table handed in lacks a column that the function reads."""
    lacking = [column for column in columns if column not in frame.columns]
    if lacking:
        raise ParameterError(
            f"The table '{what}' has no column {quoted(lacking)}.",
            hint=f"It has: {', '.join(map(str, frame.columns))}.",
        )


def quoted(values: Iterable[object]) -> str:
    """List values in a message, each in quotation marks."""
    return ", ".join(f"'{value}'" for value in values)


def rows_of(series: pd.Series, first_row: int) -> list[int]:
    """Number the cells of a column for messages: by the lines of the file if the index holds them.

    Examples
    --------
    >>> rows_of(pd.Series(["a", "b"]), 2)
    [2, 3]
    >>> rows_of(pd.Series(["a", "b"], index=pd.Index([7, 9], name="line")), 2)
    [7, 9]
    """
    if series.index.name == "line" and pd.api.types.is_integer_dtype(series.index.dtype):
        return [int(line) for line in series.index]
    return list(range(first_row, first_row + len(series)))


def numbers_of(series: pd.Series) -> pd.Series:
    """Give a column as floats; text is refused, as reading it takes :func:`parse_numbers`."""
    if not pd.api.types.is_numeric_dtype(series.dtype) and not series.isna().all():
        raise ParameterError(
            f"The column {series.name!r} is not numeric.", hint="Read it with parse_numbers first."
        )
    return series.astype("Float64").astype(float)
