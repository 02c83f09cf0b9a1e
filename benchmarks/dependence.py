"""Which pages are made again when one value of a table changes, and whether they come out as in a full run.

    python benchmarks/dependence.py

Five tables of a copy of the case are changed one after the other. After each, the set is made again, once only
what changed and once all of it in another folder; stops if a byte differs. Prints a table for the README.
"""

from __future__ import annotations

import collections
import csv
import io
import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from ogp_analysis.casefile import case_folder

ROOT = Path(__file__).resolve().parents[1]
QUARTER = "2023Q4"
#: Table, column, and what is put behind the first text in it.
CHANGES = (
    ("claims", "statement_en", " (changed)"),
    ("plan_results", "count", "1"),
    ("measure_terms", "group_en", " (changed)"),
    ("reference_counts", "count", "1"),
    ("district_values", "value", "1"),
)


def change(case: Path, table: str, column: str, more: str) -> str:
    """Change the first value of a column; gives it in words."""
    path = case / f"{table}.csv"
    rows = list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8"))))
    row = next(each for each in rows if each[column])
    row[column] += more
    text = io.StringIO()
    writer = csv.DictWriter(text, list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    path.write_text(text.getvalue(), encoding="utf-8")
    return f"`{table}.csv`: `{more.strip()}` behind the first {column}"


def made(case: Path, out: Path) -> dict[str, str]:
    """Make the set; gives what the state says of each page."""
    command = [sys.executable, "-m", "ogp_analysis.cli", "report", "--case", str(case), "--quarter", QUARTER]
    done = subprocess.run([*command, "--out", str(out)], capture_output=True, text=True)
    if done.returncode:
        sys.exit(f"{done.stdout[-3000:]}{done.stderr[-3000:]}")
    state = json.loads((out / "semarang" / QUARTER / "state.json").read_text(encoding="utf-8"))
    return {name: json.dumps(page, sort_keys=True) for name, page in state["pages"].items()}


def main() -> None:
    """Change, make, compare."""
    sys.path.insert(0, str(ROOT))  # what a set is compared by is a module of the tests, not of the package
    from tests.reports.small import bytes_of

    os.environ["SOURCE_DATE_EPOCH"] = "1700000000"
    with tempfile.TemporaryDirectory(prefix="ogp-bench-") as name:
        case = Path(name) / "semarang"
        shutil.copytree(case_folder("semarang"), case, ignore=shutil.ignore_patterns(".*"))
        before = made(case, Path(name) / "out")
        print("| one value changed | pages made again | in all | times a full run |\n|---|---|--:|--:|")
        for number, (table, column, more) in enumerate(CHANGES):
            words = change(case, table, column, more)
            now = made(case, Path(name) / "out")
            whole = Path(name) / f"whole-{number}"
            made(case, whole)
            if bytes_of(whole) != bytes_of(Path(name) / "out"):
                sys.exit(f"{words}: what was left as it was is not what a full run gives.")
            again = [page for page in now if now[page] != before.get(page)]
            counted = collections.Counter(page.split("/")[1] for page in again)
            told = ", ".join(f"{notebook} ({count})" for notebook, count in sorted(counted.items()))
            print(f"| {words} | {told} | {len(again)} | {len(again) / len(now):.2f} |", flush=True)
            before = now
            shutil.rmtree(whole)


if __name__ == "__main__":
    main()
