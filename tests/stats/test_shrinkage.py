"""Empirical Bayes against a second likelihood, simulated members and the cases at the ends."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import minimize
from scipy.stats import beta, betabinom, binom

from ogp_analysis.errors import ParameterError
from ogp_analysis.stats.proportions import interval
from ogp_analysis.stats.shrinkage import shrink

MEMBERS = st.lists(
    st.integers(0, 15).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))), min_size=3, max_size=15
).filter(lambda rows: sum(n > 0 for _, n in rows) >= 3 and max(n for _, n in rows) > 1)
# hits in the first 45 times at bat of 18 players, 1970 (Efron and Morris 1975, table 1)
HITS = [18, 17, 16, 15, 14, 14, 13, 12, 11, 11, 10, 10, 10, 10, 10, 9, 8, 7]


def members(rows):
    return pd.Series([k for k, _ in rows]), pd.Series([n for _, n in rows])


def likelihood(k, n, mean, strength):
    if np.isinf(strength):
        return binom.logpmf(k, n, mean).sum()
    return betabinom.logpmf(k, n, mean * strength, (1 - mean) * strength).sum()


def best_by_search(k, n):
    """Maximum of scipy's own likelihood from many starts, in other coordinates."""
    found = [
        minimize(
            lambda at: -betabinom.logpmf(k, n, *np.exp(at)).sum(),
            start,
            method="Nelder-Mead",
            options={"xatol": 1e-10, "fatol": 1e-12, "maxiter": 4000},
        )
        for start in ([0, 0], [1, 3], [3, 1], [4, 4])
    ]
    return min(found, key=lambda one: one.fun)


@pytest.mark.parametrize(
    ("k", "n"),
    [
        ([1, 9, 2, 14], [4, 10, 12, 15]),
        ([0, 3, 5, 5, 1, 8], [5, 6, 5, 9, 12, 9]),
        (HITS, [45] * 18),
        ([0, 0, 1, 7, 4, 0, 2, 11], [4, 5, 6, 7, 15, 8, 4, 13]),
    ],
)
def test_maximum_likelihood_by_another_route(k, n):
    result = shrink(pd.Series(k), pd.Series(n))
    other = best_by_search(np.array(k), np.array(n))
    assert likelihood(np.array(k), np.array(n), result.mean, result.strength) == pytest.approx(
        -other.fun, abs=1e-7
    )
    assert (result.alpha, result.beta) == pytest.approx(tuple(np.exp(other.x)), rel=1e-3)


@settings(max_examples=60)
@given(MEMBERS)
def test_no_other_prior_is_more_likely(rows):
    k, n = (np.array(side) for side in zip(*rows, strict=True))
    result = shrink(*members(rows))
    if result.strength == 0:
        assert set(k[n > 0] / n[n > 0]) == {0.0, 1.0}
        return
    reached = likelihood(k, n, result.mean, result.strength)
    means = np.linspace(0.02, 0.98, 25)[:, None, None]
    strengths = np.geomspace(0.02, 5000, 30)[:, None]
    on_grid = betabinom.logpmf(k, n, means * strengths, (1 - means) * strengths).sum(axis=-1)
    assert on_grid.max() <= reached + 1e-6
    assert binom.logpmf(k, n, k.sum() / n.sum()).sum() <= reached + 1e-6


@settings(max_examples=60)
@given(MEMBERS)
def test_rates_lie_between_own_and_common_one(rows):
    result = shrink(*members(rows))
    table = result.table
    known = table[table["total"] > 0]
    low, high = known["raw"].clip(upper=result.mean), known["raw"].clip(lower=result.mean)
    assert ((known["shrunk"] >= low - 1e-12) & (known["shrunk"] <= high + 1e-12)).all()
    mixed = known["weight"] * known["raw"] + (1 - known["weight"]) * result.mean
    np.testing.assert_allclose(known["shrunk"], mixed, atol=1e-12)
    assert (table.loc[table["total"] == 0, "weight"] == 0).all()
    np.testing.assert_allclose(table.loc[table["total"] == 0, "shrunk"], result.mean, atol=1e-12)


@settings(max_examples=30)
@given(MEMBERS, st.randoms(use_true_random=False))
def test_order_of_members_does_not_matter(rows, random):
    counts, totals = members(rows)
    one = shrink(counts, totals)
    index = list(counts.index)
    random.shuffle(index)
    two = shrink(counts[index], totals)
    assert (one.alpha, one.beta) == (two.alpha, two.beta)
    pd.testing.assert_frame_equal(two.table.loc[one.table.index], one.table)
    assert two.table.index.tolist() == index


@settings(max_examples=30)
@given(MEMBERS)
def test_yes_and_no_are_mirrors(rows):
    counts, totals = members(rows)
    one, two = shrink(counts, totals), shrink(totals - counts, totals)
    np.testing.assert_allclose(1 - one.table["shrunk"], two.table["shrunk"], atol=1e-6)


def test_intervals_are_those_of_the_posterior():
    counts, totals = pd.Series([1, 9, 2, 14, 0]), pd.Series([4, 10, 12, 15, 0])
    result = shrink(counts, totals, level=0.9)
    for row in result.table.itertuples():
        after = beta(row.count + result.alpha, row.total - row.count + result.beta)
        assert (row.low, row.high) == pytest.approx(tuple(after.ppf([0.05, 0.95])), abs=1e-9)
        assert row.shrunk == pytest.approx(after.mean(), abs=1e-12)


def test_prior_is_found_again_in_simulated_members():
    generator = np.random.default_rng(3)
    n = generator.integers(4, 16, size=4000)
    k = generator.binomial(n, generator.beta(3.0, 2.0, size=4000))
    result = shrink(pd.Series(k), pd.Series(n))
    # standard errors are about 0.004 and 0.25 with so many members; four of them
    assert result.mean == pytest.approx(0.6, abs=0.016)
    assert result.strength == pytest.approx(5.0, abs=1.0)


def test_shrunk_rates_are_closer_to_the_truth_than_raw_ones():
    generator = np.random.default_rng(8)
    truth = generator.beta(3.0, 2.0, size=300)
    n = generator.integers(4, 16, size=300)
    table = shrink(pd.Series(generator.binomial(n, truth)), pd.Series(n)).table
    assert ((table["shrunk"] - truth) ** 2).mean() < 0.8 * ((table["raw"] - truth) ** 2).mean()
    covered = ((table["low"] <= truth) & (truth <= table["high"])).mean()
    assert 0.91 < covered < 0.99


@pytest.mark.parametrize(
    ("k", "n", "pooled"), [([2, 2, 2], [4, 4, 4], 0.5), ([0, 0, 0], [4, 5, 6], 0), ([4, 5, 6], [4, 5, 6], 1)]
)
def test_members_that_differ_less_than_by_chance_get_the_pooled_rate(k, n, pooled):
    result = shrink(pd.Series(k), pd.Series(n))
    assert np.isinf([result.alpha, result.beta, result.strength]).all()
    assert result.mean == pooled
    assert (result.table["shrunk"] == pooled).all()
    assert (result.table["weight"] == 0).all()
    # a rate that few cases show is not known exactly
    low, high = interval(sum(k), sum(n), "jeffreys")
    assert (result.table["low"].eq(low) & result.table["high"].eq(high)).all()
    assert low < high


def test_all_or_nothing_stays_raw_and_without_interval():
    result = shrink(pd.Series([0, 4, 5, 0]), pd.Series([3, 4, 5, 0]))
    assert result.strength == 0
    assert result.mean == pytest.approx(2 / 3)
    assert result.table["shrunk"].tolist() == [0, 1, 1, result.mean]
    assert result.table[["low", "high"]].isna().all(axis=None)


@pytest.mark.parametrize(
    ("k", "n", "words"),
    [
        ([1, 2, 0], [4, 4, 0], "Only 2 members have cases"),
        ([1, 0, 1], [1, 1, 1], "No member has two cases"),
        ([1, None, 2], [4, 4, 4], "missing for: 1"),
    ],
)
def test_too_little_to_learn_from_is_said(k, n, words):
    with pytest.raises(ParameterError, match=words):
        shrink(pd.Series(k), pd.Series(n))
