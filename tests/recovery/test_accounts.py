"""The accounts of relief: published figures, sums by hand, and what may not be divided."""

from dataclasses import replace
from fractions import Fraction
from itertools import product
from pathlib import Path

import pandas as pd
import pytest

from ogp_analysis import Quarter, get_language, load_case, quality, recovery
from ogp_analysis.errors import DataError, ParameterError
from ogp_analysis.reports import accounts as words
from ogp_analysis.reports.context import Report

END_2020 = Quarter(2020, 4)


@pytest.fixture(scope="module")
def aid(semarang):
    return recovery.account(semarang, END_2020, "aid-2020")


def with_amounts(case, amounts):
    """The case with other rows in measure_amounts."""
    return replace(case, _tables={**case._tables, "measure_amounts": amounts})


def test_the_published_figures_of_the_aid(semarang, aid):
    # Tribun Jateng 13 July 2020: 749,223 by June, of which the city's three stages
    parts = recovery.parts_by_provider(aid.figures, aid.lines, "BANSOS-TOTAL")
    assert parts["value"].sum() == 749_223
    city = parts[parts["provider"] == "city"]
    assert city["value"].tolist() == [90_000, 140_956, 120_000]
    assert city["value"].sum() == 350_956
    assert round(100 * city["share"].sum(), 1) == 46.8
    assert parts["share"].sum() == pytest.approx(1)
    assert set(parts["source_id"]) == {"tribunnews-02", "suarabaru-01"}
    # the seven printed stages of BST
    amounts = semarang.table("measure_amounts").set_index("amount_id")
    assert sum((5576, 47129, 35706, 2009, 2067, 694, 1687)) == amounts.loc["BANSOS-BST", "value"] == 94_868
    assert amounts.loc["BANSOS-BST", "state"] == "derived"


def test_stage_two_has_a_rate_for_each_promise(aid):
    rates = recovery.achievement(aid.figures)
    two = rates[rates["line_id"] == "city-2"]
    assert two[["done", "promised"]].drop_duplicates().to_numpy().tolist() == [[140_956, 160_000]]
    assert sorted(two["against"]) == ["announced", "planned"]
    assert {round(percent, 1) for percent in two["percent"]} == {88.1}


def test_no_rate_has_a_promise_as_its_numerator_or_counts_two_things(semarang, q4_2023):
    for name in recovery.accounts_of(semarang):
        rates = recovery.achievement(recovery.account(semarang, q4_2023, name).figures)
        assert set(rates["stage"]) <= {"delivered", "spent"}
        counts = semarang.table("measure_amounts").set_index("amount_id")["counts"]
        assert (counts[rates["amount_id"]].to_numpy() == counts[rates["promised_amount_id"]].to_numpy()).all()


def test_deliveries_are_never_divided_by_households(aid):
    rates = recovery.achievement(aid.figures)
    assert 531_000 not in set(rates["promised"])
    bound = recovery.reach_bounds(aid.figures).iloc[0]
    assert (bound["at_most"], bound["without_at_least"]) == (339_000, 531_000 - 339_000)
    assert bound["at_most_share"] == pytest.approx(float(Fraction(339, 531)))


def test_more_deliveries_than_households_bound_nothing():
    figures = pd.DataFrame(
        {
            "line_id": "a",
            "stage": ["base", "delivered"],
            "counts": ["households", "deliveries"],
            "value": [100.0, 250.0],
            "as_of": "2020",
            "source_id": ["x", "y"],
        }
    )
    bound = recovery.reach_bounds(figures).iloc[0]
    assert (bound["at_most"], bound["without_at_least"], bound["source_id"]) == (100, 0, "y;x")


def test_only_households_of_the_base_bound_a_reach():
    figures = pd.DataFrame(
        {
            "line_id": "a",
            "stage": ["base", "planned", "delivered"],
            "counts": ["persons", "households", "deliveries"],
            "value": [100.0, 80.0, 250.0],
            "as_of": "2020",
            "source_id": "x",
        }
    )
    assert recovery.reach_bounds(figures).empty
    nobody = figures.assign(counts=["households", "persons", "deliveries"], value=[0.0, 80.0, 5.0])
    bound = recovery.reach_bounds(nobody)
    assert bound.columns[0] == "line_id"
    assert bound["at_most"].tolist() == [0]
    assert bound["at_most_share"].isna().tolist() == [True]


def test_wholes_are_delivered_figures_whose_parts_do_not_exclude_one_another():
    figures = pd.DataFrame(
        [
            ("small", "delivered", None, False, 10.0),
            ("large", "delivered", None, False, 30.0),
            ("torn", "delivered", None, False, 50.0),
            ("promised", "planned", None, False, 70.0),
            ("alone", "delivered", None, False, 90.0),
            ("a", "delivered", "small", False, 10.0),
            ("b", "delivered", "large", False, 30.0),
            ("c", "delivered", "torn", True, 20.0),
            ("d", "delivered", "torn", False, 30.0),
            ("e", "planned", "promised", False, 70.0),
        ],
        columns=["amount_id", "stage", "part_of", "rival", "value"],
    )
    wholes = recovery.delivered_wholes(figures)
    assert wholes["amount_id"].to_dict() == {0: "large", 1: "small"}
    assert wholes.columns.tolist() == figures.columns.tolist()


def test_an_account_goes_by_its_lines_then_by_its_stages_whatever_the_order_of_the_rows(semarang, aid):
    amounts = semarang.table("measure_amounts")
    shuffled = with_amounts(semarang, amounts.sample(frac=1, random_state=5).reset_index(drop=True))
    other = recovery.account(shuffled, END_2020, "aid-2020").figures
    assert other[["line_id", "stage"]].to_numpy().tolist() == aid.figures[["line_id", "stage"]].to_numpy().tolist()
    lines = list(dict.fromkeys(aid.figures["line_id"]))
    assert lines == [line for line in aid.lines["line_id"] if line in lines]
    stages = ["base", "announced", "planned", "delivered", "spent", "forgone"]
    for _, own in aid.figures.groupby("line_id"):
        places = [stages.index(stage) for stage in own["stage"]]
        assert places == sorted(places)
    assert aid.heading["account_id"] == "aid-2020"
    table = semarang.table("account_lines")
    expected = table[table["account_id"] == "aid-2020"]
    assert aid.lines.columns.tolist() == table.columns.tolist()
    assert aid.lines["line_id"].to_dict() == dict(enumerate(expected["line_id"]))


def test_a_promise_of_one_gives_a_rate():
    figures = pd.DataFrame(
        {
            "line_id": "a",
            "stage": ["planned", "delivered"],
            "counts": "rooms",
            "value": [1.0, 2.0],
            "as_of": "2020",
            "amount_id": ["P", "D"],
        }
    )
    assert recovery.achievement(figures)["percent"].tolist() == [200]


def test_a_promise_of_nothing_gives_no_rate():
    figures = pd.DataFrame(
        {
            "line_id": "a",
            "stage": ["planned", "delivered"],
            "counts": "rooms",
            "value": [0.0, 5.0],
            "as_of": "2020",
            "amount_id": ["P", "D"],
        }
    )
    rates = recovery.achievement(figures)
    assert len(rates) == 1
    assert rates["percent"].isna().all()


def test_the_account_knows_only_what_was_known(semarang):
    early = recovery.account(semarang, Quarter(2020, 1), "aid-2020")
    assert early.figures.empty
    assert set(early.not_found) == set(early.stages)
    assert recovery.delivered_wholes(early.figures).empty
    first_half = recovery.account(semarang, Quarter(2020, 2), "budget")
    assert first_half.figures["value"].tolist() == [27e9, 189e9]


def test_the_rooms_fit_one_of_two_rival_figures(semarang):
    sums = quality.amount_sums(semarang).set_index("amount_id").loc["ISO-BOTH"].set_index("choice")
    assert sums.loc[[("ISO-DIKLAT-69",)], "computed"].tolist() == [169]
    assert sums.loc[[("ISO-DIKLAT-96",)], "computed"].tolist() == [196]
    rooms = recovery.account(semarang, END_2020, "rooms")
    rivals = rooms.figures[rooms.figures["rival"]]
    assert set(rivals["amount_id"]) == {"ISO-DIKLAT-96", "ISO-DIKLAT-69"}
    with pytest.raises(ParameterError, match="rival figures: ISO-DIKLAT-96, ISO-DIKLAT-69"):
        recovery.parts_by_provider(rooms.figures, rooms.lines, "ISO-BOTH")


def test_a_later_budget_is_a_revision_and_no_rival(semarang):
    budget = recovery.account(semarang, END_2020, "budget")
    assert not budget.figures["rival"].any()
    rates = recovery.achievement(budget.figures).set_index("promised")["percent"]
    assert rates[200e9] == pytest.approx(51.5)


def test_sums_against_a_plain_loop(semarang):
    rows = semarang.table("measure_amounts").to_dict("records")
    expected = set()
    for whole in rows:
        parts = [row for row in rows if row["part_of"] == whole["amount_id"]]
        if not parts or whole["state"] == "derived":
            continue
        same = {}
        for row in parts:  # figures of the same line and component on one day exclude one another
            same.setdefault((row["line_id"], row["kind"], str(row["component_en"])), []).append(row["value"])
        for chosen in product(*same.values()):
            expected.add((whole["amount_id"], whole["value"], sum(chosen)))
    sums = quality.amount_sums(semarang)
    assert set(zip(sums["amount_id"], sums["stated"], sums["computed"], strict=True)) == expected
    assert len(expected) == 5


def test_the_same_figure_of_two_sources_is_added_once(semarang):
    amounts = semarang.table("measure_amounts")
    again = amounts[amounts["amount_id"] == "BANSOS-PKH"].assign(
        amount_id="BANSOS-PKH-2", source_id="sindonews-01"
    )
    case = with_amounts(semarang, pd.concat([amounts, again], ignore_index=True))
    total = quality.amount_sums(case).set_index("amount_id").loc["BANSOS-TOTAL"]
    assert (total["computed"], total["agrees"], total["choice"]) == (749_223, True, ())


def test_order_of_rows_changes_no_sum(semarang):
    amounts = semarang.table("measure_amounts")
    shuffled = with_amounts(semarang, amounts.sample(frac=1, random_state=3).reset_index(drop=True))
    key = ["amount_id", "computed"]
    ours = quality.amount_sums(semarang).sort_values(key)[["amount_id", "stated", "computed", "agrees"]]
    theirs = quality.amount_sums(shuffled).sort_values(key)[["amount_id", "stated", "computed", "agrees"]]
    pd.testing.assert_frame_equal(ours.reset_index(drop=True), theirs.reset_index(drop=True))


def test_price_times_number(semarang):
    row = quality.amount_products(semarang).iloc[0]
    assert (row["number"], row["each"], row["stated"]) == (100_000, 120_000, 12_000_000_000)
    assert row["agrees"]


@pytest.mark.parametrize(
    ("stated", "computed", "expected"),
    [
        (537e9, 527.5e9, True),  # rounded down to 527
        (538e9, 527.5e9, True),  # rounded to 528
        (527e9, 527.5e9, False),  # the same figure, cut off
        (528e9, 527.5e9, False),  # the same figure, rounded
        (416e9, 527.5e9, False),
        (5e9, 527.5e9, False),  # another length
        (1234, 1284, True),
        (1234, 1243, False),  # two digits
    ],
)
def test_one_digit_apart(stated, computed, expected):
    assert quality.one_digit_apart(stated, computed) is expected


def test_land_tax_of_14_december_2020(semarang):
    taxes = recovery.tax_account(semarang, END_2020, 2020)
    row = taxes[(taxes["tax"] == "pbb") & (taxes["as_of"] == "2020-12-14")]
    assert len(row) == 1
    row = row.iloc[0]
    assert (row["target"], row["printed_percent"], row["source_id"]) == (527e9, 88.70, "upradio-02")
    assert row["realised"] == pytest.approx(467.449e9)  # 88.70% of 527 billion
    assert row["realised_state"] == "derived"
    assert pd.isna(row["percent"])  # a derived amount proves no rate
    entertainment = taxes[taxes["tax"] == "entertainment"].iloc[0]
    assert (entertainment["printed_percent"], round(entertainment["percent"], 1)) == (62, 64.4)


def test_537_is_shown_to_be_a_misprint_and_416_is_not(semarang):
    found = recovery.misprinted_targets(semarang, END_2020)
    assert found[["tax", "stated", "computed"]].to_numpy().tolist() == [["pbb", 537e9, 527.5e9]]
    assert recovery.misprinted_targets(semarang, Quarter(2020, 3)).empty


def test_an_unknown_account_is_named(semarang):
    with pytest.raises(ParameterError, match="no account 'aid'"):
        recovery.account(semarang, END_2020, "aid")


@pytest.fixture
def copied(tmp_path, semarang):
    """A copy of the case whose measure_amounts.csv can be spoiled."""
    import shutil

    folder = tmp_path / "semarang"
    shutil.copytree(semarang.folder, folder)
    return folder


def spoil(folder: Path, old: str, new: str) -> None:
    file = folder / "measure_amounts.csv"
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_a_part_that_counts_something_else_is_refused(copied):
    spoil(copied, "42281,deliveries", "42281,persons")
    with pytest.raises(
        DataError, match=r"measure_amounts.csv.*counts.*persons.*'deliveries', as its whole BANSOS-TOTAL"
    ):
        load_case(copied)


def test_an_amount_that_is_a_part_of_itself_is_refused(copied):
    spoil(copied, "2020-06-30,,measured,sindonews-01", "2020-06-30,BANSOS-PKH,measured,sindonews-01")
    with pytest.raises(DataError, match=r"part_of.*through its own wholes"):
        load_case(copied)


def test_a_stage_that_no_account_knows_is_refused(copied):
    file = copied / "accounts.csv"
    file.write_text(
        file.read_text(encoding="utf-8").replace("announced;planned;", "announced;promised;", 1), "utf-8"
    )
    with pytest.raises(DataError, match=r"accounts.csv.*stages.*one or more of base, announced"):
        load_case(copied)


def test_the_account_in_words(semarang, aid):
    english = Report("20_recovery", semarang, END_2020, get_language("en"))
    rows = words.ledger(aid, recovery.measure_terms(semarang, END_2020), english).set_index("line_name")
    assert rows.loc["City food aid, stage 2", "delivered"] == (
        ("140,956 packages (30 June 2020)", "tribunnews-02"),
    )
    assert rows.loc["City food aid, stage 2", "rates"] == (("88.1% of 160,000", ""),)
    assert words.sum_words(aid, english)[0] == (
        "All aid to June 2020 (delivered or in place): its 8 parts add up to 749,223 packages/transfers, as printed."
    )
    assert "at least 192,000 without one" in words.reach_words(aid, english)[0]
    assert words.not_found_words(aid, english).endswith("in the sources seen: spent.")
    taxes = recovery.tax_account(semarang, END_2020, 2020)
    assert words.latest_tax_words(taxes, "pbb", 2020, english) == (
        "Land tax (PBB) 2020, newest figure (14 December 2020): 88.7% of a target of IDR 527.0 billion; that is "
        "about IDR 467.4 billion, an amount that the source does not print."
    )
    misprint = words.misprint_words(recovery.misprinted_targets(semarang, END_2020), english)
    assert len(misprint) == 1
    assert "IDR 537.0 billion is likely a misprint" in misprint[0]
