"""What a reader is told of a scorecard: words, ranges, maps and marks, from numbers worked out by hand."""

from __future__ import annotations

import csv
import io

import pandas as pd
import pytest
from matplotlib.colors import to_hex
from matplotlib.text import Text

from ogp_analysis import charts
from ogp_analysis.charts.common import FILL, SOFT
from ogp_analysis.cli import main
from ogp_analysis.datapackage import rewrite
from ogp_analysis.errors import ParameterError
from ogp_analysis.locale import get_language
from ogp_analysis.quarter import Quarter
from ogp_analysis.reports import scorecards
from ogp_analysis.reports.context import Report
from ogp_analysis.reports.pieces import Link
from ogp_analysis.scorecard import Items, Scorecard, scorecard
from ogp_analysis.stats.composite import DropOne, Uncertainty
from ogp_analysis.tables import table_specs

from .conftest import CODES, FORUM, card, entered, group, item

ENGLISH, INDONESIAN = get_language("en"), get_language("id")
END = Quarter(2023, 4)


def page_of(case, code="en"):
    return Report("30_membership", case, END, get_language(code))


@pytest.fixture
def case(case_of):
    return case_of(FORUM)


def made(low, high, lowest, rank=(1, 2, 3, 4), state="measured"):
    """A scorecard with ranks and ranges as given, of an item known for three of the four and one known for none."""
    table = pd.DataFrame(
        {"score": [90.0, 70.0, 40.0, 5.0], "rank": rank, "low": low, "high": high, "lowest": lowest},
        index=pd.Index(CODES, name="code_bps"),
    ).astype({"rank": "Int64"})
    none = pd.DataFrame()
    about = pd.DataFrame(
        {
            "code": ["meetings", "minutes"],
            "name_en": ["Meetings", "Minutes"],
            "name_id": ["Pertemuan", "Notulen"],
            "indicators": [None, None],
            "period": ["2022", None],
            "denominator_period": [None, None],
            "known": [3, 0],
            "doubtful": [0, 0],
            "state": [state, None],
            "source_id": [None, None],
        }
    )
    shifts = pd.DataFrame({"largest_shift": [2.0]}, index=["meetings"])
    return Scorecard(
        "forum", Items(none, about), object(), Uncertainty(table, none, none, none, 0.9), DropOne(none, shifts)
    )


def test_a_range_is_widened_to_whole_ranks():
    table = made([1.0, 1.2, 2.0, 4.0], [1.0, 2.95, 3.0, 4.0], [0, 0, 0.1, 1.0]).table
    assert table["low"].tolist() == [1, 1, 2, 4]
    assert table["high"].tolist() == [1, 3, 3, 4]


def test_a_kecamatan_without_a_rank_has_no_range_either(case):
    result = made([1, 1, 2, 1], [1, 3, 3, 4], [0, 0, 0.1, 1.0], rank=(1, 2, 3, pd.NA))
    assert result.table.loc[CODES[3], ["low", "high", "lowest"]].isna().all()
    assert scorecards.ranked(result, page_of(case))["range"].tolist() == ["1", "1–3", "2–3", "—"]
    assert not any("Duku" in words for words in scorecards.careful_words(result, page_of(case)))


def test_what_a_reader_must_know_of_the_ranks(case):
    sentences = scorecards.careful_words(made([1, 1, 2, 4], [1, 3, 4, 4], [0, 0.05, 0.3, 0.9]), page_of(case))
    assert sentences == [
        "The same rank in nine of ten draws: Asem and Duku.",
        "In the lowest quarter in at least nine of ten draws: Duku.",
        # ranks 1, 2, 3 and ranks 2, 3, 4
        "The widest range is 3 ranks: Bambu and Cemara. Two kecamatan whose ranges overlap are not told apart.",
        "Left out, for no kecamatan has a value: Minutes.",
    ]
    unsure = scorecards.careful_words(made([1, 1, 1, 1], [4, 4, 4, 4], [0.2] * 4), page_of(case, "id"))
    assert len(unsure) == 2
    assert "4" in unsure[0]
    assert "Asem, Bambu, Cemara, dan Duku" in unsure[0]
    assert "Notulen" in unsure[1]


def test_rows_are_best_first_with_their_range_in_words(case):
    found = scorecards.ranked(made([4, 1, 1, 2], [4, 1, 3, 3], [1, 0, 0, 0.2], rank=(4, 1, 2, 3)), page_of(case))
    assert found["name"].tolist() == ["Bambu", "Cemara", "Duku", "Asem"]
    assert found["range"].tolist() == ["1", "1–3", "2–3", "4"]


def test_items_say_their_group_direction_year_and_weight_in_the_ranks(case):
    rows = scorecards.item_rows(made([1] * 4, [4] * 4, [0] * 4), page_of(case))
    first, second = (row for _, row in rows.iterrows())
    assert first[["item", "group", "better", "years", "known_text", "largest_shift"]].tolist() == [
        "Meetings",
        "Forum",
        "more",
        "2022",
        "3 of 4 kecamatan",
        2.0,
    ]
    assert (second["years"], second["known_text"]) == ("—", "0 of 4 kecamatan")
    assert pd.isna(second["largest_shift"])


def test_a_year_that_is_divided_by_figures_of_another_says_so(semarang):
    page = page_of(semarang)
    rows = scorecards.item_rows(scorecard(semarang, END, "living"), page).set_index("item")
    assert rows.at["Houses unfit to live in", "years"] == "2023, divided by figures of 2022"
    assert rows.at["Houses unfit to live in", "better"] == "less"


def test_items_that_are_equal_everywhere_are_named(case_of):
    names = ("meetings", "minutes", "notices")
    items = [group("forum", "forum", 2), *(item("forum", name, "forum") for name in names)]
    rows = [
        entered("forum", name, at, "2022", 1 if name == "notices" else at) for name in names for at in range(4)
    ]
    case = case_of({**FORUM, "scorecard_items": items}, {"scorecard_values": rows})
    result = scorecard(case, END, "forum")
    assert (result.equal, result.unknown, len(result.table)) == (("notices",), (), 4)
    words = scorecards.careful_words(result, page_of(case))
    assert "Left out, for no two kecamatan have different values: Notices." in words


def test_no_scores_because_everybody_is_equal_says_so(case_of):
    rows = [entered("forum", name, at, "2022", 1) for name in ("meetings", "minutes") for at in range(4)]
    case = case_of(FORUM, {"scorecard_values": rows})
    result = scorecard(case, END, "forum")
    assert result.run is None
    assert scorecards.no_score_words(result, page_of(case)).endswith(
        "Of no use for scores, for no two kecamatan have different values: Meetings and Minutes."
    )


def test_a_group_that_keeps_only_items_without_weight_is_left_out(case_of):
    rows = {
        "scorecard_items": [
            group("both", "both", 3),
            {**group("both", "left", 2, "both"), "weight": 3},
            group("both", "right", 2, "both"),
            *(item("both", name, "left") for name in ("a", "b", "c")),
            item("both", "d", "right"),
            item("both", "e", "right", weight=0),
        ],
        "scorecard_values": [
            entered("both", name, at, "2022", at if name != "d" else 1) for name in "abcde" for at in range(4)
        ],
    }
    result = scorecard(case_of({"scorecards": [card("both")], **rows}), END, "both")
    assert result.equal == ("d",)
    assert list(result.run.structure.indicators) == ["a", "b", "c"]
    assert result.table["rank"].tolist() == [1, 2, 3, 4]


def test_no_scores_are_explained_by_counts(case_of):
    rows = [entered("forum", "meetings", at, "2022", at) for at in range(4)]
    case = case_of(FORUM, {"scorecard_values": rows})
    result = scorecard(case, END, "forum")
    assert scorecards.no_score_words(result, page_of(case)).startswith(
        "No scores: of 2 items, 1 have a value for any kecamatan."
    )
    assert scorecards.careful_words(result, page_of(case)) == []
    assert scorecards.known_items(result)["meetings"].all()
    assert not scorecards.known_items(result)["minutes"].any()


def test_a_page_with_one_illustrative_value_marks_what_it_shows(case):
    page = page_of(case)
    plain = scorecards.page_of(made([1] * 4, [4] * 4, [0] * 4), page)
    assert plain.marked("Ranks") == "Ranks"
    marked = scorecards.page_of(made([1] * 4, [4] * 4, [0] * 4, state="illustrative"), page)
    assert marked.marked("Ranks") == "Ranks (illustrative values)"
    assert page.marked("Ranks") == "Ranks"
    marked.cite("s1")
    assert page.cite("s1") == Link("[1]", "#src-1")


def test_the_map_of_an_illustrative_scorecard_says_so(semarang):
    page = page_of(semarang)
    result = scorecard(semarang, END, "living")
    plain = scorecards.rank_map(result, "Ranks", page)
    assert "illustrative" not in plain.title + plain.alt
    result.items.about.loc[0, "state"] = "illustrative"
    shown = scorecards.rank_map(result, "Ranks", page)
    assert "illustrative" in shown.title.casefold() + shown.alt.casefold()
    assert (shown.table["state"] == "illustrative").all()


RANGES = pd.DataFrame(
    {"label": ["Asem", "Bambu", "Cemara"], "rank": [1, 2, pd.NA], "low": [1, 1, None], "high": [1, 3, None]}
)


def draw(table, language=ENGLISH):
    return charts.rank_ranges(table, title="Ranks", language=language, source="Made up", notes=["A note."])


def words(shown):
    return [text.get_text() for text in shown.figure.findobj(Text) if text.get_text()]


def test_ranges_are_said_as_they_are_drawn():
    shown = draw(RANGES)
    assert shown.alt == "Asem: rank 1, range 1; Bambu: rank 2, range 1–3; Cemara: no rank"
    assert shown.table["rank_range"].tolist() == ["1", "1–3", "no rank"]
    assert {"Asem", "Bambu", "Cemara", "1–3", "no rank"} <= set(words(shown))
    assert "Dark: the rank itself. Pale: the range of ranks." in shown.caption
    assert "A note." in shown.caption
    assert "Bambu: peringkat 2, rentang 1–3" in draw(RANGES, INDONESIAN).alt


def test_a_bar_spans_the_ranks_of_its_range():
    boxes = draw(RANGES).figure.axes[0].patches
    spans, dots = ([box for box in boxes if to_hex(box.get_facecolor()) == style.fill] for style in (SOFT, FILL))
    assert len(spans) == len(dots) == 2  # none for the row without a rank
    edges = [(p.get_extents().x0, p.get_extents().x1) for p in spans]
    points = [p.get_extents().x0 for p in dots]
    assert edges[1][0] == pytest.approx(edges[0][0])  # both begin at rank 1
    assert edges[1][0] < points[1] < edges[1][1]  # rank 2 lies within 1 to 3
    assert points[0] == pytest.approx(edges[0][0])


@pytest.mark.parametrize(
    "change",
    [
        {"rank": [pd.NA] * 3},
        {"low": [0, 1, None]},
        {"low": [2, 1, None]},
        {"low": [None, 1, None]},
    ],
)
def test_ranges_that_cannot_be_are_refused(change):
    with pytest.raises(ParameterError, match="1 <= low <= high"):
        draw(RANGES.assign(**change))
    with pytest.raises(ParameterError):
        draw(RANGES.iloc[:0])


def rows_as_text(table, rows):
    out = io.StringIO(newline="")
    csv.DictWriter(out, [field.name for field in table_specs()[table].fields], lineterminator="\n").writerows(rows)
    return out.getvalue()


def test_a_scorecard_added_to_a_case_is_on_the_page_without_any_code_and_marked_where_it_is_illustrative(
    broken_case, tmp_path
):
    more = [group("roads", "roads", 2)]
    more += [
        item("roads", code, "roads", indicators=code, name_en=f"Item {code}", name_id=f"Butir {code}")
        for code in ("jumlah_puskesmas", "jumlah_apotek")
    ]
    values = [
        {
            "scorecard_id": "openness",
            "code": code,
            "code_bps": f"3374{number}0",
            "as_of": "2023-06",
            "value": number - 10,
            "state": "illustrative",
        }
        for code in ("documents", "updated", "answers", "answered", "days", "meetings", "minutes")
        for number in (11, 12, 13, 14, 15, 16)
    ]
    folder = broken_case("scorecards.csv", lambda text: text + rows_as_text("scorecards", [card("roads")]))
    broken_case("scorecard_items.csv", lambda text: text + rows_as_text("scorecard_items", more))
    columns = ",".join(field.name for field in table_specs()["scorecard_values"].fields)
    (folder / "scorecard_values.csv").write_text(
        f"{columns}\n{rows_as_text('scorecard_values', values)}", encoding="utf-8"
    )
    rewrite(folder)
    out = tmp_path / "reports"
    arguments = ["report", "--case", str(folder), "--notebook", "30_membership", "--language", "en"]
    assert main([*arguments, "--out", str(out)]) == 0
    page = (out / "semarang/2023Q4/en/30_membership/30_membership.html").read_text(encoding="utf-8")
    assert "roads: ranks and their ranges" in page
    assert "Item jumlah_apotek" in page
    own = page[page.index("Openness in practice") : page.index("roads: ranks and their ranges")]
    others = page.replace(own, "")
    for title in ("ranks and their ranges", "rank by kecamatan (1 is best)"):
        assert f"Openness in practice: {title} (illustrative values)" in own
    for title in ("Ranks, ranges and scores", "What the scorecard is made of"):
        assert f"{title} (illustrative values)" in own
    assert "illustrative" not in others
