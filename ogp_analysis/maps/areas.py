"""Steps that all maps of areas share: page, outlines, labels."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import pandas as pd
import shapely

from ogp_analysis.errors import ParameterError, nearest
from ogp_analysis.locale import Language
from ogp_analysis.maps.alt import empty_words
from ogp_analysis.maps.frame import Frame
from ogp_analysis.maps.heading import Heading
from ogp_analysis.maps.labels import DOT, Label, Lines, anchor, place_labels
from ogp_analysis.maps.page import Entry, Page, make_page
from ogp_analysis.maps.palettes import (
    BORDER,
    EMPTY_STYLES,
    INK,
    LEADER,
    Style,
    illustrative,
    ink_on,
)
from ogp_analysis.maps.projection import Projection, draw_furniture
from ogp_analysis.maps.sheet import ASCENT, LEADING, Sheet

LABELS = ("name", "code", "number", "none")
MARKS = {"illustrative": "*", "derived": "†"}
# Room for labels at the sides, below and above the map, tried in turn until every label has a near place.
PADS = (
    (0.0, 2.0, 2.0),
    (2.0, 4.0, 26.0),
    (2.0, 8.0, 44.0),
    (2.0, 24.0, 60.0),
    (30.0, 20.0, 50.0),
    (64.0, 30.0, 54.0),
)
SMALL = 1.5  # how much worse a smaller map is than a longer line, both as shares
NEAR = 0.3  # longest line that is not too long, as a share of the map's diagonal


@dataclass(frozen=True)
class Laid:
    """A page with the districts fitted into it and a place for every label."""

    page: Page
    shapes: dict[str, shapely.Geometry]
    scale: float
    labels: list[Label]


def district_styles(table: pd.DataFrame, by_class: Sequence[Style]) -> dict[str, Style]:
    """Choose the style of each district from its class number and its state.

    Parameters
    ----------
    table : DataFrame
        Columns ``code``, ``class`` (number or missing), ``state``.
    by_class : sequence of Style
    """
    styles = {}
    for code, number, state in zip(table["code"], table["class"], table["state"], strict=True):
        if state in EMPTY_STYLES:
            styles[code] = EMPTY_STYLES[state]
        else:
            style = by_class[int(number)]
            styles[code] = illustrative(style) if state == "illustrative" else style
    return styles


def state_entries(states: pd.Series, frame: Frame) -> list[Entry]:
    """Give the legend entries for districts without a value and for values that are not measured."""
    language = frame.spoken

    def count(state: str) -> str:
        return frame.counted((states == state).sum())

    entries = [
        Entry(word, count(state), EMPTY_STYLES[state])
        for state, word in empty_words(language).items()
        if (states == state).any()
    ]
    if (states == "illustrative").any():
        style = illustrative(Style("#ffffff"))
        entries.append(Entry(language.t("Illustrative (*)"), count("illustrative"), style, dashed=True))
    if (states == "derived").any():
        entries.append(Entry(language.t("Derived by calculation"), count("derived"), mark=MARKS["derived"]))
    return entries


def label_texts(table: pd.DataFrame, labels: str, second: Sequence[str] = ()) -> dict[str, list[Lines]]:
    """Give the alternatives of each label: on one line, or broken between words.

    Parameters
    ----------
    table : DataFrame
        Columns ``code``, ``name``, ``state``.
    labels : {"name", "code", "number", "none"}
    second : sequence of str, optional
        A further line for each district, such as its value.
    """
    if labels not in LABELS:
        raise ParameterError(f"There are no labels {labels!r}.", hint=nearest(str(labels), LABELS))
    if labels == "none":
        return {}
    texts = {}
    for i, (code, name, state) in enumerate(zip(table["code"], table["name"], table["state"], strict=True)):
        text = {"name": str(name), "code": str(code), "number": str(i + 1)}[labels] + MARKS.get(state, "")
        more: Lines = (second[i],) if second and second[i] else ()
        options: list[Lines] = [(text, *more)]
        words = text.split()
        if len(words) > 1:
            options.append((words[0], " ".join(words[1:]), *more))
        if more:
            options.append((f"{text} {more[0]}",))
        texts[code] = options
    return texts


def key_entries(table: pd.DataFrame, texts: Mapping[str, str]) -> list[Entry]:
    """Give the key from numbers on the map to what they stand for."""
    return [Entry(texts[code], mark=str(i)) for i, code in enumerate(table["code"], start=1) if code in texts]


def lay_out(
    frame: Frame,
    texts: Heading,
    entries: Sequence[Entry],
    projection: Projection,
    table: pd.DataFrame,
    alternatives: Mapping[str, Sequence[Lines]],
    *,
    labels: str,
    discs: Mapping[str, float] | None = None,
) -> Laid:
    """Find a page on which every label has a place.

    First with more and more room around the map; then labels that still have none become numbers with a
    key in the legend; what even then has no room is named in a note. ``discs`` are radii in points of
    circles in the middle of districts, which labels may not cover.
    """
    names = dict(zip(table["code"], table["name"], strict=True))
    numbers = {code: str(i) for i, code in enumerate(table["code"], start=1)}
    keyed = {code: names[code] for code in alternatives} if labels == "number" else {}
    options = dict(alternatives)
    shape = projection.aspect

    def attempt(pads: tuple[float, float, float]) -> tuple[Laid, list[str]]:
        key, below = key_entries(table, keyed), frame.legend_below
        page = make_page(texts, entries, shape, width=frame.width, below=below, pads=pads, key=key)
        left, lower, right, upper = page.box
        shapes, scale = projection.fit((left + pads[0], lower + pads[1], right - pads[0], upper - pads[2]))
        circles = [shapely.Point(anchor(shapes[code])).buffer(r + 1) for code, r in (discs or {}).items()]
        placed, failed = place_labels(shapes, options, page.box, obstacles=circles)
        return Laid(page, shapes, scale, placed), failed

    def best() -> tuple[Laid, list[str]]:
        found: list[tuple[tuple[int, float], Laid, list[str]]] = []
        x0, y0, x1, y1 = projection.bounds
        for pads in PADS:
            laid, failed = attempt(pads)
            largest = max([laid.scale, *(earlier.scale for _, earlier, _ in found)])
            longest = max((_length(label) for label in laid.labels), default=0.0)
            share = longest / (laid.scale * math.hypot(x1 - x0, y1 - y0))
            found.append(((len(failed), share + SMALL * (1 - laid.scale / largest)), laid, failed))
            if not failed and share <= NEAR:
                break
        return min(found, key=lambda item: item[0])[1:]

    laid, failed = best()
    if failed:
        keyed |= {code: " ".join(alternatives[code][0]) for code in failed if code not in keyed}
        options |= {code: [(numbers[code],)] for code in failed}
        laid, failed = best()
    if failed:
        spoken = frame.spoken
        note = spoken.t("No room for the labels of: {names}.", names=spoken.list([names[c] for c in failed]))
        texts = replace(texts, notes=(*texts.notes, note))
        keyed = {code: text for code, text in keyed.items() if code not in failed}
        options = {code: option for code, option in options.items() if code not in failed}
        laid, _ = best()
    return laid


def _length(label: Label) -> float:
    if label.leader is None:
        return 0.0
    (x0, y0), (x1, y1) = label.leader
    return math.hypot(x1 - x0, y1 - y0)


def draw_areas(
    sheet: Sheet,
    shapes: Mapping[str, shapely.Geometry],
    table: pd.DataFrame,
    styles: Mapping[str, Style],
    prefix: str,
) -> None:
    """Draw every district; illustrative ones last, so that their dashed border lies on top."""
    states = dict(zip(table["code"], table["state"], strict=True))
    for code in sorted(shapes, key=lambda code: states[code] == "illustrative"):
        marked = states[code] == "illustrative"
        sheet.area(
            shapes[code],
            styles[code],
            edge=INK if marked else BORDER,
            edge_width=1.1 if marked else 0.6,
            dashed=marked,
            gid=f"{prefix}{code}",
        )


def draw_labels(sheet: Sheet, labels: Sequence[Label], styles: Mapping[str, Style]) -> None:
    """Write labels where they were placed, with their lines."""
    for label in labels:
        if label.leader is not None:
            start, end = label.leader
            sheet.line([start, end], colour="#ffffff", width=1.6)
            sheet.line([start, end], colour=LEADER, width=0.6)
            sheet.circle(*start, DOT, fill=LEADER, edge="#ffffff")
    for label in labels:
        style = styles[label.key]
        colour, halo = (INK, "#ffffff") if label.leader is not None else ink_on(style.fill)
        middle = (label.box[0] + label.box[2]) / 2
        for i, line in enumerate(label.lines):
            y = label.box[3] - label.size * (ASCENT + LEADING * i)
            sheet.text(
                middle, y, line, label.size, colour=colour, align="center", halo=halo, gid=f"label-{label.key}"
            )


def draw_map(
    laid: Laid, table: pd.DataFrame, styles: Mapping[str, Style], language: Language, prefix: str = "d-"
) -> None:
    """Draw outlines, labels, scale bar and north arrow on a page that is laid out."""
    sheet = laid.page.sheet
    draw_areas(sheet, laid.shapes, table, styles, prefix)
    draw_labels(sheet, laid.labels, styles)
    draw_furniture(sheet, laid.page.box, laid.scale, language)
