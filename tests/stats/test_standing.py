"""Standing against exact chances of one Beta above another, hand ranks, and simulated leagues."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import quad
from scipy.stats import beta

from ogp_analysis.errors import ParameterError
from ogp_analysis.stats.shrinkage import shrink
from ogp_analysis.stats.standing import standing

GROUPS = st.lists(
    st.integers(0, 15).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))), min_size=1, max_size=10
).filter(lambda rows: any(n for _, n in rows))


def group(rows, labels=None):
    return tuple(pd.Series(list(side), index=labels) for side in zip(*rows, strict=True))


@settings(max_examples=60)
@given(GROUPS, st.integers(1, 15).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_raw_percentile_by_hand(rows, own):
    counts, totals = group(rows)
    result = standing(*own, counts, totals, draws=20)
    known = [(k, n) for k, n in rows if n]
    below = sum(k * own[1] < own[0] * n for k, n in known)
    equal = sum(k * own[1] == own[0] * n for k, n in known)
    assert result.raw == pytest.approx(100 * (below + equal / 2) / len(known))
    assert (result.size, result.left_out) == (len(known), len(rows) - len(known))
    assert 0 <= result.low <= result.median <= result.high <= 100
    assert result.decided == (result.low > 50 or result.high < 50)


def test_equal_shares_of_different_totals_are_ties():
    assert standing(1, 3, pd.Series([2, 3, 5]), pd.Series([6, 9, 15]), draws=1).raw == 50


def chance_above(own, other):
    """Chance that one Beta exceeds another, by integration."""
    return quad(lambda p: own.pdf(p) * other.cdf(p), 0, 1)[0]


@pytest.mark.parametrize(("k", "n", "other_k", "other_n"), [(9, 10, 3, 10), (3, 5, 2, 7), (14, 15, 13, 15)])
def test_against_one_other_the_range_follows_the_exact_chance(k, n, other_k, other_n):
    exact = chance_above(beta(k + 0.5, n - k + 0.5), beta(other_k + 0.5, other_n - other_k + 0.5))
    # percentile 100 with that chance, 0 otherwise: the 5% end is 100 only above 95%
    for level in (0.2, 0.5, 0.9):
        result = standing(k, n, pd.Series([other_k]), pd.Series([other_n]), level=level)
        tail = (1 - level) / 2
        assert abs(exact - (1 - tail)) > 0.02, "choose an example that is not at the edge"
        assert (result.low == 100) == (exact > 1 - tail)
        assert result.prior == "jeffreys"


def test_prior_is_fitted_to_the_group_and_the_unit():
    counts, totals = group([(1, 8), (2, 9), (9, 10), (3, 12), (4, 9), (11, 14)])
    fitted = shrink(
        pd.concat([counts, pd.Series([8], index=["unit"])]), pd.concat([totals, pd.Series([9], index=["unit"])])
    )
    own = beta(8 + fitted.alpha, 1 + fitted.beta)
    others = [beta(k + fitted.alpha, n - k + fitted.beta) for k, n in zip(counts, totals, strict=True)]
    # chance that exactly j members are below, by integration over the unit's own rate
    at = (np.arange(20_000) + 0.5) / 20_000
    below = np.zeros((7, len(at)))
    below[0] = 1
    for other in others:
        f = other.cdf(at)
        below[1:] = below[1:] * (1 - f) + below[:-1] * f
        below[0] *= 1 - f
    chances = (below * own.pdf(at)).mean(axis=1)
    assert chances.sum() == pytest.approx(1, abs=1e-3)
    result = standing(8, 9, counts, totals)
    assert result.prior == "group"
    for end, tail in ((result.low, 0.05), (result.median, 0.5), (result.high, 0.95)):
        members = round(end * 6 / 100)
        # four standard errors of a share of 10,000 draws
        assert chances[:members].sum() <= tail + 0.02
        assert chances[: members + 1].sum() >= tail - 0.02


@pytest.mark.parametrize(
    ("rows", "own"),
    [
        ([(1, 8), (7, 9)], (4, 8)),  # two members
        ([(4, 8), (5, 10), (6, 12), (2, 4)], (3, 6)),  # no spread at all
        ([(0, 8), (9, 9), (4, 4), (0, 3)], (3, 3)),  # all or nothing
        ([(0, 1), (1, 1), (1, 1), (0, 1)], (1, 1)),  # one case each
    ],
    ids=["two", "alike", "all or nothing", "single cases"],
)
def test_jeffreys_where_no_common_distribution_can_be_fitted(rows, own):
    assert standing(*own, *group(rows), draws=50).prior == "jeffreys"


def test_far_above_far_below_and_in_the_middle():
    counts, totals = group([(2, 10), (3, 12), (1, 9), (4, 14), (3, 11), (2, 8)])
    above, below = standing(14, 15, counts, totals), standing(1, 15, counts + 5, totals)
    assert above.decided
    assert above.low > 50
    assert below.decided
    assert below.high < 50
    assert not standing(3, 12, counts, totals).decided


def test_an_outlier_is_not_drawn_into_a_group_that_is_alike():
    # the group alone gives an infinite strength, which would make everything equal
    counts, totals = group([(14, 15), (13, 15), (14, 15), (14, 15)])
    assert np.isinf(shrink(counts, totals).strength)
    assert standing(1, 15, counts, totals).decided


def test_an_outlier_is_not_drawn_into_a_group_that_is_nearly_alike():
    # the group alone has a strength of hundreds of cases, which would outweigh the unit's own 45
    counts = pd.Series([18, 17, 16, 15, 14, 14, 13, 12, 11, 11, 10, 10, 10, 10, 10, 9, 8, 7])
    totals = pd.Series(45, index=counts.index)
    assert 500 < shrink(counts, totals).strength < np.inf
    result = standing(1, 45, counts, totals)
    assert result.prior == "group"
    assert result.decided
    assert result.high < 20


def test_units_of_a_league_are_rarely_decided_wrongly():
    generator = np.random.default_rng(2)
    wrong = decided = 0
    for number in range(150):
        truth = generator.beta(3, 2, size=16)
        n = generator.integers(4, 16, size=16)
        k = generator.binomial(n, truth)
        result = standing(int(k[0]), int(n[0]), pd.Series(k[1:]), pd.Series(n[1:]), draws=400, seed=number)
        actual = 100 * (truth[1:] < truth[0]).mean()
        decided += result.decided
        wrong += result.decided and (actual > 50) != (result.median > 50)
    assert decided > 15
    assert wrong / decided < 0.15


@settings(max_examples=40)
@given(GROUPS, st.randoms(use_true_random=False))
def test_order_of_members_does_not_matter(rows, random):
    labels = [f"member {number}" for number in range(len(rows))]
    counts, totals = group(rows, labels)
    one = standing(3, 7, counts, totals, draws=40)
    random.shuffle(labels)
    assert standing(3, 7, counts[labels], totals, draws=40) == one


def test_same_seed_same_range_and_another_seed_another():
    counts, totals = group([(1, 8), (2, 9), (9, 10), (3, 12), (4, 9), (11, 14), (5, 9), (6, 11)])
    results = [standing(5, 9, counts, totals, draws=7, seed=seed) for seed in (1, 1, *range(2, 12))]
    assert results[0] == results[1]
    assert len(set(results)) > 2


@pytest.mark.parametrize(
    ("own", "rows", "label", "words"),
    [
        ((1, 2), [(1, 2), (2, 3)], "a", "'a' is itself in the group"),
        ((0, 0), [(1, 2), (2, 3)], None, "unit has no cases"),
        ((pd.NA, 3), [(1, 2), (2, 3)], None, "count of the unit is missing"),
        ((1, 2), [(0, 0), (0, 0)], None, "No member of the group"),
        ((1, 2), [(1, 2), (None, 3)], None, "missing for: 'b'"),
        ((3, 2), [(1, 2), (2, 3)], None, "larger than its total"),
    ],
)
def test_what_has_no_standing_is_refused(own, rows, label, words):
    with pytest.raises(ParameterError, match=words):
        standing(*own, *group(rows, ["a", "b"]), label=label)
