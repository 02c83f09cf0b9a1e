"""The words of a report set in plain language: those of OGP, and those of the case."""

from __future__ import annotations

import html
from collections.abc import Mapping

import pandas as pd

from ogp_analysis.case import Case
from ogp_analysis.locale import Language
from ogp_analysis.reports.present import pair

#: Terms of OGP and of every Indonesian member, with what they mean, after OGP's own pages and handbook; then
#: words of statistics that the pages cannot do without.
GLOSSARY: Mapping[str, tuple[str, str]] = {
    "ogp": (
        "OGP",
        "Open Government Partnership: national and local governments that promise in action plans to become more "
        "transparent, participatory and accountable.",
    ),
    "local": ("OGP Local", "The part of OGP for members below the national level, such as cities and provinces."),
    "plan": ("Action plan", "The list of a member's commitments for a set period."),
    "commitment": ("Commitment", "A promise in an action plan: what is to be done, by whom and by when."),
    "milestone": ("Milestone", "A step of a commitment that shows how far it has come."),
    "cocreation": ("Co-creation", "Government and people outside it draw up and carry out a plan together."),
    "irm": (
        "IRM",
        "Independent Reporting Mechanism of OGP. It assesses national plans; it no longer assesses local plans "
        "one by one.",
    ),
    "monitor": ("Local monitoring body", "Appointed locally to assess the plan of a local member."),
    "verifiable": ("Verifiable", "A rating: the commitment is clear enough that its activities can be checked."),
    "early": ("Early results", "A rating: what changed in practice between the start and the end of a plan."),
    "interest": ("Expression of Interest (EOI)", "What an applicant for OGP Local hands in first."),
    "inception": (
        "Inception report",
        "The first report of a local monitoring body: how the plan came about and how clear its commitments are.",
    ),
    "kecamatan": ("Kecamatan", "District: a part of a city or regency."),
    "kelurahan": ("Kelurahan", "Village or urban ward: a part of a kecamatan."),
    "puskesmas": ("Puskesmas", "Community health centre."),
    "nop": ("NOP", "Nomor Objek Pajak: the number of a property on the land-tax roll."),
    "chance": (
        "Within chance",
        "The difference is no larger than chance alone often makes it. That does not show that there is none.",
    ),
    "gini": ("Gini", "How unequally something is spread: 0 when all have as much, near 1 when one has most."),
    "concentration": (
        "Concentration index",
        "Who has more of something when places or bills stand in an order, such as that of need: 0 when even "
        "along the order, below zero when the first have more, above zero when the last have more.",
    ),
    "kakwani": (
        "Kakwani’s index",
        "Compares who had relief with who owns the value: below zero, the low end had more than in proportion.",
    ),
    "moran": (
        "Moran’s I, local Moran, Gi*",
        "Measures of whether neighbouring kecamatan are more alike than if they lay anywhere on the map.",
    ),
}


def glossary(case: Case, language: Language) -> pd.DataFrame:
    """The words that the pages of a case use and a newcomer may not know.

    Those of OGP come with the package; those of the place from the case's optional table ``glossary``.

    Parameters
    ----------
    case : Case
    language : Language

    Returns
    -------
    DataFrame
        ``term``, ``meaning`` and ``source_id`` (empty for the words of OGP), in alphabetical order.

    Examples
    --------
    >>> from ogp_analysis import get_language, load_case
    >>> words = glossary(load_case("semarang"), get_language("en")).set_index("term")["meaning"]
    >>> words["Kelurahan"]
    'Village or urban ward: a part of a kecamatan.'
    """
    table = case.table("glossary")
    own = table.assign(meaning=pair(table, "meaning", language))[["term", "meaning", "source_id"]]
    rows = [(language.t(term), language.t(meaning), None) for term, meaning in GLOSSARY.values()]
    general = pd.DataFrame(rows, columns=["term", "meaning", "source_id"])
    words = pd.concat([general.astype(own.dtypes.to_dict()), own], ignore_index=True)
    return words.sort_values("term", key=lambda terms: terms.str.casefold(), ignore_index=True)


def glossary_html(case: Case, language: Language) -> str:
    """The glossary as a list of definitions, each with a link to its source where it has one."""
    sources = case.table("sources").set_index("source_id")
    items = []
    for _, row in glossary(case, language).iterrows():
        cited = ""
        if pd.notna(row["source_id"]):
            source = sources.loc[row["source_id"]]
            name = html.escape(source["publisher"])
            address = source["url"]
            cited = f" ({name})" if pd.isna(address) else f' (<a href="{html.escape(address)}">{name}</a>)'
        items.append(
            f"<div><dt>{html.escape(row['term'])}</dt><dd>{html.escape(row['meaning'])}{cited}</dd></div>"
        )
    return f"<dl class='words'>{''.join(items)}</dl>"
