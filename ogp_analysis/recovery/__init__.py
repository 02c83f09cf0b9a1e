"""Recovery and response measures: what was announced, what was delivered, to whom."""

from ogp_analysis.recovery.account import (
    achievement_rates,
    aid_account,
    amounts_of,
    delivered_wholes,
    years_with_targets,
)
from ogp_analysis.recovery.chance import chance_periods
from ogp_analysis.recovery.measures import (
    dated_window,
    measure_spans,
    measure_terms,
    uncovered_days,
    undated_measures,
)
from ogp_analysis.recovery.reach import compare_recipients, need_periods, recipients_and_need
from ogp_analysis.recovery.shares import counted_need, service_gaps, service_periods

__all__ = [
    "achievement_rates",
    "aid_account",
    "amounts_of",
    "chance_periods",
    "compare_recipients",
    "counted_need",
    "dated_window",
    "delivered_wholes",
    "measure_spans",
    "measure_terms",
    "need_periods",
    "recipients_and_need",
    "service_gaps",
    "service_periods",
    "uncovered_days",
    "undated_measures",
    "years_with_targets",
]
