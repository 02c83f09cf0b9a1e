"""Which outline is used, and what is said of it."""

from __future__ import annotations

import json
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest

from ogp_analysis.case import Case
from ogp_analysis.errors import OgpAnalysisError, ParameterError
from ogp_analysis.locale import get_language
from ogp_analysis.maps.frame import boundary_note
from ogp_analysis.sources.boundaries import load_boundaries
from ogp_analysis.sources.boundary_cache import Kept, boundary_folder, cache_folder, newest_kept, write_kept
from ogp_analysis.sources.boundary_file import sha256_of


class TinyCase:
    """The least that a case must be: a name and two tables, all text."""

    id = "tiny"

    def __init__(self, points: pd.DataFrame | None) -> None:
        self.tables = {
            "districts": pd.DataFrame(
                {
                    "code_bps": ["9901020", "9901010"],
                    "code_kemendagri": ["99.01.01", "99.01.02"],
                    "name": ["Barat", "Timur"],
                    "name_bps": ["BARAT", "TIMUR"],
                }
            )
        }
        if points is not None:
            self.tables["village_points"] = points

    def table(self, name: str) -> pd.DataFrame:
        return self.tables[name].copy()


def tiny_points() -> pd.DataFrame:
    return pd.DataFrame(
        [
            (
                f"99.01.0{1 if x < 2 else 2}.10{x}{y}",
                f"99.01.0{1 if x < 2 else 2}",
                "true",
                f"{110 + x / 50}",
                f"{-7 + y / 50}",
            )
            for x in range(4)
            for y in range(3)
        ],
        columns=["code_kemendagri", "district_kemendagri", "inside", "lon", "lat"],
    )


def keep(outline: gpd.GeoDataFrame, cache: Path, source: str, day: str) -> Path:
    folder = boundary_folder("semarang", cache)
    folder.mkdir(parents=True, exist_ok=True)
    data = outline.to_json(drop_id=True).encode()
    path = folder / "probe"
    path.write_bytes(data)
    digest = sha256_of(path)
    path.unlink()
    kept = Kept(
        source, f"Maker via {source}", f"Pembuat melalui {source}", "http://127.0.0.1/x", f"{day}T00:00:00+00:00",
        "2020-04-01", "CC BY-IGO", f"{source}-{digest[:12]}.geojson", digest, "0" * 64, ("One remark.",),
    )  # fmt: skip
    return write_kept(folder, kept, data)


def test_schematic_is_the_last_resort(semarang: Case, tmp_path: Path) -> None:
    read = load_boundaries(semarang, cache=tmp_path)
    about = read.attrs["boundaries"]
    assert about["kind"] == "schematic"
    assert about["licence"] == "MIT"
    assert "not an official" in about["source_en"]
    assert "bukan batas resmi" in about["source_id"]
    assert read["code_bps"].tolist() == semarang.districts["code_bps"].tolist()
    assert read["name"].tolist() == semarang.districts["name"].tolist()


def test_official_comes_before_schematic_and_the_user_before_both(
    semarang: Case, outline: gpd.GeoDataFrame, tmp_path: Path
) -> None:
    keep(outline, tmp_path, "hdx", "2026-01-01")
    about = load_boundaries(semarang, cache=tmp_path).attrs["boundaries"]
    assert about == {
        "kind": "official", "source_en": "Maker via hdx", "source_id": "Pembuat melalui hdx",
        "vintage": "2020-04-01", "licence": "CC BY-IGO", "sha256": about["sha256"], "remarks": ["One remark."],
    }  # fmt: skip
    assert load_boundaries(semarang, cache=tmp_path, source="official").attrs["boundaries"] == about
    assert load_boundaries(semarang, cache=tmp_path, source="schematic").attrs["boundaries"]["kind"] == "schematic"
    own = tmp_path / "own.geojson"
    outline[["code_bps", "geometry"]].to_file(own, driver="GeoJSON")
    assert load_boundaries(semarang, own, cache=tmp_path).attrs["boundaries"]["kind"] == "user"


def test_the_set_downloaded_last_is_used(semarang: Case, outline: gpd.GeoDataFrame, tmp_path: Path) -> None:
    keep(outline, tmp_path, "geoboundaries", "2026-02-01")
    keep(outline, tmp_path, "hdx", "2026-01-01")
    assert load_boundaries(semarang, cache=tmp_path).attrs["boundaries"]["source_en"] == "Maker via geoboundaries"


def test_every_map_says_which_outline_it_uses(semarang: Case, outline: gpd.GeoDataFrame, tmp_path: Path) -> None:
    indonesian, english = get_language("id"), get_language("en")
    schematic = load_boundaries(semarang, cache=tmp_path)
    assert "not an official boundary" in boundary_note(schematic, english)
    assert "bukan batas resmi" in boundary_note(schematic, indonesian)
    keep(outline, tmp_path, "hdx", "2026-01-01")
    official = load_boundaries(semarang, cache=tmp_path)
    assert "Maker via hdx (2020-04-01)" in boundary_note(official, english)
    assert "Pembuat melalui hdx (2020-04-01)" in boundary_note(official, indonesian)


def test_official_must_be_there_if_asked_for(semarang: Case, tmp_path: Path) -> None:
    with pytest.raises(OgpAnalysisError, match="No official boundaries of 'semarang'") as caught:
        load_boundaries(semarang, source="official", cache=tmp_path)
    assert "ogp-analysis boundaries semarang --from hdx" in caught.value.hint


@pytest.mark.parametrize("defect", ["changed", "gone", "json", "keys", "outside"])
def test_damaged_cache_stops(semarang: Case, outline: gpd.GeoDataFrame, tmp_path: Path, defect: str) -> None:
    path = keep(outline, tmp_path, "hdx", "2026-01-01")
    described = path.parent / "hdx.json"
    if defect == "changed":
        path.write_bytes(path.read_bytes() + b" ")
    elif defect == "gone":
        path.unlink()
    elif defect == "json":
        described.write_text("{", encoding="utf-8")
    elif defect == "keys":
        described.write_text("{}", encoding="utf-8")
    else:
        entries = json.loads(described.read_text(encoding="utf-8")) | {"file": "../x.geojson"}
        described.write_text(json.dumps(entries), encoding="utf-8")
    with pytest.raises(OgpAnalysisError, match="cached boundaries are damaged") as caught:
        load_boundaries(semarang, cache=tmp_path)
    assert f"Delete the folder {path.parent}" in caught.value.hint


def test_source_and_file_do_not_go_together(semarang: Case, tmp_path: Path) -> None:
    with pytest.raises(ParameterError, match="both given"):
        load_boundaries(semarang, tmp_path / "x.geojson", source="schematic")
    with pytest.raises(ParameterError, match="no boundary source 'offical'") as caught:
        load_boundaries(semarang, source="offical")  # type: ignore[arg-type]
    assert caught.value.hint == "Did you mean 'official'?"


def test_any_case_with_two_tables_will_do(tmp_path: Path) -> None:
    read = load_boundaries(TinyCase(tiny_points()), cache=tmp_path)
    assert read["name"].tolist() == ["Barat", "Timur"]
    west, east = read.geometry.representative_point().x
    assert west < 110.03 < east
    assert read.attrs["boundaries"]["licence"] is None


def test_case_without_points_cannot_have_a_schematic_outline(tmp_path: Path) -> None:
    with pytest.raises(OgpAnalysisError, match="'tiny' has no village points"):
        load_boundaries(TinyCase(None), cache=tmp_path)
    points = tiny_points()
    points = points[points["district_kemendagri"] == "99.01.01"]
    with pytest.raises(OgpAnalysisError, match=r"No village point lies in Timur \(9901010\)"):
        load_boundaries(TinyCase(points), cache=tmp_path)


def test_case_without_points_still_reads_files(tmp_path: Path) -> None:
    frame = load_boundaries(TinyCase(tiny_points()), cache=tmp_path)[["code_kemendagri", "geometry"]]
    frame.attrs = {}
    frame.to_file(tmp_path / "a.gpkg", driver="GPKG")
    read = load_boundaries(TinyCase(None), tmp_path / "a.gpkg")
    assert read["code_bps"].tolist() == ["9901020", "9901010"]


def test_hash_of_the_schematic_outline_follows_the_points(tmp_path: Path) -> None:
    def digest(points: pd.DataFrame) -> str:
        return str(load_boundaries(TinyCase(points), cache=tmp_path).attrs["boundaries"]["sha256"])

    points = tiny_points()
    assert (
        digest(points)
        == digest(points.iloc[::-1])
        == digest(points.assign(name="x", lon=points["lon"].astype(float)))
    )
    assert digest(points) != digest(points.assign(lat=(points["lat"].astype(float) + 0.001).astype(str)))


def test_cache_folder_follows_the_system(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(Path, "home", lambda: tmp_path)
    for name in ("OGP_ANALYSIS_CACHE", "XDG_CACHE_HOME", "LOCALAPPDATA"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr("sys.platform", "linux")
    assert cache_folder() == tmp_path / ".cache" / "ogp-analysis"
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "xdg"))
    assert cache_folder() == tmp_path / "xdg" / "ogp-analysis"
    monkeypatch.setattr("sys.platform", "darwin")
    assert cache_folder() == tmp_path / "Library" / "Caches" / "ogp-analysis"
    monkeypatch.setattr("sys.platform", "win32")
    assert cache_folder() == tmp_path / "AppData" / "Local" / "ogp-analysis"
    monkeypatch.setenv("OGP_ANALYSIS_CACHE", str(tmp_path / "own"))
    assert cache_folder() == tmp_path / "own"
    assert cache_folder(tmp_path / "given") == tmp_path / "given"


def test_a_new_download_replaces_the_old_file(outline: gpd.GeoDataFrame, tmp_path: Path) -> None:
    first = keep(outline, tmp_path, "hdx", "2026-01-01")
    second = keep(outline.iloc[::-1], tmp_path, "hdx", "2026-01-02")
    assert first != second
    assert sorted(path.name for path in second.parent.iterdir()) == sorted([second.name, "hdx.json"])
    found = newest_kept("semarang", tmp_path)
    assert found is not None
    assert found[1] == second
