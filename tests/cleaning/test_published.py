# ruff: noqa: PD011 - the field of a result, or text to compare
from __future__ import annotations

import tempfile
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ogp_analysis import load_case
from ogp_analysis.cleaning import check_totals, parse_numbers, read_published, resolve_names, years_to_rows
from ogp_analysis.errors import DataError, OgpAnalysisError, ParameterError


def test_titles_totals_and_sources_are_set_apart(data, districts) -> None:
    table = read_published(data / "density_mixed_marks.csv")
    assert (table.delimiter, table.encoding) == (";", "utf-8")
    assert table.notes[["kind", "text"]].to_dict("records") == [
        {"kind": "title", "text": "Tabel II.11"},
        {"kind": "source", "text": "Sumber: Kota Semarang Dalam Angka 2017"},
    ]
    assert table.totals[["No", "Luas (Km2)", "kind"]].values.tolist() == [["Jumlah", "373,70", "total"]]
    assert table.data.index.tolist() == list(range(3, 19))
    assert table.suspects.empty
    resolve_names(table.data["Kecamatan"], districts).raise_if_incomplete(unique=True)


def test_sums_agree_where_they_are_sums_and_not_for_densities(data) -> None:
    found = check_totals(read_published(data / "density_mixed_marks.csv")).set_index("column")
    assert found["note"].to_dict() == {
        "Luas (Km2)": "agrees",
        "Jumlah Kelurahan": "agrees",
        "Penduduk (Jiwa)": "agrees",
        "Kepadatan (orang/km2)": "differs",
    }
    assert found.loc["Penduduk (Jiwa)", "printed"] == 1729428


def test_a_printed_total_that_does_not_add_up(data) -> None:
    table = read_published(data / "covid_total_off.csv")
    assert len(table.data) == 16  # the row of the city is the total, not a seventeenth district
    (found,) = check_totals(table).to_dict("records")
    assert (found["printed"], found["computed"], found["difference"]) == (373, 376, -3)
    assert (found["rows"], found["no_data"], found["note"]) == (16, 0, "differs")
    assert check_totals(table, tolerance=3)["note"].tolist() == ["agrees"]


def test_a_first_row_swallowed_into_the_header_comes_back(data) -> None:
    table = read_published(data / "header_swallowed.txt")
    assert list(table.data.columns) == ["No", "Kecamatan", "Banyaknya Kelurahan", "Luas Wilayah (Km2)"]
    assert table.data.iloc[0].tolist() == ["1", "Mijen", "14", "57.55"]
    assert len(table.data) == 4
    assert "first row of data stood in the header" in table.repairs[0]
    assert table.suspects["why"].tolist() == ["'M' may belong to the name in the next cell"]


def test_a_header_that_ends_with_figures_is_left_alone(tmp_path: Path) -> None:
    file = tmp_path / "t.csv"
    file.write_text("No;Kecamatan;Penduduk 2019;Usia 15\n1;Mijen;76.037;12\n2;Tugu;33.333;9\n", encoding="utf-8")
    table = read_published(file)
    assert list(table.data.columns) == ["No", "Kecamatan", "Penduduk 2019", "Usia 15"]
    assert (len(table.data), table.repairs) == (2, ())
    file.write_text("No 1;Kecamatan;Usia 15\n1;Mijen;12\n2;Tugu;9\n", encoding="utf-8")
    table = read_published(file)
    assert (table.data["No 1"].tolist(), table.repairs) == (["1", "2"], ())


def test_page_breaks_leave_only_rows(data) -> None:
    table = read_published(data / "page_breaks.csv", expected=["Ngemplaksimongan"])
    assert table.repeated_headers == 2
    assert table.data["Kelurahan"].tolist()[:2] == ["Gisikdrono", "Kalibanteng Kulon"]
    assert len(table.data) == 5
    assert table.notes["kind"].tolist() == ["title", "page", "page", "source"]
    assert table.totals["Jumlah Penduduk"].tolist() == ["48.834"]
    assert check_totals(table, decimal=",")["note"].tolist() == ["agrees"]


def test_split_names_and_gaps_are_reported_not_repaired(data) -> None:
    table = read_published(data / "page_breaks.csv", expected=["Ngemplaksimongan"])
    assert table.suspects[["line", "why"]].values.tolist() == [
        [7, "a blank within a name; may be 'Ngemplaksimongan'"],
        [8, "letters beside the number; the name may be 'Krapyak'"],
        [8, "follows 3: rows may be lost or out of order"],
    ]
    assert table.data["Kelurahan"].tolist()[2:4] == ["Ngemplaksimo ngan", "rapyak"]


def test_stacked_bilingual_headers_in_windows_1252(data) -> None:
    table = read_published(data / "bilingual_cp1252.csv")
    assert table.encoding == "cp1252"
    assert list(table.data.columns) == [
        "Kecamatan / Subdistrict",
        "Luas (km²) / Area (km²)",
        "Penduduk / 2019",
        "Penduduk / 2020*",
        "Catatan / Remark",
    ]
    assert table.data["Kecamatan / Subdistrict"].tolist() == ["Gunung Pati", "Gajah Mungkur"]
    assert table.notes["kind"].tolist() == ["title", "numbering", "note", "source"]
    assert len(table.header) == 2
    found = parse_numbers(table.data["Penduduk / 2020*"], decimal=",")
    assert found.values.tolist() == [98023, 56232]
    assert found.mark.tolist() == ["*", "r"]
    assert check_totals(table, columns=["Luas (km²) / Area (km²)"])["note"].tolist() == ["agrees"]


def test_a_bad_cell_is_named_by_the_line_of_the_file(data) -> None:
    table = read_published(data / "sections.csv").data
    with pytest.raises(DataError, match="table, row 6, column 'Elemen Data': found 'Angka Harapan Lama Sekolah'"):
        parse_numbers(table.loc[6:, "Elemen Data"])


def test_total_and_rows_share_the_evidence_about_marks(data) -> None:
    found = check_totals(read_published(data / "bilingual_cp1252.csv"), columns=["Penduduk / 2019"])
    # Every figure of the column has three digits behind one point: nobody can tell, and the check says so.
    assert found["note"].iloc[0].startswith("not read:")
    found = check_totals(read_published(data / "bilingual_cp1252.csv"), columns=["Penduduk / 2019"], decimal=",")
    assert found["difference"].tolist() == [0]


def test_years_become_rows_with_their_marks(data) -> None:
    wide = read_published(data / "bilingual_cp1252.csv").data
    long = years_to_rows(wide)
    assert long[["measure", "year", "year_mark", "value"]].values.tolist() == [
        ["Penduduk", 2019, "", "118.760"],
        ["Penduduk", 2020, "*", "98.023*"],
        ["Penduduk", 2019, "", "60.679"],
        ["Penduduk", 2020, "*", "56.232r"],
    ]
    assert long["Kecamatan / Subdistrict"].tolist() == ["Gunung Pati"] * 2 + ["Gajah Mungkur"] * 2


def test_year_names_of_ckan_and_their_clashes() -> None:
    frame = pd.DataFrame({"id": ["a"], "Capaian_Tahun_2018": ["75,57"], "Target_Tahun_2018": ["80"]})
    assert years_to_rows(frame)["measure"].tolist() == ["Capaian", "Target"]
    twice = pd.DataFrame({"id": ["a"], "2018": ["1"], "Tahun 2018": ["2"]})
    with pytest.raises(DataError, match="'Tahun 2018': expected another measure or year than '2018'"):
        years_to_rows(twice)
    with pytest.raises(ParameterError, match="No column ends with a year"):
        years_to_rows(pd.DataFrame({"id": ["a"], "nilai": ["1"]}))
    with pytest.raises(ParameterError, match="a column 'year' already"):
        years_to_rows(pd.DataFrame({"year": ["a"], "2018": ["1"]}))


def test_tabs_and_a_byte_order_mark(data) -> None:
    table = read_published(data / "utf8_bom.tsv")
    assert (table.encoding, table.delimiter) == ("utf-8-sig", "\t")
    assert list(table.data.columns) == ["Kecamatan", "Kasus"]


@pytest.mark.parametrize(("name", "delimiter"), [("dashboard_comma.csv", ","), ("dashboard_semicolon.csv", ";")])
def test_dashboards_change_their_delimiter_and_lack_the_last_newline(data, name: str, delimiter: str) -> None:
    table = read_published(data / name)
    assert table.delimiter == delimiter
    assert table.data["Category"].tolist() == ["Bulusan", "Karangdoro"]
    assert table.data.iloc[1, 1] in {"0", "8"}


def test_decimal_commas_do_not_pass_for_delimiters(tmp_path: Path) -> None:
    file = tmp_path / "t.csv"
    file.write_text("Kecamatan;Luas;Persen\nMijen;57,55;1,2\nTugu;31,78;3,4\n", encoding="utf-8")
    assert read_published(file).data["Luas"].tolist() == ["57,55", "31,78"]


def test_headings_between_rows_are_sections(data) -> None:
    table = read_published(data / "sections.csv")
    assert table.sections["text"].tolist() == ["Perkembangan Indikator Makro Kemiskinan", "Pendidikan"]
    assert table.data["Elemen Data"].tolist() == [
        "Angka Garis Kemiskinan",
        "Jumlah Penduduk Miskin",
        "Angka Harapan Lama Sekolah",
    ]
    assert table.suspects.empty  # the number begins again at 1 with each theme
    assert table.data.loc[3, "2020"] == ""


def test_a_heading_is_never_filled_down(data) -> None:
    table = read_published(data / "section_lost.csv")
    assert table.sections["text"].tolist() == ["Kecamatan Semarang Utara"]
    # Ngemplak Simongan lies in Semarang Barat, whose heading was lost at the page break: nothing may place it.
    assert list(table.data.columns) == ["Kelurahan", "Penduduk"]


def test_subtotals_and_shares_leave_the_data(data) -> None:
    table = read_published(data / "subtotals.csv")
    assert table.data["Kelurahan"].tolist() == ["Cepoko", "Jatirejo", "Kedungpane"]
    assert table.totals["kind"].tolist() == ["subtotal", "subtotal", "total", "share"]
    assert check_totals(table)[["printed", "computed", "note"]].values.tolist() == [[282, 282, "agrees"]]


def test_a_total_fertility_rate_is_no_subtotal(tmp_path: Path) -> None:
    file = tmp_path / "t.csv"
    file.write_text(
        "Elemen;2019;2020\nAngka Kelahiran Total;2,1;2,0\nJumlah Penduduk;10,5;11,5\n", encoding="utf-8"
    )
    assert len(read_published(file).data) == 2


def test_the_list_of_cities_in_a_province_has_no_total(tmp_path: Path) -> None:
    file = tmp_path / "t.csv"
    file.write_text("Wilayah;Kasus\nKota Salatiga;1\nKota Semarang;2\n", encoding="utf-8")
    assert len(read_published(file).data) == 2


def test_rows_of_the_wrong_length_and_broken_characters(tmp_path: Path) -> None:
    file = tmp_path / "t.csv"
    file.write_text("kec;a;b\nMijen;1,5;2\nTugu;3\nGenuk;4;5;6\nAir m\ufffd;7;8\n", encoding="utf-8")
    table = read_published(file)
    assert table.suspects[["line", "why"]].values.tolist() == [
        [3, "only 2 of 3 cells"],
        [4, "more than the 3 cells of the other rows"],
        [5, "characters were damaged by reading a wrong encoding"],
    ]
    assert table.data.loc[3].tolist() == ["Tugu", "3", ""]


def test_a_row_of_totals_by_sex_is_a_subtotal(tmp_path: Path) -> None:
    file = tmp_path / "t.csv"
    file.write_text("kec;sex;n\nMijen;L;5\nMijen;P;6\nMijen;Total;11\nJumlah;;11\n", encoding="utf-8")
    table = read_published(file)
    assert (len(table.data), table.totals["kind"].tolist()) == (2, ["subtotal", "total"])


def test_a_count_that_looks_like_a_year_is_a_row(tmp_path: Path) -> None:
    file = tmp_path / "t.csv"
    file.write_text("kec;n;m\nTugu;2011;2016\nMijen;2016;2011\n", encoding="utf-8")
    # The first row could be two years; the second cannot, and a table has the first one only if told so.
    assert read_published(file, header_rows=1).data["kec"].tolist() == ["Tugu", "Mijen"]
    file.write_text("kec;n\nTugu;2011\nMijen;2016\n", encoding="utf-8")
    assert read_published(file).data["n"].tolist() == ["2011", "2016"]


def test_a_row_that_kept_its_number_only_is_no_page_number(tmp_path: Path) -> None:
    file = tmp_path / "t.csv"
    file.write_text("No;kec;n\n1;Mijen;5\n2;;\n17;;\n3;Tugu;6\n1;2;3\n", encoding="utf-8")
    table = read_published(file)
    assert table.data["No"].tolist() == ["1", "2", "3", "1"]
    assert table.notes["text"].tolist() == ["17"]
    assert table.suspects["line"].tolist() == [3]


def test_an_open_quotation_mark_does_not_swallow_the_file(tmp_path: Path) -> None:
    file = tmp_path / "t.csv"
    file.write_text('kec;n\n"Tugu;5\nMijen;6\n', encoding="utf-8")
    with pytest.raises(DataError, match="quotation marks in pairs"):
        read_published(file)
    file.write_bytes("kec;n\nTugu;5\n".encode("utf-16-le"))
    with pytest.raises(DataError, match="Pass the file's encoding"):
        read_published(file)


CELLS = st.sampled_from(
    ["Mijen", "Jumlah", "No", "1", "2", "2019", "1.213", "57,55", "-", "", "Sumber: x", "Tabel 1"]
)


@given(st.lists(st.lists(CELLS, min_size=1, max_size=5), max_size=12))
def test_every_row_of_a_file_is_somewhere(rows: list[list[str]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "t.csv"
        file.write_text("\n".join(";".join(row) for row in rows), encoding="utf-8")
        try:
            table = read_published(file, delimiter=";")
        except DataError:
            return
    parts = [table.data.index, table.totals.index, table.notes["line"], table.sections["line"]]
    kept = sum(map(len, parts)) + len(table.header) + table.repeated_headers
    printed = [row for row in rows if any(row)]
    recovered = sum("first row of data" in repair for repair in table.repairs)
    assert kept - recovered == len(printed)


def test_columns_of_the_same_name_stay_two(tmp_path: Path) -> None:
    file = tmp_path / "t.csv"
    file.write_text("kec;a;a\nMijen;1;2\n", encoding="utf-8")
    table = read_published(file)
    assert list(table.data.columns) == ["kec", "a", "a (2)"]
    assert len(table.repairs) == 1


def test_what_cannot_be_read_says_so(tmp_path: Path, data) -> None:
    with pytest.raises(OgpAnalysisError, match=r"There is no file 'none\.csv'"):
        read_published(tmp_path / "none.csv")
    file = tmp_path / "t.csv"
    file.write_text("satu\ndua\n", encoding="utf-8")
    with pytest.raises(DataError, match="cells parted by a tab"):
        read_published(file)
    file.write_text("a;b\n", encoding="utf-8")
    with pytest.raises(DataError, match="a header row and a row of data"):
        read_published(file)
    file.write_bytes("kec;luas km²\nMijen;1\n".encode("cp1252"))
    with pytest.raises(DataError, match="text in utf-8"):
        read_published(file, encoding="utf-8")
    with pytest.raises(ParameterError, match="no encoding 'klingon'"):
        read_published(file, encoding="klingon")
    with pytest.raises(ParameterError, match="header_rows=0"):
        read_published(data / "subtotals.csv", header_rows=0)
    with pytest.raises(ParameterError, match="no column 'x'"):
        check_totals(read_published(data / "subtotals.csv"), columns=["x"])


def test_no_two_columns_have_the_same_name(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    # a name that looks like one of ours; and labels that are alike once the first row is taken out of them
    path.write_text("a;a (3);a;a\nMijen;1;2;3\nTugu;4;5;6\n", encoding="utf-8")
    table = read_published(path)
    assert list(table.data.columns) == ["a", "a (3)", "a (2)", "a (4)"]
    assert [line for line in table.repairs if "stands more than once" in line] == [
        "The column name 'a' stands more than once; one is now 'a (2)'.",
        "The column name 'a' stands more than once; one is now 'a (4)'.",
    ]
    path.write_text("Kecamatan Mijen;Jiwa 12;Jiwa 13\nTugu;14;15\nGenuk;16;17\n", encoding="utf-8")
    table = read_published(path, header_rows=1)
    assert table.data.columns.is_unique
    assert [each for each in table.data.columns if each.startswith("Jiwa")] == ["Jiwa", "Jiwa (2)"]
    assert table.data[["Jiwa", "Jiwa (2)"]].values.tolist()[0] == ["12", "13"]


def test_a_place_of_a_case_is_told_without_its_hidden_signs() -> None:
    with pytest.raises(ParameterError, match=r"^'a/\\r\\nb' holds no case"):
        load_case("a/\r\nb")
