"""A concentration curve: the share of something that the lowest part of the units has."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from ogp_analysis.charts.common import FILL, GRID, LABEL, MARGIN, SMALL, WIDTH, caption_text, start
from ogp_analysis.errors import ParameterError
from ogp_analysis.locale import Language
from ogp_analysis.maps.figure import MapFigure
from ogp_analysis.maps.palettes import MUTED
from ogp_analysis.maps.sheet import settings, text_width

SIDE = 300.0  # points of the square
STEPS = (0, 20, 40, 60, 80, 100)
COLUMNS = ["people_share", "outcome_share"]


def curve(
    table: pd.DataFrame,
    *,
    title: str,
    across: str,
    upwards: str,
    language: Language,
    source: str,
    notes: Sequence[str] = (),
) -> MapFigure:
    """Draw a concentration curve beside the diagonal of equal shares.

    Parameters
    ----------
    table : DataFrame
        ``people_share`` and ``outcome_share``, from 0 to 1, the origin first, the lowest units next.
    title, across, upwards, source : str
        In the reader's language; ``across`` and ``upwards`` name the two shares.
    language : Language
    notes : sequence of str
        Further lines of the caption.

    Returns
    -------
    MapFigure

    Raises
    ------
    ParameterError
        If the points do not lead from 0 to 1 upwards.

    Examples
    --------
    >>> from ogp_analysis import get_language
    >>> points = pd.DataFrame({"people_share": [0, 0.5, 1], "outcome_share": [0, 0.2, 1]})
    >>> words = {"across": "Bills", "upwards": "Relief", "title": "Relief", "source": "Example"}
    >>> print(curve(points, **words, language=get_language("en")).alt)
    Bills 50%: Relief 20%; Bills 100%: Relief 100%.
    """
    points = table[COLUMNS].astype(float)
    ends = points.iloc[[0, -1]].to_numpy().round(9).tolist() if len(points) > 1 else []
    if ends != [[0, 0], [1, 1]] or (points.diff().iloc[1:] < 0).any(axis=None):
        raise ParameterError("A curve leads from 0 to 1 and never back.", hint="Give cumulative shares.")
    with settings():
        sheet, top = start(title, SIDE + 44)
        left = MARGIN + text_width(language.percent(100, 0), SMALL) + 8
        bottom = top - 18 - SIDE

        def place(share: float, part: float) -> tuple[float, float]:
            return left + SIDE * share, bottom + SIDE * part

        sheet.text(MARGIN, top - 8, upwards, LABEL)
        for step in STEPS:
            at, text = step / 100, language.percent(step, 0)
            sheet.line([place(at, 0), place(at, 1)], colour=GRID, width=0.5)
            sheet.line([place(0, at), place(1, at)], colour=GRID, width=0.5)
            sheet.text(place(at, 0)[0], bottom - 10, text, SMALL, colour=MUTED, align="center")
            sheet.text(left - 4, place(0, at)[1] - 2.5, text, SMALL, colour=MUTED, align="right")
        sheet.line([place(0, 0), place(1, 1)], colour=MUTED, width=0.8)
        pairs = [(float(a), float(b)) for a, b in points.to_numpy().tolist()]
        sheet.line([place(*pair) for pair in pairs], colour=FILL.fill, width=1.6)
        for pair in pairs[1:]:
            sheet.circle(*place(*pair), 2.4, fill=FILL.fill, edge=FILL.fill)
        sheet.text(min(left + SIDE, WIDTH - MARGIN), bottom - 22, across, LABEL, align="right")
    shown = [(language.percent(100 * a, 0), language.percent(100 * b, 0)) for a, b in pairs[1:]]
    words = "; ".join(f"{across} {a}: {upwards} {b}" for a, b in shown) + "."
    caption = caption_text(
        language, source, [language.t("The thin line is where all had the same share."), *notes]
    )
    return MapFigure(sheet.figure, words, points.reset_index(drop=True), title, caption, language.code)
