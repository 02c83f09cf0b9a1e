"""Which pages are up to date, and why the others are not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from ogp_analysis.errors import OgpAnalysisError
from ogp_analysis.reports.inputs import Inputs, made_with
from ogp_analysis.reports.links import page_path
from ogp_analysis.reports.making import Recipe
from ogp_analysis.reports.parameters import Parameters
from ogp_analysis.reports.plan import run_id, run_name
from ogp_analysis.reports.state import Made, State, load_state, output_hash

#: What changed, in words, by the part of :func:`ogp_analysis.reports.inputs.made_with`.
CHANGED = {
    "notebook": "its notebook changed",
    "program": "the program changed",
    "version": "the program changed",
    "packages": "installed packages changed",
    "source_date_epoch": "SOURCE_DATE_EPOCH changed",
}
FORCED = "--force"


@dataclass(frozen=True)
class Task:
    """A page of a plan, and what is to become of it.

    Attributes
    ----------
    run : Parameters
    folder : Path
        ``reports/<case>/<quarter>``.
    basis : dict of str
        See :func:`ogp_analysis.reports.inputs.made_with`.
    why : str
        Why it is to be made; empty for a page that is up to date.
    before : Made or None
        How it was made last.
    """

    run: Parameters
    folder: Path
    basis: Mapping[str, str]
    why: str
    before: Made | None

    @property
    def page(self) -> Path:
        """Where the page lies."""
        return self.folder / page_path(self.run.notebook, self.run.language, self.run.district)

    @property
    def seconds(self) -> float | None:
        """How long it took last; None where it was never made."""
        return self.before.seconds if self.before and self.before.status == "made" else None


def folder_of(run: Parameters, out: Path) -> Path:
    """Where the pages of a run's case and quarter lie below the folder of all reports."""
    return out / run.case.id / str(run.quarter)


def decide(
    runs: Sequence[Parameters], out: Path, recipe: Recipe, inputs: Inputs, *, force: bool = False
) -> tuple[list[Task], dict[Path, State], list[str]]:
    """Look at every page of a plan and at what is known of it.

    A page is up to date when its parameters, its notebook, the program, the packages and all inputs that it read
    are the same as when it was made, and its files are as they were written. What a page reads follows from these
    alone, so inputs that it did not read then it does not read now.

    Parameters
    ----------
    runs : sequence of Parameters
        Of one case.
    out : Path
    recipe : Recipe
    inputs : Inputs
    force : bool
        Make all of them.

    Returns
    -------
    tuple
        A task for each run; the state of each folder; complaints about states that cannot be used.
    """
    states: dict[Path, State] = {}
    complaints = []
    basis: dict[str, dict[str, str]] = {}
    tasks = []
    for run in runs:
        folder = folder_of(run, out)
        if folder not in states:
            states[folder], complaint = load_state(folder)
            complaints += [complaint] if complaint else []
        if run.notebook not in basis:
            basis[run.notebook] = made_with(recipe.notebooks / f"{run.notebook}.ipynb")
        before = states[folder].pages.get(run_id(run))
        why = FORCED if force else reason(run, folder, basis[run.notebook], inputs, before)
        tasks.append(Task(run, folder, basis[run.notebook], why, before))
    return tasks, states, complaints


def reason(run: Parameters, folder: Path, basis: Mapping[str, str], inputs: Inputs, before: Made | None) -> str:
    """Why a page is to be made, in words; empty for one that is up to date."""
    if before is None:
        page = folder / page_path(run.notebook, run.language, run.district)
        return "nothing is known of it" if page.is_file() else "not made yet"
    if before.status == "failed":
        return "it failed"
    if before.parameters != run.as_text():
        return "its parameters changed"
    for name, words in CHANGED.items():
        if before.made_with.get(name) != basis[name]:
            return words
    try:
        now = inputs.hashes(before.inputs)
    except OSError as error:
        raise OgpAnalysisError(
            f"{error.filename} cannot be read: {error.strerror}.", hint="Give permission to read it."
        ) from error
    changed = [name for name, value in now.items() if before.inputs.get(name) != value]
    if changed:
        more = f" and {len(changed) - 3} more" if len(changed) > 3 else ""
        return f"{', '.join(changed[:3])}{more} changed"
    for name, value in before.outputs.items():
        path = folder / name
        if not path.is_file():
            return f"{path.name} is gone"
        if output_hash(path) != value:
            return f"{path.name} was changed by hand"
    return ""


def table(tasks: Sequence[Task]) -> str:
    """What would be made and what not, and why, as a table."""
    names = [f"{task.run.quarter} {run_name(task.run)}" for task in tasks]
    wide = max(len(name) for name in names)
    lines = [
        f"{'make' if task.why else 'up to date':10}  {name:{wide}}  {task.why}".rstrip()
        for name, task in zip(names, tasks, strict=True)
    ]
    make = sum(bool(task.why) for task in tasks)
    return "\n".join([*lines, f"to make {make}, up to date {len(tasks) - make}"])
