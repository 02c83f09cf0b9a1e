"""Write the form of a case: one sheet a table, with what is known filled in and drop-downs for the rest."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from ogp_analysis import __version__
from ogp_analysis.case import Case
from ogp_analysis.errors import DataError, ParameterError, Problem
from ogp_analysis.forms.choices import AllChoices, all_choices
from ogp_analysis.forms.guide import guide_lines
from ogp_analysis.forms.items import bounds, form_rows, item_lines, need_scorecard, scorecard_guide
from ogp_analysis.forms.layout import (
    BASE,
    FORBIDDEN,
    FORM_VERSION,
    HEADING_ROW,
    LISTS,
    LONGEST,
    REMOVE,
    ROW,
    SMALL_PRINT,
    SMALL_PRINT_ROW,
    STAMP,
    TECHNICAL_ROW,
    VALUES,
    Form,
    columns,
    escaped,
    form_of,
)
from ogp_analysis.forms.lists import add_bounds, add_drop_downs
from ogp_analysis.forms.records import Records, read_records
from ogp_analysis.forms.stamp import base_digest
from ogp_analysis.forms.style import style_guide, style_items, style_sheet
from ogp_analysis.forms.words import EXPLANATIONS, HEADERS, TITLES
from ogp_analysis.locale import Language, get_language


def write_form(case: Case, path: Path, language: str = "id", scorecard: str = "") -> Path:
    """Write a fill-in workbook of a case: on its commitments, or on a scorecard.

    Rows that the case holds are filled in, in the reader's words; every cell is text, so that no program turns
    ``2021-08`` or ``0012`` into something else. The import goes by the technical names in the hidden second row.

    Parameters
    ----------
    case : Case
    path : Path
        The file to write; it must not exist yet.
    language : str
        ``id`` or ``en``.
    scorecard : str
        Name of a scorecard with items that are filled in; empty for the form on commitments.

    Returns
    -------
    Path
        The file written.

    Raises
    ------
    ParameterError
        If the file exists, does not end in ``.xlsx``, the language is not known, or the scorecard is not there or
        has nothing to fill in.
    DataError
        If a table holds a text that XLSX cannot hold; says where.

    Examples
    --------
    >>> from ogp_analysis.case import load_case
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     write_form(load_case("semarang"), Path(folder) / "form.xlsx", "id").name
    'form.xlsx'
    """
    words = get_language(language)
    if path.suffix.lower() != ".xlsx":
        raise ParameterError(f"{path} does not end in .xlsx.", hint="Give the form such a name with --out.")
    if path.exists():
        raise ParameterError(
            f"{path} exists; somebody may have filled it in.",
            hint="Move it away, or give another name with --out.",
        )
    form = form_of(scorecard)
    if scorecard:
        need_scorecard(case, scorecard)
    tables = {name: read_records(case.folder / f"{name}.csv") for name in form.tables}
    _check_texts(tables)
    book = _workbook(case, words, tables, form)
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, beside = tempfile.mkstemp(prefix=f".{path.stem}-", suffix=".xlsx", dir=path.parent)
    os.close(handle)
    try:
        book.save(beside)
        Path(beside).chmod(0o644)  # made for its owner alone, and meant to be handed on
        Path(beside).replace(path)
    finally:
        Path(beside).unlink(missing_ok=True)
    return path


def _check_texts(tables: Mapping[str, Records]) -> None:
    problems = []
    for name, table in tables.items():
        for number, row in enumerate(table.rows, start=2):
            for column, text in row.cells.items():
                bad = FORBIDDEN.search(text)
                if bad:
                    words = f"no character U+{ord(bad[0]):04X}, which XLSX cannot hold"
                    problems.append(Problem(f"{name}.csv", number, column, text, words))
                elif len(escaped(text)) > LONGEST:
                    words = f"at most {LONGEST:,} characters, which is what a cell of XLSX holds"
                    problems.append(Problem(f"{name}.csv", number, column, text, words))
    if problems:
        raise DataError(problems, hint="Mend these cells of the case; then write the form again.")


def _workbook(case: Case, language: Language, tables: Mapping[str, Records], form: Form) -> Any:
    from openpyxl import Workbook

    choices = all_choices(case, language, form)
    book = Workbook()
    guide = book.active
    guide.title = language.t(TITLES["guide"])
    lines = scorecard_guide(case, form.scorecard, language) if form.scorecard else guide_lines(case, language)
    for number, (_, first, second) in enumerate(lines, start=1):
        put(guide, number, 1, first)
        put(guide, number, 2, second)
    style_guide(guide, [style for style, _, _ in lines])
    if form.scorecard:
        sheet = book.create_sheet(language.t(TITLES["scorecard_items"]))
        for number, texts in enumerate(item_lines(case, form.scorecard, language), start=1):
            for at, text in enumerate(texts, start=1):
                put(sheet, number, at, text)
        style_items(sheet)
    for name in form.tables:
        sheet = book.create_sheet(language.t(TITLES[name]))
        rows = [(str(number), row.cells) for number, row in enumerate(tables[name].rows, start=1)]
        _fill(
            sheet,
            name,
            language,
            form_rows(case, form.scorecard, tables[name]) if name == VALUES else rows,
            choices,
        )
        style_sheet(sheet, columns(name, language))
    add_drop_downs(book, language, choices, form)
    if form.scorecard:
        add_bounds(book, language, *bounds(case, form.scorecard))
    _stamp(book, case, language, tables, form)
    for hidden in (LISTS, STAMP, BASE):
        book[hidden].sheet_state = "hidden"
    return book


def put(sheet: Any, row: int, column: int, text: str) -> None:
    """Put a text into a cell, as text whatever it begins with; an empty text leaves the cell empty."""
    if text:
        cell = sheet.cell(row, column)
        cell.value = escaped(text)
        cell.data_type = "s"  # "=1+1" and "#REF!" are what somebody wrote, neither a formula nor an error
        cell.number_format = "@"
        cell.quotePrefix = text[0] in "=+-@'"


def _fill(
    sheet: Any,
    table: str,
    language: Language,
    rows: Sequence[tuple[str, Mapping[str, str]]],
    choices: AllChoices,
) -> None:
    fields = columns(table, language)
    heads = [(f"{REMOVE}@{table}", language.t(HEADERS[REMOVE]), language.t(EXPLANATIONS[REMOVE]))]
    heads += [(each.field.name, each.heading, each.explanation) for each in fields]
    heads += [(ROW, ROW, SMALL_PRINT)]
    for at, (name, heading, explanation) in enumerate(heads, start=1):
        put(sheet, HEADING_ROW, at, heading)
        put(sheet, TECHNICAL_ROW, at, name)
        put(sheet, SMALL_PRINT_ROW, at, explanation)
    for number, (mark, cells) in enumerate(rows, start=1):
        for at, column in enumerate(fields, start=2):
            text = cells[column.field.name]
            offered = choices.of(table, column.field.name, cells)
            put(sheet, SMALL_PRINT_ROW + number, at, offered.show(text) if offered and text else text)
        put(sheet, SMALL_PRINT_ROW + number, len(heads), mark)


def _stamp(book: Any, case: Case, language: Language, tables: Mapping[str, Records], form: Form) -> None:
    base = {
        name: {
            str(number): dict(row.cells)
            for number, row in enumerate(table.rows, start=1)
            if form.holds(name, row.cells)
        }
        for name, table in tables.items()
    }
    entries = {
        "form": FORM_VERSION,
        "case": case.id,
        "language": language.code,
        "library": __version__,
        "scorecard": form.scorecard,
        "base": base_digest(base, form.scorecard),
        **{f"sha256:{name}": table.sha256 for name, table in tables.items()},
    }
    sheet = book.create_sheet(STAMP)
    for number, (name, text) in enumerate(entries.items(), start=1):
        put(sheet, number, 1, name)
        put(sheet, number, 2, text)
    sheet, at = book.create_sheet(BASE), 0
    for name, table in tables.items():
        # a line of column names, then one line a row
        heading = [("0", dict(zip(table.columns, table.columns, strict=True)))]
        for mark, cells in [*heading, *base[name].items()]:
            at += 1
            for column, text in enumerate([name, mark, *(cells[each] for each in table.columns)], start=1):
                put(sheet, at, column, text)
