"""What the docs say about the code, checked against the code."""

from __future__ import annotations

import csv
import re
from fractions import Fraction
from pathlib import Path

from ogp_analysis.build import METHOD_VERSION
from ogp_analysis.commitments.handbook import handbook
from ogp_analysis.dictionary import data_dictionary
from ogp_analysis.membership.duty_rules import duty_rules
from ogp_analysis.membership.eligibility_rules import eligibility_rules
from ogp_analysis.membership.handbook import membership_handbook
from ogp_analysis.tables import table_specs
from ogp_analysis.verdict import CLAIM_RULES, CRITERION_RULES

ROOT = Path(__file__).resolve().parents[2]


def test_the_data_dictionary_is_the_one_of_the_schemas():
    assert (ROOT / "docs" / "data-dictionary.md").read_text(encoding="utf-8") == data_dictionary()


def test_the_page_of_rules_is_the_one_of_the_tables(semarang):
    page = (ROOT / "docs" / "rules.md").read_text(encoding="utf-8")
    assert page == f"{handbook()}\n{membership_handbook(semarang)}"


def test_the_page_of_rules_has_every_rule_of_membership_with_its_source(semarang):
    page = membership_handbook(semarang)
    for versions in [*eligibility_rules().values(), *duty_rules().values()]:
        for one in versions:
            assert one["source"] in page
    assert page.count("(**unconfirmed**)") == sum(
        one["status"] == "unconfirmed"
        for rules in (eligibility_rules(), duty_rules())
        for versions in rules.values()
        for one in versions
    )
    for rule in (*CRITERION_RULES, *CLAIM_RULES):
        assert f"| {rule.outcome} | {rule.says} |" in page
    for code in semarang.table("scorecard_items")["code"]:
        assert f"`{code}`" in page


def test_the_readme_names_every_table_and_path():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert [name for name in table_specs() if f"`{name}`" not in readme] == []
    for link in re.findall(r"\]\(([^)#h][^)]*)\)", readme):
        assert (ROOT / link).exists(), link


def test_the_readme_counts_what_is_in_the_case(semarang):
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    for table, words in [
        ("district_values", "{:,} figures by kecamatan"),
        ("measures", "{} measures"),
        ("criteria", "{} criteria"),
        ("claims", "{} claims"),
        ("sources", "{} sources"),
    ]:
        assert words.format(len(semarang.table(table))) in readme


def test_the_worked_example_of_the_method_follows_from_the_rows():
    """By the csv module alone: what the page quotes is what the tables say."""
    page = (ROOT / "docs" / "method.md").read_text(encoding="utf-8")
    raw = ROOT / "data" / "raw" / "semarang"

    def rows(name: str) -> list[dict[str, str]]:
        with (raw / name).open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))

    def by_code(indicator: str) -> dict[tuple[str, str], Fraction]:
        chosen = [
            row for row in rows("district_values.csv") if row["indicator"] == indicator and row["role"] == "main"
        ]
        assert {row["source_id"] for row in chosen} == {"github-01"}
        assert {row["state"] for row in chosen} == {"measured"}
        return {(row["period"], row["code_bps"]): Fraction(row["value"]) for row in chosen}

    unfit, houses = by_code("rumah_tidak_layak_huni"), by_code("jumlah_rumah")
    assert {period for period, _ in unfit} == {"2023"}
    assert {period for period, _ in houses} == {"2022"}
    (defined,) = [row for row in rows("indicators.csv") if row["indicator"] == "rumah_tidak_layak_huni"]
    assert (defined["denominator"], defined["per"], defined["direction"]) == (
        "jumlah_rumah",
        "1000",
        "higher_is_worse",
    )
    rates = {code: 1000 * unfit["2023", code] / houses["2022", code] for _, code in houses}
    (own,) = [row["code_bps"] for row in rows("districts.csv") if row["name"] == "Semarang Utara"]
    whole, of = sum(unfit.values()), sum(houses.values())
    assert f"1,000 × {int(unfit['2023', own]):,} / {int(houses['2022', own]):,} = {float(rates[own]):.4f}…" in page
    assert f"1,000 × {int(whole):,} / {int(of):,} = {float(1000 * whole / of):.2f}" in page
    first, second = sorted(rates, key=rates.__getitem__, reverse=True)[:2]
    assert first == own
    (next_one,) = [row["name"] for row in rows("districts.csv") if row["code_bps"] == second]
    assert f"{next_one} with {float(rates[second]):.2f}" in re.sub(r"\s+", " ", page)
    (source,) = [row for row in rows("sources.csv") if row["source_id"] == "github-01"]
    assert source["publisher"] in page
    notes = {
        row["indicator"]: row["note_en"]
        for row in rows("district_series.csv")
        if row["period"] in ("2022", "2023")
    }
    assert notes["rumah_tidak_layak_huni"].startswith("Table 3.10,")
    assert notes["jumlah_rumah"].startswith("Table 3.9,")


def test_the_page_of_the_method_has_every_version_of_the_changelog():
    page = (ROOT / "docs" / "method.md").read_text(encoding="utf-8")
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    versions = re.findall(r"^- Version (\d+)\.", changelog.partition("### Methods")[2], flags=re.M)
    assert re.findall(r"^\| (\d+) \|", page, flags=re.M) == versions
    assert max(versions, key=int) == METHOD_VERSION


def test_the_pictures_are_small_shown_and_made_by_the_script():
    pictures = {path.name: path.read_bytes() for path in (ROOT / "docs" / "pictures").iterdir()}
    assert all(content.startswith(b"\x89PNG") and len(content) <= 150_000 for content in pictures.values())
    pages = [path.read_text(encoding="utf-8") for path in (ROOT / "docs").glob("*.md")]
    assert {name for page in pages for name in re.findall(r"!\[[^\]]+\]\(pictures/([^)]+)\)", page)} == set(
        pictures
    )
    script = (ROOT / "docs" / "screenshots.py").read_text(encoding="utf-8")
    assert set(re.findall(r'Shot\("([^"]+)"', script)) == set(pictures)
