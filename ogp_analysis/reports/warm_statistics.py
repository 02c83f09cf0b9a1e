"""The packages of statistics, imported once for many kernels: they take as long as all the others together."""

from __future__ import annotations

import mapclassify  # noqa: F401
import scipy.stats  # noqa: F401

from ogp_analysis.recovery.neighbourhood import can_compare_neighbours

if can_compare_neighbours():
    import esda  # noqa: F401
    import libpysal  # noqa: F401
