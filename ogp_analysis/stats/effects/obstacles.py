"""What a panel holds for a comparison, counted, and what stands in the way of one."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass, replace

from ogp_analysis.stats.effects.columns import NEVER
from ogp_analysis.stats.effects.notes import LeftOut, Note
from ogp_analysis.stats.effects.panel import Panel, plain

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


def examined(panel: Panel, whole: Panel, design: str, minimum_before: int, anticipation: int) -> Identification:
    """What rows hold for a design; ``whole`` is the panel before unusable places were left out."""
    found = _count(panel, design, anticipation)
    obstacles = _obstacles(panel, whole, found, minimum_before)
    return replace(found, obstacles=tuple(obstacles), cautions=found.cautions + _warn(panel, found))


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


def _obstacles(panel: Panel, whole: Panel, found: Identification, minimum_before: int) -> list[Note]:
    rows = panel.rows
    treated = rows["start"] != NEVER
    nobody_without = not (~treated).any()
    once = found.design == "staggered" and nobody_without and len(panel.cohorts) == 1
    result = []
    if not treated.any():
        # places that had it from the start are treated, only never seen without it
        had = (whole.rows["start"] != NEVER).any()
        result.append(Note.of("too_few_before", found=0, wanted=minimum_before) if had else Note.of("no_treated"))
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
