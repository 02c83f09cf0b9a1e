"""Imported once by the process that kernels are forked from, so that no kernel imports the stack again."""

from __future__ import annotations

import os

# must be set before matplotlib is imported, or figures vanish without an error
os.environ.setdefault("MPLBACKEND", "module://matplotlib_inline.backend_inline")

import geopandas  # noqa: F401
import pandas  # noqa: F401

import ogp_analysis.charts
import ogp_analysis.claims
import ogp_analysis.commitments
import ogp_analysis.maps
import ogp_analysis.membership
import ogp_analysis.quality
import ogp_analysis.recovery
import ogp_analysis.reports.context
import ogp_analysis.reports.pictures
import ogp_analysis.reports.present
import ogp_analysis.reports.scorecards
import ogp_analysis.scorecard
import ogp_analysis.sources.boundaries
import ogp_analysis.stats.composite  # noqa: F401

# matplotlib_inline.backend_inline is left out on purpose: it must be imported where a shell exists, in the kernel
