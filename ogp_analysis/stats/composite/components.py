"""Principal components of a set of indicators, and how well they hang together."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from ogp_analysis.errors import ParameterError
from ogp_analysis.stats.composite.data_check import need_varied, numbers_of

#: What rounding may leave of a variance that is zero, as a share of its parts.
DUST = 1e-12


@dataclass(frozen=True, eq=False)
class Components:
    """Principal components of a correlation matrix.

    Attributes
    ----------
    loadings : DataFrame
        Indicators by components: unit vectors, each turned so that its loadings sum to 0 or more.
    eigenvalues, shares : Series
        Variance of each component, largest first, and its share of the whole.
    n : int
        Units with every value.
    """

    loadings: pd.DataFrame
    eigenvalues: pd.Series
    shares: pd.Series
    n: int


def principal_components(data: pd.DataFrame) -> Components:
    """Principal components of the indicators' correlation matrix (OECD/JRC Handbook 2008, step 4).

    Units with a missing value are left out. With fewer units than indicators the last components are 0; with few
    units all of them are uncertain (the Handbook cites rules from 3 to 10 units an indicator).

    Parameters
    ----------
    data : DataFrame
        Units by indicators.

    Returns
    -------
    Components

    Raises
    ------
    ParameterError
        If fewer than three units are complete, or an indicator does not vary among these.

    Examples
    --------
    >>> found = principal_components(pd.DataFrame({"a": [1, 2, 3, 4], "b": [1, 3, 2, 4]}))
    >>> found.eigenvalues.round(6).tolist(), found.loadings.iloc[:, 0].round(6).tolist()
    ([1.8, 0.2], [0.707107, 0.707107])
    """
    table = complete(data)
    values, vectors = np.linalg.eigh(np.corrcoef(table.to_numpy(), rowvar=False).reshape(table.shape[1], -1))
    order = np.argsort(-values, kind="stable")
    values, vectors = np.clip(values[order], 0.0, None), vectors[:, order]
    vectors = vectors * np.where(vectors.sum(axis=0) < 0, -1.0, 1.0)
    names = pd.Index([f"PC{number}" for number in range(1, len(values) + 1)])
    eigenvalues = pd.Series(values, index=names, name="eigenvalue")
    shares = (eigenvalues / eigenvalues.sum()).rename("share")
    return Components(pd.DataFrame(vectors, index=table.columns, columns=names), eigenvalues, shares, len(table))


def cronbach_alpha(data: pd.DataFrame, pairwise: bool = False) -> float:
    """Cronbach's alpha of a set of indicators: how far they measure one thing.

    ``k / (k - 1) (1 - sum var_j / var(sum))`` over the k indicators, which must be on one scale (L. J. Cronbach,
    *Psychometrika* 16, 1951, 297-334; OECD/JRC Handbook 2008, step 4). Units with a missing value are left out. It
    grows with the number of indicators, and is negative if they run against each other.

    Parameters
    ----------
    data : DataFrame
        Units by normalised indicators.
    pairwise : bool
        Take each covariance over the units that have both indicators, as COINr does. More units count, but the
        covariances then need not fit together, and alpha may lie above 1.

    Returns
    -------
    float
        NaN for fewer than two indicators, or if their sum is the same for all units.

    Raises
    ------
    ParameterError
        If fewer than three units are complete (have both of two indicators, if ``pairwise``), or an indicator does
        not vary among these.

    Examples
    --------
    >>> round(cronbach_alpha(pd.DataFrame({"a": [1, 2, 3, 4], "b": [1, 3, 2, 4]})), 6)
    0.888889
    """
    if data.shape[1] < 2:
        return float("nan")
    table = _known_in_pairs(data) if pairwise else complete(data)
    covariances = table.cov().to_numpy()
    k, whole, parts = len(covariances), float(covariances.sum()), float(np.trace(covariances))
    return k / (k - 1) * (1 - parts / whole) if whole > DUST * parts else float("nan")


def _known_in_pairs(data: pd.DataFrame) -> pd.DataFrame:
    table = numbers_of(data)
    known = table.notna().to_numpy().astype(int)
    if (known.T @ known).min() < 3:
        raise ParameterError("Two indicators share fewer than three units.", hint="Leave one of them out.")
    need_varied(table, "it has no correlations")
    return table


def complete(data: pd.DataFrame) -> pd.DataFrame:
    """The units that have every value; at least three, and every indicator varies.

    Raises
    ------
    ParameterError
        If fewer than three are complete, or an indicator does not vary among these.
    """
    table = numbers_of(data).dropna()
    if len(table) < 3:
        raise ParameterError(
            f"{len(table)} units have every value of these indicators.", hint="At least three are needed."
        )
    need_varied(table, "it has no correlations")
    return table
