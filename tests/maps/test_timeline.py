"""A month stays a month: in the words of a time line, in its table and in its drawing."""

from __future__ import annotations

from datetime import date

import pandas as pd
import pytest
from matplotlib.colors import to_hex
from matplotlib.patches import Rectangle

from ogp_analysis import charts
from ogp_analysis.charts import common
from ogp_analysis.locale import get_language


def drawn(start: str | None, end: str | None, language: str = "en"):
    rows = pd.DataFrame({"label": ["x"], "group": ["g"], "start": [start], "end": [end]})
    return charts.timeline(
        rows,
        first=date(2020, 1, 1),
        last=date(2020, 12, 31),
        title="t",
        language=get_language(language),
        source="s",
    )


def boxes(figure, colour: str) -> list[tuple[float, float]]:
    """Left and right ends of the filled rectangles of a colour beside the labels, the legend left out."""
    (axes,) = figure.figure.axes
    found = [
        (patch.get_x(), patch.get_x() + patch.get_width())
        for patch in axes.patches
        if isinstance(patch, Rectangle) and patch.get_facecolor()[3] and to_hex(patch.get_facecolor()) == colour
    ]
    return sorted(box for box in found if box[0] > 100)


@pytest.mark.parametrize(
    ("language", "words"), [("en", "x: April 2020 – 30 June 2020"), ("id", "x: April 2020 – 30 Juni 2020")]
)
def test_words_are_no_more_exact_than_the_source(language, words):
    figure = drawn("2020-04", "2020-06-30", language)
    assert figure.alt == words
    assert figure.table[["start", "end"]].to_numpy().tolist() == [words[3:].split(" – ")]


def test_an_end_that_is_not_known_says_so():
    assert drawn("2020-04-27", None).alt == "x: 27 April 2020 – date not known"


def test_days_are_drawn_solid_and_months_pale():
    exact = drawn("2020-04-01", "2020-06-30")
    loose = drawn("2020-04", "2020-06")
    assert boxes(exact, common.SOFT.fill) == []
    ((left, right),) = boxes(exact, common.FILL.fill)
    april, june = boxes(loose, common.SOFT.fill)
    ((may_left, may_right),) = boxes(loose, common.FILL.fill)
    # the whole is as long as with exact days; only May, between the two months, is sure
    assert (april[0], june[1]) == pytest.approx((left, right))
    assert (may_left, may_right) == pytest.approx((april[1], june[0]))
    assert (may_right - may_left) / (april[1] - april[0]) == pytest.approx(31 / 30, rel=0.01)


def test_one_month_alone_has_no_sure_day():
    figure = drawn("2020-04", "2020-04")
    assert boxes(figure, common.FILL.fill) == []
    assert len(set(boxes(figure, common.SOFT.fill))) == 1


def test_the_pale_colour_is_explained_where_it_is_used():
    legend = "Pale: only the month or the year of this end is known."
    for start, expected in [("2020-04", True), ("2020-04-01", False)]:
        assert (legend in drawn(start, "2020-06-30").caption) is expected
