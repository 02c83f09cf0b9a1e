"""Maps worth printing: fixed classes, no-data by pattern, labels that never collide, alt text."""

from __future__ import annotations

from ogp_analysis.maps.choropleth import choropleth
from ogp_analysis.maps.classes import Classes, make_classes
from ogp_analysis.maps.figure import MapFigure

__all__ = ["Classes", "MapFigure", "choropleth", "make_classes"]
