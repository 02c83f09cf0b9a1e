"""Bring values to their districts by code, and say for each district what kind of value it has."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from ogp_analysis.errors import ParameterError, nearest

if TYPE_CHECKING:
    import geopandas as gpd

#: ``withheld`` is known and not shown: a count so small that a person could be known by it.
STATES = ("measured", "derived", "illustrative", "no_data", "not_applicable", "withheld")
EMPTY_STATES = ("no_data", "not_applicable", "withheld")
SHADED_KINDS = ("rate", "share", "index", "change", "rank")
ABSOLUTE_KINDS = ("count", "amount")


def check_kind(kind: str, function: str) -> None:
    """Refuse to shade areas by counts or amounts: a big district would look worse only for being big.

    Raises
    ------
    ParameterError
        For counts and amounts, for yes/no values, and for an unknown kind.

    Examples
    --------
    >>> check_kind("rate", "choropleth")
    """
    if kind in ABSOLUTE_KINDS:
        raise ParameterError(
            f"A {kind} cannot be drawn as shades by {function}: "
            "large districts would stand out only for being large.",
            hint="Use symbol_map, or divide by the right population and map the rate.",
        )
    if kind == "yes/no":
        raise ParameterError(f"Yes/no values cannot be drawn by {function}.", hint="Use yes_no_map.")
    if kind not in SHADED_KINDS:
        raise ParameterError(
            f"There is no kind of value {kind!r}.", hint=nearest(str(kind), [*SHADED_KINDS, *ABSOLUTE_KINDS])
        )


def join_values(
    districts: pd.DataFrame | gpd.GeoDataFrame,
    values: pd.Series,
    states: pd.Series | None = None,
) -> pd.DataFrame:
    """Put values beside districts by ``code_bps``, in the order of the districts.

    A district without a value is *no data*, never zero. A value for an unknown district raises.

    Parameters
    ----------
    districts : DataFrame or GeoDataFrame
        With columns ``code_bps`` (text, one row a district) and ``name``.
    values : Series
        Indexed by ``code_bps`` as text.
    states : Series of text, optional
        Same kind of index; ``measured``, ``derived``, ``illustrative``, ``no_data``,
        ``not_applicable`` or ``withheld``. Districts it leaves out are ``measured`` or ``no_data``.

    Returns
    -------
    DataFrame
        Columns ``code``, ``name``, ``value``, ``state``; RangeIndex.

    Raises
    ------
    ParameterError
        If codes are not text, occur twice or are unknown, or a state contradicts a value.

    Examples
    --------
    >>> districts = pd.DataFrame({"code_bps": ["3374010", "3374020"], "name": ["Mijen", "Gunungpati"]})
    >>> join_values(districts, pd.Series([0.0], index=["3374020"]))
          code        name  value     state
    0  3374010       Mijen    NaN   no_data
    1  3374020  Gunungpati    0.0  measured
    """
    _check_districts(districts)
    codes = pd.Index(districts["code_bps"].astype(object))
    _check_index(values, codes, districts, "values")
    found = values.reindex(codes)
    empty = found.isna()
    table = pd.DataFrame(
        {
            "code": codes.to_numpy(),
            "name": districts["name"].to_numpy(),
            "value": found.to_numpy(),
            "state": ["no_data" if missing else "measured" for missing in empty],
        }
    )
    if states is not None:
        _check_index(states, codes, districts, "states")
        said = states.reindex(codes)
        _check_states(table, said, empty)
        table["state"] = [
            default if pd.isna(state) else str(state) for state, default in zip(said, table["state"], strict=True)
        ]
    return table


def _check_districts(districts: pd.DataFrame) -> None:
    lacking = [column for column in ("code_bps", "name") if column not in districts.columns]
    if lacking:
        raise ParameterError(
            f"The districts have no column {' and '.join(map(repr, lacking))}; "
            f"they have {', '.join(map(str, districts.columns))}.",
            hint="Use load_boundaries(case), or the case's table of districts.",
        )
    codes = districts["code_bps"]
    if not all(isinstance(code, str) for code in codes):
        raise ParameterError(
            f"Codes of districts must be text; found {next(c for c in codes if not isinstance(c, str))!r}.",
            hint="Read the column code_bps as text, for example dtype={'code_bps': str}.",
        )
    twice = codes[codes.duplicated()]
    if len(twice):
        raise ParameterError(
            f"District code(s) {', '.join(twice.unique()[:5])} occur more than once.",
            hint="One row a district: dissolve the parts first.",
        )


def _check_index(series: pd.Series, codes: pd.Index, districts: pd.DataFrame, what: str) -> None:
    if not isinstance(series, pd.Series):
        raise ParameterError(
            f"The {what} are a {type(series).__name__}, not a pandas Series indexed by district code.",
            hint="Use table.set_index('code_bps')['value'].",
        )
    numbers = [code for code in series.index if not isinstance(code, str)]
    if numbers:
        raise ParameterError(
            f"The {what} are not indexed by district codes as text; found {numbers[0]!r} "
            f"({type(numbers[0]).__name__}), expected for example {codes[0]!r}.",
            hint="Use table.set_index('code_bps')['value'] with code_bps read as text.",
        )
    unknown = [str(code) for code in series.index.difference(codes, sort=False)]
    if unknown:
        shown = ", ".join(unknown[:5]) + (f" and {len(unknown) - 5} more" if len(unknown) > 5 else "")
        hint = f"Use codes such as {codes[0]}."
        for column in ("code_kemendagri", "name"):
            if column in districts.columns and set(unknown) & set(districts[column]):
                hint = f"These look like the column {column}; index the {what} by code_bps, such as {codes[0]}."
        raise ParameterError(f"The {what} have code(s) that no district has: {shown}.", hint=hint)
    twice = series.index[series.index.duplicated()]
    if len(twice):
        raise ParameterError(
            f"The {what} have code(s) more than once: {', '.join(twice.unique()[:5])}.",
            hint="One value a district: choose one period and one source first.",
        )


def _check_states(table: pd.DataFrame, said: pd.Series, empty: pd.Series) -> None:
    for code, state, missing in zip(table["code"], said, empty, strict=True):
        if pd.isna(state):
            continue
        if state not in STATES:
            raise ParameterError(f"District {code} has the state {state!r}.", hint=nearest(str(state), STATES))
        if missing and state not in EMPTY_STATES:
            raise ParameterError(
                f"District {code} has the state {state!r} but no value.",
                hint="Give the value, or use the state no_data, not_applicable or withheld.",
            )
        if not missing and state in EMPTY_STATES:
            raise ParameterError(
                f"District {code} has the state {state!r} and also a value.",
                hint="Remove the value, or use the state measured, derived or illustrative.",
            )
