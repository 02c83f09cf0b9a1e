"""Maps of a report on the built-in case."""

from __future__ import annotations

import re

import pandas as pd
import pytest
from matplotlib.text import Text

from ogp_analysis.locale import get_language
from ogp_analysis.quarter import Quarter
from ogp_analysis.reports.context import Report
from ogp_analysis.reports.pictures import (
    location_map,
    rate_multiples,
    searched,
    show_evidence_gap,
    value_sources,
)


@pytest.fixture
def report(semarang):
    return Report("20_recovery", semarang, Quarter(2023, 4), get_language("en"))


@pytest.fixture
def shown(report, monkeypatch):
    """What the report shows, as HTML."""
    parts: list[str] = []
    monkeypatch.setattr(report, "_display", lambda block: parts.append(block.html))
    return parts


def gap(report, known):
    show_evidence_gap(
        report,
        pd.Series(1, index=known),
        title="Relief",
        known_label="some figure is public",
        unknown_label="no figure is public",
        source=searched(report, ["tribun-01"] if known else []),
    )


@pytest.mark.parametrize("every", [False, True])
def test_a_map_of_one_shade_is_a_sentence_with_count_and_source(report, shown, monkeypatch, every):
    monkeypatch.setattr(report, "source_line", lambda ids: " and ".join(ids))
    codes = list(report.case.districts["code_bps"])
    gap(report, codes if every else [])
    assert len(shown) == 1
    assert "<svg" not in shown[0]
    label = "some figure is public" if every else "no figure is public"
    assert f"All 16 kecamatan: {label}." in shown[0]
    assert "Source: tribun-01; search of public pages" in shown[0] if every else "Source: search of" in shown[0]


def test_a_map_of_two_shades_is_drawn(report, shown, monkeypatch):
    monkeypatch.setattr(report, "source_line", lambda ids: " and ".join(ids))
    gap(report, ["3374010", "3374150"])
    assert len(shown) == 1
    assert "<svg" in shown[0]
    assert "some figure is public: 2 kecamatan (Mijen and Tugu)." in shown[0]
    assert "Source: tribun-01; search of public pages" in shown[0]


def test_sources_of_values_are_those_of_the_rows(report):
    rows = report.case.table("district_values")
    rows = rows[(rows["indicator"] == "terima_banpres_sembako") & (rows["role"] == "main")]
    assert set(value_sources(report, ["terima_banpres_sembako"])) == set(rows["source_id"])
    assert value_sources(report, []) == []


def test_the_maps_of_several_days_stand_for_no_single_day(report):
    days = report.case.periods("covid19_kasus_aktif", report.quarter)
    figure = rate_multiples(report, "covid19_kasus_aktif", days)
    words = [text.get_text() for text in figure.figure.findobj(Text)]
    assert "The day or period of each map stands above it" in words
    assert "As of" not in " ".join(words) + figure.caption
    assert report.language.period(days[0]) in words


def test_the_map_of_a_place_marks_it_and_no_other(report):
    figure = location_map(report, "3374130")
    assert figure.table.loc[figure.table["class"] == "Semarang Tengah", "code"].tolist() == ["3374130"]
    districts = [p for p in figure.figure.axes[0].patches if re.match("d-", p.get_gid() or "")]
    marked = [p.get_gid() for p in districts if p.get_facecolor()[0] < 0.5]
    assert marked == ["d-3374130"]
    assert not any(p.get_hatch() for p in figure.figure.axes[0].patches)
