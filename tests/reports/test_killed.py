"""A run that is stopped or killed leaves whole pages and no process behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
import uuid
from pathlib import Path

import pytest

pytestmark = pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="needs /proc to see processes")


def alive(mark: str) -> list[int]:
    found = []
    for path in Path("/proc").glob("[0-9]*/environ"):
        try:
            if mark.encode() in path.read_bytes():
                found.append(int(path.parent.name))
        except OSError:  # ended meanwhile, or not ours
            continue
    return found


def started(out: Path, mark: str) -> subprocess.Popen[str]:
    """A report run that has made its first page."""
    command = [sys.executable, "-m", "ogp_analysis.cli", "report", "--language", "en", "--out", str(out)]
    process = subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env={**os.environ, "OGP_TEST_MARK": mark},
    )
    for line in process.stdout:
        if "made" in line:
            return process
    raise AssertionError("no page was made")


def ended(mark: str, within: float) -> bool:
    end = time.monotonic() + within
    while time.monotonic() < end:
        if not alive(mark):
            return True
        time.sleep(0.2)
    return False


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_nothing_is_left_running(tmp_path, how):
    mark = uuid.uuid4().hex
    process = started(tmp_path, mark)
    process.send_signal(how)
    rest = process.communicate(timeout=60)[0]
    assert ended(mark, 20), alive(mark)
    # a folder that starts with a dot is where a page is made before it is moved into place
    pages = [
        page for page in tmp_path.rglob("*.html") if not any(part.startswith(".part-") for part in page.parts)
    ]
    assert len(pages) < 20, rest  # it did stop
    assert all(page.read_text(encoding="utf-8").endswith("</html>\n") for page in pages)
    if how != signal.SIGKILL:
        assert process.returncode == 130
        assert "Stopped." in rest
