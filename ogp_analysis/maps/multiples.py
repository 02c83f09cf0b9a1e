"""Several maps side by side with the same classes and one legend."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

import pandas as pd

from ogp_analysis.errors import ParameterError
from ogp_analysis.maps.alt import tips, value_texts
from ogp_analysis.maps.areas import district_styles, draw_areas, state_entries
from ogp_analysis.maps.choropleth import class_entries, classed_table, classed_words, labelled, styles_of
from ogp_analysis.maps.classes import Classes
from ogp_analysis.maps.figure import MapFigure
from ogp_analysis.maps.frame import Frame, boundary_note
from ogp_analysis.maps.join import check_kind
from ogp_analysis.maps.page import make_page
from ogp_analysis.maps.palettes import INK, MUTED
from ogp_analysis.maps.projection import draw_furniture, project
from ogp_analysis.maps.sheet import settings, wrap

if TYPE_CHECKING:
    import geopandas as gpd

MOST = 16
PANEL_TITLE, PANEL_NOTE, BETWEEN = 8.5, 7.2, 10.0


def small_multiples(
    boundaries: gpd.GeoDataFrame,
    panels: Mapping[str, pd.Series],
    frame: Frame,
    *,
    classes: Classes,
    kind: str = "rate",
    states: Mapping[str, pd.Series] | None = None,
    columns: int | None = None,
    unit: str = "",
) -> MapFigure:
    """Draw 2 to 16 maps with the same classes, one legend and one scale.

    Below the name of each panel stands how many districts have no data, so that a pale panel is not taken
    for a low one.

    Parameters
    ----------
    boundaries : GeoDataFrame
        As for :func:`choropleth`.
    panels : mapping of label to Series
        One Series of numbers a panel, in reading order. With ``as_of=None`` in the frame the labels are the
        days or periods of the panels.
    classes : Classes
        Made from all panels together: ``make_classes(panels)``.
    states : mapping of label to Series, optional
        For the panels that need them, as for :func:`choropleth`.
    columns : int, optional
        Panels in a row.
    frame, kind, unit
        As for :func:`choropleth`.

    Returns
    -------
    MapFigure
        Its table has one row a panel and district, with a column ``panel``.

    Raises
    ------
    ParameterError
        If there are fewer than 2 or more than 16 panels, or for the reasons :func:`choropleth` has.

    Examples
    --------
    >>> import geopandas as gpd, shapely
    >>> from ogp_analysis.maps import Frame, make_classes
    >>> squares = gpd.GeoDataFrame(
    ...     {"code_bps": ["3374010", "3374020"], "name": ["Mijen", "Gunungpati"]},
    ...     geometry=[shapely.box(110.0, -7.0, 110.1, -6.9), shapely.box(110.1, -7.0, 110.2, -6.9)],
    ...     crs="EPSG:4326",
    ... )
    >>> codes = ["3374010", "3374020"]
    >>> years = {"2020": pd.Series([4.0, 9.0], index=codes), "2021": pd.Series([5.0, None], index=codes)}
    >>> frame = Frame("Arrears", "Rate (%)", "Example", as_of="2021", language="en")
    >>> shown = small_multiples(squares, years, frame, classes=make_classes(years, k=2))
    >>> shown.table[["panel", "name", "state"]].iloc[3].tolist()
    ['2021', 'Gunungpati', 'no_data']
    """
    check_kind(kind, "small_multiples")
    spoken = frame.spoken
    if not 2 <= len(panels) <= MOST:
        raise ParameterError(
            f"{len(panels)} panel(s) cannot be drawn side by side.",
            hint=f"Use 2 to {MOST}; for one map use choropleth.",
        )
    strange = [name for name in states or {} if name not in panels]
    if strange:
        raise ParameterError(
            f"There are states for the panel {strange[0]!r}, but no values.", hint="Use the same labels in both."
        )
    tables = {
        name: classed_table(boundaries, values, (states or {}).get(name), classes)
        for name, values in panels.items()
    }
    everything = pd.concat([table.assign(panel=name) for name, table in tables.items()], ignore_index=True)
    ranks = kind == "rank"
    entries = [
        replace(entry, count="")
        for entry in [
            *class_entries(everything, classes, frame, ranks),
            *state_entries(everything["state"], frame),
        ]
    ]
    day = "" if frame.as_of else spoken.t("The day or period of each map stands above it")
    texts = frame.texts(everything["state"], boundary_note(boundaries, spoken), day=day)
    across = columns or _columns(len(panels))
    down = math.ceil(len(panels) / across)
    projection = project(boundaries)
    cell = (frame.width * 72 - 20 - BETWEEN * (across - 1)) / across
    headers = {name: wrap(name, cell, PANEL_TITLE, "bold") for name in panels}
    below_them = {name: wrap(_panel_note(table, frame), cell, PANEL_NOTE) for name, table in tables.items()}
    head = PANEL_TITLE * 1.25 * max(len(lines) for lines in headers.values()) + 4
    head += PANEL_NOTE * 1.3 * max(len(lines) for lines in below_them.values())
    map_height = cell / projection.aspect
    total = down * (head + map_height) + BETWEEN * (down - 1)
    all_tips: dict[str, str] = {}
    with settings():
        page = make_page(texts, entries, (frame.width * 72 - 20) / total, width=frame.width, below=True)
        scale = 0.0
        for i, (name, table) in enumerate(tables.items()):
            left = page.box[0] + (i % across) * (cell + BETWEEN)
            top = page.box[3] - (i // across) * (head + map_height + BETWEEN)
            below = page.sheet.lines(left, top, headers[name], PANEL_TITLE, weight="bold", colour=INK)
            page.sheet.lines(left, below - 1, below_them[name], PANEL_NOTE, colour=MUTED)
            shapes, scale = projection.fit((left, top - head - map_height, left + cell, top - head))
            styles = district_styles(table, styles_of(classes))
            draw_areas(page.sheet, shapes, table, styles, f"p{i}-")
            printed = value_texts(table["value"], classes.decimals, unit, spoken)
            all_tips |= tips(table, printed, spoken, f"p{i}-")
        draw_furniture(page.sheet, (page.box[0], page.box[1], page.box[0] + cell, page.box[3]), scale, spoken)
    words = [
        texts.dated(
            spoken.t(
                "{n} maps of {unit} with the same classes: {title}",
                n=spoken.number(len(panels), 0),
                unit=frame.unit_name,
                title=texts.title,
            )
        )
    ]
    words += [
        f"{name}: " + " ".join(classed_words(table, classes, frame, unit, ranks)) for name, table in tables.items()
    ]
    return frame.finished(page, texts, words, labelled(everything, classes, spoken), all_tips)


def _columns(n: int) -> int:
    if n <= 3:
        return n
    return {4: 2, 5: 3, 6: 3, 9: 3}.get(n, 4)


def _panel_note(table: pd.DataFrame, frame: Frame) -> str:
    counts = {state: int((table["state"] == state).sum()) for state in ("no_data", "withheld")}
    parts = [
        frame.spoken.t(text, n=frame.spoken.number(counts[state], 0))
        for state, text in (("no_data", "{n} without data"), ("withheld", "{n} not shown (small count)"))
        if counts[state]
    ]
    return "; ".join(parts) or frame.spoken.t("all {unit} have data", unit=frame.unit_name)
