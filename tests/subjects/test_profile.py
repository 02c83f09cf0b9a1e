"""What the profile of a kecamatan chooses to show, against figures looked up in the tables by hand."""

from __future__ import annotations

import pandas as pd
import pytest

from ogp_analysis import quality
from ogp_analysis.locale import get_language
from ogp_analysis.quarter import Quarter
from ogp_analysis.reports.context import Report
from ogp_analysis.reports.present import partial_years
from ogp_analysis.reports.profile import careful_years, district_indicators, topic_table

PEDURUNGAN, TUGU, MIJEN = "3374080", "3374150", "3374010"
Q4 = Quarter(2023, 4)


@pytest.fixture
def facts(semarang):
    def make(code: str, quarter: Quarter = Q4, language: str = "en") -> pd.DataFrame:
        report = Report("40_district_profile", semarang, quarter, get_language(language), code)
        return district_indicators(semarang, code, report).set_index("indicator")

    return make


def test_a_newer_partial_list_is_not_preferred_but_named(facts):
    row = facts(PEDURUNGAN).loc["jumlah_penduduk"]
    assert (row["period"], row["value"]) == ("2022", 193_125)
    assert "196,526 (2023)" in row["remark"]
    assert "5 of 16" in row["remark"]
    assert "github-07" in row["source_id"].split(";")


def test_a_row_that_may_be_a_copy_is_named_on_both_profiles_and_on_no_other(facts):
    copied = "The same as for {}, here and in other lists of this source: one row may be a copy of the other."
    religions = ["penduduk_agama_protestan", "penduduk_agama_katolik"]
    for code, other in (("3374110", "Semarang Utara"), ("3374120", "Semarang Timur")):
        remarks = facts(code)["remark"]
        assert list(remarks.index[remarks.str.contains(copied.format(other), regex=False)]) == religions
        assert facts(code).loc[religions, "care"].all()
    assert not facts(MIJEN)["remark"].str.contains("may be a copy").any()


def test_where_no_period_is_complete_the_newest_known_here_is_shown(semarang):
    listed = semarang.values("kk_miskin", "2011")["value"].dropna()
    assert len(listed) == 3
    assert set(quality.shown_periods(semarang, "kk_miskin", Q4).loc[listed.index, "period"]) == {"2011"}


def test_the_choice_keeps_to_the_quarter(semarang):
    assert list(quality.shown_periods(semarang, "jumlah_penduduk", Quarter(2022, 3)).loc[PEDURUNGAN]) == [
        "2021",
        "",
    ]
    assert list(quality.shown_periods(semarang, "covid19_kasus_aktif", Quarter(2020, 1)).loc[TUGU]) == ["", ""]


@pytest.mark.parametrize("language", ["id", "en"])
def test_the_rival_figure_stands_beside_the_value_with_its_source(facts, language):
    row = facts(PEDURUNGAN, language=language).loc["jumlah_penduduk"]
    assert get_language(language).number(195_125) in row["remark"]
    assert "infosemarang-01" in row["source_id"].split(";")
    assert not row["care"]  # that another source differs says nothing against the value itself


@pytest.mark.parametrize(
    ("indicator", "quarter"),
    [("kasus_dbd", Quarter(2021, 4)), ("penduduk_agama_katolik", Q4), ("sambungan_rumah_pamsimas", Q4)],
)
def test_values_to_be_read_with_care_carry_a_sign_and_the_reason(semarang, facts, indicator, quarter):
    row = facts(MIJEN, quarter).loc[indicator]
    assert row["care"]
    note = semarang.series(indicator, row["period"])["note_en"]
    assert note.rstrip(".") in row["remark"]
    report = Report("40_district_profile", semarang, quarter, get_language("en"), MIJEN)
    shown = topic_table(facts(MIJEN, quarter).reset_index(), row["topic"], report).set_index("indicator")
    assert shown.loc[indicator, "value_text"].endswith("(!)")


def test_a_note_on_one_value_is_shown_there_only(facts):
    early = Quarter(2021, 4)
    assert "undercount for Mijen" in facts(MIJEN, early).loc["kasus_dbd", "remark"]
    assert "undercount for Mijen" not in facts(TUGU, early).loc["kasus_dbd", "remark"]


def test_usable_values_carry_no_sign(facts):
    row = facts(TUGU).loc["jumlah_apotek"]
    assert (row["care"], row["remark"]) == (False, "")


def test_a_rate_over_another_year_says_so(facts):
    row = facts(TUGU).loc["rumah_tidak_layak_huni"]  # unfit houses of 2023, houses of 2022
    assert (row["period"], row["care"], row["remark"]) == ("2023", False, "Rate over: Houses, 2022.")


def test_places_are_for_rates_with_a_good_and_a_bad_end(semarang, facts):
    ranked = facts(TUGU)["place"].dropna().index
    table = semarang.table("indicators").set_index("indicator").loc[ranked]
    assert len(ranked) > 10
    assert set(table["direction"]) == {"higher_is_better", "higher_is_worse"}
    assert table["denominator"].notna().all()
    unranked = ["penduduk_agama_islam", "jumlah_masjid", "jumlah_penduduk", "jumlah_kk", "luas_wilayah"]
    assert facts(TUGU).loc[unranked, "place"].isna().all()


def test_ties_share_a_place_and_say_with_how_many(semarang, facts):
    covid = semarang.values("covid19_kasus_aktif", "2021-09-29")["value"]
    zeros = int((covid == 0).sum())
    nil = covid.index[covid == 0][0]
    row = facts(nil).loc["covid19_kasus_aktif"]
    assert (row["place"], row["shared"]) == (len(covid) - zeros + 1, zeros - 1)
    report = Report("40_district_profile", semarang, Q4, get_language("en"), nil)
    text = topic_table(facts(nil).reset_index(), "recovery", report).set_index("indicator")["place_text"]
    assert text["covid19_kasus_aktif"] == "6 of 16, shared with 10 more"  # 11 kecamatan had no case that day


def test_years_of_a_series_that_need_a_remark(semarang):
    report = Report("40_district_profile", semarang, Q4, get_language("en"), PEDURUNGAN)
    years = careful_years(semarang, "jumlah_penduduk", PEDURUNGAN, report).set_index("period")
    assert years.index.tolist() == ["2017", "2018", "2019", "2022", "2023"]
    assert years.loc["2017", "remark"].startswith("(!) Unreliable.")
    assert years.loc["2023", "value_text"] == "196,526 (!)"
    assert "(!)" not in years.loc["2022", "value_text"]


def test_a_year_left_out_of_the_chart_is_named_with_how_many_kecamatan_have_it(semarang):
    def notes(code: str, quarter: Quarter = Q4) -> list[str]:
        report = Report("40_district_profile", semarang, quarter, get_language("en"), code or None)
        return partial_years("jumlah_penduduk", report, code)

    assert semarang.values("jumlah_penduduk", "2023")["value"].notna().sum() == 5
    assert notes(TUGU) == ["2023 is not drawn: figures were found for 5 of 16 kecamatan, not for this one."]
    assert notes(PEDURUNGAN) == []  # one of the five: its figure is drawn
    assert notes("") == ["2023 is not drawn: figures were found for 5 of 16 kecamatan only."]
    assert notes("", Quarter(2022, 4)) == []


def test_the_rate_of_the_city_stands_without_the_unit_that_the_rate_beside_it_has(semarang, facts):
    report = Report("40_district_profile", semarang, Q4, get_language("en"), TUGU)
    row = topic_table(facts(TUGU).reset_index(), "health", report).set_index("indicator").loc["jumlah_apotek"]
    assert row["rate_text"].endswith("per 10,000 people")
    pharmacies, people = (
        semarang.values(name, "2022")["value"].sum() for name in ("jumlah_apotek", "jumlah_penduduk")
    )
    assert row["city_text"] == f"{10_000 * pharmacies / people:.2f}"
