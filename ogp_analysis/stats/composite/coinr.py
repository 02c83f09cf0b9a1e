"""Indices kept as tables for the R package COINr: its ``iMeta`` as a structure, its ``iData`` as data."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pandas as pd

from ogp_analysis.errors import DataError, Problem, file_row
from ogp_analysis.stats.composite.csv_file import read_cells
from ogp_analysis.stats.composite.structure import Structure, structure

#: What COINr calls the columns of a structure; the last may be missing.
NAMES = {
    "iCode": "code",
    "Level": "level",
    "Parent": "parent",
    "Direction": "direction",
    "Weight": "weight",
    "Type": "type",
    "Denominator": "denominator",
}


def structure_from_coinr(meta: pd.DataFrame | str | Path, file: str = "iMeta") -> Structure:
    """Make a structure of the table ``iMeta`` that COINr builds an index from.

    Columns are renamed (``iCode``, ``Level``, ``Parent``, ``Direction``, ``Weight``, ``Type`` and, if there,
    ``Denominator``), and the types (``Indicator``, ``Aggregate``, ``Group``, ``Denominator``, ``Other``) written
    small. Levels mean the same in both, 1 for indicators. Further columns such as ``iName``, ``Unit`` and
    ``Target`` stay as they are. An empty cell or ``NA`` is nothing.
    The form is that of COINr's ``check_iMeta`` (W. Becker and others, *JOSS* 7(78), 2022, 4567).

    Parameters
    ----------
    meta : DataFrame, str or path
        The table, or a CSV file of it in UTF-8.
    file : str
        What a message calls a table that is given as such.

    Returns
    -------
    Structure

    Raises
    ------
    DataError
        If a column is missing, the file is no CSV in UTF-8, or the table breaks a rule of
        :func:`~ogp_analysis.stats.composite.structure.structure`.

    Examples
    --------
    >>> meta = pd.DataFrame(
    ...     {
    ...         "Level": [1, 1, 2, None, None],
    ...         "iCode": ["Goods", "CO2", "Index", "GDP", "Remark"],
    ...         "Parent": ["Index", "Index", None, None, None],
    ...         "Direction": [1, -1, 1, None, None],
    ...         "Weight": [2, 1, 1, None, None],
    ...         "Type": ["Indicator", "Indicator", "Aggregate", "Denominator", "Other"],
    ...         "Denominator": ["GDP", None, None, None, None],
    ...     }
    ... )
    >>> shape = structure_from_coinr(meta)
    >>> shape.indicators, shape.denominators, shape.directions.to_dict()
    (('CO2', 'Goods'), ('GDP',), {'CO2': -1.0, 'Goods': 1.0})
    """
    if isinstance(meta, (str, Path)):
        path = Path(meta)
        meta, file = _read(path), path.name
    lacking = [name for name in NAMES if name not in meta.columns and name != "Denominator"]
    if lacking:
        problems = [Problem(file, None, name, None, "a column of this name") for name in lacking]
        raise DataError(problems, hint="Give the table as COINr's check_iMeta() accepts it.")
    table = meta.rename(columns=NAMES).astype(object)
    if "denominator" not in table.columns:
        table["denominator"] = None
    table = table.where(table.notna() & (table != "NA"), None)
    table["type"] = [kind.lower() if isinstance(kind, str) else kind for kind in table["type"]]
    try:
        return structure(table, file)
    except DataError as error:
        problems = [_as_given(one, meta) for one in error.problems]
        raise DataError(problems, hint=error.hint) from None


def _as_given(problem: Problem, meta: pd.DataFrame) -> Problem:
    """A breach by COINr's name of the column; a type as the table writes it."""
    if problem.column == "type" and problem.row is not None and problem.value is not None:
        problem = replace(problem, value=str(meta["Type"].iloc[problem.row - file_row(0)]))
    back = {ours: theirs for theirs, ours in NAMES.items()}
    return replace(problem, column=back.get(str(problem.column), problem.column))


def data_from_coinr(data: pd.DataFrame | str | Path) -> pd.DataFrame:
    """Make a table of units of the table ``iData`` that COINr builds an index from.

    ``uCode`` becomes the index; ``uName`` and ``Time`` go, all other columns stay: indicators, denominators and
    groups are found by their codes. In a file an empty cell or ``NA`` is a missing value, and a column with a code
    such as ``01`` in it stays text.

    Parameters
    ----------
    data : DataFrame, str or path
        The table, or a CSV file of it in UTF-8.

    Returns
    -------
    DataFrame

    Raises
    ------
    DataError
        If the file is no CSV in UTF-8, there is no column ``uCode``, a unit has no code or occurs twice, or
        ``Time`` holds more than one time: an index is built of one at a time
        (:func:`~ogp_analysis.stats.composite.periods.build_panel` compares several).

    Examples
    --------
    >>> table = pd.DataFrame({"uName": ["Austria"], "uCode": ["AUT"], "Time": [2018], "LPI": [4.1]})
    >>> data_from_coinr(table).to_dict("index")
    {'AUT': {'LPI': 4.1}}
    """
    file = "iData"
    if isinstance(data, (str, Path)):
        path = Path(data)
        file, data = path.name, _read(path)
        for name in data.columns.difference(["uCode", "uName"]):
            numbers = pd.to_numeric(data[name], errors="coerce")
            is_code = data[name].str.fullmatch("0[0-9]+").eq(True).any()
            # a column of text stays as it is, and so does one of codes, which would lose their zeros
            if not is_code and numbers.notna().sum() == data[name].notna().sum():
                data[name] = numbers
    if "uCode" not in data.columns:
        raise DataError([Problem(file, None, "uCode", None, "a column of this name")], hint="It names the units.")
    if "Time" in data.columns and data["Time"].nunique() > 1:
        times = ", ".join(str(time) for time in sorted(data["Time"].dropna().unique())[:5])
        raise DataError(
            [Problem(file, None, "Time", times, "one time")], hint="Choose the rows of one time first."
        )
    nameless = data["uCode"].isna().to_numpy()
    if nameless.any():
        problems = [
            Problem(file, file_row(row), "uCode", None, "the code of a unit") for row in nameless.nonzero()[0]
        ]
        raise DataError(problems, hint="Give each unit a code of its own.")
    twice = data["uCode"].duplicated()
    if twice.any():
        row = int(twice.to_numpy().argmax())
        problem = Problem(
            file, file_row(row), "uCode", str(data["uCode"].iloc[row]), "a unit that has no other row"
        )
        raise DataError([problem], hint="Give each unit one row.")
    return data.set_index("uCode").drop(columns=["uName", "Time"], errors="ignore")


def _read(path: Path) -> pd.DataFrame:
    table = read_cells(path)
    return table.where(~table.isin(["", "NA"]), None)
