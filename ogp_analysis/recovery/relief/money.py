"""Shares of rupiah amounts: the one place where rupiah are rounded.

Rates are whole basis points (hundredths of a percent), amounts whole rupiah, so nothing is ever a fraction in
floating point. A share that does not come out even is rounded to the nearest rupiah, half a rupiah upwards.
"""

from __future__ import annotations

from typing import Any, TypeVar

import numpy as np

WHOLE = 10_000  # basis points in one
Amount = TypeVar("Amount", int, "np.ndarray[Any, Any]")


def share_of(amount: Amount, basis_points: Amount) -> Amount:
    """A share of an amount in whole rupiah: ``(amount * basis_points + 5000) // 10000``.

    Parameters
    ----------
    amount : int or int64 array
        Zero or more, at most 100,000,000,000,000 rupiah.
    basis_points : int or int64 array
        Hundredths of a percent.

    Examples
    --------
    >>> share_of(1001, 5000), share_of(75_000, 200)
    (501, 1500)
    """
    return (amount * basis_points + WHOLE // 2) // WHOLE  # type: ignore[no-any-return]
