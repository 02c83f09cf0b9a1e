"""Since when each row's place has the measure, from a group and its periods or from the state in each period."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from ogp_analysis.errors import ParameterError
from ogp_analysis.stats.checks import named
from ogp_analysis.stats.effects.columns import NEVER, constant_within, indicator


@dataclass(frozen=True)
class Columns:
    """Which column of a tidy table is what.

    Attributes
    ----------
    outcome : str
    unit : str or None
        None for repeated cross-sections: other people or things in each period.
    time : str or None
        Needed unless ``treated`` and ``post`` say it all.
    treated_from : str or None
        First period with the measure; empty, infinity, or 0 where all periods are above 0, mean never.
    treated : str or None
        With ``post``: whether the row belongs to the group that gets the measure. Without: whether the unit has
        the measure in that period.
    post : str or None
        Whether the period lies after the start.
    cluster : str or None
        What shares its shocks; the unit if not given.
    covariates : tuple of str

    Examples
    --------
    >>> Columns("rate", unit="code", time="year", treated_from="since").treated is None
    True
    """

    outcome: str
    unit: str | None = None
    time: str | None = None
    treated_from: str | None = None
    treated: str | None = None
    post: str | None = None
    cluster: str | None = None
    covariates: tuple[str, ...] = ()

    @property
    def names(self) -> list[str | None]:
        """The columns that must each be another."""
        return [self.outcome, self.unit, self.time, self.treated_from, self.treated, self.post, *self.covariates]


def from_groups(
    table: pd.DataFrame, columns: Columns, rows: pd.DataFrame, times: pd.Index, units: pd.Index | None
) -> None:
    """Start of the treated group: the first period that is marked as after."""
    group = indicator(table[columns.treated], str(columns.treated))
    if units is not None:
        constant_within(
            group, rows["unit"].to_numpy(), units, str(columns.treated), "unit",
            "With post, treated is the group and never changes; without post, it is the state in each period.",
        )  # fmt: skip
    post = indicator(table[columns.post], str(columns.post))
    constant_within(
        post, rows["time"].to_numpy(), times, str(columns.post), "period",
        "A period lies before the start or after it, for all rows; give treated_from where starts differ.",
    )  # fmt: skip
    by_time = pd.Series(post, index=rows["time"]).groupby(level=0).first().sort_index()
    if by_time.isna().any():
        missing = times[int(by_time.index[by_time.isna().to_numpy()][0])]
        raise ParameterError(f"'{columns.post}' is missing in period {missing}.", hint="Write 0 or 1.")
    if (by_time.diff() < 0).any():
        back = times[int(by_time.index[(by_time.diff() < 0).to_numpy()][0])]
        raise ParameterError(
            f"'{columns.post}' goes back to 0 in period {back}.",
            hint="A measure that ends needs a comparison of its own: leave out the periods after its end.",
        )
    # with no period after, the start lies beyond the last one
    start = int(by_time.index[(by_time == 1).to_numpy()][0]) if (by_time == 1).any() else len(times)
    rows["start"] = np.where(np.isnan(group), NEVER - 1, np.where(group == 1, start, NEVER))


def from_status(table: pd.DataFrame, columns: Columns, rows: pd.DataFrame, units: pd.Index | None) -> set[int]:
    """Start of each unit: its first period with the measure. Returns units whose start may be earlier."""
    if units is None:
        raise ParameterError(
            "Without unit, treated does not say when a group started.",
            hint="Give post as well, or treated_from instead of treated.",
        )
    status = indicator(table[columns.treated], str(columns.treated))
    ordered = rows.assign(status=status).sort_values(["unit", "time"])
    known = ordered.dropna(subset="status")
    ended = known.groupby("unit")["status"].diff() < 0
    if ended.any():
        first = known[ended].iloc[0]
        raise ParameterError(
            f"'{columns.treated}' goes back to 0 for unit {named([units[int(first['unit'])]])}, row "
            f"{named([first['label']])}.",
            hint="A measure that ends needs a comparison of its own: leave out the periods after its end.",
        )
    on = known[known["status"] == 1].groupby("unit")["time"].min()
    rows["start"] = rows["unit"].map(on).fillna(NEVER).astype(np.int64)
    off = known[known["status"] == 0].groupby("unit")["time"].max()
    last_off = on.index.to_series().map(off)
    uncertain = {int(unit) for unit in on.index[(on - last_off > 1).to_numpy()]}
    unknown = pd.Series(np.isnan(status), index=rows.index)
    rows.loc[unknown, "start"] = NEVER - 1
    return uncertain
