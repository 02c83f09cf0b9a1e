"""What a page was made from and with: inputs, parameters, versions and sources, for machines and for doubters."""

from __future__ import annotations

import json
import platform
import subprocess
from collections.abc import Collection, Iterable, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import pandas as pd

from ogp_analysis import __version__
from ogp_analysis.build import METHOD_VERSION
from ogp_analysis.case import Case
from ogp_analysis.casefile import DATAPACKAGE, PACKAGE
from ogp_analysis.intake import digest
from ogp_analysis.reports.parameters import FILES, Parameters
from ogp_analysis.sources.boundary_file import file_parts, sha256_of

PROVENANCE = "provenance.json"
#: Libraries whose version may change a number or a drawing.
LIBRARIES = ("babel", "geopandas", "matplotlib", "numpy", "pandas", "papermill", "scipy", "shapely", "typst")
SOURCE_COLUMNS = ("source_id", "title", "publisher", "kind", "url", "date", "seen", "licence")


def provenance_json(
    run: Parameters,
    blocks: Sequence[dict[str, Any]],
    made: datetime,
    notebook: Path,
    *,
    boundaries: Path | None = None,
    read: Collection[str] | None = None,
    outputs: Iterable[Path] = (),
) -> str:
    """The record of a page's making; files are named, never with their place on the machine.

    Parameters
    ----------
    run : Parameters
    blocks : sequence of dict
        From :func:`ogp_analysis.reports.blocks.page_blocks`.
    made : datetime
    notebook : Path
        Before it was executed.
    boundaries : Path, optional
        A boundary file that the user gave.
    read : collection of str, optional
        Names of the tables that the page was made from; all of the case when it is not known.
    outputs : iterable of Path
        Files made beside the page.
    """
    case = run.case
    empty: dict[str, Any] = {}
    last = next((block for block in reversed(blocks) if block["kind"] == "sources"), empty)
    cited = [entry["source_id"] for entry in last.get("entries", ())]
    drawn = [each for block in blocks if block["kind"] == "figure" for each in block["source_ids"]]
    given = {name: Path(value) for name in FILES if (value := getattr(run, name))}
    if boundaries is not None:
        given["boundaries"] = boundaries
    record = {
        "page": run.notebook,
        "made_at": made.astimezone(UTC).isoformat(timespec="seconds"),
        "parameters": run.as_text() | {"case": case.id} | {name: path.name for name, path in given.items()},
        "method_version": METHOD_VERSION,
        "versions": _versions(),
        "commit": _commit(),
        "notebook": {"file": notebook.name, "sha256": digest(notebook)},
        "inputs": _tables(case, [name for name in case.tables if read is None or name in read]),
        "given_files": [_file(name, path) for name, path in given.items()],
        "outline": last.get("outline"),
        "sources": _sources(case, dict.fromkeys([*cited, *drawn])),
        "outputs": {path.name: digest(path) for path in outputs},
    }
    return json.dumps(record, indent=1, ensure_ascii=False) + "\n"


def _tables(case: Case, names: Iterable[str]) -> list[dict[str, Any]]:
    first: dict[str, Any] = {"file": DATAPACKAGE, "sha256": digest(case.folder / DATAPACKAGE)}
    return [first, *(_table(case, name) for name in names)]


def _table(case: Case, name: str) -> dict[str, Any]:
    path = case.folder / f"{name}.csv"
    ids = case.remembered(("sources of a table", name), lambda: sorted(set(_ids(case.table(name)))))
    seen = _source_rows(case)
    days = sorted(str(seen[each]["seen"]) for each in ids if each in seen and pd.notna(seen[each]["seen"]))
    return {
        "file": path.name,
        "rows": len(case.table(name)),
        "sha256": digest(path),
        "sources": len(ids),
        "last_seen": days[-1] if days else None,
    }


def _ids(frame: pd.DataFrame) -> Iterable[str]:
    if "source_id" not in frame:
        return
    for text in frame["source_id"].dropna():
        yield from (part.strip() for part in str(text).split(";") if part.strip())


def _source_rows(case: Case) -> dict[str, dict[str, Any]]:
    """The rows of the table of sources by their id."""

    def rows() -> dict[str, dict[str, Any]]:
        table = case.table("sources")
        return {row["source_id"]: dict(row) for _, row in table.iterrows()}

    return case.remembered(("rows of the sources",), rows)


def _sources(case: Case, ids: Iterable[str]) -> list[dict[str, Any]]:
    rows = _source_rows(case)
    return [
        {name: str(rows[each][name]) for name in SOURCE_COLUMNS if pd.notna(rows[each].get(name))} for each in ids
    ]


def _file(name: str, path: Path) -> dict[str, Any]:
    size = sum(part.stat().st_size for part in file_parts(path))
    return {"given_as": name, "file": path.name, "bytes": size, "sha256": sha256_of(path)}


@lru_cache(maxsize=1)
def _versions() -> dict[str, str | None]:
    found: dict[str, str | None] = {"ogp-analysis": __version__, "python": platform.python_version()}
    for name in LIBRARIES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            found[name] = None
    return found


@lru_cache(maxsize=1)
def _commit() -> dict[str, Any] | None:
    """The commit of the checkout that the package is in, and whether its files were changed since; else None."""
    root = PACKAGE.parent
    if not (root / ".git").exists():
        return None
    try:
        commit = _git(root, "rev-parse", "HEAD")
        changed = _git(root, "status", "--porcelain", "--untracked-files=no")
    except (OSError, subprocess.SubprocessError):  # no git, or a repository that it does not trust
        return None
    return {"id": commit, "changed_since": bool(changed)}


def _git(root: Path, *words: str) -> str:
    done = subprocess.run(["git", "-C", str(root), *words], capture_output=True, text=True, check=True, timeout=20)
    return done.stdout.strip()
