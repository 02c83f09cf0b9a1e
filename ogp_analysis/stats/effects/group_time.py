"""Effects where a measure starts at different times."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import pandas as pd

from ogp_analysis.errors import ParameterError
from ogp_analysis.stats.checks import need_level
from ogp_analysis.stats.effects.aggregate import KINDS, Mean, means, table_of
from ogp_analysis.stats.effects.cells import Cells, estimate_cells
from ogp_analysis.stats.effects.identification import examine, need_design
from ogp_analysis.stats.effects.notes import Note
from ogp_analysis.stats.effects.obstacles import FEW_CLUSTERS, Identification
from ogp_analysis.stats.effects.panel import Panel, as_names, plain
from ogp_analysis.stats.effects.results import Aggregate, Effect
from ogp_analysis.stats.effects.treatment import Columns
from ogp_analysis.stats.effects.two_groups import not_apart

CONTROLS = ("never", "not_yet")
BASES = ("varying", "universal")


@dataclass(frozen=True, kw_only=True, eq=False)
class GroupTime(Effect):
    """Effects by group and period; ``estimate`` is their mean weighted by group size.

    Attributes
    ----------
    table : DataFrame
        One row a group (first period with the measure) and period: ``group``, ``period``, ``event_time``,
        ``estimate``, ``standard_error``, ``low``, ``high``. Before the start, what should be nothing.
    cells : Cells or None
        What :meth:`aggregate` works on.
    times : tuple
        The periods in order.
    """

    table: pd.DataFrame = field(default_factory=pd.DataFrame)
    cells: Cells | None = field(default=None, repr=False)
    times: tuple[object, ...] = field(default=(), repr=False)

    def aggregate(self, kind: str = "simple") -> Aggregate:
        """The mean of the effects, and its parts.

        Parameters
        ----------
        kind : str
            ``simple`` weighted by group size; ``dynamic`` by periods since the start; ``group`` by start;
            ``calendar`` by period. See :func:`~ogp_analysis.stats.effects.aggregate.means`.

        Returns
        -------
        Aggregate

        Raises
        ------
        ParameterError
            If there is no such kind.

        Examples
        --------
        >>> group_time_effects(None, "rate", unit="code", time="year", treated_from="since").aggregate().can_tell
        False
        """
        if kind not in KINDS:
            raise ParameterError(f"There is no mean {kind!r}.", hint=f"Use one of: {', '.join(KINDS)}.")
        blank = Aggregate(
            method="group_time",
            outcome=self.outcome,
            identification=self.identification,
            level=self.level,
            kind=kind,
        )
        if self.cells is None or not self.can_tell:
            return blank
        overall, parts = means(self.cells, kind)
        multiple = multiplier(self.level, len(self.cells.influence))
        table = table_of(parts, multiple)
        if kind in ("group", "calendar"):
            table.index = pd.Index([plain(self.times[at]) for at in table.index])
        table.index.name = {"dynamic": "event_time", "group": "group", "calendar": "period"}.get(kind)
        return replace(blank, table=table, pre_trend_p=self.pre_trend_p, **summary(overall, multiple, self.cells))


def group_time_effects(
    panel: pd.DataFrame | None,
    outcome: str,
    *,
    time: str,
    unit: str | None = None,
    treated_from: str | None = None,
    treated: str | None = None,
    cluster: str | None = None,
    covariates: str | Sequence[str] = (),
    anticipation: int = 0,
    minimum_before: int = 1,
    control: str = "never",
    base: str = "varying",
    level: float = 0.95,
) -> GroupTime:
    """Effects by group and period where a measure starts at different times.

    ``ATT(g, t)`` compares the change of the places that start at g, from their last period before g to t, with the
    change of places still without the measure (B. Callaway and P. H. C. Sant'Anna, *Journal of Econometrics* 225,
    2021, 200-230), estimated by diff-diff. No place that already has the measure serves as comparison. Errors come
    from influence functions, summed by cluster, with ``sqrt(G / (G - 1))`` and t with G - 1 degrees of freedom.

    Without any place that never starts, the last to start serve as comparison until they start.

    Parameters
    ----------
    panel : DataFrame or None
    outcome, time, unit, treated_from, treated, cluster, covariates
        Names of columns: see :class:`~ogp_analysis.stats.effects.treatment.Columns`. Without ``unit``, repeated
        cross-sections. Covariates are taken from the period before the start.
    anticipation : int
        Periods before the start in which the measure may already have worked.
    minimum_before : int
    control : str
        ``never``: places that never start; ``not_yet``: also those that start later.
    base : str
        What periods before the start are compared with: ``varying`` the period before, ``universal`` the last
        period before the start. From the start on there is no difference.
    level : float

    Returns
    -------
    GroupTime

    Raises
    ------
    ParameterError
        If a column is missing or holds what it cannot, or a setting does not exist.
    OgpAnalysisError
        If the extra ``effects`` is not installed.

    Examples
    --------
    >>> places = {"a": 2021, "b": 2021, "c": 2022, "d": 2022, "e": None, "f": None, "g": None}
    >>> table = pd.DataFrame([
    ...     {"place": place, "since": since, "year": year,
    ...      "rate": 7 * year + ord(place) % 5 * (year % 2) + (3.0 if since and year >= since else 0)}
    ...     for place, since in places.items() for year in range(2020, 2024)
    ... ])
    >>> found = group_time_effects(table, "rate", unit="place", time="year", treated_from="since")
    >>> found.table[["group", "period"]].drop_duplicates().shape[0], found.can_tell
    (6, True)
    """
    wanted = need_design("staggered", minimum_before, anticipation)
    need_level(level)
    for value, allowed, name in ((control, CONTROLS, "control"), (base, BASES, "base")):
        if value not in allowed:
            raise ParameterError(f"There is no {name} {value!r}.", hint=f"Use one of: {', '.join(allowed)}.")
    columns = Columns(outcome, unit, time, treated_from, treated, None, cluster, as_names(covariates))
    read, found = examine(panel, columns, "staggered", wanted, anticipation)
    return by_group(read, found, outcome, control=control, base=base, anticipation=anticipation, level=level)


def by_group(
    read: Panel | None,
    found: Identification,
    outcome: str,
    *,
    control: str,
    base: str,
    anticipation: int,
    level: float,
) -> GroupTime:
    """The effects of a panel already examined."""
    none = GroupTime(method="group_time", outcome=outcome, identification=found, level=level)
    if read is None or not found.can_tell:
        return none
    try:
        cells = estimate_cells(read, control=control, base=base, anticipation=anticipation)
    except ValueError as error:
        if "rank-deficient" not in str(error):
            raise
        return replace(none, identification=found.without(not_apart(read.covariates)))
    overall, _ = means(cells, "simple")
    if overall is None:
        return replace(none, identification=found.without(Note.of("no_cells")))
    if overall.error <= 1e-9 * float(np.ptp(read.rows["y"].to_numpy())):
        return replace(none, identification=found.without(Note.of("no_spread")))
    multiple = multiplier(level, len(cells.influence))
    pre = pre_trend(cells, anticipation)
    found = found.caution(*_cautions(read, cells, found, pre, level))
    return replace(
        none, identification=found, table=_table(read, cells, multiple), cells=cells, times=tuple(read.times),
        pre_trend_p=pre, **summary(overall, multiple, cells),
    )  # fmt: skip


def multiplier(level: float, clusters: int) -> float:
    """How many errors the interval reaches to each side."""
    from scipy.stats import t

    return float(t.ppf((1 + level) / 2, clusters - 1))


def summary(overall: Mean | None, multiple: float, cells: Cells) -> dict[str, Any]:
    """Fields of an :class:`~ogp_analysis.stats.effects.results.Effect`."""
    from scipy.stats import t

    if overall is None:
        return {}
    estimate, error = overall.estimate, overall.error
    return {
        "estimate": estimate,
        "standard_error": error,
        "low": estimate - multiple * error,
        "high": estimate + multiple * error,
        "p": float(2 * t.sf(abs(estimate / error), len(cells.influence) - 1)) if error else None,
        "errors": "influence",
    }


def pre_trend(cells: Cells, anticipation: int) -> float | None:
    """Joint test of all cells before the start (Hotelling's T squared); None if there are too few clusters.

    With no more clusters that have the measure than cells, their scatter would be seen in too few directions.
    """
    from scipy.stats import f

    distance = cells.table["group"] - cells.table["period"]
    before = (distance > anticipation).to_numpy()
    count, tested = len(cells.influence), int(before.sum())
    starting = cells.members[:, [at for at, start in enumerate(cells.cohorts) if start >= 0]]
    if not tested or tested >= min(count, int(starting.any(axis=1).sum())):
        return None
    share = cells.influence[:, before]
    covariance = share.T @ share * count / (count - 1)
    scale = np.sqrt(np.diag(covariance))
    if not scale.all() or np.linalg.matrix_rank(covariance / np.outer(scale, scale), tol=1e-9) < tested:
        return None
    values = cells.table["estimate"].to_numpy()[before]
    wald = float(values @ np.linalg.solve(covariance, values))
    return float(f.sf(wald * (count - tested) / (tested * (count - 1)), tested, count - tested))


def _cautions(read: Panel, cells: Cells, found: Identification, pre: float | None, level: float) -> list[Note]:
    result = []
    if found.clusters is not None and found.clusters < FEW_CLUSTERS:
        result.append(Note.of("few_clusters_analytic", found=found.clusters))
    alone = int(
        (cells.members[:, [at for at, start in enumerate(cells.cohorts) if start >= 0]].sum(axis=0) == 1).sum()
    )
    if read.units is not None and alone:
        result.append(Note.of("one_unit_cohorts", found=alone))
    if cells.missing:
        result.append(Note.of("cells_missing", found=cells.missing, cells=cells.missing + len(cells.table)))
    if pre is None:
        result.append(Note.of("pre_trend_untested"))
    elif pre <= 1 - level:
        result.append(Note.of("pre_trend", p=pre))
    return result


def _table(read: Panel, cells: Cells, multiple: float) -> pd.DataFrame:
    single = {at: Mean(float(value), cells.influence[:, at]) for at, value in enumerate(cells.table["estimate"])}
    frame = table_of(single, multiple)
    keys = pd.DataFrame(
        {
            "group": [plain(read.times[at]) for at in cells.table["group"]],
            "period": [plain(read.times[at]) for at in cells.table["period"]],
            "event_time": (cells.table["period"] - cells.table["group"]).to_numpy(),
        }
    )
    return pd.concat([keys, frame], axis=1).sort_values(["group", "period"], ignore_index=True)
