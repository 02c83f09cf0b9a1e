"""A cell's text with its links and line breaks: one value that every format of a page writes in its own way."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable
from dataclasses import dataclass

#: Signs after which a long string may break: before a letter, or before a digit that no digit stands in front of.
BREAK = re.compile(r"[/._=?-](?=[^\W\d])|(?<!\d)[/._=?-](?=\d)")


@dataclass(frozen=True)
class Link:
    """A text that leads somewhere.

    Parameters
    ----------
    text : str
    to : str
        Address, or ``#src-3`` for the third source of the page.
    """

    text: str
    to: str


@dataclass(frozen=True)
class Break:
    """A line break inside a cell."""


@dataclass(frozen=True)
class Work:
    """The title of a publication, in the language it was published in."""

    text: str


Piece = str | Link | Break | Work
Pieces = tuple[Piece, ...]


def breakable(text: str, mark: str, longest: int = 24) -> str:
    """Let an address in a text break, so that it does not push a table off the page; never within a number.

    Parameters
    ----------
    text : str
    mark : str
        Stands where a line may break.
    longest : int
        Strings without a space of so many signs stay whole.

    Examples
    --------
    >>> breakable("see https://example.org/a-page/2", "|"), breakable("1.000.000.000.000.000.000", "|")
    ('see https://|example.|org/|a-|page/|2', '1.000.000.000.000.000.000')
    """
    return re.sub(rf"\S{{{longest + 1},}}", lambda long: BREAK.sub(rf"\g<0>{mark}", long[0]), text)


def pieces_html(pieces: Iterable[Piece]) -> str:
    """Pieces as HTML, escaped; long addresses may break.

    Examples
    --------
    >>> pieces_html(("a < b ", Link("[1]", "#src-1"), Break(), "c"))
    'a &lt; b <a class="cite" href="#src-1">[1]</a><br>c'
    """
    return "".join(_html(piece) for piece in pieces)


def pieces_text(pieces: Iterable[Piece], *, references: bool = True) -> str:
    """Pieces as plain text.

    Parameters
    ----------
    pieces : iterable of Piece
    references : bool
        Whether references to the sources of the page are kept.

    Examples
    --------
    >>> pieces_text(("a ", Link("[1]", "#src-1")), references=False)
    'a'
    """
    kept = (piece for piece in pieces if references or not (isinstance(piece, Link) and piece.to.startswith("#")))
    text = "".join(_text(piece) for piece in kept)
    return text if references else "\n".join(line.strip() for line in text.split("\n"))


def pieces_json(pieces: Pieces) -> str | list[str | dict[str, str]]:
    """Pieces for the record of a page: a bare text where there is nothing else.

    Examples
    --------
    >>> pieces_json(("a",)), pieces_json(("a ", Link("[1]", "#src-1"), Break()))
    ('a', ['a ', {'text': '[1]', 'to': '#src-1'}, {'break': ''}])
    """
    if all(isinstance(piece, str) for piece in pieces):
        return "".join(str(piece) for piece in pieces)
    written: list[str | dict[str, str]] = []
    for piece in pieces:
        if isinstance(piece, str):
            written.append(piece)
        elif isinstance(piece, Link):
            written.append({"text": piece.text, "to": piece.to})
        else:
            written.append({"work": piece.text} if isinstance(piece, Work) else {"break": ""})
    return written


def json_text(entry: str | list[str | dict[str, str]], *, references: bool = True) -> str:
    r"""What :func:`pieces_json` wrote, as plain text.

    Examples
    --------
    >>> json_text(["a ", {"text": "[1]", "to": "#src-1"}, {"break": ""}, "b"], references=False)
    'a\nb'
    """
    if isinstance(entry, str):
        return entry
    pieces: list[Piece] = []
    for each in entry:
        if isinstance(each, str):
            pieces.append(each)
        elif "to" in each:
            pieces.append(Link(each["text"], each["to"]))
        else:
            pieces.append(Work(each["work"]) if "work" in each else Break())
    return pieces_text(pieces, references=references)


def linked(text: str) -> Pieces:
    """A text whose web addresses become links that show the name of the site only.

    Examples
    --------
    >>> linked("see https://example.org/a/b.")
    ('see ', Link(text='example.org', to='https://example.org/a/b'), '.')
    """
    if "://" not in text:
        return (text,)
    parts: list[Piece] = list(re.split(r"(https?://[^\s<>()]*[^\s<>().,;:])", text))
    parts[1::2] = [Link(str(address).split("/")[2], str(address)) for address in parts[1::2]]
    return tuple(part for part in parts if part != "")


def _text(piece: Piece) -> str:
    if isinstance(piece, str):
        return piece
    return "\n" if isinstance(piece, Break) else piece.text


def _html(piece: Piece) -> str:
    if isinstance(piece, Break):
        return "<br>"
    if isinstance(piece, Work):
        return f"<cite>{html.escape(piece.text)}</cite>"
    if isinstance(piece, Link):
        kind = ' class="cite"' if piece.to.startswith("#") else ""
        return f'<a{kind} href="{html.escape(piece.to)}">{html.escape(piece.text)}</a>'
    return breakable(html.escape(piece), "<wbr>")
