"""The rules that the table of a structure must keep, each breach named by its cell."""

from __future__ import annotations

import math
import re

import pandas as pd

from ogp_analysis.errors import Problem, file_row, nearest

COLUMNS = ("code", "level", "parent", "direction", "weight", "type", "denominator")
#: No weight needs more, and sums of such numbers stay finite.
LARGEST = 1e100
_NUMBER = re.compile(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?", re.ASCII)
TYPES = ("indicator", "aggregate", "denominator", "group", "other")


def checked(table: pd.DataFrame, file: str) -> tuple[pd.DataFrame, list[Problem]]:
    """The table with text and numbers in their columns, and every breach of a rule.

    Parameters
    ----------
    table : DataFrame
    file : str
        What a message calls the table.

    Returns
    -------
    tuple of DataFrame and list of Problem

    Examples
    --------
    >>> bad = {"code": ["a"], "level": [1], "parent": [""], "direction": [2], "weight": [1], "type": ["indicator"]}
    >>> for problem in checked(pd.DataFrame({**bad, "denominator": [""]}), "s.csv")[1]:
    ...     print(problem)
    s.csv, row 2, column 'direction': found '2', expected 1 or -1
    s.csv, row 2, column 'parent': expected the aggregate one level up
    """
    lacking = [column for column in COLUMNS if column not in table.columns]
    if lacking:
        return table, [Problem(file, None, column, None, "a column of this name") for column in lacking]
    twice = [column for column in COLUMNS if list(table.columns).count(column) > 1]
    if twice:
        return table, [
            Problem(file, None, column, None, "one column of this name, not several") for column in twice
        ]
    clean = table.reset_index(drop=True).copy()
    for column in ("code", "parent", "type", "denominator"):
        clean[column] = pd.Series([_text(value) for value in clean[column]], index=clean.index, dtype=object)
    problems = _codes(clean, file)
    if problems:
        return clean, problems
    for column in ("level", "direction", "weight"):
        numbers = []
        for at, value in enumerate(clean[column]):
            number = _number(value)
            if number is None:
                problems.append(Problem(file, file_row(at), column, str(value), "a number or nothing"))
            numbers.append(math.nan if number is None else number)
        clean[column] = pd.Series(numbers, index=clean.index, dtype="float64")
    problems += _rows(clean, file)
    return clean, problems or _tree(clean, file)


def _text(value: object) -> str | None:
    text = "" if value is None or value is pd.NA or value != value else str(value)
    return text or None


def _number(value: object) -> float | None:
    """NaN for an empty cell, None for what is no number."""
    if value is None or value is pd.NA or (isinstance(value, str) and not value.strip()):
        return math.nan
    # Python would read 1_000 and the digits of other scripts too
    if isinstance(value, bool) or not _NUMBER.fullmatch(str(value).strip()):
        return math.nan if value != value else None
    number = float(str(value))
    return None if abs(number) > LARGEST else number


def _codes(table: pd.DataFrame, file: str) -> list[Problem]:
    problems = []
    seen: dict[str, int] = {}
    for at, (code, kind) in enumerate(zip(table["code"], table["type"], strict=True)):
        row = file_row(at)
        if code is None:
            problems.append(Problem(file, row, "code", None, "a code"))
        elif code != code.strip():
            problems.append(Problem(file, row, "code", code, "a code without spaces around it"))
        elif code in seen:
            problems.append(Problem(file, row, "code", code, f"a code of its own (row {seen[code]} has it too)"))
        else:
            seen[code] = row
        if kind not in TYPES:
            problems.append(Problem(file, row, "type", kind, f"one of {', '.join(TYPES)}"))
    return problems


def _rows(table: pd.DataFrame, file: str) -> list[Problem]:
    """What each row must have by its type, whatever the others say."""
    problems = []
    denominators = set(table["code"][table["type"] == "denominator"])
    columns = (table[name] for name in COLUMNS)
    for at, (_, level, parent, direction, weight, kind, below) in enumerate(zip(*columns, strict=True)):

        def bad(column: str, value: object, expected: str, row: int = file_row(at)) -> None:
            empty = value is None or value != value
            shown = None if empty else f"{value:g}" if isinstance(value, float) else str(value)
            problems.append(Problem(file, row, column, shown, expected))

        if kind in ("denominator", "group", "other"):
            what = "such a row" if kind == "other" else f"a {kind}"
            for column, value in (("level", level), ("parent", parent), ("direction", direction)):
                if value is not None and value == value:
                    bad(column, value, f"nothing: {what} is not aggregated")
        elif kind == "indicator":
            if level != 1:
                bad("level", level, "1, the level of indicators")
            if direction not in (1, -1):
                bad("direction", direction, "1 or -1")
            if parent is None:
                bad("parent", parent, "the aggregate one level up")
        else:
            if not (level >= 2 and level == int(level)):
                bad("level", level, "a whole number from 2 up")
            if direction == direction and direction != 1:
                bad("direction", direction, "1 or nothing: turn its indicators instead")
        if kind in ("indicator", "aggregate") and parent is not None and not weight >= 0:
            bad("weight", weight, "a number from 0 up")
        if below is not None and (kind != "indicator" or below not in denominators):
            hint = nearest(below, denominators) if kind == "indicator" else "Only indicators are divided."
            bad("denominator", below, f"the code of a denominator. {hint}")
    return problems


def _tree(table: pd.DataFrame, file: str) -> list[Problem]:
    problems = []
    kinds = dict(zip(table["code"], table["type"], strict=True))
    levels = dict(zip(table["code"], table["level"], strict=True))
    used = table[table["type"].isin(["indicator", "aggregate"])]
    for row, code, parent in zip(map(file_row, used.index), used["code"], used["parent"], strict=True):
        if parent is None:
            continue
        if kinds.get(parent) != "aggregate":
            hint = nearest(parent, [name for name, kind in kinds.items() if kind == "aggregate"])
            problems.append(Problem(file, row, "parent", parent, f"the code of an aggregate. {hint}"))
        elif levels[parent] != levels[code] + 1:
            expected = f"an aggregate of level {levels[code] + 1:g}; this one has level {levels[parent]:g}"
            problems.append(Problem(file, row, "parent", parent, expected))
    aggregates = used[used["type"] == "aggregate"]
    for row, code in zip(map(file_row, aggregates.index), aggregates["code"], strict=True):
        weights = used["weight"][used["parent"] == code]
        if weights.empty:
            problems.append(Problem(file, row, "code", code, "an aggregate that has something under it"))
        elif weights.sum() == 0:
            problems.append(Problem(file, row, "code", code, "children whose weights are not all 0"))
    tops = aggregates["code"][aggregates["parent"].isna()]
    if len(tops) != 1:
        expected = f"exactly one aggregate without a parent: the index; there are {len(tops)}"
        problems.append(Problem(file, None, "type", ", ".join(tops) or None, expected))
    return problems
