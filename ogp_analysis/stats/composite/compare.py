"""Two runs side by side: what was done otherwise, who moved, and how far the rankings agree."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from ogp_analysis.stats.composite.agreement import Agreement, agreement
from ogp_analysis.stats.composite.data_check import numbers_of
from ogp_analysis.stats.composite.ranks import ranks
from ogp_analysis.stats.composite.run import Run
from ogp_analysis.stats.composite.uncertainty import need_target


@dataclass(frozen=True, eq=False)
class Comparison:
    """Two runs side by side.

    Attributes
    ----------
    table : DataFrame
        One row a unit of either run: ``score_a``, ``rank_a``, ``score_b``, ``rank_b``, and ``change``, places
        gained from a to b.
    agreement : Agreement
        Over the units that both runs rank, each by its place among all units of its own run.
    recipe : DataFrame
        One row a setting that differs: ``address``, ``a``, ``b``; a setting not given is None.
    moved : tuple of str
        What differs: ``data`` (of units in both, or those that the bounds of the scale come from), ``structure``,
        ``method``, ``units``; empty if nothing does.
    """

    table: pd.DataFrame
    agreement: Agreement
    recipe: pd.DataFrame
    moved: tuple[str, ...]


def compare_runs(a: Run, b: Run, target: str = "") -> Comparison:
    """Compare two runs of an index.

    Scores of two runs are comparable only if both were normalised on the same bounds; ranks always are, though a
    rank among more units is another thing.

    Parameters
    ----------
    a, b : Run
    target : str
        An aggregate of both; the index if empty.

    Returns
    -------
    Comparison

    Raises
    ------
    ParameterError
        If one of them has no such aggregate.

    Examples
    --------
    >>> from ogp_analysis.stats.composite.run import small_run
    >>> a = small_run()
    >>> found = compare_runs(a, a.replay({"aggregate.method": "harmonic", "normalise.low": 1}))
    >>> found.moved, found.recipe["address"].tolist(), found.agreement.spearman
    (('method',), ['normalise.low', 'aggregate.method'], 1.0)
    """
    first, second = a.scores[need_target(a, target)], b.scores[need_target(b, target)]
    units = first.index.append(second.index.difference(first.index, sort=False))
    table = pd.DataFrame(
        {
            "score_a": first.reindex(units),
            "rank_a": ranks(first).reindex(units),
            "score_b": second.reindex(units),
            "rank_b": ranks(second).reindex(units),
        }
    )
    table["change"] = table["rank_a"] - table["rank_b"]
    settings = _differences(a, b)
    return Comparison(table, agreement(table["rank_a"], table["rank_b"]), settings, _moved(a, b, settings))


def _differences(a: Run, b: Run) -> pd.DataFrame:
    sides = []
    for run in (a, b):
        flat: dict[str, object] = {}
        for step in run.recipe.steps:
            flat[step.name] = True
            flat |= {f"{step.name}.{setting}": value for setting, value in step.settings.items()}
        sides.append(flat)
    rows = []
    for address in [*sides[0], *(one for one in sides[1] if one not in sides[0])]:
        mine, theirs = sides[0].get(address), sides[1].get(address)
        if mine != theirs or (address in sides[0]) != (address in sides[1]):
            rows.append((address, mine, theirs))
    order = {address: at for at, address in enumerate([*sides[0], *sides[1]])}
    rows.sort(key=lambda row: (_place(row[0]), order[row[0]]))
    return pd.DataFrame(rows, columns=["address", "a", "b"])


def _place(address: str) -> int:
    from ogp_analysis.stats.composite.recipe import STEPS

    return list(STEPS).index(address.split(".", 1)[0])


def _moved(a: Run, b: Run, settings: pd.DataFrame) -> tuple[str, ...]:
    moved = []
    both = a.raw.index.intersection(b.raw.index)
    columns = a.raw.columns.intersection(b.raw.columns)
    same = _same_cells(a.raw.loc[both, columns], b.raw.loc[both, columns])
    if not same or not _same_bounds(a.reference, b.reference):
        moved.append("data")
    given = [run.given.table[["level", "parent", "direction", "weight", "type", "denominator"]] for run in (a, b)]
    if not given[0].equals(given[1]):
        moved.append("structure")
    if len(settings) or (a.reference is None) != (b.reference is None):
        moved.append("method")
    if set(a.scores.index) != set(b.scores.index):
        moved.append("units")
    return tuple(moved)


def _same_cells(mine: pd.DataFrame, theirs: pd.DataFrame) -> bool:
    mine, theirs = (
        table.astype(
            {name: object for name, kind in table.dtypes.items() if isinstance(kind, pd.CategoricalDtype)}
        )
        for table in (mine, theirs)  # two sets of categories cannot be compared, the values can
    )
    return bool(((mine == theirs) | (mine.isna() & theirs.isna())).to_numpy().all())


def _same_bounds(mine: pd.DataFrame | None, theirs: pd.DataFrame | None) -> bool:
    """Whether a scale takes the same bounds from two tables; that one run has none is a matter of method."""
    if mine is None or theirs is None:
        return True
    if len(mine) != len(theirs) or set(mine.columns) != set(theirs.columns):
        return False
    # bounds and ranks know no order of units
    ours, others = (
        np.sort(numbers_of(table, mine.columns, "reference").to_numpy(), axis=0) for table in (mine, theirs)
    )
    return np.array_equal(ours, others, equal_nan=True)
