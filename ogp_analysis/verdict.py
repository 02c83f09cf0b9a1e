"""How pieces of evidence add up to a finding: one list of rules for criteria, one for claims, both published."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import pandas as pd

#: Kinds of source whose own word does not verify what they say of themselves.
OWN_WORD = frozenset({"government"})


@dataclass(frozen=True)
class Rule:
    """One line of a list of rules; the first that fits decides.

    Attributes
    ----------
    outcome : str
        What it finds.
    says : str
        When, in words, for the page of rules.
    fits : function
        The same, for the evidence.
    """

    outcome: str
    says: str
    fits: Callable[[pd.DataFrame], bool]


def _any(evidence: pd.DataFrame, stance: str) -> bool:
    return bool((evidence["stance"] == stance).any())


def _by_others(evidence: pd.DataFrame, basis: str = "", stances: Sequence[str] = ("supports",)) -> bool:
    """Whether others than the government support it, on this basis if one is given."""
    rows = evidence["stance"].isin(stances) & ~evidence["source_kind"].isin(OWN_WORD)
    return bool((rows & (evidence["basis"] == basis) if basis else rows).any())


#: On a criterion or duty.
CRITERION_RULES = (
    Rule("partly", "contradicted, and supported by others than the government, in whole or in part",
         lambda own: _any(own, "contradicts") and _by_others(own, stances=("supports", "partly"))),
    Rule("met", "supported directly by others than the government", lambda own: _by_others(own, "direct")),
    Rule("not_met", "contradicted", lambda own: _any(own, "contradicts")),
    Rule("partly", "supported in part, or only by what a source of others implies",
         lambda own: _by_others(own) or _any(own, "partly")),
    Rule("claimed", "supported by the government's own word alone", lambda own: _any(own, "supports")),
    Rule("unknown", "nothing, or context only; unknown never becomes not met", lambda own: True),
)  # fmt: skip

#: On a claim.
CLAIM_RULES = (
    Rule("sources_disagree", "some speak for it or for a part of it, some against",
         lambda own: _any(own, "contradicts") and (_any(own, "supports") or _any(own, "partly"))),
    Rule("contradicted", "against only", lambda own: _any(own, "contradicts")),
    Rule("partly", "partly, or partly and for: a part was found, the rest was not checked or is not so",
         lambda own: _any(own, "partly")),
    Rule("supported", "for only", lambda own: _any(own, "supports")),
    Rule("not_checkable", "nothing, or context only", lambda own: True),
)  # fmt: skip

#: On how independent the sources are, as a list of outcomes with their words.
INDEPENDENCE = (
    ("none", "no source speaks for or against"),
    ("own_word", "all go back to whoever made the claim"),
    ("one_origin", "all go back to one origin"),
    (
        "several_origins",
        "they go back to several; that these did not copy one another is known of none for certain",
    ),
)


def first_that_fits(rules: Sequence[Rule], evidence: pd.DataFrame) -> Rule:
    """The rule that decides; the last of a list fits everything."""
    return next(rule for rule in rules if rule.fits(evidence))


def criterion_finding(evidence: pd.DataFrame) -> str:
    """What the evidence on a criterion or duty allows to say.

    Rule: the first of :data:`CRITERION_RULES` that fits. Contradicted, and supported by others than the government
    in whole or in part: ``partly``; supported directly by others: ``met``; contradicted: ``not_met``; supported in
    part, or only by what a source of others implies: ``partly``; supported by the government's own word alone:
    ``claimed``; else ``unknown``. Context decides nothing, and unknown never becomes not met.

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
    return first_that_fits(CRITERION_RULES, evidence).outcome


def claim_verdict(evidence: pd.DataFrame) -> str:
    """What the sources seen allow to say of a claim.

    Rule: the first of :data:`CLAIM_RULES` that fits. For, or partly, and against: ``sources_disagree``; against
    only: ``contradicted``; partly, or partly and for: ``partly``; for only: ``supported``; nothing, or context
    only: ``not_checkable``. A verdict is on the words of a claim, not on the honesty of who made it.

    Examples
    --------
    >>> claim_verdict(pd.DataFrame({"stance": ["supports", "context"]}))
    'supported'
    >>> claim_verdict(pd.DataFrame({"stance": ["partly", "contradicts"]}))
    'sources_disagree'
    """
    return first_that_fits(CLAIM_RULES, evidence).outcome


def independence(origins: pd.Series[str], claimant: object = None) -> str:
    """How independent the sources are that speak for or against a claim.

    Rule, first of :data:`INDEPENDENCE` that fits: no source: ``none``; all go back to whoever made the claim:
    ``own_word``; all go back to one origin: ``one_origin``; else ``several_origins``. That several origins did not
    copy one another can be known of none of them for certain: they are only not shown to repeat each other.

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
