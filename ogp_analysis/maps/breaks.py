"""Where classes end: found by a scheme, then moved to readable numbers that leave every value in its class."""

from __future__ import annotations

import math
import warnings
from collections.abc import Sequence
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from ogp_analysis.errors import ParameterError

MAX_CLASSES = 9

Numbers = npt.NDArray[np.float64]


def find_breaks(
    numbers: Numbers, k: int, scheme: str, breaks: Sequence[float] | None, decimals: int | None
) -> tuple[list[float], int]:
    """Find the ends of at most ``k`` classes, and the digits after the mark that values need.

    Raises
    ------
    ParameterError
        If there is no value, ``k`` is not 1 to 9, or breaks are given besides.

    Examples
    --------
    >>> find_breaks(np.array([1.0, 2.0, 8.0, 9.0]), 2, "quantiles", None, None)
    ([1.0, 5.0, 9.0], 0)
    """
    if breaks is not None:
        raise ParameterError(
            f"Breaks were given together with scheme {scheme!r}.", hint="Use scheme='given', or leave out breaks."
        )
    if isinstance(k, bool) or not isinstance(k, int) or not 1 <= k <= MAX_CLASSES:
        raise ParameterError(
            f"k={k!r} is not a number of classes.", hint=f"Use a whole number from 1 to {MAX_CLASSES}."
        )
    if not len(numbers):
        raise ParameterError(
            "There is no value to make classes from: all are missing.",
            hint="Use scheme='given' with breaks=[...], or do not draw this map.",
        )
    if decimals is None:
        decimals = decimals_for(numbers, k)
    below, above = numbers[numbers < 0], numbers[numbers >= 0]
    mixed = len(below) > 0 and len(above) > 0
    if mixed and k < 2:
        raise ParameterError("Values with both signs need at least two classes.", hint="Use k=2 or more.")
    if scheme == "equal":
        return _equal(numbers, k), decimals
    if not mixed:
        return _ends(numbers, k, scheme), decimals
    for_below = round(k * len(np.unique(below)) / len(np.unique(numbers)))
    for_below = min(max(for_below, 1), k - 1)
    lower, upper = _ends(below, for_below, scheme), _ends(above, k - for_below, scheme)
    return [*lower[:-1], 0.0, *upper[1:]], decimals


def _equal(numbers: Numbers, k: int) -> list[float]:
    """Find ends of at most ``k`` classes with one readable width; zero is an end if it is inside."""
    low, high = (Decimal(repr(float(end))) for end in (numbers.min(), numbers.max()))
    if low == high:
        return [float(low), float(high)]
    exponent = ((high - low) / k).adjusted() - 1
    for width in (Decimal(m).scaleb(exponent + e) for e in range(4) for m in (1, 2, 5)):
        start = (low / width).to_integral_value(ROUND_FLOOR) * width
        n = max(int(((high - start) / width).to_integral_value(ROUND_CEILING)), 1)
        if n <= k:
            return [float(start + i * width) for i in range(n + 1)]
    # Two classes around zero may need any width; the wider side decides.
    width = max(abs(low), abs(high))
    return [float(-width), 0.0, float(width)]


def _ends(numbers: Numbers, k: int, scheme: str) -> list[float]:
    """Find ends of at most ``k`` classes, each the roundest number that leaves every value in its class."""
    unique = np.unique(numbers)
    low, high = float(unique[0]), float(unique[-1])
    if low == high:
        return [low, high]
    slack = (high - low) / (4 * k)
    inner = [_roundest(float(left), float(right)) for left, right in _gaps(unique, numbers, k, scheme)]
    return [_roundest(low - slack, low), *inner, -_roundest(-(high + slack), -high)]


def _gaps(unique: Numbers, numbers: Numbers, k: int, scheme: str) -> list[tuple[float, float]]:
    """For each inner break, the last value before it and the first value after it."""
    if len(unique) <= k:
        # mapclassify refuses (Fisher) or repeats a break (quantiles): each value is a class of its own.
        return list(pairwise(unique))
    if k == 1:
        return []
    import mapclassify

    make = {"fisher": mapclassify.FisherJenks, "quantiles": mapclassify.Quantiles}[scheme]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # ties make equal quantiles; they are merged below
        uppers = make(numbers, k=k).bins
    last = sorted({int(np.searchsorted(unique, upper, side="right")) for upper in uppers})
    return [(unique[i - 1], unique[i]) for i in last if 0 < i < len(unique)]


def _roundest(low: float, high: float) -> float:
    """Find the number above ``low`` and not above ``high`` with the fewest digits.

    Examples
    --------
    >>> _roundest(9.87, 14.62), _roundest(0.31, 0.34), _roundest(-2.0, 3.0), _roundest(7.0, 7.0)
    (10.0, 0.34, 0.0, 7.0)
    """
    if low < 0 <= high:
        return 0.0
    least, most = Decimal(repr(low)), Decimal(repr(high))
    for exponent in range(most.adjusted() + 1, -30, -1):
        for multiple in (5, 2, 1):
            step = Decimal(multiple).scaleb(exponent)
            found = (most / step).to_integral_value(ROUND_FLOOR) * step
            if least < found <= most and low < float(found) <= high:
                return float(found)
    return high


def digits_of(value: float) -> int:
    """Digits after the decimal mark that the number needs."""
    if not math.isfinite(value):
        return 0
    exponent = Decimal(repr(value)).normalize().as_tuple().exponent
    return max(-exponent, 0) if isinstance(exponent, int) else 0


def decimals_for(numbers: Numbers, k: int) -> int:
    """Digits after the mark at which values of different classes still look different."""
    if not len(numbers) or bool(np.all(numbers == np.round(numbers))):
        return 0
    width = float(numbers.max() - numbers.min()) / k
    if width == 0:
        return min(max(digits_of(float(value)) for value in numbers), 6)
    return min(max(1 - math.floor(math.log10(width)), 1), 6)
