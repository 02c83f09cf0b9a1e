"""Keeps the state of the folders of a run while pages are made, by several threads at a time."""

from __future__ import annotations

import threading
import time
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

from ogp_analysis.casefile import DATAPACKAGE
from ogp_analysis.reports.decide import FORCED, Task
from ogp_analysis.reports.epoch import source_date_epoch
from ogp_analysis.reports.inputs import Inputs
from ogp_analysis.reports.making import Recipe
from ogp_analysis.reports.parameters import FILES
from ogp_analysis.reports.plan import run_id
from ogp_analysis.reports.progress import Outcome
from ogp_analysis.reports.state import Made, State, output_hash

#: Seconds between two writings of the state: so much work may have to be done again after a kill.
SAVING = 1.0
MOVED = "changed while the page was made"


class Book:
    """The states of the folders of one run.

    Parameters
    ----------
    states : mapping of folder to State
    inputs : Inputs
    recipe : Recipe
    """

    def __init__(self, states: Mapping[Path, State], inputs: Inputs, recipe: Recipe) -> None:
        self.states, self.inputs, self.recipe = states, inputs, recipe
        self._lock = threading.Lock()
        self._saved = 0.0

    def open(self, tasks: Sequence[Task]) -> None:
        """Write down what is to be made, before anything is."""
        given = {getattr(task.run, name) for task in tasks for name in FILES} - {""}
        # now, not when a page is done: what changes in between is then seen as changed by the next run
        self.inputs.hashes(self.inputs.every | given)
        for task in tasks:
            state, name = self.states[task.folder], run_id(task.run)
            state.unfinished.pop(name, None)
            if task.why:
                more = {"notebook": task.run.notebook, "boundaries": self.recipe.boundaries or ""}
                state.unfinished[name] = {**task.run.as_text(), **more}
            if task.why == FORCED:
                # a run that is to make all of them and is killed goes on to make all of them
                state.pages.pop(name, None)
        self._save()

    def made(self, task: Task, outcome: Outcome, read: frozenset[str] | None, files: Sequence[Path]) -> None:
        """A page was made from these inputs and gave these files; all inputs where nothing was told of them."""
        # what could not be said by its kernel is taken as having read everything
        names = self.inputs.every if read is None else read
        inputs = self.inputs.hashes(names | {DATAPACKAGE})
        inputs |= dict.fromkeys(self.inputs.moved(inputs), MOVED)
        outputs = {path.relative_to(task.folder).as_posix(): output_hash(path) for path in files}
        self._enter(task, outcome, inputs, outputs)

    def failed(self, task: Task, outcome: Outcome) -> None:
        """A page could not be made; what was made before is still there."""
        self._enter(task, outcome, {}, {})

    def failures(self, folder: Path) -> set[str]:
        """Names of the pages of a folder that failed when they were last to be made."""
        return {name for name, made in self.states[folder].pages.items() if made.status == "failed"}

    def close(self) -> None:
        """Write what is known."""
        with self._lock:
            self._save()

    def _enter(self, task: Task, outcome: Outcome, inputs: dict[str, str], outputs: dict[str, str]) -> None:
        made_at = source_date_epoch(self.recipe.epoch) or datetime.now(UTC)
        entry = Made(
            "failed" if outcome.page is None else "made",
            task.run.as_text(),
            dict(task.basis),
            inputs,
            outputs,
            round(outcome.seconds, 2),
            made_at.isoformat(timespec="seconds"),
            outcome.problem,
        )
        with self._lock:
            state, name = self.states[task.folder], run_id(task.run)
            state.pages[name] = entry
            state.unfinished.pop(name, None)
            if time.monotonic() - self._saved > SAVING:
                self._save()

    def _save(self) -> None:
        for folder, state in self.states.items():
            state.save(folder)
        self._saved = time.monotonic()
