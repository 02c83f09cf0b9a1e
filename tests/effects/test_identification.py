import importlib

import numpy as np
import pandas as pd
import pytest

from ogp_analysis.errors import ParameterError
from ogp_analysis.stats.effects.identification import identify

PANEL = {"unit": "unit", "time": "year", "treated_from": "since"}


def test_a_page_can_explain_a_refusal_without_any_figures():
    found = identify(None, design="event_study")
    assert (found.can_tell, found.n, found.units) == (False, 0, None)
    assert found.reason == "There is no table of the outcome by place and period."
    assert found.needed == (
        "Figures of the outcome for periods before the measure (at least 2) and after it, for places with the measure "
        "and places without it, from one source and by one definition.",
    )


def test_what_a_panel_holds_is_counted(panel):
    found = identify(panel, "y", **PANEL)
    assert found.can_tell
    assert (found.n, found.units, found.treated_units, found.untreated_units) == (128, 16, 6, 10)
    assert (found.clusters, found.treated_clusters, found.untreated_clusters) == (16, 6, 10)
    assert found.starts == (2020,)
    assert found.periods_before == (2016, 2017, 2018, 2019)
    assert found.periods_after == (2020, 2021, 2022, 2023)


def test_periods_without_the_other_group_do_not_count(panel):
    table = panel[(panel["group"] == 1) | (panel["year"] >= 2019)]
    found = identify(table, "y", **PANEL, design="event_study")
    assert found.periods_before == (2019,)
    assert [note.code for note in found.obstacles] == ["too_few_before"]


def test_nothing_is_estimated_and_no_package_is_loaded(panel, monkeypatch):
    def refuse(name):
        raise AssertionError(name)

    monkeypatch.setattr(importlib, "import_module", refuse)
    assert identify(panel, "y", **PANEL, design="staggered").can_tell


def test_uneven_periods_are_said(panel):
    found = identify(panel[panel["year"] != 2018], "y", **PANEL)
    assert "uneven_periods" in {note.code for note in found.cautions}


def test_every_reading_of_the_same_table_agrees(panel):
    expected = identify(panel, "y", **PANEL)
    by_group = identify(panel, "y", unit="unit", time="year", treated="group", post="after")
    by_state = identify(panel[::-1], "y", unit="unit", time="year", treated="on")
    for other in (by_group, by_state):
        assert (other.n, other.starts, other.treated_units) == (
            expected.n,
            expected.starts,
            expected.treated_units,
        )


def test_missing_covariates_and_clusters_are_listed(panel):
    table = panel.assign(x=panel["year"] * 1.0, area=panel["unit"].str[:2])
    table.loc[4, "x"] = np.nan
    table.loc[9, "area"] = None
    found = identify(table, "y", **PANEL, covariates="x", cluster="area")
    assert {(one.row, one.reason) for one in found.left_out} == {(4, "covariate_missing"), (9, "cluster_missing")}


def test_settings_that_mean_nothing_are_refused(panel):
    with pytest.raises(ParameterError, match="There is no design 'did'"):
        identify(panel, "y", **PANEL, design="did")
    with pytest.raises(ParameterError, match="minimum_before is True"):
        identify(panel, "y", **PANEL, minimum_before=True)
    with pytest.raises(ParameterError, match="was given for two things"):
        identify(panel, "y", unit="unit", time="unit", treated_from="since")


def test_an_empty_table_with_the_right_columns_is_no_panel():
    found = identify(pd.DataFrame({"y": [], "unit": [], "year": [], "since": []}), "y", **PANEL)
    assert [note.code for note in found.obstacles] == ["no_panel"]
