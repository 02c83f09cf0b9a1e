"""Write the folder of a new case: whole or not at all, never over another."""

from __future__ import annotations

import contextlib
import csv
import io
import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from ogp_analysis.case import Case, load_case
from ogp_analysis.casefile import DATAPACKAGE, case_folders
from ogp_analysis.datapackage import render
from ogp_analysis.errors import DataError, OgpAnalysisError, ParameterError
from ogp_analysis.newcase.place import Place, check_id
from ogp_analysis.privacy import private_cells
from ogp_analysis.tables import table_specs

README = "README.md"
INTO = Path("data/raw")
#: Something that a reviewer looks for in every place; that it was looked for is all that these rows say.
NEEDS = (
    ("population", "poverty", "Population by kecamatan", "Jumlah penduduk menurut kecamatan"),
    ("poverty", "poverty", "Poor families", "Keluarga miskin"),
    ("aid-recipients", "aid", "Recipients of aid", "Penerima bantuan"),
    ("complaints", "participation", "Complaints and what became of them", "Pengaduan dan tindak lanjutnya"),
    ("musrenbang", "participation", "Proposals in Musrenbang", "Usulan dalam Musrenbang"),
    ("health-facilities", "health", "Public health centres", "Puskesmas"),
    ("housing-unfit", "housing", "Houses unfit to live in", "Rumah tidak layak huni"),
    ("umkm", "economy", "Micro and small businesses (UMKM)", "Usaha mikro dan kecil (UMKM)"),
)


def new_case(id: str, place: Place, *, member_since: str = "", into: Path = INTO) -> Case:  # noqa: A002
    """Make the folder of a new case: every required table, with rows only for what is known of the place.

    It is built beside its place and checked as every case is; then it is moved there whole. When anything fails,
    the disk is as it was.

    Parameters
    ----------
    id : str
        Name of the folder, see :func:`ogp_analysis.newcase.place.check_id`.
    place : Place
        From :func:`ogp_analysis.newcase.listed.read_list` or
        :func:`ogp_analysis.newcase.nusantara.from_nusantara`; or ``Place(name)`` where only the name is known.
    member_since : str
        Year, month or day on which it became a local member of OGP; empty where that is not known.
    into : Path
        The folder of cases.

    Returns
    -------
    Case
        As :func:`ogp_analysis.load_case` gives it.

    Raises
    ------
    ParameterError
        If the id cannot be used or is taken.
    OgpAnalysisError
        If the folder exists, what was given breaks a rule of the tables, or tells who somebody is
        (:mod:`ogp_analysis.privacy`).

    Examples
    --------
    >>> from ogp_analysis.newcase.place import Kecamatan
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     place = Place("Kota Contoh", (Kecamatan("Utara", "99.71.01"), Kecamatan("Selatan", "99.71.02")))
    ...     case = new_case("contoh", place, into=Path(folder))
    >>> case.districts["code_kemendagri"].tolist(), len(case.table("plans"))
    (['99.71.01', '99.71.02'], 0)
    """
    target = into / check_id(id)
    if target.exists() or target.is_symlink():
        raise OgpAnalysisError(
            f"{target} exists already; nothing was written.", hint="Choose another id, or move that folder away."
        )
    known = case_folders().get(id)
    if into == INTO and known is not None:
        raise ParameterError(
            f"There is a case {id!r} already: {known}. Nothing was written.",
            hint="Choose another id, or another folder with --into.",
        )
    with _made(into), contextlib.ExitStack() as stack:
        # two levels down, where no half-made case can be taken for one
        above = Path(tempfile.mkdtemp(prefix=".part-", dir=into))
        stack.callback(shutil.rmtree, above, ignore_errors=True)
        beside = above / id
        beside.mkdir()
        for name, text in case_files(id, place, member_since).items():
            (beside / name).write_bytes(text.encode("utf-8"))
        made = load_case(beside)
        private = private_cells({name: made.table(name) for name in made.tables})
        if private:
            raise DataError(private, hint="Take it out of what was given; nothing was written.")
        beside.rename(target)
    return load_case(target)


@contextlib.contextmanager
def _made(folder: Path) -> Iterator[None]:
    """A folder that is there; those that had to be made for it go again if what follows fails."""
    missing = [each for each in (folder, *folder.parents) if not each.exists()]
    folder.mkdir(parents=True, exist_ok=True)
    try:
        yield
    except BaseException:
        for each in missing:
            with contextlib.suppress(OSError):
                each.rmdir()
        raise


def case_files(id: str, place: Place, member_since: str = "") -> dict[str, str]:  # noqa: A002
    """The text of every file of a new case, by name.

    Parameters
    ----------
    id : str
    place : Place
    member_since : str
    """
    rows = case_rows(place)
    names = [name for name, spec in table_specs().items() if not spec.optional or rows.get(name)]
    files = {f"{name}.csv": _csv(name, rows.get(name, [])) for name in names}
    files[DATAPACKAGE] = render(_info(id, place, member_since), names)
    files[README] = _readme(id, place)
    return files


def case_rows(place: Place) -> dict[str, list[dict[str, Any]]]:
    """The rows that follow from what is known of a place, by table.

    Examples
    --------
    >>> sorted(case_rows(Place("Kota Contoh")))
    ['evidence_needs']
    """
    source = dict(place.source)
    rows: dict[str, list[dict[str, Any]]] = {
        "evidence_needs": [
            {"gap_id": key, "topic": topic, "item_en": english, "item_id": indonesian}
            for key, topic, english, indonesian in NEEDS
        ]
    }
    if source:
        rows["sources"] = [source]
    if place.kecamatan:
        rows["districts"] = [
            {"code_bps": each.key, "code_kemendagri": each.kemendagri, "name": each.name, "short_name": each.name}
            for each in place.kecamatan
        ]
    if place.points:
        rows["village_points"] = [
            {
                "code_kemendagri": each.code,
                "name": each.name,
                "district_kemendagri": each.district,
                "inside": str(each.inside).lower(),
                "lon": f"{each.lon:.6f}",
                "lat": f"{each.lat:.6f}",
                "source_id": source["source_id"],
                "quality": "ok",
            }
            for each in place.points
        ]
    return rows


def _csv(table: str, rows: Sequence[Mapping[str, Any]]) -> str:
    stream = io.StringIO(newline="")
    columns = [field.name for field in table_specs()[table].fields]
    writer = csv.DictWriter(stream, columns, restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return stream.getvalue()


def _info(id: str, place: Place, member_since: str) -> dict[str, Any]:  # noqa: A002
    """The entries of ``datapackage.yaml``; what is not known is left out."""
    jurisdiction = {"name": place.name, "country": "Indonesia", **_codes(place), **dict(place.jurisdiction)}
    if member_since:
        jurisdiction["member_since"] = member_since
    return {
        "name": id,
        "title": f"{place.name} as a local member of the Open Government Partnership",
        "title_id": f"{place.name} sebagai anggota lokal Open Government Partnership",
        "created": f"{_today(place)}T00:00:00Z",
        "jurisdiction": jurisdiction,
    }


def _today(place: Place) -> str:
    return dict(place.source).get("seen") or date.today().isoformat()


def _codes(place: Place) -> dict[str, str]:
    """The codes of the place, which those of its kecamatan begin with."""
    bps = {each.bps[:4] for each in place.kecamatan if each.bps}
    kemendagri = {each.kemendagri[:5] for each in place.kecamatan if each.kemendagri}
    found = {"code_bps": bps, "code_kemendagri": kemendagri}
    return {name: next(iter(codes)) for name, codes in found.items() if len(codes) == 1}


def _readme(id: str, place: Place) -> str:  # noqa: A002
    """What to fill in, in which order, and who publishes it: Indonesian first."""
    template = (Path(__file__).parent / "README.template.md").read_text(encoding="utf-8")
    kecamatan, points = len(place.kecamatan), len(place.points)
    known = {
        "kecamatan_id": f"{kecamatan} kecamatan" if kecamatan else "belum diketahui",
        "kecamatan_en": f"{kecamatan} kecamatan" if kecamatan else "not known yet",
        "points_id": f"{points} titik"
        if points
        else "belum ada: peta tidak dapat digambar, dan halaman menyebutnya",
        "points_en": f"{points} points" if points else "none yet: the pages say that no map can be drawn",
        "source": dict(place.source).get("title", "—"),
        "remarks": "".join(f"- {remark}\n" for remark in place.remarks) or "- —\n",
    }
    return template.format(id=id, place=place.name, **known)
