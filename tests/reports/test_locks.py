"""One run at a time in a folder, and what is said of one that was killed."""

from __future__ import annotations

import contextlib
import signal
import subprocess
import sys
from datetime import UTC, datetime

import pytest

from ogp_analysis.cli import main
from ogp_analysis.reports.lock import NAME, LockedError, Owner, locked

HOLD = """
import sys, time
from pathlib import Path
from ogp_analysis.reports.lock import locked
with locked(Path(sys.argv[1])):
    print("held", flush=True)
    time.sleep(60)
"""


@pytest.fixture
def holder(tmp_path):
    folder = tmp_path / "semarang" / "2023Q4"
    folder.mkdir(parents=True)
    process = subprocess.Popen([sys.executable, "-c", HOLD, str(folder)], stdout=subprocess.PIPE, text=True)
    assert process.stdout.readline() == "held\n"
    yield folder, process
    process.kill()
    process.communicate()


def test_a_second_run_is_told_who_and_since_when(holder, tmp_path, capsys):
    _, process = holder
    assert main(["report", "--language", "id", "--notebook", "30_membership", "--out", str(tmp_path)]) == 3
    printed = capsys.readouterr().err
    assert f"process {process.pid} of " in printed
    assert "0 min ago" in printed
    assert "What to do" in printed
    assert not list(tmp_path.rglob("*.html"))


def test_the_lock_of_a_killed_run_is_explained_and_taken_over(holder):
    folder, process = holder
    process.send_signal(signal.SIGKILL)
    process.wait()
    lines: list[str] = []
    with locked(folder, lines.append):
        assert len(lines) == 1
        assert f"process {process.pid} of " in lines[0]
        assert "ended without finishing" in lines[0]
    assert not (folder / NAME).exists()


def test_a_run_that_ends_or_fails_leaves_no_lock(tmp_path):
    lines: list[str] = []
    with contextlib.suppress(ZeroDivisionError), locked(tmp_path, lines.append):
        assert (tmp_path / NAME).read_text(encoding="utf-8")
        _ = 1 / 0
    with locked(tmp_path, lines.append), pytest.raises(LockedError), locked(tmp_path, lines.append):
        pass
    assert lines == []
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("text", ["", "{", "[]", '{"pid": 1}', "null"])
def test_a_lock_file_of_anything_else_names_nobody(text):
    assert Owner.read(text) is None


def test_an_owner_with_a_start_that_is_no_time_has_no_age():
    owner = Owner(1, "a", "b", "yesterday")
    assert owner.words(datetime(2026, 1, 1, tzinfo=UTC)) == "process 1 of b on a, started yesterday"
