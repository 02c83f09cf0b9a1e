"""Made-up values for a scorecard that nobody has filled in yet: for exercises, and marked so in every row."""

from __future__ import annotations

import numpy as np
import pandas as pd

from ogp_analysis.case import Case
from ogp_analysis.quarter import Quarter
from ogp_analysis.scorecard_items import filled_rows

TABLE = "scorecard_values"
#: How far the items of one kecamatan go together; the rest of each value is its own.
SHARED_PART = 0.6
#: The share of cells left unknown, besides one kecamatan altogether: so it is with a form that comes back.
UNKNOWN_PART = 0.05
#: An item without bounds is drawn from these.
LOW, HIGH = 0.0, 100.0


def illustrative_values(case: Case, quarter: Quarter, scorecard_id: str, seed: int = 1) -> pd.DataFrame:
    """Made-up rows of ``scorecard_values`` for the items of a scorecard that are filled in.

    Every kecamatan draws how open it is, and each item mixes that with a draw of its own, as whole numbers within
    the item's bounds. An item that counts a part of another is not drawn above it, and one that needs another has
    no value where that one is 0. One kecamatan and some single cells stay unknown. The values say nothing of any
    place. An item stands below the items that it is a part of or needs.

    Parameters
    ----------
    case : Case
    quarter : Quarter
        All values are of its last day.
    scorecard_id : str
    seed : int
        The same seed gives the same rows.

    Returns
    -------
    DataFrame
        Columns of the table; ``state`` is *illustrative* in every row.

    Examples
    --------
    >>> from ogp_analysis import load_case
    >>> rows = illustrative_values(load_case("semarang"), Quarter(2023, 4), "openness")
    >>> set(rows["state"]), bool(rows["value"].between(0, 365).all()), rows["source_id"].isna().all().item()
    ({'illustrative'}, True, True)
    """
    items = filled_rows(case.table("scorecard_items"))
    items = items[items["scorecard_id"] == scorecard_id]
    districts = case.districts["code_bps"].to_numpy()
    random = np.random.default_rng(seed)
    open_to = random.random(len(districts))
    nobody = random.integers(len(districts)) if len(districts) else 0
    rows: list[dict[str, object]] = []
    values: dict[str, np.ndarray] = {}
    for _, item in items.iterrows():
        low = LOW if pd.isna(item["minimum"]) else float(item["minimum"])
        high = max(low, HIGH) if pd.isna(item["maximum"]) else float(item["maximum"])
        share = SHARED_PART * open_to + (1 - SHARED_PART) * random.random(len(districts))
        share = share if item["direction"] == 1 else 1 - share
        top = np.minimum(values.get(str(item["part_of"]), high), high)
        drawn = np.clip(np.round(low + (top - low) * share), low, high)
        values[str(item["code"])] = drawn
        unknown = random.random(len(districts)) < UNKNOWN_PART
        unknown[nobody] = True
        unknown |= values.get(str(item["needs"]), np.ones(len(districts))) == 0
        rows += [
            {"code": item["code"], "code_bps": district, "value": value}
            for district, value, hidden in zip(districts, drawn, unknown, strict=True)
            if not hidden
        ]
    shared = {"scorecard_id": scorecard_id, "as_of": quarter.last_day.isoformat(), "state": "illustrative"}
    like = case.table(TABLE)
    made = pd.DataFrame(rows, columns=["code", "code_bps", "value"]).assign(**shared)
    return made.reindex(columns=like.columns).astype(like.dtypes.to_dict())


def with_values(case: Case, rows: pd.DataFrame) -> Case:
    """The case with other values of its scorecards, in memory only; nothing on the disk changes.

    Parameters
    ----------
    case : Case
    rows : DataFrame
        As the table ``scorecard_values``; they take the place of those of the same scorecards.

    Returns
    -------
    Case

    Examples
    --------
    >>> from ogp_analysis import load_case
    >>> case = load_case("semarang")
    >>> made = with_values(case, illustrative_values(case, Quarter(2023, 4), "openness"))
    >>> len(case.table("scorecard_values")), len(made.table("scorecard_values")) > 0
    (0, True)
    """
    there = case.table(TABLE)
    others = there[~there["scorecard_id"].isin(rows["scorecard_id"].unique())]
    return case.with_table(TABLE, pd.concat([others, rows]) if len(others) else rows)
