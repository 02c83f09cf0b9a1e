"""Classes of bills for which the same terms hold.

Which terms hold for a bill depends on four things only: its tax year, the day it was paid, its property value and
the use of its building. Each is cut at the places where some term begins or ends; the combinations are at most a
few thousand, so rates are added up once for each combination and looked up for each bill.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np

from ogp_analysis.recovery.relief.money import WHOLE
from ogp_analysis.recovery.relief.terms import ReliefTerms, Term
from ogp_analysis.sources.tax_roll.check import Bills
from ogp_analysis.sources.tax_roll.values import EPOCH, FIRST_DAY, LAST_DAY, Array

YEARS = 10_000
USES = 101  # 0 to 99, and the last for a building whose use is not known


@dataclass(frozen=True)
class Rates:
    """Basis points by class: cut of the principal, the part of it that does not hang on the payment, waiver."""

    cut: Array
    always: Array
    waived: Array


@dataclass(frozen=True)
class Classes:
    """Tables to look up: the class of a bill, and what holds in the class.

    Attributes
    ----------
    year, day, use : arrays
        Class by tax year; by day since the first possible one plus 1, 0 for unpaid; by ``KD_JPB``.
    limits : tuple of int
        Limits of the property value, in order.
    rates : Rates
        With every measure.
    without : tuple of Rates
        Without each measure in turn.
    holds, offered : bool arrays, term by class
        Whether the term holds; whether the bill is for it and open when it begins.
    """

    year: Array
    day: Array
    use: Array
    limits: tuple[int, ...]
    shape: tuple[int, int, int, int]
    rates: Rates
    without: tuple[Rates, ...]
    holds: Array
    offered: Array

    def of(self, bills: Bills) -> Array:
        """The class of each bill."""
        _, days, limits, uses = self.shape
        out = self.year[bills.year] * np.int32(days)
        out += self.day[np.maximum(bills.paid_on, FIRST_DAY - 1) - np.int32(FIRST_DAY - 1)]
        out *= np.int32(limits)
        for limit in self.limits:
            out += bills.njop > limit
        if uses > 1:
            out *= np.int32(uses)
            out += self.use[bills.use]
        return out


def build_classes(terms: ReliefTerms, as_of: date) -> Classes:
    """Work out the classes of a set of terms, as seen on a day."""
    own = terms.terms
    years = _cuts([(max(t.years[0], 0), min(t.years[1], YEARS - 1)) for t in own], YEARS)
    last_day = min(_number(as_of), LAST_DAY)
    windows = [None if t.window is None else (_number(t.window[0]), _number(t.window[1])) for t in own]
    # place 0 stands for unpaid, also for a payment after the day from which things are seen
    spans = [(w[0] - FIRST_DAY + 1, w[1] - FIRST_DAY + 1) for w in windows if w is not None]
    size = LAST_DAY - FIRST_DAY + 2
    days = _cuts([(1, last_day - FIRST_DAY + 1), *spans], size)
    days[last_day - FIRST_DAY + 2 :] = 0
    limits = tuple(sorted({t.njop_max for t in own if t.njop_max is not None}))
    groups = list(dict.fromkeys(t.uses for t in own if t.uses is not None))
    use_sets = np.array([[n in group for group in groups] for n in range(USES)], bool).reshape(USES, len(groups))
    patterns, use = np.unique(use_sets, axis=0, return_inverse=True)
    shape = (int(years.max()) + 1, int(days.max()) + 1, len(limits) + 1, len(patterns))
    year_of = np.array([np.flatnonzero(years == n)[0] for n in range(shape[0])])
    day_of = np.array([np.flatnonzero(days == n)[0] for n in range(shape[1])])
    holds = np.zeros((len(own), *shape), bool)
    offered = np.zeros((len(own), *shape), bool)
    for n, (term, window) in enumerate(zip(own, windows, strict=True)):
        in_years = (year_of >= term.years[0]) & (year_of <= term.years[1])
        in_limit = np.arange(shape[2]) <= (limits.index(term.njop_max) if term.njop_max is not None else shape[2])
        in_use = np.ones(shape[3], bool) if term.uses is None else patterns[:, groups.index(term.uses)]
        concerned = in_years[:, None, None, None] & in_limit[:, None] & in_use
        if window is None:
            paid_then = open_then = np.ones(shape[1], bool)
        else:
            at = day_of + FIRST_DAY - 1
            paid_then = (day_of > 0) & (at >= window[0]) & (at <= window[1])
            open_then = ((day_of == 0) | (at >= window[0])) & (window[0] <= _number(as_of))
        holds[n] = concerned & paid_then[:, None, None]
        offered[n] = concerned & open_then[:, None, None]
    flat = (len(own), int(np.prod(shape)))
    holds, offered = holds.reshape(flat), offered.reshape(flat)
    rates = _rates(own, holds, "")
    without = tuple(_rates(own, holds, measure) for measure in terms.measures)
    small = np.int32
    return Classes(
        years.astype(small), days.astype(small), use.ravel().astype(small), limits, shape, rates, without, holds,
        offered,
    )  # fmt: skip


def _number(day: date) -> int:
    return day.toordinal() - EPOCH


def _cuts(spans: list[tuple[int, int]], size: int) -> Array:
    """The class of each place from 0 to size: a new one wherever a span begins or has ended."""
    edges = {edge for first, last in spans for edge in (first, last + 1)}
    steps = np.zeros(size, np.int64)
    steps[[edge for edge in edges if 0 < edge < size]] = 1
    return np.asarray(np.cumsum(steps))


def _rates(terms: tuple[Term, ...], holds: Array, without: str) -> Rates:
    sums = {name: np.zeros(holds.shape[1], np.int64) for name in ("cut", "always", "waived")}
    for term, here in zip(terms, holds, strict=True):
        if term.measure == without:
            continue
        if term.cuts == "fine":
            sums["waived"] += here * term.basis_points
        else:
            sums["cut"] += here * term.basis_points
            if term.window is None:
                sums["always"] += here * term.basis_points
    return Rates(**{name: np.minimum(total, WHOLE) for name, total in sums.items()})
