"""How long a report set takes beside what its notebooks take by themselves, and beside plain papermill.

    python benchmarks/reports.py [--quarter 2023Q4] [--jobs N] [--papermill] [--cluster PAGES] [--quick]

Prints a table for benchmarks/README.md; its last column says what a row is beside. The floor is the sum of the
notebooks' own cell times in one warm process, divided by the processors, measured in the same call before and
after the set; the mean counts. Warm: the stack is imported and all pages ran once before, so that whatever a case
remembers is there and is not counted; how long the cells took that first time, when the case remembered nothing,
stands below it. Each notebook begins with names of its own and without figures. Pages, PDFs and other files are no
part of either.

Beside seconds of the clock stand seconds of processors (on Linux, those of every process that was started): on a
machine that others use, only these can be compared. ``--papermill`` adds the command line of papermill, one page
after the other on each processor; ``--cluster 200`` adds so many pages made here and on a Dask cluster of as many
workers, in turn, and compares their bytes. Nothing passes or fails but the comparison of bytes.
"""

from __future__ import annotations

import argparse
import contextlib
import ctypes
import io
import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from ogp_analysis.casefile import case_folder
from ogp_analysis.quarter import Quarter
from ogp_analysis.reports.command import processors
from ogp_analysis.reports.making import notebook_folder
from ogp_analysis.reports.plan import plan_runs

ROOT = Path(__file__).resolve().parents[1]
EPOCH = "1700000000"
QUICK = ["00_data_quality", "45_changes"]
COMMAND = [sys.executable, "-m", "ogp_analysis.cli", "report"]


@dataclass(frozen=True)
class Took:
    """Seconds of the clock and of all processors; NaN where they cannot be told."""

    clock: float
    processor: float = float("nan")

    def __add__(self, other: Took) -> Took:
        return Took(self.clock + other.clock, self.processor + other.processor)

    def __truediv__(self, by: float) -> Took:
        return Took(self.clock / by, self.processor / by)


def keep_orphans() -> bool:
    """Have processes whose parent ends handed to this one, so that their time is counted; Linux only."""
    if sys.platform != "linux":
        return False
    set_child_subreaper = 36
    return ctypes.CDLL(None).prctl(set_child_subreaper, 1, 0, 0, 0) == 0


def of_children() -> float:
    """Seconds of processors that all ended children took, after waiting for those that were handed to us.

    Not for ever: a helper of multiprocessing that belongs to this process stays as long as it does.
    """
    end = time.monotonic() + 5
    with contextlib.suppress(ChildProcessError):
        while time.monotonic() < end:
            if os.waitpid(-1, os.WNOHANG) == (0, 0):
                time.sleep(0.05)
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def measured(work: Callable[[], object], counts: bool = True) -> Took:
    """How long something that starts processes takes."""
    before, begun = of_children() if counts else 0.0, time.perf_counter()
    work()
    clock = time.perf_counter() - begun
    return Took(clock, of_children() - before if counts else float("nan"))


def run_cells(runs: Sequence) -> dict[str, Took]:
    """How long the cells of each page take here, after everything is imported; summed by notebook."""
    from matplotlib import pyplot

    took: dict[str, Took] = {}
    for run in runs:
        cells = json.loads((notebook_folder() / f"{run.notebook}.ipynb").read_text(encoding="utf-8"))["cells"]
        names: dict[str, object] = {"In": []}
        codes = [
            compile("".join(each["source"]), run.notebook, "exec") for each in cells if each["cell_type"] == "code"
        ]
        for at, code in enumerate(codes):
            with contextlib.redirect_stdout(io.StringIO()):
                begun, used = time.perf_counter(), time.process_time()
                exec(code, names)
                here = Took(time.perf_counter() - begun, time.process_time() - used)
            took[run.notebook] = took.get(run.notebook, Took(0.0, 0.0)) + here
            if at == 0:
                names.update(run.as_text())
        pyplot.close("all")
    return took


def warm(runs: Sequence) -> Took:
    """Import all that a page needs, and run every page once; gives how long the pages took."""
    os.environ["MPLBACKEND"] = "agg"
    from IPython.core.interactiveshell import InteractiveShell

    import ogp_analysis.reports.warm  # noqa: F401

    InteractiveShell.instance()
    return sum(run_cells(runs).values(), Took(0.0, 0.0))


def ran(command: list[str], **variables: str) -> None:
    """Run a command; stops if it fails."""
    done = subprocess.run(command, env={**os.environ, **variables}, capture_output=True, text=True)
    if done.returncode:
        sys.exit(f"{' '.join(command)} ended with {done.returncode}\n{done.stdout[-3000:]}{done.stderr[-3000:]}")


def run_papermill(runs: Sequence, folder: Path) -> None:
    """Execute the notebook of each page with papermill's command line, one on each processor."""

    def one(number_and_run) -> None:
        number, run = number_and_run
        parameters = [part for name, value in run.as_text().items() for part in ("-r", name, value)]
        source = notebook_folder() / f"{run.notebook}.ipynb"
        ran([sys.executable, "-m", "papermill", str(source), str(folder / f"{number}.ipynb"), *parameters])

    with ThreadPoolExecutor(processors()) as pool:
        list(pool.map(one, enumerate(runs)))


def cluster_times(count: int, folder: Path, counts: bool) -> tuple[int, Took, Took]:
    """How long at least so many profiles take here and on a cluster; stops if the bytes differ.

    Here as many at a time as the command takes by itself; the cluster has one worker with one thread for each
    processor. The processors' seconds of the cluster include the start of its workers.
    """
    from distributed import LocalCluster

    sys.path.insert(0, str(ROOT))  # what a set is compared by is a module of the tests, not of the package
    from tests.reports.small import bytes_of

    pages = len(plan_runs("semarang", "2023Q4", ["id"], ["40_district_profile"]))
    first = Quarter.parse("2023Q4")
    for _ in range(-(-count // pages) - 1):
        first = first.previous()
    given = ["--quarter", f"{first}..2023Q4", "--language", "id", "--notebook", "40_district_profile"]
    command = [*COMMAND, *given, "--out"]
    here = measured(lambda: ran([*command, str(folder / "here")], SOURCE_DATE_EPOCH=EPOCH), counts)
    pages_there = 0.0

    def on_cluster() -> None:
        nonlocal pages_there
        with LocalCluster(
            n_workers=processors(), threads_per_worker=1, dashboard_address=None, memory_limit=0
        ) as workers:
            told = [*command, str(folder / "there"), "--cluster", workers.scheduler_address]
            pages_there = measured(lambda: ran(told, SOURCE_DATE_EPOCH=EPOCH), counts=False).clock

    with_start = measured(on_cluster, counts)
    there = Took(pages_there, with_start.processor)
    made = bytes_of(folder / "here")
    if made != bytes_of(folder / "there"):
        sys.exit("The cluster's files are not those made here.")
    return sum(name.endswith(".pdf") for name in made), here, there


def one_value_changed(case: Path) -> str:
    """Change one figure of one kecamatan; gives what was changed."""
    path = case / "district_values.csv"
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    at = next(number for number, line in enumerate(lines) if line.startswith("jumlah_penduduk,3374010,2020,"))
    cells = lines[at].split(",")
    cells[3] = str(int(cells[3]) + 1)
    lines[at] = ",".join(cells)
    path.write_text("".join(lines), encoding="utf-8")
    return "one value of `district_values.csv` changed"


def main() -> None:
    """Measure, and print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quarter", default="2023Q4")
    parser.add_argument("--jobs", type=int, default=processors() + 1)
    parser.add_argument("--papermill", action="store_true")
    parser.add_argument("--quick", action="store_true", help="two notebooks in one language, to try the benchmark")
    parser.add_argument("--cluster", type=int, default=0, metavar="PAGES")
    given = parser.parse_args()
    counts, cores = keep_orphans(), processors()
    with tempfile.TemporaryDirectory(prefix="ogp-bench-") as name:
        folder = Path(name)
        case, out = folder / "semarang", folder / "out"
        shutil.copytree(case_folder("semarang"), case, ignore=shutil.ignore_patterns(".*"))
        languages, notebooks = (["id"], QUICK) if given.quick else (["id", "en"], [])
        runs = plan_runs(str(case), given.quarter, languages, notebooks)
        command = [*COMMAND, "--case", str(case), "--quarter", given.quarter]
        command += ["--language", "id", "--notebook", *QUICK] if given.quick else []
        command += ["--jobs", str(given.jobs), "--out", str(out)]
        rows: list[tuple[str, Took, Took | None]] = []

        def row(words: str, took: Took, beside: Took | None = None) -> None:
            rows.append((words, took, beside))
            print(
                f"{took.clock:8.1f} s ({took.processor:.1f} s of processors)  {words}", file=sys.stderr, flush=True
            )

        cold = warm(runs)
        row("the same cells for the first time, clock / processors", Took(cold.clock / cores, cold.processor))
        first = run_cells(runs)
        row(f"`ogp-analysis report`, {len(runs)} pages", measured(lambda: ran(command), counts))
        own = {
            name: (took + again) / 2
            for (name, took), again in zip(first.items(), run_cells(runs).values(), strict=True)
        }
        cells = sum(own.values(), Took(0.0, 0.0))
        floor = Took(cells.clock / cores, cells.processor)
        row("the same again, nothing changed", measured(lambda: ran(command), counts))
        changed = one_value_changed(case)
        state = json.loads((out / "semarang" / given.quarter / "state.json").read_text(encoding="utf-8"))
        depend = sum("district_values.csv" in page["inputs"] for page in state["pages"].values())
        row(f"{changed}: {depend} pages read it", measured(lambda: ran(command), counts))
        if given.papermill:
            words = f"`papermill` for each of the {len(runs)} notebooks, {cores} at a time; no page, no PDF"
            row(words, measured(lambda: run_papermill(runs, folder), counts))
        if given.cluster:
            pages, here, there = cluster_times(given.cluster, folder, counts)
            row(f"{pages} profiles here, {cores + 1} at a time", here)
            row(f"the same on a Dask cluster of {cores} workers: same bytes", there, here)
    rows.insert(0, (f"floor: the cells of {len(runs)} pages in one warm process, clock / {cores}", floor, None))
    print("| work | clock, s | clock, times | processors, s | processors, times | what |")
    print("|---|--:|--:|--:|--:|---|")
    for words, took, beside in rows:
        base = beside or floor
        clock, used = took.clock / base.clock, took.processor / base.processor
        what = "the row above" if beside else "the floor"
        print(f"| {words} | {took.clock:.1f} | {clock:.2f} | {took.processor:.1f} | {used:.2f} | {what} |")
    load = os.getloadavg()[0] if hasattr(os, "getloadavg") else float("nan")
    alone = ", ".join(f"{name} {took.processor:.1f}" for name, took in own.items())
    print(f"\nSeconds of processor for the cells of each notebook, all its pages: {alone}.")
    print(f"{cores} processors, load {load:.1f} at the end, Python {sys.version.split()[0]}.")


if __name__ == "__main__":
    main()
