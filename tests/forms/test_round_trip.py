"""What goes into a form comes back: untouched forms, a thousand random edits, several programs."""

from __future__ import annotations

import csv
import datetime
import random
import shutil
import subprocess
from pathlib import Path

import pytest
from openpyxl import load_workbook

from ogp_analysis.case import load_case
from ogp_analysis.cli import main
from ogp_analysis.errors import DataError, OgpAnalysisError, ParameterError
from ogp_analysis.forms import import_form, write_form
from ogp_analysis.forms.layout import escaped
from ogp_analysis.scales import VARIABLES, scale
from ogp_analysis.tables import table_specs

from .conftest import TABLES, Workbook, as_csv, fingerprint, rows_of

PIECES = ["angin", "kali", "é", "Ω", "日本", "👩🏽‍🌾", "עברית", "\u200d", "a,b", '"kata"', "''", "\n", "\n\n", "\t", "  ",
          "=1+1", "+62 24", "-5", "@ogp", "#REF!", "0012", "2021-08", "1.000", "TRUE", "_x0041_", "_x000D_", "&lt;", "<b>",
          "]]>", ";", "%", "\u2028", "\u0085", "\\", "NULL", "nan"]  # fmt: skip
KEY_COLUMNS = {"progress": ["date", "source_id"], "assessments": ["instrument"]}
ROUNDS, EDITS = 2, 250


@pytest.mark.parametrize("code", ["id", "en"])
def test_an_untouched_form_changes_no_byte(form, folder, code):
    before = fingerprint(folder)
    outcome = import_form(form(code).path, folder)
    assert not outcome.alters
    assert outcome.backup is None
    assert fingerprint(folder) == before


def test_a_form_that_libreoffice_saved_changes_no_byte(form, folder, tmp_path):
    soffice = shutil.which("soffice")
    if soffice is None:
        pytest.skip("LibreOffice is not installed")
    path = form("id").path
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    command = [
        soffice,
        "--headless",
        profile,
        "--convert-to",
        "xlsx",
        "--outdir",
        str(tmp_path / "out"),
        str(path),
    ]
    subprocess.run(command, check=True, capture_output=True, timeout=180)
    before = fingerprint(folder)
    assert not import_form(tmp_path / "out" / path.name, folder).alters
    assert fingerprint(folder) == before


class Editor:
    """Make random edits to a form and, on its own, to the rows that the tables should hold afterwards."""

    def __init__(self, book: Workbook, folder: Path, seed: int) -> None:
        self.book, self.random, self.seed = book, random.Random(seed), seed
        self.tables, self.columns, self.places = {}, {}, {}
        for table in TABLES:
            self.columns[table], self.tables[table] = rows_of(folder, table)
            # the place of a row in the form; new rows come to stand below
            for number, row in enumerate(self.tables[table], start=4):
                self.places[id(row)] = number
        with (folder / "districts.csv").open(encoding="utf-8", newline="") as file:
            self.districts = [row["code_bps"] for row in csv.DictReader(file)]
        self.kinds: set[str] = set()
        self.made = 0

    def text(self) -> str:
        made = ""
        while not made.strip():
            made = "".join(self.random.choice(PIECES) for _ in range(self.random.randint(1, 6)))
        return made.strip()

    def date(self) -> str:
        day = datetime.date(2015, 1, 1) + datetime.timedelta(days=self.random.randrange(4000))
        later = day + datetime.timedelta(days=400)
        forms = ["", f"{day:%Y}", f"{day:%Y-%m}", f"{day}", f"{day}/{later}", f"{day:%Y-%m}/{later:%Y}"]
        return self.random.choice(forms)

    def fresh(self, prefix: str) -> str:
        self.made += 1
        return f"{prefix}{self.seed}-{self.made}"

    def any(self, table: str, column: str) -> str:
        return self.random.choice(self.tables[table])[column]

    def set(self, table: str, row: dict[str, str], column: str, value: str, typed: object = None) -> None:
        row[column] = value
        self.book.put(
            table, self.places[id(row)], column, escaped(value) if typed is None and value else typed or None
        )

    def cell(self, table: str, row: dict[str, str], column: str) -> None:
        """Change one cell, in a way that its column allows."""
        field = table_specs()[table].field(column)
        if column == "claimed_status" or column == "variable" or (field.enum and column != "label"):
            at = self.random.randrange(len(field.enum))
            self.set(table, row, column, field.enum[at], self.book.drop_down(f"list_{table}_{column}")[at])
            if column == "variable":
                self.cell(table, row, "label")
        elif column == "label":
            number = list(table_specs()["assessments"].field("variable").enum).index(row["variable"])
            labels = scale(VARIABLES[row["variable"]]).labels
            at = self.random.randrange(len(labels))
            self.set(table, row, column, labels[at].en, self.book.drop_down(f"label_{number + 1}")[at])
        elif column == "code_bps":
            at = self.random.randrange(len(self.districts))
            self.set(table, row, column, self.districts[at], self.book.drop_down("list_progress_code_bps")[at])
        elif column in ("source_id", "inception_source_id"):
            self.set(table, row, column, self.any("sources", "source_id"))
        elif column == "plan_id":
            self.set(table, row, column, self.any("plans", "plan_id"))
        elif column == "commitment_count":
            number = self.random.randrange(50)
            self.set(table, row, column, str(number), self.random.choice([number, None]))
        elif column == "url":
            self.set(table, row, column, f"https://example.org/{self.random.randrange(999)}?a=1&b=%20#x")
        elif field.type == "date" or (field.type == "partial" and self.random.random() < 0.3):
            day = datetime.datetime(2020, 2, 29) + datetime.timedelta(days=self.random.randrange(900))
            typed = self.random.choice([day, None])
            self.set(table, row, column, f"{day:%Y-%m-%d}", typed)
            if typed:
                self.book.sheets[table].cell(
                    self.places[id(row)], self.book.columns[table][column]
                ).number_format = "dd/mm/yyyy"
        elif field.type == "partial":
            self.set(table, row, column, self.date())
        elif field.pair_of:
            clear = not field.required and self.random.random() < 0.2
            for name in (column, field.pair_of):
                self.set(table, row, name, "" if clear else self.text())
        else:
            clear = not field.required and self.random.random() < 0.2
            self.set(table, row, column, "" if clear else self.text())
        self.kinds.add("list" if field.list else field.type if not field.enum else "enum")

    def key(self, table: str, row: dict[str, str]) -> tuple[str, ...]:
        return tuple(row[name] for name in table_specs()[table].key)

    def edit(self) -> None:
        table = self.random.choice(TABLES)
        rows = self.tables[table]
        chance = self.random.random()
        if chance < 0.12:
            self.add(table)
        elif chance < 0.17 and table in ("progress", "assessments") and len(rows) > 3:
            self.remove(table, self.random.choice(rows))
        else:
            row = self.random.choice(rows)
            key = table_specs()[table].key
            free = [
                name for name in self.columns[table] if name not in key and name not in ("milestone_no", "plan_id")
            ]
            # columns of the key change too, where no other row leans on them
            column = self.random.choice([*free, *KEY_COLUMNS.get(table, [])])
            others = {self.key(table, other) for other in rows if other is not row}
            before = dict(row)
            self.cell(table, row, column)
            if self.key(table, row) in others:  # not two rows with one key: put it back
                for name in self.columns[table]:
                    if row[name] != before[name]:
                        self.set(table, row, name, before[name])

    def add(self, table: str) -> None:
        row = dict.fromkeys(self.columns[table], "")
        self.places[id(row)] = self.book.add(table)
        fresh = {"sources": "src-", "commitments": "NEW", "plans": "plan-", "milestones": "9-"}
        for field in table_specs()[table].fields:
            if field.name == table_specs()[table].key[-1] and table in fresh:
                self.set(table, row, field.name, self.fresh(fresh[table]))
            elif field.name == "commitment_key":
                self.set(table, row, field.name, self.any("commitments", "commitment_key"))
            elif field.name == "instrument":
                self.set(table, row, field.name, self.fresh("Laporan "))
            elif field.name == "label":
                continue  # with what was rated
            elif field.name == "finding_en" and table == "progress":
                self.cell(table, row, field.name)
            elif field.name == "date" and table == "progress":
                self.made += 1
                self.set(
                    table,
                    row,
                    field.name,
                    f"{self.seed % 300 + 1900}-{self.made % 12 + 1:02d}-{self.made // 12 + 1:02d}",
                )
            elif field.required and not row[field.name]:
                self.cell(table, row, field.name)
        self.tables[table].append(row)
        self.kinds.add("added row")

    def remove(self, table: str, row: dict[str, str]) -> None:
        self.book.put(table, self.places[id(row)], "_remove", "x")
        self.tables[table] = [other for other in self.tables[table] if other is not row]
        self.kinds.add("removed row")


@pytest.mark.parametrize("code", ["id", "en"])
def test_random_edits_survive(forms, folder, tmp_path, code):
    """500 edits in each language, in rounds: write, edit, import, compare with the same edits made to the rows."""
    kinds: set[str] = set()
    path = Path(shutil.copy(forms[code], tmp_path / "0.xlsx"))
    for number in range(ROUNDS):
        if number:
            path = write_form(load_case(folder), tmp_path / f"{number}.xlsx", code)
        editor = Editor(Workbook(path), folder, seed=1000 * len(code) + 17 * number + (code == "en"))
        for _ in range(EDITS):
            editor.edit()
        editor.book.save()
        before = fingerprint(folder)
        outcome = import_form(path, folder)
        for table in TABLES:
            assert (folder / f"{table}.csv").read_bytes() == as_csv(editor.columns[table], editor.tables[table]), (
                table
            )
        after = fingerprint(folder)
        saved = {file.name: before[file.name] for file in outcome.backup.iterdir()}
        assert {name: after[f".backup/{outcome.backup.name}/{name}"] for name in saved} == saved
        # once more: nothing left to do, and no further backup
        assert not import_form(path, folder).alters
        assert fingerprint(folder) == after
        kinds |= editor.kinds
    assert kinds >= {"string", "enum", "partial", "date", "integer", "added row", "removed row"}


def test_rows_that_did_not_change_keep_their_bytes(folder, tmp_path):
    """A table with other line ends, a mark of UTF-8 and more quotation marks than needed; its last line has no end."""
    rows = (folder / "assessments.csv").read_bytes().decode("utf-8").splitlines()
    odd = "\ufeff" + "\r\n".join([rows[0], *(line.replace("ID0083", '"ID0083"') for line in rows[1:])])
    (folder / "assessments.csv").write_bytes(odd.encode("utf-8"))
    path = write_form(load_case(folder), tmp_path / "form.xlsx", "en")
    book = Workbook(path)
    book.put("assessments", 6, "assessor", 'IRM, "Jakarta"')
    book.add("assessments", commitment_key="IDSMG0001", instrument="Form", assessor="LMB", variable="Completion",
             label="Limited", source_id="opengovpartnership-13")  # fmt: skip
    import_form(book.save(), folder)
    lines = odd.split("\r\n")
    third = lines[3].split(",")
    changed = ",".join([third[0].strip('"'), third[1], '"IRM, ""Jakarta"""', *third[3:]])
    added = "IDSMG0001,Form,LMB,completion,Limited,,opengovpartnership-13"
    expected = "\r\n".join([*lines[:3], changed, *lines[4:], added, ""])
    assert (folder / "assessments.csv").read_bytes().decode("utf-8") == expected


def test_carriage_returns_survive(folder, tmp_path):
    columns, rows = rows_of(folder, "progress")
    rows[0]["finding_en"] = "one\r\ntwo\rthree\n_x000D_ four"
    rows[0]["finding_id"] = "satu\rdua,"  # a comma: Python's own writer leaves a lone carriage return bare
    (folder / "progress.csv").write_bytes(as_csv(columns, rows))
    path = write_form(load_case(folder), tmp_path / "form.xlsx", "en")
    before = fingerprint(folder)
    assert not import_form(path, folder).alters
    assert fingerprint(folder) == before
    book = Workbook(path)
    book.put("progress", 4, "date", "2023")
    import_form(book.save(), folder)
    rows[0]["date"] = "2023"
    assert rows_of(folder, "progress")[1] == rows


@pytest.mark.parametrize(("label", "shown"), [("Ya", "Ya (sebagaimana tercetak)"), ("Marginal", "Marginal")])
def test_a_printed_label_outside_the_scale_stays(folder, tmp_path, label, shown):
    columns, rows = rows_of(folder, "assessments")
    rows[0]["label"] = label
    (folder / "assessments.csv").write_bytes(as_csv(columns, rows))
    path = write_form(load_case(folder), tmp_path / "form.xlsx", "id")
    book = Workbook(path)
    assert book.get("assessments", 4, "label") == shown
    book.put("assessments", 4, "date", "2023")
    import_form(book.save(), folder)
    rows[0]["date"] = "2023"
    assert (folder / "assessments.csv").read_bytes() == as_csv(columns, rows)


def test_texts_are_never_formulas(folder, tmp_path):
    columns, rows = rows_of(folder, "progress")
    for row, text in zip(rows, ["=1+1", "+1", "-1", "@x", "#REF!"], strict=True):
        row["finding_en"] = text
    (folder / "progress.csv").write_bytes(as_csv(columns, rows))
    book = load_workbook(write_form(load_case(folder), tmp_path / "form.xlsx", "en"))
    cells = [cell for cell in book["Progress"]["F"] if cell.row > 3]
    assert [cell.value for cell in cells] == ["=1+1", "+1", "-1", "@x", "#REF!"]
    assert {(cell.data_type, cell.number_format) for cell in cells} == {("s", "@")}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "a\x07b",
            "progress.csv, row 2, column 'finding_en': found 'a\\x07b', expected text without the invisible "
            "character U+0007",
        ),
        ("x" * 32_768, "expected at most 32,767 characters"),
        ("\r" * 5_000 + "\n", "expected at most 32,767 characters"),
    ],
)
def test_what_xlsx_cannot_hold_is_refused_at_writing(folder, tmp_path, text, expected):
    columns, rows = rows_of(folder, "progress")
    rows[0]["finding_en"] = text if "b" in text else f"a{text}b"
    (folder / "progress.csv").write_bytes(as_csv(columns, rows))
    with pytest.raises(DataError) as caught:
        write_form(load_case(folder), tmp_path / "form.xlsx")
    assert expected in str(caught.value)
    assert list(tmp_path.glob("*.xlsx")) == []


def test_a_form_is_never_written_over_another(semarang, tmp_path):
    (tmp_path / "form.xlsx").write_bytes(b"filled in")
    with pytest.raises(ParameterError, match="exists"):
        write_form(semarang, tmp_path / "form.xlsx")
    assert (tmp_path / "form.xlsx").read_bytes() == b"filled in"
    with pytest.raises(ParameterError, match=r"does not end in \.xlsx"):
        write_form(semarang, tmp_path / "form.ods")


@pytest.mark.parametrize("code", ["id", "en"])
def test_every_drop_down_word_leads_back_to_one_value(form, code):
    book = form(code)
    for name in book.book.defined_names:
        if name.startswith(("list_", "label_")):
            words = book.drop_down(name)
            assert len({word.casefold() for word in words}) == len(words), name
    variables = table_specs()["assessments"].field("variable").enum
    for number, variable in enumerate(variables, start=1):
        labels = scale(VARIABLES[variable]).labels
        assert book.drop_down(f"label_{number}") == [label.id if code == "id" else label.en for label in labels]


def test_the_command_line_writes_checks_and_takes_back(folder, tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert main(["form", str(folder), "--language", "en"]) == 0
    book = Workbook(tmp_path / "semarang-form-en.xlsx")
    book.put("sources", 4, "licence", "CC BY 4.0")
    book.save()
    before = fingerprint(folder)
    assert main(["import", "semarang-form-en.xlsx", "--case", str(folder), "--dry-run"]) == 0
    assert "sources: 0 added, 1 changed, 0 removed" in capsys.readouterr().out
    assert fingerprint(folder) == before
    assert main(["import", "semarang-form-en.xlsx", "--case", str(folder)]) == 0
    assert "Earlier tables:" in capsys.readouterr().out
    assert rows_of(folder, "sources")[1][0]["licence"] == "CC BY 4.0"
    assert main(["import", "semarang-form-en.xlsx", "--case", str(folder)]) == 0
    assert "Nothing to do" in capsys.readouterr().out
    assert main(["import", "nowhere.xlsx"]) == 2


def test_a_folder_that_cannot_be_written_says_what_to_do(form, folder, monkeypatch, capsys):
    book = form("en")
    book.put("sources", 4, "licence", "CC BY 4.0")
    monkeypatch.setattr("ogp_analysis.forms.apply.PACKAGE", folder.parents[1])
    (folder.parents[1] / "_data" / "raw").mkdir(parents=True)
    packaged = Path(shutil.move(folder, folder.parents[1] / "_data" / "raw" / "semarang"))
    before = fingerprint(packaged)
    with pytest.raises(OgpAnalysisError, match=r"(?s)installed package.*Copy that folder to data/raw/semarang"):
        import_form(book.save(), packaged)
    assert main(["import", str(book.path), "--case", str(packaged), "--dry-run"]) == 0
    tried = capsys.readouterr().out  # told here already, not first by the import itself
    assert "Every row passes, but the import itself would stop. The case in" in tried
    assert "Copy that folder to data/raw/semarang" in tried
    assert "without --dry-run" not in tried
    assert fingerprint(packaged) == before
