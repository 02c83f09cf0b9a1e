"""Whether relief shows, as a reader meets it: what was asked, what the figures hold, and what they lack."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from ogp_analysis.quarter import Span
from ogp_analysis.recovery import dated_window
from ogp_analysis.recovery.effects import Question
from ogp_analysis.reports.present import indicator_names, rate_title
from ogp_analysis.stats.effects.words import LABELS, sentences

if TYPE_CHECKING:
    from ogp_analysis.reports.context import Report


def question_rows(questions: list[Question], report: Report) -> pd.DataFrame:
    """One row a question: ``relief``, ``outcome``, ``before`` and ``after`` (periods with figures), ``lacks``."""
    names = indicator_names(report.case, report.language)
    rows = []
    for question in questions:
        start = pd.Timestamp(Span.parse(question.given).first)
        times = question.panel["time"].drop_duplicates()
        rows.append(
            {
                "relief": names[question.received],
                "outcome": rate_title(report.case, question.outcome, report.language)[0],
                "before": int((times < start).sum()),
                "after": int((times >= start).sum()),
                "lacks": " ".join(note.say(report.language) for note in question.identification.obstacles)
                or report.t("Nothing: a comparison is possible."),
            }
        )
    return pd.DataFrame(rows, columns=["relief", "outcome", "before", "after", "lacks"])


def needed_words(questions: list[Question], report: Report) -> list[str]:
    """Which data would let the refused questions be answered, each once."""
    notes = [note for question in questions for note in question.identification.obstacles]
    return list(dict.fromkeys(note.say(report.language, "need_") for note in notes))


def receipts_words(report: Report, tax: str, terms: pd.DataFrame) -> str:
    """Whether receipts of a tax by year can show a step at its relief; empty without dated terms or two years.

    Parameters
    ----------
    report : Report
    tax : str
    terms : DataFrame
        From :func:`ogp_analysis.recovery.measure_terms`: the relief starts in their first year.
    """
    from ogp_analysis.stats.effects.series import interrupted_series

    revenue = report.case.until("revenue", report.quarter, column="as_of")
    rows = revenue[(revenue["tax"] == tax) & (revenue["kind"] == "realised") & revenue["year"].notna()]
    newest = rows.sort_values("as_of", kind="stable").drop_duplicates("year", keep="last")
    window = dated_window(terms[terms["category"] == tax])
    if len(newest) < 2 or window is None:
        return ""
    index = pd.PeriodIndex([str(year) for year in newest["year"]], freq="Y")
    series = pd.Series(newest["value"].to_numpy(), index=index).sort_index()
    result = interrupted_series(series, pd.Period(str(window[0].year), freq="Y"))
    name = report.t("Receipts of {tax} by year", tax=report.label(tax))
    said = sentences(result, report.language.code, outcome=name)
    return " ".join(each for each in said if each != report.t(LABELS["not_none"]))  # the page says so itself
