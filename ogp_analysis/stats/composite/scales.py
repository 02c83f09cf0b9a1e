"""The formulas of normalisation for one indicator; see :func:`~ogp_analysis.stats.composite.normalise.normalise`.

Each takes the values, the known values of the reference, and the direction.
"""

from __future__ import annotations

import numpy as np

from ogp_analysis.errors import ParameterError
from ogp_analysis.stats.checks import Floats
from ogp_analysis.stats.composite.data_check import LARGEST, is_number, within


def minmax(x: Floats, reference: Floats, direction: float, low: float = 0.0, high: float = 100.0) -> Floats:
    """Least 0, most 100, or other ends."""
    _need_order(low, high, ("low", "high"))
    y, ref = direction * x, direction * reference
    least = ref.min()
    return np.asarray(low + (high - low) * ((y - least) / (ref.max() - least)))


def zscore(x: Floats, reference: Floats, direction: float, mean: float = 0.0, sd: float = 1.0) -> Floats:
    """Standard deviations from the mean."""
    within(mean, -LARGEST, LARGEST, "mean")
    if not is_number(sd) or not 0 < sd <= LARGEST:
        raise ParameterError(f"'sd' is {sd!r}.", hint="Give a number above 0.")
    y, ref = direction * x, direction * reference
    return np.asarray(mean + sd * ((y - ref.mean()) / ref.std(ddof=1)))


def plain_rank(x: Floats, reference: Floats, direction: float) -> Floats:
    """1 for the worst; equals share the lower one."""
    y = direction * x
    below = np.searchsorted(np.sort(direction * reference), y, side="left")
    return np.where(np.isnan(y), np.nan, below + 1.0)


def borda(x: Floats, reference: Floats, direction: float) -> Floats:
    """How many are worse."""
    return plain_rank(x, reference, direction) - 1


def percentile(x: Floats, reference: Floats, direction: float) -> Floats:
    """Share of the others that are worse."""
    return borda(x, reference, direction) / (len(reference) - 1)


def target(x: Floats, reference: Floats, direction: float, target: float, cap: bool = False) -> Floats:
    """How far on the way from the worst to a target, given in the indicator's own unit."""
    within(target, -LARGEST, LARGEST, "target")
    y, goal, worst = direction * x, direction * target, (direction * reference).min()
    if not goal > worst:
        raise ParameterError(
            f"The target {target:g} is no better than the worst value.", hint="Set a target beyond it."
        )
    reached = (y - worst) / (goal - worst)
    return np.asarray(np.minimum(reached, 1.0) if cap else reached)


def maximum(x: Floats, reference: Floats, direction: float) -> Floats:
    """1 less the distance to the best, as a share of the range."""
    y, ref = direction * x, direction * reference
    best = ref.max()
    return np.asarray(1 - (best - y) / (best - ref.min()))


def fraction(x: Floats, reference: Floats, direction: float) -> Floats:
    """Share of the largest value."""
    if direction < 0 or not reference.max() > 0:
        raise ParameterError(
            "A share of the largest value needs an indicator of which more is better, and a value above 0.",
            hint="Use 'maximum' or 'goalposts'.",
        )
    return np.asarray(x / reference.max())


def goalposts(
    x: Floats,
    reference: Floats,
    direction: float,
    bottom: float,
    top: float,
    low: float = 0.0,
    high: float = 1.0,
    log: bool = False,
    cap: bool = True,
) -> Floats:
    """Between two fixed values, given in the indicator's own unit."""
    _need_order(bottom, top, ("bottom", "top"))
    _need_order(low, high, ("low", "high"))
    if log:
        if bottom <= 0 or (x <= 0).any():
            raise ParameterError("A value or goalpost of 0 or less has no logarithm.", hint="Leave out 'log'.")
        x, bottom, top = np.log(x), float(np.log(bottom)), float(np.log(top))
    way = (x - bottom) / (top - bottom)
    if direction < 0:
        way = 1 - way
    return np.asarray(low + (high - low) * (np.clip(way, 0.0, 1.0) if cap else way))


def unchanged(x: Floats, reference: Floats, direction: float) -> Floats:
    """As it is, turned."""
    return direction * x


def _need_order(low: float, high: float, names: tuple[str, str]) -> None:
    if not (is_number(low) and is_number(high) and np.isfinite(low) and np.isfinite(high) and low < high):
        raise ParameterError(
            f"'{names[0]}' is {low} and '{names[1]}' {high}.",
            hint=f"Give two numbers; '{names[0]}' must be the smaller one.",
        )
