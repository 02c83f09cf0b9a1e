"""What a page is made from, as hashes: the tables and files it reads, its notebook, the program, the packages."""

from __future__ import annotations

import hashlib
import importlib.metadata
import json
import os
import platform
import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from pathlib import Path

from ogp_analysis import __version__
from ogp_analysis.case import Case
from ogp_analysis.casefile import DATAPACKAGE, PACKAGE
from ogp_analysis.locale.catalogues import further_folder
from ogp_analysis.reads import BOUNDARIES
from ogp_analysis.sources.boundary_cache import boundary_folder
from ogp_analysis.sources.boundary_file import sha256_of

#: What is not there has no hash; that it is not there may matter as much.
ABSENT = "absent"
#: Extras whose packages compute nothing that stands on a page.
ELSEWHERE = {"build", "dask", "lab", "nusantara", "test"}


def digest(data: bytes | str) -> str:
    """SHA-256 of bytes or of a text in UTF-8, as hexadecimal digits.

    Examples
    --------
    >>> digest("")[:16]
    'e3b0c44298fc1c14'
    """
    return hashlib.sha256(data.encode("utf-8") if isinstance(data, str) else data).hexdigest()


def digest_of(parts: Mapping[str, str]) -> str:
    """One hash of many named ones, whatever their order."""
    return digest(json.dumps(dict(sorted(parts.items())), ensure_ascii=False))


class Inputs:
    """The inputs of one case as they are now; each is read and hashed once.

    Parameters
    ----------
    case : Case
    boundary_file : str, optional
        A boundary file that the run was given.
    """

    def __init__(self, case: Case, boundary_file: str | None = None) -> None:
        self.case = case
        self.boundary_file = boundary_file
        self._known: dict[str, str] = {}
        self._stamps: dict[str, tuple[tuple[str, int, int], ...]] = {}

    @property
    def every(self) -> frozenset[str]:
        """Names of all inputs that a page can come to read by itself: the tables, and the outlines."""
        return frozenset({BOUNDARIES, *(f"{name}.csv" for name in self.case.tables)})

    def hashes(self, names: Iterable[str]) -> dict[str, str]:
        """Hash of each input by name; ``datapackage.yaml``, which every page reads, is always among them.

        Parameters
        ----------
        names : iterable of str
            Files of the case, ``boundaries``, or whole paths.
        """
        return {name: self._hash(name) for name in sorted({DATAPACKAGE, *names})}

    def moved(self, names: Iterable[str]) -> list[str]:
        """Inputs that were written to since they were hashed: a page may have read the one state or the other."""
        return [name for name in sorted(names) if name in self._stamps and self._stamps[name] != self._stamp(name)]

    def _hash(self, name: str) -> str:
        if name not in self._known:
            self._stamps[name] = self._stamp(name)
            if name == BOUNDARIES and self.boundary_file:
                path = Path(self.boundary_file)
                self._known[name] = digest_of({"given": path.name, "sha256": sha256_of(path)})
            elif name == BOUNDARIES:
                kept = {path.name: sha256_of(path) for path in self._files(name)}
                self._known[name] = digest_of(kept) if kept else ABSENT
            else:
                path = self._files(name)[0]
                self._known[name] = sha256_of(path) if path.is_file() else ABSENT
        return self._known[name]

    def _files(self, name: str) -> list[Path]:
        if name != BOUNDARIES:
            return [self.case.folder / name]  # a whole path stays what it is
        if self.boundary_file:
            path = Path(self.boundary_file)
            return sorted(path.rglob("*")) if path.is_dir() else sorted(path.parent.glob(f"{path.stem}.*"))
        return sorted(path for path in boundary_folder(self.case.id).glob("*") if path.is_file())

    def _stamp(self, name: str) -> tuple[tuple[str, int, int], ...]:
        found = []
        for path in self._files(name):
            if path.is_file():
                about = path.stat()
                found.append((path.name, about.st_mtime_ns, about.st_size))
        return tuple(found)


def made_with(notebook: Path) -> dict[str, str]:
    """What besides inputs and parameters a page follows from: notebook, program, packages, the time given.

    Returns
    -------
    dict of str
        ``notebook`` and ``program`` (SHA-256), ``packages`` (SHA-256 of names and versions), ``version``, and
        ``source_date_epoch`` (empty where the time is not given).
    """
    return {
        "notebook": digest(notebook.read_bytes()),
        "program": program(),
        "packages": digest_of(packages()),
        "version": __version__,
        "source_date_epoch": os.environ.get("SOURCE_DATE_EPOCH", ""),
    }


@lru_cache(maxsize=1)
def program() -> str:
    """SHA-256 of the files of this package and of further catalogues: who works on them changes pages."""
    whole = hashlib.sha256()
    skipped = {"__pycache__", "_data", "_notebooks"}
    for path in sorted(PACKAGE.rglob("*")):
        within = path.relative_to(PACKAGE)
        if path.is_file() and not skipped.intersection(within.parts) and not path.name.startswith("."):
            whole.update(f"{within.as_posix()}\0{digest(path.read_bytes())}\0".encode())
    folder = further_folder()
    for path in sorted(folder.glob("*.po")) if folder is not None else ():
        whole.update(f"{path.name}\0{digest(path.read_bytes())}\0".encode())
    return whole.hexdigest()


@lru_cache(maxsize=1)
def packages() -> dict[str, str]:
    """Versions of Python and of the packages that this one asks for, those of its extras included."""
    found = {"python": platform.python_version()}
    try:
        wanted = importlib.metadata.requires("ogp-analysis") or []
    except importlib.metadata.PackageNotFoundError:  # run from its folder, without being installed
        wanted = []
    for line in wanted:
        extra = re.search(r"""extra\s*==\s*["']([\w-]+)["']""", line)
        name = re.match(r"[A-Za-z0-9._-]+", line)
        if name and not (extra and extra[1] in ELSEWHERE):
            try:
                found[name[0].casefold()] = importlib.metadata.version(name[0])
            except importlib.metadata.PackageNotFoundError:
                found[name[0].casefold()] = ABSENT
    return found
