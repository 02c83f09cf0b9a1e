"""One page in all its formats: the same numbers, tagged PDF, results as data, and what it was made from."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import re
from collections import Counter
from datetime import UTC, datetime
from html.parser import HTMLParser
from pathlib import Path

import nbformat
import pandas as pd
import pytest
import typst
from frictionless import Resource, Schema
from pypdf import PdfReader

from ogp_analysis.errors import OgpAnalysisError
from ogp_analysis.locale import get_language
from ogp_analysis.reports import blocks, runner
from ogp_analysis.reports.pdf import pdf_document, typeset
from ogp_analysis.reports.pdf.layout import SIDEWAYS, UPRIGHT, WIDTHS, table_layout
from ogp_analysis.reports.pdf.typeset import open_fonts
from ogp_analysis.reports.plan import plan_runs
from ogp_analysis.reports.provenance import provenance_json
from ogp_analysis.reports.results import results_csv, results_dictionary
from ogp_analysis.reports.tables import make_table

ROOT = Path(__file__).resolve().parents[2]
RAW = ROOT / "data" / "raw" / "semarang"
EPOCH = "1700000000"
MADE = datetime.fromtimestamp(int(EPOCH), UTC)
GENUK = "3374090"
NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
HOSTILE = [
    '#import "x": y $a_b$ *bold* _em_ <label> @ref \\ `raw` // /* = - + ~ [x] {y}',
    "Jalan “Dr. Cipto” – no. 5 → ½ km² ≥ 3 ≤ 4 † ’ − ≠",
    "<script>alert('&amp;')</script> \"'",
]


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """Two kinds of page, one in each language, made twice at one time that is given."""
    found = []
    for name in ("first", "second"):
        out = tmp_path_factory.mktemp(name)
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("SOURCE_DATE_EPOCH", EPOCH)
            runs = runner.plan_runs("semarang", "2023Q4", ["id"], ["40_district_profile"], districts=["Genuk"])
            runs += runner.plan_runs("semarang", "2023Q4", ["en"], ["20_recovery"])
            outcomes = runner.run_reports(runs, out)
        assert [outcome.problem for outcome in outcomes] == ["", ""]
        found.append(out)
    return found


@pytest.fixture(
    params=[f"id/40_district_profile/{GENUK}/40_district_profile_{GENUK}", "en/20_recovery/20_recovery"]
)
def page(request, made):
    return made[0] / "semarang" / "2023Q4" / request.param


class _Cells(HTMLParser):
    """The texts of a page's tables, findings, points and paragraphs, without drawings, links of the set and contents."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []
        self.skipped = 0

    def handle_starttag(self, tag, attrs):
        self.skipped += tag in ("svg", "style", "script", "nav", "summary", "head", "figcaption", "footer")
        if tag != "wbr":
            self.texts.append(" ")

    def handle_endtag(self, tag):
        self.skipped -= tag in ("svg", "style", "script", "nav", "summary", "head", "figcaption", "footer")

    def handle_data(self, data):
        if not self.skipped:
            self.texts.append(data)


def numbers_of(text: str) -> Counter[str]:
    return Counter(NUMBER.findall(text))


def pdf_text(path: Path) -> str:
    pages = [page.extract_text() for page in PdfReader(path).pages]
    return "\n".join(pages).replace("\u200b", "")


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def descended(element, role: str):
    """Every element of a PDF's structure tree with a role."""
    found, waiting = [], [element]
    while waiting:
        node = waiting.pop().get_object()
        if not hasattr(node, "get"):
            continue
        if node.get("/S") == role:
            found.append(node)
        kids = node.get("/K", [])
        kids = kids.get_object() if hasattr(kids, "get_object") else kids
        kids = kids if isinstance(kids, list) else [kids]
        waiting += [kid for kid in kids if not isinstance(kid, int) and hasattr(kid.get_object(), "get")]
    return found


def test_every_number_of_the_page_stands_in_the_pdf(page):
    reader = _Cells()
    text = page.with_suffix(".html").read_text(encoding="utf-8")
    # what a figure shows in words is its alternative text in the PDF: see the next test
    reader.feed(re.sub(r"(<details class=.behind.><summary>[^<]*</summary>)<p>.*?</p>", r"\1", text))
    on_page, on_paper = numbers_of("".join(reader.texts)), numbers_of(pdf_text(page.with_suffix(".pdf")))
    assert sum(on_page.values()) > 300
    assert on_page - on_paper == Counter()


def test_the_pdf_is_tagged_and_says_language_and_title(page):
    reader = PdfReader(page.with_suffix(".pdf"))
    root = reader.trailer["/Root"]
    assert root["/Lang"] == page.parts[page.parts.index("2023Q4") + 1]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    heading = re.search(r"<h1>(.*?)</h1>", page.with_suffix(".html").read_text(encoding="utf-8"))[1]
    assert reader.metadata.title == heading
    about = root["/Metadata"].get_object().get_data().decode("utf-8")
    assert re.search(r"pdfuaid:part[^0-9]+1", about)
    tree = root["/StructTreeRoot"]
    figures = descended(tree, "/Figure")
    drawn = page.with_suffix(".html").read_text(encoding="utf-8").count('<figure class="ogp-map"')
    assert len(figures) == drawn
    assert all(len(str(figure.get("/Alt", ""))) > 40 for figure in figures)
    tables = descended(tree, "/Table")
    assert len(tables) == page.with_suffix(".html").read_text(encoding="utf-8").count("<table")
    assert all(descended(table, "/TH") for table in tables)
    sections = re.findall(r'<h2 id="s\d+">(.*?)</h2>', page.with_suffix(".html").read_text(encoding="utf-8"))
    outline = [entry["/Title"] for entry in reader.outline if not isinstance(entry, list)]
    assert [title for title in outline if title in sections] == sections


def test_every_font_of_the_pdf_is_inside_it(page):
    reader = PdfReader(page.with_suffix(".pdf"))
    seen = 0
    for sheet in reader.pages:
        for font in sheet["/Resources"].get("/Font", {}).values():
            inner = font.get_object()["/DescendantFonts"][0].get_object()["/FontDescriptor"].get_object()
            assert {"/FontFile2", "/FontFile3"} & set(inner)
            seen += 1
    assert seen > 0


def test_pages_are_numbered_and_carry_a_running_title(page):
    reader = PdfReader(page.with_suffix(".pdf"))
    texts = [sheet.extract_text() for sheet in reader.pages]
    assert all(f"{at} / {len(texts)}" in text for at, text in enumerate(texts, start=1))
    assert all("Kota Semarang" in text.split("\n")[0] for text in texts[1:])


def test_two_runs_at_one_time_differ_in_no_byte(made):
    first, second = made

    def written(folder: Path) -> set[Path]:
        # the state and the log say how long each page took
        files = {path.relative_to(folder) for path in folder.rglob("*") if path.is_file()}
        return {path for path in files if path.name != "state.json" and path.suffix != ".log"}

    names = written(first)
    assert names == written(second)
    assert {path.suffix for path in names} == {".html", ".pdf", ".csv", ".json", ".ipynb"}
    assert [name for name in sorted(names) if (first / name).read_bytes() != (second / name).read_bytes()] == []


def test_values_of_a_kecamatan_stand_in_full_in_the_results(made):
    rows = rows_of(made[0] / "semarang" / "2023Q4" / "en" / "20_recovery" / "results.csv")
    figure = [row for row in rows if row["title"].startswith("Need rates") or row["title"] == "Rates of need"]
    assert len(figure) > 16
    with (RAW / "district_values.csv").open(encoding="utf-8", newline="") as file:
        raw = list(csv.DictReader(file))

    def value(indicator: str, period: str) -> float:
        (found,) = [
            row
            for row in raw
            if (row["indicator"], row["period"], row["code_bps"], row["role"])
            == (indicator, period, GENUK, "main")
        ]
        return float(found["value"])

    expected = 1000 * value("rumah_tidak_layak_huni", "2023") / value("jumlah_rumah", "2022")
    unfit = [
        row
        for row in figure
        if row["code"] == GENUK and row["column"] == "value" and "1,000 houses" in row["label"]
    ]
    assert [float(row["value"]) for row in unfit] == [pytest.approx(expected, rel=1e-12)]
    assert unfit[0]["source_id"]
    assert "Genuk" in unfit[0]["label"]


def test_the_results_follow_their_dictionary_and_name_listed_sources(made, page):
    schema = json.loads(results_dictionary())
    path = page.parent / "results.csv"
    checked = Resource(path=path.name, basepath=str(path.parent), schema=Schema.from_descriptor(schema)).validate()
    assert checked.valid, checked.flatten(["type", "message"])[:5]
    assert all(set(field["descriptions"]) == {"id", "en"} for field in schema["fields"])
    rows = rows_of(path)
    cells = [
        (row["block"], row["section"], row["title"], row["row"], row["column"]) for row in rows if row["column"]
    ]
    assert [cell for cell, times in Counter(cells).items() if times > 1] == []
    record = json.loads((page.parent / "provenance.json").read_text(encoding="utf-8"))
    listed = {source["source_id"] for source in record["sources"]}
    named = {each.strip() for row in rows for each in row["source_id"].split(";") if each.strip()}
    assert named <= listed
    assert named


def test_texts_that_look_like_formulas_are_disarmed_and_numbers_are_not():
    frame = pd.DataFrame({"name": ["=1+1", "@x", "-2019", "+7"], "value": [-1.5, 2.0, float("nan"), 1e-9]})
    table = make_table(frame, {"name": "=Nama", "value": "Nilai"}, get_language("id"), caption="-c")
    block = blocks.table(table, get_language("id")).content | {"kind": "table"}
    rows = list(csv.DictReader(io.StringIO(results_csv([block], "p"))))
    assert [row["label"] for row in rows] == ["'=1+1", "'@x", "'-2019", "'+7"]
    assert {row["title"] for row in rows} == {"'-c"}
    assert [row["value"] for row in rows] == ["-1.5", "2", "", "1e-09"]


def test_codes_stay_text_and_states_are_told():
    frame = pd.DataFrame(
        {"code": ["0101", "3374010"], "name": ["A", "B"], "value": [None, 3.25], "state": ["no_data", "measured"]}
    )
    table = make_table(frame, {"code": "Kode", "name": "Nama", "value": "Nilai"}, get_language("id"), caption="C")
    rows = list(csv.DictReader(io.StringIO(results_csv([table.to_json() | {"kind": "table"}], "p"))))
    assert [(row["code"], row["label"], row["value"], row["state"]) for row in rows] == [
        ("0101", "A", "", "no_data"),
        ("3374010", "B", "3.25", "measured"),
    ]


def test_provenance_tells_every_input_and_no_place_on_the_machine(page, made):
    text = (page.parent / "provenance.json").read_text(encoding="utf-8")
    for place in (str(ROOT), str(Path.home()), str(made[0])):
        assert len(place) < 3 or place not in text
    record = json.loads(text)
    assert record["made_at"] == "2023-11-14T22:13:20+00:00"
    tables = {entry["file"]: entry for entry in record["inputs"]}
    folder = made[0] / "semarang" / "2023Q4"
    state = json.loads((folder / "state.json").read_text(encoding="utf-8"))
    read = state["pages"][page.parent.relative_to(folder).as_posix()]["inputs"]
    assert set(tables) == set(read) - {"boundaries"}
    assert {"datapackage.yaml", "districts.csv", "sources.csv"} <= set(tables)
    assert set(tables) < {path.name for path in RAW.iterdir()}
    for name, entry in tables.items():
        data = (RAW / name).read_bytes()
        assert entry["sha256"] == hashlib.sha256(data).hexdigest()
        if name.endswith(".csv"):
            assert entry["rows"] == sum(1 for _ in csv.reader(io.StringIO(data.decode("utf-8")))) - 1
    assert record["parameters"]["quarter"] == "2023Q4"
    assert record["outline"]["kind"] == "schematic"
    pdf = page.with_suffix(".pdf")
    assert record["outputs"][pdf.name] == hashlib.sha256(pdf.read_bytes()).hexdigest()
    sources = {row["source_id"]: row for row in rows_of(RAW / "sources.csv")}
    for source in record["sources"]:
        assert source["publisher"] == sources[source["source_id"]]["publisher"]


@pytest.mark.parametrize(
    ("given", "parts"),
    [
        ("k.gdb", {"k.gdb/a.gdbtable": b"12345", "k.gdb/b.gdbtablx": b"67"}),
        ("k.shp", {"k.shp": b"123", "k.dbf": b"45", "k.prj": b"6", "k.txt": b"no part of it"}),
        ("k.geojson", {"k.geojson": b"{}", "k.dbf": b"no part of it"}),
    ],
)
def test_a_given_boundary_file_is_told_with_all_its_parts(tmp_path, given, parts):
    own = hashlib.sha256()
    size = 0
    for name, data in parts.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(data)
        if data != b"no part of it":
            own.update(data)
            size += len(data)
    run = plan_runs("semarang", "2023Q4", ["id"], ["10_commitments"])[0]
    notebook = ROOT / "notebooks" / "10_commitments.ipynb"
    text = provenance_json(run, [], MADE, notebook, boundaries=tmp_path / given)
    assert json.loads(text)["given_files"] == [
        {"given_as": "boundaries", "file": given, "bytes": size, "sha256": own.hexdigest()}
    ]


def test_the_page_and_the_index_lead_to_every_format(page, made):
    text = page.with_suffix(".html").read_text(encoding="utf-8")
    index = (made[0] / "semarang" / "2023Q4" / "index.html").read_text(encoding="utf-8")
    linked = {(page.parent / address).resolve() for address in re.findall(r'href="([^"#:]+)"', text)}
    folder = made[0] / "semarang" / "2023Q4"
    for target in (page.with_suffix(".pdf"), page.parent / "results.csv", page.parent / "provenance.json"):
        assert target.resolve() in linked
    assert (folder / "results.schema.json").resolve() in linked
    if "/id/" in page.as_posix():
        assert page.with_suffix(".pdf").relative_to(folder).as_posix() in index


def test_a_drawing_stands_once_in_the_notebook(page):
    notebook = nbformat.read(page.with_suffix(".ipynb"), as_version=4)
    text = json.dumps(notebook)
    found = [block for block in blocks.page_blocks(notebook) if block["kind"] == "figure"]
    assert found
    for block in found:
        assert block["drawing"].startswith("<svg")
        assert block["drawing"].rstrip().endswith("</svg>")
    assert text.count("</svg>") == len(found)


@pytest.mark.parametrize("text", HOSTILE)
def test_no_text_is_read_as_markup(text):
    language = get_language("en")
    table = make_table(
        pd.DataFrame({"name": [text], "value": [1.0]}), {"name": text, "value": "V"}, language, caption=text
    )
    parts = [
        blocks.title(text, text),
        blocks.heading(text),
        blocks.paragraph(text),
        blocks.finding(text),
        blocks.points([text]),
        blocks.nothing(text, text),
        blocks.table(table, language),
        blocks.sources(text, [("a", (text,))]),
    ]
    record = [part.content | {"kind": part.kind} for part in parts]
    document = pdf_document(record, language, place=text, stands=text, stamp=text)
    reader = PdfReader(io.BytesIO(typeset(document, MADE)))

    def bare(words: str) -> str:
        return re.sub(r"[\s\u200b-]+", "", words)

    shown = bare("".join(sheet.extract_text() for sheet in reader.pages))
    # title, line, contents twice, heading, paragraph, finding, point, twice where nothing is, header, caption, cell,
    # heading of the sources, source, stamp
    assert shown.count(bare(text)) >= 14
    assert reader.metadata.title == text
    assert all(text not in part.html or "<" not in text for part in parts)


def test_a_sign_that_no_font_has_is_an_error_that_names_it():
    record = [{"kind": "title", "text": "Peta", "line": "x"}, {"kind": "paragraph", "text": "Kota 中"}]
    document = pdf_document(record, get_language("id"), place="x", stands="x", stamp="x")
    with pytest.raises(OgpAnalysisError, match="中"):
        typeset(document, MADE)


@pytest.mark.parametrize("columns", [2, 6, 11, 16, 24])
@pytest.mark.parametrize("longest", [4, 12, 25])
def test_no_table_is_wider_than_its_page(columns, longest):
    texts = [["Kepala kolom", "kata " * 30 + "x" * longest] for _ in range(columns)]
    layout = table_layout(texts)
    assert len(layout.widths) == columns
    assert min(layout.widths) > 0
    assert sum(layout.widths) <= (SIDEWAYS if layout.sideways else UPRIGHT) + columns * 0.05


def test_widths_are_no_less_than_what_typst_measures():
    document = json.dumps(sorted(WIDTHS))
    code = """#set text(font: ("Libertinus Serif", "DejaVu Sans"), fallback: false, size: 1000pt)
    #context [#metadata(json(bytes(sys.inputs.signs)).map(each => measure(text(each)).width.pt()))<found>]"""
    compiler = typst.Compiler(code.encode(), font_paths=open_fonts(), sys_inputs={"signs": document})
    found = json.loads(compiler.query("<found>", field="value"))[0]
    for sign, width in zip(sorted(WIDTHS), found, strict=True):
        assert width / 1000 <= WIDTHS[sign] < width / 1000 + 0.0501, sign


def test_days_stay_on_one_line_where_that_makes_a_table_lower_and_hardly_at_the_cost_of_its_type():
    days = ["Per", *["19 November 2020"] * 8]
    others = [["Kepala", *["kata kata kata kata kata kata"] * 8] for _ in range(6)]
    plain, kept = table_layout([days, *others]), table_layout([days, *others], short=[True])
    assert kept.size >= plain.size
    assert kept.height <= plain.height
    # days on three lines beside columns of numbers: the type gets one size smaller, and the table a third lower
    full = [["Kepala", *["Rp123.456.789,00"] * 8] for _ in range(6)]
    plain, kept = (table_layout([days, *full], [False, *[True] * 6], short=short) for short in ([], [True]))
    assert plain.size > kept.size >= 7.8
    assert kept.height < plain.height * 2 / 3
    assert kept.widths[0] > plain.widths[0]
    narrow = [["Kepala", *["x" * 29] * 8] for _ in range(4)]  # no room: the days break as before
    assert table_layout([days, *narrow], short=[True]) == table_layout([days, *narrow])
    wide = [["Kepala", "kata"], ["Catatan", "kata " * 70]]
    one, other = ([["Per", "19 November 2020"], *wide[:1]] for _ in range(2))
    assert table_layout(one, short=[True]).height == table_layout(other).height == 2
