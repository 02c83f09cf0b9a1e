"""What a scorecard is made of: its structure from the case, and the value of every item for every district."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import pandas as pd

from ogp_analysis.case import Case, known_by
from ogp_analysis.errors import DataError, ParameterError, Problem, file_row, nearest
from ogp_analysis.quality import coverage, nearest_complete_period, rate
from ogp_analysis.quarter import Quarter, Span
from ogp_analysis.scorecard_items import FILE, indicator_names

if TYPE_CHECKING:
    from ogp_analysis.stats.composite import Structure


@dataclass(frozen=True)
class Items:
    """The items of a scorecard with their values as of a quarter.

    Parameters
    ----------
    data : DataFrame
        Index ``code_bps``, a column an item (level 1); missing where nothing is known.
    about : DataFrame
        One row an item: ``code``, ``name_en``, ``name_id``, ``indicators``, ``period`` (of values filled in on
        several days: from the first to the last), ``denominator_period`` (missing where there is none), ``known``
        (districts with a value), ``doubtful`` (how many of those are to be read with care), ``state`` (measured,
        derived, illustrative; missing where nothing is known) and ``source_id`` (joined by ``;``).
    """

    data: pd.DataFrame
    about: pd.DataFrame


def scorecards_of(case: Case) -> list[str]:
    """Names of the scorecards of a case, in the order of its table."""
    return list(case.table("scorecards")["scorecard_id"])


def scorecard_structure(case: Case, scorecard_id: str) -> Structure:
    """The structure of a scorecard, checked.

    Parameters
    ----------
    case : Case
    scorecard_id : str
        One of :func:`scorecards_of`.

    Raises
    ------
    ParameterError
        If the case has no such scorecard.
    DataError
        With every breach of a rule; see :func:`ogp_analysis.stats.composite.structure`.

    Examples
    --------
    >>> from ogp_analysis import load_case
    >>> scorecard_structure(load_case("semarang"), "living").levels[2]
    ('education', 'health', 'housing')
    """
    from ogp_analysis.stats.composite import structure

    rows = _rows(case, scorecard_id)
    columns = ["code", "level", "parent", "direction", "weight", "type"]
    table = rows[columns].assign(denominator=None)
    try:
        return structure(table.astype(object).where(table.notna(), None), FILE)
    except DataError as error:
        # the rules count the rows of this scorecard; its reader looks at the file that holds them all
        numbers = [file_row(at) for at in rows.index]
        found = [
            replace(each, expected=f"{each.expected} (scorecard '{scorecard_id}')")
            if each.row is None
            else replace(each, row=numbers[each.row - 2])
            for each in error.problems
        ]
        raise DataError(found, hint=f"Mend these cells of {case.folder / FILE}.") from None


def scorecard_data(case: Case, quarter: Quarter, scorecard_id: str) -> Items:
    """The value of every item of a scorecard for every district, as of a quarter.

    An item with indicators is the sum of their rates (:func:`ogp_analysis.quality.rate`), all of one period: the
    newest that is complete for each of them by the quarter's end. Their denominators and ``per`` must be the same,
    or the sum would mean nothing. An item without indicators takes the newest value of ``scorecard_values`` for
    each district. What is not known stays missing; it is never zero.

    Parameters
    ----------
    case : Case
    quarter : Quarter
    scorecard_id : str

    Returns
    -------
    Items

    Raises
    ------
    ParameterError
        If the case has no such scorecard.
    DataError
        If the indicators of an item do not go together.

    Examples
    --------
    >>> from ogp_analysis import Quarter, load_case
    >>> items = scorecard_data(load_case("semarang"), Quarter.parse("2023Q4"), "living")
    >>> items.about.set_index("code").loc["unfit_houses", ["period", "denominator_period"]].tolist()
    ['2023', '2022']
    """
    rows = _rows(case, scorecard_id)
    rows = rows[rows["type"] == "indicator"]
    districts = case.districts["code_bps"]
    values: dict[str, pd.Series[Any]] = {}
    about = []
    wrong = [each for each in base_problems(case) if each.row in set(map(file_row, rows.index))]
    if wrong:
        raise DataError(wrong, hint=f"Mend these cells of {case.folder / FILE}.")
    known_series = coverage(case, quarter)
    known_series = known_series[known_series["coverage"] == "complete"]
    complete = {str(name): list(part) for name, part in known_series.groupby("indicator")["period"]}
    for _, row in rows.iterrows():
        if pd.isna(row["indicators"]):
            column, facts = _entered(case, quarter, scorecard_id, str(row["code"]))
        else:
            column, facts = _rates(case, quarter, indicator_names(row["indicators"]), complete)
        values[row["code"]] = column.reindex(districts)
        known = values[row["code"]].notna().sum()
        texts = {name: row[name] for name in ("code", "name_en", "name_id", "indicators")}
        about.append({**texts, "known": int(known), **facts})
    frame = pd.DataFrame(values, index=pd.Index(districts, name="code_bps"), dtype="float64")
    columns = ["code", "name_en", "name_id", "indicators", "period", "denominator_period", "known", "doubtful"]
    return Items(frame, pd.DataFrame(about, columns=[*columns, "state", "source_id"]))


def _rows(case: Case, scorecard_id: str) -> pd.DataFrame:
    there = scorecards_of(case)
    if scorecard_id not in there:
        raise ParameterError(f"The case has no scorecard {scorecard_id!r}.", hint=nearest(scorecard_id, there))
    items = case.table("scorecard_items")
    return items[items["scorecard_id"] == scorecard_id]


def base_problems(case: Case) -> list[Problem]:
    """Items that add up rates which do not go together: of other denominators, or per other numbers."""
    definitions = case.table("indicators").set_index("indicator")
    items = case.table("scorecard_items")
    problems = []
    for at, text in items["indicators"].dropna().items():
        bases = definitions.loc[indicator_names(text), ["denominator", "per"]].drop_duplicates()
        if bases["denominator"].isna().any() or len(bases) > 1:
            words = "indicators that are all divided by the same denominator, per as many"
            problems.append(Problem(FILE, file_row(at), "indicators", str(text), words))
    return problems


def _rates(
    case: Case, quarter: Quarter, names: list[str], complete: Mapping[str, list[str]]
) -> tuple[pd.Series[Any], dict[str, Any]]:
    nothing = {"period": None, "denominator_period": None, "doubtful": 0, "state": None, "source_id": None}
    shared = set.intersection(*(set(complete.get(name, ())) for name in names))
    if not shared:
        return pd.Series(dtype="float64"), nothing
    period = max(shared, key=lambda text: (Span.parse(text).last, text))
    base = str(case.indicator(names[0])["denominator"])
    base_period = nearest_complete_period(case, base, period, quarter)
    if base_period is None:
        return pd.Series(dtype="float64"), nothing
    found = [rate(case, name, period, base_period) for name in names]
    total = sum((each["value"] for each in found[1:]), start=found[0]["value"])
    careful = pd.concat([each["quality"].ne("ok") for each in found], axis=1).any(axis=1)
    ids = [source for each in found for source in each["source_id"].dropna().unique()]
    ids += list(case.values(base, base_period)["source_id"].dropna().unique())
    facts = {
        "period": period,
        "denominator_period": base_period,
        "doubtful": int(careful.sum()),
        "state": "illustrative" if any("illustrative" in set(each["state"]) for each in found) else "derived",
        "source_id": ";".join(dict.fromkeys(ids)),
    }
    return total, facts


def _entered(case: Case, quarter: Quarter, scorecard_id: str, code: str) -> tuple[pd.Series[Any], dict[str, Any]]:
    rows = case.table("scorecard_values")
    rows = rows[(rows["scorecard_id"] == scorecard_id) & (rows["code"] == code) & rows["value"].notna()]
    rows = rows[known_by(rows["as_of"], quarter.last_day)]
    last = rows["as_of"].map(lambda text: Span.parse(text).last)
    rows = rows.assign(last=last).sort_values("last", kind="stable").drop_duplicates("code_bps", keep="last")
    states = set(rows["state"])
    facts = {
        "period": _span(list(rows["as_of"].unique())),
        "denominator_period": None,
        "doubtful": 0,
        # a figure that rests on one illustrative value is illustrative
        "state": "illustrative" if "illustrative" in states else "measured" if states else None,
        "source_id": ";".join(dict.fromkeys(rows["source_id"].dropna())) or None,
    }
    return rows.set_index("code_bps")["value"].astype("float64"), facts


def _span(periods: list[str]) -> str | None:
    """The one period of several values, or the days from the first to the last of them; None without any."""
    if len(periods) < 2:
        return periods[0] if periods else None
    spans = [Span.parse(text) for text in periods]
    return f"{min(span.first for span in spans)}/{max(span.last for span in spans)}"
