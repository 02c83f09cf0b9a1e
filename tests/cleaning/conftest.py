"""Small literal tables, so that the cleaning functions are tested without a case."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

DISTRICTS = """\
3374010 33.74.14 Mijen|MIJEN
3374020 33.74.12 Gunungpati|GUNUNG PATI
3374030 33.74.11 Banyumanik|BANYUMANIK
3374040 33.74.09 Gajahmungkur|GAJAH MUNGKUR
3374050 33.74.07 Semarang Selatan|SEMARANG SELATAN
3374060 33.74.08 Candisari|CANDISARI
3374070 33.74.10 Tembalang|TEMBALANG
3374080 33.74.06 Pedurungan|PEDURUNGAN
3374090 33.74.05 Genuk|GENUK
3374100 33.74.04 Gayamsari|GAYAMSARI
3374110 33.74.03 Semarang Timur|SEMARANG TIMUR
3374120 33.74.02 Semarang Utara|SEMARANG UTARA
3374130 33.74.01 Semarang Tengah|SEMARANG TENGAH
3374140 33.74.13 Semarang Barat|SEMARANG BARAT
3374150 33.74.16 Tugu|TUGU
3374160 33.74.15 Ngaliyan|NGALIYAN"""

# The spellings that no rule can reach: Javanese directions and bare ones.
IRREGULAR = {
    "semarang kulon": "3374140",
    "semarang kidul": "3374050",
    "semarang wetan": "3374110",
    "semarang lor": "3374120",
    "candhisari": "3374060",
    "tengah": "3374130",
    "barat": "3374140",
    "timur": "3374110",
    "utara": "3374120",
    "selatan": "3374050",
}
REGULAR = {
    "Gajah Mungkur": "3374040",
    "Gunung Pati": "3374020",
    "Gayam Sari": "3374100",
    "Candi Sari": "3374060",
    "Ngalian": "3374160",
    "Semarnag Utara": "3374120",
    "Kec. Mijen": "3374010",
    "Kec. Gajahmungkur": "3374040",
    "Kec. Semarang Utara": "3374120",
    "KecamatanTembalang": "3374070",
    "Gunung Pati Total": "3374020",
    "smgtengah": "3374130",
}


@pytest.fixture
def data() -> Path:
    return Path(__file__).parent / "data"


@pytest.fixture
def districts() -> pd.DataFrame:
    rows = []
    for line in DISTRICTS.splitlines():
        bps, kemendagri, names = line.split(" ", 2)
        rows.append((bps, kemendagri, *names.split("|")))
    return pd.DataFrame(rows, columns=["code_bps", "code_kemendagri", "name", "name_bps"])


@pytest.fixture
def aliases() -> pd.DataFrame:
    return pd.DataFrame({"alias": list(IRREGULAR), "code_bps": list(IRREGULAR.values())})


@pytest.fixture
def spellings(districts: pd.DataFrame) -> dict[str, str]:
    """The 54 attested spellings with their codes: 16 in capitals, 16 with *Kecamatan*, 22 more."""
    found = dict(zip(districts["name_bps"], districts["code_bps"], strict=True))
    found |= {f"Kecamatan {n}": c for n, c in zip(districts["name"], districts["code_bps"], strict=True)}
    return found | REGULAR | IRREGULAR


@pytest.fixture
def lookalikes() -> pd.DataFrame:
    names = [
        *("Getasan", "Tengaran", "Susukan", "Suruh", "Pabelan", "Tuntang", "Banyubiru", "Jambu", "Sumowono"),
        *("Ambarawa", "Bawen", "Bringin", "Bergas", "Pringapus", "Bancak", "Kaliwungu", "Bandungan"),
        *("Ungaran Barat", "Ungaran Timur"),
    ]
    return pd.DataFrame({"name": names, "jurisdiction": "Kabupaten Semarang"})


@pytest.fixture
def villages() -> pd.DataFrame:
    rows = [
        ("3374010012", "33.74.14.1012", "Purwosari", "Purwosari", "3374010"),
        ("3374010010", "33.74.14.1010", "Kedungpane", "Kedungpani", "3374010"),
        ("3374120003", "33.74.02.1003", "Purwosari", "Purwosari", "3374120"),
        ("3374070006", "33.74.10.1006", "Tembalang", "Tembalang", "3374070"),
        ("3374070010", "33.74.10.1010", "Mangunharjo", "Mangunharjo", "3374070"),
        ("3374150006", "33.74.16.1006", "Mangunharjo", "Mangunharjo", "3374150"),
    ]
    return pd.DataFrame(rows, columns=["code_bps", "code_kemendagri", "name", "name_bps", "code_bps_district"])
