"""Every benchmark, one after the other, and what it gives beside what README.md and benchmarks/README.md say.

    python benchmarks/all.py [--quick] [--only NAME ...]

Each figure is a ratio against a baseline that stands beside it; nothing passes or fails. Takes about a quarter of
an hour, 4 GB of disk and 5 GB of memory, and is worth something on a machine that does nothing else. ``--quick``
takes small sizes, to try the command: its figures are no measurement. ``set_up`` is what the README says of the
first call, on a copy of the repository with an empty cache, beside a bare download of the same files by pip.
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
    quick: tuple[str, ...] | None  # None: it has no small size
    heading: str
    baseline: str
    keys: int = 1  # the first columns of its table, which tell a row from the others
    ratio: str = "times"  # stands in the names of its columns of ratios


BENCHMARKS = (
    Benchmark("commitments", (), ("500",), "Commitments", "a bare read of the same file by pandas"),
    Benchmark(
        "composite", (), ("--quick",), "Composite indices", "a plain loop of Python, once a run or draw", 2,
    ),
    Benchmark(
        "tax_roll", (), ("--repeat", "1", "20000"), "Land-tax rolls", "a bare read of the same file by pyarrow", 2,
        "ratio",
    ),
    Benchmark(
        "reports", ("--papermill", "--cluster", "200"), ("--quick",), "Report sets",
        "the floor: the cells of the pages in one warm process",
    ),
    Benchmark("dependence", (), None, "What one changed value makes again", "a full run, in pages"),
)  # fmt: skip
SET_UP = "set_up"


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
    return table_of(text.partition(f"\n## {heading}\n")[2])


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
        counts = r"[0-9]+ (?:pages|profiles|notebooks|workers).*| clock / [0-9]+"
        return tuple(re.sub(counts, "", cell) for cell in list(row.values())[: benchmark.keys])

    known = {key(row): row for row in claims}
    lines = []
    for row in measured:
        work = ", ".join(list(row.values())[: benchmark.keys])
        claim = known.pop(key(row), {})
        for name, text in list(row.items())[benchmark.keys :]:
            if name not in claim and benchmark.ratio not in name:
                continue
            now, before = number(text), number(claim.get(name, ""))
            share = f"{now / before:.2f}" if now is not None and before else "-"
            lines.append([benchmark.name, work, name, claim.get(name, "-"), text, share])
    for row in known.values():
        work = ", ".join(list(row.values())[: benchmark.keys])
        lines.append([benchmark.name, work, "all", "said", "not measured", "-"])
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
        pip = [sys.executable, "-m", "pip", "download", "-qqq", "--no-deps", "--no-cache-dir"]
        pip += ["-d", str(folder / "files")]
        in_turn([*pip, "-r", "requirements.lock"])
        bare = time.perf_counter() - begun
        size = sum(path.stat().st_size for path in (folder / "files").iterdir()) / 1e6
        copy = folder / "copy"
        # by the project, in its own folder; packages have such names, too
        made = {"reports", "site", "build", "dist"}
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
    names = [*(one.name for one in BENCHMARKS), SET_UP]
    parser.add_argument("--only", nargs="+", choices=names, metavar="NAME", help=f"only these: {', '.join(names)}")
    given = parser.parse_args()
    wanted = given.only or names
    lines = []
    for one in BENCHMARKS:
        arguments = one.quick if given.quick else one.full
        if one.name not in wanted or arguments is None:
            continue
        print(f"\n## {one.name}: beside {one.baseline}\n", flush=True)
        printed = in_turn([sys.executable, str(HERE / f"{one.name}.py"), *arguments])
        # small sizes are not what is said of the full ones
        lines += beside(one, table_of(printed), [] if given.quick else said(one.heading))
    if SET_UP in wanted and not given.quick:
        print(f"\n## {SET_UP}: beside a bare download by pip\n", flush=True)
        lines += set_up()
    print("\n## What is said, and what was measured here\n")
    if given.quick:
        print("Small sizes: figures of this run are no measurement.\n")
    print("| benchmark | work | figure | said | measured | measured / said |\n|---|---|---|--:|--:|--:|")
    for line in lines:
        print("| " + " | ".join(line) + " |")


if __name__ == "__main__":
    main()
