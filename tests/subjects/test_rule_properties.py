"""What holds for every rule, whatever the evidence: its order means nothing, context and silence decide nothing."""

from __future__ import annotations

import itertools
import math
from datetime import date, timedelta
from fractions import Fraction

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ogp_analysis.commitments import derived, ladder, process
from ogp_analysis.commitments.running import slippage
from ogp_analysis.errors import ParameterError
from ogp_analysis.figures import OUTCOMES, compare_figures, figure_difference
from ogp_analysis.membership.eligibility import core_eligibility, values_check
from ogp_analysis.quality.amounts import SAME, one_digit_apart, rival_groups
from ogp_analysis.quarter import Quarter, Span
from ogp_analysis.recovery.accounts import achievement, parts_by_provider, reach_bounds
from ogp_analysis.recovery.measures import uncovered_days
from ogp_analysis.recovery.relief.fines import FineRule, months_late, months_late_array
from ogp_analysis.recovery.relief.money import WHOLE, share_of
from ogp_analysis.recovery.relief.plain import amount_due, concerns, holds
from ogp_analysis.recovery.relief.terms import Term, waiver_gaps
from ogp_analysis.scales import scale
from ogp_analysis.scorecard_rules import future_problem
from ogp_analysis.verdict import CLAIM_RULES, CRITERION_RULES, claim_verdict, criterion_finding, independence

QUICK = settings(max_examples=30)
DAYS = st.dates(date(2015, 1, 1), date(2025, 12, 31))
ORDERS = st.randoms(use_true_random=False)

# verdicts

PIECE = st.tuples(
    st.sampled_from(["supports", "contradicts", "partly", "context"]),
    st.sampled_from(["direct", "inferred"]),
    st.sampled_from(["government", "ogp", "press", "monitoring body"]),
)
CONTEXT = st.tuples(st.just("context"), st.just("direct"), st.sampled_from(["government", "ogp"]))


def evidence(pieces) -> pd.DataFrame:
    return pd.DataFrame(pieces, columns=["stance", "basis", "source_kind"], dtype=object)


RULES = pytest.mark.parametrize(
    ("finds", "outcomes"),
    [(criterion_finding, {r.outcome for r in CRITERION_RULES}), (claim_verdict, {r.outcome for r in CLAIM_RULES})],
    ids=["criterion", "claim"],
)


@RULES
@QUICK
@given(pieces=st.lists(PIECE, max_size=5), more=st.lists(CONTEXT, max_size=3), random=ORDERS)
def test_order_repetition_and_context_decide_nothing(finds, outcomes, pieces, more, random) -> None:
    found = finds(evidence(pieces))
    assert found in outcomes
    both = [*pieces, *pieces, *more]
    assert finds(evidence(random.sample(both, len(both)))) == found
    if not pieces:
        assert found in ("unknown", "not_checkable")


@QUICK
@given(st.lists(PIECE, max_size=5))
def test_a_government_alone_meets_no_criterion_and_silence_fails_none(pieces) -> None:
    own = [(stance, basis, "government") for stance, basis, _ in pieces]
    assert criterion_finding(evidence(own)) != "met"
    if not any(stance == "contradicts" for stance, *_ in pieces):
        assert criterion_finding(evidence(pieces)) != "not_met"
        assert claim_verdict(evidence(pieces)) not in ("contradicted", "sources_disagree")


FOUND = ["unknown", "claimed", "partly", "met"]


@QUICK
@given(st.lists(PIECE.filter(lambda piece: piece[0] != "contradicts"), max_size=5), PIECE)
def test_more_support_never_makes_a_finding_weaker(pieces, more) -> None:
    stronger = evidence([*pieces, ("supports", *more[1:])])
    assert FOUND.index(criterion_finding(stronger)) >= FOUND.index(criterion_finding(evidence(pieces)))


@QUICK
@given(
    st.lists(st.sampled_from(["city", "OGP", "press", None]), max_size=5), ORDERS, st.sampled_from([None, "city"])
)
def test_independence_counts_origins_and_not_pages(origins, random, claimant) -> None:
    found = independence(pd.Series(origins, dtype=object), claimant)
    known = set(origins) - {None}
    twice = [*origins, *origins, None]
    assert independence(pd.Series(random.sample(twice, len(twice)), dtype=object), claimant) == found
    assert (found == "several_origins") == (len(known) > 1)
    assert (found == "none") == (not known)
    assert (found == "own_word") == (claimant is not None and known == {claimant})


# figures

NUMBERS = st.integers(-1000, 1000)


@QUICK
@given(
    NUMBERS, NUMBERS, st.integers(0, 50), st.one_of(st.none(), DAYS.map(str)), st.one_of(st.none(), DAYS.map(str))
)
def test_two_figures_are_to_each_other_the_same_from_both_sides(one, other, tolerance, day, other_day) -> None:
    same = {"counts": "local_members", "found_counts": "local_members", "tolerance": float(tolerance)}
    found = compare_figures(str(one), str(other), **same, as_of=day, found_as_of=other_day)
    assert found in OUTCOMES
    assert compare_figures(str(other), str(one), **same, as_of=other_day, found_as_of=day) == found
    apart = day is not None and other_day is not None and day != other_day
    assert (found == "other_day") == apart
    difference = figure_difference(str(one), str(other), "local_members", found)
    assert math.isnan(difference) if apart else difference == other - one
    if not apart:
        assert (found == "differs") == (abs(one - other) > tolerance)


# a plan as it runs

FINDING = st.tuples(
    st.sampled_from(["limited", "substantial", "complete"]), st.sampled_from(["claimed", "verified"]), DAYS
)


@QUICK
@given(st.lists(FINDING, max_size=5), DAYS, DAYS, ORDERS)
def test_delay_does_not_hang_on_the_order_and_silence_is_no_lateness(rows, end, day, random) -> None:
    known = [row for row in rows if row[2] <= day]
    frame = pd.DataFrame(known, columns=["label", "basis", "day"], dtype=object)
    found = slippage(str(end), frame, day)
    assert slippage(str(end), frame.iloc[random.sample(range(len(frame)), len(frame))], day) == found
    days, kind, basis = found
    assert (days is None) == (kind in ("not_due", "unknown", "no_dates")) == (basis is None)
    if not known:
        assert kind == ("not_due" if day < end else "unknown")
    if kind == "at_least":
        assert days > 0
    verified = [on for label, by, on in known if (label, by) == ("complete", "verified")]
    if verified:
        assert found == ((min(verified) - end).days, "completed", "verified")
    assert slippage(None, frame, day) == (None, "no_dates", None)


@QUICK
@given(
    st.dictionaries(st.sampled_from(derived.GATES), st.integers(0, 9)),
    st.dictionaries(st.sampled_from(derived.GATES), st.integers(0, 9)),
)
def test_a_funnel_from_counts_loses_nobody_and_undecided_is_no_failure(failed, undecided) -> None:
    total = sum(failed.values()) + sum(undecided.values()) + 3
    table = derived.gates_from_counts(failed, undecided, total)
    assert (table["reached"] == table["undecided"] + table["failed"] + table["passed"]).all()
    assert table["passed"].iloc[-1] == 3
    decided = table["passed"] + table["failed"]
    assert (table["share"] * decided).round(9).equals((table["passed"] + 0.0).where(decided > 0))


STEPS = list(process.process_steps())
ANSWERS = st.lists(st.sampled_from(["Yes", "No", "NR"]), min_size=len(STEPS), max_size=len(STEPS))


@QUICK
@given(st.lists(ANSWERS, min_size=1, max_size=4))
def test_a_step_that_was_not_asked_is_no_step_that_was_left_out(rows) -> None:
    read = scale("yes_no").read
    answers = pd.DataFrame({key: read(pd.Series([row[n] for row in rows])) for n, key in enumerate(STEPS)})
    found = process.steps_score(answers)
    for row, (_, score) in zip(rows, found.iterrows(), strict=True):
        assert (score["taken"], score["unanswered"]) == (row.count("Yes"), row.count("NR"))
        assert pd.isna(score["score"]) if "NR" in row else score["score"] == row.count("Yes")
    backwards = process.steps_score(answers.iloc[::-1]).iloc[::-1]
    pd.testing.assert_frame_equal(backwards, found)


@pytest.mark.parametrize("key", process.requirement_sets())
@QUICK
@given(data=st.data())
def test_an_open_requirement_is_neither_met_nor_failed(key, data) -> None:
    items = process.requirement_sets()[key].items
    rows = data.draw(st.integers(1, 3))
    labels = {item.key: [label.key for label in scale(item.scale).labels] + ["NR"] for item in items}
    cells = {
        name: data.draw(st.lists(st.sampled_from(own), min_size=rows, max_size=rows))
        for name, own in labels.items()
    }
    answers = pd.DataFrame(
        {item.key: pd.Categorical(cells[item.key], dtype=scale(item.scale).dtype) for item in items}
    )
    found = process.check_requirements(answers, key)
    assert (found[["met", "failed", "open"]].sum(axis=1) == len(items)).all()
    assert (found["contrary_to_process"].fillna(False) == (found["failed"] > 0)).all()
    nothing = answers.apply(lambda column: pd.Categorical(["NR"] * rows, dtype=column.dtype))
    assert (process.check_requirements(nothing, key)["open"] == len(items)).all()


RUNG = st.fixed_dictionaries({rung: st.booleans() for rung in ladder.RUNGS})


@QUICK
@given(st.lists(RUNG, min_size=1, max_size=5), ORDERS)
def test_the_rung_of_a_commitment_is_the_highest_that_it_reached_itself(rows, random) -> None:
    reached = pd.DataFrame(rows)
    found = ladder.rungs_of(reached)
    for row, rung in zip(rows, found, strict=True):
        assert rung == next((each for each in reversed(ladder.RUNGS) if row[each]), "nc")
    order = random.sample(range(len(rows)), len(rows))
    assert ladder.rungs_of(reached.iloc[order]).sort_index().equals(found)


# membership

METRICS = ["fiscal_transparency", "access_to_information", "asset_disclosure", "citizen_engagement"]
POINTS = st.dictionaries(st.sampled_from(METRICS), st.sampled_from([0, 2, 4, None]))


@QUICK
@given(POINTS, st.integers(2018, 2030))
def test_a_metric_without_a_value_is_left_out_and_more_points_never_harm(points, year) -> None:
    points = {
        name: 4 if value == 2 and name == "access_to_information" else value for name, value in points.items()
    }
    try:
        found = core_eligibility(points, year)
    except ParameterError:
        return  # points that the rule of this year cannot give
    known = {name: value for name, value in points.items() if value is not None}
    assert core_eligibility(known, year) == found
    assert set(found.missing) == set(METRICS) - set(known)
    assert (found.passed == "not_enough_data") == (len(known) < 3)
    if len(known) >= 3:
        assert found.share == Fraction(sum(known.values()), 4 * len(known))
        assert (found.passed == "yes") == (4 * sum(known.values()) >= 3 * 4 * len(known))
        best = core_eligibility(dict.fromkeys(known, 4), year)
        assert best.passed == "yes"


VALUES = st.one_of(st.none(), st.integers(0, 4))


@QUICK
@given(VALUES, VALUES, st.integers(2010, 2030))
def test_the_values_check_does_not_know_which_indicator_came_first_nor_fails_what_is_unknown(
    one, other, year
) -> None:
    found = values_check(one, other, year)
    assert values_check(other, one, year) == found
    if found[0] == "no":
        assert one is not None
        assert other is not None
    if found[0] == "yes":
        assert values_check(None, max(each for each in (one, other) if each is not None), year) == found


@QUICK
@given(st.dates(date(2019, 1, 1), date(2027, 12, 31)), DAYS)
def test_a_day_lies_ahead_or_not(day, today) -> None:
    assert (future_problem(str(day), today) is not None) == (day > today)


# relief of land tax

TERM = st.builds(
    lambda number, cuts, points, window, first, span, limit: Term(
        f"M{number}", number, cuts, points, None if window is None else tuple(sorted(window)), (first, first + span), limit, None, False
    ),
    st.integers(1, 3), st.sampled_from(["principal", "fine"]), st.integers(0, WHOLE), st.one_of(st.none(), st.tuples(DAYS, DAYS)),
    st.integers(2015, 2025), st.integers(0, 4), st.one_of(st.none(), st.integers(0, 10**9)),
)  # fmt: skip
MONEY = st.integers(0, 10**12)


@QUICK
@given(MONEY, DAYS, st.one_of(st.none(), DAYS), DAYS, st.lists(TERM, max_size=4), TERM, ORDERS)
def test_relief_never_costs_and_its_order_means_nothing(principal, due, paid, as_of, terms, more, random) -> None:
    owed = amount_due(principal, due, paid, as_of, terms)
    assert amount_due(principal, due, paid, as_of, random.sample(terms, len(terms))) == owed
    assert 0 <= amount_due(principal, due, paid, as_of, [*terms, more]) <= owed
    full = amount_due(principal, due, paid, as_of, [])
    assert principal <= full <= principal + share_of(principal, 24 * 200)
    everything = [Term("W", 1, cuts, WHOLE, None, (0, 9999)) for cuts in ("principal", "fine")]
    assert amount_due(principal, due, paid, as_of, [*terms, *everything]) == 0


@QUICK
@given(TERM, st.integers(2014, 2030), MONEY, st.one_of(st.none(), DAYS), DAYS)
def test_a_term_with_days_holds_for_what_was_paid_on_them_and_was_known(term, year, njop, paid, as_of) -> None:
    held = holds(term, year, njop, None, paid, as_of)
    assert not held or concerns(term, year, njop, None)
    if term.window is not None and (paid is None or paid > as_of):
        assert not held
    if term.window is None:
        assert held == concerns(term, year, njop, None)


@QUICK
@given(DAYS, st.integers(0, 1200), st.integers(0, 30), st.integers(0, 60))
def test_months_late_never_shrink_and_the_arrays_say_the_same(due, late, further, most) -> None:
    paid = due + timedelta(days=late)
    months = months_late(due, paid, most)
    assert 0 <= months <= most
    assert months_late(due, paid + timedelta(days=further), most) >= months
    assert months_late(due, due, most) == 0
    if late:
        day = lambda of: np.array([(of - date(1970, 1, 1)).days])  # noqa: E731
        assert months_late_array(day(due), day(paid), most).tolist() == [months]
    if most and late:
        assert months >= 1
    assert FineRule().most_months == 24


@QUICK
@given(st.integers(0, 10**14), st.integers(0, WHOLE))
def test_a_share_and_the_rest_are_the_whole_but_for_half_a_rupiah(amount, points) -> None:
    assert share_of(amount, points) == math.floor(Fraction(amount * points, WHOLE) + Fraction(1, 2))
    assert share_of(amount, points) + share_of(amount, WHOLE - points) - amount in (0, 1)
    assert share_of(np.array([amount]), np.array([points])).tolist() == [share_of(amount, points)]


WINDOWS = st.lists(st.tuples(DAYS, st.integers(0, 200)), max_size=4)


@QUICK
@given(WINDOWS, DAYS, st.integers(0, 400), ORDERS)
def test_gaps_are_the_days_that_no_term_covers(windows, first, length, random) -> None:
    last = first + timedelta(days=length)
    rows = [(str(start), str(start + timedelta(days=days)), "fine_waiver") for start, days in windows]
    terms = pd.DataFrame(rows, columns=["pay_from", "pay_to", "kind"], dtype=object)
    undated = pd.DataFrame({"pay_from": [None], "pay_to": [None], "kind": ["fine_waiver"]})
    gaps = uncovered_days(terms, first, last)
    shuffled = pd.concat([terms, undated]).iloc[random.sample(range(len(terms) + 1), len(terms) + 1)]
    assert uncovered_days(shuffled, first, last) == gaps
    days = [first + timedelta(days=n) for n in range(length + 1)]
    covered = {d for d in days for start, more in windows if start <= d <= start + timedelta(days=more)}
    open_days = [a + timedelta(days=n) for a, b in gaps for n in range((b - a).days + 1)]
    assert open_days == [d for d in days if d not in covered]
    in_months = {str(day)[:7] for day in covered}
    whole = waiver_gaps(shuffled, first.replace(day=1), last)
    assert not (set(whole) & in_months)


# money and its checks


@QUICK
@given(st.lists(st.tuples(st.sampled_from("ab"), st.one_of(st.none(), st.tuples(DAYS, DAYS))), max_size=6), ORDERS)
def test_amounts_that_exclude_each_other_share_a_group_in_any_order(rows, random) -> None:
    as_of = [None if span is None else "/".join(map(str, sorted(span))) for _, span in rows]
    things = {name: [thing for thing, _ in rows] if name == SAME[0] else "x" for name in SAME}
    amounts = pd.DataFrame({**things, "as_of": pd.Series(as_of, dtype=object)}, index=range(len(rows)))

    def partition(frame: pd.DataFrame) -> set[frozenset[int]]:
        groups = rival_groups(frame)
        assert groups.index.equals(frame.index)
        return {frozenset(own.index) for _, own in groups.groupby(groups)}

    found = partition(amounts)
    assert partition(amounts.iloc[random.sample(range(len(rows)), len(rows))]) == found
    group_of = {at: group for group in found for at in group}
    for (a, (thing, span)), (b, (other, its)) in itertools.combinations(enumerate(rows), 2):
        if thing != other:
            assert group_of[a] != group_of[b]
        elif span is not None and its is not None:
            one, two = Span.parse(as_of[a]), Span.parse(as_of[b])
            if one.first <= two.last and two.first <= one.last:
                assert group_of[a] == group_of[b]


@QUICK
@given(st.integers(10, 10**9), st.integers(0, 8), st.integers(1, 9))
def test_one_digit_changed_is_seen_and_the_right_figure_is_not(computed, place, step) -> None:
    assert not one_digit_apart(float(computed), float(computed))
    digits = list(str(computed))
    at = place % len(digits)
    digits[at] = str((int(digits[at]) + step) % 10)
    if digits[0] != "0" and digits[-1] != "0":
        assert one_digit_apart(float("".join(digits)), float(computed))


FIGURE = st.tuples(st.sampled_from(["l1", "l2"]), st.sampled_from(["households", "deliveries"]), st.sampled_from(["base", "announced", "planned", "delivered", "spent"]), st.integers(0, 50))  # fmt: skip


@QUICK
@given(st.lists(FIGURE, min_size=1, max_size=6), ORDERS)
def test_every_pair_is_held_against_each_other_in_any_order_and_nothing_promised_is_no_share(rows, random) -> None:
    figures = pd.DataFrame(rows, columns=["line_id", "counts", "stage", "value"])
    figures = figures.assign(
        value=figures["value"].astype(float), as_of="2020", amount_id=[f"A{n}" for n in range(len(rows))]
    )
    figures = figures.assign(part_of="W", rival=False, source_id="s")
    shuffled = figures.iloc[random.sample(range(len(rows)), len(rows))]
    for work, key in (
        (achievement, ["amount_id", "promised_amount_id"]),
        (reach_bounds, ["line_id", "deliveries", "households", "stage"]),
    ):
        one, other = work(figures), work(shuffled)
        pd.testing.assert_frame_equal(
            one.sort_values(key, ignore_index=True), other.sort_values(key, ignore_index=True), check_dtype=False
        )
    found = achievement(figures)
    assert (found["percent"].isna() == (found["promised"] == 0)).all()
    bounds = reach_bounds(figures)
    assert (bounds["at_most"] + bounds["without_at_least"] == bounds["households"]).all()
    parts = parts_by_provider(figures, pd.DataFrame({"line_id": ["l1"], "provider": ["city"]}), "W")
    assert set(parts.loc[parts["line_id"] == "l2", "provider"]) <= {"not_stated"}
    total = figures["value"].sum()
    assert parts["share"].sum() == pytest.approx(1) if total else parts["share"].isna().all()


def test_the_day_of_a_report_is_the_last_of_its_quarter() -> None:
    assert (
        slippage("2023-12", pd.DataFrame(columns=["label", "basis", "day"]), Quarter(2023, 4).last_day)[1]
        == "unknown"
    )
