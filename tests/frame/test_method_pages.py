"""One page for each indicator and rule: whole, up to date, with an example that runs and sources that are ours."""

from __future__ import annotations

import doctest
import importlib
import inspect
import re
import sys
from functools import lru_cache
from pathlib import Path

import pytest
import yaml

from ogp_analysis.commitments.rules import rules
from ogp_analysis.membership.duty_rules import duty_rules
from ogp_analysis.membership.eligibility_rules import eligibility_rules

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "docs"))  # the maker of the pages is no part of the package
import build_site  # noqa: E402
from method_docstrings import found, home, parts  # noqa: E402
from method_pages import FOLDER, HEADINGS, SUBJECTS, demonstration, pages, section, written  # noqa: E402
from method_tables import WORDS  # noqa: E402

PAGES = {page.name: page for page in pages()}
#: Packages and modules whose public functions compute or decide what a page of a report says.
SUBJECTS_OF = (
    *("changes", "claims", "commitments", "figures", "membership", "quality", "recovery", "scorecard", "stats"),
    *("privacy", "verdict"),
)
#: Modules that the list of a package leaves out, and whose functions decide something all the same.
FURTHER = (
    *(
        f"commitments.{name}"
        for name in ("derived", "ladder", "picture", "plans", "process", "published", "rules")
    ),
    *("recovery.chance", "recovery.neighbourhood", "recovery.reach", "recovery.shares", "recovery.taxes"),
)
FLAGS = doctest.NORMALIZE_WHITESPACE | doctest.ELLIPSIS
PARTS = ("leaves_out", "takes_for_granted", "not_proved", "explained", "used", "title")


@lru_cache
def without_page() -> dict[str, str]:
    listed = yaml.safe_load((FOLDER / "without-page.yaml").read_text(encoding="utf-8"))
    return {path: reason for reason, paths in listed.items() for path in paths}


def public_functions() -> set[str]:
    """The functions of these subjects that the documentation lists, by where each is defined."""
    listed = [
        name for name in build_site.public_modules() if name.split(".")[1:2] and name.split(".")[1] in SUBJECTS_OF
    ]
    modules = {*listed, *(f"ogp_analysis.{name}" for name in FURTHER)}
    out = set()
    for name in modules:
        module = importlib.import_module(name)
        values = [
            inspect.unwrap(value) for own in build_site._members(name) if callable(value := getattr(module, own))
        ]
        out |= {home(value) for value in values if inspect.isfunction(value)}
    return out


@pytest.fixture(scope="module")
def made(semarang) -> dict[str, str]:
    return written(semarang)


def test_the_pages_are_those_that_make_writes(made):
    on_disk = {path.name: path.read_text(encoding="utf-8") for path in FOLDER.glob("*.md")}
    assert sorted(on_disk) == sorted(made), "run: python docs/make.py"
    assert [name for name, text in made.items() if on_disk[name] != text] == [], "run: python docs/make.py"


@pytest.mark.parametrize("name", PAGES)
def test_a_page_has_all_its_parts(name, made):
    text = made[f"{name}.md"]
    bodies = dict(piece.split("\n", 1) for piece in text.split("\n## ")[1:])
    assert [heading for heading in HEADINGS if not bodies.get(heading, "").strip()] == []
    assert "``" not in text.replace("```", ""), "a mark of a docstring was left over"
    assert not re.search(r":(func|class|meth|mod|data|attr):", text)
    entry = PAGES[name].entry
    known = {*PARTS, "of", "rules", "topic", "says", "sources", "demonstration", "eligibility", "duties", "needs"}
    assert set(entry) <= known, "an entry that nothing reads"
    assert all(entry[part] for part in PARTS if part != "used")
    assert any(part in entry for part in ("of", "rules", "topic"))
    for part in ("leaves_out", "takes_for_granted", "not_proved"):
        assert all(len(str(line).split()) >= 4 for line in entry[part]), f"{part} says nothing"


@pytest.mark.parametrize("name", PAGES)
def test_the_example_of_a_page_runs(name):
    page = PAGES[name]
    if "needs" in page.entry:
        pytest.importorskip(page.entry["needs"])
    text = demonstration(page)
    assert "SKIP" not in text
    test = doctest.DocTestParser().get_doctest(text + "\n", {}, name, f"{name}.md", 0)
    assert any(example.want for example in test.examples), "an example shows a number"
    said: list[str] = []
    outcome = doctest.DocTestRunner(optionflags=FLAGS, verbose=False).run(test, out=said.append)
    assert outcome.failed == 0, "".join(said)


def test_every_public_function_has_a_page_or_a_reason():
    explained = {home(found(path)) for page in pages() for path in page.functions}
    public = public_functions()
    assert len(public) > 200
    assert sorted(public - explained - set(without_page())) == [], (
        "give it a page in docs/methods/*.yaml, or a reason in docs/methods/without-page.yaml"
    )
    assert sorted(set(without_page()) - public) == [], "functions that are gone"
    assert sorted(set(without_page()) & explained) == [], "functions that have a page after all"
    assert all(len(reason.split()) >= 4 for reason in without_page().values())


def test_every_rule_and_every_topic_has_a_page(semarang):
    for part, names in [
        ("rules", rules()),
        ("eligibility", eligibility_rules()),
        ("duties", duty_rules()),
        ("topic", semarang.table("indicators")["topic"].unique()),
    ]:
        told = [page.entry.get(part, ()) for page in pages()]
        listed = [key for keys in told for key in ([keys] if isinstance(keys, str) else keys)]
        assert sorted(listed) == sorted(names), part


@lru_cache
def own_texts() -> str:
    """All code and tables of the package, in one line: where a source must have been cited before."""
    suffixes = {".py", ".yaml"}
    texts = [path for path in (ROOT / "ogp_analysis").rglob("*") if path.suffix in suffixes]
    return " ".join(" ".join(path.read_text(encoding="utf-8").split()) for path in sorted(texts))


@pytest.mark.parametrize("name", PAGES)
def test_every_source_is_cited_in_code_or_tables(name, semarang, made):
    page = PAGES[name]
    known = set(semarang.table("sources")["source_id"])
    for each in page.entry.get("sources", ()):
        assert each in WORDS or each in known or " ".join(each.split()) in own_texts(), each
    for address in re.findall(r"https?://[^\s`)>;,]+", made[f"{name}.md"]):
        where = semarang.table("sources")["url"].dropna()
        assert address.rstrip(".") in own_texts() or (where == address).any(), address


def test_a_citation_of_a_docstring_stands_under_source():
    """Where the docstring of its first function cites a paper, the page does not claim a rule of our own."""
    paper = re.compile(r"\*[A-Z][^*]+\*,? \d+(?:\(\d+\))?, \d{4}")
    wrong = [
        page.name
        for page in pages()
        if set(page.entry.get("sources", ())) & set(WORDS)
        and page.functions
        and paper.search(parts(found(page.functions[0]))["prose"])
    ]
    assert wrong == []


@pytest.mark.parametrize("name", PAGES)
def test_links_of_a_page_lead_somewhere(name, made):
    for target in re.findall(r"\]\(([^)#]+)\)", made[f"{name}.md"]):
        assert target.startswith(("https://", "http://")) or (FOLDER / target).resolve().is_file(), target


def test_the_cells_it_is_used_in_are_there_and_the_index_names_every_page(made):
    for page in pages():
        for each in page.entry["used"]:
            assert isinstance(each, str) or section(*each), (page.name, each)
        assert f"({page.name}.md)" in made["index.md"]
    assert all(f"\n## {subject}\n" in made["index.md"] for subject in SUBJECTS.values())
    assert len({page.entry["title"] for page in pages()}) == len(pages())
