import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from statsmodels.stats.diagnostic import acorr_ljungbox

from ogp_analysis.errors import ParameterError
from ogp_analysis.quarter import Quarter
from ogp_analysis.stats.effects.notes import Note
from ogp_analysis.stats.effects.series import interrupted_series, ljung_box


@pytest.fixture
def months():
    random = np.random.default_rng(2)
    noise = np.convolve(random.normal(size=49), [1, 0.6], mode="valid")
    values = 10 + 0.2 * np.arange(48) + noise
    values[30:] += 4 - 0.3 * np.arange(18)
    return pd.Series(values, index=pd.period_range("2018-01", periods=48, freq="M"), name="reports")


def design(n, start):
    time = np.arange(n)
    after = (time >= start).astype(float)
    return sm.add_constant(np.column_stack([time, after, (time - start) * after]))


@pytest.mark.parametrize("lags", [1, 3, 6])
def test_step_and_bend_are_those_of_statsmodels(months, lags):
    found = interrupted_series(months.sample(frac=1, random_state=1), "2020-07", lags=lags)
    other = sm.OLS(months.to_numpy(), design(48, 30)).fit(
        cov_type="HAC", cov_kwds={"maxlags": lags, "use_correction": True}, use_t=True
    )
    assert found.estimate == pytest.approx(other.params[2])
    assert found.standard_error == pytest.approx(other.bse[2])
    assert (found.low, found.high) == pytest.approx(tuple(other.conf_int()[2]))
    assert found.p == pytest.approx(other.pvalues[2])
    assert (found.slope_before, found.slope_change) == pytest.approx((other.params[1], other.params[3]))
    assert (found.slope_low, found.slope_high) == pytest.approx(tuple(other.conf_int()[3]))
    box = acorr_ljungbox(other.resid, lags=[lags])
    assert found.autocorrelation_p == pytest.approx(float(box["lb_pvalue"].iloc[0]))


def test_ljung_box_is_that_of_statsmodels():
    values = np.random.default_rng(0).normal(size=30).cumsum()
    assert ljung_box(values, 4) == pytest.approx(float(acorr_ljungbox(values, lags=[4])["lb_pvalue"].iloc[0]))


def test_seasons_get_an_intercept_each(months):
    swing = np.tile(np.sin(np.arange(12)) * 5, 4)
    found = interrupted_series(months + swing, "2020-07", season=12, lags=2)
    dummies = np.column_stack([(np.arange(48) % 12 == at).astype(float) for at in range(1, 12)])
    other = sm.OLS((months + swing).to_numpy(), np.column_stack([design(48, 30), dummies])).fit()
    assert found.estimate == pytest.approx(other.params[2])
    assert "no_season" not in {note.code for note in found.cautions}
    assert "no_season" in {note.code for note in interrupted_series(months, "2020-07").cautions}


def test_a_missing_month_is_listed_and_keeps_its_place(months):
    gap = months.copy()
    gap.iloc[5] = np.nan
    gap = gap.drop(gap.index[10])
    found = interrupted_series(gap, "2020-07", lags=1)
    kept = [at for at in range(48) if at not in (5, 10)]
    other = sm.OLS(months.to_numpy()[kept], design(48, 30)[kept]).fit()
    assert found.estimate == pytest.approx(other.params[2])
    assert [(one.period, one.reason) for one in found.left_out] == [(pd.Period("2018-06", "M"), "outcome_missing")]
    assert Note.of("series_gaps", found=2) in found.cautions


@pytest.mark.parametrize(
    ("index", "start"),
    [
        (range(48), 30),
        (np.arange(48) * 5 + 1900, 2050),
        (pd.date_range("2018-01-01", periods=48, freq="MS"), "2020-07-01"),
        (pd.date_range("2018-01-31", periods=48, freq="ME"), pd.Timestamp("2020-07-01")),
        (pd.period_range("2000Q1", periods=48, freq="Q"), Quarter(2007, 3)),
        (pd.date_range("2000-01-01", periods=48, freq="QS"), "2007Q3"),
        (pd.date_range("1970-12-31", periods=48, freq="YE"), "2000-01-01"),
    ],
    ids=["numbers", "every fifth year", "month starts", "month ends", "quarters", "quarter starts", "years"],
)
def test_periods_of_any_type(months, index, start):
    expected = interrupted_series(months, "2020-07")
    found = interrupted_series(months.set_axis(pd.Index(index)), start)
    assert (found.estimate, found.p) == pytest.approx((expected.estimate, expected.p))


@pytest.mark.parametrize(
    ("change", "start", "code"),
    [
        (lambda s: s.iloc[25:], "2020-07", "series_before"),
        (lambda s: s.iloc[:35], "2020-07", "series_after"),
        (lambda s: s, "2030-01", "series_after"),
        (lambda s: s, "2001-01", "series_before"),
        (lambda s: s * 0 + 1, "2020-07", "no_variation"),
        (lambda s: s * 0 + np.arange(48), "2020-07", "no_spread"),
        (lambda s: s.head(0), "2020-07", "series_before"),
        (lambda s: None, "2020-07", "series_before"),
    ],
)
def test_too_little_is_refused(months, change, start, code):
    found = interrupted_series(change(months), start)
    assert not found.can_tell
    assert found.estimate is None
    assert code in {note.code for note in found.identification.obstacles}
    assert all(found.needed)


def test_a_season_must_be_seen_twice_before(months):
    found = interrupted_series(months, "2019-10", season=12)
    assert found.reason == "The points before the measure span 1 whole seasons; needed: 2."


@pytest.mark.parametrize(
    ("change", "start", "names", "message"),
    [
        (lambda s: s.astype(str), "2020-07", {}, "expected a number"),
        (lambda s: pd.concat([s, s.head(1)]), "2020-07", {}, "Periods occur more than once"),
        (lambda s: s.set_axis(s.index.astype(str)), "2020-07", {}, "holds text or other labels"),
        (lambda s: s.set_axis(np.arange(48) + (np.arange(48) > 20) * 0.5), 30, {}, "not evenly spaced"),
        (lambda s: s.set_axis(range(48)), "2020-07", {}, "The start '2020-07' cannot be compared"),
        (lambda s: s, "July", {}, "'July' is not a date"),
        (lambda s: s, 2020, {}, "The start 2020 cannot be compared"),
        (lambda s: s.to_frame(), "2020-07", {}, "The series is a DataFrame."),
        (lambda s: s, "2020-07", {"season": 1}, "season is 1."),
        (lambda s: s, "2020-07", {"lags": 60}, "60 lags in 48 points."),
    ],
)
def test_input_that_cannot_be_read_says_where(months, change, start, names, message):
    with pytest.raises(ParameterError) as problem:
        interrupted_series(change(months), start, **names)
    assert message in str(problem.value)
