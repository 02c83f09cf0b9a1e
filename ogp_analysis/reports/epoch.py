"""The time that a reproducible run is told to take for now."""

from __future__ import annotations

import os
from datetime import UTC, datetime

from ogp_analysis.errors import ParameterError


def source_date_epoch(given: str | None = None) -> datetime | None:
    """The time in ``SOURCE_DATE_EPOCH`` (https://reproducible-builds.org/specs/source-date-epoch/), if it is set.

    Parameters
    ----------
    given : str, optional
        Its value, where another process has it; empty for none.

    Raises
    ------
    ParameterError
        If it is no time.
    """
    epoch = os.environ.get("SOURCE_DATE_EPOCH") if given is None else given
    if not epoch:
        return None
    try:
        return datetime.fromtimestamp(int(epoch), UTC)
    except (ValueError, OverflowError, OSError) as error:
        raise ParameterError(
            f"SOURCE_DATE_EPOCH is {epoch!r}, which is no time.", hint="Give seconds since 1970, or unset it."
        ) from error
