"""The same comparison where no effect can be: at earlier dates, and at other places."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import combinations
from math import comb

import numpy as np
import pandas as pd

from ogp_analysis.stats.checks import Floats, need_draws, need_level
from ogp_analysis.stats.effects.columns import NEVER
from ogp_analysis.stats.effects.group_time import by_group
from ogp_analysis.stats.effects.identification import examine, need_design
from ogp_analysis.stats.effects.inference import Inference
from ogp_analysis.stats.effects.notes import Note
from ogp_analysis.stats.effects.obstacles import examined
from ogp_analysis.stats.effects.panel import Panel, as_names
from ogp_analysis.stats.effects.results import Effect, Placebo
from ogp_analysis.stats.effects.treatment import Columns
from ogp_analysis.stats.effects.two_groups import compare_two

#: Differences this close are ties: the figures are the same but for the order of their sums.
TIE = 1e-9
#: What keeps errors from being computed does not keep places from being ranked.
ONLY_ERRORS = {"one_treated_cluster", "one_untreated_cluster", "too_few_clusters", "single_observations"}

#: What is said of a comparison at a false start only because the rows after the real one are cut off.
NOT_OF_THE_PAST = {"one_period_before", "pre_trend_untested", "unbalanced", "cells_missing"}


def placebo_in_time(
    panel: pd.DataFrame | None,
    outcome: str,
    *,
    time: str,
    unit: str | None = None,
    treated_from: str | None = None,
    treated: str | None = None,
    post: str | None = None,
    cluster: str | None = None,
    covariates: str | Sequence[str] = (),
    anticipation: int = 0,
    minimum_before: int = 1,
    errors: str = "auto",
    level: float = 0.95,
    draws: int = 9999,
    seed: int = 0,
) -> Placebo:
    """Pretend that the measure started earlier, and use only the periods before it really did.

    For every k the start of each place is moved k periods ahead, and the comparison of
    :func:`~ogp_analysis.stats.effects.two_groups.difference_in_differences` (one start) or
    :func:`~ogp_analysis.stats.effects.group_time.group_time_effects` (several) is made anew. Nothing happened at
    these dates: differences beyond chance say that the groups did not move alike even before.

    Parameters
    ----------
    panel, outcome, time, unit, treated_from, treated, post, cluster, covariates, anticipation
        As there.
    minimum_before : int
        Periods before each false start.
    errors, level, draws, seed
        See :class:`~ogp_analysis.stats.effects.inference.Inference`.

    Returns
    -------
    Placebo
        ``table`` has one row a false start, by ``periods_earlier``; ``p`` is the smallest p times their number
        (Bonferroni), and ``estimate`` belongs to it.

    Raises
    ------
    ParameterError
        If a column is missing or holds what it cannot.

    Examples
    --------
    >>> placebo_in_time(None, "rate", time="year", unit="place", treated_from="since").can_tell
    False
    """
    need_design("two_groups", minimum_before, anticipation)
    inference = Inference(errors, level, draws, seed)
    columns = Columns(outcome, unit, time, treated_from, treated, post, cluster, as_names(covariates))
    read, found = examine(panel, columns, "staggered", 1, anticipation)
    none = Placebo(method="placebo_in_time", outcome=outcome, identification=found, level=level)
    if read is None or not found.can_tell:
        return none
    results = {
        earlier: effect
        for earlier in range(1, read.cohorts[-1])
        if (effect := _at_false_start(read, outcome, earlier, anticipation, minimum_before, inference)).can_tell
        and effect.p is not None
    }
    if not results:
        return replace(
            none,
            identification=found.without(Note.of("no_placebo_date", wanted=minimum_before + 1 + anticipation)),
        )
    table = pd.DataFrame(
        {
            name: [getattr(effect, name) for effect in results.values()]
            for name in ("estimate", "low", "high", "p")
        },
        index=pd.Index(list(results), name="periods_earlier"),
    )
    least = min(results, key=lambda earlier: float(results[earlier].p or 0.0))
    worst = results[least]
    known = {note.code for note in found.cautions} | NOT_OF_THE_PAST
    further = [note for note in worst.cautions if note.code not in known]
    return replace(
        none, identification=found.caution(*further), table=table, drawn=len(table),
        exhaustive=True, estimate=worst.estimate, standard_error=worst.standard_error, low=worst.low,
        high=worst.high, p=min(1.0, float(table["p"].min()) * len(table)), errors=worst.errors,
    )  # fmt: skip


def _at_false_start(
    read: Panel, outcome: str, earlier: int, anticipation: int, minimum_before: int, inference: Inference
) -> Effect:
    """The comparison with starts moved ahead, on rows in which nothing could have happened."""
    rows = read.rows
    treated = rows["start"] != NEVER
    end = int(rows.loc[treated, "start"].max()) - anticipation
    quiet = rows[
        (rows["time"] < rows["start"].where(treated, end) - anticipation * treated) & (rows["time"] < end)
    ]
    moved = quiet["start"].where(quiet["start"] == NEVER, quiet["start"] - anticipation - earlier)
    false = replace(read, rows=quiet.assign(start=moved), left_out=(), cautions=())
    false = false.drop((false.rows["start"] != NEVER) & (false.rows["start"] <= 0), "always_treated")
    design = "staggered" if len(false.cohorts) > 1 else "two_groups"
    found = examined(false, false, design, minimum_before, 0)
    if len(false.cohorts) > 1:
        return by_group(
            false, found, outcome, control="never", base="varying", anticipation=0, level=inference.level
        )
    return compare_two(false, found, outcome, inference)


def placebo_in_space(
    panel: pd.DataFrame | None,
    outcome: str,
    *,
    unit: str,
    time: str,
    treated_from: str | None = None,
    treated: str | None = None,
    post: str | None = None,
    anticipation: int = 0,
    minimum_before: int = 1,
    level: float = 0.95,
    draws: int = 9999,
    seed: int = 0,
) -> Placebo:
    """Give the measure to other places, and see how often the difference is as large as the real one.

    Each place's own change is the mean of its figures from the start on, less the mean before. The difference is
    the mean change of places with the measure less that of places without it; with several starts, the mean of
    these over the starts, weighted by places. p is the share of arrangements whose difference is at least as
    large, up or down (R. A. Fisher's randomisation test; for comparisons over time T. G. Conley and C. R. Taber,
    *Review of Economics and Statistics* 93, 2011, 113-125). It works with a single place that has the measure,
    where no error can be computed, but then it can only say something with many places without it.

    All arrangements are compared if they are no more than ``draws``; else p counts the real one among the drawn.
    The test takes for granted that any place might have got the measure.

    Parameters
    ----------
    panel, outcome, unit, time, treated_from, treated, post, anticipation
        As for :func:`~ogp_analysis.stats.effects.two_groups.difference_in_differences`.
    minimum_before : int
    level : float
    draws, seed : int

    Returns
    -------
    Placebo
        ``can_tell`` is False where even the most extreme rank is within chance; ``rank`` and ``p`` are still
        given.

    Raises
    ------
    ParameterError
        If a column is missing or holds what it cannot.

    Examples
    --------
    >>> table = pd.DataFrame([
    ...     {"place": place, "year": year, "since": 2021 if place == 0 else None,
    ...      "rate": 10 + place * (year - 2020) % 3 + 5 * (place == 0 and year == 2021)}
    ...     for place in range(25) for year in (2020, 2021)
    ... ])
    >>> found = placebo_in_space(table, "rate", unit="place", time="year", treated_from="since")
    >>> found.rank, found.drawn, found.p
    (1, 25, 0.04)
    """
    need_design("two_groups", minimum_before, anticipation)
    need_level(level)
    need_draws(draws)
    columns = Columns(outcome, unit, time, treated_from, treated, post)
    # every period before a start stays: the places without the measure are compared over the same periods
    read, found = examine(panel, columns, "staggered", minimum_before, anticipation)
    kept = tuple(note for note in found.obstacles if note.code not in ONLY_ERRORS)
    found = replace(found, obstacles=kept)
    none = Placebo(method="placebo_in_space", outcome=outcome, identification=found, level=level)
    if read is None or not found.can_tell:
        return none
    changes, groups, starts, gone = _changes(read, anticipation)
    if gone:
        found = found.caution(Note.of("no_own_change", found=gone))
    sizes = Counter(int(group) for group in groups)
    if len(sizes) < len(starts) + 1:  # a group is left without any place
        return replace(none, identification=found.without(Note.of("no_cells")))
    number = 1
    rest = len(groups)
    for group in range(len(starts)):
        number *= comb(rest, sizes[group])
        rest -= sizes[group]
    exhaustive = number <= draws
    real = _difference(changes, groups, len(starts))
    spread = float(np.ptp(changes))
    if spread <= TIE * float(np.ptp(read.rows["y"].to_numpy())):
        return replace(none, identification=found.without(Note.of("no_spread")))
    every = _arrangements(groups, len(starts)) if exhaustive else _drawn(groups, draws, seed)
    sizes_found = np.abs([_difference(changes, one, len(starts)) for one in every])
    larger = int((sizes_found >= abs(real) - TIE * spread).sum())
    above = int((sizes_found > abs(real) + TIE * spread).sum())
    p = larger / number if exhaustive else (larger + 1) / (draws + 1)
    smallest = 1 / number if exhaustive else 1 / (draws + 1)
    if smallest > 1 - level:
        found = found.without(Note.of("too_coarse", smallest=smallest))
    return replace(
        none, identification=found, estimate=real, p=p, errors="permutation",
        drawn=number if exhaustive else draws, exhaustive=exhaustive, smallest_p=smallest, rank=above + 1,
    )  # fmt: skip


def _changes(read: Panel, anticipation: int) -> tuple[Floats, np.ndarray, list[int], int]:
    """Changes (places by starts), each place's group (the last being never), starts, and places left out."""
    starts = read.cohorts
    rows = read.rows
    columns = []
    for start in starts:
        after = rows[rows["time"] >= start].groupby("unit")["y"].mean()
        before = rows[rows["time"] < start - anticipation].groupby("unit")["y"].mean()
        columns.append(after - before)
    table = pd.concat(columns, axis=1)
    complete = table.dropna()
    own = rows.drop_duplicates("unit").set_index("unit")["start"].reindex(complete.index)
    groups = np.array([len(starts) if start == NEVER else starts.index(start) for start in own])
    return complete.to_numpy(), groups, starts, rows["unit"].nunique() - len(complete)


def _difference(changes: Floats, groups: np.ndarray, starts: int) -> float:
    without = groups == starts
    total = 0.0
    for at in range(starts):
        own = groups == at
        total += float(own.sum()) * float(changes[own, at].mean() - changes[without, at].mean())
    return total / float((~without).sum())


def _arrangements(groups: np.ndarray, starts: int) -> Iterator[np.ndarray]:
    """Every way to give the starts to as many places as have them."""
    sizes = [int((groups == at).sum()) for at in range(starts)]

    def fill(at: int, free: tuple[int, ...], arrangement: np.ndarray) -> Iterator[np.ndarray]:
        if at == starts:
            yield arrangement
            return
        for chosen in combinations(free, sizes[at]):
            changed = arrangement.copy()
            changed[list(chosen)] = at
            yield from fill(at + 1, tuple(place for place in free if place not in chosen), changed)

    yield from fill(0, tuple(range(len(groups))), np.full(len(groups), starts))


def _drawn(groups: np.ndarray, draws: int, seed: int) -> Iterator[np.ndarray]:
    random = np.random.default_rng(seed)
    for _ in range(draws):
        yield random.permutation(groups)
