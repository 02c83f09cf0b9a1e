"""What is in a case, what does not add up, and what is missing.

Every function takes a :class:`~ogp_analysis.case.Case` and returns a tidy table; nothing is corrected here.
"""

from __future__ import annotations

from ogp_analysis.quality.amounts import amount_products, amount_sums, one_digit_apart, rival_groups
from ogp_analysis.quality.contents import coverage, empty_tables, inventory
from ogp_analysis.quality.evidence import evidence_matrix, evidence_years
from ogp_analysis.quality.printed import printed_percent_checks
from ogp_analysis.quality.rates import nearest_complete_period, rate
from ogp_analysis.quality.rivals import density_checks, rival_values, twin_districts
from ogp_analysis.quality.shown import places, shown_periods
from ogp_analysis.quality.totals import total_checks
from ogp_analysis.quality.years import yearly_total, yearly_value

__all__ = [
    "amount_products",
    "amount_sums",
    "coverage",
    "density_checks",
    "empty_tables",
    "evidence_matrix",
    "evidence_years",
    "inventory",
    "nearest_complete_period",
    "one_digit_apart",
    "places",
    "printed_percent_checks",
    "rate",
    "rival_groups",
    "rival_values",
    "shown_periods",
    "total_checks",
    "twin_districts",
    "yearly_total",
    "yearly_value",
]
