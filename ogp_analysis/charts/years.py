"""A yearly series with breaks."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from ogp_analysis.charts.common import BREAK, FILL, GRID, MARGIN, SMALL, WIDTH, caption_text, start
from ogp_analysis.errors import ParameterError
from ogp_analysis.locale import Language
from ogp_analysis.maps.figure import MapFigure
from ogp_analysis.maps.palettes import MUTED
from ogp_analysis.maps.sheet import settings


def series(
    table: pd.DataFrame, *, title: str, language: Language, source: str, notes: Sequence[str] = ()
) -> MapFigure:
    """A yearly series that is not joined, and not compared, across a break.

    The axis runs from the first year that has a value to the last; a year between them without one is a gap.

    Parameters
    ----------
    table : DataFrame
        ``year`` (int), ``value`` (float, missing allowed), ``break_before`` (bool) and optionally ``label``
        (the base of the figure, in the reader's language), sorted by year.
    title, language, source, notes
        As for :func:`bars`.

    Raises
    ------
    ParameterError
        If no year has a value.
    """
    height, left, right = 170.0, MARGIN + 62, WIDTH - MARGIN - 14
    known = table.dropna(subset=["value"])
    if known.empty:
        raise ParameterError("The series has no value.", hint="Leave the chart out and say so.")
    # years before the first and after the last figure would stand empty on the axis
    table = table[table["year"].between(known["year"].min(), known["year"].max())]
    # a break counts where it parts figures, not before the first of them
    parting = table["break_before"] & (table["year"] > known["year"].min())
    breaks = int(parting.sum())
    ticks = _ticks(float(known["value"].max()))
    step = (right - left) / max(len(table) - 1, 1)

    with settings():
        sheet, top = start(title, height + 38)
        base = top - height - 8

        def level(value: float) -> float:
            return base + height * value / ticks[-1]

        for tick in ticks:
            sheet.line([(left - 4, level(tick)), (right, level(tick))], colour=GRID, width=0.5)
            sheet.text(left - 8, level(tick) - 2.5, language.number(tick), SMALL, colour=MUTED, align="right")
        before: tuple[float, float] | None = None
        for at, (year, value, parted) in enumerate(zip(table["year"], table["value"], parting, strict=True)):
            x = left + at * step
            sheet.text(x, base - 11, str(year), SMALL, colour=MUTED, align="center")
            if parted:
                middle = x - step / 2
                for part in range(int(height // 8)):
                    sheet.line([(middle, base + 8 * part), (middle, base + 8 * part + 4)], colour=BREAK, width=0.9)
                before = None
            if pd.isna(value):
                before = None
                continue
            here = (x, level(value))
            if before is not None:
                sheet.line([before, here], colour=FILL.fill, width=1.6)
            sheet.circle(*here, 3.0, fill=FILL.fill, edge="#ffffff")
            before = here
        if breaks:
            legend = language.t("Dashed line: break in the series; figures on both sides must not be compared.")
            sheet.text(MARGIN, base - 26, legend, SMALL, colour=BREAK)
    words = language.t(
        "{n} yearly figures from {first} to {last}; breaks: {breaks}.",
        n=language.number(len(known), 0),
        first=str(known["year"].min()),
        last=str(known["year"].max()),
        breaks=language.number(breaks, 0),
    )
    parts = [_part_words(part, language) for _, part in known.groupby(parting.cumsum())]
    columns = [name for name in ("year", "value", "label") if name in table]
    data = table[columns].rename(columns={"label": "base"}).reset_index(drop=True)
    caption = caption_text(language, source, notes)
    return MapFigure(sheet.figure, " ".join([words, *parts]), data, title, caption, language.code)


def _part_words(part: pd.DataFrame, language: Language) -> str:
    """Say how a part of a series without a break begins and ends, and on which base it stands."""
    years = "–".join(dict.fromkeys(str(year) for year in (part["year"].iloc[0], part["year"].iloc[-1])))
    base = language.list(list(dict.fromkeys(part["label"]))) if "label" in part else ""
    begins, ends = (language.number(part["value"].iloc[at]) for at in (0, -1))
    values = begins if len(part) == 1 else language.t("{first} at first, {last} at last", first=begins, last=ends)
    return f"{years}{f' ({base})' if base else ''}: {values}."


def _ticks(high: float) -> list[float]:
    """Round numbers from zero to one that is not below ``high``.

    Examples
    --------
    >>> _ticks(74810)
    [0.0, 20000.0, 40000.0, 60000.0, 80000.0]
    """
    from matplotlib.ticker import MaxNLocator

    return [
        float(tick) for tick in MaxNLocator(5, steps=[1, 2, 2.5, 5, 10]).tick_values(0, high or 1.0) if tick >= 0
    ]
