"""Every attack ends in an error that names what is wrong, or in a list of it; nothing else happens."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from .corpus import ATTACKS, DOORS
from .guard import fence
from .result import first_line, happen
from .table import row
from .yard import ROOT

PAGE = (
    (ROOT / "docs" / "attacks.md").read_text(encoding="utf-8") if (ROOT / "docs" / "attacks.md").exists() else ""
)


@pytest.fixture(scope="session")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("shared")


@pytest.fixture(autouse=True)
def _as_in_a_process_of_its_own() -> Iterator[None]:
    """frictionless, of other tests, lets cells of any length through, for the whole process."""
    before = csv.field_size_limit(131_072)
    yield
    csv.field_size_limit(before)


@pytest.mark.parametrize("name", ATTACKS)
def test_attack(name: str, tmp_path: Path, shared: Path) -> None:
    attack = ATTACKS[name]
    happened = happen(attack, tmp_path, shared)
    if attack.error is None:
        assert happened.error is None, happened.text
    else:
        assert isinstance(happened.error, attack.error), happened.text[:400]
        assert happened.error.hint, happened.text[:400]
    missing = [word for word in attack.words if word not in happened.text]
    assert not missing, happened.text[:600]
    assert happened.tried == []
    assert happened.changed == []
    assert happened.seconds < attack.seconds
    if happened.megabytes is not None:
        assert happened.megabytes < attack.megabytes
    # a message goes to terminals and pages: no sign in it may do anything there
    assert all(sign.isprintable() or sign in "\n\t" for sign in happened.text)
    if attack.error is not None:
        assert len(happened.text) < 20_000
    assert row(attack, first_line(attack, happened, tmp_path)) in PAGE.splitlines(), "run: python docs/make.py"


def test_the_corpus_is_wide() -> None:
    doors = Counter(attack.door for attack in ATTACKS.values())
    assert sum(doors.values()) >= 150
    assert set(doors) == set(DOORS)
    assert max(doors.values()) < sum(doors.values()) / 3  # not one attack in many forms
    assert PAGE.count("\n| `") == len(ATTACKS), "run: python docs/make.py"


def test_the_fence_holds(tmp_path: Path) -> None:
    """What the other tests rely on: a call that breaks out is seen."""
    import socket
    import subprocess

    with fence(5, tmp_path) as tried:
        with pytest.raises(PermissionError):
            subprocess.Popen(["true"])
        with pytest.raises(PermissionError):
            socket.create_connection(("127.0.0.1", 9), timeout=1)
        with pytest.raises(PermissionError):
            (ROOT / "written-by-an-attack").write_text("x", encoding="utf-8")
        with pytest.raises(PermissionError):  # a place whose name only begins as the allowed one
            tmp_path.with_name(f"{tmp_path.name}0").write_text("x", encoding="utf-8")
        (tmp_path / "allowed").write_text("x", encoding="utf-8")
    assert [one.split()[0] for one in tried] == ["subprocess.Popen", "socket.getaddrinfo", "wrote", "wrote"]
    assert not (ROOT / "written-by-an-attack").exists()
