from __future__ import annotations

import pandas as pd
import pytest

from ogp_analysis.cleaning import (
    bps_from_kemendagri,
    bps_from_nop,
    check_codes,
    kemendagri_from_bps,
    village_bps_from_kemendagri,
    village_kemendagri_from_bps,
)
from ogp_analysis.errors import DataError, ParameterError


def test_the_two_orders_are_joined_by_table(districts) -> None:
    codes = pd.Series(["3374010", "3374130", None], index=["a", "b", "c"])
    found = kemendagri_from_bps(codes, districts)
    assert found.tolist() == ["33.74.14", "33.74.01", pd.NA]
    assert (found.name, found.index.tolist()) == ("code_kemendagri", ["a", "b", "c"])
    assert bps_from_kemendagri(found, districts).tolist() == ["3374010", "3374130", pd.NA]


def test_there_and_back_is_the_identity(districts, villages) -> None:
    back = bps_from_kemendagri(kemendagri_from_bps(districts["code_bps"], districts), districts)
    assert back.tolist() == districts["code_bps"].tolist()
    codes = village_kemendagri_from_bps(villages["code_bps"], villages)
    assert {len(code) for code in codes} == {13}
    assert village_bps_from_kemendagri(codes, villages).tolist() == villages["code_bps"].tolist()


@pytest.mark.parametrize("codes", [[3374010], [33.74], ["3374010", 3374020]])
def test_numbers_are_no_codes(codes: list[object], districts) -> None:
    with pytest.raises(ParameterError, match="codes are text"):
        kemendagri_from_bps(pd.Series(codes), districts)


def test_unknown_codes_are_listed_with_row_and_value(districts) -> None:
    codes = pd.Series(["3374010", "3322010", "3374O10"], name="kode")
    with pytest.raises(DataError) as caught:
        kemendagri_from_bps(codes, districts)
    assert [(p.row, p.column, p.value) for p in caught.value.problems] == [
        (3, "kode", "3322010"),
        (4, "kode", "3374O10"),
    ]
    with pytest.raises(
        DataError, match="districts, row 18, column 'code_bps': found '3374010', expected each code once"
    ):
        kemendagri_from_bps(codes, pd.concat([districts, districts.head(1)]))


def test_tax_office_codes_need_all_three_digits(districts) -> None:
    assert bps_from_nop(pd.Series(["010", "160"]), districts, city="3374").tolist() == ["3374010", "3374160"]
    with pytest.raises(DataError, match="found '10', expected three digits"):
        bps_from_nop(pd.Series(["10"]), districts, city="3374")
    with pytest.raises(DataError, match=r"row 4, column 'kec': found '16', expected three digits"):
        bps_from_nop(pd.Series([None, "010", "16"], name="kec"), districts, city="3374")
    assert bps_from_nop(pd.Series(["", "010"]), districts, city="3374").tolist() == [pd.NA, "3374010"]
    with pytest.raises(DataError, match=r"3374170 is none"):
        bps_from_nop(pd.Series(["170"]), districts, city="3374")
    with pytest.raises(ParameterError, match=r"'33\.74' is not the code of a city"):
        bps_from_nop(pd.Series(["010"]), districts, city="33.74")


def test_a_table_in_its_own_order_is_caught(districts) -> None:
    # The attested case: 33.74.04 called Semarang Selatan and 33.74.13 called Gunungpati.
    theirs = pd.DataFrame(
        {
            "Kode BPS": ["33.74.04", "33.74.13", "33.74.14", "99.99.99", "3374010"],
            "Kecamatan": ["Semarang Selatan", "Gunungpati", "Mijen", "Tugu", "Atlantis"],
        },
        index=[10, 11, 12, 13, 14],
    )
    bad = check_codes(theirs, districts, "Kode BPS", "Kecamatan")
    assert bad.index.tolist() == [10, 11, 13, 14]
    assert bad["row"].tolist() == [2, 3, 5, 6]
    assert bad["code_of_name"].tolist()[:3] == ["33.74.07", "33.74.12", "33.74.16"]
    assert bad["name_of_code"].tolist()[:2] == ["Gayamsari", "Semarang Barat"]
    assert bad["problem"].tolist() == [
        "the code and the name disagree",
        "the code and the name disagree",
        "the code is not in the table",
        "the name does not resolve",
    ]


def test_a_good_table_gives_an_empty_list(districts) -> None:
    assert check_codes(districts, districts, "code_bps", "name_bps").empty
    assert check_codes(districts, districts, "code_kemendagri", "name").empty
    with pytest.raises(ParameterError, match="'districts' has no column 'code_kemendagri'"):
        check_codes(districts, districts.drop(columns="code_kemendagri"), "code_bps", "name_bps")
    with pytest.raises(ParameterError, match="no column 'kode'"):
        check_codes(districts, districts, "kode", "name")
