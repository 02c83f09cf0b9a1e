"""The engine against the plain sums, to the rupiah, and against sums done by hand."""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from ogp_analysis.errors import OgpAnalysisError
from ogp_analysis.recovery.example_roll import make_example_roll
from ogp_analysis.recovery.relief import (
    FineRule,
    Relief,
    ReliefTerms,
    assess_relief,
    assess_with_benefit,
    compile_terms,
    forgone_by,
    measures_by,
    relief_per_bill,
    timing_by,
    waiver_gaps,
)
from ogp_analysis.recovery.relief.fines import months_late, months_late_array
from ogp_analysis.recovery.relief.terms import Term
from ogp_analysis.sources.tax_roll import open_roll
from ogp_analysis.sources.tax_roll.values import EPOCH, FIRST_DAY, LAST_DAY

AS_OF = date(2023, 12, 31)
Plain = Callable[[pd.DataFrame, ReliefTerms, date], tuple[pd.DataFrame, pd.DataFrame]]
KEYS = ["kecamatan", "njop_decile", "tax_year"]


def assert_equal(relief: Relief, plain: tuple[pd.DataFrame, pd.DataFrame]) -> None:
    cells, measures = plain
    for ours, theirs, keys in ((relief.cells, cells, KEYS), (relief.measures, measures, [*KEYS, "measure_id"])):
        ours = ours.drop(columns="state").sort_values(keys).reset_index(drop=True)
        theirs = theirs.sort_values(keys).reset_index(drop=True)[ours.columns]
        pd.testing.assert_frame_equal(ours, theirs, check_dtype=False, check_exact=True)


@pytest.mark.parametrize("seed", range(6))
def test_engine_equals_the_plain_sums_under_semarangs_terms(
    seed: int, land_tax_terms: ReliefTerms, plain_roll: Plain
) -> None:
    frame = make_example_roll(400, seed=seed)
    assert frame["SIKLUS_SPPT"].max() > 1
    relief = assess_relief(open_roll(frame, "3374"), land_tax_terms, AS_OF)
    assert relief.totals()["forgone"] > 0
    assert_equal(relief, plain_roll(frame, land_tax_terms, AS_OF))


@pytest.mark.parametrize("seed", range(12))
def test_engine_equals_the_plain_sums_on_edges_of_dates_and_any_terms(seed: int, plain_roll: Plain) -> None:
    draw = random.Random(seed)
    terms = _any_terms(draw)
    frame = make_example_roll(150, seed=seed)
    edges = [edge for term in terms.terms if term.window for edge in term.window]
    month_ends = [date(2020, 1, 31), date(2020, 2, 29), date(2019, 2, 28), date(2020, 8, 31), date(2020, 9, 30)]
    as_of = draw.choice([date(2019, 12, 31), date(2020, 10, 19), *edges])
    for at in frame.index:
        issued = min(as_of, draw.choice([date(2018, 1, 1) + timedelta(days=draw.randrange(300)), *edges]))
        due = max(issued, draw.choice(month_ends))
        base = draw.choice([due, as_of, *edges, *month_ends])
        paid = max(issued, base + timedelta(days=draw.randint(-1, 1)))
        frame.loc[at, "TGL_TERBIT_SPPT"] = issued.isoformat()
        frame.loc[at, "TGL_JATUH_TEMPO_SPPT"] = due.isoformat()
        frame.loc[at, "NJOP_SPPT"] = draw.choice([149_999_999, 150_500_000, 150_500_001, 10**9 + at])
        frame.loc[at, "PBB_YG_HARUS_DIBAYAR_SPPT"] = draw.choice([0, 1, 49, 333_333, 10**14 - 7])
        frame.loc[at, ["JML_SPPT_YG_DIBAYAR", "DENDA_SPPT"]] = (0, 0)
        frame.loc[at, "TGL_PEMBAYARAN_SPPT"] = None
        frame.loc[at, "STATUS_PEMBAYARAN_SPPT"] = 0
        if draw.random() < 0.8:
            frame.loc[at, "TGL_PEMBAYARAN_SPPT"] = paid.isoformat()
            frame.loc[at, ["JML_SPPT_YG_DIBAYAR", "DENDA_SPPT", "STATUS_PEMBAYARAN_SPPT"]] = (10**6 + at, at, 1)
    relief = assess_relief(open_roll(frame, "3374"), terms, as_of)
    assert set(relief.exclusions["reason"]) <= {"superseded"}
    assert_equal(relief, plain_roll(frame, terms, as_of))


def _any_terms(draw: random.Random) -> ReliefTerms:
    terms = []
    for number in range(draw.randint(0, 8)):
        first = date(2019, 1, 1) + timedelta(days=draw.randrange(700))
        window = (first, first + timedelta(days=draw.randrange(120)))
        low = draw.randint(2015, 2020)
        terms.append(
            Term(
                f"M{draw.randint(1, 5)}",
                number,
                draw.choice(["principal", "principal", "fine"]),
                draw.choice([1250, 3333, 5000, 10_000]),
                draw.choice([None, window, window]),
                (low, draw.randint(low, 2021)),
                draw.choice([None, None, 150_500_000, 149_999_999]),
                draw.choice([None, None, frozenset({5, 16}), frozenset({1})]),
            )
        )
    return ReliefTerms(tuple(terms), pd.DataFrame())


ARREARS = {"tax_year": 2016, "issued": date(2016, 2, 1), "due": date(2016, 9, 30)}


def one_bill(**change: object) -> pd.DataFrame:
    bill = {"tax_year": 2020, "njop": 200_000_000, "principal": 200_000, "issued": date(2020, 2, 1)}
    return pd.DataFrame([bill | {"due": date(2020, 9, 30), "paid_on": None, "use": 1} | change])


@pytest.mark.parametrize(
    ("change", "due_with", "due_without"),
    [
        # 15% off in April, 10% in May, 5% in June, nothing in July; the last and first days of each
        ({"paid_on": date(2020, 4, 30)}, 170_000, 200_000),
        ({"paid_on": date(2020, 5, 1)}, 180_000, 200_000),
        ({"paid_on": date(2020, 6, 30)}, 190_000, 200_000),
        ({"paid_on": date(2020, 7, 1)}, 200_000, 200_000),
        # a school: 25% whenever it pays; in April also 15%, of the full tax: 40%
        ({"paid_on": date(2020, 8, 1), "use": 16}, 150_000, 200_000),
        ({"paid_on": date(2020, 4, 1), "use": 16}, 120_000, 200_000),
        # the bill of 2016, due on 30 September 2016: 24 months of 2% are 96,000; paid in July 2020, in no waiver
        (ARREARS | {"paid_on": date(2020, 7, 15)}, 296_000, 296_000),
        (ARREARS | {"paid_on": date(2020, 6, 30)}, 200_000, 296_000),
        # in September the fine goes and 40% of the tax of 2016
        (ARREARS | {"paid_on": date(2020, 9, 1)}, 120_000, 296_000),
        # up to Rp150,500,000 nothing is due, and no fine on nothing, paid or not; a rupiah more and all is due
        ({"tax_year": 2021, "njop": 150_500_000}, 0, 296_000),
        ({"tax_year": 2021, "njop": 150_500_001}, 296_000, 296_000),
        # from August 2023: 20% off 2018-2022 and no fine
        ({"paid_on": date(2023, 8, 28)}, 160_000, 296_000),
        ({"paid_on": date(2023, 8, 27)}, 296_000, 296_000),
    ],
)
def test_bills_worked_out_by_hand(
    change: dict[str, object], due_with: int, due_without: int, land_tax_terms: ReliefTerms
) -> None:
    out = relief_per_bill(one_bill(**change), land_tax_terms, AS_OF).iloc[0]
    assert (out["due_with"], out["due_without"]) == (due_with, due_without)


def test_each_measures_own_effect_does_not_add_up_to_the_joint_one(land_tax_terms: ReliefTerms) -> None:
    bill = one_bill(tax_year=2016, issued=date(2016, 2, 1), due=date(2016, 9, 30), paid_on=date(2020, 9, 1))
    exempt = Term("ALL", 1, "principal", 10_000, None, (2016, 2016))
    terms = ReliefTerms((*land_tax_terms.terms, exempt), land_tax_terms.unused)
    out = relief_per_bill(bill, terms, AS_OF).iloc[0]
    # the exemption leaves nothing for the waiver and the cut to do
    assert out["due_with"] == 0
    assert (out["forgone:PBB-FINE-2"], out["forgone:PBB-ARREARS-2016"], out["forgone:ALL"]) == (0, 0, 120_000)
    assert out["due_without"] - out["due_with"] == 296_000


def test_july_and_august_2020_come_out_of_the_dates(land_tax_table: pd.DataFrame) -> None:
    assert waiver_gaps(land_tax_table, date(2020, 4, 1), date(2020, 12, 31)) == ["2020-07", "2020-08"]
    # not a list of months: a waiver from mid-August closes one of the gaps
    moved = land_tax_table.assign(pay_from=land_tax_table["pay_from"].replace("2020-09-01", "2020-08-15"))
    assert waiver_gaps(moved, date(2020, 4, 1), date(2020, 12, 31)) == ["2020-07"]


def test_months_late_by_the_day_and_by_the_column_are_the_same() -> None:
    import numpy as np

    draw = random.Random(1)
    due = [date(2019, 1, 1) + timedelta(days=draw.randrange(500)) for _ in range(3000)]
    paid = [day + timedelta(days=draw.randrange(1, 900)) for day in due]
    ordinal = lambda days: np.array([day.toordinal() - EPOCH for day in days], np.int32)  # noqa: E731
    found = months_late_array(ordinal(due), ordinal(paid))
    assert found.tolist() == [months_late(a, b) for a, b in zip(due, paid, strict=True)]
    assert found.max() == 24


def test_the_calendar_of_fines_reaches_from_the_first_day_of_a_roll_to_the_last() -> None:
    import numpy as np

    ordinal = lambda *days: np.array([day.toordinal() - EPOCH for day in days], np.int32)  # noqa: E731
    assert tuple(ordinal(date(1986, 1, 1), date(2150, 12, 31))) == (FIRST_DAY, LAST_DAY)
    due, paid = ordinal(date(1986, 1, 1), date(2150, 11, 30)), ordinal(date(1986, 3, 1), date(2150, 12, 31))
    # two months to the day; a month and a day
    assert months_late_array(due, paid).tolist() == [2, 2]


@pytest.mark.parametrize(
    ("issued", "paid_on", "offered"),
    [
        (date(2020, 4, 30), date(2020, 4, 30), True),  # on the last day of the window, issued and paid
        (date(2020, 4, 30), None, True),
        (date(2020, 5, 1), None, False),
        (date(2020, 2, 1), date(2020, 3, 31), False),  # paid before it opened
        (date(2020, 2, 1), date(2020, 4, 1), True),
    ],
)
def test_a_cut_is_offered_to_bills_that_were_there_and_open(
    issued: date, paid_on: date | None, offered: bool
) -> None:
    cut = Term("CUT", 1, "principal", 1500, (date(2020, 4, 1), date(2020, 4, 30)), (2020, 2020))
    terms = ReliefTerms((cut,), pd.DataFrame())
    out = relief_per_bill(one_bill(issued=issued, paid_on=paid_on), terms, AS_OF).iloc[0]
    assert out["offered:CUT"] == offered
    assert out["used:CUT"] == (offered and paid_on is not None)
    frame = make_example_roll(1, seed=1).head(1)
    names = ["THN_PAJAK_SPPT", "TGL_TERBIT_SPPT", "TGL_JATUH_TEMPO_SPPT", "TGL_PEMBAYARAN_SPPT"]
    frame[names] = [2020, issued.isoformat(), "2020-09-30", paid_on and paid_on.isoformat()]
    payment = ["JML_SPPT_YG_DIBAYAR", "DENDA_SPPT", "STATUS_PEMBAYARAN_SPPT"]
    frame[payment] = [1000, 0, 1] if paid_on else [0, 0, 0]
    taken = measures_by(assess_relief(open_roll(frame, "3374"), terms, AS_OF), ["measure_id"])
    assert taken["offered"].sum() == offered


def test_a_row_that_does_not_count_is_listed_with_its_kelurahan_and_no_more(land_tax_terms: ReliefTerms) -> None:
    frame = make_example_roll(60, seed=3)
    frame.loc[0, ["NOP", "TGL_TERBIT_SPPT"]] = ["33.74.030.007.002-0013.0", "2024-01-02"]
    frame.loc[0, ["TGL_JATUH_TEMPO_SPPT", "TGL_PEMBAYARAN_SPPT"]] = ["2024-09-30", None]
    frame.loc[0, ["JML_SPPT_YG_DIBAYAR", "DENDA_SPPT", "STATUS_PEMBAYARAN_SPPT"]] = [0, 0, 0]
    listed = assess_relief(open_roll(frame, "3374"), land_tax_terms, AS_OF).excluded
    later = listed[listed["reason"] == "issued_later"]
    assert later[["row", "place"]].to_numpy().tolist() == [[2, "33.74.030.007.***"]]


def test_terms_that_cannot_be_applied_are_listed_and_never_guessed(land_tax_table: pd.DataFrame) -> None:
    deferred = land_tax_table.assign(kind=land_tax_table["kind"].replace("fine_waiver", "deferral"))
    assert compile_terms(deferred).unused["measure_id"].tolist() == [
        "PBB-25", "PBB-FINE-1", "PBB-FINE-2", "PBB-EXEMPT", "PBB-2023",
    ]  # fmt: skip
    listed = compile_terms(land_tax_table.assign(bills="listed", uses=None))
    assert listed.terms == ()
    assert set(listed.unused["reason"]) == {"it is for those on a list that a roll does not hold"}
    unsaid = compile_terms(land_tax_table.assign(bills=None, uses=None))
    assert unsaid.terms == ()
    assert unsaid.unused["reason"].str.contains("does not say which bills").all()
    # the words for readers decide nothing
    reworded = land_tax_table.assign(group_en="veterans", group_id="veteran")
    assert compile_terms(reworded).terms == compile_terms(land_tax_table).terms
    unused = compile_terms(land_tax_table, assumed_years={"PBB-25": (2020, 2020)}, roll_has_use=False).unused
    assert "KD_JPB" in unused.set_index("measure_id").loc["PBB-25", "reason"]
    with pytest.raises(OgpAnalysisError, match="PBB-52"):
        compile_terms(land_tax_table, assumed_years={"PBB-52": (2020, 2020)})


def test_another_citys_terms_need_no_code() -> None:
    table = pd.DataFrame(
        {
            "measure_id": ["X"], "term_no": [1], "kind": ["discount"], "rate_percent": [12.5],
            "pay_from": ["2019-03"], "pay_to": ["2019-04-15"], "tax_year_from": [2019], "tax_year_to": [2019],
            "njop_max": [None], "bills": ["by_use"], "uses": ["03;09"],
        }
    )  # fmt: skip
    terms = compile_terms(table)
    bill = one_bill(tax_year=2019, issued=date(2019, 2, 1), due=date(2019, 9, 30), paid_on=date(2019, 3, 1))
    assert relief_per_bill(bill.assign(use=9), terms, AS_OF).loc[0, "due_with"] == 175_000
    assert relief_per_bill(bill.assign(use=1), terms, AS_OF).loc[0, "due_with"] == 200_000
    fine = FineRule(basis_points=100, label="Law 1/2022")
    late = one_bill(due=date(2020, 9, 30), paid_on=date(2020, 11, 1))
    assert relief_per_bill(late, terms, AS_OF, fine).loc[0, "due_with"] == 204_000


@pytest.mark.parametrize(
    ("period", "paid_on", "tax_year", "due_with"),
    [
        # half of Rp200,000 for whoever pays by the day, from the day, or on the day
        ({"pay_to": "2020-06-30"}, date(2020, 6, 30), 2020, 100_000),
        ({"pay_to": "2020-06-30"}, date(2020, 7, 1), 2020, 200_000),
        ({"pay_from": "2020-07-01"}, date(2020, 6, 30), 2020, 200_000),
        ({"pay_from": "2020-07-01"}, date(2020, 7, 1), 2020, 100_000),
        ({"pay_from": "2020-07-01", "pay_to": "2020-07-01"}, date(2020, 7, 1), 2020, 100_000),
        # for bills up to a tax year, or from one on
        ({"tax_year_to": 2019}, date(2020, 7, 1), 2020, 200_000),
        ({"tax_year_to": 2020}, date(2020, 7, 1), 2020, 100_000),
        ({"tax_year_from": 2020}, date(2020, 7, 1), 2020, 100_000),
        ({"tax_year_from": 2021}, date(2020, 7, 1), 2020, 200_000),
    ],
)
def test_a_period_with_one_end(period: dict[str, object], paid_on: date, tax_year: int, due_with: int) -> None:
    none = {"pay_from": None, "pay_to": None, "tax_year_from": None, "tax_year_to": None}
    row = {
        "measure_id": "X",
        "term_no": 1,
        "kind": "discount",
        "rate_percent": 50.0,
        "njop_max": None,
        "bills": "all",
    }
    terms = compile_terms(pd.DataFrame([row | {"uses": None} | none | period]))
    assert terms.unused.empty
    bill = one_bill(tax_year=tax_year, issued=date(2020, 2, 1), due=date(2020, 9, 30), paid_on=paid_on)
    assert relief_per_bill(bill, terms, AS_OF).loc[0, "due_with"] == due_with


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"rate_percent": 12.345}, "column 'rate_percent': found '12.345', expected at most two decimals"),
        ({"pay_to": "2020-03-31"}, "column 'pay_to': found '2020-03-31', expected pay_from or later"),
        ({"tax_year_to": 2019}, "column 'tax_year_to': found '2019', expected tax_year_from or later"),
        ({"uses": "05"}, "column 'uses': found '05', expected an empty cell"),
        ({"bills": "by_use"}, "column 'uses': expected codes of the use of a building"),
    ],
)
def test_terms_that_contradict_themselves_are_named(
    change: dict[str, object], said: str, land_tax_table: pd.DataFrame
) -> None:
    first = land_tax_table.iloc[[0]].assign(**change)
    with pytest.raises(OgpAnalysisError, match=re.escape(said) + r".*PBB-04, term 1"):
        compile_terms(first)


def test_the_same_roll_in_every_form_gives_the_same_relief(
    tmp_path: Path, land_tax_terms: ReliefTerms, plain_roll: Plain
) -> None:
    frame = make_example_roll(900, seed=5)
    frame.to_csv(tmp_path / "a.csv", index=False)
    frame.rename(columns=str.lower).to_csv(tmp_path / "b.csv.gz", index=False, sep=";")
    pq.write_table(pa.Table.from_pandas(frame), tmp_path / "c.parquet", row_group_size=200)
    halves = []
    for name, half in (("d1.csv", frame[:400]), ("d2.csv", frame[400:])):
        half.to_csv(tmp_path / name, index=False)
        halves.append(open_roll(tmp_path / name, "3374"))
    spelled = frame.copy()
    digits = frame["NOP"].str.replace(r"\D", "", regex=True)
    spelled.loc[0::4, "NOP"] = digits
    spelled.loc[1::4, "NOP"] = frame["NOP"].str.replace("-", ".")
    spelled.loc[2::4, "NOP"] = frame["NOP"].str[6:]
    parts = frame.drop(columns="NOP")
    places = {"KD_PROPINSI": (0, 2), "KD_DATI2": (2, 4), "KD_KECAMATAN": (4, 7), "KD_KELURAHAN": (7, 10)}
    for name, place in (places | {"KD_BLOK": (10, 13), "NO_URUT": (13, 17), "KD_JNS_OP": (17, 18)}).items():
        parts[name] = digits.str[slice(*place)]
    rolls = [open_roll(tmp_path / name, "3374") for name in ("a.csv", "b.csv.gz", "c.parquet")]
    for roll in [*rolls, halves, open_roll(spelled, "3374"), open_roll(parts, "3374")]:
        relief = assess_relief(roll, land_tax_terms, AS_OF)
        assert relief.rows_read == 900
        assert_equal(relief, plain_roll(frame, land_tax_terms, AS_OF))


def fixed_width(frame: pd.DataFrame, path: Path) -> dict[str, tuple[int, int]]:
    """The roll as lines of fixed width, with a heading and a rule; gives where each column stands."""
    text = frame.drop(columns=["NM_WP_SPPT", "JLN_WP_SPPT"]).astype(object).fillna("-").astype(str)
    slots, start = {}, 0
    for name in text:
        width = int(text[name].str.len().max()) + 1
        text[name] = text[name].str.ljust(width)
        slots[name] = (start, start + width)
        start += width
    lines = text.iloc[:, 0].str.cat([text[name] for name in text.columns[1:]])
    path.write_text("\n".join(["DAFTAR TAGIHAN", "=" * start, *lines]) + "\n")
    return slots


def test_a_hundred_thousand_bills_are_equal_to_the_rupiah_in_every_form(
    tmp_path: Path, land_tax_terms: ReliefTerms, plain_roll: Plain
) -> None:
    frame = make_example_roll(100_100, seed=11)
    plain = plain_roll(frame, land_tax_terms, AS_OF)
    # some cells of the plain sums that a mistake in rounding or in the order of payment would move
    assert plain[0]["bills"].sum() > 95_000
    assert (plain[0]["due_without"] - plain[0]["due_with"]).sum() > 100_000_000
    frame.to_csv(tmp_path / "a.csv", index=False)
    frame.to_csv(tmp_path / "b.csv.gz", index=False, sep=";", compression={"method": "gzip", "compresslevel": 1})
    pq.write_table(pa.Table.from_pandas(frame), tmp_path / "c.parquet", row_group_size=30_000)
    slots = fixed_width(frame, tmp_path / "d.txt")
    rolls = [open_roll(tmp_path / name, "3374") for name in ("a.csv", "b.csv.gz", "c.parquet")]
    for roll in [*rolls, open_roll(tmp_path / "d.txt", "3374", slots=slots), open_roll(frame, "3374")]:
        relief = assess_relief(roll, land_tax_terms, AS_OF)
        assert (roll.illustrative, relief.rows_read, relief.layout_lines) == (
            True,
            100_100,
            2 * (roll.kind == "fixed"),
        )
        assert_equal(relief, plain)


def test_who_had_the_relief_comes_from_the_same_reading(land_tax_terms: ReliefTerms) -> None:
    roll = open_roll(make_example_roll(300, seed=2), "3374")
    relief, benefit = assess_with_benefit(roll, land_tax_terms, AS_OF)
    alone = assess_relief(roll, land_tax_terms, AS_OF, threads=1)
    pd.testing.assert_frame_equal(relief.cells, alone.cells)
    by_year = forgone_by(relief, ["tax_year"]).set_index("tax_year")["forgone"]
    assert benefit.set_index("tax_year")["forgone"].to_dict() == by_year.to_dict()


def test_rolls_are_of_one_city_and_one_made_up_part_marks_the_whole(land_tax_terms: ReliefTerms) -> None:
    frame = make_example_roll(200, seed=4)
    with pytest.raises(OgpAnalysisError, match="one city at a time"):
        assess_relief([], land_tax_terms, AS_OF)
    elsewhere = frame.assign(NOP=frame["NOP"].str.replace("33.74", "33.22"))
    with pytest.raises(OgpAnalysisError, match="one city at a time"):
        assess_relief([open_roll(frame, "3374"), open_roll(elsewhere, "3322")], land_tax_terms, AS_OF)
    parts = [frame[:100], frame[100:].drop(columns="ILUSTRATIF")]
    mixed = assess_relief([open_roll(part, "3374") for part in parts], land_tax_terms, AS_OF)
    assert mixed.state == "illustrative"


def test_tables_of_the_result_agree_and_carry_their_state(land_tax_terms: ReliefTerms) -> None:
    frame = make_example_roll(2000, seed=9)
    relief = assess_relief(open_roll(frame, "3374"), land_tax_terms, AS_OF)
    for by in (["kecamatan"], ["njop_decile"], ["tax_year", "kecamatan"]):
        assert forgone_by(relief, by)["forgone"].sum() == relief.totals()["forgone"]
        assert set(forgone_by(relief, by)["state"]) == set(timing_by(relief, by)["state"]) == {"illustrative"}
    taken = measures_by(relief, ["measure_id"]).set_index("measure_id")
    assert (taken["used"] <= taken["offered"]).all()
    assert taken["take_up"].dropna().between(0, 1).all()
    real = assess_relief(open_roll(frame.drop(columns="ILUSTRATIF"), "3374"), land_tax_terms, AS_OF)
    assert real.state == "derived"
    with pytest.raises(OgpAnalysisError, match="njop"):
        forgone_by(relief, ["njop"])
