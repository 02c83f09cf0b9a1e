"""A claimed figure beside another source's: whether it is of the same thing and day, and how far the two agree."""

from __future__ import annotations

import math
import re
from typing import Any

from ogp_analysis.errors import ParameterError, shortened
from ogp_analysis.quarter import Span

#: What two figures can be to one another, with the stances that a reader may then take: figures that agree cannot
#: contradict, and figures that differ cannot support. Any reading may stay mere context.
OUTCOMES: dict[str, tuple[str, ...]] = {
    "equal": ("supports", "partly", "context"),
    "within_tolerance": ("supports", "partly", "context"),
    "wider": ("supports", "partly", "context"),
    "overlaps": ("partly", "context"),
    "differs": ("contradicts", "partly", "context"),
    "other_day": ("supports", "contradicts", "partly", "context"),
    "other_thing": ("supports", "contradicts", "partly", "context"),
}

#: When each is found, in words; the first that fits decides.
SAYS: dict[str, str] = {
    "other_thing": "they count different things",
    "other_day": "both say what day they are about, and the days have nothing in common",
    "equal": "the same number or years, or a day within the claimed month or year",
    "within_tolerance": "two numbers that differ by no more than the claim's tolerance",
    "wider": "the found range or period holds the claimed one",
    "overlaps": "the two ranges share a part",
    "differs": "none of these",
}

#: More digits than these no count has; a double could not tell them apart.
_NUMBER = re.compile(r"-?[0-9]{1,15}(\.[0-9]{1,15})?")
#: 1.213 is a thousand and more in Indonesian print, and little more than one in English.
_EITHER = re.compile(r"-?[1-9][0-9]{0,2}\.[0-9]{3}")
_YEARS = re.compile(r"([0-9]{4})?-([0-9]{4})?|[0-9]{4}")


def parse_figure(text: str, counts: str) -> tuple[float, float]:
    """The lowest and highest value that a written figure may mean.

    Rule: what may be read in two ways is refused: ``1.213``, with three digits after the mark, is thousands in
    Indonesian print.

    Parameters
    ----------
    text : str
        A number (``79``), with ``counts`` ``years`` a range of years that may be open (``2015-2020``,
        ``-2019``), with ``date`` a partial date (``2020-10-19``, ``2012-01``).
    counts : str
        What is counted.

    Returns
    -------
    tuple of float
        Days are counted from 1 January of the year 1; an open end is infinite.

    Raises
    ------
    ParameterError
        If the text is none of these.

    Examples
    --------
    >>> parse_figure("79", "national_members"), parse_figure("-2019", "years")
    ((79.0, 79.0), (-inf, 2019.0))
    >>> parse_figure("1.213", "packages")
    Traceback (most recent call last):
    ...
    ogp_analysis.errors.ParameterError: '1.213' is no figure of 'packages'.
    What to do: Write 1213 for thousands, or 1.2130 for a fraction.
    """
    if counts == "date":
        try:
            span = Span.parse(text)
        except ParameterError as error:
            raise ParameterError(f"{shortened(text)!r} is no figure of 'date'.", hint=error.hint) from None
        return float(span.first.toordinal()), float(span.last.toordinal())
    if counts == "years" and _YEARS.fullmatch(text) and text != "-":
        first, _, last = text.partition("-")
        if "-" not in text:
            return float(first), float(first)
        low, high = float(first) if first else -math.inf, float(last) if last else math.inf
        if low <= high:
            return low, high
    elif counts != "years" and _NUMBER.fullmatch(text) and not _EITHER.fullmatch(text):
        return float(text), float(text)
    if counts != "years" and _EITHER.fullmatch(text):
        hint = f"Write {text.replace('.', '')} for thousands, or {text}0 for a fraction."
    elif counts == "years":
        hint = "Write years such as 2015-2020, 2020 or -2019."
    else:
        hint = "Write a number such as 79 or 46.8, '.' as decimal mark and nothing between thousands."
    raise ParameterError(f"{shortened(text)!r} is no figure of {counts!r}.", hint=hint)


def compare_figures(
    claimed: str,
    found: str,
    *,
    counts: str,
    found_counts: str,
    as_of: Any = None,
    found_as_of: Any = None,
    tolerance: float = 0.0,
) -> str:
    """What a figure of another source is to a claimed one.

    Rule, first that fits: ``other_thing`` when they count different things; ``other_day`` when both say what
    day they are about and the days have nothing in common; ``equal``, also when a found day lies in the
    claimed month or year; ``within_tolerance`` when two numbers differ by no more than the claim's tolerance;
    ``wider`` when the found range or period holds the claimed one; ``overlaps`` when they share a part; else
    ``differs``.

    Parameters
    ----------
    claimed, found : str
        See :func:`parse_figure`.
    counts, found_counts : str
        What each counts.
    as_of, found_as_of : str, optional
        Partial dates that the figures are about; missing says nothing.
    tolerance : float
        In the unit of the figures; 0 or more.

    Examples
    --------
    >>> compare_figures("2015-2020", "2015-2019", counts="years", found_counts="years")
    'overlaps'
    >>> both = {"counts": "national_members", "found_counts": "national_members"}
    >>> compare_figures("63", "65", **both, as_of="2014-01", found_as_of="2014-09")
    'other_day'
    >>> compare_figures("2014-01", "2014", counts="date", found_counts="date")
    'wider'
    """
    if counts != found_counts:
        return "other_thing"
    if isinstance(as_of, str) and isinstance(found_as_of, str):
        one, other = Span.parse(as_of), Span.parse(found_as_of)
        if one.last < other.first or other.last < one.first:
            return "other_day"
    low, high = parse_figure(claimed, counts)
    found_low, found_high = parse_figure(found, found_counts)
    if (low, high) == (found_low, found_high) or (counts == "date" and low <= found_low and found_high <= high):
        return "equal"
    if low == high and found_low == found_high:
        # 1e-9 of the figures: the noise of decimal fractions in binary
        slack = 1e-9 * max(abs(low), abs(found_low))
        return "within_tolerance" if tolerance and abs(low - found_low) <= tolerance + slack else "differs"
    if found_low <= low and high <= found_high:
        return "wider"
    return "overlaps" if found_low <= high and low <= found_high else "differs"


def figure_difference(claimed: str, found: str, counts: str, outcome: str) -> float:
    """The found figure less the claimed one; missing where the two are not single numbers of one thing and day.

    Parameters
    ----------
    claimed, found : str
        See :func:`parse_figure`.
    counts : str
        What both count.
    outcome : str
        From :func:`compare_figures`.

    Examples
    --------
    >>> figure_difference("79", "78", "national_members", "differs")
    -1.0
    >>> figure_difference("63", "65", "national_members", "other_day")
    nan
    """
    if counts in ("years", "date") or outcome not in ("equal", "within_tolerance", "differs"):
        return math.nan
    return parse_figure(found, counts)[0] - parse_figure(claimed, counts)[0]
