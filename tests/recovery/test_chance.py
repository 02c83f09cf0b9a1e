"""Rates beside chance, shares beside need and likeness of neighbours, against computations from the raw tables."""

from __future__ import annotations

import csv
import dataclasses
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy.stats import norm, poisson

from ogp_analysis.errors import ParameterError
from ogp_analysis.quarter import Quarter
from ogp_analysis.recovery.chance import (
    LABELS,
    beside_chance,
    chance_periods,
    limit_curves,
    measured,
    no_chance_reason,
    shown_counts,
)
from ogp_analysis.recovery.neighbourhood import likeness
from ogp_analysis.recovery.reach import need_periods
from ogp_analysis.recovery.shares import counted_need, service_concentration, service_gaps, service_periods

RAW = Path(__file__).parents[2] / "data" / "raw" / "semarang" / "district_values.csv"
Q4 = Quarter(2023, 4)
START = "2020-03-01"


def raw(indicator: str, period: str) -> dict[str, float]:
    """Main values as they stand in the file, without the library."""
    with RAW.open(encoding="utf-8", newline="") as file:
        return {
            row["code_bps"]: float(row["value"])
            for row in csv.DictReader(file)
            if (row["indicator"], row["period"], row["role"]) == (indicator, period, "main")
        }


def arrays(indicator: str, period: str, base: str, base_period: str) -> tuple[list[str], np.ndarray, np.ndarray]:
    top, below = raw(indicator, period), raw(base, base_period)
    codes = sorted(below)
    return codes, np.array([top[code] for code in codes]), np.array([below[code] for code in codes])


def changed(case, **columns):
    """The case with the dengue cases of 2023 in Tugu changed."""
    table = case.table("district_values")
    at = (
        (table["indicator"] == "kasus_dbd")
        & (table["period"] == "2023")
        & (table["code_bps"] == "3374150")
        & (table["role"] == "main")
    )
    assert at.sum() == 1
    for column, value in columns.items():
        table.loc[at, column] = value
    return dataclasses.replace(case, _tables=case._tables | {"district_values": table})


def test_stabilised_rates_by_marshall_s_formula(semarang):
    codes, e, b = arrays("kasus_dbd", "2023", "jumlah_penduduk", "2022")
    rate, mean = e / b, e.sum() / b.sum()
    variance = (b * (rate - mean) ** 2).sum() / b.sum() - mean / b.mean()
    weight = variance / (variance + mean / b)
    expected = 10_000 * (weight * rate + (1 - weight) * mean)
    found = beside_chance(semarang, "kasus_dbd", "2023")
    assert found.table.loc[codes, "smoothed"].to_numpy() == pytest.approx(expected)
    assert found.table.loc[codes, "raw"].to_numpy() == pytest.approx(10_000 * rate)
    assert (found.total, found.base_period, found.same_year) == (e.sum(), "2022", False)


def test_places_outside_the_limits_by_counting_poisson_tails(semarang):
    codes, e, b = arrays("covid19_kasus_aktif", "2020-08-30", "jumlah_penduduk", "2020")
    expected = b * e.sum() / b.sum()
    found = beside_chance(semarang, "covid19_kasus_aktif", "2020-08-30").table.loc[codes, "position"]
    low = poisson.cdf(e, expected) < 0.025
    high = poisson.sf(e - 1, expected) < 0.025
    assert found.isin(["low", "very_low"]).to_numpy().tolist() == low.tolist()
    assert found.isin(["high", "very_high"]).to_numpy().tolist() == high.tolist()
    assert (found[high] == "very_high").all()
    assert high.sum() == 1


def test_shares_of_houses_are_measured_by_a_binomial(semarang):
    found = beside_chance(semarang, "rumah_tidak_layak_huni", "2023")
    codes, e, b = arrays("rumah_tidak_layak_huni", "2023", "jumlah_rumah", "2022")
    p = e.sum() / b.sum()
    assert found.kind == "proportion"
    assert found.funnel.dispersion == pytest.approx(np.mean((e - b * p) ** 2 / (b * p * (1 - p))))
    assert found.table.loc[codes, "events"].tolist() == e.tolist()


def test_the_drawn_limits_pass_through_those_of_the_places(semarang):
    found = beside_chance(semarang, "kasus_dbd", "2023")
    curves = limit_curves(found)
    for name in ("low", "high", "very_low", "very_high"):
        drawn = np.interp(found.table["people"], curves["people"], curves[name])
        # straight lines between points of the curve
        assert drawn == pytest.approx(found.table[name].to_numpy(), abs=0.08)
    assert (curves["very_low"] <= curves["low"]).all()
    assert (curves["very_high"] >= curves["high"]).all()


@pytest.mark.parametrize(
    ("indicator", "period"),
    [
        ("kasus_dbd", "2023"),
        ("kematian_dbd", "2022"),
        ("kematian_dbd", "2023"),
        ("covid19_kasus_aktif", "2021-09-29"),
    ],
)
def test_no_small_count_can_be_worked_out_from_what_is_shown_and_the_total(semarang, indicator, period):
    values = pd.Series(raw(indicator, period))
    shown = shown_counts(semarang, indicator, period)["value"].reindex(values.index)
    small = values[(values > 0) & (values < 5)]
    assert shown[small.index].isna().all()
    assert shown.dropna().eq(values[shown.notna()]).all()
    hidden = values[shown.isna()]
    rest = int(hidden.sum())
    # a reader knows that a hidden count is no zero; one place against all others is enough to solve it
    for code in small.index:
        others = len(hidden) - 1
        possible = [x for x in range(1, 5) if others <= rest - x]
        assert len(possible) > 1, code


def test_counts_of_things_are_not_hidden(semarang):
    found = shown_counts(semarang, "jumlah_rumah_sakit", "2022")
    assert set(found["state"]) == {"shown"}
    assert found["value"].to_dict() == raw("jumlah_rumah_sakit", "2022")


def test_where_the_total_tells_whatever_is_hidden_nothing_is_shown(semarang):
    table = semarang.table("district_values")
    at = (table["indicator"] == "kematian_dbd") & (table["period"] == "2023")
    table.loc[at, "value"] = 0.0
    table.loc[at & (table["code_bps"] == "3374010"), "value"] = 1.0
    case = dataclasses.replace(semarang, _tables=semarang._tables | {"district_values": table})
    found = shown_counts(case, "kematian_dbd", "2023")
    assert found["value"].isna().all()
    assert found.loc["3374010", "state"] == "small"


def test_a_kecamatan_that_is_not_listed_protects_the_others(semarang):
    found = shown_counts(semarang, "covid19_kasus_aktif", "2020-08-27")
    listed = raw("covid19_kasus_aktif", "2020-08-27")
    assert set(found.index[found["state"] == "missing"]) == set(semarang.districts["code_bps"]) - set(listed)
    assert found["state"].value_counts()["small"] == sum(0 < value < 5 for value in listed.values())
    assert "complement" not in set(found["state"])


def test_each_reason_why_a_rate_is_not_set_beside_chance(semarang):
    assert no_chance_reason(semarang, "backlog_rumah", "2022") == "negative"
    assert no_chance_reason(semarang, "luas_permukiman_kumuh", "2021") == "no_count"
    assert no_chance_reason(semarang, "covid19_kasus_aktif", "2020-08-27") == "incomplete"
    assert no_chance_reason(semarang, "jumlah_kk", "2022") == "no_base"
    assert no_chance_reason(changed(semarang, value=2.5), "kasus_dbd", "2023") == "broken"
    with pytest.raises(ParameterError, match="below zero"):
        beside_chance(semarang, "backlog_rumah", "2022")
    assert set(LABELS) >= {"negative", "no_count", "incomplete", "no_base", "broken", "made_up"}


def test_illustrative_values_carry_nothing(semarang):
    case = changed(semarang, state="illustrative")
    assert no_chance_reason(case, "kasus_dbd", "2023") == "made_up"
    assert not measured(case, "kasus_dbd", "2023")
    assert chance_periods(case, Q4, {})["kasus_dbd"] == "2022"
    table = semarang.table("district_values")
    table.loc[table["indicator"].isin(["jumlah_apotek", "rumah_tidak_layak_huni"]), "state"] = "illustrative"
    case = dataclasses.replace(semarang, _tables=semarang._tables | {"district_values": table})
    assert "jumlah_apotek" not in service_periods(case, Q4)
    assert counted_need(case, need_periods(case, Q4, START)) is None
    table.loc[table["indicator"] == "jumlah_penduduk", "state"] = "illustrative"
    case = dataclasses.replace(semarang, _tables=semarang._tables | {"district_values": table})
    assert service_gaps(case, {"jumlah_puskesmas": "2022"}) == []
    assert service_concentration(case, {"jumlah_puskesmas": "2022"}, pd.Series(raw("jumlah_rumah", "2022"))) == []


def test_what_is_looked_at_keeps_to_the_quarter(semarang):
    early = chance_periods(semarang, Quarter(2021, 2), {})
    assert "kasus_dbd" not in early
    assert "jumlah_apotek" not in early
    assert chance_periods(semarang, Quarter(2022, 4), {})["kasus_dbd"] == "2022"


def wilson(count: np.ndarray, total: float, level: float) -> tuple[np.ndarray, np.ndarray]:
    z = norm.ppf((1 + level) / 2)
    p = count / total
    middle = (p + z**2 / (2 * total)) / (1 + z**2 / total)
    half = z / (1 + z**2 / total) * np.sqrt(p * (1 - p) / total + z**2 / (4 * total**2))
    return middle - half, middle + half


@pytest.mark.parametrize("need", [("", ""), ("rumah_tidak_layak_huni", "2023")])
def test_gaps_of_services_by_wilson_s_formula(semarang, need):
    (found,) = service_gaps(semarang, {"jumlah_apotek": "2022"}, *need)
    base = need if need[0] else ("jumlah_penduduk", "2022")
    codes, given, wanted = arrays("jumlah_apotek", "2022", *base)
    share, needed = given / given.sum(), wanted / wanted.sum()
    low, high = wilson(given, given.sum(), 1 - 0.05 / 16)
    table = found.gap.table.loc[codes]
    assert (found.need, found.need_period) == base
    assert table["gap"].to_numpy() == pytest.approx(share - needed)
    assert table["low"].to_numpy() == pytest.approx(low - needed)
    assert table["high"].to_numpy() == pytest.approx(high - needed)
    assert table["within_chance"].tolist() == ((low <= needed) & (needed <= high)).tolist()


def test_concentration_by_the_covariance_formula(semarang):
    codes, given, people = arrays("jumlah_apotek", "2022", "jumlah_penduduk", "2022")
    unfit, houses = (
        np.array([raw(*key)[code] for code in codes])
        for key in (("rumah_tidak_layak_huni", "2023"), ("jumlah_rumah", "2022"))
    )
    order = np.argsort(-unfit / houses)  # most need first
    weight = (people / people.sum())[order]
    each = (given / people)[order]
    rank = np.cumsum(weight) - weight / 2
    mean = (weight * each).sum()
    expected = 2 * (weight * (each - mean) * (rank - 0.5)).sum() / mean
    need = pd.Series(unfit / houses, index=codes)
    (found,) = service_concentration(semarang, {"jumlah_apotek": "2022"}, need)
    assert found.index.value == pytest.approx(expected)
    curve = found.curve
    assert curve["people_share"].tolist() == pytest.approx([0, *np.cumsum(weight)])
    assert curve["outcome_share"].tolist() == pytest.approx([0, *np.cumsum(given[order]) / given.sum()])


def test_likeness_is_that_of_stabilised_rates_over_touching_kecamatan(semarang):
    pytest.importorskip("esda", reason="the extra 'spatial' is not installed")
    from ogp_analysis.sources.boundaries import load_boundaries

    outlines = load_boundaries(semarang)
    found = {each.indicator: each for each in likeness(semarang, chance_periods(semarang, Q4, {}), outlines)}
    dengue = found["kasus_dbd"]
    shapes = outlines.set_index("code_bps").geometry
    values = beside_chance(semarang, "kasus_dbd", "2023").table["smoothed"].reindex(shapes.index)
    touching = np.array([[a != b and shapes[a].touches(shapes[b]) for b in shapes.index] for a in shapes.index])
    weights = touching / touching.sum(axis=1, keepdims=True)
    z = (values - values.mean()).to_numpy()
    assert dengue.stabilised
    assert dengue.moran.value == pytest.approx(z @ weights @ z / (z @ z))
    # deaths of 2023 differ no more than chance: their stabilised rates are all alike
    assert not found["kematian_dbd"].moran.can_tell
    assert found["kematian_dbd"].standing_out().empty


def test_a_rate_that_lacks_a_kecamatan_is_not_looked_at(semarang):
    pytest.importorskip("esda", reason="the extra 'spatial' is not installed")
    from ogp_analysis.sources.boundaries import load_boundaries

    assert likeness(semarang, {"covid19_kasus_aktif": "2020-08-27"}, load_boundaries(semarang)) == []
