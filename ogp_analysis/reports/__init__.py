"""From a case and a quarter to pages that people read.

:func:`open_report` is the first call of every notebook: it checks the parameters and gives the :class:`Report`
that shows titles, tables, maps and sources in the reader's language. Whole sets of pages are made by the command
``ogp-analysis report``.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ogp_analysis.reports.context import Report, open_report

__all__ = ["Report", "open_report"]


def __getattr__(name: str) -> Any:
    # a notebook needs the context alone; the runner, papermill and nbconvert stay out of its kernel
    if name in __all__:
        return getattr(import_module("ogp_analysis.reports.context"), name)
    raise AttributeError(f"module 'ogp_analysis.reports' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted([*__all__, *(name for name in globals() if name.startswith("__"))])
