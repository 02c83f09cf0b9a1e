"""Two ratings of the same cases, and whether high ones go with high ones.

A process may be open and its result poor. These functions say how far one link of such a chain goes with the
next, for ratings in few steps, and guard against the two usual errors: a formula that needs more cases than
there are, and cases of one member taken as independent.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

import numpy as np
import pandas as pd

from ogp_analysis.stats.checks import Floats
from ogp_analysis.stats.clustered import ClusterInterval, Within, cluster_interval, within
from ogp_analysis.stats.pairs import LABELS, pair_up, pairs_of, without_empty

__all__ = [
    "Association",
    "ClusterInterval",
    "CrossTable",
    "Within",
    "association",
    "cluster_interval",
    "cross_table",
    "within",
]

NAN = float("nan")


@dataclass(frozen=True, eq=False)
class CrossTable:
    """How often each pair of values occurs.

    Attributes
    ----------
    counts : DataFrame of int
        One row and one column a value, in order.
    n : int
        Cases with both values.
    dropped : int
        Cases that lack one or both.
    """

    counts: pd.DataFrame
    n: int
    dropped: int


@dataclass(frozen=True)
class Association:
    """How two ratings of the same cases go together.

    Attributes
    ----------
    n, dropped : int
        Cases with both values; cases that lack one or both.
    tau, tau_p : float
        Kendall's tau-b, and its two-sided p-value.
    gamma : float
        Goodman and Kruskal's gamma: as tau, but ties are left out.
    chi_square, dof, chi_p : float
        Pearson's test of independence, without continuity correction.
    smallest_expected : float
        Smallest count that independence would give.
    chi_square_fits : bool
        Whether the expected counts are large enough for ``chi_p`` to be believed.
    cramers_v : float
        Cramér's V, 0 to 1, from ``chi_square``.
    reason : str
        Why a figure is missing; empty if none is.
    """

    n: int
    dropped: int
    tau: float = NAN
    tau_p: float = NAN
    gamma: float = NAN
    chi_square: float = NAN
    dof: int = 0
    chi_p: float = NAN
    smallest_expected: float = NAN
    chi_square_fits: bool = False
    cramers_v: float = NAN
    reason: str = ""


def cross_table(rows: pd.Series, columns: pd.Series) -> CrossTable:
    """Count the pairs of values of two ratings.

    A cell holds the number of cases that have its value in one rating and in the other.

    Parameters
    ----------
    rows, columns : Series
        Matched by label. Categoricals keep their order and unused values; other values are sorted.

    Returns
    -------
    CrossTable
        A case that lacks a value is dropped, and counted as dropped.

    Raises
    ------
    ParameterError
        If the labels differ, or values of different types have no common order.

    Examples
    --------
    >>> steps = pd.CategoricalDtype(["low", "mid", "high"], ordered=True)
    >>> design = pd.Series(["low", "high", "high", None], dtype=steps, name="design")
    >>> result = pd.Series(["low", "mid", "low", "low"], dtype=steps, name="result")
    >>> table = cross_table(design, result)
    >>> table.n, table.dropped
    (3, 1)
    >>> table.counts
    result  low  mid  high
    design
    low       1    0     0
    mid       0    0     0
    high      1    1     0
    """
    pair = pair_up(rows, columns, ("rows", "columns"))
    counts = pd.DataFrame(
        pair.table(),
        index=pd.Index(pair.row_labels, name=rows.name),
        columns=pd.Index(pair.column_labels, name=columns.name),
    )
    return CrossTable(counts, pair.n, pair.dropped)


def association(x: pd.Series, y: pd.Series) -> Association:
    """tau-b, gamma and chi-square of two ratings.

    *tau-b* is (C - D) / sqrt((pairs not tied in x) (pairs not tied in y)), with C and D the concordant and
    discordant pairs (M. G. Kendall, *Biometrika* 33, 1945, 239-251). Its p-value is exact for at most 33 cases
    without ties and else a normal approximation; with few cases and ties, :func:`within` with one single stratum
    gives a permutation p-value. *gamma* is (C - D) / (C + D) (L. A. Goodman and W. H. Kruskal, *JASA* 49, 1954,
    732-764). *chi-square* asks for any dependence, ordered or not; it fits if all expected counts are at least 5
    in a 2 x 2 table, and in a larger one if none is below 1 and at most a fifth are below 5 (W. G. Cochran,
    *Biometrics* 10, 1954, 417-451). All p-values take the cases as independent.

    Parameters
    ----------
    x, y : Series
        Matched by label. Ordered categoricals, numbers, dates and yes/no have an order; words have none, and
        their tau and gamma are missing.

    Returns
    -------
    Association
        With a reason where a figure is missing.

    Raises
    ------
    ParameterError
        If the labels differ, or values of different types have no common order.

    Examples
    --------
    >>> result = association(pd.Series([1, 1, 2, 2, 3, 3]), pd.Series([0, 0, 0, 1, 1, 1]))
    >>> round(result.tau, 3), result.gamma, result.chi_square, result.chi_square_fits
    (0.77, 1.0, 4.0, False)
    >>> association(pd.Series([1, 2]), pd.Series([5, 5])).reason
    'One side has the same value in every case.'
    """
    from scipy.stats import chi2_contingency, kendalltau

    pair = pair_up(x, y, ("x", "y"))
    if pair.n < 2:
        return Association(pair.n, pair.dropped, reason=LABELS["few"])
    table = without_empty(pair.table())
    if min(table.shape) < 2:
        return Association(pair.n, pair.dropped, reason=LABELS["constant"])
    chi = chi2_contingency(table, correction=False)
    expected = np.asarray(chi.expected_freq)
    found = partial(
        Association,
        n=pair.n,
        dropped=pair.dropped,
        chi_square=float(chi.statistic),
        dof=int(chi.dof),
        chi_p=float(chi.pvalue),
        smallest_expected=float(expected.min()),
        chi_square_fits=_fits(expected),
        cramers_v=min(1.0, float(np.sqrt(chi.statistic / (pair.n * (min(table.shape) - 1))))),
    )
    if not pair.ordered:
        return found(reason=LABELS["unordered"])
    tau = kendalltau(pair.rows, pair.columns, variant="b")
    concordant, discordant = (float(number) for number in pairs_of(table))
    gamma = (concordant - discordant) / (concordant + discordant)
    return found(tau=float(tau.statistic), tau_p=float(tau.pvalue), gamma=gamma)


def _fits(expected: Floats) -> bool:
    """Cochran's rule for the chi-square distribution."""
    if expected.shape == (2, 2):
        return bool((expected >= 5).all())
    return bool((expected >= 1).all() and (expected < 5).mean() <= 0.2)
