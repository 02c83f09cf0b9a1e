"""The rules of a case's recovery tables that its schemas cannot express, for ``check`` and ``build``."""

from __future__ import annotations

from ogp_analysis.case import Case
from ogp_analysis.casefile import refuse_rows
from ogp_analysis.recovery.coding.rows import code_problems
from ogp_analysis.recovery.relief.terms import term_problems


def check_recovery(case: Case) -> None:
    """Raise if a code breaks its scale or a term contradicts itself.

    The pages make the same checks on the rows they use; here every row is checked, whatever its date.

    Parameters
    ----------
    case : Case

    Raises
    ------
    DataError
        With every row that is wrong.

    Examples
    --------
    >>> from ogp_analysis import load_case
    >>> check_recovery(load_case("semarang"))
    """
    problems = [*code_problems(case.table("policy_codes")), *term_problems(case.table("measure_terms"))]
    refuse_rows(problems, case.folder)
