"""Means, Mazziotta-Pareto, Copeland and benefit of the doubt by hand, by another way, and by published figures."""

import inspect
import itertools

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import gmean, hmean, pmean

from ogp_analysis.errors import ParameterError
from ogp_analysis.stats.composite import aggregate, benefit_of_doubt, copeland, generalised_mean, structure
from ogp_analysis.stats.composite.aggregate import folded, options_of

NAN = float("nan")
MEANS = ["arithmetic", "geometric", "harmonic", "power"]


def flat(codes, weights=None):
    """An index of one level."""
    rows = [(code, 1, "top", 1, (weights or {}).get(code, 1), "indicator", None) for code in codes]
    rows.append(("top", 2, None, None, None, "aggregate", None))
    names = ["code", "level", "parent", "direction", "weight", "type", "denominator"]
    return structure(pd.DataFrame(rows, columns=names))


def scores(table, method, weights=None, **settings):
    return aggregate(table, flat(table.columns, weights), method, **settings).scores["top"].tolist()


# ---------------------------------------------------------------- means


@pytest.mark.parametrize(
    ("power", "value"), [(1, 9.1), (0, 6.498019171), (-1, 4.0), (0.5, 7.879848481)]
)  # published with the issue that asked for this package
def test_published_means(power, value):
    found = generalised_mean(pd.Series([1, 2, 4, 8, 16]), pd.Series([1, 1, 2, 2, 4]), power)
    assert found == pytest.approx(value, abs=5e-10)


@settings(deadline=None)
@given(
    st.lists(st.tuples(st.floats(0.1, 100), st.floats(0.1, 5)), min_size=1, max_size=9),
    st.sampled_from([-2.0, -1.0, 0.0, 0.5, 1.0, 3.0]),
)
def test_means_are_those_of_scipy(pairs, power):
    x, w = (np.array(part) for part in zip(*pairs, strict=True))
    plain = {0.0: gmean, -1.0: hmean}.get(power)
    expected = plain(x, weights=w) if plain else pmean(x, power, weights=w)
    assert generalised_mean(pd.Series(x), pd.Series(w), power) == pytest.approx(expected, rel=1e-9)


@pytest.mark.parametrize("method", MEANS)
def test_a_missing_value_is_left_out_with_its_weight_and_is_never_zero(method):
    weights = {"a": 1, "b": 2, "c": 3}
    whole = scores(pd.DataFrame({"b": [30.0], "c": [50.0]}), method, weights)
    gap = scores(pd.DataFrame({"a": [NAN], "b": [30.0], "c": [50.0]}), method, weights)
    assert gap == whole
    assert gap[0] >= 30


def test_the_share_of_weight_that_must_be_known():
    table = pd.DataFrame({"a": [1.0, NAN, NAN], "b": [2.0, 2.0, NAN], "c": [NAN, 6.0, 6.0]})
    assert scores(table, "arithmetic") == [1.5, 4.0, pytest.approx(NAN, nan_ok=True)]
    assert scores(table, "arithmetic", share=0)[2] == 6
    assert np.isnan(scores(table, "arithmetic", share=0.7)).tolist() == [True, True, True]
    # a carries half the weight: without it 2/3 cannot be reached
    assert np.isnan(scores(table, "arithmetic", {"a": 2})).tolist() == [False, True, True]
    nothing = pd.DataFrame({"a": [1.0, NAN], "b": [1.0, NAN]})
    assert np.isnan(scores(nothing, "arithmetic", share=0)).tolist() == [False, True]


@pytest.mark.parametrize(("method", "least"), [("geometric", 0.0), ("harmonic", 0.0), ("power", -1.0)])
def test_what_has_no_such_mean_is_refused_with_its_group(method, least):
    with pytest.raises(ParameterError, match="least value under 'top'"):
        scores(pd.DataFrame({"a": [1.0, 2.0], "b": [least, 4.0]}), method)


def test_a_method_for_each_level_by_hand(shape):
    table = pd.DataFrame({"a": [4.0], "b": [16.0], "c": [2.0]}, index=["x"])
    found = aggregate(table, shape({"g": ["a", "b"], "h": ["c"]}), ["geometric", "harmonic"]).scores
    assert found.loc["x"].to_dict() == pytest.approx({"g": 8.0, "h": 2.0, "index": 3.2})
    with pytest.raises(ParameterError, match="1 methods for 2 levels"):
        aggregate(table, shape({"g": ["a", "b"], "h": ["c"]}), ["geometric"])


def test_a_share_for_each_level_by_hand(shape):
    table = pd.DataFrame({"a": [4.0], "b": [NAN], "c": [NAN], "d": [NAN]}, index=["x"])
    frame = shape({"g": ["a", "b"], "h": ["c", "d"]})
    # half of g is known and nothing of h; of the index the half that g is
    for shares, want in {(0.5, 0.5): (4, 4), (0.5, 0.6): (4, NAN), (0.6, 0.5): (NAN, NAN), (0, 0): (4, 4)}.items():
        found = aggregate(table, frame, share=shares).scores.loc["x", ["g", "index"]]
        assert found.tolist() == pytest.approx(list(want), nan_ok=True), shares
    with pytest.raises(ParameterError, match="1 shares for 2 levels"):
        aggregate(table, frame, share=[0.5])


def test_the_share_of_parts_counts_them_whatever_they_weigh():
    table = pd.DataFrame({"a": [NAN, 1.0], "b": [3.0, NAN], "c": [5.0, NAN]})
    weights = {"a": 6, "b": 1, "c": 1}
    # the first has two of three parts, and two eighths of the weight; the second one of three, and six eighths
    assert scores(table, "arithmetic", weights) == pytest.approx([NAN, 1.0], nan_ok=True)
    assert scores(table, "arithmetic", weights, share_of="parts") == pytest.approx([4.0, NAN], nan_ok=True)
    with pytest.raises(ParameterError, match="Did you mean 'parts'"):
        scores(table, "arithmetic", share_of="part")


def test_coverage_is_the_share_of_weight_known_under_each(shape):
    table = pd.DataFrame({"a": [1.0, NAN], "b": [NAN, NAN], "c": [7.0, 7.0]}, index=["x", "y"])
    frame = shape({"g": ["a", "b"], "h": ["c"]}, weight={"a": 3, "h": 4})
    found = aggregate(table, frame, "geometric").coverage
    # a is three quarters of g; g is one part of five
    assert found.loc["x"].to_dict() == pytest.approx({"g": 0.75, "h": 1, "index": 0.95})
    assert found.loc["y"].to_dict() == pytest.approx({"g": 0, "h": 1, "index": 0.8})
    # by other weights instead of its own
    other = aggregate(table, frame, weights={"a": 1, "b": 1, "c": 1, "g": 1, "h": 1})
    assert other.coverage.loc["x"].to_dict() == pytest.approx({"g": 0.5, "h": 1, "index": 0.75})
    assert other.scores.columns.tolist() == other.coverage.columns.tolist() == ["g", "h", "index"]


def test_what_is_taken_if_nothing_is_said():
    table = pd.DataFrame({"a": [4.0, 1.0], "b": [16.0, 9.0]})
    # the square of the mean of square roots
    assert scores(table, "power") == pytest.approx([9.0, 4.0])
    assert scores(table, "power") == scores(table, "power", power=0.5)
    doubt = pd.DataFrame({"a": [8.0, 1.0, 3.0], "b": [1.0, 8.0, 4.0]})
    assert scores(doubt, "benefit_of_doubt") == pytest.approx(corners(doubt.to_numpy()).tolist(), abs=1e-7)
    assert scores(doubt, "benefit_of_doubt", least=0.5) != pytest.approx(scores(doubt, "benefit_of_doubt"))


def test_what_is_not_said_is_the_same_wherever_an_index_is_aggregated():
    own, inner = inspect.signature(aggregate).parameters, inspect.signature(options_of).parameters
    for name in set(inner) - {"structure"}:
        assert inner[name].default == own[name].default, name


@pytest.mark.parametrize("share_of", ["weight", "parts"])
def test_many_sets_of_weights_at_once_go_by_what_the_first_says_is_enough(share_of):
    """As one by one, but for who is scored: a has three quarters of the weight in the first set, one in the second."""
    frame = flat("ab")
    values = {"a": np.array([[4.0], [4.0], [NAN]]), "b": np.array([[8.0], [NAN], [8.0]])}
    sets = {"a": np.array([3.0, 1.0]), "b": np.array([1.0, 3.0]), "top": np.ones(2)}
    options = options_of(frame, share=0.5, share_of=share_of)
    known = 8.0 if share_of == "parts" else NAN  # of b alone
    expected = np.array([[5.0, 7.0], [4.0, 4.0], [known, known]])
    np.testing.assert_allclose(folded(values, frame, sets, options)["top"], expected)
    # by the second set, where that is the rule
    rule = {code: weight[1:] for code, weight in sets.items()}
    other = np.array([[5.0, 7.0], [4.0, 4.0] if share_of == "parts" else [NAN, NAN], [8.0, 8.0]])
    np.testing.assert_allclose(folded(values, frame, sets, options, rule)["top"], other)


@pytest.mark.parametrize(("setting", "least", "most"), [("power", -20, 20), ("least", 0, 1), ("share", 0, 1)])
def test_settings_have_bounds(setting, least, most):
    table = pd.DataFrame({"a": [4.0, 1.0], "b": [16.0, 9.0]})
    for value in (least, most):
        scores(table, "arithmetic", **{setting: value})
    for value in (least - 0.01, most + 0.01):
        with pytest.raises(ParameterError, match=f"'{setting}'"):
            scores(table, "arithmetic", **{setting: value})
    with pytest.raises(ParameterError, match="Did you mean 'down'"):
        scores(table, "arithmetic", penalty="dwn")
    with pytest.raises(ParameterError, match="Did you mean 'arithmetic'"):
        scores(table, "aritmetic")


@settings(deadline=None)
@given(st.lists(st.floats(1, 100), min_size=2, max_size=6), st.integers(0, 5), st.floats(0.5, 20))
def test_a_better_indicator_never_lowers_a_mean_and_lower_powers_forgive_less(values, at, gain):
    table = pd.DataFrame([values, values], columns=[f"i{number}" for number in range(len(values))])
    table.iloc[1, at % len(values)] += gain
    by_method = {method: scores(table, method) for method in MEANS}
    for before, after in by_method.values():
        assert after > before
    for place in (0, 1):
        ordered = [by_method[method][place] for method in ("harmonic", "geometric", "power", "arithmetic")]
        for lower, higher in itertools.pairwise(ordered):
            assert lower <= higher * (1 + 1e-12)  # equal but for rounding if all values are


# ---------------------------------------------------------------- Mazziotta-Pareto


def test_mazziotta_pareto_by_hand():
    # 90, 100, 110: mean 100, variance 200/3 (divided by 3, not 2)
    table = pd.DataFrame({"a": [90.0, 100.0], "b": [100.0, 100.0], "c": [110.0, 100.0]})
    assert scores(table, "mazziotta_pareto") == pytest.approx([100 - 2 / 3, 100])
    assert scores(table, "mazziotta_pareto", penalty="up") == pytest.approx([100 + 2 / 3, 100])


@settings(deadline=None)
@given(st.lists(st.lists(st.floats(70, 130), min_size=4, max_size=4), min_size=1, max_size=5))
def test_mazziotta_pareto_as_its_authors_write_it(rows):
    table = pd.DataFrame(rows, columns=list("abcd"))
    mean, deviation = np.mean(rows, axis=1), np.std(rows, axis=1)
    assert scores(table, "mazziotta_pareto") == pytest.approx((mean - deviation * (deviation / mean)).tolist())


def test_mazziotta_pareto_needs_a_mean_above_zero():
    with pytest.raises(ParameterError, match="zscore"):
        scores(pd.DataFrame({"a": [-1.0], "b": [1.0]}), "mazziotta_pareto")


# ---------------------------------------------------------------- Copeland


def test_published_copeland():
    # published with the issue that asked for this package
    table = pd.DataFrame({"a": [1, 5, 3, 2], "b": [4, 4, 2, 1], "c": [9, 2, 6, 6]})
    assert copeland(table).tolist() == [2, 2, -1, -3]
    assert scores(table.astype(float), "copeland") == [2, 2, -1, -3]


@settings(deadline=None)
@given(
    st.lists(st.lists(st.sampled_from([0.0, 1.0, 2.0, NAN]), min_size=3, max_size=3), min_size=2, max_size=7),
    st.lists(st.integers(1, 4), min_size=3, max_size=3),
)
def test_copeland_pair_by_pair(rows, weights):
    table = pd.DataFrame(rows, columns=list("abc"))
    counted = [sum(w for w, x in zip(weights, row, strict=True) if x == x) * 3 >= 2 * sum(weights) for row in rows]
    expected = [0.0 if one else NAN for one in counted]
    for i, j in itertools.permutations(range(len(rows)), 2):
        if counted[i] and counted[j]:
            pairs = list(zip(weights, rows[i], rows[j], strict=True))
            won, lost = sum(w for w, x, y in pairs if x > y), sum(w for w, x, y in pairs if x < y)
            expected[i] += (won > lost) - (won < lost)
    assert copeland(table, pd.Series(weights, index=list("abc"))).tolist() == pytest.approx(expected, nan_ok=True)


def test_weights_that_only_rounding_parts_draw():
    table = pd.DataFrame({"a": [1.0, 0.0], "b": [1.0, 0.0], "c": [0.0, 1.0]})
    assert copeland(table, pd.Series({"a": 0.1, "b": 0.2, "c": 0.3})).tolist() == [0, 0]


# ---------------------------------------------------------------- benefit of the doubt


def corners(y):
    """The best score by trying every corner of the feasible weights, for two indicators."""
    lines = [*[(*row, 1.0) for row in y], (1.0, 0.0, 0.0), (0.0, 1.0, 0.0)]
    best = np.zeros(len(y))
    for first, second in itertools.combinations(lines, 2):
        matrix = np.array([first[:2], second[:2]])
        if abs(np.linalg.det(matrix)) < 1e-12:
            continue
        w = np.linalg.solve(matrix, [first[2], second[2]])
        if (w >= -1e-9).all() and (y @ w <= 1 + 1e-9).all():
            best = np.maximum(best, y @ w)
    return best


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.integers(1, 20), st.integers(1, 20)), min_size=2, max_size=6))
def test_benefit_of_doubt_corner_by_corner(rows):
    y = np.array(rows, dtype=float)
    found = benefit_of_doubt(pd.DataFrame(y, columns=["a", "b"]))
    assert found["score"].tolist() == pytest.approx(corners(y).tolist(), abs=1e-7)
    weights = found[["a", "b"]].to_numpy()
    assert (weights @ y.T <= 1 + 1e-7).all()
    assert found["score"].max() == pytest.approx(1)


def test_benefit_of_doubt_with_a_floor_under_each_share():
    table = pd.DataFrame({"a": [8.0, 1.0], "b": [1.0, 8.0]})
    assert benefit_of_doubt(table)["score"].tolist() == pytest.approx([1, 1])
    bound = benefit_of_doubt(pd.DataFrame({"a": [8.0, 1.0, 4.0], "b": [1.0, 8.0, 4.0]}), least=0.5)
    # equal shares: w_a 8 = w_b 1 for the first; 4 w_a + 4 w_b <= 1 and w_a + 8 w_b <= 1 bind it
    w_a = min(1 / (4 + 4 * 8), 1 / (1 + 64), 1 / 16)
    assert bound["score"][0] == pytest.approx(16 * w_a)


def test_benefit_of_doubt_does_not_mind_units_of_measure_but_gaps_and_debts():
    table = pd.DataFrame({"a": [3.0, 5.0, 2.0], "b": [4.0, 1.0, 3.0]})
    plain = benefit_of_doubt(table)["score"]
    assert benefit_of_doubt(table * [1e6, 1e-6])["score"].tolist() == pytest.approx(plain.tolist())
    gap = benefit_of_doubt(pd.concat([table, pd.DataFrame({"a": [99.0], "b": [NAN]})], ignore_index=True))["score"]
    assert gap.tolist()[:3] == pytest.approx(plain.tolist())
    assert np.isnan(gap[3])
    with pytest.raises(ParameterError, match="negative"):
        benefit_of_doubt(-table)
    with pytest.raises(ParameterError, match="'least'"):
        benefit_of_doubt(table, least=0.6)
    assert benefit_of_doubt(table.assign(b=0.0))["score"].tolist() == pytest.approx([0.6, 1, 0.4])
