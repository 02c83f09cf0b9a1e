"""Gaps between relief and need, by simulated chance; and the two errors of targeting by hand."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ogp_analysis.errors import ParameterError
from ogp_analysis.locale import get_language
from ogp_analysis.stats import benefit
from ogp_analysis.stats.benefit import benefit_gap, targeting
from ogp_analysis.stats.proportions import interval

PLACES = [f"3374{number:03}" for number in range(10, 170, 10)]
COUNTS = st.lists(st.tuples(st.integers(0, 40), st.integers(0, 400)), min_size=2, max_size=8).filter(
    lambda rows: sum(r for r, _ in rows) >= 10 and sum(n for _, n in rows) > 0
)


@pytest.mark.parametrize("need_counted", [False, True])
def test_by_chance_alone_seldom_any_place_stands_out(need_counted):
    rng = np.random.default_rng(3)
    true = pd.Series(rng.dirichlet(np.full(16, 4.0)), index=PLACES)
    false_alarms = 0
    for _ in range(300):
        need = pd.Series(rng.multinomial(500, true), index=PLACES) if need_counted else 1000 * true
        relief = pd.Series(rng.multinomial(300, true), index=PLACES)
        gap = benefit_gap(relief, need, need_counted=need_counted)
        false_alarms += not gap.table["within_chance"].all()
    # 5% for all sixteen together; three standard deviations of 300 runs are 4 points
    assert false_alarms / 300 < 0.09


def test_one_place_at_a_time_is_the_plain_interval():
    relief, need = pd.Series([30, 70], index=["a", "b"]), pd.Series([1.5, 1.5], index=["b", "a"])
    table = benefit_gap(relief, need, simultaneous=False).table
    low, high = interval(30, 100)
    assert (table.loc["a", "low"], table.loc["a", "high"]) == pytest.approx((low - 0.5, high - 0.5))
    together = benefit_gap(relief, need).table
    assert (together["low"] < table["low"]).all()
    assert (together["high"] > table["high"]).all()


def test_two_counted_sides_are_newcombes_interval():
    """Newcombe 1998, table II, method 10: 56/70 less 48/80 is 0.0524 to 0.3339."""
    table = benefit_gap(pd.Series([56, 14]), pd.Series([48, 32]), need_counted=True, simultaneous=False).table
    assert table.loc[0, ["gap", "low", "high"]].tolist() == pytest.approx([0.2, 0.0524, 0.3339], abs=5e-5)


@settings(max_examples=80)
@given(COUNTS, st.randoms())
def test_gaps_cancel_out_and_order_does_not_matter(rows, random):
    relief, need = (pd.Series(side, index=PLACES[: len(rows)]) for side in zip(*rows, strict=True))
    gap = benefit_gap(relief, need)
    assert gap.table["gap"].sum() == pytest.approx(0, abs=1e-12)
    assert ((gap.table["low"] <= gap.table["gap"]) & (gap.table["gap"] <= gap.table["high"])).all()
    shuffled = random.sample(list(relief.index), len(relief))
    pd.testing.assert_frame_equal(benefit_gap(relief[shuffled], need).table.loc[relief.index], gap.table)


def test_money_and_few_cases_have_no_interval_and_say_so():
    relief, need = pd.Series([5.5e9, 1e9], index=["a", "b"]), pd.Series([3, 4], index=["a", "b"])
    for gap, reason in (
        (benefit_gap(relief, need, counted=False), "amounts"),
        (benefit_gap(pd.Series([5, 4], index=["a", "b"]), need), "few_cases"),
        (benefit_gap(relief[["a"]], need[["a"]], counted=False), "one_place"),
    ):
        assert (gap.can_tell, gap.reason) == (False, benefit.LABELS[reason])
        assert gap.table["gap"].notna().all()
        assert gap.table[["low", "high", "within_chance"]].isna().to_numpy().all()
    indonesian = get_language("id")
    assert len({indonesian.t(text) for text in benefit.LABELS.values()}) == len(benefit.LABELS)


def test_zero_is_a_value_and_missing_is_not():
    need = pd.Series([50, 50], index=["a", "b"])
    table = benefit_gap(pd.Series([0, 40], index=["a", "b"]), need).table
    assert table.loc["a", "gap"] == -0.5
    assert not table.loc["a", "within_chance"]
    with pytest.raises(ParameterError, match="'relief' is missing for: 'a'"):
        benefit_gap(pd.Series([None, 40], index=["a", "b"]), need)
    with pytest.raises(ParameterError, match="'need' is below zero: -1 at 'b'"):
        benefit_gap(need, pd.Series([1, -1], index=["a", "b"]))
    with pytest.raises(ParameterError, match="'relief' is not a whole number"):
        benefit_gap(pd.Series([1.5, 40], index=["a", "b"]), need)
    with pytest.raises(ParameterError, match="'need' is zero everywhere"):
        benefit_gap(need, 0 * need)


def test_errors_of_targeting():
    # 40 in need of whom 30 were reached; 60 others of whom 10 were reached; 5 records without one answer
    needy = pd.Series([True] * 40 + [False] * 60 + [None] * 3 + [True] * 2, dtype="boolean")
    reached = pd.Series(
        [True] * 30 + [False] * 10 + [True] * 10 + [False] * 50 + [True] * 3 + [None] * 2, dtype="boolean"
    )
    found = targeting(needy, reached.sample(frac=1, random_state=4))
    assert (found.coverage.count, found.coverage.total) == (30, 40)
    assert (found.exclusion_error.count, found.exclusion_error.total) == (10, 40)
    assert (found.inclusion_error.count, found.inclusion_error.total) == (10, 40)
    assert found.undecided == 5
    assert (found.coverage.low, found.coverage.high) == interval(30, 40)
    nobody = targeting(needy, reached & False)
    assert np.isnan(nobody.inclusion_error.share)
    assert nobody.coverage.share == 0
    with pytest.raises(ParameterError, match="'reached' holds int64"):
        targeting(needy, pd.Series(1, index=needy.index))
