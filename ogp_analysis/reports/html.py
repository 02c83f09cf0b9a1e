"""HTML of the tables in a report: plain, labelled for screen readers, numbers as the reader writes them."""

from __future__ import annotations

import html
import math
import re
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

import pandas as pd

from ogp_analysis.errors import ParameterError
from ogp_analysis.locale import Language
from ogp_analysis.quarter import Quarter
from ogp_analysis.reports.labels import LABELS

#: How a column may be shown; the first group is right-aligned.
NUMERIC = ("number", "whole", "one", "two", "percent", "share", "rupiah", "signed")
IDENTIFIERS = ("commitment_id", "commitment_key", "criterion_id", "claim_id", "code_bps", "code")
TEXTUAL = ("text", "label", "period", "date", "yes", "source", "msg", "printed", "id")


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
        raise ParameterError(f"There is no label for {code!r}.", hint="Add it to ogp_analysis/reports/labels.py.")
    return language.t(LABELS[str(code)])


def formatted(value: Any, kind: str, language: Language, cite: Callable[[str], str] | None = None) -> str:
    """One cell as HTML; a missing value is an em dash.

    Parameters
    ----------
    value : object
    kind : str
        ``number`` (up to two decimals), ``whole``, ``one`` or ``two`` decimals, ``percent`` (61.82), ``share``
        (0.6182), ``rupiah``, ``signed``, ``text``, ``label`` (a code), ``period`` (a partial date), ``date``,
        ``yes`` (true or false), ``source`` (source ids), ``msg`` (a text of the catalogue), ``printed`` (a
        figure, range or date kept as text, written as the reader writes numbers), ``id`` (never broken).
    """
    if kind == "source":
        ids = [] if pd.isna(value) else [part.strip() for part in str(value).split(";")]
        return " ".join(cite(each) if cite else html.escape(each) for each in ids)
    if value is None or (not isinstance(value, list | tuple) and pd.isna(value)):
        return "—"
    shown: Mapping[str, Callable[[], str]] = {
        "number": lambda: language.number(value),
        "whole": lambda: language.number(value, 0),
        "one": lambda: language.number(value, 1),
        "two": lambda: language.number(value, 2),
        "signed": lambda: ("+" if value > 0 else "") + language.number(value),
        "percent": lambda: language.percent(value),
        "share": lambda: language.percent(100 * value, 1),
        "rupiah": lambda: language.rupiah(value),
        "label": lambda: label(value, language),
        "period": lambda: language.period(str(value)),
        "date": lambda: language.date(value),
        "yes": lambda: language.t("yes") if value else language.t("no"),
        "text": lambda: str(value),
        "id": lambda: str(value),
        "msg": lambda: language.t(str(value)),
        "printed": lambda: printed(str(value), language),
    }
    if kind not in shown:
        raise ParameterError(f"There is no way of showing {kind!r}.", hint=f"Use one of: {', '.join(shown)}.")
    return _breakable(html.escape(shown[kind]()))


def _breakable(text: str) -> str:
    """Let an address in a text break, so that it does not push a table off the page."""
    return re.sub(r"\S{25,}", lambda long: re.sub(r"([/._=?-])(?=\w)", r"\1<wbr>", long[0]), text)


def printed(text: str, language: Language) -> str:
    """A figure, a range of figures or a date that a table keeps as text, as the reader writes it.

    Examples
    --------
    >>> from ogp_analysis import get_language
    >>> indonesian = get_language("id")
    >>> [printed(text, indonesian) for text in ("61.82", "6.18-6.21", "2015-2020", "2020-10-19", "17420")]
    ['61,82', '6,18–6,21', '2015–2020', '19 Oktober 2020', '17.420']
    """
    if re.fullmatch(r"(19|20)\d\d(-(19|20)\d\d)?", text):
        return text.replace("-", "–")
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


def resolved(frame: pd.DataFrame, name: str, language: Language) -> pd.Series[Any]:
    """A column by name, or the one of a pair that is in the reader's language."""
    if name in frame:
        return frame[name]
    if f"{name}_{language.code}" in frame:
        return frame[f"{name}_{language.code}"]
    if f"{name}_en" in frame:  # a third language reads the tables' English
        return frame[f"{name}_en"]
    raise ParameterError(
        f"The table has no column {name!r}.", hint=f"It has: {', '.join(map(str, frame.columns))}."
    )


def table_html(
    frame: pd.DataFrame,
    columns: Mapping[str, str],
    language: Language,
    *,
    caption: str,
    formats: Mapping[str, str] | None = None,
    note: str = "",
    cite: Callable[[str], str] | None = None,
) -> str:
    """A table as HTML.

    Parameters
    ----------
    frame : DataFrame
        Data.
    columns : mapping of column to header
        What to show, in order; headers already in the reader's language. ``name`` stands for ``name_id`` or
        ``name_en`` where there is a pair.
    language : Language
    caption : str
        Title of the table, in the reader's language.
    formats : mapping of column to kind, optional
        See :func:`formatted`; columns left out are shown by their type.
    note : str
        A line under the table.
    cite : function, optional
        Turns a source id into a reference.
    """
    formats = formats or {}
    kinds, cells = {}, {}
    for name in columns:
        series = resolved(frame, name, language)
        kinds[name] = formats.get(name) or guessed_kind(series)
        cells[name] = [formatted(value, kinds[name], language, cite) for value in series]
    head = "".join(
        f'<th scope="col"{_align(kinds[name])}>{html.escape(title)}</th>' for name, title in columns.items()
    )
    first = next(iter(columns))
    body = []
    for at in range(len(frame)):
        row = [
            f'<th scope="row"{_align(kinds[name])}>{cells[name][at]}</th>'
            if name == first and kinds[name] in TEXTUAL
            else f"<td{_align(kinds[name])}>{cells[name][at]}</td>"
            for name in columns
        ]
        body.append(f"<tr>{''.join(row)}</tr>")
    foot = f'<p class="note">{html.escape(note)}</p>' if note else ""
    return (
        f'<div class="ogp-table" lang="{language.code}"><table><caption>{html.escape(caption)}</caption>'
        f"<thead><tr>{head}</tr></thead><tbody>{''.join(body)}</tbody></table>{foot}</div>"
    )


def _align(kind: str) -> str:
    if kind == "id":
        return ' class="id"'
    return ' class="n"' if kind in NUMERIC else ""


def as_of_text(quarter: Quarter, language: Language) -> str:
    """The line that says which day a page stands at."""
    return language.t(
        "{quarter}, as of {day}", quarter=language.quarter(quarter), day=language.date(quarter.last_day)
    )
