"""Maps of places that stand out together with their neighbours."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import pandas as pd

from ogp_analysis.errors import ParameterError
from ogp_analysis.maps.categories import category_map
from ogp_analysis.maps.figure import MapFigure
from ogp_analysis.maps.frame import Frame
from ogp_analysis.stats.local import LABELS as KINDS

if TYPE_CHECKING:
    import geopandas as gpd

    from ogp_analysis.stats.local import LocalPattern

#: From what is drawn darkest to what is drawn palest.
ORDER: Mapping[str, tuple[str, ...]] = {
    "local_moran": ("high_high", "high_low", "low_high", "low_low", "within_chance"),
    "getis_ord": ("hot", "cold", "within_chance"),
}


def clusters(boundaries: gpd.GeoDataFrame, pattern: LocalPattern, frame: Frame) -> MapFigure:
    """Draw which places stand out together with their neighbours, after the false discoveries are held down.

    Parameters
    ----------
    boundaries : GeoDataFrame
        As for :func:`choropleth`.
    pattern : LocalPattern
        From :func:`~ogp_analysis.stats.local.local_moran` or :func:`~ogp_analysis.stats.local.getis_ord`, indexed
        by ``code_bps``; a place that cannot be told is *not applicable*, never within chance.
    frame : Frame

    Returns
    -------
    MapFigure

    Raises
    ------
    ParameterError
        If no place stands out, or the data do not carry the method: then there is no map, but its sentence.

    Examples
    --------
    >>> from ogp_analysis.stats.neighbours import Neighbours
    >>> from ogp_analysis.stats.local import local_moran
    >>> pair = Neighbours.from_lists({"3374010": ["3374020"], "3374020": ["3374010"]})
    >>> clusters(None, local_moran(pd.Series([1, 2], index=["3374010", "3374020"]), pair), None)
    Traceback (most recent call last):
    ...
    ogp_analysis.errors.ParameterError: No place stands out: There are too few places to tell ...
    What to do: Show the words of the pattern in place of a map.
    """
    kinds = pattern.table["kind"]
    if kinds.isin(["within_chance", "cannot_tell"]).all():
        raise ParameterError(
            f"No place stands out: {pattern.words}", hint="Show the words of the pattern in place of a map."
        )
    untold = kinds == "cannot_tell"
    states = pd.Series("not_applicable", index=kinds.index[untold])
    words = {kind: frame.spoken.t(KINDS[kind]) for kind in ORDER[pattern.method]}
    values = kinds.mask(untold)
    return category_map(boundaries, values, frame, categories=words, states=states)
