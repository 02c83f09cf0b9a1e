"""What differs between two standings, and whether data, method or boundaries moved."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, cast

import pandas as pd

from ogp_analysis.changes.standing import Standing
from ogp_analysis.changes.subjects import SUBJECTS
from ogp_analysis.errors import ParameterError
from ogp_analysis.quarter import Quarter

KEY = ["subject", "key", "code_bps"]
#: Why an item differs: newer or revised data; another way of counting at the source; our method; areas or
#: districts; none of what is recorded.
CAUSES = ("newer_data", "revised_data", "counted_otherwise", "method", "boundaries", "unexplained")
#: What is shown as the source gives it: no method of ours moves it.
AS_GIVEN = {"membership", "measure", "amount", "revenue", "value"}
#: What hangs on which districts there are.
AMONG_ALL = {"place", "scorecard", "coverage"}
MOVES = (
    *("subject", "key", "code_bps", "name_en", "name_id", "unit_en", "unit_id", "change"),
    *("before", "before_text", "before_period", "after", "after_text", "after_period", "difference"),
    *("revised", "causes", "source_id"),
)


def moves(before: Standing, after: Standing, again: Standing | None = None) -> pd.DataFrame:
    """Every item that differs between two standings, appeared or vanished; what is equal is left out.

    A difference has up to two steps. *Revised*: by the tables and the method of today (``again``) the earlier
    quarter looks otherwise than in the report that was published (``before``). *New*: by the same tables and
    method the later quarter looks otherwise than the earlier one. The causes of the first step are those inputs
    of the item that differ between the two makings: its tables (``revised_data``), the version of the method
    (``method``; never for what is shown as its source gives it, where its tables moved), the list of districts
    (``boundaries``). Where several differ, all are named: which of them moved the item cannot be told. In the
    second step the cause is ``newer_data``; with it ``counted_otherwise`` where the series is on another base,
    and ``boundaries`` where its areas are of another vintage. ``unexplained`` is what no recorded input
    accounts for.

    Parameters
    ----------
    before : Standing
        As published, or computed today.
    after : Standing
        Of the same case.
    again : Standing, optional
        The quarter of ``before``, by the tables and the method of ``after``; needed where ``before`` was
        made by others.

    Returns
    -------
    DataFrame
        ``subject``, ``key``, ``code_bps``, names and units (of the later item, where there is one), ``change``
        (``appeared``, ``vanished``, ``changed``), ``before``, ``before_text``, ``before_period``, ``after``,
        ``after_text``, ``after_period``, ``difference`` (of numbers), ``revised`` (whether the first step moved
        it), ``causes`` (of :data:`CAUSES`, joined by ``;``), ``source_id`` (of the later item).

    Raises
    ------
    ParameterError
        If the standings are of different cases, or the later comes first, or ``again`` is of another quarter.

    Examples
    --------
    >>> from ogp_analysis import Quarter, load_case
    >>> from ogp_analysis.changes import standing
    >>> semarang = load_case("semarang")
    >>> found = moves(standing(semarang, Quarter(2020, 3)), standing(semarang, Quarter(2020, 4)))
    >>> found.set_index("key").loc["member", ["before_text", "after_text", "causes"]].tolist()
    ['not_member', 'member', 'newer_data']
    """
    _check(before, after, again)
    middle = again if again is not None else before
    old, mid, new = (_keyed(each) for each in (before, middle, after))
    differ, moved = makings(before, middle), makings(middle, after)
    rows = []
    for key in dict.fromkeys([*new, *old]):
        first, second, last = old.get(key), mid.get(key), new.get(key)
        if _same(first, last):
            continue  # revised and moved back, or never moved: the reader of both reports sees no difference
        revised = again is not None and not _same(first, second)
        causes = _revisions(key, differ) if revised else set()
        if not _same(second, last):
            causes |= _news(second, last) | (_revisions(key, moved) - {"unexplained"})
        rows.append(_row(key, first, last, revised, causes))
    order = {subject: at for at, subject in enumerate(SUBJECTS)}
    rows.sort(key=lambda row: order.get(row["subject"], len(order)))
    return pd.DataFrame(rows, columns=list(MOVES))


def check_order(before: Standing, case: str, quarter: Quarter) -> None:
    """Refuse a standing that a quarter of a case cannot be compared with.

    Raises
    ------
    ParameterError
        If it is of another case, or of a later quarter.
    """
    if before.case != case:
        raise ParameterError(
            f"The earlier standing is of {before.case!r}, not of {case!r}.",
            hint="Compare two quarters of one case.",
        )
    if quarter < before.quarter:
        raise ParameterError(f"{before.quarter} comes after {quarter}.", hint="Give the earlier quarter first.")


def _check(before: Standing, after: Standing, again: Standing | None) -> None:
    check_order(before, after.case, after.quarter)
    if again is not None and (again.case, again.quarter) != (before.case, before.quarter):
        raise ParameterError(
            f"{again.case} {again.quarter} is not {before.case} {before.quarter}.",
            hint="Compute the earlier quarter again.",
        )


Item = Mapping[str, Any]


def _keyed(standing: Standing) -> dict[tuple[str, ...], Item]:
    rows = cast("list[Item]", standing.items.to_dict("records"))
    return {tuple(row[name] for name in KEY): row for row in rows}


def makings(first: Standing, second: Standing) -> dict[str, Any]:
    """What two standings were made from differently.

    Returns
    -------
    dict
        ``tables`` (names), ``method`` (whether its version differs), ``appeared`` and ``vanished`` (codes of
        districts), ``outline`` (whether the maps are drawn with other outlines; False where one is not known).

    Examples
    --------
    >>> from ogp_analysis import Quarter, load_case
    >>> from ogp_analysis.changes import standing
    >>> semarang = load_case("semarang")
    >>> makings(standing(semarang, Quarter(2020, 3)), standing(semarang, Quarter(2020, 4)))
    {'tables': [], 'method': False, 'appeared': [], 'vanished': [], 'outline': False}
    """
    one, two = first.made, second.made
    names = sorted({*one["tables"], *two["tables"]})
    return {
        "tables": [name for name in names if one["tables"].get(name) != two["tables"].get(name)],
        "method": one["method_version"] != two["method_version"],
        "appeared": [code for code in two["districts"] if code not in one["districts"]],
        "vanished": [code for code in one["districts"] if code not in two["districts"]],
        "outline": bool(one["outline"] and two["outline"] and dict(one["outline"]) != dict(two["outline"])),
    }


def _same(first: Item | None, second: Item | None) -> bool:
    if first is None or second is None:
        return first is second
    if any(first[name] != second[name] for name in ("text", "period")):
        return False
    one, two = first["value"], second["value"]
    if pd.isna(one) or pd.isna(two):
        return bool(pd.isna(one) and pd.isna(two))
    return math.isclose(one, two, rel_tol=1e-9, abs_tol=1e-12)


def _revisions(key: tuple[str, ...], differ: Item) -> set[str]:
    subject, _, code = key
    districts = {*differ["appeared"], *differ["vanished"]}
    causes = set()
    if set(SUBJECTS.get(subject, ())).intersection(differ["tables"]):
        causes.add("revised_data")
    if differ["method"] and not (causes and subject in AS_GIVEN):
        causes.add("method")
    if code in districts or (subject in AMONG_ALL and districts):
        causes.add("boundaries")
    return causes or {"unexplained"}


def _news(first: Item | None, second: Item | None) -> set[str]:
    causes = {"newer_data"}
    if first is not None and second is not None:
        if first["base"] != second["base"]:
            causes.add("counted_otherwise")
        if first["areas"] != second["areas"]:
            causes.add("boundaries")
    return causes


def _row(
    key: tuple[str, ...], first: Item | None, last: Item | None, revised: bool, causes: set[str]
) -> dict[str, Any]:
    shown = last if last is not None else first
    assert shown is not None
    out: dict[str, Any] = dict(zip(KEY, key, strict=True))
    out |= {name: shown[name] for name in ("name_en", "name_id", "unit_en", "unit_id", "source_id")}
    out["change"] = "appeared" if first is None else ("vanished" if last is None else "changed")
    for side, item in (("before", first), ("after", last)):
        out[side] = item["value"] if item is not None else float("nan")
        out[f"{side}_text"] = item["text"] if item is not None else ""
        out[f"{side}_period"] = item["period"] if item is not None else ""
    out["difference"] = out["after"] - out["before"]
    out["revised"] = revised
    out["causes"] = ";".join(cause for cause in CAUSES if cause in causes)
    return out
