"""Association against its definition case by case, full enumerations of permutations and samples, and scipy."""

from itertools import chain, combinations, permutations, product
from math import isnan, sqrt

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import chi2

from ogp_analysis.errors import ParameterError
from ogp_analysis.locale import get_language
from ogp_analysis.stats import pairs
from ogp_analysis.stats.association import association, cluster_interval, cross_table, within

STEPS = pd.CategoricalDtype(["none", "minor", "major", "full"], ordered=True)
VALUES = st.sampled_from([0, 1, 2, 3, None])
CASES = st.lists(st.tuples(VALUES, VALUES, st.sampled_from("abc")), min_size=1, max_size=14)


def sides(cases):
    index = [f"case {number}" for number in range(len(cases))]
    x, y, group = (pd.Series(list(side), index=index) for side in zip(*cases, strict=True))
    return x.astype("Int64"), y.astype("Int64"), group


def counted_pairs(cases):
    """Concordant, discordant, tied in x, tied in y, all pairs: by looking at every two cases."""
    c = d = tx = ty = n = 0
    for (x1, y1), (x2, y2) in combinations(cases, 2):
        n += 1
        c += (x1 - x2) * (y1 - y2) > 0
        d += (x1 - x2) * (y1 - y2) < 0
        tx += x1 == x2
        ty += y1 == y2
    return c, d, tx, ty, n


def tau_by_definition(cases):
    c, d, tx, ty, n = counted_pairs(cases)
    return (c - d) / sqrt((n - tx) * (n - ty)) if n - tx and n - ty else float("nan")


def complete(cases):
    return [(x, y) for x, y, _ in cases if x is not None and y is not None]


@given(CASES)
def test_tau_and_gamma_by_definition(cases):
    x, y, _ = sides(cases)
    result = association(x, y)
    both = complete(cases)
    assert (result.n, result.dropped) == (len(both), len(cases) - len(both))
    expected = tau_by_definition(both)
    assert result.tau == pytest.approx(expected, nan_ok=True)
    assert isnan(result.tau) == bool(result.reason)
    if not isnan(expected):
        c, d, *_ = counted_pairs(both)
        assert result.gamma == pytest.approx((c - d) / (c + d))
        assert 0 <= result.tau_p <= 1


@given(CASES)
def test_chi_square_by_hand(cases):
    x, y, _ = sides(cases)
    result = association(x, y)
    both = complete(cases)
    rows, columns = sorted({a for a, _ in both}), sorted({b for _, b in both})
    if min(len(rows), len(columns)) < 2:
        assert isnan(result.chi_square)
        assert isnan(result.cramers_v)
        assert result.reason
        assert not result.chi_square_fits
        return
    n = len(both)
    expected = {
        (a, b): sum(one == a for one, _ in both) * sum(two == b for _, two in both) / n
        for a in rows for b in columns
    }  # fmt: skip
    value = sum((both.count(cell) - wanted) ** 2 / wanted for cell, wanted in expected.items())
    dof = (len(rows) - 1) * (len(columns) - 1)
    assert result.chi_square == pytest.approx(value, abs=1e-9)
    assert result.dof == dof
    assert result.chi_p == pytest.approx(chi2.sf(value, dof))
    assert result.smallest_expected == pytest.approx(min(expected.values()))
    assert result.cramers_v == pytest.approx(sqrt(value / n / (min(len(rows), len(columns)) - 1)), abs=1e-9)


def spread(table):
    """Cases that give a table."""
    cells = [(i, j) for i, row in enumerate(table) for j, count in enumerate(row) for _ in range(count)]
    return tuple(pd.Series(side) for side in zip(*cells, strict=True))


@pytest.mark.parametrize(
    ("table", "fits"),
    [
        ([[5, 5], [5, 5]], True),
        ([[5, 5], [5, 4]], False),  # a 2 x 2 table with an expected 9 x 9 / 19 = 4.3
        ([[10, 10, 2], [10, 10, 2]], False),  # 2 of 6 cells expect 2
        ([[10, 10, 10, 10, 2]] * 2, True),  # 2 of 10 cells expect 2
        ([[10] * 9 + [1], [10] * 9 + [0]], False),  # 2 of 20 cells expect 0.5
    ],
)
def test_cochran_s_rule(table, fits):
    assert association(*spread(table)).chi_square_fits is fits


def test_a_textbook_table():
    # 2 x 2 with 20, 10, 10, 20: expected 15 everywhere, chi-square 4 * 25 / 15, V = tau-b = 1/3, gamma = 300 / 500
    result = association(*spread([[20, 10], [10, 20]]))
    assert result.chi_square == pytest.approx(100 / 15)
    assert result.cramers_v == pytest.approx(1 / 3)
    assert result.tau == pytest.approx(1 / 3)
    assert result.gamma == pytest.approx(0.6)


def test_words_have_no_order_but_a_chi_square():
    x = pd.Series(["low", "high", "mid", "low"])
    result = association(x, pd.Series([1, 3, 2, 1]))
    assert isnan(result.tau)
    assert isnan(result.gamma)
    assert result.cramers_v == pytest.approx(1)
    assert result.reason == pairs.LABELS["unordered"]
    ordered = x.astype(pd.CategoricalDtype(["low", "mid", "high"], ordered=True))
    assert association(ordered, pd.Series([1, 3, 2, 1])).tau == pytest.approx(1)


@pytest.mark.parametrize("function", [association, within, cluster_interval])
@pytest.mark.parametrize(
    "values",
    [[], [(1, 1, "a")], [(1, None, "a"), (None, 1, "b")], [(1, 1, "a"), (1, 2, "a")], [(1, 2, "a"), (2, 2, "b")]],
    ids=["nothing", "one case", "no pair", "x the same", "y the same"],
)
def test_what_cannot_be_said_comes_with_a_reason(function, values):
    x, y, group = (
        pd.Series(list(side), dtype=kind)
        for side, kind in zip(
            zip(*values, strict=True) if values else [(), (), ()], ["Int64", "Int64", "str"], strict=True
        )
    )
    result = function(x, y) if function is association else function(x, y, group)
    assert isnan(result.tau)
    assert result.reason in pairs.LABELS.values()


def test_reasons_are_told_in_indonesian():
    indonesian = get_language("id")
    assert len({indonesian.t(reason) for reason in pairs.LABELS.values()}) == len(pairs.LABELS)


def test_cross_table_keeps_unused_steps_and_counts_the_dropped():
    x = pd.Series(["none", "full", None, "full"], index=list("abcd"), dtype=STEPS, name="design")
    y = pd.Series(["major", "minor", "none", None], index=list("dbca"), dtype=STEPS, name="result")
    table = cross_table(x, y)
    assert table.counts.index.tolist() == table.counts.columns.tolist() == list(STEPS.categories)
    assert (table.counts.index.name, table.counts.columns.name) == ("design", "result")
    assert table.counts.loc["full", ["minor", "major"]].tolist() == [1, 1]
    assert (table.n, table.dropped, int(table.counts.to_numpy().sum())) == (2, 2, 2)


@given(CASES)
def test_cross_table_against_pandas(cases):
    x, y, _ = sides(cases)
    ours = cross_table(x, y)
    theirs = pd.crosstab(x, y)
    kept = ours.counts.loc[theirs.index, theirs.columns]
    assert kept.to_numpy().tolist() == theirs.to_numpy().tolist()
    assert ours.n == int(theirs.to_numpy().sum())


def score_within(rows):
    """Concordant minus discordant pairs of the same stratum, case by case."""
    return sum(
        int(np.sign((x1 - x2) * (y1 - y2))) for (x1, y1, s1), (x2, y2, s2) in combinations(rows, 2) if s1 == s2
    )


@pytest.mark.parametrize(
    "rows",
    [
        [(1, 1, "a"), (2, 2, "a"), (3, 3, "a"), (1, 2, "b"), (2, 1, "b"), (2, 3, "b"), (9, 9, "c")],
        [
            (1, 1, "a"),
            (1, 2, "a"),
            (2, 2, "a"),
            (3, 3, "a"),
            (5, 8, "b"),
            (6, 9, "b"),
            (7, 9, "b"),
            (0, 0, "c"),
            (0, 1, "c"),
        ],
    ],
)
def test_permutation_within_strata_against_all_permutations(rows):
    strata = sorted({s for *_, s in rows})
    groups = [[row for row in rows if row[2] == s] for s in strata]
    orders = [list(permutations([y for _, y, _ in group])) for group in groups]
    observed = abs(score_within(rows))
    scores = [
        score_within([(x, y, s) for group, ys in zip(groups, drawn, strict=True) for (x, _, s), y in zip(group, ys, strict=True)])
        for drawn in product(*orders)
    ]  # fmt: skip
    exact = np.mean([abs(score) >= observed for score in scores])
    result = within(*(pd.Series(list(side)) for side in zip(*rows, strict=True)), draws=20_000)
    # four standard errors of a share of 20,000 draws
    assert result.p == pytest.approx(exact, abs=4 * sqrt(exact * (1 - exact) / 20_000))
    assert (result.strata, result.idle) == (2, 1)


def test_members_that_are_better_in_everything_make_no_association_within():
    generator = np.random.default_rng(5)
    member = np.repeat(np.arange(12), 8)
    level = np.repeat(np.linspace(0, 8, 12), 8)
    x, y = (pd.Series(np.round(level + generator.integers(0, 3, size=96))) for _ in range(2))
    strata = pd.Series(member)
    assert association(x, y).tau > 0.7
    assert association(x, y).tau_p < 1e-6
    inside = within(x, y, strata)
    assert abs(inside.tau) < 0.25
    assert inside.p > 0.01


def test_p_is_never_below_one_in_the_draws_and_one():
    x = pd.Series(range(20))
    result = within(x, x, pd.Series(["a"] * 20), draws=99)
    assert (result.as_large, result.p, result.tau) == (0, 0.01, 1)


def test_p_values_are_even_when_nothing_goes_with_anything():
    generator = np.random.default_rng(11)
    strata = pd.Series(np.repeat(np.arange(6), 7))
    values = [
        within(*(pd.Series(generator.integers(0, 4, size=42)) for _ in range(2)), strata, draws=199, seed=number).p
        for number in range(200)
    ]
    # 200 p-values: 10% expected at or below 0.1, four standard errors are 8.5%; ties make them a little larger
    assert np.mean(np.array(values) <= 0.1) < 0.185
    assert np.mean(np.array(values) <= 0.5) == pytest.approx(0.5, abs=0.15)


def test_within_looks_only_at_pairs_of_one_stratum():
    rows = [(1, 2, "a"), (2, 1, "a"), (3, 3, "a"), (8, 1, "b"), (9, 0, "b"), (9, 0, "b")]
    # a: two concordant, one discordant, of 3 untied on both sides; b: two discordant of 2 untied on both sides
    result = within(*(pd.Series(list(side)) for side in zip(*rows, strict=True)))
    assert result.tau == pytest.approx((1 - 2) / 5)


def test_cluster_bootstrap_against_all_samples():
    rows = [
        (1, 1, "a"), (2, 2, "a"), (3, 3, "a"),
        (1, 2, "b"), (2, 1, "b"), (3, 3, "b"),
        (1, 3, "c"), (3, 1, "c"), (2, 2, "c"),
    ]  # fmt: skip
    groups = {s: [(x, y) for x, y, t in rows if t == s] for s in "abc"}
    taus = [
        tau_by_definition(list(chain.from_iterable(groups[s] for s in drawn)))
        for drawn in product("abc", repeat=3)
    ]
    result = cluster_interval(
        *(pd.Series(list(side)) for side in zip(*rows, strict=True)), level=0.8, draws=20_000
    )
    # at these levels the 27 samples' quantiles are not at a step, so that 20,000 draws hit them exactly
    assert result.tau == pytest.approx(tau_by_definition(list(chain.from_iterable(groups.values()))))
    low, high = (np.quantile(taus, tail, method="inverted_cdf") for tail in (0.1, 0.9))
    assert (result.low, result.high) == pytest.approx((low, high))
    assert (result.clusters, result.undefined, result.draws) == (3, 0, 20_000)


def test_samples_without_variation_are_counted():
    x, y = pd.Series([1, 1, 2, 2]), pd.Series([1, 1, 2, 2])
    result = cluster_interval(x, y, pd.Series(["a", "a", "b", "b"]), draws=4000)
    # half of all samples of two clusters hold one cluster twice
    assert result.undefined / 4000 == pytest.approx(0.5, abs=4 * sqrt(0.25 / 4000))
    assert (result.tau, result.low, result.high) == (1, 1, 1)


def test_one_cluster_has_no_interval():
    x = pd.Series([1, 2, 3])
    result = cluster_interval(x, x, pd.Series(["a"] * 3))
    assert result.tau == 1
    assert isnan(result.low)
    assert result.reason == pairs.LABELS["single"]


def test_a_cluster_without_a_complete_case_is_none():
    x = pd.Series([1, 2, 3, None])
    assert cluster_interval(x, x, pd.Series(list("aabc"))).clusters == 2


@settings(max_examples=40)
@given(CASES, st.randoms(use_true_random=False))
def test_order_of_rows_and_names_of_groups_do_not_matter(cases, random):
    x, y, group = sides(cases)
    renamed = group.map({"a": "z", "b": "m", "c": "a"})
    index = list(x.index)
    random.shuffle(index)
    assert repr(association(x, y)) == repr(association(x[index], y))
    assert repr(within(x, y, group, draws=40)) == repr(within(x[index], y, renamed, draws=40))
    assert repr(cluster_interval(x, y, group, draws=40)) == repr(cluster_interval(x[index], y, renamed, draws=40))
    pd.testing.assert_frame_equal(cross_table(x, y).counts, cross_table(x[index], y).counts)


@given(CASES)
def test_turning_one_side_round_turns_the_sign(cases):
    x, y, _ = sides(cases)
    assert association(x, -y).tau == pytest.approx(-association(x, y).tau, nan_ok=True)
    assert association(y, x).tau == pytest.approx(association(x, y).tau, nan_ok=True)


@given(st.lists(st.lists(st.integers(0, 5), min_size=3, max_size=3), min_size=2, max_size=4))
def test_score_of_a_table_by_its_cases(table):
    cases = [(i, j) for i, row in enumerate(table) for j, count in enumerate(row) for _ in range(count)]
    c, d, *_ = counted_pairs(cases)
    assert [int(number) for number in pairs.pairs_of(np.array(table))] == [c, d]
    stacked = pairs.score(np.array([table, table[::-1]]))
    assert stacked.tolist() == [c - d, d - c]


def test_draws_in_parts_are_as_many(monkeypatch):
    x, y, group = sides([(1, 1, "a"), (2, 2, "a"), (2, 1, "a"), (1, 2, "b"), (2, 1, "b"), (3, 3, "b")])
    monkeypatch.setattr(pairs, "MOST_CELLS", 70)
    result = within(x, y, group, draws=101)
    assert result.draws == 101
    assert result.p == (1 + result.as_large) / 102
    assert cluster_interval(x, y, group, draws=101).draws == 101


def test_too_many_values_to_cross_are_refused(monkeypatch):
    monkeypatch.setattr(pairs, "MOST_CELLS", 50)
    x = pd.Series(range(6))
    with pytest.raises(ParameterError, match="6 by 6 values for 3 groups"):
        within(x, x, pd.Series(list("aabbcc")))


@pytest.mark.parametrize("function", [within, cluster_interval])
def test_a_case_without_group_is_refused(function):
    x = pd.Series([1, 2])
    with pytest.raises(ParameterError, match="missing for: 1"):
        function(x, x, pd.Series(["a", None]))


def test_input_stays_as_it_was():
    x, y, group = sides([(1, None, "a"), (2, 2, "b"), (3, 1, "a"), (None, 2, "b")])
    before = x.copy(), y.copy(), group.copy()
    association(x, y)
    within(x, y, group, draws=5)
    cluster_interval(x, y, group, draws=5)
    for one, two in zip((x, y, group), before, strict=True):
        pd.testing.assert_series_equal(one, two)
