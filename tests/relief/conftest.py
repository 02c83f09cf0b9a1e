"""Semarang's published terms on land tax, and a roll that a test may change."""

from __future__ import annotations

import math
from collections.abc import Callable
from datetime import date

import pandas as pd
import pytest

from ogp_analysis.case import Case
from ogp_analysis.quarter import Quarter
from ogp_analysis.recovery.example_roll import make_example_roll
from ogp_analysis.recovery.measures import measure_terms
from ogp_analysis.recovery.relief import ReliefTerms, compile_terms, relief_per_bill

AS_OF = date(2023, 12, 31)
ASSUMED = {"PBB-25": (2020, 2020), "PBB-EXEMPT": (2021, 2021)}


@pytest.fixture(scope="session")
def land_tax_table(semarang: Case) -> pd.DataFrame:
    return measure_terms(semarang, Quarter(2023, 4)).query("category == 'pbb'")


@pytest.fixture(scope="session")
def land_tax_terms(land_tax_table: pd.DataFrame) -> ReliefTerms:
    return compile_terms(land_tax_table, assumed_years=ASSUMED)


@pytest.fixture
def roll_frame() -> pd.DataFrame:
    """Fifty bills of one cycle each, as text, as a CSV export has them."""
    frame = make_example_roll(70, seed=3)
    frame = frame[frame["SIKLUS_SPPT"] == 1].drop_duplicates(["NOP", "THN_PAJAK_SPPT"]).head(50)
    return frame.astype(object).where(frame.notna(), "").astype(str).reset_index(drop=True)


Plain = Callable[[pd.DataFrame, ReliefTerms, date], tuple[pd.DataFrame, pd.DataFrame]]


@pytest.fixture(scope="session")
def plain_roll() -> Plain:
    """A whole roll worked out plainly in pandas, written apart from the engine: what the engine must equal."""
    return _plain_roll


def _plain_roll(frame: pd.DataFrame, terms: ReliefTerms, as_of: date) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Sums by kecamatan, decile and tax year, and the same by measure."""
    nop = frame["NOP"].str.replace(r"\D", "", regex=True)
    latest = frame["SIKLUS_SPPT"].groupby([nop, frame["THN_PAJAK_SPPT"]]).transform("max")
    own = frame[frame["SIKLUS_SPPT"] == latest]
    day = lambda name: [None if pd.isna(v) else date.fromisoformat(v) for v in own[name]]  # noqa: E731
    bills = pd.DataFrame(
        {
            "tax_year": own["THN_PAJAK_SPPT"],
            "njop": own["NJOP_SPPT"],
            "principal": own["PBB_YG_HARUS_DIBAYAR_SPPT"],
            "use": own["KD_JPB"].astype(float),
        }
    )
    for ours, theirs in (("issued", "TERBIT"), ("due", "JATUH_TEMPO"), ("paid_on", "PEMBAYARAN")):
        bills[ours] = pd.Series(day(f"TGL_{theirs}_SPPT"), index=own.index, dtype=object)
    out = relief_per_bill(bills, terms, as_of)
    keys = pd.DataFrame({"kecamatan": nop[own.index].str[4:7], "tax_year": bills["tax_year"]})
    of_year = {year: sorted(values) for year, values in bills["njop"].groupby(bills["tax_year"])}
    keys["njop_decile"] = [
        _decile(of_year[year], v) for year, v in zip(bills["tax_year"], bills["njop"], strict=True)
    ]
    paid = bills["paid_on"].map(lambda d: d is not None and d <= as_of)
    late = pd.Series(
        [(b - a).days if p else 0 for a, b, p in zip(bills["due"], bills["paid_on"], paid, strict=True)], own.index
    )
    cells = pd.DataFrame(
        {
            "bills": 1,
            "principal": bills["principal"],
            "due_with": out["due_with"],
            "due_without": out["due_without"],
            "relieved_bills": (out["due_with"] < out["due_without"]).astype(int),
            "paid_bills": paid.astype(int),
            "paid": own["JML_SPPT_YG_DIBAYAR"].where(paid, 0),
            "fine_paid": own["DENDA_SPPT"].where(paid, 0),
            "early_bills": (late < 0).astype(int),
            "days_early": (-late).clip(lower=0),
            "late_bills": (late > 0).astype(int),
            "days_late": late.clip(lower=0),
        }
    )
    names = ["kecamatan", "njop_decile", "tax_year"]
    measures = []
    for measure in terms.measures:
        one = pd.DataFrame({kind: out[f"{kind}:{measure}"].astype(int) for kind in ("offered", "used", "forgone")})
        sums = one.join(keys).groupby(names)[["offered", "used", "forgone"]].sum()
        measures.append(sums.reset_index().assign(measure_id=measure))
    nothing = pd.DataFrame(columns=[*names, "measure_id", "offered", "used", "forgone"])
    return cells.join(keys).groupby(names).sum().reset_index(), pd.concat([nothing, *measures], ignore_index=True)


def _decile(values: list[int], njop: int) -> int:
    """The first tenth whose bound the value does not exceed; the bound covers at least k tenths of the bills."""
    for k in range(1, 10):
        if njop <= values[math.ceil(k * len(values) / 10) - 1]:
            return k
    return 10
