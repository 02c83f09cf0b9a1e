"""The wild cluster bootstrap beside a plain one that refits the regression for every pattern of signs."""

from itertools import product

import numpy as np
import pandas as pd
import pytest

from ogp_analysis.errors import ParameterError
from ogp_analysis.stats.effects.bootstrap import wild_cluster_bootstrap


@pytest.fixture
def table():
    random = np.random.default_rng(1)
    rows = pd.DataFrame([(unit, time) for unit in range(8) for time in range(5)], columns=["unit", "time"])
    rows["d"] = ((rows["unit"] < 3) & (rows["time"] >= 3)).astype(float)
    rows["early"] = ((rows["unit"] < 3) & (rows["time"] == 1)).astype(float)
    rows["x"] = random.normal(size=len(rows))
    rows["y"] = 0.3 * rows["unit"] + 0.2 * rows["time"] + rows["d"] + random.normal(size=len(rows))
    rows["across"] = rows["time"] + 5 * (rows["unit"] % 2)
    return rows.sample(frac=0.9, random_state=1)


def refit(table, tested, null, cluster, absorb=("unit", "time"), others=("x",)):
    """All 2^G patterns, each with its own regression on explicit dummies."""
    dummies = [(table[name] == value).to_numpy(float) for name in absorb for value in sorted(set(table[name]))[1:]]
    rest = np.column_stack([np.ones(len(table)), *(table[name] for name in others), *dummies])
    full = np.column_stack([table[tested], rest])
    y = table["y"].to_numpy() - table[tested].to_numpy() @ np.full(len(tested), null)
    fitted = rest @ np.linalg.lstsq(rest, y, rcond=None)[0]
    groups = table[cluster].to_numpy()
    names = sorted(set(groups))
    inverse = np.linalg.inv(full.T @ full)
    q = len(tested)

    def wald(outcome):
        beta = inverse @ full.T @ outcome
        residual = outcome - full @ beta
        scores = np.array([full[groups == name].T @ residual[groups == name] for name in names])
        return beta[:q] @ np.linalg.solve((inverse @ scores.T @ scores @ inverse)[:q, :q], beta[:q])

    real = wald(y)
    drawn = [
        wald(fitted + (y - fitted) * np.array([signs[names.index(group)] for group in groups]))
        for signs in product([1, -1], repeat=len(names))
    ]
    return np.mean(np.array(drawn) >= real * (1 - 1e-9))


@pytest.mark.parametrize("cluster", ["unit", "across"])
@pytest.mark.parametrize("tested", [["d"], ["d", "early"]])
def test_p_is_that_of_refitting_every_pattern(table, cluster, tested):
    found = wild_cluster_bootstrap(table, "y", tested, cluster=cluster, others=["x"], absorb=["unit", "time"])
    assert found.exhaustive
    assert found.draws == 2 ** (table[cluster].nunique() - 1)
    assert found.p == pytest.approx(refit(table, tested, 0.0, cluster))


def test_interval_ends_where_values_are_rejected(table):
    found = wild_cluster_bootstrap(
        table, "y", "d", cluster="unit", others=["x"], absorb=["unit", "time"], level=0.9
    )
    width = found.high - found.low
    for end, outwards in ((found.low, -1), (found.high, 1)):
        assert refit(table, ["d"], end + outwards * 1e-4 * width, "unit") <= 0.1
        assert refit(table, ["d"], end - outwards * 1e-4 * width, "unit") > 0.1


def test_estimate_is_least_squares(table):
    found = wild_cluster_bootstrap(table, "y", ["d", "x"], cluster="unit")
    design = np.column_stack([table["d"], table["x"], np.ones(len(table))])
    expected, *_ = np.linalg.lstsq(design, table["y"].to_numpy(), rcond=None)
    assert found.estimate == pytest.approx(tuple(expected[:2]))


def test_drawn_patterns_come_near_all_of_them(table):
    names = {"cluster": "unit", "others": ["x"], "absorb": ["unit", "time"], "interval": False}
    random = np.random.default_rng(0)
    wide = table.assign(y=random.normal(size=len(table)))
    exact = wild_cluster_bootstrap(wide, "y", "d", **names).p
    drawn = wild_cluster_bootstrap(wide, "y", "d", draws=127, seed=4, **names)
    assert not drawn.exhaustive
    # 127 draws: three standard errors of a share
    assert abs(drawn.p - exact) < 3 * np.sqrt(0.25 / 127) + 1 / 128
    again = wild_cluster_bootstrap(wide, "y", "d", draws=127, seed=4, **names)
    assert again.p == drawn.p


def test_webb_weights_are_six_values_of_variance_one(table):
    from ogp_analysis.stats.effects.signs import WEIGHTS

    assert (WEIGHTS["webb"] ** 2).mean() == pytest.approx(1)
    assert WEIGHTS["webb"].mean() == pytest.approx(0)
    found = wild_cluster_bootstrap(table, "y", "d", cluster="unit", weights="webb", draws=499)
    assert (found.exhaustive, found.draws) == (False, 499)
    assert found.low < found.estimate[0] < found.high


def test_five_clusters_exclude_nothing_at_five_percent(table):
    # 2^4 patterns differ: no p-value lies below 1/16
    few = table[table["unit"].isin([0, 1, 3, 4, 5])]
    found = wild_cluster_bootstrap(few, "y", "d", cluster="unit", absorb=["unit", "time"])
    assert (found.low, found.high) == (-np.inf, np.inf)
    assert wild_cluster_bootstrap(few, "y", "d", cluster="unit", absorb=["unit", "time"], null=1e6).p >= 1 / 16


@pytest.mark.parametrize(
    ("change", "names", "message"),
    [
        (lambda t: t.assign(y=t["y"].where(t["unit"] > 0)), {"cluster": "unit"}, "Column 'y' has no value in"),
        (
            lambda t: t.assign(unit=t["unit"].where(t["unit"] > 0)),
            {"cluster": "unit"},
            "Column 'unit' has no value in",
        ),
        (lambda t: t.assign(unit=1), {"cluster": "unit"}, "There is only one cluster."),
        (
            lambda t: t.assign(d=1.0),
            {"cluster": "unit"},
            "The effect of 'd' cannot be told from the other columns.",
        ),
        (lambda t: t.assign(d=t["unit"]), {"cluster": "unit", "absorb": ["unit"]}, "cannot be told"),
        (lambda t: t, {"cluster": "unit", "weights": "mammen"}, "There are no weights 'mammen'."),
        (lambda t: t, {"cluster": "unit", "draws": 0}, "0 draws are too few."),
        (lambda t: t, {"cluster": "kelompok"}, "There is no column 'kelompok'."),
    ],
)
def test_input_that_cannot_be_used_raises(table, change, names, message):
    with pytest.raises(ParameterError, match=message.replace(".", r"\.")):
        wild_cluster_bootstrap(change(table), "y", "d", **names)
