"""Agreement to 1e-9 with scores and ranks computed in R by COINr's formulas, and its tables read as they are."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from ogp_analysis.errors import DataError, ParameterError
from ogp_analysis.stats.composite import (
    build,
    cronbach_alpha,
    data_from_coinr,
    denominate,
    normalise,
    principal_components,
    recipe,
    structure_from_coinr,
    treat,
)

HERE = Path(__file__).parent / "coinr"
TOLERANCE = 1e-9
UNIT = "p01"
FILLED = {
    "denominate": {},
    "screen": {},
    "impute": {"method": "group_mean", "groups": "Side"},
    "treat": {"winsorise": 1},
}
GAPS = {"denominate": {}, "treat": {}}
ONE_CELL = {"denominate": {}, "treat": {"winsorise": 1}}
ANY = {"share": 0}
UP = {"low": 1, "high": 100}


def treated(first, **settings):
    return {**first, "treat": {**first["treat"], **settings}, "normalise": {}, "aggregate": ANY}


CASES = {
    "arithmetic": {**FILLED, "normalise": {}, "aggregate": ANY},
    "geometric": {**FILLED, "normalise": UP, "aggregate": {"method": "geometric", **ANY}},
    "harmonic": {**FILLED, "normalise": UP, "aggregate": {"method": "harmonic", **ANY}},
    "power": {**FILLED, "normalise": UP, "aggregate": {"method": "power", "power": 2, **ANY}},
    "copeland": {**FILLED, "normalise": UP, "aggregate": {"method": "copeland", **ANY}},
    "mixed": {**FILLED, "normalise": UP, "aggregate": {"method": ["geometric", "harmonic", "arithmetic"], **ANY}},
    **{
        name: {**FILLED, "impute": {"method": name}, "normalise": {}, "aggregate": ANY}
        for name in ("mean", "median")
    },
    "group_median": {
        **FILLED,
        "impute": {"method": "group_median", "groups": "Side"},
        "normalise": {},
        "aggregate": ANY,
    },
    "zeros": {
        "denominate": {},
        "screen": {"known": 0.5, "not_zero": 0.85},
        "treat": {},
        "normalise": {},
        "aggregate": ANY,
    },
    "gaps": {**GAPS, "normalise": {}, "aggregate": ANY},
    "threshold": {
        **GAPS,
        "normalise": UP,
        "aggregate": {"method": "geometric", "share": 0.6, "share_of": "parts"},
    },
    "thresholds": {**GAPS, "normalise": {}, "aggregate": {"share": [0.7, 1, 0.5], "share_of": "parts"}},
    "log": treated(ONE_CELL),
    "log_mirrored": treated(ONE_CELL, otherwise="log_mirrored"),
    "log_combined": treated(ONE_CELL, combined=True),
    "boxcox": treated(ONE_CELL, otherwise="boxcox", power=0.3),
    "zscore": {**GAPS, "normalise": {"method": "zscore", "mean": 100, "sd": 10}, "aggregate": ANY},
    **{
        name: {**GAPS, "normalise": {"method": name}, "aggregate": ANY}
        for name in ("percentile", "rank", "borda", "maximum")
    },
    "unit": {**GAPS, "normalise": {"method": "unit", "unit": UNIT}, "aggregate": ANY},
}


@pytest.fixture(scope="module")
def shape():
    return structure_from_coinr(HERE / "iMeta.csv")


@pytest.fixture(scope="module")
def units():
    return data_from_coinr(HERE / "iData.csv")


@pytest.fixture(scope="module")
def expected():
    table = pd.read_csv(HERE / "expected.csv", comment="#").set_index(["case", "unit"])
    return {case: part.droplevel("case") for case, part in table.groupby(level="case")}


def agrees(run, expected):
    assert run.scores.index.sort_values().tolist() == expected.index.tolist()
    for code in run.scores.columns:
        scores, ranks = run.scores[code].sort_index(), run.ranks[code].sort_index()
        np.testing.assert_allclose(scores, expected[code], rtol=0, atol=TOLERANCE, err_msg=code)
        theirs = expected[f"{code}_rank"].astype("Int64")
        assert ranks.isna().tolist() == theirs.isna().tolist()
        assert ranks.dropna().tolist() == theirs.dropna().tolist()


@pytest.mark.parametrize("case", CASES)
def test_scores_and_ranks_are_those_of_r(case, shape, units, expected):
    # neither the order of units nor that of columns may matter
    shuffled = units.sample(frac=1, random_state=1).sample(frac=1, axis=1, random_state=2)
    agrees(build(shuffled, shape, recipe(CASES[case])), expected[case])


@pytest.mark.parametrize("case", ["goalposts", "target"])
def test_limits_of_each_indicator_as_in_r(case, shape, units, expected):
    table = treat(denominate(units, shape)).data
    reach = table.max() - table.min()
    bottom, top = table.min() + 0.1 * reach, table.max() - 0.2 * reach
    own = {
        code: {"method": "goalposts", "bottom": bottom[code], "top": top[code], "high": 7}
        if case == "goalposts"
        else {"method": "target", "target": (top if shape.directions[code] > 0 else bottom)[code], "cap": True}
        for code in table
    }
    agrees(build(units, shape, recipe({**GAPS, "normalise": {"own": own}, "aggregate": ANY})), expected[case])


def test_every_case_of_r_is_compared_and_every_path_is_taken(shape, units, expected):
    assert set(expected) == {*CASES, "goalposts", "target"}
    run = build(units, shape, recipe(CASES["arithmetic"]))
    assert set(run.details["treat"].table["how"]) == {"kept", "winsorised", "log"}
    assert len(run.scores) == len(units) - 1  # one unit has too few values
    mirrored = build(units, shape, recipe(CASES["log_mirrored"])).details["treat"].table
    assert mirrored.at["Balance", "how"] == "log_mirrored"
    assert abs(mirrored.at["Balance", "skewness_after"]) < abs(mirrored.at["Balance", "skewness"])
    assert expected["threshold"]["Index"].isna().any()


def test_alpha_and_first_components_are_those_of_r(shape, units):
    facts = pd.read_csv(HERE / "facts.csv", comment="#").set_index(["fact", "code"])["value"]
    gaps = build(units, shape, recipe(CASES["gaps"])).tables["normalise"]
    filled = build(units, shape, recipe(CASES["arithmetic"])).tables["normalise"]
    for parent in shape.levels[2]:
        under = list(shape.children[parent])
        assert cronbach_alpha(gaps[under]) == pytest.approx(facts["alpha", parent], abs=TOLERANCE)
        assert cronbach_alpha(gaps[under], pairwise=True) == pytest.approx(
            facts["alpha_pairwise", parent], abs=TOLERANCE
        )
        theirs = facts["loading"][under]
        ours = principal_components(filled[under]).loadings["PC1"]
        turn = np.sign((ours * theirs).sum())
        np.testing.assert_allclose(ours, turn * theirs, rtol=0, atol=TOLERANCE)


# ---------------------------------------------------------------- the options that came with the comparison


def test_a_mirrored_logarithm_by_hand():
    low = pd.DataFrame({"x": [-100.0, -4.0, -3.0, -2.0, 0.0]})
    found = treat(low, winsorise=0, otherwise="log_mirrored").data["x"]
    assert found.tolist() == pytest.approx([-np.log(101), -np.log(5), -np.log(4), -np.log(3), 0])
    assert found.is_monotonic_increasing
    # a long tail of high values is treated as by 'log'
    pd.testing.assert_frame_equal(
        treat(-low, winsorise=0, otherwise="log_mirrored").data, treat(-low, winsorise=0, otherwise="log").data
    )


def test_the_share_of_parts_counts_each_part_once(shape, units):
    # Health: Clinics 1, Mortality 2, Doctors 0.5; without Mortality 3/7 of the weight but 2/3 of the parts
    table = units.copy()
    table.loc["p01", "Mortality"] = np.nan
    steps = {"normalise": {}, "aggregate": {"share": 0.6}}
    assert np.isnan(build(table, shape, recipe(steps)).scores.at["p01", "Health"])
    steps["aggregate"]["share_of"] = "parts"
    assert build(table, shape, recipe(steps)).scores.at["p01", "Health"] > 0
    with pytest.raises(ParameterError, match="2 shares for 3 levels"):
        build(table, shape, recipe({"normalise": {}, "aggregate": {"share": [0.5, 0.5]}}))
    with pytest.raises(ParameterError, match="'part' is no thing to take the share of"):
        build(table, shape, recipe({"normalise": {}, "aggregate": {"share_of": "part"}}))


def test_a_unit_as_target_must_be_there_with_a_value(shape, units):
    with pytest.raises(ParameterError, match="Indicator 'Balance': The unit 'p03' has no value"):
        normalise(units, shape, "unit", unit="p03")
    with pytest.raises(ParameterError, match="There is no unit 'p99'"):
        normalise(units, shape, "unit", unit="p99")


def test_a_fraction_of_the_best_is_refused_where_less_is_better(shape, units):
    own = {"Roads": {"method": "fraction"}}
    found = normalise(units, shape, own=own)["Roads"]
    assert found.max() == 1
    assert found["p01"] == pytest.approx(units.at["p01", "Roads"] / units["Roads"].max())
    with pytest.raises(ParameterError, match="Indicator 'Floods': A share of the largest value"):
        normalise(units, shape, own={"Floods": {"method": "fraction"}})


def test_alpha_over_pairs_needs_three_units_a_pair():
    table = pd.DataFrame({"a": [1.0, 2, 3, np.nan, np.nan], "b": [np.nan, np.nan, 3.0, 4, 6]})
    with pytest.raises(ParameterError, match="share fewer than three units"):
        cronbach_alpha(table, pairwise=True)


# ---------------------------------------------------------------- reading


def test_a_table_and_its_file_give_the_same_structure(shape):
    table = pd.read_csv(HERE / "iMeta.csv")
    pd.testing.assert_frame_equal(structure_from_coinr(table).table, shape.table)
    assert shape.top == "Index"
    assert shape.groups == ("Side",)
    assert shape.table.at["Remark", "type"] == "other"


def test_breaches_are_named_as_the_file_names_them():
    table = pd.read_csv(HERE / "iMeta.csv")
    wrong = table.assign(Type=table["Type"].replace("Group", "Grouping"))
    with pytest.raises(DataError, match="iMeta, row 19, column 'Type': found 'Grouping'"):
        structure_from_coinr(wrong)
    with pytest.raises(DataError, match="iMeta, row 2, column 'Denominator': found 'People'"):
        structure_from_coinr(table.assign(Denominator=table["Denominator"].replace("Population", "People")))
    with pytest.raises(DataError, match="column 'iCode': expected a column of this name"):
        structure_from_coinr(table.drop(columns="iCode"))
    assert structure_from_coinr(table.drop(columns="Denominator")).table["denominator"].isna().all()


def test_data_are_read_as_they_are(units):
    table = pd.read_csv(HERE / "iData.csv")
    pd.testing.assert_frame_equal(
        data_from_coinr(table)[["Doctors", "Population"]].astype(float),
        units[["Doctors", "Population"]].astype(float),
    )
    assert np.isnan(units.at["p03", "Schooling"])
    assert units["Side"].isin(["north", "south"]).all()
    with pytest.raises(DataError, match="'Time': found '2018, 2019', expected one time"):
        data_from_coinr(table.assign(Time=[2018, 2019] * 10))
    with pytest.raises(DataError, match="row 21, column 'uCode': found 'p19'"):
        data_from_coinr(table.assign(uCode=table["uCode"].replace("p20", "p19")))
    with pytest.raises(DataError, match="There is no file"):
        data_from_coinr(HERE / "nothing.csv")


@pytest.mark.parametrize("read", [structure_from_coinr, data_from_coinr])
@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "table.csv, row 1: expected a header row"),
        (b"uCode,iCode\n\xe9,1\n", "table.csv: expected a table with a header row, as CSV in UTF-8"),
        (b'uCode,iCode\n"a,1\n', "table.csv, row 2: expected a well-formed CSV row"),
        (b"uCode,iCode\n\na,1\n", "table.csv, row 2: found '0 cells'"),
        (b"uCode,iCode\na,1,1\nb,2,2\n", "table.csv, row 2: found '3 cells'"),
    ],
)
def test_a_file_that_is_no_table_is_named_with_its_row(tmp_path, read, content, says):
    path = tmp_path / "table.csv"
    path.write_bytes(content)
    with pytest.raises(DataError) as caught:
        read(path)
    assert says in str(caught.value)


def test_a_unit_without_a_code_is_named_by_its_row():
    with pytest.raises(DataError, match="iData, row 3, column 'uCode': expected the code of a unit"):
        data_from_coinr(pd.DataFrame({"uCode": ["a", None, None], "x": [1, 2, 3]}))


def test_codes_in_a_file_keep_their_zeros(tmp_path):
    path = tmp_path / "iData.csv"
    path.write_text("uCode,Side,Level,x\na,01,1,0.5\nb,1,,2\nc,,3,0\n", encoding="utf-8")
    found = data_from_coinr(path)
    assert found["Side"].tolist()[:2] == ["01", "1"]
    assert found["x"].tolist() == [0.5, 2, 0]
    assert found["Level"].tolist()[::2] == [1, 3]
