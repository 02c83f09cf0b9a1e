"""Boundary files to read, all made from the schematic outline: no real polygon is used."""

from __future__ import annotations

import geopandas as gpd
import pandas as pd
import pytest
import shapely

from ogp_analysis.case import Case
from ogp_analysis.sources.boundaries import load_boundaries


@pytest.fixture(scope="session")
def outline(semarang: Case) -> gpd.GeoDataFrame:
    """The schematic outline: code_bps, code_kemendagri, name, geometry."""
    frame = load_boundaries(semarang, source="schematic")
    frame.attrs = {}
    return frame


@pytest.fixture(scope="session")
def village_squares(semarang: Case) -> gpd.GeoDataFrame:
    """A small square around each of the 177 points, with both codes of the kelurahan."""
    points = semarang.table("village_points").merge(
        semarang.table("villages")[["code_kemendagri", "code_bps"]], on="code_kemendagri", validate="one_to_one"
    )
    shapes = [
        shapely.box(x - 0.001, y - 0.001, x + 0.001, y + 0.001)
        for x, y in zip(points["lon"], points["lat"], strict=True)
    ]
    return gpd.GeoDataFrame(points[["code_kemendagri", "code_bps", "name"]], geometry=shapes, crs="EPSG:4326")


@pytest.fixture(scope="session")
def country(outline: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """The city's 16 districts among others of the country, as OCHA names the columns."""
    ours = gpd.GeoDataFrame(
        {"adm3_name": outline["name"], "adm3_pcode": "ID" + outline["code_bps"], "adm2_pcode": "ID3374"},
        geometry=outline.geometry,
    )
    others = gpd.GeoDataFrame(
        {
            "adm3_name": ["Ungaran Barat", "Bringin", "Tugu"],
            "adm3_pcode": ["ID3322180", "ID3322090", "ID3503130"],
            "adm2_pcode": ["ID3322", "ID3322", "ID3503"],
        },
        geometry=[
            shapely.box(110.36, -7.20, 110.42, -7.13),
            shapely.box(110.48, -7.25, 110.55, -7.19),
            shapely.box(111.60, -8.15, 111.70, -8.05),
        ],
        crs="EPSG:4326",
    )
    return gpd.GeoDataFrame(pd.concat([others, ours], ignore_index=True), crs="EPSG:4326")
