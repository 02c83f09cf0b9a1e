"""Which items moved and why: made-up standings, one thing different at a time."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ogp_analysis.changes import SUBJECTS, Standing, check_order, makings, moves
from ogp_analysis.changes.moves import AS_GIVEN
from ogp_analysis.changes.standing import ITEMS
from ogp_analysis.errors import ParameterError
from ogp_analysis.quarter import Quarter

EARLY, LATE = Quarter(2020, 4), Quarter(2021, 4)
MADE = {
    "version": "0.1.0",
    "method_version": "3",
    "tables": {name: "a" * 64 for names in SUBJECTS.values() for name in names},
    "districts": ["0101", "0102"],
    "outline": {"kind": "schematic", "vintage": "1"},
}


def item(subject="claim", key="R01", code="", value=None, text="supported", **more):
    return {
        **dict.fromkeys(ITEMS, ""),
        "subject": subject,
        "key": key,
        "code_bps": code,
        "value": value,
        "text": text,
    } | more


def of(*items, quarter=EARLY, **made):
    frame = pd.DataFrame(items, columns=list(ITEMS))
    frame["value"] = frame["value"].astype(float)
    return Standing("x", quarter, frame, {**MADE, **made})


def other(table):
    return {**MADE["tables"], table: "b" * 64}


def causes(before, after, again=None):
    found = moves(before, after, again)
    return {(row["subject"], row["key"], row["code_bps"]): row["causes"] for _, row in found.iterrows()}


def test_nothing_moves_between_equal_standings():
    one = of(item(), item("value", "a", "0101", 2.5, ""), item("value", "a", "0102", None, "withheld"))
    assert moves(one, replace(one, quarter=LATE)).empty


def test_what_differs_in_the_last_digit_of_a_computer_is_equal():
    first = of(item("rate", "a", "0101", 0.1 + 0.2, ""))
    assert moves(first, of(item("rate", "a", "0101", 0.3, ""), quarter=LATE)).empty
    assert len(moves(first, of(item("rate", "a", "0101", 0.3001, ""), quarter=LATE))) == 1


def test_a_later_figure_is_newer_data():
    first = of(item("value", "a", "0101", 2, "", period="2019"))
    last = of(item("value", "a", "0101", 5, "", period="2020"), quarter=LATE)
    (row,) = moves(first, last).to_dict("records")
    assert (row["change"], row["before"], row["after"], row["difference"]) == ("changed", 2, 5, 3)
    assert (row["before_period"], row["after_period"], row["causes"]) == ("2019", "2020", "newer_data")
    assert not row["revised"]


def test_the_same_figure_of_another_year_is_a_move():
    first = of(item("value", "a", "0101", 2, "", period="2019"))
    last = of(item("value", "a", "0101", 2, "", period="2020"), quarter=LATE)
    assert list(moves(first, last)["difference"]) == [0]


@pytest.mark.parametrize(
    ("name", "old", "new", "cause"),
    [
        ("base", "registration", "census 2020", "newer_data;counted_otherwise"),
        ("base", "", "census 2020", "newer_data;counted_otherwise"),
        ("areas", "BPS lama", "BPS 2020", "newer_data;boundaries"),
    ],
)
def test_another_base_is_no_growth_and_another_area_is_a_boundary(name, old, new, cause):
    first = of(item("value", "a", "0101", 2, "", **{name: old}))
    last = of(item("value", "a", "0101", 3, "", **{name: new}), quarter=LATE)
    assert causes(first, last) == {("value", "a", "0101"): cause}


@pytest.mark.parametrize("change", ["appeared", "vanished"])
def test_nothing_is_hidden_when_a_kecamatan_or_an_indicator_appears_or_vanishes(change):
    few = of(item("value", "a", "0101", 1, ""))
    many = of(
        item("value", "a", "0101", 1, ""), item("value", "a", "0103", 1, ""), item("value", "b", "0101", 7, "")
    )
    first, last = (few, many) if change == "appeared" else (many, few)
    found = moves(first, replace(last, quarter=LATE))
    assert set(zip(found["key"], found["code_bps"], found["change"], strict=True)) == {
        ("a", "0103", change),
        ("b", "0101", change),
    }


def test_a_withheld_count_is_neither_zero_nor_hidden():
    first = of(item("value", "a", "0101", 23, ""))
    last = of(item("value", "a", "0101", None, "withheld"), quarter=LATE)
    (row,) = moves(first, last).to_dict("records")
    assert row["after_text"] == "withheld"
    assert pd.isna(row["after"])
    assert pd.isna(row["difference"])


# the published report beside the same quarter computed again


def test_an_edited_table_is_the_cause_of_what_follows_from_it():
    published = of(item(text="partly"), item("duty", "forum", text="met"))
    again = of(item(), item("duty", "forum", text="unknown"), tables=other("claim_evidence"))
    found = causes(published, replace(again, quarter=LATE), again)
    assert found == {("claim", "R01", ""): "revised_data", ("duty", "forum", ""): "unexplained"}


def test_another_method_is_the_cause_where_the_tables_are_the_same():
    published = of(item(text="partly"))
    again = of(item(), method_version="4")
    found = moves(published, replace(again, quarter=LATE), again)
    assert found["causes"].tolist() == ["method"]
    assert found["revised"].all()


def test_where_both_moved_both_are_named_but_for_what_is_shown_as_its_source_gives_it():
    both = {"method_version": "4", "tables": other("district_values")}
    published = of(item("value", "a", "0101", 1, ""), item("rate", "a", "0101", 1, ""))
    again = of(item("value", "a", "0101", 2, ""), item("rate", "a", "0101", 2, ""), **both)
    assert causes(published, replace(again, quarter=LATE), again) == {
        ("value", "a", "0101"): "revised_data",
        ("rate", "a", "0101"): "revised_data;method",
    }


def test_a_kecamatan_that_was_split_is_a_boundary_for_it_and_for_the_places_of_all():
    published = of(
        item("value", "a", "0101", 9, ""), item("place", "a", "0102", 2, ""), item("known", "x", "0102")
    )
    again = of(
        item("value", "a", "0101", 9, ""),
        item("value", "a", "0103", 4, ""),
        item("place", "a", "0102", 3, ""),
        item("known", "x", "0102"),
        districts=["0101", "0102", "0103"],
        tables=other("districts"),
    )
    found = causes(published, replace(again, quarter=LATE), again)
    assert found == {
        ("value", "a", "0103"): "revised_data;boundaries",
        ("place", "a", "0102"): "revised_data;boundaries",
    }


def test_revised_and_then_newer_are_both_told():
    published = of(item("value", "a", "0101", 1, "", period="2019"))
    tables = other("district_values")
    again = of(item("value", "a", "0101", 2, "", period="2019"), tables=tables)
    last = of(item("value", "a", "0101", 3, "", period="2020"), tables=tables, quarter=LATE)
    (row,) = moves(published, last, again).to_dict("records")
    assert (row["before"], row["after"], row["revised"]) == (1, 3, True)
    assert row["causes"] == "newer_data;revised_data"


def test_what_two_makings_differ_in():
    one = of(item())
    two = of(
        item(),
        method_version="4",
        tables=other("claims"),
        districts=["0102", "0103"],
        outline={"kind": "official"},
    )
    assert makings(one, two) == {
        "tables": ["claims"], "method": True, "appeared": ["0103"], "vanished": ["0101"], "outline": True
    }  # fmt: skip
    assert not makings(one, of(item(), outline={}))["outline"]  # not known is not another


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        (of(), replace(of(), case="y", quarter=LATE), "The earlier standing is of 'x', not of 'y'"),
        (of(quarter=LATE), of(), "2021Q4 comes after 2020Q4"),
    ],
)
def test_what_cannot_be_compared_is_refused(before, after, words):
    with pytest.raises(ParameterError, match=words):
        moves(before, after)


def test_the_quarter_computed_again_is_that_of_the_report():
    with pytest.raises(ParameterError, match="x 2021Q4 is not x 2020Q4"):
        moves(of(), of(quarter=LATE), of(quarter=LATE))
    check_order(of(), "x", EARLY)


PLACES = st.lists(
    st.tuples(
        st.sampled_from(["claim", "value", "rate"]),
        st.sampled_from("ab"),
        st.sampled_from(["", "0101"]),
        st.one_of(st.none(), st.integers(-3, 3)),
        st.sampled_from(["", "met"]),
    ),
    unique_by=lambda row: row[:3],
)


@given(PLACES, PLACES)
def test_moves_are_exactly_the_items_that_are_not_in_both_alike(first, last):
    before = of(*(item(*row) for row in first))
    after = of(*(item(*row) for row in last), quarter=LATE)
    found = moves(before, after)
    plain = {row[:3] for row in set(first) ^ set(last)}
    assert {tuple(row) for row in found[["subject", "key", "code_bps"]].to_numpy()} == plain
    assert set(found["causes"]) <= {"newer_data"}
    names = {row[:3] for row in first}, {row[:3] for row in last}
    assert (found["change"] == "appeared").sum() == len(names[1] - names[0])
    assert (found["change"] == "vanished").sum() == len(names[0] - names[1])


def test_what_is_shown_as_given_is_a_subject():
    assert set(SUBJECTS) > AS_GIVEN
