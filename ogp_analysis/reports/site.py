"""The page that leads to all pages of a quarter, in each language."""

from __future__ import annotations

import html
import re
from collections.abc import Collection, Sequence
from pathlib import Path

from ogp_analysis.case import Case
from ogp_analysis.locale import Language, get_language
from ogp_analysis.quarter import Quarter
from ogp_analysis.reports.glossary import glossary_html
from ogp_analysis.reports.html import as_of_text
from ogp_analysis.reports.links import INDEX, TITLES, index_path, link_pages, made_languages, page_path, read_in
from ogp_analysis.reports.page import wrapped
from ogp_analysis.reports.parameters import NOTEBOOKS
from ogp_analysis.reports.results import DICTIONARY, results_dictionary
from ogp_analysis.reports.whole import write_whole


def write_index(case: Case, quarter: Quarter, folder: Path, stale: Collection[str] = ()) -> Path:
    """Write an index page for each language that has pages, Indonesian first, and the links between the pages.

    Parameters
    ----------
    case : Case
    quarter : Quarter
    folder : Path
        ``reports/<case>/<quarter>``.
    stale : collection of str
        Pages that failed when they were last to be made, by the path of their folder: an earlier one may still
        be there.

    Returns
    -------
    Path
        ``index.html``.
    """
    link_pages(case, quarter, folder)
    there = made_languages(folder)
    write_whole(folder / DICTIONARY, results_dictionary())
    for code in there:
        text = _index(case, quarter, folder, get_language(code), there, stale)
        write_whole(folder / index_path(code, there), text)
    return folder / INDEX


def _index(
    case: Case, quarter: Quarter, folder: Path, language: Language, there: Sequence[str], stale: Collection[str]
) -> str:
    place = str(case.jurisdiction["name"])
    items = []
    for notebook, (title, about) in TITLES.items():
        if "district" in NOTEBOOKS[notebook]:
            items.append(
                _section(
                    notebook,
                    language.t(title),
                    language.t(about),
                    _districts(case, folder, notebook, language, stale),
                )
            )
        else:
            items.append(_link(folder, notebook, language, language.t(title), language.t(about), stale))
    others = " · ".join(
        f'<a href="{index_path(code, there)}" lang="{get_language(code).tag}">{html.escape(read_in(code))}</a>'
        for code in there
        if code != language.code
    )
    words = _section(
        "words",
        language.t("Words explained"),
        language.t("What the words of these pages mean; a name in brackets leads to the source."),
        glossary_html(case, language),
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
        f"{_introduction(case, language)}<p>{html.escape(start)}</p>{''.join(items)}"
        f"<p class='note'>{html.escape(note)}</p>{words}</main>"
    )
    title = f"{place}, {language.quarter(quarter)}"
    return wrapped(title=title, body=body, language=language, description=heading)


def _introduction(case: Case, language: Language) -> str:
    """What OGP is, since when the place is a member, and how to read the pages."""
    info = case.jurisdiction
    since = info.get("member_since")
    texts = [
        language.t(
            "The Open Government Partnership (OGP) brings together national and local governments that promise in "
            "action plans to become more open. {place} has been a local member since {month}.",
            place=info["name"],
            month=language.period(str(since)),
        )
        if since
        else language.t(
            "The Open Government Partnership (OGP) brings together national and local governments that promise in "
            "action plans to become more open. Since when {place} has been a local member is not known here.",
            place=info["name"],
        ),
        language.t(
            "How to read these pages. As of: what is dated later than that day is left out. No data: no source "
            "seen gives the value; that is not zero. Claimed only: the government says so itself and no other "
            "source was found."
        ),
    ]
    return "".join(f"<p>{html.escape(text)}</p>" for text in texts)


def _section(name: str, title: str, about: str, inner: str) -> str:
    return f'<h2 id="{name}">{html.escape(title)}</h2><p>{html.escape(about)}</p>{inner}'


def _link(folder: Path, notebook: str, language: Language, title: str, about: str, stale: Collection[str]) -> str:
    path = page_path(notebook, language.code, None)
    if not (folder / path).is_file():
        return f"<h2>{html.escape(title)} ({html.escape(language.t('not made'))})</h2><p>{html.escape(about)}</p>"
    link = f'<h2><a href="{path.as_posix()}">{html.escape(title)}</a>{_age(path, language, stale)}</h2>'
    return f"{link}<p>{html.escape(about)}{_pdf(folder, path, title)}</p>{_finding(folder / path)}"


def _pdf(folder: Path, path: Path, title: str) -> str:
    """A link to the same page as PDF, where that was made."""
    pdf = path.with_suffix(".pdf")
    if not (folder / pdf).is_file():
        return ""
    return f' <a class="pdf" href="{pdf.as_posix()}" aria-label="{html.escape(title)}, PDF">PDF</a>'


def _age(path: Path, language: Language, stale: Collection[str]) -> str:
    earlier = path.parent.as_posix() in stale
    return f" ({html.escape(language.t('of an earlier run'))})" if earlier else ""


def _finding(page: Path) -> str:
    """The first main finding of a page, as it stands there."""
    found = re.search(r"<p class=.key.>.*?</p>", page.read_text(encoding="utf-8"), flags=re.DOTALL)
    return found[0] if found else ""


def _districts(case: Case, folder: Path, notebook: str, language: Language, stale: Collection[str]) -> str:
    if case.districts.empty:
        return f"<p>{html.escape(language.t('Its kecamatan are not in the tables yet: there is no profile.'))}</p>"
    items = []
    for _, row in case.districts.sort_values("name").iterrows():
        path = page_path(notebook, language.code, row["code_bps"])
        name = html.escape(row["name"])
        there = (folder / path).is_file()
        missing = f"{name} ({html.escape(language.t('not made'))})"
        pdf = _pdf(folder, path, row["name"])
        link = f'<a href="{path.as_posix()}">{name}</a>{pdf}{_age(path, language, stale)}'
        items.append(f"<li>{link}</li>" if there else f"<li>{missing}</li>")
    return f"<ul style='columns:3 10rem'>{''.join(items)}</ul>"
