"""Relief on land tax: what bills cost with and without each published measure, who used it, and what it cost."""

from ogp_analysis.recovery.relief.benefit import relief_curve
from ogp_analysis.recovery.relief.engine import assess_relief, assess_with_benefit
from ogp_analysis.recovery.relief.fines import GENERAL_RULE, FineRule
from ogp_analysis.recovery.relief.plain import amount_due, relief_per_bill
from ogp_analysis.recovery.relief.result import Relief, forgone_by, measures_by, timing_by
from ogp_analysis.recovery.relief.terms import ReliefTerms, compile_terms, waiver_gaps

__all__ = [
    "GENERAL_RULE",
    "FineRule",
    "Relief",
    "ReliefTerms",
    "amount_due",
    "assess_relief",
    "assess_with_benefit",
    "compile_terms",
    "forgone_by",
    "measures_by",
    "relief_curve",
    "relief_per_bill",
    "timing_by",
    "waiver_gaps",
]
