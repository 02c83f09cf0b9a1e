"""How long a report set takes beside what its notebooks take by themselves, and beside plain papermill.

    python benchmarks/reports.py [--quarter 2023Q4] [--jobs N] [--papermill] [--cluster PAGES]

The floor is the sum of the notebooks' own cell times in one warm process, divided by the processors; it is
measured in the same call. ``--papermill`` adds the command line of papermill, as many at a time, which takes
minutes; ``--cluster 200`` adds so many pages made here and on a Dask cluster of as many workers, and compares
their bytes.
Nothing passes or fails but the comparison of bytes.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from ogp_analysis.casefile import case_folder
from ogp_analysis.reports.command import processors
from ogp_analysis.reports.making import notebook_folder
from ogp_analysis.reports.plan import plan_runs
from ogp_analysis.reports.runner import run_reports

EPOCH = "1700000000"


def cell_times(given: list[str]) -> dict[str, float]:
    """Seconds that the cells of each notebook take here, after everything is imported; summed by notebook."""
    os.environ["MPLBACKEND"] = "agg"
    from IPython.core.interactiveshell import InteractiveShell

    import ogp_analysis.reports.warm  # noqa: F401

    InteractiveShell.instance()
    runs = plan_runs(*given)
    seconds: dict[str, float] = {}
    for number, run in enumerate([runs[0], *runs]):  # the first once more, before: what is left to import
        cells = json.loads((notebook_folder() / f"{run.notebook}.ipynb").read_text(encoding="utf-8"))["cells"]
        names: dict[str, object] = {"In": []}
        took = 0.0
        for at, cell in enumerate(each for each in cells if each["cell_type"] == "code"):
            code = compile("".join(cell["source"]), f"{run.notebook}:{at}", "exec")
            with contextlib.redirect_stdout(io.StringIO()):
                begun = time.perf_counter()
                exec(code, names)
                took += time.perf_counter() - begun
            if at == 0:
                names.update(run.as_text())
        if number:
            seconds[run.notebook] = seconds.get(run.notebook, 0.0) + took
    return seconds


def timed(command: list[str], **variables: str) -> float:
    """Seconds that a command takes; stops if it fails."""
    begun = time.perf_counter()
    done = subprocess.run(command, env={**os.environ, **variables}, capture_output=True, text=True)
    if done.returncode:
        sys.exit(f"{' '.join(command)} ended with {done.returncode}\n{done.stdout[-3000:]}{done.stderr[-3000:]}")
    return time.perf_counter() - begun


def papermill_times(given: list[str], jobs: int, folder: Path) -> float:
    """Seconds that papermill's command line takes for all pages, so many at a time."""

    def one(number_and_run) -> None:
        number, run = number_and_run
        parameters = [part for name, value in run.as_text().items() for part in ("-r", name, value)]
        source = notebook_folder() / f"{run.notebook}.ipynb"
        timed([sys.executable, "-m", "papermill", str(source), str(folder / f"{number}.ipynb"), *parameters])

    begun = time.perf_counter()
    with ThreadPoolExecutor(jobs) as pool:
        list(pool.map(one, enumerate(plan_runs(*given))))
    return time.perf_counter() - begun


def pages_of(folder: Path) -> dict[str, bytes]:
    """All pages and notebooks below a folder."""
    kinds = (".html", ".ipynb")
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.suffix in kinds
    }


def cluster_times(count: int, jobs: int, folder: Path) -> tuple[float, float]:
    """Seconds for so many pages here and on a cluster of as many workers; stops if the bytes differ."""
    from distributed import LocalCluster

    os.environ["SOURCE_DATE_EPOCH"] = EPOCH
    quarters = f"2020Q4..{2020 + (3 + count // 16 + 1) // 4}Q4"
    runs = plan_runs("semarang", quarters, ["id"], ["40_district_profile"])[:count]
    if len(runs) < count:
        sys.exit(f"There are only {len(runs)} pages.")

    def quiet(line: str) -> None:
        pass

    begun = time.perf_counter()
    run_reports(runs, folder / "here", jobs=jobs, tell=quiet)
    here = time.perf_counter() - begun
    with LocalCluster(n_workers=jobs, threads_per_worker=1, dashboard_address=None, memory_limit=0) as workers:
        begun = time.perf_counter()
        run_reports(runs, folder / "there", tell=quiet, cluster=workers.scheduler_address)
        there = time.perf_counter() - begun
    if pages_of(folder / "here") != pages_of(folder / "there"):
        sys.exit("The cluster's pages are not those made here.")
    return here, there


def one_value_changed(case: Path) -> str:
    """Change one figure of one kecamatan; gives what was changed."""
    path = case / "district_values.csv"
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    at = next(number for number, line in enumerate(lines) if line.startswith("jumlah_penduduk,3374010,2020,"))
    cells = lines[at].split(",")
    cells[3] = str(int(cells[3]) + 1)
    lines[at] = ",".join(cells)
    path.write_text("".join(lines), encoding="utf-8")
    return "one value of district_values.csv changed"


def main() -> None:
    """Measure, and print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quarter", default="2023Q4")
    parser.add_argument("--jobs", type=int, default=processors() + 2)
    parser.add_argument("--papermill", action="store_true")
    parser.add_argument("--cluster", type=int, default=0, metavar="PAGES")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="ogp-bench-") as name:
        folder = Path(name)
        case = folder / "semarang"
        shutil.copytree(case_folder("semarang"), case, ignore=shutil.ignore_patterns(".*"))
        plan = [str(case), given.quarter, ["id", "en"]]
        command = [
            sys.executable,
            "-m",
            "ogp_analysis.cli",
            "report",
            "--case",
            str(case),
            "--quarter",
            given.quarter,
        ]
        command += ["--jobs", str(given.jobs), "--out", str(folder / "out")]
        rows: list[tuple[str, float]] = []

        def measured(words: str, seconds: float) -> None:
            rows.append((words, seconds))
            print(f"{seconds:8.1f} s  {words}", file=sys.stderr, flush=True)

        own = cell_times(plan)
        floor = sum(own.values()) / processors()
        pages = len(plan_runs(*plan))
        measured(f"floor: the cells of {pages} pages in one warm process, / {processors()}", floor)
        measured(f"`ogp-analysis report`, {pages} pages", timed(command))
        measured("the same again, nothing changed", timed(command))
        changed = one_value_changed(case)
        state = json.loads(
            (folder / "out" / "semarang" / given.quarter / "state.json").read_text(encoding="utf-8")
        )
        depend = sum("district_values.csv" in page["inputs"] for page in state["pages"].values())
        measured(f"{changed}: {depend} of {pages} pages read it", timed(command))
        if given.papermill:
            rows.append(
                (f"`papermill`, {given.jobs} at a time, notebooks only", papermill_times(plan, given.jobs, folder))
            )
        if given.cluster:
            here, there = cluster_times(given.cluster, processors(), folder)
            measured(f"{given.cluster} profiles here, {processors()} at a time", here)
            measured(f"{given.cluster} profiles on a Dask cluster, {processors()} workers: same bytes", there)
    print("| work | seconds | times the floor |\n|---|--:|--:|")
    for words, seconds in rows:
        print(f"| {words} | {seconds:.1f} | {seconds / floor:.2f} |")
    load = os.getloadavg()[0] if hasattr(os, "getloadavg") else float("nan")
    print(f"\nOwn cell times, seconds: {', '.join(f'{name} {took:.1f}' for name, took in own.items())}.")
    print(f"{processors()} processors, load {load:.1f} at the end, Python {sys.version.split()[0]}.")


if __name__ == "__main__":
    main()
