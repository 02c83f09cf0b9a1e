"""What a forked process does to become a kernel.

A module of its own: the process imports it before anything else, and papermill and its client would take a third
of a second of every page.
"""

from __future__ import annotations

import multiprocessing
import os
import sys
import threading
import types


def run_kernel(connection_file: str, folder: str | None, environment: dict[str, str]) -> None:
    """Run a kernel in a process that was just forked, until it is told to end or the runner ends.

    Parameters
    ----------
    connection_file : str
        As every kernel is given one.
    folder : str or None
        Where it works.
    environment : dict of str
        All of its variables.
    """
    os.setsid()
    os.environ.clear()
    os.environ.update(environment)
    # daemons may not have children, but a notebook may start processes of its own
    multiprocessing.current_process()._config["daemon"] = False  # type: ignore[attr-defined]
    if folder:
        os.chdir(folder)
    sys.argv = ["ipykernel_launcher", "-f", connection_file]  # as every kernel's, for whoever asks
    sys.path.insert(0, "")
    sys.modules["__main__"] = types.ModuleType("__main__")
    threading.Thread(target=_leave_with_runner, daemon=True).start()
    from ipykernel.kernelapp import IPKernelApp
    from traitlets.config import Config

    class Told(IPKernelApp):
        """Is told what others read from their command line: to describe all its options takes long."""

        def parse_command_line(self, argv: list[str] | None = None) -> None:
            self.connection_file = connection_file
            self.update_config(Config(HistoryManager={"enabled": False}))

    app = Told.instance(parent_handle=os.getppid())  # leaves with its parent
    app.initialize([])  # type: ignore[no-untyped-call]
    app.start()  # type: ignore[no-untyped-call]


def _leave_with_runner() -> None:
    # the fork server waits for its kernels and they for it: when the runner is killed, none would ever end
    runner = multiprocessing.parent_process()
    if runner is not None:
        runner.join()
        os._exit(1)
