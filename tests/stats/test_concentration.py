"""Concentration and Kakwani against closed forms, the convenient regression, a double loop and a bootstrap."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import t

from ogp_analysis.errors import ParameterError
from ogp_analysis.locale import get_language
from ogp_analysis.stats import ranked
from ogp_analysis.stats.concentration import (
    concentration_curve,
    concentration_index,
    grouped_concentration_index,
)
from ogp_analysis.stats.inequality import gini
from ogp_analysis.stats.progressivity import kakwani

UNITS = st.lists(
    st.tuples(st.integers(0, 30), st.integers(-4, 4), st.integers(0, 6)), min_size=2, max_size=14
).filter(lambda rows: sum(w for *_, w in rows) > 0 and sum(h * w for h, _, w in rows) > 0)


def series(rows):
    return tuple(pd.Series(side, dtype=float) for side in zip(*rows, strict=True))


def by_double_loop(h, x, w):
    """``sum_ij w_i w_j (h_i - h_j) sign(x_i - x_j) / (2 m)``: every pair, one by one."""
    total = sum(w)
    mean = sum(a * b for a, b in zip(h, w, strict=True)) / total
    pairs = 0.0
    for i in range(len(h)):
        for j in range(len(h)):
            pairs += w[i] * w[j] * (h[i] - h[j]) * ((x[i] > x[j]) - (x[i] < x[j]))
    return pairs / total**2 / (2 * mean)


def by_convenient_regression(h, x):
    """Slope of ``2 var(R) h / m`` on R (O'Donnell and others 2008, equation 8.7); no ties in x."""
    rank = (np.argsort(np.argsort(x)) + 0.5) / len(x)
    left = 2 * rank.var() * h / h.mean()
    return np.linalg.lstsq(np.column_stack([np.ones(len(h)), rank]), left, rcond=None)[0][1]


def by_sums(h, x):
    """``2 / (n m) sum h_i R_i - 1``, of Kakwani, Wagstaff and van Doorslaer 1997; no ties in x."""
    rank = (np.argsort(np.argsort(x)) + 0.5) / len(x)
    return 2 * (h * rank).sum() / (len(h) * h.mean()) - 1


def published_variance(h, x):
    """Their variance, term by term, for units without ties."""
    order = np.argsort(x)
    h, n = h[order], len(h)
    c, mean, q, total = by_sums(h, np.arange(n)), h.mean(), 0.0, 0.0
    for i in range(n):
        before, q = q, q + h[i] / (n * mean)
        a = h[i] / mean * (2 * (i + 0.5) / n - 1 - c) + 2 - before - q
        total += a**2
    return (total / n - (1 + c) ** 2) / n


@pytest.mark.parametrize("n", [5, 16, 35])
def test_one_to_n_in_its_own_order_and_the_other_way(n):
    values = pd.Series(np.arange(1, n + 1))
    assert concentration_index(values, values).value == pytest.approx((n - 1) / (3 * n))
    assert concentration_index(values, -values).value == pytest.approx(-(n - 1) / (3 * n))


@settings(max_examples=150)
@given(UNITS)
def test_a_double_loop_over_all_pairs_gives_the_same(rows):
    h, x, w = series(rows)
    found = concentration_index(h, x, w)
    if x[w > 0].nunique() == 1:
        assert np.isnan(found.value)
        assert found.reason == ranked.LABELS["same_rank"]
    else:
        assert found.value == pytest.approx(by_double_loop(h.tolist(), x.tolist(), w.tolist()), abs=1e-12)


@pytest.mark.parametrize("seed", range(4))
def test_regression_and_sums_and_published_variance(seed):
    rng = np.random.default_rng(seed)
    x, h = rng.permutation(40).astype(float), rng.gamma(2, size=40)
    found = concentration_index(pd.Series(h), pd.Series(x))
    assert found.value == pytest.approx(by_convenient_regression(h, x), abs=1e-12)
    assert found.value == pytest.approx(by_sums(h, x), abs=1e-12)
    assert found.se**2 == pytest.approx(published_variance(h, x), rel=1e-9)


@settings(max_examples=100)
@given(UNITS)
def test_the_curve_encloses_half_the_index(rows):
    h, x, w = series(rows)
    curve = concentration_curve(h, x, w)
    height = curve["outcome_share"].rolling(2).mean()
    area = (height * curve["people_share"].diff()).sum()
    expected = by_double_loop(h.tolist(), x.tolist(), w.tolist())
    assert 1 - 2 * area == pytest.approx(expected, abs=1e-12)
    assert curve["people_share"].is_monotonic_increasing
    assert curve["outcome_share"].iloc[[0, -1]].tolist() == [0, 1]
    assert curve["se"].iloc[[0, -1]].tolist() == [0, 0]
    general = concentration_curve(h, x, w, generalised=True)
    mean = np.average(h, weights=w)
    assert general["outcome_mean"].tolist() == pytest.approx((curve["outcome_share"] * mean).tolist())


@pytest.mark.parametrize("generalised", [False, True])
def test_the_error_of_the_curve_is_that_of_its_slopes_by_weight(generalised):
    """Squared weights times squared slopes, the slopes by moving the weight of one unit a little."""
    h = pd.Series([4.0, 0.5, 2.0, 7.0, 1.0, 3.0])
    x = pd.Series([1, 2, 2, 3, 4, 4])
    w = pd.Series([3.0, 1.0, 2.0, 1.0, 2.0, 1.0]) / 10

    def height(weights, upto):
        below = (weights * h)[x <= upto].sum()
        return below / weights.sum() if generalised else below / (weights * h).sum()

    curve = concentration_curve(h, x, w * 70, generalised=generalised).set_index("rank_value")
    for upto in (1, 2, 3):
        variance = 0.0
        for at in h.index:
            step = pd.Series(0.0, index=h.index)
            step[at] = 1e-6
            slope = (height(w + step, upto) - height(w - step, upto)) / 2e-6
            variance += (w[at] * slope) ** 2
        assert curve.loc[upto].iloc[2] == pytest.approx(height(w, upto))
        assert curve.loc[upto, "se"] == pytest.approx(np.sqrt(variance), rel=1e-6)


def test_only_the_generalised_curve_takes_what_is_owed():
    owed, income = pd.Series([-2.0, 0.0, 3.0]), pd.Series([1, 2, 3])
    curve = concentration_curve(owed, income, generalised=True)
    assert curve["outcome_mean"].tolist() == pytest.approx([0, -2 / 3, -2 / 3, 1 / 3])
    with pytest.raises(ParameterError, match=r"-2.*\n.*generalised"):
        concentration_curve(owed, income)


def test_five_units_are_enough_for_an_interval():
    """Student's t with four degrees, by SciPy."""
    found = concentration_index(pd.Series([3.0, 1.0, 4.0, 1.0, 5.0]), pd.Series(range(5)), level=0.9)
    assert (found.can_tell, found.reason, found.n) == (True, "", 5)
    low, high = t.interval(0.9, 4, found.value, found.se)
    assert (found.low, found.high) == (pytest.approx(low), pytest.approx(high))


@settings(max_examples=100)
@given(UNITS, st.randoms())
def test_neither_order_of_rows_nor_of_labels_matters(rows, random):
    h, x, w = series(rows)
    shuffled = random.sample(list(h.index), len(h))
    again = concentration_index(h[shuffled], x.sample(frac=1, random_state=1), w[shuffled[::-1]])
    assert repr(again) == repr(concentration_index(h, x, w))
    pd.testing.assert_frame_equal(concentration_curve(h, x, w), concentration_curve(h[shuffled], x, w[shuffled]))


def test_whole_weights_are_copies_of_a_unit():
    h, x, w = pd.Series([3.0, 0, 5, 1, 1]), pd.Series([1, 2, 2, 3, 4]), pd.Series([1, 3, 2, 4, 0])
    copies = np.repeat(h.index, w)
    apart = concentration_index(h[copies].reset_index(drop=True), x[copies].reset_index(drop=True))
    assert concentration_index(h, x, w).value == pytest.approx(apart.value)


@pytest.mark.parametrize("form", ["standard", "generalised"])
def test_the_same_for_everybody_is_no_inequality(form):
    rng = np.random.default_rng(0)
    alike = concentration_index(pd.Series([1e6 / 3] * 9), pd.Series(rng.normal(size=9)), form=form)
    assert (alike.value, alike.se, alike.within_chance) == (0, 0, True)


def test_ties_share_their_rank():
    income = pd.Series([1, 1, 1, 1, 2])
    one, other = pd.Series([4, 0, 0, 0, 2]), pd.Series([0, 0, 0, 4, 2])
    assert concentration_index(one, income) == concentration_index(other, income)
    # ranks 0.4 for four and 0.9 for one: 2 (4/5 * 0.4 + 2/5 * 0.9) / 1.2 - 1
    assert concentration_index(one, income).value == pytest.approx(2 * (0.32 + 0.36) / 1.2 - 1)


def test_bounded_forms():
    sick, income = pd.Series([1.0, 1, 0, 1, 0, 0, 1]), pd.Series(range(7))
    c, mean = concentration_index(sick, income).value, sick.mean()
    general = concentration_index(sick, income, form="generalised").value
    erreygers = concentration_index(sick, income, form="erreygers", bounds=(0, 1)).value
    wagstaff = concentration_index(sick, income, form="wagstaff", bounds=(0, 1)).value
    assert general == pytest.approx(c * mean)
    assert erreygers == pytest.approx(4 * mean * c)
    assert wagstaff == pytest.approx(c / (1 - mean))
    # the mirror: health instead of sickness turns the sign and nothing else (Erreygers 2009; Wagstaff 2005)
    for form, value in (("erreygers", erreygers), ("wagstaff", wagstaff)):
        assert concentration_index(1 - sick, income, form=form, bounds=(0, 1)).value == pytest.approx(-value)
        # and another unit of measurement changes nothing
        assert concentration_index(20 + 5 * sick, income, form=form, bounds=(20, 25)).value == pytest.approx(value)


@pytest.mark.parametrize(
    ("form", "bounds"), [("standard", None), ("generalised", None), ("erreygers", (0, 10)), ("wagstaff", (0, 10))]
)
def test_standard_error_is_what_new_samples_show(form, bounds):
    rng = np.random.default_rng(5)

    def sample():
        income = rng.integers(0, 25, size=300)  # with many ties
        return pd.Series(np.clip(rng.normal(2 + 0.15 * income, 1.5), 0, 10)), pd.Series(income)

    found = [concentration_index(*sample(), form=form, bounds=bounds) for _ in range(400)]
    spread = np.std([one.value for one in found])
    assert np.mean([one.se for one in found]) == pytest.approx(spread, rel=0.1)


def test_groups_are_weighted_units_and_their_spread_adds():
    means, rank, size = pd.Series([2.0, 3, 3, 7, 4]), pd.Series([1, 2, 3, 3, 5]), pd.Series([10, 30, 20, 20, 5])
    alone = grouped_concentration_index(means, rank, size)
    assert alone.value == pytest.approx(concentration_index(means, rank, size).value)
    assert alone.n == 5
    none = grouped_concentration_index(means, rank, size, pd.Series(0.0, index=range(5)))
    assert none.n == 85
    assert none.se == pytest.approx(alone.se * np.sqrt(5 / 85))
    some = grouped_concentration_index(means, rank, size, pd.Series([1.0, 2, 0, 1, 3]))
    f, mean = size / 85, (means * size).sum() / 85
    r = pd.Series([5, 25, 60, 60, 82.5]) / 85
    within = (f * np.array([1.0, 2, 0, 1, 3]) ** 2 * (2 * r - 1 - some.value) ** 2).sum() / (85 * mean**2)
    assert some.se**2 - none.se**2 == pytest.approx(within)


def test_groups_of_people_give_the_error_of_the_people():
    """With group means and deviations the published formula comes back to that of the single records."""
    rng = np.random.default_rng(2)
    group = pd.Series(np.repeat(np.arange(6), 50))
    value = pd.Series(rng.gamma(3, size=300) + group)
    one = concentration_index(value, group)
    by = value.groupby(group)
    rank = pd.Series(np.arange(6))
    grouped = grouped_concentration_index(by.mean(), rank, by.size(), by.std(ddof=0))
    assert grouped.value == pytest.approx(one.value)
    assert grouped.se == pytest.approx(one.se)


def test_rules_for_what_cannot_be_used():
    income = pd.Series([1, 2, 3], index=list("abc"))
    with pytest.raises(ParameterError, match="'outcome' is missing for: 'b'"):
        concentration_index(pd.Series([1, None, 3], index=list("abc")), income)
    with pytest.raises(ParameterError, match="'rank_by' is missing for: 'c'"):
        concentration_index(income, pd.Series([1, 2, None], index=list("abc")))
    with pytest.raises(ParameterError, match="'weights' is missing for: 'a'"):
        concentration_index(income, income, pd.Series([None, 2, 3], index=list("abc")))
    with pytest.raises(ParameterError, match=r"-2 at 'b'.*\n.*generalised"):
        concentration_index(pd.Series([1, -2, 3], index=list("abc")), income)
    with pytest.raises(ParameterError, match="different labels"):
        concentration_index(income, income.rename({"a": "x"}))
    with pytest.raises(ParameterError, match="outside 0 to 1 for: 'b', 'c'"):
        concentration_index(income, income, form="erreygers", bounds=(0, 1))
    with pytest.raises(ParameterError, match="needs bounds"):
        concentration_index(income, income, form="wagstaff")
    with pytest.raises(ParameterError, match="takes no bounds"):
        concentration_index(income, income, bounds=(0, 5))
    with pytest.raises(ParameterError, match=r"no form 'erreyger'.*\n.*'erreygers'"):
        concentration_index(income, income, form="erreyger")
    with pytest.raises(ParameterError, match="zero for every unit"):
        concentration_curve(0 * income, income)
    # money that may be owed: the generalised form takes it, (-2)(-1/3) + 3(1/3), doubled, over three
    owed = concentration_index(pd.Series([-2, 0, 3], index=list("abc")), income, form="generalised")
    assert owed.value == pytest.approx(2 * (2 / 3 + 1) / 3)


def test_what_has_no_answer_says_why():
    income, nothing = pd.Series(range(6)), pd.Series([0] * 6)
    for found, reason in (
        (concentration_index(nothing, income), "nothing"),
        (concentration_index(income, nothing), "same_rank"),
        (concentration_index(nothing, income, form="wagstaff", bounds=(0, 1)), "at_bound"),
        (kakwani(nothing, income), "nothing"),
        (kakwani(income, nothing), "nothing"),
    ):
        assert (found.can_tell, found.reason) == (False, ranked.LABELS[reason])
        assert np.isnan(found.value)
        assert found.within_chance is None
    few = concentration_index(income[:4], income[:4])
    assert (few.can_tell, few.reason) == (False, ranked.LABELS["few"])
    assert few.value == pytest.approx(concentration_index(income[:4], income[:4]).value)
    assert np.isnan(few.low)
    indonesian = get_language("id")
    assert len({indonesian.t(text) for text in ranked.LABELS.values()}) == len(ranked.LABELS)


def test_kakwani_is_the_difference_of_two_indices():
    rng = np.random.default_rng(0)
    base, people = pd.Series(rng.gamma(2, size=30)), pd.Series(rng.integers(1, 9, size=30))
    relief = pd.Series(rng.gamma(1, size=30))
    found = kakwani(relief, base, people)
    assert found.value == pytest.approx(concentration_index(relief, base, people).value - gini(base, people).value)
    assert kakwani(relief[::-1], base, people.sample(frac=1, random_state=0)) == found
    # nothing to doubt where relief goes by what they have
    flat = kakwani(0.3 * base, base)
    assert flat.within_chance
    assert (flat.value, flat.se) == (pytest.approx(0, abs=1e-12), pytest.approx(0, abs=1e-12))


def test_kakwani_standard_error_is_what_new_samples_show():
    rng = np.random.default_rng(8)

    def sample():
        base = rng.gamma(3, size=250).round(1)
        return pd.Series(0.1 * base * rng.uniform(0.2, 1.8, size=250) + 0.2), pd.Series(base)

    found = [kakwani(*sample()) for _ in range(400)]
    spread = np.std([one.value for one in found])
    assert np.mean([one.se for one in found]) == pytest.approx(spread, rel=0.1)
    assert all(one.value < 0 for one in found)  # the same sum for everybody beside a share


def test_tax_and_relief_have_opposite_signs():
    base = pd.Series([10.0, 20, 30, 40, 100])
    assert kakwani(base**2, base).value > 0
    assert kakwani(1 / base, base).value < 0
