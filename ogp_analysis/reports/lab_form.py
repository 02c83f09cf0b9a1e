"""A small form in JupyterLab: another case, quarter, language or district without editing a cell.

The parameters of a notebook stay plain assignments. :func:`ogp_analysis.reports.open_report` offers the form only
where a person runs the cell in an open notebook; ipywidgets is not imported for anybody else.

The button checks the values as the command does, gives them to the notebook's variables and has JupyterLab run
the cell that opened the report and all below it: the reader's own cells, edited or not, each with its output in
its place. Executing the notebook's file here instead would miss what is not saved and leave the old page below
the new one. JupyterLab lends its commands to nobody unless it was started with
``--LabApp.expose_app_in_browser=True``, as ``run.py lab`` does; elsewhere the form says what to run by hand.
"""

from __future__ import annotations

import html
import sys
from collections.abc import Mapping, MutableMapping
from typing import Any

from ogp_analysis.case import Case, load_case
from ogp_analysis.casefile import case_argument, case_folders, read_info
from ogp_analysis.errors import OgpAnalysisError
from ogp_analysis.locale import get_language, languages
from ogp_analysis.reports.parameters import NOTEBOOKS, OPTIONAL, Parameters, check_parameters

LABELS = {
    "case": "Case",
    "quarter": "Quarter, such as 2023Q4",
    "language": "Language",
    "district": "Kecamatan",
    "table": "Table of OGP: path of the file",
    "member": "Member in that table",
    "roll": "Land-tax roll: path of the file",
    "since": "Compare with quarter",
    "published": "Published standing.json: path",
}
#: Finds the cell that holds the form, wherever the reader has gone since, runs it and all below, and stays there:
#: JupyterLab by itself goes on to the last cell.
RERUN = """(() => {
  const app = window.jupyterapp;
  const form = document.querySelector(".NAME");
  if (!app || !form) { return; }
  for (const panel of app.shell.widgets("main")) {
    const notebook = panel.content;
    if (notebook?.activeCellIndex === undefined) { continue; }
    const place = notebook.widgets.findIndex((cell) => cell.node.contains(form));
    if (place < 0) { continue; }
    app.shell.activateById(panel.id);
    const back = () => { notebook.activeCellIndex = place; notebook.scrollToItem?.(place, "start"); };
    notebook.activeCellIndex = place;
    app.commands.execute("notebook:run-all-below").then(back);
    back();
    return;
  }
})();"""

#: How what is said when the button was pressed looks, by its ARIA role.
MARKS = {
    "status": "border-left:5px solid #0b5394;padding:.3rem .6rem",
    "alert": "border-left:5px solid #b3261e;padding:.3rem .6rem;font-weight:600",
}


def is_offered(names: Mapping[str, Any]) -> bool:
    """Whether a person runs the cell in an open notebook, so that a form has somebody to fill it in.

    JupyterLab and its kin name the cell of the document with each request to run one (``cellId``). papermill,
    nbconvert, ``jupyter execute`` and the report factory have no document open and name none, also where they are
    started from a notebook. Nothing is imported to find out.

    Parameters
    ----------
    names : mapping
        What the report was opened with: the form sets the notebook's own variables, so it must be these.

    Examples
    --------
    >>> is_offered({})
    False
    """
    ipython = sys.modules.get("IPython")
    shell = None if ipython is None else ipython.get_ipython()
    request = getattr(shell, "get_parent", None)  # a shell in a terminal has none
    if request is None or names is not getattr(shell, "user_ns", None):
        return False
    return "cellId" in (request().get("metadata") or {})


def offer_form(checked: Parameters, names: MutableMapping[str, Any]) -> None:
    """Show the form above a page; where ipywidgets is absent, one sentence that says how to do without.

    Parameters
    ----------
    checked : Parameters
        What the notebook runs with now.
    names : mutable mapping
        The notebook's variables.
    """
    from IPython.display import HTML, display

    language = get_language(checked.language)
    try:
        import ipywidgets  # noqa: F401
    except ImportError:
        told = language.t(
            "There is no form to choose with, as the package ipywidgets is not installed here. Change the "
            "values in the parameters cell and run all cells. For the form: pip install ipywidgets, and open "
            "JupyterLab anew."
        )
        display(HTML(f"<p>{html.escape(told)}</p>"))  # type: ignore[no-untyped-call]
    else:
        display(LabForm(checked, names).box)  # type: ignore[no-untyped-call]


class LabForm:
    """The form of one notebook.

    Parameters
    ----------
    checked : Parameters
        What the notebook runs with now: the form opens with these values, in this language.
    names : mutable mapping
        The notebook's variables, which the button sets.

    Attributes
    ----------
    fields : dict of str
        The input of each parameter that the notebook has.
    button, message, again : ipywidgets
        The button; what is said when it was pressed; the output through which JupyterLab is asked to run.
    box : ipywidgets.VBox
        All of it.
    """

    def __init__(self, checked: Parameters, names: MutableMapping[str, Any]) -> None:
        import ipywidgets

        self.notebook, self.names = checked.notebook, names
        self.language = get_language(checked.language)
        self.fields = self._inputs(checked)
        t = self.language.t
        self.button = ipywidgets.Button(
            description=t("Make this page"), button_style="primary", layout={"width": "max-content"}
        )
        self.message, self.again = ipywidgets.HTML(), ipywidgets.Output()
        note = t(
            "This cell and all below it run again with these values. The parameters cell stays as it is: run it, "
            "and its own values are back."
        )
        parts = [*self.fields.values(), self.button, ipywidgets.HTML(_paragraph(note))]
        self.box = ipywidgets.VBox([*parts, self.message, self.again])
        self.name = f"ogp-form-{self.box.model_id}"
        self.box.add_class(self.name)
        self.fields["case"].observe(self._case_changed, "value")
        self.button.on_click(self._pressed)

    def given(self) -> dict[str, str]:
        """The values as they stand in the form."""
        return {name: field.value or "" for name, field in self.fields.items()}

    def _inputs(self, checked: Parameters) -> dict[str, Any]:
        import ipywidgets

        values = checked.as_text()
        lists = {
            "case": case_choices(checked.case),
            "language": [(get_language(code).name, code) for code in languages()],
            "district": district_choices(checked.case),
        }
        found: dict[str, Any] = {}
        for name in NOTEBOOKS[checked.notebook]:
            look = {
                "description": self.language.t(LABELS[name]),
                "style": {"description_width": "15rem"},
                "layout": {"width": "min(36rem, 98%)"},
            }
            if name in lists:
                found[name] = ipywidgets.Dropdown(options=lists[name], value=values[name], **look)
            else:
                found[name] = ipywidgets.Text(value=values[name], **look)
        return found

    def _case_changed(self, change: Mapping[str, Any]) -> None:
        """The list of districts follows the case."""
        self._say("")
        try:
            choices = district_choices(load_case(change["new"]))
        except (OgpAnalysisError, OSError) as error:
            choices = []
            self._say(str(error), "alert")
        if "district" in self.fields:
            self.fields["district"].options = choices

    def _pressed(self, _: object) -> None:
        self.again.outputs = ()
        try:
            checked = checked_as_command(self.notebook, self.given())
        except (OgpAnalysisError, OSError) as error:
            self._say(str(error), "alert")
            return
        self.names.update(checked.as_text())
        self._say(
            self.language.t(
                "The values are set. If the page below stays as it is, run it by hand: menu Run, "
                "Run Selected Cell and All Below."
            )
        )
        asked = {"application/javascript": RERUN.replace("NAME", self.name)}
        self.again.outputs = ({"output_type": "display_data", "data": asked, "metadata": {}},)

    def _say(self, text: str, role: str = "status") -> None:
        # a reader of the screen is told of it, wherever the focus is
        self.message.value = f'<div role="{role}">{_paragraph(text, MARKS[role])}</div>' if text else ""


def _paragraph(text: str, look: str = "") -> str:
    lines = "<br>".join(html.escape(line) for line in text.splitlines())
    return f'<p style="line-height:1.4;margin:.4rem 0;{look}">{lines}</p>'


def checked_as_command(notebook: str, given: Mapping[str, str]) -> Parameters:
    """Check values as ``ogp-analysis report`` does, before a cell is run with them.

    Parameters
    ----------
    notebook : str
        One of :data:`ogp_analysis.reports.parameters.NOTEBOOKS`.
    given : mapping
        Parameter names and values.

    Raises
    ------
    OgpAnalysisError
        The error that the command gives for the same values.

    Examples
    --------
    >>> values = {"case": "semarang", "quarter": "2023Q4", "language": "id", "district": "Tugo"}
    >>> checked_as_command("40_district_profile", values)
    Traceback (most recent call last):
    ...
    ogp_analysis.errors.ParameterError: There is no kecamatan 'Tugo' in Kota Semarang.
    What to do: Did you mean 'Tugu'?
    """
    from ogp_analysis.reports.plan import plan_runs

    checked = check_parameters(notebook, given)  # one quarter, where the command also takes a range
    files = {name: getattr(checked, name) for name in OPTIONAL}
    districts = () if checked.district is None else (checked.district,)
    # opens the files as well
    plan_runs(given["case"], str(checked.quarter), (checked.language,), (notebook,), districts, **files)
    return checked


def case_choices(current: Case) -> list[tuple[str, str]]:
    """Every case that can be found, and the one in use: words for the reader, and the parameter's value.

    Examples
    --------
    >>> ("Kota Semarang (semarang)", "semarang") in case_choices(load_case("semarang"))
    True
    """
    folders = case_folders()
    own = case_argument(current.folder)
    choices = [(f"{_place(folders[name])} ({name})", name) for name in sorted(folders)]
    if own not in folders:  # somewhere else, given by its path
        choices.append((f"{current.jurisdiction['name']} ({own})", own))
    return choices


def _place(folder: Any) -> str:
    try:
        return str(read_info(folder)["jurisdiction"]["name"])
    except (OgpAnalysisError, OSError):  # whoever chooses it is told what is wrong with it
        return "?"


def district_choices(case: Case) -> list[tuple[str, str]]:
    """The kecamatan of a case: the name for the reader, and the BPS code.

    Examples
    --------
    >>> district_choices(load_case("semarang"))[:2]
    [('Mijen', '3374010'), ('Gunungpati', '3374020')]
    """
    rows = case.districts[["name", "code_bps"]]
    return [(str(name), str(code)) for name, code in rows.itertuples(index=False)]
