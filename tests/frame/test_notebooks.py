"""Notebooks are committed as written: the check finds what is wrong, the cleaning mends it."""

import copy
import json
from pathlib import Path
from typing import Any

import nbformat
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ogp_analysis.notebook_check import check_notebooks, clean_notebook, main, notebook_text

ROOT = Path(__file__).parents[2]
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))

GOOD: dict[str, Any] = {
    "cells": [
        {"cell_type": "markdown", "id": "intro", "metadata": {}, "source": ["# Rata-rata \u2014 average\n", "x"]},
        {
            "cell_type": "code",
            "execution_count": None,
            "id": "choices",
            "metadata": {"tags": ["parameters"]},
            "outputs": [],
            "source": ['quarter = "2023Q4"'],
        },
        {
            "cell_type": "code",
            "execution_count": None,
            "id": "show",
            "metadata": {},
            "outputs": [],
            "source": ["print(quarter)"],
        },
    ],
    "metadata": {
        "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
        "language_info": {"name": "python"},
    },
    "nbformat": 4,
    "nbformat_minor": 5,
}
OUTPUT = {"name": "stdout", "output_type": "stream", "text": ["2023Q4\n"]}


def write(folder: Path, notebook: dict[str, Any]) -> Path:
    path = folder / "one.ipynb"
    path.write_bytes(notebook_text(notebook).encode())
    return path


def changed(*steps: object, value: object) -> dict[str, Any]:
    """Return the good notebook with one thing changed, found by its path of keys."""
    notebook = copy.deepcopy(GOOD)
    place: Any = notebook
    for step in steps[:-1]:
        place = place[step]
    place[steps[-1]] = value
    return notebook


def test_repository_notebooks_are_committed_as_they_should_be() -> None:
    assert [str(problem) for problem in check_notebooks(NOTEBOOKS)] == []


def test_good_notebook_has_no_problem(tmp_path: Path) -> None:
    assert check_notebooks([write(tmp_path, GOOD)]) == []


@pytest.mark.parametrize(
    ("notebook", "where", "message"),
    [
        (changed("cells", 2, "outputs", value=[OUTPUT]), "cell 3 (show), column 'outputs'", "found '1 outputs'"),
        (changed("cells", 2, "execution_count", value=7), "cell 3 (show), column 'execution_count'", "found '7'"),
        (changed("cells", 2, "id", value="choices"), "one.ipynb, column 'id'", "2 cells have this one"),
        (changed("cells", 2, "id", value="not an id"), "one.ipynb", "Jupyter's schema"),
        (changed("cells", 1, "metadata", value={}), "column 'tags'", "found '0 cells', expected exactly one"),
        (changed("cells", 2, "metadata", value={"tags": ["parameters"]}), "column 'tags'", "found '2 cells'"),
        (changed("cells", 2, "metadata", value={"tags": ["injected-parameters"]}), "cell 3", "not as run"),
        (changed("cells", 2, "metadata", value={"scrolled": True}), "cell 3 (show)", "found 'scrolled'"),
        (
            changed("cells", 2, "source", value=["def mean(x):\n", "    pass"]),
            "cell 3",
            "definition of mean",
        ),
        (changed("cells", 2, "source", value=["x = 1\n", "class A: ..."]), "cell 3", "line 2: definition of A"),
        (changed("cells", 2, "source", value=["%matplotlib inline"]), "cell 3", "plain Python, without magics"),
        (changed("metadata", "widgets", value={}), "column 'metadata'", "found 'widgets'"),
        (
            changed("metadata", "language_info", value={"name": "python", "version": "3.11.7"}),
            "metadata",
            "kernel",
        ),
        (changed("nbformat_minor", value=4), "one.ipynb", "format 4.5 or newer"),
        (changed("cells", 2, "source", value="print(quarter)"), "one.ipynb", "the form that Jupyter saves"),
        (changed("cells", 0, "cell_type", value="poem"), "one.ipynb", "Jupyter's schema"),
    ],
)
def test_each_defect_is_found_and_told(tmp_path: Path, notebook: dict[str, Any], where: str, message: str) -> None:
    told = [str(problem) for problem in check_notebooks([write(tmp_path, notebook)])]
    assert [line for line in told if where in line and message in line], told


def test_file_that_is_no_notebook_is_told_not_raised(tmp_path: Path) -> None:
    path = tmp_path / "broken.ipynb"
    for text in (b"{", b"\xff", b"[]", b"3"):
        path.write_bytes(text)
        (problem,) = check_notebooks([path])
        assert problem.file.endswith("broken.ipynb")
        assert "expected a notebook" in str(problem)


def test_windows_line_ends_are_found(tmp_path: Path) -> None:
    path = tmp_path / "one.ipynb"
    path.write_bytes(notebook_text(GOOD).replace("\n", "\r\n").encode())
    (problem,) = check_notebooks([path])
    assert "the form that Jupyter saves" in str(problem)


def test_text_is_what_jupyter_writes() -> None:
    assert notebook_text(GOOD) == nbformat.writes(nbformat.from_dict(GOOD), version=4) + "\n"


def test_run_notebook_is_as_written_after_cleaning(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run = changed("cells", 2, "outputs", value=[OUTPUT])
    run["cells"][2] |= {"execution_count": 3, "metadata": {"papermill": {"duration": 0.1}, "tags": []}}
    run["metadata"] |= {"papermill": {}, "language_info": {"name": "python", "version": "3.12.1"}}
    path = write(tmp_path, run)
    assert main([str(path)]) == 1
    assert "cell 3 (show), column 'outputs'" in capsys.readouterr().out
    assert main(["--fix", str(path)]) == 0
    assert json.loads(path.read_bytes()) == GOOD
    before = path.stat().st_mtime_ns
    assert main(["--fix", str(path)]) == 0
    assert path.stat().st_mtime_ns == before, "a clean notebook is not written again"


def test_cleaning_leaves_what_only_a_person_can_mend(tmp_path: Path) -> None:
    path = write(tmp_path, changed("cells", 2, "source", value=["def f(): ..."]))
    assert main(["--fix", str(path)]) == 1
    assert json.loads(path.read_bytes())["cells"][2]["source"] == ["def f(): ..."]


def test_cells_without_an_id_get_the_same_one_each_time() -> None:
    old = copy.deepcopy(GOOD)
    for cell in old["cells"][:2]:
        del cell["id"]
    old["cells"][2]["id"] = "cell-01"  # taken: the first cell has to give way
    once, again = clean_notebook(old), clean_notebook(old)
    assert once == again
    assert [cell["id"] for cell in once["cells"]] == ["cell-01-2", "cell-02", "cell-01"]
    assert "id" not in old["cells"][0], "the input is not changed"


IDS = st.one_of(st.none(), st.sampled_from(["a", "b", "cell-01", "cell-02", "no good"]))


@given(
    st.lists(st.tuples(IDS, st.sampled_from(["code", "markdown", "raw"]), st.text()), max_size=6),
    st.booleans(),
)
def test_cleaning_twice_changes_nothing_and_keeps_words(cells: list[tuple[Any, str, str]], joined: bool) -> None:
    notebook = {
        "cells": [
            {"cell_type": kind, "metadata": {}, "source": text if joined else text.splitlines(keepends=True)}
            | ({} if name is None else {"id": name})
            for name, kind, text in cells
        ],
        "metadata": {},
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    once = clean_notebook(notebook)
    assert clean_notebook(once) == once
    assert len({cell["id"] for cell in once["cells"]}) == len(cells)
    assert ["".join(cell["source"]) for cell in once["cells"]] == [
        text.replace("\r\n", "\n") for _, _, text in cells
    ]
    nbformat.validate(nbformat.from_dict(once))
