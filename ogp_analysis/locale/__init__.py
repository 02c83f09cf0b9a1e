"""The reader's language: texts, numbers, money, dates and quarters.

English texts are the keys (gettext style); every other language is one catalogue file ``<code>.po`` in this
folder or in the one that ``OGP_ANALYSIS_LOCALE`` names, so a further language needs a file and no code. A text of
the library without a translation raises: a page never falls back silently to another language. The texts of a
case stand in its tables in English and Indonesian; a third language shows its catalogue's translation of them
where there is one, else one of the two (see :attr:`Language.tables`).
"""

from __future__ import annotations

import datetime
import math
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal, localcontext
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from babel.dates import format_date
from babel.numbers import format_decimal

from ogp_analysis.errors import OgpAnalysisError, ParameterError, nearest
from ogp_analysis.locale.catalogues import FOLDER as FOLDER
from ogp_analysis.locale.catalogues import SOURCE_LANGUAGE, babel_locale, catalogues, read_catalogue
from ogp_analysis.quarter import Quarter, Span

if TYPE_CHECKING:
    from babel import Locale
    from babel.messages.catalog import Catalog

AMOUNTS = {10**12: "IDR {amount} trillion", 10**9: "IDR {amount} billion", 10**6: "IDR {amount} million"}
ROMAN = {1: "I", 2: "II", 3: "III", 4: "IV"}


class MissingTranslation(OgpAnalysisError):  # noqa: N818 - the name says what is missing
    """A text has no entry in the catalogue of the language asked for."""


def languages() -> list[str]:
    """Codes of the languages a report can be written in, Indonesian first.

    Examples
    --------
    >>> languages()
    ['id', 'en']
    """
    return sorted({*catalogues(), SOURCE_LANGUAGE}, key=lambda code: (code != "id", code))


def get_language(code: str) -> Language:
    """The :class:`Language` with a code.

    Raises
    ------
    ParameterError
        If there is no catalogue for the code, or it cannot be used.

    Examples
    --------
    >>> get_language("id").number(1653524)
    '1.653.524'
    >>> get_language("jv")
    Traceback (most recent call last):
    ...
    ogp_analysis.errors.ParameterError: There is no language 'jv'.
    What to do: Use one of: id, en. For another, OGP_ANALYSIS_LOCALE names the folder of its catalogue.
    """
    if code not in languages():
        other = "For another, OGP_ANALYSIS_LOCALE names the folder of its catalogue."
        raise ParameterError(f"There is no language {code!r}.", hint=f"{nearest(str(code), languages())} {other}")
    return _language(code, catalogues().get(code) if code != SOURCE_LANGUAGE else None)


@lru_cache
def _language(code: str, path: Path | None) -> Language:
    locale = babel_locale(code, path)
    return Language(code, locale) if path is None else Language(code, locale, *read_catalogue(code, path))


@dataclass(frozen=True)
class Language:
    """Everything that differs between a page in Indonesian and the same page in English.

    Examples
    --------
    >>> indonesian, english = get_language("id"), get_language("en")
    >>> indonesian.percent(61.82), english.percent(61.82)
    ('61,82%', '61.82%')
    >>> indonesian.rupiah(452_118_489_959), english.rupiah(452_118_489_959)
    ('Rp452,1 miliar', 'IDR 452.1 billion')
    >>> indonesian.date(datetime.date(2020, 10, 19)), english.date(datetime.date(2020, 10, 19))
    ('19 Oktober 2020', '19 October 2020')
    >>> indonesian.quarter(Quarter(2020, 3)), english.quarter(Quarter(2020, 3))
    ('Triwulan III 2020', 'Q3 2020')
    """

    code: str
    locale: Locale
    catalogue: Catalog | None = field(repr=False, compare=False, default=None)
    #: The language in which the texts of tables are shown: its own, or for a third language en or id.
    tables: str = SOURCE_LANGUAGE

    @property
    def tag(self) -> str:
        """The code as HTML writes it: ``pt-BR``."""
        return self.code.replace("_", "-")

    @property
    def name(self) -> str:
        """What the language calls itself."""
        return str(self.locale.get_display_name(self.code)).capitalize()

    def t(self, text: str, **values: object) -> str:
        """The text in this language, with ``{name}`` places filled from ``values``.

        Parameters
        ----------
        text : str
            The English text, exactly as in the catalogue.
        **values
            Filled in as they are; format numbers and dates first.

        Raises
        ------
        MissingTranslation
            If the catalogue has no entry for the text.
        """
        found = self.known(text)
        if not found:
            raise MissingTranslation(
                f"No translation into {self.code!r} of {text!r}.", hint=f"Add it to {self.code}.po."
            )
        return found.format(**values) if values else found

    def known(self, text: str) -> str:
        """The catalogue's translation of an English text; empty where it has none."""
        if self.catalogue is None:
            return text
        message = self.catalogue.get(text)
        found: object = message.string if message is not None and not message.fuzzy else ""
        return str(found[0] if isinstance(found, tuple | list) else found)

    def word(self, english: str, indonesian: str) -> str:
        """A word of the library that stands in both languages beside its code; a third has it in its catalogue.

        Examples
        --------
        >>> get_language("id").word("Limited", "Terbatas"), get_language("en").word("Limited", "Terbatas")
        ('Terbatas', 'Limited')
        """
        return {"id": indonesian, "en": english}.get(self.code) or self.t(english)

    def text(self, english: str, indonesian: str) -> str:
        """A text of a case's tables: in a third language its translation where there is one."""
        return {"id": indonesian, "en": english}.get(self.code) or (
            self.known(english) or (indonesian if self.tables == "id" else english)
        )

    def number(self, value: float | int | None, decimals: int | None = None) -> str:
        """A number in the reader's format; a missing one is an em dash, never a zero, and no zero has a sign.

        Rounded half up: 251.25 is shown as 251.3.

        Parameters
        ----------
        value : number or None
        decimals : int, optional
            Digits after the mark, always that many. Without it: none for whole numbers, else up to two.

        Examples
        --------
        >>> [get_language("id").number(value, 1) for value in (-0.04, -0.05, -0.06, None)]
        ['0,0', '\u22120,1', '\u22120,1', '—']
        """
        if value is None or (isinstance(value, float) and not math.isfinite(value)):
            return "—"
        if decimals is None:
            pattern = "#,##0.##"
        else:
            pattern = "#,##0" + ("." + "0" * decimals if decimals else "")
        with localcontext(rounding=ROUND_HALF_UP):  # as readers do by hand; Babel's own is half to even
            # str() keeps the shortest decimal that means the float: 61.825 stays 61.825, not 61.82499...
            text = format_decimal(Decimal(str(value)), format=pattern, locale=self.locale)
        if not any(sign.isdigit() and sign != "0" for sign in text):
            text = text.removeprefix("-")  # rounded to nothing: "-0.0" would look like a loss
        return text.replace("-", "\N{MINUS SIGN}")

    def signed(self, value: float | int | None, decimals: int | None = None) -> str:
        """A difference: :meth:`number` with a plus where it is more; one that rounds to zero has no sign.

        Examples
        --------
        >>> [get_language("en").signed(value, 1) for value in (1.26, 0.04, -0.04)]
        ['+1.3', '0.0', '0.0']
        """
        text = self.number(value, decimals)
        more = value is not None and value > 0 and any(sign.isdigit() and sign != "0" for sign in text)
        return f"+{text}" if more else text

    def counted(self, value: float, unit: str) -> str:
        """A number with its unit; English has a form of its own for one thing, Indonesian has not.

        Examples
        --------
        >>> english = get_language("en")
        >>> english.counted(2, "facilities"), english.counted(1, "facilities"), english.counted(1, "houses")
        ('2 facilities', '1 facility', '1 house')
        >>> get_language("id").counted(1, "unit")
        '1 unit'
        """
        if self.code == "en" and value == 1:
            first, space, rest = unit.partition(" ")
            if first == "people":
                first = "person"
            elif first.endswith("ies"):
                first = f"{first[:-3]}y"
            else:
                first = first.removesuffix("s")
            unit = f"{first}{space}{rest}"
        return f"{self.number(value)} {unit}"

    def percent(self, value: float | None, decimals: int | None = None) -> str:
        """A percentage given as ``61.82`` (not ``0.6182``)."""
        text = self.number(value, decimals)
        return text if text == "—" else f"{text}%"

    def rupiah(self, value: float | int | None, *, short: bool = True) -> str:
        """An amount in rupiah; ``short`` gives thousands of millions in words, one digit after the mark."""
        if value is None or (isinstance(value, float) and not math.isfinite(value)):
            return "—"
        for scale, text in AMOUNTS.items():
            if short and abs(value) >= scale:
                return self.t(text, amount=self.number(float(Decimal(str(value)) / scale), 1))
        return self.t("IDR {amount}", amount=self.number(value, 0))

    def date(self, day: datetime.date) -> str:
        """A day, written out."""
        return format_date(day, format="d MMMM y", locale=self.locale)

    def month(self, day: datetime.date) -> str:
        """A month and its year, written out."""
        return format_date(day, format="LLLL y", locale=self.locale)

    def month_short(self, day: datetime.date) -> str:
        """A month in short with its year, for the axis of a chart."""
        return format_date(day, format="LLL yy", locale=self.locale)

    def period(self, text: str | None) -> str:
        """A partial date (``2020``, ``2020-04``, ``2020-04-27``, or a range), no more exact than it is.

        A range says a month or year that both ends share only once.

        Examples
        --------
        >>> indonesian = get_language("id")
        >>> indonesian.period("2020-05"), indonesian.period("2020-05-04/2020-05-06")
        ('Mei 2020', '4–6 Mei 2020')
        >>> indonesian.period("2020-04-27/2020-05-24"), indonesian.period("2015/2019")
        ('27 April – 24 Mei 2020', '2015–2019')
        """
        if text is None or not isinstance(text, str) or not text:
            return "—"
        start, slash, end = text.partition("/")
        if slash:
            return self._range(start, end)
        span = Span.parse(text)
        if span.precision == "year":
            return str(span.first.year)
        return self.month(span.first) if span.precision == "month" else self.date(span.first)

    def _range(self, start: str, end: str) -> str:
        if start == end:
            return self.period(start)
        first, last = Span.parse(start), Span.parse(end)
        if first.precision != last.precision:  # leaving a part out would make one end look more exact than it is
            return f"{self.period(start)} – {self.period(end)}"
        if first.precision == "year":
            return f"{start}–{end}"
        if first.first.year != last.first.year:
            return f"{self.period(start)} – {self.period(end)}"
        if first.precision == "month":
            return f"{format_date(first.first, format='LLLL', locale=self.locale)} – {self.period(end)}"
        if first.first.month == last.first.month:
            return f"{first.first.day}–{self.period(end)}"
        return f"{format_date(first.first, format='d MMMM', locale=self.locale)} – {self.period(end)}"

    def quarter(self, quarter: Quarter) -> str:
        """A quarter as the reader names it."""
        number = quarter.number
        return self.t("Q{number} {year}", number=number, roman=ROMAN[number], year=quarter.year)

    def list(self, items: list[str]) -> str:
        """Items joined as in a sentence.

        Examples
        --------
        >>> get_language("id").list(["Tugu", "Mijen", "Genuk"])
        'Tugu, Mijen, dan Genuk'
        """
        if len(items) < 2:
            return "".join(items)
        if len(items) == 2:
            return self.t("{first} and {last}", first=items[0], last=items[1])
        return self.t("{several} and {last}", several=", ".join(items[:-1]), last=items[-1])
