"""What the items of a scorecard must keep to, beyond the schema of their table and the rules of an index."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from ogp_analysis.errors import Problem, nearest
from ogp_analysis.tables import list_in

if TYPE_CHECKING:
    import pandas as pd

FILE = "scorecard_items.csv"
Row = Mapping[str, object]
Numbered = Sequence[tuple[int, Row]]
#: Columns that say something of an item which is filled in, and nothing of any other row.
ENTERED = ("unit_en", "minimum", "maximum", "whole", "part_of", "needs")


def item_problems(rows: Numbered) -> list[Problem]:
    """Every breach of a rule, by the row of ``scorecard_items.csv``.

    The rules: only an item has indicators, each once, and no two items of a scorecard have the same; only an item
    that is filled in has a unit, bounds and relations to others. Such an item says its unit and has a minimum not
    above its maximum. What it is a part of, or needs, is another item of its scorecard that is filled in; a part
    has the unit of its whole, and is not, through other parts, a part of itself.

    Parameters
    ----------
    rows : sequence of (int, mapping)
        Each row with its number in the file; missing cells as None.

    Returns
    -------
    list of Problem

    Examples
    --------
    >>> row = {"scorecard_id": "s", "code": "minutes", "type": "indicator", "indicators": None}
    >>> item_problems([(2, row | {"unit_en": "meetings", "part_of": "forum"})])[0].expected
    'another item that is filled in. There are none.'
    """
    problems: list[Problem] = []
    for name in dict.fromkeys(row["scorecard_id"] for _, row in rows):
        own = [(number, row) for number, row in rows if row["scorecard_id"] == name]
        problems += _indicator_problems(own)
        filled = {str(row["code"]): row for _, row in own if is_filled(row)}
        for number, row in own:
            problems += _own_problems(number, row)
            if is_filled(row):
                problems += _relation_problems(number, row, filled)
    return problems


def is_filled(row: Row) -> bool:
    """Whether a row is an item that is filled in, and not computed from indicators."""
    return row["type"] == "indicator" and row["indicators"] is None


def filled_rows(items: pd.DataFrame) -> pd.DataFrame:
    """The rows of ``scorecard_items`` for which :func:`is_filled` holds."""
    return items[(items["type"] == "indicator") & items["indicators"].isna()]


def indicator_names(text: object) -> list[str]:
    """The indicators that an item is computed from, as its cell lists them."""
    return list_in(str(text))


def number_of(value: object) -> float | None:
    """A number, or None for an empty cell and for text that the schema refuses anyway."""
    try:
        number = float(str(value))
    except ValueError:
        return None
    return number if math.isfinite(number) else None


def _indicator_problems(rows: Numbered) -> list[Problem]:
    problems = []
    seen: dict[frozenset[str], int] = {}
    for number, row in rows:
        text = row["indicators"]
        if text is None:
            continue
        names = indicator_names(text)
        words = ""
        if row["type"] != "indicator":
            words = "nothing: a group is made of the items under it"
        elif len(set(names)) < len(names):
            words = "each indicator once: a second one would be added to itself"
        elif frozenset(names) in seen:
            words = f"other indicators than those of row {seen[frozenset(names)]}, or the same item counts twice"
        if words:
            problems.append(Problem(FILE, number, "indicators", str(text), words))
        seen.setdefault(frozenset(names), number)
    return problems


def _own_problems(number: int, row: Row) -> list[Problem]:
    if not is_filled(row):
        words = "nothing: only an item that is filled in, without indicators, has this"
        given = [(column, row.get(column)) for column in ENTERED]
        return [Problem(FILE, number, column, str(value), words) for column, value in given if value is not None]
    problems = []
    low, high = number_of(row.get("minimum")), number_of(row.get("maximum"))
    if row["unit_en"] is None:
        words = "a unit, or indicators that the item is computed from"
        problems.append(Problem(FILE, number, "unit_en", None, words))
    if low is not None and high is not None and low > high:
        words = f"a maximum not below the minimum, {low:g}"
        problems.append(Problem(FILE, number, "maximum", str(row["maximum"]), words))
    return problems


def _relation_problems(number: int, row: Row, filled: Mapping[str, Row]) -> list[Problem]:
    problems = []
    code = str(row["code"])
    for column in ("part_of", "needs"):
        other = row.get(column)
        if other is not None and (str(other) not in filled or str(other) == code):
            words = (
                f"another item that is filled in. {nearest(str(other), [name for name in filled if name != code])}"
            )
            problems.append(Problem(FILE, number, column, str(other), words))
    whole = row.get("part_of")
    if problems or whole is None:
        return problems
    if filled[str(whole)]["unit_en"] != row["unit_en"]:
        words = f"the unit of '{whole}', {filled[str(whole)]['unit_en']}, of which this item counts a part"
        problems.append(Problem(FILE, number, "unit_en", str(row["unit_en"]), words))
    above = [code]
    while whole is not None and str(whole) in filled and str(whole) not in above:
        above.append(str(whole))
        whole = filled[str(whole)].get("part_of")
    if whole == code:
        words = f"an item that is not itself a part of '{code}'"
        problems.append(Problem(FILE, number, "part_of", str(row["part_of"]), words))
    return problems
