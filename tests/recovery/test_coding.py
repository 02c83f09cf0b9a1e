"""Codes after the Oxford tracker: its own worked example, scales by version, and nothing found that is never zero."""

from __future__ import annotations

import math
from datetime import date

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ogp_analysis.case import load_case
from ogp_analysis.errors import DataError, ParameterError
from ogp_analysis.quarter import Quarter, Span
from ogp_analysis.recovery import coding
from ogp_analysis.recovery.coding.scales import index_name

# index_methodology.md, version 3.6: indicator, value, flag, printed sub-index; C2 has no data
EXAMPLE = [
    ("C1", 2, 1, 66.67),
    ("C3", 2, 0, 75.00),
    ("C4", 2, 0, 37.50),
    ("C5", 0, None, 0.00),
    ("C6", 1, 0, 16.67),
    ("C7", 1, 1, 50.00),
    ("C8", 3, None, 75.00),
    ("E1", 2, 0, 75.00),
    ("E2", 2, None, 100.00),
    ("H1", 2, 0, 75.00),
    ("H2", 3, None, 100.00),
    ("H3", 2, None, 100.00),
    ("H6", 2, 0, 37.50),
    ("H7", 2, 1, 40.00),
    ("H8", 2, 1, 66.66),
]
# the table of maxima and flags in the same document
SHAPE = {
    "C1": (3, True), "C2": (3, True), "C3": (2, True), "C4": (4, True), "C5": (2, True), "C6": (3, True),
    "C7": (2, True), "C8": (4, False), "E1": (2, True), "E2": (2, False), "H1": (2, True), "H2": (3, False),
    "H3": (2, False), "H6": (4, True), "H7": (5, True), "H8": (3, True),
}  # fmt: skip


def example() -> dict[str, float]:
    return {key: coding.sub_index(key, value, flag) for key, value, flag, _ in EXAMPLE}


@pytest.mark.parametrize(("key", "value", "flag", "printed"), EXAMPLE)
def test_published_sub_indices(key, value, flag, printed):
    assert coding.sub_index(key, value, flag) == pytest.approx(printed, abs=0.0101)


@pytest.mark.parametrize(
    ("index", "printed", "found", "of"),
    [
        ("stringency", 43.98, 8, 9),
        ("containment_health", 52.86, 13, 14),
        ("government_response", 57.18, 15, 16),  # printed so; exactly 57.1875
        ("economic_support", 87.50, 2, 2),
    ],
)
def test_published_indices(index, printed, found, of):
    reading = coding.index_reading(example(), index)
    assert reading.oxford == pytest.approx(printed, abs=0.0101)
    assert (reading.found, reading.of, reading.oxford_publishes) == (found, of, True)


def test_what_was_not_found_is_left_out_of_our_mean():
    reading = coding.index_reading(example(), "stringency")
    # 66.67 + 75 + 37.5 + 0 + 16.67 + 50 + 75 + 75 over eight, not nine
    assert reading.of_found == pytest.approx(395.8333 / 8, abs=1e-4)
    assert reading.highest == pytest.approx(495.8333 / 9, abs=1e-4)


def test_oxford_publishes_nothing_when_two_are_missing():
    scores = example()
    del scores["H1"]
    assert not coding.index_reading(scores, "stringency").oxford_publishes
    assert not coding.index_reading({"E2": 100.0}, "economic_support").oxford_publishes


def test_a_measured_zero_is_found_and_nothing_found_is_not():
    zero, nothing = coding.sub_index("C5", 0), coding.sub_index("C5", None)
    assert zero == 0
    assert math.isnan(nothing)
    assert coding.index_reading({"C5": zero}, "stringency").found == 1
    empty = coding.index_reading({"C5": nothing}, "stringency")
    assert empty.found == 0
    assert math.isnan(empty.of_found)


@pytest.mark.parametrize(
    ("key", "value", "flag", "words"),
    [
        ("C4", 5, 1, "C4 cannot be 5"),
        ("C4", -1, 1, "C4 cannot be -1"),
        ("C4", 3, None, "C4 3 needs a flag"),
        ("C4", 3, 2, "C4 3 needs a flag; found 2"),
        ("E2", 1, 0, "E2 has no flag"),
        ("C4", 0, 1, "no flag with the value 0"),
        ("C9", 1, 1, "no indicator 'C9'"),
    ],
)
def test_what_is_no_code_of_the_scale(key, value, flag, words):
    with pytest.raises(ParameterError, match=words):
        coding.sub_index(key, value, flag)


def test_an_index_that_does_not_exist():
    with pytest.raises(ParameterError, match="stringency"):
        coding.index_reading({}, "stringencies")
    with pytest.raises(ParameterError):
        index_name("legacy", "en")


def test_scales_are_those_of_the_method():
    assert {each.key: (each.maximum, bool(each.flag)) for each in coding.items()} == SHAPE


def test_scales_by_version():
    assert {each.key for each in coding.items("2.3")} == set(SHAPE) - {"H6", "H7", "H8"}
    assert coding.item("H8", "2.10").maximum == 3  # 2.10 is later than 2.9
    # H6 came with 2.4, its flag with 2.5
    assert coding.sub_index("H6", 2, codebook="2.4") == 50
    assert coding.sub_index("H6", 2, 0, codebook="2.5") == 37.5
    # E1: the same flag under other words from 2.7 on
    assert coding.item("E1", "2.6").flag != coding.item("E1", "2.7").flag
    assert coding.item("C1", "2.6").flag == coding.item("C1", "2.7").flag
    with pytest.raises(ParameterError, match=r"codebook '4\.0'"):
        coding.item("C1", "4.0")


def test_every_level_and_flag_has_words_in_both_languages():
    for each in coding.items():
        for value in range(each.maximum + 1):
            flag = 1 if value and each.flag else None
            english, indonesian = each.meaning(value, flag, "en"), each.meaning(value, flag, "id")
            assert english
            assert indonesian
            assert english != indonesian
            assert ("flag 1" in english) == ("penanda 1" in indonesian) == bool(flag)


@given(st.sampled_from(sorted(SHAPE)), st.data())
def test_a_stricter_policy_never_scores_lower(key, data):
    maximum, has_flag = SHAPE[key]
    value = data.draw(st.integers(1, maximum))
    scores = [coding.sub_index(key, value, flag) for flag in ((0, 1) if has_flag else (None,))]
    below = coding.sub_index(key, value - 1, 1 if has_flag and value > 1 else None)
    assert 0 <= below < scores[0]
    assert scores == sorted(scores)
    assert scores[-1] == pytest.approx(100 * value / maximum)


@given(st.dictionaries(st.sampled_from(sorted(SHAPE)), st.floats(0, 100)), st.sampled_from(sorted(coding.INDICES)))
def test_readings_keep_their_order(scores, index):
    reading = coding.index_reading(scores, index)
    assert reading.found == len(set(scores) & set(coding.INDICES[index]))
    assert reading.oxford <= reading.highest + 1e-9
    if reading.found:
        assert reading.oxford - 1e-9 <= reading.of_found <= reading.highest + 1e-9


# --- rows of a case -------------------------------------------------------------------------------------------

HEADER = "code_id,indicator,codebook,state,value,flag,start,end,measure_ids,source_id,evidence_en,evidence_id,confidence"
GOOD = "A,E1,3.3,coded,1,1,2020-05-01,2020-05-10,KARTU,tribunnews-03,made up,dibuat untuk uji,low"


def made(broken_case, *rows: str):
    return load_case(broken_case("policy_codes.csv", lambda text: "\n".join([HEADER, *rows]) + "\n"))


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([GOOD.replace(",1,1,", ",3,1,")], "row 2, column 'value, flag': found '3, flag 1'"),
        ([GOOD.replace(",1,1,", ",1,,")], "needs a flag"),
        ([GOOD.replace("3.3", "3.9")], "no codebook '3.9'"),
        ([GOOD.replace("E1,3.3", "H8,2.8")], "Codebook 2.8 has no indicator H8"),
        ([GOOD.replace("2020-05-10", "2020-04-30")], "expected a day not before the start, 2020-05-01"),
        ([GOOD.replace("KARTU", "")], "column 'measure_ids': expected a value; a code needs it"),
        ([GOOD.replace("tribunnews-03", "")], "column 'source_id'"),
        ([GOOD.replace("2020-05-10", "")], "column 'end'"),
        ([GOOD.replace("coded", "nothing_found")], "an empty cell where nothing was found"),
        (
            [GOOD, GOOD.replace("A,", "B,").replace("2020-05-01,2020-05-10", "2020-05-10,2020-05-12")],
            "row 3, column 'start': found '2020-05-10', expected a day after 2020-05-10, where row 2 ends",
        ),
        (
            [GOOD, GOOD.replace("A,E1,3.3", "B,E1,2.6").replace("2020-05-01,2020-05-10", "2020-06-01,2020-06-02")],
            "row 3, column 'codebook': found '2.6'",
        ),
        (
            [f"{name},E1,3.3,nothing_found,,,,,,,made up,dibuat untuk uji," for name in "AB"],
            "row 3, column 'state'",
        ),
    ],
)
def test_each_defect_of_a_row_is_told(broken_case, rows, expected):
    with pytest.raises(DataError) as caught:
        coding.policy_codes(made(broken_case, *rows), Quarter(2023, 4))
    assert expected in str(caught.value)


def test_a_case_without_the_table_has_no_code_and_no_window():
    columns = ["indicator", "state", "value", "flag", "sub_index", "code_id", "measure_ids", "source_id"]
    empty = pd.DataFrame(columns=[*columns, "first_day", "last_day"])
    assert coding.coded_window(empty, Quarter(2023, 4)) is None
    daily = coding.daily_codes(empty, date(2020, 1, 1), date(2020, 1, 1))
    assert len(daily) == 16
    assert set(daily["state"]) == {"nothing_found"}


def test_days_before_and_after_a_code_are_not_filled(broken_case):
    later = (
        GOOD.replace("A,", "B,")
        .replace(",1,1,", ",2,0,")
        .replace("2020-05-01,2020-05-10", "2020-05-11,2020-05-12")
    )
    codes = coding.policy_codes(made(broken_case, GOOD, later), Quarter(2020, 2))
    before = codes.copy()
    daily = coding.daily_codes(codes, date(2020, 4, 30), date(2020, 5, 13))
    pd.testing.assert_frame_equal(codes, before)
    own = daily[daily["indicator"] == "E1"].set_index("day")
    assert len(daily) == 14 * 16
    assert own.loc[date(2020, 4, 30), "state"] == "nothing_found"
    assert pd.isna(own.loc[date(2020, 4, 30), "value"])
    assert own.loc[date(2020, 5, 1), ["state", "value", "flag", "code_id"]].tolist() == ["coded", 1, 1, "A"]
    assert own.loc[date(2020, 5, 11), ["value", "flag", "code_id"]].tolist() == [2, 0, "B"]
    assert own.loc[date(2020, 5, 13), "state"] == "nothing_found"

    steps = coding.sub_index_steps(daily, "E1")
    assert steps["value"].fillna(-1).tolist() == [-1, 50, 75, -1]
    assert steps["start"].tolist() == [date(2020, 4, 30), date(2020, 5, 1), date(2020, 5, 11), date(2020, 5, 13)]
    support = coding.index_steps(coding.daily_index(daily, "economic_support"))
    assert support["oxford"].tolist() == [0, 25, 37.5, 0]
    assert support["found"].tolist() == [0, 1, 1, 0]
    assert pd.isna(support["value"].iloc[0])


def test_codes_that_begin_later_are_not_known_yet(broken_case):
    case = made(broken_case, GOOD)
    assert coding.policy_codes(case, Quarter(2020, 1)).empty
    assert len(coding.policy_codes(case, Quarter(2020, 2))) == 1


def test_dates_the_wrong_way_round(semarang, q4_2023):
    with pytest.raises(ParameterError, match="lies before"):
        coding.daily_codes(coding.policy_codes(semarang, q4_2023), date(2020, 5, 2), date(2020, 5, 1))


# --- Kota Semarang --------------------------------------------------------------------------------------------


def test_every_indicator_says_what_was_found_or_looked_for(semarang, q4_2023):
    spoken = set(coding.not_found(semarang)["indicator"])
    assert spoken == set(SHAPE)
    assert set(coding.policy_codes(semarang, q4_2023)["indicator"]) <= spoken


def test_a_code_never_reaches_beyond_the_days_of_its_measures(semarang, q4_2023):
    measures = semarang.table("measures").set_index("measure_id")
    codes = coding.policy_codes(semarang, q4_2023)
    assert len(codes)
    for _, code in codes.iterrows():
        own = measures.loc[code["measure_ids"].split(";")]
        assert code["first_day"] >= min(Span.parse(text).first for text in own["start"]), code["code_id"]
        assert code["last_day"] <= max(Span.parse(text).last for text in own["end"]), code["code_id"]
        assert code["source_id"] in set(own["source_id"]), code["code_id"]


def test_the_relaxed_phase_is_not_made_stricter_by_the_mean(semarang, q4_2023):
    """Phase 4 is coded on other indicators than phase 1: the two means have different bases, so no line joins them."""
    codes = coding.policy_codes(semarang, q4_2023)
    daily = coding.daily_codes(codes, *coding.coded_window(codes, q4_2023))
    steps = coding.index_steps(coding.daily_index(daily, "stringency"))
    known = steps.dropna(subset=["value"])
    assert known["base"].tolist() == ["C2, C5", "C2, C4"]
    # by hand: (33.33 + 50) / 2 and (33.33 + 75) / 2; over nine with zeros 9.26 and 12.04
    assert known["value"].round(2).tolist() == [41.67, 54.17]
    assert known["oxford"].round(2).tolist() == [9.26, 12.04]
    workplaces = coding.sub_index_steps(daily, "C2").dropna()
    assert workplaces["value"].nunique() == 1
