"""Shared fixtures: the built-in case, a copy of it that a test may break, and the material that may be absent."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import settings

from ogp_analysis.case import Case, load_case
from ogp_analysis.quarter import Quarter

ROOT = Path(__file__).resolve().parents[1]
SHARED = ROOT.parent / "shared"

# A change is judged by the same examples on every machine, however slow; new ones are looked for with
# --hypothesis-profile=search.
settings.register_profile("repeatable", derandomize=True, deadline=None)
settings.register_profile("search", derandomize=False, deadline=None, print_blob=True)
settings.load_profile("repeatable")


@pytest.fixture(scope="session")
def semarang() -> Case:
    return load_case(ROOT / "data" / "raw" / "semarang")


@pytest.fixture
def q4_2023() -> Quarter:
    return Quarter(2023, 4)


@pytest.fixture
def broken_case(tmp_path: Path) -> Callable[..., Path]:
    """A copy of the case with one file changed: ``broken_case("districts.csv", lambda text: ...)``."""

    def make(name: str, change: Callable[[str], str]) -> Path:
        folder = tmp_path / "semarang"
        if not folder.exists():
            shutil.copytree(ROOT / "data" / "raw" / "semarang", folder)
        path = folder / name
        path.write_text(change(path.read_text(encoding="utf-8")), encoding="utf-8")
        return folder

    return make


@pytest.fixture(scope="session")
def shared() -> Path:
    if not SHARED.is_dir():
        pytest.skip("the folder ../shared with real polygons and tables is not here")
    return SHARED
