"""Attacks by geometry and by land-tax rolls."""

from __future__ import annotations

import gzip
import io
import json
import math
import os
from collections.abc import Callable
from datetime import date
from functools import lru_cache
from typing import Any

import pandas as pd
import shapely

from ogp_analysis.case import Case, load_case
from ogp_analysis.errors import DataError, OgpAnalysisError
from ogp_analysis.quarter import Quarter
from ogp_analysis.recovery.example_roll import make_example_roll
from ogp_analysis.recovery.measures import measure_terms
from ogp_analysis.recovery.relief import ReliefTerms, assess_relief, compile_terms
from ogp_analysis.sources.archives import boundary_files
from ogp_analysis.sources.boundaries import load_boundaries
from ogp_analysis.sources.tax_roll import open_roll

from .corpus import ARCHIVE, OUTLINE, ROLL, Call, attack
from .yard import RAW, Yard
from .zips import flipped, lying, misplaced, zipped

# boundaries -------------------------------------------------------------------------------------------------------

Features = list[dict[str, Any]]


@lru_cache
def _case() -> Case:
    return load_case(RAW)


@lru_cache
def _outline() -> str:
    frame = load_boundaries(_case(), source="schematic")
    return str(frame[["code_bps", "name", "geometry"]].to_json())


def geojson(features: Features, **more: Any) -> str:
    return json.dumps({"type": "FeatureCollection", "features": features, **more})


def outline(
    key: str,
    breaks: str,
    data: Callable[[Features], bytes | str],
    *words: str,
    name: str = "k.geojson",
    error: type[OgpAnalysisError] | None = OgpAnalysisError,
    **bounds: Any,
) -> None:
    """A boundary file; where it is accepted, what was done to it is listed."""

    @attack(key, OUTLINE, breaks, error, *words, **bounds)
    def build(yard: Yard) -> Call:
        case = _case()
        path = yard.write(name, data(json.loads(_outline())["features"]))
        return lambda: "; ".join(load_boundaries(case, path).attrs["boundaries"]["remarks"])


def points(feature: dict[str, Any]) -> list[list[float]]:
    """The outer ring of a feature, to be changed in place."""
    shape = feature["geometry"]
    return shape["coordinates"][0] if shape["type"] == "Polygon" else shape["coordinates"][0][0]


def each_point(features: Features, change: Callable[[float, float], list[float]]) -> str:
    for feature in features:
        shape = feature["geometry"]
        parts = [shape["coordinates"]] if shape["type"] == "Polygon" else shape["coordinates"]
        for part in parts:
            for ring in part:
                ring[:] = [change(*point[:2]) for point in ring]
    return geojson(features)


def with_shape(features: Features, kind: str, coordinates: Any) -> str:
    features[0]["geometry"] = {"type": kind, "coordinates": coordinates}
    return geojson(features)


def bow_tie(features: Features) -> str:
    (west, south), (east, north) = (110.30, -7.10), (110.36, -7.02)
    return with_shape(
        features, "Polygon", [[[west, south], [east, north], [east, south], [west, north], [west, south]]]
    )


def holed(features: Features) -> str:
    """A hole as large as the district itself, a little drawn in."""
    ring = points(features[0])
    hole = shapely.Polygon(ring).buffer(-0.0005)
    hole = max(shapely.get_parts(hole), key=lambda part: part.area)
    return with_shape(features, "Polygon", [ring, [list(point) for point in hole.exterior.coords]])


def outside_hole(features: Features) -> str:
    return with_shape(features, "Polygon", [points(features[0]), [[0, 0], [1, 0], [1, 1], [0, 0]]])


def million(features: Features) -> str:
    """A circle of a million vertices in the place of a district."""
    ring = [[112 + math.cos(n / 1e6 * math.tau), -7 + math.sin(n / 1e6 * math.tau)] for n in range(1_000_000)]
    return with_shape(features, "Polygon", [[*ring, ring[0]]])


def zigzag(features: Features) -> str:
    """A ring of 200 vertices that crosses itself everywhere."""
    ring = [[110.3 + (n * 7919 % 1000) / 1e5, -7.05 + (n * 104729 % 1000) / 1e5] for n in range(200)]
    return with_shape(features, "Polygon", [[*ring, ring[0]]])


def renamed(features: Features, **cells: Any) -> str:
    for feature in features:
        feature["properties"] = {name: change(feature["properties"]) for name, change in cells.items()}
    return geojson(features)


outline(
    "axes",
    "latitude and longitude exchanged",
    lambda f: each_point(f, lambda x, y: [y, x]),
    "k.geojson",
    "swapped",
)
outline(
    "metres",
    "metres in a file that says degrees",
    lambda f: each_point(f, lambda x, y: [x * 111_000, y * 111_000]),
    "k.geojson",
    "look like metres",
)
outline(
    "other-place",
    "the right codes a thousand kilometres away",
    lambda f: each_point(f, lambda x, y: [x + 9, y]),
    "none of the known villages",
)
outline(
    "infinite-point",
    "a coordinate beyond the world",
    lambda f: geojson(f).replace(str(points(f[0])[1][0]), "1e308", 1),
    "k.geojson",
)
outline(
    "nan-point",
    "a coordinate that is no number",
    lambda f: geojson(f).replace(str(points(f[0])[1][0]), "NaN", 1),
    "feature 1",
    "a coordinate that is no number",
    error=DataError,
)
outline(
    "bow-tie",
    "a polygon that crosses itself",
    bow_tie,
    "feature 1",
    "geometry",
    "Self-intersection",
    error=DataError,
)
outline(
    "zigzag",
    "a ring of 200 vertices that crosses itself everywhere",
    zigzag,
    "feature 1",
    "geometry",
    error=DataError,
)
outline("hole", "a hole as large as the district", holed, "known villages of Mijen", error=DataError)
outline(
    "hole-outside",
    "a hole that lies outside",
    outside_hole,
    "feature 1",
    "geometry",
    "Hole lies outside",
    error=DataError,
)
outline(
    "million",
    "a district of a million vertices in the wrong place",
    million,
    "known villages of Mijen",
    error=DataError,
    seconds=25,
    megabytes=900,
)
outline(
    "point",
    "a point for a district",
    lambda f: with_shape(f, "Point", [110.3, -7.0]),
    "feature 1",
    "'Point'",
    "a polygon for",
    error=DataError,
)
outline(
    "line",
    "a line for a district",
    lambda f: with_shape(f, "LineString", [[110.3, -7.0], [110.4, -7.0]]),
    "feature 1",
    "'LineString'",
    error=DataError,
)
outline(
    "no-area",
    "a district without an area",
    lambda f: with_shape(f, "Polygon", [[[110.3, -7.0], [110.4, -7.0], [110.3, -7.0], [110.3, -7.0]]]),
    "feature 1",
    "geometry",
    error=DataError,
)
outline(
    "no-geometry",
    "a district without a geometry",
    lambda f: (f[0].update(geometry=None), geojson(f))[1],
    "feature 1",
    "'nothing'",
    error=DataError,
)
outline(
    "missing",
    "a district left out",
    lambda f: geojson(f[1:]),
    "Mijen (3374010), which is missing",
    error=DataError,
)
outline(
    "twice",
    "a district that comes twice",
    lambda f: geojson([*f, f[0]]),
    "feature 17",
    "Mijen (3374010) once",
    error=DataError,
)
outline(
    "codes-turned",
    "every district under the code of the next",
    lambda f: renamed_codes(f),
    "none of the known villages lies in its district",
)
outline(
    "other-city",
    "the districts of another regency",
    lambda f: renamed(f, kode=lambda p: "3322" + p["code_bps"][4:]),
    "k.geojson",
    "holds none of the 16 districts",
)
outline("empty-collection", "a collection of no features", lambda f: geojson([]), "k.geojson")
outline("not-json", "a file cut off", lambda f: geojson(f)[:5_000], "k.geojson", "cannot be read", foreign=True)
outline(
    "deep-json",
    "100,000 lists within one another",
    lambda f: '{"type":"FeatureCollection","features":' + "[" * 100_000,
    "k.geojson",
    foreign=True,
)
outline(
    "vrt",
    "a description that fetches from the network",
    lambda f: (
        '<OGRVRTDataSource><OGRVRTLayer name="k"><SrcDataSource>/vsicurl/http://127.0.0.1:9/k.geojson</SrcDataSource></OGRVRTLayer></OGRVRTDataSource>'
    ),
    "neither GeoJSON",
    name="k.vrt",
)
outline(
    "vrt-renamed",
    "the same with another name",
    lambda f: (
        '<OGRVRTDataSource><OGRVRTLayer name="k"><SrcDataSource>/etc/passwd</SrcDataSource></OGRVRTLayer></OGRVRTDataSource>'
    ),
    "neither GeoJSON",
)
outline(
    "wfs",
    "a description of a service on the network",
    lambda f: "<OGRWFSDataSource><URL>http://127.0.0.1:9/</URL></OGRWFSDataSource>",
    "neither GeoJSON",
    name="k.xml",
)
outline(
    "kml-entities",
    "XML with entities of entities",
    lambda f: '<!DOCTYPE k [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><kml>&b;</kml>',
    "neither GeoJSON",
    name="k.kml",
)
outline("outline-empty", "a file of no bytes", lambda f: b"", "empty (0 bytes)")
outline(
    "gpkg-damaged",
    "a GeoPackage cut off",
    lambda f: b"SQLite format 3\0" + bytes(84),
    "k.gpkg",
    name="k.gpkg",
    foreign=True,
)
outline(
    "shp-alone",
    "a Shapefile without its other parts",
    lambda f: b"\0\0\x27\x0a" + bytes(96),
    "k.shp",
    name="k.shp",
    foreign=True,
)
outline(
    "zip-bomb",
    "an archive that would unpack to 4 GB",
    lambda f: lying(zipped({"k.shp": b"x"}), "k.shp", 0xFFFFFFF0),
    "would unpack to 4,096 MB",
    name="k.zip",
)
outline(
    "zip-slip",
    "an archive with a path that leads out of it",
    lambda f: zipped({"../../k.shp": b"x"}),
    "leads out of it",
    name="k.zip",
)
outline(
    "zip-other",
    "an archive of something else",
    lambda f: zipped({"a.vrt": b"<OGRVRTDataSource/>"}),
    "without a Shapefile",
    name="k.zip",
)
outline(
    "zip-cut",
    "an archive cut off",
    lambda f: zipped({"k.shp": bytes(10_000)})[:80],
    "damaged archive",
    name="k.zip",
    foreign=True,
)


def renamed_codes(features: Features) -> str:
    codes = [feature["properties"]["code_bps"] for feature in features]
    for feature, code in zip(features, codes[1:] + codes[:1], strict=True):
        feature["properties"] = {"kode": code}
    return geojson(features)


@attack("outline-device", OUTLINE, "a device that never ends", OgpAnalysisError, "is no file")
def _(yard: Yard) -> Call:
    case = _case()
    return lambda: load_boundaries(case, "/dev/zero")


@attack("outline-pipe", OUTLINE, "a pipe that never ends", OgpAnalysisError, "is no file")
def _(yard: Yard) -> Call:
    case = _case()
    os.mkfifo(yard.folder / "k.geojson")
    return lambda: load_boundaries(case, yard.folder / "k.geojson")


@attack("outline-folder", OUTLINE, "a folder of other things", OgpAnalysisError, "is a folder")
def _(yard: Yard) -> Call:
    case = _case()
    return lambda: load_boundaries(case, "/etc")


# archives that were downloaded ------------------------------------------------------------------------------------


def archive(key: str, breaks: str, data: Callable[[], bytes], *words: str, **bounds: Any) -> None:
    @attack(key, ARCHIVE, breaks, OgpAnalysisError, *words, **bounds)
    def build(yard: Yard) -> Call:
        fetched = yard.write("download", data())
        where = yard.folder / "unpacked"
        return lambda: boundary_files(fetched, where, "https://example.org/idn_adm.zip", "Use another source.")


archive(
    "archive-slip",
    "a path that leads out of the archive",
    lambda: zipped({"../../idn_adm3.shp": b"x"}),
    "holds no layer of kecamatan",
)
archive(
    "archive-slip-gdb",
    "a database whose path leads out of the archive",
    lambda: zipped({"../../x.gdb/a": b"x"}),
    "holds no layer of kecamatan",
)
archive(
    "archive-absolute",
    "an absolute path in the archive",
    lambda: zipped({"/tmp/idn_adm3.shp": b"x"}),
    "holds no layer of kecamatan",
)
archive(
    "archive-bomb", "an archive that would unpack to 12 GB", lambda: _three_bombs(), "would unpack to 12,288 MB"
)
archive(
    "archive-none",
    "an archive of the wrong level",
    lambda: zipped({"idn_adm2.shp": b"x"}),
    "holds no layer of kecamatan",
    "idn_adm2.shp",
)
archive("archive-cut", "an archive cut off", lambda: zipped({"idn_adm3.shp": bytes(5_000)})[:60], "no zip archive")
archive(
    "archive-directory",
    "an archive whose list of contents lies about where it begins",
    lambda: misplaced(zipped({"idn_adm3.shp": bytes(range(250))})),
    "idn_adm.zip",
    "damaged",
    foreign=True,
)
archive(
    "archive-checksum",
    "an archive with a byte changed",
    lambda: flipped(zipped({"idn_adm3.shp": bytes(range(250))}), 100),
    "idn_adm.zip",
    foreign=True,
)


def _three_bombs() -> bytes:
    data = zipped({f"idn_adm3_{n}.shp": b"x" for n in range(3)})
    for n in range(3):
        data = lying(data, f"idn_adm3_{n}.shp", 0xFFFFFFF0)
    return data


# rolls ------------------------------------------------------------------------------------------------------------

KECAMATAN = [f"{code:03d}" for code in range(10, 170, 10)]


@lru_cache
def _roll_text() -> str:
    frame = make_example_roll(70, seed=3)
    frame = frame[frame["SIKLUS_SPPT"] == 1].drop_duplicates(["NOP", "THN_PAJAK_SPPT"]).head(30)
    return frame.assign(NM_WP_SPPT="SITI RAHAYU").to_csv(index=False)


def read_roll(path: Any) -> str:
    """A roll read to its end: how many bills count, and which rows do not."""
    relief = assess_relief(open_roll(path, "3374", kecamatan=KECAMATAN), _terms(), date(2023, 12, 31), threads=1)
    lines = [
        f"{row.file} row {row.row}: {row.reason} {row.column}".strip() for row in relief.excluded.itertuples()
    ]
    return f"read {relief.rows_read} rows; listed as excluded: {'; '.join(lines) or 'none'}"


@lru_cache
def _terms() -> ReliefTerms:
    terms = measure_terms(_case(), Quarter(2023, 4)).query("category == 'pbb'")
    return compile_terms(terms, assumed_years={"PBB-25": (2020, 2020), "PBB-EXEMPT": (2021, 2021)})


def roll(
    key: str,
    breaks: str,
    data: Callable[[str], bytes | str],
    *words: str,
    name: str = "roll.csv",
    error: type[OgpAnalysisError] | None = DataError,
    **bounds: Any,
) -> None:
    @attack(key, ROLL, breaks, error, *words, **bounds)
    def build(yard: Yard) -> Call:
        path = yard.write(name, data(_roll_text()))
        return lambda: read_roll(path)


def row_changed(change: Callable[[dict[str, str]], object]) -> Callable[[str], str]:
    """The first row of the roll changed."""

    def make(text: str) -> str:
        frame = pd.read_csv(io.StringIO(text), dtype=str, keep_default_na=False)
        row = dict(frame.iloc[0])
        change(row)
        frame.iloc[0] = pd.Series(row)
        return frame.to_csv(index=False)

    return make


def excluded(key: str, breaks: str, cells: dict[str, str], reason: str) -> None:
    roll(
        key,
        breaks,
        row_changed(lambda row: row.update(cells)),
        f"roll.csv row 2: {reason}",
        "read 30 rows",
        error=None,
    )


excluded("nop-city", "an object of another city", {"NOP": "33.22.010.001.001-0001.0"}, "other_city NOP")
excluded(
    "nop-kecamatan",
    "a kecamatan that does not exist",
    {"NOP": "33.74.999.001.001-0001.0"},
    "unknown_kecamatan NOP",
)
excluded(
    "nop-exponent",
    "an object number that a spreadsheet made a number of",
    {"NOP": "3.37401000100100E+17"},
    "nop_as_number NOP",
)
excluded("nop-letter", "a letter in an object number", {"NOP": "33.74.O10.001.001-0001.0"}, "nop_malformed NOP")
excluded(
    "nop-arabic",
    "an object number in digits of another script",
    {"NOP": "٣٣.٧٤.٠١٠.٠٠١.٠٠١-٠٠٠١.٠"},
    "nop_malformed NOP",
)
excluded("nop-script", "HTML for an object number", {"NOP": "<script>alert(1)</script>"}, "nop_malformed NOP")
excluded(
    "roll-negative",
    "a negative tax",
    {"PBB_YG_HARUS_DIBAYAR_SPPT": "-125000"},
    "negative PBB_YG_HARUS_DIBAYAR_SPPT",
)
excluded(
    "roll-infinite",
    "an infinite tax",
    {"PBB_YG_HARUS_DIBAYAR_SPPT": "inf"},
    "principal_unreadable PBB_YG_HARUS_DIBAYAR_SPPT",
)
excluded(
    "roll-huge",
    "a tax beyond every bill",
    {"PBB_YG_HARUS_DIBAYAR_SPPT": "9" * 30},
    "principal_unreadable PBB_YG_HARUS_DIBAYAR_SPPT",
)
excluded("roll-formula", "a formula for a value", {"NJOP_SPPT": "=1+1"}, "njop_unreadable NJOP_SPPT")
excluded("roll-year", "a year of two digits", {"THN_PAJAK_SPPT": "15"}, "year_unreadable THN_PAJAK_SPPT")
excluded("roll-day", "30 February", {"TGL_JATUH_TEMPO_SPPT": "2015-02-30"}, "date_unreadable TGL_JATUH_TEMPO_SPPT")
roll(
    "roll-total",
    "a row of totals at the end",
    lambda t: t + "JUMLAH" + "," * (t.split("\n")[0].count(",")) + "\n",
    "row 32: nop_malformed NOP",
    error=None,
)
roll(
    "roll-ragged",
    "a row with a cell too many",
    lambda t: t.replace("SITI RAHAYU,", "SITI, RAHAYU,", 1),
    "row 2:",
    "read 30 rows",
    error=None,
)
roll(
    "roll-quote",
    "a quotation mark that is never closed",
    lambda t: t.replace("SITI", '"SITI', 1),
    "row 2:",
    error=None,
)
roll(
    "roll-cell-1-mb",
    "a name of a million characters: names are never read",
    lambda t: t.replace("SITI", "S" * 1_000_000, 1),
    "read 30 rows",
    error=None,
)
roll("roll-column", "a column missing", lambda t: t.replace("NJOP_SPPT", "NILAI", 1), "roll.csv", "NJOP_SPPT")
roll(
    "roll-column-twice",
    "a column that comes twice",
    lambda t: t.replace("NM_WP_SPPT", "njop_sppt", 1),
    "roll.csv",
    "NJOP_SPPT",
)
roll("roll-utf-16", "a roll saved as UTF-16", lambda t: t.encode("utf-16"), "row 1", "UTF-16")
roll("roll-empty", "a file of no bytes", lambda t: b"", "empty")
roll("roll-zip", "a workbook named as a roll", lambda t: zipped({"xl/workbook.xml": b"x"}), "ZIP archive")
roll(
    "roll-gzip-cut",
    "a packed roll cut off",
    lambda t: gzip.compress((t * 50).encode())[:-200],
    "cut off",
    name="roll.csv.gz",
)
roll(
    "roll-gzip-line",
    "a packed roll with one line of 1 GB",
    lambda t: packed_line(t),
    "16 MB",
    name="roll.csv.gz",
    seconds=15,
)
roll(
    "roll-gzip-header",
    "a packed roll whose header never ends",
    lambda t: gzip.compress(b"x" * 50_000_000),
    "roll.csv.gz",
    name="roll.csv.gz",
)
roll(
    "roll-columns",
    "a header of 50,000 columns",
    lambda t: ",".join(f"c{n}" for n in range(50_000)),
    "roll.csv",
    "NOP",
)
roll(
    "roll-parquet-cut",
    "a Parquet file cut off",
    lambda t: parquet(t)[:-50],
    "cannot be opened",
    name="roll.parquet",
)
roll(
    "roll-parquet-float",
    "object numbers as decimal numbers",
    lambda t: parquet(t, NOP=3.374e17),
    "have lost their last ones",
    name="roll.parquet",
)


def packed_line(text: str) -> bytes:
    out = io.BytesIO()
    with gzip.GzipFile(fileobj=out, mode="wb", compresslevel=1, mtime=0) as file:
        file.write(text.encode())
        for _ in range(250):
            file.write(b"x" * 2**22)
    return out.getvalue()


def parquet(text: str, **columns: Any) -> bytes:
    out = io.BytesIO()
    pd.read_csv(io.StringIO(text), dtype=str).assign(**columns).to_parquet(out)
    return out.getvalue()


@attack(
    "roll-parquet-rows",
    ROLL,
    "a Parquet file whose one group has 21 million rows",
    DataError,
    "roll.parquet",
    "row groups of at most 20,000,000 rows",
    megabytes=400,
    seconds=15,
)
def _(yard: Yard) -> Call:
    import pyarrow as pa
    import pyarrow.parquet as pq

    rows = 21_000_000
    names = pd.read_csv(io.StringIO(_roll_text()), nrows=1, dtype=str)
    path = yard.folder / "roll.parquet"
    nothing = {name: pa.nulls(rows, pa.int64()) for name in names.columns[:1]}
    table = pa.table(nothing | {name: pa.nulls(rows, pa.null()) for name in names.columns[1:]})
    pq.write_table(table, path, row_group_size=rows)
    return lambda: read_roll(path)
