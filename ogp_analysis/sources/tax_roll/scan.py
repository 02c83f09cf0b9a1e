"""Reading a roll: its blocks on several threads, its bills as arrays, nothing personal kept."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor

from ogp_analysis.sources.tax_roll.blocks import Block, blocks
from ogp_analysis.sources.tax_roll.check import Bills, Checked, check_block
from ogp_analysis.sources.tax_roll.exclusions import Exclusions
from ogp_analysis.sources.tax_roll.roll import TaxRoll

PIECE = 1 << 15
AHEAD = 2  # blocks waiting for each thread


def scan_roll(roll: TaxRoll, *, threads: int | None = None) -> list[Checked]:
    """Read a roll once; the result takes about 70 bytes a bill.

    Parameters
    ----------
    roll : TaxRoll
    threads : int, optional
        As many as processors, without it.

    Raises
    ------
    DataError
        If the file is cut off.
    """
    return list(_scan(roll, threads or os.cpu_count() or 1))


def _scan(roll: TaxRoll, threads: int) -> Iterator[Checked]:
    with ThreadPoolExecutor(threads) as pool:
        waiting: deque[Future[Checked]] = deque()
        for read in blocks(roll):
            waiting.append(pool.submit(_checked, read, roll))
            if len(waiting) >= AHEAD * threads:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()


def _checked(read: Callable[[], Block], roll: TaxRoll) -> Checked:
    parts = [check_block(piece, roll) for piece in read().pieces(PIECE)]
    return parts[0] if len(parts) == 1 else joined(parts, roll)


def joined(parts: Sequence[Checked], roll: TaxRoll) -> Checked:
    """Several parts of one roll as one; of a roll without rows, a part without rows."""
    if not parts:
        return Checked(Bills.empty(), Exclusions(), {}, 0, 0, roll.name, roll.city, roll.illustrative)
    cells: dict[int, tuple[str, str]] = {}
    for part in parts:
        cells |= part.cells
    return Checked(
        Bills.joined([part.bills for part in parts]),
        Exclusions.merged(part.exclusions for part in parts),
        cells,
        sum(part.read for part in parts),
        sum(part.layout for part in parts),
        roll.name,
        roll.city,
        roll.illustrative,
    )
