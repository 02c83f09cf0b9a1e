"""One page: its notebook executed with papermill, and every format written from that one execution."""

from __future__ import annotations

import contextlib
import logging
import shutil
import sys
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from ogp_analysis import reads
from ogp_analysis.casefile import DATAPACKAGE, PACKAGE, PUBLISHABLE
from ogp_analysis.errors import OgpAnalysisError, system_words
from ogp_analysis.locale import get_language
from ogp_analysis.privacy import HINT, find_private
from ogp_analysis.reports.ahead import APART
from ogp_analysis.reports.epoch import source_date_epoch
from ogp_analysis.reports.executed import tidied
from ogp_analysis.reports.links import page_path
from ogp_analysis.reports.parameters import FILES, Parameters

if TYPE_CHECKING:
    from nbformat import NotebookNode

    from ogp_analysis.case import Case

# JupyterLab brings this package beside papermill; it builds dozens of grammars when it is imported, which
# costs every start most of a second, and only checks a format of addresses that no notebook uses.
sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]

BOUNDARY_VARIABLE = "OGP_ANALYSIS_BOUNDARIES"
TOLD = "reads.txt"
#: Finds of one page that a message names.
SHOWN = 10


class PageError(Exception):
    """A page could not be made; carries the words for it."""


@dataclass(frozen=True)
class Recipe:
    """What besides its parameters a page is made with.

    Attributes
    ----------
    notebooks : Path
        The folder of the notebooks.
    boundaries : str or None
        A boundary file that was given.
    epoch : str
        ``SOURCE_DATE_EPOCH``; empty for the time of the day.
    """

    notebooks: Path
    boundaries: str | None = None
    epoch: str = ""

    def environment(self) -> dict[str, str]:
        """Variables for the kernel."""
        found = {BOUNDARY_VARIABLE: self.boundaries or ""}
        return {**found, "SOURCE_DATE_EPOCH": self.epoch} if self.epoch else found


def notebook_folder() -> Path:
    """Where the notebooks are: beside the package in a checkout, inside it in an installed wheel."""
    for folder in (PACKAGE.parent / "notebooks", PACKAGE / "_notebooks"):
        if (folder / "10_commitments.ipynb").is_file():
            return folder
    raise OgpAnalysisError(
        "The notebooks are not there.", hint="Install ogp-analysis again, or clone its repository."
    )


def ready() -> str:
    """Import what making a page needs, and give the name of the engine.

    To be called before several threads make pages: two that import at the same time find half of a package.
    """
    import nbconvert  # noqa: F401
    import nbformat  # noqa: F401
    import papermill  # noqa: F401

    from ogp_analysis.reports import engine, formats, page  # noqa: F401
    from ogp_analysis.reports.pdf.typeset import open_fonts

    with contextlib.suppress(OSError):  # a full disk fails the page, which says so and keeps the one before
        open_fonts()
    return engine.register()


def make_page(run: Parameters, recipe: Recipe, into: Path) -> frozenset[str] | None:
    """Execute a notebook and write its page, with all that belongs to it, into an empty folder.

    Parameters
    ----------
    run : Parameters
    recipe : Recipe
    into : Path
        Nothing but what is to be moved into place is left in it.

    Returns
    -------
    frozenset of str or None
        The inputs that were read, by name; None where the kernel told nothing of it.

    Raises
    ------
    PageError
        If the notebook failed, with the words for it; the notebook as far as it ran is left in ``into``.
    """
    import nbformat

    from ogp_analysis.reports.formats import write_formats

    name = page_path(run.notebook, run.language, run.district).name
    executed, told = into / Path(name).with_suffix(".ipynb"), into / TOLD
    try:
        notebook = _execute_somehow(run, recipe, executed, told)
        found = reads.told(told)
        made = source_date_epoch(recipe.epoch) or datetime.now(UTC)
        notebook = tidied(notebook, made)
        with reads.recorded() as rendered:
            nbformat.write(notebook, executed)  # type: ignore[no-untyped-call]
            # every format is written here, from the one executed notebook
            (into / name).write_text(_page(run, notebook, made), encoding="utf-8", newline="")
            tables = None if found is None else {Path(each).stem for each in found | rendered}
            source = recipe.notebooks / f"{run.notebook}.ipynb"
            write_formats(notebook, run, into, made, source=source, boundaries=recipe.boundaries, read=tables)
        _refuse_private(into, run.case)
        given = {getattr(run, each) for each in FILES if getattr(run, each)}
        return None if found is None else frozenset({DATAPACKAGE, *found, *rendered, *given})
    except Exception as error:  # whatever it is: other pages go on
        raise PageError(_words(error)) from error
    finally:
        told.unlink(missing_ok=True)


def _refuse_private(folder: Path, case: Case) -> None:
    """Refuse a page whose files tell who somebody is; nothing of it is kept.

    The PDF is set from the same texts as the others.
    """
    lines = [
        f"{path.name}, {each}"
        for path in sorted(folder.iterdir())
        if path.suffix != ".pdf"
        for each in find_private(path.read_text(encoding="utf-8"), _publishable(case))
    ]
    if lines:
        for path in folder.iterdir():
            path.unlink()
        shown = [*lines[:SHOWN], *([f"and {len(lines) - SHOWN} more"] if len(lines) > SHOWN else [])]
        raise OgpAnalysisError("\n".join(["The page tells who somebody is:", *shown]), hint=HINT)


def _publishable(case: Case) -> Collection[str]:
    """What looks like a private detail and is none, as the case says."""
    found: Collection[str] = case.info.get(PUBLISHABLE, ())
    return found


def keep_failed(folder: Path, made: Path, case: Case) -> Path | None:
    """Keep the notebook of a failed page as far as it ran, for whoever mends it; None if there is none to keep."""
    executed = next(made.glob("*.ipynb"), None)
    if executed is None:
        return None
    kept = folder / "failed" / executed.name
    try:
        if find_private(executed.read_text(encoding="utf-8"), _publishable(case)):
            return None  # a failed page is no place for it either
        kept.parent.mkdir(exist_ok=True)
        shutil.copyfile(executed, kept)
    except OSError:  # the disk that failed the page fails this too; the words of the page say so
        return None
    return kept


def _execute_somehow(run: Parameters, recipe: Recipe, executed: Path, told: Path) -> NotebookNode:
    from papermill.exceptions import PapermillExecutionError

    from ogp_analysis.reports import engine

    name = ready()
    environment = {**recipe.environment(), reads.VARIABLE: str(told)}
    if run.notebook not in APART:
        environment[engine.QUARTER] = str(run.quarter)
    source = recipe.notebooks / f"{run.notebook}.ipynb"
    try:
        return _execute(run, source, executed, name, environment)
    except (PapermillExecutionError, OSError):
        raise  # the notebook's own failure, or the disk's: the same in every kernel
    except Exception as error:
        if name == engine.PLAIN:
            raise
        # a forked kernel that did not start says nothing about the notebook
        logging.getLogger(__name__).warning(
            "A kernel could not be forked (%s: %s); papermill starts one, which takes longer.",
            type(error).__name__,
            error,
        )
        return _execute(run, source, executed, engine.PLAIN, environment)


def _execute(
    run: Parameters, source: Path, executed: Path, engine: str, environment: Mapping[str, str]
) -> NotebookNode:
    import papermill

    notebook: NotebookNode = papermill.execute_notebook(
        source,
        # whole: of several threads, papermill may leave behind the folder that an earlier run was started in
        executed.resolve(),
        parameters=run.as_text(),
        kernel_name="python3",
        progress_bar=False,
        request_save_on_cell_execute=False,
        engine_name=engine,
        environment=environment,
    )
    return notebook


def _page(run: Parameters, notebook: NotebookNode, made: datetime) -> str:
    from ogp_analysis.reports.page import page_html

    language = get_language(run.language)
    return page_html(notebook, run, language, language.date(made.date()))


def _words(error: Exception) -> str:
    if isinstance(error, OgpAnalysisError):
        return str(error)
    if isinstance(error, OSError):
        return f"{system_words(error)}. The page that was made before is still in its place."
    name = getattr(error, "ename", None)
    if name is None:
        return f"{type(error).__name__}: {error}"
    return f"In cell {error.cell_index}: {name}: {error.evalue}"  # type: ignore[attr-defined]


@contextlib.contextmanager
def quiet() -> Iterator[None]:
    """Keep papermill from logging every cell; the lines of progress are what an analyst wants to see."""
    logger = logging.getLogger("papermill")
    level = logger.level
    logger.setLevel(logging.ERROR)
    try:
        yield
    finally:
        logger.setLevel(level)
