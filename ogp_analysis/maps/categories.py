"""Maps of yes and no, and of ordered categories: told apart by pattern as well as by colour."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING

import pandas as pd

from ogp_analysis.errors import ParameterError, nearest
from ogp_analysis.locale import Language
from ogp_analysis.maps.alt import cautious_text, missing_text
from ogp_analysis.maps.areas import district_styles, draw_map, label_texts, lay_out, state_entries
from ogp_analysis.maps.choropleth import caption, tips
from ogp_analysis.maps.figure import MapFigure
from ogp_analysis.maps.join import join_values
from ogp_analysis.maps.page import Entry, boundary_note, heading, speak
from ogp_analysis.maps.palettes import CATEGORIES, NO, YES, Style
from ogp_analysis.maps.projection import project
from ogp_analysis.maps.sheet import settings
from ogp_analysis.quarter import Quarter

if TYPE_CHECKING:
    import geopandas as gpd


def yes_no_map(
    boundaries: gpd.GeoDataFrame,
    values: pd.Series,
    *,
    title: str,
    legend_title: str,
    source: str,
    as_of: date | Quarter | str,
    language: str | Language,
    states: pd.Series | None = None,
    yes: str | None = None,
    no: str | None = None,
    labels: str = "name",
    unit_name: str = "kecamatan",
    notes: Sequence[str] = (),
    width: float = 7.0,
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
    title, legend_title, source, as_of, language, states, labels, unit_name, notes, width
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
    >>> squares = gpd.GeoDataFrame(
    ...     {"code_bps": ["3374010", "3374020"], "name": ["Mijen", "Gunungpati"]},
    ...     geometry=[shapely.box(110.0, -7.0, 110.1, -6.9), shapely.box(110.1, -7.0, 110.2, -6.9)],
    ...     crs="EPSG:4326",
    ... )
    >>> shown = yes_no_map(
    ...     squares, pd.Series([False], index=["3374010"]), title="Aid posts", legend_title="Post open?",
    ...     source="Example", as_of="2020-04", language="en",
    ... )
    >>> print(shown.alt)
    Map of kecamatan: Aid posts. As of April 2020. Yes: 0 kecamatan. No: 1 kecamatan (Mijen). No data ...
    """
    spoken = speak(language)
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
    words = {"yes": yes or spoken.t("Yes"), "no": no or spoken.t("No")}
    return _category_map(
        boundaries,
        answers,
        words,
        (YES, NO),
        title=title,
        legend_title=legend_title,
        source=source,
        as_of=as_of,
        spoken=spoken,
        states=states,
        labels=labels,
        unit_name=unit_name,
        notes=notes,
        width=width,
    )


def category_map(
    boundaries: gpd.GeoDataFrame,
    values: pd.Series,
    *,
    categories: Mapping[str, str] | Sequence[str],
    title: str,
    legend_title: str,
    source: str,
    as_of: date | Quarter | str,
    language: str | Language,
    states: pd.Series | None = None,
    labels: str = "name",
    unit_name: str = "kecamatan",
    notes: Sequence[str] = (),
    width: float = 7.0,
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
    title, legend_title, source, as_of, language, states, labels, unit_name, notes, width
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
    >>> squares = gpd.GeoDataFrame(
    ...     {"code_bps": ["3374010", "3374020"], "name": ["Mijen", "Gunungpati"]},
    ...     geometry=[shapely.box(110.0, -7.0, 110.1, -6.9), shapely.box(110.1, -7.0, 110.2, -6.9)],
    ...     crs="EPSG:4326",
    ... )
    >>> evidence = pd.Series(["figure", "mention"], index=["3374010", "3374020"])
    >>> shown = category_map(
    ...     squares, evidence, categories={"figure": "A figure", "mention": "A mention"}, title="Evidence",
    ...     legend_title="What is published", source="Example", as_of="2023", language="en",
    ... )
    >>> shown.table["class"].tolist()
    ['A figure', 'A mention']
    """
    spoken = speak(language)
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
    chosen = {1: (0,), 2: (0, 3), 3: (0, 2, 4), 4: (0, 1, 3, 4), 5: (0, 1, 2, 3, 4)}[len(words)]
    return _category_map(
        boundaries,
        values.astype(object),
        words,
        tuple(CATEGORIES[i] for i in chosen),
        title=title,
        legend_title=legend_title,
        source=source,
        as_of=as_of,
        spoken=spoken,
        states=states,
        labels=labels,
        unit_name=unit_name,
        notes=notes,
        width=width,
    )


def _category_map(
    boundaries: gpd.GeoDataFrame,
    values: pd.Series,
    words: Mapping[str, str],
    styles: Sequence[Style],
    *,
    title: str,
    legend_title: str,
    source: str,
    as_of: date | Quarter | str,
    spoken: Language,
    states: pd.Series | None,
    labels: str,
    unit_name: str,
    notes: Sequence[str],
    width: float,
) -> MapFigure:
    table = join_values(boundaries, values, states)
    numbers = {name: i for i, name in enumerate(words)}
    table["class"] = table["value"].map(numbers).astype("Int64")
    members = {name: list(table.loc[table["value"] == name, "name"]) for name in words}
    entries = [
        Entry(label, f"{spoken.number(len(members[name]), 0)} {unit_name}", style)
        for (name, label), style in zip(words.items(), styles, strict=True)
    ]
    entries += state_entries(table["state"], unit_name, spoken)
    texts = heading(
        title=title,
        legend_title=legend_title,
        source=source,
        as_of=as_of,
        language=spoken,
        outline=boundary_note(boundaries, spoken),
        illustrative=bool((table["state"] == "illustrative").any()),
        remarks=notes,
    )
    drawn = district_styles(table, styles)
    with settings():
        laid = lay_out(
            texts,
            entries,
            project(boundaries),
            table,
            label_texts(table, labels),
            labels=labels,
            width=width,
            language=spoken,
        )
        draw_map(laid, table, drawn, spoken)
    alt = [spoken.t("Map of {unit}: {title}. {as_of}.", unit=unit_name, title=texts.title, as_of=texts.subtitle)]
    for name, label in words.items():
        count = f"{label}: {spoken.number(len(members[name]), 0)} {unit_name}"
        named = f" ({spoken.list(sorted(members[name]))})" if members[name] else ""
        alt.append(f"{count}{named}.")
    alt += missing_text(table, unit_name=unit_name, language=spoken)
    alt.append(cautious_text(spoken))
    shown = table["value"].map(dict(words))
    return MapFigure(
        laid.page.sheet.figure,
        " ".join(alt),
        table.assign(**{"class": shown})[["code", "name", "value", "class", "state"]],
        title=texts.title,
        caption=caption(texts.notes, as_of, spoken),
        language=spoken.code,
        tips=tips(table, ["" if pd.isna(text) else str(text) for text in shown], spoken, "d-"),
        foot=laid.page.foot,
    )
