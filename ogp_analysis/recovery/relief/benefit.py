"""Who had the relief: its spread over property values (NJOP), and how unequal bills were before and after it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from ogp_analysis.recovery.relief.kernel import Plan, effect_of
from ogp_analysis.recovery.relief.result import Relief, forgone_by
from ogp_analysis.recovery.relief.tally import PIECE
from ogp_analysis.sources.tax_roll.check import Bills, Checked
from ogp_analysis.sources.tax_roll.values import Array
from ogp_analysis.stats.inequality import gini
from ogp_analysis.stats.progressivity import kakwani

COLUMNS = ("tax_year", "bills", "forgone", "kakwani", "low", "high", "concentration", "gini_njop")
BILL_COLUMNS = ("gini_without", "gini_with")


def benefit_by_year(parts: Sequence[Checked], plan: Plan) -> pd.DataFrame:
    """Kakwani's index of the relief over NJOP, and the Gini of bills without and with it, one row a tax year.

    Every counted bill of a tax year is a unit, so no object counts more than once in a row. The index is
    ``concentration - gini_njop``: below zero, bills of low property values had more of the relief than in
    proportion to the value (:func:`~ogp_analysis.stats.progressivity.kakwani`). ``low`` and ``high`` tell how far
    it hangs on single bills; a roll is no sample.

    Parameters
    ----------
    parts : sequence of Checked
        From :func:`~ogp_analysis.recovery.relief.engine.read_parts`.
    plan : Plan

    Returns
    -------
    DataFrame
        ``tax_year``, ``bills``, ``forgone``, ``kakwani``, ``low``, ``high``, ``concentration``, ``gini_njop``,
        ``gini_without``, ``gini_with`` and ``state``. An index that does not exist, as without any relief, is
        missing.

    Examples
    --------
    >>> from ogp_analysis.recovery.relief.example import example_benefit
    >>> table = example_benefit()
    >>> bool((table["kakwani"] - (table["concentration"] - table["gini_njop"])).abs().max() < 1e-12)
    True
    """
    pieces = [_amounts(bills, plan) for part in parts for bills in _counted(part.bills)]
    state = "illustrative" if any(part.illustrative for part in parts) else "derived"
    rows = []
    if pieces:
        year, njop, without, due = (np.concatenate(each) for each in zip(*pieces, strict=True))
        for one in np.unique(year).tolist():
            here = year == one
            rows.append((one, *_indices(njop[here], without[here], due[here])))
    return pd.DataFrame(rows, columns=[*COLUMNS, *BILL_COLUMNS]).assign(state=state)


def _counted(bills: Bills) -> list[Bills]:
    own = bills.take(bills.reason == 0)
    return [own.take(slice(start, start + PIECE)) for start in range(0, len(own), PIECE)]


def _amounts(bills: Bills, plan: Plan) -> tuple[Array, Array, Array, Array]:
    effect = effect_of(bills, plan)
    return bills.year, bills.njop, effect.due_without, effect.due_with


def _indices(njop: Array, without: Array, due: Array) -> tuple[float, ...]:
    forgone = without - due
    index = kakwani(pd.Series(forgone), pd.Series(njop))
    before, after = gini(pd.Series(without)), gini(pd.Series(due))
    return (
        len(njop), int(forgone.sum()), index.value, index.low, index.high, index.concentration, index.gini,
        before.value, after.value,
    )  # fmt: skip


def relief_curve(relief: Relief) -> pd.DataFrame:
    """Points of the concentration curve of the relief, from the lowest tenth of property values upwards.

    The tenths are those of each tax year (``njop_decile``), so that values of different years are not mixed.

    Parameters
    ----------
    relief : Relief

    Returns
    -------
    DataFrame
        ``njop_decile``, ``bills``, ``forgone``, ``people_share`` (of the bills up to there) and ``outcome_share``
        (of the relief), from the origin on; empty if there was no relief.

    Examples
    --------
    >>> from ogp_analysis.recovery.relief.example import example_relief
    >>> curve = relief_curve(example_relief())
    >>> curve[["people_share", "outcome_share"]].iloc[[0, -1]].to_numpy().tolist()
    [[0.0, 0.0], [1.0, 1.0]]
    """
    sums = forgone_by(relief, ["njop_decile"]).set_index("njop_decile")[["bills", "forgone"]]
    if sums["forgone"].sum() == 0:
        return pd.DataFrame(columns=["njop_decile", "bills", "forgone", "people_share", "outcome_share"])
    out = pd.concat([pd.DataFrame({"bills": [0], "forgone": [0]}, index=[0]), sums]).rename_axis("njop_decile")
    upto = out.cumsum()
    return out.assign(
        people_share=upto["bills"] / upto["bills"].iloc[-1],
        outcome_share=upto["forgone"] / upto["forgone"].iloc[-1],
    ).reset_index()
