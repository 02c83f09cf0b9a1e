"""A plan as it runs, on a copy of the case with made-up progress: dates and states worked out by hand."""

from __future__ import annotations

import csv
import shutil
from pathlib import Path

import pandas as pd
import pytest

from ogp_analysis import commitments
from ogp_analysis.case import Case, load_case
from ogp_analysis.quarter import Quarter

RAW = Path(__file__).parents[2] / "data" / "raw" / "semarang"
Rows = list[dict[str, str]]


def table(folder: Path, name: str) -> tuple[list[str], Rows]:
    with (folder / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        return list(reader.fieldnames or []), list(reader)


def source_of(kind: str) -> str:
    return "test-" + kind.replace("_", "-")


def save(folder: Path, name: str, columns: list[str], rows: Rows) -> None:
    with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns, lineterminator="\n", restval="")
        writer.writeheader()
        writer.writerows(rows)


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """The case with three made-up sources and two dated milestones of the first commitment; no progress yet."""
    folder = tmp_path / "semarang"
    shutil.copytree(RAW, folder)
    columns, rows = table(folder, "sources")
    for kind in ("government", "press", "monitoring_body"):
        rows.append(
            {"source_id": f"test-{kind.replace('_', '-')}", "publisher": "made up for a test", "kind": kind}
        )
    save(folder, "sources", columns, rows)
    columns, rows = table(folder, "milestones")
    for number, (start, end) in enumerate([("2021-08", "2022-06"), ("2022-07", "2023-06")], start=1):
        rows.append(
            {
                "commitment_key": "IDSMG0001", "milestone_no": str(number), "text_en": "a step", "text_id": "langkah",
                "start": start, "end": end, "source_id": "test-government", "confidence": "high",
            }
        )  # fmt: skip
    save(folder, "milestones", columns, rows)
    columns, _ = table(folder, "progress")
    save(folder, "progress", columns, [])
    return folder


def with_progress(folder: Path, *findings: tuple[str, str, str, str]) -> Case:
    """Findings are milestone number, date, status and kind of source."""
    columns, _ = table(folder, "progress")
    rows = [
        {
            "commitment_key": "IDSMG0001", "milestone_no": number, "date": date, "claimed_status": status,
            "finding_en": "made up", "finding_id": "dibuat untuk uji", "source_id": source_of(kind),
            "confidence": "high",
        }
        for number, date, status, kind in findings
    ]  # fmt: skip
    save(folder, "progress", columns, rows)
    return load_case(folder)


def first(case: Case, quarter: str) -> pd.Series:
    return commitments.commitment_status(case, Quarter.parse(quarter)).set_index("commitment_id").loc["IDSMG0001"]


def test_planned_progress_goes_by_dated_milestones_then_by_time(copy):
    case = with_progress(copy)
    status = commitments.commitment_status(case, Quarter(2022, 2)).set_index("commitment_id")
    own = status.loc["IDSMG0001"]
    assert (own["planned"], own["planned_basis"], own["milestones_due"]) == (0.5, "milestones", 1)
    # the others date no milestone: 1 August 2021 to 30 June 2022 are 334 of 883 days
    other = status.loc["IDSMG0002"]
    assert other["planned_basis"] == "time"
    assert other["planned"] == pytest.approx(334 / 883)
    steps = commitments.milestone_status(case, Quarter(2022, 2)).query("commitment_key == 'IDSMG0001'")
    assert steps["planned"].tolist() == ["due", "not_begun"]
    assert steps["state"].tolist() == ["no_evidence", "no_evidence"]


@pytest.mark.parametrize(
    ("kind", "state"), [("government", "claimed"), ("press", "claimed"), ("monitoring_body", "verified")]
)
def test_only_others_verify(copy, kind, state):
    case = with_progress(copy, ("", "2022-09-30", "Substantial", kind))
    own = first(case, "2022Q3")
    assert own["state"] == state
    assert own[state] == "substantial"
    assert own[f"{state}_source_id"] == f"test-{kind.replace('_', '-')}"
    assert pd.isna(own["claimed" if state == "verified" else "verified"])
    # the day before it was not known
    assert first(case, "2022Q2")["state"] == "no_evidence"


def test_a_claim_stays_beside_what_is_verified(copy):
    case = with_progress(
        copy, ("", "2022-03", "Complete", "government"), ("", "2022-09", "Limited", "monitoring_body")
    )
    own = first(case, "2022Q4")
    assert (own["claimed"], own["verified"], own["state"]) == ("complete", "limited", "verified")
    assert (own["claimed_date"], own["verified_date"]) == ("2022-03", "2022-09")


def test_the_latest_finding_counts_whatever_the_order_of_the_rows(copy):
    findings = [("", "2022-09", "Substantial", "government"), ("", "2022-03", "Limited", "government")]
    for order in (findings, findings[::-1]):
        assert first(with_progress(copy, *order), "2022Q4")["claimed"] == "substantial"


def test_undated_findings_belong_to_no_quarter(copy):
    case = with_progress(copy, ("", "", "Complete", "government"))
    assert first(case, "2023Q4")["state"] == "no_evidence"


def test_evidence_without_a_status(copy):
    assert first(with_progress(copy, ("", "2022-09", "", "press")), "2022Q4")["state"] == "evidence"


def test_milestones_count_for_themselves(copy):
    case = with_progress(copy, ("1", "2022-07-10", "Complete", "government"), ("2", "2023-01", "", "press"))
    own = first(case, "2022Q4")
    assert (own["milestones_claimed"], own["milestones_verified"]) == (1, 0)
    assert own["state"] == "evidence", "a milestone's status is not the commitment's"
    steps = commitments.milestone_status(case, Quarter(2023, 1)).query("commitment_key == 'IDSMG0001'")
    assert steps["state"].tolist() == ["claimed", "evidence"]
    assert steps["slippage_days"].tolist() == [10, pd.NA]  # due 30 June, claimed 10 July
    assert steps["slippage_kind"].tolist() == ["completed", "not_due"]


def test_slippage_of_a_commitment(copy):
    case = with_progress(
        copy,
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


def test_silence_is_not_lateness(copy):
    own = first(with_progress(copy, ("", "2023-06", "Limited", "government")), "2025Q1")
    assert own["slippage_kind"] == "unknown"
    assert pd.isna(own["slippage_days"])
    # 30 June 2023 to 31 March 2025
    assert own["days_since_evidence"] == 640


def test_before_it_begins_a_commitment_is_not_without_evidence(copy):
    columns, rows = table(copy, "commitments")
    for row in rows:
        if row["commitment_id"] == "IDSMG0002":
            row["start"] = "2023-01"
    save(copy, "commitments", columns, rows)
    status = commitments.commitment_status(with_progress(copy), Quarter(2022, 4)).set_index("commitment_id")
    assert status.loc["IDSMG0002", "state"] == "not_begun"
    assert status.loc["IDSMG0001", "state"] == "no_evidence"


def test_states_by_quarter(copy):
    case = with_progress(
        copy, ("", "2022-09", "Limited", "government"), ("", "2023-03", "Complete", "monitoring_body")
    )
    long = commitments.status_by_quarter(
        case, [Quarter(2021, 1), Quarter(2022, 2), Quarter(2022, 3), Quarter(2023, 1)]
    )
    own = long[long["commitment_key"] == "IDSMG0001"].set_index("quarter")["state"]
    # before July 2021 there is no plan
    assert own.to_dict() == {"2022Q2": "no_evidence", "2022Q3": "claimed", "2023Q1": "verified"}


def test_an_assessor_verifies(copy):
    columns, rows = table(copy, "assessments")
    rows.append(
        {
            "commitment_key": "IDSMG0001", "instrument": "End-of-commitment assessment", "assessor": "monitoring body",
            "variable": "completion", "label": "Substantial", "date": "2024-01-20", "source_id": "test-monitoring-body",
        }
    )  # fmt: skip
    save(copy, "assessments", columns, rows)
    case = with_progress(copy)
    assert first(case, "2023Q4")["state"] == "no_evidence"
    own = first(case, "2024Q1")
    assert (own["state"], own["verified"]) == ("verified", "substantial")
    duties = commitments.assessment_duties(case, Quarter(2024, 1))
    ends = duties[duties["duty"] == "end_of_commitment"].set_index("commitment_key")
    assert ends.loc["IDSMG0001", ["status", "detail"]].tolist() == ["met", "on_time"]
    assert ends.loc["IDSMG0002", ["status", "detail"]].tolist() == ["unknown", "nothing_found"]


def test_a_government_that_rates_itself_verifies_nothing(copy):
    columns, rows = table(copy, "assessments")
    rows.append(
        {
            "commitment_key": "IDSMG0001", "instrument": "Self-assessment", "assessor": "city", "label": "Complete",
            "variable": "completion", "date": "2023-01-20", "source_id": "test-government",
        }
    )  # fmt: skip
    save(copy, "assessments", columns, rows)
    own = first(with_progress(copy), "2023Q1")
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
def test_inception_assessment(copy, dated, report, quarter, want):
    """Due on 30 September 2021, two months after the plan was submitted."""
    columns, rows = table(copy, "sources")
    for row in rows:
        if row["source_id"] == "test-press":
            row["date"] = dated
    save(copy, "sources", columns, rows)
    columns, rows = table(copy, "plans")
    rows[0] |= {"inception_report": report, "inception_source_id": "test-press", "source_id": "test-press"}
    save(copy, "plans", columns, rows)
    duty = commitments.assessment_duties(with_progress(copy), Quarter.parse(quarter)).iloc[0]
    assert duty[["status", "detail"]].tolist() == want
