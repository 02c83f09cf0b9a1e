"""The record of a page as the data that its PDF is set from; texts stay data and are never read as markup."""

from __future__ import annotations

import base64
import struct
from collections.abc import Sequence
from typing import Any

from ogp_analysis.locale import Language
from ogp_analysis.reports.pdf.layout import table_layout
from ogp_analysis.reports.pieces import breakable, json_text

#: Looks of columns whose texts stay on one line.
UNBROKEN = ("n", "id")
#: A row of so many lines at most is not broken between two pages.
WHOLE = 25


def pdf_document(
    blocks: Sequence[dict[str, Any]], language: Language, *, place: str, stands: str, stamp: str
) -> dict[str, Any]:
    """What a PDF is set from.

    The data of the figures stand at the end, so that the text is not broken up by long tables; each figure leads
    to its own. A figure stands where there is room for it; where it is the first of its section, a line names it.

    Parameters
    ----------
    blocks : sequence of dict
        From :func:`ogp_analysis.reports.blocks.page_blocks`.
    language : Language
    place : str
        What the page is about.
    stands : str
        The quarter, in the reader's language; part of the running title.
    stamp : str
        How and when the page was made.
    """
    title = next((block["text"] for block in blocks if block["kind"] == "title"), place)
    body: list[dict[str, Any]] = []
    sources: list[dict[str, Any]] = []
    data: list[dict[str, Any]] = []
    for before, block in zip([None, *blocks], blocks, strict=False):
        kind = block["kind"]
        if kind == "figure":
            data.append(_table(block["table"]) | {"label": f"data-{len(data) + 1}", "alt": block["alt"]})
            body.append(
                {
                    "kind": kind,
                    "svg": _svg(block["drawing"]),
                    "alt": block["alt"],
                    "caption": block["caption"],
                    "data": data[-1]["label"],
                    "title": block["table"]["title"],
                    "alone": before is not None and before["kind"] == "heading",
                }
            )
        elif kind == "table":
            body.append(_table(block))
        elif kind == "sources":
            sources = [block]
        elif kind != "kept":
            body.append(block)
    return {
        "lang": language.locale.language,
        "title": title,
        "running": f"{place} · {title}",
        "stands": stands,
        "contents": language.t("Contents"),
        "figures": language.t("The figures in numbers"),
        "page": language.t("page"),
        "to_data": language.t("This figure in numbers"),
        "blocks": body,
        "data": data,
        "sources": [
            {"heading": block["title"], "entries": [_addressed(entry["entry"]) for entry in block["entries"]]}
            for block in sources
            if block["entries"]
        ],
        "stamp": stamp,
    }


def _table(block: dict[str, Any]) -> dict[str, Any]:
    rows = [[_breaking(each) for each in row] for row in block["rows"]]
    columns = block["columns"]
    texts = [[column["title"], *(json_text(row[at]) for row in rows)] for at, column in enumerate(columns)]
    looks = [column["look"] for column in columns]
    layout = table_layout(texts, [look in UNBROKEN for look in looks], [look == "short" for look in looks])
    return {
        "kind": "table",
        "title": block["title"],
        "head": [column["title"] for column in columns],
        "right": [column["look"] == "n" for column in columns],
        "rows": rows,
        "note": block.get("note", ""),
        "widths": list(layout.widths),
        "whole": layout.lines <= WHOLE,
        "size": layout.size,
        "sideways": layout.sideways,
    }


def _breaking(entry: str | list[Any]) -> str | list[Any]:
    """Let addresses and other long strings break, with a zero-width space."""
    if isinstance(entry, list):
        return [_breaking(each) if isinstance(each, str) else each for each in entry]
    return breakable(entry, "\u200b", longest=18)


def _addressed(entry: str | list[Any]) -> str | list[Any]:
    """A source with its whole address in words: on paper nothing stands behind a link."""
    if isinstance(entry, str):
        return _breaking(entry)
    return [
        {"text": _breaking(each["to"]), "to": each["to"]} if isinstance(each, dict) and "to" in each else each
        for each in entry
    ]


def _svg(drawing: str) -> str:
    """A drawing as SVG; a picture of points is wrapped in one."""
    if drawing.lstrip().startswith("<"):
        return drawing
    width, height = struct.unpack(">II", base64.b64decode(drawing[:64])[16:24])
    size = f'width="{width}" height="{height}"'
    picture = f'<image href="data:image/png;base64,{drawing}" {size}/>'
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" {size}>{picture}</svg>'
