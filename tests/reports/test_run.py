"""The notebooks executed as a report run does it: pages, languages, failures, plain papermill."""

from __future__ import annotations

import html
import os
import re
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path

import nbformat
import papermill
import pytest
from babel.messages.pofile import read_po

from ogp_analysis.cli import main
from ogp_analysis.locale import FOLDER
from ogp_analysis.reports import runner
from ogp_analysis.reports.links import START, STOP
from ogp_analysis.reports.parameters import NOTEBOOKS
from ogp_analysis.texts import used_texts

ROOT = Path(__file__).resolve().parents[2]
LANGUAGES = ["id", "en"]
QUARTERS = ["2023Q4", "2020Q2"]
FETCHED = re.compile(
    r"""<(?:script|link|img|iframe|source)[^>]+(?:src|href)\s*=\s*["'](?!data:)|@import|url\(\s*["']?http""", re.I
)


class _Text(HTMLParser):
    """What a reader sees or hears of a page: text, alternative texts and labels."""

    def __init__(self) -> None:
        super().__init__()
        self.parts: list[str] = []
        self.cites = 0

    def handle_starttag(self, tag, attrs):
        self.cites += tag == "cite"
        self.parts += [
            value for name, value in attrs if name in ("alt", "aria-label", "title", "content") and value
        ]

    def handle_endtag(self, tag):
        self.cites -= tag == "cite"

    def handle_data(self, data):
        if not self.cites:  # titles of sources stay in the language they were published in
            self.parts.append(data)


def spoken(page: str) -> str:
    reader = _Text()
    reader.feed(re.sub(r"<(style|script)>.*?</\1>", "", page, flags=re.S))
    return re.sub(r"\s+", " ", " ".join(reader.parts))


def unlinked(path: Path) -> str:
    page = path.read_text(encoding="utf-8")
    assert page.count(START) == page.count(STOP) == 1
    return page.split(START)[0] + page.split(STOP)[1]


@pytest.fixture(scope="module", params=QUARTERS)
def pages(request, tmp_path_factory):
    """Every notebook in both languages, one kecamatan, at the default quarter and before there was a plan."""
    out = tmp_path_factory.mktemp("reports")
    runs = runner.plan_runs("semarang", request.param, LANGUAGES, districts=["Tugu"])
    outcomes = runner.run_reports(runs, out)
    assert [o.problem for o in outcomes if o.page is None] == []
    return {(o.parameters.notebook, o.parameters.language): o.page for o in outcomes}, out, request.param


def test_every_notebook_makes_a_page_in_both_languages(pages):
    made, out, quarter = pages
    assert set(made) == {(name, code) for name in NOTEBOOKS for code in LANGUAGES}
    folder = out / "semarang" / quarter
    assert (folder / "index.html").is_file()
    assert (folder / "index.en.html").is_file()
    left = [path for path in folder.iterdir() if path.name.startswith(".")]
    assert left == []


def test_pages_are_whole_and_fetch_nothing(pages):
    for (_, code), path in pages[0].items():
        page = path.read_text(encoding="utf-8")
        assert page.startswith("<!DOCTYPE html>")
        assert f'<html lang="{code}">' in page
        assert not FETCHED.search(page)
        assert "Traceback" not in page
        assert "open_report" not in page  # no code
        assert page.count("<h1>") == 1
        assert len(page) < 1_500_000


def test_no_sentence_of_the_other_language_is_left(pages, semarang):
    used = used_texts(ROOT / "ogp_analysis", ROOT / "notebooks")
    with (FOLDER / "id.po").open("rb") as file:
        catalogue = {m.id: m.string for m in read_po(file) if m.id}
    pairs = {(text, catalogue[text]) for text in used}
    for name in semarang.tables:
        frame = semarang.table(name)
        for column in [c for c in frame.columns if c.endswith("_en")]:
            rows = frame[[column, column[:-2] + "id"]].dropna().drop_duplicates()
            pairs |= set(rows.itertuples(index=False, name=None))
    pieces = {"en": set(), "id": set()}
    for english, indonesian in pairs:
        if english != indonesian:
            # texts with places are compared by their longest fixed part
            pieces["en"].add(max(re.split(r"\{\w+\}", english), key=len).strip())
            pieces["id"].add(max(re.split(r"\{\w+\}", indonesian), key=len).strip())
    for (_, code), path in pages[0].items():
        text = spoken(path.read_text(encoding="utf-8"))
        other = "en" if code == "id" else "id"
        foreign = {piece for piece in pieces[other] if len(piece.split()) > 3 and piece in text}
        assert not {piece for piece in foreign if not any(piece in own for own in pieces[code])}, path.name


@pytest.mark.parametrize("pages", ["2023Q4"], indirect=True)
def test_numbers_are_in_the_reader_s_format(pages):
    made = pages[0]
    indonesian = spoken(made["00_data_quality", "id"].read_text(encoding="utf-8"))
    english = spoken(made["00_data_quality", "en"].read_text(encoding="utf-8"))
    assert "1.653.524" in indonesian
    assert "1,653,524" not in indonesian
    assert "1,653,524" in english
    baseline = spoken(made["10_commitments", "id"].read_text(encoding="utf-8"))
    assert "61,82" in baseline
    assert "61.82" not in baseline


def test_links_between_pages_lead_to_pages_that_are_there(pages):
    made, out, quarter = pages
    folder = out / "semarang" / quarter
    every = [*made.values(), folder / "index.html", folder / "index.en.html"]
    for path in every:
        page = path.read_text(encoding="utf-8")
        targets = set()
        for address in re.findall(r'href="([^"]+)"', page):
            if address.startswith("http"):
                continue
            name, _, anchor = address.partition("#")
            assert not re.match(r"/|\w+:", name), f"{path.name}: {address}"  # the folder can be moved
            target = (path.parent / name).resolve() if name else path
            beside = target.parent in {each.parent for each in every} and target.suffix in (
                ".pdf",
                ".csv",
                ".json",
            )
            assert target in every or (beside and target.is_file()), f"{path.name}: {address}"
            targets.add(target)
            if anchor:
                assert f'id="{anchor}"' in target.read_text(encoding="utf-8"), f"{path.name}: {address}"
        other = "en" if "/id/" in path.as_posix() else "id"
        if path in made.values():
            name = next(notebook for notebook, code in made if made[notebook, code] == path)
            assert made[name, other] in targets
            assert folder / ("index.html" if other == "en" else "index.en.html") in targets


def test_every_table_and_drawing_lies_in_a_box_that_can_be_swiped(pages):
    for path in pages[0].values():
        page = path.read_text(encoding="utf-8")
        boxes = re.findall(r'<div ([^>]*class="wide"[^>]*)><div class="in"><p [^>]*>[^<]+</p><(\w+)', page)
        for attributes, _ in boxes:
            assert 'tabindex="0"' in attributes
            assert 'role="group"' in attributes
            assert re.search(r'aria-label="[^"]{3,}"', attributes)
        inside = [tag for _, tag in boxes]
        assert inside.count("table") == page.count("<table") > 0
        assert inside.count("svg") + inside.count("img") == len(re.findall(r'<figure class="ogp-map"', page))


def test_maps_have_sixteen_districts_and_words(pages, semarang):
    maps = 0
    for path in pages[0].values():
        page = path.read_text(encoding="utf-8")
        for figure in re.findall(r'<figure class="ogp-map".*?</figure>', page, flags=re.S):
            if "schematic" not in figure.lower() and "skematis" not in figure.lower():
                continue  # a chart
            maps += 1
            assert re.search(r'aria-label="[^"]{40,}', figure)
            text = html.unescape(figure)
            missing = [name for name in semarang.districts["name"] if name not in text]
            assert missing == [], path.name
    assert maps >= 4


def test_every_cited_source_is_listed(pages):
    for path in pages[0].values():
        page = path.read_text(encoding="utf-8")
        cited = set(re.findall(r'href="#(src-\d+)"', page))
        listed = set(re.findall(r'id="(src-\d+)"', page))
        assert cited <= listed, path.name


@pytest.mark.parametrize("pages", ["2020Q2"], indirect=True)
def test_nothing_dated_later_is_shown(pages):
    made = pages[0]
    text = spoken(made["20_recovery", "en"].read_text(encoding="utf-8"))
    assert "749,223" in text  # delivered to 30 June 2020
    assert "Kartu Semarang Hebat" not in text  # announced on 31 August 2020
    assert "No action plan had been submitted" in spoken(made["10_commitments", "en"].read_text(encoding="utf-8"))


def test_the_same_numbers_twice(pages, tmp_path):
    made, _, quarter = pages
    runs = runner.plan_runs("semarang", quarter, ["en"], ["20_recovery"])
    again = runner.run_reports(runs, tmp_path)[0].page
    assert unlinked(again) == unlinked(made["20_recovery", "en"])  # the links depend on what else was made


def test_plain_papermill_from_another_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    given = {"case": "semarang", "quarter": "2022Q1", "language": "en"}
    done = papermill.execute_notebook(
        ROOT / "notebooks" / "10_commitments.ipynb", tmp_path / "out.ipynb", parameters=given, progress_bar=False
    )
    text = "".join(o["data"].get("text/html", "") for c in done.cells for o in c.get("outputs", []) if "data" in o)
    assert "31 March 2022" in text


def test_a_misspelt_papermill_parameter_stops_the_run(tmp_path):
    given = {"case": "semarang", "quater": "2022Q1", "language": "en"}
    with pytest.raises(papermill.PapermillExecutionError, match="Did you mean 'quarter'"):
        papermill.execute_notebook(
            ROOT / "notebooks" / "30_membership.ipynb",
            tmp_path / "out.ipynb",
            parameters=given,
            progress_bar=False,
        )


def test_one_failed_notebook_stops_no_other_and_leaves_its_old_page(tmp_path, monkeypatch, capsys):
    notebooks = tmp_path / "notebooks"
    notebooks.mkdir()
    for name in ("30_membership", "00_data_quality"):
        book = nbformat.read(ROOT / "notebooks" / f"{name}.ipynb", as_version=4)
        if name == "00_data_quality":
            book.cells[3].source = 'raise ValueError("broken on purpose")'
        nbformat.write(book, notebooks / f"{name}.ipynb")
    monkeypatch.setattr(runner, "notebook_folder", lambda: notebooks)
    out = tmp_path / "reports"
    old = out / "semarang" / "2023Q4" / "en" / "00_data_quality" / "00_data_quality.html"
    old.parent.mkdir(parents=True)
    old.write_text("the page of an earlier run", encoding="utf-8")
    code = main(
        ["report", "--language", "en", "--notebook", "00_data_quality", "30_membership", "--out", str(out)]
    )
    printed = capsys.readouterr().out
    assert code == 1
    assert "made 1, up to date 0, failed 1" in printed
    assert "ValueError: broken on purpose" in printed
    assert old.read_text(encoding="utf-8") == "the page of an earlier run"
    assert (out / "semarang" / "2023Q4" / "failed" / "00_data_quality.ipynb").is_file()


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["report", "--case", "semarng"], "Did you mean 'semarang'?"),
        (["report", "--quarter", "Q4 2023"], "Write the year, Q and the number 1 to 4"),
        (["report", "--language", "fr"], "There is no language 'fr'"),
        (["report", "--notebook", "20_recover"], "Did you mean '20_recovery'?"),
        (["report", "--district", "Ungaran"], "There is no kecamatan 'Ungaran'"),
        (["report", "--boundaries", "no.geojson"], "no.geojson"),
        (["report", "--jobs", "0"], "Give 1 or more."),
        (["check", "semarng"], "Did you mean 'semarang'?"),
        (["build", "semarng"], "Did you mean 'semarang'?"),
        (["boundaries", "--from", "osm"], "There is no boundary source 'osm'"),
    ],
)
def test_wrong_arguments_leave_nothing_on_disk(tmp_path, monkeypatch, capsys, arguments, expected):
    monkeypatch.chdir(tmp_path)
    assert main(arguments) == 2
    printed = capsys.readouterr().err
    assert expected in printed
    assert "What to do:" in printed
    assert len(printed.splitlines()) < 24
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (
            ["report", "--notebok", "x"],
            "unrecognized arguments: --notebok x\nWhat to do: ogp-analysis report --help\n",
        ),
        (["check", "semarang", "x"], "unrecognized arguments: x\nWhat to do: ogp-analysis check --help\n"),
        ([], "the following arguments are required: COMMAND\nWhat to do: ogp-analysis --help\n"),
    ],
)
def test_a_misspelt_option_leads_to_the_help_of_its_command(capsys, arguments, expected):
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    assert ended.value.code == 2
    assert capsys.readouterr().err == expected


@pytest.mark.skipif(os.name == "nt", reason="a pipe that nobody reads is told otherwise on Windows")
@pytest.mark.parametrize("case", ["semarang", "banggai"])
def test_a_reader_that_has_seen_enough_is_no_full_disk(case):
    """As ``ogp-analysis check | head -1`` does, with more than a buffer to print and with less."""
    reads, writes = os.pipe()
    os.close(reads)
    with os.fdopen(writes, "wb") as nobody:
        command = [sys.executable, "-m", "ogp_analysis", "check", case]
        done = subprocess.run(command, stdout=nobody, stderr=subprocess.PIPE, text=True, check=False)
    assert (done.returncode, done.stderr) == (1, "")


def test_a_broken_table_stops_before_anything_is_written(broken_case, tmp_path, capsys):
    folder = broken_case("districts.csv", lambda text: text.replace("3374020", "33740200", 1))
    out = tmp_path / "out"
    assert main(["report", "--case", str(folder), "--out", str(out)]) == 2
    assert main(["build", str(folder), "--out", str(out)]) == 2
    assert "districts.csv, row 3, column 'code_bps': found '33740200'" in capsys.readouterr().err
    assert not out.exists()


def test_help_fits_on_a_screen(capsys):
    for arguments in (["--help"], ["report", "--help"], ["check", "--help"]):
        with pytest.raises(SystemExit) as done:
            main(arguments)
        assert done.value.code == 0
        assert len(capsys.readouterr().out.splitlines()) <= 30
