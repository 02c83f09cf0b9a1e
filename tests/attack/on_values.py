"""Attacks on what cleans and compares: columns of values, published tables, the standing of an earlier report."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pandas as pd

from ogp_analysis.changes.record import standing_of
from ogp_analysis.cleaning import (
    bps_from_kemendagri,
    check_codes,
    check_totals,
    find_label_swap,
    parse_dates,
    parse_numbers,
    parse_quarters,
    read_published,
    resolve_names,
)
from ogp_analysis.errors import DataError, OgpAnalysisError, ParameterError, shortened

from .corpus import COLUMN, PUBLISHED, STANDING, Call, attack
from .yard import Yard

DISTRICTS = pd.DataFrame(
    {
        "code_bps": ["3374010", "3374150", "3374130"],
        "code_kemendagri": ["33.74.14", "33.74.15", "33.74.01"],
        "name": ["Mijen", "Tugu", "Semarang Tengah"],
    }
)


def column(
    key: str, breaks: str, error: type[OgpAnalysisError] | None, call: Call, *words: str, **bounds: Any
) -> None:
    @attack(key, COLUMN, breaks, error, *words, **bounds)
    def build(yard: Yard) -> Call:
        return call


def numbers(*cells: object, **options: Any) -> Call:
    return lambda: parse_numbers(pd.Series(list(cells), dtype=object), **options)


def names(*cells: str) -> Call:
    def call() -> str:
        found = resolve_names(pd.Series(list(cells)), DISTRICTS)
        return f"{found.log.to_csv(index=False)}unknown: {[shortened(each) for each in found.unknown['value']]}"

    return call


column("number-inf", "an infinite number as text", DataError, numbers("1", "inf"), "row 3", "inf")
column("number-inf-real", "an infinite real number", DataError, numbers(1.5, float("inf")), "row 3", "inf")
column(
    "number-exponent",
    "a number with an exponent of four digits",
    DataError,
    numbers("1", "1e9999"),
    "row 3",
    "1e9999",
)
column("number-formula", "a formula", DataError, numbers("1", "=1+1"), "row 3", "=1+1")
column("number-two-marks", "a number with two decimal marks", DataError, numbers("1,5", "1,2,3"), "row 3", "1,2,3")
column(
    "number-doubtful",
    "numbers that can be read in two ways",
    DataError,
    numbers("1.213", "2.456"),
    "row 2",
    "one reading, not two",
)
column("number-rtl", "a number written backwards", DataError, numbers("1", "\u202e321"), "row 3")
column(
    "number-digits",
    "a number of a million digits",
    DataError,
    numbers("1", "9" * 1_000_000),
    "row 3",
    "characters)",
    seconds=10,
)
column(
    "number-words",
    "a cell of a million blanks and a letter, slow for a careless pattern",
    DataError,
    numbers("1", "1" + " a" * 200_000),
    "row 3",
    seconds=20,
)
column(
    "number-blanks",
    "a number with a million blanks within",
    DataError,
    numbers("1", "1" + " " * 1_000_000 + "x1x"),
    "row 3",
    seconds=20,
)
column(
    "number-script", "HTML for a number", DataError, numbers("1", "<script>alert(1)</script>"), "row 3", "<script>"
)
column(
    "number-floats",
    "numbers that were read as numbers already",
    ParameterError,
    lambda: parse_numbers(pd.Series([1.213, 2.5])),
    "holds numbers already",
)
column(
    "number-range", "a number out of its range", DataError, numbers("5", "500", between=(0, 100)), "row 3", "500"
)
column(
    "date-31", "31 April", DataError, lambda: parse_dates(pd.Series(["31 April 2020"])), "row 2", "31 April 2020"
)
column("date-us", "month first", DataError, lambda: parse_dates(pd.Series(["04/27/2020"])), "row 2", "04/27/2020")
column(
    "date-two-digits",
    "a year of two digits",
    DataError,
    lambda: parse_dates(pd.Series(["27-04-20"])),
    "row 2",
    "27-04-20",
)
column(
    "date-long",
    "a date of a million characters",
    DataError,
    lambda: parse_dates(pd.Series(["1 " * 500_000])),
    "row 2",
    "characters)",
    seconds=20,
)
column(
    "date-serial",
    "the number that a spreadsheet keeps for a day",
    DataError,
    lambda: parse_dates(pd.Series(["43948"])),
    "row 2",
    "43948",
)
column(
    "quarter-five",
    "a fifth quarter",
    DataError,
    lambda: parse_quarters(pd.Series(["Triwulan V 2020"])),
    "row 2",
    "Triwulan V 2020",
)
column(
    "quarter-semester",
    "a semester",
    DataError,
    lambda: parse_quarters(pd.Series(["Semester I 2020"])),
    "row 2",
    "Semester I 2020",
)
column("name-other-city", "a kecamatan of another place", None, names("Mijen", "Ungaran"), "unknown: ['Ungaran']")
column(
    "name-cyrillic",
    "a Cyrillic letter in a name: the log says that it was not exact",
    None,
    names("\u0422ugu"),
    "nearest",
)
column(
    "name-long", "a name of a million letters", None, names("x" * 1_000_000), "(1000000 characters)", seconds=20
)
column("name-html", "HTML for a name", None, names("<b>Mijen</b>"), "<b>Mijen</b>")
column(
    "name-numbers",
    "codes in the place of names",
    ParameterError,
    lambda: resolve_names(pd.Series([3374010, 3374020]), DISTRICTS),
    "holds numbers, not names",
)
column(
    "alias-other",
    "an alias that names an official name as another district",
    DataError,
    lambda: resolve_names(
        pd.Series(["Mijen"]), DISTRICTS, pd.DataFrame({"alias": ["Tugu"], "code_bps": ["3374010"]})
    ),
    "Tugu",
)
column(
    "alias-nowhere",
    "an alias of a district that is not there",
    DataError,
    lambda: resolve_names(
        pd.Series(["Mijen"]), DISTRICTS, pd.DataFrame({"alias": ["Genuk"], "code_bps": ["3374999"]})
    ),
    "3374999",
)
column(
    "code-numbers",
    "codes that were read as numbers",
    ParameterError,
    lambda: bps_from_kemendagri(pd.Series([33.74, 33.75]), DISTRICTS),
    "text",
)
column(
    "code-unknown",
    "a code of another city",
    DataError,
    lambda: bps_from_kemendagri(pd.Series(["33.22.01"]), DISTRICTS),
    "33.22.01",
)
column(
    "code-swapped",
    "codes in the other order than the names",
    None,
    lambda: check_codes(
        pd.DataFrame({"kode": ["33.74.01", "33.74.14"], "kec": ["Mijen", "Semarang Tengah"]}),
        DISTRICTS,
        "kode",
        "kec",
    ).to_csv(index=False),
    "33.74.14",
    "Semarang Tengah",
    "Mijen",
)
column(
    "labels-swapped",
    "the columns of men and women exchanged",
    None,
    lambda: find_label_swap(pd.Series([7, 8], name="a"), pd.Series([9, 9], name="b"), {"a": 18, "b": 15}),
    "swapped",
)


def published(
    key: str,
    breaks: str,
    data: bytes | str,
    show: Callable[[Any], object],
    *words: str,
    error: type[OgpAnalysisError] | None = None,
    **bounds: Any,
) -> None:
    """A table that an office published; what is odd in it is shown."""

    @attack(key, PUBLISHED, breaks, error, *words, **bounds)
    def build(yard: Yard) -> Call:
        path = yard.write("table.csv", data)
        return lambda: show(read_published(path))


def unread(key: str, breaks: str, data: bytes | str, *words: str) -> None:
    """One that cannot be read."""
    published(key, breaks, data, str, *words, error=DataError)


TABLE = "Kecamatan;2019;2020\nMijen;76.037;80.906\nTugu;32.041;32.822\nJumlah;108.078;113.728\nSumber: BPS\n"


published(
    "published-total",
    "a printed total that is not the sum",
    TABLE.replace("113.728", "999.999"),
    lambda t: check_totals(t, decimal=",").to_csv(index=False),
    "999999",
)
published(
    "published-total-row",
    "a total within the rows: set apart, not counted",
    TABLE,
    lambda t: t.totals.to_csv(),
    "Jumlah",
    "108.078",
)
published(
    "published-header-again",
    "a header printed again at a page break",
    TABLE.replace("Tugu", "Kecamatan;2019;2020\nTugu"),
    lambda t: f"{t.repeated_headers} header taken out, {len(t.data)} rows left",
    "1 header taken out, 2 rows left",
)
published(
    "published-merged",
    "a merged header of two rows",
    TABLE.replace("Kecamatan;2019;2020", "Kecamatan;Penduduk;\nSubdistrict;2019;2020"),
    lambda t: list(t.data.columns),
    "Kecamatan / Subdistrict",
    "Penduduk / 2020",
)
published(
    "published-split-name",
    "a row of the wrong length",
    TABLE.replace("Tugu;", "Tu;gu;"),
    lambda t: t.suspects.to_csv(index=False),
    "more than the 3 cells",
)
published(
    "published-damaged",
    "characters read in a wrong encoding",
    TABLE.replace("Tugu", "TuguÂ"),
    lambda t: t.suspects.to_csv(index=False),
    "damaged",
)
unread(
    "published-open-quote",
    "a quotation mark that is never closed",
    TABLE.replace("Tugu", '"Tugu'),
    "quotation marks",
)
unread("published-one-column", "a text without columns", "only words\nand more words\n", "cells parted by")
unread(
    "published-utf-16-cut",
    "UTF-16 with half a character at its end",
    TABLE.encode("utf-16") + b"x",
    "table.csv",
    "text in",
)
unread("published-empty", "a file of no bytes", b"", "table.csv")
unread("published-nul", "NUL bytes", TABLE.replace("Tugu", "Tu\0gu"), "text in")
published(
    "published-columns",
    "5,000 columns",
    ";".join(f"c{n}" for n in range(5_000)) + "\n" + ";".join(["1"] * 5_000) + "\n",
    lambda t: f"{len(t.data.columns)} columns, {len(t.data)} row",
    "5000 columns",
    seconds=25,
)
unread(
    "published-cell-10-mb",
    "a cell of 10 MB",
    TABLE.replace("Tugu", "x" * 10_000_000),
    "table.csv, row 3",
    "131,072",
)

ITEM = {"subject": "value", "key": "jumlah_penduduk", "code_bps": "3374010", "value": 1.0}
MADE = {"version": "0.1.0", "method_version": "1", "tables": {}, "districts": [], "outline": {}}
WHOLE = {"form": 1, "case": "semarang", "quarter": "2023Q3", "made": MADE, "items": [ITEM]}


def standing(
    key: str, breaks: str, text: bytes | str, *words: str, error: type[OgpAnalysisError] = DataError, **bounds: Any
) -> None:
    @attack(key, STANDING, breaks, error, "standing.json", *words, **bounds)
    def build(yard: Yard) -> Call:
        path = yard.write("standing.json", text)
        return lambda: standing_of(path)


def item(**cells: Any) -> str:
    return json.dumps(WHOLE | {"items": [ITEM | cells]}, ensure_ascii=False)


standing("standing-cut", "a file cut off", json.dumps(WHOLE)[:60], "JSON in UTF-8")
standing("standing-latin", "bytes that are no UTF-8", b'{"form": "\xff"}', "JSON in UTF-8")
standing("standing-nan", "a value that is no number", json.dumps(WHOLE).replace("1.0}", "NaN}"), "JSON in UTF-8")
standing(
    "standing-1e999", "a number beyond every bound", json.dumps(WHOLE).replace("1.0}", "1e999}"), "JSON in UTF-8"
)
standing(
    "standing-digits",
    "a whole number of 5,000 digits",
    json.dumps(WHOLE).replace("1.0}", "9" * 5_000 + "}"),
    "JSON in UTF-8",
)
standing("standing-deep", "100,000 lists within one another", "[" * 100_000, "JSON in UTF-8")
standing("standing-list", "a list in the place of a standing", "[]", "an object with")
standing("standing-case", "a list for the case", json.dumps(WHOLE | {"case": ["semarang"]}), "case", "as text")
standing(
    "standing-quarter",
    "a quarter that does not exist",
    json.dumps(WHOLE | {"quarter": "2023Q9"}),
    "quarter",
    "2023Q9",
)
standing(
    "standing-form", "the form of a later version", json.dumps(WHOLE | {"form": 99}), "99", "with this version"
)
standing("standing-made", "tables as a list", json.dumps(WHOLE | {"made": MADE | {"tables": []}}), "made.tables")
standing("standing-text", "a text for a value", item(value="many"), "row 1", "value", "many")
standing("standing-object", "an object for a text", item(text={"a": 1}), "row 1", "text")
standing(
    "standing-twice",
    "an item that comes twice",
    json.dumps(WHOLE | {"items": [ITEM, ITEM]}),
    "row 2",
    "each item once",
)
standing("standing-unknown", "an entry that is not known", item(run="ls"), "row 1", "items")
standing("standing-rtl", "a name written backwards", item(name_en="\u202exedni"), "row 1", "name_en", "U+202E")
standing(
    "standing-no-key",
    "an item that names nothing",
    json.dumps(WHOLE | {"items": [{"value": 1.0}]}),
    "row 1",
    "key",
)


@attack("standing-device", STANDING, "a device that never ends", OgpAnalysisError, "/dev/zero", "device")
def _(yard: Yard) -> Call:
    return lambda: standing_of("/dev/zero")
