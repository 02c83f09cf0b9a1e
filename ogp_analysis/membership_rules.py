"""What the tables on membership and claims must keep to, beyond the schema of each."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from ogp_analysis.errors import Problem, file_row
from ogp_analysis.quarter import LAST_YEAR, Span

if TYPE_CHECKING:
    import pandas as pd

Tables = Mapping[str, "pd.DataFrame"]
#: Fifty years: longer terms are slips of the keyboard.
MOST_MONTHS = 600
#: What a duty that comes again may be counted from: it runs until the plan ends.
BEGINNINGS = ("member_since", "plan_submitted")


def membership_problems(tables: Tables) -> list[Problem]:
    """Every breach of a rule, by file and row.

    The rules: the stages of a call are numbered from 1, none leaves more applicants than the one before or is over
    earlier; a part of a bundled criterion stands for another criterion, one that a member can meet; evidence has a
    day or the earliest day it can be of, not both; a duty has one way to its days, and a term of at most fifty
    years; what speaks for a claim is from another source than the claim; a plan ends in this time.

    Parameters
    ----------
    tables : mapping of name to DataFrame
        Read by :func:`ogp_analysis.tables.read_table`; a table that is not there has no rows.

    Returns
    -------
    list of Problem

    Examples
    --------
    >>> import pandas as pd
    >>> stage = {"scope": "local_call_2020", "stage_no": [1, 2], "count": [64, 112], "date": [None, None]}
    >>> print(*membership_problems({"call_stages": pd.DataFrame(stage)}))
    call_stages.csv, row 3, column 'count': found '112', expected at most 64, the count of the stage before it
    """
    rules: dict[str, Callable[[pd.DataFrame, Tables], list[Problem]]] = {
        "call_stages": _stages,
        "criteria_parts": _parts,
        "criteria_evidence": _evidence,
        "duties": _duties,
        "claim_evidence": _claim_evidence,
        "plans": _plans,
    }
    return [problem for name, rule in rules.items() if name in tables for problem in rule(tables[name], tables)]


def _given(value: Any) -> bool:
    # a missing cell equals nothing, itself included; one of no kind at all cannot even be asked
    return value is not None and str(value) != "<NA>" and value == value


def _stages(frame: pd.DataFrame, tables: Tables) -> list[Problem]:
    problems = []
    file = "call_stages.csv"
    for scope, rows in frame.groupby("scope", sort=False):
        above = None
        for place, (at, row) in enumerate(rows.sort_values("stage_no").iterrows(), start=1):
            number = file_row(at)
            if row["stage_no"] != place:
                words = f"{place}: the stages of {scope} are numbered from 1 without a gap"
                problems.append(Problem(file, number, "stage_no", str(row["stage_no"]), words))
                break
            if above is not None and row["count"] > above["count"]:
                words = f"at most {above['count']}, the count of the stage before it"
                problems.append(Problem(file, number, "count", str(row["count"]), words))
            dated = above is not None and _given(above["date"]) and _given(row["date"])
            if above is not None and dated and Span.parse(row["date"]).last < Span.parse(above["date"]).last:
                words = f"no earlier day than {above['date']}, by when the stage before it was over"
                problems.append(Problem(file, number, "date", str(row["date"]), words))
            above = row
    return problems


def _parts(frame: pd.DataFrame, tables: Tables) -> list[Problem]:
    judged = tables["criteria"].set_index("criterion_id")["judged"]
    problems = []
    for at, row in frame.iterrows():
        key = row["corresponds_to"]
        if key == row["criterion_id"] or (key in judged.index and not judged[key]):
            words = "another criterion, one that a member can meet (judged is true)"
            problems.append(Problem("criteria_parts.csv", file_row(at), "corresponds_to", str(key), words))
    return problems


def _evidence(frame: pd.DataFrame, tables: Tables) -> list[Problem]:
    twice = frame[frame["date"].notna() & frame["not_before"].notna()]
    words = "nothing beside a date: it is for evidence without one"
    return [
        Problem("criteria_evidence.csv", file_row(at), "not_before", str(row["not_before"]), words)
        for at, row in twice.iterrows()
    ]


def _duties(frame: pd.DataFrame, tables: Tables) -> list[Problem]:
    file, problems = "duties.csv", []
    for at, row in frame.iterrows():
        number = file_row(at)
        if _given(row["months"]) == _given(row["every_months"]):
            words = "either months or every_months, not both and not neither"
            problems.append(Problem(file, number, "months, every_months", None, words))
        if _given(row["every_months"]) and row["anchor"] not in BEGINNINGS:
            words = f"{' or '.join(BEGINNINGS)} for a duty that comes again until the plan ends"
            problems.append(Problem(file, number, "anchor", str(row["anchor"]), words))
        for column in ("months", "every_months"):
            if _given(row[column]) and int(row[column]) > MOST_MONTHS:
                words = f"at most {MOST_MONTHS} months"
                problems.append(Problem(file, number, column, str(row[column]), words))
    return problems


def _claim_evidence(frame: pd.DataFrame, tables: Tables) -> list[Problem]:
    made = tables["claims"].drop_duplicates("claim_id").set_index("claim_id")["source_id"]
    problems = []
    for at, row in frame[frame["stance"].isin(["supports", "partly"])].iterrows():
        if row["source_id"] == made.get(row["claim_id"]):
            words = f"another source than that of the claim {row['claim_id']}: a claim does not support itself"
            problems.append(Problem("claim_evidence.csv", file_row(at), "source_id", row["source_id"], words))
    return problems


def _plans(frame: pd.DataFrame, tables: Tables) -> list[Problem]:
    problems = []
    for column in ("submitted", "end"):
        for at, text in frame[column].dropna().items():
            if Span.parse(text).last.year > LAST_YEAR:
                words = f"a day up to the year {LAST_YEAR}"
                problems.append(Problem("plans.csv", file_row(at), column, str(text), words))
    return problems
