"""Amounts against one another: parts against wholes, prices times numbers, figures that are one digit apart."""

from __future__ import annotations

from itertools import combinations, product

import pandas as pd

from ogp_analysis.case import Case
from ogp_analysis.quality.until import until
from ogp_analysis.quarter import Quarter, Span

#: Differences below this are the rounding of decimal fractions in binary, not findings.
EXACT = 1e-6

#: Columns that two rival figures share: they say the same thing of the same part of the same line.
SAME = ["measure_id", "line_id", "kind", "component_en", "counts", "part_of"]


def rival_groups(amounts: pd.DataFrame) -> pd.Series[int]:
    """Number the amounts so that figures which exclude one another share a number.

    Two amounts exclude one another when they say the same of the same thing (see :data:`SAME`) for days that
    overlap: only one of them may enter a sum, whether they are equal or not. A figure of another day is a
    revision and stands for itself.

    Parameters
    ----------
    amounts : DataFrame
        Rows of ``measure_amounts``.

    Returns
    -------
    Series of int
        ``rival_group`` on the same index; a figure that nothing excludes is alone in its group.

    Examples
    --------
    >>> from ogp_analysis import load_case
    >>> amounts = load_case("semarang").table("measure_amounts").set_index("amount_id")
    >>> groups = rival_groups(amounts)
    >>> bool(groups["ISO-DIKLAT-96"] == groups["ISO-DIKLAT-69"]), bool(groups["RSUD"] == groups["RSUD-BEFORE"])
    (True, False)
    """
    if amounts.empty:
        return pd.Series(0, index=amounts.index, name="rival_group")
    keys = amounts[SAME].fillna("").astype(str).agg("\x1f".join, axis=1)
    spans = [Span.parse(text) if isinstance(text, str) else None for text in amounts["as_of"]]
    groups = list(range(len(amounts)))
    for positions in keys.reset_index(drop=True).groupby(keys.to_numpy()).groups.values():
        members = sorted(int(at) for at in positions)
        for a, b in combinations(members, 2):
            one, other = spans[a], spans[b]
            if one is None or other is None or one.first > other.last or other.first > one.last:
                continue
            joined = {groups[a], groups[b]}
            for at in members:  # two that exclude a third are of its group, though they do not exclude each other
                if groups[at] in joined:
                    groups[at] = min(joined)
    return pd.Series(groups, index=amounts.index, name="rival_group")


def amount_sums(case: Case, quarter: Quarter | None = None) -> pd.DataFrame:
    """Every amount that sources split into parts, against the sum of its parts.

    Where a part has rival figures, each choice among them is a row of its own: which of them fits the whole is
    evidence for it. A whole that this project derived is left out, for it agrees with what it was derived from.

    Parameters
    ----------
    case : Case
    quarter : Quarter, optional
        Leave out wholes that were named after it.

    Returns
    -------
    DataFrame
        ``amount_id`` (the whole), ``line_id``, ``as_of``, ``stated``, ``computed``, ``difference`` (computed -
        stated), ``agrees``, ``choice`` (tuple of the rival parts chosen, by ``amount_id``; empty without
        rivals), ``parts`` (how many), ``source_id``.

    Examples
    --------
    >>> from ogp_analysis import load_case
    >>> sums = amount_sums(load_case("semarang")).set_index("amount_id")
    >>> float(sums.loc["BANSOS-TOTAL", "computed"])
    749223.0
    >>> sums.loc["ISO-BOTH"].set_index("choice")["agrees"].to_dict()
    {('ISO-DIKLAT-96',): False, ('ISO-DIKLAT-69',): True}
    """
    amounts = case.table("measure_amounts")
    wholes = amounts.set_index("amount_id")
    parts = amounts[amounts["part_of"].notna()]
    groups = rival_groups(parts)
    rows = []
    for whole, rows_of in parts.groupby("part_of", sort=False):
        top = wholes.loc[whole]
        if top["state"] == "derived":
            continue
        same = [group.drop_duplicates("value") for _, group in rows_of.groupby(groups[rows_of.index], sort=False)]
        rivals = [list(group.index) for group in same]
        for chosen in product(*rivals):
            picked = parts.loc[list(chosen)]
            several = [at for at, group in zip(chosen, rivals, strict=True) if len(group) > 1]
            choice = tuple(str(name) for name in parts.loc[several, "amount_id"])
            computed = float(picked["value"].sum())
            rows.append(
                (
                    whole,
                    top["line_id"],
                    top["as_of"],
                    top["value"],
                    computed,
                    choice,
                    len(picked),
                    top["source_id"],
                )
            )
    columns = ["amount_id", "line_id", "as_of", "stated", "computed", "choice", "parts", "source_id"]
    out = until(pd.DataFrame(rows, columns=columns), "as_of", quarter)
    out["difference"] = out["computed"] - out["stated"]
    out["agrees"] = out["difference"].abs() <= EXACT
    order = ["amount_id", "line_id", "as_of", "stated", "computed", "difference", "agrees", "choice", "parts"]
    return out[[*order, "source_id"]].reset_index(drop=True)


def amount_products(case: Case, quarter: Quarter | None = None) -> pd.DataFrame:
    """Where a line gives a number, a price for each and an amount of money: the money against price times number.

    ``computed = number * each``, for figures of one line and day; ``difference = computed - stated``.

    Parameters
    ----------
    case : Case
    quarter : Quarter, optional
        Leave out amounts of money that were named after it.

    Returns
    -------
    DataFrame
        ``line_id``, ``as_of``, ``stated`` (rupiah), ``number``, ``each`` (rupiah), ``computed``, ``difference``,
        ``agrees``, ``source_id``.

    Examples
    --------
    >>> from ogp_analysis import load_case
    >>> row = amount_products(load_case("semarang")).set_index("line_id").loc["food-2021"]
    >>> float(row["number"] * row["each"]), bool(row["agrees"])
    (12000000000.0, True)
    """
    amounts = case.table("measure_amounts")
    amounts = amounts[amounts["line_id"].notna()]
    key = ["line_id", "as_of"]
    money = amounts[amounts["counts"] == "rupiah"][[*key, "value", "source_id"]]
    each = amounts[amounts["counts"] == "rupiah_each"][[*key, "value"]]
    number = amounts[amounts["counts"] == "deliveries"][[*key, "value"]]
    out = money.merge(each, on=key, suffixes=("", "_each")).merge(number, on=key, suffixes=("", "_number"))
    out = out.rename(columns={"value": "stated", "value_each": "each", "value_number": "number"})
    out = until(out, "as_of", quarter)
    out["computed"] = out["number"] * out["each"]
    out["difference"] = out["computed"] - out["stated"]
    out["agrees"] = out["difference"].abs() <= EXACT
    columns = ["line_id", "as_of", "stated", "number", "each", "computed", "difference", "agrees", "source_id"]
    return out[columns].reset_index(drop=True)


def one_digit_apart(stated: float, computed: float) -> bool:
    """Whether a printed whole number differs from a computed one in exactly one digit: the mark of a misprint.

    The computed number is brought to the printed precision (the trailing zeros of the printed one), once
    rounded and once cut off, for a press figure may be either.

    Parameters
    ----------
    stated : float
        As printed; a whole number.
    computed : float

    Examples
    --------
    >>> one_digit_apart(537e9, 527.5e9), one_digit_apart(416e9, 527.5e9), one_digit_apart(527e9, 527.5e9)
    (True, False, False)
    """
    digits = str(round(stated))
    zeros = len(digits) - len(digits.rstrip("0"))
    unit = 10**zeros
    printed = digits[: len(digits) - zeros]
    brought = {str(round(computed / unit)), str(int(computed // unit))}
    if printed in brought:
        return False
    return any(
        len(text) == len(printed) and sum(a != b for a, b in zip(text, printed, strict=True)) == 1
        for text in brought
    )
