"""How the form is laid out: its sheets and columns, the marks that the import goes by, and text in XLSX cells."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from ogp_analysis.forms.words import EXPLANATIONS, HEADERS, wording
from ogp_analysis.locale import Language
from ogp_analysis.tables import Field, table_specs

#: The tables that a monitoring body fills in, in the order of the sheets: on commitments, and on a scorecard.
TABLES = ("progress", "assessments", "commitments", "milestones", "plans", "sources")
VALUES = "scorecard_values"
SCORECARD_TABLES = (VALUES, "sources")
#: Columns without a place in the sheet: every row of one form has the same value.
SHARED = {VALUES: ("scorecard_id",)}
#: Columns that hold something before anybody fills a row in; a row with nothing else is no row.
PREPARED = {VALUES: ("code", "code_bps", "state")}
#: Raised when an older import could not read the form.
FORM_VERSION = "1"
STAMP, BASE, LISTS = "_stamp", "_base", "_lists"
#: Technical names of the two columns that no table has: the mark for removal, and the row of the case.
REMOVE, ROW = "_remove", "_row"
#: In the technical row, the first column also says which table the sheet is: ``_remove@progress``.
TABLE_MARK = re.compile(rf"{REMOVE}@([a-z_]+)")
#: In column ``_row``: this is the line of small print, not a row.
SMALL_PRINT = "#"
HEADING_ROW, TECHNICAL_ROW, SMALL_PRINT_ROW, FIRST_ROW = 1, 2, 3, 4
#: Rows below the filled ones that carry drop-downs.
EMPTY_ROWS = 400
#: The most characters that a cell of XLSX holds.
LONGEST = 32_767
# XML 1.0 has no place for these; a carriage return has one, but every reader turns it into a line feed
FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_LOOKS_ESCAPED = re.compile("_(?=x[0-9A-Fa-f]{4}_)")
_ESCAPE = re.compile("_x([0-9A-Fa-f]{4})_")


@dataclass(frozen=True)
class Form:
    """Which form a workbook is.

    Attributes
    ----------
    tables : tuple of str
        Of its sheets, in their order.
    scorecard : str
        The scorecard that it is about; empty for the form on commitments.

    Examples
    --------
    >>> form_of("openness").given("scorecard_values"), form_of().given("progress")
    ({'scorecard_id': 'openness'}, {})
    """

    tables: tuple[str, ...]
    scorecard: str = ""

    def given(self, table: str) -> dict[str, str]:
        """The columns of a table that every row of this form shares, with their values."""
        return dict.fromkeys(SHARED.get(table, ()), self.scorecard)

    def holds(self, table: str, cells: Mapping[str, str]) -> bool:
        """Whether a row of the case belongs into this form."""
        return all(cells[name] == value for name, value in self.given(table).items())


def form_of(scorecard: str = "") -> Form:
    """The form on a scorecard; without a name, the one on commitments."""
    return Form(SCORECARD_TABLES, scorecard) if scorecard else Form(TABLES)


def fields_of(table: str) -> tuple[Field, ...]:
    """The fields of a table that have a column in its sheet."""
    return tuple(field for field in table_specs()[table].fields if field.name not in SHARED.get(table, ()))


@dataclass(frozen=True)
class Column:
    """One column of a sheet: the field of the table, and what the reader sees above it."""

    field: Field
    heading: str
    explanation: str


def columns(table: str, language: Language) -> list[Column]:
    """The columns of a table's sheet, in the order of the table.

    Examples
    --------
    >>> from ogp_analysis.locale import get_language
    >>> [column.heading for column in columns("assessments", get_language("id"))][3:5]
    ['Yang dinilai *', 'Hasil penilaian *']
    """
    out = []
    for field in fields_of(table):
        name = field.name[:-3] if field.pair_of else field.name
        heading = language.t(wording(HEADERS, table, name))
        if field.pair_of:
            english = field.name.endswith("_en")
            heading = language.t("{column} (English)" if english else "{column} (Indonesian)", column=heading)
        if field.required:
            heading += " *"
        out.append(Column(field, heading, language.t(wording(EXPLANATIONS, table, name))))
    return out


def column_name(heading: str, name: str) -> str:
    """How a message names a column: as the sheet shows it, then as the table calls it.

    Examples
    --------
    >>> column_name("Tanggal *", "date")
    'Tanggal (date)'
    """
    shown = heading.removesuffix(" *")
    return f"{shown} ({name})" if shown else name


def escaped(text: str) -> str:
    r"""A text as XLSX stores it: carriage returns, and what looks like such an escape, in the form ``_x000D_``.

    Rule: ECMA-376 part 1, 22.4.2.4 (bstr), which spreadsheet programs apply to the texts of cells.

    Examples
    --------
    >>> escaped("a\r\nb _x0041_")
    'a_x000D_\nb _x005F_x0041_'
    """
    return _LOOKS_ESCAPED.sub("_x005F_", text).replace("\r", "_x000D_")


def unescaped(text: str) -> str:
    r"""The text that :func:`escaped` was given.

    Examples
    --------
    >>> unescaped(escaped("a\r\nb _x0041_")) == "a\r\nb _x0041_"
    True
    """
    return _ESCAPE.sub(lambda match: chr(int(match[1], 16)), text)
