"""Which features of a boundary file are the districts of a case, found by content and not by column name."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import pandas as pd

from ogp_analysis.errors import DataError, Problem

if TYPE_CHECKING:
    from ogp_analysis.sources.boundary_case import CaseTables

Level = Literal["district", "village"]
_PCODE = re.compile(r"^[A-Za-z]{2}(?=\d{6,10}$)")
_VILLAGE_TYPES = "123"
"""First digit of the last four of a Kemendagri village code: kelurahan, desa, desa adat."""
_EXACT = 2**53
"""Up to here a float holds every whole number exactly."""


@dataclass(frozen=True)
class DistrictMatch:
    """What was recognised in a table of features.

    Parameters
    ----------
    codes : Series of str
        BPS code of the district that each feature belongs to, missing where it belongs to none of the case.
    level : {"district", "village"}
        Whether a feature is a whole district or one village of it.
    found_in : str
        The column that told, and in which system, for the report.
    """

    codes: pd.Series[Any]
    level: Level
    found_in: str


def code_text(value: object) -> str:
    """Bring one cell back to a code as text; an empty text where that cannot be done without a guess.

    Shapefiles hold codes as numbers. A whole number is turned back; one with a fraction is no code. The two
    letters of a country in front of a code (``ID3374010``, as OCHA writes it) are taken off.

    Examples
    --------
    >>> [code_text(value) for value in (3374010, 3374010.0, "ID3374010", " 33.74.14 ", 3374010.5, None, True)]
    ['3374010', '3374010', '3374010', '33.74.14', '', '', '']
    """
    if isinstance(value, str):
        return _PCODE.sub("", value.strip())
    if value is None or value is pd.NA or isinstance(value, bool):
        return ""
    try:
        number = float(value)  # type: ignore[arg-type]
    except (TypeError, ValueError):  # a list or a date is no code
        return ""
    return str(int(number)) if abs(number) < _EXACT and number == int(number) else ""


def match_districts(
    table: pd.DataFrame, tables: CaseTables, file: str, near: Sequence[bool] | None = None
) -> DistrictMatch | None:
    """Recognise the case's districts in a table of features.

    Codes come first: any column that holds BPS codes (``3374010``), Kemendagri codes (``33.74.14`` or
    ``337414``), or ten-digit village codes that begin with one. Without codes, names that are known exactly or as
    an alias, of features that lie in the right place. Nothing is matched by likeness.

    Parameters
    ----------
    table : DataFrame
        The features' attributes, any columns.
    tables : CaseTables
        Districts, aliases and lookalikes of the case.
    file : str
        Name for messages.
    near : sequence of bool, optional
        Which features lie in or beside the city; only these may be matched by name alone.

    Returns
    -------
    DistrictMatch or None
        None if nothing of the case is in the table.

    Raises
    ------
    DataError
        If two columns of one feature say different districts.
    """
    table = table.reset_index(drop=True)
    names = {str(column): _by_name(table[column], tables) for column in table.columns if _is_text(table[column])}
    candidates = _by_code(table, tables)
    if not candidates:
        return _match_names(names, near)
    codes = _agreed(candidates, table, tables, file)
    by_village = [c for c in candidates if c.level == "village"]
    level: Level = "village" if by_village and codes.dropna().duplicated().any() else "district"
    _check_names(codes, names, table, tables, file)
    if level == "village":
        cells = table[by_village[0].column][codes.notna()].map(code_text)
        twice = cells[cells.duplicated() & (cells != "")]
        if len(twice):
            problems = [
                _problem(file, row, by_village[0].column, value, "each village once")
                for row, value in twice.items()
            ]
            raise DataError(problems, hint="Merge or delete the repeated features.")
    used = by_village[0] if level == "village" else candidates[0]
    return DistrictMatch(codes, level, f"{used.system} codes in column '{used.column}'")


@dataclass(frozen=True)
class _Candidate:
    column: str
    system: str
    level: Level
    codes: pd.Series[Any]


def _by_code(table: pd.DataFrame, tables: CaseTables) -> list[_Candidate]:
    bps = {str(code): str(code) for code in tables.districts["code_bps"]}
    dotted = dict(zip(tables.districts["code_kemendagri"].astype(str), bps, strict=True))
    plain = {code.replace(".", ""): value for code, value in dotted.items()}

    def village_bps(text: str) -> str | None:
        return bps.get(text[:7]) if re.fullmatch(r"\d{10}", text) else None

    def village_kemendagri(text: str) -> str | None:
        digits = text.replace(".", "") if re.fullmatch(r"\d\d\.\d\d\.\d\d\.\d{4}", text) else text
        if not re.fullmatch(r"\d{10}", digits) or digits[6] not in _VILLAGE_TYPES:
            return None
        return plain.get(digits[:6])

    systems: list[tuple[str, Level, Callable[[str], str | None]]] = [
        ("BPS", "district", bps.get),
        ("Kemendagri", "district", lambda text: dotted.get(text, plain.get(text))),
        ("BPS village", "village", village_bps),
        ("Kemendagri village", "village", village_kemendagri),
    ]
    found: list[_Candidate] = []
    for column in table.columns:
        texts = table[column].map(code_text)
        best: _Candidate | None = None
        for system, level, read in systems:
            codes = texts.map(read, na_action=None)
            codes = codes.where(codes.notna(), None)
            if codes.notna().any() and (best is None or codes.notna().sum() > best.codes.notna().sum()):
                best = _Candidate(str(column), system, level, codes)
        if best is not None:
            found.append(best)
    # A column of counts may by chance hold a number that is also a code: it would name few of the districts.
    most = max((c.codes.nunique() for c in found), default=0)
    return [c for c in found if c.codes.nunique() * 2 > most]


def _agreed(candidates: list[_Candidate], table: pd.DataFrame, tables: CaseTables, file: str) -> pd.Series[Any]:
    codes, first = candidates[0].codes, candidates[0]
    problems = []
    for other in candidates[1:]:
        differ = codes.notna() & other.codes.notna() & (codes != other.codes)
        for row in table.index[differ]:
            expected = f"a code of {tables.label(codes[row])}, which column '{first.column}' says"
            problems.append(_problem(file, row, other.column, table.at[row, other.column], expected))
        codes = codes.where(codes.notna(), other.codes)
    if problems:
        hint = "BPS and Kemendagri number the districts differently; correct the codes or delete the wrong column."
        raise DataError(problems, hint=hint)
    return codes


def _check_names(
    codes: pd.Series[Any], names: dict[str, pd.Series[Any]], table: pd.DataFrame, tables: CaseTables, file: str
) -> None:
    """Names beside the codes must not contradict them: people number the districts in orders of their own."""
    ours = codes.notna()
    problems = []
    for column, named in names.items():
        known = ours & named.notna()
        if known.sum() * 2 <= ours.sum():
            continue  # not a column of district names
        for row in table.index[known & (named != codes)]:
            expected = f"{tables.label(codes[row])}, which its code says"
            problems.append(_problem(file, row, column, table.at[row, column], expected))
    if problems:
        raise DataError(problems, hint="Check that the codes are official ones (BPS or Kemendagri).")


def _match_names(names: dict[str, pd.Series[Any]], near: Sequence[bool] | None) -> DistrictMatch | None:
    best: DistrictMatch | None = None
    for column, codes in names.items():
        kept = codes if near is None else codes.where(pd.Series(list(near), index=codes.index), None)
        if kept.notna().any() and (best is None or kept.nunique() > best.codes.nunique()):
            best = DistrictMatch(kept, "district", f"names in column '{column}'")
    return best


def _is_text(column: pd.Series[Any]) -> bool:
    return bool(column.map(lambda value: isinstance(value, str)).any())


def _by_name(column: pd.Series[Any], tables: CaseTables) -> pd.Series[Any]:
    from ogp_analysis.cleaning.names import resolve_names

    texts = column.map(lambda value: value if isinstance(value, str) else None).astype(object)
    found = resolve_names(texts, tables.districts, tables.aliases, max_distance=0).codes
    return found.astype(object).where(found.notna(), None)


def _problem(file: str, row: Any, column: str, value: object, expected: str) -> Problem:
    return Problem(f"{file}, feature {int(row) + 1}", None, column, str(value), expected)
