"""Whether figures can tell an effect at all; and if not, which figures would."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, replace

import pandas as pd

from ogp_analysis.errors import ParameterError
from ogp_analysis.stats.effects.columns import NEVER, need_columns
from ogp_analysis.stats.effects.notes import LeftOut, Note
from ogp_analysis.stats.effects.panel import Columns, Panel, as_names, plain, read_panel

#: Designs, each with the periods before the measure that it needs unless told otherwise.
DESIGNS = {"two_groups": 1, "event_study": 2, "staggered": 1}
#: With five clusters no draw of signs can reach p below 0.05: 2 of 2^5 give 0.0625.
FEWEST_CLUSTERS = 6
#: "Few" ranges from under 20 to under 50 (Cameron and Miller 2015); the cautious end.
FEW_CLUSTERS = 50
FEW_TREATED = 6


@dataclass(frozen=True, kw_only=True)
class Identification:
    """What a table holds for a comparison, and what it lacks.

    Attributes
    ----------
    design : str
        ``two_groups``, ``event_study``, ``staggered`` or ``series``.
    n : int
        Rows used.
    units, treated_units, untreated_units : int or None
        None in repeated cross-sections.
    starts : tuple
        First periods with the measure.
    periods_before, periods_after : tuple
        Before the first start and from it on, with figures of both groups.
    clusters, treated_clusters, untreated_clusters : int or None
        None where each row stands alone.
    obstacles : tuple of Note
        Empty if an effect can be told.
    cautions : tuple of Note
    left_out : tuple of LeftOut
    """

    design: str
    n: int = 0
    units: int | None = None
    treated_units: int | None = None
    untreated_units: int | None = None
    starts: tuple[Hashable, ...] = ()
    periods_before: tuple[Hashable, ...] = ()
    periods_after: tuple[Hashable, ...] = ()
    clusters: int | None = None
    treated_clusters: int | None = None
    untreated_clusters: int | None = None
    obstacles: tuple[Note, ...] = ()
    cautions: tuple[Note, ...] = ()
    left_out: tuple[LeftOut, ...] = ()

    @property
    def can_tell(self) -> bool:
        """Whether the figures can tell an effect."""
        return not self.obstacles

    @property
    def reason(self) -> str:
        """What stands in the way, in English; empty if nothing does."""
        return " ".join(note.text for note in self.obstacles)

    @property
    def needed(self) -> tuple[str, ...]:
        """Which data would make it possible, in English."""
        return tuple(dict.fromkeys(note.need for note in self.obstacles))

    def without(self, *obstacles: Note) -> Identification:
        """The same with further obstacles."""
        return replace(self, obstacles=self.obstacles + obstacles)

    def caution(self, *cautions: Note) -> Identification:
        """The same with further cautions."""
        return replace(self, cautions=self.cautions + cautions)


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
        Names of columns: see :class:`~ogp_analysis.stats.effects.panel.Columns`.
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
        raise ParameterError(f"anticipation is {anticipation!r}.", hint="Give a whole number of periods from 0 up.")
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


def examined(panel: Panel, whole: Panel, design: str, minimum_before: int, anticipation: int) -> Identification:
    """What rows hold for a design; ``whole`` is the panel before unusable places were left out."""
    found = _count(panel, design, anticipation)
    obstacles = _obstacles(panel, whole, found, minimum_before)
    return replace(found, obstacles=tuple(obstacles), cautions=found.cautions + _warn(panel, found))


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


def _count(panel: Panel, design: str, anticipation: int) -> Identification:
    rows = panel.rows
    treated, cohorts = rows["start"] != NEVER, panel.cohorts
    first = cohorts[0] if cohorts else len(panel.times)
    both = sorted(set(rows.loc[treated, "time"]) & set(rows.loc[~treated, "time"]))
    has_units, clustered = panel.units is not None, panel.clustered
    return Identification(
        design=design,
        n=len(rows),
        units=rows["unit"].nunique() if has_units else None,
        treated_units=rows.loc[treated, "unit"].nunique() if has_units else None,
        untreated_units=rows.loc[~treated, "unit"].nunique() if has_units else None,
        starts=tuple(plain(panel.times[start]) for start in cohorts),
        periods_before=tuple(plain(panel.times[time]) for time in both if time < first - anticipation),
        periods_after=tuple(plain(panel.times[time]) for time in both if time >= first),
        clusters=rows["cluster"].nunique() if clustered else None,
        treated_clusters=rows.loc[treated, "cluster"].nunique() if clustered else None,
        untreated_clusters=rows.loc[~treated, "cluster"].nunique() if clustered else None,
        cautions=panel.cautions,
        left_out=panel.left_out,
    )


def _obstacles(
    panel: Panel, whole: Panel, found: Identification, minimum_before: int
) -> list[Note]:
    rows = panel.rows
    treated = rows["start"] != NEVER
    nobody_without = not (~treated).any()
    once = found.design == "staggered" and nobody_without and len(panel.cohorts) == 1
    result = []
    if not treated.any():
        # places that had it from the start are treated, only never seen without it
        had = (whole.rows["start"] != NEVER).any()
        result.append(
            Note.of("too_few_before", found=0, wanted=minimum_before) if had else Note.of("no_treated")
        )
    if not len(rows) or nobody_without:
        result.append(Note.of("all_at_once" if once else "no_untreated"))
    if result:
        return result
    if found.design == "two_groups" and len(panel.cohorts) > 1:
        result.append(Note.of("staggered", found=len(panel.cohorts)))
    if len(found.periods_before) < minimum_before:
        result.append(Note.of("too_few_before", found=len(found.periods_before), wanted=minimum_before))
    if not found.periods_after:
        result.append(Note.of("no_after"))
    if rows["y"].nunique() == 1:
        result.append(Note.of("no_variation"))
    return result + _about_errors(panel, found)


def _about_errors(panel: Panel, found: Identification) -> list[Note]:
    """What keeps chance from being measured."""
    if found.clusters is None:
        rows = panel.rows
        if not found.periods_before or not found.periods_after:
            return []
        after = rows["time"] >= panel.cohorts[0]
        least = rows.groupby([rows["start"] != NEVER, after]).size().min()
        return [Note.of("single_observations")] if least < 2 else []
    result = []
    if found.treated_clusters == 1:
        result.append(Note.of("one_treated_cluster"))
    if found.untreated_clusters == 1:
        result.append(Note.of("one_untreated_cluster"))
    if not result and found.clusters < FEWEST_CLUSTERS:
        result.append(Note.of("too_few_clusters", found=found.clusters, wanted=FEWEST_CLUSTERS))
    return result


def _warn(panel: Panel, found: Identification) -> tuple[Note, ...]:
    result = []
    rows = panel.rows
    if panel.units is not None and len(rows):
        cells = rows["unit"].nunique() * rows["time"].nunique()
        expected = _expected(panel)
        if len(rows) < expected:
            result.append(Note.of("unbalanced", missing=expected - len(rows), cells=cells))
    if found.clusters is None:
        result.append(Note.of("not_clustered"))
    else:
        smaller = min(found.treated_clusters or 0, found.untreated_clusters or 0)
        if 1 < smaller < FEW_TREATED:
            result.append(Note.of("few_treated_clusters", found=smaller))
    if len(found.periods_before) == 1 and len(panel.cohorts) == 1:
        result.append(Note.of("one_period_before"))
    return tuple(result)


def _expected(panel: Panel) -> int:
    """Combinations of unit and period, less those left out because the measure was expected."""
    meant = sum(1 for one in panel.left_out if one.reason == "anticipation")
    return int(panel.rows["unit"].nunique() * panel.rows["time"].nunique()) - meant
