"""Screening, denominators, imputation and outliers against hand-made tables and a second implementation."""

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import boxcox, kurtosis, skew

from ogp_analysis.errors import ParameterError
from ogp_analysis.stats.composite import denominate, impute, moments, screen, treat

NAN = float("nan")


def column(values):
    return pd.DataFrame({"x": [float(value) for value in values]})


# ---------------------------------------------------------------- screening


def test_screening_at_its_boundary():
    table = pd.DataFrame(
        [[1, 2, NAN], [1, NAN, NAN], [0, 0, 5], [NAN] * 3], index=list("wxyz"), columns=list("abc")
    )
    found = screen(table, known=2 / 3)
    assert found.data.index.tolist() == ["w", "y"]
    assert found.table["reason"].tolist() == ["enough", "few_values", "enough", "few_values"]
    assert found.table["missing"].tolist() == [1, 2, 0, 3]
    assert screen(table, known=2 / 3, not_zero=0.5).table["reason"]["y"] == "many_zeros"
    assert screen(table, known=0).table["kept"].tolist() == [True, True, True, False]


def test_units_can_be_kept_and_dropped_by_name():
    table = pd.DataFrame({"a": [1, NAN], "b": [2, NAN]}, index=["x", "y"])
    found = screen(table, keep=["y"], drop=["x"])
    assert found.data.index.tolist() == ["y"]
    assert found.table["reason"].tolist() == ["given_out", "given_in"]
    with pytest.raises(ParameterError, match="'q'"):
        screen(table, keep=["q"])
    with pytest.raises(ParameterError, match="To keep and to drop: 'x'"):
        screen(table, keep=["x"], drop=["x"])
    with pytest.raises(ParameterError, match="No unit has enough values"):
        screen(table, drop=["x", "y"])


# ---------------------------------------------------------------- denominators


@pytest.fixture
def per_head(shape):
    from ogp_analysis.stats.composite import structure

    table = shape({"g": ["a", "b"]}, denominator={"a": None}).table.reset_index(names="code").astype(object)
    table.loc[len(table)] = {"code": "people", "type": "denominator"}
    table.loc[table["code"] == "a", "denominator"] = "people"
    return structure(table.where(table.notna(), None))


def test_rates_are_matched_by_unit_and_code(per_head):
    counts = pd.DataFrame({"b": [7, 8], "a": [10, 30]}, index=["x", "y"])
    people = pd.DataFrame({"people": [300, 1, 200]}, index=["y", "other", "x"])
    found = denominate(counts, per_head, people, per={"a": 1000})
    assert found.to_dict("list") == {"a": [50.0, 100.0], "b": [7.0, 8.0]}


@pytest.mark.parametrize("bad", [0, -5])
def test_nothing_is_divided_by_zero_or_less(per_head, bad):
    table = pd.DataFrame({"a": [1, 2], "b": [1, 2], "people": [10, bad]}, index=["x", "y"])
    with pytest.raises(ParameterError, match=rf"'people' is {bad} at 'y'"):
        denominate(table, per_head)


def test_what_cannot_be_divided_says_so(per_head):
    table = pd.DataFrame({"a": [1, 2], "b": [1, 2]}, index=["x", "y"])
    with pytest.raises(ParameterError, match="no columns for 'people'"):
        denominate(table, per_head)
    with pytest.raises(ParameterError, match="lacks the units 'y'"):
        denominate(table, per_head, pd.DataFrame({"people": [5]}, index=["x"]))
    with pytest.raises(ParameterError, match="'per' names 'b'"):
        denominate(table.assign(people=1), per_head, per={"b": 100})


# ---------------------------------------------------------------- imputation


def test_filling_by_hand():
    table = pd.DataFrame({"a": [1.0, 3.0, 11.0, NAN, NAN]}, index=list("vwxyz"))
    region = pd.Series(["p", "p", "q", "p", "r"], index=list("vwxyz"))
    assert impute(table, "mean").data["a"].tolist()[3:] == [5.0, 5.0]
    assert impute(table, "median").data["a"].tolist()[3:] == [3.0, 3.0]
    grouped = impute(table, "group_mean", region.sample(frac=1, random_state=3))
    assert grouped.data["a"].fillna(-1).tolist() == [1.0, 3.0, 11.0, 2.0, -1.0]
    assert grouped.filled["a"].tolist() == [False, False, False, True, False]
    assert grouped.still_missing["a"].tolist() == [False] * 4 + [True]
    grouped = impute(
        table.assign(a=[1.0, 3.0, 11.0, NAN, 6.0]), "group_median", pd.Series("p", index=list("vwxyz"))
    )
    assert grouped.data["a"]["y"] == 4.5  # the mean is 5.25
    left = impute(table)
    assert left.data["a"].isna().sum() == left.still_missing["a"].sum() == 2
    assert not left.filled["a"].any()


def test_groups_must_be_there_for_everybody():
    table = pd.DataFrame({"a": [1.0, NAN]}, index=["x", "y"])
    with pytest.raises(ParameterError, match="needs the groups"):
        impute(table, "group_median")
    with pytest.raises(ParameterError, match="No group is given for 'y'"):
        impute(table, "group_median", pd.Series(["p", None], index=["x", "y"]))
    with pytest.raises(ParameterError, match="different labels"):
        impute(table, "group_median", pd.Series(["p", "p"], index=["x", "z"]))
    with pytest.raises(ParameterError, match="Did you mean 'median'"):
        impute(table, "medain")


# ---------------------------------------------------------------- moments


def test_moments_of_the_published_example():
    found = moments(column([1, 2, 4, 8, 16, 100])).loc["x"]
    assert found["skewness"] == pytest.approx(2.344335324, abs=5e-10)
    assert found["kurtosis"] == pytest.approx(5.574863099, abs=5e-10)


@settings(deadline=None)
@given(
    st.lists(st.integers(-50, 50), min_size=4, max_size=30).filter(lambda x: len(set(x)) > 1), st.integers(0, 3)
)
def test_moments_are_those_of_scipy_without_the_missing(values, missing):
    found = moments(column([*values, *[NAN] * missing])).loc["x"]
    assert found["n"] == len(values)
    assert found["skewness"] == pytest.approx(skew(values, bias=False), abs=1e-9)
    assert found["kurtosis"] == pytest.approx(kurtosis(values, bias=False), abs=1e-9)


def test_few_or_equal_values_have_no_moments():
    assert np.isnan(moments(column([1, 2]))["skewness"]["x"])
    assert np.isnan(moments(column([1, 2, 4]))["kurtosis"]["x"])
    assert moments(column([3, 3, 3, 3]))[["skewness", "kurtosis"]].isna().to_numpy().all()


@pytest.mark.parametrize("value", [0.1, 1234.567])
@pytest.mark.parametrize("n", [6, 7, 10, 11])
def test_equal_values_whose_mean_is_rounded_have_no_moments(value, n):
    assert moments(column([*[value] * n, NAN]))[["skewness", "kurtosis"]].isna().to_numpy().all()
    assert treat(column([value] * n)).table["how"]["x"] == "not_judged"


# ---------------------------------------------------------------- outliers


def plain_winsorise(x, limit, skewness=2.0, kurt=3.5):
    """The rule in words, one value at a time, without arrays."""
    x, moved = list(x), set()
    while True:
        known = [value for value in x if not math.isnan(value)]
        if len(set(known)) < 2:
            return x, True
        s, k = skew(known, bias=False), kurtosis(known, bias=False)
        if abs(s) < skewness or k < kurt:
            return x, True
        if len(moved) >= limit:
            return x, False
        end = max(known) if s >= 0 else min(known)
        rest = [value for value in known if value != end]
        for at, value in enumerate(x):
            if value == end:
                x[at] = max(rest) if s >= 0 else min(rest)
                moved.add(at)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.integers(0, 12), min_size=6, max_size=25),
    st.lists(st.sampled_from([-400, -90, 40, 70, 400, 900]), max_size=4),
    st.integers(0, 6),
)
def test_winsorising_is_the_rule_in_words(body, outliers, limit):
    values = [float(value) for value in [*body, *outliers]] + [NAN]
    found = treat(column(values), winsorise=limit, otherwise="none")
    expected, passes = plain_winsorise(values, limit)
    np.testing.assert_array_equal(found.data["x"], expected)
    if found.table["how"]["x"] != "not_judged":
        assert found.table["passes"]["x"] == passes


def test_coinr_s_own_examples():
    # tests/testthat/test-treat.R of COINr 1.1
    assert treat(column([*range(1, 11), 100])).data["x"].tolist() == [*range(1, 11), 10]
    two = column([*range(1, 21), 100, 200])
    assert not treat(two, winsorise=1, otherwise="none").table["passes"]["x"]
    assert treat(column([*range(1, 11), -100])).data["x"].tolist() == [*range(1, 11), 1]


def test_if_winsorising_does_not_do_the_untreated_indicator_is_transformed():
    values = [*range(1, 21), 100, 200]
    found = treat(column(values), winsorise=1)
    low, reach = 1, 199
    assert found.data["x"].tolist() == pytest.approx([math.log(x - low + 0.01 * reach) for x in values])
    assert found.table.loc["x", ["how", "cells"]].tolist() == ["log", 0]


@pytest.mark.parametrize("power", [0.0, 0.5, -1.0])
def test_box_cox_is_scipy_s_after_the_shift(power):
    values = [*range(1, 21), 100, 200]
    found = treat(column(values), winsorise=0, otherwise="boxcox", power=power)
    assert found.data["x"].tolist() == pytest.approx(boxcox([value - 1 + 1.0 for value in values], power).tolist())


def test_five_cells_are_drawn_in_if_nothing_else_is_said():
    values = [float(value) for value in [*range(1, 201), *(1000 * 2**power for power in range(8))]]
    by_limit = {limit: plain_winsorise(values, limit)[0] for limit in (4, 5, 6)}
    assert by_limit[4] != by_limit[5] != by_limit[6]
    assert treat(column(values), otherwise="none").data["x"].tolist() == by_limit[5]


def test_the_limits_themselves_fail():
    values = column([*range(1, 11), 100])
    own = moments(values).loc["x"]
    at = {"skewness": own["skewness"], "kurtosis": own["kurtosis"], "otherwise": "none"}
    assert treat(values, **at).table["how"]["x"] == "winsorised"
    for name in ("skewness", "kurtosis"):
        above = {**at, name: at[name] * 1.001}
        assert treat(values, **above).table["how"]["x"] == "kept"


def test_where_neither_tail_is_longer_the_largest_value_is_drawn_in():
    values = [-100.0, -2, -1, 0, 1, 2, 100]
    assert moments(column(values))["skewness"]["x"] == 0
    found = treat(column(values), skewness=0, kurtosis=1, winsorise=1, otherwise="none")
    assert found.data["x"].tolist() == [-100, -2, -1, 0, 1, 2, 2]
    assert found.table.loc["x", ["how", "cells"]].tolist() == ["winsorised", 1]


def test_a_mirrored_logarithm_draws_in_the_long_tail():
    low, high = column([-100, *range(1, 11)]), column([*range(1, 11), 100])
    reach = 110
    found = treat(low, winsorise=0, otherwise="log_mirrored")
    expected = [-math.log(10 + 0.01 * reach - x) for x in low["x"]]
    assert found.data["x"].tolist() == pytest.approx(expected)
    assert abs(found.table["skewness_after"]["x"]) < abs(found.table["skewness"]["x"])
    assert treat(low, winsorise=0).data["x"].tolist() != pytest.approx(expected)
    same = treat(high, winsorise=0, otherwise="log_mirrored").data["x"]
    assert same.tolist() == treat(high, winsorise=0, otherwise="log").data["x"].tolist()


def test_the_winsorised_values_are_transformed_only_if_asked_to():
    values = [*range(1, 21), 100, 200]
    found = treat(column(values), winsorise=1, combined=True)
    drawn = [*range(1, 21), 100, 100]
    assert found.data["x"].tolist() == pytest.approx([math.log(x - 1 + 0.01 * 99) for x in drawn])
    assert found.table.loc["x", ["how", "cells"]].tolist() == ["log", 1]


@pytest.mark.parametrize(
    ("setting", "least", "most"),
    [("skewness", 0, None), ("kurtosis", -2, None), ("winsorise", 0, None), ("power", -5, 5)],
)
def test_settings_of_the_treatment_have_bounds(setting, least, most):
    for value in (least, most):
        if value is not None:
            treat(column(range(6)), **{setting: value})
    for value in (least - 0.5, None if most is None else most + 0.5):
        if value is not None:
            with pytest.raises(ParameterError, match=f"'{setting}'"):
                treat(column(range(6)), **{setting: value})


def test_own_settings_and_forced_transformation():
    table = pd.DataFrame({"a": [*range(1, 11), 100.0], "b": [*range(1, 11), 100.0], "c": range(11)})
    found = treat(table, own={"b": {"winsorise": 0, "otherwise": "none"}, "c": {"always": True}})
    assert found.table["how"].to_dict() == {"a": "winsorised", "b": "kept", "c": "log"}
    assert found.data["b"].tolist() == table["b"].tolist()
    with pytest.raises(ParameterError, match="'own' names indicators that are not there: 'z'"):
        treat(table, own={"z": {}})
    with pytest.raises(ParameterError, match="Did you mean 'winsorise'"):
        treat(table, own={"a": {"winsorize": 1}})


def test_treatment_leaves_its_input_and_the_missing_alone():
    table = column([*range(1, 11), 100, NAN])
    kept = table.copy()
    assert np.isnan(treat(table).data["x"].iloc[-1])
    pd.testing.assert_frame_equal(table, kept)


def test_once_all_values_are_alike_there_is_no_tail_left():
    found = treat(column([1] * 9 + [100]))
    assert found.data["x"].tolist() == [1.0] * 10
    assert found.table.loc["x", ["how", "cells", "passes"]].tolist() == ["winsorised", 1, True]


def test_the_table_of_a_treatment_has_the_moments_before_and_after():
    values = pd.DataFrame({"a": [*range(1, 11), 100.0], "b": [*range(10), NAN], "c": [*range(1, 11), -100.0]})
    found = treat(values, winsorise=1, kurtosis=3)
    for table, suffix in ((values, ""), (found.data, "_after")):
        own = moments(table)
        for name in ("skewness", "kurtosis"):
            assert found.table[f"{name}{suffix}"].tolist() == pytest.approx(own[name].tolist())
    assert found.table["n"].tolist() == [11, 10, 11]


def test_what_cannot_be_judged_is_left_and_said():
    assert treat(column([1, 2, 900])).table["how"]["x"] == "not_judged"
    assert treat(column([5, 5, 5, 5]), always=True).data["x"].tolist() == [5.0] * 4
