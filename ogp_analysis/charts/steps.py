"""What was in force from day to day: step lines, with the days of which nothing is known left open."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from itertools import pairwise

import pandas as pd

from ogp_analysis.charts.axis import DAY, TimeAxis, month_ticks
from ogp_analysis.charts.common import (
    FILL,
    GRID,
    LABEL,
    MARGIN,
    SMALL,
    SOFT,
    SOFT_EDGE,
    WIDTH,
    caption_text,
    start,
)
from ogp_analysis.errors import ParameterError
from ogp_analysis.locale import Language
from ogp_analysis.maps.figure import MapFigure
from ogp_analysis.maps.palettes import MUTED, NO_DATA
from ogp_analysis.maps.sheet import Sheet, block_size, settings, text_width, wrap

HEIGHT, HEAD, GAP = 40.0, 17.0, 12.0
TICKS = (0, 50, 100)
NARROW = 24.0  # room for the words of a step, however few its days


def steps(
    table: pd.DataFrame,
    *,
    title: str,
    language: Language,
    source: str,
    notes: Sequence[str] = (),
    spans: pd.DataFrame | None = None,
) -> MapFigure:
    """Step lines from 0 to 100 over days, one panel below the other; days of which nothing is known are hatched.

    Two steps are joined only where one follows the other at once and both have the same base: steps on different
    bases do not compare. A missing value is never drawn at 0.

    Parameters
    ----------
    table : DataFrame
        ``panel`` (name, in the reader's language), ``start`` and ``end`` (dates, both count), ``value`` (0 to 100,
        missing where nothing was found), ``base`` (text: what the value rests on) and optionally ``label`` (what
        is written at the step in place of the value). In order of panel and day; all panels share one time axis.
    title, language, source, notes
        As for :func:`bars`.
    spans : DataFrame, optional
        ``label`` (short), ``start`` and ``end`` (dates): drawn as a row of boxes above the panels.

    Returns
    -------
    MapFigure

    Raises
    ------
    ParameterError
        If no step has a value, or a value lies outside 0 to 100.
    """
    known = table.dropna(subset=["value"])
    if known.empty:
        raise ParameterError("No step has a value.", hint="Leave the chart out and say so.")
    outside = known[(known["value"] < 0) | (known["value"] > 100)]
    if len(outside):
        raise ParameterError(
            f"A step lies outside 0 to 100: {outside['value'].iloc[0]} ({outside['panel'].iloc[0]}).",
            hint="Give values on a scale from 0 to 100.",
        )
    labels = table["label"] if "label" in table else table["value"].map(language.number)
    drawn = table.assign(label=labels.where(table["value"].notna(), None))
    panels = list(dict.fromkeys(drawn["panel"]))
    axis = TimeAxis(min(drawn["start"]), max(drawn["end"]), MARGIN + 28, WIDTH - MARGIN)
    boxes = _rows(spans, axis) if spans is not None else []
    total = 18 + 16 * len(boxes) + len(panels) * (HEAD + HEIGHT + GAP) + 16
    with settings():
        sheet, y = start(title, total)
        bottom = y - total + 16
        y = month_ticks(sheet, axis, y, bottom, language)
        for row in boxes:
            for text, begin, end in row:
                box = (axis(begin), y - 13, axis(end + DAY), y - 1)
                sheet.rectangle(box, SOFT, edge=SOFT_EDGE, edge_width=0.4)
                sheet.text(axis(begin) + 3, y - 9.5, text, SMALL, halo="#ffffff")
            y -= 16
        for panel in panels:
            sheet.text(axis.left, y - 12, panel, LABEL, weight="bold", halo="#ffffff")
            y -= HEAD
            _panel(sheet, drawn[drawn["panel"] == panel], axis, y - HEIGHT, language)
            y -= HEIGHT + GAP
        if drawn["value"].isna().any():
            sheet.rectangle((MARGIN, y - 10, MARGIN + 16, y), NO_DATA, edge="#8c8c8c", edge_width=0.4)
            sheet.text(MARGIN + 20, y - 8, language.t("nothing found: not a zero"), SMALL)
    words = " ".join(_panel_words(name, drawn[drawn["panel"] == name], language) for name in panels)
    data = drawn[["panel", "start", "end", "value", "label"]].reset_index(drop=True)
    data = data.rename(columns={"panel": "scale", "label": "marked"})
    caption = caption_text(language, source, notes)
    return MapFigure(sheet.figure, words, data, title, caption, language.code)


def _panel(sheet: Sheet, rows: pd.DataFrame, axis: TimeAxis, base: float, language: Language) -> None:
    def level(value: float) -> float:
        return base + HEIGHT * value / 100

    cells = list(zip(rows["start"], rows["end"], rows["value"], rows["base"], rows["label"], strict=True))
    for begin, end, value, *_ in cells:
        if pd.isna(value):
            sheet.rectangle(
                (axis(begin), base, axis(end + DAY), base + HEIGHT), NO_DATA, edge="none", edge_width=0
            )
    for tick in TICKS:
        sheet.line([(axis.left - 3, level(tick)), (axis.right, level(tick))], colour=GRID, width=0.5)
        sheet.text(axis.left - 6, level(tick) - 2.5, language.number(tick), SMALL, colour=MUTED, align="right")
    for (_, end, value, own, _), (begin, _, then, other, _) in pairwise(cells):
        if pd.notna(value) and pd.notna(then) and own == other and begin == end + DAY:
            sheet.line([(axis(begin), level(value)), (axis(begin), level(then))], colour=FILL.fill, width=2.0)
    for begin, end, value, _, text in cells:
        if pd.notna(value):
            sheet.line([(axis(begin), level(value)), (axis(end + DAY), level(value))], colour=FILL.fill, width=2.0)
            # within its step, or its words would lie on days of which nothing is known
            lines = wrap(text, max(axis(end + DAY) - axis(begin) - 4, NARROW), SMALL)
            across, high = block_size(lines, SMALL)
            top = level(value) - 2 if value >= 50 else level(value) + 2 + high  # where there is more room
            sheet.lines(min(axis(begin) + 2, axis.right - across), top, lines, SMALL, halo="#ffffff")


def _rows(spans: pd.DataFrame, axis: TimeAxis) -> list[list[tuple[str, date, date]]]:
    """Boxes in as many rows as it takes for none to lie on another's words."""
    rows: list[list[tuple[str, date, date]]] = []
    ends: list[float] = []
    for text, begin, end in zip(spans["label"], spans["start"], spans["end"], strict=True):
        if end < axis.first or begin > axis.last:
            continue
        right = max(axis(end + DAY), axis(begin) + 6 + text_width(text, SMALL))
        at = next((n for n, used in enumerate(ends) if used <= axis(begin)), len(rows))
        if at == len(rows):
            rows.append([])
            ends.append(0.0)
        rows[at].append((text, max(begin, axis.first), min(end, axis.last)))
        ends[at] = right
    return rows


def _panel_words(name: str, rows: pd.DataFrame, language: Language) -> str:
    known = rows.dropna(subset=["value"])
    parts = [
        f"{language.date(begin)} – {language.date(end)}: {text}"
        for begin, end, text in zip(known["start"], known["end"], known["label"], strict=True)
    ]
    if len(known) < len(rows):
        parts.append(language.t("nothing found on the other days") if parts else language.t("nothing found"))
    return f"{name}: {'; '.join(parts)}."
