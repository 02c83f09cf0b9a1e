"""What a member of the Open Government Partnership promised, what is shown, whom it reached, what is unknown.

The way in is a case, the checked tables of one member:

>>> import ogp_analysis as oga
>>> case = oga.load_case("semarang")
>>> case.jurisdiction["name"]
'Kota Semarang'
>>> rates = oga.quality.rate(case, "jumlah_puskesmas", "2022")

``case.tables`` names its tables, ``case.table(name)`` gives one, ``case.values(indicator, period)`` one indicator
for every kecamatan; ``load_boundaries(case)`` gives the outlines for maps. What asks a case lies in packages:

- ``quality``: what adds up, what does not, what is missing; rates
- ``commitments``, ``recovery``, ``membership``, ``claims``: the subjects; ``scorecard``: indices of the kecamatan
- ``charts``, ``maps``: drawings that carry their description and their data
- ``reports``: ``open_report``, the first call of every notebook
- ``forms``: the fill-in workbook of a monitoring body

These need no case, and work on any table:

- ``cleaning``: names, codes, numbers, dates and published tables
- ``sources.ogp``, ``sources.tax_roll``: readers of what others publish
- ``stats``: statistics of few cases, such as ``stats.rates``, ``stats.inequality`` and ``stats.composite``

``help`` on each of them, and on every function, says more. A report set is made by a command:
``ogp-analysis report --help``. Nothing is loaded before it is used, so ``import ogp_analysis`` costs nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

if TYPE_CHECKING:
    from ogp_analysis import (
        charts,
        claims,
        cleaning,
        commitments,
        forms,
        maps,
        membership,
        quality,
        recovery,
        reports,
        scorecard,
    )
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
    "charts",
    "claims",
    "cleaning",
    "commitments",
    "forms",
    "get_language",
    "load_boundaries",
    "load_case",
    "maps",
    "membership",
    "quality",
    "recovery",
    "reports",
    "scorecard",
]


def __getattr__(name: str) -> Any:
    if name in _HOMES:
        return getattr(import_module(f"ogp_analysis.{_HOMES[name]}"), name)
    if name in __all__:
        return import_module(f"ogp_analysis.{name}")
    raise AttributeError(f"module 'ogp_analysis' has no attribute {name!r}")


def __dir__() -> list[str]:
    # what Tab offers: the public names, without what this file itself imported
    return sorted([*__all__, *(name for name in globals() if name.startswith("__"))])
