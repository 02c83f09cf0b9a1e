"""Files that users give: every form that must be read, and every defect that must be said."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from ogp_analysis.case import Case
from ogp_analysis.errors import DataError, OgpAnalysisError, ParameterError
from ogp_analysis.sources.boundaries import load_boundaries
from ogp_analysis.sources.boundary_checks import tangled
from ogp_analysis.sources.district_keys import code_text

DRIVERS = {".geojson": "GeoJSON", ".gpkg": "GPKG", ".shp": "ESRI Shapefile"}
Change = Callable[[gpd.GeoDataFrame], gpd.GeoDataFrame]


def save(frame: gpd.GeoDataFrame, path: Path) -> Path:
    frame.to_file(path, driver=DRIVERS[path.suffix], index=False)
    return path


def coded(outline: gpd.GeoDataFrame, **columns: object) -> gpd.GeoDataFrame:
    """The outline with only the columns given, in an order that is not the case's."""
    return gpd.GeoDataFrame(columns, geometry=outline.geometry.to_numpy(), crs=outline.crs).iloc[::-1]


def assert_same(read: gpd.GeoDataFrame, outline: gpd.GeoDataFrame) -> None:
    """Same districts, in the case's order, each with its own polygon."""
    assert list(read.columns) == ["code_bps", "code_kemendagri", "name", "geometry"]
    assert read["code_bps"].tolist() == outline["code_bps"].tolist()
    assert read["code_kemendagri"].tolist() == outline["code_kemendagri"].tolist()
    assert read.index.equals(pd.RangeIndex(16))
    assert read.crs == "EPSG:4326"
    differ = read.geometry.symmetric_difference(outline.geometry)
    assert (shapely.area(differ.to_numpy()) < 1e-9).all()


@pytest.mark.parametrize("suffix", DRIVERS)
@pytest.mark.parametrize(
    "codes",
    [
        lambda o: {"anything": o["code_bps"]},
        lambda o: {"kd": o["code_bps"].astype(int)},
        lambda o: {"kd": o["code_bps"].astype(float)},
        lambda o: {"x": o["code_kemendagri"]},
        lambda o: {"x": o["code_kemendagri"].str.replace(".", "")},
        lambda o: {"x": o["code_kemendagri"].str.replace(".", "").astype(int)},
        lambda o: {"ADM3_PCODE": "ID" + o["code_bps"]},
        lambda o: {
            "bps": o["code_bps"],
            "dagri": o["code_kemendagri"],
            "note": "lain",
            "jiwa": np.arange(16) * 9999.5,
        },
        lambda o: {"KECAMATAN": "KEC. " + o["name"].str.upper()},
    ],
    ids=["bps", "bps number", "bps float", "dotted", "plain", "plain number", "p-code", "several", "names"],
)
def test_reads_every_format_and_key(
    semarang: Case,
    outline: gpd.GeoDataFrame,
    tmp_path: Path,
    suffix: str,
    codes: Callable[[object], dict[str, object]],
) -> None:
    path = save(coded(outline, **codes(outline)), tmp_path / f"kecamatan{suffix}")
    read = load_boundaries(semarang, path)
    assert_same(read, outline)
    about = read.attrs["boundaries"]
    assert about["kind"] == "user"
    assert path.name in about["source_en"]
    assert path.name in about["source_id"]
    assert len(about["sha256"]) == 64
    assert about["remarks"] == []


def test_attrs_are_plain_json(semarang: Case, outline: gpd.GeoDataFrame, tmp_path: Path) -> None:
    path = save(coded(outline, kd=outline["code_bps"]), tmp_path / "a.geojson")
    attrs = load_boundaries(semarang, path).attrs
    assert json.loads(json.dumps(attrs)) == attrs


def test_hash_covers_the_side_files(semarang: Case, outline: gpd.GeoDataFrame, tmp_path: Path) -> None:
    path = save(coded(outline, kd=outline["code_bps"]), tmp_path / "a.shp")
    before = load_boundaries(semarang, path).attrs["boundaries"]["sha256"]
    table = path.with_suffix(".dbf")
    table.write_bytes(table.read_bytes() + b" ")
    assert load_boundaries(semarang, path).attrs["boundaries"]["sha256"] != before


def test_zipped_shapefile(semarang: Case, outline: gpd.GeoDataFrame, tmp_path: Path) -> None:
    save(coded(outline, kd=outline["code_bps"]), tmp_path / "a.shp")
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        for part in tmp_path.glob("a.*"):
            if part.suffix != ".zip":
                archive.write(part, part.name)
    assert_same(load_boundaries(semarang, tmp_path / "a.zip"), outline)


def test_takes_the_city_out_of_a_bigger_file(
    semarang: Case, outline: gpd.GeoDataFrame, country: gpd.GeoDataFrame, tmp_path: Path
) -> None:
    read = load_boundaries(semarang, save(country, tmp_path / "a.gpkg"))
    assert_same(read, outline)
    assert read.attrs["boundaries"]["remarks"] == ["3 features outside the city left out."]


def test_names_alone_are_taken_only_in_the_right_place(
    semarang: Case, outline: gpd.GeoDataFrame, country: gpd.GeoDataFrame, tmp_path: Path
) -> None:
    """There is a Tugu in another province, too."""
    read = load_boundaries(semarang, save(country[["adm3_name", "geometry"]], tmp_path / "a.geojson"))
    assert_same(read, outline)


def test_layer_is_found_among_others(
    semarang: Case, outline: gpd.GeoDataFrame, village_squares: gpd.GeoDataFrame, tmp_path: Path
) -> None:
    path = tmp_path / "a.gpkg"
    village_squares.to_file(path, layer="kelurahan", driver="GPKG")
    coded(outline, kd=outline["code_bps"]).to_file(path, layer="kecamatan", driver="GPKG")
    centres = coded(outline, kd=outline["code_bps"])
    centres.set_geometry(centres.representative_point()).to_file(path, layer="titik", driver="GPKG")
    assert_same(load_boundaries(semarang, path), outline)


def test_two_layers_of_the_same_districts_are_not_chosen_between(
    semarang: Case, outline: gpd.GeoDataFrame, tmp_path: Path
) -> None:
    for layer in ("lama", "baru"):
        coded(outline, kd=outline["code_bps"]).to_file(tmp_path / "a.gpkg", layer=layer, driver="GPKG")
    with pytest.raises(OgpAnalysisError, match="several layers"):
        load_boundaries(semarang, tmp_path / "a.gpkg")


@pytest.mark.parametrize("key", ["code_bps", "code_kemendagri"])
@pytest.mark.parametrize(
    "form", [str, lambda code: code.replace(".", ""), lambda code: int(code.replace(".", ""))]
)
def test_villages_are_merged_by_their_code(
    semarang: Case, village_squares: gpd.GeoDataFrame, tmp_path: Path, key: str, form: Callable[[str], object]
) -> None:
    frame = gpd.GeoDataFrame({"id": village_squares[key].map(form)}, geometry=village_squares.geometry)
    read = load_boundaries(semarang, save(frame, tmp_path / "a.gpkg"))
    assert len(read) == 16
    count = semarang.districts.set_index("code_bps")["kelurahan_count"]
    squares = shapely.area(read.geometry.to_numpy()) / 0.002**2
    assert squares == pytest.approx([int(count[code]) for code in read["code_bps"]], rel=0.02)
    assert read.attrs["boundaries"]["remarks"][0].startswith("177 villages merged into 16 districts")


def test_villages_with_a_column_of_their_district(
    semarang: Case, village_squares: gpd.GeoDataFrame, tmp_path: Path
) -> None:
    frame = village_squares.assign(district=village_squares["code_bps"].str[:7])
    read = load_boundaries(semarang, save(frame, tmp_path / "a.gpkg"))
    assert len(read) == 16
    assert "177 villages merged" in read.attrs["boundaries"]["remarks"][0]


def test_missing_and_repeated_villages_are_said(
    semarang: Case, village_squares: gpd.GeoDataFrame, tmp_path: Path
) -> None:
    mijen = village_squares["code_bps"].str.startswith("3374010")
    gone = village_squares[~(mijen & village_squares["code_bps"].str.endswith("003"))]
    with pytest.raises(DataError, match=r"found '13', expected 14 villages of Mijen \(3374010\)"):
        load_boundaries(semarang, save(gone, tmp_path / "a.gpkg"))
    twice = pd.concat([village_squares, village_squares[mijen].head(1)], ignore_index=True)
    with pytest.raises(DataError, match=r"feature 178, column '.*': found '.*', expected each village once"):
        load_boundaries(semarang, save(twice, tmp_path / "b.gpkg"))


def test_coordinates_in_metres_are_transformed(semarang: Case, outline: gpd.GeoDataFrame, tmp_path: Path) -> None:
    frame = coded(outline, kd=outline["code_bps"]).to_crs("EPSG:32749")
    read = load_boundaries(semarang, save(frame, tmp_path / "a.gpkg"))
    assert_same(read, outline)
    assert read.attrs["boundaries"]["remarks"] == ["Coordinates transformed from EPSG:32749 to EPSG:4326."]


def test_degrees_without_a_reference_system_are_taken_and_said(
    semarang: Case, outline: gpd.GeoDataFrame, tmp_path: Path
) -> None:
    path = save(coded(outline, kd=outline["code_bps"]), tmp_path / "a.shp")
    path.with_suffix(".prj").unlink()
    read = load_boundaries(semarang, path)
    assert_same(read, outline)
    assert "names no reference system" in read.attrs["boundaries"]["remarks"][0]


def test_metres_without_a_reference_system_are_refused(
    semarang: Case, outline: gpd.GeoDataFrame, tmp_path: Path
) -> None:
    path = save(coded(outline, kd=outline["code_bps"]).to_crs("EPSG:32749"), tmp_path / "a.shp")
    path.with_suffix(".prj").unlink()
    with pytest.raises(OgpAnalysisError, match=r"names no reference system, but .* look like metres") as caught:
        load_boundaries(semarang, path)
    assert "EPSG:32749" in caught.value.hint


def test_metres_in_a_file_that_says_degrees(semarang: Case, outline: gpd.GeoDataFrame, tmp_path: Path) -> None:
    frame = coded(outline, kd=outline["code_bps"]).to_crs("EPSG:32749").set_crs("EPSG:4326", allow_override=True)
    with pytest.raises(
        OgpAnalysisError, match=r"says EPSG:4326 \(degrees\), but its coordinates look like metres"
    ):
        load_boundaries(semarang, save(frame, tmp_path / "a.gpkg"))


def test_wrong_zone_is_found_by_the_villages(semarang: Case, outline: gpd.GeoDataFrame, tmp_path: Path) -> None:
    frame = coded(outline, kd=outline["code_bps"]).to_crs("EPSG:32749").set_crs("EPSG:32748", allow_override=True)
    with pytest.raises(OgpAnalysisError, match="none of the known villages lies in its district"):
        load_boundaries(semarang, save(frame, tmp_path / "a.gpkg"))


def test_swapped_axes(semarang: Case, outline: gpd.GeoDataFrame, tmp_path: Path) -> None:
    frame = coded(outline, kd=outline["code_bps"])
    frame = frame.set_geometry(
        shapely.transform(frame.geometry.to_numpy(), lambda xy: xy[:, ::-1]), crs="EPSG:4326"
    )
    with pytest.raises(OgpAnalysisError, match="latitude and longitude are swapped"):
        load_boundaries(semarang, save(frame, tmp_path / "a.gpkg"))


def test_other_city_is_named(semarang: Case, outline: gpd.GeoDataFrame, tmp_path: Path) -> None:
    names = ["Getasan", "Tengaran", "Susukan", *[f"Desa {i}" for i in range(13)]]
    with pytest.raises(
        OgpAnalysisError, match=r"is about Kabupaten Semarang \(it names Getasan, Susukan, Tengaran\)"
    ):
        load_boundaries(semarang, save(coded(outline, nama=names), tmp_path / "a.geojson"))
    codes = [f"3322{i:02}0" for i in range(1, 17)]
    with pytest.raises(OgpAnalysisError, match=r"none of the 16 districts of 'semarang' \(columns: kode\)"):
        load_boundaries(semarang, save(coded(outline, kode=codes), tmp_path / "b.geojson"))


def test_codes_with_a_fraction_are_no_codes(semarang: Case, outline: gpd.GeoDataFrame, tmp_path: Path) -> None:
    frame = coded(outline, kode=outline["code_bps"].astype(float) + 0.25)
    with pytest.raises(OgpAnalysisError, match="holds none of the 16 districts"):
        load_boundaries(semarang, save(frame, tmp_path / "a.gpkg"))


def test_likeness_is_not_enough(semarang: Case, outline: gpd.GeoDataFrame, tmp_path: Path) -> None:
    names = outline["name"].replace("Genuk", "Genuuk")
    with pytest.raises(DataError, match=r"a feature for Genuk \(3374090\), which is missing"):
        load_boundaries(semarang, save(coded(outline, nama=names), tmp_path / "a.geojson"))


def test_missing_and_repeated_districts_are_all_said(
    semarang: Case, outline: gpd.GeoDataFrame, tmp_path: Path
) -> None:
    codes = outline["code_bps"].replace({"3374010": "3374020", "3374150": "3374160"})
    with pytest.raises(DataError) as caught:
        load_boundaries(semarang, save(coded(outline, kode=codes), tmp_path / "a.geojson"))
    text = str(caught.value)
    assert "Mijen (3374010), which is missing" in text
    assert "Tugu (3374150), which is missing" in text
    assert "feature 16: expected Gunungpati (3374020) once" in text  # the rows of the file run backwards
    assert "feature 2: expected Ngaliyan (3374160) once" in text
    assert len(caught.value.problems) == 4


def test_codes_that_disagree(semarang: Case, outline: gpd.GeoDataFrame, tmp_path: Path) -> None:
    """A public table calls Kemendagri-like numbers in an order of its own 'kode BPS'."""
    swapped = outline["code_bps"].replace({"3374010": "3374020", "3374020": "3374010"})
    frame = coded(outline, bps=swapped, dagri=outline["code_kemendagri"])
    with pytest.raises(
        DataError, match=r"feature 16, column 'dagri': found '33.74.14', expected a code of Gunungpati"
    ):
        load_boundaries(semarang, save(frame, tmp_path / "a.geojson"))
    frame = coded(outline, bps=swapped, nama=outline["name"])
    with pytest.raises(DataError, match=r"column 'nama': found 'Mijen', expected Gunungpati \(3374020\)"):
        load_boundaries(semarang, save(frame, tmp_path / "b.geojson"))
    frame = coded(outline, bps=swapped)
    with pytest.raises(
        DataError, match=r"found '0 of 14', expected most known villages of Mijen \(3374010\) inside"
    ):
        load_boundaries(semarang, save(frame, tmp_path / "c.geojson"))


def test_a_count_that_looks_like_a_code_does_no_harm(
    semarang: Case, outline: gpd.GeoDataFrame, tmp_path: Path
) -> None:
    people = [337414, *range(50_000, 50_015)]  # 337414 is also Mijen's code; here it stands beside Ngaliyan
    frame = coded(outline, kode=outline["code_bps"], jiwa=people[::-1])
    assert_same(load_boundaries(semarang, save(frame, tmp_path / "a.gpkg")), outline)


def _with_shape(change: Callable[[shapely.Geometry], object]) -> Change:
    def apply(frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
        shapes = frame.geometry.to_numpy().copy()
        shapes[3] = change(shapes[3])
        return frame.set_geometry(gpd.GeoSeries(shapes, index=frame.index, crs=frame.crs))

    return apply


def bow_tie(shape: shapely.Geometry) -> shapely.Geometry:
    left, low, right, high = shape.bounds
    return shapely.Polygon([(left, low), (right, high), (right, low), (left, high)])


def lopsided(shape: shapely.Geometry) -> shapely.Geometry:
    """A bow tie with one side larger: the sides count against each other, so its area is not nought."""
    left, low, right, high = shape.bounds
    return shapely.Polygon([(left, low), (right, high), (right, low), (left, (low + high) / 2)])


def spike(shape: shapely.Geometry) -> shapely.Geometry:
    """A line out of the edge and back: invalid, but without any area."""
    ring = list(shape.exterior.coords)
    x, y = ring[0]
    return shapely.Polygon([*ring[:-1], (x, y), (x - 0.001, y), (x, y)])


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda shape: None, r"feature 4, column 'geometry': found 'nothing', expected a polygon for \w+"),
        (lambda shape: shapely.Polygon(), "found 'nothing'"),
        (lambda shape: shape.representative_point(), "found 'Point'"),
        (lambda shape: shape.exterior, "found 'LineString'"),
        (bow_tie, r"found 'Self-intersection.*', expected a valid polygon for .* more than 0.1 %"),
        (lopsided, r"found 'Self-intersection.*', expected a valid polygon for .* more than 0.1 %"),
    ],
    ids=["none", "empty", "point", "line", "bow tie", "lopsided"],
)
def test_unusable_geometry_is_named(
    semarang: Case, outline: gpd.GeoDataFrame, tmp_path: Path, change: Callable[[object], object], said: str
) -> None:
    frame = _with_shape(change)(coded(outline, kd=outline["code_bps"]))
    with pytest.raises(DataError, match=said) as caught:
        load_boundaries(semarang, save(frame, tmp_path / "a.gpkg"))
    assert len(caught.value.problems) == 1
    assert "geometries" in caught.value.hint


def tangle(count: int) -> Callable[[shapely.Geometry], shapely.Geometry]:
    """A ring through random places: it crosses itself about once for every six pairs of its sides."""
    draw = np.random.default_rng(1)
    return lambda shape: shapely.Polygon(draw.uniform(shape.bounds[:2], shape.bounds[2:], (count, 2)))


@pytest.mark.parametrize("count", [100, 3_000])
def test_a_polygon_that_crosses_itself_everywhere_is_refused_before_it_is_mended(
    semarang: Case, outline: gpd.GeoDataFrame, tmp_path: Path, count: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delattr(shapely, "make_valid")  # mending 1,000 vertices of this kind takes 20 seconds
    frame = _with_shape(tangle(count))(coded(outline, kd=outline["code_bps"]))
    with pytest.raises(DataError, match="crosses itself in 250 places at most") as caught:
        load_boundaries(semarang, save(frame, tmp_path / "a.gpkg"))
    assert [problem.column for problem in caught.value.problems] == ["geometry"]
    assert "feature 4" in caught.value.problems[0].file


def test_crossings_are_counted_as_the_definition_says() -> None:
    """Against every pair of sides, one by one; what touches does not cross."""
    draw = np.random.default_rng(2)
    for count in range(5, 45, 5):
        ring = shapely.Polygon(draw.uniform(0, 1, (count, 2)))
        ends = shapely.get_coordinates(ring)
        sides = [shapely.LineString(ends[n : n + 2]) for n in range(count)]
        crossings = sum(a.crosses(b) for n, a in enumerate(sides) for b in sides[:n])
        assert tangled(ring, most=crossings - 1)
        assert not tangled(ring, most=crossings)


def test_harmless_defect_is_mended_and_said(semarang: Case, outline: gpd.GeoDataFrame, tmp_path: Path) -> None:
    frame = _with_shape(spike)(coded(outline, kd=outline["code_bps"]))
    assert not frame.is_valid.all()
    read = load_boundaries(semarang, save(frame, tmp_path / "a.gpkg"))
    assert read.is_valid.all()
    assert_same(read, outline)
    code = frame["kd"].iloc[3]
    assert read.attrs["boundaries"]["remarks"][0].startswith("The polygon of ")
    assert code in read.attrs["boundaries"]["remarks"][0]


def test_file_that_is_not_there(semarang: Case, tmp_path: Path) -> None:
    with pytest.raises(ParameterError, match=r"There is no boundary file '.*nichts.geojson'"):
        load_boundaries(semarang, tmp_path / "nichts.geojson")


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.geojson", b"{"),
        ("a.geojson", b""),
        ("a.geojson", b"<html>Masuk</html>"),
        ("a.gpkg", b"SQLite format 3\0"),
        ("a.shp", b"\0" * 100),
        ("a.geojson", b'{"type":"FeatureCollection","features":[]}'),
        (
            "a.geojson",
            b'{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"a":1},"geometry":null}]}',
        ),
        ("a.csv", b"a,b\n1,2\n"),
        ("a.xlsx", b"PK\x03\x04"),
    ],
)
def test_unreadable_files_say_so_and_what_to_give(
    semarang: Case, tmp_path: Path, name: str, content: bytes
) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(OgpAnalysisError, match=name) as caught:
        load_boundaries(semarang, tmp_path / name)
    assert "Give a" in caught.value.hint or "save it again" in caught.value.hint


def test_shapefile_without_its_table(semarang: Case, outline: gpd.GeoDataFrame, tmp_path: Path) -> None:
    path = save(coded(outline, kd=outline["code_bps"]), tmp_path / "a.shp")
    path.with_suffix(".dbf").unlink()
    with pytest.raises(OgpAnalysisError, match="none of the 16 districts"):
        load_boundaries(semarang, path)


def test_pieces_of_code(outline: gpd.GeoDataFrame) -> None:
    assert code_text(np.int64(3374010)) == "3374010"
    assert code_text(np.float64("nan")) == ""
    assert code_text(float(2**60)) == ""
    assert code_text("IDX3374010") == "IDX3374010"
    assert code_text([3374010]) == ""


@pytest.mark.parametrize(
    "name",
    [
        "semarang_kecamatan_hdx_bps2020",
        "semarang_kecamatan_hdx_bps2020_simplified",
        "semarang_kecamatan_cahyadsn_kemendagri",
        "semarang_kelurahan_hdx_bps2020_simplified",
    ],
)
def test_real_files(semarang: Case, shared: Path, name: str) -> None:
    path = shared / "boundaries" / f"{name}.geojson"
    if not path.is_file():
        pytest.skip("the real polygons are not here")
    read = load_boundaries(semarang, path)
    assert read["code_bps"].tolist() == semarang.districts["code_bps"].tolist()
    # the two sets measure 369.73 and 385.41 km2 in the reference, and the merged kelurahan are of the latter
    area = read.to_crs("EPSG:32749").area.sum() / 1e6
    assert area == pytest.approx(369.73 if "cahyadsn" in name else 385.41, rel=0.002)
