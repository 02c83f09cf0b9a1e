"""Step lines: nothing found is hatched and never drawn at zero, and steps on different bases are not joined."""

from __future__ import annotations

from datetime import date

import pandas as pd
import pytest
from matplotlib.colors import to_hex
from matplotlib.patches import PathPatch, Rectangle

from ogp_analysis import charts
from ogp_analysis.charts.common import FILL, SOFT
from ogp_analysis.errors import ParameterError
from ogp_analysis.locale import get_language
from ogp_analysis.maps.palettes import NO_DATA

MARCH, APRIL, MAY = [(date(2020, m, 1), date(2020, m, last)) for m, last in ((3, 31), (4, 30), (5, 31))]


def drawn(values, bases=("a", "a", "a"), language="en", **more):
    rows = [
        {"panel": "C2", "start": span[0], "end": span[1], "value": value, "base": base}
        for span, value, base in zip((MARCH, APRIL, MAY), values, bases, strict=True)
    ]
    return charts.steps(pd.DataFrame(rows), title="t", language=get_language(language), source="s", **more)


def lines(figure) -> list[tuple[bool, float]]:
    """Whether each drawn line is level, and where it begins on the sheet."""
    (axes,) = figure.figure.axes
    found = [p for p in axes.patches if isinstance(p, PathPatch) and to_hex(p.get_edgecolor()) == FILL.fill]
    ends = [patch.get_path().vertices for patch in found]
    return [(a[1] == b[1], float(a[1])) for a, b in ends]


def hatched(figure) -> int:
    (axes,) = figure.figure.axes
    boxes = [p for p in axes.patches if isinstance(p, Rectangle) and to_hex(p.get_facecolor()) == NO_DATA.fill]
    return sum(box.get_width() > 20 for box in boxes)


def test_steps_on_one_base_are_joined():
    level = [flat for flat, _ in lines(drawn([25.0, 75.0, 50.0]))]
    assert (level.count(True), level.count(False)) == (3, 2)


def test_steps_on_different_bases_are_not():
    level = [flat for flat, _ in lines(drawn([25.0, 75.0, 50.0], ("a", "b", "b")))]
    assert (level.count(True), level.count(False)) == (3, 1)


def test_nothing_found_is_hatched_and_a_zero_is_drawn():
    gap = drawn([25.0, None, 50.0])
    assert [flat for flat, _ in lines(gap)] == [True, True]
    assert hatched(gap) == 1
    zero = drawn([25.0, 0.0, 50.0])
    assert len([flat for flat, _ in lines(zero) if flat]) == 3
    assert hatched(zero) == 0


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "C2: 1 March 2020 – 31 March 2020: 33.33; nothing found on the other days."),
        ("id", "C2: 1 Maret 2020 – 31 Maret 2020: 33,33; tidak ditemukan pada hari-hari lain."),
    ],
)
def test_words_say_what_the_drawing_shows(language, words):
    figure = drawn([100 / 3, None, None], language=language)
    assert figure.alt == words
    assert figure.table["value"].isna().tolist() == [False, True, True]


def test_boxes_above_lie_in_rows_of_their_own_where_they_overlap():
    spans = pd.DataFrame(
        {
            "label": ["one", "two", "out"],
            "start": [date(2020, 3, 1), date(2020, 3, 31), date(2021, 1, 1)],
            "end": [date(2020, 3, 31), date(2020, 4, 10), date(2021, 1, 2)],
        }
    )
    (axes,) = drawn([1.0, 2.0, 3.0], spans=spans).figure.axes
    boxes = [p for p in axes.patches if isinstance(p, Rectangle) and to_hex(p.get_facecolor()) == SOFT.fill]
    assert len({box.get_y() for box in boxes}) == 2
    assert "out" not in [text.get_text() for text in axes.texts]


@pytest.mark.parametrize("values", [[None, None, None], [1.0, 100.5, 2.0], [-1.0, 2.0, 3.0]])
def test_what_cannot_be_drawn_is_refused(values):
    with pytest.raises(ParameterError):
        drawn(values)


@pytest.mark.parametrize("value", [0.0, 54.17, 100.0])
def test_the_words_of_a_step_stay_within_its_days_and_its_panel(value):
    rows = [
        {"panel": "C2", "start": date(2020, 3, 1), "end": date(2020, 6, 21), "value": None, "base": "a"},
        {"panel": "C2", "start": date(2020, 6, 22), "end": date(2020, 7, 5), "value": value, "base": "a"},
        {"panel": "C2", "start": date(2020, 7, 6), "end": date(2020, 7, 31), "value": None, "base": "a"},
    ]
    table = pd.DataFrame(rows).assign(label="54,17 dari 2 di antara 9")
    figure = charts.steps(table, title="t", language=get_language("id"), source="s").figure
    (axes,) = figure.axes
    ((left, y), (right, _)) = next(
        patch.get_path().vertices
        for patch in axes.patches
        if isinstance(patch, PathPatch) and to_hex(patch.get_edgecolor()) == FILL.fill
    )
    renderer = figure.canvas.get_renderer()
    turn = axes.transData.inverted()
    said = [text for text in axes.texts if set(text.get_text().split()) & {"54,17", "antara"}]
    assert len(said) >= 2  # one line would be longer than the step
    for text in said:
        box = text.get_window_extent(renderer).transformed(turn)
        assert left <= box.x0
        assert box.x1 <= right + 1
        assert box.y0 > y or box.y1 < y + 1  # not on the line itself
