"""One case of the fuzz run: build a damaged input from its number, take it in, and say what was wrong with that."""

from __future__ import annotations

import contextlib
import io
import random
import re
import time
import traceback
import warnings
from dataclasses import dataclass
from pathlib import Path
from unittest import mock

from ogp_analysis.errors import DataError, OgpAnalysisError
from tests.attack.guard import TooSlow, fence, snapshot
from tests.attack.yard import Yard

from .doors import DOORS

#: Processor time that a case may take.
SECONDS = 10.0
LONGEST_MESSAGE = 20_000
#: What may be new after a failure: the list of what is wrong with a form, and where an archive is unpacked to.
ALLOWED = re.compile(r"(form-[0-9]{8}T[0-9]{6}Z(-[0-9]+)?|unpacked)(/|$)")


@dataclass(frozen=True)
class Outcome:
    """What became of a case: ``kind`` is ``accepted``, ``refused`` or what was wrong; ``sign`` tells finds apart."""

    number: int
    door: str
    kind: str
    sign: str = ""
    text: str = ""
    seconds: float = 0.0

    @property
    def found(self) -> bool:
        """Whether it is a find."""
        return self.kind not in ("accepted", "refused", "starved")


def generator(seed: int, number: int) -> random.Random:
    """The generator of one case: it depends on nothing but these two."""
    return random.Random(f"{seed}/{number}")


def door_of(draw: random.Random, doors: tuple[str, ...]) -> str:
    """Which door a case goes through."""
    return draw.choices(doors, [DOORS[name][1] for name in doors])[0]


def one(seed: int, number: int, doors: tuple[str, ...], folder: Path, shared: Path) -> Outcome:
    """Run one case in a folder of its own."""
    draw = generator(seed, number)
    name = door_of(draw, doors)
    yard = Yard(folder, shared)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # those of what writes the damaged files
        call = DOORS[name][0](draw, yard)
    temporary = folder / "temporary"
    temporary.mkdir()
    before = snapshot(folder)
    error: BaseException | None = None
    start = time.process_time()
    with contextlib.ExitStack() as stack:
        stack.enter_context(mock.patch("tempfile.tempdir", str(temporary)))
        stack.enter_context(contextlib.redirect_stdout(io.StringIO()))
        said = stack.enter_context(contextlib.redirect_stderr(io.StringIO()))
        told = stack.enter_context(warnings.catch_warnings(record=True))
        warnings.simplefilter("always")
        tried = stack.enter_context(fence(SECONDS, folder))
        try:
            call()
        except (Exception, TooSlow) as raised:  # the point is to see all of them
            error = raised
    seconds = time.process_time() - start

    def outcome(kind: str, sign: str = "", text: str = "") -> Outcome:
        return Outcome(number, name, kind, sign, text, seconds)

    if isinstance(error, TooSlow) and seconds < SECONDS:
        return outcome("starved")  # the machine had no time for it
    if error is not None and not isinstance(error, OgpAnalysisError):
        return outcome("raised", *_where(error))
    if tried:
        return outcome("forbidden", tried[0].split()[0], "; ".join(tried))
    if seconds > SECONDS:
        return outcome("slow", name, f"{seconds:.1f} s")
    after = snapshot(folder)
    changed = [path for path in sorted({*before, *after}) if before.get(path) != after.get(path)]
    if error is None:
        if changed := [path for path in changed if path.startswith("temporary/")]:
            return outcome("left behind", changed[0], str(changed))
        if told and (ours := [w for w in told if "ogp_analysis" in w.filename]):
            return outcome("warned", f"{Path(ours[0].filename).name}:{ours[0].lineno}", str(ours[0].message))
        return outcome("accepted")
    if changed := [path for path in changed if not ALLOWED.match(path)]:
        return outcome("changed", f"{name} {_pattern(changed[0])}", f"{changed}\n{error}")
    if said.getvalue().strip():
        return outcome("noise", name, said.getvalue()[:300])
    text = str(error)
    if not text.strip() or len(text) > LONGEST_MESSAGE:
        return outcome("message", f"{name} of {len(text)} characters", text[:300])
    if not all(sign.isprintable() or sign in "\n\t" for sign in text):
        return outcome("message", f"{name} with hidden signs", repr(text[:600]))
    if not error.hint:
        return outcome("message", f"{name} without a hint {_pattern(text)[:60]}", text[:600])
    if isinstance(error, DataError) and not all(each.file for each in error.problems):
        return outcome("message", f"{name} without a file", text[:600])
    return outcome("refused", text=text)


def _pattern(text: str) -> str:
    return re.sub(r"[0-9]+", "0", text)


def _where(error: BaseException) -> tuple[str, str]:
    frames = traceback.extract_tb(error.__traceback__)
    own = [frame for frame in frames if "/ogp_analysis/" in frame.filename] or list(frames)
    last = own[-1]
    place = f"{Path(last.filename).name}:{last.name}" if own else "?"
    whole = "".join(traceback.format_exception(error))
    return f"{type(error).__name__} in {place}", f"{whole[:1500]}\n…\n{whole[-2500:]}" if len(
        whole
    ) > 4000 else whole
