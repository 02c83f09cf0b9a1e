"""HTML of the tables in a report: plain, labelled for screen readers, numbers as the reader writes them."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Collection, Mapping
from typing import Any

import pandas as pd

from ogp_analysis.errors import ParameterError
from ogp_analysis.locale import Language
from ogp_analysis.quarter import Quarter
from ogp_analysis.reports.cells import column_decimals, formatted, guessed_kind

#: How a column may be shown; the first group is right-aligned.
NUMERIC = (
    "number",
    "mixed",
    "whole",
    "one",
    "two",
    "three",
    "percent",
    "rate",
    "share",
    "rupiah",
    "signed",
    "signed_mixed",
)
TEXTUAL = ("text", "label", "period", "date", "yes", "source", "msg", "printed", "id")
#: Kinds whose numbers get the same decimals all down a column.
ALIGNED = ("number", "signed", "percent")
LONG, SOME = 60, 15  # characters from which a column of text is kept from becoming too narrow on a phone
DAY = 17  # characters of the longest day: 29 September 2021; a column of days is not broken within a day
CARDS = 7  # columns from which each row of a table becomes a card on a phone, so that nothing need be swiped


def resolved(frame: pd.DataFrame, name: str, language: Language) -> pd.Series[Any]:
    """A column by name, or the one of a pair that is in the reader's language."""
    if name in frame:
        return frame[name]
    if f"{name}_{language.code}" in frame:
        return frame[f"{name}_{language.code}"]
    if f"{name}_en" in frame:  # a third language reads the tables' English
        return frame[f"{name}_en"]
    raise ParameterError(
        f"The table has no column {name!r}.", hint=f"It has: {', '.join(map(str, frame.columns))}."
    )


def table_html(
    frame: pd.DataFrame,
    columns: Mapping[str, str],
    language: Language,
    *,
    caption: str,
    formats: Mapping[str, str] | None = None,
    note: str = "",
    cite: Callable[[str], str] | None = None,
    optional: Collection[str] = (),
) -> str:
    """A table as HTML.

    On a phone each row of a wide table, or of one with long texts, becomes a card of its own.

    Parameters
    ----------
    frame : DataFrame
        Data.
    columns : mapping of column to header
        What to show, in order; headers already in the reader's language. ``name`` stands for ``name_id`` or
        ``name_en`` where there is a pair.
    language : Language
    caption : str
        Title of the table, in the reader's language.
    formats : mapping of column to kind, optional
        See :func:`ogp_analysis.reports.cells.formatted`; columns left out are shown by their type.
    note : str
        A line under the table.
    cite : function, optional
        Turns a source id into a reference.
    optional : collection of str
        Columns that are left out when no row has anything in them.
    """
    formats = formats or {}
    empty = [name for name in optional if resolved(frame, name, language).map(_is_nothing).all()]
    columns = {name: title for name, title in columns.items() if name not in empty}
    kinds, cells, looks = {}, {}, {}
    for name in columns:
        series = resolved(frame, name, language)
        kind = kinds[name] = formats.get(name) or guessed_kind(series)
        if kind == "number" and "unit" in columns:  # several quantities: each as exact as it is
            kind = "mixed"
        decimals = column_decimals(series) if kind in ALIGNED else None
        cells[name] = [formatted(value, kind, language, cite, decimals) for value in series]
        looks[name] = _look(kinds[name], cells[name])
    cards = len(columns) >= CARDS or "long" in looks.values()
    # a browser may forget that a table is one when its rows are drawn as cards
    row_role, cell_role, table_role = (f' role="{each}"' if cards else "" for each in ("row", "cell", "table"))
    head = "".join(
        f'<th scope="col"{_class(looks[name])}>{html.escape(title)}</th>' for name, title in columns.items()
    )
    first = next(iter(columns))
    body = []
    for at in range(len(frame)):
        row = []
        for name, title in columns.items():
            cell = cells[name][at]
            if name == first and (kinds[name] in TEXTUAL or kinds[name].startswith("scale:")):
                role = ' role="rowheader"' if cards else ""
                row.append(f'<th scope="row"{role}{_class(looks[name])}>{cell}</th>')
                continue
            nothing = "nil" if cards and cell in ("—", "") and kinds[name] not in NUMERIC else ""
            named = f' data-label="{html.escape(title)}"' if cards else ""
            row.append(f"<td{cell_role}{_class(looks[name], nothing)}{named}>{cell}</td>")
        body.append(f"<tr{row_role}>{''.join(row)}</tr>")
    foot = f'<p class="note">{html.escape(note)}</p>' if note else ""
    table = (
        f"<table{table_role}{_class('cards' if cards else '')}>"
        f"<caption><span>{html.escape(caption)}</span></caption>"
        f"<thead><tr>{head}</tr></thead><tbody>{''.join(body)}</tbody></table>"
    )
    return f'<div class="ogp-table" lang="{language.code}">{scroll_box(table, caption, language)}{foot}</div>'


def _look(kind: str, cells: list[str]) -> str:
    """The class of a column, by its kind and its longest cell."""
    if kind == "id":
        return "id"
    if kind in NUMERIC:
        return "n"
    longest = max((len(html.unescape(re.sub(r"<[^>]+>", "", cell))) for cell in cells), default=0)
    if kind != "source" and longest <= (DAY if kind in ("period", "date") else SOME):
        return "short"
    return "long" if longest > LONG else "some" if longest > SOME else ""


def _class(*names: str) -> str:
    known = " ".join(name for name in names if name)
    return f' class="{known}"' if known else ""


def _is_nothing(value: Any) -> bool:
    return value is None or (pd.api.types.is_scalar(value) and pd.isna(value)) or str(value) in ("", "—")


def scroll_box(inner: str, name: str, language: Language) -> str:
    """Something wide in a box of its own that can be swiped and reached with the keyboard.

    The hint shows only where the content is wider than the box; a page's style sees to that.

    Parameters
    ----------
    inner : str
        HTML.
    name : str
        What it is, in the reader's language, for screen readers.
    language : Language
    """
    hint = html.escape(language.t("swipe to see the rest"))
    return (
        f'<div class="wide" tabindex="0" role="region" aria-label="{html.escape(name)}"><div class="in">'
        f'<p class="hint" aria-hidden="true" hidden>{hint} \N{RIGHTWARDS ARROW}</p>{inner}</div></div>'
    )


def folded_box(inner: str, name: str, rows: int, language: Language) -> str:
    """A long table behind a line that opens it; a page's style shows it whole in print.

    Parameters
    ----------
    inner : str
        HTML.
    name : str
        Title of the table, in the reader's language.
    rows : int
        How many rows wait behind the line.
    language : Language
    """
    line = language.t(
        "{table} – open the table ({rows})", table=name, rows=language.counted(rows, language.t("rows"))
    )
    return f'<details class="fold"><summary>{html.escape(line)}</summary>{inner}</details>'


def boxed_drawing(figure: str, name: str, language: Language) -> str:
    """The HTML of a figure with its drawing in a scroll box: on a phone its labels stay readable.

    Parameters
    ----------
    figure : str
        HTML with one ``<svg>`` or ``<img>``.
    name : str
        Title of the figure.
    language : Language
    """
    drawing = re.compile(r"<svg\b.*?</svg>|<img\b[^>]*>", flags=re.DOTALL)
    return drawing.sub(lambda found: scroll_box(found[0], name, language), figure, count=1)


def as_of_text(quarter: Quarter, language: Language) -> str:
    """The line that says which day a page stands at."""
    return language.t(
        "{quarter}, as of {day}", quarter=language.quarter(quarter), day=language.date(quarter.last_day)
    )
