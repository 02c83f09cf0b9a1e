"""Concentration curves: what share of something the first in a row have, beside equal shares."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from ogp_analysis.charts.common import GRID, LABEL, MARGIN, SMALL, WIDTH, caption_text, start
from ogp_analysis.errors import ParameterError
from ogp_analysis.locale import Language
from ogp_analysis.maps.figure import MapFigure
from ogp_analysis.maps.palettes import INK, MUTED
from ogp_analysis.maps.sheet import Sheet, block_size, settings, text_width, wrap

SIDE, POINT = 170.0, 2.4
STEPS = (0, 25, 50, 75, 100)
#: Told apart by the mark on the line as well as by its colour.
LOOKS = (("#2b7bba", "full"), ("#b35806", "open"), ("#1b7837", "square"), ("#542788", "cross"))


def concentration_curve(
    table: pd.DataFrame,
    *,
    axes: tuple[str, str],
    title: str,
    language: Language,
    source: str,
    notes: Sequence[str] = (),
) -> MapFigure:
    """Curves of cumulated shares with the diagonal on which all would have the same.

    A curve above the diagonal: the places that come first have more than their share.

    Parameters
    ----------
    table : DataFrame
        ``group`` (a curve, in the reader's language), ``people_share`` and ``outcome_share`` (0 to 1), in the
        order of the curve; at most four curves.
    axes : tuple of str
        What is cumulated along the foot and up the side.
    title, language, source, notes
        As for :func:`~ogp_analysis.charts.bars`.

    Returns
    -------
    MapFigure

    Raises
    ------
    ParameterError
        If there is no curve or more than four, or one does not rise from 0 to 1.
    """
    groups = list(dict.fromkeys(table["group"]))
    if not 1 <= len(groups) <= len(LOOKS):
        raise ParameterError(f"{len(groups)} curves cannot be told apart.", hint=f"Draw 1 to {len(LOOKS)}.")
    for name in groups:
        ends = table.loc[table["group"] == name, ["people_share", "outcome_share"]]
        falls = (ends.diff().dropna() < -1e-9).any().any()
        if (
            ends.isna().any().any()
            or falls
            or ends.iloc[0].abs().max() > 1e-9
            or (ends.iloc[-1] - 1).abs().max() > 1e-9
        ):
            raise ParameterError(
                f"The curve {name!r} does not rise from 0 to 1.", hint="Use concentration_curve()."
            )
    foot = wrap(axes[0], SIDE + 60, SMALL)
    up = wrap(axes[1], WIDTH - 2 * MARGIN, SMALL)
    with settings():
        sheet, y = start(title, SIDE + block_size(up, SMALL)[1] + block_size(foot, SMALL)[1] + 24)
        top = sheet.lines(MARGIN, y, up, SMALL, colour=MUTED) - 8
        left, bottom = MARGIN + text_width("100%", SMALL) + 6, top - SIDE

        def at(people: float, outcome: float) -> tuple[float, float]:
            return left + SIDE * people, bottom + SIDE * outcome

        for step in STEPS:
            share, text = step / 100, language.percent(step, 0)
            sheet.line([at(share, 0), at(share, 1)], colour=GRID, width=0.5)
            sheet.line([at(0, share), at(1, share)], colour=GRID, width=0.5)
            sheet.text(left - 4, at(0, share)[1] - 2.5, text, SMALL, colour=MUTED, align="right")
            sheet.text(at(share, 0)[0], bottom - 9, text, SMALL, colour=MUTED, align="center")
        sheet.lines(left, bottom - 14, foot, SMALL, colour=MUTED)
        sheet.line([at(0, 0), at(1, 1)], colour=INK, width=0.9)
        legend, line = left + SIDE + 24, top - 6
        sheet.line([(legend, line), (legend + 18, line)], colour=INK, width=0.9)
        sheet.text(legend + 24, line - 3, language.t("equal shares"), LABEL)
        for name, look in zip(groups, LOOKS, strict=False):
            rows = table[table["group"] == name]
            points = [at(*pair) for pair in zip(rows["people_share"], rows["outcome_share"], strict=True)]
            sheet.line(points, colour=look[0], width=1.4)
            line -= 16
            sheet.line([(legend, line), (legend + 18, line)], colour=look[0], width=1.4)
            for point in [*points, (legend + 9, line)]:
                _mark(sheet, point, look)
            lines = wrap(name, WIDTH - MARGIN - legend - 24, LABEL)
            sheet.lines(legend + 24, line + 4, lines, LABEL)
            line -= block_size(lines, LABEL)[1] - LABEL
    found = [_words(name, table[table["group"] == name], language) for name in groups]
    words = " ".join([f"{axes[0]}; {axes[1]}.", *found])
    data = table[["group", "people_share", "outcome_share"]].reset_index(drop=True)
    caption = caption_text(language, source, notes)
    return MapFigure(sheet.figure, words, data, title, caption, language.code)


def _mark(sheet: Sheet, point: tuple[float, float], look: tuple[str, str]) -> None:
    x, y = point
    colour, kind = look
    if kind in ("full", "open"):
        sheet.circle(x, y, POINT, fill=colour if kind == "full" else "#ffffff", edge=colour)
    elif kind == "square":
        sheet.polygon(
            [(x - POINT, y - POINT), (x + POINT, y - POINT), (x + POINT, y + POINT), (x - POINT, y + POINT)],
            fill=colour,
        )
    else:
        sheet.line([(x - POINT, y - POINT), (x + POINT, y + POINT)], colour=colour, width=1.0)
        sheet.line([(x - POINT, y + POINT), (x + POINT, y - POINT)], colour=colour, width=1.0)


def _words(name: str, rows: pd.DataFrame, language: Language) -> str:
    """Where the curve stands when about half of what is cumulated along the foot is counted."""
    middle = rows.iloc[[int((rows["people_share"] - 0.5).abs().to_numpy().argmin())]].iloc[0]
    return language.t(
        "{name}: the first {people} have {outcome}.",
        name=name,
        people=language.percent(100 * float(middle["people_share"]), 0),
        outcome=language.percent(100 * float(middle["outcome_share"]), 0),
    )
