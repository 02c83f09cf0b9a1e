"""The registry of attacks: what each breaks, at which door, and what must happen."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from ogp_analysis.errors import OgpAnalysisError

from .yard import Yard

CASE, PACKAGE, PLAN, FORM = "table of a case", "datapackage.yaml", "plan file", "returned form"
OGP, ROLL, OUTLINE, NEW = "table of OGP", "land-tax roll", "boundary file", "list for new-case"
STANDING, PARAMETERS, COLUMN, PUBLISHED = (
    "standing.json",
    "parameters of a page",
    "cleaning function",
    "published table",
)
ARCHIVE, PAGE = "downloaded archive", "page of a report"
#: How the names of the attacks at a door begin.
STEMS = {
    CASE: "case", PACKAGE: "package", PARAMETERS: "parameter", PLAN: "plan", FORM: "form", NEW: "new", OGP: "ogp", ROLL: "roll",
    OUTLINE: "outline", ARCHIVE: "archive", STANDING: "standing", COLUMN: "column", PUBLISHED: "published", PAGE: "page",
}  # fmt: skip
DOORS = tuple(STEMS)

Call = Callable[[], Any]


@dataclass(frozen=True)
class Attack:
    """One bad input.

    ``error`` is the class that must be raised, or None where the input is read and what is bad in it is listed;
    every one of ``words`` must be in the message, or in the list. ``foreign`` says that the end of the message is
    the text of another library, which the page of attacks leaves out.
    """

    id: str
    door: str
    breaks: str
    build: Callable[[Yard], Call]
    error: type[OgpAnalysisError] | None
    words: tuple[str, ...]
    foreign: bool = False
    seconds: float = 6.0
    megabytes: float = 250.0


ATTACKS: dict[str, Attack] = {}


def attack(
    key: str,
    door: str,
    breaks: str,
    error: type[OgpAnalysisError] | None,
    *words: str,
    **bounds: Any,
) -> Callable[[Callable[[Yard], Call]], Callable[[Yard], Call]]:
    """Register a function that builds a bad input in a yard and gives the call that takes it in."""
    id_ = f"{STEMS[door]}-{key.removeprefix(f'{STEMS[door]}-')}"
    assert id_ not in ATTACKS, id_
    assert words, f"{id_} asks for no words"

    def keep(build: Callable[[Yard], Call]) -> Callable[[Yard], Call]:
        ATTACKS[id_] = Attack(id_, door, breaks, build, error, words, **bounds)
        return build

    return keep
