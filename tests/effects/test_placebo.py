from itertools import combinations

import numpy as np
import pandas as pd
import pytest

from ogp_analysis.stats.effects.group_time import group_time_effects
from ogp_analysis.stats.effects.placebo import placebo_in_space, placebo_in_time
from ogp_analysis.stats.effects.two_groups import difference_in_differences

PANEL = {"unit": "unit", "time": "year", "treated_from": "since"}


def own_changes(table, start=2020):
    after = table["year"] >= start
    return table[after].groupby("unit")["y"].mean() - table[~after].groupby("unit")["y"].mean()


@pytest.mark.parametrize("effect", [0.0, 2.0])
def test_rank_and_p_by_hand(maker, effect):
    table = maker(units=9, treated=3, seed=8)
    table["y"] += (effect - 2.0) * table["on"]
    found = placebo_in_space(table, "y", **PANEL)
    changes = own_changes(table)
    names = list(changes.index)

    def difference(chosen):
        with_it = changes.index.isin(chosen)
        return changes[with_it].mean() - changes[~with_it].mean()

    real = difference(names[:3])
    every = np.array([abs(difference(chosen)) for chosen in combinations(names, 3)])
    assert (found.exhaustive, found.drawn) == (True, 84)
    assert found.estimate == pytest.approx(real)
    assert found.estimate == pytest.approx(difference_in_differences(table, "y", **PANEL).estimate)
    assert found.p == pytest.approx((every >= abs(real) - 1e-12).mean())
    assert found.rank == (every > abs(real) + 1e-12).sum() + 1


def test_several_starts_by_hand(maker):
    table = maker(units=6, treated=2, seed=4)
    table["since"] = table["since"].mask(table["unit"] == "u00", 2021.0)
    found = placebo_in_space(table, "y", **PANEL)
    at_2020, at_2021 = own_changes(table, 2020), own_changes(table, 2021)
    names = list(at_2020.index)

    def difference(first, second):
        rest = [name for name in names if name not in (first, second)]
        return (at_2020[first] - at_2020[rest].mean() + at_2021[second] - at_2021[rest].mean()) / 2

    every = np.array([abs(difference(a, b)) for a in names for b in names if a != b])
    real = difference("u01", "u00")
    assert found.drawn == 30
    assert found.estimate is None or found.estimate == pytest.approx(real)
    assert found.p == pytest.approx((every >= abs(real) - 1e-12).mean())


def test_one_place_with_the_measure_can_be_ranked_but_not_told_among_few(maker):
    table = maker(units=10, treated=1)
    table["y"] += 20 * table["on"]
    found = placebo_in_space(table, "y", **PANEL)
    assert (found.can_tell, found.rank, found.p) == (False, 1, 0.1)
    assert "0.1" in found.reason
    assert found.needed == ("Figures of more places without the measure.",)
    many = maker(units=30, treated=1)
    many["y"] += 20 * many["on"]
    found = placebo_in_space(many, "y", **PANEL)
    assert (found.can_tell, found.rank, found.drawn) == (True, 1, 30)
    assert found.p == pytest.approx(1 / 30)


def test_drawn_arrangements_count_the_real_one_and_repeat_with_their_seed(panel):
    found = placebo_in_space(panel, "y", **PANEL, draws=200, seed=1)
    assert (found.exhaustive, found.drawn) == (False, 200)
    assert found.p >= 1 / 201
    assert placebo_in_space(panel.sample(frac=1, random_state=0), "y", **PANEL, draws=200, seed=1).p == found.p


def test_false_starts_use_only_what_came_before(panel):
    loud = panel.assign(y=panel["y"] + 1000.0 * panel["after"] * panel["group"])
    found = placebo_in_time(panel, "y", **PANEL)
    again = placebo_in_time(loud, "y", **PANEL)
    pd.testing.assert_frame_equal(found.table, again.table)
    assert found.table.index.tolist() == [1, 2, 3]
    before = panel[panel["year"] < 2020]
    for earlier in (1, 2, 3):
        mean = before.assign(late=before["year"] >= 2020 - earlier).groupby(["group", "late"])["y"].mean()
        expected = mean[1, True] - mean[1, False] - mean[0, True] + mean[0, False]
        assert found.table.loc[earlier, "estimate"] == pytest.approx(expected)
    assert found.p == pytest.approx(min(1, 3 * found.table["p"].min()))


def test_a_change_before_the_start_is_found(panel):
    early = panel.assign(y=panel["y"] + 8.0 * panel["group"] * (panel["year"] >= 2018))
    found = placebo_in_time(early, "y", **PANEL)
    assert found.within_chance is False
    assert placebo_in_time(panel, "y", **PANEL).within_chance is True


def test_false_starts_of_several_groups(maker):
    table = maker(units=24, treated=12, seed=5)
    number = table["unit"].str[1:].astype(int)
    table["since"] = table["since"].mask(number < 6, 2021.0)
    found = placebo_in_time(table, "y", **PANEL)
    # moved one period ahead, with the rows before each start only
    quiet = table[(table["year"] < table["since"].fillna(2021))]
    expected = group_time_effects(quiet.assign(since=quiet["since"] - 1), "y", **PANEL)
    assert found.table.loc[1, "estimate"] == pytest.approx(expected.estimate)


def test_too_short_a_past_is_refused(panel):
    found = placebo_in_time(panel[panel["year"] >= 2019], "y", **PANEL)
    assert [note.code for note in found.identification.obstacles] == ["no_placebo_date"]
    assert found.needed == ("Figures of at least 2 periods before the measure, for both groups.",)
    assert placebo_in_space(panel[panel["group"] == 1], "y", **PANEL).reason.startswith(
        "The measure starts everywhere"
    )
