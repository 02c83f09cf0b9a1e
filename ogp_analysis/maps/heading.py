"""What is written around a map."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Heading:
    """What is written around a map, in the reader's language.

    Parameters
    ----------
    title, subtitle, legend_title : str
    notes : tuple of str
        Lines under the map: source, outline, remarks.
    """

    title: str
    subtitle: str
    legend_title: str
    notes: tuple[str, ...]

    @property
    def caption(self) -> str:
        """Source, date, outline and remarks in one paragraph."""
        first, *rest = self.notes
        return " ".join([self.dated(first), *rest])

    def dated(self, sentence: str) -> str:
        """Close a sentence, unless it closes itself, and add the day where there is one.

        Examples
        --------
        >>> Heading("", "As of 2023", "", ()).dated("Is any figure public?")
        'Is any figure public? As of 2023.'
        """
        closed = sentence if sentence.endswith(("?", "!", ".")) else f"{sentence}."
        return f"{closed} {self.subtitle}." if self.subtitle else closed
