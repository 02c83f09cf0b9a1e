"""Names of villages (kelurahan): a bare name is not a key, so the district is asked for where names repeat."""

from __future__ import annotations

import re
from dataclasses import dataclass

import pandas as pd

from ogp_analysis.cleaning.frames import require_columns
from ogp_analysis.cleaning.text import clean, fold
from ogp_analysis.errors import OgpAnalysisError, ParameterError

_PREFIX = re.compile(r"^(?:\d[\d.]*\s*[.):]?\s*)?(?:kelurahan\b|kel\b|desa\b)?\.?\s*", re.IGNORECASE)


@dataclass(frozen=True)
class VillageResolution:
    """What became of every village name.

    Attributes
    ----------
    codes : Series of string, named ``code_bps_village``
        On the index of the input; ``pd.NA`` where not resolved.
    districts : Series of string, named ``code_bps``
        The district of each resolved village, from the table, for rolling up.
    unknown : DataFrame
        ``value``, ``code_bps`` (the district given, or missing), ``rows``, ``reason``.
    ambiguous : DataFrame
        ``value``, ``rows``, ``candidates``.
    missing : DataFrame
        ``code_bps_village``, ``name``: expected villages that never came.
    blank : int
        Rows without a name.
    """

    codes: pd.Series
    districts: pd.Series
    unknown: pd.DataFrame
    ambiguous: pd.DataFrame
    missing: pd.DataFrame
    blank: int

    def raise_if_incomplete(self) -> None:
        """Raise with every name that did not resolve and every village that never came.

        Raises
        ------
        OgpAnalysisError
        """
        unknown = zip(self.unknown["value"], self.unknown["reason"], strict=True)
        ambiguous = zip(self.ambiguous["value"], self.ambiguous["candidates"], strict=True)
        lines = [f"Unknown village '{value}': {reason}." for value, reason in unknown]
        lines += [f"Village '{value}' may be {candidates}." for value, candidates in ambiguous]
        if len(self.missing):
            lines.append(f"Expected but never came: {', '.join(self.missing['name'])}.")
        if self.blank:
            lines.append(f"Rows without a name: {self.blank}.")
        if lines:
            raise OgpAnalysisError(
                "\n".join(lines),
                hint="Pass the district of each row, and correct the names that are not in the table.",
            )


def resolve_villages(
    values: pd.Series, villages: pd.DataFrame, *, districts: pd.Series | None = None
) -> VillageResolution:
    """Resolve names of villages by the pair of district and name; a name that repeats is never guessed.

    In Kota Semarang, *Purwosari* lies in Mijen and in Semarang Utara, *Mangunharjo* in Tembalang and in Tugu. Both
    official spellings of a village (Kemendagri and BPS) are accepted; there is no nearest-name step, as village
    names are too close to one another.

    Parameters
    ----------
    values : Series of text
        One village name a cell.
    villages : DataFrame
        ``code_bps`` (10 digits), ``name``, ``code_bps_district`` and, if there is one, ``name_bps``.
    districts : Series of text, optional
        7-digit code of the district of each row, on the same index as ``values``. Without it, or where it is
        missing, a name resolves only if it occurs once in the table.

    Returns
    -------
    VillageResolution

    Raises
    ------
    ParameterError
        If the two Series have different indexes, or the table lacks a column.

    Examples
    --------
    >>> villages = pd.DataFrame(
    ...     {
    ...         "code_bps": ["3374010012", "3374120003", "3374010001"],
    ...         "name": ["Purwosari", "Purwosari", "Cangkiran"],
    ...         "code_bps_district": ["3374010", "3374120", "3374010"],
    ...     }
    ... )
    >>> found = resolve_villages(pd.Series(["Kel. Purwosari", "Cangkiran"]), villages)
    >>> found.codes.tolist(), found.ambiguous["candidates"].tolist()
    ([<NA>, '3374010001'], ['3374010012 or 3374120003'])
    >>> resolve_villages(
    ...     pd.Series(["Purwosari"]), villages, districts=pd.Series(["3374120"])
    ... ).codes.tolist()
    ['3374120003']
    """
    require_columns(villages, ["code_bps", "name", "code_bps_district"], "villages")
    if districts is not None and not districts.index.equals(values.index):
        raise ParameterError(
            "The names and their districts stand on different indexes.", hint="Take both from the same table."
        )
    by_name: dict[str, set[str]] = {}
    district_of = {
        str(code): str(district)
        for code, district in zip(villages["code_bps"], villages["code_bps_district"], strict=True)
    }
    for column in ("name", "name_bps"):
        if column in villages:
            for code, name in zip(villages["code_bps"], villages[column], strict=True):
                by_name.setdefault(_key(clean(name)), set()).add(str(code))

    district_texts = "" if districts is None else districts.map(clean)
    frame = pd.DataFrame({"value": values.map(clean), "district": district_texts})
    outcome: dict[tuple[str, str], tuple[str, str]] = {}
    for value, district in frame.drop_duplicates().itertuples(index=False):
        outcome[(value, district)] = _resolve(value, district, by_name, district_of)
    pairs = [outcome[(v, d)] for v, d in zip(frame["value"], frame["district"], strict=True)]
    codes = pd.Series([detail if kind == "resolved" else pd.NA for kind, detail in pairs], index=values.index)
    codes = codes.astype("string").rename("code_bps_village")

    rows = frame.groupby(["value", "district"], sort=False).size()
    unknown = [(v, d or pd.NA, int(rows[(v, d)]), t) for (v, d), (kind, t) in outcome.items() if kind == "unknown"]
    several = [(v, int(rows[(v, d)]), t) for (v, d), (kind, t) in outcome.items() if kind == "ambiguous"]
    came = set(codes.dropna())
    absent = [
        (str(c), str(n)) for c, n in zip(villages["code_bps"], villages["name"], strict=True) if str(c) not in came
    ]
    return VillageResolution(
        codes=codes,
        districts=codes.map(district_of).astype("string").rename("code_bps"),
        unknown=pd.DataFrame(unknown, columns=["value", "code_bps", "rows", "reason"]),
        ambiguous=pd.DataFrame(several, columns=["value", "rows", "candidates"]),
        missing=pd.DataFrame(absent, columns=["code_bps_village", "name"]),
        blank=int((frame["value"] == "").sum()),
    )


def _key(text: str) -> str:
    return fold(_PREFIX.sub("", text))


def _resolve(
    value: str, district: str, by_name: dict[str, set[str]], district_of: dict[str, str]
) -> tuple[str, str]:
    if not value:
        return "blank", ""
    anywhere = by_name.get(_key(value), set())
    codes = {code for code in anywhere if not district or district_of[code] == district}
    if len(codes) == 1:
        return "resolved", next(iter(codes))
    if codes:
        return "ambiguous", " or ".join(sorted(codes))
    if anywhere:
        return "unknown", f"not in district {district}, but there is {' and '.join(sorted(anywhere))}"
    return "unknown", "no village of this name in the table"
