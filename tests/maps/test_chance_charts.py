"""Charts and maps of what is more than chance: hollow where it is not, nothing where nothing is known."""

from __future__ import annotations

import dataclasses

import numpy as np
import pandas as pd
import pytest
from matplotlib.colors import to_hex
from matplotlib.patches import Circle
from matplotlib.text import Text

from ogp_analysis import charts
from ogp_analysis.charts.common import FILL
from ogp_analysis.errors import ParameterError
from ogp_analysis.locale import get_language
from ogp_analysis.maps import (
    Frame,
    Panel,
    choropleth,
    clusters,
    make_classes,
    panel_maps,
    small_multiples,
    symbol_map,
    tile_grid,
)
from ogp_analysis.maps.palettes import EMPTY_STYLES
from ogp_analysis.stats.local import LocalPattern

ENGLISH, INDONESIAN = get_language("en"), get_language("id")
LANGUAGES = pytest.mark.parametrize("language", [ENGLISH, INDONESIAN], ids=["en", "id"])


def points(shown):
    return [patch for patch in shown.figure.axes[0].patches if isinstance(patch, Circle)]


def filled(shown):
    return [patch for patch in points(shown) if to_hex(patch.get_facecolor()) == FILL.fill]


def words(shown):
    return [text.get_text() for text in shown.figure.findobj(Text) if text.get_text()]


@pytest.fixture
def gaps():
    rows = [
        ("Clinics", "Tugu", 0.30, 0.10, 0.20, 0.05, 0.40, False),
        ("Clinics", "Genuk", 0.20, 0.25, -0.05, -0.15, 0.10, True),
        ("Clinics", "Mijen", 0.50, 0.65, -0.15, -0.25, -0.02, False),
        ("Parcels", "Tugu", 0.40, 0.10, 0.30, np.nan, np.nan, pd.NA),
        ("Parcels", "Genuk", np.nan, 0.25, np.nan, np.nan, np.nan, pd.NA),
        ("Parcels", "Mijen", 0.60, 0.65, -0.05, np.nan, np.nan, pd.NA),
    ]
    table = pd.DataFrame(
        rows, columns=["group", "label", "share", "need_share", "gap", "low", "high", "within_chance"]
    )
    return table.astype({"within_chance": "boolean"})


def gap_chart(table, language=ENGLISH):
    return charts.gap(table, title="Gaps", language=language, source="Toy figures")


@LANGUAGES
def test_only_gaps_that_are_more_than_chance_are_filled(gaps, language):
    shown = gap_chart(gaps, language)
    assert len(points(shown)) == 5, "a gap that is not known has no point"
    assert len(filled(shown)) == 2
    right, left = sorted((patch.center[0] for patch in filled(shown)), reverse=True)
    zero = [p.center[0] for p in points(shown) if p not in filled(shown)]
    assert left < min(zero) < right
    assert language.t("no data") in words(shown)


def test_gaps_in_words_name_the_places_outside_chance(gaps):
    alt = gap_chart(gaps).alt
    assert "Clinics – more than its share: Tugu (+20.0); less than its share: Mijen (−15.0)" in alt
    assert "within chance: 1 of 3" in alt
    assert "Parcels – cannot be told: 2 of 3; no data: 1 of 3." in alt


def test_gaps_of_which_chance_tells_nothing_say_so(gaps):
    shown = gap_chart(gaps[gaps["group"] == "Parcels"])
    assert filled(shown) == []
    assert "Chance could not be reckoned" in shown.caption


def test_both_panels_of_gaps_have_one_scale(gaps):
    wide = gap_chart(gaps)
    assert words(wide).count("+25") == words(wide).count("−25") == 2


def test_gaps_that_cannot_be_are_refused(gaps):
    for broken in (gaps.head(0), pd.concat([gaps, gaps.head(1)]), gaps.assign(gap=1.5)):
        with pytest.raises(ParameterError, match="Gaps need"):
            gap_chart(broken)


@pytest.fixture
def rates():
    table = pd.DataFrame(
        {
            "group": "Dengue",
            "label": ["Tugu", "Genuk", "Mijen", "Candisari"],
            "people": [100.0, 400.0, 300.0, 200.0],
            "rate": [9.0, 2.0, 5.0, np.nan],
            "position": ["high", "very_low", "inside", "very_high"],
        }
    )
    sizes = pd.Series([50.0, 200.0, 420.0])
    wide = pd.DataFrame({"group": "Dengue", "people": sizes})
    for name, factor in (("low", -20), ("high", 20), ("very_low", -30), ("very_high", 30)):
        wide[name] = (5 + factor / np.sqrt(sizes)).clip(lower=0)
    return table, wide


def funnel(table, limits, language=ENGLISH):
    return charts.funnel(
        table,
        limits,
        {"Dengue": 5.0},
        units={"Dengue": ("per 10,000", "people")},
        title="Funnel",
        language=language,
        source="Toy figures",
    )


@LANGUAGES
def test_only_places_outside_the_limits_are_filled_and_named(rates, language):
    shown = funnel(*rates, language)
    assert len(points(shown)) == 3, "a rate that is not shown has no point"
    assert len(filled(shown)) == 2
    named = {"Tugu", "Genuk", "Mijen", "Candisari"} & set(words(shown))
    assert named == {"Tugu", "Genuk"}
    tugu, genuk = sorted(filled(shown), key=lambda patch: -patch.center[1])
    assert tugu.center[0] < genuk.center[0], "the smaller place stands further left"


def test_the_funnel_in_words_and_numbers(rates):
    shown = funnel(*rates)
    assert shown.alt == (
        "Dengue – within the limits of chance: 1 of 3 drawn; above them: Tugu (9.00); below them: Genuk (2.00); "
        "not drawn because a count is small: 1."
    )
    behind = shown.table.set_index("label")
    assert np.isnan(behind.loc["Candisari", "rate"])
    assert behind.loc["Candisari", "shown"] == "small count, not shown"


def test_a_funnel_without_rates_or_limits_is_refused(rates):
    table, limits = rates
    for broken in ((table.assign(rate=np.nan), limits), (table, limits.assign(group="Other"))):
        with pytest.raises(ParameterError, match="A funnel needs"):
            funnel(*broken)


def curve(table, language=ENGLISH):
    return charts.concentration_curve(
        table, axes=("People", "Clinics"), title="Curve", language=language, source="Toy figures"
    )


@pytest.fixture
def cumulated():
    return pd.DataFrame(
        {
            "group": ["Clinics"] * 3 + ["Shops"] * 3,
            "people_share": [0, 0.5, 1, 0, 0.5, 1],
            "outcome_share": [0, 0.8, 1, 0, 0.2, 1],
        }
    )


@LANGUAGES
def test_the_curve_above_the_diagonal_is_that_of_more_than_equal_shares(cumulated, language):
    shown = curve(cumulated, language)
    full = [p.center for p in points(shown) if to_hex(p.get_facecolor()) == "#2b7bba"]
    corners = full[0], full[2]
    assert full[1][1] > (corners[0][1] + corners[1][1]) / 2
    assert full[1][0] == pytest.approx((corners[0][0] + corners[1][0]) / 2)
    assert language.t("equal shares") in words(shown)


def test_the_curve_in_words(cumulated):
    alt = curve(cumulated).alt
    assert "Clinics: the first 50% have 80%." in alt
    assert "Shops: the first 50% have 20%." in alt


def test_curves_that_are_none_are_refused(cumulated):
    with pytest.raises(ParameterError, match="does not rise"):
        curve(cumulated.assign(outcome_share=[0, 0.8, 0.7, 0, 0.2, 1]))
    with pytest.raises(ParameterError, match="cannot be told apart"):
        curve(cumulated.head(0))


@LANGUAGES
def test_the_charts_can_be_read_on_a_phone(gaps, rates, cumulated, language):
    for shown in (gap_chart(gaps, language), funnel(*rates, language), curve(cumulated, language)):
        width = shown.figure.get_figwidth() * 72
        assert min(t.get_fontsize() for t in shown.figure.findobj(Text) if t.get_text()) * 640 / width >= 9


@LANGUAGES
def test_no_text_of_the_charts_leaves_the_sheet(gaps, rates, cumulated, language):
    for shown in (gap_chart(gaps, language), funnel(*rates, language), curve(cumulated, language)):
        width, height = (72 * side for side in shown.figure.get_size_inches())
        shown.figure.canvas.draw()
        for text in shown.figure.findobj(Text):
            if text.get_text():
                box = text.get_window_extent().transformed(shown.figure.axes[0].transData.inverted())
                inside = box.x0 >= -1, box.x1 <= width + 1, box.y0 >= -1, box.y1 <= height + 1
                assert all(inside), text.get_text()


@pytest.fixture
def withheld(shares):
    hidden = pd.Series("withheld", index=["3374150", "3374090"])
    return shares.drop(hidden.index), hidden


def test_a_withheld_rate_has_a_pattern_of_its_own_and_no_number_anywhere(city, withheld, frame):
    values, states = withheld
    shown = choropleth(city, values, frame, classes=make_classes(values), states=states)
    behind = shown.table.set_index("code")
    assert behind.loc[states.index, "value"].isna().all()
    assert set(behind.loc[states.index, "state"]) == {"withheld"}
    assert shown.tips["d-3374150"] == "Tugu: Small count, not shown"
    assert "Not shown, because the count is small, for 2 kecamatan: Genuk and Tugu." in shown.alt
    assert "No data" not in shown.alt
    drawn = {p.get_gid(): p for p in shown.figure.axes[0].patches if p.get_gid()}
    assert to_hex(drawn["d-3374150"].get_facecolor()) == EMPTY_STYLES["withheld"].fill
    with pytest.raises(ParameterError, match="and also a value"):
        choropleth(city, values, frame, classes=make_classes(values), states=pd.Series({"3374010": "withheld"}))


def test_a_withheld_number_has_its_pattern_and_words_on_circles_and_tiles_too(city, withheld, frame):
    values, states = withheld
    districts = city.drop(columns="geometry").assign(tile_row=1, tile_col=range(1, len(city) + 1))
    circles = symbol_map(city, values, frame, states=states)
    tiles = tile_grid(districts, values, frame, classes=make_classes(values), states=states)
    for shown in (circles, tiles):
        assert shown.tips["d-3374150"] == "Tugu: Small count, not shown"
        drawn = {p.get_gid(): p for p in shown.figure.axes[0].patches if p.get_gid()}
        assert to_hex(drawn["d-3374150"].get_facecolor()) == EMPTY_STYLES["withheld"].fill


def test_withheld_rates_in_small_multiples_are_not_counted_as_missing(city, withheld, frame):
    values, states = withheld
    panels = {"2020": values, "2021": values}
    shown = small_multiples(city, panels, frame, classes=make_classes(panels), states={"2021": states})
    notes = [text for text in words(shown) if "without data" in text]
    assert notes == ["2 without data"]  # only in the panel whose states do not say why


@pytest.fixture
def panels(shares):
    first = shares.head(10)
    return [
        Panel("Backlog (%)", "2022; denominator: families, 2022.", first - 5, make_classes(first - 5, k=4), "%"),
        Panel("Clinics per 10,000", "2021; denominator: people, 2020.", shares, make_classes(shares, k=3)),
        Panel("Cases", "2020", shares * 100, make_classes(shares * 100, k=2)),
    ]


@LANGUAGES
@pytest.mark.parametrize("columns", [2, 3])
def test_each_panel_has_its_own_classes_period_and_legend(city, panels, language, columns):
    frame = Frame("Need", "Rates", "Toy figures", None, language)
    shown = panel_maps(city, panels, frame, columns=columns)
    text = words(shown)
    joined = " ".join(text)
    for panel in panels:
        assert panel.title in shown.alt
        assert panel.note in shown.alt
        for label in panel.classes.labels_in(language):
            assert all(word in joined for word in label.split())
    assert len(shown.table) == 48
    assert shown.table.loc[shown.table["panel"] == "Backlog (%)", "state"].eq("no_data").sum() == 6
    assert language.t("No data") in joined
    styles = {p.get_gid(): to_hex(p.get_facecolor()) for p in shown.figure.axes[0].patches if p.get_gid()}
    # the highest value of each map has the darkest shade of its own classes
    assert styles["p1-3374160"] != styles["p1-3374010"]
    assert styles["p2-3374160"] != styles["p2-3374010"]


def test_panels_that_cannot_stand_side_by_side_are_refused(city, panels):
    frame = Frame("Need", "Rates", "Toy figures", None, "en")
    for broken in (panels[:1], [panels[0], panels[0]], panels * 3):
        with pytest.raises(ParameterError, match="cannot be drawn side by side"):
            panel_maps(city, broken, frame)


def pattern(shares, kinds):
    table = pd.DataFrame({"value": shares, "kind": "within_chance"})
    table.loc[list(kinds), "kind"] = list(kinds.values())
    return LocalPattern("local_moran", table, 0.95, 999, True, "", "some", (), 1)


@LANGUAGES
def test_clusters_are_those_of_the_pattern_and_what_cannot_be_told_is_not_within_chance(city, shares, language):
    found = pattern(shares, {"3374090": "high_high", "3374080": "high_high", "3374150": "cannot_tell"})
    frame = Frame("Clusters", "Beside its neighbours", "Toy figures", "2023", language)
    shown = clusters(city, found, frame)
    behind = shown.table.set_index("code")
    high = language.t("high among high neighbours")
    assert set(behind.index[behind["class"] == high]) == {"3374090", "3374080"}
    assert behind.loc["3374150", "state"] == "not_applicable"
    assert (behind["class"] == language.t("within chance")).sum() == 13
    assert f"{high}: 2 kecamatan" in shown.alt


def test_no_map_of_clusters_where_no_place_stands_out(city, shares):
    frame = Frame("Clusters", "Beside its neighbours", "Toy figures", "2023", "en")
    for kinds in ({}, {"3374150": "cannot_tell"}):
        with pytest.raises(ParameterError, match="No place stands out"):
            clusters(city, dataclasses.replace(pattern(shares, kinds)), frame)
