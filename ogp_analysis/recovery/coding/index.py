"""Sub-indices and indices of the Oxford tracker, with what was not found kept apart from zero."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from ogp_analysis.errors import ParameterError, nearest
from ogp_analysis.recovery.coding.scales import CODEBOOK, INDICES, item

#: Version of Oxford's published method for its indices (5 May 2021).
INDEX_METHOD = "3.6"


def sub_index(indicator: str, value: int | None, flag: int | None = None, codebook: str = CODEBOOK) -> float:
    """Where a policy stands between nothing (0) and the most the scale knows (100).

    ``100 (v - 0.5 (F - f)) / N`` with the value ``v``, its maximum ``N``, ``F`` = 1 where the indicator has a
    flag, and the flag ``f``; 0 where ``v`` is 0. Source: Oxford tracker, index_methodology.md, version 3.6,
    https://github.com/OxCGRT/covid-policy-tracker.

    Parameters
    ----------
    indicator : str
        ``C1`` … ``H8``.
    value : int or None
        On the indicator's scale; None for *nothing found*.
    flag : int or None
        0 or 1; None where the indicator has no flag or the value is 0.
    codebook : str
        Version the value was given under.

    Returns
    -------
    float
        NaN for *nothing found*, never 0.

    Raises
    ------
    ParameterError
        If the value lies outside the scale, or a flag is missing or not wanted.

    Examples
    --------
    >>> sub_index("E1", 2, 0), sub_index("E2", 2)
    (75.0, 100.0)
    >>> sub_index("C2", None)
    nan
    """
    own = item(indicator, codebook)
    if value is None or pd.isna(value):
        return float("nan")
    if value not in range(own.maximum + 1):
        raise ParameterError(
            f"{indicator} cannot be {value}.", hint=f"Codebook {codebook} knows 0 to {own.maximum}."
        )
    given = flag is not None and not pd.isna(flag)
    if given and (not own.flag or value == 0):
        why = "has no flag" if not own.flag else "has no flag with the value 0"
        raise ParameterError(f"{indicator} {why} (codebook {codebook}); found {flag}.", hint="Leave it empty.")
    if value == 0 or not own.flag:
        return 100.0 * int(value) / own.maximum
    if not given or flag not in (0, 1):
        words = " or ".join(f"{number} ({text[0]})" for number, text in enumerate(own.flags))
        raise ParameterError(f"{indicator} {value} needs a flag; found {flag}.", hint=f"Give {words}.")
    return 100.0 * (int(value) - 0.5 * (1 - int(flag or 0))) / own.maximum


@dataclass(frozen=True)
class Reading:
    """An index of one day, read in ways that must not be mixed.

    Attributes
    ----------
    of_found : float
        Mean over the indicators that were found; NaN when none was. Two days compare only when the same were.
    found, of : int
        How many were found, of how many.
    oxford : float
        As Oxford computes it: what was not found counts as 0. It is therefore the lowest the index can be.
    highest : float
        The highest it can be: what was not found at 100.
    oxford_publishes : bool
        Whether Oxford would publish the value: at least all but one indicator found; for economic support both.
    """

    of_found: float
    found: int
    of: int
    oxford: float
    highest: float
    oxford_publishes: bool


def index_reading(sub_indices: Mapping[str, float], index: str) -> Reading:
    """An index from its sub-indices: over what was found, and as Oxford reads it.

    An index is the plain mean of its sub-indices (index_methodology.md, version 3.6, equation 1). Oxford counts
    a missing one as 0 and publishes no value when more than one is missing (or either of the two of economic
    support). Here *nothing found* is a state of its own: the mean is over what was found, with how many of how
    many, and Oxford's value stands beside it under its own name.

    Parameters
    ----------
    sub_indices : mapping of indicator to float
        From :func:`sub_index`; an indicator that is left out or NaN was not found.
    index : str
        ``stringency``, ``containment_health``, ``government_response`` or ``economic_support``.

    Returns
    -------
    Reading

    Raises
    ------
    ParameterError
        If there is no such index.

    Examples
    --------
    >>> reading = index_reading({"C1": 75.0, "C2": float("nan"), "C5": 25.0}, "stringency")
    >>> reading.of_found, reading.found, reading.of
    (50.0, 2, 9)
    >>> round(reading.oxford, 2), reading.oxford_publishes
    (11.11, False)
    """
    if index not in INDICES:
        raise ParameterError(f"There is no index {index!r}.", hint=nearest(index, INDICES))
    wanted = INDICES[index]
    found = [sub_indices[key] for key in wanted if key in sub_indices and not pd.isna(sub_indices[key])]
    n, k = len(found), len(wanted)
    allowed = 0 if index == "economic_support" else 1
    return Reading(
        of_found=sum(found) / n if n else float("nan"),
        found=n,
        of=k,
        oxford=sum(found) / k,
        highest=(sum(found) + 100.0 * (k - n)) / k,
        oxford_publishes=n >= k - allowed,
    )
