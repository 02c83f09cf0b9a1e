"""What holds for every cleaner, whatever it is given: it reads or refuses in words, keeps the index, changes no input."""

from __future__ import annotations

import datetime
import math
import string

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ogp_analysis import cleaning
from ogp_analysis.cleaning.layout import is_figure
from ogp_analysis.cleaning.published import PublishedTable
from ogp_analysis.cleaning.text import clean, fold, total_of
from ogp_analysis.errors import DataError, OgpAnalysisError
from ogp_analysis.locale import get_language
from ogp_analysis.quarter import Quarter

QUICK = settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
ATTESTED = st.sampled_from(
    ["1.213", "9,833", "Rp577,5 miliar", "(1.234)", "-", "...", "27 April 2020", "TW III 2020", "Kec. Mijen", "Gunung Pati Total",
     "Tugu", "3374010", "33.74.14", "010", "Purwosari", "33.74.14.1012", "3374010012", "1,5", "½", "0"]
)  # fmt: skip
ANY = st.text(st.characters(), max_size=12)  # halves of surrogate pairs too
CELL = st.one_of(
    ATTESTED, ANY, st.none(), st.just(math.nan), st.integers(-5, 10**9), st.floats(), st.booleans(), st.dates()
)
LABEL = st.one_of(st.integers(0, 9), st.text(string.ascii_letters, max_size=2))


@st.composite
def columns(draw) -> pd.Series:
    cells = draw(st.lists(CELL, max_size=6))
    index = draw(st.lists(LABEL, min_size=len(cells), max_size=len(cells)))
    return pd.Series(
        cells, index=pd.Index(index, dtype=object), dtype=object, name=draw(st.sampled_from(["x", None]))
    )


def names_of(districts, aliases, villages):
    """Every cleaner of a column, as a function of the column alone."""
    return {
        "parse_numbers": lambda values: cleaning.parse_numbers(values, errors="report").values,  # noqa: PD011
        "parse_numbers, strict": lambda values: cleaning.parse_numbers(values).state,
        "parse_dates": lambda values: cleaning.parse_dates(values, errors="report").values,  # noqa: PD011
        "parse_dates, strict": lambda values: cleaning.parse_dates(values).values,  # noqa: PD011
        "parse_quarters": lambda values: cleaning.parse_quarters(values, errors="report").values,  # noqa: PD011
        "resolve_names": lambda values: cleaning.resolve_names(values, districts, aliases).codes,
        "resolve_villages": lambda values: cleaning.resolve_villages(values, villages).codes,
        "kemendagri_from_bps": lambda values: cleaning.kemendagri_from_bps(values, districts),
        "bps_from_kemendagri": lambda values: cleaning.bps_from_kemendagri(values, districts),
        "bps_from_nop": lambda values: cleaning.bps_from_nop(values, districts, city="3374"),
        "village_bps_from_kemendagri": lambda values: cleaning.village_bps_from_kemendagri(values, villages),
        "village_kemendagri_from_bps": lambda values: cleaning.village_kemendagri_from_bps(values, villages),
    }


CLEANERS = sorted(names_of(None, None, None))


@pytest.mark.parametrize("name", CLEANERS)
@QUICK
@given(values=columns())
def test_any_column_is_read_on_its_index_or_refused_in_words(name, values, districts, aliases, villages) -> None:
    before = values.copy()
    try:
        found = names_of(districts, aliases, villages)[name](values)
    except OgpAnalysisError as error:
        assert error.hint  # noqa: PT017 - that nothing else is raised is the point
        found = None
    pd.testing.assert_series_equal(values, before)
    if found is not None:
        assert found.index.equals(values.index)
        blank = [clean(value) == "" for value in values]
        # what is empty is missing in the answer, never zero and never a place
        assert found[blank].isna().all() or name == "parse_numbers, strict"


READABLE = {
    "parse_dates": st.dates(datetime.date(1000, 1, 1)).map(get_language("id").date),
    "parse_quarters": st.builds(Quarter, st.integers(1950, 2100), st.integers(1, 4)).map(get_language("id").quarter),
    "resolve_names": st.sampled_from(["Mijen", "GUNUNG PATI", "Kec. Tugu", "Ngalian", "nowhere", "tengah", "Total"]),
    "resolve_villages": st.sampled_from(["Purwosari", "Kel. Tembalang", "Kedungpani", "nowhere"]),
    "kemendagri_from_bps": st.sampled_from(["3374010", "3374160", " 3374020 ", ""]),
    "bps_from_kemendagri": st.sampled_from(["33.74.14", "33.74.15", ""]),
    "bps_from_nop": st.sampled_from(["010", "160", ""]),
    "village_bps_from_kemendagri": st.sampled_from(["33.74.14.1012", "33.74.16.1006", ""]),
    "village_kemendagri_from_bps": st.sampled_from(["3374010012", "3374150006", ""]),
}  # fmt: skip


@pytest.mark.parametrize("name", sorted(READABLE))
@QUICK
@given(data=st.data())
def test_the_order_of_rows_does_not_matter_and_a_row_more_changes_no_other(
    name, data, districts, aliases, villages
):
    cells = data.draw(st.lists(READABLE[name], min_size=1, max_size=6))
    values = pd.Series(cells, dtype=object)
    read = names_of(districts, aliases, villages)[name]
    found = read(values)
    order = data.draw(st.permutations(range(len(cells))))
    pd.testing.assert_series_equal(read(values.iloc[list(order)]).sort_index(), found)
    more = pd.concat([values, pd.Series([data.draw(READABLE[name]), None], index=[90, 91], dtype=object)])
    longer = read(more)
    pd.testing.assert_series_equal(longer.iloc[: len(cells)], found)
    assert pd.isna(longer.loc[91])


@QUICK
@given(codes=st.lists(st.sampled_from(["3374010", "3374020", "3374160", ""]), max_size=5))
def test_codes_go_there_and_back(codes, districts) -> None:
    values = pd.Series(codes, dtype=object)
    there = cleaning.kemendagri_from_bps(values, districts)
    assert cleaning.bps_from_kemendagri(there, districts).fillna("").tolist() == codes
    nop = values.str[4:]
    assert cleaning.bps_from_nop(nop, districts, city="3374").fillna("").tolist() == codes


@QUICK
@given(codes=st.lists(st.sampled_from(["33.74.14.1012", "33.74.02.1003", ""]), max_size=5))
def test_codes_of_villages_go_there_and_back(codes, villages) -> None:
    there = cleaning.village_bps_from_kemendagri(pd.Series(codes, dtype=object), villages)
    assert cleaning.village_kemendagri_from_bps(there, villages).fillna("").tolist() == codes


@QUICK
@given(order=st.permutations(range(16)), data=st.data())
def test_right_codes_are_passed_and_an_exchange_of_two_is_found_in_both_rows(order, data, districts) -> None:
    table = districts.iloc[list(order)].reset_index(drop=True)
    assert cleaning.check_codes(table, districts, "code_bps", "name").empty
    one, other = data.draw(st.lists(st.integers(0, 15), min_size=2, max_size=2, unique=True))
    swapped = table.copy()
    swapped.loc[[one, other], "code_bps"] = table.loc[[other, one], "code_bps"].to_numpy()
    assert sorted(cleaning.check_codes(swapped, districts, "code_bps", "name").index) == sorted([one, other])


@QUICK
@given(st.one_of(ANY, ATTESTED, CELL))
def test_a_cell_made_plain_is_plain_already(value) -> None:
    text = clean(value)
    assert clean(text) == text == " ".join(text.split())
    assert fold(fold(text)) == fold(text)
    assert set(fold(text)) <= set(string.ascii_lowercase)
    assert is_figure(text) in (True, False)
    if total_of(text):
        assert total_of(text) in text


@QUICK
@given(CELL, st.sampled_from([",", "."]))
def test_one_number_alone_is_read_as_in_a_column_of_its_mark(value, mark) -> None:
    def of_one() -> float | None:
        found = cleaning.parse_number(value, decimal=mark).value
        return None if found is None or pd.isna(found) else float(found)

    def of_column() -> float | None:
        found = cleaning.parse_numbers(pd.Series([value], dtype=object), decimal=mark).values.iloc[0]  # noqa: PD011
        return None if pd.isna(found) else float(found)

    answers = []
    for read in (of_one, of_column):
        try:
            answers.append(read())
        except OgpAnalysisError:
            answers.append("refused")
    if isinstance(value, str):
        assert answers[0] == answers[1]


@QUICK
@given(st.one_of(ANY, ATTESTED, st.dates().map(str)))
def test_one_day_month_or_quarter_is_read_or_refused_in_words(text) -> None:
    for read in (cleaning.parse_date, cleaning.parse_month, cleaning.parse_quarter):
        try:
            read(text)
        except DataError as error:
            assert error.hint  # noqa: PT017


# tables and series

FIGURES = st.one_of(st.integers(0, 50), st.none())


@QUICK
@given(st.lists(FIGURES, min_size=1, max_size=8), st.integers(-3, 3), st.randoms(use_true_random=False))
def test_a_total_agrees_with_its_rows_in_any_order_and_differs_by_what_was_added(figures, more, random) -> None:
    def checked(cells: list[int | None]) -> dict[str, object]:
        empty = pd.DataFrame()
        rows = pd.DataFrame(
            {"k": [str(n) for n in range(len(cells))], "n": ["" if c is None else str(c) for c in cells]}
        )
        total = pd.DataFrame({"k": ["Jumlah"], "n": [str(sum(c or 0 for c in cells) + more)], "kind": ["total"]})
        table = PublishedTable(rows, total, (), empty, empty, 0, (), empty, "utf-8", ",")
        return cleaning.check_totals(table, columns=["n"], decimal=",").iloc[0].to_dict()

    known = [figure for figure in figures if figure is not None]
    found = checked(figures)
    assert (found["rows"], found["no_data"]) == (len(known), len(figures) - len(known))
    assert found["note"] == ("no row has a figure" if not known else "differs" if more else "agrees")
    if known:
        assert (found["computed"], found["difference"]) == (sum(known), more)
    again = checked(random.sample(figures, len(figures)))
    assert [again[key] for key in ("note", "rows")] == [found[key] for key in ("note", "rows")]


@QUICK
@given(st.lists(st.lists(st.sampled_from(["", "1", "x"]), min_size=3, max_size=3), max_size=4))
def test_years_in_columns_become_rows_and_none_is_lost(rows) -> None:
    wide = pd.DataFrame(rows, columns=["Penduduk 2019", "Penduduk 2020*", "Luas (2020)"]).assign(
        k=range(len(rows))
    )
    before = wide.copy()
    long = cleaning.years_to_rows(wide)
    pd.testing.assert_frame_equal(wide, before)
    assert sorted(long["value"]) == sorted(cell for row in rows for cell in row)
    for k, year, value in zip(long["k"], long["year"], long["value"], strict=True):
        assert value in [cell for cell, own in zip(rows[k], (2019, 2020, 2020), strict=True) if own == year]


@st.composite
def series(draw) -> pd.DataFrame:
    units, years = draw(st.integers(1, 4)), draw(st.integers(1, 4))
    value = st.one_of(st.integers(0, 3), st.integers(100, 120), st.none())
    rows = [(f"u{u}", 2018 + y, draw(value), draw(value)) for u in range(units) for y in range(years)]
    return pd.DataFrame(rows, columns=["k", "y", "v", "w"]).astype({"v": "float", "w": "float"})


FINDERS = {
    "find_duplicate_series": lambda frame: cleaning.find_duplicate_series(frame, "k", "y", "v"),
    "find_base_breaks": lambda frame: cleaning.find_base_breaks(frame, "k", "y", "v"),
    "find_area_switches": lambda frame: cleaning.find_area_switches(frame, "k", "y", "v", "w"),
}


@pytest.mark.parametrize("name", FINDERS)
@QUICK
@given(frame=series(), random=st.randoms(use_true_random=False))
def test_a_suspicion_does_not_hang_on_the_order_of_rows_nor_on_rows_without_a_figure(name, frame, random) -> None:
    before = frame.copy()
    found = FINDERS[name](frame)
    pd.testing.assert_frame_equal(frame, before)
    shuffled = frame.iloc[random.sample(range(len(frame)), len(frame))]
    pd.testing.assert_frame_equal(FINDERS[name](shuffled), found)
    more = pd.DataFrame({"k": "new", "y": frame["y"].unique(), "v": math.nan, "w": math.nan})
    pd.testing.assert_frame_equal(FINDERS[name](pd.concat([frame, more], ignore_index=True)), found)


@QUICK
@given(st.lists(st.integers(1, 500), min_size=1, max_size=5), st.integers(2017, 2022), st.integers(1, 3))
def test_a_series_that_stands_still_breaks_nowhere_and_one_that_doubles_does(values, year, later) -> None:
    frame = pd.DataFrame(
        [(f"u{n}", when, value) for when in (year, year + later) for n, value in enumerate(values)],
        columns=["k", "y", "v"],
    )
    assert cleaning.find_base_breaks(frame, "k", "y", "v").empty
    doubled = frame.assign(v=frame["v"].where(frame["y"] == year, 2 * frame["v"]))
    (found,) = cleaning.find_base_breaks(doubled, "k", "y", "v").to_dict("records")
    assert found["change"] == pytest.approx(2 ** (1 / later) - 1)
    assert found["units"] == found["units_moved"] == len(values)


@pytest.mark.parametrize("period", ["", "2020-05", "2020/2021", "x", "99999"])
def test_what_is_no_year_is_refused_by_its_name(period: str) -> None:
    frame = pd.DataFrame({"k": ["a", "a"], "y": ["2019", period], "v": [1.0, 2.0]})
    with pytest.raises(OgpAnalysisError, match="'y' holds") as caught:
        cleaning.find_base_breaks(frame, "k", "y", "v")
    assert repr(period) in str(caught.value)


@QUICK
@given(st.lists(FIGURES, min_size=1, max_size=5), st.lists(FIGURES, min_size=1, max_size=5), st.booleans())
def test_labels_that_were_exchanged_look_so_from_both_sides_and_no_data_decides_nothing(
    one, other, exchange
) -> None:
    a, b = pd.Series(one, name="a", dtype=float), pd.Series(other, name="b", dtype=float)
    sums = {"a": float(a.sum()), "b": float(b.sum())}
    known = {"a": sums["b"], "b": sums["a"]} if exchange else sums
    verdict = cleaning.find_label_swap(a, b, known).verdict
    assert cleaning.find_label_swap(b, a, known).verdict == verdict
    if None in one + other or sums["a"] == sums["b"]:
        assert verdict == "undecidable"
    else:
        assert verdict == ("swapped" if exchange else "consistent")


@QUICK
@given(
    st.lists(st.tuples(st.sampled_from(["Unit", "Orang", "28", "1.213", "", None]), ATTESTED), max_size=5),
    st.randoms(),
)
def test_a_unit_that_is_a_figure_is_listed_in_any_order_on_its_index(rows, random) -> None:
    frame = pd.DataFrame(rows, columns=["unit", "n"], dtype=object)
    found = cleaning.find_polluted_units(frame, "unit", ["n"])
    wrong = [at for at, (unit, n) in enumerate(rows) if unit in ("28", "1.213") or (unit and unit == n)]
    assert found.index.tolist() == wrong
    shuffled = frame.iloc[random.sample(range(len(frame)), len(frame))]
    again = cleaning.find_polluted_units(shuffled, "unit", ["n"])
    assert again["found"].sort_index().tolist() == found["found"].tolist()
