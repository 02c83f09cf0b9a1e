"""Whether a pattern is more than chance, in charts, tables and sentences."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import pandas as pd

from ogp_analysis import charts
from ogp_analysis.recovery.chance import LABELS as REASONS
from ogp_analysis.recovery.chance import (
    BesideChance,
    beside_chance,
    counts_persons,
    limit_curves,
    no_chance_reason,
)
from ogp_analysis.recovery.neighbourhood import Likeness, can_compare_neighbours, likeness
from ogp_analysis.reports.fairness import both_years
from ogp_analysis.reports.present import indicator_names, pair, rate_title
from ogp_analysis.stats.spatial import LABELS as MORAN

if TYPE_CHECKING:
    from ogp_analysis.maps.figure import MapFigure
    from ogp_analysis.reports.context import Report

#: Panels of funnels in one figure.
ABREAST = 2
#: A funnel of which more places than this share are hidden would mislead.
MOST_HIDDEN = 0.25


def all_beside_chance(report: Report, periods: Mapping[str, str]) -> list[BesideChance]:
    """Every rate that can be set beside chance."""
    return [
        beside_chance(report.case, indicator, period)
        for indicator, period in periods.items()
        if not no_chance_reason(report.case, indicator, period)
    ]


def not_beside_chance(report: Report, periods: Mapping[str, str]) -> list[str]:
    """The rates that cannot be set beside chance, each with the reason, in one line; none if all can."""
    said = []
    for indicator, period in periods.items():
        reason = no_chance_reason(report.case, indicator, period)
        if reason:
            name = indicator_names(report.case, report.language)[indicator]
            text = report.t("{rate}: not set beside chance.", rate=f"{name} ({report.language.period(period)})")
            said.append(f"{text} {report.t(REASONS[reason])}")
    return [" ".join(said)] if said else []


def chance_table(report: Report, found: Sequence[BesideChance]) -> pd.DataFrame:
    """For each rate: how many kecamatan lie outside the limits of chance, and how far they differ on the whole."""
    rows = []
    for each in found:
        position = each.table["position"]
        can_tell = each.funnel.can_tell
        if not can_tell:
            reading = report.t(each.funnel.reason)
        elif each.funnel.reason:
            reading = report.t("differ more than chance")
        else:
            reading = report.t("within chance")
        rows.append(
            {
                "rate": rate_title(report.case, each.indicator, report.language)[0],
                "years": both_years(report, each.period, each.base, each.base_period),
                "total": each.total,
                "below": int(position.isin(["low", "very_low"]).sum()) if can_tell else None,
                "above": int(position.isin(["high", "very_high"]).sum()) if can_tell else None,
                "dispersion": each.funnel.dispersion,
                "reading": reading,
                "source_id": ";".join(each.source_ids),
            }
        )
    return pd.DataFrame(rows)


def chance_words(report: Report, found: Sequence[BesideChance]) -> str:
    """In how many of the rates the kecamatan differ more than chance would make them."""
    told = [each for each in found if each.funnel.can_tell]
    return report.t(
        "Rates that differ between kecamatan more than chance alone would make them: {n} of {all}. In any other "
        "a high or a low kecamatan may be nothing but chance.",
        all=len(told),
        n=sum(bool(each.funnel.reason) for each in told),
    )


def funnel_charts(report: Report, found: Sequence[BesideChance]) -> list[MapFigure]:
    """Funnels of the rates of illness and death, two in a figure; none of a rate that is mostly hidden."""
    chosen = [each for each in found if _drawable(report, each)]
    return [_funnels(report, chosen[at : at + ABREAST]) for at in range(0, len(chosen), ABREAST)]


def hidden_words(report: Report, found: Sequence[BesideChance]) -> list[str]:
    """Which rates have kecamatan that are not shown because their counts are small, and how many."""
    said = []
    for each in found:
        hidden = int((each.table["state"] != "shown").sum())
        if hidden:
            said.append(
                report.t(
                    "{rate} ({period}): for {n} of {all} kecamatan nothing is shown: counts of persons from 1 to "
                    "4, and others from which, with the total, they could be worked out. They are in the "
                    "limits and in the sums.",
                    rate=indicator_names(report.case, report.language)[each.indicator],
                    period=report.language.period(each.period),
                    n=hidden,
                    all=len(each.table),
                )
            )
    return said


def undrawn_words(report: Report, found: Sequence[BesideChance]) -> list[str]:
    """The same of the rates that no funnel is drawn of, for a drawn one says it in its caption."""
    return hidden_words(report, [each for each in found if not _drawable(report, each)])


def _drawable(report: Report, each: BesideChance) -> bool:
    hidden = (each.table["state"] != "shown").mean()
    return each.funnel.can_tell and counts_persons(report.case, each.indicator) and hidden <= MOST_HIDDEN


def _funnels(report: Report, found: Sequence[BesideChance]) -> MapFigure:
    language = report.language
    tables, curves, targets, units = [], [], {}, {}
    for each in found:
        name = f"{indicator_names(report.case, language)[each.indicator]}, {language.period(each.period)}"
        table = each.table.assign(group=name, label=each.table["name"])
        table["rate"] = table["raw"].where(table["state"] == "shown")
        tables.append(table)
        curves.append(limit_curves(each).assign(group=name))
        targets[name] = each.per * each.funnel.target
        base = pair(pd.DataFrame([report.case.indicator(each.base)]), "unit", language).iloc[0]
        unit = rate_title(report.case, each.indicator, language)[1]
        units[name] = (unit, f"{base}, {language.period(each.base_period)}")
    notes = [
        report.t("Numerator and denominator are of different years: {rates}.", rates=language.list(apart))
        for apart in [[name for name, each in zip(units, found, strict=True) if not each.same_year]]
        if apart
    ]
    return charts.funnel(
        pd.concat(tables, ignore_index=True),
        pd.concat(curves, ignore_index=True),
        targets,
        units=units,
        title=report.t("Which kecamatan lie outside what chance alone would give?"),
        language=language,
        source=report.source_line([source for each in found for source in each.source_ids]),
        notes=[*notes, *hidden_words(report, found)],
    )


def neighbours_compared(report: Report, periods: Mapping[str, str]) -> list[Likeness]:
    """Likeness among neighbours of every rate; says why in a sentence where it cannot be computed."""
    if not report.has_outline:
        report.say(
            "Whether neighbours are alike cannot be told: the case has neither outlines nor village points."
        )
        return []
    if not can_compare_neighbours():
        report.say(
            "Whether neighbours are alike was not computed: the packages for it are not installed "
            '(pip install "ogp-analysis[spatial]").'
        )
        return []
    return likeness(report.case, periods, report.boundaries)


def likeness_table(report: Report, found: Sequence[Likeness]) -> pd.DataFrame:
    """Moran's I of each rate with its p-value, and what it says in words."""
    rows = []
    for each in found:
        constant = each.stabilised and not each.moran.can_tell and each.local.table["value"].nunique() <= 1
        base = str(report.case.indicator(each.indicator)["denominator"])
        rows.append(
            {
                "rate": rate_title(report.case, each.indicator, report.language)[0],
                "years": both_years(report, each.period, base, each.base_period),
                "stabilised": each.stabilised,
                "moran": each.moran.value,
                "p": each.moran.p,
                "reading": report.t(
                    "Stabilised rates are all that of the whole place: no pattern is left."
                    if constant
                    else each.moran.words
                ),
            }
        )
    return pd.DataFrame(rows)


def likeness_words(report: Report, found: Sequence[Likeness]) -> str:
    """In which rates neighbours are more or less alike than chance alone would make them.

    Parameters
    ----------
    report : Report
    found : sequence of Likeness
        Not empty.
    """
    told = [each for each in found if each.moran.can_tell]
    if not told:
        return report.t(found[0].moran.reason)
    words = [report.t("Rates in which neighbouring kecamatan could be compared: {n}.", n=len(told))]
    for kind, text in (
        ("alike", "More alike than chance alone would make them: {rates}."),
        ("unlike", "Less alike than chance alone would make them: {rates}."),
    ):
        names = [
            rate_title(report.case, each.indicator, report.language)[0]
            for each in told
            if each.moran.words == MORAN[kind]
        ]
        if names:
            words.append(report.t(text, rates=report.language.list(names)))
    if len(words) == 1:
        words.append(report.t("In none of them are neighbours more or less alike than chance would make them."))
    else:
        words.append(report.t("One in 20 would look like this by chance alone."))
    return " ".join(words)


def cluster_words(report: Report, found: Sequence[Likeness], code: str = "") -> str:
    """Whether any kecamatan, or one of them, stands out together with its neighbours.

    Parameters
    ----------
    report : Report
    found : sequence of Likeness
        Not empty.
    code : str
        One kecamatan; without it all.
    """
    told = [each for each in found if each.local.can_tell]
    if not told:
        return report.t(found[0].local.reason)
    out = [each for each in told if (code in each.standing_out().index if code else len(each.standing_out()))]
    if code and not out:
        return report.t(
            "In none of the rates looked at ({n}) does this kecamatan stand out together with its neighbours "
            "more than chance alone would do (local Moran and Gi*, false discoveries held at 5%).",
            n=len(told),
        )
    if not out:
        return report.t(
            "In none of the rates looked at ({n}) does any kecamatan stand out together with its neighbours "
            "more than chance alone would do (local Moran and Gi*, false discoveries held at 5%). So no map of "
            "clusters is drawn: what looks like a cluster on the maps above is within chance.",
            n=len(told),
        )
    names = [rate_title(report.case, each.indicator, report.language)[0] for each in out]
    return report.t(
        "Some stand out together with their neighbours more than chance alone would do: {rates}.",
        rates=report.language.list(names),
    )


def cluster_maps(report: Report, found: Sequence[Likeness]) -> list[MapFigure]:
    """A map for every rate in which some kecamatan stands out; usually none."""
    from ogp_analysis.maps import Frame, clusters

    maps = []
    for each in found:
        out = each.standing_out()
        if out.empty:
            continue
        by_moran = each.local.table["kind"].isin(out).any()
        pattern: Any = each.local if by_moran else each.hot
        title, _ = rate_title(report.case, each.indicator, report.language)
        ids = list(report.case.values(each.indicator, each.period)["source_id"].dropna().unique())
        frame = Frame(
            report.t("Together with its neighbours: {rate}", rate=title),
            report.t("Beside its neighbours"),
            report.source_line(ids),
            each.period,
            report.language,
            legend_below=True,
        )
        maps.append(clusters(report.boundaries, pattern, frame))
    return maps
