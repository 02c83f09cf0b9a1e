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


def independence(origins: pd.Series[str], claimant: object = None) -> str:
    """How independent the sources are that speak for or against a claim.

    Rule, first that fits: no source: ``none``; all go back to whoever made the claim: ``own_word``; all go
    back to one origin: ``one_origin``; else ``several_origins``. That several origins did not copy one another
    can be known of none of them for certain: they are only not shown to repeat each other.

    Parameters
    ----------
    origins : Series of str
        Whom each source has its word from; the publisher where nothing else is known.
    claimant : str, optional
        The origin of the claim itself.

    Examples
    --------
    >>> independence(pd.Series(["city", "city"]), "city"), independence(pd.Series(["city", "OGP"]), "city")
    ('own_word', 'several_origins')
    """
    found = set(origins.dropna())
    if not found:
        return "none"
    if isinstance(claimant, str) and found == {claimant}:
        return "own_word"
    return "one_origin" if len(found) == 1 else "several_origins"
