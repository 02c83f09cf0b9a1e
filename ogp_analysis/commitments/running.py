"""A plan while it runs: planned against evidenced progress, what is claimed, what is verified, delay."""

from __future__ import annotations

from datetime import date

import pandas as pd

from ogp_analysis.case import Case, known_by
from ogp_analysis.commitments.plan import plan_commitments, plan_progress
from ogp_analysis.quarter import Quarter, Span
from ogp_analysis.scales import scale

#: Kinds of source whose finding on completion verifies it. A government's own statement never does, nor does the
#: press, which repeats statements; pages of OGP repeat what the government submitted.
VERIFYING = frozenset({"monitoring_body", "civil_society", "research", "statistics"})
#: What is known of a commitment or milestone, from most to least.
STATES = ("verified", "claimed", "evidence", "no_evidence", "not_begun")


def completion_findings(case: Case, quarter: Quarter) -> pd.DataFrame:
    """Every dated finding on completion for the member's plan, as of a quarter, told apart by who says so.

    Findings come from ``progress`` (column ``claimed_status``) and from ``assessments`` (variable ``completion``).
    A finding counts as *verified* when its source is a monitoring body, civil society, research or statistics, or
    when an assessor other than the government rated it; as *claimed* otherwise. A statement of the government
    alone never verifies. A rating that does not say how much was done (not reviewed, no evidence available,
    withdrawn) is no finding.

    Returns
    -------
    DataFrame
        ``commitment_key``, ``milestone_no`` (missing for the whole commitment), ``date`` (partial), ``day`` (its
        last day), ``label`` (key of the scale ``completion``), ``basis`` (``claimed`` or ``verified``),
        ``source_id``; oldest first. Undated findings belong to no quarter and are left out.
    """
    kinds = case.table("sources").set_index("source_id")["kind"]
    said = plan_progress(case, quarter)
    said = said[said["claimed_status"].notna() & known_by(said["date"], quarter.last_day)]
    verified = said["source_id"].map(kinds).isin(VERIFYING)
    progress = pd.DataFrame(
        {
            "commitment_key": said["commitment_key"],
            "milestone_no": said["milestone_no"],
            "date": said["date"],
            "printed": said["claimed_status"],
            "basis": verified.map({True: "verified", False: "claimed"}),
            "source_id": said["source_id"],
        }
    )
    rated = case.table("assessments")
    own = plan_commitments(case, quarter)["commitment_key"]
    rated = rated[(rated["variable"] == "completion") & rated["commitment_key"].isin(own)]
    rated = rated[known_by(rated["date"], quarter.last_day)]
    assessed = pd.DataFrame(
        {
            "commitment_key": rated["commitment_key"],
            "milestone_no": pd.NA,
            "date": rated["date"],
            "printed": rated["label"],
            # a government that rates itself has made a statement
            "basis": rated["source_id"].map(kinds).eq("government").map({True: "claimed", False: "verified"}),
            "source_id": rated["source_id"],
        }
    )
    out = pd.concat([frame for frame in (progress, assessed) if len(frame)] or [progress], ignore_index=True)
    completion = scale("completion")
    out["label"] = completion.ordered(completion.read(out.pop("printed"))).astype(object)
    out = out[out["label"].notna()]
    out = out.assign(day=[Span.parse(text).last for text in out["date"]])
    return out.sort_values(["day", "source_id"], kind="stable", ignore_index=True)


def milestone_status(case: Case, quarter: Quarter) -> pd.DataFrame:
    """Each milestone of the member's plan as of a quarter: due or not, claimed, verified, how late.

    ``state``: *verified* where a source independent of the government dates a finding on completion, else
    *claimed* where anybody else does, else *evidence* where dated evidence of another kind names the milestone;
    else *no_evidence*.

    Returns
    -------
    DataFrame
        The columns of ``milestones`` and: ``planned`` (``not_begun``, ``running``, ``due``, ``no_dates``), the
        latest claimed and verified completion (``claimed``, ``claimed_date``, ``claimed_source_id``, ``verified``,
        ``verified_date``, ``verified_source_id``), ``state`` (:data:`STATES`) and the three columns of
        :func:`slippage`.
    """
    plan = plan_commitments(case, quarter)
    milestones = case.table("milestones")
    out = milestones[milestones["commitment_key"].isin(plan["commitment_key"])].reset_index(drop=True)
    day = quarter.last_day
    out["planned"] = [_planned(start, end, day) for start, end in zip(out["start"], out["end"], strict=True)]
    findings = completion_findings(case, quarter)
    findings = findings[findings["milestone_no"].notna()]
    keys = ["commitment_key", "milestone_no"]
    out = _with_latest(out, findings, keys)
    seen = plan_progress(case, quarter)
    seen = seen[known_by(seen["date"], day) & seen["milestone_no"].notna()]
    has_evidence = pd.MultiIndex.from_frame(out[keys]).isin(pd.MultiIndex.from_frame(seen[keys]))
    out["state"] = _states(out, pd.Series(has_evidence, index=out.index))
    return out.join(_slippages(out, findings, keys, day))


def commitment_status(case: Case, quarter: Quarter) -> pd.DataFrame:
    """Each commitment of the member's plan as of a quarter's last day.

    Planned progress is the share of dated milestones whose end has come, where the plan dates its milestones; else
    the share of the commitment's time that has passed. Evidenced progress is what sources say of completion:
    *claimed* by the government or the press, *verified* by others. The two are set side by side and never added
    up.

    Parameters
    ----------
    case : Case
    quarter : Quarter

    Returns
    -------
    DataFrame
        The columns of :func:`~ogp_analysis.commitments.plan_commitments` and: ``planned`` (0 to 1, missing without
        dates), ``planned_basis`` (``milestones`` or ``time``), ``milestones``, ``milestones_due``,
        ``milestones_claimed`` and ``milestones_verified`` (numbers said to be complete), the latest claimed and
        verified completion with day and source as in :func:`milestone_status`, ``state`` (:data:`STATES`), and the
        columns of :func:`slippage`.

    Examples
    --------
    >>> from ogp_analysis import Quarter, load_case
    >>> status = commitment_status(load_case("semarang"), Quarter.parse("2022Q4"))
    >>> status[["commitment_id", "planned_basis", "state"]].head(1).values.tolist()
    [['IDSMG0001', 'time', 'no_evidence']]
    """
    out = plan_commitments(case, quarter)
    day = quarter.last_day
    milestones = milestone_status(case, quarter)
    dated = milestones[milestones["end"].notna()]
    keys = out["commitment_key"]

    def number(rows: pd.DataFrame) -> pd.Series:
        return keys.map(rows["commitment_key"].value_counts()).fillna(0).astype(int)

    out["milestones"] = number(milestones)
    out["milestones_due"] = number(dated[dated["planned"] == "due"])
    out["milestones_claimed"] = number(milestones[milestones["claimed"] == "complete"])
    out["milestones_verified"] = number(milestones[milestones["verified"] == "complete"])
    with_dates = number(dated)
    by_steps = out["milestones_due"] / with_dates.where(with_dates > 0)
    out["planned"] = by_steps.fillna(out["elapsed"])
    out["planned_basis"] = pd.Series("time", index=out.index, dtype=object).mask(with_dates > 0, "milestones")
    out.loc[out["planned"].isna(), "planned_basis"] = pd.NA
    findings = completion_findings(case, quarter)
    whole = findings[findings["milestone_no"].isna()]
    out = _with_latest(out, whole, ["commitment_key"])
    out["state"] = _states(out, out["dated_evidence"] > 0)
    begun = [pd.isna(start) or Span.parse(start).first <= day for start in out["start"]]
    out["state"] = out["state"].where(
        pd.Series(begun, index=out.index) | (out["state"] != "no_evidence"), "not_begun"
    )
    return out.join(_slippages(out, whole, ["commitment_key"], day))


def slippage(end: str | None, findings: pd.DataFrame, day: date) -> tuple[int | None, str, str | None]:
    """Days between a planned end and completion, from what sources say.

    Rule: the first finding of Complete, a verified one before a claimed one, dates the completion; days after the
    planned end are late, days before it early (0: on time). Where no source says Complete and one dated after the
    planned end says less, the delay is *at least* up to that finding. Where nothing is found after the end, the
    delay is not known: silence is not lateness.

    Parameters
    ----------
    end : str or None
        Planned end, a partial date; its last day counts.
    findings : DataFrame
        ``label``, ``basis``, ``day`` of one commitment or milestone, known by ``day``.
    day : date
        The day of the report.

    Returns
    -------
    days : int or None
    kind : str
        ``completed``, ``at_least``, ``not_due``, ``unknown`` or ``no_dates``.
    basis : str or None
        ``verified`` or ``claimed``.

    Examples
    --------
    >>> found = pd.DataFrame({"label": ["limited", "complete"], "basis": ["claimed", "claimed"],
    ...                       "day": [date(2023, 6, 1), date(2024, 1, 10)]})
    >>> slippage("2023-12", found, date(2024, 3, 31))
    (10, 'completed', 'claimed')
    >>> slippage("2023-12", found.head(1), date(2024, 3, 31))
    (None, 'unknown', None)
    """
    if end is None or pd.isna(end):
        return None, "no_dates", None
    last = Span.parse(end).last
    for basis in ("verified", "claimed"):
        done = findings[(findings["label"] == "complete") & (findings["basis"] == basis)]
        if len(done):
            return (min(done["day"]) - last).days, "completed", basis
    if day < last:
        return None, "not_due", None
    for basis in ("verified", "claimed"):
        days = [found for found in findings.loc[findings["basis"] == basis, "day"] if found > last]
        if days:
            return (max(days) - last).days, "at_least", basis
    return None, "unknown", None


def status_by_quarter(case: Case, quarters: list[Quarter]) -> pd.DataFrame:
    """The state of every commitment at the end of each quarter, long: for comparing one report with the next.

    Returns
    -------
    DataFrame
        ``quarter``, ``commitment_key``, ``state``, ``claimed``, ``verified``, ``planned``, ``dated_evidence``.
    """
    columns = ["commitment_key", "state", "claimed", "verified", "planned", "dated_evidence"]
    frames = [commitment_status(case, quarter)[columns].assign(quarter=str(quarter)) for quarter in quarters]
    frames = [frame for frame in frames if len(frame)]
    if not frames:
        return pd.DataFrame(columns=["quarter", *columns])
    return pd.concat(frames, ignore_index=True)[["quarter", *columns]]


def _planned(start: str | None, end: str | None, day: date) -> str:
    if end is None or pd.isna(end):
        return "no_dates"
    if Span.parse(end).last <= day:
        return "due"
    begun = start is None or pd.isna(start) or Span.parse(start).first <= day
    return "running" if begun else "not_begun"


def _with_latest(frame: pd.DataFrame, findings: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
    out = frame
    for basis in ("claimed", "verified"):
        latest = findings[findings["basis"] == basis].drop_duplicates(keys, keep="last")
        latest = latest[[*keys, "label", "date", "source_id"]].rename(
            columns={"label": basis, "date": f"{basis}_date", "source_id": f"{basis}_source_id"}
        )
        out = out.merge(latest, on=keys, how="left", validate="many_to_one")
    return out


def _states(frame: pd.DataFrame, has_evidence: pd.Series) -> pd.Series:
    out = pd.Series("no_evidence", index=frame.index, dtype=object)
    out = out.mask(has_evidence, "evidence")
    return out.mask(frame["claimed"].notna(), "claimed").mask(frame["verified"].notna(), "verified")


def _slippages(frame: pd.DataFrame, findings: pd.DataFrame, keys: list[str], day: date) -> pd.DataFrame:
    grouped = dict(list(findings.groupby(keys))) if len(findings) else {}
    none = findings.head(0)
    rows = []
    for *key, end in frame[[*keys, "end"]].to_numpy(dtype=object):
        rows.append(slippage(end, grouped.get(tuple(key), none), day))
    out = pd.DataFrame(rows, columns=["slippage_days", "slippage_kind", "slippage_basis"], index=frame.index)
    return out.astype({"slippage_days": "Int64"})
