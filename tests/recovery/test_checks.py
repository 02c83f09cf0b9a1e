"""``check`` and ``build`` refuse a case whose codes or terms break rules that its schemas cannot express."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from ogp_analysis.cli import main

BROKEN = [
    (
        "policy_codes.csv",
        "C4,3.3,coded,3,1,2020-06-22,",
        "C4,3.3,coded,5,1,2020-06-22,",
        "policy_codes.csv, row 7, column 'value, flag'",
    ),
    (
        "policy_codes.csv",
        "3.3,coded,3,1,2020-06-22,2020-07-05",
        "3.3,coded,3,1,2020-06-22,2020-06-21",
        "policy_codes.csv, row 7, column 'end'",
    ),
    ("measure_terms.csv", "by_use,05;16", "by_use,", "measure_terms.csv, row 5, column 'uses'"),
    ("measure_terms.csv", ",2020-05-01,2020-05-31", ",2020-05-31,2020-05-01", "measure_terms.csv, row 3, column 'pay_to'"),
    ("measure_terms.csv", "PBB-06,1,discount,5,", "PBB-06,1,discount,5.125,", "measure_terms.csv, row 4, column 'rate_percent'"),
]  # fmt: skip


@pytest.mark.parametrize(("file", "old", "new", "said"), BROKEN)
@pytest.mark.parametrize("command", ["check", "build"])
def test_rules_of_codes_and_terms_stop_the_command(
    command: str,
    file: str,
    old: str,
    new: str,
    said: str,
    broken_case: Callable[..., Path],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    def change(text: str) -> str:
        assert text.count(old) == 1
        return text.replace(old, new)

    out = tmp_path / "processed"
    given = [command, str(broken_case(file, change)), *(["--out", str(out)] if command == "build" else [])]
    assert main(given) == 2
    printed = capsys.readouterr()
    assert said in printed.err
    assert "What to do: Mend these rows" in printed.err
    assert printed.out == ""
    assert not out.exists()
