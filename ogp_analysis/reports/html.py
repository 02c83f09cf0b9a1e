"""HTML of the tables in a report: plain, labelled for screen readers, numbers as the reader writes them."""

from __future__ import annotations

import html
import math
import re
from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

import pandas as pd

from ogp_analysis.errors import ParameterError
from ogp_analysis.labels import LABELS
from ogp_analysis.locale import Language
from ogp_analysis.quarter import Quarter
from ogp_analysis.scales import STATES, scale

#: How a column may be shown; the first group is right-aligned.
NUMERIC = (
    "number",
    "mixed",
    "whole",
    "one",
    "two",
    "three",
    "percent",
    "rate",
    "share",
    "rupiah",
    "signed",
    "signed_mixed",
)
IDENTIFIERS = ("commitment_id", "commitment_key", "criterion_id", "claim_id", "code_bps", "code")
TEXTUAL = ("text", "label", "period", "date", "yes", "source", "msg", "printed", "id")
#: Kinds whose numbers get the same decimals all down a column.
ALIGNED = ("number", "signed", "percent")
MOST_DECIMALS = 2  # decimals shown at most
LONG, SOME = 60, 15  # characters from which a column of text is kept from becoming too narrow on a phone
DAY = 17  # characters of the longest day: 29 September 2021; a column of days is not broken within a day
CARDS = 7  # columns from which each row of a table becomes a card on a phone, so that nothing need be swiped


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
    return own.id if language.code == "id" else own.en


def formatted(
    value: Any,
    kind: str,
    language: Language,
    cite: Callable[[str], str] | None = None,
    decimals: int | None = None,
) -> str:
    """One cell as HTML; a missing value is an em dash.

    Parameters
    ----------
    value : object
    kind : str
        ``number`` (up to two decimals), ``mixed`` and ``signed_mixed`` (the same, in a column of several units),
        ``whole``, ``one``, ``two`` or ``three`` decimals, ``percent`` (61.82), ``rate`` (the same, with the
        decimals that a source printed), ``share`` (0.6182), ``rupiah``, ``signed``, ``text``, ``label`` (a code),
        ``period`` (a partial date), ``date``, ``yes`` (true or false), ``source`` (source ids), ``msg`` (a text of
        the catalogue), ``scale:`` and a name (a rating on that scale), ``printed`` (a figure, range or date kept
        as text, written as the reader writes numbers),
        ``id`` (never broken).
    decimals : int, optional
        Decimals of ``number``, ``signed`` and ``percent``; without it as many as the value needs.
    """
    if kind == "source":
        ids = [] if pd.isna(value) else [part.strip() for part in str(value).split(";")]
        return " ".join(cite(each) if cite else html.escape(each) for each in ids)
    if value is None or (not isinstance(value, list | tuple) and pd.isna(value)):
        return "—"
    if kind.startswith("scale:"):
        return html.escape(rating_label(value, kind.removeprefix("scale:"), language))
    shown: Mapping[str, Callable[[], str]] = {
        "number": lambda: language.number(value, decimals),
        "mixed": lambda: language.number(value),
        "whole": lambda: language.number(value, 0),
        "one": lambda: language.number(value, 1),
        "two": lambda: language.number(value, 2),
        "three": lambda: language.number(value, 3),
        "signed": lambda: ("+" if value > 0 else "") + language.number(value, decimals),
        "signed_mixed": lambda: ("+" if value > 0 else "") + language.number(value),
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
    text = html.escape(shown[kind]())
    return _linked(text) if kind == "text" and "://" in text else _breakable(text)


def _typeset(text: str) -> str:
    """Signs that tables write with two characters as one, so that no line breaks within them."""
    for written, sign in {"->": "→", "<=": "≤", ">=": "≥", "!=": "≠"}.items():
        text = text.replace(written, sign)
    return text


def _linked(text: str) -> str:
    """Addresses in an escaped text as links that show the name of the site only."""
    parts = re.split(r"(https?://[^\s<>()]*[^\s<>().,;:])", text)
    shown = [_breakable(part) for part in parts]
    shown[1::2] = [f'<a href="{address}">{address.split("/")[2]}</a>' for address in parts[1::2]]
    return "".join(shown)


def _breakable(text: str) -> str:
    """Let an address in a text break, so that it does not push a table off the page."""
    return re.sub(r"\S{25,}", lambda long: re.sub(r"([/._=?-])(?=\w)", r"\1<wbr>", long[0]), text)


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
    optional: Collection[str] = (),
) -> str:
    """A table as HTML.

    On a phone each row of a wide table, or of one with long texts, becomes a card of its own.

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
    optional : collection of str
        Columns that are left out when no row has anything in them.
    """
    formats = formats or {}
    empty = [name for name in optional if resolved(frame, name, language).map(_is_nothing).all()]
    columns = {name: title for name, title in columns.items() if name not in empty}
    kinds, cells, looks = {}, {}, {}
    for name in columns:
        series = resolved(frame, name, language)
        kind = kinds[name] = formats.get(name) or guessed_kind(series)
        if kind == "number" and "unit" in columns:  # several quantities: each as exact as it is
            kind = "mixed"
        decimals = column_decimals(series) if kind in ALIGNED else None
        cells[name] = [formatted(value, kind, language, cite, decimals) for value in series]
        looks[name] = _look(kinds[name], cells[name])
    cards = len(columns) >= CARDS or "long" in looks.values()
    # a browser may forget that a table is one when its rows are drawn as cards
    row_role, cell_role, table_role = (f' role="{each}"' if cards else "" for each in ("row", "cell", "table"))
    head = "".join(
        f'<th scope="col"{_class(looks[name])}>{html.escape(title)}</th>' for name, title in columns.items()
    )
    first = next(iter(columns))
    body = []
    for at in range(len(frame)):
        row = []
        for name, title in columns.items():
            cell = cells[name][at]
            if name == first and (kinds[name] in TEXTUAL or kinds[name].startswith("scale:")):
                role = ' role="rowheader"' if cards else ""
                row.append(f'<th scope="row"{role}{_class(looks[name])}>{cell}</th>')
                continue
            nothing = "nil" if cards and cell in ("—", "") and kinds[name] not in NUMERIC else ""
            named = f' data-label="{html.escape(title)}"' if cards else ""
            row.append(f"<td{cell_role}{_class(looks[name], nothing)}{named}>{cell}</td>")
        body.append(f"<tr{row_role}>{''.join(row)}</tr>")
    foot = f'<p class="note">{html.escape(note)}</p>' if note else ""
    table = (
        f"<table{table_role}{_class('cards' if cards else '')}>"
        f"<caption><span>{html.escape(caption)}</span></caption>"
        f"<thead><tr>{head}</tr></thead><tbody>{''.join(body)}</tbody></table>"
    )
    return f'<div class="ogp-table" lang="{language.code}">{scroll_box(table, caption, language)}{foot}</div>'


def _look(kind: str, cells: list[str]) -> str:
    """The class of a column, by its kind and its longest cell."""
    if kind == "id":
        return "id"
    if kind in NUMERIC:
        return "n"
    longest = max((len(html.unescape(re.sub(r"<[^>]+>", "", cell))) for cell in cells), default=0)
    if kind != "source" and longest <= (DAY if kind in ("period", "date") else SOME):
        return "short"
    return "long" if longest > LONG else "some" if longest > SOME else ""


def _class(*names: str) -> str:
    known = " ".join(name for name in names if name)
    return f' class="{known}"' if known else ""


def _is_nothing(value: Any) -> bool:
    return value is None or (pd.api.types.is_scalar(value) and pd.isna(value)) or str(value) in ("", "—")


def scroll_box(inner: str, name: str, language: Language) -> str:
    """Something wide in a box of its own that can be swiped and reached with the keyboard.

    The hint shows only where the content is wider than the box; a page's style sees to that.

    Parameters
    ----------
    inner : str
        HTML.
    name : str
        What it is, in the reader's language, for screen readers.
    language : Language
    """
    hint = html.escape(language.t("swipe to see the rest"))
    return (
        f'<div class="wide" tabindex="0" role="region" aria-label="{html.escape(name)}"><div class="in">'
        f'<p class="hint" aria-hidden="true" hidden>{hint} \N{RIGHTWARDS ARROW}</p>{inner}</div></div>'
    )


def boxed_drawing(figure: str, name: str, language: Language) -> str:
    """The HTML of a figure with its drawing in a scroll box: on a phone its labels stay readable.

    Parameters
    ----------
    figure : str
        HTML with one ``<svg>`` or ``<img>``.
    name : str
        Title of the figure.
    language : Language
    """
    drawing = re.compile(r"<svg\b.*?</svg>|<img\b[^>]*>", flags=re.DOTALL)
    return drawing.sub(lambda found: scroll_box(found[0], name, language), figure, count=1)


def as_of_text(quarter: Quarter, language: Language) -> str:
    """The line that says which day a page stands at."""
    return language.t(
        "{quarter}, as of {day}", quarter=language.quarter(quarter), day=language.date(quarter.last_day)
    )
