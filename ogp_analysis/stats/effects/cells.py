"""Effects by group and period from diff-diff, with each cluster's share in them."""

from __future__ import annotations

import warnings
from dataclasses import dataclass

import numpy as np
import pandas as pd

from ogp_analysis.errors import OgpAnalysisError, ParameterError
from ogp_analysis.extras import extra_package
from ogp_analysis.stats.checks import Floats, Integers
from ogp_analysis.stats.effects.columns import NEVER
from ogp_analysis.stats.effects.panel import Panel, covariate_names


@dataclass(frozen=True, eq=False)
class Cells:
    """Effects by group and period.

    Attributes
    ----------
    table : DataFrame
        One row a cell that could be estimated: ``group`` and ``period`` as ranks, ``estimate``.
    influence : array
        Clusters by cells: by how much each cluster moves each estimate. The variance of a sum of estimates is the
        sum over clusters of the squared sums of their shares.
    members : array
        Clusters by cohorts: units (or rows, in repeated cross-sections) of each start.
    cohorts : list of int
        Ranks of the starts, never included, in the order of the columns of ``members``.
    missing : int
        Cells that could not be estimated.
    """

    table: pd.DataFrame
    influence: Floats
    members: Floats
    cohorts: list[int]
    missing: int


def estimate_cells(panel: Panel, *, control: str, base: str, anticipation: int) -> Cells:
    """Every group and period of a panel, by the doubly robust estimator of diff-diff.

    Raises
    ------
    OgpAnalysisError
        If diff-diff is not installed, or its influence functions do not give the errors that it reports.
    ParameterError
        If a unit is in several clusters.
    """
    rows, clusters = _recoded(panel)
    package = extra_package("diff_diff", "effects")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of gaps and empty cells, which are counted here
        fit = package.CallawaySantAnna(
            control_group={"never": "never_treated", "not_yet": "not_yet_treated"}[control],
            anticipation=anticipation,
            base_period=base,
            panel=panel.units is not None,
            rank_deficient_action="error",
        ).fit(
            rows, outcome="y", unit="unit", time="time", first_treat="first",
            covariates=covariate_names(panel) or None,
        )  # fmt: skip
    kept = []
    shares = []
    missing = 0
    kit = getattr(fit, "_aggregation_kit", None)
    for (group, period), cell in fit.group_time_effects.items():
        if cell.get("is_reference"):
            continue
        if not np.isfinite(cell["effect"]):
            missing += 1
            continue
        kept.append((int(group) - 1, int(period) - 1, float(cell["effect"])))
        shares.append(_influence(kit, (group, period), len(clusters), float(cell["se"])))
    count = int(clusters.max()) + 1
    by_cluster = np.zeros((count, len(kept)))
    for column, share in enumerate(shares):
        by_cluster[:, column] = np.bincount(clusters, weights=share, minlength=count)
    own = rows.drop_duplicates("unit").sort_values("unit")["first"].to_numpy() - 1
    cohorts = sorted({int(start) for start in own})
    members = np.zeros((count, len(cohorts)))
    np.add.at(members, (clusters, np.searchsorted(cohorts, own)), 1.0)
    return Cells(
        pd.DataFrame(kept, columns=["group", "period", "estimate"]), by_cluster, members, cohorts, missing
    )


def _recoded(panel: Panel) -> tuple[pd.DataFrame, Integers]:
    """Rows with units from 0, periods from 1 and never as 0; the cluster of each unit."""
    rows = panel.rows.assign(unit=np.unique(panel.rows["unit"], return_inverse=True)[1])
    rows = rows.assign(time=rows["time"] + 1, first=np.where(rows["start"] == NEVER, 0, rows["start"] + 1))
    rows = rows.sort_values(["unit", "time"])
    if panel.units is not None and (rows.groupby("unit")["cluster"].nunique() > 1).any():
        raise ParameterError(
            "A unit is in several clusters.", hint="Give a cluster that holds whole units, or leave cluster out."
        )
    by_unit = rows.drop_duplicates("unit")["cluster"]
    return rows.drop(columns="label"), np.unique(by_unit, return_inverse=True)[1].astype(np.int64)


def _influence(kit: object, cell: tuple[int, int], units: int, error: float) -> Floats:
    """Each unit's share in one estimate.

    diff-diff keeps these but has no public name for them; the error that it reports must follow from them.
    """
    parts = getattr(kit, "influence", {}).get(cell)
    share = np.zeros(units)
    if parts is not None:
        for side in ("treated", "control"):
            np.add.at(share, np.asarray(parts[f"{side}_idx"]), np.asarray(parts[f"{side}_inf"]))
    if parts is None or not np.isclose(np.sqrt((share**2).sum()), error, rtol=1e-6, atol=1e-12):
        raise OgpAnalysisError(
            "This version of diff-diff keeps its influence functions elsewhere.",
            hint='Install a version that fits: pip install "ogp-analysis[effects]"',
        )
    return share
