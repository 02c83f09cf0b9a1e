"""Weights from components and from intended importance, and the measures of coherence, by hand and another way."""

import numpy as np
import pandas as pd
import pytest

from ogp_analysis.errors import ParameterError
from ogp_analysis.stats.composite import (
    aggregate,
    cronbach_alpha,
    effective_weights,
    equal_weights,
    optimised_weights,
    pca_weights,
    principal_components,
    weigh,
)


@pytest.fixture
def correlated():
    draw = np.random.default_rng(3)
    common = draw.normal(size=(80, 1))
    noise = draw.normal(size=(80, 5))
    return pd.DataFrame(common * [1, 1, 0.6, 0.4, 0.2] + noise * [0.3, 0.5, 0.8, 1, 1], columns=list("abcde"))


def test_components_of_two_indicators_by_hand():
    # r = 0.8: eigenvalues 1 +- r, loadings 1/sqrt(2)
    found = principal_components(pd.DataFrame({"a": [1, 2, 3, 4], "b": [1, 3, 2, 4]}))
    assert found.eigenvalues.tolist() == pytest.approx([1.8, 0.2])
    assert found.shares.tolist() == pytest.approx([0.9, 0.1])
    assert found.n == 4


def test_components_rebuild_the_correlations(correlated):
    found = principal_components(correlated)
    rebuilt = found.loadings @ np.diag(found.eigenvalues) @ found.loadings.T.to_numpy()
    np.testing.assert_allclose(rebuilt, np.corrcoef(correlated.to_numpy(), rowvar=False), atol=1e-12)
    assert (found.loadings.sum() >= 0).all()


def test_alpha_is_that_of_the_mean_covariance(correlated):
    covariance = np.cov(correlated.to_numpy(), rowvar=False)
    k, mean_variance = 5, np.trace(covariance) / 5
    mean_covariance = (covariance.sum() - np.trace(covariance)) / (k * (k - 1))
    expected = k * mean_covariance / (mean_variance + (k - 1) * mean_covariance)
    assert cronbach_alpha(correlated) == pytest.approx(expected)
    assert np.isnan(cronbach_alpha(correlated[["a"]]))
    same = pd.DataFrame({"a": [1, 2, 4], "b": [1, 2, 4], "c": [1, 2, 4]})
    assert cronbach_alpha(same) == pytest.approx(1)


def test_incomplete_units_are_left_out_and_too_few_are_refused(correlated):
    gaps = correlated.copy()
    gaps.iloc[:70, 2] = np.nan
    assert principal_components(gaps).n == 10
    assert cronbach_alpha(gaps) == pytest.approx(cronbach_alpha(correlated.iloc[70:]))
    with pytest.raises(ParameterError, match="2 units have every value"):
        principal_components(gaps.iloc[68:72])
    with pytest.raises(ParameterError, match="same value of 'a'"):
        cronbach_alpha(correlated.assign(a=1.0))


def test_weights_from_components(correlated, shape):
    frame = shape({"g": ["a", "b", "c"], "h": ["d"], "i": ["e"]})
    loadings = principal_components(correlated[["a", "b", "c"]]).loadings["PC1"]
    weights = pca_weights(correlated, frame)
    assert weights[["a", "b", "c"]].tolist() == pytest.approx((loadings**2).tolist())
    assert weights[["d", "g", "h"]].tolist() == [1, 1, 1]
    # a group of one indicator may come first: groups stand in the order of their codes
    first = pca_weights(correlated, shape({"f": ["d"], "g": ["a", "b", "c"], "h": ["e"]}))
    assert first[["a", "b", "c", "d"]].tolist() == pytest.approx([*(loadings**2), 1])
    assert pca_weights(correlated, frame, squared=False)[["a", "b", "c"]].sum() == pytest.approx(1)


def test_a_negative_loading_is_no_weight(correlated, shape):
    turned = correlated.assign(c=-correlated["c"])
    with pytest.raises(ParameterError, match="'c' run against the first component of 'g'"):
        pca_weights(turned, shape({"g": ["a", "b", "c"], "h": ["d", "e"]}), squared=False)


def importance(table, frame, weights, codes):
    made = aggregate(table, frame, weights=weights.dropna()).scores
    every = pd.concat([table, made], axis=1)
    shares = np.array([np.corrcoef(every[code], every["index"])[0, 1] for code in codes])
    return shares / shares.sum()


def test_optimised_weights_bring_importance_to_its_target(correlated, shape):
    frame = shape({"g": ["a", "b", "c"], "h": ["d", "e"]})
    found = optimised_weights(correlated, frame, level=2, importance={"g": 0.5, "h": 0.5})
    assert found.reached
    obtained = importance(correlated, frame, found.weights, ["g", "h"])
    assert obtained == pytest.approx([0.5, 0.5], abs=1e-4)
    assert abs(importance(correlated, frame, equal_weights(frame), ["g", "h"]) - 0.5).max() > 0.01
    assert found.weights[["g", "h"]].sum() == pytest.approx(1)
    assert found.weights[["a", "d"]].tolist() == [1, 1]
    assert found.table["obtained"].tolist() == pytest.approx(obtained.tolist())


def test_optimised_weights_of_indicators_and_a_target_out_of_reach(correlated, shape):
    frame = shape({"g": ["a", "b", "c"], "h": ["d", "e"]})
    codes = list("abcde")
    found = optimised_weights(correlated, frame, level=1)
    target = effective_weights(frame)[codes].to_numpy()
    before = np.square(importance(correlated, frame, frame.weights, codes) - target).sum()
    after = np.square(importance(correlated, frame, found.weights, codes) - target).sum()
    assert after < before
    far = optimised_weights(correlated, frame, level=2, importance={"g": 0.999, "h": 0.001})
    assert not far.reached


def test_a_target_is_reached_only_if_it_is_for_every_part(correlated, shape):
    frame = shape({"g": ["a", "b"], "h": ["c", "d"], "i": ["e"]})
    found = optimised_weights(correlated, frame, level=2, importance={"g": 0.66, "h": 0.335, "i": 0.005})
    near = (found.table["obtained"] - found.table["target"]).abs() <= 0.01
    assert near.to_dict() == {"g": False, "h": True, "i": False}  # as important as g can be, it is not enough
    assert not found.reached
    assert optimised_weights(correlated, frame, level=2, importance={"g": 45, "h": 35, "i": 20}).reached


def test_importance_is_a_share_and_the_scale_of_the_scores_does_not_matter(correlated, shape):
    frame = shape({"g": ["a", "b", "c"], "h": ["d", "e"]})
    unit = (correlated - correlated.min()) / (correlated.max() - correlated.min())  # every range is 1
    plain = optimised_weights(unit, frame, level=1).weights
    larger = optimised_weights(unit * 100, frame, level=1).weights
    assert larger[list("abcde")].tolist() == pytest.approx(plain[list("abcde")].tolist(), abs=1e-4)
    halves = optimised_weights(correlated, frame, level=2, importance={"g": 0.5, "h": 0.5})
    ones = optimised_weights(correlated, frame, level=2, importance={"g": 2, "h": 2})
    pd.testing.assert_series_equal(ones.weights, halves.weights)
    assert ones.reached


def test_a_method_by_its_name_is_the_method(correlated, shape):
    frame = shape({"g": ["a", "b", "c"], "h": ["d", "e"]})
    found, reached = weigh(correlated, frame, "pca")
    pd.testing.assert_series_equal(found, pca_weights(correlated, frame))
    assert reached
    far = {"level": 2, "importance": {"g": 0.999, "h": 0.001}}
    found, reached = weigh(correlated, frame, "optimised", **far)
    pd.testing.assert_series_equal(found, optimised_weights(correlated, frame, **far).weights)
    assert not reached
    for method, expected in (("given", frame.weights), ("equal", equal_weights(frame))):
        found, reached = weigh(correlated, frame, method)
        pd.testing.assert_series_equal(found, expected)
        assert reached
    pd.testing.assert_series_equal(weigh(correlated, frame)[0], frame.weights)


def test_importance_is_that_of_the_index_as_it_is_aggregated_by_default(correlated, shape):
    """Of some units half a group is known: too little for the group, and so for the index."""
    frame = shape({"g": ["a", "b"], "h": ["c", "d"]})
    table = correlated[list("abcd")].copy()
    table.loc[:25, "a"] = np.nan
    table.loc[20:40, "d"] = np.nan
    found = optimised_weights(table, frame, level=2)
    made = aggregate(table, frame, weights=found.weights.dropna()).scores.dropna()
    assert len(made) == 80 - 41
    shares = np.array([np.corrcoef(made[code], made["index"])[0, 1] for code in ("g", "h")])
    assert found.table["obtained"].tolist() == pytest.approx((shares / shares.sum()).tolist())


def test_an_indicator_without_weight_has_none_in_the_importance_of_its_group(correlated, shape):
    frame = shape({"g": ["a", "b", "c"], "h": ["d", "e"]}, weight={"a": 0})
    found = optimised_weights(correlated, frame, level=2)
    obtained = importance(correlated, frame, found.weights, ["g", "h"])
    assert found.table["obtained"].tolist() == pytest.approx(obtained.tolist(), rel=1e-9)
    assert found.weights["a"] == 0


def test_one_unit_best_and_one_worst_in_everything_is_a_range_like_any_other(shape):
    """Then the index reaches from 0 to 1, and so does every part."""
    middle = np.random.default_rng(4).uniform(0.1, 0.9, size=(14, 4))
    table = pd.DataFrame([[0.0] * 4, [1.0] * 4, *middle.tolist()], columns=list("abcd"))
    frame = shape({"g": ["a", "b"], "h": ["c", "d"]})
    found = optimised_weights(table, frame, level=2, importance={"g": 0.5, "h": 0.5})
    assert importance(table, frame, found.weights, ["g", "h"]) == pytest.approx([0.5, 0.5], abs=1e-4)


def test_what_does_not_vary_or_is_too_little_has_no_importance(correlated, shape):
    frame = shape({"g": ["a", "b", "c"], "h": ["d", "e"]})
    for table in (correlated.assign(d=1.0, e=1.0), correlated.head(2)):
        with pytest.raises(ParameterError, match="no correlation with the index"):
            optimised_weights(table, frame, level=2)
    assert optimised_weights(correlated.head(3), frame, level=2).table.index.tolist() == ["g", "h"]


def test_what_cannot_be_optimised_is_said(correlated, shape):
    frame = shape({"g": ["a", "b", "c"], "h": ["d", "e"]})
    with pytest.raises(ParameterError, match="no weights at level 3"):
        optimised_weights(correlated, frame, level=3)
    with pytest.raises(ParameterError, match="importance of each code"):
        optimised_weights(correlated, frame, level=2, importance={"g": 1})
    with pytest.raises(ParameterError, match="Did you mean 'equal'"):
        weigh(correlated, frame, "equall")
