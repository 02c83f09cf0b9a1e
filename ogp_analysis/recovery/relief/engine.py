"""The relief engine: a roll is read once, bills with several rows and deciles are settled, bills are summed up.

Each step takes parts and gives something small enough to be put together, so the steps are the same on several
threads here and on several machines, see ``cluster``. Memory: about 70 bytes a bill while it runs.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
import pandas as pd

from ogp_analysis.errors import DataError, ParameterError, Problem
from ogp_analysis.recovery.relief.benefit import benefit_by_year
from ogp_analysis.recovery.relief.deciles import Survey, decile_bounds, survey
from ogp_analysis.recovery.relief.fines import GENERAL_RULE, FineRule
from ogp_analysis.recovery.relief.kernel import Plan, make_plan
from ogp_analysis.recovery.relief.repeats import Repeats, find_repeats, keys_of, mark_repeats
from ogp_analysis.recovery.relief.result import Relief, as_frames, bounds_frame
from ogp_analysis.recovery.relief.tally import Cells, Tally, added, tally
from ogp_analysis.recovery.relief.terms import ReliefTerms
from ogp_analysis.sources.tax_roll.check import KEY_CYCLE, KEY_YEAR, REASON_OF, Checked
from ogp_analysis.sources.tax_roll.exclusions import LISTED, Excluded, Exclusions, masked_place
from ogp_analysis.sources.tax_roll.roll import TaxRoll
from ogp_analysis.sources.tax_roll.scan import scan_roll
from ogp_analysis.sources.tax_roll.values import EPOCH


@dataclass(frozen=True)
class Account:
    """Where the rows of a part went, its property values, and the kecamatan that occur."""

    read: int
    layout: int
    counted: int
    exclusions: Exclusions
    njop: Survey
    kecamatan: frozenset[int]
    illustrative: bool


def assess_relief(
    rolls: TaxRoll | Sequence[TaxRoll],
    terms: ReliefTerms,
    as_of: date,
    *,
    fine: FineRule = GENERAL_RULE,
    threads: int | None = None,
) -> Relief:
    """What a city's published relief did to the bills of a land-tax roll.

    Each bill is worked out with all measures, with none, and without each one, by the rules of
    :func:`~ogp_analysis.recovery.relief.plain.amount_due`. Of several cycles of a bill the latest counts.

    Parameters
    ----------
    rolls : TaxRoll or sequence of TaxRoll
        Several are taken as parts of one.
    terms : ReliefTerms
    as_of : date
        Bills issued after this day are left out, payments after it have not happened yet, and unpaid bills carry
        the fine of this day.
    fine : FineRule
        The general rule of the time, without it.
    threads : int, optional
        As many as processors, without it.

    Returns
    -------
    Relief

    Raises
    ------
    DataError
        If no row can be counted, or a file is damaged.

    Examples
    --------
    >>> from ogp_analysis.recovery.relief.example import example_relief
    >>> relief = example_relief()
    >>> int(relief.totals()["bills"] + relief.exclusions["rows"].sum()) == relief.rows_read, relief.state
    (True, 'illustrative')
    """
    plan = make_plan(terms, as_of, fine)
    return assess_parts(read_parts(rolls, as_of, threads=threads), plan, as_of, threads=threads)


def assess_with_benefit(
    rolls: TaxRoll | Sequence[TaxRoll],
    terms: ReliefTerms,
    as_of: date,
    *,
    fine: FineRule = GENERAL_RULE,
    threads: int | None = None,
) -> tuple[Relief, pd.DataFrame]:
    """:func:`assess_relief`, and who had the relief, from one reading of the roll.

    Parameters
    ----------
    rolls, terms, as_of, fine, threads
        As there.

    Returns
    -------
    (Relief, DataFrame)
        The second from :func:`~ogp_analysis.recovery.relief.benefit.benefit_by_year`.

    Raises
    ------
    DataError
        As there.
    """
    plan = make_plan(terms, as_of, fine)
    parts = read_parts(rolls, as_of, threads=threads)
    return assess_parts(parts, plan, as_of, threads=threads), benefit_by_year(parts, plan)


def read_parts(rolls: TaxRoll | Sequence[TaxRoll], as_of: date, *, threads: int | None = None) -> list[Checked]:
    """Read a roll once; every row knows whether it counts on a day."""
    parts = [part for roll in as_list(rolls) for part in scan_roll(roll, threads=threads)]
    day = as_of.toordinal() - EPOCH
    repeats = find_repeats(keys_of(part.bills, day) for part in parts)
    return [settled(part, repeats, day) for part in parts]


def assess_parts(parts: Sequence[Checked], plan: Plan, as_of: date, *, threads: int | None = None) -> Relief:
    """The relief of a roll that was read by :func:`read_parts`."""
    with ThreadPoolExecutor(threads or os.cpu_count() or 1) as pool:
        accounts = list(pool.map(account_of, parts))
        cells = cells_of(accounts)
        # added up as they come: each is small, hundreds of them are not
        sums = added(pool.map(lambda part: tally_of(part, plan, cells), parts))
    return relief_of(accounts, sums, plan, cells, as_of)


def as_list(rolls: TaxRoll | Sequence[TaxRoll]) -> list[TaxRoll]:
    """One roll or several as a list, of one city."""
    found = [rolls] if isinstance(rolls, TaxRoll) else list(rolls)
    if not found or len({roll.city for roll in found}) != 1:
        raise ParameterError("Relief is worked out for one city at a time.", hint="Give rolls of one city.")
    return found


def settled(part: Checked, repeats: Repeats, as_of: int) -> Checked:
    """A part whose rows know whether they count on a day (counted from 1970-01-01)."""
    return replace(part, bills=replace(part.bills, reason=mark_repeats(part.bills, repeats, as_of)))


def account_of(part: Checked) -> Account:
    """Where the rows of a part went; ``read`` is what was counted plus what was excluded."""
    bills = part.bills
    out = Exclusions(Counter(part.exclusions.counts), list(part.exclusions.listed))
    for code in np.flatnonzero(np.bincount(bills.reason)).tolist():
        if code == 0:
            continue
        places = np.flatnonzero(bills.reason == code)
        listed = []
        for place in places[:LISTED].tolist():
            row = int(bills.row[place])
            column, value = part.cells.get(row, ("", ""))
            if REASON_OF[code] in ("issued_later", "superseded", "repeated"):
                column, value = "", ""
            nop = int(bills.key[place]) // (KEY_YEAR * KEY_CYCLE)
            listed.append(Excluded(row, REASON_OF[code], column, value, masked_place(nop, part.city), part.file))
        out.add(REASON_OF[code], len(places), listed)
    counted = bills.reason == 0
    return Account(
        part.read,
        part.layout,
        int(counted.sum()),
        out,
        survey(bills, bills.reason),
        frozenset(np.flatnonzero(np.bincount(bills.kecamatan[counted])).tolist()),
        part.illustrative,
    )


def cells_of(accounts: Iterable[Account]) -> Cells:
    """The groups of all parts.

    Raises
    ------
    DataError
        If no row counts.
    """
    found = list(accounts)
    if not any(one.counted for one in found):
        counts = Exclusions.merged(one.exclusions for one in found).count_frame()
        said = "; ".join(
            f"{rows} without {expected}" for rows, expected in counts[["rows", "expected"]].to_numpy()
        )
        raise DataError(
            [
                Problem(
                    "the roll", None, None, None, f"at least one bill that can be counted ({said or 'no rows'})"
                )
            ],
            hint="Check the city's four digits, the kecamatan codes and the export.",
        )
    kecamatan = frozenset().union(*(one.kecamatan for one in found))
    return Cells(tuple(sorted(kecamatan)), decile_bounds(one.njop for one in found))


def tally_of(part: Checked, plan: Plan, cells: Cells) -> Tally:
    """The sums of a part."""
    return tally(part.bills, part.bills.reason, plan, cells)


def relief_of(accounts: Sequence[Account], sums: Tally, plan: Plan, cells: Cells, as_of: date) -> Relief:
    """Everything put together."""
    exclusions = Exclusions.merged(one.exclusions for one in accounts)
    state = "illustrative" if any(one.illustrative for one in accounts) else "derived"
    own, measures = as_frames(sums, cells, plan.terms, state)
    return Relief(
        own,
        measures,
        bounds_frame(cells),
        sum(one.read for one in accounts),
        sum(one.layout for one in accounts),
        exclusions.count_frame(),
        exclusions.list_frame(),
        plan.terms,
        as_of,
        plan.fine,
        state,
    )
