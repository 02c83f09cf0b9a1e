"""One scale for all indicators, on which more is better: here, and only here, directions are turned."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Literal

import numpy as np
import pandas as pd

from ogp_analysis.errors import ParameterError
from ogp_analysis.stats.checks import Floats, named
from ogp_analysis.stats.composite import scales
from ogp_analysis.stats.composite.data_check import by_indicator, need_known, need_varied, numbers_of, one_of
from ogp_analysis.stats.composite.structure import Structure

Scale = Literal[
    "minmax", "zscore", "percentile", "rank", "borda", "target", "unit", "maximum", "fraction", "goalposts", "none"
]
#: Which settings each scale takes, and those it needs.
TAKES: dict[str, tuple[set[str], set[str]]] = {
    "minmax": ({"low", "high"}, set()),
    "zscore": ({"mean", "sd"}, set()),
    "percentile": (set(), set()),
    "rank": (set(), set()),
    "borda": (set(), set()),
    "target": ({"target", "cap"}, {"target"}),
    "unit": ({"unit", "cap"}, {"unit"}),
    "maximum": (set(), set()),
    "fraction": (set(), set()),
    "goalposts": ({"bottom", "top", "low", "high", "log", "cap"}, {"bottom", "top"}),
    "none": (set(), set()),
}
SCALES: dict[str, Callable[..., Floats]] = {
    "minmax": scales.minmax,
    "zscore": scales.zscore,
    "percentile": scales.percentile,
    "rank": scales.plain_rank,
    "borda": scales.borda,
    "target": scales.target,
    "unit": scales.target,
    "maximum": scales.maximum,
    "fraction": scales.fraction,
    "goalposts": scales.goalposts,
    "none": scales.unchanged,
}
#: Scales that say nothing if all units are equal.
NEED_RANGE = ("minmax", "zscore", "maximum", "percentile")


def normalise(
    data: pd.DataFrame,
    structure: Structure,
    method: Scale = "minmax",
    own: Mapping[str, Mapping[str, Any]] | None = None,
    reference: pd.DataFrame | None = None,
    **settings: Any,
) -> pd.DataFrame:
    """Bring every indicator to one scale, turned so that more is better.

    With y = d x, d the direction, and min, max, mean and sd those of the reference (OECD/JRC Handbook 2008, step
    5, normalisation of data):

    - ``minmax``: ``low + (high - low) (y - min) / (max - min)``; 0 to 100 if not given. Take ``low=1`` for
      geometric and harmonic means, which know no zero.
    - ``zscore``: ``mean + sd (y - mean_y) / sd_y``, with n - 1; 0 and 1 if not given. ``mean=100, sd=10`` is the
      scale of the Mazziotta-Pareto index.
    - ``percentile``: ``(rank - 1) / (n - 1)``, ``rank``: 1 for the worst, and ``borda``: ``rank - 1``; equals
      share the lower rank.
    - ``target``: ``(y - min) / (d target - min)``, 1 is the target; ``cap=True`` gives no more than 1.
    - ``unit``: the same with the value of a unit, named by its label, as the target of each indicator.
    - ``maximum``: ``1 - (max - y) / (max - min)``, the distance to the best.
    - ``fraction``: ``x / max``, for indicators of which more is better and some value is above 0.
    - ``goalposts``: ``low + (high - low) (x - bottom) / (top - bottom)`` between fixed values ``bottom`` and
      ``top``, in the indicator's own unit, 0 to 1 if not given, and turned if d = -1; ``cap=True`` (the rule) cuts
      values beyond the posts; ``log=True`` takes logarithms of value and posts, as the human development index
      does for income (UNDP, *Technical notes*, note 1).
    - ``none``: y itself.

    A missing value stays missing.

    Parameters
    ----------
    data : DataFrame
        Units by indicators.
    structure : Structure
        Gives the directions.
    method : str
        One of the above.
    own : mapping of code to mapping, optional
        For some indicators, ``{"income": {"method": "goalposts", "bottom": 100, "top": 75000, "log": True}}``;
        these take nothing over from the common settings.
    reference : DataFrame, optional
        Where min, max, mean, sd and ranks come from, if not from the data: all periods, or a first one.
    **settings
        ``low``, ``high``, ``mean``, ``sd``, ``target``, ``unit``, ``bottom``, ``top``, ``cap``, ``log``.

    Returns
    -------
    DataFrame
        The indicators of the structure, in its order.

    Raises
    ------
    ParameterError
        If an indicator has no value, or none that differ where the scale needs it (they are named); or a setting
        is unknown, missing or impossible.

    Examples
    --------
    >>> from ogp_analysis.stats.composite.structure import small_structure
    >>> table = pd.DataFrame({"c": [5, 10, 7], "b": [1, 2, None], "a": [0, 1, 4]}, index=list("xyz"))
    >>> normalise(table, small_structure()).round(1).to_numpy().tolist()  # less of c is better
    [[0.0, 0.0, 100.0], [25.0, 100.0, 0.0], [100.0, nan, 60.0]]
    """
    table = numbers_of(data, structure.indicators)
    need_known(table)
    base = table if reference is None else numbers_of(reference, structure.indicators, "reference")
    need_known(base, "reference")
    chosen = _choose(structure, {"method": method, **settings}, by_indicator(own, structure.indicators))
    flat = [code for code, one in chosen.items() if one["method"] in NEED_RANGE]
    need_varied(base[flat], "this scale then says nothing")
    x, ref = table.to_numpy(), base.to_numpy()
    result = np.empty_like(x)
    directions = structure.directions.to_numpy()
    for at, code in enumerate(table.columns):
        one = {name: value for name, value in chosen[code].items() if name != "method"}
        known = np.sort(ref[~np.isnan(ref[:, at]), at])  # so that not even rounding depends on the order of units
        try:
            if "unit" in one:
                one["target"] = _value_of(base[code], one.pop("unit"))
            result[:, at] = SCALES[chosen[code]["method"]](x[:, at], known, directions[at], **one)
        except ParameterError as error:
            raise ParameterError(f"Indicator '{code}': {error.message}", hint=error.hint) from None
    return pd.DataFrame(result, index=table.index, columns=table.columns)


def _value_of(column: pd.Series, unit: Any) -> float:
    if unit not in column.index:
        raise ParameterError(f"There is no unit {named([unit])}.", hint="Give a label of the table's index.")
    value = float(column[unit])
    if np.isnan(value):
        raise ParameterError(f"The unit {named([unit])} has no value.", hint="Choose one that has every value.")
    return value


def _choose(
    structure: Structure, common: dict[str, Any], own: Mapping[str, Mapping[str, Any]]
) -> dict[str, dict[str, Any]]:
    chosen = {code: dict(own.get(code, common)) for code in structure.indicators}
    for code, one in chosen.items():
        if "method" not in one:
            raise ParameterError(f"'own' gives no method for '{code}'.", hint="Write {'method': 'minmax', ...}.")
        name = one_of(one["method"], SCALES, "way to normalise")
        takes, needs = TAKES[name]
        for setting in set(one) - {"method"}:
            one_of(setting, takes, f"setting of '{name}'")
        lacking = sorted(needs - set(one))
        if lacking:
            raise ParameterError(f"'{name}' of '{code}' needs {named(lacking)}.", hint="Give it by 'own'.")
    return chosen
