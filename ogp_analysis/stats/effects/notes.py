"""What stands in the way of an effect, what to bear in mind with it, and which rows were left out."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass

from ogp_analysis.locale import Language, get_language

#: What each code says: obstacles, what data would remove them (``need_``), cautions, and why a row was left out.
LABELS = {
    "no_panel": "There is no table of the outcome by place and period.",
    "need_no_panel": "Figures of the outcome for periods before the measure (at least {wanted}) and after it, "
    "for places with the measure and places without it, from one source and by one definition.",
    "no_treated": "No place in the figures has the measure.",
    "need_no_treated": "Figures of the places that have the measure, for periods before and after its start.",
    "no_untreated": "Every place in the figures has the measure: there is nothing to compare with.",
    "need_no_untreated": "Figures of places without the measure, for the same periods.",
    "all_at_once": "The measure starts everywhere in the same period: nothing tells it from whatever else "
    "happened then.",
    "need_all_at_once": "Figures of places where the measure started later or never, for the same periods.",
    "too_few_before": "Periods before the measure with figures of both groups: {found}; needed: {wanted}.",
    "need_too_few_before": "Figures of more periods before the measure (at least {wanted}), for places with it "
    "and places without it.",
    "no_after": "No period after the start of the measure has figures of both groups.",
    "need_no_after": "Figures of at least one period after the start, for places with the measure and places "
    "without it.",
    "staggered": "The measure starts at {found} different times: two groups before and after are no fit "
    "comparison.",
    "need_staggered": "The same figures, compared by group and period (group_time_effects).",
    "one_treated_cluster": "Only one independent place has the measure: whatever else happened there cannot be "
    "told from the measure.",
    "need_one_treated_cluster": "Figures of at least 2 independent places with the measure; with one, only its "
    "rank among the others can be given (placebo_in_space).",
    "one_untreated_cluster": "Only one independent place is without the measure: whatever else happened there "
    "cannot be told from the measure.",
    "need_one_untreated_cluster": "Figures of at least 2 independent places without the measure.",
    "too_few_clusters": "Independent places: {found}; with fewer than {wanted} no error can be trusted.",
    "need_too_few_clusters": "Figures of at least {wanted} independent places, some with the measure and some "
    "without.",
    "single_observations": "With a single observation in a group before or after, chance cannot be measured.",
    "need_single_observations": "At least two observations in each group, before and after.",
    "no_variation": "The outcome is the same in every row.",
    "need_no_variation": "An outcome that can differ between places or periods.",
    "no_spread": "The figures leave no scatter from which chance could be measured.",
    "need_no_spread": "Figures of more places or periods, as measured and not as rounded or filled in.",
    "collinear": "These columns cannot be told from the groups, the periods or each other: {columns}.",
    "need_collinear": "The same figures without these columns, or columns that vary in another way.",
    "no_cells": "In no period after a start do figures exist of both a group with the measure and places still "
    "without it, together with a period before.",
    "need_no_cells": "Figures of the same places before and after the start, also of places still without the "
    "measure.",
    "series_before": "Points in the series before the measure: {found}; needed: {wanted}.",
    "need_series_before": "At least {wanted} points before the measure, from one source and by one definition.",
    "series_after": "Points in the series after the start of the measure: {found}; needed: {wanted}.",
    "need_series_after": "At least {wanted} points after the start, from the same source and by the same "
    "definition.",
    "series_seasons": "The points before the measure span {found} whole seasons; needed: {wanted}.",
    "need_series_seasons": "Points of at least {wanted} whole seasonal cycles before the measure.",
    "too_coarse": "With so few places even the most extreme rank is within chance: the smallest possible share "
    "is {smallest}.",
    "need_too_coarse": "Figures of more places without the measure.",
    "no_placebo_date": "The periods before the measure leave no earlier date to test.",
    "need_no_placebo_date": "Figures of at least {wanted} periods before the measure, for both groups.",
    "unbalanced": "The figures have gaps: {missing} of {cells} combinations of place and period have none.",
    "repeated_cross_sections": "Different people or things are seen in each period: if who is seen changed, the "
    "difference shows that too.",
    "few_clusters": "Only {found} independent places: errors of the usual kind would be too small; chance was "
    "measured by drawing signs for whole places (wild bootstrap).",
    "few_clusters_analytic": "Only {found} independent places: errors of this kind tend to be too small.",
    "few_treated_clusters": "The smaller group has only {found} independent places: the error is unreliable.",
    "one_unit_cohorts": "Groups of a single place that started alone: {found}; their scatter cannot be measured.",
    "unbounded": "The interval has no end on at least one side: the figures exclude no size there.",
    "not_clustered": "The error takes every row as independent. What all rows of a group share, such as a local "
    "shock, is not in it.",
    "one_period_before": "Only one period before the measure: whether both groups moved alike before cannot be "
    "seen.",
    "starts_after": "Places whose measure starts after the last period count as without it: {found}.",
    "start_uncertain": "Places not seen in the period just before they first have the measure: {found}; their "
    "start may be earlier.",
    "uneven_periods": "The periods are not evenly spaced: distances are counted in periods of the table.",
    "no_never_treated": "No place stays without the measure: the last to start serve as comparison, and only "
    "until they start.",
    "no_own_change": "Places without figures both before and after, which cannot be ranked: {found}.",
    "cells_missing": "Groups and periods that could not be compared: {found} of {cells}.",
    "pre_trend": "Before the measure the two groups already moved differently, more than chance alone would do "
    "({p}): the comparison is in doubt.",
    "pre_trend_untested": "Whether the groups moved alike before the measure could not be tested.",
    "autocorrelated": "Neighbouring points still resemble each other after fitting ({p}); errors allow for "
    "{lags} lags.",
    "no_season": "Swings of the season are not taken out; if the measure falls on a seasonal turn, it is "
    "mistaken for that.",
    "series_gaps": "Periods without a value within the series: {found}.",
    "no_comparison": "One series has no comparison group: anything else that changed at the same time is in the "
    "figure.",
    "outcome_missing": "no value of the outcome",
    "treatment_missing": "not known whether the measure applied",
    "covariate_missing": "no value of another column used",
    "cluster_missing": "no value of the column that groups the errors",
    "always_treated": "has the measure since its first period",
    "unseen_before": "not seen before its measure started",
    "anticipation": "in the periods in which the measure was expected",
    "after_last_start": "after the last place had the measure",
    "one_group_only": "no figures of the other group in this period",
}


@dataclass(frozen=True)
class Note:
    """A coded remark with the figures that belong to it.

    Examples
    --------
    >>> note = Note.of("too_few_before", found=1, wanted=2)
    >>> note.text
    'Periods before the measure with figures of both groups: 1; needed: 2.'
    >>> note.need
    'Figures of more periods before the measure (at least 2), for places with it and places without it.'
    """

    code: str
    values: tuple[tuple[str, float | int | str], ...] = ()

    @classmethod
    def of(cls, code: str, **values: float | int | str) -> Note:
        """A note with its figures by name."""
        return cls(code, tuple(values.items()))

    @property
    def text(self) -> str:
        """The remark in English."""
        return self.say(get_language("en"))

    @property
    def need(self) -> str:
        """Which data would remove the obstacle, in English; empty for a caution."""
        return self.say(get_language("en"), "need_")

    def say(self, language: Language, prefix: str = "") -> str:
        """The remark, or with ``need_`` what would remove it, in a language."""
        label = LABELS.get(prefix + self.code, "")
        shown = {
            name: probability(float(value), language) if name == "p" else _shown(value, language)
            for name, value in self.values
        }
        return language.t(label, **shown) if label else ""


def _shown(value: float | int | str, language: Language) -> str:
    """Counts as they are, shares with three decimals."""
    if isinstance(value, str):
        return value
    return language.number(value, 3 if isinstance(value, float) else None)


def probability(p: float, language: Language) -> str:
    """A p-value in signs and not words, so that it fits into a sentence of any language.

    Examples
    --------
    >>> probability(0.0312, get_language("id")), probability(1e-9, get_language("en"))
    ('p = 0,031', 'p < 0.001')
    """
    return f"p < {language.number(0.001, 3)}" if p < 0.0005 else f"p = {language.number(round(p, 3), 3)}"


@dataclass(frozen=True)
class LeftOut:
    """One row, or all rows of one unit, that an estimate does not use.

    Attributes
    ----------
    unit : hashable or None
        None in repeated cross-sections.
    period : hashable
    reason : str
        A code of :data:`LABELS`.
    row : hashable
        Label of the row in the table that was given.

    Examples
    --------
    >>> LeftOut("Genuk", 2020, "outcome_missing", 7).text
    'no value of the outcome'
    """

    unit: Hashable
    period: Hashable
    reason: str
    row: Hashable

    @property
    def text(self) -> str:
        """The reason in English."""
        return LABELS[self.reason]
