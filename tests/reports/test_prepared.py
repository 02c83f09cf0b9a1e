"""Profiles whose kernels come from a process that computed ahead what they share."""

from __future__ import annotations

import os

import pytest

from ogp_analysis.reports import ahead, prepared, runner, server
from ogp_analysis.reports.plan import plan_runs

from .small import bytes_of, write_notebooks

pytestmark = pytest.mark.skipif(not server.available(), reason="kernels are not forked here")
PLACES = ["Mijen", "Gunungpati", "Banyumanik", "Tugu"]
#: What a page prints of where its kernel comes from: how many standings its case remembers as it opens.
PEEK = "report.plain(f'remembers {len(report.case._memory) > 20}')"


@pytest.fixture
def made(tmp_path, monkeypatch):
    """Makes profiles of some quarters; gives the folder."""
    notebooks = write_notebooks(tmp_path / "notebooks", {"40_district_profile": PEEK})
    monkeypatch.setattr(runner, "notebook_folder", lambda: notebooks)
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")

    def run(name, quarters=("2023Q4",)):
        runs = [
            each
            for quarter in quarters
            for each in plan_runs("semarang", quarter, ["id"], ["40_district_profile"], PLACES)
        ]
        outcomes = runner.run_reports(runs, tmp_path / name, tell=lambda line: None)
        assert [each.problem for each in outcomes] == [""] * len(runs)
        return tmp_path / name

    return run


def remembering(folder):
    pages = list(folder.rglob("40_*.html"))
    return len(pages), sum("remembers True" in page.read_text(encoding="utf-8") for page in pages)


def test_each_quarter_has_its_own_and_none_is_left(made):
    assert remembering(made("out", ["2022Q4", "2023Q2", "2023Q4"])) == (12, 12)
    assert not prepared._NURSERIES


def test_pages_that_need_nothing_of_it_are_forked_beside_it(tmp_path, monkeypatch, caplog):
    """A kernel that cannot be forked is started by papermill, seconds later, and the log says so: here none is."""
    notebooks = write_notebooks(
        tmp_path / "notebooks", dict.fromkeys(("10_commitments", "40_district_profile"), PEEK)
    )
    monkeypatch.setattr(runner, "notebook_folder", lambda: notebooks)
    runs = plan_runs("semarang", "2023Q4", ["id"], ["10_commitments", "40_district_profile"], PLACES)
    outcomes = runner.run_reports(runs, tmp_path / "out", tell=lambda line: None)
    assert [each.problem for each in outcomes] == [""] * 5
    assert caplog.messages == []


def test_a_kernel_that_cannot_be_forked_is_told_of(tmp_path, monkeypatch, caplog):
    notebooks = write_notebooks(tmp_path / "notebooks", {"10_commitments": PEEK})
    monkeypatch.setattr(runner, "notebook_folder", lambda: notebooks)

    def gone(quarter, arguments):
        raise KeyError(quarter)

    monkeypatch.setattr("ogp_analysis.reports.engine.prepared_kernel", gone)
    runs = plan_runs("semarang", "2023Q4", ["id"], ["10_commitments"])
    assert runner.run_reports(runs, tmp_path / "out", tell=lambda line: None)[0].problem == ""
    assert "A kernel could not be forked (KeyError: ''); papermill starts one" in caplog.text


def test_too_few_profiles_compute_for_themselves(made, monkeypatch):
    monkeypatch.setattr(ahead, "PROFILES", len(PLACES) + 1)
    assert remembering(made("out")) == (4, 0)


def test_one_that_died_is_done_without(made, monkeypatch):
    class Dead(prepared.Nursery):
        def __init__(self, quarter):
            super().__init__(quarter)
            self.process.kill()
            self.process.join()

    monkeypatch.setattr(prepared, "Nursery", Dead)
    assert remembering(made("out")) == (4, 0)


def test_a_kernel_that_ends_is_seen_to_have_ended(tmp_path, monkeypatch):
    runs = plan_runs("semarang", "2023Q4", ["id"], ["40_district_profile"], PLACES)
    monkeypatch.setenv(ahead.VARIABLE, ahead.announcement(runs))
    assert prepared.begin("2023Q3") is None
    kernel = prepared.prepared_kernel("2023Q4", (str(tmp_path / "kernel.json"), None, dict(os.environ)))
    try:
        assert kernel.exitcode is None
        assert kernel.pid != os.getpid()
        kernel.kill()
        assert kernel._link.poll(30)
        assert kernel.exitcode is not None
        kernel.terminate()  # what has ended is not signalled: its number may be another's by now
    finally:
        prepared.let_go()


def test_the_real_profile_is_the_same_with_and_without(tmp_path, monkeypatch):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")
    runs = plan_runs("semarang", "2023Q4", ["en"], ["40_district_profile"], ["Tugu"])
    for name, least in (("with", 1), ("without", 2)):
        monkeypatch.setattr(ahead, "PROFILES", least)
        assert runner.run_reports(runs, tmp_path / name, tell=lambda line: None)[0].problem == ""
    assert bytes_of(tmp_path / "with") == bytes_of(tmp_path / "without")
