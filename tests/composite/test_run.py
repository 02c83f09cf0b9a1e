"""Recipes kept and changed, runs replayed, compared and laid over periods; what a run says about itself."""

import json

import numpy as np
import pandas as pd
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from ogp_analysis.errors import ParameterError
from ogp_analysis.stats.composite import (
    aggregate,
    audit,
    build,
    build_panel,
    compare_runs,
    impute,
    normalise,
    profile,
    ranks,
    read_recipe,
    recipe,
    strengths,
    treat,
    weaknesses,
)

STEPS = {
    "screen": {"known": 0.5},
    "impute": {"method": "median"},
    "treat": {"winsorise": 3},
    "normalise": {"method": "minmax", "low": 1, "high": 100},
    "weigh": {"method": "equal"},
    "aggregate": {"method": ["arithmetic", "geometric"]},
}
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 5) | st.floats(-9, 9) | st.text("añ: -#'\"{}\n1", max_size=6),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text("ab1", max_size=3), inner, max_size=3),
    max_leaves=6,
)


@pytest.fixture
def run(districts, six):
    return build(districts, six, recipe(STEPS))


# ---------------------------------------------------------------- recipes


@settings(max_examples=50, deadline=None)
@given(st.dictionaries(st.sampled_from(["own", "method", "low"]), JSON), st.dictionaries(st.just("share"), JSON))
@example({}, {"share": 1e-06})
@example({"low": 1e22, "high": -0.0}, {})
@example({"own": {"33.74.01": {"method": "on"}}, "method": "1e5"}, {})
def test_a_recipe_survives_being_written_down(first, last):
    made = recipe({"normalise": first, "aggregate": last})
    assert read_recipe(made.text("yaml")) == read_recipe(made.text("json")) == made
    assert made["normalise"] == json.loads(json.dumps(first))


def test_nothing_changes_a_recipe_from_outside():
    chosen = {"method": "minmax", "own": {"a": {"method": "rank"}}}
    made = recipe({"normalise": chosen, "aggregate": {}})
    chosen["own"]["a"]["method"] = "zscore"
    made["normalise"]["own"]["a"]["method"] = "borda"
    assert made["normalise"]["own"]["a"]["method"] == "rank"


@pytest.mark.parametrize(
    ("steps", "says"),
    [
        ({"normalise": {}}, "lacks 'aggregate'"),
        ({"aggregate": {}, "normalise": {}}, "order"),
        ({"normalise": {}, "treat": {}, "aggregate": {}}, "order"),
        ({"treat": {}, "structure": {}, "normalise": {}, "aggregate": {}}, "order"),
        ({"normalize": {}, "aggregate": {}}, "Did you mean 'normalise'"),
        ({"normalise": {"mehtod": 1}, "aggregate": {}}, "Did you mean 'method'"),
        ({"normalise": "minmax", "aggregate": {}}, "Give a mapping"),
        ({"normalise": {"low": float("nan")}, "aggregate": {}}, "cannot be written down"),
        ({"normalise": {"own": {1, 2}}, "aggregate": {}}, "cannot be written down"),
    ],
)
def test_recipes_that_cannot_be_followed(steps, says):
    with pytest.raises(ParameterError, match=says):
        recipe(steps)


@pytest.mark.parametrize("text", ["", "format: 2\nsteps: []", "format: 1", "a: [", "format: 1\nsteps: [1]",
                                  "format: 1\nsteps:\n- normalise: {}\n- normalise: {}\n- aggregate: {}"])  # fmt: skip
def test_what_is_no_recipe(text):
    with pytest.raises(ParameterError):
        read_recipe(text)


def test_changes_go_to_steps_that_are_there(run):
    with pytest.raises(ParameterError, match="has no step 'denominate'"):
        run.replay({"denominate.per": 5})
    with pytest.raises(ParameterError, match="Did you mean 'winsorise'"):
        run.replay({"treat.winsorize": 5})
    with pytest.raises(ParameterError, match="Give a mapping"):
        run.replay({"treat": 5})


# ---------------------------------------------------------------- runs


def test_a_run_is_its_steps_one_after_another(run, districts, six):
    filled = impute(districts[list(six.indicators)], "median").data
    treated = treat(filled, winsorise=3).data
    scaled = normalise(treated, six, "minmax", low=1, high=100)
    made = aggregate(scaled, six, ["arithmetic", "geometric"], weights=dict.fromkeys("abcdef", 1.0))
    pd.testing.assert_frame_equal(run.scores, made.scores)
    pd.testing.assert_frame_equal(run.tables["treat"], treated)
    assert list(run.tables) == ["raw", "screen", "impute", "treat", "normalise"]
    assert run.index.name == "index"


def test_the_log_names_every_cell_that_changed(run, districts):
    filled = run.log[run.log["step"] == "impute"]
    assert sorted(zip(filled["unit"], filled["code"], strict=True)) == [("d03", "b"), ("d11", "e")]
    assert filled["before"].isna().all()
    assert filled.set_index("code")["after"]["b"] == pytest.approx(districts["b"].median())
    treated = run.log[run.log["step"] == "treat"].set_index(["unit", "code"])
    assert treated.loc[("d05", "c"), "before"] == 60
    assert treated.loc[("d05", "c"), "after"] < 60
    assert len(run.log) == len(filled) + len(treated)


def test_notes_are_codes_with_what_they_are_about(run):
    notes = {note.code: note for note in run.notes}
    assert notes["values_filled"].about == ("b", "e")
    assert notes["values_filled"].numbers == {"filled": 2, "cells": 96}
    assert "c" in notes["indicators_winsorised"].about + notes.get("indicators_log", notes["values_filled"]).about
    assert notes["few_units"].numbers == {"units": 16}


def test_units_that_are_screened_out_are_named_and_have_no_score(districts, six):
    districts.loc["d09", ["a", "b", "c", "d"]] = np.nan
    found = build(districts, six, recipe(STEPS))
    assert "d09" not in found.scores.index
    assert [note.about for note in found.notes if note.code == "units_left_out"] == [("d09",)]
    assert found.log.iloc[0][["step", "unit"]].tolist() == ["screen", "d09"]


def test_a_unit_with_too_little_has_no_score_and_no_rank(districts, six):
    districts.loc["d09", ["a", "b"]] = np.nan
    plain = recipe({"normalise": {}, "aggregate": {"share": 0.6}})
    found = build(districts, six, plain)
    assert np.isnan(found.index["d09"])
    assert found.results["rank"].isna().sum() == 1
    assert found.results.index[-1] == "d09"
    assert found.coverage.loc["d09", "index"] == pytest.approx((1 / 3 + 1) / 2)
    assert [note.about for note in found.notes if note.code == "units_without_score"] == [("d09",)]


def test_replay_changes_one_thing_and_leaves_the_run_alone(run):
    before = run.scores.copy()
    other = run.replay({"normalise": {"method": "percentile"}, "aggregate.method": "arithmetic"})
    pd.testing.assert_frame_equal(run.scores, before)
    assert other.recipe["normalise"] == {"method": "percentile"}
    pd.testing.assert_frame_equal(run.replay().scores, before)
    without = run.replay({"structure.without": ["c"]})
    assert without.structure.indicators == ("a", "b", "d", "e", "f")
    assert without.replay({"structure.without": []}).structure.indicators == run.structure.indicators
    heavy = run.replay({"weigh.method": "given", "structure.weights": {"a": 5}})
    assert heavy.weights["a"] == 5


def test_weights_can_come_from_the_data(run):
    found = run.replay({"weigh": {"method": "optimised", "level": 2}, "aggregate.method": "arithmetic"})
    assert found.weights[["g1", "g2"]].sum() == pytest.approx(1)
    assert run.replay({"weigh.method": "pca"}).weights[["a", "b", "c"]].sum() == pytest.approx(1)


def test_groups_of_units_for_imputation(districts, six):
    from ogp_analysis.stats.composite import structure

    table = six.table.reset_index(names="code").astype(object)
    table.loc[len(table)] = {"code": "coast", "type": "group"}
    frame = structure(table.where(table.notna(), None))
    districts["coast"] = ["north"] * 8 + ["south"] * 8
    steps = {"impute": {"method": "group_mean", "groups": "coast"}, "normalise": {}, "aggregate": {}}
    found = build(districts, frame, recipe(steps))
    assert found.tables["impute"].loc["d03", "b"] == pytest.approx(districts["b"].iloc[:8].mean())
    steps["impute"]["groups"] = "cost"
    with pytest.raises(ParameterError, match="Did you mean 'coast'"):
        build(districts, frame, recipe(steps))


def test_neither_order_of_rows_nor_of_columns_nor_of_codes_matters(run, districts, six):
    from ogp_analysis.stats.composite import structure

    shuffled = districts.sample(frac=1, random_state=2).sample(frac=1, axis=1, random_state=3)
    frame = structure(six.table.reset_index(names="code").sample(frac=1, random_state=4))
    other = build(shuffled, frame, recipe(STEPS))
    # bounds and medians do not hang on the order, so that not even the last bit may differ
    pd.testing.assert_frame_equal(run.scores, other.scores.reindex(run.scores.index), check_exact=True)
    pd.testing.assert_frame_equal(run.ranks, other.ranks.reindex(run.ranks.index))


def test_ranks_go_by_unrounded_scores_and_equals_share_the_better_one():
    scores = pd.Series([1.0, 1.0 + 1e-12, 0.5, 1.0, np.nan], index=list("abcde"))
    assert ranks(scores).tolist()[:4] == [2, 1, 4, 2]
    assert pd.isna(ranks(scores)["e"])


def test_rounding_of_the_computer_does_not_part_equals():
    full = pd.Series([7.0, (1 * 7 + 0.8 * 7) / 1.8, 6.999])
    assert full[0] != full[1]  # or this test says nothing
    assert ranks(full).tolist() == [1, 1, 3]
    assert ranks(-full).tolist() == [2, 2, 1]


# ---------------------------------------------------------------- other sides of a run


def test_strengths_and_weaknesses_are_on_their_side_of_the_median(run, districts):
    table = profile(run, "d00")
    scaled = run.tables["normalise"]
    for code, row in table.iterrows():
        assert row["rank"] == 1 + (scaled[code] > scaled.loc["d00", code]).sum()
        assert row["value"] == districts.loc["d00", code]
    assert table["weight"].sum() == pytest.approx(1)
    strong, weak = strengths(run, "d00", n=6), weaknesses(run, "d00", n=6)
    assert not set(strong.index) & set(weak.index)
    assert (strong["above_median"] > 0).all()
    assert strong["rank"].is_monotonic_increasing
    assert weak["rank"].is_monotonic_decreasing
    with pytest.raises(ParameterError, match="'d99' is not scored"):
        profile(run, "d99")
    assert profile(run, "d00", level=2)["value"].isna().all()


def test_comparison_says_what_was_done_otherwise_and_who_moved(run, districts):
    other = run.replay({"normalise.high": 10, "aggregate.method": "arithmetic"})
    found = compare_runs(run, other)
    assert found.moved == ("method",)
    assert found.recipe.set_index("address").to_dict("index") == {
        "normalise.high": {"a": 100, "b": 10},
        "aggregate.method": {"a": ["arithmetic", "geometric"], "b": "arithmetic"},
    }
    gap = run.ranks["index"] - other.ranks["index"]
    assert found.table["change"].tolist() == gap.tolist()
    assert found.agreement.mean_shift == pytest.approx(gap.abs().mean())
    assert compare_runs(run, run).moved == ()
    assert compare_runs(run, run).agreement.same == 1
    fewer = run.replay(raw=districts.drop(index="d00"))
    assert compare_runs(run, fewer).moved == ("units",)
    assert pd.isna(compare_runs(run, fewer).table.loc["d00", "change"])
    assert compare_runs(run, run.replay(raw=districts * 2)).moved == ("data",)


@settings(deadline=None)
@given(st.lists(st.tuples(st.integers(0, 6), st.integers(0, 6)), min_size=3, max_size=15))
def test_rank_agreement_is_that_of_scipy(pairs):
    from scipy.stats import kendalltau, spearmanr

    from ogp_analysis.stats.composite import agreement

    x, y = (pd.Series(part) for part in zip(*pairs, strict=True))
    found = agreement(x, y)
    if x.nunique() > 1 and y.nunique() > 1:
        assert found.spearman == pytest.approx(spearmanr(x, y).statistic, abs=1e-12)
        assert found.kendall == pytest.approx(kendalltau(x, y).statistic, abs=1e-12)
    else:
        assert np.isnan(found.spearman)


def test_the_audit_finds_what_was_hidden(shape):
    draw = np.random.default_rng(1)
    good = draw.normal(size=200)
    table = pd.DataFrame(
        {
            "twin": good + draw.normal(scale=0.05, size=200),
            "same": good,
            "against": -good + draw.normal(scale=0.3, size=200),
            "noise": draw.normal(size=200),
            "fair": good + draw.normal(size=200),
        }
    )
    frame = shape({"g": ["twin", "same", "against", "fair"], "h": ["noise"]})
    found = audit(build(table, frame, recipe({"normalise": {"method": "zscore"}, "aggregate": {}})))
    assert found.parts["flag"][["twin", "same", "against", "fair"]].tolist() == ["same", "same", "against", "fair"]
    pairs = found.pairs.set_index(["first", "second"])
    assert pairs.loc[("same", "twin"), "flag"] == "same"
    assert pairs.loc[("against", "same"), "correlation"] == pytest.approx(
        np.corrcoef(-good, -table["against"])[0, 1]
    )
    assert found.groups.loc["g", ["parts", "n"]].tolist() == [4, 200]


# ---------------------------------------------------------------- periods


def test_one_scale_for_all_periods_shows_growth_and_one_each_does_not(districts, six):
    steps = recipe({"normalise": {"method": "minmax"}, "aggregate": {"share": 0}})
    years = {"2021": districts, "2022": districts * 2}
    both = build_panel(years, six, steps)
    least, most = districts.min(), (districts * 2).max()
    expected = (districts["a"] - least["a"]) / (most["a"] - least["a"]) * 100
    np.testing.assert_allclose(both.runs["2021"].tables["normalise"]["a"], expected)
    assert both.comparable
    each = build_panel(years, six, steps, "each")
    np.testing.assert_allclose(each.scores["2021"], each.scores["2022"])
    assert not each.comparable
    first = build_panel(years, six, steps, "2021")
    np.testing.assert_allclose(first.scores["2021"], each.scores["2021"])
    assert first.runs["2022"].tables["normalise"]["a"].max() > 100
    with pytest.raises(ParameterError, match="'2020' is neither"):
        build_panel(years, six, steps, "2020")


def test_bounds_from_other_data_are_told(districts, six):
    """The scores of a period move with the data of another one, where both share a scale."""
    steps = recipe({"normalise": {}, "aggregate": {}})
    first = six.indicators[0]
    higher = districts.assign(**{first: 3 * districts[first]})
    one, same, other = (
        build_panel({1: districts, 2: second}, six, steps).runs[1]
        for second in (districts, districts[::-1], higher)
    )
    assert not one.index.equals(other.index)
    assert compare_runs(one, other).moved == ("data",)
    assert compare_runs(one, same).moved == ()


def test_groups_are_compared_by_their_values(run):
    first, second = (
        run.replay(raw=run.raw.assign(side=pd.Categorical(["a"] * (len(run.raw) - 1) + [last]))) for last in "ab"
    )
    assert compare_runs(first, second).moved == ("data",)
    assert compare_runs(first, first).moved == ()


def test_a_run_on_other_bounds_replays_on_them(districts, six):
    steps = recipe({"normalise": {"method": "minmax"}, "aggregate": {"share": 0}})
    panel = build_panel({1: districts, 2: districts * 2}, six, steps)
    again = panel.runs[1].replay({"aggregate.method": "arithmetic"})
    pd.testing.assert_frame_equal(again.scores, panel.runs[1].scores)
