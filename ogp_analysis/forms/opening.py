"""Open a returned workbook, after looking at what kind of file it is: nothing is parsed before that."""

from __future__ import annotations

import warnings
import zipfile
from pathlib import Path
from typing import Any

from ogp_analysis.errors import OgpAnalysisError
from ogp_analysis.intake import unpacking

#: Beyond these bounds a file is no form; the parser takes some fifty times the unpacked size in memory.
LARGEST, LARGEST_UNPACKED, MOST_PARTS = 20 * 2**20, 40 * 2**20, 2_000
_OLE, _ZIP = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"PK\x03\x04"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_SAVE_AGAIN = "Open it in a spreadsheet program and save it as 'Excel workbook (.xlsx)'."


def open_workbook(path: Path) -> Any:
    """The workbook in a file.

    Parameters
    ----------
    path : Path
        What came back.

    Returns
    -------
    openpyxl.Workbook

    Raises
    ------
    OgpAnalysisError
        If it is no workbook that can be read: each kind of file has a message of its own.
    """
    if path.is_dir():
        raise OgpAnalysisError(f"{path} is a folder.", hint="Name the workbook in it.")
    if not path.is_file():
        raise OgpAnalysisError(f"{path} does not exist.", hint="Check the name of the file.")
    with path.open("rb") as file:
        start = file.read(len(_OLE))
    size = path.stat().st_size
    if size == 0:
        raise OgpAnalysisError(f"{path} is empty (0 bytes).", hint="Ask for the file again.")
    if size > LARGEST:
        raise OgpAnalysisError(
            f"{path} has {size / 2**20:.0f} MB; a form has far less.",
            hint=f"Take pictures and other sheets out of it; the bound is {LARGEST // 2**20} MB.",
        )
    if start == _OLE:
        if _ENCRYPTED in path.read_bytes():
            raise OgpAnalysisError(f"{path} is locked with a password.", hint="Save it without a password.")
        raise OgpAnalysisError(f"{path} is a workbook of the old kind (.xls).", hint=_SAVE_AGAIN)
    if not start.startswith(_ZIP):
        raise OgpAnalysisError(f"{path} is no workbook: it holds plain text or other data.", hint=_SAVE_AGAIN)
    _check_parts(path)
    return _parsed(path)


def _check_parts(path: Path) -> None:
    damaged = OgpAnalysisError(f"{path} is damaged: it cannot be unpacked.", hint="Ask for the file again.")
    with unpacking(lambda error: damaged), zipfile.ZipFile(path) as archive:
        parts = archive.infolist()
        unpacked = sum(part.file_size for part in parts)
        if unpacked > LARGEST_UNPACKED or len(parts) > MOST_PARTS:
            raise OgpAnalysisError(
                f"{path} would unpack to {unpacked / 2**20:,.0f} MB in {len(parts):,} parts; no form does.",
                hint="Do not open it; ask whoever sent it how it was made.",
            )
        names = {part.filename for part in parts}
        if "xl/workbook.xml" not in names:
            raise OgpAnalysisError(
                f"{path} is not a workbook of Excel but another kind of file.", hint=_SAVE_AGAIN
            )
        if any(name.casefold().endswith("vbaproject.bin") for name in names) or path.suffix == ".xlsm":
            raise OgpAnalysisError(
                f"{path} holds macros; a form has none, and they are not opened.",
                hint="Save it as 'Excel workbook (.xlsx)', which leaves macros out.",
            )
        for part in parts:
            # reading also compares what is unpacked with the size and checksum that the file declares
            if b"<!DOCTYPE" in archive.read(part) and part.filename.endswith((".xml", ".rels")):
                raise OgpAnalysisError(
                    f"{path} declares a document type in {part.filename}, which no spreadsheet program does.",
                    hint="Do not open it; ask whoever sent it how it was made.",
                )


def _parsed(path: Path) -> Any:
    from openpyxl import load_workbook

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of drop-downs and formats that are not needed to read
            return load_workbook(path)
    except Exception as error:  # openpyxl raises whatever its parsers do: KeyError, ParseError, TypeError ...
        raise OgpAnalysisError(
            f"{path} cannot be read as a workbook ({type(error).__name__}).", hint=_SAVE_AGAIN
        ) from error
