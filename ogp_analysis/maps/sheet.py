"""A blank sheet in points (1/72 inch), and text whose size is known before it is drawn.

One coordinate system for everything (areas, labels, legend, notes) makes it possible to say where a
label ends and what it would cover. The sheet is a plain matplotlib Figure that never touches pyplot,
so nothing is shown twice and nothing leaks from one report into the next.
"""

from __future__ import annotations

from contextlib import AbstractContextManager
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import matplotlib as mpl
import numpy as np
import shapely
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.patches import Circle, Patch, PathPatch, Rectangle
from matplotlib.path import Path
from matplotlib.patheffects import withStroke
from matplotlib.textpath import TextToPath

from ogp_analysis.maps.palettes import INK, Style

FONT = "DejaVu Sans"
#: Of the line around a name on a map, in points: wide enough to lift it from hatching.
HALO_WIDTH = 3.0
ASCENT, DESCENT, LEADING = 0.78, 0.24, 1.22
SETTINGS = {
    "hatch.linewidth": 0.6,
    "svg.fonttype": "none",
    "svg.hashsalt": "ogp-analysis",
    "path.simplify": False,
    "font.family": [FONT],
}

# A figure is never shown narrower than this in a page, in CSS pixels: on a phone it scrolls sideways.
SHOWN, LEGIBLE = 640.0, 9.0

Box = tuple[float, float, float, float]


@lru_cache(maxsize=4096)
def text_width(text: str, size: float, weight: str = "normal") -> float:
    """Width of one line of text in points, in the font that matplotlib brings along.

    Parameters
    ----------
    text : str
    size : float
        In points.
    weight : {"normal", "bold"}

    Examples
    --------
    >>> text_width("Tugu", 8) < text_width("Pedurungan", 8)
    True
    """
    properties = FontProperties(family=FONT, size=size, weight=weight)
    width, _, _ = TextToPath().get_text_width_height_descent(text, properties, ismath=False)
    return float(width)


def smallest_type(width: float) -> float:
    """Size in points that is still 9 pixels high when a sheet ``width`` points wide is shown on a phone.

    Examples
    --------
    >>> round(smallest_type(504), 2)
    7.09
    """
    return LEGIBLE * width / SHOWN


def block_size(lines: tuple[str, ...], size: float, weight: str = "normal") -> tuple[float, float]:
    """Width and height in points of lines set below each other."""
    width = max(text_width(line, size, weight) for line in lines)
    return width, size * (ASCENT + DESCENT + LEADING * (len(lines) - 1))


def wrap(text: str, width: float, size: float, weight: str = "normal") -> tuple[str, ...]:
    """Break a text into lines no wider than ``width`` points, between words only.

    Examples
    --------
    >>> wrap("Semarang Tengah", 50, 8)
    ('Semarang', 'Tengah')
    """
    lines: list[str] = []
    for paragraph in text.split("\n"):
        line = ""
        for word in paragraph.split():
            longer = f"{line} {word}".strip()
            if line and text_width(longer, size, weight) > width:
                lines.append(line)
                line = word
            else:
                line = longer
        lines.append(line)
    return tuple(lines)


@dataclass(frozen=True)
class Sheet:
    """A figure whose only axes cover it whole, with points as units and the origin at the lower left.

    Parameters
    ----------
    figure : Figure
    axes : Axes
    width, height : float
        In points.
    """

    figure: Figure
    axes: Axes
    width: float
    height: float

    def text(
        self,
        x: float,
        y: float,
        text: str,
        size: float,
        *,
        colour: str = INK,
        weight: str = "normal",
        align: str = "left",
        halo: str | None = None,
        gid: str | None = None,
    ) -> None:
        """Write one line with its baseline at ``y``."""
        written = self.axes.text(
            x,
            y,
            text,
            size=size,
            color=colour,
            weight=weight,
            ha=align,
            va="baseline",
            family=FONT,
            parse_math=False,
        )
        if halo is not None:
            written.set_path_effects([withStroke(linewidth=HALO_WIDTH, foreground=halo)])
            gid = f"halo{halo}{gid or ''}"
        if gid is not None:
            written.set_gid(gid)

    def lines(self, x: float, top: float, lines: tuple[str, ...], size: float, **how: object) -> float:
        """Write lines downwards from ``top``; gives the lower end."""
        for i, line in enumerate(lines):
            self.text(x, top - size * (ASCENT + LEADING * i), line, size, **how)  # type: ignore[arg-type]
        return top - size * (ASCENT + DESCENT + LEADING * (len(lines) - 1))

    def area(
        self,
        shape: shapely.Geometry,
        style: Style,
        *,
        edge: str,
        edge_width: float = 0.6,
        gid: str | None = None,
        dashed: bool = False,
    ) -> None:
        """Fill a polygon, with its pattern if it has one."""
        path = outline_path(shape)
        patch = PathPatch(path, facecolor=style.fill, edgecolor=edge, linewidth=edge_width, joinstyle="round")
        self._filled(patch, PathPatch(path, facecolor="none"), style, gid, dashed)

    def rectangle(
        self,
        box: Box,
        style: Style,
        *,
        edge: str,
        edge_width: float = 0.6,
        gid: str | None = None,
        dashed: bool = False,
    ) -> None:
        """Fill a rectangle, with its pattern if it has one."""
        corner, width, height = (box[0], box[1]), box[2] - box[0], box[3] - box[1]
        patch = Rectangle(corner, width, height, facecolor=style.fill, edgecolor=edge, linewidth=edge_width)
        self._filled(patch, Rectangle(corner, width, height, facecolor="none"), style, gid, dashed)

    def circle(self, x: float, y: float, radius: float, *, fill: str, edge: str, gid: str | None = None) -> None:
        """Draw a circle; an empty ``fill`` leaves it open."""
        patch = Circle((x, y), radius, facecolor=fill or "none", edgecolor=edge, linewidth=0.8, alpha=None)
        if gid is not None:
            patch.set_gid(gid)
        self._add(patch)

    def line(self, points: list[tuple[float, float]], *, colour: str = INK, width: float = 0.6) -> None:
        """Draw a line through points."""
        self._add(PathPatch(Path(points), facecolor="none", edgecolor=colour, linewidth=width))

    def polygon(self, points: list[tuple[float, float]], *, fill: str = INK) -> None:
        """Fill a small closed shape."""
        self._add(PathPatch(Path([*points, points[0]]), facecolor=fill, edgecolor="none"))

    def _add(self, patch: Patch) -> None:
        self.axes.add_patch(patch)
        patch.set_clip_on(False)  # nothing reaches over the sheet, and clip paths swell an SVG

    def _filled(self, patch: Patch, pattern: Patch, style: Style, gid: str | None, dashed: bool) -> None:
        if dashed:
            patch.set_linestyle((0, (3, 2)))
        if gid is not None:
            patch.set_gid(gid)
        self._add(patch)
        if style.hatch:
            pattern.set(edgecolor=style.hatch_colour, linewidth=0, hatch=style.hatch)
            self._add(pattern)


def new_sheet(width: float, height: float) -> Sheet:
    """Make an empty white sheet; sizes in points."""
    figure = Figure(figsize=(width / 72, height / 72), facecolor="white")
    FigureCanvasAgg(figure)
    axes = figure.add_axes((0.0, 0.0, 1.0, 1.0))
    axes.set(xlim=(0, width), ylim=(0, height))
    axes.set_axis_off()
    return Sheet(figure, axes, width, height)


def settings() -> AbstractContextManager[None]:
    """Context in which sheets are drawn and written, whatever the user's matplotlib settings are."""
    ours: Any = {k: v for k, v in mpl.rcParamsDefault.items() if not k.startswith(("backend", "toolbar"))}
    return mpl.rc_context(ours | SETTINGS)


def outline_path(shape: shapely.Geometry) -> Path:
    """Turn a (multi)polygon with holes into one path."""
    points, codes = [], []
    for polygon in shapely.get_parts(shape):
        if polygon.geom_type != "Polygon":
            continue
        for ring in (polygon.exterior, *polygon.interiors):
            corners = np.asarray(ring.coords)[:, :2]
            points.append(corners)
            codes += [Path.MOVETO, *([Path.LINETO] * (len(corners) - 2)), Path.CLOSEPOLY]
    return Path(np.concatenate(points), codes)
