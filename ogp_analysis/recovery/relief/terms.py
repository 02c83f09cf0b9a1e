"""A city's published relief terms, made ready to be applied: dates, tax years, property values, groups."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

import pandas as pd
import yaml

from ogp_analysis.errors import DataError, ParameterError, Problem
from ogp_analysis.quarter import Span

PRINCIPAL_KINDS = ("discount", "principal_cut", "exemption")
FINE_KINDS = ("fine_waiver",)
REASONS = {
    "kind": "it cuts neither the tax nor the fine on it",
    "group": "nobody has said which bills its group is (see groups.yaml)",
    "no_period": "the sources give no period, and none was assumed",
}


@dataclass(frozen=True)
class Term:
    """One rate of one measure.

    Attributes
    ----------
    measure, number : str, int
    cuts : str
        ``principal`` or ``fine``.
    basis_points : int
    window : (date, date) or None
        Days of payment; without them the term holds whether or not a bill is paid.
    years : (int, int)
        First and last tax year.
    njop_max : int or None
    uses : frozenset of int or None
        ``KD_JPB`` of the bills it is for.
    assumed : bool
        Whether the tax years are the caller's assumption.
    """

    measure: str
    number: int
    cuts: str
    basis_points: int
    window: tuple[date, date] | None
    years: tuple[int, int]
    njop_max: int | None = None
    uses: frozenset[int] | None = None
    assumed: bool = False


@dataclass(frozen=True)
class ReliefTerms:
    """The terms that are applied, and those that cannot be, with why (``measure_id``, ``term_no``, ``reason``)."""

    terms: tuple[Term, ...]
    unused: pd.DataFrame

    @property
    def measures(self) -> list[str]:
        """The measures applied, in the order of the table."""
        return list(dict.fromkeys(term.measure for term in self.terms))

    def without(self, *measures: str) -> ReliefTerms:
        """The same terms as if some measures had never been."""
        return ReliefTerms(tuple(term for term in self.terms if term.measure not in measures), self.unused)


@lru_cache(maxsize=1)
def _plain(name: str) -> str:
    """A group's name whatever its case and its kind of dash."""
    return name.replace("\N{EN DASH}", "-").casefold().strip()


def _known_groups() -> dict[str, frozenset[int] | None]:
    raw = yaml.safe_load(Path(__file__).with_name("groups.yaml").read_text(encoding="utf-8"))
    groups: dict[str, frozenset[int] | None] = dict.fromkeys(raw["everyone"])
    return groups | {name: frozenset(uses) for name, uses in raw["by_use"].items()}


def compile_terms(
    table: pd.DataFrame,
    *,
    assumed_years: Mapping[str, tuple[int, int]] | None = None,
    groups: Mapping[str, frozenset[int] | None] | None = None,
    roll_has_use: bool = True,
) -> ReliefTerms:
    """Make the rows of ``measure_terms`` ready to be applied to bills.

    A term with days of payment holds for bills paid on them; one without holds for every bill of its tax years,
    paid or not. A term with neither cannot be applied unless the caller says for which tax years it is taken to
    hold; it is then marked as assumed.

    Parameters
    ----------
    table : DataFrame
        Rows of ``measure_terms``, those on land tax.
    assumed_years : dict of (int, int), optional
        First and last tax year of measures for which the sources give no period.
    groups : dict, optional
        ``group_en`` to the uses (``KD_JPB``) it means, or None for everyone; besides those of ``groups.yaml``.
    roll_has_use : bool
        Whether the roll tells the use of a building; if not, terms for a use are left out.

    Raises
    ------
    DataError
        If a rate is no whole basis point or a window ends before it starts.
    ParameterError
        If years are assumed for a measure that is not in the table.

    Examples
    --------
    >>> from ogp_analysis import Quarter, load_case
    >>> from ogp_analysis.recovery.measures import measure_terms
    >>> table = measure_terms(load_case("semarang"), Quarter.parse("2023Q4")).query("category == 'pbb'")
    >>> compile_terms(table).unused["measure_id"].tolist()
    ['PBB-25', 'PBB-EXEMPT']
    """
    years_of = dict(assumed_years or {})
    unknown = sorted(set(years_of) - set(table["measure_id"]))
    if unknown:
        raise ParameterError(
            f"Years are assumed for {', '.join(unknown)}, which has no terms.", hint="Check the name."
        )
    known = {_plain(name): uses for name, uses in {**_known_groups(), **(groups or {})}.items()}
    terms, unused, problems = [], [], []
    for place, row in enumerate(table.to_dict("records"), start=2):
        measure, number = str(row["measure_id"]), int(row["term_no"])
        group = row.get("group_en")
        uses = None if pd.isna(group) else known.get(_plain(str(group)))
        window, years = _window(row), _years(row)
        assumed = window is None and years is None and measure in years_of
        if row["kind"] not in PRINCIPAL_KINDS + FINE_KINDS:
            unused.append((measure, number, REASONS["kind"]))
        elif not pd.isna(group) and _plain(str(group)) not in known:
            unused.append((measure, number, REASONS["group"]))
        elif uses is not None and not roll_has_use:
            unused.append((measure, number, "the roll does not tell the use of a building (KD_JPB)"))
        elif window is None and years is None and not assumed:
            unused.append((measure, number, REASONS["no_period"]))
        else:
            points = round(float(row["rate_percent"]) * 100)
            if abs(points - float(row["rate_percent"]) * 100) > 1e-6:
                value = str(row["rate_percent"])
                problems.append(Problem("measure_terms", place, "rate_percent", value, "at most two decimals"))
            if window is not None and window[1] < window[0]:
                problems.append(Problem("measure_terms", place, "pay_to", str(row["pay_to"]), "pay_from or later"))
            limit = row.get("njop_max")
            terms.append(
                Term(
                    measure,
                    number,
                    "fine" if row["kind"] in FINE_KINDS else "principal",
                    points,
                    window,
                    (years_of[measure] if assumed else years) or (0, 9999),
                    None if pd.isna(limit) else int(limit),
                    uses,
                    assumed,
                )
            )
    if problems:
        raise DataError(problems, hint="Mend measure_terms.csv.")
    return ReliefTerms(tuple(terms), pd.DataFrame(unused, columns=["measure_id", "term_no", "reason"]))


def _window(row: Mapping[Any, Any]) -> tuple[date, date] | None:
    start, end = row.get("pay_from"), row.get("pay_to")
    if pd.isna(start) and pd.isna(end):
        return None
    first = date.min if pd.isna(start) else Span.parse(str(start)).first
    return first, date.max if pd.isna(end) else Span.parse(str(end)).last


def _years(row: Mapping[Any, Any]) -> tuple[int, int] | None:
    start, end = row.get("tax_year_from"), row.get("tax_year_to")
    if pd.isna(start) and pd.isna(end):
        return None
    return 0 if pd.isna(start) else int(start), 9999 if pd.isna(end) else int(end)


def waiver_gaps(terms: pd.DataFrame, first: date, last: date) -> list[str]:
    """The months in which no term waives fines, from the dates of the terms alone.

    A month counts as covered if a waiver holds on at least one of its days; days, instead of months, are the
    matter of :func:`~ogp_analysis.recovery.measures.uncovered_days`. A waiver without dates covers nothing.

    Parameters
    ----------
    terms : DataFrame
        With ``kind``, ``pay_from`` and ``pay_to``.
    first, last : date
        Both months count.

    Returns
    -------
    list of str
        Months as ``YYYY-MM``.

    Examples
    --------
    >>> terms = pd.DataFrame(
    ...     {"kind": "fine_waiver", "pay_from": ["2020-04", "2020-09-01"], "pay_to": ["2020-06-30", "2020-12"]}
    ... )
    >>> waiver_gaps(terms, date(2020, 4, 1), date(2020, 12, 31))
    ['2020-07', '2020-08']
    """
    rows = terms[terms["kind"].isin(FINE_KINDS)].to_dict("records")
    windows = [window for row in rows if (window := _window(row)) is not None]
    gaps = []
    for month in pd.period_range(first, last, freq="M"):
        start, end = month.start_time.date(), month.end_time.date()
        if not any(window[0] <= end and window[1] >= start for window in windows):
            gaps.append(str(month))
    return gaps
