"""The page docs/attacks.md: what was tried and what happened."""

from __future__ import annotations

import tempfile
from pathlib import Path

from . import on_descriptions, on_pages, on_places, on_tables, on_values, on_workbooks  # noqa: F401 - they register
from .corpus import ATTACKS, DOORS, Attack
from .result import first_line, happen


def row(attack: Attack, line: str) -> str:
    """One line of the table."""
    kind = attack.error.__name__ if attack.error else "read, and listed"
    return f"| `{attack.id}` | {_cell(attack.breaks)} | {kind}: {_code(line)} |"


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("<", "&lt;")


def _code(text: str) -> str:
    """Text of a message as code: what is in it is shown and never taken for a mark of the page."""
    shown = text.replace("|", "\\|")
    fence = "``" if "`" in shown else "`"
    return f"{fence}{shown.strip()}{fence}"


def page(lines: dict[str, str]) -> str:
    """The whole page from the line of each attack."""
    out = [
        "# What was tried to break it, and what happened",
        "",
        f"Made by `docs/make.py` from `tests/attack/`: {len(ATTACKS)} bad inputs, each built by code that says what it",
        "breaks. A test runs every one and holds what happens to this page. Each ends in an error that names what is",
        "wrong, or is read with the bad part listed; with no program started, nothing fetched, nothing written, no file",
        "changed, and within bounds of time and memory that its entry names. (What is wrong with a returned form is",
        "listed in a new folder beside it.)",
    ]
    for door in DOORS:
        found = [attack for attack in ATTACKS.values() if attack.door == door]
        out += [
            "",
            f"## {door[0].upper()}{door[1:]}: {len(found)}",
            "",
            "| attack | what it breaks | what happens |",
            "|---|---|---|",
        ]
        out += [row(attack, lines[attack.id]) for attack in found]
    return "\n".join(out) + "\n"


def made() -> str:
    """Run every attack and make the page."""
    lines = {}
    with tempfile.TemporaryDirectory() as base:
        shared = Path(base) / "shared"
        for attack in ATTACKS.values():
            folder = Path(base) / attack.id
            folder.mkdir()
            lines[attack.id] = first_line(attack, happen(attack, folder, shared), folder)
    return page(lines)
