"""Recovery and response measures: what was announced, what was delivered, to whom."""

from ogp_analysis.recovery.accounts import (
    STAGES,
    Account,
    account,
    accounts_of,
    achievement,
    delivered_wholes,
    parts_by_provider,
    reach_bounds,
)
from ogp_analysis.recovery.chance import chance_periods
from ogp_analysis.recovery.effects import Question, effect_panel, effect_questions
from ogp_analysis.recovery.measures import (
    dated_window,
    measure_spans,
    measure_terms,
    uncovered_days,
    undated_measures,
)
from ogp_analysis.recovery.reach import compare_recipients, need_periods, recipients_and_need
from ogp_analysis.recovery.shares import counted_need, service_gaps, service_periods
from ogp_analysis.recovery.taxes import (
    achievement_rates,
    misprinted_targets,
    tax_account,
    tax_years,
    unpaired_figures,
)

__all__ = [
    "STAGES",
    "Account",
    "Question",
    "account",
    "accounts_of",
    "achievement",
    "achievement_rates",
    "chance_periods",
    "compare_recipients",
    "counted_need",
    "dated_window",
    "delivered_wholes",
    "effect_panel",
    "effect_questions",
    "measure_spans",
    "measure_terms",
    "misprinted_targets",
    "need_periods",
    "parts_by_provider",
    "reach_bounds",
    "recipients_and_need",
    "service_gaps",
    "service_periods",
    "tax_account",
    "tax_years",
    "uncovered_days",
    "undated_measures",
    "unpaired_figures",
]
