"""Hide counts so small that a person could be known by them, and what would give them away."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from ogp_analysis.errors import ParameterError
from ogp_analysis.stats.checks import Floats, matched, whole


def suppress_small(counts: pd.Series, threshold: int = 5, *, total_published: bool = True) -> pd.DataFrame:
    """Hide counts from 1 to below the threshold, and further ones if the total would give them away.

    A hidden count is given away by the total if it is the only one, or if the sum of the hidden ones leaves only
    one way to fill them, for example as many as there are. Then the next smallest count is hidden too, and those
    tied with it (L. Willenborg and T. de Waal, *Elements of Statistical
    Disclosure Control*, 2001, on secondary suppression in one-way tables). It protects one list with one total:
    not a table with totals both ways, and not two lists that can be subtracted from each other.

    *Zeros* are shown: nobody is counted in them. *Missing* counts stay missing and protect nothing. *Ties* are
    hidden together, so that the order of the rows does not matter.

    Parameters
    ----------
    counts : Series
        Whole numbers from 0.
    threshold : int
        Smallest count that may be shown, 2 or more.
    total_published : bool
        Whether a reader can know the sum.

    Returns
    -------
    DataFrame
        ``shown`` (Int64, missing where hidden) and ``state``: ``shown``, ``small``, ``complement`` or
        ``missing``.

    Raises
    ------
    ParameterError
        If a label occurs twice, a count is negative or not whole, the threshold is below 2, or the total gives
        counts away whatever is hidden: publish no total then.

    Examples
    --------
    >>> suppress_small(pd.Series([2, 40, 9, 0, None], index=list("abcde")))
       shown       state
    a   <NA>       small
    b     40       shown
    c   <NA>  complement
    d      0       shown
    e   <NA>     missing
    """
    if threshold < 2:
        raise ParameterError(f"The threshold {threshold} hides nothing.", hint="Use 5, or what the office asks.")
    matched(counts, counts, ("counts", "counts"))
    numbers = whole(counts, "counts")
    known = ~np.isnan(numbers)
    small = known & (numbers > 0) & (numbers < threshold)
    hidden = small.copy()
    while total_published and hidden.any() and _given_away(numbers, hidden, small, threshold):
        pool = known & ~hidden & (numbers > 0)
        if not pool.any():
            raise ParameterError(
                "The total gives the small counts away whatever is hidden.", hint="Publish no total."
            )
        hidden |= pool & (numbers == numbers[pool].min())
    state = np.select([~known, small, hidden], ["missing", "small", "complement"], "shown")
    shown = pd.array(np.where(hidden | ~known, 0, np.nan_to_num(numbers)).astype(np.int64), dtype="Int64")
    shown[hidden | ~known] = pd.NA
    return pd.DataFrame({"shown": shown, "state": pd.Series(state, counts.index, dtype="str")}, counts.index)


def suppress_table(counts: pd.DataFrame, threshold: int = 5) -> pd.DataFrame:
    """Hide small counts of a table whose totals by row and by column are published too.

    Totals that :func:`suppress_small` hides take their whole row or column with them. Then each row and column is
    treated as a list with its total, and cells are hidden until none of the hidden ones follows from the totals
    by adding and subtracting: seen as lines between rows and columns, each lies on a circle (D. Gusfield, *SIAM
    Journal on Computing* 17, 1988, 552-571). What a reader could bound, but not work out, is not looked at beyond
    the single row or column.

    Parameters
    ----------
    counts : DataFrame
        Whole numbers from 0, none missing.
    threshold : int
        Smallest count that may be shown, 2 or more.

    Returns
    -------
    DataFrame of str
        ``shown``, ``small`` or ``complement``, in the shape of the table. Zeros are shown, unless the whole row or
        column is hidden.

    Raises
    ------
    ParameterError
        As for :func:`suppress_small`; if a count is missing; and if the totals give counts away whatever is
        hidden.

    Examples
    --------
    >>> table = pd.DataFrame({"a": [2, 30, 41], "b": [25, 38, 47], "c": [20, 33, 46]})
    >>> suppress_table(table).to_numpy().tolist()
    [['small', 'shown', 'complement'], ['complement', 'shown', 'complement'], ['shown', 'shown', 'shown']]
    """
    numbers = np.column_stack([whole(counts[name], str(name)) for name in counts]) if len(counts.columns) else None
    if numbers is None or np.isnan(numbers).any():
        raise ParameterError("A table with missing counts cannot be protected.", hint="Give every cell a count.")
    small = (numbers > 0) & (numbers < threshold)
    hidden = small.copy()
    row_totals, column_totals = (
        suppress_small(pd.Series(numbers.sum(axis=axis)), threshold)["state"].ne("shown").to_numpy()
        for axis in (1, 0)
    )
    hidden |= row_totals[:, None] | column_totals
    lines = [*zip(numbers, hidden, small, strict=True), *zip(numbers.T, hidden.T, small.T, strict=True)]
    total_hidden = [*row_totals, *column_totals]
    while True:
        before = int(hidden.sum())
        for (line, flags, few), no_total in zip(lines, total_hidden, strict=True):
            while not no_total and _needs_another(line, flags, few, threshold) and _hide_next(line, flags):
                pass
        if hidden.sum() > before:
            continue
        # every row and column has two or more by now; a cell between two circles may still be told
        with_totals = np.pad(hidden, ((0, 1), (0, 1)))
        with_totals[:-1, -1], with_totals[-1, :-1] = row_totals, column_totals
        told = [at for at in np.argwhere(hidden & (numbers > 0)).tolist() if not _on_circle(with_totals, *at)]
        if not told:
            break
        both = [lines[number] for row, column in told for number in (row, len(numbers) + column)]
        if not any(_hide_next(line, flags) for line, flags, _ in both):
            raise ParameterError(
                "The totals give small counts away whatever is hidden.", hint="Publish no totals, or no table."
            )
    state = np.select([small, hidden], ["small", "complement"], "shown")
    return pd.DataFrame(state, counts.index, counts.columns)


def _needs_another(
    line: Floats, hidden: npt.NDArray[np.bool_], small: npt.NDArray[np.bool_], threshold: int
) -> bool:
    """Whether the total of a row or column would tell a hidden count."""
    if hidden.sum() == 1:
        return True
    return bool(small.any()) and _given_away(line, hidden, small, threshold)


def _hide_next(line: Floats, hidden: npt.NDArray[np.bool_]) -> bool:
    """Hide the smallest positive count that is still shown, and those tied with it."""
    pool = ~hidden & (line > 0)
    if pool.any():
        hidden |= pool & (line == line[pool].min())
    return bool(pool.any())


def _on_circle(hidden: npt.NDArray[np.bool_], row: int, column: int) -> bool:
    """Whether a way leads over other hidden cells from the row of a cell to its column."""
    others = hidden.copy()
    others[row, column] = False
    rows = np.zeros(len(hidden), bool)
    rows[row] = True
    while True:
        columns = np.logical_or.reduce(others[rows], axis=0)
        wider = np.logical_or(rows, np.logical_or.reduce(others[:, columns], axis=1))
        if columns[column] or (wider == rows).all():
            return bool(columns[column])
        rows = wider


def _given_away(
    numbers: Floats, hidden: npt.NDArray[np.bool_], small: npt.NDArray[np.bool_], threshold: int
) -> bool:
    """Whether the sum of the hidden counts, and the rule by which they were hidden, tell the small ones.

    A reader knows that a small count is from 1 to the threshold less 1, and that a further hidden one is no
    smaller than the threshold and smaller than every positive count that is shown.
    """
    shown = numbers[~hidden & (numbers > 0)]
    others, fewest = int((hidden & ~small).sum()), int(small.sum())
    most = fewest * (threshold - 1)
    total = numbers[hidden].sum()
    largest = np.inf if others and not len(shown) else others * (shown.min() - 1) if others else 0
    low, high = max(fewest, total - largest), min(most, total - others * threshold)
    return bool(low == high and (fewest == 1 or low in (fewest, most)))
