"""Whether relief shows: what the figures of a case hold for a comparison, and that a panel that holds enough is seen."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from ogp_analysis import Quarter, get_language, recovery
from ogp_analysis.reports import effects
from ogp_analysis.reports.context import Report

END_2023 = Quarter(2023, 4)
RELIEF = "terima_banpres_sembako"
GIVEN = "2020-05-04/2020-05-06"


def test_the_panel_holds_what_the_tables_hold(semarang):
    panel = recovery.effect_panel(semarang, END_2023, RELIEF, GIVEN, "covid19_kasus_aktif")
    values = semarang.table("district_values")
    known = values[
        (values["indicator"] == "covid19_kasus_aktif") & (values["role"] == "main") & values["value"].notna()
    ]
    assert len(panel) == len(known) == 60
    assert panel["start"].dropna().unique().tolist() == [pd.Timestamp("2020-05-04")]
    treated = set(panel.loc[panel["start"].notna(), "code_bps"])
    flags = semarang.values(RELIEF, GIVEN)["value"]
    assert treated == set(flags.index[flags == 1])
    one = panel[(panel["code_bps"] == "3374080") & (panel["time"] == "2020-08-30")].iloc[0]
    people = semarang.values("jumlah_penduduk", "2020").loc["3374080", "value"]
    cases = semarang.values("covid19_kasus_aktif", "2020-08-30").loc["3374080", "value"]
    assert one["rate"] == pytest.approx(10_000 * cases / people)


def test_later_periods_are_left_out(semarang):
    early = recovery.effect_panel(semarang, Quarter(2020, 3), RELIEF, GIVEN, "covid19_kasus_aktif")
    assert early["time"].max() <= pd.Timestamp("2020-09-30")
    assert recovery.effect_panel(semarang, Quarter(2020, 1), RELIEF, GIVEN, "covid19_kasus_aktif").empty


def test_semarang_refuses_every_question_and_says_why(semarang):
    questions = recovery.effect_questions(semarang, END_2023)
    assert len(questions) == 4
    for question in questions:
        assert not question.identification.can_tell
        assert [note.code for note in question.identification.obstacles] == ["too_few_before"]


def test_figures_from_before_make_a_comparison_possible(semarang):
    """Illustrative: the same kecamatan with made-up figures of 2018 and 2019."""
    values, series = semarang.table("district_values"), semarang.table("district_series")
    rng = np.random.default_rng(4)
    main = values[(values["indicator"] == "rumah_tidak_layak_huni") & (values["period"] == "2023")]
    of = series[(series["indicator"] == "rumah_tidak_layak_huni") & (series["period"] == "2023")]
    more = [
        main.assign(period=year, value=rng.integers(50, 900, len(main)).astype(float)) for year in ("2018", "2019")
    ]
    tables = {
        **semarang._tables,
        "district_values": pd.concat([values, *more], ignore_index=True),
        "district_series": pd.concat(
            [series, *(of.assign(period=year) for year in ("2018", "2019"))], ignore_index=True
        ),
    }
    questions = recovery.effect_questions(replace(semarang, _tables=tables), END_2023)
    told = {question.outcome: question.identification for question in questions}
    assert told["rumah_tidak_layak_huni"].can_tell
    assert len(told["rumah_tidak_layak_huni"].periods_before) == 2
    assert told["rumah_tidak_layak_huni"].treated_units == 7
    assert not told["backlog_rumah"].can_tell


@pytest.mark.parametrize("code", ["id", "en"])
def test_the_refusals_in_words(semarang, code):
    report = Report("20_recovery", semarang, END_2023, get_language(code))
    questions = recovery.effect_questions(semarang, END_2023)
    rows = effects.question_rows(questions, report)
    assert rows["before"].tolist() == [0, 0, 0, 0]
    assert rows.loc[rows["after"].idxmax(), "after"] == 7  # seven days of Covid figures, all after May 2020
    assert len(effects.needed_words(questions, report)) == 1
    receipts = effects.receipts_words(report, "pbb", recovery.measure_terms(semarang, END_2023))
    found = {"en": "Points in the series before the measure: 1; needed: 8.", "id": "yang diperlukan: 8"}
    assert found[code] in receipts


def test_without_terms_or_years_nothing_is_said_of_receipts(semarang):
    report = Report("20_recovery", semarang, Quarter(2020, 1), get_language("en"))
    assert effects.receipts_words(report, "pbb", recovery.measure_terms(semarang, Quarter(2020, 1))) == ""


def test_a_case_remembers_only_for_itself(semarang):
    calls = []

    def count() -> int:
        calls.append(1)
        return len(calls)

    case = replace(semarang)
    assert [case.remembered(("a",), count), case.remembered(("a",), count), case.remembered(("b",), count)] == [
        1,
        1,
        2,
    ]
    other = replace(case, _tables={})
    assert other.remembered(("a",), count) == 3
