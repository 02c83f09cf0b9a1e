"""Whether the parts of an index hang together: correlations, alpha and first components, group by group."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from typing import Literal, get_args

import numpy as np
import pandas as pd

from ogp_analysis.errors import ParameterError
from ogp_analysis.stats.checks import matched
from ogp_analysis.stats.composite.components import cronbach_alpha, principal_components
from ogp_analysis.stats.composite.data_check import numbers_of, one_of
from ogp_analysis.stats.composite.run import Run

Kind = Literal["pearson", "spearman", "kendall"]
KINDS = get_args(Kind)
#: Bounds by which pairs are flagged. The first two are those of COINr's ``plot_corr`` (W. Becker and others, JOSS
#: 7(78), 2022), which takes 0.9 for the third; 0.92 is a convention of this package.
AGAINST, WEAK, SAME = -0.4, 0.3, 0.92
#: Units two columns must share for a correlation to be given.
FEWEST = 4


@dataclass(frozen=True, eq=False)
class Audit:
    """The parts of an index beside each other.

    Attributes
    ----------
    groups : DataFrame
        One row an aggregate: ``parts``, ``n`` units with every part, ``alpha``, ``first`` (the share of variance
        on the first component), ``above_one`` (components with an eigenvalue above 1). NaN where fewer than three
        units have every part, or one of them does not vary.
    parts : DataFrame
        One row a part: ``parent``, ``with_parent`` and ``with_index`` (correlations, the part being in both),
        ``flag``: ``against`` (below -0.4 with its parent), ``weak`` (below 0.3), ``same`` (above 0.92 with a
        sibling), ``fair`` or ``unknown``.
    pairs : DataFrame
        One row a pair of siblings: ``first``, ``second``, ``correlation``, ``n`` and ``flag`` (``against``,
        ``same``, ``fair`` or ``unknown``).
    """

    groups: pd.DataFrame
    parts: pd.DataFrame
    pairs: pd.DataFrame


def correlations(data: pd.DataFrame, kind: Kind = "pearson") -> pd.DataFrame:
    """Correlation of every two columns over the units that have both.

    NaN for fewer than four such units, or a column that does not vary among them.

    Parameters
    ----------
    data : DataFrame
    kind : {"pearson", "spearman", "kendall"}

    Returns
    -------
    DataFrame

    Raises
    ------
    ParameterError
        If the kind is none of these.

    Examples
    --------
    >>> table = pd.DataFrame({"a": [1, 2, 3, 4], "b": [2, 4, 6, 9], "c": [1, None, None, 2]})
    >>> correlations(table, "spearman").round(3).loc["a"].tolist()
    [1.0, 1.0, nan]
    """
    one_of(kind, KINDS, "kind of correlation")
    return numbers_of(data).corr(method=kind, min_periods=FEWEST)


def correlation(first: pd.Series, second: pd.Series, kind: Kind = "pearson") -> tuple[float, int]:
    """Correlation of two columns matched by label, and the number of units that have both.

    Raises
    ------
    ParameterError
        If labels differ.

    Examples
    --------
    >>> correlation(pd.Series([1, 2, 3, 4]), pd.Series([4, 3, 2, 1]))
    (-1.0, 4)
    """
    pair = pd.DataFrame({"a": first, "b": matched(first, second, ("first", "second"))}).astype("float64").dropna()
    if len(pair) < FEWEST or (pair.min() == pair.max()).any():
        return float("nan"), len(pair)
    return float(correlations(pair, kind).to_numpy()[0, 1]), len(pair)


def audit(run: Run, kind: Kind = "pearson") -> Audit:
    """Look at how the parts of each aggregate go together (OECD/JRC Handbook 2008, step 4).

    A part that runs against its parent lowers it where it is good itself: its direction or its place may be wrong.
    Two that say the same count double. Correlation with a parent is partly the part's own doing. None of this says
    what belongs in an index: that is for those who use it.

    Parameters
    ----------
    run : Run
    kind : {"pearson", "spearman", "kendall"}

    Returns
    -------
    Audit

    Raises
    ------
    ParameterError
        If the kind is none of these.

    Examples
    --------
    >>> from ogp_analysis.stats.composite.run import small_run
    >>> audit(small_run()).groups["parts"].to_dict()
    {'access': 2, 'need': 1, 'index': 2}
    """
    one_of(kind, KINDS, "kind of correlation")
    every = pd.concat([run.tables["normalise"], run.scores], axis=1)
    groups, parts, pairs = {}, {}, []
    for parent in run.structure.aggregates:
        under = list(run.structure.children[parent])
        groups[parent] = _group(every[under])
        same = set()
        for code, other in combinations(under, 2):
            value, n = correlation(every[code], every[other], kind)
            pairs.append((code, other, value, n, _pair_flag(value)))
            if value > SAME:
                same |= {code, other}
        for code in under:
            value, _ = correlation(every[code], every[parent], kind)
            top, _ = correlation(every[code], run.index, kind)
            parts[code] = (parent, value, top, _part_flag(value, code in same))
    return Audit(
        pd.DataFrame.from_dict(groups, orient="index", columns=["parts", "n", "alpha", "first", "above_one"]),
        pd.DataFrame.from_dict(parts, orient="index", columns=["parent", "with_parent", "with_index", "flag"]),
        pd.DataFrame(pairs, columns=["first", "second", "correlation", "n", "flag"]),
    )


def _group(table: pd.DataFrame) -> tuple[int, int, float, float, float]:
    n = len(table.dropna())
    try:
        found, alpha = principal_components(table), cronbach_alpha(table)
    except ParameterError:
        return table.shape[1], n, float("nan"), float("nan"), float("nan")
    above = float((found.eigenvalues > 1 + 1e-12).sum())
    return table.shape[1], n, alpha, float(found.shares.iloc[0]), above


def _pair_flag(value: float) -> str:
    if np.isnan(value):
        return "unknown"
    if value < AGAINST:
        return "against"
    return "same" if value > SAME else "fair"


def _part_flag(value: float, same: bool) -> str:
    """What the correlation of a part with its parent says; ``same``: it is nearly that of a sibling."""
    if np.isnan(value):
        return "unknown"
    if value < WEAK:
        return "against" if value < AGAINST else "weak"
    return "same" if same else "fair"
