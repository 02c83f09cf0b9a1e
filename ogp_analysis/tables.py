"""Table schemas: what a case's tables look like, and readers that say exactly what is wrong.

The columns are defined once, in ``tables.yaml``; the Frictionless Table Schema of a case, the checks
and the data dictionary all come from there.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from pathlib import Path
from typing import Any

import pandas as pd
import yaml

from ogp_analysis.errors import DataError, OgpAnalysisError, ParameterError, Problem, file_row, nearest
from ogp_analysis.intake import csv_records, read_whole
from ogp_analysis.quarter import FIRST_YEAR, LAST_YEAR, Span
from ogp_analysis.signs import posing, sign_problem, suspect

LIST_MARK = ";"
#: Columns whose cells are compared with others; what stands in the rest is read by people.
COMPARED = re.compile(r"name|alias|code|_key$|(?<!commitment)_id$|^indicator$|^period$")
#: The largest table of the built-in case has 0.3 MB.
LARGEST = 100 * 2**20
#: Of many cells with the same defect the first ones are told what is nearest; comparing takes its time.
MOST_COMPARED = 200
BOOLEANS = {"true": True, "false": False}
WHOLE = re.compile(r"-?[0-9]{1,18}")
NUMBER = re.compile(r"-?[0-9]{1,18}(\.[0-9]+)?")
PARTIAL = r"[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?(/[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?)?"


@dataclass(frozen=True)
class Field:
    """One column of a table."""

    name: str
    about: str
    type: str = "string"  # string, integer, number, boolean, date, partial
    required: bool = False
    unique: bool = False
    pattern: str | None = None
    enum: tuple[str, ...] | None = None
    minimum: float | None = None
    maximum: float | None = None
    refers: tuple[str, str] | None = None
    list: bool = False
    pair_of: str | None = None


@dataclass(frozen=True)
class TableSpec:
    """The definition of a table: what a row is, its key, its columns."""

    name: str
    row: str
    key: tuple[str, ...]
    fields: tuple[Field, ...]
    optional: bool = False

    def field(self, name: str) -> Field:
        """The column with a name."""
        return next(field for field in self.fields if field.name == name)

    def table_schema(self) -> dict[str, Any]:
        """The table as a Frictionless Table Schema (https://specs.frictionlessdata.io/table-schema/).

        Lists of sources and partial dates have no type there; they are strings with a pattern.
        """
        keys = []
        for f in self.fields:
            if f.refers and not f.list:
                table = "" if f.refers[0] == self.name else f.refers[0]  # "" is the standard's "this table"
                keys.append({"fields": [f.name], "reference": {"resource": table, "fields": [f.refers[1]]}})
        schema: dict[str, Any] = {"fields": [_descriptor(field) for field in self.fields]}
        # a key with empty cells is a key to us (an undated piece of evidence), not to the standard
        if all(self.field(column).required for column in self.key):
            schema["primaryKey"] = list(self.key)
        if keys:
            schema["foreignKeys"] = keys
        schema["missingValues"] = [""]
        return schema


def _descriptor(field: Field) -> dict[str, Any]:
    constraints: dict[str, Any] = {}
    if field.required:
        constraints["required"] = True
    if field.unique:
        constraints["unique"] = True
    if field.type == "partial":
        constraints["pattern"] = PARTIAL
    elif field.pattern:
        constraints["pattern"] = field.pattern
    if field.enum and not field.list:  # Table Schema knows no list of allowed values
        constraints["enum"] = list(field.enum)
    if field.minimum is not None:
        constraints["minimum"] = field.minimum
    if field.maximum is not None:
        constraints["maximum"] = field.maximum
    kind = "string" if field.type == "partial" else field.type
    descriptor: dict[str, Any] = {"name": field.name, "type": kind, "description": field.about}
    if constraints:
        descriptor["constraints"] = constraints
    return descriptor


@lru_cache
def table_specs() -> Mapping[str, TableSpec]:
    """Every table that a case may have, by name.

    Examples
    --------
    >>> table_specs()["districts"].key
    ('code_bps',)
    """
    text = (Path(__file__).parent / "tables.yaml").read_text(encoding="utf-8")
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    raw = yaml.load(text, Loader=loader)
    return {name: _spec(name, entry) for name, entry in raw.items()}


def _spec(name: str, entry: dict[str, Any]) -> TableSpec:
    fields: list[Field] = []
    for column, given in entry["fields"].items():
        options = dict(given)
        pair = options.pop("pair", False)
        if "refers" in options:
            table, _, key = options["refers"].partition(".")
            options["refers"] = (table, key)
        if "enum" in options:
            options["enum"] = tuple(options["enum"])
        if pair:
            about = options.pop("about")
            fields += [
                Field(f"{column}_en", f"{about} (English)", pair_of=f"{column}_id", **options),
                Field(f"{column}_id", f"{about} (Indonesian)", pair_of=f"{column}_en", **options),
            ]
        else:
            fields.append(Field(column, **options))
    return TableSpec(name, entry["row"], tuple(entry["key"]), tuple(fields), entry.get("optional", False))


def list_in(cell: str) -> list[str]:
    """The single values of a cell that holds a list."""
    return [part.strip() for part in cell.split(LIST_MARK)]


def empty_table(spec: TableSpec) -> pd.DataFrame:
    """A table without rows, with the columns and types that :func:`read_table` would give."""
    return pd.DataFrame({field.name: _converted([], field) for field in spec.fields})


def read_table(path: Path, spec: TableSpec) -> pd.DataFrame:
    """Read one CSV table of a case, checked cell by cell against its schema.

    Strings stay text (codes keep their zeros and dots), integers become ``Int64``, numbers ``float64``,
    yes/no ``boolean``; an empty cell is missing. Partial dates stay text.

    Parameters
    ----------
    path : Path
        UTF-8 file with a header row.
    spec : TableSpec
        What it must look like.

    Returns
    -------
    DataFrame
        Columns in the order of the schema, rows in the order of the file.

    Raises
    ------
    DataError
        With every defect found: file, row, column, value and what was expected.
    """
    header, rows, doubtful = _records(path)
    problems = _header_problems(path.name, header, spec)
    if problems:
        raise DataError(problems, hint=_header_hint(path, header))
    # in plain Python: tables are many and small, and each step of pandas costs more than a whole column of them
    columns = {name: [row[at] for row in rows] for at, name in enumerate(header)}
    problems = [p for field in spec.fields for p in _column_problems(path.name, columns, field)]
    problems += _key_problems(path.name, columns, spec)
    problems += _sign_problems(path.name, columns) if doubtful else []
    if problems:
        problems = _empty_rows_once(path.name, rows, problems)
        problems.sort(key=lambda p: (p.row or 0, p.column or ""))
        raise DataError(problems, hint=f"Mend these cells of {path} and run the check again.")
    return pd.DataFrame({field.name: _converted(columns[field.name], field) for field in spec.fields})


def _records(path: Path) -> tuple[list[str], list[list[str]], bool]:
    """Header, rows, and whether a character in them needs a closer look."""
    try:
        data = read_whole(path, largest=LARGEST, within=path.parent)
        text = data.decode("utf-8-sig")
    except FileNotFoundError:
        raise OgpAnalysisError(
            f"{path} does not exist.", hint="Restore the file, or leave the table out of datapackage.yaml."
        ) from None
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        problem = Problem(path.name, line, None, None, "UTF-8 text; this line holds other bytes")
        raise DataError([problem], hint=f"Save {path} as 'CSV UTF-8'.") from error
    if "\0" in text:
        line = text[: text.index("\0")].count("\n") + 1
        problem = Problem(path.name, line, None, None, "text; this line holds a NUL byte")
        raise DataError([problem], hint=f"Save {path} as 'CSV UTF-8'.")
    header, rows = csv_records(path, text)
    return header, rows, suspect(text)


def _other_mark(header: list[str]) -> str | None:
    """What stands between the columns in the place of commas."""
    marks = {";": "semicolons", "\t": "tabs"}
    return next((word for mark, word in marks.items() if len(header) == 1 and mark in header[0]), None)


def _header_hint(path: Path, header: list[str]) -> str:
    if _other_mark(header) is None:
        return f"Mend the header of {path}."
    return (
        f"Save {path} with commas between the columns. Excel takes the mark from the region settings of the "
        "computer; LibreOffice asks for it if 'Edit filter settings' is ticked."
    )


def _empty_rows_once(file: str, rows: list[list[str]], problems: list[Problem]) -> list[Problem]:
    """Of a row without any value one defect is told, not one for each column."""
    empty = [file_row(at) for at, row in enumerate(rows) if not any(row)]
    told = [Problem(file, row, None, None, "values; this row is empty and must go") for row in empty]
    return [*told, *(each for each in problems if each.row not in set(empty))]


def _header_problems(file: str, header: list[str], spec: TableSpec) -> list[Problem]:
    known = [field.name for field in spec.fields]
    if word := _other_mark(header):
        return [Problem(file, 1, None, header[0], f"commas between the columns; this file has {word}")]
    counts = Counter(header)
    missing = [name for name in known if name not in counts]
    problems = [Problem(file, 1, name, None, "this column, which is missing") for name in missing]
    hints = _nearest((name for name in counts if name not in known), missing or known)
    for name, count in counts.items():
        if name not in known:
            problems.append(Problem(file, 1, name, name, f"a known column. {hints.get(name, '')}".rstrip()))
        if count > 1:
            problems.append(Problem(file, 1, name, name, "each column once"))
    return problems


def _column_problems(file: str, columns: Mapping[str, list[str]], field: Field) -> list[Problem]:
    column = columns[field.name]
    filled = [(at, text) for at, text in enumerate(column) if text]
    found: list[Problem] = []

    def report(bad: Iterable[tuple[int, str]], expected: str) -> None:
        found.extend(Problem(file, file_row(at), field.name, text, expected) for at, text in bad)

    def unless(holds: Callable[[str], object], expected: str) -> None:
        report(((at, text) for at, text in filled if not holds(text)), expected)

    if field.required:
        report(((at, text) for at, text in enumerate(column) if not text), "a value; it may not be empty")
    unless(_is_trimmed, "no blanks before or after the text")
    filled = [(at, text) for at, text in filled if _is_trimmed(text)]
    if field.type == "integer":
        unless(WHOLE.fullmatch, "a whole number without dots or commas")
    elif field.type == "number":
        unless(NUMBER.fullmatch, "a number such as 1234.5, '.' as decimal mark")
    elif field.type == "boolean":
        unless(BOOLEANS.__contains__, "true or false, in lower case")
    elif field.type in ("date", "partial"):
        unless(lambda text: _is_date(text, field.type), _DATE_WORDS[field.type])
    if field.pattern:
        unless(re.compile(field.pattern).fullmatch, f"{field.about} (text of the form {field.pattern})")
    if field.enum:
        known = frozenset(field.enum)
        unless(lambda text: known.issuperset(_values(text, field)), _enum_words(field))
    if field.minimum is not None or field.maximum is not None:
        low = -float("inf") if field.minimum is None else field.minimum
        high = float("inf") if field.maximum is None else field.maximum
        # what is no number was told of above
        unless(
            lambda text: not NUMBER.fullmatch(text) or low <= float(text) <= high,
            f"a number from {low:g} to {high:g}",
        )
    if field.unique:
        first: dict[str, int] = {}
        again = [(at, text) for at, text in filled if first.setdefault(text, at) != at]
        report(again, "a value that no other row has")
    if field.pair_of and field.name.endswith("_id"):
        lone = [(at, text) for at, text in enumerate(column) if bool(text) != bool(columns[field.pair_of][at])]
        report(lone, f"text in both languages, as in '{field.pair_of}'")
    return found


def _is_trimmed(text: str) -> bool:
    return text == text.strip()


def _values(cell: str, field: Field) -> list[str]:
    return list_in(cell) if field.list else [cell]


def _enum_words(field: Field) -> str:
    words = ", ".join(field.enum or ())
    return f"one or more of {words}, joined by '{LIST_MARK}'" if field.list else f"one of {words}"


_DATE_WORDS = {
    "date": "a day such as 2020-10-19",
    "partial": "2020, 2020-04, 2020-04-27, or two of these joined by '/'",
}


def _is_date(text: str, kind: str) -> bool:
    if kind == "date" and not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
        return False
    try:
        span = Span.parse(text)
    except ParameterError:
        return False
    return span.first.year >= FIRST_YEAR and span.last.year <= LAST_YEAR


def _nearest(values: Iterable[str], allowed: Iterable[str]) -> dict[str, str]:
    """What is nearest to each of the first values."""
    options = sorted(allowed)
    return {value: nearest(value, options) for value in islice(dict.fromkeys(values), MOST_COMPARED)}


def _key_problems(file: str, columns: Mapping[str, list[str]], spec: TableSpec) -> list[Problem]:
    first: dict[tuple[str, ...], int] = {}
    keys = enumerate(zip(*(columns[name] for name in spec.key), strict=True))
    return [
        Problem(file, file_row(at), ", ".join(spec.key), " | ".join(key), "a key that no earlier row has")
        for at, key in keys
        if first.setdefault(key, at) != at
    ]


def _sign_problems(file: str, columns: Mapping[str, list[str]]) -> list[Problem]:
    problems = []
    for name, column in columns.items():
        texts = [(at, text) for at, text in enumerate(column) if suspect(text)]
        if not texts:
            continue
        prose = not COMPARED.search(name) or f"{name[:-3]}_en" in columns
        posed = {} if prose else posing(set(filter(None, column)))
        found = ((at, text, sign_problem(text, prose=prose) or posed.get(text)) for at, text in texts)
        problems += [Problem(file, file_row(at), name, text, words) for at, text, words in found if words]
    return problems


def _converted(texts: list[str], field: Field) -> pd.Series[Any]:
    column = pd.Series([text or None for text in texts], dtype="string")
    if field.type == "integer":
        return pd.to_numeric(column).astype("Int64")
    if field.type == "number":
        return pd.to_numeric(column, errors="raise").astype("Float64").astype("float64")
    if field.type == "boolean":
        return column.map(BOOLEANS).astype("boolean")
    return column


def reference_problems(tables: Mapping[str, pd.DataFrame]) -> list[Problem]:
    """Cells that point to a row of another table which is not there.

    Parameters
    ----------
    tables : mapping of name to DataFrame
        Read by :func:`read_table`.

    Returns
    -------
    list of Problem
        Empty when every reference holds.
    """
    problems: list[Problem] = []
    for name, frame in tables.items():
        for field in table_specs()[name].fields:
            if field.refers is None:
                continue
            table, column = field.refers
            there = set(tables[table][column].dropna()) if table in tables else set()
            cells = frame[field.name].dropna().items()
            values = ((at, value) for at, text in cells for value in _values(text, field))
            astray = [(at, value) for at, value in values if value not in there]
            hints = _nearest((value for _, value in astray), there)
            for at, value in astray:
                expected = f"a value of column '{column}' in {table}.csv. {hints.get(value, '')}".rstrip()
                problems.append(Problem(f"{name}.csv", file_row(at), field.name, value, expected))
    return problems
