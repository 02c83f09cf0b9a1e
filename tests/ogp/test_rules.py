"""Rules on commitments: their own worked examples, their properties, and a second implementation by plain loops."""

from __future__ import annotations

import math

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ogp_analysis.commitments import derived, rules
from ogp_analysis.commitments.rules import decide, needs
from ogp_analysis.errors import ParameterError
from ogp_analysis.scales import STATES, STATUSES, scale
from ogp_analysis.sources.ogp.tidy import RATINGS

STAGES = ["progress", "end_of_term", "latest"]


def frame(rows: list[dict[str, str]]) -> pd.DataFrame:
    """Ratings as the reader gives them; a rating that a row does not name was not asked."""
    return pd.DataFrame(
        {
            column: pd.Categorical([row.get(column, "not_asked") for row in rows], dtype=scale(name).dtype)
            for column, (_, _, name) in RATINGS.items()
        }
    )


EXAMPLES = [(key, example) for key, own in rules.rules().items() for example in own.examples]


@pytest.mark.parametrize(("key", "example"), EXAMPLES, ids=lambda value: value if isinstance(value, str) else "")
def test_worked_examples(key, example):
    answer = decide(frame([{name: text for name, text in example.items() if name != "answer"}]), key).iloc[0]
    assert (None if pd.isna(answer) else bool(answer)) is example["answer"]


@pytest.mark.parametrize("key", rules.rules())
def test_a_rule_is_documented(key):
    own = rules.rule(key)
    assert all([own.says, own.source, own.excludes, own.name_en, own.name_id])
    assert own.status in STATUSES
    answers = {example["answer"] for example in own.examples}
    assert {True, None} <= answers, "a rule shows at least one yes and one undecided"
    for column in needs(key):
        assert column in RATINGS


@pytest.mark.parametrize("key", rules.rules())
@pytest.mark.parametrize("stage", STAGES)
def test_a_rule_reads_the_columns_that_it_says_it_needs_and_no_other(key, stage):
    ratings = frame([{}])
    columns = list(needs(key, stage=stage))
    assert decide(ratings[columns], key, stage=stage).isna().tolist() == [True]
    for column in columns:
        with pytest.raises(ParameterError, match=f"have no column '{column}'"):
            decide(ratings.drop(columns=column), key, stage=stage)


def test_a_rule_has_a_name_in_both_languages():
    own = rules.rule("verifiable")
    assert (own.name("en"), own.name("id")) == ("Verifiable", "Dapat diverifikasi")


row = st.fixed_dictionaries(
    {column: st.sampled_from(list(scale(name).dtype.categories)) for column, (_, _, name) in RATINGS.items()}
)


@settings(max_examples=100)
@given(
    rows=st.lists(row, min_size=1, max_size=6),
    seed=st.randoms(),
    key=st.sampled_from(list(rules.rules())),
    stage=st.sampled_from(STAGES),
)
def test_row_order_and_further_columns_do_not_matter(rows, seed, key, stage):
    ratings = frame(rows)
    order = list(ratings.index)
    seed.shuffle(order)
    plain = decide(ratings, key, stage=stage)
    moved = decide(ratings.loc[order].assign(extra="x"), key, stage=stage)
    assert plain.equals(moved.sort_index())
    assert plain.name == key
    # a single row gets the answer that it gets among others
    alone = decide(ratings.iloc[[0]], key, stage=stage)
    assert alone.iloc[0] is plain.iloc[0] or alone.iloc[0] == plain.iloc[0]


@settings(max_examples=100)
@given(
    rows=st.lists(row, min_size=1, max_size=6),
    state=st.sampled_from(["NR", "ND", "empty", "not_asked"]),
    key=st.sampled_from(list(rules.rules())),
)
def test_a_missing_state_is_never_a_low_rating(rows, state, key):
    """Where every rating that a rule reads is missing, it is undecided; one missing part never turns it to no."""
    blank = [{**one, **dict.fromkeys(needs(key), state)} for one in rows]
    assert decide(frame(blank), key).isna().all()
    before = decide(frame(rows), key)
    for column in needs(key):
        after = decide(frame([{**one, column: state} for one in rows]), key)
        turned = before.fillna(False) & ~after.fillna(True)
        # a no may only come from another rating of the same thing: verifiable for specificity, the earlier
        # completion for the later or the later for the earlier (a star cannot be had where completion does not
        # apply), one question on results for the other
        other = {"specificity", "verifiable", "completion_progress", "completion_end", "diog", "early_results"}
        assert column in other or not turned.any(), (key, column)


def plain_star(one: dict[str, str], key: str, completion: str) -> bool | None:
    """The star rules of the methodology, written out by hand for one commitment."""
    impact = one["potential_impact"]
    need = {
        "starred_founders": [],
        "starred_2014": [impact],
        "starred_2015": [impact, one["specificity"]],
        "starred_current": [impact],
    }[key]
    parts = [one["relevant"], completion, *need]
    if key == "starred_current":
        judged = [text for text in (one["specificity"], one["verifiable"]) if text not in STATES]
        if not judged and "NA" not in (one["specificity"], one["verifiable"]):
            return None
        clear = one["specificity"] in {"medium", "high"} or one["verifiable"] == "yes"
    else:
        clear = one["specificity"] in {"medium", "high"}
    if any(text in STATES and text != "NA" for text in parts):
        return None
    star = one["relevant"] == "yes" and completion in {"substantial", "complete"}
    if key in {"starred_2014", "starred_2015"}:
        star = star and impact in {"moderate", "transformative"}
    if key == "starred_current":
        star = star and impact == "transformative"
    if key in {"starred_2015", "starred_current"}:
        star = star and clear
    return star


@settings(max_examples=60)
@given(rows=st.lists(row, min_size=1, max_size=5))
def test_stars_against_plain_loops(rows):
    ratings = frame(rows)
    for key in rules.STAR_RULES:
        for stage, column in (("progress", "completion_progress"), ("end_of_term", "completion_end")):
            got = [None if pd.isna(answer) else bool(answer) for answer in decide(ratings, key, stage=stage)]
            assert got == [plain_star(one, key, one[column]) for one in rows]


def plain_completion(one: dict[str, str]) -> str:
    """The later rating, also where it cannot be read: it may say anything, so the earlier one does not stand for it."""
    end = one["completion_end"]
    return one["completion_progress"] if end in STATES and end != "unreadable" else end


def plain_constraint(one: dict[str, str]) -> str | None:
    judged = [text for text in (one["specificity"], one["verifiable"]) if text not in STATES]
    if not judged:
        return None
    if not (one["specificity"] in {"medium", "high"} or one["verifiable"] == "yes"):
        return "specificity"
    if one["relevant"] in STATES:
        return None
    if one["relevant"] == "no":
        return "relevance"
    if one["potential_impact"] in STATES:
        return None
    if one["potential_impact"] != "transformative":
        return "impact"
    completion = plain_completion(one)
    if completion in STATES:
        return None
    return "star" if completion in {"substantial", "complete"} else "completion"


@settings(max_examples=60)
@given(rows=st.lists(row, min_size=1, max_size=5))
def test_binding_constraint_and_funnel_against_plain_loops(rows):
    ratings = frame(rows)
    got = derived.binding_constraint(ratings).astype(object).tolist()
    want = [plain_constraint(one) for one in rows]
    assert [None if label in STATES else label for label in got] == want
    gates = derived.funnel(ratings)
    for number, gate in enumerate(derived.GATES):
        assert gates.loc[gate, "failed"] == want.count(gate)
        if number:
            assert gates["reached"].iloc[number] == gates["passed"].iloc[number - 1]
    assert gates["passed"].iloc[-1] == want.count("star")
    assert (gates["reached"] == gates[["undecided", "failed", "passed"]].sum(axis=1)).all()
    assert gates["undecided"].sum() == want.count(None)


def test_score_by_hand():
    high = {"relevant": "yes", "potential_impact": "moderate"}
    low = {"relevant": "yes", "potential_impact": "minor"}
    done, begun = {"completion_end": "complete"}, {"completion_end": "limited"}
    unknown = {"completion_end": "NR", "completion_progress": "NR"}
    rows = [high | done, high | begun, low | done, low | begun, high | unknown, low | unknown]
    rows += [{"potential_impact": "NR"} | done, low | unknown | {"diog": "major"}]
    assert derived.assessment_score(frame(rows)).tolist() == [
        "both_or_opened", "ambitious_only", "complete_only", "neither", "NR", "NR", "NR", "both_or_opened",
    ]  # fmt: skip


def test_each_stage_has_a_completion_of_its_own():
    row = {"specificity": "high", "relevant": "yes", "potential_impact": "transformative"}
    ratings = frame([row | {"completion_progress": "limited", "completion_end": "complete"}])
    found = {stage: derived.binding_constraint(ratings, stage=stage).tolist() for stage in STAGES}
    assert found == {"progress": ["completion"], "end_of_term": ["star"], "latest": ["star"]}
    assert derived.funnel(ratings, stage="progress")["passed"].tolist() == [1, 1, 1, 0]
    for stage, lacking in (("end", []), ("end_of_term", ["completion_end"])):
        with pytest.raises(ParameterError, match=f"no completion at the stage '{stage}'"):
            derived.binding_constraint(ratings.drop(columns=lacking), stage=stage)


def test_a_funnel_from_counts_by_hand():
    gates = derived.gates_from_counts({"specificity": 2, "completion": 1}, {"impact": 1}, 6)
    assert gates.index.tolist() == ["specificity", "relevance", "impact", "completion"]
    assert gates[["reached", "undecided", "failed", "passed"]].to_numpy().tolist() == [
        [6, 0, 2, 4], [4, 0, 0, 4], [4, 1, 0, 3], [3, 0, 1, 2],
    ]  # fmt: skip
    assert gates["share"].tolist() == pytest.approx([4 / 6, 1, 1, 2 / 3])
    # nothing was decided: no share, and none of 0 either
    assert derived.gates_from_counts({}, {"specificity": 1}, 1)["share"].isna().all()


@settings(max_examples=60)
@given(rows=st.lists(row, min_size=1, max_size=5))
def test_change_and_score_against_plain_loops(rows):
    ratings = frame(rows)
    codes = {"withdrawn": 0, "no_evidence": 1, "not_started": 2, "limited": 3, "substantial": 4, "complete": 5}
    for one, change in zip(rows, derived.completion_change(ratings).astype(object), strict=True):
        end, progress = one["completion_end"], one["completion_progress"]
        if end in STATES:
            assert change == end
        elif progress in STATES:
            assert change == progress
        else:
            step = codes[end] - codes[progress]
            assert change == ("no_change" if step == 0 else "increase" if step > 0 else "decrease")
    for one, score in zip(rows, derived.assessment_score(ratings).astype(object), strict=True):
        completion = plain_completion(one)
        strong = one["diog"] in {"major", "outstanding"} or one["early_results"] == "significant"
        known = not {one["relevant"], one["potential_impact"], completion} & set(STATES)
        ambitious = one["relevant"] == "yes" and one["potential_impact"] in {"moderate", "transformative"}
        complete = completion in {"substantial", "complete"}
        want = {
            (True, True): "both_or_opened", (True, False): "ambitious_only", (False, True): "complete_only",
            (False, False): "neither",
        }[ambitious, complete]  # fmt: skip
        assert score == ("both_or_opened" if strong else want if known else "NR")


def test_promising_filter_by_hand():
    yes = {"verifiable": "yes", "relevant": "yes"}
    rows = [
        {**yes, "potential_for_results": "substantial"},
        {**yes, "potential_for_results": "modest"},
        {**yes, "potential_for_results": "unclear"},
        {**yes, "potential_for_results": "NR"},
        {"verifiable": "no", "relevant": "NR"},
        {"verifiable": "yes", "relevant": "no", "potential_for_results": "substantial"},
        {"verifiable": "NR", "specificity": "NR", "relevant": "yes", "potential_for_results": "substantial"},
    ]
    assert derived.promising(frame(rows)).tolist() == [
        "promising", "by_choice", "unclear", "undecided", "not_verifiable", "no_lens", "undecided",
    ]  # fmt: skip


def test_errors_say_what_to_do():
    ratings = frame([{}])
    with pytest.raises(
        ParameterError, match=r"no rule 'stared_2014'\.\nWhat to do: Did you mean 'starred_2014'\?"
    ):
        decide(ratings, "stared_2014")
    with pytest.raises(ParameterError, match="no stage 'end'"):
        decide(ratings, "high_completion", stage="end")
    with pytest.raises(ParameterError, match="have no column 'potential_impact'"):
        decide(ratings.drop(columns="potential_impact"), "high_ambition")
    with pytest.raises(ParameterError, match="have no column 'completion_end'"):
        rules.latest_completion(ratings.drop(columns="completion_end"))
    mixed = ratings.astype({"potential_impact": object})
    with pytest.raises(ParameterError, match="no official cross-walk"):
        decide(mixed, "high_ambition")


def test_a_column_on_another_scale_is_refused_even_if_it_has_the_label():
    ratings = frame([{"diog_ati": "major"}])
    with pytest.raises(ParameterError, match="'diog' is on the scale 'diog_by_value', not 'diog'"):
        decide(ratings.assign(diog=ratings["diog_ati"]), "strong_results")


def test_outside_validity():
    commitments = pd.DataFrame({"year": pd.array([2012, 2019, 2021, None], dtype="Int64")})
    got = rules.outside_validity(commitments, "high_ambition")
    assert got.tolist()[:3] == [False, False, True]
    assert got.isna().tolist() == [False, False, False, True]
    assert math.isclose(got.sum(), 1)
