"""Small indices made up here, of any size."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from ogp_analysis.stats.composite import structure


def table_of(groups, top="index", **columns):
    """The table of a structure: ``{"group": ["a", "b"]}``, everything else by default."""
    rows = [(code, 1, group, 1, 1, "indicator", None) for group, codes in groups.items() for code in codes]
    rows += [(group, 2, top, None, 1, "aggregate", None) for group in groups]
    rows += [(top, 3, None, None, None, "aggregate", None)]
    names = ["code", "level", "parent", "direction", "weight", "type", "denominator"]
    table = pd.DataFrame(rows, columns=names, dtype=object).set_index("code")
    for column, values in columns.items():
        for code, value in values.items():
            table.loc[code, column] = value
    return table.reset_index()


@pytest.fixture
def shape():
    return lambda groups, **columns: structure(table_of(groups, **columns))


@pytest.fixture
def districts():
    """Sixteen units, six indicators, two cells missing, one outlier; skewed, as counts are."""
    draw = np.random.default_rng(7)
    table = pd.DataFrame(
        draw.gamma(2, size=(16, 6)), index=[f"d{number:02d}" for number in range(16)], columns=list("abcdef")
    )
    table.loc["d03", "b"] = np.nan
    table.loc["d11", "e"] = np.nan
    table.loc["d05", "c"] = 60.0
    return table


@pytest.fixture
def six(shape):
    return shape({"g1": ["a", "b", "c"], "g2": ["d", "e", "f"]}, direction={"b": -1, "f": -1})
