import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ogp_analysis.errors import OgpAnalysisError
from ogp_analysis.stats.effects.notes import Note
from ogp_analysis.stats.effects.two_groups import difference_in_differences

PANEL = {"unit": "unit", "time": "year", "treated_from": "since"}


def four_means(table: pd.DataFrame) -> float:
    mean = table.groupby(["group", "after"])["y"].mean()
    return mean[1, 1] - mean[1, 0] - (mean[0, 1] - mean[0, 0])


def test_a_balanced_panel_gives_the_difference_of_four_means(panel):
    expected = four_means(panel)
    by_start = difference_in_differences(panel, "y", **PANEL)
    by_group = difference_in_differences(panel, "y", treated="group", post="after", unit="unit", time="year")
    by_state = difference_in_differences(panel, "y", treated="on", unit="unit", time="year")
    pooled = difference_in_differences(panel, "y", treated="group", post="after")
    for found in (by_start, by_group, by_state, pooled):
        assert found.estimate == pytest.approx(expected, rel=1e-9)
    assert (by_start.p, by_start.low, by_start.high) == (by_state.p, by_state.low, by_state.high)
    assert by_start.identification.periods_before == (2016, 2017, 2018, 2019)
    assert (by_start.units, by_start.clusters, by_start.identification.treated_units) == (16, 16, 6)


def test_clustered_errors_follow_their_formula(maker):
    table = maker(units=60, treated=25)
    found = difference_in_differences(table, "y", **PANEL)
    assert found.errors == "cluster"
    d = (table["group"] * table["after"]).to_numpy(dtype=float)
    units, years = pd.get_dummies(table["unit"], dtype=float), pd.get_dummies(table["year"], dtype=float)
    x = np.column_stack([d, units.to_numpy(), years.to_numpy()[:, 1:]])
    beta, *_ = np.linalg.lstsq(x, table["y"].to_numpy(), rcond=None)
    residual = table["y"].to_numpy() - x @ beta
    inverse = np.linalg.inv(x.T @ x)
    scores = pd.DataFrame(x * residual[:, None]).groupby(table["unit"].to_numpy()).sum().to_numpy()
    n, g = len(table), 60
    # units lie within clusters and do not count as coefficients (fixest's "nonnested")
    k = x.shape[1] - g + 1
    variance = (inverse @ scores.T @ scores @ inverse)[0, 0] * g / (g - 1) * (n - 1) / (n - k)
    assert found.standard_error == pytest.approx(np.sqrt(variance), rel=1e-8)
    assert found.estimate == pytest.approx(beta[0], rel=1e-9)


def test_errors_row_by_row_are_hc1():
    random = np.random.default_rng(3)
    table = pd.DataFrame({"group": random.integers(0, 2, 80), "after": random.integers(0, 2, 80)})
    table["y"] = random.normal(size=80) * (1 + table["group"])
    found = difference_in_differences(table, "y", treated="group", post="after")
    x = np.column_stack([np.ones(80), table["group"], table["after"], table["group"] * table["after"]])
    beta, *_ = np.linalg.lstsq(x, table["y"].to_numpy(), rcond=None)
    residual = table["y"].to_numpy() - x @ beta
    inverse = np.linalg.inv(x.T @ x)
    variance = inverse @ (x.T * residual**2) @ x @ inverse * 80 / 76
    assert found.estimate == pytest.approx(four_means(table))
    assert found.standard_error == pytest.approx(np.sqrt(variance[3, 3]))


@settings(max_examples=12)
@given(seed=st.integers(0, 10_000), shift=st.floats(-1e4, 1e4), scale=st.floats(0.01, 1e4))
def test_order_names_origin_and_unit_of_measurement_do_not_matter(maker, seed, shift, scale):
    table = maker(units=10, treated=4, seed=seed)
    found = difference_in_differences(table, "y", **PANEL)
    shuffled = table.sample(frac=1, random_state=seed)
    renamed = shuffled.assign(
        unit=shuffled["unit"].map({name: f"Kec. {99 - at}" for at, name in enumerate(sorted(set(table["unit"])))})
    )
    for other, factor in (
        (shuffled, 1),
        (table[::-1], 1),
        (renamed, 1),
        (table.assign(y=table["y"] * scale + shift), scale),
    ):
        again = difference_in_differences(other, "y", **PANEL)
        assert again.estimate == pytest.approx(found.estimate * factor, rel=1e-6, abs=1e-7 * factor)
        assert again.p == pytest.approx(found.p, abs=1e-9)
        for end in ("low", "high"):
            assert getattr(again, end) == pytest.approx(getattr(found, end) * factor, rel=1e-5, abs=1e-5 * factor)


@pytest.mark.parametrize("kind", ["bool", "boolean", "Int64", "float", "Float64", "object", "category"])
def test_treatment_of_any_type(panel, kind):
    expected = difference_in_differences(panel, "y", **PANEL)
    table = panel.assign(
        on=panel["on"].astype(kind), group=panel["group"].astype(kind), after=panel["after"].astype(kind)
    )
    assert difference_in_differences(table, "y", treated="on", unit="unit", time="year").p == expected.p
    assert difference_in_differences(table, "y", treated="group", post="after").estimate == pytest.approx(
        expected.estimate
    )


@pytest.mark.parametrize("never", [np.nan, 0, np.inf, pd.NA, None])
def test_never_in_every_spelling(panel, never):
    since = [never if pd.isna(value) else int(value) for value in panel["since"]]
    for series in (
        pd.Series(since, dtype=object),
        *([pd.Series(since, dtype="Int64")] if never is not np.inf else []),
    ):
        found = difference_in_differences(panel.assign(since=series), "y", **PANEL)
        assert found.estimate == pytest.approx(four_means(panel))


def test_a_start_of_zero_counts_where_zero_is_a_period(panel):
    table = panel.assign(year=panel["year"] - 2020, since=panel["since"] - 2020)
    assert difference_in_differences(table, "y", **PANEL).estimate == pytest.approx(four_means(panel))


@pytest.mark.parametrize(
    "turn",
    [
        lambda year: pd.to_datetime(year.astype(str) + "-01-01"),
        lambda year: pd.PeriodIndex(year.astype(str), freq="Y"),
        lambda year: year.astype(str) + "Q4",
    ],
    ids=["dates", "periods", "text"],
)
def test_periods_of_any_type(panel, turn):
    known = panel["since"].notna()
    since = pd.Series([None] * len(panel), dtype=object)
    since[known] = list(turn(panel.loc[known, "since"].astype(int)))
    table = panel.assign(year=list(turn(panel["year"])), since=since)
    assert difference_in_differences(table, "y", **PANEL).estimate == pytest.approx(four_means(panel))


def test_missing_values_are_listed_and_gaps_are_said(panel):
    table = panel.astype({"group": "Int64"})
    table.loc[5, "y"] = np.nan
    found = difference_in_differences(table, "y", **PANEL)
    (row,) = found.left_out
    assert (row.unit, row.period, row.text, row.row) == ("u00", 2021, "no value of the outcome", 5)
    gap = next(note for note in found.cautions if note.code == "unbalanced")
    assert gap.text == "The figures have gaps: 1 of 128 combinations of place and period have none."
    table.loc[table["unit"] == "u03", "group"] = pd.NA
    found = difference_in_differences(table, "y", treated="group", post="after", unit="unit", time="year")
    assert [one.reason for one in found.left_out].count("treatment_missing") == 8
    assert found.units == 15


def test_places_that_had_it_from_the_start_or_were_not_seen_before_are_left_out(panel):
    expected = difference_in_differences(panel[~panel["unit"].isin(["u00", "u01"])], "y", **PANEL)
    table = panel.copy()
    table.loc[table["unit"] == "u00", "since"] = 2010
    table = table[~((table["unit"] == "u01") & (table["year"] < 2021))]
    found = difference_in_differences(table, "y", **PANEL)
    assert found.estimate == pytest.approx(expected.estimate)
    assert {(one.unit, one.reason) for one in found.left_out} == {
        ("u00", "always_treated"),
        ("u01", "unseen_before"),
    }


def test_anticipation_leaves_out_the_periods_before_the_start(panel):
    found = difference_in_differences(panel, "y", **PANEL, anticipation=1)
    assert {(one.period, one.reason) for one in found.left_out} == {(2019, "anticipation")}
    assert len(found.left_out) == 6
    assert found.identification.periods_before == (2016, 2017, 2018)
    assert "unbalanced" not in {note.code for note in found.cautions}


def test_a_start_after_the_last_period_counts_as_without_and_is_said(panel):
    later = panel.assign(since=panel["since"].mask(panel["unit"] == "u00", 2030))
    found = difference_in_differences(later, "y", **PANEL)
    assert found.identification.treated_units == 5
    assert Note.of("starts_after", found=1) in found.cautions


def test_a_gap_just_before_the_first_state_is_said(panel):
    table = panel[~((panel["unit"] == "u00") & (panel["year"].isin([2018, 2019])))]
    found = difference_in_differences(table, "y", treated="on", unit="unit", time="year")
    assert "start_uncertain" in {note.code for note in found.cautions}


def refused(table, **names):
    found = difference_in_differences(table, "y", **names)
    assert not found.can_tell
    assert (found.estimate, found.low, found.p, found.within_chance) == (None, None, None, None)
    assert all(found.needed)
    return [note.code for note in found.identification.obstacles]


def test_figures_that_cannot_tell_are_refused_with_what_would(panel):
    number = panel["unit"].str[1:].astype(int)
    assert refused(panel[number < 6], **PANEL) == ["no_untreated"]
    assert refused(panel[number >= 6], **PANEL) == ["no_treated"]
    assert refused(panel[panel["year"] >= 2020], **PANEL) == ["too_few_before"]
    assert refused(panel[panel["year"] < 2020], **PANEL) == ["no_treated"]  # the start lies after the last period
    assert refused(panel[number.isin([0, *range(6, 16)])], **PANEL) == ["one_treated_cluster"]
    assert refused(panel[number <= 6], **PANEL) == ["one_untreated_cluster"]
    assert refused(panel[number.isin([0, 1, 2, 6, 7])], **PANEL) == ["too_few_clusters"]
    assert refused(panel.assign(since=panel["since"].mask(number == 0, 2021)), **PANEL) == ["staggered"]
    assert refused(panel.assign(y=3), **PANEL) == ["no_variation"]
    assert refused(panel.assign(y=panel["group"] * panel["after"]), **PANEL) == ["no_spread"]
    assert refused(panel, **PANEL, minimum_before=5) == ["too_few_before"]
    assert refused(panel.assign(y=np.nan), **PANEL)[0] in ("no_treated", "no_untreated")
    assert refused(panel.head(0), **PANEL) == ["no_panel"]
    assert refused(None, **PANEL) == ["no_panel"]
    assert refused(panel.assign(x=panel["on"]), **PANEL, covariates="x") == ["collinear"]
    one = pd.DataFrame({"y": [1.0, 2, 3, 5], "g": [0, 0, 1, 1], "a": [0, 1, 0, 1]})
    assert refused(one, treated="g", post="a") == ["single_observations"]
    assert refused(
        pd.concat([one, one, one[one["a"] == 0]])[lambda t: (t["g"] == 0) | (t["a"] == 0)], treated="g", post="a"
    ) == ["no_after"]


def test_the_reason_names_what_is_missing(panel):
    found = difference_in_differences(panel[panel["year"] >= 2019], "y", **PANEL, minimum_before=3)
    assert found.reason == "Periods before the measure with figures of both groups: 1; needed: 3."
    assert found.needed == (
        "Figures of more periods before the measure (at least 3), for places with it and places without it.",
    )


def changed(table, row, column, value):
    table = table.astype({column: object})
    table.loc[row, column] = value
    return table


@pytest.mark.parametrize(
    ("change", "names", "message"),
    [
        (lambda t: t.drop(columns="y"), PANEL, "There is no column 'y'."),
        (lambda t: t.rename(columns={"since": "sinc"}), PANEL, "Did you mean 'sinc'?"),
        (lambda t: changed(t, 7, "y", "1,5"), PANEL, "Column 'y', row 7: found '1,5', expected a number."),
        (lambda t: changed(t, 7, "y", "12"), PANEL, "Column 'y', row 7: found '12', expected a number."),
        (lambda t: t.assign(y=np.inf), PANEL, "Column 'y', row 0: found inf, expected a finite number."),
        (lambda t: pd.concat([t, t.head(1)]), PANEL, "Unit 'u00' occurs 2 times in period 2016: rows 0, 0."),
        (lambda t: changed(t, 3, "since", 2018), PANEL, "'since' differs within unit 'u00': '2018', '2020'"),
        (lambda t: changed(t, 3, "since", None), PANEL, "'since' differs within unit 'u00'"),
        (lambda t: changed(t, 3, "since", "2020"), PANEL, "Column 'since', row 3: found '2020', expected a period"),
        (lambda t: changed(t, 3, "since", True), PANEL, "Column 'since', row 3: found True, expected a period"),
        (lambda t: changed(t, 3, "since", -np.inf), PANEL, "Column 'since', row 3: found -inf, expected a period"),
        (lambda t: changed(t, 3, "unit", None), PANEL, "'unit' is missing for: 3."),
        (lambda t: changed(t, 3, "year", None), PANEL, "'year' is missing for: 3."),
        (lambda t: changed(t, 3, "year", "2019"), PANEL, "have no common order"),
        (lambda t: t.assign(year=(t["year"] - 2012).astype(str)), PANEL, "'year' holds numbers written as text"),
        (lambda t: changed(t, 3, "on", 2), {"unit": "unit", "time": "year", "treated": "on"}, "Column 'on', row 3: found 2, expected 0 or 1, False or True."),
        (lambda t: changed(t, 3, "on", "ya"), {"unit": "unit", "time": "year", "treated": "on"}, "row 3: found 'ya'"),
        (lambda t: changed(t, 6, "on", 0), {"unit": "unit", "time": "year", "treated": "on"}, "'on' goes back to 0 for unit 'u00', row 6."),
        (lambda t: changed(t, 6, "after", 0), {"unit": "unit", "time": "year", "treated": "group", "post": "after"}, "'after' differs within period 2022"),
        (lambda t: t.assign(after=t["after"].where(t["year"] < 2023, 0)), {"time": "year", "treated": "group", "post": "after"}, "'after' goes back to 0 in period 2023."),
        (lambda t: t, {"unit": "unit", "time": "year", "treated": "on", "post": "after"}, "'on' differs within unit 'u00'"),
        (lambda t: t, {"unit": "unit", "time": "year"}, "must be given once"),
        (lambda t: t, {"unit": "unit", "treated": "on"}, "No column of periods was given."),
        (lambda t: t, {"time": "year", "treated": "on"}, "Without unit, treated does not say when a group started."),
        (lambda t: t, PANEL | {"covariates": "y"}, "Column 'y' was given for two things."),
        (lambda t: t.to_dict(), PANEL, "The panel is a dict."),
        (lambda t: t, PANEL | {"errors": "robust"}, "There are no errors 'robust'."),
        (lambda t: t, PANEL | {"minimum_before": 0}, "minimum_before is 0."),
        (lambda t: t, PANEL | {"anticipation": -1}, "anticipation is -1."),
        (lambda t: t, PANEL | {"level": 95}, "The level 95 is not between 0 and 1."),
        (lambda t: t, {"treated": "group", "post": "after", "errors": "cluster"}, "'cluster' needs clusters."),
    ],
)  # fmt: skip
def test_input_that_cannot_be_read_says_where(panel, change, names, message):
    with pytest.raises(OgpAnalysisError) as problem:
        difference_in_differences(change(panel), "y", **names)
    assert message in str(problem.value)
    assert problem.value.hint


def test_the_table_given_is_not_changed(panel):
    before = panel.copy()
    difference_in_differences(panel, "y", **PANEL)
    pd.testing.assert_frame_equal(panel, before)


def test_places_without_the_measure_seen_on_one_side_only_are_no_comparison(panel):
    even = panel["unit"].str[-1].astype(int) % 2 == 0
    one_sided = (panel["group"] == 1) | (even == (panel["after"] == 1))
    two = panel[one_sided & panel["year"].isin([2019, 2020])]
    assert refused(two, **PANEL) == ["no_cells"]
