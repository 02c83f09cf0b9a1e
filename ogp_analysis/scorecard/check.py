"""The rules of a case's scorecards that its schemas cannot express, for ``check`` and ``build``."""

from __future__ import annotations

from ogp_analysis.case import Case
from ogp_analysis.casefile import refuse_rows
from ogp_analysis.errors import DataError, Problem
from ogp_analysis.scorecard.data import base_problems, scorecard_structure, scorecards_of


def check_scorecards(case: Case) -> None:
    """Raise if the structure of a scorecard breaks a rule, or an item adds up rates of different bases.

    Parameters
    ----------
    case : Case

    Raises
    ------
    DataError
        With every breach, by the row of ``scorecard_items.csv``.

    Examples
    --------
    >>> from ogp_analysis import load_case
    >>> check_scorecards(load_case("semarang"))
    """
    problems: list[Problem] = []
    for name in scorecards_of(case):
        try:
            scorecard_structure(case, name)
        except DataError as error:
            problems += error.problems
    problems += base_problems(case)
    refuse_rows(problems, case.folder)
