"""What loading, checking and building a case say of a scorecard that breaks a rule."""

from __future__ import annotations

from datetime import date

import pytest

from ogp_analysis.case import load_case
from ogp_analysis.cli import main
from ogp_analysis.errors import DataError
from ogp_analysis.scorecard_rules import future_problem

from .conftest import CARE, FORUM, entered, group, item, write_case

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
