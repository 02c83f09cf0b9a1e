"""Where one unit stands among others, as a percentile with its uncertainty."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from ogp_analysis.errors import ParameterError
from ogp_analysis.stats.checks import Floats, counts_of, matched, named, need_draws, need_level
from ogp_analysis.stats.shrinkage import FEWEST, shrink


@dataclass(frozen=True)
class Standing:
    """Percentile of one unit's rate among those of a group.

    Attributes
    ----------
    median, low, high : float
        Of the percentile over the draws, 0 (below all) to 100 (above all); ``low`` to ``high`` hold ``level`` of
        them.
    raw : float
        The percentile by the rates as they are.
    size : int
        Members of the group that have cases.
    left_out : int
        Members without any case.
    prior : str
        ``group`` if the rates were drawn towards their common mean, ``jeffreys`` if each stands alone.
    decided : bool
        Whether the range lies wholly above or wholly below 50.
    level : float
    """

    median: float
    low: float
    high: float
    raw: float
    size: int
    left_out: int
    prior: str
    decided: bool
    level: float


def standing(
    count: int,
    total: int,
    group_counts: pd.Series,
    group_totals: pd.Series,
    draws: int = 10_000,
    seed: int = 0,
    label: Hashable | None = None,
    level: float = 0.90,
) -> Standing:
    """Place one unit among the members of a group, with the range that few cases leave open.

    In each draw every rate comes from its posterior Beta(count + alpha, total - count + beta), and the unit's
    percentile is ``100 (members below + half of those equal) / members`` (N. M. Laird and T. A. Louis,
    *Journal of Educational Statistics* 14, 1989, 29-46; H. Goldstein and D. J. Spiegelhalter, *JRSS A* 159, 1996,
    385-443). alpha and beta are those of :func:`~ogp_analysis.stats.shrinkage.shrink`, fitted to the group
    together with the unit, so that a unit unlike the group is not drawn into it. With fewer than three members in
    the group, or where the fit gives no such distribution (its strength is infinite or 0), Jeffreys' alpha =
    beta = 1/2 is used.

    Parameters
    ----------
    count, total : int
        Of the unit. It must not be among the group: it would be compared with itself.
    group_counts, group_totals : Series
        Of the others, matched by label. Members with a total of 0 are left out, and counted.
    draws : int
    seed : int
        The same seed gives the same range, whatever the order of the rows.
    label : hashable, optional
        The unit's own label: give it, and its presence in the group raises.
    level : float
        Of the range; 0.90 is the 5% to 95% range.

    Returns
    -------
    Standing

    Raises
    ------
    ParameterError
        If the unit or the whole group has no case, the unit is in the group, a value is missing, or a count does
        not fit its total.

    Examples
    --------
    >>> members = list("abcdef")
    >>> counts = pd.Series([1, 2, 2, 9, 3, 4], index=members)
    >>> totals = pd.Series([8, 9, 7, 10, 12, 9], index=members)
    >>> place = standing(8, 9, counts, totals, label="g")
    >>> round(place.raw, 1), place.decided, place.prior
    (83.3, True, 'group')
    >>> standing(8, 9, counts, totals, label="a")
    Traceback (most recent call last):
    ...
    ogp_analysis.errors.ParameterError: 'a' is itself in the group.
    What to do: Leave it out of group_counts and group_totals.
    """
    need_draws(draws)
    need_level(level)
    k, n = _group(group_counts, group_totals, label)
    (own_k,), (own_n,) = counts_of(count, total)
    if np.isnan(own_k + own_n):
        raise ParameterError("The count of the unit is missing.", hint="Without it there is no standing: say so.")
    if own_n == 0:
        raise ParameterError("The unit has no cases.", hint="Without cases it has no standing: say so.")
    left_out = int((n == 0).sum())
    k, n = k[n > 0], n[n > 0]
    if not len(k):
        raise ParameterError("No member of the group has cases.", hint="Choose another group.")
    order = np.lexsort((k, n))  # by value, so that the draws do not depend on the order of the rows
    k, n = np.append(k[order], own_k), np.append(n[order], own_n)
    alpha, beta, prior = _prior(k, n)
    drawn = np.random.default_rng(seed).beta(k + alpha, n - k + beta, size=(draws, len(k)))
    percentiles = _percentile(drawn[:, :-1], drawn[:, -1:])
    low, median, high = (
        float(bound) for bound in np.quantile(percentiles, [(1 - level) / 2, 0.5, (1 + level) / 2])
    )
    # whole products, so that 1/3 and 2/6 are equal
    raw = float(_percentile(k[:-1] * own_n, own_k * n[:-1]))
    return Standing(median, low, high, raw, len(k) - 1, left_out, prior, low > 50 or high < 50, level)


def _group(counts: pd.Series, totals: pd.Series, label: Hashable | None) -> tuple[Floats, Floats]:
    k, n = counts_of(counts, matched(counts, totals, ("group_counts", "group_totals")))
    missing = np.isnan(k + n)
    if missing.any():
        raise ParameterError(
            f"Counts or totals are missing for: {named(counts.index[missing])}.",
            hint="Leave these members out of both Series, and say so.",
        )
    if label is not None and label in counts.index:
        raise ParameterError(
            f"{named([label])} is itself in the group.", hint="Leave it out of group_counts and group_totals."
        )
    return k, n


def _prior(k: Floats, n: Floats) -> tuple[float, float, str]:
    if len(k) > FEWEST and n.max() > 1:
        fitted = shrink(pd.Series(k), pd.Series(n))
        if 0 < fitted.strength < np.inf:
            return fitted.alpha, fitted.beta, "group"
    return 0.5, 0.5, "jeffreys"


def _percentile(others: Floats, own: Floats) -> Floats:
    return np.asarray(100 * ((others < own).mean(axis=-1) + 0.5 * (others == own).mean(axis=-1)))
