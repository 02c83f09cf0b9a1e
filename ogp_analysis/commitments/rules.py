"""Rules on single commitments as data: each with its words, validity, source, exclusions and worked examples."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal

import pandas as pd
import yaml

from ogp_analysis.commitments.rule_checks import KINDS, rule_problems
from ogp_analysis.errors import DataError, ParameterError, nearest
from ogp_analysis.scales import at_least, rated, scale_of
from ogp_analysis.sources.ogp.tidy import RATINGS

Stage = Literal["progress", "end_of_term", "latest"]
STAGES: tuple[Stage, ...] = ("progress", "end_of_term", "latest")
#: Rules of the star by era; stars of two rules are never counted together.
STAR_RULES = ("starred_founders", "starred_2014", "starred_2015", "starred_current")


@dataclass(frozen=True)
class Rule:
    """One rule on a commitment.

    Attributes
    ----------
    key, name_en, name_id : str
        Name in code and names for readers.
    says : str
        The rule in words.
    condition : dict
        ``all``, ``any`` or ``any_rated`` with its parts.
    not_applicable : str
        ``"undecided"``, or ``"no"`` where a part that does not apply cannot be met.
    valid_from, valid_to : int or None
        Years of submission of the plans it was made for.
    source, status, excludes : str
        Where it was read; how sure that is; what it leaves out.
    examples : tuple of dict
        Ratings, and under ``answer`` what the rule must say.
    """

    key: str
    name_en: str
    name_id: str
    says: str
    condition: dict[str, Any]
    not_applicable: str
    valid_from: int
    valid_to: int | None
    source: str
    status: str
    excludes: str
    examples: tuple[dict[str, Any], ...]

    def name(self, language: str) -> str:
        """The name for readers of a language."""
        from ogp_analysis.locale import get_language

        return get_language(language).word(self.name_en, self.name_id)


@cache
def rules() -> dict[str, Rule]:
    """Every rule by its name.

    Raises
    ------
    DataError
        If an entry of ``rules.yaml`` is missing, misspelt or names what is not there.
    """
    path = Path(__file__).parent / "rules.yaml"
    entries = yaml.safe_load(path.read_text(encoding="utf-8"))
    problems = rule_problems(path.name, entries)
    if problems:
        raise DataError(problems, hint=f"Mend these entries of {path}.")
    out = {}
    for key, entry in entries.items():
        out[key] = Rule(
            key=key,
            condition={kind: entry.pop(kind) for kind in KINDS if kind in entry},
            examples=tuple(entry.pop("examples")),
            not_applicable=entry.pop("not_applicable", "undecided"),
            valid_to=entry.pop("valid_to", None),
            **entry,
        )
    return out


def rule(key: str) -> Rule:
    """The rule with a name.

    Raises
    ------
    ParameterError
        If there is none.

    Examples
    --------
    >>> rule("high_completion").says
    'completion of Substantial or Complete'
    """
    table = rules()
    if key not in table:
        raise ParameterError(f"There is no rule {key!r}.", hint=nearest(str(key), list(table)))
    return table[key]


def latest_completion(ratings: pd.DataFrame) -> pd.Series:
    """Completion at the end of the term where that was rated, else in the progress report.

    OGP's column Raw Completion (557 of 558 rows of its table of 2024). Where neither is rated, the state of the
    later stage is kept, unless the edition does not have it. A later label that cannot be read stays unreadable:
    it may say anything.

    Examples
    --------
    >>> from ogp_analysis.scales import scale
    >>> read = scale("completion").read
    >>> latest_completion(pd.DataFrame({
    ...     "completion_progress": read(pd.Series(["Limited", "Limited", "NR"])),
    ...     "completion_end": read(pd.Series(["Complete", "ND", "NR"])),
    ... })).tolist()
    ['complete', 'limited', 'NR']
    """
    _require(ratings, ["completion_progress", "completion_end"])
    end, progress = ratings["completion_end"], ratings["completion_progress"]
    keep_end = rated(end) | (end == "unreadable") | ~rated(progress) & (end != "not_asked")
    return end.where(keep_end, progress).rename("completion")


def decide(ratings: pd.DataFrame, key: str, *, stage: Stage = "latest") -> pd.Series:
    """Apply a rule to every commitment.

    A part without a rating (not reviewed, no data, not applicable, not asked in this edition) leaves a rule that
    needs it undecided: it is never taken for a low rating. In a list of alternatives, one that is met decides.

    Parameters
    ----------
    ratings : DataFrame
        Columns of ratings as in :attr:`ogp_analysis.sources.ogp.CommitmentTable.rated`; others are ignored.
    key : str
        Name of a rule, see :func:`rules`.
    stage : {"progress", "end_of_term", "latest"}
        Which rating of completion counts; the final tally of stars is that of the end of the term.

    Returns
    -------
    Series of boolean
        Nullable; same index, named after the rule.

    Raises
    ------
    ParameterError
        If a column is missing, is not on its scale, or mixes two scales.

    Examples
    --------
    >>> from ogp_analysis.scales import scale
    >>> ratings = pd.DataFrame({
    ...     "relevant": scale("yes_no").read(pd.Series(["1", "1", "1"])),
    ...     "potential_impact": scale("potential_impact").read(pd.Series(["Moderate", "Minor", "NR"])),
    ... })
    >>> decide(ratings, "high_ambition").tolist()
    [True, False, <NA>]
    """
    own = rule(key)
    if stage not in STAGES:
        raise ParameterError(f"There is no stage {stage!r}.", hint=nearest(str(stage), STAGES))
    return _decide(ratings, own.condition, stage, own.not_applicable == "no").rename(key)


def needs(key: str, *, stage: Stage = "latest") -> tuple[str, ...]:
    """The columns of ratings that a rule reads, in order.

    Examples
    --------
    >>> needs("starred_2014", stage="progress")
    ('relevant', 'potential_impact', 'completion_progress')
    """

    def walk(condition: dict[str, Any]) -> list[str]:
        out: list[str] = []
        for part in next(iter(condition.values())):
            if _is_list(part):
                out += walk(part)
            elif "rule" in part:
                out += walk(rule(part["rule"]).condition)
            else:
                column = next(iter(part))
                out += _columns(column, stage)
        return out

    return tuple(dict.fromkeys(walk(rule(key).condition)))


def outside_validity(commitments: pd.DataFrame, key: str) -> pd.Series:
    """Which commitments are of plans that a rule was not made for, by their year of submission.

    Returns
    -------
    Series of boolean
        Missing where the year is not known (the edition of 2015 prints none).
    """
    own = rule(key)
    year = commitments["year"]
    out = year < own.valid_from
    if own.valid_to is not None:
        out |= year > own.valid_to
    return out.astype("boolean").where(year.notna()).rename(key)


def _decide(ratings: pd.DataFrame, condition: dict[str, Any], stage: Stage, na_is_no: bool) -> pd.Series:
    kind, parts = next(iter(condition.items()))
    answers = [_part(ratings, part, stage, na_is_no) for part in parts]
    out = answers[0]
    for answer in answers[1:]:
        if kind == "all":
            # a failed part must not decide where another was not rated: only such rows would enter the share
            out = (out & answer).mask(out.isna() | answer.isna())
        elif kind == "any":
            out = out | answer
        else:
            out = (out | answer).fillna(out).fillna(answer)
    return out


def _is_list(part: dict[str, Any]) -> bool:
    return next(iter(part)) in KINDS


def _part(ratings: pd.DataFrame, part: dict[str, Any], stage: Stage, na_is_no: bool) -> pd.Series:
    if _is_list(part):
        return _decide(ratings, part, stage, na_is_no)
    if "rule" in part:
        return decide(ratings, part["rule"], stage=stage)
    column, lowest = next(iter(part.items()))
    columns = _columns(column, stage)
    _require(ratings, columns)
    values = latest_completion(ratings) if len(columns) > 1 else ratings[columns[0]]
    answer = at_least(values, lowest)
    return answer.mask(values == "NA", False) if na_is_no else answer


def _columns(column: str, stage: Stage) -> list[str]:
    if column != "completion":
        return [column]
    both = {"progress": "completion_progress", "end_of_term": "completion_end"}
    return list(both.values()) if stage == "latest" else [both[stage]]


def _require(ratings: pd.DataFrame, columns: list[str]) -> None:
    lacking = [column for column in columns if column not in ratings]
    if lacking:
        raise ParameterError(
            f"The ratings have no column {', '.join(map(repr, lacking))}.",
            hint="Use the 'rated' table of read_commitments, or name your columns so.",
        )
    for column in columns:
        found, own = scale_of(ratings[column]).key, RATINGS[column][2]
        if found != own:
            raise ParameterError(
                f"The column {column!r} is on the scale '{found}', not '{own}'.",
                hint="Scales are not converted into each other: no official cross-walk exists.",
            )
