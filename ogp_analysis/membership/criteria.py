"""Criteria and duties of membership, with what was found for each as of a quarter."""

from __future__ import annotations

import pandas as pd

from ogp_analysis.case import Case, known_by
from ogp_analysis.quarter import Quarter
from ogp_analysis.verdict import criterion_finding


def criterion_evidence(case: Case, quarter: Quarter) -> pd.DataFrame:
    """Evidence on criteria and duties, dated by the quarter's end or undated.

    Returns
    -------
    DataFrame
        The columns of ``criteria_evidence`` with ``source_kind`` and ``dated``.
    """
    frame = case.table("criteria_evidence")
    frame["dated"] = known_by(frame["date"], quarter.last_day)
    possible = frame["not_before"].isna() | known_by(frame["not_before"], quarter.last_day)
    frame = frame[frame["dated"] | (frame["date"].isna() & possible)]
    kinds = case.table("sources").set_index("source_id")["kind"]
    return frame.assign(source_kind=frame["source_id"].map(kinds)).reset_index(drop=True)


def criteria_findings(case: Case, quarter: Quarter, scopes: list[str]) -> pd.DataFrame:
    """For each criterion or duty in some sets of rules: what the dated evidence allows to say.

    The rule is :func:`ogp_analysis.verdict.criterion_finding`; what a member cannot meet (a step of the
    committee, a balancing factor) is ``not_applicable``. Undated evidence is counted apart and decides
    nothing.

    Parameters
    ----------
    case : Case
    quarter : Quarter
    scopes : list of str
        Of ``criteria.scope``.

    Returns
    -------
    DataFrame
        The columns of ``criteria`` with ``finding``, ``evidence_count`` and ``undated_count``.

    Examples
    --------
    >>> from ogp_analysis import Quarter, load_case
    >>> found = criteria_findings(load_case("semarang"), Quarter.parse("2023Q4"), ["local_call_2020"])
    >>> found.set_index("criterion_id").loc[["C20-1", "C20-3"], "finding"].tolist()
    ['unknown', 'met']
    """
    criteria = case.table("criteria")
    out = criteria[criteria["scope"].isin(scopes)].reset_index(drop=True)
    evidence = criterion_evidence(case, quarter)
    dated = evidence[evidence["dated"]]
    groups = {key: dated[dated["criterion_id"] == key] for key in out["criterion_id"]}
    out["finding"] = [
        criterion_finding(groups[key]) if judged else "not_applicable"
        for key, judged in zip(out["criterion_id"], out["judged"], strict=True)
    ]
    out["evidence_count"] = [len(groups[key]) for key in out["criterion_id"]]
    loose = evidence.loc[~evidence["dated"], "criterion_id"].value_counts()
    out["undated_count"] = out["criterion_id"].map(loose).fillna(0).astype(int)
    return out


def press_criteria(case: Case, quarter: Quarter) -> pd.DataFrame:
    """The criteria as the press named them, each with the criterion of the call it stands for.

    Returns
    -------
    DataFrame
        ``part_no``, ``part_en``, ``part_id``, ``corresponds_to``, ``item_en``, ``item_id``, ``finding``,
        ``evidence_count``, ``source_id`` (of the press), ``call_source_id``.
    """
    parts = case.table("criteria_parts")
    scopes = case.table("criteria").set_index("criterion_id")["scope"]
    found = criteria_findings(case, quarter, list(scopes.reindex(parts["corresponds_to"]).dropna().unique()))
    found = found[["criterion_id", "item_en", "item_id", "finding", "evidence_count", "source_id"]]
    found = found.rename(columns={"criterion_id": "corresponds_to", "source_id": "call_source_id"})
    press = case.table("criteria").set_index("criterion_id")["source_id"]
    out = parts.merge(found, on="corresponds_to", how="left", validate="many_to_one")
    return out.assign(source_id=out["criterion_id"].map(press))
