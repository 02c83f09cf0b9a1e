"""The house's rule that imports run downwards only, read from the source without running it."""

import ast
import os
import subprocess
import sys
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[2] / "ogp_analysis"

# design.md, section 3, from the ground up. A new module gets its place here.
FLOORS = [
    {
        "errors",
        "extras",
        "intake",
        "plainyaml",
        "signs",
        "reads",
        "figures",
        "membership_rules",
        "scorecard_items",
        "scorecard_rules",
        "privacy",
        "quarter",
        "dates",
        "scales",
        "tables",
        "locale",
        "datapackage",
        "dictionary",
        "labels",
        "verdict",
        "notebook_check",
        "texts",
    },
    {"cleaning"},
    {"sources"},
    {"casefile", "caserules"},
    {"case"},
    {"quality", "build", "forms", "newcase", "translation"},
    {"checkup"},
    {"stats"},
    {"commitments", "recovery", "claims", "scorecard"},
    {"membership"},  # its duties are dated by the commitments of the plan
    {"changes"},
    {"maps"},
    {"charts"},
    {"reports"},
    {"cli"},
    {"__main__"},
]
FLOOR = {name: number for number, names in enumerate(FLOORS) for name in names}
HEAVY = {"pandas", "numpy", "geopandas", "shapely", "matplotlib", "scipy", "mapclassify", "rapidfuzz", "papermill",
         "nbformat", "nbconvert", "pyarrow", "babel", "yaml", "openpyxl"}  # fmt: skip


def modules() -> list[Path]:
    return sorted(path for path in PACKAGE.rglob("*.py") if path != PACKAGE / "__init__.py")


def part(path: Path) -> str:
    """Return the part of the house that a file belongs to: ``maps/svg.py`` is of ``maps``."""
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def imported(source: str, package: list[str]) -> set[str]:
    """Return the parts of the house that a source text imports, at whatever depth.

    ``package`` names the package that relative imports start from.
    """
    found = set()
    for node in ast.walk(ast.parse(source)):
        names: list[str] = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            start = package[: len(package) - node.level + 1] if node.level else []
            base = ".".join([*start, *([node.module] if node.module else [])])
            names = [f"{base}.{alias.name}" for alias in node.names]
        for name in names:
            steps = name.split(".")
            if steps[0] == "ogp_analysis" and len(steps) > 1:
                found.add(steps[1])
    return found


def test_reader_of_imports_sees_every_form() -> None:
    source = """
import ogp_analysis.maps.svg
from ogp_analysis import case, __version__
from ogp_analysis.stats import spatial
from ..cleaning import names
from . import neighbour
def late():
    from ogp_analysis.cli import main
"""
    assert imported(source, ["ogp_analysis", "reports"]) == {
        "maps", "case", "__version__", "stats", "cleaning", "reports", "cli"
    }  # fmt: skip


def test_every_module_has_a_floor() -> None:
    unknown = {part(path) for path in modules()} - set(FLOOR)
    assert unknown == set(), "give it a place in FLOORS (design.md, section 3)"


@pytest.mark.parametrize("path", modules(), ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_imports_run_downwards_only(path: Path) -> None:
    own = part(path)
    assert own in FLOOR, "give it a place in FLOORS (design.md, section 3)"
    package = ["ogp_analysis", *path.relative_to(PACKAGE).parent.parts]
    upwards = {
        name
        for name in imported(path.read_text(encoding="utf-8"), package)
        if name in FLOOR and name != own and FLOOR[name] >= FLOOR[own] and not FLOOR[name] == FLOOR[own] == 0
    }
    assert upwards == set(), f"{own} may import only what lies below it"


def test_ground_floor_has_no_circle() -> None:
    uses = {
        name: {
            other
            for path in modules()
            if part(path) == name
            for other in imported(path.read_text(encoding="utf-8"), ["ogp_analysis"])
            if other in FLOORS[0] and other != name
        }
        for name in FLOORS[0]
    }
    while free := [name for name, others in uses.items() if not others & set(uses)]:
        for name in free:
            del uses[name]
    assert uses == {}, "these import each other in a circle"


def test_importing_the_package_loads_nothing_heavy(tmp_path: Path) -> None:
    code = "import sys, ogp_analysis; print(*{name.partition('.')[0] for name in sys.modules})"
    environ = {**os.environ, "PYTHONPATH": str(PACKAGE.parent)}
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, env=environ, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    loaded = set(done.stdout.split())
    assert "ogp_analysis" in loaded
    assert loaded & HEAVY == set()
