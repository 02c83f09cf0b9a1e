"""What the pages of methods take from the library itself: the parts of a docstring, and an example made whole."""

from __future__ import annotations

import ast
import builtins
import doctest
import importlib
import inspect
import re
from collections.abc import Callable, Mapping
from types import ModuleType
from typing import Any

SECTION = re.compile(r"\n(Parameters|Returns|Raises|Notes|Examples|Attributes|Yields)\n-{3,}\n")
ROLE = re.compile(r":(?:func|class|meth|mod|data|attr):`~?([^`]+)`")


def found(path: str) -> Callable[..., Any]:
    """The function with a path below the package, ``stats.rates.funnel``."""
    module, _, name = path.rpartition(".")
    function = getattr(importlib.import_module(f"ogp_analysis.{module}"), name, None)
    if not callable(function):
        raise SystemExit(f"docs/methods: there is no function {path}.")
    return function  # type: ignore[no-any-return]


def home(function: Callable[..., Any]) -> str:
    """Where a function is defined, below the package; the same however it was reached."""
    return f"{function.__module__}.{function.__qualname__}".removeprefix("ogp_analysis.")


def parts(function: Callable[..., Any]) -> dict[str, str]:
    """The sections of a docstring by name; ``first`` is its first line, ``prose`` what follows it."""
    text = inspect.getdoc(function) or ""
    first, _, rest = text.partition("\n")
    pieces = SECTION.split("\n" + rest)
    out = {"first": first.strip(), "prose": pieces[0].strip()}
    out |= {name: body.strip("\n") for name, body in zip(pieces[1::2], pieces[2::2], strict=True)}
    if out.get("Notes"):
        out["prose"] = f"{out['prose']}\n\n{out['Notes']}".strip()
    return out


def markdown(text: str, function: Callable[..., Any], pages: Mapping[str, str]) -> str:
    """Text of a docstring as Markdown; a function that another page explains becomes a link to it."""
    module = home(function).rpartition(".")[0]
    here = pages.get(home(function))

    def role(match: re.Match[str]) -> str:
        target = match[1]
        name = target.rpartition(".")[2]
        page = pages.get(target.removeprefix("ogp_analysis.")) or pages.get(f"{module}.{target}")
        return f"[`{name}`]({page})" if page and page != here else f"`{name}`"

    return ROLE.sub(role, text).replace("``", "`")


def refusals(function: Callable[..., Any]) -> list[str]:
    """What a function refuses, one entry an error, each in one line."""
    body = parts(function).get("Raises", "")
    entries = re.findall(r"^(\w+)\n((?: {4}.*\n?)+)", body + "\n", flags=re.M)
    return [f"`{name}`: {' '.join(words.split())}" for name, words in entries]


def example(function: Callable[..., Any]) -> str:
    """The running example of a docstring, with the imports that it needs to run by itself."""
    text = parts(function).get("Examples", "")
    if ">>>" not in text or "doctest: +SKIP" in text:
        return ""
    return with_imports(text, importlib.import_module(function.__module__))


def with_imports(text: str, module: ModuleType) -> str:
    """A doctest led by imports of the names that it takes from a module."""
    code = "".join(each.source for each in doctest.DocTestParser().get_examples(text))
    tree = ast.parse(code)
    used = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)}
    made = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
    imports = [node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom | ast.Import)]
    made |= {alias.asname or alias.name for node in imports for alias in node.names}
    made |= {node.arg for node in ast.walk(tree) if isinstance(node, ast.arg)}
    lines = sorted({_import(name, module) for name in used - made if not hasattr(builtins, name)})
    return "\n".join([*(f">>> {line}" for line in lines), text.strip("\n")])


def _import(name: str, module: ModuleType) -> str:
    value = getattr(module, name)
    if isinstance(value, ModuleType):
        return f"import {value.__name__}" if value.__name__ == name else f"import {value.__name__} as {name}"
    if inspect.isclass(value) or inspect.isfunction(value):
        return f"from {value.__module__} import {name}"
    return f"from {module.__name__} import {name}"
