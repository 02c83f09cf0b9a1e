"""Every function that takes a case and a quarter: the order of rows means nothing, nothing is changed, nothing crashes.

The functions are found by their parameters, so that a new one is under the same test from its first day.
"""

from __future__ import annotations

import importlib
import inspect
import pkgutil
import random
from collections.abc import Callable, Iterator
from dataclasses import fields, is_dataclass
from typing import Any

import pandas as pd
import pytest

from ogp_analysis.case import Case
from ogp_analysis.errors import OgpAnalysisError
from ogp_analysis.quarter import Quarter
from ogp_analysis.tables import table_specs

PACKAGES = ("claims", "commitments", "membership", "quality", "recovery", "scorecard", "changes")
QUARTER = Quarter(2023, 4)
#: The first scorecard or case that can be computed, which is a choice by the order of the table.
BY_ORDER = {"first_scored", "first_filled"}
#: All subjects once more, one after another: each is here by itself.
WHOLE_STANDING = {"standing"}


def _functions() -> dict[str, Callable[..., Any]]:
    found = {}
    for package in PACKAGES:
        home = importlib.import_module(f"ogp_analysis.{package}")
        for info in pkgutil.walk_packages(home.__path__, f"{home.__name__}."):
            module = importlib.import_module(info.name)
            for name, function in inspect.getmembers(module, inspect.isfunction):
                if (
                    function.__module__ != module.__name__
                    or name.startswith("_")
                    or name in BY_ORDER | WHOLE_STANDING
                ):
                    continue
                parameters = list(inspect.signature(function).parameters.values())
                needed = [each.name for each in parameters if each.default is inspect.Parameter.empty]
                if needed in (["case"], ["case", "quarter"]):
                    found[f"{module.__name__.removeprefix('ogp_analysis.')}.{name}"] = function
    return found


FUNCTIONS = _functions()


def called(function: Callable[..., Any], case: Case, quarter: Quarter) -> Any:
    found = function(case, quarter) if "quarter" in inspect.signature(function).parameters else function(case)
    return list(found) if isinstance(found, Iterator) else found


def plain(value: Any) -> Any:
    """A result without its order: rows as sorted texts, parts of a dataclass one by one."""
    if isinstance(value, pd.DataFrame | pd.Series):
        frame = value.to_frame() if isinstance(value, pd.Series) else value
        frame = frame[sorted(frame.columns, key=str)].reset_index(
            drop=isinstance(frame.index, pd.RangeIndex) or frame.index.name is None
        )
        cells = frame.astype(object).where(frame.notna(), None)
        return sorted(str([plain(cell) for cell in row]) for row in cells.itertuples(index=False))
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, float):
        return f"{value:.9g}"
    if isinstance(value, dict):
        return sorted((str(key), str(plain(each))) for key, each in value.items())
    if isinstance(value, list | tuple | set | frozenset):
        return sorted(str(plain(each)) for each in value)
    if isinstance(value, Case):
        return value.id
    if isinstance(value, str) and ", " in value:
        return ", ".join(sorted(value.split(", ")))
    return value


@pytest.fixture(scope="module")
def shuffled(semarang: Case) -> Case:
    """The case with the rows of each table in another order, but for those whose order is said to matter."""
    draw, case = random.Random(5), semarang
    for name in semarang.tables:
        if name not in IN_ORDER:
            rows = semarang.table(name)
            case = case.with_table(name, rows.iloc[draw.sample(range(len(rows)), len(rows))])
    return case


#: Tables whose order is shown to readers: districts as BPS lists them, items of an index, stages of a call.
IN_ORDER = {"districts", "scorecards", "scorecard_items", "call_stages", "account_lines"}


def test_the_functions_are_found() -> None:
    assert len(FUNCTIONS) > 45
    assert {"membership.duties.duties", "claims.ledger.claim_verdicts"} <= set(FUNCTIONS)


@pytest.mark.parametrize("name", FUNCTIONS)
def test_the_order_of_rows_does_not_matter_and_the_tables_stay_as_they_were(
    name: str, semarang: Case, shuffled: Case
) -> None:
    before = {table: shuffled.table(table) for table in shuffled.tables}
    assert plain(called(FUNCTIONS[name], shuffled, QUARTER)) == plain(called(FUNCTIONS[name], semarang, QUARTER))
    for table, rows in before.items():
        pd.testing.assert_frame_equal(shuffled.table(table), rows)


#: Tables whose optional cells hang together by rules of their own, so that none can be taken out alone.
WHOLE = {"indicators", "scorecards", "scorecard_items"}


@pytest.fixture(scope="module")
def hollow(semarang: Case) -> Case:
    """The case with all optional figures and dates taken away, and no evidence at all."""
    case = semarang
    for name in semarang.tables:
        spec = table_specs()[name]
        rows = semarang.table(name)
        if name in WHOLE:
            continue
        gone = [f.name for f in spec.fields if not f.required and f.name not in spec.key and f.refers is None]
        rows = rows.assign(**{column: rows[column].head(0).reindex(rows.index) for column in gone})
        case = case.with_table(name, rows.head(0) if "evidence" in name or name == "progress" else rows)
    return case


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_case_of_which_little_is_known_is_answered_or_refused_in_words(name: str, hollow: Case) -> None:
    for quarter in (QUARTER, Quarter(1950, 1)):
        try:
            called(FUNCTIONS[name], hollow, quarter)
        except OgpAnalysisError as error:
            assert error.hint  # noqa: PT017 - that nothing else is raised is the point
