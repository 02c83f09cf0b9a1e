"""HTML of the tables in a report: plain, labelled for screen readers, numbers as the reader writes them."""

from __future__ import annotations

import html

from ogp_analysis.locale import Language
from ogp_analysis.quarter import Quarter
from ogp_analysis.reports.pieces import pieces_html
from ogp_analysis.reports.tables import Column, Table

CARDS = 7  # columns from which each row of a table becomes a card on a phone, so that nothing need be swiped


def written_table(made: Table, language: Language) -> str:
    """A table as HTML.

    On a phone each row of a wide table, or of one with long texts, becomes a card of its own.

    Parameters
    ----------
    made : Table
    language : Language
    """
    columns = made.columns
    cards = len(columns) >= CARDS or any(each.look in ("long", "wide") for each in columns)
    # a browser may forget that a table is one when its rows are drawn as cards
    row_role, table_role = (f' role="{each}"' if cards else "" for each in ("row", "table"))
    head = "".join(f'<th scope="col"{_class(each.look)}>{html.escape(each.title)}</th>' for each in columns)
    body = []
    for at in range(len(made)):
        cells = "".join(_cell(each, at, first=each is columns[0], card=cards) for each in columns)
        body.append(f"<tr{row_role}>{cells}</tr>")
    foot = f'<p class="note">{html.escape(made.note)}</p>' if made.note else ""
    table = (
        f"<table{table_role}{_class('cards' if cards else '')}>"
        f"<caption><span>{html.escape(made.title)}</span></caption>"
        f"<thead><tr>{head}</tr></thead><tbody>{''.join(body)}</tbody></table>"
    )
    return f'<div class="ogp-table" lang="{language.tag}">{scroll_box(table, made.title, language)}{foot}</div>'


def _cell(column: Column, at: int, *, first: bool, card: bool) -> str:
    shown = pieces_html(column.cells[at])
    if first and column.is_text:
        role = ' role="rowheader"' if card else ""
        return f'<th scope="row"{role}{_class(column.look)}>{shown}</th>'
    role = ' role="cell"' if card else ""
    named = f' data-label="{html.escape(column.title)}"' if card else ""
    return f"<td{role}{_class(column.look)}{named}>{shown}</td>"


def _class(*names: str) -> str:
    known = " ".join(name for name in names if name)
    return f' class="{known}"' if known else ""


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
        f'<div class="wide" tabindex="0" role="group" aria-label="{html.escape(name)}"><div class="in">'
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


def as_of_text(quarter: Quarter, language: Language) -> str:
    """The line that says which day a page stands at."""
    return language.t(
        "{quarter}, as of {day}", quarter=language.quarter(quarter), day=language.date(quarter.last_day)
    )
