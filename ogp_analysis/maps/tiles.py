"""A tile grid: every district an equal square, so that small ones are seen as well as large ones."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from ogp_analysis.errors import ParameterError
from ogp_analysis.maps.alt import empty_words, tips, value_texts
from ogp_analysis.maps.areas import MARKS, district_styles, state_entries
from ogp_analysis.maps.choropleth import class_entries, classed_table, classed_words, labelled, styles_of
from ogp_analysis.maps.classes import Classes
from ogp_analysis.maps.figure import MapFigure
from ogp_analysis.maps.frame import Frame
from ogp_analysis.maps.join import check_kind
from ogp_analysis.maps.page import make_page
from ogp_analysis.maps.palettes import BORDER, INK, Style, ink_on
from ogp_analysis.maps.sheet import (
    ASCENT,
    LEADING,
    Box,
    Sheet,
    block_size,
    settings,
    smallest_type,
    text_width,
    wrap,
)

BETWEEN = 3.0
LARGEST = 8.0


def tile_grid(
    districts: pd.DataFrame,
    values: pd.Series,
    frame: Frame,
    *,
    classes: Classes,
    kind: str = "rate",
    states: pd.Series | None = None,
    unit: str = "",
) -> MapFigure:
    """Draw each district as a square of the same size with its short name and value.

    Parameters
    ----------
    districts : DataFrame
        Columns ``code_bps``, ``name``, ``tile_row`` and ``tile_col`` (whole numbers, row 1 in the north,
        column 1 in the west; text such as ``"3"`` is read); ``short_name`` is used when there is one.
    values : Series of numbers
        Indexed by ``code_bps`` as text.
    frame, classes, kind, states, unit
        As for :func:`choropleth`.

    Returns
    -------
    MapFigure

    Raises
    ------
    ParameterError
        If two districts share a tile, a place is not a whole number, or for the reasons :func:`choropleth` has.

    Examples
    --------
    >>> from ogp_analysis.maps import Frame, make_classes
    >>> places = pd.DataFrame({
    ...     "code_bps": ["3374010", "3374020"], "name": ["Mijen", "Gunungpati"],
    ...     "tile_row": ["1", "1"], "tile_col": ["1", "2"],
    ... })
    >>> rates = pd.Series([4.0, 9.0], index=["3374010", "3374020"])
    >>> frame = Frame("Arrears", "Rate (%)", "Example", as_of="2021", language="en")
    >>> shown = tile_grid(places, rates, frame, classes=make_classes(rates, k=2))
    >>> shown.table["class"].tolist()
    ['4 to < 5', '5 to 9']
    """
    check_kind(kind, "tile_grid")
    spoken = frame.spoken
    places = _places(districts)
    table = classed_table(districts, values, states, classes)
    ranks = kind == "rank"
    entries = [*class_entries(table, classes, frame, ranks), *state_entries(table["state"], frame)]
    outline = spoken.t("Every district is a square of the same size, placed roughly where it lies.")
    texts = frame.texts(table["state"], outline)
    printed = value_texts(table["value"], classes.decimals, unit, spoken)
    short = districts["short_name"] if "short_name" in districts.columns else districts["name"]
    names = [f"{name}{MARKS.get(state, '')}" for name, state in zip(short, table["state"], strict=True)]
    styles = district_styles(table, styles_of(classes))
    rows = 1 + max(row for row, _ in places.values()) - min(row for row, _ in places.values())
    columns = 1 + max(column for _, column in places.values()) - min(column for _, column in places.values())
    with settings():
        page = make_page(texts, entries, columns / rows, width=frame.width, furniture=False)
        boxes = {code: _tile(page.box, places, code, rows, columns) for code in table["code"]}
        side = min(box[2] - box[0] for box in boxes.values()) - 6
        words = empty_words(spoken)
        contents = [
            (name, value or words[state], bool(value))
            for name, value, state in zip(names, printed, table["state"], strict=True)
        ]
        least = smallest_type(page.sheet.width)
        size = min(_size(*content, side, least) for content in contents)
        for code, content, state in zip(table["code"], contents, table["state"], strict=True):
            marked = state == "illustrative"
            page.sheet.rectangle(
                boxes[code],
                styles[code],
                edge=INK if marked else BORDER,
                edge_width=1.1 if marked else 0.6,
                gid=f"d-{code}",
                dashed=marked,
            )
            _write(page.sheet, boxes[code], styles[code], _lines(*content, side, size), size)
    opening = spoken.t(
        "Tile grid of {unit}: {title}. {as_of}.", unit=frame.unit_name, title=texts.title, as_of=texts.subtitle
    )
    said = [opening, *classed_words(table, classes, frame, unit, ranks)]
    return frame.finished(page, texts, said, labelled(table, classes, spoken), tips(table, printed, spoken))


def _places(districts: pd.DataFrame) -> dict[str, tuple[int, int]]:
    lacking = [name for name in ("code_bps", "name", "tile_row", "tile_col") if name not in districts.columns]
    if lacking:
        raise ParameterError(
            f"The districts have no column {', '.join(lacking)}.",
            hint="Add tile_row and tile_col (1, 2, 3 ... from the north-west) to the case's table of districts.",
        )
    places: dict[str, tuple[int, int]] = {}
    owner: dict[tuple[int, int], str] = {}
    for code, row, column in zip(districts["code_bps"], districts["tile_row"], districts["tile_col"], strict=True):
        try:
            place = int(row), int(column)
            if (float(row), float(column)) != place:
                raise ValueError("not whole")
        except (TypeError, ValueError) as error:
            raise ParameterError(
                f"District {code} has the tile row {row!r} and column {column!r}.",
                hint="Both must be whole numbers.",
            ) from error
        if place in owner:
            raise ParameterError(
                f"Districts {owner[place]} and {code} have the same tile, row {place[0]}, column {place[1]}.",
                hint="Give each district a tile of its own.",
            )
        places[str(code)] = place
        owner[place] = str(code)
    return places


def _tile(area: Box, places: dict[str, tuple[int, int]], code: str, rows: int, columns: int) -> Box:
    first_row = min(row for row, _ in places.values())
    first_column = min(column for _, column in places.values())
    side = min((area[2] - area[0]) / columns, (area[3] - area[1]) / rows)
    left = (area[0] + area[2] - side * columns) / 2 + (places[code][1] - first_column) * side
    top = area[3] - (places[code][0] - first_row) * side
    return left, top - side + BETWEEN, left + side - BETWEEN, top


Line = tuple[str, str]


def _lines(name: str, value: str, bold: bool, side: float, size: float) -> list[Line]:
    """Break name and value into lines, each with its weight."""
    weight = "bold" if bold else "normal"
    return [(line, "normal") for line in wrap(name, side, size)] + [
        (line, weight) for line in wrap(value, side, size, weight)
    ]


def _size(name: str, value: str, bold: bool, side: float, least: float) -> float:
    """Find the largest type at which name and value fit into a tile."""
    size = LARGEST
    while size > least:
        lines = _lines(name, value, bold, side, size)
        height = block_size(tuple(line for line, _ in lines), size)[1]
        if height <= side and all(text_width(line, size, weight) <= side for line, weight in lines):
            break
        size = max(size - 0.25, least)
    return size


def _write(sheet: Sheet, box: Box, style: Style, lines: Sequence[Line], size: float) -> None:
    colour, halo = ink_on(style.fill)
    room = box[2] - box[0] - 4
    top = (box[1] + box[3] + block_size(tuple(line for line, _ in lines), size)[1]) / 2
    for i, (line, weight) in enumerate(lines):
        sheet.text(
            (box[0] + box[2]) / 2,
            top - size * (ASCENT + LEADING * i),
            _cut(line, room, size, weight),
            size,
            colour=colour,
            weight=weight,
            align="center",
            halo=halo,
            gid="label",
        )


def _cut(line: str, room: float, size: float, weight: str) -> str:
    """Shorten a word that fits at no readable size, with a mark that it is shortened."""
    while len(line) > 2 and text_width(line, size, weight) > room:
        line = line.removesuffix("…")[:-1] + "…"
    return line
