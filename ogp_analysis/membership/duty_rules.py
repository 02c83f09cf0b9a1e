"""The rules that give duties their days: those of the library and those that a case adds."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd

from ogp_analysis.case import Case
from ogp_analysis.casefile import refuse_rows
from ogp_analysis.errors import DataError, Problem, file_row
from ogp_analysis.membership.versions import Rules, check_rules, read_rules
from ogp_analysis.membership_rules import MOST_MONTHS

RULES = Path(__file__).parent / "duties.yaml"


BINDS = ("local", "countries")
ANCHORS = ("member_since", "plan_submitted", "plan_end", "commitment_end")
TEXTS = ("name_en", "name_id", "says_en", "says_id")


@cache
def duty_rules() -> Rules:
    """The dated rules of ``duties.yaml``, refused if their versions have a gap or an overlap."""
    return read_duties(RULES)


def read_duties(path: Path) -> Rules:
    """Read a file of duties, and refuse one whose rules cannot be followed.

    Raises
    ------
    DataError
        If a version has no words, binds nobody, or has not exactly one way to its days; and as
        :func:`~ogp_analysis.membership.versions.read_rules`.
    """
    rules = read_rules(path)
    problems = []
    for key, versions in rules.items():
        for one in versions:
            lacking = [name for name in TEXTS if not isinstance(one.get(name), str)]
            problems += [
                Problem(path.name, None, f"{key}.{name}", None, "a text, which is missing") for name in lacking
            ]
            if one.get("binds") not in BINDS:
                expected = f"one of {', '.join(BINDS)}"
                problems.append(Problem(path.name, None, f"{key}.binds", str(one.get("binds")), expected))
            if one.get("assessment"):
                continue
            if one.get("anchor") not in ANCHORS:
                expected = f"one of {', '.join(ANCHORS)}"
                problems.append(Problem(path.name, None, f"{key}.anchor", str(one.get("anchor")), expected))
            ways = [one[name] for name in ("months", "every_months") if one.get(name) is not None]
            if (
                len(ways) != 1
                or type(ways[0]) is not int
                or not 0 <= ways[0] <= MOST_MONTHS
                or one.get("every_months") == 0
            ):
                expected = f"either months or every_months, a whole number up to {MOST_MONTHS}"
                problems.append(
                    Problem(path.name, None, f"{key}.months", ", ".join(map(str, ways)) or None, expected)
                )
    if problems:
        raise DataError(problems, hint=f"Mend these entries of {path}.")
    return rules


def rules_with_own(case: Case) -> dict[str, list[Mapping[str, Any]]]:
    """The rules of the library and those of the case's table, which may not name one of the library's again.

    What each row of the table must keep to by itself is :mod:`ogp_analysis.membership_rules`.

    Raises
    ------
    DataError
        If the table does, or if ``duty_evidence`` names a duty that is not there or is shown by its report alone.
    """
    rules: dict[str, list[Mapping[str, Any]]] = {key: list(versions) for key, versions in duty_rules().items()}
    problems, own = [], case.table("duties")
    for at, row in own.iterrows():
        number = file_row(at)
        if row["duty"] in duty_rules():
            problems.append(Problem("duties.csv", number, "duty", row["duty"], "a duty that the library lacks"))
            continue
        entry = {str(name): value for name, value in row.items() if pd.notna(value)}
        entry |= {"id": f"{row['duty']} (row {number})", "criterion": entry.get("criterion_id")}
        rules.setdefault(row["duty"], []).append(entry | {"source": row["source_id"]})
    named = case.table("duty_evidence")
    for at, duty in named["duty"].items():
        number = file_row(at)
        if duty not in rules:
            expected = f"one of {', '.join(sorted(rules))}"
            problems.append(Problem("duty_evidence.csv", number, "duty", duty, expected))
        elif any(rule.get("assessment") for rule in rules[duty]):
            expected = (
                "another duty: that of this report is found by the report itself, in inception_report of plans.csv"
                " or in assessments.csv"
            )
            problems.append(Problem("duty_evidence.csv", number, "duty", duty, expected))
    refuse_rows(problems, case.folder)
    check_rules({key: rules[key] for key in own["duty"].unique()}, "duties.csv")
    return rules
