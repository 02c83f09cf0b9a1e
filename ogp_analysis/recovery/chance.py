"""Rates of the kecamatan beside what chance alone would give, and counts too small to show."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from ogp_analysis.case import Case
from ogp_analysis.errors import ParameterError
from ogp_analysis.quality import nearest_complete_period, rate
from ogp_analysis.quarter import Quarter, Span
from ogp_analysis.stats.rates import Funnel, Kind, funnel, smoothed_rates
from ogp_analysis.stats.suppression import suppress_small

#: Units, in English, whose counts are of persons: a small one could give somebody away.
PERSONS = ("people", "cases", "deaths", "families", "households")
#: A count of persons from 1 to below this is not shown.
SMALLEST_SHOWN = 5
#: Sizes at which the limits of a funnel are computed for drawing.
STEPS = 60

#: Why a rate cannot be set beside chance.
LABELS = {
    "no_base": "It has no denominator.",
    "no_count": "It is an amount or an area, not a number of cases.",
    "incomplete": "Not every kecamatan has a figure.",
    "made_up": "Some values are illustrative, not measured.",
    "zero_base": "A kecamatan has a denominator of zero.",
    "negative": "Some values are below zero, so it is a difference and not a number of cases.",
    "broken": "Some values are not whole numbers.",
    "few_places": "There are fewer than three kecamatan.",
}


@dataclass(frozen=True, eq=False)
class BesideChance:
    """One rate of all kecamatan beside chance.

    Attributes
    ----------
    indicator, period : str
    base, base_period : str
        The denominator, and the period that it is of.
    per : float
        What rates are per: 10,000 people.
    kind : {"proportion", "rate"}
        ``proportion`` (houses of houses) or ``rate`` (cases per people); decides the model of chance.
    table : DataFrame
        Index ``code_bps``: ``name``, ``events``, ``people``, ``raw``, ``smoothed``, ``smoothed_low``,
        ``smoothed_high``, the limits ``low``, ``high``, ``very_low``, ``very_high`` (all rates times ``per``),
        ``position`` and ``state`` (of :func:`shown_counts`).
    funnel : Funnel
        The limits and what they mean, not times ``per``.
    total : int
        All events.
    source_ids : tuple of str
        Of the numerator and the denominator.
    """

    indicator: str
    period: str
    base: str
    base_period: str
    per: float
    kind: Kind
    table: pd.DataFrame
    funnel: Funnel
    total: int
    source_ids: tuple[str, ...]

    @property
    def same_year(self) -> bool:
        """Whether numerator and denominator are of the same year."""
        return same_year(self.period, self.base_period)


def same_year(first: str, second: str) -> bool:
    """Whether two partial dates lie in one and the same year.

    Examples
    --------
    >>> same_year("2020-08-30", "2020"), same_year("2023", "2022")
    (True, False)
    """
    spans = Span.parse(first), Span.parse(second)
    return len({day.year for span in spans for day in (span.first, span.last)}) == 1


def measured(case: Case, indicator: str, period: str) -> bool:
    """Whether every kecamatan has a value and none of them is illustrative.

    Examples
    --------
    >>> from ogp_analysis import load_case
    >>> semarang = load_case("semarang")
    >>> measured(semarang, "jumlah_penduduk", "2022"), measured(semarang, "jumlah_penduduk", "2023")
    (True, False)
    """
    table = case.values(indicator, period)
    return bool(table["value"].notna().all() and (table["state"] != "illustrative").all())


def counts_persons(case: Case, indicator: str) -> bool:
    """Whether an indicator counts persons, families or their illnesses: then small counts are not shown.

    Examples
    --------
    >>> from ogp_analysis import load_case
    >>> semarang = load_case("semarang")
    >>> counts_persons(semarang, "kematian_dbd"), counts_persons(semarang, "jumlah_apotek")
    (True, False)
    """
    definition = case.indicator(indicator)
    return definition["kind"] == "count" and definition["unit_en"] in PERSONS


def shown_counts(case: Case, indicator: str, period: str) -> pd.DataFrame:
    """Which values of an indicator may be shown by kecamatan, so that nobody is known by a small count.

    Counts of persons from 1 to 4 are hidden, and others from which, with the total, they could be worked out
    (:func:`~ogp_analysis.stats.suppression.suppress_small`). Where a kecamatan is not listed the total tells
    nothing of the others. Where the total gives a count away whatever is hidden, none is shown.

    Parameters
    ----------
    case : Case
    indicator, period : str
        Of the case.

    Returns
    -------
    DataFrame
        Index ``code_bps``; ``value`` (missing where hidden or not known) and ``state``: ``shown``, ``small``,
        ``complement`` or ``missing``.

    Examples
    --------
    >>> from ogp_analysis import load_case
    >>> shown_counts(load_case("semarang"), "covid19_kasus_aktif", "2021-09-29")["state"].value_counts().to_dict()
    {'shown': 11, 'small': 5}
    """
    return case.remembered(("shown", indicator, period), lambda: _shown_counts(case, indicator, period)).copy()


def _shown_counts(case: Case, indicator: str, period: str) -> pd.DataFrame:
    values = case.values(indicator, period)["value"]
    if not counts_persons(case, indicator):
        state = pd.Series(np.where(values.isna(), "missing", "shown"), values.index)
        return pd.DataFrame({"value": values, "state": state})
    try:
        found = suppress_small(values, SMALLEST_SHOWN, total_published=bool(values.notna().all()))
    except ParameterError:
        state = pd.Series(np.where(values.isna(), "missing", "complement"), values.index)
        small = (values > 0) & (values < SMALLEST_SHOWN)
        return pd.DataFrame({"value": values.mask(values.notna()), "state": state.mask(small, "small")})
    return pd.DataFrame({"value": found["shown"].astype("Float64").astype(float), "state": found["state"]})


def no_chance_reason(case: Case, indicator: str, period: str) -> str:
    """Why a rate cannot be set beside chance, as a key of ``LABELS``; empty if it can.

    Examples
    --------
    >>> from ogp_analysis import load_case
    >>> semarang = load_case("semarang")
    >>> no_chance_reason(semarang, "backlog_rumah", "2022"), no_chance_reason(semarang, "kasus_dbd", "2022")
    ('negative', '')
    """
    return case.remembered(("no_chance", indicator, period), lambda: _no_chance_reason(case, indicator, period))


def _no_chance_reason(case: Case, indicator: str, period: str) -> str:
    definition = case.indicator(indicator)
    if pd.isna(definition["denominator"]):
        return "no_base"
    if definition["kind"] != "count":
        return "no_count"
    values = case.values(indicator, period)["value"]
    if len(values) < 3:
        return "few_places"
    base_period = nearest_complete_period(case, definition["denominator"], period)
    if values.isna().any() or base_period is None:
        return "incomplete"
    if not (measured(case, indicator, period) and measured(case, definition["denominator"], base_period)):
        return "made_up"
    if (case.values(definition["denominator"], base_period)["value"] <= 0).any():
        return "zero_base"
    if (values < 0).any():
        return "negative"
    return "broken" if (values % 1 != 0).any() else ""


def beside_chance(case: Case, indicator: str, period: str) -> BesideChance:
    """Raw and stabilised rates of all kecamatan, with the limits that chance alone would set them.

    Stabilised rates are those of :func:`~ogp_analysis.stats.rates.smoothed_rates` (R. J. Marshall 1991), limits
    those of :func:`~ogp_analysis.stats.rates.funnel` (D. J. Spiegelhalter 2005), around the rate of the whole
    place.

    Parameters
    ----------
    case : Case
    indicator, period : str
        A count with a denominator, known for every kecamatan.

    Returns
    -------
    BesideChance

    Raises
    ------
    ParameterError
        If the data cannot carry it; see :func:`no_chance_reason`.

    Examples
    --------
    >>> from ogp_analysis import load_case
    >>> found = beside_chance(load_case("semarang"), "kasus_dbd", "2023")
    >>> found.total, found.base_period, found.same_year
    (404, '2022', False)
    >>> found.table.loc["3374080", ["raw", "smoothed"]].astype(float).round(2).tolist()  # Pedurungan
    [3.11, 2.96]
    """
    return case.remembered(("beside_chance", indicator, period), lambda: _beside_chance(case, indicator, period))


def _beside_chance(case: Case, indicator: str, period: str) -> BesideChance:
    reason = no_chance_reason(case, indicator, period)
    if reason:
        raise ParameterError(f"{indicator!r} in {period!r}: {LABELS[reason]}", hint="Say so in place of a rate.")
    definition = case.indicator(indicator)
    base, per = str(definition["denominator"]), float(definition["per"])
    rates = rate(case, indicator, period)
    base_period = str(rates.attrs["denominator_period"])
    events, people = rates["numerator"], rates["denominator"]
    # houses of houses, kelurahan of kelurahan: shares; but a newer numerator may outgrow an older denominator
    shares = definition["unit_en"] == case.indicator(base)["unit_en"] and bool((events <= people).all())
    kind: Kind = "proportion" if shares else "rate"
    limits = funnel(events, people, kind)
    smooth = smoothed_rates(events, people).table
    table = pd.DataFrame(
        {
            "name": rates["name"],
            "events": events,
            "people": people,
            "raw": per * smooth["raw"],
            "smoothed": per * smooth["smoothed"],
            "smoothed_low": per * smooth["low"],
            "smoothed_high": per * smooth["high"],
            **{name: per * limits.table[name] for name in ("low", "high", "very_low", "very_high")},
            "position": limits.table["position"],
            "state": shown_counts(case, indicator, period)["state"],
        }
    )
    below = case.values(base, base_period)["source_id"]
    sources = tuple(dict.fromkeys([*rates["source_id"].dropna(), *below.dropna()]))
    total = int(events.sum())
    return BesideChance(indicator, period, base, base_period, per, kind, table, limits, total, sources)


def limit_curves(found: BesideChance) -> pd.DataFrame:
    """The limits at evenly spaced sizes, from half the smallest place to a little more than the largest.

    Parameters
    ----------
    found : BesideChance
        One that can tell.

    Returns
    -------
    DataFrame
        ``people``, ``low``, ``high``, ``very_low``, ``very_high``, times ``per``.
    """
    sizes = np.linspace(found.table["people"].min() / 2, found.table["people"].max() * 1.05, STEPS)
    people = pd.Series(np.maximum(np.unique(np.round(sizes)), 1.0))
    limits = funnel(pd.Series(0, index=people.index), people, found.kind, target=found.funnel.target).table
    scaled = {name: found.per * limits[name] for name in ("low", "high", "very_low", "very_high")}
    return pd.DataFrame({"people": people, **scaled})


def chance_periods(case: Case, quarter: Quarter, needs: dict[str, str]) -> dict[str, str]:
    """Which rates of a city are looked at, each with its period: needs and burdens, services, illness and death.

    Parameters
    ----------
    case : Case
    quarter : Quarter
        Periods that end later are left out.
    needs : dict of indicator to period
        :func:`~ogp_analysis.recovery.need_periods`; all others are of their newest complete period.

    Returns
    -------
    dict of indicator to period
    """
    table = case.table("indicators")
    ill = table["unit_en"].isin(["cases", "deaths"]) & (table["use"] != "burden")
    others = table.loc[(ill | (table["use"] == "facility")) & table["denominator"].notna(), "indicator"]
    found = {indicator: period for indicator, period in needs.items() if measured(case, indicator, period)}
    for indicator in others:
        complete = [when for when in case.periods(indicator, quarter) if measured(case, indicator, when)]
        if complete:
            found[str(indicator)] = complete[-1]
    return found
