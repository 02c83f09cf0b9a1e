"""Every scale by hand, turned and unturned; what a scale cannot say is refused by name."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ogp_analysis.errors import ParameterError
from ogp_analysis.stats.composite import normalise, structure

NAN = float("nan")
X = [2.0, 4.0, 4.0, 10.0, NAN]
SD = np.sqrt(((2 - 5) ** 2 + 2 * (4 - 5) ** 2 + (10 - 5) ** 2) / 3)


def made(codes, direction=1):
    rows = [(code, 1, "g", direction, 1, "indicator", None) for code in codes]
    rows.append(("g", 2, None, None, None, "aggregate", None))
    names = ["code", "level", "parent", "direction", "weight", "type", "denominator"]
    return structure(pd.DataFrame(rows, columns=names))


def one(direction=1):
    return made("x", direction)


def scaled(values, direction=1, **settings):
    return normalise(pd.DataFrame({"x": values}), one(direction), **settings)["x"].tolist()


@pytest.mark.parametrize(
    ("settings", "up", "down"),
    [
        ({}, [0, 25, 25, 100], [100, 75, 75, 0]),
        ({"method": "minmax", "low": 1, "high": 5}, [1, 2, 2, 5], [5, 4, 4, 1]),
        ({"method": "zscore"}, [-3 / SD, -1 / SD, -1 / SD, 5 / SD], [3 / SD, 1 / SD, 1 / SD, -5 / SD]),
        ({"method": "zscore", "mean": 100, "sd": 10}, [100 - 30 / SD, 100 - 10 / SD, 100 - 10 / SD, 100 + 50 / SD],
         [100 + 30 / SD, 100 + 10 / SD, 100 + 10 / SD, 100 - 50 / SD]),
        ({"method": "rank"}, [1, 2, 2, 4], [4, 2, 2, 1]),
        ({"method": "borda"}, [0, 1, 1, 3], [3, 1, 1, 0]),
        ({"method": "percentile"}, [0, 1 / 3, 1 / 3, 1], [1, 1 / 3, 1 / 3, 0]),
        ({"method": "maximum"}, [0, 0.25, 0.25, 1], [1, 0.75, 0.75, 0]),
        ({"method": "goalposts", "bottom": 0, "top": 8}, [0.25, 0.5, 0.5, 1], [0.75, 0.5, 0.5, 0]),
        ({"method": "goalposts", "bottom": 0, "top": 8, "cap": False}, [0.25, 0.5, 0.5, 1.25], [0.75, 0.5, 0.5, -0.25]),
        ({"method": "goalposts", "bottom": 1, "top": 16, "log": True, "low": 70, "high": 130},
         [85, 100, 100, 70 + 60 * np.log2(10) / 4], [115, 100, 100, 130 - 60 * np.log2(10) / 4]),
        ({"method": "none"}, [2, 4, 4, 10], [-2, -4, -4, -10]),
    ],
)  # fmt: skip
def test_each_scale_by_hand(settings, up, down):
    assert scaled(X, **settings) == pytest.approx([*up, NAN], nan_ok=True)
    assert scaled(X, -1, **settings) == pytest.approx([*down, NAN], nan_ok=True)


def test_distance_to_target_by_hand():
    # less is better: the worst is 10, the target 2; 4 is three quarters of the way
    assert scaled(X, -1, method="target", target=2) == pytest.approx([1, 0.75, 0.75, 0, NAN], nan_ok=True)
    assert scaled(X, method="target", target=6) == pytest.approx([0, 0.5, 0.5, 2, NAN], nan_ok=True)
    assert scaled(X, method="target", target=6, cap=True)[3] == 1
    with pytest.raises(ParameterError, match="Indicator 'x': The target 2 is no better than the worst"):
        scaled(X, method="target", target=2)


def test_distance_to_a_unit_is_the_distance_to_its_value():
    table = pd.DataFrame({"x": X}, index=list("abcde"))
    assert normalise(table, one(-1), "unit", unit="a")["x"].tolist() == pytest.approx(
        [1, 0.75, 0.75, 0, NAN], nan_ok=True
    )
    assert normalise(table, one(), "unit", unit="b")["x"].tolist() == pytest.approx([0, 1, 1, 4, NAN], nan_ok=True)
    with pytest.raises(ParameterError, match="Indicator 'x': There is no unit 'q'"):
        normalise(table, one(), "unit", unit="q")
    with pytest.raises(ParameterError, match="Indicator 'x': The unit 'e' has no value"):
        normalise(table, one(), "unit", unit="e")


def test_a_reference_without_values_is_named():
    with pytest.raises(ParameterError, match="no value at all for 'x'"):
        normalise(pd.DataFrame({"x": [1.0, 2.0]}), one(), reference=pd.DataFrame({"x": [NAN, NAN]}))


@pytest.mark.parametrize("method", ["minmax", "zscore", "maximum", "percentile"])
def test_an_indicator_that_does_not_vary_is_named(method):
    with pytest.raises(ParameterError, match="All units have the same value of 'x'"):
        scaled([3.0, 3.0, NAN], method=method)


def test_equal_values_have_a_rank_and_a_place_between_goalposts():
    assert scaled([3.0, 3.0], method="rank") == [1, 1]
    assert scaled([3.0, 3.0], method="goalposts", bottom=0, top=6) == [0.5, 0.5]


def test_an_indicator_without_values_is_named():
    with pytest.raises(ParameterError, match="no value at all for 'x'"):
        scaled([NAN, NAN])


def test_settings_of_another_scale_are_refused():
    with pytest.raises(ParameterError, match="'low' is no setting of 'rank'"):
        scaled(X, method="rank", low=1)
    with pytest.raises(ParameterError, match="'goalposts' of 'x' needs 'bottom'"):
        scaled(X, method="goalposts", top=3)
    with pytest.raises(ParameterError, match="'low' is 5 and 'high' 1"):
        scaled(X, low=5, high=1)
    with pytest.raises(ParameterError, match="no logarithm"):
        scaled([0.0, 1.0], method="goalposts", bottom=1, top=3, log=True)
    with pytest.raises(ParameterError, match="Did you mean 'minmax'"):
        scaled(X, method="min-max")


def test_indicators_can_have_scales_of_their_own():
    shape = made("xy")
    table = pd.DataFrame({"y": [1.0, 2.0, 4.0], "x": [1.0, 2.0, 4.0]})
    found = normalise(table, shape, own={"y": {"method": "rank"}})
    assert found.to_dict("list") == {"x": pytest.approx([0, 100 / 3, 100]), "y": [1, 2, 3]}
    with pytest.raises(ParameterError, match="'own' names indicators that are not there: 'z'"):
        normalise(table, shape, own={"z": {"method": "rank"}})


def test_bounds_can_come_from_elsewhere():
    table, other = pd.DataFrame({"x": [4.0, 12.0]}), pd.DataFrame({"x": [0.0, 8.0, 4.0]})
    assert normalise(table, one(), reference=other)["x"].tolist() == [50, 150]
    assert normalise(table, one(), "rank", reference=other)["x"].tolist() == [2, 4]
    assert normalise(table, one(-1), "borda", reference=other)["x"].tolist() == [1, 0]


@settings(deadline=None)
@given(
    st.lists(st.integers(-30, 30), min_size=2, max_size=20).filter(lambda x: len(set(x)) > 1),
    st.sampled_from([0.5, 3.0, 1000.0]),
    st.sampled_from([-7.0, 0.0, 40.0]),
    st.sampled_from(["minmax", "zscore", "percentile", "rank", "maximum"]),
    st.sampled_from([1, -1]),
)
def test_neither_unit_nor_origin_of_the_indicator_matters(values, factor, shift, method, direction):
    first = scaled([float(value) for value in values], direction, method=method)
    second = scaled([value * factor + shift for value in values], direction, method=method)
    assert second == pytest.approx(first, abs=1e-9)


@settings(deadline=None)
@given(
    st.lists(st.integers(-30, 30), min_size=2, max_size=20).filter(lambda x: len(set(x)) > 1),
    st.sampled_from(["minmax", "zscore", "percentile", "rank", "borda", "maximum", "none"]),
    st.sampled_from([1, -1]),
)
def test_a_better_value_never_scores_less(values, method, direction):
    scores = scaled([float(value) for value in values], direction, method=method)
    for mine, my_score in zip(values, scores, strict=True):
        for theirs, their_score in zip(values, scores, strict=True):
            if direction * mine > direction * theirs:
                assert my_score > their_score
            elif mine == theirs:
                assert my_score == their_score


def test_columns_are_matched_by_code_never_by_place():
    shape = made("xy")
    with pytest.raises(ParameterError, match="no columns for 'y'"):
        normalise(pd.DataFrame({"x": [1.0, 2.0], "z": [1.0, 2.0]}), shape)
    with pytest.raises(ParameterError, match="no number: '3' at 1"):
        normalise(pd.DataFrame({"x": [1.0, 2.0], "y": [1, "3"]}, dtype=object), shape)
    with pytest.raises(ParameterError, match="the unit 'u' more than once"):
        normalise(pd.DataFrame({"x": [1.0, 2.0], "y": [1.0, 2.0]}, index=["u", "u"]), shape)
    with pytest.raises(ParameterError, match="infinite at 1"):
        normalise(pd.DataFrame({"x": [1.0, np.inf], "y": [1.0, 2.0]}), shape)
