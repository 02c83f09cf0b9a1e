"""Finding the layer of kecamatan in what was downloaded: a bare file, or an archive of all levels."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path, PurePosixPath
from urllib.parse import urlsplit

from ogp_analysis.errors import OgpAnalysisError
from ogp_analysis.intake import unpacking

LEVEL = 3
"""Administrative level of the kecamatan: 1 province, 2 regency or city, 3 kecamatan, 4 village."""
#: All levels of Indonesia as Shapefiles unpack to less than a quarter of this.
LARGEST_UNPACKED = 8 * 2**30
READABLE = (".geojson", ".json", ".gpkg", ".shp")


def levels(name: str) -> set[int]:
    """Administrative levels that a file name speaks of.

    Examples
    --------
    >>> levels("idn_admbnda_adm3_bps_20200401.shp"), levels("idn_admin3.geojson"), levels("idn_admin.zip")
    ({3}, {3}, set())
    """
    return {int(digit) for digit in re.findall(r"adm(?:in)?[_-]?(\d)(?!\d)", name.casefold())}


def boundary_files(fetched: Path, unpacked: Path, url: str, instead: str) -> list[Path]:
    """Give the files that may hold the kecamatan, likeliest first; of an archive only these are unpacked.

    Parameters
    ----------
    fetched : Path
        What was downloaded.
    unpacked : Path
        Folder to unpack into.
    url : str
        Where it came from, for messages and the kind of file.
    instead : str
        What the user can do if it fails.

    Raises
    ------
    OgpAnalysisError
        The archive is damaged, or holds nothing of this level.
    """
    name = PurePosixPath(urlsplit(url).path).name
    if not zipfile.is_zipfile(fetched):
        if name.casefold().endswith(".zip"):
            raise OgpAnalysisError(
                f"The file from {url} is no zip archive, or it is damaged.", hint=f"Try again. {instead}"
            )
        suffix = PurePosixPath(name).suffix.casefold()
        renamed = fetched.with_name("boundaries" + (suffix if suffix in READABLE else ".geojson"))
        return [fetched.replace(renamed)]

    def damaged(error: Exception) -> OgpAnalysisError:
        return OgpAnalysisError(f"The archive from {url} is damaged ({error}).", hint=f"Try again. {instead}")

    with unpacking(damaged):
        return _unpack(fetched, unpacked, url, instead)


def _unpack(fetched: Path, unpacked: Path, url: str, instead: str) -> list[Path]:
    with zipfile.ZipFile(fetched) as archive:
        size = sum(part.file_size for part in archive.infolist())
        if size > LARGEST_UNPACKED:
            raise OgpAnalysisError(
                f"The archive from {url} would unpack to {size / 2**20:,.0f} MB; no boundaries do.", hint=instead
            )
        names = [name for name in archive.namelist() if not name.endswith("/")]
        wholes = {_whole(name) for name in names} - {None}
        candidates = sorted((str(name) for name in wholes), key=lambda name: (len(name), name))
        leveled = [name for name in candidates if LEVEL in levels(PurePosixPath(name).name)]
        # An archive of one database names no level: its layers are looked through when it is read.
        chosen = leveled or [name for name in candidates if not levels(PurePosixPath(name).name)]
        if not chosen:
            raise OgpAnalysisError(
                f"The archive from {url} holds no layer of kecamatan (level {LEVEL}); it holds: "
                f"{', '.join(sorted(names)[:8]) or 'nothing'}.",
                hint=instead,
            )
        stems = tuple(name[: -len(".shp")] for name in chosen if name.endswith(".shp"))
        found = []
        for name in names:
            if _whole(name) in chosen or name.rsplit(".", 1)[0] in stems:
                archive.extract(name, unpacked)
        for name in chosen:
            found.append(unpacked / name)
        return found


def _whole(name: str) -> str | None:
    """The file or database that a member of an archive belongs to; None if it is of no use."""
    parts = PurePosixPath(name).parts
    if ".." in parts or name.startswith("/"):
        return None
    for count, part in enumerate(parts, start=1):
        if part.casefold().endswith(".gdb"):
            return str(PurePosixPath(*parts[:count]))
    return name if name.casefold().endswith(READABLE) else None
