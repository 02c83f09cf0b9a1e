"""What is made again and what is not, when something a page depends on changes."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from ogp_analysis import reads
from ogp_analysis.case import load_case
from ogp_analysis.cli import main
from ogp_analysis.reports import runner
from ogp_analysis.reports.decide import decide
from ogp_analysis.reports.inputs import Inputs
from ogp_analysis.reports.parameters import NOTEBOOKS
from ogp_analysis.reports.plan import plan_runs, run_id
from ogp_analysis.reports.state import load_state
from ogp_analysis.tables import table_specs

from .small import CODE, bytes_of, write_notebooks

ROOT = Path(__file__).resolve().parents[2]
SEMARANG = ROOT / "data" / "raw" / "semarang"
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")


class Place:
    """A copy of the case, small notebooks and a folder of reports."""

    def __init__(self, folder: Path) -> None:
        self.root, self.kept = folder / "now", folder / "kept"
        self.case, self.out = self.root / "semarang", self.root / "out"
        self.folder = self.out / "semarang" / "2023Q4"
        shutil.copytree(SEMARANG, self.case)
        self.notebooks = write_notebooks(self.root / "notebooks")
        self.lines: list[str] = []

    def keep(self) -> None:
        shutil.copytree(self.root, self.kept)

    def restore(self) -> None:
        shutil.rmtree(self.root)
        shutil.copytree(self.kept, self.root)
        self.lines.clear()

    def runs(self):
        return plan_runs(str(self.case), "2023Q4", ["id"], list(CODE), ["Tugu"])

    def run(self, out: Path | None = None, **options):
        """Run everything; gives notebook and status of each page, and keeps the outcomes."""
        self.outcomes = runner.run_reports(self.runs(), out or self.out, tell=self.lines.append, **options)
        return {outcome.parameters.notebook[:2]: outcome.status for outcome in self.outcomes}

    def why(self) -> dict[str, str]:
        return {each.parameters.notebook[:2]: each.why for each in self.outcomes}

    def change(self, table: str, old: str, new: str) -> None:
        path = self.case / table
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new, 1), encoding="utf-8")


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """Made once: each test is given it as it was."""
    place = Place(tmp_path_factory.mktemp("place"))
    with pytest.MonkeyPatch.context() as patch:
        surroundings(place, patch)
        assert place.run() == {"00": "made", "10": "made", "40": "made"}
    place.keep()
    return place


@pytest.fixture
def place(made, monkeypatch):
    made.restore()
    surroundings(made, monkeypatch)
    return made


def surroundings(place: Place, patch) -> None:
    patch.setattr(runner, "notebook_folder", lambda: place.notebooks)
    patch.setenv("SOURCE_DATE_EPOCH", "1700000000")
    patch.setenv("OGP_ANALYSIS_CACHE", str(place.root / "cache"))


def other_bytes(path: Path) -> None:
    """The same table with other line ends: whoever reads its bytes sees a change."""
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))


SAME = {"00": "up to date", "10": "up to date", "40": "up to date"}


def test_nothing_changed_nothing_written(place):
    before = {path: path.stat().st_mtime_ns for path in place.folder.rglob("*.[hi]*")}
    assert place.run() == SAME
    assert {path: path.stat().st_mtime_ns for path in place.folder.rglob("*.[hi]*")} == before


def test_one_value_changed_makes_only_what_read_it(place, tmp_path):
    first = place.case.joinpath("district_values.csv").read_text(encoding="utf-8")
    row = next(line for line in first.splitlines() if line.startswith("jumlah_penduduk,3374010,2020,"))
    value = row.split(",")[3]
    place.change("district_values.csv", row, row.replace(f",{value},", f",{int(value) + 1},", 1))
    assert place.run() == {**SAME, "40": "made"}
    assert place.why()["40"] == "district_values.csv changed"
    page = next(place.folder.rglob("40_*.html")).read_text(encoding="utf-8")
    assert str(float(value) + 1) in page
    whole = tmp_path / "whole"
    place.run(whole, force=True)
    assert bytes_of(place.out) == bytes_of(whole)


def test_a_table_that_no_page_read_makes_nothing(place):
    other_bytes(place.case / "claims.csv")
    assert place.run() == SAME


def test_what_was_read_before_the_kernel_was_forked_counts_as_read(semarang):
    key = ("test", "ahead")
    semarang.remembered(key, lambda: len(semarang.table("claims")))
    with reads.recorded() as found:
        semarang.remembered(key, lambda: 0)
    assert found == {"claims.csv"}


def test_a_changed_notebook_makes_its_pages(place):
    write_notebooks(place.notebooks, {"10_commitments": 'report.plain("another text")'})
    assert place.run() == {**SAME, "10": "made"}
    assert place.why()["10"] == "its notebook changed"


def test_a_changed_program_makes_all(place, monkeypatch):
    from ogp_analysis.reports import inputs

    monkeypatch.setattr(inputs, "program", lambda: "another")
    assert set(place.run().values()) == {"made"}
    assert set(place.why().values()) == {"the program changed"}


def test_pages_that_were_edited_or_deleted_are_made_again(place):
    edited = next(place.folder.rglob("10_*.html"))
    good = edited.read_bytes()
    edited.write_bytes(good.replace(b"2023", b"2024"))
    next(place.folder.rglob("00_*.ipynb")).unlink()
    assert place.run() == {**SAME, "10": "made", "00": "made"}
    assert place.why()["10"] == "10_commitments.html was changed by hand"
    assert place.why()["00"] == "00_data_quality.ipynb is gone"
    assert edited.read_bytes() == good


def test_links_that_were_edited_are_mended_without_making_the_page(place):
    page = next(place.folder.rglob("10_*.html"))
    good = page.read_bytes()
    page.write_bytes(good.replace(b'class="set"', b'class="other"'))
    assert place.run() == SAME
    assert page.read_bytes() == good


@pytest.mark.parametrize(
    "damage", ["{", "[]", '{"format": 9}', '{"format": 1, "pages": {"x": 1}, "unfinished": {}}']
)
def test_a_damaged_state_is_explained_and_nothing_is_taken_as_known(place, damage):
    (place.folder / "state.json").write_text(damage, encoding="utf-8")
    place.lines.clear()
    assert set(place.run().values()) == {"made"}
    assert sum("is damaged" in line for line in place.lines) == 1
    assert place.run() == SAME


def test_a_state_that_was_edited_is_not_believed(place):
    path = place.folder / "state.json"
    content = json.loads(path.read_text(encoding="utf-8"))
    name = next(iter(content["pages"]))
    content["pages"][name]["inputs"]["districts.csv"] = "0" * 64
    path.write_text(json.dumps(content), encoding="utf-8")
    assert "damaged" in load_state(place.folder)[1]


def test_an_input_that_changes_while_a_page_is_made_makes_it_again(place):
    path = place.case / "plans.csv"
    code = f"""
report.plain(str(len(report.case.table("plans"))))
path = __import__("pathlib").Path({str(path)!r})
path.write_bytes(path.read_bytes().replace(b"\\r", b"").replace(b"\\n", b"\\r\\n"))"""
    write_notebooks(place.notebooks, {"10_commitments": code})
    assert place.run()["10"] == "made"
    assert place.outcomes[1].problem == ""
    assert place.run()["10"] == "made"
    assert place.why()["10"] == "plans.csv changed"


def test_a_kernel_that_told_nothing_of_its_reads_has_read_everything(place):
    write_notebooks(place.notebooks, {"10_commitments": "import os\nos.unlink(os.environ['OGP_ANALYSIS_READS'])"})
    place.run()
    known = load_state(place.folder)[0].pages["id/10_commitments"].inputs
    assert set(known) == Inputs(load_case(place.case)).every | {"datapackage.yaml"}


def test_the_stock_engine_tells_the_same_reads_and_gives_the_same_bytes(place, tmp_path, monkeypatch):
    from ogp_analysis.reports import server

    monkeypatch.setattr(server, "available", lambda: False)
    place.run(tmp_path / "stock")
    assert bytes_of(tmp_path / "stock") == bytes_of(place.out)
    stock, forked = (load_state(each)[0] for each in (tmp_path / "stock" / "semarang" / "2023Q4", place.folder))
    assert {name: made.inputs for name, made in stock.pages.items()} == {
        name: made.inputs for name, made in forked.pages.items()
    }


def test_a_failed_page_is_tried_again_and_its_old_page_is_said_to_be_old(place):
    good = next(place.folder.rglob("10_*.html")).read_bytes()
    write_notebooks(place.notebooks, {"10_commitments": 'raise ValueError("on purpose")'})
    assert place.run() == {**SAME, "10": "failed"}
    assert next(place.folder.rglob("id/10_commitments/*.html")).read_bytes() == good
    index = place.folder / "index.html"
    assert "dari proses sebelumnya" in index.read_text(encoding="utf-8") or "sebelumnya" in index.read_text(
        "utf-8"
    )
    old = index.read_text(encoding="utf-8")
    # a run of another page does not forget that this one failed
    other = [run for run in place.runs() if run.notebook == "00_data_quality"]
    runner.run_reports(other, place.out, tell=place.lines.append, force=True)
    assert index.read_text(encoding="utf-8") == old
    write_notebooks(place.notebooks)
    assert place.run() == {**SAME, "10": "made"}
    assert place.why()["10"] == "it failed"


def test_another_time_makes_all_and_the_same_time_gives_the_same_bytes(place, tmp_path, monkeypatch):
    place.run(tmp_path / "again")
    assert bytes_of(tmp_path / "again") == bytes_of(place.out)
    assert not [name for name in bytes_of(place.out) if "/." in name]
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1600000000")
    assert set(place.run().values()) == {"made"}


def test_kept_boundaries_are_an_input(place):
    write_notebooks(place.notebooks, {"10_commitments": "report.plain(str(report.has_outline))"})
    place.run()
    runs, recipe = place.runs(), runner.recipe_of(None)
    before = Inputs(runs[0].case).hashes(["boundaries"])
    kept = Path(os.environ["OGP_ANALYSIS_CACHE"]) / "boundaries" / "semarang"
    kept.mkdir(parents=True)
    (kept / "x.geojson").write_text("{}", encoding="utf-8")
    assert Inputs(runs[0].case).hashes(["boundaries"]) != before
    tasks = decide(runs, place.out, recipe, Inputs(runs[0].case))[0]
    assert {task.run.notebook[:2]: task.why for task in tasks} == {"00": "", "10": "boundaries changed", "40": ""}


def test_a_dry_run_says_why_and_writes_nothing(place, capsys, tmp_path):
    other_bytes(place.case / "plans.csv")
    before = {path: path.stat().st_mtime_ns for path in place.out.rglob("*")}
    given = ["--case", str(place.case), "--language", "id", "--district", "Tugu", "--notebook", *CODE]
    assert main(["report", *given, "--dry-run", "--out", str(place.out)]) == 0
    printed = capsys.readouterr().out
    assert "make        2023Q4 id 10_commitments" in printed
    assert "plans.csv changed" in printed
    assert "to make 1, up to date 2" in printed
    assert {path: path.stat().st_mtime_ns for path in place.out.rglob("*")} == before
    assert main(["report", *given, "--dry-run", "--out", str(tmp_path / "new")]) == 0
    assert not (tmp_path / "new").exists()


@pytest.mark.skipif(sys.platform == "win32", reason="limits of files are of POSIX")
def test_a_full_disk_leaves_the_last_good_page(tmp_path):
    """Files may not grow beyond 20 kB, which the system enforces as it does a full disk."""
    import resource

    given = ["report", "--notebook", "30_membership", "--language", "en", "--out", str(tmp_path)]
    assert main(given) == 0
    before = bytes_of(tmp_path)
    done = subprocess.run(
        [sys.executable, "-m", "ogp_analysis.cli", *given, "--force"],
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000)),
        capture_output=True,
        text=True,
    )
    assert done.returncode == 1, done.stderr
    assert "File too large" in done.stdout
    assert "still in its place" in done.stdout
    after = bytes_of(tmp_path)
    assert [name for name in before if name.endswith(".html") and "30_" in name] != []
    assert {name: after[name] for name in before if "30_" in name} == {
        name: before[name] for name in before if "30_" in name
    }
    assert not [name for name in after if ".part-" in name]


def _free_text_changed(path: Path) -> bool:
    """Change every value of every column of free text in a table; says whether there is one."""
    import pandas as pd

    spec = table_specs()[path.stem]
    frame = pd.read_csv(path, dtype=str, keep_default_na=False)
    names = [
        name
        for name in frame.columns
        if name.split("_")[0] in ("note", "text", "title", "finding", "meaning", "question", "what", "description")
        and not spec.field(name).enum
    ]
    for name in names:
        frame[name] = [f"{value} changed" if value else value for value in frame[name]]
    if names:
        frame.to_csv(path, index=False)
    return bool(names)


@pytest.mark.parametrize("notebook", sorted(NOTEBOOKS))
def test_what_a_page_did_not_read_does_not_change_it(notebook, tmp_path, monkeypatch):
    """The real notebooks: every other table changed at once, and the page made by force is the same."""
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")
    case = tmp_path / "semarang"
    shutil.copytree(SEMARANG, case)
    runs = plan_runs(str(case), "2023Q4", ["en"], [notebook], ["Tugu"])
    outcome = runner.run_reports(runs, tmp_path / "a")[0]
    assert outcome.problem == ""
    read = load_state(tmp_path / "a" / "semarang" / "2023Q4")[0].pages[run_id(runs[0])].inputs
    others = [path for path in case.glob("*.csv") if path.name not in read]
    changed = [path.name for path in others if _free_text_changed(path)]
    # the page on data quality counts the rows of every table: it depends on all of them
    assert len(changed) > 3 or (notebook == "00_data_quality" and others == [])
    runs = plan_runs(str(case), "2023Q4", ["en"], [notebook], ["Tugu"])
    assert [
        task.why for task in decide(runs, tmp_path / "a", runner.recipe_of(None), Inputs(runs[0].case))[0]
    ] == [""]
    runner.run_reports(runs, tmp_path / "b", force=True)
    name = f"semarang/2023Q4/{run_id(runs[0])}/"
    first, second = (bytes_of(tmp_path / each) for each in "ab")
    pages = [each for each in first if each.startswith(name)]
    assert len(pages) >= 2
    assert {each: first[each] for each in pages} == {each: second[each] for each in pages}
