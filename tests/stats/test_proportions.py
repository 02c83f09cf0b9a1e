"""Shares and their intervals against published values, other routes to the same number, and known properties."""

from math import isnan

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import quad
from scipy.stats import beta, binomtest, norm

from ogp_analysis.errors import ParameterError
from ogp_analysis.stats.proportions import interval, pooled_and_mean, share, shares_by

COUNTS = st.integers(1, 60).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))
ANSWERS = st.lists(
    st.tuples(st.sampled_from([True, False, None]), st.sampled_from("abcd")), min_size=1, max_size=30
)


@pytest.mark.parametrize(
    ("count", "total", "low", "high"),
    [
        (8, 10, 0.4902, 0.9433),
        # R. G. Newcombe, Statistics in Medicine 17, 1998, 857-872, table I, method 3
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ],
)
def test_wilson_as_published(count, total, low, high):
    assert interval(count, total) == pytest.approx((low, high), abs=0.00005)


@given(COUNTS, st.sampled_from([0.8, 0.9, 0.95, 0.99]))
def test_wilson_ends_are_where_the_score_test_just_rejects(counts, level):
    k, n = counts
    z = norm.ppf((1 + level) / 2)
    for end in interval(k, n, level=level):
        assert abs(k / n - end) == pytest.approx(z * np.sqrt(end * (1 - end) / n), abs=1e-9)
    low, high = interval(k, n, level=level)
    assert low < high
    assert tuple(binomtest(k, n).proportion_ci(level, "wilson")) == pytest.approx((low, high), abs=1e-12)


@pytest.mark.parametrize(("k", "n"), [(1, 4), (5, 15), (14, 15), (3, 40)])
def test_jeffreys_cuts_equal_tails_of_the_posterior(k, n):
    def density(p):
        return p ** (k - 0.5) * (1 - p) ** (n - k - 0.5)

    low, high = interval(k, n, "jeffreys")
    whole = quad(density, 0, 1)[0]
    assert quad(density, 0, low)[0] / whole == pytest.approx(0.025, abs=1e-6)
    assert quad(density, high, 1)[0] / whole == pytest.approx(0.025, abs=1e-6)


@given(COUNTS)
def test_jeffreys_convention_at_the_ends(counts):
    k, n = counts
    low, high = interval(k, n, "jeffreys")
    quantiles = beta.ppf([0.025, 0.975], k + 0.5, n - k + 0.5)
    assert low == (0 if k == 0 else pytest.approx(quantiles[0], abs=1e-9))
    assert high == (1 if k == n else pytest.approx(quantiles[1], abs=1e-9))


@given(COUNTS, st.sampled_from(["wilson", "jeffreys"]))
def test_interval_holds_the_share_and_mirrors(counts, method):
    k, n = counts
    low, high = interval(k, n, method)
    assert 0 <= low <= k / n <= high <= 1
    assert (1 - high, 1 - low) == pytest.approx(interval(n - k, n, method), abs=1e-9)
    assert (low == 0, high == 1) == (k == 0, k == n)


@pytest.mark.parametrize("method", ["wilson", "jeffreys"])
def test_no_cases_tell_nothing(method):
    assert all(isnan(end) for end in interval(0, 0, method))
    assert all(isnan(end) for end in interval(pd.NA, 3, method))
    table = interval(
        pd.Series([0, None, 2], index=list("abc"), dtype="Int64"), pd.Series([4, 0, 3], index=list("cab")), method
    )
    assert table.isna().all(axis=1).tolist() == [True, True, False]
    assert tuple(table.loc["c"]) == interval(2, 4, method)


def test_series_arrays_and_numbers_agree():
    counts, totals = pd.Series([1, 2], index=["a", "b"]), pd.Series([7, 5], index=["b", "a"])
    table = interval(counts, totals)
    low, high = interval([1, 2], [5, 7])
    assert table["low"].tolist() == low.tolist() == [interval(1, 5)[0], interval(2, 7)[0]]
    assert table["high"].tolist() == high.tolist()


def test_undecided_cases_stay_outside_the_denominator():
    one = share(pd.Series([True, None, False, None, True], dtype="boolean"), "jeffreys", 0.9)
    assert (one.count, one.total, one.undecided) == (2, 3, 2)
    assert one.share == 2 / 3
    assert (one.low, one.high) == interval(2, 3, "jeffreys", 0.9)
    assert (one.method, one.level) == ("jeffreys", 0.9)


def test_share_of_nothing_is_missing():
    nothing = share(pd.Series([None, None], dtype="boolean"))
    assert (nothing.count, nothing.total, nothing.undecided) == (0, 0, 2)
    assert isnan(nothing.share)
    assert isnan(nothing.low)


def test_numpy_booleans_count_too():
    assert share(pd.Series(np.array([True, False]))).share == 0.5


def test_empty_groups_of_a_categorical_stay():
    groups = pd.Series(["y", "y"], dtype=pd.CategoricalDtype(["z", "y", "x"]))
    table = shares_by(pd.Series([True, None], dtype="boolean"), groups)
    assert table.index.tolist() == ["z", "y", "x"]
    assert table["total"].tolist() == [0, 1, 0]
    assert table["undecided"].tolist() == [0, 1, 0]
    assert table["share"].isna().tolist() == [True, False, True]


@given(ANSWERS, st.randoms(use_true_random=False))
def test_groups_add_up_and_do_not_depend_on_the_order_of_rows(answers, random):
    index = [f"case {number}" for number in range(len(answers))]
    done = pd.Series([answer for answer, _ in answers], index=index, dtype="boolean")
    groups = pd.Series([group for _, group in answers], index=index)
    table = shares_by(done, groups)
    assert table["count"].sum() == sum(answer is True for answer, _ in answers)
    assert table["total"].sum() == sum(answer is not None for answer, _ in answers)
    assert table["undecided"].sum() == sum(answer is None for answer, _ in answers)
    random.shuffle(index)
    pd.testing.assert_frame_equal(shares_by(done[index], groups), table)


def test_pooled_and_mean_by_hand():
    # 9 of 10, 1 of 2 and an undecided one: pooled 10 of 12; mean of 0.9 and 0.5
    done = pd.Series([True] * 9 + [False] + [True, False] + [None], dtype="boolean")
    members = pd.Series(["a"] * 10 + ["b"] * 2 + ["c"])
    both = pooled_and_mean(done, members)
    assert (both.pooled.count, both.pooled.total, both.pooled.undecided) == (10, 12, 1)
    assert both.mean == pytest.approx(0.7)
    assert (both.members, both.left_out) == (2, 1)
    # two members drawn twice: 0.5, 0.7 or 0.9 with chances 1/4, 1/2, 1/4
    assert (both.low, both.high) == pytest.approx((0.5, 0.9))
    middle = pooled_and_mean(done, members, level=0.4)
    assert (middle.low, middle.high) == pytest.approx((0.7, 0.7))


def test_bootstrap_agrees_with_its_exact_distribution():
    # three members with 0, 1/2 and 1: of the 27 samples 1 has mean 0 and 3 have mean 1/6
    done = pd.Series([False, False, True, False, True, True], dtype="boolean")
    members = pd.Series(list("aabbcc"))
    assert pooled_and_mean(done, members, level=0.95).low == pytest.approx(0.0)  # 1/27 > 2.5%
    assert pooled_and_mean(done, members, level=0.80).low == pytest.approx(1 / 6)  # 1/27 < 10% < 4/27


def test_one_member_has_no_interval_of_the_mean():
    both = pooled_and_mean(pd.Series([True, False], dtype="boolean"), pd.Series(["a", "a"]))
    assert both.mean == 0.5
    assert isnan(both.low)
    assert isnan(both.high)
    assert (both.members, both.draws) == (1, 0)
    none = pooled_and_mean(pd.Series([None], dtype="boolean"), pd.Series(["a"]))
    assert isnan(none.mean)
    assert (none.members, none.left_out) == (0, 1)


def test_no_draws_are_refused():
    with pytest.raises(ParameterError, match="0 draws"):
        pooled_and_mean(pd.Series([True]), pd.Series(["a"]), draws=0)


@settings(max_examples=30)
@given(ANSWERS, st.randoms(use_true_random=False))
def test_bootstrap_does_not_depend_on_order_or_names(answers, random):
    index = list(range(len(answers)))
    done = pd.Series([answer for answer, _ in answers], index=index, dtype="boolean")
    members = pd.Series([member for _, member in answers], index=index)
    one = pooled_and_mean(done, members, draws=50)
    random.shuffle(index)
    renamed = members.map({"a": "z", "b": "a", "c": "m", "d": "b"})
    two = pooled_and_mean(done[index], renamed, draws=50)
    # repr, for a missing interval is NaN and equals nothing
    assert repr(one) == repr(two)
