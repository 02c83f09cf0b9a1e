"""Plans, ranges, choices of pages, and codes that stay text on every path."""

from __future__ import annotations

import json

import nbformat
import pytest

from ogp_analysis import cli
from ogp_analysis.cli import main
from ogp_analysis.errors import DataError, ParameterError
from ogp_analysis.reports import runner
from ogp_analysis.reports.plan import chosen, plan_runs, quarters, run_id
from ogp_analysis.reports.planfile import read_plan
from ogp_analysis.reports.state import State

from .small import write_notebooks


@pytest.fixture
def plan(tmp_path):
    def write(text: str):
        path = tmp_path / "plan.yaml"
        path.write_text(text, encoding="utf-8")
        return path

    return write


@pytest.fixture
def small(tmp_path, monkeypatch):
    folder = write_notebooks(tmp_path / "notebooks")
    monkeypatch.setattr(runner, "notebook_folder", lambda: folder)
    return folder


@pytest.mark.parametrize(
    "code", ["33.74", "3374010", "0x1F", "1.5e+3", "1_000", "07", "12:30:45", "yes", "2023-12-31", ".5"]
)
def test_a_code_without_quotation_marks_is_refused(plan, code):
    with pytest.raises(DataError, match="quotation marks") as caught:
        read_plan(plan(f"case: semarang\nquarter: 2023Q4\ndistrict: [{code}]\n"))
    assert caught.value.problems[0].row == 3
    assert caught.value.problems[0].value == code  # as it was written, not as YAML reads it


def test_a_code_in_quotation_marks_stays_as_it_is(plan):
    found = read_plan(plan("case: 'semarang'\nquarter: 2023Q4\ndistrict: ['33.74.10', \"3374010\"]\n"))
    assert found[0].district == ("33.74.10", "3374010")


@pytest.mark.parametrize(
    ("text", "words", "row"),
    [
        ("case: semarang\nquater: 2023Q4\n", "Did you mean 'quarter'", 2),
        ("case: &a semarang\nquarter: 2023Q4\n", "no alias", 1),
        ("case: semarang\nquarter: *a\n", "YAML|alias", 2),
        ("case: !!str semarang\nquarter: 2023Q4\n", "no tag", 1),
        ("case: !python/object:os.system x\nquarter: 2023Q4\n", "no tag", 1),
        ("case: semarang\ncase: banggai\nquarter: 2023Q4\n", "each entry once", 2),
        ("case: semarang\n", "quarter", 1),
        ("case: semarang\nquarter: 2023Q4\nsets: {}\n", "a list of entries", 3),
        ("case: semarang\nquarter: 2023Q4\nsets:\n- langauge: id\n", "Did you mean 'language'", 4),
        ("case: semarang\nquarter: 2023Q4\nlanguage: {id: en}\n", "a list of texts", 3),
        ("case: semarang\nquarter: [2023Q4]\n", "a text", 2),
        ("case: semarang\nquarter: 2023Q4\nmember:\n", "leave the entry out", 3),
        ("case: [semarang\n", "valid YAML", 2),
    ],
)
def test_what_is_wrong_in_a_plan_is_said_with_its_row(plan, text, words, row):
    with pytest.raises(DataError, match=words) as caught:
        read_plan(plan(text))
    assert caught.value.problems[0].row == row


def test_no_plan_and_a_plan_that_is_no_text(tmp_path):
    with pytest.raises(ParameterError, match="no plan"):
        read_plan(tmp_path / "none.yaml")
    (tmp_path / "x.yaml").write_bytes(b"case: \xff\n")
    with pytest.raises(DataError, match="UTF-8"):
        read_plan(tmp_path / "x.yaml")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("2023Q4..2023Q1", "backwards"),
        ("2023Q4..", "not a quarter"),
        ("1900Q1..2190Q1", "longer than"),
        ("2023Q4-2024Q1", "not a"),
    ],
)
def test_wrong_ranges(text, words):
    with pytest.raises(ParameterError, match=words):
        quarters(text)


def test_only_by_every_name_of_a_page():
    runs = plan_runs("semarang", "2023Q3..2023Q4", ["id", "en"], ["10_commitments", "40_district_profile"])
    assert len(runs) == 2 * 2 * 17
    for pattern in ("3374150", "33.74.16", "Tugu", "tugu", "*/40_*/3374150"):
        found = {run_id(run) for run in chosen(runs, [pattern])}
        expected = {"id/40_district_profile/3374150", "en/40_district_profile/3374150"}
        assert found == expected, pattern
    assert len(chosen(runs, ["2023Q3/en/10_*", "3374010"])) == 1 + 4
    with pytest.raises(ParameterError, match="Tugo") as caught:
        chosen(runs, ["Tugo"])
    assert "Did you mean 'Tugu'?" in str(caught.value)


def test_a_plan_is_made_and_codes_are_text_on_every_path(plan, small, tmp_path, capsys):
    path = plan(
        "case: semarang\nlanguage: id\nsets:\n"
        "- quarter: 2023Q3..2023Q4\n  notebook: 10_commitments\n"
        '- quarter: 2023Q4\n  notebook: 40_district_profile\n  district: ["33.74.01", Tugu]\n'
    )
    out = tmp_path / "out"
    assert main(["report", "--plan", str(path), "--out", str(out)]) == 0
    pages = {page.relative_to(out).as_posix() for page in out.rglob("id/**/*.ipynb")}
    assert pages == {
        "semarang/2023Q3/id/10_commitments/10_commitments.ipynb",
        "semarang/2023Q4/id/10_commitments/10_commitments.ipynb",
        "semarang/2023Q4/id/40_district_profile/3374130/40_district_profile_3374130.ipynb",
        "semarang/2023Q4/id/40_district_profile/3374150/40_district_profile_3374150.ipynb",
    }
    done = next(out.rglob("*_3374130.ipynb"))
    book = nbformat.read(done, as_version=4)
    injected = next(cell for cell in book.cells if "injected-parameters" in cell.metadata.get("tags", []))
    assert 'district = "3374130"' in injected.source.splitlines()
    assert "<p>3374130</p>" in done.with_suffix(".html").read_text(encoding="utf-8")
    state = json.loads((out / "semarang" / "2023Q4" / "state.json").read_text(encoding="utf-8"))
    assert state["pages"]["id/40_district_profile/3374130"]["parameters"]["district"] == "3374130"
    assert state["unfinished"] == {}
    capsys.readouterr()
    assert main(["report", "--plan", str(path), "--out", str(out), "--dry-run"]) == 0
    assert "to make 0, up to date 4" in capsys.readouterr().out


def test_a_number_in_the_place_of_a_code_is_refused_by_the_notebook(tmp_path):
    import papermill

    from ogp_analysis.reports.making import notebook_folder

    given = {"case": "semarang", "quarter": "2023Q4", "language": "id", "district": 33.74}
    with pytest.raises(papermill.PapermillExecutionError, match="must be text"):
        papermill.execute_notebook(
            notebook_folder() / "40_district_profile.ipynb",
            tmp_path / "x.ipynb",
            parameters=given,
            progress_bar=False,
        )


def test_one_bad_set_of_a_plan_stops_no_other(plan, small, tmp_path, capsys):
    path = plan(
        "quarter: 2023Q4\nlanguage: id\nnotebook: 10_commitments\nsets:\n- case: semarnag\n- case: semarang\n"
    )
    assert main(["report", "--plan", str(path), "--out", str(tmp_path / "out")]) == 2
    assert "Did you mean 'semarang'?" in capsys.readouterr().err
    assert (tmp_path / "out" / "semarang" / "2023Q4" / "index.html").is_file()


def test_two_sets_that_make_one_page_differently_are_refused(plan, tmp_path, capsys):
    path = plan(
        "case: semarang\nquarter: 2023Q4\nlanguage: id\nnotebook: 15_commitments_explorer\nsets:\n"
        "- member: ''\n- only: id\n"
    )
    # the same page twice is made once
    assert main(["report", "--plan", str(path), "--dry-run", "--out", str(tmp_path / "out")]) == 0
    assert "1 page for" in capsys.readouterr().out
    path.write_text(path.read_text(encoding="utf-8").replace("only: id", "member: Indonesia"), encoding="utf-8")
    assert main(["report", "--plan", str(path), "--dry-run", "--out", str(tmp_path / "out")]) == 2
    assert "2023Q4 id 15_commitments_explorer" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--plan", "p.yaml", "--quarter", "2023Q4"], "--quarter and --plan"),
        (["--plan", "p.yaml", "--continue"], "--plan and --continue"),
        (["--continue", "--language", "id"], "--language and --continue"),
        (["--only", "Genux"], "Did you mean 'Genuk'"),
        (["--continue", "--case", "semarang"], "no reports of"),
    ],
)
def test_options_that_do_not_go_together(tmp_path, monkeypatch, capsys, arguments, words):
    monkeypatch.chdir(tmp_path)
    assert main(["report", *arguments]) == 2
    assert words in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_what_is_left_of_another_case_stops_no_continuing(tmp_path, capsys):
    """The folder of a case may be gone that an earlier run was stopped in."""
    left = {"case": "gone", "quarter": "2023Q4", "language": "id", "notebook": "10_commitments", "boundaries": ""}
    for case in ("gone", "semarang"):
        (tmp_path / case / "2023Q4").mkdir(parents=True)
    State(unfinished={"id/10_commitments": left}).save(tmp_path / "gone" / "2023Q4")
    asked = ["report", "--continue", "--out", str(tmp_path)]
    assert main([*asked, "--case", "semarang"]) == 0
    assert "has left anything to do" in capsys.readouterr().out
    assert main(asked) == 2
    assert "'gone'" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("command", "says"),
    [
        ("report", "Stopped. Pages made so far are whole; the same command makes the others.\n"),
        ("compare", "Stopped. Pages made so far are whole; the same command makes the others.\n"),
        ("check", "Stopped before it was done.\n"),
        ("build", "Stopped before it was done.\n"),
    ],
)
def test_whoever_stops_a_command_is_told_of_pages_only_where_it_makes_some(monkeypatch, capsys, command, says):
    def stopped(given):
        raise KeyboardInterrupt

    monkeypatch.setattr(cli, f"_{command}", stopped)
    assert main([command, *(["2023Q3", "2023Q4"] if command == "compare" else [])]) == 130
    assert capsys.readouterr().err == says


def test_a_full_disk_that_names_no_file_is_told_without_one(small, tmp_path, monkeypatch):
    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(runner, "_move", full)
    runs = plan_runs("semarang", "2023Q4", ["id"], ["10_commitments"])
    (outcome,) = runner.run_reports(runs, tmp_path / "out")
    assert outcome.problem == "No space left on device. What was made before is still in its place."


def test_a_quarter_that_is_not_over_is_said_to_be_so(tmp_path, capsys):
    given = ["--notebook", "45_changes", "--language", "id", "--dry-run", "--out", str(tmp_path)]
    assert main(["report", "--quarter", "2099Q1", *given]) == 0
    assert "1 page for Kota Semarang, 2099Q1\nNot over yet: 2099Q1. " in capsys.readouterr().out
    assert main(["report", "--quarter", "2023Q4", *given]) == 0
    assert "Not over" not in capsys.readouterr().out
