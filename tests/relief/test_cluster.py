"""On a Dask cluster the same functions give the same relief."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from ogp_analysis.recovery.example_roll import make_example_roll
from ogp_analysis.recovery.relief import ReliefTerms, assess_relief
from ogp_analysis.recovery.relief.cluster import assess_relief_on_cluster
from ogp_analysis.recovery.relief.engine import Relief
from ogp_analysis.sources.tax_roll import open_roll

AS_OF = date(2023, 12, 31)


def assert_same(one: Relief, other: Relief) -> None:
    for name in ("cells", "measures", "bounds", "exclusions", "excluded"):
        pd.testing.assert_frame_equal(getattr(one, name), getattr(other, name), check_exact=True)
    assert (one.rows_read, one.layout_lines, one.state) == (other.rows_read, other.layout_lines, other.state)


@pytest.mark.parametrize("workers", [0, 2])
def test_cluster_gives_the_same_relief(workers: int, tmp_path: Path, land_tax_terms: ReliefTerms) -> None:
    dask = pytest.importorskip("dask")
    distributed = pytest.importorskip("distributed")
    # cycles of one bill in different files, a bill twice, a row that cannot be read
    frame = make_example_roll(30_000, seed=4).sample(frac=1, random_state=1)
    frame = pd.concat([frame, frame.tail(3)])
    frame.iloc[5, list(frame).index("NJOP_SPPT")] = -1
    rolls = []
    for number in range(10):
        path = tmp_path / f"part{number}.csv"
        frame.iloc[number::10].to_csv(path, index=False)
        rolls.append(open_roll(path, "3374"))
    here = assess_relief(rolls, land_tax_terms, AS_OF)
    assert set(here.exclusions["reason"]) == {"superseded", "repeated", "negative"}
    if not workers:
        with dask.config.set(scheduler="synchronous"):
            assert_same(assess_relief_on_cluster(rolls, land_tax_terms, AS_OF), here)
        return
    options = {"n_workers": workers, "threads_per_worker": 1, "processes": True, "dashboard_address": None}
    with distributed.LocalCluster(**options) as cluster, distributed.Client(cluster) as client:
        assert_same(assess_relief_on_cluster(rolls, land_tax_terms, AS_OF, client=client), here)
