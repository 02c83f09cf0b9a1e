"""A place for one attack: a small case of its own, to be broken, and room for other files."""

from __future__ import annotations

import contextlib
import csv
import io
import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from ogp_analysis.datapackage import render
from ogp_analysis.tables import table_specs

ROOT = Path(__file__).resolve().parents[2]
RAW = ROOT / "data" / "raw" / "semarang"
#: The optional tables that attacks are about; the others are left out of the case under attack, for speed.
OPTIONAL = ("villages",)
#: Tables cut to their header in it.
EMPTIED = (
    "measures",
    "measure_terms",
    "measure_amounts",
    "criteria",
    "criteria_evidence",
    "claims",
    "claim_evidence",
)


@lru_cache
def _small_case(base: Path) -> Path:
    """The built-in case without most of its optional tables, written once for the whole run."""
    folder = base / "semarang"
    folder.mkdir(parents=True)
    names = [name for name, spec in table_specs().items() if not spec.optional or name in OPTIONAL]
    for name in names:
        text = (RAW / f"{name}.csv").read_text(encoding="utf-8")
        (folder / f"{name}.csv").write_text(
            text.split("\n")[0] + "\n" if name in EMPTIED else text, encoding="utf-8"
        )
    info = yaml.safe_load((RAW / "datapackage.yaml").read_text(encoding="utf-8"))
    (folder / "datapackage.yaml").write_text(render(info, names), encoding="utf-8")
    return folder


@dataclass
class Yard:
    """A place of its own for one attack."""

    folder: Path
    shared: Path
    patches: list[contextlib.AbstractContextManager[Any]] = field(default_factory=list)

    def case(self, name: str = "semarang", *, fresh: bool = False) -> Path:
        """A copy of the small case: hard links, for most attacks change one file of forty."""
        target = self.folder / "cases" / name
        target.mkdir(parents=True)
        for path in _small_case(self.shared).iterdir():
            (shutil.copyfile if fresh else os.link)(path, target / path.name)
        return target

    def put(self, path: Path, data: bytes | str) -> Path:
        """Write a file; never through a hard link into the shared case."""
        path.unlink(missing_ok=True)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data.encode("utf-8") if isinstance(data, str) else data)
        return path

    def write(self, name: str, data: bytes | str) -> Path:
        """Write a file beside the case."""
        return self.put(self.folder / name, data)

    def changed(self, table: str, change: Callable[[bytes], bytes]) -> Path:
        """A copy of the case with the bytes of one table changed."""
        folder = self.case()
        path = folder / f"{table}.csv"
        self.put(path, change(path.read_bytes()))
        return folder

    def edited(self, table: str, change: Callable[[list[dict[str, str]]], object]) -> Path:
        """A copy of the case with the rows of one table changed in place."""
        folder = self.case()
        path = folder / f"{table}.csv"
        self.put(path, edited_csv(path.read_text(encoding="utf-8"), change))
        return folder


def edited_csv(text: str, change: Callable[[list[dict[str, str]]], object]) -> str:
    """A table in CSV with its rows changed in place."""
    reader = csv.DictReader(io.StringIO(text, newline=""))
    rows = list(reader)
    change(rows)
    return as_csv(list(reader.fieldnames or ()), rows)


def as_csv(columns: list[str], rows: list[dict[str, str]], mark: str = ",") -> str:
    """Rows as CSV."""
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, columns, lineterminator="\n", delimiter=mark)
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()
