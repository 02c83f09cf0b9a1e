"""Which units have enough data to be scored."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from ogp_analysis.errors import ParameterError
from ogp_analysis.stats.checks import named
from ogp_analysis.stats.composite.data_check import need_list, numbers_of, within
from ogp_analysis.stats.composite.means import DUST


@dataclass(frozen=True, eq=False)
class Screened:
    """The units kept, and why the others were not.

    Attributes
    ----------
    data : DataFrame
        The rows of the units kept.
    table : DataFrame
        One row a unit: ``missing``, ``zeros``, ``known`` (share of cells with a value), ``not_zero`` (share of
        these that are not zero), ``kept`` and ``reason``: ``enough``, ``few_values``, ``many_zeros``, ``given_in``
        or ``given_out``.
    """

    data: pd.DataFrame
    table: pd.DataFrame


def screen(
    data: pd.DataFrame,
    known: float = 2 / 3,
    not_zero: float = 0.0,
    keep: Sequence[str] = (),
    drop: Sequence[str] = (),
) -> Screened:
    """Keep the units with enough values.

    A unit stays if the share of its cells that have a value is at least ``known`` and, of these, the share that is
    not zero is at least ``not_zero`` (OECD/JRC, *Handbook on Constructing Composite Indicators*, 2008, step 2,
    data selection; the two rules are COINr's). A unit without any value never stays by rule.

    Parameters
    ----------
    data : DataFrame
        Units by indicators.
    known, not_zero : float
        From 0 to 1.
    keep, drop : sequence of labels
        Units that stay, or go, whatever their data.

    Returns
    -------
    Screened

    Raises
    ------
    ParameterError
        If a share is not from 0 to 1, a unit of ``keep`` or ``drop`` is not there or in both, or nobody is left.

    Examples
    --------
    >>> found = screen(pd.DataFrame({"a": [1, None], "b": [0, None], "c": [5, 2]}, index=["x", "y"]))
    >>> found.data.index.tolist(), found.table.at["y", "reason"]
    (['x'], 'few_values')
    """
    table = numbers_of(data)
    within(known, 0, 1, "known")
    within(not_zero, 0, 1, "not_zero")
    for units, name in ((keep, "keep"), (drop, "drop")):
        need_list(units, name)
        unknown = [unit for unit in units if unit not in table.index]
        if unknown:
            raise ParameterError(f"'{name}' names units that are not there: {named(unknown)}.", hint="Correct it.")
    both = [unit for unit in keep if unit in set(drop)]
    if both:
        raise ParameterError(f"To keep and to drop: {named(both)}.", hint="Name each unit once.")
    missing, zeros = table.isna().sum(axis=1), (table == 0).sum(axis=1)
    present = table.shape[1] - missing
    facts = pd.DataFrame({"missing": missing, "zeros": zeros, "known": present / max(table.shape[1], 1)})
    facts["not_zero"] = 1 - zeros / present.where(present > 0)
    reason = pd.Series("enough", index=table.index)
    reason[facts["not_zero"] < not_zero - DUST] = "many_zeros"
    reason[(facts["known"] < known - DUST) | (present == 0)] = "few_values"
    reason[table.index.isin(list(keep))] = "given_in"
    reason[table.index.isin(list(drop))] = "given_out"
    facts["kept"] = reason.isin(["enough", "given_in"])
    facts["reason"] = reason
    if not facts["kept"].any():
        raise ParameterError("No unit has enough values.", hint="Lower 'known', or use other indicators.")
    return Screened(table[facts["kept"].to_numpy()], facts)
