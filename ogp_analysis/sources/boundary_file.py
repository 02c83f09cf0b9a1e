"""Reading the districts of a case from a boundary file made by anybody."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ogp_analysis.errors import OgpAnalysisError, ParameterError
from ogp_analysis.sources.boundary_checks import check_count, check_place, sound_polygons, swapped_axes
from ogp_analysis.sources.boundary_kind import READABLE, check_kind
from ogp_analysis.sources.district_keys import DistrictMatch, match_districts

if TYPE_CHECKING:
    import geopandas as gpd

    from ogp_analysis.sources.boundary_case import CaseTables

SIDE_FILES = (".dbf", ".shx", ".prj", ".cpg")
"""What belongs to a Shapefile besides the ``.shp``."""


@dataclass(frozen=True)
class BoundaryFile:
    """The districts found in a file, and everything that was done to them.

    Parameters
    ----------
    districts : GeoDataFrame
        ``code_bps``, ``code_kemendagri``, ``name``, ``geometry`` (EPSG:4326), in the case's order.
    remarks : tuple of str
        What a reader should know: transformed, mended, dissolved, features left out.
    sha256 : str
        Of the file; for a Shapefile of all its parts.
    """

    districts: gpd.GeoDataFrame
    remarks: tuple[str, ...]
    sha256: str


def read_boundary_file(path: Path, tables: CaseTables, *, window: bool = False) -> BoundaryFile:
    """Read the districts of a case from a file of any origin.

    Features are recognised by what their columns hold, see
    :func:`ogp_analysis.sources.district_keys.match_districts`. The result is checked: every district once, with
    an area, valid, and in the right place (most known village points of a district lie in it).

    Parameters
    ----------
    path : Path
        GeoJSON, GeoPackage, Shapefile (also zipped) or File Geodatabase.
    tables : CaseTables
        The case.
    window : bool
        Read only what lies near the case's village points, for a file of a whole country in degrees.

    Returns
    -------
    BoundaryFile

    Raises
    ------
    ParameterError
        The file does not exist.
    DataError, OgpAnalysisError
        It cannot be read, or is not about this city, or a district is missing, repeated, empty or misplaced.
    """
    if not path.exists():
        hint = "Check the spelling, or leave the file out to use the schematic outline."
        raise ParameterError(f"There is no boundary file {str(path)!r}.", hint=hint)
    check_kind(path)
    found: list[tuple[DistrictMatch, gpd.GeoDataFrame, list[str]]] = []
    failed: OgpAnalysisError | None = None
    seen: list[Any] = []
    for layer in _layers(path):
        try:
            frame, remarks = _in_degrees(_read(path, layer, tables if window else None), path.name, tables)
            seen.append(frame)
            attributes = frame.drop(columns=frame.geometry.name)
            match = match_districts(attributes, tables, path.name, _near(frame, tables))
        except OgpAnalysisError as error:  # another layer of the file may be the right one
            failed = failed or error
            continue
        if match is not None:
            found.append((match, frame, remarks))
    if not found:
        if failed is not None:
            raise failed
        raise _nothing_found(seen, tables, path.name)
    match, frame, remarks = _best(found, path.name)
    districts, more = _districts(match, frame, tables, path.name, window)
    check_place(districts, tables, path.name)
    return BoundaryFile(districts, (*remarks, *more), sha256_of(path))


def file_parts(path: Path) -> list[Path]:
    """The files that a given one consists of: a Shapefile with its side files, of a folder all in it."""
    if path.is_dir():
        return sorted(part for part in path.rglob("*") if part.is_file())
    if path.suffix.casefold() == ".shp":
        beside = (path.with_suffix(suffix) for suffix in SIDE_FILES)
        return [path, *sorted(part for part in beside if part.exists())]
    return [path]


def sha256_of(path: Path) -> str:
    """SHA-256 of a file with all its parts, in the order of :func:`file_parts`."""
    whole = hashlib.sha256()
    for part in file_parts(path):
        with part.open("rb") as file:
            for block in iter(lambda: file.read(1 << 20), b""):
                whole.update(block)
    return whole.hexdigest()


def _layers(path: Path) -> list[str]:
    import pyogrio
    from pyogrio.errors import DataSourceError

    try:
        layers = [str(name) for name, kind in pyogrio.list_layers(path) if kind is not None]
    except (DataSourceError, ValueError) as error:
        raise OgpAnalysisError(
            f"{path.name} cannot be read as a boundary file ({error}).", hint=f"Give a {READABLE}."
        ) from error
    if not layers:
        raise OgpAnalysisError(f"{path.name} holds no features with a geometry.", hint=f"Give a {READABLE}.")
    return layers


def _read(path: Path, layer: str, window: CaseTables | None) -> gpd.GeoDataFrame:
    import geopandas as gpd
    import shapely
    from pyogrio.errors import DataLayerError, DataSourceError

    inside = None if window is None else window.inside()
    extra: dict[str, Any] = {}
    if inside is not None and len(inside):
        margin = 0.1  # degrees, some 11 km: more than half a district
        frame = gpd.GeoSeries(gpd.points_from_xy(inside["lon"], inside["lat"]), crs="EPSG:4326")
        extra = {"bbox": tuple(shapely.buffer(shapely.box(*frame.total_bounds), margin).bounds)}
    try:
        read = gpd.read_file(path, layer=layer, **extra)
    except (DataSourceError, DataLayerError, ValueError, shapely.errors.ShapelyError) as error:
        raise OgpAnalysisError(
            f"{path.name} cannot be read ({error}).", hint=f"Open and save it again as a {READABLE}."
        ) from error
    if extra and len(read) == 0:
        raise OgpAnalysisError(
            f"{path.name} ({layer}) has nothing near the villages of this city.",
            hint="Check that it is the right file.",
        )
    if not isinstance(read, gpd.GeoDataFrame) or read.empty:
        raise OgpAnalysisError(f"{path.name} holds no features with a geometry.", hint=f"Give a {READABLE}.")
    return read.reset_index(drop=True)


def _in_degrees(frame: gpd.GeoDataFrame, file: str, tables: CaseTables) -> tuple[gpd.GeoDataFrame, list[str]]:
    """Bring coordinates to longitude and latitude, refusing those that cannot be what the file says."""
    import numpy as np

    if frame.crs is not None and not frame.crs.is_geographic:
        name = frame.crs.to_string() if frame.crs.to_authority() else frame.crs.name
        frame, remarks = frame.to_crs("EPSG:4326"), [f"Coordinates transformed from {name} to EPSG:4326."]
        bounds = frame.total_bounds
        if np.isinf(bounds).any():
            raise OgpAnalysisError(
                f"{file}: the coordinates cannot be those of {name}, which the file names.",
                hint="Save the file again with the reference system that it is really in.",
            )
        return frame, remarks
    left, low, right, high = frame.total_bounds
    if np.isnan(left):
        return frame, []  # no geometry at all: reported district by district
    if max(abs(left), abs(right)) <= 180 and max(abs(low), abs(high)) <= 90:
        if frame.crs is None:
            said = "The file names no reference system; its coordinates are taken as degrees (WGS 84)."
            return frame.set_crs("EPSG:4326"), [said]
        if frame.crs.to_epsg() == 4326:
            return frame, []
        return frame.to_crs("EPSG:4326"), [f"Coordinates transformed from {frame.crs.name} to EPSG:4326."]
    if max(abs(left), abs(right)) <= 90 and max(abs(low), abs(high)) <= 180:
        raise swapped_axes(file)
    says = "names no reference system" if frame.crs is None else f"says {frame.crs.to_string()} (degrees)"
    raise OgpAnalysisError(
        f"{file} {says}, but its coordinates look like metres ({left:,.0f}, {low:,.0f}).",
        hint=f"Save it again with its true reference system{_zone(tables)}, or as EPSG:4326.",
    )


def _zone(tables: CaseTables) -> str:
    import geopandas as gpd

    inside = tables.inside()
    if inside.empty:
        return ""
    points = gpd.GeoSeries(gpd.points_from_xy(inside["lon"], inside["lat"]), crs="EPSG:4326")
    return f" (often the UTM zone {points.estimate_utm_crs().to_string()} here; a Shapefile needs its .prj)"


def _near(frame: gpd.GeoDataFrame, tables: CaseTables) -> list[bool] | None:
    """Which features have their middle in the frame around the case's villages; None if that is not known."""
    import shapely

    inside = tables.inside()
    if inside.empty:
        return None
    left, right = inside["lon"].min(), inside["lon"].max()
    low, high = inside["lat"].min(), inside["lat"].max()
    margin = 0.1 * max(right - left, high - low)
    around = shapely.box(left - margin, low - margin, right + margin, high + margin)
    shapes = frame.geometry.to_numpy()
    known = ~(shapely.is_missing(shapes) | shapely.is_empty(shapes))
    # The middle of the envelope can be had from an invalid polygon too.
    middles = shapely.centroid(shapely.envelope(shapes))
    # What has no geometry may be ours: it is then reported as empty.
    return [bool(there) for there in (~known | shapely.within(middles, around))]


def _best(
    found: list[tuple[DistrictMatch, gpd.GeoDataFrame, list[str]]], file: str
) -> tuple[DistrictMatch, gpd.GeoDataFrame, list[str]]:
    def rank(entry: tuple[DistrictMatch, gpd.GeoDataFrame, list[str]]) -> tuple[int, bool, bool]:
        match, frame, _ = entry
        polygons = frame.geom_type[match.codes.notna()].isin(["Polygon", "MultiPolygon"]).any()
        return (match.codes.nunique() if polygons else 0, match.level == "district", bool(polygons))

    ordered = sorted(found, key=rank, reverse=True)
    if len(ordered) > 1 and rank(ordered[0]) == rank(ordered[1]):
        raise OgpAnalysisError(
            f"{file} has several layers with the districts; which one is meant cannot be told.",
            hint="Save the right layer as a file of its own.",
        )
    return ordered[0]


def _nothing_found(seen: list[Any], tables: CaseTables, file: str) -> OgpAnalysisError:
    from ogp_analysis.cleaning.names import resolve_names

    others: dict[str, str] = {}
    columns: list[str] = []
    for frame in seen:
        for column in frame.columns.drop(frame.geometry.name):
            columns.append(str(column))
            texts = frame[column].map(lambda value: value if isinstance(value, str) else None).astype(object)
            if len(tables.lookalikes) and texts.notna().any():
                found = resolve_names(
                    texts, tables.districts, tables.aliases, lookalikes=tables.lookalikes, max_distance=0
                )
                others |= {row["name"]: row["jurisdiction"] for _, row in found.lookalikes.iterrows()}
    districts = tables.districts
    wanted = (
        f"{districts['name'].iloc[0]}, {districts['code_bps'].iloc[0]} or {districts['code_kemendagri'].iloc[0]}"
    )
    if others:
        places = ", ".join(sorted(set(others.values())))
        message = f"{file} is about {places} (it names {', '.join(sorted(others)[:3])}), not about '{tables.id}'."
        return OgpAnalysisError(message, hint=f"Give a file of the districts of '{tables.id}'.")
    return OgpAnalysisError(
        f"{file} holds none of the {len(districts)} districts of '{tables.id}' "
        f"(columns: {', '.join(columns) or 'none'}).",
        hint=f"Give a file with BPS or Kemendagri codes or the districts' names, such as {wanted}.",
    )


def _districts(
    match: DistrictMatch, frame: gpd.GeoDataFrame, tables: CaseTables, file: str, window: bool
) -> tuple[gpd.GeoDataFrame, list[str]]:
    import geopandas as gpd
    import shapely

    ours = frame[match.codes.notna().to_numpy()]
    codes = match.codes[match.codes.notna()]
    check_count(match, codes, tables, file)
    shapes, remarks = sound_polygons(ours, codes, tables, file)
    if match.level == "village":
        remarks.append(f"{len(ours)} villages merged into {codes.nunique()} districts ({match.found_in}).")
    if not window and len(frame) > len(ours):
        remarks.append(f"{len(frame) - len(ours)} features outside the city left out.")
    merged = {code: shapely.union_all(shapes[codes.to_numpy() == code]) for code in codes.unique()}
    out = tables.districts[["code_bps", "code_kemendagri", "name"]].reset_index(drop=True)
    return gpd.GeoDataFrame(out, geometry=[merged[code] for code in out["code_bps"]], crs="EPSG:4326"), remarks
