"""How each step of a recipe takes the work of the one before it further."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import pandas as pd

from ogp_analysis.errors import ParameterError, nearest
from ogp_analysis.stats.checks import named
from ogp_analysis.stats.composite.data_check import need_known, numbers_of
from ogp_analysis.stats.composite.denominate import denominate
from ogp_analysis.stats.composite.impute import impute
from ogp_analysis.stats.composite.normalise import normalise
from ogp_analysis.stats.composite.notes import Note
from ogp_analysis.stats.composite.recipe import Recipe, Step
from ogp_analysis.stats.composite.screen import screen
from ogp_analysis.stats.composite.structure import Structure
from ogp_analysis.stats.composite.treat import treat
from ogp_analysis.stats.composite.weigh import weigh


@dataclass(frozen=True, eq=False)
class State:
    """Where the work stands between two steps.

    Attributes
    ----------
    structure : Structure
    raw : DataFrame
        As given, with denominators and groups.
    data : DataFrame
        The indicators as they are now.
    recipe : Recipe
    reference : DataFrame or None
        Where normalisation takes its bounds from, if not from the data.
    weights : Series
    details : mapping
        What a step found, by its name.
    notes : tuple of Note
    """

    structure: Structure
    raw: pd.DataFrame
    data: pd.DataFrame
    recipe: Recipe
    reference: pd.DataFrame | None
    weights: pd.Series
    details: Mapping[str, Any] = field(default_factory=dict)
    notes: tuple[Note, ...] = ()


#: Settings of a step that name single indicators.
BY_INDICATOR = (("denominate", "per"), ("treat", "own"), ("normalise", "own"))


def begin(raw: pd.DataFrame, structure: Structure, recipe: Recipe, reference: pd.DataFrame | None = None) -> State:
    """The state before the first step: the structure's own choices made, every column found by its code.

    Raises
    ------
    ParameterError
        If a step names an indicator that the structure does not have, a column is missing, or holds what is no
        number, or nothing.
    """
    _need_indicators(structure, recipe)
    first = recipe["structure"] if "structure" in recipe.names else {}
    weighted = structure.with_weights(first["weights"]) if first.get("weights") else structure
    used = weighted.without(first.get("without") or [])
    data = numbers_of(raw, used.indicators)
    need_known(data)
    base = None if reference is None else numbers_of(reference, used.indicators, "reference")
    return State(used, raw, data, recipe, base, used.weights)


def _need_indicators(structure: Structure, recipe: Recipe) -> None:
    # by the structure as given: what it has may be left out of a run, what it does not have is misspelt
    for step, setting in BY_INDICATOR:
        given = recipe[step].get(setting) if step in recipe.names else None
        strange = [code for code in given if code not in structure.indicators] if isinstance(given, dict) else []
        if strange:
            raise ParameterError(
                f"'{step}.{setting}' names {named(strange)}.",
                hint=f"Name indicators of the structure. {nearest(strange[0], structure.indicators)}",
            )


def _of_those_left(settings: dict[str, Any], setting: str, codes: Iterable[Any]) -> dict[str, Any]:
    """The settings without what one of them says of other codes: they may have been left out since."""
    given = settings.get(setting)
    if not isinstance(given, dict):
        return settings
    there = set(codes)
    return {**settings, setting: {code: one for code, one in given.items() if code in there}}


def taken(state: State, step: Step) -> State:
    """The state after one more step, up to but without ``aggregate``."""
    return TAKEN[step.name](state, step.settings) if step.name in TAKEN else state


def _screen(state: State, settings: dict[str, Any]) -> State:
    found = screen(state.data, **settings)
    out = tuple(found.table.index[~found.table["kept"]])
    notes = (Note("screen", "units_left_out", out),) if out else ()
    kept = replace(state, data=found.data, raw=state.raw.loc[found.data.index])
    return _with(kept, "screen", found, notes)


def _denominate(state: State, settings: dict[str, Any]) -> State:
    used = state.structure.table.loc[list(state.structure.indicators), "denominator"].dropna()
    settings = _of_those_left(settings, "per", state.structure.indicators)
    source = state.raw if len(used) else None
    data = denominate(state.data, state.structure, source, **settings)
    return _with(replace(state, data=data), "denominate", None)


def _impute(state: State, settings: dict[str, Any]) -> State:
    settings = dict(settings)
    code = settings.pop("groups", None)
    groups = None
    if code is not None:
        if code not in state.structure.groups or code not in state.raw.columns:
            raise ParameterError(
                f"'{code}' is no column of groups.",
                hint=f"Give it a row of type 'group' and a column. {nearest(str(code), state.structure.groups)}",
            )
        groups = state.raw[code]
    found = impute(state.data, groups=groups, **settings)
    counts = {"filled": int(found.filled.to_numpy().sum()), "cells": found.data.size}
    notes = [Note("impute", "values_filled", tuple(found.filled.columns[found.filled.any()]), counts)]
    left = tuple(found.still_missing.columns[found.still_missing.any()])
    if left:
        notes.append(
            Note("impute", "values_missing", left, {"missing": int(found.still_missing.to_numpy().sum())})
        )
    return _with(replace(state, data=found.data), "impute", found, notes if counts["filled"] else notes[1:])


def _treat(state: State, settings: dict[str, Any]) -> State:
    found = treat(state.data, **_of_those_left(settings, "own", state.data.columns))
    codes, hows, passes = state.data.columns.tolist(), found.table["how"].tolist(), found.table["passes"].tolist()
    notes = [
        Note(
            "treat",
            f"indicators_{name}",
            tuple(code for code, how in zip(codes, hows, strict=True) if how == name),
        )
        for name in ("winsorised", "log", "log_mirrored", "boxcox", "not_judged")
    ]
    remain = tuple(code for code, passed in zip(codes, passes, strict=True) if not passed)
    notes.append(Note("treat", "outliers_remain", remain))
    return _with(replace(state, data=found.data), "treat", found, [note for note in notes if note.about])


def _normalise(state: State, settings: dict[str, Any]) -> State:
    settings = _of_those_left(settings, "own", state.data.columns)
    data = normalise(state.data, state.structure, reference=state.reference, **settings)
    return _with(replace(state, data=data), "normalise", None)


def _weigh(state: State, settings: dict[str, Any]) -> State:
    weights, reached = weigh(state.data, state.structure, aggregation=state.recipe["aggregate"], **settings)
    notes = () if reached else (Note("weigh", "importance_not_reached"),)
    return _with(replace(state, weights=weights), "weigh", weights, notes)


def _with(state: State, name: str, found: Any, notes: Any = ()) -> State:
    return replace(state, details={**state.details, name: found}, notes=(*state.notes, *notes))


TAKEN: dict[str, Callable[[State, dict[str, Any]], State]] = {
    "screen": _screen,
    "denominate": _denominate,
    "impute": _impute,
    "treat": _treat,
    "normalise": _normalise,
    "weigh": _weigh,
}
