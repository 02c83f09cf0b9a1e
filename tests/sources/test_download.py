"""Downloading, against a server of this test: no public address is ever asked."""

from __future__ import annotations

import io
import json
import socket
import threading
import time
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import geopandas as gpd
import pytest

from ogp_analysis.case import Case
from ogp_analysis.errors import OgpAnalysisError, ParameterError
from ogp_analysis.sources.archives import levels
from ogp_analysis.sources.boundaries import load_boundaries
from ogp_analysis.sources.boundary_cache import boundary_folder
from ogp_analysis.sources.download import SOURCES, download_boundaries

CKAN = "/api/3/action/package_show?id=cod-ab-idn"
GEOBOUNDARIES = "/api/current/gbOpen/IDN/ADM3/"


@dataclass
class Reply:
    body: bytes = b""
    status: int = 200
    length: int | None = None
    """What Content-Length says, if not the truth."""
    wait: float = 0.0
    to: str = ""


@dataclass
class Server:
    base: str
    pages: dict[str, Reply] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    def json(self, path: str, value: Any) -> None:
        self.pages[path] = Reply(json.dumps(value).encode())

    def ckan(self, *resources: dict[str, Any], **about: Any) -> None:
        """A reply as CKAN's package_show gives it."""
        result = {
            "name": "cod-ab-idn", "license_title": "CC BY-IGO", "dataset_source": "Badan Pusat Statistik",
            "dataset_date": "[2020-04-01T00:00:00 TO 2020-04-01T23:59:59]", "resources": list(resources), **about,
        }  # fmt: skip
        self.json(CKAN, {"success": True, "result": result})


@pytest.fixture
def server() -> Iterator[Server]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            found.asked.append(self.path)
            reply = found.pages.get(self.path, Reply(b"nothing here", 404))
            if done.wait(reply.wait):
                return
            self.send_response(reply.status)
            if reply.to:
                self.send_header("Location", reply.to)
            self.send_header("Content-Length", str(len(reply.body) if reply.length is None else reply.length))
            self.end_headers()
            self.wfile.write(reply.body)

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the name is the base class's
            pass

    done = threading.Event()
    running = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    found = Server(f"http://127.0.0.1:{running.server_port}")
    thread = threading.Thread(target=running.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    yield found
    done.set()
    running.shutdown()
    running.server_close()
    thread.join(5)


@pytest.fixture(autouse=True)
def no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("no_proxy", "127.0.0.1")


def geojson(frame: gpd.GeoDataFrame) -> bytes:
    return frame.to_json(drop_id=True).encode()


def zipped(**members: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name.replace("__", "/").replace("_dot_", "."), content)
    return out.getvalue()


def files_of(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def resource(server: Server, name: str, kind: str, body: bytes, **more: Any) -> dict[str, Any]:
    server.pages[f"/download/{name}"] = Reply(body)
    return {"name": name, "format": kind, "url": f"{server.base}/download/{name}", "size": len(body), **more}


def get(case: Case, server: Server, cache: Path, source: str = "hdx", **more: Any) -> Path:
    return download_boundaries(case, source, base_url=server.base, cache=cache, **({"timeout": 5} | more))


def test_hdx_geojson_is_cut_to_the_city_and_kept(
    semarang: Case, outline: gpd.GeoDataFrame, country: gpd.GeoDataFrame, server: Server, tmp_path: Path
) -> None:
    server.ckan(
        {"name": "idn_admin_boundaries.xlsx", "format": "XLSX", "url": f"{server.base}/x.xlsx"},
        resource(server, "idn_admin3.geojson", "GeoJSON", geojson(country)),
    )
    path = get(semarang, server, tmp_path)
    assert path.parent == boundary_folder("semarang", tmp_path)
    assert len(gpd.read_file(path)) == 16
    about = json.loads((path.parent / "hdx.json").read_text(encoding="utf-8"))
    assert about["url"] == f"{server.base}/download/idn_admin3.geojson"
    assert about["licence"] == "CC BY-IGO"
    assert about["vintage"] == "2020-04-01"
    assert about["remarks"] == []  # leaving out the rest of the country is what was asked for
    assert set(files_of(path.parent)) == {path.name, "hdx.json"}
    read = load_boundaries(semarang, cache=tmp_path)
    assert read.attrs["boundaries"]["kind"] == "official"
    assert read.attrs["boundaries"]["source_id"] == "Badan Pusat Statistik, melalui OCHA HDX (cod-ab-idn)"
    assert read.geometry.geom_equals_exact(outline.geometry, 1e-9).all()
    assert read["code_bps"].tolist() == outline["code_bps"].tolist()


@pytest.mark.parametrize("driver", ["GeoJSON", "ESRI Shapefile", "OpenFileGDB", "GPKG"])
def test_archives_of_all_levels(
    semarang: Case,
    outline: gpd.GeoDataFrame,
    country: gpd.GeoDataFrame,
    server: Server,
    tmp_path: Path,
    driver: str,
) -> None:
    """As the source packs them: every level in one archive, or one database with a layer for each."""
    made = tmp_path / "made"
    made.mkdir()
    upper = country.dissolve("adm2_pcode").reset_index()
    suffix = {"GeoJSON": "geojson", "ESRI Shapefile": "shp", "OpenFileGDB": "gdb", "GPKG": "gpkg"}[driver]
    for level, frame in ((2, upper), (3, country)):
        if suffix in ("gdb", "gpkg"):
            target, layer = made / f"idn_admin_boundaries.{suffix}", f"idn_admin{level}"
            frame.to_file(
                target,
                driver=driver,
                layer=layer,
                index=False,
                geometry_type="MultiPolygon",
                promote_to_multi=True,
            )
        else:
            frame.to_file(made / f"idn_admbnda_adm{level}_bps_20200401.{suffix}", driver=driver, index=False)
    body = io.BytesIO()
    with zipfile.ZipFile(body, "w") as archive:
        for part in sorted(made.rglob("*")):
            if part.is_file():
                archive.write(part, f"folder/{part.relative_to(made)}")
    name = f"idn_admin_boundaries.{suffix}.zip"
    server.ckan(
        resource(server, name, f"zipped {driver}" if driver != "OpenFileGDB" else "Geodatabase", body.getvalue())
    )
    path = get(semarang, server, tmp_path / "cache")
    read = load_boundaries(semarang, cache=tmp_path / "cache")
    assert read.geometry.geom_equals_exact(outline.geometry, 1e-6).all()
    assert set(files_of(path.parent)) == {path.name, "hdx.json"}


def test_chooses_the_kecamatan_then_the_smallest(
    semarang: Case, country: gpd.GeoDataFrame, server: Server, tmp_path: Path
) -> None:
    good = geojson(country)
    server.ckan(
        resource(server, "idn_admin2.geojson", "GeoJSON", b"wrong level", size=1),
        resource(server, "idn_admin_boundaries.shp.zip", "SHP", b"all levels", size=5),
        resource(server, "idn_adm3_big.geojson", "GeoJSON", b"bigger", size=10**9),
        resource(server, "idn_adm3.geojson", "GeoJSON", good),
        {"name": "idn_adm3_local.geojson", "format": "GeoJSON", "url": "file:///etc/hosts", "size": 1},
    )
    get(semarang, server, tmp_path)
    assert server.asked == [CKAN, "/download/idn_adm3.geojson"]


def test_geoboundaries_by_name_and_place(
    semarang: Case, outline: gpd.GeoDataFrame, country: gpd.GeoDataFrame, server: Server, tmp_path: Path
) -> None:
    frame = country.rename(columns={"adm3_name": "shapeName"})[["shapeName", "geometry"]]
    server.pages["/moved.geojson"] = Reply(status=302, to=f"{server.base}/gb.geojson")
    server.pages["/gb.geojson"] = Reply(geojson(frame))
    server.json(
        GEOBOUNDARIES,
        {
            "gjDownloadURL": f"{server.base}/moved.geojson", "boundaryYearRepresented": "2020",
            "boundarySource": "BPS", "boundaryLicense": "CC BY 3.0 IGO",
        },
    )  # fmt: skip
    get(semarang, server, tmp_path, "geoboundaries")
    read = load_boundaries(semarang, cache=tmp_path)
    assert read.geometry.geom_equals_exact(outline.geometry, 1e-9).all()
    about = read.attrs["boundaries"]
    assert about["source_en"] == "BPS, via geoBoundaries (gbOpen)"
    assert (about["vintage"], about["licence"]) == ("2020", "CC BY 3.0 IGO")


def test_a_name_twice_in_the_city_is_not_chosen_between(
    semarang: Case, outline: gpd.GeoDataFrame, server: Server, tmp_path: Path
) -> None:
    names = outline["name"].replace("Ngaliyan", "Tugu")
    frame = gpd.GeoDataFrame({"shapeName": names}, geometry=outline.geometry)
    server.pages["/gb.geojson"] = Reply(geojson(frame))
    server.json(GEOBOUNDARIES, {"gjDownloadURL": f"{server.base}/gb.geojson"})
    with pytest.raises(OgpAnalysisError, match=r"Tugu \(3374150\) once.*") as caught:
        get(semarang, server, tmp_path / "cache", "geoboundaries")
    assert "Ngaliyan (3374160), which is missing" in str(caught.value)
    assert not (tmp_path / "cache").exists()


def spoil(server: Server, good: bytes, defect: str) -> None:
    """Let the server fail in one of the ways that servers fail in."""
    file = resource(server, "idn_adm3.geojson", "GeoJSON", good)
    at = "/download/idn_adm3.geojson"
    server.ckan(file)
    changes: dict[str, Callable[[], Any]] = {
        "api 404": lambda: server.pages.pop(CKAN),
        "api 500": lambda: server.pages.update({CKAN: Reply(b"oops", 500)}),
        "api html": lambda: server.pages.update({CKAN: Reply(b"<html>Masuk dulu</html>")}),
        "api cut": lambda: server.pages.update({CKAN: Reply(b'{"success":', length=500)}),
        "api empty": lambda: server.pages.update({CKAN: Reply(b"")}),
        "api slow": lambda: server.pages.update({CKAN: Reply(b"{}", wait=30)}),
        "refused": lambda: server.json(CKAN, {"success": False, "error": {"message": "Not found"}}),
        "no list": lambda: server.json(CKAN, {"success": True, "result": {}}),
        "not a dict": lambda: server.json(CKAN, [1]),
        "nothing usable": lambda: server.ckan({"name": "tabel.xlsx", "format": "XLSX", "url": f"{server.base}/t"}),
        "other level": lambda: server.ckan(resource(server, "idn_admin1.geojson", "GeoJSON", good)),
        "file 404": lambda: server.pages.pop(at),
        "file 503": lambda: server.pages.update({at: Reply(b"", 503)}),
        "file cut": lambda: server.pages.update({at: Reply(good[:5000], length=len(good))}),
        "file empty": lambda: server.pages.update({at: Reply(b"")}),
        "file slow": lambda: server.pages.update({at: Reply(good, wait=30)}),
        "file html": lambda: server.pages.update({at: Reply(b"<html>Masuk dulu</html>")}),
        "no zip": lambda: server.ckan(resource(server, "a_adm3.geojson.zip", "GeoJSON", b"<html>")),
        "zip damaged": lambda: server.ckan(resource(server, "a.geojson.zip", "GeoJSON", damaged(good))),
        "zip without": lambda: server.ckan(
            resource(server, "a.geojson.zip", "GeoJSON", zipped(idn_admin2_dot_geojson=good, readme_dot_txt=b"x"))
        ),
    }
    changes[defect]()


def damaged(good: bytes) -> bytes:
    body = bytearray(zipped(idn_admin3_dot_geojson=good))
    middle = len(body) // 2
    body[middle : middle + 40] = b"\xff" * 40
    return bytes(body)


DEFECTS = {
    "api 404": r"answered 404 \(Not Found\)",
    "api 500": r"answered 500",
    "api html": r"did not answer with JSON; the answer begins '<html>Masuk",
    "api cut": r"broke off after 11 of 500 bytes",
    "api empty": r"answered with nothing",
    "api slow": r"did not answer within 0.3 seconds",
    "refused": r"refused \(Not found\)",
    "no list": r"without a list of resources",
    "not a dict": r"refused",
    "nothing usable": r"offers no file of kecamatan \(level 3\).*it offers: tabel.xlsx",
    "other level": r"it offers: idn_admin1.geojson",
    "file 404": r"idn_adm3.geojson answered 404",
    "file 503": r"answered 503",
    "file cut": r"broke off after 5,000 of",
    "file empty": r"answered with nothing",
    "file slow": r"did not answer within 0.3 seconds",
    "file html": r"cannot be used for 'semarang'",
    "no zip": r"is no zip archive",
    "zip damaged": r"archive from .* is damaged",
    "zip without": r"holds no layer of kecamatan \(level 3\); it holds: idn_admin2.geojson, readme.txt",
}


@pytest.mark.parametrize("defect", DEFECTS)
def test_each_failure_is_said_and_leaves_nothing(
    semarang: Case, country: gpd.GeoDataFrame, server: Server, tmp_path: Path, defect: str
) -> None:
    spoil(server, geojson(country), defect)
    cache = tmp_path / "not" / "yet"
    with pytest.raises(OgpAnalysisError, match=DEFECTS[defect]) as caught:
        get(semarang, server, cache, timeout=0.3 if "slow" in defect else 5)
    assert "https://data.humdata.org/dataset/cod-ab-idn" in caught.value.hint
    assert not (tmp_path / "not").exists()


@pytest.mark.parametrize("defect", ["file 404", "file cut", "zip damaged", "file html"])
def test_a_failure_leaves_what_was_cached(
    semarang: Case, country: gpd.GeoDataFrame, server: Server, tmp_path: Path, defect: str
) -> None:
    server.ckan(resource(server, "idn_adm3.geojson", "GeoJSON", geojson(country)))
    folder = get(semarang, server, tmp_path).parent
    before = files_of(folder)
    spoil(server, geojson(country), defect)
    with pytest.raises(OgpAnalysisError):
        get(semarang, server, tmp_path)
    assert files_of(folder) == before


def test_wrong_content_is_refused(
    semarang: Case, country: gpd.GeoDataFrame, server: Server, tmp_path: Path
) -> None:
    server.ckan(resource(server, "idn_adm3.geojson", "GeoJSON", geojson(country[country["adm3_name"] != "Genuk"])))
    with pytest.raises(OgpAnalysisError, match=r"Genuk \(3374090\), which is missing"):
        get(semarang, server, tmp_path / "cache")
    elsewhere = country[country["adm2_pcode"] == "ID3503"]
    server.ckan(resource(server, "idn_adm3.geojson", "GeoJSON", geojson(elsewhere)))
    with pytest.raises(OgpAnalysisError, match="nothing near the villages of this city"):
        get(semarang, server, tmp_path / "cache")
    assert not (tmp_path / "cache").exists()


def test_no_server(semarang: Case, tmp_path: Path) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        base = f"http://127.0.0.1:{free.getsockname()[1]}"
    with pytest.raises(OgpAnalysisError, match=r"127.0.0.1:\d+ cannot be reached") as caught:
        download_boundaries(semarang, base_url=base, cache=tmp_path / "cache", timeout=2)
    assert "connection to the internet" in caught.value.hint
    assert not (tmp_path / "cache").exists()


def test_cache_that_cannot_be_written(
    semarang: Case, country: gpd.GeoDataFrame, server: Server, tmp_path: Path
) -> None:
    server.ckan(resource(server, "idn_adm3.geojson", "GeoJSON", geojson(country)))
    (tmp_path / "file").write_text("in the way", encoding="utf-8")
    with pytest.raises(OgpAnalysisError, match="Cannot write to") as caught:
        get(semarang, server, tmp_path / "file" / "cache")
    assert "OGP_ANALYSIS_CACHE" in caught.value.hint
    assert "/download/idn_adm3.geojson" not in server.asked  # found out before hundreds of megabytes


@pytest.mark.parametrize("bytes_allowed", [1_000, 20_000])
def test_full_disk(
    semarang: Case, country: gpd.GeoDataFrame, server: Server, tmp_path: Path, bytes_allowed: int
) -> None:
    """The system refuses to let any file grow further, as a full disk does."""
    resources = pytest.importorskip("resource")
    server.ckan(resource(server, "idn_adm3.geojson", "GeoJSON", geojson(country) + b" " * 100_000))
    before = resources.getrlimit(resources.RLIMIT_FSIZE)
    resources.setrlimit(resources.RLIMIT_FSIZE, (bytes_allowed, before[1]))
    try:
        with pytest.raises(OgpAnalysisError, match=r"Cannot write to .*\(File too large\)") as caught:
            get(semarang, server, tmp_path / "cache")
    finally:
        resources.setrlimit(resources.RLIMIT_FSIZE, before)
    assert "Free space" in caught.value.hint
    assert not (tmp_path / "cache").exists()


def test_progress_is_told(semarang: Case, country: gpd.GeoDataFrame, server: Server, tmp_path: Path) -> None:
    body = geojson(country) + b" " * 200_000
    server.ckan(resource(server, "idn_adm3.geojson", "GeoJSON", body))
    seen: list[tuple[int, int | None]] = []
    get(semarang, server, tmp_path, progress=lambda got, of: seen.append((got, of)))
    assert seen[-1] == (len(body), len(body))
    assert [got for got, _ in seen] == sorted({got for got, _ in seen})


def test_a_second_download_replaces_the_first(
    semarang: Case, country: gpd.GeoDataFrame, server: Server, tmp_path: Path
) -> None:
    server.ckan(resource(server, "idn_adm3.geojson", "GeoJSON", geojson(country)))
    first = get(semarang, server, tmp_path)
    sidecar = json.loads((first.parent / "hdx.json").read_text(encoding="utf-8"))
    time.sleep(0.001)
    assert get(semarang, server, tmp_path) == first  # same polygons, same name
    again = json.loads((first.parent / "hdx.json").read_text(encoding="utf-8"))
    assert again["downloaded"] > sidecar["downloaded"]
    assert again["sha256"] == sidecar["sha256"]


def test_unknown_source_and_time_out(semarang: Case, tmp_path: Path) -> None:
    with pytest.raises(ParameterError, match="no boundary source 'hdxx'") as caught:
        download_boundaries(semarang, "hdxx", cache=tmp_path)
    assert caught.value.hint == "Did you mean 'hdx'?"
    with pytest.raises(ParameterError, match="time-out is 0"):
        download_boundaries(semarang, cache=tmp_path, timeout=0)


def test_public_addresses() -> None:
    assert {name: each.base_url for name, each in SOURCES.items()} == {
        "hdx": "https://data.humdata.org",
        "geoboundaries": "https://www.geoboundaries.org",
    }


@pytest.mark.parametrize(
    ("name", "expected"),
    [("idn_adm_bps_20200401_shp.zip", set()), ("geoBoundaries-IDN-ADM3.geojson", {3}), ("idn_admin4.shp", {4})],
)
def test_levels_in_names(name: str, expected: set[int]) -> None:
    assert levels(name) == expected
