"""What a land-tax roll in SISMIOP layout must hold, and which of its columns are ever read.

Only the columns named here are asked for; names (``NM_WP_SPPT``), streets (``JLN_WP_SPPT``) and whatever else
stands in the file never leave the parser.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from ogp_analysis.errors import DataError, Problem, nearest

NOP = "NOP"
NOP_PARTS = {
    "KD_PROPINSI": 2,
    "KD_DATI2": 2,
    "KD_KECAMATAN": 3,
    "KD_KELURAHAN": 3,
    "KD_BLOK": 3,
    "NO_URUT": 4,
    "KD_JNS_OP": 1,
}
YEAR, CYCLE, NJOP = "THN_PAJAK_SPPT", "SIKLUS_SPPT", "NJOP_SPPT"
PRINCIPAL = "PBB_YG_HARUS_DIBAYAR_SPPT"
ISSUED, DUE, PAID_ON = "TGL_TERBIT_SPPT", "TGL_JATUH_TEMPO_SPPT", "TGL_PEMBAYARAN_SPPT"
PAID, FINE = "JML_SPPT_YG_DIBAYAR", "DENDA_SPPT"
STATUS = "STATUS_PEMBAYARAN_SPPT"
USE = "KD_JPB"
ILLUSTRATIVE = "ILUSTRATIF"

NUMBERS = (YEAR, CYCLE, NJOP, PRINCIPAL, PAID, FINE)
DATES = (ISSUED, DUE, PAID_ON)
REQUIRED = (*NUMBERS, *DATES)
OPTIONAL = (STATUS, USE)


def resolve_columns(header: Sequence[str], file: str) -> dict[str, str]:
    """The columns of a file that are read: name in SISMIOP (upper case) to name in the file.

    Raises
    ------
    DataError
        If a column is missing, or stands there twice in different case.

    Examples
    --------
    >>> resolve_columns(["nop", *[name.lower() for name in REQUIRED], "nm_wp_sppt"], "roll.csv")["NOP"]
    'nop'
    """
    by_name: dict[str, list[str]] = {}
    for name in header:
        by_name.setdefault(name.strip().upper(), []).append(name)
    keys = (NOP,) if NOP in by_name else tuple(NOP_PARTS)
    wanted = (*keys, *REQUIRED)
    problems = []
    for name in wanted:
        if name not in by_name:
            missing = f"{NOP} (or {', '.join(NOP_PARTS)})" if name in NOP_PARTS else name
            problems.append(Problem(file, 1, missing, None, f"this column.{_alike(name, by_name)}"))
            if name in NOP_PARTS:
                keys = ()
                break
    for name in (*wanted, *OPTIONAL):
        if len(by_name.get(name, [])) > 1:
            problems.append(Problem(file, 1, name, None, f"one such column, not {len(by_name[name])}"))
    if problems:
        raise DataError(
            problems, hint="Export the roll with the columns of SISMIOP's table SPPT, upper or lower case."
        )
    return {name: by_name[name][0] for name in (*wanted, *OPTIONAL, ILLUSTRATIVE) if name in by_name}


def _alike(name: str, header: Iterable[str]) -> str:
    """A column whose name was mistyped; nothing else of the header is quoted.

    Without a header the first line of a roll is somebody's bill.
    """
    close = nearest(name, [one for one in header if re.fullmatch(r"[A-Z]+(_[A-Z0-9]+)+", one)])
    return f" {close}" if close.startswith("Did you mean") else ""
