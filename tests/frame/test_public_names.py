"""What a person at a keyboard is given: every public name is found by Tab and explained by help()."""

import ast
import importlib
import inspect
import json
import os
import pydoc
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import ogp_analysis

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "ogp_analysis"


def module_name(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def assigns(path: Path, name: str) -> bool:
    """Whether a module defines or assigns a name at its top."""
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
        if getattr(node, "name", None) == name or name in [getattr(target, "id", None) for target in targets]:
            return True
    return False


FILES = sorted(PACKAGE.rglob("*.py"))
PUBLIC = [module_name(path) for path in FILES if assigns(path, "__all__")]
LAZY = [module_name(path) for path in FILES if assigns(path, "__getattr__")]


def explained(module: Any) -> Iterator[tuple[str, Any]]:
    """The functions and classes that a module makes public, and the methods and properties of these classes."""
    for name in module.__all__:
        thing = getattr(module, name)
        if inspect.isclass(thing):
            yield name, thing
            for own, member in vars(thing).items():
                if not own.startswith("_") and (callable(member) or hasattr(member, "__get__")):
                    yield f"{name}.{own}", member
        elif callable(thing):
            yield name, thing


def function_of(thing: Any) -> Any:
    """The function behind a method, a property or a cached one; None for a class."""
    for name in ("__func__", "fget", "func", "__wrapped__"):
        thing = getattr(thing, name, None) or thing
    return thing if inspect.isfunction(thing) else None


def doc_problems(label: str, thing: Any) -> list[str]:
    documented = thing if inspect.isclass(thing) else function_of(thing) or thing
    lines = (vars(documented).get("__doc__") if inspect.isclass(thing) else documented.__doc__ or "") or ""
    first, *rest = lines.strip().splitlines() or [""]
    if not first or first.startswith(f"{label}("):  # what dataclasses write by themselves explains nothing
        return [f"{label}: no docstring"]
    return [f"{label}: the first line goes on in the second"] if rest and rest[0].strip() else []


def type_problems(label: str, thing: Any) -> list[str]:
    function = thing.__init__ if inspect.isclass(thing) else function_of(thing)
    if not inspect.isfunction(function):
        return []
    signature = inspect.signature(function)
    parameters = [each for each in signature.parameters.values() if each.name not in ("self", "cls")]
    found = [f"{label}: no type of {each.name}" for each in parameters if each.annotation is each.empty]
    if signature.return_annotation is signature.empty and not inspect.isclass(thing):
        found.append(f"{label}: no type of what it returns")
    if parameters and {each.name for each in parameters} <= {"args", "kwargs", "arguments", "options"}:
        kinds = {each.kind for each in parameters}
        if kinds <= {inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD}:
            found.append(f"{label}: takes anything, so Tab and help() cannot say what")
    return found


def problems(module: Any) -> list[str]:
    return [
        each
        for label, thing in explained(module)
        for each in (*doc_problems(label, thing), *type_problems(label, thing))
    ]


@pytest.mark.parametrize("name", PUBLIC)
def test_every_public_name_is_explained_and_typed(name: str) -> None:
    module = importlib.import_module(name)
    assert problems(module) == []
    assert (module.__doc__ or "").strip()
    assert len(set(module.__all__)) == len(module.__all__)


def test_the_walk_finds_what_is_lacking() -> None:
    class Thing:
        """A thing."""

        def told(self, *args: int, **kwargs: int) -> None:
            """Say
            too much."""

        @property
        def untold(self):  # type: ignore[no-untyped-def]
            return 1

    def bare(x):  # type: ignore[no-untyped-def]
        return x

    module = type(sys)("made_up")
    module.__dict__.update({"Thing": Thing, "bare": bare, "__all__": ["Thing", "bare"]})
    assert problems(module) == [
        "Thing.told: the first line goes on in the second",
        "Thing.told: takes anything, so Tab and help() cannot say what",
        "Thing.untold: no docstring",
        "Thing.untold: no type of what it returns",
        "bare: no docstring",
        "bare: no type of x",
        "bare: no type of what it returns",
    ]


@pytest.mark.parametrize("name", LAZY)
def test_a_package_that_loads_late_lists_its_names(name: str) -> None:
    """In a process of its own: a name that was used before stands in the module anyway."""
    code = f"import json, {name} as m; print(json.dumps([dir(m), list(m.__all__)]))"
    listed, public = json.loads(in_a_fresh_process(code))
    assert set(public) <= set(listed)
    assert [each for each in listed if not each.startswith("__") and each not in public] == []


def test_tab_finds_the_names_of_the_package_and_of_a_case() -> None:
    lines = ("oga.", "oga.Case.", "oga.reports.", "oga.quality.ra", "case.", "oga.load_case('semarang').ta")
    code = f"""
import json
from IPython.core.completer import provisionalcompleter
from IPython.core.interactiveshell import InteractiveShell
shell = InteractiveShell.instance()
shell.run_cell("import ogp_analysis as oga; case = oga.load_case('semarang')")
with provisionalcompleter():
    print(json.dumps([[found.text for found in shell.Completer.completions(line, len(line))] for line in {lines!r}]))
"""
    package, of_class, reports, quality, of_case, of_call = map(set, json.loads(in_a_fresh_process(code)))
    assert package == set(ogp_analysis.__all__)
    members = {each for each in vars(ogp_analysis.Case) if not each.startswith("_")}
    assert {"table", "values", "districts"} <= members
    assert members <= of_class
    assert members <= of_case
    assert reports == {"Report", "open_report"}
    assert "rate" in quality
    assert of_call == {"table", "tables"}


def test_help_shows_the_way_in() -> None:
    text = pydoc.plain(pydoc.render_doc(ogp_analysis))
    overview = text[: text.index("PACKAGE CONTENTS")]
    packages = [name for name in ogp_analysis.__all__ if inspect.ismodule(getattr(ogp_analysis, name))]
    assert [name for name in (*packages, "sources.ogp", "stats") if f"``{name}``" not in overview] == []
    assert 'load_case("semarang")' in overview


def in_a_fresh_process(code: str) -> str:
    environ = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run([sys.executable, "-c", code], env=environ, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout
