"""Labels outside the map, with lines to their districts that cross neither each other nor a label."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import shapely

from ogp_analysis.maps.sheet import Box, block_size

OUTSIDE_SIZE = 7.2
GRID = 6.0
GAP = 2.0
DOT = 1.2
APART = 1.8
CROSSING = 60.0
#: What it costs a line, in points, to run through a further district: one may think that the label is its own.
THROUGH = 24.0
SHUFFLES, MOST_SHUFFLES = 6, 40
MOST_PLACES = 2500
CELL = 2.0
PORTION = 60

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


@dataclass(frozen=True)
class _Covered:
    """Which ground is covered, as running sums over small cells, so that any box is looked up at once."""

    area: Box
    sums: npt.NDArray[np.int64]

    @classmethod
    def by(cls, ground: shapely.Geometry, area: Box) -> _Covered:
        shapely.prepare(ground)
        x = np.arange(area[0] + CELL / 2, area[2] + CELL, CELL)
        y = np.arange(area[1] + CELL / 2, area[3] + CELL, CELL)
        cells = shapely.intersects_xy(ground, *np.meshgrid(x, y))
        return cls(area, np.pad(cells.cumsum(axis=0, dtype=np.int64).cumsum(axis=1), ((1, 0), (1, 0))))

    def free(self, centres: Floats, width: float, height: float) -> npt.NDArray[np.bool_]:
        """Tell for boxes of one size around the centres whether no covered cell lies in them."""
        x, y = (centres - np.array(self.area[:2])).T
        rows, columns = self.sums.shape
        left = np.clip(np.floor((x - width / 2) / CELL).astype(int), 0, columns - 1)
        right = np.clip(np.ceil((x + width / 2) / CELL).astype(int), 0, columns - 1)
        lower = np.clip(np.floor((y - height / 2) / CELL).astype(int), 0, rows - 1)
        upper = np.clip(np.ceil((y + height / 2) / CELL).astype(int), 0, rows - 1)
        inside = (
            self.sums[upper, right] - self.sums[lower, right] - self.sums[upper, left] + self.sums[lower, left]
        )
        return np.asarray(inside == 0)


@dataclass(frozen=True)
class _Places:
    """Free places for one label outside the map, best first: those with short lines through few districts."""

    start: Point
    boxes: Floats
    ends: Floats
    costs: Floats
    which: npt.NDArray[np.int64]
    box_shapes: npt.NDArray[np.object_]
    line_shapes: npt.NDArray[np.object_]


def best_outside(
    keys: list[str],
    shapes: Mapping[str, shapely.Geometry],
    texts: Mapping[str, Sequence[Lines]],
    area: Box,
    obstacles: Sequence[shapely.Geometry],
    inside: Sequence[Label],
) -> tuple[list[Label], list[str]]:
    """Try several orders of placing; keep the one that leaves fewest labels out, then the best lines."""
    anchors = {key: anchor(shapes[key]) for key in keys}
    taken = [shapely.box(*_grow(label.box, 1.0)) for label in inside]
    ground = shapely.union_all([*(shape.buffer(3) for shape in shapes.values()), *obstacles, *taken])
    covered = _Covered.by(ground, area)
    districts = shapely.STRtree(list(shapes.values()))
    places = {}
    for key in keys:
        dots = [shapely.Point(at).buffer(DOT + 1.5) for other, at in anchors.items() if other != key]
        here = shapely.Point(anchors[key])
        crossed = [obstacle for obstacle in obstacles if not obstacle.intersects(here)]
        in_the_way = shapely.union_all([*taken, *dots])
        crossing = shapely.union_all(crossed)
        places[key] = _places(texts[key], anchors[key], area, covered, in_the_way, crossing, districts)
    nearest = {key: found.costs[0] if len(found.costs) else np.inf for key, found in places.items()}
    orders = [
        sorted(keys, key=lambda k: -nearest[k]),
        sorted(keys, key=lambda k: nearest[k]),
        sorted(keys, key=lambda k: anchors[k][0]),
        sorted(keys, key=lambda k: -anchors[k][0]),
        sorted(keys, key=lambda k: anchors[k][1]),
        sorted(keys, key=lambda k: -anchors[k][1]),
    ]
    tried = [_outside(order, places, texts) for order in orders]
    # Greedy placing now and then needs luck: more orders by chance (always the same ones), and many more
    # while a label is left out that has a place of its own.
    chance = np.random.default_rng(0)
    hopeless = sum(not len(found.costs) for found in places.values())
    for i in range(MOST_SHUFFLES):
        if i >= SHUFFLES and min(len(item[1]) for item in tried) <= hopeless:
            break
        tried.append(_outside([keys[j] for j in chance.permutation(len(keys))], places, texts))
    labels, failed, _ = min(tried, key=lambda item: (len(item[1]), item[2]))
    return _improved(labels, places, texts), sorted(failed, key=keys.index)


def _improved(
    labels: list[Label], places: Mapping[str, _Places], texts: Mapping[str, Sequence[Lines]]
) -> list[Label]:
    """Move labels one at a time to the nearest place that the others leave, until none moves."""
    now = list(labels)
    for _ in range(4):
        moved = False
        for i, label in enumerate(now):
            others = [shape for j, other in enumerate(now) if j != i for shape in _blocking(other)]
            better = _nearest_free(label.key, places[label.key], texts[label.key], others)
            if better is not None and better[0] != label:
                now[i], moved = better[0], True
        if not moved:
            break
    return now


def _places(
    texts: Sequence[Lines],
    start: Point,
    area: Box,
    covered: _Covered,
    in_the_way: shapely.Geometry,
    crossed: shapely.Geometry,
    districts: shapely.STRtree,
) -> _Places:
    """List where a label may stand with its line, best first.

    The label lies on ground not ``covered``; the line is clear of what is ``in_the_way``, of ``crossed`` if
    possible, and runs through as few of the ``districts`` as a short line can.
    """
    rows = []
    for i, lines in enumerate(texts):
        width, height = block_size(lines, OUTSIDE_SIZE)
        half = np.array([width / 2, height / 2])
        grid = grid_points((area[0] + half[0], area[1] + half[1], area[2] - half[0], area[3] - half[1]), GRID)
        grid = grid[covered.free(grid, width + GAP, height + GAP)]
        sides = np.array([[-half[0], 0], [half[0], 0], [0, -half[1]], [0, half[1]]])
        ends = grid[:, None, :] + sides[None, :, :]
        lengths = np.hypot(ends[..., 0] - start[0], ends[..., 1] - start[1])
        side = lengths.argmin(axis=1)
        at = np.arange(len(grid))
        index = np.full(len(grid), float(i))
        rows.append(np.column_stack([grid - half, grid + half, ends[at, side], lengths[at, side], index]))
    found = np.concatenate(rows)
    beams = shapely.linestrings(
        np.stack([np.broadcast_to(np.array(start), (len(found), 2)), found[:, 4:6]], axis=1)
    )
    shapely.prepare(in_the_way)
    shapely.prepare(crossed)
    # Further lines of text cost a little, so that one-line labels win when both are about as near.
    cost = found[:, 6] + 6.0 * found[:, 7] + CROSSING * shapely.intersects(crossed, beams)
    through, _ = districts.query(beams, predicate="intersects")  # its own is among them, for every beam alike
    cost += THROUGH * np.bincount(through, minlength=len(beams))
    order = np.argsort(cost, kind="stable")
    order = order[~shapely.intersects(in_the_way, beams[order])][:MOST_PLACES]
    found, beams, cost = found[order], beams[order], cost[order]
    grown = found[:, :4] + np.array([-GAP, -GAP, GAP, GAP])
    return _Places(
        start,
        found[:, :4],
        found[:, 4:6],
        cost,
        found[:, 7].astype(np.int64),
        np.asarray(shapely.box(*grown.T)),
        np.asarray(beams),
    )


def _outside(
    order: list[str], places: Mapping[str, _Places], texts: Mapping[str, Sequence[Lines]]
) -> tuple[list[Label], list[str], float]:
    """Place labels one after the other, each as near as those before it allow."""
    labels: list[Label] = []
    failed: list[str] = []
    blocked: list[shapely.Geometry] = []
    total = worst = 0.0
    for key in order:
        found = _nearest_free(key, places[key], texts[key], blocked)
        if found is None:
            failed.append(key)
            continue
        label, cost = found
        labels.append(label)
        blocked += _blocking(label)
        total, worst = total + cost, max(worst, cost)
    return labels, failed, total + 3 * worst


def _nearest_free(
    key: str, found: _Places, texts: Sequence[Lines], blocked: Sequence[shapely.Geometry]
) -> tuple[Label, float] | None:
    # Places are listed best first and the first ones often do, so they are tried in portions.
    for first in range(0, len(found.boxes), PORTION):
        part = slice(first, first + PORTION)
        free = np.ones(len(found.boxes[part]), dtype=bool)
        for other in blocked:
            free &= ~shapely.intersects(other, found.box_shapes[part])
            free &= ~shapely.intersects(other, found.line_shapes[part])
        if free.any():
            place = first + int(np.argmax(free))
            break
    else:
        return None
    left, lower, right, upper = (float(part) for part in found.boxes[place])
    end = (float(found.ends[place][0]), float(found.ends[place][1]))
    label = Label(
        key, texts[int(found.which[place])], OUTSIDE_SIZE, (left, lower, right, upper), (found.start, end)
    )
    return label, float(found.costs[place])


def _blocking(label: Label) -> list[shapely.Geometry]:
    """Give what other labels and lines must keep clear of: the label, and a corridor along its line."""
    assert label.leader is not None
    shapes = [shapely.box(*_grow(label.box, 1.0)), shapely.LineString(label.leader).buffer(APART, quad_segs=2)]
    for shape in shapes:
        shapely.prepare(shape)
    return shapes


def grid_points(box: Box, step: float) -> Floats:
    """Give the points of a square grid in a box, row by row."""
    if box[2] < box[0] or box[3] < box[1]:
        return np.empty((0, 2))
    x, y = np.meshgrid(np.arange(box[0], box[2] + 1e-6, step), np.arange(box[1], box[3] + 1e-6, step))
    return np.column_stack([x.ravel(), y.ravel()])


def _grow(box: Sequence[float], by: float) -> Box:
    return box[0] - by, box[1] - by, box[2] + by, box[3] + by
