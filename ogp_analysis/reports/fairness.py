"""Who benefits, in charts, tables and sentences: what real figures carry, and what the rest would need."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import pandas as pd

from ogp_analysis import charts, quality
from ogp_analysis.labels import LABELS
from ogp_analysis.recovery.chance import LABELS as REASONS
from ogp_analysis.recovery.chance import measured, no_chance_reason, same_year
from ogp_analysis.recovery.reach import need_periods
from ogp_analysis.recovery.shares import ServiceConcentration, ServiceGap, service_concentration
from ogp_analysis.reports.present import indicator_names, lower, pair, rate_title

if TYPE_CHECKING:
    from ogp_analysis.maps.figure import MapFigure
    from ogp_analysis.reports.context import Report


def unknown_amounts(report: Report) -> list[str]:
    """What would show who benefited from relief and is not known by kecamatan, each with what would be needed."""
    words = []
    for relief in report.case.indicators_for("received"):
        for period in report.case.periods(relief, report.quarter):
            answers = report.case.values(relief, period)["value"]
            words.append(
                report.t(
                    "{relief}: {n} of {all} kecamatan are said to have received, and nothing on how much each "
                    "received. So no share of this relief can be set beside a share of need; that needs the "
                    "packages or the families reached in each kecamatan.",
                    relief=indicator_names(report.case, report.language)[relief],
                    n=int((answers == 1).sum()),
                    all=len(answers),
                )
            )
    if not words:
        words.append(
            report.t(
                "For no relief is it known how much each kecamatan received, so no share of relief can be set "
                "beside a share of need."
            )
        )
    words.append(
        report.t(
            "How many families in need were missed, and how many were reached without need, can be told only from "
            "records of families with both; none were found."
        )
    )
    words.append(
        report.t(
            "Whether tax relief favoured the poorer (Kakwani’s index) can be told only from bills before and "
            "after relief; none were found for this place."
        )
    )
    return words


def needs_without_shares(report: Report, needs: Mapping[str, str]) -> list[str]:
    """Needs that have no shares, each with the reason, in one line; none if all have."""
    names = indicator_names(report.case, report.language)
    said = []
    for need, period in needs.items():
        reason = no_chance_reason(report.case, need, period)
        if need in report.case.indicators_for("need") and reason:
            text = report.t("{need}: not compared in shares.", need=names[need])
            said.append(f"{text} {report.t(REASONS[reason])}")
    return [" ".join(said)] if said else []


def with_need_years(compared: pd.DataFrame, given: str, report: Report) -> pd.DataFrame:
    """Needs of those that received and of the others, with ``indicator_name`` and ``years`` of each rate.

    Parameters
    ----------
    compared : DataFrame
        From :func:`~ogp_analysis.recovery.compare_recipients`.
    given : str
        Period of the relief, which the periods of the needs are chosen by.
    report : Report
    """
    periods = need_periods(report.case, report.quarter, given)
    years = []
    for need in compared["indicator"]:
        base = str(report.case.indicator(need)["denominator"])
        base_period = str(quality.rate(report.case, need, periods[need]).attrs["denominator_period"])
        years.append(both_years(report, periods[need], base, base_period))
    titles = [rate_title(report.case, need, report.language)[0] for need in compared["indicator"]]
    return compared.assign(indicator_name=titles, years=years)


def by_need(gaps: Sequence[ServiceGap]) -> list[list[ServiceGap]]:
    """The gaps that are against the same need of the same period together, in their order."""
    needs = dict.fromkeys((each.need, each.need_period) for each in gaps)
    return [[each for each in gaps if (each.need, each.need_period) == need] for need in needs]


def gap_chart(report: Report, gaps: Sequence[ServiceGap]) -> MapFigure:
    """Share of each service less share of a need, as a chart with one panel a service.

    Parameters
    ----------
    report : Report
    gaps : sequence of ServiceGap
        One or more, all against the same need.
    """
    names = indicator_names(report.case, report.language)
    need = lower(names[gaps[0].need])
    parts = [gap_rows(report, each) for each in gaps]
    notes = [years_words(report, [(each.service, each.period) for each in gaps], gaps[0])]
    notes += careful_notes(report, [(each.service, each.period) for each in gaps])
    return charts.gap(
        pd.concat(parts, ignore_index=True),
        title=report.t("Share of facilities less share of “{need}”", need=need),
        language=report.language,
        source=report.source_line([source for each in gaps for source in each.source_ids]),
        notes=notes,
    )


def gap_rows(report: Report, found: ServiceGap) -> pd.DataFrame:
    """The gap of each kecamatan, named for a chart or a table."""
    table = found.gap.table
    names = report.case.districts.set_index("code_bps")["name"]
    return pd.DataFrame(
        {
            "code": table.index,
            "group": indicator_names(report.case, report.language)[found.service],
            "label": names.reindex(table.index).to_numpy(),
            "share": table["relief_share"].to_numpy(),
            "need_share": table["need_share"].to_numpy(),
            "gap": table["gap"].to_numpy(),
            "low": table["low"].to_numpy(),
            "high": table["high"].to_numpy(),
            "within_chance": table["within_chance"].array,
        }
    )


def years_words(report: Report, services: Sequence[tuple[str, str]], against: ServiceGap) -> str:
    """Of which years both sides are; says so plainly where they differ."""
    periods = list(dict.fromkeys(period for _, period in services))
    need = lower(indicator_names(report.case, report.language)[against.need])
    words = report.t(
        "Facilities: {periods}; {need}: {period}.",
        periods=report.language.list([report.language.period(period) for period in periods]),
        need=need,
        period=report.language.period(against.need_period),
    )
    if all(same_year(period, against.need_period) for period in periods):
        return words
    return f"{words} {report.t('The two sides are of different years.')}"


def careful_notes(report: Report, indicators: Sequence[tuple[str, str]]) -> list[str]:
    """The remarks on series that are to be read with care."""
    names, notes = indicator_names(report.case, report.language), []
    for indicator, period in indicators:
        series = report.case.series(indicator, period)
        if series["quality"] != "ok":
            note = report.text(series, "note").rstrip(".")
            notes.append(f"{names[indicator]} ({report.t(LABELS[str(series['quality'])])}): {note}.")
    return notes


def gap_words(report: Report, gaps: Sequence[ServiceGap]) -> list[str]:
    """For each service: where its share is more or less than that of need, and where chance does as much."""
    said = []
    for found in gaps:
        table = gap_rows(report, found)
        name = table["group"].iloc[0]
        if not found.gap.can_tell:
            said.append(f"{name}: {report.t(found.gap.reason)}")
            continue
        outside = table[~table["within_chance"].astype(bool)]
        parts = []
        for rows, text in (
            (outside[outside["gap"] > 0], "more than its share: {names}"),
            (outside[outside["gap"] < 0], "less than its share: {names}"),
        ):
            if len(rows):
                parts.append(report.t(text, names=report.language.list(list(rows["label"]))))
        inside = len(table) - len(outside)
        if inside:
            parts.append(report.t("within chance: {n} of {all}", n=inside, all=len(table)))
        total = report.t("{n} in all", n=int(found.gap.table["relief"].sum()))
        said.append(f"{name} ({total}) – {'; '.join(parts)}.")
    return said


def concentrations(
    report: Report, services: Mapping[str, str], need: tuple[str, str]
) -> list[ServiceConcentration]:
    """Concentration of each service over the kecamatan from most to least need; none where the need is not known.

    Parameters
    ----------
    report : Report
    services : mapping of indicator to period
    need : tuple of str
        Indicator, with a denominator, and period.
    """
    if not measured(report.case, *need) or pd.isna(report.case.indicator(need[0])["denominator"]):
        return []
    rates = quality.rate(report.case, *need)["value"]
    return [] if rates.isna().any() else service_concentration(report.case, dict(services), rates)


def concentration_words(report: Report, found: Sequence[ServiceConcentration]) -> list[str]:
    """The index of each service with its interval, and what it says."""
    names, language = indicator_names(report.case, report.language), report.language
    said = []
    for each, reading in zip(found, concentration_table(report, found)["reading"], strict=True):
        if each.index.can_tell:
            reading = report.t(
                "concentration index {value} ({low} to {high}), {reading}",
                value=language.number(each.index.value, 2),
                low=language.number(each.index.low, 2),
                high=language.number(each.index.high, 2),
                reading=reading,
            )
        said.append(f"{names[each.service]}: {reading.rstrip('.')}.")
    return said


def concentration_table(report: Report, found: Sequence[ServiceConcentration]) -> pd.DataFrame:
    """The indices with their intervals and what each says in words."""
    rows = []
    for each in found:
        index = each.index
        if not index.can_tell:
            reading = report.t(index.reason)
        elif index.within_chance:
            reading = report.t("within chance: neither side clearly has more")
        elif index.value < 0:
            reading = report.t("places with more need have more than their share")
        else:
            reading = report.t("places with more need have less than their share")
        rows.append(
            {
                "service": rate_title(report.case, each.service, report.language)[0],
                "years": both_years(report, each.period, each.base, each.base_period),
                "index": index.value,
                "low": index.low,
                "high": index.high,
                "reading": reading,
                "source_id": ";".join(each.source_ids),
            }
        )
    return pd.DataFrame(rows)


def both_years(report: Report, period: str, base: str, base_period: str) -> str:
    """The period of a rate, and that of its denominator where the years differ.

    Parameters
    ----------
    report : Report
    period, base, base_period : str
        Of the numerator; the denominator and its period.
    """
    own = report.language.period(period)
    if same_year(period, base_period):
        return own
    base_unit = pair(pd.DataFrame([report.case.indicator(base)]), "unit", report.language).iloc[0]
    return report.t(
        "{period}, per {unit} of {base}", period=own, unit=base_unit, base=report.language.period(base_period)
    )


def curve_chart(report: Report, found: Sequence[ServiceConcentration], need: tuple[str, str]) -> MapFigure:
    """The concentration curves of the services in one figure with the diagonal."""
    names = indicator_names(report.case, report.language)
    title, _ = rate_title(report.case, need[0], report.language)
    base = str(report.case.indicator(need[0])["denominator"])
    base_period = str(quality.rate(report.case, *need).attrs["denominator_period"])
    ranked = both_years(report, need[1], base, base_period)
    curves = pd.concat([each.curve.assign(group=names[each.service]) for each in found], ignore_index=True)
    sources = [source for each in found for source in each.source_ids]
    sources += list(report.case.values(*need)["source_id"].dropna().unique())
    return charts.concentration_curve(
        curves,
        axes=(
            report.t("Share of people, kecamatan with most need first"),
            report.t("Share of the facilities that they have"),
        ),
        title=report.t("Do the kecamatan with most need have their share of facilities?"),
        language=report.language,
        source=report.source_line(sources),
        notes=[
            report.t("Need: {need} ({period}).", need=title, period=ranked),
            report.t("Above the diagonal: places with more need have more than their share."),
        ],
    )
