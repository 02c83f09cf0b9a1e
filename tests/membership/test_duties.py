"""Criteria side by side, duties with their days, and the calendar file read back."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta

import pandas as pd
import pytest
from icalendar import Calendar

from ogp_analysis import get_language, load_case, membership
from ogp_analysis.cli import main
from ogp_analysis.errors import DataError
from ogp_analysis.membership.duty_rules import RULES, read_duties
from ogp_analysis.quarter import Quarter
from ogp_analysis.reports.calendar_file import duties_calendar

DUTY = ["duty", "name_en", "name_id", "says_en", "says_id", "anchor", "months", "every_months", "criterion_id", "binds",
        "status", "valid_from", "valid_to", "source_id"]  # fmt: skip
EVIDENCE = ["duty", "date", "stance", "basis", "finding_en", "finding_id", "source_id"]


def duty(name="visit", anchor="plan_end", months=3, every=None, binds="local", since=None, until=None):
    words = (f"Duty {name}", f"Kewajiban {name}", "by rule", "menurut aturan")
    return (name, *words, anchor, months, every, None, binds, "stated", since, until, "delog-01")


@pytest.fixture
def add(broken_case):
    """Give a copy of the case further tables: ``add(duties=[...], duty_evidence=[...])``."""

    def make(**tables):
        folder = broken_case("datapackage.yaml", lambda text: text)
        for name, rows in tables.items():
            columns = {"duties": DUTY, "duty_evidence": EVIDENCE}[name]
            lines = [columns, *rows]
            text = "\n".join(",".join("" if cell is None else str(cell) for cell in line) for line in lines)
            (folder / f"{name}.csv").write_text(text + "\n", encoding="utf-8")
            broken_case(
                "datapackage.yaml",
                lambda text, name=name: text.replace(
                    "resources:\n", f"resources:\n- name: {name}\n  path: {name}.csv\n"
                ),
            )
        return folder

    return make


def with_own(case, duties=(), duty_evidence=()):
    """The case with further duties and evidence, in memory."""
    for name, rows in (("duties", duties), ("duty_evidence", duty_evidence)):
        empty = case.table(name)
        columns = DUTY if name == "duties" else EVIDENCE
        case = case.with_table(name, pd.DataFrame(list(rows), columns=columns).astype(empty.dtypes.to_dict()))
    return case


def days(table, name):
    return table.loc[table["duty"] == name, "due"].tolist()


def states(table, name):
    return table.loc[table["duty"] == name, "state"].tolist()


# criteria


def test_the_press_s_three_and_the_call_s_four_side_by_side(semarang, q4_2023):
    table = membership.side_by_side(semarang, q4_2023).set_index("criterion_id")
    assert table.index.tolist() == ["C20-1", "C20-2", "C20-3", "C20-4"]
    assert table["part_en"].isna().tolist() == [True, False, False, False]
    # by reading criteria_evidence.csv: C20-2 and C20-4 each one of the city and one of OGP, C20-3 two of others
    assert table[["own_word", "others"]].to_numpy().tolist() == [[0, 0], [1, 1], [0, 2], [1, 1]]
    assert membership.side_by_side(semarang, Quarter(2020, 3)).empty  # the press wrote on 20 October 2020


def test_a_call_that_the_city_did_not_apply_under_does_not_apply_to_it(semarang, q4_2023, broken_case):
    calls = ["local_call_2018", "local_call_2022"]
    found = membership.criteria_findings(semarang, q4_2023, calls)
    assert set(found["finding"]) == {"not_applicable"}
    assert set(found["reason"]) == {"other_call"}
    moved = broken_case(
        "datapackage.yaml", lambda text: text.replace("call: local_call_2020", "call: local_call_2018")
    )
    found = membership.criteria_findings(load_case(moved), q4_2023, calls).set_index("criterion_id")["finding"]
    assert found["C18-1"] == "unknown"  # no evidence is on it: unknown, and not unmet
    assert found["A22-1"] == "not_applicable"


def test_every_open_criterion_says_what_would_show_it(semarang, q4_2023):
    scopes = ["local_call_2020", "local_standing", "local_obligation"]
    still = membership.open_criteria(membership.criteria_findings(semarang, q4_2023, scopes))
    assert {"C20-1", "CL-3", "OB-7"} <= set(still["criterion_id"])
    assert "C20-3" not in set(still["criterion_id"])  # met
    assert still[["would_show_en", "would_show_id"]].notna().all(axis=None)


def test_the_funnel_of_2020(semarang):
    own = membership.funnel(semarang, Quarter(2020, 4)).query("scope == 'local_call_2020'")
    assert own["count"].tolist() == [112, 64, 56]
    assert own["share_of_first"].tolist() == [1, 64 / 112, 0.5]
    assert own["share_of_previous"].tolist()[1:] == [64 / 112, 0.875]
    before = membership.funnel(semarang, Quarter(2020, 3)).query("scope == 'local_call_2020'")
    assert before["count"].tolist() == [112]  # who was chosen was not known


# duties


def test_days_of_semarang_by_hand(semarang, q4_2023):
    """Joined in October 2020, plan of 30 July 2021 to December 2023."""
    owed = membership.duties(semarang, q4_2023)
    assert days(owed, "forum") == days(owed, "meeting") == days(owed, "endorsement") == [date(2021, 7, 30)]
    assert days(owed, "inception") == [date(2021, 9, 30)]
    assert days(owed, "end_of_commitment") == [date(2024, 1, 31)] * 5
    assert days(owed, "website") == [
        date(2021, 2, 28), date(2021, 6, 30), date(2021, 10, 31), date(2022, 2, 28), date(2022, 6, 30),
        date(2022, 10, 31), date(2023, 2, 28), date(2023, 6, 30), date(2023, 10, 31),
    ]  # fmt: skip
    assert states(owed, "end_of_commitment") == ["not_due"] * 5
    assert states(owed, "dialogue") == ["not_applicable"]  # a standard for countries
    assert "missed" not in set(owed["state"])  # nothing found is no miss
    assert membership.duties(semarang, Quarter(2020, 3)).empty  # no member yet


def test_before_the_plan_its_duties_have_no_day(semarang):
    owed = membership.duties(semarang, Quarter(2021, 2))
    for name in ("forum", "inception", "end_of_commitment"):
        assert owed.loc[owed["duty"] == name, ["state", "detail"]].to_numpy().tolist() == [["not_due", "no_plan"]]
        assert owed.loc[owed["duty"] == name, "due"].isna().all()
    assert days(owed, "website") == [date(2021, 2, 28), date(2021, 6, 30)]
    assert states(owed, "website") == ["unknown", "not_due"]  # its day is that of the report


def test_a_criterion_that_a_rule_dates_stands_once(semarang, q4_2023):
    owed = membership.duties(semarang, q4_2023)
    assert owed["criterion_id"].tolist().count("OB-7") == 1
    undated = owed[owed["due"].isna() & (owed["binds"] == "local")]
    assert undated["duty"].tolist() == ["OB-1", "OB-2", "OB-3", "OB-4", "OB-6"]
    assert undated.set_index("duty").loc["OB-2", ["state", "detail"]].tolist() == ["unknown", "partly"]


@pytest.mark.parametrize(
    ("quarter", "expected"),
    [(Quarter(2024, 1), "not_due"), (Quarter(2024, 2), "met"), (Quarter(2023, 4), "not_due")],
)
def test_a_duty_of_the_case_s_table_gets_its_day_and_state(semarang, quarter, expected):
    seen = [("visit", "2024-04-02", "supports", "direct", "seen", "terlihat", "opengovpartnership-25")]
    case = with_own(semarang, duties=[duty()], duty_evidence=seen)
    owed = membership.duties(case, quarter)
    assert days(owed, "visit") == [date(2024, 3, 31)]  # three months after 31 December 2023
    assert states(owed, "visit") == [expected]


@pytest.mark.parametrize(
    ("stance", "source", "when", "state", "detail"),
    [
        ("supports", "opengovpartnership-25", "2024-03-31", "met", "on_time"),
        ("supports", "opengovpartnership-25", "2024-04-01", "met", "late"),
        ("supports", "radarsemarang-02", "2024-03-01", "unknown", "claimed"),  # the city's own word
        ("partly", "opengovpartnership-25", "2024-03-01", "unknown", "partly"),
        ("contradicts", "opengovpartnership-25", "2024-04-20", "missed", "not_met"),
        ("contradicts", "opengovpartnership-25", "2024-04-01", "missed", "not_met"),
        # on the day itself, or in a month that holds it: there was time left
        ("contradicts", "opengovpartnership-25", "2024-03-31", "unknown", "said_early"),
        ("contradicts", "opengovpartnership-25", "2024-02-10", "unknown", "said_early"),
        ("contradicts", "opengovpartnership-25", "2024-03", "unknown", "said_early"),
        ("contradicts", "opengovpartnership-25", "2024", "unknown", "said_early"),
        ("context", "opengovpartnership-25", "2024-04-20", "unknown", "nothing_found"),
    ],
)
def test_states_follow_the_published_rule_for_findings(semarang, stance, source, when, state, detail):
    seen = [("visit", when, stance, "direct", "seen", "terlihat", source)]
    owed = membership.duties(with_own(semarang, duties=[duty()], duty_evidence=seen), Quarter(2024, 4))
    assert owed.loc[owed["duty"] == "visit", ["state", "detail"]].to_numpy().tolist() == [[state, detail]]


def test_evidence_on_a_duty_that_comes_again_counts_in_its_period_only(semarang):
    seen = [("website", "2021-05-03", "supports", "direct", "seen", "terlihat", "opengovpartnership-25")]
    owed = membership.duties(with_own(semarang, duty_evidence=seen), Quarter(2021, 4))
    assert states(owed, "website")[:3] == ["unknown", "met", "unknown"]


@pytest.mark.parametrize(
    ("when", "state"),
    [("2021-05-03", "unknown"), ("2021-03-01/2021-06-30", "missed"), ("2021-06-30", "missed")],
)
def test_a_period_is_missed_only_where_the_source_speaks_of_its_last_day(semarang, when, state):
    seen = [("website", when, "contradicts", "direct", "not seen", "tidak terlihat", "opengovpartnership-25")]
    owed = membership.duties(with_own(semarang, duty_evidence=seen), Quarter(2021, 4))
    assert states(owed, "website")[:3] == ["unknown", state, "unknown"]


def test_versions_of_a_duty_change_its_rhythm_on_their_day(semarang):
    rows = [
        duty("news", "member_since", None, 6, until="2021-10-31"),
        duty("news", "member_since", None, 12, since="2021-11-01"),
    ]
    owed = membership.duties(with_own(semarang, duties=rows), Quarter(2021, 4))
    assert days(owed, "news") == [date(2021, 4, 30), date(2021, 10, 31), date(2022, 10, 31), date(2023, 10, 31)]


def with_member_since(case, day):
    return replace(case, info=case.info | {"jurisdiction": case.jurisdiction | {"member_since": day}})


def with_plan(case, **cells):
    """The case with other cells in the row of its own plan."""
    plans = case.table("plans")
    for name, cell in cells.items():
        plans.loc[plans["plan_id"] == "semarang-2021", name] = cell
    return case.with_table("plans", plans)


@pytest.mark.parametrize(
    ("since", "empty"),
    [("2020-12-31", False), ("2020-12", False), ("2021-01-01", True), ("2020", False), (None, True)],
)
def test_a_member_owes_from_the_day_it_is_one(semarang, since, empty):
    assert membership.duties(with_member_since(semarang, since), Quarter(2020, 4)).empty == empty


def test_who_owes_nothing_yet_still_has_the_columns(semarang, q4_2023):
    none, some = (membership.duties(semarang, quarter) for quarter in (Quarter(2020, 3), q4_2023))
    assert none.columns.tolist() == some.columns.tolist()
    assert some.index.tolist() == list(range(len(some)))


def test_periods_follow_one_another_without_a_gap(semarang, q4_2023):
    """Every two months from November 2020: the last period ends with the plan, on 31 December 2023."""
    owed = membership.duties(with_own(semarang, duties=[duty("news", "member_since", None, 2)]), q4_2023)
    own = owed[owed["duty"] == "news"]
    assert (own["period_from"].iloc[0], own["due"].iloc[0]) == (date(2020, 11, 1), date(2020, 12, 31))
    assert own["due"].iloc[-1] == date(2023, 12, 31)
    assert len(own) == 19
    ends = [due + timedelta(days=1) for due in own["due"]]
    assert own["period_from"].tolist()[1:] == ends[:-1]
    assert set(own["counted_from"]) == {date(2020, 10, 31)}


def test_without_an_end_of_the_plan_periods_go_on_to_the_one_that_runs(semarang):
    """Counted from 29 September 2021, the first begins on the last day of that quarter."""
    case = with_plan(semarang, submitted="2021-09-29", end=None)
    case = with_own(case, duties=[duty("news", "plan_submitted", None, 3), duty("visit")])
    assert days(membership.duties(case, Quarter(2021, 3)), "news") == [date(2021, 12, 29)]
    assert days(membership.duties(case, Quarter(2021, 4)), "news") == [date(2021, 12, 29), date(2022, 3, 29)]
    # nobody knows three months after what
    later = membership.duties(case, Quarter(2021, 4))
    assert later.loc[later["duty"] == "visit", ["state", "detail"]].to_numpy().tolist() == [["not_due", "no_plan"]]


def test_a_duty_counted_from_the_end_of_each_commitment(semarang, q4_2023):
    rows = semarang.table("commitments")
    rows.loc[rows["commitment_id"] == "IDSMG0003", "end"] = None
    rows.loc[rows["commitment_id"] == "IDSMG0005", "end"] = "2022-06-15"
    case = with_own(semarang.with_table("commitments", rows), duties=[duty("thanks", "commitment_end", 1)])
    owed = membership.duties(case, q4_2023)
    own = owed[owed["duty"] == "thanks"].set_index("commitment_key")
    assert own["due"].to_dict() == {
        "IDSMG0005": date(2022, 7, 15), "IDSMG0001": date(2024, 1, 31), "IDSMG0002": date(2024, 1, 31),
        "IDSMG0004": date(2024, 1, 31),
    }  # fmt: skip
    titles = rows.set_index("commitment_key")
    for name in ("title_en", "title_id"):
        assert own[name].to_dict() == titles.loc[own.index, name].to_dict()
    assert own["counted_from"].tolist()[:2] == [date(2022, 6, 15), date(2023, 12, 31)]
    assert owed[owed["duty"] == "forum"]["commitment_key"].isna().all()


@pytest.mark.parametrize(
    ("since", "until", "owed"),
    [
        ("2024-03-31", None, True),
        ("2024-04-01", None, False),
        ("2024", "2024-03-31", True),
        (None, "2024-03-30", False),
        (None, "2024-03", True),
        ("2024-03-31", "2024-03-31", True),
        ("2023-01-01", "2023-12-31", False),
    ],
)
def test_a_rule_holds_on_the_day_that_the_duty_is_due(semarang, since, until, owed):
    """Due on 31 March 2024."""
    case = with_own(semarang, duties=[duty(since=since, until=until)])
    assert days(membership.duties(case, Quarter(2024, 1)), "visit") == [date(2024, 3, 31)] * owed


@pytest.mark.parametrize(
    ("when", "met"),
    [
        # the second period is 1 March to 30 June 2021
        ("2021-02-28", [True, False, False]),
        ("2021-03-01", [False, True, False]),
        ("2021-06-30", [False, True, False]),
        ("2021-07-01", [False, False, True]),
        ("2021-03/2021-06", [False, True, False]),
        # across two periods: nobody knows in which
        ("2021-02/2021-03", [False, False, False]),
        ("2021-06/2021-07", [False, False, False]),
        ("2021", [False, False, False]),
    ],
)
def test_evidence_counts_for_the_period_that_holds_all_its_days(semarang, when, met):
    seen = [("website", when, "supports", "direct", "seen", "terlihat", "opengovpartnership-25")]
    owed = membership.duties(with_own(semarang, duty_evidence=seen), Quarter(2021, 4))
    own = owed[owed["duty"] == "website"].head(3)
    assert (own["state"] == "met").tolist() == met
    assert own["evidence_count"].tolist() == [int(one) for one in met]


@pytest.mark.parametrize(
    ("pieces", "state", "detail"),
    [
        # the first of others that shows it says when; the city's own word before it does not
        ([("2024-03-30", "supports", "ogp"), ("2024-05-01", "supports", "ogp")], "met", "on_time"),
        ([("2024-05-01", "supports", "ogp"), ("2024-03-30", "supports", "city")], "met", "late"),
        ([("2024-05-01", "supports", "ogp"), ("2024-03-30", "context", "ogp")], "met", "late"),
        # what was not so before the day was so on it
        ([("2024-02-01", "contradicts", "ogp"), ("2024-03-31", "supports", "ogp")], "met", "on_time"),
        ([("2024-04-01", "contradicts", "ogp"), ("2024-03-31", "supports", "ogp")], "unknown", "partly"),
        # context beside what was said too early
        ([("2024-02-01", "contradicts", "ogp"), ("2024-04-20", "context", "ogp")], "unknown", "said_early"),
        ([("2024-02-01", "contradicts", "ogp"), ("2024-04-20", "contradicts", "ogp")], "missed", "not_met"),
        ([("2024-02-01", "contradicts", "ogp"), ("2024-02-20", "partly", "ogp")], "unknown", "partly"),
    ],
)
def test_states_of_several_pieces_by_hand(semarang, pieces, state, detail):
    source = {"ogp": "opengovpartnership-25", "city": "radarsemarang-02"}
    seen = [("visit", when, stance, "direct", "a", "b", source[who]) for when, stance, who in pieces]
    for order in (seen, seen[::-1]):
        owed = membership.duties(with_own(semarang, duties=[duty()], duty_evidence=order), Quarter(2024, 4))
        columns = ["state", "detail", "evidence_count"]
        assert owed.loc[owed["duty"] == "visit", columns].to_numpy().tolist() == [[state, detail, 2]]


def on_criterion(case, criterion, *pieces):
    """The case with pieces of evidence on a criterion (day, stance, source), and no others."""
    empty = case.table("criteria_evidence").head(0)
    rows = [
        {"criterion_id": criterion, "date": day, "stance": stance, "basis": "direct", "finding_en": "a",
         "finding_id": "b", "source_id": source}
        for day, stance, source in pieces
    ]  # fmt: skip
    new = pd.DataFrame(rows, columns=empty.columns).astype(empty.dtypes.to_dict())
    return case.with_table("criteria_evidence", new)


def test_evidence_on_a_criterion_counts_for_the_duty_that_dates_it(semarang):
    visit = list(duty())
    visit[DUTY.index("criterion_id")] = "OB-4"
    case = on_criterion(
        with_own(semarang, duties=[visit]), "OB-4",
        ("2024-04-02", "supports", "opengovpartnership-25"), (None, "contradicts", "opengovpartnership-25"),
        ("2025-01-01", "contradicts", "opengovpartnership-25"),
    )  # fmt: skip
    owed = membership.duties(case, Quarter(2024, 4))
    own = owed[owed["criterion_id"] == "OB-4"]
    # once, by its rule, with the one piece that is dated and known
    assert own[["duty", "state", "detail", "evidence_count"]].to_numpy().tolist() == [["visit", "met", "late", 1]]
    assert own["due"].tolist() == [date(2024, 3, 31)]


def test_a_criterion_that_the_case_does_not_list_is_not_named(semarang, q4_2023):
    criteria = semarang.table("criteria")
    case = semarang.with_table("criteria", criteria[criteria["criterion_id"] != "OB-7"])
    of = membership.duties(case, q4_2023).set_index("duty")["criterion_id"]
    assert pd.isna(of["inception"])
    assert set(of["end_of_commitment"]) == {"OB-8"}


@pytest.mark.parametrize(
    ("stance", "source", "state", "detail"),
    [
        ("supports", "opengovpartnership-25", "met", None),
        ("supports", "radarsemarang-02", "unknown", "claimed"),
        ("partly", "opengovpartnership-25", "unknown", "partly"),
        ("contradicts", "opengovpartnership-25", "missed", None),
        ("context", "opengovpartnership-25", "unknown", None),
    ],
)
def test_a_duty_without_a_day_has_the_state_of_its_criterion(semarang, q4_2023, stance, source, state, detail):
    owed = membership.duties(on_criterion(semarang, "OB-3", ("2022-01-01", stance, source)), q4_2023)
    one = owed.set_index("duty").loc["OB-3"]
    assert [one["state"], one["detail"] if pd.notna(one["detail"]) else None] == [state, detail]
    assert (one["evidence_count"], one["criterion_id"], one["binds"]) == (1, "OB-3", "local")
    criterion = semarang.table("criteria").set_index("criterion_id").loc["OB-3"]
    assert one[["name_en", "name_id"]].tolist() == criterion[["item_en", "item_id"]].tolist()
    assert one["source_id"] == criterion["source_id"]


def test_each_duty_says_where_its_rule_stands(semarang, q4_2023):
    owed = membership.duties(with_own(semarang, duties=[duty()]), q4_2023).set_index("duty")
    assert owed.loc["visit", "source_id"] == "delog-01"
    assert pd.isna(owed.loc["visit", "basis"])
    assert owed.loc["visit", ["name_en", "name_id", "says_en", "says_id"]].tolist() == list(duty()[1:5])
    forum = owed.loc["forum"]
    assert forum["basis"].startswith("https://opengovpartnership.org/")
    assert pd.isna(forum["source_id"])
    # of a report both: the rule's address, and the source that says what became of it
    assert owed.loc["inception", ["basis", "source_id"]].notna().all()


def test_the_summary_of_duties_by_hand(semarang):
    words = {"name_en": "a", "name_id": "b", "says_en": "c", "says_id": "d", "binds": "local", "status": "stated"}
    rows = [
        ("news", date(2021, 6, 30), "missed"), ("visit", date(2021, 7, 31), "not_due"), ("news", date(2021, 2, 28), "met"),
        ("news", date(2021, 10, 31), "met"), ("OB-1", None, "unknown"),
    ]  # fmt: skip
    table = pd.DataFrame([{"duty": name, "due": due, "state": state, **words} for name, due, state in rows])
    table = table.assign(basis=None, source_id=["s1", "s2", "s3", "s4", "s5"])
    found = membership.duty_summary(table)
    columns = ["duty", "times", "first_due", "last_due", "met", "missed", "unknown", "not_due"]
    assert found[columns].to_numpy().tolist() == [
        ["news", 3, date(2021, 2, 28), date(2021, 10, 31), 2, 1, 0, 0],
        ["visit", 1, date(2021, 7, 31), date(2021, 7, 31), 0, 0, 0, 1],
        ["OB-1", 0, None, None, 0, 0, 1, 0],
    ]
    # the words are those of the first row of each
    assert found["source_id"].tolist() == ["s1", "s2", "s5"]
    assert (found[list(words)] == pd.Series(words)).all(axis=None)
    assert membership.duty_summary(table.head(0)).columns.tolist() == found.columns.tolist()


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([duty("news", until="2021"), duty("news", since="2023")], "a gap of 365 days"),
        ([duty("news", until="2023"), duty("news", since="2023")], "they overlap by 365 days"),
    ],
)
def test_a_duty_with_a_gap_or_an_overlap_is_refused_by_name(add, capsys, rows, expected):
    assert main(["check", str(add(duties=rows))]) == 2
    printed = capsys.readouterr().err
    assert "duties.csv, row 2, column 'valid_from, valid_to': found 'news'" in printed
    assert expected in printed


@pytest.mark.parametrize(
    ("tables", "expected"),
    [
        ({"duties": [duty("forum")]}, "found 'forum', expected a duty that the library lacks"),
        ({"duties": [duty(every=6)]}, "either months or every_months"),
        ({"duties": [duty(months=None)]}, "either months or every_months"),
        ({"duties": [duty(months=None, every=6)]}, "found 'plan_end', expected member_since or plan_submitted"),
        ({"duties": [duty(months=99999)]}, "row 2, column 'months': found '99999', expected at most 600 months"),
        (
            {"duties": [duty("a", "member_since", None, 601)]},
            "column 'every_months': found '601', expected at most",
        ),
        (
            {"duty_evidence": [("inception", "2021-10-01", "supports", "direct", "a", "b", "delog-01")]},
            "found 'inception', expected another duty: that of this report is found by the report itself",
        ),
        (
            {"duty_evidence": [("forrum", "2021", "supports", "direct", "a", "b", "delog-01")]},
            "duty_evidence.csv, row 2, column 'duty': found 'forrum'",
        ),
    ],
)
def test_a_duty_without_a_way_to_its_day_is_refused(add, tables, expected, q4_2023):
    with pytest.raises(DataError) as caught:
        membership.duties(load_case(add(**tables)), q4_2023)
    assert expected in str(caught.value)


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (
            "anchor: member_since",
            "anchor: member_sinse",
            "column 'website.anchor': found 'member_sinse', expected one of",
        ),
        ("every_months: 4", "every_months: -4", "column 'website.months': found '-4', expected either months or"),
        (
            "every_months: 4",
            "every_months: four",
            "column 'website.months': found 'four', expected either months or",
        ),
        ("every_months: 4", "every_months: 4\n    months: 4", "column 'website.months': found '4, 4'"),
        ("    every_months: 4\n", "", "column 'website.months': expected either months or every_months"),
        ("binds: local", "binds: lokal", "column 'forum.binds': found 'lokal', expected one of local, countries"),
        ("    says_en: exists", "    say_en: exists", "column 'forum.says_en': expected a text, which is missing"),
    ],
)
def test_a_file_of_duties_that_cannot_be_followed_is_refused(tmp_path, old, new, expected):
    path = tmp_path / "duties.yaml"
    path.write_text(replaced(RULES.read_text(encoding="utf-8"), old, new), encoding="utf-8")
    with pytest.raises(DataError) as caught:
        read_duties(path)
    assert f"duties.yaml, {expected}" in str(caught.value)


def test_what_a_case_adds_is_on_the_page_without_a_change_of_code(add, broken_case, tmp_path):
    folder = add(duties=[duty("visit")])
    criterion = "X-1,local_obligation,true,obligation,kewajiban,Greet the neighbours,Menyapa tetangga,,,,,,,,,,,,delog-01,high,,\n"
    broken_case("criteria.csv", lambda text: text + criterion)
    header = (folder / "claims.csv").read_text(encoding="utf-8").splitlines()[0].split(",")
    claim = dict.fromkeys(header, "") | {
        "claim_id": "X9", "claimant": "somebody", "source_id": "delog-01", "date": "2021-01-01", "subject": "membership",
        "kind": "count", "statement_en": "The moon is round", "statement_id": "Bulan itu bulat",
    }  # fmt: skip
    broken_case("claims.csv", lambda text: text + ",".join(claim.values()) + "\n")
    arguments = [
        "report",
        "--case",
        str(folder),
        "--notebook",
        "30_membership",
        "--language",
        "id",
        "--out",
        str(tmp_path / "out"),
    ]
    assert main(arguments) == 0
    page = (tmp_path / "out" / "semarang" / "2023Q4" / "id" / "30_membership" / "30_membership.html").read_text(
        encoding="utf-8"
    )
    for text in ("Kewajiban visit", "31 Maret 2024", "Menyapa tetangga", "Bulan itu bulat"):
        assert text in page


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (
            "local_call_2020,2,",
            "local_call_2020,4,",
            "row 7, column 'stage_no': found '3', expected 2: the stages",
        ),
        (
            "local_call_2020,1,",
            "local_call_2020,9,",
            "expected 1: the stages of local_call_2020 are numbered from 1",
        ),
        (",64,2020-10,", ",113,2020-10,", "row 6, column 'count': found '113', expected at most 112"),
        (
            ",56,2020-10,",
            ",56,2020-08-13,",
            "row 7, column 'date': found '2020-08-13', expected no earlier day than",
        ),
    ],
)
def test_stages_that_cannot_follow_one_another_are_refused(broken_case, old, new, expected):
    with pytest.raises(DataError) as caught:
        load_case(broken_case("call_stages.csv", lambda text: replaced(text, old, new)))
    assert expected in str(caught.value)


def test_a_stage_is_known_with_the_one_before_it(broken_case):
    folder = broken_case("call_stages.csv", lambda text: replaced(text, ",64,2020-10,", ",64,,"))
    case = load_case(folder)
    for quarter, counts in (
        (Quarter(2020, 2), []),
        (Quarter(2020, 3), [112, 64]),
        (Quarter(2020, 4), [112, 64, 56]),
    ):
        found = membership.funnel(case, quarter)
        assert found.loc[found["scope"] == "local_call_2020", "count"].tolist() == counts


def replaced(text, old, new):
    assert old in text
    return text.replace(old, new, 1)


@pytest.mark.parametrize(
    ("file", "old", "new", "expected"),
    [
        (
            "criteria_parts.csv",
            ",C20-2",
            ",C20-10",
            "column 'corresponds_to': found 'C20-10', expected another criterion",
        ),
        (
            "criteria_parts.csv",
            ",C20-2",
            ",C20-5",
            "column 'corresponds_to': found 'C20-5', expected another criterion",
        ),
        (
            "criteria_evidence.csv",
            "OB-2,2021-07-30,,",
            "OB-2,2021-07-30,2021,",
            "column 'not_before': found '2021'",
        ),
        (
            "plans.csv",
            "2023-12,5,",
            "2203-12,5,",
            "column 'end': found '2203-12', expected 2020, 2020-04, 2020-04-27, or two of these joined by '/'",
        ),
    ],
)
def test_rows_that_say_two_things_are_refused(broken_case, file, old, new, expected):
    with pytest.raises(DataError) as caught:
        load_case(broken_case(file, lambda text: replaced(text, old, new)))
    assert f"{file}, row " in str(caught.value)
    assert expected in str(caught.value)


# the calendar file


def unfolded(content: bytes) -> list[str]:
    """Undo the folding of RFC 5545, section 3.1, by its letter."""
    return content.replace(b"\r\n ", b"").decode("utf-8").split("\r\n")[:-1]


@pytest.mark.parametrize("code", ["id", "en"])
def test_the_file_keeps_to_rfc_5545(semarang, q4_2023, code):
    content = duties_calendar(semarang, q4_2023, get_language(code))
    assert content.endswith(b"\r\n")
    assert b"\n" not in content.replace(b"\r\n", b"")
    assert max(len(line) for line in content.split(b"\r\n")) <= 75
    lines = unfolded(content)
    assert lines[0] == "BEGIN:VCALENDAR"
    assert lines[-1] == "END:VCALENDAR"
    assert lines.count("VERSION:2.0") == 1
    for name in ("UID", "DTSTAMP", "DTSTART", "SUMMARY"):
        assert sum(re.match(rf"{name}[;:]", line) is not None for line in lines) == lines.count("BEGIN:VEVENT")


def test_the_file_read_back_has_every_day(semarang, q4_2023):
    owed = membership.duties(semarang, q4_2023)
    owed = owed[owed["due"].notna()]
    events = Calendar.from_ical(duties_calendar(semarang, q4_2023, get_language("id"))).walk("VEVENT")
    assert sorted(event["DTSTART"].dt for event in events) == sorted(owed["due"])
    assert all(type(event["DTSTART"].dt) is date for event in events)  # whole days
    assert len({str(event["UID"]) for event in events}) == len(events)
    first = next(event for event in events if "inception" in event["UID"])
    assert first["SUMMARY"] == "Kota Semarang: Penilaian awal rencana aksi"
    assert "belum diketahui" in first["DESCRIPTION"]


def test_an_event_keeps_its_uid_and_the_stamp_is_told_not_read_from_the_clock(semarang, q4_2023, monkeypatch):
    monkeypatch.delenv("SOURCE_DATE_EPOCH", raising=False)
    language = get_language("en")

    def parsed(quarter):
        events = Calendar.from_ical(duties_calendar(semarang, quarter, language)).walk("VEVENT")
        return {str(event["UID"]): event for event in events}

    early, late = parsed(Quarter(2021, 4)), parsed(q4_2023)
    assert set(early) == set(late)
    assert {event["DTSTAMP"].dt.date() for event in late.values()} == {date(2023, 12, 31)}
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "86400")
    assert {event["DTSTAMP"].dt.date() for event in parsed(q4_2023).values()} == {date(1970, 1, 2)}


def test_names_with_commas_and_long_words_survive(semarang, q4_2023):
    rows = [duty("a")]
    rows[0] = (rows[0][0], "Meet, greet; and é" + "é" * 80, *rows[0][2:])
    content = duties_calendar(with_own(semarang, duties=rows), q4_2023, get_language("en"))
    assert max(len(line) for line in content.split(b"\r\n")) <= 75
    names = [str(event["SUMMARY"]) for event in Calendar.from_ical(content).walk("VEVENT")]
    assert "Kota Semarang: Meet, greet; and é" + "é" * 80 in names


def test_the_command_writes_the_file(tmp_path, capsys):
    path = tmp_path / "duties.ics"
    assert main(["calendar", "--quarter", "2021Q4", "--language", "en", "--out", str(path)]) == 0
    assert path.read_bytes().startswith(b"BEGIN:VCALENDAR\r\n")
    assert str(path) in capsys.readouterr().out
    assert main(["calendar", "--language", "jv"]) == 2
    said = capsys.readouterr().err
    assert "There is no language 'jv'" in said
    assert "OGP_ANALYSIS_LOCALE names the folder of its catalogue" in said
