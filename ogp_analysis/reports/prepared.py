"""A process that computed what the pages of one quarter need alike, and forks their kernels.

It is itself a fork of the process that imported the stack: pages that need nothing of this start meanwhile.
"""

from __future__ import annotations

import gc
import multiprocessing
import os
import signal
import socket
import tempfile
import threading
import time
from collections.abc import Sequence
from contextlib import suppress
from multiprocessing.connection import Connection, wait
from pathlib import Path
from typing import Any

from ogp_analysis.reports import server
from ogp_analysis.reports.ahead import VARIABLE, prepare_profiles, quarters_from
from ogp_analysis.reports.kernel import run_kernel

#: Seconds until a quarter that is not ready is given up: its kernels then compute for themselves.
PATIENCE = 120.0
_LOCK = threading.Lock()
_NURSERIES: dict[tuple[str, str], Nursery] = {}


class Kernel:
    """A kernel that is a grandchild of this process; as far as it is asked, like a process of multiprocessing."""

    def __init__(self, link: Connection) -> None:
        self._link = link
        self._code: int | None = None
        self.pid = int(link.recv())

    @property
    def exitcode(self) -> int | None:
        """None while it runs; with what it ended, nobody here is told."""
        # its end of the link closes with it, and nothing else is sent
        if self._code is None and self._link.poll():
            self._link.close()
            self._code = 1
        return self._code

    def kill(self) -> None:
        """End it at once."""
        self._send(signal.SIGKILL)

    def terminate(self) -> None:
        """Ask it to end."""
        self._send(signal.SIGTERM)

    def _send(self, signum: int) -> None:
        if self.exitcode is None:
            with suppress(ProcessLookupError):
                os.kill(self.pid, signum)


class Nursery:
    """The prepared process of a quarter, as seen from here."""

    def __init__(self, quarter: str) -> None:
        self.folder = tempfile.TemporaryDirectory(prefix="ogp-", ignore_cleanup_errors=True)
        self.address = f"{self.folder.name}/p"
        arguments = (self.address, quarter, dict(os.environ))
        self.process = server.context().Process(target=_serve, daemon=True, args=arguments)
        with server.as_if_alone():
            self.process.start()
            server.watch(self.process)

    def kernel(self, arguments: Sequence[Any]) -> Kernel | None:
        """Fork a kernel; None if the process is not there any more."""
        end = time.monotonic() + PATIENCE
        while not Path(self.address).exists():
            if self.process.exitcode is not None or time.monotonic() > end:
                return None
            time.sleep(0.01)
        try:
            with socket.socket(socket.AF_UNIX) as ours:
                ours.connect(self.address)
                link = Connection(ours.detach())
            link.send(arguments)
            return Kernel(link)
        except (OSError, EOFError):
            return None

    def end(self) -> None:
        """Have it end as soon as none of its kernels runs."""
        self.folder.cleanup()


def prepared_kernel(quarter: str, arguments: Sequence[Any]) -> Kernel | None:
    """Fork a kernel for a page of a quarter; None where nothing was computed ahead for it.

    The next quarter that was announced is begun, too, and those before the last are let go.
    """
    found = begin(quarter)
    return found.kernel(arguments) if found else None


def begin(quarter: str) -> Nursery | None:
    """Have a quarter and the next one computed, without waiting; None if that was not announced."""
    quarters = quarters_from(quarter) if server.available() else []
    if not quarters:
        return None
    told = os.environ[VARIABLE]
    with _LOCK:
        for each in quarters:
            if (told, each) not in _NURSERIES:
                _NURSERIES[told, each] = Nursery(each)
        # the last pages of the quarter before may still be asked for
        for past in [key for key in _NURSERIES if key[1] not in quarters][:-1]:
            _NURSERIES.pop(past).end()
        return _NURSERIES[told, quarter]


def let_go() -> None:
    """End what was prepared, after the last page."""
    with _LOCK:
        while _NURSERIES:
            nursery = _NURSERIES.popitem()[1]
            nursery.process.terminate()
            nursery.process.join()
            nursery.end()


def _serve(address: str, quarter: str, environment: dict[str, str]) -> None:
    """Prepare, then fork a kernel for each that connects, until the runner ends or the address is gone."""
    os.environ.update(environment)
    prepare_profiles(quarter)
    gc.freeze()  # stays as long as any kernel: none need look at it, nor copy its pages
    runner = multiprocessing.parent_process()
    assert runner is not None
    with socket.socket(socket.AF_UNIX) as listener:
        # under another name until it listens: who sees the address may connect
        listener.bind(f"{address}-")
        listener.listen(64)
        Path(f"{address}-").rename(address)
        children = 0
        while children or Path(address).exists():
            ready = wait([listener, runner.sentinel], timeout=1)
            if runner.sentinel in ready:
                return
            if listener in ready:
                children += _forked(listener)
            with suppress(ChildProcessError):
                while os.waitpid(-1, os.WNOHANG) != (0, 0):
                    children -= 1


def _forked(listener: socket.socket) -> int:
    taken, _ = listener.accept()
    link = Connection(taken.detach())
    try:
        arguments = link.recv()
    except EOFError:
        return 0
    if os.fork() == 0:
        try:
            listener.close()
            link.send(os.getpid())
            run_kernel(*arguments)  # the link stays open as long as this process is there
        finally:
            os._exit(1)
    link.close()
    return 1
