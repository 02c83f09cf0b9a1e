"""What the functions of an index are given by mistake, and the sentence that says so."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from ogp_analysis.errors import DataError, ParameterError
from ogp_analysis.stats.composite import (
    Choice,
    Noise,
    Span,
    build,
    denominate,
    drop_one,
    generalised_mean,
    monte_carlo,
    read_recipe,
    read_structure,
    recipe,
    screen,
    sobol,
    structure,
    treat,
    weigh,
)
from ogp_analysis.stats.composite.run import small_run
from ogp_analysis.stats.composite.structure import small_structure

NOISE = Noise(0.1)
PLAIN = {"normalise": {"method": "minmax"}, "aggregate": {}}


def refused(call, *, says: str, error: type[Exception] = ParameterError) -> None:
    with pytest.raises(error) as caught:
        call()
    assert says in str(caught.value)


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"n": 0}, "'n' is 0, not a whole number from 1 up"),
        ({"n": 1.5}, "'n' is 1.5, not a whole number"),
        ({"n": "10"}, "'n' is '10'"),
        ({"n": True}, "'n' is True"),
        ({"seed": -1}, "'seed' is -1, not a whole number from 0 up"),
        ({"seed": None}, "'seed' is None"),
        ({"level": 90}, "The level 90 is not between 0 and 1"),
        ({"quarter": 2}, "'quarter' is 2"),
        ({"target": "a"}, "'a' is no aggregate of this run"),
    ],
)
def test_numbers_of_a_simulation(given, says):
    refused(lambda: monte_carlo(small_run(), [NOISE], **{"n": 5, **given}), says=says)


@pytest.mark.parametrize(
    ("choices", "says"),
    [
        ([], "no choices to vary"),
        (NOISE, "Give a list of Choice, Span or Noise"),
        ("abc", "'a' is no choice"),
        ([NOISE, None], "None is no choice"),
        ([Noise("x")], "The spread x of 'weights'"),
        ([Noise(float("nan"))], "The spread nan of 'weights'"),
        ([Noise(0.1, (9,))], "'weights' is of level 9"),
        ([Span("aggregate.power", "a", "b")], "goes from 'a' to 'b'"),
        ([Span("aggregate.power", 2, 1)], "the smaller one first"),
        ([Span("aggregate.power", 0, float("inf"))], "goes from 0 to inf"),
        ([Choice("x", ("minmax",))], "An option of 'x' is no set of changes"),
    ],
)
def test_choices_of_a_simulation(choices, says):
    refused(lambda: monte_carlo(small_run(), choices, n=5), says=says)


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: Choice.leaving_out("ab"), "'codes' is 'ab'"),
        (lambda: small_structure().without("ab"), "'without' is 'ab'"),
        (lambda: small_run().replay({"structure.without": "ab"}), "'without' is 'ab'"),
        (lambda: drop_one(small_run(), "ab"), "'codes' is 'ab'"),
    ],
)
def test_the_letters_of_a_text_are_never_taken_for_codes(call, says):
    refused(call, says=says)


@pytest.mark.parametrize(
    "call", [lambda: monte_carlo(None, [NOISE]), lambda: drop_one("run"), lambda: sobol(pd.DataFrame(), [NOISE])]
)
def test_what_is_no_run(call):
    refused(call, says="Give what build() made")


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"n": "64"}, "'n' is '64'"),
        ({"n": 48}, "Give a power of 2"),
        ({"seed": -1}, "'seed' is -1"),
        ({"resamples": 0}, "'resamples' is 0"),
        ({"unit": ["x"]}, "is no unit of this run"),
    ],
)
def test_numbers_of_a_sensitivity_analysis(given, says):
    refused(lambda: sobol(small_run(), [NOISE], **{"n": 8, **given}), says=says)


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: recipe(["normalise"]), "The steps are a list"),
        (lambda: recipe(None), "The steps are a NoneType"),
        (lambda: read_recipe(None), "None is no recipe"),
        (lambda: small_run().replay(["normalise"]), "are no changes"),
        (lambda: small_run().replay({1: 2}), "are no changes"),
        (lambda: small_run().replay({"normalise.low": "0", "normalise.high": 1}), "Give two numbers"),
        (lambda: structure(None), "'structure' is a NoneType"),
        (lambda: read_structure(None), "None names no file"),
    ],
)
def test_what_is_no_recipe_no_change_and_no_table(call, says):
    refused(call, says=says)


@pytest.mark.parametrize("weight", ["1_000", "１", "0x1", "1,5", 1e101, True])
def test_what_is_no_weight(weight):
    refused(
        lambda: small_structure(weight=[weight, 1, 1, 1, 1, 1]), says="row 2, column 'weight'", error=DataError
    )


def test_a_column_twice_is_refused():
    table = small_structure().table.reset_index()
    twice = pd.concat([table, table[["weight"]]], axis=1)
    refused(lambda: structure(twice), says="column 'weight': expected one column of this name", error=DataError)


@pytest.mark.parametrize("content", [b"", b"code,level\n\xe9,1\n", b"code,level\na,1,2\nb,1\n,\n,,,,\n"])
def test_a_file_that_is_no_table_is_named(tmp_path, content):
    path = tmp_path / "index.csv"
    path.write_bytes(content)
    refused(lambda: read_structure(path), says="index.csv", error=DataError)


@pytest.mark.parametrize(("value", "says"), [(1e101, "1e+101, too large to compute with,"), (np.inf, "infinite")])
def test_numbers_that_nothing_can_be_computed_from(value, says):
    table = pd.DataFrame({"a": [0, 1, 4.0], "b": [1, 2, 3.0], "c": [5, value, 7.0]}, index=["x", "y", "z"])
    refused(lambda: build(table, small_structure(), recipe(PLAIN)), says=f"the column 'c' is {says} at 'y'")


def changed(**steps):
    return lambda: small_run().replay({name.replace("_", "."): value for name, value in steps.items()})


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (changed(normalise={"method": ["rank"]}), "['rank'] is no way to normalise"),
        (changed(normalise={"method": "zscore", "sd": "10"}), "'sd' is '10'"),
        (changed(normalise={"method": "zscore", "mean": "10"}), "'mean' is '10'"),
        (changed(normalise={"method": "target", "target": "9"}), "'target' is '9'"),
        (changed(aggregate={"method": 3}), "3 is no way to aggregate"),
        (changed(aggregate={"share": "0.5"}), "'share' is '0.5'"),
        (changed(normalise_own={"a": "rank"}), "Give a mapping of settings for each code"),
        (changed(normalise_own=["a"]), "Give a mapping of settings for each code"),
        (lambda: treat(small_run().raw, own={"a": "none"}), "Give a mapping of settings for each code"),
        (changed(structure_weights=[1, 2]), "Give a mapping of code to number"),
        (lambda: screen(small_run().raw, keep="xy"), "'keep' is 'xy'"),
        (lambda: screen(small_run().raw, drop="x"), "'drop' is 'x'"),
        (lambda: monte_carlo(small_run(), [Noise(0.1, 2)], n=5), "The levels of 'weights' are 2"),
    ],
)
def test_settings_that_are_no_settings(call, says):
    refused(call, says=says)


@pytest.mark.parametrize(
    ("method", "setting"),
    [("pca", {"level": 1}), ("optimised", {"squared": False}), ("equal", {"squared": False})],
)
def test_a_way_to_weigh_refuses_the_settings_of_another(method, setting):
    (name,) = setting
    table = small_run().tables["normalise"]
    refused(
        lambda: weigh(table, small_structure(), method, **setting), says=f"'{name}' is no setting of '{method}'"
    )


@pytest.mark.parametrize("power", [float("inf"), float("-inf"), float("nan"), 500, "1"])
def test_what_is_no_power_of_a_mean(power):
    refused(lambda: generalised_mean(pd.Series([2.0, 4.0]), power=power), says="Give a number from -20 to 20")


def divided():
    """The small structure with "a" per "people"."""
    table = small_structure().table.reset_index()
    table.loc[table["code"] == "a", "denominator"] = "people"
    return structure(pd.concat([table, pd.DataFrame({"code": ["people"], "type": ["denominator"]})]))


@pytest.mark.parametrize(
    "steps",
    [
        {"normalise": {"own": {"aa": {"method": "rank"}}}},
        {"treat": {"own": {"aa": {"winsorise": 0}}}, "normalise": {}},
        {"denominate": {"per": {"aa": 1000}}, "normalise": {}},
    ],
)
def test_a_misspelt_indicator_in_a_recipe_is_not_passed_over(steps):
    data = small_run().raw.assign(people=1000.0)
    refused(lambda: build(data, divided(), recipe({**steps, "aggregate": {}})), says="names 'aa'")


def test_an_indicator_that_is_left_out_may_stay_in_a_recipe():
    data = small_run().raw.assign(people=1000.0)
    steps = {"denominate": {"per": {"a": 1000}}, "normalise": {"own": {"a": {"method": "rank"}}}, "aggregate": {}}
    run = build(data, divided(), recipe(steps)).replay({"structure.without": ["a"]})
    assert "a" not in run.structure.indicators


def test_what_an_indicator_without_denominator_is_per_is_refused():
    data, steps = small_run().raw.assign(people=1000.0), {"denominate": {"per": {"b": 1000}}, "normalise": {}}
    refused(lambda: build(data, divided(), recipe({**steps, "aggregate": {}})), says="'per' names 'b'")
    refused(lambda: denominate(data, divided(), per="1000"), says="'per' is '1000' for 'a'")


def test_a_weight_that_is_none_is_named_by_its_code():
    refused(lambda: small_structure().with_weights({"c": -1}), says="weights of 'c'", error=DataError)


def test_an_indicator_named_twice_is_left_out_once():
    assert drop_one(small_run(), ["a", "a", "c"]).table.index.tolist() == ["a", "c"]


HEADER = "code,level,parent,direction,weight,type,denominator"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (f"{HEADER}\n\na,1,i,1,1,indicatr,\ni,2,,,1,aggregate,\n", "index.csv, row 2: found '0 cells'"),
        (f"{HEADER}\na,1,i,1,1,indicator,\ni,2,,,1,aggregat,\n", "index.csv, row 3, column 'type'"),
        (f"{HEADER}\na,1,i,1,1,indicator,,x\ni,2,,,1,aggregate,,y\n", "index.csv, row 2: found '8 cells'"),
        (f"{HEADER},weight\na,1,i,1,1,indicator,,1\n", "index.csv, row 1, column 'weight'"),
    ],
)
def test_a_fault_of_a_structure_is_at_its_row_of_the_file(tmp_path, text, says):
    path = tmp_path / "index.csv"
    path.write_text(text, encoding="utf-8")
    refused(lambda: read_structure(path), says=says, error=DataError)


def test_columns_beyond_a_table_say_nothing(tmp_path):
    path = tmp_path / "index.csv"
    path.write_text(f"{HEADER},,\na,1,i,1,1,indicator,,,\ni,2,,,1,aggregate,,,\n", encoding="utf-8")
    assert read_structure(path).indicators == ("a",)
