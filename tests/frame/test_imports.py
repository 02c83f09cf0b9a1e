"""Imports run downwards only, in no circle, and nothing heavy is loaded before it is used."""

from __future__ import annotations

import os
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parents[2] / "ogp_analysis"
RULES = PACKAGE.parent / "pyproject.toml"
HEAVY = {"pandas", "numpy", "geopandas", "shapely", "matplotlib", "scipy", "mapclassify", "rapidfuzz", "papermill",
         "nbformat", "nbconvert", "pyarrow", "babel", "yaml", "openpyxl"}  # fmt: skip


def linted(rules: Path) -> subprocess.CompletedProcess[str]:
    """Hold the imports against rules; those of the house stand in ``pyproject.toml``."""
    code = "import sys; from importlinter.cli import lint_imports; sys.exit(lint_imports(sys.argv[1], no_cache=True))"
    environ = {**os.environ, "PYTHONPATH": str(PACKAGE.parent)}
    command = [sys.executable, "-c", code, str(rules)]
    return subprocess.run(command, cwd=rules.parent, env=environ, capture_output=True, text=True)


def test_imports_run_downwards_and_in_no_circle() -> None:
    done = linted(RULES)
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("swapped", [("charts", "maps"), ("cleaning", "case")])
def test_an_import_upwards_is_seen(tmp_path: Path, swapped: tuple[str, str]) -> None:
    layers = tomllib.loads(RULES.read_text(encoding="utf-8"))["tool"]["importlinter"]["contracts"][0]["layers"]
    one, other = (layers.index(name) for name in swapped)
    layers[one], layers[other] = layers[other], layers[one]
    listed = "\n    ".join(layers)
    text = f"""
[importlinter]
root_package = ogp_analysis
[importlinter:contract:upside-down]
name = upside down
type = layers
ignore_imports = ogp_analysis -> ogp_analysis.**
containers = ogp_analysis
layers =
    {listed}
"""
    (tmp_path / "rules.ini").write_text(text, encoding="utf-8")
    done = linted(tmp_path / "rules.ini")
    assert done.returncode == 1
    assert f"ogp_analysis.{max(swapped, key=layers.index)} is not allowed to import" in done.stdout


def test_importing_the_package_loads_nothing_heavy(tmp_path: Path) -> None:
    code = "import sys, ogp_analysis; print(*{name.partition('.')[0] for name in sys.modules})"
    environ = {**os.environ, "PYTHONPATH": str(PACKAGE.parent)}
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, env=environ, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    loaded = set(done.stdout.split())
    assert "ogp_analysis" in loaded
    assert loaded & HEAVY == set()
