"""A few seconds of the fuzz run with a fixed seed; and that the run sees what it is there to see."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from ogp_analysis.errors import DataError, OgpAnalysisError, Problem
from tests.attack.corpus import Call
from tests.attack.yard import Yard

from . import mutate, one
from .doors import DOORS

#: Doors that take some hundredths of a second; those of whole cases and forms are for the long run.
QUICK = (
    "plan file",
    "list for new-case",
    "table of OGP",
    "downloaded archive",
    "standing.json",
    "published table",
    "cleaning function",
    "series of figures",
)


@pytest.mark.parametrize("door", QUICK)
def test_damaged_input_is_accepted_or_refused_in_words(door: str, tmp_path: Path) -> None:
    seen: Counter[str] = Counter()
    for number in range(8):
        folder = tmp_path / f"{number}"
        folder.mkdir()
        outcome = one.one(20231231, number, (door,), folder, tmp_path / "shared")
        assert not outcome.found, f"{outcome.sign}\n{outcome.text}"
        seen[outcome.kind] += 1
    assert seen["refused"] + seen["accepted"] > 0


def bad(what: str, folder: Path) -> None:
    if what == "raised":
        raise KeyError("x")
    if what == "forbidden":
        Path("/written-by-a-case").write_text("x", encoding="utf-8")
    if what == "left behind":
        (folder / "temporary" / "x").write_text("x", encoding="utf-8")
        return
    if what == "changed":
        (folder / "half").write_text("x", encoding="utf-8")
        raise OgpAnalysisError("No.", hint="Do.")
    if what == "message":
        raise OgpAnalysisError("No.")
    if what == "refused":
        raise DataError([Problem("x.csv", 2, "a", "b", "c")], hint="Do.")
    assert what == "accepted"


@pytest.mark.parametrize(
    "what", ["raised", "forbidden", "left behind", "changed", "message", "refused", "accepted"]
)
def test_the_run_sees_what_goes_wrong(what: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def build(_draw: mutate.Draw, yard: Yard) -> Call:
        return lambda: bad(what, yard.folder)

    monkeypatch.setitem(DOORS, "x", (build, 1))
    outcome = one.one(1, 1, ("x",), tmp_path, tmp_path / "shared")
    # a forbidden call raises, and that is seen first
    assert outcome.kind == ("raised" if what == "forbidden" else what)
    assert outcome.found == (what not in ("refused", "accepted"))


def test_a_case_depends_on_its_seed_and_number_alone() -> None:
    text = b"a,b\n1,2\n3,4\n"
    made = [mutate.damage_csv(one.generator(seed, 5), text) for seed in (1, 1, 2, 3)]
    assert made[0] == made[1]
    assert len(set(made)) > 1
    assert one.door_of(one.generator(1, 5), tuple(DOORS)) == one.door_of(one.generator(1, 5), tuple(DOORS))
