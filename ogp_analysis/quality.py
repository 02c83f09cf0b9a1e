"""What is in a case, what does not add up, and what is missing.

Every function takes a :class:`~ogp_analysis.case.Case` and returns a tidy table; nothing is corrected here.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd

from ogp_analysis.case import Case, known_by
from ogp_analysis.errors import ParameterError
from ogp_analysis.quarter import Quarter, Span
from ogp_analysis.tables import table_specs

#: Differences below this are the rounding of decimal fractions in binary, not findings.
EXACT = 1e-6


def inventory(case: Case) -> pd.DataFrame:
    """Each table of the case: what a row is and how many there are.

    Returns
    -------
    DataFrame
        ``table``, ``row``, ``rows``.

    Examples
    --------
    >>> from ogp_analysis import load_case
    >>> inventory(load_case("semarang")).set_index("table").loc["measures", "rows"]
    np.int64(56)
    """
    rows = [(name, table_specs()[name].row, len(case.table(name))) for name in case.tables]
    return pd.DataFrame(rows, columns=["table", "row", "rows"])


def coverage(case: Case, quarter: Quarter | None = None) -> pd.DataFrame:
    """For each indicator and period: how many kecamatan have a value, and what to beware of.

    Parameters
    ----------
    case : Case
    quarter : Quarter, optional
        Leave out periods that end later.

    Returns
    -------
    DataFrame
        ``indicator``, ``period``, ``districts`` (with a value), ``of`` (all), then ``coverage``, ``quality``,
        ``base``, ``break_before``, ``area_vintage``, ``source_id`` of the series.
    """
    values = case.table("district_values")
    main = values[(values["role"] == "main") & values["value"].notna()]
    counted = main.groupby(["indicator", "period"], sort=False).size().rename("districts").reset_index()
    series = case.table("district_series")
    columns = ["coverage", "quality", "base", "break_before", "area_vintage", "source_id"]
    out = counted.merge(series[["indicator", "period", *columns]], how="left", validate="one_to_one")
    out.insert(3, "of", len(case.districts))
    if quarter is not None:
        out = out[known_by(out["period"], quarter.last_day)]
    return out.reset_index(drop=True)


def total_checks(case: Case, quarter: Quarter | None = None) -> pd.DataFrame:
    """Every total that can be checked, stated against computed.

    Four kinds: ``district_total`` (the kecamatan against the total that the source prints), ``identity`` (an
    indicator against the indicators it is made of), ``amount_parts`` (the parts of an amount against the
    whole), ``revenue`` (realised plus shortfall against each target of the same tax, day and source).

    Returns
    -------
    DataFrame
        ``kind``, ``item``, ``period``, ``stated``, ``computed``, ``difference`` (computed - stated),
        ``agrees``, ``source_id``.

    Examples
    --------
    >>> from ogp_analysis import load_case
    >>> checks = total_checks(load_case("semarang")).set_index(["item", "period"])
    >>> row = checks.loc[("covid19_kasus_aktif", "2020-08-30")]
    >>> float(row["stated"]), float(row["computed"])
    (373.0, 376.0)
    """
    parts = [_district_totals(case), _identities(case), _amount_parts(case), _revenue_identity(case)]
    columns = ["kind", "item", "period", "stated", "computed", "source_id"]
    filled = [part for part in parts if not part.empty]
    out = pd.concat(filled, ignore_index=True) if filled else pd.DataFrame(columns=columns)
    out = _until(out, "period", quarter)
    out["difference"] = (out["computed"] - out["stated"]).astype(float).round(6)
    out["agrees"] = out["difference"].abs() <= EXACT
    return out[["kind", "item", "period", "stated", "computed", "difference", "agrees", "source_id"]]


def _district_totals(case: Case) -> pd.DataFrame:
    series = case.table("district_series")
    series = series[series["printed_total"].notna() & (series["printed_total_scope"] == "rows")]
    values = case.table("district_values")
    main = values[values["role"] == "main"]
    sums = main.groupby(["indicator", "period"])["value"].sum(min_count=1).rename("computed").reset_index()
    out = series.merge(sums, on=["indicator", "period"], validate="one_to_one")
    out["source_id"] = out["total_source_id"].fillna(out["source_id"])
    out = out.rename(columns={"indicator": "item", "printed_total": "stated"})
    return out.assign(kind="district_total")[["kind", "item", "period", "stated", "computed", "source_id"]]


def _identities(case: Case) -> pd.DataFrame:
    identities = case.table("identities")
    values = case.table("district_values")
    main = values[values["role"] == "main"]
    wide = main.pivot_table(index=["period", "code_bps"], columns="indicator", values="value", aggfunc="first")
    sources = main.groupby(["indicator", "period"])["source_id"].first()
    rows = []
    for whole, parts in identities.groupby("whole", sort=False):
        names = list(parts["part"])
        if whole not in wide or any(name not in wide for name in names):
            continue
        known = wide.dropna(subset=[whole, *names])
        built = sum(known[name] * int(sign) for name, sign in zip(names, parts["sign"], strict=True))
        for period, stated in known[whole].groupby("period"):
            computed = built.loc[period].sum()
            rows.append(("identity", whole, period, stated.sum(), computed, sources[(whole, period)]))
    return pd.DataFrame(rows, columns=["kind", "item", "period", "stated", "computed", "source_id"])


def _amount_parts(case: Case) -> pd.DataFrame:
    amounts = case.table("measure_amounts")
    sums = amounts[amounts["part_of"].notna()].groupby("part_of")["value"].sum()
    whole = amounts.set_index("amount_id").loc[sums.index]
    return pd.DataFrame(
        {
            "kind": "amount_parts",
            "item": sums.index,
            "period": whole["as_of"].to_numpy(),
            "stated": whole["value"].to_numpy(),
            "computed": sums.to_numpy(),
            "source_id": whole["source_id"].to_numpy(),
        }
    )


def _revenue_identity(case: Case) -> pd.DataFrame:
    revenue = case.table("revenue")
    revenue = revenue[revenue["state"] == "measured"]  # a derived target agrees with what it was derived from
    rows = []
    for (tax, as_of, source), group in revenue.groupby(["tax", "as_of", "source_id"], sort=False):
        by_kind = group.groupby("kind")["value"]
        if not {"realised", "shortfall", "target"} <= set(group["kind"]):
            continue
        computed = by_kind.get_group("realised").sum() + by_kind.get_group("shortfall").sum()
        rows += [("revenue", tax, as_of, stated, computed, source) for stated in by_kind.get_group("target")]
    return pd.DataFrame(rows, columns=["kind", "item", "period", "stated", "computed", "source_id"])


def printed_percent_checks(case: Case, quarter: Quarter | None = None) -> pd.DataFrame:
    """Achievement rates that sources print, against the rate that their own figures give.

    For each realised amount or shortfall with a printed percentage: ``100 * amount / target`` for every target
    of the same tax and budget year. Press figures are rounded, so the rate is an interval: each
    figure may lie half a unit of its last printed digit away (1.3 trillion: 1.25 to 1.35). The printed
    percentage agrees when the interval, widened by its own rounding, holds it. A percentage of which the
    amount or every target of the year is missing is listed and cannot be checked.

    Returns
    -------
    DataFrame
        ``tax``, ``year``, ``as_of``, ``rate_of`` (``realised``, ``shortfall``, ``amount_not_printed``),
        ``amount``, ``target``, ``target_state``, ``printed_percent``, ``percent``, ``low``, ``high``, ``agrees``
        (missing where nothing can be checked), ``source_id``, ``target_source_id``.

    Examples
    --------
    >>> from ogp_analysis import load_case
    >>> checks = printed_percent_checks(load_case("semarang"))
    >>> row = checks[(checks["rate_of"] == "shortfall") & (checks["target"] == 527.5e9)].iloc[0]
    >>> float(row["printed_percent"]), round(float(row["percent"]), 2), bool(row["agrees"])
    (14.29, 14.29, True)
    """
    revenue = case.table("revenue")
    printed = revenue[revenue["printed_percent"].notna()]
    targets = revenue[revenue["kind"] == "target"][["tax", "year", "value", "state", "source_id"]]
    amounts = printed[printed["kind"].isin(["realised", "shortfall"])]
    out = amounts.merge(targets, on=["tax", "year"], how="left", suffixes=("", "_target"))
    alone = printed[printed["kind"] == "target"]
    alone = alone.assign(value_target=alone["value"], state_target=alone["state"], value=np.nan)
    alone = alone.assign(source_id_target=alone["source_id"], kind="amount_not_printed")
    out = _until(pd.concat([out, alone[out.columns]], ignore_index=True), "as_of", quarter)
    names = {"kind": "rate_of", "value": "amount", "value_target": "target", "state_target": "target_state"}
    out = out.rename(columns={**names, "source_id_target": "target_source_id"})
    out["percent"] = 100 * out["amount"] / out["target"]
    top, bottom = _half_unit(out["amount"]), _half_unit(out["target"])
    out["low"] = 100 * (out["amount"] - top) / (out["target"] + bottom)
    out["high"] = 100 * (out["amount"] + top) / (out["target"] - bottom)
    own = np.where(out["printed_percent"] % 1 == 0, 0.5, 0.005)
    agrees = out["printed_percent"].between(out["low"] - own, out["high"] + own)
    out["agrees"] = agrees.astype("boolean").where(out["percent"].notna())
    columns = ["tax", "year", "as_of", "rate_of", "amount", "target", "target_state", "printed_percent", "percent"]
    return out[[*columns, "low", "high", "agrees", "source_id", "target_source_id"]].reset_index(drop=True)


def _half_unit(amounts: pd.Series[float]) -> pd.Series[float]:
    """Half of the last printed digit of whole amounts: 57,000,000,000 may be off by 500,000,000."""
    zeros = amounts.map(lambda value: len(digits := str(int(value))) - len(digits.rstrip("0")), na_action="ignore")
    return 0.5 * 10.0 ** zeros.astype(float)


def rival_values(case: Case, quarter: Quarter | None = None) -> pd.DataFrame:
    """Figures that another source gives differently, beside the main one.

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
    return _until(out, "period", quarter)


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
    return _until(out, "period", quarter)


def density_checks(case: Case, quarter: Quarter | None = None) -> pd.DataFrame:
    """Printed densities against population divided by the area vintage that they state.

    Returns
    -------
    DataFrame
        ``period``, ``area_vintage``, ``worst`` (largest difference, people per km2), ``name`` (where),
        ``agrees`` (every kecamatan within what the rounding of the areas, 0.005 km2, allows).
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
            worst = str(gap.idxmax())
            allowed = 0.5 + people / area * 0.005 / (area - 0.005)
            agrees = bool((gap <= allowed).all())
            rows.append((row["period"], row["area_vintage"], gap[worst], printed.at[worst, "name"], agrees))
    out = pd.DataFrame(rows, columns=["period", "area_vintage", "worst", "name", "agrees"])
    return _until(out, "period", quarter)


def yearly_total(case: Case, indicator: str, quarter: Quarter) -> pd.DataFrame:
    """The sum over all kecamatan for each year that is complete, with the breaks between the years.

    Returns
    -------
    DataFrame
        ``year``, ``value`` (missing for a partial year), ``base``, ``break_before``, ``source_id``; every year
        from the first to the last, so that a gap stays a gap.
    """

    def total(row: pd.Series[Any], period: str) -> float:
        if row["coverage"] != "complete":
            return float("nan")
        return float(case.values(indicator, period)["value"].sum())

    return _yearly(case, indicator, quarter, total)


def yearly_value(case: Case, indicator: str, code: str, quarter: Quarter) -> pd.DataFrame:
    """One kecamatan's value for each year, with the breaks between the years; as :func:`yearly_total`."""

    def value(row: pd.Series[Any], period: str) -> float:
        return float(case.values(indicator, period)["value"].loc[code])

    return _yearly(case, indicator, quarter, value)


def _yearly(
    case: Case, indicator: str, quarter: Quarter, pick: Callable[[pd.Series[Any], str], float]
) -> pd.DataFrame:
    table = coverage(case, quarter)
    table = table[table["indicator"] == indicator]
    if table.empty:
        return pd.DataFrame(columns=["year", "value", "base", "break_before", "source_id"])
    series: dict[str, Any] = {str(row["period"]): row for _, row in table.iterrows()}
    rows: list[tuple[Any, ...]] = []
    for year in range(int(min(series)), int(max(series)) + 1):
        if str(year) not in series:
            rows.append((year, float("nan"), "unknown", False, None))
            continue
        row = series[str(year)]
        base = "unknown" if pd.isna(row["base"]) else row["base"]
        rows.append((year, pick(row, str(year)), base, bool(row["break_before"]), row["source_id"]))
    return pd.DataFrame(rows, columns=["year", "value", "base", "break_before", "source_id"])


def _until(frame: pd.DataFrame, column: str, quarter: Quarter | None) -> pd.DataFrame:
    if quarter is not None:
        frame = frame[known_by(frame[column], quarter.last_day)]
    return frame.reset_index(drop=True)


def evidence_matrix(case: Case, quarter: Quarter | None = None) -> pd.DataFrame:
    """What is known by kecamatan, for everything a reviewer looks for, as of a quarter.

    Returns
    -------
    DataFrame
        Index ``code_bps``; a column for each ``gap_id`` of the ``evidence_needs`` table; ``True`` where at
        least one value is known.
    """
    codes = case.districts["code_bps"]
    values = case.table("district_values")
    values = values[values["value"].notna() & values["state"].isin(["measured", "derived"])]
    values = _until(values, "period", quarter)
    known = values.groupby("indicator")["code_bps"].agg(set).to_dict()
    needs = case.table("evidence_needs")
    columns: dict[str, Any] = {
        need["gap_id"]: codes.isin(known.get(need["indicator"], set())).to_numpy() for _, need in needs.iterrows()
    }
    return pd.DataFrame(columns, index=pd.Index(codes, name="code_bps"))


def evidence_years(case: Case, quarter: Quarter | None = None) -> pd.Series[Any]:
    """The years of what :func:`evidence_matrix` calls known, as a text for each ``gap_id``; empty for nothing.

    Examples
    --------
    >>> from ogp_analysis import load_case
    >>> years = evidence_years(load_case("semarang"), Quarter(2023, 4))
    >>> years["poverty"], years["covid-active"], years["pbb"]
    ('2011', '2020–2021', '')
    """
    values = case.table("district_values")
    values = values[values["value"].notna() & values["state"].isin(["measured", "derived"])]
    values = _until(values, "period", quarter)

    def years(indicator: object) -> str:
        spans = [Span.parse(text) for text in values.loc[values["indicator"] == indicator, "period"].unique()]
        if not spans:
            return ""
        first, last = min(span.first.year for span in spans), max(span.last.year for span in spans)
        return str(first) if first == last else f"{first}–{last}"

    needs = case.table("evidence_needs").set_index("gap_id")["indicator"]
    return needs.map(years).rename("years")


def rate(case: Case, indicator: str, period: str, denominator_period: str | None = None) -> pd.DataFrame:
    """An indicator divided by its denominator, times its ``per``.

    ``rate = per * value / denominator``. An area over an area counts square kilometres of the denominator as
    100 hectares. A missing value or denominator gives a missing rate, never a zero.

    Parameters
    ----------
    case : Case
    indicator : str
        An indicator with a denominator.
    period : str
        Period of the numerator.
    denominator_period : str, optional
        Without it: the complete period that is closest (the later one on a tie).

    Returns
    -------
    DataFrame
        As :meth:`Case.values`, with ``value`` the rate, ``numerator``, ``denominator`` and the attribute
        ``attrs["denominator_period"]``. The state of a rate is *derived*, or *no_data*.

    Examples
    --------
    >>> from ogp_analysis import load_case
    >>> rates = rate(load_case("semarang"), "jumlah_puskesmas", "2022")
    >>> round(float(rates.loc["3374140", "value"]), 3)  # Semarang Barat: 5 for 146,915 people
    0.34
    """
    definition = case.indicator(indicator)
    if pd.isna(definition["denominator"]):
        raise ParameterError(
            f"Indicator {indicator!r} has no denominator.", hint="Give it one in indicators.csv, or map a symbol."
        )
    top = case.values(indicator, period)
    base = str(definition["denominator"])
    chosen = denominator_period or nearest_complete_period(case, base, period)
    if chosen is None:
        raise ParameterError(
            f"{base!r}, the denominator of {indicator!r}, has no complete period.",
            hint="Add its values for every kecamatan, or map a symbol instead of a rate.",
        )
    bottom = case.values(base, chosen)["value"]
    factor = float(definition["per"])
    if definition["kind"] == "area":
        factor = factor / 100  # hectares per square kilometre
    out = top.rename(columns={"value": "numerator"})
    out["denominator"] = bottom
    with np.errstate(divide="ignore"):
        out["value"] = (factor * out["numerator"] / out["denominator"]).replace([np.inf, -np.inf], np.nan)
    out["state"] = np.where(out["value"].notna(), "derived", "no_data")
    out.attrs["denominator_period"] = chosen
    return out[["name", "value", "numerator", "denominator", "state", "quality", "source_id"]]


def nearest_complete_period(case: Case, indicator: str, period: str, quarter: Quarter | None = None) -> str | None:
    """The period of an indicator, complete over all kecamatan, whose middle is closest to that of another.

    Parameters
    ----------
    case : Case
    indicator : str
    period : str
        A partial date to come close to.
    quarter : Quarter, optional
        Leave out periods that end later.

    Returns
    -------
    str or None
        The later one of two that are equally close; None when there is no complete period.

    Examples
    --------
    >>> from ogp_analysis import load_case
    >>> nearest_complete_period(load_case("semarang"), "covid19_kasus_aktif", "2020-05")
    '2020-08-30'
    """
    table = coverage(case, quarter)
    table = table[(table["indicator"] == indicator) & (table["coverage"] == "complete")]

    def distance(text: str) -> tuple[int, int]:
        return abs(_middle(text) - _middle(period)), -_middle(text)

    return min((str(text) for text in table["period"]), key=distance, default=None)


def _middle(text: str) -> int:
    span = Span.parse(text)
    return (span.first.toordinal() + span.last.toordinal()) // 2
