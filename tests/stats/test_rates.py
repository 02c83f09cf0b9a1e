"""Smoothed rates and funnel limits against published and independent figures; small counts against a reader."""

from contextlib import suppress
from itertools import product

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import binom, poisson

from ogp_analysis.errors import ParameterError
from ogp_analysis.locale import get_language
from ogp_analysis.stats import rates
from ogp_analysis.stats.rates import funnel, smoothed_rates
from ogp_analysis.stats.suppression import suppress_small, suppress_table

PLACES = st.lists(
    st.tuples(st.integers(0, 20), st.integers(0, 900)).map(lambda row: (row[0] if row[1] else 0, row[1])),
    min_size=2,
    max_size=12,
).filter(lambda rows: sum(b > 0 for _, b in rows) >= 2)
# docstring of esda.smoothing.Empirical_Bayes 2.9, for homicides of 1988-93 in counties around St Louis
PUBLISHED = [
    2.36718950e-05,
    4.54539167e-05,
    4.78114019e-05,
    2.76907146e-05,
    6.58989323e-05,
    3.66494122e-05,
    5.79952721e-05,
    2.03064590e-05,
    3.31152999e-05,
    3.02748380e-05,
]


def series(rows):
    return tuple(pd.Series(side) for side in zip(*rows, strict=True))


@pytest.fixture(scope="module")
def counties():
    """Homicides and people, as they come with libpysal: columns 11 and 14 of the file."""
    examples = pytest.importorskip("libpysal", reason="the extra 'spatial' is not installed").examples
    table = pd.read_csv(examples.get_path("stl_hom.csv"))
    return table.iloc[:, 10], table.iloc[:, 13]


def test_published_empirical_bayes(counties):
    result = smoothed_rates(*counties)
    assert result.table["smoothed"].head(10).tolist() == pytest.approx(PUBLISHED, rel=1e-8)


def test_esda_on_every_county(counties):
    smoothing = pytest.importorskip("esda.smoothing", reason="the extra 'spatial' is not installed")
    other = smoothing.Empirical_Bayes(*(one.to_numpy() for one in counties)).r.ravel()
    assert smoothed_rates(*counties).table["smoothed"].tolist() == pytest.approx(other.tolist())


@settings(max_examples=100)
@given(PLACES, st.randoms())
def test_between_own_and_common_rate_whatever_the_order(rows, random):
    events, people = series(rows)
    result = smoothed_rates(events, people)
    table = result.table
    held = table["people"] > 0
    near = table[["raw"]].assign(mean=result.mean)[held]
    assert (table.loc[held, "smoothed"] >= near.min(axis=1) - 1e-12).all()
    assert (table.loc[held, "smoothed"] <= near.max(axis=1) + 1e-12).all()
    assert table["weight"].between(0, 1).all()
    assert (table.loc[~held, "smoothed"] == result.mean).all()
    assert (table.loc[~held, "weight"] == 0).all()
    if result.variance == 0:
        assert table["smoothed"].to_numpy() == pytest.approx(result.mean)
    shuffled = random.sample(list(events.index), len(events))
    again = smoothed_rates(events[shuffled], people).table.loc[events.index]
    pd.testing.assert_frame_equal(again, table)


def test_rates_that_chance_explains_are_drawn_together():
    """esda's weight turns negative here: a place above the common rate would come out below it."""
    result = smoothed_rates(pd.Series([3, 3, 4]), pd.Series([100, 100, 100]))
    assert result.variance == 0
    assert result.table["smoothed"].to_numpy() == pytest.approx(10 / 300)


def test_smoothed_rates_are_closer_to_the_truth():
    rng = np.random.default_rng(4)
    people = pd.Series(rng.integers(20, 2000, size=80))
    closer = 0
    for _ in range(40):
        truth = rng.gamma(9, 0.02 / 9, size=80)
        table = smoothed_rates(pd.Series(rng.poisson(truth * people)), people).table
        closer += ((table["smoothed"] - truth) ** 2).sum() < ((table["raw"] - truth) ** 2).sum()
    assert closer == 40


@pytest.mark.parametrize("kind", ["proportion", "rate"])
def test_limits_leave_out_what_they_should(kind):
    """A count strictly below the lower limit has a chance of at most the tail, and likewise above."""
    people = pd.Series([5, 30, 90, 400, 2500])
    result = funnel(pd.Series([1, 6, 18, 80, 500]), people, kind=kind, target=0.2)
    for at, n in people.items():
        chance = binom(n, 0.2) if kind == "proportion" else poisson(n * 0.2)
        possible = np.arange(0, 3 * n)
        for low, high, tail in (("low", "high", 0.025), ("very_low", "very_high", 0.001)):
            below = chance.pmf(possible)[possible / n < result.table.loc[at, low]].sum()
            above = chance.pmf(possible)[possible / n > result.table.loc[at, high]].sum()
            assert below <= tail + 1e-12
            assert above <= tail + 1e-12
        # the lower limit as in the appendix: between the last count with less than the tail and the next
        cases = result.table.loc[at, "low"] * n
        assert cases == 0 or chance.cdf(np.ceil(cases) - 1) <= 0.025 <= chance.cdf(np.ceil(cases))
    # many people: the limits are those of the normal distribution
    spread = np.sqrt(0.2 * 0.8 / 2500) if kind == "proportion" else np.sqrt(0.2 / 2500)
    assert result.table.loc[4, "high"] == pytest.approx(0.2 + 1.96 * spread, abs=1 / 2500)
    assert result.table.loc[4, "very_low"] == pytest.approx(0.2 - 3.09 * spread, abs=1.5 / 2500)


def test_position_and_target():
    events, people = (
        pd.Series([10, 10, 60, 0], index=list("abcd")),
        pd.Series([100, 110, 100, 0], index=list("abcd")),
    )
    result = funnel(events, people)
    assert result.target == pytest.approx(80 / 310)
    assert result.table["position"].tolist() == ["very_low", "very_low", "very_high", "no_cases"]
    assert result.reason == rates.LABELS["dispersed"]
    assert np.isnan(result.table.loc["d", "rate"])
    even = funnel(pd.Series([10, 11, 9]), pd.Series([100, 100, 100]))
    assert set(even.table["position"]) == {"inside"}
    assert (even.can_tell, even.reason) == (True, "")
    for events in ([0, 0], [7, 5]):
        nothing = funnel(pd.Series(events), pd.Series([7, 5]))
        assert (nothing.can_tell, nothing.reason) == (False, rates.LABELS["all_alike"])
    assert funnel(pd.Series([3, 0]), pd.Series([9, 0])).reason == rates.LABELS["one_rate"]
    indonesian = get_language("id")
    assert len({indonesian.t(text) for text in rates.LABELS.values()}) == len(rates.LABELS)


@pytest.mark.parametrize("function", [smoothed_rates, funnel])
def test_rules_for_what_cannot_be_used(function):
    people = pd.Series([10, 20, 0], index=list("abc"))
    with pytest.raises(ParameterError, match="'events' is missing for: 'b'"):
        function(pd.Series([1, None, 0], index=list("abc")), people)
    with pytest.raises(ParameterError, match="nobody at risk, at 'c'"):
        function(pd.Series([1, 2, 3], index=list("abc")), people)
    with pytest.raises(ParameterError, match="below zero: -1 at 'a'"):
        function(pd.Series([-1, 2, 0], index=list("abc")), people)
    with pytest.raises(ParameterError, match="not a whole number"):
        function(pd.Series([1.5, 2, 0], index=list("abc")), people)
    with pytest.raises(ParameterError, match="different labels"):
        function(pd.Series([1, 2, 0], index=list("abx")), people)


def test_settings_of_the_funnel():
    one = pd.Series([3, 4])
    with pytest.raises(ParameterError, match="More events than people at 1"):
        funnel(one, pd.Series([3, 2]))
    with pytest.raises(ParameterError, match="no kind 'rates'"):
        funnel(one, one, kind="rates")
    with pytest.raises(ParameterError, match=r"target 1\.5"):
        funnel(one, one, target=1.5)
    with pytest.raises(ParameterError, match="no nearer"):
        funnel(one, one, levels=(0.998, 0.95))
    assert funnel(one, one, kind="rate", target=1.5).target == 1.5


def possible_lists(table, total, threshold, largest):
    """Every list of counts that fits what a reader sees and the rule by which counts were hidden."""
    ranges = []
    shown = table["shown"][table["state"] == "shown"]
    bound = min([number - 1 for number in shown if number > 0], default=largest)
    for state, number in zip(table["state"], table["shown"], strict=True):
        if state == "shown":
            ranges.append([int(number)])
        else:
            ranges.append(range(1, threshold) if state == "small" else range(threshold, bound + 1))
    return [found for found in product(*ranges) if sum(found) == total]


@settings(max_examples=150)
@given(st.lists(st.integers(0, 12), min_size=1, max_size=5), st.randoms())
def test_no_reader_can_work_out_a_small_count(counts, random):
    series = pd.Series(counts)
    try:
        table = suppress_small(series, threshold=4)
    except ParameterError:
        # then hiding every positive count would not help
        everything = pd.DataFrame(
            {
                "shown": series,
                "state": np.select([series == 0, series < 4], ["shown", "small"], "complement"),
            }
        )
        found = possible_lists(everything, sum(counts), 4, 60)
        assert any(len({one[at] for one in found}) == 1 for at in series.index[series.between(1, 3)])
        return
    assert table["shown"][table["state"] == "shown"].tolist() == series[table["state"] == "shown"].tolist()
    assert not table["shown"].dropna().between(1, 3).any()
    found = possible_lists(table, sum(counts), 4, 60)
    for at in table.index[table["state"] == "small"]:
        assert len({one[at] for one in found}) > 1
    shuffled = series.loc[random.sample(list(series.index), len(series))]
    pd.testing.assert_frame_equal(suppress_small(shuffled, threshold=4).loc[series.index], table)


def test_zero_missing_and_no_total():
    counts = pd.Series([0, None, 3, 50], index=list("abcd"))
    assert suppress_small(counts)["state"].tolist() == ["shown", "missing", "small", "complement"]
    assert suppress_small(counts, total_published=False)["state"].tolist() == [
        "shown",
        "missing",
        "small",
        "shown",
    ]
    with pytest.raises(ParameterError, match="Publish no total"):
        suppress_small(pd.Series([0, 3]))
    with pytest.raises(ParameterError, match="hides nothing"):
        suppress_small(counts, threshold=1)
    with pytest.raises(ParameterError, match="more than once"):
        suppress_small(pd.Series([1, 2], index=["a", "a"]))


def told_by_totals(hidden):
    """Hidden cells that the totals tell: moving along no circle of hidden cells changes them."""
    found = []
    for row, column in zip(*np.nonzero(hidden), strict=True):
        seen, waiting = set(), [("row", row)]
        while waiting:
            kind, at = waiting.pop()
            if (kind, at) in seen:
                continue
            seen.add((kind, at))
            line = hidden[at] if kind == "row" else hidden[:, at]
            for other in np.flatnonzero(line):
                cell = (at, other) if kind == "row" else (other, at)
                if cell != (row, column):
                    waiting.append(("column" if kind == "row" else "row", other))
        if ("column", column) not in seen:
            found.append((row, column))
    return found


@settings(max_examples=150)
@given(
    st.integers(1, 5).flatmap(
        lambda width: st.lists(
            st.lists(st.integers(0, 30), min_size=width, max_size=width), min_size=1, max_size=5
        )
    )
)
def test_no_hidden_cell_of_a_table_follows_from_its_totals(rows):
    table = pd.DataFrame(rows)
    try:
        state = suppress_table(table, threshold=4)
    except ParameterError:
        # then the totals would tell something with every positive count hidden, or one list of totals tells itself
        with suppress(ParameterError):
            for totals in (table.sum(axis=0), table.sum(axis=1)):
                suppress_small(totals, threshold=4)
            assert any(table.iloc[at] > 0 for at in told_by_totals((table > 0).to_numpy()))
        return
    assert not (table[state == "shown"].isin([1, 2, 3])).any(axis=None)
    hidden = (state != "shown").to_numpy()
    rows_hidden = suppress_small(table.sum(axis=1), threshold=4)["state"].ne("shown").to_numpy()
    columns_hidden = suppress_small(table.sum(axis=0), threshold=4)["state"].ne("shown").to_numpy()
    assert hidden[rows_hidden].all()
    assert hidden[:, columns_hidden].all()
    # zeros are known to be zeros only where they are shown; a total that is hidden tells nothing
    if not rows_hidden.any() and not columns_hidden.any():
        assert [at for at in told_by_totals(hidden) if table.iloc[at] > 0] == []


def test_a_table_hides_a_circle_round_a_small_count_and_whole_rows_that_are_small():
    table = pd.DataFrame({"a": [2, 30, 41], "b": [25, 38, 47], "c": [20, 33, 46]}, index=list("xyz"))
    state = suppress_table(table)
    assert told_by_totals((state != "shown").to_numpy()) == []
    assert state.loc["z"].tolist() == ["shown"] * 3
    # the row of 3 is hidden, and with it the next smallest row, whose cells would tell its total
    rows = pd.DataFrame({"a": [3, 20, 50], "b": [0, 20, 60]})
    assert suppress_table(rows).ne("shown").all(axis=1).tolist() == [True, True, False]
    with pytest.raises(ParameterError, match="missing counts"):
        suppress_table(table.astype(float).mask(table == 2))
