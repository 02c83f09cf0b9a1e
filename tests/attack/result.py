"""Run one attack inside the fence and say what happened."""

from __future__ import annotations

import contextlib
import re
import time
from dataclasses import dataclass
from pathlib import Path
from unittest import mock

from ogp_analysis.errors import OgpAnalysisError

from .corpus import ARCHIVE, FORM, Attack
from .guard import fence, peak, reset_peak, snapshot
from .yard import Yard


@dataclass(frozen=True)
class Happened:
    """What an attack led to.

    ``text`` is the message or the list, ``error`` what was raised, ``changed`` the paths that differ from before,
    ``tried`` what was forbidden and tried, ``seconds`` of processor time, ``megabytes`` at the peak or None where
    the system does not tell.
    """

    text: str
    error: OgpAnalysisError | None
    changed: list[str]
    tried: list[str]
    seconds: float
    megabytes: float | None


def happen(attack: Attack, folder: Path, shared: Path) -> Happened:
    """Build the bad input, take it in, and look at what is different."""
    yard = Yard(folder, shared)
    call = attack.build(yard)
    temporary = folder / "temporary"
    temporary.mkdir()
    before = snapshot(folder)
    with contextlib.ExitStack() as patches:
        for patch in yard.patches:
            patches.enter_context(patch)
        patches.enter_context(mock.patch("tempfile.tempdir", str(temporary)))
        use = reset_peak()
        start, error, text = time.process_time(), None, ""
        with fence(attack.seconds, folder) as tried:
            try:
                text = str(call())
            except OgpAnalysisError as raised:
                text, error = str(raised), raised
        seconds = time.process_time() - start
        megabytes = None if use is None else (peak() - use) / 2**20
    after = snapshot(folder)
    changed = [path for path in sorted({*before, *after}) if before.get(path) != after.get(path)]
    if attack.door == FORM:  # what is wrong with a form is listed beside it, in a folder that says when
        changed = [path for path in changed if not re.match(r"form-[0-9]{8}T[0-9]{6}Z(-[0-9]+)?(/|$)", path)]
    if attack.door == ARCHIVE:  # it is unpacked into a folder for that, which whoever downloads it takes away
        changed = [path for path in changed if path.split("/")[0] != "unpacked"]
    return Happened(text, error, changed, tried, seconds, megabytes)


def first_line(attack: Attack, happened: Happened, folder: Path) -> str:
    """What happened in one line, the same on every machine."""
    text = happened.text.replace(str(folder), "…")
    lines = [line for line in text.splitlines() if line.strip()] or [""]
    # of several lines the one that says most of what the attack is about
    line = max(lines, key=lambda line: sum(word in line for word in attack.words))
    if attack.foreign:
        line = re.sub(r"\s*\(.*", "", line)
    line = "".join(sign if sign.isprintable() else sign.encode("unicode_escape").decode() for sign in line)
    return line if len(line) <= 240 else f"{line[:240]}…"
