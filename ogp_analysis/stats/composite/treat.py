"""Outliers: winsorised, or the whole indicator transformed, if skewness and kurtosis are both too large."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from ogp_analysis.stats.checks import Floats
from ogp_analysis.stats.composite.data_check import by_indicator, numbers_of, one_of, within
from ogp_analysis.stats.composite.moments import column_moments

Curve = Literal["none", "log", "log_mirrored", "boxcox"]
CURVES = ("none", "log", "log_mirrored", "boxcox")
#: Share of the range that keeps the lowest value (mirrored, the highest) above zero under the logarithm.
LIFT = 0.01
SETTINGS = ("skewness", "kurtosis", "winsorise", "otherwise", "power", "always", "combined")


@dataclass(frozen=True, eq=False)
class Treated:
    """The table after treatment.

    Attributes
    ----------
    data : DataFrame
    table : DataFrame
        One row an indicator: ``n``, ``skewness`` and ``kurtosis`` before, ``how`` (``kept``, ``winsorised``,
        ``log``, ``log_mirrored`` or ``boxcox``), ``cells`` changed by winsorising, ``skewness_after``,
        ``kurtosis_after`` and ``passes``. Fewer than four values, or equal ones, cannot be judged: ``how`` is then
        ``not_judged``.
    """

    data: pd.DataFrame
    table: pd.DataFrame


def treat(
    data: pd.DataFrame,
    skewness: float = 2.0,
    kurtosis: float = 3.5,
    winsorise: int = 5,
    otherwise: Curve = "log",
    power: float = 0.0,
    always: bool = False,
    combined: bool = False,
    own: Mapping[str, Mapping[str, Any]] | None = None,
) -> Treated:
    """Treat outliers of each indicator, if it has any.

    An indicator fails if its skewness is at least ``skewness`` in size *and* its excess kurtosis at least
    ``kurtosis`` (:func:`~ogp_analysis.stats.composite.moments.moments`). Then its largest value (its smallest, if
    skewness is negative) is set to the next one, again and again, until it passes or ``winsorise`` cells are
    changed; equal values move together, so that ties may exceed the limit. If it still fails, the *untreated*
    indicator is transformed as a whole: ``log`` is ``ln(x - min + a)`` with ``a = 0.01 (max - min)``;
    ``log_mirrored`` is the same if skewness is positive, and ``-ln(max + a - x)`` if not, since ``log`` draws a
    long tail of *low* values out further; ``boxcox`` is ``(y^p - 1) / p`` of ``y = x - min + 1``, and ``ln(y)``
    for p = 0. All keep the order of units. The rule is that of the JRC (W. Becker and others, COINr, *JOSS*
    7(78), 2022, 4567; OECD/JRC Handbook 2008, step 3), the transformation that of G. E. P. Box and D. R. Cox,
    *JRSS B* 26, 1964, 211-252.

    Parameters
    ----------
    data : DataFrame
        Units by indicators.
    skewness, kurtosis : float
        The limits.
    winsorise : int
        The most cells to change; 0 goes straight to ``otherwise``.
    otherwise : {"log", "log_mirrored", "boxcox", "none"}
    power : float
        p of Box-Cox.
    always : bool
        Transform by ``otherwise`` without looking at the limits.
    combined : bool
        Transform the winsorised values instead of the untreated ones.
    own : mapping of code to mapping, optional
        Other settings for some indicators: ``{"area": {"winsorise": 0}}``;
        ``{"otherwise": "none", "winsorise": 0}`` leaves one alone.

    Returns
    -------
    Treated

    Raises
    ------
    ParameterError
        If a setting cannot be used, or ``own`` names an indicator that is not there.

    Examples
    --------
    >>> found = treat(pd.DataFrame({"a": [*range(1, 11), 100]}))
    >>> found.data["a"].tolist()[-2:], found.table.at["a", "how"], int(found.table.at["a", "cells"])
    ([10.0, 10.0], 'winsorised', 1)
    """
    table = numbers_of(data)
    common = {
        "skewness": skewness,
        "kurtosis": kurtosis,
        "winsorise": winsorise,
        "otherwise": otherwise,
        "power": power,
        "always": always,
        "combined": combined,
    }
    codes = table.columns.tolist()
    single = by_indicator(own, codes)
    settings = {code: _settings({**common, **single.get(code, {})}, code) for code in codes}
    x = table.to_numpy()
    values = x.copy()
    before = column_moments(x)
    how, cells = [], []
    for at, code in enumerate(codes):
        chosen = settings[code]
        judged = not np.isnan(before[0][at] + before[1][at])
        fails = judged and abs(before[0][at]) >= chosen["skewness"] and before[1][at] >= chosen["kurtosis"]
        column, changed, passes = x[:, at], np.zeros(len(x), bool), not fails
        if fails and not chosen["always"]:
            column, changed, passes = winsorised(column, chosen)
        name = "winsorised" if changed.any() else "kept" if judged else "not_judged"
        if (not passes or (chosen["always"] and judged)) and chosen["otherwise"] != "none":
            name = str(chosen["otherwise"])
            if not chosen["combined"]:
                column, changed = x[:, at], np.zeros(len(x), bool)
            column = _curved(column, chosen)
        values[:, at] = column
        how.append(name)
        cells.append(int(changed.sum()))
    after = column_moments(values)
    limits = np.array([[one["skewness"], one["kurtosis"]] for one in settings.values()]).reshape(-1, 2).T
    with np.errstate(invalid="ignore"):
        passes = ~((np.abs(after[0]) >= limits[0]) & (after[1] >= limits[1]))
    facts = {
        "n": before[2].astype(int),
        "skewness": before[0],
        "kurtosis": before[1],
        "how": how,
        "cells": cells,
        "skewness_after": after[0],
        "kurtosis_after": after[1],
        "passes": passes,
    }
    return Treated(
        pd.DataFrame(values, index=table.index, columns=table.columns), pd.DataFrame(facts, index=table.columns)
    )


def winsorised(x: Floats, chosen: Mapping[str, Any]) -> tuple[Floats, npt.NDArray[np.bool_], bool]:
    """Values with the ends drawn in, which ones changed, and whether the indicator passes now."""
    column, changed = x.copy(), np.zeros(len(x), bool)
    while True:
        (skew,), (kurt,), _ = column_moments(column[:, None])
        if np.isnan(skew):
            return column, changed, True
        if not (abs(skew) >= chosen["skewness"] and kurt >= chosen["kurtosis"]):
            return column, changed, True
        if changed.sum() >= chosen["winsorise"]:
            return column, changed, False
        end = np.nanmax(column) if skew >= 0 else np.nanmin(column)
        there = column == end
        rest = column[~there & ~np.isnan(column)]
        column[there] = rest.max() if skew >= 0 else rest.min()
        changed |= there


def _curved(x: Floats, chosen: Mapping[str, Any]) -> Floats:
    low, high = np.nanmin(x), np.nanmax(x)
    lift = LIFT * (high - low)
    if chosen["otherwise"] == "log_mirrored" and not column_moments(x[:, None])[0][0] > 0:
        return np.asarray(-np.log(high + lift - x))
    if chosen["otherwise"] in ("log", "log_mirrored"):
        return np.asarray(np.log(x - low + lift))
    y = x - low + 1.0
    power = chosen["power"]
    return np.asarray(np.log(y) if power == 0 else (y**power - 1) / power)


def _settings(chosen: dict[str, Any], code: str) -> dict[str, Any]:
    for name in chosen:
        one_of(name, SETTINGS, f"setting of '{code}'")
    within(chosen["skewness"], 0, np.inf, "skewness")
    within(chosen["kurtosis"], -2, np.inf, "kurtosis")
    within(chosen["winsorise"], 0, np.inf, "winsorise")
    within(chosen["power"], -5, 5, "power")
    one_of(chosen["otherwise"], CURVES, "way to transform")
    return chosen
