"""What is done with a published table next: its totals are checked, its year columns become rows."""

from __future__ import annotations

import re
from collections.abc import Iterable

import pandas as pd

from ogp_analysis.cleaning.layout import NUMBER_LABELS
from ogp_analysis.cleaning.numbers import parse_numbers
from ogp_analysis.cleaning.numerals import Dash, take_apart
from ogp_analysis.cleaning.published import PublishedTable
from ogp_analysis.errors import DataError, ParameterError, Problem

CHECK_COLUMNS = ["column", "line", "printed", "computed", "difference", "rows", "no_data", "note"]
_YEAR_COLUMN = re.compile(r"^(?P<stub>.*?)(?P<year>(?<!\d)(?:19|20)\d\d)\s*(?P<mark>\*{1,3}|[rex]{1,3})?\)?$")


def check_totals(
    table: PublishedTable,
    *,
    columns: Iterable[str] | None = None,
    decimal: str | None = None,
    dash: Dash = "missing",
    tolerance: float = 0.0,
) -> pd.DataFrame:
    """Compare the printed totals of a table with the sums of its rows.

    ``difference = printed - computed``. A difference is a finding, not an error: rows may be revised, rounded or
    lost. Agreement proves little: a row in the wrong group leaves every total as it was. Densities, rates and
    shares do not add up, so choose the columns.

    Parameters
    ----------
    table : PublishedTable
        See :func:`ogp_analysis.cleaning.published.read_published`.
    columns : iterable of str, optional
        Columns to check. Without it: every column in which more than half of the cells are figures, except a
        running number and a year.
    decimal, dash
        As for :func:`ogp_analysis.cleaning.numbers.parse_numbers`; rows and total are read together.
    tolerance : float
        Differences up to it are not noted.

    Returns
    -------
    DataFrame
        One row a column and total row of kind ``total``: ``column``, ``line``, ``printed``, ``computed``,
        ``difference``, ``rows`` (summed), ``no_data`` (rows without a figure), ``note``: ``agrees``, ``differs``,
        ``no printed total``, or why the column could not be read.

    Raises
    ------
    ParameterError
        If a column does not exist.

    Examples
    --------
    >>> rows = pd.DataFrame({"kec": ["Mijen", "Tugu"], "kasus": ["200", "173"]}, dtype="string")
    >>> total = pd.DataFrame({"kec": ["Jumlah"], "kasus": ["376"], "kind": ["total"]}, dtype="string")
    >>> empty = pd.DataFrame()
    >>> table = PublishedTable(rows, total, (), empty, empty, 0, (), empty, "utf-8", ",")
    >>> check_totals(table)[["column", "printed", "computed", "difference", "note"]].to_dict("records")
    [{'column': 'kasus', 'printed': 376.0, 'computed': 373.0, 'difference': 3.0, 'note': 'differs'}]
    """
    chosen = _figure_columns(table.data) if columns is None else list(columns)
    lacking = [column for column in chosen if column not in table.data.columns]
    if lacking:
        raise ParameterError(
            f"The table has no column {', '.join(map(repr, lacking))}.",
            hint=f"It has: {', '.join(map(str, table.data.columns))}.",
        )
    totals = table.totals[table.totals["kind"].eq("total")]
    records: list[tuple[object, ...]] = []
    for column in chosen:
        both = pd.concat([table.data[column], totals[column]])
        try:
            values = parse_numbers(both, decimal=decimal, dash=dash).values  # noqa: PD011 - no pandas object
        except DataError as error:
            reason = f"not read: {error.problems[0]}"
            records += [(column, line, pd.NA, pd.NA, pd.NA, 0, 0, reason) for line in totals.index]
            continue
        rows, sums = values.iloc[: len(table.data)], values.iloc[len(table.data) :]
        counted = int(rows.notna().sum())
        computed = float(rows.sum()) if counted else pd.NA
        for line, printed in sums.items():
            difference: object = pd.NA
            note = "no printed total" if pd.isna(printed) else "no row has a figure"
            if not pd.isna(printed) and counted:
                # Sums of decimals carry binary dust far below any digit that is printed.
                difference = round(float(printed) - float(rows.sum()), 9)
                note = "agrees" if abs(difference) <= tolerance else "differs"
            records.append((column, line, printed, computed, difference, counted, len(rows) - counted, note))
    result = pd.DataFrame(records, columns=CHECK_COLUMNS)
    return result.astype(dict.fromkeys(("printed", "computed", "difference"), "Float64"))


def _figure_columns(data: pd.DataFrame) -> list[str]:
    return [
        str(name)
        for name in data.columns
        if str(name).casefold().rstrip(".") not in NUMBER_LABELS | {"tahun", "year"}
        and sum(take_apart(cell).kind == "number" for cell in data[name]) * 2 > len(data)
    ]


def years_to_rows(
    frame: pd.DataFrame, *, id_columns: Iterable[str] | None = None, value_name: str = "value"
) -> pd.DataFrame:
    """Turn columns that end with a year into rows, one fact a row.

    ``Penduduk / 2019``, ``Capaian_Tahun_2018`` and ``2020*`` are year columns. What stands before the year becomes
    ``measure`` (without a final *Tahun*), a mark behind it ``year_mark``.

    Parameters
    ----------
    frame : DataFrame
        Any table; every column either keeps its values in each row or ends with a year.
    id_columns : iterable of str, optional
        The columns to keep. Without it: all that do not end with a year.
    value_name : str
        Name of the column of values.

    Returns
    -------
    DataFrame
        The kept columns, ``measure`` (text, empty if the year stands alone), ``year`` (integer), ``year_mark``
        (text) and the values, in the order of the rows and then of the columns; a new index. An empty cell stays
        a row: it is a missing value, not a missing fact.

    Raises
    ------
    ParameterError
        If there is no year column, or one of the new names is taken.
    DataError
        If two columns give the same measure and year.

    Examples
    --------
    >>> wide = pd.DataFrame({"kec": ["Mijen"], "Penduduk 2019": ["76.037"], "Penduduk 2020*": ["80.906"]})
    >>> years_to_rows(wide).to_dict("records")
    [{'kec': 'Mijen', 'measure': 'Penduduk', 'year': 2019, 'year_mark': '', 'value': '76.037'},
     {'kec': 'Mijen', 'measure': 'Penduduk', 'year': 2020, 'year_mark': '*', 'value': '80.906'}]
    """
    matches = {str(name): _YEAR_COLUMN.match(str(name).strip()) for name in frame.columns}
    kept = [name for name, match in matches.items() if not match] if id_columns is None else list(id_columns)
    years = {name: match for name, match in matches.items() if match and name not in kept}
    if not years:
        raise ParameterError(
            "No column ends with a year.", hint=f"The table has: {', '.join(map(str, frame.columns))}."
        )
    taken = {"measure", "year", "year_mark", value_name} & set(kept)
    if taken:
        raise ParameterError(f"The table has a column {sorted(taken)[0]!r} already.", hint="Rename it first.")
    labels = {
        name: (_measure(match["stub"]), int(match["year"]), match["mark"] or "") for name, match in years.items()
    }
    seen: dict[tuple[str, int], str] = {}
    problems = []
    for name, (measure, year, _) in labels.items():
        if (measure, year) in seen:
            problems.append(
                Problem("table", 1, name, None, f"another measure or year than '{seen[measure, year]}'")
            )
        seen[measure, year] = name
    if problems:
        raise DataError(problems, hint="Rename one of the two columns.")
    order = pd.RangeIndex(len(frame))
    pieces = []
    for name, (measure, year, mark) in labels.items():
        piece = frame[kept].set_axis(order, axis=0)
        extra = {
            "measure": measure,
            "year": year,
            "year_mark": mark,
            value_name: frame[name].to_numpy(dtype=object),
        }
        pieces.append(piece.assign(**extra))
    long = pd.concat(pieces).sort_index(kind="stable").reset_index(drop=True)
    return long.astype({value_name: frame[next(iter(labels))].dtype})


def _measure(stub: str) -> str:
    return re.sub(r"[\s_/(,-]*(?:(?<![^\W_])(?:tahun|thn|th)\.?)?[\s_/(,-]*$", "", stub, flags=re.IGNORECASE)
