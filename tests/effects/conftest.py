"""Panels that several tests share."""

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest


def make_panel(
    units: int = 16, treated: int = 6, start: int = 2020, years: range = range(2016, 2024), seed: int = 0
) -> pd.DataFrame:
    """Return a balanced panel with an effect of 2 from ``start`` on."""
    random = np.random.default_rng(seed)
    rows = pd.DataFrame(
        [(f"u{unit:02d}", year) for unit in range(units) for year in years], columns=["unit", "year"]
    )
    number = rows["unit"].str[1:].astype(int)
    rows["since"] = np.where(number < treated, float(start), np.nan)
    on = rows["since"].notna() & (rows["year"] >= start)
    rows["y"] = random.normal(size=len(rows)) + number + 0.3 * (rows["year"] - 2016) + 2.0 * on
    return rows.assign(
        group=(number < treated).astype(int), after=(rows["year"] >= start).astype(int), on=on.astype(int)
    )


@pytest.fixture
def panel() -> pd.DataFrame:
    return make_panel()


@pytest.fixture(scope="session")
def maker() -> Callable[..., pd.DataFrame]:
    return make_panel
