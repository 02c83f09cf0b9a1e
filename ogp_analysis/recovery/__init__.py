"""Recovery and response measures: what was announced, what was delivered, to whom."""

from ogp_analysis.recovery.account import achievement_rates, aid_account, amounts_of
from ogp_analysis.recovery.measures import measure_spans, measure_terms, uncovered_days
from ogp_analysis.recovery.reach import NEEDS, compare_recipients, recipients_and_need

__all__ = [
    "NEEDS",
    "achievement_rates",
    "aid_account",
    "amounts_of",
    "compare_recipients",
    "measure_spans",
    "measure_terms",
    "recipients_and_need",
    "uncovered_days",
]
