"""One index computed: every table between the steps, what changed in which cell, and how to do it again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import pandas as pd

from ogp_analysis.stats.composite.aggregate import aggregate
from ogp_analysis.stats.composite.notes import Note
from ogp_analysis.stats.composite.ranks import ranks
from ogp_analysis.stats.composite.recipe import Recipe, recipe
from ogp_analysis.stats.composite.steps import begin, taken
from ogp_analysis.stats.composite.structure import Structure

#: Below this many units a single one moves correlations, components and ranks; a convention of this package.
FEW = 30
LOGGED = ("denominate", "impute", "treat")


@dataclass(frozen=True, eq=False)
class Run:
    """An index with everything that led to it.

    Attributes
    ----------
    raw : DataFrame
        The table as given.
    given : Structure
        The structure as given.
    recipe : Recipe
    structure : Structure
        The structure as used: without what the recipe leaves out.
    tables : mapping of str to DataFrame
        The indicators as given (``raw``) and after each step, by its name.
    weights : Series
        The weights used.
    scores, coverage : DataFrame
        As :class:`~ogp_analysis.stats.composite.aggregate.Aggregated`.
    details : mapping
        What the steps found: ``screen``, ``impute``, ``treat``.
    notes : tuple of Note
        What a reader must know, as codes.
    reference : DataFrame or None
        Where normalisation took its bounds from, if not from the data.
    """

    raw: pd.DataFrame
    given: Structure
    recipe: Recipe
    structure: Structure
    tables: Mapping[str, pd.DataFrame]
    weights: pd.Series
    scores: pd.DataFrame
    coverage: pd.DataFrame
    details: Mapping[str, Any]
    notes: tuple[Note, ...]
    reference: pd.DataFrame | None

    @property
    def index(self) -> pd.Series:
        """The score of each unit."""
        return self.scores[self.structure.top]

    @cached_property
    def ranks(self) -> pd.DataFrame:
        """The rank of each unit in each aggregate, 1 for the best, by unrounded scores."""
        return pd.DataFrame(ranks(self.scores))

    @property
    def results(self) -> pd.DataFrame:
        """Score, rank and coverage of the index, best first, unscored units last."""
        top = self.structure.top
        found = pd.DataFrame({"score": self.index, "rank": self.ranks[top], "coverage": self.coverage[top]})
        return found.sort_values("score", ascending=False, kind="stable", na_position="last")

    @cached_property
    def log(self) -> pd.DataFrame:
        """Every cell a step changed: ``step``, ``unit``, ``code``, ``before``, ``after``; and units left out."""
        parts, before = [], self.tables["raw"]
        for name, after in self.tables.items():
            if name == "screen":
                out = before.index.difference(after.index, sort=False)
                nothing = {"code": None, "before": None, "after": None}
                parts.append(pd.DataFrame({"step": name, "unit": out, **nothing}))
            elif name in LOGGED:
                old = before.loc[after.index, after.columns]
                same = (old == after) | (old.isna() & after.isna())
                for code in after.columns[~same.all()]:
                    units = after.index[~same[code]]
                    cells = {"before": old.loc[units, code].to_numpy(), "after": after.loc[units, code].to_numpy()}
                    parts.append(pd.DataFrame({"step": name, "unit": units, "code": code, **cells}))
            before = after
        columns = ["step", "unit", "code", "before", "after"]
        parts = [part.astype({"before": "float64", "after": "float64"}) for part in parts if len(part)]
        return pd.concat(parts, ignore_index=True)[columns] if parts else pd.DataFrame(columns=columns)

    def replay(self, changes: Mapping[str, Any] | None = None, *, raw: pd.DataFrame | None = None) -> Run:
        """Do it again with something changed.

        Parameters
        ----------
        changes : mapping of address to value, optional
            As for :meth:`~ogp_analysis.stats.composite.recipe.Recipe.change`.
        raw : DataFrame, optional
            Other data.

        Returns
        -------
        Run

        Raises
        ------
        ParameterError
            As :func:`build`.

        Examples
        --------
        >>> run = small_run()
        >>> run.replay({"normalise": {"method": "rank"}}).index.tolist()
        [2.0, 1.5, 2.5]
        >>> run.replay({"structure.without": ["c"]}).structure.aggregates
        ('access', 'index')
        """
        made = self.recipe.change(changes) if changes else self.recipe
        return build(self.raw if raw is None else raw, self.given, made, self.reference)


def build(
    data: pd.DataFrame,
    structure: Structure,
    recipe: Recipe,
    reference: pd.DataFrame | None = None,
) -> Run:
    """Compute an index by a recipe.

    Parameters
    ----------
    data : DataFrame
        Units in the index; a column for every indicator, denominator and group of the structure that the recipe
        uses, matched by code.
    structure : Structure
    recipe : Recipe
    reference : DataFrame, optional
        Indicators as they are just before normalisation, of all periods or a first one: bounds come from there.

    Returns
    -------
    Run

    Raises
    ------
    ParameterError
        If data and structure do not match, or a step cannot be taken; indicators and units are named.

    Examples
    --------
    >>> run = small_run()
    >>> run.results["score"].round(1).tolist()
    [80.0, 50.0, 18.8]
    >>> [(note.code, note.numbers) for note in run.notes]
    [('few_units', {'units': 3})]
    """
    state = begin(data, structure, recipe, reference)
    tables = {"raw": state.data}
    for step in recipe.steps:
        state = taken(state, step)
        if step.name not in ("structure", "weigh", "aggregate"):
            tables[step.name] = state.data
    found = aggregate(state.data, state.structure, weights=state.weights.dropna(), **recipe["aggregate"])
    notes = list(state.notes)
    unscored = tuple(found.scores.index[found.scores[state.structure.top].isna()])
    if unscored:
        notes.append(Note("aggregate", "units_without_score", unscored))
    if len(state.data) < FEW:
        notes.append(Note("aggregate", "few_units", (), {"units": len(state.data)}))
    return Run(
        data,
        structure,
        recipe,
        state.structure,
        tables,
        state.weights,
        found.scores,
        found.coverage,
        state.details,
        tuple(notes),
        reference,
    )


def small_run() -> Run:
    """Three units and three indicators, for examples.

    Examples
    --------
    >>> small_run().index.round(1).to_dict()
    {'x': 50.0, 'y': 18.8, 'z': 80.0}
    """
    from ogp_analysis.stats.composite.structure import small_structure

    table = pd.DataFrame({"a": [0, 1, 4], "b": [1, 2, 3], "c": [5, 10, 7]}, index=["x", "y", "z"])
    return build(table, small_structure(), recipe({"normalise": {"method": "minmax"}, "aggregate": {}}))
