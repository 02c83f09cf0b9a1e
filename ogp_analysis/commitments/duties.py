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

    Status: ``met`` (a report was found; ``detail`` says ``on_time``, ``late`` or ``day_unknown``), ``missed`` (a
    source dated after the due day says that there is none), ``not_due``, or ``unknown``: the day has passed and
    nothing was found, or a page says that there is none without saying when.

    Returns
    -------
    DataFrame
        ``duty`` (``inception`` or ``end_of_commitment``), ``commitment_key`` (missing for the plan),
        ``title_en``, ``title_id``, ``counted_from`` and ``due`` (dates), ``status``, ``detail`` (``on_time``,
        ``late``, ``day_unknown``, ``page_says_none``, ``nothing_found``; missing when not due), ``source_id``.

    Examples
    --------
    >>> from ogp_analysis import Quarter, load_case
    >>> duties = assessment_duties(load_case("semarang"), Quarter.parse("2023Q4"))
    >>> duties.loc[0, ["duty", "due", "status", "detail"]].tolist()
    ['inception', datetime.date(2021, 9, 30), 'unknown', 'page_says_none']
    """
    commitments = plan_commitments(case, quarter)
    columns = ["duty", "commitment_key", "title_en", "title_id", "counted_from", "due", "status", "detail"]
    columns.append("source_id")
    if commitments.empty:
        return pd.DataFrame(columns=columns)
    day = quarter.last_day
    plans = case.table("plans").set_index("plan_id")
    dates = case.table("sources").set_index("source_id")["date"]
    rows = []
    for plan_id in commitments["plan_id"].unique():
        plan = plans.loc[plan_id]
        submitted = date.fromisoformat(plan["submitted"])
        due = add_months(submitted, INCEPTION_MONTHS)
        if plan["inception_report"] == "published":
            status = _found(dates.get(plan["inception_source_id"]), due, day)
        elif plan["inception_report"] == "not_available":
            status = _said_none(dates.get(plan["source_id"]), due, day)
        else:
            status = _nothing(due, day)
        rows.append(("inception", pd.NA, pd.NA, pd.NA, submitted, due, *status, plan["source_id"]))
    reports = case.table("assessments")
    reports = reports[reports["variable"] == "completion"]
    for _, row in commitments[commitments["end"].notna()].iterrows():
        last = Span.parse(row["end"]).last
        due = add_months(last, END_OF_COMMITMENT_MONTHS)
        own = reports[reports["commitment_key"] == row["commitment_key"]]
        status = _found(own["date"].min(), due, day) if len(own) else _nothing(due, day)
        key = row["commitment_key"]
        rows.append(
            ("end_of_commitment", key, row["title_en"], row["title_id"], last, due, *status, row["source_id"])
        )
    return pd.DataFrame(rows, columns=columns)


def _found(found: str | None, due: date, day: date) -> tuple[str, str | None]:
    """A report was found; without a day it counts from the due day on, since it cannot be told when it came."""
    if found is None or pd.isna(found):
        return ("met", "day_unknown") if day > due else ("not_due", None)
    last = Span.parse(found).last
    if last > day:
        return _nothing(due, day)
    return "met", "on_time" if last <= due else "late"


def _said_none(dated: str | None, due: date, day: date) -> tuple[str, str | None]:
    """A page says that there is none: it shows a miss only if it was published after the due day, and by now."""
    if day <= due:
        return "not_due", None
    if dated is not None and pd.notna(dated):
        span = Span.parse(dated)
        if span.first > due and span.last <= day:
            return "missed", "page_says_none"
    return "unknown", "page_says_none"


def _nothing(due: date, day: date) -> tuple[str, str | None]:
    return ("not_due", None) if day <= due else ("unknown", "nothing_found")
