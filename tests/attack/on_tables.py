"""Attacks on the CSV tables of a case."""

from __future__ import annotations

import os
from collections.abc import Callable

from ogp_analysis.case import load_case
from ogp_analysis.errors import DataError, OgpAnalysisError

from .corpus import CASE, Call, attack
from .yard import Yard

Rows = list[dict[str, str]]


def raw(
    key: str,
    breaks: str,
    table: str,
    change: Callable[[bytes], bytes],
    *words: str,
    **bounds: object,
) -> None:
    """The bytes of a table changed."""

    @attack(key, CASE, breaks, DataError, f"{table}.csv", *words, **bounds)
    def build(yard: Yard) -> Call:
        folder = yard.changed(table, change)
        return lambda: load_case(folder)


def cell(key: str, breaks: str, table: str, row: int, column: str, value: str, *words: str) -> None:
    """One cell changed; the message must name file, row, column."""

    @attack(key, CASE, breaks, DataError, f"{table}.csv, row {row}", column, *words)
    def build(yard: Yard) -> Call:
        folder = yard.edited(table, lambda rows: rows[row - 2].update({column: value}))
        return lambda: load_case(folder)


def rows(key: str, breaks: str, table: str, change: Callable[[Rows], object], *words: str) -> None:
    """Rows changed."""

    @attack(key, CASE, breaks, DataError, f"{table}.csv", *words)
    def build(yard: Yard) -> Call:
        folder = yard.edited(table, change)
        return lambda: load_case(folder)


# encodings and bytes
raw("utf-16", "the table saved as UTF-16", "districts", lambda b: b.decode().encode("utf-16"), "row 1", "UTF-8")
raw(
    "latin-1",
    "a name in Latin-1",
    "districts",
    lambda b: b.replace(b"Tugu", "Tug\xfa".encode("latin-1"), 1),
    "UTF-8",
)
raw(
    "latin-1-late",
    "a byte of Windows in the last row",
    "sources",
    lambda b: b + b"x-1,\x93a\x94,p,press,,,,,,\n",
    "UTF-8",
    "row",
)
raw("nul", "a NUL byte in a cell", "districts", lambda b: b.replace(b"Mijen", b"Mi\0jen", 1), "row 2", "NUL")
raw(
    "surrogate",
    "half a surrogate pair, in bytes",
    "districts",
    lambda b: b.replace(b"Mijen", b"Mi\xed\xa0\x80n", 1),
    "row 2",
    "UTF-8",
)
raw(
    "overlong",
    "an overlong encoding of a slash",
    "districts",
    lambda b: b.replace(b"Mijen", b"Mi\xc0\xafn", 1),
    "row 2",
    "UTF-8",
)
raw(
    "two-marks",
    "two byte-order marks",
    "districts",
    lambda b: b"\xef\xbb\xbf\xef\xbb\xbf" + b,
    "row 1",
    "code_bps",
)
raw(
    "random-bytes",
    "bytes of a picture in the place of the table",
    "districts",
    lambda _: b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 40,
    "UTF-8",
)
raw(
    "zip-as-csv",
    "a workbook renamed to .csv",
    "districts",
    lambda _: b"PK\x03\x04\x14\x00" + bytes(100),
    "districts.csv",
)
raw("empty", "a file of no bytes", "districts", lambda _: b"", "row 1", "empty")
raw("blank-lines", "a file of blank lines", "districts", lambda _: b"\n\n\n", "districts.csv")
# delimiters, quotation marks, headers
raw(
    "semicolons",
    "semicolons between the columns",
    "districts",
    lambda b: b.replace(b",", b";"),
    "row 1",
    "semicolons",
)
raw("tabs", "tabs between the columns", "districts", lambda b: b.replace(b",", b"\t"), "row 1", "tabs")
raw(
    "open-quote",
    "a quotation mark that is never closed",
    "districts",
    lambda b: b.replace(b"Mijen", b'"Mijen', 1),
    "row 2",
)
raw(
    "stray-quote",
    "text behind a closing quotation mark",
    "districts",
    lambda b: b.replace(b"Mijen", b'"Mi"jen', 1),
    "row 2",
)
raw("no-header", "the header taken off", "districts", lambda b: b.split(b"\n", 1)[1], "row 1", "missing")
raw(
    "header-twice",
    "the header once more in the data",
    "districts",
    lambda b: b + b.split(b"\n")[0] + b"\n",
    "row 18",
    "code_bps",
)
raw(
    "two-line-header",
    "a merged header of two lines",
    "districts",
    lambda b: b"Kode,,Nama,,,,,,\n" + b,
    "row 1",
    "Kode",
)
raw(
    "column-missing",
    "a column cut off",
    "districts",
    lambda b: b.replace(b"code_bps,", b"", 1),
    "row 2",
    "9 cells",
    "8 cells",
)
raw(
    "column-misspelt",
    "a column with a letter too many",
    "districts",
    lambda b: b.replace(b"code_bps", b"code_bpss", 1),
    "Did you mean 'code_bps'",
)
raw(
    "column-twice",
    "a column that comes twice",
    "districts",
    lambda b: b.replace(b"name_bps", b"name", 1),
    "each column once",
)
raw(
    "header-escape",
    "a header that clears the terminal",
    "districts",
    lambda b: b.replace(b"code_bps", b"\x1b[2J", 1),
    r"\x1b[2J",
)
raw(
    "header-rtl",
    "a header that turns the direction of the line",
    "districts",
    lambda b: b.replace(b"code_bps", "\u202espb_edoc".encode(), 1),
    r"\u202e",
)
raw(
    "ragged",
    "a row with a cell too many",
    "districts",
    lambda b: b.replace(b"Mijen", b"Mi,jen", 1),
    "row 2",
    "10 cells",
    "9 cells",
)
# size
raw(
    "cell-10-mb",
    "a cell of 10 MB",
    "districts",
    lambda b: b.replace(b"Mijen", b"x" * 10_000_000, 1),
    "row 2",
    foreign=True,
)
raw(
    "columns-50000",
    "50,000 unknown columns",
    "districts",
    lambda _: ",".join(f"c{n}" for n in range(50_000)).encode() + b"\n",
    "row 1",
    "missing",
    "more",
)
raw(
    "columns-50000-same",
    "one column 50,000 times",
    "districts",
    lambda _: b"name," * 50_000 + b"code_bps\n",
    "each column once",
)
raw(
    "rows-20000",
    "20,000 rows that name no source",
    "district_values",
    lambda b: (
        b.split(b"\n")[0]
        + b"\n"
        + b"".join(
            b"jumlah_penduduk,3374010,%d,1,measured,rival,ok,,nosource-%d,,,\n" % (1901 + n % 200, n)
            for n in range(20_000)
        )
    ),
    "source_id",
    "more",
    seconds=10,
)
raw(
    "header-long",
    "a column with a name of 100,000 characters",
    "districts",
    lambda b: b.replace(b"gadm_gid3", b"x" * 100_000, 1),
    "(100000 characters)",
)
# keys, references, numbers, dates
rows("key-twice", "a row that comes twice", "districts", lambda r: r.append(dict(r[0])), "row 18", "3374010")
rows(
    "alias-twice",
    "a spelling that means two kecamatan",
    "district_aliases",
    lambda r: r.append(r[0] | {"code_bps": "3374020"}),
    "a key that no earlier row has",
)
cell(
    "no-source",
    "a figure from a source that is not listed",
    "district_values",
    2,
    "source_id",
    "gosip-01",
    "gosip-01",
    "sources.csv",
)
cell(
    "no-indicator",
    "a figure of an unknown indicator",
    "district_values",
    2,
    "indicator",
    "jumlah_pendudukk",
    "Did you mean 'jumlah_penduduk'",
)
cell("infinite", "an infinite figure", "district_values", 2, "value", "inf", "inf", "a number such as")
cell("not-a-number", "the text NaN as a figure", "district_values", 2, "value", "NaN", "NaN")
cell("huge", "a figure beyond every count", "district_values", 2, "value", "1e400", "1e400")
cell("forty-digits", "a figure of 40 digits", "district_values", 2, "value", "9" * 40, "a number such as")
cell(
    "negative-count",
    "a negative number of people",
    "district_values",
    2,
    "value",
    "-56570",
    "-56570",
    "zero or more",
)
cell(
    "thousands",
    "points between the thousands",
    "district_values",
    2,
    "value",
    "1.653.524",
    "1.653.524",
    "decimal mark",
)
cell("comma", "a decimal comma", "district_values", 2, "value", "12,5", "12,5", "decimal mark")
cell("hex", "a hexadecimal number", "district_values", 2, "value", "0x1F", "0x1F")
cell("arabic-digits", "digits of another script", "district_values", 2, "value", "١٢٣", "a number such as")
cell("blank-before", "a blank before a code", "district_values", 2, "code_bps", " 3374010", "no blanks")
cell(
    "no-break-blank",
    "a no-break space behind a code",
    "district_values",
    2,
    "code_bps",
    "3374010\u00a0",
    "no blanks",
)
cell("letter-o", "the letter O in a code", "districts", 2, "code_bps", "3374O10", "3374O10")
cell(
    "code-as-number",
    "a code that a spreadsheet made a number of",
    "districts",
    2,
    "code_bps",
    "3374010.0",
    "3374010.0",
)
cell("code-exponent", "a code in scientific notation", "districts", 2, "code_bps", "3.37E+06", "3.37E+06")
cell("other-city-bps", "a kecamatan of another city", "districts", 2, "code_bps", "3322010", "3322010", "3374")
cell(
    "other-city-ministry",
    "the ministry's code of another regency",
    "districts",
    2,
    "code_kemendagri",
    "33.22.14",
    "33.22.14",
    "33.74",
)
rows(
    "codes-swapped",
    "the codes of two kecamatan exchanged",
    "districts",
    lambda r: (r[0].update(code_kemendagri="33.74.12"), r[1].update(code_kemendagri="33.74.14")),
    "row 2",
    "row 3",
    "villages.csv",
)
rows(
    "codes-columns",
    "the two columns of codes exchanged",
    "districts",
    lambda r: [each.update(code_bps=each["code_kemendagri"], code_kemendagri=each["code_bps"]) for each in r],
    "row 2",
    "3374010",
)
rows(
    "total-row",
    "a row of totals among the kecamatan",
    "districts",
    lambda r: r.append(
        r[0] | {"code_bps": "3374999", "code_kemendagri": "33.74.99", "name": "Jumlah", "short_name": "Jumlah"}
    ),
    "row 18",
    "Jumlah",
    "total",
)
cell("total-value", "a total among the figures", "district_values", 2, "code_bps", "3374", "3374", "districts.csv")
cell("year-0", "the year 0", "district_values", 2, "period", "0000", "0000")
cell("year-9999", "the year 9999", "district_values", 2, "period", "9999", "9999", "2020-04")
cell("year-20233", "a year of five digits", "district_values", 2, "period", "20233", "20233")
cell(
    "year-wrong",
    "figures of a year of which the series says nothing",
    "district_values",
    2,
    "period",
    "2199",
    "jumlah_penduduk in 2199",
)
cell("day-31-april", "31 April", "sources", 3, "date", "2021-04-31", "2021-04-31")
cell("day-us", "month first", "sources", 3, "date", "09/30/2021", "09/30/2021")
cell(
    "range-backwards",
    "a range that ends before it starts",
    "sources",
    3,
    "date",
    "2021-05/2021-03",
    "2021-05/2021-03",
)
cell("enum", "a kind of source that does not exist", "sources", 3, "kind", "rumour", "rumour", "one of")
cell(
    "url-script",
    "an address that runs a script",
    "sources",
    3,
    "url",
    "javascript:alert(1)",
    "javascript:alert(1)",
)
cell(
    "url-file",
    "an address of a file on the machine",
    "sources",
    3,
    "url",
    "file:///etc/passwd",
    "file:///etc/passwd",
)
cell("source-id-path", "a path for a source's name", "sources", 3, "source_id", "../../etc", "../../etc")
cell("one-language", "a title in one language only", "plans", 2, "title_id", "", "both languages")
cell(
    "value-without-state",
    "no data with a value",
    "district_values",
    2,
    "state",
    "no_data",
    "no value with this state",
)
# characters
cell(
    "rtl-override",
    "a name written backwards by a control character",
    "commitments",
    2,
    "title_en",
    "Budget \u202egnp.exe",
    "U+202E",
    "RIGHT-TO-LEFT OVERRIDE",
)
cell("isolate", "an isolate that is never closed", "commitments", 2, "title_en", "Budget \u2067x", "U+2067")
cell("zero-width", "a zero-width space within a name", "districts", 2, "name", "Mi\u200bjen", "U+200B")
cell("soft-hyphen", "a soft hyphen within a name", "districts", 2, "name", "Mi\u00adjen", "U+00AD")
cell("word-joiner", "a mark of the byte order within a name", "districts", 2, "name", "Mi\ufeffjen", "U+FEFF")
cell(
    "tag-letters",
    "invisible letters of Unicode's tags",
    "commitments",
    2,
    "title_en",
    "Budget\U000e0041",
    "U+E0041",
)
cell(
    "private-use",
    "a character that means nothing in particular",
    "commitments",
    2,
    "title_en",
    "Budget\ue000",
    "U+E000",
)
cell("cyrillic", "a Cyrillic letter in a Latin name", "districts", 16, "name", "\u0422ugu", "U+0422", "CYRILLIC")
cell(
    "cyrillic-whole",
    "a name among Latin ones with Cyrillic letters alone, which look Latin",
    "districts",
    16,
    "name",
    "\u0420\u0430\u0441\u043e",
    "U+0420",
    "only looks like one",
)
cell("greek", "a Greek letter in a Latin name", "districts", 2, "name", "Mij\u03b5n", "U+03B5", "GREEK")
cell("fullwidth", "full-width letters beside others", "districts", 2, "name", "\uff2dijen", "U+FF2D")
cell(
    "bold-letters", "mathematical letters beside others", "districts", 2, "name", "\U0001d40cijen", "MATHEMATICAL"
)
cell("bell", "a bell in a title", "commitments", 2, "title_en", "Budget\x07", "U+0007")
cell("terminal", "a code that colours the terminal", "commitments", 2, "title_en", "\x1b[31mBudget", "U+001B")
cell(
    "backspace",
    "backspaces that hide what was written",
    "commitments",
    2,
    "title_en",
    "Not started\x08\x08",
    "U+0008",
)
cell("line-separator", "a line separator of Unicode", "districts", 2, "name", "a\u2028b", "U+2028")
cell("c1-control", "a control character of the second set", "districts", 2, "name", "a\u0085b", "U+0085")


# files and folders
def on_disk(
    key: str, breaks: str, error: type[OgpAnalysisError], place: Callable[[Yard], object], *words: str
) -> None:
    @attack(key, CASE, breaks, error, *words)
    def build(yard: Yard) -> Call:
        folder = yard.case()
        (folder / "districts.csv").unlink()
        place(yard)
        return lambda: load_case(folder)


DISTRICTS = "cases/semarang/districts.csv"
on_disk(
    "missing-file",
    "a table that is listed and not there",
    OgpAnalysisError,
    lambda y: None,
    "districts.csv",
    "does not exist",
)
on_disk(
    "folder-as-file",
    "a folder of the table's name",
    OgpAnalysisError,
    lambda y: (y.folder / DISTRICTS).mkdir(),
    "districts.csv",
    "a folder",
)
on_disk(
    "pipe",
    "a pipe that never ends",
    OgpAnalysisError,
    lambda y: os.mkfifo(y.folder / DISTRICTS),
    "districts.csv",
    "a pipe",
)
on_disk(
    "link-passwd",
    "a link to the machine's list of users",
    DataError,
    lambda y: (y.folder / DISTRICTS).symlink_to("/etc/passwd"),
    "districts.csv",
    "link to /etc/passwd",
)
on_disk(
    "link-device",
    "a link to a device that never ends",
    OgpAnalysisError,
    lambda y: (y.folder / DISTRICTS).symlink_to("/dev/zero"),
    "districts.csv",
    "device",
)
on_disk(
    "link-loop",
    "a link to itself",
    OgpAnalysisError,
    lambda y: (y.folder / DISTRICTS).symlink_to("districts.csv"),
    "districts.csv",
    "cannot be read",
)
on_disk(
    "link-nowhere",
    "a link that leads nowhere",
    OgpAnalysisError,
    lambda y: (y.folder / DISTRICTS).symlink_to("gone.csv"),
    "districts.csv",
    "does not exist",
)


def sparse(yard: Yard) -> None:
    with (yard.folder / DISTRICTS).open("wb") as file:
        file.truncate(8 * 2**30)


on_disk(
    "sparse-8-gb", "a file of 8 GB that takes no room on the disk", DataError, sparse, "districts.csv", "8,192 MB"
)


@attack("unreadable", CASE, "a table that may not be read", OgpAnalysisError, "districts.csv", "Permission denied")
def _(yard: Yard) -> Call:
    from unittest import mock

    folder, real = yard.case(), type(yard.folder).read_bytes

    def refusing(path: object) -> bytes:
        if str(path).endswith("districts.csv"):
            raise PermissionError(13, "Permission denied")
        return real(path)  # type: ignore[arg-type]

    # the superuser may read everything, so the refusal is played
    yard.patches.append(mock.patch("pathlib.Path.read_bytes", refusing))
    return lambda: load_case(folder)


@attack("cr-only", CASE, "the line ends of an old Macintosh: read as line ends", None, "16 kecamatan")
def _(yard: Yard) -> Call:
    folder = yard.changed("districts", lambda data: data.replace(b"\n", b"\r"))
    return lambda: load_case(folder)


@attack("byte-order-mark", CASE, "a byte-order mark before the header: left out", None, "16 kecamatan")
def _(yard: Yard) -> Call:
    folder = yard.changed("districts", lambda data: b"\xef\xbb\xbf" + data)
    return lambda: load_case(folder)
