"""Find the sheets and columns of a returned form by their technical names, never by title or position."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ogp_analysis.errors import DataError, OgpAnalysisError, Problem, nearest
from ogp_analysis.forms.layout import (
    BASE,
    FORM_VERSION,
    REMOVE,
    ROW,
    STAMP,
    TABLE_MARK,
    Form,
    fields_of,
    form_of,
    unescaped,
)
from ogp_analysis.forms.stamp import Stamp, base_digest

#: How far down the technical row is looked for: somebody may have put lines above it.
SEARCHED_ROWS = 40
_NEW_FORM = "Fill in a form written by: ogp-analysis form"


@dataclass(frozen=True)
class Sheet:
    """One sheet of rows: where its columns are and which cells are filled."""

    table: str
    title: str
    technical_row: int
    places: Mapping[str, int]
    headings: Mapping[str, str]
    rows: Mapping[int, Mapping[int, Any]]
    merged: tuple[tuple[int, str], ...]
    hidden: int
    others: tuple[str, ...]


def read_stamp(book: Any) -> Stamp:
    """The stamp of a workbook.

    Raises
    ------
    OgpAnalysisError
        If it has none, it was damaged, or another version of the library wrote it.
    """
    if STAMP not in book.sheetnames or BASE not in book.sheetnames:
        raise OgpAnalysisError("This workbook is no form: its hidden stamp is missing.", hint=_NEW_FORM)
    pairs = [(_plain(row[0].value), _plain(row[1].value)) for row in book[STAMP].iter_rows(max_col=2)]
    entries = dict(pairs)
    if entries.get("form") != FORM_VERSION:
        raise OgpAnalysisError(
            f"The form has version {entries.get('form')!r}; this library reads version {FORM_VERSION}.",
            hint="Use the version of ogp-analysis that wrote it, or fill in a new form.",
        )
    form = form_of(entries.get("scorecard", ""))
    base: dict[str, dict[str, dict[str, str]]] = {name: {} for name in form.tables}
    columns: dict[str, list[str]] = {}
    for row in book[BASE].iter_rows(values_only=True):
        table, mark, *cells = (_plain(value) for value in row)
        if mark == "0":
            columns[table] = [cell for cell in cells if cell]
        elif table in columns and table in base:
            base[table][mark] = dict(zip(columns[table], cells, strict=False))
    stamp = Stamp(
        entries.get("case", ""),
        entries.get("language", ""),
        entries.get("library", ""),
        FORM_VERSION,
        {name: entries.get(f"sha256:{name}", "") for name in form.tables},
        base,
        form,
    )
    if base_digest(base, form.scorecard) != entries.get("base"):
        raise OgpAnalysisError(
            "A hidden sheet of the form was changed: what the case held before is not known any more.",
            hint=f"Copy your rows into a new form. {_NEW_FORM} {stamp.case!r}",
        )
    return stamp


def find_sheets(book: Any, form: Form) -> dict[str, Sheet]:
    """Every sheet of rows of a form, by table.

    Raises
    ------
    OgpAnalysisError
        If a sheet is missing or there twice.
    DataError
        If columns are missing, unknown or there twice; lists all of them.
    """
    found: dict[str, Sheet] = {}
    problems: list[Problem] = []
    for sheet in book.worksheets:
        cells = {place: cell for place, cell in sheet._cells.items() if cell.value is not None}
        # by cells that hold something: a format may reach down to row 1,048,576
        marks = [
            (place, match[1])
            for place, cell in cells.items()
            if place[0] <= SEARCHED_ROWS and (match := TABLE_MARK.fullmatch(_plain(cell.value)))
        ]
        for (row, _), table in marks[:1]:
            if table in found:
                raise OgpAnalysisError(
                    f"The sheets '{found[table].title}' and '{sheet.title}' are both the sheet of {table}.",
                    hint="Put all rows into one of them and delete the other.",
                )
            if table in form.tables:
                found[table] = _sheet(sheet, table, row, cells)
                problems += _column_problems(found[table], cells)
    missing = [name for name in form.tables if name not in found]
    if missing:
        raise OgpAnalysisError(
            f"The workbook has no sheet of {', '.join(missing)}, or its hidden row of technical names is gone.",
            hint="Copy your rows into a new form: a sheet without rows to add must stay too.",
        )
    if problems:
        raise DataError(
            problems, hint="Restore the hidden row of technical names, or copy your rows into a new form."
        )
    return found


def _sheet(sheet: Any, table: str, technical: int, cells: Mapping[tuple[int, int], Any]) -> Sheet:
    names = {place[1]: _plain(cell.value) for place, cell in cells.items() if place[0] == technical}
    places = {TABLE_MARK.sub(REMOVE, name): at for at, name in names.items()}
    headings = {
        name: _plain(cells[technical - 1, at].value) if (technical - 1, at) in cells else ""
        for name, at in places.items()
    }
    rows: dict[int, dict[int, Any]] = {}
    for (row, at), cell in sorted(cells.items(), key=lambda item: item[0]):
        if row > technical and at in names:
            rows.setdefault(row, {})[at] = cell
    merged = tuple(
        (row, str(area))
        for area in sheet.merged_cells.ranges
        for row in rows
        if max(area.min_row, technical + 1) <= row <= area.max_row
    )
    hidden = sum(1 for row in rows if row in sheet.row_dimensions and sheet.row_dimensions[row].hidden)
    others = sorted(
        {cell.column_letter for (row, at), cell in cells.items() if row > technical and at not in names}
    )
    return Sheet(table, sheet.title, technical, places, headings, rows, merged, hidden, tuple(others))


def _column_problems(sheet: Sheet, cells: Mapping[tuple[int, int], Any]) -> list[Problem]:
    known = [REMOVE, *(field.name for field in fields_of(sheet.table)), ROW]
    names = [
        TABLE_MARK.sub(REMOVE, _plain(cell.value))
        for place, cell in cells.items()
        if place[0] == sheet.technical_row
    ]
    where, row = f"sheet '{sheet.title}'", sheet.technical_row
    problems = [
        Problem(where, row, name, None, "this column, which is missing") for name in known if name not in names
    ]
    for name in dict.fromkeys(names):
        if name not in known:
            problems.append(Problem(where, row, name, name, f"a known column. {nearest(name, known)}"))
        elif names.count(name) > 1:
            problems.append(Problem(where, row, name, name, "each column once"))
    return problems


def _plain(value: Any) -> str:
    return "" if value is None else unescaped(str(value))
