"""A city with only the required tables and three districts: everything runs, and says what is not known."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pytest
import yaml

from ogp_analysis.case import load_case
from ogp_analysis.checkup import describe
from ogp_analysis.cli import main
from ogp_analysis.reports.parameters import NOTEBOOKS
from ogp_analysis.tables import table_specs

BANGGAI = Path(__file__).parents[2] / "data" / "raw" / "banggai"
NAMES = ["Luwuk", "Toili", "Batui"]  # three of Banggai's; the values are made up for the test


def write_city(folder: Path, values: bool) -> Path:
    folder.mkdir(parents=True)
    rows: dict[str, list[dict[str, object]]] = {
        name: [] for name, spec in table_specs().items() if not spec.optional
    }
    rows["sources"] = [{"source_id": "s1", "publisher": "made up for a test", "kind": "other"}]
    rows["districts"] = [
        {
            "code_bps": f"720101{n}",
            "code_kemendagri": f"72.01.0{n}",
            "name": name,
            "name_bps": name.upper(),
            "short_name": name,
        }
        for n, name in enumerate(NAMES, start=1)
    ]
    rows["indicators"] = [
        {
            "indicator": "jumlah_penduduk", "name_en": "Population", "name_id": "Jumlah penduduk", "unit_en": "people",
            "unit_id": "jiwa", "kind": "count", "direction": "neutral", "topic": "population", "use": "population",
        }
    ]  # fmt: skip
    if values:
        key = {"indicator": "jumlah_penduduk", "period": "2022"}
        rows["district_values"] = [
            {
                **key,
                "code_bps": f"720101{n}",
                "value": 100 * n,
                "state": "measured",
                "role": "main",
                "quality": "ok",
                "source_id": "s1",
            }
            for n in (1, 2, 3)
        ]
        rows["district_series"] = [
            {**key, "coverage": "complete", "quality": "ok", "break_before": "false", "source_id": "s1"}
        ]
    for name, table in rows.items():
        with (folder / f"{name}.csv").open("w", newline="", encoding="utf-8") as file:
            writer = csv.DictWriter(
                file, [field.name for field in table_specs()[name].fields], lineterminator="\n"
            )
            writer.writeheader()
            writer.writerows(table)
    info = {
        "name": "banggai", "title": "Banggai",
        "jurisdiction": {
            "name": "Kabupaten Banggai", "country": "Indonesia", "member_since": "2020-10", "code_bps": "7201",
            "code_kemendagri": "72.01",
        },
        "resources": [{"name": name, "path": f"{name}.csv"} for name in rows],
    }  # fmt: skip
    (folder / "datapackage.yaml").write_text(yaml.safe_dump(info), encoding="utf-8")
    return folder


@pytest.mark.parametrize("values", [True, False])
def test_every_page_is_made_for_a_city_of_which_little_is_known(tmp_path, values, capsys):
    folder = write_city(tmp_path / "cases" / "banggai", values)
    assert "3 kecamatan" in describe(load_case(folder))
    code = main(["report", "--case", str(folder), "--language", "id", "en", "--out", str(tmp_path / "reports")])
    printed = capsys.readouterr().out
    assert code == 0, printed
    quarter = tmp_path / "reports" / "banggai" / "2023Q4"
    page = (quarter / "en" / "10_commitments" / "10_commitments.html").read_text(encoding="utf-8")
    assert "Kabupaten Banggai" in page  # not the built-in case
    assert "Kota Semarang" not in page
    assert "No action plan had been submitted" in page
    profile = (quarter / "en" / "40_district_profile" / "7201012" / "40_district_profile_7201012.html").read_text(
        encoding="utf-8"
    )
    assert "No map can be drawn" in profile
    assert main(["build", str(folder), "--out", str(tmp_path / "processed")]) == 0
    assert (tmp_path / "processed" / "banggai" / "manifest.json").is_file()


def read(page: Path) -> str:
    """What a reader reads of a page: its text, without the addresses of sources."""
    html = re.sub(r"<(script|style)\b.*?</\1>", " ", page.read_text(encoding="utf-8"), flags=re.DOTALL)
    return re.sub(r"<[^>]+>", " ", html)


def test_the_second_city_s_pages_speak_of_it_alone(tmp_path, capsys):
    """Banggai as far as public pages go: every page is made, names no other city, and says what is not known."""
    case = load_case(BANGGAI)
    assert main(["check", str(BANGGAI)]) == 0
    out = tmp_path / "reports"
    assert main(["report", "--case", str(BANGGAI), "--out", str(out), "--district", "Luwuk", "Toili"]) == 0, (
        capsys.readouterr().out
    )
    quarter = out / "banggai" / "2023Q4"
    pages = sorted(quarter.rglob("*.html"))
    assert len(pages) == 2 * (len(NOTEBOOKS) - 1 + 2) + 2
    for page in pages:
        assert not re.search(
            r"semarang|lapor hendi|\bPKM\b|gulo asem|pattiro|(?-i:the city\b)|pemerintah kota", read(page), re.I
        ), page
    commitments = read(quarter / "en" / "10_commitments" / "10_commitments.html")
    assert "Commitments: 4. No evidence on them was found. No rating of them was found." in commitments
    assert "The pages seen give no figure to start from." in commitments
    recovery = read(quarter / "id" / "20_recovery" / "20_recovery.html")
    assert "tidak ada kebijakan atau produk hukum dalam tabel" in recovery
    quality = read(quarter / "id" / "00_data_quality" / "00_data_quality.html")
    assert "Kode BPS kecamatan: 24 dari 24 tidak diketahui." in quality
    profile = read(quarter / "en" / "40_district_profile" / "72.01.04" / "40_district_profile_72.01.04.html")
    assert "no figures were found" in profile
    assert len(case.table("district_values")) == 0


def test_every_row_of_the_second_city_names_a_source_that_is_there():
    case = load_case(BANGGAI)  # loading checks that each source is there; here: that none is there for nothing
    named = {
        part.strip()
        for name in case.tables
        for field in table_specs()[name].fields
        if field.refers == ("sources", "source_id")
        for cell in case.table(name)[field.name].dropna()
        for part in str(cell).split(";")
    }
    assert named == set(case.table("sources")["source_id"])
    assert set(case.table("plans")["plan_id"]) >= {"banggai-2021"}


def test_a_case_given_by_path_is_the_one_reported(broken_case, tmp_path):
    """A folder named like the built-in case, with another name inside: the page must be of the folder."""
    folder = broken_case("datapackage.yaml", lambda text: text.replace("name: Kota Semarang", "name: Kota Contoh"))
    out = tmp_path / "reports"
    assert (
        main(
            ["report", "--case", str(folder), "--notebook", "30_membership", "--language", "en", "--out", str(out)]
        )
        == 0
    )
    page = (out / "semarang" / "2023Q4" / "en" / "30_membership" / "30_membership.html").read_text(
        encoding="utf-8"
    )
    assert "Kota Contoh" in page


def test_build_never_replaces_what_is_not_a_build(broken_case, tmp_path, capsys):
    folder = broken_case("districts.csv", lambda text: text)
    before = sorted(path.name for path in folder.iterdir())
    assert main(["build", str(folder), "--out", str(folder.parent)]) == 2
    assert "is or holds the tables of the case itself" in capsys.readouterr().err
    assert sorted(path.name for path in folder.iterdir()) == before
    thesis = tmp_path / "out" / "semarang" / "thesis.txt"
    thesis.parent.mkdir(parents=True)
    thesis.write_text("mine", encoding="utf-8")
    assert main(["build", str(folder), "--out", str(tmp_path / "out")]) == 2
    assert thesis.read_text(encoding="utf-8") == "mine"


def test_a_page_s_folder_keeps_what_others_put_there(tmp_path):
    arguments = ["report", "--notebook", "30_membership", "--language", "en", "--out", str(tmp_path)]
    mine = tmp_path / "semarang" / "2023Q4" / "en" / "30_membership" / "notes.txt"
    mine.parent.mkdir(parents=True)
    mine.write_text("mine", encoding="utf-8")
    assert main(arguments) == 0
    assert mine.read_text(encoding="utf-8") == "mine"


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (lambda t: t.replace("plan_id: semarang-2021", "plan_id: nope"), "'jurisdiction.plan_id': found 'nope'"),
        (
            lambda t: t.replace("code_kemendagri: '33.74'", "code_kemendagri: 33.74"),
            "'jurisdiction.code_kemendagri': found '33.74'",
        ),
        (lambda t: t.replace("path: plans.csv", "path: ../plans.csv"), "found 'plans: ../plans.csv'"),
        (lambda t: t.split("resources:")[0] + "resources:\n", "'resources'"),
    ],
)
def test_a_broken_datapackage_is_named(broken_case, capsys, change, expected):
    folder = broken_case("datapackage.yaml", change)
    assert main(["check", str(folder)]) == 2
    assert expected in capsys.readouterr().err


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (lambda t: t.replace(",56570,measured", ",,measured", 1), "expected a value (measured)"),
        (lambda t: t.replace(",195125,measured,rival", ",195125,measured,main", 1), "expected 'rival', for row"),
        (lambda t: t.replace(",56570,", ",٥٦٥٧٠,", 1), "expected a number such as"),
    ],
)
def test_values_that_contradict_themselves_are_named(broken_case, capsys, change, expected):
    folder = broken_case("district_values.csv", change)
    assert main(["check", str(folder)]) == 2
    assert expected in capsys.readouterr().err


@pytest.mark.parametrize("variable", ["soon", "99999999999999999"])
def test_a_wrong_epoch_stops_before_the_first_run(tmp_path, monkeypatch, capsys, variable):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", variable)
    assert main(["report", "--notebook", "30_membership", "--language", "en", "--out", str(tmp_path / "x")]) == 2
    assert "SOURCE_DATE_EPOCH" in capsys.readouterr().err
    assert not (tmp_path / "x").exists()


def test_an_output_that_is_a_file_is_said_in_two_lines(tmp_path, capsys):
    (tmp_path / "file").write_text("", encoding="utf-8")
    assert (
        main(["report", "--notebook", "30_membership", "--language", "en", "--out", str(tmp_path / "file")]) == 4
    )
    printed = capsys.readouterr().err
    assert "What to do" in printed
    assert "Traceback" not in printed
