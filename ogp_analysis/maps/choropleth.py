"""Maps of rates in classes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

import pandas as pd

from ogp_analysis.errors import ParameterError
from ogp_analysis.locale import Language
from ogp_analysis.maps.alt import cautious_text, pattern_text, value_text
from ogp_analysis.maps.areas import district_styles, draw_map, label_texts, lay_out, state_entries
from ogp_analysis.maps.classes import Classes
from ogp_analysis.maps.figure import MapFigure
from ogp_analysis.maps.join import check_kind, join_values
from ogp_analysis.maps.page import Entry, as_of_text, boundary_note, heading, speak
from ogp_analysis.maps.palettes import class_styles
from ogp_analysis.maps.projection import project
from ogp_analysis.maps.sheet import settings
from ogp_analysis.quarter import Quarter

if TYPE_CHECKING:
    import geopandas as gpd


def choropleth(
    boundaries: gpd.GeoDataFrame,
    values: pd.Series,
    *,
    classes: Classes,
    title: str,
    legend_title: str,
    source: str,
    as_of: date | Quarter | str,
    language: str | Language,
    kind: str = "rate",
    states: pd.Series | None = None,
    labels: str = "name",
    show_values: bool = False,
    unit: str = "",
    unit_name: str = "kecamatan",
    notes: Sequence[str] = (),
    width: float = 7.0,
) -> MapFigure:
    """Draw a map of rates, shaded in classes.

    Districts without data are hatched and counted in the legend, never shaded as zero. Illustrative values
    are hatched the other way with a dashed border, starred, and the title says so. Classes below zero carry
    a pattern as well as a colour.

    Parameters
    ----------
    boundaries : GeoDataFrame
        Columns ``code_bps``, ``name``, geometry; ``attrs["boundaries"]`` says what outline it is.
    values : Series of numbers
        Indexed by ``code_bps`` as text. Districts left out are *no data*.
    classes : Classes
        From :func:`make_classes`; use the same for all maps that will be compared.
    title, legend_title, source : str
        In the reader's language.
    as_of : Quarter, date or str
        Day the values stand for; text may be ``2023``, ``2023-12`` or ``2023-12-31``.
    language : str or Language
        ``id`` or ``en``.
    kind : str
        ``rate``, ``share``, ``index`` or ``change``. A ``count`` or an ``amount`` raises.
    states : Series of text, optional
        ``measured``, ``derived``, ``illustrative``, ``no_data``, ``not_applicable`` by code.
    labels : {"name", "code", "number", "none"}
    show_values : bool
        Print the value below the label.
    unit : str
        Written after values; ``%`` without a space.
    unit_name : str
        What a district is called in the legend.
    notes : sequence of str
        Further lines under the map.
    width : float
        Inches, at least 4.

    Returns
    -------
    MapFigure

    Raises
    ------
    ParameterError
        If counts are to be shaded, codes are unknown or not text, a value lies outside the classes, or a
        text is missing.

    Examples
    --------
    >>> import geopandas as gpd, shapely
    >>> from ogp_analysis.maps import make_classes
    >>> squares = gpd.GeoDataFrame(
    ...     {"code_bps": ["3374010", "3374020"], "name": ["Mijen", "Gunungpati"]},
    ...     geometry=[shapely.box(110.0, -7.0, 110.1, -6.9), shapely.box(110.1, -7.0, 110.2, -6.9)],
    ...     crs="EPSG:4326",
    ... )
    >>> shares = pd.Series([12.5], index=["3374010"])
    >>> shown = choropleth(
    ...     squares, shares, classes=make_classes(shares), title="Households reached", legend_title="Share (%)",
    ...     source="Example", as_of="2023-12", language="en", unit="%",
    ... )
    >>> print(shown.alt)
    Map of kecamatan: Households reached. As of December 2023. 1 of 2 kecamatan have a value. ...
    """
    check_kind(kind, "choropleth")
    spoken = speak(language)
    if not isinstance(classes, Classes):
        raise ParameterError(
            f"The classes are a {type(classes).__name__}, not Classes.", hint="Use classes=make_classes(values)."
        )
    table = classed_table(boundaries, values, states, classes)
    by_class = class_styles(classes.negative(), diverging=classes.diverging)
    entries = class_entries(table["class"], classes, unit_name, spoken)
    entries += state_entries(table["state"], unit_name, spoken)
    marked = bool((table["state"] == "illustrative").any())
    texts = heading(
        title=title,
        legend_title=legend_title,
        source=source,
        as_of=as_of,
        language=spoken,
        outline=boundary_note(boundaries, spoken),
        illustrative=marked,
        remarks=notes,
    )
    printed = [
        "" if pd.isna(value) else value_text(value, classes.decimals, unit, spoken) for value in table["value"]
    ]
    options = label_texts(table, labels, printed if show_values else ())
    styles = district_styles(table, by_class)
    with settings():
        laid = lay_out(
            texts, entries, project(boundaries), table, options, labels=labels, width=width, language=spoken
        )
        draw_map(laid, table, styles, spoken)
    alt = [
        spoken.t("Map of {unit}: {title}. {as_of}.", unit=unit_name, title=texts.title, as_of=texts.subtitle),
        *pattern_text(
            table,
            decimals=classes.decimals,
            unit=unit,
            unit_name=unit_name,
            language=spoken,
            counts=class_counts(table["class"], classes, spoken),
        ),
        cautious_text(spoken),
    ]
    return MapFigure(
        laid.page.sheet.figure,
        " ".join(alt),
        labelled(table, classes, spoken),
        title=texts.title,
        caption=caption(texts.notes, as_of, spoken),
        language=spoken.code,
        tips=tips(table, printed, spoken, "d-"),
        foot=laid.page.foot,
    )


def classed_table(
    boundaries: pd.DataFrame, values: pd.Series, states: pd.Series | None, classes: Classes
) -> pd.DataFrame:
    """Join values to districts and add the number of each value's class."""
    if isinstance(values, pd.Series) and not pd.api.types.is_numeric_dtype(values) and values.notna().any():
        raise ParameterError(
            f"The values are {values.dtype}, not numbers; example: {values.dropna().iloc[0]!r}.",
            hint="Use category_map for categories, yes_no_map for yes/no.",
        )
    table = join_values(boundaries, values, states)
    numbers = pd.to_numeric(table["value"]).astype("float64")
    return table.assign(value=numbers, **{"class": classes.assign(numbers.set_axis(table["code"])).to_numpy()})


def class_counts(numbers: pd.Series, classes: Classes, language: Language) -> list[tuple[str, int]]:
    """Count the districts in each class, lowest class first."""
    return [(label, int((numbers == i).sum())) for i, label in enumerate(classes.labels_in(language))]


def class_entries(numbers: pd.Series, classes: Classes, unit_name: str, language: Language) -> list[Entry]:
    """Give the legend entries of the classes, highest first as on a ladder, with their counts."""
    by_class = class_styles(classes.negative(), diverging=classes.diverging)
    counted = class_counts(numbers, classes, language)
    return [
        Entry(label, f"{language.number(count, 0)} {unit_name}", style)
        for (label, count), style in reversed(list(zip(counted, by_class, strict=True)))
    ]


def labelled(table: pd.DataFrame, classes: Classes, language: Language) -> pd.DataFrame:
    """Give the table behind the map, with the class as the reader sees it."""
    names = dict(enumerate(classes.labels_in(language)))
    text = table["class"].map(names)
    return table.assign(**{"class": text})[
        [*(["panel"] if "panel" in table else []), "code", "name", "value", "class", "state"]
    ]


def caption(notes: Sequence[str], as_of: date | Quarter | str, language: Language) -> str:
    """Join source, date and outline into one caption."""
    first, *rest = notes
    return " ".join([first.rstrip(".") + ".", as_of_text(as_of, language) + ".", *rest])


def tips(table: pd.DataFrame, printed: Sequence[str], language: Language, prefix: str) -> dict[str, str]:
    """Give what is shown when the pointer rests on a district: its name and its value or state."""
    words = {"no_data": language.t("No data"), "not_applicable": language.t("Not applicable")}
    return {
        f"{prefix}{code}": f"{name}: {words.get(state, text)}"
        for code, name, state, text in zip(table["code"], table["name"], table["state"], printed, strict=True)
    }
