"""Rules kept as dated versions: read strictly, and the one in force on a day."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from ogp_analysis.dates import succession_faults
from ogp_analysis.errors import DataError, ParameterError, Problem
from ogp_analysis.plainyaml import twice
from ogp_analysis.quarter import Span
from ogp_analysis.scales import STATUSES

Version = Mapping[str, Any]
Rules = Mapping[str, Sequence[Version]]
DATES = ("valid_from", "valid_to")


def read_rules(path: Path) -> dict[str, list[dict[str, Any]]]:
    """Read a file of rules, each a list of dated versions, and refuse one with a gap or an overlap.

    Parameters
    ----------
    path : Path
        YAML: rule to a list of versions with ``id``, ``valid_from`` and perhaps ``valid_to`` (partial dates),
        ``status`` and ``source``.

    Raises
    ------
    DataError
        Names the rule, the versions and their dates.
    """
    words = "a file of rules, as YAML in UTF-8"
    try:
        node = yaml.compose(path.read_text(encoding="utf-8"), Loader=yaml.SafeLoader)
        again = [
            Problem(path.name, key.start_mark.line + 1, None, None, f"{words} ('{key.value}' comes twice)")
            for key in twice(node)
        ]
        if again:
            raise DataError(again, hint=f"Mend {path}.")
        rules: Any = yaml.SafeLoader("").construct_document(node) if node else None
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        wrong = Problem(path.name, None, None, None, f"{words} ({error})")
        raise DataError([wrong], hint=f"Mend {path}.") from None
    check_rules(rules, path.name)
    return dict(rules)


def check_rules(rules: Rules, file: str) -> None:
    """Refuse rules whose versions do not follow one another, or lack an id, status or source.

    Raises
    ------
    DataError
        With every fault found.

    Examples
    --------
    >>> one = {"id": "a", "valid_from": "2018", "valid_to": "2019", "status": "stated", "source": "s"}
    >>> check_rules({"core": [one, one | {"id": "b", "valid_from": "2021", "valid_to": None}]}, "rules.yaml")
    Traceback (most recent call last):
    ...
    ogp_analysis.errors.DataError: rules.yaml, column 'core': expected versions that follow one another, but 'a'
    ends on 2019-12-31 and 'b' begins on 2021-01-01: a gap of 366 days
    What to do: Mend valid_from and valid_to of these versions, or the entry that is named.
    """
    problems: list[Problem] = []
    if not isinstance(rules, Mapping):
        raise DataError([Problem(file, None, None, None, "rules, each a list of versions")], hint="Mend the file.")
    for key, versions in rules.items():
        listed = isinstance(versions, Sequence) and not isinstance(versions, str)
        if not listed or not versions or not all(isinstance(version, Mapping) for version in versions):
            problems.append(Problem(file, None, key, None, "a list of one version or more"))
            continue
        own = [problem for version in versions for problem in _version_problems(key, version, file)]
        ids = [version.get("id") for version in versions]
        if len(set(map(str, ids))) < len(ids):
            own.append(Problem(file, None, f"{key}.id", None, "an id of its own for every version"))
        if not own:
            named = [(str(version["id"]), _first(version), _last(version)) for version in versions]
            own = [
                Problem(file, None, key, None, f"versions that follow one another, but {fault}")
                for fault in succession_faults(named)
            ]
        problems += own
    if problems:
        raise DataError(
            problems, hint="Mend valid_from and valid_to of these versions, or the entry that is named."
        )


def _version_problems(key: str, version: Version, file: str) -> list[Problem]:
    problems = []
    for name in ("id", "status", "source"):
        if not version.get(name):
            problems.append(Problem(file, None, f"{key}.{name}", None, "a text, which is missing"))
    for name in ("status", "missing_status"):  # the second of what happens where values are missing
        if (version.get(name) or STATUSES[0]) not in STATUSES:
            allowed = f"one of {', '.join(STATUSES)}"
            problems.append(Problem(file, None, f"{key}.{name}", str(version[name]), allowed))
    for name in DATES:
        text = version.get(name)
        try:
            if text:
                Span.parse(str(text))
        except ParameterError as error:
            problems.append(Problem(file, None, f"{key}.{name}", str(text), f"a date. {error.hint}"))
    for name in map(str, version):
        if name.startswith("valid") and name not in DATES:  # unread, it would leave its version open
            problems.append(Problem(file, None, f"{key}.{name}", None, f"{' or '.join(DATES)}, as its name"))
    return problems


def in_force(rules: Rules, key: str, day: date) -> Version:
    """The version of a rule in force on a day.

    Raises
    ------
    ParameterError
        If no version covers the day: the oldest text seen is younger, or the rule has ended.

    Examples
    --------
    >>> versions = {"core": [{"id": "a", "valid_from": "2018-06-01"}]}
    >>> in_force(versions, "core", date(2020, 12, 31))["id"]
    'a'
    """
    for version in rules.get(key, ()):
        first, last = _first(version), _last(version)
        if (first is None or first <= day) and (last is None or day <= last):
            return version
    spans = (
        "; ".join(f"{one['id']}: {_first(one) or '…'} to {_last(one) or '…'}" for one in rules.get(key, ()))
        or "none"
    )
    raise ParameterError(
        f"No version of the rule '{key}' that was seen was in force on {day} ({spans}).",
        hint="Leave that year out, or give rules with a version for it.",
    )


def _first(version: Version) -> date | None:
    text = version.get("valid_from")
    return Span.parse(str(text)).first if text else None


def _last(version: Version) -> date | None:
    text = version.get("valid_to")
    return Span.parse(str(text)).last if text else None
