"""What the points and commas of a column mean, inferred from the cells that can be read in one way only."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from statistics import median

from ogp_analysis.cleaning.numerals import Cell, Role, read, roles

SPREAD = 30
"""How far beyond the column's smallest and largest certain value a reading may lie and still fit, as a factor."""


@dataclass(frozen=True)
class Decision:
    """What a column tells about its marks.

    Attributes
    ----------
    roles : dict
        The role of a mark in the cells that may be read in two ways; a mark that stays open is not in it.
    damaged : frozenset of str
        Marks that group thousands in this column, so that a cell with other than three digits behind one has
        lost digits.
    evidence : tuple of str
        One reason a role.
    """

    roles: dict[str, Role]
    damaged: frozenset[str]
    evidence: tuple[str, ...]


@dataclass(frozen=True)
class _Counts:
    """How many cells of the column use a mark in which role, by the digits of the cell alone."""

    decimal: int
    thousands: int
    either: int


def decide(cells: list[Cell]) -> Decision:
    """Find the role of each mark in the cells that may be read in two ways, with the reason.

    The order of the rules is that of :func:`ogp_analysis.cleaning.numbers.parse_numbers`.

    Examples
    --------
    >>> from ogp_analysis.cleaning.numerals import take_apart
    >>> decide([take_apart("57,55"), take_apart("9,833")]).roles
    {',': 'decimal'}
    """
    numbers = _readable(cells)
    counts = {
        mark: _Counts(
            sum(r is not None and r.get(mark) == "decimal" for _, r in numbers),
            sum(r is not None and r.get(mark) == "thousands" for _, r in numbers),
            sum(r is None and mark in cell.digits for cell, r in numbers),
        )
        for mark in ".,"
    }
    certain = [_certain(cell, r) for cell, r in numbers if r is not None]
    decided: dict[str, Role] = {}
    evidence = []
    damaged = set()
    for mark, other in ((".", ","), (",", ".")):
        mine, theirs = counts[mark], counts[other]
        if mine.decimal and mine.thousands >= mine.decimal and not theirs.decimal:
            damaged.add(mark)
        doubtful = [cell for cell, r in numbers if r is None and mark in cell.digits]
        if not doubtful:
            continue
        verdict, reason = _by_same_mark(mark, mine, theirs)
        if not verdict and not mine.decimal and not mine.thousands:
            grouped = theirs.thousands and not theirs.decimal
            same = [read(cell, None) for cell, r in numbers if r is None and other in cell.digits and grouped]
            verdict, reason = _by_other_cells(mark, other, theirs, doubtful, certain + same, numbers)
        if verdict:
            decided[mark] = verdict
            evidence.append(reason)
    return Decision(decided, frozenset(damaged), tuple(evidence))


def _by_same_mark(mark: str, mine: _Counts, theirs: _Counts) -> tuple[Role | None, str]:
    if mine.thousands > mine.decimal or (mine.thousands == mine.decimal > 0 and not theirs.decimal):
        return "thousands", f"'{mark}' groups thousands in {mine.thousands} certain cells"
    if mine.thousands:
        return None, ""
    if mine.decimal and (mine.decimal >= mine.either or (theirs.thousands and not theirs.decimal)):
        return "decimal", f"'{mark}' stands before decimals in {mine.decimal} certain cells"
    return None, ""


def _by_other_cells(
    mark: str,
    other: str,
    theirs: _Counts,
    doubtful: list[Cell],
    known: list[Decimal],
    numbers: list[tuple[Cell, dict[str, Role] | None]],
) -> tuple[Role | None, str]:
    if theirs.decimal:
        if mark == "." or _same_size(doubtful, mark, known):
            return "thousands", f"'{other}' stands before decimals in {theirs.decimal} certain cells"
        return None, ""
    if theirs.thousands:
        if _same_size(doubtful, mark, known):
            return "thousands", f"read as thousands, '{mark}' gives figures of the size of the other cells"
        return None, ""
    if theirs.either:
        return "thousands", f"both marks stand in the column, '{mark}' always before exactly three digits"
    plain = [read(cell, None) for cell, r in numbers if r == {} and cell.digits.strip("0")]
    if not plain or any(len(cell.digits) > 3 for cell, r in numbers if r == {}):
        return None, ""
    if len(plain) > 1 or _same_size(doubtful, mark, plain):
        return "thousands", f"whole numbers below 1,000 stand without '{mark}' in {len(plain)} cells"
    return None, ""


def _same_size(doubtful: list[Cell], mark: str, known: list[Decimal]) -> bool:
    """Whether the doubtful cells fit the size of the known values as thousands, and only as thousands."""
    sizes = [abs(value) for value in known if value]
    if not sizes:
        return False
    low, high = min(sizes) / SPREAD, max(sizes) * SPREAD
    large = median(abs(read(cell, None)) for cell in doubtful)
    small = median(abs(read(cell, mark)) for cell in doubtful)
    return low <= large <= high and not low <= small <= high


def _certain(cell: Cell, certain: dict[str, Role]) -> Decimal:
    marks = [mark for mark, role in certain.items() if role == "decimal"]
    return read(cell, marks[0] if marks else None)


def _readable(cells: list[Cell]) -> list[tuple[Cell, dict[str, Role] | None]]:
    """The numbers with the roles of their marks; a cell that no reading fits has no say."""
    found = []
    for cell in cells:
        if cell.kind != "number":
            continue
        try:
            found.append((cell, roles(cell.digits)))
        except ValueError:
            continue
    return found
