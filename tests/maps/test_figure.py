from __future__ import annotations

import re
import subprocess
import sys
from dataclasses import replace
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path
from xml.etree import ElementTree

import matplotlib as mpl
import pandas as pd
import pytest

import ogp_analysis
from ogp_analysis.maps import category_map, choropleth, make_classes, small_multiples, yes_no_map

from .conftest import TEXTS, toy_city

SVG = "{http://www.w3.org/2000/svg}"
MAKE = """
import sys, importlib.util
spec = importlib.util.spec_from_file_location("toy", sys.argv[1])
toy = importlib.util.module_from_spec(spec)
spec.loader.exec_module(toy)
import pandas as pd
from ogp_analysis.maps import Frame, choropleth, make_classes
shares = pd.Series([float(i) for i in range(1, 16)], index=list(toy.BOXES)[:15])
shown = choropleth(toy.toy_city(), shares, Frame(**toy.TEXTS), classes=make_classes(shares))
sys.stdout.write(shown.svg())
"""


@pytest.fixture
def shown(city, shares, frame):
    return choropleth(city, shares.iloc[:15], frame, classes=make_classes(shares))


def test_the_same_map_gives_the_same_bytes_in_every_process(tmp_path):
    script = tmp_path / "make.py"
    script.write_text(MAKE, encoding="utf-8")
    runs = [
        subprocess.run(
            [sys.executable, str(script), str(Path(__file__).with_name("conftest.py"))],
            capture_output=True,
            check=True,
            env={
                "PYTHONHASHSEED": seed,
                "PATH": "",
                "HOME": str(tmp_path),
                # the package that this test imports, wherever another one is installed
                "PYTHONPATH": str(Path(ogp_analysis.__file__).parents[1]),
            },
        ).stdout
        for seed in ("1", "2")
    ]
    assert runs[0] == runs[1]
    assert runs[0].startswith(b"<svg")


def test_writing_twice_changes_nothing(shown):
    first = shown.svg(), shown.png(60), shown.html()
    assert (shown.svg(), shown.png(60), shown.html()) == first


def test_the_svg_describes_itself_and_keeps_its_texts(shown):
    root = ElementTree.fromstring(shown.svg())
    assert root.attrib["role"] == "img"
    assert root.attrib["aria-label"] == shown.alt
    assert root.find(f"{SVG}title").text == shown.title
    assert root.find(f"{SVG}desc").text == shown.alt
    texts = ["".join(element.itertext()) for element in root.iter(f"{SVG}text")]
    assert "Households reached" in texts
    assert "Candisari" in texts
    assert root.find(f".//{SVG}metadata") is None
    assert "http" not in shown.svg().replace("http://www.w3.org/2000/svg", "")


def test_every_district_has_a_tooltip(shown):
    root = ElementTree.fromstring(shown.svg())
    tips = [element.text for element in root.iter(f"{SVG}title")][1:]
    assert len(tips) == 16
    assert "Mijen: 1" in tips
    assert "Ngaliyan: No data" in tips


def test_names_inside_are_unique_over_several_maps_of_a_page(city, shares, frame):
    one = choropleth(city, shares.iloc[:15], frame, classes=make_classes(shares))
    other = yes_no_map(city, shares > 8, frame)
    page = one.html() + other.html()
    names = re.findall(r'\bid="([^"]+)"', page)
    assert len(names) == len(set(names)) > 2
    for name in re.findall(r"url\(#([^)]+)\)", page):
        assert name in names


def test_a_map_is_small(city, shares, frame):
    panels = {str(2010 + i): shares + i for i in range(16)}
    assert len(choropleth(city, shares, frame, classes=make_classes(shares)).svg()) < 60_000
    assert len(small_multiples(city, panels, frame, classes=make_classes(panels)).svg()) < 16 * 60_000


class Figures(HTMLParser):
    def __init__(self):
        super().__init__()
        self.seen = []

    def handle_starttag(self, tag, attrs):
        self.seen.append((tag, dict(attrs)))


def test_the_html_carries_description_and_caption(shown):
    page = Figures()
    page.feed(shown._repr_html_())
    tags = [tag for tag, _ in page.seen]
    assert tags[0] == "figure"
    assert "figcaption" in tags
    drawing = next(attributes for tag, attributes in page.seen if tag == "svg")
    assert drawing["role"] == "img"
    assert drawing["aria-label"] == shown.alt
    caption = shown.html().split("<figcaption")[1]
    for part in ("Source: Toy figures.", "As of 31 December 2020.", "Schematic outline"):
        assert part in caption
    # The caption stands in the page as text, so the drawing in the page does not repeat it.
    assert "Source: Toy figures" not in "".join(ElementTree.fromstring(shown.svg(foot=False)).itertext()).replace(
        shown.alt, ""
    )


def test_the_description_survives_nbconvert(shown):
    nbformat = pytest.importorskip("nbformat")
    nbconvert = pytest.importorskip("nbconvert")
    output = nbformat.v4.new_output("display_data", {"text/html": shown._repr_html_(), "text/plain": repr(shown)})
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("shown", outputs=[output])])
    page, _ = nbconvert.HTMLExporter(template_name="basic").from_notebook_node(notebook)
    found = Figures()
    found.feed(page)
    assert shown.alt in [attributes.get("aria-label") for tag, attributes in found.seen if tag == "svg"]


def test_texts_with_special_signs_are_written_safely(city, shares, frame):
    frame = replace(frame, title='Rp<5 & "lebih" $x_1$', source="<b>A & B</b>")
    shown = choropleth(city, shares, frame, classes=make_classes(shares))
    root = ElementTree.fromstring(shown.svg())
    assert root.find(f"{SVG}title").text == 'Rp<5 & "lebih" $x_1$'
    assert "<b>" not in shown.html()


def test_a_very_heavy_drawing_becomes_a_png_with_the_same_description(shown, monkeypatch):
    monkeypatch.setattr("ogp_analysis.maps.figure.SVG_LIMIT", 100)
    page = Figures()
    page.feed(shown.html())
    picture = next(attributes for tag, attributes in page.seen if tag == "img")
    assert picture["alt"] == shown.alt
    assert picture["src"].startswith("data:image/png;base64,")


def test_pyplot_and_the_users_settings_are_left_alone(city, shares, frame):
    pyplot = pytest.importorskip("matplotlib.pyplot")
    before = dict(mpl.rcParams)
    shown = choropleth(city, shares, frame, classes=make_classes(shares))
    shown.svg()
    assert dict(mpl.rcParams) == before
    assert pyplot.get_fignums() == []


def test_the_users_settings_do_not_change_a_map(city, shares, frame):
    plain = choropleth(city, shares, frame, classes=make_classes(shares)).svg()
    with mpl.rc_context({"font.size": 30, "svg.fonttype": "path", "patch.linewidth": 9, "hatch.linewidth": 9}):
        assert choropleth(city, shares, frame, classes=make_classes(shares)).svg() == plain


def test_patterns_tell_answers_apart_without_colour(city, frame):
    values = pd.Series([True, False], index=["3374010", "3374020"], dtype="boolean")
    figure = yes_no_map(city, values, frame, labels="none").figure
    patches = figure.axes[0].patches
    hatches = {}
    for i, patch in enumerate(patches):
        name = patch.get_gid() or ""
        if name.startswith("d-"):
            following = patches[i + 1].get_hatch() if i + 1 < len(patches) else None
            hatches[name] = following
    assert len({hatches["d-3374010"], hatches["d-3374020"], hatches["d-3374030"]}) == 3


def test_categories_differ_in_pattern_or_lie_far_apart_in_lightness(city, frame):
    from ogp_analysis.maps.palettes import CATEGORIES, EMPTY_STYLES, NO, YES, luminance

    light = [luminance(style.fill) for style in CATEGORIES]
    assert light == sorted(light)
    for styles in (CATEGORIES, (YES, NO), (*EMPTY_STYLES.values(), YES)):
        for i, one in enumerate(styles):
            for other in styles[i + 1 :]:
                assert one.hatch != other.hatch or abs(luminance(one.fill) - luminance(other.fill)) > 0.5
    values = pd.Series(list("abcde"), index=toy_city()["code_bps"].head(5))
    shown = category_map(city, values, frame, categories=list("abcde"))
    assert shown.table["class"].head(5).tolist() == list("abcde")


@pytest.mark.parametrize("n", range(2, 10))
def test_shades_get_darker_class_by_class_so_that_grey_print_keeps_the_order(n):
    from ogp_analysis.maps.palettes import class_styles, luminance

    light = [luminance(style.fill) for style in class_styles((False,) * n, diverging=False)]
    assert light == sorted(light, reverse=True)
    assert min(a - b for a, b in pairwise(light)) > 0.01


@pytest.mark.parametrize("n", [2, 4, 6])
def test_texts_on_shades_can_be_read(n):
    from ogp_analysis.maps.palettes import class_styles, contrast, ink_on

    styles = class_styles((False,) * n, diverging=False) + class_styles((True, True, False, False), diverging=True)
    for style in styles:
        assert contrast(ink_on(style.fill)[0], style.fill) >= 4.2


def test_texts_of_the_test_city_are_complete():
    assert set(TEXTS) == {"title", "legend_title", "source", "as_of", "language"}
