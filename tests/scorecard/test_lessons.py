"""The lesson on scorecards: every run beside the first, worked out by hand, and made-up values that say so."""

from __future__ import annotations

import math

import pandas as pd
import pytest

from ogp_analysis.cli import main
from ogp_analysis.errors import ParameterError
from ogp_analysis.quarter import Quarter
from ogp_analysis.reports import scorecard_profile, tutorial
from ogp_analysis.reports.context import Report
from ogp_analysis.reports.small_counts import hidden_items
from ogp_analysis.scorecard import example, lessons, scorecard
from ogp_analysis.stats.composite import audit, build, recipe, structure

from .conftest import CARE, CODES, FORUM, PEOPLE, PER, both, entered, group, indicator, item, values, write_case

END = Quarter(2023, 4)
ONE = {"clinics": [1, 4, 2, 5], "hospitals": [2, 0, 4, 10]}


@pytest.fixture
def care(case_of):
    parts = [values(name, "2021", figures) for name, figures in ONE.items()]
    case = case_of(CARE, PEOPLE, *parts)
    return case, scorecard(case, END, "care")


def three(a, b, c, alone="c"):
    """An index of two groups: a and b, and c alone; more is better of each."""
    rows = [("index", 3, None), ("pair", 2, "index"), ("single", 2, "index")]
    rows += [(code, 1, "single" if code == alone else "pair") for code in ("a", "b", "c")]
    table = pd.DataFrame(rows, columns=["code", "level", "parent"]).assign(
        direction=[None, None, None, 1, 1, 1], weight=1, denominator=None
    )
    table["type"] = ["aggregate"] * 3 + ["indicator"] * 3
    data = pd.DataFrame({"a": a, "b": b, "c": c}, index=["x", "y", "z"], dtype="float64")
    steps = {"normalise": {"method": "minmax", "low": 1, "high": 100}, "aggregate": {"method": "arithmetic"}}
    return build(data, structure(table), recipe(steps))


def test_every_variant_changes_one_thing():
    run = three([0, 1, 2], [0, 2, 1], [4, 2, 0])
    found = lessons.variants(run)
    # a and b: 1, 50.5, 100 and 1, 100, 50.5, so the pair has 1, 75.25, 75.25; c alone: 100, 50.5, 1
    assert run.index.tolist() == pytest.approx([50.5, 62.875, 38.125])
    assert found["geometric"].scores["pair"].tolist() == pytest.approx([1, 5050**0.5, 5050**0.5])
    # the pair holds two of the three items: (2 * 1 + 100) / 3, (2 * 75.25 + 50.5) / 3, (2 * 75.25 + 1) / 3
    assert found["item_weights"].index.tolist() == pytest.approx([34, 67, 50.5])
    assert found["rank"].tables["normalise"]["a"].tolist() == [1.0, 2.0, 3.0]
    assert found["zscore"].tables["normalise"]["a"].mean() == pytest.approx(
        found["zscore"].tables["normalise"]["b"].mean()
    )
    assert found["outliers"].index.tolist() == pytest.approx(run.index.tolist())  # three values have no outliers


def test_how_far_ranks_moved():
    run = three([0, 1, 2], [0, 2, 1], [4, 2, 0])  # ranks 2, 1, 3
    again = lessons.moved(run, run.replay())
    assert (again.spearman, again.largest, again.units, again.ranked) == (1.0, 0, (), 3)
    other = lessons.moved(run, lessons.variants(run)["item_weights"])  # ranks 3, 1, 2
    assert (other.spearman, other.largest, set(other.units), other.ranked) == (0.5, 1, {"x", "z"}, 3)
    fewer = lessons.moved(run, lessons.unknown_unit(run, "y"))
    assert fewer.ranked == 2


def test_a_turned_item_is_turned_and_nothing_else():
    run = three([0, 1, 2], [0, 2, 1], [4, 2, 0])
    other = lessons.turned(run, "a")
    assert other.tables["normalise"]["a"].tolist() == [100, 50.5, 1]
    pd.testing.assert_series_equal(other.tables["normalise"]["b"], run.tables["normalise"]["b"])
    with pytest.raises(ParameterError, match="is no item of the structure"):
        lessons.turned(run, "pair")


def test_slips_do_what_they_say():
    run = three([0, 1, 2], [0, 2, 1], [4, 2, 0])
    before = run.raw.copy()
    assert "All units have the same value of 'a'" in lessons.equal_everywhere(run, "a")
    empty = lessons.unknown_unit(run, "z")
    assert math.isnan(empty.index["z"])
    zero = lessons.unknown_unit(run, "z", 0.0)
    # a: 0, 1, 0 is 1, 100, 1; b: 0, 2, 0 likewise; c: 4, 2, 0 as before
    assert zero.index.tolist() == pytest.approx([50.5, 75.25, 1])
    twins = lessons.copied(run, "a", "b")
    assert twins.raw["b"].tolist() == [0, 1, 2]
    assert audit(twins).parts.loc["a", "flag"] in ("same", "unknown")  # three units are too few to tell
    pd.testing.assert_frame_equal(run.raw, before)


def test_counts_that_nobody_divided(care):
    case, result = care
    counts = lessons.undivided(case, result)
    assert counts.raw["clinics"].tolist() == [1, 4, 2, 5]
    assert counts.raw["places"].tolist() == [3, 4, 6, 15]
    assert counts.index.idxmax() == CODES[3]  # the largest kecamatan
    name, base = lessons.base_of(case, result)
    assert (name, base.tolist()) == ("people", [10000, 20000, 40000, 50000])
    words = tutorial.base_words(result, Report("35_scorecard_tutorial", case, END, language("en")))
    # divided: 67, 67, 1, 67, so three share a rank: -1 / sqrt(3 * 5); counted: 1, 42.25, 25.75, 100: 1 - 6 * 2 / 60
    assert "−0.26 when its items are divided, 0.80 when they are not" in words


def language(code):
    from ogp_analysis.locale import get_language

    return get_language(code)


def test_items_that_are_filled_in_have_nothing_to_divide(case_of):
    rows = [entered("forum", code, at, "2022", at + at * (code == "minutes") % 3) for code in ("meetings", "minutes") for at in range(4)]  # fmt: skip
    case = case_of(FORUM, {"scorecard_values": rows})
    result = scorecard(case, END, "forum")
    assert result.run is not None
    assert lessons.undivided(case, result) is None
    assert lessons.base_of(case, result) is None
    page = Report("35_scorecard_tutorial", case, END, language("id"))
    assert tutorial.base_words(result, page) == "—"
    assert len(tutorial.slip_rows(result, page)) == 4


def test_made_up_values_are_marked_within_bounds_and_the_same_again(semarang):
    rows = example.illustrative_values(semarang, END, "openness", seed=7)
    assert set(rows["state"]) == {"illustrative"}
    assert rows["source_id"].isna().all()
    assert rows["evidence"].isna().all()
    pd.testing.assert_frame_equal(rows, example.illustrative_values(semarang, END, "openness", seed=7))
    assert not rows["value"].equals(example.illustrative_values(semarang, END, "openness", seed=8)["value"])
    items = semarang.table("scorecard_items").set_index(["scorecard_id", "code"]).loc["openness"]
    for code, own in rows.groupby("code")["value"]:
        assert own.between(items.at[code, "minimum"], items.at[code, "maximum"]).all()
        assert (own == own.round()).all()
    wide = rows.pivot_table(index="code_bps", columns="code", values="value")
    assert (wide["minutes"] <= wide["meetings"])[wide[["minutes", "meetings"]].notna().all(axis=1)].all()
    assert (wide["updated"] <= wide["documents"])[wide[["updated", "documents"]].notna().all(axis=1)].all()
    assert len(wide) == 15  # one kecamatan is unknown altogether


def test_made_up_values_stay_in_memory_and_leave_others_alone(semarang):
    made = example.with_values(semarang, example.illustrative_values(semarang, END, "openness"))
    assert semarang.table("scorecard_values").empty
    assert scorecard(made, END, "openness").illustrative
    assert not scorecard(made, END, "living").illustrative
    more = example.with_values(
        made, pd.DataFrame([{**made.table("scorecard_values").iloc[0], "scorecard_id": "x"}])
    )
    assert set(more.table("scorecard_values")["scorecard_id"]) == {"openness", "x"}


def test_the_lesson_s_tables_are_worked_out_by_hand(care):
    case, result = care
    page = Report("35_scorecard_tutorial", case, END, language("en"))
    rows = tutorial.structure_rows(result, page)
    assert rows[["item", "effective"]].to_numpy().tolist() == [["Clinics", 0.5], ["Places", 0.5]]
    found, columns = tutorial.step_rows(result, "values", page)
    assert columns["clinics"] == "Clinics (per 10,000 units)"
    assert found.set_index("name")["places"].to_dict() == {"Asem": 3, "Bambu": 2, "Cemara": 1.5, "Duku": 3}
    # clinics from 0.5 to 2: 1 is a third of the way, 1 + 99 / 3
    assert tutorial.worked_words(result, page) == (
        "By hand: Clinics, Asem: 1.0000; the lowest of all is 0.5000, the highest 2.0000. "
        "1 + 99 × (1.0000 − 0.5000) / (2.0000 − 0.5000) = 34.0."
    )
    index, _ = tutorial.step_rows(result, "index", page)
    # places from 1.5 to 3: 100, 34, 1, 100; clinics 34, 100, 1, 34; the mean of both
    assert index.set_index("name")["care"].round(6).to_dict() == {"Asem": 67, "Duku": 67, "Bambu": 67, "Cemara": 1}
    turned = tutorial.turned_rows(result, page)
    assert set(turned["item"]) == {"Clinics", "Places"}
    assert (turned["after"] != turned["before"]).all()


def test_a_group_with_a_small_count_of_persons_is_not_taken_for_the_steps(case_of):
    people = {"indicators": [indicator("ill", unit_en="cases", unit_id="kasus", **PER)]}
    more = {"scorecard_items": [item("care", "ill", "care", indicators="ill", direction=-1)]}
    counts = [values("clinics", "2021", [1, 4, 2, 5]), values("hospitals", "2021", [2, 0, 4, 10])]
    case = case_of(CARE, people, more, PEOPLE, *counts, values("ill", "2021", [3, 20, 30, 40]))
    result, page = scorecard(case, END, "care"), Report("35_scorecard_tutorial", case, END, language("en"))
    # with the total 93 known, one count of 3 needs a second one hidden
    assert hidden_items(result, case).sum().to_dict() == {"places": 0, "clinics": 0, "ill": 2}
    assert tutorial.shown_group(result, page) is None
    assert tutorial.worked_words(result, page) == "—"
    own = scorecard_profile.own_items(result, CODES[1], page).set_index("item")
    assert own.loc["Ill", ["value_text", "place_text"]].tolist() == ["Small count, not shown", "—"]
    assert own.loc["Clinics", ["value_text", "place_text"]].tolist() == ["2 per 10,000 units", "1 of 4"]


def test_without_salib_there_is_a_sentence_and_with_it_a_table(care, monkeypatch):
    case, result = care
    page = Report("35_scorecard_tutorial", case, END, language("en"))
    monkeypatch.setattr(tutorial, "find_spec", lambda name: None)
    assert tutorial.sobol_rows(result, page) is None
    monkeypatch.undo()
    pytest.importorskip("SALib")
    table = tutorial.sobol_rows(result, page)
    assert table["what"].tolist() == ["Scale with its mean", "One item left out", "Weights"]


def test_the_page_runs_for_a_case_with_nothing_to_teach(tmp_path):
    bare = write_case(tmp_path / "bare", PEOPLE, {"indicators": CARE["indicators"]})
    forum = [
        group("forum", "forum", 2),
        item("forum", "meetings", "forum", minimum=0, maximum=9, **both("unit", "x")),
    ]
    lone = write_case(tmp_path / "lone", {**FORUM, "scorecard_items": forum})
    for folder in (bare, lone):
        arguments = ["report", "--case", str(folder), "--notebook", "35_scorecard_tutorial", "--language", "en"]
        assert main([*arguments, "--out", str(tmp_path / "out")]) == 0
        page = tmp_path / f"out/{folder.name}/2023Q4/en/35_scorecard_tutorial/35_scorecard_tutorial.html"
        text = page.read_text(encoding="utf-8")
        assert "This lesson needs a scorecard with scores" in text
        assert "What an index does not prove" in text
        assert ("(illustrative values)" in text) == (folder is lone)


def test_the_page_marks_every_made_up_figure_and_no_other(tmp_path):
    assert main(["report", "--notebook", "35_scorecard_tutorial", "--language", "en", "--out", str(tmp_path)]) == 0
    page = tmp_path / "semarang/2023Q4/en/35_scorecard_tutorial/35_scorecard_tutorial.html"
    text = page.read_text(encoding="utf-8")
    at = text.index("Fill in a scorecard that has no figures yet: Openness in practice</h2>")
    first, rest = text[:at], text[at:]
    assert "illustrative values" not in first.split("</nav>")[-1].split("</style>")[-1]
    for title in ("what is known for which kecamatan", "ranks and their ranges", "rank by kecamatan (1 is best)"):
        assert f"Openness in practice: {title} (illustrative values)" in rest
    assert "Ranks, ranges and scores (illustrative values)" in rest
    index = (tmp_path / "semarang/2023Q4/index.html").read_text(encoding="utf-8")
    assert "Tutorial: build, question and break an index" in index
