import re

import numpy as np
import pandas as pd
import pytest

from ogp_analysis.locale import get_language
from ogp_analysis.stats.effects import notes, words
from ogp_analysis.stats.effects.event_study import event_study
from ogp_analysis.stats.effects.group_time import group_time_effects
from ogp_analysis.stats.effects.identification import identify
from ogp_analysis.stats.effects.placebo import placebo_in_space, placebo_in_time
from ogp_analysis.stats.effects.series import interrupted_series
from ogp_analysis.stats.effects.two_groups import difference_in_differences
from ogp_analysis.stats.effects.words import plain_words, sentences

PANEL = {"unit": "unit", "time": "year", "treated_from": "since"}


def results(panel):
    series = pd.Series(np.random.default_rng(0).normal(size=40), index=pd.RangeIndex(40), name="y")
    return {
        "two": difference_in_differences(panel, "y", **PANEL, draws=499),
        "pooled": difference_in_differences(panel, "y", treated="group", post="after"),
        "event": event_study(panel, "y", **PANEL, draws=499),
        "groups": group_time_effects(panel, "y", **PANEL),
        "calendar": group_time_effects(panel, "y", **PANEL).aggregate("calendar"),
        "series": interrupted_series(series, 20),
        "time": placebo_in_time(panel, "y", **PANEL, draws=499),
        "space": placebo_in_space(panel, "y", **PANEL, draws=499),
        "refused": difference_in_differences(panel.query("group == 1"), "y", **PANEL),
        "nothing": identify(None),
        "enough": identify(panel, "y", **PANEL),
    }


def test_every_result_speaks_both_languages_and_mixes_none(panel):
    english, indonesian = get_language("en"), get_language("id")
    fixed = {
        max(re.split(r"\{\w+\}", text), key=len).strip()
        for labels in (notes.LABELS, words.LABELS)
        for text in labels.values()
    }
    for name, result in results(panel).items():
        said = {code: plain_words(result, code, outcome="x") for code in ("id", "en")}
        assert "{" not in said["id"] + said["en"], name
        assert len(sentences(result, "id")) == len(sentences(result, "en")) > 0
        left = [piece for piece in fixed if len(piece.split()) > 3 and piece in said["id"]]
        assert left == [], name
    assert english.t(words.LABELS["not_none"]) != indonesian.t(words.LABELS["not_none"])


def test_what_is_not_proven_is_always_said(panel):
    for name, result in results(panel).items():
        said = plain_words(result, "en")
        if name in ("time", "space"):
            assert "does not prove the comparison right" in said
        elif name in ("refused", "nothing"):
            assert said.count("does not mean that there was none") == 1
            assert said.count("It could be told with: Figures of") == 1  # what else it takes is not another way
        elif name != "enough":
            assert "does not prove that the measure is the cause" in said
            assert "No test can show that" in said or "no test can show that" in said


def test_figures_stand_in_the_reader_s_format(panel):
    found = difference_in_differences(panel, "y", **PANEL)
    for code, mark in (("id", ","), ("en", ".")):
        text = plain_words(found, code, outcome="x")
        shown = re.search(r"(\d)([.,])(\d+)", text)
        assert shown is not None
        assert shown[2] == mark
        assert "“x”" in text
        assert "6 " in text and "10 " in text and "128" in text  # noqa: PT018
    assert "−" in plain_words(difference_in_differences(panel.assign(y=-panel["y"]), "y", **PANEL), "en")


def test_direction_chance_and_tests_are_told(panel):
    up = difference_in_differences(panel, "y", **PANEL)
    down = difference_in_differences(panel.assign(y=-panel["y"]), "y", **PANEL)
    assert "“y” rose by" in plain_words(up, "en")
    assert "“y” fell by" in plain_words(down, "en")
    assert "more than chance alone would often do" in plain_words(up, "en")
    random = panel.assign(y=np.random.default_rng(11).normal(size=len(panel)))
    nothing = difference_in_differences(random, "y", **PANEL)
    assert nothing.p > 0.05
    assert "within chance" in plain_words(nothing, "en")
    tests = [placebo_in_time(panel, "y", **PANEL), placebo_in_space(panel, "y", **PANEL)]
    told = plain_words(up, "en", tests=tests)
    assert "At none of 3 earlier dates" in told
    assert "of 8,008 arrangements show a larger difference" in told
    lonely = placebo_in_space(panel[panel["unit"].isin(["u00", "u10", "u11"])], "y", **PANEL)
    assert "no rank among them could be told" in plain_words(up, "en", tests=[lonely])


def test_rows_left_out_are_counted_by_reason(panel):
    table = panel.copy()
    table.loc[[3, 20], "y"] = np.nan
    assert "Rows left out: no value of the outcome (2)." in plain_words(
        difference_in_differences(table, "y", **PANEL), "en"
    )
    assert "Baris yang tidak dipakai: tidak ada nilai hasil (2)." in plain_words(
        difference_in_differences(table, "y", **PANEL), "id"
    )


@pytest.mark.parametrize("code", sorted(notes.LABELS))
def test_every_obstacle_says_what_would_help(code):
    if f"need_{code}" in notes.LABELS:
        places = dict.fromkeys(re.findall(r"\{(\w+)\}", notes.LABELS[code] + notes.LABELS[f"need_{code}"]), 1)
        note = notes.Note.of(code, **places)
        for language in ("id", "en"):
            assert "{" not in note.say(get_language(language)) + note.say(get_language(language), "need_")
            assert note.say(get_language(language), "need_")


def test_all_that_a_short_series_lacks_is_needed_together():
    short = pd.Series([1.0, 2.0, 3.0], index=pd.PeriodIndex(["2018", "2020", "2023"], freq="Y"))
    result = interrupted_series(short, pd.Period("2020", freq="Y"))
    said = plain_words(result, "en", outcome="receipts")
    assert said.startswith("Whether the series “receipts” stepped")
    assert said.count("It could be told with: At least 8 points before") == 1
    assert said.count("Also needed: At least 8 points after") == 1
