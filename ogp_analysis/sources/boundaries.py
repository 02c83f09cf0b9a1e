"""The outlines of a case's districts: the user's file, a downloaded official set, or the schematic outline."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, get_args

from ogp_analysis import reads
from ogp_analysis.errors import OgpAnalysisError, ParameterError, nearest
from ogp_analysis.sources.boundary_cache import check_unchanged, newest_kept
from ogp_analysis.sources.boundary_case import BoundaryCase, CaseTables

if TYPE_CHECKING:
    import geopandas as gpd

#: What a schematic outline says of itself, by whether it rests on one point for each kecamatan.
_SCHEMATIC = {
    False: {
        "source_en": "schematic outline computed from village points, not an official boundary",
        "source_id": "garis besar skematis dari titik kelurahan, bukan batas resmi",
        "points": "villages",
    },
    True: {
        "source_en": "schematic outline computed from one point for each kecamatan, not an official boundary",
        "source_id": "garis besar skematis dari satu titik per kecamatan, bukan batas resmi",
        "points": "kecamatan",
    },
}
Source = Literal["auto", "schematic", "official"]
COLUMNS = ["code_bps", "code_kemendagri", "name", "geometry"]


def load_boundaries(
    case: BoundaryCase,
    path: str | Path | None = None,
    *,
    source: Source = "auto",
    cache: str | Path | None = None,
) -> gpd.GeoDataFrame:
    """Load the outlines of a case's districts, and say where they come from.

    In this order: the file that the user gives; an official set that was downloaded and cached (the one
    downloaded last); the schematic outline computed from village points, which is *not* an official boundary.

    Parameters
    ----------
    case : BoundaryCase
        A case, see :func:`ogp_analysis.load_case`.
    path : str or Path, optional
        GeoJSON, GeoPackage or Shapefile with the districts, or with their villages by ten-digit code. Found by
        content: BPS or Kemendagri codes in any column, else known names. More features and columns are ignored.
    source : {"auto", "schematic", "official"}
        ``"official"`` raises if no official set is cached; ``"schematic"`` uses nothing else.
    cache : str or Path, optional
        Cache folder; else the user's, see :func:`ogp_analysis.sources.boundary_cache.cache_folder`.

    Returns
    -------
    GeoDataFrame
        ``code_bps``, ``code_kemendagri``, ``name``, ``geometry`` (EPSG:4326), one row a district in the order of
        the case. ``attrs["boundaries"]`` is a dict: ``kind`` (user, official, schematic), ``source_en``,
        ``source_id``, ``points`` (of a schematic outline: villages or kecamatan), ``vintage``, ``licence`` (None
        where not stated), ``sha256``, ``remarks`` (list of what was done to the file).

    Raises
    ------
    ParameterError
        ``source`` is unknown, or a file is given together with another source.
    DataError, OgpAnalysisError
        The file cannot be used, the cache is damaged, or there is nothing to make an outline of. A file that
        cannot be used never leads to another outline.

    Examples
    --------
    >>> from ogp_analysis.case import load_case
    >>> outlines = load_boundaries(load_case("semarang"), source="schematic")
    >>> len(outlines), outlines.attrs["boundaries"]["kind"]
    (16, 'schematic')
    >>> outlines["name"].head(2).tolist()
    ['Mijen', 'Gunungpati']
    """
    if source not in get_args(Source):
        raise ParameterError(
            f"There is no boundary source {source!r}.", hint=nearest(str(source), get_args(Source))
        )
    reads.note(reads.BOUNDARIES)
    tables = CaseTables.of(case)
    if path is not None:
        if source != "auto":
            raise ParameterError(
                f"A boundary file and source={source!r} were both given.", hint="Leave one of them out."
            )
        return _user(tables, Path(path))
    if source != "schematic":
        kept = newest_kept(case.id, cache)
        if kept is not None:
            return _official(tables, *kept)
        if source == "official":
            raise OgpAnalysisError(
                f"No official boundaries of '{case.id}' are cached.",
                hint=f"Run: ogp-analysis boundaries {case.id} --from hdx",
            )
    return _schematic(tables)


def _user(tables: CaseTables, path: Path) -> gpd.GeoDataFrame:
    from ogp_analysis.sources.boundary_file import read_boundary_file

    read = read_boundary_file(path, tables)
    return _described(
        read.districts,
        kind="user",
        source_en=f"file given by the user, {path.name}",
        source_id=f"berkas dari pengguna, {path.name}",
        vintage=None,
        licence=None,
        sha256=read.sha256,
        remarks=read.remarks,
    )


def _official(tables: CaseTables, kept: Any, path: Path) -> gpd.GeoDataFrame:
    from ogp_analysis.sources.boundary_file import read_boundary_file, sha256_of

    check_unchanged(kept, path, tables.id, sha256_of(path))
    read = read_boundary_file(path, tables)
    return _described(
        read.districts,
        kind="official",
        source_en=kept.source_en,
        source_id=kept.source_id,
        vintage=kept.vintage or None,
        licence=kept.licence or None,
        sha256=kept.sha256,
        remarks=kept.remarks,
    )


def _schematic(tables: CaseTables) -> gpd.GeoDataFrame:
    import geopandas as gpd

    from ogp_analysis.sources.schematic import METHOD_VERSION, schematic_outline

    if tables.points.empty:
        raise OgpAnalysisError(
            f"'{tables.id}' has no village points, so no schematic outline can be computed.",
            hint="Give a boundary file, or add the table village_points to the case.",
        )
    outline = schematic_outline(tables.points)
    # the code of a kecamatan in the place of a village's: one point is all that is known of it
    coarse = bool((tables.points["code"] == tables.points["district"]).any())
    shape_of = dict(zip(outline["district"], outline.geometry, strict=True))
    out = tables.districts[["code_bps", "code_kemendagri", "name"]].copy()
    missing = out.loc[~out["code_kemendagri"].isin(list(shape_of)), "code_bps"]
    if len(missing):
        raise OgpAnalysisError(
            f"No village point lies in {', '.join(map(tables.label, missing))}.",
            hint="Complete the table village_points of the case.",
        )
    out["geometry"] = out["code_kemendagri"].map(shape_of)
    multipart = out.loc[out["code_kemendagri"].isin(outline.attrs["multipart"]), "code_bps"].map(tables.label)
    return _described(
        gpd.GeoDataFrame(out, crs="EPSG:4326"),
        kind="schematic",
        **_SCHEMATIC[coarse],
        vintage=None,
        licence=_licence(tables),
        sha256=_hash(tables, METHOD_VERSION),
        remarks=tuple(f"{name} comes in more than one piece." for name in multipart),
    )


def _licence(tables: CaseTables) -> str | None:
    if "source_id" not in tables.points or tables.sources.empty:
        return None
    used = tables.sources["source_id"].isin(tables.points["source_id"].unique())
    licences = tables.sources.loc[used, "licence"].dropna().unique()
    return "; ".join(licences) or None


def _hash(tables: CaseTables, version: str) -> str:
    """Of what the outline depends on: the points in a fixed order and form, and the version of the rule."""
    points = tables.points.sort_values("code")
    lines = [version]
    for row in points[["code", "district", "inside", "lon", "lat"]].itertuples(index=False):
        lines.append(f"{row[0]},{row[1]},{str(row[2]).casefold()},{float(row[3]):.6f},{float(row[4]):.6f}")
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def _described(districts: gpd.GeoDataFrame, *, remarks: tuple[str, ...], **about: str | None) -> gpd.GeoDataFrame:
    out = districts[COLUMNS].reset_index(drop=True)
    out.attrs = {"name": "district boundaries", "boundaries": {**about, "remarks": list(remarks)}}
    return out
