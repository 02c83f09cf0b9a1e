"""The dated rules on which countries may join and stay, read and checked."""

from __future__ import annotations

from fractions import Fraction
from functools import cache
from pathlib import Path

from ogp_analysis.errors import DataError, Problem
from ogp_analysis.membership.versions import Rules, Version, read_rules

RULES = Path(__file__).parent / "eligibility.yaml"
NEEDED = ("core", "review", "values_check")


@cache
def eligibility_rules() -> Rules:
    """The dated rules of ``eligibility.yaml``, refused if their versions have a gap or an overlap."""
    return read_eligibility(RULES)


def read_eligibility(path: Path) -> Rules:
    """Read a file of rules on eligibility, and refuse one that cannot be computed with.

    Raises
    ------
    DataError
        If a rule is missing, the share is none, a metric has no rule of its own, or points or numbers are no whole
        numbers; and as :func:`~ogp_analysis.membership.versions.read_rules`.
    """
    rules = read_rules(path)
    problems = [
        Problem(path.name, None, key, None, "a rule, which is missing") for key in NEEDED if key not in rules
    ]
    for one in rules.get("core", ()):
        problems += _core(one, rules, path.name)
    for key, name in (("review", "years"), ("values_check", "highest"), ("values_check", "lowest_pass")):
        for one in rules.get(key, ()):
            if not _whole(one.get(name), 1):
                problems.append(
                    Problem(path.name, None, f"{key}.{name}", str(one.get(name)), "a whole number from 1")
                )
    if problems:
        raise DataError(problems, hint=f"Mend these entries of {path}.")
    return rules


def _core(one: Version, rules: Rules, file: str) -> list[Problem]:
    problems = []
    try:
        good = 0 < Fraction(str(one.get("share"))) <= 1
    except (ValueError, ZeroDivisionError):
        good = False
    if not good:
        problems.append(Problem(file, None, "core.share", str(one.get("share")), "a share such as 3/4"))
    if not _whole(one.get("missing_allowed"), 0):
        found = str(one.get("missing_allowed"))
        problems.append(Problem(file, None, "core.missing_allowed", found, "a whole number from 0"))
    metrics = one.get("metrics")
    if not isinstance(metrics, list) or not metrics:
        return [*problems, Problem(file, None, "core.metrics", str(metrics), "a list of metrics")]
    for metric in metrics:
        if metric not in rules:
            problems.append(Problem(file, None, "core.metrics", str(metric), "a metric with a rule of its own"))
        for version in rules.get(metric, ()):
            points = version.get("points")
            if not isinstance(points, list) or not points or not all(_whole(each, 0) for each in points):
                problems.append(Problem(file, None, f"{metric}.points", str(points), "a list of whole numbers"))
    return problems


def _whole(value: object, least: int) -> bool:
    return type(value) is int and value >= least
