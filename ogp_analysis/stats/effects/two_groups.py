"""Difference-in-differences of two groups, before and after one start."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pandas as pd

from ogp_analysis.stats.effects.columns import NEVER
from ogp_analysis.stats.effects.identification import examine, need_design
from ogp_analysis.stats.effects.inference import Inference
from ogp_analysis.stats.effects.notes import Note
from ogp_analysis.stats.effects.obstacles import Identification
from ogp_analysis.stats.effects.panel import Panel, as_names, covariate_names
from ogp_analysis.stats.effects.regression import no_scatter, regress
from ogp_analysis.stats.effects.results import Effect
from ogp_analysis.stats.effects.treatment import Columns


def difference_in_differences(
    panel: pd.DataFrame | None,
    outcome: str,
    *,
    treated: str | None = None,
    post: str | None = None,
    unit: str | None = None,
    time: str | None = None,
    treated_from: str | None = None,
    cluster: str | None = None,
    covariates: str | Sequence[str] = (),
    anticipation: int = 0,
    minimum_before: int = 1,
    errors: str = "auto",
    level: float = 0.95,
    draws: int = 9999,
    seed: int = 0,
) -> Effect:
    """By how much the change of a group with a measure differs from that of a group without it.

    Without ``unit`` (repeated cross-sections): the coefficient of treated times after in
    ``y = a + b treated + c after + d treated * after``, which is
    ``(mean of treated after - before) - (mean of untreated after - before)``. With ``unit``: the coefficient of
    treated times after with an intercept for each unit and period; in a panel without gaps it is the same number.

    It is an effect of the measure only if both groups would have changed alike without it (parallel trends).

    Parameters
    ----------
    panel : DataFrame or None
        A tidy table, in any order; None where there is none.
    outcome, treated, post, unit, time, treated_from, cluster, covariates
        Names of columns: see :class:`~ogp_analysis.stats.effects.treatment.Columns`. Either ``treated`` and
        ``post``, or ``time`` with ``treated_from``, or ``unit``, ``time`` and ``treated``.
    anticipation : int
        Periods before the start that are left out.
    minimum_before : int
        Periods before the start that must have figures of both groups.
    errors, level, draws, seed
        See :class:`~ogp_analysis.stats.effects.inference.Inference`.

    Returns
    -------
    Effect
        With ``can_tell`` False, and no estimate, where the figures cannot tell.

    Raises
    ------
    ParameterError
        If a column is missing or holds what it cannot, or a unit occurs twice in a period.
    OgpAnalysisError
        If the extra ``effects`` is not installed.

    Examples
    --------
    >>> table = pd.DataFrame({
    ...     "rate": [4.0, 6.0, 5.0, 9.0, 8.0, 10.0, 9.0, 15.0],
    ...     "has_it": [0, 0, 1, 1, 0, 0, 1, 1], "after": [0, 0, 0, 0, 1, 1, 1, 1],
    ... })
    >>> found = difference_in_differences(table, "rate", treated="has_it", post="after")
    >>> round(found.estimate, 6)  # (12 - 7) - (9 - 5)
    1.0
    >>> difference_in_differences(None, "rate").reason
    'There is no table of the outcome by place and period.'
    """
    need_design("two_groups", minimum_before, anticipation)
    inference = Inference(errors, level, draws, seed)
    columns = Columns(outcome, unit, time, treated_from, treated, post, cluster, as_names(covariates))
    read, found = examine(panel, columns, "two_groups", minimum_before, anticipation)
    return compare_two(read, found, outcome, inference)


def compare_two(read: Panel | None, found: Identification, outcome: str, inference: Inference) -> Effect:
    """The comparison of a panel already examined."""
    method = "two_way" if read is not None and read.units is not None else "two_groups"
    none = Effect(method=method, outcome=outcome, identification=found, level=inference.level)
    if read is None or not found.can_tell:
        return none
    rows, others, absorb = _design(read)
    kind = inference.kind(found.clusters)
    regressors = ["effect", *others]
    fit = regress(
        rows, regressors, absorb=absorb, errors="hetero" if kind == "heteroskedastic" else "cluster",
        level=inference.level,
    )  # fmt: skip
    if fit.dropped:
        return replace(none, identification=found.without(not_apart(read.covariates)))
    row = fit.of("effect")
    if no_scatter(row.standard_error, rows):
        return replace(none, identification=found.without(Note.of("no_spread")))
    p = row.p
    low: float | None = row.low
    high: float | None = row.high
    found = found.caution(*inference.cautions(found.clusters))
    if kind == "wild_cluster":
        p, low, high = inference.by_signs(rows, ["effect"], others, absorb)
        if low is None or high is None:
            found = found.caution(Note.of("unbounded"))
    return replace(
        none, identification=found, estimate=row.estimate, standard_error=row.standard_error,
        low=low, high=high, p=p, errors=kind,
    )  # fmt: skip


def _design(panel: Panel) -> tuple[pd.DataFrame, list[str], list[str]]:
    """Rows with the regressors, the names of the others, and what is absorbed."""
    rows = panel.rows
    group = (rows["start"] != NEVER).astype(float)
    after = (rows["time"] >= panel.cohorts[0]).astype(float)
    rows = rows.assign(group=group, after=after, effect=group * after)
    covariates = covariate_names(panel)
    if panel.units is None:
        return rows, ["group", "after", *covariates], []
    return rows, covariates, ["unit", "time"]


def not_apart(covariates: Sequence[str]) -> Note:
    """Why the measure cannot be told from the other columns of a regression.

    Examples
    --------
    >>> not_apart(["area"]).code, not_apart([]).code
    ('collinear', 'no_cells')
    """
    return Note.of("collinear", columns=", ".join(covariates)) if covariates else Note.of("no_cells")
