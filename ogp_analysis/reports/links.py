"""Where the pages of a quarter lie, and the links from each to the others that are there."""

from __future__ import annotations

import html
import os
from collections.abc import Mapping, Sequence
from pathlib import Path

from ogp_analysis.case import Case
from ogp_analysis.locale import Language, get_language, languages
from ogp_analysis.quarter import Quarter
from ogp_analysis.reports.parameters import NOTEBOOKS
from ogp_analysis.reports.provenance import PROVENANCE
from ogp_analysis.reports.results import DICTIONARY, RESULTS
from ogp_analysis.reports.whole import write_whole

#: The pages in the order of the index: title, and what is on the page.
TITLES: Mapping[str, tuple[str, str]] = {
    "10_commitments": (
        "Commitments",
        "What the action plan promises, what evidence was seen, which ratings and assessments exist.",
    ),
    "20_recovery": (
        "Recovery",
        "Measures, rates and legal basis; the aid account; who received beside need; what is not known.",
    ),
    "25_recovery_microdata": (
        "Relief on land tax, bill by bill",
        "What published relief does to the bills of a land-tax roll; illustrative unless a roll is given.",
    ),
    "30_membership": (
        "Membership",
        "The criteria with the evidence for each, the duties, and claims in the press beside other sources.",
    ),
    "00_data_quality": (
        "Data quality",
        "What the figures rest on: totals that do not add up, sources that disagree, breaks and gaps.",
    ),
    "15_commitments_explorer": (
        "Commitments of all members",
        "The commitments of all OGP members: which gates they pass, what is completed, one member among all.",
    ),
    "35_scorecard_tutorial": (
        "Tutorial: build, question and break an index",
        "A lesson, not a result: how a scorecard is made and what moves it; made-up values are marked "
        "illustrative.",
    ),
    "45_changes": (
        "What changed",
        "What is different from an earlier quarter, and whether data, method or boundaries moved.",
    ),
    "40_district_profile": ("Profiles of the kecamatan", "One page for each kecamatan."),
}
INDEX = "index.html"
#: Between these a page carries its links; it is written without them: what else was made is known at the end.
START, STOP = "<!-- links -->", "<!-- /links -->"


def page_path(notebook: str, language: str, district: str | None) -> Path:
    """Where a page lies below the folder of its quarter.

    Examples
    --------
    >>> page_path("40_district_profile", "id", "3374010").as_posix()
    'id/40_district_profile/3374010/40_district_profile_3374010.html'
    """
    folder = Path(language) / notebook
    return folder / district / f"{notebook}_{district}.html" if district else folder / f"{notebook}.html"


def index_path(language: str, there: Sequence[str]) -> str:
    """File name of the index in a language; the first language's is ``index.html``."""
    return INDEX if language == there[0] else f"index.{language}.html"


def read_in(code: str) -> str:
    """The words of a link to the same page in another language, in that language.

    Examples
    --------
    >>> read_in("id"), read_in("en")
    ('Baca dalam bahasa Indonesia', 'Read in English')
    """
    language = get_language(code)
    return language.t("Read in {name}", name=language.name)


def made_languages(folder: Path) -> list[str]:
    """Languages that have pages in the folder of a quarter, Indonesian first; the first language if none has."""
    return [code for code in languages() if any((folder / code).rglob("*.html"))] or languages()[:1]


def link_pages(case: Case, quarter: Quarter, folder: Path) -> None:
    """Give every page of a quarter its links to the index, the other language and the other pages.

    Only what lies in the folder is linked, by relative addresses, so that the folder may be moved. A page
    without the place for links is left as it is.

    Parameters
    ----------
    case : Case
    quarter : Quarter
    folder : Path
        ``reports/<case>/<quarter>``.
    """
    names = dict(case.districts.sort_values("name")[["code_bps", "name"]].itertuples(index=False, name=None))
    there = made_languages(folder)
    for code in there:
        for notebook in TITLES:
            for district in names if "district" in NOTEBOOKS[notebook] else [None]:
                page = folder / page_path(notebook, code, district)
                if page.is_file():
                    links = _Links(folder, page, get_language(code), there)
                    _put(page, links.html(quarter, notebook, district, names))


def without_links(page: str, links: str = "") -> str:
    """A page without its links to other pages, or with other links in their place.

    Examples
    --------
    >>> without_links("<main><!-- links --><nav>…</nav><!-- /links --><h1>")
    '<main><!-- links --><!-- /links --><h1>'
    """
    before, start, rest = page.partition(START)
    _, stop, after = rest.partition(STOP)
    return f"{before}{start}{links}{stop}{after}" if stop else page


def _put(page: Path, links: str) -> None:
    # line ends as they are: whoever reads a page and writes it again must not change it
    with page.open(encoding="utf-8", newline="") as file:
        old = file.read()
    write_whole(page, without_links(old, links))


class _Links:
    """The links of one page."""

    def __init__(self, folder: Path, page: Path, language: Language, there: Sequence[str]) -> None:
        self.folder, self.page, self.language, self.there = folder, page, language, there

    def to(self, target: Path, text: str, *, language: str = "", anchor: str = "") -> str:
        """A link, the bare text for the page itself, or nothing where there is no such page."""
        shown = html.escape(text)
        if target == self.page:
            return f'<b aria-current="page">{shown}</b>'
        if not target.is_file() and target.parent != self.folder:  # index and dictionary are written last
            return ""
        address = Path(os.path.relpath(target, self.page.parent)).as_posix()
        tag = language.replace("_", "-")
        lang = f' lang="{tag}" hreflang="{tag}"' if language else ""
        return f'<a href="{address}{anchor}"{lang}>{shown}</a>'

    def html(self, quarter: Quarter, notebook: str, district: str | None, names: Mapping[str, str]) -> str:
        t, code = self.language.t, self.language.code
        index = self.folder / index_path(code, self.there)
        parts = [self.to(index, t("Index, {quarter}", quarter=self.language.quarter(quarter)))]
        for other in self.there:
            if other != code:
                target = self.folder / page_path(notebook, other, district)
                parts.append(self.to(target, read_in(other), language=other))
        for name, (title, _) in TITLES.items():
            if "district" in NOTEBOOKS[name]:
                parts.append(self.to(index, t(title), anchor=f"#{name}"))
            else:
                parts.append(self.to(self.folder / page_path(name, code, None), t(title)))
        parts.append(self.to(index, t("Words explained"), anchor="#words"))
        label = html.escape(t("In the full set"))
        files = f"<p>{self._files()}</p>" if self.page.with_suffix(".pdf").is_file() else ""
        note = html.escape(t("These links work where this page lies in the folder of its report set."))
        line = " · ".join(part for part in parts if part)
        return (
            f'<nav class="set" aria-label="{label}"><p><span class="lead">{label}:</span> {line}</p>{files}'
            f'{self._profiles(notebook, district, names)}<p class="note">{note}</p></nav>'
        )

    def _files(self) -> str:
        t, beside = self.language.t, self.page.parent
        parts = [
            self.to(self.page.with_suffix(".pdf"), "PDF"),
            self.to(beside / RESULTS, t("figures (CSV)")),
            self.to(self.folder / DICTIONARY, t("what its columns mean (JSON)")),
            self.to(beside / PROVENANCE, t("what the page was made from (JSON)")),
        ]
        line = " · ".join(part for part in parts if part)
        return f'<span class="lead">{html.escape(t("Download"))}:</span> {line}'

    def _profiles(self, notebook: str, district: str | None, names: Mapping[str, str]) -> str:
        if district is None:
            return ""
        code = self.language.code
        found = [self.to(self.folder / page_path(notebook, code, each), name) for each, name in names.items()]
        found = [link for link in found if link]
        if len(found) < 2:
            return ""
        head = html.escape(self.language.t("Other kecamatan profiles"))
        return f"<details><summary>{head} ({len(found) - 1})</summary><p>{' · '.join(found)}</p></details>"
