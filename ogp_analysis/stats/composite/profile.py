"""Where one unit is strong and where it is weak, beside all others."""

from __future__ import annotations

from collections.abc import Hashable

import pandas as pd

from ogp_analysis.errors import ParameterError
from ogp_analysis.stats.checks import named
from ogp_analysis.stats.composite.ranks import ranks
from ogp_analysis.stats.composite.run import Run
from ogp_analysis.stats.composite.weigh import effective_weights


def profile(run: Run, unit: Hashable, level: int = 1) -> pd.DataFrame:
    """Every part of one level for one unit: value, score, rank, and what lies between it and the median unit.

    Parameters
    ----------
    run : Run
    unit : label
    level : int
        1 for indicators.

    Returns
    -------
    DataFrame
        One row a code, best rank first, unknown last: ``value`` (as given; NaN above level 1), ``score``,
        ``rank``, ``of`` (units that have one), ``above_median`` (score less the median score) and ``weight`` (its
        effective weight in the index).

    Raises
    ------
    ParameterError
        If the unit is not scored in this run, or the level does not exist.

    Examples
    --------
    >>> from ogp_analysis.stats.composite.run import small_run
    >>> profile(small_run(), "z")[["value", "rank", "of"]].to_numpy().tolist()
    [[4.0, 1, 3], [3.0, 1, 3], [7.0, 2, 3]]
    """
    normalised = run.tables["normalise"]
    if unit not in normalised.index:
        raise ParameterError(
            f"{named([unit])} is not scored in this run.", hint="It is not there, or was left out."
        )
    if level not in run.structure.levels:
        raise ParameterError(
            f"There is no level {level}.", hint=f"The index is level {len(run.structure.levels)}."
        )
    codes = list(run.structure.levels[level])
    scores = normalised[codes] if level == 1 else run.scores[codes]
    place = pd.DataFrame(ranks(scores))
    raw = run.tables["raw"][codes].iloc[list(run.tables["raw"].index).index(unit)] if level == 1 else float("nan")
    at = list(scores.index).index(unit)
    table = pd.DataFrame(
        {
            "value": raw,
            "score": scores.iloc[at],
            "rank": place.iloc[at].astype("Int64"),
            "of": scores.notna().sum(),
            "above_median": scores.iloc[at] - scores.median(),
            "weight": effective_weights(run.structure.with_weights(run.weights.dropna()))[codes],
        },
        index=codes,
    )
    return table.sort_values(["rank", "above_median"], ascending=[True, False], na_position="last", kind="stable")


def strengths(run: Run, unit: Hashable, n: int = 5, level: int = 1) -> pd.DataFrame:
    """The n parts in which one unit ranks best, as :func:`profile`; only those above the median of all units.

    Raises
    ------
    ParameterError
        As :func:`profile`.

    Examples
    --------
    >>> from ogp_analysis.stats.composite.run import small_run
    >>> strengths(small_run(), "x").index.tolist()
    ['c']
    """
    table = profile(run, unit, level)
    return table[table["above_median"] > 0].head(n)


def weaknesses(run: Run, unit: Hashable, n: int = 5, level: int = 1) -> pd.DataFrame:
    """The n parts in which one unit ranks worst, worst first; only those below the median of all units.

    Raises
    ------
    ParameterError
        As :func:`profile`.

    Examples
    --------
    >>> from ogp_analysis.stats.composite.run import small_run
    >>> weaknesses(small_run(), "x").index.tolist()
    ['b', 'a']
    """
    table = profile(run, unit, level)
    below = table[table["above_median"] < 0].copy()
    below["from_last"] = below["of"] - below["rank"]
    return below.sort_values(["from_last", "above_median"], kind="stable").drop(columns="from_last").head(n)
