"""The lesson on scorecards in the reader's words: an index step by step, questions asked of it, and slips."""

from __future__ import annotations

from collections.abc import Mapping
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

import pandas as pd

from ogp_analysis.reports.present import indicator_names, pair
from ogp_analysis.reports.scorecard_profile import item_units
from ogp_analysis.reports.small_counts import hidden_items
from ogp_analysis.scorecard import lessons
from ogp_analysis.scorecard.result import choices

if TYPE_CHECKING:
    from ogp_analysis.reports.context import Report
    from ogp_analysis.scorecard import Scorecard
    from ogp_analysis.stats.composite import Run

#: Base draws of Sobol's sequence, and seed of the made-up values.
SOBOL_DRAWS, SEED = 256, 35
PARTS = ("first", "total")

LABELS: Mapping[str, str] = {
    "zscore": "Scale: distance from the mean in standard deviations",
    "rank": "Scale: the place among all",
    "geometric": "Geometric instead of arithmetic mean",
    "item_weights": "Every item counts alike, not every group",
    "outliers": "Skewed items treated before the scale",
    "scale_and_mean": "Scale with its mean",
    "left_out": "One item left out",
    "weights": "Weights",
    "against": "runs against its group",
    "weak": "hardly goes with its group",
    "same": "says nearly the same as another",
    "fair": "nothing unusual",
    "unknown": "cannot be told",
    "winsorised": "the furthest values set to the next one",
    "log": "taken as logarithm",
}
EXPLANATIONS: Mapping[str, str] = {
    "worth": "It does not prove that the items are the right ones. No formula says what good living is; whoever "
    "picks the items decides.",
    "cause": "It shows no cause. A good rank is not the work of a programme because the two stand side by side.",
    "people": "It says nothing of a person or household: the poor of a well-placed kecamatan do not see its rank.",
    "distance": "A rank hides distances: between two neighbours in the list there may be nearly nothing, or much.",
    "ranges": "Ranges show how far the rank hangs on the choices that were drawn. They know nothing of errors in "
    "the figures, or of choices that nobody thought of.",
    "time": "Two years may not be compared by their ranks: a kecamatan may improve and still fall behind.",
    "blame": "A low rank is a question to ask, not an accusation.",
}


def structure_rows(result: Scorecard, report: Report) -> pd.DataFrame:
    """The structure: ``item``, ``group``, ``better``, ``weight`` in its group, ``effective`` in the index."""
    from ogp_analysis.stats.composite import effective_weights

    run = _run(result)
    names, table = item_names(result, report), run.structure.table
    parents, directions = table["parent"].to_dict(), run.structure.directions.to_dict()
    weights, shares = run.structure.weights.to_dict(), effective_weights(run.structure).to_dict()
    return pd.DataFrame(
        {
            "code": code,
            "item": names[code],
            "group": names[parents[code]],
            "better": report.t("more") if directions[code] == 1 else report.t("less"),
            "weight": float(weights[code]),
            "effective": float(shares[code]),
        }
        for code in run.structure.indicators
    ).sort_values(["group", "item"], ignore_index=True)


def item_names(result: Scorecard, report: Report) -> dict[str, str]:
    """Names of the items and groups of a scorecard, by code."""
    items = report.case.table("scorecard_items")
    items = items[items["scorecard_id"] == result.scorecard_id]
    return dict(zip(items["code"], pair(items, "name", report.language), strict=True))


def shown_group(result: Scorecard, report: Report) -> str | None:
    """The group with the most items of which every value may be shown, the first of equals; None without any."""
    shape, hidden = _run(result).structure, hidden_items(result, report.case).any()
    shown = [group for group in shape.levels[2] if not hidden[list(shape.children[group])].any()]
    return max(shown, key=lambda code: len(shape.children[code]), default=None)


def step_rows(result: Scorecard, step: str, report: Report) -> tuple[pd.DataFrame, dict[str, str]]:
    """One table between the steps, a row a kecamatan by name, and its headers.

    Parameters
    ----------
    result : Scorecard
    step : {"values", "scaled", "index"}
        The items of :func:`shown_group` as they are; the same on one scale with the group's score; all groups with
        the index and its rank.
    report : Report
    """
    run, names, group = _run(result), item_names(result, report), shown_group(result, report)
    codes = list(run.structure.children[group]) if group else []
    if step == "values":
        frame = run.tables["raw"][codes]
        units = item_units(result, report)
        names = {code: f"{names[code]} ({units[code]})" for code in codes}
    elif step == "scaled":
        frame = run.tables["normalise"][codes].join(run.scores[[group] if group else []])
    else:
        frame = run.scores[list(run.structure.aggregates)]
        names = {**names, "rank": report.t("Rank")}
        frame = frame.assign(rank=run.ranks[run.structure.top])
    headers = {"name": report.t("Kecamatan")} | {code: names[code] for code in frame.columns}
    rows = frame.assign(name=_places(report)[frame.index].to_numpy())
    by = ["rank", "name"] if step == "index" else ["name"]
    return rows.sort_values(by, ignore_index=True), headers


def worked_words(result: Scorecard, report: Report) -> str:
    """One value brought onto the scale by hand, of an item of which more is better; a dash if there is none."""
    run, group = _run(result), shown_group(result, report)
    items = run.structure.children[group] if group else ()
    codes = [code for code in items if run.structure.directions[code] == 1]
    if not codes:
        return "—"
    values = run.raw[codes[0]]
    # neither end of the scale: there would be nothing to work out
    between = [unit for unit in run.results.index if values.min() < values[unit] < values.max()]
    if not between:
        return "—"
    unit, number = between[0], report.language.number
    return report.t(
        "By hand: {item}, {place}: {value}; the lowest of all is {low}, the highest {high}. "
        "1 + 99 × ({value} − {low}) / ({high} − {low}) = {score}.",
        item=item_names(result, report)[codes[0]],
        place=str(_places(report)[unit]),
        value=number(float(values[unit]), 4),
        low=number(float(values.min()), 4),
        high=number(float(values.max()), 4),
        score=number(float(run.tables["normalise"][codes[0]][unit]), 1),
    )


def variant_rows(result: Scorecard, report: Report) -> pd.DataFrame:
    """The index with one choice made otherwise: ``what``, ``spearman``, ``largest``, ``who``."""
    run = _run(result)
    rows = [{"what": report.t(LABELS[name])} | _moved(run, other, report)
            for name, other in lessons.variants(run).items()]  # fmt: skip
    return pd.DataFrame(rows)


def drop_rows(result: Scorecard, report: Report) -> pd.DataFrame:
    """The index without each item: ``item``, ``spearman``, ``mean_shift``, ``largest_shift``; largest first."""
    if result.drop_one is None:
        return pd.DataFrame()
    names = item_names(result, report)
    table = result.drop_one.table.sort_values(["largest_shift", "mean_shift"], ascending=False, kind="stable")
    return table.assign(item=[names[str(code)] for code in table.index]).reset_index(drop=True)


def outlier_rows(result: Scorecard, report: Report) -> pd.DataFrame:
    """Items that a treatment of outliers changes: ``item``, ``skewness``, ``kurtosis``, ``what``, ``cells``."""
    names = item_names(result, report)
    table: pd.DataFrame = lessons.variants(_run(result))["outliers"].details["treat"].table
    table = table[table["how"].isin(["winsorised", "log"])]
    words = [report.t(LABELS[how]) for how in table["how"]]
    return table.assign(item=[names[str(code)] for code in table.index], what=words).reset_index(drop=True)


def alike_rows(result: Scorecard, report: Report) -> pd.DataFrame:
    """Pairs of items of one group that say nearly the same: ``first``, ``second``, ``correlation``."""
    from ogp_analysis.stats.composite import audit

    names = item_names(result, report)
    pairs = audit(_run(result)).pairs
    pairs = pairs[pairs["flag"] == "same"]
    return pairs.assign(**{side: pairs[side].map(names) for side in ("first", "second")}).reset_index(drop=True)


def sobol_rows(result: Scorecard, report: Report) -> pd.DataFrame | None:
    """Which choice moves the ranks: ``what``, ``first``, ``total`` with their ranges; None without SALib."""
    if find_spec("SALib") is None:
        return None
    from ogp_analysis.stats.composite import sobol

    run = _run(result)
    table = sobol(run, choices(list(run.structure.indicators)), n=SOBOL_DRAWS, seed=SEED).table
    rows = []
    for name, row in table.iterrows():
        texts = {column: report.language.number(float(row[column]), 2) for column in table.columns}
        shown = {part: f"{texts[part]} ({texts[f'{part}_low']} … {texts[f'{part}_high']})" for part in PARTS}
        rows.append({"what": report.t(LABELS[str(name)])} | shown)
    return pd.DataFrame(rows)


def turned_rows(result: Scorecard, report: Report) -> pd.DataFrame:
    """Each item in turn the wrong way round, the one that moves most first.

    Columns ``item``, ``before`` and ``after`` (correlation with its group), ``check``, ``spearman``, ``largest``
    and ``who``.
    """
    from ogp_analysis.stats.composite import audit

    run, names = _run(result), item_names(result, report)
    before, rows = audit(run).parts, []
    for code in run.structure.indicators:
        other = lessons.turned(run, code)
        after = audit(other).parts.loc[code]
        found = {"item": names[code], "before": before.at[code, "with_parent"], "after": after["with_parent"]}
        rows.append(found | {"check": report.t(LABELS[str(after["flag"])])} | _moved(run, other, report))
    return pd.DataFrame(rows).sort_values("largest", ascending=False, kind="stable", ignore_index=True)


def slip_rows(result: Scorecard, report: Report) -> pd.DataFrame:
    """Slips with what the checks say and what moves: ``what``, ``check``, ``spearman``, ``largest``, ``who``."""
    run, names, places = _run(result), item_names(result, report), _places(report)
    best, code = run.results.index[0], run.structure.indicators[0]
    pairs = [run.structure.children[group][:2] for group in run.structure.levels[2]]
    rows = [
        {
            "what": report.t("{item}: the same value in every row", item=names[code]),
            "check": report.t("Refused: “{message}”", message=lessons.equal_everywhere(run, code)),
        },
        _slip(
            report.t("{place}: its row is empty", place=places[best]),
            report.t("It has no score and no rank; the others are ranked without it."),
            run,
            lessons.unknown_unit(run, best),
            report,
        ),
        _slip(
            report.t("{place}: zeros in place of what is not known", place=places[best]),
            report.t(
                "Nothing: a zero is a value, mostly a bad one where more is better, a good one where less is."
            ),
            run,
            lessons.unknown_unit(run, best, 0.0),
            report,
        ),
    ]
    for source, target in [two for two in pairs if len(two) == 2][:1]:
        what = report.t("{source}: pasted over {target}", source=names[source], target=names[target])
        words = report.t("The audit says: correlation 1, the two say the same and count double.")
        rows.append(_slip(what, words, run, lessons.copied(run, source, target), report))
    counts = lessons.undivided(report.case, result)
    if counts is not None:
        what = report.t("Counts used as they are, not divided by people, houses or area")
        rows.append(_slip(what, report.t("Nothing: numbers are numbers."), run, counts, report))
    return pd.DataFrame(rows, columns=["what", "check", "spearman", "largest", "who"])


def base_words(result: Scorecard, report: Report) -> str:
    """How the index goes with the size of the kecamatan, divided and not divided; a dash without such a size."""
    from ogp_analysis.stats.composite import correlations

    run, base = _run(result), lessons.base_of(report.case, result)
    counts = lessons.undivided(report.case, result)
    if base is None or counts is None:
        return "—"
    table = pd.DataFrame({"rates": run.index, "counts": counts.index, "base": base[1].reindex(run.index.index)})
    found = correlations(table, "spearman")["base"]
    return report.t(
        "Rank correlation of the index with “{base}”: {rates} when its items are divided, {counts} when they are "
        "not. Counts grow with the size of a place; rates are there to take it out.",
        base=indicator_names(report.case, report.language)[base[0]],
        rates=report.language.number(float(found["rates"]), 2),
        counts=report.language.number(float(found["counts"]), 2),
    )


def limits(report: Report) -> list[str]:
    """What an index does not prove."""
    return [report.t(text) for text in EXPLANATIONS.values()]


def _slip(what: str, check: str, run: Run, other: Run, report: Report) -> dict[str, Any]:
    return {"what": what, "check": check} | _moved(run, other, report)


def _moved(run: Run, other: Run, report: Report) -> dict[str, Any]:
    found, places = lessons.moved(run, other), _places(report)
    who = report.language.list([str(places[str(unit)]) for unit in found.units]) if found.units else "—"
    return {"spearman": found.spearman, "largest": found.largest, "who": who}


def _places(report: Report) -> pd.Series[Any]:
    return report.case.districts.set_index("code_bps")["name"]


def _run(result: Scorecard) -> Run:
    if result.run is None:
        raise ValueError("The scorecard has no scores.")
    return result.run
