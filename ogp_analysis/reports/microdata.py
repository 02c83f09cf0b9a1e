"""Relief on land tax from a roll of bills: rows and sentences for its page, nothing of a single bill."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from ogp_analysis.recovery import dated_window, measure_terms, uncovered_days
from ogp_analysis.recovery.example_roll import make_example_roll
from ogp_analysis.recovery.relief import Relief, assess_with_benefit, compile_terms
from ogp_analysis.recovery.relief.publish import Published, publish_relief
from ogp_analysis.recovery.relief.terms import BY_USE, FINE_KINDS
from ogp_analysis.reports.pictures import map_frame
from ogp_analysis.reports.present import pair, with_names, worded_terms
from ogp_analysis.sources.tax_roll import city_code, kecamatan_codes, open_roll

if TYPE_CHECKING:
    from ogp_analysis.maps.figure import MapFigure
    from ogp_analysis.reports.context import Report

LAND_TAX = "pbb"
BILLS, SEED = 42_000, 1  # of the illustrative roll: a page in two or three seconds
LISTED = 20

EXPLANATIONS = {
    "poor": "A roll does not tell who is poor or who rents: a low property value is not a low income.",
    "behaviour": "It does not tell who would have paid without the relief: amounts are compared for the same "
    "bills, paid or not paid on the same days.",
    "missing": "Objects that are in no roll, and reductions that single taxpayers asked for, are not in it.",
    "terms": "Terms for which the sources give no period are left out and listed; none was guessed.",
    "fine": "Only the general rule on fines is used; the local rule itself was not seen.",
    "kecamatan": "The kecamatan of a bill is read from digits 5 to 7 of its object number (NOP) and taken for the "
    "code of BPS. The tax office’s own list was not seen: where it differs, names and map are wrong.",
    "bills": "A bill is one object in one tax year, not a person: one person may have several.",
}

HEADERS = {
    "njop_decile": "Tenth of property values (NJOP)",
    "bills": "Bills",
    "due_without": "Due without relief",
    "relieved_bills": "Bills with relief",
    "forgone": "Forgone",
    "percent": "Share forgone",
    "paid_bills": "Paid",
    "by_due_bills": "Paid by the due date",
    "mean_days_early": "Mean days before it",
    "late_bills": "Paid after it",
    "mean_days_late": "Mean days after it",
}
#: Columns of the tables on what was forgone, and on payment, with their headers; and how they are shown.
JOINT = {name: HEADERS[name] for name in ("bills", "due_without", "relieved_bills", "forgone", "percent")}
PAID = {
    name: HEADERS[name]
    for name in ("bills", "paid_bills", "by_due_bills", "mean_days_early", "late_bills", "mean_days_late")
}
FORMATS = {
    **dict.fromkeys(HEADERS, "whole"),
    **dict.fromkeys(("due_without", "forgone"), "rupiah"),
    **dict.fromkeys(("mean_days_early", "mean_days_late"), "one"),
    "percent": "percent",
}


def formats_of(columns: Collection[str]) -> dict[str, str]:
    """How the columns of a table are shown, those of them that are figures.

    Examples
    --------
    >>> formats_of(["name", "forgone"])
    {'forgone': 'rupiah'}
    """
    return {name: FORMATS[name] for name in columns if name in FORMATS}


@dataclass(frozen=True)
class Microdata:
    """What a page on a roll is made from.

    Attributes
    ----------
    relief : Relief
    shown : Published
        The only sums that the page shows.
    terms : DataFrame
        The city's terms on land tax, known by the quarter's end.
    source : str
        For captions, in the reader's language.
    file : str
        Name of the roll's file; empty for the illustrative roll.
    """

    relief: Relief
    shown: Published
    terms: pd.DataFrame
    source: str
    file: str


def open_microdata(report: Report) -> Microdata | None:
    """Read the roll that the reader gave, or make up an illustrative one, and work out the relief.

    From then on the page calls itself illustrative if the roll is.

    Returns
    -------
    Microdata or None
        None if the case has no terms on land tax by the quarter's end.

    Raises
    ------
    DataError
        If the roll cannot be used; nothing of it is quoted.
    """
    table = measure_terms(report.case, report.quarter)
    table = table[table["category"] == LAND_TAX].reset_index(drop=True)
    if table.empty:
        return None
    city = city_code(report.case.jurisdiction)
    codes = kecamatan_codes(report.case.districts)
    file = Path(report.roll_file).name if report.roll_file else ""
    given = report.roll_file or make_example_roll(BILLS, SEED, city=city, kecamatan=codes)
    roll = open_roll(given, city, kecamatan=codes)
    report.illustrative = roll.illustrative
    terms = compile_terms(table, roll_has_use="KD_JPB" in roll.columns)
    relief, benefit = assess_with_benefit(roll, terms, report.quarter.last_day)
    source = (
        report.t("land-tax roll {file}", file=file) if file else report.t("illustrative roll, made up at random")
    )
    return Microdata(relief, publish_relief(relief, benefit), table, source, file)


def read_words(micro: Microdata, report: Report) -> str:
    """How many rows were read, counted and left out."""
    text = report.t(
        "{rows} rows were read: {bills} bills are counted and {out} rows are left out.",
        rows=micro.relief.rows_read,
        bills=int(micro.relief.totals()["bills"]),
        out=int(micro.relief.exclusions["rows"].sum()),
    )
    if not micro.relief.layout_lines:
        return text
    others = report.t(
        "{n} further lines are no rows (blank lines, rules, headings, sub-totals).", n=micro.relief.layout_lines
    )
    return f"{text} {others}"


def excluded_rows(micro: Microdata, report: Report) -> pd.DataFrame:
    """Rows left out by reason, with what was counted and the sum of all."""
    reasons = micro.relief.exclusions
    lacks = [report.t("left out; needed: {what}", what=report.t(what)) for what in reasons["expected"]]
    counted = int(micro.relief.totals()["bills"])
    return pd.DataFrame(
        {
            "what": [report.t("counted"), *lacks, report.t("all rows read")],
            "rows": [counted, *reasons["rows"], micro.relief.rows_read],
        }
    )


def listed_rows(micro: Microdata, report: Report) -> pd.DataFrame:
    """The first rows left out, by their number in the file; no cell of theirs is shown."""
    rows = micro.relief.excluded.head(LISTED)
    return rows.assign(what=[report.t(text) for text in rows["expected"]])


def applied_terms(micro: Microdata, report: Report) -> pd.DataFrame:
    """The terms that were applied, in words."""
    return worded_terms(_merged(micro, "inner"), report.language).assign(
        whom=lambda frame: [
            report.t("use {codes} (KD_JPB)", codes=str(uses).replace(";", ", "))
            if bills == BY_USE
            else report.t("all")
            for bills, uses in zip(frame["bills"], frame["uses"], strict=True)
        ]
    )


def unused_terms(micro: Microdata, report: Report) -> pd.DataFrame:
    """The terms that were not applied, with why."""
    unused = micro.relief.terms.unused.merge(micro.terms, on=["measure_id", "term_no"])
    return worded_terms(unused, report.language).assign(why=[report.t(why) for why in unused["reason"]])


def _merged(micro: Microdata, how: Any) -> pd.DataFrame:
    used = pd.DataFrame(
        [(term.measure, term.number) for term in micro.relief.terms.terms], columns=["measure_id", "term_no"]
    )
    return micro.terms.merge(used, on=["measure_id", "term_no"], how=how)


def waiver_days(micro: Microdata) -> pd.DataFrame:
    """The days between the first and the last waiver of fines that none covers: ``start``, ``end``, ``days``."""
    waivers = micro.terms[micro.terms["kind"].isin(FINE_KINDS)]
    window = dated_window(waivers)
    gaps = uncovered_days(waivers, *window) if window else []
    rows = [(first, last, (last - first).days + 1) for first, last in gaps]
    return pd.DataFrame(rows, columns=["start", "end", "days"])


def fine_words(micro: Microdata, report: Report) -> str:
    """The rule by which fines on late payment were worked out."""
    return report.t(
        "Fines on late payment are worked out by the general rule of the time (Law 28/2009): {percent}% of the "
        "tax for each month or part of a month, at most {months} months. The local rule itself was not seen; no "
        "other is used.",
        percent=micro.relief.fine.basis_points / 100,
        months=micro.relief.fine.most_months,
    )


def forgone_words(micro: Microdata, report: Report) -> str:
    """How much less was due through all measures together."""
    totals = micro.relief.totals()
    if not 0 < micro.shown.threshold <= totals["relieved_bills"]:
        return report.t("Too few bills cost less through the measures to be shown.")
    return report.t(
        "{forgone} less is due through the measures, on {n} of {all} bills: {share}% of what would be due without "
        "them.",
        forgone=report.language.rupiah(int(totals["forgone"])),
        n=int(totals["relieved_bills"]),
        all=int(totals["bills"]),
        share=round(float(100 * totals["forgone"] / totals["due_without"]), 1),
    )


def kakwani_words(micro: Microdata, report: Report) -> str:
    """In how many tax years the relief favoured low or high property values, as far as can be told."""
    years = micro.shown.years.dropna(subset=["kakwani", "low", "high"])
    if years.empty:
        return report.t("In no tax year is there enough relief to say who had it.")
    below, above = int((years["high"] < 0).sum()), int((years["low"] > 0).sum())
    clauses = [
        (below, report.t("in {n} below zero (low property values had more of it than in proportion)", n=below)),
        (above, report.t("in {n} above zero (high property values had more of it than in proportion)", n=above)),
        (len(years) - below - above, report.t("in {n} not told from zero", n=len(years) - below - above)),
    ]
    return report.t(
        "Tax years with enough relief for Kakwani’s index: {n}; {parts}.",
        n=len(years),
        parts=report.language.list([text for count, text in clauses if count]),
    )


def measure_rows(micro: Microdata, report: Report) -> pd.DataFrame:
    """Measures with their names."""
    names = micro.terms.drop_duplicates("measure_id")
    known = dict(zip(names["measure_id"], pair(names, "name", report.language), strict=True))
    return with_names(micro.shown.measures, known, "measure_id")


def place_rows(frame: pd.DataFrame, report: Report) -> pd.DataFrame:
    """A table by ``kecamatan`` with ``name``, in the order of the names."""
    city = city_code(report.case.jurisdiction)
    names = dict(zip(report.case.districts["code_bps"], report.case.districts["name"], strict=True))
    named = frame.assign(code_bps=city + frame["kecamatan"])
    return named.assign(name=named["code_bps"].map(names)).sort_values("name", ignore_index=True)


def grid_rows(micro: Microdata, report: Report) -> tuple[pd.DataFrame, dict[str, str]]:
    """Percent forgone by kecamatan and tenth of the property values: rows, and columns with their headers."""
    grid = micro.shown.grid
    if grid.empty:
        return pd.DataFrame(), {"name": report.t("Kecamatan")}
    wide = grid.rename(columns={tenth: f"d{tenth}" for tenth in grid.columns}).reset_index()
    headers = {f"d{tenth}": str(tenth) for tenth in grid.columns}
    return place_rows(wide, report), {"name": report.t("Kecamatan")} | headers


def forgone_map(micro: Microdata, report: Report) -> MapFigure | None:
    """A map of the percentage forgone; a kecamatan that is hidden has no value."""
    from ogp_analysis.maps import choropleth, make_classes, tile_grid

    values = place_rows(micro.shown.kecamatan, report).set_index("code_bps")["percent"].astype("float64").dropna()
    if values.empty:
        return None
    states = pd.Series(micro.relief.state, values.index)
    note = report.t(
        "A kecamatan with at least one but fewer than {n} such bills is not shown, nor one that would tell its "
        "number.",
        n=micro.shown.threshold,
    )
    title = report.t("Land tax forgone through relief, as a percentage of what would be due")
    frame = map_frame(report, title, "%", micro.source, report.quarter, note)
    shades = make_classes(values, language=report.language.code)
    if report.has_outline:
        return choropleth(report.boundaries, values, frame, classes=shades, kind="share", states=states, unit="%")
    if report.case.districts["tile_row"].notna().all():
        return tile_grid(report.case.districts, values, frame, classes=shades, states=states, unit="%")
    return None


def limits(report: Report) -> list[str]:
    """What a page on a roll does not show."""
    return [report.t(text) for text in EXPLANATIONS.values()]
