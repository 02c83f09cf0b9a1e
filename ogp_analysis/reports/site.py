"""The page that leads to all pages of a quarter, in each language."""

from __future__ import annotations

import html
import re
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path

from ogp_analysis.case import Case
from ogp_analysis.locale import Language, get_language, languages
from ogp_analysis.quarter import Quarter
from ogp_analysis.reports.html import as_of_text
from ogp_analysis.reports.page import wrapped
from ogp_analysis.reports.parameters import NOTEBOOKS

TITLES: Mapping[str, tuple[str, str]] = {
    "10_commitments": (
        "Commitments",
        "What the action plan promises, what evidence was seen, which ratings and assessments exist.",
    ),
    "20_recovery": (
        "Recovery",
        "Measures, rates and legal basis; the aid account; who received beside need; what is not known.",
    ),
    "30_membership": (
        "Membership",
        "The criteria with the evidence for each, the duties, and claims in the press beside other sources.",
    ),
    "00_data_quality": (
        "Data quality",
        "What the figures rest on: totals that do not add up, sources that disagree, breaks and gaps.",
    ),
    "40_district_profile": ("Profiles of the kecamatan", "One page for each kecamatan."),
}
INDEX = "index.html"


def page_path(notebook: str, language: str, district: str | None) -> Path:
    """Where a page lies below the folder of its quarter.

    Examples
    --------
    >>> page_path("40_district_profile", "id", "3374010").as_posix()
    'id/40_district_profile/3374010/40_district_profile_3374010.html'
    """
    folder = Path(language) / notebook
    return folder / district / f"{notebook}_{district}.html" if district else folder / f"{notebook}.html"


def index_path(language: str, languages: Sequence[str]) -> str:
    """File name of the index in a language; the first language's is ``index.html``."""
    return INDEX if language == languages[0] else f"index.{language}.html"


def write_index(case: Case, quarter: Quarter, folder: Path, stale: Collection[Path] = ()) -> Path:
    """Write an index page for each language that has pages, Indonesian first.

    Parameters
    ----------
    case : Case
    quarter : Quarter
    folder : Path
        ``reports/<case>/<quarter>``.
    stale : collection of Path
        Pages that failed in the last run, as :func:`page_path` names them: an earlier one may still be there.

    Returns
    -------
    Path
        ``index.html``.
    """
    there = [code for code in languages() if any((folder / code).rglob("*.html"))] or languages()[:1]
    for code in there:
        text = _index(case, quarter, folder, get_language(code), there, stale)
        target = folder / index_path(code, there)
        beside = target.with_suffix(".part")
        beside.write_text(text, encoding="utf-8")
        beside.replace(target)
    return folder / INDEX


def _index(
    case: Case, quarter: Quarter, folder: Path, language: Language, there: Sequence[str], stale: Collection[Path]
) -> str:
    place = str(case.jurisdiction["name"])
    items = []
    for notebook, (title, about) in TITLES.items():
        if "district" in NOTEBOOKS[notebook]:
            items.append(
                _section(language.t(title), language.t(about), _districts(case, folder, notebook, language, stale))
            )
        else:
            items.append(_link(folder, notebook, language, language.t(title), language.t(about), stale))
    others = " · ".join(
        f'<a href="{index_path(code, there)}" lang="{code}">{html.escape(get_language(code).name)}</a>'
        for code in there
        if code != language.code
    )
    heading = language.t("{place}: promises, evidence, reach and gaps", place=place)
    start = language.t(
        "Start with the commitments or with the profile of a kecamatan. Every figure names its source; "
        "what no source gives is shown as no data and is not estimated."
    )
    note = language.t(
        "A flag on a page says that figures or words do not fit together. It is not an accusation: "
        "the pages on data quality and membership name innocent explanations."
    )
    body = (
        f"<main><h1>{html.escape(heading)}</h1>"
        f"<p class='asof'>{html.escape(as_of_text(quarter, language))}</p><p>{others}</p>"
        f"<p>{html.escape(start)}</p>{''.join(items)}<p class='note'>{html.escape(note)}</p></main>"
    )
    title = f"{place}, {language.quarter(quarter)}"
    return wrapped(title=title, body=body, language=language, description=heading)


def _section(title: str, about: str, inner: str) -> str:
    return f"<h2>{html.escape(title)}</h2><p>{html.escape(about)}</p>{inner}"


def _link(folder: Path, notebook: str, language: Language, title: str, about: str, stale: Collection[Path]) -> str:
    path = page_path(notebook, language.code, None)
    if not (folder / path).is_file():
        return f"<h2>{html.escape(title)} ({html.escape(language.t('not made'))})</h2><p>{html.escape(about)}</p>"
    link = f'<h2><a href="{path.as_posix()}">{html.escape(title)}</a>{_age(path, language, stale)}</h2>'
    return f"{link}<p>{html.escape(about)}</p>{_finding(folder / path)}"


def _age(path: Path, language: Language, stale: Collection[Path]) -> str:
    return f" ({html.escape(language.t('of an earlier run'))})" if path in stale else ""


def _finding(page: Path) -> str:
    """The first main finding of a page, as it stands there."""
    found = re.search(r"<p class=.key.>.*?</p>", page.read_text(encoding="utf-8"), flags=re.DOTALL)
    return found[0] if found else ""


def _districts(case: Case, folder: Path, notebook: str, language: Language, stale: Collection[Path]) -> str:
    items = []
    for _, row in case.districts.sort_values("name").iterrows():
        path = page_path(notebook, language.code, row["code_bps"])
        name = html.escape(row["name"])
        there = (folder / path).is_file()
        missing = f"{name} ({html.escape(language.t('not made'))})"
        link = f'<a href="{path.as_posix()}">{name}</a>{_age(path, language, stale)}'
        items.append(f"<li>{link}</li>" if there else f"<li>{missing}</li>")
    return f"<ul style='columns:3 10rem'>{''.join(items)}</ul>"
