"""One run at a time works on a folder of reports; the system frees it when that run ends, however it ends."""

from __future__ import annotations

import contextlib
import getpass
import json
import os
import platform
import sys
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, fields
from datetime import UTC, datetime
from pathlib import Path
from typing import IO

from ogp_analysis.errors import OgpAnalysisError

NAME = ".lock"


class LockedError(OgpAnalysisError):
    """Another run works on the folder."""


@dataclass(frozen=True)
class Owner:
    """Who holds a lock.

    Attributes
    ----------
    pid : int
    host, user : str
    started : str
        ISO 8601, UTC.
    """

    pid: int
    host: str
    user: str
    started: str

    @classmethod
    def here(cls) -> Owner:
        """The process that asks."""
        try:
            user = getpass.getuser()
        except (KeyError, OSError):  # a number without a name, as in many containers
            user = "unknown"
        return cls(os.getpid(), platform.node(), user, datetime.now(UTC).isoformat(timespec="seconds"))

    @classmethod
    def read(cls, text: str) -> Owner | None:
        """From what stands in a lock file; None where that is nothing, or not yet whole."""
        try:
            found = json.loads(text)
            return cls(**{field.name: found[field.name] for field in fields(cls)})
        except (ValueError, KeyError, TypeError):
            return None

    def words(self, now: datetime | None = None) -> str:
        """Who it is and since when.

        Examples
        --------
        >>> Owner(7, "desk", "sri", "2026-01-05T08:00:00+00:00").words(datetime(2026, 1, 5, 9, 30, tzinfo=UTC))
        'process 7 of sri on desk, started 2026-01-05T08:00:00+00:00, 1 h 30 min ago'
        """
        try:
            start = datetime.fromisoformat(self.started)
            minutes = max(0, int(((now or datetime.now(UTC)) - start).total_seconds() // 60))
            age = f", {minutes // 60} h {minutes % 60} min ago" if minutes >= 60 else f", {minutes} min ago"
        except (ValueError, TypeError):
            age = ""
        return f"process {self.pid} of {self.user} on {self.host}, started {self.started}{age}"


@contextlib.contextmanager
def locked(folder: Path, tell: Callable[[str], None] = print) -> Iterator[None]:
    """Hold the lock of a folder of reports.

    The lock is the operating system's (``flock``), so that none outlives its process; the file names the owner
    for people. A name found in a free lock is that of a run that was killed, and is told.

    Parameters
    ----------
    folder : Path
        ``reports/<case>/<quarter>``; must exist.
    tell : function
        Is given a line about a run that did not end.

    Raises
    ------
    LockedError
        If another run holds it; says which, and since when.
    """
    path = folder / NAME
    with _taken(path) as file:
        file.seek(0)
        left = file.read()
        earlier = Owner.read(left)
        if left.strip():
            who = f" ({earlier.words()})" if earlier else ""
            tell(f"An earlier run in {folder} ended without finishing{who}; its lock is taken over.")
        file.seek(0)
        file.truncate()
        file.write(json.dumps(asdict(Owner.here())))
        file.flush()
        try:
            yield
        finally:
            # emptied first: where an open file cannot be removed, an empty one says that the run ended
            file.seek(0)
            file.truncate()
            file.flush()
            with contextlib.suppress(OSError):
                path.unlink()


@contextlib.contextmanager
def _taken(path: Path) -> Iterator[IO[str]]:
    while True:
        file = path.open("a+", encoding="utf-8")
        try:
            if not _try_lock(file.fileno()):
                file.seek(0)
                owner = Owner.read(file.read())
                who = owner.words() if owner else "a process that has not yet written its name"
                raise LockedError(
                    f"Another run works on {path.parent}: {who}.",
                    hint="Wait until it has ended, or stop it. Another quarter or --out can be made now.",
                )
            # who held it may have removed the file meanwhile: then this is the lock of a file that nobody sees
            if path.exists() and path.stat().st_ino == os.fstat(file.fileno()).st_ino:
                yield file
                return
        finally:
            file.close()


def _try_lock(descriptor: int) -> bool:
    try:
        if sys.platform == "win32":
            import msvcrt

            os.lseek(descriptor, 1 << 30, os.SEEK_SET)  # far behind the owner's name, which others may read
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except (BlockingIOError, PermissionError):
        return False
    return True
