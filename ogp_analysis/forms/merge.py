"""Bring the rows of a form together with the rows that the case has by now, row by row."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from ogp_analysis.errors import Problem, shortened
from ogp_analysis.forms.read import FormRow, problem
from ogp_analysis.forms.records import Record, Records
from ogp_analysis.forms.sheets import Sheet
from ogp_analysis.forms.stamp import Rows
from ogp_analysis.tables import table_specs


@dataclass(frozen=True)
class MergedRow:
    """A row of the new table: its text in the file where it did not change, and the row of the form it follows."""

    raw: str | None
    cells: Mapping[str, str]
    origin: FormRow | None


@dataclass
class Merged:
    """A table with the rows of a form taken in, and what that changed."""

    rows: list[MergedRow] = field(default_factory=list)
    added: list[FormRow] = field(default_factory=list)
    changed: list[FormRow] = field(default_factory=list)
    removed: list[FormRow] = field(default_factory=list)
    absent: int = 0
    problems: list[Problem] = field(default_factory=list)

    @property
    def alters(self) -> bool:
        """Whether the table would change."""
        return bool(self.added or self.changed or self.removed)


def merge(sheet: Sheet, form: Sequence[FormRow], base: Rows, current: Records) -> Merged:
    """Take the rows of a form into a table that may have changed since the form was written.

    A row that changed on one side only is taken from that side. A row that changed on both sides, and not into
    the same, is a problem. A row of the case that is not in the form stays. The order of the table stays; new
    rows come after it.

    Parameters
    ----------
    sheet : Sheet
        For messages.
    form : sequence of FormRow
    base : Rows
        The table when the form was written.
    current : Records
        The table now.

    Returns
    -------
    Merged
    """
    return _Merger(sheet, base, current).run(form)


class _Merger:
    """State of one merge: which rows of the current table are replaced or gone."""

    def __init__(self, sheet: Sheet, base: Rows, current: Records) -> None:
        self.sheet, self.base, self.current = sheet, base, current
        self.key = table_specs()[sheet.table].key
        self.places = {self.key_of(row.cells): at for at, row in enumerate(current.rows)}
        self.base_keys = {self.key_of(cells) for cells in base.values()}
        self.origins: dict[int, FormRow] = {}
        self.replaced: dict[int, FormRow] = {}
        self.gone: set[int] = set()
        self.repeated: set[int] = set()
        self.out = Merged()

    def key_of(self, cells: Mapping[str, str]) -> tuple[str, ...]:
        return tuple(cells[name] for name in self.key)

    def at(self, key: tuple[str, ...]) -> Record | None:
        return self.current.rows[self.places[key]] if key in self.places else None

    def run(self, form: Sequence[FormRow]) -> Merged:
        self._repeated_keys([row for row in form if not row.remove])
        for row in form:
            if row.mark:
                self._known(row, self.base[row.mark])
        for row in form:
            if not row.mark:
                self._new(row)
        seen = {row.mark for row in form}
        self.out.absent = sum(
            self.key_of(cells) in self.places for mark, cells in self.base.items() if mark not in seen
        )
        for at, record in enumerate(self.current.rows):
            if at in self.replaced:
                self.out.rows.append(MergedRow(None, self.replaced[at].cells, self.replaced[at]))
            elif at not in self.gone:
                self.out.rows.append(MergedRow(record.raw, record.cells, self.origins.get(at)))
        self.out.rows += [MergedRow(None, row.cells, row) for row in self.out.added]
        return self.out

    def _repeated_keys(self, form: Sequence[FormRow]) -> None:
        first: dict[tuple[str, ...], int] = {}
        for row in form:
            key = self.key_of(row.cells)
            if key in first:
                self.repeated.add(row.number)
                words = f"a key that no other row has; row {first[key]} has it too"
                shown = " | ".join(key)
                self.out.problems.append(problem(self.sheet, row.number, list(self.key), shown, words))
            first.setdefault(key, row.number)

    def _known(self, row: FormRow, before: Mapping[str, str]) -> None:
        key = self.key_of(before)
        now = self.at(key)
        if now is not None:
            self.origins[self.places[key]] = row
        if row.remove:
            if now is None:
                return
            if now.cells != before:
                self._clash(row, now.cells, "taken out here and changed in the case since the form was written")
            self.gone.add(self.places[key])
            self.out.removed.append(row)
        elif row.cells == before or (now is not None and row.cells == now.cells):
            return
        elif now is None:
            same = self.at(self.key_of(row.cells))
            if same is None or same.cells != row.cells:  # else: taken in already, by an earlier import
                self._clash(row, None, "changed here and taken out of the case since the form was written")
        else:
            if now.cells != before:
                self._clash(row, now.cells, "changed here and in the case since the form was written")
            self.replaced[self.places[key]] = row
            self.out.changed.append(row)

    def _new(self, row: FormRow) -> None:
        key = self.key_of(row.cells)
        now = self.at(key)
        if now is None or self.places[key] in self.gone or self.places[key] in self.replaced:
            self.out.added.append(row)
        elif now.cells != row.cells:
            since = "when the form was written" if key in self.base_keys else "since the form was written"
            if row.number not in self.repeated:
                self._clash(row, now.cells, f"new here, and the case had a row with this key {since}")
            self.out.added.append(row)
        else:
            self.origins[self.places[key]] = row

    def _clash(self, row: FormRow, now: Mapping[str, str] | None, what: str) -> None:
        differ = [name for name in row.cells if now is None or row.cells[name] != now[name]] or list(self.key)
        name = differ[0]
        held = "" if now is None else f" The case has {shortened(now[name])!r}."
        words = f"a row that changed on one side only: this one was {what}.{held} Enter it in a new form"
        self.out.problems.append(problem(self.sheet, row.number, name, row.cells[name], words))
