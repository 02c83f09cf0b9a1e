"""Outlines in metres, fitted into a box on the sheet; the scale bar and north arrow that go with them."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import shapely

from ogp_analysis.errors import ParameterError
from ogp_analysis.locale import Language
from ogp_analysis.maps.page import NOTE
from ogp_analysis.maps.palettes import INK, MUTED, Style
from ogp_analysis.maps.sheet import Box, Sheet

if TYPE_CHECKING:
    import geopandas as gpd


#: Outlines of more vertices than these are simplified to what a drawing can show.
MANY = 1500
#: Bends of a smaller area than this squared are left out, in points: a fifth of a millimetre on paper.
FINE = 0.5


@dataclass(frozen=True)
class Projection:
    """Districts in metres, ready to be fitted into a box in points."""

    codes: tuple[str, ...]
    shapes: tuple[shapely.Geometry, ...]
    bounds: Box

    @property
    def aspect(self) -> float:
        """Width divided by height."""
        return (self.bounds[2] - self.bounds[0]) / (self.bounds[3] - self.bounds[1])

    def fit(self, box: Box) -> tuple[dict[str, shapely.Geometry], float]:
        """Scale the districts into the middle of a box; also gives points a metre."""
        x0, y0, x1, y1 = self.bounds
        scale = min((box[2] - box[0]) / (x1 - x0), (box[3] - box[1]) / (y1 - y0))
        shift = np.array([(box[0] + box[2]) / 2, (box[1] + box[3]) / 2])
        middle = np.array([(x0 + x1) / 2, (y0 + y1) / 2])
        placed = shapely.transform(np.array(self.shapes, dtype=object), lambda xy: (xy - middle) * scale + shift)
        if shapely.get_num_coordinates(placed).sum() > MANY:
            placed = shapely.coverage_simplify(placed, FINE)  # neighbours keep one border
        return dict(zip(self.codes, placed, strict=True)), scale


def project(boundaries: gpd.GeoDataFrame) -> Projection:
    """Bring outlines into metres (the UTM zone of their middle), where a scale bar is true.

    Raises
    ------
    ParameterError
        If there is no geometry, no coordinate system, or a district without an area.
    """
    if not hasattr(boundaries, "geometry") or not hasattr(boundaries, "to_crs"):
        raise ParameterError(
            f"The boundaries are a {type(boundaries).__name__}, not a GeoDataFrame.",
            hint="Use load_boundaries(case).",
        )
    if boundaries.crs is None:
        raise ParameterError(
            "The boundaries do not say in which coordinate system they are.",
            hint="Set it, for example boundaries.set_crs('EPSG:4326').",
        )
    empty = boundaries.geometry.isna() | boundaries.geometry.is_empty
    if len(boundaries) == 0 or empty.any():
        codes = ", ".join(boundaries.loc[empty, "code_bps"].astype(str).head(5))
        raise ParameterError(
            f"District(s) without an outline: {codes or 'all'}.", hint="Use load_boundaries(case)."
        )
    west, south, east, north = boundaries.to_crs("EPSG:4326").total_bounds
    metric = boundaries.to_crs(f"EPSG:{utm_code((west + east) / 2, (south + north) / 2)}")
    shapes = tuple(metric.geometry)
    x0, y0, x1, y1 = (float(part) for part in metric.total_bounds)
    return Projection(tuple(boundaries["code_bps"]), shapes, (x0, y0, x1, y1))


def utm_code(longitude: float, latitude: float) -> int:
    """Give the EPSG code of the UTM zone of a place (WGS 84).

    Examples
    --------
    >>> utm_code(110.4, -7.0)  # Semarang
    32749
    """
    zone = min(int((longitude + 180) // 6) + 1, 60)
    return (32700 if latitude < 0 else 32600) + zone


def draw_furniture(sheet: Sheet, box: Box, scale: float, language: Language) -> None:
    """Draw scale bar and north arrow below a map.

    Parameters
    ----------
    sheet : Sheet
    box : tuple of float
        Of the map, in points.
    scale : float
        Points a metre.
    language : Language
    """
    metres = nice_length((box[2] - box[0]) / 4 / scale)
    length = metres * scale
    left, y = box[0] + 22, box[1] - 20
    for part in range(2):
        corner = left + part * length / 2
        half = (corner, y, corner + length / 2, y + 3.5)
        sheet.rectangle(half, Style(INK if part == 0 else "#ffffff"), edge=INK, edge_width=0.5)
    km = metres / 1000
    for share in (0.0, 0.5, 1.0) if length > 55 else (0.0, 1.0):
        text = language.number(km * share) + (" km" if share == 1.0 else "")
        sheet.text(left + length * share, y + 6, text, NOTE, colour=MUTED, align="center")
    x = box[0] + 7
    sheet.polygon([(x, y + 12), (x - 4, y), (x, y + 3), (x + 4, y)])
    sheet.text(x, y + 13.5, language.t("N"), NOTE, weight="bold", align="center")


def nice_length(metres: float) -> float:
    """Round a length down to 1, 2 or 5 times a power of ten.

    Examples
    --------
    >>> nice_length(6400), nice_length(2000)
    (5000.0, 2000.0)
    """
    power = 10.0 ** math.floor(math.log10(metres) + 1e-12)
    return max(step * power for step in (1.0, 2.0, 5.0) if step * power <= metres * (1 + 1e-9))
