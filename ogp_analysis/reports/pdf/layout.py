"""How wide the columns of a table are on paper, how large its type is, and whether its page lies on its side."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

#: Width of the text on an A4 page upright and on its side, in points; report.typ sets the same margins.
UPRIGHT, SIDEWAYS = 495.0, 742.0
#: Type sizes tried in order, upright first; in points.
TRIED = ((UPRIGHT, 8.5), (UPRIGHT, 7.5), (SIDEWAYS, 8.0), (SIDEWAYS, 7.0), (SIDEWAYS, 6.0))
#: Width of a character of Libertinus Serif in units of the type size: more than its mean, so that words fit.
CHARACTER = 0.53
#: Space left and right of a cell's text, together, in points.
PADDING = 8.5
#: Characters after which a line may go on as long as it likes: longer ones share what room is left.
ENOUGH = 200


@dataclass(frozen=True)
class Layout:
    """How a table is set.

    Parameters
    ----------
    widths : tuple of float
        Of the columns, in points.
    size : float
        Of the type, in points.
    sideways : bool
        Whether its page lies on its side.
    lines : int
        About how many lines the highest row has.
    """

    widths: tuple[float, ...]
    size: float
    sideways: bool
    lines: int


def table_layout(columns: Sequence[Sequence[str]], unbroken: Sequence[bool] = ()) -> Layout:
    """Choose the largest type at which no word of a table is wider than its column.

    Each column gets the width of its longest word; what is left goes to the columns whose longest text needs more,
    in proportion to what they lack.

    Parameters
    ----------
    columns : sequence of sequences of str
        The texts of each column, its header first.
    unbroken : sequence of bool
        Columns whose texts stay on one line: numbers, codes.

    Examples
    --------
    >>> layout = table_layout([["Kecamatan", "Semarang Utara"], ["Nilai", "12,5"]])
    >>> layout.size, layout.sideways, sum(layout.widths) < UPRIGHT
    (8.5, False, True)
    >>> table_layout([["x" * 18]] * 12).sideways
    True
    """
    whole = [*unbroken, *[False] * (len(columns) - len(unbroken))]
    words = [_least(texts, one) for texts, one in zip(columns, whole, strict=True)]
    lines = [
        min(max(ENOUGH, word), max(len(line) for text in texts for line in text.split("\n")))
        for word, texts in zip(words, columns, strict=True)
    ]
    for width, size in TRIED:
        least = [_width(word, size) for word in words]
        if sum(least) <= width:
            break
    else:  # even the smallest type is too wide: all columns give way alike
        least = [each * width / sum(least) for each in least]
    wanted = [max(have, _width(line, size)) for have, line in zip(least, lines, strict=True)]
    if sum(wanted) > width:
        lacking = [want - have for want, have in zip(wanted, least, strict=True)]
        share = (width - sum(least)) / sum(lacking) if sum(lacking) else 0.0
        wanted = [have + share * lack for have, lack in zip(least, lacking, strict=True)]
    highest = max(
        sum(math.ceil(_width(len(line), size) / have) for line in text.split("\n"))
        for texts, have in zip(columns, wanted, strict=True)
        for text in texts
    )
    return Layout(tuple(round(each, 1) for each in wanted), size, width == SIDEWAYS, highest)


def _least(texts: Sequence[str], unbroken: bool) -> int:
    """Characters of the longest word, or of the longest text where it stays on one line."""
    header, *cells = texts
    return max(_longest(header), *[len(text) if unbroken else _longest(text) for text in cells], 1)


def _width(characters: int, size: float) -> float:
    return characters * size * CHARACTER + PADDING


def _longest(text: str) -> int:
    return max((len(word) for word in text.replace("\u200b", " ").split()), default=0)
