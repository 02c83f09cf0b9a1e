"""The prepared process that kernels are forked from: started early, and anew for another case."""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import sys
import threading
import types
from collections.abc import Iterator
from typing import Any

from ogp_analysis.reports.ahead import VARIABLE

_LOCK = threading.Lock()
_KERNELS: list[Any] = []
_SERVED: list[str | None] = []


def available() -> bool:
    """Whether kernels can be forked here."""
    return sys.platform != "win32" and "forkserver" in multiprocessing.get_all_start_methods()


def context() -> Any:
    """What kernels are started with."""
    found = multiprocessing.get_context("forkserver")
    # an installed module: the fork server of CPython 3.11 does not see later changes of sys.path
    found.set_forkserver_preload(["ogp_analysis.reports.warm"])
    return found


def start() -> None:
    """Start the prepared process without waiting for it, so that it imports while this one does."""
    if available():
        from multiprocessing import forkserver

        context()
        with as_if_alone():
            forkserver.ensure_running()


def watch(kernel: Any) -> None:
    """Remember a kernel: the process that it hangs on is kept as long as it runs."""
    _KERNELS.append(kernel)


@contextlib.contextmanager
def as_if_alone() -> Iterator[None]:
    """Start a process as if no script ran and as if this one might have children."""
    # multiprocessing would run the caller's script again in every kernel, to find its functions there;
    # a kernel needs nothing of it, and a script without a main guard would start itself over and over.
    # Workers of a cluster are daemons, which may have no children; kernels end with them all the same.
    with _LOCK:
        main, process = sys.modules["__main__"], multiprocessing.current_process()
        config: dict[str, Any] = process._config  # type: ignore[attr-defined]
        daemon = config.get("daemon")
        sys.modules["__main__"] = types.ModuleType("__main__")
        config["daemon"] = False
        try:
            _leave_the_last()
            yield
        finally:
            sys.modules["__main__"] = main
            config["daemon"] = daemon


def _leave_the_last() -> None:
    """End a prepared process that was prepared for other pages, unless a kernel still hangs on it."""
    from multiprocessing import forkserver

    announced = os.environ.get(VARIABLE)
    _KERNELS[:] = [kernel for kernel in _KERNELS if kernel.exitcode is None]
    if _SERVED and _SERVED[0] != announced and not _KERNELS:
        # not public: where it is missing, kernels of the next case read their tables themselves, which is slower
        stop = getattr(getattr(forkserver, "_forkserver", None), "_stop", None)
        if stop is not None:
            stop()
            _SERVED.clear()
    if not _SERVED:
        _SERVED.append(announced)
