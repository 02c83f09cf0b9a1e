"""Least squares by pyfixest, guarded against what it drops or rounds in silence."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from ogp_analysis.errors import OgpAnalysisError
from ogp_analysis.extras import extra_package

#: A standard error this small beside the outcome's spread is rounding and not scatter.
ROUNDING = 1e-9


@dataclass(frozen=True)
class Coefficient:
    """One coefficient with its error, interval and p-value."""

    estimate: float
    standard_error: float
    low: float
    high: float
    p: float


@dataclass(frozen=True, eq=False)
class Fit:
    """Coefficients of one regression.

    Attributes
    ----------
    table : DataFrame
        One row a regressor: ``estimate``, ``standard_error``, ``low``, ``high``, ``p``.
    dropped : tuple of str
        Regressors that cannot be told from the others; if any, the table is empty.
    joint_p : float or None
        Of the hypothesis that all of ``joint`` are zero.
    residuals : Series
        On the index of the rows.
    """

    table: pd.DataFrame
    dropped: tuple[str, ...]
    joint_p: float | None
    residuals: pd.Series

    def of(self, name: str) -> Coefficient:
        """The coefficient of one regressor."""
        row = dict(zip(self.table.columns, self.table.loc[[name]].to_numpy(dtype=float)[0].tolist(), strict=True))
        return Coefficient(row["estimate"], row["standard_error"], row["low"], row["high"], row["p"])


def regress(
    rows: pd.DataFrame,
    regressors: Sequence[str],
    *,
    absorb: Sequence[str] = (),
    errors: str = "hetero",
    lags: int = 0,
    level: float = 0.95,
    joint: Sequence[str] = (),
) -> Fit:
    """Regress ``y`` on columns of a table without missing values.

    Errors: ``hetero`` is HC1; ``cluster`` is clustered by the column ``cluster`` with the factor
    ``G / (G - 1) * (N - 1) / (N - K)`` (K without intercepts that lie within clusters) and t with G - 1 degrees of
    freedom; ``newey_west`` is Newey and West's with ``lags``, by the column ``time``. Without clusters t has N - K
    degrees of freedom.

    Parameters
    ----------
    rows : DataFrame
    regressors, absorb : sequence of str
        ``absorb``: columns each of whose values has an intercept of its own.
    errors : str
    lags : int
    level : float
    joint : sequence of str
        Regressors for a joint test.

    Returns
    -------
    Fit

    Raises
    ------
    OgpAnalysisError
        If pyfixest is not installed, or used other rows than it was given.

    Examples
    --------
    >>> rows = pd.DataFrame({"y": [1.0, 2.0, 3.0, 5.0], "x": [0.0, 0.0, 1.0, 1.0], "same": [1.0, 1.0, 2.0, 2.0]})
    >>> float(regress(rows, ["x"]).table.loc["x", "estimate"].round(9))
    2.5
    >>> regress(rows, ["x", "same"]).dropped
    ('same',)
    """
    from scipy.stats import f, t

    package = extra_package("pyfixest", "effects")
    formula = f"y ~ {' + '.join(regressors)}" + (f" | {' + '.join(absorb)}" if absorb else "")
    kind: str | dict[str, str] = {"CRV1": "cluster"} if errors == "cluster" else "hetero"
    more: dict[str, object] = {}
    if errors == "newey_west":
        kind, more = "NW", {"vcov_kwargs": {"time_id": "time", "lag": lags}}
    spread = float(rows["y"].std()) or 1.0
    # demeaning stops at a fixed distance, which must not depend on the unit that the outcome is counted in
    scaled = rows.assign(y=(rows["y"] - rows["y"].mean()) / spread)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            model = package.feols(
                formula, scaled, vcov=kind, fixef_rm="none",
                demeaner=package.MapDemeaner(fixef_tol=1e-11, fixef_maxiter=100_000), **more,
            )  # fmt: skip
        except ValueError as problem:
            if "collinear" not in str(problem):
                raise
            return Fit(pd.DataFrame(), tuple(regressors), None, pd.Series(dtype=float))
        found = model.tidy()
        residuals = np.asarray(model.resid())
    if len(residuals) != len(rows):
        raise OgpAnalysisError(
            f"pyfixest used {len(residuals)} of {len(rows)} rows.", hint="Report this: no row may vanish unlisted."
        )
    dropped = tuple(name for name in regressors if name not in found.index)
    if dropped:
        return Fit(pd.DataFrame(), dropped, None, pd.Series(dtype=float))
    freedom = rows["cluster"].nunique() - 1 if errors == "cluster" else model_freedom(rows, regressors, absorb)
    estimate, error = found["Estimate"] * spread, found["Std. Error"] * spread
    reach = float(t.ppf((1 + level) / 2, freedom)) * error
    table = pd.DataFrame(
        {
            "estimate": estimate,
            "standard_error": error,
            "low": estimate - reach,
            "high": estimate + reach,
            "p": 2 * t.sf((estimate / error).abs(), freedom),
        }
    )
    tested = None
    if joint:
        places = [list(found.index).index(name) for name in joint]
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            # pyfixest turns F into chi2 where not all coefficients are tested; with few clusters F is needed
            wald = float(model.wald_test(R=np.eye(len(found))[places], distribution="chi2")["statistic"])
        tested = float(f.sf(wald / len(joint), len(joint), freedom))
    return Fit(table, (), tested, pd.Series(residuals * spread, index=rows.index))


def model_freedom(rows: pd.DataFrame, regressors: Sequence[str], absorb: Sequence[str]) -> int:
    """Rows less coefficients; pyfixest counts the points of a series less one, which is too many for a short one.

    Examples
    --------
    >>> model_freedom(pd.DataFrame({"u": [1, 1, 2, 2, 3, 3]}), ["x"], ["u"])
    2
    """
    intercepts = sum(rows[name].nunique() for name in absorb) - (len(absorb) - 1) if absorb else 1
    return max(len(rows) - len(regressors) - intercepts, 1)


def no_scatter(error: float, rows: pd.DataFrame) -> bool:
    """Whether a standard error is nothing but rounding."""
    return not error > ROUNDING * float(np.ptp(rows["y"].to_numpy()))
