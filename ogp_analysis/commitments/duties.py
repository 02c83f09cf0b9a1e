"""Duty dates that follow from OGP's rules for local plans."""

from __future__ import annotations

from datetime import date

import pandas as pd

from ogp_analysis.case import Case
from ogp_analysis.commitments.plan import plan_commitments
from ogp_analysis.dates import add_months
from ogp_analysis.quarter import Quarter, Span

#: https://opengovpartnership.org/?p=57265 (local handbook: inception assessment)
INCEPTION_MONTHS = 2
#: https://www.opengovpartnership.org/ogp-local-end-of-commitment-assessment-form
END_OF_COMMITMENT_MONTHS = 1


def assessment_duties(case: Case, quarter: Quarter) -> pd.DataFrame:
    """The assessments that a local monitoring body owes, with their dates, as of a quarter.

    Rules (OGP Local): an inception assessment within two months of the submission of the plan; an
    end-of-commitment assessment within one month of full implementation of each commitment. The day of full
    implementation is not known from a plan; the commitment's last day is used, the latest it should be.

    Returns
    -------
    DataFrame
        ``duty`` (``inception`` or ``end_of_commitment``), ``commitment_key`` (missing for the plan),
        ``title_en``, ``title_id``, ``counted_from`` and ``due`` (dates), ``status`` (``met``: a report was
        found; ``not_due``; ``nothing_found``: the day has passed and no report was found), ``source_id``.

    Examples
    --------
    >>> from ogp_analysis import Quarter, load_case
    >>> duties = assessment_duties(load_case("semarang"), Quarter.parse("2023Q4"))
    >>> duties.loc[0, ["duty", "due", "status"]].tolist()
    ['inception', datetime.date(2021, 9, 30), 'nothing_found']
    """
    commitments = plan_commitments(case, quarter)
    columns = ["duty", "commitment_key", "title_en", "title_id", "counted_from", "due", "status", "source_id"]
    if commitments.empty:
        return pd.DataFrame(columns=columns)
    day = quarter.last_day
    plans = case.table("plans").set_index("plan_id")
    rows = []
    for plan_id in commitments["plan_id"].unique():
        plan = plans.loc[plan_id]
        submitted = date.fromisoformat(plan["submitted"])
        due = add_months(submitted, INCEPTION_MONTHS)
        found = plan["inception_report"] == "published"
        status = _status(found, due, day)
        rows.append(("inception", pd.NA, pd.NA, pd.NA, submitted, due, status, plan["source_id"]))
    reports = case.table("assessments")
    for _, row in commitments[commitments["end"].notna()].iterrows():
        last = Span.parse(row["end"]).last
        due = add_months(last, END_OF_COMMITMENT_MONTHS)
        own = reports[(reports["commitment_key"] == row["commitment_key"]) & (reports["variable"] == "completion")]
        status = _status(not own.empty, due, day)
        key = row["commitment_key"]
        rows.append(
            ("end_of_commitment", key, row["title_en"], row["title_id"], last, due, status, row["source_id"])
        )
    return pd.DataFrame(rows, columns=columns)


def _status(found: bool, due: date, day: date) -> str:
    if found:
        return "met"
    return "not_due" if day <= due else "nothing_found"
