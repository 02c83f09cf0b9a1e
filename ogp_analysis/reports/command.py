"""The command ``ogp-analysis report``: its options, and what it does with them."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from ogp_analysis.errors import OgpAnalysisError, ParameterError, nearest
from ogp_analysis.reports.planfile import KEYS, Wanted

if TYPE_CHECKING:
    from collections.abc import Callable

    from ogp_analysis.reports.parameters import Parameters

CASE, QUARTER = "semarang", "2023Q4"
#: Options that one notebook takes.
TAKERS = {
    "table": "15_commitments_explorer",
    "member": "15_commitments_explorer",
    "roll": "25_recovery_microdata",
    "since": "45_changes",
    "published": "45_changes",
}
MADE, FAILED, INVALID, LOCKED, DISK, STOPPED = 0, 1, 2, 3, 4, 130
CODES = (
    "exit codes: 0 all made or up to date; 1 some failed; 2 arguments, plan or data not valid; 3 another run "
    "works in the folder; 4 the disk is full or may not be written; 130 stopped"
)

Set: TypeAlias = "tuple[list[Parameters], str]"


def add_options(report: argparse.ArgumentParser) -> None:
    """Give the parser of the command its options."""
    report.usage, report.epilog = "ogp-analysis report [options]", CODES
    add = report.add_argument
    add("--case", help=f"name of a case or its folder (default: {CASE})")
    add("--quarter", metavar="Q", help=f"YYYYQn, or a range YYYYQn..YYYYQn (default: {QUARTER})")
    add("--language", nargs="+", metavar="X", help="such as id or en (default: all)")
    add("--notebook", nargs="+", metavar="NAME", help="only these (default: all)")
    add("--district", nargs="+", metavar="CODE", help="profiles of these only (default: all)")
    add("--only", nargs="+", metavar="WORD", help="pages that fit, with * and ?")
    add("--table", metavar="FILE", help="commitments table of OGP, for 15_commitments_explorer")
    add("--member", metavar="NAME", help="member to set against all in that table")
    add("--roll", metavar="FILE", help="land-tax roll (SISMIOP), for 25_recovery_microdata")
    add("--since", metavar="Q", help="earlier quarter to compare with (default: before)")
    add("--published", metavar="FILE", help="standing.json of an earlier report, for 45_changes")
    add("--boundaries", metavar="FILE", help="GeoJSON, GeoPackage or Shapefile with the kecamatan")
    add("--plan", type=Path, metavar="FILE", help="YAML with these options, for one set or several")
    add("--dry-run", action="store_true", help="say what would be made and why; make nothing")
    add("--continue", action="store_true", dest="go_on", help="make what a stopped run has left")
    add("--force", action="store_true", help="make all, also what is up to date")
    add("--jobs", type=int, metavar="N", help="notebooks at a time (default: processors + 1)")
    add("--cluster", default="", metavar="ADDRESS", help="make the pages on the workers of a Dask scheduler")
    add("--out", type=folder, default=Path("reports"), metavar="FOLDER", help="(default: %(default)s)")


def folder(text: str) -> Path:
    """A folder's name from the command line."""
    if not text or "\0" in text:
        raise argparse.ArgumentTypeError("a folder needs a name")
    return Path(text)


def report(given: argparse.Namespace) -> int:
    """Make what is asked for; gives the exit code.

    Of several sets each is made if it can be: the worst that happened to one of them is the exit code.
    """
    from ogp_analysis.reports.progress import Clock

    if given.jobs is not None and given.jobs < 1:
        raise ParameterError(f"--jobs {given.jobs} is not a number of notebooks.", hint="Give 1 or more.")
    tell = Clock()
    code = MADE
    sets: list[Set] = []
    wanted = _wanted(given)
    for each in wanted:
        try:
            sets.append(_set(each))
        except OgpAnalysisError as error:
            if len(wanted) == 1:
                raise
            print(f"{each.case} {each.quarter}: {error}", file=sys.stderr)
            code = INVALID
    if given.go_on:
        sets = _left(given)
        if not sets:
            print(f"No stopped run in {given.out} has left anything to do.")
    for runs, boundaries in _together(sets):
        code = max(code, make(runs, boundaries, given, tell))
    return code


def make(
    runs: Sequence[Parameters],
    boundaries: str,
    given: argparse.Namespace,
    tell: Callable[[str], None] = print,
) -> int:
    """Make pages by the options of a command, and say what was made; gives the exit code."""
    from ogp_analysis.reports.decide import decide, folder_of, table
    from ogp_analysis.reports.inputs import Inputs
    from ogp_analysis.reports.lock import LockedError
    from ogp_analysis.reports.runner import recipe_of, run_reports, summary

    days = dict.fromkeys(str(run.quarter) for run in runs)
    when = next(iter(days)) if len(days) == 1 else f"{next(iter(days))} to {list(days)[-1]}"
    pages = "1 page" if len(runs) == 1 else f"{len(runs)} pages"
    print(f"{pages} for {runs[0].case.jurisdiction['name']}, {when}", flush=True)
    ahead = [str(run.quarter) for run in runs if run.quarter.last_day >= date.today()]
    if ahead:
        unended = ", ".join(dict.fromkeys(ahead))
        print(f"Not over yet: {unended}. Its pages show what is known so far.", flush=True)
    if given.dry_run:
        recipe = recipe_of(boundaries or None)
        tasks, _, complaints = decide(
            runs, given.out, recipe, Inputs(runs[0].case, recipe.boundaries), force=given.force
        )
        print("\n".join([*complaints, table(tasks)]))
        return MADE
    try:
        outcomes = run_reports(
            runs,
            given.out,
            # one more than processors: a page now and then waits for its kernel
            jobs=given.jobs or processors() + 1,
            boundaries=boundaries or None,
            tell=tell,
            force=given.force,
            cluster=given.cluster,
        )
    except LockedError as error:
        print(error, file=sys.stderr)
        return LOCKED
    print(summary(outcomes))
    for each in dict.fromkeys(folder_of(run, given.out) for run in runs):
        print(f"Open {each / 'index.html'}")
    return MADE if all(outcome.page for outcome in outcomes) else FAILED


def processors() -> int:
    """How many processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _wanted(given: argparse.Namespace) -> list[Wanted]:
    """The sets that the options name, or the plan."""
    from ogp_analysis.reports.planfile import LISTS, read_plan

    chosen = {name: getattr(given, name) for name in KEYS if getattr(given, name) is not None}
    also = given.plan is not None or given.go_on
    if also and (wrong := [name for name in chosen if not (given.go_on and name in ("case", "quarter"))]):
        other = "--plan" if given.plan is not None else "--continue"
        raise ParameterError(f"--{wrong[0]} and {other} were both given.", hint=f"Leave --{wrong[0]} out.")
    if given.plan is not None:
        if given.go_on:
            raise ParameterError("--plan and --continue were both given.", hint="Leave one of them out.")
        return read_plan(given.plan)
    if given.go_on:
        return []
    lists = {name: tuple(dict.fromkeys(value)) for name, value in chosen.items() if name in LISTS}
    return [replace(Wanted(CASE, QUARTER), **{**chosen, **lists})]


def _set(wanted: Wanted) -> Set:
    """The pages of a set, checked."""
    from ogp_analysis.locale import languages
    from ogp_analysis.reports.plan import chosen, plan_runs

    files = {option: getattr(wanted, option) for option in TAKERS}
    runs = plan_runs(
        wanted.case, wanted.quarter, wanted.language or languages(), wanted.notebook, wanted.district, **files
    )
    for option, taker in TAKERS.items():
        if files[option] and not any(getattr(run, option) for run in runs):
            raise ParameterError(f"--{option} was given, but no notebook takes it.", hint=f"Add {taker}.")
    if wanted.district and not any(run.district for run in runs):
        raise ParameterError(
            "--district was given, but no notebook is about one.", hint="Add 40_district_profile."
        )
    if wanted.boundaries:
        from ogp_analysis.sources.boundaries import load_boundaries

        load_boundaries(runs[0].case, wanted.boundaries)  # what cannot be used stops before the first run
    return chosen(runs, wanted.only), wanted.boundaries


def _together(sets: Sequence[Set]) -> list[Set]:
    """Sets of one case and boundary file as one, so that its tables are read once; each page once.

    Raises
    ------
    ParameterError
        If two sets make the same page of different parameters.
    """
    from ogp_analysis.reports.plan import run_name

    found: dict[tuple[str, str], dict[str, Parameters]] = {}
    names: dict[tuple[str, str], str] = {}
    for runs, boundaries in sets:
        for run in runs:
            name = f"{run.quarter} {run_name(run)}"
            made = repr((run.as_text(), boundaries))
            if names.setdefault((run.case.id, name), made) != made:
                raise ParameterError(
                    f"Two sets make the page {name} of {run.case.id} of different parameters.",
                    hint="Give the other --out in a plan of its own.",
                )
            found.setdefault((str(run.case.folder), boundaries), {})[name] = run
    return [(list(runs.values()), boundaries) for (_, boundaries), runs in found.items()]


def _left(given: argparse.Namespace) -> list[Set]:
    """What stopped runs have left to do, by case and boundary file."""
    from ogp_analysis.reports.parameters import check_parameters
    from ogp_analysis.reports.plan import quarters
    from ogp_analysis.reports.state import NAME, load_state

    days = {str(each) for each in quarters(given.quarter)} if given.quarter is not None else None
    found: list[Set] = []
    for path in sorted(given.out.glob(f"*/*/{NAME}")):
        state, complaint = load_state(path.parent)
        if complaint:
            raise ParameterError(complaint, hint="Give the options of that run again instead of --continue.")
        if days is not None and path.parent.name not in days:
            continue
        for parameters in state.unfinished.values():
            # before they are checked: what another case has left may not be there any more
            if given.case is not None and given.case not in (parameters.get("case"), path.parent.parent.name):
                continue
            more = {name: parameters.pop(name) for name in ("notebook", "boundaries")}
            run = check_parameters(more["notebook"], parameters)
            found.append(([run], more["boundaries"]))
    known = sorted({path.parent.name for path in given.out.glob("*/*")})
    if given.case is not None and not found and not (given.out / Path(given.case).name).is_dir():
        raise ParameterError(
            f"There are no reports of {given.case!r} in {given.out}.", hint=nearest(given.case, known)
        )
    return found
