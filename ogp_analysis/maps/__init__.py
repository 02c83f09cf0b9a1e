"""Maps worth printing: fixed classes, no data by pattern, labels that never collide, alt text."""

from __future__ import annotations

from ogp_analysis.maps.categories import category_map, yes_no_map
from ogp_analysis.maps.choropleth import choropleth
from ogp_analysis.maps.classes import Classes, make_classes
from ogp_analysis.maps.clusters import clusters
from ogp_analysis.maps.figure import MapFigure
from ogp_analysis.maps.frame import Frame
from ogp_analysis.maps.multiples import small_multiples
from ogp_analysis.maps.panels import Panel, panel_maps
from ogp_analysis.maps.symbols import symbol_map
from ogp_analysis.maps.tiles import tile_grid

__all__ = [
    "Classes",
    "Frame",
    "MapFigure",
    "Panel",
    "category_map",
    "choropleth",
    "clusters",
    "make_classes",
    "panel_maps",
    "small_multiples",
    "symbol_map",
    "tile_grid",
    "yes_no_map",
]
