"""Characters that hide what a text says: those that nobody sees, and letters that look like others."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection

#: Lines may be parted within a cell; every other control character is a sign of damage, or of an attack.
ALLOWED = "\n\t"
#: Controls, marks that turn the direction of writing, zero-width and unassigned characters, lone surrogates.
_HIDDEN_KINDS = ("Cc", "Cf", "Co", "Cn", "Cs", "Zl", "Zp")
#: What a first look finds; it is a little wider than the rule and far quicker.
_SUSPECT = re.compile(
    r"\r(?!\n)|[^\r\n\t\x20-\x7e\u00a0-\u00ac\u00ae-\u024f\u2010-\u2027\u2030-\u205e\u20a0-\u20bf\u2190-\u22ff]"
)
#: Writing systems whose letters are taken for each other, by the first word of a letter's name in Unicode.
_ALIKE = frozenset({"LATIN", "CYRILLIC", "GREEK", "ARMENIAN", "CHEROKEE", "FULLWIDTH", "MATHEMATICAL"})
_WORD = re.compile(r"[^\W\d_]{2,}")
#: Letters of these writing systems that look like a Latin one, in the common fonts or in italics.
_LOOKS_LATIN = frozenset(
    "АВЕЅІЈКМНОРСТУХҮҺԚԜѴаеѕіјорсухүһԁԛԝѵӏгкмнпти"  # Cyrillic
    "ΑΒΕΖΗΙΚΜΝΟΡΤΥΧαγεηικνορτυχω"  # Greek
    "ՏՕԼՍոսօհցքզյ"  # Armenian
    "ᎠᎡᎢᎪᎫᎬᎳᎷᎻᎩᎶᏀᏃᏎᏒᏔᏙᏚᏟᏢᏦᏴ"  # Cherokee
)


def suspect(text: str) -> bool:
    """Whether a text holds a character that needs a closer look with :func:`sign_problem`."""
    return _SUSPECT.search(text) is not None


#: What prose pasted from elsewhere holds and what hides nothing in it: parted lines, joined letters, soft hyphens.
_OF_PROSE = frozenset("\r\x85\u2028\u2029\u200c\u200d\u00ad")


def sign_problem(text: str, *, prose: bool = False) -> str | None:
    r"""Say what in a cell hides what it says; None if nothing does.

    Refused are control characters, marks that turn the direction of writing (Unicode Technical Report 36), other
    characters that nobody sees, and words that mix letters of writing systems that look alike (Unicode Technical
    Standard 39): with each of them two cells that look the same are not.

    In prose, where nobody compares cells, lines parted in other ways, joined letters (emoji, several scripts) and
    words of several alphabets are let through.

    Parameters
    ----------
    text : str
    prose : bool
        Whether it is a text to be read, no name or code.

    Returns
    -------
    str or None
        What was expected instead.

    Examples
    --------
    >>> sign_problem("Semarang\u202etenggaraB")
    'text without the invisible character U+202E (RIGHT-TO-LEFT OVERRIDE)'
    >>> sign_problem("\u0422ugu")
    'words in one alphabet; in this one U+0422 (CYRILLIC CAPITAL LETTER TE) stands beside letters of another'
    >>> sign_problem("Gunungpati, 1.203 km²") is None
    True
    """
    for sign in text.replace("\r\n", "\n"):
        if sign in ALLOWED or (prose and sign in _OF_PROSE):
            continue
        if unicodedata.category(sign) in _HIDDEN_KINDS:
            return f"text without the invisible character {_named(sign)}"
    for word in [] if prose else _WORD.findall(text):
        if word.isascii():
            continue
        found = {family: letter for letter in reversed(word) if (family := _family(letter)) in _ALIKE}
        if len(found) > 1:
            letter = next((found[family] for family in found if family != "LATIN"), word[0])
            return f"words in one alphabet; in this one {_named(letter)} stands beside letters of another"
    return None


def posing(texts: Collection[str]) -> dict[str, str]:
    r"""Names that seem Latin among Latin names, and are written with the letters of another alphabet throughout.

    :func:`sign_problem` sees one text, and a text in one alphabet is sound by itself. Among others it poses as
    Latin if all letters of a word look Latin, and nothing in these texts shows that its alphabet is at home there:
    no letter of it that looks like no Latin one.

    Parameters
    ----------
    texts : collection of str
        Names or codes that are compared with each other, such as a column.

    Returns
    -------
    dict of str to str
        Each such text, with what was expected instead.

    Examples
    --------
    >>> posing(["Tugu", "\u0420\u0430\u0441\u043e"])["\u0420\u0430\u0441\u043e"]
    'Latin letters as in the names around; U+0420 (CYRILLIC CAPITAL LETTER ER) only looks like one'
    >>> posing(["Kyiv", "\u041a\u0438\u0457\u0432", "\u0420\u0430\u0441\u043e"])
    {}
    """
    words = {text: _WORD.findall(text) for text in texts}
    every = {letter for found in words.values() for word in found for letter in word}
    if not any(_family(letter) == "LATIN" for letter in every):
        return {}
    at_home = {_family(letter) for letter in every if not _looks_latin(letter)} | {"LATIN"}
    posed = {}
    for text, found in words.items():
        letters = next((word for word in found if all(_looks_latin(letter) for letter in word)), "")
        if letters and _family(letters[0]) in _ALIKE - at_home:
            posed[text] = f"Latin letters as in the names around; {_named(letters[0])} only looks like one"
    return posed


def _looks_latin(letter: str) -> bool:
    """Whether a letter that is not Latin looks like one; what Unicode calls a form of a Latin one does."""
    return letter in _LOOKS_LATIN or (not letter.isascii() and unicodedata.normalize("NFKC", letter).isascii())


def visible(text: str) -> str:
    r"""A text for a terminal or a page, every character in it that nobody sees written as its number.

    Examples
    --------
    >>> visible("found \x1b[2J and \u202e")
    'found \\x1b[2J and \\u202e'
    """
    if not suspect(text):
        return text
    return "".join(
        sign.encode("unicode_escape").decode("ascii")
        if sign not in ALLOWED and unicodedata.category(sign) in _HIDDEN_KINDS
        else sign
        for sign in text
    )


def _family(letter: str) -> str:
    return unicodedata.name(letter, "").partition(" ")[0]


def _named(sign: str) -> str:
    name = unicodedata.name(sign, "")
    return f"U+{ord(sign):04X}" + (f" ({name})" if name else "")
