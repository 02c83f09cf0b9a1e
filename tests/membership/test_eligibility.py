"""National eligibility at every border, and rule tables that leave a gap or overlap."""

from __future__ import annotations

import itertools
from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction

import pandas as pd
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from ogp_analysis import load_case
from ogp_analysis.cli import main
from ogp_analysis.dates import succession_faults
from ogp_analysis.errors import DataError, ParameterError
from ogp_analysis.membership import calls, core_eligibility, country_history, eligibility_history, values_check
from ogp_analysis.membership.eligibility import point_problems
from ogp_analysis.membership.eligibility_rules import RULES, eligibility_rules, read_eligibility
from ogp_analysis.membership.versions import in_force, read_rules
from ogp_analysis.quarter import Quarter

METRICS = ["fiscal_transparency", "access_to_information", "asset_disclosure", "citizen_engagement"]


def points(*values: int | None) -> dict[str, int | None]:
    return dict(zip(METRICS, values, strict=True))


@pytest.mark.parametrize(
    ("given_points", "reached", "available", "passed"),
    [
        ((4, 4, 4, 4), 16, 16, "yes"),
        ((2, 4, 4, 3), 13, 16, "yes"),
        ((2, 4, 4, 2), 12, 16, "yes"),  # on the mark
        ((2, 4, 4, 1), 11, 16, "no"),  # a point below
        ((0, 0, 0, 0), 0, 16, "no"),  # a zero is a value
        ((None, 4, 4, 1), 9, 12, "yes"),  # on the mark of three metrics
        ((None, 4, 4, 0), 8, 12, "no"),
        ((4, None, 4, 1), 9, 12, "yes"),
        ((4, 4, None, 1), 9, 12, "yes"),
        ((2, 4, 2, None), 8, 12, "no"),
        ((2, 3, 4, None), 9, 12, "yes"),
        ((None, None, 4, 4), 8, 8, "not_enough_data"),  # all that can be had, and still too little is known
        ((None, None, None, 4), 4, 4, "not_enough_data"),
        ((None, None, None, None), 0, 0, "not_enough_data"),
    ],
)
@pytest.mark.parametrize("year", [2018, 2022, 2023, 2026])
def test_every_border(given_points, reached, available, passed, year):
    found = core_eligibility(points(*given_points), year)
    assert (found.points, found.available, found.passed) == (reached, available, passed)
    assert found.share == (Fraction(reached, available) if available else None)
    assert len(found.missing) == given_points.count(None)


def test_a_metric_left_out_is_missing_and_no_zero():
    assert core_eligibility(
        {"access_to_information": 4, "asset_disclosure": 4, "citizen_engagement": 1}, 2023
    ) == (core_eligibility(points(None, 4, 4, 1), 2023))
    series = pd.Series([2, 4, 4, pd.NA], index=METRICS, dtype="Int64")
    assert core_eligibility(series, 2023).missing == ("citizen_engagement",)


def test_the_version_in_force_says_how_sure_the_answer_is():
    two = points(4, 4, None, None)
    assert (core_eligibility(two, 2022).rule, core_eligibility(two, 2022).status) == ("core-2018", "unconfirmed")
    assert (core_eligibility(two, 2023).rule, core_eligibility(two, 2023).status) == ("core-2023", "stated")
    assert core_eligibility(points(4, 4, 4, 4), 2022).status == "stated"


@pytest.mark.parametrize(
    ("given_points", "year", "expected"),
    [
        ({"fiscal_transparancy": 2}, 2023, "Did you mean 'fiscal_transparency'?"),
        (points(3, 4, 4, 4), 2023, "3 are no points of the metric 'fiscal_transparency'"),
        (points(2, 2, 4, 4), 2023, "It gives 0, 1, 3, 4"),
        (points(2, 4, 4, 5), 2023, "5 are no points"),
        (points(2, 4, 4, True), 2023, "True are no points"),
        (points(2, 4, 4, 4), 2017, "rule 'core' that was seen was in force on 2017-12-31"),
        (points(2, 4, 4, 4), 99999, "99999 is no year"),
        (points(2, 4, 4, 4), 2023.0, "2023.0 is no year"),
        (points(2, 4, 4, float("inf")), 2023, "inf are no points"),
        (points(-2, 4, 4, 4), 2023, "-2 are no points"),
    ],
)
def test_what_cannot_be_points_is_refused(given_points, year, expected):
    with pytest.raises(ParameterError) as caught:
        core_eligibility(given_points, year)
    assert expected in str(caught.value)


def history(*years: tuple[int, str]) -> list[object]:
    """Run years of ``yes``, ``no`` or ``?`` (two metrics only) through the rule; gives the column of reviews."""
    shapes = {"yes": (2, 4, 4, 4), "no": (2, 4, 4, 1), "?": (4, 4, None, None)}
    rows = [(year, metric, value) for year, kind in years for metric, value in points(*shapes[kind]).items()]
    found = eligibility_history(
        pd.DataFrame(rows, columns=["year", "metric", "points"]).astype({"points": "Int64"})
    )
    return [None if pd.isna(answer) else bool(answer) for answer in found["review"]]


@pytest.mark.parametrize(
    ("years", "expected"),
    [
        ([(2020, "no"), (2021, "no")], [None, True]),
        ([(2020, "yes"), (2021, "no"), (2022, "no"), (2023, "yes")], [False, False, True, False]),
        ([(2021, "no"), (2020, "yes")], [False, False]),  # the order of the rows does not matter
        ([(2020, "no"), (2021, "yes"), (2022, "no")], [None, False, False]),
        ([(2020, "no"), (2021, "?"), (2022, "no")], [None, None, None]),  # neither counted nor forgotten
        ([(2020, "yes"), (2021, "?"), (2022, "yes")], [False, False, False]),
        ([(2020, "no"), (2022, "no")], [None, None]),  # a year that is not in the table is not known
    ],
)
def test_two_years_below(years, expected):
    assert history(*years) == expected


def test_a_metric_twice_in_a_year_is_refused():
    table = pd.DataFrame({"year": [2023, 2023], "metric": [METRICS[0]] * 2, "points": [2, 4]})
    with pytest.raises(ParameterError, match="'fiscal_transparency' has two rows in 2023"):
        eligibility_history(table)


@pytest.mark.parametrize(
    ("entry", "repression", "answer"),
    [
        (3, 0, "yes"),
        (0, 3, "yes"),
        (2, 2, "no"),
        (None, 3, "yes"),
        (None, 2, "not_enough_data"),
        (None, None, "not_enough_data"),
    ],
)
def test_values_check(entry, repression, answer):
    assert values_check(entry, repression, 2023) == (answer, "unconfirmed")
    assert values_check(entry, repression, 2016)[0] == "not_applicable"
    assert values_check(entry, repression, 2023, member=True)[0] == "not_applicable"


@pytest.mark.parametrize("value", [True, -1, 5, 2.5])
def test_what_is_no_value_of_the_values_check_is_refused(value):
    for pair in ((value, 3), (3, value), (None, value)):
        with pytest.raises(ParameterError, match="is no value of the values check"):
            values_check(*pair, 2023)
    assert values_check(4, None, 2023)[0] == values_check(0, 4, 2023)[0] == "yes"


def test_each_row_of_points_that_no_rule_allows_is_named(semarang):
    fiscal = "fiscal_transparency"
    rows = [
        (2015, fiscal, 4),
        (2023, fiscal, 3),
        (2022, fiscal, 2),
        (2023, "asset_disclosure", pd.NA),
        (2022, fiscal, 5),
    ]
    table = pd.DataFrame(rows, columns=["year", "metric", "points"]).astype({"points": "Int64"})
    case = replace(semarang, _tables={**semarang._tables, "eligibility_points": table.assign(source_id="x")})
    found = [(each.row, each.column, each.value) for each in point_problems(case)]
    assert found == [(2, "year", "2015"), (3, "points", "3"), (6, "points", "5")]
    words = [str(each) for each in point_problems(case)]
    assert "expected a year that the rules seen cover" in words[0]
    assert "expected points of this metric. It gives 0, 2, 4" in words[1]
    with pytest.raises(DataError, match="row 3, column 'points': found '3'"):
        country_history(case, Quarter(2023, 4))


def test_points_of_the_case_appear_with_their_year(broken_case, q4_2023):
    folder = with_table(
        broken_case, "eligibility_points", ["year", "metric", "points", "source_id"],
        [(2023, metric, value, "opengovpartnership-38") for metric, value in points(2, 4, 4, None).items()],
    )  # fmt: skip
    found = country_history(load_case(folder), q4_2023)
    assert found[["year", "points", "available", "passed"]].to_numpy().tolist() == [[2023, 10, 12, "yes"]]
    assert found["source_id"].tolist() == ["opengovpartnership-38"]
    assert country_history(load_case(folder), Quarter(2023, 3)).empty  # the year had not ended


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        (
            (2023, METRICS[0], 3),
            "row 2, column 'points': found '3', expected points of this metric. It gives 0, 2, 4",
        ),
        ((2015, METRICS[0], 4), "row 2, column 'year': found '2015', expected a year that the rules seen cover."),
        (
            (99999, METRICS[0], 4),
            "row 2, column 'year': found '99999', expected a year that the rules seen cover.",
        ),
    ],
)
def test_points_that_no_rule_gives_are_refused_by_row_in_check_and_on_the_page(
    broken_case, q4_2023, capsys, row, expected
):
    columns = ["year", "metric", "points", "source_id"]
    folder = with_table(broken_case, "eligibility_points", columns, [(*row, "opengovpartnership-38")])
    assert main(["check", str(folder)]) == 2
    assert f"eligibility_points.csv, {expected}" in capsys.readouterr().err
    with pytest.raises(DataError) as caught:
        country_history(load_case(folder), q4_2023)
    assert expected in str(caught.value)


def with_table(broken_case, name, columns, rows):
    """Give a copy of the case a further table."""
    lines = [",".join(columns), *(",".join("" if cell is None else str(cell) for cell in row) for row in rows)]
    folder = broken_case(
        "datapackage.yaml",
        lambda text: text.replace("resources:\n", f"resources:\n- name: {name}\n  path: {name}.csv\n"),
    )
    (folder / f"{name}.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return folder


# versions


def changed(**change: str):
    rules = yaml.safe_load(RULES.read_text(encoding="utf-8"))
    rules["core"][1].update(change)
    return yaml.safe_dump(rules)


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"valid_from": "2023-05-27"}, "column 'core': expected versions that follow one another, but 'core-2018' ends on 2023-05-25 and 'core-2023' begins on 2023-05-27: a gap of 1 day"),
        ({"valid_from": "2023-05-25"}, "they overlap by 1 day"),
        ({"valid_from": ""}, "'core-2023' has no end or 'core-2018' no beginning: they overlap"),
        ({"valid_to": "2020"}, "'core-2023' ends on 2020-12-31 before it begins on 2023-05-26"),
        ({"source": ""}, "column 'core.source'"),
        ({"valid_from": "2023-02-30"}, "column 'core.valid_from': found '2023-02-30', expected a date. Write 2020"),
        ({"valid_form": "2023-05-26"}, "column 'core.valid_form': expected valid_from or valid_to, as its name"),
        ({"id": "core-2018"}, "column 'core.id': expected an id of its own for every version"),
        ({"status": "sure"}, "found 'sure'"),
    ],
)  # fmt: skip
def test_rules_with_a_gap_or_an_overlap_are_refused_by_name(tmp_path, change, expected):
    path = tmp_path / "eligibility.yaml"
    path.write_text(changed(**change), encoding="utf-8")
    with pytest.raises(DataError) as caught:
        read_rules(path)
    assert expected in str(caught.value)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", "expected rules, each a list of versions"),
        ("- core", "expected rules, each a list of versions"),
        ("core: 5", "column 'core': expected a list of one version or more"),
        ("core: []", "column 'core': expected a list of one version or more"),
        ("core: [x]", "column 'core': expected a list of one version or more"),
        ("core: [", "expected a file of rules, as YAML in UTF-8"),
        ("core:\n  - id: a\n    id: b\n", "'id' comes twice"),
    ],
)
def test_what_is_no_file_of_rules_is_named(tmp_path, text, expected):
    path = tmp_path / "rules.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(DataError) as caught:
        read_rules(path)
    assert "rules.yaml" in str(caught.value)
    assert expected in str(caught.value)


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("share: 3/4", "share: 75%", "column 'core.share': found '75%', expected a share such as 3/4"),
        ("share: 3/4", "share: 3/0", "column 'core.share': found '3/0'"),
        ("share: 3/4", "share: 75", "column 'core.share': found '75'"),
        ("missing_allowed: 1", "missing_allowed: -1", "column 'core.missing_allowed': found '-1'"),
        (
            "citizen_engagement]",
            "citizen_engagment]",
            "column 'core.metrics': found 'citizen_engagment', expected a metric",
        ),
        ("points: [0, 2, 4]", "points: [0, 2, four]", "column 'fiscal_transparency.points'"),
        ("points: [0, 2, 4]", "points: 4", "column 'fiscal_transparency.points': found '4', expected a list"),
        ("years: 2", "years: 0", "column 'review.years': found '0', expected a whole number from 1"),
        ("review:", "revue:", "column 'review': expected a rule, which is missing"),
    ],
)
def test_rules_that_cannot_be_computed_with_are_refused(tmp_path, old, new, expected):
    text = RULES.read_text(encoding="utf-8")
    assert old in text
    path = tmp_path / "eligibility.yaml"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(DataError) as caught:
        read_eligibility(path)
    assert f"eligibility.yaml, {expected}" in str(caught.value)


def test_every_combination_of_points_against_the_words_of_the_rule():
    """12 of 16, or 9 of 12 when one metric is missing; two or fewer metrics are not enough (facts, EN-5; 2023 text)."""
    given_by = ((0, 2, 4, None), (0, 1, 3, 4, None), (0, 2, 4, None), (0, 1, 2, 3, 4, None))
    marks = {4: 12, 3: 9}
    for values in itertools.product(*given_by):
        known = [value for value in values if value is not None]
        mark = marks.get(len(known))
        expected = "not_enough_data" if mark is None else "yes" if sum(known) >= mark else "no"
        assert core_eligibility(points(*values), 2023).passed == expected, values


@pytest.mark.parametrize(
    ("day", "version"), [("2018-06-01", "core-2018"), ("2023-05-25", "core-2018"), ("2023-05-26", "core-2023")]
)
def test_the_last_day_of_one_text_and_the_first_of_the_next(day, version):
    assert in_force(eligibility_rules(), "core", date.fromisoformat(day))["id"] == version


def test_before_the_oldest_text_no_rule_is_known():
    with pytest.raises(ParameterError, match="rule 'core' that was seen was in force on 2018-05-31"):
        in_force(eligibility_rules(), "core", date(2018, 5, 31))


@pytest.mark.parametrize(
    ("quarter", "known"),
    [
        # days of the calls by the facts: 22 January 2018; 26 May 2020; 2022; 2023/24: a year is over on its last day
        (Quarter(2017, 4), []),
        (Quarter(2018, 1), ["local_call_2018"]),
        (Quarter(2020, 1), ["local_call_2018"]),
        (Quarter(2020, 2), ["local_call_2018", "local_call_2020"]),
        (Quarter(2022, 3), ["local_call_2018", "local_call_2020"]),
        (Quarter(2022, 4), ["local_call_2018", "local_call_2020", "local_call_2022"]),
        (Quarter(2024, 3), ["local_call_2018", "local_call_2020", "local_call_2022"]),
        (Quarter(2024, 4), ["local_call_2018", "local_call_2020", "local_call_2022", "local_call_2023"]),
    ],
)
def test_calls_by_the_quarter_they_are_known_from(semarang, quarter, known):
    assert calls(semarang, quarter) == known


@given(
    cuts=st.lists(st.dates(date(2001, 1, 1), date(2040, 1, 1)), min_size=1, max_size=5, unique=True),
    data=st.data(),
)
def test_versions_cut_from_one_span_follow_one_another_until_one_day_moves(cuts, data):
    begins = [None, *sorted(cuts)]
    ends = [cut - timedelta(days=1) for cut in begins[1:]] + [None]
    versions = [(f"v{n}", first, last) for n, (first, last) in enumerate(zip(begins, ends, strict=True))]
    assert succession_faults(data.draw(st.permutations(versions))) == []
    at = data.draw(st.integers(1, len(versions) - 1))
    name, first, last = versions[at]
    for days, word in ((-1, "overlap"), (1, "gap")):
        moved = [*versions[:at], (name, first + timedelta(days=days), last), *versions[at + 1 :]]
        assert any(word in fault for fault in succession_faults(moved))


def test_every_day_since_the_oldest_text_has_one_version():
    for key, versions in eligibility_rules().items():
        day = date.fromisoformat(versions[0]["valid_from"])
        while day < date(2027, 1, 1):
            assert in_force(eligibility_rules(), key, day)["id"]
            day += timedelta(days=97)


CRITERIA = {
    "gap": (("2018", "2019"), ("2021", ""), "a gap of 366 days"),
    "overlap": (("2018", "2021"), ("2021", ""), "they overlap by 365 days"),
    "two open": (("2018", ""), ("2021", ""), "they overlap"),
}


@pytest.mark.parametrize("kind", CRITERIA)
def test_versions_of_a_criterion_are_refused_by_key_row_and_dates(broken_case, capsys, kind):
    first, second, expected = CRITERIA[kind]
    folder = broken_case("criteria.csv", lambda text: text + versions_of_a_criterion(first, second))
    assert main(["check", str(folder)]) == 2
    printed = capsys.readouterr().err
    assert "criteria.csv, row 52, column 'valid_from, valid_to': found 'letter'" in printed
    assert expected in printed


def versions_of_a_criterion(*spans: tuple[str, str]) -> str:
    return "".join(
        f"X-{n},local_standing,true,kind,jenis,Rule {n},Aturan {n},,,,,,,letter,{first},{last},,,opengovpartnership-29,high,,\n"
        for n, (first, last) in enumerate(spans, start=1)
    )


def test_of_two_versions_the_one_in_force_is_shown(broken_case):
    from ogp_analysis.membership import criteria_findings

    text = versions_of_a_criterion(("2018-01-01", "2021-12-31"), ("2022-01-01", ""))
    case = load_case(broken_case("criteria.csv", lambda whole: whole + text))
    for quarter, expected in ((Quarter(2017, 4), []), (Quarter(2021, 4), ["X-1"]), (Quarter(2022, 1), ["X-2"])):
        found = criteria_findings(case, quarter, ["local_standing"])["criterion_id"]
        assert found[found.str.startswith("X-")].tolist() == expected
