"""Where Semarang stands, against plain readings of its tables; and a standing kept as a file."""

from __future__ import annotations

import csv
import io
import json
import shutil
import warnings
from pathlib import Path

import pytest

from ogp_analysis.case import load_case
from ogp_analysis.changes import moves, standing, standing_json, standing_of
from ogp_analysis.errors import DataError, ParameterError
from ogp_analysis.locale import get_language
from ogp_analysis.quarter import Quarter
from ogp_analysis.reports.cells import label

RAW = Path(__file__).resolve().parents[2] / "data" / "raw" / "semarang"
EARLY, LATE = Quarter(2020, 4), Quarter(2021, 4)
PERSONS = ("people", "cases", "deaths", "families")


def raw(table):
    with (RAW / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def printed(indicator, period):
    return {
        row["code_bps"]: float(row["value"])
        for row in raw("district_values")
        if (row["indicator"], row["period"], row["role"]) == (indicator, period, "main")
    }


@pytest.fixture(scope="module")
def pair(semarang):
    return standing(semarang, EARLY), standing(semarang, LATE)


def test_population_moved_as_the_table_prints_it(pair):
    found = moves(*pair)
    rows = found[(found["subject"] == "value") & (found["key"] == "jumlah_penduduk")].set_index("code_bps")
    first, last = printed("jumlah_penduduk", "2020"), printed("jumlah_penduduk", "2021")
    assert rows["before"].to_dict() == first
    assert rows["after"].to_dict() == last
    assert set(rows["before_period"]) == {"2020"}
    assert set(rows["after_period"]) == {"2021"}
    # a census and a projection from it: no growth
    assert set(rows["causes"]) == {"newer_data;counted_otherwise"}


def test_dated_rows_appear_and_none_vanishes_but_by_another_duty(pair):
    found = moves(*pair)
    gone = found[found["change"] == "vanished"]
    assert set(gone["subject"]) <= {"duty", "place"}
    new = found[(found["subject"] == "amount") & (found["change"] == "appeared")]
    between = [row["amount_id"] for row in raw("measure_amounts") if "2020-12-31" < row["as_of"] <= "2021-12-31"]
    assert sorted(new["key"]) == sorted(between)


def test_membership_begins_in_the_quarter_of_admission(semarang):
    def status(quarter):
        items = standing(semarang, quarter).items
        return items.loc[items["subject"] == "membership", "text"].tolist()

    assert status(Quarter(2020, 3)) == ["not_member"]
    assert status(EARLY) == ["member"]


def test_each_item_stands_once_and_small_counts_not_at_all(pair, semarang):
    units = semarang.table("indicators").set_index("indicator")["unit_en"]
    for each in (*pair, standing(semarang, Quarter(2023, 4))):
        assert not each.items.duplicated(["subject", "key", "code_bps"]).any()
        values = each.items[each.items["subject"] == "value"]
        persons = values[values["key"].map(units).isin(PERSONS)]
        assert len(persons) > 16
        assert not ((persons["value"] > 0) & (persons["value"] < 5)).any()
        hidden = values[values["text"] == "withheld"]
        rest = each.items[each.items["subject"].isin(["rate", "place"])]
        both = rest.merge(hidden[["key", "code_bps"]], on=["key", "code_bps"])
        assert both["value"].isna().all()


def edited(folder, table, old, new):
    case = folder / "semarang"
    shutil.copytree(RAW, case)
    path = case / f"{table}.csv"
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1
    path.write_text(text.replace(old, new), encoding="utf-8")
    return load_case(str(case))


def test_one_edited_value_is_revised_data_for_what_follows_from_it_and_nothing_else(tmp_path, semarang):
    published = standing(semarang, LATE)
    code = "3374090"
    line = f"jumlah_penduduk,{code},2021,125967,"
    assert printed("jumlah_penduduk", "2021")[code] == 125_967
    case = edited(tmp_path, "district_values", line, line.replace("125967", "126967"))
    again = standing(case, LATE)
    found = moves(published, again, again)
    assert set(found["causes"]) == {"revised_data"}
    assert found["revised"].all()
    values = found[found["subject"] == "value"]
    assert values[["key", "code_bps", "difference"]].to_numpy().tolist() == [["jumlah_penduduk", code, 1000.0]]
    # rates over it move in that kecamatan; places and ranks may move in others
    assert set(found.loc[found["subject"] == "rate", "code_bps"]) == {code}
    assert set(found["subject"]) <= {"value", "rate", "place", "scorecard"}


# kept as a file


def test_a_kept_standing_is_read_as_it_was(tmp_path, pair):
    path = tmp_path / "standing.json"
    path.write_text(standing_json(pair[1]), encoding="utf-8")
    again = standing_of(path)
    assert again.items.equals(pair[1].items)
    assert (again.case, again.quarter, again.made) == ("semarang", LATE, pair[1].made)
    assert str(RAW) not in path.read_text(encoding="utf-8")


def test_a_text_that_no_item_has_is_empty(tmp_path, pair):
    def change(kept):
        kept["items"] = [{"subject": "value", "key": "x", "value": 1.5}]

    with warnings.catch_warnings():
        warnings.simplefilter("error")
        items = standing_of(with_(tmp_path / "standing.json", pair, change)).items
    texts = items.drop(columns=["subject", "key", "value"])
    assert (texts == "").all(axis=None)
    assert items["value"].tolist() == [1.5]


def with_(path, pair, change):
    kept = json.loads(standing_json(pair[0]))
    change(kept)
    path.write_text(json.dumps(kept), encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda kept: kept.pop("made"), "an object with form, case, quarter, made, items"),
        (lambda kept: kept.update(form=2), "make that report again with this version"),
        (lambda kept: kept["made"].pop("tables"), "made.tables"),
        (lambda kept: kept["made"].update(districts="all"), "made.districts"),
        (
            lambda kept: kept["items"][4].update(value="7"),
            "row 5, column 'value': found '7', expected a number or null",
        ),
        (
            lambda kept: kept["items"][4].update(code_bps=3374010),
            "row 5, column 'code_bps': found '3374010', expected text",
        ),
        (lambda kept: kept["items"].append(kept["items"][0]), "each item once"),
        (lambda kept: kept["items"].append("x"), "an object with some of subject"),
        (lambda kept: kept.update(quarter="2020"), "2020"),
    ],
)
def test_a_damaged_standing_is_refused_with_what_was_expected(tmp_path, pair, change, words):
    path = with_(tmp_path / "standing.json", pair, change)
    with pytest.raises((DataError, ParameterError)) as error:
        standing_of(path)
    assert words in str(error.value), str(error.value)


def test_no_file_no_json_and_no_infinite_numbers(tmp_path, pair):
    with pytest.raises(ParameterError, match="There is no file"):
        standing_of(tmp_path / "none.json")
    path = tmp_path / "standing.json"
    for text in ("{", '{"form": NaN}', "[" * 100_000):
        path.write_text(text, encoding="utf-8")
        with pytest.raises(DataError, match="JSON in UTF-8"):
            standing_of(path)
    path.write_bytes(b"\xff\xfe{}")
    with pytest.raises(DataError, match="JSON in UTF-8"):
        standing_of(path)


@pytest.mark.parametrize("status", ["Not Started", "Limited", "Substantial", "Complete"])
def test_a_claimed_completion_stands_by_its_label(broken_case, status):
    def claimed(text):
        rows = list(csv.DictReader(text.splitlines()))
        rows[0] |= {"claimed_status": status, "date": "2021-10-01"}
        out = io.StringIO()
        writer = csv.DictWriter(out, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
        return out.getvalue()

    items = standing(load_case(broken_case("progress.csv", claimed)), LATE).items
    row = items.set_index("key").loc["IDSMG0001/claimed"]
    assert row["text"] == f"claimed_{status.lower().replace(' ', '_')}"
    assert label(row["text"], get_language("en")) == f"completion claimed: {status.lower()}"
