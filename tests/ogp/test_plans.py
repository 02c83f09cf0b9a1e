"""One plan among others, and the process beside what came of it: against plain loops."""

from __future__ import annotations

import pandas as pd
import pytest

from ogp_analysis.commitments.plans import plan_rates, plan_standing, process_link
from ogp_analysis.errors import ParameterError
from ogp_analysis.scales import STATES
from ogp_analysis.sources.ogp import read_commitments, read_process
from ogp_analysis.sources.ogp.editions import editions

from .conftest import random_rows


@pytest.fixture
def table(write):
    own = editions()["2024"]
    rows = random_rows("2024", 140, seed=5)
    for number, row in enumerate(rows):
        member = number % 7
        row |= {
            own.fields["plan_number"]: str(1 + number % 2),
            own.fields["year"]: str(2014 + member % 3),
            own.fields["region"]: "Americas" if member < 3 else "Europe",
            own.fields["level"]: "National" if member < 6 else "Legacy Local",
        }
    return read_commitments(write("2024", rows))


def completed(table) -> dict[str, tuple[int, int]]:
    out: dict[str, tuple[int, int]] = {}
    for row in table.rated.index:
        end, progress = table.rated.loc[row, ["completion_end", "completion_progress"]]
        label = end if end not in STATES else progress
        if label not in STATES:
            plan = table.commitments.at[row, "plan"]
            count, total = out.get(plan, (0, 0))
            out[plan] = (count + (label in {"substantial", "complete"}), total + 1)
    return out


def test_rates_of_plans(table):
    rates = plan_rates(table, "high_completion")
    assert {plan: tuple(row) for plan, row in rates[["count", "total"]].iterrows() if row["total"]} == completed(
        table
    )
    assert (rates["total"] + rates["undecided"]).to_dict() == table.commitments["plan"].value_counts().to_dict()
    assert rates.loc["Member 6 1", ["member", "level"]].tolist() == ["Member 6", "Legacy Local"]


@pytest.mark.parametrize(
    ("group", "others"),
    [
        ("all", {f"Member {m} {n}" for m in range(7) for n in (1, 2)} - {"Member 0 1"}),
        ("member", {"Member 0 2"}),
        ("year", {"Member 0 2", "Member 3 1", "Member 3 2", "Member 6 1", "Member 6 2"}),
        ("region", {f"Member {m} {n}" for m in range(3) for n in (1, 2)} - {"Member 0 1"}),
        ("level", {f"Member {m} {n}" for m in range(6) for n in (1, 2)} - {"Member 0 1"}),
    ],
)
def test_a_plan_is_set_against_the_plans_of_its_group(table, group, others):
    rates = completed(table)
    place = plan_standing(table, "high_completion", "Member 0 1", group=group)
    assert place.size == len(others)
    own = rates["Member 0 1"][0] / rates["Member 0 1"][1]
    shares = [rates[plan][0] / rates[plan][1] for plan in others]
    below = sum(share < own for share in shares) + 0.5 * sum(share == own for share in shares)
    assert place.raw == pytest.approx(100 * below / len(shares))
    assert place.low <= place.median <= place.high


def test_what_cannot_be_compared_is_refused(table, write):
    with pytest.raises(ParameterError, match="knows no plan 'Member 0'"):
        plan_standing(table, "high_completion", "Member 0")
    with pytest.raises(ParameterError, match="no group 'country'"):
        plan_standing(table, "high_completion", "Member 0 1", group="country")
    old = read_commitments(write("2015-05", random_rows("2015-05", 30), name="old.csv"))
    with pytest.raises(ParameterError, match="does not say the region"):
        plan_standing(old, "high_completion", old.commitments["plan"].iloc[0], group="region")


def test_process_beside_ratings(table, write):
    own = editions()["process-2016"]
    rows = random_rows("process-2016", 14, seed=2)
    for number, row in enumerate(rows):
        row |= {own.fields["member"]: f"Member {number // 2}", own.fields["plan_number"]: str(1 + number % 2)}
    process = read_process(write("process-2016", rows[:-1], name="process.csv"))  # the last plan is missing
    found = process_link(table, process, "iap2_development", "completion")
    assessed = table.commitments["assessed"].fillna(True).astype(bool)
    missing = table.commitments["plan"].eq("Member 6 2") & assessed
    assert found.unmatched == (("Member 6 2",) if missing.any() else ())
    level = dict(zip(process.plans["plan"], process.rated["iap2_development"], strict=True))
    want: dict[tuple[str, str], int] = {}
    for row in table.rated.index:
        end, progress = table.rated.loc[row, ["completion_end", "completion_progress"]]
        label = end if end not in STATES else progress
        plan = table.commitments.at[row, "plan"]
        if label not in STATES and level.get(plan, "NR") not in STATES:
            want[level[plan], label] = want.get((level[plan], label), 0) + 1
    cells = {(a, b): int(found.table.loc[a, b]) for a in found.table.index for b in found.table.columns}
    assert {pair: number for pair, number in cells.items() if number} == want
    assert found.table.to_numpy().sum() == found.link.n + found.link.dropped
    assert list(found.table.index) == [
        key for key in ("inform", "consult", "involve", "collaborate") if key in found.table.index
    ]
    with pytest.raises(ParameterError, match="no question 'iap2'"):
        process_link(table, process, "iap2", "completion")
    with pytest.raises(ParameterError, match="no rating 'complete'"):
        process_link(table, process, "iap2_development", "complete")


def test_plans_without_a_number_are_linked_to_nothing(write):
    own, steps = editions()["2024"], editions()["process-2016"]
    rows = random_rows("2024", 6)
    rows[5][own.fields["plan_number"]] = "NR"
    answers = random_rows("process-2016", 2)
    for row in answers:
        row[steps.fields["member"]] = "Member 0"
    answers[1][steps.fields["plan_number"]] = "NR"
    table = read_commitments(write("2024", rows))
    found = process_link(table, read_process(write("process-2016", answers, name="p.csv")), "forum", "specificity")
    assert None not in found.unmatched
    assert found.table.to_numpy().sum() <= 1, "only the plan 'Member 0 1' stands in both"


def test_tables_that_share_no_plan_are_refused(table, write):
    process = read_process(write("process-2016", random_rows("process-2016", 2), name="process.csv"))
    renamed = pd.Series(["Nowhere 1", "Nowhere 2"], index=process.plans.index)
    process.plans["plan"] = renamed
    with pytest.raises(ParameterError, match="No plan stands in both tables"):
        process_link(table, process, "forum", "completion")
