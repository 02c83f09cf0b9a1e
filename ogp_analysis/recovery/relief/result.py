"""What relief did, by kecamatan, NJOP decile, tax year and measure; nothing in the tables tells whose bill."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from ogp_analysis.errors import ParameterError, nearest
from ogp_analysis.recovery.relief.deciles import DECILES
from ogp_analysis.recovery.relief.fines import FineRule
from ogp_analysis.recovery.relief.tally import BILLS, MEASURES, Cells, Tally
from ogp_analysis.recovery.relief.terms import ReliefTerms

KEYS = ["kecamatan", "njop_decile", "tax_year"]


@dataclass(frozen=True)
class Relief:
    """The relief that a city's measures gave to the bills of a roll.

    Attributes
    ----------
    cells : DataFrame
        By ``kecamatan`` (three digits of the NOP), ``njop_decile`` (1 to 10, within the tax year) and
        ``tax_year``: counts of bills and of those that cost less through the measures, rupiah due with them and
        without any, rupiah paid, fines inside them, and days before and after the due date.
    measures : DataFrame
        By the same and ``measure_id``: bills to which it was ``offered``, by which it was ``used``, rupiah
        ``forgone`` because of it, all other measures in place.
    bounds : DataFrame
        By tax year and decile: the highest NJOP in it; the tenth has none.
    rows_read, layout_lines : int
        Rows in the roll, and lines that are no rows; ``rows_read`` is bills counted plus rows excluded.
    exclusions, excluded : DataFrame
        Rows by reason; the first of them under each, with the NOP masked.
    terms : ReliefTerms
        Applied, and not applied with why.
    state : str
        ``illustrative`` if any part of the roll is made up, else ``derived``; it belongs on every figure.
    """

    cells: pd.DataFrame
    measures: pd.DataFrame
    bounds: pd.DataFrame
    rows_read: int
    layout_lines: int
    exclusions: pd.DataFrame
    excluded: pd.DataFrame
    terms: ReliefTerms
    as_of: date
    fine: FineRule
    state: str

    def totals(self) -> pd.Series:
        """Everything that was counted; ``forgone`` is the joint effect of all measures."""
        out = self.cells[list(BILLS)].sum()
        out["forgone"] = out["due_without"] - out["due_with"]
        return out


def as_frames(tally: Tally, cells: Cells, terms: ReliefTerms, state: str) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The sums as tables, groups without a bill left out."""
    index = pd.MultiIndex.from_product(
        [[f"{code:03d}" for code in cells.kecamatan], range(1, DECILES + 1), list(cells.bounds)], names=KEYS
    )
    own = pd.DataFrame(dict(zip(BILLS, tally.bills, strict=True)), index=index)
    full = own["bills"].to_numpy() > 0
    parts = []
    for measure, sums in zip(terms.measures, tally.measures, strict=True):
        frame = pd.DataFrame(dict(zip(MEASURES, sums, strict=True)), index=index)[full].reset_index()
        frame.insert(len(KEYS), "measure_id", measure)
        parts.append(frame)
    columns = [*KEYS, "measure_id", *MEASURES]
    measures = pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=columns)
    return own[full].reset_index().assign(state=state), measures.assign(state=state)


def bounds_frame(cells: Cells) -> pd.DataFrame:
    """The highest NJOP of each decile but the last."""
    years = np.repeat(list(cells.bounds), DECILES - 1)
    return pd.DataFrame(
        {
            "tax_year": years,
            "njop_decile": np.tile(np.arange(1, DECILES), len(cells.bounds)),
            "njop_highest": np.concatenate(list(cells.bounds.values())),
        }
    )


def _grouped(frame: pd.DataFrame, by: list[str], columns: list[str]) -> pd.DataFrame:
    for name in by:
        if name not in frame or name in columns:
            keys = [key for key in (*KEYS, "measure_id") if key in frame]
            raise ParameterError(f"There are no sums by {name!r}.", hint=nearest(name, keys))
    return frame.groupby([*by, "state"], as_index=False)[columns].sum()


def forgone_by(relief: Relief, by: list[str]) -> pd.DataFrame:
    """Revenue forgone through all measures together.

    ``forgone = due_without - due_with``, with all measures in place or none. A cut that does not hang on the
    payment counts for unpaid bills, too.

    Parameters
    ----------
    relief : Relief
    by : list of str
        Of ``kecamatan``, ``njop_decile``, ``tax_year``.

    Returns
    -------
    DataFrame
        ``by``, ``state``, ``bills``, ``due_without``, ``due_with``, ``relieved_bills`` (less due with the measures
        than without), ``forgone``.

    Examples
    --------
    >>> from ogp_analysis.recovery.relief.example import example_relief
    >>> relief = example_relief()
    >>> bool(forgone_by(relief, ["kecamatan"])["forgone"].sum() == relief.totals()["forgone"])
    True
    """
    out = _grouped(relief.cells, by, ["bills", "due_without", "due_with", "relieved_bills"])
    return out.assign(forgone=out["due_without"] - out["due_with"])


def measures_by(relief: Relief, by: list[str]) -> pd.DataFrame:
    """Take-up of each measure and revenue forgone through it, all other measures in place.

    ``take_up = used / offered``; missing where it was offered to nobody. Offered means: the bill is for the
    measure's tax years, values and uses, was unpaid when the measure began and issued before it ended, and, for a
    waiver of fines, fell due before it ended. A measure that does not hang on the payment is used wherever it is
    offered. The measures' ``forgone`` do not add up to the joint figure where two meet in one bill.

    Parameters
    ----------
    relief : Relief
    by : list of str
        Of ``measure_id``, ``kecamatan``, ``njop_decile``, ``tax_year``.

    Examples
    --------
    >>> from ogp_analysis.recovery.relief.example import example_relief
    >>> measures_by(example_relief(), ["measure_id"])["state"].unique().tolist()
    ['illustrative']
    """
    out = _grouped(relief.measures, by, list(MEASURES))
    return out.assign(take_up=out["used"] / out["offered"].where(out["offered"] > 0))


def timing_by(relief: Relief, by: list[str]) -> pd.DataFrame:
    """How early or late bills were paid: counts, and mean days before and after the due date.

    Bills paid on the due date itself are in neither count. Means are missing where there is no such bill.

    Parameters
    ----------
    relief : Relief
    by : list of str
        Of ``kecamatan``, ``njop_decile``, ``tax_year``.
    """
    columns = ["bills", "paid_bills", "early_bills", "days_early", "late_bills", "days_late"]
    out = _grouped(relief.cells, by, columns)
    for name in ("early", "late"):
        count = out[f"{name}_bills"]
        out[f"mean_days_{name}"] = out[f"days_{name}"] / count.where(count > 0)
    return out
