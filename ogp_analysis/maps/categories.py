"""Maps of yes and no, and of ordered categories: told apart by pattern as well as by colour."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import pandas as pd

from ogp_analysis.errors import ParameterError, nearest
from ogp_analysis.maps.alt import missing_text, tips
from ogp_analysis.maps.areas import district_styles, draw_map, label_texts, lay_out, state_entries
from ogp_analysis.maps.figure import MapFigure
from ogp_analysis.maps.frame import Frame, boundary_note
from ogp_analysis.maps.join import join_values
from ogp_analysis.maps.page import Entry
from ogp_analysis.maps.palettes import CATEGORIES, NO, YES, Style
from ogp_analysis.maps.projection import project
from ogp_analysis.maps.sheet import settings

if TYPE_CHECKING:
    import geopandas as gpd


def yes_no_map(
    boundaries: gpd.GeoDataFrame,
    values: pd.Series,
    frame: Frame,
    *,
    states: pd.Series | None = None,
    yes: str | None = None,
    no: str | None = None,
    labels: str = "name",
) -> MapFigure:
    """Draw a map of yes and no; *no data* is a third answer and never drawn as no.

    Yes is a dark plain area, no a light one with level lines, no data grey with rising lines: the three are
    told apart without colour.

    Parameters
    ----------
    boundaries : GeoDataFrame
        As for :func:`choropleth`.
    values : Series of bool
        True and False (also nullable, or numbers 1 and 0), indexed by ``code_bps`` as text; missing is no data.
    frame, states, labels
        As for :func:`choropleth`.
    yes, no : str, optional
        Words for the answers in the reader's language; otherwise "Yes" and "No".

    Returns
    -------
    MapFigure

    Raises
    ------
    ParameterError
        If a value is neither yes nor no, or codes are unknown or not text.

    Examples
    --------
    >>> import geopandas as gpd, shapely
    >>> from ogp_analysis.maps import Frame
    >>> squares = gpd.GeoDataFrame(
    ...     {"code_bps": ["3374010", "3374020"], "name": ["Mijen", "Gunungpati"]},
    ...     geometry=[shapely.box(110.0, -7.0, 110.1, -6.9), shapely.box(110.1, -7.0, 110.2, -6.9)],
    ...     crs="EPSG:4326",
    ... )
    >>> frame = Frame("Aid posts", "Post open?", "Example", as_of="2020-04", language="en")
    >>> shown = yes_no_map(squares, pd.Series([False], index=["3374010"]), frame)
    >>> print(shown.alt)
    Map of kecamatan: Aid posts. As of April 2020. Yes: 0 kecamatan. No: 1 kecamatan (Mijen). No data ...
    """
    odd = [(code, value) for code, value in values.items() if not pd.isna(value) and value not in (0, 1)]
    if odd:
        raise ParameterError(
            f"District {odd[0][0]} has the value {odd[0][1]!r}, which is neither yes nor no.",
            hint="Give True, False or a missing value; for more than two answers use category_map.",
        )
    answers = pd.Series(
        [None if pd.isna(value) else ("yes" if value else "no") for value in values],
        index=values.index,
        dtype=object,
    )
    words = {"yes": yes or frame.spoken.t("Yes"), "no": no or frame.spoken.t("No")}
    return _category_map(boundaries, answers, frame, words, (YES, NO), states, labels)


def category_map(
    boundaries: gpd.GeoDataFrame,
    values: pd.Series,
    frame: Frame,
    *,
    categories: Mapping[str, str] | Sequence[str],
    states: pd.Series | None = None,
    labels: str = "name",
) -> MapFigure:
    """Draw a map of up to five ordered categories, such as how strong the evidence is.

    Categories run from dark to light in their order and each has its own pattern.

    Parameters
    ----------
    boundaries : GeoDataFrame
        As for :func:`choropleth`.
    values : Series of text
        One category a district, indexed by ``code_bps`` as text; missing is no data.
    categories : mapping of category to label, or sequence of categories
        Strongest first, at most five. Labels in the reader's language.
    frame, states, labels
        As for :func:`choropleth`.

    Returns
    -------
    MapFigure

    Raises
    ------
    ParameterError
        If there are more than five categories, a value is not one of them, or codes are unknown.

    Examples
    --------
    >>> import geopandas as gpd, shapely
    >>> from ogp_analysis.maps import Frame
    >>> squares = gpd.GeoDataFrame(
    ...     {"code_bps": ["3374010", "3374020"], "name": ["Mijen", "Gunungpati"]},
    ...     geometry=[shapely.box(110.0, -7.0, 110.1, -6.9), shapely.box(110.1, -7.0, 110.2, -6.9)],
    ...     crs="EPSG:4326",
    ... )
    >>> evidence = pd.Series(["figure", "mention"], index=["3374010", "3374020"])
    >>> frame = Frame("Evidence", "What is published", "Example", as_of="2023", language="en")
    >>> shown = category_map(squares, evidence, frame, categories={"figure": "A figure", "mention": "A mention"})
    >>> shown.table["class"].tolist()
    ['A figure', 'A mention']
    """
    words = dict(categories) if isinstance(categories, Mapping) else {name: name for name in categories}
    if not 1 <= len(words) <= len(CATEGORIES):
        raise ParameterError(
            f"{len(words)} categories cannot be told apart on a map.",
            hint=f"Join some: at most {len(CATEGORIES)} (no data and not applicable are drawn besides).",
        )
    odd = [(code, value) for code, value in values.items() if not pd.isna(value) and value not in words]
    if odd:
        raise ParameterError(
            f"District {odd[0][0]} has the category {odd[0][1]!r}.", hint=nearest(str(odd[0][1]), words)
        )
    # Few categories are spread over the whole range from dark to light.
    chosen = {1: (0,), 2: (0, 4), 3: (0, 2, 4), 4: (0, 1, 3, 4), 5: (0, 1, 2, 3, 4)}[len(words)]
    styles = tuple(CATEGORIES[i] for i in chosen)
    return _category_map(boundaries, values.astype(object), frame, words, styles, states, labels)


def _category_map(
    boundaries: gpd.GeoDataFrame,
    values: pd.Series,
    frame: Frame,
    words: Mapping[str, str],
    styles: Sequence[Style],
    states: pd.Series | None,
    labels: str,
) -> MapFigure:
    spoken = frame.spoken
    table = join_values(boundaries, values, states)
    table["class"] = table["value"].map({name: i for i, name in enumerate(words)}).astype("Int64")
    members = {name: sorted(table.loc[table["value"] == name, "name"]) for name in words}
    entries = [
        Entry(label, frame.counted(len(members[name])), style)
        for (name, label), style in zip(words.items(), styles, strict=True)
    ]
    entries += state_entries(table["state"], frame)
    texts = frame.texts(table["state"], boundary_note(boundaries, spoken))
    options = label_texts(table, labels)
    with settings():
        laid = lay_out(frame, texts, entries, project(boundaries), table, options, labels=labels)
        draw_map(laid, table, district_styles(table, styles), spoken)
    said = [frame.opening(texts)]
    for name, label in words.items():
        named = f" ({spoken.list(members[name])})" if members[name] else ""
        said.append(f"{label}: {frame.counted(len(members[name]))}{named}.")
    said += missing_text(table, frame)
    shown = table["value"].map(dict(words))
    printed = ["" if pd.isna(text) else str(text) for text in shown]
    data = table.drop(columns="value").assign(**{"class": shown})  # the category is all there is to a value
    return frame.finished(laid.page, texts, said, data, tips(table, printed, spoken), measured=False)
