"""The door: the commands of ``ogp-analysis``."""

from __future__ import annotations

import argparse
import contextlib
import os
import signal
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from ogp_analysis import __version__
from ogp_analysis.errors import OgpAnalysisError, ParameterError, nearest, system_words
from ogp_analysis.newcase import command as new_case
from ogp_analysis.reports.command import CASE, DISK, INVALID, QUARTER, STOPPED, add_options, folder

if TYPE_CHECKING:
    from ogp_analysis.case import Case

EPILOG = (
    "Without arguments a command uses case 'semarang' and quarter 2023Q4. Help on one: ogp-analysis report --help"
)


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> None:  # type: ignore[override]
        # one line that says what is wrong and one that says what to do, as everywhere else
        self.exit(2, f"{message}\nWhat to do: {self.prog} --help\n")

    def parse_known_args(self, args=None, namespace=None):  # type: ignore[no-untyped-def]
        # what a command does not know would be told by the parser of all commands, with the wrong help
        given, unknown = super().parse_known_args(args, namespace)
        if unknown:
            self.error(f"unrecognized arguments: {' '.join(unknown)}")
        return given, unknown


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; gives the exit code.

    0: done; 1: something could not be made, or a check failed; 2: the arguments or the data are not valid;
    3: another run works in the folder; 4: the disk is full or may not be written; 130: stopped.

    Examples
    --------
    >>> main(["report", "--quarter", "2023Q5"])
    2
    """
    given = _parser().parse_args(arguments)
    with contextlib.suppress(ValueError):  # outside the main thread there are no signals to answer
        signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        code = int(given.run(given))
        sys.stdout.flush()
        return code
    except OgpAnalysisError as error:
        print(error, file=sys.stderr)
        return INVALID
    except OSError as error:
        if isinstance(error, BrokenPipeError) and _reader_left():
            return 1
        # the disk, a permission, a folder that is a file: nothing that the code could have known before
        print(system_words(error), file=sys.stderr)
        print("What to do: give a folder that can be written, with space on its disk.", file=sys.stderr)
        return DISK
    except KeyboardInterrupt:
        rest = "Pages made so far are whole; the same command makes the others."
        print(f"Stopped. {rest}" if given.makes_pages else "Stopped before it was done.", file=sys.stderr)
        return STOPPED


def _reader_left() -> bool:
    """Whether whoever read what is printed has gone, as ``| head`` does; then nothing more is said there."""
    import select

    if not hasattr(select, "poll"):  # Windows, where a pipe without a reader is told otherwise
        return False
    out = select.poll()
    out.register(sys.stdout.fileno(), select.POLLOUT)
    if not any(event & (select.POLLERR | select.POLLHUP) for _, event in out.poll(0)):
        return False  # another pipe broke
    # what is still to be printed would fail once more when Python ends
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return True


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(
        prog="ogp-analysis",
        description="Promises, evidence, reach and gaps of a local member of the Open Government Partnership.",
        epilog=EPILOG,
    )
    parser.add_argument("--version", action="version", version=f"ogp-analysis {__version__}")
    parser.set_defaults(makes_pages=False)
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)

    report = commands.add_parser("report", help="make the pages of a quarter, in every language")
    add_options(report)
    report.set_defaults(run=_report, makes_pages=True)

    compare = commands.add_parser("compare", help="say what changed between two quarters, and what moved it")
    compare.add_argument("before", help="the earlier quarter, YYYYQn")
    compare.add_argument("after", help="the later quarter, YYYYQn")
    compare.add_argument("--case", default=CASE, help="name or folder (default: %(default)s)")
    compare.add_argument("--language", nargs="+", metavar="CODE", help="id, en or both (default: both)")
    compare.add_argument(
        "--published", metavar="FILE", help="standing.json of the earlier report (default: the one kept in --out)"
    )
    compare.add_argument(
        "--today", action="store_true", help="the earlier quarter by the tables and method of today, nothing kept"
    )
    compare.add_argument(
        "--boundaries", metavar="FILE", help="GeoJSON, GeoPackage or Shapefile with the kecamatan"
    )
    compare.add_argument(
        "--out", type=folder, default=Path("reports"), metavar="FOLDER", help="(default: %(default)s)"
    )
    compare.set_defaults(run=_compare, makes_pages=True, dry_run=False, jobs=None, force=False, cluster="")

    check = commands.add_parser("check", help="print what is in a case, what does not add up and what is missing")
    check.add_argument("case", nargs="?", default=CASE, help="name or folder (default: %(default)s)")
    check.add_argument("--quarter", help="as of a quarter, YYYYQn (default: everything)")
    check.set_defaults(run=_check)

    build = commands.add_parser("build", help="check a case and write Parquet and GeoParquet")
    build.add_argument("case", nargs="?", default=CASE, help="name or folder (default: %(default)s)")
    build.add_argument(
        "--out", type=folder, default=Path("data/processed"), metavar="FOLDER", help="(default: %(default)s)"
    )
    build.set_defaults(run=_build)

    boundaries = commands.add_parser("boundaries", help="download official outlines and keep them")
    boundaries.add_argument("case", nargs="?", default=CASE, help="name or folder (default: %(default)s)")
    boundaries.add_argument(
        "--from", dest="source", default="hdx", help="hdx or geoboundaries (default: %(default)s)"
    )
    boundaries.set_defaults(run=_boundaries)

    calendar = commands.add_parser(
        "calendar", help="write the days of a member's duties as a calendar file (.ics)"
    )
    calendar.add_argument("--case", default=CASE, help="name of a case or its folder (default: %(default)s)")
    calendar.add_argument("--quarter", default=QUARTER, help="YYYYQn (default: %(default)s)")
    calendar.add_argument("--language", default="id", metavar="CODE", help="language (default: %(default)s)")
    calendar.add_argument("--out", type=Path, metavar="FILE", help="(default: CASE-duties-QUARTER-CODE.ics)")
    calendar.set_defaults(run=_calendar)

    form = commands.add_parser("form", help="write the fill-in workbook (XLSX) for a monitoring body")
    form.add_argument("case", nargs="?", default=CASE, help="name or folder (default: %(default)s)")
    form.add_argument("--language", default="id", metavar="CODE", help="language (default: %(default)s)")
    form.add_argument(
        "--scorecard", default="", metavar="NAME", help="the form of a scorecard (default: that on commitments)"
    )
    form.add_argument("--out", type=Path, metavar="FILE", help="(default: CASE-form-CODE.xlsx)")
    form.set_defaults(run=_form)

    take = commands.add_parser("import", help="take a filled-in workbook back into its case, all rows or none")
    take.add_argument("file", type=Path, metavar="FILE", help="the workbook that came back")
    take.add_argument("--case", help="name or folder (default: the case that the workbook names)")
    take.add_argument("--dry-run", action="store_true", help="check everything, change nothing in the case")
    take.set_defaults(run=_import)

    new = commands.add_parser("new-case", help="make the folder of a new case, to be filled in")
    new_case.add_options(new)
    new.set_defaults(run=new_case.run)
    return parser


def _report(given: argparse.Namespace) -> int:
    from ogp_analysis.reports.command import report

    return report(given)


def _compare(given: argparse.Namespace) -> int:
    from ogp_analysis.reports.compare import compare

    return compare(given)


def _checked(name: str) -> Case:
    """Load a case and check what its tables ask of the layers above: recovery, membership, scorecards."""
    from ogp_analysis.case import load_case
    from ogp_analysis.membership import check_membership
    from ogp_analysis.recovery.checks import check_recovery
    from ogp_analysis.scorecard import check_scorecards

    case = load_case(name)
    check_recovery(case)
    check_membership(case)
    check_scorecards(case)
    return case


def _check(given: argparse.Namespace) -> int:
    from ogp_analysis.checkup import describe
    from ogp_analysis.quarter import Quarter

    quarter = Quarter.parse(given.quarter) if given.quarter is not None else None
    print(describe(_checked(given.case), quarter))
    return 0


def _build(given: argparse.Namespace) -> int:
    from ogp_analysis.build import build_case

    case = _checked(given.case)
    folder = build_case(case, given.out)
    rows = sum(len(case.table(name)) for name in case.tables)
    print(f"{len(case.tables)} tables, {rows:,} rows: {folder}")
    return 0


def _boundaries(given: argparse.Namespace) -> int:
    from ogp_analysis.case import load_case
    from ogp_analysis.sources.download import SOURCES, download_boundaries

    if given.source not in SOURCES:
        raise ParameterError(f"There is no boundary source {given.source!r}.", hint=nearest(given.source, SOURCES))
    path = download_boundaries(load_case(given.case), given.source)
    print(f"Kept in {path}. Reports use it from now on; delete it to return to the schematic outline.")
    return 0


def _calendar(given: argparse.Namespace) -> int:
    from ogp_analysis.case import load_case
    from ogp_analysis.locale import get_language
    from ogp_analysis.quarter import Quarter
    from ogp_analysis.reports.calendar_file import duties_calendar

    case, quarter, language = load_case(given.case), Quarter.parse(given.quarter), get_language(given.language)
    path = given.out or Path(f"{case.id}-duties-{quarter}-{language.code}.ics")
    content = duties_calendar(case, quarter, language)
    path.write_bytes(content)
    print(f"{content.count(b'BEGIN:VEVENT')} days in {path}. Open it in any calendar program.")
    return 0


def _form(given: argparse.Namespace) -> int:
    from ogp_analysis.case import load_case
    from ogp_analysis.forms import write_form

    case = load_case(given.case)
    name = "-".join(part for part in (case.id, given.scorecard, "form", given.language) if part)
    path = write_form(case, given.out or Path(f"{name}.xlsx"), given.language, given.scorecard)
    print(f"Fill in {path}; take it back with: ogp-analysis import {path} --dry-run")
    return 0


def _import(given: argparse.Namespace) -> int:
    from ogp_analysis.forms import import_form

    outcome = import_form(given.file, given.case, dry_run=given.dry_run)
    print(outcome)
    if outcome.backup:
        print(f"Earlier tables: {outcome.backup}")
    elif outcome.hindrance:
        print(f"Every row passes, but the import itself would stop. {outcome.hindrance}")
    elif outcome.alters:
        print("Every row passes. Nothing was changed: run it again without --dry-run.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
