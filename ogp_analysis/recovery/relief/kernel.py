"""What bills cost with and without the measures, whole columns at once; the rules are those of ``plain``."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np

from ogp_analysis.recovery.relief.classes import Classes, Rates, build_classes
from ogp_analysis.recovery.relief.fines import FineRule, months_late_array
from ogp_analysis.recovery.relief.money import share_of
from ogp_analysis.recovery.relief.terms import ReliefTerms
from ogp_analysis.sources.tax_roll.check import Bills
from ogp_analysis.sources.tax_roll.values import EPOCH, NO_DAY, Array


@dataclass(frozen=True)
class Plan:
    """Everything that is the same for every bill."""

    terms: ReliefTerms
    classes: Classes
    as_of: int
    fine: FineRule


@dataclass(frozen=True)
class MeasureEffect:
    """One measure in a set of bills: where it was offered, where used, and what it took off the bills."""

    offered: Array
    used: Array
    places: Array
    forgone: Array


@dataclass(frozen=True)
class Effect:
    """What each bill costs, and each measure's part; ``paid`` tells which were paid by the day of the plan."""

    due_with: Array
    due_without: Array
    paid: Array
    measures: tuple[MeasureEffect, ...]


def make_plan(terms: ReliefTerms, as_of: date, fine: FineRule) -> Plan:
    """Work out what is the same for every bill."""
    return Plan(terms, build_classes(terms, as_of), as_of.toordinal() - EPOCH, fine)


def effect_of(bills: Bills, plan: Plan) -> Effect:
    """What each bill costs with the measures, without any, and without each one."""
    classes, as_of = plan.classes, plan.as_of
    own = classes.of(bills)
    paid = np.asarray((bills.paid_on != NO_DAY) & (bills.paid_on <= as_of))
    day = np.where(paid, bills.paid_on, np.int32(as_of))
    late = np.flatnonzero(day > bills.due)
    fined = np.zeros(len(bills), np.int64)
    fined[late] = plan.fine.basis_points * months_late_array(bills.due[late], day[late], plan.fine.most_months)
    due_with = _due(bills.principal, fined, own, classes.rates)
    due_without = bills.principal.copy()
    due_without[late] += share_of(bills.principal[late], fined[late])
    measures = []
    for name, rates in zip(plan.terms.measures, classes.without, strict=True):
        numbers = [n for n, term in enumerate(plan.terms.terms) if term.measure == name]
        measures.append(_measure(bills, plan, own, fined, due_with, paid, numbers, rates))
    return Effect(due_with, due_without, paid, tuple(measures))


def _due(principal: Array, fined: Array, own: Array, rates: Rates) -> Array:
    """``plain.amount_due`` for many bills; ``fined`` is the fine in basis points."""
    cut = rates.cut[own]
    out = principal - share_of(principal, cut)
    late = np.flatnonzero(fined)
    if len(late):
        there = own[late]
        owed = principal[late] - share_of(principal[late], rates.always[there])
        fine = share_of(owed, fined[late])
        out[late] += fine - share_of(fine, rates.waived[there])
    return np.asarray(out)


def _measure(
    bills: Bills,
    plan: Plan,
    own: Array,
    fined: Array,
    due_with: Array,
    paid: Array,
    numbers: list[int],
    rates: Rates,
) -> MeasureEffect:
    classes = plan.classes
    anywhere = np.logical_or.reduce(classes.offered[numbers])
    none = np.zeros(0, np.intp)
    if not anywhere.any():
        return MeasureEffect(none, none, none, none)
    places = np.flatnonzero(anywhere[own])
    there = own[places]
    offered, used = np.zeros(len(places), bool), np.zeros(len(places), bool)
    for number in numbers:
        term = plan.terms.terms[number]
        here = classes.offered[number][there] & (bills.principal[places] > 0)
        if term.window is None:
            mine = here & classes.holds[number][there]
        else:
            last = term.window[1].toordinal() - EPOCH
            here &= bills.issued[places] <= last
            mine = here
            if term.cuts == "fine":
                here &= bills.due[places] < last
                mine = here & paid[places] & (bills.paid_on[places] > bills.due[places])
            mine = mine & classes.holds[number][there]
        offered |= here
        used |= mine
    holding = places[np.logical_or.reduce(classes.holds[numbers])[there]]
    forgone = _due(bills.principal[holding], fined[holding], own[holding], rates) - due_with[holding]
    return MeasureEffect(places[offered], places[used], holding, forgone)
