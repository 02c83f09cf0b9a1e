"""A plan as it runs: its commitments as of a quarter, their design, evidence and ratings."""

from __future__ import annotations

import pandas as pd

from ogp_analysis.case import Case, known_by
from ogp_analysis.dates import elapsed_share
from ogp_analysis.quarter import Quarter, Span

DESIGN = ("has_baseline", "has_target", "has_dates", "has_lead", "has_milestones", "has_dated_milestones")


def plan_commitments(case: Case, quarter: Quarter) -> pd.DataFrame:
    """The commitments of the member's own plan, as of a quarter's last day.

    A plan that had not been submitted by then gives an empty table.

    Parameters
    ----------
    case : Case
    quarter : Quarter

    Returns
    -------
    DataFrame
        The columns of ``commitments`` and: ``elapsed`` (share of the commitment's time that has passed, 0 to
        1), ``dated_evidence`` (pieces of evidence dated by then), ``undated_evidence``, ``last_evidence``
        (date, missing when there is none), ``days_since_evidence``, ``rating_count``.

    Examples
    --------
    >>> from ogp_analysis import Quarter, load_case
    >>> plan = plan_commitments(load_case("semarang"), Quarter.parse("2023Q4"))
    >>> plan[["commitment_id", "elapsed", "dated_evidence", "rating_count"]].head(1).values.tolist()
    [['IDSMG0001', 1.0, 0, 0]]
    """
    out = _own_plan(case, quarter)
    day = quarter.last_day
    out["elapsed"] = [
        elapsed_share(Span.parse(start).first, Span.parse(end).last, day)
        if pd.notna(start) and pd.notna(end)
        else float("nan")
        for start, end in zip(out["start"], out["end"], strict=True)
    ]
    keys = out["commitment_key"]
    seen = case.until("progress", quarter)
    loose = case.undated("progress")
    out["dated_evidence"] = keys.map(seen["commitment_key"].value_counts()).fillna(0).astype(int)
    out["undated_evidence"] = keys.map(loose["commitment_key"].value_counts()).fillna(0).astype(int)
    last = seen.groupby("commitment_key")["date"].max()
    out["last_evidence"] = keys.map(last)
    out["days_since_evidence"] = [
        (day - Span.parse(text).last).days if pd.notna(text) else pd.NA for text in out["last_evidence"]
    ]
    rated = ratings(case, quarter)
    out["rating_count"] = keys.map(rated["commitment_key"].value_counts()).fillna(0).astype(int)
    return out


def _own_plan(case: Case, quarter: Quarter) -> pd.DataFrame:
    plans = case.table("plans")
    own = plans[plans["plan_id"] == case.jurisdiction.get("plan_id")]
    own = own[known_by(own["submitted"], quarter.last_day)]
    commitments = case.table("commitments")
    return commitments[commitments["plan_id"].isin(own["plan_id"])].reset_index(drop=True)


def baselines(case: Case, quarter: Quarter) -> pd.DataFrame:
    """The figures that the commitments of the member's plan start from; one row a figure."""
    table = case.table("baselines")
    return table[table["commitment_key"].isin(_own_plan(case, quarter)["commitment_key"])].reset_index(drop=True)


def design_completeness(case: Case, quarter: Quarter) -> pd.DataFrame:
    """Which parts of a checkable design each commitment shows on the pages seen.

    A commitment can be checked later only if it says where it starts (a baseline figure), where it wants to
    arrive (a target with a number), by when (start and end), who leads, and in which steps (milestones,
    dated). A part is *shown* or *not shown*; not shown does not mean that the plan lacks it, since the
    archived pages are cut off.

    Returns
    -------
    DataFrame
        ``commitment_key``, ``title_en``, ``title_id``, ``source_id``, six columns ``has_...`` of bool, and
        ``shown``, their number.
    """
    frame = _own_plan(case, quarter)
    keys = frame["commitment_key"]
    milestones = case.table("milestones")
    with_text = milestones[milestones["text_en"].notna()]
    dated = with_text[with_text["end"].notna()]
    out = frame[["commitment_key", "commitment_id", "title_en", "title_id", "source_id"]].copy()
    baseline = case.table("baselines")
    # a norm such as a deadline is no starting point
    out["has_baseline"] = keys.isin(baseline.loc[baseline["kind"] == "start", "commitment_key"])
    out["has_target"] = frame["target_en"].str.contains(r"\d", regex=True).fillna(False).astype(bool)
    out["has_dates"] = frame["start"].notna() & frame["end"].notna()
    out["has_lead"] = frame["lead_en"].notna()
    out["has_milestones"] = keys.isin(with_text["commitment_key"])
    out["has_dated_milestones"] = keys.isin(dated["commitment_key"])
    out["shown"] = out[list(DESIGN)].sum(axis=1)
    return out


def evidence(case: Case, quarter: Quarter) -> pd.DataFrame:
    """Evidence on the commitments of the member's plan, dated by the quarter's end or undated.

    Returns
    -------
    DataFrame
        The columns of ``progress`` with ``counts`` (``True`` where it is dated by then; undated evidence is
        shown and counted for no quarter), the commitment's titles, and ``source_kind``: a government's own
        statement never verifies.
    """
    plan = _own_plan(case, quarter)[["commitment_key", "title_en", "title_id"]]
    frame = case.table("progress").merge(plan, on="commitment_key", validate="many_to_one")
    frame["counts"] = known_by(frame["date"], quarter.last_day)
    frame = frame[frame["counts"] | frame["date"].isna()]
    kinds = case.table("sources").set_index("source_id")["kind"]
    return frame.assign(source_kind=frame["source_id"].map(kinds)).reset_index(drop=True)


def plan_progress(case: Case, quarter: Quarter) -> pd.DataFrame:
    """The rows of ``progress`` on the member's plan; dated or not, before or after the quarter's end."""
    table = case.table("progress")
    return table[table["commitment_key"].isin(_own_plan(case, quarter)["commitment_key"])].reset_index(drop=True)


def ratings(case: Case, quarter: Quarter) -> pd.DataFrame:
    """Ratings by an assessor, for this member, its peers and its country, as of a quarter.

    A rating without a day counts when the plan that it is about has ended: no final report is older.

    Returns
    -------
    DataFrame
        The columns of ``assessments`` with the names of the member, ``plan_level`` and the titles.
    """
    names = ["member_en", "member_id", "title_en", "title_id"]
    columns = ["commitment_key", "plan_id", "plan_level", *names]
    out = case.table("assessments").merge(case.table("commitments")[columns], on="commitment_key")
    ends = case.table("plans").set_index("plan_id")["end"]
    when = out["date"].fillna(out["plan_id"].map(ends))
    return out[known_by(when, quarter.last_day)].reset_index(drop=True)


def other_plans(case: Case, quarter: Quarter) -> pd.DataFrame:
    """The other plans in the case, known by the quarter's end, with how many commitments were collected.

    A plan without a day of submission counts as known when the year of its start is over. Reports on a plan
    carry no day: before the plan has ended, an inception report is ``undated`` and later reports are left out.
    """
    plans = case.table("plans")
    day = quarter.last_day
    known = known_by(plans["submitted"], day) | (plans["submitted"].isna() & known_by(plans["start"], day))
    plans = plans[known & (plans["plan_id"] != case.jurisdiction.get("plan_id"))]
    running = ~known_by(plans["end"], day)
    plans.loc[running & (plans["inception_report"] == "published"), "inception_report"] = "undated"
    plans.loc[running, ["review_en", "review_id"]] = pd.NA
    collected = case.table("commitments")["plan_id"].value_counts()
    rated = ratings(case, quarter)
    return plans.assign(
        collected=plans["plan_id"].map(collected).fillna(0).astype(int),
        rated=plans["plan_id"].map(rated.groupby("plan_id")["commitment_key"].nunique()).fillna(0).astype(int),
    ).reset_index(drop=True)


def plan_outcomes(case: Case, quarter: Quarter) -> pd.DataFrame:
    """How many commitments of each reviewed plan were substantially complete, and how many had strong results.

    From the counts in ``plan_results`` (end-of-term reports); a plan that had not ended by the quarter is left
    out.

    Returns
    -------
    DataFrame
        ``plan_id``, ``member_en``, ``member_id``, ``instrument``, ``rated`` (commitments rated on completion),
        ``complete`` (rated Substantial or Complete), ``share``, ``low``, ``high`` (Wilson, 95%), ``strong`` (did
        it open government: Major or Outstanding; missing where no count was seen), ``source_id``.

    Examples
    --------
    >>> from ogp_analysis import Quarter, load_case
    >>> outcomes = plan_outcomes(load_case("semarang"), Quarter.parse("2023Q4")).set_index("plan_id")
    >>> outcomes.loc["bojonegoro-2016", ["complete", "rated"]].tolist()
    [4, 5]
    """
    from ogp_analysis.stats.proportions import interval

    results = case.table("plan_results")
    plans = case.table("plans")
    ended = plans[known_by(plans["end"], quarter.last_day) | plans["end"].isna()]
    results = results[results["plan_id"].isin(ended["plan_id"]) & results["count"].notna()]
    keys = ["plan_id", "instrument", "source_id"]
    completion = results[results["variable"] == "completion"]
    done = completion[completion["label"].isin(["Substantial", "Complete"])]
    opened = results[
        (results["variable"] == "did_it_open_government") & results["label"].isin(["Major", "Outstanding"])
    ]
    out = completion.groupby(keys)["count"].sum().rename("rated").reset_index()
    out["complete"] = out["plan_id"].map(done.groupby("plan_id")["count"].sum()).fillna(0).astype(int)
    out["rated"] = out["rated"].astype(int)
    out["share"] = out["complete"] / out["rated"]
    out = out.join(interval(out["complete"], out["rated"]))
    out["strong"] = out["plan_id"].map(opened.groupby("plan_id")["count"].sum()).astype("Int64")
    names = plans.set_index("plan_id")
    return out.assign(
        member_en=out["plan_id"].map(names["member_en"]), member_id=out["plan_id"].map(names["member_id"])
    )
