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
    from ogp_analysis.locale import Language

NOTEBOOK, KEPT = "45_changes", "standing.json"


def compare(given: argparse.Namespace) -> int:
    """Print what moved and why, and make the page on changes of the later quarter; gives the exit code."""
    from ogp_analysis.case import load_case
    from ogp_analysis.changes import moves, standing
    from ogp_analysis.locale import get_language, languages
    from ogp_analysis.reports.command import make
    from ogp_analysis.reports.plan import plan_runs

    before, after = Quarter.parse(given.before), Quarter.parse(given.after)
    if before >= after:
        raise ParameterError(f"{before} is not earlier than {after}.", hint="Give the earlier quarter first.")
    case = load_case(given.case)
    published = _published(given, case, before)
    today = standing(case, before)
    later = standing(case, after)
    # the terminal speaks English, unless one other language was asked for
    language = get_language(given.language[0] if given.language and len(given.language) == 1 else "en")
    if published is None:
        found = moves(today, later)
        print(language.t("{quarter} is computed with the tables and the method of today.", quarter=str(before)))
    else:
        path, kept = published
        found = moves(kept, later, today)
        print(
            language.t(
                "{quarter} is what the report printed that {path} belongs to.", quarter=str(before), path=str(path)
            )
        )
    print(moves_text(found, language))
    runs = plan_runs(
        str(case.folder),
        str(after),
        given.language or languages(),
        [NOTEBOOK],
        since=str(before),
        published=str(published[0]) if published is not None else "",
    )
    return make(runs, given.boundaries or "", given)


def moves_text(moved: pd.DataFrame, language: Language) -> str:
    """How many items moved, and why, as a table for the terminal: a line a subject, a column a cause.

    Parameters
    ----------
    moved : DataFrame
        From :func:`ogp_analysis.changes.moves`.
    language : Language
    """
    from ogp_analysis.changes import CAUSES, SUBJECTS
    from ogp_analysis.reports.cells import label
    from ogp_analysis.reports.change_rows import STATES, moved_by

    if moved.empty:
        return language.t("Nothing moved.")
    kinds = {"changed": language.t("different"), "appeared": language.t("new"), "vanished": language.t("gone")}
    causes = [cause for cause in CAUSES if moved_by(moved["causes"], cause).any()]
    lines = [["", *kinds.values(), *(label(cause, language) for cause in causes)]]
    for subject in SUBJECTS:
        rows = moved[moved["subject"] == subject]
        if not rows.empty:
            counts = [int((rows["change"] == kind).sum()) for kind in kinds]
            counts += [int(moved_by(rows["causes"], cause).sum()) for cause in causes]
            lines.append([language.t(STATES[subject]), *map(str, counts)])
    first, *others = (max(map(len, column)) for column in zip(*lines, strict=True))
    return "\n".join(
        "   ".join([name.ljust(first), *(text.rjust(width) for text, width in zip(rest, others, strict=True))])
        for name, *rest in lines
    )


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
