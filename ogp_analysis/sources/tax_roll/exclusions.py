"""Why a row of a land-tax roll is not counted: one reason a row, counted in full, listed with the NOP masked."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

import pandas as pd

LISTED = 100  # rows listed for each reason; the counts are of all

# The order is the order of precedence: a row with several defects is counted under the first.
REASONS = {
    "broken_line": "a line with as many cells as the header",
    "nop_missing": "an object number (NOP)",
    "nop_as_number": "an object number (NOP) kept as text; a spreadsheet turned this one into a number",
    "nop_malformed": "an object number (NOP) of 18 digits in one of the four spellings",
    "other_city": "an object number (NOP) of the place asked for",
    "unknown_kecamatan": "a kecamatan code of the place",
    "year_unreadable": "a tax year from 1986 to 2100",
    "cycle_unreadable": "a cycle (SIKLUS_SPPT) from 0 to 99",
    "issued_later": "a bill issued by the day of the assessment",
    "superseded": "the latest cycle of the NOP and tax year; a later one stands in the roll",
    "repeated": "one row for this NOP, tax year and cycle; the roll has several",
    "njop_unreadable": "a property value (NJOP) in whole rupiah",
    "principal_unreadable": "an amount due in whole rupiah",
    "payment_unreadable": "an amount paid in whole rupiah, or nothing",
    "fine_unreadable": "a fine in whole rupiah, or nothing",
    "date_unreadable": "a date such as 2020-09-30 or 30-09-2020",
    "negative": "an amount of zero or more",
    "too_large": "an amount of at most 100,000,000,000,000 rupiah",
    "due_before_issue": "a due date on or after the day of issue",
    "paid_before_issue": "a payment on or after the day of issue",
    "payment_undated": "a day of payment beside an amount paid",
    "payment_without_amount": "an amount paid beside a day of payment",
    "fine_exceeds_payment": "a fine that is part of the amount paid",
    "status_contradicts": "a payment status that agrees with the payment",
}
CODES = {reason: number for number, reason in enumerate(REASONS, start=1)}
COLUMNS = ["file", "row", "reason", "column", "value", "place", "expected"]


@dataclass(frozen=True)
class Excluded:
    """One row that is not counted; nothing in it tells whose it is."""

    row: int
    reason: str
    column: str = ""
    value: str = ""
    place: str = ""
    file: str = ""


@dataclass
class Exclusions:
    """Counts by reason, and the first rows of each."""

    counts: Counter[str] = field(default_factory=Counter)
    listed: list[Excluded] = field(default_factory=list)

    def add(self, reason: str, rows: int, listed: Iterable[Excluded] = ()) -> None:
        """Count rows under a reason and keep the first of them for the list."""
        if rows:
            self.counts[reason] += rows
            self.listed.extend(listed)

    def count_frame(self) -> pd.DataFrame:
        """Rows by reason, in the order of precedence; only reasons that occurred."""
        rows = [(reason, self.counts[reason], REASONS[reason]) for reason in REASONS if self.counts[reason]]
        return pd.DataFrame(rows, columns=["reason", "rows", "expected"])

    def list_frame(self) -> pd.DataFrame:
        """The first rows under each reason, by row number."""
        seen: Counter[str] = Counter()
        out = []
        for one in sorted(self.listed, key=lambda one: (one.file, one.row, one.column)):
            seen[one.reason] += 1
            if seen[one.reason] <= LISTED:
                out.append((one.file, one.row, one.reason, one.column, one.value, one.place, REASONS[one.reason]))
        return pd.DataFrame(out, columns=COLUMNS)

    @staticmethod
    def merged(parts: Iterable[Exclusions]) -> Exclusions:
        """The exclusions of several parts as one."""
        out = Exclusions()
        for part in parts:
            out.counts.update(part.counts)
            out.listed.extend(part.listed)
        return out


def masked_value(value: object) -> str:
    """The shape of a cell: every letter as ``a``, every digit as ``#``, except in short numbers and dates.

    A cell may hold what the next column should, a name for example; its shape is enough to find the defect.

    Examples
    --------
    >>> masked_value("seratus juta"), masked_value("-125000"), masked_value("2020-02-30")
    ('aaaaaaa aaaa', '-125000', '2020-02-30')
    >>> masked_value("33.74.010.001.002-0003")
    '##.##.###.###.###-####'
    """
    text = value.decode("latin-1") if isinstance(value, bytes) else str(value)
    text = text.strip()
    digits = sum(character.isdigit() for character in text)
    if digits <= 8 and re.fullmatch(r"[-+]?[0-9][0-9./:-]*", text):
        return text
    shape = "".join("#" if c.isdigit() else "a" if c.isalpha() else c for c in text)
    return shape if len(shape) <= 30 else f"{shape[:30]}…"


def masked_place(nop: int, city: str) -> str:
    """An object number (its last 14 digits as a number) cut to province, city, kecamatan and kelurahan.

    Examples
    --------
    >>> masked_place(10_001_002_0003_0, "3374")
    '33.74.010.001.***'
    """
    digits = f"{nop:014d}"
    return f"{city[:2]}.{city[2:]}.{digits[:3]}.{digits[3:6]}.***"
