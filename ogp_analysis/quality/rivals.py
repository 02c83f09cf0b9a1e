"""Figures that do not fit beside each other: rival values, copied rows, densities."""

from __future__ import annotations

import pandas as pd

from ogp_analysis.case import Case
from ogp_analysis.quality.until import until
from ogp_analysis.quarter import Quarter


def rival_values(case: Case, quarter: Quarter | None = None) -> pd.DataFrame:
    """Figures that another source gives differently, beside the main one.

    A value of role *rival* stands beside the one of role *main* of the same indicator, kecamatan and period; the
    main one is used, and neither is corrected.

    Returns
    -------
    DataFrame
        ``indicator``, ``code_bps``, ``name``, ``period``, ``main``, ``rival``, ``source_id``,
        ``rival_source_id``.
    """
    values = case.table("district_values")
    key = ["indicator", "code_bps", "period"]
    main = values.loc[values["role"] == "main", [*key, "value", "source_id"]]
    rival = values.loc[values["role"] == "rival", [*key, "value", "source_id"]]
    out = main.merge(rival, on=key, suffixes=("", "_rival"), validate="one_to_many")
    out = out.rename(columns={"value": "main", "value_rival": "rival", "source_id_rival": "rival_source_id"})
    names = case.districts.set_index("code_bps")["name"]
    out.insert(2, "name", out["code_bps"].map(names))
    return until(out, "period", quarter)


def twin_districts(case: Case, quarter: Quarter | None = None, least: int = 2) -> pd.DataFrame:
    """Pairs of kecamatan that share the same non-zero value in several indicators of one source and period.

    One coincidence is common, two beyond small counts are not: a row may have been copied. A pair is listed
    when at least ``least`` indicators of the same source and period agree on a value above 100.

    Returns
    -------
    DataFrame
        ``source_id``, ``period``, ``code_a``, ``code_b``, ``name_a``, ``name_b``, ``indicators``.
    """
    values = case.table("district_values")
    values = values[(values["role"] == "main") & (values["value"].abs() > 100)]
    pairs = values.merge(values, on=["indicator", "period", "source_id", "value"], suffixes=("_a", "_b"))
    pairs = pairs[pairs["code_bps_a"] < pairs["code_bps_b"]]
    keys = ["source_id", "period", "code_bps_a", "code_bps_b"]
    grouped = pairs.groupby(keys)["indicator"]
    out = grouped.agg(", ".join).rename("indicators").reset_index()
    out = out[grouped.size().to_numpy() >= least].reset_index(drop=True)
    names = case.districts.set_index("code_bps")["name"]
    out = out.assign(name_a=out["code_bps_a"].map(names), name_b=out["code_bps_b"].map(names))
    return until(out, "period", quarter)


def density_checks(case: Case, quarter: Quarter | None = None) -> pd.DataFrame:
    """Printed densities against population divided by the area vintage that they state.

    ``difference = |printed density - population / area|``. It is within rounding where no kecamatan lies further
    apart than ``0.5 + population / area * 0.005 / (area - 0.005)``: half a person of the printed density, and half
    a unit of the last digit of the area (0.01 km2).

    Returns
    -------
    DataFrame
        ``period``, ``area_vintage``, ``worst`` (largest difference, people per km2), ``name`` (where),
        ``agrees`` (every kecamatan within what the rounding of the areas, 0.005 km2, allows). Only kecamatan
        with all three figures are compared; a table in which none has them is left out.
    """
    series = case.table("district_series")
    vintages = series[series["indicator"].isin(case.indicators_for("area"))].set_index("area_vintage")
    rows = []
    for density, population in zip(
        case.indicators_for("density"), case.indicators_for("population"), strict=False
    ):
        known = set(case.periods(population))
        chosen = series[(series["indicator"] == density) & series["period"].isin(known)]
        for _, row in chosen[chosen["area_vintage"].isin(vintages.index)].iterrows():
            areas = vintages.loc[[row["area_vintage"]]].iloc[0]
            printed = case.values(density, row["period"])
            people = case.values(population, row["period"])["value"]
            area = case.values(areas["indicator"], areas["period"])["value"]
            gap = (printed["value"] - people / area).abs()
            gap = gap.dropna()
            if gap.empty:
                continue
            worst = str(gap.idxmax())
            allowed = (0.5 + people / area * 0.005 / (area - 0.005))[gap.index]
            agrees = bool((gap <= allowed).all())
            rows.append((row["period"], row["area_vintage"], gap[worst], printed.at[worst, "name"], agrees))
    out = pd.DataFrame(rows, columns=["period", "area_vintage", "worst", "name", "agrees"])
    return until(out, "period", quarter)
