"""From the data of a page to the bytes of its PDF, with typst."""

from __future__ import annotations

import json
import shutil
import tempfile
import threading
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from ogp_analysis.errors import OgpAnalysisError

TEMPLATE = Path(__file__).with_name("report.typ")
#: The drawings are measured in this font, which matplotlib brings along; the text is set in typst's own.
DRAWING_FONTS = ("DejaVuSans.ttf", "DejaVuSans-Bold.ttf", "DejaVuSans-Oblique.ttf")
# typst opens fonts when it first needs them: were the folder made twice, by two threads, the one that is let go
# would be gone by then, and texts would be set in other fonts without a word
_one_at_a_time = threading.Lock()


def typeset(document: dict[str, Any], made_at: datetime) -> bytes:
    """Set a page as PDF/UA-1: tagged, with language, title, contents and alternative texts.

    The same document and time give the same bytes: only fonts that come with typst and matplotlib are used, and
    nothing is fetched. The template is code, the document is data: no sign of a text is ever read as markup.

    Parameters
    ----------
    document : dict
        From :func:`ogp_analysis.reports.pdf.document.pdf_document`.
    made_at : datetime
        Goes into the file as its date.

    Raises
    ------
    OgpAnalysisError
        If the PDF cannot be set: a character that no font has, or a breach of PDF/UA.
    """
    import typst

    template = TEMPLATE.read_bytes()
    with tempfile.TemporaryDirectory(prefix="ogp-pdf-") as empty:  # the root: nothing can be read from elsewhere
        compiler = typst.Compiler(template, root=empty, font_paths=open_fonts())
        try:
            made = compiler.compile(
                format="pdf",
                sys_inputs={"document": json.dumps(document, ensure_ascii=False)},
                pdf_standards=["ua-1"],
                timestamp=int(made_at.timestamp()),
            )
        except typst.TypstError as error:
            hints = " ".join(error.hints) or "Look for the text on the web page, and report it to the project."
            raise OgpAnalysisError(f"The PDF could not be set: {error.message}", hint=hints) from error
    assert isinstance(made, bytes)
    return made


def open_fonts() -> Any:
    """The fonts of every PDF; the first call opens them."""
    with _one_at_a_time:
        return _fonts()[0]


@lru_cache(maxsize=1)
def _fonts() -> tuple[Any, tempfile.TemporaryDirectory[str]]:
    """The fonts of every PDF; matplotlib's folder holds one that draws a box for every sign there is."""
    import matplotlib
    import typst

    folder = tempfile.TemporaryDirectory(prefix="ogp-fonts-")
    for name in DRAWING_FONTS:
        shutil.copyfile(Path(matplotlib.get_data_path()) / "fonts" / "ttf" / name, Path(folder.name) / name)
    fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=True, font_paths=[folder.name])
    return fonts, folder
