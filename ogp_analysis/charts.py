"""Charts for reports: time lines, bars, series with breaks, and a matrix of what is known.

Drawn on the same sheet as the maps, so that texts are measured before they are placed and none is cut off.
Every function returns a :class:`~ogp_analysis.maps.figure.MapFigure`: drawing, description, data.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, timedelta

import pandas as pd

from ogp_analysis.errors import ParameterError
from ogp_analysis.locale import Language
from ogp_analysis.maps.figure import MapFigure
from ogp_analysis.maps.palettes import BORDER, CATEGORIES, INK, MUTED, NO_DATA, Style
from ogp_analysis.maps.sheet import Sheet, block_size, new_sheet, settings, text_width, wrap
from ogp_analysis.quarter import Span

WIDTH = 520.0
MARGIN = 10.0
TITLE, LABEL, SMALL = 12.0, 8.0, 7.0
GRID = "#d9d9d9"
FILL = Style("#2b7bba")
SOFT = Style("#c9dff0", "---", "#4a7096")
SOFT_EDGE = "#4a7096"
BREAK = "#b2182b"
DAY = timedelta(days=1)


def _head(title: str, language: Language) -> tuple[tuple[str, ...], float]:
    lines = wrap(title, WIDTH - 2 * MARGIN, TITLE, "bold")
    return lines, block_size(lines, TITLE, "bold")[1] + 12


def _start(title: str, height: float, language: Language) -> tuple[Sheet, float]:
    lines, head = _head(title, language)
    sheet = new_sheet(WIDTH, height + head + 2 * MARGIN)
    top = sheet.height - MARGIN
    sheet.lines(MARGIN, top, lines, TITLE, weight="bold")
    return sheet, top - head


def bars(
    table: pd.DataFrame,
    *,
    title: str,
    language: Language,
    caption: str,
    number: str = "number",
    alt: str = "",
) -> MapFigure:
    """Horizontal bars from zero, longest label never cut, each with its number.

    Parameters
    ----------
    table : DataFrame
        ``label`` (text, in the reader's language), ``value`` (float, not negative) and optionally ``group``;
        drawn in the order of the rows. A missing value has no bar and says so.
    title, caption : str
        In the reader's language.
    language : Language
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
        sheet, y = _start(title, sum(heights), language)
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
    return MapFigure(sheet.figure, words, table.reset_index(drop=True), title, caption, language.code)


def timeline(
    table: pd.DataFrame,
    *,
    first: date,
    last: date,
    title: str,
    language: Language,
    caption: str,
    as_of: date | None = None,
) -> MapFigure:
    """When things ran, one row each, grouped; an unknown start or end is drawn as a fading arrow.

    An end of which only the month or the year is known is drawn pale over that month or year, and written as one.

    Parameters
    ----------
    table : DataFrame
        ``label``, ``group`` (text, in the reader's language), ``start`` and ``end`` (partial dates as text,
        missing where the source gives none; one of the two is needed). Drawn in the given order, by group.
    first, last : date
        Ends of the time axis; what lies beyond is cut and marked.
    as_of : date, optional
        Drawn as a line: the day the page stands at.
    """
    window = (last - first).days + 1
    column = 200.0
    left, right = MARGIN + column + 8, WIDTH - MARGIN
    blocks = [wrap(text, column, LABEL) for text in table["label"]]
    heights = [max(block_size(block, LABEL)[1] + 4, 14.0) for block in blocks]
    groups = list(dict.fromkeys(table["group"]))
    spans = [(_parsed(start), _parsed(end)) for start, end in zip(table["start"], table["end"], strict=True)]
    loose = any(each is not None and each.first != each.last for span in spans for each in span)
    foot = 14.0 if loose else 0.0
    total = sum(heights) + 18 * len(groups) + 20

    def x(day: date) -> float:
        return left + (right - left) * min(max((day - first).days / window, 0.0), 1.0)

    with settings():
        sheet, y = _start(title, total + foot, language)
        bottom = y - total + 4
        y = _months(sheet, first, last, x, y, bottom, language)
        for group in groups:
            sheet.text(MARGIN, y - 11, group, LABEL, weight="bold")
            y -= 18
            for at in [i for i, each in enumerate(table["group"]) if each == group]:
                height = heights[at]
                middle = y - height / 2
                sheet.lines(MARGIN, middle + block_size(blocks[at], LABEL)[1] / 2, blocks[at], LABEL)
                _span(sheet, *spans[at], x, middle)
                y -= height
        if as_of is not None and first <= as_of <= last:
            sheet.line([(x(as_of), bottom), (x(as_of), bottom + total - 24)], colour=BREAK, width=1.0)
        if loose:
            sheet.rectangle((MARGIN, bottom - 14, MARGIN + 14, bottom - 6), SOFT, edge=SOFT_EDGE, edge_width=0.4)
            legend = language.t("Pale: only the month or the year of this end is known.")
            sheet.text(MARGIN + 18, bottom - 12, legend, SMALL)
    named = [
        tuple(language.period(text) if isinstance(text, str) else language.t("date not known") for text in ends)
        for ends in zip(table["start"], table["end"], strict=True)
    ]
    words = "; ".join(f"{label}: {a} – {b}" for label, (a, b) in zip(table["label"], named, strict=True))
    data = table[["group", "label"]].assign(start=[a for a, _ in named], end=[b for _, b in named])
    return MapFigure(sheet.figure, words, data.reset_index(drop=True), title, caption, language.code)


def _parsed(text: object) -> Span | None:
    return Span.parse(text) if isinstance(text, str) else None


def _months(
    sheet: Sheet, first: date, last: date, x: Callable[[date], float], y: float, bottom: float, language: Language
) -> float:
    months = (last.year - first.year) * 12 + last.month - first.month + 1
    widest = max(text_width(language.month_short(date(2020, number, 1)), SMALL) for number in range(1, 13))
    fitting = (x(last) - x(first)) / (widest + 8)
    step = next((each for each in (1, 2, 3, 6, 12, 24, 60, 120) if months / each <= fitting), 240)
    for number in range(first.month - 1, first.month - 1 + months):
        day = date(first.year + number // 12, number % 12 + 1, 1)
        if day < first or (number - (first.month - 1)) % step:
            continue
        text = language.month_short(day)
        sheet.line([(x(day), bottom), (x(day), y - 12)], colour=GRID, width=0.5)
        if x(day) + text_width(text, SMALL) <= WIDTH - MARGIN + 4:
            sheet.text(x(day) + 1, y - 9, text, SMALL, colour=MUTED)
    return y - 16


def _span(sheet: Sheet, start: Span | None, end: Span | None, x: Callable[[date], float], y: float) -> None:
    # solid from the last day it may have started to the first it may have ended; pale where it may have run
    for each in (start, end):
        if each is not None and each.first != each.last:
            box = (x(each.first), y - 4, max(x(each.last + DAY), x(each.first) + 2), y + 4)
            sheet.rectangle(box, SOFT, edge=SOFT_EDGE, edge_width=0.4)
    if start and end:
        a = start.first if start.first == start.last else start.last + DAY
        b = end.last if end.first == end.last else end.first - DAY
        if a <= b:
            sheet.rectangle((x(a), y - 4, max(x(b + DAY), x(a) + 2), y + 4), FILL, edge="none", edge_width=0)
        return
    known = start or end
    if known is None:
        return
    at = x(known.first) if known.first == known.last else (x(known.first) + x(known.last + DAY)) / 2
    way = 14.0 if start else -14.0
    sheet.circle(at, y, 3.0, fill=FILL.fill, edge=FILL.fill)
    sheet.line([(at, y), (at + way, y)], colour=FILL.fill, width=1.4)
    sheet.polygon([(at + way, y + 3), (at + way * 1.35, y), (at + way, y - 3)], fill=FILL.fill)


def series(
    table: pd.DataFrame,
    *,
    title: str,
    language: Language,
    caption: str,
    alt: str,
) -> MapFigure:
    """A yearly series that is not joined across a break.

    Parameters
    ----------
    table : DataFrame
        ``year`` (int), ``value`` (float, missing allowed), ``break_before`` (bool) and optionally ``label``
        (the base of the figure, in the reader's language), sorted by year.
    alt : str
        What the series shows, in words.
    """
    height, left, right = 170.0, MARGIN + 62, WIDTH - MARGIN - 14
    known = table.dropna(subset=["value"])
    if known.empty:
        raise ParameterError("The series has no value.", hint="Leave the chart out and say so.")
    low, high = 0.0, float(known["value"].max()) * 1.12 or 1.0
    years = table["year"].tolist()
    step = (right - left) / max(len(years) - 1, 1)

    with settings():
        sheet, top = _start(title, height + 30, language)
        base = top - height

        def point(at: int, value: float) -> tuple[float, float]:
            return left + at * step, base + height * (value - low) / (high - low)

        for tick in _ticks(high):
            y = point(0, tick)[1]
            sheet.line([(left - 4, y), (right, y)], colour=GRID, width=0.5)
            sheet.text(left - 8, y - 2.5, language.number(tick), SMALL, colour=MUTED, align="right")
        before: tuple[float, float] | None = None
        for at, (_, row) in enumerate(table.iterrows()):
            x = left + at * step
            sheet.text(x, base - 11, str(row["year"]), SMALL, colour=MUTED, align="center")
            if row["break_before"] and at:
                middle = x - step / 2
                for part in range(int(height // 8)):
                    sheet.line([(middle, base + 8 * part), (middle, base + 8 * part + 4)], colour=BREAK, width=0.9)
                before = None
            if pd.isna(row["value"]):
                before = None
                continue
            here = point(at, row["value"])
            if before is not None:
                sheet.line([before, here], colour=FILL.fill, width=1.6)
            sheet.circle(*here, 3.0, fill=FILL.fill, edge="#ffffff")
            before = here
        if table["break_before"].iloc[1:].any():
            legend = language.t("Dashed line: break in the series; figures on both sides must not be compared.")
            sheet.text(MARGIN, base - 26, legend, SMALL, colour=BREAK)
    columns = [name for name in ("year", "value", "label") if name in table]
    return MapFigure(sheet.figure, alt, table[columns].reset_index(drop=True), title, caption, language.code)


def _ticks(high: float) -> list[float]:
    from matplotlib.ticker import MaxNLocator

    return [float(tick) for tick in MaxNLocator(5).tick_values(0, high) if 0 <= tick <= high]


def known_matrix(
    known: pd.DataFrame,
    *,
    rows: Sequence[str],
    columns: Sequence[str],
    title: str,
    language: Language,
    caption: str,
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
        sheet, y = _start(title, sum(heights) + names + 22, language)
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
    table = pd.DataFrame({"label": list(rows), "value": sums})
    return MapFigure(sheet.figure, words, table, title, caption, language.code)
