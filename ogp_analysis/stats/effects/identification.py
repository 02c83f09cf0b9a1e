"""Whether figures can tell an effect at all; and if not, which figures would."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pandas as pd

from ogp_analysis.errors import ParameterError
from ogp_analysis.stats.effects.columns import NEVER, need_columns
from ogp_analysis.stats.effects.notes import Note
from ogp_analysis.stats.effects.obstacles import Identification, examined
from ogp_analysis.stats.effects.panel import Panel, as_names, read_panel
from ogp_analysis.stats.effects.treatment import Columns

#: Designs, each with the periods before the measure that it needs unless told otherwise.
DESIGNS = {"two_groups": 1, "event_study": 2, "staggered": 1}


def identify(
    panel: pd.DataFrame | None,
    outcome: str = "",
    *,
    unit: str | None = None,
    time: str | None = None,
    treated_from: str | None = None,
    treated: str | None = None,
    post: str | None = None,
    cluster: str | None = None,
    covariates: str | Sequence[str] = (),
    anticipation: int = 0,
    design: str = "two_groups",
    minimum_before: int | None = None,
) -> Identification:
    """Whether the figures can tell an effect, without estimating any; works without any figures too.

    Two groups need figures of both before and after one start; an event study two periods before it, so that at
    least one comparison is left between them; a staggered comparison needs places that start later or never.
    Inference needs at least 2 independent places in each group and 6 in all (with 5, no p-value by drawing signs
    can fall below 2 / 2^5 = 0.0625; A. C. Cameron, J. B. Gelbach and D. L. Miller, *Review of Economics and
    Statistics* 90, 2008, 414-427).

    Parameters
    ----------
    panel : DataFrame or None
        A tidy table, or None where there is none.
    outcome, unit, time, treated_from, treated, post, cluster, covariates
        Names of columns: see :class:`~ogp_analysis.stats.effects.treatment.Columns`.
    anticipation : int
        Periods before the start in which the measure may already have worked; they are left out.
    design : str
        ``two_groups``, ``event_study`` or ``staggered``.
    minimum_before : int, optional
        Periods before the start; by default 2 for an event study, else 1.

    Returns
    -------
    Identification

    Raises
    ------
    ParameterError
        If columns are missing or contradict each other.

    Examples
    --------
    >>> found = identify(None)
    >>> found.can_tell, found.reason
    (False, 'There is no table of the outcome by place and period.')
    >>> found.needed[0][:56]
    'Figures of the outcome for periods before the measure (a'
    """
    wanted = need_design(design, minimum_before, anticipation)
    columns = Columns(outcome, unit, time, treated_from, treated, post, cluster, as_names(covariates))
    return examine(panel, columns, design, wanted, anticipation)[1]


def need_design(design: str, minimum_before: int | None, anticipation: int) -> int:
    """Periods needed before the measure; refuses settings that mean nothing.

    Raises
    ------
    ParameterError
    """
    if design not in DESIGNS:
        raise ParameterError(f"There is no design {design!r}.", hint=f"Use one of: {', '.join(DESIGNS)}.")
    if isinstance(anticipation, bool) or not isinstance(anticipation, int) or anticipation < 0:
        raise ParameterError(
            f"anticipation is {anticipation!r}.", hint="Give a whole number of periods from 0 up."
        )
    least = DESIGNS[design] if minimum_before is None else minimum_before
    if isinstance(least, bool) or not isinstance(least, int) or least < 1:
        raise ParameterError(f"minimum_before is {least!r}.", hint="Give a whole number of periods from 1 up.")
    if design == "event_study" and least < 2:
        raise ParameterError(
            "An event study with one period before the measure has nothing to show before it.",
            hint="Give minimum_before=2 or more, or use difference_in_differences.",
        )
    return least


def examine(
    table: pd.DataFrame | None, columns: Columns, design: str, minimum_before: int, anticipation: int = 0
) -> tuple[Panel | None, Identification]:
    """The rows that a design can use, with what :func:`identify` says of them."""
    if table is not None:
        need_columns(table, [])
    if table is None or not len(table):
        return None, Identification(design=design, obstacles=(Note.of("no_panel", wanted=minimum_before),))
    panel = read_panel(table, columns)
    whole = panel
    always = (panel.rows["start"] != NEVER) & (panel.rows["start"] - anticipation <= 0)
    panel = panel.drop(always, "always_treated")
    cautions = list(panel.cautions)
    apart = design == "two_groups" or (design == "event_study" and len(panel.cohorts) == 1)
    if anticipation and apart:  # with several starts, the rows before one are needed as comparison for another
        gap = panel.rows["start"] - panel.rows["time"]
        panel = panel.drop((panel.rows["start"] != NEVER) & (gap > 0) & (gap <= anticipation), "anticipation")
    panel = _unseen_before(panel)
    if not (panel.rows["start"] == NEVER).any() and len(panel.cohorts) > 1 and design != "two_groups":
        panel = _until_last_start(panel, anticipation)
        cautions.append(Note.of("no_never_treated"))
    return panel, examined(replace(panel, cautions=tuple(cautions)), whole, design, minimum_before, anticipation)


def _unseen_before(panel: Panel) -> Panel:
    """Leave out units whose figures begin after their start: they have no change of their own."""
    if panel.units is None or not len(panel.rows):
        return panel
    rows = panel.rows
    first = rows.groupby("unit")["time"].transform("min")
    return panel.drop((rows["start"] != NEVER) & (first >= rows["start"]), "unseen_before")


def _until_last_start(panel: Panel, anticipation: int) -> Panel:
    """The last to start as comparison, until they start."""
    last = panel.cohorts[-1]
    panel = panel.drop(panel.rows["time"] >= last - anticipation, "after_last_start")
    rows = panel.rows.assign(start=panel.rows["start"].where(panel.rows["start"] != last, NEVER))
    return replace(panel, rows=rows)
