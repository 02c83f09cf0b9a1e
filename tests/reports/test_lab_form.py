"""The form in JupyterLab: what it sets, what it refuses, and that nobody else pays for it or sees it.

ipywidgets belongs to the extra ``lab``. Where it is not installed, a stand-in with the few traits that the form
uses takes its place; in ``.venv-lab`` the same tests run with both, which holds the stand-in to the real one.
"""

from __future__ import annotations

import html
import importlib.util
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import nbformat
import papermill
import pytest
from jupyter_client.manager import start_new_kernel

from ogp_analysis.cli import main
from ogp_analysis.reports.lab_form import LabForm, is_offered
from ogp_analysis.reports.parameters import NOTEBOOKS, check_parameters

from .small import write_notebooks

ROOT = Path(__file__).parents[2]
START = {"case": "semarang", "quarter": "2023Q4", "language": "id", "district": "Tugu"}


class Widget:
    def __init__(self, children: Any = (), **traits: Any) -> None:
        self.__dict__ |= {
            "children": children,
            "watching": {},
            "classes": [],
            "model_id": "1",
            "value": "",
        } | traits

    def __setattr__(self, name: str, value: Any) -> None:
        changed = self.__dict__.get(name) != value
        self.__dict__[name] = value
        for handler in self.watching.get(name, []) if changed else []:
            handler({"new": value})

    def observe(self, handler: Callable[..., None], name: str) -> None:
        self.watching.setdefault(name, []).append(handler)

    def add_class(self, name: str) -> None:
        self.classes.append(name)

    def on_click(self, handler: Callable[..., None]) -> None:
        self.click = lambda: handler(self)


class Dropdown(Widget):
    def __setattr__(self, name: str, value: Any) -> None:
        if name == "value" and value not in [one for _, one in self.options]:
            raise ValueError(value)
        super().__setattr__(name, value)
        if name == "options":
            self.__dict__["value"] = value[0][1] if value else None


HERE = importlib.util.find_spec("ipywidgets") is not None


Opened = Callable[..., LabForm]


@pytest.fixture(params=["stand-in", *(["ipywidgets"] if HERE else [])])
def opened(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Opened:
    """Opens the form of a notebook with its variables and parameters."""
    if request.param == "stand-in":
        module = ModuleType("ipywidgets")
        kinds = dict.fromkeys(("Button", "HTML", "Output", "Text", "VBox"), Widget)
        module.__dict__.update(kinds | {"Dropdown": Dropdown})
        monkeypatch.setitem(sys.modules, "ipywidgets", module)

    def make(names: dict[str, Any], notebook: str = "40_district_profile", **given: str) -> LabForm:
        wanted = {name: value for name, value in (START | given).items() if name in NOTEBOOKS[notebook]}
        return LabForm(check_parameters(notebook, wanted), names)

    return make


def asked(form: LabForm) -> str:
    """What JupyterLab is asked to do."""
    return "".join(output["data"]["application/javascript"] for output in form.again.outputs or ())


def test_the_button_sets_the_notebooks_variables_and_has_the_cells_run(opened: Opened) -> None:
    names: dict[str, Any] = {"case": "semarang", "quarter": "2023Q4", "mine": 1}
    form = opened(names)
    assert form.given() == START | {"district": "3374150", "since": ""}, (
        "it opens with what the notebook runs with"
    )
    form.fields["quarter"].value = " 2022q1 "
    form.fields["language"].value = "en"
    form.fields["district"].value = "3374090"
    assert names == {"case": "semarang", "quarter": "2023Q4", "mine": 1}, "nothing before the button is pressed"
    form.button.click()
    chosen = {"case": "semarang", "quarter": "2022Q1", "language": "en", "district": "3374090"}
    assert names == chosen | {"mine": 1, "since": ""}
    assert f'".{form.name}"' in asked(form)
    assert "notebook:run-all-below" in asked(form)
    assert 'role="status"' in form.message.value


@pytest.mark.parametrize("notebook", NOTEBOOKS)
def test_every_notebook_has_a_field_for_each_of_its_parameters(opened: Opened, notebook: str) -> None:
    form = opened({}, notebook)
    assert tuple(form.fields) == NOTEBOOKS[notebook]
    labels = [field.description for field in form.fields.values()]
    assert all(labels)
    assert len(set(labels)) == len(labels)


@pytest.mark.parametrize(
    ("language", "label", "button"), [("id", "Bahasa", "Buat halaman ini"), ("en", "Language", "Make this page")]
)
def test_it_speaks_the_language_of_the_notebook(opened: Opened, language: str, label: str, button: str) -> None:
    form = opened({}, language=language)
    assert (form.fields["language"].description, form.button.description) == (label, button)


@pytest.mark.parametrize(
    ("notebook", "field", "value"),
    [
        ("40_district_profile", "quarter", "2023Q5"),
        ("40_district_profile", "quarter", "1800Q1"),
        ("40_district_profile", "quarter", ""),
        ("15_commitments_explorer", "table", "not there.csv"),
        ("15_commitments_explorer", "table", str(ROOT / "LICENSE")),
        ("25_recovery_microdata", "roll", "not <there>.csv"),
        ("25_recovery_microdata", "roll", str(ROOT / "LICENSE")),
    ],
)
def test_a_wrong_value_is_refused_in_the_words_of_the_command(
    opened: Opened, notebook: str, field: str, value: str, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    names: dict[str, Any] = {}
    form = opened(names, notebook)
    form.fields[field].value = value
    form.button.click()
    assert main(["report", "--notebook", notebook, "--out", str(tmp_path), f"--{field}", value]) == 2
    command = capsys.readouterr().err.strip()
    assert "What to do" in command
    for line in command.splitlines():
        assert html.escape(line) in form.message.value
    assert 'role="alert"' in form.message.value
    assert (names, asked(form)) == ({}, "")


def test_a_form_is_of_one_quarter(opened: Opened) -> None:
    names: dict[str, Any] = {}
    form = opened(names)
    form.fields["quarter"].value = "2020Q4..2021Q2"
    form.button.click()
    assert "is not a quarter" in form.message.value
    assert names == {}


@pytest.fixture
def cities(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A second city that differs in one name, and one whose description cannot be read."""
    source = ROOT / "data" / "raw" / "semarang"
    second = shutil.copytree(source, tmp_path / "second")
    districts = second / "districts.csv"
    districts.write_text(
        districts.read_text(encoding="utf-8").replace(",Mijen,MIJEN,", ",Elsewhere,MIJEN,"), "utf-8"
    )
    info = second / "datapackage.yaml"
    info.write_text(info.read_text(encoding="utf-8").replace("Kota Semarang", "Second City"), encoding="utf-8")
    broken = shutil.copytree(source, tmp_path / "broken")
    (broken / "datapackage.yaml").write_text("title: [", encoding="utf-8")
    monkeypatch.setenv("OGP_ANALYSIS_DATA", str(tmp_path))
    return tmp_path


def test_the_districts_follow_the_case(opened: Opened, cities: Path) -> None:
    names: dict[str, Any] = {}
    form = opened(names)
    assert [one for _, one in form.fields["case"].options] == ["banggai", "broken", "second", "semarang"]
    assert ("Second City (second)", "second") in form.fields["case"].options
    assert "Mijen" in dict(form.fields["district"].options)
    form.fields["case"].value = "second"
    assert "Elsewhere" in dict(form.fields["district"].options)
    assert "Mijen" not in dict(form.fields["district"].options)
    form.fields["district"].value = "3374010"
    form.button.click()
    assert (names["case"], names["district"]) == ("second", "3374010")


def test_a_case_that_cannot_be_read_says_so_and_sets_nothing(opened: Opened, cities: Path) -> None:
    names: dict[str, Any] = {}
    form = opened(names)
    form.fields["case"].value = "broken"
    told = form.message.value
    assert "datapackage.yaml" in told
    assert "valid YAML" in told
    form.button.click()
    assert form.message.value == told
    assert (names, asked(form)) == ({}, "")
    form.fields["case"].value = "semarang"
    assert form.message.value == ""
    assert len(form.fields["district"].options) == 16


def test_a_case_given_by_its_folder_can_be_kept(
    opened: Opened, cities: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("OGP_ANALYSIS_DATA")
    folder = str(cities / "second")
    form = opened({}, case=folder)
    assert form.fields["case"].value == folder
    assert form.fields["case"].options[-1] == (f"Second City ({folder})", folder)


def test_without_a_notebook_there_is_no_form() -> None:
    assert not is_offered({})
    assert not is_offered(globals())


ABSENT = "import sys; sys.modules['ipywidgets'] = None"
CELLS = (
    'case = "semarang"\nquarter = "2023Q4"\nlanguage = "id"',
    'from ogp_analysis.reports import open_report\nreport = open_report("10_commitments", globals())\nreport.plain("after")',
)


def run_cells(cells: tuple[str, ...], about: dict[str, str]) -> list[dict[str, Any]]:
    """Run cells as a front end does that says this about each; what they show, in order."""
    manager, client = start_new_kernel()
    shown: list[dict[str, Any]] = []
    try:
        for source in cells:
            content = {"code": source, "silent": False, "store_history": True, "allow_stdin": False}
            message = client.session.msg("execute_request", content, metadata=about)
            client.shell_channel.send(message)
            while True:
                found = client.get_iopub_msg(timeout=60)
                if found["parent_header"].get("msg_id") != message["header"]["msg_id"]:
                    continue
                assert found["msg_type"] != "error", found["content"]
                if found["msg_type"] == "display_data":
                    shown.append(found["content"]["data"])
                if found["msg_type"] == "status" and found["content"]["execution_state"] == "idle":
                    break
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)
    return shown


def test_without_ipywidgets_an_open_notebook_says_so_and_runs() -> None:
    sentence, page = run_cells((ABSENT, *CELLS), {"cellId": "open"})
    assert "paket ipywidgets belum terpasang" in sentence["text/html"]
    assert page["text/html"] == "<p>after</p>"


def test_an_open_notebook_shows_the_form_above_its_page() -> None:
    if not HERE:
        pytest.skip("ipywidgets is not installed here; it comes with the extra lab")
    form, page = run_cells(CELLS, {"cellId": "open"})
    assert "application/vnd.jupyter.widget-view+json" in form
    assert page["text/html"] == "<p>after</p>"


def test_nobody_but_an_open_notebook_is_shown_anything(tmp_path: Path) -> None:
    assert [data["text/html"] for data in run_cells((ABSENT, *CELLS), {})] == ["<p>after</p>"]
    # papermill: the outputs of the page and nothing else, and no widgets imported on the way
    code = {"10_commitments": 'import sys\nreport.plain(str("ipywidgets" in sys.modules))'}
    source = write_notebooks(tmp_path / "in", code) / "10_commitments.ipynb"
    papermill.execute_notebook(source, tmp_path / "out.ipynb", progress_bar=False, kernel_name="python3")
    notebook = nbformat.read(tmp_path / "out.ipynb", as_version=4)  # type: ignore[no-untyped-call]
    outputs = [output["data"] for cell in notebook.cells for output in cell.get("outputs", [])]
    assert len(outputs) == 2
    assert outputs[0]["text/html"].startswith("<h1>")
    assert outputs[1]["text/html"] == "<p>False</p>"
