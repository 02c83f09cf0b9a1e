"""Rates of places of unlike size beside the limits that chance alone would set them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from ogp_analysis.charts.common import BREAK, FILL, GRID, LABEL, MARGIN, SMALL, WIDTH, caption_text, start
from ogp_analysis.errors import ParameterError
from ogp_analysis.locale import Language
from ogp_analysis.maps.figure import MapFigure
from ogp_analysis.maps.palettes import MUTED
from ogp_analysis.maps.sheet import Sheet, block_size, settings, text_width, wrap
from ogp_analysis.stats.rates import LABELS as POSITIONS

HEIGHT, BETWEEN, POINT = 190.0, 20.0, 3.0
OUTSIDE = ("very_low", "low", "high", "very_high")


def funnel(
    table: pd.DataFrame,
    limits: pd.DataFrame,
    targets: Mapping[str, float],
    *,
    units: Mapping[str, tuple[str, str]],
    title: str,
    language: Language,
    source: str,
    notes: Sequence[str] = (),
) -> MapFigure:
    """Rates over the size of places, with the limits of chance; only places outside them are filled and named.

    Parameters
    ----------
    table : DataFrame
        ``group`` (panel) and ``label`` (text, in the reader's language), ``people`` (size), ``rate`` (missing
        where it is not shown), ``position`` (``inside``, ``low``, ``high``, ``very_low`` or ``very_high``).
    limits : DataFrame
        ``group``, ``people``, ``low``, ``high``, ``very_low``, ``very_high``: the curves.
    targets : mapping of group to float
        The rate that the limits are drawn around.
    units : mapping of group to pair of str
        What the rates are per, and what the sizes are of, in the reader's language.
    title, language, source, notes
        As for :func:`~ogp_analysis.charts.bars`.

    Returns
    -------
    MapFigure

    Raises
    ------
    ParameterError
        If no rate can be drawn, or a group lacks its limits or its target.
    """
    groups = list(dict.fromkeys(table["group"]))
    lacking = [name for name in groups if name not in targets or name not in set(limits["group"])]
    if table["rate"].dropna().empty or lacking:
        raise ParameterError(
            f"A funnel needs rates, limits and a target for each group; lacking: {', '.join(lacking) or 'rates'}.",
            hint="Use beside_chance() and limit_curves().",
        )
    cell = (WIDTH - 2 * MARGIN - BETWEEN * (len(groups) - 1)) / len(groups)
    heads = {name: wrap(name, cell, LABEL, "bold") for name in groups}
    head = max(block_size(lines, LABEL, "bold")[1] for lines in heads.values()) + 14
    with settings():
        sheet, y = start(title, head + HEIGHT + 30)
        for number, name in enumerate(groups):
            left = MARGIN + number * (cell + BETWEEN)
            below = sheet.lines(left, y, heads[name], LABEL, weight="bold")
            sheet.text(left, below - 8, units[name][0], SMALL, colour=MUTED)
            rows, curves = table[table["group"] == name], limits[limits["group"] == name]
            _panel(sheet, rows.dropna(subset=["rate"]), curves, targets[name], (left, cell, y - head), language)
            foot = language.t("Size: {unit}", unit=units[name][1])
            sheet.text(left + cell, y - head - HEIGHT - 20, foot, SMALL, colour=MUTED, align="right")
    key = language.t(
        "Red line: rate of the whole place. Grey lines: limits that chance alone keeps 95% (inner) and 99.8% "
        "(outer) of places within. Filled and named: outside the 95% limits. That is no verdict: by chance alone "
        "one place in 20 lies there."
    )
    data = table[["group", "label", "people", "rate"]].assign(
        shown=[_shown(row, language) for _, row in table.iterrows()]
    )
    words = " ".join(_words(name, table[table["group"] == name], language) for name in groups)
    caption = caption_text(language, source, [key, *notes])
    return MapFigure(sheet.figure, words, data.reset_index(drop=True), title, caption, language.code)


def _panel(
    sheet: Sheet,
    rows: pd.DataFrame,
    curves: pd.DataFrame,
    target: float,
    box: tuple[float, float, float],
    language: Language,
) -> None:
    left, cell, top = box
    # beyond the highest place the outer limit of the smallest may run off the scale
    highest = 1.08 * max(float(rows["rate"].max()), 1.5 * target, float(curves["high"].median()))
    ticks = _ticks(highest, language)
    room = max(text_width(text, SMALL) for text in ticks.values()) + 5
    largest, bottom = float(curves["people"].max()), top - HEIGHT

    def x(people: float) -> float:
        return left + room + (cell - room) * people / largest

    def y(rate: float) -> float:
        return bottom + HEIGHT * min(max(rate, 0.0), highest) / highest

    for tick, text in ticks.items():
        sheet.line([(left + room, y(tick)), (left + cell, y(tick))], colour=GRID, width=0.5)
        sheet.text(left + room - 4, y(tick) - 2.5, text, SMALL, colour=MUTED, align="right")
    for people, text in _ticks(largest, language, 3).items():
        half = text_width(text, SMALL) / 2
        middle = min(max(x(people), left + room + half - 4), left + cell - half)
        sheet.text(middle, bottom - 9, text, SMALL, colour=MUTED, align="center")
    for name, width in (("very_low", 0.6), ("very_high", 0.6), ("low", 1.1), ("high", 1.1)):
        inside = curves[curves[name] <= highest]
        points = [(x(people), y(limit)) for people, limit in zip(inside["people"], inside[name], strict=True)]
        if len(points) > 1:
            sheet.line(points, colour=MUTED, width=width)
    sheet.line([(x(float(curves["people"].min())), y(target)), (x(largest), y(target))], colour=BREAK, width=1.0)
    taken: list[tuple[float, float]] = []
    for _, row in rows.sort_values("rate", ascending=False).iterrows():
        outside = row["position"] in OUTSIDE
        at = x(float(row["people"])), y(float(row["rate"]))
        fill, edge = (FILL.fill, FILL.fill) if outside else ("#ffffff", MUTED)
        sheet.circle(*at, POINT, fill=fill, edge=edge)
        if outside:
            _name(sheet, str(row["label"]), at, (left + room, left + cell), taken)


def _name(
    sheet: Sheet, text: str, at: tuple[float, float], ends: tuple[float, float], taken: list[tuple[float, float]]
) -> None:
    """Write a name beside its point, on the side where it fits, below any name that is already there."""
    wide = text_width(text, SMALL)
    right = at[0] + POINT + 2 + wide <= ends[1]
    y = at[1] - 2.5
    while any(abs(y - other) < SMALL and abs(at[0] - place) < wide + 30 for place, other in taken):
        y -= SMALL
    taken.append((at[0], y))
    sheet.text(
        at[0] + (POINT + 2 if right else -POINT - 2),
        y,
        text,
        SMALL,
        align="left" if right else "right",
        halo="#ffffff",
    )


def _ticks(highest: float, language: Language, most: int = 5) -> dict[float, str]:
    """Round numbers from zero up, each with its text.

    Examples
    --------
    >>> from ogp_analysis import get_language
    >>> _ticks(5.1, get_language("id"))
    {0.0: '0', 1.0: '1', 2.0: '2', 3.0: '3', 4.0: '4', 5.0: '5'}
    """
    size = 10.0 ** (len(str(int(highest))) - 1) if highest >= 1 else 0.1
    while size > highest / 2:
        size /= 10
    step = next(
        (size * factor for factor in (1, 2, 5, 10, 20, 50) if highest / (size * factor) <= most + 0.5), size
    )
    values = [round(step * number, 6) for number in range(int(highest / step) + 1)]
    return {value: language.number(value) for value in values}


def _shown(row: pd.Series, language: Language) -> str:
    if pd.isna(row["rate"]):
        return language.t("small count, not shown")
    return language.t(POSITIONS[str(row["position"])])


def _words(name: str, rows: pd.DataFrame, language: Language) -> str:
    drawn = rows.dropna(subset=["rate"])
    inside = int((~drawn["position"].isin(OUTSIDE)).sum())
    parts = [language.t("within the limits of chance: {n} of {all} drawn", n=inside, all=len(drawn))]
    for kinds, text in ((OUTSIDE[2:], "above them: {names}"), (OUTSIDE[:2], "below them: {names}")):
        names = [
            f"{label} ({language.number(float(value), 2)})"
            for label, value, position in zip(drawn["label"], drawn["rate"], drawn["position"], strict=True)
            if position in kinds
        ]
        if names:
            parts.append(language.t(text, names=language.list(names)))
    if len(drawn) < len(rows):
        parts.append(language.t("not drawn because a count is small: {n}", n=len(rows) - len(drawn)))
    return f"{name} – {'; '.join(parts)}."
