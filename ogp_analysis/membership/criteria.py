"""Criteria and duties of membership, with what was found for each as of a quarter."""

from __future__ import annotations

import pandas as pd

from ogp_analysis.case import Case, known_by
from ogp_analysis.quarter import Quarter
from ogp_analysis.verdict import OWN_WORD, criterion_finding

#: Sets of rules that are calls for new members; a jurisdiction applies under one of them.
CALL = "local_call_"


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

    The rule is :func:`ogp_analysis.verdict.criterion_finding`. A criterion is ``not_applicable`` where a member
    cannot meet it (a step of the committee, a balancing factor), where it belongs to a call other than the one
    that the jurisdiction applied under, and where it binds countries. Undated evidence is counted apart and
    decides nothing. Of a rule with dated versions the one in force counts; a rule that begins after the quarter
    is left out.

    Parameters
    ----------
    case : Case
    quarter : Quarter
    scopes : list of str
        Of ``criteria.scope``.

    Returns
    -------
    DataFrame
        The columns of ``criteria`` with ``finding``, ``reason`` (why a criterion does not apply: ``not_judged``,
        ``other_call`` or ``countries``; else missing), ``evidence_count`` and ``undated_count``.

    Examples
    --------
    >>> from ogp_analysis import Quarter, load_case
    >>> found = criteria_findings(load_case("semarang"), Quarter.parse("2023Q4"), ["local_call_2020"])
    >>> found.set_index("criterion_id").loc[["C20-1", "C20-3"], "finding"].tolist()
    ['unknown', 'met']
    """
    criteria = case.table("criteria")
    out = _in_force(criteria[criteria["scope"].isin(scopes)], quarter).reset_index(drop=True)
    evidence = criterion_evidence(case, quarter)
    dated = evidence[evidence["dated"]]
    groups = {key: dated[dated["criterion_id"] == key] for key in out["criterion_id"]}
    own = case.jurisdiction.get("call")
    reason = pd.Series(pd.NA, index=out.index, dtype=object)
    reason[~out["judged"].astype(bool)] = "not_judged"
    reason[out["scope"] == "national"] = "countries"
    if own is not None:
        reason[out["scope"].str.startswith(CALL) & (out["scope"] != own)] = "other_call"
    out["reason"] = reason
    out["finding"] = [
        criterion_finding(groups[key]) if applies else "not_applicable"
        for key, applies in zip(out["criterion_id"], reason.isna(), strict=True)
    ]
    out["evidence_count"] = [len(groups[key]) for key in out["criterion_id"]]
    loose = evidence.loc[~evidence["dated"], "criterion_id"].value_counts()
    out["undated_count"] = out["criterion_id"].map(loose).fillna(0).astype(int)
    return out


def _in_force(criteria: pd.DataFrame, quarter: Quarter) -> pd.DataFrame:
    """The rules known by a quarter's end; of the versions of one rule only the last that has begun."""
    begun = criteria["valid_from"].isna() | known_by(criteria["valid_from"], quarter.last_day)
    known = criteria[begun]
    keyed = known[known["rule_key"].notna()].sort_values("valid_from", na_position="first", kind="stable")
    superseded = keyed.index[keyed.duplicated("rule_key", keep="last")]
    return known.drop(superseded)


def calls(case: Case, quarter: Quarter) -> list[str]:
    """The calls for new members that the case knows criteria of and that had begun by a quarter, oldest first."""
    criteria = case.table("criteria")
    rows = _in_force(criteria[criteria["scope"].str.startswith(CALL)], quarter)
    return sorted(rows["scope"].unique())


def press_criteria(case: Case, quarter: Quarter) -> pd.DataFrame:
    """The criteria as the press named them, each with the criterion of the call it stands for.

    Returns
    -------
    DataFrame
        ``part_no``, ``part_en``, ``part_id``, ``corresponds_to``, ``item_en``, ``item_id``, ``finding``,
        ``evidence_count``, ``source_id`` (of the press), ``call_source_id``.
    """
    parts = case.table("criteria_parts")
    parts = parts[parts["criterion_id"].isin(_in_force(case.table("criteria"), quarter)["criterion_id"])]
    scopes = case.table("criteria").set_index("criterion_id")["scope"]
    found = criteria_findings(case, quarter, list(scopes.reindex(parts["corresponds_to"]).dropna().unique()))
    found = found[["criterion_id", "item_en", "item_id", "finding", "evidence_count", "source_id"]]
    found = found.rename(columns={"criterion_id": "corresponds_to", "source_id": "call_source_id"})
    press = case.table("criteria").set_index("criterion_id")["source_id"]
    out = parts.merge(found, on="corresponds_to", how="inner", validate="many_to_one")
    return out.assign(source_id=out["criterion_id"].map(press))


def side_by_side(case: Case, quarter: Quarter) -> pd.DataFrame:
    """The criteria of a call beside those that the press named, and what is known of each from whom.

    Shown are the criteria of the same kind as those that the press's stand for, also the ones that the press
    left out.

    Returns
    -------
    DataFrame
        The columns of :func:`criteria_findings`, and: ``part_en``, ``part_id`` and ``press_source_id`` (missing
        where the press names no such criterion), ``own_word`` and ``others``: numbers of dated pieces of
        evidence by the government and by others. Empty where the case has no criteria of the press.
    """
    parts = press_criteria(case, quarter)
    table = case.table("criteria").set_index("criterion_id")
    named = table.loc[parts["corresponds_to"]]
    found = criteria_findings(case, quarter, list(named["scope"].unique()))
    out = found[found["kind_en"].isin(named["kind_en"])].reset_index(drop=True)
    press = parts.drop_duplicates("corresponds_to").set_index("corresponds_to")
    for column, source in (("part_en", "part_en"), ("part_id", "part_id"), ("press_source_id", "source_id")):
        out[column] = out["criterion_id"].map(press[source])
    evidence = criterion_evidence(case, quarter)
    evidence = evidence[evidence["dated"]]
    own = evidence["source_kind"].isin(OWN_WORD)
    for column, rows in (("own_word", evidence[own]), ("others", evidence[~own])):
        counts = rows["criterion_id"].value_counts()
        out[column] = out["criterion_id"].map(counts).fillna(0).astype(int)
    return out


def open_criteria(findings: pd.DataFrame) -> pd.DataFrame:
    """The criteria and duties that stay open, with what would have to be shown for each.

    Open are findings of ``unknown``, ``claimed`` and ``partly``. What would show it is the project's own reading
    of the criterion's words, from the case's table; it is no demand of OGP.

    Parameters
    ----------
    findings : DataFrame
        From :func:`criteria_findings`.
    """
    return findings[findings["finding"].isin(["unknown", "claimed", "partly"])].reset_index(drop=True)


def funnel(case: Case, quarter: Quarter) -> pd.DataFrame:
    """How many applicants each stage of the calls left, as of a quarter.

    The counts are of all applicants, no sample: shares have no interval. A stage without a day is known with the
    one before it.

    Returns
    -------
    DataFrame
        The columns of ``call_stages`` with ``share_of_first`` and ``share_of_previous`` (0 to 1; the latter
        missing at the first stage).

    Examples
    --------
    >>> from ogp_analysis import Quarter, load_case
    >>> stages = funnel(load_case("semarang"), Quarter.parse("2020Q4"))
    >>> stages.loc[stages["scope"] == "local_call_2020", "count"].tolist()
    [112, 64, 56]
    """
    frame = case.table("call_stages").sort_values(["scope", "stage_no"], ignore_index=True)
    known = frame["date"].isna() | known_by(frame["date"], quarter.last_day)
    # without the stages above it a count would be a share of something else
    out = frame[known.groupby(frame["scope"]).cummin()].reset_index(drop=True)
    counts = out["count"].astype(float)
    groups = counts.groupby(out["scope"])
    return out.assign(share_of_first=counts / groups.transform("first"), share_of_previous=counts / groups.shift())
