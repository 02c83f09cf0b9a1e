"""Who has the services: their shares beside shares of need, and whether places in need have more or less."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from ogp_analysis.case import Case
from ogp_analysis.quality import nearest_complete_period
from ogp_analysis.quarter import Quarter
from ogp_analysis.recovery.chance import measured
from ogp_analysis.stats.benefit import Gap, benefit_gap
from ogp_analysis.stats.concentration import Concentration, concentration_curve, grouped_concentration_index


@dataclass(frozen=True, eq=False)
class ServiceGap:
    """Share of a service less share of a need, by kecamatan.

    Attributes
    ----------
    service, period, need, need_period : str
    gap : Gap
    source_ids : tuple of str
    """

    service: str
    period: str
    need: str
    need_period: str
    gap: Gap
    source_ids: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class ServiceConcentration:
    """Whether kecamatan with more need have more or less of a service than their share of people.

    Attributes
    ----------
    service, period, base, base_period : str
    index : Concentration
    curve : DataFrame
        See :func:`~ogp_analysis.stats.concentration.concentration_curve`.
    source_ids : tuple of str
    """

    service: str
    period: str
    base: str
    base_period: str
    index: Concentration
    curve: pd.DataFrame
    source_ids: tuple[str, ...]


def service_periods(case: Case, quarter: Quarter) -> dict[str, str]:
    """The facilities of a case that every kecamatan has a whole number of, each with its newest such period.

    Examples
    --------
    >>> from ogp_analysis import load_case
    >>> service_periods(load_case("semarang"), Quarter(2023, 4))
    {'jumlah_rumah_sakit': '2022', 'jumlah_puskesmas': '2022', 'jumlah_apotek': '2022'}
    """
    found = {}
    with_base = [name for name in case.indicators_for("facility") if pd.notna(case.indicator(name)["denominator"])]
    for service in with_base:
        usable = [period for period in case.periods(service, quarter) if _countable(case, service, period)]
        if usable:
            found[service] = usable[-1]
    return found


def counted_need(case: Case, needs: dict[str, str]) -> tuple[str, str] | None:
    """The need that has shares and orders the kecamatan: the first count of things that none has less than 0 of.

    Parameters
    ----------
    case : Case
    needs : dict of indicator to period
        :func:`~ogp_analysis.recovery.need_periods`.

    Returns
    -------
    tuple of str or None
        Indicator and period.

    Examples
    --------
    >>> from ogp_analysis import load_case
    >>> from ogp_analysis.recovery.reach import need_periods
    >>> semarang = load_case("semarang")
    >>> counted_need(semarang, need_periods(semarang, Quarter(2023, 4), "2020-03-01"))
    ('rumah_tidak_layak_huni', '2023')
    """
    for need, period in needs.items():
        if need in case.indicators_for("need") and _countable(case, need, period):
            return need, period
    return None


def _countable(case: Case, indicator: str, period: str) -> bool:
    if case.indicator(indicator)["kind"] != "count" or not measured(case, indicator, period):
        return False
    values = case.values(indicator, period)["value"]
    return bool((values >= 0).all() and (values % 1 == 0).all() and values.sum() > 0)


def service_gaps(case: Case, services: dict[str, str], need: str = "", period: str = "") -> list[ServiceGap]:
    """Share of each service less share of a need, with the interval that chance leaves open.

    Chance here: each facility stands in a kecamatan as if drawn in proportion to the need, on its own
    (:func:`~ogp_analysis.stats.benefit.benefit_gap`, intervals for all kecamatan together).

    Parameters
    ----------
    case : Case
    services : dict of indicator to period
        :func:`service_periods`.
    need, period : str
        Without them the denominator of the service: its residents, in the complete period closest to it.

    Returns
    -------
    list of ServiceGap
        None for a service whose residents are not known for every kecamatan.

    Examples
    --------
    >>> from ogp_analysis import load_case
    >>> (first,) = service_gaps(load_case("semarang"), {"jumlah_puskesmas": "2022"})
    >>> first.need, first.need_period, bool(first.gap.table["within_chance"].all())
    ('jumlah_penduduk', '2022', True)
    """
    found = []
    for service, when in services.items():
        base = need or str(case.indicator(service)["denominator"])
        base_period = period or nearest_complete_period(case, base, when)
        if base_period is None or not measured(case, base, base_period):
            continue
        given, wanted = case.values(service, when), case.values(base, base_period)
        gap = benefit_gap(given["value"], wanted["value"])
        sources = tuple(dict.fromkeys([*given["source_id"].dropna(), *wanted["source_id"].dropna()]))
        found.append(ServiceGap(service, when, base, base_period, gap, sources))
    return found


def service_concentration(case: Case, services: dict[str, str], need: pd.Series) -> list[ServiceConcentration]:
    """Concentration index and curve of each service per resident, from the kecamatan with most need to the least.

    An index below zero: places with more need have more than their share of residents would give them. It is
    that of group means with residents as weights
    (:func:`~ogp_analysis.stats.concentration.grouped_concentration_index`); differences within a kecamatan are
    not in it.

    Parameters
    ----------
    case : Case
    services : dict of indicator to period
    need : Series
        Rate of need by ``code_bps``, higher is more need; complete.

    Returns
    -------
    list of ServiceConcentration
    """
    found = []
    for service, when in services.items():
        base = str(case.indicator(service)["denominator"])
        base_period = nearest_complete_period(case, base, when)
        if base_period is None or not measured(case, base, base_period):
            continue
        given, people = case.values(service, when), case.values(base, base_period)
        if (people["value"] <= 0).any():
            continue
        each = given["value"] / people["value"]
        # most need first, as the poorest come first in the books
        order = -need.reindex(each.index)
        index = grouped_concentration_index(each, order, people["value"])
        curve = concentration_curve(each, order, people["value"])
        sources = tuple(dict.fromkeys([*given["source_id"].dropna(), *people["source_id"].dropna()]))
        found.append(ServiceConcentration(service, when, base, base_period, index, curve, sources))
    return found
