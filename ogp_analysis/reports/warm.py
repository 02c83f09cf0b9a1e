"""Imported once by the process that notebook kernels are forked from, so that no kernel imports the stack again."""

from __future__ import annotations

import os

# must be set before matplotlib is imported, or figures vanish without an error
os.environ.setdefault("MPLBACKEND", "module://matplotlib_inline.backend_inline")

import geopandas  # noqa: E402, F401
import ipykernel.ipkernel  # noqa: E402
import ipykernel.kernelapp  # noqa: E402
import ipykernel.zmqshell  # noqa: E402
import mapclassify  # noqa: E402
import pandas  # noqa: E402, F401

import ogp_analysis.charts  # noqa: E402
import ogp_analysis.claims  # noqa: E402
import ogp_analysis.commitments  # noqa: E402
import ogp_analysis.maps  # noqa: E402
import ogp_analysis.membership  # noqa: E402
import ogp_analysis.quality  # noqa: E402
import ogp_analysis.recovery  # noqa: E402
import ogp_analysis.reports.context  # noqa: E402
import ogp_analysis.reports.present  # noqa: E402
import ogp_analysis.sources.boundaries  # noqa: E402, F401

# matplotlib_inline.backend_inline is left out on purpose: it must be imported where a shell exists, in the kernel
