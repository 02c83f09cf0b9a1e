"""The parts around a map: heading, legend, north arrow, scale bar and notes, none covering another."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from ogp_analysis.errors import ParameterError
from ogp_analysis.maps.heading import Heading
from ogp_analysis.maps.palettes import BORDER, INK, MUTED, Style
from ogp_analysis.maps.sheet import Box, Sheet, block_size, new_sheet, text_width, wrap

MARGIN = 10.0
GAP = 12.0
TITLE, SUBTITLE, LEGEND, NOTE = 12.0, 9.0, 8.0, 7.2
SWATCH = (17.0, 11.0)
FURNITURE = 30.0
NARROWEST = 4.0


@dataclass(frozen=True)
class Entry:
    """One line of a legend: a swatch, circle or key text, its meaning, and how many districts it holds."""

    label: str
    count: str = ""
    style: Style | None = None
    radius: float = 0.0
    mark: str = ""
    dashed: bool = False


@dataclass(frozen=True)
class Page:
    """A sheet with heading, legend and notes on it, and the box that is free for the map."""

    sheet: Sheet
    box: Box
    foot: float


def make_page(
    texts: Heading,
    entries: Sequence[Entry],
    aspect: float,
    *,
    width: float,
    furniture: bool = True,
    below: bool | None = None,
    pads: tuple[float, float, float] = (0.0, 0.0, 0.0),
    key: Sequence[Entry] = (),
) -> Page:
    """Lay out heading, legend (beside the map, or below a wide one) and notes; leave a box for the map.

    Parameters
    ----------
    texts : Heading
    entries : sequence of Entry
    aspect : float
        Width of the map divided by its height.
    width : float
        Of the whole sheet, in inches; at least 4.
    furniture : bool
        Whether to leave room for north arrow and scale bar.
    below : bool, optional
        Put the legend below the map; without it, when the map is more than 1.7 times as wide as high.
    pads : three floats
        Room for labels on either side of the map, below and above it, in points.
    key : sequence of Entry
        Numbers on the map and what they stand for, printed below it in columns.
    """
    if not width >= NARROWEST:
        raise ParameterError(
            f"A map {width} inches wide cannot be labelled.", hint=f"Use at least {NARROWEST:g} inches."
        )
    full = width * 72.0
    inner = full - 2 * MARGIN
    title = wrap(texts.title, inner, TITLE, "bold")
    notes = tuple(line for note in texts.notes for line in wrap(note, inner, NOTE))
    head = block_size(title, TITLE, "bold")[1] + 3 + block_size(("x",), SUBTITLE)[1] + 8
    foot = block_size(notes, NOTE)[1] + 8
    if below is None:
        below = aspect > 1.7
    extra = FURNITURE if furniture else 0.0
    if below:
        columns, legend_width = 3 if full > 400 else 2, inner
        legend_height = legend_depth(texts.legend_title, entries, inner, columns)
        map_width = inner
        map_height = (map_width - 2 * pads[0]) / aspect + pads[1] + pads[2]
        content = map_height + extra + 8 + legend_height
    else:
        columns, legend_width = 1, _legend_width(texts.legend_title, entries, inner)
        legend_height = legend_depth(texts.legend_title, entries, legend_width, 1)
        map_width = inner - legend_width - GAP
        map_height = max((map_width - 2 * pads[0]) / aspect + pads[1] + pads[2], 100.0)
        content = max(map_height + extra, legend_height)
    in_key = max(int(inner // 110), 1)
    key_height = legend_depth("", key, inner, in_key) + 4 if key else 0.0
    height = MARGIN + head + content + key_height + foot + MARGIN
    sheet = new_sheet(full, height)
    top = height - MARGIN
    lower = sheet.lines(MARGIN, top, title, TITLE, weight="bold")
    sheet.lines(MARGIN, lower - 3, (texts.subtitle,), SUBTITLE, colour=MUTED)
    top -= head
    box = (MARGIN, top - map_height, MARGIN + map_width, top)
    legend_top = box[1] - extra - 8 if below else top
    legend_left = MARGIN if below else full - MARGIN - legend_width
    draw_legend(sheet, texts.legend_title, entries, legend_left, legend_top, legend_width, columns)
    if key:
        draw_legend(sheet, "", key, MARGIN, MARGIN + foot + key_height, inner, in_key)
    sheet.lines(MARGIN, MARGIN + foot - 8, notes, NOTE, colour=MUTED, gid="foot")
    return Page(sheet, box, MARGIN + foot - 6)


def _legend_width(title: str, entries: Sequence[Entry], inner: float) -> float:
    wide = max([text_width(word, LEGEND, "bold") for word in title.split()] + [90.0])
    for entry in entries:
        line = f"{entry.label}  {entry.count}".strip()
        wide = max(wide, text_width(line, LEGEND) + _indent(entries))
    return min(wide + 4, 0.34 * inner)


def _indent(entries: Sequence[Entry]) -> float:
    return max([SWATCH[0], *(2 * entry.radius + 1 for entry in entries)]) + 6


def _drawn(entry: Entry) -> float:
    """Height of what stands before the text of an entry; a mark is as high as the text."""
    return SWATCH[1] if entry.style is not None else 2 * entry.radius


def _rows(entries: Sequence[Entry], width: float) -> list[tuple[tuple[str, ...], bool, float]]:
    """For each entry its lines, whether the count stands on the last line, and the height."""
    rows = []
    indent = _indent(entries)
    for entry in entries:
        lines = wrap(entry.label, width - indent, LEGEND)
        inline = bool(entry.count) and text_width(f"{lines[-1]}  {entry.count}", LEGEND) <= width - indent
        count = len(lines) + (1 if entry.count and not inline else 0)
        text = LEGEND * (1.02 + 1.22 * (count - 1))
        rows.append((lines, inline, max(text, _drawn(entry)) + (5 if _drawn(entry) else 3)))
    return rows


def legend_depth(title: str, entries: Sequence[Entry], width: float, columns: int) -> float:
    """Height in points of a legend in columns."""
    head = block_size(wrap(title, width, LEGEND + 0.5, "bold"), LEGEND + 0.5)[1] + 6 if title else 0.0
    each = (width - GAP * (columns - 1)) / columns
    heights = [row[2] for row in _rows(entries, each)]
    deep = math.ceil(len(entries) / columns)
    return head + max((sum(heights[i : i + deep]) for i in range(0, len(heights), deep or 1)), default=0.0)


def draw_legend(
    sheet: Sheet, title: str, entries: Sequence[Entry], left: float, top: float, width: float, columns: int
) -> None:
    """Draw a legend in columns downwards from a corner."""
    if title:
        lines = wrap(title, width, LEGEND + 0.5, "bold")
        top = sheet.lines(left, top, lines, LEGEND + 0.5, weight="bold") - 6
    each = (width - GAP * (columns - 1)) / columns
    deep = math.ceil(len(entries) / columns)
    indent = _indent(entries)
    rows = _rows(entries, each)
    for column in range(columns):
        x, y = left + column * (each + GAP), top
        chosen = range(column * deep, min((column + 1) * deep, len(entries)))
        for entry, (words, inline, height) in [(entries[i], rows[i]) for i in chosen]:
            _entry(sheet, entry, words, inline, x, y, indent)
            y -= height


def _entry(
    sheet: Sheet, entry: Entry, words: tuple[str, ...], inline: bool, x: float, y: float, indent: float
) -> None:
    middle = y - max(_drawn(entry), LEGEND) / 2
    centre = x + (indent - 6) / 2
    if entry.style is not None:
        half, high = SWATCH[0] / 2, SWATCH[1] / 2
        box = (centre - half, middle - high, centre + half, middle + high)
        sheet.rectangle(box, entry.style, edge=BORDER, dashed=entry.dashed)
    elif entry.radius:
        sheet.circle(centre, middle, entry.radius, fill="", edge=INK)
    if entry.mark:
        sheet.text(centre, middle - LEGEND * 0.36, entry.mark, LEGEND, weight="bold", align="center")
    first = middle + LEGEND * 0.5
    sheet.lines(x + indent, first, words, LEGEND)
    if not entry.count:
        return
    last = first - LEGEND * 1.22 * (len(words) - 1)
    if inline:
        sheet.lines(x + indent + text_width(words[-1] + "  ", LEGEND), last, (entry.count,), LEGEND, colour=MUTED)
    else:
        sheet.lines(x + indent, last - LEGEND * 1.22, (entry.count,), LEGEND, colour=MUTED)
