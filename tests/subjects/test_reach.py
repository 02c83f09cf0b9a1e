"""Which kecamatan the evidence names, which evidence is missing, and what came of other plans; by hand."""

from __future__ import annotations

import csv
import shutil
from pathlib import Path

import pytest

from ogp_analysis import commitments
from ogp_analysis.case import load_case
from ogp_analysis.quarter import Quarter

RAW = Path(__file__).parents[2] / "data" / "raw" / "semarang"


@pytest.fixture
def located(tmp_path):
    """The case with three made-up pieces of evidence: two name Tugu, one of them later; one has no date."""
    folder = tmp_path / "semarang"
    shutil.copytree(RAW, folder)
    with (folder / "progress.csv").open(encoding="utf-8", newline="") as file:
        columns = list(csv.DictReader(file).fieldnames or [])
    source = "opengovpartnership-12"
    with (folder / "progress.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns, lineterminator="\n", restval="")
        writer.writeheader()
        for key, day, code in [
            ("IDSMG0005", "2022-05-01", "3374150"),
            ("IDSMG0005", "2023-05-01", "3374150"),
            ("IDSMG0001", "", "3374010"),
        ]:
            writer.writerow(
                {
                    "commitment_key": key, "date": day, "code_bps": code, "source_id": source, "confidence": "high",
                    "finding_en": "made up", "finding_id": "dibuat untuk uji",
                }
            )  # fmt: skip
    return load_case(folder)


def test_kecamatan_named_by_dated_evidence(located):
    table = commitments.evidence_by_district(located, Quarter(2022, 4))
    assert table.shape == (5, 16)
    assert table.sum().sum() == 1
    assert table.loc["IDSMG0005", "3374150"] == 1
    assert commitments.evidence_by_district(located, Quarter(2023, 2)).loc["IDSMG0005", "3374150"] == 2
    assert commitments.evidence_by_district(located, Quarter(2020, 4)).empty


def test_needed_evidence_beside_what_was_seen(located):
    needs = commitments.needed_evidence(located, Quarter(2022, 4))
    own = needs[needs["commitment_key"] == "IDSMG0005"].set_index("need_no")
    assert own["by_district"].tolist() == [False, True]
    assert own["dated_evidence"].tolist() == [1, 1]
    assert own.loc[2, "districts_named"] == 1
    assert own["districts_named"].isna().tolist() == [True, False], "what is not needed by kecamatan names none"
    others = needs[needs["by_district"] & (needs["commitment_key"] != "IDSMG0005")]
    assert (others["districts_named"] == 0).all()
    assert set(needs["districts"]) == {16}


def test_every_commitment_of_the_plan_says_what_would_show_it(semarang, q4_2023):
    plan = commitments.plan_commitments(semarang, q4_2023)["commitment_key"]
    assert set(commitments.needed_evidence(semarang, q4_2023)["commitment_key"]) == set(plan)


def test_outcomes_of_other_plans(semarang, q4_2023):
    got = commitments.plan_outcomes(semarang, q4_2023).set_index("plan_id")
    # Bojonegoro 2017: 0 complete, 4 substantial, 1 limited; Indonesia: 16 and 20 of 45
    assert got.loc["bojonegoro-2016", ["complete", "rated", "strong"]].tolist() == [4, 5, 2]
    assert got.loc["indonesia-2016", ["complete", "rated", "strong"]].tolist() == [36, 45, 3]
    # Wilson, 95%: (k + z²/2 ± z √(k(n-k)/n + z²/4)) / (n + z²), worked out by hand
    assert got.loc["bojonegoro-2016", ["low", "high"]].tolist() == pytest.approx([0.3755, 0.9638], abs=1e-4)
    assert commitments.plan_outcomes(semarang, Quarter(2017, 2)).empty, "neither plan had ended"
