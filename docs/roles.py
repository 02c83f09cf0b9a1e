"""Turns the roles of docstrings, such as ``:func:`name```, into links of the web site."""

from __future__ import annotations

import re
from typing import Any

from griffe import Extension

ROLE = re.compile(r":(?:func|class|meth|mod|data|attr):`([^`]+)`")


class Roles(Extension):
    """Rewrites each docstring when it is read."""

    def on_object(self, *, obj: Any, **kwargs: Any) -> None:
        """Called for every module, class, function and attribute."""
        if obj.docstring is not None:
            obj.docstring.value = ROLE.sub(_link, obj.docstring.value)


def _link(match: re.Match[str]) -> str:
    target = match[1]
    name = target.rpartition(".")[2] if target.startswith("~") else target
    # what is not on the site stays a word
    return f'<autoref identifier="{target.lstrip("~")}" optional><code>{name}</code></autoref>'
