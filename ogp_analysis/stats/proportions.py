"""Shares of few cases, with intervals that stay inside 0 and 1."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, overload

import numpy as np
import numpy.typing as npt
import pandas as pd

from ogp_analysis.errors import ParameterError
from ogp_analysis.stats.checks import Floats, counts_of, keyed, matched, need_draws, need_level

Method = Literal["wilson", "jeffreys"]


@dataclass(frozen=True)
class Share:
    """A share, what it is of, and its interval.

    Attributes
    ----------
    count, total, undecided : int
        Cases that are so; of which it is known; of which it is not known: these are in neither of the first two.
    share, low, high : float
        ``count / total`` and its interval; NaN if ``total`` is 0.
    method : str
        Of the interval: ``wilson`` or ``jeffreys``.
    level : float
        Of the interval.
    """

    count: int
    total: int
    undecided: int
    share: float
    low: float
    high: float
    method: str
    level: float


@dataclass(frozen=True)
class PooledAndMean:
    """The share of all cases together, and the mean of the members' shares.

    Attributes
    ----------
    pooled : Share
        Every case counts the same.
    mean, low, high : float
        Every member counts the same; interval by bootstrap over members, NaN with fewer than two of them.
    members : int
        Members with at least one decided case; the mean is over these.
    left_out : int
        Members without any.
    draws : int
        Bootstrap samples; 0 if there was nothing to draw from.
    level : float
        Of both intervals.
    """

    pooled: Share
    mean: float
    low: float
    high: float
    members: int
    left_out: int
    draws: int
    level: float


@overload
def interval(
    count: pd.Series, total: pd.Series, method: Method = "wilson", level: float = 0.95
) -> pd.DataFrame: ...
@overload
def interval(
    count: float, total: float, method: Method = "wilson", level: float = 0.95
) -> tuple[float, float]: ...
@overload
def interval(
    count: npt.ArrayLike, total: npt.ArrayLike, method: Method = "wilson", level: float = 0.95
) -> tuple[Floats, Floats]: ...


def interval(
    count: pd.Series | npt.ArrayLike,
    total: pd.Series | npt.ArrayLike,
    method: Method = "wilson",
    level: float = 0.95,
) -> pd.DataFrame | tuple[float, float] | tuple[Floats, Floats]:
    """Interval of a share, which few cases make wide.

    ``wilson``: the shares p with ``|k/n - p| <= z sqrt(p (1 - p) / n)`` (E. B. Wilson, *JASA* 22, 1927, 209-212).
    ``jeffreys``: the equal-tailed quantiles of Beta(k + 1/2, n - k + 1/2), but 0 below if k = 0 and 1 above if
    k = n. Both are the choice of L. D. Brown, T. T. Cai and A. DasGupta, *Statistical Science* 16, 2001, 101-133,
    for n up to 40, where the textbook's k/n ± z sqrt(...) misses far more often than it says.

    Parameters
    ----------
    count, total : Series, array or number
        Of the same kind and length; two Series are matched by label.
    method : {"wilson", "jeffreys"}
    level : float

    Returns
    -------
    DataFrame with ``low`` and ``high`` on the index of ``count``; or two arrays; or two numbers
        NaN where the total is 0 or something is missing: no cases tell nothing.

    Raises
    ------
    ParameterError
        If a count is larger than its total, negative, not whole or no number, or labels differ.

    Examples
    --------
    >>> low, high = interval(8, 10)
    >>> round(low, 4), round(high, 4)
    (0.4902, 0.9433)
    >>> interval(pd.Series([0, 0], index=["a", "b"]), pd.Series([5, 0], index=["a", "b"]), "jeffreys").round(3)
       low   high
    a  0.0  0.379
    b  NaN    NaN
    """
    need_level(level)
    if method not in ("wilson", "jeffreys"):
        raise ParameterError(f"There is no interval {method!r}.", hint="Use one of: wilson, jeffreys.")
    if isinstance(count, pd.Series) or isinstance(total, pd.Series):
        if not (isinstance(count, pd.Series) and isinstance(total, pd.Series)):
            raise ParameterError("One of count and total is a Series.", hint="Give both as Series, or neither.")
        low, high = _bounds(*counts_of(count, matched(count, total, ("count", "total"))), method, level)
        return pd.DataFrame({"low": low, "high": high}, index=count.index)
    low, high = _bounds(*counts_of(count, total), method, level)
    if np.ndim(count) == 0:
        return float(low[0]), float(high[0])
    return low, high


def _bounds(k: Floats, n: Floats, method: Method, level: float) -> tuple[Floats, Floats]:
    from scipy.special import betaincinv, ndtri

    n = np.where(n > 0, n, np.nan)
    if method == "wilson":
        z = float(ndtri((1 + level) / 2))
        centre = (k + z * z / 2) / (n + z * z)
        half = z / (n + z * z) * np.sqrt(k * (n - k) / n + z * z / 4)
        low, high = centre - half, centre + half
    else:
        low, high = (betaincinv(k + 0.5, n - k + 0.5, tail) for tail in ((1 - level) / 2, (1 + level) / 2))
    known = ~np.isnan(k + n)
    # exactly 0 and 1 at the ends: by definition for Jeffreys, against rounding for Wilson
    return np.where(known & (k == 0), 0.0, low), np.where(known & (k == n), 1.0, high)


def share(outcomes: pd.Series, method: Method = "wilson", level: float = 0.95) -> Share:
    """Share of the cases that are so, among those of which it is known.

    ``share = count / total``, with ``total`` the cases that are known to be so or not; the interval is that of
    :func:`interval`.

    Parameters
    ----------
    outcomes : Series of boolean
        Missing values count as undecided and stay outside the denominator.
    method : {"wilson", "jeffreys"}
    level : float

    Returns
    -------
    Share

    Raises
    ------
    ParameterError
        If the outcomes are not yes and no.

    Examples
    --------
    >>> one = share(pd.Series([True, False, None, True], dtype="boolean"))
    >>> one.count, one.total, one.undecided, round(one.share, 3), round(one.low, 3), round(one.high, 3)
    (2, 3, 1, 0.667, 0.208, 0.939)
    """
    yes, known = _answers(outcomes)
    count, total = int(yes.sum()), int(known.sum())
    low, high = interval(count, total, method, level)
    part = count / total if total else float("nan")
    return Share(count, total, int((~known).sum()), part, low, high, method, level)


def _answers(outcomes: pd.Series) -> tuple[npt.NDArray[np.bool_], npt.NDArray[np.bool_]]:
    kind = outcomes.dtype if isinstance(outcomes, pd.Series) else type(outcomes).__name__
    if not pd.api.types.is_bool_dtype(kind) or isinstance(kind, pd.CategoricalDtype):
        raise ParameterError(
            f"The outcomes are {kind} and not yes and no.", hint="Turn them into a Series with astype('boolean')."
        )
    return outcomes.to_numpy(dtype=bool, na_value=False), outcomes.notna().to_numpy()


def shares_by(
    outcomes: pd.Series, groups: pd.Series, method: Method = "wilson", level: float = 0.95
) -> pd.DataFrame:
    """Share in each group.

    The share of each group is that of :func:`share` among its own cases.

    Parameters
    ----------
    outcomes : Series of boolean
        As for :func:`share`.
    groups : Series
        The group of each case, on the same labels. A categorical keeps its order and its empty groups.
    method : {"wilson", "jeffreys"}
    level : float

    Returns
    -------
    DataFrame
        One row a group: ``count``, ``total``, ``undecided``, ``share``, ``low``, ``high``. A group without any
        decided case stays in, with a missing share.

    Raises
    ------
    ParameterError
        If labels differ, a case has no group, or the outcomes are not yes and no.

    Examples
    --------
    >>> done = pd.Series([True, False, True, None], dtype="boolean")
    >>> shares_by(done, pd.Series(["a", "a", "a", "b"])).round(3)
       count  total  undecided  share    low   high
    a      2      3          0  0.667  0.208  0.939
    b      0      0          1    NaN    NaN    NaN
    """
    yes, known = _answers(outcomes)
    numbers, labels = keyed(matched(outcomes, groups, ("outcomes", "groups")), "groups")
    out = pd.DataFrame(
        {
            name: np.bincount(numbers[chosen], minlength=len(labels))
            for name, chosen in {"count": yes, "total": known, "undecided": ~known}.items()
        },
        index=pd.Index(labels, name=groups.name),
    )
    out["share"] = out["count"] / out["total"].where(out["total"] > 0)
    return out.join(interval(out["count"], out["total"], method, level))


def pooled_and_mean(
    outcomes: pd.Series,
    members: pd.Series,
    method: Method = "wilson",
    level: float = 0.95,
    draws: int = 10_000,
    seed: int = 0,
) -> PooledAndMean:
    """Share of all cases, beside the mean of the members' own shares.

    The two differ when members with many cases do better or worse than members with few. The interval of the
    pooled share takes all cases as independent; that of the mean draws whole members with replacement
    (percentile bootstrap; B. Efron, *Annals of Statistics* 7, 1979, 1-26) and is too narrow for few members.

    Parameters
    ----------
    outcomes : Series of boolean
        As for :func:`share`.
    members : Series
        The member of each case, on the same labels.
    method : {"wilson", "jeffreys"}
        For the pooled share.
    level : float
    draws : int
    seed : int
        The same seed gives the same interval, whatever the order of the rows.

    Returns
    -------
    PooledAndMean

    Raises
    ------
    ParameterError
        As :func:`shares_by`.

    Examples
    --------
    >>> done = pd.Series([True] * 8 + [False] * 2 + [False], dtype="boolean")
    >>> both = pooled_and_mean(done, pd.Series(["large"] * 10 + ["small"]))
    >>> round(both.pooled.share, 3), both.mean, both.members
    (0.727, 0.4, 2)
    """
    need_draws(draws)
    table = shares_by(outcomes, members, method, level)
    pooled = share(outcomes, method, level)
    # sorted: neither the draws nor the rounding of the sum may depend on names or order
    shares = np.sort(table["share"].dropna().to_numpy(dtype=np.float64))
    size, left_out = len(shares), int(table["share"].isna().sum())
    mean = float(shares.mean()) if size else float("nan")
    if size < 2:
        return PooledAndMean(pooled, mean, float("nan"), float("nan"), size, left_out, 0, level)
    samples = np.random.default_rng(seed).multinomial(size, np.full(size, 1 / size), size=draws) @ shares / size
    low, high = np.quantile(samples, [(1 - level) / 2, (1 + level) / 2])
    return PooledAndMean(pooled, mean, float(low), float(high), size, left_out, draws, level)
