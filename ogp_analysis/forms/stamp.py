"""What a form knows of its origin: the case, the language, and the rows as they were when it was written."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass

from ogp_analysis.forms.layout import Form

#: Rows of a table by their number in the file, as text: ``"1"`` is the first below the header.
Rows = Mapping[str, Mapping[str, str]]


@dataclass(frozen=True)
class Stamp:
    """Where a form comes from.

    Attributes
    ----------
    case, language, library, version : str
        Name of the case, code of the language, version of the library and of the form.
    tables : mapping of str to str
        SHA-256 of each table's file at the time of writing.
    base : mapping of str to Rows
        The rows of each table at the time of writing.
    form : Form
        Which form it is.
    """

    case: str
    language: str
    library: str
    version: str
    tables: Mapping[str, str]
    base: Mapping[str, Rows]
    form: Form


def base_digest(base: Mapping[str, Rows], scorecard: str = "") -> str:
    """SHA-256 over the rows at the time of writing: shows that the hidden sheets came back as they were."""
    content = {"scorecard": scorecard, "base": base} if scorecard else base
    text = json.dumps(content, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode("utf-8")).hexdigest()
