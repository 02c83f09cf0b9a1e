"""Several maps side by side with the same classes and one legend."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING

import pandas as pd

from ogp_analysis.errors import ParameterError
from ogp_analysis.locale import Language
from ogp_analysis.maps.alt import cautious_text, pattern_text, value_text
from ogp_analysis.maps.areas import district_styles, draw_areas, state_entries
from ogp_analysis.maps.choropleth import caption, class_counts, classed_table, labelled, tips
from ogp_analysis.maps.classes import Classes
from ogp_analysis.maps.figure import MapFigure
from ogp_analysis.maps.join import check_kind
from ogp_analysis.maps.page import Entry, boundary_note, heading, make_page, speak
from ogp_analysis.maps.palettes import INK, MUTED, class_styles
from ogp_analysis.maps.projection import Projection, draw_furniture, project
from ogp_analysis.maps.sheet import settings, wrap
from ogp_analysis.quarter import Quarter

if TYPE_CHECKING:
    import geopandas as gpd

MOST = 16
PANEL_TITLE, PANEL_NOTE, BETWEEN = 8.5, 7.0, 10.0


def small_multiples(
    boundaries: gpd.GeoDataFrame,
    panels: Mapping[str, pd.Series],
    *,
    classes: Classes,
    title: str,
    legend_title: str,
    source: str,
    as_of: date | Quarter | str,
    language: str | Language,
    kind: str = "rate",
    states: Mapping[str, pd.Series] | None = None,
    columns: int | None = None,
    unit: str = "",
    unit_name: str = "kecamatan",
    notes: Sequence[str] = (),
    width: float = 7.0,
) -> MapFigure:
    """Draw 2 to 16 maps with the same classes, one legend and one scale.

    Below the name of each panel stands how many districts have no data, so that a pale panel is not taken
    for a low one.

    Parameters
    ----------
    boundaries : GeoDataFrame
        As for :func:`choropleth`.
    panels : mapping of label to Series
        One Series of numbers a panel, in reading order.
    classes : Classes
        Made from all panels together: ``make_classes(panels)``.
    states : mapping of label to Series, optional
        For the panels that need them, as for :func:`choropleth`.
    columns : int, optional
        Panels in a row.
    title, legend_title, source, as_of, language, kind, unit, unit_name, notes, width
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
    >>> from ogp_analysis.maps import make_classes
    >>> squares = gpd.GeoDataFrame(
    ...     {"code_bps": ["3374010", "3374020"], "name": ["Mijen", "Gunungpati"]},
    ...     geometry=[shapely.box(110.0, -7.0, 110.1, -6.9), shapely.box(110.1, -7.0, 110.2, -6.9)],
    ...     crs="EPSG:4326",
    ... )
    >>> codes = ["3374010", "3374020"]
    >>> years = {"2020": pd.Series([4.0, 9.0], index=codes), "2021": pd.Series([5.0, None], index=codes)}
    >>> shown = small_multiples(
    ...     squares, years, classes=make_classes(years, k=2), title="Arrears", legend_title="Rate (%)",
    ...     source="Example", as_of="2021", language="en",
    ... )
    >>> shown.table[["panel", "name", "state"]].iloc[3].tolist()
    ['2021', 'Gunungpati', 'no_data']
    """
    check_kind(kind, "small_multiples")
    spoken = speak(language)
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
    by_class = class_styles(classes.negative(), diverging=classes.diverging)
    entries = [
        Entry(label, style=style)
        for label, style in reversed(list(zip(classes.labels_in(spoken), by_class, strict=True)))
    ]
    entries += [
        Entry(entry.label, style=entry.style, mark=entry.mark, dashed=entry.dashed)
        for entry in state_entries(everything["state"], unit_name, spoken)
    ]
    texts = heading(
        title=title,
        legend_title=legend_title,
        source=source,
        as_of=as_of,
        language=spoken,
        outline=boundary_note(boundaries, spoken),
        illustrative=bool((everything["state"] == "illustrative").any()),
        remarks=notes,
    )
    across = columns or _columns(len(panels))
    down = math.ceil(len(panels) / across)
    projection = project(boundaries)
    cell = (width * 72 - 20 - BETWEEN * (across - 1)) / across
    headers = {name: wrap(name, cell, PANEL_TITLE, "bold") for name in panels}
    head = PANEL_TITLE * 1.25 * max(len(lines) for lines in headers.values()) + PANEL_NOTE * 1.3 + 4
    map_height = cell / projection.aspect
    total = down * (head + map_height) + BETWEEN * (down - 1)
    all_tips: dict[str, str] = {}
    with settings():
        page = make_page(texts, entries, (width * 72 - 20) / total, width=width, below=True)
        scale = 0.0
        for i, (name, table) in enumerate(tables.items()):
            left = page.box[0] + (i % across) * (cell + BETWEEN)
            top = page.box[3] - (i // across) * (head + map_height + BETWEEN)
            below = page.sheet.lines(left, top, headers[name], PANEL_TITLE, weight="bold", colour=INK)
            page.sheet.lines(left, below - 1, (_panel_note(table, unit_name, spoken),), PANEL_NOTE, colour=MUTED)
            scale = _panel(
                page.sheet,
                projection,
                (left, top - head - map_height, left + cell, top - head),
                table,
                district_styles(table, by_class),
                f"p{i}-",
            )
            printed = [
                "" if pd.isna(value) else value_text(value, classes.decimals, unit, spoken)
                for value in table["value"]
            ]
            all_tips |= tips(table, printed, spoken, f"p{i}-")
        draw_furniture(page.sheet, (page.box[0], page.box[1], page.box[0] + cell, page.box[3]), scale, spoken)
    alt = [
        spoken.t(
            "{n} maps of {unit} with the same classes: {title}. {as_of}.",
            n=spoken.number(len(panels), 0),
            unit=unit_name,
            title=texts.title,
            as_of=texts.subtitle,
        )
    ]
    for name, table in tables.items():
        counts = class_counts(table["class"], classes, spoken)
        described = pattern_text(
            table, decimals=classes.decimals, unit=unit, unit_name=unit_name, language=spoken, counts=counts
        )
        alt.append(f"{name}: " + " ".join(described))
    alt.append(cautious_text(spoken))
    return MapFigure(
        page.sheet.figure,
        " ".join(alt),
        labelled(everything, classes, spoken),
        title=texts.title,
        caption=caption(texts.notes, as_of, spoken),
        language=spoken.code,
        tips=all_tips,
        foot=page.foot,
    )


def _columns(n: int) -> int:
    if n <= 3:
        return n
    return {4: 2, 5: 3, 6: 3, 9: 3}.get(n, 4)


def _panel_note(table: pd.DataFrame, unit_name: str, language: Language) -> str:
    missing = int((table["state"] == "no_data").sum())
    if not missing:
        return language.t("all {unit} have data", unit=unit_name)
    return language.t("{n} without data", n=language.number(missing, 0))


def _panel(
    sheet: object,
    projection: Projection,
    box: tuple[float, float, float, float],
    table: pd.DataFrame,
    styles: Mapping[str, object],
    prefix: str,
) -> float:
    shapes, scale = projection.fit(box)
    draw_areas(sheet, shapes, table, styles, prefix)  # type: ignore[arg-type]
    return scale
