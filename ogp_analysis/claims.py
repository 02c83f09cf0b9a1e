"""Claims that somebody made, beside what other sources say."""

from __future__ import annotations

import pandas as pd

from ogp_analysis.case import Case, known_by
from ogp_analysis.quarter import Quarter
from ogp_analysis.verdict import claim_verdict


def claim_evidence(case: Case, quarter: Quarter) -> pd.DataFrame:
    """What other sources say of each claim, dated by the quarter's end or undated.

    Undated pages count here: a claim is about the past, and what a page says of it does not expire.

    Returns
    -------
    DataFrame
        The columns of ``claim_evidence`` with ``source_kind``.
    """
    frame = case.table("claim_evidence")
    frame = frame[known_by(frame["date"], quarter.last_day) | frame["date"].isna()]
    kinds = case.table("sources").set_index("source_id")["kind"]
    return frame.assign(source_kind=frame["source_id"].map(kinds)).reset_index(drop=True)


def claim_verdicts(case: Case, quarter: Quarter) -> pd.DataFrame:
    """Each claim made by the quarter's end with its verdict by rule.

    The rule is :func:`ogp_analysis.verdict.claim_verdict`.

    Returns
    -------
    DataFrame
        The columns of ``claims`` with ``verdict``, ``for_count``, ``partly_count``, ``against_count``.

    Examples
    --------
    >>> from ogp_analysis import Quarter, load_case
    >>> verdicts = claim_verdicts(load_case("semarang"), Quarter.parse("2023Q4")).set_index("claim_id")
    >>> verdicts.loc[["R08", "R11", "H03"], "verdict"].tolist()
    ['contradicted', 'partly', 'not_checkable']
    """
    out = case.until("claims", quarter).reset_index(drop=True)
    evidence = claim_evidence(case, quarter)
    groups = {key: evidence[evidence["claim_id"] == key] for key in out["claim_id"]}
    out["verdict"] = [claim_verdict(groups[key]) for key in out["claim_id"]]
    for column, stance in {
        "for_count": "supports",
        "partly_count": "partly",
        "against_count": "contradicts",
    }.items():
        out[column] = [int((groups[key]["stance"] == stance).sum()) for key in out["claim_id"]]
    return out
