"""What a run of an index has to say to its reader, as codes."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Note:
    """Something a reader of the result must know, as a code with its parameters; the page words it.

    Attributes
    ----------
    step : str
        The step that says so.
    code : str
        Which remark it is.
    about : tuple of str
        The codes or units concerned.
    numbers : dict
        What else the sentence needs.
    """

    step: str
    code: str
    about: tuple[str, ...] = ()
    numbers: dict[str, Any] = field(default_factory=dict)
