"""What a member of the Open Government Partnership promised, what is shown, whom it reached, what is unknown.

The public names are loaded when they are first used, so that ``import ogp_analysis`` costs nothing.

>>> import ogp_analysis as oga
>>> case = oga.load_case("semarang")
>>> case.jurisdiction["name"]
'Kota Semarang'
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

if TYPE_CHECKING:
    from ogp_analysis.case import Case, load_case
    from ogp_analysis.errors import DataError, OgpAnalysisError, ParameterError
    from ogp_analysis.locale import get_language
    from ogp_analysis.quarter import Quarter
    from ogp_analysis.sources.boundaries import load_boundaries

_HOMES = {
    "Case": "case",
    "DataError": "errors",
    "OgpAnalysisError": "errors",
    "ParameterError": "errors",
    "Quarter": "quarter",
    "get_language": "locale",
    "load_boundaries": "sources.boundaries",
    "load_case": "case",
}

__all__ = [
    "Case",
    "DataError",
    "OgpAnalysisError",
    "ParameterError",
    "Quarter",
    "get_language",
    "load_boundaries",
    "load_case",
]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'ogp_analysis' has no attribute {name!r}")
    return getattr(import_module(f"ogp_analysis.{_HOMES[name]}"), name)


def __dir__() -> list[str]:
    return sorted([*globals(), *_HOMES])
