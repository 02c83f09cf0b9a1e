"""Several rows for one bill: of the cycles of one object and tax year the latest counts.

A later cycle of the same NOP and tax year replaces the earlier bill, whether or not its own row can be read. If
the latest cycle itself stands in the roll more than once, none of its rows counts: nothing says which is right.
Both rules give the same answer in whatever order the rows are read. A cycle that was issued after the day of the
assessment replaces nothing: on that day it was not there yet.
"""

from __future__ import annotations

from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np

from ogp_analysis.sources.tax_roll.check import KEY_CYCLE, Bills
from ogp_analysis.sources.tax_roll.exclusions import CODES
from ogp_analysis.sources.tax_roll.values import LAST_DAY, Array

FILTER_BITS = 22
SAMPLE, SHARES = 10_000, (0.25, 0.5, 0.75)
ODD = np.uint64(0x9E3779B97F4A7C15)


@dataclass(frozen=True)
class Repeats:
    """Keys of the rows that do not count, each list in order."""

    superseded: Array
    repeated: Array


def issued_later(bills: Bills, as_of: int) -> Array:
    """Which bills were issued after a day (counted from 1970-01-01); one without a readable day was not."""
    return np.asarray((bills.issued > as_of) & (bills.issued <= LAST_DAY))


def keys_of(bills: Bills, as_of: int) -> Array:
    """The keys of the bills that were there on a day."""
    later = issued_later(bills, as_of)
    return bills.key[~later] if later.any() else bills.key


def find_repeats(keys: Iterable[Array]) -> Repeats:
    """Find the bills with several rows, exactly, by putting the keys of all rows in order.

    Examples
    --------
    >>> found = find_repeats([np.array([1 * KEY_CYCLE + 1, 2 * KEY_CYCLE + 1]), np.array([1 * KEY_CYCLE + 2])])
    >>> (found.superseded - KEY_CYCLE).tolist(), found.repeated.tolist()
    ([1], [])
    """
    parts = list(keys)
    every = np.concatenate(parts) if parts else np.zeros(0, np.int64)
    # ranges of keys that part no bill are put in order by a thread each
    sample = every[:: max(1, len(every) // SAMPLE)]
    tops = np.quantile(sample, SHARES).astype(np.int64).tolist() if len(sample) else []
    cuts: list[int | None] = sorted({top // KEY_CYCLE * KEY_CYCLE for top in tops})
    bounds = list(zip([None, *cuts], [*cuts, None], strict=True))
    with ThreadPoolExecutor() as pool:
        found = list(pool.map(lambda bound: _repeats_between(every, *bound), bounds))
    return Repeats(
        np.concatenate([one.superseded for one in found]), np.concatenate([one.repeated for one in found])
    )


def _repeats_between(keys: Array, low: int | None, high: int | None) -> Repeats:
    inside = np.ones(len(keys), bool)
    if low is not None:
        inside &= keys >= low
    if high is not None:
        inside &= keys < high
    ordered = keys[inside]
    ordered.sort()
    objects = ordered // KEY_CYCLE
    first = np.flatnonzero(objects[1:] == objects[:-1])
    places = np.union1d(first, first + 1)
    mine, group = ordered[places], objects[places]
    latest = mine[np.searchsorted(group, group, side="right") - 1]
    copies = np.searchsorted(mine, mine, side="right") - np.searchsorted(mine, mine, side="left")
    return Repeats(np.unique(mine[mine < latest]), np.unique(mine[(mine == latest) & (copies > 1)]))


def mark_repeats(bills: Bills, repeats: Repeats, as_of: int) -> Array:
    """The reasons of the bills: issued later, then one of several rows, before any other defect."""
    reason = bills.reason
    for name, keys in (("superseded", repeats.superseded), ("repeated", repeats.repeated)):
        if len(keys):
            found = _found(bills.key, keys)
            if len(found):
                reason = reason.copy()
                reason[found] = CODES[name]
    later = issued_later(bills, as_of)
    if later.any():
        reason = np.where(later, np.uint8(CODES["issued_later"]), reason)
    return reason


def _found(keys: Array, wanted: Array) -> Array:
    """Places of the keys that stand in a list; a coarse table spares the search for most of the others."""
    coarse = np.zeros(1 << FILTER_BITS, bool)
    coarse[_coarse(wanted)] = True
    maybe = np.flatnonzero(coarse[_coarse(keys)])
    at = np.searchsorted(wanted, keys[maybe])
    return np.asarray(maybe[wanted[np.minimum(at, len(wanted) - 1)] == keys[maybe]])


def _coarse(keys: Array) -> Array:
    # keys are never negative; the product wraps, which mixes its upper bits
    return np.asarray((keys.view(np.uint64) * ODD) >> np.uint64(64 - FILTER_BITS))
