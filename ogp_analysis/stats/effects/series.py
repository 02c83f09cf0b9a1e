"""One series before and after a measure: a step and a bend."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from ogp_analysis.errors import ParameterError
from ogp_analysis.quarter import Quarter, Span
from ogp_analysis.stats.checks import Floats, named, need_level
from ogp_analysis.stats.effects.columns import numbers, periods
from ogp_analysis.stats.effects.notes import LeftOut, Note
from ogp_analysis.stats.effects.obstacles import Identification
from ogp_analysis.stats.effects.panel import plain
from ogp_analysis.stats.effects.regression import no_scatter, regress
from ogp_analysis.stats.effects.results import SeriesEffect

#: Before and after each: R. B. Penfold and F. Zhang, *Academic Pediatrics* 13, 2013, S38-S44.
FEWEST_POINTS = 8
#: A season needs to be seen twice before it can be told from a trend.
WHOLE_SEASONS = 2


def interrupted_series(
    series: pd.Series | None,
    start: Any,
    *,
    season: int | None = None,
    lags: int | None = None,
    minimum_before: int = FEWEST_POINTS,
    minimum_after: int = FEWEST_POINTS,
    level: float = 0.95,
) -> SeriesEffect:
    """By how much a series steps and bends where a measure starts.

    ``y_t = a + b t + c after_t + d (t - start) after_t``, by least squares: c is the step at the start, d the
    change of slope (A. K. Wagner et al., *Journal of Clinical Pharmacy and Therapeutics* 27, 2002, 299-309).
    Errors are Newey and West's (*Econometrica* 55, 1987, 703-708) with the factor ``N / (N - K)`` and t with N - K
    degrees of freedom. Neighbouring residuals are tested by Ljung and Box (*Biometrika* 65, 1978, 297-303).

    A series has no comparison group: whatever else changed at the start is in the step.

    Parameters
    ----------
    series : Series or None
        One value a period, indexed by period, evenly spaced, in any order. Missing values are left out and listed.
    start : object
        First period with the measure, comparable with the index.
    season : int, optional
        Periods in a seasonal cycle (12 for months, 4 for quarters): each gets an intercept of its own. Without it
        swings of the season are not taken out, and the result says so.
    lags : int, optional
        That the errors allow for; by default ``floor(4 (N / 100)^(2/9))`` (Newey and West, *Review of Economic
        Studies* 61, 1994, 631-653), and at least 1.
    minimum_before, minimum_after : int
        Points on each side.
    level : float

    Returns
    -------
    SeriesEffect

    Raises
    ------
    ParameterError
        If the index has a period twice, no order or uneven steps, or values are no numbers.
    OgpAnalysisError
        If the extra ``effects`` is not installed.

    Examples
    --------
    >>> months = pd.Series([5, 6, 5, 7, 6, 7, 8, 7, 11, 12, 11, 13, 12, 14, 13, 14], index=range(16))
    >>> found = interrupted_series(months, 8)
    >>> round(found.estimate, 2), round(found.slope_before, 2)
    (3.15, 0.35)
    >>> interrupted_series(months.head(12), 8).reason
    'Points in the series after the start of the measure: 4; needed: 8.'
    """
    need_level(level)
    for name, value, least in (
        ("season", season, 2), ("lags", lags, 0), ("minimum_before", minimum_before, 3),
        ("minimum_after", minimum_after, 3),
    ):  # fmt: skip
        if value is not None and (isinstance(value, bool) or not isinstance(value, int) or value < least):
            raise ParameterError(f"{name} is {value!r}.", hint=f"Give a whole number from {least} up.")
    if series is not None and not isinstance(series, pd.Series):
        raise ParameterError(f"The series is a {type(series).__name__}.", hint="Give a pandas Series, or None.")
    if series is None or not len(series):
        note = Note.of("series_before", found=0, wanted=minimum_before)
        return SeriesEffect(
            method="series",
            outcome="",
            level=level,
            identification=Identification(design="series", obstacles=(note,)),
        )
    rows, found = _read(series, start, season, minimum_before, minimum_after)
    none = SeriesEffect(method="series", outcome=str(series.name or ""), identification=found, level=level)
    if not found.can_tell:
        return none
    regressors = ["time", "after", "bend"]
    if season:
        seasons = [at for at in range(1, season) if (rows["time"] % season == at).any()]
        rows = rows.assign(**{f"s{at}": (rows["time"] % season == at).astype(float) for at in seasons})
        regressors += [f"s{at}" for at in seasons]
    allowed = max(1, int(4 * (len(rows) / 100) ** (2 / 9))) if lags is None else lags
    if allowed >= len(rows):
        raise ParameterError(f"{allowed} lags in {len(rows)} points.", hint="Give fewer lags.")
    fit = regress(rows, regressors, errors="newey_west", lags=allowed, level=level)
    if fit.dropped:
        wanted = Note.of("series_after", found=len(found.periods_after), wanted=2 * (season or minimum_after))
        return replace(none, identification=found.without(wanted))
    step, bend = fit.of("after"), fit.of("bend")
    if no_scatter(step.standard_error, rows):
        return replace(none, identification=found.without(Note.of("no_spread")))
    p = ljung_box(fit.residuals.to_numpy(), allowed)
    if p <= 1 - level:
        found = found.caution(Note.of("autocorrelated", p=p, lags=allowed))
    return replace(
        none, identification=found, estimate=step.estimate, standard_error=step.standard_error,
        low=step.low, high=step.high, p=step.p, errors="newey_west", lags=allowed,
        slope_before=fit.of("time").estimate, slope_change=bend.estimate,
        slope_low=bend.low, slope_high=bend.high, slope_p=bend.p, autocorrelation_p=p,
    )  # fmt: skip


def ljung_box(residuals: Floats, lags: int) -> float:
    """Probability of neighbours so alike if residuals were independent.

    ``Q = n (n + 2) sum over k of r_k^2 / (n - k)``, chi-squared with as many degrees of freedom as lags.

    Parameters
    ----------
    residuals : array
        In the order of time.
    lags : int

    Examples
    --------
    >>> round(ljung_box(np.array([1.0, -1.0] * 10), 1), 5)
    0.0
    """
    from scipy.stats import chi2

    n = len(residuals)
    centred = residuals - residuals.mean()
    square = float(centred @ centred)
    shares = [float(centred[k:] @ centred[:-k]) / square for k in range(1, min(lags, n - 1) + 1)]
    q = n * (n + 2) * sum(share**2 / (n - k) for k, share in enumerate(shares, start=1))
    return float(chi2.sf(q, len(shares)))


def _read(
    series: pd.Series, start: Any, season: int | None, minimum_before: int, minimum_after: int
) -> tuple[pd.DataFrame, Identification]:
    name = str(series.name or "series")
    index = series.index.to_series().reset_index(drop=True)
    ranks, labels = periods(index, "index")
    if len(labels) < len(series):
        twice = series.index[series.index.duplicated()].unique()
        raise ParameterError(f"Periods occur more than once: {named(twice)}.", hint="Give one value a period.")
    places = _places(labels)
    first = _first(start, labels)
    rows = pd.DataFrame({"label": list(series.index), "y": numbers(series, name), "time": places[ranks]})
    rows = rows.sort_values("time", ignore_index=True)
    begin = places[first] if first < len(places) else places[-1] + 1
    missing = rows[rows["y"].isna()]
    left_out = tuple(LeftOut(None, plain(label), "outcome_missing", plain(label)) for label in missing["label"])
    rows = rows.dropna(subset="y").assign(after=lambda r: (r["time"] >= begin).astype(float))
    rows["bend"] = (rows["time"] - begin) * rows["after"]
    before = [plain(label) for label in rows.loc[rows["after"] == 0, "label"]]
    after = [plain(label) for label in rows.loc[rows["after"] == 1, "label"]]
    obstacles = []
    if len(before) < minimum_before:
        obstacles.append(Note.of("series_before", found=len(before), wanted=minimum_before))
    if len(after) < minimum_after:
        obstacles.append(Note.of("series_after", found=len(after), wanted=minimum_after))
    if season and not obstacles and len(before) // season < WHOLE_SEASONS:
        obstacles.append(Note.of("series_seasons", found=len(before) // season, wanted=WHOLE_SEASONS))
    if not obstacles and rows["y"].nunique() == 1:
        obstacles.append(Note.of("no_variation"))
    cautions = [Note.of("no_comparison")]
    if not season:
        cautions.append(Note.of("no_season"))
    gaps = int(places[-1] - places[0] + 1 - len(places)) + len(missing)
    if gaps:
        cautions.append(Note.of("series_gaps", found=gaps))
    return rows, Identification(
        design="series", n=len(rows), starts=(plain(start),), periods_before=tuple(before),
        periods_after=tuple(after), obstacles=tuple(obstacles), cautions=tuple(cautions), left_out=left_out,
    )  # fmt: skip


def _places(labels: pd.Index) -> np.ndarray:
    """Each period's place on an even scale, so that a gap in the series stays a gap."""
    if isinstance(labels, pd.PeriodIndex):
        return np.asarray(labels.astype("int64")) - int(labels.astype("int64")[0])
    if isinstance(labels, pd.DatetimeIndex):
        return _dates(labels)
    if not pd.api.types.is_numeric_dtype(labels):
        raise ParameterError(
            f"The index of the series holds text or other labels: {named(labels)}.",
            hint="Turn it into numbers, dates or a PeriodIndex, so that gaps can be seen.",
        )
    values = labels.to_numpy(dtype=float)
    step = np.diff(values).min(initial=np.inf)
    places = (values - values[0]) / (step if np.isfinite(step) else 1.0)
    if np.abs(places - places.round()).max() > 1e-6:
        raise ParameterError("The periods are not evenly spaced.", hint="Give one value for each equal period.")
    return np.asarray(places.round(), dtype=np.int64)


def _dates(labels: pd.DatetimeIndex) -> np.ndarray:
    """Dates as the longest equal periods that keep them apart: years, quarters, months, weeks or days."""
    for length in ("Y", "Q", "M", "W", "D"):
        places = labels.tz_localize(None).to_period(length)
        if places.is_unique:
            return _places(places)
    raise ParameterError("Several dates of the index fall on one day.", hint="Give one value a period.")


def _first(start: Any, labels: pd.Index) -> int:
    if isinstance(labels, pd.DatetimeIndex | pd.PeriodIndex):
        start = _day(start, labels)
    try:
        return int(sum(bool(label < start) for label in labels))
    except TypeError as error:
        raise _unlike(start, labels) from error


def _day(start: Any, labels: pd.DatetimeIndex | pd.PeriodIndex) -> pd.Timestamp | pd.Period:
    """The start as the index has it; pandas would read 2020 as a moment of 1970 and July as one of this year."""
    if isinstance(start, str):
        quarter = re.fullmatch(r"[0-9]{4}[Qq][1-4]", start.strip())
        start = Quarter.parse(start).first_day if quarter else Span.parse(start).first
    elif isinstance(start, Quarter):
        start = start.first_day
    elif isinstance(start, pd.Period):
        start = start.start_time
    if not isinstance(start, date):
        raise _unlike(start, labels)
    day = pd.Timestamp(start)
    if isinstance(labels, pd.PeriodIndex):
        return day.to_period(labels.freqstr)
    return day.tz_localize(labels.tz) if day.tz is None else day.tz_convert(labels.tz)


def _unlike(start: object, labels: pd.Index) -> ParameterError:
    return ParameterError(
        f"The start {start!r} cannot be compared with the periods, such as {labels[0]}.",
        hint="Write it in the same form.",
    )
