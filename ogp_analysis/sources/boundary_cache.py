"""Where downloaded official boundaries are kept, and what is known of each."""

from __future__ import annotations

import json
import os
import sys
from dataclasses import asdict, dataclass, fields
from pathlib import Path

from ogp_analysis.errors import OgpAnalysisError

CACHE_VARIABLE = "OGP_ANALYSIS_CACHE"
APPLICATION = "ogp-analysis"


@dataclass(frozen=True)
class Kept:
    """One set of official boundaries in the cache, as its JSON file beside it says.

    Parameters
    ----------
    source : str
        ``hdx`` or ``geoboundaries``.
    source_en, source_id : str
        The source in words, English and Indonesian.
    url : str
        The file that was downloaded.
    downloaded : str
        Moment of the download, ISO 8601, UTC.
    vintage, licence : str
        As the source states them; empty if it does not.
    file : str
        Name of the GeoJSON file in the same folder.
    sha256, original_sha256 : str
        Of the file kept, and of what was downloaded.
    remarks : tuple of str
        What was done to the polygons.
    """

    source: str
    source_en: str
    source_id: str
    url: str
    downloaded: str
    vintage: str
    licence: str
    file: str
    sha256: str
    original_sha256: str
    remarks: tuple[str, ...] = ()


def cache_folder(cache: str | Path | None = None) -> Path:
    """The folder of downloaded files: as given, else ``OGP_ANALYSIS_CACHE``, else the user's cache folder.

    Examples
    --------
    >>> cache_folder("kept").name
    'kept'
    """
    if cache is not None:
        return Path(cache)
    if os.environ.get(CACHE_VARIABLE):
        return Path(os.environ[CACHE_VARIABLE])
    home = Path.home()
    if sys.platform == "win32":
        root = Path(os.environ.get("LOCALAPPDATA") or home / "AppData" / "Local")
    elif sys.platform == "darwin":
        root = home / "Library" / "Caches"
    else:
        root = Path(os.environ.get("XDG_CACHE_HOME") or home / ".cache")
    return root / APPLICATION


def boundary_folder(case_id: str, cache: str | Path | None = None) -> Path:
    """The folder with the boundaries of one case."""
    return cache_folder(cache) / "boundaries" / case_id


def write_kept(folder: Path, kept: Kept, data: bytes) -> Path:
    """Put a set into the cache whole: each file is written beside and moved, the JSON that counts last.

    Examples
    --------
    >>> import tempfile
    >>> kept = Kept("hdx", "HDX", "HDX", "", "2026-01-01T00:00:00+00:00", "2020", "", "a.geojson", "", "")
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = write_kept(Path(folder), kept, b"{}")
    ...     sorted(entry.name for entry in Path(folder).iterdir())
    ['a.geojson', 'hdx.json']
    """
    previous = _read(folder / f"{kept.source}.json") if (folder / f"{kept.source}.json").exists() else None
    text = json.dumps(asdict(kept), indent=1, ensure_ascii=False, sort_keys=True) + "\n"
    for name, content in ((kept.file, data), (f"{kept.source}.json", text.encode("utf-8"))):
        beside = folder / f"{name}.{os.getpid()}.part"
        try:
            beside.write_bytes(content)
            beside.replace(folder / name)
        finally:
            beside.unlink(missing_ok=True)
    if previous is not None and previous.file != kept.file:
        (folder / previous.file).unlink(missing_ok=True)
    return folder / kept.file


def newest_kept(case_id: str, cache: str | Path | None = None) -> tuple[Kept, Path] | None:
    """The set that was downloaded last, and its file; None if there is none.

    Raises
    ------
    OgpAnalysisError
        If the cache is damaged: a description cannot be read or its file is gone.
    """
    folder = boundary_folder(case_id, cache)
    found = [_read(path) for path in sorted(folder.glob("*.json"))]
    if not found:
        return None
    kept = max(found, key=lambda entry: entry.downloaded)
    path = folder / kept.file
    if not path.is_file():
        raise _damaged(path, "is gone", case_id, kept.source)
    return kept, path


def _read(path: Path) -> Kept:
    try:
        entries = json.loads(path.read_text(encoding="utf-8"))
        wanted = {field.name for field in fields(Kept)}
        kept = Kept(
            **{name: entries[name] for name in wanted if name != "remarks"}, remarks=tuple(entries["remarks"])
        )
    except (json.JSONDecodeError, UnicodeDecodeError, KeyError, TypeError) as error:
        raise _damaged(path, "cannot be read", path.parent.name, path.stem) from error
    if Path(kept.file).name != kept.file:
        raise _damaged(path, "names a file outside its folder", path.parent.name, path.stem)
    return kept


def _damaged(path: Path, what: str, case_id: str, source: str) -> OgpAnalysisError:
    return OgpAnalysisError(
        f"The cached boundaries are damaged: {path} {what}.",
        hint=f"Delete the folder {path.parent}, then run: ogp-analysis boundaries {case_id} --from {source}",
    )


def check_unchanged(kept: Kept, path: Path, case_id: str, sha256: str) -> None:
    """Compare a kept file with the hash taken when it was downloaded.

    Raises
    ------
    OgpAnalysisError
        If the file was changed since.
    """
    if sha256 != kept.sha256:
        raise _damaged(path, "has changed since it was downloaded", case_id, kept.source)
