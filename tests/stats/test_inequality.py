"""Gini and Theil against published figures, closed forms, all pairs one by one, and their own parts."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ogp_analysis.errors import ParameterError
from ogp_analysis.stats.inequality import gini, gini_parts, theil, theil_parts

UNITS = st.lists(
    st.tuples(st.integers(0, 40), st.sampled_from("abc"), st.integers(0, 5)), min_size=1, max_size=14
).filter(lambda rows: sum(x * w for x, _, w in rows) > 0)
DECADES = [f"pcgdp{year}" for year in range(1940, 2010, 10)]
# docstrings of Theil and TheilD in the package inequality 1.1.2: T, then between and within regions
PUBLISHED_T = [0.20894344, 0.15222451, 0.10472941, 0.10194725, 0.09560113, 0.10511256, 0.10660832]
PUBLISHED_BETWEEN = [0.0345889, 0.02816853, 0.05260921, 0.05931219, 0.03205257, 0.02963731, 0.03635872]
PUBLISHED_WITHIN = [0.17435454, 0.12405598, 0.0521202, 0.04263506, 0.06354856, 0.07547525, 0.0702496]


@pytest.fixture(scope="module")
def mexico():
    """Product per head of the Mexican states by decade, as it comes with libpysal."""
    examples = pytest.importorskip("libpysal", reason="the extra 'spatial' is not installed").examples
    return pd.read_csv(examples.get_path("mexico.csv"), index_col="State")


def series(rows):
    x, groups, w = zip(*rows, strict=True)
    return pd.Series(x, dtype=float), pd.Series(groups), pd.Series(w, dtype=float)


def by_all_pairs(x, w):
    total, mean = sum(w), np.average(x, weights=w)
    pairs = sum(w[i] * w[j] * abs(x[i] - x[j]) for i in range(len(x)) for j in range(len(x)))
    return pairs / total**2 / (2 * mean)


def test_published_theil_and_its_parts(mexico):
    for decade, total, between, within in zip(
        DECADES, PUBLISHED_T, PUBLISHED_BETWEEN, PUBLISHED_WITHIN, strict=True
    ):
        parts = theil_parts(mexico[decade], mexico["hanson98"])
        assert theil(mexico[decade]) == pytest.approx(total, abs=5e-9)
        assert (parts.total, parts.between, parts.within) == pytest.approx((total, between, within), abs=5e-9)


def test_published_gini(mexico):
    # tests of the package inequality, for 1940
    assert gini(mexico["pcgdp1940"]).value == pytest.approx(0.35372371173452849, abs=1e-12)


def test_gini_of_the_states_pair_by_pair(mexico):
    for decade in DECADES:
        values = mexico[decade].tolist()
        assert gini(mexico[decade]).value == pytest.approx(by_all_pairs(values, [1.0] * len(values)))


@pytest.mark.parametrize("n", [1, 2, 16, 101])
def test_closed_forms(n):
    values = pd.Series(range(1, n + 1))
    assert gini(values).value == pytest.approx((n - 1) / (3 * n))
    one_has_all = pd.Series([0.0] * (n - 1) + [7.0])
    assert gini(one_has_all).value == pytest.approx(1 - 1 / n)
    assert theil(one_has_all) == pytest.approx(np.log(n))
    alike = pd.Series([0.1] * n)
    assert (gini(alike).value, theil(alike), theil(alike, kind="L")) == pytest.approx((0, 0, 0), abs=1e-12)


def test_theil_by_the_definition_written_out():
    # half the people have 1 and half 3: shares 1/4 and 3/4 of the whole, means 1/2 and 3/2 of the mean
    values, people = pd.Series([1, 3]), pd.Series([5, 5])
    assert theil(values, people) == pytest.approx(0.25 * np.log(0.5) + 0.75 * np.log(1.5))
    assert theil(values, people, kind="L") == pytest.approx(0.5 * np.log(2) + 0.5 * np.log(2 / 3))


@settings(max_examples=150)
@given(UNITS)
def test_all_pairs_copies_and_scale(rows):
    x, _, w = series(rows)
    found = gini(x, w).value
    assert found == pytest.approx(by_all_pairs(x.tolist(), w.tolist()), abs=1e-12)
    copies = x[np.repeat(x.index, w.astype(int))].reset_index(drop=True)
    assert gini(copies).value == pytest.approx(found, abs=1e-12)
    assert theil(copies) == pytest.approx(theil(x, w), abs=1e-12)
    assert gini(1000 * x, w / 7).value == pytest.approx(found, abs=1e-12)
    assert theil(1000 * x, w / 7) == pytest.approx(theil(x, w), abs=1e-12)


@settings(max_examples=150)
@given(UNITS, st.randoms())
def test_parts_add_up_and_no_order_matters(rows, random):
    x, groups, w = series(rows)
    for split, whole in ((theil_parts, theil(x, w)), (gini_parts, gini(x, w).value)):
        parts = split(x, groups, w)
        assert parts.total == pytest.approx(whole, abs=1e-12)
        assert parts.within + parts.between + parts.overlap == pytest.approx(whole, abs=1e-12)
        assert min(parts.within, parts.between, parts.overlap) >= 0
        shares = parts.table[["people_share", "amount_share"]].sum()
        assert shares.tolist() == pytest.approx([1, 1])
        shuffled = random.sample(list(x.index), len(x))
        again = split(x[shuffled], groups[shuffled[::-1]], w)
        pd.testing.assert_frame_equal(again.table, parts.table)
        assert again.total == pytest.approx(parts.total, abs=1e-12)


def test_parts_at_their_ends():
    groups = pd.Series(["a", "a", "b", "b"])
    apart = gini_parts(pd.Series([1, 1, 9, 9]), groups)
    assert (apart.within, apart.overlap) == pytest.approx((0, 0), abs=1e-12)
    alike = gini_parts(pd.Series([1, 9, 1, 9]), groups)
    assert alike.between == pytest.approx(0)
    assert alike.overlap == pytest.approx(alike.within)  # half the pairs are within a group, half across
    nested = theil_parts(pd.Series([1, 9, 1, 9]), groups, kind="L")
    assert (nested.between, nested.within) == pytest.approx((0, nested.total))
    # a group that has nothing: its own index does not exist, the whole does
    poor = theil_parts(pd.Series([0, 0, 2, 2]), groups)
    assert np.isnan(poor.table.loc["a", "index"])
    assert (poor.within, poor.between) == pytest.approx((0, np.log(2)))


def test_mean_log_deviation_splits_by_people():
    x, groups = pd.Series([1.0, 2, 4, 8, 3]), pd.Series(list("aabbb"))
    parts = theil_parts(x, groups, kind="L")
    within = sum(len(part) / 5 * np.log(part.mean() / part).mean() for _, part in x.groupby(groups))
    between = sum(len(part) / 5 * np.log(x.mean() / part.mean()) for _, part in x.groupby(groups))
    assert (parts.within, parts.between) == pytest.approx((within, between))


def test_standard_error_is_what_new_samples_show():
    rng = np.random.default_rng(1)
    found = [gini(pd.Series(rng.lognormal(0, 0.6, size=400))) for _ in range(300)]
    assert np.mean([one.se for one in found]) == pytest.approx(np.std([one.value for one in found]), rel=0.12)


def test_rules_for_zeros_negatives_and_missing():
    labels = list("abc")
    for function in (gini, theil):
        with pytest.raises(ParameterError, match="'values' is missing for: 'b'"):
            function(pd.Series([1, None, 2], index=labels))
        with pytest.raises(ParameterError, match="below zero: -1 at 'c'"):
            function(pd.Series([1, 2, -1], index=labels))
        with pytest.raises(ParameterError, match="only in 'weights': 'x'"):
            function(pd.Series([1, 2, 1], index=labels), pd.Series([1, 1, 1], index=list("abx")))
        with pytest.raises(ParameterError, match="'weights' is zero for every unit"):
            function(pd.Series([1, 2, 1]), pd.Series([0, 0, 0]))
        with pytest.raises(ParameterError, match="infinite for: 'a'"):
            function(pd.Series([np.inf, 2, 1], index=labels))
        with pytest.raises(ParameterError, match="empty"):
            function(pd.Series([], dtype=float))
    with pytest.raises(ParameterError, match=r"infinite.*\n.*kind='T'"):
        theil(pd.Series([0, 1]), kind="L")
    with pytest.raises(ParameterError, match="'groups' is missing for: 'b'"):
        theil_parts(pd.Series([1, 2, 3], index=labels), pd.Series(["x", None, "y"], index=labels))
    assert np.isnan(theil(pd.Series([0, 0])))
    nothing = gini(pd.Series([0, 0, 0, 0, 0, 0]))
    assert np.isnan(nothing.value)
    assert not nothing.can_tell
    # a zero in T adds nothing, so that two of three units hold it all
    assert theil(pd.Series([0, 1, 1])) == pytest.approx(np.log(1.5))
