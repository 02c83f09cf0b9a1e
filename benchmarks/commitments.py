"""What it costs to read a commitments table, tidy it and compute every indicator; CPU seconds, no pass or fail.

Run: ``.venv/bin/python benchmarks/commitments.py [FILE] [ROWS]``. Without a file a table in the layout of 2024 is
made up, with the labels of its scales, seeded. The bare read is ``pandas.read_csv`` of the whole file, as text.
"""

from __future__ import annotations

import csv
import random
import sys
import tempfile
import time
from pathlib import Path

import pandas as pd

from ogp_analysis.commitments.derived import assessment_score, binding_constraint, completion_change, funnel
from ogp_analysis.commitments.ladder import ladder
from ogp_analysis.commitments.published import check_published
from ogp_analysis.commitments.reference import count_table
from ogp_analysis.commitments.rules import decide, rules
from ogp_analysis.scales import scale
from ogp_analysis.sources.ogp import read_commitments
from ogp_analysis.sources.ogp.editions import editions
from ogp_analysis.sources.ogp.tidy import RATINGS


def made_up(file: Path, rows: int) -> None:
    """Write a table of a size in the layout of 2024; every cell is drawn at random."""
    draw = random.Random(1)
    own = editions()["2024"]
    columns = list(own.columns.values())
    places = {name: number for number, name in enumerate(columns)}
    with file.open("w", newline="", encoding="utf-8") as out:
        writer = csv.writer(out)
        writer.writerow(columns)
        for row in range(rows):
            cells = ["0"] * len(columns)
            cells[places[own.fields["member"]]] = f"Member {row % 100}"
            cells[places[own.fields["plan_number"]]] = str(1 + row % 5)
            cells[places[own.fields["title"]]] = f"Commitment {row}"
            cells[places[own.fields["year"]]] = str(2012 + row % 12)
            for tag in own.tags:
                cells[places[tag]] = "1" if draw.random() < 0.05 else "0"
            for name, at in own.ratings.items():
                one = draw.choice([*scale(RATINGS[name][2]).labels, None])
                cells[places[at.text]] = "NR" if one is None else one.en
                if at.code:
                    cells[places[at.code]] = (
                        "NR" if one is None else (one.codes.get("2024") or one.codes["all"])[0]
                    )
            writer.writerow(cells)


def main() -> None:
    """Time each part once warm."""
    with tempfile.TemporaryDirectory() as folder:
        if len(sys.argv) > 1 and Path(sys.argv[1]).is_file():
            file = Path(sys.argv[1])
        else:
            file = Path(folder) / "table.csv"
            made_up(file, int(sys.argv[-1]) if len(sys.argv) > 1 else 5000)
        read_commitments(file)  # warm: imports, scales, caches of the operating system
        spent: dict[str, float] = {}

        def timed(name: str, work):  # type: ignore[no-untyped-def]
            start = time.process_time()
            result = work()
            spent[name] = time.process_time() - start
            return result

        bare = pd.read_excel if file.suffix.lower() == ".xlsx" else pd.read_csv
        bare(file, dtype=str)  # warm
        timed("bare read", lambda: bare(file, dtype=str))
        table = timed("read and tidy", lambda: read_commitments(file))
        timed("ratings, long", lambda: table.ratings)
        timed("every rule", lambda: [decide(table.rated, key) for key in rules()])
        timed(
            "constraint, funnel, score, change",
            lambda: [f(table.rated) for f in (binding_constraint, funnel, assessment_score, completion_change)],
        )
        timed("ladder", lambda: ladder(table))
        timed("against published columns", lambda: check_published(table))
        timed("counts", lambda: count_table(table))
        print(
            f"{len(table.commitments):,} commitments, {len(table.rated.columns)} ratings, edition {table.edition}"
        )
        base = spent.pop("bare read")
        print("\n| work | CPU | times the bare read by pandas |\n|---|--:|--:|")
        for name, seconds in [("bare read by pandas", base), *spent.items(), ("in all", sum(spent.values()))]:
            print(f"| {name} | {seconds:.3f} s | {seconds / base:.2f} |")


if __name__ == "__main__":
    main()
