"""The rules against tables that contradict themselves: any cells, any order; they list, and never stumble."""

from __future__ import annotations

import random
from collections import Counter

import pandas as pd
import pytest

from ogp_analysis.case import Case
from ogp_analysis.caserules import rule_problems
from ogp_analysis.tables import table_specs


def all_tables(case: Case) -> dict[str, pd.DataFrame]:
    return {name: case.table(name) for name in table_specs()}


def exchanged(tables: dict[str, pd.DataFrame], seed: int) -> dict[str, pd.DataFrame]:
    """Cells of a column exchanged or emptied, in some columns of some tables: each cell alone is still valid."""
    draw, out = random.Random(seed), dict(tables)
    for name in draw.sample(sorted(tables), 12):
        frame = tables[name].copy()
        free = [f for f in table_specs()[name].fields if f.name not in table_specs()[name].key]
        for field in draw.sample(free, min(len(free), 3)) if len(frame) else []:
            order = draw.sample(range(len(frame)), len(frame))
            if not field.required and draw.random() < 0.4:
                order = [-1 if draw.random() < 0.5 else at for at in range(len(frame))]
            values = frame[field.name].reindex(order)
            values.index = frame.index
            frame[field.name] = values
        out[name] = frame
    return out


@pytest.mark.parametrize("seed", range(8))
def test_whatever_the_cells_say_it_is_listed_by_file_and_row(seed: int, semarang: Case) -> None:
    tables = exchanged(all_tables(semarang), seed)
    before = {name: frame.copy() for name, frame in tables.items()}
    for problem in rule_problems(tables):
        name = problem.file.removesuffix(".csv")
        assert name in tables
        assert problem.expected
        if problem.row is not None:
            assert 2 <= problem.row <= len(tables[name]) + 1
    for name, frame in before.items():
        pd.testing.assert_frame_equal(tables[name], frame)


@pytest.mark.parametrize("seed", range(4))
def test_the_order_of_rows_makes_no_contradiction_and_hides_none(seed: int, semarang: Case) -> None:
    tables = exchanged(all_tables(semarang), seed)
    draw = random.Random(seed)
    shuffled = {
        name: frame.iloc[draw.sample(range(len(frame)), len(frame))].reset_index(drop=True)
        for name, frame in tables.items()
    }

    def said(given: dict[str, pd.DataFrame]) -> Counter[tuple[str, str | None]]:
        return Counter((one.file, one.column) for one in rule_problems(given))

    assert said(shuffled) == said(tables)


def test_the_case_itself_contradicts_nothing(semarang: Case) -> None:
    assert rule_problems(all_tables(semarang)) == []
