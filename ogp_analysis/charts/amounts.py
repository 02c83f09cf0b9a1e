"""Charts of amounts and of gaps: bars from zero, and a matrix of what is known."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pandas as pd

from ogp_analysis.charts.common import FILL, LABEL, MARGIN, SMALL, WIDTH, caption_text, start
from ogp_analysis.errors import ParameterError
from ogp_analysis.locale import Language
from ogp_analysis.maps.figure import MapFigure
from ogp_analysis.maps.palettes import BORDER, CATEGORIES, INK, NO_DATA
from ogp_analysis.maps.sheet import block_size, settings, text_width, wrap


def bars(
    table: pd.DataFrame,
    *,
    title: str,
    language: Language,
    source: str,
    notes: Sequence[str] = (),
    number: str = "number",
    alt: str = "",
) -> MapFigure:
    """Horizontal bars from zero, longest label never cut, each with its number.

    Parameters
    ----------
    table : DataFrame
        ``label`` (text, in the reader's language), ``value`` (float, not negative) and optionally ``group``;
        drawn in the order of the rows. A missing value has no bar and says so.
    title, source : str
        In the reader's language.
    language : Language
    notes : sequence of str
        Further lines of the caption.
    number : {"number", "rupiah", "percent"}
        How values are written.
    alt : str
        Description; the rows themselves without it.
    """
    if table.empty or (table["value"] < 0).any():
        raise ParameterError("Bars need at least one row and no negative value.", hint="Leave such rows out.")
    writers: dict[str, Callable[[float], str]] = {
        "number": language.number,
        "rupiah": language.rupiah,
        "percent": language.percent,
    }
    write = writers[number]
    shown = [language.t("no data") if pd.isna(v) else write(v) for v in table["value"]]
    room = max(text_width(text, LABEL) for text in shown) + 8
    column = min(max(text_width(text, LABEL) for text in table["label"]) + 6, 210)
    blocks = [wrap(text, column, LABEL) for text in table["label"]]
    heights = [max(block_size(block, LABEL)[1] + 6, 16) for block in blocks]
    with settings():
        sheet, y = start(title, sum(heights))
        left, right = MARGIN + column + 6, WIDTH - MARGIN - room
        top_value = table["value"].max() or 1.0
        for block, height, value, text in zip(blocks, heights, table["value"], shown, strict=True):
            middle = y - height / 2
            size = block_size(block, LABEL)[1]
            sheet.lines(MARGIN, middle + size / 2, block, LABEL)
            end = left
            if pd.notna(value):
                end = left + (right - left) * value / top_value
                sheet.rectangle(
                    (left, middle - 5, max(end, left + 0.5), middle + 5), FILL, edge="none", edge_width=0
                )
            sheet.text(end + 4, middle - 3, text, LABEL)
            y -= height
        sheet.line([(left, y), (left, y + sum(heights))], colour=BORDER)
    words = alt or "; ".join(f"{label}: {text}" for label, text in zip(table["label"], shown, strict=True))
    caption = caption_text(language, source, notes)
    return MapFigure(sheet.figure, words, table.reset_index(drop=True), title, caption, language.code)


def known_matrix(
    known: pd.DataFrame,
    *,
    rows: Sequence[str],
    columns: Sequence[str],
    title: str,
    language: Language,
    source: str,
    notes: Sequence[str] = (),
) -> MapFigure:
    """Which of several things are known for which district: dark with a dot where known, hatched where not.

    Parameters
    ----------
    known : DataFrame of bool
        A row a district, a column a thing.
    rows : sequence of str
        Names of the things, in the reader's language, in the order of the columns of ``known``.
    columns : sequence of str
        Short names of the districts, in the order of the rows of ``known``.
    title, language, source, notes
        As for :func:`bars`.
    """
    count = len(columns)
    column = min(max(text_width(text, LABEL) for text in rows) + 6, 190)
    left = MARGIN + column + 6
    tally = text_width(f"{count}/{count}", LABEL) + 6
    cell = (WIDTH - MARGIN - tally - left) / count
    blocks = [wrap(text, column, LABEL) for text in rows]
    heights = [max(block_size(block, LABEL)[1] + 4, 15.0) for block in blocks]
    names = max(text_width(text, SMALL) for text in columns) + 6
    with settings():
        sheet, y = start(title, sum(heights) + names + 22)
        y -= names
        for at, text in enumerate(columns):
            sheet.axes.text(
                left + (at + 0.65) * cell, y + 3, text, size=SMALL, rotation=90, color=INK, ha="center"
            )
        for at, (block, height) in enumerate(zip(blocks, heights, strict=True)):
            middle = y - height / 2
            sheet.lines(MARGIN, middle + block_size(block, LABEL)[1] / 2, block, LABEL)
            flags = known.iloc[:, at].tolist()
            for place, flag in enumerate(flags):
                box = (left + place * cell + 1, y - height + 1, left + (place + 1) * cell - 1, y - 1)
                sheet.rectangle(box, CATEGORIES[0] if flag else NO_DATA, edge="#ffffff", edge_width=0.4)
            sheet.text(WIDTH - MARGIN, middle - 3, f"{sum(flags)}/{count}", LABEL, align="right")
            y -= height
        y -= 14
        sheet.rectangle((left, y - 2, left + 12, y + 8), CATEGORIES[0], edge="none", edge_width=0)
        sheet.text(left + 16, y, language.t("known"), LABEL)
        second = left + 34 + text_width(language.t("known"), LABEL)
        sheet.rectangle((second, y - 2, second + 12, y + 8), NO_DATA, edge="none", edge_width=0)
        sheet.text(second + 16, y, language.t("no data"), LABEL)
    sums = known.sum().tolist()
    words = "; ".join(
        language.t("{item}: known for {n} of {all} kecamatan", item=item, n=n, all=count)
        for item, n in zip(rows, sums, strict=True)
    )
    table = pd.DataFrame({"label": list(rows), "districts": sums})
    return MapFigure(sheet.figure, words, table, title, caption_text(language, source, notes), language.code)
