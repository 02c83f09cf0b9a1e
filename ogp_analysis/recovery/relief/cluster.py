"""The relief engine on a Dask cluster: the same steps, one part of the roll a task (extra ``dask``).

Each file of the roll is a part, so a roll beyond one machine is exported in several files on storage that every
worker reads. Two things pass through one task: the keys of all rows (8 bytes a row), to find several rows for one
bill, and the property values (8 bytes a row), for exact deciles. Workers hold keys, which contain the object
number without the city's digits, in memory only: start them with spilling to disk switched off
(``distributed.worker.memory.spill: false`` and ``target: false``).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from ogp_analysis.errors import OgpAnalysisError
from ogp_analysis.recovery.relief.engine import (
    Account,
    account_of,
    as_list,
    cells_of,
    relief_of,
    settled,
    tally_of,
)
from ogp_analysis.recovery.relief.fines import GENERAL_RULE, FineRule
from ogp_analysis.recovery.relief.kernel import make_plan
from ogp_analysis.recovery.relief.repeats import find_repeats, keys_of
from ogp_analysis.recovery.relief.result import Relief
from ogp_analysis.recovery.relief.tally import Tally, added
from ogp_analysis.recovery.relief.terms import ReliefTerms
from ogp_analysis.sources.tax_roll.check import Checked
from ogp_analysis.sources.tax_roll.roll import TaxRoll
from ogp_analysis.sources.tax_roll.scan import joined, scan_roll

SUMMED_AT_ONCE = 8


def assess_relief_on_cluster(
    rolls: Sequence[TaxRoll],
    terms: ReliefTerms,
    as_of: date,
    *,
    fine: FineRule = GENERAL_RULE,
    client: Any = None,
) -> Relief:
    """:func:`~ogp_analysis.recovery.relief.engine.assess_relief` on a Dask cluster, with the same result.

    Parameters
    ----------
    rolls : sequence of TaxRoll
        One for each file.
    terms : ReliefTerms
    as_of : date
    fine : FineRule
    client : dask.distributed.Client, optional
        Without it the tasks run where Dask's settings say.

    Returns
    -------
    Relief

    Raises
    ------
    OgpAnalysisError
        If Dask is not installed.
    """
    try:
        from dask.base import compute as compute_here
        from dask.delayed import delayed as task
    except ImportError:
        raise OgpAnalysisError(
            "Dask is not installed.", hint="Install it with: pip install 'ogp-analysis[dask]'"
        ) from None
    plan = make_plan(terms, as_of, fine)
    parts = [task(_scanned)(roll) for roll in as_list(rolls)]
    repeats = task(find_repeats)([task(_keys)(part, plan.as_of) for part in parts])
    parts = [task(settled)(part, repeats, plan.as_of) for part in parts]
    accounts = [task(account_of)(part) for part in parts]
    cells = task(cells_of)(accounts)
    sums = [task(tally_of)(part, plan, cells) for part in parts]
    while len(sums) > 1:
        sums = [task(_added)(sums[n : n + SUMMED_AT_ONCE]) for n in range(0, len(sums), SUMMED_AT_ONCE)]
    # property values stay where they are: only what the tables need comes back
    wanted = ([task(_slim)(one) for one in accounts], sums[0], cells)
    compute = compute_here if client is None else _computed_by(client)
    slim, total, found = compute(*wanted)
    return relief_of(slim, total, plan, found, as_of)


def _scanned(roll: TaxRoll) -> Checked:
    return joined(scan_roll(roll, threads=1), roll)


def _keys(part: Checked, as_of: int) -> Any:
    return keys_of(part.bills, as_of)


def _added(sums: list[Tally]) -> Tally:
    return added(sums)


def _slim(account: Account) -> Account:
    return replace(account, njop={})


def _computed_by(client: Any) -> Any:
    return lambda *wanted: client.gather(client.compute(list(wanted)))
