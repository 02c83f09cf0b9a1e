"""What the profile of one kecamatan shows: which period, beside what, with which warnings."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from ogp_analysis import quality
from ogp_analysis.case import Case
from ogp_analysis.recovery.chance import (
    SMALLEST_SHOWN,
    beside_chance,
    counts_persons,
    no_chance_reason,
    shown_counts,
)
from ogp_analysis.reports.present import indicator_names, pair, rate_title
from ogp_analysis.reports.small_counts import other_year, without_small

if TYPE_CHECKING:
    from ogp_analysis.reports.context import Report

#: Put behind a value that is to be read with care; the remark beside it says why, in words.
SIGN = "(!)"
COLUMNS = [
    *("topic", "indicator", "indicator_name", "kind", "period", "value", "unit", "rate", "rate_unit", "city_rate"),
    *("stabilised", "position", "hidden"),
    *("place", "of", "shared", "state", "quality", "care", "remark", "source_id"),
]


def codes_words(here: pd.Series[Any], report: Report) -> str:
    """The codes of a kecamatan; a code of the ministry that stands in for that of BPS is not called one of BPS.

    Parameters
    ----------
    here : Series
        Its row of ``districts``, named by ``code_bps``.
    report : Report
    """
    if str(here.name) == str(here["code_kemendagri"]):
        return report.t("Kemendagri code {kemendagri}; the BPS code is not known", kemendagri=here.name)
    if pd.isna(here["code_kemendagri"]):
        return report.t("BPS code {bps}; the Kemendagri code is not known", bps=here.name)
    return report.t(
        "BPS code {bps}, Kemendagri code {kemendagri}", bps=here.name, kemendagri=here["code_kemendagri"]
    )


def district_indicators(case: Case, code: str, report: Report) -> pd.DataFrame:
    """Everything measured for one kecamatan, in the period that can be compared, beside the city.

    A place counts from the highest rate; kecamatan with the same rate share the better place. It is given only
    for rates that have a good and a bad end and that are known for every kecamatan: a larger kecamatan has more
    of everything, and of believers or traders there is no better or worse number.

    Returns
    -------
    DataFrame
        ``topic``, ``indicator``, ``indicator_name``, ``kind``, ``period`` (of
        :func:`ogp_analysis.quality.shown_periods`), ``value``, ``unit``, ``rate``, ``rate_unit``, ``city_rate``
        (of the sums), ``stabilised`` (the rate drawn towards that of the city) and ``position`` (beside the
        limits of chance; see :func:`~ogp_analysis.recovery.chance.beside_chance`), ``hidden`` (whether value
        and rates are missing because a count is too small to show), ``place``, ``of``, ``shared`` (how many
        others have the place too), ``state``, ``quality``, ``care`` (to be read with care), ``remark`` (why;
        rival and newer figures), ``source_id`` (all that are spoken of, joined by ``;``).
    """
    names = indicator_names(case, report.language)
    table = case.table("indicators")
    units = dict(zip(table["indicator"], pair(table, "unit", report.language), strict=True))
    rows = []
    for _, definition in table.iterrows():
        indicator = definition["indicator"]
        period, newer = map(str, quality.shown_periods(case, indicator, report.quarter).loc[code])
        if not period:
            continue
        values = case.values(indicator, period)
        care = _care(case, indicator, period, code, report)
        asides, sources = _asides(case, indicator, period, newer, code, report)
        asides += other_year(case, definition, period, report)
        row: dict[str, Any] = {
            "topic": definition["topic"],
            "indicator": indicator,
            "indicator_name": names[indicator],
            "kind": definition["kind"],
            "period": period,
            "value": values.at[code, "value"],
            "unit": units[indicator],
            "state": values.at[code, "state"],
            "quality": values.at[code, "quality"],
            "care": bool(care),
            "remark": " ".join([*care, *asides]),
            "source_id": _joined(values["source_id"].loc[code], sources),
        }
        row |= _rate(case, definition, period, code, report)
        rows.append(without_small(row, shown_counts(case, indicator, period)["state"][code], report))
    return pd.DataFrame(rows, columns=COLUMNS)


def _rate(case: Case, definition: pd.Series[Any], period: str, code: str, report: Report) -> dict[str, Any]:
    row: dict[str, Any] = {}
    if pd.notna(definition["denominator"]):
        rates = quality.rate(case, definition["indicator"], period)
        row["rate"] = rates.at[code, "value"]
        row["rate_unit"] = rate_title(case, definition["indicator"], report.language)[1]
        factor = float(definition["per"]) / (100 if definition["kind"] == "area" else 1)
        complete = rates.dropna(subset=["numerator", "denominator"])
        if len(complete) == len(rates):
            row["city_rate"] = factor * complete["numerator"].sum() / complete["denominator"].sum()
        if definition["direction"] != "neutral" and not no_chance_reason(case, definition["indicator"], period):
            beside = beside_chance(case, definition["indicator"], period).table.loc[code]
            row |= {"stabilised": beside["smoothed"], "position": beside["position"]}
    places = quality.places(case, definition["indicator"], period)
    if len(places):
        row |= {"place": int(places[code]), "of": len(places), "shared": int((places == places[code]).sum()) - 1}
    return row


def _care(case: Case, indicator: str, period: str, code: str, report: Report) -> list[str]:
    """Why a value is to be read with care: its quality, a list that leaves some out, a row like another one."""
    values = case.values(indicator, period)
    state = values.at[code, "quality"]
    listed = int(values["value"].notna().sum())
    words = []
    if state != "ok":
        words.append(f"{report.label(state).capitalize()}.")
    if listed < len(values):
        words.append(report.t("Only {n} of the {all} kecamatan are listed.", n=listed, all=len(values)))
    words += [
        report.t(
            "The same as for {name}, here and in other lists of this source: one row may be a copy of the other.",
            name=name,
        )
        for name in _twins(case, indicator, period, code)
    ]
    if not words:
        return []
    series = case.table("district_series")
    series = series[(series["indicator"] == indicator) & (series["period"] == period)]
    notes = [report.text(row, "note") for _, row in series.iterrows()]
    notes += [report.text(row, "note") for _, row in _rows(case, indicator, period, code, "main").iterrows()]
    words += [note if note.endswith(".") else f"{note}." for note in notes if note != "—"]
    return [f"{SIGN} {' '.join(_once(words))}"]


def _twins(case: Case, indicator: str, period: str, code: str) -> list[str]:
    """Names of the kecamatan whose row of this source and period looks like that of this one, also here."""
    pairs = case.remembered(("twins",), lambda: quality.twin_districts(case))
    also = pairs["indicators"].map(lambda text: indicator in text.split(", ")).astype(bool)  # also of no pair
    here = pairs[(pairs["period"] == period) & also]
    sides = (("code_bps_a", "name_b"), ("code_bps_b", "name_a"))
    return [str(name) for own, other in sides for name in here.loc[here[own] == code, other]]


def _once(words: list[str]) -> list[str]:
    # a note may already say what the coverage says
    said = [any(text.rstrip(".") in later for later in words[at + 1 :]) for at, text in enumerate(words)]
    return [text for text, again in zip(words, said, strict=True) if not again]


def _asides(
    case: Case, indicator: str, period: str, newer: str, code: str, report: Report
) -> tuple[list[str], list[str]]:
    """Rival figures of the period and a newer figure from a partial list, in words, with their sources."""
    texts, sources = [], []
    persons = counts_persons(case, indicator)
    for _, rival in _rows(case, indicator, period, code, "rival").iterrows():
        if persons and 0 < rival["value"] < SMALLEST_SHOWN:
            continue
        texts.append(report.t("Another source gives {value}.", value=float(rival["value"])))
        texts += [note for note in [report.text(rival, "note")] if note != "—"]
        sources.append(rival["source_id"])
    if newer and shown_counts(case, indicator, newer)["state"][code] == "shown":
        values = case.values(indicator, newer)
        texts.append(
            report.t(
                "Newer, but for {n} of {all} kecamatan only and so not compared: {value} ({period}).",
                n=int(values["value"].notna().sum()),
                all=len(values),
                value=values["value"].loc[code],
                period=report.language.period(newer),
            )
        )
        sources.append(values.at[code, "source_id"])
    return texts, sources


def _joined(first: str, further: list[str]) -> str:
    return ";".join(dict.fromkeys([first, *further]))


def _rows(case: Case, indicator: str, period: str, code: str, role: str) -> pd.DataFrame:
    table = case.table("district_values")
    keys = (table["indicator"] == indicator) & (table["period"] == period) & (table["code_bps"] == code)
    return table[keys & (table["role"] == role)]


def topic_table(facts: pd.DataFrame, topic: str, report: Report) -> pd.DataFrame:
    """The facts of one topic with value, rate, city and place written for the reader."""
    language = report.language
    part = facts[facts["topic"] == topic].copy()

    def value(row: pd.Series[Any]) -> str:
        if row["hidden"]:
            text = language.t("not shown")
        elif row["kind"] == "yes_no":
            text = language.t("yes") if row["value"] else language.t("no")
        else:
            text = language.counted(row["value"], row["unit"])
        return f"{text} {SIGN}" if row["care"] else text

    def ratio(number: Any, unit: Any) -> str:
        if pd.isna(number) or pd.isna(unit):
            return "—"
        text = language.number(float(str(number)), 2)
        return f"{text}%" if unit == "%" else f"{text} {unit}".strip()

    def place(row: pd.Series[Any]) -> str:
        if pd.isna(row["place"]):
            return "—"
        at, of, shared = (int(row[name]) for name in ("place", "of", "shared"))
        if shared:
            return report.t("{place} of {all}, shared with {n} more", place=at, all=of, n=shared)
        return report.t("{place} of {all}", place=at, all=of)

    rows = [row for _, row in part.iterrows()]
    part["value_text"] = [value(row) for row in rows]
    part["rate_text"] = [ratio(row["rate"], row["rate_unit"]) for row in rows]
    # the rate beside it says per what
    part["city_text"] = [ratio(row["city_rate"], "%" if row["rate_unit"] == "%" else "") for row in rows]
    part["stabilised_text"] = [ratio(row["stabilised"], "%" if row["rate_unit"] == "%" else "") for row in rows]
    part["place_text"] = [place(row) for row in rows]
    part["remark"] = [row["remark"] or "—" for row in rows]
    return part


def careful_years(case: Case, indicator: str, code: str, report: Report) -> pd.DataFrame:
    """The periods of one series for one kecamatan that need a remark: quality, coverage, rival figures.

    Returns
    -------
    DataFrame
        ``period``, ``value_text``, ``remark``, ``source_id``; oldest first, empty when nothing is to be said.
    """
    rows = []
    for period in case.periods(indicator, report.quarter):
        values = case.values(indicator, period)
        value = float(values["value"].loc[code])
        if pd.isna(value):
            continue
        care = _care(case, indicator, period, code, report)
        asides, sources = _asides(case, indicator, period, "", code, report)
        if care or asides:
            number = report.language.number(value)
            rows.append(
                {
                    "period": period,
                    "value_text": f"{number} {SIGN}" if care else number,
                    "remark": " ".join([*care, *asides]),
                    "source_id": _joined(values["source_id"].loc[code], sources),
                }
            )
    return pd.DataFrame(rows, columns=["period", "value_text", "remark", "source_id"])
