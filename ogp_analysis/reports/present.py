"""Tables made ready for a reader: names for codes, titles for rates, rows for charts."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

import pandas as pd

from ogp_analysis.case import Case
from ogp_analysis.errors import ParameterError
from ogp_analysis.locale import Language
from ogp_analysis.locale.pairs import pair as pair
from ogp_analysis.quarter import Quarter, Span
from ogp_analysis.reports.cells import label

if TYPE_CHECKING:
    from ogp_analysis.reports.context import Report


#: Taken for the time of a response of which a case says nothing: a convention of this package.
PANDEMIC = date(2020, 1, 1), date(2021, 12, 31)


def indicator_names(case: Case, language: Language) -> dict[str, str]:
    """Name of each indicator in the reader's language."""
    table = case.table("indicators")
    return dict(zip(table["indicator"], pair(table, "name", language), strict=True))


def named_checks(checks: pd.DataFrame, case: Case, language: Language) -> pd.DataFrame:
    """Total checks in the reader's words: ``item_name`` (the indicator, line of an account or tax) and ``unit``.

    Where the sum rests on a choice among rival parts, the name says which were added up.
    """
    indicators = indicator_names(case, language)
    definitions = case.table("indicators")
    units = dict(zip(definitions["indicator"], pair(definitions, "unit", language), strict=True))
    parts = case.table("measure_amounts")
    units |= dict(zip(parts["amount_id"], pair(parts, "unit", language), strict=True))
    lines = case.table("account_lines")
    names = dict(zip(lines["line_id"], pair(lines, "name", language), strict=True))
    measures = case.table("measures")
    measure_names = dict(zip(measures["measure_id"], pair(measures, "name", language), strict=True))
    lines_of, measures_of, values = (
        dict(zip(parts["amount_id"], parts[column], strict=True)) for column in ("line_id", "measure_id", "value")
    )

    def name(kind: str, item: str, choice: tuple[str, ...]) -> str:
        if kind in ("district_total", "identity"):
            return indicators[item]
        if kind != "amount_parts":
            return label(item, language)
        line = lines_of[item]
        own = names[line] if line in names else measure_names[measures_of[item]]
        chosen = language.list([language.number(values[each]) for each in choice])
        return language.t("{item}, with {choice}", item=own, choice=chosen) if choice else own

    cells = zip(checks["kind"], checks["item"], checks["choice"], strict=True)
    texts = [name(kind, item, choice) for kind, item, choice in cells]
    return checks.assign(item_name=texts, unit=[units.get(item, language.t("rupiah")) for item in checks["item"]])


def rate_title(case: Case, indicator: str, language: Language) -> tuple[str, str]:
    """Title of a rate and its unit, for example ``Puskesmas per 10.000 jiwa`` and ``per 10.000 jiwa``.

    Examples
    --------
    >>> from ogp_analysis import get_language, load_case
    >>> rate_title(load_case("semarang"), "jumlah_puskesmas", get_language("id"))
    ('Puskesmas per 10.000 jiwa', 'per 10.000 jiwa')
    """
    definition = case.indicator(indicator)
    if pd.isna(definition["denominator"]):
        raise ParameterError(f"Indicator {indicator!r} has no denominator.", hint="Map a symbol instead.")
    base = case.indicator(str(definition["denominator"]))
    names = pd.DataFrame([definition, base])
    name, base_name = pair(names, "name", language)
    _, base_unit = pair(names, "unit", language)
    per = int(definition["per"])
    if per == 100:
        return language.t("{indicator} as a percentage of {base}", indicator=name, base=lower(base_name)), "%"
    unit = language.t("per {per} {unit}", per=language.number(per), unit=base_unit)
    return f"{name} {unit}", unit


def lower(name: str) -> str:
    """A name for the middle of a sentence; short forms in capitals keep them."""
    return name[:1].lower() + name[1:] if name[1:2].islower() else name


def with_names(table: pd.DataFrame, names: Mapping[str, str], column: str = "indicator") -> pd.DataFrame:
    """A table with a further column ``<column>_name``, looked up by key."""
    return table.assign(**{f"{column}_name": table[column].map(names)})


def span_table(frame: pd.DataFrame, report: Report, group: str = "") -> pd.DataFrame:
    """Rows for a time line: commitments or measures, with ``start`` and ``end`` as partial dates.

    ``first`` and ``last`` are the days that they span at most, to choose rows by.

    Parameters
    ----------
    frame : DataFrame
    report : Report
    group : str
        One group for all rows; without it the label of ``category``.
    """
    first = frame["start"].map(lambda text: Span.parse(text).first, na_action="ignore")
    last = frame["end"].map(lambda text: Span.parse(text).last, na_action="ignore")
    groups = [group] * len(frame) if group else [report.label(code) for code in frame["category"]]
    name = "title" if "title_en" in frame else "name"
    labels = pair(frame, name, report.language).to_numpy()
    columns = {"label": labels, "group": groups, "start": frame["start"], "end": frame["end"]}
    return pd.DataFrame(columns | {"first": first, "last": last})


def plan_window(spans: pd.DataFrame, quarter: Quarter) -> tuple[date, date] | None:
    """The time axis of a plan: its first day to its last, or to the day of the page if that is later.

    Where no start is known it begins with the year of the first day that is.

    Parameters
    ----------
    spans : DataFrame
        From :func:`span_table`.
    quarter : Quarter

    Returns
    -------
    tuple of date or None
        None if neither the start nor the end of any row is known.
    """
    firsts, lasts = list(spans["first"].dropna()), list(spans["last"].dropna())
    if not firsts and not lasts:
        return None
    last = max([*firsts, *lasts, quarter.last_day])
    return (min(firsts) if firsts else date(min([*lasts, quarter.last_day]).year, 1, 1)), last


def dated_items(needs: pd.DataFrame, years: pd.Series[Any], report: Report) -> list[str]:
    """What a reviewer looks for, each with the years that something is known of.

    Parameters
    ----------
    needs : DataFrame
        Rows of ``evidence_needs``.
    years : Series
        See :func:`ogp_analysis.quality.evidence_years`.
    """
    items = zip(pair(needs, "item", report.language), needs["gap_id"], strict=True)
    return [f"{item} ({years[gap]})" if years[gap] else item for item, gap in items]


def printed_rates(checks: pd.DataFrame, report: Report) -> pd.DataFrame:
    """Checks of printed rates in the reader's words: ``tax_year``, and what :func:`with_targets` adds."""
    taxes = [f"{report.label(tax)} {year}" for tax, year in zip(checks["tax"], checks["year"], strict=True)]
    return with_targets(checks, report).assign(tax_year=taxes)


def with_targets(rates: pd.DataFrame, report: Report) -> pd.DataFrame:
    """Rates of achievement with ``target_text`` and all sources in one column, that of the target last.

    A target that no source prints says so behind its amount.
    """
    computed = rates["target_state"].notna() & (rates["target_state"] != "measured")
    targets = [
        f"{report.language.rupiah(value)} ({report.label(state)})" if flag else report.language.rupiah(value)
        for value, state, flag in zip(rates["target"], rates["target_state"], computed, strict=True)
    ]
    pairs = zip(rates["source_id"], rates["target_source_id"], strict=True)
    sources = [";".join(dict.fromkeys(each for each in ids if pd.notna(each))) for ids in pairs]
    return rates.assign(target_text=targets, source_id=sources)


def achievement_words(achieved: pd.DataFrame, year: int, report: Report) -> str:
    """How many targets a year has, how many of them are printed, and that each gives a rate of its own."""
    targets = achieved.drop_duplicates("target")
    return report.t(
        "{year}: {n} targets, {printed} of them printed, give {n} different achievement rates.",
        year=str(year),
        n=len(targets),
        printed=int((targets["target_state"] == "measured").sum()),
    )


def partial_years(indicator: str, report: Report, code: str = "") -> list[str]:
    """Periods of a series that its chart leaves out, because only some kecamatan have a figure.

    Parameters
    ----------
    indicator : str
    report : Report
    code : str
        One kecamatan; without it the whole city, which no sum is made for.

    Returns
    -------
    list of str
        A sentence for each period; none where the kecamatan is one of those that have a figure.
    """
    notes = []
    for period in report.case.periods(indicator, report.quarter):
        known = report.case.values(indicator, period)["value"].notna()
        if known.all() or (code and known[code]):
            continue
        drawn = {"period": report.language.period(period), "n": int(known.sum()), "all": len(known)}
        if code:
            text = report.t(
                "{period} is not drawn: figures were found for {n} of {all} kecamatan, not for this one.", **drawn
            )
        else:
            text = report.t("{period} is not drawn: figures were found for {n} of {all} kecamatan only.", **drawn)
        notes.append(text)
    return notes


def response_window(case: Case, measures: pd.DataFrame) -> tuple[date, date]:
    """First and last day of the response: as the case says, else from its first measure to its last.

    Where no day of either is known these are the years of :data:`PANDEMIC`.
    """
    info = case.jurisdiction
    if "response_from" in info and "response_to" in info:
        return Span.parse(str(info["response_from"])).first, Span.parse(str(info["response_to"])).last
    days = [*measures["first_day"].dropna(), *measures["last_day"].dropna()]
    return (min(days), max(days)) if days else PANDEMIC


def period_text(first: Any, last: Any, language: Language) -> str:
    """Two partial dates as one text; dots stand for the end that is not known.

    Examples
    --------
    >>> from ogp_analysis import get_language
    >>> english = get_language("en")
    >>> period_text("2020-04", "2020-06", english), period_text("2020-04", None, english)
    ('April – June 2020', 'April 2020 – …')
    """
    if pd.notna(first) and pd.notna(last):
        return language.period(f"{first}/{last}")
    ends = ["…" if pd.isna(text) else language.period(str(text)) for text in (first, last)]
    return "—" if ends == ["…", "…"] else " – ".join(ends)


def with_times(frame: pd.DataFrame, report: Report) -> pd.DataFrame:
    """Measures with a column ``time``: from when to when, and the day of the announcement where it differs."""
    times = []
    for announced, start, end in zip(frame["announced"], frame["start"], frame["end"], strict=True):
        text = period_text(start, end, report.language)
        if pd.notna(announced) and (pd.isna(start) or announced != start):
            day = report.t("announced {day}", day=report.language.period(announced))
            text = day if text == "—" else f"{text} ({day})"
        times.append(text)
    return frame.assign(time=times)


def worded_terms(terms: pd.DataFrame, language: Language) -> pd.DataFrame:
    """Terms in words: ``kind_text``, ``rate_text``, ``cut_text`` (both, the rate once), ``paid``, ``tax_years``.

    A deferral cuts nothing, so it is named where others have a percentage; fees are called waived only when
    all of them are.
    """
    part = (terms["kind"] == "fee_waiver") & (terms["rate_percent"] < 100)
    kinds = [label(kind, language) for kind in terms["kind"]]
    rates = [language.percent(rate) for rate in terms["rate_percent"]]
    cut = [language.t("fees cut by {rate}", rate=rate) for rate in rates]
    deferred = language.t("deferred")
    paid = [period_text(a, b, language) for a, b in zip(terms["pay_from"], terms["pay_to"], strict=True)]
    years = [
        period_text(a, b, language) for a, b in zip(terms["tax_year_from"], terms["tax_year_to"], strict=True)
    ]
    kind_text = pd.Series(kinds, terms.index).mask(part, pd.Series(cut, terms.index))
    rate_text = pd.Series(rates, terms.index).mask(terms["kind"] == "deferral", deferred)
    return terms.assign(
        kind_text=kind_text,
        rate_text=rate_text,
        cut_text=(kind_text + " " + rate_text).mask(part, kind_text),
        paid=paid,
        tax_years=years,
    )


def with_both_sources(pairs: pd.DataFrame) -> pd.DataFrame:
    """Pairs of versions with both sources in one column, that of the first version first."""
    both = zip(pairs["source_a"], pairs["source_b"], strict=True)
    return pairs.assign(source_id=[";".join(dict.fromkeys(ids)) for ids in both])
