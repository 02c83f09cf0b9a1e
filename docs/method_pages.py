"""One page for each indicator and each rule, made from docstrings, rule tables and ``docs/methods/*.yaml``.

The YAML says only what these do not: what a method leaves out, takes for granted and does not prove, what the
number of the example says, and in which cell of which notebook it is used. ``docs/make.py`` writes the pages.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml
from method_docstrings import example, found, home, markdown, parts, refusals
from method_tables import indicator_lines, rule_example, rule_lines, source_words

from ogp_analysis.case import Case

HERE = Path(__file__).parent
FOLDER = HERE / "methods"
#: Files of ``docs/methods`` in the order of the index, and what the group is called.
SUBJECTS = {
    "commitments": "Commitments: rules of OGP's reviewers",
    "plan": "Commitments: a plan while it runs",
    "membership": "Membership and duties",
    "claims": "Claims and rival figures",
    "recovery": "Relief and recovery",
    "relief": "Land-tax relief, bill by bill",
    "figures": "Figures by kecamatan",
    "quality": "What adds up and what is missing",
    "shares": "Shares, rates and small numbers",
    "inequality": "Who has how much",
    "neighbours": "Neighbours and associations",
    "effects": "Whether a measure changed anything",
    "composite": "Composite indices",
}
#: What every page says, under these headings.
HEADINGS = (
    "What it is and how it is worked out",
    "Source",
    "What it leaves out",
    "What it takes for granted",
    "What it does not prove",
    "A number worked through",
    "Where it is used",
)
RATES = (
    "The table `district_series` of the case has a note on each series. What is divided by another figure is also "
    "shown as a [rate](rate.md)."
)


@dataclass(frozen=True)
class Page:
    """One entry of the YAML; ``name`` is that of its file, ``methods/<name>.md``."""

    name: str
    subject: str
    entry: Mapping[str, Any]

    @property
    def functions(self) -> list[str]:
        """Paths of the functions that it explains."""
        return list(self.entry.get("of", ()))


@lru_cache
def pages() -> tuple[Page, ...]:
    """Every page, in the order of the index."""
    out = []
    for subject in SUBJECTS:
        entries = yaml.safe_load((FOLDER / f"{subject}.yaml").read_text(encoding="utf-8"))
        out += [Page(name, subject, entry) for name, entry in entries.items()]
    return tuple(out)


@lru_cache
def page_of() -> dict[str, str]:
    """The file of the page that explains a function, by where it is defined and by where it is found."""
    out = {}
    for page in pages():
        for path in page.functions:
            out[path] = out[home(found(path))] = f"{page.name}.md"
    return out


def written(case: Case) -> dict[str, str]:
    """The text of every page, and of the index, by the name of its file."""
    return {"index.md": _index()} | {f"{page.name}.md": text_of(page, case) for page in pages()}


def demonstration(page: Page) -> str:
    """The example of a page: its own, those of its rules, or that of its first function that has one."""
    if "demonstration" in page.entry:
        return str(page.entry["demonstration"]).strip("\n")
    if "rules" in page.entry:
        return rule_example(page.entry["rules"])
    return next((text for path in page.functions if (text := example(found(path)))), "")


def text_of(page: Page, case: Case) -> str:
    """One page as Markdown."""
    entry = page.entry
    bodies = (
        list(_what(page, case)),
        _bullets(source_words(entry, case)),
        _bullets(entry["leaves_out"]),
        _bullets(entry["takes_for_granted"]),
        _bullets(entry["not_proved"]),
        ["```pycon", demonstration(page), "```", "", str(entry["explained"]).strip(), ""],
        _bullets(_used(page)),
    )
    lines = [f"# {entry['title']}", ""]
    for heading, body in zip(HEADINGS, bodies, strict=True):
        lines += [f"## {heading}", "", *body]
    refused = [
        f"`{path.rpartition('.')[2]}`: {markdown(each, found(path), page_of())}"
        for path in page.functions
        for each in refusals(found(path))
    ]
    if refused:
        lines += ["## When it refuses", "", *_bullets(refused)]
    lines.append(
        f"[All pages](index.md). Made by `docs/make.py`; its words are in `docs/methods/{page.subject}.yaml`."
    )
    return "\n".join(lines) + "\n"


def _what(page: Page, case: Case) -> Iterator[str]:
    if "says" in page.entry:
        yield from (str(page.entry["says"]).strip(), "")
    for key in page.entry.get("rules", ()):
        yield from rule_lines(key)
    if "topic" in page.entry:
        yield from (f"One figure for each kecamatan of {case.jurisdiction['name']}. {RATES}", "")
        yield from indicator_lines(case, page.entry["topic"])
    modules: dict[str, list[str]] = {}
    for path in page.functions:
        function = found(path)
        own = parts(function)
        module, _, name = home(function).rpartition(".")
        yield from (f"### `{name}`", "", markdown(own["first"], function, page_of()), "")
        if own["prose"]:
            yield from (markdown(own["prose"], function, page_of()), "")
        modules.setdefault(module, []).append(name)
    if page.entry.get("rules"):
        modules.setdefault("commitments.rules", []).insert(0, "decide")
    if modules:
        yield from ("In Python, where `help` lists what each takes and gives:", "")
        for module, names in modules.items():
            yield f"- `from ogp_analysis.{module} import {', '.join(names)}`"
        yield ""


def _used(page: Page) -> list[str]:
    if not page.entry["used"]:
        return ["In no notebook: for use in Python."]
    return [each if isinstance(each, str) else f"`{each[0]}`, {section(*each)}" for each in page.entry["used"]]


def section(notebook: str, cell: str) -> str:
    """What a reader finds a cell of a notebook by: its heading on the page, else the last one above it."""
    text = (HERE.parent / "notebooks" / f"{notebook}.ipynb").read_text(encoding="utf-8")
    last: list[str] = []
    for each in json.loads(text)["cells"]:
        last = re.findall(r'report\.(?:sub)?heading\(\s*"([^"]+)"', "".join(each["source"])) or last
        if each["id"] == cell:
            words = [re.sub(r":? \{\w+\}", "", heading) for heading in last]
            ends = {"summary": "the findings at the top", "changes": "what changed, at the end"}
            return ends.get(cell) or " and ".join(f"section *{heading}*" for heading in words)
    raise SystemExit(f"docs/methods: {notebook} has no cell {cell!r}.")


def _index() -> str:
    lines = [
        "# Indicators and rules",
        "",
        f"{len(pages())} pages: what each indicator and rule of the reports means, by which formula and from",
        "which source, what it leaves out, what it takes for granted, what it does not prove, and a number that",
        "you can work out yourself. The examples run as a test. Scales, and every dated version of a rule, stand",
        "in [rules](../rules.md).",
    ]
    for subject, name in SUBJECTS.items():
        lines += ["", f"## {name}", ""]
        lines += [f"- [{page.entry['title']}]({page.name}.md)" for page in pages() if page.subject == subject]
    return "\n".join(lines) + "\n"


def _bullets(lines: list[str]) -> list[str]:
    return [*(f"- {' '.join(str(line).split())}" for line in lines), ""]
