"""What a page is made of, block by block: each is shown as HTML and kept as data for every other format.

A notebook's output carries both. The HTML is what JupyterLab and the web page show; the record beside it (texts,
cells as the reader sees them, the values behind them) is what the PDF and the results are written from, so that no
format is read out of another. A drawing stands in the HTML only; the record says where.
"""

from __future__ import annotations

import html
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from ogp_analysis.locale import Language
from ogp_analysis.reports.figures import figure_html, figure_table
from ogp_analysis.reports.html import folded_box, written_table
from ogp_analysis.reports.pieces import Pieces, pieces_html, pieces_json
from ogp_analysis.reports.tables import Table

if TYPE_CHECKING:
    from nbformat import NotebookNode

    from ogp_analysis.maps.figure import MapFigure

MIME = "application/vnd.ogp-analysis+json"
#: Cells with these tags are for people at the notebook, not for readers of the page.
HIDDEN_TAGS = {"parameters", "injected-parameters", "notes"}


@dataclass(frozen=True)
class Block:
    """One part of a page.

    Parameters
    ----------
    kind : str
        ``title``, ``heading``, ``paragraph``, ``finding``, ``points``, ``table``, ``nothing`` (a table without
        rows), ``figure`` or ``sources``.
    html : str
        How a web page shows it.
    content : dict
        The same as data.
    """

    kind: str
    html: str
    content: dict[str, Any] = field(default_factory=dict)

    def bundle(self) -> dict[str, Any]:
        """What a notebook keeps of it, by MIME type."""
        return {"text/html": self.html, MIME: {"kind": self.kind, **self.content}}


def title(text: str, line: str) -> Block:
    """The title of a page, and the line below it: where, and as of which day."""
    shown = f"<h1>{html.escape(text)}</h1><p class='asof'>{html.escape(line)}</p>"
    return Block("title", shown, {"text": text, "line": line})


def heading(text: str, level: int = 2) -> Block:
    """The heading of a section (level 2) or of a part of one (level 3)."""
    return Block("heading", f"<h{level}>{html.escape(text)}</h{level}>", {"text": text, "level": level})


def paragraph(text: str) -> Block:
    """A paragraph."""
    return Block("paragraph", f"<p>{html.escape(text)}</p>", {"text": text})


def finding(text: str) -> Block:
    """A main finding, set off from the rest."""
    return Block("finding", f"<p class='key'>{html.escape(text)}</p>", {"text": text})


def points(lines: Sequence[str]) -> Block:
    """A list of lines."""
    items = "".join(f"<li>{html.escape(line)}</li>" for line in lines)
    return Block("points", f"<ul>{items}</ul>", {"lines": list(lines)})


def table(made: Table, language: Language, *, folded: bool = False) -> Block:
    """A table; a folded one waits behind a line that opens it."""
    shown = written_table(made, language)
    if folded:
        shown = folded_box(shown, made.title, len(made), language)
    return Block("table", shown, made.to_json())


def nothing(text: str, why: str) -> Block:
    """The title of a table that has no rows, and what that means."""
    shown = f"<p class='none'><b>{html.escape(text)}.</b> {html.escape(why)}</p>"
    return Block("nothing", shown, {"title": text, "text": why})


def figure(made: MapFigure, language: Language, source_ids: Sequence[str] = ()) -> Block:
    """A map or chart with its words, and its data behind a disclosure.

    Parameters
    ----------
    made : MapFigure
    language : Language
    source_ids : sequence of str
        What its caption names as sources.
    """
    behind = figure_table(made, language)
    shown, drawing = figure_html(made, behind, language)
    about = {"title": made.title, "alt": made.alt, "caption": made.caption, "drawing": list(drawing)}
    return Block("figure", shown, {**about, "source_ids": list(source_ids), "table": behind.to_json()})


def sources(text: str, entries: Sequence[tuple[str, Pieces]], outline: Mapping[str, Any] | None = None) -> Block:
    """The list of sources of a page; the last block of every page.

    Parameters
    ----------
    text : str
        Its heading.
    entries : sequence of (str, Pieces)
        Id and words of each source, in the order of their numbers.
    outline : mapping, optional
        What is known of the outlines that the page draws on, see
        :func:`ogp_analysis.sources.boundaries.load_boundaries`; it is kept, not shown: each map says it.
    """
    items = "".join(
        f'<li id="src-{number}">{pieces_html(entry)}</li>' for number, (_, entry) in enumerate(entries, start=1)
    )
    shown = f"<h2>{html.escape(text)}</h2><ol class='sources'>{items}</ol>" if entries else ""
    listed = [{"source_id": source_id, "entry": pieces_json(entry)} for source_id, entry in entries]
    about = {name: list(value) if isinstance(value, tuple) else value for name, value in (outline or {}).items()}
    return Block("sources", shown, {"title": text, "entries": listed, "outline": about or None})


def kept(name: str, text: str) -> Block:
    """A file that is written beside the page and not shown on it.

    Parameters
    ----------
    name : str
        Of the file.
    text : str
        Its content.
    """
    return Block("kept", "", {"name": name, "text": text})


def page_blocks(notebook: NotebookNode) -> list[dict[str, Any]]:
    """The record of every block of an executed notebook, in order; a figure's holds its drawing.

    Parameters
    ----------
    notebook : NotebookNode
        Executed.

    Examples
    --------
    >>> import nbformat
    >>> output = nbformat.v4.new_output("display_data", heading("Sumber").bundle())
    >>> page_blocks(nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(outputs=[output])]))
    [{'kind': 'heading', 'text': 'Sumber', 'level': 2}]
    """
    found = []
    for cell in notebook.cells:
        if cell.cell_type != "code" or HIDDEN_TAGS & set(cell.metadata.get("tags", ())):
            continue
        for output in cell.outputs:
            data = output.get("data", {})
            if MIME not in data:
                continue
            block = dict(data[MIME])
            if "drawing" in block:
                first, last = block["drawing"]
                block["drawing"] = data["text/html"][first:last]
            found.append(block)
    return found
