"""What the values that were filled into a scorecard must keep to, beyond the schema of their table."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from datetime import date
from typing import TYPE_CHECKING

from ogp_analysis.errors import ParameterError, Problem, nearest
from ogp_analysis.quarter import Span

if TYPE_CHECKING:
    import pandas as pd

FILE, ITEMS_FILE = "scorecard_values.csv", "scorecard_items.csv"


def scorecard_problems(tables: Mapping[str, pd.DataFrame]) -> list[Problem]:
    """Every breach of a rule, by the row of ``scorecard_values.csv``.

    The rules: the scorecard has an item of that code, which is filled in and not computed from indicators; the
    value lies from the item's minimum to its maximum; an address, document or source shows it, unless the value is
    illustrative. An item that is filled in says its unit and has a minimum not above its maximum.

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
    ...     "scorecard_values": pd.DataFrame([row | {"source_id": None}]),
    ... }
    >>> print(*scorecard_problems(tables))
    scorecard_values.csv, row 2, column 'value': found '400', expected a number from 0 to 365, the bounds of 'days'
    """
    items = _rows(tables, "scorecard_items")
    problems = [problem for number, row in items for problem in _item_problems(number, row)]
    known: dict[str, dict[str, dict[str, object]]] = {}
    for _, row in items:
        if row["type"] == "indicator":
            known.setdefault(str(row["scorecard_id"]), {})[str(row["code"])] = row
    for number, row in _rows(tables, "scorecard_values"):
        problems += _value_problems(number, row, known)
    return problems


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


def _rows(tables: Mapping[str, pd.DataFrame], name: str) -> Iterable[tuple[int, dict[str, object]]]:
    """The rows of a table with their numbers in the file, missing cells as None."""
    if name not in tables:
        return []
    # a missing cell equals nothing, itself included
    rows = tables[name].astype(object).to_dict("records")
    cells = [
        {str(key): None if value is None or value != value else value for key, value in row.items()}
        for row in rows
    ]
    return list(enumerate(cells, start=2))


def _item_problems(number: int, row: Mapping[str, object]) -> list[Problem]:
    if row["type"] != "indicator" or row["indicators"] is not None:
        return []
    problems = []
    low, high = _number(row["minimum"]), _number(row["maximum"])
    if row["unit_en"] is None:
        words = "a unit, or indicators that the item is computed from"
        problems.append(Problem(ITEMS_FILE, number, "unit_en", None, words))
    if low is not None and high is not None and low > high:
        words = f"a maximum not below the minimum, {low:g}"
        problems.append(Problem(ITEMS_FILE, number, "maximum", str(row["maximum"]), words))
    return problems


def _value_problems(
    number: int, row: Mapping[str, object], known: Mapping[str, Mapping[str, Mapping[str, object]]]
) -> list[Problem]:
    problems = []
    items = known.get(str(row["scorecard_id"]), {})
    code = row["code"]
    item = items.get(str(code))
    if item is None and code is not None and items:
        words = f"an item of the scorecard '{row['scorecard_id']}'. {nearest(str(code), items)}"
        problems.append(Problem(FILE, number, "code", str(code), words))
    elif item is not None and item["indicators"] is not None:
        words = f"an item that is filled in; this one is computed from {item['indicators']}"
        problems.append(Problem(FILE, number, "code", str(code), words))
    elif item is not None:
        problems += _bound_problems(number, row, item)
    bare = row["evidence"] is None and row["source_id"] is None
    if bare and row["state"] == "measured" and row["value"] is not None:
        words = "an address or document that shows the value, or a source in 'source_id'"
        problems.append(Problem(FILE, number, "evidence", None, words))
    return problems


def _bound_problems(number: int, row: Mapping[str, object], item: Mapping[str, object]) -> list[Problem]:
    value, low, high = _number(row["value"]), _number(item["minimum"]), _number(item["maximum"])
    if value is None:
        return []
    under, over = low is not None and value < low, high is not None and value > high
    if not (under or over):
        return []
    if low is not None and high is not None:
        words = f"a number from {low:g} to {high:g}"
    else:
        words = f"a number from {low:g} up" if low is not None else f"a number up to {high:g}"
    return [Problem(FILE, number, "value", f"{row['value']}", f"{words}, the bounds of '{row['code']}'")]


def _number(value: object) -> float | None:
    """A number, or None for an empty cell and for text that the schema refuses anyway."""
    try:
        number = float(str(value))
    except ValueError:
        return None
    return number if math.isfinite(number) else None
