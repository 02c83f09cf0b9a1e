"""The state of a case in plain text: what is in it, what does not add up, what is missing."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pandas as pd

from ogp_analysis import quality
from ogp_analysis.build import datapackage_differs
from ogp_analysis.case import Case
from ogp_analysis.casefile import PUBLISHABLE
from ogp_analysis.privacy import HINT, private_cells
from ogp_analysis.quarter import Quarter


def describe(case: Case, quarter: Quarter | None = None) -> str:
    """What ``ogp-analysis check`` prints.

    Parameters
    ----------
    case : Case
    quarter : Quarter, optional
        Leave out what is dated later.
    """
    sections = [
        str(case),
        "All tables keep to their schemas; every reference leads to a row.",
        _persons(case),
        _contents(case),
        _totals(case, quarter),
        _percents(case, quarter),
        _rivals(case, quarter),
        _series(case, quarter),
        _missing(case, quarter),
    ]
    if datapackage_differs(case):
        sections.append(
            "datapackage.yaml: 'resources' differ from the library's schemas. To write them anew: "
            "python -m ogp_analysis.datapackage " + str(case.folder)
        )
    return "\n\n".join(sections)


def _persons(case: Case) -> str:
    tables = {name: case.table(name) for name in case.tables}
    found = private_cells(tables, case.info.get(PUBLISHABLE, ()))
    if not found:
        return "No cell holds what looks like a number or an address of a person."
    lines = [f"  {problem}" for problem in found]
    return "\n".join([f"NUMBERS OR ADDRESSES OF PERSONS: {len(found)}. No page shows them.", *lines, f"  {HINT}"])


def _rows(frame: pd.DataFrame) -> Iterator[Any]:
    return iter(frame.itertuples())


def _contents(case: Case) -> str:
    table = quality.inventory(case)
    lines = [f"  {row.rows:>6,}  {row.table:<18} {row.row}" for row in _rows(table)]
    return "\n".join(["IN THE CASE (rows, table, one row is)", *lines])


def _amount(value: float) -> str:
    return f"{value:,.2f}".rstrip("0").rstrip(".")


def _totals(case: Case, quarter: Quarter | None) -> str:
    checks = quality.total_checks(case, quarter)
    lines = [
        f"  {'agrees ' if row.agrees else 'DIFFERS'}  {row.item}, {row.period}: printed {_amount(row.stated)}, "
        f"computed {_amount(row.computed)}"
        + ("" if row.agrees else f" ({row.difference:+,.10g})")
        + f"  [{row.source_id}]"
        for row in _rows(checks.sort_values("agrees", kind="stable"))
    ]
    wrong = int((~checks["agrees"]).sum())
    return "\n".join([f"TOTALS: {wrong} of {len(checks)} do not add up", *lines])


def _percents(case: Case, quarter: Quarter | None) -> str:
    checks = quality.printed_percent_checks(case, quarter)
    words = {True: "equal within rounding", False: "DIFFERS", None: "cannot be checked"}
    lines = []
    for row in _rows(checks):
        said = f"{row.tax} {row.year}, as of {row.as_of}: printed {row.printed_percent:g}% ({row.rate_of})"
        known = None if pd.isna(row.agrees) else bool(row.agrees)
        sums = "" if known is None else f", {_amount(row.amount)} of {_amount(row.target)} is {row.percent:.2f}%"
        lines.append(f"  {words[known]:<21}  {said}{sums}")
    return "\n".join(
        ["PRINTED ACHIEVEMENT RATES against every target printed for the year", *(lines or ["  none"])]
    )


def _rivals(case: Case, quarter: Quarter | None) -> str:
    rivals = quality.rival_values(case, quarter)
    lines = [
        f"  {row.indicator}, {row.name}, {row.period}: {_amount(row.main)} [{row.source_id}] "
        f"against {_amount(row.rival)} [{row.rival_source_id}]"
        for row in _rows(rivals)
    ]
    twins = quality.twin_districts(case, quarter)
    lines += [
        f"  {row.name_a} and {row.name_b} have equal values in: {row.indicators} ({row.period}) [{row.source_id}]"
        for row in _rows(twins)
    ]
    lines += [
        f"  {row['topic_en']}: {row['version_a_en']} / {row['version_b_en']}"
        for _, row in case.table("conflicts").iterrows()
    ]
    return "\n".join(["SOURCES THAT DISAGREE, AND ROWS THAT LOOK COPIED", *(lines or ["  none"])])


def _series(case: Case, quarter: Quarter | None) -> str:
    table = quality.coverage(case, quarter)
    care = table[(table["coverage"] == "partial") | (table["quality"] != "ok") | table["break_before"]]
    lines = []
    for row in _rows(care):
        words = [f"{row.districts} of {row.of} kecamatan"]
        words += [str(row.quality)] if row.quality != "ok" else []
        words += ["new base: not comparable with the years before"] if row.break_before else []
        words += [f"base: {row.base}"] if pd.notna(row.base) else []
        words += [f"areas: {row.area_vintage}"] if pd.notna(row.area_vintage) else []
        lines.append(f"  {row.indicator}, {row.period}: {'; '.join(words)}")
    return "\n".join([f"SERIES TO BE READ WITH CARE: {len(care)} of {len(table)}", *lines])


def _missing(case: Case, quarter: Quarter | None) -> str:
    known = quality.evidence_matrix(case, quarter)
    needs = case.table("evidence_needs").set_index("gap_id")["item_en"]
    lines = [f"  {int(known[gap].sum()):>3} of {len(known)} kecamatan  {needs[gap]}" for gap in known.columns]
    return "\n".join(["KNOWN BY KECAMATAN", *lines])
