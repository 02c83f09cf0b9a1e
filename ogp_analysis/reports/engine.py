"""A papermill engine whose kernels are forked from a process that has imported the stack already.

Starting a kernel and importing pandas, geopandas and matplotlib takes longer than most notebooks; a fork
of a prepared process has both behind it and still starts from a clean state. POSIX only: elsewhere, and
wherever this engine cannot start, papermill's own engine gives the same pages.
"""

from __future__ import annotations

import asyncio
import importlib.metadata
import os
import tempfile
import time
from collections.abc import Callable, Mapping
from queue import Empty
from typing import Any, ClassVar

from jupyter_client.asynchronous.client import AsyncKernelClient
from jupyter_client.manager import AsyncKernelManager
from jupyter_client.provisioning.factory import KernelProvisionerFactory
from jupyter_client.provisioning.provisioner_base import KernelProvisionerBase
from papermill.engines import NBClientEngine, papermill_engines
from traitlets import DottedObjectName, Type

from ogp_analysis.reports import server
from ogp_analysis.reports.kernel import run_kernel
from ogp_analysis.reports.prepared import prepared_kernel

NAME, PLAIN = "ogp-fork", "ogp-plain"
QUARTER = "OGP_ANALYSIS_QUARTER_AHEAD"  # set for kernels that want what is computed ahead
GROUP = "jupyter_client.kernel_provisioners"
PATIENCE = 30.0  # seconds until a kernel that does not answer is given up, and papermill's own engine takes over


def register() -> str:
    """Make the engines known to papermill and give the name of the fastest that works here.

    Examples
    --------
    >>> register() in (NAME, PLAIN)
    True
    """
    papermill_engines.register(PLAIN, PlainEngine)
    if not server.available():
        return PLAIN
    papermill_engines.register(NAME, ForkEngine)
    factory = KernelProvisionerFactory.instance()
    point = importlib.metadata.EntryPoint(NAME, f"{__name__}:ForkProvisioner", GROUP)
    factory.provisioners.setdefault(NAME, point)
    return NAME


class ForkProvisioner(KernelProvisionerBase):
    """Starts, watches and ends a kernel that is a fork of the prepared process."""

    process: Any = None
    parent: Any

    @property
    def has_process(self) -> bool:
        """Whether a kernel was started."""
        return self.process is not None

    async def poll(self) -> int | None:
        """Exit code, or None while the kernel runs."""
        return self.process.exitcode if self.process else 0

    async def wait(self) -> int | None:
        """Wait for the end of the kernel."""
        await _until(lambda: not self.process or self.process.exitcode is not None, patience=float("inf"))
        code, self.process = (self.process.exitcode if self.process else 0), None
        return code

    async def send_signal(self, signum: int) -> None:
        """Send a signal to the kernel."""
        if self.process and self.process.exitcode is None:
            os.kill(self.process.pid, signum)

    async def kill(self, restart: bool = False) -> None:
        """End the kernel at once."""
        if self.process:
            self.process.kill()
            # its manager looks only ten times a second whether it has ended
            await _until(lambda: self.process.exitcode is not None)

    async def terminate(self, restart: bool = False) -> None:
        """Ask the kernel to end."""
        if self.process:
            self.process.terminate()

    async def cleanup(self, restart: bool = False) -> None:
        """Remove the folder of the kernel's sockets."""
        if not restart:
            self.parent.own_folder.cleanup()

    async def pre_launch(self, **options: Any) -> dict[str, Any]:
        """Write the connection file."""
        self.parent.write_connection_file()
        self.connection_info = self.parent.get_connection_info()
        return await super().pre_launch(cmd=[], **options)

    async def launch_kernel(self, cmd: list[str], **options: Any) -> Any:
        """Fork the kernel."""
        environment = dict(options.get("env") or os.environ)
        arguments = (self.parent.connection_file, options.get("cwd"), environment)
        self.process = prepared_kernel(environment.get(QUARTER, ""), arguments)
        if self.process is None:
            self.process = server.context().Process(target=run_kernel, daemon=True, args=arguments)
            with server.as_if_alone():
                self.process.start()
                server.watch(self.process)
        # a client that connects before there is anybody to connect to tries again a tenth of a second later
        sockets = [f"{self.parent.ip}-{port}" for port in (self.parent.shell_port, self.parent.iopub_port)]
        await _until(lambda: all(map(os.path.exists, sockets)) or self.process.exitcode is not None)
        return self.connection_info


async def _until(met: Callable[[], bool], patience: float = PATIENCE) -> None:
    """Wait until something holds, looking often; whoever comes next sees whether it does."""
    end = time.monotonic() + patience
    while not met() and time.monotonic() < end:
        await asyncio.sleep(0.003)


class QuickClient(AsyncKernelClient):
    """Knows a kernel for ready by the idle status that answers one of its requests, without a fixed pause."""

    async def _async_wait_for_ready(self, timeout: float | None = None) -> None:
        patience = min(timeout or PATIENCE, PATIENCE)
        end = time.monotonic() + patience
        asked = set()
        while time.monotonic() < end:
            asked.add(self.kernel_info())
            try:
                reply = await self.shell_channel.get_msg(timeout=1)
                while reply["msg_type"] == "kernel_info_reply":
                    message = await self.iopub_channel.get_msg(timeout=0.05)
                    # to any of our requests: on a busy machine answers arrive a request late, and stay late
                    ours = message["parent_header"].get("msg_id") in asked
                    idle = message["msg_type"] == "status" and message["content"]["execution_state"] == "idle"
                    if ours and idle:
                        self._handle_kernel_info_reply(reply)
                        return
            except Empty:
                if not await self._async_is_alive():
                    raise RuntimeError("The kernel ended before it was ready.") from None
        raise RuntimeError(f"The kernel did not answer within {patience:.0f} seconds.")

    wait_for_ready = _async_wait_for_ready


class PlainKernelManager(AsyncKernelManager):
    """Starts a kernel as usual, with further variables in its environment."""

    further: ClassVar[Mapping[str, str]] = {}

    async def _async_pre_start_kernel(self, **options: Any) -> Any:
        options["env"] = {**(options.get("env") or os.environ), **self.further}
        return await super()._async_pre_start_kernel(**options)


class ForkKernelManager(PlainKernelManager):
    """Gives each kernel sockets in a folder of its own: no ports that parallel kernels could race for."""

    client_class = DottedObjectName(f"{__name__}.QuickClient")
    client_factory = Type(QuickClient, klass="jupyter_client.KernelClient")

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.own_folder = tempfile.TemporaryDirectory(prefix="ogp-", ignore_cleanup_errors=True)
        self.transport = "ipc"
        self.ip = f"{self.own_folder.name}/s"
        self.connection_file = f"{self.own_folder.name}/kernel.json"
        for number, name in enumerate(("shell", "iopub", "stdin", "hb", "control"), start=1):
            setattr(self, f"{name}_port", number)
        spec: Any = self.kernel_spec
        spec.metadata["kernel_provisioner"] = {"provisioner_name": NAME}


class PlainEngine(NBClientEngine):  # type: ignore[misc]
    """papermill's engine; each kernel gets variables of its own."""

    manager: ClassVar[type[PlainKernelManager]] = PlainKernelManager
    options: ClassVar[Mapping[str, Any]] = {}

    @classmethod
    def execute_managed_notebook(
        cls, nb_man: Any, kernel_name: str, environment: Mapping[str, str] | None = None, **options: Any
    ) -> Any:
        """Execute a notebook in a kernel that has these variables in its environment."""
        manager = type(cls.manager.__name__, (cls.manager,), {"further": dict(environment or {})})
        return super().execute_managed_notebook(
            nb_man, kernel_name, kernel_manager_class=manager, **cls.options, **options
        )


class ForkEngine(PlainEngine):
    """papermill's engine with forked kernels."""

    manager: ClassVar[type[PlainKernelManager]] = ForkKernelManager
    options: ClassVar[Mapping[str, Any]] = {"shutdown_kernel": "immediate"}
