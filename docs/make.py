"""Make the files of this folder that come from code and data: ``.venv/bin/python docs/make.py``."""

from __future__ import annotations

import sys
from pathlib import Path

from method_pages import FOLDER, written

from ogp_analysis import Quarter, get_language, load_case
from ogp_analysis.commitments.handbook import handbook
from ogp_analysis.dictionary import data_dictionary
from ogp_analysis.membership.handbook import membership_handbook
from ogp_analysis.reports.context import Report
from ogp_analysis.reports.pictures import rate_map

HERE = Path(__file__).parent
ROOT = HERE.parent


def main() -> None:
    """Write the data dictionary, the pages of rules, of methods and of attacks, and the map of the README."""
    case = load_case("semarang")
    (HERE / "rules.md").write_text(f"{handbook()}\n{membership_handbook(case)}", encoding="utf-8")
    (HERE / "data-dictionary.md").write_text(data_dictionary(), encoding="utf-8")
    pages = written(case)
    for path in FOLDER.glob("*.md"):
        path.unlink()
    for name, text in pages.items():
        (FOLDER / name).write_text(text, encoding="utf-8")
    sys.path.insert(0, str(ROOT))  # the corpus of attacks is a part of the tests, not of the package
    from tests.attack.table import made

    (HERE / "attacks.md").write_text(made(), encoding="utf-8")
    report = Report("20_recovery", case, Quarter(2023, 4), get_language("en"))
    figure = rate_map(report, "rumah_tidak_layak_huni", "2023")
    (HERE / "map.svg").write_text(figure.svg() + "\n", encoding="utf-8")
    print(figure.alt)


if __name__ == "__main__":
    main()
