"""An illustrative land-tax roll: no public one exists, so tutorial, tests and benchmarks run on this one."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from ogp_analysis.errors import ParameterError

YEARS = range(2015, 2022)
CITY = "3374"
KECAMATAN = tuple(f"{code:03d}" for code in range(10, 170, 10))
SCHOOL, HOSPITAL, HOUSE = "16", "05", "01"
DUE = "-09-30"


def make_example_roll(
    n: int, seed: int, *, first_object: int = 0, city: str = CITY, kecamatan: Sequence[str] = KECAMATAN
) -> pd.DataFrame:
    """Make up a roll of land-tax bills in SISMIOP layout: illustrative, drawn at random, about nobody.

    The draw knows no city: property values, amounts, who pays and when are invented and say nothing about the
    one whose four digits the object numbers carry so that its published terms can be tried out. The column
    ``ILUSTRATIF`` marks the roll; every result computed from it is called illustrative.

    Parameters
    ----------
    n : int
        Bills; each object has one for every tax year from 2015 to 2021, one in fifty has a second cycle.
    seed : int
        The same seed gives the same roll.
    first_object : int
        Number of the first object, so that several rolls together repeat none.
    city : str
        Province and city of the object numbers, four digits.
    kecamatan : sequence of str
        Their kecamatan codes, three digits each.

    Raises
    ------
    ParameterError
        If ``n`` is not positive, or there is no kecamatan.

    Examples
    --------
    >>> roll = make_example_roll(1000, seed=1)
    >>> len(roll), roll["NOP"].str.len().unique().tolist(), roll["ILUSTRATIF"].unique().tolist()
    (1000, [24], [1])
    """
    if n < 1 or not kecamatan:
        raise ParameterError(
            f"A roll of {n} bills in {len(kecamatan)} kecamatan cannot be made.", hint="Give 1 or more of both."
        )
    draw = np.random.default_rng(seed)
    bill = np.arange(n)
    thing = bill // len(YEARS)
    year = np.array(YEARS)[bill % len(YEARS)]
    cycle = np.ones(n, np.int64)
    # the second cycle takes the place of the next year's bill of the same object
    again = np.flatnonzero((draw.random(n) < 0.02) & (bill % len(YEARS) > 0))
    year[again], cycle[again] = year[again - 1], cycle[again - 1] + 1
    values = np.exp(draw.normal(19.2, 1.0, thing[-1] + 1)).astype(np.int64) // 1000 * 1000
    njop = values[thing] * (100 + 3 * (year - YEARS[0])) // 100
    principal = np.maximum(njop // 1000, 10_000)
    issued = _days(year, "-02-01") + draw.integers(0, 28, n)
    due = _days(year, DUE)
    pays = draw.random(n) < 0.8
    late = draw.random(n) < 0.3
    paid_on = np.where(
        late, due + 1 + draw.integers(0, 900, n), issued + (draw.random(n) * (due - issued + 1)).astype(int)
    )
    months = np.clip((paid_on - due).astype("timedelta64[D]").astype(int) // 30, 0, 24)
    # what the made-up payers paid: the bill, and half of the late ones a fine
    fine = np.where(pays & late & (draw.random(n) < 0.5), principal * 2 * months // 100, 0)
    paid = np.where(pays, principal + fine, 0)
    use = np.where(draw.random(n) < 0.01, SCHOOL, np.where(draw.random(n) < 0.002, HOSPITAL, HOUSE))
    paid_text = pd.Series(paid_on.astype("datetime64[D]").astype(str)).where(pays)
    return pd.DataFrame(
        {
            "NOP": _nops(first_object + np.arange(thing[-1] + 1), city, kecamatan)[thing],
            "THN_PAJAK_SPPT": year,
            "SIKLUS_SPPT": cycle,
            "NM_WP_SPPT": np.char.add("CONTOH WAJIB PAJAK ", (first_object + thing).astype(str)),
            "JLN_WP_SPPT": np.char.add("JALAN CONTOH NO ", (bill % 100).astype(str)),
            "LUAS_BUMI_SPPT": values[thing] // 2_000_000,
            "LUAS_BNG_SPPT": values[thing] // 4_000_000,
            "NJOP_SPPT": njop,
            "PBB_YG_HARUS_DIBAYAR_SPPT": principal,
            "STATUS_PEMBAYARAN_SPPT": pays.astype(int),
            "TGL_TERBIT_SPPT": issued.astype(str),
            "TGL_JATUH_TEMPO_SPPT": due.astype(str),
            "TGL_PEMBAYARAN_SPPT": paid_text,
            "JML_SPPT_YG_DIBAYAR": paid,
            "DENDA_SPPT": fine,
            "KD_JPB": use,
            "ILUSTRATIF": 1,
        }
    )


def _days(years: np.ndarray, rest: str) -> np.ndarray:
    return np.char.add(years.astype(str), rest).astype("datetime64[D]")


def _nops(things: np.ndarray, city: str, kecamatan: Sequence[str]) -> np.ndarray:
    """One object number for each thing: kecamatan in turn, then kelurahan, block and number."""
    own = np.array(kecamatan)[things % len(kecamatan)]
    rest = things // len(kecamatan)
    number, rest = rest % 9999 + 1, rest // 9999
    kelurahan, block = rest % 12 + 1, rest // 12 % 999 + 1
    places = zip(own.tolist(), kelurahan.tolist(), block.tolist(), number.tolist(), strict=True)
    return np.array([f"{city[:2]}.{city[2:]}.{a}.{b:03d}.{c:03d}-{d:04d}.0" for a, b, c, d in places])
