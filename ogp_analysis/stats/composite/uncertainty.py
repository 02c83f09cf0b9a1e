"""How far ranks hang on choices: rank ranges, the probability of the lowest quarter, and one indicator less."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from ogp_analysis.errors import ParameterError
from ogp_analysis.stats.checks import Floats, need_level
from ogp_analysis.stats.composite.agreement import agreement
from ogp_analysis.stats.composite.choices import (
    Choice,
    Span,
    Uncertain,
    label_of,
    need_choices,
    option_number,
    span_value,
)
from ogp_analysis.stats.composite.data_check import need_list, need_whole, within
from ogp_analysis.stats.composite.ranks import column_ranks, dust, ranks
from ogp_analysis.stats.composite.replications import replicated
from ogp_analysis.stats.composite.run import Run


@dataclass(frozen=True, eq=False)
class Uncertainty:
    """Scores and ranks over many draws of the choices.

    Attributes
    ----------
    table : DataFrame
        One row a unit: ``score`` and ``rank`` of the run itself; over the draws ``mean``, ``median``, ``low`` and
        ``high`` of the rank, ``lowest`` and ``highest``, the probability to be in the lowest or highest quarter,
        and ``scored``, the share of draws in which the unit has a score at all.
    scores, ranks : DataFrame
        Draws by units.
    drawn : DataFrame
        Draws by choices: the option as text, the number, or the set of noisy weights.
    level : float
        Of the draws that lie from ``low`` to ``high``.
    """

    table: pd.DataFrame
    scores: pd.DataFrame
    ranks: pd.DataFrame
    drawn: pd.DataFrame
    level: float


@dataclass(frozen=True, eq=False)
class DropOne:
    """The index without each indicator in turn.

    Attributes
    ----------
    ranks : DataFrame
        Units by codes left out; the first column, ``""``, is the run itself.
    table : DataFrame
        One row a code: ``mean_shift`` and ``largest_shift`` of ranks, ``spearman`` with the run itself, and ``n``
        units scored in both.
    """

    ranks: pd.DataFrame
    table: pd.DataFrame


def monte_carlo(
    run: Run,
    choices: Sequence[Uncertain],
    n: int = 1000,
    seed: int = 0,
    level: float = 0.90,
    target: str = "",
    quarter: float = 0.25,
) -> Uncertainty:
    """Compute the index again under many random draws of the choices.

    Every draw takes one option of each choice, one value of each span and one set of noisy weights, all
    independently (M. Saisana, A. Saltelli and S. Tarantola, *JRSS A* 168, 2005, 307-323; OECD/JRC Handbook 2008,
    step 7). The result says how far ranks hang on the choices that were varied: not how uncertain the data are,
    and not which choice is right. The *lowest quarter* of N units scored in a draw are those with a score no
    higher than that of the one at place ``floor(N / 4)`` from below, at least the lowest one; equals are all in
    it.

    Parameters
    ----------
    run : Run
    choices : sequence of Choice, Span or Noise
    n : int
        Draws.
    seed : int
        The same seed gives the same result, whatever the order of rows and columns.
    level : float
        0.90 is the 5% to 95% range.
    target : str
        The aggregate; the index if empty.
    quarter : float
        The share of units that ``lowest`` and ``highest`` ask for.

    Returns
    -------
    Uncertainty

    Raises
    ------
    OgpAnalysisError
        If a combination of options cannot be computed; it is named.
    ParameterError
        If a choice cannot be drawn from.

    Examples
    --------
    >>> from ogp_analysis.stats.composite.choices import Noise
    >>> from ogp_analysis.stats.composite.run import small_run
    >>> found = monte_carlo(small_run(), [Choice.of("normalise.method", ["minmax", "rank"]), Noise(0.1)], n=200)
    >>> found.table[["rank", "median", "lowest"]].to_numpy().tolist()
    [[2, 2.0, 0.0], [3, 3.0, 1.0], [1, 1.0, 0.0]]
    """
    need_run(run)
    need_choices(choices)
    need_whole(n, 1, "n", "Use some thousands.")
    need_whole(seed, 0, "seed", "Give any whole number; the same one gives the same result.")
    need_level(level)
    within(quarter, 0, 1, "quarter")
    aim = need_target(run, target)
    u = np.random.default_rng(seed).random((n, len(choices)))
    scores = replicated(run, choices, u, seed, aim)
    place = column_ranks(scores)
    nominal = run.scores[aim].reindex(run.raw.index)
    table = pd.DataFrame({"score": nominal, "rank": ranks(nominal)})
    bounds = np.array([(1 - level) / 2, 0.5, (1 + level) / 2])
    counted = ~np.isnan(scores)
    table["mean"] = _means(place, counted)
    spread = _quantiles(place, counted, bounds)
    table["median"], table["low"], table["high"] = spread[1], spread[0], spread[2]
    lowest, highest = _ends(scores, counted, quarter)
    with np.errstate(invalid="ignore", divide="ignore"):
        table["lowest"] = lowest.sum(axis=1) / counted.sum(axis=1)
        table["highest"] = highest.sum(axis=1) / counted.sum(axis=1)
    table["scored"] = counted.mean(axis=1)
    units = run.raw.index
    return Uncertainty(
        table,
        pd.DataFrame(scores.T, columns=units),
        pd.DataFrame(place.T, columns=units),
        _words(choices, u),
        level,
    )


def drop_one(run: Run, codes: Iterable[str] | None = None, target: str = "") -> DropOne:
    """Compute the index without each indicator in turn.

    An indicator whose absence moves many ranks carries the index; one whose absence moves none adds nothing to it
    (OECD/JRC Handbook 2008, step 7, exclusion of single indicators).

    Parameters
    ----------
    run : Run
    codes : iterable of str, optional
        Indicators or groups to leave out; every indicator used if not given.
    target : str
        The aggregate; the index if empty.

    Returns
    -------
    DropOne

    Raises
    ------
    ParameterError
        If a code is not in the structure, or the index cannot be computed without it.

    Examples
    --------
    >>> from ogp_analysis.stats.composite.run import small_run
    >>> drop_one(small_run()).table["largest_shift"].to_dict()
    {'a': 0.0, 'b': 0.0, 'c': 1.0}
    """
    need_run(run)
    if codes is not None:
        need_list(codes, "codes")
    chosen = list(dict.fromkeys(run.structure.indicators if codes is None else codes))
    already = run.recipe["structure"].get("without", []) if "structure" in run.recipe.names else []
    choice = Choice.leaving_out(chosen, always=already)
    u = ((np.arange(len(chosen) + 1) + 0.5) / (len(chosen) + 1))[:, None]
    scores = replicated(run, [choice], u, 0, target)
    place = pd.DataFrame(column_ranks(scores), index=run.raw.index, columns=["", *chosen])
    rows = {code: agreement(place[""], place[code]) for code in chosen}
    table = pd.DataFrame(
        {code: [one.mean_shift, one.largest_shift, one.spearman, one.n] for code, one in rows.items()},
        index=["mean_shift", "largest_shift", "spearman", "n"],
    ).T
    return DropOne(place.astype("Int64"), table.astype({"n": int}))


def _means(place: Floats, counted: Floats) -> Floats:
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray(np.where(counted, place, 0.0).sum(axis=1) / counted.sum(axis=1))


def _quantiles(place: Floats, counted: Floats, bounds: Floats) -> Floats:
    if counted.all():
        return np.quantile(place, bounds, axis=1)
    result = np.full((len(bounds), len(place)), np.nan)
    for row, known in enumerate(counted):
        if known.any():
            result[:, row] = np.quantile(place[row, known], bounds)
    return result


def _ends(scores: Floats, counted: Floats, quarter: float) -> tuple[Floats, Floats]:
    """Who is among the lowest, and among the highest, in each draw."""
    ordered = np.sort(scores, axis=0)  # NaN goes last
    n = counted.sum(axis=0)
    size = np.minimum(np.maximum(np.floor(n * quarter + 1e-9).astype(np.int64), 1), np.maximum(n, 1))
    low = np.take_along_axis(ordered, (size - 1)[None, :], axis=0)
    high = np.take_along_axis(ordered, np.maximum(n - size, 0)[None, :], axis=0)
    with np.errstate(invalid="ignore"):
        return np.asarray(scores <= low + dust(scores)), np.asarray(scores >= high - dust(scores))


def _words(choices: Sequence[Uncertain], u: Floats) -> pd.DataFrame:
    columns: dict[str, object] = {}
    for at, choice in enumerate(choices):
        if isinstance(choice, Choice):
            labels = np.array([label_of(option) for option in choice.options], dtype=object)
            columns[choice.name] = labels[option_number(choice, u[:, at])]
        elif isinstance(choice, Span):
            columns[choice.name] = span_value(choice, u[:, at])
        else:
            columns[choice.name] = u[:, at]
    return pd.DataFrame(columns)


def need_run(run: Run) -> None:
    """Refuse what is no run.

    Raises
    ------
    ParameterError
    """
    if not isinstance(run, Run):
        raise ParameterError(f"'run' is a {type(run).__name__}.", hint="Give what build() made.")


def need_target(run: Run, target: str) -> str:
    """The aggregate asked for; the index if none is.

    Raises
    ------
    ParameterError
    """
    if target and target not in run.scores.columns:
        raise ParameterError(f"'{target}' is no aggregate of this run.", hint="Choose one of its scores.")
    return target or run.structure.top
