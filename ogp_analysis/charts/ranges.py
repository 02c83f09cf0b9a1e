"""Ranks with their ranges: one row a place, a bar over the ranks it took, a dot at its own."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd

from ogp_analysis.charts.common import FILL, GRID, LABEL, MARGIN, SMALL, SOFT, WIDTH, caption_text, start
from ogp_analysis.errors import ParameterError
from ogp_analysis.locale import Language
from ogp_analysis.maps.figure import MapFigure
from ogp_analysis.maps.palettes import INK
from ogp_analysis.maps.sheet import settings, text_width

ROW = 15.0


def rank_ranges(
    table: pd.DataFrame,
    *,
    title: str,
    language: Language,
    source: str,
    notes: Sequence[str] = (),
) -> MapFigure:
    """Ranks from 1 at the left, each with the range that it took when choices were varied.

    Parameters
    ----------
    table : DataFrame
        ``label`` (text, in the reader's language), ``rank``, ``low`` and ``high`` (ranks from 1; a row without a
        rank says so), drawn in the order of the rows.
    title, language, source, notes
        As for :func:`bars`.

    Returns
    -------
    MapFigure

    Raises
    ------
    ParameterError
        If no row has a rank, or one has a rank without a range from 1 up with ``low`` not above ``high``.
    """
    known = table.dropna(subset=["rank"])
    if known.empty or not ((known["low"] >= 1) & (known["low"] <= known["high"])).all():
        raise ParameterError(
            "Ranges of ranks need at least one row with 1 <= low <= high.",
            hint="Use the table of scorecard() or monte_carlo().",
        )
    most = int(max(known["high"].max(), known["rank"].max(), len(table)))
    column = max(text_width(str(text), LABEL) for text in table["label"]) + 10
    left, right = MARGIN + column, WIDTH - MARGIN - 46
    step = (right - left) / max(most - 1, 1)
    with settings():
        sheet, y = start(title, ROW * len(table) + 20)
        y -= 14
        bottom = y - ROW * len(table)
        every = 1 if most <= 20 else 5 if most <= 100 else 50
        for rank in [1, *range(every, most + 1, every)][1 if every == 1 else 0 :]:
            x = left + (rank - 1) * step
            sheet.line([(x, bottom), (x, y)], colour=GRID, width=0.6)
            sheet.text(x, y + 3, language.number(rank, 0), SMALL, align="center")
        for _, row in table.iterrows():
            middle = y - ROW / 2
            sheet.text(MARGIN, middle - 3, str(row["label"]), LABEL)
            if pd.isna(row["rank"]):
                sheet.text(left, middle - 3, language.t("no rank"), LABEL)
            else:
                a, b = (left + (float(row[end]) - 1) * step for end in ("low", "high"))
                sheet.rectangle((a - 3, middle - 3.5, b + 3, middle + 3.5), SOFT, edge="none", edge_width=0)
                x = left + (float(row["rank"]) - 1) * step
                sheet.rectangle((x - 3, middle - 3.5, x + 3, middle + 3.5), FILL, edge=INK, edge_width=0.5)
                sheet.text(right + 10, middle - 3, range_text(row["low"], row["high"], language), LABEL)
            y -= ROW
    shown = [
        language.t("no rank") if pd.isna(row["rank"]) else range_text(row["low"], row["high"], language)
        for _, row in table.iterrows()
    ]
    words = "; ".join(_words(row, text, language) for (_, row), text in zip(table.iterrows(), shown, strict=True))
    key = language.t("Dark: the rank itself. Pale: the range of ranks.")
    data = table[["label", "rank"]].assign(rank_range=shown).reset_index(drop=True)
    return MapFigure(
        sheet.figure, words, data, title, caption_text(language, source, [key, *notes]), language.code
    )


def _words(row: pd.Series[Any], text: str, language: Language) -> str:
    if pd.isna(row["rank"]):
        return f"{row['label']}: {text}"
    return language.t(
        "{place}: rank {rank}, range {range}", place=row["label"], rank=str(int(row["rank"])), range=text
    )


def range_text(low: float, high: float, language: Language) -> str:
    """A range of ranks as the reader writes it; one number where both ends are the same.

    Examples
    --------
    >>> from ogp_analysis import get_language
    >>> range_text(3, 7, get_language("en")), range_text(1, 1, get_language("en"))
    ('3–7', '1')
    """
    ends = list(dict.fromkeys(language.number(float(end)) for end in (low, high)))
    return "–".join(ends)
