"""Downloading official boundaries once, and keeping only the city's part of them."""

from __future__ import annotations

import hashlib
import re
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from ogp_analysis.errors import OgpAnalysisError, ParameterError, nearest
from ogp_analysis.intake import digest
from ogp_analysis.sources.archives import LEVEL, boundary_files, levels
from ogp_analysis.sources.boundary_cache import Kept, boundary_folder, write_kept
from ogp_analysis.sources.boundary_case import BoundaryCase, CaseTables
from ogp_analysis.sources.fetch import Progress, disk_error, fetch_file, fetch_json

COUNTRY = "idn"
KINDS = {"geojson": "geojson", "gdb": "geodatabase|gdb", "shp": "shapefile|shp", "gpkg": "geopackage|gpkg"}
"""Formats that can be read, with the words by which a resource is known to have one."""


@dataclass(frozen=True)
class Offer:
    """A file that a source offers, and what it says about it."""

    url: str
    source_en: str
    source_id: str
    vintage: str
    licence: str


@dataclass(frozen=True)
class DownloadSource:
    """A place to download from.

    Parameters
    ----------
    base_url : str
        The public address, without a slash at the end.
    page : str
        Where a person finds the same files.
    find : callable
        Asks the source's API which file to take.
    """

    base_url: str
    page: str
    find: Callable[[str, float, str], Offer]


def download_boundaries(
    case: BoundaryCase,
    source: str = "hdx",
    *,
    base_url: str | None = None,
    cache: str | Path | None = None,
    timeout: float = 60.0,
    progress: Progress | None = None,
) -> Path:
    """Download official district boundaries, check them, and keep the city's part.

    ``hdx`` is the Common Operational Dataset of administrative boundaries (COD-AB Indonesia, from BPS) on OCHA's
    Humanitarian Data Exchange; ``geoboundaries`` is the open set of geoBoundaries, which has names and no codes.
    The file of the whole country is a few hundred megabytes and is not kept.

    Parameters
    ----------
    case : BoundaryCase
        A case of an Indonesian city.
    source : {"hdx", "geoboundaries"}
        Where from.
    base_url : str, optional
        Another address of the same service, for example a mirror.
    cache : str or Path, optional
        Cache folder; else the user's.
    timeout : float
        Seconds without a byte after which to give up.
    progress : callable, optional
        Called with bytes received and bytes expected (None if the server does not tell).

    Returns
    -------
    Path
        The GeoJSON file in the cache; ``<source>.json`` beside it says source, address, date, licence, hashes.
        :func:`ogp_analysis.sources.boundaries.load_boundaries` uses it from now on.

    Raises
    ------
    ParameterError
        There is no such source, or the time-out is not a positive number.
    OgpAnalysisError
        The source cannot be reached, answers wrongly, offers no file of kecamatan, the file is cut short or
        damaged or does not hold each district once and in its place, or the cache cannot be written to. Nothing
        is left behind, and what was cached before stays.

    Examples
    --------
    >>> from ogp_analysis.case import load_case
    >>> path = download_boundaries(load_case("semarang"), "hdx")  # doctest: +SKIP
    """
    if source not in SOURCES:
        raise ParameterError(f"There is no boundary source {source!r}.", hint=nearest(str(source), SOURCES))
    if not timeout > 0:
        raise ParameterError(f"The time-out is {timeout!r} seconds.", hint="Give a number above 0.")
    chosen = SOURCES[source]
    instead = f"Or download the file in a browser from {chosen.page} and give it as the boundary file."
    offer = chosen.find((base_url or chosen.base_url).rstrip("/"), timeout, instead)
    with _workplace(boundary_folder(case.id, cache)) as (folder, work):
        fetched = work / "download"
        fetch_file(offer.url, fetched, timeout=timeout, instead=instead, progress=progress)
        original = digest(fetched)
        data, remarks = _city_part(fetched, work, offer.url, CaseTables.of(case), instead)
        own = hashlib.sha256(data).hexdigest()
        kept = Kept(
            source=source,
            source_en=offer.source_en,
            source_id=offer.source_id,
            url=offer.url,
            downloaded=datetime.now(UTC).isoformat(timespec="microseconds"),
            vintage=offer.vintage,
            licence=offer.licence,
            file=f"{source}-{own[:12]}.geojson",
            sha256=own,
            original_sha256=original,
            remarks=remarks,
        )
        try:
            return write_kept(folder, kept, data)
        except OSError as error:
            raise disk_error(folder, error) from error


def _city_part(
    fetched: Path, work: Path, url: str, tables: CaseTables, instead: str
) -> tuple[bytes, tuple[str, ...]]:
    from ogp_analysis.sources.boundary_file import read_boundary_file

    failed: OgpAnalysisError | None = None
    try:
        candidates = boundary_files(fetched, work / "unpacked", url, instead)
    except OSError as error:
        raise disk_error(work, error) from error
    for path in candidates:
        try:
            read = read_boundary_file(path, tables, window=True)
        except OgpAnalysisError as error:  # a simplified or an older layer beside the right one
            failed = failed or error
            continue
        return read.districts.to_json(drop_id=True).encode("utf-8"), read.remarks
    assert failed is not None  # boundary_files gives at least one
    raise OgpAnalysisError(
        f"The file from {url} cannot be used for '{tables.id}': {failed.message}", hint=instead
    ) from failed


def _find_hdx(base: str, timeout: float, instead: str) -> Offer:
    dataset = f"cod-ab-{COUNTRY}"
    url = f"{base}/api/3/action/package_show?id={dataset}"
    reply = fetch_json(url, timeout=timeout, instead=instead)
    if not isinstance(reply, dict) or reply.get("success") is not True:
        said = reply.get("error", {}) if isinstance(reply, dict) else reply
        said = said.get("message", said) if isinstance(said, dict) else said
        raise OgpAnalysisError(f"{url} refused ({said or 'no reason given'}).", hint=instead)
    about = reply.get("result")
    resources = about.get("resources") if isinstance(about, dict) else None
    if not isinstance(about, dict) or not isinstance(resources, list):
        raise OgpAnalysisError(f"{url} answered without a list of resources.", hint=instead)
    usable = [entry for entry in resources if isinstance(entry, dict) and _rank(entry) is not None]
    if not usable:
        names = ", ".join(str(entry.get("name")) for entry in resources if isinstance(entry, dict)) or "none"
        raise OgpAnalysisError(
            f"{dataset} at {base} offers no file of kecamatan (level {LEVEL}) in a format that can be read; "
            f"it offers: {names}.",
            hint=instead,
        )
    best = min(usable, key=lambda entry: _rank(entry) or ())
    publisher = str(about.get("dataset_source") or "").strip()
    days = list(dict.fromkeys(re.findall(r"\d{4}-\d{2}-\d{2}", str(about.get("dataset_date") or ""))))
    return Offer(
        url=str(best["url"]),
        source_en=f"{publisher}, via OCHA HDX ({dataset})" if publisher else f"OCHA HDX ({dataset})",
        source_id=f"{publisher}, melalui OCHA HDX ({dataset})" if publisher else f"OCHA HDX ({dataset})",
        vintage="/".join(days),
        licence=str(about.get("license_title") or about.get("license_id") or ""),
    )


def _rank(resource: Mapping[str, Any]) -> tuple[bool, float, int, str] | None:
    """Order of preference: kecamatan only, then the smallest, then by format; None if it cannot be used."""
    url, name = str(resource.get("url") or ""), str(resource.get("name") or "")
    if not url.startswith(("http://", "https://")):
        return None
    words = f"{resource.get('format') or ''} {name} {url.rsplit('/', 1)[-1]}".casefold()
    kinds = [order for order, pattern in enumerate(KINDS.values()) if re.search(rf"\b(?:{pattern})\b", words)]
    named = levels(f"{name} {url.rsplit('/', 1)[-1]}")
    if not kinds or (named and LEVEL not in named):
        return None
    try:
        size = float(resource.get("size") or "inf")
    except (TypeError, ValueError):
        size = float("inf")
    return LEVEL not in named, size, kinds[0], name


def _find_geoboundaries(base: str, timeout: float, instead: str) -> Offer:
    url = f"{base}/api/current/gbOpen/{COUNTRY.upper()}/ADM{LEVEL}/"
    reply = fetch_json(url, timeout=timeout, instead=instead)
    link = reply.get("gjDownloadURL") if isinstance(reply, dict) else None
    if not isinstance(link, str) or not link.startswith(("http://", "https://")):
        raise OgpAnalysisError(f"{url} names no file to download (gjDownloadURL).", hint=instead)
    origin = str(reply.get("boundarySource") or "").strip()
    return Offer(
        url=link,
        source_en=f"{origin}, via geoBoundaries (gbOpen)" if origin else "geoBoundaries (gbOpen)",
        source_id=f"{origin}, melalui geoBoundaries (gbOpen)" if origin else "geoBoundaries (gbOpen)",
        vintage=str(reply.get("boundaryYearRepresented") or ""),
        licence=str(reply.get("boundaryLicense") or ""),
    )


SOURCES: Mapping[str, DownloadSource] = {
    "hdx": DownloadSource("https://data.humdata.org", "https://data.humdata.org/dataset/cod-ab-idn", _find_hdx),
    "geoboundaries": DownloadSource(
        "https://www.geoboundaries.org", "https://www.geoboundaries.org", _find_geoboundaries
    ),
}


@contextmanager
def _workplace(folder: Path) -> Iterator[tuple[Path, Path]]:
    """The folder, and one to work in that goes away; folders made for a download that fails go as well."""
    new = [each for each in (folder, *folder.parents) if not each.exists()]
    try:
        folder.mkdir(parents=True, exist_ok=True)
        work = tempfile.TemporaryDirectory(dir=folder, prefix=".download-", ignore_cleanup_errors=True)
    except OSError as error:
        _remove_empty(new)
        raise disk_error(folder, error) from error
    try:
        with work as name:
            yield folder, Path(name)
    except BaseException:
        _remove_empty(new)
        raise


def _remove_empty(folders: list[Path]) -> None:
    for each in folders:
        if each.is_dir() and not any(each.iterdir()):
            each.rmdir()
