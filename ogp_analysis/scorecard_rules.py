"""What the values that were filled into a scorecard must keep to, beyond the schema of their table."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING

from ogp_analysis.errors import ParameterError, Problem, nearest
from ogp_analysis.quarter import Span
from ogp_analysis.scorecard_items import Numbered, Row, is_filled, item_problems, number_of

if TYPE_CHECKING:
    import pandas as pd

FILE = "scorecard_values.csv"
#: What somebody writes who has nothing to show: no evidence of anything.
NOTHING = frozenset(
    {"none", "nothing", "n a", "na", "nil", "tidak ada", "belum ada", "nihil", "kosong", "tidak tahu"}
)
Items = Mapping[str, Row]
#: A scorecard, an item, a district and the last day that a value is about.
Place = tuple[str, str, str, date]


def scorecard_problems(tables: Mapping[str, pd.DataFrame]) -> list[Problem]:
    """Every breach of a rule, by the row of ``scorecard_values.csv`` or ``scorecard_items.csv``.

    The rules: the scorecard has an item of that code, which is filled in and not computed from indicators; the
    value lies from the item's minimum to its maximum, and is whole where the item counts things; an address,
    document or source shows it, unless the value is illustrative. An item has one value for a district and last
    day. For the same district and last day a part is not above its whole (``part_of``), and an item has no value
    where the one that it needs is 0 (``needs``). The items keep to
    :func:`ogp_analysis.scorecard_items.item_problems`.

    Parameters
    ----------
    tables : mapping of name to DataFrame
        ``scorecard_items`` and ``scorecard_values``, typed or as text; a table that is not there has no rows.

    Returns
    -------
    list of Problem

    Examples
    --------
    >>> import pandas as pd
    >>> item = {"scorecard_id": "s", "code": "days", "type": "indicator", "indicators": None, "unit_en": "days"}
    >>> row = {"scorecard_id": "s", "code": "days", "value": "400", "state": "measured", "evidence": "minutes"}
    >>> tables = {
    ...     "scorecard_items": pd.DataFrame([item | {"minimum": 0, "maximum": 365}]),
    ...     "scorecard_values": pd.DataFrame([row | {"source_id": None, "code_bps": "1", "as_of": "2023"}]),
    ... }
    >>> print(*scorecard_problems(tables))
    scorecard_values.csv, row 2, column 'value': found '400', expected a number from 0 to 365, the bounds of 'days'
    """
    items = _rows(tables, "scorecard_items")
    problems = item_problems(items)
    known: dict[str, dict[str, Row]] = {}
    for _, row in items:
        if row["type"] == "indicator":
            known.setdefault(str(row["scorecard_id"]), {})[str(row["code"])] = row
    values = _rows(tables, "scorecard_values")
    own = [problem for number, row in values for problem in _value_problems(number, row, known)]
    # what is wrong by itself is told once, and nothing is held to it
    wrong = {problem.row for problem in own if problem.column in ("value", "code")}
    return [*problems, *own, *_pair_problems([each for each in values if each[0] not in wrong], known)]


def future_problem(text: str, today: date) -> str | None:
    """What is wrong with the day or period of a value that was filled in; None if it is over.

    Parameters
    ----------
    text : str
        As in ``as_of``; one that is no date is left to the schema.
    today : date

    Returns
    -------
    str or None

    Examples
    --------
    >>> future_problem("2023-06", date(2023, 6, 14))
    'a day or period that is over by 2023-06-14, the day of the import'
    >>> future_problem("2023-06-14", date(2023, 6, 14)) is None
    True
    """
    try:
        last = Span.parse(text).last
    except ParameterError:
        return None
    return f"a day or period that is over by {today}, the day of the import" if last > today else None


def _rows(tables: Mapping[str, pd.DataFrame], name: str) -> Numbered:
    """The rows of a table with their numbers in the file, missing cells as None."""
    if name not in tables:
        return []
    # a missing cell equals nothing, itself included; one of no kind at all cannot even be asked
    rows = tables[name].astype(object).where(tables[name].notna(), None).to_dict("records")
    return [(number, {str(key): value for key, value in row.items()}) for number, row in enumerate(rows, start=2)]


def _value_problems(number: int, row: Row, known: Mapping[str, Items]) -> list[Problem]:
    problems = []
    items = known.get(str(row["scorecard_id"]), {})
    code = row["code"]
    item = items.get(str(code))
    if item is None and code is not None and items:
        words = f"an item of the scorecard '{row['scorecard_id']}'. {nearest(str(code), items)}"
        problems.append(Problem(FILE, number, "code", str(code), words))
    elif item is not None and not is_filled(item):
        words = f"an item that is filled in; this one is computed from {item['indicators']}"
        problems.append(Problem(FILE, number, "code", str(code), words))
    elif item is not None:
        problems += _bound_problems(number, row, item)
    shown = None if row["evidence"] is None else " ".join(re.findall(r"\w+", str(row["evidence"]).casefold()))
    empty = shown is None or not shown or shown in NOTHING
    if empty and row["source_id"] is None and row["state"] == "measured" and row["value"] is not None:
        words = "an address or document that shows the value, or a source in 'source_id'"
        given = None if row["evidence"] is None else str(row["evidence"])
        problems.append(Problem(FILE, number, "evidence", given, words))
    return problems


def _bound_problems(number: int, row: Row, item: Row) -> list[Problem]:
    value, low, high = number_of(row["value"]), number_of(item["minimum"]), number_of(item["maximum"])
    if value is None:
        return []
    under, over = low is not None and value < low, high is not None and value > high
    if under or over:
        if low is not None and high is not None:
            words = f"a number from {low:g} to {high:g}"
        else:
            words = f"a number from {low:g} up" if low is not None else f"a number up to {high:g}"
        words = f"{words}, the bounds of '{row['code']}'"
    elif str(item.get("whole")).lower() == "true" and value != int(value):
        words = f"a whole number, for '{row['code']}' counts {item['unit_en']}"
    else:
        return []
    return [Problem(FILE, number, "value", f"{row['value']}", words)]


def _pair_problems(values: Numbered, known: Mapping[str, Items]) -> list[Problem]:
    """Values that do not go together with others of the same district and last day."""
    problems = []
    there: dict[Place, Row] = {}
    placed: list[tuple[int, Row, Place]] = []
    for number, row in values:
        place = _place(row)
        if place is None:
            continue
        if place in there and str(there[place]["as_of"]) != str(row["as_of"]):
            words = (
                f"another day or period than '{there[place]['as_of']}', of which the same item and kecamatan"
                " have a value: both end on the same day, and neither is the newer one"
            )
            problems.append(Problem(FILE, number, "as_of", str(row["as_of"]), words))
        there.setdefault(place, row)
        placed.append((number, row, place))
    for number, row, (scorecard, code, district, day) in placed:
        item = known.get(scorecard, {}).get(code)
        if item is None:
            continue
        value = number_of(row["value"])
        for column in ("part_of", "needs"):
            other = there.get((scorecard, str(item.get(column)), district, day))
            beside = None if other is None else number_of(other["value"])
            if value is None or beside is None:
                continue
            if column == "part_of" and value > beside:
                words = (
                    f"at most {beside:g}, as '{item[column]}' has here on that day: this item counts a part of it"
                )
                problems.append(Problem(FILE, number, "value", f"{row['value']}", words))
            elif column == "needs" and beside == 0:
                words = (
                    f"no value: '{item[column]}' is 0 here on that day, so there is nothing that it could be of"
                )
                problems.append(Problem(FILE, number, "value", f"{row['value']}", words))
    return problems


def _place(row: Row) -> Place | None:
    """Where and of which last day a value is; None where the schema refuses a cell of it anyway."""
    if any(row[name] is None for name in ("scorecard_id", "code", "code_bps", "as_of", "value")):
        return None
    try:
        last = Span.parse(str(row["as_of"])).last
    except ParameterError:
        return None
    return str(row["scorecard_id"]), str(row["code"]), str(row["code_bps"]), last
