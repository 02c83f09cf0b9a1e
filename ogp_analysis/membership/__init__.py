"""Membership: eligibility, criteria and duties, and the evidence found for each."""

from ogp_analysis.membership.check import check_membership
from ogp_analysis.membership.criteria import (
    calls,
    criteria_findings,
    criterion_evidence,
    funnel,
    open_criteria,
    press_criteria,
    side_by_side,
)
from ogp_analysis.membership.duties import duties, duty_summary
from ogp_analysis.membership.eligibility import (
    CoreEligibility,
    core_eligibility,
    country_history,
    eligibility_history,
    values_check,
)
from ogp_analysis.membership.eligibility_rules import eligibility_rules

__all__ = [
    "CoreEligibility",
    "calls",
    "check_membership",
    "core_eligibility",
    "country_history",
    "criteria_findings",
    "criterion_evidence",
    "duties",
    "duty_summary",
    "eligibility_history",
    "eligibility_rules",
    "funnel",
    "open_criteria",
    "press_criteria",
    "side_by_side",
    "values_check",
]
