"""What the boundary functions need to know of a case."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import pandas as pd

from ogp_analysis.errors import ParameterError


class BoundaryCase(Protocol):
    """Anything with a name and tables; :class:`ogp_analysis.case.Case` is one."""

    @property
    def id(self) -> str:
        """Short name of the case, for example ``semarang``."""

    def table(self, name: str) -> pd.DataFrame:
        """A table by name; ``districts`` must be there, ``village_points`` should."""


@dataclass(frozen=True)
class CaseTables:
    """The tables of a case that boundaries are checked against.

    Parameters
    ----------
    id : str
        Name of the case.
    districts : DataFrame
        ``code_bps``, ``code_kemendagri``, ``name``, ``name_bps``.
    aliases, lookalikes, sources : DataFrame
        May be empty.
    points : DataFrame
        ``code``, ``district``, ``inside``, ``lon``, ``lat`` as :func:`schematic_outline` takes them; may be empty.
    """

    id: str
    districts: pd.DataFrame
    aliases: pd.DataFrame
    lookalikes: pd.DataFrame
    sources: pd.DataFrame
    points: pd.DataFrame

    @classmethod
    def of(cls, case: BoundaryCase) -> CaseTables:
        """Read them once; a table that a case leaves out is empty."""
        points = _table(case, "village_points", ["code_kemendagri", "district_kemendagri", "inside", "lon", "lat"])
        return cls(
            case.id,
            case.table("districts").reset_index(drop=True),
            _table(case, "district_aliases", ["alias", "code_bps"]),
            _table(case, "lookalikes", ["name", "jurisdiction"]),
            _table(case, "sources", ["source_id", "licence"]),
            points.rename(columns={"code_kemendagri": "code", "district_kemendagri": "district"}),
        )

    def inside(self) -> pd.DataFrame:
        """The points of the case's own villages, with the BPS code of their district as ``code_bps``."""
        bps = dict(zip(self.districts["code_kemendagri"], self.districts["code_bps"], strict=True))
        own = self.points[self.points["inside"].map(lambda value: str(value).casefold() == "true").astype(bool)]
        out = own.assign(
            code_bps=own["district"].map(bps), lon=own["lon"].astype(float), lat=own["lat"].astype(float)
        )
        return out.dropna(subset=["code_bps"]).reset_index(drop=True)

    def label(self, code_bps: object) -> str:
        """A district's name and code, for messages."""
        name = self.districts.loc[self.districts["code_bps"] == code_bps, "name"]
        return f"{name.iloc[0]} ({code_bps})" if len(name) else str(code_bps)


def _table(case: BoundaryCase, name: str, columns: list[str]) -> pd.DataFrame:
    try:
        found = case.table(name)
    except (KeyError, ParameterError):  # this case has no such table, which is allowed for all but the districts
        return pd.DataFrame({column: pd.Series(dtype="object") for column in columns})
    return found if len(found.columns) else pd.DataFrame({column: pd.Series(dtype="object") for column in columns})
