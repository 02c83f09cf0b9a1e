"""A page made from a case whose texts are HTML, scripts and marks of other languages shows them as text."""

from __future__ import annotations

import csv
import io
import re
import shutil
from functools import partial
from html.parser import HTMLParser
from pathlib import Path

from ogp_analysis.cli import main

from .yard import RAW, edited_csv

#: What would run or change the page if any step took it for more than text.
HOSTILE = (
    "</title></script><script>alert(4711)</script>"
    '<img src=x onerror="alert(4711)"><svg/onload=alert(4711)>'
    '[x](javascript:alert(4711)) {{4711*2}} {4711} $\\input{/etc/passwd}$ #read("/etc/passwd") &lt;b&gt; ]]> --> `4711`'
)


class Seen(HTMLParser):
    """Elements and attributes of a page, as a browser would see them."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.scripts: list[str] = []
        self.attributes: list[tuple[str, str, str]] = []
        self.text: list[str] = []
        self.script = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.script = tag == "script"
        self.attributes += [(tag, name, value or "") for name, value in attrs]

    def handle_endtag(self, tag: str) -> None:
        self.script = False

    def handle_data(self, data: str) -> None:
        (self.scripts if self.script else self.text).append(data)


def poisoned(column: str, rows: list[dict[str, str]]) -> None:
    """Rows with hostile text wherever a column holds any."""
    for row in rows:
        row[column] = HOSTILE if row[column] else ""


def test_a_page_shows_hostile_texts_as_text(tmp_path: Path, capsys) -> None:
    folder = tmp_path / "semarang"
    shutil.copytree(RAW, folder)
    for table, column in (
        ("commitments", "title_en"),
        ("commitments", "lead_en"),
        ("plans", "title_en"),
        ("sources", "title"),
    ):
        path = folder / f"{table}.csv"
        path.write_text(edited_csv(path.read_text(encoding="utf-8"), partial(poisoned, column)), encoding="utf-8")
    out = tmp_path / "reports"
    asked = ["--case", str(folder), "--notebook", "10_commitments", "--language", "en", "--out", str(out)]
    assert main(["report", *asked]) == 0, capsys.readouterr()
    pages = sorted(out.rglob("*.html"))
    assert [page.name for page in pages if page.parent.name == "10_commitments"] == ["10_commitments.html"]
    shown = 0
    for page in pages:
        seen = Seen()
        seen.feed(page.read_text(encoding="utf-8"))
        assert not [one for one in seen.scripts if "4711" in one], page
        events = [one for one in seen.attributes if one[1].startswith("on") and "4711" in one[2]]
        links = [
            one for one in seen.attributes if one[1] in ("href", "src") and re.match(r"\s*javascript:", one[2])
        ]
        assert not events, page
        assert not links, page
        text = "".join(seen.text)
        assert "9422" not in text, page  # 4711 * 2: nothing computed what stands between braces
        assert "root:x:" not in text, page
        shown += text.count("<script>alert(4711)</script>")
    assert shown >= 5  # it is there, as text
    (results,) = out.rglob("10_commitments/results.csv")
    cells = [cell for row in csv.reader(io.StringIO(results.read_text(encoding="utf-8"))) for cell in row]
    assert any("alert(4711)" in cell for cell in cells)
