"""Read the rows of a returned form into the values that the tables keep, cell by cell."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from ogp_analysis.errors import Problem
from ogp_analysis.forms.cells import cell_text
from ogp_analysis.forms.choices import AllChoices
from ogp_analysis.forms.layout import PREPARED, REMOVE, ROW, SMALL_PRINT, Form, column_name, fields_of, form_of
from ogp_analysis.forms.sheets import Sheet
from ogp_analysis.forms.stamp import Rows
from ogp_analysis.tables import table_specs


@dataclass(frozen=True)
class FormRow:
    """One row of the form.

    Attributes
    ----------
    sheet, number : str, int
        Title of the sheet and row in it.
    mark : str
        Number of the row of the case that it came from; empty for a new row.
    remove : bool
        Whether it is to be taken out of the case.
    cells : mapping of str to str
        Every column of the table.
    """

    sheet: str
    number: int
    mark: str
    remove: bool
    cells: Mapping[str, str]


@dataclass
class Reading:
    """What a form says: its rows, what is wrong with cells, and what was passed over."""

    rows: dict[str, list[FormRow]] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)


def read_rows(
    sheets: Mapping[str, Sheet], base: Mapping[str, Rows], choices: AllChoices, form: Form | None = None
) -> Reading:
    """The rows of every sheet.

    Parameters
    ----------
    sheets : mapping of str to Sheet
    base : mapping of str to Rows
        The rows of the case when the form was written.
    choices : AllChoices
        In the language of the form.
    form : Form, optional
        Without it, the one on commitments.

    Returns
    -------
    Reading
        With a problem for each cell that cannot be taken as it is; its row is read all the same.
    """
    reading = Reading()
    for table, sheet in sheets.items():
        reading.rows[table] = _table_rows(sheet, base[table], choices, reading, form or form_of())
    return reading


def problem(sheet: Sheet, row: int, names: str | list[str], value: str | None, expected: str) -> Problem:
    """A problem in a cell of a sheet, with the column as the reader sees it."""
    names = [names] if isinstance(names, str) else names
    shown = ", ".join(column_name(sheet.headings.get(name, ""), name) for name in names)
    return Problem(f"sheet '{sheet.title}'", row, shown, value, expected)


def _table_rows(sheet: Sheet, base: Rows, choices: AllChoices, reading: Reading, form: Form) -> list[FormRow]:
    names = {at: name for name, at in sheet.places.items()}
    for row, area in sheet.merged:
        words = "cells that are not merged: take the merger apart and fill each one"
        reading.problems.append(Problem(f"sheet '{sheet.title}'", row, None, area, words))
    if sheet.hidden:
        reading.notices.append(f"sheet '{sheet.title}': {sheet.hidden} hidden rows were read like the others")
    if sheet.others:
        letters = ", ".join(sheet.others)
        reading.notices.append(f"sheet '{sheet.title}': not part of the form and not read: column {letters}")
    rows = []
    for number, cells in sheet.rows.items():
        by_name = {names[at]: cell for at, cell in cells.items()}
        if ROW in by_name and str(by_name[ROW].value).strip() == SMALL_PRINT:
            continue
        read = _row(sheet, number, by_name, base, choices, reading, form)
        if read is not None:
            rows.append(read)
    return _with_single_marks(sheet, rows, base, reading)


def _row(
    sheet: Sheet,
    number: int,
    by_name: dict[str, Any],
    base: Rows,
    choices: AllChoices,
    reading: Reading,
    form: Form,
) -> FormRow | None:
    fields = fields_of(sheet.table)
    found: list[Problem] = []
    cells: dict[str, str] = {}
    for each in sorted(fields, key=lambda each: each.name == "label"):  # a rating after what was rated
        offered = choices.of(sheet.table, each.name, cells)
        text, wrong = "", None
        if each.name in by_name:
            known = frozenset(offered.shown) if offered else frozenset()
            text, wrong = cell_text(by_name[each.name], each, known)
        if wrong:
            found.append(problem(sheet, number, each.name, text, wrong))
        elif offered and text:
            value = offered.read(text)
            if value is None and each.enum:
                listed = ", ".join(offered.shown.values())
                found.append(problem(sheet, number, each.name, text, f"one of the list: {listed}"))
            text = text if value is None else value
        cells[each.name] = text
    # what a row holds before anybody fills it in says nothing
    filled = {name for name, text in cells.items() if text and name not in PREPARED.get(sheet.table, ())}
    cells |= form.given(sheet.table)
    cells = {each.name: cells[each.name] for each in table_specs()[sheet.table].fields}
    mark = str(by_name[ROW].value).strip().removesuffix(".0") if ROW in by_name else ""
    remove = str(by_name[REMOVE].value).strip() if REMOVE in by_name else ""
    if remove and remove not in ("x", "X"):
        found.append(problem(sheet, number, REMOVE, remove, "x, or nothing"))
    if mark and mark not in base:
        words = f"the number that the form put into the hidden column {ROW}, or nothing there"
        reading.problems.append(Problem(f"sheet '{sheet.title}'", number, None, mark, words))
        mark = ""
    if remove in ("x", "X"):
        if mark:
            return FormRow(sheet.title, number, mark, True, cells)
        words = "is marked x and was not in the case when the form was written; not read"
        reading.notices.append(f"sheet '{sheet.title}': row {number} {words}")
        return None
    if not filled and not mark:
        reading.problems += found
        return None
    if not filled:
        words = "the row as it was, or x in its first column to take it out of the case; it was emptied"
        found = [Problem(f"sheet '{sheet.title}'", number, None, None, words)]
    elif not mark and all(name.startswith("note_") for name in filled):
        needed = [each.name for each in fields if each.required]
        found = [problem(sheet, number, needed, None, "these cells filled too; the row holds nothing but a note")]
    elif sheet.table == "assessments" and not any("(label)" in str(each.column) for each in found):
        found += _rating_problems(sheet, number, cells, base.get(mark, {}), choices)
    reading.problems += found
    return FormRow(sheet.title, number, mark, False, cells)


def _rating_problems(
    sheet: Sheet, number: int, cells: Mapping[str, str], before: Mapping[str, str], choices: AllChoices
) -> list[Problem]:
    """A rating that is no label of its scale may stay where the case has it printed so, and nowhere else."""
    offered = choices.of(sheet.table, "label", cells)
    label = cells["label"]
    as_before = (before.get("variable"), before.get("label")) == (cells["variable"], label)
    if not offered or not label or label in offered.shown or as_before:
        return []
    listed = ", ".join(offered.shown.values())
    return [problem(sheet, number, "label", label, f"a label of the scale of what was rated: {listed}")]


def _with_single_marks(sheet: Sheet, rows: list[FormRow], base: Rows, reading: Reading) -> list[FormRow]:
    """Rows, each row of the case claimed by at most one: copies of a row carry its hidden number too."""
    key = table_specs()[sheet.table].key
    many = {mark for mark, count in Counter(row.mark for row in rows if row.mark).items() if count > 1}
    keeps: dict[str, int] = {}
    for mark in many:
        twins = [row for row in rows if row.mark == mark]
        same = [row for row in twins if all(row.cells[name] == base[mark][name] for name in key)]
        if same:
            keeps[mark] = same[0].number
        else:
            words = f"one row that stands for row {mark} of the case; row {twins[0].number} does too"
            reading.problems.append(problem(sheet, twins[1].number, list(key), None, words))
            keeps[mark] = twins[0].number
    return [replace(row, mark="") if keeps.get(row.mark, row.number) != row.number else row for row in rows]
