"""What one may do to an index to question it, and the slips that break it: each a run beside the first one."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ogp_analysis.case import Case
from ogp_analysis.errors import OgpAnalysisError, ParameterError, nearest
from ogp_analysis.quarter import Quarter
from ogp_analysis.scorecard.data import scorecards_of
from ogp_analysis.scorecard.result import RECIPE, Scorecard, scorecard
from ogp_analysis.scorecard_items import filled_rows, indicator_names

if TYPE_CHECKING:
    from ogp_analysis.stats.composite import Run


@dataclass(frozen=True)
class Moved:
    """How far the ranks of another run differ from those of the first one.

    Attributes
    ----------
    spearman : float
        Rank correlation over the units that both rank.
    largest : int
        Places that the unit moved which moved the most; 0 if none did.
    units : tuple of labels
        The units that moved so far, in the order of the first run; empty if none did.
    ranked : int
        Units with a rank in the other run.
    """

    spearman: float
    largest: int
    units: tuple[Hashable, ...]
    ranked: int


def moved(first: Run, other: Run) -> Moved:
    """Compare the ranks of two runs of one index.

    Parameters
    ----------
    first, other : Run

    Returns
    -------
    Moved

    Examples
    --------
    >>> from ogp_analysis.stats.composite.run import small_run
    >>> run = small_run()  # x, y and z have ranks 2, 3 and 1
    >>> moved(run, turned(run, "c"))
    Moved(spearman=0.5, largest=1, units=('x', 'y'), ranked=3)
    """
    from ogp_analysis.stats.composite import compare_runs

    found = compare_runs(first, other)
    far = found.table["change"].astype("Float64").abs()
    largest = 0 if far.isna().all() else int(far.max())
    units = tuple(far.index[(far == largest).fillna(False).to_numpy(dtype=bool)]) if largest else ()
    return Moved(found.agreement.spearman, largest, units, int(found.table["rank_b"].notna().sum()))


def first_scored(case: Case, quarter: Quarter) -> Scorecard | None:
    """The first scorecard of a case that has scores as of a quarter; None if there is none.

    Examples
    --------
    >>> from ogp_analysis import load_case
    >>> first_scored(load_case("semarang"), Quarter(2023, 4)).scorecard_id
    'living'
    """
    for name in scorecards_of(case):
        result = scorecard(case, quarter, name)
        if result.run is not None:
            return result
    return None


def first_filled(case: Case) -> str | None:
    """The first scorecard of a case with an item that is filled in by form; None if there is none.

    Examples
    --------
    >>> from ogp_analysis import load_case
    >>> first_filled(load_case("semarang"))
    'openness'
    """
    items = filled_rows(case.table("scorecard_items"))
    return None if items.empty else str(items["scorecard_id"].iloc[0])


def variants(run: Run) -> dict[str, Run]:
    """The same index with one choice made otherwise.

    ``zscore`` and ``rank``: another scale; ``geometric``: a geometric mean, in which a low value of one part is
    not made good by a high one of another; ``item_weights``: every item counts alike, whatever the size of its
    group; ``outliers``: skewed items are treated first (:func:`ogp_analysis.stats.composite.treat`).

    Parameters
    ----------
    run : Run
        By :data:`ogp_analysis.scorecard.RECIPE`.

    Returns
    -------
    dict of str to Run
    """
    from ogp_analysis.stats.composite import build, recipe

    shape = run.structure
    alike = {code: float(len(shape.below(code))) for code in shape.aggregates if code != shape.top}
    return {
        "zscore": run.replay({"normalise": {"method": "zscore"}}),
        "rank": run.replay({"normalise": {"method": "rank"}}),
        "geometric": run.replay({"aggregate.method": "geometric"}),
        "item_weights": run.replay({"structure.weights": alike}),
        "outliers": build(run.raw, run.given, recipe({"treat": {}, **RECIPE})),
    }


def turned(run: Run, code: str) -> Run:
    """The index with the direction of one item the wrong way round.

    Raises
    ------
    ParameterError
        If the structure has no such item.
    """
    from ogp_analysis.stats.composite import build, structure

    if code not in run.given.indicators:
        raise ParameterError(f"'{code}' is no item of the structure.", hint=nearest(code, run.given.indicators))
    table = run.given.table.reset_index(names="code")
    at = table.index[table["code"] == code]
    table.loc[at, "direction"] = -table.loc[at, "direction"].astype("float64")
    return build(run.raw, structure(table), run.recipe)


def equal_everywhere(run: Run, code: str) -> str:
    """What the checks say when one item has the same value for every unit; empty if they say nothing.

    Examples
    --------
    >>> from ogp_analysis.stats.composite.run import small_run
    >>> equal_everywhere(small_run(), "a").partition(";")[0]
    "All units have the same value of 'a'"
    """
    try:
        run.replay(raw=run.raw.assign(**{code: run.raw[code].iloc[0]}))
    except OgpAnalysisError as error:
        return error.message
    return ""


def unknown_unit(run: Run, unit: Hashable, value: float = np.nan) -> Run:
    """The index with every value of one unit unknown, or one number put in the place of each.

    Examples
    --------
    >>> from ogp_analysis.stats.composite.run import small_run
    >>> unknown_unit(small_run(), "z").ranks["index"].tolist()
    [1, 1, <NA>]
    >>> unknown_unit(small_run(), "z", 0).raw.loc["z"].tolist()
    [0.0, 0.0, 0.0]
    """
    raw = run.raw.astype("float64")
    raw.loc[unit] = value
    return run.replay(raw=raw)


def copied(run: Run, source: str, target: str) -> Run:
    """The index with the column of one item pasted over another."""
    return run.replay(raw=run.raw.assign(**{target: run.raw[source]}))


def undivided(case: Case, result: Scorecard) -> Run | None:
    """The index of a scorecard from counts that nobody divided; None without a run or such an item.

    Parameters
    ----------
    case : Case
    result : Scorecard
        Items that are filled in stay as they are.

    Returns
    -------
    Run or None
    """
    if result.run is None:
        return None
    raw = result.run.raw.copy()
    about = result.items.about.dropna(subset=["indicators", "period"]).set_index("code")
    rates = [code for code in raw.columns if code in about.index]
    for code in rates:
        names = indicator_names(about.at[code, "indicators"])
        counts = [case.values(name, str(about.at[code, "period"]))["value"] for name in names]
        raw[code] = sum(counts[1:], start=counts[0]).reindex(raw.index)
    return result.run.replay(raw=raw) if rates else None


def base_of(case: Case, result: Scorecard) -> tuple[str, pd.Series] | None:
    """The denominator that most items of a scorecard are divided by, and its values; None without any."""
    about = result.items.about.dropna(subset=["indicators", "denominator_period"])
    if about.empty:
        return None
    bases = [
        (str(case.indicator(indicator_names(row["indicators"])[0])["denominator"]), str(period))
        for (_, row), period in zip(about.iterrows(), about["denominator_period"], strict=True)
    ]
    base, period = max(dict.fromkeys(bases), key=bases.count)
    return base, case.values(base, period)["value"]
