"""The look-up behind :func:`ogp_analysis.cleaning.names.resolve_names`: one spelling against the known names."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

import pandas as pd

from ogp_analysis.cleaning.frames import require_columns
from ogp_analysis.cleaning.text import clean, fold, total_of
from ogp_analysis.errors import DataError, Problem

# "KecamatanTembalang": the blank may be lost, so no word boundary can be asked for after the full word.
_PREFIX = re.compile(r"^(?:kecamatan|kec\b|(?-i:Kec(?=[A-Z])))\.?\s*", re.IGNORECASE)
_LEADING_NUMBER = re.compile(r"^[\s(]*\d[\d.]*\s*[.):]?\s*")
_VILLAGE_PREFIX = re.compile(r"^(?:kelurahan|kel\b\.?|desa\b|ds\b\.?)", re.IGNORECASE)


@dataclass(frozen=True)
class Index:
    """Look-up tables built once per call: text, or its folded form, to codes; ``others`` to name and place."""

    exact: dict[str, set[str]]
    alias: dict[str, set[str]]
    folded: dict[str, set[str]]
    folded_alias: dict[str, set[str]]
    others: dict[str, tuple[str, str]]
    label: dict[str, str]


@dataclass(frozen=True)
class Outcome:
    """What became of one spelling; ``kind`` is resolved, unknown, ambiguous, lookalike or blank."""

    kind: str
    code: str = ""
    how: str = ""
    distance: int = 0
    subtotal: bool = False
    detail: str = ""
    other: tuple[str, str] = ("", "")


def normalise(text: str) -> tuple[str, bool]:
    """Bring a spelling into the form in which two are compared, and say whether the cell is a subtotal.

    Examples
    --------
    >>> normalise("3. Kec. Smg. Barat"), normalise("Gunung Pati Total")
    (('semarangbarat', False), ('gunungpati', True))
    """
    body = _LEADING_NUMBER.sub("", clean(text))
    summed = total_of(body)
    if summed:
        body = summed
    key = fold(_PREFIX.sub("", body))
    if key.startswith("smg"):
        key = "semarang" + key[3:]
    return key, bool(summed)


def resolve(value: str, index: Index, max_distance: int) -> Outcome:
    """Look one spelling up, step by step."""
    text = clean(value)
    if not text:
        return Outcome("blank")
    key, subtotal = normalise(text)
    also = index.others[key][1] if key in index.others else ""
    for how, table, probe in (
        ("exact", index.exact, text),
        ("alias", index.alias, text.casefold()),
        ("normalised", index.folded, key),
        ("normalised", index.folded_alias, key),
    ):
        codes = table.get(probe, set())
        if len(codes) == 1:
            return Outcome("resolved", next(iter(codes)), how, 0, subtotal, also)
        if codes:
            return Outcome("ambiguous", detail=_named(codes, index), subtotal=subtotal)
    if not key:
        return Outcome("unknown", detail="no letters")
    if total_of(text) == "":
        return Outcome("unknown", detail="a total row, not a district")
    body = _LEADING_NUMBER.sub("", text)
    if _VILLAGE_PREFIX.match(body):
        return Outcome("unknown", detail="names a village (kelurahan), not a district")
    if key in index.others:
        return Outcome("lookalike", other=index.others[key])
    if name := _within(body, index):
        return Outcome("unknown", detail=f"another word stands beside '{name}'")
    return _nearest(key, subtotal, index, max_distance)


def _within(text: str, index: Index) -> str:
    """An official name among other words: ``SD Tembalang`` is two edits from Tembalang, and a school."""
    words = _PREFIX.sub("", text).split()
    for length in range(len(words) - 1, 0, -1):
        for part in (words[:length], words[-length:]):
            if fold("".join(part)) in index.folded:
                return " ".join(part)
    return ""


def _nearest(key: str, subtotal: bool, index: Index, max_distance: int) -> Outcome:
    from rapidfuzz.distance import Levenshtein

    found: dict[int, tuple[set[str], set[tuple[str, str]]]] = {}
    for candidate in {**index.folded, **index.others}:
        limit = min(max_distance, len(candidate) // 3)
        distance = Levenshtein.distance(key, candidate, score_cutoff=limit)
        if limit > 0 and distance <= limit:
            codes, others = found.setdefault(distance, (set(), set()))
            codes.update(index.folded.get(candidate, set()))
            if candidate not in index.folded:
                others.add(index.others[candidate])
    if not found:
        return Outcome("unknown", detail="no name is near enough")
    distance = min(found)
    codes, others = found[distance]
    if len(codes) == 1 and not others:
        return Outcome("resolved", next(iter(codes)), "nearest", distance, subtotal)
    if len(others) == 1 and not codes:
        return Outcome("lookalike", other=next(iter(others)), distance=distance)
    candidates = [_named(codes, index)] if codes else []
    candidates += sorted(f"{name} ({jurisdiction})" for name, jurisdiction in others)
    return Outcome("ambiguous", detail=" or ".join(candidates), subtotal=subtotal)


def build(districts: pd.DataFrame, aliases: pd.DataFrame | None, lookalikes: pd.DataFrame | None) -> Index:
    """Check the tables against each other and make them ready for looking up."""
    require_columns(districts, ["code_bps", "name"], "districts")
    label = {str(c): str(n) for c, n in zip(districts["code_bps"], districts["name"], strict=True)}
    index = Index({}, {}, {}, {}, {}, label)
    for column in ("name", "name_bps"):
        if column not in districts:
            continue
        for code, name in zip(districts["code_bps"], districts[column], strict=True):
            text = clean(name)
            if text:
                index.exact.setdefault(text, set()).add(str(code))
                index.folded.setdefault(normalise(text)[0], set()).add(str(code))
    if aliases is not None:
        require_columns(aliases, ["alias", "code_bps"], "aliases")
        problems = []
        for row, (alias, code) in enumerate(zip(aliases["alias"], aliases["code_bps"], strict=True), start=2):
            text, code = clean(alias), str(code)
            official = index.exact.get(text)
            if code not in label:
                problems.append(Problem("aliases", row, "code_bps", code, "a code of the table of districts"))
            elif official and code not in official:
                problems.append(
                    Problem(
                        "aliases", row, "alias", text, f"the code {' or '.join(sorted(official))} of that name"
                    )
                )
            else:
                index.alias.setdefault(text.casefold(), set()).add(code)
                index.folded_alias.setdefault(normalise(text)[0], set()).add(code)
        if problems:
            raise DataError(problems, hint="Correct the table of aliases.")
    if lookalikes is not None:
        require_columns(lookalikes, ["name", "jurisdiction"], "lookalikes")
        for name, where in zip(lookalikes["name"], lookalikes["jurisdiction"], strict=True):
            index.others[normalise(str(name))[0]] = (str(name), str(where))
    return index


def _named(codes: Iterable[str], index: Index) -> str:
    return " or ".join(f"{index.label[code]} ({code})" for code in sorted(codes))
