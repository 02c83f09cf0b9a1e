"""Run notebooks with papermill and turn each into a page; a failed one stops no other."""

from __future__ import annotations

import contextlib
import logging
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from ogp_analysis.casefile import PACKAGE
from ogp_analysis.errors import OgpAnalysisError, ParameterError, nearest, shortened
from ogp_analysis.locale import get_language
from ogp_analysis.reports.ahead import announced
from ogp_analysis.reports.epoch import source_date_epoch
from ogp_analysis.reports.links import page_path
from ogp_analysis.reports.parameters import NOTEBOOKS, Parameters, check_parameters
from ogp_analysis.reports.site import write_index

# JupyterLab brings this package beside papermill; it builds dozens of grammars when it is imported, which
# costs every start most of a second, and only checks a format of addresses that no notebook uses.
sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]

BOUNDARY_VARIABLE = "OGP_ANALYSIS_BOUNDARIES"
ABANDONED = 3600.0  # seconds after which an unfinished run is taken for dead


@dataclass(frozen=True)
class Outcome:
    """What became of one run.

    Attributes
    ----------
    parameters : Parameters
    page : Path or None
        The page, where it was made.
    seconds : float
    problem : str
        Empty, or what went wrong in words.
    kept : Path or None
        The notebook as far as it ran, where it failed.
    """

    parameters: Parameters
    page: Path | None
    seconds: float
    problem: str = ""
    kept: Path | None = None


def notebook_folder() -> Path:
    """Where the notebooks are: beside the package in a checkout, inside it in an installed wheel."""
    for folder in (PACKAGE.parent / "notebooks", PACKAGE / "_notebooks"):
        if (folder / "10_commitments.ipynb").is_file():
            return folder
    raise OgpAnalysisError(
        "The notebooks are not there.", hint="Install ogp-analysis again, or clone its repository."
    )


def plan_runs(
    case: str,
    quarter: str,
    languages: Sequence[str],
    notebooks: Sequence[str] = (),
    districts: Sequence[str] = (),
    table: str = "",
    member: str = "",
    roll: str = "",
) -> list[Parameters]:
    """Every run that a report set needs, checked before the first one starts.

    Parameters
    ----------
    case, quarter : str
    languages : sequence of str
    notebooks : sequence of str
        All of the default set when empty.
    districts : sequence of str
        Codes or names for the district profiles; all kecamatan when empty.
    table, member : str
        A downloaded commitments table and a member in it, for the explorer.
    roll : str
        A land-tax roll, for the page on relief bill by bill.

    Raises
    ------
    ParameterError
        For the first value that is not valid.
    """
    runs = []
    for notebook in notebooks or list(NOTEBOOKS):
        for language in languages:
            given = {"case": case, "quarter": quarter, "language": language}
            extra = {"table": table, "member": member, "roll": roll}
            given |= {name: extra[name] for name in extra if name in NOTEBOOKS.get(notebook, ())}
            if "district" not in NOTEBOOKS.get(notebook, ()):
                runs.append(check_parameters(notebook, given))
                continue
            first = check_parameters(notebook, {**given, "district": _any_district(case)})
            for district in districts or list(first.case.districts["code_bps"]):
                runs.append(check_parameters(notebook, {**given, "district": district}))
    if table and any(run.table for run in runs):
        _check_table(table, member)
    if roll and any(run.roll for run in runs):
        _check_roll(roll, runs[0])
    return runs


def _check_table(table: str, member: str) -> None:
    """Read a downloaded table once, before any notebook starts; say at once what is wrong with it."""
    from ogp_analysis.sources.ogp import read_commitments

    known = sorted(read_commitments(table).commitments["member"].unique())
    if member and member not in known:
        raise ParameterError(f"The table knows no member {shortened(member)!r}.", hint=nearest(member, known))


def _check_roll(roll: str, run: Parameters) -> None:
    """Look at the header of a land-tax roll before any notebook starts; say at once what is wrong with it."""
    from ogp_analysis.sources.tax_roll import open_roll

    open_roll(roll, str(run.case.jurisdiction["code_bps"]))


def _any_district(case: str) -> str:
    from ogp_analysis.case import load_case

    return str(load_case(case).districts["code_bps"].iloc[0])


def run_reports(
    runs: Sequence[Parameters],
    out: Path,
    *,
    jobs: int = 2,
    boundaries: str | None = None,
    tell: Callable[[str], None] = print,
) -> list[Outcome]:
    """Execute every run, write its page, and write the index.

    Each run has a folder of its own; it is written beside and moved into place whole, so that a failed run
    leaves the page of an earlier one as it was, and the index says that it is of an earlier run.

    Parameters
    ----------
    runs : sequence of Parameters
        From :func:`plan_runs`; one case and quarter.
    out : Path
        Folder of all reports; pages go to ``out/<case>/<quarter>``.
    jobs : int
        Notebooks run at the same time.
    boundaries : str, optional
        A boundary file to use instead of the cached or schematic one.
    tell : function
        Is given a line of progress after each run.
    """
    first = runs[0]
    _made_at()  # a wrong SOURCE_DATE_EPOCH stops before the first run
    folder = out / first.case.id / str(first.quarter)
    folder.mkdir(parents=True, exist_ok=True)
    _sweep(folder)
    outcomes: list[Outcome] = []
    engine = _engine()
    with _quiet(), _environment(boundaries), announced(runs), ThreadPoolExecutor(max_workers=max(1, jobs)) as pool:
        futures = [pool.submit(_run, run, folder, engine) for run in runs]
        try:
            for done in as_completed(futures):
                outcome = done.result()
                outcomes.append(outcome)
                state = "made" if outcome.page else "FAILED"
                name = run_name(outcome.parameters)
                tell(f"[{len(outcomes)}/{len(runs)}] {state} {name} ({outcome.seconds:.1f} s)")
        except KeyboardInterrupt:
            tell("Stopping: pages that are being made are finished first.")
            pool.shutdown(wait=True, cancel_futures=True)
            raise
    stale = {
        page_path(o.parameters.notebook, o.parameters.language, o.parameters.district)
        for o in outcomes
        if not o.page
    }
    write_index(first.case, first.quarter, folder, stale)
    order = {id(run): at for at, run in enumerate(runs)}
    return sorted(outcomes, key=lambda outcome: order[id(outcome.parameters)])


def run_name(run: Parameters) -> str:
    """Short name of a run, for people."""
    district = f" {run.district}" if run.district else ""
    return f"{run.language} {run.notebook}{district}"


def summary(outcomes: Sequence[Outcome]) -> str:
    """A table of what was made and what failed, and why."""
    made = [outcome for outcome in outcomes if outcome.page]
    failed = [outcome for outcome in outcomes if not outcome.page]
    lines = [f"made {len(made)}, failed {len(failed)}"]
    for outcome in failed:
        lines.append(f"\nFAILED {run_name(outcome.parameters)}")
        lines += [f"  {line}" for line in outcome.problem.splitlines()]
        if outcome.kept:
            lines.append(f"  The notebook as far as it ran: {outcome.kept}")
    return "\n".join(lines)


def _run(run: Parameters, folder: Path, engine: str | None) -> Outcome:
    start = time.perf_counter()
    page = folder / page_path(run.notebook, run.language, run.district)
    with tempfile.TemporaryDirectory(prefix=".part-", dir=folder, ignore_cleanup_errors=True) as name:
        beside = Path(name) / "run"
        beside.mkdir()
        executed = beside / f"{page.stem}.ipynb"
        try:
            _execute_somehow(run, executed, engine)
            _write_page(run, executed, page.name)
            _move(beside, page.parent)
            (folder / "failed" / executed.name).unlink(missing_ok=True)
        except Exception as error:  # reported, with the notebook kept: other runs go on
            seconds = time.perf_counter() - start
            return Outcome(run, None, seconds, _words(error, executed), _keep(executed, folder))
    return Outcome(run, page, time.perf_counter() - start)


def _execute(run: Parameters, executed: Path, engine: str | None) -> None:
    import papermill

    papermill.execute_notebook(
        notebook_folder() / f"{run.notebook}.ipynb",
        executed,
        parameters=run.as_text(),
        kernel_name="python3",
        progress_bar=False,
        request_save_on_cell_execute=False,
        engine_name=engine,
    )


def _execute_somehow(run: Parameters, executed: Path, engine: str | None) -> None:
    from papermill.exceptions import PapermillExecutionError

    try:
        _execute(run, executed, engine)
    except PapermillExecutionError:
        raise  # the notebook's own failure: the same in every kernel
    except Exception:
        if engine is None:
            raise
        # a forked kernel that did not start says nothing about the notebook
        _execute(run, executed, None)


def _engine() -> str | None:
    from ogp_analysis.reports import engine

    return engine.register() if engine.available() else None


def _write_page(run: Parameters, executed: Path, name: str) -> None:
    import nbformat

    from ogp_analysis.reports.formats import write_formats
    from ogp_analysis.reports.page import page_html

    language = get_language(run.language)
    now = _made_at()
    notebook = nbformat.read(executed, as_version=4)  # type: ignore[no-untyped-call]
    page = page_html(notebook, run, language, language.date(now.date()))
    executed.with_name(name).write_text(page, encoding="utf-8")
    source = notebook_folder() / f"{run.notebook}.ipynb"
    given = os.environ.get(BOUNDARY_VARIABLE)
    write_formats(notebook, run, executed.parent, now, source=source, boundaries=given)


def _made_at() -> datetime:
    return source_date_epoch() or datetime.now(UTC)


def _sweep(folder: Path) -> None:
    """Remove what runs that were killed left behind; runs that still go are younger than that."""
    for part in folder.glob(".part-*"):
        if time.time() - part.stat().st_mtime > ABANDONED:
            shutil.rmtree(part, ignore_errors=True)


def _move(beside: Path, target: Path) -> None:
    # file by file, the page last: whatever else somebody keeps in the folder stays
    target.mkdir(parents=True, exist_ok=True)
    for part in sorted(beside.iterdir(), key=lambda path: path.suffix == ".html"):
        part.replace(target / part.name)


def _keep(executed: Path, folder: Path) -> Path | None:
    if not executed.is_file():
        return None
    kept = folder / "failed" / executed.name
    kept.parent.mkdir(exist_ok=True)
    shutil.copyfile(executed, kept)
    return kept


def _words(error: Exception, executed: Path) -> str:
    if isinstance(error, OgpAnalysisError):
        return str(error)
    name = getattr(error, "ename", None)
    if name is None:
        return f"{type(error).__name__}: {error}"
    return f"In cell {error.cell_index}: {name}: {error.evalue}"  # type: ignore[attr-defined]


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    # papermill's log repeats every cell; the lines of `tell` are what an analyst wants to see
    logger = logging.getLogger("papermill")
    level = logger.level
    logger.setLevel(logging.ERROR)
    try:
        yield
    finally:
        logger.setLevel(level)


@contextlib.contextmanager
def _environment(boundaries: str | None) -> Iterator[None]:
    before = os.environ.get(BOUNDARY_VARIABLE)
    if boundaries:
        os.environ[BOUNDARY_VARIABLE] = str(Path(boundaries).resolve())
    try:
        yield
    finally:
        if boundaries:
            os.environ.pop(BOUNDARY_VARIABLE)
            if before is not None:
                os.environ[BOUNDARY_VARIABLE] = before
