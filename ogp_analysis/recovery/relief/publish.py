"""What may be shown of a relief: counts too small to be shown are hidden, with the amounts that stand on them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from ogp_analysis.errors import ParameterError
from ogp_analysis.recovery.relief.benefit import relief_curve
from ogp_analysis.recovery.relief.deciles import DECILES
from ogp_analysis.recovery.relief.result import Relief, forgone_by, measures_by, timing_by
from ogp_analysis.stats.suppression import suppress_small, suppress_table

THRESHOLD = 5  # the least bills that a figure may stand on
INDICES = ["kakwani", "low", "high", "concentration", "gini_njop", "gini_without", "gini_with"]
EARLY = ["early_bills", "days_early", "mean_days_early"]
RELIEVED = ["relieved_bills", "due_with", "forgone", "percent"]
PAYMENT = ["paid_bills", "by_due_bills", "late_bills", "days_late", "mean_days_late", *EARLY]


@dataclass(frozen=True)
class Published:
    """The tables of a relief as they may be shown; a hidden figure is missing.

    Attributes
    ----------
    measures : DataFrame
        A measure: ``offered``, ``used``, ``take_up``, ``forgone``.
    years, kecamatan, deciles : DataFrame
        ``bills``, ``due_without``, ``relieved_bills``, ``due_with``, ``forgone``, ``percent`` (forgone,
        of what was due without relief); by tax year also the indices of
        :func:`~ogp_analysis.recovery.relief.benefit.benefit_by_year`.
    grid : DataFrame
        ``percent`` by kecamatan (rows) and decile of the NJOP (columns 1 to 10); empty if it cannot be protected.
    paid_by_year, paid_by_kecamatan : DataFrame
        Bills paid, by the due date (``by_due_bills``) and after it, with the mean days before and after it.
    curve : DataFrame
        From :func:`~ogp_analysis.recovery.relief.benefit.relief_curve`; empty if a decile is hidden.
    threshold : int
    """

    measures: pd.DataFrame
    years: pd.DataFrame
    kecamatan: pd.DataFrame
    deciles: pd.DataFrame
    grid: pd.DataFrame
    paid_by_year: pd.DataFrame
    paid_by_kecamatan: pd.DataFrame
    curve: pd.DataFrame
    threshold: int


def publish_relief(relief: Relief, benefit: pd.DataFrame, threshold: int = THRESHOLD) -> Published:
    """The tables that may be shown: no figure stands on 1 to ``threshold - 1`` bills.

    Counts of bills, and of bills that cost less through the measures, are hidden where they are small, and further
    ones where a total would tell them (:mod:`ogp_analysis.stats.suppression`); amounts, rates and indices go with
    the count they stand on. Measures are no parts of a total, so there only small counts themselves are hidden.

    Parameters
    ----------
    relief : Relief
    benefit : DataFrame
        From :func:`~ogp_analysis.recovery.relief.engine.assess_with_benefit`.
    threshold : int
        2 or more.

    Examples
    --------
    >>> from ogp_analysis.recovery.relief.example import example_benefit, example_relief
    >>> shown = publish_relief(example_relief(), example_benefit())
    >>> bool(shown.kecamatan["relieved_bills"].dropna().between(1, 4).any()), shown.grid.shape
    (False, (16, 10))
    """
    years, kecamatan, deciles = (
        _masked(_percent(forgone_by(relief, [name])), RELIEVED, threshold)
        for name in ("tax_year", "kecamatan", "njop_decile")
    )
    years = years.merge(benefit[["tax_year", *INDICES]], on="tax_year", validate="one_to_one")
    years.loc[years["forgone"].isna(), INDICES] = np.nan
    whole = deciles["forgone"].notna().all()
    return Published(
        _masked_measures(measures_by(relief, ["measure_id"]), threshold),
        years,
        kecamatan,
        deciles,
        _grid(relief, kecamatan, deciles, threshold),
        _masked_payment(timing_by(relief, ["tax_year"]), threshold),
        _masked_payment(timing_by(relief, ["kecamatan"]), threshold),
        relief_curve(relief) if whole else pd.DataFrame(),
        threshold,
    )


def _percent(frame: pd.DataFrame) -> pd.DataFrame:
    due = frame["due_without"].where(frame["due_without"] > 0)
    return frame.assign(percent=100 * frame["forgone"] / due)


def _hidden(counts: pd.Series, threshold: int) -> pd.Series:
    """Which counts of a list with a published total are hidden; all, if hiding some would not help."""
    try:
        return suppress_small(counts, threshold)["state"].isin(["small", "complement"])
    except ParameterError:
        return pd.Series(True, counts.index)


def _blank(frame: pd.DataFrame, rows: pd.Series, columns: Sequence[str]) -> pd.DataFrame:
    return frame.assign(**{name: frame[name].astype("Float64").mask(rows) for name in columns})


def _masked(frame: pd.DataFrame, relieved: list[str], threshold: int) -> pd.DataFrame:
    no_bills = _hidden(frame["bills"], threshold)
    no_relief = no_bills | _hidden(frame["relieved_bills"], threshold)
    return _blank(_blank(frame, no_bills, ["bills", "due_without"]), no_relief, relieved)


def _masked_measures(frame: pd.DataFrame, threshold: int) -> pd.DataFrame:
    few = {name: frame[name].between(1, threshold - 1) for name in ("offered", "used")}
    out = _blank(frame, few["offered"], ["offered"])
    return _blank(out, few["offered"] | few["used"], ["used", "take_up", "forgone"])


def _masked_payment(frame: pd.DataFrame, threshold: int) -> pd.DataFrame:
    """Paid bills are those paid by the due date and those paid later: all three lists are protected."""
    out = frame.assign(by_due_bills=frame["paid_bills"] - frame["late_bills"])
    hidden = pd.concat(
        [_hidden(out[name], threshold) for name in ("paid_bills", "by_due_bills", "late_bills")], axis=1
    )
    no_bills = _hidden(out["bills"], threshold)
    rows = no_bills | hidden.any(axis=1)
    early = rows | out["early_bills"].between(1, threshold - 1)
    return _blank(_blank(_blank(out, no_bills, ["bills"]), rows, PAYMENT), early, EARLY)


def _grid(relief: Relief, kecamatan: pd.DataFrame, deciles: pd.DataFrame, threshold: int) -> pd.DataFrame:
    cells = _percent(forgone_by(relief, ["kecamatan", "njop_decile"]))
    states = []
    for name in ("bills", "relieved_bills"):
        wide = cells.pivot_table(name, index="kecamatan", columns="njop_decile")
        counts = wide.reindex(columns=range(1, DECILES + 1)).fillna(0).astype("int64")
        try:
            states.append(suppress_table(counts, threshold))
        except ParameterError:
            return pd.DataFrame()
    percent = cells.pivot_table("percent", index="kecamatan", columns="njop_decile")
    percent = percent.reindex(index=states[0].index, columns=states[0].columns)
    for state in states:
        percent = percent.where(state == "shown")
    # what the lists hide, for whatever reason, the table does not tell
    gone = kecamatan.set_index("kecamatan")["forgone"].isna()
    percent = percent.mask(gone.reindex(percent.index), axis=0)
    hidden = deciles.set_index("njop_decile")["forgone"].isna().reindex(percent.columns)
    # by rows: pandas 2.2.0 cannot mask whole columns of some tables
    return percent.T.mask(hidden, axis=0).T
