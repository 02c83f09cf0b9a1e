"""Moran and Gi* against published figures and by hand; and what esda gets wrong, which must not come through."""

import doctest
import sys

import numpy as np
import pandas as pd
import pytest

from ogp_analysis.errors import OgpAnalysisError, ParameterError
from ogp_analysis.locale import get_language
from ogp_analysis.sources.boundaries import load_boundaries
from ogp_analysis.stats import local, neighbours, spatial
from ogp_analysis.stats.local import false_discovery, getis_ord, local_moran
from ogp_analysis.stats.neighbours import Neighbours, contiguity
from ogp_analysis.stats.spatial import global_moran, two_sided

METHODS = [global_moran, local_moran, getis_ord]
FEW = 199


@pytest.fixture
def libpysal():
    pytest.importorskip("esda", reason="the extra 'spatial' is not installed")
    return pytest.importorskip("libpysal", reason="the extra 'spatial' is not installed")


def grid(side):
    """Squares that touch by an edge, labelled by row and column."""
    cells = [(row, column) for row in range(side) for column in range(side)]
    return Neighbours.from_lists(
        {
            f"{row}{column}": [f"{r}{c}" for r, c in cells if abs(r - row) + abs(c - column) == 1]
            for row, column in cells
        }
    )


def noise(where, seed=0):
    return pd.Series(np.random.default_rng(seed).gamma(2, size=len(where.units)), index=where.units)


def as_dense(where):
    units = where.units
    return np.array([[float(other in where.of[unit]) for other in units] for unit in units])


@pytest.mark.parametrize(
    ("gal", "file", "column", "value"),
    # docstring of esda.Moran 2.9, the second replicating OpenGeoda
    [("stl.gal", "stl_hom.dbf", "HR8893", 0.244), ("sids2.gal", "sids2.dbf", "SIDR74", 0.248)],
)
def test_published_global_moran(libpysal, gal, file, column, value):
    weights = libpysal.io.open(libpysal.examples.get_path(gal)).read()
    rates = np.array(libpysal.io.open(libpysal.examples.get_path(file)).by_col(column))
    where = Neighbours.from_lists(weights.neighbors)
    series = pd.Series(rates, index=weights.id_order)
    if where.islands:
        assert global_moran(series, where, FEW).reason == spatial.LABELS["island"]
        series, where = series.drop(list(where.islands)), where.without(where.islands)
    result = global_moran(series.sample(frac=1, random_state=3), where, permutations=999)
    assert round(result.value, 3) == value
    assert result.p < 0.02  # by the normal distribution, in those docstrings: 0.0003 and 0.0001
    assert result.words == spatial.LABELS["alike"]


def test_statistics_by_hand(libpysal):
    where = grid(5)
    values = noise(where)
    y, w = values.to_numpy(), as_dense(where)
    z, rows = y - y.mean(), w / w.sum(axis=1, keepdims=True)
    assert global_moran(values, where, FEW).value == pytest.approx(z @ rows @ z / (z @ z))
    found = local_moran(values, where, FEW).table
    assert found["statistic"].tolist() == pytest.approx((24 * z * (rows @ z) / (z @ z)).tolist())
    # Ord and Getis 1995, equation 14 for binary weights with the place itself
    star = w + np.eye(25)
    k = star.sum(axis=1)
    deviate = (star @ y - k * y.mean()) / (y.std() * np.sqrt((25 * k - k**2) / 24))
    assert getis_ord(values, where, FEW).table["statistic"].tolist() == pytest.approx(deviate.tolist())


@pytest.mark.parametrize("method", [local_moran, getis_ord])
def test_p_values_by_every_set_of_neighbours(libpysal, method):
    """With 12 places all draws can be listed: C(11, 2) pairs of neighbours for each place of a ring."""
    ring = Neighbours.from_lists({at: [(at - 1) % 12, (at + 1) % 12] for at in range(12)})
    y = pd.Series([3.0, 9, 8, 7, 1, 0, 2, 1, 0, 4, 4, 5])
    found = method(y, ring, permutations=40_000).table
    for at in range(12):
        others = [float(y[other]) for other in range(12) if other != at]
        sums = np.array([a + b for i, a in enumerate(others) for b in others[i + 1 :]])
        own = y[(at - 1) % 12] + y[(at + 1) % 12]
        if method is local_moran:  # what z it has decides which side is which, not how far out it is
            own, sums = (y[at] - y.mean()) * (own - 2 * y.mean()), (y[at] - y.mean()) * (sums - 2 * y.mean())
        exact = min(1.0, 2 * min((sums >= own - 1e-9).mean(), (sums <= own + 1e-9).mean()))
        assert found.loc[at, "p"] == pytest.approx(exact, abs=0.012)
        assert found.loc[at, "p_smallest"] == pytest.approx(2 / 55)


def test_global_p_value_by_every_exchange(libpysal):
    """Two values only: the draws are the C(10, 3) places of the three high ones."""
    from itertools import combinations

    ring = Neighbours.from_lists({at: [(at - 1) % 10, (at + 1) % 10] for at in range(10)})
    y = pd.Series([1, 1, 1, 0, 0, 0, 0, 0, 0, 0])

    def moran(high):
        z = np.isin(np.arange(10), high) - 0.3
        return (z * (np.roll(z, 1) + np.roll(z, -1)) / 2).sum() / (z @ z)

    every = np.array([moran(high) for high in combinations(range(10), 3)])
    exact = 2 * (every >= moran((0, 1, 2)) - 1e-9).mean()  # 10 of 120 are three in a row, doubled
    assert exact == pytest.approx(1 / 6)
    assert global_moran(y, ring, permutations=20_000).p == pytest.approx(exact, abs=0.012)


@pytest.mark.parametrize("method", METHODS)
def test_neither_order_of_rows_nor_of_neighbours_matters(libpysal, method):
    where = grid(4)
    values = noise(where, 2)
    one = method(values, where, FEW)
    mixed = Neighbours.from_lists({unit: where.of[unit][::-1] for unit in reversed(where.units)})
    other = method(values.sample(frac=1, random_state=9), mixed, FEW)
    if method is global_moran:
        assert one == other
    else:
        pd.testing.assert_frame_equal(other.table.loc[values.index], one.table)
    # and numpy's global state is neither used nor changed
    np.random.seed(1)
    before = np.random.get_state()[1].tolist()
    again = method(values, where, FEW)
    assert np.random.get_state()[1].tolist() == before
    assert repr(again) == repr(one)


@pytest.mark.parametrize("method", METHODS)
def test_missing_values_and_foreign_labels_raise(method):
    where = grid(4)
    values = noise(where)
    with pytest.raises(ParameterError, match="'values' is missing for: '12'"):
        method(values.where(values.index != "12"), where)
    with pytest.raises(ParameterError, match="only in 'neighbours': '12'"):
        method(values.drop("12"), where)
    with pytest.raises(ParameterError, match="different labels"):
        method(values.reset_index(drop=True), where)
    with pytest.raises(ParameterError, match="'neighbours' is a dict"):
        method(values, dict(where.of))


@pytest.mark.parametrize("method", METHODS)
def test_what_the_data_cannot_carry_is_said(method):
    where = grid(4)
    island = Neighbours.from_lists({**where.of, "99": []})
    for values, graph, reason in (
        (noise(grid(3)), grid(3), "few"),
        (pd.Series(0.1, index=where.units), where, "constant"),
        (noise(island), island, "island"),
    ):
        result = method(values, graph)
        assert (result.can_tell, result.reason, result.words) == (
            False,
            spatial.LABELS[reason],
            spatial.LABELS[reason],
        )
        if method is global_moran:
            assert np.isnan([result.value, result.p]).all()
        else:
            assert set(result.table["kind"]) == {"cannot_tell"}
            assert result.table[["statistic", "p", "q"]].isna().to_numpy().all()
    assert method(noise(island), island).islands == ("99",)


def test_too_coarse_for_any_place():
    """Everybody is everybody's neighbour: there is one set of neighbours only."""
    pytest.importorskip("esda", reason="the extra 'spatial' is not installed")
    everybody = Neighbours.from_lists({at: [other for other in range(12) if other != at] for at in range(12)})
    result = local_moran(pd.Series(range(12)), everybody, FEW)
    assert (result.can_tell, result.reason) == (False, local.LABELS["too_coarse"])
    # with 19 draws no two-sided p-value can fall below 0.1
    assert local_moran(noise(grid(4)), grid(4), permutations=19).reason == local.LABELS["too_coarse"]


@pytest.mark.parametrize("method", [local_moran, getis_ord])
def test_noise_on_sixteen_places_seldom_stands_out(libpysal, method):
    where = grid(4)
    alarms = sum(
        method(noise(where, seed), where, permutations=999).table["q"].min() < 0.05 for seed in range(100)
    )
    assert alarms <= 12  # 5 are to be expected; esda's own p-values below 0.05 alarm in most of these maps


def test_a_real_cluster_is_found(libpysal):
    where = grid(7)
    values = pd.Series({unit: 10.0 * (int(unit[0]) < 3 and int(unit[1]) < 3) for unit in where.units})
    values += 0.1 * noise(where, 6)
    assert getis_ord(values, where, 4999).table.loc["11", "kind"] == "hot"
    moran = local_moran(values, where, 4999)
    assert moran.table.loc["11", "kind"] == "high_high"
    assert moran.words == local.LABELS["some"]
    assert moran.table.loc["66", "kind"] == "within_chance"


def test_ties_count_on_both_sides():
    # half the draws equal what was observed, half lie above: 51 of 101 on the lower side
    drawn = np.repeat([[1.0], [2.0]], 50, axis=0)
    assert two_sided(np.array([1.0]), drawn)[0] == 1.0
    assert two_sided(np.array([3.0]), drawn)[0] == pytest.approx(2 / 101)


def test_false_discovery_by_hand():
    """Benjamini and Hochberg 1995, section 3.2: four of fifteen are refused at 0.05."""
    p = np.array(
        [
            "0.0001",
            "0.0004",
            "0.0019",
            "0.0095",
            "0.0201",
            "0.0278",
            "0.0298",
            "0.0344",
            "0.0459",
            "0.3240",
            "0.4262",
            "0.5719",
            "0.6528",
            "0.7590",
            "1",
        ],
        dtype=float,
    )
    shuffled = np.random.default_rng(0).permutation(15)
    assert (false_discovery(p[shuffled]) <= 0.05)[np.argsort(shuffled)].tolist() == [True] * 4 + [False] * 11


def test_negative_values():
    where = grid(4)
    values = noise(where) - 1
    with pytest.raises(ParameterError, match=r"below zero.*\n.*local_moran"):
        getis_ord(values, where)
    pytest.importorskip("esda", reason="the extra 'spatial' is not installed")
    found = local_moran(values, where, FEW).table
    assert found["statistic"].tolist() == pytest.approx(
        local_moran(values + 1, where, FEW).table["statistic"].tolist()
    )


def test_schematic_outline_of_the_case(libpysal, semarang):
    outlines = load_boundaries(semarang, source="schematic").set_index("name")
    where = contiguity(outlines)
    assert set(where.units) == set(outlines.index)
    assert where.islands == ()
    assert len(where.parts) == 1
    shapes = outlines.geometry
    for one in shapes.index:
        touching = {other for other in shapes.index if other != one and shapes[one].intersects(shapes[other])}
        assert set(where.of[one]) == touching
    assert contiguity(outlines.iloc[::-1]).of.keys() == where.of.keys()
    result = local_moran(pd.Series(range(16), index=outlines.index), where, permutations=999)
    assert result.can_tell
    assert list(result.table.index) == list(outlines.index)


def test_islands_and_parts_are_named(libpysal):
    import geopandas as gpd
    from shapely import box

    squares = gpd.GeoDataFrame(
        index=list("abcde"), geometry=[box(at, 0, at + 1, 1) for at in (0, 1, 5, 6, 9)], crs="EPSG:32749"
    )
    where = contiguity(squares)
    assert where.islands == ("e",)
    assert where.parts == (("a", "b"), ("c", "d"), ("e",))
    assert where.without(["e", "a"]).islands == ("b",)
    with pytest.raises(ParameterError, match="No outline of: 'b'"):
        contiguity(squares.assign(geometry=squares.geometry.where(squares.index != "b")))
    with pytest.raises(ParameterError, match="missing or occurs twice"):
        contiguity(squares.rename(index={"b": "a"}))


def test_lists_of_neighbours_are_checked():
    for lists, match in (
        ({}, "no units"),
        ({"a": ["a"]}, "own neighbour"),
        ({"a": ["b", "b"], "b": []}, "one twice"),
    ):
        with pytest.raises(ParameterError, match=match):
            Neighbours.from_lists(lists)
    with pytest.raises(ParameterError, match="No such units: 'x'"):
        grid(2).without(["x"])


def test_without_the_packages_the_error_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "esda", None)
    monkeypatch.setitem(sys.modules, "libpysal", None)
    for method in METHODS:
        with pytest.raises(OgpAnalysisError, match=r"(?s)libpysal|esda.*ogp-analysis\[spatial\]"):
            method(noise(grid(4)), grid(4))


@pytest.mark.parametrize("module", [neighbours, spatial])
def test_examples_that_need_the_packages(libpysal, module):
    """Doctests skip these, for they run without the packages too."""
    parser, runner = doctest.DocTestParser(), doctest.DocTestRunner(verbose=False)
    for name in ("contiguity", "global_moran"):
        if hasattr(module, name) and getattr(module, name).__module__ == module.__name__:
            text = getattr(module, name).__doc__.replace("  # doctest: +SKIP", "")
            assert text != getattr(module, name).__doc__
            runner.run(parser.get_doctest(text, dict(vars(module)), name, None, None))
    assert runner.summarize(verbose=False).failed == 0


def test_words_are_translated_apart():
    indonesian = get_language("id")
    for words in (spatial.LABELS, local.LABELS):
        assert len({indonesian.t(text) for text in words.values()}) == len(words)
