"""Effects by distance from the start, and what the periods before it say."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from ogp_analysis.stats.effects.columns import NEVER
from ogp_analysis.stats.effects.group_time import by_group
from ogp_analysis.stats.effects.identification import examine, need_design
from ogp_analysis.stats.effects.inference import Inference
from ogp_analysis.stats.effects.notes import Note
from ogp_analysis.stats.effects.obstacles import Identification
from ogp_analysis.stats.effects.panel import Panel, as_names, covariate_names
from ogp_analysis.stats.effects.regression import Fit, no_scatter, regress
from ogp_analysis.stats.effects.results import EventStudy
from ogp_analysis.stats.effects.treatment import Columns
from ogp_analysis.stats.effects.two_groups import not_apart


def event_study(
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
    minimum_before: int = 2,
    errors: str = "auto",
    level: float = 0.95,
    draws: int = 9999,
    seed: int = 0,
) -> EventStudy:
    """The difference between two groups in each period, counted from the start of a measure.

    With one start: the coefficients of treated times period in a regression with an intercept for each unit (or
    group, in repeated cross-sections) and period; the last period before the start is the reference. With several
    starts such a regression mixes up their effects (L. Sun and S. Abraham, *Journal of Econometrics* 225, 2021,
    175-199); then the effects of :func:`~ogp_analysis.stats.effects.group_time.group_time_effects` are averaged
    by distance, each compared with the last period before its own start, and ``errors`` does not apply.

    Differences before the start should be nothing. If they are, that does not prove that both groups would have
    moved alike afterwards; a test with little data sees little (J. Roth, *AER: Insights* 4, 2022, 305-322).

    Parameters
    ----------
    panel : DataFrame or None
    outcome, time, unit, treated_from, treated, post, cluster, covariates
        Names of columns: see :class:`~ogp_analysis.stats.effects.treatment.Columns`.
    anticipation : int
        Periods before the start that are left out; the reference is the one before them.
    minimum_before : int
        At least 2: one to compare with, one to be compared.
    errors, level, draws, seed
        See :class:`~ogp_analysis.stats.effects.inference.Inference`.

    Returns
    -------
    EventStudy
        Distances count the periods of the table.

    Raises
    ------
    ParameterError
        If a column is missing or holds what it cannot.
    OgpAnalysisError
        If the extra ``effects`` is not installed.

    Examples
    --------
    >>> table = pd.DataFrame([
    ...     {"place": place, "year": year, "since": 2022 if place < 4 else None,
    ...      "rate": (place * 7 + year * 3) % 5 + (4 if place < 4 and year >= 2022 else 0)}
    ...     for place in range(10) for year in range(2019, 2024)
    ... ])
    >>> found = event_study(table, "rate", unit="place", time="year", treated_from="since")
    >>> found.table.index.tolist(), found.table["reference"].tolist()
    ([-3, -2, -1, 0, 1], [False, False, True, False, False])
    """
    wanted = need_design("event_study", minimum_before, anticipation)
    inference = Inference(errors, level, draws, seed)
    columns = Columns(outcome, unit, time, treated_from, treated, post, cluster, as_names(covariates))
    read, found = examine(panel, columns, "event_study", wanted, anticipation)
    none = EventStudy(method="event_study", outcome=outcome, identification=found, level=level)
    if read is None or not found.can_tell:
        return none
    if len(read.cohorts) > 1:
        return _several(read, found, none, anticipation)
    return _one(read, found, none, inference)


def _several(read: Panel, found: Identification, none: EventStudy, anticipation: int) -> EventStudy:
    effects = by_group(
        read, found, none.outcome, control="never", base="universal", anticipation=anticipation, level=none.level
    )
    if not effects.can_tell:
        return replace(none, identification=effects.identification)
    mean = effects.aggregate("dynamic")
    zero = {"estimate": 0.0, "reference": True}
    table = pd.concat(
        [mean.table.assign(reference=False), pd.DataFrame([zero], index=[-1 - anticipation])]
    ).sort_index()
    table.index.name = "event_time"
    if mean.estimate is None:
        return replace(none, identification=found.without(Note.of("no_cells")))
    return replace(
        none, identification=effects.identification, table=table, pre_trend_p=effects.pre_trend_p,
        estimate=mean.estimate, standard_error=mean.standard_error, low=mean.low, high=mean.high, p=mean.p,
        errors=mean.errors,
    )  # fmt: skip


def _one(read: Panel, found: Identification, none: EventStudy, inference: Inference) -> EventStudy:
    read, found = _with_both(read, found)
    rows, names, reference = _dummies(read)
    covariates = covariate_names(read)
    rows = rows.assign(group=(rows["start"] != NEVER).astype(int))
    absorb = ["group" if read.units is None else "unit", "time"]
    kind = inference.kind(found.clusters)
    leads = [name for name, distance in names.items() if distance < reference]
    lags = [name for name, distance in names.items() if distance >= 0]
    analytic = "hetero" if kind == "heteroskedastic" else "cluster"
    testable = bool(leads) and (found.clusters is None or len(leads) < found.clusters)
    fit = regress(
        rows, [*names, *covariates], absorb=absorb, errors=analytic, level=inference.level,
        joint=leads if testable else (),
    )  # fmt: skip
    if fit.dropped:
        return replace(none, identification=found.without(not_apart(read.covariates)))
    if any(no_scatter(fit.of(name).standard_error, rows) for name in names):
        return replace(none, identification=found.without(Note.of("no_spread")))
    mean_rows, mean_names = _mean_of(rows, lags)
    others = [*mean_names[1:], *leads, *covariates]
    mean = regress(mean_rows, [mean_names[0], *others], absorb=absorb, errors=analytic, level=inference.level)
    overall = mean.of(mean_names[0])
    p, low, high, pre = overall.p, overall.low, overall.high, fit.joint_p
    table = _table(fit, names, reference)
    bounds: tuple[float | None, float | None] = (low, high)
    if kind == "wild_cluster":
        p, *ends = inference.by_signs(mean_rows, [mean_names[0]], others, absorb)
        bounds = (ends[0], ends[1])
        table = _by_signs(table, rows, names, covariates, absorb, inference)
        if testable:
            pre = inference.by_signs(rows, leads, [*lags, *covariates], absorb)[0]
        if None in bounds or table.loc[~table["reference"], ["low", "high"]].isna().any(axis=None):
            found = found.caution(Note.of("unbounded"))
    found = found.caution(*inference.cautions(found.clusters))
    if pre is None:
        found = found.caution(Note.of("pre_trend_untested"))
    elif pre <= 1 - inference.level:
        found = found.caution(Note.of("pre_trend", p=pre))
    return replace(
        none, identification=found, table=table, pre_trend_p=pre, estimate=overall.estimate,
        standard_error=overall.standard_error, low=bounds[0], high=bounds[1], p=p, errors=kind,
    )  # fmt: skip


def _with_both(read: Panel, found: Identification) -> tuple[Panel, Identification]:
    """Leave out periods in which only one group has figures: they can be compared with nothing."""
    treated = read.rows["start"] != NEVER
    both = set(read.rows.loc[treated, "time"]) & set(read.rows.loc[~treated, "time"])
    # what was left out as expected by the treated is no gap of theirs: the others' rows cannot be used either
    read = read.drop(~read.rows["time"].isin(both), "one_group_only")
    return read, replace(found, n=len(read.rows), left_out=read.left_out)


def _dummies(read: Panel) -> tuple[pd.DataFrame, dict[str, int], int]:
    """Treated times period for each period but the reference; distances; the distance of the reference."""
    start, rows = read.cohorts[0], read.rows
    distance = rows["time"] - start
    treated = rows["start"] != NEVER
    distances = sorted({int(value) for value in distance[treated]})
    reference = max(value for value in distances if value < 0)
    names = {f"at{number}": value for number, value in enumerate(distances) if value != reference}
    dummies = {name: (treated & (distance == value)).astype(float) for name, value in names.items()}
    return rows.assign(**dummies), names, reference


def _mean_of(rows: pd.DataFrame, lags: list[str]) -> tuple[pd.DataFrame, list[str]]:
    """Regressors the first of whose coefficients is the mean of those of ``lags``."""
    changed = {"mean": rows[lags].sum(axis=1)}
    changed |= {f"apart{at}": rows[name] - rows[lags[-1]] for at, name in enumerate(lags[:-1])}
    return rows.assign(**changed), list(changed)


def _table(fit: Fit, names: dict[str, int], reference: int) -> pd.DataFrame:
    table = fit.table.loc[list(names)].set_axis(pd.Index(list(names.values()))).assign(reference=False)
    zero = pd.DataFrame([{"estimate": 0.0, "reference": True}], index=[reference])
    return pd.concat([table, zero]).sort_index().rename_axis("event_time")


def _by_signs(
    table: pd.DataFrame, rows: pd.DataFrame, names: dict[str, int], covariates: list[str], absorb: list[str],
    inference: Inference,
) -> pd.DataFrame:  # fmt: skip
    """The table with p and intervals by the wild bootstrap; an interval without end is missing there."""
    table = table.copy()
    for name, distance in names.items():
        others = [*(other for other in names if other != name), *covariates]
        p, low, high = inference.by_signs(rows, [name], others, absorb)
        table.loc[distance, ["p", "low", "high"]] = [
            p,
            np.nan if low is None else low,
            np.nan if high is None else high,
        ]
    return table
