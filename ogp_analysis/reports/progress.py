"""What a run says: a line for each page with what is left to do, a table at the end, and a log that stays."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from ogp_analysis.reports.parameters import Parameters
from ogp_analysis.reports.plan import run_name

LOG = "run.log"
Status = Literal["made", "up to date", "failed"]
STATUSES: tuple[Status, ...] = ("made", "up to date", "failed")


@dataclass(frozen=True)
class Outcome:
    """What became of one page.

    Attributes
    ----------
    parameters : Parameters
    page : Path or None
        The page, where it was made or is up to date.
    seconds : float
    problem : str
        Empty, or what went wrong in words.
    kept : Path or None
        The notebook as far as it ran, where it failed.
    why : str
        Why it was made; empty where it was not.
    """

    parameters: Parameters
    page: Path | None
    seconds: float
    problem: str = ""
    kept: Path | None = None
    why: str = ""

    @property
    def status(self) -> Status:
        """``made``, ``up to date`` or ``failed``."""
        if self.page is None:
            return "failed"
        return "made" if self.why else "up to date"


class Progress:
    """Lines of progress with an estimate of what is left.

    Parameters
    ----------
    expected : mapping of run to seconds
        Of the pages to be made; None where nothing is known yet.
    jobs : int
        Pages made at a time.
    tell : function
        Is given each line.
    """

    def __init__(self, expected: Mapping[int, float | None], jobs: int, tell: Callable[[str], None]) -> None:
        self.left = dict(expected)
        self.all, self.jobs, self.tell = len(expected), jobs, tell
        self.took: list[float] = []

    def done(self, key: int, outcome: Outcome) -> None:
        """Tell of a page that was made or failed."""
        self.left.pop(key, None)
        self.took.append(outcome.seconds)
        name, state = run_name(outcome.parameters), "made" if outcome.page else "FAILED"
        at = f"{outcome.parameters.quarter} {name}"
        self.tell(f"[{len(self.took)}/{self.all}] {state} {at} ({outcome.seconds:.1f} s){self._rest()}")

    def _rest(self) -> str:
        if not self.left:
            return ""
        usual = sum(self.took) / len(self.took)
        seconds = sum(usual if each is None else each for each in self.left.values()) / self.jobs
        return f", about {spoken(seconds)} left"


def spoken(seconds: float) -> str:
    """A length of time as people say it.

    Examples
    --------
    >>> spoken(8.2), spoken(100), spoken(5000)
    ('8 s', '2 min', '1 h 23 min')
    """
    if seconds < 90:
        return f"{seconds:.0f} s"
    minutes = round(seconds / 60)
    return f"{minutes} min" if minutes < 60 else f"{minutes // 60} h {minutes % 60} min"


class Log:
    """Lines with their time, appended to a file beside the pages.

    Parameters
    ----------
    folders : sequence of Path
        Each gets all lines: a set of several quarters is one run.
    """

    def __init__(self, folders: Sequence[Path]) -> None:
        self.paths = [folder / LOG for folder in folders]

    def __call__(self, text: str) -> None:
        """Write a text, one line or more."""
        now = datetime.now(UTC).isoformat(timespec="seconds")
        lines = "".join(f"{now}  {line}\n" for line in text.splitlines())
        for path in self.paths:
            with path.open("a", encoding="utf-8") as file:
                file.write(lines)


def summary(outcomes: Sequence[Outcome]) -> str:
    """A table of what was made, what was up to date and what failed, and why.

    Parameters
    ----------
    outcomes : sequence of Outcome
        At least one.
    """
    rows = []
    for notebook in dict.fromkeys(each.parameters.notebook for each in outcomes):
        of = [each for each in outcomes if each.parameters.notebook == notebook]
        rows.append((notebook, of))
    wide = max(len(name) for name, _ in [*rows, ("in all", [])])
    lines = [f"{'':{wide}}  {'made':>6}  {'up to date':>10}  {'failed':>6}  {'seconds':>8}"]
    for name, of in [*rows, ("in all", list(outcomes))]:
        made, same, failed = (sum(each.status == status for each in of) for status in STATUSES)
        seconds = sum(each.seconds for each in of)
        lines.append(f"{name:{wide}}  {made:>6}  {same:>10}  {failed:>6}  {seconds:>8.1f}")
    made, same, failed = (sum(each.status == status for each in outcomes) for status in STATUSES)
    lines.append(f"made {made}, up to date {same}, failed {failed}")
    for outcome in outcomes:
        if outcome.status == "failed":
            lines.append(f"\nFAILED {outcome.parameters.quarter} {run_name(outcome.parameters)}")
            lines += [f"  {line}" for line in outcome.problem.splitlines()]
            if outcome.kept:
                lines.append(f"  The notebook as far as it ran: {outcome.kept}")
    return "\n".join(lines)


class Clock:
    """Puts the seconds since its making before each line."""

    def __init__(self) -> None:
        self.start = time.perf_counter()

    def __call__(self, line: str) -> None:
        """Print a line."""
        print(f"{time.perf_counter() - self.start:6.1f} s  {line}", flush=True)
