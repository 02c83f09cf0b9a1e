"""The drop-downs of the form: lists on a hidden sheet, named, and the cells that offer them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ogp_analysis.forms.choices import AllChoices
from ogp_analysis.forms.layout import EMPTY_ROWS, FIRST_ROW, LISTS, VALUES, Form, columns
from ogp_analysis.forms.words import TITLES
from ogp_analysis.locale import Language
from ogp_analysis.tables import table_specs

VARIABLES_LIST = "list_assessments_variable"


def add_drop_downs(book: Any, language: Language, choices: AllChoices, form: Form) -> None:
    """Put the lists on a hidden sheet and offer them in every column that has one.

    References to rows of the form itself (commitments, sources) offer what stands in that sheet, new rows
    included. The list of ratings follows what was rated, by the place of that word in its own list
    (``INDIRECT`` on the names ``label_1``, ``label_2``, ...), so that it works in any language.
    """
    sheet = book.create_sheet(LISTS)
    _named(book, sheet, "list_remove", ["x"])
    for (table, column), offered in choices.columns.items():
        _named(book, sheet, f"list_{table}_{column}", list(offered.shown.values()))
    for number, offered in enumerate(choices.ratings.values(), start=1):
        _named(book, sheet, f"label_{number}", list(offered.shown.values()))
    keys = {name: table_specs()[name].key[0] for name in form.tables}
    for name in [name for name in ("commitments", "plans", "sources") if name in form.tables]:
        _name(book, f"rows_{name}", _range(book, language, name, keys[name]))
    for table in form.tables:
        _offer(book, language, table, choices, form)


def add_bounds(book: Any, language: Language, low: list[float], high: list[float]) -> None:
    """Refuse, while it is typed in, a value outside the bounds of the item of its row.

    Parameters
    ----------
    book : openpyxl.Workbook
        With its lists.
    language : Language
    low, high : list of float
        For every item, in the order of its drop-down.
    """
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.datavalidation import DataValidation

    for name, numbers in (("list_low", low), ("list_high", high)):
        _named(book, book[LISTS], name, numbers)
    sheet = book[language.t(TITLES[VALUES])]
    names = [each.field.name for each in columns(VALUES, language)]
    letters = {name: get_column_letter(names.index(name) + 2) for name in ("code", "value")}
    cell, item = (f"${letters[name]}{FIRST_ROW}" for name in ("value", "code"))
    place = f"MATCH({item},list_{VALUES}_code,0)"
    formula = f"AND(ISNUMBER({cell}),{cell}>=INDEX(list_low,{place}),{cell}<=INDEX(list_high,{place}))"
    rule = DataValidation(type="custom", formula1=formula, allow_blank=True, showErrorMessage=True)
    rule.add(f"{letters['value']}{FIRST_ROW}:{letters['value']}{_last(sheet)}")
    sheet.add_data_validation(rule)


def _offer(book: Any, language: Language, table: str, choices: AllChoices, form: Form) -> None:
    from openpyxl.utils import get_column_letter

    sheet = book[language.t(TITLES[table])]
    places = {column.field.name: get_column_letter(at) for at, column in enumerate(columns(table, language), 2)}
    _validate(sheet, "A", "list_remove", strict=True)
    for name, letter in places.items():
        field = table_specs()[table].field(name)
        if (table, name) in choices.columns:
            _validate(sheet, letter, f"list_{table}_{name}", strict=True)
        elif (table, name) == ("assessments", "label"):
            cell = f"${places['variable']}{FIRST_ROW}"
            _validate(sheet, letter, f'INDIRECT("label_"&MATCH({cell},{VARIABLES_LIST},0))', strict=True)
        elif (table, name) == ("progress", "milestone_no"):
            _validate(sheet, letter, _milestones(book, language, places["commitment_key"]), strict=False)
        elif field.refers and field.refers[0] in form.tables:
            _validate(sheet, letter, f"rows_{field.refers[0]}", strict=False)


def _milestones(book: Any, language: Language, letter: str) -> str:
    """The milestones of the commitment of a row, as long as those of one commitment stand together."""
    keys = _range(book, language, "milestones", "commitment_key")
    numbers = _range(book, language, "milestones", "milestone_no")
    first = numbers.split(":")[0]
    cell = f"${letter}{FIRST_ROW}"
    return f"OFFSET({first},MATCH({cell},{keys},0)-1,0,COUNTIF({keys},{cell}),1)"


def _validate(sheet: Any, letter: str, formula: str, *, strict: bool) -> None:
    from openpyxl.worksheet.datavalidation import DataValidation

    # a reference is checked at the import: the row that it names may be typed in after it
    rule = DataValidation(type="list", formula1=formula, allow_blank=True, showErrorMessage=strict)
    rule.add(f"{letter}{FIRST_ROW}:{letter}{_last(sheet)}")
    sheet.add_data_validation(rule)


def _last(sheet: Any) -> int:
    return int(sheet.max_row) + EMPTY_ROWS


def _range(book: Any, language: Language, table: str, column: str) -> str:
    from openpyxl.utils import get_column_letter, quote_sheetname

    sheet = book[language.t(TITLES[table])]
    names = [each.field.name for each in columns(table, language)]
    letter = get_column_letter(names.index(column) + 2)
    return f"{quote_sheetname(sheet.title)}!${letter}${FIRST_ROW}:${letter}${_last(sheet)}"


def _named(book: Any, sheet: Any, name: str, texts: Sequence[str | float]) -> None:
    from openpyxl.utils import get_column_letter

    at = sheet.max_column + (1 if sheet.cell(1, 1).value else 0)
    for row, text in enumerate([name, *texts], start=1):
        cell = sheet.cell(row, at, text)
        if isinstance(text, str):
            cell.data_type, cell.number_format = "s", "@"
    letter = get_column_letter(at)
    _name(book, name, f"'{LISTS}'!${letter}$2:${letter}${len(texts) + 1}")


def _name(book: Any, name: str, place: str) -> None:
    from openpyxl.workbook.defined_name import DefinedName

    book.defined_names[name] = DefinedName(name, attr_text=place)
