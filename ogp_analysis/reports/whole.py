"""Files that are there whole or not at all, and what a killed run leaves beside them."""

from __future__ import annotations

import contextlib
import os
import shutil
from pathlib import Path

#: Starts the name of everything that is still being written.
PART = ".part-"


def write_whole(path: Path, content: str | bytes) -> bool:
    """Write a file beside its place and move it there, unless it says the same already.

    Whoever reads the file meanwhile, and whoever kills this process, finds the old content or the new. Where the
    disk is full or the folder may not be written, the old file stays.

    Parameters
    ----------
    path : Path
    content : str or bytes
        Text is written as UTF-8.

    Returns
    -------
    bool
        Whether anything was written.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = Path(folder) / "a.txt"
    ...     write_whole(path, "one"), write_whole(path, "one"), path.read_text()
    (True, False, 'one')
    """
    data = content.encode("utf-8") if isinstance(content, str) else content
    if path.is_file() and path.read_bytes() == data:
        return False
    beside = path.with_name(f"{PART}{os.getpid()}-{path.name}")
    try:
        beside.write_bytes(data)
        beside.replace(path)
    finally:
        with contextlib.suppress(OSError):
            beside.unlink(missing_ok=True)
    return True


def sweep(folder: Path) -> int:
    """Remove what killed runs left half written below a folder; for the one who holds its lock.

    Returns
    -------
    int
        How many files and folders were removed.
    """
    parts = [part for part in sorted(folder.rglob(f"{PART}*")) if part.exists()]
    for part in parts:
        if part.is_dir():
            shutil.rmtree(part, ignore_errors=True)
        else:
            part.unlink(missing_ok=True)
    return len(parts)
