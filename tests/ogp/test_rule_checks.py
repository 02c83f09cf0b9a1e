"""A misspelt rule is named by its entry when the rules are read, and the rules that are there pass."""

from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

import pytest
import yaml

from ogp_analysis.commitments import rules
from ogp_analysis.commitments.rule_checks import rule_problems
from ogp_analysis.errors import DataError

GOOD = """
mine:
  name_en: Relevant and begun
  name_id: Relevan dan sudah dimulai
  says: relevant, and completion of Limited or more
  all: [{relevant: "yes"}, {completion: limited}, {any: [{rule: other}, {verifiable: "yes"}]}]
  valid_from: 2011
  status: unconfirmed
  source: made up for this test
  excludes: commitments whose completion nobody rated
  examples:
    - {relevant: "yes", completion_progress: limited, completion_end: NR, answer: true}
other:
  name_en: Other
  name_id: Lain
  says: relevant
  any_rated: [{relevant: "yes"}]
  not_applicable: "no"
  valid_from: 2011
  valid_to: 2013
  status: stated
  source: made up for this test
  excludes: nothing
  examples: [{relevant: NR, answer: null}]
"""


def good() -> dict[str, Any]:
    return copy.deepcopy(yaml.safe_load(GOOD))


def test_rules_that_can_be_used_pass():
    assert rule_problems("rules.yaml", good()) == []


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"valid_fron": 2011}, "'mine.valid_fron': found 'valid_fron', expected a known entry. Did you mean 'valid_from'?"),
        ({"source": None}, "'mine.source': found 'None', expected text"),
        ({"says": " "}, "'mine.says': found ' ', expected text"),
        ({"status": "sure"}, "'mine.status': found 'sure', expected one of stated, measured, unconfirmed"),
        ({"valid_from": "2011"}, "'mine.valid_from': found '2011', expected a year"),
        ({"valid_to": True}, "'mine.valid_to': found 'True', expected a year"),
        ({"not_applicable": False}, "'mine.not_applicable': found 'False', expected undecided, or \"no\"; yes and no stand in"),
        ({"any": [{"relevant": "yes"}]}, "'mine': found 'all, any', expected one of the entries all, any, any_rated"),
        ({"all": {"relevant": "yes"}}, "'mine.all': found '{'relevant': 'yes'}', expected a list of parts"),
        ({"all": []}, "'mine.all': found '[]', expected a list of parts"),
        ({"all": [{"relevant": "yes", "pa": "yes"}]}, "expected one column of ratings and its lowest label in each part"),
        ({"all": [{"relevan": "yes"}]}, "'mine.all': found 'relevan', expected a column of ratings. Did you mean 'relevant'?"),
        ({"all": [{"any": [{"relevan": "yes"}]}]}, "found 'relevan', expected a column of ratings"),
        ({"all": [{"completion": "limitedd"}]}, "'mine.all': found 'limitedd', expected one of not_started, limited"),
        ({"all": [{"completion": "no_evidence"}]}, "found 'no_evidence', expected one of not_started"),
        ({"all": [{"relevant": True}]}, "found 'True', expected one of no, yes; yes and no stand in quotation marks"),
        ({"all": [{"rule": "othr"}]}, "found 'othr', expected the name of a rule. Did you mean 'other'?"),
        ({"examples": [{"relevant": "yes"}]}, "expected an answer: true, false, or null"),
        ({"examples": [{"relevant": "yes", "answer": "yes"}]}, "expected an answer: true, false, or null"),
        ({"examples": [{"relevant": "jes", "answer": True}]}, "'mine.examples': found 'jes', expected one of no, yes, NR"),
        ({"examples": [{"relevan": "yes", "answer": True}]}, "'mine.examples': found 'relevan', expected a column"),
        ({"examples": {"answer": True}}, "expected a list of ratings, each with the answer"),
    ],
)  # fmt: skip
def test_what_cannot_be_used_is_named(change, expected):
    entries = good()
    entries["mine"].update(change)
    (problem,) = rule_problems("rules.yaml", entries)
    assert expected in str(problem).replace('"{', "'{").replace('}"', "}'")


@pytest.mark.parametrize(
    "name", ["name_en", "name_id", "says", "source", "excludes", "valid_from", "status", "examples"]
)
def test_what_is_missing_is_named(name):
    entries = good()
    del entries["mine"][name]
    (problem,) = rule_problems("rules.yaml", entries)
    assert str(problem) == f"rules.yaml, column 'mine.{name}': expected this entry, which is missing"


def test_a_rule_without_a_condition_or_without_entries_is_named():
    entries = good()
    del entries["mine"]["all"]
    entries["other"] = "yes"
    assert [str(each).partition(", expected")[0] for each in rule_problems("rules.yaml", entries)] == [
        "rules.yaml, column 'mine': expected one of the entries all, any, any_rated",
        "rules.yaml, column 'other': found 'yes'",
    ]


def test_the_file_is_refused_with_its_place_and_what_to_do(tmp_path, monkeypatch):
    there = Path(rules.__file__).with_name("rules.yaml").read_text(encoding="utf-8")
    (tmp_path / "rules.yaml").write_text(there + GOOD.replace("status: stated", "status: said"), encoding="utf-8")
    monkeypatch.setattr(rules, "__file__", str(tmp_path / "rules.py"))
    rules.rules.cache_clear()
    try:
        with pytest.raises(
            DataError, match=r"(?s)'other.status': found 'said'.*What to do: Mend these entries of"
        ):
            rules.rule("verifiable")
    finally:
        rules.rules.cache_clear()
