"""The maps of the reports: rates, what is known, who received, where a kecamatan lies."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pandas as pd

from ogp_analysis import quality
from ogp_analysis.case import Case
from ogp_analysis.reports.present import indicator_names, rate_title

if TYPE_CHECKING:
    from ogp_analysis.maps.figure import MapFigure
    from ogp_analysis.reports.context import Report


def rate_map(report: Report, indicator: str, period: str, classes: Any = None) -> MapFigure | None:
    """A map of an indicator as a rate, with its period, sources and the period of its denominator.

    Without any outline the kecamatan are drawn as tiles, and without places for tiles there is no map.

    Parameters
    ----------
    report : Report
    indicator, period : str
        Of the case.
    classes : Classes, optional
        To share classes with another map.
    """
    from ogp_analysis.maps import choropleth, make_classes, tile_grid

    rates = quality.rate(report.case, indicator, period)
    title, unit = rate_title(report.case, indicator, report.language)
    definition = report.case.indicator(indicator)
    base = str(definition["denominator"])
    base_period = rates.attrs["denominator_period"]
    ids = [*rates["source_id"].dropna().unique(), *base_sources(report.case, base, base_period)]
    note = report.t(
        "Denominator: {base}, {period}.",
        base=indicator_names(report.case, report.language)[base],
        period=report.language.period(base_period),
    )
    values = rates["value"].dropna()
    words: dict[str, Any] = {
        "classes": classes or make_classes(values, language=report.language.code),
        "title": title,
        "legend_title": unit,
        "source": report.source_line(ids),
        "as_of": period,
        "language": report.language.code,
        "unit": "%" if unit == "%" else "",
        "notes": (note,),
    }
    if report.has_outline:
        figure = choropleth(report.boundaries, values, **words)
    elif report.case.districts["tile_row"].notna().all():
        figure = tile_grid(report.case.districts, values, **words)
    else:
        return None
    return _derived(figure)


def _derived(figure: MapFigure) -> MapFigure:
    # a rate is computed here: every value of the table behind its map is derived, whatever its parts are
    table = figure.table.copy()
    table.loc[table["state"] == "measured", "state"] = "derived"
    return replace(figure, table=table)


def _stateless(figure: MapFigure) -> MapFigure:
    # whether something is known is no measurement, so its table has no column for one
    return replace(figure, table=figure.table.drop(columns="state"))


def rate_multiples(report: Report, indicator: str, periods: Sequence[str]) -> MapFigure | None:
    """Maps of one rate in several periods, all with the same classes; what a source leaves out is no data.

    Parameters
    ----------
    report : Report
    indicator : str
        An indicator with a denominator.
    periods : sequence of str
        Two or more of its periods.
    """
    if not report.has_outline:
        return None
    from ogp_analysis.maps import make_classes, small_multiples

    rates = {period: quality.rate(report.case, indicator, period) for period in periods}
    panels = {report.language.period(period): each["value"].dropna() for period, each in rates.items()}
    ids = [source for each in rates.values() for source in each["source_id"].dropna().unique()]
    bases = dict.fromkeys(each.attrs["denominator_period"] for each in rates.values())
    base = str(report.case.indicator(indicator)["denominator"])
    title, unit = rate_title(report.case, indicator, report.language)
    figure = small_multiples(
        report.boundaries,
        panels,
        classes=make_classes(panels, language=report.language.code),
        title=title,
        legend_title=unit,
        source=report.source_line([*ids, *(each for p in bases for each in base_sources(report.case, base, p))]),
        as_of=periods[-1],
        language=report.language.code,
        unit="%" if unit == "%" else "",
        notes=(
            report.t(
                "Denominator: {base}, {period}.",
                base=indicator_names(report.case, report.language)[base],
                period=report.language.list([report.language.period(str(p)) for p in bases]),
            ),
        ),
    )
    return _derived(figure)


def base_sources(case: Case, indicator: str, period: str) -> list[str]:
    """Sources of an indicator in a period."""
    return list(case.values(indicator, period)["source_id"].dropna().unique())


def evidence_gap_map(
    report: Report, known: pd.Series[Any], *, title: str, known_label: str, unknown_label: str, source: str
) -> MapFigure | None:
    """A map of where anything is known at all; the rest is shown as *no evidence*, never as zero.

    Parameters
    ----------
    report : Report
    known : Series
        Indexed by ``code_bps``; a kecamatan that is in it is known.
    title, known_label, unknown_label, source : str
        In the reader's language.
    """
    if not report.has_outline:
        return None
    from ogp_analysis.maps import category_map

    codes = report.case.districts["code_bps"]
    values = pd.Series([known_label if code in known.index else unknown_label for code in codes], index=codes)
    figure = category_map(
        report.boundaries,
        values,
        categories=[known_label, unknown_label],
        title=title,
        legend_title=report.t("Evidence"),
        source=source,
        as_of=report.quarter,
        language=report.language.code,
    )
    return _stateless(figure)


def received_map(report: Report, indicator: str, period: str) -> MapFigure | None:
    """A map of a yes/no indicator."""
    if not report.has_outline:
        return None
    from ogp_analysis.maps import yes_no_map

    values = report.case.values(indicator, period)
    figure = yes_no_map(
        report.boundaries,
        values["value"].map({1.0: True, 0.0: False}).astype("boolean").dropna(),
        title=indicator_names(report.case, report.language)[indicator],
        legend_title=report.t("Received"),
        source=report.source_line(list(values["source_id"].dropna().unique())),
        as_of=period,
        language=report.language.code,
    )
    # its class says yes or no in the reader's words; the value behind it is a code
    return replace(figure, table=figure.table.drop(columns="value"))


def location_map(report: Report, code: str) -> MapFigure | None:
    """A map that shows where one kecamatan lies."""
    if not report.has_outline:
        return None
    from ogp_analysis.maps import category_map

    districts = report.case.districts.set_index("code_bps")
    here, rest = str(districts["name"].loc[code]), report.t("other kecamatan")
    values = pd.Series([here if each == code else rest for each in districts.index], index=districts.index)
    figure = category_map(
        report.boundaries,
        values,
        categories=[here, rest],
        title=report.t("Where {name} lies", name=here),
        legend_title=report.t("Kecamatan"),
        source=report.t("list of kecamatan of the case"),
        as_of=report.quarter,
        language=report.language.code,
    )
    return _stateless(figure)
