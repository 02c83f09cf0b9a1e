"""The structure of an index as a table: what is in it, under what, in which direction and with which weight."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import pandas as pd

from ogp_analysis.errors import DataError, ParameterError, file_row, nearest
from ogp_analysis.stats.composite.csv_file import read_cells
from ogp_analysis.stats.composite.data_check import need_list
from ogp_analysis.stats.composite.structure_check import COLUMNS, checked


@dataclass(frozen=True, eq=False)
class Structure:
    """A checked structure; make it with :func:`structure` or :func:`read_structure`.

    Attributes
    ----------
    table : DataFrame
        One row a code (the index), with ``level``, ``parent``, ``direction``, ``weight``, ``type`` and
        ``denominator``, and whatever other columns were given. It is sorted by level and code, so that no result
        depends on the order of the rows.
    """

    table: pd.DataFrame

    @cached_property
    def indicators(self) -> tuple[str, ...]:
        """Codes of level 1."""
        return self._of_type("indicator")

    @cached_property
    def denominators(self) -> tuple[str, ...]:
        """Codes of columns that indicators are divided by."""
        return self._of_type("denominator")

    @cached_property
    def groups(self) -> tuple[str, ...]:
        """Codes of columns that sort the units into groups."""
        return self._of_type("group")

    @cached_property
    def aggregates(self) -> tuple[str, ...]:
        """Codes above level 1, lower levels first."""
        return self._of_type("aggregate")

    @property
    def top(self) -> str:
        """Code of the index itself."""
        return self.aggregates[-1]

    @cached_property
    def levels(self) -> Mapping[int, tuple[str, ...]]:
        """The codes of each level from 1 up."""
        codes = self.table[self.table["level"].notna()]
        return {
            int(level): tuple(codes.index[codes["level"] == level]) for level in codes["level"].unique().tolist()
        }

    @cached_property
    def children(self) -> Mapping[str, tuple[str, ...]]:
        """The codes directly under each aggregate, in the order of their codes."""
        return {code: tuple(self.table.index[self.table["parent"] == code]) for code in self.aggregates}

    @cached_property
    def weights(self) -> pd.Series:
        """The weight of each indicator and aggregate among its siblings, as given."""
        used = self.table[self.table["level"].notna()]
        return used["weight"].astype("float64").rename("weight")

    @cached_property
    def directions(self) -> pd.Series:
        """1 or -1 for each indicator."""
        return self.table.loc[list(self.indicators), "direction"].astype("float64")

    def below(self, code: str) -> tuple[str, ...]:
        """The indicators under an aggregate, at whatever depth.

        Examples
        --------
        >>> small_structure().below("index")
        ('a', 'b', 'c')
        """
        self._need([code])
        found: list[str] = []
        for child in self.children.get(code, ()):
            found += [child] if child in self.indicators else self.below(child)
        return tuple(found)

    def without(self, codes: Iterable[str]) -> Structure:
        """The same without some indicators or aggregates; a group left empty goes with them.

        Parameters
        ----------
        codes : iterable of str

        Raises
        ------
        ParameterError
            If a code is not in the structure, or nothing would be left.

        Examples
        --------
        >>> small_structure().without(["c"]).aggregates  # c was the whole of "need"
        ('access', 'index')
        """
        need_list(codes, "without")
        out = set(codes)
        self._need(out)
        table = self.table
        while True:
            gone = set(table.index[table.index.isin(out) | table["parent"].isin(out)])
            empty = {
                code
                for code in table.index[table["type"] == "aggregate"]
                if not ((table["parent"] == code) & ~table.index.isin(list(gone))).any()
            }
            if not gone | empty:
                break
            out |= gone | empty
            table = table[~table.index.isin(list(out))]
        if not (table["type"] == "indicator").any():
            raise ParameterError("Nothing would be left of the index.", hint="Leave fewer codes out.")
        return Structure(table)

    def with_weights(self, weights: Mapping[str, float] | pd.Series) -> Structure:
        """The same with other weights for some codes.

        Raises
        ------
        ParameterError
            If a code is not in the structure, or the weights are no mapping.
        DataError
            If a weight is negative or no number, or all weights of a group are zero.

        Examples
        --------
        >>> small_structure().with_weights({"a": 3}).weights[["a", "b"]].tolist()
        [3.0, 1.0]
        """
        if not isinstance(weights, (Mapping, pd.Series)):
            raise ParameterError(f"The weights are {weights!r}.", hint="Give a mapping of code to number.")
        new = {str(code): value for code, value in weights.items()}
        self._need(new)
        table = self.table.copy()
        table["weight"] = [new.get(str(code), old) for code, old in table["weight"].items()]
        try:
            return structure(table.reset_index(names="code"))
        except DataError as error:
            # the rows are those of this table, which no file has in this order: codes say which are meant
            codes = {file_row(at): code for at, code in enumerate(table.index)}
            problems = [
                replace(one, file=f"weights of '{codes[one.row]}'", row=None) if one.row in codes else one
                for one in error.problems
            ]
            raise DataError(problems, hint="Correct these weights.") from None

    def _of_type(self, name: str) -> tuple[str, ...]:
        return tuple(self.table.index[self.table["type"] == name])

    def _need(self, codes: Iterable[str]) -> None:
        for code in codes:
            if code not in self.table.index:
                raise ParameterError(f"'{code}' is not in the structure.", hint=nearest(code, self.table.index))


def structure(table: pd.DataFrame, file: str = "structure") -> Structure:
    """Check the table of an index and make a :class:`Structure` of it.

    The rules: every code once; an indicator has level 1, a direction and a weight; an aggregate has level 2 or
    higher, a weight and at least one child; a parent is an aggregate exactly one level up; exactly one aggregate
    has no parent: the index, alone on the highest level. An aggregate has no direction of its own (1 or empty):
    directions are handled once, when indicators are normalised. A denominator is a row of its own, of type
    ``denominator``, without level; a column of groups of units is of type ``group``; a row of type ``other`` is
    kept and used for nothing. Weights are relative within
    their parent, 0 or more, not all 0. The design follows W. Becker and others, COINr, *JOSS* 7(78), 2022, 4567.

    Parameters
    ----------
    table : DataFrame
        Columns ``code``, ``level``, ``parent``, ``direction``, ``weight``, ``type`` (indicator, aggregate,
        denominator, group or other) and ``denominator``; others are kept as they are.
    file : str
        What a message calls the table.

    Returns
    -------
    Structure

    Raises
    ------
    ParameterError
        If it is no table.
    DataError
        With every breach of a rule by row, column and value.

    Examples
    --------
    >>> small_structure().levels[2], small_structure().top
    (('access', 'need'), 'index')
    >>> structure(pd.DataFrame({"code": ["a"], "weights": [1]}))
    Traceback (most recent call last):
    ...
    ogp_analysis.errors.DataError: structure, column 'level': expected a column of this name
    structure, column 'parent': expected a column of this name
    ...
    """
    if not isinstance(table, pd.DataFrame):
        raise ParameterError(f"'{file}' is a {type(table).__name__}.", hint="Give a pandas DataFrame.")
    clean, problems = checked(table, file)
    if problems:
        raise DataError(problems, hint="Correct these cells of the structure.")
    clean = clean.sort_values(["level", "code"], na_position="last", kind="stable").set_index("code")
    return Structure(clean)


def read_structure(file: str | Path) -> Structure:
    """Read a structure from a CSV file in UTF-8.

    Parameters
    ----------
    file : str or path

    Returns
    -------
    Structure

    Raises
    ------
    DataError
        As :func:`structure`; rows are counted as a spreadsheet does.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = Path(folder) / "structure.csv"
    ...     small_structure().table.reset_index().to_csv(path, index=False)
    ...     read_structure(path).indicators
    ('a', 'b', 'c')
    """
    if not isinstance(file, (str, Path)):
        raise ParameterError(f"{file!r} names no file.", hint="Give the path of a CSV file in UTF-8.")
    path = Path(file)
    return structure(read_cells(path), path.name)


def small_structure(**changes: Any) -> Structure:
    """An index of three indicators in two groups, for examples.

    Parameters
    ----------
    **changes
        Columns to replace.

    Examples
    --------
    >>> small_structure().children["access"]
    ('a', 'b')
    """
    columns: dict[str, Any] = {
        "code": ["a", "b", "c", "access", "need", "index"],
        "level": [1, 1, 1, 2, 2, 3],
        "parent": ["access", "access", "need", "index", "index", None],
        "direction": [1, 1, -1, None, None, None],
        "weight": [1, 1, 1, 1, 1, 1],
        "type": ["indicator"] * 3 + ["aggregate"] * 3,
        "denominator": [None] * 6,
    }
    return structure(pd.DataFrame({**columns, **changes})[list(COLUMNS)])
