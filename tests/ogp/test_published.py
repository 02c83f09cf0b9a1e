"""OGP's own table of May 2015: what the reader and the rules make of it, against figures counted apart from them.

The counts were made with the csv module and plain loops, from the definitions.
"""

from __future__ import annotations

import pandas as pd
import pytest

from ogp_analysis.commitments import derived
from ogp_analysis.commitments.ladder import RUNGS, ladder
from ogp_analysis.commitments.process import (
    check_requirements,
    process_steps,
    requirement_sets,
    requirements,
    steps_score,
)
from ogp_analysis.commitments.published import check_published, star_rule
from ogp_analysis.commitments.rules import decide
from ogp_analysis.errors import ParameterError
from ogp_analysis.scales import scale
from ogp_analysis.sources.ogp import read_commitments, read_process

from .conftest import random_rows


def test_counts_of_2015(published_2015):
    table = published_2015
    assert len(table.commitments) == 1985
    assert int(table.commitments["assessed"].sum()) == 958
    assert table.commitments["member"].nunique() == 61
    counts = table.rated["specificity"].value_counts()
    assert (counts["none"] + counts["low"], counts["medium"], counts["high"]) == (272, 292, 394)
    completion = table.rated["completion_progress"].value_counts()
    assert completion[["not_started", "limited", "substantial", "complete"]].tolist() == [117, 319, 204, 271]
    assert completion[["no_evidence", "withdrawn", "NA", "NR"]].tolist() == [28, 18, 1, 1027]
    assert (table.tags["state"] == "tagged").sum() == 3577
    assert table.tags.loc[table.tags["state"] != "tagged", "row"].nunique() == 1  # one commitment of Peru


def test_disagreements_of_2015(published_2015):
    odd = published_2015.disagreements
    assert odd["column"].unique().tolist() == ["Projected Completion"]
    assert odd[["text", "code"]].drop_duplicates().to_numpy().tolist() == [["Withdrawn", "NA"]]
    assert len(odd) == 4
    assert published_2015.unreadable.empty


def test_stars_of_2015(published_2015):
    check = check_published(published_2015)
    summary = check.summary.set_index("rule")
    assert summary.loc["starred_founders", ["agree", "differ", "yes_published"]].tolist() == [175, 0, 118]
    assert summary.loc["starred_2014", ["agree", "differ", "yes_published"]].tolist() == [775, 8, 198]
    assert check.differing["member"].value_counts().to_dict() == {"El Salvador": 4, "Peru": 4}
    cases = published_2015.commitments.loc[check.differing["row"], "case_number"]
    assert sorted(cases) == ["459", "462", "463", "467", "771", "773", "784", "797"]
    # what the eight have in common: the reviewer could not tell the impact, or the completion, or it was withdrawn
    ratings = published_2015.rated.loc[check.differing["row"]]
    unclear = ratings["potential_impact"].eq("unclear") | ratings["completion_progress"].isin(
        ["no_evidence", "withdrawn"]
    )
    assert unclear.all()


def test_stars_of_one_rule_are_not_stars_of_another(published_2015):
    stars = {rule: int(decide(published_2015.rated, rule).sum()) for rule in ("starred_2014", "starred_current")}
    assert stars == {"starred_2014": 190, "starred_current": 68}


def test_binding_constraint_of_2015(published_2015):
    found = derived.binding_constraint(published_2015.rated)
    counts = found[published_2015.commitments["assessed"].fillna(False).astype(bool)].value_counts()
    gates = ["specificity", "relevance", "impact", "completion", "star", "NR"]
    assert counts[gates].tolist() == [272, 90, 294, 69, 68, 165]


def test_ladder_of_2015_against_plain_loops(published_2015):
    table = published_2015
    got = ladder(table).set_index(["member", "policy_area"])
    reached: dict[tuple[str, str], set[str]] = {}
    for row, area, state in table.tags.itertuples(index=False):
        if state != "tagged":
            continue
        ratings = table.rated.loc[row]
        key = (table.commitments.at[row, "member"], area)
        marks = reached.setdefault(key, set())
        marks.add("ca")
        if table.commitments.at[row, "assessed"]:
            marks.add("ir")
        if ratings["completion_progress"] in {"substantial", "complete"}:
            marks.add("c")
        if ratings["potential_impact"] in {"moderate", "transformative"}:
            marks.add("a")
    assert len(got) == 61 * 42
    for key, marks in reached.items():
        assert {rung for rung in RUNGS if got.at[key, rung]} == marks
        assert got.at[key, "rung"] == [rung for rung in RUNGS if rung in marks][-1]
        # no commitment of that edition was rated on whether it opened government
        assert got.at[key, "open_rungs"] >= 1
    assert (got["rung"] == "nc").sum() == 61 * 42 - len(reached)


def test_star_rule_is_for_2015_only(write):
    table = read_commitments(write("2024", random_rows("2024", 3)))
    with pytest.raises(ParameterError, match="star columns of edition 2024 name their rule"):
        star_rule(table)


def test_published_columns_of_2024_that_print_0_for_the_unrated(write):
    """A row that nobody rated is printed 0 in High Completion: it neither agrees nor differs."""
    unrated = random_rows("2024", 1)[0]
    for column in ("Completion (Progress Report)", "Completion (End Of Term)"):
        unrated[column] = "NR"
    unrated["High Completion"] = "0"
    wrong = random_rows("2024", 1)[0] | {"Completion (End Of Term)": "Complete", "High Completion": "0"}
    check = check_published(read_commitments(write("2024", [unrated, wrong])))
    own = check.summary.set_index("indicator").loc["high_completion"]
    assert own[["agree", "differ", "published_without_rating"]].tolist() == [0, 1, 1]
    found = check.differing[check.differing["indicator"] == "high_completion"]
    assert found[["row", "published", "by_rule"]].to_numpy().tolist() == [[3, "0", "1"]]


def test_steps_of_the_process(write):
    steps = list(process_steps())
    rows = random_rows("process-2016", 40)
    table = read_process(write("process-2016", rows))
    got = steps_score(table.rated)
    for place, (_, plan) in enumerate(table.rated.iterrows()):
        answers = [plan[step] for step in steps]
        assert got["taken"].iloc[place] == answers.count("yes")
        assert got["unanswered"].iloc[place] == 6 - answers.count("yes") - answers.count("no")
        assert pd.isna(got["score"].iloc[place]) == (got["unanswered"].iloc[place] > 0)


def test_minimum_requirements_by_hand():
    from datetime import date

    keys = [item.key for item in requirement_sets()["2022"].items]
    read = scale("requirement").read
    plans = {
        "all met": ["Yes"] * 6,
        "one failed, one open": ["Yes", "No", "NR", "Yes", "Yes", "Yes"],
        "one in progress": ["Yes", "In progress", "Yes", "Yes", "Yes", "Yes"],
        "nothing seen": ["NR"] * 6,
    }
    answers = pd.DataFrame(
        {key: read(pd.Series([plan[n] for plan in plans.values()])) for n, key in enumerate(keys)}
    )
    got = check_requirements(answers, "2022")
    assert got[["met", "failed", "open"]].to_numpy().tolist() == [[6, 0, 0], [4, 1, 1], [5, 0, 1], [0, 0, 6]]
    assert got["contrary_to_process"].tolist() == [False, True, pd.NA, pd.NA]
    old = pd.DataFrame(
        {
            "development": scale("iap2").read(pd.Series(["Involve", "Consult", "Involve"])),
            "implementation": scale("iap2").read(pd.Series(["Inform", "Inform", "NR"])),
        }
    )
    assert check_requirements(old, "2017")["contrary_to_process"].tolist() == [False, True, pd.NA]
    assert requirements(date(2021, 12, 31)).key == "2017"
    assert requirements(date(2022, 1, 1)).key == "2022"
    with pytest.raises(ParameterError, match="No minimum requirements are known for 2012-05-01"):
        requirements(date(2012, 5, 1))
    with pytest.raises(ParameterError, match="no set of requirements '2021'"):
        check_requirements(answers, "2021")
