"""Criteria and duties of membership: rows, drawings and sentences for their page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from ogp_analysis.membership import criterion_evidence, duty_summary
from ogp_analysis.reports.present import pair
from ogp_analysis.verdict import OWN_WORD

if TYPE_CHECKING:
    from ogp_analysis.maps.figure import MapFigure
    from ogp_analysis.reports.context import Report

AMOUNTS = {
    "met": "{n} met",
    "partly": "{n} met in part",
    "claimed": "{n} that only the government claims",
    "not_met": "{n} not met",
    "missed": "{n} missed",
    "unknown": "{n} unknown",
    "not_due": "{n} not due yet",
}


def with_evidence(findings: pd.DataFrame, report: Report) -> pd.DataFrame:
    """Findings with a column ``evidence``: every piece in words, with its day and source."""
    evidence = criterion_evidence(report.case, report.quarter)
    return findings.assign(evidence=[_pieces(evidence, key, report) for key in findings["criterion_id"]])


def sided_rows(table: pd.DataFrame, report: Report) -> pd.DataFrame:
    """Criteria of the press and of the call, and what the government and others show, one cell each."""
    evidence = criterion_evidence(report.case, report.quarter)
    own = evidence["source_kind"].isin(OWN_WORD)
    parts = pair(table, "part", report.language)
    items = pair(table, "item", report.language)
    keys = table["criterion_id"]
    press = zip(parts, table["press_source_id"], strict=True)
    cells: dict[str, list[Any]] = {
        "press": [pd.NA if pd.isna(part) else [(part, source)] for part, source in press],
        "call": [[cell] for cell in zip(items, table["source_id"], strict=True)],
        "city": [_pieces(evidence[own], key, report) for key in keys],
        "outside": [_pieces(evidence[~own], key, report) for key in keys],
    }
    return table.assign(**cells)


def funnel_chart(stages: pd.DataFrame, call: str | None, report: Report) -> MapFigure | None:
    """The stages of the call that the jurisdiction applied under, as bars; None where they are not known."""
    from ogp_analysis.charts import bars

    own = stages[stages["scope"] == call]
    if own.empty:
        return None
    names = pair(own, "stage", report.language)
    rows = pd.DataFrame({"label": names.to_numpy(), "value": own["count"].astype(float).to_numpy()})
    return bars(
        rows,
        title=report.t("From applicants to members: {call}", call=report.label(call)),
        source=report.source_line(list(dict.fromkeys(own["source_id"]))),
        language=report.language,
        notes=[report.t("All applicants are counted, so no range of chance belongs to these numbers.")],
    )


def country_rows(history: pd.DataFrame) -> pd.DataFrame:
    """Eligibility of a country by year, with the status of the rule as a code that has a word."""
    return history.assign(rule_status="rule_" + history["status"].astype("string"))


def duty_rows(table: pd.DataFrame, report: Report) -> pd.DataFrame:
    """One row a duty that a rule dates, in words: ``rule`` and its address, ``days``, ``states``, ``evidence``."""
    out = duty_summary(table[table["duty"] != table["criterion_id"]])
    said = report.case.until("duty_evidence", report.quarter).assign(dated=True)
    says = pair(out, "says", report.language)
    rules: list[Any] = []
    for text, basis, status in zip(says, out["basis"], out["status"], strict=True):
        told = [part for part in (text, basis) if pd.notna(part)]
        if status == "unconfirmed":
            told.append(report.label("rule_unconfirmed"))
        rules.append("; ".join(told) or pd.NA)
    return out.assign(
        rule=rules,
        days=[_days(row, report) for _, row in out.iterrows()],
        states=[_states(table[table["duty"] == duty], report) for duty in out["duty"]],
        evidence=[_pieces(said, duty, report, "duty") for duty in out["duty"]],
    )


def findings_words(findings: pd.DataFrame, report: Report) -> str:
    """How many criteria are met, met in part, only claimed, not met or unknown; those that do not apply apart."""
    judged = findings[findings["finding"] != "not_applicable"]
    return report.t(
        "Of {all} criteria of the call that a member can meet: {parts}.",
        all=len(judged),
        parts=_amounts(judged["finding"], report),
    )


def duties_words(table: pd.DataFrame, report: Report) -> str:
    """How many days of duties have passed and what is known of them, and the next one."""
    own = table[table["due"].notna()]
    if own.empty:
        return report.t("No duty has a day yet.")
    words = report.t("Due dates of duties: {all}; {parts}.", all=len(own), parts=_amounts(own["state"], report))
    ahead = own[own["due"] > report.quarter.last_day]
    if ahead.empty:
        return words
    return " ".join([words, report.t("The next is on {day}.", day=min(ahead["due"]))])


def _amounts(states: pd.Series[Any], report: Report) -> str:
    counts = states.value_counts()
    return report.language.list(
        [report.t(AMOUNTS[each], n=int(counts[each])) for each in AMOUNTS if each in counts]
    )


def _pieces(evidence: pd.DataFrame, key: str, report: Report, column: str = "criterion_id") -> Any:
    own = evidence[evidence[column] == key]
    if own.empty:
        return pd.NA
    cells = []
    texts = pair(own, "finding", report.language)
    for text, (_, row) in zip(texts, own.iterrows(), strict=True):
        stance = [report.label(row["stance"])] + ([report.label("inferred")] if row["basis"] == "inferred" else [])
        when = report.language.period(row["date"]) if row["dated"] else report.t("undated, decides nothing")
        cells.append((f"{', '.join(stance)} ({when}): {text}", row["source_id"]))
    return cells


def _days(row: pd.Series[Any], report: Report) -> str:
    if not row["times"]:
        return "—"
    if row["first_due"] == row["last_due"]:
        day = report.language.date(row["first_due"])
        return day if row["times"] == 1 else report.t("{day}, {n} times", day=day, n=row["times"])
    return report.t("{n} times, {first} to {last}", n=row["times"], first=row["first_due"], last=row["last_due"])


def _states(own: pd.DataFrame, report: Report) -> str:
    """The states of one duty with their reasons, each once, with its number where there are several."""
    words = [
        report.label(state) if pd.isna(detail) else f"{report.label(state)} ({report.label(detail)})"
        for state, detail in zip(own["state"], own["detail"], strict=True)
    ]
    counts = pd.Series(words).value_counts(sort=False)
    if len(counts) == 1:
        return str(counts.index[0])
    return "; ".join(f"{n} × {word}" for word, n in counts.items())
