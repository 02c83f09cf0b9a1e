"""Sentences on who benefits and what is more than chance: each number from the tables, in both languages."""

from __future__ import annotations

import csv
import dataclasses
import html
import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy.stats import norm

from ogp_analysis import get_language, recovery
from ogp_analysis.quarter import Quarter
from ogp_analysis.recovery.neighbourhood import Likeness
from ogp_analysis.reports import chance, fairness
from ogp_analysis.reports.context import Report
from ogp_analysis.reports.pictures import rate_multiples, show_rate_maps
from ogp_analysis.reports.profile import district_indicators, topic_table
from ogp_analysis.reports.profile_chance import outside_chance, position_words, shares_here
from ogp_analysis.stats.local import LocalPattern
from ogp_analysis.stats.spatial import GlobalMoran

RAW = Path(__file__).parents[2] / "data" / "raw" / "semarang" / "district_values.csv"
Q4 = Quarter(2023, 4)
LANGUAGES = pytest.mark.parametrize("code", ["en", "id"])
TUGU, GAJAHMUNGKUR = "3374150", "3374040"


def raw(indicator: str, period: str) -> pd.Series:
    with RAW.open(encoding="utf-8", newline="") as file:
        return pd.Series(
            {
                row["code_bps"]: float(row["value"])
                for row in csv.DictReader(file)
                if (row["indicator"], row["period"], row["role"]) == (indicator, period, "main")
            }
        ).sort_index()


@pytest.fixture
def report(semarang):
    def make(code: str = "en", quarter: Quarter = Q4, district: str | None = None, case=semarang) -> Report:
        return Report("20_recovery", case, quarter, get_language(code), district)

    return make


@pytest.fixture
def shown(monkeypatch):
    """What a report shows, as HTML."""
    parts: list[str] = []
    monkeypatch.setattr(Report, "_display", lambda self, block: parts.append(block.html))
    return parts


def without(case, indicator: str):
    table = case.table("district_values")
    return dataclasses.replace(
        case, _tables=case._tables | {"district_values": table[table["indicator"] != indicator]}
    )


@LANGUAGES
def test_relief_of_which_only_yes_or_no_is_known_is_said_to_be_so(report, code):
    first, *rest = fairness.unknown_amounts(report(code))
    answers = raw("terima_banpres_sembako", "2020-05-04/2020-05-06")
    assert str(int(answers.sum())) in first
    assert str(len(answers)) in first
    assert len(rest) == 2
    assert any("Kakwani" in line for line in rest)


def test_a_case_without_any_relief_by_kecamatan_says_that(report, semarang):
    first = fairness.unknown_amounts(report(case=without(semarang, "terima_banpres_sembako")))[0]
    assert first.startswith("For no relief is it known how much each kecamatan received")


@pytest.fixture
def gaps(semarang):
    services = recovery.service_periods(semarang, Q4)
    need = recovery.counted_need(semarang, recovery.need_periods(semarang, Q4, "2020-03-01"))
    return [*recovery.service_gaps(semarang, services), *recovery.service_gaps(semarang, services, *need)]


@LANGUAGES
def test_the_places_named_as_having_more_or_less_are_those_outside_wilson_s_interval(report, gaps, semarang, code):
    said = fairness.gap_words(report(code), gaps[3:])
    names = semarang.districts.set_index("code_bps")["name"]
    unfit = raw("rumah_tidak_layak_huni", "2023")
    for found, words in zip(gaps[3:], said, strict=True):
        given = raw(found.service, "2022")
        total, z = given.sum(), norm.ppf(1 - 0.05 / 16 / 2)
        p, need = given / total, unfit / unfit.sum()
        middle = (p + z**2 / (2 * total)) / (1 + z**2 / total)
        half = z / (1 + z**2 / total) * np.sqrt(p * (1 - p) / total + z**2 / (4 * total**2))
        out = (need < middle - half) | (need > middle + half)
        assert {name for name in names if re.search(rf"\b{name}\b", words)} == set(names[out[out].index])
        assert f"{report(code).language.number(total)} " in words
        if (~out).any():
            assert report(code).t("within chance: {n} of {all}", n=int((~out).sum()), all=16) in words


@LANGUAGES
def test_gap_charts_say_the_years_and_that_they_differ(report, gaps, code):
    own, other = fairness.by_need(gaps)
    differ = report(code).t("The two sides are of different years.")
    assert [each.service for each in own] == [each.service for each in other]
    first, second = (fairness.gap_chart(report(code), each) for each in (own, other))
    assert differ not in first.caption
    assert differ in second.caption
    assert "2023" in second.caption
    hollow = first.table["shown"].eq(report(code).t("within chance")).sum()
    assert hollow == sum(int(each.gap.table["within_chance"].sum()) for each in own)
    assert "39" in first.caption  # the health office lists 39 puskesmas: to be read with care


def test_needs_that_have_no_shares_say_why(report, semarang):
    needs = recovery.need_periods(semarang, Q4, "2020-03-01")
    (line,) = fairness.needs_without_shares(report(), needs)
    assert "Housing backlog (families minus houses): not compared in shares. Some values are below zero" in line
    assert "Slum area by mayoral decree: not compared in shares. It is an amount or an area" in line
    assert "unfit" not in line
    assert (raw("backlog_rumah", "2022") < 0).any()


@LANGUAGES
def test_concentration_in_words_with_the_years_of_the_need(report, code):
    made, need = report(code), ("rumah_tidak_layak_huni", "2023")
    found = fairness.concentrations(made, {"jumlah_apotek": "2022"}, need)
    (row,) = fairness.concentration_table(made, found).to_dict("records")
    assert row["low"] < 0 < row["high"]
    assert row["reading"] == made.t("within chance: neither side clearly has more")
    (words,) = fairness.concentration_words(made, found)
    assert made.language.number(row["index"], 2) in words
    figure = fairness.curve_chart(made, found, need)
    ranked = {"en": "2023, per houses of 2022", "id": "2023, per rumah tahun 2022"}
    assert ranked[code] in figure.caption
    unknown = fairness.concentrations(made, {"jumlah_apotek": "2022"}, ("covid19_kasus_aktif", "2020-08-27"))
    assert unknown == [], "a need that is known for some kecamatan only puts them in no order"


def test_needs_of_recipients_carry_their_periods(report, semarang):
    given = "2020-05-04/2020-05-06"
    table = recovery.recipients_and_need(semarang, Q4, "terima_banpres_sembako", given)
    years = fairness.with_need_years(recovery.compare_recipients(table), given, report()).set_index("indicator")
    assert years.loc["backlog_rumah", "years"] == "2022"
    assert years.loc["rumah_tidak_layak_huni", "years"] == "2023, per houses of 2022"
    assert years.loc["luas_permukiman_kumuh", "years"] == "2021, per km² of 2020"
    assert years.loc["covid19_kasus_aktif", "years"] == "30 August 2020"


@pytest.fixture
def periods(semarang):
    return recovery.chance_periods(semarang, Q4, recovery.need_periods(semarang, Q4, "2020-03-01"))


@LANGUAGES
def test_how_many_rates_differ_more_than_chance(report, periods, code):
    made = report(code)
    beside = chance.all_beside_chance(made, periods)
    table = chance.chance_table(made, beside)
    dengue = table.iloc[[each.indicator for each in beside].index("kasus_dbd")]
    assert dengue["total"] == raw("kasus_dbd", "2023").sum()
    assert dengue["years"].startswith("2023, per ")
    assert dengue["years"].endswith(" 2022")
    dispersed = 0
    for each in beside:
        e, b = each.table["events"], each.table["people"]
        expected = b * e.sum() / b.sum()
        variance = expected * (1 - e.sum() / b.sum()) if each.kind == "proportion" else expected
        from scipy.stats import chi2

        dispersed += chi2.sf(((e - expected) ** 2 / variance).sum(), len(e) - 1) < 0.05
    words = chance.chance_words(made, beside)
    assert re.findall(r"\d+", words) == [str(dispersed), str(len(beside))]
    assert (table["reading"] == made.t("differ more than chance")).sum() == dispersed


def test_what_cannot_be_set_beside_chance_says_why(report, periods):
    (line,) = chance.not_beside_chance(report(), periods)
    assert (
        "Housing backlog (families minus houses) (2022): not set beside chance. Some values are below zero" in line
    )
    assert "Slum area by mayoral decree (2021)" in line
    assert "Dengue" not in line


@LANGUAGES
def test_funnels_leave_out_small_counts_and_say_how_many(report, periods, code):
    made = report(code)
    beside = chance.all_beside_chance(made, periods)
    (figure,) = chance.funnel_charts(made, beside)
    dengue = figure.table[figure.table["group"].str.contains("2023")].set_index("label")
    hidden = set(dengue.index[dengue["rate"].isna()])
    assert {"Gajahmungkur", "Tugu"} <= hidden  # 4 cases, and one of those that the total would give it away by
    names = made.case.districts.set_index("code_bps")["name"]
    small = raw("kasus_dbd", "2023")
    assert set(names[small[(small > 0) & (small < 5)].index]) <= hidden
    assert f"{len(hidden)} {'dari' if code == 'id' else 'of'} 16" in figure.caption
    (undrawn,) = chance.undrawn_words(made, beside)
    deaths = raw("kematian_dbd", "2023")
    assert f"{int(((deaths > 0) & (deaths < 5)).sum())} {'dari' if code == 'id' else 'of'} 16" in undrawn


def moran(words="chance", can_tell=True):
    from ogp_analysis.stats.spatial import LABELS

    text = LABELS[words]
    return GlobalMoran(0.3, -0.07, 0.01, 99, 16, can_tell, "" if can_tell else text, text, (), 1)


def alike(codes, indicator, kinds=(), words="chance", can_tell=True):
    table = pd.DataFrame({"value": range(16), "kind": "within_chance"}, index=codes)
    for at, kind in kinds:
        table.loc[at, "kind"] = kind
    local = LocalPattern("local_moran", table, 0.95, 99, can_tell, "" if can_tell else "x", "some", (), 1)
    return Likeness(indicator, "2022", "2022", True, moran(words, can_tell), local, None)


@LANGUAGES
def test_clusters_in_words_and_a_map_only_where_a_kecamatan_stands_out(report, semarang, code):
    made, codes = report(code), list(semarang.districts["code_bps"])
    calm = [alike(codes, "jumlah_apotek"), alike(codes, "kasus_dbd")]
    assert "2" in re.findall(r"\d+", chance.cluster_words(made, calm))
    assert chance.cluster_maps(made, calm) == []
    hot = [*calm[:1], alike(codes, "kasus_dbd", [(TUGU, "high_high")], "alike")]
    name = "Dengue cases" if code == "en" else "Kasus demam berdarah"
    assert name in chance.cluster_words(made, hot)
    assert name in chance.cluster_words(made, hot, TUGU)
    assert name not in chance.cluster_words(made, hot, GAJAHMUNGKUR)
    assert name in chance.likeness_words(made, hot)
    assert "2" in chance.likeness_words(made, hot)
    (figure,) = chance.cluster_maps(made, hot)
    assert figure.table.loc[figure.table["class"] == made.t("high among high neighbours"), "code"].tolist() == [
        TUGU
    ]


def test_without_the_packages_one_sentence_stands_there(report, shown, periods, monkeypatch):
    monkeypatch.setattr(chance, "can_compare_neighbours", lambda: False)
    assert chance.neighbours_compared(report(), periods) == []
    (line,) = shown
    assert "was not computed: the packages for it are not installed" in line


def test_the_page_of_a_place_without_outlines_says_so(report, shown, periods):
    made = report()
    made.__dict__["has_outline"] = False
    assert chance.neighbours_compared(made, periods) == []
    assert "neither outlines nor village points" in shown[0]


@LANGUAGES
def test_a_small_count_stands_nowhere_in_the_profile(report, semarang, code):
    made = report(code, district=GAJAHMUNGKUR)
    facts = district_indicators(semarang, GAJAHMUNGKUR, made)
    row = facts.set_index("indicator").loc["kasus_dbd"]
    assert raw("kasus_dbd", "2023")[GAJAHMUNGKUR] == 4
    assert row["hidden"]
    assert row[["value", "rate", "stabilised", "position", "place"]].isna().all()
    assert "2022" in row["remark"]  # people of another year than the cases
    shown = topic_table(facts, "health", made).set_index("indicator").loc["kasus_dbd"]
    assert shown["value_text"] == made.t("not shown")
    assert shown[["rate_text", "stabilised_text", "place_text"]].tolist() == ["—"] * 3
    assert not re.search(r"\b4 ", " ".join(shown[["value_text", "rate_text"]]))
    # one whose own count is not small is not told apart from it
    other = (
        district_indicators(semarang, TUGU, report(code, district=TUGU)).set_index("indicator").loc["kasus_dbd"]
    )
    assert raw("kasus_dbd", "2023")[TUGU] == 5
    assert other["remark"] == row["remark"]


def test_the_stabilised_rate_stands_beside_the_raw_one_and_nearer_to_the_city(report, semarang):
    made = report(district=TUGU)
    facts = district_indicators(semarang, TUGU, made).set_index("indicator")
    pharmacies = facts.loc["jumlah_apotek"]
    assert raw("jumlah_apotek", "2022")[TUGU] == 0
    assert pharmacies["rate"] == 0
    assert 0 < pharmacies["stabilised"] < pharmacies["city_rate"]
    assert pharmacies["position"] == "low"
    assert facts.loc[["jumlah_masjid", "backlog_rumah", "luas_permukiman_kumuh"], "stabilised"].isna().all()


@LANGUAGES
def test_the_rates_of_a_kecamatan_outside_chance_are_counted_and_listed(report, semarang, code):
    made = report(code, district=TUGU)
    facts = district_indicators(semarang, TUGU, made)
    listed = outside_chance(facts, made)
    told = facts["position"].dropna()
    assert re.findall(r"\d+", position_words(facts, made))[:2] == [str(len(told)), str(len(listed))]
    assert set(listed["indicator"]) == set(
        facts.loc[facts["position"].isin(["low", "high", "very_low", "very_high"]), "indicator"]
    )
    unfit = listed.set_index("indicator").loc["rumah_tidak_layak_huni"]
    assert unfit["years"].startswith("2023, ")
    assert unfit["years"].endswith("2022")
    assert position_words(facts.head(0), made) == made.t("No rate of this kecamatan can be set beside chance.")


def test_the_shares_of_a_kecamatan_are_those_of_the_city(report, gaps):
    table = shares_here(gaps, TUGU, report(district=TUGU))
    pharmacies, people = raw("jumlah_apotek", "2022"), raw("jumlah_penduduk", "2022")
    row = table.iloc[2]
    assert row["group"] == "Pharmacies (2022)"
    assert row["share"] == 0
    assert row["gap"] == pytest.approx(pharmacies[TUGU] / pharmacies.sum() - people[TUGU] / people.sum())
    assert (table["reading"] == "within chance").tolist() == [
        bool(each.gap.table.loc[TUGU, "within_chance"]) for each in gaps
    ]


def test_maps_of_the_burden_hold_no_small_count(report, semarang):
    made = report()
    days = semarang.periods("covid19_kasus_aktif", Q4)
    figure = rate_multiples(made, "covid19_kasus_aktif", days)
    for day in days:
        counts = raw("covid19_kasus_aktif", day)
        small = counts[(counts > 0) & (counts < 5)].index
        rows = figure.table[figure.table["panel"] == made.language.period(day)].set_index("code")
        assert rows.loc[small, "value"].isna().all()
        assert set(rows.loc[small, "state"]) <= {"withheld"}
        missing = set(rows.index) - set(counts.index)
        assert set(rows.index[rows["state"] == "no_data"]) == missing
    assert (figure.table["state"] == "withheld").sum() >= 5


@LANGUAGES
def test_unlike_rates_stand_in_one_figure_each_with_its_own_period(report, shown, semarang, code):
    made = report(code)
    needs = recovery.need_periods(semarang, Q4, "2020-03-01")
    show_rate_maps(made, needs, title=made.t("Rates of need"))
    (page,) = shown
    assert page.count("<svg") == 1
    text = html.unescape(page)
    for indicator, period in needs.items():
        base = semarang.indicator(indicator)["denominator"]
        name = semarang.indicator(str(base))[f"name_{code}"]
        denominator = {"en": "denominator", "id": "penyebut"}[code]
        assert f"{made.language.period(period)}; {denominator}: {name}, " in text


def test_one_rate_alone_is_a_map_of_its_own(report, shown):
    show_rate_maps(report(), {"jumlah_apotek": "2022"}, title="Facilities")
    (page,) = shown
    assert "Denominator: Population, 2022." in page


@LANGUAGES
def test_a_long_table_waits_behind_a_line_that_counts_its_rows(report, shown, code):
    frame = pd.DataFrame({"rate": ["a", "b", "c"]})
    report(code).table(frame, {"rate": "Rate"}, "Rates of need", folded=True)
    report(code).table(frame.head(0), {"rate": "Rate"}, "Rates of need", folded=True)
    first, empty = shown
    assert first.startswith('<details class="fold"><summary>')
    assert "3" in re.search(r"<summary>(.*?)</summary>", first)[1]
    assert first.count("<tr") == 4
    assert "<details" not in empty
