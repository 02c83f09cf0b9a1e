"""Every benchmark, one after the other, and what it gives beside what README.md and benchmarks/README.md say.

    python benchmarks/all.py [--quick] [--dependence] [--set-up] [--only NAME ...]

Each figure is a ratio against a baseline that stands beside it; nothing passes or fails. ``--quick`` takes small
sizes, to try the command: its figures are no measurement. ``--dependence`` adds benchmarks/dependence.py, which
makes the report set eleven times; ``--set-up`` adds what the README says of the first call, on a copy of the
repository with an empty cache, beside a bare download of the same files by pip. What is said but takes long
(land-tax rolls of 10,000,000 bills) is listed as not measured: run its own command.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
HERE = ROOT / "benchmarks"


@dataclass(frozen=True)
class Benchmark:
    """A benchmark, its arguments, its heading in benchmarks/README.md, and what its ratios are against."""

    name: str
    full: tuple[str, ...]
    quick: tuple[str, ...]
    heading: str
    baseline: str
    keys: int = 1  # the first columns of its table, which tell a row from the others
    ratio: str = "times"  # how the names of its columns of ratios begin


BENCHMARKS = (
    Benchmark("commitments", (), ("500",), "", "a bare read of the same file by pandas"),
    Benchmark(
        "composite", (), ("--quick",), "Composite indices", "a plain loop of Python, once a run or draw", 2,
        "CPU, times",
    ),
    Benchmark(
        "tax_roll", ("--repeat", "3", "100000", "1000000"), ("--repeat", "1", "20000"), "Land-tax rolls",
        "a bare read of the same file by pyarrow", 2, "ratio",
    ),
    Benchmark("reports", (), ("--quick",), "Report sets", "the floor: the cells of the pages in one warm process"),
)  # fmt: skip


def cells(line: str) -> list[str]:
    """The cells of a line of a table in Markdown, without bold."""
    return [cell.strip().replace("**", "") for cell in line.strip().strip("|").split("|")]


def table_of(text: str) -> list[dict[str, str]]:
    r"""The first table in a text; columns of the same name get the number of their place.

    >>> table_of("words\n| work | s |\n|---|--:|\n| read | **2** |\nmore")
    [{'work': 'read', 's': '2'}]
    """
    lines = text.splitlines()
    start = next((at for at, line in enumerate(lines) if line.startswith("|")), len(lines))
    names: list[str] = []
    rows = []
    for at, line in enumerate(lines[start:]):
        if not line.startswith("|"):
            break
        if at == 0:
            names = [
                name if cells(line).count(name) == 1 else f"{name} ({n})" for n, name in enumerate(cells(line))
            ]
        elif at > 1:
            rows.append(dict(zip(names, cells(line), strict=True)))
    return rows


def said(heading: str) -> list[dict[str, str]]:
    """The table below a heading of benchmarks/README.md."""
    text = (HERE / "README.md").read_text(encoding="utf-8")
    return table_of(text.partition(f"\n## {heading}\n")[2]) if heading else []


def in_turn(command: list[str], **variables: str) -> str:
    """Run a command and show what it prints, as it comes; stops if it fails."""
    environ = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1", **variables}
    printed = []
    with subprocess.Popen(command, cwd=ROOT, env=environ, stdout=subprocess.PIPE, encoding="utf-8") as process:
        assert process.stdout is not None
        for line in process.stdout:
            print(line, end="", flush=True)
            printed.append(line)
    if process.returncode:
        sys.exit(f"{' '.join(command)} ended with {process.returncode}")
    return "".join(printed)


def number(text: str) -> float | None:
    """The number at the start of a cell.

    >>> number("1,532 MiB"), number("40_district_profile")
    (1532.0, None)
    """
    found = re.fullmatch(r"([0-9][0-9,]*(?:\.[0-9]+)?)(?: (?:s|MiB|MB))?", text)
    return float(found[1].replace(",", "")) if found else None


def beside(benchmark: Benchmark, measured: list[dict[str, str]], claims: list[dict[str, str]]) -> list[list[str]]:
    """One line for each figure: what is said, what was measured, measured / said; the ratios always."""

    def key(row: dict[str, str]) -> tuple[str, ...]:
        # a count of pages or processors in the words is no part of what is measured
        return tuple(
            re.sub(r"[0-9]+ pages.*| clock / [0-9]+", "", cell) for cell in list(row.values())[: benchmark.keys]
        )

    known = {key(row): row for row in claims}
    lines = []
    for row in measured:
        claim = known.pop(key(row), {})
        for name, text in list(row.items())[benchmark.keys :]:
            if name not in claim and not name.startswith(benchmark.ratio):
                continue
            now, before = number(text), number(claim.get(name, ""))
            share = f"{now / before:.2f}" if now is not None and before else "-"
            lines.append(
                [
                    benchmark.name,
                    ", ".join(list(row.values())[: benchmark.keys]),
                    name,
                    claim.get(name, "-"),
                    text,
                    share,
                ]
            )
    for row in known.values():
        lines.append(
            [benchmark.name, ", ".join(list(row.values())[: benchmark.keys]), "all", "said", "not measured", "-"]
        )
    return lines


def set_up() -> list[list[str]]:
    """What run.py says of its first call: seconds and megabytes, beside a bare download by pip."""
    usage = subprocess.run(
        [sys.executable, "run.py", "--help"], cwd=ROOT, capture_output=True, encoding="utf-8"
    ).stdout
    megabytes = re.search(r"some ([0-9]+) MB", usage)
    assert megabytes is not None
    assert "half a minute" in usage
    with tempfile.TemporaryDirectory(prefix="ogp-bench-") as name:
        folder = Path(name)
        begun = time.perf_counter()
        pip = [
            sys.executable,
            "-m",
            "pip",
            "download",
            "-qqq",
            "--no-deps",
            "--no-cache-dir",
            "-d",
            str(folder / "files"),
        ]
        in_turn([*pip, "-r", "requirements.lock"])
        bare = time.perf_counter() - begun
        size = sum(path.stat().st_size for path in (folder / "files").iterdir()) / 1e6
        copy = folder / "copy"
        made = {
            "reports",
            "site",
            "build",
            "dist",
        }  # by the project, in its own folder; packages have such names, too
        hidden = shutil.ignore_patterns(".*", "__pycache__")
        shutil.copytree(
            ROOT,
            copy,
            ignore=lambda at, names: hidden(at, names) | (made & set(names) if at == str(ROOT) else set()),
        )
        begun = time.perf_counter()
        fresh = {"UV_CACHE_DIR": str(folder / "cache"), "PIP_NO_CACHE_DIR": "1", "PYTHONPATH": ""}
        in_turn([sys.executable, str(copy / "run.py"), "report", "--help"], **fresh)
        took = time.perf_counter() - begun
    return [
        ["README.md", "set-up", "seconds", "half a minute", f"{took:.1f} s", f"{took / 30:.2f}"],
        ["README.md", "set-up", "times a bare download by pip", "-", f"{took / bare:.2f}", "-"],
        ["run.py", "download", "megabytes", megabytes[1], f"{size:.0f} MB", f"{size / float(megabytes[1]):.2f}"],
    ]


def main() -> None:
    """Run them, then print one table of everything that is said and what was measured."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="small sizes, to try the command")
    parser.add_argument(
        "--dependence", action="store_true", help="also which pages a changed value makes again; long"
    )
    parser.add_argument("--set-up", action="store_true", help="also the first call of run.py; downloads twice")
    parser.add_argument("--only", nargs="+", choices=[one.name for one in BENCHMARKS], help="only these")
    given = parser.parse_args()
    lines = []
    for one in BENCHMARKS:
        if given.only and one.name not in given.only:
            continue
        print(f"\n## {one.name}: beside {one.baseline}\n", flush=True)
        printed = in_turn(
            [sys.executable, str(HERE / f"{one.name}.py"), *(one.quick if given.quick else one.full)]
        )
        # small sizes are not what is said of the full ones
        lines += beside(one, table_of(printed), [] if given.quick else said(one.heading))
    if given.dependence:
        print("\n## dependence\n", flush=True)
        in_turn([sys.executable, str(HERE / "dependence.py")])
    if given.set_up:
        print("\n## set-up\n", flush=True)
        lines += set_up()
    print("\n## What is said, and what was measured here\n")
    if given.quick:
        print("Small sizes: figures of this run are no measurement.\n")
    print("| benchmark | work | figure | said | measured | measured / said |\n|---|---|---|--:|--:|--:|")
    for line in lines:
        print("| " + " | ".join(line) + " |")


if __name__ == "__main__":
    main()
