"""Membership: criteria, duties, and the evidence found for each."""

from ogp_analysis.membership.criteria import criteria_findings, criterion_evidence, press_criteria

__all__ = ["criteria_findings", "criterion_evidence", "press_criteria"]
