"""Feed damaged files and values through the doors of the library: ``python tests/fuzz/run.py --minutes 60 --seed 1``.

Not collected by pytest. The cases run in a child process with bounded memory, which is ended and started anew when a
case takes too long or takes it down. Each case depends on the seed and its number only:
``--seed 1 --only 4711`` runs one again and shows what happens.
"""

from __future__ import annotations

import argparse
import json
import os
import select
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from dataclasses import asdict
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

#: Address space of the child process; libraries with threads reserve some of it without using it.
MEMORY = 3 * 2**30
#: Processor time after which a case is ended from outside: code in C does not look at the clock.
HARD = 20.0
#: Time by the clock, for a case that waits for something.
WALL = 900.0


def child(seed: int, start: int, doors: tuple[str, ...]) -> None:
    """Run case after case and print a line before and after each; ends when nobody reads."""
    from tests.attack import guard

    guard.ROOM = MEMORY
    from tests.fuzz.one import one

    with tempfile.TemporaryDirectory(prefix="fuzz-") as base:
        number = start
        while True:
            print(json.dumps({"number": number}), flush=True)
            folder = Path(base) / f"{number}"
            folder.mkdir()
            outcome = one(seed, number, doors, folder, Path(base) / "shared")
            shutil.rmtree(folder, ignore_errors=True)
            print(json.dumps({**asdict(outcome), "found": outcome.found}), flush=True)
            number += 1


def _processor_seconds(pid: int) -> float | None:
    try:
        cells = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    except OSError:
        return None
    return (int(cells[11]) + int(cells[12])) / os.sysconf("SC_CLK_TCK")


class Child:
    """The process that runs the cases."""

    def __init__(self, seed: int, start: int, doors: tuple[str, ...]) -> None:
        command = [
            sys.executable,
            str(Path(__file__).resolve()),
            "--child",
            "--seed",
            str(seed),
            "--start",
            str(start),
        ]
        command += [part for name in doors for part in ("--door", name)]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        self.number = start
        self.buffer = b""
        self.mark()

    def mark(self) -> None:
        """A case begins."""
        self.since, self.used = time.monotonic(), _processor_seconds(self.process.pid) or 0.0

    def lines(self) -> list[dict[str, object]] | None:
        """What it has said since; None when it is gone."""
        out = self.process.stdout
        assert out is not None
        ready, _, _ = select.select([out], [], [], 1.0)
        if not ready:
            return []
        data = os.read(out.fileno(), 1 << 20)
        if not data:
            return None
        *whole, self.buffer = (self.buffer + data).split(b"\n")
        return [json.loads(line) for line in whole]

    def overdue(self) -> bool:
        """Whether the case that runs takes too long."""
        used = (_processor_seconds(self.process.pid) or 0.0) - self.used
        return used > HARD or time.monotonic() - self.since > WALL

    def spent(self) -> float:
        """Processor time of all its cases."""
        return _processor_seconds(self.process.pid) or 0.0

    def end(self) -> str:
        """End it, and give the last of what it said on the way."""
        self.process.kill()
        _, errors = self.process.communicate()
        return errors[-1500:].decode("utf-8", "replace")


def run(seed: int, minutes: float, doors: tuple[str, ...], out: Path | None, start: int = 0) -> Counter[str]:
    """Run cases for some minutes; prints each new find and a summary, and gives the count by kind."""
    begun = time.monotonic()
    until = begun + 60 * minutes
    counts: Counter[str] = Counter()
    by_door: Counter[tuple[str, str]] = Counter()
    finds: Counter[tuple[str, str]] = Counter()
    slowest = (0.0, "", 0)
    spent = 0.0
    worker = Child(seed, start, doors)

    def keep(entry: dict[str, object]) -> None:
        key = (str(entry["kind"]), str(entry["sign"]))
        finds[key] += 1
        if finds[key] <= 2:
            line = f"FIND {entry['kind']}: {entry['sign']}  [{entry['door']}; --seed {seed} --only {entry['number']}]\n{entry['text']}\n"
            print(line, flush=True)
            if out is not None:
                with out.open("a", encoding="utf-8") as file:
                    file.write(json.dumps({"seed": seed, **entry}) + "\n")

    try:
        while time.monotonic() < until:
            lines = worker.lines()
            if lines is None or (not lines and worker.overdue()):
                gone, number = lines is None, worker.number
                spent += worker.spent()
                said = worker.end()
                kind = f"died ({worker.process.returncode})" if gone else "hung"
                counts[kind] += 1
                keep({"number": number, "door": "?", "kind": kind, "sign": said.strip()[-200:], "text": said})
                worker = Child(seed, number + 1, doors)
                continue
            for entry in lines:
                if "kind" not in entry:
                    worker.number = int(str(entry["number"]))
                    worker.mark()
                    continue
                counts[str(entry["kind"])] += 1
                by_door[str(entry["door"]), "found" if entry["found"] else str(entry["kind"])] += 1
                slowest = max(slowest, (float(str(entry["seconds"])), str(entry["door"]), worker.number))
                if entry["found"]:
                    keep(entry)
    except KeyboardInterrupt:
        print("Stopped; this is what was found so far.")
    finally:
        spent += worker.spent()
        worker.end()
    print(
        f"seed {seed}, {minutes:g} minutes ({spent / 60:.1f} of processor time), {counts.total()} cases: {dict(counts)}"
    )
    print(f"slowest: {slowest[0]:.1f} s of processor time, {slowest[1]}, number {slowest[2]}")
    for name in doors:
        row = ", ".join(f"{kind} {by_door[name, kind]}" for kind in ("accepted", "refused", "found"))
        print(f"  {name:<22} {row}")
    for (kind, sign), count in finds.most_common():
        print(f"  {count:>5} x {kind}: {sign}")
    return counts


def main() -> int:
    """Read the options and run."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=1.0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--start", type=int, default=0, help="number of the first case")
    parser.add_argument("--door", action="append", default=[], help="only this one; may be given again")
    parser.add_argument("--only", type=int, metavar="NUMBER", help="one case, in this process")
    parser.add_argument("--out", type=Path, help="a file that each new find is added to, as a line of JSON")
    parser.add_argument("--child", action="store_true", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.child:
        child(given.seed, given.start, tuple(given.door))
    from tests.fuzz.doors import DOORS

    if unknown := [name for name in given.door if name not in DOORS]:
        parser.error(f"no door {unknown[0]!r}; the doors are: {', '.join(DOORS)}")
    doors = tuple(given.door or DOORS)
    if given.only is not None:
        from tests.fuzz.one import one

        with tempfile.TemporaryDirectory() as base:
            folder = Path(base) / "case"
            folder.mkdir()
            outcome = one(given.seed, given.only, doors, folder, Path(base) / "shared")
        print(f"{outcome.door}, {outcome.seconds:.1f} s: {outcome.kind} {outcome.sign}\n{outcome.text}")
        return int(outcome.found)
    counts = run(given.seed, given.minutes, doors, given.out, given.start)
    return int(bool(set(counts) - {"accepted", "refused", "starved"}))


if __name__ == "__main__":
    sys.exit(main())
