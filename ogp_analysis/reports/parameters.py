"""The parameters of the notebooks: which there are, and which values they may have."""

from __future__ import annotations

import ast
import contextlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from ogp_analysis.case import Case, load_case
from ogp_analysis.casefile import case_argument
from ogp_analysis.errors import ParameterError, nearest
from ogp_analysis.locale import get_language
from ogp_analysis.quarter import Quarter

COMMON = ("case", "quarter", "language")
#: Each notebook of the default set with its parameters; the order is the order of the index page.
NOTEBOOKS: Mapping[str, tuple[str, ...]] = {
    "00_data_quality": (*COMMON, "since"),
    "10_commitments": (*COMMON, "since"),
    "15_commitments_explorer": (*COMMON, "table", "member"),
    "20_recovery": (*COMMON, "since"),
    "25_recovery_microdata": (*COMMON, "roll"),
    "30_membership": (*COMMON, "since"),
    "35_scorecard_tutorial": COMMON,
    "40_district_profile": (*COMMON, "district", "since"),
    "45_changes": (*COMMON, "since", "published"),
}
#: Parameters that may be left out or empty.
OPTIONAL = ("table", "member", "roll", "since", "published")
#: Parameters that name a file, and what it is.
FILES = {
    "table": "a commitments table downloaded from opengovpartnership.org",
    "roll": "a land-tax roll in SISMIOP layout (CSV, gzip or Parquet)",
    "published": "the standing.json of an earlier report",
}


@dataclass(frozen=True)
class Parameters:
    """Checked parameters of one run.

    Attributes
    ----------
    notebook : str
        Name without ``.ipynb``.
    case : Case
    quarter : Quarter
    language : str
    district : str or None
        BPS code.
    table : str
        Path of a commitments table of OGP; empty for the counts that the case carries.
    member : str
        The member to set against all, as the table names it; empty for the one that the case names.
    roll : str
        Path of a land-tax roll; empty for an illustrative one.
    since : str
        The earlier quarter that the page is compared with; empty for the one before.
    published : str
        Path of the ``standing.json`` of an earlier report, to compare with what it printed; empty to compute the
        earlier quarter with the tables and method of today.
    """

    notebook: str
    case: Case
    quarter: Quarter
    language: str
    district: str | None = None
    table: str = ""
    member: str = ""
    roll: str = ""
    since: str = ""
    published: str = ""

    def as_text(self) -> dict[str, str]:
        """The parameters as papermill is to be given them: text, so that no code turns into a number."""
        given = {
            "case": case_argument(self.case.folder),
            "quarter": str(self.quarter),
            "language": self.language,
        }
        if self.district is not None:
            given["district"] = self.district
        return given | {name: getattr(self, name) for name in OPTIONAL if name in NOTEBOOKS[self.notebook]}


def check_parameters(notebook: str, given: Mapping[str, object]) -> Parameters:
    """Turn what a user gave into checked parameters, or say what is wrong and what is nearest to it.

    Parameters
    ----------
    notebook : str
        One of :data:`NOTEBOOKS`.
    given : mapping
        Parameter names and values.

    Raises
    ------
    ParameterError
        For an unknown notebook, parameter name or value, and for a missing parameter.

    Examples
    --------
    >>> check_parameters("10_commitments", {"case": "semarang", "quarter": "2023Q4", "language": "id"}).quarter
    Quarter(year=2023, number=4)
    >>> check_parameters("10_commitments", {"case": "semarang", "quater": "2023Q4", "language": "id"})
    Traceback (most recent call last):
    ...
    ogp_analysis.errors.ParameterError: Notebook 10_commitments has no parameter 'quater'.
    What to do: Did you mean 'quarter'?
    """
    if notebook not in NOTEBOOKS:
        raise ParameterError(f"There is no notebook {notebook!r}.", hint=nearest(notebook, NOTEBOOKS))
    names = NOTEBOOKS[notebook]
    for name in given:
        if name not in names:
            raise ParameterError(f"Notebook {notebook} has no parameter {name!r}.", hint=nearest(name, names))
    for name in names:
        if name not in given and name not in OPTIONAL:
            raise ParameterError(f"Notebook {notebook} needs the parameter {name!r}.", hint=f"Give {name}.")
    for name, value in given.items():
        if not isinstance(value, str):
            raise ParameterError(
                f"Parameter {name!r} must be text; found {value!r} ({type(value).__name__}).",
                hint=f'Write it in quotation marks; with papermill use -r {name} "{value}", not -p.',
            )
    language = get_language(str(given["language"])).code
    quarter = Quarter.parse(given["quarter"])
    case = load_case(str(given["case"]))
    district = case.district_code(str(given["district"])) if "district" in names else None
    further = {name: str(given.get(name, "")) for name in OPTIONAL if name in names}
    if further.get("since"):
        further["since"] = str(_earlier(further["since"], quarter))
    for name, words in FILES.items():
        if further.get(name):
            if not _is_file(further[name]):
                raise ParameterError(
                    f"There is no file {further[name]!r}.", hint=f"Give the path of {words}, or leave it empty."
                )
            # the notebook may run in another folder
            further[name] = str(Path(further[name]).resolve())
    return Parameters(notebook, case, quarter, language, district, **further)


def _earlier(text: str, quarter: Quarter) -> Quarter:
    since = Quarter.parse(text)
    if since >= quarter:
        raise ParameterError(
            f"The page is of {quarter}: it cannot be compared with {since}.",
            hint=f"Give an earlier quarter as since, for example {quarter.previous()}.",
        )
    return since


def _is_file(text: str) -> bool:
    try:
        return Path(text).is_file()
    except (OSError, ValueError):  # too long for a name, or not possible as one
        return False


def injected_names(cells: list[str]) -> list[str]:
    r"""Names that were set before a notebook opened its report, so that a misspelt one can be refused.

    These are the names of its parameters cell and of the one that papermill adds; cells that somebody ran
    later, by hand, may use any name. Where the parameters cell was run again since, mended perhaps, it alone
    counts.

    Parameters
    ----------
    cells : list of str
        Sources of the cells run so far (``In`` in IPython).

    Examples
    --------
    >>> injected_names(["case = 'semarang'", "# Parameters\nquater = '2023Q4'\n", "open_report(...)", "x = 1"])
    ['case', 'quater']
    """
    opened = next((at for at, source in enumerate(cells) if "open_report(" in source), len(cells))
    later = [names for source in cells[opened + 1 :] if len(set(COMMON) & set(names := _assigned(source))) > 1]
    return later[-1] if later else [name for source in cells[:opened] for name in _assigned(source)]


def _assigned(source: str) -> list[str]:
    with contextlib.suppress(SyntaxError, ValueError):  # a magic command, or what is no text, sets no parameter
        return [
            target.id
            for node in ast.parse(source).body
            if isinstance(node, ast.Assign)
            for target in node.targets
            if isinstance(target, ast.Name)
        ]
    return []
