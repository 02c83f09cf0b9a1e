"""Every rule of a structure, broken one at a time; and what may not be lost on the way."""

import numpy as np
import pandas as pd
import pytest

from ogp_analysis.errors import DataError, ParameterError
from ogp_analysis.stats.composite import effective_weights, read_structure, structure

GOOD = pd.DataFrame(
    [
        ("a", 1, "g", 1, 1, "indicator", "people"),
        ("b", 1, "g", -1, 3, "indicator", None),
        ("c", 1, "h", 1, 1, "indicator", None),
        ("g", 2, "top", None, 1, "aggregate", None),
        ("h", 2, "top", None, 3, "aggregate", None),
        ("top", 3, None, None, None, "aggregate", None),
        ("people", None, None, None, None, "denominator", None),
        ("region", None, None, None, None, "group", None),
    ],
    columns=["code", "level", "parent", "direction", "weight", "type", "denominator"],
).astype(object)


def broken(row, column, value):
    table = GOOD.copy()
    table.loc[row, column] = value
    return table


@pytest.mark.parametrize(
    ("row", "column", "value", "says"),
    [
        (0, "code", "b", "row 3, column 'code': found 'b', expected a code of its own (row 2 has it too)"),
        (0, "code", None, "row 2, column 'code': expected a code"),
        (0, "code", "a ", "row 2, column 'code': found 'a ', expected a code without spaces"),
        (0, "type", "indikator", "row 2, column 'type': found 'indikator', expected one of indicator"),
        (0, "level", 2, "row 2, column 'level': found '2', expected 1"),
        (0, "level", "one", "row 2, column 'level': found 'one', expected a number or nothing"),
        (0, "direction", None, "row 2, column 'direction': expected 1 or -1"),
        (0, "direction", 0, "row 2, column 'direction': found '0', expected 1 or -1"),
        (0, "parent", None, "row 2, column 'parent': expected the aggregate one level up"),
        (0, "parent", "gg", "row 2, column 'parent': found 'gg', expected the code of an aggregate"),
        (0, "parent", "b", "row 2, column 'parent': found 'b', expected the code of an aggregate"),
        (0, "parent", "top", "expected an aggregate of level 2; this one has level 3"),
        (0, "weight", -1, "row 2, column 'weight': found '-1', expected a number from 0 up"),
        (0, "weight", None, "row 2, column 'weight': expected a number from 0 up"),
        (0, "weight", np.inf, "row 2, column 'weight': found 'inf', expected a number or nothing"),
        (2, "weight", 0, "row 6, column 'code': found 'h', expected children whose weights are not all 0"),
        (0, "denominator", "peple", "expected the code of a denominator. Did you mean 'people'?"),
        (3, "denominator", "people", "Only indicators are divided"),
        (3, "direction", -1, "row 5, column 'direction': found '-1', expected 1 or nothing"),
        (3, "level", 1.5, "row 5, column 'level': found '1.5', expected a whole number from 2 up"),
        (3, "parent", None, "expected exactly one aggregate without a parent: the index; there are 2"),
        (6, "level", 1, "row 8, column 'level': found '1', expected nothing: a denominator is not aggregated"),
    ],
)
def test_a_breach_of_a_rule_names_its_cell(row, column, value, says):
    with pytest.raises(DataError) as error:
        structure(broken(row, column, value))
    assert says in str(error.value)


def test_a_circle_is_refused():
    table = broken(5, "parent", "g")
    table.loc[5, "weight"] = 1
    with pytest.raises(DataError, match="expected an aggregate of level 4; this one has level 2"):
        structure(table)


def test_an_aggregate_with_nothing_under_it_is_refused():
    with pytest.raises(DataError, match="found 'h', expected an aggregate that has something under it"):
        structure(GOOD[GOOD["code"] != "c"])


def test_every_breach_is_listed_not_only_the_first():
    table = broken(0, "direction", 5)
    table.loc[1, "weight"] = -2
    with pytest.raises(DataError) as error:
        structure(table)
    assert [problem.column for problem in error.value.problems] == ["direction", "weight"]


def test_order_of_rows_plays_no_part():
    first, second = structure(GOOD), structure(GOOD.sample(frac=1, random_state=1))
    pd.testing.assert_frame_equal(first.table, second.table)
    assert first.indicators == ("a", "b", "c")
    assert first.aggregates == ("g", "h", "top")
    assert (first.denominators, first.groups) == (("people",), ("region",))


def test_read_from_csv_as_from_memory_and_codes_stay_text(tmp_path):
    table = broken(0, "code", "007")
    table.to_csv(tmp_path / "s.csv", index=False)
    read = read_structure(tmp_path / "s.csv")
    assert read.indicators == ("007", "b", "c")
    np.testing.assert_array_equal(read.weights, structure(table).weights)


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(DataError, match=r"nowhere\.csv"):
        read_structure(tmp_path / "nowhere.csv")


def test_effective_weights_by_hand():
    # a: 1/4 of g, g is 1/4 of the index
    assert effective_weights(structure(GOOD)).to_dict() == {
        "a": 1 / 16, "b": 3 / 16, "c": 3 / 4, "g": 1 / 4, "h": 3 / 4, "top": 1.0,
    }  # fmt: skip


def test_leaving_out_takes_an_empty_group_along_and_never_the_whole():
    shape = structure(GOOD)
    assert shape.without(["c"]).aggregates == ("g", "top")
    assert shape.without(["g"]).indicators == ("c",)
    assert shape.without(["a"]).denominators == ("people",)
    with pytest.raises(ParameterError, match="Nothing would be left"):
        shape.without(["g", "c"])
    with pytest.raises(ParameterError, match="'x' is not in the structure"):
        shape.without(["x"])


def test_other_weights_are_checked_like_the_first():
    shape = structure(GOOD)
    assert shape.with_weights({"a": 5}).weights["a"] == 5
    assert shape.weights["a"] == 1
    with pytest.raises(DataError, match="'weight'"):
        shape.with_weights({"a": -1})
    with pytest.raises(ParameterError, match="'z' is not in the structure"):
        shape.with_weights({"z": 1})
