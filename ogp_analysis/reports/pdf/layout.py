"""How wide the columns of a table are on paper, how large its type is, and whether its page lies on its side."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import zip_longest

#: Width of the text on an A4 page upright and on its side, in points; report.typ sets the same margins.
UPRIGHT, SIDEWAYS = 495.0, 742.0
#: Type sizes tried in order, upright first; in points.
TRIED = ((UPRIGHT, 8.5), (UPRIGHT, 7.8), (UPRIGHT, 7.2), (SIDEWAYS, 8.0), (SIDEWAYS, 7.0), (SIDEWAYS, 6.0))
#: Width of a character of Libertinus Serif in units of the type size: more than its mean, so that words fit.
CHARACTER = 0.53
#: Space left and right of a cell's text, together, in points.
PADDING = 8.5
#: Characters after which a line may go on as long as it likes: longer ones share what room is left.
ENOUGH = 200
#: A row of more lines than these makes smaller type worth it.
LOW = 10


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
    height : int
        About how many lines all rows have together.
    """

    widths: tuple[float, ...]
    size: float
    sideways: bool
    lines: int
    height: int


def table_layout(
    columns: Sequence[Sequence[str]], unbroken: Sequence[bool] = (), short: Sequence[bool] = ()
) -> Layout:
    """Choose the largest type at which no word of a table is wider than its column and no row is very high.

    Each column gets the width of its longest word; what is left goes to the columns whose longest text needs more,
    in proportion to what they lack.

    Parameters
    ----------
    columns : sequence of sequences of str
        The texts of each column, its header first.
    unbroken : sequence of bool
        Columns whose texts stay on one line: numbers, codes.
    short : sequence of bool
        Columns of short texts, such as days: on one line where that makes the table lower and its type no smaller.

    Examples
    --------
    >>> layout = table_layout([["Kecamatan", "Semarang Utara"], ["Nilai", "12,5"]])
    >>> layout.size, layout.sideways, sum(layout.widths) < UPRIGHT
    (8.5, False, True)
    >>> table_layout([["x" * 18]] * 12).sideways
    True
    """
    plain = _chosen(columns, unbroken)
    if not any(short):
        return plain
    together = [one or other for one, other in zip_longest(unbroken, short, fillvalue=False)]
    kept = _chosen(columns, together)
    better = kept.size >= plain.size and kept.sideways <= plain.sideways and kept.height < plain.height
    return kept if better else plain


def _chosen(columns: Sequence[Sequence[str]], unbroken: Sequence[bool]) -> Layout:
    whole = [*unbroken, *[False] * (len(columns) - len(unbroken))]
    words = [_least(texts, one) for texts, one in zip(columns, whole, strict=True)]
    lines = [
        min(max(ENOUGH, word), max(len(line) for text in texts for line in text.split("\n")))
        for word, texts in zip(words, columns, strict=True)
    ]
    fits = [(width, size) for width, size in TRIED if sum(_width(word, size) for word in words) <= width]
    # even the smallest type may be too wide: then all columns give way alike
    upright = [one for one in fits if one[0] == UPRIGHT] or fits[:1] or [TRIED[-1]]
    layouts = [_laid(columns, words, lines, width, size) for width, size in upright]
    low = [layout for layout in layouts if layout.lines <= LOW]
    return low[0] if low else min(layouts, key=lambda layout: layout.lines * layout.size)


def _laid(
    columns: Sequence[Sequence[str]], words: Sequence[int], lines: Sequence[int], width: float, size: float
) -> Layout:
    least = [_width(word, size) for word in words]
    least = [each * min(1.0, width / sum(least)) for each in least]
    wanted = [max(have, _width(line, size)) for have, line in zip(least, lines, strict=True)]
    if sum(wanted) > width:
        lacking = [want - have for want, have in zip(wanted, least, strict=True)]
        share = (width - sum(least)) / sum(lacking) if sum(lacking) else 0.0
        wanted = [have + share * lack for have, lack in zip(least, lacking, strict=True)]
    heights = [
        max(_lines(text, have, size) for text, have in zip(row, wanted, strict=True))
        for row in zip(*columns, strict=True)
    ]
    return Layout(tuple(round(each, 1) for each in wanted), size, width == SIDEWAYS, max(heights), sum(heights))


def _lines(text: str, width: float, size: float) -> int:
    """About how many lines a text takes: broken between words, as it will be."""
    room = max(1.0, (width - PADDING) / (size * CHARACTER) + 1e-6)
    count = 0
    for line in text.split("\n"):
        count += 1
        used = 0
        for word in line.replace("\u200b", " ").split():
            if used and used + 1 + len(word) > room:
                count += 1
                used = 0
            used += len(word) + bool(used)
            count += max(0, math.ceil(len(word) / room) - 1)  # wider than its column: it breaks all the same
    return count


def _least(texts: Sequence[str], unbroken: bool) -> int:
    """Characters of the longest word, or of the longest text where it stays on one line."""
    header, *cells = texts
    return max(_longest(header), *[len(text) if unbroken else _longest(text) for text in cells], 1)


def _width(characters: int, size: float) -> float:
    return characters * size * CHARACTER + PADDING


def _longest(text: str) -> int:
    return max((len(word) for word in text.replace("\u200b", " ").split()), default=0)
