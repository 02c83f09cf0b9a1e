"""Numbers and addresses that tell who somebody is: found in whatever is about to be published."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ogp_analysis.errors import Problem

if TYPE_CHECKING:
    import pandas as pd

#: What to do when something was found.
HINT = (
    "Take it out of the tables. What belongs to an office and may be published goes under 'publishable' in "
    "datapackage.yaml of the case."
)

#: What is looked for, in words.
KINDS: Mapping[str, str] = {
    "nik": "a number of an identity card or family card (NIK, KK)",
    "nop": "an object number of land tax (NOP)",
    "npwp": "a taxpayer number (NPWP)",
    "phone": "a telephone number",
    "email": "an e-mail address",
    "account": "a bank account",
}
# Pages are megabytes of drawings: a cheap look finds the few places worth a careful one.
_SEEN = tuple(
    re.compile(text)
    for text in (
        r"\d{16}",
        r"\.\d{3}\.\d{3}\.\d{3}[-.]\d{4}",
        r"\.\d{3}\.\d{3}\.\d-\d{3}",
        r"08[1-9]\d",
        r"62[ -]?8[1-9]\d",
        r"\(0\d\d",
        r"\+62",
        r"@[A-Za-z0-9-]{1,63}\.",
        r"[Rr][Ee][Kk]|[Aa]ccount",
    )
)
DECIMAL = (".", ",")
#: Nothing shorter than this tells who somebody is.
SHORTEST = 6
#: How far around such a place the careful look goes; an address may be this long.
_AROUND = 90
# Digits that go on, or that stand behind a decimal sign or inside a hash, are other numbers.
_ALONE = r"(?<![\w.,+/-])(?<!\d[ ])"
_END = r"(?![\w])(?![.,]\d)"
_PATTERNS = re.compile(
    "|".join(
        (
            # province, regency, district; day (women: plus 40), month, year of birth; a number of four digits
            rf"(?P<nik>{_ALONE}[1-9]\d{{5}}(?:0[1-9]|[12]\d|3[01]|4[1-9]|[56]\d|7[01])(?:0[1-9]|1[0-2])\d{{6}}{_END})",
            # province, regency, district, village, block, object, kind: the dotted spelling and the bare one
            rf"(?P<nop>{_ALONE}[1-9]\d\.\d\d\.\d{{3}}\.\d{{3}}\.\d{{3}}[-.]\d{{4}}\.\d(?!\d)|{_ALONE}[1-9]\d{{17}}{_END})",
            r"(?P<npwp>(?<![\w.])\d\d\.\d{3}\.\d{3}\.\d-\d{3}\.\d{3}(?![\w.]))",
            r"(?P<phone>(?<![\w,/#-])(?<!\d\.)(?:\+62[ -]?|62[ -]?|0)8[1-9]\d"
            r"(?:[ .-]?\d{3,4}){2}\d{0,2}(?!\w|\.\d)"
            r"|(?<![\w,/#-])(?<!\d\.)(?:\(0\d{2,3}\)|\+62[ -]?\d{2,3})[ -]?\d{3,4}[ -]?\d{3,4}(?!\w|\.\d))",
            r"(?P<email>[\w.%+-]{1,64}@(?:[A-Za-z0-9-]{1,63}\.){1,8}[A-Za-z]{2,24}\b)",
            r"(?P<account>(?i:\b(?:no(?:mor)?\.? ?)?(?:rekening|rek\.?|account no\.?)[ :.#]{0,4}"
            r"(?:[A-Z]{2,10}[ :.]{1,3})?)"
            r"\d[\d -]{7,20}\d(?!\d))",
        )
    )
)


@dataclass(frozen=True)
class Private:
    """Something that tells who somebody is.

    Attributes
    ----------
    kind : str
        One of :data:`KINDS`.
    line : int
        The line of the text, from 1.
    masked : str
        What was found, with all but its first and last signs taken out.
    """

    kind: str
    line: int
    masked: str

    def __str__(self) -> str:
        return f"line {self.line}: {self.masked}, {KINDS[self.kind]}"


def find_private(text: str, publishable: Collection[str] = ()) -> list[Private]:
    """Look for numbers and addresses of persons: NIK, NOP, NPWP, telephone, e-mail, bank account.

    A NIK has a date of birth in it and a NOP 18 digits, so that few other numbers look like one; a bare row of
    digits is no bank account unless a word says so. What is found is masked: a message about a leak is not to be
    one.

    Parameters
    ----------
    text : str
    publishable : collection of str
        What may be published: the addresses of an office. Compared whole, upper and lower case alike.

    Returns
    -------
    list of Private
        In the order of the text.

    Examples
    --------
    >>> [str(each) for each in find_private("Hubungi Ibu S., 0812-3456-7890.")]
    ['line 1: 08…90, a telephone number']
    >>> find_private("Rp452.100.000.000 for 131,264 households, 0.8123456789012345")
    []
    >>> find_private("ppid@example.go.id", publishable=["ppid@example.go.id"])
    []
    """
    allowed = {each.casefold() for each in publishable}
    found = []
    for kind, start, value in _matches(text):
        if value.casefold() not in allowed:
            found.append(Private(kind, text.count("\n", 0, start) + 1, f"{value[:2]}…{value[-2:]}"))
    return found


def _matches(text: str) -> Iterator[tuple[str, int, str]]:
    found: dict[int, tuple[str, str]] = {}
    for seen in _SEEN:
        for place in seen.finditer(text):
            before = text[max(0, place.start() - 2) : place.start()]
            if before[1:] in DECIMAL and before[0].isdigit():
                continue  # decimals of a number: most of what the first look finds
            first = max(0, place.start() - _AROUND)
            for match in _PATTERNS.finditer(text[first : place.end() + _AROUND]):
                assert match.lastgroup is not None
                if match.start() < place.end() - first and match.end() > place.start() - first:
                    found.setdefault(first + match.start(), (match.lastgroup, match.group()))
    for start, (kind, value) in sorted(found.items()):
        yield kind, start, value


def private_cells(tables: Mapping[str, pd.DataFrame], publishable: Collection[str] = ()) -> list[Problem]:
    """Cells of tables that tell who somebody is, masked.

    Parameters
    ----------
    tables : mapping of str to DataFrame
        By name.
    publishable : collection of str
        See :func:`find_private`.

    Examples
    --------
    >>> import pandas as pd
    >>> [str(each) for each in private_cells({"claims": pd.DataFrame({"note_en": ["a", "call 0812-3456-7890"]})})]
    ["claims.csv, row 3, column 'note_en': found '08…90', expected no telephone number"]
    """
    problems = []
    for name, frame in tables.items():
        for column in frame.columns:
            for row, value in enumerate(frame[column], start=2):
                if isinstance(value, str) and len(value) >= SHORTEST:
                    for each in find_private(value, publishable):
                        words = KINDS[each.kind].removeprefix("an ").removeprefix("a ")
                        problems.append(Problem(f"{name}.csv", row, column, each.masked, f"no {words}"))
    return problems
