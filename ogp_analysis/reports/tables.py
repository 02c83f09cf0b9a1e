"""A table of a page before it is written: its cells as the reader sees them, and the values behind them."""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import pandas as pd

from ogp_analysis.errors import ParameterError
from ogp_analysis.locale import Language
from ogp_analysis.locale.pairs import pair
from ogp_analysis.reports.cells import cell, column_decimals, guessed_kind
from ogp_analysis.reports.pieces import Link, Pieces, pieces_json, pieces_text

#: How a column may be shown; the first group is right-aligned.
NUMERIC = (
    "number",
    "mixed",
    "whole",
    "one",
    "two",
    "three",
    "percent",
    "rate",
    "share",
    "points",
    "rupiah",
    "signed",
    "signed_mixed",
)
TEXTUAL = ("text", "label", "period", "date", "yes", "source", "msg", "printed", "id")
#: Kinds whose numbers get the same decimals all down a column.
ALIGNED = ("number", "signed", "percent")
LONG, SOME = 60, 15  # characters from which a column of text is kept from becoming too narrow on a phone
WIDE = 240  # characters from which it gets more room than other columns of text
DAY = 17  # characters of the longest day: 29 September 2021; a column of days is not broken within a day
#: Columns of the data that say something of a whole row, also where they are not shown.
FACTS = ("unit", "state", "period", "source_id")


@dataclass(frozen=True)
class Column:
    """One column of a table.

    Parameters
    ----------
    name : str
        As the data name it.
    title : str
        Its header, in the reader's language.
    kind : str
        See :func:`ogp_analysis.reports.cells.cell`.
    look : str
        ``n`` (numbers), ``id``, ``short``, ``some``, ``long``, ``wide`` or nothing: how much room its texts need.
    cells : tuple of Pieces
        What stands in it.
    values : tuple
        The values behind: numbers in full, codes as text, None where there is none.
    """

    name: str
    title: str
    kind: str
    look: str
    cells: tuple[Pieces, ...]
    values: tuple[Any, ...]

    @property
    def is_text(self) -> bool:
        """Whether it may name the rows of its table."""
        return self.kind in TEXTUAL or self.kind.startswith("scale:")


@dataclass(frozen=True)
class Table:
    """A table of a page.

    Parameters
    ----------
    title : str
    columns : tuple of Column
    note : str
        A line under it.
    facts : mapping of str to tuple
        Unit, state, period and source of each row, as far as the data hold them.
    """

    title: str
    columns: tuple[Column, ...]
    note: str = ""
    facts: Mapping[str, tuple[Any, ...]] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.columns[0].cells) if self.columns else 0

    def to_json(self) -> dict[str, Any]:
        """The table as an executed notebook keeps it; values that a cell shows as they are stand there once."""
        columns = []
        for each in self.columns:
            about: dict[str, Any] = {"name": each.name, "title": each.title, "kind": each.kind, "look": each.look}
            if any(value != pieces_text(shown) for value, shown in zip(each.values, each.cells, strict=True)):
                about["values"] = list(each.values)
            columns.append(about)
        written: dict[str, Any] = {
            "title": self.title,
            "columns": columns,
            "rows": [[pieces_json(each.cells[at]) for each in self.columns] for at in range(len(self))],
        }
        if self.note:
            written["note"] = self.note
        if self.facts:
            written["facts"] = {name: list(values) for name, values in self.facts.items()}
        return written


def resolved(frame: pd.DataFrame, name: str, language: Language) -> pd.Series[Any]:
    """A column by name, or the one of a pair that is in the reader's language."""
    if name in frame:
        return frame[name]
    if f"{name}_en" in frame:
        return pair(frame, name, language)
    raise ParameterError(
        f"The table has no column {name!r}.", hint=f"It has: {', '.join(map(str, frame.columns))}."
    )


def make_table(
    frame: pd.DataFrame,
    columns: Mapping[str, str],
    language: Language,
    *,
    caption: str,
    formats: Mapping[str, str] | None = None,
    note: str = "",
    cite: Callable[[str], Link] | None = None,
    optional: Collection[str] = (),
) -> Table:
    """A table with its cells as the reader writes them.

    Parameters
    ----------
    frame : DataFrame
        Data.
    columns : mapping of column to header
        What to show, in order; headers already in the reader's language. ``name`` stands for ``name_id`` or
        ``name_en`` where there is a pair.
    language : Language
    caption : str
        Title of the table, in the reader's language.
    formats : mapping of column to kind, optional
        See :func:`ogp_analysis.reports.cells.cell`; columns left out are shown by their type.
    note : str
        A line under the table.
    cite : function, optional
        Turns a source id into a reference.
    optional : collection of str
        Columns that are left out when no row has anything in them.

    Raises
    ------
    ParameterError
        If the data have no such column, or ``formats`` or ``optional`` names one that is not shown.

    Examples
    --------
    >>> from ogp_analysis import get_language
    >>> frame = pd.DataFrame({"name": ["Tugu"], "value": [1234.5]})
    >>> table = make_table(frame, {"name": "Nama", "value": "Nilai"}, get_language("id"), caption="Contoh")
    >>> table.to_json()["rows"], table.columns[1].values
    ([['Tugu', '1.234,5']], (1234.5,))
    """
    formats = formats or {}
    for given, names in (("formats", formats), ("optional", optional)):
        for name in names:
            if name not in columns:
                raise ParameterError(
                    f"{given} names {name!r}, which is no column of the table {caption!r}.",
                    hint=f"It shows: {', '.join(columns)}.",
                )
    empty = [name for name in optional if resolved(frame, name, language).map(_is_nothing).all()]
    made = []
    for name, title in columns.items():
        if name in empty:
            continue
        series = resolved(frame, name, language)
        kind = formats.get(name) or guessed_kind(series)
        if kind == "number" and "unit" in columns:  # several quantities: each as exact as it is
            kind = "mixed"
        decimals = column_decimals(series) if kind in ALIGNED else None
        cells = tuple(cell(value, kind, language, cite, decimals) for value in series)
        values = tuple(_value(value, kind, shown) for value, shown in zip(series, cells, strict=True))
        made.append(Column(name, title, kind, _look(kind, cells), cells, values))
    facts = {name: tuple(map(_plain, resolved(frame, name, language))) for name in FACTS if _has(frame, name)}
    sources = _sources(frame, made, language)
    return Table(caption, tuple(made), note, facts | sources)


def _has(frame: pd.DataFrame, name: str) -> bool:
    return name in frame or f"{name}_en" in frame


def _sources(frame: pd.DataFrame, columns: list[Column], language: Language) -> dict[str, tuple[Any, ...]]:
    """Every source that a row shows; where it shows none, the ``source_id`` of its data stays."""
    shown = [each.name for each in columns if each.kind in ("source", "cited")]
    if not shown:
        return {}
    rows = []
    for at in range(len(frame)):
        ids: list[str] = []
        for name in shown:
            value = resolved(frame, name, language).iloc[at]
            texts = [pair[1] for pair in value] if isinstance(value, list | tuple) else [_plain(value) or ""]
            ids += [part.strip() for text in texts for part in str(text).split(";") if part.strip()]
        rows.append("; ".join(dict.fromkeys(ids)) or None)
    return {"source_id": tuple(rows)}


def _value(value: Any, kind: str, shown: Pieces) -> Any:
    """What stands behind a cell: a number, a code, or the text as it is shown."""
    if kind in ("cited", "msg"):
        return pieces_text(shown, references=False)
    return _plain(value)


def _plain(value: Any) -> Any:
    """A value as JSON can hold it."""
    if _is_missing(value):
        return None
    if hasattr(value, "item"):  # numpy scalars
        value = value.item()
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, bool | int | str):
        return value
    return value.isoformat() if isinstance(value, date) else str(value)


def _look(kind: str, cells: tuple[Pieces, ...]) -> str:
    """How a column is set, by its kind and its longest cell."""
    if kind == "id":
        return "id"
    if kind in NUMERIC:
        return "n"
    longest = max((len(pieces_text(cell)) for cell in cells), default=0)
    if kind != "source" and longest <= (DAY if kind in ("period", "date") else SOME):
        return "short"
    steps = {"wide": WIDE, "long": LONG, "some": SOME}
    return next((look for look, least in steps.items() if longest > least), "")


def _is_nothing(value: Any) -> bool:
    return _is_missing(value) or str(value) in ("", "—")


def _is_missing(value: Any) -> bool:
    return value is None or (pd.api.types.is_scalar(value) and bool(pd.isna(value)))
