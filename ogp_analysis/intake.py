"""The bytes of a file that somebody else made: a real file, in its own folder, of a size that it can have."""

from __future__ import annotations

import contextlib
import csv
import errno
import hashlib
import io
import stat
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path

from ogp_analysis.errors import DataError, OgpAnalysisError, Problem, file_row

MEGA = 2**20


def read_whole(path: Path, *, largest: int, within: Path | None = None) -> bytes:
    """Read a file, after looking at what it is: a device or a pipe never ends, a link may lead anywhere.

    Parameters
    ----------
    path : Path
    largest : int
        Bytes that a file of this kind can have.
    within : Path, optional
        The folder that it must lie in, also when it is a link.

    Raises
    ------
    DataError
        If it is larger, or a link that leads out of the folder.
    OgpAnalysisError
        If it is no file or cannot be read.
    FileNotFoundError
        If it is not there: the caller knows what should be.

    Examples
    --------
    >>> read_whole(Path("/dev/zero"), largest=10)  # doctest: +SKIP
    Traceback (most recent call last):
    ...
    ogp_analysis.errors.OgpAnalysisError: /dev/zero is no file but a device.
    What to do: Put a file of that name there.
    """
    try:
        found = path.stat()
        if not stat.S_ISREG(found.st_mode):
            raise OgpAnalysisError(
                f"{path} is no file but a {_kind(found.st_mode)}.", hint="Put a file of that name there."
            )
        if within is not None and path.is_symlink() and within.resolve() not in path.resolve().parents:
            target = f"link to {path.readlink()}"
            raise DataError(
                [Problem(path.name, None, None, target, f"a file in {within}, not a link that leads out of it")],
                hint="Copy the file there.",
            )
        if found.st_size > largest:
            size = f"{found.st_size / MEGA:,.0f} MB"
            raise DataError(
                [Problem(path.name, None, None, size, f"at most {largest / MEGA:,.0f} MB")],
                hint=f"Check where {path} comes from.",
            )
        return path.read_bytes()
    except FileNotFoundError:
        raise
    except OSError as error:
        raise OgpAnalysisError(
            f"{path} cannot be read ({error.strerror}).", hint="Put a readable file there."
        ) from error


def digest(path: Path) -> str:
    """SHA-256 of a file, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


@contextlib.contextmanager
def unpacking(damaged: Callable[[Exception], OgpAnalysisError]) -> Iterator[None]:
    """Read an archive inside; all that Python raises on a damaged one becomes an error that says so.

    Parameters
    ----------
    damaged : function
        Makes the error from what was raised.

    Examples
    --------
    >>> with unpacking(lambda error: OgpAnalysisError(f"x.zip is damaged: {error}.", hint="Fetch it again.")):
    ...     raise zipfile.BadZipFile("Bad magic number")
    Traceback (most recent call last):
    ...
    ogp_analysis.errors.OgpAnalysisError: x.zip is damaged: Bad magic number.
    What to do: Fetch it again.
    """
    try:
        yield
    except (zipfile.BadZipFile, zlib.error, struct.error, EOFError, RuntimeError, ValueError) as error:
        raise damaged(error) from error
    except OSError as error:
        # a list of contents that points before the beginning of the file; all else is the disk's
        if error.errno != errno.EINVAL:
            raise
        raise damaged(error) from error


def _kind(mode: int) -> str:
    tests = {stat.S_ISDIR: "folder", stat.S_ISFIFO: "pipe", stat.S_ISSOCK: "socket"}
    return next((word for test, word in tests.items() if test(mode)), "device")


def csv_records(path: Path, text: str) -> tuple[list[str], list[list[str]]]:
    r"""Header and rows of a table kept as CSV, every row where a spreadsheet has it and as long as the header.

    Parameters
    ----------
    path : Path
        For messages.
    text : str
        What stands in it.

    Raises
    ------
    DataError
        If it is no CSV, or empty, or a row has more or fewer cells than the header.

    Examples
    --------
    >>> csv_records(Path("a.csv"), "code,level\na,01\n")
    (['code', 'level'], [['a', '01']])
    """
    records: list[list[str]] = []
    try:
        records += csv.reader(io.StringIO(text, newline=""), strict=True)
    except csv.Error as error:
        raise DataError(
            [Problem(path.name, len(records) + 1, None, None, f"a well-formed CSV row ({error})")],
            hint=f"Look for a quotation mark that is opened and not closed in {path}, from this row on.",
        ) from error
    if not records:
        raise DataError(
            [Problem(path.name, 1, None, None, "a header row; the file is empty")],
            hint=f"Put the table back: {path}.",
        )
    header, rows = records[0], records[1:]
    wrong = [
        Problem(path.name, file_row(at), None, f"{len(row)} cells", f"{len(header)} cells, as in the header")
        for at, row in enumerate(rows)
        if len(row) != len(header)
    ]
    if wrong:
        hint = f"A text with a comma must stand in quotation marks; blank lines must go. File: {path}."
        raise DataError(wrong, hint=hint)
    return header, rows
