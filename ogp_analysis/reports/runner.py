"""Make the pages that are not up to date, several at a time; a failed one stops no other."""

from __future__ import annotations

import contextlib
import gc
import os
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path
from queue import SimpleQueue

from ogp_analysis.errors import system_words
from ogp_analysis.reports import server
from ogp_analysis.reports.ahead import VARIABLE, announcement, quarters_ahead
from ogp_analysis.reports.book import Book
from ogp_analysis.reports.decide import Task, decide, folder_of
from ogp_analysis.reports.epoch import source_date_epoch
from ogp_analysis.reports.inputs import Inputs
from ogp_analysis.reports.lock import locked
from ogp_analysis.reports.making import (
    BOUNDARY_VARIABLE,
    PageError,
    Recipe,
    keep_failed,
    make_page,
    notebook_folder,
    quiet,
    ready,
)
from ogp_analysis.reports.order import Line
from ogp_analysis.reports.parameters import Parameters
from ogp_analysis.reports.plan import plan_runs, run_name
from ogp_analysis.reports.prepared import begin, let_go
from ogp_analysis.reports.progress import Log, Outcome, Progress, summary
from ogp_analysis.reports.site import write_index
from ogp_analysis.reports.whole import PART, sweep

__all__ = ["Outcome", "plan_runs", "recipe_of", "run_reports", "summary"]

#: Makes the page of a run into an empty folder, and gives the inputs that were read.
Maker = Callable[[Parameters, Recipe, Path], frozenset[str] | None]


def run_reports(
    runs: Sequence[Parameters],
    out: Path,
    *,
    jobs: int = 2,
    boundaries: str | None = None,
    tell: Callable[[str], None] = print,
    force: bool = False,
    cluster: str = "",
) -> list[Outcome]:
    """Execute every run that is not up to date, write its page, and write the index.

    Each run has a folder of its own; it is written beside and moved into place whole, so that a failed run
    leaves the page of an earlier one as it was, and the index says that it is of an earlier run. What was made
    from which inputs stands in ``state.json`` beside the pages. A run that was killed goes on where it stopped
    when the same is asked for again.

    Parameters
    ----------
    runs : sequence of Parameters
        From :func:`plan_runs`; of one case.
    out : Path
        Folder of all reports; pages go to ``out/<case>/<quarter>``.
    jobs : int
        Notebooks run at the same time.
    boundaries : str, optional
        A boundary file to use instead of the cached or schematic one.
    tell : function
        Is given a line of progress after each page that was made.
    force : bool
        Make every page, also those that are up to date.
    cluster : str
        Address of a Dask scheduler whose workers make the pages; empty for processes of this machine.

    Raises
    ------
    LockedError
        If another run works on one of the folders.
    """
    recipe = recipe_of(boundaries)
    out = out.resolve()  # papermill changes the folder of this process while a notebook runs
    folders = sorted({folder_of(run, out) for run in runs})
    with contextlib.ExitStack() as stack:
        for folder in folders:
            folder.mkdir(parents=True, exist_ok=True)
            stack.enter_context(locked(folder, tell))
        for folder in folders:
            sweep(folder)
        log = Log(folders)

        def announce(line: str) -> None:
            tell(line)
            log(line)

        inputs = Inputs(runs[0].case, recipe.boundaries)
        tasks, states, complaints = decide(runs, out, recipe, inputs, force=force)
        for complaint in complaints:
            announce(complaint)
        log(f"begin: {len(tasks)} pages, {sum(bool(task.why) for task in tasks)} to make")
        book = Book(states, inputs, recipe)
        book.open(tasks)
        try:
            outcomes = _made(tasks, book, recipe, jobs, cluster, announce, log)
        except BaseException as error:
            log(f"stopped: {type(error).__name__}")
            raise
        finally:
            book.close()
        for folder, run in {folder_of(run, out): run for run in runs}.items():
            write_index(run.case, run.quarter, folder, book.failures(folder))
        log(summary(outcomes))
    return outcomes


def recipe_of(boundaries: str | None) -> Recipe:
    """What pages are made with here and now; a wrong ``SOURCE_DATE_EPOCH`` stops before the first."""
    source_date_epoch()
    given = boundaries or os.environ.get(BOUNDARY_VARIABLE)
    path = str(Path(given).resolve()) if given else None
    return Recipe(notebook_folder(), path, os.environ.get("SOURCE_DATE_EPOCH", ""))


def _made(
    tasks: Sequence[Task],
    book: Book,
    recipe: Recipe,
    jobs: int,
    cluster: str,
    announce: Callable[[str], None],
    log: Callable[[str], None],
) -> list[Outcome]:
    outcomes = {at: Outcome(task.run, task.page, 0.0) for at, task in enumerate(tasks) if not task.why}
    todo = {at: task for at, task in enumerate(tasks) if task.why}
    if not todo:
        return [outcomes[at] for at in range(len(tasks))]
    with contextlib.ExitStack() as stack:
        stack.enter_context(quiet())
        maker, places = stack.enter_context(_maker([task.run for task in todo.values()], recipe, jobs, cluster))
        expected = {at: task.seconds for at, task in todo.items()}
        progress = Progress(expected, len(places), announce)
        line = Line({at: task.run for at, task in todo.items()}, expected, len(places))
        free: SimpleQueue[str] = SimpleQueue()
        for place in places:
            free.put(place)

        def next_page() -> tuple[int, Outcome]:
            place = free.get()
            try:
                at = line.take(place)
                return at, _one(todo[at], recipe, maker(place), book)
            finally:
                free.put(place)

        pool = stack.enter_context(ThreadPoolExecutor(max_workers=len(places)))
        futures = [pool.submit(next_page) for _ in todo]
        try:
            for done in as_completed(futures):
                at, outcome = done.result()
                outcomes[at] = outcome
                progress.done(at, outcome)
                log(f"{run_name(outcome.parameters)}: {outcome.why}")
        except BaseException:
            announce("Stopping: pages that are being made are finished first.")
            pool.shutdown(wait=True, cancel_futures=True)
            raise
    return [outcomes[at] for at in range(len(tasks))]


@contextlib.contextmanager
def _maker(
    runs: Sequence[Parameters], recipe: Recipe, jobs: int, cluster: str
) -> Iterator[tuple[Callable[[str], Maker], list[str]]]:
    """What makes a page at a place, and the places: one for each page that is made at a time.

    All of this machine are one place; each worker of a cluster is one, as many times as it makes pages at a time.
    """
    if cluster:
        from ogp_analysis.reports.cluster import workers

        with workers(cluster, announcement(runs, recipe.boundaries, next_too=False)) as found:
            yield found
        return
    os.environ[VARIABLE] = announcement(runs, recipe.boundaries)
    try:
        server.start()  # it imports while this process imports
        ready()
        for quarter in quarters_ahead()[:1]:
            begin(quarter)
        gc.freeze()  # what is imported stays: whoever collects garbage between two pages need not look at it
        yield lambda place: make_page, [""] * max(1, jobs)
    finally:
        gc.unfreeze()
        let_go()
        os.environ.pop(VARIABLE, None)


def _one(task: Task, recipe: Recipe, make: Maker, book: Book) -> Outcome:
    start = time.perf_counter()
    run, page = task.run, task.page
    try:
        with tempfile.TemporaryDirectory(prefix=PART, dir=task.folder, ignore_cleanup_errors=True) as name:
            beside = Path(name) / "run"
            beside.mkdir()
            try:
                found = make(run, recipe, beside)
                files = _move(beside, page.parent)
            except PageError as error:
                kept = keep_failed(task.folder, beside, run.case)
                outcome = Outcome(run, None, time.perf_counter() - start, str(error), kept, task.why)
            else:
                (task.folder / "failed" / f"{page.stem}.ipynb").unlink(missing_ok=True)
                outcome = Outcome(run, page, time.perf_counter() - start, why=task.why)
                book.made(task, outcome, found, files)
                return outcome
    except OSError as error:
        words = f"{system_words(error)}. What was made before is still in its place."
        outcome = Outcome(run, None, time.perf_counter() - start, words, why=task.why)
    book.failed(task, outcome)
    return outcome


def _move(beside: Path, target: Path) -> list[Path]:
    # file by file, the page last: whatever else somebody keeps in the folder stays
    target.mkdir(parents=True, exist_ok=True)
    parts = sorted(beside.iterdir(), key=lambda path: path.suffix == ".html")
    return [part.replace(target / part.name) for part in parts]
