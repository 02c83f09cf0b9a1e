"""A scorecard as a reader meets it: ranks with ranges, a map, what it is made of, and what it does not say."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pandas as pd

from ogp_analysis.charts.ranges import range_text
from ogp_analysis.reports.present import pair, period_text

if TYPE_CHECKING:
    from ogp_analysis.maps.figure import MapFigure
    from ogp_analysis.reports.context import Report
    from ogp_analysis.scorecard import Scorecard


def page_of(result: Scorecard, report: Report) -> Report:
    """The page to show a scorecard on: one that marks every title, table and figure if a value is illustrative.

    It shares the list of sources with the page that it is a part of.
    """
    if report.illustrative or not result.illustrative:
        return report
    return replace(report, illustrative=True)


def ranked(result: Scorecard, report: Report) -> pd.DataFrame:
    """One row a kecamatan, best first, with ``label``, ``name``, ``place`` and ``range`` in the reader's words."""
    names = report.case.districts.set_index("code_bps")["name"]
    table = result.table
    table = table.assign(label=names[table.index].to_numpy(), name=names[table.index].to_numpy())
    table["place"] = table["rank"]
    table["range"] = [
        range_text(low, high, report.language) for low, high in zip(table["low"], table["high"], strict=True)
    ]
    return table


def rank_map(result: Scorecard, title: str, report: Report) -> MapFigure | None:
    """A map of ranks in four classes, with the range of ranks under each name; None without any outline.

    Parameters
    ----------
    result : Scorecard
        One with ranks.
    title : str
        In the reader's language.
    report : Report
    """
    if not report.has_outline:
        return None
    from ogp_analysis.maps import Frame, choropleth, make_classes

    table = ranked(result, report)
    ranks = table["rank"].dropna().astype("float64")
    most = len(ranks)
    edges = sorted({1.0, *(float(round(1 + part * most / 4)) for part in (1, 2, 3)), float(most)})
    classes = make_classes(ranks, scheme="given", breaks=edges, language=report.language.code, whole=True)
    states = pd.Series("illustrative" if result.illustrative else "derived", index=ranks.index)
    frame = Frame(
        title,
        report.t("Rank, 1 is best (range below the name)"),
        source_text(result, report),
        report.quarter,
        report.language,
        notes=(report.t("A rank is where the kecamatan stands among the others, not how well it does."),),
        legend_below=True,
    )
    return choropleth(
        report.boundaries,
        ranks,
        frame,
        classes=classes,
        kind="rank",
        states=states,
        below=table["range"].drop(table.index[table["rank"].isna()]),
    )


def source_text(result: Scorecard, report: Report) -> str:
    """The sources of all items, for the foot of a figure."""
    ids = [each for text in result.items.about["source_id"].dropna() for each in str(text).split(";")]
    if ids:
        return report.source_line(list(dict.fromkeys(ids)))
    return report.t("made up for an exercise" if result.illustrative else "see the table of items")


def item_rows(result: Scorecard, report: Report) -> pd.DataFrame:
    """What a scorecard is made of: each item with its group, direction, years, and what hangs on it.

    Returns
    -------
    DataFrame
        ``item``, ``group``, ``better``, ``years``, ``known_text``, ``largest_shift`` (missing without ranks) and
        ``source_id``.
    """
    items = report.case.table("scorecard_items")
    items = items[items["scorecard_id"] == result.scorecard_id].set_index("code")
    names = dict(zip(items.index, pair(items, "name", report.language), strict=True))
    shifts = {} if result.drop_one is None else result.drop_one.table["largest_shift"].to_dict()
    rows = []
    for _, item in result.items.about.iterrows():
        row = items.loc[item["code"]]
        rows.append(
            {
                "item": names[item["code"]],
                "group": names.get(row["parent"], "—"),
                "better": report.t("more") if row["direction"] == 1 else report.t("less"),
                "years": _years(item, report),
                "known_text": report.t(
                    "{n} of {all} kecamatan", n=int(item["known"]), all=len(report.case.districts)
                ),
                "largest_shift": shifts.get(item["code"]),
                "source_id": item["source_id"],
            }
        )
    return pd.DataFrame(rows)


def _years(item: pd.Series[Any], report: Report) -> str:
    if pd.isna(item["period"]):
        return "—"
    own = period_text(item["period"], item["period"], report.language)
    if pd.isna(item["denominator_period"]) or item["denominator_period"] == item["period"]:
        return own
    base = report.language.period(str(item["denominator_period"]))
    return report.t("{period}, divided by figures of {base}", period=own, base=base)


def careful_words(result: Scorecard, report: Report) -> list[str]:
    """How sure the ranks are, item by item of what a reader must know; empty without ranks."""
    if result.run is None or result.uncertainty is None:
        return []
    table = ranked(result, report)
    width = table["high"] - table["low"]
    sure = table[width == 0]
    low = table[table["lowest"] >= 0.9]
    sentences = []
    if len(sure):
        sentences.append(
            report.t(
                "The same rank in nine of ten draws: {names}.", names=report.language.list(list(sure["name"]))
            )
        )
    if len(low):
        sentences.append(
            report.t(
                "In the lowest quarter in at least nine of ten draws: {names}.",
                names=report.language.list(list(low["name"])),
            )
        )
    sentences.append(
        report.t(
            "The widest range is {width} ranks: {names}. Two kecamatan whose ranges overlap are not told apart.",
            width=int(width.max()) + 1,
            names=report.language.list(list(table.loc[width == width.max(), "name"])),
        )
    )
    unknown, equal = (_names(result, codes, report) for codes in (result.unknown, result.equal))
    if unknown:
        sentences.append(report.t("Left out, for no kecamatan has a value: {names}.", names=unknown))
    if equal:
        sentences.append(report.t("Left out, for no two kecamatan have different values: {names}.", names=equal))
    return sentences


def _names(result: Scorecard, codes: tuple[str, ...], report: Report) -> str:
    rows = result.items.about[result.items.about["code"].isin(codes)]
    return report.language.list([report.text(row, "name") for _, row in rows.iterrows()])


def no_score_words(result: Scorecard, report: Report) -> str:
    """Why a scorecard has no scores, and what would give it some."""
    words = report.t(
        "No scores: of {all} items, {n} have a value for any kecamatan. "
        "With values for two thirds of the weight they are computed.",
        all=len(result.items.about),
        n=int((result.items.about["known"] > 0).sum()),
    )
    equal = _names(result, result.equal, report)
    if not equal:
        return words
    return " ".join(
        [
            words,
            report.t("Of no use for scores, for no two kecamatan have different values: {names}.", names=equal),
        ]
    )


def known_items(result: Scorecard) -> pd.DataFrame:
    """Which items are known for which kecamatan, for a matrix: a row a kecamatan, a column an item."""
    return result.items.data.notna()
