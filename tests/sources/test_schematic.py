"""The schematic outline: what must hold of any set of points, and how near it comes to the real districts."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ogp_analysis.case import Case
from ogp_analysis.errors import DataError, ParameterError
from ogp_analysis.sources.schematic import schematic_outline

METRIC = "EPSG:32749"


@pytest.fixture(scope="module")
def points(semarang: Case) -> pd.DataFrame:
    table = semarang.table("village_points")
    return table.rename(columns={"code_kemendagri": "code", "district_kemendagri": "district"})


@pytest.fixture(scope="module")
def metric(points: pd.DataFrame) -> gpd.GeoDataFrame:
    return schematic_outline(points).to_crs(METRIC)


def grid(columns: int, rows: int, *, step: float = 0.01) -> pd.DataFrame:
    """Villages on a grid; each column of the grid is a district, the outermost ring is outside."""
    cells = [(x, y) for x in range(columns) for y in range(rows)]
    return pd.DataFrame(
        {
            "code": [f"v{x:02}{y:02}" for x, y in cells],
            "district": [f"d{x:02}" for x, _ in cells],
            "inside": [0 < x < columns - 1 and 0 < y < rows - 1 for x, y in cells],
            "lon": [110.3 + x * step for x, _ in cells],
            "lat": [-7.1 + y * step for _, y in cells],
        }
    )


def test_points_are_the_177_official_kelurahan(semarang: Case, points: pd.DataFrame) -> None:
    inside = points[points["inside"].astype(str).str.casefold() == "true"]
    official = semarang.table("villages")
    assert set(inside["code"]) == set(official["code_kemendagri"])
    assert len(inside) == 177
    names = inside.set_index("code")["name"]
    assert (official.set_index("code_kemendagri")["name"] == names.loc[official["code_kemendagri"]]).all()
    assert (points["code"].str[:8] == points["district"]).all()
    assert points["code"].is_monotonic_increasing


def test_one_valid_polygon_per_district(semarang: Case, metric: gpd.GeoDataFrame) -> None:
    assert sorted(metric["district"]) == sorted(semarang.districts["code_kemendagri"])
    assert metric.geom_type.eq("Polygon").all()
    assert metric.is_valid.all()
    assert schematic_outline_parts(metric) == 16


def schematic_outline_parts(metric: gpd.GeoDataFrame) -> int:
    return sum(len(shapely.get_parts(shape)) for shape in metric.geometry)


def test_districts_share_edges_without_gap_or_overlap(metric: gpd.GeoDataFrame) -> None:
    whole = metric.union_all()
    assert metric.area.sum() == pytest.approx(whole.area, rel=1e-9)
    assert whole.geom_type == "Polygon"
    assert len(whole.interiors) == 0
    assert shapely.coverage_is_valid(metric.geometry.to_numpy(), gap_width=1.0)


def test_nearly_every_kelurahan_lies_in_its_district(points: pd.DataFrame, metric: gpd.GeoDataFrame) -> None:
    inside = points[points["inside"].astype(bool)]
    located = gpd.GeoSeries(gpd.points_from_xy(inside["lon"], inside["lat"]), crs=4326).to_crs(METRIC)
    shape = metric.set_index("district").geometry
    hits = [shape[code].contains(point) for code, point in zip(inside["district"], located, strict=True)]
    assert np.mean(hits) > 0.98


def test_order_of_rows_and_text_columns_make_no_difference(points: pd.DataFrame) -> None:
    one = schematic_outline(points)
    shuffled = points.sample(frac=1, random_state=3).assign(
        inside=points["inside"].astype(str).str.lower(),
        lon=points["lon"].astype(str),
        lat=points["lat"].astype(str),
    )
    before = shuffled.copy()
    two = schematic_outline(shuffled)
    assert one.geometry.to_wkb().equals(two.geometry.to_wkb())
    pd.testing.assert_frame_equal(shuffled, before)


def test_utm_zone_is_found_from_the_points(points: pd.DataFrame) -> None:
    assert (
        schematic_outline(points)
        .geometry.to_wkb()
        .equals(schematic_outline(points, metric_crs=METRIC).geometry.to_wkb())
    )


def test_a_grid_gives_back_its_squares() -> None:
    """On a square grid the cell of a point is the square around it, so three in a column are a strip 1 by 3."""
    outline = schematic_outline(grid(7, 5))
    assert list(outline["district"]) == ["d01", "d02", "d03", "d04", "d05"]
    middle = outline.set_index("district").geometry["d03"]
    expected = shapely.box(110.325, -7.095, 110.335, -7.065)
    assert middle.intersection(expected).area / middle.union(expected).area > 0.99


def test_cells_meet_centroids_where_voronoi_cells_would_not() -> None:
    """Rectangles of different widths: their centroids are known, a Voronoi edge would fall half-way between."""
    edges = np.array([0, 1, 2, 3, 5, 7, 9, 10, 11, 12]) * 0.01
    rows = [
        (f"v{i}{j}", f"d{i}", 0 < i < 8 and 0 < j < 8, 110.3 + (edges[i] + edges[i + 1]) / 2, -7.1 + 0.015 * j)
        for i in range(9)
        for j in range(9)
    ]
    outline = schematic_outline(pd.DataFrame(rows, columns=["code", "district", "inside", "lon", "lat"]))
    wide = outline.set_index("district").geometry["d3"]
    left, _, right, _ = wide.bounds
    # true edges 3 and 5; plain Voronoi would put them at 3.25 and 5.0
    assert left == pytest.approx(110.33, abs=0.0015)
    assert right == pytest.approx(110.35, abs=0.0015)


def test_sea_is_not_land() -> None:
    """Villages only to the south: the outline must end within one spacing of the northernmost."""
    frame = grid(12, 9)
    frame["inside"] = frame["code"].str[3:].astype(int).ge(5) & frame["code"].str[1:3].astype(int).between(3, 8)
    top = schematic_outline(frame).total_bounds[3]
    assert frame["lat"].max() < top < frame["lat"].max() + 0.01


def test_an_island_of_another_place_is_nobodys() -> None:
    """Villages of others across the water, too far for cells of their own: their land is not ours."""
    mainland = grid(6, 6).assign(inside=True)
    island = grid(4, 4).assign(inside=False, district="other")
    island["code"] = "island-" + island["code"].astype(str)
    island["lon"] += 0.5
    both = schematic_outline(pd.concat([mainland, island], ignore_index=True))
    alone = schematic_outline(mainland)
    assert both.union_all().bounds[2] == pytest.approx(alone.union_all().bounds[2], abs=0.01)
    assert not both.union_all().intersects(shapely.points(island["lon"], island["lat"])).any()


def test_district_in_two_places_is_said() -> None:
    frame = grid(9, 5)
    frame["district"] = frame["district"].replace("d06", "d02")
    outline = schematic_outline(frame)
    assert outline.attrs["multipart"] == ["d02"]
    assert schematic_outline(grid(9, 5)).attrs["multipart"] == []


@settings(max_examples=25, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.tuples(st.integers(0, 400), st.integers(0, 400)), min_size=8, max_size=40, unique=True))
def test_any_points_give_valid_districts_that_do_not_overlap(cells: list[tuple[int, int]]) -> None:
    xs, ys = {x for x, _ in cells}, {y for _, y in cells}
    if len(xs) < 3 or len(ys) < 3:
        return
    frame = pd.DataFrame(
        {
            "code": [f"{i:03}" for i in range(len(cells))],
            "district": [f"d{x // 200}{y // 200}" for x, y in cells],
            "inside": [i % 3 != 0 for i in range(len(cells))],
            "lon": [110 + x / 2000 for x, _ in cells],
            "lat": [-7 + y / 2000 for _, y in cells],
        }
    )
    try:
        outline = schematic_outline(frame).to_crs(METRIC)
    except ParameterError as error:
        assert "one line" in str(error)  # noqa: PT017 - the only refusal allowed here
        return
    assert set(outline["district"]) == set(frame.loc[frame["inside"], "district"])
    assert outline.is_valid.all()
    assert (outline.area > 0).all()
    assert outline.area.sum() == pytest.approx(outline.union_all().area, rel=1e-5)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda t: t.drop(columns="inside"), "column 'inside'"),
        (lambda t: t.assign(lon=t["lon"].where(t["code"] != "v0102")), r"row 9, column 'lon': found 'nan'"),
        (lambda t: t.assign(lat=t["lat"].astype(object).where(t["code"] != "v0000", "97")), "found '97'"),
        (lambda t: t.assign(inside="ya"), "found 'ya', expected true or false"),
        (lambda t: t.assign(code="x"), "expected each village once"),
        (lambda t: t.assign(district=t["district"].where(t["code"] != "v0001", " ")), "row 3, column 'district'"),
        (lambda t: pd.concat([t, t.head(1).assign(code="new")]), "a point that no other village has"),
    ],
)
def test_bad_points_are_named(change: object, said: str) -> None:
    with pytest.raises(DataError, match=said):
        schematic_outline(change(grid(5, 5)))  # type: ignore[operator]


def test_too_few_points_and_points_on_a_line() -> None:
    with pytest.raises(ParameterError, match="at least four points"):
        schematic_outline(grid(5, 5).head(3))
    with pytest.raises(ParameterError, match="0 of them inside"):
        schematic_outline(grid(5, 5).assign(inside=False))
    with pytest.raises(ParameterError, match="on one line"):
        schematic_outline(grid(1, 6).assign(inside=True, lon=111.0))  # the middle of a UTM zone: a true line


@pytest.mark.parametrize(("crs", "said"), [("EPSG:4326", "does not measure in metres"), ("UTM", "not a known")])
def test_reference_system_must_be_metric(crs: str, said: str) -> None:
    with pytest.raises(ParameterError, match=said):
        schematic_outline(grid(5, 5), metric_crs=crs)


@pytest.mark.parametrize("name", ["hdx_bps2020", "cahyadsn_kemendagri"])
def test_comes_near_the_real_districts(shared: Path, metric: gpd.GeoDataFrame, name: str) -> None:
    path = shared / "boundaries" / f"semarang_kecamatan_{name}.geojson"
    if not path.is_file():
        pytest.skip("the real polygons are not here")
    real = gpd.read_file(path).to_crs(METRIC).set_index("kode_kemendagri").geometry.make_valid()
    iou = {
        code: shape.intersection(real[code]).area / shape.union(real[code]).area
        for code, shape in zip(metric["district"], metric.geometry, strict=True)
    }
    assert len(iou) == 16
    assert np.mean(list(iou.values())) >= 0.77
    assert min(iou.values()) >= 0.5
