"""When things ran: a time line."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import pandas as pd

from ogp_analysis.charts.axis import DAY, TimeAxis, month_ticks
from ogp_analysis.charts.common import (
    BREAK,
    FILL,
    LABEL,
    MARGIN,
    SOFT,
    SOFT_EDGE,
    WIDTH,
    caption_text,
    start,
)
from ogp_analysis.errors import ParameterError
from ogp_analysis.locale import Language
from ogp_analysis.maps.figure import MapFigure
from ogp_analysis.maps.sheet import Sheet, block_size, settings, wrap
from ogp_analysis.quarter import Span


def timeline(
    table: pd.DataFrame,
    *,
    first: date,
    last: date,
    title: str,
    language: Language,
    source: str,
    notes: Sequence[str] = (),
    as_of: date | None = None,
) -> MapFigure:
    """When things ran, one row each, grouped; an unknown start or end is drawn as a fading arrow.

    An end of which only the month or the year is known is drawn pale over that month or year, and written as one.

    Parameters
    ----------
    table : DataFrame
        ``label``, ``group`` (text, in the reader's language), ``start`` and ``end`` (partial dates as text,
        missing where the source gives none; one of the two is needed). Rows are drawn in the given order under
        their group. A row that lies wholly outside the axis is not drawn but named in the caption.
    first, last : date
        Ends of the time axis; a bar that goes on beyond has a point there.
    title, language, source, notes
        As for :func:`bars`.
    as_of : date, optional
        Drawn as a line: the day the page stands at.

    Returns
    -------
    MapFigure
        Its caption explains arrows, pale ends and the line where there are any.

    Raises
    ------
    ParameterError
        If no row reaches into the axis.
    """
    inside = within(table, first, last)
    drawn, left_out = table[inside], table[~inside]
    if drawn.empty:
        raise ParameterError(
            f"Nothing lies between {first} and {last}.", hint="Widen the axis, or leave the chart out and say so."
        )
    column = 200.0
    left, right = MARGIN + column + 8, WIDTH - MARGIN
    blocks = [wrap(text, column, LABEL) for text in drawn["label"]]
    heights = [max(block_size(block, LABEL)[1] + 4, 14.0) for block in blocks]
    groups = list(dict.fromkeys(drawn["group"]))
    total = sum(heights) + 18 * len(groups) + 20
    axis = TimeAxis(first, last, left, right)
    spans = [(_parsed(a), _parsed(b)) for a, b in zip(drawn["start"], drawn["end"], strict=True)]
    with settings():
        sheet, y = start(title, total)
        bottom = y - total + 4
        y = month_ticks(sheet, axis, y, bottom, language)
        for group in groups:
            sheet.text(MARGIN, y - 11, group, LABEL, weight="bold")
            y -= 18
            for at in [i for i, each in enumerate(drawn["group"]) if each == group]:
                height = heights[at]
                middle = y - height / 2
                sheet.lines(MARGIN, middle + block_size(blocks[at], LABEL)[1] / 2, blocks[at], LABEL)
                _span(sheet, *spans[at], axis, middle)
                y -= height
        marked = as_of is not None and first <= as_of <= last
        if as_of is not None and marked:
            sheet.line([(axis(as_of), bottom), (axis(as_of), bottom + total - 24)], colour=BREAK, width=1.0)
    said = list(notes)
    if any(a is None or b is None for a, b in spans):
        said.append(language.t("An arrow: only the start or only the end is known."))
    if any(each is not None and each.first != each.last for span in spans for each in span):
        said.append(language.t("Pale: only the month or the year of this end is known."))
    if marked:
        said.append(language.t("The line marks the day this page stands at."))
    if len(left_out):
        outside = language.t(
            "Outside the time drawn: {n} ({names}).",
            n=language.number(len(left_out), 0),
            names="; ".join(_row_words(row, language) for _, row in left_out.iterrows()),
        )
        said.append(outside)
    words = "; ".join(_row_words(row, language) for _, row in table.iterrows())
    data = table[["group", "label"]].assign(
        start=[_named(text, language) for text in table["start"]],
        end=[_named(text, language) for text in table["end"]],
    )
    caption = caption_text(language, source, said)
    return MapFigure(sheet.figure, words, data.reset_index(drop=True), title, caption, language.code)


def within(table: pd.DataFrame, first: date, last: date) -> pd.Series:
    """Tell for each row of a time line whether a known day of it lies in, or its span reaches into, the time.

    Parameters
    ----------
    table : DataFrame
        As for :func:`timeline`.
    first, last : date

    Returns
    -------
    Series of bool

    Examples
    --------
    >>> spans = pd.DataFrame({"start": ["2020-04", "2023-08-28"], "end": [None, "2023-09-30"]})
    >>> within(spans, date(2020, 3, 1), date(2021, 12, 31)).tolist()
    [True, False]
    """
    reached = []
    for start_text, end_text in zip(table["start"], table["end"], strict=True):
        a, b = _parsed(start_text), _parsed(end_text)
        begins, ends = a or b, b or a
        reached.append(begins is not None and ends is not None and begins.first <= last and ends.last >= first)
    return pd.Series(reached, index=table.index, dtype=bool)


def _row_words(row: pd.Series, language: Language) -> str:
    ends = [row["start"], row["end"]]
    if all(isinstance(text, str) for text in ends):
        return f"{row['label']}: {language.period('/'.join(ends))}"
    return f"{row['label']}: {' – '.join(_named(text, language) for text in ends)}"


def _parsed(text: object) -> Span | None:
    return Span.parse(text) if isinstance(text, str) else None


def _named(text: object, language: Language) -> str:
    return language.period(text) if isinstance(text, str) else language.t("date not known")


def _span(sheet: Sheet, begun: Span | None, ended: Span | None, axis: TimeAxis, y: float) -> None:
    # solid from the last day it may have started to the first it may have ended; pale where it may have run
    for each in (begun, ended):
        if each is not None and each.first != each.last and each.last >= axis.first and each.first <= axis.last:
            box = (axis(each.first), y - 4, max(axis(each.last + DAY), axis(each.first) + 2), y + 4)
            sheet.rectangle(box, SOFT, edge=SOFT_EDGE, edge_width=0.4)
    if begun and ended:
        a = begun.first if begun.first == begun.last else begun.last + DAY
        b = ended.last if ended.first == ended.last else ended.first - DAY
        if a <= b and b >= axis.first and a <= axis.last:
            x0, x1 = axis(a), max(axis(b + DAY), axis(a) + 2)
            sheet.rectangle((x0, y - 4, x1, y + 4), FILL, edge="none", edge_width=0)
        if begun.first < axis.first:
            sheet.polygon([(axis.left - 6, y), (axis.left, y + 4), (axis.left, y - 4)], fill=FILL.fill)
        if ended.last > axis.last:
            sheet.polygon([(axis.right + 6, y), (axis.right, y + 4), (axis.right, y - 4)], fill=FILL.fill)
        return
    known = begun or ended
    if known is None:
        return
    at = axis(known.first) if known.first == known.last else (axis(known.first) + axis(known.last + DAY)) / 2
    way = 14.0 if begun else -14.0
    sheet.circle(at, y, 3.0, fill=FILL.fill, edge=FILL.fill)
    sheet.line([(at, y), (at + way, y)], colour=FILL.fill, width=1.4)
    sheet.polygon([(at + way, y + 3), (at + way * 1.35, y), (at + way, y - 3)], fill=FILL.fill)
