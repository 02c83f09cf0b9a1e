"""A case that a form may be imported into, and what a person does to a workbook in a spreadsheet program."""

from __future__ import annotations

import csv
import hashlib
import io
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from ogp_analysis.case import load_case
from ogp_analysis.forms import write_form

ROOT = Path(__file__).resolve().parents[2]
TABLES = ("progress", "assessments", "commitments", "milestones", "plans", "sources")


class Workbook:
    """A form opened as a person sees it, with cells found by the technical names in row 2."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.book = load_workbook(path)
        self.sheets = {}
        self.columns: dict[str, dict[str, int]] = {}
        for sheet in self.book.worksheets:
            first = str(sheet["A2"].value or "")
            if first.startswith("_remove@"):
                table = first.partition("@")[2]
                self.sheets[table] = sheet
                self.columns[table] = {str(cell.value).partition("@")[0]: cell.column for cell in sheet[2]}
        self.ends = {table: sheet.max_row for table, sheet in self.sheets.items()}

    def put(self, table: str, row: int, column: str, value: Any) -> Any:
        """Type a value; texts are stored as a spreadsheet program stores them, as texts."""
        cell = self.sheets[table].cell(row, self.columns[table][column])
        cell.value = value
        if isinstance(value, str) and value:
            cell.data_type = "s"
        return cell

    def get(self, table: str, row: int, column: str) -> Any:
        return self.sheets[table].cell(row, self.columns[table][column]).value

    def add(self, table: str, **cells: Any) -> int:
        self.ends[table] += 1
        for column, value in cells.items():
            self.put(table, self.ends[table], column, value)
        return self.ends[table]

    def row_of(self, table: str, **wanted: str) -> int:
        for row in range(4, self.ends[table] + 1):
            if all(self.get(table, row, column) == value for column, value in wanted.items()):
                return row
        raise LookupError(wanted)

    def drop_down(self, name: str) -> list[str]:
        """What a drop-down with a named list offers, in its order."""
        title, _, place = self.book.defined_names[name].attr_text.partition("!")
        return [row[0].value for row in self.book[title.strip("'")][place.replace("$", "")]]

    def save(self) -> Path:
        self.book.save(self.path)
        return self.path


def rows_of(folder: Path, table: str) -> tuple[list[str], list[dict[str, str]]]:
    with (folder / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        rows = list(reader)
        return list(reader.fieldnames or ()), rows


def as_csv(columns: list[str], rows: list[dict[str, str]]) -> bytes:
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, columns, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode("utf-8")


def fingerprint(folder: Path) -> dict[str, str]:
    """Every file below a folder, with the hash of its bytes."""
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A case of its own, which a test may change."""
    return Path(shutil.copytree(ROOT / "data" / "raw" / "semarang", tmp_path / "case" / "semarang"))


@pytest.fixture(scope="module")
def fixed_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A case that no test of a module may change."""
    return Path(shutil.copytree(ROOT / "data" / "raw" / "semarang", tmp_path_factory.mktemp("fixed") / "semarang"))


@pytest.fixture(scope="session")
def forms(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The form of the built-in case, in both languages."""
    case = load_case(ROOT / "data" / "raw" / "semarang")
    place = tmp_path_factory.mktemp("forms")
    return {code: write_form(case, place / f"{code}.xlsx", code) for code in ("id", "en")}


@pytest.fixture
def form(forms: dict[str, Path], tmp_path: Path) -> Callable[[str], Workbook]:
    """Open a copy of the form in a language."""

    def make(code: str = "id") -> Workbook:
        return Workbook(Path(shutil.copy(forms[code], tmp_path / f"form-{code}.xlsx")))

    return make
