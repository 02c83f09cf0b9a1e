"""The lists of rules that findings and verdicts follow, against their words, combination by combination."""

from __future__ import annotations

import itertools

import pandas as pd
import pytest

from ogp_analysis.verdict import (
    CLAIM_RULES,
    CRITERION_RULES,
    Rule,
    claim_verdict,
    criterion_finding,
    first_that_fits,
)

STANCES = ("supports", "contradicts", "partly", "context")


def test_every_mix_of_stances_on_a_claim():
    for size in range(5):
        for stances in itertools.combinations(STANCES, size):
            for_it, against, partly = (each in stances for each in STANCES[:3])
            if against and (for_it or partly):
                expected = "sources_disagree"
            elif against:
                expected = "contradicted"
            elif partly:
                expected = "partly"
            else:
                expected = "supported" if for_it else "not_checkable"
            assert claim_verdict(pd.DataFrame({"stance": list(stances)})) == expected, stances


ROWS = [
    (stance, basis, kind)
    for stance in STANCES
    for basis in ("direct", "inferred")
    for kind in ("government", "press")
]


def test_every_three_pieces_of_evidence_on_a_criterion():
    for rows in itertools.combinations(ROWS, 3):
        others = [row for row in rows if row[0] == "supports" and row[2] == "press"]
        against = any(row[0] == "contradicts" for row in rows)
        partly = any(row[0] == "partly" and row[2] == "press" for row in rows)
        if against and (others or partly):
            expected = "partly"
        elif any(row[1] == "direct" for row in others):
            expected = "met"
        elif against:
            expected = "not_met"
        elif others or any(row[0] == "partly" for row in rows):
            expected = "partly"
        else:
            expected = "claimed" if any(row[0] == "supports" for row in rows) else "unknown"
        found = criterion_finding(pd.DataFrame(rows, columns=["stance", "basis", "source_kind"]))
        assert found == expected, rows


@pytest.mark.parametrize("rules", [CRITERION_RULES, CLAIM_RULES])
def test_every_line_decides_some_evidence_and_the_last_fits_all(rules):
    decided: set[Rule] = set()
    for size in range(4):
        for rows in itertools.combinations(ROWS, size):
            decided.add(first_that_fits(rules, pd.DataFrame(rows, columns=["stance", "basis", "source_kind"])))
    assert decided == set(rules)
