"""Whether neighbouring kecamatan are alike, in rates that chance makes less of a difference to."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.util import find_spec
from typing import TYPE_CHECKING

import pandas as pd

from ogp_analysis.case import Case
from ogp_analysis.quality import rate
from ogp_analysis.recovery.chance import beside_chance, no_chance_reason
from ogp_analysis.stats.local import LocalPattern, getis_ord, local_moran
from ogp_analysis.stats.neighbours import contiguity
from ogp_analysis.stats.spatial import GlobalMoran, global_moran

if TYPE_CHECKING:
    import geopandas as gpd


@dataclass(frozen=True, eq=False)
class Likeness:
    """One rate over the map: all kecamatan together, and each with its neighbours.

    Attributes
    ----------
    indicator, period, base_period : str
    stabilised : bool
        Whether the rates are drawn towards that of the whole place; raw ones are not counts of cases.
    moran : GlobalMoran
    local : LocalPattern
        Local Moran.
    hot : LocalPattern or None
        Gi*; None where a rate is below zero.
    """

    indicator: str
    period: str
    base_period: str
    stabilised: bool
    moran: GlobalMoran
    local: LocalPattern
    hot: LocalPattern | None

    def standing_out(self) -> pd.Series:
        """Kind of each kecamatan that stands out together with its neighbours, by local Moran or else by Gi*."""
        kinds = self.local.table["kind"]
        if self.hot is not None:
            kinds = kinds.where(~kinds.isin(["within_chance", "cannot_tell"]), self.hot.table["kind"])
        return kinds[~kinds.isin(["within_chance", "cannot_tell"])]


def can_compare_neighbours() -> bool:
    """Whether the packages of the extra ``spatial`` are installed."""
    return all(find_spec(name) is not None for name in ("esda", "libpysal"))


def likeness(case: Case, periods: Mapping[str, str], outlines: gpd.GeoDataFrame) -> list[Likeness]:
    """Global and local Moran and Gi* of several rates, over the neighbours that the outlines show.

    Rates that can be set beside chance are stabilised first (:func:`~ogp_analysis.recovery.chance.beside_chance`);
    the others are taken as they are. The figures are those of :func:`~ogp_analysis.stats.spatial.global_moran`,
    :func:`~ogp_analysis.stats.local.local_moran` and, where no value is negative,
    :func:`~ogp_analysis.stats.local.getis_ord`.

    Parameters
    ----------
    case : Case
    periods : mapping of indicator to period
        Rates with a denominator; one with a missing value is left out, for no place may be taken as a zero.
    outlines : GeoDataFrame
        With ``code_bps``; kecamatan that touch are neighbours.

    Returns
    -------
    list of Likeness
    """
    outline = hashlib.sha256(b"".join(outlines.sort_values("code_bps").geometry.to_wkb())).hexdigest()
    codes = tuple(sorted(outlines["code_bps"]))
    key = ("likeness", tuple(periods.items()), codes, outline)
    return list(case.remembered(key, lambda: _likeness(case, periods, outlines)))


def _likeness(case: Case, periods: Mapping[str, str], outlines: gpd.GeoDataFrame) -> tuple[Likeness, ...]:
    neighbours = contiguity(outlines.set_index("code_bps"))
    found = []
    for indicator, period in periods.items():
        raw = rate(case, indicator, period)
        stabilised = not no_chance_reason(case, indicator, period)
        values = beside_chance(case, indicator, period).table["smoothed"] if stabilised else raw["value"]
        if values.isna().any():
            continue
        found.append(
            Likeness(
                indicator,
                period,
                str(raw.attrs["denominator_period"]),
                stabilised,
                global_moran(values, neighbours),
                local_moran(values, neighbours),
                getis_ord(values, neighbours) if (values >= 0).all() else None,
            )
        )
    return tuple(found)
