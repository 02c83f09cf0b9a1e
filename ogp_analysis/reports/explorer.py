"""What the page on all commitments shows: rows and sentences from counts, shares and tests."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ogp_analysis.commitments import picture
from ogp_analysis.commitments.plans import Group, plan_rates, plan_standing
from ogp_analysis.commitments.reference import LADDER
from ogp_analysis.commitments.rules import rule
from ogp_analysis.reports.cells import rating_label
from ogp_analysis.reports.counted import Counted, reviewed_members
from ogp_analysis.reports.present import lower
from ogp_analysis.scales import VARIABLES, scale

if TYPE_CHECKING:
    from ogp_analysis.locale import Language
    from ogp_analysis.reports.context import Report

TITLES = {
    "specificity": "Verifiable",
    "relevance": "Relevant to open government",
    "impact": "Potential impact: transformative",
    "completion": "Completed, substantially or fully",
}
EXPLANATIONS = {
    "few": "Fewer than three members have rated commitments: too few to draw rates towards a common mean.",
    "alike": "The members differ no more than chance makes them differ: every stabilised rate is the common one.",
    "apart": "Every member completed all or nothing: the rates stay as they are, and have no range.",
    "up": "{first} and {second} go together: tau-b is {tau}; between {low} and {high} when whole members "
    "are drawn.",
    "down": "{first} and {second} run against each other: tau-b is {tau}; between {low} and {high} when whole "
    "members are drawn.",
    "none": "{first} and {second}: no sure link. Tau-b is {tau}; between {low} and {high} when whole members are "
    "drawn.",
}


#: The groups that a plan is set against, and the columns that its place among them goes to.
PLAN_GROUPS: dict[Group, tuple[str, str]] = {
    "all": ("percentile", "range"),
    "year": ("of_year", "range_of_year"),
}


def share_rows(shares: pd.DataFrame, report: Report) -> pd.DataFrame:
    """Shares with the name of their rule and of their group, for tables and charts."""
    language = report.language.code
    names = [rule(key).name(language) for key in shares["rule"]]
    out = shares.assign(label=names, says=[report.t(rule(key).says) for key in shares["rule"]])
    if "era" in shares:
        eras = [era_name(era, report) for era in shares["era"]]
        out = out.assign(era_name=eras, label=eras)
    return out


def era_name(era: str, report: Report) -> str:
    """A generation of plans in words; a year stays a year."""
    return era if era.isdigit() else report.label(f"era_{era.replace(' ', '_')}")


def gate_rows(gates: pd.DataFrame, report: Report) -> pd.DataFrame:
    """The funnel with names of its gates, for tables and bars."""
    out = gates.reset_index()
    return out.assign(label=[report.t(TITLES[gate]) for gate in out["gate"]], value=out["passed"].astype(float))


def label_rows(labels: pd.DataFrame, variable: str, report: Report) -> pd.DataFrame:
    """Counts of labels with the reader's word for each."""
    name = VARIABLES[variable]
    out = labels.assign(label_name=[rating_label(key, name, report.language) for key in labels["label"]])
    if "era" in out:
        out["era_name"] = [era_name(era, report) for era in out["era"]]
    return out


def cross_rows(chain: picture.Chain, report: Report) -> tuple[pd.DataFrame, dict[str, str]]:
    """A cross-table with readers' words: the rows, and the columns to show with their headers."""
    first, second = VARIABLES[chain.first], VARIABLES[chain.second]
    counts = chain.table.counts
    out = pd.DataFrame({"row": [rating_label(key, first, report.language) for key in counts.index]})
    headers = {"row": ""}
    for number, key in enumerate(counts.columns):
        out[f"c{number}"] = counts[key].to_numpy()
        headers[f"c{number}"] = rating_label(key, second, report.language)
    return out[out.drop(columns="row").sum(axis=1) > 0], headers


def variable_name(variable: str, report: Report) -> str:
    """What is rated, in words."""
    if VARIABLES[variable] == "yes_no":
        return report.label(variable)
    return scale(VARIABLES[variable]).name(report.language.code)


def chain_words(chain: picture.Chain, report: Report) -> str:
    """Whether two ratings go together, with how sure that is, in one or two sentences."""
    names = {
        "first": variable_name(chain.first, report),
        "second": lower(variable_name(chain.second, report)),
    }
    if chain.overall.reason:
        return report.t("{first} and {second}: {reason}", **names, reason=report.t(chain.overall.reason))
    tau, low, high = chain.overall.tau, chain.by_member.low, chain.by_member.high
    way = "up" if pd.notna(low) and low > 0 else "down" if pd.notna(high) and high < 0 else "none"
    found = {"tau": tau, "low": low, "high": high}
    numbers = {name: report.language.number(value, 2) for name, value in found.items()}
    if pd.isna(chain.inside.tau):
        return report.t(EXPLANATIONS[way], **names, **numbers)
    inside = report.t(
        "Among commitments of the same member tau-b is {tau}; chance alone gives as much with a probability of "
        "{p}.",
        tau=report.language.number(chain.inside.tau, 2),
        p=probability(chain.inside.p, report.language),
    )
    return f"{report.t(EXPLANATIONS[way], **names, **numbers)} {inside}"


def probability(p: float, language: Language) -> str:
    """A probability with three decimals; one that rounds to 0 is written as smaller than the smallest shown.

    Examples
    --------
    >>> from ogp_analysis import get_language
    >>> probability(0.0299, get_language("id")), probability(1e-9, get_language("en"))
    ('0,030', '< 0.001')
    """
    if pd.isna(p):
        return "—"
    return f"< {language.number(0.001, 3)}" if p < 0.0005 else language.number(p, 3)


def chain_table(chains: list[picture.Chain], report: Report) -> pd.DataFrame:
    """The measures of several pairs of ratings, one row a pair."""
    rows = []
    for one in chains:
        rows.append(
            {
                "pair": f"{variable_name(one.first, report)} × {variable_name(one.second, report)}",
                "n": one.overall.n,
                "tau": one.overall.tau,
                "low": one.by_member.low,
                "high": one.by_member.high,
                "inside_p": probability(one.inside.p, report.language),
                "chi_square": one.overall.chi_square,
                "dof": one.overall.dof,
                "chi_p": probability(one.overall.chi_p, report.language),
                "fits": one.overall.chi_square_fits,
            }
        )
    return pd.DataFrame(rows)


def standing_rows(counted: Counted, report: Report) -> pd.DataFrame:
    """Where the member stands among all others under each rule it has cases for."""
    rows = []
    for key in counted.rules:
        shares = picture.rule_shares(counted.counts, [key], by="member").set_index("member")
        own = shares[shares.index == counted.member].to_dict("records")
        if not own or own[0]["total"] == 0:
            continue
        place = picture.place(counted.counts, key, counted.member)
        rows.append(
            {
                "label": rule(key).name(report.language.code),
                **{name: own[0][name] for name in ("count", "total", "share", "low", "high")},
                "percentile": place.median,
                "range": f"{place.low:.0f}–{place.high:.0f}",
                "size": place.size,
                "decided": place.decided,
            }
        )
    columns = ["label", "count", "total", "share", "low", "high", "percentile", "range", "size", "decided"]
    return pd.DataFrame(rows, columns=columns)


def rate_rows(counted: Counted, report: Report) -> tuple[pd.DataFrame, str]:
    """The members' rates of completion, stabilised, and a sentence on how far that could be done."""
    rows = picture.rule_shares(counted.counts, ["high_completion"], by="member")
    rows = rows.loc[rows["total"] > 0, ["member", "count", "total", "share"]].rename(columns={"share": "raw"})
    if len(rows) < 3 or rows["total"].max() < 2:
        blank = dict.fromkeys(("shrunk", "low", "high", "weight"), float("nan"))
        return rows.assign(**blank), report.t(EXPLANATIONS["few"])
    rates = picture.member_rates(counted.counts, "high_completion")
    words = "—"
    if np.isinf(rates.strength):
        words = report.t(EXPLANATIONS["alike"])
    elif rates.strength == 0:
        words = report.t(EXPLANATIONS["apart"])
    return rates.table[rates.table["total"] > 0].rename_axis("member").reset_index(), words


def gates_words(gates: pd.DataFrame, counted: Counted, report: Report) -> str:
    """How many commitments were reviewed, how many could be judged to the end, and how many pass every gate."""
    reviewed = int(gates["reached"].iloc[0])
    members = reviewed_members(counted.counts)
    if not reviewed:
        return report.t("No commitment in this table was reviewed.")
    return report.t(
        "In {table}, {reviewed} commitments of {members} members were reviewed. {judged} of them could be judged "
        "to the end, and {passed} pass all four gates.",
        table=counted.name,
        reviewed=reviewed,
        members=members,
        judged=reviewed - int(gates["undecided"].sum()),
        passed=int(gates["passed"].iloc[-1]),
    )


def plan_rows(counted: Counted) -> pd.DataFrame:
    """Each plan of the member among the plans of its year and among all; only from a downloaded table."""
    columns = ["plan", "year", "count", "total", "share", "percentile", "range", "of_year", "range_of_year"]
    if counted.table is None or not counted.member:
        return pd.DataFrame(columns=columns)
    rates = plan_rates(counted.table, "high_completion")
    rows = []
    for own in rates[(rates["member"] == counted.member) & (rates["total"] > 0)].reset_index().to_dict("records"):
        row = {name: own[name] for name in ("plan", "year", "count", "total")}
        row["share"] = own["count"] / own["total"]
        for group, names in PLAN_GROUPS.items():
            others = rates[(rates["total"] > 0) & (rates.index != own["plan"])]
            if group == "year":  # some editions print none
                others = others[others["year"].eq(own["year"]).fillna(False).astype(bool)]
            if others.empty:
                row |= dict.fromkeys(names)
                continue
            place = plan_standing(counted.table, "high_completion", own["plan"], group=group)
            row |= {names[0]: place.median, names[1]: f"{place.low:.0f}–{place.high:.0f}"}
        rows.append(row)
    return pd.DataFrame(rows, columns=columns)


def ladder_rows(counted: Counted, report: Report) -> pd.DataFrame:
    """Each policy area: in how many members it came how far, and how far in the member of the page."""
    counts = picture.ladder_counts(counted.counts)
    own = counted.counts[(counted.counts["kind"] == "ladder") & (counted.counts["member"] == counted.member)]
    rungs = own.set_index("first")["first_label"]
    out = counts.reset_index()
    out["own"] = [rating_label(rungs.get(area, "nc"), "ladder", report.language) for area in out["policy_area"]]
    if not counted.has_rule("strong_results"):
        out["er"] = pd.NA  # nobody was rated on results: no rung that nobody reached
    return out[["policy_area", *LADDER, "own"]]


def _years(first: int, last: int | None, report: Report) -> str:
    if last is None:
        return report.t("since {year}", year=str(first))
    return f"{first}" if first == last else f"{first}–{last}"


def rule_rows(keys: list[str], report: Report) -> pd.DataFrame:
    """The rules in words, with validity, source, status and exclusions."""
    rows = []
    for key in keys:
        one = rule(key)
        rows.append(
            {
                "name": one.name(report.language.code),
                "says": report.t(one.says),
                "valid": _years(one.valid_from, one.valid_to, report),
                "status": report.label(f"rule_{one.status}"),
                "excludes": report.t(one.excludes),
            }
        )
    return pd.DataFrame(rows)
