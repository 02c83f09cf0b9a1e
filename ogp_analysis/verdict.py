"""How pieces of evidence add up to a finding: one rule for criteria, one for claims, both published."""

from __future__ import annotations

import pandas as pd

#: Kinds of source whose own word does not verify what they say of themselves.
OWN_WORD = frozenset({"government"})


def criterion_finding(evidence: pd.DataFrame) -> str:
    """What the evidence on a criterion or duty allows to say.

    Rule, first that fits: contradicted and supported by others than the government: ``partly``; supported
    directly by others: ``met``; contradicted: ``not_met``; supported in part, or only by what a source of
    others implies: ``partly``; supported by the government's own word alone: ``claimed``; else ``unknown``.
    Context decides nothing, and unknown never becomes not met.

    Parameters
    ----------
    evidence : DataFrame
        ``stance`` (supports, contradicts, partly, context), ``basis`` (direct, inferred) and ``source_kind``;
        any number of rows.

    Examples
    --------
    >>> row = {"stance": ["supports"], "basis": ["direct"], "source_kind": ["government"]}
    >>> criterion_finding(pd.DataFrame(row))
    'claimed'
    >>> criterion_finding(pd.DataFrame(row | {"source_kind": ["ogp"], "basis": ["inferred"]}))
    'partly'
    """
    supports = evidence["stance"] == "supports"
    others = supports & ~evidence["source_kind"].isin(OWN_WORD)
    direct = others & (evidence["basis"] == "direct")
    contradicted = bool((evidence["stance"] == "contradicts").any())
    if contradicted and bool(others.any()):
        return "partly"
    if bool(direct.any()):
        return "met"
    if contradicted:
        return "not_met"
    if bool(others.any()) or bool((evidence["stance"] == "partly").any()):
        return "partly"
    return "claimed" if bool(supports.any()) else "unknown"


def claim_verdict(evidence: pd.DataFrame) -> str:
    """What the sources seen allow to say of a claim.

    Rule: for and against: ``sources_disagree``; against only: ``contradicted``; partly, or partly and for:
    ``partly``; for only: ``supported``; nothing, or context only: ``not_checkable``. A verdict is on the
    words of a claim, not on the honesty of who made it.

    Examples
    --------
    >>> claim_verdict(pd.DataFrame({"stance": ["supports", "context"]}))
    'supported'
    """
    stances = set(evidence["stance"])
    if {"supports", "contradicts"} <= stances:
        return "sources_disagree"
    if "contradicts" in stances:
        return "contradicted"
    if "partly" in stances:
        return "partly"
    return "supported" if "supports" in stances else "not_checkable"
