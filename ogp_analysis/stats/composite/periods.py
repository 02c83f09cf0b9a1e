"""An index over several periods, on one scale for all or on each period's own."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass

import pandas as pd

from ogp_analysis.errors import ParameterError
from ogp_analysis.stats.checks import named
from ogp_analysis.stats.composite.recipe import Recipe
from ogp_analysis.stats.composite.run import Run, build
from ogp_analysis.stats.composite.steps import begin, taken
from ogp_analysis.stats.composite.structure import Structure

EVERY, EACH = "every", "each"


@dataclass(frozen=True, eq=False)
class Panel:
    """One run for each period.

    Attributes
    ----------
    runs : mapping of period to Run
    bounds : object
        ``every``, ``each``, or the period that bounds came from.
    comparable : bool
        Whether scores of different periods are on one scale.
    """

    runs: Mapping[Hashable, Run]
    bounds: Hashable
    comparable: bool

    @property
    def scores(self) -> pd.DataFrame:
        """Units by periods: the index."""
        return pd.DataFrame({period: run.index for period, run in self.runs.items()})

    @property
    def ranks(self) -> pd.DataFrame:
        """Units by periods: the rank within each period."""
        return pd.DataFrame({period: run.ranks[run.structure.top] for period, run in self.runs.items()})


def build_panel(
    data: Mapping[Hashable, pd.DataFrame], structure: Structure, recipe: Recipe, bounds: Hashable = EVERY
) -> Panel:
    """Compute an index for several periods.

    With ``bounds="every"`` normalisation takes least, largest, mean, deviation and ranks from all periods
    together, so that a score that grows means a better value; a new period may then change old scores. A period's
    name takes them from that period: old scores stay, later ones may lie beyond the scale. With ``"each"`` every
    period has its own: only places among the units of a period can be compared (M. Mazziotta and A. Pareto,
    *Social Indicators Research* 127, 2016, 983-1003, discuss both). Screening, imputation and treatment are done
    in each period by itself.

    Parameters
    ----------
    data : mapping of period to DataFrame
        As for :func:`~ogp_analysis.stats.composite.run.build`.
    structure : Structure
    recipe : Recipe
    bounds : "every", "each" or a period

    Returns
    -------
    Panel

    Raises
    ------
    ParameterError
        If there are no periods, or ``bounds`` is none of these; and as
        :func:`~ogp_analysis.stats.composite.run.build`.

    Examples
    --------
    >>> from ogp_analysis.stats.composite.run import small_run
    >>> run = small_run()
    >>> better = run.raw.assign(a=run.raw["a"] + 4)
    >>> found = build_panel({2022: run.raw, 2023: better}, run.given, run.recipe)
    >>> found.scores.round(1).loc["x"].tolist(), found.comparable
    ([50.0, 62.5], True)
    >>> build_panel({2022: run.raw, 2023: better}, run.given, run.recipe, "each").scores.round(1).loc["x"].tolist()
    [50.0, 50.0]
    """
    if not data:
        raise ParameterError("There are no periods.", hint="Give one table a period.")
    if bounds not in (EVERY, EACH) and bounds not in data:
        raise ParameterError(
            f"{named([bounds])} is neither a period nor 'every' or 'each'.", hint=f"The periods are {named(data)}."
        )
    base: pd.DataFrame | None = None
    if bounds != EACH:
        before = {
            period: _before(table, structure, recipe)
            for period, table in data.items()
            if bounds in (EVERY, period)
        }
        # periods repeat units, and bounds need no labels
        base = pd.concat(list(before.values()), ignore_index=True)
    runs = {period: build(table, structure, recipe, base) for period, table in data.items()}
    return Panel(runs, bounds, base is not None)


def _before(table: pd.DataFrame, structure: Structure, recipe: Recipe) -> pd.DataFrame:
    """The indicators of a period as they are just before normalisation."""
    state = begin(table, structure, recipe)
    for step in recipe.steps:
        if step.name == "normalise":
            break
        state = taken(state, step)
    return state.data
