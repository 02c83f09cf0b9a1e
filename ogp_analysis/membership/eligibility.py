"""Which countries OGP's rules admit: core eligibility, the values check, and the review after two years below."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any, Literal

import pandas as pd

from ogp_analysis.case import Case, known_by
from ogp_analysis.casefile import refuse_rows
from ogp_analysis.errors import ParameterError, Problem, file_row, nearest
from ogp_analysis.membership.eligibility_rules import eligibility_rules
from ogp_analysis.membership.versions import Rules, in_force
from ogp_analysis.quarter import FIRST_YEAR, LAST_YEAR, Quarter

Passed = Literal["yes", "no", "not_enough_data"]
HISTORY = (
    "year", "points", "available", "share", "passed", "missing", "rule", "status", "review", "review_status"
)  # fmt: skip


@dataclass(frozen=True)
class CoreEligibility:
    """Core eligibility of a country in a year.

    Attributes
    ----------
    year : int
    points, available : int
        Points reached, and points that can be had with the metrics that have a value.
    share : Fraction or None
        The one over the other, exactly; None where no metric has a value.
    passed : {"yes", "no", "not_enough_data"}
    used, missing : tuple of str
        Metrics with and without a value.
    rule, status : str
        The version of the rule, and how sure what was applied of it is.
    """

    year: int
    points: int
    available: int
    share: Fraction | None
    passed: Passed
    used: tuple[str, ...]
    missing: tuple[str, ...]
    rule: str
    status: str


def core_eligibility(
    points: Mapping[str, Any] | pd.Series[Any], year: int, rules: Rules | None = None
) -> CoreEligibility:
    """Whether a country reaches the points that OGP asks for.

    Rule (OGP, texts of 1 June 2018 and 26 May 2023): four metrics of 4 points each; a country passes with at least
    75% of the points that can be had: 12 of 16, or 9 of 12 where one metric has no value. With two or fewer
    metrics there is *not enough data* (said in the text of 2023; unconfirmed for the years before). A metric
    without a value is never a zero. The border is computed in whole numbers. The version in force at the end of
    the year counts.

    Parameters
    ----------
    points : mapping or Series
        Points by metric: ``fiscal_transparency``, ``access_to_information``, ``asset_disclosure``,
        ``citizen_engagement``; a metric that is missing, None or NA has no value.
    year : int
        The year of the score.
    rules : mapping, optional
        Rules in the form of ``eligibility.yaml``.

    Raises
    ------
    ParameterError
        If a metric is not known, its points are none that its rule can give, the year is none, or no version of
        the rule covers it.

    Examples
    --------
    >>> four = {"fiscal_transparency": 2, "access_to_information": 4, "asset_disclosure": 4}
    >>> core_eligibility(four | {"citizen_engagement": 2}, 2023).passed
    'yes'
    >>> core_eligibility(four | {"citizen_engagement": 1}, 2023).share
    Fraction(11, 16)
    >>> core_eligibility(four, 2023).available
    12
    """
    own = eligibility_rules() if rules is None else rules
    if isinstance(year, bool) or not isinstance(year, int) or not FIRST_YEAR <= year <= LAST_YEAR:
        raise ParameterError(
            f"{year!r} is no year.", hint=f"Give a whole number from {FIRST_YEAR} to {LAST_YEAR}."
        )
    day = date(year, 12, 31)
    core = in_force(own, "core", day)
    metrics: list[str] = core["metrics"]
    for name in dict(points):
        if name not in metrics:
            raise ParameterError(f"There is no metric {name!r}.", hint=nearest(str(name), metrics))
    versions = {name: in_force(own, name, day) for name in metrics}
    known = {name: points[name] for name in metrics if name in points and not pd.isna(points[name])}
    for name, value in known.items():
        allowed = versions[name]["points"]
        if isinstance(value, bool) or value not in allowed:
            raise ParameterError(
                f"{value} are no points of the metric '{name}' in {year} (rule {versions[name]['id']}).",
                hint=f"It gives {', '.join(map(str, allowed))}; leave out what was not assessed.",
            )
    reached = sum(int(value) for value in known.values())
    available = sum(max(versions[name]["points"]) for name in known)
    missing = tuple(name for name in metrics if name not in known)
    if len(missing) > core["missing_allowed"]:
        passed: Passed = "not_enough_data"
    else:
        passed = "yes" if reached >= Fraction(core["share"]) * available else "no"
    return CoreEligibility(
        year=year,
        points=reached,
        available=available,
        share=Fraction(reached, available) if available else None,
        passed=passed,
        used=tuple(known),
        missing=missing,
        rule=core["id"],
        status=core["missing_status"] if passed == "not_enough_data" else core["status"],
    )


def eligibility_history(table: pd.DataFrame, rules: Rules | None = None) -> pd.DataFrame:
    """Core eligibility year by year, and whether the years below the mark put a member under review.

    Rule: a member below the mark in two consecutive years is under Eligibility Review (OGP). A year that is not
    in the table or has not enough data is neither above nor below: where a review hangs on it, the answer is
    left open, and marked *unconfirmed*, since no source says how OGP counts such a year.

    Parameters
    ----------
    table : DataFrame
        ``year``, ``metric``, ``points`` (missing where not assessed), one row a metric and year.
    rules : mapping, optional
        Rules in the form of ``eligibility.yaml``.

    Returns
    -------
    DataFrame
        One row a year, oldest first: ``year``, ``points``, ``available``, ``share`` (0 to 1), ``passed``,
        ``missing`` (metrics, joined by ';'), ``rule``, ``status``, ``review`` (nullable) and ``review_status``.

    Raises
    ------
    ParameterError
        If a metric has two rows in a year; and as :func:`core_eligibility`.

    Examples
    --------
    >>> metrics = ["fiscal_transparency", "access_to_information", "asset_disclosure", "citizen_engagement"]
    >>> table = pd.DataFrame({"year": [2021] * 4 + [2022] * 4, "metric": metrics * 2, "points": [2, 4, 2, 3] * 2})
    >>> eligibility_history(table)[["year", "points", "passed", "review"]].values.tolist()
    [[2021, 11, 'no', <NA>], [2022, 11, 'no', True]]
    """
    own = eligibility_rules() if rules is None else rules
    twice = table[table.duplicated(["year", "metric"])]
    if len(twice):
        year, metric = twice.iloc[0][["year", "metric"]]
        raise ParameterError(f"The metric '{metric}' has two rows in {year}.", hint="Keep one of them.")
    scores = [
        core_eligibility(dict(zip(rows["metric"], rows["points"], strict=True)), int(str(year)), own)
        for year, rows in table.groupby("year", sort=True)
    ]
    below = {score.year: {"yes": False, "no": True}.get(score.passed) for score in scores}
    out = []
    for score in scores:
        review = in_force(own, "review", date(score.year, 12, 31))
        under = _all(below.get(year) for year in range(score.year - review["years"] + 1, score.year + 1))
        out.append(
            (
                score.year, score.points, score.available,
                float("nan") if score.share is None else float(score.share),
                score.passed, ";".join(score.missing), score.rule, score.status, under,
                review["missing_status"] if under is pd.NA else review["status"],
            )
        )  # fmt: skip
    return pd.DataFrame(out, columns=list(HISTORY)).astype({"review": "boolean"})


def country_history(case: Case, quarter: Quarter) -> pd.DataFrame:
    """Core eligibility of the case's country in the years that had ended by a quarter, as its tables give it.

    Returns
    -------
    DataFrame
        As :func:`eligibility_history`, with ``source_id`` (joined by ';'); empty where the case has no points.

    Raises
    ------
    DataError
        As :func:`point_problems` says.
    """
    problems = point_problems(case)
    refuse_rows(problems, case.folder)
    table = case.table("eligibility_points")
    table = table[known_by(table["year"].astype("string"), quarter.last_day)]
    sources = table.groupby("year")["source_id"].agg(lambda ids: ";".join(dict.fromkeys(ids)))
    out = eligibility_history(table)
    return out.assign(source_id=out["year"].map(sources))


def point_problems(case: Case) -> list[Problem]:
    """Rows of ``eligibility_points.csv`` that no version of the rules allows.

    Returns
    -------
    list of Problem
        A year that no version which was seen covers; points that the metric cannot give.
    """
    problems = []
    for at, row in case.table("eligibility_points").iterrows():
        year, points = int(row["year"]), None if pd.isna(row["points"]) else int(row["points"])
        try:
            core_eligibility({}, year)
        except ParameterError as error:
            words = f"a year that the rules seen cover. {error.message}"
            problems.append(Problem("eligibility_points.csv", file_row(at), "year", str(year), words))
            continue
        try:
            core_eligibility({row["metric"]: points}, year)
        except ParameterError as error:
            words = f"points of this metric. {error.hint}"
            problems.append(Problem("eligibility_points.csv", file_row(at), "points", str(points), words))
    return problems


def values_check(entry: int | None, repression: int | None, year: int, *, member: bool = False) -> tuple[str, str]:
    """Whether a country that wants to join passes the OGP Values Check.

    Rule: 3 or more, of 0 to 4, on at least one of two indicators of V-Dem, entry and exit of civil society
    organisations and their repression (the numbers are **unconfirmed**); since 2017, for joiners only.

    Parameters
    ----------
    entry, repression : int or None
        ``v2cseeorgs`` and ``v2csreprss``, ordinal; None where there is no value.
    year : int
    member : bool
        A member is not checked.

    Returns
    -------
    answer, status : str
        ``yes``, ``no``, ``not_enough_data`` (the one that is known does not pass) or ``not_applicable``; and how
        sure the rule is.

    Examples
    --------
    >>> values_check(2, 3, 2023), values_check(2, None, 2023)
    (('yes', 'unconfirmed'), ('not_enough_data', 'unconfirmed'))
    >>> values_check(0, 0, 2023, member=True)
    ('not_applicable', 'stated')
    """
    rule = eligibility_rules()["values_check"][0]
    if member or year < int(str(rule["valid_from"])[:4]):
        return "not_applicable", "stated"
    known = [value for value in (entry, repression) if not pd.isna(value)]
    for value in known:
        if isinstance(value, bool) or value not in range(rule["highest"] + 1):
            raise ParameterError(
                f"{value!r} is no value of the values check.", hint=f"Give 0 to {rule['highest']}, or None."
            )
    if any(value >= rule["lowest_pass"] for value in known):
        return "yes", rule["status"]
    return ("no" if len(known) == len(rule["indicators"]) else "not_enough_data"), rule["status"]


def _all(answers: Any) -> Any:
    """Whether all hold, where None is not known: one *no* decides, else one unknown leaves it open."""
    known = list(answers)
    if False in known:
        return False
    return pd.NA if None in known else True
