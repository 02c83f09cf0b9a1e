"""What stands around a map of any kind: its texts, its day, its outline, its size."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

import pandas as pd

from ogp_analysis.errors import ParameterError
from ogp_analysis.locale import Language, get_language
from ogp_analysis.maps.figure import MapFigure
from ogp_analysis.maps.heading import Heading
from ogp_analysis.quarter import Quarter, Span

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ogp_analysis.maps.page import Page


@dataclass(frozen=True)
class Frame:
    """What every kind of map needs besides its values: what it is called, for when, from where, how large.

    Parameters
    ----------
    title, legend_title, source : str
        In the reader's language; none may be empty.
    as_of : Quarter, date, str or None
        Day or period the values stand for; text may be ``2023``, ``2023-12``, ``2023-12-31`` or a range such as
        ``2020-05-04/2020-05-06``. None only where panels carry their own days, see :func:`small_multiples`.
    language : str or Language
        ``id`` or ``en``.
    unit_name : str
        What a district is called in the legend.
    notes : sequence of str
        Further lines under the map.
    width : float
        Inches, at least 4.
    legend_below : bool, optional
        Put the legend below the map, which leaves the map more room; without it, only that of a wide map.

    Raises
    ------
    ParameterError
        If title, legend title or source is empty.

    Examples
    --------
    >>> frame = Frame("Households reached", "Share (%)", "Example", as_of="2023-12", language="en")
    >>> frame.counted(3)
    '3 kecamatan'
    """

    title: str
    legend_title: str
    source: str
    as_of: date | Quarter | str | None
    language: str | Language
    unit_name: str = "kecamatan"
    notes: Sequence[str] = ()
    width: float = 7.0
    legend_below: bool | None = None

    def __post_init__(self) -> None:
        for name in ("title", "legend_title", "source"):
            text = getattr(self, name)
            if not isinstance(text, str) or not text.strip():
                raise ParameterError(
                    f"A map needs a {name}; found {text!r}.", hint=f"Give {name}= in the reader's language."
                )

    @property
    def spoken(self) -> Language:
        """The reader's language."""
        return self.language if isinstance(self.language, Language) else get_language(self.language)

    def counted(self, number: int) -> str:
        """Write a number of districts: ``3 kecamatan``."""
        return f"{self.spoken.number(int(number), 0)} {self.unit_name}"

    def texts(self, states: pd.Series, outline: str, remarks: Sequence[str] = (), day: str = "") -> Heading:
        """Gather what is written around the map.

        Parameters
        ----------
        states : Series of text
            Of every district; one illustrative value is said in the title.
        outline : str
            What the areas are.
        remarks : sequence of str
            Lines that belong to the kind of map, before the notes of this one.
        day : str
            What to say in place of the day the values stand for.
        """
        title = self.title
        if (states == "illustrative").any():
            title = self.spoken.t("{title} (illustrative values)", title=title)
        notes = (self.spoken.t("Source: {source}", source=self.source), outline, *remarks, *self.notes)
        subtitle = day or as_of_text(self.as_of, self.spoken)
        # a title that names the period itself is not followed by it once more
        return Heading(title, "" if subtitle in title else subtitle, self.legend_title, notes)

    def opening(self, texts: Heading) -> str:
        """Begin the description of a map."""
        return texts.dated(self.spoken.t("Map of {unit}: {title}", unit=self.unit_name, title=texts.title))

    def finished(
        self,
        page: Page,
        texts: Heading,
        words: Sequence[str],
        table: pd.DataFrame,
        tips: Mapping[str, str],
        *,
        measured: bool = True,
    ) -> MapFigure:
        """Put drawing, description and table together.

        Parameters
        ----------
        page : Page
            With everything drawn on it.
        texts : Heading
        words : sequence of str
            Sentences that describe the map.
        table : DataFrame
            The data behind it; columns for drawing are left out.
        tips : mapping
            See :class:`MapFigure`.
        measured : bool
            Whether the map shows how much there is; then its description warns of small differences.
        """
        columns = [name for name in ("panel", "code", "name", "value", "class", "state") if name in table]
        return MapFigure(
            page.sheet.figure,
            " ".join([*words, *([_caution(self.spoken)] if measured else [])]),
            table[columns],
            title=texts.title,
            caption=texts.caption,
            language=self.spoken.code,
            tips=tips,
            foot=page.foot,
            decimals=int(table["decimals"].max()) if "decimals" in table else None,
        )


def as_of_text(as_of: date | Quarter | str | None, language: Language) -> str:
    """Write the day the map stands for; a range of days is not *as of* one of them.

    Examples
    --------
    >>> as_of_text(Quarter(2023, 4), get_language("en")), as_of_text("2020-05-04/2020-05-06", get_language("en"))
    ('As of 31 December 2023', '4–6 May 2020')
    """
    if isinstance(as_of, Quarter):
        text = language.date(as_of.last_day)
    elif isinstance(as_of, date):
        text = language.date(as_of)
    elif isinstance(as_of, str) and as_of.strip():
        text = language.period(as_of.strip())
        if "/" in as_of:
            return text
        if Span.parse(as_of).precision == "year":
            return language.t("Year {year}", year=text)
    else:
        raise ParameterError(
            f"A map needs the date it stands for; found {as_of!r}.",
            hint="Give as_of as a Quarter, a date, or text such as '2023-12-31', '2023-12' or '2023'.",
        )
    return language.t("As of {date}", date=text)


def boundary_note(boundaries: Any, language: Language) -> str:
    """Say which outline a map uses, from ``boundaries.attrs["boundaries"]``.

    Parameters
    ----------
    boundaries : GeoDataFrame
    language : Language
    """
    about = boundaries.attrs.get("boundaries") or {}
    if about.get("kind") == "schematic" and about.get("points") == "kecamatan":
        return language.t(
            "Schematic outline computed from one point for each kecamatan; not an official boundary."
        )
    if about.get("kind") == "schematic":
        return language.t("Schematic outline computed from village points; not an official boundary.")
    english = str(about.get("source_en") or "")
    source = language.text(english, str(about.get("source_id") or english)) if english else ""
    if not source:
        return language.t("Boundaries: source not stated.")
    vintage = about.get("vintage")
    return language.t("Boundaries: {source}.", source=f"{source} ({vintage})" if vintage else str(source))


def _caution(language: Language) -> str:
    """Remind the reader of what a map cannot show."""
    return language.t(
        "The map shows where values differ, not why; small differences between neighbours may be due to chance."
    )
