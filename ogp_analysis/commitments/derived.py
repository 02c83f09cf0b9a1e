"""Readings that follow from several ratings: binding constraint, funnel, score, change in completion."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from ogp_analysis.commitments.rules import Stage, decide, latest_completion
from ogp_analysis.errors import ParameterError
from ogp_analysis.scales import at_least, rated, scale

#: The gates to a star in their order, as labels of the scale ``binding_constraint``.
GATES = ("specificity", "relevance", "impact", "completion")


def binding_constraint(ratings: pd.DataFrame, *, stage: Stage = "latest") -> pd.Series:
    """The first gate at which a commitment fails on its way to a star.

    Gates in order: verifiable (specificity of Medium or more), relevant, potential impact of Transformative,
    completion of Substantial or more. What comes after a failed gate does not matter; a gate without a rating,
    before any failure, leaves the constraint undecided. OGP's column Binding constraint (554 of 558 rows of its
    table of 2024; the chart of where a member should focus).

    Parameters
    ----------
    ratings : DataFrame
        Columns of ratings, see :func:`~ogp_analysis.commitments.rules.decide`.
    stage : {"progress", "end_of_term", "latest"}
        Which rating of completion counts.

    Returns
    -------
    Series
        On the scale ``binding_constraint``; ``NR``, ``ND`` or another state where it is undecided: the state of
        the gate that stopped it.

    Examples
    --------
    >>> ratings = pd.DataFrame({
    ...     "specificity": scale("specificity").read(pd.Series(["high", "low", "high"])),
    ...     "verifiable": scale("yes_no").read(pd.Series(["ND", "ND", "ND"])),
    ...     "relevant": scale("yes_no").read(pd.Series(["1", "NR", "1"])),
    ...     "potential_impact": scale("potential_impact").read(pd.Series(["Minor", "NR", "NR"])),
    ...     "completion_progress": scale("completion").read(pd.Series(["Complete", "NR", "Complete"])),
    ...     "completion_end": scale("completion").read(pd.Series(["ND", "NR", "ND"])),
    ... })
    >>> binding_constraint(ratings).tolist()
    ['impact', 'specificity', 'NR']
    """
    passes = _passes(ratings, stage)
    sources = [
        ratings["specificity"],
        ratings["relevant"],
        ratings["potential_impact"],
        _completion(ratings, stage),
    ]
    out = pd.Series("star", index=ratings.index, dtype=object)
    open_ = pd.Series(True, index=ratings.index)
    for gate, source in zip(GATES, sources, strict=True):
        passed = passes[gate]
        unknown = passed.isna()
        out = out.mask(open_ & unknown, source.astype(object)).mask(open_ & ~unknown & ~passed.fillna(True), gate)
        open_ &= passed.fillna(False).astype(bool)
    return out.astype(scale("binding_constraint").dtype).rename("binding_constraint")


def funnel(ratings: pd.DataFrame, *, stage: Stage = "latest") -> pd.DataFrame:
    """How many commitments reach, pass and fail each gate to a star; one row a gate.

    A commitment that a gate cannot decide leaves the funnel there as undecided: it counts neither as passed nor as
    failed, and reaches no later gate. So each gate has a denominator of its own.

    Returns
    -------
    DataFrame
        Index ``gate``; ``reached``, ``undecided``, ``failed``, ``passed``, ``share`` (passed of those decided at
        this gate, missing when there are none).

    Examples
    --------
    >>> read = {name: scale(of).read for name, of in [("s", "specificity"), ("i", "potential_impact")]}
    >>> yes = scale("yes_no").read(pd.Series(["1", "1"]))
    >>> done = scale("completion").read(pd.Series(["Complete", "Limited"]))
    >>> funnel(pd.DataFrame({
    ...     "specificity": read["s"](pd.Series(["high", "high"])), "verifiable": yes, "relevant": yes,
    ...     "potential_impact": read["i"](pd.Series(["Transformative", "NR"])),
    ...     "completion_progress": done, "completion_end": done,
    ... }))["passed"].tolist()
    [2, 2, 1, 1]
    """
    found = binding_constraint(ratings, stage=stage)
    undecided_at = gate_reached(ratings, stage=stage).where(~rated(found))
    failed = {gate: int((found == gate).sum()) for gate in GATES}
    undecided = {gate: int((undecided_at == gate).sum()) for gate in GATES}
    return gates_from_counts(failed, undecided, len(ratings))


def gate_reached(ratings: pd.DataFrame, *, stage: Stage = "latest") -> pd.Series:
    """The first gate that has no answer for a commitment: where one that is undecided stopped."""
    return _passes(ratings, stage).isna().idxmax(axis=1).rename("gate")


def gates_from_counts(failed: Mapping[str, int], undecided: Mapping[str, int], total: int) -> pd.DataFrame:
    """The funnel from the numbers that failed at each gate and that each gate could not decide.

    Returns
    -------
    DataFrame
        As :func:`funnel`.
    """
    rows = []
    reached = total
    for gate in GATES:
        open_, lost = int(undecided.get(gate, 0)), int(failed.get(gate, 0))
        passed = reached - open_ - lost
        share = passed / (passed + lost) if passed + lost else np.nan
        rows.append((gate, reached, open_, lost, passed, share))
        reached = passed
    columns = ["gate", "reached", "undecided", "failed", "passed", "share"]
    return pd.DataFrame(rows, columns=columns).set_index("gate")


def assessment_score(ratings: pd.DataFrame, *, stage: Stage = "latest") -> pd.Series:
    """Ambitious, complete, both or neither; strong results count as both.

    OGP's column IRM-Based Score: 4 ambitious and complete, or opened government; 3 ambitious only; 2 complete
    only; 1 neither (in its table of 2024, 8 rows swap 2 and 4 against this). Undecided where ambition or
    completion was not rated and no strong result decides.

    Returns
    -------
    Series
        On the scale ``assessment_score``; ``NR`` where it is undecided.

    Examples
    --------
    >>> columns = {"relevant": "yes_no", "potential_impact": "potential_impact", "diog": "diog",
    ...            "completion_progress": "completion", "completion_end": "completion",
    ...            "early_results": "early_results"}
    >>> cells = [["1", "Moderate", "ND", "NR", "Limited", "ND"], ["1", "Minor", "Major", "NR", "NR", "ND"]]
    >>> printed = pd.DataFrame(cells, columns=list(columns))
    >>> ratings = pd.DataFrame({name: scale(of).read(printed[name]) for name, of in columns.items()})
    >>> assessment_score(ratings).tolist()
    ['ambitious_only', 'both_or_opened']
    """
    ambitious = decide(ratings, "high_ambition")
    complete = decide(ratings, "high_completion", stage=stage)
    best = decide(ratings, "ambitious_and_complete_or_opened", stage=stage).fillna(False).astype(bool)
    known = ambitious.notna() & complete.notna()
    out = pd.Series("NR", index=ratings.index, dtype=object)
    yes, done = ambitious.fillna(False).astype(bool), complete.fillna(False).astype(bool)
    for key, where in (
        ("neither", ~yes & ~done),
        ("complete_only", ~yes & done),
        ("ambitious_only", yes & ~done),
    ):
        out = out.mask(known & where, key)
    return out.mask(best, "both_or_opened").astype(scale("assessment_score").dtype).rename("assessment_score")


def completion_change(ratings: pd.DataFrame) -> pd.Series:
    """How completion moved between the progress report and the end of the term.

    The sign of the difference of the codes that OGP's tables of 2016 and later print (Withdrawn 0, Unclear 1,
    Not started 2 ... Complete 5); 54 of 54 rows of the table of 2016.

    Returns
    -------
    Series
        On the scale ``completion_change``; the state of the later rating where either is missing.

    Examples
    --------
    >>> read = scale("completion").read
    >>> completion_change(pd.DataFrame({
    ...     "completion_progress": read(pd.Series(["Limited", "Limited"])),
    ...     "completion_end": read(pd.Series(["Complete", "NR"])),
    ... })).tolist()
    ['increase', 'NR']
    """
    steps = completion_steps(ratings)
    end, progress = ratings["completion_end"], ratings["completion_progress"]
    out = end.astype(object).where(~rated(end), progress.astype(object))
    for key, where in (("decrease", steps < 0), ("no_change", steps == 0), ("increase", steps > 0)):
        out = out.mask(where.fillna(False).astype(bool), key)
    return out.astype(scale("completion_change").dtype).rename("completion_change")


def completion_steps(ratings: pd.DataFrame) -> pd.Series:
    """Steps that completion moved by, from the progress report to the end of the term (``Int64``)."""
    codes = {label.key: int(label.codes["2016"][0]) for label in scale("completion").labels}
    later, earlier = (
        ratings[name].astype(object).map(codes) for name in ("completion_end", "completion_progress")
    )
    return (later - earlier).astype("Int64").rename("completion_steps")


def promising(ratings: pd.DataFrame) -> pd.Series:
    """Where a commitment leaves the filter by which an action plan review picks the promising ones.

    Steps in order: verifiable, open-government lens, then potential for results: Substantial is always promising,
    Modest by the reviewer's choice where there are few, Unclear is not. (Clustering of commitments of one reform,
    which comes before the last step, needs the reviewer.) The order and the last step are not confirmed by a
    source.

    Returns
    -------
    Series of str
        ``not_verifiable``, ``no_lens``, ``unclear``, ``by_choice``, ``promising`` or ``undecided``.

    Examples
    --------
    >>> promising(pd.DataFrame({
    ...     "specificity": scale("specificity").read(pd.Series(["ND", "ND"])),
    ...     "verifiable": scale("yes_no").read(pd.Series(["Yes", "No"])),
    ...     "relevant": scale("yes_no").read(pd.Series(["1", "NR"])),
    ...     "potential_for_results": scale("potential_for_results").read(pd.Series(["Modest", "NR"])),
    ... })).tolist()
    ['by_choice', 'not_verifiable']
    """
    last = ratings["potential_for_results"]
    ends: dict[Any, str] = {"unclear": "unclear", "modest": "by_choice", "substantial": "promising"}
    out = last.astype(object).map(ends).fillna("undecided")
    for key, failed_as in (("relevant", "no_lens"), ("verifiable", "not_verifiable")):
        passed = decide(ratings, key)
        out = out.mask(passed.isna(), "undecided").mask((~passed).fillna(False).astype(bool), failed_as)
    return out.rename("promising")


def _passes(ratings: pd.DataFrame, stage: Stage) -> pd.DataFrame:
    """Whether each commitment passes each gate by itself; missing where it was not rated on it."""
    answers = [
        decide(ratings, "verifiable"),
        decide(ratings, "relevant"),
        at_least(ratings["potential_impact"], "transformative"),
        at_least(_completion(ratings, stage), "substantial"),
    ]
    return pd.DataFrame(dict(zip(GATES, answers, strict=True)))


def _completion(ratings: pd.DataFrame, stage: Stage) -> pd.Series:
    if stage == "latest":
        return latest_completion(ratings)
    column = {"progress": "completion_progress", "end_of_term": "completion_end"}.get(stage)
    if column is None or column not in ratings:
        raise ParameterError(
            f"There is no completion at the stage {stage!r}.", hint="Use one of: progress, end_of_term, latest."
        )
    return ratings[column]
