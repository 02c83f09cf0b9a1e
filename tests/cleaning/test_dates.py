# ruff: noqa: PD011 - the field of a result, or text to compare
from __future__ import annotations

from datetime import date, datetime

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ogp_analysis.cleaning import parse_date, parse_dates, parse_month, parse_quarter, parse_quarters
from ogp_analysis.errors import DataError
from ogp_analysis.locale import get_language
from ogp_analysis.quarter import Quarter


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("24 April 2020", date(2020, 4, 24)),
        ("Senin, 19 Oktober 2020", date(2020, 10, 19)),
        ("Jum'at 1 Mei 2020", date(2020, 5, 1)),
        ("19/10/2020", date(2020, 10, 19)),
        ("03/04/2020", date(2020, 4, 3)),
        ("3-4-2020", date(2020, 4, 3)),
        ("19.10.2020", date(2020, 10, 19)),
        ("2020-10-19", date(2020, 10, 19)),
        ("2020-10-19T08:30:00", date(2020, 10, 19)),
        ("29 Pebruari 2020", date(2020, 2, 29)),
        ("5 Nopember 2020", date(2020, 11, 5)),
        ("17 Agt 2020", date(2020, 8, 17)),
        ("31\u00a0Des. 2020", date(2020, 12, 31)),
        (datetime(2020, 5, 4, 12), date(2020, 5, 4)),
        (date(2020, 5, 4), date(2020, 5, 4)),
    ],
)
def test_days(text: object, day: date) -> None:
    assert parse_date(text) == day


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("24 April 20", "a year of four digits"),
        ("19/10/20", "a year of four digits"),
        ("10/19/2020", "a day that exists"),
        ("30 Februari 2020", "a day that exists"),
        ("24 Aprol 2020", "the name of a month, 'Aprol' is none"),
        ("April 2020", "a day, month and year"),
        ("2020", "a day, month and year"),
        ("19/10-2020", "a day, month and year"),
        ("43941", "a day, month and year"),
        ("", "a day, month and year"),
    ],
)
def test_no_day_is_guessed(text: str, why: str) -> None:
    with pytest.raises(DataError, match=why):
        parse_date(text)


@given(st.dates(min_value=date(1000, 1, 1)))
def test_every_day_as_the_reports_write_it_is_read_again(day: date) -> None:
    assert parse_date(get_language("id").date(day)) == day
    assert parse_date(get_language("en").date(day)) == day
    assert parse_month(get_language("id").month(day)) == day.replace(day=1)


@pytest.mark.parametrize(
    "text",
    [
        "Triwulan III 2020",
        "Triwulan 3/2020",
        "TW III 2020",
        "TW3 2020",
        "Kuartal ke-3 2020",
        "Q3 2020",
        "2020Q3",
        "triwulan iii tahun 2020",
        "Triwulan III/2020",
        "Triwulan ke 3 Tahun 2020",
        "2020-Q3",
        "TW. III-2020",
    ],
)
def test_quarters(text: str) -> None:
    assert parse_quarter(text) == Quarter(2020, 3)


@pytest.mark.parametrize("number", [1, 2, 3, 4])
def test_quarters_as_the_reports_write_them(number: int) -> None:
    quarter = Quarter(2021, number)
    assert parse_quarter(quarter) == quarter
    assert parse_quarter(get_language("id").quarter(quarter)) == quarter
    assert parse_quarter(get_language("en").quarter(quarter)) == quarter


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("Semester I 2020", "a quarter, not a part of the year with another length"),
        ("Caturwulan II 2020", "another length"),
        ("Triwulan V 2020", "a quarter and a year"),
        ("Triwulan 5 2020", "a quarter from 1 to 4"),
        ("Triwulan III 20", "a year of four digits"),
        ("Triwulan III", "a quarter and a year"),
        ("III 2020", "a quarter and a year"),
    ],
)
def test_no_quarter_is_guessed(text: str, why: str) -> None:
    with pytest.raises(DataError, match=why):
        parse_quarter(text)


def test_columns_name_the_row_and_keep_the_index() -> None:
    values = pd.Series(["24 April 2020", "", "besok", None], index=[7, 8, 9, 10], name="tanggal")
    with pytest.raises(DataError, match=r"x\.csv, row 4, column 'tanggal': found 'besok'"):
        parse_dates(values, file="x.csv")
    found = parse_dates(values, errors="report")
    assert found.values.to_dict() == {7: date(2020, 4, 24), 8: None, 9: None, 10: None}
    assert found.problems["row"].tolist() == [4]
    with pytest.raises(DataError, match="table, row 3: found 'Semester I 2020'"):
        parse_quarters(pd.Series(["TW I 2021", "Semester I 2020"]))
    quarters = parse_quarters(pd.Series(["TW I 2021", "2021Q2"]))
    assert quarters.values.tolist() == [Quarter(2021, 1), Quarter(2021, 2)]


def test_months() -> None:
    assert parse_month("Pebruari 2021") == date(2021, 2, 1)
    with pytest.raises(DataError, match="month: found '2021', expected a month and a year"):
        parse_month("2021")
