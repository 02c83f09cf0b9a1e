"""What the pages say in sentences, the words they explain, and the links between them."""

from __future__ import annotations

import re

import pandas as pd
import pytest

from ogp_analysis import get_language, load_case
from ogp_analysis.claims import claim_evidence, claim_verdicts
from ogp_analysis.quarter import Quarter
from ogp_analysis.reports import headlines
from ogp_analysis.reports.context import Report
from ogp_analysis.reports.glossary import glossary
from ogp_analysis.reports.links import START, STOP, link_pages, page_path
from ogp_analysis.reports.present import rate_title, worded_terms

QUARTER = Quarter(2023, 4)


@pytest.fixture
def report():
    def make(code: str) -> Report:
        return Report("10_commitments", load_case("semarang"), QUARTER, get_language(code))

    return make


def test_a_verdict_that_no_claim_got_is_not_mentioned(report):
    verdicts = pd.DataFrame(
        {"verdict": ["supported", "supported", "not_checkable", "partly"], "independence": "one_origin"}
    )
    assert headlines.claims_words(verdicts, report("en")) == (
        "Of 4 claims in the press: 2 supported by other sources, 1 supported in part and "
        "1 not checkable with the sources seen."
    )
    assert headlines.claims_words(verdicts, report("id")) == (
        "Dari 4 klaim dalam pemberitaan: 2 didukung sumber lain, 1 didukung sebagian, dan "
        "1 tidak dapat diperiksa dengan sumber yang dilihat."
    )


def test_every_verdict_of_the_rule_has_a_clause(report):
    every = pd.DataFrame({"verdict": ["supported", "partly", "contradicted", "sources_disagree", "not_checkable"]})
    every["independence"] = "one_origin"
    assert headlines.claims_words(every, report("en")).count("1 ") == 5


def test_support_that_only_repeats_the_claimant_is_told_apart(report):
    verdicts = pd.DataFrame(
        {
            "verdict": ["supported", "supported", "partly"],
            "independence": ["own_word", "several_origins", "own_word"],
        }
    )
    assert headlines.claims_words(verdicts, report("en")) == (
        "Of 3 claims in the press: 1 supported by other sources, 1 supported by the claimant’s own word alone and "
        "1 supported in part."
    )


def test_what_was_not_found_is_said_in_words(report):
    plan = pd.DataFrame({"dated_evidence": [0, 0], "undated_evidence": [0, 2], "rating_count": [0, 0]})
    assert headlines.plan_words(plan, report("en")) == (
        "Commitments: 2. Evidence found: 2 undated. No rating of them was found."
    )
    nothing = plan.assign(undated_evidence=0, rating_count=[1, 0])
    assert headlines.plan_words(nothing, report("en")) == (
        "Commitments: 2. No evidence on them was found. Ratings found: 1."
    )
    design = pd.DataFrame({"has_baseline": [True, True, False], "has_target": [False, False, False]})
    assert headlines.design_words(design, report("en")) == (
        "Of the 3 commitments on the pages seen: 2 with a starting figure and none with a target in numbers."
    )


@pytest.mark.parametrize(
    ("agrees", "coverage", "expected"),
    [
        ([True, False], ["partial"], "1 of 2 totals that can be checked do not add up. 1 of 1 series list"),
        ([True, True], ["complete"], "All totals that can be checked add up: 2."),
        ([], [], "No printed total can be checked."),
    ],
)
def test_checks_in_words(report, agrees, coverage, expected):
    checks = pd.DataFrame({"agrees": pd.Series(agrees, dtype=bool)})
    said = headlines.checks_words(checks, pd.DataFrame({"coverage": coverage}), report("en"))
    assert said.startswith(expected)
    assert " 0 " not in said


def test_aid_of_which_none_came_from_the_city(report):
    account = pd.DataFrame({"provider": ["national", "city"], "value": [30.0, 10.0]})
    whole = pd.Series({"unit_en": "packages", "as_of": "2020-06-30"})
    english = report("en")
    assert headlines.delivered_words(account, whole, english) == (
        "40 packages are reported as delivered by 30 June 2020, 10 of them (25%) from the local government."
    )
    assert headlines.delivered_words(account[:1], whole, english) == (
        "30 packages are reported as delivered by 30 June 2020."
    )


def test_a_profile_and_a_burden_of_which_nothing_is_known(report):
    assert headlines.profile_words("Toili", 0, 0, 0, report("en")) == "Toili: no figures were found."
    assert "none of them lists every kecamatan" in headlines.burden_words(3, 0, report("en"))
    assert " 0 " not in headlines.gaps_words(0, 18, report("en"))


def test_a_deferral_is_no_cut_and_a_part_cut_no_waiver():
    terms = pd.DataFrame(
        {
            "kind": ["deferral", "fee_waiver", "fee_waiver", "discount"],
            "rate_percent": [0.0, 50.0, 100.0, 15.0],
            **dict.fromkeys(["pay_from", "pay_to", "tax_year_from", "tax_year_to"], None),
        },
        index=[7, 8, 9, 10],
    )
    words = worded_terms(terms, get_language("en"))
    assert words["rate_text"].tolist() == ["deferred", "50%", "100%", "15%"]
    assert words["kind_text"].tolist() == ["deferral", "fees cut by 50%", "fees waived", "discount"]
    assert worded_terms(terms, get_language("id"))["rate_text"].iloc[0] == "ditangguhkan"


def test_the_base_of_a_percentage_stands_in_the_middle_of_a_sentence(semarang):
    title, unit = rate_title(semarang, "backlog_rumah", get_language("id"))
    assert title == "Backlog rumah (KK dikurangi rumah) sebagai persentase dari jumlah kepala keluarga (KK)"
    assert unit == "%"


def test_evidence_for_a_part_of_a_claim_is_counted(semarang):
    verdicts = claim_verdicts(semarang, QUARTER)
    counts = verdicts[["for_count", "partly_count", "against_count"]].sum(axis=1).sum()
    evidence = claim_evidence(semarang, QUARTER)
    told = evidence[evidence["claim_id"].isin(verdicts["claim_id"]) & (evidence["stance"] != "context")]
    assert counts == len(told)
    assert (verdicts.loc[verdicts["verdict"] == "partly", "partly_count"] > 0).all()


def test_every_word_of_the_place_is_used_in_its_tables(semarang):
    texts = []
    for name in set(semarang.tables) - {"glossary", "sources"}:
        frame = semarang.table(name)
        texts += [text for column in frame for text in frame[column].dropna().astype(str)]
    used = "\n".join(texts).casefold()
    terms = [part for term in semarang.table("glossary")["term"] for part in term.split(", ")]
    assert [term for term in terms if not re.search(rf"\b{re.escape(term.casefold())}\b", used)] == []


@pytest.mark.parametrize("code", ["id", "en"])
def test_the_glossary_explains_every_word_once(semarang, code):
    words = glossary(semarang, get_language(code))
    assert words["term"].is_unique
    assert words["meaning"].str.len().gt(5).all()
    assert {"OGP", "IRM", "PKM", "PBB"} <= set(words["term"])


def test_links_follow_what_is_in_the_folder(semarang, tmp_path):
    paths = [page_path("30_membership", "id", None), page_path("30_membership", "en", None)]
    paths += [page_path("40_district_profile", "en", code) for code in ("3374010", "3374020")]
    for path in paths:
        (tmp_path / path).parent.mkdir(parents=True)
        (tmp_path / path).write_text(f"<p>before</p>{START}{STOP}<p>after</p>", encoding="utf-8")

    def addresses(path):
        return re.findall(r'href="([^"]+)"', (tmp_path / path).read_text(encoding="utf-8"))

    link_pages(semarang, QUARTER, tmp_path)
    assert "../../en/30_membership/30_membership.html" in addresses(paths[0])
    assert "../../index.html" in addresses(paths[0])
    assert "../../index.en.html" in addresses(paths[1])
    assert not any("10_commitments" in address for address in addresses(paths[1]))
    assert "../3374020/40_district_profile_3374020.html" in addresses(paths[2])
    assert not any("/id/40" in address for address in addresses(paths[2]))  # there is none in Indonesian
    (tmp_path / paths[0]).unlink()
    link_pages(semarang, QUARTER, tmp_path)
    assert "../../index.html" in addresses(paths[1])  # English is now the only language
    assert not any("/id/" in address for address in addresses(paths[1]))
    page = (tmp_path / paths[1]).read_text(encoding="utf-8")
    assert page.startswith("<p>before</p>")
    assert page.endswith("<p>after</p>")
    assert page.count(START) == 1


def test_a_page_without_a_place_for_links_is_left_alone(semarang, tmp_path):
    page = tmp_path / page_path("30_membership", "en", None)
    page.parent.mkdir(parents=True)
    page.write_text("the page of an earlier version", encoding="utf-8")
    link_pages(semarang, QUARTER, tmp_path)
    assert page.read_text(encoding="utf-8") == "the page of an earlier version"
