"""Where a case stands as of a quarter: every value, rank and status that the reports show, one a row."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import pandas as pd

from ogp_analysis import __version__, reads
from ogp_analysis.build import METHOD_VERSION
from ogp_analysis.case import Case
from ogp_analysis.changes.subjects import GATHERED, SUBJECTS, Row
from ogp_analysis.intake import digest
from ogp_analysis.quarter import Quarter

#: Columns of the items of a standing.
ITEMS = (
    *("subject", "key", "code_bps", "value", "text", "period", "base", "areas"),
    *("name_en", "name_id", "unit_en", "unit_id", "source_id"),
)
TEXTS = tuple(name for name in ITEMS if name != "value")


@dataclass(frozen=True)
class Standing:
    """Where a case stands as of a quarter.

    Attributes
    ----------
    case : str
        Its id.
    quarter : Quarter
    items : DataFrame
        One row an item: ``subject`` (of :data:`~ogp_analysis.changes.SUBJECTS`), ``key`` (names it within its
        subject), ``code_bps`` (empty for the whole member), ``value`` (a number, or missing), ``text`` (the
        code of a status, or a text), ``period`` (what the figure is about), ``base`` (how it was counted),
        ``areas`` (the vintage of the areas in it), names and units in two languages, ``source_id``. Small
        counts of persons are withheld, as on the pages.
    made : dict
        ``version`` and ``method_version`` of the program, ``tables`` (SHA-256 by name), ``districts`` (codes),
        ``outline`` (kind, vintage and SHA-256 of the outlines that the maps were drawn with; may be empty).
    """

    case: str
    quarter: Quarter
    items: pd.DataFrame = field(repr=False)
    made: Mapping[str, Any] = field(repr=False)


def standing(
    case: Case,
    quarter: Quarter,
    outline: Mapping[str, str] | None = None,
    subjects: Collection[str] = tuple(SUBJECTS),
) -> Standing:
    """Where a case stands as of the last day of a quarter, by the method and the tables of today.

    Parameters
    ----------
    case : Case
    quarter : Quarter
    outline : mapping, optional
        Which outlines the maps of the report are drawn with.
    subjects : collection of str
        Only items of these; only the tables that they follow from are read.

    Returns
    -------
    Standing

    Examples
    --------
    >>> from ogp_analysis import Quarter, load_case
    >>> found = standing(load_case("semarang"), Quarter(2021, 4)).items.set_index(["subject", "key", "code_bps"])
    >>> found.loc[("duty", "inception", ""), "text"]
    'unknown'
    >>> population = found.loc[("value", "jumlah_penduduk", "3374080")]
    >>> float(population["value"]), population["period"]
    (193128.0, '2021')
    """
    names = sorted({name for subject in subjects for name in SUBJECTS[subject]})
    reads.note(*(f"{name}.csv" for name in names))
    made = {
        "version": __version__,
        "method_version": METHOD_VERSION,
        "tables": {name: digest(path) for name in names if (path := case.folder / f"{name}.csv").is_file()},
        "districts": list(case.districts["code_bps"]),
        "outline": dict(outline or {}),
    }
    return Standing(case.id, quarter, _items(case, quarter, subjects), made)


def _items(case: Case, quarter: Quarter, subjects: Collection[str]) -> pd.DataFrame:
    rows: list[Row] = []
    for gather, given in GATHERED.items():
        if given.intersection(subjects):
            found = case.remembered(
                ("standing", quarter, gather.__name__), partial(_gathered, gather, case, quarter)
            )
            rows += [row for row in found if row["subject"] in subjects]
    items = pd.DataFrame(rows, columns=list(ITEMS))
    items["value"] = items["value"].astype(float)
    for name in TEXTS:
        items[name] = [str(text) if isinstance(text, str) else "" for text in items[name]]
    order = items["subject"].map({name: at for at, name in enumerate(SUBJECTS)})
    return (
        items.assign(order=order).sort_values("order", kind="stable").drop(columns="order").reset_index(drop=True)
    )


def _gathered(gather: Callable[[Case, Quarter], Iterable[Row]], case: Case, quarter: Quarter) -> list[Row]:
    return list(gather(case, quarter))
