"""Pairs of ratings as cross-tables, and the concordant and discordant pairs of cases in them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from ogp_analysis.errors import ParameterError
from ogp_analysis.stats.checks import Floats, Integers, coded, matched

#: Numbers held at a time.
MOST_CELLS = 20_000_000

#: Why a figure is missing.
LABELS = {
    "few": "Fewer than two cases have both values.",
    "constant": "One side has the same value in every case.",
    "unordered": "The values of one side have no order.",
    "alike": "No group differs on both sides.",
    "undefined": "No sample differs on both sides.",
    "single": "There are fewer than two groups.",
}


@dataclass(frozen=True, eq=False)
class Pair:
    """Two ratings of the same cases, each value as the number of its category.

    Attributes
    ----------
    rows, columns : array of int
        Of the cases with both values.
    row_labels, column_labels : Index
        The categories.
    complete : array of bool
        Which of all cases have both values.
    ordered : bool
        Whether both sides have an order.
    """

    rows: Integers
    columns: Integers
    row_labels: pd.Index
    column_labels: pd.Index
    complete: npt.NDArray[np.bool_]
    ordered: bool

    @property
    def n(self) -> int:
        """Cases with both values."""
        return int(self.complete.sum())

    @property
    def dropped(self) -> int:
        """Cases that lack one or both."""
        return int((~self.complete).sum())

    def table(self) -> Integers:
        """The cross-table of all cases."""
        return np.asarray(self.tables(np.zeros(len(self.complete), dtype=np.int64), 1)[0])

    def tables(self, layer: Integers, layers: int) -> Integers:
        """One cross-table a layer, in an order that depends on the tables only.

        Parameters
        ----------
        layer : array of int
            Of every case, complete or not.
        layers : int
            How many there are.

        Raises
        ------
        ParameterError
            If the tables are too large to hold.
        """
        shape = (layers, len(self.row_labels), len(self.column_labels))
        if np.prod(shape, dtype=float) > MOST_CELLS:
            raise ParameterError(
                f"Cross-tables of {shape[1]} by {shape[2]} values for {layers} groups are too large.",
                hint="Group the values into a few steps first.",
            )
        out = np.zeros(shape, dtype=np.int64)
        np.add.at(out, (layer[self.complete], self.rows, self.columns), 1)
        if not out.size:
            return out
        return np.asarray(out[np.lexsort(out.reshape(layers, -1).T[::-1])])


def pair_up(x: pd.Series, y: pd.Series, names: tuple[str, str]) -> Pair:
    """Match two ratings by label and number their values.

    Parameters
    ----------
    x, y : Series
    names : tuple of str
        What a message calls them.

    Raises
    ------
    ParameterError
        If the labels differ, or values of different types have no common order.

    Examples
    --------
    >>> pair = pair_up(pd.Series([1, 2, None]), pd.Series([True, False, True]), ("x", "y"))
    >>> pair.table().tolist(), pair.dropped, pair.ordered
    ([[0, 1], [1, 0]], 1, True)
    """
    y = matched(x, y, names)
    (rows, row_labels), (columns, column_labels) = coded(x, names[0]), coded(y, names[1])
    complete = (rows >= 0) & (columns >= 0)
    ordered = has_order(x) and has_order(y)
    return Pair(rows[complete], columns[complete], row_labels, column_labels, complete, ordered)


def has_order(values: pd.Series) -> bool:
    """Whether the values have an order of their own: the alphabet is none.

    Examples
    --------
    >>> has_order(pd.Series([1, 2])), has_order(pd.Series(["high", "low"]))
    (True, False)
    """
    kind = values.dtype
    if isinstance(kind, pd.CategoricalDtype):
        return bool(kind.ordered)
    return isinstance(kind, pd.PeriodDtype) or any(
        is_kind(kind)
        for is_kind in (
            pd.api.types.is_numeric_dtype,
            pd.api.types.is_bool_dtype,
            pd.api.types.is_datetime64_any_dtype,
            pd.api.types.is_timedelta64_dtype,
        )
    )


def without_empty(table: Integers) -> Integers:
    """A cross-table without the rows and columns that hold nothing.

    Examples
    --------
    >>> without_empty(np.array([[1, 0], [0, 0]])).tolist()
    [[1]]
    """
    return np.asarray(table[table.any(axis=1)][:, table.any(axis=0)])


def pairs_of(tables: Integers) -> tuple[Integers, Integers]:
    """Concordant and discordant pairs of cases, for one cross-table or a stack of them.

    A pair is concordant if the case in the higher row is also in the higher column, discordant if it is in the
    lower column; ties on either side are neither.

    Examples
    --------
    >>> [int(number) for number in pairs_of(np.array([[2, 1], [1, 3]]))]
    [6, 1]
    """
    below = tables.sum(axis=-2, keepdims=True) - tables.cumsum(axis=-2)
    up_to = below.cumsum(axis=-1)
    right, left = up_to[..., -1:] - up_to, up_to - below
    return (tables * right).sum(axis=(-2, -1)), (tables * left).sum(axis=(-2, -1))


def score(tables: Integers) -> Integers:
    """Concordant minus discordant pairs, Kendall's S.

    Examples
    --------
    >>> int(score(np.array([[2, 1], [1, 3]])))
    5
    """
    concordant, discordant = pairs_of(tables)
    return np.asarray(concordant - discordant)


def untied(margins: Integers) -> Floats:
    """Pairs of cases that differ, from how many cases have each value.

    Examples
    --------
    >>> float(untied(np.array([2, 1, 1])))
    5.0
    """
    size = margins.sum(axis=-1)
    return np.asarray((size * size - (margins * margins).sum(axis=-1)) / 2)


def tau_b(tables: Integers) -> Floats:
    """Kendall's tau-b of one cross-table or a stack of them; NaN where one side does not differ.

    Examples
    --------
    >>> tau_b(np.array([[[1, 0], [0, 1]], [[1, 1], [0, 0]]])).tolist()
    [1.0, nan]
    """
    product = untied(tables.sum(axis=-1)) * untied(tables.sum(axis=-2))
    return np.asarray(score(tables) / np.sqrt(np.where(product > 0, product, np.nan)))


def parts(draws: int, cells: int) -> Iterator[int]:
    """Split draws of tables into parts that fit into memory.

    Examples
    --------
    >>> list(parts(5, MOST_CELLS // 2))
    [2, 2, 1]
    """
    most = max(1, MOST_CELLS // max(cells, 1))
    for start in range(0, draws, most):
        yield min(most, draws - start)
