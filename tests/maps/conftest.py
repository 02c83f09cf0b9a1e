"""A toy city: sixteen districts, seven of them tiny and in the middle, as in Kota Semarang."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest
import shapely

from ogp_analysis.maps import Frame

NAMES = {
    "3374010": "Mijen",
    "3374020": "Gunungpati",
    "3374030": "Banyumanik",
    "3374040": "Gajahmungkur",
    "3374050": "Semarang Selatan",
    "3374060": "Candisari",
    "3374070": "Tembalang",
    "3374080": "Pedurungan",
    "3374090": "Genuk",
    "3374100": "Gayamsari",
    "3374110": "Semarang Timur",
    "3374120": "Semarang Utara",
    "3374130": "Semarang Tengah",
    "3374140": "Semarang Barat",
    "3374150": "Tugu",
    "3374160": "Ngaliyan",
}
# Left, lower, right, upper in hundredths of a degree from 110.2 E, 7.2 S.
BOXES = {
    "3374010": (0, 0, 8, 8),
    "3374020": (8, 0, 16, 8),
    "3374030": (16, 0, 24, 8),
    "3374040": (10, 8, 12, 10),
    "3374050": (12, 8, 14, 10),
    "3374060": (14, 8, 16, 10),
    "3374070": (16, 8, 24, 13),
    "3374080": (16, 13, 24, 17),
    "3374090": (16, 17, 24, 22),
    "3374100": (14, 10, 16, 13),
    "3374110": (14, 13, 16, 16),
    "3374120": (10, 16, 16, 22),
    "3374130": (12, 10, 14, 16),
    "3374140": (10, 10, 12, 16),
    "3374150": (0, 15, 10, 22),
    "3374160": (0, 8, 10, 15),
}
TEXTS = {
    "title": "Households reached",
    "legend_title": "Share of households (%)",
    "source": "Toy figures",
    "as_of": "2020-12-31",
    "language": "en",
}
REAL = Path(__file__).resolve().parents[3] / "shared/boundaries/semarang_kecamatan_hdx_bps2020_simplified.geojson"


def toy_city() -> gpd.GeoDataFrame:
    shapes = [
        shapely.box(*(110.2 + part / 100 if i % 2 == 0 else -7.2 + part / 100 for i, part in enumerate(box)))
        for box in BOXES.values()
    ]
    city = gpd.GeoDataFrame(
        {"code_bps": list(BOXES), "name": [NAMES[code] for code in BOXES]}, geometry=shapes, crs="EPSG:4326"
    )
    city.attrs["boundaries"] = {"kind": "schematic", "source_en": "toy", "source_id": "toy", "vintage": ""}
    return city


@pytest.fixture
def city() -> gpd.GeoDataFrame:
    return toy_city()


@pytest.fixture
def shares() -> pd.Series:
    """1 to 16 in the order of the codes, so that every rank is known by heart."""
    return pd.Series([float(i) for i in range(1, 17)], index=list(BOXES), name="share")


@pytest.fixture
def frame() -> Frame:
    return Frame(**TEXTS)
