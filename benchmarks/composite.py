"""What an index and its uncertainty cost: seconds of CPU and of the clock, peak memory; no pass or fail.

Run: ``.venv/bin/python benchmarks/composite.py [--quick]``. Values are drawn at random, seeded; a fiftieth are
missing. The baseline is a plain loop of Python that scales the cells and takes both levels of means, as often as
there are runs or draws.
"""

from __future__ import annotations

import multiprocessing
import sys
import time
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
from tax_roll import peak_mib

from ogp_analysis.stats.composite import Choice, Noise, Run, Span, build, drop_one, monte_carlo, recipe, structure

SCALES = Choice(
    "scale", ({"normalise": {"method": "minmax", "low": 1, "high": 100}}, {"normalise": {"method": "rank"}})
)
CHOICES: list[Choice | Span | Noise] = [
    Choice.of("impute.method", ["none", "mean", "median"]),
    Choice.of("treat.winsorise", [0, 3, 5]),
    SCALES,
    Choice.of("aggregate.method", ["arithmetic", "geometric"]),
    Noise(0.25),
]
STEPS: dict[str, dict[str, Any]] = {
    "impute": {"method": "none"},
    "treat": {},
    "normalise": {"method": "minmax", "low": 1, "high": 100},
    "aggregate": {},
}


def made_up(units: int, indicators: int, groups: int) -> Run:
    """An index of three levels."""
    codes = [f"i{number:03d}" for number in range(indicators)]
    rows: list[tuple[Any, ...]] = [
        (code, 1, f"g{number % groups:02d}", 1 if number % 3 else -1, 1, "indicator", None)
        for number, code in enumerate(codes)
    ]
    rows += [(f"g{number:02d}", 2, "index", None, 1, "aggregate", None) for number in range(groups)]
    rows.append(("index", 3, None, None, None, "aggregate", None))
    names = ["code", "level", "parent", "direction", "weight", "type", "denominator"]
    draw = np.random.default_rng(1)
    table = pd.DataFrame(
        draw.gamma(2, size=(units, indicators)), index=[f"u{at}" for at in range(units)], columns=codes
    )
    table = table.mask(draw.random(table.shape) < 0.02)
    return build(table, structure(pd.DataFrame(rows, columns=names)), recipe(STEPS))


def timed(name: str, size: tuple[int, int, int]) -> None:
    """Print what one piece of work costs, in a process of its own."""
    context = multiprocessing.get_context("spawn")
    queue = context.Queue()
    child = context.Process(target=_measured, args=(queue, name, size))
    child.start()
    wall, cpu, memory, loop = queue.get()
    child.join()
    units, indicators, _ = size
    runs = indicators if name == LEFT_OUT else int(name.split()[0].replace(",", "").replace("one", "1"))
    cells = [name, f"{units} × {indicators}", f"{wall:.2f} s", f"{cpu:.2f} s", f"{memory:.0f} MiB"]
    print("| " + " | ".join([*cells, f"{cpu / (loop * runs):.3g}"]) + " |", flush=True)


def _measured(queue: Any, name: str, size: tuple[int, int, int]) -> None:
    run = made_up(*size)
    WORK[name](run)  # warm: imports and caches, with the work itself
    wall, cpu = time.perf_counter(), time.process_time()
    WORK[name](run)
    took = time.perf_counter() - wall, time.process_time() - cpu
    peak = peak_mib()
    units, indicators, groups = size
    columns = [[float((unit * 31 + code * 17) % 97) for unit in range(units)] for code in range(indicators)]
    begun = time.process_time()
    for _ in range(LOOPS):
        plain_loop(columns, groups)
    queue.put((*took, peak, (time.process_time() - begun) / LOOPS))


def plain_loop(columns: list[list[float]], groups: int) -> list[float]:
    """The index without arrays: each indicator from 0 to 1, means of groups, their mean."""
    scaled = []
    for column in columns:
        low, high = min(column), max(column)
        scaled.append([(value - low) / (high - low) for value in column])
    index = []
    for unit in range(len(columns[0])):
        means = []
        for group in range(groups):
            inner = [scaled[code][unit] for code in range(group, len(columns), groups)]
            means.append(sum(inner) / len(inner))
        index.append(sum(means) / groups)
    return index


def draws(n: int) -> Callable[[Run], object]:
    """Monte Carlo with every kind of choice."""
    return lambda run: monte_carlo(run, CHOICES, n=n)


LEFT_OUT = "every indicator left out in turn"
LOOPS = 10
WORK: dict[str, Callable[[Run], object]] = {
    "one run": lambda run: run.replay(),
    LEFT_OUT: drop_one,
    "1,000 draws": draws(1_000),
    "2,500 draws": draws(2_500),
    "5,000 draws": draws(5_000),
    "10,000 draws": draws(10_000),
    "1,000 draws, each treated anew": lambda run: monte_carlo(
        run, [Span("treat.skewness", 1.5, 2.5), Noise(0.25)], n=1_000
    ),
    "1,000 draws, each with a mean of its own": lambda run: monte_carlo(
        run.replay({"aggregate.method": "power"}), [Span("aggregate.power", -1, 1), Noise(0.25)], n=1_000
    ),
}
SMALL, LARGE = (16, 12, 3), (500, 50, 8)


def main() -> None:
    """Print one line a piece of work."""
    quick = "--quick" in sys.argv[1:]
    print("| work | units × indicators | clock | CPU | peak memory | CPU, times plain loops |")
    print("|---|--:|--:|--:|--:|--:|")
    for name in ("one run", "1,000 draws") if quick else ("one run", LEFT_OUT, "1,000 draws"):
        timed(name, SMALL)
    for name in () if quick else WORK:
        timed(name, LARGE)
    for units in () if quick else (125, 250):
        timed("10,000 draws", (units, 50, 8))


if __name__ == "__main__":
    main()
