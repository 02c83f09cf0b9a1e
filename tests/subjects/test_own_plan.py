"""A member's plan and those beside it, on tables that were changed by hand, and against plain loops."""

from __future__ import annotations

import pandas as pd
import pytest

from ogp_analysis import commitments
from ogp_analysis.commitments import plan as plans_of
from ogp_analysis.quarter import Quarter

END_2023 = Quarter(2023, 4)
KEYS = [f"IDSMG000{number}" for number in range(1, 6)]


def changed(case, name, where, **cells):
    """The case with other cells in the rows of one table in which a column has a value."""
    column, value = where
    rows = case.table(name)
    for cell, new in cells.items():
        rows.loc[rows[column] == value, cell] = new
    return case.with_table(name, rows)


def found(case, *pieces):
    """The case with nothing but these pieces of evidence: key and day."""
    rows = case.table("progress").iloc[[0] * len(pieces)].reset_index(drop=True)
    rows["commitment_key"] = [key for key, _ in pieces]
    rows["date"] = pd.array([day for _, day in pieces], dtype="string")
    return case.with_table("progress", rows)


def test_what_is_known_of_a_commitment_by_then(semarang):
    case = found(
        semarang,
        ("IDSMG0002", "2022-03-01"),
        ("IDSMG0002", "2023-12-30"),
        ("IDSMG0002", "2022-12-01"),
        ("IDSMG0002", "2024-01-01"),
        ("IDSMG0002", None),
        ("IDSMG0004", None),
        ("IDSMG0004", None),
    )
    table = commitments.plan_commitments(case, END_2023).set_index("commitment_key").loc[KEYS]
    assert table["dated_evidence"].tolist() == [0, 3, 0, 0, 0]
    assert table["undated_evidence"].tolist() == [0, 1, 0, 2, 0]
    assert table["last_evidence"].dropna().to_dict() == {"IDSMG0002": "2023-12-30"}
    assert table["days_since_evidence"].dropna().to_dict() == {"IDSMG0002": 1}
    assert table["rating_count"].tolist() == [0] * 5
    assert commitments.plan_commitments(case, END_2023).index.tolist() == list(range(5))


@pytest.mark.parametrize(
    ("name", "taken"), [("baselines", plans_of.baselines), ("progress", plans_of.plan_progress)]
)
def test_what_is_taken_from_one_plan_is_numbered_from_0(semarang, name, taken):
    own = semarang.table(name)
    own = own[own["commitment_key"].isin(KEYS)]
    other = own.iloc[[0]].assign(commitment_key="ID0083")
    table = taken(semarang.with_table(name, pd.concat([other, own])), END_2023)
    assert len(own) > 2
    pd.testing.assert_frame_equal(table, own.reset_index(drop=True))


@pytest.mark.parametrize(
    ("table", "cells", "part"),
    [
        ("commitments", {"start": None}, "has_dates"),
        ("commitments", {"end": None}, "has_dates"),
        ("commitments", {"lead_en": None}, "has_lead"),
        ("commitments", {"target_en": "soon"}, "has_target"),
        ("commitments", {"target_en": None}, "has_target"),
        ("milestones", {"text_en": None}, "has_milestones"),
        ("milestones", {"end": None}, "has_dated_milestones"),
        ("baselines", {"kind": "norm"}, "has_baseline"),
    ],
)
def test_a_part_that_is_not_shown_is_the_only_one_that_goes(semarang, table, cells, part):
    key = "IDSMG0002"
    whole = changed(semarang, "commitments", ("commitment_key", key), target_en="60 percent by 2023")
    whole = changed(whole, "milestones", ("commitment_key", key), end="2022-06")
    before = commitments.design_completeness(whole, END_2023).set_index("commitment_key")
    assert before.loc[key, list(plans_of.DESIGN)].all()
    assert before.loc[key, "shown"] == 6
    case = changed(whole, table, ("commitment_key", key), **cells)
    after = commitments.design_completeness(case, END_2023).set_index("commitment_key")
    # without its text a milestone has no dates that count, either
    gone = {part} | ({"has_dated_milestones"} if part == "has_milestones" else set())
    assert {name for name in plans_of.DESIGN if not after.loc[key, name]} == gone
    assert after.loc[key, "shown"] == 6 - len(gone)
    others = [each for each in KEYS if each != key]
    pd.testing.assert_frame_equal(before.loc[others], after.loc[others])


def test_other_plans_are_known_from_a_day_and_their_reports_from_their_end(semarang):
    def plans(quarter, case=semarang):
        return commitments.other_plans(case, quarter).set_index("plan_id")

    rows = semarang.table("plans").set_index("plan_id")
    # submitted on 30 July 2021; without a day of submission known when 2021 is over
    assert "banggai-2021" in plans(Quarter(2021, 3)).index
    assert "banggai-2021" not in plans(Quarter(2021, 2)).index
    assert "ntb-2021" in plans(Quarter(2021, 4)).index
    assert "ntb-2021" not in plans(Quarter(2021, 3)).index
    assert "yogyakarta-2024" not in plans(END_2023).index
    assert "semarang-2021" not in plans(END_2023).index
    # a day of submission that has not come is not outweighed by a start that has
    late = changed(semarang, "plans", ("plan_id", "banggai-2021"), submitted="2024-01-15")
    assert "banggai-2021" not in plans(END_2023, late).index
    # Banggai's plan ends in May 2024: until then nobody can say when its reports were there
    running, ended = plans(END_2023), plans(Quarter(2024, 2))
    assert running.loc["banggai-2021", "inception_report"] == "undated"
    assert ended.loc["banggai-2021", "inception_report"] == "published"
    assert pd.isna(running.loc["banggai-2021", "review_en"])
    assert ended.loc["banggai-2021", "review_en"] == rows.loc["banggai-2021", "review_en"]
    assert running.loc["brebes-2021", "inception_report"] == "not_available"
    assert running.loc["west-sumbawa-2021", "inception_report"] == "published"


def test_commitments_and_ratings_of_other_plans_are_counted(semarang):
    table = commitments.other_plans(semarang, END_2023).set_index("plan_id")
    plan_of = dict(semarang.table("commitments")[["commitment_key", "plan_id"]].itertuples(index=False))
    for plan in table.index:
        own = {key for key, of in plan_of.items() if of == plan}
        rated = {key for key in commitments.ratings(semarang, END_2023)["commitment_key"] if key in own}
        assert (table.loc[plan, "collected"], table.loc[plan, "rated"]) == (len(own), len(rated))
    assert table["rated"].max() > 1
    assert table.index.is_unique
    assert commitments.other_plans(semarang, END_2023).index.tolist() == list(range(len(table)))


def test_outcomes_by_a_plain_loop(semarang):
    rows = semarang.table("plan_results")
    more = pd.DataFrame(
        [
            # of a plan that has not ended, of labels that count for something else, and a count that nobody gives
            ("yogyakarta-2024", "A Report", "completion", "Complete", 7, "opengovpartnership-08"),
            (
                "indonesia-2016",
                "Indonesia End-of-Term Report 2016-2017",
                "starred",
                "Complete",
                9,
                "opengovpartnership-10",
            ),
            (
                "bojonegoro-2016",
                "Bojonegoro Final IRM Report 2017",
                "relevance",
                "Major",
                4,
                "opengovpartnership-08",
            ),
            ("indonesia-2020", "A Report", "completion", "Substantial", None, "opengovpartnership-10"),
        ],
        columns=list(rows.columns),
    ).astype(rows.dtypes.to_dict())
    case = semarang.with_table("plan_results", pd.concat([rows, more], ignore_index=True))
    got = commitments.plan_outcomes(case, END_2023).set_index("plan_id")
    expected = {}
    for row in rows.itertuples():
        if row.plan_id not in ("bojonegoro-2016", "indonesia-2016"):
            continue
        rated, complete, strong = expected.get(row.plan_id, (0, 0, 0))
        if row.variable == "completion":
            rated += int(row.count)
            complete += int(row.count) if row.label in ("Complete", "Substantial") else 0
        if row.variable == "did_it_open_government" and row.label in ("Major", "Outstanding"):
            strong += int(row.count)
        expected[row.plan_id] = rated, complete, strong
    assert {plan: tuple(got.loc[plan, ["rated", "complete", "strong"]]) for plan in got.index} == expected
    assert got["share"].to_dict() == {plan: done / rated for plan, (rated, done, _) in expected.items()}
    assert ((got["low"] < got["share"]) & (got["share"] < got["high"])).all()
    assert got["member_en"].tolist() == ["Bojonegoro, Indonesia", "Indonesia (national)"]


def test_of_nothing_completed_there_are_none_and_not_unknown_many(semarang):
    rows = semarang.table("plan_results")
    rows = rows[~((rows["plan_id"] == "bojonegoro-2016") & rows["label"].isin(["Complete", "Substantial"]))]
    got = commitments.plan_outcomes(semarang.with_table("plan_results", rows), END_2023).set_index("plan_id")
    assert got.loc["bojonegoro-2016", ["rated", "complete", "share"]].tolist() == [1, 0, 0.0]


@pytest.mark.parametrize("lacking", ["start", "end"])
def test_without_a_start_or_an_end_no_time_has_passed(semarang, lacking):
    case = changed(semarang, "commitments", ("commitment_key", "IDSMG0003"), **{lacking: None})
    table = commitments.plan_commitments(case, END_2023).set_index("commitment_key")
    assert table["elapsed"].isna()[KEYS].tolist() == [False, False, True, False, False]


def test_without_a_count_of_strong_results_there_is_none(semarang):
    rows = semarang.table("plan_results")
    case = semarang.with_table("plan_results", rows[rows["variable"] != "did_it_open_government"])
    assert commitments.plan_outcomes(case, END_2023)["strong"].isna().all()
