"""What the relief engine costs beside pyarrow merely reading the same roll; no pass or fail.

Run: ``.venv/bin/python benchmarks/tax_roll.py [ROWS ...] [--folder FOLDER] [--repeat N]``

Makes illustrative rolls (10^5, 10^6 and 10^7 bills, without ROWS) as CSV and Parquet, and prints a table in
Markdown. Each figure comes from a process of its own, so that the peak of memory is that of the one thing
measured; of several runs the fastest counts. The bare read is ``pyarrow.csv.read_csv`` or
``pyarrow.parquet.read_table`` of the whole file with pyarrow's own threads.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import subprocess
import sys
import tempfile
import time
from datetime import date
from pathlib import Path

CHUNK = 350_000  # bills made at a time; a multiple of the tax years, so that no object is cut in two
AS_OF = date(2023, 12, 31)
ASSUMED = {"PBB-25": (2020, 2020), "PBB-EXEMPT": (2021, 2021)}


def write_rolls(folder: Path, rows: int) -> list[Path]:
    """Write a roll of a size in both forms, unless it is there already."""
    import pyarrow as pa
    import pyarrow.csv
    import pyarrow.parquet

    from ogp_analysis.recovery.example_roll import YEARS, make_example_roll

    paths = [folder / f"roll-{rows}.{kind}" for kind in ("csv", "parquet")]
    if all(path.exists() for path in paths):
        return paths
    assert CHUNK % len(YEARS) == 0
    csv = parquet = None
    for start in range(0, rows, CHUNK):
        count = min(CHUNK, rows - start)
        frame = make_example_roll(count, seed=start, first_object=start // len(YEARS))
        table = pa.Table.from_pandas(frame, preserve_index=False)
        csv = csv or pyarrow.csv.CSVWriter(paths[0], table.schema)
        parquet = parquet or pyarrow.parquet.ParquetWriter(paths[1], table.schema)
        csv.write_table(table)
        parquet.write_table(table)
    csv.close()
    parquet.close()
    return paths


def measure(what: str, path: Path) -> dict[str, float]:
    """Do one thing in this process and tell what it cost."""
    import pyarrow.csv
    import pyarrow.parquet

    found = {}
    if what == "read":
        start, spent = time.perf_counter(), time.process_time()
        read = pyarrow.csv.read_csv if path.suffix == ".csv" else pyarrow.parquet.read_table
        found["rows"] = read(path).num_rows
    else:
        from ogp_analysis import Quarter, load_case
        from ogp_analysis.recovery.measures import measure_terms
        from ogp_analysis.recovery.relief import assess_relief, compile_terms
        from ogp_analysis.sources.tax_roll import open_roll

        table = measure_terms(load_case("semarang"), Quarter(2023, 4))
        terms = compile_terms(table[table["category"] == "pbb"], assumed_years=ASSUMED)
        start, spent = time.perf_counter(), time.process_time()
        relief = assess_relief(open_roll(path, "3374"), terms, AS_OF)
        totals = relief.totals()
        found |= {name: int(totals[name]) for name in ("bills", "due_with", "forgone")}
        found["rows"] = relief.rows_read
        assert totals["bills"] + relief.exclusions["rows"].sum() == relief.rows_read
    found["seconds"] = time.perf_counter() - start
    found["cpu"] = time.process_time() - spent
    found["mib"] = peak_mib()
    return found


def peak_mib() -> float:
    """The most memory this process has held."""
    status = Path("/proc/self/status")
    if status.exists():
        # getrusage would tell the parent's peak, from before this program was loaded
        return int(re.search(r"VmHWM:\s+([0-9]+) kB", status.read_text())[1]) / 1024
    if sys.platform == "win32":
        return float("nan")
    import resource

    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (1 << 20 if sys.platform == "darwin" else 1 << 10)


def best(path: Path, repeat: int) -> tuple[dict[str, float], dict[str, float]]:
    """The fastest of several bare reads and of several runs of the engine, in turn, each in its own process."""
    runs: dict[str, list[dict[str, float]]] = {"read": [], "relief": []}
    for _ in range(repeat):
        # in turn, so that other work on the machine meets both
        for what, done in runs.items():
            command = [sys.executable, __file__, "--measure", what, str(path)]
            done.append(json.loads(subprocess.run(command, check=True, capture_output=True).stdout))
    bare, own = (min(done, key=lambda run: run["seconds"]) for done in runs.values())
    return bare, own


def main() -> None:
    """Make the rolls, measure, print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("rows", type=int, nargs="*", default=[10**5, 10**6, 10**7])
    parser.add_argument(
        "--folder", type=Path, help="where to keep the rolls (2 GB for 10^7); else they are deleted"
    )
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--measure", nargs=2, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.measure:
        print(json.dumps(measure(options.measure[0], Path(options.measure[1]))))
        return
    print("| bills | file | size | engine | rows a second | peak memory | bare read | ratio, time | ratio, CPU |")
    print("|--:|---|--:|--:|--:|--:|--:|--:|--:|")
    with tempfile.TemporaryDirectory() as temporary:
        folder = options.folder or Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        for rows in options.rows:
            results = set()
            for path in write_rolls(folder, rows):
                bare, own = best(path, options.repeat)
                assert bare["rows"] == own["rows"] == rows
                results.add((own["bills"], own["due_with"], own["forgone"]))
                print(
                    f"| {rows:,} | {path.suffix[1:]} | {path.stat().st_size / 2**20:,.0f} MiB "
                    f"| {own['seconds']:.2f} s | {rows / own['seconds']:,.0f} | {own['mib']:,.0f} MiB "
                    f"| {bare['seconds']:.2f} s | {own['seconds'] / bare['seconds']:.2f} "
                    f"| {own['cpu'] / bare['cpu']:.2f} |",
                    flush=True,
                )
            assert len(results) == 1, "CSV and Parquet must give the same sums"
    import pyarrow as pa

    load = f"{os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else "unknown"
    versions = f"Python {sys.version.split()[0]}, pyarrow {pa.__version__}"
    print(f"\n{os.cpu_count()} processors, load {load} at the end, {versions}")


if __name__ == "__main__":
    main()
