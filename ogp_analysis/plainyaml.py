"""YAML that says what it seems to say: no aliases, no tags, no entry twice, no endless nesting."""

from __future__ import annotations

from typing import Any

from ogp_analysis.errors import DataError, Problem

#: Entries within entries; a Data Package goes down to seven. The parser in C takes the whole program down when
#: they are many thousands.
DEEPEST = 20


def read_yaml(file: str, text: str) -> Any:
    """The nodes of a YAML text, after looking at its events one by one.

    An alias lets one line mean what stands elsewhere (and a few lines a million values), a tag lets a value be
    anything, a second entry of one name silently takes the place of the first: each is refused.

    Parameters
    ----------
    file : str
        Name for messages.
    text : str

    Returns
    -------
    yaml.Node or None
        None where the text holds nothing.

    Raises
    ------
    DataError
        With the row.

    Examples
    --------
    >>> read_yaml("x.yaml", "a: &b 1")
    Traceback (most recent call last):
    ...
    ogp_analysis.errors.DataError: x.yaml, row 1: found '&b', expected no alias: each value written out
    What to do: Write it out.
    """
    import yaml

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        depth = 0
        for event in yaml.parse(text, Loader=loader):
            row = event.start_mark.line + 1 if event.start_mark else 0
            _no_alias_or_tag(file, row, event)
            depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
            if depth > DEEPEST:
                words = f"entries within entries to a depth of {DEEPEST} at most"
                raise DataError([Problem(file, row, None, None, words)], hint="Take entries out of one another.")
        node = yaml.compose(text, Loader=loader)
    except (yaml.YAMLError, ValueError) as error:  # a bare surrogate or an impossible escape is a ValueError
        mark = getattr(error, "problem_mark", None)
        problem = Problem(file, mark.line + 1 if mark else None, None, None, "valid YAML")
        raise DataError([problem], hint=f"Mend {file}.") from error
    return node


def twice(node: Any) -> list[Any]:
    """Keys that stand in one mapping for a second time, at any depth."""
    found, waiting = [], [node]
    while waiting:
        kind = type(one := waiting.pop()).__name__
        if kind == "MappingNode":
            seen = set()
            for key, value in one.value:
                text = str(key.value)
                found += [key] if text in seen else []
                seen.add(text)
                waiting.append(value)
        elif kind == "SequenceNode":
            waiting += one.value
    return sorted(found, key=lambda key: int(key.start_mark.line))


def _no_alias_or_tag(file: str, row: int, event: Any) -> None:
    alias = type(event).__name__ == "AliasEvent"
    if alias or getattr(event, "anchor", None):
        shown = f"{'*' if alias else '&'}{event.anchor}"
        raise DataError(
            [Problem(file, row, None, shown, "no alias: each value written out")], hint="Write it out."
        )
    tag = getattr(event, "tag", None)
    if tag is not None and tag != "!":
        raise DataError(
            [Problem(file, row, None, str(tag), "no tag: plain text in quotation marks")], hint="Leave it out."
        )
