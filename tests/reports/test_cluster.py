"""Pages made by the workers of a Dask cluster are those made here."""

from __future__ import annotations

import pytest

from ogp_analysis.errors import ParameterError
from ogp_analysis.reports import cluster
from ogp_analysis.reports.plan import plan_runs
from ogp_analysis.reports.runner import run_reports
from ogp_analysis.reports.state import load_state

from .small import bytes_of

distributed = pytest.importorskip("distributed")


@pytest.fixture(scope="module")
def address():
    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, dashboard_address=None, memory_limit=0
    ) as workers:
        yield workers.scheduler_address


def test_the_same_bytes_and_the_same_inputs(address, tmp_path, monkeypatch):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")
    runs = plan_runs(
        "semarang", "2023Q4", ["id", "en"], ["10_commitments", "40_district_profile"], ["Tugu", "Genuk"]
    )
    here, there = tmp_path / "here", tmp_path / "there"
    assert [each.problem for each in run_reports(runs, here)] == [""] * 6
    assert [each.problem for each in run_reports(runs, there, cluster=address)] == [""] * 6
    assert bytes_of(there) == bytes_of(here)
    known = [load_state(each / "semarang" / "2023Q4")[0].pages for each in (here, there)]
    assert {name: made.key for name, made in known[0].items()} == {
        name: made.key for name, made in known[1].items()
    }
    # what was made there is up to date here
    assert {each.status for each in run_reports(runs, there)} == {"up to date"}


def test_a_worker_with_another_program_or_other_data_is_refused(address, tmp_path, monkeypatch):
    monkeypatch.setattr(cluster, "_mark", lambda run, recipe: "another")
    runs = plan_runs("semarang", "2023Q4", ["id"], ["30_membership"])
    outcome = run_reports(runs, tmp_path, cluster=address)[0]
    assert outcome.page is None
    assert "Bring them to the same state" in outcome.problem
    assert not list(tmp_path.rglob("id/**/*.html"))


def test_no_scheduler(tmp_path, monkeypatch):
    monkeypatch.setattr(cluster, "PATIENCE", "1s")
    runs = plan_runs("semarang", "2023Q4", ["id"], ["30_membership"])
    with pytest.raises(ParameterError, match="No Dask scheduler answers"):
        run_reports(runs, tmp_path, cluster="tcp://127.0.0.1:9")
