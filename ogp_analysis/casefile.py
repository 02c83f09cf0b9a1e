"""Finding a case on disk, and what its ``datapackage.yaml`` and its tables must say together."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd
import yaml

from ogp_analysis.errors import DataError, OgpAnalysisError, ParameterError, Problem, nearest, shortened
from ogp_analysis.intake import read_whole
from ogp_analysis.plainyaml import read_yaml, twice
from ogp_analysis.signs import sign_problem, suspect
from ogp_analysis.tables import PARTIAL, table_specs

PACKAGE = Path(__file__).parent
DATAPACKAGE = "datapackage.yaml"
#: That of the built-in case has 0.1 MB; it is read whole before it is understood.
LARGEST = 5 * 2**20
#: A folder's name becomes the name of a case: part of paths, of commands that are shown, and of pages.
NAME = r"\w(?:[\w .-]{0,98}\w)?"
#: What of an office may be published although it looks like what tells who somebody is.
PUBLISHABLE = "publishable"
REQUIRED_ENTRIES = ("name", "title", "jurisdiction", "resources")
#: What ``jurisdiction`` says, as text: a code that YAML reads as a number has lost its form already.
JURISDICTION = {
    "name": (r".*\S.*", "the name of the jurisdiction"),
    "country": (r".*\S.*", "the country"),
    "member_since": (PARTIAL, "a year, month or day"),
    "code_bps": (r"[0-9]{4}", "the 4 digits of BPS"),
    "code_kemendagri": (r"[0-9]{2}\.[0-9]{2}", "a code such as 33.74"),
}
#: Without these there is no case; what else is left out is not known.
NEEDED = ("name", "country")


def case_folders() -> dict[str, Path]:
    """Every case that can be found, by name: the working folder's, the repository's, the package's.

    Looks for ``data/raw/<case>/datapackage.yaml`` in the folder that ``OGP_ANALYSIS_DATA`` names, then in
    the working folder, then beside the package (a checkout), then inside it (an installed wheel).
    """
    roots = [Path.cwd() / "data" / "raw", PACKAGE.parent / "data" / "raw", PACKAGE / "_data" / "raw"]
    given = os.environ.get("OGP_ANALYSIS_DATA")
    if given:
        if not Path(given).is_dir():
            raise ParameterError(
                f"OGP_ANALYSIS_DATA names {given}, which is no folder.",
                hint="Name the folder that holds the cases.",
            )
        roots.insert(0, Path(given))
    found: dict[str, Path] = {}
    for root in roots:
        for path in sorted(root.glob(f"*/{DATAPACKAGE}")):
            found.setdefault(path.parent.name, path.parent)
    return found


def case_folder(case: str | Path) -> Path:
    """The folder of a case given by name or by path.

    Raises
    ------
    ParameterError
        If there is no such case; names the nearest.
    """
    if isinstance(case, Path) or os.sep in str(case) or "/" in str(case):
        folder = Path(case)
        if not _is_file(folder / DATAPACKAGE):
            raise ParameterError(
                f"{shortened(str(folder), 240)!r} holds no case: {DATAPACKAGE} is not there.",
                hint="Give the folder that holds datapackage.yaml and the CSV tables.",
            )
        return folder
    folders = case_folders()
    if case not in folders:
        raise ParameterError(f"There is no case {shortened(case)!r}.", hint=nearest(case, folders))
    return folders[case]


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except (OSError, ValueError):  # too long for a name, or not possible as one
        return False


def case_argument(folder: Path) -> str:
    """How a case is named on a command line: by its name where that leads to the folder, else by its path."""
    known = case_folders().get(folder.name)
    return folder.name if known is not None and known.resolve() == folder.resolve() else str(folder)


def refuse_rows(problems: Sequence[Problem], folder: Path) -> None:
    """Raise if there are rows of a case to be mended; nothing without any."""
    if problems:
        raise DataError(
            problems, hint=f"Mend these rows in {folder} and run: ogp-analysis check {case_argument(folder)}"
        )


def choice_problems(info: dict[str, Any], tables: Mapping[str, pd.DataFrame]) -> list[Problem]:
    """Entries of ``jurisdiction`` that name something which is not there."""
    problems = []
    plans = sorted(tables["plans"]["plan_id"])
    chosen = info["jurisdiction"].get("plan_id")
    if chosen is not None and chosen not in plans:
        words = f"a plan of plans.csv. {nearest(str(chosen), plans)}"
        problems.append(Problem(DATAPACKAGE, None, "jurisdiction.plan_id", str(chosen), words))
    scopes = table_specs()["criteria"].field("scope").enum or ()
    call = info["jurisdiction"].get("call")
    if call is not None and call not in scopes:
        words = f"a scope of criteria.csv. {nearest(str(call), scopes)}"
        problems.append(Problem(DATAPACKAGE, None, "jurisdiction.call", str(call), words))
    return problems


def read_info(folder: Path) -> dict[str, Any]:
    """The ``datapackage.yaml`` of a case.

    Raises
    ------
    DataError
        If it is not YAML or an entry that the case needs is missing.
    """
    path = folder / DATAPACKAGE
    try:
        text = read_whole(path, largest=LARGEST, within=folder).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise DataError(
            [Problem(path.name, None, None, None, "UTF-8 text")], hint=f"Save {path} as UTF-8."
        ) from error
    node = read_yaml(path.name, text)
    again = [
        Problem(path.name, key.start_mark.line + 1, str(key.value), None, "each entry once") for key in twice(node)
    ]
    if again:
        raise DataError(again, hint=f"Mend {path}.")
    try:
        info = getattr(yaml, "CSafeLoader", yaml.SafeLoader)("").construct_document(node) if node else None
    except (yaml.YAMLError, ValueError) as error:  # a day such as 2020-13-01 without quotation marks
        mark = getattr(error, "problem_mark", None)
        words = f"values that can be what they look like ({error})" if mark is None else "valid YAML"
        raise DataError(
            [Problem(path.name, mark.line + 1 if mark else None, None, None, words)], hint=f"Mend {path}."
        ) from error
    if not re.fullmatch(NAME, folder.name):
        raise ParameterError(
            f"A case cannot be in a folder called {shortened(folder.name)!r}: the name becomes part of its pages.",
            hint="Rename the folder: letters, digits, hyphens, such as 'sumbawa-barat'.",
        )
    entries: dict[str, Any] = info if isinstance(info, dict) else {}
    problems = [
        Problem(path.name, None, name, None, "this entry, which is missing")
        for name in REQUIRED_ENTRIES
        if name not in entries
    ]
    if "jurisdiction" in entries:
        problems += _jurisdiction_problems(path.name, entries["jurisdiction"])
    for name in ("name", "title"):
        if name in entries and not isinstance(entries[name], str):
            problems.append(Problem(path.name, None, name, str(entries[name]), "text, in quotation marks"))
    if suspect(text):
        problems += _sign_problems(path.name, "", entries)
    if "resources" in entries:
        problems += _resource_problems(path.name, entries["resources"])
    open_to_all = entries.get(PUBLISHABLE, [])
    if not isinstance(open_to_all, list) or not all(isinstance(each, str) for each in open_to_all):
        words = "a list of addresses or numbers of offices, each in quotation marks"
        problems.append(Problem(path.name, None, PUBLISHABLE, str(open_to_all), words))
    if problems:
        raise DataError(problems, hint=f"Mend {path}.")
    return entries


def _jurisdiction_problems(file: str, entry: object) -> list[Problem]:
    if not isinstance(entry, dict):
        return [Problem(file, None, "jurisdiction", str(entry), "entries such as name, country, code_bps")]
    problems = []
    for name, (pattern, words) in JURISDICTION.items():
        value = entry.get(name)
        if value is None and name not in NEEDED:
            continue
        if not isinstance(value, str) or not re.fullmatch(pattern, value):
            shown = None if value is None else str(value)
            problems.append(Problem(file, None, f"jurisdiction.{name}", shown, f"{words}, in quotation marks"))
    return problems


def _sign_problems(file: str, name: str, entry: object) -> list[Problem]:
    if isinstance(entry, str):
        words = sign_problem(entry)
        return [Problem(file, None, name, entry, words)] if words else []
    parts = entry.items() if isinstance(entry, dict) else enumerate(entry, 1) if isinstance(entry, list) else ()
    return [
        problem
        for key, part in parts
        for problem in _sign_problems(file, f"{name}.{key}" if name else str(key), part)
    ]


def _resource_problems(file: str, entry: object) -> list[Problem]:
    if not isinstance(entry, list):
        return [Problem(file, None, "resources", str(entry), "a list of tables")]
    problems, seen = [], set()
    for each in entry:
        name = each.get("name") if isinstance(each, dict) else each
        path = each.get("path") if isinstance(each, dict) else None
        if not isinstance(name, str) or path != f"{name}.csv":
            words = "name and path of a table, such as name: plans and path: plans.csv, in the folder of the case"
            problems.append(Problem(file, None, "resources", f"{name}: {path}", words))
        elif name in seen:
            problems.append(Problem(file, None, "resources", name, "each table once"))
        seen.add(str(name))
    return problems


def resource_paths(folder: Path, info: dict[str, Any]) -> dict[str, Path]:
    """Where the tables that a case lists are, by name; every required one must be listed."""
    listed = {entry["name"]: folder / entry["path"] for entry in info["resources"]}
    specs = table_specs()
    problems = [
        Problem(DATAPACKAGE, None, "resources", name, f"the name of a known table. {nearest(name, specs)}")
        for name in listed
        if name not in specs
    ]
    problems += [
        Problem(DATAPACKAGE, None, "resources", None, f"a resource '{name}', which is missing")
        for name, spec in specs.items()
        if not spec.optional and name not in listed
    ]
    if problems:
        raise OgpAnalysisError(
            "\n".join(str(problem) for problem in problems), hint=f"Mend 'resources' in {folder / DATAPACKAGE}."
        )
    return listed
