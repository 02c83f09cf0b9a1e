"""The rules of a case's membership tables that need the rules of the library, for ``check`` and ``build``."""

from __future__ import annotations

from ogp_analysis.case import Case
from ogp_analysis.casefile import refuse_rows
from ogp_analysis.errors import DataError, Problem
from ogp_analysis.membership.duty_rules import rules_with_own
from ogp_analysis.membership.eligibility import point_problems


def check_membership(case: Case) -> None:
    """Raise if a duty or its evidence does not fit the rules of the library, or points are none a metric can give.

    Parameters
    ----------
    case : Case

    Raises
    ------
    DataError
        With every breach, by file and row.

    Examples
    --------
    >>> from ogp_analysis import load_case
    >>> check_membership(load_case("semarang"))
    """
    problems: list[Problem] = point_problems(case)
    try:
        rules_with_own(case)
    except DataError as error:
        problems += error.problems
    refuse_rows(problems, case.folder)
