"""A city's published relief terms, made ready to be applied: dates, tax years, property values, groups."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import pandas as pd

from ogp_analysis.errors import DataError, ParameterError, Problem, file_row
from ogp_analysis.quarter import Span

PRINCIPAL_KINDS = ("discount", "principal_cut", "exemption")
FINE_KINDS = ("fine_waiver",)
FILE = "measure_terms.csv"
ALL, BY_USE, LISTED = "all", "by_use", "listed"
REASONS = {
    "kind": "it cuts neither the tax nor the fine on it",
    "bills": "the table does not say which bills it is for (columns bills and uses)",
    "listed": "it is for those on a list that a roll does not hold",
    "no_use": "the roll does not tell the use of a building (KD_JPB)",
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


def compile_terms(
    table: pd.DataFrame,
    *,
    assumed_years: Mapping[str, tuple[int, int]] | None = None,
    roll_has_use: bool = True,
) -> ReliefTerms:
    """Make the rows of ``measure_terms`` ready to be applied to bills.

    A term with days of payment holds for bills paid on them; one without holds for every bill of its tax years,
    paid or not. A term with neither cannot be applied unless the caller says for which tax years it is taken to
    hold; it is then marked as assumed. For whom a term is, the columns ``bills`` and ``uses`` say; the words of
    ``group`` are for readers.

    Parameters
    ----------
    table : DataFrame
        Rows of ``measure_terms``, those on land tax.
    assumed_years : dict of (int, int), optional
        First and last tax year of measures for which the sources give no period.
    roll_has_use : bool
        Whether the roll tells the use of a building; if not, terms for a use are left out.

    Raises
    ------
    DataError
        If a term contradicts itself, see :func:`term_problems`.
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
    problems = term_problems(table)
    if problems:
        # rows of a selection are not those of the file
        raise DataError([replace(problem, row=None) for problem in problems], hint=f"Mend {FILE}.")
    terms, unused = [], []
    for row in table.to_dict("records"):
        measure, number = str(row["measure_id"]), int(row["term_no"])
        assumed = measure in years_of and _window(row) is None and _years(row) is None
        why = _unused(row, roll_has_use, assumed)
        if why:
            unused.append((measure, number, REASONS[why]))
            continue
        limit = row.get("njop_max")
        terms.append(
            Term(
                measure,
                number,
                "fine" if row["kind"] in FINE_KINDS else "principal",
                round(float(row["rate_percent"]) * 100),
                _window(row),
                (years_of[measure] if assumed else _years(row)) or (0, 9999),
                None if pd.isna(limit) else int(limit),
                _uses(row) if row["bills"] == BY_USE else None,
                assumed,
            )
        )
    return ReliefTerms(tuple(terms), pd.DataFrame(unused, columns=["measure_id", "term_no", "reason"]))


def _unused(row: Mapping[Any, Any], roll_has_use: bool, assumed: bool) -> str:
    """Why a term cannot be applied; empty if it can."""
    bills = row.get("bills")
    if row["kind"] not in PRINCIPAL_KINDS + FINE_KINDS:
        return "kind"
    if pd.isna(bills):
        return "bills"
    if bills == LISTED:
        return "listed"
    if bills == BY_USE and not roll_has_use:
        return "no_use"
    return "" if assumed or _window(row) is not None or _years(row) is not None else "no_period"


def term_problems(table: pd.DataFrame) -> list[Problem]:
    """Rows of ``measure_terms`` that are well formed and still say two things at once.

    Parameters
    ----------
    table : DataFrame
        Its index counts the rows of the file from 0.

    Returns
    -------
    list of Problem
        A rate that is no whole basis point, a window or tax years that end before they begin, uses without
        ``by_use`` or ``by_use`` without uses.

    Examples
    --------
    >>> term = {"measure_id": ["X"], "term_no": [1], "rate_percent": [12.345], "bills": ["by_use"]}
    >>> for problem in term_problems(pd.DataFrame(term)):
    ...     print(problem)
    measure_terms.csv, row 2, column 'rate_percent': found '12.345', expected at most two decimals (X, term 1)
    measure_terms.csv, row 2, column 'uses': expected codes of the use of a building, for by_use (X, term 1)
    """
    problems = []
    for at, row in zip(table.index, table.to_dict("records"), strict=True):
        rate, window, years, uses = float(row["rate_percent"]), _window(row), _years(row), row.get("uses")
        by_use = pd.notna(row.get("bills")) and row["bills"] == BY_USE
        wrong = {
            "rate_percent": ("at most two decimals", abs(round(rate * 100) - rate * 100) > 1e-6),
            "pay_to": ("pay_from or later", window is not None and window[1] < window[0]),
            "tax_year_to": ("tax_year_from or later", years is not None and years[1] < years[0]),
            "uses": (
                "codes of the use of a building, for by_use" if by_use else "an empty cell; by_use alone has uses",
                by_use == pd.isna(uses),
            ),
        }
        for column, (expected, found) in wrong.items():
            if found:
                value = None if pd.isna(row.get(column)) else str(row[column])
                words = f"{expected} ({row['measure_id']}, term {row['term_no']})"
                problems.append(Problem(FILE, file_row(at), column, value, words))
    return problems


def _uses(row: Mapping[Any, Any]) -> frozenset[int]:
    return frozenset(int(code) for code in str(row["uses"]).split(";"))


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
