"""What stands around a map: its day, its span, its size on a phone."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest
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


def printed(shown):
    return [text for text in shown.figure.findobj(Text) if text.get_text()]


def words(shown):
    return [text.get_text() for text in printed(shown)]


def test_panels_that_carry_their_days_claim_no_day_for_the_whole(city, shares, frame):
    panels = {"27 August 2020": shares, "4–6 September 2020": shares + 1}
    classes = make_classes(panels)
    shown = small_multiples(city, panels, replace(frame, as_of=None), classes=classes)
    assert "The day or period of each map stands above it" in words(shown)
    assert set(panels) <= set(words(shown))
    assert "As of" not in " ".join([*words(shown), shown.caption, shown.alt])
    dated = small_multiples(city, panels, frame, classes=classes)
    assert "As of 31 December 2020" in words(dated)


def test_a_title_that_is_a_question_closes_its_sentence_and_a_day_in_the_title_is_said_once(city, shares, frame):
    asked = yes_no_map(city, shares > 3, replace(frame, title="Was any figure found?"))
    assert asked.alt.startswith("Map of kecamatan: Was any figure found? As of 31 December 2020. ")
    titled = replace(frame, title="Parcels, 4–6 May 2020", as_of="2020-05-04/2020-05-06")
    shown = yes_no_map(city, shares > 3, titled)
    for text in (shown.alt, shown.caption, " ".join(words(shown))):
        assert text.count("4–6 May 2020") == (0 if text == shown.caption else 1)


def test_only_maps_of_amounts_warn_of_small_differences(city, shares, frame):
    warning = "small differences between neighbours"
    assert warning in choropleth(city, shares, frame, classes=make_classes(shares)).alt
    assert warning not in yes_no_map(city, shares > 3, frame).alt


def test_a_single_map_needs_its_day(city, shares, frame):
    for draw in (choropleth, symbol_map, yes_no_map):
        more = {"classes": make_classes(shares)} if draw is choropleth else {}
        values = shares > 3 if draw is yes_no_map else shares
        with pytest.raises(ParameterError, match="needs the date"):
            draw(city, values, replace(frame, as_of=None), **more)


def test_a_span_is_not_as_of_one_day(city, shares, frame):
    shown = choropleth(city, shares, replace(frame, as_of="2020-05-04/2020-05-06"), classes=make_classes(shares))
    assert "4–6 May 2020" in words(shown)
    assert "As of" not in shown.caption + shown.alt
    assert "Source: Toy figures. 4–6 May 2020. Schematic" in shown.caption


def test_a_legend_below_leaves_the_map_more_room(city, shares, frame):
    classes = make_classes(shares)

    def extent(shown):
        named = [p for p in shown.figure.axes[0].patches if (p.get_gid() or "").startswith("d-")]
        boxes = [p.get_window_extent() for p in named]
        return max(box.x1 for box in boxes) - min(box.x0 for box in boxes)

    beside = choropleth(city, shares, frame, classes=classes)
    below = choropleth(city, shares, replace(frame, legend_below=True), classes=classes)
    assert extent(below) > 1.3 * extent(beside)


@pytest.mark.parametrize("language", ["id", "en"])
def test_every_map_can_be_read_on_a_phone(city, shares, frame, language):
    frame = replace(frame, language=language)
    classes = make_classes(shares)
    places = pd.DataFrame(city[["code_bps", "name"]])
    places = places.assign(tile_row=[i // 4 for i in range(16)], tile_col=[i % 4 for i in range(16)])
    answers = (shares > 8).map({True: "a", False: "b"})
    for shown in (
        choropleth(city, shares, frame, classes=classes, show_values=True),
        choropleth(city, shares, replace(frame, legend_below=True), classes=classes, labels="number"),
        small_multiples(city, {"2020": shares, "2021": shares}, frame, classes=classes),
        symbol_map(city, shares * 1000, frame),
        yes_no_map(city, shares > 8, frame),
        category_map(city, answers, frame, categories=["a", "b"]),
        tile_grid(places, shares, frame, classes=classes),
    ):
        width = shown.figure.get_figwidth() * 72
        assert min(text.get_fontsize() for text in printed(shown)) * 640 / width >= 9
