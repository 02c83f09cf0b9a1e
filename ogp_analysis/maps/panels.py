"""Several maps of unlike things side by side, each with classes of its own."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
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
from ogp_analysis.maps.page import Entry, draw_legend, legend_depth, make_page
from ogp_analysis.maps.palettes import INK, MUTED
from ogp_analysis.maps.projection import draw_furniture, project
from ogp_analysis.maps.sheet import block_size, settings, wrap

if TYPE_CHECKING:
    import geopandas as gpd

MOST = 6
TITLE, NOTE, BETWEEN = 8.5, 7.2, 12.0
WIDE = 200.0  # points from which a panel holds two columns of legend


@dataclass(frozen=True, eq=False)
class Panel:
    """One map of :func:`panel_maps`.

    Parameters
    ----------
    title : str
        What is shown, with its unit.
    note : str
        Day or period, and what else the reader must know of this map only.
    values : Series
        Numbers indexed by ``code_bps``.
    classes : Classes
        Of this map.
    unit : str
        Written after values in the description.
    states : Series, optional
        As for :func:`choropleth`.
    """

    title: str
    note: str
    values: pd.Series
    classes: Classes
    unit: str = ""
    states: pd.Series | None = None


def panel_maps(
    boundaries: gpd.GeoDataFrame, panels: Sequence[Panel], frame: Frame, *, columns: int = 2, kind: str = "rate"
) -> MapFigure:
    """Draw 2 to 6 maps of unlike things in one figure; each has its own classes, legend and period.

    A shade on one map does not compare with the same shade on another, so each map stands above its own legend.
    Where the things are alike, :func:`small_multiples` has one legend for all.

    Parameters
    ----------
    boundaries : GeoDataFrame
        As for :func:`choropleth`.
    panels : sequence of Panel
    frame : Frame
        Its ``as_of`` is None: the days stand above the maps.
    columns : int
        Panels in a row.
    kind : str
        As for :func:`choropleth`.

    Returns
    -------
    MapFigure
        Its table has one row a panel and district, with a column ``panel``.

    Raises
    ------
    ParameterError
        If there are fewer than 2 or more than 6 panels, two have the same title, or as :func:`choropleth`.

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
    >>> backlog, clinics = pd.Series([4.0, 9.0], index=codes), pd.Series([0.2, None], index=codes)
    >>> panels = [
    ...     Panel("Backlog (%)", "2022", backlog, make_classes(backlog), "%"),
    ...     Panel("Clinics per 10,000", "2021", clinics, make_classes(clinics)),
    ... ]
    >>> shown = panel_maps(squares, panels, Frame("Need", "Rates", "Example", None, "en"))
    >>> shown.table[["panel", "name", "state"]].iloc[3].tolist()
    ['Clinics per 10,000', 'Gunungpati', 'no_data']
    """
    check_kind(kind, "panel_maps")
    titles = [panel.title for panel in panels]
    if not 2 <= len(panels) <= MOST or len(set(titles)) < len(titles):
        raise ParameterError(
            f"{len(panels)} panel(s) with {len(set(titles))} titles cannot be drawn side by side.",
            hint=f"Use 2 to {MOST} with different titles; for one map use choropleth.",
        )
    spoken, across = frame.spoken, min(columns, len(panels))
    tables = [classed_table(boundaries, panel.values, panel.states, panel.classes) for panel in panels]
    everything = pd.concat(
        [
            labelled(table, panel.classes, spoken).assign(panel=panel.title)
            for panel, table in zip(panels, tables, strict=True)
        ],
        ignore_index=True,
    )
    day = spoken.t("The day or period of each map stands above it")
    texts = frame.texts(everything["state"], boundary_note(boundaries, spoken), day=day)
    projection = project(boundaries)
    cell = (frame.width * 72 - 20 - BETWEEN * (across - 1)) / across
    heads = [wrap(panel.title, cell, TITLE, "bold") for panel in panels]
    days = [wrap(panel.note, cell, NOTE) for panel in panels]
    ranks = kind == "rank"
    legends = [_entries(table, panel, frame, ranks) for panel, table in zip(panels, tables, strict=True)]
    head = max(
        block_size(lines, TITLE, "bold")[1] + block_size(note, NOTE)[1]
        for lines, note in zip(heads, days, strict=True)
    )
    abreast = 2 if cell >= WIDE else 1
    deep = max(legend_depth("", entries, cell, abreast) for entries in legends)
    map_height = cell / projection.aspect
    each = head + 6 + map_height + 8 + deep
    down = math.ceil(len(panels) / across)
    all_tips: dict[str, str] = {}
    with settings():
        bare = replace(texts, legend_title="")
        total = down * each + BETWEEN * (down - 1)
        page = make_page(bare, [], (frame.width * 72 - 20) / total, width=frame.width, below=True)
        for i, (panel, table) in enumerate(zip(panels, tables, strict=True)):
            left = page.box[0] + (i % across) * (cell + BETWEEN)
            top = page.box[3] - (i // across) * (each + BETWEEN)
            below = page.sheet.lines(left, top, heads[i], TITLE, weight="bold", colour=INK)
            page.sheet.lines(left, below - 1, days[i], NOTE, colour=MUTED)
            floor = top - head - 6 - map_height
            shapes, scale = projection.fit((left, floor, left + cell, top - head - 6))
            draw_areas(page.sheet, shapes, table, district_styles(table, styles_of(panel.classes)), f"p{i}-")
            draw_legend(page.sheet, "", legends[i], left, floor - 8, cell, abreast)
            printed = value_texts(table["value"], panel.classes.decimals, panel.unit, spoken)
            all_tips |= tips(table, printed, spoken, f"p{i}-")
        draw_furniture(page.sheet, (page.box[0], page.box[1], page.box[0] + cell, page.box[3]), scale, spoken)
    words = [
        texts.dated(
            spoken.t(
                "{n} maps of {unit}, each with its own classes: {title}",
                n=spoken.number(len(panels), 0),
                unit=frame.unit_name,
                title=texts.title,
            )
        )
    ]
    for panel, table in zip(panels, tables, strict=True):
        words.append(
            f"{panel.title} ({panel.note}): "
            + " ".join(classed_words(table, panel.classes, frame, panel.unit, ranks))
        )
    return frame.finished(page, texts, words, everything, all_tips)


def _entries(table: pd.DataFrame, panel: Panel, frame: Frame, ranks: bool) -> list[Entry]:
    """The legend of one panel; only numbers stand behind the classes, for there is little room."""
    entries = [*class_entries(table, panel.classes, frame, ranks), *state_entries(table["state"], frame)]
    return [replace(entry, count="") for entry in entries]
