"""What a member owes and when: duties with their days, derived from dates, as of any quarter."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pandas as pd

from ogp_analysis.case import Case, known_by
from ogp_analysis.commitments import assessment_duties, plan_commitments
from ogp_analysis.dates import add_months
from ogp_analysis.membership.criteria import criteria_findings, criterion_evidence
from ogp_analysis.membership.duty_rules import rules_with_own
from ogp_analysis.quarter import Quarter, Span
from ogp_analysis.verdict import OWN_WORD, criterion_finding

COLUMNS = (
    "duty", "criterion_id", "name_en", "name_id", "says_en", "says_id", "commitment_key", "title_en", "title_id",
    "counted_from", "period_from", "due", "state", "detail", "evidence_count", "binds", "status", "basis",
    "source_id",
)  # fmt: skip
#: What a finding says of a duty whose day has passed.
STATES = {"met": "met", "not_met": "missed"}


@dataclass(frozen=True)
class _Anchors:
    """The days that duties are counted from; None for what is not known by the quarter."""

    member_since: date
    plan_submitted: date | None
    plan_end: date | None


def duties(case: Case, quarter: Quarter) -> pd.DataFrame:
    """Every duty of a member as of a quarter, with its day where a source gives a rule for one.

    Duties come from the rules of the library (``duties.yaml``), from the case's optional table ``duties``, and,
    without a day, from its ``criteria`` of scope ``local_obligation`` that no rule dates. Evidence is that on the
    criterion, and the case's optional table ``duty_evidence``. A duty that comes again has one row a period, up to
    the end of the plan, or to the first period that ends after the quarter where no plan is known.

    State: ``met`` and ``missed`` as :func:`ogp_analysis.verdict.criterion_finding` finds *met* and *not met*;
    ``not_due``; ``not_applicable`` where the rule binds countries; else ``unknown``. Silence is never a miss, and
    what a source says before the day is none either: evidence against counts where it is dated after the day, or,
    for a duty that comes again, where its period runs to the last day. Assessments are dated and found by
    :func:`~ogp_analysis.commitments.assessment_duties`.

    Parameters
    ----------
    case : Case
    quarter : Quarter

    Returns
    -------
    DataFrame
        ``duty``, ``criterion_id``, ``name_en/_id``, ``says_en/_id`` (the rule), ``commitment_key`` with
        ``title_en/_id`` (for duties on one commitment), ``counted_from``, ``period_from`` (of a duty that comes
        again), ``due`` (missing without a rule or before its beginning is known), ``state``, ``detail`` (what the
        evidence allows to say, ``no_plan``, or as in ``assessment_duties``), ``evidence_count``, ``binds``,
        ``status`` of the rule, ``basis`` (address of its source; missing where it is a ``source_id``),
        ``source_id``. By day, those without one last; empty before the jurisdiction was a
        member, and where the case does not say since when it is.

    Raises
    ------
    DataError
        If the case's table names a duty of the library, or ``duty_evidence`` a duty that is not there.

    Examples
    --------
    >>> from ogp_analysis import Quarter, load_case
    >>> owed = duties(load_case("semarang"), Quarter.parse("2023Q4"))
    >>> owed.loc[owed["duty"] == "inception", ["due", "state"]].values.tolist()
    [[datetime.date(2021, 9, 30), 'unknown']]
    >>> owed.loc[owed["duty"] == "website", "due"].head(2).tolist()
    [datetime.date(2021, 2, 28), datetime.date(2021, 6, 30)]
    """
    known = case.jurisdiction.get("member_since")
    since = Span.parse(str(known)).last if known else None
    rules = rules_with_own(case)
    if since is None or since > quarter.last_day:
        return pd.DataFrame(columns=list(COLUMNS))
    anchors = _anchors(case, quarter, since)
    criteria = criteria_findings(case, quarter, ["local_obligation"])
    evidence = _evidence(case, quarter)
    rows: list[dict[str, Any]] = []
    dated = set()
    for duty, versions in rules.items():
        for rule in versions:
            dated.add(rule.get("criterion"))
            if rule.get("assessment"):
                rows += _assessed(case, quarter, duty, rule)
            else:
                rows += _computed(case, quarter, duty, rule, anchors, evidence)
    for _, one in criteria[criteria["judged"].astype(bool)].iterrows():
        if one["criterion_id"] not in dated:
            rows.append(_undated(one))
    known = set(case.table("criteria")["criterion_id"])
    out = pd.DataFrame(rows, columns=list(COLUMNS))
    out["criterion_id"] = out["criterion_id"].where(out["criterion_id"].isin(known))
    return out.sort_values("due", kind="stable", na_position="last", ignore_index=True)


def duty_summary(table: pd.DataFrame) -> pd.DataFrame:
    """One row a duty: how often it falls due, what is known of the times that have passed, and the next day.

    Parameters
    ----------
    table : DataFrame
        From :func:`duties`.

    Returns
    -------
    DataFrame
        ``duty``, names, rule, ``binds``, ``status``, ``basis``, ``source_id``, ``first_due`` and ``last_due``,
        ``times`` (rows with a day), and how many rows are ``met``, ``missed``, ``unknown`` and ``not_due``.
    """
    words = ["name_en", "name_id", "says_en", "says_id", "binds", "status", "basis", "source_id"]
    rows = []
    for duty, own in table.groupby("duty", sort=False):
        counts = own["state"].value_counts()
        days = own["due"].dropna()
        row = {"duty": duty, **own.iloc[0][words].to_dict(), "times": len(days)}
        row |= {"first_due": min(days, default=None), "last_due": max(days, default=None)}
        rows.append(row | {state: int(counts.get(state, 0)) for state in ("met", "missed", "unknown", "not_due")})
    columns = ["duty", *words, "times", "first_due", "last_due", "met", "missed", "unknown", "not_due"]
    return pd.DataFrame(rows, columns=columns)


def _anchors(case: Case, quarter: Quarter, since: date) -> _Anchors:
    plans = case.table("plans")
    own = plans[
        (plans["plan_id"] == case.jurisdiction.get("plan_id")) & known_by(plans["submitted"], quarter.last_day)
    ]
    if own.empty:
        return _Anchors(since, None, None)
    plan = own.iloc[0]
    end = None if pd.isna(plan["end"]) else Span.parse(plan["end"]).last
    return _Anchors(since, Span.parse(plan["submitted"]).last, end)


def _evidence(case: Case, quarter: Quarter) -> pd.DataFrame:
    """Dated evidence on criteria and on duties, under the column ``on``."""
    criteria = criterion_evidence(case, quarter)
    criteria = criteria[criteria["dated"]].rename(columns={"criterion_id": "on"})
    own = case.until("duty_evidence", quarter).rename(columns={"duty": "on"})
    kinds = case.table("sources").set_index("source_id")["kind"]
    own = own.assign(source_kind=own["source_id"].map(kinds))
    columns = ["on", "date", "stance", "basis", "source_kind", "source_id"]
    return pd.concat([criteria[columns], own[columns]], ignore_index=True)


def _row(duty: str, rule: Mapping[str, Any], **values: Any) -> dict[str, Any]:
    address = str(rule["source"])
    place = {"basis": address} if "://" in address else {"source_id": address}
    words = {name: rule[name] for name in ("name_en", "name_id", "says_en", "says_id", "binds", "status")}
    empty: dict[str, Any] = dict.fromkeys(COLUMNS) | {"evidence_count": 0}
    return empty | {"duty": duty, "criterion_id": rule.get("criterion"), **words, **place, **values}


def _assessed(case: Case, quarter: Quarter, duty: str, rule: Mapping[str, Any]) -> list[dict[str, Any]]:
    table = assessment_duties(case, quarter)
    table = table[table["duty"] == rule["assessment"]]
    if table.empty:
        return [_row(duty, rule, state="not_due", detail="no_plan")]
    return [
        _row(
            duty, rule, commitment_key=one["commitment_key"], title_en=one["title_en"], title_id=one["title_id"],
            counted_from=one["counted_from"], due=one["due"], state=one["status"], detail=one["detail"],
            source_id=one["source_id"],
        )
        for _, one in table.iterrows()
    ]  # fmt: skip


def _computed(
    case: Case, quarter: Quarter, duty: str, rule: Mapping[str, Any], anchors: _Anchors, evidence: pd.DataFrame
) -> list[dict[str, Any]]:
    if rule["binds"] != "local":
        return [_row(duty, rule, state="not_applicable", detail="countries")]
    own = evidence[evidence["on"].isin([duty, rule.get("criterion")])]
    if rule["anchor"] == "commitment_end":
        plan = plan_commitments(case, quarter)
        ends = [
            (Span.parse(one["end"]).last, {name: one[name] for name in ("commitment_key", "title_en", "title_id")})
            for _, one in plan[plan["end"].notna()].iterrows()
        ]
    else:
        day = getattr(anchors, rule["anchor"])
        ends = [] if day is None else [(day, {})]
    if not ends:
        return [_row(duty, rule, state="not_due", detail="no_plan")]
    rows = []
    for counted_from, more in ends:
        for first, due in _days(rule, counted_from, anchors, quarter):
            if not _holds(rule, due):
                continue
            seen = own if first is None else own[_within(own["date"], first, due)]
            state, detail = _state(seen, due, quarter.last_day, again=first is not None)
            rows.append(
                _row(
                    duty, rule, counted_from=counted_from, period_from=first, due=due, state=state, detail=detail,
                    evidence_count=len(seen), **more,
                )
            )  # fmt: skip
    return rows


def _days(
    rule: Mapping[str, Any], start: date, anchors: _Anchors, quarter: Quarter
) -> Iterator[tuple[date | None, date]]:
    """The day a duty is due; for one that comes again the first and last day of each period."""
    if not rule.get("every_months"):
        yield None, add_months(start, int(rule["months"]))
        return
    months = int(rule["every_months"])
    begin = start + timedelta(days=1)
    step = 0
    while True:
        first, after = add_months(begin, step * months), add_months(begin, (step + 1) * months)
        due = after - timedelta(days=1)
        if anchors.plan_end is None:
            if first > quarter.last_day:
                return
        elif due > anchors.plan_end:
            return
        yield first, due
        step += 1


def _holds(rule: Mapping[str, Any], due: date) -> bool:
    first, last = rule.get("valid_from"), rule.get("valid_to")
    begun = first is None or Span.parse(str(first)).first <= due
    return begun and (last is None or due <= Span.parse(str(last)).last)


def _within(dates: pd.Series[Any], first: date, last: date) -> pd.Series[Any]:
    spans = [Span.parse(text) for text in dates]
    return pd.Series([first <= span.first and span.last <= last for span in spans], index=dates.index, dtype=bool)


def _state(evidence: pd.DataFrame, due: date, day: date, *, again: bool) -> tuple[str, str | None]:
    """State and detail; ``again`` for one period of a duty that comes again, whose evidence lies within it."""
    spans = [Span.parse(text) for text in evidence["date"]]
    before = [(span.last < due) if again else (span.first <= due) for span in spans]
    early = evidence["stance"].eq("contradicts") & pd.Series(before, index=evidence.index, dtype=bool)
    finding = criterion_finding(evidence[~early])
    if finding == "met":
        shown = evidence[(evidence["stance"] == "supports") & ~evidence["source_kind"].isin(OWN_WORD)]
        return "met", "late" if min(Span.parse(text).last for text in shown["date"]) > due else "on_time"
    if day <= due:
        return "not_due", None
    if finding == "unknown":
        return "unknown", "said_early" if bool(early.any()) else "nothing_found"
    return STATES.get(finding, "unknown"), finding


def _undated(one: pd.Series[Any]) -> dict[str, Any]:
    """A duty of the case's criteria that no rule dates: its finding stands for its state."""
    finding = one["finding"]
    rule = {
        "name_en": one["item_en"], "name_id": one["item_id"], "says_en": one["threshold_en"],
        "says_id": one["threshold_id"], "binds": "local", "status": "stated", "source": one["source_id"],
        "criterion": one["criterion_id"],
    }  # fmt: skip
    state = finding if finding == "not_applicable" else STATES.get(finding, "unknown")
    return _row(
        one["criterion_id"], rule, state=state, detail=finding if finding in ("partly", "claimed") else None,
        evidence_count=one["evidence_count"],
    )  # fmt: skip
