"""Recovery and response measures: what was announced, what was delivered, to whom."""

from ogp_analysis.recovery.account import (
    achievement_rates,
    aid_account,
    amounts_of,
    delivered_wholes,
    years_with_targets,
)
from ogp_analysis.recovery.measures import first_year, measure_spans, measure_terms, uncovered_days
from ogp_analysis.recovery.reach import compare_recipients, need_periods, recipients_and_need

__all__ = [
    "achievement_rates",
    "aid_account",
    "amounts_of",
    "compare_recipients",
    "delivered_wholes",
    "first_year",
    "measure_spans",
    "measure_terms",
    "need_periods",
    "recipients_and_need",
    "uncovered_days",
    "years_with_targets",
]
