"""Which inputs a process reads: a page is made again when one of these changes, and only then."""

from __future__ import annotations

import contextlib
import os
import threading
from collections.abc import Iterator
from pathlib import Path

#: Names the file that a notebook's kernel writes its reads to, one name a line.
VARIABLE = "OGP_ANALYSIS_READS"
#: The outlines of the districts, wherever they come from.
BOUNDARIES = "boundaries"


class _Scopes(threading.local):
    """What is being recorded in a thread, the innermost last."""

    def __init__(self) -> None:
        self.open: list[set[str]] = []


_scopes = _Scopes()
_told: dict[str, set[str]] = {}


def note(*names: str) -> None:
    """Note that inputs were read: tables by file name, such as ``districts.csv``, or :data:`BOUNDARIES`.

    Whoever records (:func:`recorded`) is given them, and the file that ``OGP_ANALYSIS_READS`` names. A name is
    written there before its content is used, so a notebook that is killed has told all that it saw.

    Examples
    --------
    >>> with recorded() as read:
    ...     note("districts.csv")
    >>> read
    {'districts.csv'}
    """
    for scope in _scopes.open:
        scope.update(names)
    path = os.environ.get(VARIABLE)
    if path:
        told = _told.setdefault(path, set())
        new = [name for name in names if name not in told]
        if new:
            with Path(path).open("a", encoding="utf-8") as file:
                file.writelines(f"{name}\n" for name in new)
            told.update(new)


@contextlib.contextmanager
def recorded() -> Iterator[set[str]]:
    """Record what this thread reads inside; pages are written by several threads, each from what it reads."""
    scope: set[str] = set()
    _scopes.open.append(scope)
    try:
        yield scope
    finally:
        _scopes.open.pop()


def told(path: Path) -> frozenset[str] | None:
    """What a notebook told of its reads; None if it never began to, and then anything may have been read."""
    try:
        return frozenset(path.read_text(encoding="utf-8").splitlines())
    except FileNotFoundError:
        return None
