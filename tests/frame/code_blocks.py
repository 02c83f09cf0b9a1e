"""The fenced code blocks of a page, and what is done with each: run, read by its reader, compared."""

from __future__ import annotations

import contextlib
import csv
import doctest
import importlib.util
import io
import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd
import yaml

from ogp_analysis import load_case, scales
from ogp_analysis.cli import main
from ogp_analysis.commitments import rules
from ogp_analysis.tables import table_specs

from ..ogp.test_rules import frame

ROOT = Path(__file__).resolve().parents[2]
FENCE = re.compile(r"^( *)```([^\n`]*)\n(.*?)^\1```[ ]*$", flags=re.M | re.S)
#: A file that a page names; a block of data belongs to the one named last before it.
NAMED = re.compile(r"`([\w./-]+\.(?:csv|yaml))`")
DATA = {"csv": ".csv", "yaml": ".yaml"}
#: Rules and scales that the package reads from a file beside these modules.
BESIDE = {"rules.yaml": rules, "scales.yaml": scales}


@dataclass(frozen=True)
class Block:
    """One fenced block: where it stands, its language, its text, and the file that the page last named."""

    page: str
    line: int
    language: str
    text: str
    file: str

    def __str__(self) -> str:
        return f"{self.page}, line {self.line}"


def pages() -> dict[str, Path]:
    """Every page for readers that may hold code, by its path in the repository."""
    found = [ROOT / "README.md", ROOT / "CHANGELOG.md", ROOT / "benchmarks" / "README.md"]
    found += sorted((ROOT / "docs").glob("*.md")) + sorted((ROOT / ".github").glob("*.md"))
    found += sorted((ROOT / "data" / "raw").glob("*/README.md"))
    return {path.relative_to(ROOT).as_posix(): path for path in found}


def blocks(page: str) -> list[Block]:
    """The blocks of a page in their order; a fence without its other end is an error."""
    text = pages()[page].read_text(encoding="utf-8")
    out = []
    for match in FENCE.finditer(text):
        named = NAMED.findall(text[: match.start()])
        inside = re.sub(rf"^{match[1]}", "", match[3], flags=re.M)
        line = text.count("\n", 0, match.start()) + 1
        out.append(Block(page, line, match[2].strip(), inside, named[-1] if named else ""))
    fences = len(re.findall(r"^ *(?:```|~~~)", text, flags=re.M))
    assert fences == 2 * len(out), f"{page}: {fences} fences make {len(out)} blocks"
    return out


def commands(block: Block) -> list[str]:
    """The lines of a shell block, without remarks."""
    lines = [re.sub(r"\s+#.*", "", line).strip() for line in block.text.splitlines()]
    return [line for line in lines if line and not line.startswith("#")]


@dataclass
class Reader:
    """Somebody who goes through a page from top to bottom in a folder with the cases and the notebooks.

    Attributes
    ----------
    folder : Path
        A new folder, the working folder of the process.
    not_run, dry : mapping
        Commands that are not run, or run with ``--dry-run``, by page and line, each with the reason.
    said : str
        What the last block printed, and ``told`` all that any block did.
    """

    folder: Path
    not_run: Mapping[tuple[str, str], str]
    dry: Mapping[tuple[str, str], str]
    names: dict[str, Any] = field(default_factory=dict)
    said: str = ""
    told: str = ""

    def settle(self) -> None:
        """Put the cases and the notebooks there."""
        shutil.copytree(ROOT / "data" / "raw", self.folder / "data" / "raw")
        shutil.copytree(ROOT / "data" / "raw" / "banggai", self.folder / "cases" / "banggai")
        shutil.copytree(ROOT / "notebooks", self.folder / "notebooks")

    def takes(self, block: Block) -> None:
        """Do what the page says with a block."""
        do: dict[str, Callable[[Block], None]] = {
            "python": self.python,
            "sh": self.shell,
            "text": self.text,
            **dict.fromkeys(DATA, self.data),
        }
        assert block.language in do, f"{block}: nothing is known to do with a block of {block.language!r}"
        out = io.StringIO()
        try:
            with contextlib.redirect_stdout(out), contextlib.redirect_stderr(out):
                do[block.language](block)
        except BaseException:
            print(out.getvalue())  # what went wrong is told there
            raise
        if block.language != "text":
            self.said = out.getvalue()
            self.told += self.said

    def python(self, block: Block) -> None:
        """Run a block in the one namespace of its page."""
        exec(compile("\n" * block.line + block.text, block.page, "exec"), self.names)

    def shell(self, block: Block) -> None:
        """Run the lines of a block, one by one."""
        for line in commands(block):
            key = (block.page, line)
            if key in self.not_run:
                continue
            words = shlex.split(line)
            extra = ["--dry-run"] if key in self.dry else []
            with set_variables(words):
                code = run([*words, *extra])
            assert code == 0, f"{block}: {line!r} ended with {code}"

    def text(self, block: Block) -> None:
        """What a block shows is what the block before it printed; ``...`` stands for any piece."""
        same = doctest.OutputChecker().check_output(
            block.text.strip() + "\n", self.said.strip() + "\n", doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE
        )
        assert same, f"{block}: shown is\n{block.text}\nprinted was\n{self.said}"

    def data(self, block: Block) -> None:
        """Give a table or description to its reader: the case, the rules, or the command that names the file."""
        assert block.file.endswith(DATA[block.language]), f"{block}: the page names no file of this kind before it"
        path = Path(block.file)
        case = path.parent if len(path.parts) > 1 else Path("data/raw/semarang")
        if path.stem in table_specs() and block.language == "csv":
            self.rows(block, self.folder / case / path.name)
        elif path.name == "datapackage.yaml":
            self.described(block, self.folder / case / path.name)
        elif path.name in BESIDE:
            self.beside(block, path.name)
        else:  # a file of the reader; a command of the page that names it reads it
            (self.folder / path.name).write_text(block.text, encoding="utf-8")
            later = [each for each in blocks(block.page) if each.language == "sh" and each.line > block.line]
            assert any(path.name in line for each in later for line in commands(each)), (
                f"{block}: no command reads it"
            )

    def rows(self, block: Block, table: Path) -> None:
        """Rows that stand in a table of the case are shown as they are; others are appended, the rest of each empty."""
        given = list(csv.DictReader(io.StringIO(block.text)))
        with table.open(encoding="utf-8", newline="") as file:
            reader = csv.DictReader(file)
            columns, there = reader.fieldnames or [], list(reader)
        assert given, f"{block}: no row"
        assert set(given[0]) <= set(columns), f"{block}: {set(given[0]) - set(columns)} is no column"
        assert all(None not in row and None not in row.values() for row in given), (
            f"{block}: a row of another width"
        )
        new = [row for row in given if not any(row.items() <= known.items() for known in there)]
        with table.open("a", encoding="utf-8", newline="") as file:
            csv.DictWriter(file, columns, restval="", lineterminator="\n").writerows(new)
        # a table may name rows of another that the page adds after it: it is checked where the page checks the case
        later = [each for each in blocks(block.page) if each.language == "sh" and each.line > block.line]
        assert any("ogp-analysis check" in line for each in later for line in commands(each)), f"{block}: no check"

    def described(self, block: Block, description: Path) -> None:
        """Put entries into the description of the case."""
        info = yaml.safe_load(description.read_text(encoding="utf-8"))
        given = yaml.safe_load(block.text)
        description.write_text(yaml.safe_dump({**info, **given}, allow_unicode=True), encoding="utf-8")
        assert given.items() <= load_case(description.parent).info.items()

    def beside(self, block: Block, name: str) -> None:
        """A rule or scale: one that is there is shown as it is; a further one is added for this page."""
        there = yaml.safe_load(
            (ROOT / Path(BESIDE[name].__file__ or "").parent / name).read_text(encoding="utf-8")
        )
        for key, entry in yaml.safe_load(block.text).items():
            if key in there:
                assert entry == there[key], f"{block}: {key} is not what stands in {name}"
            else:
                add_rule(name, self.folder, {key: entry})
                self.examples(block, key, entry.get("examples", []))

    def examples(self, block: Block, key: str, given: list[dict[str, Any]]) -> None:
        """The examples of a further rule are answered as they say."""
        for each in given:
            answer = rules.decide(
                frame([{name: text for name, text in each.items() if name != "answer"}]), key
            ).iloc[0]
            assert (None if pd.isna(answer) else bool(answer)) is each["answer"], f"{block}: {each}"


def add_rule(name: str, folder: Path, entry: Mapping[str, Any]) -> None:
    """Have the package read a file of rules with a further entry, kept in a folder; :func:`as_before` ends it."""
    module = BESIDE[name]
    text = (Path(module.__file__ or "").parent / name).read_text(encoding="utf-8")
    (folder / name).write_text(f"{text}\n{yaml.safe_dump(dict(entry), allow_unicode=True)}", encoding="utf-8")
    module.__file__ = str(folder / Path(module.__file__ or "").name)
    forget()


def forget() -> None:
    """Have rules and scales read again."""
    rules.rules.cache_clear()
    scales.scales.cache_clear()


@contextlib.contextmanager
def as_before() -> Iterator[None]:
    """Undo what a page did to the process: where rules are read, and who answers signals."""
    places = {module: module.__file__ for module in BESIDE.values()}
    try:
        yield
    finally:
        for module, place in places.items():
            module.__file__ = place
        forget()


@contextlib.contextmanager
def set_variables(words: list[str]) -> Iterator[None]:
    """Take ``NAME=value`` off the front of a command and set it while the command runs."""
    before = dict(os.environ)
    while re.match(r"[A-Z_]+=", words[0]):
        name, _, value = words.pop(0).partition("=")
        os.environ[name] = value
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


def run(words: list[str]) -> int:
    """Run a command of a page with this interpreter and this checkout; gives its exit code."""
    first, *rest = words
    if words[:2] == ["python3", "run.py"]:
        first, *rest = what_run_py_calls(words[2:])
    if Path(first).name == "ogp-analysis":
        return main(rest)
    if Path(first).name == "papermill":
        return _process(["-m", "papermill", *rest])
    if Path(first).name.startswith("python") and rest[:1] == ["-m"]:
        return _process(rest)
    raise AssertionError(f"nothing is known to run {first!r} by")


def _process(arguments: list[str]) -> int:
    path = os.pathsep.join([str(ROOT), *filter(None, [os.environ.get("PYTHONPATH")])])
    done = subprocess.run(
        [sys.executable, *arguments], env={**os.environ, "PYTHONPATH": path}, capture_output=True, text=True
    )
    print(done.stdout, done.stderr)
    return done.returncode


def what_run_py_calls(arguments: list[str]) -> list[str]:
    """The command that ``run.py`` hands over to, without setting anything up."""
    spec = importlib.util.spec_from_file_location("run_py_of_the_pages", ROOT / "run.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    called: list[list[str]] = []
    module.ensure = lambda folder, locks: {}  # type: ignore[attr-defined]
    module.hand_over = lambda command, env, cwd=None: called.append(command) or 0  # type: ignore[attr-defined]
    assert module.main(arguments) == 0
    (command,) = called
    return command
