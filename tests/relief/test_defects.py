"""Every defect of a roll has its named error or its counted, listed exclusion; what goes in comes out somewhere."""

from __future__ import annotations

import gzip
import re
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from ogp_analysis.errors import DataError, OgpAnalysisError
from ogp_analysis.recovery.relief import Relief, ReliefTerms, assess_relief, forgone_by, measures_by, timing_by
from ogp_analysis.sources.tax_roll import open_roll

AS_OF = date(2023, 12, 31)
NAME, STREET = "SITI RAHAYU", "JALAN MELATI"
PAID = "2015-03-01"

# defect: what changes in one row, the reason it is excluded for, and the column that the list names
ROW_DEFECTS: dict[str, tuple[dict[str, str], str, str]] = {
    "short NOP": ({"NOP": "33.74.010.001.001-0001"}, "nop_malformed", "NOP"),
    "letter in the NOP": ({"NOP": "33.74.O10.001.001-0001.0"}, "nop_malformed", "NOP"),
    "NOP as float": ({"NOP": "3.37401000100100E+17"}, "nop_as_number", "NOP"),
    "NOP with decimals": ({"NOP": "337401000100100010.0"}, "nop_as_number", "NOP"),
    "no NOP": ({"NOP": ""}, "nop_missing", "NOP"),
    "another city": ({"NOP": "33.22.010.001.001-0001.0"}, "other_city", "NOP"),
    "kecamatan that does not exist": ({"NOP": "33.74.999.001.001-0001.0"}, "unknown_kecamatan", "NOP"),
    "year of two digits": ({"THN_PAJAK_SPPT": "15"}, "year_unreadable", "THN_PAJAK_SPPT"),
    "no year": ({"THN_PAJAK_SPPT": ""}, "year_unreadable", "THN_PAJAK_SPPT"),
    "cycle in words": ({"SIKLUS_SPPT": "dua"}, "cycle_unreadable", "SIKLUS_SPPT"),
    "negative amount": ({"PBB_YG_HARUS_DIBAYAR_SPPT": "-125000"}, "negative", "PBB_YG_HARUS_DIBAYAR_SPPT"),
    "NJOP in words": ({"NJOP_SPPT": "seratus juta"}, "njop_unreadable", "NJOP_SPPT"),
    "no NJOP": ({"NJOP_SPPT": "-"}, "njop_unreadable", "NJOP_SPPT"),
    "part of a rupiah": ({"PBB_YG_HARUS_DIBAYAR_SPPT": "1250,5"}, "principal_unreadable", "PBB_YG_HARUS_DIBAYAR_SPPT"),
    "amount as float": ({"PBB_YG_HARUS_DIBAYAR_SPPT": "1.2E+06"}, "principal_unreadable", "PBB_YG_HARUS_DIBAYAR_SPPT"),
    "amount beyond reason": ({"NJOP_SPPT": "999999999999999"}, "too_large", "NJOP_SPPT"),
    "payment in words": ({"JML_SPPT_YG_DIBAYAR": "lunas"}, "payment_unreadable", "JML_SPPT_YG_DIBAYAR"),
    "fine in words": ({"DENDA_SPPT": "nihil"}, "fine_unreadable", "DENDA_SPPT"),
    "30 February": ({"TGL_JATUH_TEMPO_SPPT": "2015-02-30"}, "date_unreadable", "TGL_JATUH_TEMPO_SPPT"),
    "month first": ({"TGL_PEMBAYARAN_SPPT": "03/17/2015"}, "date_unreadable", "TGL_PEMBAYARAN_SPPT"),
    "no due date": ({"TGL_JATUH_TEMPO_SPPT": ""}, "date_unreadable", "TGL_JATUH_TEMPO_SPPT"),
    "due before issue": ({"TGL_JATUH_TEMPO_SPPT": "2014-12-31"}, "due_before_issue", "TGL_JATUH_TEMPO_SPPT"),
    "payment before issue": (
        {"TGL_PEMBAYARAN_SPPT": "2015-01-31", "JML_SPPT_YG_DIBAYAR": "1", "STATUS_PEMBAYARAN_SPPT": "1"},
        "paid_before_issue", "TGL_PEMBAYARAN_SPPT",
    ),
    "payment without a day": (
        {"TGL_PEMBAYARAN_SPPT": "", "JML_SPPT_YG_DIBAYAR": "1000", "DENDA_SPPT": "0"},
        "payment_undated", "TGL_PEMBAYARAN_SPPT",
    ),
    "day without a payment": (
        {"TGL_PEMBAYARAN_SPPT": PAID, "JML_SPPT_YG_DIBAYAR": "0", "DENDA_SPPT": "0"},
        "payment_without_amount", "JML_SPPT_YG_DIBAYAR",
    ),
    "fine above the payment": (
        {"TGL_PEMBAYARAN_SPPT": PAID, "JML_SPPT_YG_DIBAYAR": "100", "DENDA_SPPT": "101"},
        "fine_exceeds_payment", "DENDA_SPPT",
    ),
    "status against the payment": (
        {"TGL_PEMBAYARAN_SPPT": "", "JML_SPPT_YG_DIBAYAR": "0", "DENDA_SPPT": "0", "STATUS_PEMBAYARAN_SPPT": "LUNAS"},
        "status_contradicts", "STATUS_PEMBAYARAN_SPPT",
    ),
}  # fmt: skip


def written(frame: pd.DataFrame, path: Path) -> Path:
    frame = frame.assign(NM_WP_SPPT=NAME, JLN_WP_SPPT=STREET)
    frame.to_csv(path, index=False)
    return path


def assessed(path: Path, terms: ReliefTerms, **options: object) -> Relief:
    kecamatan = [f"{code:03d}" for code in range(10, 170, 10)]
    return assess_relief(open_roll(path, "3374", kecamatan=kecamatan, **options), terms, AS_OF)  # type: ignore[arg-type]


def assert_adds_up(relief: Relief, rows: int) -> None:
    assert relief.rows_read == rows
    assert relief.cells["bills"].sum() + relief.exclusions["rows"].sum() == rows


def assert_nobody_is_named(text: str) -> None:
    assert not re.search(r"RAHAYU|MELATI|CONTOH", text)
    assert not re.search(r"[0-9]{2}[.]?[0-9]{2}[.]?[0-9]{3}[.]?[0-9]{3}[.]?[0-9]{3}[.-]?[0-9]{4}", text)
    assert not re.search(r"[0-9]{3}\.[0-9]{3}\.[0-9]{3}[-.][0-9]{4}", text)


@pytest.mark.parametrize("defect", ROW_DEFECTS)
def test_row_with_a_defect_is_excluded_counted_and_listed(
    defect: str, roll_frame: pd.DataFrame, tmp_path: Path, land_tax_terms: ReliefTerms
) -> None:
    cells, reason, column = ROW_DEFECTS[defect]
    assert roll_frame.loc[0, "THN_PAJAK_SPPT"] == "2015"
    sound = assessed(written(roll_frame.drop(index=0), tmp_path / "sound.csv"), land_tax_terms)
    roll_frame.loc[0, list(cells)] = list(cells.values())
    relief = assessed(written(roll_frame, tmp_path / "roll.csv"), land_tax_terms)
    assert relief.exclusions[["reason", "rows"]].to_numpy().tolist() == [[reason, 1]]
    (listed,) = relief.excluded.to_dict("records")
    assert (listed["file"], listed["row"], listed["reason"], listed["column"]) == ("roll.csv", 2, reason, column)
    assert_adds_up(relief, 50)
    assert_nobody_is_named(relief.excluded.to_csv())
    # the other rows are worked out as if the defective one were not there
    pd.testing.assert_frame_equal(relief.cells, sound.cells)
    pd.testing.assert_frame_equal(relief.measures, sound.measures)


@pytest.mark.parametrize("defect", ["NOP as float", "NJOP in words", "30 February", "negative amount"])
def test_defects_are_found_in_parquet_and_in_text_of_fixed_width_as_well(
    defect: str, roll_frame: pd.DataFrame, tmp_path: Path, land_tax_terms: ReliefTerms
) -> None:
    cells, reason, _ = ROW_DEFECTS[defect]
    roll_frame.loc[0, list(cells)] = list(cells.values())
    pq.write_table(pa.Table.from_pandas(roll_frame), tmp_path / "roll.parquet")
    text, slots = fixed_width(roll_frame)
    (tmp_path / "roll.txt").write_bytes(text.encode("cp1252"))
    for relief in (
        assessed(tmp_path / "roll.parquet", land_tax_terms),
        assessed(tmp_path / "roll.txt", land_tax_terms, slots=slots),
    ):
        assert relief.exclusions[["reason", "rows"]].to_numpy().tolist() == [[reason, 1]]
        assert_adds_up(relief, 50)


def fixed_width(frame: pd.DataFrame) -> tuple[str, dict[str, tuple[int, int]]]:
    """A report as SIMPBB prints it: ruled pages, sub-totals, names, amounts with points."""
    amounts = ["NJOP_SPPT", "PBB_YG_HARUS_DIBAYAR_SPPT", "JML_SPPT_YG_DIBAYAR", "DENDA_SPPT"]
    shown = frame.drop(columns=["LUAS_BUMI_SPPT", "LUAS_BNG_SPPT"]).assign(NM_WP_SPPT="ANDRÉ " + NAME)
    for name in amounts:
        shown[name] = [f"{int(v):,}".replace(",", ".") if v.isdigit() else v for v in shown[name]]
    shown = shown.replace("", "-")
    slots, start = {}, 0
    for name in shown:
        width = max(shown[name].str.len().max(), 6) + 1
        slots[name] = (start, start + width)
        start += width
    lines = ["PEMERINTAH KOTA", "=" * start, "NOP".ljust(start), "=" * start]
    for number, row in enumerate(shown.to_numpy().tolist(), start=1):
        lines.append("".join(cell.ljust(end - at) for cell, (at, end) in zip(row, slots.values(), strict=True)))
        if number % 20 == 0:
            lines += ["-" * start, "JUMLAH HALAMAN".ljust(40) + "1.234.567", "", "\f"]
    return "\r\n".join(lines) + "\r\n", slots


def test_text_of_fixed_width_counts_its_other_lines_and_gives_the_same_sums(
    roll_frame: pd.DataFrame, tmp_path: Path, land_tax_terms: ReliefTerms
) -> None:
    text, slots = fixed_width(roll_frame)
    (tmp_path / "roll.txt").write_bytes(text.encode("cp1252"))
    relief = assessed(tmp_path / "roll.txt", land_tax_terms, slots=slots)
    assert (relief.rows_read, relief.layout_lines, len(relief.exclusions)) == (50, 4 + 8, 0)
    same = assessed(written(roll_frame, tmp_path / "roll.csv"), land_tax_terms)
    pd.testing.assert_frame_equal(relief.measures, same.measures)
    pd.testing.assert_frame_equal(relief.cells, same.cells)


def test_of_two_cycles_the_later_counts_even_if_it_cannot_be_read(
    roll_frame: pd.DataFrame, tmp_path: Path, land_tax_terms: ReliefTerms
) -> None:
    later = roll_frame.iloc[[0, 1]].assign(SIKLUS_SPPT="2", PBB_YG_HARUS_DIBAYAR_SPPT=["777777", "tidak ada"])
    both = pd.concat([later, roll_frame], ignore_index=True)
    relief = assessed(written(both, tmp_path / "roll.csv"), land_tax_terms)
    counts = relief.exclusions.set_index("reason")["rows"].to_dict()
    assert counts == {"superseded": 2, "principal_unreadable": 1}
    assert relief.excluded.set_index("row")["reason"].to_dict() == {
        3: "principal_unreadable", 4: "superseded", 5: "superseded",
    }  # fmt: skip
    rest = roll_frame["PBB_YG_HARUS_DIBAYAR_SPPT"][2:].astype(int).sum()
    assert relief.totals()["principal"] == 777_777 + rest
    assert_adds_up(relief, 52)


def test_bill_that_stands_twice_in_its_latest_cycle_is_not_counted_at_all(
    roll_frame: pd.DataFrame, tmp_path: Path, land_tax_terms: ReliefTerms
) -> None:
    relief = assessed(
        written(pd.concat([roll_frame, roll_frame.iloc[[7]]]), tmp_path / "roll.csv"), land_tax_terms
    )
    assert relief.exclusions[["reason", "rows"]].to_numpy().tolist() == [["repeated", 2]]
    assert relief.excluded["place"].str.fullmatch(r"33\.74\.[0-9]{3}\.[0-9]{3}\.\*{3}").all()
    assert_adds_up(relief, 51)


def test_broken_lines_blank_lines_and_stray_quotation_marks_lose_no_other_line(
    roll_frame: pd.DataFrame, tmp_path: Path, land_tax_terms: ReliefTerms
) -> None:
    lines = written(roll_frame, tmp_path / "roll.csv").read_text().splitlines()
    lines[5] = lines[5].replace(NAME, f'"{NAME}')  # opens a cell that never ends
    lines[9] += ",one more"
    lines[12] = lines[12].rsplit(",", 2)[0]
    lines.insert(20, "")
    (tmp_path / "roll.csv").write_text("\n".join(lines))
    relief = assessed(tmp_path / "roll.csv", land_tax_terms)
    assert relief.exclusions[["reason", "rows"]].to_numpy().tolist() == [["broken_line", 3]]
    assert relief.excluded["row"].tolist() == [6, 10, 13]
    assert relief.layout_lines == 1
    assert_adds_up(relief, 50)
    assert_nobody_is_named(relief.excluded.to_csv())


def test_mixed_encodings_in_names_change_nothing_and_in_cells_that_count_are_excluded(
    roll_frame: pd.DataFrame, tmp_path: Path, land_tax_terms: ReliefTerms
) -> None:
    lines = written(roll_frame, tmp_path / "roll.csv").read_bytes().splitlines()
    same = assessed(tmp_path / "roll.csv", land_tax_terms)
    lines[3] = lines[3].replace(NAME.encode(), "ANDRÉ".encode("latin-1"))
    lines[4] = lines[4].replace(NAME.encode(), "ANDRÉ".encode())
    (tmp_path / "roll.csv").write_bytes(b"\xef\xbb\xbf" + b"\r\n".join(lines))
    pd.testing.assert_frame_equal(assessed(tmp_path / "roll.csv", land_tax_terms).cells, same.cells)
    lines[2] = lines[2].replace(b",2016,", b",201\xa0,")
    (tmp_path / "roll.csv").write_bytes(b"\n".join(lines))
    relief = assessed(tmp_path / "roll.csv", land_tax_terms)
    assert relief.exclusions[["reason", "rows"]].to_numpy().tolist() == [["year_unreadable", 1]]
    assert_adds_up(relief, 50)


def cut_gzip(path: Path, _: pd.DataFrame) -> Path:
    data = gzip.compress(path.read_bytes())
    path.with_suffix(".csv.gz").write_bytes(data[: len(data) // 2])
    return path.with_suffix(".csv.gz")


def float_nop(path: Path, frame: pd.DataFrame) -> Path:
    digits = frame["NOP"].str.replace(r"\D", "", regex=True)
    pq.write_table(pa.Table.from_pandas(frame.assign(NOP=digits.astype(float))), path.with_suffix(".parquet"))
    return path.with_suffix(".parquet")


def rewritten(change: Callable[[pd.DataFrame], pd.DataFrame]) -> Callable[[Path, pd.DataFrame], Path]:
    def make(path: Path, frame: pd.DataFrame) -> Path:
        return written(change(frame), path)

    return make


def bytes_of(change: Callable[[bytes], bytes], suffix: str = ".csv") -> Callable[[Path, pd.DataFrame], Path]:
    def make(path: Path, _: pd.DataFrame) -> Path:
        path.with_suffix(suffix).write_bytes(change(path.read_bytes()))
        return path.with_suffix(suffix)

    return make


def damaged_parquet(path: Path, frame: pd.DataFrame) -> Path:
    pq.write_table(pa.Table.from_pandas(frame), path.with_suffix(".parquet"), compression="gzip")
    data = bytearray(path.with_suffix(".parquet").read_bytes())
    data[4:400] = bytes(396)  # the pages; the footer that is read first is whole
    path.with_suffix(".parquet").write_bytes(data)
    return path.with_suffix(".parquet")


def zoned(path: Path, frame: pd.DataFrame) -> Path:
    days = pd.to_datetime(frame["TGL_JATUH_TEMPO_SPPT"]).dt.tz_localize("Asia/Jakarta")
    pq.write_table(pa.Table.from_pandas(frame.assign(TGL_JATUH_TEMPO_SPPT=days)), path.with_suffix(".parquet"))
    return path.with_suffix(".parquet")


FILE_DEFECTS: dict[str, tuple[Callable[[Path, pd.DataFrame], Path], str]] = {
    "cut-off gzip": (cut_gzip, "cut off or damaged"),
    "missing column": (rewritten(lambda f: f.drop(columns="NJOP_SPPT")), "column 'NJOP_SPPT': expected this column"),
    "column mistyped": (rewritten(lambda f: f.rename(columns={"DENDA_SPPT": "DENDA_SPT"})), "Did you mean 'DENDA_SPT'"),
    "no NOP at all": (rewritten(lambda f: f.drop(columns="NOP")), "column 'NOP (or KD_PROPINSI"),
    "column twice": (rewritten(lambda f: f.assign(njop_sppt="1")), "one such column, not 2"),
    "every row of another city": (rewritten(lambda f: f.assign(NOP=f["NOP"].str.replace("33.74", "33.22"))), "of the city"),
    "empty file": (bytes_of(lambda _: b""), "the file is empty"),
    "header alone": (bytes_of(lambda data: data.splitlines()[0] + b"\n"), "no rows"),
    "UTF-16": (bytes_of(lambda data: data.decode().encode("utf-16")), "not UTF-16"),
    "NOP column of decimals": (float_nop, "have lost their last ones"),
    "damaged Parquet": (damaged_parquet, "cut off or damaged"),
    "days with a time zone": (zoned, "days without a time zone"),
    "text called Parquet": (bytes_of(lambda data: data, ".parquet"), "whole Parquet file"),
    "spreadsheet": (bytes_of(lambda data: data, ".xlsx"), "as .csv, .txt, .gz or .parquet"),
    "no such file": (lambda path, _: path.with_name("none.csv"), "a file that exists"),
}  # fmt: skip


@pytest.mark.parametrize("defect", FILE_DEFECTS)
def test_file_that_cannot_be_used_says_what_is_wrong_and_what_to_do(
    defect: str, roll_frame: pd.DataFrame, tmp_path: Path, land_tax_terms: ReliefTerms
) -> None:
    make, said = FILE_DEFECTS[defect]
    path = make(written(roll_frame, tmp_path / "roll.csv"), roll_frame)
    with pytest.raises(DataError) as raised:
        assessed(path, land_tax_terms)
    assert said in str(raised.value)
    assert "What to do: " in str(raised.value)
    assert_nobody_is_named(str(raised.value))
    # nor does the chain of errors that Python prints quote the file
    assert raised.value.__cause__ is None
    assert raised.value.__suppress_context__ or raised.value.__context__ is None


@pytest.mark.parametrize(("city", "kecamatan"), [("33.74", None), ("semarang", None), ("3374", ["10"])])
def test_city_and_kecamatan_must_be_codes(
    city: str, kecamatan: list[str] | None, roll_frame: pd.DataFrame
) -> None:
    with pytest.raises(OgpAnalysisError):
        open_roll(roll_frame, city, kecamatan=kecamatan)


def test_all_defects_at_once_add_up_and_no_table_names_anybody(
    roll_frame: pd.DataFrame, tmp_path: Path, land_tax_terms: ReliefTerms
) -> None:
    for at, (cells, _, _) in enumerate(ROW_DEFECTS.values()):
        for name, value in cells.items():
            # days written for the bill of 2015 are moved to the year of the row
            roll_frame.loc[at, name] = value.replace("2015", roll_frame.loc[at, "THN_PAJAK_SPPT"])
    relief = assessed(written(roll_frame, tmp_path / "roll.csv"), land_tax_terms)
    expected = pd.Series([reason for _, reason, _ in ROW_DEFECTS.values()]).value_counts()
    found = relief.exclusions.set_index("reason")["rows"]
    assert found.to_dict() == expected.to_dict()
    assert_adds_up(relief, 50)
    tables = [relief.cells, relief.measures, relief.bounds, relief.exclusions, relief.excluded]
    tables += [
        forgone_by(relief, ["kecamatan"]),
        measures_by(relief, ["measure_id"]),
        timing_by(relief, ["tax_year"]),
    ]
    for place, table in enumerate(tables):
        table.to_csv(tmp_path / f"out{place}.csv")
        assert_nobody_is_named((tmp_path / f"out{place}.csv").read_text())
