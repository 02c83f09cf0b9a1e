"""Commitments of an action plan: what was promised, what is seen, what is rated."""

from ogp_analysis.commitments.duties import assessment_duties
from ogp_analysis.commitments.plan import (
    baselines,
    design_completeness,
    evidence,
    other_plans,
    plan_commitments,
    plan_outcomes,
    ratings,
)
from ogp_analysis.commitments.reach import evidence_by_district, needed_evidence
from ogp_analysis.commitments.running import commitment_status, milestone_status, status_by_quarter

__all__ = [
    "assessment_duties",
    "baselines",
    "commitment_status",
    "design_completeness",
    "evidence",
    "evidence_by_district",
    "milestone_status",
    "needed_evidence",
    "other_plans",
    "plan_commitments",
    "plan_outcomes",
    "ratings",
    "status_by_quarter",
]
