"""Cleaning of published tables: names, codes, numbers, dates, whole files, and suspicious series.

Every function stands on its own: it takes text, a Series or a DataFrame and returns a new object. Nothing here
knows a case; the tables of districts and spellings are handed in. The submodules are loaded when a name is first
used, so that importing this package stays cheap.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

_HOME = {
    "NameResolution": "names",
    "resolve_names": "names",
    "VillageResolution": "villages",
    "resolve_villages": "villages",
    "bps_from_kemendagri": "codes",
    "bps_from_nop": "codes",
    "check_codes": "codes",
    "kemendagri_from_bps": "codes",
    "village_bps_from_kemendagri": "codes",
    "village_kemendagri_from_bps": "codes",
    "ParsedNumber": "numerals",
    "parse_number": "numerals",
    "ParsedNumbers": "numbers",
    "parse_numbers": "numbers",
    "ParsedPeriods": "dates",
    "parse_date": "dates",
    "parse_dates": "dates",
    "parse_month": "dates",
    "parse_quarter": "dates",
    "parse_quarters": "dates",
    "PublishedTable": "published",
    "read_published": "published",
    "check_totals": "totals",
    "years_to_rows": "totals",
    "LabelSwap": "labels",
    "find_area_switches": "series",
    "find_base_breaks": "series",
    "find_duplicate_series": "series",
    "find_label_swap": "labels",
    "find_polluted_units": "labels",
}

__all__ = sorted(_HOME)


def __getattr__(name: str) -> Any:
    if name in _HOME:
        return getattr(import_module(f"{__name__}.{_HOME[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return __all__
