"""A land-tax roll that has been opened: its kind, its columns, whether it is illustrative; no row read yet."""

from __future__ import annotations

import codecs
import csv
import gzip
import re
import zlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

import pandas as pd
import pyarrow as pa

from ogp_analysis.errors import DataError, ParameterError, Problem
from ogp_analysis.sources.tax_roll.columns import DATES, ILLUSTRATIVE, NOP, NOP_PARTS, resolve_columns

DELIMITERS = ",;\t|"
LONGEST_HEADER = 1_000_000


@dataclass(frozen=True)
class TaxRoll:
    """A roll to be read, see :func:`open_roll`.

    Attributes
    ----------
    name : str
        For messages.
    city : str
        Four digits, province and city.
    kind : str
        ``csv``, ``parquet``, ``fixed`` or ``frame``.
    columns : dict
        Name in SISMIOP to name in the file.
    header : tuple of str
        All names in the file, for ``csv``.
    illustrative : bool
        Whether the roll is made up; whatever is computed from it must say so.
    """

    name: str
    city: str
    kind: str
    columns: dict[str, str]
    path: Path | None = None
    header: tuple[str, ...] = ()
    delimiter: str = ","
    table: Any = field(default=None, repr=False)  # a roll that is printed must not show its rows
    slots: Mapping[str, tuple[int, int]] | None = None
    kecamatan: frozenset[int] | None = None
    illustrative: bool = False


def opened(path: Path) -> IO[bytes]:
    """A file's bytes; unpacked if its first two bytes are those of gzip, whatever its name."""
    with path.open("rb") as file:
        packed = file.read(2) == b"\x1f\x8b"
    return gzip.open(path, "rb") if packed else path.open("rb")  # type: ignore[return-value]


def open_roll(
    source: Path | str | pd.DataFrame,
    city: str,
    *,
    kecamatan: Collection[str] | None = None,
    slots: Mapping[str, tuple[int, int]] | None = None,
) -> TaxRoll:
    """Open a land-tax roll in SISMIOP layout and check its header.

    Parameters
    ----------
    source : path or DataFrame
        ``.parquet``; ``.csv``, ``.txt``, ``.gz`` with a header and ``,``, ``;``, ``|`` or tab between cells; or,
        with ``slots``, text of fixed width.
    city : str
        Province and city as in the NOP, four digits: ``3374``.
    kecamatan : collection of str, optional
        The three-digit codes that exist; a row with another one is excluded. Compare them with the city's own
        list first: they are those of the tax office, not of the Ministry of Home Affairs.
    slots : dict of (int, int), optional
        For text of fixed width: first and last-but-one character of each column, counted from 0.

    Raises
    ------
    DataError
        If the file is empty, damaged, of an unknown kind, or lacks a column.
    ParameterError
        If the city is not four digits.

    Examples
    --------
    >>> from ogp_analysis.recovery.example_roll import make_example_roll
    >>> roll = open_roll(make_example_roll(10, seed=1), "3374")
    >>> roll.kind, roll.illustrative
    ('frame', True)
    """
    if not re.fullmatch(r"[0-9]{4}", city):
        raise ParameterError(f"{city!r} is no city of a NOP.", hint="Give province and city, for example 3374.")
    codes = None if kecamatan is None else frozenset(_kecamatan(code) for code in kecamatan)
    if isinstance(source, pd.DataFrame):
        table = _table(source)
        return _columnar(table.schema, "roll", city, codes, kind="frame", table=table)
    path = Path(source)
    if not path.is_file():
        raise DataError([Problem(path.name, None, None, None, "a file that exists")], hint="Check the path.")
    _refuse_archive(path)
    if path.suffix.lower() in (".parquet", ".pq"):
        return _columnar(_parquet_schema(path), path.name, city, codes, kind="parquet", path=path)
    if path.suffix.lower() not in (".csv", ".txt", ".tsv", ".gz", ".dat"):
        raise DataError(
            [Problem(path.name, None, None, None, "a roll as .csv, .txt, .gz or .parquet")],
            hint="Export the roll as CSV or Parquet.",
        )
    if slots is not None:
        columns = resolve_columns(list(slots), path.name)
        wanted = {name: slots[own] for name, own in columns.items() if name != ILLUSTRATIVE}
        return TaxRoll(
            path.name,
            city,
            "fixed",
            columns,
            path,
            slots=wanted,
            kecamatan=codes,
            illustrative=ILLUSTRATIVE in columns,
        )
    return _delimited(path, city, codes)


def _refuse_archive(path: Path) -> None:
    # also a workbook is a ZIP archive, whatever its name
    with path.open("rb") as file:
        if file.read(4) == b"PK\x03\x04":
            raise DataError(
                [Problem(path.name, None, None, None, "a plain or gzip file; this one is a ZIP archive")],
                hint="Unpack it, or export the roll as CSV or Parquet.",
            )


def _kecamatan(code: str) -> int:
    if not re.fullmatch(r"[0-9]{3}", str(code)):
        raise ParameterError(
            f"{code!r} is no kecamatan code of a NOP.", hint="Give three digits, for example 010, as text."
        )
    return int(code)


def _table(frame: pd.DataFrame) -> Any:
    wanted = resolve_columns([str(name) for name in frame.columns], "roll")
    try:
        return pa.Table.from_pandas(frame[list(wanted.values())], preserve_index=False)
    except pa.ArrowException:
        # the text of the conversion is not passed on: it may quote cells
        raise DataError(
            [Problem("roll", None, None, None, "columns that each hold one kind of value")],
            hint="Read the file with dtype=str.",
        ) from None


def _parquet_schema(path: Path) -> Any:
    import pyarrow.parquet as pq

    try:
        return pq.read_schema(path)
    except (pa.ArrowInvalid, OSError):
        # the text of the parser is not passed on: it may quote the file
        raise DataError(
            [Problem(path.name, None, None, None, "a whole Parquet file; this one cannot be opened")],
            hint="Copy the file again, or export it anew.",
        ) from None


def _columnar(schema: Any, name: str, city: str, codes: frozenset[int] | None, **rest: Any) -> TaxRoll:
    columns = resolve_columns(schema.names, name)
    problems = []
    for key in (NOP, *NOP_PARTS):
        kind = schema.field(columns[key]).type if key in columns else pa.string()
        if pa.types.is_floating(kind) or pa.types.is_decimal(kind):
            expected = "text; as decimal numbers 18 digits have lost their last ones"
            problems.append(Problem(name, 1, columns[key], str(kind), expected))
        elif not (_is_text(kind) or pa.types.is_integer(kind) or pa.types.is_null(kind)):
            problems.append(Problem(name, 1, columns[key], str(kind), "text"))
    for key in DATES:
        kind = schema.field(columns[key]).type
        if pa.types.is_timestamp(kind) and kind.tz is not None:
            # midnight in Indonesia is the day before in UTC
            problems.append(Problem(name, 1, columns[key], str(kind), "days without a time zone"))
    if problems:
        raise DataError(problems, hint="Export object numbers (NOP) as text and days as dates.")
    return TaxRoll(name, city, columns=columns, kecamatan=codes, illustrative=ILLUSTRATIVE in columns, **rest)


def _is_text(kind: Any) -> bool:
    if pa.types.is_dictionary(kind):
        kind = kind.value_type
    tests = (pa.types.is_string, pa.types.is_large_string, pa.types.is_string_view)
    bytes_tests = (pa.types.is_binary, pa.types.is_large_binary, pa.types.is_binary_view)
    return any(test(kind) for test in tests + bytes_tests)


def _delimited(path: Path, city: str, codes: frozenset[int] | None) -> TaxRoll:
    line = first_line(path)
    if line.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        raise DataError(
            [Problem(path.name, 1, None, None, "text in UTF-8 or an 8-bit encoding, not UTF-16")],
            hint="Save the file as UTF-8.",
        )
    text = line.removeprefix(codecs.BOM_UTF8).decode("latin-1").strip("\r\n")
    if not text.strip():
        raise DataError([Problem(path.name, 1, None, None, "a header; the file is empty")], hint="Export it anew.")
    delimiter = max(DELIMITERS, key=text.count)
    try:
        header = tuple(next(csv.reader([text], delimiter=delimiter)))
    except csv.Error:
        raise DataError(
            [Problem(path.name, 1, None, None, "a header of column names")], hint="Export the roll as CSV anew."
        ) from None
    columns = resolve_columns(header, path.name)
    return TaxRoll(
        path.name,
        city,
        "csv",
        columns,
        path,
        header=header,
        delimiter=delimiter,
        kecamatan=codes,
        illustrative=ILLUSTRATIVE in columns,
    )


def first_line(path: Path) -> bytes:
    """The first line of a text file."""
    try:
        with opened(path) as file:
            return file.readline(LONGEST_HEADER)
    except (EOFError, OSError, zlib.error):  # gzip's own error is an OSError
        raise damaged(path.name, 1) from None


def damaged(name: str, line: int) -> DataError:
    """The error of a packed file that ends too early."""
    return DataError(
        [Problem(name, line, None, None, "more of the file; it is cut off or damaged after this row")],
        hint="Copy or export the file again; nothing was computed from the part that can be read.",
    )


def kecamatan_codes(districts: pd.DataFrame) -> list[str]:
    """The kecamatan codes of a NOP where they are the last three digits of BPS's.

    Whether they are must be checked for each city: the tax office numbers kecamatan itself.

    Examples
    --------
    >>> kecamatan_codes(pd.DataFrame({"code_bps": ["3374010", "3374160"]}))
    ['010', '160']
    """
    stand_in = [code for code in districts["code_bps"] if not code.isdecimal()]
    if stand_in:
        raise ParameterError(
            f"Kecamatan without a BPS code: {', '.join(stand_in[:5])}. A roll names its kecamatan by it.",
            hint="Put the 7 digits of BPS into the column code_bps of districts.csv.",
        )
    return [code[4:] for code in districts["code_bps"]]


def city_code(jurisdiction: Mapping[str, object]) -> str:
    """The four digits that object numbers of a place begin with, from the ``jurisdiction`` of its case.

    Raises
    ------
    ParameterError
        If the case does not say its BPS code.

    Examples
    --------
    >>> city_code({"code_bps": "3374"})
    '3374'
    """
    if "code_bps" not in jurisdiction:
        raise ParameterError(
            f"The case does not say the BPS code of {jurisdiction['name']}, by which a roll is read.",
            hint="Write jurisdiction.code_bps into datapackage.yaml: four digits, in quotation marks.",
        )
    return str(jurisdiction["code_bps"])
