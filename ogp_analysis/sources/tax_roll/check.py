"""Rows of a roll as whole numbers, each with the reason why it cannot be counted, if there is one."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from ogp_analysis.sources.tax_roll import columns as names
from ogp_analysis.sources.tax_roll.blocks import Block
from ogp_analysis.sources.tax_roll.exclusions import (
    CODES,
    LISTED,
    Excluded,
    Exclusions,
    masked_place,
    masked_value,
)
from ogp_analysis.sources.tax_roll.nop import nop_array, parse_nop
from ogp_analysis.sources.tax_roll.roll import TaxRoll
from ogp_analysis.sources.tax_roll.values import NO_DAY, Array, Column, amounts, days, equal_cells

FIRST_YEAR, LAST_YEAR = 1986, 2100  # the tax exists since Law 12/1985, in force from 1986
LARGEST = 10**14  # rupiah; beyond it a share of it would not fit into 64 bits
KEY_YEAR, KEY_CYCLE = 256, 128
NO_USE = np.int16(-1)
REASON_OF = {reason: name for name, reason in CODES.items()}
YES = {"1", "true", "t", "y", "ya", "lunas", "sudah", "sudah bayar"}
NO = {"0", "false", "f", "n", "tidak", "belum", "belum bayar", "belum lunas"}


@dataclass(frozen=True, repr=False)
class Bills:
    """Bills as arrays of whole numbers, one entry a row; rupiah in 64 bits, days since 1970-01-01.

    ``key`` holds the fourteen digits of the object, the year since 1900 and the cycle; it serves to find several
    cycles of one bill and goes into no result. ``reason`` is 0 for a row that can be counted.
    """

    row: Array
    key: Array
    reason: Array
    kecamatan: Array
    year: Array
    njop: Array
    principal: Array
    issued: Array
    due: Array
    paid_on: Array
    paid: Array
    fine: Array
    use: Array

    def __len__(self) -> int:
        return len(self.row)

    def take(self, choice: Any) -> Bills:
        """The bills at some places, or in a slice."""
        return Bills(*(getattr(self, one.name)[choice] for one in fields(self)))

    @staticmethod
    def empty() -> Bills:
        """No bills."""
        return Bills(*(np.zeros(0, np.int64) for _ in fields(Bills)))

    @staticmethod
    def joined(parts: list[Bills]) -> Bills:
        """Several parts as one."""
        return Bills(*(np.concatenate([getattr(part, one.name) for part in parts]) for one in fields(Bills)))


@dataclass(frozen=True)
class Checked:
    """What reading a part of a roll gives.

    Attributes
    ----------
    bills : Bills
        Every row whose object, year and cycle can be read, also those with another defect.
    exclusions : Exclusions
        The rows whose object, year or cycle cannot be read.
    cells : dict
        Row to column and masked cell, for the first rows with a defect.
    read : int
        Rows of the part.
    layout : int
        Lines that are no rows.
    file, city : str
    illustrative : bool
        Whether the roll is made up.
    """

    bills: Bills
    exclusions: Exclusions
    cells: dict[int, tuple[str, str]]
    read: int
    layout: int
    file: str
    city: str
    illustrative: bool = False


def check_block(block: Block, roll: TaxRoll) -> Checked:
    """Read the cells of a block; nothing is repaired, a row that cannot be read is set aside with its reason."""
    count = len(block.rows)
    nop_column = nop_array(block.columns)
    nop, reason = parse_nop(nop_column, roll.city)
    kecamatan = (nop // 10**11).astype(np.int16)
    read = {name: amounts(block.columns[name]) for name in names.NUMBERS}
    dates = {name: days(block.columns[name]) for name in names.DATES}
    marked: list[tuple[str, str, Array]] = []

    def mark(name: str, column: str, where: Array | None) -> None:
        if where is not None and where.any():
            where = where & (reason == 0)
            reason[where] = CODES[name]
            marked.append((name, column, where))

    if roll.kecamatan is not None:
        known = np.zeros(1000, bool)
        known[list(roll.kecamatan)] = True
        mark("unknown_kecamatan", names.NOP, ~known[kecamatan])
    year, cycle = read[names.YEAR].values, read[names.CYCLE].values
    for name, column, low, high in (
        ("year_unreadable", names.YEAR, FIRST_YEAR, LAST_YEAR),
        ("cycle_unreadable", names.CYCLE, 0, 99),
    ):
        mark(name, column, _unreadable(read[column], needed=True))
        mark(name, column, (read[column].values < low) | (read[column].values > high))
    keyed = reason == 0
    unkeyed = None if keyed.all() else ~keyed
    unkeyed_reason = reason.copy() if unkeyed is not None else reason
    _check_values(mark, read, dates)
    paid_on, paid, fine = dates[names.PAID_ON].values, read[names.PAID].values, read[names.FINE].values
    if names.STATUS in block.columns:
        mark("status_contradicts", names.STATUS, _contradicts(block.columns[names.STATUS], paid > 0))
    use = np.full(count, NO_USE)
    if names.USE in block.columns:
        use = _uses(block.columns[names.USE])
    bills = Bills(
        block.rows,
        (nop * KEY_YEAR + (year - 1900)) * KEY_CYCLE + cycle,
        reason,
        kecamatan,
        year.astype(np.int16),
        read[names.NJOP].values,
        read[names.PRINCIPAL].values,
        dates[names.ISSUED].values,
        dates[names.DUE].values,
        paid_on,
        paid,
        fine,
        use,
    )
    cells = _cells(block, marked, nop_column, reason)
    exclusions = _unusable(block, unkeyed, unkeyed_reason, cells, nop, roll)
    if unkeyed is not None:
        bills = bills.take(keyed)
    return Checked(
        bills, exclusions, cells, count + len(block.broken), block.layout, roll.name, roll.city, roll.illustrative
    )


def _uses(column: Any) -> Array:
    """Uses of buildings; one that cannot be read is not known, which excludes no row."""
    cells = equal_cells(column, 2)
    if cells is not None:
        tens, ones = cells[:, 0] - np.uint8(ord("0")), cells[:, 1] - np.uint8(ord("0"))
        if (tens <= 9).all() and (ones <= 9).all():
            return np.asarray(tens * np.int16(10) + ones)
    codes = amounts(column)
    fits = (codes.values >= 0) & (codes.values <= 99)
    for wrong in (codes.missing, codes.bad):
        if wrong is not None:
            fits &= ~wrong
    return np.where(fits, codes.values, NO_USE).astype(np.int16)


def _check_values(mark: Any, read: dict[str, Column], dates: dict[str, Column]) -> None:
    mark("njop_unreadable", names.NJOP, _unreadable(read[names.NJOP], needed=True))
    mark("principal_unreadable", names.PRINCIPAL, _unreadable(read[names.PRINCIPAL], needed=True))
    mark("payment_unreadable", names.PAID, _unreadable(read[names.PAID], needed=False))
    mark("fine_unreadable", names.FINE, _unreadable(read[names.FINE], needed=False))
    issued, due, paid_on = (dates[name].values for name in names.DATES)
    for name in names.DATES:
        mark("date_unreadable", name, _unreadable(dates[name], needed=name != names.PAID_ON))
    paid, fine = read[names.PAID].values, read[names.FINE].values
    for name in (names.NJOP, names.PRINCIPAL, names.PAID, names.FINE):
        values = read[name].values
        # one look at the extremes spares two comparisons of the whole column
        if len(values) and (values.min() < 0 or values.max() > LARGEST):
            mark("negative", name, values < 0)
            mark("too_large", name, values > LARGEST)
    mark("due_before_issue", names.DUE, due < issued)
    is_paid = paid_on != NO_DAY
    mark("paid_before_issue", names.PAID_ON, is_paid & (paid_on < issued))
    mark("payment_undated", names.PAID_ON, ~is_paid & (paid > 0))
    mark("payment_without_amount", names.PAID, is_paid & (paid == 0))
    mark("fine_exceeds_payment", names.FINE, fine > paid)


def _unreadable(column: Column, *, needed: bool) -> Array | None:
    found = column.bad
    if needed and column.missing is not None:
        found = column.missing if found is None else found | column.missing
    return found


def _contradicts(column: Any, paid: Array) -> Array:
    """Whether a status, where it can be read, says otherwise than the payment."""
    if pa.types.is_boolean(column.type):
        yes = pc.fill_null(column, False).to_numpy(zero_copy_only=False)
        no = pc.fill_null(pc.invert(column), False).to_numpy(zero_copy_only=False)
        return np.asarray((yes & ~paid) | (no & paid))
    letters = equal_cells(column, 1)
    if letters is not None:
        says = ONE_LETTER[letters[:, 0]]
        return np.asarray(((says == 1) & ~paid) | ((says == 0) & paid))
    coded = column if pa.types.is_dictionary(column.type) else column.dictionary_encode()
    words = [_word(value) for value in coded.dictionary.to_pylist()]
    # an empty cell says nothing: it is looked up behind the last word
    places = pc.fill_null(pc.cast(coded.indices, pa.int64()), len(words)).to_numpy(zero_copy_only=False)
    says = np.array([*map(_says, words), -1], np.int8)[places]
    return np.asarray(((says == 1) & ~paid) | ((says == 0) & paid))


def _says(word: str) -> int:
    return 1 if word in YES else 0 if word in NO else -1


ONE_LETTER = np.array([_says(chr(code).lower()) for code in range(256)], np.int8)


def _word(value: object) -> str:
    text = value.decode("latin-1") if isinstance(value, bytes) else str(value)
    return text.strip().lower().removesuffix(".0")


def _cells(
    block: Block, marked: list[tuple[str, str, Array]], nop_column: Any, reason: Array
) -> dict[int, tuple[str, str]]:
    cells: dict[int, tuple[str, str]] = {}
    for _, column, where in marked:
        for place in np.flatnonzero(where)[:LISTED].tolist():
            array = nop_column if column == names.NOP else block.columns[column]
            value = array[place].as_py()
            cells[int(block.rows[place])] = (column, "" if value is None else masked_value(value))
    early = [CODES[name] for name in ("nop_missing", "nop_as_number", "nop_malformed", "other_city")]
    for code in early:
        for place in np.flatnonzero(reason == code)[:LISTED].tolist():
            value = nop_column[place].as_py()
            cells[int(block.rows[place])] = (names.NOP, "" if value is None else masked_value(value))
    return cells


def _unusable(
    block: Block,
    unkeyed: Array | None,
    reason: Array,
    cells: dict[int, tuple[str, str]],
    nop: Array,
    roll: TaxRoll,
) -> Exclusions:
    out = Exclusions()
    out.add(
        "broken_line",
        len(block.broken),
        [Excluded(row, "broken_line", file=roll.name) for row in block.broken[:LISTED]],
    )
    if unkeyed is None:
        return out
    for code in np.unique(reason[unkeyed]).tolist():
        name = REASON_OF[code]
        places = np.flatnonzero(unkeyed & (reason == code))
        listed = []
        for place in places[:LISTED].tolist():
            row = int(block.rows[place])
            column, value = cells.pop(row, ("", ""))
            seen = name in ("year_unreadable", "cycle_unreadable", "unknown_kecamatan")
            listed.append(
                Excluded(
                    row, name, column, value, masked_place(int(nop[place]), roll.city) if seen else "", roll.name
                )
            )
        out.add(name, len(places), listed)
    return out
