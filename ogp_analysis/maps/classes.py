"""Class breaks made once and used for a whole series of maps.

A reader compares two maps only when the same colour means the same values on both. So the classes
are an object of their own: made from all the values that will ever be compared, then handed to
every map.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import pandas as pd

from ogp_analysis.errors import ParameterError, nearest
from ogp_analysis.locale import Language, get_language
from ogp_analysis.maps.breaks import MAX_CLASSES, Numbers, decimals_for, digits_of, find_breaks

SCHEMES = ("fisher", "quantiles", "equal", "given")


@dataclass(frozen=True)
class Classes:
    """Classes of values, ready to be used for any number of maps.

    Class ``i`` (counted from 0) holds every value ``v`` with ``breaks[i] <= v < breaks[i + 1]``; the
    last class also holds its upper end.

    Parameters
    ----------
    breaks : tuple of float
        The ``n + 1`` ends of the classes, rising. The outer ones may be infinite.
    labels : tuple of str
        One label a class in the language the classes were made in; :meth:`labels_in` gives others.
    scheme : str
        How the breaks were found: ``fisher``, ``quantiles``, ``equal`` or ``given``.
    n : int
        Number of classes. May be smaller than asked for when there are few different values.
    decimals : int
        Digits after the decimal mark when a value is printed.
    diverging : bool
        True when the values have two directions, with zero as a break between them.
    whole : bool
        True when only whole numbers are classed, such as ranks: the labels name the first and the last of each
        class.

    Examples
    --------
    >>> classes = make_classes(pd.Series([0.0, 12.0, 55.0]), scheme="given", breaks=[0, 25, 50, 75])
    >>> classes.labels
    ('0 to < 25', '25 to < 50', '50 to 75')
    >>> classes.assign(pd.Series([25.0, 75.0, None], index=["a", "b", "c"])).tolist()
    [1, 2, <NA>]
    """

    breaks: tuple[float, ...]
    labels: tuple[str, ...]
    scheme: str
    n: int
    decimals: int = 0
    diverging: bool = False
    whole: bool = False

    def labels_in(self, language: str | Language) -> tuple[str, ...]:
        """One label a class in a language: ``12,5 sampai < 20`` or ``12.5 to < 20``.

        Parameters
        ----------
        language : str or Language
            Code of a language (``id``, ``en``), or the language itself.
        """
        spoken = get_language(language) if isinstance(language, str) else language
        return _labels(self.breaks, spoken, self.whole)

    def assign(self, values: pd.Series) -> pd.Series:
        """Give the class number (from 0) of each value; a missing value has a missing class.

        Parameters
        ----------
        values : Series of numbers

        Returns
        -------
        Series
            Named ``class``, type Int64, on the index of ``values``.

        Raises
        ------
        ParameterError
            If a value lies outside the classes: such a value must not be put quietly into the nearest one.
        """
        numbers = pd.to_numeric(values).astype("float64")
        outside = numbers[(numbers < self.breaks[0]) | (numbers > self.breaks[-1])]
        if len(outside):
            examples = ", ".join(f"{code}: {value:g}" for code, value in outside.head(5).items())
            raise ParameterError(
                f"{len(outside)} value(s) lie outside the classes, which run from {self.breaks[0]:g} to "
                f"{self.breaks[-1]:g} ({examples}).",
                hint="Make the classes from all maps of the series together: make_classes([first, second, ...]).",
            )
        found = np.searchsorted(np.asarray(self.breaks[1:-1]), numbers.to_numpy(), side="right")
        result = pd.Series(found, index=values.index, name="class").astype("Int64")
        return result.mask(numbers.isna())

    def decimals_for(self, values: pd.Series) -> int:
        """The fewest decimals, two to four, at which every rounded value still lies in the class of the value.

        Examples
        --------
        >>> classes = make_classes(pd.Series([1.0, 1.4958, 3.0]), scheme="given", breaks=[1, 1.5, 3])
        >>> classes.decimals_for(pd.Series([1.0, 1.4958, 3.0])), classes.decimals_for(pd.Series([1.0, 1.49, 3.0]))
        (3, 2)
        """
        numbers = pd.to_numeric(values).astype("float64")
        own = self.assign(numbers)
        for decimals in (2, 3):
            # half to even here and half up on the page differ by one digit at most, and then at the edge itself
            rounded = numbers.round(decimals).clip(self.breaks[0], self.breaks[-1])
            if self.assign(rounded).equals(own):
                return decimals
        return 4

    def negative(self) -> tuple[bool, ...]:
        """For each class, whether it lies below zero."""
        return tuple(upper <= 0 and lower < 0 for lower, upper in pairwise(self.breaks))


def make_classes(
    values: pd.Series | Mapping[str, pd.Series] | Iterable[pd.Series],
    k: int = 5,
    scheme: str = "fisher",
    breaks: Sequence[float] | None = None,
    decimals: int | None = None,
    language: str | Language = "en",
    whole: bool = False,
) -> Classes:
    """Make classes from the values of one map, or of all maps of a series together.

    The breaks found by the scheme are moved to the roundest number that leaves every value in its class,
    so a legend reads ``10 to < 15`` and not ``9.87 to < 14.62``. Values with both signs are classed on
    each side of zero separately, with zero as a break (zero itself belongs to the class that starts there).

    ``fisher`` (Fisher 1958, Jenks): classes with the least squared deviation from their means.
    ``quantiles``: about as many values in each class. ``equal``: classes of equal width.
    ``given``: the ends in ``breaks`` as they are.

    Parameters
    ----------
    values : Series of numbers, or several of them (list or mapping)
        Missing values are left out.
    k : int
        Classes asked for, 1 to 9. Fewer are made when there are fewer different values.
    scheme : {"fisher", "quantiles", "equal", "given"}
    breaks : sequence of float, optional
        For ``given`` only: all ends of the classes, rising, outer ends included (may be infinite).
    decimals : int, optional
        Digits after the decimal mark. Without it: none for whole numbers, else as the spread needs.
    language : str or Language
        Language of the labels.
    whole : bool
        The values are whole numbers, such as ranks: a class reads ``1 to 4`` and not ``1 to < 5``.

    Returns
    -------
    Classes

    Raises
    ------
    ParameterError
        If there is no value at all, a value is infinite, or the scheme and the breaks do not fit together, or
        a value or break is not whole where they were said to be.

    Examples
    --------
    >>> shares = pd.Series([4.1, 5.2, 11.0, 12.4, 13.0, 30.5, 31.9])
    >>> make_classes(shares, k=3).labels
    ('4 to < 10', '10 to < 20', '20 to 32')
    >>> make_classes(pd.Series([-3.0, -1.0, 0.0, 8.0]), k=4, scheme="equal").breaks
    (-5.0, 0.0, 5.0, 10.0)
    >>> make_classes(pd.Series([1.0, 2.0, 9.0]), scheme="given", breaks=[1, 2, 5, 9], whole=True).labels
    ('1', '2 to 4', '5 to 9')
    """
    if scheme not in SCHEMES:
        raise ParameterError(f"There is no class scheme {scheme!r}.", hint=nearest(str(scheme), SCHEMES))
    spoken = get_language(language) if isinstance(language, str) else language
    numbers = _numbers(values)
    if scheme == "given":
        edges = _given(breaks)
        if decimals is None:
            finite = np.array([edge for edge in edges if math.isfinite(edge)])
            decimals = decimals_for(np.concatenate([numbers, finite]), len(edges) - 1)
        # An open lower end means "less than", not that there are values below zero.
        diverging = bool((numbers < 0).any()) or any(edge < 0 for edge in edges if math.isfinite(edge))
        if diverging and edges[0] < 0 < edges[-1] and 0.0 not in edges:
            raise ParameterError(
                "The breaks run from below zero to above zero, but zero is not one of them.",
                hint="Add 0 to the breaks, so that gains and losses never share a class.",
            )
    else:
        edges, decimals = find_breaks(numbers, k, scheme, breaks, decimals)
        diverging = bool(numbers.min() < 0)
    edges = [edge + 0.0 for edge in edges]  # no negative zero
    if whole:
        broken = [number for number in (*edges, *numbers) if math.isfinite(number) and number != round(number)]
        if broken:
            raise ParameterError(
                f"{broken[0]:g} is no whole number.", hint="Leave out whole=True where values are not counted."
            )
    result = Classes(
        tuple(edges), _labels(edges, spoken, whole), scheme, len(edges) - 1, decimals, diverging, whole
    )
    if len(numbers):
        result.assign(pd.Series(numbers))  # raises when given breaks leave a value out
    return result


def _numbers(values: pd.Series | Mapping[str, pd.Series] | Iterable[pd.Series]) -> Numbers:
    if isinstance(values, pd.Series):
        parts = [values]
    else:
        parts = list(values.values()) if isinstance(values, Mapping) else list(values)
    collected = []
    for part in parts:
        if not isinstance(part, pd.Series):
            raise ParameterError(
                f"Classes are made from pandas Series, not from {type(part).__name__}.",
                hint="Give a Series indexed by district code, or a list of them.",
            )
        if not pd.api.types.is_numeric_dtype(part) or pd.api.types.is_bool_dtype(part):
            if part.dropna().empty:
                continue
            raise ParameterError(
                f"Series {part.name!r} holds {part.dtype}, not numbers; example: {part.dropna().iloc[0]!r}.",
                hint="Read the numbers first; for yes/no values use yes_no_map, for categories category_map.",
            )
        collected.append(part.dropna().to_numpy(dtype="float64"))
    numbers = np.concatenate(collected) if collected else np.array([], dtype="float64")
    if np.isinf(numbers).any():
        raise ParameterError(
            "There are infinite values among the values to be mapped.",
            hint="A rate with denominator zero is no data: make it missing.",
        )
    return numbers


def _given(breaks: Sequence[float] | None) -> list[float]:
    if breaks is None or len(breaks) < 2:
        raise ParameterError(
            "Scheme 'given' needs breaks.",
            hint="Give all ends of the classes, for example breaks=[0, 25, 50, 100].",
        )
    edges = [float(edge) for edge in breaks]
    if any(math.isnan(edge) for edge in edges) or any(b <= a for a, b in pairwise(edges)):
        raise ParameterError(
            f"The breaks {list(breaks)} do not rise.", hint="List them from low to high, each once."
        )
    if len(edges) - 1 > MAX_CLASSES:
        raise ParameterError(
            f"{len(edges) - 1} classes cannot be told apart on a map.", hint=f"Use at most {MAX_CLASSES}."
        )
    return edges


def _labels(breaks: Sequence[float], language: Language, whole: bool) -> tuple[str, ...]:
    digits = max(digits_of(edge) for edge in breaks)
    texts = [language.number(edge, digits) for edge in breaks]
    labels = []
    for i in range(len(breaks) - 1):
        low, high, last = texts[i], texts[i + 1], i == len(breaks) - 2
        if whole and not last and math.isfinite(breaks[i + 1]):  # the last whole number below the next class
            high = language.number(breaks[i + 1] - 1, 0)
        if low == high:
            labels.append(low)
        elif math.isinf(breaks[i]) and math.isinf(breaks[i + 1]):
            labels.append(language.t("all values"))
        elif math.isinf(breaks[i]):
            labels.append(language.t("{high} and less" if last or whole else "less than {high}", high=high))
        elif math.isinf(breaks[i + 1]):
            labels.append(language.t("{low} and more", low=low))
        else:
            closed = last or whole
            labels.append(language.t("{low} to {high}" if closed else "{low} to < {high}", low=low, high=high))
    return tuple(labels)
