"""How the sheets of the form look: widths, wrapped text, frozen headings, text format everywhere."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ogp_analysis.forms.layout import (
    FIRST_ROW,
    HEADING_ROW,
    SMALL_PRINT_ROW,
    TECHNICAL_ROW,
    Column,
)

INK, PALE, HEAD, KEY = "FF1F2933", "FF52606D", "FFDCE6F0", "FFFBE8C8"
FACE = "Calibri"
#: Height of a line of text, and the most lines that a row shows at first, in points.
LINE, MOST_LINES = 15, 8


def style_guide(sheet: Any, styles: Sequence[str]) -> None:
    """Set the guide: one wide column of text, a second one for what a label means."""
    from openpyxl.styles import Alignment, Font

    fonts = {
        "title": Font(name=FACE, size=16, bold=True, color=INK),
        "heading": Font(name=FACE, size=13, bold=True, color=INK),
        "subheading": Font(name=FACE, bold=True, color=INK),
    }
    sheet.column_dimensions["A"].width = 46
    sheet.column_dimensions["B"].width = 74
    sheet.sheet_view.showGridLines = False
    for number, style in enumerate(styles, start=1):
        if style not in ("label", "subheading"):
            sheet.merge_cells(start_row=number, start_column=1, end_row=number, end_column=2)
        for at in (1, 2):
            cell = sheet.cell(number, at)
            cell.alignment = Alignment(wrap_text=True, vertical="top")
            if style in fonts:
                cell.font = fonts[style]
        left, right = (str(sheet.cell(number, at).value or "") for at in (1, 2))
        # neither merged cells nor rows that another program wrote grow on their own
        if style == "text":
            lines = 1 + len(left) // 125
        else:
            room = (38, 60) if style == "subheading" else (44, 72)  # bold letters are wider
            lines = max(1 + len(left) // room[0], 1 + len(right) // room[1])
        if lines > 1 and style not in ("title", "heading"):
            sheet.row_dimensions[number].height = LINE * lines
    sheet.row_dimensions[1].height = 26
    _fit_width(sheet)


def style_items(sheet: Any) -> None:
    """Set the sheet of items: wide enough to be read, headings that stay."""
    from openpyxl.styles import Alignment, Font, PatternFill
    from openpyxl.utils import get_column_letter

    widths = (24, 42, 12, 14, 10, 10, 70)
    for row in sheet.iter_rows():
        lines = 1
        for cell, width in zip(row, widths, strict=True):
            cell.alignment = Alignment(wrap_text=True, vertical="top")
            lines = max(lines, 1 + len(str(cell.value or "")) // width)
            if cell.row == HEADING_ROW:
                cell.font = Font(name=FACE, bold=True, color=INK)
                cell.fill = PatternFill("solid", fgColor=HEAD)
        sheet.row_dimensions[row[0].row].height = LINE * (lines + 1)
    for at, width in enumerate(widths, start=1):
        sheet.column_dimensions[get_column_letter(at)].width = width
    sheet.freeze_panes = sheet.cell(HEADING_ROW + 1, 3)
    sheet.page_setup.orientation = "landscape"
    _fit_width(sheet)


def style_sheet(sheet: Any, fields: Sequence[Column]) -> None:
    """Set a sheet of rows: headings that stay, a hidden technical row, whole columns formatted as text."""
    from openpyxl.styles import Alignment, Font, PatternFill
    from openpyxl.utils import get_column_letter

    last = len(fields) + 2
    widths = [9, *(_width(column) for column in fields), 6]
    wrapped = Alignment(wrap_text=True, vertical="top")
    formats: list[str] = []
    for at, width in enumerate(widths, start=1):
        whole = sheet.column_dimensions[get_column_letter(at)]
        # only a number may be weighed against the bounds of its item while it is typed in
        numeric = 1 < at < last and fields[at - 2].field.type == "number"
        formats.append("General" if numeric else "@")
        whole.width, whole.number_format, whole.alignment = width, formats[-1], wrapped
        required = 1 < at < last and fields[at - 2].field.required
        for row, font in (
            (HEADING_ROW, Font(name=FACE, bold=True, color=INK)),
            (TECHNICAL_ROW, Font(name=FACE, color=PALE, size=8)),
            (SMALL_PRINT_ROW, Font(name=FACE, color=PALE, size=9, italic=True)),
        ):
            cell = sheet.cell(row, at)
            cell.font, cell.alignment = font, wrapped
            cell.fill = PatternFill("solid", fgColor=KEY if required and row == HEADING_ROW else HEAD)
    for row in sheet.iter_rows(min_row=FIRST_ROW, max_col=last):
        lines = 1
        for cell, width, form in zip(row, widths, formats, strict=True):
            cell.alignment, cell.number_format = wrapped, form
            lines = max(lines, *(1 + len(line) // width for line in str(cell.value or "").split("\n")))
        # no program fits the height of rows that another one wrote
        sheet.row_dimensions[row[0].row].height = LINE * min(lines, MOST_LINES)
    sheet.column_dimensions[get_column_letter(last)].hidden = True
    sheet.row_dimensions[TECHNICAL_ROW].hidden = True
    sheet.row_dimensions[HEADING_ROW].height = 32
    sheet.row_dimensions[SMALL_PRINT_ROW].height = 64
    sheet.freeze_panes = sheet.cell(FIRST_ROW, 3)
    sheet.page_setup.orientation = "landscape"
    sheet.print_title_rows = f"{HEADING_ROW}:{SMALL_PRINT_ROW}"


def _fit_width(sheet: Any) -> None:
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True


def _width(column: Column) -> int:
    field = column.field
    if field.type in ("date", "partial", "integer", "number"):
        return 14
    if field.pair_of or field.name in (
        "title",
        "finding",
        "label",
        "url",
        "review",
        "instrument",
        "code",
        "evidence",
    ):
        return 42
    return 20
