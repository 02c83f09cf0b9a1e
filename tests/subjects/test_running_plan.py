"""A plan as it runs, on the case with made-up progress: dates and states worked out by hand."""

from __future__ import annotations

from datetime import date

import pandas as pd
import pytest

from ogp_analysis import commitments
from ogp_analysis.case import Case
from ogp_analysis.commitments.running import completion_findings, milestone_status, slippage
from ogp_analysis.quarter import Quarter

KINDS = ("government", "press", "monitoring_body", "civil_society", "research", "statistics", "ogp")
Finding = tuple[str, str, str, str]


def source_of(kind: str) -> str:
    return "test-" + kind.replace("_", "-")


def rows_of(table: pd.DataFrame, rows: list[dict[str, str]]) -> pd.DataFrame:
    """Rows with the columns and types of a table; what is not given, or an empty text, is missing."""
    texts = [{name: text or None for name, text in row.items()} for row in rows]
    return pd.DataFrame(texts, columns=table.columns).astype(table.dtypes.to_dict())


def with_rows(case: Case, name: str, rows: list[dict[str, str]]) -> Case:
    table = case.table(name)
    return case.with_table(name, pd.concat([table, rows_of(table, rows)], ignore_index=True))


def with_cells(case: Case, name: str, where: tuple[str, str], cells: dict[str, str]) -> Case:
    """The case with other cells in the rows of one table in which a column has a value."""
    rows = case.table(name)
    for cell, new in cells.items():
        rows.loc[rows[where[0]] == where[1], cell] = new or pd.NA
    return case.with_table(name, rows)


def steps_of(*steps: tuple[str, str, str], key: str = "IDSMG0001") -> list[dict[str, str]]:
    return [
        {
            "commitment_key": key, "milestone_no": number, "text_en": "a step", "text_id": "langkah",
            "start": start, "end": end, "source_id": "test-government", "confidence": "high",
        }
        for number, start, end in steps
    ]  # fmt: skip


@pytest.fixture(scope="module")
def case(semarang: Case) -> Case:
    """The case with made-up sources and two dated milestones of the first commitment; no progress yet."""
    sources = [
        {"source_id": source_of(kind), "publisher": "made up for a test", "kind": kind, "date": "2021-01-01"}
        for kind in KINDS
    ]
    made = with_rows(semarang, "sources", sources)
    made = with_rows(made, "milestones", steps_of(("1", "2021-08", "2022-06"), ("2", "2022-07", "2023-06")))
    return made.with_table("progress", made.table("progress").head(0))


def with_progress(case: Case, *findings: Finding, key: str = "IDSMG0001") -> Case:
    """Findings are milestone number, date, status and kind of source."""
    rows = [
        {
            "commitment_key": key, "milestone_no": number, "date": date, "claimed_status": status,
            "finding_en": "made up", "finding_id": "dibuat untuk uji", "source_id": source_of(kind),
            "confidence": "high",
        }
        for number, date, status, kind in findings
    ]  # fmt: skip
    return with_rows(case, "progress", rows)


def rated(
    date: str, label: str, kind: str, variable: str = "completion", key: str = "IDSMG0001"
) -> dict[str, str]:
    return {
        "commitment_key": key, "instrument": "An assessment", "assessor": "an assessor", "variable": variable,
        "label": label, "date": date, "source_id": source_of(kind),
    }  # fmt: skip


def first(case: Case, quarter: str) -> pd.Series:
    return commitments.commitment_status(case, Quarter.parse(quarter)).set_index("commitment_id").loc["IDSMG0001"]


def steps(case: Case, quarter: str) -> pd.DataFrame:
    table = milestone_status(case, Quarter.parse(quarter))
    return table[table["commitment_key"] == "IDSMG0001"].set_index("milestone_no")


def test_planned_progress_goes_by_dated_milestones_then_by_time(case):
    case = with_progress(case)
    status = commitments.commitment_status(case, Quarter(2022, 2)).set_index("commitment_id")
    own = status.loc["IDSMG0001"]
    assert (own["planned"], own["planned_basis"], own["milestones_due"]) == (0.5, "milestones", 1)
    # the others date no milestone: 1 August 2021 to 30 June 2022 are 334 of 883 days
    other = status.loc["IDSMG0002"]
    assert other["planned_basis"] == "time"
    assert other["planned"] == pytest.approx(334 / 883)
    own = steps(case, "2022Q2")
    assert own["planned"].tolist() == ["due", "not_begun"]
    assert own["state"].tolist() == ["no_evidence", "no_evidence"]


@pytest.mark.parametrize(
    ("kind", "state"), [("government", "claimed"), ("press", "claimed"), ("monitoring_body", "verified")]
)
def test_only_others_verify(case, kind, state):
    case = with_progress(case, ("", "2022-09-30", "Substantial", kind))
    own = first(case, "2022Q3")
    assert own["state"] == state
    assert own[state] == "substantial"
    assert own[f"{state}_source_id"] == f"test-{kind.replace('_', '-')}"
    assert pd.isna(own["claimed" if state == "verified" else "verified"])
    # the day before it was not known
    assert first(case, "2022Q2")["state"] == "no_evidence"


def test_a_claim_stays_beside_what_is_verified(case):
    case = with_progress(
        case, ("", "2022-03", "Complete", "government"), ("", "2022-09", "Limited", "monitoring_body")
    )
    own = first(case, "2022Q4")
    assert (own["claimed"], own["verified"], own["state"]) == ("complete", "limited", "verified")
    assert (own["claimed_date"], own["verified_date"]) == ("2022-03", "2022-09")


def test_the_latest_finding_counts_whatever_the_order_of_the_rows(case):
    findings = [("", "2022-09", "Substantial", "government"), ("", "2022-03", "Limited", "government")]
    for order in (findings, findings[::-1]):
        assert first(with_progress(case, *order), "2022Q4")["claimed"] == "substantial"


def test_undated_findings_belong_to_no_quarter(case):
    case = with_progress(case, ("", "", "Complete", "government"))
    assert first(case, "2023Q4")["state"] == "no_evidence"


def test_evidence_without_a_status(case):
    assert first(with_progress(case, ("", "2022-09", "", "press")), "2022Q4")["state"] == "evidence"


def test_milestones_count_for_themselves(case):
    case = with_progress(case, ("1", "2022-07-10", "Complete", "government"), ("2", "2023-01", "", "press"))
    own = first(case, "2022Q4")
    assert (own["milestones_claimed"], own["milestones_verified"]) == (1, 0)
    assert own["state"] == "evidence", "a milestone's status is not the commitment's"
    both = steps(case, "2023Q1")
    assert both["state"].tolist() == ["claimed", "evidence"]
    assert both["slippage_days"].tolist() == [10, pd.NA]  # due 30 June, claimed 10 July
    assert both["slippage_kind"].tolist() == ["completed", "not_due"]


def test_slippage_of_a_commitment(case):
    case = with_progress(
        case,
        ("", "2023-06", "Limited", "government"),
        ("", "2024-02-10", "Substantial", "government"),
        ("", "2024-05-05", "Complete", "government"),
        ("", "2024-06-20", "Complete", "monitoring_body"),
    )
    expected = {
        "2023Q3": (pd.NA, "not_due", None),
        "2023Q4": (pd.NA, "unknown", None),  # the plan ends with that day, and nothing says how far it came
        "2024Q1": (41, "at_least", "claimed"),  # 31 December to 10 February
        "2024Q2": (172, "completed", "verified"),  # the verified completion dates it: 20 June
    }
    for quarter, want in expected.items():
        own = first(case, quarter)
        assert (own["slippage_kind"], own["slippage_basis"]) == want[1:], quarter
        assert own["slippage_days"] is want[0] or own["slippage_days"] == want[0], quarter


def test_silence_is_not_lateness(case):
    own = first(with_progress(case, ("", "2023-06", "Limited", "government")), "2025Q1")
    assert own["slippage_kind"] == "unknown"
    assert pd.isna(own["slippage_days"])
    # 30 June 2023 to 31 March 2025
    assert own["days_since_evidence"] == 640


def test_before_it_begins_a_commitment_is_not_without_evidence(case):
    later = with_cells(case, "commitments", ("commitment_id", "IDSMG0002"), {"start": "2023-01"})
    later = with_cells(later, "commitments", ("commitment_id", "IDSMG0003"), {"start": ""})
    later = with_cells(later, "commitments", ("commitment_id", "IDSMG0004"), {"start": "2023-01"})
    later = with_progress(later, ("", "2022-09", "Limited", "press"), key="IDSMG0004")
    found = commitments.commitment_status(later, Quarter(2022, 4)).set_index("commitment_id")["state"]
    # nothing says when the third begins; what is said of the fourth is not unsaid by its beginning
    assert found.tolist() == ["no_evidence", "not_begun", "no_evidence", "claimed", "no_evidence"]


def test_on_its_first_day_a_commitment_has_begun(case):
    found = [
        commitments.commitment_status(
            with_cells(case, "commitments", ("commitment_id", "IDSMG0002"), {"start": start}), Quarter(2022, 4)
        ).set_index("commitment_id").loc["IDSMG0002", "state"]
        for start in ("2022-12-31", "2023-01-01")
    ]  # fmt: skip
    assert found == ["no_evidence", "not_begun"]


def test_states_by_quarter(case):
    case = with_progress(
        case, ("", "2022-09", "Limited", "government"), ("", "2023-03", "Complete", "monitoring_body")
    )
    long = commitments.status_by_quarter(
        case, [Quarter(2021, 1), Quarter(2022, 2), Quarter(2022, 3), Quarter(2023, 1)]
    )
    own = long[long["commitment_key"] == "IDSMG0001"].set_index("quarter")["state"]
    # before July 2021 there is no plan
    assert own.to_dict() == {"2022Q2": "no_evidence", "2022Q3": "claimed", "2023Q1": "verified"}


def test_an_assessor_verifies(case):
    assessed = with_rows(case, "assessments", [rated("2024-01-20", "Substantial", "monitoring_body")])
    assert first(assessed, "2023Q4")["state"] == "no_evidence"
    own = first(assessed, "2024Q1")
    assert (own["state"], own["verified"]) == ("verified", "substantial")
    duties = commitments.assessment_duties(
        with_rows(case, "assessments", [
            rated("2024-01-20", "Substantial", "monitoring_body") | {"instrument": "End-of-commitment assessment"}
        ]),
        Quarter(2024, 1),
    )  # fmt: skip
    ends = duties[duties["duty"] == "end_of_commitment"].set_index("commitment_key")
    assert ends.loc["IDSMG0001", ["status", "detail"]].tolist() == ["met", "on_time"]
    assert ends.loc["IDSMG0002", ["status", "detail"]].tolist() == ["unknown", "nothing_found"]


def test_a_government_that_rates_itself_verifies_nothing(case):
    own = first(with_rows(case, "assessments", [rated("2023-01-20", "Complete", "government")]), "2023Q1")
    assert (own["state"], own["claimed"]) == ("claimed", "complete")
    assert pd.isna(own["verified"])


@pytest.mark.parametrize(
    ("dated", "report", "quarter", "want"),
    [
        ("2021-09-15", "published", "2021Q3", ["met", "on_time"]),
        ("2021-11-15", "published", "2021Q4", ["met", "late"]),
        ("2021-11-15", "published", "2021Q3", ["not_due", None]),
        ("", "published", "2021Q4", ["met", "day_unknown"]),
        ("2022-01-10", "not_available", "2022Q1", ["missed", "page_says_none"]),
        ("2021-08-10", "not_available", "2022Q1", ["unknown", "page_says_none"]),
        ("", "not_available", "2022Q1", ["unknown", "page_says_none"]),
        ("", "unknown", "2022Q1", ["unknown", "nothing_found"]),
    ],
)
def test_inception_assessment(case, dated, report, quarter, want):
    """Due on 30 September 2021, two months after the plan was submitted."""
    known = with_cells(case, "sources", ("source_id", "test-press"), {"date": dated})
    cells = {"inception_report": report, "inception_source_id": "test-press", "source_id": "test-press"}
    known = with_cells(known, "plans", ("plan_id", "semarang-2021"), cells)
    duty = commitments.assessment_duties(known, Quarter.parse(quarter)).iloc[0]
    assert duty[["status", "detail"]].tolist() == want


# findings


def test_every_finding_on_completion_and_who_says_so(case):
    """By reading the rules of the docstring row by row."""
    case = with_progress(
        case,
        ("1", "2022-03", "Limited", "government"),
        ("", "2021-12-05", "b. Limited", "ogp"),
        ("", "2022-03-31", "Complete", "civil_society"),
        ("", "2022-03-30", "", "press"),  # no status
        ("", "2022", "Complete", "press"),  # not over by the end of June
        ("", "", "Complete", "press"),
    )
    case = with_progress(case, ("", "2021-11", "Complete", "press"), key="ID0083")  # of another plan
    case = with_rows(
        case,
        "assessments",
        [
            rated("2022-02-01", "Substantial", "ogp", key="IDSMG0003"),
            rated("2022-02-02", "Not started", "government"),
            rated("2022-02-03", "Major", "ogp", variable="did_it_open_government"),
            rated("2022-02-04", "Complete", "ogp", key="ID0083"),
            rated("2022-07-01", "Complete", "ogp"),
        ],
    )
    found = completion_findings(case, Quarter(2022, 2))
    assert found[["commitment_key", "day", "label", "basis", "source_id"]].to_numpy().tolist() == [
        # pages of OGP repeat what the government submitted, but a rating by it is that of an assessor
        ["IDSMG0001", date(2021, 12, 5), "limited", "claimed", "test-ogp"],
        ["IDSMG0003", date(2022, 2, 1), "substantial", "verified", "test-ogp"],
        ["IDSMG0001", date(2022, 2, 2), "not_started", "claimed", "test-government"],
        # two of one day stand by their sources
        ["IDSMG0001", date(2022, 3, 31), "complete", "verified", "test-civil-society"],
        ["IDSMG0001", date(2022, 3, 31), "limited", "claimed", "test-government"],
    ]
    assert found["milestone_no"].fillna("").tolist() == ["", "", "", "", "1"]
    assert found["date"].tolist() == ["2021-12-05", "2022-02-01", "2022-02-02", "2022-03-31", "2022-03"]
    assert found.index.tolist() == list(range(5))


@pytest.mark.parametrize("kind", KINDS)
def test_a_rating_of_progress_is_verified_by_its_source(case, kind):
    found = completion_findings(with_progress(case, ("", "2022-03", "Limited", kind)), Quarter(2022, 2))
    verifying = ("monitoring_body", "civil_society", "research", "statistics")
    assert found["basis"].tolist() == ["verified" if kind in verifying else "claimed"]


@pytest.mark.parametrize("label", ["NR", "ND", "NA", "No evidence available", "b. Unclear", "Withdrawn", "?"])
def test_a_rating_that_does_not_say_how_much_was_done_is_no_finding(case, label):
    """Neither verified nor late: an assessor who saw nothing has not found that less was done."""
    case = with_rows(case, "assessments", [rated("2024-02-10", label, "monitoring_body")])
    assert completion_findings(case, Quarter(2024, 1)).empty
    own = first(case, "2024Q1")
    assert (own["state"], own["slippage_kind"]) == ("no_evidence", "unknown")
    # nor does it stand for one that was there before
    own = first(with_progress(case, ("", "2024-01", "Limited", "research")), "2024Q1")
    assert (own["state"], own["verified"], own["slippage_days"]) == ("verified", "limited", 31)


def test_before_any_finding_there_is_none(case):
    found = completion_findings(case, Quarter(2022, 2))
    assert found.empty
    columns = ["commitment_key", "milestone_no", "date", "label", "basis", "source_id", "day"]
    assert sorted(found.columns) == sorted(columns)


# milestones


@pytest.mark.parametrize(
    ("start", "end", "want"),
    [
        ("", "2022-06-30", "due"),
        ("", "2022-07-01", "running"),
        ("2022-06-30", "2022-12", "running"),
        ("2022-07-01", "2022-12", "not_begun"),
        ("2022", "2022", "running"),
        ("2021-08", "", "no_dates"),
        ("", "", "no_dates"),
    ],
)
def test_whether_a_milestone_is_due_at_the_end_of_june(case, start, end, want):
    own = steps(with_rows(case, "milestones", steps_of(("3", start, end))), "2022Q2")
    assert own["planned"].tolist() == ["due", "not_begun", want]


def test_milestones_of_the_plan_are_numbered_from_0_and_of_another_left_out(case):
    other = with_rows(case, "milestones", steps_of(("1", "2016", "2017"), key="ID0083"))
    rows = other.table("milestones")
    first_other = other.with_table("milestones", pd.concat([rows.tail(1), rows.iloc[:-1]]))
    table = milestone_status(first_other, Quarter(2022, 2))
    assert table["commitment_key"].str.startswith("IDSMG").all()
    assert table.index.tolist() == list(range(rows["commitment_key"].str.startswith("IDSMG").sum()))
    assert table.columns[: len(rows.columns)].tolist() == rows.columns.tolist()


def test_evidence_on_a_milestone_counts_for_it_once_it_is_known(case):
    case = with_progress(case, ("2", "2022-06-30", "", "press"), ("1", "2022-07-01", "", "press"))
    case = with_progress(case, ("1", "", "", "press"), ("", "2022-05", "", "press"))
    assert steps(case, "2022Q2")["state"].to_dict() == {"1": "no_evidence", "2": "evidence"}
    assert steps(case, "2022Q3")["state"].to_dict() == {"1": "evidence", "2": "evidence"}
    # a milestone of the same number of another commitment is another one
    others = milestone_status(case, Quarter(2022, 3))
    assert set(others.loc[others["commitment_key"] != "IDSMG0001", "state"]) == {"no_evidence"}


def test_what_is_said_of_a_milestone_stands_with_its_day_and_source(case):
    case = with_progress(
        case,
        ("1", "2022-07-02", "Limited", "press"),
        ("1", "2022-07-10", "Complete", "government"),
        ("1", "2022-07-20", "Substantial", "research"),
        ("", "2022-07-25", "Complete", "statistics"),
    )
    own = steps(case, "2022Q3")
    kinds = ["claimed", "claimed_date", "claimed_source_id", "verified", "verified_date", "verified_source_id"]
    assert own.loc["1", kinds].tolist() == [
        "complete", "2022-07-10", "test-government", "substantial", "2022-07-20", "test-research",
    ]  # fmt: skip
    assert own.loc["2", kinds].isna().all()
    assert own["state"].to_dict() == {"1": "verified", "2": "no_evidence"}
    # due on 30 June: the completion is claimed of 10 July, and the later finding says less
    assert own.loc["1", ["slippage_days", "slippage_kind", "slippage_basis"]].tolist() == [
        10,
        "completed",
        "claimed",
    ]


# commitments


def test_milestones_of_a_commitment_are_counted_by_hand(case):
    """Of four milestones three are dated and two due on 31 December 2022; one is claimed, two are verified."""
    case = with_rows(case, "milestones", steps_of(("3", "2022-08", "2022-12"), ("4", "2022-01", "")))
    case = with_progress(
        case,
        ("1", "2022-07", "Complete", "research"),
        ("2", "2022-07", "Limited", "research"),
        ("3", "2022-12", "Complete", "statistics"),
        ("4", "2022-12", "Complete", "press"),
        ("2", "2022-12", "Substantial", "press"),
    )
    own = first(case, "2022Q4")
    counts = ["milestones", "milestones_due", "milestones_claimed", "milestones_verified"]
    assert own[counts].tolist() == [4, 2, 1, 2]
    assert own["planned"] == pytest.approx(2 / 3)
    assert own["planned_basis"] == "milestones"
    rest = commitments.commitment_status(case, Quarter(2022, 4)).set_index("commitment_id")
    assert rest[counts].dtypes.map(str).unique().tolist() == ["int64"]
    # of the others no milestone is dated, and nothing is said
    assert (
        rest.loc["IDSMG0002":, ["milestones_due", "milestones_claimed", "milestones_verified"]]
        .eq(0)
        .all(axis=None)
    )
    of_each = case.table("milestones")["commitment_key"].value_counts()
    assert rest["milestones"].to_dict() == {key: of_each.get(key, 0) for key in rest.index}


def test_one_dated_milestone_is_enough_to_go_by_it(case):
    one = case.table("milestones").iloc[:-1]  # without the second of the two dated ones
    own = first(case.with_table("milestones", one), "2022Q2")
    assert (own["planned"], own["planned_basis"], own["milestones"]) == (1.0, "milestones", 1)


def test_without_dates_nothing_is_planned(case):
    undated = with_cells(case, "commitments", ("commitment_id", "IDSMG0002"), {"end": ""})
    status = commitments.commitment_status(undated, Quarter(2022, 2)).set_index("commitment_id")
    assert status["planned"].isna().tolist() == [False, True, False, False, False]
    assert status["planned_basis"].fillna("none").tolist() == ["milestones", "none", "time", "time", "time"]
    assert status["slippage_kind"].tolist() == ["not_due", "no_dates", "not_due", "not_due", "not_due"]


def test_before_the_plan_no_quarter_has_a_state(case):
    long = commitments.status_by_quarter(case, [Quarter(2020, 4), Quarter(2021, 1)])
    assert long.empty
    assert long.columns.tolist() == [
        "quarter", "commitment_key", "state", "claimed", "verified", "planned", "dated_evidence",
    ]  # fmt: skip
    both = commitments.status_by_quarter(case, [Quarter(2021, 1), Quarter(2021, 4), Quarter(2022, 1)])
    assert both["quarter"].tolist() == ["2021Q4"] * 5 + ["2022Q1"] * 5
    assert both.index.tolist() == list(range(10))
    assert both.columns.tolist() == long.columns.tolist()
    # a quarter without a plan does not turn the shares into something else
    assert both["planned"].dtype == "float64"


# delay


def found(*findings: tuple[str, str, date]) -> pd.DataFrame:
    return pd.DataFrame(findings, columns=["label", "basis", "day"])


@pytest.mark.parametrize(
    ("findings", "want"),
    [
        # the end is 30 June 2022
        ([("complete", "claimed", date(2022, 6, 30))], (0, "completed", "claimed")),
        ([("complete", "claimed", date(2022, 5, 31))], (-30, "completed", "claimed")),
        # the first completion of the better kind
        (
            [
                ("complete", "verified", date(2022, 9, 1)),
                ("complete", "verified", date(2022, 7, 5)),
                ("complete", "claimed", date(2022, 7, 1)),
            ],
            (5, "completed", "verified"),
        ),
        # what is verified says less, and a claim of completion still dates it
        (
            [("limited", "verified", date(2022, 12, 1)), ("complete", "claimed", date(2022, 7, 2))],
            (2, "completed", "claimed"),
        ),
        # the last finding that says less, of the better kind
        (
            [
                ("limited", "verified", date(2022, 7, 11)),
                ("substantial", "verified", date(2022, 7, 3)),
                ("limited", "claimed", date(2022, 8, 1)),
            ],
            (11, "at_least", "verified"),
        ),
        ([("limited", "claimed", date(2022, 7, 1))], (1, "at_least", "claimed")),
        # on the day itself it was not late yet
        ([("limited", "claimed", date(2022, 6, 30))], (None, "unknown", None)),
        ([], (None, "unknown", None)),
    ],
)
def test_delay_by_hand(findings, want):
    assert slippage("2022-06", found(*findings), date(2022, 12, 31)) == want


def test_nobody_is_late_by_what_is_found_of_another(case):
    case = with_progress(case, ("", "2024-02", "Limited", "press"), ("", "2024-03", "Limited", "press"))
    case = with_progress(case, ("1", "2024-02", "Limited", "press"), ("1", "2024-03", "Complete", "press"))
    status = commitments.commitment_status(case, Quarter(2024, 1)).set_index("commitment_id")
    assert status["slippage_kind"].tolist() == ["at_least", *["unknown"] * 4]
    both = steps(case, "2024Q1")
    assert both["slippage_kind"].tolist() == ["completed", "unknown"]


@pytest.mark.parametrize("end", [None, pd.NA, float("nan")])
def test_without_an_end_there_is_no_delay(end):
    said = found(("complete", "verified", date(2022, 6, 30)))
    assert slippage(end, said, date(2022, 12, 31)) == (None, "no_dates", None)


@pytest.mark.parametrize(
    ("day", "kind"),
    [(date(2022, 6, 29), "not_due"), (date(2022, 6, 30), "unknown"), (date(2022, 7, 1), "unknown")],
)
def test_until_the_end_nothing_is_due(day, kind):
    assert slippage("2022-06", found(), day) == (None, kind, None)
