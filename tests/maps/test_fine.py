"""Outlines of more vertices than a drawing shows."""

from __future__ import annotations

import numpy as np
import pytest
import shapely

from ogp_analysis.maps.projection import FINE, MANY, Projection


def neighbours(vertices: int) -> Projection:
    """Two districts of 10 km with a jagged border of so many vertices between them."""
    rng = np.random.default_rng(1)
    border = np.column_stack([5000 + rng.normal(0, 8, vertices), np.linspace(0, 10_000, vertices)])
    west = shapely.Polygon([(0, 0), *border, (0, 10_000)])
    east = shapely.Polygon([(10_000, 0), *border, (10_000, 10_000)])
    return Projection(("1", "2"), (west, east), (0.0, 0.0, 10_000.0, 10_000.0))


def test_fine_outlines_lose_vertices_and_neither_area_nor_their_common_border():
    projection = neighbours(MANY)
    shapes, scale = projection.fit((0, 0, 300, 300))
    exact = {code: shape.area * scale**2 for code, shape in zip(projection.codes, projection.shapes, strict=True)}
    assert sum(shapely.get_num_coordinates(list(shapes.values()))) < 2 * MANY / 3
    for code, shape in shapes.items():
        assert shape.is_valid
        assert shape.area == pytest.approx(exact[code], rel=0.001)
    west, east = shapes.values()
    assert west.intersection(east).area == pytest.approx(0, abs=FINE**2)
    assert west.union(east).area == pytest.approx(sum(exact.values()), rel=1e-9)


def test_coarse_outlines_stay_as_they_are():
    projection = neighbours(200)
    shapes, _ = projection.fit((0, 0, 300, 300))
    assert [len(shape.exterior.coords) for shape in shapes.values()] == [203, 203]
