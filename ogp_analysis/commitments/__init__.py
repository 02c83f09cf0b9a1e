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

__all__ = [
    "assessment_duties",
    "baselines",
    "design_completeness",
    "evidence",
    "other_plans",
    "plan_commitments",
    "ratings",
]
