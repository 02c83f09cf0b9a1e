"""A scorecard computed: scores, ranks, the range of ranks, and why there is none where there is none."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from ogp_analysis.case import Case
from ogp_analysis.quarter import Quarter
from ogp_analysis.scorecard.data import Items, scorecard_data, scorecard_structure

if TYPE_CHECKING:
    from ogp_analysis.stats.composite import DropOne, Recipe, Run, Uncertainty
    from ogp_analysis.stats.composite.choices import Uncertain

#: What is done to the items: each from 1 (the worst district) to 100 (the best), equal weights, plain means; an
#: aggregate of which less than two thirds of the weight are known has no score.
RECIPE: Mapping[str, Mapping[str, Any]] = {
    "normalise": {"method": "minmax", "low": 1, "high": 100},
    "aggregate": {"method": "arithmetic"},
}

#: What could as well have been done, each as likely: scales and means that go together.
CHOICES = (
    {"normalise": {"method": "minmax", "low": 1, "high": 100}, "aggregate.method": "arithmetic"},
    {"normalise": {"method": "minmax", "low": 1, "high": 100}, "aggregate.method": "geometric"},
    {"normalise": {"method": "zscore"}, "aggregate.method": "arithmetic"},
    {"normalise": {"method": "rank"}, "aggregate.method": "arithmetic"},
)

#: Every weight may be a quarter larger or smaller.
SPREAD = 0.25
DRAWS = 2000
SEED = 20201019


@dataclass(frozen=True, eq=False)
class Scorecard:
    """A scorecard as of a quarter.

    Parameters
    ----------
    scorecard_id : str
    items : Items
    run : Run or None
        None when too little is known for any district to have a score.
    uncertainty : Uncertainty or None
        Ranks over draws of the scale and mean, of one item left out, and of the weights.
    drop_one : DropOne or None
    """

    scorecard_id: str
    items: Items
    run: Run | None
    uncertainty: Uncertainty | None
    drop_one: DropOne | None

    @property
    def unknown(self) -> tuple[str, ...]:
        """The items for which no district has a value."""
        return tuple(self.items.about.loc[self.items.about["known"] == 0, "code"])

    @property
    def equal(self) -> tuple[str, ...]:
        """The items of which no two districts have different values: they tell none from another."""
        data = self.items.data
        return tuple(code for code in data.columns if data[code].nunique() == 1)

    @property
    def illustrative(self) -> bool:
        """Whether any value is illustrative: then so is every score."""
        return bool((self.items.about["state"] == "illustrative").any())

    @property
    def table(self) -> pd.DataFrame:
        """One row a district: score, rank, range of ranks, and the probability to be in the lowest quarter.

        A range is of whole ranks and holds at least nine of ten draws. A district without a score has nothing,
        also where some draw would give it one. Index ``code_bps``, best first; empty without a run.
        """
        if self.uncertainty is None:
            return pd.DataFrame(columns=["score", "rank", "low", "high", "lowest"])
        table = self.uncertainty.table[["score", "rank", "low", "high", "lowest"]]
        # a quantile may fall between two draws, and nobody is at rank 3.6: the range is widened to whole ranks
        table = table.assign(low=np.floor(table["low"]), high=np.ceil(table["high"]))
        table.loc[table["rank"].isna(), ["low", "high", "lowest"]] = np.nan
        return table.sort_values("rank", kind="stable", na_position="last")


def scorecard(case: Case, quarter: Quarter, scorecard_id: str) -> Scorecard:
    """Compute a scorecard of the districts and say how far its ranks hang on the choices made.

    The index is built by :data:`RECIPE`; :data:`CHOICES`, one item left out and noisy weights are then drawn
    at random, :data:`DRAWS` times, with a fixed seed. Items that no district has a value for, and items that are
    equal everywhere, are left out of the index and named; with fewer than two items or two thirds of the weight
    left there is no index. An item without weight is no part of it.

    Parameters
    ----------
    case : Case
    quarter : Quarter
    scorecard_id : str
        One of :func:`ogp_analysis.scorecard.scorecards_of`.

    Returns
    -------
    Scorecard

    Raises
    ------
    ParameterError
        If the case has no such scorecard.
    DataError
        If its structure breaks a rule.

    Examples
    --------
    >>> from ogp_analysis import Quarter, load_case
    >>> result = scorecard(load_case("semarang"), Quarter.parse("2023Q4"), "living")
    >>> result.unknown, len(result.table)
    ((), 16)
    >>> scorecard(load_case("semarang"), Quarter.parse("2023Q4"), "openness").run is None
    True
    """
    key = ("scorecard", quarter, scorecard_id)
    return case.remembered(key, lambda: _scorecard(case, quarter, scorecard_id))


def _scorecard(case: Case, quarter: Quarter, scorecard_id: str) -> Scorecard:
    from ogp_analysis.stats.composite import build, drop_one, effective_weights, monte_carlo

    items = scorecard_data(case, quarter, scorecard_id)
    shape = scorecard_structure(case, scorecard_id)
    weight = effective_weights(shape)[list(shape.indicators)]
    # an item that is equal everywhere tells no district from another, and no scale can be made of it; where one
    # without weight were all that is left of a group, the group would have no mean
    usable = [code for code in items.data.columns if items.data[code].nunique() > 1 and weight[code] > 0]
    if len(usable) < 2 or weight[usable].sum() < 2 / 3 * weight.sum():
        return Scorecard(scorecard_id, items, None, None, None)
    out = [code for code in shape.indicators if code not in usable]
    used = shape.without(out) if out else shape
    run = build(items.data[usable], used, recipe())
    return Scorecard(
        scorecard_id,
        items,
        run,
        monte_carlo(run, choices(usable), n=DRAWS, seed=SEED),
        drop_one(run),
    )


@lru_cache(maxsize=1)
def recipe() -> Recipe:
    """The recipe of every scorecard."""
    from ogp_analysis.stats.composite import recipe as made

    return made(RECIPE)


def choices(codes: list[str]) -> list[Uncertain]:
    """What is varied: the scale with its mean, one of these items left out, and all weights."""
    from ogp_analysis.stats.composite import Choice, Noise

    return [Choice("scale_and_mean", CHOICES), Choice.leaving_out(codes), Noise(SPREAD)]
