from types import SimpleNamespace

import numpy as np
import pytest

from ogp_analysis.errors import OgpAnalysisError, ParameterError
from ogp_analysis.stats.effects.cells import _influence
from ogp_analysis.stats.effects.group_time import group_time_effects

PANEL = {"unit": "unit", "time": "year", "treated_from": "since"}


@pytest.fixture
def staggered(maker):
    table = maker(units=24, treated=12, seed=5)
    number = table["unit"].str[1:].astype(int)
    return table.assign(since=table["since"].mask(number < 5, 2021.0))


def effect(table, start, year, without=None):
    """Change from the last period before the start, against places that never start."""
    wide = table.pivot_table(index="unit", columns="year", values="y")
    since = table.groupby("unit")["since"].first()
    change = wide[year] - wide[start - 1]
    return change[since == start].mean() - change[since.isna() if without is None else without(since)].mean()


def test_cells_are_differences_of_changes(staggered):
    found = group_time_effects(staggered, "y", **PANEL)
    cells = found.table.set_index(["group", "period"])["estimate"]
    for start in (2020, 2021):
        for year in range(start, 2024):
            assert cells[start, year] == pytest.approx(effect(staggered, start, year))
    assert found.aggregate("group").table.loc[2021, "estimate"] == pytest.approx(
        np.mean([effect(staggered, 2021, year) for year in (2021, 2022, 2023)])
    )


@pytest.mark.parametrize("kind", ["simple", "dynamic", "group", "calendar"])
def test_error_is_that_of_leaving_out_each_place(staggered, kind):
    """The jackknife knows nothing of influence functions."""
    found = group_time_effects(staggered, "y", **PANEL).aggregate(kind)
    names = sorted(set(staggered["unit"]))
    without = [
        group_time_effects(staggered[staggered["unit"] != name], "y", **PANEL).aggregate(kind).estimate
        for name in names
    ]
    jackknife = np.sqrt((len(names) - 1) / len(names) * ((np.array(without) - np.mean(without)) ** 2).sum())
    assert found.standard_error == pytest.approx(jackknife, rel=0.15)


def test_order_and_names_do_not_matter(staggered):
    found = group_time_effects(staggered, "y", **PANEL)
    shuffled = staggered.sample(frac=1, random_state=3)
    renamed = shuffled.assign(unit="Kel. " + shuffled["unit"].str[::-1], year=shuffled["year"].astype("Int64"))
    for other in (shuffled, renamed, staggered[::-1].assign(y=staggered["y"] * 10 - 5)):
        again = group_time_effects(other, "y", **PANEL)
        factor = 10 if other["y"].iloc[0] != staggered["y"].get(other.index[0]) else 1
        for kind in ("simple", "dynamic", "group", "calendar"):
            assert again.aggregate(kind).estimate == pytest.approx(factor * found.aggregate(kind).estimate)
            assert again.aggregate(kind).standard_error == pytest.approx(
                factor * found.aggregate(kind).standard_error
            )


def test_without_places_that_never_start_the_last_serve_until_they_do(staggered):
    table = staggered[staggered["since"].notna()]
    found = group_time_effects(table, "y", **PANEL)
    assert found.estimate == pytest.approx(effect(table, 2020, 2020, lambda since: since == 2021))
    assert "no_never_treated" in {note.code for note in found.cautions}
    assert {one.period for one in found.left_out} == {2021, 2022, 2023}


def test_later_starters_serve_until_they_start_if_asked(staggered):
    found = group_time_effects(staggered, "y", **PANEL, control="not_yet")
    cells = found.table.set_index(["group", "period"])["estimate"]
    assert cells[2020, 2020] == pytest.approx(
        effect(staggered, 2020, 2020, lambda since: since.isna() | (since == 2021))
    )
    assert cells[2020, 2021] == pytest.approx(effect(staggered, 2020, 2021))


def test_repeated_cross_sections_compare_means(staggered):
    found = group_time_effects(staggered, "y", time="year", treated_from="since", cluster="unit")
    mean = staggered.assign(since=staggered["since"].fillna(0)).groupby(["since", "year"])["y"].mean()
    cells = found.table.set_index(["group", "period"])["estimate"]
    assert cells[2021, 2022] == pytest.approx(mean[2021, 2022] - mean[2021, 2020] - mean[0, 2022] + mean[0, 2020])
    assert found.clusters == 24
    # the same people in each period, clustered as such, are a panel
    panel = group_time_effects(staggered, "y", **PANEL)
    assert found.standard_error == pytest.approx(panel.standard_error, rel=1e-6)


def test_gaps_are_compared_on_the_places_seen_in_both_periods(staggered):
    gone = staggered.index[(staggered["unit"] == "u07") & (staggered["year"] == 2022)]
    table = staggered.drop(index=gone)
    found = group_time_effects(table, "y", **PANEL)
    cells = found.table.set_index(["group", "period"])["estimate"]
    assert cells[2020, 2022] == pytest.approx(effect(staggered[staggered["unit"] != "u07"], 2020, 2022))
    assert "unbalanced" in {note.code for note in found.cautions}


def test_clusters_of_several_units_are_summed(staggered):
    table = staggered.assign(area=staggered["unit"].str[1:].astype(int) // 2)
    found = group_time_effects(table, "y", **PANEL, cluster="area")
    assert (found.clusters, found.units) == (12, 24)
    single = group_time_effects(table, "y", **PANEL)
    assert found.estimate == pytest.approx(single.estimate)
    assert found.standard_error != pytest.approx(single.standard_error, rel=1e-6)
    with pytest.raises(ParameterError, match="A unit is in several clusters"):
        group_time_effects(table.assign(area=table["year"]), "y", **PANEL, cluster="area")


def test_all_at_once_is_refused(panel):
    found = group_time_effects(panel[panel["group"] == 1], "y", **PANEL)
    assert [note.code for note in found.identification.obstacles] == ["all_at_once"]
    assert found.needed == ("Figures of places where the measure started later or never, for the same periods.",)
    assert found.aggregate("calendar").estimate is None


def test_settings_that_do_not_exist_are_named(panel):
    with pytest.raises(ParameterError, match="There is no control 'all'"):
        group_time_effects(panel, "y", **PANEL, control="all")
    with pytest.raises(ParameterError, match="There is no mean 'total'"):
        group_time_effects(panel, "y", **PANEL).aggregate("total")


def test_a_library_that_keeps_its_parts_elsewhere_is_refused():
    parts = {"treated_idx": [0], "treated_inf": [0.3], "control_idx": [1], "control_inf": [0.4]}
    kit = SimpleNamespace(influence={(1, 2): parts})
    assert _influence(kit, (1, 2), 3, 0.5).tolist() == [0.3, 0.4, 0.0]
    for other, error in ((kit, 0.6), (object(), 0.5)):
        with pytest.raises(OgpAnalysisError, match="keeps its influence functions elsewhere"):
            _influence(other, (1, 2), 3, error)


def test_a_column_that_is_the_same_everywhere_is_named(staggered):
    found = group_time_effects(staggered.assign(area=7.0), "y", **PANEL, covariates="area")
    assert found.reason == "These columns cannot be told from the groups, the periods or each other: area."
