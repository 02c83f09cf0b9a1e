"""What many pages of one run need alike, computed once in the process that their kernels are forked from.

Nothing here changes a page: it fills the memory of the case (:meth:`ogp_analysis.case.Case.remembered`), and a
kernel that starts without it computes the same for itself.
"""

from __future__ import annotations

import contextlib
import json
import os
from collections.abc import Sequence
from typing import TYPE_CHECKING

from ogp_analysis.errors import OgpAnalysisError

if TYPE_CHECKING:
    from ogp_analysis.reports.parameters import Parameters

VARIABLE = "OGP_ANALYSIS_AHEAD"
#: From so many profiles on, computing ahead costs less than it saves.
PROFILES = 4


def announcement(runs: Sequence[Parameters], boundaries: str | None = None) -> str:
    """What runs of one case will need, as a text for the process that their kernels are forked from.

    Of several quarters the last is announced: it knows most, and what it does not share is computed on the page.
    """
    profiles = [run for run in runs if run.district]
    told = {
        "case": str(runs[0].case.folder),
        "quarter": str(max(run.quarter for run in profiles or runs)),
        "profiles": len(profiles) >= PROFILES,
        "boundaries": boundaries,
    }
    if profiles:
        told["district"] = str(profiles[0].district)
        told["since"] = profiles[0].since
    return json.dumps(told)


def prepare() -> None:
    """Compute what was announced; nothing without an announcement."""
    text = os.environ.get(VARIABLE)
    if text is None:
        return
    told = json.loads(text)
    # what cannot be computed here fails on its page, which says where and why
    with contextlib.suppress(OgpAnalysisError):
        from ogp_analysis.case import load_case
        from ogp_analysis.locale import get_language
        from ogp_analysis.quarter import Quarter
        from ogp_analysis.reports.context import Report

        case = load_case(told["case"])
        if told["profiles"]:
            quarter, language = Quarter.parse(told["quarter"]), get_language("id")
            report = Report(
                "40_district_profile", case, quarter, language, None, told["boundaries"], since_given=told["since"]
            )
            _profiles(report, told["district"])


def _profiles(report: object, district: str) -> None:
    from ogp_analysis import recovery, scorecard
    from ogp_analysis.recovery.neighbourhood import can_compare_neighbours, likeness
    from ogp_analysis.reports.changes import PROFILE, changes_of
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
