"""Scales as data: every label in two languages, unambiguous, with a source; no comparison across scales."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ogp_analysis.errors import ParameterError
from ogp_analysis.scales import STATES, STATUSES, VARIABLES, at_least, normalised, rated, scale, scale_of, scales


@pytest.mark.parametrize("key", scales())
def test_a_scale_is_complete(key):
    own = scale(key)
    assert own.source.strip()
    assert own.asks.endswith("?")
    assert own.status in STATUSES
    assert own.name_en != own.name_id or key == "iap2"
    ranks = [label.rank for label in own.labels if label.rank is not None]
    assert ranks == list(range(len(ranks))), "ranks count up from 0 in the order of the table"
    assert len(ranks) >= 2
    for label in own.labels:
        assert label.means.strip(), label.key
        assert label.id.strip(), label.key
        assert label.status in STATUSES
        assert own.by_spelling[normalised(label.en)] == label.key
    if own.valid_to is not None:
        assert own.valid_from <= own.valid_to
    assert not set(own.by_key) & set(STATES)


def test_no_two_scales_can_be_taken_for_each_other():
    seen = {frozenset(own.dtype.categories) for own in scales().values()}
    assert len(seen) == len(scales())
    for own in scales().values():
        empty = pd.Series(pd.Categorical([], dtype=own.dtype))
        assert scale_of(empty) is own


def test_every_variable_has_a_scale():
    assert set(VARIABLES.values()) <= set(scales())


@pytest.mark.parametrize("key", scales())
@settings(max_examples=25)
@given(data=st.data())
def test_at_least_against_the_definition(key, data):
    own = scale(key)
    labels = data.draw(st.lists(st.sampled_from(list(own.dtype.categories)), max_size=8))
    lowest = data.draw(st.sampled_from([label.key for label in own.labels if label.rank is not None]))
    ratings = pd.Series(pd.Categorical(labels, dtype=own.dtype))
    got = at_least(ratings, lowest).tolist()
    for label, answer in zip(labels, got, strict=True):
        if label in STATES:
            assert answer is pd.NA, "a missing state is no low rating"
        else:
            rank = own.label(label).rank
            assert answer == (rank is not None and rank >= own.label(lowest).rank)
    assert rated(ratings).tolist() == [label not in STATES for label in labels]


@given(
    text=st.sampled_from(["limited", "complete", "not started", "substantial", "withdrawn", "unclear"]),
    letter=st.sampled_from(["", "a. ", "d. ", "D.  "]),
    upper=st.booleans(),
    around=st.sampled_from(["", " ", "\u00a0", "\n"]),
)
def test_case_counting_letter_and_spaces_do_not_matter(text, letter, upper, around):
    printed = around + letter + (text.upper() if upper else text.capitalize()) + around
    want = {"unclear": "no_evidence"}.get(text, text.replace(" ", "_"))
    assert scale("completion").read(pd.Series([printed])).tolist() == [want]


def test_scales_cannot_be_pooled_by_accident():
    impact = scale("potential_impact").read(pd.Series(["Moderate", "Minor"]))
    potential = scale("potential_for_results").read(pd.Series(["Modest", "Substantial"]))
    together = pd.concat([impact, potential], ignore_index=True)
    for use in (scale_of, rated, lambda column: at_least(column, "moderate")):
        with pytest.raises(ParameterError, match="no official cross-walk"):
            use(together)
    with pytest.raises(ParameterError, match="on the scale 'potential_impact', not 'potential_for_results'"):
        scale("potential_for_results").ranks(impact)


def test_plain_text_and_labels_of_other_scales_are_refused():
    with pytest.raises(ParameterError, match="does not hold ratings on one published scale"):
        at_least(pd.Series(["Complete"]), "substantial")
    completion = scale("completion").read(pd.Series(["Complete"]))
    with pytest.raises(
        ParameterError, match=r"no label 'substantail'\.\nWhat to do: Did you mean 'substantial'\?"
    ):
        at_least(completion, "substantail")
    with pytest.raises(ParameterError, match="stands outside the order"):
        at_least(completion, "withdrawn")
    with pytest.raises(
        ParameterError, match=r"There is no scale 'complition'\.\nWhat to do: Did you mean 'completion'\?"
    ):
        scale("complition")


def test_missing_values_are_empty_cells():
    got = scale("completion").read(pd.Series(["Complete", None, float("nan"), ""], index=[3, 1, 2, 0]))
    assert got.tolist() == ["complete", "empty", "empty", "empty"]
    assert got.index.tolist() == [3, 1, 2, 0]
