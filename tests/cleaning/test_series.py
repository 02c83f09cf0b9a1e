# ruff: noqa: PD011 - the field of a result, or text to compare
from __future__ import annotations

import pandas as pd
import pytest

from ogp_analysis.cleaning import (
    find_area_switches,
    find_base_breaks,
    find_duplicate_series,
    find_label_swap,
    find_polluted_units,
    parse_numbers,
    read_published,
)
from ogp_analysis.errors import DataError, ParameterError

# Tabel 3.2 as printed for three kecamatan: the column of 2014 repeats 2012; the true 2014 has 59.425 for Mijen.
PRINTED = {
    2012: {"Mijen": 56570, "Gunungpati": 75027, "Banyumanik": 128225},
    2013: {"Mijen": 57887, "Gunungpati": 75885, "Banyumanik": 130494},
    2014: {"Mijen": 56570, "Gunungpati": 75027, "Banyumanik": 128225},
    2015: {"Mijen": 61405, "Gunungpati": 78641, "Banyumanik": 132508},
}
TRUE_2014 = {"Mijen": 59425, "Gunungpati": 77308, "Banyumanik": 131404}

CITY = {
    2015: 1595187,
    2016: 1602717,
    2017: 1753092,
    2018: 1786115,
    2019: 1814110,
    2020: 1653524,
    2021: 1656564,
}


def long(wide: dict[int, dict[str, int]]) -> pd.DataFrame:
    rows = [(unit, year, value) for year, units in wide.items() for unit, value in units.items()]
    return pd.DataFrame(rows, columns=["unit", "year", "value"])


def test_a_year_copied_from_another_is_found() -> None:
    found = find_duplicate_series(long(PRINTED), "unit", "year", "value")
    assert found.to_dict("records") == [{"axis": "period", "first": 2012, "second": 2014, "compared": 3}]
    assert find_duplicate_series(long(PRINTED | {2014: TRUE_2014}), "unit", "year", "value").empty


def test_a_unit_copied_from_another_is_found_and_zeros_prove_nothing(data) -> None:
    frame = read_published(data / "ispa_long.txt").data
    frame = frame.assign(kasus=parse_numbers(frame["Total Kasus ISPA"]).values)
    assert frame["kasus"].isna().sum() == 1  # #REF!
    found = find_duplicate_series(frame, "Puskesmas", "Bulan", "kasus")
    assert found.to_dict("records") == [
        {"axis": "unit", "first": "candilama", "second": "karanganyar", "compared": 4}
    ]
    zeros = pd.DataFrame({"u": list("aabb"), "p": [1, 2, 1, 2], "v": [0, 0, 0, 0]})
    assert find_duplicate_series(zeros, "u", "p", "v", min_length=2).empty


def test_a_missing_value_is_no_copy() -> None:
    frame = long(PRINTED)
    frame["value"] = frame["value"].astype("Float64")
    frame.loc[frame.index[-4], "value"] = pd.NA  # Banyumanik 2014
    assert find_duplicate_series(frame, "unit", "year", "value", min_length=2).empty


def test_two_rows_for_one_unit_and_year_are_refused() -> None:
    frame = pd.concat([long(PRINTED), long(PRINTED).head(1)], ignore_index=True)
    with pytest.raises(DataError, match="row 14, column 'unit': found 'Mijen, 2012', expected one row only"):
        find_duplicate_series(frame, "unit", "year", "value")
    with pytest.raises(ParameterError, match="not numeric"):
        find_duplicate_series(long(PRINTED).astype({"value": str}), "unit", "year", "value")


def test_dengue_deaths_of_2022_were_swapped(data) -> None:
    table = read_published(data / "dashboard_semicolon.csv").data
    men = parse_numbers(table["Kasus Meninggal Laki - laki"]).values.rename("men")
    women = parse_numbers(table["Kasus Meninggal Perempuan"]).values.rename("women")
    found = find_label_swap(men, women, {"men": 18, "women": 15})
    assert (found.verdict, found.sums) == ("swapped", {"men": 15.0, "women": 18.0})


@pytest.mark.parametrize(
    ("men", "women", "known", "verdict"),
    [
        ([10, 8], [9, 6], {"m": 18, "w": 15}, "consistent"),
        ([10, 7], [9, 6], {"m": 18, "w": 15}, "neither"),
        ([9, 9], [9, 9], {"m": 18, "w": 18}, "undecidable"),
        ([15, None], [18, 0], {"m": 18, "w": 15}, "undecidable"),
    ],
)
def test_verdicts_on_labels(men: list[float], women: list[float], known: dict[str, float], verdict: str) -> None:
    assert find_label_swap(pd.Series(men, name="m"), pd.Series(women, name="w"), known).verdict == verdict


def test_labels_need_names_and_totals() -> None:
    with pytest.raises(ParameterError, match="need two names"):
        find_label_swap(pd.Series([1]), pd.Series([2]), {})
    with pytest.raises(ParameterError, match="No known total for 'w'"):
        find_label_swap(pd.Series([1], name="m"), pd.Series([2], name="w"), {"m": 1})


def test_the_population_changed_its_base_twice() -> None:
    frame = long({year: {"Kota Semarang": total} for year, total in CITY.items()})
    found = find_base_breaks(frame, "unit", "year", "value")
    assert found[["before", "after"]].values.tolist() == [[2016, 2017], [2019, 2020]]
    assert found["change"].round(3).tolist() == [0.094, -0.089]


def test_fewer_units_in_a_year_are_no_break() -> None:
    frame = long({2022: {"a": 100, "b": 900}, 2023: {"a": 101}})
    assert find_base_breaks(frame, "unit", "year", "value").empty


def test_a_change_is_counted_by_the_year() -> None:
    frame = long({2010: {"a": 1000}, 2020: {"a": 1200}})  # 1.8 % a year
    assert find_base_breaks(frame, "unit", "year", "value").empty
    assert len(find_base_breaks(frame, "unit", "year", "value", threshold=0.01)) == 1


def test_units_that_move_while_the_sum_stands_are_a_break() -> None:
    frame = long({2017: {"a": 100, "b": 100, "c": 100}, 2018: {"a": 130, "b": 70, "c": 101}})
    assert find_base_breaks(frame, "unit", "year", "value")["reason"].tolist() == ["units"]
    with pytest.raises(ParameterError, match="not positive"):
        find_base_breaks(frame, "unit", "year", "value", threshold=0)


def test_two_vintages_of_areas_in_one_table_of_densities() -> None:
    frame = pd.DataFrame(
        {
            "k": ["Semarang Timur", "Semarang Tengah", "Tugu"] * 2,
            "y": [2019] * 3 + [2020] * 3,
            "people": [75762, 61102, 33333, 66302, 55064, 33500],
            "density": [9839, 9951, 1049, 12229, 10643, 1054],
        }
    )
    found = find_area_switches(frame, "k", "y", "people", "density").set_index("key")
    # Official areas: Semarang Timur 7.70 then 5.42 km2, Semarang Tengah 6.14 then 5.17; Tugu here keeps 31.78.
    assert set(found.index) == {"Semarang Timur", "Semarang Tengah"}
    assert found["area_before"].round(2).to_dict() == {"Semarang Timur": 7.70, "Semarang Tengah": 6.14}
    assert found["area_after"].round(2).to_dict() == {"Semarang Timur": 5.42, "Semarang Tengah": 5.17}
    assert found["opposite"].all()


def test_a_number_copied_over_the_unit_is_reported_not_replaced() -> None:
    frame = pd.DataFrame(
        {"sarana": ["Truk", "Dump Truk", "Tangki"], "jumlah": ["90", "28", "13"], "satuan": ["Unit", "28", "31"]}
    )
    before = frame.copy()
    found = find_polluted_units(frame, "satuan", ["jumlah", "sarana"])
    assert found.index.tolist() == [1, 2]
    assert found["problem"].tolist() == ["a copy of 'jumlah'", "a figure, not a unit"]
    assert found["usual"].tolist() == ["Unit", "Unit"]
    pd.testing.assert_frame_equal(frame, before)
    copied = pd.DataFrame({"nama": ["Taman Lele", "Tinjomoyo"], "satuan": ["Jiwa", "Tinjomoyo"]})
    assert find_polluted_units(copied, "satuan", ["nama"])["found"].tolist() == ["Tinjomoyo"]
