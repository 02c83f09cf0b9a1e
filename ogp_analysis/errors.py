"""Errors written for people: what happened, where, and what to do next."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from ogp_analysis.signs import visible


class OgpAnalysisError(Exception):
    """Any problem that the user can mend; the message says how.

    Parameters
    ----------
    message : str
        What is wrong, in one or two sentences.
    hint : str, optional
        What to do about it; printed on a line of its own.

    Examples
    --------
    What came from a file may hold characters that move the cursor or turn the direction of a line: the message
    shows them by number.

    >>> print(OgpAnalysisError("No case 'x'.", hint="Use one of: semarang."))
    No case 'x'.
    What to do: Use one of: semarang.
    """

    def __init__(self, message: str, *, hint: str = "") -> None:
        self.message = visible(message)
        self.hint = visible(hint)
        super().__init__(f"{self.message}\nWhat to do: {self.hint}" if hint else self.message)


class ParameterError(OgpAnalysisError):
    """A parameter of a function, notebook or command has a name or value that cannot be used."""


@dataclass(frozen=True)
class Problem:
    """One defect in one cell, row or column of a file.

    ``row`` counts as a spreadsheet does: the header is row 1.

    Examples
    --------
    >>> print(Problem("districts.csv", 5, "code_bps", "3374O10", "7 digits"))
    districts.csv, row 5, column 'code_bps': found '3374O10', expected 7 digits
    """

    file: str
    row: int | None
    column: str | None
    value: str | None
    expected: str

    def __str__(self) -> str:
        where = self.file
        if self.row is not None:
            where += f", row {self.row}"
        if self.column is not None:
            where += f", column '{shortened(self.column, longest=240)}'"
        found = "" if self.value is None else f"found {shortened(self.value)!r}, "
        return f"{where}: {found}expected {self.expected}"


def file_row(number: object) -> int:
    """The row of a file that holds a record; records are counted from 0, and the header is row 1.

    Parameters
    ----------
    number : int
        As the label of a pandas index, of whatever type.

    Examples
    --------
    >>> file_row(0)
    2
    """
    return int(str(number)) + 2


class DataError(OgpAnalysisError):
    """Data that break their own rules; carries every :class:`Problem` found, prints the first ones.

    Parameters
    ----------
    problems : sequence of Problem
        At least one.
    hint : str, optional
        What to do about them.
    """

    SHOWN = 10

    def __init__(self, problems: Sequence[Problem], *, hint: str = "") -> None:
        self.problems = tuple(problems)
        lines = [str(problem) for problem in self.problems[: self.SHOWN]]
        rest = len(self.problems) - self.SHOWN
        if rest > 0:
            lines.append(f"... and {rest} more")
        super().__init__("\n".join(lines), hint=hint)


#: More names than these would hide the message.
MOST_NAMED = 40


def shortened(value: str, longest: int = 80) -> str:
    """A value cut to what fits into a message.

    Examples
    --------
    >>> shortened("x" * 100, longest=10)
    'xxxxxxxxxx… (100 characters)'
    """
    return value if len(value) <= longest else f"{value[:longest]}… ({len(value)} characters)"


def system_words(error: OSError) -> str:
    """What the operating system would not do, and with which file where it tells.

    Examples
    --------
    >>> system_words(OSError(28, "No space left on device"))
    'No space left on device'
    >>> system_words(OSError(13, "Permission denied", "a.csv"))
    'Permission denied: a.csv'
    """
    place = f": {shortened(str(error.filename), longest=240)}" if error.filename else ""
    return f"{error.strerror or error}{place}"


def nearest(value: str, allowed: Iterable[str]) -> str:
    """Say which allowed value is closest to a mistyped one, for use at the end of a message.

    Examples
    --------
    >>> nearest("semarnag", ["semarang", "banggai"])
    "Did you mean 'semarang'?"
    >>> nearest("x", ["id", "en"])
    'Use one of: id, en.'
    """
    from rapidfuzz import process
    from rapidfuzz.distance import OSA

    options = [str(option) for option in allowed]
    by_folded = {option.casefold(): option for option in options}
    scorer = OSA.normalized_similarity
    close = process.extractOne(str(value).casefold(), list(by_folded), scorer=scorer, score_cutoff=0.66)
    if close:
        return f"Did you mean '{by_folded[close[0]]}'?"
    if not options:
        return "There are none."
    shown = [shortened(option) for option in options[:MOST_NAMED]]
    more = f" and {len(options) - len(shown)} more" if len(options) > len(shown) else ""
    return f"Use one of: {', '.join(shown)}{more}."
