"""Write a case's validated tables for other programs: Parquet, GeoParquet and a manifest."""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ogp_analysis import __version__
from ogp_analysis.case import Case
from ogp_analysis.casefile import DATAPACKAGE, PUBLISHABLE
from ogp_analysis.datapackage import render
from ogp_analysis.errors import DataError, ParameterError
from ogp_analysis.intake import digest
from ogp_analysis.privacy import HINT, private_cells
from ogp_analysis.tables import table_specs

if TYPE_CHECKING:
    import geopandas as gpd

#: Raised when a formula or rule changes, so that two builds can be told apart.
METHOD_VERSION = "6"
MANIFEST = "manifest.json"


def build_case(case: Case, out: Path) -> Path:
    """Write ``out/<case>/`` anew: one Parquet file a table, the points and outlines as GeoParquet, a manifest.

    Everything is written beside the target and moved into place at the end, so that a build that fails
    leaves the earlier one as it was. The same tables give the same bytes.

    Parameters
    ----------
    case : Case
    out : Path
        For example ``data/processed``.

    Returns
    -------
    Path
        The folder written.

    Raises
    ------
    ParameterError
        If the folder holds something else than an earlier build.
    DataError
        If a cell tells who somebody is, see :mod:`ogp_analysis.privacy`.
    """
    _check_target(case, out / case.id)
    tables = {name: case.table(name) for name in case.tables}
    if found := private_cells(tables, case.info.get(PUBLISHABLE, ())):
        raise DataError(found, hint=HINT)
    layers = _layers(case)  # before anything is written: they may be refused
    out.mkdir(parents=True, exist_ok=True)
    beside = Path(tempfile.mkdtemp(prefix=f".{case.id}-", dir=out))
    try:
        files: dict[str, dict[str, Any]] = {}
        for name, frame in tables.items():
            path = beside / f"{name}.parquet"
            frame.to_parquet(path, index=False)
            raw = case.folder / f"{name}.csv"
            files[path.name] = {
                "rows": len(frame),
                "sha256": digest(path),
                "from": raw.name,
                "from_sha256": digest(raw),
            }
        for name, layer in layers.items():
            layer.to_parquet(beside / name, index=False)
            files[name] = {"rows": len(layer), "sha256": digest(beside / name), "from": "village_points.csv"}
        manifest = {
            "case": case.id,
            "library": __version__,
            "method_version": METHOD_VERSION,
            "datapackage_sha256": digest(case.folder / DATAPACKAGE),
            "files": files,
        }
        text = json.dumps(manifest, indent=1, ensure_ascii=False, sort_keys=True) + "\n"
        (beside / MANIFEST).write_text(text, encoding="utf-8")
        target = out / case.id
        old = beside.with_name(beside.name + "-old")
        if target.exists():
            target.replace(old)
        beside.replace(target)
        shutil.rmtree(old, ignore_errors=True)
    finally:
        shutil.rmtree(beside, ignore_errors=True)
    return target


def _check_target(case: Case, target: Path) -> None:
    """Refuse to replace a folder that is not an earlier build."""
    here, raw = target.resolve(), case.folder.resolve()
    if here == raw or here in raw.parents or raw in here.parents:
        raise ParameterError(
            f"{target} is or holds the tables of the case itself.", hint="Give another folder with --out."
        )
    if target.exists() and not (target / MANIFEST).is_file():
        raise ParameterError(
            f"{target} exists and is not an earlier build: it holds no {MANIFEST}.",
            hint="Move it away, or give another folder with --out.",
        )


def _layers(case: Case) -> Mapping[str, gpd.GeoDataFrame]:
    """Points of the villages and the outline drawn from them, by file; none where no point is known."""
    import geopandas as gpd

    from ogp_analysis.sources.boundaries import load_boundaries

    points = case.table("village_points")
    if points.empty:
        return {}
    return {
        "village_points.geoparquet": gpd.GeoDataFrame(
            points.drop(columns=["lon", "lat"]),
            geometry=gpd.points_from_xy(points["lon"], points["lat"]),
            crs="EPSG:4326",
        ),
        "districts_schematic.geoparquet": load_boundaries(case, source="schematic"),
    }


def datapackage_differs(case: Case) -> bool:
    """Whether the ``resources`` of a case's ``datapackage.yaml`` are not those of the library's schemas."""
    text = (case.folder / DATAPACKAGE).read_text(encoding="utf-8")
    return text != render(case.info, [name for name in table_specs() if name in case.tables])
