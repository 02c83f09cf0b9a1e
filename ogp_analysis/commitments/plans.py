"""One plan among others, and how the making of plans goes with what came of them; from downloaded tables."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import pandas as pd

from ogp_analysis.commitments.rules import Stage, decide, latest_completion
from ogp_analysis.errors import ParameterError, nearest
from ogp_analysis.scales import scale_of
from ogp_analysis.sources.ogp import CommitmentTable, ProcessTable

if TYPE_CHECKING:
    from ogp_analysis.stats.association import Association
    from ogp_analysis.stats.standing import Standing

Group = Literal["all", "member", "year", "region", "level"]
GROUPS: tuple[Group, ...] = ("all", "member", "year", "region", "level")
#: The chain from how a plan was made to what came of it: the stages whose ratings can be crossed with the process.
RATED = ("specificity", "potential_impact", "potential_for_results", "completion", "diog", "early_results")


def plan_rates(table: CommitmentTable, key: str, *, stage: Stage = "latest") -> pd.DataFrame:
    """How many commitments of each plan meet a rule, of how many that could be decided.

    ``count`` commitments meet the rule, of the ``total`` that could be decided; the ``undecided`` are in neither.

    Returns
    -------
    DataFrame
        Index ``plan``; ``count``, ``total``, ``undecided``, and ``member``, ``year``, ``region``, ``level`` of the
        plan (missing where the edition does not print them).

    Raises
    ------
    ParameterError
        If there is no such rule.
    """
    answers = decide(table.rated, key, stage=stage)
    plans = table.commitments["plan"]
    grouped = answers.groupby(plans)
    out = pd.DataFrame({"count": grouped.sum().astype(int), "total": grouped.count().astype(int)})
    out["undecided"] = plans.value_counts().reindex(out.index) - out["total"]
    return out.join(table.commitments.groupby("plan")[["member", "year", "region", "level"]].first())


def plan_standing(table: CommitmentTable, key: str, plan: str, *, group: Group = "all", seed: int = 0) -> Standing:
    """Where one plan stands among others under a rule, as a percentile with the range that few commitments leave.

    The formula and its source are those of :func:`~ogp_analysis.stats.standing.standing`; of each plan counted are
    the commitments for which the rule could be decided.

    Parameters
    ----------
    table : CommitmentTable
    key : str
        Rule, see :func:`~ogp_analysis.commitments.rules.rules`.
    plan : str
        Member and number of the plan, as in ``table.commitments["plan"]``.
    group : {"all", "member", "year", "region", "level"}
        The other plans to compare with: all; of the same country or locality; submitted in the same year; of the
        same region; of the same level (national or local).
    seed : int
        Of the draws.

    Returns
    -------
    Standing
        See :func:`~ogp_analysis.stats.standing.standing`.

    Raises
    ------
    ParameterError
        If the table knows no such plan, the plan has no rated commitment, or there is nothing to compare with.
    """
    from ogp_analysis.stats.standing import standing

    rates = plan_rates(table, key)
    if plan not in rates.index:
        raise ParameterError(f"The table knows no plan {plan!r}.", hint=nearest(plan, list(rates.index)))
    if group not in GROUPS:
        raise ParameterError(f"There is no group {group!r}.", hint=nearest(str(group), GROUPS))
    own = rates.loc[[plan]]
    others = rates.drop(index=plan)
    if group != "all":
        mark = own[group].iloc[0]
        if pd.isna(mark) or not str(mark).strip():
            raise ParameterError(
                f"Edition {table.edition} does not say the {group} of {plan}.", hint="Compare with group='all'."
            )
        others = others[others[group].eq(mark).fillna(False).astype(bool)]
    if others["total"].sum() == 0:
        raise ParameterError(
            f"No other plan of this {group} has a rated commitment under {key!r}.", hint="Choose a wider group."
        )
    count, total = own["count"].tolist()[0], own["total"].tolist()[0]
    return standing(count, total, others["count"], others["total"], seed=seed, label=plan)


@dataclass(frozen=True)
class ProcessLink:
    """How an answer on the process of a plan goes with a rating of its commitments.

    Attributes
    ----------
    question, rating : str
    table : DataFrame
        Cross-table of answers and labels, one count a commitment; labels outside the order included.
    link : Association
        tau-b and chi-square over commitments; those of one plan share its process, so that there are only as many
        independent cases as plans.
    plans : int
        Plans with an answer and a rated commitment.
    unmatched : tuple of str
        Plans of the commitments table of which the process table has no row, named alike: the two tables do not
        spell every country the same way.
    """

    question: str
    rating: str
    table: pd.DataFrame
    link: Association
    plans: int
    unmatched: tuple[str, ...]


def process_link(table: CommitmentTable, process: ProcessTable, question: str, rating: str) -> ProcessLink:
    """Cross an answer on how plans were made with a rating of their commitments.

    Parameters
    ----------
    table : CommitmentTable
    process : ProcessTable
        Joined by member and number of the plan.
    question : str
        Column of ``process.rated``, such as ``iap2_development``.
    rating : str
        One of :data:`RATED`.

    Raises
    ------
    ParameterError
        If the question or rating does not exist, or no plan stands in both tables.
    """
    from ogp_analysis.stats.association import association

    if question not in process.rated:
        raise ParameterError(
            f"There is no question {question!r}.", hint=nearest(question, list(map(str, process.rated)))
        )
    if rating not in RATED:
        raise ParameterError(f"There is no rating {rating!r}.", hint=nearest(rating, RATED))
    ratings = latest_completion(table.rated) if rating == "completion" else table.rated[rating]
    by_plan = process.rated[question].set_axis(process.plans["plan"])
    # plans without a readable number are missing here and there, and are not the same plan
    by_plan = by_plan[by_plan.index.notna() & ~by_plan.index.duplicated()]
    plans = table.commitments["plan"]
    known = plans.notna() & plans.isin(by_plan.index)
    unmatched = tuple(
        sorted(plans[plans.notna() & ~known & table.commitments["assessed"].fillna(True).astype(bool)].unique())
    )
    if not known.any():
        raise ParameterError(
            "No plan stands in both tables.",
            hint="The tables name plans by country and number; compare the spellings.",
        )
    x = by_plan.reindex(plans[known]).set_axis(plans[known].index)
    y = ratings[known]
    scales = scale_of(x), scale_of(y)
    told = x.isin(list(scales[0].by_key)) & y.isin(list(scales[1].by_key))
    cross = pd.crosstab(x[told].astype(object), y[told].astype(object)).reindex(
        index=[key for key in scales[0].by_key if key in set(x[told])],
        columns=[key for key in scales[1].by_key if key in set(y[told])],
        fill_value=0,
    )
    link = association(scales[0].ordered(x[told]).rename(question), scales[1].ordered(y[told]).rename(rating))
    return ProcessLink(question, rating, cross, link, int(plans[known][told].nunique()), unmatched)
