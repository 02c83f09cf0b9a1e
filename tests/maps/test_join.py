from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from ogp_analysis.errors import ParameterError
from ogp_analysis.maps.join import join_values


def test_values_meet_districts_by_code_and_not_by_position(city, shares):
    shuffled = shares.sample(frac=1, random_state=3)
    table = join_values(city, shuffled)
    assert table["code"].tolist() == city["code_bps"].tolist()
    assert table["value"].tolist() == [float(i) for i in range(1, 17)]


def test_a_district_without_a_row_is_no_data_and_a_zero_is_measured(city):
    table = join_values(city, pd.Series([0.0, np.nan], index=["3374010", "3374020"])).set_index("code")
    assert table.loc["3374010", "state"] == "measured"
    assert table.loc["3374010", "value"] == 0
    assert set(table["state"].drop("3374010")) == {"no_data"}


def test_unknown_codes_are_listed(city):
    with pytest.raises(ParameterError, match="9999999, 8888888") as caught:
        join_values(city, pd.Series([1.0, 2.0], index=["9999999", "8888888"]))
    assert "3374010" in caught.value.hint


def test_codes_of_the_other_ministry_are_recognised(city):
    both = city.assign(code_kemendagri=[f"33.74.{i:02d}" for i in range(1, 17)])
    with pytest.raises(ParameterError) as caught:
        join_values(both, pd.Series([1.0], index=["33.74.14"]))
    assert "code_kemendagri" in caught.value.hint


@pytest.mark.parametrize(
    ("values", "message"),
    [
        (pd.Series([1.0], index=[3374010]), r"not indexed by district codes as text; found 3374010 \(int\)"),
        (pd.Series([1.0, 2.0]), "not indexed by district codes as text; found 0"),
        (pd.Series([1.0, 2.0], index=["3374010", "3374010"]), "more than once: 3374010"),
        ({"3374010": 1.0}, "are a dict, not a pandas Series"),
    ],
)
def test_a_series_without_proper_codes_is_refused(city, values, message):
    with pytest.raises(ParameterError, match=message) as caught:
        join_values(city, values)
    assert caught.value.hint


@pytest.mark.parametrize(
    ("code", "state", "message"),
    [
        ("3374010", "no_data", "state 'no_data' and also a value"),
        ("3374010", "not_applicable", "and also a value"),
        ("3374020", "measured", "state 'measured' but no value"),
        ("3374020", "illustrative", "but no value"),
        ("3374010", "messured", "state 'messured'"),
    ],
)
def test_a_state_that_contradicts_its_value_is_refused(city, code, state, message):
    with pytest.raises(ParameterError, match=message):
        join_values(city, pd.Series([1.0], index=["3374010"]), pd.Series([state], index=[code]))


def test_districts_that_are_not_districts_are_refused(city, shares):
    with pytest.raises(ParameterError, match="no column 'name'"):
        join_values(city.drop(columns="name"), shares)
    with pytest.raises(ParameterError, match="must be text; found 3374010"):
        join_values(city.assign(code_bps=city["code_bps"].astype(int)), shares)
    with pytest.raises(ParameterError, match="3374010 occur more than once"):
        join_values(pd.concat([city, city.head(1)]), shares)
