"""A made-up city of four kecamatan whose figures can be worked out by hand."""

from __future__ import annotations

import csv
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
import yaml

from ogp_analysis.case import Case, load_case
from ogp_analysis.datapackage import rewrite
from ogp_analysis.tables import table_specs

Rows = Sequence[Mapping[str, Any]]
CODES = ("9901010", "9901020", "9901030", "9901040")
NAMES = ("Asem", "Bambu", "Cemara", "Duku")


def both(name: str, text: str) -> dict[str, str]:
    return {f"{name}_en": text, f"{name}_id": text}


def indicator(name: str, **more: Any) -> dict[str, Any]:
    texts = {**both("name", name), **both("unit", "units")}
    return {
        "indicator": name,
        **texts,
        "kind": "count",
        "direction": "neutral",
        "topic": "health",
        "use": "other",
        **more,
    }


def item(scorecard: str, code: str, parent: str, **more: Any) -> dict[str, Any]:
    own = {"scorecard_id": scorecard, "code": code, "level": 1, "parent": parent, "direction": 1, "weight": 1}
    unit = {} if "indicators" in more else both("unit", "units")
    return {**own, "type": "indicator", **both("name", code.capitalize()), **unit, **more}


def group(scorecard: str, code: str, level: int, parent: str = "") -> dict[str, Any]:
    own = {"scorecard_id": scorecard, "code": code, "level": level, "parent": parent, "weight": 1}
    return {**own, "type": "aggregate", **both("name", code.capitalize())}


def card(name: str) -> dict[str, Any]:
    return {"scorecard_id": name, **both("name", name), **both("about", "made up"), **both("limits", "made up")}


def values(name: str, period: str, figures: Sequence[float | None], coverage: str = "complete") -> dict[str, Rows]:
    """The rows of one indicator in one period, and of its series."""
    common = {"indicator": name, "period": period, "quality": "ok", "source_id": "s1"}
    rows = [
        {**common, "code_bps": code, "value": figure, "state": "measured", "role": "main"}
        for code, figure in zip(CODES, figures, strict=True)
        if figure is not None
    ]
    return {
        "district_values": rows,
        "district_series": [{**common, "coverage": coverage, "break_before": "false"}],
    }


def entered(scorecard: str, code: str, at: int, day: str, value: float, **more: Any) -> dict[str, Any]:
    row = {"scorecard_id": scorecard, "code": code, "code_bps": CODES[at], "as_of": day, "value": value}
    return {**row, "state": "measured", "evidence": "https://example.org", **more}


def write_case(folder: Path, *parts: Mapping[str, Rows]) -> Path:
    tables: dict[str, list[Mapping[str, Any]]] = {
        name: [] for name, spec in table_specs().items() if not spec.optional
    }
    tables |= {"scorecards": [], "scorecard_items": [], "scorecard_values": []}
    tables["sources"] = [{"source_id": "s1", "publisher": "made up for a test", "kind": "other"}]
    tables["districts"] = [
        {
            "code_bps": code,
            "code_kemendagri": f"99.01.0{number}",
            "name": name,
            "name_bps": name.upper(),
            "short_name": name,
        }
        for number, (code, name) in enumerate(zip(CODES, NAMES, strict=True), start=1)
    ]
    for part in parts:
        for name, rows in part.items():
            tables[name] += rows
    folder.mkdir(parents=True)
    for name, rows in tables.items():
        with (folder / f"{name}.csv").open("w", newline="", encoding="utf-8") as file:
            columns = [field.name for field in table_specs()[name].fields]
            writer = csv.DictWriter(file, columns, lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)
    place = {"name": "Kota Contoh", "country": "Indonesia", "member_since": "2020-10", "code_bps": "9901"}
    info = {"name": "contoh", "title": "Contoh", "jurisdiction": {**place, "code_kemendagri": "99.01"}}
    (folder / "datapackage.yaml").write_text(yaml.safe_dump({**info, "resources": []}), encoding="utf-8")
    rewrite(folder)
    return folder


@pytest.fixture
def case_of(tmp_path: Path) -> Callable[..., Case]:
    """Write a case from parts, each a mapping of table to rows, and load it."""

    def make(*parts: Mapping[str, Rows]) -> Case:
        return load_case(write_case(tmp_path / "cases" / "contoh", *parts))

    return make


PER = {"denominator": "people", "per": 10000}
CARE = {
    "indicators": [
        indicator("people", topic="population", use="population"),
        indicator("clinics", **PER),
        indicator("hospitals", **PER),
    ],
    "scorecards": [card("care")],
    "scorecard_items": [
        group("care", "care", 2),
        item("care", "places", "care", indicators="clinics;hospitals"),
        item("care", "clinics", "care", indicators="clinics"),
    ],
}
PEOPLE = values("people", "2020", [10000, 20000, 40000, 50000])
FORUM = {
    "scorecards": [card("forum")],
    "scorecard_items": [
        group("forum", "forum", 2),
        item("forum", "meetings", "forum", minimum=0, maximum=52, **both("unit", "meetings")),
        item("forum", "minutes", "forum", minimum=0, maximum=52, **both("unit", "meetings")),
    ],
}
