"""Counts and amounts as circles: the area of a circle is the number, not the area of the district."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

import pandas as pd

from ogp_analysis.errors import ParameterError
from ogp_analysis.locale import Language
from ogp_analysis.maps.alt import pattern_text, tips, value_text, value_texts
from ogp_analysis.maps.areas import Laid, draw_areas, draw_labels, label_texts, lay_out, state_entries
from ogp_analysis.maps.figure import MapFigure
from ogp_analysis.maps.frame import Frame, boundary_note
from ogp_analysis.maps.join import join_values
from ogp_analysis.maps.labels import Label, anchor
from ogp_analysis.maps.page import Entry
from ogp_analysis.maps.palettes import BLANK, EMPTY_STYLES, illustrative
from ogp_analysis.maps.projection import draw_furniture, project
from ogp_analysis.maps.sheet import settings

if TYPE_CHECKING:
    import geopandas as gpd

FILL, EDGE = "#e08214", "#7f3b08"
LARGEST = 0.036  # radius of the largest circle as a share of the sheet's width
SMALLEST = 1.6


def symbol_map(
    boundaries: gpd.GeoDataFrame,
    values: pd.Series,
    frame: Frame,
    *,
    states: pd.Series | None = None,
    labels: str = "name",
    decimals: int = 0,
    unit: str = "",
    largest: float | None = None,
) -> MapFigure:
    """Draw counts or amounts as circles whose *area* is in proportion, with the number beside each.

    The radius is ``r_max * sqrt(value / largest)``. A measured zero is a small cross, no data is hatched.

    Parameters
    ----------
    boundaries : GeoDataFrame
        As for :func:`choropleth`.
    values : Series of numbers
        Zero or more, indexed by ``code_bps`` as text.
    decimals : int
        Digits after the mark of printed numbers.
    unit : str
        Written after numbers in tooltips and in the description.
    largest : float, optional
        Value of the largest circle; give the same for all maps of a series. Without it, the highest value.
    frame, states, labels
        As for :func:`choropleth`.

    Returns
    -------
    MapFigure
        The column ``class`` of its table is empty: there are no classes.

    Raises
    ------
    ParameterError
        If a value is below zero or above ``largest``, is not a number, or codes are unknown.

    Examples
    --------
    >>> import geopandas as gpd, shapely
    >>> from ogp_analysis.maps import Frame
    >>> squares = gpd.GeoDataFrame(
    ...     {"code_bps": ["3374010", "3374020"], "name": ["Mijen", "Gunungpati"]},
    ...     geometry=[shapely.box(110.0, -7.0, 110.1, -6.9), shapely.box(110.1, -7.0, 110.2, -6.9)],
    ...     crs="EPSG:4326",
    ... )
    >>> frame = Frame("Parcels delivered", "Parcels", "Example", as_of="2020-06", language="en")
    >>> shown = symbol_map(squares, pd.Series([120, 0], index=["3374010", "3374020"]), frame)
    >>> print(shown.alt)
    Map of kecamatan: Parcels delivered. As of June 2020. ... From high to low: Mijen (120); Gunungpati (0). ...
    """
    spoken = frame.spoken
    table, top = _checked(boundaries, values, states, largest)
    r_max = LARGEST * frame.width * 72
    printed = value_texts(table["value"], decimals, unit, spoken)
    entries = [
        Entry(value_text(size, decimals, unit, spoken), radius=r_max * math.sqrt(size / top))
        for size in legend_sizes(top)
    ]
    if (table["value"] == 0).any():
        entries.append(Entry(spoken.t("Zero (measured)"), frame.counted((table["value"] == 0).sum()), mark="×"))
    entries += state_entries(table["state"], frame)
    remark = spoken.t("The area of a circle is in proportion to the number.")
    texts = frame.texts(table["state"], boundary_note(boundaries, spoken), [remark])
    known = zip(table["code"], table["value"], strict=True)
    radii = {code: max(r_max * math.sqrt(value / top), SMALLEST) for code, value in known if not pd.isna(value)}
    options = label_texts(table, labels, value_texts(table["value"], decimals, "", spoken))
    with settings():
        laid = lay_out(frame, texts, entries, project(boundaries), table, options, labels=labels, discs=radii)
        _draw(laid, table, radii, spoken)
    words = [
        frame.opening(texts),
        spoken.t("Circles stand for numbers."),
        *pattern_text(table, frame, decimals=decimals, unit=unit),
    ]
    return frame.finished(laid.page, texts, words, table.assign(**{"class": None}), tips(table, printed, spoken))


def legend_sizes(top: float) -> list[float]:
    """Choose up to three round numbers for the circles of the legend, largest first.

    Examples
    --------
    >>> legend_sizes(1730), legend_sizes(7)
    ([1000.0, 500.0, 100.0], [5.0, 2.0, 1.0])
    """
    power = 10.0 ** math.floor(math.log10(top))
    ladder = [step * power for step in (5.0, 2.0, 1.0, 0.5, 0.1) if step * power <= top]
    return ladder[:3]


def _checked(
    boundaries: gpd.GeoDataFrame, values: pd.Series, states: pd.Series | None, largest: float | None
) -> tuple[pd.DataFrame, float]:
    if isinstance(values, pd.Series) and not pd.api.types.is_numeric_dtype(values) and values.notna().any():
        raise ParameterError(
            f"The values are {values.dtype}, not numbers; example: {values.dropna().iloc[0]!r}.",
            hint="Read the numbers first.",
        )
    table = join_values(boundaries, values, states)
    table["value"] = pd.to_numeric(table["value"]).astype("float64")
    for code, value in zip(table["code"], table["value"], strict=True):
        if value < 0 or math.isinf(value):
            raise ParameterError(
                f"District {code} has the value {value:g}; a circle cannot show it.",
                hint="For changes with both signs use choropleth with a rate.",
            )
    known = table["value"].max()
    top = float(largest if largest is not None else (1.0 if pd.isna(known) or known == 0 else known))
    if not top > 0 or known > top:
        raise ParameterError(
            f"largest={top:g} is below the highest value, {known:g}.",
            hint="Use the highest value of all the maps.",
        )
    return table, top


def _draw(laid: Laid, table: pd.DataFrame, radii: Mapping[str, float], language: Language) -> None:
    sheet, shapes = laid.page.sheet, laid.shapes
    values = dict(zip(table["code"], table["value"], strict=True))
    marked = set(table.loc[table["state"] == "illustrative", "code"])
    by_state = {**EMPTY_STYLES, "illustrative": illustrative(BLANK)}
    styles = {code: by_state.get(state, BLANK) for code, state in zip(table["code"], table["state"], strict=True)}
    draw_areas(sheet, shapes, table, styles, "d-")
    for code in sorted(radii, key=lambda code: -radii[code]):
        x, y = anchor(shapes[code])
        if values[code] == 0:
            sheet.line([(x - 2.2, y - 2.2), (x + 2.2, y + 2.2)], colour=EDGE, width=1.2)
            sheet.line([(x - 2.2, y + 2.2), (x + 2.2, y - 2.2)], colour=EDGE, width=1.2)
        else:
            sheet.circle(x, y, radii[code], fill="#fff3e0" if code in marked else FILL, edge=EDGE)
    draw_labels(sheet, [_from_rim(label, radii.get(label.key, 0.0)) for label in laid.labels], styles)
    draw_furniture(sheet, laid.page.box, laid.scale, language)


def _from_rim(label: Label, radius: float) -> Label:
    """Let the line of a label begin at the rim of its circle, not in the middle."""
    if label.leader is None or not radius:
        return label
    (x0, y0), (x1, y1) = label.leader
    share = min(radius / max(math.hypot(x1 - x0, y1 - y0), 1e-9), 1.0)
    return replace(label, leader=((x0 + (x1 - x0) * share, y0 + (y1 - y0) * share), (x1, y1)))
