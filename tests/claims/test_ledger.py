"""The claims ledger: figures beside figures, independence by rule, and tables that say two things at once."""

import csv
import shutil
from dataclasses import replace
from datetime import date

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ogp_analysis import Quarter, claims, load_case
from ogp_analysis.errors import DataError, ParameterError
from ogp_analysis.figures import OUTCOMES, compare_figures, figure_difference, parse_figure
from ogp_analysis.verdict import independence

END_2023 = Quarter(2023, 4)


def compared(claimed, found, counts="local_members", **more):
    return compare_figures(claimed, found, counts=counts, found_counts=counts, **more)


@pytest.mark.parametrize(
    ("claimed", "found", "counts", "more", "expected"),
    [
        ("79", "78", "national_members", {}, "differs"),
        ("79", "78", "national_members", {"tolerance": 1.0}, "within_tolerance"),
        ("79", "77", "national_members", {"tolerance": 1.0}, "differs"),
        ("0.3", "0.1", "share", {"tolerance": 0.2}, "within_tolerance"),  # 0.3 - 0.1 is not quite 0.2 in binary
        ("20", "20.0", "local_members", {}, "equal"),
        ("2015-2020", "2015-2019", "years", {}, "overlaps"),
        ("2015-2020", "-2019", "years", {}, "overlaps"),
        ("2015-2019", "-2019", "years", {}, "wider"),
        ("2015-2019", "2020-", "years", {}, "differs"),
        ("2011-09", "2011-09-20", "date", {}, "equal"),
        ("2012-01", "2012", "date", {}, "wider"),
        ("2012-01", "2011-09-20", "date", {}, "differs"),
        ("63", "63", "national_members", {"as_of": "2014-01", "found_as_of": "2014"}, "equal"),
        ("63", "65", "national_members", {"as_of": "2014-01", "found_as_of": "2014-09"}, "other_day"),
        ("63", "65", "national_members", {"as_of": "2014-01", "found_as_of": None}, "differs"),
    ],
)
def test_a_claimed_figure_beside_another(claimed, found, counts, more, expected):
    assert compared(claimed, found, counts, **more) == expected


def test_figures_of_different_things_are_never_compared():
    assert compare_figures("20", "20", counts="local_members", found_counts="national_members") == "other_thing"


@given(st.integers(-(10**6), 10**6), st.integers(-(10**6), 10**6), st.integers(0, 10**6))
def test_numbers_agree_in_both_directions(a, b, tolerance):
    one = compared(str(a), str(b), tolerance=float(tolerance))
    assert one == compared(str(b), str(a), tolerance=float(tolerance))
    assert (one == "differs") == (abs(a - b) > tolerance)


@given(st.tuples(*[st.integers(1990, 2030)] * 2), st.tuples(*[st.integers(1990, 2030)] * 2))
def test_ranges_of_years_against_sets_of_years(a, b):
    (a1, a2), (b1, b2) = sorted(a), sorted(b)
    claimed, found = set(range(a1, a2 + 1)), set(range(b1, b2 + 1))
    outcome = compared(f"{a1}-{a2}", f"{b1}-{b2}", "years")
    assert (outcome == "equal") == (claimed == found)
    assert (outcome == "differs") == (not claimed & found) or (len(claimed) == len(found) == 1)
    if outcome == "wider":
        assert claimed < found
    assert outcome in OUTCOMES


@pytest.mark.parametrize(
    ("text", "counts", "words"),
    [
        ("about 79", "national_members", "a number such as 79"),
        ("2020-2015", "years", "years such as 2015-2020"),
        ("-", "years", "years such as"),
        ("1.300", "rooms", "Write 1300 for thousands, or 1.3000 for a fraction"),
        ("1.300.000", "rooms", "nothing between thousands"),
        ("9" * 16, "rooms", "a number such as"),
        ("2011-13", "date", "is no figure of 'date'"),
        ("inf", "rooms", "a number such as"),
        ("1e3", "rooms", "a number such as"),
    ],
)
def test_what_is_no_figure_is_refused(text, counts, words):
    with pytest.raises(ParameterError, match=words):
        parse_figure(text, counts)


@pytest.mark.parametrize(
    ("origins", "claimant", "expected"),
    [
        ([], "city", "none"),
        (["city", "city"], "city", "own_word"),
        (["city"], None, "one_origin"),
        (["city"], pd.NA, "one_origin"),
        (["OGP", "OGP"], "city", "one_origin"),
        (["OGP", "city"], "city", "several_origins"),
    ],
)
def test_independence(origins, claimant, expected):
    assert independence(pd.Series(origins, dtype=object), claimant) == expected


def test_what_was_expected_to_surface(semarang):
    verdicts = claims.claim_verdicts(semarang, END_2023).set_index("claim_id")
    figures = claims.claim_figures(semarang, END_2023)
    # fines of "2015 to 2020" against 2015-2019 in two programmes
    assert verdicts.loc["R08", "verdict"] == "partly"
    fines = figures[figures["claim_id"] == "R08"]
    assert fines[["found", "outcome"]].to_numpy().tolist() == [["2015-2019", "overlaps"], ["-2019", "overlaps"]]
    # 79 countries: 78 of the same year in the source seen
    assert figures.set_index("claim_id").loc["R11", ["found", "outcome", "difference"]].tolist() == [
        "78",
        "differs",
        -1,
    ]
    # 63 by January 2014: the number is right, the month not confirmed
    assert verdicts.loc["H08", "verdict"] == "partly"
    # second in Indonesia, although five were admitted in 2020
    assert verdicts.loc["R12", "verdict"] == "partly"
    said = claims.claim_evidence(semarang, END_2023)
    assert "five Indonesian governments" in said.loc[said["claim_id"] == "R12", "finding_en"].iloc[0]


def test_what_was_found_for_a_part_of_a_claim_only_is_no_support_of_the_whole(semarang):
    verdicts = claims.claim_verdicts(semarang, END_2023).set_index("claim_id")
    # R01: the membership by OGP, the day and the e-mail by nobody; H02: partners of 2021 for a claim of 2020
    assert verdicts.loc[["R01", "H02"], "verdict"].tolist() == ["partly", "partly"]
    before = claims.claim_verdicts(semarang, Quarter(2020, 4)).set_index("claim_id")
    assert before.loc[["R01", "H02", "R11"], "verdict"].tolist() == ["partly", "not_checkable", "not_checkable"]


@pytest.mark.parametrize(
    ("claimed", "found", "counts", "outcome", "expected"),
    [
        ("20", "20", "local_members", "equal", 0),
        ("79", "78", "national_members", "differs", -1),
        ("63", "65", "national_members", "other_day", None),
        ("2", "5", "members_admitted", "other_thing", None),
        ("2015", "2019", "years", "differs", None),
        ("2011-09-20", "2011-09-21", "date", "differs", None),
    ],
)
def test_a_difference_is_of_numbers_that_can_be_compared(claimed, found, counts, outcome, expected):
    difference = figure_difference(claimed, found, counts, outcome)
    assert pd.isna(difference) if expected is None else difference == expected


def test_active_cases_by_a_factor_six_weeks_before_admission(semarang):
    ratios = claims.conflict_ratios(semarang, END_2023).set_index("conflict_id")
    assert ratios.loc["conflict-01", "ratio"] == pytest.approx(2317 / 489)
    assert ratios.loc["conflict-02", "ratio"] == pytest.approx(2591 / 410)
    assert ratios.loc["conflict-02", "days_before"] == (date(2020, 10, 19) - date(2020, 9, 8)).days == 41
    assert ratios["ratio"].min() >= 1
    assert claims.conflict_ratios(semarang, Quarter(2020, 2))["conflict_id"].tolist() == [
        "conflict-04",
        "conflict-09",
    ]


def test_stances_are_counted_one_by_one(semarang):
    said = claims.claim_evidence(semarang, END_2023)
    verdicts = claims.claim_verdicts(semarang, END_2023)
    for column, stance in {
        "for_count": "supports",
        "partly_count": "partly",
        "against_count": "contradicts",
    }.items():
        pairs = list(zip(said["claim_id"], said["stance"], strict=True))
        assert verdicts[column].tolist() == [pairs.count((key, stance)) for key in verdicts["claim_id"]]
    assert verdicts.index.tolist() == list(range(22))


def test_a_tolerance_is_that_of_the_claim_and_none_is_zero(semarang):
    table = semarang.table("claims").copy()
    for tolerance, outcome in ((1.0, "within_tolerance"), (0.5, "differs"), (None, "differs")):
        table.loc[table["claim_id"] == "R11", "tolerance"] = tolerance
        case = replace(semarang, _tables={**semarang._tables, "claims": table})
        figures = claims.claim_figures(case, END_2023).set_index("claim_id")
        assert figures.loc["R11", ["claimed", "found", "outcome"]].tolist() == ["79", "78", outcome]


def test_ratios_and_differences_by_hand(semarang):
    own = semarang.table("conflicts").head(4).reset_index(drop=True)
    own["value_a"], own["value_b"] = [8.0, 0.0, None, 3.0], [2.0, 5.0, 3.0, 1.0]
    # the day of the admission itself is no day before it, and none after it
    own["date"] = ["2020-10-18", "2020-10-19", "2020-10-01", "2020-10-20"]
    case = replace(semarang, _tables={**semarang._tables, "conflicts": own})
    found = claims.conflict_ratios(case, END_2023)
    assert found.index.tolist() == [0, 1, 2]
    assert found["ratio"].tolist()[::2] == [4, 3]
    assert pd.isna(found["ratio"][1])
    assert found["difference"].tolist() == [6, 5, 2]
    assert found["days_before"].tolist() == [1, 0, pd.NA]
    assert claims.conflict_ratios(case, Quarter(2020, 3)).empty


def test_a_conflict_after_the_admission_has_no_days_before_it(semarang):
    ratios = claims.conflict_ratios(semarang, Quarter(2025, 4)).set_index("conflict_id")
    assert pd.isna(ratios.loc["conflict-12", "days_before"])


def test_two_pages_of_one_publisher_are_one_origin(semarang):
    said = claims.claim_evidence(semarang, END_2023)
    assert said["origin"].notna().all()
    verdicts = claims.claim_verdicts(semarang, END_2023).set_index("claim_id")
    assert verdicts.loc["R08", ["independence", "origins"]].tolist() == ["own_word", 1]  # both from the city
    assert verdicts.loc["R10", ["independence", "origins"]].tolist() == ["several_origins", 2]


@pytest.fixture
def copied(tmp_path, semarang):
    folder = tmp_path / "semarang"
    shutil.copytree(semarang.folder, folder)
    return folder


def replaced(folder, name, old, new):
    file = folder / name
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_a_stance_against_its_own_figure_is_refused(copied):
    replaced(copied, "claim_evidence.csv", "R11,2021-03-29,partly,78", "R11,2021-03-29,supports,78")
    with pytest.raises(
        DataError, match=r"claim_evidence.csv.*stance.*contradicts or partly.*claimed 79 is 'differs'"
    ):
        load_case(copied)


def test_a_figure_that_cannot_be_read_is_refused(copied):
    replaced(copied, "claim_evidence.csv", "partly,78,national_members", "partly,seventy,national_members")
    with pytest.raises(
        DataError, match=r"claim_evidence.csv.*value.*seventy.*a figure of 'national_members'. Write a number"
    ):
        load_case(copied)


def test_a_figure_of_nothing_is_refused(copied):
    replaced(copied, "claim_evidence.csv", "partly,78,national_members", "partly,78,")
    with pytest.raises(DataError, match=r"claim_evidence.csv.*counts.*what the figure counts"):
        load_case(copied)


@pytest.mark.parametrize(
    ("text", "value"), [("1.3000", 1.3), ("46.8", 46.8), ("0.125", 0.125), ("1234.567", 1234.567)]
)
def test_what_can_only_be_a_fraction_is_one(text, value):
    assert parse_figure(text, "rooms") == (value, value)


@pytest.mark.parametrize(
    ("column", "value"), [("counts", "rooms"), ("tolerance", "1"), ("as_of", "2020"), ("unit_en", None)]
)
def test_what_belongs_to_a_figure_is_refused_without_one(copied, column, value):
    changed(copied, "claims.csv", {"claim_id": "R02"}, {column: value or ""})
    if value is None:
        load_case(copied)
        return
    with pytest.raises(
        DataError, match=f"claims.csv, row 3, column '{column}'.*nothing without a figure in 'value'"
    ):
        load_case(copied)


@pytest.mark.parametrize("stance", ["supports", "partly"])
def test_a_claim_does_not_support_itself(copied, stance):
    change = {"claim_id": "R04", "stance": stance, "source_id": "radarsemarang-02"}
    changed(copied, "claim_evidence.csv", {"claim_id": "R04"}, change)
    with pytest.raises(
        DataError, match=r"claim_evidence.csv, row 5, column 'source_id'.*another source than that"
    ):
        load_case(copied)


def test_a_source_may_contradict_what_it_claims_itself(copied):
    change = {"stance": "contradicts", "source_id": "radarsemarang-02"}
    changed(copied, "claim_evidence.csv", {"claim_id": "R04"}, change)
    verdicts = claims.claim_verdicts(load_case(copied), END_2023).set_index("claim_id")
    assert verdicts.loc["R04", ["verdict", "independence"]].tolist() == ["contradicted", "own_word"]


def test_a_claim_without_an_origin_goes_back_to_the_publisher_of_its_source(copied):
    # another page of the same publisher, which the table gives no other origin
    changed(copied, "sources.csv", {"source_id": "halosemarang-01"}, {"publisher": "Halo Semarang"})
    change = {"claim_id": "H02", "source_id": "halosemarang-01", "date": "2020-10-30", "stance": "supports"}
    changed(copied, "claim_evidence.csv", {"claim_id": "H02"}, change)
    verdicts = claims.claim_verdicts(load_case(copied), END_2023).set_index("claim_id")
    assert verdicts.loc["H02", ["verdict", "independence"]].tolist() == ["supported", "own_word"]


def changed(folder, name, where, change):
    """Change cells of the first row of a table that has these values."""
    file = folder / name
    rows = list(csv.DictReader(file.read_text(encoding="utf-8").splitlines()))
    row = next(row for row in rows if all(row[key] == value for key, value in where.items()))
    row.update(change)
    with file.open("w", encoding="utf-8", newline="") as target:
        writer = csv.DictWriter(target, list(row))
        writer.writeheader()
        writer.writerows(rows)


def test_a_claim_that_a_user_adds_is_judged(copied):
    file = copied / "claims.csv"
    header = file.read_text(encoding="utf-8").splitlines()[0].split(",")
    row = dict.fromkeys(header, "")
    row |= {
        "claim_id": "X1", "claimant": "somebody", "source_id": "radarsemarang-02", "date": "2020-10-20",
        "subject": "membership", "kind": "count", "statement_en": "Nine members", "statement_id": "Sembilan anggota",
        "value": "9", "counts": "founders",
    }  # fmt: skip
    with file.open("a", encoding="utf-8") as target:
        target.write(",".join(row.values()) + "\n")
    case = load_case(copied)
    verdicts = claims.claim_verdicts(case, END_2023).set_index("claim_id")
    assert verdicts.loc["X1", ["verdict", "independence"]].tolist() == ["not_checkable", "none"]
