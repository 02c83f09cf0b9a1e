"""Build the documentation as a web site in ``site/``: ``python3 run.py docs``; every warning stops it."""

from __future__ import annotations

import importlib
import logging
import pkgutil
import re
import shutil
import sys
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from posixpath import dirname, relpath

import yaml
from method_pages import SUBJECTS
from method_pages import pages as method_pages

import ogp_analysis

ROOT = Path(__file__).resolve().parent.parent
HERE = ROOT / "docs"
#: Pages that lie outside ``docs/``, and what they are called on the site.
OUTSIDE = {
    "README.md": "index.md",
    "CHANGELOG.md": "changelog.md",
    "DATA-LICENCES.md": "data-licences.md",
    "benchmarks/README.md": "benchmarks.md",
    ".github/CONTRIBUTING.md": "contributing.md",
    ".github/CODE_OF_CONDUCT.md": "conduct.md",
    ".github/SECURITY.md": "security.md",
}
#: The pages by what a reader wants; what is not named here stands under *More*.
CONTENTS: Mapping[str, tuple[str, ...]] = {
    "Tutorials": (
        *("tutorial-analyst.md", "tutorial-analyst.id.md", "tutorial-researcher.md", "tutorial-student.md"),
    ),
    "How to": (
        *("new-quarter.md", "new-quarter.id.md", "new-city.md", "new-city.id.md", "new-indicator.md"),
        *("official-boundaries.md", "custom-rule.md", "languages.md", "report-runs.md", "land-tax-roll.md"),
        *("publishing.md", "publishing.id.md"),
    ),
    "What it rests on": (
        *("method.md", "rules.md", "data-dictionary.md", "composite.md", "attacks.md", "changelog.md"),
        "benchmarks.md",
    ),
    "Taking part": ("contributing.md", "conduct.md", "security.md", "release.md", "data-licences.md"),
}
#: Modules without a list of names that readers use by themselves.
ALONE = {
    *(f"ogp_analysis.{name}" for name in ("figures", "privacy", "verdict", "sources.boundaries")),
    *(f"ogp_analysis.stats.{path.stem}" for path in (ROOT / "ogp_analysis" / "stats").glob("[a-z]*.py")),
    *(f"ogp_analysis.stats.effects.{name}" for name in ("identification", "two_groups", "event_study")),
    *(f"ogp_analysis.stats.effects.{name}" for name in ("group_time", "series", "placebo", "bootstrap", "words")),
}
LINK = re.compile(r"(?<!!)\[([^\]]*)\]\(([^)#\s]+)(#[^)\s]*)?\)")
PICTURE = re.compile(r"!\[([^\]]*)\]\(([^)\s]+)\)")


def main() -> int:
    """Write the pages into a temporary folder and build the site from there; gives the exit code."""
    from mkdocs.commands.build import build
    from mkdocs.config import load_config
    from mkdocs.exceptions import Abort

    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(message)s")
    with tempfile.TemporaryDirectory(prefix="ogp-docs-") as name:
        pages = Path(name)
        written = _pages(pages)
        listed = {page for group in CONTENTS.values() for page in group}
        more = sorted(page for page in written if page not in listed and page != "index.md" and "/" not in page)
        library = sorted(
            (page for page in written if page.startswith("library/")),
            key=lambda page: ("ogp_analysis.md" not in page, page),
        )
        nav: list[dict[str, object]] = [{"Start": "index.md"}]
        nav += [{title: list(group)} for title, group in CONTENTS.items()]
        nav.append({"Indicators and rules": ["methods/index.md", *_methods()]})
        nav += [{"More": more}] if more else []
        nav.append({"The library": library})
        handler = {"python": {"paths": [str(ROOT)], "options": OPTIONS}}
        told = pages.parent / f"{pages.name}.yml"
        settings = {
            "site_name": "ogp-analysis",
            "docs_dir": str(pages),
            "site_dir": str(ROOT / "site"),
            "theme": {"name": "readthedocs"},
            "nav": nav,
            "plugins": ["search", {"mkdocstrings": {"handlers": handler}}],
            "markdown_extensions": ["tables", "fenced_code", "toc"],
            "use_directory_urls": False,  # the site is read from a folder, too
            "strict": True,
        }
        told.write_text(yaml.safe_dump(settings), encoding="utf-8")
        try:
            build(load_config(str(told)))
        except Abort as error:
            print(f"The site was not built: {error}", file=sys.stderr)
            return 1
        finally:
            told.unlink()
    print(f"Open {ROOT / 'site' / 'index.html'}")
    return 0


OPTIONS = {
    "docstring_style": "numpy",
    "docstring_section_style": "list",
    "show_source": False,
    "show_root_heading": True,
    "show_root_toc_entry": True,
    "show_submodules": False,
    "show_signature_annotations": True,
    "separate_signature": True,
    "heading_level": 2,
    "extensions": [str(HERE / "roles.py")],
    "inherited_members": False,
    "show_if_no_docstring": False,
}


def _pages(folder: Path) -> set[str]:
    """Write every page; gives their names."""
    names = {path: path.name for path in HERE.glob("*.md")}
    names |= {path: f"methods/{path.name}" for path in (HERE / "methods").glob("*.md")}
    names |= {ROOT / source: name for source, name in OUTSIDE.items()}
    (folder / "methods").mkdir()
    for path, name in names.items():
        (folder / name).write_text(_linked(path, names), encoding="utf-8")
    for path in [*HERE.glob("*.svg"), *HERE.glob("pictures/*.png")]:
        shutil.copyfile(path, folder / path.name)
    written = set(names.values())
    (folder / "library").mkdir()
    for module in public_modules():
        options = f"    options:\n      members: {_members(module)}\n      show_root_heading: false\n"
        text = f"# {module}\n\n::: {module}\n{options}"
        name = f"library/{module.removeprefix('ogp_analysis').lstrip('.') or 'ogp_analysis'}.md"
        (folder / name).write_text(text, encoding="utf-8")
        written.add(name)
    return written


def _linked(path: Path, names: Mapping[Path, str]) -> str:
    """A page with its links to other pages as the site calls them; a link to another file becomes plain text."""

    def link(match: re.Match[str]) -> str:
        words, target, anchor = match[1], match[2], match[3] or ""
        if "://" in target:
            return match[0]
        place = (path.parent / target).resolve()
        if place in names:
            return f"[{words}]({relpath(names[place], dirname(names[path]) or '.')}{anchor})"
        if not place.exists():
            raise SystemExit(f"{path.relative_to(ROOT)}: the link {target} leads nowhere.")
        return words

    def picture(match: re.Match[str]) -> str:
        return f"![{match[1]}]({Path(match[2]).name})"

    return PICTURE.sub(picture, LINK.sub(link, path.read_text(encoding="utf-8")))


def _methods() -> list[dict[str, list[str]]]:
    """The pages of indicators and rules by subject."""
    own = method_pages()
    return [
        {title: [f"methods/{page.name}.md" for page in own if page.subject == subject]}
        for subject, title in SUBJECTS.items()
    ]


def public_modules() -> Iterator[str]:
    """Packages that list their public names, and modules that are used by themselves."""
    yield "ogp_analysis"
    for found in pkgutil.walk_packages(ogp_analysis.__path__, "ogp_analysis."):
        if found.name in ALONE or (found.ispkg and getattr(importlib.import_module(found.name), "__all__", None)):
            yield found.name


def _members(module: str) -> list[str]:
    """The public names of a module; of one without a list what it defines itself, in its order."""
    loaded = importlib.import_module(module)
    named = getattr(loaded, "__all__", None)
    own = [
        name
        for name, value in vars(loaded).items()
        if not name.startswith("_") and getattr(value, "__module__", None) == module
    ]
    return list(named or own)


if __name__ == "__main__":
    sys.exit(main())
