"""A table of all OGP commitments boiled down to counts: one plan can be set against all without a download."""

from __future__ import annotations

import numpy as np
import pandas as pd

from ogp_analysis.commitments.derived import binding_constraint, gate_reached
from ogp_analysis.commitments.ladder import RUNGS, ladder
from ogp_analysis.commitments.published import star_rule, was_reviewed
from ogp_analysis.commitments.rules import decide, latest_completion, rules
from ogp_analysis.scales import STATES
from ogp_analysis.sources.ogp import CommitmentTable

COLUMNS = ("edition", "kind", "member", "era", "first", "first_label", "second", "second_label", "count")
#: What is counted of each member, besides the answers of every rule.
RATED = (
    "specificity", "verifiable", "relevant", "potential_impact", "potential_for_results", "completion", "diog",
    "early_results",
)  # fmt: skip
#: Rungs of the ladder in order, with the lowest one.
LADDER = ("nc", *RUNGS)
#: Which ratings are crossed: the chain from design over completion to results.
CROSSED = (
    ("specificity", "completion"),
    ("relevant", "completion"),
    ("potential_impact", "completion"),
    ("potential_for_results", "completion"),
    ("completion", "diog"),
    ("completion", "early_results"),
    ("potential_impact", "diog"),
)


def eras(table: CommitmentTable) -> pd.Series:
    """The generation of plans that each commitment belongs to, as far as its edition tells.

    The edition of 2015 prints no year: founders' first plans (potential impact not rated) are told from the later
    ones by :func:`~ogp_analysis.commitments.published.star_rule`. Other editions go by the year of submission.

    Returns
    -------
    Series of str
        ``founders``, ``later``, ``not reviewed`` (edition of 2015), a year, or ``unknown``.
    """
    if table.edition == "2015-05":
        names = {"starred_founders": "founders", "starred_2014": "later"}
        return (
            star_rule(table).map(names).mask(~was_reviewed(table), "not reviewed").fillna("unknown").rename("era")
        )
    return table.commitments["year"].astype("string").fillna("unknown").astype(object).rename("era")


def count_table(table: CommitmentTable) -> pd.DataFrame:
    """Count a commitments table by member and era; no row of it stands for a single commitment's text.

    Parameters
    ----------
    table : CommitmentTable
        Any edition.

    Returns
    -------
    DataFrame
        Columns :data:`COLUMNS`. ``kind`` says what is counted: ``rating`` (``first`` is what is rated,
        ``first_label`` a label or missing state), ``rule`` (``first_label`` is ``yes``, ``no`` or the state
        ``undecided``), ``gate`` (the binding constraint, or ``undecided:`` and the gate that could not be
        judged), ``cross`` (two ratings, labels only), ``ladder`` (policy area and rung; members without a
        commitment in the area have no row).
    """
    keys = pd.DataFrame({"member": table.commitments["member"], "era": eras(table)})
    ratings = table.rated.assign(completion=latest_completion(table.rated))
    pieces = []
    for name in RATED:
        if (ratings[name] != "not_asked").any():
            pieces.append(_counted(keys, "rating", name, ratings[name].astype(object)))
    for key in rules():
        answers = decide(table.rated, key)
        if answers.notna().any():
            words = answers.astype(object).map({True: "yes", False: "no"}).fillna("undecided")
            pieces.append(_counted(keys, "rule", key, words))
    constraint = binding_constraint(table.rated).astype(object)
    stopped = "undecided:" + gate_reached(table.rated)
    pieces.append(
        _counted(keys, "gate", "binding_constraint", constraint.where(~constraint.isin(list(STATES)), stopped))
    )
    for first, second in CROSSED:
        both = ~ratings[first].isin(list(STATES)) & ~ratings[second].isin(list(STATES))
        if both.any():
            pieces.append(
                _counted(
                    keys[both], "cross", first, ratings.loc[both, first].astype(object),
                    second, ratings.loc[both, second].astype(object),
                )
            )  # fmt: skip
    rungs = ladder(table).query("commitments > 0")
    pieces.append(
        pd.DataFrame(
            {
                "kind": "ladder", "member": rungs["member"], "era": "", "first": rungs["policy_area"],
                "first_label": rungs["rung"].astype(object), "second": "", "second_label": "",
                "count": rungs["commitments"],
            }
        )
    )  # fmt: skip
    out = pd.concat(pieces, ignore_index=True)
    out.insert(0, "edition", table.edition)
    order = ["kind", "first", "second", "member", "era", "first_label", "second_label"]
    return out[list(COLUMNS)].sort_values(order, kind="stable", ignore_index=True)


def expand(counts: pd.DataFrame) -> pd.DataFrame:
    """One row a commitment again, from rows that each count several; the index is new.

    Examples
    --------
    >>> expand(pd.DataFrame({"member": ["a", "b"], "count": [2, 1]}))["member"].tolist()
    ['a', 'a', 'b']
    """
    # by place: labels of the index may repeat where frames were put one under the other
    repeated = counts.iloc[np.repeat(np.arange(len(counts)), counts["count"].to_numpy(dtype=np.int64))]
    return repeated.drop(columns="count").reset_index(drop=True)


def _counted(
    keys: pd.DataFrame, kind: str, first: str, labels: pd.Series, second: str = "", others: pd.Series | None = None
) -> pd.DataFrame:
    frame = keys.assign(first_label=labels, second_label="" if others is None else others)
    counted = frame.groupby(["member", "era", "first_label", "second_label"], sort=False).size()
    return counted.rename("count").reset_index().assign(kind=kind, first=first, second=second)
