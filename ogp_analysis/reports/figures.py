"""A map or chart in a page: the drawing, its words, and the table behind it."""

from __future__ import annotations

import html
from typing import TYPE_CHECKING

from ogp_analysis.locale import Language
from ogp_analysis.reports.cells import guessed_kind
from ogp_analysis.reports.html import table_html

if TYPE_CHECKING:
    from ogp_analysis.maps.figure import MapFigure

HEADERS = {
    "code": "Code",
    "name": "Kecamatan",
    "panel": "Map",
    "scale": "Scale",
    "value": "Value",
    "class": "Class",
    "state": "State",
    "label": "Item",
    "group": "Group",
    "start": "From",
    "end": "To",
    "year": "Year",
    "count": "Count",
    "total": "Of",
    "share": "Share",
    "people": "Size of the place",
    "rate": "Rate",
    "need_share": "Share to compare with",
    "gap": "Gap",
    "people_share": "Along the foot",
    "outcome_share": "Up the side",
    "shown": "Reading",
    "low": "Lower end",
    "high": "Upper end",
    "base": "Base of the figure",
    "marked": "Marked as",
    "rank": "Rank",
    "rank_range": "Range of ranks",
    "districts": "Kecamatan with a value",
}


def figure_html(figure: MapFigure, language: Language) -> str:
    """The figure, then its description and data behind a disclosure.

    Parameters
    ----------
    figure : MapFigure
    language : Language
    """
    frame = figure.table
    if "state" in frame and frame["state"].isin(["measured"]).all():
        frame = frame.drop(columns="state")  # as on every other page: what is not said to be otherwise is measured
    named = sorted(frame.columns, key=lambda name: name not in ("group", "label"))  # what a row is comes first
    columns = {name: language.t(HEADERS[name]) for name in named if name in HEADERS}
    if "need_share" in columns:
        columns["share"] = language.t("Share held")
    if "class" in columns and "value" not in columns:
        columns["class"] = language.t("Shown as")
    formats = {name: guessed_kind(frame[name]) for name in columns}
    if "state" in columns:
        formats["state"] = "label"
    if "year" in columns:
        formats["year"] = "text"
    shares = ("share", "need_share", "gap", "low", "high", "people_share", "outcome_share")
    formats |= {name: "share" for name in shares if name in columns}
    table = table_html(frame, columns, language, caption=figure.title, formats=formats)
    words = html.escape(language.t("This figure in words and numbers"))
    return (
        f"{figure.html()}<details class='behind'><summary>{words}</summary>"
        f"<p>{html.escape(figure.alt)}</p>{table}</details>"
    )
