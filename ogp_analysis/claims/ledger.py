"""The ledger of claims: who says so, what others say, how independent they are, and what follows by rule."""

from __future__ import annotations

import pandas as pd

from ogp_analysis.case import Case, known_by
from ogp_analysis.figures import compare_figures, figure_difference
from ogp_analysis.quarter import Quarter
from ogp_analysis.verdict import claim_verdict, independence


def claim_evidence(case: Case, quarter: Quarter) -> pd.DataFrame:
    """What other sources say of each claim, dated by the quarter's end or undated.

    Undated pages count here: a claim is about the past, and what a page says of it does not expire.

    Returns
    -------
    DataFrame
        The columns of ``claim_evidence`` with ``source_kind`` and ``publisher``. ``origin`` is filled up with
        the publisher where the table says nothing: two pages of one publisher repeat each other.
    """
    frame = case.table("claim_evidence")
    frame = frame[known_by(frame["date"], quarter.last_day) | frame["date"].isna()]
    sources = case.table("sources").set_index("source_id")
    publisher = frame["source_id"].map(sources["publisher"])
    origin = frame["origin"].fillna(publisher)
    kinds = frame["source_id"].map(sources["kind"])
    return frame.assign(source_kind=kinds, publisher=publisher, origin=origin).reset_index(drop=True)


def claim_figures(case: Case, quarter: Quarter) -> pd.DataFrame:
    """Each claimed figure beside each figure of another source, and what the one is to the other.

    The rule is :func:`ogp_analysis.figures.compare_figures`: figures are compared only when they count the same
    thing and speak of the same day.

    Returns
    -------
    DataFrame
        ``claim_id``, ``statement_en``, ``statement_id``, ``unit_en``, ``unit_id``, ``claimed``, ``tolerance``,
        ``claimed_as_of``, ``found``, ``counts``, ``found_as_of``, ``outcome``, ``difference`` (found less claimed;
        missing where they are not single numbers of one thing and day), ``stance``, ``source_id``.

    Examples
    --------
    >>> from ogp_analysis import Quarter, load_case
    >>> figures = claim_figures(load_case("semarang"), Quarter.parse("2023Q4")).set_index("claim_id")
    >>> figures.loc[["R11", "H08"], ["claimed", "found", "outcome"]].values.tolist()
    [['79', '78', 'differs'], ['63', '63', 'equal'], ['63', '65', 'other_day']]
    """
    claims = case.until("claims", quarter).dropna(subset=["value"])
    evidence = claim_evidence(case, quarter).dropna(subset=["value"])
    about = ["claim_id", "statement_en", "statement_id", "unit_en", "unit_id"]
    pairs = claims[[*about, "value", "counts", "tolerance", "as_of"]].merge(
        evidence[["claim_id", "value", "counts", "as_of", "stance", "source_id"]],
        on="claim_id",
        suffixes=("_claimed", "_found"),
    )
    pairs["outcome"] = [
        compare_figures(
            str(row["value_claimed"]),
            str(row["value_found"]),
            counts=str(row["counts_claimed"]),
            found_counts=str(row["counts_found"]),
            as_of=row["as_of_claimed"],
            found_as_of=row["as_of_found"],
            tolerance=0.0 if pd.isna(row["tolerance"]) else float(row["tolerance"]),
        )
        for _, row in pairs.iterrows()
    ]
    pairs["difference"] = [
        figure_difference(
            str(row["value_claimed"]), str(row["value_found"]), str(row["counts_claimed"]), str(row["outcome"])
        )
        for _, row in pairs.iterrows()
    ]
    names = {"value_claimed": "claimed", "value_found": "found", "counts_found": "counts"}
    pairs = pairs.rename(columns={**names, "as_of_claimed": "claimed_as_of", "as_of_found": "found_as_of"})
    order = [*about, "claimed", "tolerance", "claimed_as_of", "found", "counts"]
    return pairs[[*order, "found_as_of", "outcome", "difference", "stance", "source_id"]]


def claim_verdicts(case: Case, quarter: Quarter) -> pd.DataFrame:
    """Each claim made by the quarter's end with its verdict by rule.

    The rules are :func:`ogp_analysis.verdict.claim_verdict` and, for how independent the support is,
    :func:`ogp_analysis.verdict.independence`. A claim without an origin goes back to the publisher of its source.

    Returns
    -------
    DataFrame
        The columns of ``claims`` with ``verdict``, ``for_count``, ``partly_count``, ``against_count``,
        ``independence`` and ``origins`` (how many origins the evidence other than context has).

    Examples
    --------
    >>> from ogp_analysis import Quarter, load_case
    >>> verdicts = claim_verdicts(load_case("semarang"), Quarter.parse("2023Q4")).set_index("claim_id")
    >>> verdicts.loc[["R08", "R10", "H03"], "verdict"].tolist()
    ['partly', 'supported', 'not_checkable']
    """
    out = case.until("claims", quarter).reset_index(drop=True)
    evidence = claim_evidence(case, quarter)
    groups = {key: evidence[evidence["claim_id"] == key] for key in out["claim_id"]}
    out["verdict"] = [claim_verdict(groups[key]) for key in out["claim_id"]]
    counts = {"for_count": "supports", "partly_count": "partly", "against_count": "contradicts"}
    for column, stance in counts.items():
        out[column] = [int((groups[key]["stance"] == stance).sum()) for key in out["claim_id"]]
    told = {key: group[group["stance"] != "context"]["origin"] for key, group in groups.items()}
    publisher = case.table("sources").set_index("source_id")["publisher"]
    own = zip(out["claim_id"], out["origin"].fillna(out["source_id"].map(publisher)), strict=True)
    out["independence"] = [independence(told[key], origin) for key, origin in own]
    out["origins"] = [int(told[key].nunique()) for key in out["claim_id"]]
    return out
