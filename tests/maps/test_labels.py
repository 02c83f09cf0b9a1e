"""Labels never collide: measured on the finished figure, not taken from the code that places them."""

from __future__ import annotations

from itertools import combinations

import geopandas as gpd
import pandas as pd
import pytest
import shapely
from matplotlib.colors import to_hex
from matplotlib.patches import PathPatch
from matplotlib.text import Text

from ogp_analysis.locale import get_language
from ogp_analysis.maps import Frame, choropleth, make_classes, small_multiples, symbol_map, tile_grid, yes_no_map
from ogp_analysis.maps.labels import place_labels
from ogp_analysis.maps.palettes import LEADER
from ogp_analysis.reports.context import Report
from ogp_analysis.reports.scorecards import rank_map
from ogp_analysis.scorecard import scorecard

from .conftest import BOXES, NAMES, REAL, TEXTS, toy_city

SHARES = pd.Series([float(i) for i in range(1, 17)], index=list(BOXES))
LANGUAGES = {
    "id": {
        "title": "Rumah tangga penerima keringanan pajak bumi dan bangunan pada masa pandemi",
        "language": "id",
    },
    "en": {"title": "Households that received relief from land and building tax", "language": "en"},
}


def printed(figure):
    """Every text of a figure with its box, in pixels."""
    renderer = figure.canvas.get_renderer()
    texts = [text for text in figure.findobj(Text) if text.get_text()]
    return [(text, text.get_window_extent(renderer)) for text in texts]


def collisions(figure, slack=1.0):
    """Pairs of texts whose boxes share more than a hair; lines of one label lie apart by construction."""
    found = []
    for (one, a), (other, b) in combinations(printed(figure), 2):
        wide = min(a.x1, b.x1) - max(a.x0, b.x0)
        high = min(a.y1, b.y1) - max(a.y0, b.y0)
        # A box reaches from the ascender to the descender; lines of one text may touch there.
        allowed = 0.3 * min(a.height, b.height)
        if wide > slack and high > max(slack, allowed):
            found.append((one.get_text(), other.get_text()))
    return found


def outside(figure):
    width, height = figure.canvas.get_width_height()
    return [
        text.get_text()
        for text, box in printed(figure)
        if box.x0 < 0 or box.y0 < 0 or box.x1 > width or box.y1 > height
    ]


def words(figure):
    return " ".join(text.get_text() for text, _ in printed(figure))


def test_the_check_itself_finds_a_collision():
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure()
    FigureCanvasAgg(figure)
    figure.text(0.5, 0.5, "Candisari")
    figure.text(0.51, 0.5, "Gayamsari")
    figure.text(-0.1, 0.1, "Tugu")
    assert collisions(figure) == [("Candisari", "Gayamsari")]
    assert outside(figure) == ["Tugu"]


@pytest.mark.parametrize("language", ["id", "en"])
@pytest.mark.parametrize(
    ("width", "show_values"), [(4.0, False), (5.5, True), (7.0, False), (7.0, True), (10.0, True)]
)
def test_no_text_covers_another_in_any_size_and_language(language, width, show_values):
    texts = TEXTS | LANGUAGES[language]
    states = pd.Series({"3374060": "illustrative", "3374130": "derived"})
    shown = choropleth(
        toy_city(),
        SHARES.drop("3374050"),
        Frame(**texts, width=width),
        classes=make_classes(SHARES),
        states=states,
        show_values=show_values,
        unit="%",
    )
    assert collisions(shown.figure) == []
    assert outside(shown.figure) == []
    for name in NAMES.values():
        assert name.split()[-1] in words(shown.figure)


@pytest.mark.parametrize("labels", ["name", "code", "number", "none"])
def test_every_kind_of_label_is_readable(labels):
    shown = choropleth(toy_city(), SHARES, Frame(**TEXTS, width=5.0), classes=make_classes(SHARES), labels=labels)
    assert collisions(shown.figure) == []
    found = words(shown.figure)
    assert ("3374060" in found) == (labels == "code")
    assert ("Candisari" in found) == (labels in ("name", "number"))


@pytest.mark.parametrize("width", [4.0, 7.0])
def test_symbols_tiles_and_panels_have_no_collisions_either(width):
    city = toy_city()
    places = pd.DataFrame({"code_bps": list(BOXES), "name": list(NAMES.values())})
    places = places.assign(tile_row=[i // 4 for i in range(16)], tile_col=[i % 4 for i in range(16)])
    panels = {f"Triwulan {i} 2020": SHARES + i for i in range(4)}
    figures = [
        symbol_map(city, SHARES * 1000, Frame(**TEXTS, width=width)),
        tile_grid(places, SHARES, Frame(**TEXTS, width=width), classes=make_classes(SHARES), unit="%"),
        small_multiples(city, panels, Frame(**TEXTS, width=width), classes=make_classes(panels)),
        yes_no_map(city, SHARES > 8, Frame(**TEXTS, width=width)),
    ]
    for shown in figures:
        assert collisions(shown.figure) == []
        assert outside(shown.figure) == []


@pytest.mark.parametrize(("language", "width"), [("id", 5.0), ("en", 7.0)])
@pytest.mark.skipif(not REAL.exists(), reason="the real outlines are not here")
def test_the_sixteen_real_districts_have_no_collisions(language, width):
    real = gpd.read_file(REAL).rename(columns={"kecamatan": "name", "kode_bps": "code_bps"})
    texts = TEXTS | LANGUAGES[language]
    for shown in (
        choropleth(real, SHARES, Frame(**texts, width=width), classes=make_classes(SHARES)),
        symbol_map(real, SHARES * 1000, Frame(**texts, width=width)),
    ):
        assert collisions(shown.figure) == []
        assert outside(shown.figure) == []
        for name in NAMES.values():
            assert name.split()[-1] in words(shown.figure)


def test_the_legend_covers_no_district():
    shown = choropleth(toy_city(), SHARES, Frame(**TEXTS), classes=make_classes(SHARES))
    named = [patch for patch in shown.figure.axes[0].patches if (patch.get_gid() or "").startswith("d-")]
    assert len(named) == 16
    right = max(patch.get_window_extent().x1 for patch in named)
    legend = next(box for text, box in printed(shown.figure) if text.get_text().startswith("Share of"))
    assert right < legend.x0


def test_a_wide_map_has_its_legend_below():
    wide = toy_city().head(3)
    shown = choropleth(wide, SHARES.head(3), Frame(**TEXTS), classes=make_classes(SHARES))
    named = [patch for patch in shown.figure.axes[0].patches if (patch.get_gid() or "").startswith("d-")]
    legend = next(box for text, box in printed(shown.figure) if text.get_text().startswith("Share of"))
    assert min(patch.get_window_extent().y0 for patch in named) > legend.y1


def test_a_line_goes_round_a_further_district_where_the_way_is_little_longer():
    """From a low district the shortest way out is up, through a thin neighbour; the way to the left is free."""
    shapes = {
        "low": shapely.Polygon([(100, 116), (130, 121), (160, 116), (130, 111)]),  # widest in its middle
        "thin": shapely.box(100, 121, 160, 133),
        "below": shapely.box(100, 20, 160, 111),
        "beside": shapely.box(160, 20, 300, 133),
    }
    placed, failed = place_labels(shapes, {"low": [("Low",)]}, (0, 0, 440, 200))
    assert failed == []
    line = shapely.LineString(placed[0].leader)
    assert line.length > 25  # up it would be 17 and a little
    assert not any(line.intersects(shapes[other].buffer(-0.5)) for other in ("thin", "below", "beside"))


def test_no_line_of_the_map_of_ranks_runs_through_three_other_kecamatan(semarang, q4_2023):
    report = Report("30_membership", semarang, q4_2023, get_language("id"))
    shown = rank_map(scorecard(semarang, q4_2023, "living"), "Kondisi hidup dan layanan", report)
    (axes,) = shown.figure.axes
    areas = {
        patch.get_gid(): shapely.Polygon(patch.get_path().to_polygons()[0]).buffer(-1.0)
        for patch in axes.patches
        if (patch.get_gid() or "").startswith("d-")
    }
    assert len(areas) == 16
    leaders = [
        shapely.LineString(patch.get_path().vertices)
        for patch in axes.patches
        if isinstance(patch, PathPatch) and to_hex(patch.get_edgecolor()) == LEADER and len(patch.get_path()) == 2
    ]
    assert leaders
    for line in leaders:
        assert sum(line.intersects(area) for area in areas.values()) <= 3  # its own and two others
