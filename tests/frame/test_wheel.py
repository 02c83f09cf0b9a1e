"""The case and the notebooks travel with the package."""

import os
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


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
    assert {"ogp_analysis/locale/id.po", "ogp_analysis/tables.yaml"} <= names
    for licence in ("LICENSE", "DATA-LICENCES.md"):
        assert any(name.endswith(f".dist-info/licenses/{licence}") for name in names)
    unwanted = (".geojson", ".gpkg", ".shp", ".parquet", ".pyc", ".tif")
    assert [name for name in names if name.endswith(unwanted)] == []
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


def test_wheel_built_from_the_sdist_is_the_same(wheel: Path, tmp_path: Path) -> None:
    sdist = build(ROOT, "sdist", tmp_path / "sdist")
    with tarfile.open(sdist) as archive:
        archive.extractall(tmp_path, filter="data")
    (unpacked,) = tmp_path.glob("ogp_analysis-*")
    again = build(unpacked, "wheel", tmp_path / "again")
    assert {name: data for name, data in contents(again).items() if not name.endswith("/RECORD")} == {
        name: data for name, data in contents(wheel).items() if not name.endswith("/RECORD")
    }


def test_case_loads_from_the_installed_wheel_outside_the_repository(wheel: Path, tmp_path: Path) -> None:
    target, elsewhere = tmp_path / "target", tmp_path / "elsewhere"
    elsewhere.mkdir()
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-index"]
    done = subprocess.run([*pip, "--target", str(target), str(wheel)], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    code = (
        "import ogp_analysis as oga; case = oga.load_case('semarang'); "
        "print(oga.__file__); print(case.folder); print(len(case.table('districts'))); print(repr(case)[:60])"
    )
    environ = {**os.environ, "PYTHONPATH": str(target), "PYTHONUTF8": "1"}
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=elsewhere, env=environ, capture_output=True, encoding="utf-8"
    )
    assert done.returncode == 0, done.stderr
    module, folder, districts, _ = done.stdout.splitlines()
    assert Path(module) == target / "ogp_analysis" / "__init__.py"
    assert Path(folder) == target / "ogp_analysis" / "_data" / "raw" / "semarang"
    assert districts == "16"  # kecamatan of Kota Semarang
