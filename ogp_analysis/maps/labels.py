"""Labels that never collide: inside the district if they fit, else outside the map with a line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt
import shapely

from ogp_analysis.maps.leaders import DOT, Floats, Label, Lines, anchor, best_outside, grid_points
from ogp_analysis.maps.sheet import Box, block_size

__all__ = ["DOT", "Label", "Lines", "anchor", "place_labels"]

SIZES = (8.0, 7.6, 7.2)


def place_labels(
    shapes: Mapping[str, shapely.Geometry],
    texts: Mapping[str, Sequence[Lines]],
    area: Box,
    *,
    obstacles: Sequence[shapely.Geometry] = (),
) -> tuple[list[Label], list[str]]:
    """Find a place for every label so that no two overlap and no line runs through a label.

    A label is put inside its district in the largest size that fits, as near to the middle as possible;
    else on free ground outside all districts, with a line to the district's middle. Lines cross neither
    each other nor a label.

    Parameters
    ----------
    shapes : mapping of code to polygon
        In points on the sheet.
    texts : mapping of code to alternatives
        Each alternative is a tuple of lines; the first is preferred.
    area : tuple of float
        Where labels may be: left, lower, right, upper, in points.
    obstacles : sequence of geometries
        What labels may not cover, and lines avoid crossing unless they begin there.

    Returns
    -------
    tuple
        The labels placed, and the codes for which there was no room.

    Examples
    --------
    >>> shapes = {"a": shapely.box(50, 0, 150, 100), "b": shapely.box(150, 0, 155, 100)}
    >>> placed, failed = place_labels(shapes, {"a": [("Mijen",)], "b": [("Tugu",)]}, (0, 0, 250, 100))
    >>> [(label.key, label.leader is not None) for label in placed], failed
    ([('a', False), ('b', True)], [])
    """
    inside: list[Label] = []
    taken = list(obstacles)
    for key, shape in shapes.items():
        label = _inside(key, shape, texts[key], taken) if texts.get(key) else None
        if label is not None:
            inside.append(label)
            taken.append(shapely.box(*label.box))
    done = {label.key for label in inside}
    rest = [key for key in shapes if texts.get(key) and key not in done]
    if not rest:
        return inside, []
    outside, failed = best_outside(rest, shapes, texts, area, obstacles, inside)
    return [*inside, *outside], failed


def _inside(
    key: str, shape: shapely.Geometry, texts: Sequence[Lines], taken: Sequence[shapely.Geometry]
) -> Label | None:
    middle = np.array(anchor(shape))
    x0, y0, x1, y1 = shape.bounds
    shapely.prepare(shape)
    for size in SIZES:
        for lines in texts:
            width, height = block_size(lines, size)
            if width + 2 > x1 - x0 or height + 1 > y1 - y0:
                continue
            grid = grid_points((x0 + width / 2, y0 + height / 2, x1 - width / 2, y1 - height / 2), 2.0)
            grid = np.vstack([middle, grid])
            boxes = _boxes(grid, width + 2, height + 1)
            fits = shapely.covers(shape, boxes)
            for other in taken:
                fits &= ~shapely.intersects(other, boxes)
            if fits.any():
                distance = np.hypot(*(grid - middle).T) + np.where(fits, 0, np.inf)
                x, y = grid[int(np.argmin(distance))]
                return Label(key, lines, size, _box(x, y, width, height))
    return None


def _boxes(centres: Floats, width: float, height: float) -> npt.NDArray[np.object_]:
    x, y = centres.T
    return np.asarray(shapely.box(x - width / 2, y - height / 2, x + width / 2, y + height / 2))


def _box(x: float, y: float, width: float, height: float) -> Box:
    return float(x - width / 2), float(y - height / 2), float(x + width / 2), float(y + height / 2)
