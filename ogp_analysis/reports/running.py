"""A plan as it runs: rows and sentences for its page."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from ogp_analysis.commitments import status_by_quarter
from ogp_analysis.quarter import Quarter
from ogp_analysis.reports.cells import rating_label
from ogp_analysis.scales import VARIABLES, normalised, scale

if TYPE_CHECKING:
    from ogp_analysis.reports.context import Report

AMOUNTS = {
    "verified": "{n} with a completion that others than the government found",
    "claimed": "{n} with a completion that is only claimed",
    "evidence": "{n} with evidence that says nothing on completion",
    "no_evidence": "{n} without dated evidence",
    "not_begun": "{n} not begun",
}


def rating_rows(ratings: pd.DataFrame, report: Report) -> pd.DataFrame:
    """Ratings of the case in the reader's words; a label that is none of its scale stays as printed."""

    def words(variable: str, printed: str) -> str:
        own = scale(VARIABLES[variable])
        key = own.by_spelling.get(normalised(printed))
        return printed if key is None else rating_label(key, own.key, report.language)

    pairs = zip(ratings["variable"], ratings["label"], strict=True)
    return ratings.assign(label=[words(variable, printed) for variable, printed in pairs])


def state_rows(report: Report, count: int = 6) -> tuple[pd.DataFrame, dict[str, str]]:
    """The state of every commitment at the end of the last quarters: rows, and columns with their headers."""
    quarters = [report.quarter]
    while len(quarters) < count:
        quarters.insert(0, quarters[0].previous())
    long = status_by_quarter(report.case, quarters)
    if long.empty:
        return pd.DataFrame(columns=["commitment_key"]), {"commitment_key": report.t("Id")}
    wide = long.pivot_table(index="commitment_key", columns="quarter", values="state", aggfunc="first", sort=False)
    shown = [str(quarter) for quarter in quarters if str(quarter) in wide]
    headers = {"commitment_key": report.t("Id")} | {
        name: report.language.quarter(Quarter.parse(name)) for name in shown
    }
    out = wide[shown].map(report.label).reset_index()
    return out, headers


def status_words(status: pd.DataFrame, report: Report) -> str:
    """How many commitments are verified, claimed, touched by evidence, or without any."""
    counts = {str(state): int(n) for state, n in status["state"].value_counts().items()}
    parts = [report.t(AMOUNTS[state], n=counts[state]) for state in AMOUNTS if counts.get(state)]
    return report.t("Of {all} commitments: {parts}.", all=len(status), parts=report.language.list(parts))


def needs_words(needs: pd.DataFrame, report: Report) -> str:
    """How much of the evidence by kecamatan that is looked for was found."""
    local = needs[needs["by_district"]]
    found = int((local["districts_named"] > 0).sum())
    if not len(local):
        return "—"
    if not found:
        return report.t("{n} pieces of evidence would be needed by kecamatan; none was found.", n=len(local))
    return report.t(
        "{n} pieces of evidence would be needed by kecamatan; for {found} of them some kecamatan is named.",
        n=len(local),
        found=found,
    )
