"""Parameters, tables, language catalogues and pages, without running a notebook."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pandas as pd
import pytest
from babel.messages.pofile import read_po

from ogp_analysis.errors import OgpAnalysisError, ParameterError
from ogp_analysis.locale import FOLDER, get_language, languages
from ogp_analysis.quarter import Quarter
from ogp_analysis.reports.cells import formatted
from ogp_analysis.reports.html import written_table
from ogp_analysis.reports.parameters import check_parameters, injected_names
from ogp_analysis.reports.runner import plan_runs
from ogp_analysis.reports.tables import make_table
from ogp_analysis.texts import used_texts

ROOT = Path(__file__).resolve().parents[2]
GOOD = {"case": "semarang", "quarter": "2023Q4", "language": "id"}
PLACE = re.compile(r"\{(\w+)\}")


def table_html(frame, columns, language, **given):
    return written_table(make_table(frame, columns, language, **given), language)


@pytest.mark.parametrize(
    ("notebook", "change", "expected"),
    [
        ("10_comitments", {}, "Did you mean '10_commitments'?"),
        (
            "10_commitments",
            {"quater": "2023Q4"},
            "has no parameter 'quater'.\nWhat to do: Did you mean 'quarter'?",
        ),
        ("10_commitments", {"quarter": "2023Q5"}, "Write the year, Q and the number 1 to 4, for example 2023Q4."),
        ("10_commitments", {"language": "jv"}, "There is no language 'jv'"),
        ("10_commitments", {"case": "semarng"}, "Did you mean 'semarang'?"),
        ("40_district_profile", {"district": "Tembalan"}, "Did you mean 'Tembalang'?"),
        ("40_district_profile", {"district": 3374010}, "must be text; found 3374010 (int)"),
        ("40_district_profile", {"district": 33.74}, "not -p"),
        ("40_district_profile", {}, "needs the parameter 'district'"),
    ],
)
def test_wrong_parameters_say_what_is_nearest(notebook, change, expected):
    with pytest.raises(ParameterError) as caught:
        check_parameters(notebook, GOOD | change)
    assert expected in str(caught.value)


def test_codes_pass_as_text():
    run = check_parameters("40_district_profile", GOOD | {"district": "33.74.01"})
    assert run.as_text() == GOOD | {"district": "3374130", "since": ""}
    assert all(type(value) is str for value in run.as_text().values())


def test_names_are_read_from_the_cells_before_the_report_is_opened():
    cells = [
        "%matplotlib inline",
        "case = 'semarang'",
        "# Parameters\nquater = '2023Q4'\n",
        "r = open_report()",
        "y = 2",
    ]
    assert injected_names(cells) == ["case", "quater"]
    assert injected_names(["%matplotlib inline", "x = '\ud800'", "case = 'semarang'"]) == ["case"]


def test_a_parameters_cell_that_was_mended_and_run_again_counts_alone():
    wrong = "case = 'semarang'\nquater = '2022Q4'\nlanguage = 'id'"
    mended, opens = wrong.replace("quater", "quarter"), "r = open_report()"
    assert injected_names([wrong, opens, mended, opens]) == ["case", "quarter", "language"]
    assert injected_names([mended, opens, wrong, opens]) == ["case", "quater", "language"]
    by_hand = "case = 1\nx = 2"
    assert injected_names([mended, opens, by_hand, opens]) == ["case", "quarter", "language"]


def test_the_default_set_is_nine_notebooks_and_sixteen_profiles():
    runs = plan_runs("semarang", "2023Q4", ["id", "en"])
    assert len(runs) == 2 * (8 + 16)
    assert len({(r.notebook, r.language, r.district) for r in runs}) == 48


@pytest.mark.parametrize("code", [code for code in languages() if code != "en"])
def test_catalogues_are_complete_and_keep_their_places(code):
    used = used_texts(ROOT / "ogp_analysis", ROOT / "notebooks")
    with (FOLDER / f"{code}.po").open("rb") as file:
        catalogue = {message.id: message.string for message in read_po(file) if message.id}
    assert [text for text in used if not catalogue.get(text)] == []
    for text, translation in catalogue.items():
        extra = set(PLACE.findall(translation)) - set(PLACE.findall(text)) - {"roman"}
        lost = set(PLACE.findall(text)) - set(PLACE.findall(translation)) - {"number"}
        assert not extra, f"{translation!r} has places that {text!r} does not fill: {extra}"
        assert not lost, f"{translation!r} leaves out {lost} of {text!r}"


def test_numbers_and_dates_in_both_formats():
    indonesian, english = get_language("id"), get_language("en")
    assert indonesian.number(1653524) == "1.653.524"
    assert english.number(1653524) == "1,653,524"
    assert indonesian.percent(61.82) == "61,82%"
    assert indonesian.number(0.1 + 0.2, 1) == "0,3"
    assert indonesian.number(-2769) == "−2.769"
    assert indonesian.number(float("nan")) == "—"
    assert english.quarter(Quarter(2023, 4)) == "Q4 2023"
    assert indonesian.rupiah(4_300_000_000_000) == "Rp4,3 triliun"
    assert indonesian.rupiah(150_500_000) == "Rp150,5 juta"
    assert indonesian.rupiah(100_000) == "Rp100.000"


@pytest.mark.parametrize(
    ("text", "indonesian", "english"),
    [
        ("2020-05-04/2020-05-06", "4–6 Mei 2020", "4–6 May 2020"),
        ("2020-04-27/2020-05-03", "27 April – 3 Mei 2020", "27 April – 3 May 2020"),
        ("2020-04/2020-06", "April – Juni 2020", "April – June 2020"),
        ("2020-12-28/2021-01-03", "28 Desember 2020 – 3 Januari 2021", "28 December 2020 – 3 January 2021"),
        ("2020-12/2021-01", "Desember 2020 – Januari 2021", "December 2020 – January 2021"),
        ("2015/2019", "2015–2019", "2015–2019"),
        ("2020-04/2020-04", "April 2020", "April 2020"),
        # a month and a day: without its year the month would look like a part of the day
        ("2020-04/2020-06-30", "April 2020 – 30 Juni 2020", "April 2020 – 30 June 2020"),
        ("2020-05-04", "4 Mei 2020", "4 May 2020"),
        ("2020", "2020", "2020"),
    ],
)
def test_a_span_is_written_as_a_reader_writes_it(text, indonesian, english):
    assert get_language("id").period(text) == indonesian
    assert get_language("en").period(text) == english


def test_a_text_without_translation_raises():
    with pytest.raises(OgpAnalysisError, match="No translation into 'id' of 'No such text'"):
        get_language("id").t("No such text")


@pytest.mark.parametrize(
    ("value", "kind", "expected"),
    [
        (pd.NA, "whole", "—"),
        (None, "text", "—"),
        (0.0, "whole", "0"),
        (True, "yes", "ya"),
        (date(2021, 9, 30), "date", "30 September 2021"),
        (0.468, "share", "46,8%"),
        (-0.0004, "share", "0,0%"),
        (-0.0004, "points", "0,0"),
        (-0.072, "points", "−7,2"),
        (0.072, "points", "+7,2"),
        (0.001, "signed_mixed", "0"),
        ("<b>", "text", "&lt;b&gt;"),
        ("14 -> 41, NJOP <= 5", "text", "14 → 41, NJOP ≤ 5"),
        ("no_data", "label", "tidak ada data"),
    ],
)
def test_cells(value, kind, expected):
    assert formatted(value, kind, get_language("id")) == expected


def test_tables_show_the_reader_s_column_and_escape_html():
    frame = pd.DataFrame({"name_en": ["A & B"], "name_id": ["A dan <B>"], "value": [1234.5]})
    text = table_html(frame, {"name": "Nama", "value": "Nilai"}, get_language("id"), caption="Judul")
    assert "A dan &lt;B&gt;" in text
    assert "A &amp; B" not in text
    assert "1.234,5" in text
    assert '<th scope="col" class="n">Nilai</th>' in text


@pytest.mark.parametrize(
    ("values", "kind", "expected"),
    [
        ([0.1, 0.25, 3.0], "number", ["0,10", "0,25", "3,00"]),
        ([102.5, 86.0, None], "percent", ["102,5%", "86,0%", "—"]),
        ([1200.0, 3.0], "number", ["1.200", "3"]),
        ([62.74, 86.0], "rate", ["62,74%", "86%"]),  # a printed rate is not made more exact than it was printed
        ([373.7, 1653524.0], "mixed", ["373,7", "1.653.524"]),
        ([0.005, 1.0], "number", ["0,01", "1,00"]),
        ([0.004, 1.0], "number", ["0,00", "1,00"]),
    ],
)
def test_a_column_has_one_number_of_decimals(values, kind, expected):
    frame = pd.DataFrame({"name": ["x"] * len(values), "value": values})
    text = table_html(frame, {"name": "N", "value": "V"}, get_language("id"), caption="C", formats={"value": kind})
    assert re.findall(r'<td class="n">(.*?)</td>', text) == expected


def test_values_of_several_units_are_each_as_exact_as_they_are():
    frame = pd.DataFrame({"value": [2.5, 94.0], "unit": ["km²", "rooms"]})
    text = table_html(frame, {"value": "V", "unit": "U"}, get_language("en"), caption="C")
    assert re.findall(r'<td class="n">(.*?)</td>', text) == ["2.5", "94"]


def test_lists_of_three_take_a_comma_in_indonesian():
    assert get_language("id").list(["Tugu", "Genuk"]) == "Tugu dan Genuk"
    assert get_language("id").list(["Tugu", "Genuk", "Mijen"]) == "Tugu, Genuk, dan Mijen"
    assert get_language("en").list(["Tugu", "Genuk", "Mijen"]) == "Tugu, Genuk and Mijen"


def test_tables_name_a_column_that_is_not_there():
    with pytest.raises(ParameterError, match="no column 'nmae'"):
        table_html(pd.DataFrame({"name": ["x"]}), {"nmae": "Name"}, get_language("en"), caption="")


def test_a_column_without_content_is_left_out_only_where_that_is_allowed():
    frame = pd.DataFrame(
        {"name": ["x", "y"], "note": ["—", None], "basis": [None, "Perwal 1"], "end": [None, None]}
    )
    columns = {"name": "Name", "note": "Remark", "basis": "Basis", "end": "End"}
    text = table_html(frame, columns, get_language("en"), caption="C", optional=["note", "basis"])
    assert re.findall(r"<th scope=.col.[^>]*>(.*?)</th>", text) == ["Name", "Basis", "End"]


def test_rows_with_long_texts_can_become_cards_whose_cells_name_their_column():
    frame = pd.DataFrame({"name": ["x"], "note": ["long " * 20], "place": ["—"], "value": [None]})
    columns = {"name": "Name", "note": "Remark & more", "place": "Place", "value": "Value"}
    kinds = {"value": "number"}
    text = table_html(frame, columns, get_language("en"), caption="C", formats=kinds)
    assert re.findall(r"<td[^>]*data-label=.([^\"]*)", text) == ["Remark &amp; more", "Place", "Value"]
    assert [role in text for role in ('role="table"', 'role="row"', 'role="rowheader"', 'role="cell"')] == [
        True
    ] * 4
    assert text.count("—") == 2  # what is missing is shown as missing, on a phone too
    short = table_html(frame[["name", "place"]], {"name": "N", "place": "P"}, get_language("en"), caption="C")
    assert "cards" not in short
    assert "data-label" not in short


def test_an_address_in_a_remark_becomes_a_link_that_ends_where_the_address_ends():
    text = formatted(
        "Perwal: https://123dok.com/a/b-c.html (UU 28); see http://x.id/?p=1&q=2.", "text", get_language("id")
    )
    assert re.findall(r'<a href="([^"]*)">([^<]*)</a>', text) == [
        ("https://123dok.com/a/b-c.html", "123dok.com"),
        ("http://x.id/?p=1&amp;q=2", "x.id"),
    ]
    assert re.sub(r"<[^>]*>", "", text) == "Perwal: 123dok.com (UU 28); see x.id."


@pytest.mark.parametrize("given", [{"formats": {"valeu": "two"}}, {"optional": ["valeu"]}])
def test_a_format_of_no_column_is_refused_with_what_is_shown(given):
    frame = pd.DataFrame({"name": ["Tugu"], "value": [1.0], "hidden": [2.0]})
    with pytest.raises(ParameterError, match="'valeu', which is no column of the table 'Judul'") as error:
        table_html(frame, {"name": "Nama", "value": "Nilai"}, get_language("id"), caption="Judul", **given)
    assert "name, value" in str(error.value)
    with pytest.raises(ParameterError, match="hidden"):  # in the data, but not in the table
        table_html(frame, {"name": "Nama"}, get_language("id"), caption="Judul", formats={"hidden": "two"})
