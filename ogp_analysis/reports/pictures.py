"""The maps of the reports: rates, what is known, who received, where a kecamatan lies."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pandas as pd

from ogp_analysis import quality
from ogp_analysis.case import Case
from ogp_analysis.recovery.chance import shown_counts
from ogp_analysis.reports.present import indicator_names, rate_title
from ogp_analysis.reports.small_counts import HIDDEN

if TYPE_CHECKING:
    from ogp_analysis.maps import Panel
    from ogp_analysis.maps.figure import MapFigure
    from ogp_analysis.maps.frame import Frame
    from ogp_analysis.quarter import Quarter
    from ogp_analysis.reports.context import Report


#: How many of the highest kecamatan are named above a small map.
NAMED = 3


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
    base = str(report.case.indicator(indicator)["denominator"])
    base_period = rates.attrs["denominator_period"]
    ids = [*rates["source_id"].dropna().unique(), *base_sources(report.case, base, base_period)]
    frame, unit = _rate_frame(report, indicator, ids, [base_period], period)
    values, states = _shown(report.case, indicator, period, rates)
    shades = classes or make_classes(values, language=report.language.code)
    if report.has_outline:
        figure = choropleth(report.boundaries, values, frame, classes=shades, unit=unit, states=states)
    elif report.case.districts["tile_row"].notna().all():
        figure = tile_grid(report.case.districts, values, frame, classes=shades, unit=unit, states=states)
    else:
        return None
    return _derived(figure)


def _shown(case: Case, indicator: str, period: str, rates: pd.DataFrame) -> tuple[pd.Series[Any], pd.Series[Any]]:
    """The rates that may be shown, and the state of those that rest on too small a count."""
    hidden = shown_counts(case, indicator, period)["state"].isin(HIDDEN)
    states = pd.Series("withheld", index=rates.index[hidden])
    return rates.loc[~hidden, "value"].dropna(), states


def show_rate_maps(report: Report, periods: Mapping[str, str], *, title: str, columns: int = 2) -> None:
    """Show several rates as maps side by side, each with its own classes; as single maps where it must be.

    Parameters
    ----------
    report : Report
    periods : mapping of indicator to period
        Indicators with a denominator.
    title : str
        Of the figure, in the reader's language.
    columns : int
        Maps in a row.
    """
    from ogp_analysis.maps.panels import MOST, panel_maps

    names = list(periods)
    if not report.has_outline or not 2 <= len(names) <= MOST:
        for indicator in names:
            report.show(rate_map(report, indicator, periods[indicator]))
        return
    panels, ids = [], []
    for indicator in names:
        rates = quality.rate(report.case, indicator, periods[indicator])
        base, base_period = str(report.case.indicator(indicator)["denominator"]), rates.attrs["denominator_period"]
        panels.append(_panel(report, indicator, periods[indicator], rates))
        ids += [*rates["source_id"].dropna().unique(), *base_sources(report.case, base, base_period)]
    frame = map_frame(report, title, report.t("Rates"), report.source_line(ids), None)
    report.show(_derived(panel_maps(report.boundaries, panels, frame, columns=columns)))


def _panel(report: Report, indicator: str, period: str, rates: pd.DataFrame) -> Panel:
    from ogp_analysis.maps import Panel, make_classes

    values, states = _shown(report.case, indicator, period, rates)
    title, unit = rate_title(report.case, indicator, report.language)
    base = str(report.case.indicator(indicator)["denominator"])
    note = report.t(
        "{period}; denominator: {base}, {base_period}.",
        period=report.language.period(period),
        base=indicator_names(report.case, report.language)[base],
        base_period=report.language.period(rates.attrs["denominator_period"]),
    )
    if values.nunique() > NAMED:
        highest = values.sort_values(ascending=False).index[:NAMED]
        note += (
            " " + report.t("Highest: {names}", names=report.language.list(list(rates["name"].loc[highest]))) + "."
        )
    classes = make_classes(values, k=4, language=report.language.code)
    return Panel(title, note, values, classes, "%" if unit == "%" else "", states)


def _rate_frame(
    report: Report, indicator: str, ids: list[str], bases: Sequence[str], as_of: str | None
) -> tuple[Frame, str]:
    """What stands around a map of rates, and what is written after its values."""
    title, unit = rate_title(report.case, indicator, report.language)
    base = str(report.case.indicator(indicator)["denominator"])
    note = report.t(
        "Denominator: {base}, {period}.",
        base=indicator_names(report.case, report.language)[base],
        period=report.language.list([report.language.period(str(period)) for period in bases]),
    )
    frame = map_frame(report, title, unit, report.source_line(ids), as_of, note)
    return frame, "%" if unit == "%" else ""


def map_frame(
    report: Report, title: str, legend_title: str, source: str, as_of: Quarter | str | None, *notes: str
) -> Frame:
    """What stands around a map of a report; the legend goes below, so that small districts hold their names."""
    from ogp_analysis.maps import Frame

    return Frame(title, legend_title, source, as_of, report.language, notes=notes, legend_below=True)


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
    shown = {period: _shown(report.case, indicator, period, each) for period, each in rates.items()}
    panels = {report.language.period(period): values for period, (values, _) in shown.items()}
    states = {report.language.period(period): each for period, (_, each) in shown.items()}
    ids = [source for each in rates.values() for source in each["source_id"].dropna().unique()]
    bases = list(dict.fromkeys(str(each.attrs["denominator_period"]) for each in rates.values()))
    base = str(report.case.indicator(indicator)["denominator"])
    ids += [source for period in bases for source in base_sources(report.case, base, period)]
    frame, unit = _rate_frame(report, indicator, ids, bases, None)
    classes = make_classes(panels, language=report.language.code)
    figure = small_multiples(report.boundaries, panels, frame, classes=classes, states=states, unit=unit)
    return _derived(figure)


def base_sources(case: Case, indicator: str, period: str) -> list[str]:
    """Sources of an indicator in a period."""
    return list(case.values(indicator, period)["source_id"].dropna().unique())


def searched(report: Report, source_ids: Iterable[str]) -> str:
    """What a statement on evidence rests on: the sources that were read, and the search that found no others.

    Parameters
    ----------
    report : Report
    source_ids : iterable of str
        May be empty, and may name a source twice.
    """
    ids = list(dict.fromkeys(source_ids))
    search = report.t("search of public pages for this case")
    return f"{report.source_line(ids)}; {search}" if ids else search


def value_sources(report: Report, indicators: Iterable[str]) -> list[str]:
    """Sources of whatever is known of some indicators by the quarter; an indicator without values has none."""
    return [
        source
        for indicator in indicators
        for period in report.case.periods(indicator, report.quarter)
        for source in base_sources(report.case, indicator, period)
    ]


def show_evidence_gap(
    report: Report, known: pd.Series[Any], *, title: str, known_label: str, unknown_label: str, source: str
) -> None:
    """Show where anything is known at all; what is not known is *no evidence*, never zero.

    A map of a single shade tells no place from another, so then one sentence says it with its count and source.

    Parameters
    ----------
    report : Report
    known : Series
        Indexed by ``code_bps``; a kecamatan that is in it is known.
    title, known_label, unknown_label, source : str
        In the reader's language.
    """
    codes = report.case.districts["code_bps"]
    values = pd.Series([known_label if code in known.index else unknown_label for code in codes], index=codes)
    if values.nunique() == 1:
        report.say(
            "{title} – All {n} kecamatan: {label}. A map would show one shade only and is not drawn. "
            "Source: {source}.",
            title=title,
            n=len(codes),
            label=values.iloc[0],
            source=source,
        )
        return
    if not report.has_outline:
        report.show(None)
        return
    from ogp_analysis.maps import category_map

    frame = map_frame(report, title, report.t("Evidence"), source, report.quarter)
    report.show(
        _stateless(category_map(report.boundaries, values, frame, categories=[known_label, unknown_label]))
    )


def received_map(report: Report, indicator: str, period: str) -> MapFigure | None:
    """A map of a yes/no indicator."""
    if not report.has_outline:
        return None
    from ogp_analysis.maps import yes_no_map

    values = report.case.values(indicator, period)
    title = indicator_names(report.case, report.language)[indicator]
    source = report.source_line(list(values["source_id"].dropna().unique()))
    answers = values["value"].map({1.0: True, 0.0: False}).astype("boolean").dropna()
    frame = map_frame(report, title, report.t("Received"), source, period)
    return yes_no_map(report.boundaries, answers, frame)


def location_map(report: Report, code: str) -> MapFigure | None:
    """A map that shows where one kecamatan lies."""
    if not report.has_outline:
        return None
    from ogp_analysis.maps import category_map

    districts = report.case.districts.set_index("code_bps")
    here, rest = str(districts["name"].loc[code]), report.t("other kecamatan")
    values = pd.Series([here if each == code else rest for each in districts.index], index=districts.index)
    title, source = report.t("Where {name} lies", name=here), report.t("list of kecamatan of the case")
    frame = map_frame(report, title, report.t("Kecamatan"), source, report.quarter)
    return _stateless(category_map(report.boundaries, values, frame, categories=[here, rest]))
