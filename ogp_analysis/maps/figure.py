"""What every map function gives back: the picture, its description in words, and the table behind it."""

from __future__ import annotations

import base64
import hashlib
import html
import io
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from matplotlib.text import Text

from ogp_analysis.maps.sheet import settings
from ogp_analysis.maps.svg import compact_svg

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

# Above this a page grows too heavy for slow lines and old telephones; then a PNG is put in instead.
SVG_LIMIT = 400_000


@dataclass(frozen=True, eq=False, repr=False)
class MapFigure:
    """A finished map.

    Shown by itself in a notebook as an HTML ``<figure>`` with the drawing inline, its description for
    screen readers, and a caption; nothing is fetched from anywhere.

    Parameters
    ----------
    figure : matplotlib Figure
        The drawing with title, legend, scale and notes.
    alt : str
        What the map shows, in words, in the reader's language.
    table : DataFrame
        One row a district (and panel): ``code``, ``name``, ``value``, ``class``, ``state``.
    title : str
    caption : str
        Source, date and outline used.
    language : str
        Code of the reader's language.
    tips : mapping of str to str
        What is shown when the pointer rests on a district; key is the name of its drawing.
    foot : float
        Height of the printed notes in points; the HTML shows them as a caption instead.
    decimals : int, optional
        Digits that a table of the values needs so that each is seen to lie in its class.
    """

    figure: Figure
    alt: str
    table: pd.DataFrame
    title: str = ""
    caption: str = ""
    language: str = "en"
    tips: Mapping[str, str] = field(default_factory=dict)
    foot: float = 0.0
    decimals: int | None = None

    def __repr__(self) -> str:
        return f"MapFigure({self.title!r}, {len(self.table)} rows)"

    def svg(self, *, foot: bool = True) -> str:
        """Write the map as SVG text; the same map always gives the same bytes.

        Parameters
        ----------
        foot : bool
            Whether to print source, date and outline under the map.
        """
        stream = io.StringIO()
        # matplotlib turns a text with a halo into outlines; compact_svg gives it a halo that leaves it text.
        texts = self.figure.findobj(Text)
        halos = [text.get_path_effects() for text in texts]
        for text in texts:
            text.set_path_effects([])
        with settings():
            self.figure.savefig(stream, format="svg", dpi=72, metadata={"Date": None, "Creator": None})
        for text, halo in zip(texts, halos, strict=True):
            text.set_path_effects(halo)
        cut = 0.0 if foot else self.foot
        return compact_svg(
            stream.getvalue(), title=self.title, alt=self.alt, tips=self.tips, language=self.language, cut=cut
        )

    def png(self, dpi: int = 200) -> bytes:
        """Draw the map as PNG.

        Parameters
        ----------
        dpi : int
            Dots an inch.
        """
        stream = io.BytesIO()
        with settings():
            self.figure.savefig(
                stream, format="png", dpi=dpi, metadata={"Software": None, "Description": self.alt}
            )
        return stream.getvalue()

    def html(self) -> str:
        """Write an HTML ``<figure>``: the drawing with its description, and the caption."""
        return "".join(self.parts())

    def parts(self) -> tuple[str, str, str]:
        """The HTML in three parts: what comes before the drawing, the drawing, and the caption after it."""
        drawing = self.svg(foot=False)
        if len(drawing) > SVG_LIMIT:
            data = base64.b64encode(self.png(150)).decode("ascii")
            drawing = (
                f'<img role="img" style="max-width:100%;height:auto" src="data:image/png;base64,{data}" '
                f'alt="{html.escape(self.alt)}">'
            )
        name = hashlib.sha256((self.title + self.alt).encode()).hexdigest()[:10]
        return (
            f'<figure class="ogp-map" id="map-{name}" lang="{self.language}" style="margin:1em 0">',
            drawing,
            f'<figcaption style="font-size:0.85em;color:#444">{html.escape(self.caption)}</figcaption></figure>',
        )

    def _repr_html_(self) -> str:
        return self.html()
