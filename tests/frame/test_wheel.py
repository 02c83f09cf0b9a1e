"""The case and the notebooks travel with the package."""

import email
import os
import re
import shlex
import subprocess
import sys
import sysconfig
import tarfile
import tomllib
import venv
import zipfile
from pathlib import Path

import pytest
from packaging.requirements import Requirement

ROOT = Path(__file__).parents[2]
PURELIB = "import sysconfig; print(sysconfig.get_path('purelib'))"
# what work on the project leaves behind, and what is made from it
LEFT = {
    ".git", ".venv", ".venv-lab", ".hypothesis", ".ipynb_checkpoints", ".mypy_cache", ".pytest_cache", ".ruff_cache",
    "__pycache__", ".backup", "build", "dist", "site",
}  # fmt: skip
DOWNLOADED = (".geojson", ".gpkg", ".shp", ".parquet", ".pyc", ".tif")


def build(source: Path, kind: str, folder: Path) -> Path:
    """Build a wheel or sdist with the installed hatchling, without the network; return the file."""
    command = [sys.executable, "-m", "hatchling", "build", "-t", kind, "-d", str(folder)]
    done = subprocess.run(command, cwd=source, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    (built,) = folder.glob("*.whl" if kind == "wheel" else "*.tar.gz")
    return built


def contents(wheel: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(wheel) as archive:
        return {name: archive.read(name) for name in archive.namelist() if not name.endswith("/")}


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(ROOT, "wheel", tmp_path_factory.mktemp("wheel"))


def test_wheel_holds_the_tables_of_each_case_unchanged(wheel: Path) -> None:
    held = contents(wheel)
    tables = [path for path in (ROOT / "data" / "raw").glob("*/*") if path.suffix in {".csv", ".yaml"}]
    assert len(tables) > 10
    for path in tables:
        assert held[f"ogp_analysis/_data/raw/{path.parent.name}/{path.name}"] == path.read_bytes()


def test_wheel_holds_the_notebooks(wheel: Path) -> None:
    held = {name.rpartition("/")[2] for name in contents(wheel) if name.startswith("ogp_analysis/_notebooks/")}
    assert held == {path.name for path in (ROOT / "notebooks").glob("*.ipynb")}


def test_wheel_holds_licences_and_catalogues_but_no_boundaries_and_no_tests(wheel: Path) -> None:
    names = set(contents(wheel))
    package = [
        path for path in (ROOT / "ogp_analysis").rglob("*") if path.is_file() and "__pycache__" not in path.parts
    ]
    assert {path.relative_to(ROOT).as_posix() for path in package} <= names
    for name in ("locale/id.po", "tables.yaml", "scales.yaml", "reports/pdf/report.typ", "py.typed"):
        assert f"ogp_analysis/{name}" in names
    for licence in ("LICENSE", "DATA-LICENCES.md"):
        assert any(name.endswith(f".dist-info/licenses/{licence}") for name in names)
    assert [name for name in names if name.endswith(DOWNLOADED)] == []
    assert {name.partition("/")[0].partition("-")[0] for name in names} == {"ogp_analysis"}


def test_what_is_kept_beside_the_source_is_not_shipped(tmp_path: Path) -> None:
    source = tmp_path / "source"
    for name, text in {
        "pyproject.toml": (ROOT / "pyproject.toml").read_text(encoding="utf-8"),
        "hatch_build.py": (ROOT / "hatch_build.py").read_text(encoding="utf-8"),
        "README.md": "x",
        "LICENSE": "x",
        "DATA-LICENCES.md": "x",
        "ogp_analysis/__init__.py": "",
        "data/raw/town/districts.csv": "code\n1\n",
        "data/raw/town/extra/more.csv": "a\n",
        "data/raw/town/official.geojson": "{}",
        "data/raw/town/.cache/half.csv": "",
        "notebooks/one.ipynb": "{}",
        "notebooks/.ipynb_checkpoints/one-checkpoint.ipynb": "{}",
        "reports/town/2023Q4/index.html": "",
        ".venv-lab/lib/thing.py": "",
        ".venv/lib/thing.py": "",
    }.items():
        (source / name).parent.mkdir(parents=True, exist_ok=True)
        (source / name).write_text(text, encoding="utf-8")
    names = [name for name in contents(build(source, "wheel", tmp_path / "out")) if ".dist-info" not in name]
    assert sorted(names) == [
        "ogp_analysis/__init__.py",
        "ogp_analysis/_data/raw/town/districts.csv",
        "ogp_analysis/_data/raw/town/extra/more.csv",
        "ogp_analysis/_notebooks/one.ipynb",
    ]
    with tarfile.open(build(source, "sdist", tmp_path / "out")) as archive:
        folders = {name.split("/")[1] for name in archive.getnames()}
    assert {"data", "notebooks", "ogp_analysis", "hatch_build.py"} <= folders
    assert folders & {".venv", ".venv-lab", "reports"} == set()


@pytest.fixture(scope="module")
def sdist(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(ROOT, "sdist", tmp_path_factory.mktemp("sdist"))


def test_sdist_holds_the_source_and_nothing_that_was_made_from_it(sdist: Path) -> None:
    with tarfile.open(sdist) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    held = {
        path.relative_to(ROOT).as_posix()
        for folder in ("ogp_analysis", "notebooks", "data/raw", "tests", "docs", "benchmarks")
        for path in (ROOT / folder).rglob("*")
        if path.is_file() and path.suffix not in DOWNLOADED and not LEFT & set(path.relative_to(ROOT).parts)
    }
    assert held - names == set()
    files = (
        "README.md",
        "LICENSE",
        "DATA-LICENCES.md",
        "CHANGELOG.md",
        "CITATION.cff",
        "environment.yml",
        "run.py",
    )
    assert set(files) <= names
    assert [name for name in names if LEFT & set(name.split("/")) or name.endswith(DOWNLOADED)] == []
    assert [name for name in names if name.startswith(("reports/", "data/processed/", ".ci"))] == []


def test_wheel_built_from_the_sdist_is_the_same(wheel: Path, sdist: Path, tmp_path: Path) -> None:
    with tarfile.open(sdist) as archive:
        archive.extractall(tmp_path, filter="data")
    (unpacked,) = tmp_path.glob("ogp_analysis-*")
    again = build(unpacked, "wheel", tmp_path / "again")
    assert {name: data for name, data in contents(again).items() if not name.endswith("/RECORD")} == {
        name: data for name, data in contents(wheel).items() if not name.endswith("/RECORD")
    }


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A fresh environment with the wheel in it, and an empty folder beside it.

    Nothing is downloaded: what the wheel needs is found where these tests run, this package is not.
    """
    folder = tmp_path_factory.mktemp("installed")
    venv.create(folder / "venv", with_pip=False)
    python = folder / "venv" / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    own, ours = (run([python, "-c", PURELIB], folder), sysconfig.get_path("purelib"))
    pip = [sys.executable, "-m", "pip", f"--python={python}", "install", "--quiet", "--no-deps", "--no-index"]
    run([*pip, str(wheel)], folder)
    # a line of a .pth file adds a folder, not the .pth files in it: an editable install of this package stays out
    (Path(own.strip()) / "packages_of_the_tests.pth").write_text(f"{ours}\n", encoding="utf-8")
    (folder / "empty").mkdir()
    return folder


def run(command: list[str | Path], folder: Path) -> str:
    """Run a command in a folder, without this repository on the path; return what it printed."""
    environ = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    environ["PYTHONUTF8"] = "1"
    done = subprocess.run(command, cwd=folder, env=environ, capture_output=True, encoding="utf-8")
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def script(installed: Path, name: str) -> Path:
    return installed / "venv" / (f"Scripts/{name}.exe" if os.name == "nt" else f"bin/{name}")


def below(heading: str, kind: str) -> str:
    """Return the first block of a kind that follows some words of the README."""
    after = (ROOT / "README.md").read_text(encoding="utf-8").partition(heading)[2]
    return re.findall(rf"```{kind}\n(.*?)```", after, flags=re.S)[0]


def test_wheel_needs_what_pyproject_lists(wheel: Path) -> None:
    (metadata,) = (data for name, data in contents(wheel).items() if name.endswith(".dist-info/METADATA"))
    told = [Requirement(line) for line in email.message_from_bytes(metadata).get_all("Requires-Dist", [])]
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    always = {(one.name, str(one.specifier)) for one in told if one.marker is None}
    assert always == {(one.name, str(one.specifier)) for one in map(Requirement, project["dependencies"])}


def test_case_loads_from_the_installed_wheel_outside_the_repository(installed: Path) -> None:
    code = (
        "import ogp_analysis as oga; case = oga.load_case('semarang'); "
        "print(oga.__file__); print(case.folder); print(len(case.table('districts')))"
    )
    module, folder, districts = run([script(installed, "python"), "-c", code], installed / "empty").splitlines()
    assert (installed / "venv") in Path(module).parents
    assert Path(folder) == Path(module).parent / "_data" / "raw" / "semarang"
    assert districts == "16"  # kecamatan of Kota Semarang


def test_the_students_example_of_the_readme_runs_from_the_wheel(
    installed: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    example = below("**You study.**", "python")
    assert "import rate" in example
    printed = run([script(installed, "python"), "-c", example], installed / "empty")
    exec(compile(example, "README.md", "exec"), {})
    assert printed == capsys.readouterr().out  # as this repository's own tables and functions give it


def test_the_report_of_the_readme_is_written_from_the_wheel(installed: Path) -> None:
    lines = below("**You write a quarterly report.**", "sh").splitlines()
    (line,) = [line for line in lines if "--district Genuk Tugu" in line]
    command = shlex.split(line.replace("python3 run.py", str(script(installed, "ogp-analysis").as_posix())))
    run(command, installed / "empty")
    made = installed / "empty" / "reports" / "semarang" / "2023Q4"
    pages = {
        (path.parts[-4], path.parts[-2], path.suffix): path.read_bytes()
        for path in made.glob("*/40_district_profile/*/*")
        if path.suffix in {".html", ".pdf"}
    }
    # Genuk and Tugu by their codes of BPS
    wanted = {(language, code) for language in ("id", "en") for code in ("3374090", "3374150")}
    assert set(pages) == {(*one, suffix) for one in wanted for suffix in (".html", ".pdf")}
    for (language, code, suffix), data in pages.items():
        if suffix == ".html":
            assert f'lang="{language}"' in data.decode("utf-8")[:400]
            assert {"3374090": "Genuk", "3374150": "Tugu"}[code].encode() in data
        else:
            assert data.startswith(b"%PDF-")
    assert (made / "index.html").is_file()
