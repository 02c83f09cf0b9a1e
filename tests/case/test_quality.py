"""Arithmetic on the case against figures worked out by hand or printed by the sources."""

from __future__ import annotations

import pandas as pd
import pytest

from ogp_analysis import quality
from ogp_analysis.errors import ParameterError
from ogp_analysis.quarter import Quarter


@pytest.fixture
def checks(semarang):
    return quality.total_checks(semarang)


@pytest.mark.parametrize(
    ("item", "period", "stated", "computed"),
    [
        ("covid19_kasus_aktif", "2020-08-30", 373, 376),
        ("penduduk_agama_protestan", "2016", 117_257, 117_264),
        ("penduduk_agama_katolik", "2016", 121_974, 121_861),
        ("sambungan_rumah_pamsimas", "2018", 32_902, 21_931),
    ],
)
def test_totals_that_do_not_add_up_are_found(checks, item, period, stated, computed):
    row = checks[(checks["item"] == item) & (checks["period"] == period)].iloc[0]
    assert (row["stated"], row["computed"], row["agrees"]) == (stated, computed, False)


def test_the_aid_packages_add_up_exactly(checks):
    row = checks[checks["item"] == "BANSOS-TOTAL"].iloc[0]
    assert (row["stated"], row["computed"], row["agrees"]) == (749_223, 749_223, True)


def test_realised_and_shortfall_show_that_537_is_a_misprint(checks):
    pbb = checks[checks["kind"] == "revenue"].set_index("stated")
    assert set(pbb["computed"]) == {452_118_489_959 + 75_381_510_041} == {527_500_000_000}
    assert pbb.index.tolist() == [537_000_000_000]  # the target derived from the sum is not checked against it
    assert not pbb["agrees"].any()


def test_a_rounded_figure_is_an_interval(semarang):
    rates = quality.printed_percent_checks(semarang).set_index(["tax", "year", "target"])
    # 11.6 billion of 18 billion is 64.4%, printed 62%: 11.55 of 18.5 would be 62.4%, so it may be rounding
    entertainment = rates.xs("entertainment", level="tax").iloc[0]
    assert entertainment["percent"] == pytest.approx(64.444, abs=1e-3)
    assert entertainment["low"] == pytest.approx(100 * 11.55 / 18.5)
    assert entertainment["agrees"]
    # 603 of 704.6 billion is 85.6%; no rounding makes it the printed 80%
    assert not rates.xs(("pbb", 2025), level=("tax", "year"))["agrees"].all()


def test_copied_looking_rows_are_found(semarang):
    twins = quality.twin_districts(semarang)
    assert twins[["name_a", "name_b"]].to_numpy().tolist() == [["Semarang Timur", "Semarang Utara"]]


def test_printed_densities_follow_from_their_area_vintage(semarang):
    assert quality.density_checks(semarang)["agrees"].all()


def test_a_wrong_area_vintage_would_be_noticed(semarang, monkeypatch):
    table = semarang.table("district_series")
    table.loc[(table["indicator"] == "kepadatan_penduduk") & (table["period"] == "2019"), "area_vintage"] = (
        "BPS 2020"
    )
    original = type(semarang).table
    monkeypatch.setattr(
        type(semarang), "table", lambda self, name: table if name == "district_series" else original(self, name)
    )
    found = quality.density_checks(semarang).set_index("period")
    assert not found.loc["2019", "agrees"]
    assert found.loc["2019", "name"] == "Semarang Timur"  # 75,762 people: 9,839 on 7.70 km2, 13,978 on 5.42


def test_breaks_of_the_population_series(semarang):
    series = quality.yearly_total(semarang, "jumlah_penduduk", Quarter(2023, 4)).set_index("year")
    assert series.index[series["break_before"]].tolist() == [2017, 2018, 2020, 2023]
    assert series.loc[2020, "value"] == 1_653_524
    assert pd.isna(series.loc[2023, "value"])  # five kecamatan only: a partial year has no total


def test_rate_by_hand(semarang):
    rates = quality.rate(semarang, "luas_permukiman_kumuh", "2021")
    assert rates.loc["3374120", "value"] == pytest.approx(100 * 76.01 / (11.39 * 100))  # hectares of km2
    covid = quality.rate(semarang, "covid19_kasus_aktif", "2020-08-30")
    assert covid.loc["3374140", "value"] == pytest.approx(10_000 * 77 / 148_879)


def test_a_rate_without_numerator_is_missing_not_zero(semarang):
    rates = quality.rate(semarang, "covid19_kasus_aktif", "2020-11-10")
    assert rates["value"].notna().sum() == 5
    assert set(rates.loc[rates["value"].isna(), "state"]) == {"no_data"}


def test_a_rate_that_rests_on_one_made_up_figure_is_made_up(semarang):
    table = semarang.table("district_values")
    counts = (table["indicator"] == "jumlah_puskesmas") & (table["period"] == "2022")
    people = (table["indicator"] == "jumlah_penduduk") & (table["period"] == "2022")
    table.loc[counts & (table["code_bps"] == "3374010"), "state"] = "illustrative"
    table.loc[people & (table["code_bps"] == "3374020"), "state"] = "illustrative"
    case = semarang.with_table("district_values", table)
    found = quality.rate(case, "jumlah_puskesmas", "2022", "2022")["state"]
    assert found[found == "illustrative"].index.tolist() == ["3374010", "3374020"]
    assert set(found.drop(["3374010", "3374020"])) == {"derived"}


def test_a_rate_needs_a_denominator(semarang):
    with pytest.raises(ParameterError, match="has no denominator"):
        quality.rate(semarang, "kk_miskin", "2011")


def test_what_is_known_grows_with_time(semarang):
    before = quality.evidence_matrix(semarang, Quarter(2020, 1))
    after = quality.evidence_matrix(semarang, Quarter(2023, 4))
    assert (after.astype(int) - before.astype(int) >= 0).all(axis=None)
    assert before["banpres"].sum() == 0
    assert after["banpres"].sum() == 16
    assert after["pbb"].sum() == 0


def test_a_printed_rate_of_the_shortfall_fits_the_target_that_adds_up(semarang):
    rates = quality.printed_percent_checks(semarang)
    short = rates[rates["rate_of"] == "shortfall"].set_index("target")
    assert short["printed_percent"].unique().tolist() == [14.29]
    assert short["agrees"].to_dict() == {490e9: False, 416e9: False, 537e9: False, 527.5e9: True, 527e9: True}


def test_rates_printed_beside_a_target_alone_are_listed_and_not_judged(semarang):
    rates = quality.printed_percent_checks(semarang)
    alone = rates[rates["rate_of"] == "amount_not_printed"]
    revenue = semarang.table("revenue")
    printed = revenue[(revenue["kind"] == "target") & revenue["printed_percent"].notna()]
    assert alone["printed_percent"].tolist() == printed["printed_percent"].tolist()
    assert len(alone) == 5
    assert alone[["amount", "percent", "agrees"]].isna().all(axis=None)


def test_no_printed_rate_is_left_out(semarang):
    revenue = semarang.table("revenue")
    printed = revenue[revenue["printed_percent"].notna()]
    rates = quality.printed_percent_checks(semarang)
    keys = ["tax", "year", "as_of", "printed_percent", "source_id"]
    assert set(map(tuple, rates[keys].to_numpy())) == set(map(tuple, printed[keys].to_numpy()))
    without_target = rates[rates["target"].isna()]
    assert without_target["printed_percent"].tolist() == [74.22]  # land tax 2024: no target was found
    assert without_target["agrees"].isna().all()


def test_what_is_known_carries_its_years(semarang):
    years = quality.evidence_years(semarang, Quarter(2023, 4))
    known = quality.evidence_matrix(semarang, Quarter(2023, 4)).any()
    assert (years != "").to_dict() == known.to_dict()
    assert years[["poverty", "banpres", "dengue"]].tolist() == ["2011", "2020", "2021–2023"]
    assert quality.evidence_years(semarang, Quarter(2020, 3))["covid-active"] == "2020"
