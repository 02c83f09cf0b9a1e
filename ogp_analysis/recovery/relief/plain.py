"""The engine's sums done plainly, one bill after another in Python: for small rolls, and to check the engine."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

import pandas as pd

from ogp_analysis.recovery.relief.fines import GENERAL_RULE, FineRule, months_late
from ogp_analysis.recovery.relief.money import WHOLE, share_of
from ogp_analysis.recovery.relief.terms import ReliefTerms, Term

COLUMNS = ["tax_year", "njop", "principal", "issued", "due", "paid_on", "use"]


def amount_due(
    principal: int,
    due: date,
    paid_on: date | None,
    as_of: date,
    terms: Iterable[Term],
    fine: FineRule = GENERAL_RULE,
) -> int:
    """What a bill costs under the terms that hold for it.

    1. Cuts of the principal add up, at most to all of it; each share is of the full principal.
    2. The fine is on the tax that was owed on the due date: the principal less the cuts that do not hang on the
       day of payment. A cut granted on payment does not make the fine smaller.
    3. Waivers of the fine add up, at most to all of it.

    A bill unpaid on ``as_of`` carries the fine of that day.

    Parameters
    ----------
    principal : int
        Rupiah.
    due, as_of : date
    paid_on : date or None
        A payment after ``as_of`` has not happened yet.
    terms : iterable of Term
        Only those that hold for the bill, see :func:`holds`.
    fine : FineRule

    Examples
    --------
    >>> amount_due(100_000, date(2019, 9, 30), date(2020, 9, 15), date(2020, 12, 31), [])
    124000
    >>> waiver = Term("W", 1, "fine", 10_000, (date(2020, 9, 1), date(2020, 12, 31)), (0, 2019))
    >>> amount_due(100_000, date(2019, 9, 30), date(2020, 9, 15), date(2020, 12, 31), [waiver])
    100000
    """
    day = as_of if paid_on is None or paid_on > as_of else paid_on
    terms = list(terms)
    cuts = [term for term in terms if term.cuts == "principal"]
    cut = min(WHOLE, sum(term.basis_points for term in cuts))
    always = min(WHOLE, sum(term.basis_points for term in cuts if term.window is None))
    waived = min(WHOLE, sum(term.basis_points for term in terms if term.cuts == "fine"))
    owed = principal - share_of(principal, always)
    fined = share_of(owed, fine.basis_points * months_late(due, day, fine.most_months))
    return principal - share_of(principal, cut) + fined - share_of(fined, waived)


def concerns(term: Term, tax_year: int, njop: int, use: int | None) -> bool:
    """Whether a term is for a bill of this year, property value and use, whenever it is paid."""
    return (
        term.years[0] <= tax_year <= term.years[1]
        and (term.njop_max is None or njop <= term.njop_max)
        and (term.uses is None or (use is not None and use in term.uses))
    )


def holds(term: Term, tax_year: int, njop: int, use: int | None, paid_on: date | None, as_of: date) -> bool:
    """Whether a term holds for a bill: it is for it, and the bill was paid on one of its days."""
    if not concerns(term, tax_year, njop, use):
        return False
    if term.window is None:
        return True
    return paid_on is not None and paid_on <= as_of and term.window[0] <= paid_on <= term.window[1]


def _offered(term: Term, row: Mapping[Any, Any], use: int | None, paid_on: date | None, as_of: date) -> bool:
    """Whether a bill could be paid under a term: it is for it, existed, was open, and had a fine to waive."""
    if not concerns(term, row["tax_year"], row["njop"], use) or row["principal"] == 0:
        return False
    if term.window is None:
        return True
    first, last = term.window
    open_then = paid_on is None or paid_on >= first
    overdue = term.cuts != "fine" or row["due"] < last
    return open_then and first <= as_of and row["issued"] <= last and overdue


def relief_per_bill(
    bills: pd.DataFrame, terms: ReliefTerms, as_of: date, fine: FineRule = GENERAL_RULE
) -> pd.DataFrame:
    """What each bill of a small roll cost with the measures, without any, and without each one.

    Parameters
    ----------
    bills : DataFrame
        ``tax_year``, ``njop``, ``principal`` (whole numbers), ``issued``, ``due``, ``paid_on`` (dates, missing if
        unpaid), ``use`` (``KD_JPB`` as a number, or missing).
    terms : ReliefTerms
    as_of : date
        Payments after this day have not happened yet.
    fine : FineRule

    Returns
    -------
    DataFrame
        On the index of the bills: ``due_with``, ``due_without`` (any measure), and for each measure
        ``forgone:<measure>`` (what its absence, all others in place, would add to the bill), ``offered:`` and
        ``used:<measure>``. The measures' own figures do not add up to the joint one where two meet in one bill.

    Examples
    --------
    >>> bill = {"tax_year": [2019], "njop": [200_000_000], "principal": [100_000], "issued": [date(2019, 2, 1)]}
    >>> bills = pd.DataFrame({**bill, "due": [date(2019, 9, 30)], "paid_on": [date(2020, 9, 15)], "use": [1]})
    >>> waiver = Term("W", 1, "fine", 10_000, (date(2020, 9, 1), date(2020, 12, 31)), (0, 2019))
    >>> relief_per_bill(bills, ReliefTerms((waiver,), pd.DataFrame()), date(2020, 12, 31)).T[0].to_dict()
    {'due_with': 100000, 'due_without': 124000, 'forgone:W': 24000, 'offered:W': True, 'used:W': True}
    """
    out = []
    for row in bills[COLUMNS].to_dict("records"):
        paid_on = None if pd.isna(row["paid_on"]) or row["paid_on"] > as_of else row["paid_on"]
        use = None if pd.isna(row["use"]) else int(row["use"])
        bill = (int(row["principal"]), row["due"], paid_on, as_of)
        mine = [term for term in terms.terms if holds(term, row["tax_year"], row["njop"], use, paid_on, as_of)]
        with_all = amount_due(*bill, mine, fine)
        cells: dict[str, object] = {"due_with": with_all, "due_without": amount_due(*bill, [], fine)}
        for measure in terms.measures:
            rest = [term for term in mine if term.measure != measure]
            own = [term for term in terms.terms if term.measure == measure]
            offered = [term for term in own if _offered(term, row, use, paid_on, as_of)]
            late = paid_on is not None and paid_on > row["due"]
            cells[f"forgone:{measure}"] = amount_due(*bill, rest, fine) - with_all
            cells[f"offered:{measure}"] = bool(offered)
            cells[f"used:{measure}"] = any(
                term in mine and (term.cuts != "fine" or term.window is None or late) for term in offered
            )
        out.append(cells)
    return pd.DataFrame(out, index=bills.index)
