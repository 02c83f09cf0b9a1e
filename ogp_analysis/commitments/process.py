"""How a plan was made and carried out: the six steps, the level of influence, the minimum requirements."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd
import yaml

from ogp_analysis.errors import ParameterError, nearest
from ogp_analysis.scales import at_least


@dataclass(frozen=True)
class Requirement:
    """One minimum requirement: key, words in two languages, scale and lowest label that meets it, status."""

    key: str
    en: str
    id: str
    status: str
    scale: str = "requirement"
    lowest: str = "yes"


@dataclass(frozen=True)
class RequirementSet:
    """The minimum requirements in force in a period."""

    key: str
    source: str
    valid_from: str
    valid_to: str | None
    items: tuple[Requirement, ...]


def process_steps() -> dict[str, tuple[str, str]]:
    """The six steps of making a plan: key, English and Indonesian words."""
    return {step["key"]: (step["en"], step["id"]) for step in _data()["steps"]}


def steps_score(answers: pd.DataFrame) -> pd.DataFrame:
    """How many of the six steps a government took while it made its plan.

    The score is the number of steps answered *yes*, 0 to 6 (OGP's process database of 2012 to 2016). A step
    without an answer leaves the score undecided: that database prints 0 for plans on whose process nothing was
    asked, which is no evidence of zero steps.

    Parameters
    ----------
    answers : DataFrame
        The six columns of :func:`process_steps`, on the scale ``yes_no``; one row a plan.

    Returns
    -------
    DataFrame of Int64
        ``taken`` (steps answered yes: what the database prints), ``unanswered``, and ``score`` (missing where a
        step has no answer); same index.

    Examples
    --------
    >>> from ogp_analysis.scales import scale
    >>> yes_no = scale("yes_no").read
    >>> answers = pd.DataFrame({key: yes_no(pd.Series(["Yes", "NR"])) for key in process_steps()})
    >>> steps_score(answers)["score"].tolist()
    [6, <NA>]
    """
    _require(answers, list(process_steps()))
    taken = pd.DataFrame({key: at_least(answers[key], "yes") for key in process_steps()}).astype("Int64")
    unanswered = taken.isna().sum(axis=1).astype("Int64")
    count = taken.sum(axis=1).astype("Int64")
    return pd.DataFrame({"taken": count, "unanswered": unanswered, "score": count.where(unanswered == 0)})


def requirements(day: date) -> RequirementSet:
    """The minimum requirements in force on a day.

    Raises
    ------
    ParameterError
        If none are known for that day (before 2015).

    Examples
    --------
    >>> [item.key for item in requirements(date(2023, 6, 30)).items]
    ['1.1', '2.1', '2.2', '3.1', '4.1', '5.1']
    """
    text = day.isoformat()
    for found in requirement_sets().values():
        if found.valid_from <= text and (found.valid_to is None or text <= found.valid_to):
            return found
    raise ParameterError(
        f"No minimum requirements are known for {text}.", hint="They are known from 2015-01-01 on."
    )


def requirement_sets() -> dict[str, RequirementSet]:
    """Every set of minimum requirements by its name."""
    out = {}
    for key, entry in _data()["requirements"].items():
        items = tuple(Requirement(**item) for item in entry["items"])
        out[key] = RequirementSet(key, entry["source"], entry["valid_from"], entry.get("valid_to"), items)
    return out


def check_requirements(answers: pd.DataFrame, key: str) -> pd.DataFrame:
    """Hold what was found about a process against a set of minimum requirements.

    Missing any requirement is *acting contrary to process*; repeated, it leads to a procedural review.

    Parameters
    ----------
    answers : DataFrame
        One row a plan; a column for each requirement of the set, on its scale (``requirement``, or ``iap2`` for
        the set of 2017). *In progress* does not meet a requirement and does not fail it: it leaves it open.
    key : str
        ``2022``, ``2017`` or ``older``.

    Returns
    -------
    DataFrame
        ``met``, ``failed`` and ``open`` (numbers of requirements), ``contrary_to_process`` (nullable: *yes* with
        one failed, *no* with all met, else undecided).

    Examples
    --------
    >>> from ogp_analysis.scales import scale
    >>> read = scale("requirement").read
    >>> keys = [item.key for item in requirement_sets()["2022"].items]
    >>> answers = pd.DataFrame({key: read(pd.Series(["Yes", "NR"])) for key in keys})
    >>> check_requirements(answers, "2022")["contrary_to_process"].tolist()
    [False, <NA>]
    """
    sets = requirement_sets()
    if key not in sets:
        raise ParameterError(f"There is no set of requirements {key!r}.", hint=nearest(str(key), list(sets)))
    items = sets[key].items
    _require(answers, [item.key for item in items])
    met = {}
    for item in items:
        answer = at_least(answers[item.key], item.lowest)
        if item.scale == "requirement":
            answer = answer.mask(answers[item.key] == "in_progress")
        met[item.key] = answer
    frame = pd.DataFrame(met)
    out = pd.DataFrame(
        {
            "met": frame.fillna(False).astype(bool).sum(axis=1),
            "failed": (~frame.fillna(True).astype(bool)).sum(axis=1),
            "open": frame.isna().sum(axis=1),
        }
    )
    contrary = pd.Series(pd.NA, index=out.index, dtype="boolean")
    contrary = contrary.mask(out["failed"] > 0, True).mask((out["failed"] == 0) & (out["open"] == 0), False)
    return out.assign(contrary_to_process=contrary)


@cache
def _data() -> dict[str, Any]:
    text = (Path(__file__).parent / "process.yaml").read_text(encoding="utf-8")
    data: dict[str, Any] = yaml.safe_load(text)
    return data


def _require(answers: pd.DataFrame, keys: list[str]) -> None:
    lacking = [key for key in keys if key not in answers]
    if lacking:
        raise ParameterError(
            f"The answers have no column {', '.join(map(repr, lacking))}.", hint="Give one column for each."
        )
