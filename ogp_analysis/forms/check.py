"""Check a case as it would be with the rows of a form, and say which cell of the form is to blame."""

from __future__ import annotations

import datetime
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path

import pandas as pd

from ogp_analysis.case import Case, load_case
from ogp_analysis.casefile import DATAPACKAGE
from ogp_analysis.errors import DataError, Problem
from ogp_analysis.forms.layout import VALUES, column_name
from ogp_analysis.forms.merge import Merged
from ogp_analysis.forms.read import FormRow, problem
from ogp_analysis.forms.sheets import Sheet
from ogp_analysis.scorecard_rules import future_problem, scorecard_problems
from ogp_analysis.tables import read_table, reference_problems, table_specs


def stage(case: Case, new: Mapping[str, bytes], folder: Path) -> None:
    """Put a copy of a case into an empty folder, with the new bytes of some tables."""
    shutil.copyfile(case.folder / DATAPACKAGE, folder / DATAPACKAGE)
    for name in case.tables:
        if name in new:
            (folder / f"{name}.csv").write_bytes(new[name])
        else:
            shutil.copyfile(case.folder / f"{name}.csv", folder / f"{name}.csv")


def check(
    case: Case, staged: Path, sheets: Mapping[str, Sheet], merged: Mapping[str, Merged], read: Sequence[Problem]
) -> list[Problem]:
    """Every problem of a form: of its cells, of the merge, and of the case as it would be.

    A cell is told once: what only follows from an earlier problem of its row is left out.

    Parameters
    ----------
    case : Case
        As it is.
    staged : Path
        Folder of the case as it would be.
    sheets, merged : mapping by table
    read : sequence of Problem
        From reading the cells.

    Returns
    -------
    list of Problem
        By sheet and row; empty when the case as it would be passes every check that ``load_case`` makes.
    """
    clashes = [each for table in merged.values() for each in table.problems]
    later: list[Problem] = []
    frames = {name: case.table(name) for name in case.tables}
    for name, table in merged.items():
        try:
            read_table(staged / f"{name}.csv", table_specs()[name])
        except DataError as error:
            later += error.problems
        columns = [field.name for field in table_specs()[name].fields]
        frame = pd.DataFrame([dict(row.cells) for row in table.rows], columns=columns, dtype="string")
        frames[name] = frame.mask(frame == "")
    later += reference_problems(frames)
    if VALUES in merged:
        later += scorecard_problems(frames)
    if not read and not clashes and not later:
        try:
            load_case(staged)  # what build and check would do, on the very bytes that would be written
        except DataError as error:
            later += error.problems
    later = [_placed(each, sheets, merged) for each in later]
    if "milestones" in merged:
        later += _milestone_problems(sheets, merged)
    if VALUES in merged:
        later += _day_problems(sheets[VALUES], merged[VALUES])
    told = list(read)
    told += [each for each in clashes if not any(_follows(each, earlier) for earlier in read)]
    clashed = {(each.file, each.row) for each in clashes}
    told += [
        each
        for each in dict.fromkeys(later)
        if (each.file, each.row) not in clashed and not any(_follows(each, earlier) for earlier in read)
    ]
    order = {f"sheet '{sheet.title}'": at for at, sheet in enumerate(sheets.values())}
    return sorted(told, key=lambda each: (order.get(each.file, len(order)), each.file, each.row or 0))


def _follows(later: Problem, earlier: Problem) -> bool:
    """Whether a problem is of a cell, or of a row, that has one already."""
    if (later.file, later.row) != (earlier.file, earlier.row):
        return False
    return earlier.column is None or later.column is None or later.column in earlier.column


def _placed(each: Problem, sheets: Mapping[str, Sheet], merged: Mapping[str, Merged]) -> Problem:
    """A problem of a CSV row as a problem of the row of the form that it follows."""
    table = each.file.removesuffix(".csv")
    if table not in merged or each.row is None or not 0 <= each.row - 2 < len(merged[table].rows):
        return each
    origin = merged[table].rows[each.row - 2].origin
    if origin is None:
        return each
    names = [] if each.column is None else each.column.split(", ")
    headings = sheets[table].headings
    shown = ", ".join(column_name(headings.get(name, ""), name) for name in names) or None
    return Problem(f"sheet '{origin.sheet}'", origin.number, shown, each.value, each.expected)


def _milestone_problems(sheets: Mapping[str, Sheet], merged: Mapping[str, Merged]) -> list[Problem]:
    """Evidence of the form on a milestone that its commitment does not have."""
    key = ("commitment_key", "milestone_no")
    known = {tuple(row.cells[name] for name in key) for row in merged["milestones"].rows}
    rows: list[FormRow] = [*merged["progress"].added, *merged["progress"].changed]
    words = "a milestone of this commitment, as in the sheet '{}', or nothing"
    return [
        problem(sheets["progress"], row.number, "milestone_no", row.cells["milestone_no"],
                words.format(sheets["milestones"].title))
        for row in rows
        if row.cells["milestone_no"] and tuple(row.cells[name] for name in key) not in known
    ]  # fmt: skip


def _day_problems(sheet: Sheet, merged: Merged) -> list[Problem]:
    """Values of the form about a day or period that is not over."""
    today = datetime.datetime.now().astimezone().date()
    found = [(row, future_problem(row.cells["as_of"], today)) for row in [*merged.added, *merged.changed]]
    return [problem(sheet, row.number, "as_of", row.cells["as_of"], words) for row, words in found if words]
