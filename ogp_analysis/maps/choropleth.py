"""Maps of rates in classes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from ogp_analysis.errors import ParameterError
from ogp_analysis.locale import Language
from ogp_analysis.maps.alt import pattern_text, tips, value_texts
from ogp_analysis.maps.areas import district_styles, draw_map, label_texts, lay_out, state_entries
from ogp_analysis.maps.classes import Classes
from ogp_analysis.maps.figure import MapFigure
from ogp_analysis.maps.frame import Frame, boundary_note
from ogp_analysis.maps.join import check_kind, join_values
from ogp_analysis.maps.page import Entry
from ogp_analysis.maps.palettes import Style, class_styles
from ogp_analysis.maps.projection import project
from ogp_analysis.maps.sheet import settings

if TYPE_CHECKING:
    import geopandas as gpd


def choropleth(
    boundaries: gpd.GeoDataFrame,
    values: pd.Series,
    frame: Frame,
    *,
    classes: Classes,
    kind: str = "rate",
    states: pd.Series | None = None,
    labels: str = "name",
    show_values: bool = False,
    unit: str = "",
    below: pd.Series | None = None,
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
    frame : Frame
        Title, source, day, language and size.
    classes : Classes
        From :func:`make_classes`; use the same for all maps that will be compared.
    kind : str
        ``rate``, ``share``, ``index``, ``change`` or ``rank`` (1 comes first). A ``count`` or an ``amount``
        raises.
    states : Series of text, optional
        ``measured``, ``derived``, ``illustrative``, ``no_data``, ``not_applicable``, ``withheld`` by code.
    labels : {"name", "code", "number", "none"}
    show_values : bool
        Print the value below the label.
    unit : str
        Written after values; ``%`` without a space.
    below : Series of text, optional
        By ``code_bps``: a line under each label instead of the value, such as a range.

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
    >>> from ogp_analysis.maps import Frame, make_classes
    >>> squares = gpd.GeoDataFrame(
    ...     {"code_bps": ["3374010", "3374020"], "name": ["Mijen", "Gunungpati"]},
    ...     geometry=[shapely.box(110.0, -7.0, 110.1, -6.9), shapely.box(110.1, -7.0, 110.2, -6.9)],
    ...     crs="EPSG:4326",
    ... )
    >>> shares = pd.Series([12.5], index=["3374010"])
    >>> frame = Frame("Households reached", "Share (%)", "Example", as_of="2023-12", language="en")
    >>> shown = choropleth(squares, shares, frame, classes=make_classes(shares), unit="%")
    >>> print(shown.alt)
    Map of kecamatan: Households reached. As of December 2023. 1 of 2 kecamatan have a value. ...
    """
    check_kind(kind, "choropleth")
    if not isinstance(classes, Classes):
        raise ParameterError(
            f"The classes are a {type(classes).__name__}, not Classes.", hint="Use classes=make_classes(values)."
        )
    spoken = frame.spoken
    table = classed_table(boundaries, values, states, classes)
    ranks = kind == "rank"
    entries = [*class_entries(table, classes, frame, ranks), *state_entries(table["state"], frame)]
    texts = frame.texts(table["state"], boundary_note(boundaries, spoken))
    printed = value_texts(table["value"], classes.decimals, unit, spoken)
    second = printed if show_values else ()
    if below is not None:
        second = [str(text) for text in table["code"].map(below).fillna("")]
    options = label_texts(table, labels, second)
    with settings():
        laid = lay_out(frame, texts, entries, project(boundaries), table, options, labels=labels)
        draw_map(laid, table, district_styles(table, styles_of(classes)), spoken)
    words = [frame.opening(texts), *classed_words(table, classes, frame, unit, ranks)]
    return frame.finished(laid.page, texts, words, labelled(table, classes, spoken), tips(table, printed, spoken))


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


def styles_of(classes: Classes) -> tuple[Style, ...]:
    """Give one style a class, lowest class first."""
    return class_styles(classes.negative(), diverging=classes.diverging)


def class_counts(table: pd.DataFrame, classes: Classes, language: Language) -> list[tuple[str, int]]:
    """Count the districts in each class, lowest class first."""
    return [(label, int((table["class"] == i).sum())) for i, label in enumerate(classes.labels_in(language))]


def class_entries(table: pd.DataFrame, classes: Classes, frame: Frame, ranks: bool = False) -> list[Entry]:
    """Give the legend entries of the classes, highest first as on a ladder and rank 1 first, with their counts."""
    counted = class_counts(table, classes, frame.spoken)
    entries = [
        Entry(label, frame.counted(count), style)
        for (label, count), style in zip(counted, styles_of(classes), strict=True)
    ]
    return entries if ranks else entries[::-1]


def classed_words(
    table: pd.DataFrame, classes: Classes, frame: Frame, unit: str, ranks: bool = False
) -> list[str]:
    """Describe the pattern of one map in classes."""
    counts = class_counts(table, classes, frame.spoken)
    return pattern_text(table, frame, decimals=classes.decimals, unit=unit, counts=counts, ranks=ranks)


def labelled(table: pd.DataFrame, classes: Classes, language: Language) -> pd.DataFrame:
    """Give the table behind the map: each class as the reader sees it, and the decimals that the values need."""
    names = dict(enumerate(classes.labels_in(language)))
    needed = classes.decimals_for(table["value"])
    return table.assign(**{"class": table["class"].map(names)}, decimals=needed)
