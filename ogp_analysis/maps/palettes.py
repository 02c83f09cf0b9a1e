"""Colours and patterns that survive colour blindness and a black-and-white printer.

Shades come from ColorBrewer ramps (Brewer 2002, as shipped with matplotlib) whose lightness falls
evenly, so order survives in grey; what is not a shade (no data, yes/no, categories) always carries
a pattern as well.
"""

from __future__ import annotations

from dataclasses import dataclass

import matplotlib as mpl
from matplotlib.colors import to_hex, to_rgb

SEQUENTIAL = "YlGnBu"
DIVERGING = "PuOr"
INK = "#1a1a1a"
MUTED = "#555555"
LEADER = "#444444"
BORDER = "#6b6b6b"


@dataclass(frozen=True)
class Style:
    """How one kind of area is drawn.

    Parameters
    ----------
    fill : str
        Hex colour.
    hatch : str
        matplotlib pattern, empty for none.
    hatch_colour : str
        Hex colour of the pattern.
    """

    fill: str
    hatch: str = ""
    hatch_colour: str = "#8c8c8c"


NO_DATA = Style("#f0f0f0", "////", "#a3a3a3")
EMPTY_STYLES = {
    "no_data": NO_DATA,
    "not_applicable": Style("#ffffff", "xxx", "#b5b5b5"),
    "withheld": Style("#ffffff", "...", "#6b6b6b"),
}
BLANK = Style("#f7f7f5")
YES = Style("#0b5394")
NO = Style("#fde3b5", "---", "#b98a3c")

# Ordered from the strongest to the weakest: lightness rises, and the pattern changes kind each time.
CATEGORIES = (
    Style("#08306b"),
    Style("#2b7bba", "|||", "#ffffff"),
    Style("#7fb8da", "+++", "#1f4e79"),
    Style("#c9dff0", "---", "#4a7096"),
    Style("#f6f9fc"),
)


def illustrative(style: Style) -> Style:
    """Give a style the mark of an illustrative value: lines falling to the right, over whatever the shade is."""
    return Style(style.fill, "\\\\\\", "#ffffff" if luminance(style.fill) < 0.25 else "#444444")


def class_styles(negative: tuple[bool, ...], *, diverging: bool) -> tuple[Style, ...]:
    """Give one style a class, light to dark; classes below zero of a diverging ramp also carry a pattern.

    Parameters
    ----------
    negative : tuple of bool
        For each class, whether it lies below zero.
    diverging : bool

    Examples
    --------
    >>> light, dark = class_styles((False, False), diverging=False)
    >>> luminance(light.fill) > luminance(dark.fill)
    True
    >>> [bool(style.hatch) for style in class_styles((True, False), diverging=True)]
    [True, False]
    """
    if not diverging:
        return tuple(Style(_shade(SEQUENTIAL, at)) for at in _steps(len(negative), 0.12, 0.9))
    below = sum(negative)
    above = len(negative) - below
    # In PuOr low numbers are orange; the darkest shade lies furthest from zero on either side.
    low = [Style(_shade(DIVERGING, 0.5 - at / 2), "---", "#7f3b08") for at in reversed(_steps(below, 0.25, 0.8))]
    high = [Style(_shade(DIVERGING, 0.5 + at / 2)) for at in _steps(above, 0.2, 0.85)]
    return (*low, *high)


def _steps(n: int, first: float, last: float) -> list[float]:
    if n == 1:
        return [(first + last) / 2]
    return [first + (last - first) * i / (n - 1) for i in range(n)]


def _shade(ramp: str, at: float) -> str:
    return to_hex(mpl.colormaps[ramp](at))


def luminance(colour: str) -> float:
    """Relative luminance of a colour, 0 (black) to 1 (white), as WCAG 2.2 defines it.

    Examples
    --------
    >>> luminance("#ffffff"), luminance("#000000")
    (1.0, 0.0)
    """
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in to_rgb(colour)]
    return round(0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2], 6)


def contrast(one: str, other: str) -> float:
    """Contrast ratio of two colours, 1 to 21, as WCAG 2.2 defines it.

    Examples
    --------
    >>> contrast("#ffffff", "#000000")
    21.0
    """
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def ink_on(fill: str) -> tuple[str, str]:
    """Choose the text colour that is easier to read on a fill, and the halo around it.

    Examples
    --------
    >>> ink_on("#ffffff")
    ('#1a1a1a', '#ffffff')
    >>> ink_on("#08306b")
    ('#ffffff', '#08306b')
    """
    if contrast(fill, INK) >= contrast(fill, "#ffffff"):
        return INK, "#ffffff" if luminance(fill) > 0.8 else fill
    return "#ffffff", fill
