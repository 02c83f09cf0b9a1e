from __future__ import annotations

import math
from dataclasses import replace
from datetime import date

import numpy as np
import pandas as pd
import pytest
from matplotlib.colors import to_hex
from matplotlib.text import Text

from ogp_analysis.errors import ParameterError
from ogp_analysis.maps import (
    category_map,
    choropleth,
    make_classes,
    small_multiples,
    symbol_map,
    tile_grid,
    yes_no_map,
)
from ogp_analysis.maps.projection import project
from ogp_analysis.quarter import Quarter


def words(shown):
    return [text.get_text() for text in shown.figure.findobj(Text) if text.get_text()]


def fills(shown, prefix="d-"):
    return {
        patch.get_gid().removeprefix(prefix): to_hex(patch.get_facecolor())
        for patch in shown.figure.axes[0].patches
        if (patch.get_gid() or "").startswith(prefix)
    }


@pytest.fixture
def known(shares):
    """Three districts without data; the rest 1 to 13 in the order of the codes."""
    return shares.iloc[:13]


@pytest.fixture
def fixed(shares):
    return make_classes(shares, scheme="given", breaks=[0, 5, 10, 20])


def test_the_description_states_the_pattern(city, known, fixed, frame):
    alt = choropleth(city, known, frame, classes=fixed, unit="%").alt
    assert "Households reached. As of 31 December 2020." in alt
    assert "13 of 16 kecamatan have a value." in alt
    assert "The values run from 1% to 13%." in alt
    assert "Highest: Semarang Tengah (13%); Semarang Utara (12%); Semarang Timur (11%)." in alt
    assert "Lowest: Mijen (1%); Gunungpati (2%); Banyumanik (3%)." in alt
    # 1-4 are below 5, 5-9 below 10, 10-13 below 20.
    assert "0 to < 5: 4; 5 to < 10: 5; 10 to 20: 4." in alt
    assert "No data (which is not zero) for 3 kecamatan: Ngaliyan, Semarang Barat and Tugu." in alt
    assert "not why" in alt


def test_the_description_is_in_indonesian_too(city, known, fixed, frame):
    alt = choropleth(city, known + 0.5, replace(frame, language="id"), classes=make_classes(known + 0.5)).alt
    assert "13 dari 16 kecamatan memiliki nilai." in alt
    assert "Nilainya antara 1,5 dan 13,5." in alt
    assert "Tidak ada data (bukan berarti nol) untuk 3 kecamatan: Ngaliyan, Semarang Barat, dan Tugu." in alt


def test_ties_at_the_end_of_a_list_of_three_are_said(city, shares, frame):
    values = shares.clip(upper=12)  # 12 to 16 become 12: five districts share the highest value
    alt = choropleth(city, values, frame, classes=make_classes(values)).alt
    assert "(and 2 more with the last value)." in alt


def test_a_rank_is_told_as_a_place_and_rank_one_heads_the_legend(city, shares, frame):
    ranks = shares.rank()
    classes = make_classes(ranks, scheme="given", breaks=[1, 5, 9, 13, 16], whole=True)
    shown = choropleth(city, ranks, frame, classes=classes, kind="rank")
    first, last = ranks.idxmin(), ranks.idxmax()
    names = city.set_index("code_bps")["name"]
    assert f"First: {names[first]} (1);" in shown.alt
    assert f"Last: {names[last]} (16);" in shown.alt
    assert "Highest" not in shown.alt
    found = words(shown)
    assert found.index("1 to 4") < found.index("13 to 16")
    ordinary = words(choropleth(city, ranks, frame, classes=classes, kind="index"))
    assert ordinary.index("13 to 16") < ordinary.index("1 to 4")


def test_equal_values_and_no_values_are_described(city, shares, frame):
    same = choropleth(city, shares * 0 + 7, frame, classes=make_classes(shares * 0 + 7))
    assert "All of them have the same value: 7." in same.alt
    nothing = choropleth(city, shares * np.nan, frame, classes=make_classes(shares))
    assert "0 of 16 kecamatan have a value." in nothing.alt
    assert "No data (which is not zero) for 16 kecamatan: all." in nothing.alt


def test_zero_and_no_data_are_drawn_apart(city, fixed, frame):
    shown = choropleth(city, pd.Series({"3374010": 0.0, "3374020": 6.0}), frame, classes=fixed)
    colours = fills(shown)
    assert len({colours["3374010"], colours["3374020"], colours["3374030"]}) == 3
    assert {colours[code] for code in city["code_bps"].iloc[2:]} == {colours["3374030"]}
    state = shown.table.set_index("code")["state"]
    assert state["3374010"] == "measured"
    assert state["3374030"] == "no_data"


def test_the_legend_counts_districts(city, known, fixed, frame):
    found = words(choropleth(city, known, frame, classes=fixed))
    for text, count in (("0 to < 5", "4 kecamatan"), ("5 to < 10", "5 kecamatan"), ("No data", "3 kecamatan")):
        assert found[found.index(text) + 1] == count


def test_the_table_behind_the_map_is_tidy(city, known, fixed, frame):
    table = choropleth(city, known, frame, classes=fixed).table
    assert list(table.columns) == ["code", "name", "value", "class", "state"]
    assert table["code"].tolist() == city["code_bps"].tolist()
    assert table.set_index("name").loc["Semarang Tengah", ["value", "class"]].tolist() == [13.0, "10 to 20"]
    assert pd.isna(table.set_index("name").loc["Tugu", "class"])


@pytest.mark.parametrize("kind", ["count", "amount"])
def test_counts_are_never_shaded(city, shares, fixed, frame, kind):
    places = pd.DataFrame(city[["code_bps", "name"]]).assign(tile_row=range(16), tile_col=1)
    with pytest.raises(ParameterError, match=f"A {kind} cannot be drawn as shades") as caught:
        choropleth(city, shares, frame, classes=fixed, kind=kind)
    assert "symbol_map" in caught.value.hint
    assert "rate" in caught.value.hint
    with pytest.raises(ParameterError, match="small_multiples"):
        small_multiples(city, {"a": shares, "b": shares}, frame, classes=fixed, kind=kind)
    with pytest.raises(ParameterError, match="tile_grid"):
        tile_grid(places, shares, frame, classes=fixed, kind=kind)


def test_unknown_kinds_get_a_suggestion(city, shares, fixed, frame):
    with pytest.raises(ParameterError, match="Did you mean 'rate'"):
        choropleth(city, shares, frame, classes=fixed, kind="rates")
    with pytest.raises(ParameterError, match="yes_no_map"):
        choropleth(city, shares, frame, classes=fixed, kind="yes/no")


@pytest.mark.parametrize("name", ["title", "legend_title", "source"])
def test_no_map_without_its_texts(city, shares, fixed, frame, name):
    with pytest.raises(ParameterError, match=f"needs a {name}"):
        choropleth(city, shares, replace(frame, **{name: " "}), classes=fixed)


@pytest.mark.parametrize(
    ("as_of", "shown"),
    [
        (Quarter(2023, 4), "As of 31 December 2023"),
        (date(2020, 4, 27), "As of 27 April 2020"),
        ("2020-04", "As of April 2020"),
        ("2021", "Year 2021"),
    ],
)
def test_the_day_is_no_more_exact_than_it_was_given(city, shares, fixed, frame, as_of, shown):
    assert shown in words(choropleth(city, shares, replace(frame, as_of=as_of), classes=fixed))


def test_a_map_without_a_day_or_classes_or_outline_is_refused(city, shares, fixed, frame):
    with pytest.raises(ParameterError, match="needs the date"):
        choropleth(city, shares, replace(frame, as_of=None), classes=fixed)
    with pytest.raises(ParameterError, match="make_classes"):
        choropleth(city, shares, frame, classes=[0, 5, 20])
    with pytest.raises(ParameterError, match="coordinate system"):
        choropleth(city.set_crs(None, allow_override=True), shares, frame, classes=fixed)
    with pytest.raises(ParameterError, match="not a GeoDataFrame"):
        choropleth(pd.DataFrame(city.drop(columns="geometry")), shares, frame, classes=fixed)
    with pytest.raises(ParameterError, match="inches wide"):
        choropleth(city, shares, replace(frame, width=2), classes=fixed)


def test_every_map_says_which_outline_it_uses(city, shares, fixed, frame):
    assert any(
        "not an official boundary" in word for word in words(choropleth(city, shares, frame, classes=fixed))
    )
    city.attrs["boundaries"] = {"kind": "official", "source_en": "BPS", "source_id": "BPS-id", "vintage": "2020"}
    assert "Boundaries: BPS (2020)." in words(choropleth(city, shares, frame, classes=fixed))
    indonesian = choropleth(city, shares, replace(frame, language="id"), classes=fixed)
    assert "Batas wilayah: BPS-id (2020)." in words(indonesian)
    city.attrs.clear()
    assert "Boundaries: source not stated." in words(choropleth(city, shares, frame, classes=fixed))


def test_illustrative_values_are_marked_on_the_face(city, shares, fixed, frame):
    states = pd.Series({"3374010": "illustrative", "3374020": "derived"})
    shown = choropleth(city, shares, frame, classes=fixed, states=states)
    found = words(shown)
    assert shown.title == "Households reached (illustrative values)"
    assert {"Mijen*", "Gunungpati†", "Illustrative (*)", "Derived by calculation"} <= set(found)
    assert "Illustrative values, not measured, for 1 kecamatan: Mijen." in shown.alt
    marked = next(p for p in shown.figure.axes[0].patches if p.get_gid() == "d-3374010")
    assert marked.get_linestyle() not in ("solid", "-")
    assert choropleth(city, shares, frame, classes=fixed).title == "Households reached"


def test_not_applicable_is_neither_no_data_nor_a_value(city, known, fixed, frame):
    states = pd.Series({"3374150": "not_applicable"})
    shown = choropleth(city, known, frame, classes=fixed, states=states)
    colours = fills(shown)
    assert colours["3374150"] != colours["3374160"]
    assert "Not applicable to 1 kecamatan: Tugu." in shown.alt
    assert "for 2 kecamatan: Ngaliyan and Semarang Barat." in shown.alt


def test_gains_and_losses_have_different_colours_and_losses_a_pattern(city, shares, frame):
    changes = shares - 8.5
    classes = make_classes(changes, k=4)
    shown = choropleth(city, changes, frame, classes=classes, kind="change")
    down = {fills(shown)[code] for code in changes.index[changes < 0]}
    up = {fills(shown)[code] for code in changes.index[changes > 0]}
    assert not down & up
    patches = shown.figure.axes[0].patches
    hatched = {
        patch.get_gid(): patches[i + 1].get_hatch()
        for i, patch in enumerate(patches)
        if (patch.get_gid() or "").startswith("d-")
    }
    assert all(hatched[f"d-{code}"] for code in changes.index[changes < 0])
    assert not any(hatched[f"d-{code}"] for code in changes.index[changes > 0])


def test_the_scale_bar_is_true_at_the_citys_latitude(city, shares, fixed, frame):
    from pyproj import Geod

    # The toy city reaches from 110.2 to 110.44 E; measure that on the ellipsoid at its middle.
    _, _, metres = Geod(ellps="WGS84").inv(110.2, -7.09, 110.44, -7.09)
    shown = choropleth(city, shares, frame, classes=fixed, labels="none")
    named = [p for p in shown.figure.axes[0].patches if (p.get_gid() or "").startswith("d-")]
    points = max(p.get_path().vertices[:, 0].max() for p in named) - min(
        p.get_path().vertices[:, 0].min() for p in named
    )
    halves = [p for p in shown.figure.axes[0].patches if getattr(p, "get_height", lambda: 0)() == 3.5]
    bar = sum(p.get_width() for p in halves)
    kilometres = float(next(w for w in words(shown) if w.endswith(" km")).removesuffix(" km"))
    assert len(halves) == 2
    assert bar / points * metres == pytest.approx(kilometres * 1000, rel=0.005)


def test_the_projection_keeps_areas_true(city):
    # 0.08 x 0.08 degrees at 7.16 S: 0.08 * 110.574 km north-south, 0.08 * 111.320 km * cos(lat) east-west.
    area = project(city).shapes[0].area / 1e6
    expected = (0.08 * 110.59) * (0.08 * 111.32 * math.cos(math.radians(7.16)))
    assert area == pytest.approx(expected, rel=0.01)


@pytest.mark.parametrize("n", [2, 3, 5, 7, 12, 16])
def test_panels_share_classes_and_say_what_is_missing(city, shares, frame, n):
    panels = {f"Panel {i}": shares.iloc[i:] + i for i in range(n)}
    shown = small_multiples(city, panels, frame, classes=make_classes(panels, k=4))
    assert len(shown.table) == 16 * n
    assert shown.table["panel"].nunique() == n
    colours = [fills(shown, f"p{i}-") for i in range(n)]
    assert all(len(panel) == 16 for panel in colours)
    seen: dict[str, str] = {}
    for i, table in enumerate(shown.table.groupby("panel", sort=False)):
        for code, name in zip(table[1]["code"], table[1]["class"], strict=True):
            key = "none" if name is None or pd.isna(name) else name
            assert seen.setdefault(key, colours[i][code]) == colours[i][code]
    assert words(shown).count("all kecamatan have data") == 1
    assert "1 without data" in words(shown)


def test_a_panel_says_what_is_withheld_apart_from_what_is_not_known(city, shares, frame):
    kept = shares.drop(shares.index[:2]).mask(shares.index[2:] == shares.index[2])
    state = pd.Series("withheld", index=[shares.index[2]]).reindex(kept.index, fill_value="measured")
    panels = {"one": shares, "two": kept}
    shown = small_multiples(city, panels, frame, classes=make_classes(panels, k=3), states={"two": state})
    said = " ".join(words(shown))
    assert "all kecamatan have data" in said
    assert "2 without data; 1 not shown (small count)" in said


def test_panels_must_be_two_to_sixteen_and_states_must_fit(city, shares, fixed, frame):
    for n in (0, 1, 17):
        with pytest.raises(ParameterError, match=f"{n} panel"):
            small_multiples(city, {str(i): shares for i in range(n)}, frame, classes=fixed)
    with pytest.raises(ParameterError, match="states for the panel 'c'"):
        small_multiples(
            city, {"a": shares, "b": shares}, frame, classes=fixed, states={"c": pd.Series(dtype=object)}
        )


def test_yes_no_and_missing_are_counted_apart(city, frame):
    values = pd.Series([True, True, False], index=["3374010", "3374020", "3374030"])
    shown = yes_no_map(city, values, frame)
    assert "Yes: 2 kecamatan (Gunungpati and Mijen)." in shown.alt
    assert "No: 1 kecamatan (Banyumanik)." in shown.alt
    assert "No data (which is not zero) for 13 kecamatan" in shown.alt
    assert shown.table["class"].head(3).tolist() == ["Yes", "Yes", "No"]
    assert shown.table["class"].isna().sum() == 13
    with pytest.raises(ParameterError, match="3374010 has the value 'ya'"):
        yes_no_map(city, pd.Series(["ya"], index=["3374010"]), frame)


def test_categories_keep_their_order_and_are_at_most_five(city, frame):
    values = pd.Series({"3374010": "weak", "3374020": "strong"})
    names = {"strong": "A figure", "middle": "A mention", "weak": "A promise"}
    shown = category_map(city, values, frame, categories=names)
    found = words(shown)
    assert found.index("A figure") < found.index("A mention") < found.index("A promise")
    assert "A mention: 0 kecamatan." in shown.alt
    with pytest.raises(ParameterError, match="6 categories"):
        category_map(city, values, frame, categories=list("abcdef"))
    with pytest.raises(ParameterError, match="category 'weak'") as caught:
        category_map(city, values, frame, categories=["strong", "weakly"])
    assert "weakly" in caught.value.hint


def test_the_area_of_a_circle_is_in_proportion(city, frame):
    values = pd.Series({"3374010": 400.0, "3374020": 100.0, "3374030": 0.0})
    shown = symbol_map(city, values, frame, labels="none")
    from matplotlib.patches import Circle

    radii = sorted(
        p.get_radius() for p in shown.figure.axes[0].patches if isinstance(p, Circle) and p.get_facecolor()[3] > 0
    )
    assert len(radii) == 2
    assert (radii[1] / radii[0]) ** 2 == pytest.approx(4.0)
    assert "Zero (measured)" in words(shown)
    assert shown.table["class"].isna().all()


def test_circles_refuse_what_they_cannot_show(city, frame):
    with pytest.raises(ParameterError, match="3374010 has the value -5"):
        symbol_map(city, pd.Series({"3374010": -5.0}), frame)
    with pytest.raises(ParameterError, match="below the highest value"):
        symbol_map(city, pd.Series({"3374010": 50.0}), frame, largest=10)
    with pytest.raises(ParameterError, match="not numbers"):
        symbol_map(city, pd.Series({"3374010": "50"}), frame)


def test_numbers_are_printed_beside_the_circles(city, shares, frame):
    found = words(symbol_map(city, shares * 1000, replace(frame, language="id")))
    assert any("16.000" in word for word in found)


def test_tiles_are_equal_squares_at_their_places(city, shares, fixed, frame):
    places = pd.DataFrame(city[["code_bps", "name"]])
    places = places.assign(
        tile_row=[str(1 + i // 4) for i in range(16)], tile_col=[str(1 + i % 4) for i in range(16)]
    )
    shown = tile_grid(places, shares.iloc[:15], frame, classes=fixed, unit="%")
    tiles = {p.get_gid(): p for p in shown.figure.axes[0].patches if (p.get_gid() or "").startswith("d-")}
    assert {(round(p.get_width(), 6), round(p.get_height(), 6)) for p in tiles.values()} == {
        (round(tiles["d-3374010"].get_width(), 6),) * 2
    }
    first, right, below = tiles["d-3374010"], tiles["d-3374020"], tiles["d-3374050"]
    assert right.get_x() > first.get_x()
    assert below.get_y() < first.get_y()
    assert "16%" not in words(shown)
    assert "15%" in words(shown)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"tile_col": 1, "tile_row": 1}, "3374010 and 3374020 have the same tile"),
        ({"tile_row": "utara"}, "tile row 'utara'"),
        ({"tile_row": 1.5}, "tile row 1.5"),
        ({"tile_row": None}, "tile row None"),
    ],
)
def test_tiles_with_wrong_places_are_explained(city, shares, fixed, frame, change, message):
    places = pd.DataFrame(city[["code_bps", "name"]]).assign(tile_row=range(16), tile_col=1)
    with pytest.raises(ParameterError, match=message):
        tile_grid(places.astype({"tile_row": object}).assign(**change), shares, frame, classes=fixed)
    with pytest.raises(ParameterError, match="tile_row"):
        tile_grid(places.drop(columns="tile_row"), shares, frame, classes=fixed)


def test_no_input_is_changed(city, shares, fixed, frame):
    before, values = city.copy(), shares.copy()
    states = pd.Series({"3374010": "illustrative"})
    choropleth(city, shares, frame, classes=fixed, states=states)
    symbol_map(city, shares, frame)
    yes_no_map(city, shares > 3, frame)
    pd.testing.assert_frame_equal(pd.DataFrame(city), pd.DataFrame(before))
    pd.testing.assert_series_equal(shares, values)
    assert states.tolist() == ["illustrative"]


def test_a_line_of_text_stands_below_each_label_instead_of_the_value(city, shares, frame):
    ranges = pd.Series({"3374010": "1–3", "3374020": "2"})
    shown = choropleth(city, shares, frame, classes=make_classes(shares), below=ranges)
    said = words(shown)
    assert any("1–3" in text for text in said)
    plain = words(choropleth(city, shares, frame, classes=make_classes(shares)))
    assert not any("1–3" in text for text in plain)
