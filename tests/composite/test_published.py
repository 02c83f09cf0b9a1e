"""The human development index to its printed digits, from its printed components."""

import numpy as np
import pandas as pd
import pytest

from ogp_analysis.stats.composite import build, recipe, structure

# UNDP, Human Development Report 2015, table 1 (values of 2014): life expectancy at birth, expected and mean years of
# schooling, gross national income per head in 2011 PPP $, and the index.
# http://hdr.undp.org/en/composite/HDI as archived on 2016-05-15
PRINTED = """
Norway 81.6 17.5 12.6 64992 0.944
Australia 82.4 20.2 13.0 42261 0.935
Switzerland 83.0 15.8 12.8 56431 0.930
Denmark 80.2 18.7 12.7 44025 0.923
Netherlands 81.6 17.9 11.9 45435 0.922
Germany 80.9 16.5 13.1 43919 0.916
Ireland 80.9 18.6 12.2 39568 0.916
United_States 79.1 16.5 12.9 52947 0.915
Canada 82.0 15.9 13.0 42155 0.913
New_Zealand 81.8 19.2 12.5 32689 0.913
Singapore 83.0 15.4 10.6 76628 0.912
Hong_Kong 84.0 15.6 11.2 53959 0.910
Liechtenstein 80.0 15.0 11.8 79851 0.908
Sweden 82.2 15.8 12.1 45636 0.907
United_Kingdom 80.7 16.2 13.1 39267 0.907
Iceland 82.6 19.0 10.6 35182 0.899
Korea 81.9 16.9 11.9 33890 0.898
Israel 82.4 16.0 12.5 30676 0.894
Luxembourg 81.7 13.9 11.7 58711 0.892
Japan 83.5 15.3 11.5 36927 0.891
Belgium 80.8 16.3 11.3 41187 0.890
France 82.2 16.0 11.1 38056 0.888
Austria 81.4 15.7 10.8 43869 0.885
Finland 80.8 17.1 10.3 38695 0.883
"""
POSTS = {
    "life": {"bottom": 20, "top": 85},
    "expected": {"bottom": 0, "top": 18},
    "mean": {"bottom": 0, "top": 15},
    "income": {"bottom": 100, "top": 75_000, "log": True},
}
# half a unit of the last printed digit
ROUNDING = {"life": 0.05, "expected": 0.05, "mean": 0.05, "income": 0.5}


@pytest.fixture(scope="module")
def printed():
    rows = [line.split() for line in PRINTED.strip().splitlines()]
    return pd.DataFrame(
        [[float(cell) for cell in row[1:]] for row in rows],
        index=[row[0] for row in rows],
        columns=[*POSTS, "index"],
    )


@pytest.fixture(scope="module")
def hdi():
    rows = [
        ("life", 1, "health", 1, 1, "indicator", None),
        ("expected", 1, "education", 1, 1, "indicator", None),
        ("mean", 1, "education", 1, 1, "indicator", None),
        ("income", 1, "living", 1, 1, "indicator", None),
        *[(code, 2, "hdi", None, 1, "aggregate", None) for code in ("health", "education", "living")],
        ("hdi", 3, None, None, None, "aggregate", None),
    ]
    names = ["code", "level", "parent", "direction", "weight", "type", "denominator"]
    steps = {
        "normalise": {"own": {code: {"method": "goalposts", **posts} for code, posts in POSTS.items()}},
        "aggregate": {"method": ["arithmetic", "geometric"]},
    }
    return structure(pd.DataFrame(rows, columns=names)), recipe(steps)


def test_every_printed_value_lies_within_what_its_rounded_components_allow(printed, hdi):
    components = printed[list(POSTS)]
    least = build(components - pd.Series(ROUNDING), *hdi).index - 0.0005
    most = build(components + pd.Series(ROUNDING), *hdi).index + 0.0005
    assert ((least <= printed["index"]) & (printed["index"] <= most)).all()
    assert (most - least).max() < 0.006  # so that the test can fail


def test_most_are_met_to_the_third_digit_from_the_rounded_components(printed, hdi):
    gap = (build(printed[list(POSTS)], *hdi).index - printed["index"]).abs()
    assert gap.max() < 0.0016
    assert (gap <= 0.0005 + 1e-12).mean() > 0.5


def test_a_value_beyond_the_goalposts_counts_as_the_goalpost(printed, hdi):
    tables = build(printed[list(POSTS)], *hdi).tables["normalise"]
    assert tables.loc[["Australia", "Denmark", "Iceland"], "expected"].tolist() == [1, 1, 1]
    assert tables.loc[["Singapore", "Liechtenstein"], "income"].tolist() == [1, 1]
    by_hand = np.cbrt((81.6 - 20) / 65 * ((17.5 / 18 + 12.6 / 15) / 2) * (np.log(649.92) / np.log(750)))
    assert build(printed[list(POSTS)], *hdi).index["Norway"] == pytest.approx(by_hand, abs=1e-12)
