"""Which texts the library and the notebooks show, so that a catalogue can be checked for completeness.

A text is found where it is written: as the first argument of ``t``, ``say``, ``key``, ``heading`` or ``title``,
in the headers, caption, note and ``empty`` of ``table`` (and the defaults of the latter), and in the
dictionaries named in :data:`DICTIONARIES`; and in the tables of scales and rules.
"""

from __future__ import annotations

import ast
import json
from collections.abc import Iterator
from pathlib import Path

import yaml

from ogp_analysis.scales import VARIABLES, question, scale

SPOKEN = {"t", "say", "key", "heading", "title"}
DICTIONARIES = {
    "AMOUNTS", "EXPLANATIONS", "GLOSSARY", "HEADERS", "LABELS", "OTHER_RULES", "REASONS", "STATES", "TITLES",
}  # fmt: skip
TABLE_TEXTS = {"note", "empty", "caption"}


def used_texts(package: Path, notebooks: Path) -> dict[str, str]:
    """Every text shown to a reader, with one place where it is used.

    Parameters
    ----------
    package : Path
        Folder of the library.
    notebooks : Path
        Folder of the notebooks.

    Returns
    -------
    dict
        English text to file name, in alphabetical order.
    """
    found: dict[str, str] = {}
    for path in sorted(package.rglob("*.py")):
        if path.name != Path(__file__).name:
            _add(found, _texts(ast.parse(path.read_text(encoding="utf-8"))), path.relative_to(package.parent))
    for path in sorted(notebooks.glob("*.ipynb")):
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        source = "\n".join("".join(cell["source"]) for cell in cells if cell["cell_type"] == "code")
        _add(found, _texts(ast.parse(source)), path.relative_to(notebooks.parent))
    tables = yaml.safe_load((package / "tables.yaml").read_text(encoding="utf-8"))
    _add(found, (entry["row"] for entry in tables.values()), Path("tables.yaml"))
    _add(found, _scale_texts(tables["assessments"]["fields"]["variable"]["enum"]), Path("scales.yaml"))
    rules = yaml.safe_load((package / "commitments" / "rules.yaml").read_text(encoding="utf-8"))
    _add(found, (entry[name] for entry in rules.values() for name in ("says", "excludes")), Path("rules.yaml"))
    return dict(sorted(found.items()))


def paired_texts(package: Path) -> dict[str, str]:
    """Texts that stand in the library's own tables in English and Indonesian: English to Indonesian.

    Parameters
    ----------
    package : Path
        Folder of the library.
    """
    found: dict[str, str] = {}
    for path in sorted(package.rglob("*.yaml")):
        _pairs(yaml.safe_load(path.read_text(encoding="utf-8")), found)
    return dict(sorted(found.items()))


def _pairs(node: object, found: dict[str, str]) -> None:
    """Entries ``en`` and ``id``, or ``<name>_en`` and ``<name>_id``, side by side: texts, or lists of them."""
    if isinstance(node, list):
        for each in node:
            _pairs(each, found)
    if not isinstance(node, dict):
        return
    for key, english in node.items():
        other = node.get(f"{str(key)[:-2]}id") if str(key) == "en" or str(key).endswith("_en") else None
        if isinstance(english, str) and isinstance(other, str):
            found[english] = other
        elif isinstance(english, list) and isinstance(other, list):
            found.update(zip(english, other, strict=True))
        else:
            _pairs(english, found)


def _add(found: dict[str, str], texts: Iterator[str], place: Path) -> None:
    for text in texts:
        found.setdefault(text, place.as_posix())


def _scale_texts(variables: list[str]) -> Iterator[str]:
    """The question and the definitions of every scale that assessments are rated on: the form shows them."""
    for variable in variables:
        own = scale(VARIABLES[variable])
        yield question(variable)
        yield own.asks
        yield from (label.means for label in own.labels)


def _texts(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            if name in SPOKEN and node.args:
                yield from _constants(node.args[0])
            elif name == "table" and len(node.args) > 2:
                yield from _table_texts(node)
        elif isinstance(node, ast.FunctionDef):
            named = zip(node.args.kwonlyargs, node.args.kw_defaults, strict=True)
            for argument, default in named:
                if argument.arg in TABLE_TEXTS and default is not None:
                    yield from (text for text in _constants(default) if text)
        elif isinstance(node, ast.AnnAssign | ast.Assign):
            targets = [node.target] if isinstance(node, ast.AnnAssign) else node.targets
            if any(isinstance(each, ast.Name) and each.id in DICTIONARIES for each in targets):
                yield from _values(node.value)


def _table_texts(call: ast.Call) -> Iterator[str]:
    yield from _values(call.args[1])
    yield from _constants(call.args[2])
    for keyword in call.keywords:
        if keyword.arg in TABLE_TEXTS:
            yield from _constants(keyword.value)


def _values(node: ast.expr | None) -> Iterator[str]:
    if isinstance(node, ast.Dict):
        for value in node.values:
            yield from _constants(value)


def _constants(node: ast.expr) -> Iterator[str]:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.IfExp):
        yield from _constants(node.body)
        yield from _constants(node.orelse)
    elif isinstance(node, ast.Tuple):
        for each in node.elts:
            yield from _constants(each)
