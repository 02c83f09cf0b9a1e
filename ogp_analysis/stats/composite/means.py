"""The means that aggregate, over many sets of weights at once.

A child is an array of units by sets of weights, or by one column if it is the same for all; its weights are one
number a set. Sums run child by child in the order given, so that a unit's score depends neither on its place in
the table nor on how many sets are computed together.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd

from ogp_analysis.errors import ParameterError
from ogp_analysis.stats.checks import Floats, matched
from ogp_analysis.stats.composite.data_check import within

#: What rounding may take from a share of weights such as 2/3.
DUST = 1e-12
#: Powers further from 0 leave what a double can hold.
STEEPEST = 20


def generalised_mean(values: pd.Series, weights: pd.Series | None = None, power: float = 1.0) -> float:
    """Generalised (power) mean of weighted values.

    ``(sum w x^p / sum w)^(1/p)``, and ``exp(sum w ln x / sum w)`` for p = 0: arithmetic (1), geometric (0),
    harmonic (-1) and what lies between; the lower p, the less a good value makes up for a bad one (G. H. Hardy, J.
    E. Littlewood and G. Pólya, *Inequalities*, 1934, chapter 2; OECD/JRC Handbook 2008, step 6, aggregation).
    Missing values and their weights are left out.

    Parameters
    ----------
    values : Series
    weights : Series, optional
        Matched by label; equal if not given.
    power : float
        From -20 to 20.

    Returns
    -------
    float
        NaN if nothing is known.

    Raises
    ------
    ParameterError
        If labels differ, a weight is negative or missing, the power is none of these, or a value is not positive
        where it has to be.

    Examples
    --------
    >>> x, w = pd.Series([1, 2, 4, 8, 16]), pd.Series([1, 1, 2, 2, 4])
    >>> [round(generalised_mean(x, w, power), 9) for power in (1, 0, -1, 0.5)]
    [9.1, 6.498019171, 4.0, 7.879848481]
    """
    need_power(power)
    w = pd.Series(1.0, index=values.index) if weights is None else matched(values, weights, ("values", "weights"))
    if not (w >= 0).all():
        raise ParameterError("A weight is negative or missing.", hint="Give weights from 0 up.")
    x = values.to_numpy(dtype=np.float64, na_value=np.nan)
    need_positive([x], power, "values")
    children = [np.full((1, 1), one) for one in x]
    heavy = np.asarray(w.to_numpy(), dtype=np.float64)[:, None]
    return float(power_mean(children, heavy, power, 0.0)[0, 0])


def need_positive(children: Sequence[Floats], power: float, name: str) -> None:
    """Refuse values of which a mean of this power does not exist.

    Raises
    ------
    ParameterError
    """
    if power == 1:
        return
    least = min((float(np.nanmin(child)) for child in children if not np.isnan(child).all()), default=1.0)
    if least < 0 or (least == 0 and power <= 0):
        raise ParameterError(
            f"The least value under '{name}' is {least:g}: a mean of power {power:g} needs "
            f"{'values from 0 up' if power > 0 else 'values above 0'}.",
            hint="Normalise with method 'minmax', low 1 and high 100, or aggregate arithmetically.",
        )


def power_mean(
    children: Sequence[Floats], weights: Floats, power: float, share: float, rule: Floats | None = None
) -> Floats:
    """:func:`generalised_mean` of units by sets; missing where less than ``share`` of the weight is known.

    ``rule`` are the weights that share is taken of, if not the weights themselves: noise in weights must not
    decide who is scored.
    """
    total: Floats | float = 0.0
    known: Floats | float = 0.0
    for child, weight in zip(children, weights, strict=True):
        with np.errstate(divide="ignore"):
            changed = _raised(child, power)
        missing = np.isnan(child)
        if missing.any():
            total = total + np.where(missing, 0.0, changed) * weight
            known = known + np.where(missing, 0.0, 1.0) * weight
        else:
            total = total + changed * weight
            known = known + weight
    total, known = np.atleast_2d(total), np.broadcast_to(known, np.shape(total))
    with np.errstate(divide="ignore", invalid="ignore"):
        result = _lowered(np.asarray(total / known), power)
    return np.asarray(
        np.where((known > 0) & enough(children, weights if rule is None else rule, share), result, np.nan)
    )


def enough(children: Sequence[Floats], rule: Floats, share: float) -> npt.NDArray[np.bool_]:
    """Where at least ``share`` of the weight is known."""
    known: Floats | float = 0.0
    for child, weight in zip(children, rule, strict=True):
        known = known + np.where(np.isnan(child), 0.0, weight)
    return np.asarray(known >= rule.sum(axis=0) * (share - DUST))


def penalised_mean(
    children: Sequence[Floats], weights: Floats, sign: float, share: float, name: str, rule: Floats | None = None
) -> Floats:
    """Mazziotta-Pareto: the mean plus ``sign`` times variance over mean, with the same weights in all three."""
    mean = power_mean(children, weights, 1.0, share, rule)
    if (mean <= 0).any():
        raise ParameterError(
            f"A mean under '{name}' is 0 or less: the penalty divides by it.",
            hint="Normalise with method 'zscore', mean 100 and sd 10, or 'goalposts' with low 70 and high 130.",
        )
    variance = power_mean([(child - mean) ** 2 for child in children], weights, 1.0, 0.0)
    return np.asarray(mean + sign * variance / mean)


def _raised(x: Floats, power: float) -> Floats:
    if power == 1:
        return x
    if power == 0:
        return np.asarray(np.log(x))
    return np.asarray(1.0 / x if power == -1 else x**power)


def _lowered(mean: Floats, power: float) -> Floats:
    if power == 1:
        return mean
    if power == 0:
        return np.asarray(np.exp(mean))
    return np.asarray(1.0 / mean if power == -1 else mean ** (1.0 / power))


def need_power(value: float) -> float:
    """A power as given, checked.

    Raises
    ------
    ParameterError
    """
    return within(value, -STEEPEST, STEEPEST, "power")


def need_share(value: float) -> float:
    """A share of weight as given, checked.

    Raises
    ------
    ParameterError
    """
    return within(value, 0, 1, "share")
