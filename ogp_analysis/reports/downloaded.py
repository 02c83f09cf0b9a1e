"""What a downloaded table of OGP holds, in the reader's words."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from ogp_analysis.commitments.rules import rules
from ogp_analysis.reports.cells import rating_label
from ogp_analysis.sources.ogp.editions import editions
from ogp_analysis.sources.ogp.tidy import RATINGS

if TYPE_CHECKING:
    from ogp_analysis.reports.context import Report
    from ogp_analysis.sources.ogp import CommitmentTable

OTHER_RULES = {
    "assessment_score": "IRM-based score",
    "binding_constraint": "Binding constraint",
    "latest_completion, coded": "Latest completion, as its code",
    "latest_completion, ranked": "Latest completion, as its rank",
}


HEADERS = {
    "above the header": "above the header",
    "repeated header": "repeated header",
    "empty line": "empty line",
    "totals or running numbers": "totals or running numbers",
    "no member": "no member",
    "no title": "no title",
}


EXPLANATIONS = {
    "unknown": "Columns that no known edition has, kept as they are: {names}.",
    "missing": "Columns that are missing: {names}.",
    "personal": "Columns on people, dropped: {names}.",
}


def file_words(table: CommitmentTable, report: Report) -> list[str]:
    """What a downloaded table holds, in lines for the reader."""
    lines = [
        report.t("Edition recognised from its columns: {edition}.", edition=table.edition),
        report.t(
            "{n} commitments of {members} members.",
            n=len(table.commitments),
            members=int(table.commitments["member"].nunique()),
        ),
    ]
    found = {
        "unknown": table.unknown_columns,
        "missing": table.missing_columns,
        "personal": table.personal_columns,
    }
    for kind, names in found.items():
        if names:
            lines.append(report.t(EXPLANATIONS[kind], names=report.language.list(list(names))))
    if len(table.duplicates):
        lines.append(report.t("Lines equal to an earlier one, kept: {n}.", n=len(table.duplicates)))
    return lines


def disagreement_rows(table: CommitmentTable, report: Report) -> pd.DataFrame:
    """Labels and codes that contradict each other, with what the code means in the reader's words."""
    scales = {at.text: RATINGS[key][2] for key, at in editions()[table.edition].ratings.items()}

    def words(column: str, meant: str) -> str:
        if meant == "nothing":
            return report.t("nothing")
        own = scales[column]
        return " / ".join(rating_label(key, own, report.language) for key in meant.split(" or "))

    found = table.disagreements
    meant = [words(column, keys) for column, keys in zip(found["column"], found["code_means"], strict=True)]
    return found.assign(code_means=meant)


def check_rows(table: CommitmentTable, frame: pd.DataFrame, report: Report) -> pd.DataFrame:
    """A table of :func:`check_published` with OGP's printed column and the rule's name."""
    printed = {name: at.column for name, at in editions()[table.edition].published.items()}
    names = {key: one.name(report.language.code) for key, one in rules().items()}
    return frame.assign(
        indicator=[printed[name] for name in frame["indicator"]],
        rule=[names.get(key) or report.t(OTHER_RULES[key]) for key in frame["rule"]],
    )


def left_out_rows(table: CommitmentTable, report: Report) -> pd.DataFrame:
    """Lines of a downloaded table that are no commitment, with the reason in words."""
    return table.left_out.assign(why=[report.t(HEADERS[why]) for why in table.left_out["why"]])
