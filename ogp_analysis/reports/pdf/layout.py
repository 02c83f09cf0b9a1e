"""How wide the columns of a table are on paper, how large its type is, and whether its page lies on its side."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import zip_longest

#: Width of the text on an A4 page upright and on its side, in points; report.typ sets the same margins.
UPRIGHT, SIDEWAYS = 495.0, 742.0
#: Type sizes tried in order, upright first; in points.
TRIED = ((UPRIGHT, 8.5), (UPRIGHT, 7.8), (UPRIGHT, 7.2), (SIDEWAYS, 8.0), (SIDEWAYS, 7.0), (SIDEWAYS, 6.0))
#: How much smaller the type may get to keep days on one line, in points, and how low the table has to be then.
STEP, LOWER = 0.75, 2 / 3
#: Signs of Libertinus Serif by width in units of the type size, as typst measures them, rounded up to twentieths.
SIGNS = {
    0.2: "'",
    0.25: " ,.:;|·\u00a0",
    0.3: "!()I\\ijl{}‘’°",
    0.35: '"-/Jft²³',
    0.4: "*[]`rs“”",
    0.45: "?cez~é",
    0.5: "#$0123456789FS_abgvx§",
    0.55: "+<=>LP^dhknopquy–−×≥≤",
    0.6: "BERTY",
    0.65: "%CKZ",
    0.7: "AGNUVX",
    0.75: "&DHOQw—…",
    0.8: "m",
    0.85: "M",
    0.9: "@",
    1.0: "W",
    1.15: "→",
}
WIDTHS = {sign: width for width, signs in SIGNS.items() for sign in signs}
OTHER = 0.75
#: How much wider the bold letters of a header are, at most.
BOLD = 1.17
#: Space left and right of a cell's text, together, in points.
PADDING = 8.5
#: Width after which a line may go on as long as it likes: longer ones share what room is left.
ENOUGH = 90.0
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
        Columns of short texts, such as days: on one line where that makes the table lower and its type no smaller,
        or by a third lower and its type one size smaller.

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
    if kept.sideways > plain.sideways or kept.size < plain.size - STEP:
        return plain
    allowed = plain.height if kept.size >= plain.size else LOWER * plain.height
    return kept if kept.height < allowed else plain


def _chosen(columns: Sequence[Sequence[str]], unbroken: Sequence[bool]) -> Layout:
    whole = [*unbroken, *[False] * (len(columns) - len(unbroken))]
    words = [_least(texts, one) for texts, one in zip(columns, whole, strict=True)]
    lines = [min(max(ENOUGH, word), _longest_line(texts)) for word, texts in zip(words, columns, strict=True)]
    fits = [(width, size) for width, size in TRIED if sum(_width(word, size) for word in words) <= width]
    # even the smallest type may be too wide: then all columns give way alike
    upright = [one for one in fits if one[0] == UPRIGHT] or fits[:1] or [TRIED[-1]]
    layouts = [_laid(columns, words, lines, width, size) for width, size in upright]
    low = [layout for layout in layouts if layout.lines <= LOW]
    return low[0] if low else min(layouts, key=lambda layout: layout.lines * layout.size)


def _laid(
    columns: Sequence[Sequence[str]], words: Sequence[float], lines: Sequence[float], width: float, size: float
) -> Layout:
    least = [_width(word, size) for word in words]
    least = [each * min(1.0, width / sum(least)) for each in least]
    wanted = [max(have, _width(line, size)) for have, line in zip(least, lines, strict=True)]
    lacking = [want - have for want, have in zip(wanted, least, strict=True)]
    if sum(wanted) <= width:
        return _measured(columns, wanted, width, size)
    # one long text in a column of short ones needs room, and is worth little: which counts more differs by table
    held = [math.sqrt(sum(_ems(text) ** 2 for text in texts[1:])) for texts in columns]
    shares = [_shared(least, lacking, by, width) for by in (lacking, held)]
    return min((_measured(columns, share, width, size) for share in shares), key=lambda layout: layout.height)


def _measured(columns: Sequence[Sequence[str]], widths: Sequence[float], width: float, size: float) -> Layout:
    heights = [
        max(_lines(text, have, size) for text, have in zip(row, widths, strict=True))
        for row in zip(*columns, strict=True)
    ]
    return Layout(tuple(round(each, 1) for each in widths), size, width == SIDEWAYS, max(heights), sum(heights))


def _shared(least: Sequence[float], lacking: Sequence[float], by: Sequence[float], width: float) -> list[float]:
    """Widths that fill the page: what is over goes to the columns in proportion, to none more than it lacks."""
    found, free = list(least), {at for at, lack in enumerate(lacking) if lack > 0 and by[at] > 0}
    while free and (over := width - sum(found)) > 0.01:
        share = over / sum(by[at] for at in free)
        full = {at for at in free if share * by[at] >= least[at] + lacking[at] - found[at]}
        for at in full or free:
            found[at] = least[at] + lacking[at] if full else found[at] + share * by[at]
        free = free - full if full else set()
    return found


def _lines(text: str, width: float, size: float) -> int:
    """About how many lines a text takes: broken between words, as it will be."""
    room = max(1.0, (width - PADDING) / size + 1e-6)
    count = 0
    for line in text.split("\n"):
        count += 1
        used = 0.0
        for word in _words(line):
            wide = _ems(word)
            if used and used + WIDTHS[" "] + wide > room:
                count += 1
                used = 0.0
            used += wide + (WIDTHS[" "] if used else 0.0)
            count += max(0, math.ceil(wide / room) - 1)  # wider than its column: it breaks all the same
    return count


def _least(texts: Sequence[str], unbroken: bool) -> float:
    """Width of the longest word, or of the longest text where it stays on one line."""
    header, *cells = texts
    longest = _ems if unbroken else _longest
    return max(BOLD * _longest(header), *map(longest, cells), 0.5)


def _longest_line(texts: Sequence[str]) -> float:
    header, *cells = texts
    lines = [line for text in cells for line in text.split("\n")]
    return max(BOLD * _ems(header), *map(_ems, lines), 0.5)


def _width(ems: float, size: float) -> float:
    return ems * size + PADDING


def _longest(text: str) -> float:
    return max(map(_ems, _words(text)), default=0.0)


def _words(text: str) -> list[str]:
    """What a line is not broken within."""
    return text.replace("\u200b", " ").split()


@lru_cache(maxsize=1 << 16)
def _ems(text: str) -> float:
    """The width of a text in units of the type size; hardly ever less than it will be."""
    return sum(WIDTHS.get(sign, OTHER) for sign in text if sign != "\u200b")
