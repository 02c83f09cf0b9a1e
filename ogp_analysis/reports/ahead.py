"""What many pages of one run need alike, computed once in the processes that their kernels are forked from.

Nothing here changes a page: it fills the memory of the case (:meth:`ogp_analysis.case.Case.remembered`), and a
kernel that starts without it computes the same for itself.
"""

from __future__ import annotations

import contextlib
import json
import os
from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from ogp_analysis.errors import OgpAnalysisError

if TYPE_CHECKING:
    from ogp_analysis.reports.parameters import Parameters

VARIABLE = "OGP_ANALYSIS_AHEAD"
#: From so many profiles of a quarter on, computing ahead costs less than it saves.
PROFILES = 4
#: Pages that share next to nothing with the profiles and do no statistics: they are made while that is prepared.
APART = frozenset({"10_commitments", "30_membership"})


def announcement(runs: Sequence[Parameters], boundaries: str | None = None, *, next_too: bool = True) -> str:
    """What runs of one case will need, as a text for the processes that their kernels are forked from.

    With ``next_too`` a quarter is prepared while pages of the one before are made; where others may make it, not.
    """
    profiles = [run for run in runs if run.district]
    count = Counter(str(run.quarter) for run in profiles)
    compared = {str(run.quarter) for run in runs if run.notebook == "45_changes"}
    quarters = {
        str(run.quarter): {
            "district": str(run.district),
            "since": run.since,
            "compared": str(run.quarter) in compared,
        }
        for run in profiles
        if count[str(run.quarter)] >= PROFILES
    }
    told = {"case": str(runs[0].case.folder), "boundaries": boundaries, "quarters": quarters, "next_too": next_too}
    return json.dumps(told)


def quarters_ahead() -> list[str]:
    """The quarters that were announced to have many profiles, as they will be made."""
    return list(_told()["quarters"])


def quarters_from(quarter: str) -> list[str]:
    """A quarter and those to be prepared beside it; none if it was not announced."""
    quarters = quarters_ahead()
    at = quarters.index(quarter) if quarter in quarters else len(quarters)
    return quarters[at : at + 1 + _told()["next_too"]]


def _told() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(os.environ.get(VARIABLE) or '{"quarters": {}, "next_too": false}')
    return found


def prepare_case() -> None:
    """Load the case that was announced; nothing without an announcement."""
    text = os.environ.get(VARIABLE)
    if text is None:
        return
    # what cannot be read here fails on its page, which says where and why
    with contextlib.suppress(OgpAnalysisError):
        from ogp_analysis.case import load_case

        load_case(json.loads(text)["case"])


def prepare_profiles(quarter: str) -> None:
    """Compute what all profiles of a quarter need, and what changed, as it was announced."""
    told = json.loads(os.environ[VARIABLE])
    ours = told["quarters"][quarter]
    with contextlib.suppress(OgpAnalysisError):
        import ogp_analysis.reports.warm_statistics  # noqa: F401 - for the kernels
        from ogp_analysis.case import load_case
        from ogp_analysis.locale import get_language
        from ogp_analysis.quarter import Quarter
        from ogp_analysis.reports.change_set import changes_of
        from ogp_analysis.reports.context import Report

        report = Report(
            "40_district_profile",
            load_case(told["case"]),
            Quarter.parse(quarter),
            get_language("id"),
            None,
            told["boundaries"],
            since_given=ours["since"],
        )
        _profiles(report, ours["district"])
        if ours["compared"]:
            changes_of(report)


def _profiles(report: object, district: str) -> None:
    from ogp_analysis import recovery, scorecard
    from ogp_analysis.recovery.neighbourhood import can_compare_neighbours, likeness
    from ogp_analysis.reports.change_set import changes_of
    from ogp_analysis.reports.changes import PROFILE
    from ogp_analysis.reports.context import Report
    from ogp_analysis.reports.pictures import location_map
    from ogp_analysis.reports.present import response_window
    from ogp_analysis.reports.profile import district_indicators

    assert isinstance(report, Report)
    district_indicators(report.case, district, report)
    changes_of(report, PROFILE)
    for name in scorecard.scorecards_of(report.case):
        scorecard.scorecard(report.case, report.quarter, name)
    drawn = location_map(report, district)
    if drawn is not None:  # every first drawing looks for fonts and measures the names of all kecamatan
        drawn.svg()
    if not (report.has_outline and can_compare_neighbours()):
        return
    measures = recovery.measure_spans(report.case, report.quarter)
    response = str(response_window(report.case, measures)[0])
    wanted = recovery.need_periods(report.case, report.quarter, response)
    likeness(report.case, recovery.chance_periods(report.case, report.quarter, wanted), report.boundaries)
