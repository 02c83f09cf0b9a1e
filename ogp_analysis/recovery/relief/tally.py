"""Sums over bills by kecamatan, NJOP decile and tax year, exact in whole rupiah."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from ogp_analysis.recovery.relief.deciles import DECILES, Survey, deciles
from ogp_analysis.recovery.relief.kernel import Plan, effect_of
from ogp_analysis.sources.tax_roll.check import Bills
from ogp_analysis.sources.tax_roll.values import Array

PIECE = 1 << 16
EXACT = 2**53  # whole numbers up to here are exact in floating point, in which numpy adds up by group
LOW_BITS = 26
BILLS = (
    "bills",
    "principal",
    "due_with",
    "due_without",
    "relieved_bills",
    "paid_bills",
    "paid",
    "fine_paid",
    "early_bills",
    "days_early",
    "late_bills",
    "days_late",
)
MEASURES = ("offered", "used", "forgone")


@dataclass(frozen=True)
class Cells:
    """The groups that sums are made for: kecamatan and tax years that occur, and the bounds of the deciles."""

    kecamatan: tuple[int, ...]
    bounds: Survey

    @property
    def size(self) -> int:
        """How many groups there are."""
        return len(self.kecamatan) * DECILES * len(self.bounds)

    def of(self, bills: Bills) -> Array:
        """The group of each bill."""
        at = np.zeros(1000, np.int32)
        at[list(self.kecamatan)] = np.arange(len(self.kecamatan), dtype=np.int32)
        years = list(self.bounds)
        year_at = np.zeros(max(years) + 1, np.int32)
        year_at[years] = np.arange(len(years), dtype=np.int32)
        own = at[bills.kecamatan] * DECILES + deciles(bills.njop, bills.year, self.bounds)
        return np.asarray(own * len(years) + year_at[bills.year])


@dataclass(frozen=True)
class Tally:
    """Sums by group: ``bills`` is ``BILLS`` by group, ``measures`` is measure by ``MEASURES`` by group."""

    bills: Array
    measures: Array


def group_sums(groups: Array, values: Array, size: int) -> Array:
    """Sums of whole numbers by group, exact as long as they fit into 64 bits.

    Examples
    --------
    >>> group_sums(np.array([0, 1, 0]), np.array([2**60, 5, 1]), 2).tolist() == [2**60 + 1, 5]
    True
    """
    if len(values) == 0:
        return np.zeros(size, np.int64)
    low, high = int(values.min()), int(values.max())
    if max(abs(low), abs(high)) * len(values) < EXACT:
        return np.bincount(groups, values, size).astype(np.int64)
    upper = values >> LOW_BITS
    lower = values - (upper << LOW_BITS)
    sums = np.zeros(size, np.int64)
    if max(abs(low), abs(high)) >> LOW_BITS < EXACT // len(values):
        sums += np.bincount(groups, upper, size).astype(np.int64) << LOW_BITS
        sums += np.bincount(groups, lower, size).astype(np.int64)
    else:
        np.add.at(sums, groups, values)
    return sums


def tally(bills: Bills, reason: Array, plan: Plan, cells: Cells) -> Tally:
    """Sum up the counted bills of a part."""
    own = np.zeros((len(BILLS), cells.size), np.int64)
    measures = np.zeros((len(plan.terms.measures), len(MEASURES), cells.size), np.int64)
    for start in range(0, len(bills), PIECE):
        part = bills.take(slice(start, start + PIECE))
        counted = reason[start : start + PIECE] == 0
        if not counted.all():
            part = part.take(counted)
        if len(part):
            _add(part, plan, cells, own, measures)
    return Tally(own, measures)


def _add(bills: Bills, plan: Plan, cells: Cells, own: Array, measures: Array) -> None:
    groups, size = cells.of(bills), cells.size
    effect = effect_of(bills, plan)
    paid = np.flatnonzero(effect.paid)
    paid_groups = groups[paid]
    after = bills.paid_on[paid].astype(np.int64) - bills.due[paid]
    early, late = np.flatnonzero(after < 0), np.flatnonzero(after > 0)
    sums = {
        "bills": np.bincount(groups, minlength=size),
        "principal": group_sums(groups, bills.principal, size),
        "due_with": group_sums(groups, effect.due_with, size),
        "due_without": group_sums(groups, effect.due_without, size),
        "relieved_bills": np.bincount(groups[effect.due_with < effect.due_without], minlength=size),
        "paid_bills": np.bincount(paid_groups, minlength=size),
        "paid": group_sums(paid_groups, bills.paid[paid], size),
        "fine_paid": group_sums(paid_groups, bills.fine[paid], size),
        "early_bills": np.bincount(paid_groups[early], minlength=size),
        "days_early": group_sums(paid_groups[early], -after[early], size),
        "late_bills": np.bincount(paid_groups[late], minlength=size),
        "days_late": group_sums(paid_groups[late], after[late], size),
    }
    for place, name in enumerate(BILLS):
        own[place] += sums[name]
    for place, one in enumerate(effect.measures):
        if len(one.offered):
            measures[place, 0] += np.bincount(groups[one.offered], minlength=size)
            measures[place, 1] += np.bincount(groups[one.used], minlength=size)
        if len(one.places):
            measures[place, 2] += group_sums(groups[one.places], one.forgone, size)


def added(tallies: Iterable[Tally]) -> Tally:
    """Several tallies as one."""
    parts = iter(tallies)
    first = next(parts)
    bills, measures = first.bills.copy(), first.measures.copy()
    for part in parts:
        bills += part.bills
        measures += part.measures
    return Tally(bills, measures)
