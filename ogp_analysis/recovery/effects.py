"""Whether relief shows: which questions the figures of a case could answer, and what they lack."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from ogp_analysis.case import Case
from ogp_analysis.quality import rate
from ogp_analysis.quarter import Quarter, Span

if TYPE_CHECKING:
    from ogp_analysis.stats.effects.obstacles import Identification


@dataclass(frozen=True, eq=False)
class Question:
    """One relief and one outcome, with what the figures could tell.

    Parameters
    ----------
    received : str
        Indicator of the relief.
    given : str
        Its period.
    outcome : str
        Indicator that the relief might have changed.
    panel : DataFrame
        See :func:`effect_panel`.
    identification : Identification
    """

    received: str
    given: str
    outcome: str
    panel: pd.DataFrame
    identification: Identification


def effect_panel(case: Case, quarter: Quarter, received: str, given: str, outcome: str) -> pd.DataFrame:
    """An outcome by kecamatan and period, with the day from which the relief was there.

    Parameters
    ----------
    case : Case
    quarter : Quarter
        Periods of the outcome that end later are left out.
    received : str
        A yes/no indicator.
    given : str
        Its period; the relief starts on its first day.
    outcome : str
        An indicator with a denominator; taken as a rate.

    Returns
    -------
    DataFrame
        ``code_bps``, ``time`` (last day of the outcome's period), ``rate`` and ``start`` (missing where the
        kecamatan did not receive). A kecamatan of which it is not known whether it received is left out, and so
        is a missing rate.
    """
    flags = case.values(received, given)["value"]
    start = pd.Timestamp(Span.parse(given).first)
    rows = []
    for period in case.periods(outcome, quarter):
        rates = rate(case, outcome, period)["value"]
        frame = pd.DataFrame({"code_bps": rates.index, "rate": rates.to_numpy()})
        rows.append(frame.assign(time=pd.Timestamp(Span.parse(period).last)))
    columns = ["code_bps", "time", "rate", "start"]
    if not rows:
        return pd.DataFrame(columns=columns)
    panel = pd.concat(rows, ignore_index=True)
    got = panel["code_bps"].map(flags)
    panel["start"] = pd.Series(start, index=panel.index).where(got == 1)
    return panel.loc[got.notna() & panel["rate"].notna(), columns].reset_index(drop=True)


def effect_questions(case: Case, quarter: Quarter) -> list[Question]:
    """Every relief known by kecamatan with every outcome of need or burden, and whether an effect could be told.

    The comparison asked for is the plain one: the change from before the relief to after it, among those that
    received less among those that did not (:func:`ogp_analysis.stats.effects.identification.identify`). Nothing is
    estimated here.

    Parameters
    ----------
    case : Case
    quarter : Quarter

    Returns
    -------
    list of Question
        Empty where no relief is known by kecamatan.

    Examples
    --------
    >>> from ogp_analysis import Quarter, load_case
    >>> questions = effect_questions(load_case("semarang"), Quarter.parse("2023Q4"))
    >>> any(question.identification.can_tell for question in questions)
    False
    """
    from ogp_analysis.stats.effects.identification import identify

    outcomes = [*case.indicators_for("need"), *case.indicators_for("burden")]
    outcomes = [name for name in outcomes if pd.notna(case.indicator(name)["denominator"])]
    questions = []
    for received in case.indicators_for("received"):
        for given in case.periods(received, quarter):
            for outcome in outcomes:
                panel = effect_panel(case, quarter, received, given, outcome)
                found = identify(
                    panel if len(panel) else None, "rate", unit="code_bps", time="time", treated_from="start"
                )
                questions.append(Question(received, given, outcome, panel, found))
    return questions
