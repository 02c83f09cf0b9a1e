"""Columns of printed numbers: the whole column decides what its points and commas mean, or nobody does."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

import pandas as pd

from ogp_analysis.cleaning.frames import rows_of
from ogp_analysis.cleaning.numerals import (
    Cell,
    Dash,
    Role,
    check_options,
    read,
    roles,
    state_of,
    take_apart,
)
from ogp_analysis.cleaning.separators import Decision, decide
from ogp_analysis.cleaning.text import clean, is_missing
from ogp_analysis.errors import DataError, ParameterError, Problem

#: The lowest and the highest value that a column may hold.
Limits = tuple[Decimal, Decimal]


@dataclass(frozen=True)
class ParsedNumbers:
    """A column of numbers and what stood around them; every Series is on the index of the input.

    Attributes
    ----------
    values : Series of Float64
        ``<NA>`` where nothing was measured.
    state : Series of string
        ``measured`` (also a measured zero), ``no_data``, ``not_applicable`` (only with ``dash="not_applicable"``).
    mark, unit, missing_mark : Series of string
        Quality marks; units inside the cells; what stood in place of a number. Empty where there is none.
    convention : str
        The role of each mark, such as ``'.' thousands, ',' decimal``; begins with ``mixed:`` if the column
        contradicts itself; ``no marks`` for plain whole numbers.
    evidence : tuple of str
        Why the cells that may be read in two ways were read as they are.
    problems : DataFrame
        ``row``, ``value``, ``expected``: unreadable cells; empty unless ``errors="report"``.
    """

    values: pd.Series
    state: pd.Series
    mark: pd.Series
    unit: pd.Series
    missing_mark: pd.Series
    convention: str
    evidence: tuple[str, ...]
    problems: pd.DataFrame


def parse_numbers(
    values: pd.Series,
    *,
    decimal: str | None = None,
    dash: Dash = "missing",
    scale: int | float = 1,
    between: tuple[float, float] | None = None,
    errors: Literal["raise", "report"] = "raise",
    file: str = "table",
    first_row: int = 2,
) -> ParsedNumbers:
    """Read a column of printed numbers; the whole column decides what ``.`` and ``,`` mean.

    A cell such as ``57,55`` or ``1.234.567`` can be read in one way only; ``1.213`` in two. Cells of the
    second kind are read, in this order:

    1. by ``decimal``, if given;
    2. by ``between``, if one reading alone lies in that range;
    3. as the certain cells with the same mark are read, if they leave no doubt (decimals must be at least
       as many as the doubtful cells: one ``155.99`` may be a damaged ``155.990``);
    4. as thousands, if the certain cells have decimals behind a comma, or decimals behind a point and
       figures of the same size, or if they are grouped by the other mark and are of the same size;
    5. as thousands, if *both* marks stand in the column and each always before exactly three digits
       (``1.213`` beside ``9,833``): a column has one decimal mark at most;
    6. as thousands, if at least two whole numbers below 1,000 (or one of the same size) stand beside them
       and none above without a mark: a column of decimals would print theirs, too.

    If none of these decides, the column raises. *Of the same size* means: within the range of the certain
    values stretched by a factor of 30 at both ends, while the other reading, a thousand times off, is not.
    A certain cell is read by its own digits even if the column mixes conventions (``162.35`` beside
    ``190,99``); only ``100.97`` in a column that otherwise groups by points and has no decimals is refused.

    Parameters
    ----------
    values : Series of text
        One number a cell, as printed. Real numbers inside a Series of objects are taken as they are.
    decimal : {",", "."}, optional
        The decimal mark, if the table states it. A cell that contradicts it is an error.
    dash : {"missing", "zero", "not_applicable"}
        What a lone ``-`` means in this table.
    scale : number
        Every value is multiplied by it: 1000 for a column headed *in thousands*.
    between : (low, high), optional
        The range in which every value must lie, before ``scale``; it decides doubtful cells, and a value outside
        is an error.
    errors : {"raise", "report"}
        Raise on unreadable cells, or leave them without data and list them in ``problems``.
    file : str
        Name of the file, for messages.
    first_row : int
        Row of the first cell in that file, for messages; the header is row 1. Not used for a column of
        :func:`~ogp_analysis.cleaning.published.read_published`, whose index knows the lines.

    Returns
    -------
    ParsedNumbers

    Raises
    ------
    ParameterError
        If the Series holds numbers already (``1.213`` read as a float can mean 1213), or an option does not exist
        or is no range.
    DataError
        If a cell is unreadable or can be read in two ways; all are listed with row and value.

    Notes
    -----
    Accounting brackets mean a negative: ``(1.234)`` is -1234. Quality marks follow BPS: ``r`` revised, ``*``/``x``
    provisional, ``e`` estimate. Marks of a missing value are kept in ``missing_mark`` and never become zero.

    Examples
    --------
    >>> density = pd.Series(["1.213", "9,833", "7.408", "1,008"])
    >>> parsed = parse_numbers(density)
    >>> parsed.values.tolist(), parsed.convention
    ([1213.0, 9833.0, 7408.0, 1008.0], "mixed: '.' thousands, ',' thousands")
    >>> parse_numbers(pd.Series(["71,97", "474.930", "...", "0"])).state.tolist()
    ['measured', 'measured', 'no_data', 'measured']
    >>> parse_numbers(pd.Series(["1.213", "2.456"]))
    Traceback (most recent call last):
    ...
    ogp_analysis.errors.DataError: table, row 2: found '1.213', expected one reading, not two (1213 or 1.213)
    table, row 3: found '2.456', expected one reading, not two (2456 or 2.456)
    What to do: ... pass decimal=',' ...
    """
    check_options(decimal, dash)
    if errors not in ("raise", "report"):
        raise ParameterError(f"errors={errors!r} is not possible.", hint="Use 'raise' or 'report'.")
    if pd.api.types.is_numeric_dtype(values.dtype) and not values.isna().all():
        raise ParameterError(
            f"The column {values.name!r} holds numbers already.",
            hint="Read the file with dtype=str: once 1.213 is a number, nobody can tell whether it was 1213.",
        )
    limits = None if between is None else _limits(between)
    printed = list(values)
    cells: list[Cell | Decimal] = [_cell(value) for value in printed]
    decision = decide([cell for cell in cells if isinstance(cell, Cell)])
    evidence = _evidence(decision, decimal, limits)

    bad: dict[int, str] = {}
    numbers: list[Decimal | None] = []
    uses: set[tuple[str, Role]] = set()
    for position, cell in enumerate(cells):
        value, reason = _value(cell, decision, decimal, dash, limits)
        if isinstance(cell, Cell) and cell.kind == "number" and not reason:
            uses |= _uses(cell, value)
        if reason:
            bad[position] = reason
        numbers.append(None if value is None else value * Decimal(str(scale)))
    rows = rows_of(values, first_row)
    problems = [(rows[p], clean(printed[p]), reason) for p, reason in bad.items()]
    if problems and errors == "raise":
        column = None if values.name is None else str(values.name)
        raise DataError(
            [Problem(file, row, column, value, expected) for row, value, expected in problems],
            hint="Correct the cells; where a cell can be read in two ways, pass decimal=',' or decimal='.', "
            "or between=(low, high) with the range in which the values must lie.",
        )

    def series(items: Sequence[object], name: str) -> pd.Series:
        return pd.Series(items, index=values.index, dtype="string", name=name)

    blank = Cell("number")
    parts = [blank if isinstance(cell, Decimal) else cell for cell in cells]
    floats = pd.array([None if n is None else float(n) for n in numbers], dtype="Float64")
    return ParsedNumbers(
        values=pd.Series(floats, index=values.index, name=values.name),
        state=series(["no_data" if p in bad else state_of(c, dash) for p, c in enumerate(parts)], "state"),
        mark=series([c.mark for c in parts], "mark"),
        unit=series([c.unit for c in parts], "unit"),
        missing_mark=series([c.missing_mark for c in parts], "missing_mark"),
        convention=_convention(uses),
        evidence=evidence,
        problems=pd.DataFrame(problems, columns=["row", "value", "expected"]),
    )


def _limits(between: tuple[float, float]) -> Limits:
    """The range in decimals, as it was written: in binary 0.1 is a little more than 0.1 and leaves it out."""
    if not between[0] <= between[1]:
        raise ParameterError(
            f"between={between!r} is no range.", hint="Give the lowest and the highest value, such as (0, 100)."
        )
    return Decimal(str(between[0])), Decimal(str(between[1]))


def _cell(value: object) -> Cell | Decimal:
    if isinstance(value, int | float) and not isinstance(value, bool) and not is_missing(value):
        return Decimal(str(value))
    return take_apart(value)


def _value(
    cell: Cell | Decimal,
    decision: Decision,
    decimal: str | None,
    dash: Dash,
    between: Limits | None,
) -> tuple[Decimal | None, str]:
    """The value of a cell, or the reason why it has none."""
    if isinstance(cell, Decimal):
        value = cell
        if not value.is_finite():
            return None, "a number that ends"
    elif cell.kind == "dash":
        return (Decimal(0), "") if dash == "zero" else (None, "")
    elif cell.kind == "missing":
        return None, ""
    elif cell.kind == "bad":
        return None, f"a number: {cell.reason}"
    else:
        try:
            mark = _decimal_of(cell, decision, decimal, between)
            value = read(cell, mark)
        except ValueError as error:
            return None, str(error)
    if between is not None and not between[0] <= value <= between[1]:
        return None, f"a value between {between[0]} and {between[1]}"
    return value, ""


def _decimal_of(cell: Cell, decision: Decision, decimal: str | None, between: Limits | None) -> str | None:
    """The decimal mark under which a cell is to be read; raises if it is open."""
    certain = roles(cell.digits)
    if decimal is not None:
        return decimal
    if certain is not None:
        for mark, role in certain.items():
            if role == "decimal" and mark in decision.damaged:
                raise ValueError(
                    f"a number: '{mark}' groups thousands in this column, three digits must follow it"
                )
            if role == "decimal":
                return mark
        return None
    mark = "." if "." in cell.digits else ","
    large, small = read(cell, None), read(cell, mark)
    if between is not None:
        fits = [between[0] <= reading <= between[1] for reading in (large, small)]
        if fits == [True, False]:
            return None
        if fits == [False, True]:
            return mark
    if mark not in decision.roles:
        raise ValueError(f"one reading, not two ({large:f} or {small:f})")
    return mark if decision.roles[mark] == "decimal" else None


def _uses(cell: Cell, value: Decimal | None) -> set[tuple[str, Role]]:
    """Which mark the value shows to have been used in which role."""
    found: set[tuple[str, Role]] = set()
    for mark in set(cell.digits) & set(".,"):
        is_decimal = cell.digits.count(mark) == 1 and value == _read_or_none(cell, mark)
        found.add((mark, "decimal" if is_decimal else "thousands"))
    return found


def _read_or_none(cell: Cell, decimal: str) -> Decimal | None:
    try:
        return read(cell, decimal)
    except ValueError:
        return None


def _evidence(decision: Decision, decimal: str | None, between: Limits | None) -> tuple[str, ...]:
    if decimal is not None:
        return (f"decimal={decimal!r} was passed",)
    return (("between was passed",) if between is not None else ()) + decision.evidence


def _convention(uses: set[tuple[str, Role]]) -> str:
    if not uses:
        return "no marks"
    parts = [f"'{mark}' {role}" for mark in ".," for role in ("thousands", "decimal") if (mark, role) in uses]
    mixed = len({mark for mark, _ in uses}) < len(uses) or len({role for _, role in uses}) < len(uses)
    return ("mixed: " if mixed else "") + ", ".join(parts)
