"""Labels that never collide: inside the district if they fit, else outside the map with a line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import shapely

from ogp_analysis.maps.sheet import Box, block_size

SIZES = (8.0, 7.2, 6.5)
OUTSIDE_SIZE = 7.2
GRID = 4.0
GAP = 2.0
DOT = 1.2

Lines = tuple[str, ...]
Point = tuple[float, float]
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Label:
    """A label with its place on the sheet.

    Parameters
    ----------
    key : str
        Code of the district.
    lines : tuple of str
    size : float
        Of the type, in points.
    box : tuple of float
        Left, lower, right and upper end in points.
    leader : tuple of two points or None
        From the district to the label.
    """

    key: str
    lines: Lines
    size: float
    box: Box
    leader: tuple[Point, Point] | None = None


def anchor(shape: shapely.Geometry) -> Point:
    """Centre of the largest circle inside the largest part of a district."""
    part = max(shapely.get_parts(shape), key=lambda polygon: polygon.area)
    radius = shapely.maximum_inscribed_circle(part, tolerance=max(part.length / 500, 1e-9))
    x, y = radius.coords[0][:2]
    return float(x), float(y)


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
        What labels may not cover.

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
    outside, failed = _best_outside(rest, shapes, texts, area, obstacles, inside)
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
            grid = _grid((x0 + width / 2, y0 + height / 2, x1 - width / 2, y1 - height / 2), 2.0)
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


def _best_outside(
    keys: list[str],
    shapes: Mapping[str, shapely.Geometry],
    texts: Mapping[str, Sequence[Lines]],
    area: Box,
    obstacles: Sequence[shapely.Geometry],
    inside: Sequence[Label],
) -> tuple[list[Label], list[str]]:
    """Try several orders of placing; keep the one that leaves fewest labels out, then the shortest lines."""
    anchors = {key: anchor(shapes[key]) for key in keys}
    taken = [shapely.box(*label.box) for label in inside]
    ground = shapely.unary_union([*(shape.buffer(3) for shape in shapes.values()), *obstacles, *taken])
    shapely.prepare(ground)
    options = {key: _outside_options(texts[key], anchors[key], area, ground) for key in keys}
    nearest = {key: options[key][2][0] if len(options[key][2]) else np.inf for key in keys}
    orders = (
        sorted(keys, key=lambda k: -nearest[k]),
        sorted(keys, key=lambda k: nearest[k]),
        sorted(keys, key=lambda k: anchors[k][0]),
        sorted(keys, key=lambda k: -anchors[k][0]),
        sorted(keys, key=lambda k: anchors[k][1]),
        sorted(keys, key=lambda k: -anchors[k][1]),
    )
    best: tuple[tuple[int, float], list[Label], list[str]] | None = None
    for order in orders:
        labels, failed, total = _outside(order, anchors, options, taken)
        score = (len(failed), total)
        if best is None or score < best[0]:
            best = (score, labels, failed)
    assert best is not None
    return best[1], sorted(best[2], key=keys.index)


Options = tuple[Floats, npt.NDArray[np.int64], Floats, Floats, Sequence[Lines]]


def _outside_options(texts: Sequence[Lines], start: Point, area: Box, ground: shapely.Geometry) -> Options:
    """List free places for a label, nearest first: boxes, index of the text, length and end of the line."""
    found = []
    for i, lines in enumerate(texts):
        width, height = block_size(lines, OUTSIDE_SIZE)
        grid = _grid((area[0] + width / 2, area[1] + height / 2, area[2] - width / 2, area[3] - height / 2), GRID)
        if not len(grid):
            continue
        grid = grid[~shapely.intersects(ground, _boxes(grid, width + GAP, height + GAP))]
        half = np.array([[-width / 2, 0], [width / 2, 0], [0, -height / 2], [0, height / 2]])
        ends = grid[:, None, :] + half[None, :, :]
        length = np.hypot(ends[..., 0] - start[0], ends[..., 1] - start[1])
        side = length.argmin(axis=1)
        rows = np.arange(len(grid))
        boxes = np.column_stack([grid - [width / 2, height / 2], grid + [width / 2, height / 2]])
        found.append((boxes, np.full(len(grid), i), length[rows, side], ends[rows, side]))
    if not found:
        return np.empty((0, 4)), np.empty(0, dtype=np.int64), np.empty(0), np.empty((0, 2)), texts
    boxes, which, length, ends = (np.concatenate(parts) for parts in zip(*found, strict=True))
    # A second line costs a little, so that one-line labels win when both are about as near.
    order = np.argsort(length + 6.0 * which, kind="stable")
    return boxes[order], which[order], length[order], ends[order], texts


def _outside(
    order: list[str],
    anchors: Mapping[str, Point],
    options: Mapping[str, Options],
    taken: Sequence[shapely.Geometry],
) -> tuple[list[Label], list[str], float]:
    labels: list[Label] = []
    failed: list[str] = []
    total = 0.0
    blocked = [shapely.box(*_grow(box.bounds, 1.0)) for box in taken]
    lines_drawn: list[shapely.Geometry] = []
    dots = {key: shapely.Point(at).buffer(DOT + 1.5) for key, at in anchors.items()}
    for key in order:
        boxes, which, length, ends, texts = options[key]
        start = anchors[key]
        no_box = shapely.union_all([*blocked, *lines_drawn]) if blocked or lines_drawn else shapely.Point()
        others = [dot for other, dot in dots.items() if other != key]
        no_line = shapely.union_all([*blocked, *lines_drawn, *others])
        shapely.prepare(no_box)
        shapely.prepare(no_line)
        place = None
        for first in range(0, len(boxes), 250):
            part = slice(first, first + 250)
            grown = boxes[part] + np.array([-GAP, -GAP, GAP, GAP])
            free = ~shapely.intersects(no_box, shapely.box(*grown.T))
            beams = shapely.linestrings(
                np.stack([np.broadcast_to(np.array(start), ends[part].shape), ends[part]], axis=1)
            )
            free &= ~shapely.intersects(no_line, beams)
            if free.any():
                place = first + int(np.argmax(free))
                break
        if place is None:
            failed.append(key)
            continue
        box = tuple(float(part) for part in boxes[place])
        end = (float(ends[place][0]), float(ends[place][1]))
        labels.append(Label(key, texts[int(which[place])], OUTSIDE_SIZE, box, (start, end)))  # type: ignore[arg-type]
        blocked.append(shapely.box(*_grow(box, 1.0)))
        lines_drawn.append(shapely.LineString([start, end]).buffer(1.0))
        total += float(length[place])
    return labels, failed, total


def _grid(box: Box, step: float) -> Floats:
    if box[2] < box[0] or box[3] < box[1]:
        return np.empty((0, 2))
    x, y = np.meshgrid(np.arange(box[0], box[2] + 1e-6, step), np.arange(box[1], box[3] + 1e-6, step))
    return np.column_stack([x.ravel(), y.ravel()])


def _boxes(centres: Floats, width: float, height: float) -> npt.NDArray[np.object_]:
    x, y = centres.T
    return np.asarray(shapely.box(x - width / 2, y - height / 2, x + width / 2, y + height / 2))


def _box(x: float, y: float, width: float, height: float) -> Box:
    return float(x - width / 2), float(y - height / 2), float(x + width / 2), float(y + height / 2)


def _grow(box: Sequence[float], by: float) -> Box:
    return box[0] - by, box[1] - by, box[2] + by, box[3] + by
