"""Every figure of a page as rows of a CSV file, with the values behind what the page shows."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from ogp_analysis.locale import get_language, languages
from ogp_analysis.reports.pieces import json_text
from ogp_analysis.reports.tables import FACTS, NUMERIC

RESULTS = "results.csv"
DICTIONARY = "results.schema.json"
#: The columns, with what each holds; texts of the catalogue.
EXPLANATIONS: Mapping[str, str] = {
    "page": "Name of the page.",
    "section": "Heading of the section, and of the part of it.",
    "block": "What the row comes from: finding, point, table or figure.",
    "title": "Title of the table or figure.",
    "row": "Number of the row in its table, counted from 1; rows with the same number belong together.",
    "code": "Code of what the row is about, such as a kecamatan or a commitment, where the table shows it.",
    "label": "What the row is about, in words.",
    "column": "Name of the column in the data.",
    "header": "Header of the column on the page.",
    "value": "Numbers in full with a decimal point, codes and dates as text; empty where there is no value.",
    "shown": "The value as the page writes it, where that differs.",
    "unit": "Unit of the value, where it is known; share means a part of 1.",
    "state": "measured, derived, illustrative, no_data, not_applicable or withheld, where it is known.",
    "period": "Year, month, day or range that the row is of, where its data say so.",
    "source_id": "Sources of the row, as provenance.json lists them, joined by a semicolon.",
}
#: Signs that make a spreadsheet take a text for a formula; such a text gets an apostrophe in front.
FORMULA = ("=", "+", "-", "@", "\t", "\r")
#: Columns of a figure's data that say what a row is about.
ABOUT = ("panel", "group", "label", "name")
UNITS = {"percent": "%", "rate": "%", "share": "share", "points": "share", "rupiah": "IDR"}


def results_csv(blocks: Sequence[dict[str, Any]], page: str) -> str:
    """Every finding, table cell and figure value of a page as CSV, one fact a row.

    Parameters
    ----------
    blocks : sequence of dict
        From :func:`ogp_analysis.reports.blocks.page_blocks`.
    page : str
        Its name.

    Examples
    --------
    >>> print(results_csv([{"kind": "finding", "text": "=1+1"}], "10_commitments").splitlines()[1])
    10_commitments,,finding,,,,,,,'=1+1,,,,,
    """
    stream = io.StringIO()
    writer = csv.DictWriter(stream, list(EXPLANATIONS), restval="", lineterminator="\n")
    writer.writeheader()
    for row in _rows(blocks):
        writer.writerow({name: _safe(value) for name, value in {"page": page, **row}.items()})
    return stream.getvalue()


def results_dictionary() -> str:
    """The data dictionary of the results, as a Table Schema (https://specs.frictionlessdata.io/table-schema/).

    Every description stands in each language.
    """
    about = [
        {
            "name": name,
            "type": "integer" if name == "row" else "string",
            "description": text,
            "descriptions": {code: get_language(code).t(text) for code in languages()},
        }
        for name, text in EXPLANATIONS.items()
    ]
    schema = {"path": RESULTS, "encoding": "utf-8", "fields": about, "missingValues": [""]}
    return json.dumps(schema, indent=1, ensure_ascii=False) + "\n"


def _rows(blocks: Sequence[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    headings = ["", ""]
    for block in blocks:
        kind = block["kind"]
        section = {"section": " / ".join(text for text in headings if text)}
        if kind == "heading":
            headings = [block["text"], ""] if block["level"] == 2 else [headings[0], block["text"]]
        elif kind == "finding":
            yield section | {"block": kind, "value": block["text"]}
        elif kind == "points":
            for at, line in enumerate(block["lines"], start=1):
                yield section | {"block": "point", "row": at, "value": line}
        elif kind == "table":
            yield from (section | {"block": kind} | row for row in _facts(block))
        elif kind == "figure":
            sources = {"source_id": "; ".join(block["source_ids"])}
            yield from (section | {"block": kind} | sources | row for row in _facts(block["table"]))


def _facts(table: dict[str, Any]) -> Iterator[dict[str, Any]]:
    columns = table["columns"]
    shown = [[json_text(cell, references=False) for cell in row] for row in table["rows"]]
    named = _named(columns)
    code = next((at for at, column in enumerate(columns) if _is_code(column, at) and at not in named), None)
    facts = table.get("facts", {})
    told = [at for at, column in enumerate(columns) if column["kind"] == "source" or column["name"] in FACTS]
    for number, cells in enumerate(shown):
        about = {"title": table["title"], "row": number + 1, "label": _joined(cells, named)}
        if code is not None:
            about["code"] = cells[code]
        row_facts = {name: values[number] for name, values in facts.items() if values[number] is not None}
        for at, column in enumerate(columns):
            if at in (*named, *told, code):
                continue
            value = column["values"][number] if "values" in column else cells[at]
            written = _written(value)
            yield {
                **about,
                "column": column["name"],
                "header": column["title"],
                "value": value if isinstance(value, int | float) else written,
                "shown": cells[at] if cells[at] != written else "",
                **row_facts,
                "unit": _unit(column["kind"], row_facts),
            }


def _is_code(column: Mapping[str, Any], at: int) -> bool:
    return column["kind"] == "id" and (at == 0 or column["name"] in ("code", "code_bps"))


def _joined(cells: Sequence[str], named: Sequence[int]) -> str:
    texts = [cells[at] for at in named]
    return " / ".join(text for text in texts if text != "—") or "—"


def _unit(kind: str, facts: Mapping[str, Any]) -> str:
    if kind in UNITS:
        return UNITS[kind]
    return str(facts.get("unit", "")) if kind in NUMERIC else ""


def _named(columns: Sequence[dict[str, Any]]) -> list[int]:
    """Which columns say what a row is about: those of a figure by name, else the first that is a text."""
    known = [at for at, column in enumerate(columns) if column["name"] in ABOUT]
    if known:
        return known
    texts = [at for at, column in enumerate(columns) if column["kind"] not in (*NUMERIC, "source", "id")]
    return [texts[0] if texts and texts[0] <= 1 else 0]


def _written(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return repr(value).removesuffix(".0") if isinstance(value, int | float) else str(value)


def _safe(value: Any) -> str:
    """A cell that no spreadsheet takes for a formula; numbers stay numbers."""
    text = _written(value)
    if isinstance(value, str) and text.startswith(FORMULA):
        return f"'{text}"
    return text
