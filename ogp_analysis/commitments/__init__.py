"""Commitments of an action plan: what was promised, what is seen, what is rated."""

from ogp_analysis.commitments.duties import assessment_duties
from ogp_analysis.commitments.plan import (
    baselines,
    design_completeness,
    evidence,
    other_plans,
    plan_commitments,
    ratings,
)
from ogp_analysis.commitments.running import commitment_status, milestone_status, status_by_quarter

__all__ = [
    "assessment_duties",
    "baselines",
    "commitment_status",
    "design_completeness",
    "evidence",
    "milestone_status",
    "other_plans",
    "plan_commitments",
    "ratings",
    "status_by_quarter",
]
