"""The counts that the page on all commitments is made from: of a downloaded table, or those of the case."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from ogp_analysis.commitments import picture
from ogp_analysis.commitments.reference import count_table
from ogp_analysis.commitments.rules import STAR_RULES
from ogp_analysis.errors import ParameterError, nearest

if TYPE_CHECKING:
    from ogp_analysis.reports.context import Report
    from ogp_analysis.sources.ogp import CommitmentTable

#: Rules shown on the page, in the order of the chain from design to results.
SHOWN_RULES = (
    "verifiable", "relevant", "high_ambition", "high_potential", "high_completion", "ambitious_and_complete",
    "strong_results", "significant_results",
)  # fmt: skip


@dataclass(frozen=True)
class Counted:
    """The counts that a page is made from, and where they come from.

    Attributes
    ----------
    counts : DataFrame
        As :func:`~ogp_analysis.commitments.reference.count_table` gives them; empty if the case carries none.
    table : CommitmentTable or None
        The downloaded table, if one was given.
    source : str
        For captions, in the reader's language.
    name : str
        What the table is called in a sentence.
    member : str
        The member to set against all; empty if none is named.
    """

    counts: pd.DataFrame
    table: CommitmentTable | None
    source: str
    name: str
    member: str

    def has_rule(self, key: str) -> bool:
        """Whether the edition rates what a rule needs."""
        kinds = self.counts["kind"].eq("rule") & self.counts["first"].eq(key)
        return bool(kinds.any())

    @property
    def reviewed(self) -> bool:
        """Whether at least one commitment was reviewed."""
        return reviewed_members(self.counts) > 0

    @property
    def rules(self) -> list[str]:
        """The rules of :data:`SHOWN_RULES` that can be decided."""
        return [key for key in SHOWN_RULES if self.has_rule(key)]

    @property
    def stars(self) -> list[str]:
        """The rules of the star that can be decided."""
        return [key for key in STAR_RULES if self.has_rule(key)]

    @property
    def chains(self) -> list[tuple[str, str]]:
        """The pairs of ratings that are crossed."""
        rows = self.counts[self.counts["kind"] == "cross"]
        pairs = rows[["first", "second"]].drop_duplicates().itertuples(index=False, name=None)
        return [(str(first), str(second)) for first, second in pairs]


def open_counts(report: Report) -> Counted:
    """Count the table that the reader gave, else take the counts of the case.

    Raises
    ------
    ParameterError
        If the member that was asked for is not in the table.
    OgpAnalysisError, DataError
        If the table cannot be read.
    """
    table = None
    if report.table_file:
        from ogp_analysis.sources.ogp import read_commitments

        table = read_commitments(report.table_file)
        counts = count_table(table)
        name = source = report.t("your file {name}", name=Path(report.table_file).name)
    else:
        counts = report.case.table("reference_counts")
        counts = counts[counts["edition"] == counts["edition"].max()]  # the newest, if the case carries several
        source = report.source_line(list(counts["source_id"].unique())) if len(counts) else ""
        edition = report.language.period(str(counts["edition"].iloc[0])) if len(counts) else ""
        name = report.t("OGP’s table of {edition}", edition=edition)
    member = report.member or str(report.case.jurisdiction.get("reference_member", ""))
    known = picture.members(counts) if len(counts) else []
    if report.member and report.member not in known:
        raise ParameterError(f"The table knows no member {report.member!r}.", hint=nearest(report.member, known))
    return Counted(counts, table, source, name, member if member in known else "")


def reviewed_members(counts: pd.DataFrame) -> int:
    """Number of members with at least one commitment of which the first gate was judged."""
    rows = counts[(counts["kind"] == "gate") & (counts["first_label"] != "undecided:specificity")]
    return int(rows["member"].nunique())
