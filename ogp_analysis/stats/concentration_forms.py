"""The forms of the concentration index, and what each asks of its input."""

from __future__ import annotations

from typing import Literal, get_args

import pandas as pd

from ogp_analysis.errors import ParameterError, nearest
from ogp_analysis.stats.amounts import amounts, shares_of
from ogp_analysis.stats.checks import Floats, matched, named, need_level
from ogp_analysis.stats.ranked import LABELS, Ranked

Form = Literal["standard", "generalised", "erreygers", "wagstaff"]
BOUNDED = ("erreygers", "wagstaff")


def inputs_of(
    outcome: pd.Series,
    rank_by: pd.Series,
    weights: pd.Series | None,
    names: tuple[str, str, str],
    form: Form,
    bounds: tuple[float, float] | None,
    level: float,
) -> tuple[Floats, Floats, Floats]:
    """Outcome, rank variable and weights as arrays in one order, checked.

    Raises
    ------
    ParameterError
        If labels differ, a value is missing, negative where it must not be, or outside the bounds.
    """
    need_level(level)
    if form not in get_args(Form):
        raise ParameterError(f"There is no form {form!r}.", hint=nearest(str(form), get_args(Form)))
    if (bounds is not None) != (form in BOUNDED):
        told = "needs bounds" if form in BOUNDED else "takes no bounds"
        raise ParameterError(f"The {form} form {told}.", hint="Bounds go with erreygers and wagstaff: (0, 1).")
    x = amounts(matched(outcome, rank_by, names[:2]), names[1])
    below = "Use form='generalised', which takes negative values."
    h = amounts(outcome, names[0], negative=form != "standard", below=below)
    if bounds is not None:
        low, high = bounds
        if not low < high:
            raise ParameterError(f"{low:g} to {high:g} are no bounds.", hint="Give the lower one first.")
        outside = (h < low) | (h > high)
        if outside.any():
            raise ParameterError(
                f"'{names[0]}' is outside {low:g} to {high:g} for: {named(outcome.index[outside])}.",
                hint="Correct the values or the bounds.",
            )
    return h, x, shares_of(weights, outcome, (names[0], names[2]))


def value_of(order: Ranked, form: Form, bounds: tuple[float, float] | None) -> tuple[float, float, float] | str:
    """Value of a form and its derivatives by gap and by mean; or why there is none.

    Examples
    --------
    >>> import numpy as np
    >>> from ogp_analysis.stats.ranked import ranked
    >>> order = ranked(np.array([1.0, 3.0]), np.array([1.0, 2.0]), np.full(2, 0.5))
    >>> value_of(order, "standard", None)
    (0.25, 0.5, -0.125)
    """
    gap, mean = order.gap, order.mean
    if order.ranks < 2:
        return LABELS["same_rank"]
    if form == "generalised":
        return gap, 1.0, 0.0
    if bounds is None:
        if mean == 0:
            return LABELS["nothing"]
        return gap / mean, 1 / mean, -gap / mean**2
    low, high = bounds
    if form == "erreygers":
        return 4 * gap / (high - low), 4 / (high - low), 0.0
    room = (high - mean) * (mean - low)
    if room <= 0:
        return LABELS["at_bound"]
    factor = (high - low) / room
    return factor * gap, factor, -factor * gap * (high + low - 2 * mean) / room
