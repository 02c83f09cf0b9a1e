"""Mutation testing of the modules that hold rules, accounts, composite indices and cleaning.

    python tests/mutants                     # all modules, a sample of 80 mutants of each
    python tests/mutants rules dates         # some of them
    python tests/mutants --sample 0 rules    # every mutant
    python tests/mutants --from FILE         # those that survived in an earlier run

Needs coverage (``pip install coverage``) beside what the tests need, and an operating system that can fork.
tests/README.md says how it works and what it found.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any, TextIO

from operators import Mutant, mutants_of
from plan import MODULES
from running import ROOT, Baseline, baseline, fates


def main() -> None:
    parser = argparse.ArgumentParser(prog="python tests/mutants", description=(__doc__ or "").split("\n")[0])
    parser.add_argument("modules", nargs="*", help="ends of names, such as rules or composite.weigh; none: all")
    parser.add_argument("--sample", type=int, default=80, help="mutants a module, 0 for all (default 80)")
    parser.add_argument("--seed", type=int, default=20231231)
    parser.add_argument(
        "--slow", type=float, default=1.0, help="seconds from which a test is not used (default 1)"
    )
    parser.add_argument("--from", dest="earlier", type=Path, help="results of an earlier run: its survivors only")
    parser.add_argument("--out", type=Path, default=Path(tempfile.gettempdir()) / "mutants.jsonl")
    given = parser.parse_args()
    chosen = {
        name: tests
        for name, tests in MODULES.items()
        if not given.modules or any(f".{name}".endswith(f".{end}") for end in given.modules)
    }
    earlier = None
    if given.earlier:
        rows = [json.loads(row) for row in given.earlier.read_text(encoding="utf-8").splitlines()]
        earlier = {(row["module"], unlined(row["text"])) for row in rows if row["fate"] in ("survived", "no test")}
    os.chdir(ROOT)
    sys.path.insert(0, str(ROOT))
    print(f"seed {given.seed}; results go to {given.out}\n", flush=True)
    with given.out.open("a", encoding="utf-8") as out:
        for tests in dict.fromkeys(chosen.values()):
            paths = {name: path_of(name) for name in chosen if chosen[name] == tests}
            mutants = {
                name: picked(name, mutants_of(path.read_text(encoding="utf-8")), given.sample, given.seed, earlier)
                for name, path in paths.items()
            }
            if not any(mutants.values()):
                continue
            every = [*(str(path.relative_to(ROOT)) for path in paths.values()), *tests]
            lines = baseline(list(paths.values()), every)
            for name, path in paths.items():
                if mutants[name]:
                    found = fates(name, path, mutants[name], every, lines[path], given.slow)
                    one_module(name, mutants[name], lines[path], found, out)


def path_of(name: str) -> Path:
    return ROOT / f"ogp_analysis/{name.replace('.', '/')}.py"


def unlined(text: str) -> str:
    """A mutant without its line, which may have moved since."""
    return text.partition(": ")[2]


def picked(
    name: str, every: list[Mutant], size: int, seed: int, earlier: set[tuple[str, str]] | None
) -> list[Mutant]:
    """The mutants to test: those that survived before, a random sample, or all."""
    if earlier is not None:
        return [mutant for mutant in every if (name, unlined(str(mutant))) in earlier]
    if not size or len(every) <= size:
        return every
    return [every[at] for at in sorted(random.Random(f"{seed} {name}").sample(range(len(every)), size))]


def one_module(name: str, mutants: Sequence[Mutant], own: Baseline, found: Sequence[str], out: TextIO) -> None:
    """Prints the mutants that survive, and a row of the table."""
    for mutant, fate in zip(mutants, found, strict=True):
        out.write(json.dumps({"module": name, "text": str(mutant), "fate": fate}) + "\n")
        if fate in ("survived", "no test"):
            print(f"    {fate}: {mutant}")
    out.flush()
    every = len(mutants_of(path_of(name).read_text(encoding="utf-8")))
    killed = sum(fate in ("killed", "timeout") for fate in found)
    share: dict[str, Any] = own.covered
    print(
        f"| {name} | {every} | {len(mutants)} | {killed} | {len(mutants) - killed} | {100 * killed / len(mutants):.0f} % "
        f"| {share['covered_lines']}/{share['num_statements']} "
        f"| {share['covered_branches']}/{share['num_branches']} |",
        flush=True,
    )


main()
