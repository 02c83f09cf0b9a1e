"""Pages made by the workers of a Dask cluster: each worker imports this package and forks kernels as here."""

from __future__ import annotations

import contextlib
import os
import tempfile
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from ogp_analysis.errors import ParameterError
from ogp_analysis.reports.ahead import VARIABLE
from ogp_analysis.reports.inputs import Inputs, digest_of, made_with
from ogp_analysis.reports.making import PageError, Recipe, make_page, notebook_folder, quiet, ready
from ogp_analysis.reports.parameters import Parameters, check_parameters

PATIENCE = "20s"
_SETTING = threading.Lock()


@dataclass(frozen=True)
class Done:
    """What a worker gives back.

    Attributes
    ----------
    files : dict of bytes
        By name.
    read : frozenset of str or None
    problem : str
        Why there is no page; empty if there is one.
    """

    files: Mapping[str, bytes]
    read: frozenset[str] | None
    problem: str = ""


@contextlib.contextmanager
def workers(
    address: str, told: str
) -> Iterator[tuple[Callable[[str], Callable[..., frozenset[str] | None]], list[str]]]:
    """Connect to a cluster; gives what makes a page on a worker, and the workers, each as often as it makes pages.

    A worker must have the same program, packages, notebooks and data as this machine (the data under the same
    path, or as a case of the same name): it compares hashes with ours and refuses a page that would differ.

    Parameters
    ----------
    address : str
        Of the scheduler, such as ``tcp://10.0.0.5:8786``.
    told : str
        See :func:`ogp_analysis.reports.ahead.announcement`.

    Raises
    ------
    ParameterError
        If Dask is not installed, or no scheduler or no worker is there.
    """
    try:
        from distributed import Client
        from distributed.comm.addressing import parse_address, parse_host_port
    except ImportError as error:
        raise ParameterError(
            "--cluster needs Dask, which is not installed.", hint="pip install 'ogp-analysis[dask]'"
        ) from error
    try:
        kind, place = parse_address(address)
        if kind in ("tcp", "tls"):
            # first: a client that stumbles over its address hangs for forty seconds when it is let go
            parse_host_port(place)
        client: Any = Client(address, timeout=PATIENCE, set_as_default=False)  # type: ignore[no-untyped-call]
    except (OSError, ValueError) as error:
        raise ParameterError(
            f"No Dask scheduler answers at {address} ({error}).",
            hint="Give the address that it printed.",
        ) from error
    with client:
        threads = client.nthreads()
        if not threads:
            raise ParameterError(f"The cluster at {address} has no workers.", hint="Start some, and try again.")
        checked: dict[str, str] = {}

        def make(worker: str, run: Parameters, recipe: Recipe, into: Path) -> frozenset[str] | None:
            if run.notebook not in checked:  # every input is read for it
                checked[run.notebook] = _mark(run, recipe)
            mark = checked[run.notebook]
            asked = (run.notebook, run.as_text(), recipe.boundaries, recipe.epoch, mark, told)
            # if that worker has gone, any other
            there = {"workers": [worker], "allow_other_workers": True}
            done: Done = client.submit(_make_there, *asked, pure=False, **there).result()
            for name, content in done.files.items():
                (into / name).write_bytes(content)
            if done.problem:
                raise PageError(done.problem)
            return done.read

        # none waits at a worker: Dask would give it to another, which has not prepared its quarter
        yield partial(partial, make), [worker for worker in threads for _ in range(threads[worker])]


def _mark(run: Parameters, recipe: Recipe) -> str:
    """One hash of everything that must be the same here and there."""
    inputs = Inputs(run.case, recipe.boundaries)
    basis = {**made_with(recipe.notebooks / f"{run.notebook}.ipynb"), "source_date_epoch": recipe.epoch}
    return digest_of({**basis, **inputs.hashes(inputs.every)})


def _make_there(
    notebook: str, given: dict[str, str], boundaries: str | None, epoch: str, mark: str, told: str
) -> Done:
    """Make a page on a worker; what goes wrong comes back as words, for errors of a kernel cannot travel."""
    import platform

    recipe = Recipe(notebook_folder(), boundaries, epoch)
    try:
        run = check_parameters(notebook, given)
        ours = _mark(run, recipe)
    except Exception as error:  # whatever it is, it is this page's
        return Done({}, None, f"On worker {platform.node()}: {error}")
    if ours != mark:
        words = (
            f"The worker on {platform.node()} has other data, packages or another program than this machine. "
            "Bring them to the same state, with the case under the same path."
        )
        return Done({}, None, words)
    with _SETTING:
        ready()
        os.environ[VARIABLE] = told
    with tempfile.TemporaryDirectory(prefix="ogp-page-", ignore_cleanup_errors=True) as name, quiet():
        into, problem = Path(name), ""
        found: Any = None
        try:
            found = make_page(run, recipe, into)
        except PageError as error:
            problem = str(error)
        return Done({path.name: path.read_bytes() for path in into.iterdir()}, found, problem)
