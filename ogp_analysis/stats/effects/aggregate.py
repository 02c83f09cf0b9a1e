"""Means of effects by group and period, with the error of the weights."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from ogp_analysis.stats.checks import Floats
from ogp_analysis.stats.effects.cells import Cells

KINDS = ("simple", "dynamic", "group", "calendar")


@dataclass(frozen=True, eq=False)
class Mean:
    """A weighted mean of cells and each cluster's share in it."""

    estimate: float
    influence: Floats

    @property
    def error(self) -> float:
        """Standard error, by clusters, with the factor ``sqrt(G / (G - 1))``."""
        count = len(self.influence)
        return float(np.sqrt((self.influence**2).sum() * count / (count - 1)))


def means(cells: Cells, kind: str) -> tuple[Mean | None, dict[int, Mean]]:
    """The overall mean and its parts (B. Callaway and P. H. C. Sant'Anna, *Journal of Econometrics* 225, 2021,
    200-230, section 3; p_g is the share of units that start at g).

    ``simple``: all cells from the start on, weighted by p_g. ``dynamic``: for each distance e from the start, its
    cells weighted by p_g; overall the mean over e >= 0. ``group``: for each start, the mean of its cells; overall
    weighted by p_g. ``calendar``: for each period, its cells weighted by p_g; overall the mean over periods.
    """  # noqa: D205
    table = cells.table
    after = (table["period"] >= table["group"]).to_numpy()
    if kind == "simple":
        return _by_size(cells, after), {}
    key = {"dynamic": table["period"] - table["group"], "group": table["group"], "calendar": table["period"]}[kind]
    wanted = np.ones(len(table), dtype=bool) if kind == "dynamic" else after
    parts: dict[int, Mean] = {}
    for value in sorted(set(key[wanted])):
        chosen = (key == value).to_numpy() & wanted
        found = _plain(cells, chosen) if kind == "group" else _by_size(cells, chosen)
        if found is not None:
            parts[int(value)] = found
    used = {value: part for value, part in parts.items() if kind != "dynamic" or value >= 0}
    if not used:
        return None, parts
    if kind == "group":
        return _weighted(cells, list(used), list(used.values())), parts
    estimate = float(np.mean([part.estimate for part in used.values()]))
    return Mean(estimate, np.mean([part.influence for part in used.values()], axis=0)), parts


def _plain(cells: Cells, chosen: np.ndarray) -> Mean | None:
    if not chosen.any():
        return None
    return Mean(float(cells.table["estimate"][chosen].mean()), cells.influence[:, chosen].mean(axis=1))


def _by_size(cells: Cells, chosen: np.ndarray) -> Mean | None:
    if not chosen.any():
        return None
    table = cells.table[chosen]
    single = [
        Mean(float(value), cells.influence[:, at])
        for value, at in zip(table["estimate"], np.flatnonzero(chosen), strict=True)
    ]
    return _weighted(cells, [int(group) for group in table["group"]], single)


def _weighted(cells: Cells, groups: list[int], parts: list[Mean]) -> Mean:
    """A mean weighted by the sizes of the groups, which are themselves estimates."""
    members = cells.members
    n = members.sum()
    columns = [cells.cohorts.index(group) for group in groups]
    size = members.sum(axis=0)[columns] / n
    total = size.sum()
    weights = size / total
    values = np.array([part.estimate for part in parts])
    influence = np.column_stack([part.influence for part in parts]) @ weights
    # each unit's share in the sizes, less what the sizes expect of it
    moved = (members[:, columns] - members.sum(axis=1, keepdims=True) * size) / n
    by_weights = moved @ values / total - moved.sum(axis=1) * (values @ size) / total**2
    return Mean(float(weights @ values), influence + by_weights)


def table_of(parts: dict[int, Mean], multiple: float) -> pd.DataFrame:
    """One row a part: estimate, error and interval, ``multiple`` errors to each side."""
    frame = pd.DataFrame(
        {"estimate": [part.estimate for part in parts.values()],
         "standard_error": [part.error for part in parts.values()]},
        index=pd.Index(list(parts), dtype=np.int64),
    )  # fmt: skip
    return frame.assign(
        low=frame["estimate"] - multiple * frame["standard_error"],
        high=frame["estimate"] + multiple * frame["standard_error"],
    )
