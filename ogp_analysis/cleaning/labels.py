"""Suspicions about labels: two columns that changed places, a column of units with figures in it."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass

import pandas as pd

from ogp_analysis.cleaning.frames import numbers_of, require_columns
from ogp_analysis.cleaning.layout import is_figure
from ogp_analysis.cleaning.text import clean
from ogp_analysis.errors import ParameterError


@dataclass(frozen=True)
class LabelSwap:
    """Whether two labels fit two sums known from elsewhere.

    Attributes
    ----------
    verdict : str
        ``consistent``, ``swapped`` (each sum is the other's known total), ``neither``, or ``undecidable`` (the two
        known totals are equal, or values are missing).
    sums, known : dict
        By label: the sum of the column, and the total known.
    no_data : int
        Missing values in the two columns.
    """

    verdict: str
    sums: dict[str, float]
    known: dict[str, float]
    no_data: int


def find_label_swap(a: pd.Series, b: pd.Series, known_totals: Mapping[str, float]) -> LabelSwap:
    """Test whether the labels of two columns were exchanged, against totals known from another source.

    In 2022 a health office's export sums to 15 deaths of men and 18 of women; its head had said 18 men and
    15 women. Which of the two is wrong, the sums cannot tell.

    Parameters
    ----------
    a, b : Series of numbers
        Two columns with names.
    known_totals : mapping
        The name of each column and its total.

    Returns
    -------
    LabelSwap

    Raises
    ------
    ParameterError
        If the columns have the same name or none, or a total is lacking.

    Examples
    --------
    >>> men, women = pd.Series([9, 6], name="men"), pd.Series([10, 8], name="women")
    >>> find_label_swap(men, women, {"men": 18, "women": 15}).verdict
    'swapped'
    """
    one, other = str(a.name), str(b.name)
    if a.name is None or b.name is None or one == other:
        raise ParameterError("The two columns need two names.", hint="Rename them as in known_totals.")
    lacking = [name for name in (one, other) if name not in known_totals]
    if lacking:
        raise ParameterError(
            f"No known total for {', '.join(map(repr, lacking))}.",
            hint=f"known_totals has: {', '.join(known_totals)}.",
        )
    sums = {one: float(numbers_of(a).sum()), other: float(numbers_of(b).sum())}
    known = {one: float(known_totals[one]), other: float(known_totals[other])}
    no_data = int(a.isna().sum() + b.isna().sum())
    if known[one] == known[other] or no_data:
        verdict = "undecidable"
    elif sums == known:
        verdict = "consistent"
    elif sums == {one: known[other], other: known[one]}:
        verdict = "swapped"
    else:
        verdict = "neither"
    return LabelSwap(verdict, sums, known, no_data)


def find_polluted_units(frame: pd.DataFrame, unit: str, others: list[str]) -> pd.DataFrame:
    """Find rows whose unit column holds a figure, or a copy of another column of the row.

    A converted table may print ``28 | Unit`` and then ``28 | 28``: the number was copied over the unit.

    Parameters
    ----------
    frame : DataFrame
        Cells as text.
    unit : str
        The column of units.
    others : list of str
        Columns that may have been copied into it: the value, the label.

    Returns
    -------
    DataFrame
        On the index of ``frame``: ``found`` (the cell), ``problem``, ``usual`` (the unit of all clean rows, if
        they agree; else missing). Nothing is filled in.

    Raises
    ------
    ParameterError
        If a column is lacking.

    Examples
    --------
    >>> lorries = pd.DataFrame({"n": ["90", "28", "2"], "satuan": ["Unit", "28", "2"]})
    >>> find_polluted_units(lorries, "satuan", ["n"]).to_dict("records")
    [{'found': '28', 'problem': "a copy of 'n'", 'usual': 'Unit'},
     {'found': '2', 'problem': "a copy of 'n'", 'usual': 'Unit'}]
    """
    require_columns(frame, [unit, *others], "frame")
    records: list[tuple[str, str]] = []
    index: list[Hashable] = []
    good: set[str] = set()
    for position, (label, cell) in enumerate(frame[unit].items()):
        text = clean(cell)
        copied = [name for name in others if text and text == clean(frame[name].iloc[position])]
        if copied:
            records.append((text, f"a copy of '{copied[0]}'"))
        elif is_figure(text):
            records.append((text, "a figure, not a unit"))
        else:
            good.update({text} - {""})
            continue
        index.append(label)
    usual = next(iter(good)) if len(good) == 1 else None
    result = pd.DataFrame(records, columns=["found", "problem"], index=pd.Index(index, name=frame.index.name))
    return result.assign(usual=pd.Series(usual, index=result.index, dtype="string"))
