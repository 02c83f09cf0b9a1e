"""The main findings of the pages in sentences: what counts nothing is left out, or said in words and not as 0."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

if TYPE_CHECKING:
    from ogp_analysis.reports.context import Report


def checks_words(checks: pd.DataFrame, series: pd.DataFrame, report: Report) -> str:
    """How many printed totals do not add up, and how many series are partial.

    Parameters
    ----------
    checks : DataFrame
        From :func:`ogp_analysis.quality.total_checks`.
    series : DataFrame
        From :func:`ogp_analysis.quality.coverage`.
    report : Report
    """
    wrong, partial = int((~checks["agrees"].astype(bool)).sum()), int((series["coverage"] == "partial").sum())
    if checks.empty:
        parts = [report.t("No printed total can be checked.")]
    elif wrong:
        parts = [
            report.t("{wrong} of {all} totals that can be checked do not add up.", wrong=wrong, all=len(checks))
        ]
    else:
        parts = [report.t("All totals that can be checked add up: {all}.", all=len(checks))]
    if partial:
        parts.append(
            report.t("{partial} of {series} series list only some kecamatan.", partial=partial, series=len(series))
        )
    return " ".join(parts)


def gaps_words(unknown: int, everything: int, report: Report) -> str:
    """How many of the things that a reviewer looks for are known nowhere."""
    if unknown:
        return report.t(
            "{n} of {all} things a reviewer looks for are known for no kecamatan at all.",
            n=unknown,
            all=everything,
        )
    return report.t(
        "Everything a reviewer looks for is known for at least one kecamatan: {all} things.", all=everything
    )


def plan_words(plan: pd.DataFrame, report: Report) -> str:
    """How many commitments a plan has, and the evidence and ratings found for them.

    Parameters
    ----------
    plan : DataFrame
        From :func:`ogp_analysis.commitments.plan_commitments`; not empty.
    report : Report
    """
    dated, undated = int(plan["dated_evidence"].sum()), int(plan["undated_evidence"].sum())
    ratings = int(plan["rating_count"].sum())
    kinds = [report.t("{n} dated", n=dated)] if dated else []
    kinds += [report.t("{n} undated", n=undated)] if undated else []
    parts = [
        report.t("Commitments: {n}.", n=len(plan)),
        report.t("Evidence found: {parts}.", parts=report.language.list(kinds))
        if kinds
        else report.t("No evidence on them was found."),
        report.t("Ratings found: {n}.", n=ratings) if ratings else report.t("No rating of them was found."),
    ]
    return " ".join(parts)


def design_words(design: pd.DataFrame, report: Report) -> str:
    """How many commitments show a starting figure and a target with a number.

    Parameters
    ----------
    design : DataFrame
        From :func:`ogp_analysis.commitments.design_completeness`; not empty.
    report : Report
    """
    figures, targets = int(design["has_baseline"].sum()), int(design["has_target"].sum())
    parts = [
        report.t("{n} with a starting figure", n=figures) if figures else report.t("none with a starting figure"),
        report.t("{n} with a target in numbers", n=targets)
        if targets
        else report.t("none with a target in numbers"),
    ]
    return report.t(
        "Of the {all} commitments on the pages seen: {parts}.", all=len(design), parts=report.language.list(parts)
    )


def delivered_words(parts: pd.DataFrame, whole: pd.Series[Any], report: Report) -> str:
    """What is reported as delivered, and how much of it came from the local government.

    Parameters
    ----------
    parts : DataFrame
        From :func:`ogp_analysis.recovery.parts_by_provider`.
    whole : Series
        The row of the whole, from :func:`ogp_analysis.recovery.delivered_wholes`.
    report : Report
    """
    total, city = parts["value"].sum(), parts.loc[parts["provider"] == "city", "value"].sum()
    unit, day = report.text(whole, "unit"), report.language.period(whole["as_of"])
    if not city:
        return report.t("{total} {unit} are reported as delivered by {day}.", total=total, unit=unit, day=day)
    return report.t(
        "{total} {unit} are reported as delivered by {day}, {city} of them ({share}%) from the local government.",
        total=total,
        unit=unit,
        day=day,
        city=city,
        share=round(float(100 * city / total), 1),
    )


def burden_words(days: int, complete: int, report: Report) -> str:
    """On how many days a burden was published, and on how many of them for every kecamatan."""
    listed = (
        report.t(
            "{n} days were found in the press; only {complete} of them list every kecamatan.",
            n=days,
            complete=complete,
        )
        if complete
        else report.t("{n} days were found in the press; none of them lists every kecamatan.", n=days)
    )
    hatched = report.t("A hatched kecamatan was not listed that day: it is not a zero.")
    return f"{listed} {hatched}"


def claims_words(verdicts: pd.DataFrame, report: Report) -> str:
    """How many claims other sources support, support in part, contradict, disagree on or leave open.

    Those that are supported by nothing but what their maker said are counted apart.

    Parameters
    ----------
    verdicts : DataFrame
        From :func:`ogp_analysis.claims.claim_verdicts`; not empty.
    report : Report
    """
    own = (verdicts["verdict"] == "supported") & (verdicts["independence"] == "own_word")
    told = verdicts["verdict"].mask(own, "own_word")
    n = {str(verdict): int(count) for verdict, count in told.value_counts().items()}
    clauses = {
        "supported": report.t("{n} supported by other sources", n=n.get("supported", 0)),
        "own_word": report.t("{n} supported by the claimant’s own word alone", n=n.get("own_word", 0)),
        "partly": report.t("{n} supported in part", n=n.get("partly", 0)),
        "contradicted": report.t("{n} contradicted by other sources", n=n.get("contradicted", 0)),
        "sources_disagree": report.t("{n} on which the sources disagree", n=n.get("sources_disagree", 0)),
        "not_checkable": report.t("{n} not checkable with the sources seen", n=n.get("not_checkable", 0)),
    }
    parts = [clause for verdict, clause in clauses.items() if n.get(verdict)]
    return report.t("Of {all} claims in the press: {parts}.", all=len(verdicts), parts=report.language.list(parts))


def profile_words(name: str, indicators: int, wanted: int, gaps: int, report: Report) -> str:
    """How many indicators of a kecamatan are known, and how much of what a reviewer looks for was not found."""
    known = (
        report.t("{name}: figures were found for {n} indicators.", name=name, n=indicators)
        if indicators
        else report.t("{name}: no figures were found.", name=name)
    )
    if not gaps:
        return known
    missing = report.t(
        "Of {all} things a reviewer looks for, {gaps} were not found on the public pages seen.",
        all=wanted,
        gaps=gaps,
    )
    return f"{known} {missing}"
