"""What every cleaning function does first to a cell: make its characters comparable, change nothing else."""

from __future__ import annotations

import re
import unicodedata

import pandas as pd

# Zero-width characters, the byte-order mark and the soft hyphen carry no meaning in a table cell.
_INVISIBLE = re.compile("[\u200b\u200c\u200d\u2060\ufeff\u00ad]")
_DASHES = re.compile("[\u2010\u2011\u2012\u2013\u2014\u2015\u2212]")
_LINE_BREAK = re.compile(r"<br\s*/?>", re.IGNORECASE)
# Halves of surrogate pairs are no characters: JSON can name one and Python reads it, but no table can hold it.
_HALF = re.compile("[\ud800-\udfff]")
_EMPHASIS = re.compile(r"^(\*\*|~~|__)\s*(.*?)\s*\1$", re.DOTALL)

_TOTAL = r"(?:grand\s*total|sub\s*-?\s*total|total|jumlah)"
_TOTAL_ROW = re.compile(rf"^{_TOTAL}(?:\s*[/|(]\s*{_TOTAL}\)?)?\s*:?$", re.IGNORECASE)
_SUBTOTAL_ROW = re.compile(
    rf"^(?:(?P<after>.+?)\s+{_TOTAL}|{_TOTAL}\s+(?P<before>(?:kec|kota|kab)\w*\b\.?\s*\D+))\s*:?$", re.IGNORECASE
)


def is_missing(value: object) -> bool:
    """Say whether a cell is ``None``, ``NaN``, ``NaT`` or ``pd.NA``."""
    return value is None or value is pd.NA or value is pd.NaT or (isinstance(value, float) and value != value)


def storable(text: str) -> str:
    r"""Put U+FFFD for each half of a surrogate pair, so that what is reported of a cell can be written somewhere.

    Examples
    --------
    >>> storable("a\ud800")
    'a\ufffd'
    """
    return _HALF.sub("\ufffd", text)


def clean(value: object) -> str:
    r"""Give a cell as text: blanks and dashes plain, nothing invisible or unstorable, no bold or struck-out marks.

    Examples
    --------
    >>> clean("**Gunung\u00a0Pati**")
    'Gunung Pati'
    >>> clean(" \u20131.213 ")
    '-1.213'
    """
    if is_missing(value):
        return ""
    text = _DASHES.sub("-", _INVISIBLE.sub("", _LINE_BREAK.sub(" ", storable(str(value)))))
    text = " ".join(text.split())  # str.split knows the no-break and the thin space
    while match := _EMPHASIS.match(text):
        text = match[2]
    return text


def fold(text: str) -> str:
    """Keep the letters a to z only, lower case, accents off: the form in which two spellings are compared.

    Examples
    --------
    >>> fold("3. Gunung-Pati"), fold("Kálipancur")
    ('gunungpati', 'kalipancur')
    """
    letters = unicodedata.normalize("NFKD", text).casefold()
    return re.sub("[^a-z]", "", letters)


def total_of(text: str) -> str | None:
    """Say what a total row sums: ``""`` for a grand total, a name for a subtotal, ``None`` for no total.

    Examples
    --------
    >>> total_of("Jumlah/Total"), total_of("Gunung Pati Total"), total_of("Mijen")
    ('', 'Gunung Pati', None)
    """
    if _TOTAL_ROW.match(text):
        return ""
    match = _SUBTOTAL_ROW.match(text)
    return (match["after"] or match["before"]).strip() if match else None
