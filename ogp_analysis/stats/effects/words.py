"""A result in plain words: what was compared, what came out, and what it does not prove."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from math import floor, isfinite, log10

from ogp_analysis.locale import Language, get_language
from ogp_analysis.stats.effects.notes import LABELS as NOTES
from ogp_analysis.stats.effects.notes import probability
from ogp_analysis.stats.effects.obstacles import Identification
from ogp_analysis.stats.effects.results import Aggregate, Effect, EventStudy, Placebo, SeriesEffect

LABELS = {
    "cannot": "Whether the measure changed “{outcome}” cannot be told from these figures.",
    "cannot_series": "Whether the series stepped or bent at the start of the measure cannot be told from these "
    "figures.",
    "cannot_named_series": "Whether the series “{outcome}” stepped or bent at the start of the measure cannot be "
    "told from these figures.",
    "enough": "These figures are enough for a comparison.",
    "would": "It could be told with: {need}",
    "would_also": "Also needed: {need}",
    "not_none": "That no effect can be told does not mean that there was none.",
    "panel": "Compared: the change in “{outcome}” from before to after the start of the measure, in {treated} "
    "places that have it and {untreated} that do not; periods before: {before}, after: {after}; figures: {n}.",
    "sections": "Compared: the change in “{outcome}” from before to after the start of the measure, in the "
    "group that has it and the group that does not; periods before: {before}, after: {after}; observations: {n}.",
    "staggered_panel": "Compared: the change in “{outcome}” in {treated} places that got the measure at "
    "different times with the change in places that did not have it then; {untreated} places never got it in "
    "this time; figures: {n}.",
    "staggered_sections": "Compared: the change in “{outcome}” in groups that got the measure at different "
    "times with the change in groups that did not have it then; observations: {n}.",
    "series": "Compared: “{outcome}” from the start of the measure on with the line on which it moved before; "
    "points before: {before}, after: {after}.",
    "one_series": "Compared: the series from the start of the measure on with the line on which it moved "
    "before; points before: {before}, after: {after}.",
    "in_time": "Test: the same comparison of “{outcome}” at {drawn} earlier dates, using only periods before "
    "the measure, where no effect can be.",
    "in_space": "Test: the measure is given to other places in {drawn} ways, and the difference in the change "
    "of “{outcome}” is computed each time.",
    "more": "Where the measure applies, “{outcome}” rose by {size} more, or fell by that much less, than where "
    "it does not; the figures leave open a difference from {low} to {high} ({level} interval).",
    "less": "Where the measure applies, “{outcome}” fell by {size} more, or rose by that much less, than where "
    "it does not; the figures leave open a difference from {low} to {high} ({level} interval).",
    "more_open": "Where the measure applies, “{outcome}” rose by {size} more, or fell by that much less, than "
    "where it does not; the figures set no bound to the size on at least one side.",
    "less_open": "Where the measure applies, “{outcome}” fell by {size} more, or rose by that much less, than "
    "where it does not; the figures set no bound to the size on at least one side.",
    "mean": "This is the mean over the periods since the start.",
    "by_size": "This is the mean over groups and periods since the start, weighted by the size of the groups.",
    "step": "At the start the series steps by {size}; the figures leave open {low} to {high} ({level} interval).",
    "bend": "From then on its change a period differs from before by {size} ({level} interval: {low} to {high}).",
    "chance": "This is within chance ({p}): the figures also fit no effect, and do not show that there was none.",
    "beyond": "This is more than chance alone would often do ({p}).",
    "before_alike": "Before the start both groups moved alike as far as these figures can tell ({p}); that does "
    "not show that they would have gone on so.",
    "before_apart": "Before the start the groups already moved differently, more than chance alone would often "
    "do ({p}): the comparison is in doubt.",
    "time_quiet": "At none of {drawn} earlier dates, where no effect can be, does the same comparison find more "
    "than chance ({p}).",
    "time_loud": "At an earlier date, where no effect can be, the same comparison finds more than chance ({p}): "
    "the comparison is in doubt.",
    "time_none": "Whether the comparison finds an effect at earlier dates, where none can be, could not be "
    "tested.",
    "space_rank": "If the measure is given to other places, {larger} of {drawn} arrangements show a larger "
    "difference than the real one ({p}).",
    "space_coarse": "With so few places no rank among them could be told from chance.",
    "space_none": "The real difference could not be ranked among those of other places.",
    "left_out": "Rows left out: {reasons}.",
    "only_if": "It is an effect of the measure only if both groups would have changed alike without it. For the "
    "time after the start no test can show that.",
    "only_if_line": "It is an effect of the measure only if the earlier line would have gone on without it. No "
    "test can show that.",
    "not_proven": "It does not prove that the measure is the cause: other measures or events at the same time, "
    "effects on places without the measure, a start chosen because of earlier figures, or a change in how "
    "figures are collected could give the same numbers.",
    "placebo_not_proven": "A test that finds nothing does not prove the comparison right; it has only failed to "
    "find it wrong.",
}

#: Cautions that a sentence of their own already tells.
TOLD = {"pre_trend", "unbounded"}


def plain_words(
    result: Effect | Identification,
    language: str = "id",
    *,
    outcome: str | None = None,
    tests: Sequence[Placebo] = (),
) -> str:
    """What was compared, what came out, whether it is within chance, and what it does not prove.

    Parameters
    ----------
    result : Effect or Identification
        Of any function of this package.
    language : str
        ``id`` or ``en``.
    outcome : str, optional
        What the outcome is called in that language; by default the name of its column.
    tests : sequence of Placebo
        Placebos of the same comparison.

    Returns
    -------
    str

    Raises
    ------
    ParameterError
        If there is no such language.

    Examples
    --------
    >>> from ogp_analysis.stats.effects.identification import identify
    >>> print(plain_words(identify(None), "en", outcome="poverty").split(". ")[0])
    Whether the measure changed “poverty” cannot be told from these figures
    """
    return " ".join(sentences(result, language, outcome=outcome, tests=tests))


def sentences(
    result: Effect | Identification,
    language: str = "id",
    *,
    outcome: str | None = None,
    tests: Sequence[Placebo] = (),
) -> list[str]:
    """The sentences of :func:`plain_words`, one by one.

    Examples
    --------
    >>> from ogp_analysis.stats.effects.identification import identify
    >>> sentences(identify(None), "en")[-1]
    'That no effect can be told does not mean that there was none.'
    """
    speak = _Speaker(get_language(language), outcome or getattr(result, "outcome", "") or "—")
    found = result if isinstance(result, Identification) else result.identification
    if isinstance(result, Identification) or not result.can_tell:
        return [*speak.refusal(found), *speak.left_out(found)]
    parts = [*speak.compared(result), *speak.outcome_of(result)]
    for test in tests:
        parts.append(speak.test(test))
    parts += [note.say(speak.language) for note in found.cautions if note.code not in TOLD]
    return [*parts, *speak.left_out(found), *speak.limits(result)]


class _Speaker:
    """Sentences in one language about one outcome."""

    def __init__(self, language: Language, outcome: str) -> None:
        self.language, self.outcome = language, outcome

    def tell(self, code: str, **values: object) -> str:
        return self.language.t(LABELS[code], **values)

    def refusal(self, found: Identification) -> list[str]:
        if not found.obstacles:
            return [self.tell("enough"), *(note.say(self.language) for note in found.cautions)]
        if found.design != "series":
            first = self.tell("cannot", outcome=self.outcome)
        elif self.outcome == "—":
            first = self.tell("cannot_series")
        else:
            first = self.tell("cannot_named_series", outcome=self.outcome)
        needs = list(dict.fromkeys(note.say(self.language, "need_") for note in found.obstacles))
        return [
            first,
            *(note.say(self.language) for note in found.obstacles),
            *(self.tell("would", need=need) for need in needs[:1]),
            *(self.tell("would_also", need=need) for need in needs[1:]),
            self.tell("not_none"),
        ]

    def compared(self, result: Effect) -> list[str]:
        found = result.identification
        counts = {
            "before": self.count(len(found.periods_before)),
            "after": self.count(len(found.periods_after)),
            "n": self.count(found.n),
        }
        if isinstance(result, Placebo):
            kind = "in_time" if result.method == "placebo_in_time" else "in_space"
            return [self.tell(kind, outcome=self.outcome, drawn=self.count(result.drawn))]
        if isinstance(result, SeriesEffect):
            if self.outcome == "—":
                return [self.tell("one_series", **counts)]
            return [self.tell("series", outcome=self.outcome, **counts)]
        staggered = "staggered_" if len(found.starts) > 1 else ""
        if found.units is None:
            return [self.tell(f"{staggered}sections", outcome=self.outcome, **counts)]
        groups = {"treated": self.count(found.treated_units), "untreated": self.count(found.untreated_units)}
        return [self.tell(f"{staggered}panel", outcome=self.outcome, **groups, **counts)]

    def outcome_of(self, result: Effect) -> list[str]:
        if isinstance(result, Placebo):
            return [self.test(result)]
        if isinstance(result, SeriesEffect):
            return [
                self.tell("step", **self.sizes(result.estimate, result.low, result.high, result.level)),
                self.chance(result.p, result.level),
                self.tell(
                    "bend", **self.sizes(result.slope_change, result.slope_low, result.slope_high, result.level)
                ),
                self.chance(result.slope_p, result.level),
            ]
        up = "more" if (result.estimate or 0) >= 0 else "less"
        sizes = self.sizes(result.estimate, result.low, result.high, result.level, sign=False)
        bounded = result.low is not None and result.high is not None
        parts = [self.tell(up if bounded else f"{up}_open", outcome=self.outcome, **sizes)]
        if isinstance(result, EventStudy) or (isinstance(result, Aggregate) and result.kind != "simple"):
            parts.append(self.tell("mean"))
        elif result.method == "group_time":
            parts.append(self.tell("by_size"))
        parts.append(self.chance(result.p, result.level))
        if result.pre_trend_p is not None:
            code = "before_alike" if result.pre_trend_p > 1 - result.level else "before_apart"
            parts.append(self.tell(code, p=self.p(result.pre_trend_p)))
        return parts

    def test(self, test: Placebo) -> str:
        drawn = self.count(test.drawn)
        if test.method == "placebo_in_time":
            if not test.can_tell or test.p is None:
                return self.tell("time_none")
            quiet = test.within_chance
            return self.tell("time_quiet" if quiet else "time_loud", drawn=drawn, p=self.p(test.p))
        if test.p is None or test.rank is None:
            return self.tell("space_none")
        if not test.can_tell:
            return self.tell("space_coarse")
        return self.tell("space_rank", larger=self.count(test.rank - 1), drawn=drawn, p=self.p(test.p))

    def left_out(self, found: Identification) -> list[str]:
        counted = Counter(one.reason for one in found.left_out)
        if not counted:
            return []
        reasons = [f"{self.language.t(NOTES[reason])} ({self.count(n)})" for reason, n in sorted(counted.items())]
        return [self.tell("left_out", reasons=self.language.list(reasons))]

    def limits(self, result: Effect) -> list[str]:
        if isinstance(result, Placebo):
            return [self.tell("placebo_not_proven")]
        condition = "only_if_line" if isinstance(result, SeriesEffect) else "only_if"
        return [self.tell(condition), self.tell("not_proven")]

    def chance(self, p: float | None, level: float) -> str:
        if p is None:
            return self.language.t(NOTES["no_spread"])
        return self.tell("chance" if p > 1 - level else "beyond", p=self.p(p))

    def sizes(
        self, estimate: float | None, low: float | None, high: float | None, level: float, *, sign: bool = True
    ) -> dict[str, str]:
        """Figures rounded to two digits of the interval's half, or three of their own."""
        known = [value for value in (estimate, low, high) if value is not None]
        width = (high - low) / 2 if low is not None and high is not None else max(map(abs, known)) / 10
        decimals = min(max(1 - floor(log10(width)), 0), 8) if width > 0 and isfinite(width) else 2
        shown = [
            "—" if value is None else self.language.number(round(value, decimals) + 0.0, decimals)  # no minus zero
            for value in (estimate if sign or estimate is None else abs(estimate), low, high)
        ]
        return {
            "size": shown[0],
            "low": shown[1],
            "high": shown[2],
            "level": self.language.percent(round(100 * level, 2)),
        }

    def p(self, p: float) -> str:
        return probability(p, self.language)

    def count(self, number: int | None) -> str:
        return self.language.number(number)
