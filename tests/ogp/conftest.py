"""Tables in the shape of each published edition, written for the tests; every row is made up."""

from __future__ import annotations

import csv
import io
import random
from collections.abc import Callable
from pathlib import Path

import pytest

from ogp_analysis.sources.ogp.editions import Edition, editions

SHARED = Path(__file__).parents[3] / "shared" / "ogp"

#: What a cell of a rating column may hold, by edition and column: labels with the code printed beside them.
LABELS: dict[str, dict[str, list[tuple[str, str]]]] = {
    "2015-05": {
        "specificity": [("None", "0"), ("a. low", "1"), ("b. medium", "2"), ("c. high", "3"), ("NR", "NR")],
        "potential_impact": [
            ("None", "0"), ("Unclear", "0"), ("Minor", "1"), ("Moderate", "2"), ("Transformative", "3"), ("NR", "NR"),
        ],
        "completion_progress": [
            ("a. Not started", "1"), ("b. Limited", "2"), ("c. Substantial", "3"), ("d. Complete", "4"),
            ("Unclear", "Unclear"), ("Withdrawn", "Withdrawn"), ("NA", "NA"), ("NR", "NR"),
        ],
        "completion_projected": [("b. Limited", "2"), ("d. Complete", "4"), ("NA", "NA"), ("NR", "NR")],
        "schedule": [("on schedule", ""), ("behind schedule", ""), ("ahead of schedule", ""), ("NR", "")],
        "newness": [("New", "2"), ("Pre-existing", "1"), ("Unclear", "0"), ("NR", "NR")],
        "timebound": [("Clear", ""), ("Supplementary Materials", ""), ("Unclear", ""), ("NR", "")],
    },
    "2016": {
        "specificity": [("None", "0"), ("a. low", "1"), ("b. medium", "2"), ("c. high", "3"), ("NR", "NR")],
        "potential_impact": [("None", "0"), ("Minor", "1"), ("Moderate", "2"), ("Transformative", "3"), ("ND", "ND")],
        "completion_progress": [
            ("Withdrawn", "0"), ("Unclear", "1"), ("a. Not Started", "2"), ("a. Not started", "2"), ("b. Limited", "3"),
            ("c. Substantial", "4"), ("d. Complete", "5"), ("NA", "NA"), ("NR", "NR"),
        ],
        "completion_end": [
            ("a. Not Started", "2"), ("b. Limited", "3"), ("c. Substantial", "4"), ("d. Complete", "5"), ("ND", "ND"),
            ("NR", "NR"),
        ],
        "completion_change": [("Decrease", "-1"), ("No Change", "0"), ("Increase", "3"), ("ND", "ND"), ("NR", "NR")],
        "diog": [("b. None", "1"), ("c. Marginal", "2"), ("d. Major", "3"), ("ND", "ND"), ("NR", "NR")],
    },
    "2024": {
        "specificity": [("None", "0"), ("Low", "1"), ("Medium", "2"), ("High", "3"), ("ND", "ND"), ("NR", "NR")],
        "potential_impact": [("None", "0"), ("Minor", "1"), ("Moderate", "2"), ("Transformative", "3"), ("ND", "ND")],
        "verifiable": [("Yes", ""), ("No", ""), ("1", ""), ("ND", ""), ("NR", "")],
        "potential_for_results": [("Unclear", "0"), ("Modest", "1"), ("Substantial", "2"), ("ND", "ND"), ("NR", "NR")],
        "completion_progress": [
            ("Withdrawn", "0"), ("Not Started", "2"), ("Limited", "3"), ("Substantial", "4"), ("Complete", "5"),
            ("NA", "NA"), ("ND", "ND"), ("NR", "NR"),
        ],
        "completion_end": [
            ("Unclear", "1"), ("Not Started", "2"), ("Limited", "3"), ("Substantial", "4"), ("Complete", "5"),
            ("ND", "ND"), ("NR", "NR"),
        ],
        "completion_change": [("Decrease", "-2"), ("No Change", "0"), ("Increase", "1"), ("NA", "NA"), ("ND", "ND")],
        "early_results": [("No notable results", "0"), ("Moderate", "1"), ("Significant", "2"), ("ND", "ND")],
        "diog": [
            ("Worsens", "0"), ("Did Not Change", "1"), ("No early results to report yet", "1"), ("Marginal", "2"),
            ("Major", "3"), ("Outstanding", "4"), ("ND", "ND"), ("NR", "NR"),
        ],
        "diog_ati": [("Not Applicable", "0"), ("Did Not Change", "2"), ("Major", "4"), ("ND", "ND")],
        "diog_cp": [("Not Applicable", "0"), ("Marginal", "3"), ("NR", "NR")],
        "diog_pa": [("Worsens", "1"), ("Outstanding", "5"), ("ND", "ND")],
    },
    "process-2016": {
        "access_development": [("Open", ""), ("Invitation-only", ""), ("NA", ""), ("NR", "")],
        "access_implementation": [("Open", ""), ("Invitation-only", ""), ("NA", ""), ("NR", "")],
        "iap2_development": [("Inform", ""), ("Consult", ""), ("Involve", ""), ("Collaborate", ""), ("NR", "")],
        "iap2_implementation": [("Inform", ""), ("Consult", ""), ("NA", ""), ("NR", "")],
    },
}  # fmt: skip
FLAGS = {
    "2015-05": [("1", ""), ("0", ""), ("NR", "")],
    "2016": [("1", ""), ("0", ""), ("NR", "")],
    "2024": [("1", ""), ("0", ""), ("ND", ""), ("NR", "")],
    "process-2016": [("Yes", "1"), ("No", "0"), ("NR", "NR")],
}


def random_rows(edition: str, count: int, seed: int = 1) -> list[dict[str, str]]:
    """Rows of cells by column name, drawn from what the edition prints."""
    draw = random.Random(seed)
    own = editions()[edition]
    rows = []
    for number in range(count):
        cells = dict.fromkeys(own.columns.values(), "0")
        cells |= {column: f"{name} {number}" for name, column in own.fields.items()}
        cells |= {own.fields["member"]: f"Member {number % 7}", own.fields["plan_number"]: str(1 + number // 7)}
        for name in ("year", "report_year_progress", "report_year_end"):
            if name in own.fields:
                cells[own.fields[name]] = draw.choice(["2013", "2014", "NR", "ND"])
        if "assessed" in own.fields:
            cells[own.fields["assessed"]] = draw.choice("01")
        for tag in own.tags:
            cells[tag] = draw.choice(["0", "0", "0", "1"])
        for name, at in own.ratings.items():
            text, code = draw.choice(LABELS[edition].get(name, FLAGS[edition]))
            cells[at.text] = text
            if at.code:
                cells[at.code] = code
        rows.append(cells)
    return rows


def to_text(columns: list[str], rows: list[dict[str, str]], delimiter: str = ",") -> str:
    out = io.StringIO()
    writer = csv.writer(out, delimiter=delimiter, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows([row.get(column, "") for column in columns] for row in rows)
    return out.getvalue()


Write = Callable[..., Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Write a table of an edition into a temporary folder, with lines above the header and changes to the columns."""

    def make(
        edition: str,
        rows: list[dict[str, str]],
        *,
        above: list[str] | None = None,
        columns: list[str] | None = None,
        encoding: str = "utf-8",
        delimiter: str = ",",
        name: str = "table.csv",
    ) -> Path:
        own = columns or list(editions()[edition].columns.values())
        lines = [f"{line}\n" for line in above or []]
        file = tmp_path / name
        file.write_bytes(("".join(lines) + to_text(own, rows, delimiter)).encode(encoding))
        return file

    return make


def edition(name: str) -> Edition:
    return editions()[name]


@pytest.fixture(scope="session")
def published_2015():
    """OGP's own table of May 2015, where it lies beside the project."""
    from ogp_analysis.sources.ogp import read_commitments

    file = SHARED / "ogp_irm_commitments_2015-05-15_coded.csv"
    if not file.is_file():
        pytest.skip(f"needs OGP's table of May 2015 at ../shared/ogp/{file.name}")
    return read_commitments(file)
