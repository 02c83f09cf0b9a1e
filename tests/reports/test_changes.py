"""What changed, on the pages and by the command; in both languages."""

from __future__ import annotations

import csv
import html
import json
import re
from pathlib import Path

import pandas as pd
import pytest

from ogp_analysis.build import METHOD_VERSION
from ogp_analysis.changes import moves, standing, standing_json
from ogp_analysis.cli import main
from ogp_analysis.errors import ParameterError
from ogp_analysis.locale import get_language
from ogp_analysis.quarter import Quarter
from ogp_analysis.recovery.chance import shown_counts
from ogp_analysis.reports import change_rows, changes, runner
from ogp_analysis.reports.change_set import Changes
from ogp_analysis.reports.compare import moves_text
from ogp_analysis.reports.context import Report
from ogp_analysis.reports.parameters import check_parameters

GIVEN = {"case": "semarang", "quarter": "2021Q4", "language": "id"}
EARLY, LATE = Quarter(2020, 4), Quarter(2021, 4)


def page_text(path: Path) -> str:
    return html.unescape(re.sub(r"<[^>]+>", " ", path.read_text(encoding="utf-8")))


@pytest.fixture(scope="module")
def published(tmp_path_factory, semarang):
    """The standing of a report that was made by another method and from another table of claims."""
    kept = json.loads(standing_json(standing(semarang, EARLY, {"kind": "other"})))
    kept["made"]["method_version"] = "2"
    kept["made"]["tables"]["claims"] = "0" * 64
    claim = next(item for item in kept["items"] if item["subject"] == "claim")
    claim["text"] = "sources_disagree"
    path = tmp_path_factory.mktemp("kept") / "standing.json"
    path.write_text(json.dumps(kept), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def made(tmp_path_factory, published):
    out = tmp_path_factory.mktemp("changes")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SOURCE_DATE_EPOCH", "1700000000")
        runs = runner.plan_runs("semarang", "2021Q4", ["id"], ["45_changes"], published=str(published))
        runs += runner.plan_runs("semarang", "2021Q4", ["en"], ["45_changes"], since="2020Q4")
        runs += runner.plan_runs("semarang", "2021Q4", ["en"], ["10_commitments"])
        runs += runner.plan_runs("semarang", "2021Q4", ["id"], ["40_district_profile"], ["Tugu"], since="2020Q4")
        outcomes = runner.run_reports(runs, out)
    assert [outcome.problem for outcome in outcomes] == [""] * 4
    return out / "semarang" / "2021Q4"


def test_the_page_says_what_moved_data_method_or_boundaries(made):
    text = page_text(made / "id" / "45_changes" / "45_changes.html")
    assert "Apa yang berubah sejak triwulan IV 2020" in text or "Apa yang berubah sejak Triwulan IV 2020" in text
    assert (
        f"Metode berubah: laporan itu dibuat dengan metode versi 2, yang ini dengan versi {METHOD_VERSION}."
        in text
    )
    assert "Data berubah: tabel berikut tidak sama dengan waktu itu: claims." in text
    assert "Garis batas pada peta tidak sama dengan waktu itu" in text
    assert "tabel direvisi, metode kami berubah" in text


def test_without_a_published_report_only_newer_data_can_have_moved(made):
    text = page_text(made / "en" / "45_changes" / "45_changes.html")
    assert "Both quarters are computed with the tables and the method of today" in text
    assert "What changed since" in text
    assert "Our method" not in text


def test_each_side_has_the_same_classes_and_both_periods_are_named(made):
    page = (made / "en" / "45_changes" / "45_changes.html").read_text(encoding="utf-8")
    rows = list(csv.DictReader((made / "en" / "45_changes" / "results.csv").open(encoding="utf-8", newline="")))
    figure = [row for row in rows if row["block"] == "figure"]
    assert {row["label"].split(" / ")[0] for row in figure} >= {"30 August 2020", "29 September 2021"} or {
        "30 August 2020",
        "29 September 2021",
    } <= set(re.findall(r"\d+ \w+ \d{4}", page))
    assert page.count("0.5 to &lt; 1.5") + page.count("0.5 to < 1.5") >= 1


def test_the_standing_is_kept_beside_the_page_and_is_that_of_the_library(made, semarang):
    kept = [(made / code / "45_changes" / "standing.json").read_text(encoding="utf-8") for code in ("id", "en")]
    assert kept[0] == kept[1]
    outline = json.loads(kept[0])["made"]["outline"]
    assert outline["kind"] == "schematic"
    assert kept[0] == standing_json(standing(semarang, LATE, outline))
    record = json.loads((made / "id" / "45_changes" / "provenance.json").read_text(encoding="utf-8"))
    assert "standing.json" in record["outputs"]


def test_a_page_tells_its_own_changes_and_no_others(made):
    own = page_text(made / "en" / "10_commitments" / "10_commitments.html")
    assert "What changed since" in own
    # nothing dated from October to December 2021 bears on the commitments
    assert "Nothing of what this page shows is different from" in own
    profile = page_text(made / "id" / "40_district_profile" / "3374150" / "40_district_profile_3374150.html")
    section = profile.rpartition("Apa yang berubah sejak")[2]
    assert "Jumlah penduduk" in section
    assert "cara hitung sumber berubah" in section
    assert "Keterangan tentang komitmen" not in section


def test_indicators_are_counted_as_a_plain_reading_counts_them(semarang):
    report = Report("45_changes", semarang, LATE, get_language("en"), since_given="2020Q4")
    found = changes.changes_of(report)
    rows = change_rows.indicator_rows(found.moved, found, report).set_index("name")
    first, last = (semarang.values("jumlah_penduduk", year)["value"] for year in ("2020", "2021"))
    row = rows.loc["Population"]
    assert (row["more"], row["less"], row["same"]) == (
        sum(b > a for a, b in zip(first, last, strict=True)),
        sum(b < a for a, b in zip(first, last, strict=True)),
        sum(b == a for a, b in zip(first, last, strict=True)),
    )
    assert row["more"] + row["less"] + row["same"] == 16


@pytest.mark.parametrize(
    ("since", "words"),
    [
        ("2021Q4", "The page is of 2021Q4: it cannot be compared with 2021Q4."),
        ("2022Q1", "cannot be compared with 2022Q1"),
        ("2020-4", "2020-4"),
    ],
)
def test_the_earlier_quarter_is_checked(since, words):
    with pytest.raises(ParameterError) as error:
        check_parameters("45_changes", GIVEN | {"since": since})
    assert words in str(error.value)


def test_compare_prints_what_moved_and_uses_what_a_report_kept(tmp_path, capsys, published):
    given = ["--out", str(tmp_path), "--language", "en"]
    assert main(["compare", "2020Q4", "2021Q4", *given]) == 0
    first = capsys.readouterr().out
    assert "2020Q4 is computed with the tables and the method of today." in first
    assert re.search(r"Values by kecamatan +80 +64 +0 +144 +48", first)
    place = tmp_path / "semarang" / "2020Q4" / "id" / "45_changes"
    place.mkdir(parents=True)
    (place / "standing.json").write_bytes(published.read_bytes())
    assert main(["compare", "2020Q4", "2021Q4", *given]) == 0
    second = capsys.readouterr().out
    assert f"2020Q4 is what the report printed that {place / 'standing.json'} belongs to." in second
    assert "the tables were revised" in second
    assert main(["compare", "2020Q4", "2021Q4", "--today", *given]) == 0
    assert "the tables were revised" not in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["2021Q4", "2020Q4"], "2021Q4 is not earlier than 2020Q4."),
        (["2020Q5", "2021Q4"], "2020Q5"),
        (
            ["2020Q3", "2021Q4", "--published", "KEPT"],
            "standing.json is of semarang 2020Q4, not of semarang 2020Q3.",
        ),
        (["2020Q4", "2021Q4", "--published", "nowhere.json"], "There is no file"),
        (["2020Q4", "2021Q4", "--published", "KEPT", "--today"], "--today and --published were both given."),
    ],
)
def test_compare_refuses_in_words(arguments, words, tmp_path, capsys, published):
    given = [str(published) if each == "KEPT" else each for each in arguments]
    assert main(["compare", *given, "--out", str(tmp_path)]) == 2
    assert words in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_what_cannot_be_compared_or_shown_is_not_counted_as_none(semarang):
    report = Report("45_changes", semarang, Quarter(2023, 4), get_language("en"))
    found = changes.changes_of(report)
    rows = change_rows.indicator_rows(found.moved, found, report).set_index("name")
    new = rows.loc["Houses unfit to live in"]
    assert new[["more", "less", "same"]].isna().all()
    assert new["new"] == 16
    dengue = rows.loc["Dengue cases"]
    counts = {year: semarang.values("kasus_dbd", year)["value"] for year in ("2022", "2023")}
    shown = shown_counts(semarang, "kasus_dbd", "2023")["state"] == "shown"
    shown &= shown_counts(semarang, "kasus_dbd", "2022")["state"] == "shown"
    assert dengue["withheld"] == (~shown).sum() > 0
    assert dengue["less"] == (counts["2023"] < counts["2022"])[shown].sum()
    assert dengue["more"] + dengue["less"] + dengue["same"] + dengue["withheld"] == 16


def test_newer_data_is_named_only_beside_other_causes(semarang):
    report = Report("45_changes", semarang, LATE, get_language("en"), since_given="2020Q4")
    rows = pd.DataFrame({"causes": ["newer_data", "newer_data"]})
    assert change_rows.causes_texts(rows, report) == ["—", "—"]
    rows.loc[1, "causes"] = "newer_data;counted_otherwise"
    assert "—" not in change_rows.causes_texts(rows, report)
    assert change_rows.causes_texts(rows, report)[0] == "newer data"


def test_a_milestone_without_a_text_is_no_bare_key(made):
    text = page_text(made / "en" / "45_changes" / "45_changes.html")
    assert "IDSMG0002, milestone 2 (no text)" in text
    assert "IDSMG0002/2" not in text


def test_what_moved_is_a_table_for_the_terminal_in_the_reader_s_language(semarang):
    found = moves(standing(semarang, Quarter(2020, 3)), standing(semarang, Quarter(2020, 4)))
    for code, name, head in (("en", "Claims", "newer data"), ("id", "Klaim", "data lebih baru")):
        lines = moves_text(found, get_language(code)).splitlines()
        assert head in lines[0]
        assert len({len(line) for line in lines}) == 1
        row = next(line for line in lines if line.startswith(f"{name} ")).split()
        assert row[1:5] == ["0", "22", "0", "22"]  # all 22 claims are of the fourth quarter: new, for newer data
    assert moves_text(found[:0], get_language("en")) == "Nothing moved."


def test_every_subject_stands_in_the_table_of_causes_also_one_that_did_not_move(semarang):
    before, after = standing(semarang, Quarter(2023, 3)), standing(semarang, Quarter(2023, 4))
    rows = change_rows.cause_rows(Changes(before.quarter, before, after, moves(before, after)))
    assert rows["total"].sum() == len(after.items)
    assert (rows["moved"] == 0).any()
    assert rows["moved"].sum() == len(moves(before, after))
