"""One cell that should be a number: what is printed, taken apart without deciding more than the digits allow."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from ogp_analysis.cleaning.text import clean
from ogp_analysis.errors import DataError, ParameterError, Problem

Role = Literal["decimal", "thousands"]
Dash = Literal["missing", "zero", "not_applicable"]

#: A figure with its unit and a remark; what is longer is no figure, and would take long to take apart.
LONGEST = 300
_NOT_AVAILABLE = ["...", "..", "…", "na", "n/a", "n.a.", "n.a", "null", "none", "nan", "<na>"]
_IN_WORDS = ["tidak ada data", "tidak tersedia"]
_SHEET_ERRORS = ["#ref!", "#n/a", "#value!", "#div/0!", "#name?", "#null!", "#num!"]
MISSING_MARKS = frozenset(_NOT_AVAILABLE + _IN_WORDS + _SHEET_ERRORS)
SCALES = {
    **dict.fromkeys(["ribu", "rb", "thousand"], Decimal(10) ** 3),
    **dict.fromkeys(["juta", "jt", "million"], Decimal(10) ** 6),
    **dict.fromkeys(["miliar", "milyar", "billion"], Decimal(10) ** 9),
    **dict.fromkeys(["triliun", "trilyun", "trillion"], Decimal(10) ** 12),
}
_SUPERSCRIPTS = "⁰¹²³⁴⁵⁶⁷⁸⁹"
_CURRENCY = r"(?P<currency>rp\b\.?|rp(?=[\d(.-])\.?|idr\b)?"
_NUMBER = re.compile(
    rf"^(?P<open>\()?\s*(?P<sign>[-+])?\s*{_CURRENCY}\s*(?P<open2>\()?\s*(?P<sign2>[-+])?\s*"
    rf"(?P<digits>[.,]?\d(?:[\d., ]*\d)?)(?P<rest>.*)$",
    re.IGNORECASE,
)
_DASH = re.compile(rf"^{_CURRENCY}\s*-[-\s]*(?:,-+)?$", re.IGNORECASE)
_MARK = r"(?:\*{1,3}\)?|x{1,3}|[re]\)?|\d\))"
_REST = re.compile(
    rf"^\s*(?P<scale>(?:{'|'.join(SCALES)})\b\.?)?\s*"
    rf"(?:(?P<only>{_MARK})|(?P<unit>[%‰°/]?(?:[^\W\d_][^\d\s]*(?:\d(?!\d))?)?(?:\s+(?:[^\W\d_][^\d\s]*\d?|\[\d\]))*?)"
    rf"(?P<mark>\*{{1,3}}\)?|\s+{_MARK})?)\s*$",
    re.IGNORECASE,
)
_SCIENTIFIC = re.compile(r"^e[+-]?\d+$", re.IGNORECASE)


@dataclass(frozen=True)
class Cell:
    """A cell taken apart; ``digits`` keeps its marks, as their roles may need the whole column."""

    kind: Literal["number", "missing", "dash", "bad"]
    digits: str = ""
    negative: bool = False
    factor: Decimal = Decimal(1)
    unit: str = ""
    mark: str = ""
    missing_mark: str = ""
    reason: str = ""


@dataclass(frozen=True)
class ParsedNumber:
    """One number and what stood around it.

    Attributes
    ----------
    value : float or None
        ``None`` unless ``state`` is ``measured``.
    state : str
        ``measured``, ``no_data`` or ``not_applicable``.
    unit : str
        As printed: ``Rp``, ``%``, ``Unit``.
    mark : str
        Quality or footnote mark: ``r`` revised, ``*`` or ``x`` provisional, ``e`` estimate, a superscript.
    missing_mark : str
        What stood in place of a number: ``-``, ``...``, ``#REF!``.
    """

    value: float | None
    state: str
    unit: str = ""
    mark: str = ""
    missing_mark: str = ""


def parse_number(text: object, *, decimal: str, dash: Dash = "missing") -> ParsedNumber:
    """Read one printed number whose decimal mark is known.

    Understands ``Rp 1.234.567,-``, ``Rp577,5 miliar``, ``(1.234)`` for a negative, ``68,62%``, ``1.110 Unit``,
    quality marks behind the number (``1.213r``, ``98.674*``), superscripts, blanks between groups, every dash as a
    minus, and the marks of a missing value, which are never a zero.

    Parameters
    ----------
    text : object
        The cell.
    decimal : {",", "."}
        The decimal mark; the other one groups thousands and must stand before exactly three digits.
    dash : {"missing", "zero", "not_applicable"}
        What a lone ``-`` means in this table. Its legend says so; statistical offices often use it for *nil*.

    Returns
    -------
    ParsedNumber

    Raises
    ------
    ParameterError
        If ``decimal`` or ``dash`` is none of the above.
    DataError
        If the cell is no number under that mark.

    Examples
    --------
    >>> parse_number("Rp577,5 miliar", decimal=",")
    ParsedNumber(value=577500000000.0, state='measured', unit='Rp', mark='', missing_mark='')
    >>> parse_number("(1.234)", decimal=",").value, parse_number("1.213r", decimal=",").mark
    (-1234.0, 'r')
    >>> parse_number("...", decimal=",")
    ParsedNumber(value=None, state='no_data', unit='', mark='', missing_mark='...')
    >>> parse_number("561.73", decimal=",")
    Traceback (most recent call last):
    ...
    ogp_analysis.errors.DataError: number: found '561.73', expected a number: three digits in each group
    What to do: Correct the cell, or pass the decimal mark that the table uses.
    """
    check_options(decimal, dash)
    cell = take_apart(text)
    value: float | None = None
    if cell.kind == "number":
        try:
            value = float(read(cell, decimal))
        except ValueError as error:
            cell = Cell("bad", reason=str(error))
    if cell.kind == "bad":
        raise DataError(
            [Problem("number", None, None, clean(text), f"a number: {cell.reason}")],
            hint="Correct the cell, or pass the decimal mark that the table uses.",
        )
    if cell.kind == "dash" and dash == "zero":
        value = 0.0
    return ParsedNumber(value, state_of(cell, dash), cell.unit, cell.mark, cell.missing_mark)


def check_options(decimal: str | None, dash: str) -> None:
    """Raise unless the decimal mark and the meaning of a dash are ones that exist."""
    if decimal not in (",", ".", None):
        raise ParameterError(f"{decimal!r} is not a decimal mark.", hint="Use decimal=',' or decimal='.'.")
    if dash not in ("missing", "zero", "not_applicable"):
        raise ParameterError(
            f"{dash!r} is not a meaning of a dash.", hint="Use one of: missing, zero, not_applicable."
        )


def state_of(cell: Cell, dash: Dash) -> str:
    """Name the state of a cell's value."""
    if cell.kind == "dash":
        return {"missing": "no_data", "zero": "measured", "not_applicable": "not_applicable"}[dash]
    return "measured" if cell.kind == "number" else "no_data"


def take_apart(value: object) -> Cell:
    """Split a cell into sign, digits with their marks, scale word, unit and quality mark.

    Examples
    --------
    >>> take_apart("1.110 Unit").digits, take_apart("1.110 Unit").unit
    ('1.110', 'Unit')
    """
    if isinstance(value, bool):
        return Cell("bad", reason="true or false is not a number")
    printed = clean(value)
    if len(printed) > LONGEST:
        return Cell("bad", reason=f"no cell with a number has more than {LONGEST} characters")
    text, notes = _superscripts(printed)
    if not text or text.casefold() in MISSING_MARKS or printed.casefold() in MISSING_MARKS:
        return Cell("missing", missing_mark=printed)
    if match := _DASH.match(text):
        return Cell("dash", unit="Rp" if match["currency"] else "", missing_mark=printed)
    match = _NUMBER.match(text)
    if not match:
        return Cell("bad", reason="no digits where a number begins")
    printed_digits, rest = match["digits"], match["rest"]
    brackets = bool(match["open"] or match["open2"])
    if not brackets and rest.startswith(")") and (footnote := re.fullmatch(r"(.*\d)\s+(\d)", printed_digits)):
        printed_digits, notes, rest = footnote[1], f"{footnote[2]}){notes}", rest[1:]  # "1.213 1)"
    if brackets:
        if rest.count(")") < 1:
            return Cell("bad", reason="a bracket is not closed")
        rest = rest.replace(")", "", 1)
    if rest.lstrip()[:1] in tuple(_SUPERSCRIPTS):
        return Cell("bad", reason="a superscript stands inside the number")
    if _SCIENTIFIC.match(rest.strip()):
        return Cell("bad", reason="scientific notation has lost digits; get the unformatted figure")
    rest = re.sub(r"^\s*[.,]\s*-{1,2}", "", rest)
    found = _REST.match(rest)
    if not found:
        return Cell("bad", reason=f"{rest.strip()!r} behind the digits is no unit")
    unit = (found["unit"] or "").strip()
    if match["currency"]:
        if unit.casefold() in ("m", "t", "b"):
            return Cell("bad", reason=f"'{unit}' may stand for several powers of ten; write it out")
        unit = "Rp" + unit if unit.startswith("/") else f"Rp {unit}".strip()
    elif unit.startswith("/"):
        return Cell("bad", reason=f"{rest.strip()!r} behind the digits is no unit")
    digits = re.sub(r"\s*([.,])\s*", r"\1", printed_digits)
    if " " in digits and not re.fullmatch(r"\d{1,3}(?: \d{3})+(?:[.,]\d+)?", digits):
        return Cell("bad", reason="blanks between the digits do not group thousands")
    signs = [sign for sign in (match["sign"], match["sign2"]) if sign]
    if len(signs) + brackets > 1:
        return Cell("bad", reason="more than one sign")
    marks = (found["only"] or "") + (found["mark"] or "").strip() + notes
    factor = SCALES[found["scale"].rstrip(".").casefold()] if found["scale"] else Decimal(1)
    return Cell("number", digits.replace(" ", ""), brackets or "-" in signs, factor, unit, marks)


def _superscripts(text: str) -> tuple[str, str]:
    """Take trailing superscripts off before they could become digits (1.213² is not 1.2132)."""
    if text.isascii():
        return text, ""
    match = re.search(rf"(?<=[\d.,)*])\s*([{_SUPERSCRIPTS}]+)\s*$", text)
    body, notes = (text[: match.start()], match[1]) if match else (text, "")
    plain = "".join(c if c in _SUPERSCRIPTS else unicodedata.normalize("NFKC", c) for c in body)
    return plain.strip(), notes


def roles(digits: str) -> dict[str, Role] | None:
    """The role of each mark in a number as far as its own digits tell; ``None`` where one mark may be either.

    Examples
    --------
    >>> roles("1.234,5"), roles("561.73"), roles("0,833"), roles("1.213")
    ({'.': 'thousands', ',': 'decimal'}, {'.': 'decimal'}, {',': 'decimal'}, None)

    Raises
    ------
    ValueError
        If no reading of the digits is a number.
    """
    marks = [c for c in digits if c in ".,"]
    if not marks:
        return {}
    last, others = marks[-1], set(marks[:-1])
    if last in others:
        if len(others) > 1 or not _grouped(digits, last):
            raise ValueError("three digits in each group")
        return {last: "thousands"}
    if others:
        other = others.pop()
        if not _grouped(digits.split(last)[0], other):
            raise ValueError("three digits in each group")
        return {other: "thousands", last: "decimal"}
    whole, fraction = digits.split(last)
    if len(fraction) == 3 and 1 <= len(whole) <= 3 and not whole.startswith("0"):
        return None
    return {last: "decimal"}


def _grouped(digits: str, mark: str) -> bool:
    return re.fullmatch(rf"[1-9]\d{{0,2}}(?:{re.escape(mark)}\d{{3}})+", digits) is not None


def read(cell: Cell, decimal: str | None) -> Decimal:
    """The value of a cell under a decimal mark; with ``None`` every mark groups thousands.

    Raises
    ------
    ValueError
        If the digits contradict the mark.
    """
    whole, fraction = cell.digits, ""
    if decimal is not None and decimal in cell.digits:
        whole, _, fraction = cell.digits.partition(decimal)
    for mark in ".,":
        if mark in fraction:
            raise ValueError("no mark behind the decimal mark")
        if mark in whole:
            if not _grouped(whole, mark):
                raise ValueError("three digits in each group")
            whole = whole.replace(mark, "")
    value = Decimal(f"{whole or 0}.{fraction}" if fraction else whole) * cell.factor
    return -value if cell.negative else value
