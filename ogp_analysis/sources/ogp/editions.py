"""The published editions, and recognising one from the names of its columns."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

import yaml

from ogp_analysis.errors import OgpAnalysisError
from ogp_analysis.sources.ogp.grid import Grid

#: The header stood on line 1, 2 or 3 of every edition met so far.
SEARCHED_ROWS = 15
#: A line shares some words with a header by chance; a header shares this much of its names with one edition.
LEAST_SHARE = 0.3
_NOT_WORD = re.compile(r"[^0-9a-z]+")


@dataclass(frozen=True)
class RatingColumn:
    """Where a rating is printed: the label, and the code beside it if there is one."""

    text: str
    code: str | None


@dataclass(frozen=True)
class PublishedColumn:
    """A derived column of OGP's own, and the stage it speaks of."""

    column: str
    stage: str


@dataclass(frozen=True)
class Edition:
    """The layout of one published edition; column names are as printed."""

    key: str
    title: str
    kind: Literal["commitments", "process"]
    coding: str
    requires: tuple[str, ...]
    fields: dict[str, str]
    ratings: dict[str, RatingColumn]
    tags: tuple[str, ...]
    published: dict[str, PublishedColumn]
    other: tuple[str, ...]

    @property
    def columns(self) -> dict[str, str]:
        """Every column name, folded, with its printed form."""
        codes = [rating.code for rating in self.ratings.values() if rating.code]
        texts = [rating.text for rating in self.ratings.values()]
        derived = [entry.column for entry in self.published.values()]
        names = [*self.fields.values(), *texts, *codes, *self.tags, *derived, *self.other]
        return {folded(name): name for name in names}

    @property
    def required(self) -> dict[str, str]:
        """What the edition cannot be read without: folded column name, printed form."""
        names = [self.ratings[key].text if key in self.ratings else self.fields[key] for key in self.requires]
        return {folded(name): name for name in names}


@dataclass(frozen=True)
class Header:
    """A recognised header: the edition, the row it stands on (from 1), and where each known column is."""

    edition: Edition
    grid: Grid
    row: int
    places: dict[str, int]
    unknown: dict[str, int]
    missing: tuple[str, ...]
    again: dict[str, int]


def folded(name: str) -> str:
    """A column name without case, breaks and punctuation; the underscore that marks a code stays.

    Examples
    --------
    >>> folded("Potential impact "), folded("_Pot Impact Coded"), folded("<br/>Public Service Delivery")
    ('potential impact', '_pot impact coded', 'public service delivery')
    """
    text = name.casefold().replace("<br/>", " ").replace("<br>", " ").strip()
    return ("_" if text.startswith("_") else "") + _NOT_WORD.sub(" ", text).strip()


@cache
def all_names() -> frozenset[str]:
    """Every column name of every edition, folded."""
    return frozenset(name for edition in editions().values() for name in edition.columns)


@cache
def editions() -> dict[str, Edition]:
    """The editions that can be read, by name."""
    text = (Path(__file__).parent / "editions.yaml").read_text(encoding="utf-8")
    out = {}
    for key, entry in yaml.safe_load(text).items():
        out[str(key)] = Edition(
            key=str(key),
            title=entry["title"],
            kind=entry["kind"],
            coding=entry["coding"],
            requires=tuple(entry["requires"]),
            fields=entry["fields"],
            ratings={name: RatingColumn(at["text"], at.get("code")) for name, at in entry["ratings"].items()},
            tags=tuple(entry.get("tags", ())),
            published={
                name: PublishedColumn(at["column"], at["stage"]) for name, at in entry["published"].items()
            },
            other=tuple(entry["other"]),
        )
    return out


def recognise(grids: Sequence[Grid], kind: str) -> Header:
    """Find the header among the first rows of the sheets, and the edition that its names belong to.

    The edition that shares the largest part of its names with a row wins; file names and the number of lines
    above the header play no part.

    Raises
    ------
    OgpAnalysisError
        If no row is the header of a known edition of this kind, if a required column is missing, or if two
        sheets could be meant.
    """
    found = sorted(_candidates(grids), key=lambda one: one[0], reverse=True)
    if not found or found[0][0] < LEAST_SHARE:
        shown = next((row for grid in grids for row in grid.rows if any(cell.strip() for cell in row)), [])
        raise OgpAnalysisError(
            f"{grids[0].name} has no header of a table that OGP published; its first line begins with:"
            f" {', '.join(cell.strip()[:30] or '(empty)' for cell in shown[:6]) or 'nothing'}.",
            hint="Known are: " + "; ".join(edition.title for edition in editions().values()) + ".",
        )
    share, edition, grid, row = found[0]
    rivals = [one for one in found[1:] if one[2] is not grid and one[0] > share * 0.9]
    if rivals:
        raise OgpAnalysisError(
            f"Two sheets look like a table of OGP: {grid.name}; {rivals[0][2].name}.",
            hint="Save the one you mean alone.",
        )
    if edition.kind != kind:
        other = "read_process" if edition.kind == "process" else "read_commitments"
        raise OgpAnalysisError(f"{grid.name} is: {edition.title}.", hint=f"Read it with {other}.")
    lacking = [name for key, name in edition.required.items() if key not in set(map(folded, grid.rows[row - 1]))]
    if lacking:
        raise OgpAnalysisError(
            f"{grid.name} looks like: {edition.title}; but these columns are missing: {', '.join(lacking)}.",
            hint="Use the file as it was downloaded, with all its columns. Some layouts are not supported: the"
            " export of 2016 with milestones, and the process tables of 2015.",
        )
    return _header(edition, grid, row)


def _candidates(grids: Sequence[Grid]) -> list[tuple[float, Edition, Grid, int]]:
    out = []
    for grid in grids:
        for number, cells in enumerate(grid.rows[:SEARCHED_ROWS], start=1):
            names = {folded(cell) for cell in cells} - {""}
            for edition in editions().values():
                known = edition.columns
                share = len(names & known.keys()) / len(known)
                if edition.required.keys() <= names:  # a cut of an edition that still holds what is needed
                    share = max(share, LEAST_SHARE)
                out.append((share, edition, grid, number))
    # of two equal lines (a header that is repeated further down) the first is the header
    return sorted(out, key=lambda one: one[3])


def _header(edition: Edition, grid: Grid, row: int) -> Header:
    known = edition.columns
    places: dict[str, int] = {}
    unknown: dict[str, int] = {}
    again: dict[str, int] = {}
    for place, cell in enumerate(grid.rows[row - 1]):
        key = folded(cell)
        if key in known and known[key] not in places:
            places[known[key]] = place
            continue
        if not cell.strip() and not any(place < len(cells) and cells[place].strip() for cells in grid.rows[row:]):
            continue  # an empty column at the edge of the sheet
        if key in known:
            again[known[key]] = place
        name = cell.strip() or f"column {place + 1}, no header"
        while name in unknown or name in places:
            name = f"{name} (again)"
        unknown[name] = place
    missing = tuple(name for name in known.values() if name not in places)
    return Header(edition, grid, row, places, unknown, missing, again)
