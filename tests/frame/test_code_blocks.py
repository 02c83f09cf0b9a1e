"""Every code block of every page is done what it is for: run, given to its reader, compared with what was printed."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from itertools import takewhile
from pathlib import Path

import pytest

from ogp_analysis import load_case
from ogp_analysis.recovery.example_roll import make_example_roll
from ogp_analysis.sources.boundaries import load_boundaries
from ogp_analysis.sources.ogp.editions import editions

from ..ogp.conftest import random_rows, to_text
from .code_blocks import ROOT, Reader, as_before, blocks, commands, pages

WHOLE = "a whole report set takes a minute; that pages are made is tested in tests/reports and by CI"
SEVERAL = "pages of several quarters or all languages; the same door as one page, which other blocks make"
#: Commands that are not run, with the reason.
NOT_RUN = {
    ("README.md", "python3 run.py test"): "it is this very run",
    (
        "README.md",
        ".venv/bin/ogp-analysis boundaries",
    ): "it downloads; tests/sources/test_download.py stands in for it",
    ("docs/official-boundaries.md", "ogp-analysis boundaries semarang"): "it downloads",
    ("docs/official-boundaries.md", "ogp-analysis boundaries semarang --from geoboundaries"): "it downloads",
    ("docs/tutorial-researcher.md", "python3 run.py lab"): "it opens JupyterLab and stays until it is closed",
    (
        "docs/report-runs.md",
        "dask scheduler",
    ): "it runs until it is stopped; tests/reports/test_cluster.py has one",
    ("docs/report-runs.md", "dask worker tcp://host:8786 --nthreads 1"): "it runs until it is stopped",
    ("docs/new-quarter.md", "ogp-analysis compare 2023Q4 2024Q1 --language id"): (
        "the tutorial for analysts runs it for two other quarters"
    ),
    (".github/CONTRIBUTING.md", "python3 run.py check"): "a step of CI of its own, of a minute",
    (".github/CONTRIBUTING.md", "python3 run.py test"): "it is this very run",
    (".github/CONTRIBUTING.md", "python3 run.py docs"): "a step of CI of its own; it writes into the checkout",
}
#: Commands that are run with ``--dry-run``: arguments, case, files and plan are checked, no page is made.
DRY = {
    ("README.md", "python3 run.py report"): WHOLE,
    ("README.md", "python3 run.py report --quarter 2021Q2 --language id"): WHOLE,
    ("README.md", "python3 run.py report --boundaries my_kecamatan.geojson"): WHOLE,
    (".github/CONTRIBUTING.md", "python3 run.py report"): WHOLE,
    ("docs/land-tax-roll.md", "python3 run.py report --notebook 25_recovery_microdata --roll roll.csv"): (
        "README.md has the same command and runs it"
    ),
    ("docs/languages.md", "OGP_ANALYSIS_LOCALE=catalogues ogp-analysis report --language jv id"): (
        "the catalogue is not filled in here, and a text without a translation stops a page"
    ),
    ("docs/report-runs.md", 'ogp-analysis report --only Genuk "en/10_*"'): SEVERAL,
    ("docs/report-runs.md", "ogp-analysis report --quarter 2020Q4..2023Q4"): WHOLE,
    ("docs/report-runs.md", "ogp-analysis report --force"): WHOLE,
    ("docs/report-runs.md", "ogp-analysis report --plan network.yaml"): WHOLE,
    ("docs/report-runs.md", "ogp-analysis report --cluster tcp://host:8786"): "no scheduler has that name",
    ("docs/new-quarter.md", "ogp-analysis report --quarter 2024Q1"): WHOLE,
    ("docs/tutorial-analyst.md", "python3 run.py report"): WHOLE,
    ("docs/tutorial-analyst.md", "python3 run.py report --quarter 2021Q2 --language id"): WHOLE,
}
#: What a page says with no output beside it, and its blocks must have printed.
TOLD = {
    "README.md": [
        "Kota Semarang, Indonesia",
        "Whether the measure changed “Dengue cases” cannot be told",
        "made 4, up to date 0, failed 0",
    ],
    "docs/land-tax-roll.md": ["csv True", "['2020-07', '2020-08']", "illustrative 14000"],
    "docs/new-city.md": ["Kabupaten Contoh"],
}
#: Blocks of text that are no output: a list of the files of the project.
LISTS = {"README.md": "run.py "}
COINR = ROOT / "tests" / "composite" / "coinr"


def commitments_table() -> None:
    """A table of OGP in its edition of 2024 with made-up rows, some of them of the member that the pages name."""
    columns = list(editions()["2024"].columns.values())
    text = to_text(columns, random_rows("2024", 60))
    Path("commitments.csv").write_text(text.replace("Member 2,", "Indonesia,"), encoding="utf-8")


def own_outline() -> None:
    """The schematic outline as a file of somebody's own."""
    outline = load_boundaries(load_case("semarang"))
    outline[["code_bps", "geometry"]].to_file("my_kecamatan.geojson", driver="GeoJSON")


def list_of_kecamatan() -> None:
    """The list that the page on a new city shows."""
    (listed,) = [each.text for each in blocks("docs/new-city.md") if each.language == "csv"]
    Path("kecamatan.csv").write_text(listed, encoding="utf-8")


def roll() -> None:
    """A land-tax roll that nobody pays."""
    make_example_roll(2_000, seed=1).to_csv("roll.csv", index=False)


def coinr_tables() -> None:
    """An index as COINr keeps it; its column of groups gets the name that it has in COINr's own example."""
    for name in ("iMeta.csv", "iData.csv"):
        text = (COINR / name).read_text(encoding="utf-8")
        assert re.search(r"\bSide\b", text)
        Path(name).write_text(re.sub(r"\bSide\b", "EurAsia_group", text), encoding="utf-8")


#: Files that a page takes as given, made by code.
FILES: dict[str, list[Callable[[], None]]] = {
    "README.md": [commitments_table, own_outline, roll, list_of_kecamatan],
    "docs/composite.md": [coinr_tables],
    "docs/official-boundaries.md": [own_outline],
    "docs/tutorial-student.md": [commitments_table],
}


def twin(page: str) -> str:
    """The English page of which one is the Indonesian."""
    return page.replace(".id.md", ".md")


def with_code() -> list[str]:
    """Pages with blocks; an Indonesian page has those of the English one, which a test of its own holds it to."""
    return [page for page in pages() if blocks(page) and page == twin(page)]


@pytest.mark.parametrize("page", with_code())
def test_every_block_of_a_page_does_what_it_is_for(page, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("OGP_ANALYSIS_DATA", raising=False)
    reader = Reader(tmp_path, NOT_RUN, DRY)
    reader.settle()
    for make in FILES.get(page, []):
        make()
    with as_before():
        for block in blocks(page):
            if block.language == "text" and block.text.startswith(LISTS.get(page, "\0")):
                continue
            reader.takes(block)
            if page == "docs/languages.md":  # "put the file into a folder"
                (tmp_path / "catalogues").mkdir(exist_ok=True)
                shutil.copyfile("jv.po", "catalogues/jv.po")
    for words in TOLD.get(page, []):
        assert words in reader.told, words


@pytest.mark.parametrize("page", [page for page in pages() if page != twin(page)])
def test_an_indonesian_page_has_the_blocks_of_the_english_one(page):
    assert [(each.language, each.text) for each in blocks(page)] == [
        (each.language, each.text) for each in blocks(twin(page))
    ]


def test_the_pages_on_single_methods_hold_nothing_but_examples():
    """They are made from docstrings, and tests/frame/test_method_pages.py runs what they show as doctests."""
    fences = {
        fence
        for path in (ROOT / "docs" / "methods").glob("*.md")
        for fence in re.findall(r"^ *(?:```|~~~).*$", path.read_text(encoding="utf-8"), flags=re.M)
    }
    assert fences == {"```pycon", "```"}


def test_what_is_left_out_or_shortened_is_still_on_its_page():
    there = {
        (page, line)
        for page in pages()
        for each in blocks(page)
        if each.language == "sh"
        for line in commands(each)
    }
    assert set(NOT_RUN) | set(DRY) <= there, (set(NOT_RUN) | set(DRY)) - there
    assert not set(NOT_RUN) & set(DRY)
    assert {*FILES, *TOLD, *LISTS} <= set(with_code())


def test_the_list_of_files_in_the_readme_names_what_is_there():
    (listed,) = [each.text for each in blocks("README.md") if each.text.startswith(LISTS["README.md"])]
    made = {"data/processed/", "reports/"}  # by commands
    seen = []
    for line in listed.splitlines():
        place = ROOT / "ogp_analysis" if line.startswith("  ") else ROOT
        if line.startswith("   "):  # goes on with the line above
            continue
        for name in takewhile(re.compile(r"[\w*./-]+(/|\.\w+)$").match, line.split()):
            assert name in made or list(place.glob(name.rstrip("/"))), name
            seen.append(name)
    assert len(seen) > 25
