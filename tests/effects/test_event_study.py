import numpy as np
import pandas as pd
import pytest

from ogp_analysis.errors import ParameterError
from ogp_analysis.stats.effects.event_study import event_study

PANEL = {"unit": "unit", "time": "year", "treated_from": "since"}


def by_dummies(table, distances):
    """Least squares on explicit dummies of units, years and distances."""
    distance = table["year"] - table["since"]
    columns = [(distance == value).to_numpy(float) for value in distances]
    units = pd.get_dummies(table["unit"], dtype=float).to_numpy()
    years = pd.get_dummies(table["year"], dtype=float).to_numpy()[:, 1:]
    beta, *_ = np.linalg.lstsq(np.column_stack([*columns, units, years]), table["y"].to_numpy(), rcond=None)
    return dict(zip(distances, beta[: len(distances)], strict=True))


@pytest.mark.parametrize("gap", [False, True])
def test_coefficients_are_those_of_dummies(panel, gap):
    table = panel.drop(index=[3, 50, 77]) if gap else panel
    found = event_study(table.sample(frac=1, random_state=1), "y", **PANEL, draws=199)
    expected = by_dummies(table, [-4, -3, -2, 0, 1, 2, 3])
    assert found.table.index.tolist() == [-4, -3, -2, -1, 0, 1, 2, 3]
    for distance, value in expected.items():
        assert found.table.loc[distance, "estimate"] == pytest.approx(value, rel=1e-8)
    assert found.estimate == pytest.approx(np.mean([expected[at] for at in range(4)]))
    reference = found.table.loc[-1]
    assert reference["reference"]
    assert reference["estimate"] == 0
    assert np.isnan(reference["standard_error"])


def test_with_many_clusters_the_joint_test_is_an_f_test(maker):
    table = maker(units=60, treated=25)
    found = event_study(table, "y", **PANEL)
    assert found.errors == "cluster"
    distance = table["year"] - table["since"]
    columns = [(distance == value).to_numpy(float) for value in (-4, -3, -2, 0, 1, 2, 3)]
    x = np.column_stack(
        [
            *columns,
            pd.get_dummies(table["unit"], dtype=float),
            pd.get_dummies(table["year"], dtype=float).iloc[:, 1:],
        ]
    )
    y = table["y"].to_numpy()
    beta, *_ = np.linalg.lstsq(x, y, rcond=None)
    inverse = np.linalg.inv(x.T @ x)
    scores = pd.DataFrame(x * (y - x @ beta)[:, None]).groupby(table["unit"].to_numpy()).sum().to_numpy()
    n, k = x.shape
    variance = inverse @ scores.T @ scores @ inverse * 60 / 59 * (n - 1) / (n - (k - 60 + 1))
    from scipy.stats import f

    wald = beta[:3] @ np.linalg.solve(variance[:3, :3], beta[:3])
    assert found.pre_trend_p == pytest.approx(f.sf(wald / 3, 3, 59), rel=1e-6)
    assert found.table.loc[2, "standard_error"] == pytest.approx(np.sqrt(variance[5, 5]), rel=1e-7)
    weights = np.repeat([0.0, 0.25], [3, 4])
    assert found.standard_error == pytest.approx(np.sqrt(weights @ variance[:7, :7] @ weights), rel=1e-7)


def test_groups_that_moved_apart_before_are_found_out(maker):
    table = maker(units=60, treated=25)
    apart = table.assign(y=table["y"] + table["group"] * (table["year"] - 2016))
    found = event_study(apart, "y", **PANEL)
    assert found.pre_trend_p < 0.001
    assert "pre_trend" in {note.code for note in found.cautions}
    assert event_study(table, "y", **PANEL).pre_trend_p > 0.05


def test_anticipation_moves_the_reference(panel):
    found = event_study(panel, "y", **PANEL, anticipation=1, draws=199)
    assert found.table.index[found.table["reference"]].tolist() == [-2]
    assert -1 not in found.table.index
    assert found.estimate == pytest.approx(
        (lambda t: t.loc[1, 1] - t.loc[1, 0] - t.loc[0, 1] + t.loc[0, 0])(
            panel[panel["year"].isin([2018, 2020, 2021, 2022, 2023])].groupby(["group", "after"])["y"].mean()
        )
    )


def test_repeated_cross_sections_use_groups(panel):
    found = event_study(panel, "y", time="year", treated="group", post="after")
    mean = panel.groupby(["group", "year"])["y"].mean()
    expected = mean[1, 2022] - mean[1, 2019] - mean[0, 2022] + mean[0, 2019]
    assert found.table.loc[2, "estimate"] == pytest.approx(expected)
    assert found.errors == "heteroskedastic"


def test_a_period_with_one_group_only_is_listed(panel):
    table = panel[~((panel["year"] == 2017) & (panel["group"] == 0))]
    found = event_study(table, "y", **PANEL, draws=199)
    assert {(one.period, one.reason) for one in found.left_out} == {(2017, "one_group_only")}
    assert found.table.index.tolist() == [-4, -2, -1, 0, 1, 2, 3]


def test_too_little_before_is_refused(panel):
    found = event_study(panel[panel["year"] >= 2019], "y", **PANEL)
    assert (found.can_tell, found.estimate) == (False, None)
    assert found.reason == "Periods before the measure with figures of both groups: 1; needed: 2."
    with pytest.raises(ParameterError, match="nothing to show before it"):
        event_study(panel, "y", **PANEL, minimum_before=1)
