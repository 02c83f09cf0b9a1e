"""Policies coded after the Oxford tracker: scales, sub-indices and indices, and one row a day and indicator."""

from ogp_analysis.recovery.coding.daily import coded_window, daily_codes, daily_index, index_steps, sub_index_steps
from ogp_analysis.recovery.coding.index import INDEX_METHOD, Reading, index_reading, sub_index
from ogp_analysis.recovery.coding.rows import not_found, policy_codes
from ogp_analysis.recovery.coding.scales import CODEBOOK, INDICES, Item, item, items

__all__ = [
    "CODEBOOK",
    "INDEX_METHOD",
    "INDICES",
    "Item",
    "Reading",
    "coded_window",
    "daily_codes",
    "daily_index",
    "index_reading",
    "index_steps",
    "item",
    "items",
    "not_found",
    "policy_codes",
    "sub_index",
    "sub_index_steps",
]
