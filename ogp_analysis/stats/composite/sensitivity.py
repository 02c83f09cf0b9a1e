"""Which choice moves the ranks: Sobol's indices of first and total order with their intervals."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from ogp_analysis.errors import ParameterError
from ogp_analysis.extras import extra_package
from ogp_analysis.stats.checks import Floats, named, need_level
from ogp_analysis.stats.composite.choices import Uncertain, need_choices
from ogp_analysis.stats.composite.data_check import need_whole
from ogp_analysis.stats.composite.ranks import column_ranks
from ogp_analysis.stats.composite.replications import replicated
from ogp_analysis.stats.composite.run import Run
from ogp_analysis.stats.composite.uncertainty import need_run, need_target


@dataclass(frozen=True, eq=False)
class Sensitivity:
    """Sobol's indices.

    Attributes
    ----------
    table : DataFrame
        One row a choice: ``first`` and ``total`` with ``first_low``, ``first_high``, ``total_low`` and
        ``total_high``.
    mean, variance : float
        Of the output over the draws.
    calls : int
        How often the output was computed.
    level : float
        Of the intervals.
    varies : bool
        Whether the output varies at all; if not, every index is 0.
    """

    table: pd.DataFrame
    mean: float
    variance: float
    calls: int
    level: float
    varies: bool


def sobol(
    run: Run,
    choices: Sequence[Uncertain],
    n: int = 512,
    seed: int = 0,
    level: float = 0.95,
    target: str = "",
    unit: object = None,
    resamples: int = 200,
) -> Sensitivity:
    """Split the variance of ranks by the choices that cause it.

    ``first``: the share of variance that would go if this choice alone were settled; ``total``: the share that
    would remain if all others were settled. Their difference is what it does together with others. The output is
    the average shift in ranks against the run itself (M. Saisana, A. Saltelli and S. Tarantola, *JRSS A* 168,
    2005, 307-323), or one unit's rank. The estimators are those of A. Saltelli and others, *Computer Physics
    Communications* 181, 2010, 259-270, over n (d + 2) runs from Sobol's sequence, by SALib, intervals from the
    bootstrap's standard deviation. Estimates may fall somewhat below 0 or above 1; a wide interval asks for a
    larger n. A choice that changes nothing has exactly 0.

    Parameters
    ----------
    run : Run
    choices : sequence of Choice, Span or Noise
    n : int
        A power of 2.
    seed : int
    level : float
        Of the intervals.
    target : str
        The aggregate; the index if empty.
    unit : label, optional
        Whose rank; the average shift of all if not given.
    resamples : int
        Of the bootstrap.

    Returns
    -------
    Sensitivity

    Raises
    ------
    OgpAnalysisError
        If SALib is not installed, or a combination of options cannot be computed.
    ParameterError
        If n is no power of 2, the unit is not there, or it has no rank in some draw.

    Examples
    --------
    >>> from ogp_analysis.stats.composite.choices import Choice, Noise
    >>> from ogp_analysis.stats.composite.run import small_run
    >>> same = Choice.of("normalise.method", ["minmax", "minmax"])
    >>> sobol(small_run(), [same, Noise(0.5)], n=64).table.loc["normalise.method", "total"]  # doctest: +SKIP
    0.0
    """
    need_run(run)
    need_choices(choices)
    aim = need_target(run, target)
    if unit is not None and unit not in run.raw.index.tolist():
        raise ParameterError(f"{named([unit])} is no unit of this run.", hint="Give a label of its index.")
    own = column_ranks(run.scores[[aim]].reindex(run.raw.index).to_numpy())

    def output(drawn: Floats) -> Floats:
        place = column_ranks(replicated(run, choices, drawn, seed, aim))
        if unit is not None:
            return np.asarray(place[run.raw.index.get_loc(unit)])
        gap = np.abs(place - own)
        counted = ~np.isnan(gap)
        with np.errstate(invalid="ignore", divide="ignore"):
            return np.asarray(np.where(counted, gap, 0.0).sum(axis=0) / counted.sum(axis=0))

    return sobol_indices(output, [choice.name for choice in choices], n, seed, level, resamples)


def sobol_indices(
    output: Callable[[Floats], Floats],
    names: Sequence[str],
    n: int = 512,
    seed: int = 0,
    level: float = 0.95,
    resamples: int = 200,
) -> Sensitivity:
    """Sobol's indices of any function of numbers from 0 to 1.

    Parameters
    ----------
    output : callable
        Takes draws by inputs and gives one number a draw.
    names : sequence of str
        Of the inputs.
    n, seed, level, resamples
        As for :func:`sobol`.

    Returns
    -------
    Sensitivity

    Raises
    ------
    OgpAnalysisError
        If SALib is not installed.
    ParameterError
        If n is no power of 2, or the output is not a number in some draw.

    Examples
    --------
    >>> found = sobol_indices(lambda u: u[:, 0], ["it", "nothing"], n=256)  # doctest: +SKIP
    >>> found.table["total"].round(2).tolist()  # doctest: +SKIP
    [1.0, 0.0]
    """
    need_level(level)
    need_whole(seed, 0, "seed", "Give any whole number; the same one gives the same result.")
    need_whole(resamples, 2, "resamples", "Give some hundreds.")
    need_whole(n, 2, "n", "Give a power of 2, such as 512.")
    if n & (n - 1):
        raise ParameterError(f"n is {n}.", hint="Give a power of 2, such as 512.")
    sampler, analyser = (extra_package(f"SALib.{part}.sobol", "composite") for part in ("sample", "analyze"))
    problem = {"num_vars": len(names), "names": list(names), "bounds": [[0.0, 1.0]] * len(names)}
    drawn = sampler.sample(problem, n, calc_second_order=False, seed=seed)
    values = np.asarray(output(np.clip(drawn, 0.0, np.nextafter(1.0, 0.0))), dtype=np.float64)
    if np.isnan(values).any():
        raise ParameterError(
            f"There is no rank in {int(np.isnan(values).sum())} of {len(values)} draws.",
            hint="Leave out the options under which units are not scored.",
        )
    columns = ["first", "first_low", "first_high", "total", "total_low", "total_high"]
    variance = float(values.var())
    if np.ptp(values) == 0:
        table = pd.DataFrame(0.0, index=pd.Index(names), columns=columns)
        return Sensitivity(table, float(values[0]), 0.0, len(values), level, False)
    found = analyser.analyze(
        problem, values, calc_second_order=False, num_resamples=resamples, conf_level=level, seed=seed
    )
    parts: dict[str, Floats] = {}
    for key, name in (("S1", "first"), ("ST", "total")):
        middle, half = np.asarray(found[key]), np.asarray(found[f"{key}_conf"])
        parts |= {name: middle, f"{name}_low": middle - half, f"{name}_high": middle + half}
    table = pd.DataFrame(parts, index=pd.Index(names))[columns]
    return Sensitivity(table, float(values.mean()), variance, len(values), level, True)
