"""A fence around one call: no process started, no network, no file written elsewhere, bounded time and memory."""

from __future__ import annotations

import hashlib
import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

#: What starts a program or reaches the network.
FORBIDDEN = frozenset(
    {"subprocess.Popen", "os.system", "os.exec", "os.posix_spawn", "os.spawn", "os.fork", "os.startfile",
     "socket.connect", "socket.getaddrinfo", "socket.sendto", "urllib.Request", "webbrowser.open", "pickle.find_class"}
)  # fmt: skip
WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
#: Address space that one call may take beyond what the process has: a mistake is an error, not a dead machine.
ROOM = 4 * 2**30

_active: list[tuple[list[str], str]] = []


def _watch(event: str, arguments: tuple[Any, ...]) -> None:
    if not _active:
        return
    if event in FORBIDDEN:
        _active[-1][0].append(f"{event} {arguments!r:.200}")
        raise PermissionError(f"forbidden while attacked: {event}")
    if event == "open" and isinstance(arguments[2], int) and arguments[2] & WRITING:
        place = str(arguments[0])
        allowed = place == os.devnull or place.startswith(f"{_active[-1][1]}{os.sep}")
        if not allowed and "__pycache__" not in place:
            _active[-1][0].append(f"wrote {place}")
            raise PermissionError(f"forbidden while attacked: writing {place}")


sys.addaudithook(_watch)


class TooSlow(BaseException):
    """The call took longer than it may; no handler of errors can swallow this."""


def _too_slow(_signal: int, _frame: object) -> None:
    raise TooSlow


@contextmanager
def fence(seconds: float, allowed: Path) -> Iterator[list[str]]:
    """Run what stands inside; gives the list of forbidden things that it tried."""
    seen: list[str] = []
    _active.append((seen, str(allowed)))
    limited = _limit()
    old = signal.signal(signal.SIGALRM, _too_slow) if hasattr(signal, "SIGALRM") else None
    if old is not None:
        # several times what is allowed: a shared machine may be slow, the limit itself is of processor time
        signal.setitimer(signal.ITIMER_REAL, 10 * seconds)
    try:
        yield seen
    finally:
        if old is not None:
            signal.setitimer(signal.ITIMER_REAL, 0)
            signal.signal(signal.SIGALRM, old)
        if limited is not None:
            import resource

            resource.setrlimit(resource.RLIMIT_AS, limited)
        _active.pop()


def _limit() -> tuple[int, int] | None:
    status = Path("/proc/self/status")
    if not status.exists():
        return None
    import resource

    before = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (1024 * _status("VmSize") + ROOM, before[1]))
    return before


def _status(name: str) -> int:
    for line in Path("/proc/self/status").read_text(encoding="ascii").splitlines():
        if line.startswith(f"{name}:"):
            return int(line.split()[1])
    return 0


def reset_peak() -> int | None:
    """Forget the highest use of memory so far; gives the use now in bytes, or None where that cannot be told."""
    try:
        Path("/proc/self/clear_refs").write_text("5", encoding="ascii")
    except OSError:
        return None
    return 1024 * _status("VmRSS")


def peak() -> int:
    """The highest use of memory since :func:`reset_peak`, in bytes."""
    return 1024 * _status("VmHWM")


def snapshot(folder: Path) -> dict[str, str]:
    """Everything below a folder: a link by where it leads, a file by its bytes (one of gigabytes by its time)."""
    found = {}
    for path in sorted(folder.rglob("*")):
        if path.is_symlink():
            told = f"link to {path.readlink()}"
        elif path.is_file():
            told = f"{path.stat().st_size} {path.stat().st_mtime_ns}"
            if path.stat().st_size < 2**30:
                with path.open("rb") as file:
                    told = hashlib.file_digest(file, "sha256").hexdigest()
        else:
            told = "folder" if path.is_dir() else "other"
        found[path.relative_to(folder).as_posix()] = told
    return found
