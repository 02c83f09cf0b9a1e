"""Many runs of one index at once: whatever several have in common is computed a single time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from ogp_analysis.errors import OgpAnalysisError, ParameterError
from ogp_analysis.stats.checks import Floats
from ogp_analysis.stats.composite.aggregate import folded, options_of
from ogp_analysis.stats.composite.choices import (
    SETS,
    Choice,
    Noise,
    Span,
    Uncertain,
    label_of,
    need_choices,
    noise_factors,
    option_number,
    span_value,
)
from ogp_analysis.stats.composite.data_check import columns_of, one_of
from ogp_analysis.stats.composite.recipe import Recipe
from ogp_analysis.stats.composite.run import Run
from ogp_analysis.stats.composite.steps import State, begin, taken

#: Sets of weights in one go: enough to be fast, few enough to stay small.
CHUNK = 128
#: Intermediate states kept for runs that share their first steps.
KEPT = 512


def replicated(run: Run, choices: Sequence[Uncertain], drawn: Floats, seed: int, target: str = "") -> Floats:
    """The score of each unit under each draw of the choices.

    A score is the same to the last bit whatever other draws are computed with it.

    Parameters
    ----------
    run : Run
    choices : sequence of Choice, Span or Noise
    drawn : array
        Draws by choices, from 0 to 1: the place within the options, the span, or the sets of noisy weights.
    seed : int
        Of the noisy weights.
    target : str
        The aggregate; the index if empty.

    Returns
    -------
    array
        Units of the run's raw table by draws; NaN where a unit has no score.

    Raises
    ------
    OgpAnalysisError
        If a combination of options cannot be computed; it is named.
    """
    need_choices(choices)
    aim = one_of(target or run.given.top, run.given.aggregates, "aggregate of this index")
    result = np.full((len(run.raw), len(drawn)), np.nan)
    rows = {unit: row for row, unit in enumerate(run.raw.index)}
    kept: dict[Any, State] = {}
    noises = [(at, choice) for at, choice in enumerate(choices) if isinstance(choice, Noise)]
    for _, noise in noises:
        absent = [level for level in noise.levels if level not in run.given.levels]
        if absent:
            levels = ", ".join(map(str, run.given.levels))
            raise ParameterError(f"'{noise.name}' is of level {absent[0]!r}.", hint=f"Use one of: {levels}.")
    factors = {at: noise_factors(sorted(run.given.weights.index), seed, at, noise.spread) for at, noise in noises}
    for members, changes in _alike(choices, drawn):
        try:
            made = run.recipe.change(changes) if changes else run.recipe
            state = _prepared(run, made, kept)
            places = np.array([rows[unit] for unit in state.data.index])
            values = columns_of(state.data)
            options = options_of(state.structure, **made["aggregate"])
            if aim not in state.structure.aggregates:
                continue  # left out as a whole
            rule = {code: np.array([weight]) for code, weight in state.weights.items()}
            step = CHUNK if noises else len(members)
            for start in range(0, len(members), step):
                part = members[start : start + step]
                weights = _weights(state, noises, factors, drawn[part])
                result[np.ix_(places, part)] = folded(values, state.structure, weights, options, rule)[aim]
        except OgpAnalysisError as error:
            raise OgpAnalysisError(f"With {label_of(changes)}: {error.message}", hint=error.hint) from None
    return result


def _alike(choices: Sequence[Uncertain], drawn: Floats) -> list[tuple[Any, dict[str, Any]]]:
    """Draws that have every choice but the noise in common, with their changes."""
    keys = np.zeros(drawn.shape)
    for at, choice in enumerate(choices):
        if isinstance(choice, Choice):
            keys[:, at] = option_number(choice, drawn[:, at])
        elif isinstance(choice, Span):
            keys[:, at] = span_value(choice, drawn[:, at])
    distinct, which = np.unique(keys, axis=0, return_inverse=True)
    order = np.argsort(which.ravel(), kind="stable")
    members = np.split(order, np.cumsum(np.bincount(which.ravel(), minlength=len(distinct)))[:-1])
    found = []
    for key, part in zip(distinct, members, strict=True):
        changes: dict[str, Any] = {}
        for at, choice in enumerate(choices):
            if isinstance(choice, Choice):
                changes.update(choice.options[int(key[at])])
            elif isinstance(choice, Span):
                changes[choice.address] = float(key[at])
        found.append((part, changes))
    return found


def _prepared(run: Run, made: Recipe, kept: dict[Any, State]) -> State:
    """The state before aggregation; runs that share their first steps share these states."""
    key: tuple[Any, ...] = ("structure", made.steps[0].text if made.names[0] == "structure" else "")
    state = kept.get(key)
    if state is None:
        state = kept[key] = begin(run.raw, run.given, made, run.reference)
    for step in made.steps:
        if step.name in ("structure", "aggregate"):
            continue
        key = (*key, step.name, step.text)
        if step.name == "weigh" and step.settings.get("method") == "optimised":
            key = (*key, made.steps[-1].text)
        found = kept.get(key)
        if found is None:
            if len(kept) >= KEPT:
                kept.clear()
            found = kept[key] = taken(replace(state, recipe=made), step)
        state = found
    return state


def _weights(
    state: State, noises: Sequence[tuple[int, Noise]], factors: dict[int, dict[str, Floats]], drawn: Floats
) -> dict[str, Floats]:
    """Each code's weight in each draw; one for all if there is no noise."""
    weights: dict[str, Floats] = {str(code): np.array([weight]) for code, weight in state.weights.items()}
    for at, noise in noises:
        which = np.minimum((drawn[:, at] * SETS).astype(np.int64), SETS - 1)
        levels = noise.levels or tuple(state.structure.levels)
        for level in levels:
            for code in state.structure.levels.get(level, ()):
                weights[code] = weights[code] * factors[at][code][which]
    some = next(iter(weights.values()))
    size = max(some.shape[0], len(drawn) if noises else 1)
    return {code: np.broadcast_to(weight, (size,)) for code, weight in weights.items()}
