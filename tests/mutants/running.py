"""Runs the tests of a module on it as it is, and on each of its mutants."""

from __future__ import annotations

import gc
import importlib
import importlib.abc
import importlib.machinery
import importlib.util
import json
import os
import pickle
import resource
import signal
import sys
import tempfile
import time
import types
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from operators import Mutant

ROOT = Path(__file__).resolve().parents[2]
#: Examples of Hypothesis a test, the same ones in each run.
EXAMPLES = 10
#: Seconds by the clock after which a run is given up, however little it got of the processor.
GIVE_UP = 1800

#: Tests that make whole pages or rolls: too long to run for each mutant.
LEFT_OUT = (
    "tests/relief/test_engine.py::test_a_hundred_thousand_bills_are_equal_to_the_rupiah_in_every_form",
    "tests/relief/test_engine.py::test_the_same_roll_in_every_form_gives_the_same_relief",
    "tests/relief/test_defects.py::test_whatever_is_wrong_rows_in_are_bills_and_rows_out",
    "tests/membership/test_duties.py::test_what_a_case_adds_is_on_the_page_without_a_change_of_code",
)


@dataclass(frozen=True)
class Baseline:
    """A run without a mutant: which tests ran which lines, seconds of processor of each, and what was covered."""

    lines: dict[int, set[str]]
    seconds: dict[str, float]
    covered: dict[str, int]


class Watch:
    """Pytest plugin: what each test takes, and few examples of Hypothesis, the same at each run."""

    def __init__(self, tell: Callable[[str], object] = lambda context: None) -> None:
        self.seconds: dict[str, float] = {}
        self.failed: list[str] = []
        self.tell = tell

    def pytest_collection_modifyitems(self, items: list[Any]) -> None:
        from hypothesis import HealthCheck, settings

        for item in items:
            own = getattr(getattr(item, "obj", None), "_hypothesis_internal_use_settings", None)
            if own is not None:
                item.obj._hypothesis_internal_use_settings = settings(
                    own, max_examples=min(own.max_examples, EXAMPLES), derandomize=True, database=None, deadline=None,
                    suppress_health_check=list(HealthCheck),
                )  # fmt: skip

    def pytest_runtest_logstart(self, nodeid: str) -> None:
        self.tell(f"{nodeid}|setup")

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_call(self, item: Any) -> Any:
        self.tell(f"{item.nodeid}|call")
        begun = time.process_time()
        done = yield
        # without its fixtures: whichever test comes first would pay for what all share
        self.seconds[item.nodeid] = time.process_time() - begun
        return done

    def pytest_runtest_logreport(self, report: Any) -> None:
        if report.failed:
            self.failed.append(f"{report.nodeid}: {report.longreprtext[-1500:]}")


class Forks(Watch):
    """Pytest plugin: instead of running what was collected, tries each mutant on it in a process of its own."""

    def __init__(self, work: Sequence[tuple[Mutant, list[str]]], path: Path) -> None:
        super().__init__()
        self.work, self.path = work, path
        self.codes: list[int | None] = []

    def pytest_runtestloop(self, session: Any) -> bool:
        remember_cases()
        functions = [each for each in gc.get_objects() if isinstance(each, types.FunctionType)]
        self.functions = [each for each in functions if each.__code__.co_filename == str(self.path)]
        gc.freeze()
        by_name = {item.nodeid: item for item in session.items}
        for mutant, names in self.work:
            items = [by_name[name] for name in names]
            self.codes.append(in_child(lambda m=mutant, i=items: self.one(session, m, i), limit_of(self, names)))
        return True

    def one(self, session: Any, mutant: Mutant, items: list[Any]) -> int:
        exchange(mutant, self.path, self.functions)
        session.items = items
        for item, after in zip(items, [*items[1:], None], strict=True):
            item.config.hook.pytest_runtest_protocol(item=item, nextitem=after)
            if session.testsfailed:
                return 1
        return 0


class InPlace(importlib.abc.MetaPathFinder, importlib.machinery.SourceFileLoader):
    """Finds one module, and gives a changed tree for its text."""

    def __init__(self, name: str, path: Path, mutant: Mutant) -> None:
        super().__init__(name, str(path))
        self.mutant = mutant

    def find_spec(self, fullname: str, path: object = None, target: object = None) -> Any:
        return (
            importlib.util.spec_from_file_location(fullname, self.path, loader=self)
            if fullname == self.name
            else None
        )

    def get_code(self, fullname: str) -> types.CodeType:
        return compile(self.mutant.tree(), self.path, "exec")


def limit_of(own: Watch | Baseline, names: Sequence[str]) -> int:
    return int(5 + 3 * sum(own.seconds.get(name, 0.0) for name in names))


def loaded(paths: Sequence[Path]) -> None:
    """Import modules, as everybody does: pytest would put a module in the place of a function of the same name."""
    for path in paths:
        importlib.import_module(".".join(path.relative_to(ROOT).with_suffix("").parts))


def run_tests(tests: Sequence[str], watch: Watch, *options: str) -> int:
    common = ["-q", "-p", "no:cacheprovider", "--rootdir", str(ROOT), "-W", "ignore"]
    less = [option for name in LEFT_OUT for option in ("--deselect", name)]
    return int(pytest.main([*common, *less, *options, *tests], plugins=[watch]))


def in_child(work: Callable[[], int], limit: int) -> int | None:
    """Exit code of some work in a process of its own; None if it did not end in its seconds of processor."""
    sys.stdout.flush()
    pid = os.fork()
    if pid == 0:
        os.setsid()
        code = 99
        try:
            resource.setrlimit(resource.RLIMIT_CPU, (limit, limit + 5))
            silent = os.open(os.devnull, os.O_WRONLY)
            os.dup2(silent, 1)
            os.dup2(silent, 2)
            code = work()
        except BaseException:
            code = 98
        finally:
            os._exit(code)
    end = time.monotonic() + GIVE_UP
    while time.monotonic() < end:
        done, status = os.waitpid(pid, os.WNOHANG)
        if done:
            return None if os.WIFSIGNALED(status) else os.waitstatus_to_exitcode(status)
        time.sleep(0.005)
    os.killpg(pid, signal.SIGKILL)
    os.waitpid(pid, 0)
    return None


def exchange(mutant: Mutant, path: Path, functions: Sequence[types.FunctionType]) -> None:
    """Give the function around a mutant its changed code, wherever that function is referred to."""
    assert mutant.outer is not None
    name = mutant.outer.name
    first = min([mutant.outer.lineno, *(each.lineno for each in mutant.outer.decorator_list)])
    codes = [compile(mutant.tree(), str(path), "exec")]
    for code in codes:
        codes += [each for each in code.co_consts if isinstance(each, types.CodeType)]
    changed = next(code for code in codes if (code.co_name, code.co_firstlineno) == (name, first))
    live = [each for each in functions if (each.__code__.co_name, each.__code__.co_firstlineno) == (name, first)]
    if not live:
        raise LookupError(f"{name} of {path} is not in use")
    for each in live:
        each.__code__ = changed


def remember_cases() -> None:
    """Read each built-in case once for all mutants; the modules under test are no part of reading it."""
    from ogp_analysis import case

    plain, known = case.load_case, {}

    def remembering(given: Any = "semarang", *args: Any, **more: Any) -> Any:
        whole = (
            not args and not more and (given == "semarang" or Path(given) == ROOT / "data" / "raw" / "semarang")
        )
        if not whole:
            return plain(given, *args, **more)
        if given not in known:
            known[given] = plain(given)
        return known[given]

    for given in ("semarang", ROOT / "data" / "raw" / "semarang"):
        remembering(given)
    for module in list(sys.modules.values()):
        if vars(module).get("load_case") is plain:
            module.load_case = remembering  # type: ignore[attr-defined]


def baseline(paths: Sequence[Path], tests: Sequence[str]) -> dict[Path, Baseline]:
    """Run the tests of some modules without a mutant; gives what there is to know for each module."""
    with tempfile.TemporaryDirectory() as folder:
        out, summary = Path(folder) / "baseline", Path(folder) / "summary.json"

        def work() -> int:
            import coverage

            files = [str(path) for path in paths]
            cov = coverage.Coverage(include=files, branch=True, data_file=None, config_file=False)
            cov.start()
            loaded(paths)
            watch = Watch(cov.switch_context)
            code = run_tests(tests, watch)
            cov.stop()
            cov.json_report(outfile=str(summary))
            data = cov.get_data()
            lines = {
                path: {line: set(names) for line, names in data.contexts_by_lineno(path).items()} for path in files
            }
            out.write_bytes(pickle.dumps((lines, watch.seconds, watch.failed)))
            return code

        code = in_child(work, 1800)
        if not out.exists():
            sys.exit(f"The tests did not run: {code}")
        lines, seconds, failed = pickle.loads(out.read_bytes())
        if code:
            sys.exit("\n".join(["Without a mutant these fail:", *failed]))
        files = json.loads(summary.read_text(encoding="utf-8"))["files"]
        covered = {str((ROOT / name).resolve()): found["summary"] for name, found in files.items()}
        return {path: Baseline(lines[str(path)], seconds, covered[str(path)]) for path in paths}


def tests_for(mutant: Mutant, own: Baseline, slow: float) -> list[str]:
    """The tests that a mutant must pass, those that run its line first, the fastest of them first."""
    seen = set().union(*(own.lines.get(line, set()) for line in mutant.lines))
    every = mutant.remembered or any(not name or name.endswith("|setup") for name in seen)
    names = list(own.seconds) if every else [name.removesuffix("|call") for name in seen]
    quick = [name for name in names if own.seconds.get(name, slow) < slow]
    return sorted(quick, key=lambda name: (f"{name}|call" not in seen, own.seconds[name], name))


def fates(
    name: str, path: Path, mutants: Sequence[Mutant], tests: Sequence[str], own: Baseline, slow: float
) -> list[str]:
    """``killed`` (or ``timeout``), or ``survived`` (or ``no test``), for each mutant."""
    work = [(mutant, tests_for(mutant, own, slow)) for mutant in mutants]
    inside = [(mutant, names) for mutant, names in work if names and not mutant.remembered]
    codes: dict[int, int | None] = {}
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "codes"

        def all_inside() -> int:
            forks = Forks(inside, path)
            forks.seconds = own.seconds
            loaded([path])
            run_tests(tests, forks)
            out.write_bytes(pickle.dumps(forks.codes))
            return 0

        if inside:
            in_child(all_inside, 1800)
            codes = {
                id(mutant): code for (mutant, _), code in zip(inside, pickle.loads(out.read_bytes()), strict=True)
            }
    found = []
    for mutant, names in work:
        if not names:
            found.append("no test")
            continue
        code = (
            codes[id(mutant)]
            if id(mutant) in codes
            else at_import(f"ogp_analysis.{name}", path, mutant, names, own)
        )
        found.append("timeout" if code is None else "survived" if code == 0 else "killed")
    return found


def at_import(module: str, path: Path, mutant: Mutant, names: Sequence[str], own: Baseline) -> int | None:
    """Exit code of the tests where the module is changed before anything imports it."""

    def work() -> int:
        sys.meta_path.insert(0, InPlace(module, path, mutant))
        try:
            importlib.import_module(module)
        except Exception:
            return 1
        code = run_tests(names, Watch(), "-x")
        # names of tests that hang on the module itself may be gone: then the files that hold them
        return run_tests(sorted({name.split("::")[0] for name in names}), Watch(), "-x") if code == 4 else code

    return in_child(work, limit_of(own, names))
