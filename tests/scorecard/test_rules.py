"""What loading, checking and building a case say of a scorecard that breaks a rule."""

from __future__ import annotations

from datetime import date

import pytest

from ogp_analysis.case import load_case
from ogp_analysis.cli import main
from ogp_analysis.errors import DataError
from ogp_analysis.scorecard_rules import future_problem

from .conftest import CARE, FORUM, both, card, entered, group, item, write_case

GOOD = entered("forum", "meetings", 0, "2023", 52)
BOTH = {name: [*CARE[name], *FORUM.get(name, [])] for name in CARE}


@pytest.mark.parametrize(
    ("change", "column", "expected"),
    [
        ({"value": 52.5}, "value", "a number from 0 to 52, the bounds of 'meetings'"),
        ({"value": -1}, "value", "a number from 0 to 52, the bounds of 'meetings'"),
        ({"code": "meeting"}, "code", "an item of the scorecard 'forum'. Did you mean 'meetings'?"),
        ({"code": "forum"}, "code", "an item of the scorecard 'forum'."),
        ({"scorecard_id": "care", "code": "places"}, "code", "this one is computed from clinics;hospitals"),
        ({"evidence": ""}, "evidence", "an address or document that shows the value, or a source"),
    ],
)
def test_a_value_that_breaks_a_rule_stops_the_case(case_of, change, column, expected):
    with pytest.raises(DataError) as caught:
        case_of(BOTH, {"scorecard_values": [GOOD, {**GOOD, "as_of": "2022", **change}]})
    (problem,) = caught.value.problems
    assert (problem.file, problem.row, problem.column) == ("scorecard_values.csv", 3, column)
    assert expected in problem.expected


@pytest.mark.parametrize(
    "change", [{"value": 0}, {"evidence": "", "source_id": "s1"}, {"evidence": "", "state": "illustrative"}]
)
def test_values_at_the_bounds_with_a_source_or_illustrative_pass(case_of, change):
    assert len(case_of(FORUM, {"scorecard_values": [GOOD, {**GOOD, "as_of": "2022", **change}]}).tables)


def test_one_bound_may_be_open(tmp_path):
    items = [group("forum", "forum", 2), item("forum", "meetings", "forum", minimum=1)]
    for name, value in (("high", 9999), ("low", 0)):
        part = {"scorecard_items": items, "scorecard_values": [{**GOOD, "value": value}]}
        write_case(tmp_path / name, {**FORUM, **part})
    assert len(load_case(tmp_path / "high").table("scorecard_values")) == 1
    with pytest.raises(DataError, match="a number from 1 up, the bounds of 'meetings'"):
        load_case(tmp_path / "low")


@pytest.mark.parametrize(
    ("change", "column"),
    [({"unit_en": "", "unit_id": ""}, "unit_en"), ({"minimum": 9, "maximum": 3}, "maximum")],
)
def test_an_item_that_nobody_could_fill_in_stops_the_case(case_of, change, column):
    items = [group("forum", "forum", 2), item("forum", "meetings", "forum", **change)]
    with pytest.raises(DataError) as caught:
        case_of({**FORUM, "scorecard_items": items})
    assert [(each.row, each.column) for each in caught.value.problems] == [(3, column)]


@pytest.mark.parametrize("command", ["check", "build"])
@pytest.mark.parametrize(
    ("wrong", "expected"),
    [
        (item("forum", "rooms", "forvm"), "row 8, column 'parent': found 'forvm'"),
        (item("forum", "rooms", "forum", indicators="clinics;people"), "row 8, column 'indicators'"),
    ],
)
def test_check_and_build_look_at_every_structure(tmp_path, capsys, command, wrong, expected):
    folder = write_case(tmp_path / "contoh", BOTH, {"scorecard_items": [wrong]})
    out = ["--out", str(tmp_path / "out")] if command == "build" else []
    assert main([command, str(folder), *out]) == 2
    assert f"scorecard_items.csv, {expected}" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_a_case_whose_scorecards_keep_the_rules_is_built(tmp_path):
    folder = write_case(tmp_path / "contoh", BOTH, {"scorecard_values": [GOOD]})
    assert main(["build", str(folder), "--out", str(tmp_path / "out")]) == 0


@pytest.mark.parametrize(
    ("text", "over"),
    [("2023-06-14", True), ("2023-06-15", False), ("2023-06", False), ("2023", False), ("2022/2023-05", True),
     ("soon", True)],
)  # fmt: skip
def test_a_period_must_be_over(text, over):
    assert (future_problem(text, date(2023, 6, 14)) is None) == over


def related(**more):
    """An item that counts, one that counts a part of it, and one that needs the first."""
    own = {
        "meetings": {"maximum": 52, "whole": "true"},
        "minutes": {"maximum": 52, "part_of": "meetings"},
        "answers": {"maximum": 100, "needs": "meetings"},
    }
    items = [item("forum", code, "forum", minimum=0, **{**own[code], **more.get(code, {})}) for code in own]
    rows = [group("forum", "forum", 2), *items]
    return {"scorecards": FORUM["scorecards"], "scorecard_items": rows, "scorecard_values": []}


@pytest.mark.parametrize(
    ("values", "wrong", "expected"),
    [
        # a part is at most its whole
        ([("meetings", 0, "2023", 3), ("minutes", 0, "2023", 3)], None, ""),
        (
            [("meetings", 0, "2023", 3), ("minutes", 0, "2023", 4)],
            3,
            "at most 3, as 'meetings' has here on that day",
        ),
        (
            [("minutes", 0, "2023", 4), ("meetings", 0, "2023", 3)],
            2,
            "at most 3, as 'meetings' has here on that day",
        ),
        # the year ends on the day: the two would stand side by side in the index
        ([("meetings", 0, "2023", 3), ("minutes", 0, "2023-12-31", 4)], 3, "at most 3"),
        # another district, another day, or an unknown whole: nothing to hold it to
        ([("meetings", 1, "2023", 3), ("minutes", 0, "2023", 4)], None, ""),
        ([("meetings", 0, "2022", 3), ("minutes", 0, "2023", 4)], None, ""),
        ([("minutes", 0, "2023", 4)], None, ""),
        # no answers without meetings; some with one
        ([("meetings", 0, "2023", 0), ("answers", 0, "2023", 0)], 3, "no value: 'meetings' is 0 here on that day"),
        ([("meetings", 0, "2023", 1), ("answers", 0, "2023", 0)], None, ""),
        # what is wrong by itself is told once, and nothing is held to it
        ([("meetings", 0, "2023", -1), ("minutes", 0, "2023", 4)], 2, "a number from 0 to 52"),
        # halves of a thing
        ([("meetings", 0, "2023", 2.5)], 2, "a whole number, for 'meetings' counts units"),
        ([("answers", 0, "2023", 2.5)], None, ""),
        # two periods that end on one day
        ([("answers", 0, "2023", 5), ("answers", 0, "2023-12-31", 6)], 3, "another day or period than '2023'"),
    ],
)
def test_values_that_do_not_go_together_are_refused_by_the_rules_of_their_items(case_of, values, wrong, expected):
    rows = {"scorecard_values": [entered("forum", *value) for value in values]}
    if wrong is None:
        assert len(case_of(related(), rows).table("scorecard_values")) == len(values)
        return
    with pytest.raises(DataError) as caught:
        case_of(related(), rows)
    (problem,) = caught.value.problems
    assert (problem.file, problem.row) == ("scorecard_values.csv", wrong)
    assert expected in problem.expected


@pytest.mark.parametrize("text", ["-", "—", "n/a", "Tidak ada.", "none"])
def test_a_word_for_nothing_is_no_evidence(case_of, text):
    with pytest.raises(DataError, match="an address or document that shows the value"):
        case_of(FORUM, {"scorecard_values": [{**GOOD, "evidence": text}]})


@pytest.mark.parametrize(
    ("change", "column", "expected"),
    [
        (
            {"minutes": {"part_of": "meeting"}},
            "part_of",
            "another item that is filled in. Did you mean 'meetings'?",
        ),
        ({"minutes": {"part_of": "minutes"}}, "part_of", "another item that is filled in."),
        ({"minutes": {"part_of": "forum"}}, "part_of", "another item that is filled in."),
        ({"minutes": both("unit", "days")}, "unit_en", "the unit of 'meetings', units"),
        ({"answers": {"needs": "nothing"}}, "needs", "another item that is filled in."),
    ],
)
def test_a_relation_leads_to_another_item_that_is_filled_in(case_of, change, column, expected):
    with pytest.raises(DataError) as caught:
        case_of(related(**change))
    (problem,) = caught.value.problems
    assert (problem.file, problem.column) == ("scorecard_items.csv", column)
    assert expected in problem.expected


def test_items_that_are_parts_of_one_another_are_refused(case_of):
    items = [
        group("forum", "forum", 2),
        item("forum", "a", "forum", part_of="b"),
        item("forum", "b", "forum", part_of="a"),
    ]
    with pytest.raises(DataError) as caught:
        case_of({**FORUM, "scorecard_items": items})
    assert [(each.row, each.expected) for each in caught.value.problems] == [
        (3, "an item that is not itself a part of 'a'"),
        (4, "an item that is not itself a part of 'b'"),
    ]


@pytest.mark.parametrize(
    ("row", "column", "expected"),
    [
        (item("care", "rooms", "care", indicators="clinics;clinics"), "indicators", "each indicator once"),
        (
            item("care", "rooms", "care", indicators="hospitals;clinics"),
            "indicators",
            "other indicators than those of row",
        ),
        (
            item("care", "rooms", "care", indicators="hospitals", minimum=1),
            "minimum",
            "nothing: only an item that is",
        ),
        (
            {**group("care", "more", 2, "care"), "indicators": "clinics"},
            "indicators",
            "nothing: a group is made of",
        ),
    ],
)
def test_what_an_item_cannot_mean_is_refused(case_of, row, column, expected):
    with pytest.raises(DataError) as caught:
        case_of(CARE, {"scorecard_items": [row]})
    assert [(each.column, each.expected.startswith(expected)) for each in caught.value.problems] == [
        (column, True)
    ]


def test_a_scorecard_without_items_is_named(tmp_path, capsys):
    folder = write_case(tmp_path / "contoh", FORUM, {"scorecards": [card("empty")]})
    assert main(["check", str(folder)]) == 2
    assert "(scorecard 'empty')" in capsys.readouterr().err
