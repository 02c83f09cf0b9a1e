"""The page on the commitments of all members: from a file, from the case, and with wrong parameters."""

from __future__ import annotations

import pandas as pd
import pytest

from ogp_analysis import get_language
from ogp_analysis.case import load_case
from ogp_analysis.cli import main
from ogp_analysis.commitments import picture
from ogp_analysis.errors import ParameterError
from ogp_analysis.quarter import Quarter
from ogp_analysis.reports import explorer
from ogp_analysis.reports.cells import formatted, rating_label
from ogp_analysis.reports.context import Report
from ogp_analysis.reports.counted import open_counts, reviewed_members
from ogp_analysis.reports.parameters import check_parameters
from ogp_analysis.scales import STATES, scales
from ogp_analysis.sources.ogp.editions import editions

from .conftest import random_rows, to_text

NAME = "15_commitments_explorer"
GOOD = {"case": "semarang", "quarter": "2023Q4", "language": "en"}


@pytest.fixture(params=["2015-05", "2016", "2024"])
def file(request, tmp_path):
    path = tmp_path / "download.csv"
    columns = [*editions()[request.param].columns.values(), "A new column"]
    path.write_text(to_text(columns, random_rows(request.param, 80)), encoding="utf-8")
    return path


def report(**values) -> Report:
    language = get_language(values.pop("language", "en"))
    return Report(NAME, load_case("semarang"), Quarter(2023, 4), language, **values)


@pytest.mark.parametrize("language", ["id", "en"])
def test_the_page_is_made_from_a_downloaded_table(file, tmp_path, language, capsys):
    out = tmp_path / "reports"
    code = main(
        ["report", "--notebook", NAME, "--language", language, "--table", str(file), "--member", "Member 2",
         "--out", str(out)]
    )  # fmt: skip
    assert code == 0, capsys.readouterr()
    page = (out / "semarang" / "2023Q4" / language / NAME / f"{NAME}.html").read_text(encoding="utf-8")
    assert "download.csv" in page
    assert "A new column" in page
    assert "Member 2" in page
    assert str(tmp_path) not in page, "no path of this machine on a page"


def test_the_member_of_the_case_is_set_against_all():
    counted = open_counts(report())
    assert counted.member == "Indonesia"
    standing = explorer.standing_rows(counted, report()).set_index("label")
    # Indonesia's first plan: 12 assessed, 10 substantially or fully complete
    assert standing.loc["High completion", ["count", "total", "size"]].tolist() == [10, 12, 39]
    assert "High ambition (potential impact)" not in standing.index, "the founders' impact was not rated"


def test_a_rung_that_was_never_rated_is_not_a_rung_that_nobody_reached():
    counted = open_counts(report())
    assert explorer.ladder_rows(counted, report())["er"].isna().all()


def test_members_reviewed_are_fewer_than_members():
    counted = open_counts(report())
    assert reviewed_members(counted.counts) == 40
    assert len(picture.members(counted.counts)) == 61


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"table": "no_such.csv"}, "There is no file 'no_such.csv'"),
        ({"tabel": "x.csv"}, "has no parameter 'tabel'.\nWhat to do: Did you mean 'table'?"),
        ({"table": 3}, "must be text"),
    ],
)
def test_wrong_parameters(given, message):
    with pytest.raises(ParameterError) as error:
        check_parameters(NAME, GOOD | given)
    assert message in str(error.value)


def test_a_member_that_the_table_does_not_know_is_refused():
    with pytest.raises(ParameterError, match="knows no member 'Indonsia'"):
        open_counts(report(member="Indonsia"))


def test_a_wrong_table_or_member_stops_before_any_notebook_starts(file, tmp_path, capsys):
    bad = tmp_path / "bad.csv"
    bad.write_text("a,b\n1,2\n", encoding="utf-8")
    for options, message in (
        (["--table", str(bad)], "has no header of a table that OGP published"),
        (["--table", str(file), "--member", "Member 99"], "The table knows no member 'Member 99'"),
        (["--table", "x" * 5000], "There is no file"),
    ):
        code = main(["report", "--notebook", NAME, *options, "--out", str(tmp_path / "out")])
        assert code == 2
        shown = capsys.readouterr().err
        assert message in shown
        assert "What to do:" in shown
        assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("option", [["--table", "README.md"], ["--member", "Indonesia"]])
def test_options_that_no_notebook_takes_are_refused(option, tmp_path, capsys):
    file = tmp_path / "README.md"
    file.write_text("x", encoding="utf-8")
    option = [str(file) if word == "README.md" else word for word in option]
    assert main(["report", "--notebook", "30_membership", *option, "--out", str(tmp_path / "out")]) == 2
    assert "no notebook takes it" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("language", ["id", "en"])
def test_every_label_and_state_has_a_word(language):
    for own in scales().values():
        for key in own.by_key:
            assert rating_label(key, own.key, get_language(language)).strip()
    words = {rating_label(state, "completion", get_language(language)) for state in STATES}
    assert len(words) == len(STATES)


def test_a_rating_in_a_table_is_written_in_the_readers_words():
    indonesian = get_language("id")
    assert formatted("limited", "scale:completion", indonesian) == "Terbatas"
    assert formatted(pd.NA, "scale:completion", indonesian) == "—"
    with pytest.raises(ParameterError, match="has no label 'Limited'"):
        formatted("Limited", "scale:completion", indonesian)


def test_a_table_that_nobody_reviewed_and_one_of_two_members_make_a_page(tmp_path, capsys):
    own = editions()["2016"]
    rows = random_rows("2016", 8)
    unrated = [dict(row) for row in rows]
    for row in unrated:
        for at in own.ratings.values():
            row[at.text] = "NR"
            if at.code:
                row[at.code] = "NR"
    few = [row | {own.fields["member"]: f"Member {number % 2}"} for number, row in enumerate(rows)]
    for name, table, words in (
        ("unrated", unrated, "No commitment in this table was reviewed."),
        ("few", few, "Fewer than three members have rated commitments"),
    ):
        file = tmp_path / f"{name}.csv"
        file.write_text(to_text(list(own.columns.values()), table), encoding="utf-8")
        out = tmp_path / name
        code = main(["report", "--notebook", NAME, "--language", "en", "--table", str(file), "--out", str(out)])
        assert code == 0, capsys.readouterr()
        page = (out / "semarang" / "2023Q4" / "en" / NAME / f"{NAME}.html").read_text(encoding="utf-8")
        assert words in page
