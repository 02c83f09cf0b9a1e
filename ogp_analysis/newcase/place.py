"""What is known of a place before its case is made: its name, its kecamatan, points of them, and the source."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from ogp_analysis.errors import ParameterError, Problem, shortened

#: Names that Windows keeps for devices: a folder of that name cannot be opened there.
RESERVED = {"con", "prn", "aux", "nul", *(f"{name}{n}" for name in ("com", "lpt") for n in range(1, 10))}
LONGEST = 40


@dataclass(frozen=True)
class Kecamatan:
    """A kecamatan by name and code; a code that is not known is empty.

    Examples
    --------
    >>> Kecamatan("Luwuk", "72.01.04").key, Kecamatan("Mijen", "33.74.14", "3374010").key
    ('72.01.04', '3374010')
    """

    name: str
    kemendagri: str = ""
    bps: str = ""

    @property
    def key(self) -> str:
        """The code that tables name it by: that of BPS, or the ministry's in its place."""
        return self.bps or self.kemendagri


@dataclass(frozen=True)
class Point:
    """A point of a village, or of a whole kecamatan where no more is known, in degrees (WGS 84)."""

    code: str
    name: str
    district: str
    inside: bool
    lon: float
    lat: float


@dataclass(frozen=True)
class Place:
    """What a case can start with.

    Parameters
    ----------
    name : str
    kecamatan, points : tuple
        May be empty: then they are not known.
    source : dict of str
        The row of ``sources`` that they come from; empty where nothing was given.
    jurisdiction : dict of str
        Further entries: province, offset from UTC.
    remarks : tuple of str
        What was left out, for whoever makes the case.
    """

    name: str
    kecamatan: tuple[Kecamatan, ...] = ()
    points: tuple[Point, ...] = ()
    source: tuple[tuple[str, str], ...] = ()
    jurisdiction: tuple[tuple[str, str], ...] = ()
    remarks: tuple[str, ...] = ()


def check_id(text: str) -> str:
    """The id of a case, if it can be the name of a folder on every system.

    Raises
    ------
    ParameterError
        If it holds anything but lower-case letters, digits and single hyphens, or is a name that Windows keeps.

    Examples
    --------
    >>> check_id("sumbawa-barat")
    'sumbawa-barat'
    >>> check_id("../Banggai")
    Traceback (most recent call last):
    ...
    ogp_analysis.errors.ParameterError: '../Banggai' cannot be the id of a case.
    What to do: Use lower-case letters, digits and hyphens, such as 'banggai' or 'sumbawa-barat'.
    """
    if not re.fullmatch(r"[a-z][a-z0-9]*(-[a-z0-9]+)*", text) or len(text) > LONGEST:
        raise ParameterError(
            f"{shortened(text)!r} cannot be the id of a case.",
            hint="Use lower-case letters, digits and hyphens, such as 'banggai' or 'sumbawa-barat'.",
        )
    if text in RESERVED:
        raise ParameterError(
            f"{text!r} cannot be the id of a case: Windows keeps that name for a device.",
            hint=f"Use another, such as 'kota-{text}'.",
        )
    return text


def strangers(codes: Sequence[tuple[int, str]], file: str, column: str) -> list[Problem]:
    """Codes that belong to another kabupaten or kota than most of the list.

    Parameters
    ----------
    codes : sequence of (row, code)
        Rows as a spreadsheet counts them; codes that are well formed.
    file, column : str
        For the message.

    Examples
    --------
    >>> for problem in strangers([(2, "72.01.01"), (3, "72.01.02"), (4, "72.07.01")], "list.csv", "kode"):
    ...     print(problem)
    list.csv, row 4, column 'kode': found '72.07.01', expected a code that begins with 72.01, as most here do
    """
    starts = Counter(_start(code) for _, code in codes)
    if len(starts) < 2:
        return []
    usual = starts.most_common(1)[0][0]
    words = f"a code that begins with {usual}, as most here do"
    return [Problem(file, row, column, code, words) for row, code in codes if _start(code) != usual]


def _start(code: str) -> str:
    return code[:5] if "." in code else code[:4]
