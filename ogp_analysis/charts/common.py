"""What all charts share: a sheet with a title, measures, colours, and the caption."""

from __future__ import annotations

from collections.abc import Sequence

from ogp_analysis.errors import ParameterError
from ogp_analysis.locale import Language
from ogp_analysis.maps.palettes import Style
from ogp_analysis.maps.sheet import Sheet, block_size, new_sheet, wrap

WIDTH = 504.0
MARGIN = 10.0
TITLE, LABEL, SMALL = 12.0, 8.0, 7.2
GRID = "#d9d9d9"
FILL = Style("#2b7bba")
SOFT = Style("#c9dff0", "---", "#4a7096")
SOFT_EDGE = "#4a7096"
BREAK = "#b2182b"


def caption_text(language: Language, source: str, notes: Sequence[str]) -> str:
    """Say the source, then the notes."""
    if not source.strip():
        raise ParameterError(
            f"A chart needs a source; found {source!r}.", hint="Give source= in the reader's language."
        )
    return " ".join([language.t("Source: {source}", source=source).rstrip(".") + ".", *notes])


def _head(title: str) -> tuple[tuple[str, ...], float]:
    lines = wrap(title, WIDTH - 2 * MARGIN, TITLE, "bold")
    return lines, block_size(lines, TITLE, "bold")[1] + 12


def start(title: str, height: float) -> tuple[Sheet, float]:
    """Begin a sheet with a title; gives it and the upper end of the ``height`` points that are free below."""
    lines, head = _head(title)
    sheet = new_sheet(WIDTH, height + head + 2 * MARGIN)
    top = sheet.height - MARGIN
    sheet.lines(MARGIN, top, lines, TITLE, weight="bold")
    return sheet, top - head
