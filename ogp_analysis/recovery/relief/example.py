"""A small illustrative roll, worked out: what the examples of this package start from."""

from __future__ import annotations

from datetime import date

import pandas as pd

from ogp_analysis.case import load_case
from ogp_analysis.quarter import Quarter
from ogp_analysis.recovery.example_roll import make_example_roll
from ogp_analysis.recovery.measures import measure_terms
from ogp_analysis.recovery.relief.benefit import benefit_by_year
from ogp_analysis.recovery.relief.engine import assess_parts, read_parts
from ogp_analysis.recovery.relief.fines import GENERAL_RULE
from ogp_analysis.recovery.relief.kernel import make_plan
from ogp_analysis.recovery.relief.result import Relief
from ogp_analysis.recovery.relief.terms import compile_terms
from ogp_analysis.sources.tax_roll import open_roll


def example_relief() -> Relief:
    """The relief of Semarang's published terms on a small illustrative roll."""
    return _example()[0]


def example_benefit() -> pd.DataFrame:
    """Who had the relief of :func:`example_relief`."""
    return _example()[1]


def _example() -> tuple[Relief, pd.DataFrame]:
    table = measure_terms(load_case("semarang"), Quarter(2023, 4)).query("category == 'pbb'")
    as_of = date(2023, 12, 31)
    parts = read_parts(open_roll(make_example_roll(2000, seed=1), "3374"), as_of)
    plan = make_plan(compile_terms(table), as_of, GENERAL_RULE)
    return assess_parts(parts, plan, as_of), benefit_by_year(parts, plan)
