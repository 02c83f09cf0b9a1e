from __future__ import annotations

import re
from datetime import date

import numpy as np
import pandas as pd
import pytest
from matplotlib.colors import to_hex
from matplotlib.patches import Circle
from matplotlib.text import Text

from ogp_analysis import charts
from ogp_analysis.charts.common import BREAK, FILL
from ogp_analysis.errors import ParameterError
from ogp_analysis.locale import get_language
from ogp_analysis.reports.figures import figure_html, figure_table

ENGLISH, INDONESIAN = get_language("en"), get_language("id")


def patches(figure, colour):
    """Everything drawn in a colour, as line or as area."""
    return [p for p in figure.axes[0].patches if colour in (to_hex(p.get_edgecolor()), to_hex(p.get_facecolor()))]


def break_lines(shown):
    return {round(float(p.get_path().vertices[0, 0]), 3) for p in patches(shown.figure, BREAK)}


def words(shown):
    return [text.get_text() for text in shown.figure.findobj(Text) if text.get_text()]


@pytest.fixture
def population():
    """Five years: two on one base, two on another, and a last year that begins a third but has no figure."""
    return pd.DataFrame(
        {
            "year": [2016, 2017, 2018, 2019, 2020],
            "value": [900.0, 910.0, 700.0, 999.0, np.nan],
            "break_before": [True, False, True, False, True],
            "label": ["register", "register", "census", "census", "unknown"],
        }
    )


def draw(table, language=ENGLISH):
    return charts.series(table, title="People", language=language, source="BPS")


def test_the_axis_ends_with_the_last_figure_and_keeps_gaps_between_figures(population):
    assert {"2016", "2017", "2018", "2019"} <= set(words(draw(population)))
    assert "2020" not in words(draw(population))
    population.loc[[1, 4], "value"] = [np.nan, 500.0]
    shown = draw(population)
    assert {"2017", "2020"} <= set(words(shown))
    assert shown.table["year"].tolist() == [2016, 2017, 2018, 2019, 2020]
    assert shown.table.set_index("year")["base"][2018] == "census"


def test_as_many_breaks_are_said_as_are_drawn(population):
    shown = draw(population)
    # the break before the first year and the one before a year without a figure part nothing
    assert len(break_lines(shown)) == 1
    assert "4 yearly figures from 2016 to 2019; breaks: 1." in shown.alt
    population.loc[4, "value"] = 500.0
    shown = draw(population)
    assert len(break_lines(shown)) == 2
    assert "breaks: 2." in shown.alt


def test_figures_are_compared_only_on_their_own_base(population):
    alt = draw(population).alt
    assert "2016–2017 (register): 900 at first, 910 at last." in alt
    assert "2018–2019 (census): 700 at first, 999 at last." in alt
    assert "2016–2017 (register): mula-mula 900, akhirnya 910." in draw(population, INDONESIAN).alt
    alone = draw(population.head(3)).alt
    assert "2018 (census): 700." in alone


def test_no_line_joins_figures_across_a_break_or_a_gap(population):
    lines = [p for p in patches(draw(population).figure, FILL.fill) if not isinstance(p, Circle)]
    assert len(lines) == 2
    population.loc[1, "value"] = np.nan
    lines = [p for p in patches(draw(population).figure, FILL.fill) if not isinstance(p, Circle)]
    assert len(lines) == 1


@pytest.mark.parametrize("highest", [999.0, 1000.0, 1001.0, 74_810.0, 0.0])
def test_no_point_lies_above_the_axis(population, highest):
    population["value"] = [highest, highest / 2, highest / 3, np.nan, np.nan]
    shown = draw(population)
    levels = [p.get_path().vertices[0, 1] for p in patches(shown.figure, "#d9d9d9")]
    points = [p.center[1] for p in patches(shown.figure, FILL.fill) if isinstance(p, Circle)]
    assert len(points) == 3
    assert max(points) <= max(levels) + 1e-6
    assert min(points) >= min(levels) - 1e-6


def test_a_series_without_any_figure_is_refused(population):
    with pytest.raises(ParameterError, match="no value"):
        draw(population.assign(value=np.nan))


@pytest.fixture
def measures():
    return pd.DataFrame(
        {
            "label": ["Masks", "Waiver", "Parcels"],
            "group": ["Health", "Tax", "Aid"],
            "start": ["2020-04-01", "2023-08-28", None],
            "end": ["2020-06-30", "2023-09-30", "2020-06-30"],
        }
    )


def time_line(table, last=date(2021, 12, 31), language=ENGLISH, **more):
    return charts.timeline(
        table, first=date(2020, 3, 1), last=last, title="Measures", language=language, source="Gazette", **more
    )


def test_what_lies_outside_the_time_drawn_is_counted_and_named(measures):
    shown = time_line(measures)
    assert "Waiver" not in words(shown)
    assert "Tax" not in words(shown)
    assert "Outside the time drawn: 1 (Waiver: 28 August – 30 September 2023)." in shown.caption
    assert "Waiver: 28 August – 30 September 2023" in shown.alt
    assert shown.table["label"].tolist() == ["Masks", "Waiver", "Parcels"]
    assert "Di luar kurun waktu yang digambar: 1 (Waiver" in time_line(measures, language=INDONESIAN).caption


def test_nothing_is_said_when_all_is_drawn(measures):
    shown = time_line(measures, last=date(2023, 12, 31))
    assert {"Masks", "Waiver", "Parcels"} <= set(words(shown))
    assert shown.caption == "Source: Gazette. An arrow: only the start or only the end is known."
    assert "Parcels: date not known – 30 June 2020" in shown.alt


def test_marks_are_explained_where_they_are_drawn_and_only_there(measures):
    known = measures.iloc[[0]]
    assert time_line(known, as_of=date(2023, 12, 31)).caption == "Source: Gazette."
    assert patches(time_line(known, as_of=date(2023, 12, 31)).figure, BREAK) == []
    shown = time_line(known, as_of=date(2020, 12, 31))
    assert shown.caption == "Source: Gazette. The line marks the day this page stands at."
    assert len(patches(shown.figure, BREAK)) == 1


def test_a_time_line_of_nothing_is_refused(measures):
    with pytest.raises(ParameterError, match="Nothing lies between"):
        time_line(measures.iloc[[1]])


def test_a_bar_that_goes_on_beyond_the_axis_has_a_point_there(measures):
    whole = measures.iloc[[0]]
    cut = whole.assign(end=["2022-06-30"])
    assert len(patches(time_line(whole).figure, FILL.fill)) == 1
    assert len(patches(time_line(cut).figure, FILL.fill)) == 2


def every_chart(language, source="BPS"):
    amounts = pd.DataFrame({"label": ["Parcels", "Cards"], "value": [1200.0, np.nan]})
    known = pd.DataFrame({"a": [True, False], "b": [False, False]})
    years = pd.DataFrame({"year": [2020, 2021], "value": [1.0, 2.0], "break_before": [False, True]})
    spans = pd.DataFrame({"label": ["Masks"], "group": ["Health"], "start": ["2020-04-01"], "end": ["2020-06-30"]})
    texts = {"title": "Figures", "language": language, "source": source, "notes": ["A remark."]}
    return [
        charts.bars(amounts, **texts),
        charts.known_matrix(known, rows=["One", "Two"], columns=["Tugu", "Mijen"], **texts),
        charts.series(years, **texts),
        charts.timeline(spans, first=date(2020, 1, 1), last=date(2020, 12, 31), **texts),
    ]


def test_every_caption_names_its_source_first():
    assert [shown.caption for shown in every_chart(ENGLISH)] == ["Source: BPS. A remark."] * 4
    assert [shown.caption for shown in every_chart(INDONESIAN)] == ["Sumber: BPS. A remark."] * 4
    with pytest.raises(ParameterError, match="needs a source"):
        every_chart(ENGLISH, source=" ")


@pytest.mark.parametrize("language", [ENGLISH, INDONESIAN])
def test_charts_can_be_read_on_a_phone(language):
    for shown in every_chart(language):
        width = shown.figure.get_figwidth() * 72
        sizes = [text.get_fontsize() for text in shown.figure.findobj(Text) if text.get_text()]
        assert min(sizes) * 640 / width >= 9


def test_a_missing_amount_has_no_bar_and_says_so():
    shown = every_chart(ENGLISH)[0]
    assert len(patches(shown.figure, FILL.fill)) == 1
    assert "no data" in words(shown)
    assert "Cards: no data" in shown.alt


@pytest.fixture
def shares():
    return pd.DataFrame(
        {
            "label": ["Few", "Many", "None rated"],
            "count": [4, 36, 0],
            "total": [5, 45, 0],
            "share": [0.8, 0.8, np.nan],
            "low": [0.376, 0.662, np.nan],
            "high": [0.964, 0.891, np.nan],
        }
    )


def test_intervals_are_as_long_as_the_cases_are_few(shares):
    drawn = charts.intervals(shares, title="Shares", language=ENGLISH, source="OGP", reference=0.5)
    drawn_lines = [patch for patch in patches(drawn.figure, FILL.fill) if not isinstance(patch, Circle)]
    few, many = (np.ptp(patch.get_path().vertices[:, 0]) for patch in drawn_lines)
    assert few / many == pytest.approx((0.964 - 0.376) / (0.891 - 0.662))
    points = [patch.center for patch in patches(drawn.figure, FILL.fill) if isinstance(patch, Circle)]
    assert len(points) == 2, "a share that is not known has no point"
    assert points[0][0] == pytest.approx(points[1][0])
    assert drawn.alt == "Few: 80% (4 of 5); Many: 80% (36 of 45); None rated: no data"
    assert drawn.caption.startswith("Source: OGP. Point: share; line: range")


def test_shares_outside_0_to_1_are_refused(shares):
    with pytest.raises(ParameterError, match="lie between 0 and 1"):
        charts.intervals(shares.assign(high=1.2), title="t", language=ENGLISH, source="s")
    with pytest.raises(ParameterError, match="at least one row"):
        charts.intervals(shares.head(0), title="t", language=ENGLISH, source="s")


def test_ranks_and_their_ranges_stand_in_the_table_behind_the_chart():
    table = pd.DataFrame({"label": ["A", "B"], "rank": [1, 2], "low": [1, 1], "high": [1, 2]})
    shown = charts.rank_ranges(table, title="Ranks", language=ENGLISH, source="x")
    page, _ = figure_html(shown, figure_table(shown, ENGLISH), ENGLISH)
    rows = re.findall(r"<tr[^>]*>(.*?)</tr>", page, re.DOTALL)
    cells = [re.sub("<[^>]+>", "", cell) for cell in re.findall(r"<td.*?</td>", rows[-1], re.DOTALL)]
    assert [cell.strip() for cell in cells][-2:] == ["2", "1–2"]
