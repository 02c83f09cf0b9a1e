"""What an estimate says, with everything it rests on."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass, field

import pandas as pd

from ogp_analysis.stats.effects.notes import LeftOut, Note
from ogp_analysis.stats.effects.obstacles import Identification


@dataclass(frozen=True, kw_only=True, eq=False)
class Effect:
    """One estimate, or why there is none.

    Attributes
    ----------
    method : str
        ``two_groups``, ``two_way``, ``event_study``, ``group_time``, ``series``, ``placebo_in_time``,
        ``placebo_in_space``.
    outcome : str
    identification : Identification
        Counts, obstacles, cautions and rows left out.
    estimate, standard_error, low, high, p : float or None
        None where the data cannot tell.
    level : float
        Of the interval from ``low`` to ``high``.
    errors : str
        ``heteroskedastic``, ``cluster``, ``wild_cluster``, ``influence``, ``newey_west``, ``permutation``; empty
        without an estimate.
    pre_trend_p : float or None
        Probability of differences as large as those before the measure if both groups moved alike.
    """

    method: str
    outcome: str
    identification: Identification
    estimate: float | None = None
    standard_error: float | None = None
    low: float | None = None
    high: float | None = None
    p: float | None = None
    level: float = 0.95
    errors: str = ""
    pre_trend_p: float | None = None

    @property
    def can_tell(self) -> bool:
        """Whether there is an estimate."""
        return self.identification.can_tell

    @property
    def reason(self) -> str:
        """Why there is none, in English; else empty."""
        return self.identification.reason

    @property
    def needed(self) -> tuple[str, ...]:
        """Which data would make it possible, in English."""
        return self.identification.needed

    @property
    def within_chance(self) -> bool | None:
        """Whether no effect is among what the figures leave open; None without an estimate."""
        return None if self.p is None else self.p > 1 - self.level

    @property
    def n(self) -> int:
        """Rows used."""
        return self.identification.n

    @property
    def units(self) -> int | None:
        """Units used; None in repeated cross-sections."""
        return self.identification.units

    @property
    def clusters(self) -> int | None:
        """Independent groups of rows; None where each row stands alone."""
        return self.identification.clusters

    @property
    def periods(self) -> tuple[Hashable, ...]:
        """Periods with figures of both groups."""
        return self.identification.periods_before + self.identification.periods_after

    @property
    def left_out(self) -> tuple[LeftOut, ...]:
        """Rows not used, each with its reason."""
        return self.identification.left_out

    @property
    def cautions(self) -> tuple[Note, ...]:
        """What to bear in mind."""
        return self.identification.cautions


@dataclass(frozen=True, kw_only=True, eq=False)
class EventStudy(Effect):
    """Estimates by distance from the start; ``estimate`` is their mean from the start on.

    Attributes
    ----------
    table : DataFrame
        One row an event time, in periods from the start: ``estimate``, ``standard_error``, ``low``, ``high``,
        ``p``, ``reference``.
    """

    table: pd.DataFrame = field(default_factory=pd.DataFrame)


@dataclass(frozen=True, kw_only=True, eq=False)
class Aggregate(Effect):
    """A mean of effects by group and period.

    Attributes
    ----------
    kind : str
        ``simple``, ``dynamic``, ``group`` or ``calendar``.
    table : DataFrame
        One row an event time, group or period; empty for ``simple``.
    """

    kind: str = "simple"
    table: pd.DataFrame = field(default_factory=pd.DataFrame)


@dataclass(frozen=True, kw_only=True, eq=False)
class SeriesEffect(Effect):
    """A step and a bend in one series; ``estimate`` is the step.

    Attributes
    ----------
    slope_before : float or None
        Change a period before the measure.
    slope_change, slope_low, slope_high, slope_p : float or None
        By how much the change a period differs afterwards.
    lags : int
        That the errors allow for.
    autocorrelation_p : float or None
        Of the Ljung-Box test on the residuals.
    """

    slope_before: float | None = None
    slope_change: float | None = None
    slope_low: float | None = None
    slope_high: float | None = None
    slope_p: float | None = None
    lags: int = 0
    autocorrelation_p: float | None = None


@dataclass(frozen=True, kw_only=True, eq=False)
class Placebo(Effect):
    """The same comparison where no effect can be.

    ``estimate`` is the real difference for a placebo in space, the largest false one for a placebo in time.

    Attributes
    ----------
    table : DataFrame
        In time: one row a false start, with ``estimate`` and ``p``. In space: empty.
    drawn : int
        Arrangements compared (in space) or false starts (in time).
    exhaustive : bool
        Whether these are all there are.
    smallest_p : float or None
        That so many arrangements can give.
    rank : int or None
        Place of the real difference by size among all arrangements: 1 is the largest.
    """

    table: pd.DataFrame = field(default_factory=pd.DataFrame)
    drawn: int = 0
    exhaustive: bool = False
    smallest_p: float | None = None
    rank: int | None = None
