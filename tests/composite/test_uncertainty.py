"""Monte Carlo, drop-one and Sobol: exact where the answer is known, equal to plain replays, the same from any order."""

import itertools

import numpy as np
import pandas as pd
import pytest

from ogp_analysis.errors import OgpAnalysisError, ParameterError
from ogp_analysis.stats.composite import (
    Choice,
    Noise,
    Span,
    build,
    drop_one,
    monte_carlo,
    recipe,
    sobol,
    sobol_indices,
    structure,
)
from ogp_analysis.stats.composite.replications import replicated

PLAIN = {
    "impute": {"method": "none"},
    "treat": {},
    "normalise": {"method": "minmax", "low": 1, "high": 100},
    "aggregate": {"method": "arithmetic"},
}
SCALES = Choice(
    "scale",
    ({"normalise": {"method": "minmax", "low": 1, "high": 100}}, {"normalise": {"method": "rank"}}),
)
MEANS = Choice.of("aggregate.method", ["arithmetic", "geometric", "harmonic"])
FILLING = Choice.of("impute.method", ["none", "median"])


@pytest.fixture
def run(districts, six):
    return build(districts, six, recipe(PLAIN))


@pytest.fixture
def salib():
    pytest.importorskip("SALib", reason="the extra 'composite' is not installed")


# ---------------------------------------------------------------- replications


def test_every_draw_is_a_plain_replay(run):
    choices = [SCALES, MEANS, FILLING, Choice.leaving_out(["c", "g2"])]
    sizes = [len(choice.options) for choice in choices]
    picks = list(itertools.product(*(range(size) for size in sizes)))
    u = np.array([[(at + 0.5) / size for at, size in zip(pick, sizes, strict=True)] for pick in picks])
    scores = replicated(run, choices, u, seed=0)
    for column, pick in enumerate(picks):
        changes = {}
        for choice, at in zip(choices, pick, strict=True):
            changes |= choice.options[at]
        np.testing.assert_array_equal(scores[:, column], run.replay(changes).index, err_msg=str(changes))


def test_a_draw_is_the_same_to_the_last_bit_whatever_is_drawn_with_it(run):
    choices = [SCALES, MEANS, Noise(0.3), Span("aggregate.share", 0.1, 0.6)]
    u = np.random.default_rng(5).random((300, 4))
    together = replicated(run, choices, u, seed=1)
    for at in (0, 17, 299):
        np.testing.assert_array_equal(replicated(run, choices, u[[at]], seed=1)[:, 0], together[:, at])


def test_noise_changes_each_weight_by_its_own_factor_within_the_spread(run):
    from ogp_analysis.stats.composite.choices import noise_factors

    factors = noise_factors(["a", "b"], seed=2, position=0, spread=0.25)
    assert abs(np.corrcoef(factors["a"], factors["b"])[0, 1]) < 0.1
    for one in factors.values():
        assert one.min() >= 0.75
        assert one.max() <= 1.25
        assert one.mean() == pytest.approx(1, abs=0.01)
    np.testing.assert_array_equal(noise_factors(["b"], 2, 0, 0.25)["b"], factors["b"])
    u = np.array([[0.4]])
    noisy = replicated(run, [Noise(0.25)], u, seed=2)[:, 0]
    every = noise_factors(run.structure.weights.index, 2, 0, 0.25)
    weights = {code: float(run.weights[code] * every[code][int(0.4 * 4096)]) for code in [*"abcdef", "g1", "g2"]}
    np.testing.assert_allclose(
        noisy, run.replay({"structure.weights": weights, "aggregate.share": 0}).index, rtol=1e-12
    )


def test_noise_does_not_decide_who_is_scored(run):
    # of d03 exactly two thirds of the first group are known: by noisy weights often less
    assert run.coverage.loc["d03", "g1"] == pytest.approx(2 / 3)
    assert monte_carlo(run, [Noise(0.9)], n=200).table["scored"].tolist() == [1.0] * 16


def test_noise_on_one_level_leaves_the_others(run):
    u = np.random.default_rng(0).random((20, 1))
    scores = replicated(run, [Noise(0.4, levels=(2,))], u, seed=0, target="g1")
    assert np.ptp(scores, axis=1).max() == 0
    assert np.ptp(replicated(run, [Noise(0.4, levels=(2,))], u, seed=0), axis=1).min() > 0


def test_a_combination_that_cannot_be_computed_is_named(run):
    scales = Choice("scale", ({"normalise": {"method": "zscore"}}, {"normalise": {"method": "rank"}}))
    with pytest.raises(OgpAnalysisError, match=r'"method": "zscore".*geometric|geometric.*"method": "zscore"'):
        monte_carlo(run, [scales, MEANS], n=50)


@pytest.mark.parametrize(
    ("choices", "says"),
    [
        ([], "no choices"),
        ([Choice("x", ())], "no options"),
        ([Noise(0.2), Noise(0.3)], "called 'weights'"),
        ([Noise(1.5)], "spread 1.5"),
        ([Span("aggregate.power", 1, 1)], "from 1 to 1"),
        ([Choice.of("normalise.low", [1, 2]), SCALES], "both set"),
        ([Choice.of("aggregate.method", ["x"], "one"), Choice.of("aggregate.method", ["y"], "two")], "both set"),
    ],
)
def test_choices_that_cannot_be_drawn_from(run, choices, says):
    with pytest.raises(ParameterError, match=says):
        monte_carlo(run, choices, n=10)


# ---------------------------------------------------------------- Monte Carlo


def test_without_any_real_choice_the_range_is_the_rank(run):
    found = monte_carlo(run, [Choice.of("normalise.high", [100, 100])], n=50).table
    for column in ("mean", "median", "low", "high"):
        assert found[column].tolist() == found["rank"].astype(float).tolist()
    assert sorted(found["lowest"]) == [0.0] * 12 + [1.0] * 4
    assert found.loc[found["lowest"] == 1, "rank"].tolist() == [rank for rank in found["rank"] if rank > 12]
    assert found.loc[found["highest"] == 1, "rank"].max() == 4


def test_the_table_is_that_of_the_draws_it_keeps(run):
    found = monte_carlo(run, [SCALES, MEANS, Noise(0.3)], n=400, seed=3, level=0.8)
    assert found.scores.shape == found.ranks.shape == (400, 16)
    for unit in run.raw.index:
        mine = found.ranks[unit]
        assert found.table.loc[unit, ["mean", "median", "low", "high"]].tolist() == pytest.approx(
            [mine.mean(), mine.median(), mine.quantile(0.1), mine.quantile(0.9)]
        )
        # in the lowest quarter of 16: fewer than four are lower still
        lower = found.scores.lt(found.scores[unit], axis=0).sum(axis=1)
        assert found.table.loc[unit, "lowest"] == pytest.approx((lower < 4).mean())
    shares = found.drawn["aggregate.method"].value_counts(normalize=True)
    assert shares.sub(1 / 3).abs().max() < 0.1


def test_probabilities_of_a_case_that_can_be_worked_out():
    # x is best under a, y under b; of three equally likely weightings one prefers x
    rows = [(code, 1, "top", 1, 1, "indicator", None) for code in "ab"] + [
        ("top", 2, *[None] * 3, "aggregate", None)
    ]
    names = ["code", "level", "parent", "direction", "weight", "type", "denominator"]
    table = pd.DataFrame({"a": [3.0, 1, 2, 0], "b": [1.0, 3, 2, 0]}, index=list("xyzw"))
    run = build(table, structure(pd.DataFrame(rows, columns=names)), recipe({"normalise": {}, "aggregate": {}}))
    choice = Choice.of("structure.weights", [{"a": 1, "b": 0}, {"a": 0, "b": 1}, {"a": 0, "b": 1}])
    found = monte_carlo(run, [choice], n=3000, seed=1).table
    assert found["highest"].tolist() == pytest.approx([1 / 3, 2 / 3, 0, 0], abs=0.03)
    assert found["lowest"].tolist() == [0, 0, 0, 1]
    assert found["mean"]["z"] == 2


def test_a_unit_that_is_scored_only_sometimes_says_how_often(districts, six):
    districts.loc["d09", ["a", "b"]] = np.nan
    run = build(districts, six, recipe(PLAIN))
    found = monte_carlo(run, [FILLING], n=400, seed=2)
    assert pd.isna(found.table.loc["d09", "rank"])
    assert found.table.loc["d09", "scored"] == pytest.approx(0.5, abs=0.1)
    assert found.table.loc["d09", "mean"] == found.ranks["d09"].mean()
    assert found.table.drop(index="d09")["scored"].min() == 1


def test_a_seed_gives_the_same_from_any_order_of_rows_and_columns(run, districts, six):
    choices = [SCALES, MEANS, FILLING, Noise(0.3)]
    first = monte_carlo(run, choices, n=60, seed=4)
    shuffled = districts.sample(frac=1, random_state=1).sample(frac=1, axis=1, random_state=1)
    second = monte_carlo(build(shuffled, six, recipe(PLAIN)), choices, n=60, seed=4)
    pd.testing.assert_frame_equal(first.ranks, second.ranks[first.ranks.columns])
    pd.testing.assert_frame_equal(first.table, second.table.reindex(first.table.index), rtol=1e-9)
    assert not first.scores.equals(monte_carlo(run, choices, n=60, seed=5).scores)


# ---------------------------------------------------------------- drop-one


def test_drop_one_is_a_replay_without_it(run):
    found = drop_one(run)
    assert found.ranks[""].tolist() == run.ranks["index"].tolist()
    for code in "abcdef":
        other = run.replay({"structure.without": [code]}).ranks["index"]
        assert found.ranks[code].tolist() == other.tolist()
        assert found.table.loc[code, "mean_shift"] == pytest.approx((other - run.ranks["index"]).abs().mean())
    assert list(drop_one(run, ["g1"]).table.index) == ["g1"]


def test_drop_one_keeps_what_was_left_out_before(run):
    found = drop_one(run.replay({"structure.without": ["a"]}))
    assert list(found.table.index) == list("bcdef")
    assert found.ranks["b"].tolist() == run.replay({"structure.without": ["a", "b"]}).ranks["index"].tolist()


# ---------------------------------------------------------------- Sobol


def test_ishigami_s_function(salib):
    # T. Ishigami and T. Homma 1990; indices in closed form for a = 7, b = 0.1
    a, b = 7.0, 0.1

    def output(u):
        x = np.pi * (2 * u - 1)
        return np.sin(x[:, 0]) + a * np.sin(x[:, 1]) ** 2 + b * x[:, 2] ** 4 * np.sin(x[:, 0])

    one, two, both = (1 + b * np.pi**4 / 5) ** 2 / 2, a**2 / 8, 8 * b**2 * np.pi**8 / 225
    whole = one + two + both
    found = sobol_indices(output, ["x1", "x2", "x3"], n=4096)
    assert found.table["first"].tolist() == pytest.approx([one / whole, two / whole, 0], abs=0.02)
    assert found.table["total"].tolist() == pytest.approx(
        [(one + both) / whole, two / whole, both / whole], abs=0.02
    )
    assert found.variance == pytest.approx(whole, rel=0.02)
    assert (found.table["total_low"] < found.table["total"]).all()
    assert found.calls == 4096 * 5


def test_a_sum_has_no_interactions_and_the_intervals_hold_it(salib):
    found = sobol_indices(lambda u: 3 * u[:, 0] + u[:, 1], ["x", "y"], n=1024).table
    assert found["first"].tolist() == pytest.approx([0.9, 0.1], abs=0.02)
    assert found["total"].tolist() == pytest.approx([0.9, 0.1], abs=0.02)
    for kind in ("first", "total"):
        assert (found[f"{kind}_low"] <= [0.92, 0.12]).all()
        assert (found[f"{kind}_high"] >= [0.88, 0.08]).all()


def test_a_choice_between_identical_options_has_exactly_nothing(salib, run):
    same = Choice("same", ({"treat.winsorise": 5}, {"treat.winsorise": 5}))
    found = sobol(run, [same, SCALES, MEANS, Noise(0.4)], n=64)
    assert found.table.loc["same"].tolist() == [0.0] * 6
    assert found.table.drop(index="same")["total"].min() > 0
    nothing = sobol(run, [same], n=16)
    assert nothing.table.to_numpy().tolist() == [[0.0] * 6]
    assert not nothing.varies


def test_a_single_choice_explains_everything(salib, run):
    found = sobol(run, [SCALES], n=256).table.loc["scale"]
    assert found["total"] == pytest.approx(1, abs=0.1)


def test_the_rank_of_one_unit(salib, run):
    same = Choice.of("treat.kurtosis", [3.5, 3.5])
    unit = (run.ranks["index"] - run.replay(SCALES.options[1]).ranks["index"]).abs().idxmax()
    found = sobol(run, [SCALES, same], n=64, unit=unit)
    assert found.varies
    assert found.table.loc["scale", "total"] > 0.5
    with pytest.raises(ParameterError, match="'nobody' is no unit"):
        sobol(run, [SCALES], n=64, unit="nobody")


def test_what_sobol_asks_for(salib, run):
    with pytest.raises(ParameterError, match="power of 2"):
        sobol(run, [SCALES], n=100)
