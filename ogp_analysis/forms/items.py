"""What the form of a scorecard has beside that on commitments: its items, its guide, a row for every pair."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from ogp_analysis import __version__
from ogp_analysis.case import Case
from ogp_analysis.errors import ParameterError, nearest
from ogp_analysis.forms.choices import filled_items
from ogp_analysis.forms.guide import Line, handing_back
from ogp_analysis.forms.layout import VALUES
from ogp_analysis.forms.records import Records
from ogp_analysis.forms.words import TITLES
from ogp_analysis.locale import Language
from ogp_analysis.locale.pairs import pair, pair_text

#: Headings of the sheet of items.
HEADERS: Mapping[str, str] = {
    "group": "Group",
    "item": "Item",
    "better": "Better is",
    "unit": "Unit",
    "minimum": "Lowest",
    "maximum": "Highest",
    "note": "What to look at",
}
#: Stands in the lists where an item has no bound.
UNBOUNDED = 1e300


def need_scorecard(case: Case, scorecard: str) -> None:
    """Refuse a form on a scorecard that is not there, or of which nothing is filled in.

    Raises
    ------
    ParameterError
    """
    there = list(case.table("scorecards")["scorecard_id"])
    if scorecard not in there:
        raise ParameterError(f"The case has no scorecard {scorecard!r}.", hint=nearest(scorecard, there))
    if filled_items(case, scorecard).empty:
        raise ParameterError(
            f"No item of the scorecard {scorecard!r} is filled in: all are computed from indicators.",
            hint="Use another scorecard, or give it an item without indicators in scorecard_items.csv.",
        )
    if VALUES not in case.tables:
        raise ParameterError(
            f"The case has no table {VALUES} to keep the values in.",
            hint=f"Put {VALUES}.csv with its header row into {case.folder} and run:"
            f" python -m ogp_analysis.datapackage {case.folder}",
        )


def form_rows(case: Case, scorecard: str, records: Records) -> list[tuple[str, dict[str, str]]]:
    """The rows of the sheet of values: those of the case with their numbers, and one for each pair without any.

    By kecamatan, item and day. An unfilled row holds the kecamatan, the item and the usual state; no value.
    """
    districts, items = list(case.districts["code_bps"]), list(filled_items(case, scorecard)["code"])
    there = [
        (str(number), dict(row.cells))
        for number, row in enumerate(records.rows, start=1)
        if row.cells["scorecard_id"] == scorecard
    ]
    known = {(cells["code_bps"], cells["code"]) for _, cells in there}
    empty = dict.fromkeys(records.columns, "") | {"scorecard_id": scorecard, "state": "measured"}
    prepared = [
        ("", empty | {"code_bps": district, "code": item})
        for district in districts
        for item in items
        if (district, item) not in known
    ]

    def place(row: tuple[str, dict[str, str]]) -> tuple[int, int, str]:
        cells = row[1]
        return districts.index(cells["code_bps"]), items.index(cells["code"]), cells["as_of"]

    return sorted([*there, *prepared], key=place)


def item_lines(case: Case, scorecard: str, language: Language) -> list[list[str]]:
    """The sheet of items, line by line: group, item, which is better, unit, bounds, what to look at."""
    t = language.t
    every = case.table("scorecard_items")
    every = every[every["scorecard_id"] == scorecard]
    groups = dict(zip(every["code"], pair(every, "name", language), strict=True))
    lines = [[t(text) for text in HEADERS.values()]]
    for _, row in filled_items(case, scorecard).iterrows():
        texts = [
            groups.get(row["parent"]),
            pair_text(row, "name", language),
            t("more" if row["direction"] == 1 else "less"),
        ]
        texts += [pair_text(row, "unit", language), *(_bound(row[name]) for name in ("minimum", "maximum"))]
        lines.append(["" if pd.isna(text) else str(text) for text in [*texts, pair_text(row, "note", language)]])
    return lines


def _bound(value: Any) -> str:
    return "" if pd.isna(value) else f"{float(value):g}"


def bounds(case: Case, scorecard: str) -> tuple[list[float], list[float]]:
    """The lowest and the highest value of every item, in the order of the drop-down."""
    items = filled_items(case, scorecard)
    low, high = items["minimum"].fillna(-UNBOUNDED), items["maximum"].fillna(UNBOUNDED)
    return [float(value) for value in low], [float(value) for value in high]


def scorecard_guide(case: Case, scorecard: str, language: Language) -> list[Line]:
    """The guide of the form, line by line, in the reader's language.

    Examples
    --------
    >>> from ogp_analysis.case import load_case
    >>> from ogp_analysis.locale import get_language
    >>> scorecard_guide(load_case("semarang"), "openness", get_language("en"))[0][1]
    'Form for a scorecard: Openness in practice, Kota Semarang'
    """
    t = language.t
    cards = case.table("scorecards")
    card = cards[cards["scorecard_id"] == scorecard].iloc[0]
    sheets = {name: t(title) for name, title in TITLES.items()}
    place = case.jurisdiction["name"]
    lines: list[Line] = [
        (
            "title",
            t("Form for a scorecard: {name}, {place}", name=pair_text(card, "name", language), place=place),
            "",
        ),
        ("text", str(pair_text(card, "about", language)), ""),
        ("text", str(pair_text(card, "limits", language)), ""),
        ("text", t("Written by ogp-analysis {version}.", version=__version__), ""),
        ("heading", t("Filling in"), ""),
    ]
    steps = [
        t("Read the sheet {scorecard_items}: what each item counts, in which unit, and where to look.", **sheets),
        t("The sheet {scorecard_values} has a row for every kecamatan and item. Fill in what you saw.", **sheets),
        t("What is not known stays empty: no zero, no dash, no guess. A zero is something that you saw."),
        t("Every value has its day or period, and an address, document or source where anybody can look it up."),
        t("Write dates no more exactly than the source does: 2023, 2023-08 or 2023-08-17."),
        t("A percentage is a number such as 85, without a percent sign."),
        t("For a later day of the same item and kecamatan add a row at the end; the earlier one stays."),
        t("Choose from the list where a cell offers one. No formulas, no merged cells."),
        t("You may sort, filter, hide, and add rows. Columns and sheets that you add are not read."),
        t("To take a row out of the case, put x in its first column; deleting it here leaves it in the case."),
        t("Names, numbers and addresses of private persons do not belong here."),
    ]
    lines += [("text", f"{number}. {step}", "") for number, step in enumerate(steps, start=1)]
    return [*lines, *handing_back(language)]
