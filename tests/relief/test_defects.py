"""Every defect of a roll has its named error or its counted, listed exclusion; what goes in comes out somewhere."""

from __future__ import annotations

import gzip
import re
import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ogp_analysis.errors import DataError, OgpAnalysisError
from ogp_analysis.recovery.example_roll import make_example_roll
from ogp_analysis.recovery.relief import Relief, ReliefTerms, assess_relief, forgone_by, measures_by, timing_by
from ogp_analysis.sources.tax_roll import open_roll
from ogp_analysis.sources.tax_roll.columns import NOP_PARTS

AS_OF = date(2023, 12, 31)
NAME, STREET = "SITI RAHAYU", "JALAN MELATI"
PAID = "2015-03-01"

# defect: what changes in one row, the reason it is excluded for, and the column that the list names
ROW_DEFECTS: dict[str, tuple[dict[str, str], str, str]] = {
    "short NOP": ({"NOP": "33.74.010.001.001-0001"}, "nop_malformed", "NOP"),
    "17 digits": ({"NOP": "33740100010010001"}, "nop_malformed", "NOP"),
    "19 digits": ({"NOP": "3374010001001000100"}, "nop_malformed", "NOP"),
    "NaN in the NOP": ({"NOP": "NaN"}, "nop_missing", "NOP"),
    "NaN in the year": ({"THN_PAJAK_SPPT": "NaN"}, "year_unreadable", "THN_PAJAK_SPPT"),
    "NULL in the cycle": ({"SIKLUS_SPPT": "NULL"}, "cycle_unreadable", "SIKLUS_SPPT"),
    "header in the middle": ({name: name for name in make_example_roll(1, seed=1)}, "nop_malformed", "NOP"),
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
    "payment of the year 2999": ({"TGL_PEMBAYARAN_SPPT": "2999-01-01"}, "date_unreadable", "TGL_PEMBAYARAN_SPPT"),
    "issued after the day looked at": (
        {"TGL_TERBIT_SPPT": "2024-01-02", "TGL_JATUH_TEMPO_SPPT": "2024-09-30", "TGL_PEMBAYARAN_SPPT": ""},
        "issued_later", "",
    ),
    "thousands by points and a part": (
        {"PBB_YG_HARUS_DIBAYAR_SPPT": "1.250.000,75"}, "principal_unreadable", "PBB_YG_HARUS_DIBAYAR_SPPT",
    ),
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


def assessed(path: Path | pd.DataFrame, terms: ReliefTerms, **options: object) -> Relief:
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


def test_ragged_lines_of_fixed_width_are_counted_and_a_cut_amount_is_no_amount(
    roll_frame: pd.DataFrame, tmp_path: Path, land_tax_terms: ReliefTerms
) -> None:
    text, slots = fixed_width(roll_frame)
    lines = text.split("\r\n")
    first = next(at for at, line in enumerate(lines) if line.startswith("33.74"))
    lines[first] = lines[first][: slots["NJOP_SPPT"][0]]  # ends before its amounts
    lines[first + 1] = lines[first + 1][: slots["NOP"][1] - 8]  # ends within the object number
    lines[first + 2] = lines[first + 2].rstrip()  # blanks at the end taken off: nothing is lost
    (tmp_path / "roll.txt").write_bytes("\r\n".join(lines).encode("cp1252"))
    relief = assessed(tmp_path / "roll.txt", land_tax_terms, slots=slots)
    counts = relief.exclusions.set_index("reason")["rows"].to_dict()
    assert counts == {"nop_malformed": 1, "njop_unreadable": 1}
    assert_adds_up(relief, 50)
    assert_nobody_is_named(relief.excluded.to_csv())


def parts_of(frame: pd.DataFrame) -> pd.DataFrame:
    """The object number in seven columns, as SISMIOP's own tables keep it."""
    digits = frame["NOP"].str.replace(r"\D", "", regex=True)
    out, start = frame.drop(columns="NOP"), 0
    for name, width in NOP_PARTS.items():
        out[name] = digits.str[start : start + width]
        start += width
    return out


@pytest.mark.parametrize(
    ("value", "reason"),
    [("", "nop_missing"), ("O01", "nop_malformed"), ("0001", "nop_malformed"), ("\xc9", "nop_malformed")],
)
def test_a_part_of_the_object_number_that_cannot_be_read_excludes_the_row(
    value: str, reason: str, roll_frame: pd.DataFrame, tmp_path: Path, land_tax_terms: ReliefTerms
) -> None:
    parts = parts_of(roll_frame)
    parts.loc[0, "KD_BLOK"] = value
    (tmp_path / "roll.csv").write_bytes(parts.to_csv(index=False).encode("latin-1"))
    for source in (tmp_path / "roll.csv", parts):
        relief = assess_relief(open_roll(source, "3374"), land_tax_terms, AS_OF)
        assert relief.exclusions[["reason", "rows"]].to_numpy().tolist() == [[reason, 1]]
        assert_adds_up(relief, 50)


def test_leading_zeros_lost_in_parts_kept_as_numbers_are_put_back(
    roll_frame: pd.DataFrame, land_tax_terms: ReliefTerms
) -> None:
    parts = parts_of(roll_frame)
    whole = assess_relief(open_roll(parts, "3374"), land_tax_terms, AS_OF)
    numbers = parts.assign(**{name: parts[name].astype(int) for name in NOP_PARTS})
    pd.testing.assert_frame_equal(
        assess_relief(open_roll(numbers, "3374"), land_tax_terms, AS_OF).cells, whole.cells
    )


@pytest.mark.parametrize(
    "change",
    [
        lambda text: "\ufeff" + text,
        lambda text: text.replace(",", ";"),
        lambda text: text.replace(",", "\t"),
        lambda text: text.replace("\n", "\r\n"),
        lambda text: re.sub(r"\.0,", ".0 ,", text),
        str.rstrip,
    ],
    ids=["BOM", "semicolons", "tabs", "Windows line ends", "blanks after the NOP", "no line end at the end"],
)
def test_what_is_no_defect_changes_nothing(
    change: Callable[[str], str], roll_frame: pd.DataFrame, tmp_path: Path, land_tax_terms: ReliefTerms
) -> None:
    text = written(roll_frame, tmp_path / "roll.csv").read_text()
    same = assessed(tmp_path / "roll.csv", land_tax_terms)
    assert change(text) != text
    (tmp_path / "roll.csv").write_bytes(change(text).encode())
    relief = assessed(tmp_path / "roll.csv", land_tax_terms)
    assert len(relief.exclusions) == 0
    pd.testing.assert_frame_equal(relief.cells, same.cells)


def test_a_packed_roll_with_any_byte_of_its_beginning_changed_is_refused_in_words(
    roll_frame: pd.DataFrame, tmp_path: Path
) -> None:
    whole = gzip.compress(written(roll_frame, tmp_path / "roll.csv").read_bytes(), mtime=0)
    refused = 0
    for at in range(2, 60):
        path = tmp_path / "roll.csv.gz"
        path.write_bytes(whole[:at] + bytes([whole[at] ^ 0xFF]) + whole[at + 1 :])
        try:
            open_roll(path, "3374")
        except DataError as error:
            assert path.name in str(error)  # noqa: PT017 - that nothing else is raised is the point
            refused += 1
    assert refused > 20


@pytest.mark.filterwarnings("error::pytest.PytestUnraisableExceptionWarning")
def test_a_broken_row_in_another_encoding_is_listed_and_nothing_is_said_beside(
    roll_frame: pd.DataFrame, tmp_path: Path, land_tax_terms: ReliefTerms
) -> None:
    path = written(roll_frame, tmp_path / "roll.csv")
    lines = path.read_bytes().splitlines(keepends=True)
    lines[3] = lines[3].rstrip(b"\n") + b",one cell more: Jos\xe9\n"
    path.write_bytes(b"".join(lines))
    relief = assessed(path, land_tax_terms)
    assert relief.excluded[["row", "reason"]].to_numpy().tolist() == [[4, "broken_line"]]


def test_a_later_cycle_that_was_not_issued_yet_replaces_nothing(
    roll_frame: pd.DataFrame, tmp_path: Path, land_tax_terms: ReliefTerms
) -> None:
    later = roll_frame.iloc[[0]].assign(
        SIKLUS_SPPT="2", TGL_TERBIT_SPPT="2024-02-01", TGL_JATUH_TEMPO_SPPT="2024-09-30", TGL_PEMBAYARAN_SPPT="",
        JML_SPPT_YG_DIBAYAR="0", DENDA_SPPT="0", STATUS_PEMBAYARAN_SPPT="0",
    )  # fmt: skip
    sound = assessed(written(roll_frame, tmp_path / "sound.csv"), land_tax_terms)
    relief = assessed(written(pd.concat([roll_frame, later]), tmp_path / "roll.csv"), land_tax_terms)
    assert relief.exclusions[["reason", "rows"]].to_numpy().tolist() == [["issued_later", 1]]
    pd.testing.assert_frame_equal(relief.cells, sound.cells)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    defects=st.lists(st.tuples(st.integers(0, 49), st.sampled_from(sorted(ROW_DEFECTS))), max_size=30),
    twice=st.lists(st.integers(0, 49), max_size=8),
    cycles=st.lists(st.integers(0, 49), max_size=8),
    kind=st.sampled_from(["csv", "parquet", "frame", "fixed"]),
)
def test_whatever_is_wrong_rows_in_are_bills_and_rows_out(
    defects: list[tuple[int, str]],
    twice: list[int],
    cycles: list[int],
    kind: str,
    roll_frame: pd.DataFrame,
    tmp_path: Path,
    land_tax_terms: ReliefTerms,
) -> None:
    frame = pd.concat([roll_frame, roll_frame.loc[twice], roll_frame.loc[cycles].assign(SIKLUS_SPPT="2")])
    frame = frame.reset_index(drop=True)
    for at, name in defects:
        for column, value in ROW_DEFECTS[name][0].items():
            frame.loc[at, column] = value
    rows, options = len(frame), {}
    source: Path | pd.DataFrame = frame
    if kind == "csv":
        source = written(frame, tmp_path / "roll.csv")
    elif kind == "parquet":
        source = tmp_path / "roll.parquet"
        pq.write_table(pa.Table.from_pandas(frame), source, row_group_size=7)
    elif kind == "fixed":
        text, slots = fixed_width(frame)
        source, options = tmp_path / "roll.txt", {"slots": slots}
        source.write_bytes(text.encode("cp1252"))
        # without six digits of an object number a line is no row: it is counted as such
        rows -= int((frame["NOP"].str.replace(r"\D", "", regex=True).str.len() < 6).sum())
    relief = assessed(source, land_tax_terms, **options)  # type: ignore[arg-type]
    assert_adds_up(relief, rows)
    assert relief.totals()["due_without"] >= relief.totals()["due_with"] >= 0
    assert_nobody_is_named(relief.excluded.to_csv())


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
    nop = roll_frame.loc[7, "NOP"].replace(".", "").replace("-", "")
    assert relief.excluded["place"].tolist() == [f"33.74.{nop[4:7]}.{nop[7:10]}.***"] * 2
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


def zipped(path: Path, _: pd.DataFrame) -> Path:
    with zipfile.ZipFile(path.with_suffix(".csv.gz"), "w") as archive:
        archive.write(path, "roll.csv")
    return path.with_suffix(".csv.gz")


def typed(**columns: object) -> Callable[[Path, pd.DataFrame], Path]:
    def make(path: Path, frame: pd.DataFrame) -> Path:
        table = pa.Table.from_pandas(frame.assign(**columns))
        pq.write_table(table, path.with_suffix(".parquet"))
        return path.with_suffix(".parquet")

    return make


FILE_DEFECTS: dict[str, tuple[Callable[[Path, pd.DataFrame], Path], str]] = {
    "cut-off gzip": (cut_gzip, "cut off or damaged"),
    "missing column": (rewritten(lambda f: f.drop(columns="NJOP_SPPT")), "column 'NJOP_SPPT': expected this column"),
    "column mistyped": (rewritten(lambda f: f.rename(columns={"DENDA_SPPT": "DENDA_SPT"})), "Did you mean 'DENDA_SPT'"),
    "no NOP at all": (rewritten(lambda f: f.drop(columns="NOP")), "column 'NOP (or KD_PROPINSI"),
    "column twice": (rewritten(lambda f: f.assign(njop_sppt="1")), "one such column, not 2"),
    "every row of another city": (rewritten(lambda f: f.assign(NOP=f["NOP"].str.replace("33.74", "33.22"))), "of the place"),
    "empty file": (bytes_of(lambda _: b""), "the file is empty"),
    "header alone": (bytes_of(lambda data: data.splitlines()[0] + b"\n"), "no rows"),
    "UTF-16": (bytes_of(lambda data: data.decode().encode("utf-16")), "not UTF-16"),
    "NOP column of decimals": (float_nop, "have lost their last ones"),
    "damaged Parquet": (damaged_parquet, "cut off or damaged"),
    "days with a time zone": (zoned, "days without a time zone"),
    "ZIP instead of gzip": (zipped, "this one is a ZIP archive"),
    "NOP column of yes and no": (typed(NOP=True), "column 'NOP': found 'bool', expected text"),
    "days as numbers": (typed(TGL_JATUH_TEMPO_SPPT=20200930), "50 without a date such as"),
    "NJOP as yes and no": (typed(NJOP_SPPT=True), "50 without a property value"),
    "no header": (bytes_of(lambda data: data.split(b"\n", 1)[1]), "column 'NOP (or KD_PROPINSI"),
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
