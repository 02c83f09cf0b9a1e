"""What stands in one cell of a table: numbers, dates, codes and texts as the reader writes them."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

import pandas as pd

from ogp_analysis.errors import ParameterError
from ogp_analysis.labels import LABELS
from ogp_analysis.locale import Language
from ogp_analysis.reports.pieces import Break, Link, Piece, Pieces, linked, pieces_html
from ogp_analysis.scales import STATES, scale

IDENTIFIERS = ("commitment_id", "commitment_key", "criterion_id", "claim_id", "code_bps", "code")
MOST_DECIMALS = 2  # decimals shown at most


def label(code: object, language: Language) -> str:
    """The reader's word for a code of the tables.

    Examples
    --------
    >>> from ogp_analysis import get_language
    >>> label("no_data", get_language("id"))
    'tidak ada data'
    """
    if code is None or code is pd.NA or (isinstance(code, float) and math.isnan(code)):
        return "—"
    if str(code) not in LABELS:
        raise ParameterError(f"There is no label for {code!r}.", hint="Add it to ogp_analysis/labels.py.")
    return language.t(LABELS[str(code)])


def rating_label(key: Any, scale_name: str, language: Language) -> str:
    """The reader's word for a rating on a published scale, or for why there is none.

    Examples
    --------
    >>> from ogp_analysis import get_language
    >>> rating_label("substantial", "completion", get_language("id"))
    'Sebagian besar'
    >>> rating_label("NR", "completion", get_language("en"))
    'not reviewed'
    """
    if key is None or pd.isna(key):
        return "—"
    if str(key) in STATES:
        return language.t(STATES[str(key)])
    own = scale(scale_name).label(str(key))
    return language.word(own.en, own.id)


def formatted(value: Any, kind: str, language: Language, decimals: int | None = None) -> str:
    """One cell as HTML, see :func:`cell`.

    Examples
    --------
    >>> from ogp_analysis import get_language
    >>> formatted(61.82, "percent", get_language("id"))
    '61,82%'
    """
    return pieces_html(cell(value, kind, language, decimals=decimals))


def cell(
    value: Any,
    kind: str,
    language: Language,
    cite: Callable[[str], Link] | None = None,
    decimals: int | None = None,
) -> Pieces:
    """One cell as the reader writes it; a missing value is an em dash.

    Parameters
    ----------
    value : object
    kind : str
        ``number`` (up to two decimals), ``mixed`` and ``signed_mixed`` (the same, in a column of several units),
        ``whole``, ``one``, ``two`` or ``three`` decimals, ``percent`` (61.82), ``rate`` (the same, with the
        decimals that a source printed), ``share`` (0.6182), ``points`` (a difference of two shares, in percentage
        points), ``rupiah``, ``signed``, ``text``, ``label`` (a code), ``period`` (a partial date), ``date``,
        ``yes`` (true or false), ``source`` (source ids), ``cited`` (pairs of a text and its source ids, one a
        line), ``msg`` (a text of the catalogue), ``scale:`` and a name (a rating on that scale), ``printed`` (a
        figure, range or date kept as text, written as the reader writes numbers), ``id`` (never broken).
    language : Language
    cite : function, optional
        Turns a source id into a reference.
    decimals : int, optional
        Decimals of ``number``, ``signed`` and ``percent``; without it as many as the value needs.

    Raises
    ------
    ParameterError
        If there is no such kind.
    """
    if kind == "source":
        return () if pd.isna(value) else _cited(str(value), cite)
    if value is None or (not isinstance(value, list | tuple) and pd.isna(value)):
        return ("—",)
    if kind == "cited":
        lines: list[Piece] = []
        for text, ids in value:
            own = _cited(ids, cite)
            lines += [*([Break()] if lines else []), f"{text} " if own else text, *own]
        return tuple(lines)
    if kind.startswith("scale:"):
        return (rating_label(value, kind.removeprefix("scale:"), language),)
    shown: Mapping[str, Callable[[], str]] = {
        "number": lambda: language.number(value, decimals),
        "mixed": lambda: language.number(value),
        "whole": lambda: language.number(value, 0),
        "one": lambda: language.number(value, 1),
        "two": lambda: language.number(value, 2),
        "three": lambda: language.number(value, 3),
        "signed": lambda: language.signed(value, decimals),
        "signed_mixed": lambda: language.signed(value),
        "points": lambda: language.signed(100 * value, 1),
        "percent": lambda: language.percent(value, decimals),
        "rate": lambda: language.percent(value),
        "share": lambda: language.percent(100 * value, 1),
        "rupiah": lambda: language.rupiah(value),
        "label": lambda: label(value, language),
        "period": lambda: language.period(str(value)),
        "date": lambda: language.date(value),
        "yes": lambda: language.t("yes") if value else language.t("no"),
        "text": lambda: _typeset(str(value)),
        "id": lambda: str(value),
        "msg": lambda: language.t(str(value)),
        "printed": lambda: printed(str(value), language),
    }
    if kind not in shown:
        raise ParameterError(f"There is no way of showing {kind!r}.", hint=f"Use one of: {', '.join(shown)}.")
    text = shown[kind]()
    return linked(text) if kind == "text" else (text,)


def _cited(ids: str, cite: Callable[[str], Link] | None) -> Pieces:
    found: list[Piece] = []
    for each in (part.strip() for part in ids.split(";") if part.strip()):
        found += [*([" "] if found else []), cite(each) if cite else each]
    return tuple(found)


def _typeset(text: str) -> str:
    """Signs that tables write with two characters as one, so that no line breaks within them."""
    for written, sign in {"->": "→", "<=": "≤", ">=": "≥", "!=": "≠"}.items():
        text = text.replace(written, sign)
    return text


def column_decimals(values: Iterable[Any]) -> int:
    """How many decimals the numbers of one column need, two at most: all of them are written with as many.

    Examples
    --------
    >>> column_decimals([12.5, 3.0, None, 0.257]), column_decimals([12.0, 3])
    (2, 0)
    """
    known = [Decimal(str(value)) for value in values if not pd.isna(value)]
    needed = [-int(value.normalize().as_tuple().exponent) for value in known if value.is_finite()]
    return min(MOST_DECIMALS, max([0, *needed]))


def printed(text: str, language: Language) -> str:
    """A figure, a range of figures or a date that a table keeps as text, as the reader writes it.

    Examples
    --------
    >>> from ogp_analysis import get_language
    >>> indonesian = get_language("id")
    >>> [printed(text, indonesian) for text in ("61.82", "6.18-6.21", "2015-2020", "-2019", "2020-10-19", "17420")]
    ['61,82', '6,18–6,21', '2015–2020', '… – 2019', '19 Oktober 2020', '17.420']
    """
    if re.fullmatch(r"(19|20)\d\d(-(19|20)\d\d)?", text):
        return text.replace("-", "–")
    if re.fullmatch(r"-(19|20)\d\d|(19|20)\d\d-", text):
        return f"… – {text[1:]}" if text.startswith("-") else f"{text[:-1]} – …"
    if re.fullmatch(r"\d{4}-\d{2}(-\d{2})?", text):
        return language.period(text)
    if re.fullmatch(r"\d+(\.\d+)?(-\d+(\.\d+)?)?", text):
        return "–".join(language.number(float(part)) for part in text.split("-"))
    return text


def guessed_kind(column: pd.Series[Any]) -> str:
    """How a column is shown when nothing is said: by its type."""
    if pd.api.types.is_bool_dtype(column):
        return "yes"
    if pd.api.types.is_numeric_dtype(column):
        return "number"
    known = column.dropna()
    if len(known) and isinstance(known.iloc[0], date):
        return "date"
    if str(column.name).endswith("source_id"):
        return "source"
    return "id" if str(column.name) in IDENTIFIERS else "text"
