# ruff: noqa: PD011 - the field of a result, or text to compare
from __future__ import annotations

import string
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ogp_analysis.cleaning import resolve_names, resolve_villages
from ogp_analysis.cleaning.matching import normalise
from ogp_analysis.errors import DataError, OgpAnalysisError, ParameterError

RAW = Path(__file__).parents[2] / "data" / "raw" / "semarang"


def test_all_54_attested_spellings_resolve(districts, aliases, lookalikes, spellings) -> None:
    assert len(spellings) == 54
    found = resolve_names(pd.Series(list(spellings)), districts, aliases, lookalikes=lookalikes)
    assert dict(zip(spellings, found.codes, strict=True)) == spellings
    assert found.missing.empty
    assert len(found.log) == 54
    found.raise_if_incomplete()


def test_only_the_ten_irregular_spellings_need_the_aliases(districts, aliases, lookalikes, spellings) -> None:
    found = resolve_names(pd.Series(list(spellings)), districts, lookalikes=lookalikes)
    unresolved = set(found.unknown["value"])
    # candhisari is one edit away from Candisari; the nine others are out of reach.
    assert unresolved == set(aliases["alias"]) - {"candhisari"}
    assert found.log.set_index("value").loc["candhisari", "how"] == "nearest"


@pytest.mark.parametrize("table", ["district_aliases.csv"])
def test_the_case_table_of_aliases_resolves(table: str) -> None:
    if not (RAW / table).is_file():
        pytest.skip("the built-in case has no table of aliases yet")
    own = pd.read_csv(RAW / table, dtype=str)
    places = pd.read_csv(RAW / "districts.csv", dtype=str)
    others = pd.read_csv(RAW / "lookalikes.csv", dtype=str)
    assert len(own) >= 54
    found = resolve_names(own["alias"], places, own, lookalikes=others)
    assert found.codes.tolist() == own["code_bps"].tolist()
    strange = resolve_names(others["name"], places, own, lookalikes=others)
    assert strange.codes.isna().all()
    assert set(strange.lookalikes["value"]) == set(others["name"])


@pytest.mark.parametrize(
    ("value", "how", "distance"),
    [
        ("Mijen", "exact", 0),
        ("GUNUNG PATI", "exact", 0),
        ("tengah", "alias", 0),
        ("3. Kec. Smg. Barat", "normalised", 0),
        ("gunung\u00a0pati ", "normalised", 0),
        ("Gajahmungkúr", "normalised", 0),
        ("Ngalian", "nearest", 1),
        ("Semarnag Utara", "nearest", 2),
    ],
)
def test_every_step_is_logged(value: str, how: str, distance: int, districts, aliases) -> None:
    log = resolve_names(pd.Series([value, value]), districts, aliases).log
    assert log[["how", "distance", "rows"]].values.tolist() == [[how, distance, 2]]


@pytest.mark.parametrize(
    "value", ["Tuxx", "Mixxn", "Kota Semarang", "Semarang", "Wonotingal", "123", "Kab. Semarang"]
)
def test_what_is_not_near_is_unknown(value: str, districts, aliases, lookalikes) -> None:
    found = resolve_names(pd.Series([value]), districts, aliases, lookalikes=lookalikes)
    assert found.codes.isna().all()
    assert found.unknown["value"].tolist() == [value]


def test_kabupaten_names_are_named_as_such_even_when_mistyped(districts, aliases, lookalikes) -> None:
    values = pd.Series(["Ungaran Barat", "Kec. Ambarawa", "Ungarn Timur", "Mijen"])
    found = resolve_names(values, districts, aliases, lookalikes=lookalikes)
    assert found.codes.isna().tolist() == [True, True, True, False]
    assert found.lookalikes["name"].tolist() == ["Ungaran Barat", "Ambarawa", "Ungaran Timur"]
    assert found.unknown.empty
    with pytest.raises(OgpAnalysisError, match=r"Names of Kabupaten Semarang: 'Ungaran Barat', 'Kec\. Ambarawa'"):
        found.raise_if_incomplete()


@pytest.mark.parametrize("value", ["Kel. Tembalang", "Kelurahan Mijen", "Desa Ngaliyan", "2. Ds. Tembalang"])
def test_a_village_is_not_its_district(value: str, districts) -> None:
    found = resolve_names(pd.Series([value]), districts)
    assert found.unknown["reason"].tolist() == ["names a village (kelurahan), not a district"]


@pytest.mark.parametrize("value", ["SD Tembalang", "Pedurungan II", "Kec. Tugu, Kota Semarang", "RW Gunung Pati"])
def test_a_name_among_other_words_is_not_a_misspelling(value: str, districts) -> None:
    found = resolve_names(pd.Series([value]), districts)
    assert found.codes.isna().all()
    assert "another word stands beside" in found.unknown["reason"].iloc[0]


def test_the_log_keeps_the_order_of_the_rows_and_the_message_that_of_the_alphabet(districts) -> None:
    log = resolve_names(pd.Series(["Tugu", "Genuk", "Genuk", "Mijen"]), districts).log
    assert log[["value", "rows"]].values.tolist() == [["Tugu", 1], ["Genuk", 2], ["Mijen", 1]]
    others = pd.DataFrame({"name": ["Jambu", "Dempet"], "jurisdiction": ["Kabupaten Semarang", "Kabupaten Demak"]})
    found = resolve_names(pd.Series(["Jambu", "Dempet"]), districts, lookalikes=others)
    with pytest.raises(
        OgpAnalysisError, match=r"Names of Kabupaten Demak: 'Dempet'\.\nNames of Kabupaten Semarang"
    ):
        found.raise_if_incomplete()


def test_two_names_equally_near_are_never_chosen_from(districts) -> None:
    two = pd.DataFrame({"code_bps": ["1", "2"], "name": ["Sukamaju", "Sukamaja"]})
    found = resolve_names(pd.Series(["Sukamaji"]), two)
    assert found.codes.isna().all()
    assert found.ambiguous["candidates"].tolist() == ["Sukamaju (1) or Sukamaja (2)"]
    with pytest.raises(OgpAnalysisError, match=r"'Sukamaji' may be Sukamaju \(1\) or Sukamaja \(2\)"):
        found.raise_if_incomplete()
    same = pd.DataFrame({"code_bps": ["1", "2"], "name": ["Sukamaju", "SUKA MAJU"]})
    assert len(resolve_names(pd.Series(["suka-maju"]), same).ambiguous) == 1


def test_missing_and_duplicate_districts_are_listed(districts) -> None:
    values = districts["name"].drop(index=3)
    values = pd.concat([values, pd.Series(["GUNUNG PATI"])], ignore_index=True)
    found = resolve_names(values, districts)
    assert found.missing.to_dict("records") == [{"code_bps": "3374040", "name": "Gajahmungkur"}]
    assert found.duplicates.to_dict("records") == [
        {"code_bps": "3374020", "name": "Gunungpati", "rows": 2, "spellings": "Gunungpati, GUNUNG PATI"}
    ]
    with pytest.raises(OgpAnalysisError, match=r"never came: Gajahmungkur\.\nIn more than one row: Gunungpati\."):
        found.raise_if_incomplete(unique=True)


def test_a_subtotal_resolves_and_is_flagged(districts) -> None:
    found = resolve_names(pd.Series(["Gunung Pati", "Gunung Pati Total", "Jumlah"]), districts)
    assert found.codes.tolist()[:2] == ["3374020", "3374020"]
    assert found.is_subtotal.tolist() == [False, True, False]
    assert found.log["subtotal"].tolist() == [False, True]
    assert found.duplicates.empty
    assert found.unknown["reason"].tolist() == ["a total row, not a district"]


def test_blanks_stay_blank_and_the_index_and_the_input_stay_as_they_were(districts) -> None:
    values = pd.Series(["Tugu", None, "", "\u00a0", float("nan"), pd.NA], index=list("fedcba"), dtype=object)
    before = values.copy()
    found = resolve_names(values, districts)
    assert found.codes.index.tolist() == list("fedcba")
    assert found.codes.name == "code_bps"
    assert found.codes.isna().tolist() == [False] + [True] * 5
    assert (found.blank, len(found.unknown)) == (5, 0)
    pd.testing.assert_series_equal(values, before)
    with pytest.raises(OgpAnalysisError, match="Rows without a name: 5"):
        found.raise_if_incomplete()


def test_categories_and_repeated_index_labels_are_fine(districts) -> None:
    values = pd.Series(["Tugu", "Genuk", "Tugu"], index=[0, 0, 1], dtype="category")
    assert resolve_names(values, districts).codes.tolist() == ["3374150", "3374090", "3374150"]


def test_a_name_that_another_place_has_too_is_resolved_with_a_note(districts) -> None:
    others = pd.DataFrame({"name": ["Tugu"], "jurisdiction": ["Trenggalek"]})
    log = resolve_names(pd.Series(["Tugu"]), districts, lookalikes=others).log
    assert log[["code_bps", "also_in"]].to_dict("records") == [{"code_bps": "3374150", "also_in": "Trenggalek"}]


def test_contradicting_tables_are_refused(districts) -> None:
    with pytest.raises(
        DataError, match="aliases, row 2, column 'code_bps': found '9', expected a code of the table"
    ):
        resolve_names(pd.Series(["x"]), districts, pd.DataFrame({"alias": ["x"], "code_bps": ["9"]}))
    with pytest.raises(DataError, match="found 'Mijen', expected the code 3374010"):
        resolve_names(pd.Series(["x"]), districts, pd.DataFrame({"alias": ["Mijen"], "code_bps": ["3374020"]}))
    with pytest.raises(ParameterError, match="holds numbers"):
        resolve_names(pd.Series([1, 2], name="kec"), districts)
    with pytest.raises(ParameterError, match="'districts' has no column 'code_bps'"):
        resolve_names(pd.Series(["x"]), districts.drop(columns="code_bps"))


def test_distance_zero_switches_guessing_off(districts) -> None:
    assert resolve_names(pd.Series(["Ngalian"]), districts, max_distance=0).unknown["value"].tolist() == [
        "Ngalian"
    ]


@given(st.text(alphabet=string.ascii_letters + " .-'0123456789\u00a0é", max_size=20))
def test_a_leading_number_is_no_part_of_a_name(text: str) -> None:
    key, _ = normalise(text)
    assert set(key) <= set(string.ascii_lowercase)
    assert normalise("3. " + text)[0] == normalise("12) " + text)[0]


def test_villages_need_their_district_where_names_repeat(villages) -> None:
    names = pd.Series(["Purwosari", "Kel. Mangunharjo", "Kedungpani", "Tembalang"])
    alone = resolve_villages(names, villages)
    assert alone.codes.isna().tolist() == [True, True, False, False]
    assert alone.ambiguous["candidates"].tolist() == ["3374010012 or 3374120003", "3374070010 or 3374150006"]
    given_districts = pd.Series(["3374120", "3374150", "3374010", "3374070"])
    found = resolve_villages(names, villages, districts=given_districts)
    assert found.codes.tolist() == ["3374120003", "3374150006", "3374010010", "3374070006"]
    assert found.districts.tolist() == given_districts.tolist()
    assert found.missing["code_bps_village"].tolist() == ["3374010012", "3374070010"]


def test_a_village_under_the_wrong_district_is_reported(villages) -> None:
    found = resolve_villages(
        pd.Series(["Tembalang", "Nowhere"]), villages, districts=pd.Series(["3374010", "3374010"])
    )
    assert found.codes.isna().all()
    with pytest.raises(OgpAnalysisError, match="'Tembalang': not in district 3374010, but there is 3374070006"):
        found.raise_if_incomplete()
    with pytest.raises(ParameterError, match="different indexes"):
        resolve_villages(pd.Series(["x"]), villages, districts=pd.Series(["3374010"], index=[5]))
