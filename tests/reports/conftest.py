"""Report sets that several test files open in a browser: made once."""

from __future__ import annotations

from pathlib import Path

import pytest

from ogp_analysis.reports import runner
from ogp_analysis.reports.parameters import NOTEBOOKS

from . import chrome

LANGUAGES = ["id", "en"]
#: Of Banggai every kind of page but the profiles, one of which is as any other, and that of all members.
OTHER_CITY = tuple(name for name in NOTEBOOKS if name not in ("15_commitments_explorer", "40_district_profile"))


@pytest.fixture(scope="session")
def browser() -> str:
    found = chrome.found()
    if found is None:
        pytest.skip("no Chromium here: pages were not opened in a browser")
    return found


@pytest.fixture(scope="session")
def report_set(browser, tmp_path_factory) -> dict[str, Path]:
    """Every kind of page of Kota Semarang in both languages, by language and name; only where there is a browser."""
    runs = runner.plan_runs("semarang", "2023Q4", LANGUAGES, districts=["Tugu"])
    return made(runs, tmp_path_factory.mktemp("semarang"))


@pytest.fixture(scope="session")
def other_city(browser, tmp_path_factory) -> dict[str, Path]:
    """The kinds of page of Kabupaten Banggai, of which little is known, in both languages."""
    runs = runner.plan_runs("banggai", "2023Q4", LANGUAGES, OTHER_CITY)
    return made(runs, tmp_path_factory.mktemp("banggai"))


@pytest.fixture(scope="session")
def two_quarters(browser, tmp_path_factory) -> dict[str, Path]:
    """The page on changes of two quarters between which much moved."""
    runs = runner.plan_runs("semarang", "2021Q4", LANGUAGES, ("45_changes",), since="2020Q4")
    return made(runs, tmp_path_factory.mktemp("changes"))


def made(runs: list, out: Path) -> dict[str, Path]:
    outcomes = runner.run_reports(runs, out)
    assert [outcome.problem for outcome in outcomes if outcome.page is None] == []
    (folder,) = out.glob("*/*")
    found = {f"{code} {page.stem}": page for code in LANGUAGES for page in sorted((folder / code).rglob("*.html"))}
    return found | {"id index": folder / "index.html", "en index": folder / "index.en.html"}
