"""Findings as of a quarter."""

from __future__ import annotations

import pandas as pd

from ogp_analysis.case import known_by
from ogp_analysis.quarter import Quarter


def until(frame: pd.DataFrame, column: str, quarter: Quarter | None) -> pd.DataFrame:
    """The rows whose partial date in ``column`` has ended by the quarter's last day; all without a quarter."""
    if quarter is not None:
        frame = frame[known_by(frame[column], quarter.last_day)]
    return frame.reset_index(drop=True)
