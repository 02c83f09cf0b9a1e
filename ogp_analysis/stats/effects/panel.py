"""A tidy table read for a comparison: who, when, with the measure since when, and what is left out."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from ogp_analysis.errors import ParameterError
from ogp_analysis.stats.checks import coded, keyed, named
from ogp_analysis.stats.effects.columns import (
    NEVER,
    constant_within,
    indicator,
    need_columns,
    numbers,
    periods,
    starts,
)
from ogp_analysis.stats.effects.notes import LeftOut, Note
from ogp_analysis.stats.effects.treatment import Columns, from_groups, from_status


@dataclass(frozen=True, eq=False)
class Panel:
    """A table ready for a comparison.

    Attributes
    ----------
    rows : DataFrame
        In an order of its own, whatever the order of the table: ``y``; ``time`` as rank; ``start`` as rank or
        :data:`~ogp_analysis.stats.effects.columns.NEVER`; ``unit``; ``cluster``; ``x0``, ``x1``, … the covariates.
        In repeated cross-sections ``unit`` numbers the rows.
    units, times : Index
        The labels behind the numbers; ``units`` is None in repeated cross-sections.
    clustered : bool
        Whether ``cluster`` groups the rows: the unit does, or a column that was given.
    left_out : tuple of LeftOut
    cautions : tuple of Note
    covariates : tuple of str
    """

    rows: pd.DataFrame
    units: pd.Index | None
    times: pd.Index
    clustered: bool
    left_out: tuple[LeftOut, ...]
    cautions: tuple[Note, ...]
    covariates: tuple[str, ...]

    @property
    def cohorts(self) -> list[int]:
        """Ranks of the starts there are, without never."""
        return sorted(int(start) for start in self.rows["start"].unique() if start != NEVER)

    def drop(self, rows: pd.Series, reason: str) -> Panel:
        """The panel without some rows, each listed with its reason."""
        if not rows.any():
            return self
        gone = self.rows[rows]
        listed = tuple(
            LeftOut(
                None if self.units is None else plain(self.units[unit]),
                plain(self.times[time]),
                reason,
                plain(label),
            )
            for unit, time, label in zip(gone["unit"], gone["time"], gone["label"], strict=True)
        )
        return replace(self, rows=self.rows[~rows], left_out=self.left_out + listed)


def read_panel(table: pd.DataFrame, columns: Columns) -> Panel:
    """Read a tidy table for a comparison; nothing is guessed and no row vanishes unlisted.

    Rows without outcome, covariate, cluster or treatment are left out and listed. A row without unit or period has
    no place at all and raises.

    Parameters
    ----------
    table : DataFrame
        One row a unit and period; or, without ``unit``, one row an observation.
    columns : Columns

    Returns
    -------
    Panel

    Raises
    ------
    ParameterError
        If a column is missing or holds what it cannot, a unit occurs twice in a period, or the columns contradict
        each other.

    Examples
    --------
    >>> table = pd.DataFrame({"y": [1, 2, None, 3], "u": list("abab"), "t": [1, 1, 2, 2], "g": [2, None, 2, None]})
    >>> panel = read_panel(table, Columns("y", unit="u", time="t", treated_from="g"))
    >>> panel.cohorts, panel.left_out[0].unit, panel.left_out[0].period, panel.left_out[0].text
    ([1], 'a', 2, 'no value of the outcome')
    """
    given = [columns.treated_from is not None, columns.treated is not None]
    if sum(given) != 1:
        raise ParameterError(
            "Who has the measure since when must be given once.",
            hint="Give treated_from (first period with the measure), or treated, with or without post.",
        )
    if columns.post is not None and columns.treated is None:
        raise ParameterError("post goes with treated.", hint="Leave post out: treated_from says it.")
    if columns.time is None and columns.post is None:
        raise ParameterError("No column of periods was given.", hint="Give time, or treated together with post.")
    shared = [columns.cluster] if columns.cluster not in columns.names else []
    need_columns(table, [*columns.names, *shared])
    rows = pd.DataFrame({"label": pd.Series(list(table.index), dtype=object)})
    rows["y"] = numbers(table[columns.outcome], columns.outcome)
    for at, name in enumerate(columns.covariates):
        rows[f"x{at}"] = numbers(table[name], name)
    units = _units(table, columns, rows)
    times = _times(table, columns, rows)
    uncertain: set[int] = set()
    if columns.treated_from is not None:
        rows["start"] = starts(table[columns.treated_from], columns.treated_from, times)
    elif columns.post is not None:
        from_groups(table, columns, rows, times, units)
    else:
        uncertain = from_status(table, columns, rows, units)
    if columns.treated_from is not None and units is not None:
        constant_within(
            np.array([None if start == NEVER else str(_label(times, start)) for start in rows["start"]], object),
            rows["unit"].to_numpy(), units, columns.treated_from, "unit",
            "A unit has one start; write it into each of its rows.",
        )  # fmt: skip
    clustered = _clusters(table, columns, rows, units)
    late = rows["start"] >= len(times)
    cautions = []
    if late.any():
        known = rows.loc[late, "unit"].nunique() if units is not None else int(late.sum())
        cautions.append(Note.of("starts_after", found=int(known)))
        rows.loc[late, "start"] = NEVER
    if uncertain:
        cautions.append(Note.of("start_uncertain", found=len(uncertain)))
    if units is None and len(times) > 1:
        cautions.append(Note.of("repeated_cross_sections"))
    if _uneven(times):
        cautions.append(Note.of("uneven_periods"))
    # rows without a unit have no key to sort by but what they hold; sums then come out the same in any order
    content = [str(name) for name in rows.columns[::-1] if name not in ("label", "unit", "cluster")]
    rows = rows.sort_values(content if units is None else ["unit", "time"], kind="stable")
    panel = Panel(rows, units, times, clustered, (), tuple(cautions), columns.covariates)
    panel = panel.drop(panel.rows["y"].isna(), "outcome_missing")
    panel = panel.drop(panel.rows["start"] < NEVER, "treatment_missing")
    panel = panel.drop(panel.rows.filter(regex="^x").isna().any(axis=1), "covariate_missing")
    return panel.drop(panel.rows["cluster"] < 0, "cluster_missing")


def _units(table: pd.DataFrame, columns: Columns, rows: pd.DataFrame) -> pd.Index | None:
    if columns.unit is None:
        rows["unit"] = np.arange(len(rows))
        return None
    codes, units = keyed(table[columns.unit], columns.unit)
    rows["unit"] = codes
    return units


def _times(table: pd.DataFrame, columns: Columns, rows: pd.DataFrame) -> pd.Index:
    if columns.time is None:
        post = indicator(table[columns.post], str(columns.post))
        if np.isnan(post).any():
            raise ParameterError(
                f"'{columns.post}' is missing for: {named(table.index[np.isnan(post)])}.",
                hint="A row without a period has no place: leave it out, and say so.",
            )
        rows["time"] = post.astype(np.int64)
        times = pd.Index([0, 1])
    else:
        rows["time"], times = periods(table[columns.time], columns.time)
    if columns.unit is not None:
        twice = rows.duplicated(["unit", "time"], keep=False)
        if twice.any():
            first = rows[twice].iloc[0]
            at = rows[(rows["unit"] == first["unit"]) & (rows["time"] == first["time"])]["label"]
            unit = table[columns.unit].iloc[int(np.flatnonzero(twice)[0])]
            raise ParameterError(
                f"Unit {named([unit])} occurs {len(at)} times in period {times[int(first['time'])]}: "
                f"rows {named(at)}.",
                hint="Keep one row a unit and period; if the rows are different people, leave unit out and give "
                f"cluster={columns.unit!r}.",
            )
    return times


def _clusters(table: pd.DataFrame, columns: Columns, rows: pd.DataFrame, units: pd.Index | None) -> bool:
    if columns.cluster is None:
        rows["cluster"] = rows["unit"]
        return units is not None
    rows["cluster"], _ = coded(table[columns.cluster], columns.cluster)
    return True


def _uneven(times: pd.Index) -> bool:
    if len(times) < 3 or not pd.api.types.is_numeric_dtype(times):
        return False
    steps = np.diff(times.to_numpy(dtype=float))
    return bool(steps.max() - steps.min() > 1e-9 * abs(steps).max())


def _label(times: pd.Index, start: int) -> Hashable:
    return times[start] if start < len(times) else "later"


def plain(label: Any) -> Hashable:
    """A label as Python's own type, so that it prints as what it is.

    Examples
    --------
    >>> plain(np.int64(2020))
    2020
    """
    found: Hashable = label.item() if isinstance(label, np.generic) else label
    return found


def covariate_names(panel: Panel) -> list[str]:
    """Names of the covariates among the rows of a panel."""
    return [f"x{at}" for at in range(len(panel.covariates))]


def as_names(names: str | Sequence[str]) -> tuple[str, ...]:
    """One name or several as a tuple.

    Examples
    --------
    >>> as_names("area"), as_names(["area", "age"])
    (('area',), ('area', 'age'))
    """
    return (names,) if isinstance(names, str) else tuple(names)
