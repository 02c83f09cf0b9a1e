"""The whole way by a second implementation without arrays, and what must hold of any index."""

import math
import statistics

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ogp_analysis.stats.composite import build, moments, recipe, structure

NAMES = ["code", "level", "parent", "direction", "weight", "type", "denominator"]
TOLERANCE = 1e-9


def made_up(units=51, indicators=49, pillars=8, seed=0):
    """An index of the size of a published one: four levels, denominators, groups of units, gaps and outliers."""
    draw = np.random.default_rng(seed)
    codes = [f"i{number:02d}" for number in range(indicators)]
    rows = [
        (code, 1, f"p{number % pillars}", int(draw.choice([-1, 1])), round(float(draw.uniform(0.5, 2)), 2),
         "indicator", "people" if number % 5 == 0 else None)
        for number, code in enumerate(codes)
    ]  # fmt: skip
    rows += [
        (f"p{number}", 2, f"s{number % 2}", None, 1 + number % 3, "aggregate", None) for number in range(pillars)
    ]
    rows += [("s0", 3, "top", None, 1, "aggregate", None), ("s1", 3, "top", None, 2, "aggregate", None)]
    rows += [
        ("top", 4, None, None, None, "aggregate", None),
        ("people", None, None, None, None, "denominator", None),
    ]
    rows += [("side", None, None, None, None, "group", None)]
    table = pd.DataFrame(draw.gamma(1.2, size=(units, indicators)), columns=codes)
    table = table.mask(draw.random(table.shape) < 0.06)
    for code in codes[::4]:
        table.loc[int(draw.integers(units)), code] = float(draw.uniform(20, 300))
    for code in codes[3::7]:  # too skewed for winsorising
        table[code] = np.exp(3 * draw.normal(size=units))
    table["people"] = draw.uniform(1, 500, size=units)
    table["side"] = draw.choice(["east", "west"], size=units)
    table.index = [f"u{number:02d}" for number in range(units)]
    return structure(pd.DataFrame(rows, columns=NAMES, dtype=object)), table, rows


def by_hand(table, rows, geometric):
    """Denominate, group means, screen at 90%, winsorise or log, min-max, aggregate: number by number."""
    inner = [row for row in rows if row[5] == "indicator"]
    cells = {}
    for code, *_, below in inner:
        for unit in table.index:
            value = table.loc[unit, code] / (table.loc[unit, below] if below else 1)
            cells[unit, code] = None if math.isnan(value) else value
    for code, *_ in inner:
        means = {}
        for side in ("east", "west"):
            known = [
                cells[u, code] for u in table.index if table.loc[u, "side"] == side and cells[u, code] is not None
            ]
            means[side] = statistics.fmean(known)
        for unit in table.index:
            if cells[unit, code] is None:
                cells[unit, code] = means[table.loc[unit, "side"]]
    low, high = (1, 100) if geometric else (0, 100)
    scored = {}
    for code, _, _, direction, *_ in inner:
        column = [cells[unit, code] for unit in table.index]
        treated, moved = list(column), set()
        passes = False
        while True:
            facts = moments(pd.DataFrame({"x": treated})).loc["x"]
            if abs(facts["skewness"]) < 2 or facts["kurtosis"] < 3.5:
                passes = True
                break
            if len(moved) >= 3:
                break
            end = max(treated) if facts["skewness"] >= 0 else min(treated)
            rest = [value for value in treated if value != end]
            new = max(rest) if facts["skewness"] >= 0 else min(rest)
            moved |= {at for at, value in enumerate(treated) if value == end}
            treated = [new if value == end else value for value in treated]
        if not passes:
            reach = max(column) - min(column)
            treated = [math.log(value - min(column) + 0.01 * reach) for value in column]
        turned = [direction * value for value in treated]
        for unit, value in zip(table.index, turned, strict=True):
            scored[unit, code] = low + (value - min(turned)) / (max(turned) - min(turned)) * (high - low)
    for code, *_ in sorted((row for row in rows if row[5] == "aggregate"), key=lambda row: row[1]):
        under = [(row[0], row[4]) for row in rows if row[2] == code]
        weight = sum(one for _, one in under)
        for unit in table.index:
            if geometric:
                total = sum(one * math.log(scored[unit, child]) for child, one in under)
                scored[unit, code] = math.exp(total / weight)
            else:
                scored[unit, code] = sum(one * scored[unit, child] for child, one in under) / weight
    return scored


@pytest.mark.parametrize("geometric", [False, True])
@pytest.mark.parametrize("seed", [0, 1])
def test_51_units_and_49_indicators_agree_with_plain_arithmetic(geometric, seed):
    frame, table, rows = made_up(seed=seed)
    steps = {
        "denominate": {},
        "impute": {"method": "group_mean", "groups": "side"},
        "screen": {"known": 0.9},
        "treat": {"winsorise": 3},
        "normalise": {"method": "minmax", "low": 1 if geometric else 0, "high": 100},
        "aggregate": {"method": "geometric" if geometric else "arithmetic", "share": 0},
    }
    run = build(table.sample(frac=1, random_state=seed), frame, recipe(steps))
    assert run.details["treat"].table["how"].nunique() == 3  # kept, winsorised and log all occur
    expected = by_hand(table, rows, geometric)
    for code in run.scores.columns:
        own = pd.Series({unit: expected[unit, code] for unit in table.index})
        np.testing.assert_allclose(run.scores[code].reindex(own.index), own, rtol=0, atol=TOLERANCE)
        higher = {unit: 1 + int((own > own[unit]).sum()) for unit in own.index}
        assert run.ranks[code].to_dict() == higher


SMALL = structure(
    pd.DataFrame(
        [
            ("a", 1, "g", 1, 1, "indicator", None),
            ("b", 1, "g", -1, 2, "indicator", None),
            ("c", 1, "h", 1, 1, "indicator", None),
            ("g", 2, "top", None, 3, "aggregate", None),
            ("h", 2, "top", None, 1, "aggregate", None),
            ("top", 3, None, None, None, "aggregate", None),
        ],
        columns=NAMES,
    )
)
TABLES = (
    st.lists(st.tuples(*[st.integers(0, 9)] * 3), min_size=3, max_size=8)
    .map(lambda rows: pd.DataFrame(rows, columns=list("abc"), dtype=float))
    .filter(lambda table: (table.nunique() > 1).all())
)
METHODS = st.sampled_from(
    ["arithmetic", "geometric", "harmonic", "mazziotta_pareto", "copeland", "benefit_of_doubt"]
)


def scores(table, method):
    level = method if method != "benefit_of_doubt" else [method, "arithmetic"]
    level = ["copeland", "arithmetic"] if method == "copeland" else level
    # the scale of the adjusted Mazziotta-Pareto index suits all
    steps = {"normalise": {"method": "minmax", "low": 70, "high": 130}, "aggregate": {"method": level}}
    return build(table, SMALL, recipe(steps)).index


@settings(max_examples=30, deadline=None)
@given(TABLES, METHODS, st.permutations(range(8)))
def test_the_order_of_units_never_matters(table, method, order):
    shuffled = table.iloc[[at for at in order if at < len(table)]]
    pd.testing.assert_series_equal(scores(table, method), scores(shuffled, method).sort_index(), check_exact=True)


@settings(max_examples=30, deadline=None)
@given(TABLES, METHODS, st.sampled_from(list("abc")), st.sampled_from([(0.001, 0.0), (250.0, -30.0)]))
def test_the_unit_of_measure_of_an_indicator_never_matters(table, method, code, change):
    factor, shift = change
    other = table.assign(**{code: table[code] * factor + shift})
    np.testing.assert_allclose(scores(table, method), scores(other, method), rtol=1e-6, atol=1e-6)


@settings(max_examples=30, deadline=None)
@given(
    TABLES,
    st.sampled_from(["arithmetic", "geometric", "harmonic"]),
    st.sampled_from(list("abc")),
    st.integers(0, 7),
)
def test_who_improves_never_falls(table, method, code, at):
    posts = {"method": "goalposts", "bottom": -5, "top": 15, "low": 1}
    steps = {"normalise": {**posts, "high": 100}, "aggregate": {"method": method}}
    at %= len(table)
    better = table.copy()
    better.loc[at, code] += 3 if code != "b" else -3
    before, after = (build(one, SMALL, recipe(steps)) for one in (table, better))
    assert after.index[at] > before.index[at]
    assert after.ranks.loc[at, "top"] <= before.ranks.loc[at, "top"]
    others = [unit for unit in table.index if unit != at]
    pd.testing.assert_series_equal(before.index[others], after.index[others], check_exact=True)


@settings(max_examples=20, deadline=None)
@given(TABLES, st.sampled_from(["arithmetic", "geometric", "harmonic", "mazziotta_pareto"]))
def test_twins_tie_and_a_missing_value_is_not_a_bad_one(table, method):
    twice = pd.concat([table, table.iloc[[0]]], ignore_index=True)
    found = scores(twice, method)
    assert found.iloc[0] == found.iloc[-1]
    gap = twice.copy()
    gap.loc[len(gap) - 1, "a"] = np.nan
    kept = build(gap, SMALL, recipe({"normalise": {"low": 1}, "aggregate": {"share": 0.5}}))
    b = kept.tables["normalise"].iloc[-1]["b"]
    assert kept.scores.iloc[-1]["g"] == pytest.approx(b)
