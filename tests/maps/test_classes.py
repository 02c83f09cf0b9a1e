from __future__ import annotations

import math
import warnings
from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ogp_analysis.errors import ParameterError
from ogp_analysis.maps import make_classes

NUMBERS = st.lists(
    st.one_of(st.integers(-500, 500), st.floats(-1e6, 1e6).map(lambda x: round(x, 3))), min_size=1, max_size=40
)


def in_mapclassify(values: np.ndarray, k: int) -> list[set[float]]:
    import mapclassify

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it says that numba would be faster
        found = mapclassify.FisherJenks(values, k=k)
    return [set(values[found.yb == i]) for i in range(k)]


@settings(max_examples=150)
@given(NUMBERS, st.integers(2, 7), st.sampled_from(["fisher", "quantiles", "equal"]))
def test_every_value_lies_in_the_class_whose_ends_hold_it(numbers, k, scheme):
    values = pd.Series(numbers, dtype="float64")
    classes = make_classes(values, k=k, scheme=scheme)
    assert classes.n == len(classes.labels) == len(classes.breaks) - 1
    assert classes.n <= k
    assert all(low <= high for low, high in pairwise(classes.breaks))
    for value, number in zip(values, classes.assign(values), strict=True):
        low, high = classes.breaks[number], classes.breaks[number + 1]
        last = number == classes.n - 1
        assert low <= value <= high if last else low <= value < high


@settings(max_examples=100)
@given(NUMBERS, st.integers(2, 7), st.sampled_from(["fisher", "quantiles", "equal"]))
def test_no_class_holds_gains_and_losses(numbers, k, scheme):
    values = pd.Series(numbers, dtype="float64")
    classes = make_classes(values, k=k, scheme=scheme)
    assert not any(low < 0 < high for low, high in pairwise(classes.breaks))
    if values.min() < 0 <= values.max():
        assert 0.0 in classes.breaks
        assert classes.diverging


@settings(max_examples=60)
@given(
    st.lists(st.floats(0, 1000).map(lambda x: round(x, 2)), min_size=6, max_size=30, unique=True),
    st.integers(2, 5),
)
def test_readable_breaks_move_no_value_out_of_its_fisher_class(numbers, k):
    values = np.array(numbers)
    classes = make_classes(pd.Series(values), k=k)
    mine = [set(values[classes.assign(pd.Series(values)) == i]) for i in range(classes.n)]
    assert [group for group in mine if group] == [group for group in in_mapclassify(values, k) if group]


def test_a_break_is_the_roundest_number_in_the_gap():
    classes = make_classes(pd.Series([9.1, 9.87, 14.62, 15.2]), k=2)
    assert classes.breaks[1] == 10.0


def test_fewer_values_than_classes_make_fewer_classes():
    classes = make_classes(pd.Series([3.0, 3.0, 8.0, np.nan]), k=5)
    assert classes.n == 2
    assert classes.assign(pd.Series([3.0, 8.0, np.nan])).tolist() == [0, 1, pd.NA]


@pytest.mark.parametrize("values", [[7.5], [7.5] * 16, [0.0] * 16])
def test_one_value_makes_one_class_named_by_it(values):
    classes = make_classes(pd.Series(values))
    assert classes.labels == (f"{values[0]:g}",)
    assert set(classes.assign(pd.Series(values))) == {0}


def test_many_ties_do_not_break_quantiles():
    values = pd.Series([0.0] * 12 + [1.0, 2.0, 3.0, 4.0, 5.0, 6.0])
    classes = make_classes(values, k=5, scheme="quantiles")
    assert classes.n < 5
    assert len(set(classes.breaks)) == len(classes.breaks)


def test_equal_classes_have_one_readable_width():
    classes = make_classes(pd.Series([3.0, 41.0, 97.0]), k=5, scheme="equal")
    assert {round(high - low, 9) for low, high in pairwise(classes.breaks)} == {20.0}


def test_labels_use_the_readers_number_format_and_show_open_ends():
    edges = [-math.inf, 12.5, 1000, math.inf]
    classes = make_classes(pd.Series([1.0, 1500.0]), scheme="given", breaks=edges, language="id")
    assert classes.labels == ("kurang dari 12,5", "12,5 sampai < 1.000,0", "1.000,0 atau lebih")


def test_labels_can_be_had_in_the_other_language():
    classes = make_classes(pd.Series([0.5, 3.5]), scheme="given", breaks=[0, 2.5, 5])
    assert classes.labels == ("0.0 to < 2.5", "2.5 to 5.0")
    assert classes.labels_in("id") == ("0,0 sampai < 2,5", "2,5 sampai 5,0")


def test_classes_of_a_series_hold_the_values_of_every_map():
    first, second = pd.Series([1.0, 2.0], index=["a", "b"]), pd.Series([90.0, None], index=["a", "b"])
    classes = make_classes({"2020": first, "2021": second}, k=3)
    assert classes.assign(second)["a"] == classes.n - 1
    with pytest.raises(ParameterError, match="a: 90") as caught:
        make_classes(first).assign(second)
    assert "make_classes([first, second" in str(caught.value)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"scheme": "jenks"}, "no class scheme 'jenks'"),
        ({"scheme": "given"}, "needs breaks"),
        ({"scheme": "given", "breaks": [0, 5, 5, 10]}, "do not rise"),
        ({"scheme": "given", "breaks": [0, float("nan"), 10]}, "do not rise"),
        ({"scheme": "given", "breaks": [-5, 10]}, "zero is not one of them"),
        ({"scheme": "given", "breaks": [0, 2]}, "outside the classes"),
        ({"scheme": "given", "breaks": list(range(12))}, "cannot be told apart"),
        ({"breaks": [0, 5]}, "together with scheme 'fisher'"),
        ({"k": 0}, "k=0"),
        ({"k": 12}, "k=12"),
        ({"k": True}, "k=True"),
    ],
)
def test_wrong_parameters_are_explained(arguments, message):
    with pytest.raises(ParameterError, match=message) as caught:
        make_classes(pd.Series([1.0, 4.0]), **arguments)
    assert caught.value.hint


@pytest.mark.parametrize(
    ("values", "message"),
    [
        (pd.Series([np.nan, np.nan]), "all are missing"),
        (pd.Series([1.0, np.inf]), "infinite"),
        (pd.Series(["1", "2"]), "not numbers; example: '1'"),
        (pd.Series([True, False]), "not numbers"),
        ([1.0, 2.0], "not from float"),
    ],
)
def test_values_that_cannot_be_classed_are_explained(values, message):
    with pytest.raises(ParameterError, match=message):
        make_classes(values)


def test_values_are_left_as_they_were(shares):
    before = shares.copy()
    make_classes(shares).assign(shares)
    pd.testing.assert_series_equal(shares, before)


@pytest.mark.parametrize(
    ("breaks", "labels"),
    [
        ([1, 5, 9, 13, 16], ("1 to 4", "5 to 8", "9 to 12", "13 to 16")),
        ([1, 2, 4], ("1", "2 to 4")),
        ([-float("inf"), 5, float("inf")], ("4 and less", "5 and more")),
    ],
)
def test_classes_of_whole_numbers_name_the_first_and_the_last_of_each(breaks, labels):
    ranks = pd.Series([1.0, 2.0, 3.0, 4.0])
    classes = make_classes(ranks, scheme="given", breaks=breaks, whole=True)
    assert classes.labels == labels
    assert classes.labels_in("id")[-1] == labels[-1].replace("to", "sampai").replace("and more", "atau lebih")


@pytest.mark.parametrize(("values", "breaks"), [([1.0, 2.5], [1, 2, 4]), ([1.0, 2.0], [1, 1.5, 4])])
def test_classes_of_whole_numbers_hold_no_others(values, breaks):
    with pytest.raises(ParameterError, match="no whole number"):
        make_classes(pd.Series(values), scheme="given", breaks=breaks, whole=True)
