"""What kind of file somebody gave as boundaries, told from its first bytes, before any program interprets it."""

from __future__ import annotations

import zipfile
from pathlib import Path

from ogp_analysis.errors import OgpAnalysisError
from ogp_analysis.intake import unpacking

READABLE = "GeoJSON (.geojson), GeoPackage (.gpkg), Shapefile (.shp with .dbf and .shx, or zipped)"
#: All kecamatan of Indonesia as a Shapefile unpack to less than half of this.
LARGEST_UNPACKED = 2 * 2**30
_GEOPACKAGE, _SHAPEFILE, _ZIP = b"SQLite format 3\0", b"\0\0\x27\x0a", b"PK\x03\x04"
_INSIDE = (".shp", ".geojson", ".json", ".gpkg")
_BOM = b"\xef\xbb\xbf"


def check_kind(path: Path) -> None:
    """Refuse a file that is none of the kinds that are read.

    The library that reads boundaries knows some eighty formats. Among them are descriptions in XML that fetch
    from the network or read other files of the machine; going by the first bytes, these are never reached.

    Raises
    ------
    OgpAnalysisError
        If it is a device, another kind of file, or an archive that unpacks to more than any boundaries do.
    """
    if path.is_dir():
        if path.suffix.casefold() != ".gdb":
            raise _refused(path, "is a folder")
        return
    if not path.is_file():
        raise _refused(path, "is no file")
    with path.open("rb") as file:
        start = file.read(1024)
    if not start:
        raise _refused(path, "is empty (0 bytes)")
    if start.startswith((_GEOPACKAGE, _SHAPEFILE)) or start.removeprefix(_BOM).lstrip().startswith(b"{"):
        return
    if not start.startswith(_ZIP):
        raise _refused(path, "is neither GeoJSON, GeoPackage nor Shapefile by what it holds")
    _check_archive(path)


def _check_archive(path: Path) -> None:
    with (
        unpacking(lambda error: _refused(path, f"is a damaged archive ({error})")),
        zipfile.ZipFile(path) as archive,
    ):
        parts = archive.infolist()
    size = sum(part.file_size for part in parts)
    if size > LARGEST_UNPACKED:
        raise OgpAnalysisError(
            f"{path.name} would unpack to {size / 2**20:,.0f} MB; no boundaries do.",
            hint="Do not open it; ask whoever sent it how it was made.",
        )
    inside = [part.filename for part in parts if part.filename.casefold().endswith(_INSIDE)]
    database = any(".gdb/" in part.filename.casefold() for part in parts)
    if not inside and not database:
        raise _refused(path, "is an archive without a Shapefile in it")
    odd = [name for name in inside if name.startswith("/") or ".." in name.replace("\\", "/").split("/")]
    if odd:
        raise _refused(path, f"is an archive with a path that leads out of it ({odd[0]})")


def _refused(path: Path, why: str) -> OgpAnalysisError:
    message = f"{path.name} {why}; it cannot be read as a boundary file."
    return OgpAnalysisError(message, hint=f"Give a {READABLE}.")
