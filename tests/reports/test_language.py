"""A third language is a catalogue and nothing else: every text of a page follows it, dates and numbers follow Babel."""

from __future__ import annotations

import io
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from babel.messages.pofile import read_po, write_po

from ogp_analysis.case import load_case
from ogp_analysis.cli import main
from ogp_analysis.errors import ParameterError
from ogp_analysis.forms import write_form
from ogp_analysis.locale import MissingTranslation, get_language, languages
from ogp_analysis.locale.catalogues import VARIABLE
from ogp_analysis.tables import table_specs
from ogp_analysis.translation import main as translation
from ogp_analysis.translation import template

#: Of Portuguese, in Babel's long and short forms.
MONTHS = (
    "janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro "
    "jan fev mar abr mai jun jul ago set out nov dez"
)
OPEN, CLOSE = "⟦", "⟧"
CASE = Path(__file__).parents[2] / "data" / "raw" / "banggai"


def pseudo(code: str, case: Path | None, *, head: str = "", without: str = "") -> bytes:
    """A catalogue whose translations are the English texts in marks."""
    text = template(code, load_case(case) if case else None)
    catalogue = read_po(io.BytesIO(text.encode()), locale=code)
    for message in catalogue:
        if message.id and message.id != without:
            message.string = f"{OPEN}{message.id}{CLOSE}"
    stream = io.BytesIO()
    write_po(stream, catalogue, width=0)
    return stream.getvalue().replace(b'"MIME-Version', f"{head}".encode() + b'"MIME-Version', 1)


@pytest.fixture
def folder(tmp_path, monkeypatch):
    made = tmp_path / "locale"
    made.mkdir()
    monkeypatch.setenv(VARIABLE, str(made))
    return made


class Texts(HTMLParser):
    """What a reader sees or hears of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.quiet, self.found = 0, []

    def handle_starttag(self, tag, attrs):
        self.quiet += tag in ("script", "style")
        if tag != "meta":
            self.found += [value for name, value in attrs if name in ("alt", "title", "aria-label") and value]

    def handle_endtag(self, tag):
        self.quiet -= tag in ("script", "style")

    def handle_data(self, data):
        if not self.quiet and data.strip():
            self.found.append(data)


def unmarked(page: Path) -> str:
    """The text of a page outside the marks."""
    texts = Texts()
    # the link to the same page in English is in English
    html = re.sub(r'<a [^>]*lang="en"[^>]*>.*?</a>', "", page.read_text(encoding="utf-8"))
    texts.feed(html)
    depth, out = 0, []
    for letter in "\n".join(texts.found):
        depth += (letter == OPEN) - (letter == CLOSE)
        if depth == 0:
            out.append(letter)
    return "".join(out)


def own_words(case: Path) -> set[str]:
    """Words of the tables that have no language: names of places and publishers, codes, titles as published."""
    loaded = load_case(case)
    cells = [str(loaded.jurisdiction["name"])]
    for name in loaded.tables:
        fields = [field.name for field in table_specs()[name].fields if not field.pair_of]
        cells += [name, *loaded.table(name)[fields].astype("string").stack().dropna()]
    return set(re.findall(r"[^\W\d_]{3,}", " ".join(cells)))


def test_every_text_of_the_pages_follows_the_catalogue(folder, tmp_path, capsys):
    (folder / "pt.po").write_bytes(pseudo("pt", CASE))
    out = tmp_path / "reports"
    pages = ["00_data_quality", "10_commitments", "20_recovery", "30_membership", "40_district_profile"]
    asked = ["report", "--case", str(CASE), "--language", "pt", "en", "--district", "Luwuk", "--out", str(out)]
    assert main([*asked, "--notebook", *pages]) == 0, capsys.readouterr().err
    quarter = out / "banggai" / "2023Q4"
    made = sorted((quarter / "pt").rglob("*.html"))
    assert len(made) == len(pages)
    known = own_words(CASE)
    for page in [*made, quarter / "index.pt.html"]:
        html = page.read_text(encoding="utf-8")
        assert '<html lang="pt"' in html
        # a month of Babel's is a word of the language, whatever the catalogue holds
        left = set(re.findall(r"[^\W\d_]{3,}", unmarked(page))) - known
        # maps count kecamatan by that word in every language
        assert left - {*MONTHS.split()} <= {"PDF", "kecamatan"}, page.name
    assert "31 dezembro 2023" in made[0].read_text(encoding="utf-8")
    index = (quarter / "index.html").read_text(encoding="utf-8")  # English, the first of the two
    assert 'href="index.pt.html" lang="pt"' in index
    assert list((quarter / "pt").rglob("*.pdf"))


def test_numbers_and_quarters_are_those_of_the_language(folder):
    (folder / "pt_BR.po").write_bytes(pseudo("pt_BR", None))
    language = get_language("pt_BR")
    assert "pt_BR" in languages()
    assert language.number(1234.5) == "1.234,5"
    assert language.tag == "pt-BR"
    assert language.t("Data quality") == f"{OPEN}Data quality{CLOSE}"


def test_what_the_library_says_is_never_left_in_another_language(folder):
    (folder / "jv.po").write_bytes(pseudo("jv", None, without="no data"))
    with pytest.raises(MissingTranslation, match="'no data'"):
        get_language("jv").t("no data")


@pytest.mark.parametrize(("head", "shown"), [("", "house"), ('"X-Tables-Language: id\\n"\n', "rumah")])
def test_texts_of_a_case_without_a_translation_are_those_of_its_tables(folder, head, shown):
    (folder / "jv.po").write_bytes(pseudo("jv", None, head=head))
    assert get_language("jv").text("house", "rumah") == shown


def test_a_form_is_written_in_it_too(folder, tmp_path):
    (folder / "jv.po").write_bytes(pseudo("jv", CASE))
    assert write_form(load_case(CASE), tmp_path / "form.xlsx", "jv").is_file()


@pytest.mark.parametrize(
    ("name", "content", "expected"),
    [
        ("qqq.po", b'msgid ""\nmsgstr ""\n', "'qqq' is no language that Babel knows"),
        ("jv.po", b"no catalogue", "is no catalogue that can be read"),
        ("jv.po", b'msgid ""\nmsgstr ""\n"X-Tables-Language: nl\\n"\n', "says X-Tables-Language: nl"),
    ],
)
def test_a_catalogue_that_cannot_be_used_is_named(folder, name, content, expected):
    (folder / name).write_bytes(content)
    with pytest.raises(ParameterError, match=expected):
        get_language(name.removesuffix(".po"))


def test_a_folder_that_is_not_there_is_named(monkeypatch, tmp_path):
    monkeypatch.setenv(VARIABLE, str(tmp_path / "none"))
    with pytest.raises(ParameterError, match="which is no folder"):
        languages()


def test_the_template_holds_what_the_indonesian_catalogue_holds(tmp_path, capsys):
    path = tmp_path / "jv.po"
    assert translation(["jv", "--case", "banggai", "--out", str(path)]) == 0
    catalogue = read_po(path.open("rb"), locale="jv")
    indonesian = get_language("id").catalogue
    assert {message.id for message in indonesian} <= {message.id for message in catalogue}
    assert catalogue.get("Limited") is not None  # a label of a scale
    assert not any(message.string for message in catalogue if message.id)
    assert translation(["jv", "--out", str(path)]) == 2  # never over one that somebody worked on
    assert "exists already" in capsys.readouterr().err
