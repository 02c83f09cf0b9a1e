"""Numbers and addresses of persons are found, masked, and kept out of everything that is written."""

from __future__ import annotations

import string
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ogp_analysis.build import build_case
from ogp_analysis.case import load_case
from ogp_analysis.checkup import describe
from ogp_analysis.cli import main
from ogp_analysis.errors import DataError
from ogp_analysis.locale import get_language
from ogp_analysis.privacy import KINDS, find_private, private_cells
from ogp_analysis.reports import runner
from ogp_analysis.reports.making import keep_failed

ROOT = Path(__file__).resolve().parents[2]
PHONE = "0812-3456-7890"

FOUND = [
    ("nik", "NIK 3374015506900001."),
    ("nik", "kk:3374010112850002"),
    ("nop", "NOP 33.74.010.001.002-0030.0"),
    ("nop", "33.74.010.001.002.0030.0;"),
    ("nop", "337401000100200300"),
    ("npwp", "NPWP 01.234.567.8-901.000"),
    ("phone", "WA 081234567890"),
    ("phone", "0812 3456 789"),
    ("phone", "tel.0812-345-678"),
    ("phone", "+62 812-3456-7890"),
    ("phone", "https wa.me 6281234567890"),
    ("phone", "kantor (024) 5550100"),
    ("phone", "+62 24 5550 100"),
    ("email", "tulis ke ibu.sari+x@contoh.co.id, ya"),
    ("account", "No. Rekening BRI 1234-5678-9012-345"),
    ("account", "rekening: 0012345678"),
]
NOT_FOUND = [
    "Rp452.100.000.000 for 131,264 households",
    "0.3374015506900001",
    "12,3374015506900001",
    "sha 3374015506900001ab",
    "a3374015506900001",
    "1234567890123456",  # no date of birth in it
    "08-12-2020 2021",
    "Rp 8.123.456.789",
    "33.74.010",
    "2020-04-27/2020-05-24",
    "110.4123456,-6.9812345",
    "rekening air 2021",
    "@media print",
    "",
]


@pytest.mark.parametrize(("kind", "text"), FOUND)
def test_what_tells_who_somebody_is_is_found_and_masked(kind, text):
    (found,) = find_private(f"first line\n{text}\n")
    assert (found.kind, found.line) == (kind, 2)
    digits = [sign for sign in found.masked if sign.isdigit()]
    assert len(digits) <= 4
    assert KINDS[kind] in str(found)


@pytest.mark.parametrize("text", NOT_FOUND)
def test_other_numbers_are_let_through(text):
    assert find_private(text) == []


@given(
    st.integers(11, 94),
    st.integers(0, 9999),
    st.dates(),
    st.booleans(),
    st.integers(0, 9999),
    st.text(alphabet=string.whitespace + ":;()'\"", min_size=1, max_size=3),
)
def test_every_number_of_an_identity_card_is_found(province, place, born, woman, serial, around):
    day = born.day + (40 if woman else 0)
    number = f"{province}{place:04d}{day:02d}{born:%m%y}{serial:04d}"
    assert [each.kind for each in find_private(f"x{around}{number}{around}y")] == ["nik"]


@given(st.floats(allow_nan=False, allow_infinity=False, width=64), st.sampled_from(["id", "en"]))
def test_no_figure_of_a_page_looks_like_a_person(value, code):
    language = get_language(code)
    number = language.number(abs(value) % 1e12)
    assert find_private(f"{number} {language.rupiah(abs(value) % 1e13)}") == []


def test_an_office_may_be_published_and_nothing_longer():
    allowed = ["PPID@example.go.id"]
    assert find_private("ppid@example.go.id", allowed) == []
    assert len(find_private("xppid@example.go.id", allowed)) == 1


def test_cells_are_named_by_file_row_and_column_and_masked():
    frame = pd.DataFrame({"note_en": ["fine", None, f"call {PHONE}"], "value": [1.0, 2.0, 3374015506900001.0]})
    (problem,) = private_cells({"claims": frame})
    assert str(problem) == "claims.csv, row 4, column 'note_en': found '08…90', expected no telephone number"


@pytest.fixture
def leaky(broken_case):
    folder = broken_case("plans.csv", lambda text: text)
    path = folder / "commitments.csv"
    text = path.read_text(encoding="utf-8")
    title = "Providing updated information related to Covid-19 on the website"
    assert title in text
    path.write_text(text.replace(title, f"{title} {PHONE}", 1), encoding="utf-8")
    return folder


def test_check_lists_what_build_refuses(leaky, tmp_path):
    case = load_case(str(leaky))
    words = describe(case)
    assert "NUMBERS OR ADDRESSES OF PERSONS: 1" in words
    assert "commitments.csv, row" in words
    assert PHONE not in words
    with pytest.raises(DataError, match="expected no telephone number"):
        build_case(case, tmp_path / "processed")
    assert not (tmp_path / "processed").exists()


def test_a_page_that_tells_it_is_not_made_and_leaves_nothing(leaky, tmp_path, capsys):
    out = tmp_path / "reports"
    given = ["report", "--case", str(leaky), "--notebook", "10_commitments", "--language", "en", "--out", str(out)]
    assert main(given) == 1
    printed = capsys.readouterr().out
    assert "The page tells who somebody is:" in printed
    assert "10_commitments.html, line" in printed
    assert "08…90, a telephone number" in printed
    assert "'publishable' in datapackage.yaml" in printed
    left = [path for path in out.rglob("*") if path.is_file()]
    assert left
    assert [path.name for path in left if PHONE.encode() in path.read_bytes()] == []
    assert not list(out.rglob("10_commitments*"))
    # what an office lets be published goes through
    info = leaky / "datapackage.yaml"
    info.write_text(info.read_text(encoding="utf-8") + f"publishable: ['{PHONE}']\n", encoding="utf-8")
    assert main(given) == 0


def test_the_notebook_of_a_failed_page_is_kept_by_the_same_rule(leaky, tmp_path):
    made, folder = tmp_path / "made", tmp_path / "2023Q4"
    made.mkdir()
    folder.mkdir()
    (made / "10_commitments.ipynb").write_text(f"call {PHONE}", encoding="utf-8")
    assert keep_failed(folder, made, load_case(str(leaky))) is None
    assert not list(folder.iterdir())
    info = leaky / "datapackage.yaml"
    info.write_text(info.read_text(encoding="utf-8") + f"publishable: ['{PHONE}']\n", encoding="utf-8")
    kept = keep_failed(folder, made, load_case(str(leaky)))
    assert kept is not None
    assert kept.read_text(encoding="utf-8") == f"call {PHONE}"


def test_what_may_be_published_is_a_list_of_texts(leaky, capsys):
    info = leaky / "datapackage.yaml"
    info.write_text(info.read_text(encoding="utf-8") + "publishable: 81234567890\n", encoding="utf-8")
    assert main(["check", str(leaky)]) == 2
    assert "'publishable': found '81234567890', expected a list of addresses" in capsys.readouterr().err


def test_nothing_that_the_project_ships_or_writes_tells_who_somebody_is(tmp_path, semarang):
    kinds = (".csv", ".yaml", ".yml", ".md", ".py", ".po", ".ipynb", ".toml", ".cff")
    skipped = {".git", ".venv", ".venv-lab", "reports", "processed", "tests", "__pycache__"}
    shipped = [
        path
        for path in ROOT.rglob("*")
        if path.suffix in kinds and not skipped.intersection(path.relative_to(ROOT).parts)
    ]
    assert len(shipped) > 300
    # made-up examples: of this very search, and of the spellings of an object number
    examples = {"privacy.py", "personal-data.md", "nop.py", "fixed.py", "publishing.md", "publishing.id.md"}
    found = {
        path.name: [str(each) for each in find_private(path.read_text(encoding="utf-8"))]
        for path in shipped
        if path.name not in examples
    }
    assert {name: each for name, each in found.items() if each} == {}
    runs = runner.plan_runs("semarang", "2023Q4", ["id"], ["25_recovery_microdata", "15_commitments_explorer"])
    assert all(outcome.page for outcome in runner.run_reports(runs, tmp_path))
    written = [path for path in tmp_path.rglob("*") if path.is_file() and path.suffix != ".pdf"]
    assert len(written) > 8
    assert [path.name for path in written if find_private(path.read_text(encoding="utf-8"))] == []
