"""Recovery and response measures: what was announced, what was delivered, to whom."""

from ogp_analysis.recovery.account import (
    achievement_rates,
    aid_account,
    amounts_of,
    delivered_wholes,
    years_with_targets,
)
from ogp_analysis.recovery.measures import (
    dated_window,
    measure_spans,
    measure_terms,
    uncovered_days,
    undated_measures,
)
from ogp_analysis.recovery.reach import compare_recipients, need_periods, recipients_and_need

__all__ = [
    "achievement_rates",
    "aid_account",
    "amounts_of",
    "compare_recipients",
    "dated_window",
    "delivered_wholes",
    "measure_spans",
    "measure_terms",
    "need_periods",
    "recipients_and_need",
    "uncovered_days",
    "undated_measures",
    "years_with_targets",
]
