"""A map or chart in a page: the drawing, its words, and the table behind it."""

from __future__ import annotations

import html
from typing import TYPE_CHECKING

from ogp_analysis.locale import Language
from ogp_analysis.reports.cells import guessed_kind
from ogp_analysis.reports.html import scroll_box, written_table
from ogp_analysis.reports.tables import Table, make_table

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
    "gap": "Gap (percentage points)",
    "people_share": "Horizontal axis",
    "outcome_share": "Vertical axis",
    "shown": "Reading",
    "low": "Lower end",
    "high": "Upper end",
    "base": "Base of the figure",
    "marked": "Marked as",
    "rank": "Rank",
    "rank_range": "Range of ranks",
    "districts": "Kecamatan with a value",
    "range": "Range of ranks",
}


def figure_table(figure: MapFigure, language: Language) -> Table:
    """The data of a figure as a table, titled as the figure is.

    Parameters
    ----------
    figure : MapFigure
    language : Language
    """
    frame = figure.table
    shown = list(frame.columns)
    if "state" in frame and frame["state"].isin(["measured"]).all():
        shown.remove("state")  # as on every other page: what is not said to be otherwise is measured
    shown.sort(key=lambda name: name not in ("group", "label"))  # what a row is comes first
    columns = {name: language.t(HEADERS[name]) for name in shown if name in HEADERS}
    if "need_share" in columns:
        columns["share"] = language.t("Share held")
    if "class" in columns and "value" not in columns:
        columns["class"] = language.t("Shown as")
    formats = {name: guessed_kind(frame[name]) for name in columns}
    if "value" in columns and figure.decimals is not None and figure.decimals > 2:
        formats["value"] = {3: "three", 4: "four"}[figure.decimals]
    if "state" in columns:
        formats["state"] = "label"
    if "year" in columns:
        formats["year"] = "text"
    shares = ("share", "need_share", "low", "high", "people_share", "outcome_share")
    formats |= {name: "share" for name in shares if name in columns}
    if "gap" in columns:  # a difference of two shares, and the ends of its range
        formats |= dict.fromkeys(("gap", "low", "high"), "points")
    return make_table(frame, columns, language, caption=figure.title, formats=formats)


def figure_html(figure: MapFigure, table: Table, language: Language) -> tuple[str, tuple[int, int]]:
    """The figure, then its description and data behind a disclosure; and where in that text the drawing stands.

    The drawing lies in a scroll box: on a phone its labels stay readable.

    Parameters
    ----------
    figure : MapFigure
    table : Table
        From :func:`figure_table`.
    language : Language

    Returns
    -------
    tuple of str and (int, int)
        HTML, and where in it the drawing stands: an ``<svg>``, or the data (PNG in base64) of the picture that
        stands for a drawing too heavy for a page.
    """
    opening, drawing, rest = figure.parts()
    before, after = scroll_box("\0", figure.title, language).split("\0")
    words = html.escape(language.t("This figure in words and numbers"))
    behind = (
        f"<details class='behind'><summary>{words}</summary>"
        f"<p>{html.escape(figure.alt)}</p>{written_table(table, language)}</details>"
    )
    start = len(opening) + len(before)
    inner = drawing
    if drawing.startswith("<img"):
        inner = drawing.partition("base64,")[2].partition('"')[0]
        start += drawing.index(inner)
    return f"{opening}{before}{drawing}{after}{rest}{behind}", (start, start + len(inner))
