"""Missing values filled by a stated rule, or left missing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from ogp_analysis.errors import ParameterError
from ogp_analysis.stats.checks import matched, named
from ogp_analysis.stats.composite.data_check import numbers_of, one_of

Filling = Literal["none", "mean", "median", "group_mean", "group_median"]
METHODS = ("none", "mean", "median", "group_mean", "group_median")


@dataclass(frozen=True, eq=False)
class Imputed:
    """The table after filling.

    Attributes
    ----------
    data : DataFrame
        With the values filled in.
    filled : DataFrame
        True where a value was filled in.
    still_missing : DataFrame
        True where none could be: nobody in the group has a value.
    """

    data: pd.DataFrame
    filled: pd.DataFrame
    still_missing: pd.DataFrame


def impute(data: pd.DataFrame, method: Filling = "none", groups: pd.Series | None = None) -> Imputed:
    """Fill missing values of each indicator.

    ``none`` leaves them missing: aggregates then rest on what is known. ``mean`` and ``median`` take that of all
    units with a value, ``group_mean`` and ``group_median`` that of the units of the same group (OECD/JRC Handbook
    2008, step 3, unconditional imputation). Such values have no error of their own and make units look alike:
    results must say how many there are. A group without any value stays missing; no value is ever taken to be 0.

    Parameters
    ----------
    data : DataFrame
        Units by indicators.
    method : {"none", "mean", "median", "group_mean", "group_median"}
    groups : Series, optional
        The group of each unit, matched by label; needed by the last two.

    Returns
    -------
    Imputed

    Raises
    ------
    ParameterError
        If the method is not one of these, or groups are needed and a unit has none, or units differ.

    Examples
    --------
    >>> table = pd.DataFrame({"a": [1.0, None, 4.0, None]}, index=list("wxyz"))
    >>> impute(table, "group_mean", pd.Series(["p", "p", "q", "r"], index=list("wxyz"))).data["a"].tolist()
    [1.0, 1.0, 4.0, nan]
    """
    table = numbers_of(data)
    one_of(method, METHODS, "way to impute")
    missing = table.isna()
    if method == "none":
        return Imputed(table, missing & False, missing)
    median = method.endswith("median")
    if method.startswith("group"):
        if groups is None:
            raise ParameterError(f"'{method}' needs the groups.", hint="Give the group of each unit.")
        by = matched(pd.Series(0, index=table.index), groups, ("data", "groups"))
        if by.isna().any():
            raise ParameterError(
                f"No group is given for {named(by.index[by.isna()])}.", hint="Complete the groups."
            )
        parts = table.groupby(by.to_numpy(), observed=True)
        stand_in = parts.transform("median") if median else parts.transform("mean")
        values = stand_in.to_numpy()
    else:
        values = np.broadcast_to((table.median() if median else table.mean()).to_numpy(), table.shape)
    result = table.where(~missing, pd.DataFrame(values, index=table.index, columns=table.columns))
    return Imputed(result, missing & result.notna(), result.isna())
