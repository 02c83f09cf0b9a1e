"""The coded policies of a case, checked against the scales they are coded on."""

from __future__ import annotations

from datetime import date
from itertools import pairwise
from typing import Any

import pandas as pd

from ogp_analysis.case import Case
from ogp_analysis.casefile import refuse_rows
from ogp_analysis.errors import ParameterError, Problem, file_row
from ogp_analysis.quarter import Quarter
from ogp_analysis.recovery.coding.index import sub_index
from ogp_analysis.recovery.coding.scales import item

FILE = "policy_codes.csv"
CODED = "coded"
NOTHING_FOUND = "nothing_found"
NEEDED = ("value", "start", "end", "measure_ids", "source_id", "confidence")
EMPTY = ("value", "flag", "start", "end")


def policy_codes(case: Case, quarter: Quarter) -> pd.DataFrame:
    """The policies of a case with their codes, as known at a quarter's end.

    A code stands only for days that a source gives: from the first to the last day on which a source shows the
    measure in force. It is never carried on beyond them.

    Parameters
    ----------
    case : Case
    quarter : Quarter
        Codes that begin after its last day are left out.

    Returns
    -------
    DataFrame
        The coded rows of ``policy_codes`` in order of indicator and day, with ``first_day``, ``last_day`` (dates)
        and ``sub_index``.

    Raises
    ------
    DataError
        If a row breaks its scale, lacks its evidence, or two rows code one indicator on the same day.

    Examples
    --------
    >>> from ogp_analysis import load_case
    >>> codes = policy_codes(load_case("semarang"), Quarter(2020, 2))
    >>> codes.loc[codes["indicator"] == "C4", ["value", "flag", "sub_index"]].to_numpy().tolist()
    [[3, 1, 75.0]]
    """
    table = case.table("policy_codes")
    problems = code_problems(table)
    refuse_rows(problems, case.folder)
    coded = table[table["state"] == CODED]
    out = coded.assign(
        first_day=[date.fromisoformat(day) for day in coded["start"]],
        last_day=[date.fromisoformat(day) for day in coded["end"]],
        sub_index=[_scored(row) for _, row in coded.iterrows()],
    )
    known = out[out["first_day"].map(lambda day: day <= quarter.last_day).astype(bool)]
    return known.sort_values(["indicator", "start"], ignore_index=True)


def code_problems(table: pd.DataFrame) -> list[Problem]:
    """Rows of ``policy_codes`` that break their scale, lack their evidence or code one day twice.

    Parameters
    ----------
    table : DataFrame
        Its index counts the rows of the file from 0.

    Examples
    --------
    >>> from ogp_analysis import load_case
    >>> table = load_case("semarang").table("policy_codes")
    >>> coded = table[table["state"] == CODED]
    >>> code_problems(table), code_problems(coded.assign(value=5))[0].column
    ([], 'value, flag')
    """
    problems = [problem for at, row in table.iterrows() for problem in _row_problems(file_row(at), row)]
    return problems or _joint_problems(table)


def not_found(case: Case) -> pd.DataFrame:
    """What was looked for and not found, one row an indicator: it holds for every day that has no code."""
    table = case.table("policy_codes")
    return table[table["state"] == NOTHING_FOUND].sort_values("indicator", ignore_index=True)


def _scored(row: pd.Series[Any]) -> float:
    flag = None if pd.isna(row["flag"]) else int(row["flag"])
    return sub_index(row["indicator"], int(row["value"]), flag, row["codebook"])


def _row_problems(number: int, row: pd.Series[Any]) -> list[Problem]:
    if row["state"] == NOTHING_FOUND:
        return [
            Problem(FILE, number, name, str(row[name]), "an empty cell where nothing was found")
            for name in EMPTY
            if pd.notna(row[name])
        ]
    missing = [
        Problem(FILE, number, name, None, "a value; a code needs it") for name in NEEDED if pd.isna(row[name])
    ]
    if missing:
        return missing
    found = []
    try:
        _scored(row)
    except ParameterError as error:
        flag = "" if pd.isna(row["flag"]) else f", flag {row['flag']}"
        words = f"a code of the scale. {error.message} {error.hint}"
        found.append(Problem(FILE, number, "value, flag", f"{row['value']}{flag}", words))
    if row["end"] < row["start"]:
        found.append(Problem(FILE, number, "end", row["end"], f"a day not before the start, {row['start']}"))
    return found


def _joint_problems(table: pd.DataFrame) -> list[Problem]:
    problems = []
    for key, rows in table.groupby("indicator"):
        blank = [file_row(at) for at in rows.index[rows["state"] == NOTHING_FOUND]]
        for number in blank[1:]:
            words = f"one row for what was not found on {key}; row {blank[0]} is one"
            problems.append(Problem(FILE, number, "state", NOTHING_FOUND, words))
        coded = rows[rows["state"] == CODED].sort_values("start")
        rows_at = [file_row(at) for at in coded.index]
        cells: list[list[str]] = coded[["start", "end", "codebook"]].to_numpy().tolist()
        steps = list(zip(rows_at, cells, strict=True))
        for (row, (_, end, codebook)), (later, (start, _, other)) in pairwise(steps):
            if start <= end:
                words = f"a day after {end}, where row {row} ends"
                problems.append(Problem(FILE, later, "start", start, words))
            if item(str(key), codebook).flag != item(str(key), other).flag:
                words = f"a codebook whose flag means the same as in row {row} ({codebook})"
                problems.append(Problem(FILE, later, "codebook", other, words))
    return problems
