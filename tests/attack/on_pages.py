"""Attacks on readers of pages: what a case may say without harm must reach them as text, never as a program."""

from __future__ import annotations

from typing import Any

from ogp_analysis.locale import get_language
from ogp_analysis.reports.results import results_csv

from .corpus import PAGE, Call, attack
from .yard import Yard


def block(key: str, breaks: str, text: str, expected: str) -> None:
    """A finding with the text; its row in results.csv."""

    @attack(key, PAGE, breaks, None, expected)
    def build(yard: Yard) -> Call:
        finding: dict[str, Any] = {"kind": "finding", "text": text}
        return lambda: results_csv([finding], "10_commitments").splitlines()[1]


block("csv-formula", "a finding that a spreadsheet would compute", "=HYPERLINK(A1)", ",'=HYPERLINK(A1),")
block("csv-plus", "the same with a plus", "+cmd|' /C calc'!A0", ",'+cmd|' /C calc'!A0,")
block("csv-minus", "the same with a minus", "-2+3+cmd", ",'-2+3+cmd,")
block("csv-at", "the same with an at sign", "@SUM(A1)", ",'@SUM(A1),")
block("csv-tab", "the same behind a tab", "\t=1+1", ",'\t=1+1,")


@attack("wide-script", PAGE, "HTML in the title of a table", None, "&lt;script&gt;")
def _(yard: Yard) -> Call:
    from ogp_analysis.reports.html import scroll_box

    return lambda: scroll_box("", "<script>alert(1)</script>", get_language("en"))
