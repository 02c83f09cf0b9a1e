"""The Semarang case against figures that its sources publish, and the reader's errors."""

from __future__ import annotations

import csv
import re

import pandas as pd
import pytest

from ogp_analysis.build import build_case
from ogp_analysis.case import known_by, load_case
from ogp_analysis.errors import DataError, OgpAnalysisError, ParameterError
from ogp_analysis.quarter import Quarter

# Census of 2020 by kecamatan, as BPS published it.
CENSUS_2020 = {
    "Mijen": 80906,
    "Gunungpati": 98023,
    "Banyumanik": 142076,
    "Gajahmungkur": 56232,
    "Semarang Selatan": 62030,
    "Candisari": 75456,
    "Tembalang": 189680,
    "Pedurungan": 193151,
    "Genuk": 123310,
    "Gayamsari": 70261,
    "Semarang Timur": 66302,
    "Semarang Utara": 117605,
    "Semarang Tengah": 55064,
    "Semarang Barat": 148879,
    "Tugu": 32822,
    "Ngaliyan": 141727,
}
BPS_ORDER = ["Mijen", "Gunungpati", "Banyumanik", "Gajahmungkur"]
KEMENDAGRI_ORDER = ["Semarang Tengah", "Semarang Utara", "Semarang Timur", "Gayamsari"]


def test_census_2020(semarang):
    values = semarang.values("jumlah_penduduk", "2020")
    assert dict(zip(values["name"], values["value"], strict=True)) == CENSUS_2020
    assert values["value"].sum() == 1_653_524
    assert set(values["state"]) == {"measured"}


def test_both_code_orders(semarang):
    districts = semarang.districts
    assert list(districts.sort_values("code_bps")["name"])[:4] == BPS_ORDER
    assert list(districts.sort_values("code_kemendagri")["name"])[:4] == KEMENDAGRI_ORDER
    # the traps: equal endings, different places
    assert semarang.district_code("3374010") == semarang.district_code("Mijen")
    assert semarang.district_code("33.74.01") == semarang.district_code("Semarang Tengah")


def test_codes_are_text(semarang):
    for name in semarang.tables:
        frame = semarang.table(name)
        for column in frame.columns:
            if column.startswith("code_"):
                assert all(type(code) is str for code in frame[column].dropna()), f"{name}.{column}"


@pytest.mark.parametrize(
    ("table", "rows"),
    [
        ("commitments", 18), ("milestones", 10), ("measures", 56), ("criteria", 50), ("revenue", 40),
        ("conflicts", 14), ("member_counts", 17), ("claims", 22), ("villages", 177), ("district_aliases", 54),
        ("health_centres", 39), ("complaint_counts", 5), ("portal_sample", 37),
    ],
)  # fmt: skip
def test_nothing_dropped(semarang, table, rows):
    assert len(semarang.table(table)) == rows


def test_the_case_holds_the_collected_facts(semarang, shared):
    """Every figure of the collected facts is in the case, with the same address."""
    sources = semarang.table("sources").set_index("source_id")["url"]
    values = semarang.table("district_values")
    names = semarang.districts.set_index("name")["code_bps"]
    urls = values["source_id"].map(sources).fillna("")
    also = values["also_source_ids"].map(sources, na_action="ignore").fillna("")
    held = set(zip(values["code_bps"], values["value"], urls, strict=True))
    held |= set(zip(values["code_bps"], values["value"], also, strict=True))
    with (shared / "facts" / "kecamatan_indicators.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    with (shared / "facts" / "kecamatan_values.csv").open(encoding="utf-8") as file:
        rows += list(csv.DictReader(file))
    assert len(rows) == 1190
    url = {row["source_url"] for row in rows}
    assert len(url) > 10
    lost = [
        row
        for row in rows
        if (
            names[row["kecamatan"]],
            float(row["value"]),
            row["source_url"] if row["source_url"].startswith("http") else "",
        )
        not in held
    ]
    assert lost == []


@pytest.mark.parametrize(
    ("file", "table", "further"),
    [
        ("claims", "claims", 0), ("commitments", "commitments", 0),
        ("lapor_counts", "complaint_counts", 0), ("measures", "measures", 0), ("membership_counts", "member_counts", 0),
        ("milestones", "milestones", 0), ("semarsatata_sample", "portal_sample", 0),
        ("puskesmas_kecamatan", "health_centres", 0), ("kecamatan_alias", "district_aliases", 0),
        ("kode_kelurahan", "villages", 0),
        ("conflicts", "conflicts", 2),  # 35 or 39 puskesmas, 857 or 865 dengue cases: from notes on the figures
        ("revenue", "revenue", 1),  # 940 billion of original revenue (PAD): from the note on its target
        ("criteria", "criteria", 6),  # the call of 2018, read later
        ("plans", "plans", 1),  # the national plan of 2020, named by a commitment
    ],
)  # fmt: skip
def test_as_many_rows_as_the_collected_facts(semarang, shared, file, table, further):
    with (shared / "facts" / f"{file}.csv").open(encoding="utf-8") as opened:
        collected = sum(1 for _ in csv.DictReader(opened))
    assert len(semarang.table(table)) == collected + further


def test_every_amount_of_the_collected_revenue_is_in_the_case(semarang, shared):
    table = semarang.table("revenue")
    urls = table["source_id"].map(semarang.table("sources").set_index("source_id")["url"])
    with (shared / "facts" / "revenue.csv").open(encoding="utf-8") as file:
        collected = sorted((float(row["value_idr"]), row["source_url"]) for row in csv.DictReader(file))
    from_a_note = table["revenue_id"] == "rev-40"
    assert table.loc[from_a_note, ["value", "source_id"]].to_numpy().tolist() == [[940e9, "hardiwinoto-01"]]
    assert sorted(zip(table["value"][~from_a_note], urls[~from_a_note], strict=True)) == collected


#: Signs and dates of a machine in a text for readers: 2020-04-27, 27-04-2020, ->, !=, <=, >=.
MACHINE = re.compile(r"(?<![\w/-])(?:(?:19|20)\d\d-[01]\d(?:-\d\d)?|\d\d-\d\d-(?:19|20)\d\d)(?![\w/-])|->|[!<>]=")


def test_texts_for_readers_are_written_in_words(semarang):
    found = []
    for name in semarang.tables:
        frame = semarang.table(name)
        for column in frame.columns:
            if column.endswith("_en") or (column.endswith("_id") and f"{column[:-3]}_en" in frame):
                texts = frame[column].dropna().astype(str)
                found += [f"{name}.{column}: {text}" for text in texts if MACHINE.search(text)]
    assert found == []


@pytest.mark.parametrize(
    "text", ["seen on 2020-04-27", "from 14 -> 41", "sum 3 != 4", ">=2 letters", "10-07-2024"]
)
def test_machine_signs_are_recognised(text):
    assert MACHINE.search(text)
    assert not MACHINE.search("tax years 2015-2019; https://example.org/2020-04-27/page")


def test_every_figure_has_a_source(semarang):
    for name in ("district_values", "measure_amounts", "revenue", "claim_evidence", "criteria_evidence"):
        assert semarang.table(name)["source_id"].notna().all()


def test_absent_is_no_data_and_a_measured_zero_is_zero(semarang):
    partial = semarang.values("covid19_kasus_aktif", "2020-06-03")
    assert partial.loc["3374010", ["value", "state"]].tolist() == [0.0, "measured"]  # Mijen: nil, as stated
    missing = partial[partial["state"] == "no_data"]
    assert len(missing) == 9
    assert missing["value"].isna().all()


def test_a_rival_figure_never_replaces_the_main_one(semarang):
    values = semarang.values("jumlah_penduduk", "2022")
    assert values.loc["3374080", "value"] == 193_125
    raw = semarang.table("district_values")
    assert raw.loc[raw["role"] == "rival", "value"].tolist() == [195_125]


def test_as_of_leaves_out_the_future(semarang):
    assert "2023" not in semarang.periods("kasus_dbd", Quarter(2023, 3))
    assert "2023" in semarang.periods("kasus_dbd", Quarter(2023, 4))
    assert known_by(pd.Series(["2020-05-04/2020-05-06"]), Quarter(2020, 1).last_day).tolist() == [False]


def test_tables_are_copies(semarang):
    copy = semarang.table("districts")
    copy.loc[:, "name"] = "x"
    assert semarang.table("districts").loc[0, "name"] == "Mijen"


@pytest.mark.parametrize(
    ("file", "change", "expected"),
    [
        ("districts.csv", lambda t: t.replace("3374020", "337402O", 1),
         "districts.csv, row 3, column 'code_bps': found '337402O', expected BPS code, 7 digits"),
        ("districts.csv", lambda t: t.replace("3374020,", "3374010,", 1),
         "districts.csv, row 3, column 'code_bps': found '3374010', expected a key that no earlier row has"),
        ("district_values.csv", lambda t: t.replace(",56570,", ",56.570.1,", 1), "found '56.570.1', expected a number such as"),
        ("district_values.csv", lambda t: t.replace(",measured,", ",mesured,", 1),
         "column 'state': found 'mesured', expected one of measured, derived"),
        ("district_values.csv", lambda t: t.replace("github-01", "github-99", 1),
         "column 'source_id': found 'github-99', expected a value of column 'source_id' in sources.csv. Did you mean"),
        ("plans.csv", lambda t: t.replace("2021-07-30", "30-07-2021", 1), "expected a day such as 2020-10-19"),
        ("plans.csv", lambda t: t.replace("2021-07-30", "2021-02-30", 1), "found '2021-02-30', expected a day"),
        ("claims.csv", lambda t: t.replace("claim_id,claimant", "claim_id,claimer", 1),
         "claims.csv, row 1, column 'claimant': expected this column, which is missing"),
        ("claims.csv", lambda t: t.replace('"Kota Semarang Resmi', '"Kota Semarang "Resmi', 1), "claims.csv"),
        ("measures.csv", lambda t: t + "X,1\n", "found '2 cells', expected"),
        ("measure_terms.csv", lambda t: t.replace(",15,", ",115,", 1), "found '115', expected a number from 0 to 100"),
        ("indicators.csv", lambda t: t.replace("Jumlah penduduk,", ",", 1), "expected a value; it may not be empty"),
        ("indicators.csv", lambda t: t.replace(",jumlah_penduduk,10000,", ",jumlah_penduduk,,", 1), "column 'per': expected a number, such as 1000"),
        ("milestones.csv", lambda t: t.replace(",workshop", ","), "milestones.csv"),
        ("districts.csv", lambda t: "", "districts.csv, row 1: expected a header row; the file is empty"),
        ("districts.csv", lambda t: t.replace("Mijen,", " Mijen,", 1), "expected no blanks before or after the text"),
    ],
)  # fmt: skip
def test_broken_tables_name_file_row_column_and_value(broken_case, file, change, expected):
    original = change.__code__
    folder = broken_case(file, change)
    if "workshop" in str(original.co_consts):  # no such text: the control, an unbroken copy loads
        assert len(load_case(folder).table("milestones")) == 10
        return
    with pytest.raises(DataError) as caught:
        load_case(folder)
    assert expected in str(caught.value)
    assert "What to do:" in str(caught.value)


def test_a_file_that_is_not_utf8_is_named_with_its_row(broken_case):
    folder = broken_case("districts.csv", lambda text: text)
    path = folder / "districts.csv"
    path.write_bytes(path.read_bytes().replace(b"Tugu", b"T\xfagu", 1))
    with pytest.raises(DataError, match=r"districts.csv, row 16: expected UTF-8 text"):
        load_case(folder)


def test_a_row_without_any_value_is_told_once(broken_case):
    """A spreadsheet program writes rows of commas where cells below the table were once touched."""
    folder = broken_case(
        "districts.csv", lambda text: text + 2 * (text.partition("\n")[0].count(",") * "," + "\n")
    )
    with pytest.raises(DataError) as failure:
        load_case(folder)
    assert [str(each) for each in failure.value.problems] == [
        f"districts.csv, row {number}: expected values; this row is empty and must go"
        for number in (18, 19)  # below the header and 16 kecamatan
    ]


def test_a_table_with_semicolons_is_told_how_to_save_it(broken_case):
    folder = broken_case("plans.csv", lambda text: text.replace(",", ";"))
    with pytest.raises(DataError, match="with commas between the columns") as failure:
        load_case(folder)
    assert "Mend the header" not in str(failure.value)  # which would not help: every row has them


def test_a_text_in_one_language_only_is_refused(broken_case):
    folder = broken_case(
        "indicators.csv", lambda text: text.replace("jumlah_masjid,Mosques,Masjid", "jumlah_masjid,Mosques,")
    )
    with pytest.raises(DataError, match="column 'name_id'"):
        load_case(folder)


def test_a_missing_file_is_named(broken_case):
    folder = broken_case("claims.csv", lambda text: text)
    (folder / "claims.csv").unlink()
    with pytest.raises(OgpAnalysisError, match=r"claims.csv does not exist"):
        load_case(folder)


@pytest.mark.parametrize(
    ("call", "expected"),
    [
        (lambda case: load_case("semarnag"), "Did you mean 'semarang'?"),
        (lambda case: load_case("no/such/folder"), "holds no case"),
        (lambda case: case.values("jumlah_pendudk", "2020"), "Did you mean 'jumlah_penduduk'?"),
        (lambda case: case.values("jumlah_penduduk", "1999"), "It has: 2012, 2013"),
        (
            lambda case: case.district_code("Ungaran Barat"),
            "There is no kecamatan 'Ungaran Barat' in Kota Semarang",
        ),
        (lambda case: case.district_code("3374011"), "Did you mean '3374010'?"),
        (lambda case: case.district_code("Mijen\ud800"), "There is no kecamatan 'Mijen\\ud800'"),
        (lambda case: case.district_code(""), "There is no kecamatan ''"),
    ],
)
def test_wrong_names_say_what_is_nearest(semarang, call, expected):
    with pytest.raises(ParameterError) as caught:
        call(semarang)
    assert expected in str(caught.value)


def test_the_datapackage_is_valid_and_agrees_with_a_second_reader(semarang):
    """frictionless, which shares no code with our reader, finds the case valid and counts the same rows."""
    import frictionless

    package = frictionless.Package(str(semarang.folder / "datapackage.yaml"))
    report = package.validate()
    assert report.valid, report.flatten(["title", "rowNumber", "fieldName", "message"])[:5]
    rows = {
        task.name: task.stats.get("rows", 0) for task in report.tasks
    }  # of a table without rows it counts none
    assert rows == {name: len(semarang.table(name)) for name in semarang.tables}


def test_a_build_that_is_refused_leaves_no_folder(semarang, tmp_path):
    """A kecamatan without the point of any village has no outline to draw."""
    points = semarang.table("village_points")
    mijen = points["district_kemendagri"] == "33.74.14"
    with pytest.raises(OgpAnalysisError, match=r"No village point lies in Mijen"):
        build_case(semarang.with_table("village_points", points[~mijen]), tmp_path / "out")
    assert not (tmp_path / "out").exists()
