"""Shares with their intervals: a point and a line on a scale from 0 to 100 percent."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from ogp_analysis.charts.common import BREAK, FILL, GRID, LABEL, MARGIN, SMALL, WIDTH, caption_text, start
from ogp_analysis.errors import ParameterError
from ogp_analysis.locale import Language
from ogp_analysis.maps.figure import MapFigure
from ogp_analysis.maps.palettes import MUTED
from ogp_analysis.maps.sheet import block_size, settings, text_width, wrap

STEPS = (0, 25, 50, 75, 100)


def intervals(
    table: pd.DataFrame,
    *,
    title: str,
    language: Language,
    source: str,
    notes: Sequence[str] = (),
    reference: float | None = None,
) -> MapFigure:
    """Shares as points with their intervals as lines, each with its count; few cases show as long lines.

    Parameters
    ----------
    table : DataFrame
        ``label`` (text, in the reader's language), ``share``, ``low``, ``high`` (0 to 1; missing ones are written
        as no data), ``count``, ``total``; drawn in the order of the rows.
    title, language, source, notes
        As for :func:`~ogp_analysis.charts.bars`.
    reference : float, optional
        A share drawn as an upright line through all rows, such as that of all members.

    Returns
    -------
    MapFigure

    Raises
    ------
    ParameterError
        If there is no row, or a share lies outside 0 to 1.
    """
    known = table[["share", "low", "high"]].to_numpy(dtype=float)
    if table.empty or (known < 0).any() or (known > 1).any():
        raise ParameterError("Shares need at least one row, and lie between 0 and 1.", hint="Check the table.")
    shown = [_written(row, language) for _, row in table.iterrows()]
    room = max(text_width(text, LABEL) for text in shown) + 8
    column = min(max(text_width(text, LABEL) for text in table["label"]) + 6, 190)
    blocks = [wrap(text, column, LABEL) for text in table["label"]]
    heights = [max(block_size(block, LABEL)[1] + 6, 16) for block in blocks]
    with settings():
        sheet, y = start(title, sum(heights) + 16)
        left, right = MARGIN + column + 10, WIDTH - MARGIN - room

        def x(share: float) -> float:
            return left + (right - left) * share

        bottom = y - sum(heights) - 2
        for step in STEPS:
            sheet.line([(x(step / 100), bottom), (x(step / 100), y)], colour=GRID, width=0.5)
            text = language.percent(step, 0)
            sheet.text(x(step / 100) - text_width(text, SMALL) / 2, bottom - 9, text, SMALL, colour=MUTED)
        if reference is not None:
            sheet.line([(x(reference), bottom), (x(reference), y)], colour=BREAK, width=1.0)
        for block, height, text, (_, row) in zip(blocks, heights, shown, table.iterrows(), strict=True):
            middle = y - height / 2
            sheet.lines(MARGIN, middle + block_size(block, LABEL)[1] / 2, block, LABEL)
            if pd.notna(row["low"]) and pd.notna(row["high"]):
                sheet.line([(x(row["low"]), middle), (x(row["high"]), middle)], colour=FILL.fill, width=1.6)
            if pd.notna(row["share"]):
                sheet.circle(x(row["share"]), middle, 3.2, fill=FILL.fill, edge=FILL.fill)
            sheet.text(right + 8, middle - 3, text, LABEL)
            y -= height
    words = "; ".join(f"{label}: {text}" for label, text in zip(table["label"], shown, strict=True))
    said = [language.t("Point: share; line: range that chance leaves open (95%)."), *notes]
    caption = caption_text(language, source, said)
    columns = ["label", "count", "total", "share", "low", "high"]
    return MapFigure(sheet.figure, words, table[columns].reset_index(drop=True), title, caption, language.code)


def _written(row: pd.Series, language: Language) -> str:
    if pd.isna(row["share"]):
        return language.t("no data")
    part = language.t(
        "{count} of {total}", count=language.number(row["count"], 0), total=language.number(row["total"], 0)
    )
    return f"{language.percent(100 * row['share'], 0)} ({part})"
