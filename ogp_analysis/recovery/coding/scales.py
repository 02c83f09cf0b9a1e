"""The indicators of the Oxford tracker and what their numbers mean in each version of its codebook."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from ogp_analysis.errors import ParameterError, nearest
from ogp_analysis.locale import get_language

#: The codebook that is used where none is named; the newest that is covered.
CODEBOOK = "3.3"


@cache
def _table() -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load((Path(__file__).parent / "scales.yaml").read_text(encoding="utf-8"))
    return loaded


#: The indicators of each index, method 3.6.
INDICES: Mapping[str, tuple[str, ...]] = {name: tuple(entry["of"]) for name, entry in _table()["indices"].items()}


@dataclass(frozen=True)
class Item:
    """One indicator as one version of the codebook has it.

    Attributes
    ----------
    key : str
        ``C1`` to ``C8``, ``E1``, ``E2``, ``H1`` to ``H3``, ``H6`` to ``H8``.
    en, id : str
        Name for readers.
    codebook : str
        The version.
    levels : tuple of (str, str)
        What 0, 1, 2 … mean, in English and Indonesian.
    flag : str
        Name of the meaning of the flag; empty where the indicator has none.
    flags : tuple of (str, str)
        What flag 0 and flag 1 mean, in English and Indonesian; empty without a flag.
    """

    key: str
    en: str
    id: str
    codebook: str
    levels: tuple[tuple[str, str], ...]
    flag: str
    flags: tuple[tuple[str, str], ...]

    @property
    def maximum(self) -> int:
        """The highest value of the scale."""
        return len(self.levels) - 1

    def name(self, language: str) -> str:
        """Key and name for readers of a language."""
        return f"{self.key} {get_language(language).word(self.en, self.id)}"

    def meaning(self, value: int, flag: int | None, language: str) -> str:
        """What a value with its flag stands for.

        Examples
        --------
        >>> item("C4").meaning(3, 1, "en")
        'the limit is 11 to 100 people (flag 1: whole area)'
        """
        own = get_language(language)
        level = own.word(*self.levels[value])
        if not self.flags or flag is None:
            return level
        return f"{level} ({own.t('flag')} {flag}: {own.word(*self.flags[flag])})"


def item(key: str, codebook: str = CODEBOOK) -> Item:
    """One indicator in one version of the codebook.

    Scales moved: the flag of E1 was *formal workers only / informal workers too* up to 2.6 and is *one of the two
    / all workers* from 2.7 on (14 January 2021); H6 came with 2.4, its flag with 2.5. A number is read with the
    codebook it was given under.

    Parameters
    ----------
    key : str
        Name of the indicator.
    codebook : str
        Version, as text: 2.10 is later than 2.9.

    Returns
    -------
    Item

    Raises
    ------
    ParameterError
        If there is no such indicator or codebook, or the codebook is older than the indicator.

    Examples
    --------
    >>> item("E1", "2.4").flags[1][0], item("E1", "3.3").flags[1][0]
    ('informal workers too', 'all workers')
    >>> item("H8", "2.4")
    Traceback (most recent call last):
    ...
    ogp_analysis.errors.ParameterError: Codebook 2.4 has no indicator H8.
    What to do: It came with codebook 2.9.
    """
    table = _table()
    if codebook not in table["codebooks"]:
        raise ParameterError(
            f"There is no codebook {codebook!r} here.",
            hint=f"{nearest(codebook, table['codebooks'])} From 4.0 on the scales are split by vaccination.",
        )
    if key not in table["indicators"]:
        raise ParameterError(f"There is no indicator {key!r}.", hint=nearest(key, table["indicators"]))
    entry = table["indicators"][key]
    if _number(codebook) < _number(entry["since"]):
        raise ParameterError(
            f"Codebook {codebook} has no indicator {key}.", hint=f"It came with codebook {entry['since']}."
        )
    valid = [start for start in entry["flags"] if _number(start) <= _number(codebook)]
    flag = entry["flags"][max(valid, key=_number)] if valid else ""
    flags = table["flags"][flag] if flag else {"en": [], "id": []}
    return Item(
        key=key,
        en=entry["en"],
        id=entry["id"],
        codebook=codebook,
        levels=tuple((level["en"], level["id"]) for level in entry["levels"]),
        flag=flag,
        flags=tuple(zip(flags["en"], flags["id"], strict=True)),
    )


def items(codebook: str = CODEBOOK) -> tuple[Item, ...]:
    """Every indicator that a version of the codebook has, in its order.

    Examples
    --------
    >>> len(items("3.3")), len(items("2.3"))
    (16, 13)
    """
    entries = _table()["indicators"]
    return tuple(item(key, codebook) for key in entries if _number(entries[key]["since"]) <= _number(codebook))


def index_name(name: str, language: str) -> str:
    """Name of an index for readers of a language.

    Examples
    --------
    >>> index_name("stringency", "id")
    'Keketatan'
    """
    if name not in INDICES:
        raise ParameterError(f"There is no index {name!r}.", hint=nearest(name, INDICES))
    entry = _table()["indices"][name]
    return get_language(language).word(str(entry["en"]), str(entry["id"]))


def _number(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split("."))
