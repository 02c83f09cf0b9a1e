"""Notebooks as they are committed: no outputs, stable ids, one parameters cell, no definitions.

``python -m ogp_analysis.notebook_check`` lists what is wrong with the notebooks of this folder,
``--fix`` mends what can be mended without touching anybody's words or code.
"""

from __future__ import annotations

import argparse
import ast
import copy
import json
import re
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from ogp_analysis.errors import Problem

Notebook = dict[str, Any]

KERNEL = {"display_name": "Python 3", "language": "python", "name": "python3"}
METADATA = {"kernelspec": KERNEL, "language_info": {"name": "python"}}
CELL_METADATA = {"tags"}
CELL_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")
MINOR = 5  # nbformat 4.5 is the first with cell ids
FIX = "python3 run.py check --fix"


def check_notebooks(paths: Iterable[Path | str]) -> list[Problem]:
    """List what keeps notebooks from being committed.

    A committed notebook is read by people and by version control, so it holds what was written and nothing
    that a run leaves behind: no outputs, no counts, no metadata of somebody's editor, and the ids its cells
    were born with. As the house keeps notebooks thin, one cell is tagged ``parameters`` and none defines
    a function or class; code is plain Python.

    Parameters
    ----------
    paths : iterable of Path or str
        Notebook files (``.ipynb``).

    Returns
    -------
    list of Problem
        In the order of files and cells; empty when all is well.

    Examples
    --------
    >>> import tempfile
    >>> folder = Path(tempfile.mkdtemp())
    >>> _ = (folder / "a.ipynb").write_text('{"cells": []}')
    >>> check_notebooks([folder / "a.ipynb"])[0].expected
    'a notebook of format 4.5 or newer'
    """
    return [problem for path in paths for problem in _check(Path(path))]


def clean_notebook(notebook: Notebook) -> Notebook:
    """Drop what a run or an editor left in a notebook; keep its cells, their ids, tags and words.

    A cell without an id, or with the id of an earlier cell, gets one made from its place: the same
    notebook always gets the same ids.

    Parameters
    ----------
    notebook : dict
        The notebook as read from its JSON; not changed.

    Returns
    -------
    dict
        A new notebook.

    Examples
    --------
    >>> cell = {"cell_type": "code", "id": "a", "metadata": {"trusted": True}, "source": "1", "outputs": [{}]}
    >>> cleaned = clean_notebook({"cells": [cell]})["cells"][0]
    >>> cleaned["id"], cleaned["metadata"], cleaned["outputs"]
    ('a', {}, [])
    """
    cells = [_clean_cell(cell) for cell in notebook.get("cells", [])]
    given = {cell.get("id") for cell in cells}
    taken: set[str] = set()
    for number, cell in enumerate(cells, start=1):
        if not _good_id(cell.get("id")) or cell["id"] in taken:
            cell["id"] = next(
                name for name in _names(f"cell-{number:02d}") if name not in taken and name not in given
            )
        taken.add(cell["id"])
    minor = max(MINOR, int(notebook.get("nbformat_minor", 0)))
    return {"cells": cells, "metadata": copy.deepcopy(METADATA), "nbformat": 4, "nbformat_minor": minor}


def notebook_text(notebook: Notebook) -> str:
    r"""Write a notebook the way Jupyter does, so that saving it there changes no other line.

    Examples
    --------
    >>> notebook_text({"nbformat": 4, "cells": []})
    '{\n "cells": [],\n "nbformat": 4\n}\n'
    """
    return json.dumps(notebook, ensure_ascii=False, indent=1, sort_keys=True, separators=(",", ": ")) + "\n"


def _check(path: Path) -> Iterator[Problem]:
    try:
        text = path.read_bytes().decode("utf-8")
        notebook = json.loads(text)
    except ValueError as error:
        yield Problem(path.as_posix(), None, None, str(error), "a notebook in JSON, UTF-8")
        return
    form = (notebook.get("nbformat"), notebook.get("nbformat_minor")) if isinstance(notebook, dict) else ()
    if not form or form[0] != 4 or not isinstance(form[1], int) or form[1] < MINOR:
        yield Problem(path.as_posix(), None, None, f"format {form}", "a notebook of format 4.5 or newer")
        return
    invalid = _invalid(notebook)
    if invalid:
        yield Problem(path.as_posix(), None, None, invalid, "a notebook that follows Jupyter's schema")
        return
    cells = notebook["cells"]
    for number, cell in enumerate(cells, start=1):
        where = f"{path.as_posix()}, cell {number} ({cell['id']})"
        yield from _check_cell(where, cell)
    yield from _check_whole(path.as_posix(), notebook, cells)
    if text != notebook_text(clean_notebook(notebook)):
        yield Problem(path.as_posix(), None, None, None, f"the form that Jupyter saves ({FIX})")


def _check_whole(file: str, notebook: Notebook, cells: list[dict[str, Any]]) -> Iterator[Problem]:
    for name, count in Counter(cell["id"] for cell in cells).items():
        if count > 1:
            yield Problem(file, None, "id", name, f"an id of its own for each cell; {count} cells have this one")
    tagged = sum("parameters" in _tags(cell) and cell["cell_type"] == "code" for cell in cells)
    if tagged != 1:
        yield Problem(file, None, "tags", f"{tagged} cells", "exactly one code cell tagged 'parameters'")
    if notebook["metadata"] != METADATA:
        extra = sorted(set(notebook["metadata"]) - set(METADATA))
        found = ", ".join(extra) or "another kernel or language"
        yield Problem(file, None, "metadata", found, f"only kernel 'python3' and language 'python' ({FIX})")


def _check_cell(where: str, cell: dict[str, Any]) -> Iterator[Problem]:
    extra = sorted(set(cell["metadata"]) - CELL_METADATA)
    if extra:
        yield Problem(where, None, "metadata", ", ".join(extra), f"nothing but tags ({FIX})")
    if "injected-parameters" in _tags(cell):
        yield Problem(where, None, "tags", "injected-parameters", "a notebook as written, not as run")
    if cell.get("attachments"):
        yield Problem(where, None, "attachments", ", ".join(cell["attachments"]), "no pasted pictures")
    if cell["cell_type"] != "code":
        return
    if cell["outputs"]:
        yield Problem(where, None, "outputs", f"{len(cell['outputs'])} outputs", f"none ({FIX})")
    if cell["execution_count"] is not None:
        yield Problem(where, None, "execution_count", str(cell["execution_count"]), f"none ({FIX})")
    try:
        tree = ast.parse("".join(cell["source"]))
    except SyntaxError as error:
        yield Problem(where, None, None, f"line {error.lineno}: {error.msg}", "plain Python, without magics")
        return
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            expected = "no definitions: put it into the package, where a test can reach it"
            yield Problem(where, None, None, f"line {node.lineno}: definition of {node.name}", expected)


def _invalid(notebook: Notebook) -> str:
    """Say how a notebook breaks Jupyter's own schema; nothing when it does not."""
    from nbformat.validator import iter_validate

    first = next(iter(iter_validate(notebook)), None)  # type: ignore[no-untyped-call]
    return "" if first is None else str(first).strip().splitlines()[0]


def _clean_cell(cell: dict[str, Any]) -> dict[str, Any]:
    tags = [tag for tag in _tags(cell) if isinstance(tag, str)]
    kept: dict[str, Any] = {name: cell[name] for name in ("cell_type", "id") if name in cell}
    kept["metadata"] = {"tags": tags} if tags else {}
    kept["source"] = _lines(cell.get("source", ""))
    if cell.get("cell_type") == "code":
        kept |= {"outputs": [], "execution_count": None}
    elif cell.get("attachments"):
        kept["attachments"] = copy.deepcopy(cell["attachments"])  # somebody's picture: for a person to take out
    return kept


def _lines(source: str | list[str]) -> list[str]:
    text = source if isinstance(source, str) else "".join(source)
    return text.replace("\r\n", "\n").splitlines(keepends=True)


def _tags(cell: dict[str, Any]) -> list[Any]:
    tags = cell.get("metadata", {}).get("tags", [])
    return tags if isinstance(tags, list) else []


def _good_id(value: object) -> bool:
    return isinstance(value, str) and CELL_ID.fullmatch(value) is not None


def _names(stem: str) -> Iterator[str]:
    yield stem
    number = 2
    while True:
        yield f"{stem}-{number}"
        number += 1


def main(arguments: Sequence[str] | None = None) -> int:
    """Check notebooks from the command line; 0 when all is well, 1 otherwise.

    Parameters
    ----------
    arguments : sequence of str, optional
        ``[--fix] [notebook ...]``; without notebooks those in the folder ``notebooks``.
    """
    parser = argparse.ArgumentParser(prog="python -m ogp_analysis.notebook_check", description=main.__doc__)
    parser.add_argument("--fix", action="store_true", help="drop outputs, counts and editors' metadata")
    parser.add_argument("notebooks", nargs="*", type=Path, help="default: notebooks/*.ipynb")
    options = parser.parse_args(arguments)
    paths = options.notebooks or sorted(Path("notebooks").glob("*.ipynb"))
    for path in paths if options.fix else ():
        before = path.read_bytes()
        after = notebook_text(clean_notebook(json.loads(before))).encode()
        if after != before:
            path.write_bytes(after)
            print(f"cleaned {path.as_posix()}")
    problems = check_notebooks(paths)
    for problem in problems:
        print(problem)
    print(f"{len(paths)} notebooks, {len(problems)} problems")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
