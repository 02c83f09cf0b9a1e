"""The account of a relief: announced, planned, delivered, spent, line by line, with every rival figure kept."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from ogp_analysis.case import Case, known_by
from ogp_analysis.errors import ParameterError, nearest
from ogp_analysis.quality import rival_groups
from ogp_analysis.quarter import Quarter

#: The stage of an account that each kind of amount belongs to. Capacity in place is what was delivered of rooms;
#: a duration is no amount of relief and has no stage.
STAGES: Mapping[str, str] = {
    "base": "base",
    "announced": "announced",
    "planned": "planned",
    "delivered": "delivered",
    "capacity": "delivered",
    "spent": "spent",
    "forgone": "forgone",
}

#: What a stage is held against: what was done against what was promised, and spending against what was delivered.
PROMISED: Mapping[str, tuple[str, ...]] = {
    "delivered": ("announced", "planned"),
    "spent": ("announced", "planned", "delivered"),
}


@dataclass(frozen=True)
class Account:
    """One account as of a quarter.

    Parameters
    ----------
    account_id : str
    heading : Series
        The row of ``accounts``.
    stages : tuple of str
        What the account asks for, in order.
    lines : DataFrame
        Its rows of ``account_lines``, in the order of the table.
    figures : DataFrame
        One row an amount known by the quarter's end that stands in a line: the columns of ``measure_amounts``
        with ``stage`` and ``rival`` (whether another figure says otherwise of the same thing and days).
        Parts of an amount of the same line are left out, or the line would count them twice.
    """

    account_id: str
    heading: pd.Series[Any]
    stages: tuple[str, ...]
    lines: pd.DataFrame
    figures: pd.DataFrame

    @property
    def not_found(self) -> tuple[str, ...]:
        """The stages that no line has a figure for: looked for, and not found in the sources seen."""
        return tuple(stage for stage in self.stages if not (self.figures["stage"] == stage).any())


def accounts_of(case: Case) -> list[str]:
    """Names of the accounts of a case, in the order of its table."""
    return list(case.table("accounts")["account_id"])


def account(case: Case, quarter: Quarter, account_id: str) -> Account:
    """An account as of a quarter: its lines and every figure known by then.

    Parameters
    ----------
    case : Case
    quarter : Quarter
        Figures dated later are left out, and so are figures without a date.
    account_id : str
        One of :func:`accounts_of`.

    Raises
    ------
    ParameterError
        If the case has no such account.

    Examples
    --------
    >>> from ogp_analysis import Quarter, load_case
    >>> aid = account(load_case("semarang"), Quarter.parse("2020Q4"), "aid-2020")
    >>> stage_two = aid.figures[aid.figures["line_id"] == "city-2"]
    >>> stage_two.set_index("stage")["value"].astype(int).to_dict()
    {'announced': 160000, 'planned': 160000, 'delivered': 140956}
    >>> aid.not_found
    ('spent',)
    """
    headings = case.table("accounts").set_index("account_id", drop=False)
    if account_id not in headings.index:
        there = list(headings.index)
        raise ParameterError(f"The case has no account {account_id!r}.", hint=nearest(account_id, there))
    heading = headings.loc[[account_id]].iloc[0]
    lines = case.table("account_lines")
    lines = lines[lines["account_id"] == account_id].reset_index(drop=True)
    everything = case.table("measure_amounts")
    line_of = everything.set_index("amount_id")["line_id"]
    groups = rival_groups(everything)
    told = everything.groupby(groups)["value"].transform("nunique")
    # parts of an amount on its own line
    inner = (everything["part_of"].map(line_of) == everything["line_id"]).fillna(False).astype(bool)
    amounts = everything.assign(stage=everything["kind"].map(STAGES), rival=told > 1)[~inner]
    amounts = amounts[amounts["line_id"].isin(lines["line_id"]) & amounts["stage"].notna()]
    amounts = amounts[known_by(amounts["as_of"], quarter.last_day)]
    stages = tuple(stage.strip() for stage in str(heading["stages"]).split(";"))
    order = pd.DataFrame(
        {
            "line": amounts["line_id"].map({line: at for at, line in enumerate(lines["line_id"])}),
            "stage": amounts["stage"].map({stage: at for at, stage in enumerate(dict.fromkeys(STAGES.values()))}),
        }
    )
    amounts = amounts.loc[order.sort_values(["line", "stage"], kind="stable").index]
    return Account(account_id, heading, stages, lines, amounts.reset_index(drop=True))


def achievement(figures: pd.DataFrame) -> pd.DataFrame:
    """What was done over what was promised, for every pair of figures: no target is chosen silently.

    ``percent = 100 * done / promised``, for two figures of the same line that count the same: deliveries over
    announced or planned ones, money spent over money announced, planned or delivered.

    Parameters
    ----------
    figures : DataFrame
        See :class:`Account`.

    Returns
    -------
    DataFrame
        ``line_id``, ``counts``, ``stage``, ``done``, ``done_as_of``, ``against`` (stage), ``promised``,
        ``promised_as_of``, ``percent`` (missing where nothing was promised: 0), ``amount_id``,
        ``promised_amount_id``.

    Examples
    --------
    >>> from ogp_analysis import Quarter, load_case
    >>> budget = account(load_case("semarang"), Quarter.parse("2020Q4"), "budget")
    >>> achievement(budget.figures).set_index("promised")["percent"].round(1).to_dict()
    {27000000000.0: 381.5, 189000000000.0: 54.5, 200000000000.0: 51.5}
    """
    key = ["line_id", "counts"]
    pairs = []
    for stage, against in PROMISED.items():
        done = figures.loc[figures["stage"] == stage, [*key, "stage", "value", "as_of", "amount_id"]]
        promised = figures.loc[figures["stage"].isin(against), [*key, "stage", "value", "as_of", "amount_id"]]
        pairs.append(done.merge(promised, on=key, suffixes=("", "_promised")))
    out = pd.concat(pairs, ignore_index=True)
    names = {"value": "done", "as_of": "done_as_of", "stage_promised": "against", "value_promised": "promised"}
    out = out.rename(
        columns={**names, "as_of_promised": "promised_as_of", "amount_id_promised": "promised_amount_id"}
    )
    out["percent"] = (100 * out["done"] / out["promised"]).where(out["promised"] > 0)
    columns = [*key, "stage", "done", "done_as_of", "against", "promised", "promised_as_of", "percent"]
    return out[[*columns, "amount_id", "promised_amount_id"]]


def delivered_wholes(figures: pd.DataFrame) -> pd.DataFrame:
    """Delivered figures of an account that other lines add up to, largest first.

    A whole whose parts have rival figures is left out: what its parts are is then a choice, see
    :func:`ogp_analysis.quality.amount_sums`.

    Parameters
    ----------
    figures : DataFrame
        See :class:`Account`.
    """
    parts = figures[figures["part_of"].notna()]
    split = set(parts["part_of"]) - set(parts.loc[parts["rival"], "part_of"])
    wholes = figures[(figures["stage"] == "delivered") & figures["amount_id"].isin(split)]
    return wholes.sort_values("value", ascending=False, kind="stable").reset_index(drop=True)


def parts_by_provider(figures: pd.DataFrame, lines: pd.DataFrame, whole: str) -> pd.DataFrame:
    """The parts of an amount with who paid for each, and the share of each in their sum.

    ``share = part / sum of the parts``; the sum, and not the whole as printed, is what the parts are shares of.

    Parameters
    ----------
    figures, lines : DataFrame
        See :class:`Account`.
    whole : str
        ``amount_id`` of the whole.

    Returns
    -------
    DataFrame
        The parts' figures with ``provider`` (``not_stated`` where no line says) and ``share`` (0 to 1).

    Raises
    ------
    ParameterError
        If parts exclude one another: their shares would rest on a choice; see
        :func:`ogp_analysis.quality.amount_sums`.

    Examples
    --------
    >>> from ogp_analysis import Quarter, load_case
    >>> aid = account(load_case("semarang"), Quarter.parse("2020Q4"), "aid-2020")
    >>> parts = parts_by_provider(aid.figures, aid.lines, "BANSOS-TOTAL")
    >>> int(parts["value"].sum()), int(parts.loc[parts["provider"] == "city", "value"].sum())
    (749223, 350956)
    >>> round(float(100 * parts.groupby("provider")["share"].sum()["city"]), 1)
    46.8
    """
    parts = figures[figures["part_of"] == whole].reset_index(drop=True)
    if parts["rival"].any():
        names = ", ".join(parts.loc[parts["rival"], "amount_id"])
        raise ParameterError(
            f"Parts of {whole} have rival figures: {names}.", hint="Look at quality.amount_sums for each choice."
        )
    providers = lines.set_index("line_id")["provider"]
    parts["provider"] = parts["line_id"].map(providers).fillna("not_stated")
    parts["share"] = parts["value"] / parts["value"].sum()
    return parts


def reach_bounds(figures: pd.DataFrame) -> pd.DataFrame:
    """At most how many households deliveries can have reached, where a source gives the number of households.

    A delivery is no household: one may have received several. So ``d`` deliveries among ``n`` households reach
    at most ``min(d, n)`` of them, and leave at least ``max(n - d, 0)`` without one. Nothing is said of how many
    they do reach.

    Parameters
    ----------
    figures : DataFrame
        See :class:`Account`. Households are a figure of stage ``base`` that counts households, on the line of
        the deliveries.

    Returns
    -------
    DataFrame
        ``line_id``, ``stage``, ``deliveries``, ``households``, ``at_most``, ``at_most_share`` (0 to 1),
        ``without_at_least``, ``as_of``, ``source_id`` (both, joined by ``;``).

    Examples
    --------
    >>> from ogp_analysis import Quarter, load_case
    >>> aid = account(load_case("semarang"), Quarter.parse("2020Q4"), "aid-2020")
    >>> reach_bounds(aid.figures)[["deliveries", "households", "without_at_least"]].astype(int).values.tolist()
    [[339000, 531000, 192000]]
    """
    base = figures[(figures["stage"] == "base") & (figures["counts"] == "households")]
    given = figures[figures["counts"] == "deliveries"]
    out = given.merge(base[["line_id", "value", "source_id"]], on="line_id", suffixes=("", "_base"))
    out = out.rename(columns={"value": "deliveries", "value_base": "households"})
    out["at_most"] = out[["deliveries", "households"]].min(axis=1)
    out["at_most_share"] = (out["at_most"] / out["households"]).where(out["households"] > 0)
    out["without_at_least"] = out["households"] - out["at_most"]
    sources = zip(out["source_id"], out["source_id_base"], strict=True)
    out["source_id"] = [";".join(dict.fromkeys(pair)) for pair in sources]
    columns = ["line_id", "stage", "deliveries", "households", "at_most", "at_most_share", "without_at_least"]
    return out[[*columns, "as_of", "source_id"]].reset_index(drop=True)
