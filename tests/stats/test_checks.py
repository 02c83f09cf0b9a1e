"""What the statistics refuse, and that they say which unit it is about."""

import numpy as np
import pandas as pd
import pytest

from ogp_analysis.errors import ParameterError
from ogp_analysis.stats.checks import coded, counts_of, matched, whole
from ogp_analysis.stats.proportions import interval, share, shares_by
from ogp_analysis.stats.shrinkage import shrink
from ogp_analysis.stats.standing import standing


def counted(**values):
    return pd.Series(values)


def test_labels_that_differ_are_named_on_both_sides():
    with pytest.raises(ParameterError, match=r"only in 'x': 'a'; only in 'y': 'c', 'd'"):
        matched(counted(a=1, b=2), counted(b=1, c=2, d=3), ("x", "y"))


def test_a_label_met_twice_is_named():
    with pytest.raises(ParameterError, match="'y' occur more than once: 'a'"):
        matched(counted(a=1), pd.Series([1, 2], index=["a", "a"]), ("x", "y"))


@pytest.mark.parametrize(
    "index", [["a", None], pd.MultiIndex.from_tuples([("a", 1.0), ("a", np.nan)])], ids=["flat", "tuples"]
)
def test_a_missing_label_is_refused(index):
    broken = pd.Series([1, 2], index=index)
    with pytest.raises(ParameterError, match="label of 'x' is missing"):
        matched(broken, broken, ("x", "y"))


def test_labels_of_two_parts_are_matched():
    first = pd.Series([1, 2], index=pd.MultiIndex.from_tuples([("a", 1), ("a", 2)]))
    assert matched(first, first.iloc[::-1] * 10, ("x", "y")).tolist() == [10, 20]


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ([1.0, 2.5], r"2\.5 at 'b'"),
        ([1, -1], "-1 at 'b'"),
        ([1, np.inf], "inf at 'b'"),
        (["1", "2"], "not numbers"),
        ([True, False], "not numbers"),
        ([1j, 2], "complex"),
    ],
)
def test_no_whole_number_is_refused_by_label(values, words):
    with pytest.raises(ParameterError, match=words):
        whole(pd.Series(values, index=["a", "b"]), "count")


def test_a_count_above_its_total_is_named():
    with pytest.raises(ParameterError, match="count 6 is larger than its total 5, at 'b'"):
        counts_of(counted(a=1, b=6), counted(a=5, b=5))
    with pytest.raises(ParameterError, match="count 6 is larger than its total 5"):
        interval(6, 5)


def test_lengths_that_differ_are_refused():
    with pytest.raises(ParameterError, match="2 counts and 3 totals"):
        interval([1, 2], [3, 4, 5])


def test_values_without_a_common_order_are_refused_rather_than_taken_as_they_come():
    with pytest.raises(ParameterError, match="no common order"):
        coded(pd.Series(["a", 1]), "x")


@pytest.mark.parametrize(
    "values",
    [
        pd.Series([2, None, 1, 2], dtype="Int64"),
        pd.Series([True, None, False, True], dtype="boolean"),
        pd.Series(["b", None, "a", "b"]),
        pd.Series(["b", None, "a", "b"], dtype="object"),
        pd.Series(pd.to_datetime(["2021-02-01", None, "2021-01-01", "2021-02-01"])),
        pd.Series([2.5, np.nan, -1, 2.5]),
    ],
    ids=lambda values: str(values.dtype),
)
def test_categories_are_sorted_for_every_kind_of_value(values):
    numbers, labels = coded(values, "x")
    assert numbers.tolist() == [1, -1, 0, 1]
    assert len(labels) == 2


def test_series_and_number_do_not_mix():
    with pytest.raises(ParameterError, match="One of count and total is a Series"):
        interval(counted(a=1), 5)


@pytest.mark.parametrize("level", [0, 1, 95, -0.1])
def test_a_level_in_percent_is_refused(level):
    with pytest.raises(ParameterError, match=r"Write 0\.95"):
        interval(1, 2, level=level)


def test_unknown_method_is_refused():
    with pytest.raises(ParameterError, match="wilson, jeffreys"):
        interval(1, 2, "wald")


@pytest.mark.parametrize(
    "outcomes",
    [
        pd.Series([1, 0]),
        pd.Series([True, None], dtype="object"),
        pd.Series([True, False]).astype("category"),
        [True],
    ],
    ids=["numbers", "objects", "categories", "list"],
)
def test_outcomes_must_be_yes_and_no(outcomes):
    with pytest.raises(ParameterError, match="not yes and no"):
        share(outcomes)


def test_a_case_without_group_is_named():
    with pytest.raises(ParameterError, match="missing for: 'b'"):
        shares_by(counted(a=True, b=False), counted(a="x", b=None))


def test_input_stays_as_it_was():
    counts, totals = counted(a=1, b=3, c=2, d=0), counted(d=2, c=3, b=9, a=4)
    before = counts.copy(), totals.copy()
    shrink(counts, totals)
    interval(counts, totals)
    standing(1, 3, counts, totals, draws=10)
    pd.testing.assert_series_equal(counts, before[0])
    pd.testing.assert_series_equal(totals, before[1])
