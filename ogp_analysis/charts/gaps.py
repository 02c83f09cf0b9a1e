"""Shares of one thing less shares of another: a point and a line on either side of zero, panel beside panel."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from ogp_analysis.charts.common import FILL, GRID, LABEL, MARGIN, SMALL, WIDTH, caption_text, start
from ogp_analysis.errors import ParameterError
from ogp_analysis.locale import Language
from ogp_analysis.maps.figure import MapFigure
from ogp_analysis.maps.palettes import INK, MUTED
from ogp_analysis.maps.sheet import Sheet, block_size, settings, text_width, wrap

ROW, BETWEEN, POINT = 13.0, 12.0, 3.0
#: Steps of the scale in percentage points; the widest that leaves two of them on each side is taken.
STEPS = (50, 25, 20, 10, 5, 2, 1)
COLUMNS = ["group", "label", "share", "need_share", "gap", "low", "high", "shown"]


def gap(
    table: pd.DataFrame,
    *,
    title: str,
    language: Language,
    source: str,
    notes: Sequence[str] = (),
) -> MapFigure:
    """Gaps with their intervals, one row a place and one panel a group, all on the same scale.

    A place whose interval holds zero is within chance: its point is open and grey, as is one of which chance
    cannot be told. Only the others are filled.

    Parameters
    ----------
    table : DataFrame
        ``group`` and ``label`` (text, in the reader's language), ``share`` and ``need_share`` (0 to 1), ``gap``
        (their difference), ``low``, ``high`` (missing if there is no interval) and ``within_chance`` (boolean,
        missing if it cannot be told); rows and panels in the order of the table.
    title, language, source, notes
        As for :func:`~ogp_analysis.charts.bars`.

    Returns
    -------
    MapFigure

    Raises
    ------
    ParameterError
        If there is no row, a place occurs twice in a group, or a gap lies outside -1 to 1.
    """
    known = table["gap"].dropna()
    if table.empty or table.duplicated(["group", "label"]).any() or (known.abs() > 1).any():
        raise ParameterError(
            "Gaps need at least one row, each place once in a group, and lie between -1 and 1.",
            hint="Use the table of benefit_gap().",
        )
    groups, places = list(dict.fromkeys(table["group"])), list(dict.fromkeys(table["label"]))
    column = min(max(text_width(text, LABEL) for text in places) + 8, 150)
    cell = (WIDTH - 2 * MARGIN - column - BETWEEN * (len(groups) - 1)) / len(groups)
    heads = {name: wrap(name, cell, LABEL, "bold") for name in groups}
    head = max(block_size(lines, LABEL, "bold")[1] for lines in heads.values()) + 6
    reach = max(float(table[["gap", "low", "high"]].abs().max().max()), 0.01)
    table = table.assign(shown=[_shown(row, language) for _, row in table.iterrows()])
    with settings():
        sheet, y = start(title, head + ROW * len(places) + 16)
        top = y - head
        for at, place in enumerate(places):
            sheet.text(MARGIN, top - ROW * (at + 0.5) - 3, place, LABEL)
        for number, name in enumerate(groups):
            left = MARGIN + column + number * (cell + BETWEEN)
            sheet.lines(left, y, heads[name], LABEL, weight="bold")
            _panel(sheet, table[table["group"] == name], places, (left, cell, top), reach, language)
    caption = caption_text(language, source, [_key(table, language), *notes])
    data = table[COLUMNS].reset_index(drop=True)
    return MapFigure(sheet.figure, _words(table, groups, language), data, title, caption, language.code)


def _panel(
    sheet: Sheet,
    rows: pd.DataFrame,
    places: list[str],
    box: tuple[float, float, float],
    reach: float,
    language: Language,
) -> None:
    left, cell, top = box
    bottom = top - ROW * len(places)

    def x(value: float) -> float:
        return left + cell * (0.5 + 0.46 * value / reach)

    # as fine as leaves room for the numbers below it, and no finer
    fitting = [step for step in STEPS if step / 100 <= reach]
    step = fitting[0] if fitting else STEPS[-1]
    for tick in (-step, 0, step):
        text = language.signed(tick)
        sheet.line([(x(tick / 100), bottom), (x(tick / 100), top)], colour=GRID if tick else INK, width=0.6)
        sheet.text(x(tick / 100), bottom - 9, text, SMALL, colour=MUTED, align="center")
    for _, row in rows.iterrows():
        middle = top - ROW * (places.index(row["label"]) + 0.5)
        if pd.isna(row["gap"]):
            sheet.text(x(0) + 3, middle - 3, language.t("no data"), SMALL, colour=MUTED)
            continue
        told = pd.notna(row["within_chance"]) and not row["within_chance"]
        if pd.notna(row["low"]) and pd.notna(row["high"]):
            ends = [(x(row["low"]), middle), (x(row["high"]), middle)]
            sheet.line(ends, colour=FILL.fill if told else MUTED, width=1.8 if told else 0.8)
        fill, edge = (FILL.fill, FILL.fill) if told else ("#ffffff", MUTED)
        sheet.circle(x(row["gap"]), middle, POINT, fill=fill, edge=edge)


def _shown(row: pd.Series, language: Language) -> str:
    if pd.isna(row["gap"]):
        return language.t("no data")
    if pd.isna(row["within_chance"]):
        return language.t("cannot be told")
    if row["within_chance"]:
        return language.t("within chance")
    return language.t("more than its share") if row["gap"] > 0 else language.t("less than its share")


def _key(table: pd.DataFrame, language: Language) -> str:
    if table["low"].notna().any():
        return language.t(
            "Right of the line: more than its share, in percentage points. Line: range that chance leaves open, "
            "for all places together (95%). Open grey point: within chance. Filled point: more than chance."
        )
    return language.t(
        "Right of the line: more than its share, in percentage points. Chance could not be reckoned."
    )


def _words(table: pd.DataFrame, groups: list[str], language: Language) -> str:
    said = []
    for name in groups:
        rows = table[table["group"] == name]
        parts = []
        for kind in ("more than its share", "less than its share"):
            chosen = rows[rows["shown"] == language.t(kind)]
            if len(chosen):
                parts.append(
                    f"{language.t(kind)}: {language.list([_point(row, language) for _, row in chosen.iterrows()])}"
                )
        count = int((rows["shown"] == language.t("within chance")).sum())
        if count:
            parts.append(language.t("within chance: {n} of {all}", n=count, all=len(rows)))
        untold = int((rows["shown"] == language.t("cannot be told")).sum())
        if untold:
            parts.append(language.t("cannot be told: {n} of {all}", n=untold, all=len(rows)))
        empty = int(rows["gap"].isna().sum())
        if empty:
            parts.append(language.t("no data: {n} of {all}", n=empty, all=len(rows)))
        said.append(f"{name} – {'; '.join(parts)}.")
    return " ".join(said)


def _point(row: pd.Series, language: Language) -> str:
    return f"{row['label']} ({language.signed(100 * float(row['gap']), 1)})"
