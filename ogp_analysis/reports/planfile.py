"""A plan in YAML: which report sets to make, for a scheduler or a network of many members."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from ogp_analysis.errors import DataError, ParameterError, Problem, nearest
from ogp_analysis.intake import read_whole
from ogp_analysis.plainyaml import read_yaml

SETS = "sets"
#: A plan for a thousand members has 0.1 MB.
LARGEST = 2 * 2**20
LISTS = ("language", "notebook", "district", "only")


@dataclass(frozen=True)
class Wanted:
    """One report set to make, as the command line or an entry of a plan names it.

    Attributes
    ----------
    case : str
        Name or folder.
    quarter : str
        One, or a range.
    language, notebook, district, only : tuple of str
        All when empty.
    table, member, roll, since, published, boundaries : str
        Files, a name and a quarter; empty for none.
    """

    case: str
    quarter: str
    language: tuple[str, ...] = ()
    notebook: tuple[str, ...] = ()
    district: tuple[str, ...] = ()
    only: tuple[str, ...] = ()
    table: str = ""
    member: str = ""
    roll: str = ""
    since: str = ""
    published: str = ""
    boundaries: str = ""


KEYS = tuple(field.name for field in fields(Wanted))


def read_plan(path: Path) -> list[Wanted]:
    r"""Read a plan and check it strictly.

    A plan holds the options of ``ogp-analysis report`` by name, and ``sets``, a list of entries with more of them;
    an entry has what stands outside unless it says otherwise. Every value is text or a list of texts: YAML would
    read ``33.74`` as a number and lose what a code is, so a value without quotation marks that is not text is
    refused, and so are aliases and tags, with which one line may mean what stands elsewhere.

    Parameters
    ----------
    path : Path

    Returns
    -------
    list of Wanted

    Raises
    ------
    DataError
        With row, entry and value of all that is not valid.
    ParameterError
        If there is no such file.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = Path(folder) / "plan.yaml"
    ...     _ = path.write_text("case: semarang\nsets:\n- quarter: 2023Q4\n- {quarter: 2023Q3, language: id}\n")
    ...     [(each.quarter, each.language) for each in read_plan(path)]
    [('2023Q4', ()), ('2023Q3', ('id',))]
    """
    try:
        text = read_whole(path, largest=LARGEST).decode("utf-8-sig")
    except FileNotFoundError as error:
        raise ParameterError(f"There is no plan {str(path)!r}.", hint="Give the path of a YAML file.") from error
    except UnicodeDecodeError as error:
        raise DataError([Problem(path.name, None, None, None, "UTF-8 text")], hint="Save it as UTF-8.") from error
    node = read_yaml(path.name, text)
    reader = _Reader(path.name)
    found = reader.sets(node)
    if reader.problems:
        raise DataError(reader.problems, hint=f"Mend {path}.")
    return found


class _Reader:
    """Turns the nodes of a plan into sets and collects what is wrong with them."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.problems: list[Problem] = []

    def sets(self, node: Any) -> list[Wanted]:
        entries = self._entries(node, (*KEYS, SETS))
        several = entries.pop(SETS, None)
        shared = self._values(entries)
        if several is None:
            return self._wanted([shared], node)
        if type(several).__name__ != "SequenceNode" or not several.value:
            self._wrong(several, SETS, f"a list of entries, each with some of {', '.join(KEYS)}")
            return []
        return self._wanted([shared | self._values(self._entries(each, KEYS)) for each in several.value], node)

    def _wanted(self, found: list[dict[str, Any]], node: Any) -> list[Wanted]:
        for each in found:
            for name in ("case", "quarter"):
                if not each.get(name):
                    self._wrong(node, name, "this entry, which is missing", shown=None)
        return [] if self.problems else [Wanted(**each) for each in found]

    def _entries(self, node: Any, allowed: tuple[str, ...]) -> dict[str, Any]:
        if type(node).__name__ != "MappingNode":
            self._wrong(node, None, f"entries such as case: and quarter:; known are {', '.join(allowed)}")
            return {}
        found: dict[str, Any] = {}
        for key, value in node.value:
            name = str(key.value)
            if name not in allowed:
                self._wrong(key, None, f"a known entry. {nearest(name, allowed)}")
            elif name in found:
                self._wrong(key, name, "each entry once")
            found[name] = value
        return {name: value for name, value in found.items() if name in allowed}

    def _values(self, entries: Mapping[str, Any]) -> dict[str, Any]:
        return {
            name: self._list(name, node) if name in LISTS else self._text(name, node)
            for name, node in entries.items()
        }

    def _list(self, name: str, node: Any) -> tuple[str, ...]:
        parts = node.value if type(node).__name__ == "SequenceNode" else [node]
        return tuple(self._text(name, part) for part in parts)

    def _text(self, name: str, node: Any) -> str:
        if type(node).__name__ != "ScalarNode":
            self._wrong(node, name, "a text" if name not in LISTS else "a text, or a list of texts")
            return ""
        kind = node.tag.rpartition(":")[2]
        if kind != "str":
            words = (
                f'text in quotation marks: "{node.value}"; without them YAML takes it for {KINDS.get(kind, kind)}'
            )
            if kind == "null":
                words = "a text; leave the entry out if there is none"
            self._wrong(node, name, words)
        return str(node.value)

    def _wrong(self, node: Any, column: str | None, expected: str, shown: str | None = "") -> None:
        value = shown if shown != "" else (str(node.value) if type(node).__name__ == "ScalarNode" else None)
        row = node.start_mark.line + 1 if node is not None else None
        self.problems.append(Problem(self.file, row, column, value, expected))


KINDS = {"int": "a whole number", "float": "a number", "bool": "yes or no", "timestamp": "a day"}
