# ruff: noqa: PD011 - the field of a result, or text to compare
from __future__ import annotations

import string

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ogp_analysis.cleaning import ParsedNumbers, parse_number, parse_numbers, read_published
from ogp_analysis.cleaning.numerals import take_apart
from ogp_analysis.errors import DataError, OgpAnalysisError, ParameterError


def column(*cells: object, **options: object) -> ParsedNumbers:
    return parse_numbers(pd.Series(list(cells), dtype=object), **options)


def numbers(*cells: object, **options: object) -> list[object]:
    return column(*cells, **options).values.tolist()


def test_four_densities_with_two_thousands_marks() -> None:
    found = column("1.213", "9,833", "7.408", "1,008")
    assert numbers("1.213", "9,833", "7.408", "1,008") == [1213, 9833, 7408, 1008]
    assert found.convention.startswith("mixed:")
    assert numbers("1.213", "9,833") == [1213, 9833]


def test_the_printed_densities_are_population_by_area(data) -> None:
    """Tabel II.11: the densities must come out as population divided by area, within 0.1 %."""
    table = read_published(data / "density_mixed_marks.csv").data
    area = parse_numbers(table["Luas (Km2)"]).values
    people = parse_numbers(table["Penduduk (Jiwa)"], decimal=",").values
    density = parse_numbers(table["Kepadatan (orang/km2)"]).values
    assert people.sum() == 1729428
    assert ((density / (people / area) - 1).abs() < 0.001).all()


def test_two_decimal_marks_in_one_row() -> None:
    assert numbers("162.35", "190,99") == [162.35, 190.99]


def test_a_decimal_point_does_not_make_every_comma_a_thousands_mark() -> None:
    # Hectares of slopes: 643,486 is 643.486 ha, as the whole city has 37,378 ha; the column alone cannot tell.
    with pytest.raises(DataError, match="row 3: found '643,486', expected one reading, not two"):
        numbers("561.73", "643,486")
    assert numbers("561.73", "643,486", between=(0, 37378)) == [561.73, 643.486]
    # Where both readings are of the size of the other figures, size decides nothing.
    with pytest.raises(DataError, match=r"64486 or 64\.486"):
        numbers("2.5", "99999.5", "64,486")
    # With figures of the size that thousands give, the English convention holds.
    assert numbers("561,730.50", "643,486") == [561730.5, 643486]
    assert numbers("9561.7", "64,486", "9,120") == [9561.7, 64486, 9120]


@pytest.mark.parametrize(
    "cells", [("1.213", "2.456"), ("9,833", "1,008"), ("1.213", "0", "-"), ("12.345",), ("1.213", "2")]
)
def test_a_wholly_ambiguous_column_raises_and_says_what_to_pass(cells: tuple[str, ...]) -> None:
    with pytest.raises(DataError, match=r"(?s)expected one reading, not two.*pass decimal=',' or decimal='\.'"):
        numbers(*cells)


def test_decimal_and_range_decide_what_the_column_cannot() -> None:
    assert numbers("1.213", "2.456", decimal=",") == [1213, 2456]
    assert numbers("1.213", "2.456", decimal=".") == [1.213, 2.456]
    assert numbers("1.213", "2.456", between=(500, 20000)) == [1213, 2456]
    with pytest.raises(DataError, match="a value between 0 and 100"):
        numbers("57,55", "101,5", between=(0, 100))


@pytest.mark.parametrize(
    ("cells", "values"),
    [
        (("1.234.567", "12.345"), [1234567, 12345]),
        (("1.234,56", "9.833"), [1234.56, 9833]),
        (("57,55", "9,833"), [57.55, 9.833]),
        (("71,97", "474.930"), [71.97, 474930]),
        (("32,594", "1,214,871", "0"), [32594, 1214871, 0]),
        (("0,389", "1,213"), [0.389, 1.213]),
        (("1.213", "85", "980"), [1213, 85, 980]),
        (("1.213", "850"), [1213, 850]),
        (("69.789", "60,375", "1.729.428"), [69789, 60375, 1729428]),
        (("24,1", "3.175,6", "98.2"), [24.1, 3175.6, 98.2]),
        (("885,00", "1950,00", "1.449,74"), [885, 1950, 1449.74]),
    ],
)
def test_certain_cells_decide_for_the_others(cells: tuple[str, ...], values: list[float]) -> None:
    assert numbers(*cells) == values


def test_a_digit_lost_behind_a_thousands_mark_is_no_decimal() -> None:
    with pytest.raises(DataError, match=r"row 4: found '100\.97', expected a number: '\.' groups thousands"):
        numbers("6.439", "25.505.975", "100.97")
    # One damaged cell must not turn a column of people into fractions.
    with pytest.raises(DataError, match="not two"):
        numbers("69.789", "109.445", "155.99")


@pytest.mark.parametrize(
    ("text", "value", "unit", "mark"),
    [
        ("Rp 1.234.567,-", 1234567, "Rp", ""),
        ("Rp. 5.000.000,00", 5000000, "Rp", ""),
        ("Rp577,5 miliar", 577.5e9, "Rp", ""),
        ("Rp1,5 juta*", 1.5e6, "Rp", "*"),
        ("IDR 2 triliun", 2e12, "Rp", ""),
        ("12 ribu jiwa", 12000, "jiwa", ""),
        ("(1.234)", -1234, "", ""),
        ("(41.670.000.000)", -41670000000, "", ""),
        ("Rp (1.234)", -1234, "Rp", ""),
        ("1.110 Unit", 1110, "Unit", ""),
        ("300 KK", 300, "KK", ""),
        ("68,62%", 68.62, "%", ""),
        ("57,55 km²", 57.55, "km²", ""),
        ("Rp 5.000/m2", 5000, "Rp/m2", ""),
        ("57,55 km2", 57.55, "km2", ""),
        ("1.213r", 1213, "", "r"),
        ("98.674*", 98674, "", "*"),
        ("98.674 **", 98674, "", "**"),
        ("12,5x", 12.5, "", "x"),
        ("7 e", 7, "", "e"),
        ("1.213²", 1213, "", "²"),
        ("1.213 1)", 1213, "", "1)"),
        ("**1.213**", 1213, "", ""),
        ("~~90~~", 90, "", ""),
        ("\u20135,5", -5.5, "", ""),
        ("\u22125,5", -5.5, "", ""),
        ("-14,32", -14.32, "", ""),
        ("  1.005", 1005, "", ""),
        ("1\u00a0234\u00a0567", 1234567, "", ""),
        ("1. 213", 1213, "", ""),
        (",5", 0.5, "", ""),
    ],
)
def test_one_number_with_what_stands_around_it(text: str, value: float, unit: str, mark: str) -> None:
    found = parse_number(text, decimal=",")
    assert (found.value, found.state, found.unit, found.mark) == (value, "measured", unit, mark)


MISSING = ["", "-", "–", "—", "...", "…", "NA", "n/a", "N.A.", "#REF!", "#N/A", "NULL", "\u00a0"]


@pytest.mark.parametrize("text", [*MISSING, None, float("nan"), pd.NA])
def test_no_mark_of_a_missing_value_becomes_a_zero(text: object) -> None:
    found = column(text, "0", "5")
    assert found.values.isna().tolist() == [True, False, False]
    assert found.state.tolist() == ["no_data", "measured", "measured"]
    assert parse_number(text, decimal=",").value is None


def test_the_mark_itself_is_kept() -> None:
    assert column("#REF!", "–", "...", "0").missing_mark.tolist() == ["#REF!", "-", "...", ""]


@pytest.mark.parametrize(
    ("dash", "value", "state"),
    [("missing", pd.NA, "no_data"), ("zero", 0.0, "measured"), ("not_applicable", pd.NA, "not_applicable")],
)
def test_a_dash_means_what_the_legend_says(dash: str, value: object, state: str) -> None:
    found = column("-", "Rp -", "7", "...", dash=dash)
    assert found.values.tolist() == [value, value, 7.0, pd.NA]
    assert found.state.tolist() == [state, state, "measured", "no_data"]


BAD = [
    "WTP",
    "12 34",
    "5-6",
    "<5",
    "12/03/2020",
    "12 dari 16",
    "1e5",
    "1,23E+05",
    "1.23.4",
    "1.2345,6",
    "(5",
    "(5))",
    "Rp335 M",
]


@pytest.mark.parametrize("text", [*BAD, "28 | Unit", "5-", True, "1.213²4", "5½", "1.234,"])
def test_what_is_no_number_is_listed_and_never_guessed(text: object) -> None:
    with pytest.raises(DataError) as caught:
        parse_numbers(pd.Series(["1,5", text], name="nilai", dtype=object), file="x.csv")
    problem = caught.value.problems[0]
    assert (problem.file, problem.row, problem.column) == ("x.csv", 3, "nilai")
    found = column("1,5", text, errors="report")
    assert found.values.isna().tolist() == [False, True]
    assert found.problems["row"].tolist() == [3]


def test_a_stated_mark_that_the_digits_contradict_is_an_error() -> None:
    with pytest.raises(DataError, match=r"found '561\.73'.*three digits in each group"):
        numbers("12,5", "561.73", decimal=",")


@pytest.mark.parametrize("torn", ["33.74.14", "1,2,3", "1.2,3.4"])
def test_a_cell_that_no_reading_fits_is_listed_and_has_no_say_in_the_others(torn: str) -> None:
    for cells in (["1.213"], ["9,833", "1.213"], ["512", "41", "1.213"], ["57,55", "1,213"]):
        alone, beside = column(*cells, errors="report"), column(*cells, torn, errors="report")
        assert beside.values.tolist()[:-1] == alone.values.tolist()
        assert beside.problems["value"].tolist() == [*alone.problems["value"], torn]
        assert beside.problems["expected"].tolist()[-1] == "three digits in each group"


@pytest.mark.parametrize(
    ("cells", "convention"),
    [
        (("57,55", "1.234,5"), "'.' thousands, ',' decimal"),
        (("1,5",), "',' decimal"),
        (("1.234.567",), "'.' thousands"),
        (("85", "980"), "no marks"),
        (("162.35", "190,99"), "mixed: '.' decimal, ',' decimal"),
        (("1.234.567", "98.2", "24,1"), "mixed: '.' thousands, '.' decimal, ',' decimal"),
    ],
)
def test_the_convention_names_each_mark_with_its_role(cells: tuple[str, ...], convention: str) -> None:
    assert column(*cells).convention == convention


def test_what_decided_is_said() -> None:
    assert column("1.213", decimal=",").evidence == ("decimal=',' was passed",)
    assert column("1.213", between=(500, 20000)).evidence[0] == "between was passed"
    assert "between was passed" not in column("1.213", "85", "980").evidence


def test_both_ends_of_the_range_are_in_it() -> None:
    assert numbers("0", "100", between=(0, 100)) == [0, 100]
    # 1.213 is 1213 at the upper end of the one range, and 1.213 at the lower end of the other
    assert numbers("1.213", between=(1000, 1213)) == [1213]
    assert numbers("1.213", between=(1.213, 100)) == [1.213]
    assert numbers("0,1", between=(0.1, 0.1)) == [0.1]
    for nothing in ((100, 0), (float("nan"), 5)):
        with pytest.raises(ParameterError, match="is no range"):
            numbers("1", between=nothing)
    for outside in ("-0,1", "100,1"):
        with pytest.raises(DataError, match="a value between 0 and 100"):
            numbers(outside, between=(0, 100))


def test_a_dash_that_means_zero_is_a_measured_zero() -> None:
    found = parse_number("-", decimal=",", dash="zero")
    assert (found.value, found.state, found.missing_mark) == (0.0, "measured", "-")


def test_numbers_that_were_numbers_already() -> None:
    with pytest.raises(ParameterError, match="holds numbers already"):
        parse_numbers(pd.Series([1.213, 9.833], name="kepadatan"))
    assert numbers(5, 2.5, "1,5", None) == [5, 2.5, 1.5, pd.NA]


def test_scale_index_name_and_input() -> None:
    values = pd.Series(["71,97", "..."], index=["b", "a"], name="miskin")
    before = values.copy()
    found = parse_numbers(values, scale=1000)
    assert found.values.tolist() == [71970.0, pd.NA]
    assert found.values.index.tolist() == ["b", "a"]
    assert found.values.name == "miskin"
    assert str(found.values.dtype) == "Float64"
    pd.testing.assert_series_equal(values, before)
    assert parse_numbers(pd.Series([], dtype=str)).values.empty


def test_options_that_do_not_exist_are_refused() -> None:
    for options in ({"decimal": ";"}, {"dash": "null"}, {"errors": "ignore"}):
        with pytest.raises(ParameterError):
            column("1", **options)
    with pytest.raises(ParameterError, match="';' is not a decimal mark"):
        parse_number("1", decimal=";")


def printed(value: int, decimals: int, thousands: str, mark: str) -> str:
    whole, fraction = divmod(abs(value), 10**decimals)
    text = f"{whole:,}".replace(",", thousands) + (f"{mark}{fraction:0{decimals}d}" if decimals else "")
    return "-" + text if value < 0 else text


@given(
    st.lists(st.integers(-(10**12), 10**12), min_size=1, max_size=8),
    st.sampled_from([(".", ","), (",", "."), (" ", ","), ("", ".")]),
    st.integers(0, 4),
)
def test_what_is_printed_is_read_again(values: list[int], marks: tuple[str, str], decimals: int) -> None:
    thousands, mark = marks
    cells = [printed(value, decimals, thousands, mark) for value in values]
    assert numbers(*cells, decimal=mark) == pytest.approx([value / 10**decimals for value in values])
    # Without the mark, the column is either read rightly or refused.
    try:
        found = numbers(*cells)
    except OgpAnalysisError:
        return
    assert found == pytest.approx([value / 10**decimals for value in values])


@given(st.text(alphabet=string.printable + "–…²½\u00a0", max_size=12))
def test_no_cell_makes_the_reader_stumble(text: str) -> None:
    assert take_apart(text).kind in {"number", "missing", "dash", "bad"}
    found = column(text, errors="report")
    assert found.values.isna().tolist() == [found.state[0] != "measured"]
