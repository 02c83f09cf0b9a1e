"""Who benefits: shares of relief beside shares of need, and whom relief reached or passed by."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from ogp_analysis.errors import ParameterError
from ogp_analysis.stats.amounts import amounts
from ogp_analysis.stats.checks import matched, need_level, whole
from ogp_analysis.stats.proportions import Share, interval

#: Why a figure or its interval is missing.
LABELS = {
    "amounts": "Amounts of money are not a number of independent cases: chance cannot be reckoned from them.",
    "few_cases": "Fewer than ten people were reached: no gap can be told from chance.",
    "one_place": "There is one place only, which has all of both.",
}
FEWEST_CASES = 10


@dataclass(frozen=True, eq=False)
class Gap:
    """Share of relief less share of need, place by place.

    Attributes
    ----------
    table : DataFrame
        One row a place: ``relief``, ``need``, ``relief_share``, ``need_share``, ``gap``, its ``low`` and
        ``high``, and ``within_chance``: whether that interval holds zero. The last three are missing if
        ``can_tell`` is False: draw no place as gaining or losing then.
    level : float
        Of the intervals, for all places together if ``simultaneous``.
    simultaneous : bool
        Whether the intervals hold for all places together.
    can_tell : bool
        Whether there are intervals.
    reason : str
        Why not; empty if there are.
    """

    table: pd.DataFrame
    level: float
    simultaneous: bool
    can_tell: bool
    reason: str


@dataclass(frozen=True)
class Targeting:
    """Whom relief reached, among those in need and among others.

    Attributes
    ----------
    coverage : Share
        Of those in need, who were reached.
    exclusion_error : Share
        Of those in need, who were not.
    inclusion_error : Share
        Of those reached, who were not in need.
    undecided : int
        Records that lack one or the other; they are in none of the shares.
    """

    coverage: Share
    exclusion_error: Share
    inclusion_error: Share
    undecided: int


def benefit_gap(
    relief: pd.Series,
    need: pd.Series,
    level: float = 0.95,
    *,
    counted: bool = True,
    need_counted: bool = False,
    simultaneous: bool = True,
) -> Gap:
    """Share of relief less share of need of each place, and whether chance alone would do as much.

    With n people reached, a place's share of relief is a share of n independent cases and has Wilson's interval
    (E. B. Wilson, *JASA* 22, 1927, 209-212); less its share of need, that is the interval of the gap. With k
    places looked at together each interval is at ``1 - (1 - level) / k``, so that all of them hold at ``level``
    (L. A. Goodman, *Technometrics* 7, 1965, 247-254). Households that get relief together are fewer independent
    cases than people: give households then.

    *Zeros* are values: a place with need and no relief has the gap that this makes. *Missing* values raise: with
    one of them no share of the whole is known. *Negative* values raise.

    Parameters
    ----------
    relief, need : Series
        Matched by label, one row a place.
    level : float
    counted : bool
        Whether ``relief`` counts people or households. If it is money there is no interval, and it is said so.
    need_counted : bool
        Whether ``need`` is a sample of cases too, and not a register: then its share varies as well, and the two
        intervals are combined (R. G. Newcombe, *Statistics in Medicine* 17, 1998, 873-890, method 10).
    simultaneous : bool
        False gives each place an interval of its own at ``level``: for one place chosen beforehand.

    Returns
    -------
    Gap
        Its table is in the order of ``relief``.

    Raises
    ------
    ParameterError
        If labels differ, a value is missing or negative, a count is not whole, or all of one side is zero.

    Examples
    --------
    >>> relief = pd.Series([60, 25, 15], index=["Tugu", "Genuk", "Mijen"])
    >>> need = pd.Series([400, 300, 300], index=["Tugu", "Genuk", "Mijen"])
    >>> benefit_gap(relief, need).table[["gap", "low", "high", "within_chance"]].round(3)
            gap    low   high  within_chance
    Tugu   0.20  0.080  0.309          False
    Genuk -0.05 -0.138  0.065           True
    Mijen -0.15 -0.216 -0.046          False
    """
    need_level(level)
    need = matched(relief, need, ("relief", "need"))
    given = amounts(relief, "relief", negative=False)
    needed = amounts(need, "need", negative=False)
    for numbers, series, name, is_count in (
        (given, relief, "relief", counted),
        (needed, need, "need", need_counted),
    ):
        if is_count:
            whole(series, name)
        if not numbers.sum() > 0:
            raise ParameterError(f"'{name}' is zero everywhere.", hint="There are no shares of nothing: say so.")
    given_all, needed_all = float(np.sort(given).sum()), float(np.sort(needed).sum())
    table = pd.DataFrame({"relief": relief, "need": need}, index=relief.index)
    table["relief_share"] = given / given_all
    table["need_share"] = needed / needed_all
    table["gap"] = table["relief_share"] - table["need_share"]
    reason = _cannot(len(table), given_all, counted=counted)
    if reason:
        table = table.assign(low=np.nan, high=np.nan, within_chance=pd.array([pd.NA] * len(table), "boolean"))
        return Gap(table, level, simultaneous, False, reason)
    at = 1 - (1 - level) / len(table) if simultaneous else level
    low, high = interval(given, np.full(len(given), given_all), level=at)
    down, up = table["relief_share"] - low, high - table["relief_share"]
    if need_counted:
        need_low, need_high = interval(needed, np.full(len(needed), needed_all), level=at)
        down = np.hypot(down, need_high - table["need_share"])
        up = np.hypot(up, table["need_share"] - need_low)
    table["low"], table["high"] = table["gap"] - down, table["gap"] + up
    table["within_chance"] = ((table["low"] <= 0) & (table["high"] >= 0)).astype("boolean")
    return Gap(table, level, simultaneous, True, "")


def _cannot(places: int, reached: float, *, counted: bool) -> str:
    if places < 2:
        return LABELS["one_place"]
    if not counted:
        return LABELS["amounts"]
    return LABELS["few_cases"] if reached < FEWEST_CASES else ""


def targeting(needy: pd.Series, reached: pd.Series, level: float = 0.95) -> Targeting:
    """Coverage, exclusion error and inclusion error, from records of who was in need and who was reached.

    Coverage is ``reached and needy / needy``, the exclusion error ``not reached and needy / needy``, the inclusion
    error ``reached and not needy / reached`` (G. A. Cornia and F. Stewart, *Two Errors of Targeting*, Innocenti
    Occasional Papers 36, 1993; D. Coady, M. Grosh and J. Hoddinott, *Targeting of Transfers in Developing
    Countries*, World Bank, 2004). Intervals are Wilson's. Records that lack one of the two are counted, and are
    in none of the shares: whether they are like the others is not known.

    Parameters
    ----------
    needy, reached : Series of boolean
        One row a record, matched by label.
    level : float

    Returns
    -------
    Targeting
        A share of nobody is missing, not zero.

    Raises
    ------
    ParameterError
        If labels differ or the values are not yes and no.

    Examples
    --------
    >>> needy = pd.Series([True, True, True, False, None], dtype="boolean")
    >>> reached = pd.Series([True, False, True, True, True], dtype="boolean")
    >>> result = targeting(needy, reached)
    >>> round(result.coverage.share, 3), round(result.inclusion_error.share, 3), result.undecided
    (0.667, 0.333, 1)
    """
    need_level(level)
    reached = matched(needy, reached, ("needy", "reached"))
    for one, name in ((needy, "needy"), (reached, "reached")):
        if not pd.api.types.is_bool_dtype(one.dtype) or isinstance(one.dtype, pd.CategoricalDtype):
            raise ParameterError(
                f"'{name}' holds {one.dtype} and not yes and no.", hint="Turn it with astype('boolean')."
            )
    known = (needy.notna() & reached.notna()).to_numpy(dtype=bool)
    poor = needy.to_numpy(dtype=bool, na_value=False)[known]
    got = reached.to_numpy(dtype=bool, na_value=False)[known]
    undecided = int((~known).sum())

    def part(count: int, total: int) -> Share:
        low, high = interval(count, total, level=level)
        found = count / total if total else float("nan")
        return Share(count, total, undecided, found, low, high, "wilson", level)

    in_need, both = int(poor.sum()), int((poor & got).sum())
    return Targeting(
        part(both, in_need),
        part(in_need - both, in_need),
        part(int((got & ~poor).sum()), int(got.sum())),
        undecided,
    )
