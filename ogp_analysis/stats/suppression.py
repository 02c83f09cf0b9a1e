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
