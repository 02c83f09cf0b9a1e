"""Small notebooks in the place of the real ones, for tests that ask when a page is made, not what is on it."""

from __future__ import annotations

from pathlib import Path

import nbformat

OPEN = 'from ogp_analysis.reports import open_report\nreport = open_report("{name}", globals())\nreport.title("Commitments")'
#: What each reads.
CODE = {
    "00_data_quality": 'report.plain(str(len(report.case.table("measures"))))',
    "10_commitments": 'report.plain(" ".join(report.case.table("plans")["plan_id"]))',
    "40_district_profile": (
        'report.plain(report.district)\nreport.plain(str(report.case.values("jumlah_penduduk", "2020").to_dict()))'
    ),
}


def write_notebooks(folder: Path, code: dict[str, str] | None = None) -> Path:
    """Write the notebooks; ``code`` replaces what some of them do."""
    folder.mkdir(exist_ok=True)
    for name, text in (CODE | (code or {})).items():
        parameters = 'case = "semarang"\nquarter = "2023Q4"\nlanguage = "id"'
        if name == "40_district_profile":
            parameters += '\ndistrict = "3374010"'
        cells = [
            nbformat.v4.new_code_cell(parameters, id="parameters", metadata={"tags": ["parameters"]}),
            nbformat.v4.new_code_cell(OPEN.format(name=name), id="open"),
            nbformat.v4.new_code_cell(text, id="body"),
        ]
        kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
        nbformat.write(nbformat.v4.new_notebook(cells=cells, metadata=kernel), folder / f"{name}.ipynb")
    return folder


def bytes_of(folder: Path) -> dict[str, bytes]:
    """Every file below a folder, but for what tells of the runs: their state, log and lock."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name not in ("state.json", "run.log", ".lock")
    }
