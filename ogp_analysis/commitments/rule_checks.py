"""What may stand in ``rules.yaml``: a misspelt rule is named when it is read, not when somebody judges by it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ogp_analysis.errors import Problem, nearest
from ogp_analysis.scales import STATES, STATUSES, scale
from ogp_analysis.sources.ogp.tidy import RATINGS

#: How the parts of a rule are joined; of ``any_rated`` only the parts that were rated count.
KINDS = ("all", "any", "any_rated")
#: Stands for the stage of completion that is asked for.
COMPLETION = "completion"
_TEXTS = ("name_en", "name_id", "says", "source", "excludes")
_NEEDED = (*_TEXTS, "valid_from", "status", "examples")
_KNOWN = (*_NEEDED, *KINDS, "valid_to", "not_applicable")
_QUOTES = "; yes and no stand in quotation marks, for YAML takes them for something else"


def rule_problems(file: str, rules: Mapping[str, Any]) -> list[Problem]:
    """What is wrong with rules on commitments, by the name of the rule and of its entry.

    Parameters
    ----------
    file : str
        Name for messages.
    rules : mapping
        As read from YAML.

    Returns
    -------
    list of Problem
        Empty when every rule can be used.

    Examples
    --------
    >>> for problem in rule_problems("rules.yaml", {"mine": {"all": [{"relevan": "yes"}]}})[-1:]:
    ...     print(problem)
    rules.yaml, column 'mine.all': found 'relevan', expected a column of ratings. Did you mean 'relevant'?
    """
    return [
        Problem(file, None, f"{key}.{name}" if name else key, found, expected)
        for key, entry in rules.items()
        for name, found, expected in _entry(entry, rules)
    ]


#: Entry, what stands there, and what was expected.
Defect = tuple[str, str | None, str]


def _entry(entry: Any, rules: Mapping[str, Any]) -> list[Defect]:
    if not isinstance(entry, dict):
        return [("", str(entry), f"entries such as {', '.join(_NEEDED)}")]
    out: list[Defect] = [
        (str(name), str(name), f"a known entry. {nearest(str(name), _KNOWN)}")
        for name in entry
        if name not in _KNOWN
    ]
    out += [(name, None, "this entry, which is missing") for name in _NEEDED if name not in entry]
    out += [
        (name, str(entry[name]), "text")
        for name in _TEXTS
        if name in entry and not (isinstance(entry[name], str) and entry[name].strip())
    ]
    out += [
        (name, str(entry[name]), "a year such as 2011")
        for name in ("valid_from", "valid_to")
        if name in entry and type(entry[name]) is not int
    ]
    if "status" in entry and entry["status"] not in STATUSES:
        out.append(("status", str(entry["status"]), f"one of {', '.join(STATUSES)}"))
    if entry.get("not_applicable", "no") not in ("no", "undecided"):
        out.append(("not_applicable", str(entry["not_applicable"]), f'undecided, or "no"{_QUOTES}'))
    kinds = [kind for kind in KINDS if kind in entry]
    if len(kinds) != 1:
        out.append(("", ", ".join(kinds) or None, f"one of the entries {', '.join(KINDS)}"))
    for kind in kinds:
        out += _parts(kind, entry[kind], rules)
    return out + _examples(entry.get("examples", []))


def _parts(name: str, parts: Any, rules: Mapping[str, Any]) -> list[Defect]:
    if not (isinstance(parts, list) and parts):
        return [(name, str(parts), 'a list of parts, such as [{relevant: "yes"}]')]
    out: list[Defect] = []
    for part in parts:
        if not (isinstance(part, dict) and len(part) == 1):
            out.append((name, str(part), "one column of ratings and its lowest label in each part"))
            continue
        ((key, value),) = part.items()
        if key in KINDS:
            out += _parts(name, value, rules)
        elif key == "rule":
            if value not in rules:
                out.append((name, str(value), f"the name of a rule. {nearest(str(value), rules)}"))
        elif key != COMPLETION and key not in RATINGS:
            out.append((name, str(key), f"a column of ratings. {nearest(str(key), [*RATINGS, COMPLETION])}"))
        else:
            labels = scale(COMPLETION if key == COMPLETION else RATINGS[key][2]).labels
            out += _label(name, value, [label.key for label in labels if label.rank is not None])
    return out


def _examples(examples: Any) -> list[Defect]:
    if not (isinstance(examples, list) and all(isinstance(each, dict) for each in examples)):
        return [("examples", str(examples), "a list of ratings, each with the answer")]
    out: list[Defect] = []
    for each in examples:
        if "answer" not in each or not (each["answer"] is None or isinstance(each["answer"], bool)):
            out.append(("examples", str(each), "an answer: true, false, or null where the rule is undecided"))
        for column, value in each.items():
            if column in RATINGS:
                out += _label("examples", value, [*scale(RATINGS[column][2]).by_key, *STATES])
            elif column != "answer":
                out.append(("examples", str(column), f"a column of ratings. {nearest(str(column), RATINGS)}"))
    return out


def _label(name: str, value: Any, allowed: list[str]) -> list[Defect]:
    if isinstance(value, str) and value in allowed:
        return []
    words = f"one of {', '.join(allowed)}"
    return [(name, str(value), words + (_QUOTES if isinstance(value, bool) else ""))]
