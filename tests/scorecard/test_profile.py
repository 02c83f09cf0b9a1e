"""A scorecard on the page of one kecamatan, with numbers worked out by hand."""

from __future__ import annotations

import pytest

from ogp_analysis.quarter import Quarter
from ogp_analysis.reports import scorecard_profile as profile
from ogp_analysis.reports.context import Report
from ogp_analysis.scorecard import scorecard

from .conftest import CARE, CODES, FORUM, PEOPLE, entered, values
from .test_words import made

END = Quarter(2023, 4)


def page_of(case, code="en"):
    return Report("40_district_profile", case, END, get(code), CODES[0])


def get(code):
    from ogp_analysis.locale import get_language

    return get_language(code)


@pytest.mark.parametrize(
    ("lowest", "shown"), [(0.0, "0%"), (0.004, "<1%"), (0.255, "26%"), (0.997, ">99%"), (1.0, "100%")]
)
def test_the_rank_stands_with_its_range_and_no_share_is_rounded_to_none_or_all(case_of, lowest, shown):
    result = made([1, 1, 2, 4], [1, 3, 4, 4], [0, lowest, 0.3, 0.9])
    assert profile.standing_words(result, CODES[1], page_of(case_of(FORUM))) == (
        "Rank 2 of 4; 1 is best. When the choices are drawn anew, the rank is 1–3 in nine of ten draws. "
        f"In {shown} of the draws the kecamatan is in the lowest quarter."
    )


def test_items_beside_the_middle_of_all(case_of):
    case = case_of(
        CARE, PEOPLE, values("clinics", "2021", [1, 4, 2, 5]), values("hospitals", "2021", [1, 0, 6, 5])
    )
    # clinics per 10,000: 1, 2, 0.5, 1 with the middle 1; both kinds: 2, 2, 2, 2
    flat = scorecard(case, END, "care")
    assert flat.run is None  # one item is equal everywhere, and half of the weight is too little
    case = Report("40_district_profile", case, END, get("en")).case
    assert profile.own_items(flat, CODES[0], page_of(case)).empty
    assert "too few items are known" in profile.standing_words(flat, CODES[0], page_of(case))
    assert profile.unknown_here(flat, CODES[0], page_of(case)) == []


def test_the_best_and_the_worst_items_come_with_value_middle_and_rank(case_of):
    case = case_of(
        CARE, PEOPLE, values("clinics", "2021", [1, 4, 2, 5]), values("hospitals", "2021", [2, 0, 4, 10])
    )
    result = scorecard(case, END, "care")
    # clinics: 1, 2, 0.5, 1 (middle 1); clinics and hospitals: 3, 2, 1.5, 3 (middle 2.5)
    found = profile.own_items(result, CODES[1], page_of(case))
    assert found[["side", "item", "value_text", "middle_text", "place_text"]].to_numpy().tolist() == [
        ["better than the middle", "Clinics", "2 per 10,000 units", "1 per 10,000 units", "1 of 4"],
        ["worse than the middle", "Places", "2 per 10,000 units", "2.5 per 10,000 units", "3 of 4"],
    ]
    assert found["source_id"].tolist() == ["s1", "s1"]
    in_indonesian = profile.own_items(result, CODES[1], page_of(case, "id"))
    assert in_indonesian["middle_text"].tolist() == ["1 per 10.000 units", "2,5 per 10.000 units"]


def test_what_is_not_known_here_is_named(case_of):
    rows = [entered("forum", code, at, "2022", at) for code in ("meetings", "minutes") for at in (1, 2, 3)]
    rows.append(entered("forum", "meetings", 0, "2022", 1))
    case = case_of(FORUM, {"scorecard_values": rows})
    result = scorecard(case, END, "forum")
    page = page_of(case)
    assert profile.unknown_here(result, CODES[0], page) == ["Minutes"]
    assert profile.gap_words(result, CODES[0], page).startswith("Of 2 items, 1 have a value")
    nothing = scorecard(case, Quarter(2020, 4), "forum")
    assert profile.gap_words(nothing, CODES[0], page) == "None of the 2 items has a value for this kecamatan:"
    # half of its weight is known, less than two thirds
    assert profile.standing_words(result, CODES[0], page) == (
        "This kecamatan has no score: too few of its items are known."
    )
    assert profile.own_items(result, CODES[0], page).empty
    assert profile.standing_words(result, CODES[3], page).startswith("Rank 1 of 3;")
