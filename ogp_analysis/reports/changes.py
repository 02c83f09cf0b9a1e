"""What changed since an earlier quarter, in the reader's words: on each page, and on a page of its own."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

import pandas as pd

from ogp_analysis.changes import makings, standing_json
from ogp_analysis.reports import blocks
from ogp_analysis.reports.change_rows import kecamatan_names
from ogp_analysis.reports.change_set import Changes, changes_of
from ogp_analysis.reports.change_tables import show_moves

if TYPE_CHECKING:
    from ogp_analysis.reports.context import Report

#: What a profile of a kecamatan tells of.
PROFILE = ("value", "place", "known", "scorecard")


def show_changes(report: Report, subjects: Collection[str], *, district: str = "") -> None:
    """Show the section of a page on what changed since the earlier quarter: what it shows, and no more.

    Parameters
    ----------
    report : Report
    subjects : collection of str
        Of :data:`ogp_analysis.changes.SUBJECTS`.
    district : str
        BPS code; only what is about this kecamatan.
    """
    found = changes_of(report, subjects)
    moved = found.moved
    if district:
        moved = moved[moved["code_bps"] == district]
    report.heading("What changed since {quarter}", quarter=found.since)
    if moved.empty:
        report.say("Nothing of what this page shows is different from {quarter}.", quarter=found.since)
        return
    show_moves(report, moved, found, district=district)


def summary_words(found: Changes, report: Report) -> str:
    """The finding of the page on changes, in one or two sentences."""
    if found.moved.empty:
        return report.t("Nothing that the reports show is different from {quarter}.", quarter=found.since)
    kinds = found.moved["change"].value_counts()
    return report.t(
        "Since {quarter}: {changed} things are different, {new} are new and {gone} are gone, of {all} that the "
        "reports show.",
        quarter=found.since,
        changed=int(kinds.get("changed", 0)),
        new=int(kinds.get("appeared", 0)),
        gone=int(kinds.get("vanished", 0)),
        all=len(found.after.items),
    )


def making_words(found: Changes, report: Report) -> list[str]:
    """What the two sides were made from differently, one sentence each."""
    if not found.published:
        return [
            report.t(
                "Both quarters are computed with the tables and the method of today, so what moved is what was "
                "dated in between. What a report of {quarter} printed then may differ: give its standing.json to "
                "compare with that.",
                quarter=found.since,
            )
        ]
    differ = makings(found.before, found.after)
    words = [report.t("Compared is what the report of {quarter} printed.", quarter=found.since)]
    if differ["method"]:
        old, new = (each.made["method_version"] for each in (found.before, found.after))
        words.append(
            report.t(
                "The method moved: that report was made by version {old} of the method, this one by version "
                "{new}. The changelog of ogp-analysis says what differs.",
                old=str(old),
                new=str(new),
            )
        )
    if differ["tables"]:
        words.append(
            report.t(
                "The data moved: these tables are not those of then: {tables}.", tables=", ".join(differ["tables"])
            )
        )
    if differ["appeared"]:
        names = ", ".join(kecamatan_names(report, pd.Series(differ["appeared"])))
        words.append(report.t("The boundaries moved: these kecamatan are new: {names}.", names=names))
    if differ["vanished"]:
        names = ", ".join(kecamatan_names(report, pd.Series(differ["vanished"])))
        words.append(report.t("The boundaries moved: these kecamatan are no longer there: {names}.", names=names))
    if differ["outline"]:
        words.append(report.t("The outlines on the maps are not those of then; no figure follows from them."))
    if len(words) == 1:
        words.append(report.t("It was made from the same tables, by the same method and with the same outlines."))
    return words


def keep_standing(report: Report, found: Changes) -> None:
    """Keep where the case stands now with the executed notebook, to be written beside the page."""
    report.keep(blocks.kept("standing.json", standing_json(found.after)))
