"""A run killed at any moment and run again with --continue gives the bytes of one that was left in peace."""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from ogp_analysis.cli import main
from ogp_analysis.reports.state import load_state

from .small import bytes_of

GIVEN = [
    "--notebook",
    "10_commitments",
    "25_recovery_microdata",
    "40_district_profile",
    "--district",
    "Tugu",
    "Genuk",
]
#: A few in the suite; OGP_TEST_KILLS=30 for as many as one likes.
KILLS = int(os.environ.get("OGP_TEST_KILLS", "5"))


def start(out: Path, *options: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "ogp_analysis.cli", "report", *options, "--out", str(out)],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env={**os.environ, "SOURCE_DATE_EPOCH": "1700000000"},
    )


def whole(out: Path) -> None:
    """No file that a reader would take for one is cut off."""
    for path in out.rglob("*"):
        if path.is_file() and not any(part.startswith(".part-") for part in path.parts):
            if path.suffix == ".html":
                assert path.read_text(encoding="utf-8").endswith("</html>\n"), path
            elif path.suffix in (".ipynb", ".json"):
                json.loads(path.read_text(encoding="utf-8"))
            elif path.suffix == ".pdf":
                assert path.read_bytes().rstrip().endswith(b"%%EOF"), path
            elif path.suffix == ".csv":
                assert path.read_bytes().endswith(b"\n"), path


@pytest.mark.skipif(sys.platform == "win32", reason="kill -9 is of POSIX")
def test_killed_at_random_moments_and_continued(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")
    calm, torn = tmp_path / "calm", tmp_path / "torn"
    begun = time.monotonic()
    assert main(["report", *GIVEN, "--out", str(calm)]) == 0
    took = time.monotonic() - begun
    chance = random.Random(20231231)
    options = GIVEN
    for _ in range(KILLS):
        process = start(torn, *options)
        time.sleep(chance.uniform(0.05, 0.7) * took)
        process.send_signal(signal.SIGKILL)
        process.communicate()
        whole(torn)
        found = torn / "semarang" / "2023Q4"
        if found.is_dir() and load_state(found)[0].unfinished:
            options = ["--continue"]
        elif process.returncode == 0:  # it was done before the kill: compared, and begun anew
            assert bytes_of(torn) == bytes_of(calm)
            shutil.rmtree(torn)
            options = GIVEN
    process = start(torn, *options)
    printed = process.communicate()[0]
    assert process.returncode == 0, printed
    assert bytes_of(torn) == bytes_of(calm)
    assert not list(torn.rglob(".*"))
    assert load_state(torn / "semarang" / "2023Q4")[0].unfinished == {}
    capsys.readouterr()
    assert main(["report", "--continue", "--out", str(torn)]) == 0
    assert "No stopped run" in capsys.readouterr().out
