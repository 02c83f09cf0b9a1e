"""The command ``ogp-analysis compare``: what changed between two quarters, as a table and as a page."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from ogp_analysis.errors import ParameterError
from ogp_analysis.quarter import Quarter

if TYPE_CHECKING:
    import pandas as pd

    from ogp_analysis.case import Case
    from ogp_analysis.changes import Standing

NOTEBOOK, KEPT = "45_changes", "standing.json"


def compare(given: argparse.Namespace) -> int:
    """Print what moved and why, and make the page on changes of the later quarter; gives the exit code."""
    from ogp_analysis.case import load_case
    from ogp_analysis.changes import moves, standing
    from ogp_analysis.locale import languages
    from ogp_analysis.reports.command import make
    from ogp_analysis.reports.plan import plan_runs

    before, after = Quarter.parse(given.before), Quarter.parse(given.after)
    if before >= after:
        raise ParameterError(f"{before} is not earlier than {after}.", hint="Give the earlier quarter first.")
    case = load_case(given.case)
    published = _published(given, case, before)
    today = standing(case, before)
    later = standing(case, after)
    if published is None:
        found = moves(today, later)
        print(f"{before} is computed with the tables and the method of today.")
    else:
        path, kept = published
        found = moves(kept, later, today)
        print(f"{before} is what the report printed that {path} belongs to.")
    print(moves_text(found))
    runs = plan_runs(
        str(case.folder),
        str(after),
        given.language or languages(),
        [NOTEBOOK],
        since=str(before),
        published=str(published[0]) if published is not None else "",
    )
    return make(runs, given.boundaries or "", given)


def moves_text(moved: pd.DataFrame) -> str:
    """How many items moved, and why, as a table for the terminal: a line a subject, a column a cause.

    Parameters
    ----------
    moved : DataFrame
        From :func:`ogp_analysis.changes.moves`.
    """
    from ogp_analysis.changes import CAUSES, SUBJECTS
    from ogp_analysis.reports.change_rows import moved_by

    causes = [cause for cause in CAUSES if moved_by(moved["causes"], cause).any()]
    lines = [f"{'':12}{'different':>10}{'new':>6}{'gone':>6}   {'  '.join(causes)}"]
    for subject in SUBJECTS:
        rows = moved[moved["subject"] == subject]
        if rows.empty:
            continue
        kinds = [int((rows["change"] == kind).sum()) for kind in ("changed", "appeared", "vanished")]
        why = "  ".join(f"{int(moved_by(rows['causes'], cause).sum()):>{len(cause)}}" for cause in causes)
        lines.append(f"{subject:12}{kinds[0]:>10}{kinds[1]:>6}{kinds[2]:>6}   {why}")
    return "\n".join([*lines, *([] if len(moved) else ["nothing moved"])])


def _published(given: argparse.Namespace, case: Case, before: Quarter) -> tuple[Path, Standing] | None:
    from ogp_analysis.changes import standing_of

    if given.today and given.published:
        raise ParameterError("--today and --published were both given.", hint="Leave one of them out.")
    if given.today:
        return None
    if given.published:
        path = Path(given.published)
        kept = standing_of(path)
        if (kept.case, kept.quarter) != (case.id, before):
            raise ParameterError(
                f"{path.name} is of {kept.case} {kept.quarter}, not of {case.id} {before}.",
                hint="Give the standing of that quarter, or its quarter.",
            )
        return path, kept
    there = sorted((given.out / case.id / str(before)).glob(f"*/{NOTEBOOK}/{KEPT}"))
    return (there[0], standing_of(there[0])) if there else None
