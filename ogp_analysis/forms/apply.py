"""Take a returned form into its case: everything or nothing, with a backup, and the same again changes nothing."""

from __future__ import annotations

import contextlib
import csv
import datetime
import os
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from ogp_analysis.case import Case, load_case
from ogp_analysis.casefile import PACKAGE, case_argument
from ogp_analysis.errors import DataError, OgpAnalysisError, ParameterError, Problem
from ogp_analysis.forms.check import check, stage
from ogp_analysis.forms.choices import all_choices
from ogp_analysis.forms.items import need_scorecard
from ogp_analysis.forms.merge import Merged, merge
from ogp_analysis.forms.opening import open_workbook
from ogp_analysis.forms.read import read_rows
from ogp_analysis.forms.records import Records, read_records, rendered
from ogp_analysis.forms.sheets import find_sheets, read_stamp
from ogp_analysis.intake import digest
from ogp_analysis.locale import get_language

BACKUPS = ".backup"


class FormError(DataError):
    """Rows of a form that cannot be taken in; the message shows more of them than that of a table."""

    SHOWN = 40


@dataclass(frozen=True)
class Outcome:
    """What an import did, or would do.

    Attributes
    ----------
    case : Case
        Before the import.
    tables : mapping of str to Merged
        What changed in each table.
    notices : tuple of str
        What was passed over or taken although it was unusual.
    backup : Path or None
        Where the earlier tables are; ``None`` where nothing was written.
    hindrance : str
        Of a dry run: why the import itself would stop although every row passes.
    """

    case: Case
    tables: Mapping[str, Merged]
    notices: tuple[str, ...]
    backup: Path | None
    hindrance: str = ""

    @property
    def alters(self) -> bool:
        """Whether anything changed or would change."""
        return any(table.alters for table in self.tables.values())

    def __str__(self) -> str:
        lines = list(self.notices)
        for name, table in self.tables.items():
            if table.alters:
                counts = f"{len(table.added)} added, {len(table.changed)} changed, {len(table.removed)} removed"
                lines.append(f"{name}: {counts}")
            if table.absent:
                lines.append(f"{name}: {table.absent} rows of the case are not in the form; they stay")
        return "\n".join(lines if self.alters else [*lines, "Nothing to do: the case holds all of this already."])


def import_form(path: Path, case: str | Path | None = None, *, dry_run: bool = False) -> Outcome:
    """Take the rows of a returned form into the tables of its case.

    All rows are checked as ``build`` and ``check`` would check the case with them in it. If one fails nothing in
    the case changes; the failures and the rows without fault are written to a new folder beside the workbook. If
    all pass, the tables that change are copied to ``.backup/<time>/`` in the folder of the case and replaced.

    Parameters
    ----------
    path : Path
        The workbook.
    case : str or Path, optional
        Name or folder of the case; without it, the case that the form names.
    dry_run : bool
        Check everything and write nothing into the case.

    Returns
    -------
    Outcome

    Raises
    ------
    OgpAnalysisError
        If the file is no form that can be read, or its case cannot be written.
    ParameterError
        If it is the form of another case.
    FormError
        If rows fail; lists them by sheet, row and column.

    Examples
    --------
    >>> from ogp_analysis.forms import write_form
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     form = write_form(load_case("semarang"), Path(folder) / "form.xlsx", "en")
    ...     print(import_form(form, dry_run=True))
    Nothing to do: the case holds all of this already.
    """
    book = open_workbook(path)
    stamp = read_stamp(book)
    sheets = find_sheets(book, stamp.form)
    into = load_case(case if case is not None else stamp.case)
    if into.id != stamp.case:
        raise ParameterError(
            f"{path} is a form of the case {stamp.case!r}, not of {into.id!r}.",
            hint="Give its own case with --case.",
        )
    if stamp.form.scorecard:
        need_scorecard(into, stamp.form.scorecard)
    tables = {name: read_records(into.folder / f"{name}.csv") for name in sheets}
    choices = all_choices(into, get_language(stamp.language), stamp.form)
    reading = read_rows(sheets, stamp.base, choices, stamp.form)
    merged = {name: merge(sheets[name], reading.rows[name], stamp.base[name], tables[name]) for name in sheets}
    new = {
        name: rendered(tables[name], [(row.raw, row.cells) for row in table.rows])
        for name, table in merged.items()
        if table.alters
    }
    with tempfile.TemporaryDirectory(prefix="ogp-form-") as beside:
        staged = Path(beside) / into.id
        staged.mkdir()
        stage(into, new, staged)
        problems = check(into, staged, sheets, merged, reading.problems)
    if problems:
        raise _failed(path, problems, merged)
    moved = [name for name in sheets if tables[name].sha256 != stamp.tables[name]]
    notices = [*reading.notices]
    if moved:
        notices.append(f"Changed in the case since the form was written, and kept: {', '.join(moved)}")
    backup = None
    hindrance = _hindrance(into) if new else None
    if hindrance and not dry_run:
        raise hindrance
    if new and not dry_run:
        backup = _replace(into, tables, new)
    return Outcome(into, merged, tuple(notices), backup, str(hindrance or ""))


def _failed(path: Path, problems: Sequence[Problem], merged: Mapping[str, Merged]) -> FormError:
    """Write what failed and what did not beside the workbook; the error that says so."""
    bad = {(each.file, each.row) for each in problems}
    folder = _new_folder(path.with_name(f"{path.stem}-{_now()}"))
    with (folder / "failures.csv").open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["sheet", "row", "column", "found", "expected"])
        for each in problems:
            sheet = each.file.removeprefix("sheet '").removesuffix("'")
            # a spreadsheet program that opens the list must not compute what somebody typed
            writer.writerow([sheet, each.row, each.column, _inert(each.value), each.expected])
    good = 0
    for name, table in merged.items():
        rows = [row for row in [*table.changed, *table.added] if (f"sheet '{row.sheet}'", row.number) not in bad]
        if rows:
            good += len(rows)
            with (folder / f"{name}-good-rows.csv").open("w", encoding="utf-8-sig", newline="") as file:
                table_writer = csv.DictWriter(file, list(rows[0].cells))
                table_writer.writeheader()
                table_writer.writerows({name: _inert(cell) for name, cell in row.cells.items()} for row in rows)
    hint = (
        f"Mend these cells and import the workbook again. Nothing in the case was changed. The full list and the"
        f" {good} new or changed rows without fault: {folder}"
    )
    return FormError(problems, hint=hint)


def _inert(text: str | None) -> str | None:
    return f"'{text}" if text and text[0] in "=+-@" else text


def _hindrance(case: Case) -> OgpAnalysisError | None:
    """Why the tables of a case cannot be changed."""
    packaged = (PACKAGE / "_data").resolve() in case.folder.parents
    if not packaged and os.access(case.folder, os.W_OK):
        return None
    why = "cannot be written"
    if packaged:
        why = "belongs to the installed package, and the next update would undo any change"
    return OgpAnalysisError(
        f"The case in {case.folder} {why}.",
        hint=f"Copy that folder to data/raw/{case.id} in your working folder and run the import there.",
    )


def _replace(case: Case, before: Mapping[str, Records], new: Mapping[str, bytes]) -> Path:
    """Copy the tables that change to the backup, then put the new ones in their place, all or none."""
    folder = case.folder
    changed = [name for name in before if digest(folder / f"{name}.csv") != before[name].sha256]
    if changed:
        raise OgpAnalysisError(
            f"Somebody changed {', '.join(changed)} in {folder} while the form was being checked.",
            hint=f"Run the import again: ogp-analysis import FILE --case {case_argument(folder)}",
        )
    if (folder / BACKUPS).is_symlink():
        raise OgpAnalysisError(
            f"{folder / BACKUPS} is a link; the backup of the case must lie in its own folder.",
            hint="Take the link away and run the import again.",
        )
    backup = _new_folder(folder / BACKUPS / _now())
    written: dict[Path, Path] = {}
    done: list[Path] = []
    try:
        for name, data in new.items():
            target = folder / f"{name}.csv"
            shutil.copy2(target, backup / target.name)
            # written in full before the first table is replaced: a full disk stops here
            written[target] = folder / f".{target.name}.new"
            written[target].write_bytes(data)
            shutil.copymode(target, written[target])
        for target, fresh in written.items():
            fresh.replace(target)
            done.append(target)
    except BaseException:
        for target in done:
            shutil.copy2(backup / target.name, target)
        shutil.rmtree(backup, ignore_errors=True)  # the case is as it was: there is nothing to go back to
        with contextlib.suppress(OSError):  # other backups stay
            backup.parent.rmdir()
        raise
    finally:
        for fresh in written.values():
            fresh.unlink(missing_ok=True)
    return backup


def _new_folder(wanted: Path) -> Path:
    """Make a folder that was not there: that name, or the name with a number."""
    number = 1
    while True:
        path = wanted if number == 1 else wanted.with_name(f"{wanted.name}-{number}")
        try:
            path.mkdir(parents=True)
        except FileExistsError:
            number += 1
        else:
            return path


def _now() -> str:
    return datetime.datetime.now(tz=datetime.UTC).strftime("%Y%m%dT%H%M%SZ")
