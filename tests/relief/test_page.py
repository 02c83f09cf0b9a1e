"""The page on a roll: illustrative on its face, nothing small, nothing of anybody in whatever is written or said."""

from __future__ import annotations

import gzip
import html
import importlib.util
import json
import logging
import re
import tempfile
from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from ogp_analysis.case import Case
from ogp_analysis.cli import main
from ogp_analysis.errors import OgpAnalysisError, ParameterError
from ogp_analysis.quarter import Quarter
from ogp_analysis.recovery.example_roll import make_example_roll
from ogp_analysis.recovery.relief import ReliefTerms, assess_relief, assess_with_benefit, relief_curve
from ogp_analysis.recovery.relief.engine import read_parts
from ogp_analysis.recovery.relief.publish import publish_relief
from ogp_analysis.reports.microdata import waiver_days
from ogp_analysis.reports.parameters import check_parameters
from ogp_analysis.sources.tax_roll import open_roll
from ogp_analysis.sources.tax_roll.blocks import blocks

ROOT = Path(__file__).resolve().parents[2]
NOTEBOOK = "25_recovery_microdata"
AS_OF = date(2023, 12, 31)
# values that stand nowhere else: block 987 and number 6543 are in every planted object number
PLANTED = re.compile(
    r"zzyxwala|xyzzypura|98706543|987[.-]6543|987654[0-9]|987\s*[.-]?\s*6543|[0-9]{7}9876543[0-9]", re.IGNORECASE
)
NAME, STREET = "ZZYXWALA BINTI QWUX", "JALAN XYZZYPURA 77"


def planted_roll(rows: int = 1400) -> pd.DataFrame:
    """A roll that does not call itself illustrative, with names, streets and numbers that are easy to find again."""
    frame = make_example_roll(rows, seed=6).drop(columns="ILUSTRATIF")
    digits = frame["NOP"].str.replace(r"\D", "", regex=True)
    thing = frame["NOP"].factorize()[0]
    frame["NOP"] = [
        f"33.74.{d[4:7]}.{n % 900 + 1:03d}.987-6543.{n // 900}" for d, n in zip(digits, thing, strict=True)
    ]
    return frame.assign(NM_WP_SPPT=NAME, JLN_WP_SPPT=STREET)


def assert_nobody(text: str) -> None:
    found = PLANTED.search(text)
    assert found is None, f"…{text[max(0, found.start() - 60) : found.end() + 20]}…"


def report(out: Path, *options: str) -> int:
    return main(["report", "--notebook", NOTEBOOK, "--out", str(out), *options])


def page_of(out: Path, language: str) -> str:
    return (out / "semarang" / "2023Q4" / language / NOTEBOOK / f"{NOTEBOOK}.html").read_text(encoding="utf-8")


# --- the illustrative page ------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def illustrative_pages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("illustrative")
    assert report(out) == 0
    return out


@pytest.mark.parametrize(("language", "word"), [("id", "ilustrati"), ("en", "illustrati")])
def test_without_a_roll_every_title_table_figure_and_finding_says_illustrative(
    language: str, word: str, illustrative_pages: Path
) -> None:
    page = page_of(illustrative_pages, language)
    captions = re.findall(r"<caption>(.*?)</caption>", page, re.DOTALL)
    findings = re.findall(r"<p class=.key.>(.*?)</p>", page, re.DOTALL)
    drawings = re.findall(r"<svg.*?</svg>", page, re.DOTALL)
    spoken = [re.search(r"<title[^>]*>(.*?)</title>", one, re.DOTALL) for one in drawings]
    described = [re.search(r"<desc[^>]*>(.*?)</desc>", one, re.DOTALL) for one in drawings]
    sources = re.findall(r"<figcaption[^>]*>(.*?)</figcaption>", page, re.DOTALL)
    assert (len(drawings), len(sources)) == (2, 2)
    assert len(captions) >= 11
    assert len(findings) == 3
    assert all(spoken)
    assert all(described)
    texts = [one[1] for one in (*spoken, *described) if one]
    texts += [*captions, *findings, *sources, *re.findall(r"<h1>(.*?)</h1>", page), page.split("</title>")[0]]
    assert [text for text in texts if word not in text.lower()] == []
    index = (
        illustrative_pages / "semarang/2023Q4" / ("index.html" if language == "id" else "index.en.html")
    ).read_text()
    entry = re.search(rf"{NOTEBOOK}.*?(?=<h2)", index, re.DOTALL)
    assert entry
    assert entry[0].lower().count(word) >= 2


def test_the_days_that_no_waiver_covers_come_out(illustrative_pages: Path, land_tax_table: pd.DataFrame) -> None:
    page = html.unescape(re.sub(r"<[^>]+>", " ", page_of(illustrative_pages, "en")))
    assert re.search(r"1 July 2020\s+31 August 2020\s+62", page)

    class Given:
        terms = land_tax_table.assign(pay_from=land_tax_table["pay_from"].replace("2020-09-01", "2020-08-15"))

    assert waiver_days(Given()).iloc[0].tolist() == [date(2020, 7, 1), date(2020, 8, 14), 45]  # type: ignore[arg-type]


def test_rows_on_the_page_add_up(illustrative_pages: Path) -> None:
    page = page_of(illustrative_pages, "en")
    table = next(
        one for one in re.findall(r"<table.*?</table>", page, re.DOTALL) if "Rows counted and left out" in one
    )
    numbers = [int(cell.replace(",", "")) for cell in re.findall(r'<td[^>]*class="n"[^>]*>([\d,]+)</td>', table)]
    assert len(numbers) >= 3
    assert sum(numbers[:-1]) == numbers[-1] == 42_000


def test_before_any_term_was_known_the_page_says_so(tmp_path: Path) -> None:
    assert report(tmp_path, "--quarter", "2019Q4", "--language", "en") == 0
    page = (tmp_path / f"semarang/2019Q4/en/{NOTEBOOK}/{NOTEBOOK}.html").read_text()
    assert "No terms of relief on land tax were known by this date" in page
    assert "<table" not in page


def test_a_roll_that_is_not_there_stops_before_anything_is_made(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert report(tmp_path, "--roll", str(tmp_path / "none.csv")) == 2
    assert "There is no file" in capsys.readouterr().err
    with pytest.raises(ParameterError, match="no parameter 'roll'"):
        check_parameters("20_recovery", {"case": "semarang", "quarter": "2023Q4", "language": "id", "roll": "x"})
    with pytest.raises(ParameterError, match="must be text"):
        check_parameters(NOTEBOOK, {"case": "semarang", "quarter": "2023Q4", "language": "id", "roll": 1})
    assert list(tmp_path.iterdir()) == []


# --- what may be shown ----------------------------------------------------------------------------------------


def test_no_figure_stands_on_fewer_bills_than_the_threshold(land_tax_terms: ReliefTerms) -> None:
    frame = make_example_roll(3000, seed=2)
    few = frame["NOP"].str[6:9].eq("020")
    frame = pd.concat([frame[~few], frame[few].head(3)])  # one kecamatan has three bills
    relief, benefit = assess_with_benefit(open_roll(frame, "3374"), land_tax_terms, AS_OF)
    shown = publish_relief(relief, benefit)
    row = shown.kecamatan.set_index("kecamatan").loc["020"]
    assert row.drop("state").isna().all()
    assert shown.kecamatan["bills"].isna().sum() >= 2  # one alone would follow from the total
    for table in (shown.kecamatan, shown.deciles, shown.years):
        for name in ("bills", "relieved_bills"):
            assert not table[name].dropna().between(1, 4).any()
        assert table.loc[table["relieved_bills"].isna(), ["forgone", "percent", "due_with"]].isna().all(axis=None)
    assert shown.grid.empty or shown.grid.loc["020"].isna().all()
    counts = relief.cells.pivot_table("relieved_bills", index="kecamatan", columns="njop_decile", aggfunc="sum")
    assert shown.grid.empty or not counts.where(shown.grid.notna()).isin([1, 2, 3, 4]).any(axis=None)
    assert not shown.measures["used"].dropna().between(1, 4).any()
    for table in (shown.paid_by_year, shown.paid_by_kecamatan):
        assert not table[["paid_bills", "late_bills", "by_due_bills"]].isin([1, 2, 3, 4]).any(axis=None)
        known = table.dropna(subset=["paid_bills"])
        assert (known["late_bills"] + known["by_due_bills"] == known["paid_bills"]).all()


def test_indices_of_benefit_are_those_of_the_bills_worked_out_plainly(land_tax_terms: ReliefTerms) -> None:
    from ogp_analysis.recovery.relief import relief_per_bill
    from ogp_analysis.stats.inequality import gini
    from ogp_analysis.stats.progressivity import kakwani

    frame = make_example_roll(700, seed=8)
    frame = frame[frame["SIKLUS_SPPT"] == 1].drop_duplicates(["NOP", "THN_PAJAK_SPPT"], keep=False)
    _, benefit = assess_with_benefit(open_roll(frame, "3374"), land_tax_terms, AS_OF)
    day = lambda name: [None if pd.isna(v) else date.fromisoformat(v) for v in frame[name]]  # noqa: E731
    bills = pd.DataFrame(
        {
            "tax_year": frame["THN_PAJAK_SPPT"], "njop": frame["NJOP_SPPT"], "use": frame["KD_JPB"].astype(float),
            "principal": frame["PBB_YG_HARUS_DIBAYAR_SPPT"], "issued": day("TGL_TERBIT_SPPT"),
            "due": day("TGL_JATUH_TEMPO_SPPT"), "paid_on": pd.Series(day("TGL_PEMBAYARAN_SPPT"), frame.index, dtype=object),
        }, index=frame.index,
    )  # fmt: skip
    out = relief_per_bill(bills, land_tax_terms, AS_OF)
    assert len(benefit) == 7
    for _, row in benefit.iterrows():
        own = out[bills["tax_year"] == row["tax_year"]]
        index = kakwani(own["due_without"] - own["due_with"], bills.loc[own.index, "njop"])
        assert row["kakwani"] == pytest.approx(index.value, abs=1e-12, nan_ok=True)
        assert row["gini_with"] == pytest.approx(gini(own["due_with"]).value, abs=1e-12)
        assert row["gini_without"] == pytest.approx(gini(own["due_without"]).value, abs=1e-12)


def test_a_roll_without_relief_has_no_curve() -> None:
    relief = assess_relief(
        open_roll(make_example_roll(50, seed=1), "3374"), ReliefTerms((), pd.DataFrame()), AS_OF
    )
    assert relief_curve(relief).empty


# --- privacy --------------------------------------------------------------------------------------------------

SPELLINGS = {
    "as exported": {},
    "lower case": {name: name.lower() for name in make_example_roll(1, seed=1)},
    "short": {"NM_WP_SPPT": "NM_WP", "JLN_WP_SPPT": "JLN_WP"},
    "in words": {"NM_WP_SPPT": "Nama Wajib Pajak", "JLN_WP_SPPT": "ALAMAT"},
}


def test_what_was_planted_would_be_found() -> None:
    first = planted_roll(10).iloc[0]
    digits = re.sub(r"\D", "", first["NOP"])
    for text in (
        first["NOP"],
        digits,
        digits[4:],
        first["NOP"][6:],
        first["NOP"].replace("-", "."),
        NAME,
        STREET.lower(),
    ):
        with pytest.raises(AssertionError):
            assert_nobody(f"row {text}, and more")


@pytest.fixture
def watched(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> Path:
    """Everything that is written during a test, wherever programs keep such things, lies below this folder."""
    folder = tmp_path / "watched"
    for name in ("TMPDIR", "HOME", "XDG_CACHE_HOME", "XDG_DATA_HOME", "IPYTHONDIR", "JUPYTER_RUNTIME_DIR"):
        (folder / name).mkdir(parents=True)
        monkeypatch.setenv(name, str(folder / name))
    monkeypatch.setattr(tempfile, "tempdir", str(folder / "TMPDIR"))
    caplog.set_level(logging.DEBUG)
    return folder


def assert_nothing_written(folder: Path) -> int:
    files = [path for path in folder.rglob("*") if path.is_file()]
    for path in files:
        assert_nobody(path.name)
        assert_nobody(path.read_bytes().decode("latin-1"))
    return len(files)


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_a_page_names_nobody_in_any_file_line_or_log(
    spelling: str,
    tmp_path: Path,
    watched: Path,
    capfd: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
) -> None:
    frame = planted_roll().astype(object).rename(columns=SPELLINGS[spelling])
    frame.iloc[3, list(frame).index(SPELLINGS[spelling].get("NJOP_SPPT", "NJOP_SPPT"))] = (
        NAME  # cells moved by one
    )
    frame.iloc[4, list(frame).index(SPELLINGS[spelling].get("TGL_JATUH_TEMPO_SPPT", "TGL_JATUH_TEMPO_SPPT"))] = (
        STREET
    )
    frame.iloc[5, 0] = "33.74.010.001.987-6543"  # one digit short
    frame.iloc[6, 0] = "337401000198765430.0"
    frame.to_csv(tmp_path / "roll.csv", index=False)
    language = "id" if spelling == "in words" else "en"
    assert report(watched / "out", "--roll", str(tmp_path / "roll.csv"), "--language", language) == 0
    printed = capfd.readouterr()
    for text in (printed.out, printed.err, caplog.text):
        assert_nobody(text)
    page = page_of(watched / "out", language)
    assert not re.search("ilustratif|illustrative", re.sub("<style.*?</style>", "", page, flags=re.DOTALL))
    assert assert_nothing_written(watched) >= 3  # the page, the executed notebook, the index
    executed = json.loads((watched / f"out/semarang/2023Q4/{language}/{NOTEBOOK}/{NOTEBOOK}.ipynb").read_text())
    assert executed["metadata"]["papermill"]["parameters"]["roll"] == str(tmp_path / "roll.csv")


def no_header(path: Path) -> Path:
    path.write_text("\n".join(path.read_text().splitlines()[1:]))
    return path


def cut(path: Path) -> Path:
    data = gzip.compress(path.read_bytes())
    path.with_suffix(".gz").write_bytes(data[: len(data) * 2 // 3])
    return path.with_suffix(".gz")


def every_row_broken(path: Path) -> Path:
    head, *rows = path.read_text().splitlines()
    path.write_text("\n".join([head, *(f"{NAME},{row}" for row in rows)]))
    return path


def names_for_numbers(path: Path) -> Path:
    pd.read_csv(path, dtype=str).assign(NOP=NAME).to_csv(path, index=False)
    return path


@pytest.mark.parametrize("breaks", [no_header, cut, every_row_broken, names_for_numbers])
def test_a_roll_that_cannot_be_used_names_nobody(
    breaks: object,
    tmp_path: Path,
    watched: Path,
    capfd: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
) -> None:
    planted_roll().to_csv(tmp_path / "roll.csv", index=False)
    path = breaks(tmp_path / "roll.csv")  # type: ignore[operator]
    assert report(watched / "out", "--roll", str(path), "--language", "en") in (1, 2)
    printed = capfd.readouterr()
    assert "What to do" in printed.out + printed.err
    for text in (printed.out, printed.err, caplog.text):
        assert_nobody(text)
    assert_nothing_written(watched)


def test_objects_that_hold_rows_show_none_when_printed(tmp_path: Path, land_tax_terms: ReliefTerms) -> None:
    frame = planted_roll()
    frame.to_csv(tmp_path / "roll.csv", index=False)
    for roll in (open_roll(frame, "3374"), open_roll(tmp_path / "roll.csv", "3374")):
        parts = read_parts(roll, AS_OF)
        relief, benefit = assess_with_benefit(roll, land_tax_terms, AS_OF)
        held = [
            roll,
            next(iter(blocks(roll)))(),
            parts,
            parts[0].bills,
            relief,
            benefit,
            publish_relief(relief, benefit),
        ]
        for one in held:
            assert_nobody(f"{one!r} {one!s}")


def test_the_benchmark_tells_sums_only(tmp_path: Path) -> None:
    spec = importlib.util.spec_from_file_location("benchmark", ROOT / "benchmarks" / "tax_roll.py")
    assert spec
    assert spec.loader
    benchmark = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(benchmark)
    planted_roll().to_csv(tmp_path / "roll.csv", index=False)
    assert_nobody(json.dumps(benchmark.measure("relief", tmp_path / "roll.csv")))


def test_a_mistyped_column_is_named_and_a_name_in_its_place_is_not() -> None:
    frame = planted_roll(20)
    with pytest.raises(OgpAnalysisError, match="Did you mean 'NJOP_SPT'"):
        open_roll(frame.rename(columns={"NJOP_SPPT": "NJOP_SPT"}), "3374")
    with pytest.raises(OgpAnalysisError) as caught:
        open_roll(frame.rename(columns={"NOP": "ZZYXWALA", "NJOP_SPPT": "NJOP SPPT ZZYXWALA"}), "3374")
    assert_nobody(str(caught.value))


def test_quarter_and_case_stand_on_the_page(illustrative_pages: Path, semarang: Case) -> None:
    page = page_of(illustrative_pages, "en")
    assert str(semarang.jurisdiction["name"]) in page
    assert Quarter(2023, 4).last_day.strftime("%-d %B %Y") in page
