"""Imported once by the process that kernels are forked from, so that no kernel imports the stack again."""

from __future__ import annotations

import gc
import os
import sys

# must be set before matplotlib is imported, or figures vanish without an error
os.environ.setdefault("MPLBACKEND", "module://matplotlib_inline.backend_inline")

import geopandas  # noqa: F401
import pandas  # noqa: F401
import pyarrow.acero  # noqa: F401
import tqdm.auto  # noqa: F401 - before IPython, which it would search for widgets, and complain

import ogp_analysis.charts
import ogp_analysis.claims
import ogp_analysis.commitments
import ogp_analysis.commitments.picture
import ogp_analysis.commitments.published
import ogp_analysis.maps
import ogp_analysis.membership
import ogp_analysis.quality
import ogp_analysis.recovery
import ogp_analysis.recovery.coding
import ogp_analysis.recovery.relief
import ogp_analysis.reports.accounts
import ogp_analysis.reports.chance
import ogp_analysis.reports.changes
import ogp_analysis.reports.collect
import ogp_analysis.reports.context
import ogp_analysis.reports.counted
import ogp_analysis.reports.downloaded
import ogp_analysis.reports.effects
import ogp_analysis.reports.explorer
import ogp_analysis.reports.figures
import ogp_analysis.reports.headlines
import ogp_analysis.reports.kernel
import ogp_analysis.reports.membership
import ogp_analysis.reports.microdata
import ogp_analysis.reports.pictures
import ogp_analysis.reports.policies
import ogp_analysis.reports.prepared
import ogp_analysis.reports.present
import ogp_analysis.reports.profile
import ogp_analysis.reports.profile_chance
import ogp_analysis.reports.running
import ogp_analysis.reports.scorecard_profile
import ogp_analysis.reports.scorecards
import ogp_analysis.reports.small_counts
import ogp_analysis.scorecard
import ogp_analysis.sources.boundaries
import ogp_analysis.sources.schematic
import ogp_analysis.sources.tax_roll
import ogp_analysis.stats.composite
from ogp_analysis.reports.ahead import prepare_case, quarters_ahead

if len(quarters_ahead()) != 1:
    # the process of a single quarter imports it, while the first pages are made
    import ogp_analysis.reports.warm_statistics  # noqa: F401

# The debugger takes longer to import than all else that a kernel does at its start, and nothing here is debugged.
sys.modules.setdefault("debugpy", None)  # type: ignore[arg-type]

import ipykernel.debugger  # noqa: E402
import ipykernel.ipkernel  # noqa: E402
import ipykernel.kernelapp  # noqa: E402
import ipykernel.zmqshell  # noqa: E402, F401
import IPython.core.completerlib  # noqa: E402
import IPython.core.debugger  # noqa: E402
import IPython.core.oinspect  # noqa: E402
import IPython.extensions.storemagic  # noqa: E402
import IPython.utils.wildcard  # noqa: E402, F401
import tornado.platform.asyncio  # noqa: E402
import tornado.queues  # noqa: E402, F401

prepare_case()
# what is here stays as long as any kernel: whoever collects garbage need not look at it, nor copy its pages
gc.freeze()

# matplotlib_inline.backend_inline is left out on purpose: it must be imported where a shell exists, in the kernel
