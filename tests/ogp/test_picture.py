"""The global picture from counts: it must be what the commitments themselves give, and refuse what cannot be pooled."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from ogp_analysis.commitments import derived, picture
from ogp_analysis.commitments.ladder import ladder
from ogp_analysis.commitments.reference import COLUMNS, count_table, eras, expand
from ogp_analysis.commitments.rules import decide, latest_completion, rules
from ogp_analysis.errors import ParameterError
from ogp_analysis.scales import STATES
from ogp_analysis.sources.ogp import read_commitments

from .conftest import random_rows


@pytest.fixture(params=["2015-05", "2016", "2024"])
def table(request, write):
    return read_commitments(write(request.param, random_rows(request.param, 150, seed=3)))


@pytest.fixture
def counts(table):
    return count_table(table)


def test_the_case_carries_the_counts_of_ogps_own_table(semarang, published_2015):
    carried = semarang.table("reference_counts")
    assert set(carried["source_id"]) == {"ogp-irm-2015"}
    fresh = count_table(published_2015)
    pd.testing.assert_frame_equal(
        carried[list(COLUMNS)].fillna("").astype(object),
        fresh.astype(object),
        check_dtype=False,
    )


def test_counts_of_the_case_hold_figures_counted_apart(semarang):
    """From the definitions, with the csv module and plain loops, on OGP's file itself."""
    counts = semarang.table("reference_counts")
    assert picture.gates(counts)["failed"].tolist() == [272, 90, 294, 69]
    assert picture.gates(counts)["passed"].iloc[-1] == 68
    shares = picture.rule_shares(counts, ["high_completion", "starred_2014"]).set_index("rule")
    assert shares.loc["high_completion", ["count", "total"]].tolist() == [475, 957]
    assert shares.loc["starred_2014", ["count", "total"]].tolist() == [190, 783]
    completion = picture.labels(counts, "completion").set_index("label")["count"]
    assert completion[["not_started", "limited", "substantial", "complete"]].tolist() == [117, 319, 204, 271]
    link = picture.chain(counts, "specificity", "completion")
    assert link.overall.n == 911
    assert link.overall.tau == pytest.approx(0.1819, abs=5e-5)
    assert (link.overall.chi_square, link.overall.dof) == (pytest.approx(49.17, abs=5e-3), 9)
    relevance = picture.chain(counts, "relevant", "completion").overall
    assert (relevance.tau, relevance.chi_square) == (
        pytest.approx(0.0229, abs=5e-5),
        pytest.approx(3.26, abs=5e-3),
    )
    assert len(picture.members(counts)) == 61


def test_counts_add_up_to_the_commitments(table, counts):
    number = len(table.commitments)
    for kind in ("rating", "rule", "gate"):
        rows = counts[counts["kind"] == kind]
        assert (rows.groupby("first")["count"].sum() == number).all()
    assert not counts.duplicated([name for name in COLUMNS if name != "count"]).any()
    ladders = counts.loc[counts["kind"] == "ladder", "count"].sum()
    assert ladders == (table.tags["state"] == "tagged").sum()


def test_the_picture_is_that_of_the_commitments(table, counts):
    for key in rules():
        answers = decide(table.rated, key)
        if answers.notna().any():
            own = picture.rule_shares(counts, [key]).iloc[0]
            assert own[["count", "total", "undecided"]].tolist() == [
                int(answers.sum()), int(answers.notna().sum()), int(answers.isna().sum()),
            ]  # fmt: skip
            by_member = answers.groupby(table.commitments["member"]).agg(["sum", "count"])
            rates = (by_member["sum"] / by_member["count"])[by_member["count"] > 0]
            assert own["mean_of_members"] == pytest.approx(rates.mean())
            assert own["members"] == len(rates)
        else:
            with pytest.raises(ParameterError, match="this edition does not rate it"):
                picture.rule_shares(counts, [key])
    pd.testing.assert_frame_equal(picture.gates(counts, reviewed=False), derived.funnel(table.rated))
    one = table.commitments["member"] == "Member 3"
    pd.testing.assert_frame_equal(
        picture.gates(counts, member="Member 3", reviewed=False), derived.funnel(table.rated[one])
    )
    found = latest_completion(table.rated)
    shown = picture.labels(counts, "completion")
    assert (
        dict(zip(shown["label"], shown["count"], strict=True))
        == found.value_counts().loc[lambda n: n > 0].to_dict()
    )
    rated = shown[~shown["label"].isin(list(STATES))]
    assert rated["share"].sum() == pytest.approx(1)
    assert shown.loc[shown["label"].isin(list(STATES)), "share"].isna().all()


def test_ladder_counts(table, counts):
    got = picture.ladder_counts(counts)
    rungs = ladder(table)
    for area, row in got.iterrows():
        own = rungs[rungs["policy_area"] == area]["rung"]
        assert row.to_dict() == {rung: int((own == rung).sum()) for rung in got.columns}
    assert (got.sum(axis=1) == table.commitments["member"].nunique()).all()


def test_a_chain_is_that_of_the_pairs(table, counts):
    link = picture.chain(counts, "specificity", "completion", draws=200)
    first, second = table.rated["specificity"].astype(object), latest_completion(table.rated).astype(object)
    both = ~first.isin(list(STATES)) & ~second.isin(list(STATES))
    want = pd.crosstab(first[both], second[both])
    got = link.table.counts
    for row in got.index:
        for column in got.columns:
            expected = want.loc[row, column] if row in want.index and column in want.columns else 0
            assert got.loc[row, column] == expected
    assert link.table.n == both.sum()
    assert link.overall.n + link.overall.dropped == both.sum()


def test_rates_and_standing(counts):
    rates = picture.member_rates(counts, "high_completion").table
    number = {
        member: (int(rows.loc[rows["first_label"] == "yes", "count"].sum()), int(rows.loc[rows["first_label"] != "undecided", "count"].sum()))
        for member, rows in counts[(counts["kind"] == "rule") & (counts["first"] == "high_completion")].groupby("member")
    }  # fmt: skip
    assert {member: tuple(row) for member, row in rates[["count", "total"]].iterrows()} == number
    place = picture.place(counts, "high_completion", "Member 1")
    assert place.size == len([1 for member, (_, total) in number.items() if total and member != "Member 1"])
    raw = [count / total for member, (count, total) in number.items() if total and member != "Member 1"]
    own = number["Member 1"][0] / number["Member 1"][1]
    below = np.mean([rate < own for rate in raw]) + 0.5 * np.mean([rate == own for rate in raw])
    assert place.raw == pytest.approx(100 * below)
    few = picture.place(counts, "high_completion", "Member 1", group=["Member 1", "Member 2", "Member 3"])
    assert few.size == 2


def test_eras(table):
    found = eras(table)
    if table.edition == "2015-05":
        assessed = table.commitments["assessed"].fillna(False).astype(bool)
        assert (found[~assessed] == "not reviewed").all()
        rated = table.rated["potential_impact"] != "NR"
        assert (found[assessed & rated] == "later").all()
        assert (found[assessed & ~rated] == "founders").all()
    else:
        assert set(found) <= {"2013", "2014", "unknown"}
        assert (found[table.commitments["year"].isna()] == "unknown").all()


def test_expanding_gives_back_each_commitment(counts):
    rows = counts[counts["kind"] == "rule"]
    assert len(expand(rows)) == rows["count"].sum()


def test_what_cannot_be_said_is_refused(counts):
    with pytest.raises(ParameterError, match=r"no member 'Membre 1'\.\nWhat to do: Did you mean 'Member 1'"):
        picture.place(counts, "high_completion", "Membre 1")
    with pytest.raises(ParameterError, match="no rule 'completion'"):
        picture.rule_shares(counts, ["completion"])
    with pytest.raises(ParameterError, match="cross no 'completion' with 'specificity'"):
        picture.chain(counts, "completion", "specificity")
    with pytest.raises(ParameterError, match="hold nothing on 'diog_ati'"):
        picture.labels(counts, "diog_ati")
    with pytest.raises(ParameterError, match="Stars of 2 rules cannot be counted together"):
        picture.one_star_rule(["starred_2014", "starred_current"])
    assert picture.one_star_rule(["high_completion", "starred_2015"]) == "starred_2015"
    with pytest.raises(ParameterError, match="None of these is a rule of the star"):
        picture.one_star_rule(["high_completion"])


def test_impossible_counts_are_refused(counts):
    for change in ({"count": -3}, {"count": 2.5}, {"count": float("nan")}):
        with pytest.raises(ParameterError, match="is not possible"):
            picture.gates(counts.assign(**change))
    with pytest.raises(ParameterError, match="yes, no or undecided, not 'Yes'"):
        picture.rule_shares(counts.replace({"first_label": {"yes": "Yes"}}), ["high_completion"])
    with pytest.raises(ParameterError, match="told apart by 'region'"):
        picture.rule_shares(counts, ["high_completion"], by="region")
    assert picture.rule_shares(counts, []).empty


def test_repeated_labels_of_the_index_do_not_multiply(counts):
    rows = counts[counts["kind"] == "rule"]
    again = pd.concat(
        [rows.iloc[: len(rows) // 2].reset_index(drop=True), rows.iloc[len(rows) // 2 :].reset_index(drop=True)]
    )
    assert len(expand(again)) == rows["count"].sum()


def test_two_editions_are_not_pooled(write):
    one, two = (
        count_table(read_commitments(write(e, random_rows(e, 20), name=f"{e}.csv"))) for e in ("2016", "2024")
    )
    both = pd.concat([one, two], ignore_index=True)
    for use in (
        lambda: picture.rule_shares(both, ["high_completion"]),
        lambda: picture.gates(both),
        lambda: picture.labels(both, "completion"),
        lambda: picture.chain(both, "specificity", "completion"),
        lambda: picture.ladder_counts(both),
        lambda: picture.place(both, "high_completion", "Member 1"),
    ):
        with pytest.raises(ParameterError, match="counts of 2 editions"):
            use()
