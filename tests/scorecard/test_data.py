"""The items of a scorecard, worked out by hand from the rows of its tables."""

from __future__ import annotations

import math

import pandas as pd
import pytest

from ogp_analysis.errors import DataError, ParameterError
from ogp_analysis.quarter import Quarter
from ogp_analysis.scorecard import scorecard, scorecard_data, scorecard_structure, scorecards_of

from .conftest import CARE, CODES, FORUM, PEOPLE, entered, group, indicator, item, values

END_2021, END_2022, END_2023 = (Quarter(year, 4) for year in (2021, 2022, 2023))


def facts(items, code):
    return items.about.set_index("code").loc[code]


def test_an_item_is_the_sum_of_its_rates(case_of):
    case = case_of(
        CARE, PEOPLE, values("clinics", "2021", [1, 4, 2, 5]), values("hospitals", "2021", [1, 0, 2, 5])
    )
    items = scorecard_data(case, END_2023, "care")
    # (1 + 1) of 10,000 people; 4 + 0 of 20,000; 2 + 2 of 40,000; 5 + 5 of 50,000
    assert items.data["places"].to_dict() == dict(zip(CODES, [2.0, 2.0, 1.0, 2.0], strict=True))
    assert items.data["clinics"].to_dict() == dict(zip(CODES, [1.0, 2.0, 0.5, 1.0], strict=True))
    assert facts(items, "places")[["period", "denominator_period", "state", "source_id"]].tolist() == [
        "2021",
        "2020",
        "derived",
        "s1",
    ]


def test_all_rates_of_an_item_are_of_one_period_the_newest_complete_for_each(case_of):
    case = case_of(
        CARE,
        PEOPLE,
        values("clinics", "2021", [1, 4, 2, 5]),
        values("clinics", "2022", [2, 8, 4, 10]),
        values("hospitals", "2021", [1, 0, 2, 5]),
        values("hospitals", "2022", [9, 9, 9, None], coverage="partial"),
    )
    items = scorecard_data(case, END_2022, "care")
    assert facts(items, "places")["period"] == "2021"
    assert items.data.loc[CODES[0], "places"] == 2.0
    assert facts(items, "clinics")["period"] == "2022"
    assert items.data.loc[CODES[0], "clinics"] == 2.0


@pytest.mark.parametrize(("quarter", "period"), [("2021Q4", "2021"), ("2022Q3", "2021"), ("2022Q4", "2022")])
def test_a_year_counts_when_it_is_over(case_of, quarter, period):
    clinics = [values("clinics", year, [1, 4, 2, 5]) for year in ("2021", "2022")]
    items = scorecard_data(case_of(CARE, PEOPLE, *clinics), Quarter.parse(quarter), "care")
    assert facts(items, "clinics")["period"] == period


def test_the_denominator_is_one_known_by_the_quarter(case_of):
    case = case_of(CARE, PEOPLE, values("people", "2022", [1, 1, 1, 1]), values("clinics", "2021", [1, 4, 2, 5]))
    # 2020 and 2022 are as close to 2021; the later one wins only when it is over
    assert facts(scorecard_data(case, END_2021, "care"), "clinics")["denominator_period"] == "2020"
    assert facts(scorecard_data(case, END_2022, "care"), "clinics")["denominator_period"] == "2022"


def test_what_is_not_known_is_missing_and_never_zero(case_of):
    case = case_of(CARE, PEOPLE, values("clinics", "2021", [0, 4, 2, 5]))
    items = scorecard_data(case, END_2023, "care")
    assert items.data["places"].isna().all()
    assert facts(items, "places")["known"] == 0
    assert items.data.loc[CODES[0], "clinics"] == 0.0  # a measured zero
    result = scorecard(case, END_2023, "care")
    assert result.unknown == ("places",)
    assert result.run is None
    assert result.table.empty


def test_a_base_of_nobody_gives_no_rate(case_of):
    case = case_of(
        CARE, values("people", "2020", [0, 20000, 40000, 50000]), values("clinics", "2021", [1, 4, 2, 5])
    )
    assert math.isnan(scorecard_data(case, END_2023, "care").data.loc[CODES[0], "clinics"])


@pytest.mark.parametrize("change", [{"denominator": "houses"}, {"per": 1000}, {"denominator": "", "per": ""}])
def test_rates_of_different_bases_are_not_added_up(case_of, change):
    other = [each for each in CARE["indicators"] if each["indicator"] != "hospitals"]
    other += [indicator("houses"), indicator("hospitals", **{"denominator": "people", "per": 10000, **change})]
    case = case_of({**CARE, "indicators": other}, PEOPLE)
    with pytest.raises(DataError) as caught:
        scorecard_data(case, END_2023, "care")
    (problem,) = caught.value.problems
    assert (problem.file, problem.row, problem.column) == ("scorecard_items.csv", 3, "indicators")
    assert problem.value == "clinics;hospitals"


def test_the_newest_value_of_each_kecamatan_that_was_filled_in(case_of):
    rows = [
        entered("forum", "meetings", 0, "2022", 3),
        entered("forum", "meetings", 0, "2023-06-30", 0),
        entered("forum", "meetings", 1, "2022-12", 5),
        entered("forum", "meetings", 2, "2024-01-05", 9),
    ]
    case = case_of(FORUM, {"scorecard_values": rows})
    items = scorecard_data(case, END_2023, "forum")
    found = items.data["meetings"]
    assert found[[CODES[0], CODES[1]]].tolist() == [0.0, 5.0]  # the newer zero, not the older three
    assert found[[CODES[2], CODES[3]]].isna().all()  # of 2024, and never looked at
    assert facts(items, "meetings")[["known", "state"]].tolist() == [2, "measured"]
    assert facts(items, "meetings")["period"] == "2022-12-01/2023-06-30"
    assert pd.isna(facts(items, "minutes")["period"])
    assert scorecard_data(case, Quarter(2024, 1), "forum").data.loc[CODES[2], "meetings"] == 9.0


def test_one_illustrative_value_makes_the_whole_scorecard_illustrative(case_of):
    rows = [entered("forum", code, at, "2022", 3 + at) for code in ("meetings", "minutes") for at in range(4)]
    rows[-1] |= {"state": "illustrative", "evidence": ""}
    result = scorecard(case_of(FORUM, {"scorecard_values": rows}), END_2023, "forum")
    assert result.illustrative
    assert [facts(result.items, code)["state"] for code in ("meetings", "minutes")] == ["measured", "illustrative"]


def test_the_mark_comes_from_the_rows_that_are_used(case_of):
    rows = [entered("forum", code, at, "2022", 3 + at) for code in ("meetings", "minutes") for at in range(4)]
    rows.append(entered("forum", "meetings", 0, "2023", 7, state="illustrative", evidence=""))
    case = case_of(FORUM, {"scorecard_values": rows})
    assert scorecard(case, END_2023, "forum").illustrative
    assert not scorecard(case, END_2022, "forum").illustrative


def test_an_item_that_is_equal_everywhere_is_left_out_and_two_thirds_must_remain(case_of):
    codes = ("meetings", "minutes", "rooms")
    third = {**FORUM, "scorecard_items": [*FORUM["scorecard_items"], item("forum", "rooms", "forum", minimum=0)]}
    rows = [entered("forum", code, at, "2022", 1 if code == "rooms" else at) for code in codes for at in range(4)]
    result = scorecard(case_of(third, {"scorecard_values": rows}), END_2023, "forum")
    assert result.run is not None
    assert set(result.run.structure.indicators) == {"meetings", "minutes"}
    # 1 to 100 over 0, 1, 2, 3 in steps of 33
    assert result.table["score"].tolist() == pytest.approx([100, 67, 34, 1])
    assert result.table.index.tolist() == list(CODES[::-1])
    assert result.table["rank"].tolist() == [1, 2, 3, 4]
    assert (result.table["low"] == result.table["high"]).all()  # both items say the same, whatever the choices


def test_less_than_two_thirds_of_the_weight_gives_no_scores(case_of):
    many = [item("forum", code, "forum", minimum=0) for code in ("rooms", "hours")]
    case = case_of(
        {**FORUM, "scorecard_items": [*FORUM["scorecard_items"], *many]},
        {"scorecard_values": [entered("forum", code, at, "2022", at) for code in ("meetings", "minutes") for at in range(4)]},
    )  # fmt: skip
    assert scorecard(case, END_2023, "forum").run is None


def test_a_breach_of_the_structure_names_the_row_of_the_file(case_of):
    wrong = [group("forum", "forum", 2), item("forum", "meetings", "forvm", minimum=0)]
    case = case_of(CARE, {**FORUM, "scorecard_items": wrong})
    assert scorecards_of(case) == ["care", "forum"]
    assert scorecard_structure(case, "care").indicators == ("clinics", "places")
    with pytest.raises(DataError) as caught:
        scorecard_structure(case, "forum")
    # rows 2 to 4 are of the other scorecard, 5 is the group, 6 the item
    assert ("scorecard_items.csv", 6, "parent", "forvm") in [
        (each.file, each.row, each.column, each.value) for each in caught.value.problems
    ]


def test_a_scorecard_that_is_not_there_is_named_with_the_nearest(case_of):
    with pytest.raises(ParameterError, match="Did you mean 'care'"):
        scorecard_data(case_of(CARE, PEOPLE), END_2023, "caree")


def test_a_rate_of_a_made_up_figure_makes_the_whole_scorecard_illustrative(semarang):
    assert not scorecard(semarang, END_2023, "living").illustrative
    table = semarang.table("district_values")
    one = (table["indicator"] == "rumah_tidak_layak_huni") & (table["code_bps"] == "3374010")
    table.loc[one, "state"] = "illustrative"
    assert one.any()
    assert scorecard(semarang.with_table("district_values", table), END_2023, "living").illustrative
